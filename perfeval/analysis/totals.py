"""Totals: whether printed weights and scores add up, and what the formulas give instead."""

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from perfeval.analysis.points import FULL, of_execution
from perfeval.analysis.rounding import half_up
from perfeval.model.results import DECLARED, Evaluation
from perfeval.model.states import EVALUATED

WEIGHTS, WEIGHTS_ALONE = "分值合计（含预算执行）", "指标分值合计"
SUM, SUM_ALONE = "各项得分之和（含预算执行）", "指标得分之和（不含预算执行）"
FORMULA = "按公式复算"
COLUMNS = ("what", "printed", "computed", "difference", "holds")
ROOMS = (FULL, Decimal(90), Decimal(80))
"""What indicator weights may add up to where execution prints none: 100, or less 10 or 20 points (财预〔2020〕10号)."""

Line = tuple[str, Decimal, Decimal]


def check_totals(result: Evaluation) -> pd.DataFrame:
    """What a document prints against what its own rows add up to, points.

    Columns what, printed, computed, difference (printed − computed), holds (equal at the decimals printed). Rows:
    分值合计 against 100 (with execution's printed points, or indicators alone against the nearest of 100, 90, 80),
    the printed total against the sum of the printed scores with and without that of execution, and against formulas.
    Only what the document prints for every row is added; nothing printed, no row.
    """
    lines = [*_weights(result), *_scores(result)]
    rows = [
        (what, printed, computed, printed - computed, _same(printed, computed)) for what, printed, computed in lines
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(COLUMNS[1:4], "float64")
    return frame.astype({"what": "str", **numbers, "holds": "bool"})


def _same(printed: Decimal, computed: Decimal) -> bool:
    places = max(0, -int(printed.as_tuple().exponent))
    return half_up(computed, places) == printed


def _all(frame: pd.DataFrame, column: str) -> Decimal | None:
    """The sum of a column that every row has; None where any is missing."""
    if frame.empty or frame[column].isna().any():
        return None
    return sum((Decimal(str(value)) for value in frame[column]), Decimal(0))


def _weights(result: Evaluation) -> Iterator[Line]:
    weights, execution = _all(result.indicators, "weight"), of_execution(result.execution.items, "weight")
    if weights is None:
        return
    if execution is not None:
        yield WEIGHTS, weights + execution, FULL
    else:
        yield WEIGHTS_ALONE, weights, min(ROOMS, key=lambda room: (abs(room - weights), -room))


def _scores(result: Evaluation) -> Iterator[Line]:
    printed = result.narrative.declared_score
    if printed is None:
        return
    scores, execution = (
        _all(result.indicators, "declared_score"),
        of_execution(result.execution.items, "declared_score"),
    )
    if scores is not None and execution is not None:
        yield SUM, printed, scores + execution
    if scores is not None:
        yield SUM_ALONE, printed, scores
    if result.state == EVALUATED:
        yield FORMULA, printed, Decimal(str(result.scores[DECLARED].known))
