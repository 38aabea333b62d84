"""Many reports: what is to be made and why, made side by side, one failure stopping nothing else."""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from perfeval.ingest import store
from perfeval.model.errors import NotOnFile, PerfevalError
from perfeval.run import ledger, project
from perfeval.run.contract import Value, parameters
from perfeval.run.project import Project
from perfeval.run.report import DONE, FAILED, UNCHANGED, Report, ReportFailed, files, make, read
from perfeval.run.subjects import Subject, in_district, of_district, subjects

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


@dataclass(frozen=True, slots=True)
class Task:
    """One report to make, with the fingerprint of everything it is made from."""

    report: str
    about: Subject
    fingerprint: str
    fresh: bool
    """Whether what is on disk was made from just this."""

    def folder(self, place: Project) -> Path:
        """Where its files are."""
        return folder(place, self.report, self.about.subject, self.about.period)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all reports of a run, in the order planned."""

    reports: tuple[Report, ...]

    @property
    def failed(self) -> list[Report]:
        """The reports that failed; each says where and why."""
        return [report for report in self.reports if report.status == FAILED]

    @property
    def made(self) -> list[Report]:
        """The reports made now; the rest were unchanged or failed."""
        return [report for report in self.reports if report.status == DONE]


def run_report(
    report: str,
    *,
    subdistrict: str | None = None,
    year: int | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    district: str | None = None,
    ruleset: str | None = None,
    force: bool = True,
    where: Project | None = None,
) -> Report:
    """Make one report; name what its notebook takes: subdistrict and year, first_year and last_year, or district.

    The result says whether it failed; only what cannot be asked for at all is raised, and :class:`NotOnFile` where
    what is named is not just one report.
    """
    place = where or project.find()
    made = run_batch(
        report,
        subdistricts=None if subdistrict is None else [subdistrict],
        districts=None if district is None else [district],
        years=year if year is not None else _between(place, first_year, last_year),
        ruleset=ruleset,
        force=force,
        where=place,
        most=1,
    )
    return made.reports[0]


def _between(place: Project, first: int | None, last: int | None) -> list[int] | None:
    """The years on file from ``first`` to ``last``; None (all) where neither is given."""
    if first is None and last is None:
        return None
    held = sorted(set(store.catalog(place.data)["year"]))
    return [year for year in held if (first is None or first <= year) and (last is None or year <= last)]


def run_batch(
    reports: str | Iterable[str] | None = None,
    *,
    subdistricts: Iterable[str] | None = None,
    districts: Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    ruleset: str | None = None,
    force: bool = False,
    where: Project | None = None,
    most: int | None = None,
    started: Callable[[list[Task]], None] = lambda _: None,
    ended: Callable[[Report], None] = lambda _: None,
) -> Batch:
    """Make the reports of all that is on file, or of what is named; skip what has not changed.

    ``started`` is told what will be made, ``ended`` each report as it ends. Before anything starts this raises
    :class:`NotOnFile` for a sub-district, district or year that is not on file, or for more than ``most`` reports, and
    :class:`PerfevalError` for an unknown report or one whose notebook breaks the contract.
    """
    place = where or project.find()
    rules = ruleset or place.ruleset
    tasks = plan(
        place, reports, subdistricts=subdistricts, districts=districts, years=years, ruleset=rules, force=force
    )
    if most is not None and len(tasks) > most:
        raise NotOnFile(f"所指的不止一份报告（{len(tasks)}份）；请把街道或区县、年度说全")
    started([task for task in tasks if not task.fresh])

    def one(task: Task) -> Report:
        report = _unchanged(place, task) if task.fresh else _run(place, task, rules)
        ended(report)
        return report

    with ThreadPoolExecutor(place.jobs, thread_name_prefix="report") as pool:
        return Batch(tuple(pool.map(one, tasks)))


def plan(
    place: Project,
    reports: str | Iterable[str] | None = None,
    *,
    subdistricts: Iterable[str] | None = None,
    districts: Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    ruleset: str,
    force: bool = False,
) -> list[Task]:
    """Every report asked for, and whether what is on disk already is that report.

    Of the reports that the settings name, those that have nothing to compare are left out; so are whole districts
    where only sub-districts were named.
    """
    names = [reports] if isinstance(reports, str) else list(reports or place.reports)
    units = project.on_file(place.data, subdistricts, years)
    if districts is not None:
        units = [unit for district in districts for unit in in_district(place.data, district, units)]
    with ledger.opened(place.outputs) as book:
        last = {(run.report, run.subject, run.period): run for run in ledger.latest(book)}
    prints: dict[tuple[str, tuple[int, ...]], str] = {}
    tasks = []
    for report in names:
        file = place.notebook(report)
        takes = parameters(read(file))
        if reports is None and subdistricts is not None and of_district(takes):
            continue
        found = subjects(takes, file.name, units, place.data)
        if reports is not None and not found:
            raise NotOnFile(f"“{report}”没有可比的数据：须有两个以上年度，或同一区县两个以上街道")
        for about in found:
            made_from = [
                file.read_bytes().hex(),
                [_data(place, office, prints) for office in about.offices],
                _rules(place, ruleset),
                place.data.name,
                code(),
            ]
            fingerprint = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
            run = last.get((report, about.subject, about.period))
            where = folder(place, report, about.subject, about.period)
            tasks.append(Task(report, about, fingerprint, not force and ledger.current(run, fingerprint, where)))
    return tasks


def _data(place: Project, office: tuple[str, tuple[int, ...]], known: dict[tuple[str, tuple[int, ...]], str]) -> str:
    """The hash of what a sub-district has on file for some years; what is known is not read again."""
    if office not in known:
        name, years = office
        if len(years) > 1:  # its indicators are matched, by hand too
            known[office] = store.fingerprint_office(place.data, name, years)
        else:
            known[office] = store.fingerprint(place.data, name, *years)
    return known[office]


def _rules(place: Project, ruleset: str) -> str:
    """What stands for the rule set: its name, and for a file of the user's own (beside the data folder) its content."""
    file = place.data.parent / ruleset
    return f"{ruleset} {file.read_bytes().hex()}" if ruleset.lower().endswith(".toml") and file.is_file() else ruleset


