"""Judging: what each indicator row's target and actual say, beside what the document printed."""

import pandas as pd

from perfeval.model.reading import Reading, read_pair, read_status
from perfeval.model.schema import UNDECIDED
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
        read_pair(row["indicator"], row["target"], row["actual"], unit=row["unit"], direction=row["direction"])
        for row in indicators.to_dict("records")
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
