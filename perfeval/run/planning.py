"""The plan: which reports are to be made, and why. It starts and writes nothing, and loads nothing that runs notebooks.

Reports are compared by what they are made from, part by part: the data, the notebook, the rule set, the program.
"""

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from perfeval.ingest import holdings
from perfeval.model.errors import NotOnFile, ParameterError, listed, nearest
from perfeval.run import cells, editions, ledger, project
from perfeval.run.contract import Notebook, Parameter, Value, bind, parameters, read, typed
from perfeval.run.ledger import Origin, Run
from perfeval.run.outcome import CUT, FAILED, WITH, digest, untouched
from perfeval.run.project import Project
from perfeval.run.subjects import DATA_DIR, Scope, Subject, Unit, in_district, scope, subjects

RULESET = "ruleset"
"""With data_dir, the parameter that the project sets."""
ELSEWHERE = {
    "subdistrict": "-s 街道",
    "district": "--district 区县",
    "year": "-y 年度",
    "first_year": "-y 年度（多次给出）",
    "last_year": "-y 年度（多次给出）",
    RULESET: "--ruleset 规则",
    DATA_DIR: "--data 目录",
}
"""The parameters that are not a notebook's own, and the options that set them."""
PLAIN, NOT_PLAIN, MOST_NAMED = (
    re.compile(r"[0-9a-z_.\-\u4e00-\u9fff]{0,23}[0-9a-z_\-\u4e00-\u9fff]"),
    re.compile(r"[^\w\-]+"),
    16,
)
"""Values that can be part of a folder's name as they are; of others, what is left out, and how much is shown."""
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
PARAMETERS, FORCED, FAILED_BEFORE, CUT_BEFORE, TOUCHED, SAME = (
    "参数变化",
    "强制",
    "上次失败",
    "上次中断",
    "输出被改动",
    "未变",
)
REASONS = (NEW, DATA, NOTEBOOK, PARAMETERS, RULES, CODE, FORCED, FAILED_BEFORE, CUT_BEFORE, TOUCHED, SAME)
"""Why a report is made, or left alone; several changes are joined by ``、``."""
PARTS = {"data": DATA, "notebook": NOTEBOOK, "rules": RULES, "code": CODE}
"""Fields of :class:`Origin`, and what a change of each is called."""


@dataclass(frozen=True, slots=True)
class Task:
    """One report: what it is about, what it is made from, and why it is to be made."""

    report: str
    """Its notebook's name."""
    about: Subject
    origin: Origin
    reason: str
    own: Mapping[str, Value] = field(default_factory=dict)
    """The notebook's own parameters, as far as they are not its defaults."""
    variant: str = ""
    """Those given for this run: ``most=20``. Such a report is one of its own, beside the usual one."""
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
        report = f"{self.report}{WITH}{self.variant}" if self.variant else self.report
        return report, self.about.subject, self.about.period

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
    own: Mapping[str, Value] | None = None,
    force: bool = False,
    verify: bool = False,
    leave: Callable[[str], None] | None = None,
) -> list[Task]:
    """Every report asked for, each with the reason to make it or 未变.

    ``own`` are values of the notebooks' own parameters; each must be known to one of the reports. ``leave`` is told of
    each report asked for by name that has nothing to compare, and the others are planned; without it, or where nothing
    else was asked for, that is a :class:`NotOnFile`.

    Of the reports that the settings name, those that have nothing to compare are left out; so are those that cannot be
    narrowed as asked (whole districts where only sub-districts were named). With ``verify`` data and outputs are read
    byte by byte, else a file whose size and time stand is taken as it was. Raises :class:`NotOnFile` for what is not on
    file, :class:`PerfevalError` for an unknown report or one whose notebook breaks the contract,
    :class:`ParameterError` for parameters that do not fit.
    """
    names = list(dict.fromkeys([reports] if isinstance(reports, str) else reports or place.reports))
    units = project.on_file(place.data, subdistricts, years)
    if districts is not None:
        units = [unit for district in districts for unit in in_district(place.data, district, units)]
    with ledger.reading(place.outputs) as book:
        last = {(run.report, run.subject, run.period): run for run in ledger.latest(book)}
    rules = _rules(place, ruleset or place.ruleset)
    files = Files(place.data)
    narrowed = [asked is not None for asked in (subdistricts, districts, years)]
    held = project.on_file(place.data, None, None) if any(narrowed) else units
    notebooks = {report: read(place.notebook(report)) for report in names}
    editions.refuse_earlier(notebooks)
    _known(own or {}, [parameters(notebook) for notebook in notebooks.values()])
    tasks, left = [], list[str]()
    for report, notebook in notebooks.items():
        file = place.notebook(report)
        takes = parameters(notebook)
        of = scope(takes, file.name)
        refused = _refused(of, *narrowed)
        if reports is None and (refused or (subdistricts is not None and of.whose == "district")):
            continue
        if reports is not None and ruleset is not None and RULESET not in takes:
            refused = refused or f"它的参数里没有 {RULESET}，不能用 --ruleset"
        _possible(report, notebook, refused)
        found = subjects(takes, file.name, units, place.data, held)
        if reports is not None and not found:
            left.append(f"“{report}”没有可比的数据：{'所选的范围里' if any(narrowed) else ''}须有{of.needs}")
            continue
        passed, variant = own_values(notebook, place.parameters.get(report, {}), own or {})
        if found:
            bind(notebook, values(takes, found[0], passed, ruleset or place.ruleset, place.data))
        made_by = hashlib.sha256(file.read_bytes()).hexdigest()
        made_by += f" {json.dumps(passed, ensure_ascii=False, sort_keys=True)}" if passed else ""
        parts = (made_by, rules if RULESET in takes else "", code())
        for about in found:
            key = (f"{report}{WITH}{variant}" if variant else report, about.subject, about.period)
            run = last.get(key)
            origin = _origin(files, about, run, parts, verify)
            reason = FORCED if force else _reason(run, origin, folder(place, *key), verify)
            stands = run is not None and reason == SAME
            restamped = run.id if run and stands and run.stamp != origin.stamp else 0
            figures = run.figures if run and stands else {}
            tasks.append(Task(report, about, origin, reason, passed, variant, figures, restamped))
    _leave_out(left, leave if tasks else None)
    return tasks


