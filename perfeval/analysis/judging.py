"""Judging: what each indicator row's target and actual say, beside what the document printed.

How one pair of target and actual is read and scored, as plain facts: what ``perfeval explain`` shows.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.analysis.allotment import Points
from perfeval.analysis.scoring import score_rows
from perfeval.model.columns import records
from perfeval.model.errors import PerfevalError, nearest
from perfeval.model.reading import Reading, read_pair, read_status
from perfeval.model.results import DECLARED
from perfeval.model.rounding import plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import DIRECTIONS, UNDECIDED
from perfeval.model.values import describe
from perfeval.model.verdicts import COMPUTED, NOTHING, WORD

JUDGED = (
    "target_read",
    "actual_read",
    "target_from",
    "direction",
    "direction_why",
    "attainment",
    "attainment_why",
    "computed_status",
    "declared_status",
    "status",
    "basis",
)


def judge(indicators: pd.DataFrame) -> pd.DataFrame:
    """The indicator table with its derived columns (see ``Evaluation.indicators``) and ``reading``, one Reading a row.

    ``status`` is the computed one; where target and actual decide nothing, the printed one; where nothing is printed
    either, 无法判定. ``basis`` says what it rests on: target and actual (``computed``), the office's word, printed or
    written as the actual of a number or a date (``declared``), or nothing (``none``).
    """
    readings = [
        read_pair(
            row["indicator"],
            row["target"],
            row["actual"],
            unit=row["unit"],
            direction=row["direction"],
            year=row.get("year"),
        )
        for row in records(indicators)
    ]
    declared = [read_status(text) for text in indicators["declared_met"]]
    rows = []
    for reading, printed in zip(readings, declared, strict=True):
        status, basis = _decided(reading, printed)
        attainment = float("nan") if reading.attainment is None else float(reading.attainment)
        rows.append(
            (
                describe(reading.target),
                describe(reading.actual),
                reading.target_from,
                reading.direction,
                reading.direction_why,
                attainment,
                reading.why,
                reading.status,
                printed,
                status,
                basis,
            )
        )
    derived = pd.DataFrame(rows, columns=list(JUDGED), index=indicators.index)
    return (
        indicators.drop(columns="direction")
        .join(derived)
        .assign(reading=pd.Series(readings, index=indicators.index, dtype=object))
    )


def _decided(reading: Reading, printed: str) -> tuple[str, str]:
    """The status of a row on the declared basis, and what it rests on."""
    if reading.status != UNDECIDED:
        return reading.status, WORD if reading.unmeasured else COMPUTED
    return (printed, WORD) if printed not in ("", UNDECIDED) else (UNDECIDED, NOTHING)


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
