"""The evaluation of one sub-district-year: judge the rows, count, score under every rule set."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from importlib import metadata
from pathlib import PurePosixPath

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.analysis.completion import completion
from perfeval.analysis.execution import exact_rate, execution
from perfeval.analysis.findings import findings
from perfeval.analysis.findings.suppressing import apply, on_file
from perfeval.analysis.judging import judge
from perfeval.analysis.points import Points, of_execution, share_points
from perfeval.analysis.reviewing import review
from perfeval.analysis.rounding import plain
from perfeval.analysis.scoring import reproduces, score_rows, total
from perfeval.model.data import Data
from perfeval.model.errors import NotOnFile
from perfeval.model.narrative import Narrative
from perfeval.model.results import BASES, DECLARED, STRICT, Evaluation, RuleSet, Score
from perfeval.model.schema import OWNER, YES

EXACT = ["points", "score", "lost", "strict_score"]


def evaluate(
    data: Data, ruleset: str | RuleSet = "hubei", *, subdistrict: str | None = None, year: int | None = None
) -> Evaluation:
    """Everything about one sub-district-year under a rule set (a preset's name or a :class:`RuleSet`).

    ``subdistrict`` and ``year`` are needed only where ``data`` holds several.
    Raises :class:`NotOnFile` where they name nothing or not exactly one, :class:`RuleSetError` for an unknown rule set.
    """
    rules = rulesets.preset(ruleset) if isinstance(ruleset, str) else ruleset
    subdistrict, year = _only(data, subdistrict, year)
    budget, indicators, blocks, sources = (
        _of(frame, subdistrict, year) for frame in (data.budget, data.indicators, data.blocks, data.sources)
    )
    narrative = data.narratives.get((subdistrict, year), Narrative())
    place = data.subdistricts.set_index("id").loc[subdistrict].to_dict()
    judged = judge(indicators)
    rate = exact_rate(budget)
    weight = of_execution(budget)
    points_under = partial(share_points, judged, execution=weight, blocks=blocks)
    points = points_under(rules)
    rows = {basis: score_rows(judged, points, rules, basis) for basis in BASES}
    scored = judged.drop(columns="reading").join(rows[DECLARED])
    scored = scored.assign(strict_score=rows[STRICT]["score"], strict_derivation=rows[STRICT]["derivation"])
    scored[EXACT] = scored[EXACT].astype(float)
    scores = {basis: total(rows[basis], points, rate, rules, basis) for basis in BASES}
    outcome = execution(budget)
    files = pd.concat([sources["file"], budget["file"], indicators["file"]]).drop_duplicates()  # packed, or in folders
    result = Evaluation(
        subdistrict=subdistrict,
        name=str(place["name"]),
        district=str(place["district"]),
        city=str(place["city"]),
        year=year,
        ruleset=rules,
        execution=outcome,
        completion=completion(judged),
        indicators=scored,
        scores=scores,
        alternatives=_alternatives(judged, rate, points_under, narrative.declared_score, rules),
        narrative=narrative,
        declared_score=None if narrative.declared_score is None else float(narrative.declared_score),
        provenance=sources[["file", "rows", "sha256"]].reset_index(drop=True),
        problems=tuple(problem for problem in data.problems if _concerns(problem.file, files)),
        version=metadata.version("perfeval"),
        blocks=blocks.drop(columns=list(OWNER)),
        synthetic=place.get("synthetic") == YES,
        notes=(
            *points.notes,
            *([outcome.why + "，预算执行不计分"] if outcome.why else []),
            *([] if len(judged) else ["没有绩效指标，复算的只有预算执行，不能与申报总分比较"]),
        ),
    )
    left, kept, _ = apply(findings(result), scored, on_file(data, subdistrict, year))
    return replace(result, findings=left, suppressed=kept, review=review(result))


def _only(data: Data, subdistrict: str | None, year: int | None) -> tuple[str, int]:
    """The one sub-district-year that is meant."""
    held = data.sources[["subdistrict", "year"]].drop_duplicates()
    held = held[held["subdistrict"].eq(subdistrict)] if subdistrict is not None else held
    held = held[held["year"].eq(year)] if year is not None else held
    if len(held) == 1:
        return str(held["subdistrict"].iloc[0]), int(held["year"].iloc[0])
    listed = "、".join(f"{name} {when}" for name, when in held.itertuples(index=False)) or "没有符合的"
    raise NotOnFile(f"须恰好指定一个街道的一个年度，现有：{listed}；请给出 subdistrict 和 year")


def _of(frame: pd.DataFrame, subdistrict: str, year: int) -> pd.DataFrame:
    return frame[frame["subdistrict"].eq(subdistrict) & frame["year"].eq(year)].reset_index(drop=True)


def _concerns(file: str, files: pd.Series) -> bool:
    """Whether a problem is of this sub-district-year: of its folder, something in that, or the folder above."""
    folders = {PurePosixPath(name).parent for name in files}
    place = PurePosixPath(file)
    return any(place in (folder, folder.parent) or folder in place.parents for folder in folders)


def _alternatives(
    judged: pd.DataFrame,
    rate: Decimal | None,
    points_under: Callable[[RuleSet], Points],
    printed: Decimal | None,
    chosen: RuleSet,
) -> pd.DataFrame:
    """Totals of the same rows under every preset, and under the chosen rule set where that is not one of them."""
    presets = [rulesets.preset(name) for name in rulesets.names()]
    found = []
    for rules in presets if chosen in presets else [*presets, chosen]:
        points = points_under(rules)
        scores: dict[str, Score] = {
            basis: total(score_rows(judged, points, rules, basis), points, rate, rules, basis) for basis in BASES
        }
        declared = scores[DECLARED]
        same = None if printed is None or judged.empty else reproduces(declared.total, printed)
        shown = "" if printed is None else plain(printed)
        found.append((rules.name, rules.title, declared.total, scores[STRICT].total, declared.grade, same, shown))
    frame = pd.DataFrame(found, columns=["ruleset", "title", "declared", "strict", "grade", "reproduces", "printed"])
    return frame.sort_values("declared", ascending=False, kind="stable", ignore_index=True)
