"""Judging: what each indicator row's target and actual say, beside what the document printed."""

import pandas as pd

from perfeval.model.reading import read_pair, read_status
from perfeval.model.schema import UNDECIDED
from perfeval.model.values import describe

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

    ``status`` is the computed one; where target and actual decide nothing, the printed one (basis ``declared``);
    where nothing is printed either, 无法判定 (basis ``none``).
    """
    readings = [
        read_pair(row["indicator"], row["target"], row["actual"], unit=row["unit"], direction=row["direction"])
        for row in indicators.to_dict("records")
    ]
    declared = [read_status(text) for text in indicators["declared_met"]]
    rows = []
    for reading, printed in zip(readings, declared, strict=True):
        if reading.status != UNDECIDED:
            status, basis = reading.status, "computed"
        elif printed not in ("", UNDECIDED):
            status, basis = printed, "declared"
        else:
            status, basis = UNDECIDED, "none"
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
