"""What a report is about, read off the parameters its notebook takes: ``subdistrict`` (one for each), ``district`` (one
for each) or neither (one of everything), and ``year`` (one for each), ``first_year`` with ``last_year`` (one over them)
or neither (one over all). ``data_dir`` and ``ruleset`` are the project's; all others are the notebook's own, which the
settings (［parameters.<report>］) and ``perfeval run -p`` set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfeval.ingest import holdings
from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run import project
from perfeval.run.contract import TITLES, Parameter, Value

Unit = tuple[str, int]
"""A sub-district's id and a year."""
EVERYTHING = "全部"
"""The subject of a report of everything on file."""
SPAN = ("first_year", "last_year")
SELECTING = {"subdistrict": "str", "district": "str", "year": "int", "first_year": "int", "last_year": "int"}
"""The parameters that say what a report is about, and their types."""
DATA_DIR = "data_dir"
"""The parameter that every report takes."""
EVERY_YEAR = "-y 多次给出，或不写即全部年度"
LEAST = 2
"""Years of a sub-district, or sub-districts of a district, below which there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One report's subject: whose it is, for which years, and what it is made from."""

    subject: str
    """A sub-district's id, a district's name, or 全部."""
    period: str
    """``2022`` or ``2019-2024``."""
    values: Mapping[str, Value]
    """The notebook's parameters that say so."""
    units: tuple[Unit, ...]
    """The sub-district-years it is made from."""
    before: tuple[Unit, ...] = ()
    """What a report of one year may look back at, where it is on file: an office's year before, all of a district's."""

    @property
    def offices(self) -> list[tuple[str, tuple[int, ...]]]:
        """The same by sub-district: its id and its years."""
        return [(name, tuple(years)) for name, years in _grouped(self.units).items()]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a notebook's parameters say of its reports: whose each is, and of which time."""

    whose: str
    """``subdistrict``, ``district``, or empty: one report of everything on file."""
    when: str
    """``year``: one report a year; ``years``: one from ``first_year`` to ``last_year``; empty: one of all years."""

    @property
    def comparing(self) -> bool:
        """Whether it compares: there is no such report of one year, or of a district's one office."""
        return bool(self.whose and self.when) and (self.whose, self.when) != ("subdistrict", "year")

    @property
    def needs(self) -> str:
        """What there must be for one that compares."""
        years = [f"两个以上年度（{EVERY_YEAR}）"] if self.when == "years" else []
        return "和".join(years + ["同一区县两个以上街道"] * (self.whose == "district")) or "街道的数据"


def scope(takes: Mapping[str, Parameter], title: str) -> Scope:
    """The scope of a notebook that takes these parameters; :class:`ParameterError` where they cannot be meant so."""
    span = [name for name in SPAN if name in takes]
    wrong = []
    if len(span) == 1:
        wrong.append(f"{title} 的参数 {SPAN[0]} 和 {SPAN[1]} 须成对，现在只有 {span[0]}")
    if span and "year" in takes:
        wrong.append(f"{title} 的参数 year 与 {SPAN[0]}、{SPAN[1]} 只能用一种")
    if DATA_DIR not in takes:
        wrong.append(f'{title} 的参数须含 {DATA_DIR}（{DATA_DIR}: str = ""  # 数据目录），否则不知道它读哪里的数据')
    wrong += [
        f"{title} 的参数 {name} 须是{TITLES[kind]}（{name}: {kind}），现为 {takes[name].type}"
        for name, kind in SELECTING.items()
        if name in takes and takes[name].type != kind
    ]
    if wrong:
        raise ParameterError("\n".join(wrong))
    whose = next((name for name in ("subdistrict", "district") if name in takes), "")
    return Scope(whose, "year" if "year" in takes else "years" if span else "")


def subjects(
    takes: Mapping[str, Parameter], title: str, units: list[Unit], data: Path, held: Iterable[Unit] | None = None
) -> list[Subject]:
    """What there is to report on in ``units`` with a notebook that takes these parameters, in order.

    A district's report is of all its offices, one of everything of all on file, whichever were asked for; one from a
    first to a last year of every year on file between them. Empty where there is nothing to compare. ``held`` is all
    that is on file, where that is known already. Raises :class:`ParameterError` for a notebook whose parameters
    contradict each other.
    """
    of = scope(takes, title)
    districts = holdings.districts(data)

    def owner(office: str) -> str:
        return {"subdistrict": office, "district": districts.get(office, ""), "": EVERYTHING}[of.whose]

    there: dict[str, list[Unit]] = {}
    for office, year in project.on_file(data, None, None) if held is None else held:
        there.setdefault(owner(office), []).append((office, year))
    found = []
    for subject, years in _grouped((owner(office), year) for office, year in units).items():
        for first, last in _spans(of, years, there[subject]) if subject else ():
            made_from = tuple(sorted(unit for unit in there[subject] if first <= unit[1] <= last))
            if of.comparing and not _comparable(of, made_from):
                continue
            values: dict[str, Value] = {"district": districts.get(subject, "")} if "district" in takes else {}
            values |= {of.whose: subject} if of.whose else {}
            values |= {"year": {"year": first}, "years": dict(zip(SPAN, (first, last), strict=True)), "": {}}[of.when]
            period = str(first) if first == last else f"{first}-{last}"
            found.append(Subject(subject, period, values, made_from, _before(of, made_from, there[subject])))
    return found


def _before(of: Scope, units: tuple[Unit, ...], held: list[Unit]) -> tuple[Unit, ...]:
    """What is on file before a report of one year: of an office the last year, of a district all of them."""
    if of.when != "year" or not of.whose:
        return ()
    earlier = tuple(sorted(unit for unit in held if unit[1] < units[0][1]))
    return earlier[-1:] if of.whose == "subdistrict" else earlier


def _spans(of: Scope, asked: list[int], held: list[Unit]) -> list[tuple[int, int]]:
    """First and last year of each report."""
    if of.when == "year":
        return [(year, year) for year in sorted(set(asked))]
    years = sorted(set(asked) if of.when == "years" else {year for _, year in held})
    return [(years[0], years[-1])]


def _comparable(of: Scope, units: tuple[Unit, ...]) -> bool:
    offices, years = {name for name, _ in units}, {year for _, year in units}
    return (of.when == "year" or len(years) >= LEAST) and (of.whose == "subdistrict" or len(offices) >= LEAST)


def _grouped(units: Iterable[Unit]) -> dict[str, list[int]]:
    years: dict[str, list[int]] = {}
    for name, year in sorted(set(units)):
        years.setdefault(name, []).append(year)
    return years


def in_district(data: Path, district: str, units: list[Unit]) -> list[Unit]:
    """Those of the units whose sub-district is in this district; :class:`NotOnFile` where none is."""
    districts = holdings.districts(data)
    found = [(name, year) for name, year in units if districts.get(name) == district]
    if not found:
        there = "、".join(sorted({name for name in districts.values() if name})) or "无"
        raise NotOnFile(f"没有区县“{district}”的数据；街道名录里的区县：{there}")
    return found
