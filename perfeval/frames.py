"""The public ``rows``, ``money``, ``scores`` and ``findings``: everything on file as tidy frames.

From a data folder they are read through the store (:mod:`perfeval.analysis.fragments`); from an evaluation, a history,
peers or loaded data they are made straight from those. Columns, dtypes and order are the same either way.
"""

import pandas as pd

from perfeval.analysis.rows import tidy
from perfeval.analysis.rows.identity import track_ids
from perfeval.analysis.rows.tidy import Owner
from perfeval.model.errors import ParameterError
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation

Source = Evaluation | History | Peers


def rows(source: Source) -> pd.DataFrame:
    """Every indicator of every office and year: one row an indicator (``pe.columns("rows")``)."""
    return _made("rows", source)


def money(source: Source) -> pd.DataFrame:
    """One row a budget item (``pe.columns("money")``)."""
    return _made("money", source)


def scores(source: Source) -> pd.DataFrame:
    """One row an office-year (``pe.columns("scores")``)."""
    return _made("scores", source)


def findings(source: Source) -> pd.DataFrame:
    """One row a finding (``pe.columns("findings")``)."""
    return _made("findings", source)


def _made(frame: str, source: Source) -> pd.DataFrame:
    evaluations, tracks = _evaluations(source)
    if frame == "rows":
        return tidy.rows(evaluations, tracks)
    return {"money": tidy.money, "scores": tidy.scores, "findings": tidy.findings}[frame](evaluations)


def _evaluations(source: Source) -> tuple[list[Evaluation], dict[Owner, list[str]]]:
    if isinstance(source, Evaluation):
        return [source], {}
    if isinstance(source, History):
        return list(source.evaluations.values()), _tracks(source)
    if isinstance(source, Peers):
        return list(source.evaluations.values()), {}
    raise ParameterError("须是评价结果")


def _tracks(history: History) -> dict[Owner, list[str]]:
    """The track ids of a history's rows; none of a single year."""
    if len(history.years) < 2:  # noqa: PLR2004  # where an indicator began is not known from one year
        return {}
    known = history.indicators.groupby("year", sort=True)["track"].agg(list)
    ids = track_ids(history.subdistrict, {int(year): tracks for year, tracks in known.items()})
    return {(history.subdistrict, year): tracks for year, tracks in ids.items()}
