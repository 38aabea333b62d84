"""The public ``check``: everything that can stop ``perfeval run``, found before it runs.

Nothing is judged here a second time: the very functions that a run calls are called, and what they refuse becomes a
problem at its place. Only drawing and the notebooks' own code are left to the run.
"""

import ast
import os
import traceback
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from perfeval.analysis.evaluation import history as gathered
from perfeval.analysis.evidence import evidence
from perfeval.analysis.findings import suppressing
from perfeval.analysis.findings.suppressing import SuppressionError
from perfeval.analysis.peers import compare
from perfeval.analysis.reviewing import recomputation
from perfeval.analysis.sampling import sampling_plan
from perfeval.evaluating import evaluate
from perfeval.ingest import holdings, locating, recipients, store
from perfeval.ingest.problems import problem, rows_text
from perfeval.model import asked
from perfeval.model.errors import DataError, FontError, NotOnFile, PerfevalError, Problem
from perfeval.model.parallel import spread
from perfeval.model.results import Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import INDICATORS, SUBDISTRICTS, Table
from perfeval.present.fontfile import font_file
from perfeval.rules import find
from perfeval.run import cells, contract, editions, ledger, planning, project
from perfeval.run.project import Project
from perfeval.run.subjects import LEAST, Unit, subjects

DEFAULT_RULES = "hubei"
"""What data are tried under where the settings name no rules that can be used."""
FEW = 6
"""Offices from which on other processes are worth their start: each office's years take most of a second."""
T = TypeVar("T")
NAMESPACES = ("perfeval", "perfeval.plot", "perfeval.show", "perfeval.words")
"""Modules that notebooks call, whose public names are known."""


@asked.takes()
def check(
    where: Project | str | Path = ".",
    *,
    subdistricts: str | Iterable[str] | None = None,
    years: asked.Years = None,
    data: str | Path | None = None,
    jobs: int = 1,
    each: Callable[[int], object] | None = None,
) -> list[Problem]:
    """Every problem of a project: settings, data, directory, recipients, suppressions, rules, notebooks, outputs.

    ``where`` is a project or a folder in or under one; ``subdistricts`` (ids or names) and ``years`` (as ``load`` takes
    them) narrow what is looked at, ``data`` is another data folder than that of the settings. Many offices are tried by
    up to ``jobs`` processes; ``each`` is told how many offices there are, once for each of them. What a run would
    refuse is an error here; where there is none, a run starts and no data stop it. Raises :class:`NotOnFile` for what
    was asked for and is not there.
    """
    if not isinstance(where, Project) and not Path(where).is_dir():
        raise NotOnFile(f"没有“{where}”这个目录；请指明项目所在的目录")
    place, problems = _settings(where)
    if place is None:
        return problems
    sound = not problems
    place = place.with_folders(data)
    units = project.on_file(place.data, subdistricts, years)
    within = None if subdistricts is None else sorted({name for name, _ in units})
    problems += store.check(project.shown(place.data), within, None if years is None else sorted({y for _, y in units}))
    problems += recipients.check(project.shown(place.data))
    problems += _font()
    rules: RuleSet | None = None
    if sound:
        rules, wrong = _rules(place)
        problems += [*wrong, *_notebooks(place, units), *_outputs(place)]
        problems += _parameters(place)
    names = {name for name, _ in units}
    listed = store.subdistricts(project.shown(place.data))
    problems += _rare(listed[listed["id"].isin(names)], SUBDISTRICTS, ("name",))
    problems += _tried(place, units, rules or find(DEFAULT_RULES, place.root), jobs, each)
    return list(dict.fromkeys(problems))


def _settings(where: Project | str | Path) -> tuple[Project | None, list[Problem]]:
    """The project; where its settings are wrong what they say of its folders, and every wrong one."""
    if isinstance(where, Project):
        return where, []
    try:
        return project.find(where), []
    except locating.SettingsError as error:
        file = locating.settings_file(where) or Path(where, locating.FILE)
        problems = _refused("E515", error, project.shown(file))
    try:
        return project.folders_of(file), problems
    except locating.SettingsError:
        return None, problems


