"""An invented office's report, loaded, evaluated and drawn once and thrown away.

A zygote calls this before it forks kernels: rule sets and word lists are then read, patterns compiled, fonts found, and
no report pays for that again; nor for reading the list of all sub-districts, which costs more than an office's own data
where there are thousands. Nothing a report shows depends on it.
"""

from pathlib import Path

from perfeval.analysis.evidence import evidence
from perfeval.analysis.reviewing import recomputation
from perfeval.analysis.sampling import sampling_plan
from perfeval.evaluating import evaluate
from perfeval.ingest.directory import directory
from perfeval.ingest.example import EXAMPLE_BUDGET, EXAMPLE_INDICATORS, EXAMPLE_UNIT
from perfeval.ingest.store import load
from perfeval.ingest.writing import narrative_bytes, table_bytes
from perfeval.model import scratch
from perfeval.model.narrative import Issue, Narrative, Stage
from perfeval.model.schema import BUDGET, INDICATORS, SUBDISTRICTS
from perfeval.present import figures, show
from perfeval.present.review import review_header

YEAR = 2022
NARRATIVE = Narrative(
    summary=("全年整治背街小巷14条。",),
    key_tasks=("整治背街小巷。",),
    problems=(Issue("个别指标未达到目标。", "项目验收推迟。"),),
    measures=("按季度跟踪。",),
    budget_linkage=("与下年度预算安排相结合。",),
    stages=(
        Stage("准备", f"{YEAR + 1}-01-03", f"{YEAR + 1}-01-10"),
        Stage("评价", f"{YEAR + 1}-01-11", f"{YEAR + 1}-02-01"),
    ),
    last_year=("上年度问题已整改。",),
)
ANNUAL = (
    show.header, figures.record, show.conclusion, show.overview, show.scores, show.execution, show.met, show.unmet,
    show.problems, show.measures, show.budget_linkage, show.basics, show.key_tasks, show.stages, show.budget,
    show.completion, show.goals, show.last_year, show.evidence, show.appendix, show.data_quality, show.provenance,
)  # fmt: skip
"""The sections of the annual report."""


def rehearse(data: Path | None = None) -> None:
    """Make the invented office's annual report and the heart of its review, and forget them; then read the list of
    sub-districts in the folder ``data``, which is read again should it change.
    """
    with scratch.folder() as folder:
        unit = folder / "data" / "example" / str(YEAR)
        unit.mkdir(parents=True)
        (unit / "budget.csv").write_bytes(table_bytes(EXAMPLE_BUDGET, BUDGET))
        (unit / "indicators.csv").write_bytes(table_bytes(EXAMPLE_INDICATORS, INDICATORS))
        (unit / "narrative.toml").write_bytes(narrative_bytes(NARRATIVE))
        listed = f"{','.join(SUBDISTRICTS.names)}\nexample,{EXAMPLE_UNIT},示例区,示例市,,是\n"
        (unit.parents[1] / "subdistricts.csv").write_text(listed, encoding="utf-8")
        result = evaluate(load(unit.parents[1], subdistrict="example", years=YEAR))
    for section in ANNUAL:
        section(result)
    review_header(result)
    recomputation(result)
    sampling_plan(result)
    evidence(result)
    if data is not None:
        directory(data)
