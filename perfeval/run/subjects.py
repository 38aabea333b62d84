"""What a report is about, read off the parameters its notebook takes.

``subdistrict, year``: one sub-district in one year; ``subdistrict, first_year, last_year``: one sub-district over its
years; ``district, year``: every sub-district of a district in one year.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfeval.ingest import store
from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run.contract import Parameter, Value

Unit = tuple[str, int]
"""A sub-district's id and a year."""
LEAST = 2
"""Years of a sub-district, or sub-districts of a district, below which there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One report's subject: whose it is, for which years, and what it is made from."""

    subject: str
    """A sub-district's id, or a district's name."""
    period: str
    """``2022`` or ``2019-2024``."""
    values: Mapping[str, Value]
    """The notebook's parameters that say so."""
    units: tuple[Unit, ...]
    """The sub-district-years it is made from."""

    @property
    def offices(self) -> list[tuple[str, tuple[int, ...]]]:
        """The same by sub-district: its id and its years."""
        return [(name, tuple(years)) for name, years in _grouped(self.units).items()]


def subjects(parameters: Mapping[str, Parameter], title: str, units: list[Unit], data: Path) -> list[Subject]:
    """What there is to report on in ``units`` with a notebook that takes these parameters, in order.

    Empty where there is nothing to compare. Raises :class:`ParameterError` for a notebook that names no subject.
    """
    for names, found in KINDS.items():
        if names <= parameters.keys():
            return found(units, data)
    known = "subdistrict 和 year，或 subdistrict、first_year 和 last_year，或 district 和 year"
    raise ParameterError(f"{title} 的参数须含 {known}")


def of_district(parameters: Mapping[str, Parameter]) -> bool:
    """Whether a notebook's subject is a whole district."""
    return "district" in parameters


def _yearly(units: list[Unit], _: Path) -> list[Subject]:
    return [Subject(name, str(year), {"subdistrict": name, "year": year}, ((name, year),)) for name, year in units]


def _over_years(units: list[Unit], _: Path) -> list[Subject]:
    found = []
    for name, years in _grouped((name, year) for name, year in units).items():
        if len(years) >= LEAST:
            first, last = years[0], years[-1]
            values: dict[str, Value] = {"subdistrict": name, "first_year": first, "last_year": last}
            found.append(Subject(name, f"{first}-{last}", values, tuple((name, year) for year in years)))
    return found


def _over_offices(units: list[Unit], data: Path) -> list[Subject]:
    """Every sub-district of a district belongs to its report, whichever of them were asked for."""
    districts = store.districts(data)
    wanted = {(districts[name], year) for name, year in units if districts.get(name)}
    held = store.catalog(data)
    found = []
    for district, year in sorted(wanted):
        offices = [name for name in held.loc[held["year"].eq(year), "subdistrict"] if districts.get(name) == district]
        if len(offices) >= LEAST:
            made_from = tuple((str(name), year) for name in offices)
            found.append(Subject(district, str(year), {"district": district, "year": year}, made_from))
    return found


KINDS: dict[frozenset[str], Callable[[list[Unit], Path], list[Subject]]] = {
    frozenset({"subdistrict", "first_year", "last_year"}): _over_years,
    frozenset({"district", "year"}): _over_offices,
    frozenset({"subdistrict", "year"}): _yearly,
}


def _grouped(units: Iterable[Unit]) -> dict[str, list[int]]:
    years: dict[str, list[int]] = {}
    for name, year in sorted(units):
        years.setdefault(name, []).append(year)
    return years


def in_district(data: Path, district: str, units: list[Unit]) -> list[Unit]:
    """Those of the units whose sub-district is in this district; :class:`NotOnFile` where none is."""
    districts = store.districts(data)
    found = [(name, year) for name, year in units if districts.get(name) == district]
    if not found:
        there = "、".join(sorted({name for name in districts.values() if name})) or "无"
        raise NotOnFile(f"没有区县“{district}”的数据；街道名录里的区县：{there}")
    return found
