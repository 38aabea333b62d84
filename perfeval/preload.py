"""What the fork server has ready before it forks the first report's process: everything imported, one report rehearsed.

multiprocessing's server imports this module by name (:mod:`perfeval.run.processes`). Only what leaves no thread behind
belongs here: a fork copies none. matplotlib may be imported and draw to SVG or Agg; a pyplot figure would fix the
backend of every report. polars and duckdb may be imported, not used.
"""

import atexit
import decimal
import gc
import importlib
import json
import os
import shutil
import sys
import tempfile
import threading
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
from perfeval.run import inprocess  # noqa: F401  # ready, as all it imports
from perfeval.run.processes import ORDER

path = list(sys.path)
"""Where a Python that is started cold looks for modules."""
by_imports: dict[str, str] = {}
"""Variables that imported modules have set, as they would have in a kernel itself."""
KERNELS = (
    "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "psutil", "sqlite3", "tornado.platform.asyncio",
)  # fmt: skip
"""What an ipykernel imports at and after its start."""
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


def rehearse() -> None:
    """Make the invented office's annual report and the heart of its review, and forget them.

    Rule sets and word lists are then read, patterns compiled and fonts found, and no report pays for that again. Nothing
    a report shows depends on it.
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


def read_directory(data: Path) -> None:
    """Read the list of sub-districts, under the name by which reports will ask for it; again should it change.

    It costs more than an office's own data where there are thousands.
    """
    home = Path.cwd()
    os.chdir(data.parent)
    try:
        directory(Path(data.name))
    finally:
        os.chdir(home)


def prepare(data: str, rehearsed: bool) -> None:
    """Have ready what a server's owner orders, and see to the folders that it leaves should it be killed."""
    server, owner = os.getpid(), os.getppid()

    def remove_folders() -> None:
        if os.getpid() == server:  # which ends only once its owner is gone, unless it is killed by it
            for folder in Path(tempfile.gettempdir()).glob(f"{scratch.PREFIX}{scratch.host()}-{owner}-*"):
                shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove_folders)
    for name in KERNELS:
        importlib.import_module(name)
    with decimal.localcontext():  # a context remembers what was rounded in it
        if rehearsed:
            rehearse()
        if data:
            read_directory(Path(data))
    by_imports.update({name: value for name, value in os.environ.items() if name not in _given})
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork server must not have threads: {threading.enumerate()}")
    gc.collect()
    gc.freeze()  # so that collections in the processes leave these pages shared


_given = set(os.environ)
if ORDER in os.environ:
    prepare(**json.loads(os.environ[ORDER]))
