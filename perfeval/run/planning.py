"""The plan: which reports are to be made, and why. It starts and writes nothing, and loads nothing that runs notebooks.

Reports are compared by what they are made from, part by part: the data, the notebook, the rule set, the program.

What a report is about, read off the parameters its notebook takes.

``subdistrict, year``: one sub-district in one year; ``subdistrict, first_year, last_year``: one sub-district over its
years; ``district, year``: every sub-district of a district in one year.
"""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from perfeval.ingest import store
from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run import ledger, project
from perfeval.run.contract import Parameter, Value, parameters, read
from perfeval.run.ledger import Origin, Run
from perfeval.run.outcome import CUT, FAILED, digest, untouched
from perfeval.run.project import Project

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


MAKERS = (
    "ipykernel",
    "jinja2",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pylopdf-fonts-zh-cn",
)
"""The packages whose version may change a report."""
NEW, DATA, NOTEBOOK, RULES, CODE = "新增", "数据变化", "笔记本变化", "规则变化", "程序变化"
FORCED, FAILED_BEFORE, CUT_BEFORE, TOUCHED, SAME = "强制", "上次失败", "上次中断", "输出被改动", "未变"
REASONS = (NEW, DATA, NOTEBOOK, RULES, CODE, FORCED, FAILED_BEFORE, CUT_BEFORE, TOUCHED, SAME)
"""Why a report is made, or left alone; several changes are joined by ``、``."""
PARTS = {"data": DATA, "notebook": NOTEBOOK, "rules": RULES, "code": CODE}
"""Fields of :class:`Origin`, and what a change of each is called."""


@dataclass(frozen=True, slots=True)
class Task:
    """One report: what it is about, what it is made from, and why it is to be made."""

    report: str
    about: Subject
    origin: Origin
    reason: str
    listed: dict[str, Any] = field(default_factory=dict, compare=False)
    """Of a report that stands, what the index shows of it."""
    restamped: int = 0
    """The run of a report that stands whose data files have got new times but kept their content; 0 otherwise."""

    @property
    def fresh(self) -> bool:
        """Whether what is on disk was made from just this."""
        return self.reason == SAME

    @property
    def key(self) -> tuple[str, str, str]:
        """Report, subject and period: what the ledger knows it by."""
        return self.report, self.about.subject, self.about.period

    def folder(self, place: Project) -> Path:
        """Where its files are."""
        return folder(place, *self.key)


def folder(place: Project, report: str, subject: str, period: str) -> Path:
    """Where a report's files are: ``outputs/<subject>/<period>/<report>/``."""
    return place.outputs / subject / period / report


def plan(
    place: Project,
    reports: str | Iterable[str] | None = None,
    *,
    subdistricts: Iterable[str] | None = None,
    districts: Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    ruleset: str | None = None,
    force: bool = False,
    verify: bool = False,
) -> list[Task]:
    """Every report asked for, each with the reason to make it or 未变.

    Of the reports that the settings name, those that have nothing to compare are left out; so are whole districts
    where only sub-districts were named. With ``verify`` data and outputs are read byte by byte, else a file whose size
    and time stand is taken as it was. Raises :class:`NotOnFile` for what is not on file, :class:`PerfevalError` for an
    unknown report or one whose notebook breaks the contract.
    """
    names = list(dict.fromkeys([reports] if isinstance(reports, str) else reports or place.reports))
    units = project.on_file(place.data, subdistricts, years)
    if districts is not None:
        units = [unit for district in districts for unit in in_district(place.data, district, units)]
    with ledger.reading(place.outputs) as book:
        last = {(run.report, run.subject, run.period): run for run in ledger.latest(book)}
    rules = _rules(place, ruleset or place.ruleset)
    files = Files(place.data)
    tasks = []
    for report in names:
        file = place.notebook(report)
        takes = parameters(read(file))
        if reports is None and subdistricts is not None and of_district(takes):
            continue
        found = subjects(takes, file.name, units, place.data)
        if reports is not None and not found:
            within = "所选的范围里" if any(asked is not None for asked in (subdistricts, districts, years)) else ""
            raise NotOnFile(f"“{report}”没有可比的数据：{within}须有两个以上年度，或同一区县两个以上街道")
        notebook = hashlib.sha256(file.read_bytes()).hexdigest()
        for about in found:
            run = last.get((report, about.subject, about.period))
            origin = _origin(files, about, run, (notebook, rules, code()), verify)
            where = folder(place, report, about.subject, about.period)
            reason = FORCED if force else _reason(run, origin, where, verify)
            stands = run is not None and reason == SAME
            restamped = run.id if run and stands and run.stamp != origin.stamp else 0
            tasks.append(Task(report, about, origin, reason, run.figures if run and stands else {}, restamped))
    return tasks


