"""The reviewer's figures: self-scores against recomputed ones, and against what reviewers have put on file."""

from typing import Any

import pandas as pd

from perfeval.analysis.allotment import of_execution
from perfeval.model import asked, verdicts
from perfeval.model.columns import frame_of, names, records
from perfeval.model.results import DECLARED, STRICT, Evaluation, Review
from perfeval.model.schema import REVIEWED

NAN = float("nan")
RECOMPUTED = tuple(names("recomputation"))
REVIEW_COLUMNS = (
    "goal_no",
    "category",
    "indicator",
    "row",
    "points",
    "own",
    "own_from",
    "actual",
    "reviewed_actual",
    "reviewed_score",
    "difference",
    "review_note",
)
OFF = 0.005
"""Scores that differ by less are the same to the cent."""


@asked.takes()
def recomputation(result: Evaluation) -> pd.DataFrame:
    """Declared scores against recomputed ones: the execution line, each indicator in the order of the table, the total.

    Columns goal_no, category, indicator, row (NA for the first and last line); points, declared (the printed score,
    NaN where none is printed), score (recomputed on the declared basis), strict (recomputed from target and actual
    alone), difference (declared − score, NaN where there is no declared score), in points; status; derivation (the
    sentence that derives ``score``). The total's declared score is the printed total.
    """
    rows = [_execution_line(result), *_others_line(result)]
    for record in records(result.indicators):
        declared = _float(record["declared_score"])
        head = tuple(record[name] for name in ("goal_no", "category", "indicator", "row", "points"))
        own = (declared, record["score"], record["strict_score"], _off(declared, record["score"]))
        rows.append((*head, *own, record["status"], record["derivation"]))
    kept, printed = result.scores[DECLARED], _float(result.declared_score)
    total, strict = _float(kept.total), _float(result.scores[STRICT].total)
    whole = (printed, total, strict, _off(printed, total), "", verdicts.WHY[result.state])
    rows.append((pd.NA, "", "合计", pd.NA, kept.possible, *whole))
    return frame_of("recomputation", rows)


def _execution_line(result: Evaluation) -> tuple[Any, ...]:
    items = result.execution.items
    printed = of_execution(items, "declared_score")
    declared = NAN if printed is None else float(printed)
    kept, strict = result.scores[DECLARED], result.scores[STRICT]
    points = max(0.0, round(kept.possible - kept.others_points - float(result.indicators["points"].sum()), 2))
    scores = (declared, kept.execution, strict.execution, _off(declared, kept.execution))
    why = result.execution.why or f"执行率×{points:g}分"
    return (pd.NA, "", "预算执行", pd.NA, points, *scores, "", why)


def _others_line(result: Evaluation) -> list[tuple[Any, ...]]:
    """Parts beside execution and indicators, which count as the document prints them; none where it has none."""
    kept = result.scores[DECLARED]
    if not kept.others_points:
        return []
    scores = (kept.others, kept.others, result.scores[STRICT].others, 0.0)
    return [(pd.NA, "", "其他部分", pd.NA, kept.others_points, *scores, "", "照文件所列得分")]


def review(result: Evaluation) -> Review | None:
    """What reviewers have put on file beside the office's own figures; None where they have put nothing there.

    A row's own score is the declared one, else the recomputed one of the declared basis.
    """
    if not set(REVIEWED) <= set(result.indicators.columns):
        return None
    rows = []
    for record in records(result.indicators):
        reviewed, declared = _float(record["reviewed_score"]), _float(record["declared_score"])
        if reviewed != reviewed and not record["reviewed_actual"] and not record["review_note"]:  # noqa: PLR0124  # NaN
            continue
        printed = declared == declared  # noqa: PLR0124  # not NaN
        own = declared if printed else float(record["score"])
        head = tuple(record[name] for name in ("goal_no", "category", "indicator", "row", "points"))
        told = (record["actual"], record["reviewed_actual"], reviewed, _off(reviewed, own), record["review_note"])
        rows.append((*head, own, "自评" if printed else "复算", *told))
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=list(REVIEW_COLUMNS)).astype({"goal_no": "Int64", "row": "int64"})
    scored = frame[frame["reviewed_score"].notna()]
    # Where a row has no score of its own, neither has the sum.
    sums = {name: round(float(scored[name].sum(skipna=False)), 4) for name in ("points", "own", "reviewed_score")}
    return Review(frame, len(scored), len(result.indicators), sums["points"], sums["own"], sums["reviewed_score"])


def _off(left: float, right: float) -> float:
    """The difference, exactly 0 where it is less than a cent; NaN where a side is missing."""
    difference = round(left - float(right), 4)
    return 0.0 if abs(difference) < OFF else difference


def _float(value: object) -> float:
    return NAN if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type,call-overload]  # a number