def _possible(report: str, notebook: Notebook, refused: str) -> None:
    """:class:`ParameterError` for a notebook that makes no report, or none as it is asked for."""
    if not cells.makes_report(notebook):
        refused = "没有 show.record，不是报告；请用 perfeval lab 打开"
    if refused:
        raise ParameterError(f"“{report}”不能这样生成：{refused}")


def _leave_out(left: list[str], leave: Callable[[str], None] | None) -> None:
    """Tell what is left out; :class:`NotOnFile` where nobody is there to be told, or nothing else is left."""
    if leave is not None:
        for text in left:
            leave(text)
    elif left:
        raise NotOnFile("；".join(left))


def _refused(of: Scope, by_office: bool, by_district: bool, by_year: bool) -> str:
    """Why a notebook's reports cannot be chosen by sub-district, district or year; empty where they can."""
    if (by_office or by_district) and not of.whose:
        return "它的参数里没有 subdistrict 或 district，说的是全部街道，不能选街道或区县"
    return (
        "它的参数里没有 year，或 first_year 和 last_year，说的是全部年度，不能选年度" if by_year and not of.when else ""
    )


def _known(own: Iterable[str], notebooks: Iterable[Mapping[str, Parameter]]) -> None:
    """Raise :class:`ParameterError` for names that no notebook knows, or that are not its own."""
    free = {name for takes in notebooks for name in takes if name not in ELSEWHERE}
    wrong = [f"参数“{name}”请用 {ELSEWHERE[name]}" for name in own if name in ELSEWHERE]
    wrong += [f"不认识的参数“{name}”{nearest(name, free)}" for name in own if name not in free | ELSEWHERE.keys()]
    if wrong:
        raise ParameterError(listed("参数不符合笔记本的约定", wrong))


def own_values(
    notebook: Notebook, settings: Mapping[str, Value], asked: Mapping[str, Value]
) -> tuple[dict[str, Value], str]:
    """The values of a notebook's own parameters that are not its defaults, and what names those asked for now.

    What is asked for goes before the settings. Raises :class:`ParameterError` where the settings name what the notebook
    does not know.
    """
    takes = parameters(notebook)
    _known(settings, [takes])
    usual = {name: settings.get(name, parameter.default) for name, parameter in takes.items()}
    chosen = usual | {name: typed(value, takes[name].type) for name, value in asked.items() if name in takes}
    given = {name: value for name, value in chosen.items() if value is not None}
    passed = {name: value for name, value in given.items() if value != takes[name].default}
    return passed, ",".join(f"{name}={_named(value)}" for name, value in given.items() if value != usual[name])


def _named(value: Value) -> str:
    """A value as part of a folder's name: itself where every system can tell it from all others, else with a hash."""
    text = str(value)
    if PLAIN.fullmatch(text):
        return text
    return f"{NOT_PLAIN.sub('', text)[:MOST_NAMED]}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def values(
    takes: Mapping[str, Parameter], about: Subject, own: Mapping[str, Value], ruleset: str, data: Path
) -> dict[str, Value]:
    """What is passed to a notebook: its subject, its own parameters, and what the project says.

    The cells run beside the data folder, so that no path of this machine gets into a report.
    """
    given: dict[str, Value] = {RULESET: ruleset, DATA_DIR: data.name}
    return {**about.values, **own, **{name: value for name, value in given.items() if name in takes}}


def _reason(run: Run | None, origin: Origin, where: Path, verify: bool) -> str:
    if run is None:
        return NEW
    changed = [name for part, name in PARTS.items() if getattr(run, part) != getattr(origin, part)]
    if run.notebook.partition(" ")[0] == origin.notebook.partition(" ")[0]:  # only what is passed to it
        changed = [PARAMETERS if name == NOTEBOOK else name for name in changed]
    if run.status == FAILED:
        changed.append(FAILED_BEFORE)
    elif run.status in {"", CUT}:
        changed.append(CUT_BEFORE)
    elif not changed and not untouched(run.outputs, where, verify=verify):
        changed.append(TOUCHED)
    return "、".join(changed) or SAME


def _origin(files: "Files", about: Subject, run: Run | None, rest: tuple[str, str, str], verify: bool) -> Origin:
    """What a report is made from now; data whose files have the sizes and times of the last run are not read again."""
    stamp = files.stamp((*about.before, *about.units))
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
        taken_from = [*((office, (year,)) for office, year in about.before), *about.offices]
        for unit in taken_from:
            if unit not in self.prints:
                self.prints[unit] = self._print(*unit)
        taken = [self.data.name, dict(about.values), [self.prints[unit] for unit in taken_from]]
        return hashlib.sha256(json.dumps(taken, sort_keys=True).encode()).hexdigest()

    def _print(self, office: str, years: tuple[int, ...]) -> str:
        if len(years) > 1:  # its indicators are matched, by hand too
            return holdings.fingerprint_office(self.data, office, years)
        return holdings.fingerprint(self.data, office, *years)


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
    folders = [data / office / str(year) for office, year in (*about.before, *about.units)]
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