def _reason(run: Run | None, origin: Origin, where: Path, verify: bool) -> str:
    if run is None:
        return NEW
    changed = [name for part, name in PARTS.items() if getattr(run, part) != getattr(origin, part)]
    if run.status == FAILED:
        changed.append(FAILED_BEFORE)
    elif run.status in {"", CUT}:
        changed.append(CUT_BEFORE)
    elif not changed and not untouched(run.outputs, where, verify=verify):
        changed.append(TOUCHED)
    return "、".join(changed) or SAME


def _origin(files: "Files", about: Subject, run: Run | None, rest: tuple[str, str, str], verify: bool) -> Origin:
    """What a report is made from now; data whose files have the sizes and times of the last run are not read again."""
    stamp = files.stamp(about.units)
    data = run.data if run is not None and run.stamp == stamp and not verify else files.content(about)
    whole = hashlib.sha256("\n".join((data, *rest)).encode()).hexdigest()
    return Origin(data, *rest, whole, stamp)


class Files:
    """The data files behind reports, each looked at once in a plan."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.shared = _states(data)
        self.offices: dict[str, str] = {}
        self.units: dict[Unit, str] = {}
        self.prints: dict[tuple[str, tuple[int, ...]], str] = {}

    def stamp(self, units: Iterable[Unit]) -> str:
        """Name, size and time of every file that may feed these sub-district-years: in their folders, and above."""
        found = hashlib.sha256(self.shared.encode())
        for office, year in units:
            if office not in self.offices:
                self.offices[office] = _states(self.data / office)
            if (office, year) not in self.units:
                self.units[office, year] = _states(self.data / office / str(year))
            found.update(f"\n{office}/{year}\n{self.offices[office]}\n{self.units[office, year]}".encode())
        return found.hexdigest()

    def content(self, about: Subject) -> str:
        """The hash of all that a report takes from the data folder, and of the folder's name, which it shows."""
        for unit in about.offices:
            if unit not in self.prints:
                self.prints[unit] = self._print(*unit)
        taken = [self.data.name, dict(about.values), [self.prints[unit] for unit in about.offices]]
        return hashlib.sha256(json.dumps(taken, sort_keys=True).encode()).hexdigest()

    def _print(self, office: str, years: tuple[int, ...]) -> str:
        if len(years) > 1:  # its indicators are matched, by hand too
            return store.fingerprint_office(self.data, office, years)
        return store.fingerprint(self.data, office, *years)


def _states(folder: Path) -> str:
    """``name size time`` of every file in a folder; empty where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            states = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
    except FileNotFoundError:  # it was removed meanwhile
        return ""
    return "\n".join(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in sorted(states))


def inputs(data: Path, about: Subject) -> dict[str, str]:
    """The sha256 of every data file in the folders of a report's sub-district-years, by its path in the data folder.

    Empty for a file that cannot be read: that is the report's failure, which says more.
    """
    folders = [data / office / str(year) for office, year in about.units]
    paths = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()]
    return {path.relative_to(data).as_posix(): _digest_or_none(path) for path in paths}


def _digest_or_none(path: Path) -> str:
    try:
        return digest(path)
    except OSError:
        return ""


def _rules(place: Project, ruleset: str) -> str:
    """What stands for the rule set: its name, and for a file of the user's own (beside the data folder) its content."""
    file = place.data.parent / ruleset
    own = ruleset.lower().endswith(".toml") and file.is_file()
    return f"{ruleset} {hashlib.sha256(file.read_bytes()).hexdigest()}" if own else ruleset


@cache
def code() -> str:
    """The hash of perfeval's own files and of the versions of what it makes reports with."""
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in MAKERS:
        found.update(f"{name} {metadata.version(name)}\n".encode())
    for name, content in sorted(_sources(resources.files("perfeval"))):
        found.update(name.encode() + b"\0" + content)
    return found.hexdigest()


def versions() -> dict[str, str]:
    """Python, perfeval, and the packages whose version may change a report."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in ("perfeval", *MAKERS)}


def _sources(entry: Traversable, under: str = "") -> Iterable[tuple[str, bytes]]:
    for child in entry.iterdir():
        if child.is_dir() and child.name != "__pycache__":
            yield from _sources(child, f"{under}{child.name}/")
        elif child.is_file():
            yield under + child.name, child.read_bytes()
