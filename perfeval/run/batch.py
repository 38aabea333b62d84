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
from perfeval.model.errors import PerfevalError
from perfeval.run import ledger, project
from perfeval.run.contract import Value
from perfeval.run.project import Project
from perfeval.run.report import DONE, FAILED, UNCHANGED, Report, ReportFailed, files, make

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
    subdistrict: str
    year: int
    fingerprint: str
    fresh: bool
    """Whether what is on disk was made from just this."""


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
    subdistrict: str,
    year: int,
    ruleset: str | None = None,
    force: bool = True,
    where: Project | None = None,
) -> Report:
    """Make one report. The result says whether it failed; only what cannot be asked for at all is raised."""
    return run_batch(report, subdistricts=[subdistrict], years=year, ruleset=ruleset, force=force, where=where).reports[
        0
    ]


def run_batch(
    reports: str | Iterable[str] | None = None,
    *,
    subdistricts: Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    ruleset: str | None = None,
    force: bool = False,
    where: Project | None = None,
    started: Callable[[list[Task]], None] = lambda _: None,
    ended: Callable[[Report], None] = lambda _: None,
) -> Batch:
    """Make the reports of all that is on file, or of the sub-districts and years named; skip what has not changed.

    ``started`` is told what will be made, ``ended`` each report as it ends. Raises :class:`NotOnFile` for a
    sub-district or year that is not on file, and :class:`PerfevalError` for an unknown report, before anything starts.
    """
    place = where or project.find()
    rules = ruleset or place.ruleset
    names = [reports] if isinstance(reports, str) else list(reports or place.reports)
    units = project.on_file(place.data, subdistricts, years)
    tasks = plan(place, names, units, rules, force=force)
    started([task for task in tasks if not task.fresh])

    def one(task: Task) -> Report:
        report = _unchanged(place, task) if task.fresh else _run(place, task, rules)
        ended(report)
        return report

    with ThreadPoolExecutor(place.jobs, thread_name_prefix="report") as pool:
        return Batch(tuple(pool.map(one, tasks)))


def plan(
    place: Project,
    reports: list[str],
    units: list[tuple[str, int]],
    ruleset: str,
    *,
    force: bool,
) -> list[Task]:
    """Every report asked for, and whether what is on disk already is that report."""
    with ledger.opened(place.outputs) as book:
        last = {(run.report, run.subdistrict, run.year): run for run in ledger.latest(book)}
    tasks = []
    for report in reports:
        notebook = place.notebook(report).read_bytes()
        for subdistrict, year in units:
            made_from = [
                notebook.hex(),
                store.fingerprint(place.data, subdistrict, year),
                _rules(place, ruleset),
                place.data.name,
                code(),
            ]
            fingerprint = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
            run = last.get((report, subdistrict, year))
            fresh = not force and ledger.current(run, fingerprint, folder(place, report, subdistrict, year))
            tasks.append(Task(report, subdistrict, year, fingerprint, fresh))
    return tasks


def _rules(place: Project, ruleset: str) -> str:
    """What stands for the rule set: its name, and for a file of the user's own (beside the data folder) its content."""
    file = place.data.parent / ruleset
    return f"{ruleset} {file.read_bytes().hex()}" if ruleset.lower().endswith(".toml") and file.is_file() else ruleset


def folder(place: Project, report: str, subdistrict: str, year: int) -> Path:
    """Where a report's files are: ``outputs/<subdistrict>/<year>/<report>/``."""
    return place.outputs / subdistrict / str(year) / report


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
    where = folder(place, task.report, task.subdistrict, task.year)
    figures = json.loads((where / files(task.report)[1]).read_text(encoding="utf-8"))
    return Report(task.report, task.subdistrict, task.year, UNCHANGED, where, figures=figures)


def _run(place: Project, task: Task, ruleset: str) -> Report:
    """Check the data, then make the report; whatever goes wrong with it is its own failure, not the batch's."""
    where = folder(place, task.report, task.subdistrict, task.year)
    where.mkdir(parents=True, exist_ok=True)
    with ledger.opened(place.outputs) as book:
        run = ledger.begin(book, task.report, task.subdistrict, task.year, task.fingerprint)
    begun = time.perf_counter()
    # The kernel works beside the data folder, so that no path of this machine gets into a report.
    values: dict[str, Value] = {
        "subdistrict": task.subdistrict,
        "year": task.year,
        "ruleset": ruleset,
        "data_dir": place.data.name,
    }
    status, error, figures, stale = DONE, "", {}, files(task.report)
    try:
        store.load(project.shown(place.data), subdistrict=task.subdistrict, years=task.year)
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
    report = Report(
        task.report, task.subdistrict, task.year, status, where, error, time.perf_counter() - begun, figures
    )
    with ledger.opened(place.outputs) as book:
        ledger.end(book, run, report)
    return report
