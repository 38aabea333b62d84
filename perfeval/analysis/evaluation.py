"""The evaluation of one sub-district-year: judge the rows, count, score under every rule set.

Several years of one office put together: evaluations, matches, tracks, yearly figures, trends and changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from importlib import metadata
from pathlib import PurePosixPath

import pandas as pd

from perfeval.analysis import changes, counterfactual, rulesets, trends
from perfeval.analysis.allotment import Points, of_execution, share_points
from perfeval.analysis.completion import completion
from perfeval.analysis.execution import exact_rate, execution
from perfeval.analysis.findings import findings, folded
from perfeval.analysis.findings.suppressing import apply, on_file
from perfeval.analysis.judging import judge
from perfeval.analysis.matching import Tracks, matches
from perfeval.analysis.reviewing import review
from perfeval.analysis.scoring import (
    SCORED,
    reproduces,
    score_rows,
    sum_scores,
    total,
    total_of,
    unmeasured_notes,
)
from perfeval.analysis.series import followed
from perfeval.analysis.totals import accounts
from perfeval.model import verdicts
from perfeval.model.columns import records
from perfeval.model.data import Data
from perfeval.model.history import SUMMARY_TYPES, History, frame_of
from perfeval.model.results import BASES, DECLARED, STRICT, Evaluation, Score
from perfeval.model.rounding import plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import OWNER, YES, Narrative
from perfeval.model.verdicts import COUNTS, EVALUATED

EXACT = ["points", "score", "lost", "strict_score"]
NAN = float("nan")


def evaluate_year(data: Data, rules: RuleSet, subdistrict: str, year: int) -> Evaluation:
    """Everything about one sub-district-year that ``data`` hold, under a rule set."""
    result = score_year(data, rules, subdistrict, year)
    left, kept, _ = apply(findings(result), result.indicators, on_file(data, subdistrict, year))
    return replace(result, findings=folded(left), suppressed=kept, review=review(result))


def score_year(data: Data, rules: RuleSet, subdistrict: str, year: int) -> Evaluation:
    """:func:`evaluate_year` before anyone looks it through: without findings and reviewed figures."""
    budget, indicators, blocks, sources = (
        _of(frame, subdistrict, year) for frame in (data.budget, data.indicators, data.blocks, data.sources)
    )
    narrative = data.narratives.get((subdistrict, year), Narrative())
    place = data.subdistricts.set_index("id").loc[subdistrict].to_dict()
    judged = judge(indicators)
    rate = exact_rate(budget)
    weight = of_execution(budget)
    awaited = int(verdicts.unfilled(judged).sum())

    def points_under(ruleset: RuleSet) -> Points:
        return replace(share_points(judged, ruleset, weight, blocks), awaited=awaited)

    points = points_under(rules)
    rows = {basis: score_rows(judged, points, rules, basis) for basis in BASES}
    scored = judged.join(rows[DECLARED])
    scored = scored.assign(strict_score=rows[STRICT]["score"], strict_derivation=rows[STRICT]["derivation"])
    scored[EXACT] = scored[EXACT].astype(float)
    state = verdicts.state(judged, narrative.declared_score)
    if state != verdicts.EVALUATED:
        scored = _withheld(scored, state)
    scores = {basis: total(rows[basis], points, rate, rules, basis) for basis in BASES}
    if state != verdicts.EVALUATED:
        scores = {basis: replace(score, indicators=None, total=None, grade="") for basis, score in scores.items()}
    outcome = execution(budget)
    files = pd.concat([sources["file"], budget["file"], indicators["file"]]).drop_duplicates()
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
        columns={
            table: names for (table, *owner), names in data.columns.items() if tuple(owner) == (subdistrict, year)
        },
        synthetic=place.get("synthetic") == YES,
        notes=(
            *points.notes,
            *unmeasured_notes(judged),
            *([outcome.why + "，预算执行不计分"] if outcome.why else []),
            *([outcome.completed] if outcome.completed else []),
            *_filled(len(judged), awaited, state),
            *(_undecided(scores[DECLARED], rules, len(points.undecided)) if points.undecided else []),
        ),
    )
    return replace(result, accounts=accounts(result))


def _withheld(scored: pd.DataFrame, state: str) -> pd.DataFrame:
    """The rows of a document that is not evaluated: no scores, and the reason instead of what would derive them."""
    nothing = scored.assign(score=NAN, lost=NAN, strict_score=NAN)
    if state != verdicts.NOT_FILLED:
        return nothing
    return nothing.assign(derivation=verdicts.WHY[state], strict_derivation=verdicts.WHY[state])


def _filled(rows: int, left: int, state: str) -> list[str]:
    """Why there is no total, or how many rows it counts as nothing because nothing was filled in."""
    if state != verdicts.EVALUATED:
        return [verdicts.WHY[state]]
    return [f"{rows}项指标中有{left}项尚未填报，复算按不得分计，总分只反映已填报的部分，不评等级"] if left else []


def _undecided(score: Score, rules: RuleSet, rows: int) -> list[str]:
    """What the total would be at most, of a document that is evaluated with rows that nothing decides."""
    if score.total is None or score.awaited:
        return []
    most = plain(Decimal(str(score.most)))
    open_ = rules.grades and score.of_one_form and not score.grade
    graded = "，等级因此可能不同，不评等级" if open_ else ""
    return [f"{rows}项指标无法判定，复算按不得分计；都完成的话总分最多{most}分{graded}"]


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
    rows = records(judged[SCORED])
    found: list[tuple[str, str, float, float, float, float, str, bool | None, str]] = []
    evaluated = verdicts.state(judged, printed) == verdicts.EVALUATED
    shown = "" if printed is None else plain(printed)
    for rules in presets if chosen in presets else [*presets, chosen]:
        if not evaluated:
            found.append((rules.name, rules.title, NAN, NAN, NAN, NAN, "", None, shown))
            continue
        points = points_under(rules)
        scores: dict[str, Score] = {
            basis: total_of(sum_scores(rows, points, rules, basis), points, rate, rules, basis) for basis in BASES
        }
        declared = scores[DECLARED]
        totals = declared.known, scores[STRICT].known, declared.undecided, declared.possible
        found.append((rules.name, rules.title, *totals, declared.grade, reproduces(declared, printed), shown))
    columns = ["ruleset", "title", "declared", "strict", "undecided", "possible", "grade", "reproduces", "printed"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.sort_values("declared", ascending=False, kind="stable", ignore_index=True)


MISSING = float("nan")
SCORE_COLUMNS = {"score": DECLARED, "strict": STRICT}


def history(evaluations: Mapping[int, Evaluation], decisions: pd.DataFrame | None = None) -> History:
    """The years of one office as a :class:`History`.

    ``evaluations`` are by year, at least one, all of one office under one rule set; ``decisions`` are what a person
    decided about its indicators (``Data.matches``).
    """
    by_year = {year: evaluations[year] for year in sorted(evaluations)}
    found, doubtful, tracks = matches({year: one.indicators for year, one in by_year.items()}, decisions)
    indicators = _tracked(by_year, tracks)
    figures = summary(by_year)
    every = followed(figures, indicators)
    last = by_year[max(by_year)]
    return History(
        subdistrict=last.subdistrict,
        name=last.name,
        district=last.district,
        city=last.city,
        ruleset=last.ruleset,
        years=tuple(by_year),
        evaluations=by_year,
        indicators=indicators,
        matches=found,
        doubtful=doubtful,
        summary=figures,
        trends=trends.verdicts(every),
        year_on_year=trends.year_on_year(every),
        changes=changes.changes(by_year, indicators, found),
        decomposition=counterfactual.decomposition(by_year, found),
        repeated=changes.repeated(by_year, indicators, found),
    )


def summary(evaluations: Mapping[int, Evaluation]) -> pd.DataFrame:
    """One row per year (:attr:`History.summary`); NaN where a year has no such figure."""
    return frame_of(SUMMARY_TYPES, [_figures(year, evaluations[year]) for year in sorted(evaluations)])


def _figures(year: int, one: Evaluation) -> dict[str, object]:
    counted = one.completion.overall.iloc[0]
    whole = not one.beside_no_other  # 68 of 80 is no course beside 95 of 100
    evaluated = one.state == EVALUATED and not one.scores[DECLARED].awaited
    return {
        "year": year,
        "state": one.state,
        "budget": _number(one.execution.budget),
        "executed": _number(one.execution.executed),
        "execution_rate": _number(one.execution.rate),
        "basis": one.execution.basis,
        **{f"completion_{end}": float(counted[end]) if evaluated else MISSING for end in ("low", "high")},
        **{name: int(counted[name]) for name in ("rows", *COUNTS, "most")},
        **{name: _number(one.scores[basis].total) if whole else MISSING for name, basis in SCORE_COLUMNS.items()},
        "score_most": one.scores[DECLARED].most if whole else MISSING,
        "declared_score": _number(one.declared_score),
        "grade": one.grade,
    }


def _number(figure: float | None) -> float:
    return MISSING if figure is None else float(figure)


def _tracked(evaluations: Mapping[int, Evaluation], tracks: Tracks) -> pd.DataFrame:
    """Every indicator row of every year below one another, its track and year in front."""
    frames = []
    for year, one in evaluations.items():
        rows = one.indicators.drop(columns="year")
        rows.insert(0, "track", pd.Series(tracks[year], index=rows.index, dtype="str"))
        rows.insert(1, "year", year)
        frames.append(rows)
    return pd.concat(frames, ignore_index=True)
