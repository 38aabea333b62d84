"""Everything on file as two tidy frames, one row per indicator and one per office-year: what analysts start from.

Without findings and without the other rule sets, so that a district of several years takes about a second.
"""

from collections.abc import Iterator

import pandas as pd

from perfeval.analysis.execution import execution
from perfeval.analysis.judging import judge
from perfeval.analysis.points import of_execution, share_points
from perfeval.analysis.scoring import score_rows
from perfeval.model.history import frame_of
from perfeval.model.results import DECLARED, RuleSet
from perfeval.model.schema import INDICATORS, OWNER, Data

PLACE = ("name", "district")
JUDGED = ("attainment", "attainment_why", "direction", "status", "basis")
SCORED = ("points", "score", "lost")
MONEY_TYPES = {
    "subdistrict": "str",
    "year": "int64",
    "budget": "float64",
    "executed": "float64",
    "rate": "float64",
    "denominator": "str",
    "why": "str",
}


def indicator_table(data: Data, ruleset: RuleSet) -> pd.DataFrame:
    """Every indicator row of every office-year, judged and scored on the declared basis.

    Columns: subdistrict, name, district, year, those of :data:`~perfeval.model.schema.INDICATORS` (``direction`` as it
    was read), attainment (ratio or NaN), attainment_why, status, basis, points, score, lost, row (of the file).
    """
    frames = [_judged(data, owner, ruleset) for owner in _owners(data)]
    columns = [OWNER[0], *PLACE, OWNER[1], *INDICATORS.names]
    columns += [name for name in (*JUDGED, *SCORED, "row") if name not in columns]
    together = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    return together[columns]


def execution_table(data: Data) -> pd.DataFrame:
    """The money of every office-year: subdistrict, name, district, year, budget, executed (万元), rate (ratio),
    denominator (its name), why (where there is no rate); NaN for what is missing.
    """
    rows = []
    for subdistrict, year in _owners(data):
        outcome = execution(_of(data.budget, (subdistrict, year)))
        rows.append(
            (subdistrict, year, outcome.budget, outcome.executed, outcome.rate, outcome.denominator, outcome.why)
        )
    return _placed(frame_of(MONEY_TYPES, rows), data)


def _owners(data: Data) -> Iterator[tuple[str, int]]:
    held = data.sources[list(OWNER)].drop_duplicates().sort_values(list(OWNER))
    for subdistrict, year in zip(held["subdistrict"], held["year"], strict=True):
        yield str(subdistrict), int(year)


def _of(frame: pd.DataFrame, owner: tuple[str, int]) -> pd.DataFrame:
    return frame[frame["subdistrict"].eq(owner[0]) & frame["year"].eq(owner[1])].reset_index(drop=True)


def _judged(data: Data, owner: tuple[str, int], ruleset: RuleSet) -> pd.DataFrame:
    judged = judge(_of(data.indicators, owner))
    points = share_points(judged, ruleset, of_execution(_of(data.budget, owner)), _of(data.blocks, owner))
    scored = score_rows(judged, points, ruleset, DECLARED)[list(SCORED)].astype(float)
    return _placed(judged.drop(columns="reading").join(scored), data)


def _placed(frame: pd.DataFrame, data: Data) -> pd.DataFrame:
    """The frame with the office's name and district after its id."""
    places = data.subdistricts.drop_duplicates("id").set_index("id")
    found = frame.copy()
    for place, column in enumerate(PLACE, start=1):
        found.insert(place, column, frame["subdistrict"].map(places[column]).astype("str"))
    return found
