"""Findings that one document cannot show: its targets held against the year before on file.

``Evaluation.findings`` are of one document, whatever else is on file, so that the same document always has the same
ones. What rests on two years is found here: by ``perfeval lint``, and by whoever shows several years.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from perfeval.analysis.findings import findings
from perfeval.analysis.findings.suppressing import Suppression, apply, on_file
from perfeval.analysis.matching import matches
from perfeval.analysis.targets import targets
from perfeval.model import asked
from perfeval.model.columns import frame_of
from perfeval.model.data import Data
from perfeval.model.history import History
from perfeval.model.results import Evaluation

OVER_YEARS = ("T14", "T15", "A13")
"""The rules that need the year before."""


def beside(before: pd.DataFrame, result: Evaluation, decisions: pd.DataFrame | None = None) -> Evaluation:
    """The evaluation with its targets held against an earlier year (``Evaluation.targets``).

    ``before`` are that year's judged rows (:func:`~perfeval.analysis.judging.judge`; all of one year), ``decisions``
    what a person decided about the two years (``Data.matches``).
    """
    if before.empty or result.indicators.empty:
        return result
    tables = {int(before["year"].iloc[0]): before, result.year: result.indicators}
    tracks = matches(tables, decisions)[2]
    rows = pd.concat([table.assign(year=year, track=tracks[year]) for year, table in tables.items()], ignore_index=True)
    return replace(result, targets=_compared(rows, result))


@asked.takes()
def over_years(history: History, data: Data | None = None) -> pd.DataFrame:
    """What :data:`OVER_YEARS` find in each year of a history but the first, without what ``data`` suppress.

    The columns of ``pe.findings`` (``pe.columns("findings")``), which has the findings of each year's own document.
    """
    told = _compared(history.indicators, history.evaluations[history.years[-1]])
    years = history.years[1:] or history.years
    found = [_of_year(history.evaluations[year], told[told["year"].eq(year)], data) for year in years]
    return frame_of("findings", [one for part in found for one in part])


def _of_year(result: Evaluation, told: pd.DataFrame, data: Data | None) -> list[dict[Any, Any]]:
    found = findings(replace(result, targets=told), select=OVER_YEARS)
    kept: Sequence[Suppression] = on_file(data, result.subdistrict, result.year) if data is not None else ()
    left = apply(found, result.indicators, kept)[0]
    place = {name: getattr(result, name) for name in ("subdistrict", "name", "district", "year", "synthetic")}
    return [place | one for one in left.to_dict("records")]


def _compared(rows: pd.DataFrame, result: Evaluation) -> pd.DataFrame:
    place = {name: getattr(result, name) for name in ("subdistrict", "name", "district", "synthetic")}
    return targets(rows.assign(**place))