def folder(place: Project, report: str, subject: str, period: str) -> Path:
    """Where a report's files are: ``outputs/<subject>/<period>/<report>/``."""
    return place.outputs / subject / period / report


@cache
def code() -> str:
    """The hash of perfeval's own files and of the versions of what it makes reports with."""
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in MAKERS:
        found.update(f"{name} {metadata.version(name)}\n".encode())
    for name, content in sorted(_sources(resources.files("perfeval"))):
        found.update(name.encode() + b"\0" + content)
    return found.hexdigest()


def _sources(entry: Traversable, under: str = "") -> Iterable[tuple[str, bytes]]:
    for child in entry.iterdir():
        if child.is_dir() and child.name != "__pycache__":
            yield from _sources(child, f"{under}{child.name}/")
        elif child.is_file():
            yield under + child.name, child.read_bytes()


def _unchanged(place: Project, task: Task) -> Report:
    where = task.folder(place)
    figures = json.loads((where / files(task.report)[1]).read_text(encoding="utf-8"))
    return Report(task.report, task.about.subject, task.about.period, UNCHANGED, where, figures=figures)


def _run(place: Project, task: Task, ruleset: str) -> Report:
    """Check the data, then make the report; whatever goes wrong with it is its own failure, not the batch's."""
    where = task.folder(place)
    subject, period = task.about.subject, task.about.period
    where.mkdir(parents=True, exist_ok=True)
    with ledger.opened(place.outputs) as book:
        run = ledger.begin(book, task.report, subject, period, task.fingerprint)
    begun = time.perf_counter()
    # The kernel works beside the data folder, so that no path of this machine gets into a report.
    values: dict[str, Value] = {**task.about.values, "ruleset": ruleset, "data_dir": place.data.name}
    status, error, figures, stale = DONE, "", {}, files(task.report)
    try:
        _check(place, task.about)
        figures = make(place.notebook(task.report), values, where, place.data.parent)
    except ReportFailed as stopped:  # its notebook is there, with the error in it
        status, error, stale = FAILED, str(stopped), files(task.report)[1:]
    except PerfevalError as stopped:
        status, error = FAILED, str(stopped)
    except OSError as stopped:
        status, error = FAILED, f"文件不能读写：{stopped}（是否正被其他程序打开，或磁盘已满？）"
    except RuntimeError as stopped:  # the kernel died or never started; nbclient and jupyter_client raise it
        status, error = FAILED, f"笔记本内核异常：{stopped}"
    if status == FAILED:
        for name in stale:  # what an older run left must not pass for this one's
            (where / name).unlink(missing_ok=True)
    report = Report(task.report, subject, period, status, where, error, time.perf_counter() - begun, figures)
    with ledger.opened(place.outputs) as book:
        ledger.end(book, run, report)
    return report


def _check(place: Project, about: Subject) -> None:
    """Errors in one sub-district's data end its report before a kernel starts; a district's report names the offices
    it had to leave out.
    """
    if len({name for name, _ in about.units}) == 1:
        years = [year for _, year in about.units]
        store.load(project.shown(place.data), subdistrict=about.subject, years=years)
