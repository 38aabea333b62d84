"""The public ``lineage``, ``look_back`` and ``district_years``: what reports over several years begin with."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from perfeval.analysis.findings.years import beside as held_against
from perfeval.analysis.judging import judge
from perfeval.analysis.movements import year_totals
from perfeval.evaluating import beside
from perfeval.frames import Held, Source, findings, money, register, rows, scores
from perfeval.ingest import holdings, locating, store
from perfeval.ingest.directory import data_root
from perfeval.model import asked
from perfeval.model.asked import Years
from perfeval.model.columns import frame_of
from perfeval.model.data import Data
from perfeval.model.districtyears import DistrictYears
from perfeval.model.errors import DataError, NotOnFile
from perfeval.model.history import BROKEN, History
from perfeval.model.results import Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.rules import find


@asked.takes()
def lineage(history: History) -> pd.DataFrame:
    """The rows of a history with ``line``, which goes on where a definition changed, and ``broken``, whether it did so
    since the year before (``pe.columns("lineage")``): what a map of indicators over years is drawn from.

    ``track`` breaks off where the definition changes; the line is the chain of such tracks.
    """
    told = rows(history, ruleset=history.ruleset)
    keys = list(zip(told["year"].tolist(), told["row"].tolist(), strict=True))
    matches = history.matches[history.matches["kind"].eq(BROKEN) & history.matches["previous_row"].notna()]
    names_ = ("previous_year", "previous_row", "year", "row")
    cut = {(year, row): (before, of) for before, of, year, row in zip(*(matches[name] for name in names_), strict=True)}
    lines: dict[tuple[int, int], str] = {}
    begun: dict[str, str] = {}
    for key, track in zip(keys, told["track"].tolist(), strict=True):
        own = track or f"{history.subdistrict}-{key[0]}-row{key[1]}"
        lines[key] = begun.setdefault(own, lines.get(cut.get(key, (0, 0)), own))
    return told.assign(line=pd.Series([lines[key] for key in keys], dtype="str"), broken=[key in cut for key in keys])


@asked.takes()
def look_back(result: Evaluation, source: str | Path = "") -> Evaluation:
    """The evaluation beside the year before on file: its ``targets`` (``pe.columns("targets")``) are those of this year
    held against that one's targets and actuals.

    They are empty where no earlier year is on file, or that year cannot be read, which is its own fault to tell.
    ``source`` is a data folder as in :func:`perfeval.load`.
    """
    folder = locating.data_folder(source)
    previous = holdings.year_before(folder, result.subdistrict, result.year)
    alone = replace(result, targets=frame_of("targets"))
    if previous is None:
        return alone
    try:
        both = store.load(folder, result.subdistrict, (previous, result.year))
    except DataError:
        return alone
    before = both.indicators[both.indicators["year"].eq(previous)].reset_index(drop=True)
    return held_against(judge(before), alone, both.matches)


@asked.named
def district_years(
    source: Source = "", *, district: str, years: Years = None, ruleset: str | RuleSet = "hubei"
) -> DistrictYears:
    """A district over its years: the four frames of all its offices, and the register of who is on file when.

    Arguments as in :func:`rows`; ``district`` is its exact name. Raises :class:`NotOnFile` where there is no such
    district, or nothing of it on file in these years.
    """
    made = {"rows": rows, "money": money, "scores": scores, "findings": findings}
    held = {name: make(source, ruleset=ruleset, district=district, years=years) for name, make in made.items()}
    listed = register(source, ruleset=ruleset, district=district, years=years)
    there = tuple(sorted({int(year) for year in held["scores"]["year"]}))
    if not there:
        raise NotOnFile(f"“{district}”在所选年度没有可用的数据")
    if isinstance(source, Data):
        rules = find(ruleset, beside(source))
    else:
        rules = (
            source.ruleset
            if isinstance(source, Held)
            else find(ruleset, data_root(locating.data_folder(source)).resolve().parent)
        )
    return DistrictYears(
        district,
        rules,
        there,
        **held,
        register=listed,
        totals=year_totals(held["scores"]),
        version=version("perfeval"),
        city=_city(source, district),
    )


def _city(source: Source, district: str) -> str:
    if not isinstance(source, Held):
        return holdings.city(locating.data_folder(source), district)
    if isinstance(source, Data):
        of = source.subdistricts["district"].eq(district)
        return "、".join(sorted({str(city) for city in source.subdistricts.loc[of, "city"] if city}))
    return source.city
