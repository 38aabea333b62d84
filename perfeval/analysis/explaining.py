"""How one pair of target and actual is read and scored, as plain facts: what ``perfeval explain`` shows."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.analysis.judging import judge
from perfeval.analysis.points import Points
from perfeval.analysis.scoring import score_rows
from perfeval.model.errors import PerfevalError, nearest
from perfeval.model.results import DECLARED, RuleSet
from perfeval.model.rounding import plain
from perfeval.model.schema import DIRECTIONS

UNIT_POINTS = Decimal(1)


def explain(
    *,
    indicator: str,
    target: str,
    actual: str,
    unit: str = "",
    direction: str = "",
    declared: str = "",
    weight: Decimal | None = None,
    ruleset: str | RuleSet = "hubei",
) -> dict[str, Any]:
    """Facts of one row: name, target and actual (each as read), direction and why, attainment, status, share, score,
    derivation. ``attainment``, ``share`` and ``score`` are numbers; score is None where no weight is given.

    Raises :class:`PerfevalError` for an unknown direction and :class:`RuleSetError` for an unknown rule set.
    """
    if direction and direction not in DIRECTIONS:
        raise PerfevalError(f"没有方向“{direction}”{nearest(direction, DIRECTIONS)}")
    rules = rulesets.preset(ruleset) if isinstance(ruleset, str) else ruleset
    row = pd.DataFrame(
        [
            {
                "indicator": indicator,
                "target": target,
                "actual": actual,
                "unit": unit,
                "direction": direction,
                "declared_met": declared,
            }
        ]
    )
    judged = judge(row)
    points = UNIT_POINTS if weight is None else weight
    why = "未给分值，按1分计" if weight is None else f"文件所列分值{plain(points)}分"
    scored = score_rows(judged, Points([points], [why], Decimal(0), ()), rules, DECLARED).iloc[0]
    one, reading = judged.iloc[0], judged["reading"].iloc[0]
    return {
        "name": indicator,
        "target": _value(reading.target, one["target_read"]),
        "actual": _value(reading.actual, one["actual_read"]),
        "target_from": reading.target_from,
        "direction": reading.direction,
        "direction_why": reading.direction_why,
        "attainment": None if reading.attainment is None else float(reading.attainment),
        "computed_status": reading.status,
        "declared_status": one["declared_status"],
        "status": one["status"],
        "basis": one["basis"],
        "why": reading.why,
        "weight": None if weight is None else float(weight),
        "share": float(scored["score"] / points) if points else 0.0,
        "score": None if weight is None else float(scored["score"]),
        "derivation": scored["derivation"],
        "ruleset": rules.name,
        "ruleset_title": rules.title,
    }


def _value(value: Any, read: str) -> dict[str, Any]:
    """A value's fields as JSON has them, with the text for people."""
    numbers = {key: float(item) if isinstance(item, Decimal) else item for key, item in asdict(value).items()}
    return {**numbers, "read": read}