def _refused(code: str, error: PerfevalError, file: str, **place: Any) -> list[Problem]:
    """What an error says is to be mended, one problem each."""
    return [problem(code, fault, file=file, **place) for fault in error.faults]


def _font() -> list[Problem]:
    try:
        font_file()
    except FontError as error:
        return _refused("E519", error, "")
    return []


def _rules(place: Project) -> tuple[RuleSet | None, list[Problem]]:
    try:
        return find(place.ruleset, place.data.parent), []
    except PerfevalError as error:
        own = place.data.parent / place.ruleset
        file = own if place.ruleset.lower().endswith(".toml") else place.root / locating.FILE
        return None, _refused("E514", error, project.shown(file))


def _notebooks(place: Project, units: list[Unit]) -> Iterator[Problem]:
    """What is wrong with the notebooks of the reports that the settings name."""
    for report in dict.fromkeys(place.reports):
        file = project.shown(place.notebooks / f"{report}.ipynb")
        try:
            notebook = contract.read(place.notebook(report))
            takes = contract.parameters(notebook)
            if edition := editions.earlier(notebook):
                yield problem("E520", f"是{edition}版带来的", file=file)
                continue
            found = subjects(takes, f"{report}.ipynb", units, place.data)
            own, _ = planning.own_values(notebook, place.parameters.get(report, {}), {})
            if found:
                contract.bind(notebook, planning.values(takes, found[0], own, place.ruleset, place.data))
        except PerfevalError as error:
            yield from _refused("E516", error, file)
            continue
        for fault in cells.faults(notebook, _public):
            yield problem("E516", fault, file=file)
        if not any(_writable(place.outputs)):  # else told once, of the whole folder
            for about in found:
                yield from _writable(planning.folder(place, report, about.subject, about.period))


def _parameters(place: Project) -> Iterator[Problem]:
    """Parameters in the settings for reports made only when asked for: of no notebook, or not its own."""
    for report, given in place.parameters.items():
        if report in place.reports:
            continue  # told with its notebook
        try:
            planning.own_values(contract.read(place.notebook(report)), given, {})
        except PerfevalError as error:
            advice = f"请改正或删去［parameters.{report}］"
            yield from _refused("E516", error, project.shown(place.root / locating.FILE), advice=advice)


def _public(module: str) -> set[str] | None:
    """The names that a notebook may ask of perfeval and of what it shows, draws and says with."""
    if module not in NAMESPACES:
        return None
    if module == "perfeval":
        found = import_module(module)
        return {*dir(found), *getattr(found, "__all__", ())}
    return _written(f"perfeval.present.{module.rpartition('.')[2]}")


