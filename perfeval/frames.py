"""The public ``rows``, ``money``, ``scores`` and ``findings``: everything on file as tidy frames.

From a data folder they are read through the store (:mod:`perfeval.analysis.fragments`); from an evaluation, a history,
peers or loaded data they are made straight from those. Columns, dtypes and order are the same either way.
"""

import pandas as pd

from perfeval.analysis.rows import tidy
from perfeval.analysis.rows.identity import track_ids
from perfeval.analysis.rows.tidy import Owner
from perfeval.model.errors import ParameterError
from perfeval.model.history import BROKEN, History
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


def lineage(history: History) -> pd.DataFrame:
    """The rows of a history with ``line``, which goes on where a definition changed, and ``broken``, whether it did so
    since the year before (``pe.columns("lineage")``): what a map of indicators over years is drawn from.

    ``track`` breaks off where the definition changes; the line is the chain of such tracks.
    """
    told = rows(history)
    keys = list(zip(told["year"].tolist(), told["row"].tolist(), strict=True))
    matches = history.matches[history.matches["kind"].eq(BROKEN) & history.matches["previous_row"].notna()]
    names = ("previous_year", "previous_row", "year", "row")
    cut = {(year, row): (before, of) for before, of, year, row in zip(*(matches[name] for name in names), strict=True)}
    lines: dict[tuple[int, int], str] = {}
    begun: dict[str, str] = {}
    for key, track in zip(keys, told["track"].tolist(), strict=True):
        own = track or f"{history.subdistrict}-{key[0]}-row{key[1]}"
        lines[key] = begun.setdefault(own, lines.get(cut.get(key, (0, 0)), own))
    return told.assign(line=pd.Series([lines[key] for key in keys], dtype="str"), broken=[key in cut for key in keys])


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