def _written(module: str) -> set[str]:
    """The names that stand at the top level of a module, told without importing it: pictures bring matplotlib."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    names: set[str] = set()
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _outputs(place: Project) -> list[Problem]:
    """Whether reports can be written, and what was made before can be known."""
    problems = list(_writable(place.outputs))
    if problems:
        return problems
    try:
        with ledger.reading(place.outputs) as book:
            ledger.latest(book)
    except PerfevalError as error:
        return _refused("E518", error, project.shown(place.outputs / ledger.FILE))
    return []


def _writable(folder: Path) -> Iterator[Problem]:
    """Whether a folder is there to be written to, or can be made."""
    there = next(one for one in (folder, *folder.parents) if one.exists() or one.is_symlink())
    if not there.is_dir():
        yield problem("E518", "这里须是文件夹，却是文件或失效的链接", file=project.shown(there))
    elif not os.access(there, os.W_OK | os.X_OK):
        yield problem("E518", "没有写的权限", file=project.shown(there))


def _tried(
    place: Project, units: list[Unit], rules: RuleSet, jobs: int, each: Callable[[int], object] | None
) -> Iterator[Problem]:
    """What stops the evaluation of data that can be read: of every year, of an office's years, of a district's offices.

    District by district, so that little more than one is held at a time.
    """
    districts = holdings.districts(place.data)
    years: dict[str, list[int]] = defaultdict(list)
    for name, year in units:
        years[name].append(year)
    offices = sorted(years, key=lambda name: (districts.get(name, ""), name))  # without a district, each for itself
    tried = spread(partial(_office, place, rules), [(name, tuple(years[name])) for name in offices], jobs, least=FEW)
    for district, members in groupby(offices, key=lambda name: districts.get(name, "")):
        peers: dict[int, list[Evaluation]] = defaultdict(list)
        for _, (results, problems) in zip(members, tried, strict=False):
            yield from problems
            for year, result in results.items() if district else ():
                peers[year].append(result)
            if each is not None:
                each(len(offices))
        for year, found in sorted(peers.items()):
            compared = partial(compare, found, rules, district=district, year=year)
            yield from _attempt(compared, project.shown(place.data), f"{district}{year}年度全区总览：")[1]


def _office(
    place: Project, rules: RuleSet, office: tuple[str, tuple[int, ...]]
) -> tuple[dict[int, Evaluation], list[Problem]]:
    """An office's years tried one by one, then together: the evaluations, and what stops them."""
    name, years = office
    results: dict[int, Evaluation] = {}
    problems: list[Problem] = []
    for year in years:
        try:
            data = store.load(project.shown(place.data), name, year)
            suppressing.on_file(data, name, year)
        except DataError as error:
            problems += error.problems  # the reading of everything has told them, as a rule
            continue
        except SuppressionError as error:
            problems += _refused("E513", error, suppressing.file_of(data, name, year))
            data = replace(data, suppressions={})
        problems += _rare(data.indicators, INDICATORS, ("indicator", "goal"))
        folder = project.shown(place.data / name / str(year))
        result, wrong = _attempt(partial(evaluate, data, rules, subdistrict=name, year=year), folder)
        problems += wrong
        if result is not None:
            results[year] = result
            problems += _attempt(partial(_reviewed, result), folder)[1]
    if len(results) >= LEAST:
        try:
            matches = store.load(project.shown(place.data), name, sorted(results)).matches
        except DataError as error:
            problems += error.problems
        else:
            problems += _attempt(partial(gathered, results, matches), project.shown(place.data / name), "多年趋势：")[1]
    return results, problems


def _reviewed(result: Evaluation) -> None:
    """What the reviewer's paper computes beside the evaluation, and the figures that every report leaves."""
    from perfeval.present.keyfigures import record  # noqa: PLC0415  # brings matplotlib

    evidence(result)
    sampling_plan(result)
    recomputation(result)
    record(result)


def _attempt(make: Callable[[], T], file: str, what: str = "") -> tuple[T | None, list[Problem]]:
    """What comes of it, or the problem that stops it."""
    try:
        return make(), []
    except PerfevalError as error:
        return None, [replace(found, message=what + found.message) for found in _refused("E517", error, file)]
    except Exception as error:  # whatever stops a report is to be told, also a mistake of ours
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}第{place.lineno}行"
        told = " ".join(f"{type(error).__name__}：{error}".split())
        return None, [problem("E517", f"{what}程序出错（{where}）：{told}", file=file)]


def _rare(frame: pd.DataFrame, table: Table, names: Iterable[str]) -> Iterator[Problem]:
    """Characters in names for which pictures show another: a note a name, for nobody is to change it."""
    for name in names:
        rare: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for text, row, file in zip(frame[name], frame["row"], frame["file"], strict=True):
            if not _common(text) and _lacking(text):
                rare[text].append((file, int(row)))
        for text, places in rare.items():
            told = "、".join(_named(mark) for mark in _lacking(text))
            message = f"图片里以“〓”代替{told}：{rows_text(row for _, row in places)}"
            file, row = places[0]
            alone = row if len(places) == 1 else None
            yield problem("N503", message, file=file, row=alone, column=table.column(name).label, value=text)


def _named(mark: str) -> str:
    return f"控制字符U+{ord(mark):04X}" if unicodedata.category(mark) == "Cc" else f"“{mark}”（U+{ord(mark):04X}）"


def _common(text: str) -> bool:
    """Whether the fonts of charts have it all, told without loading them."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return text.isprintable()


def _lacking(text: str) -> str:
    from perfeval.present import fonts  # noqa: PLC0415  # brings matplotlib

    return fonts.lacking(text)
