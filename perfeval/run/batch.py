"""Many reports: planned, made side by side, each run noted in the ledger; one failure stops nothing else.

The process that calls :func:`run_batch` drives: it holds the outputs' lock and alone writes the ledger. What makes one
report (:func:`perfeval.run.batch.make_one`) takes and gives picklable values only, and can run in any thread, process
or machine that sees the project's folders. However a run ends, the next one finds the rest: a run is noted before it
starts, and as 完成 only once its files are on the disk.

One report as one piece of work: made, brought to the disk, and what became of it.

Work in flight: any executor, few tasks in it at a time, and how it is brought down.
"""

import gc
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from perfeval.ingest import holdings
from perfeval.model import scratch
from perfeval.model.errors import NotOnFile, PerfevalError, failure
from perfeval.run import ledger, locking, planning, processes, project, watch
from perfeval.run.contract import Value, bind, parameters, read
from perfeval.run.outcome import CUT, DONE, FAILED, UNCHANGED, Report, files, listed, settle
from perfeval.run.planning import Task
from perfeval.run.processes import Conditions, Made, kept, make
from perfeval.run.project import Project
from perfeval.run.subjects import Subject

DESCRIPTORS, EACH = 48, 8
"""Files that a run has open at most, and for each report that is in the making; a desk has 256 or more."""


def _allow_files(jobs: int) -> None:
    """Be allowed as many open files as the run needs; :class:`PerfevalError` where the system forbids it.

    Where they give out half way, the library that talks to kernels ends the whole process.
    """
    if sys.platform == "win32" or not processes.FORKS:
        return
    import resource  # noqa: PLC0415  # not on Windows

    needed = DESCRIPTORS + EACH * jobs
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        message = f"系统最多许可打开{hard}个文件，同时做{jobs}份报告需要{needed}个"
        raise PerfevalError(f"{message}；请用 ulimit -n {needed} 放宽，或减少perfeval.toml里的jobs")
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def make_one(place: Project, task: Task, ruleset: str, *, here: bool = False) -> Report:
    """Make the report; whatever goes wrong with it is its own failure, not the batch's.

    Takes and gives picklable values, and can be called in any process that sees the project's folders. A failed report
    leaves nothing of an older one, an interrupted one (:func:`perfeval.run.watch.halt`) all of it.
    """
    where, names = task.folder(place), files(task.report)
    started, begun = ledger.now(), time.perf_counter()
    conditions, made = (
        Conditions(not place.isolated, place.memory_mb, place.minutes, place.data, place.outputs, here),
        Made({}, attempts=0),
    )
    report = Report(*task.key, DONE, where, started=started, reason=task.reason)
    stale = names
    try:
        if not watch.halted():
            where.mkdir(parents=True, exist_ok=True)
            file = place.notebook(task.report)
            notebook = read(file)
            values = planning.values(parameters(notebook), task.about, task.own, ruleset, place.data)
            made = make(file, bind(notebook, values), place.data.parent, conditions)
            _place(where, made.texts)
            if made.failure:
                wrong = made.texts and _wrong_data(place, task.about)
                if made.texts and not wrong:  # the notebook is there, with the error in it
                    stale = names[1:]
                report = replace(report, status=FAILED, error=wrong or made.failure)
            else:
                report = replace(report, outputs=settle(where, names), listed=listed(report.figures))
    except PerfevalError as stopped:
        report = replace(report, status=FAILED, error=str(stopped))
    except OSError as stopped:
        report = replace(report, status=FAILED, error=failure(stopped))
    if watch.halted() and not report.outputs:
        report = replace(report, status=CUT, error="运行被中断")
    if report.status == FAILED:
        for name in stale:  # what an older run left must not pass for this one's
            (where / name).unlink(missing_ok=True)
    took = time.perf_counter() - begun
    return replace(report, seconds=took, cpu_seconds=made.cpu_seconds, peak_mb=made.peak_mb, attempts=made.attempts)


def _place(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all texts under temporary names first, then rename each into place: whole or not at all."""
    scratch = folder / f".making-{uuid4().hex[:8]}"
    scratch.mkdir(parents=True)
    try:
        for name, text in texts.items():
            (scratch / name).write_text(text, encoding="utf-8", newline="\n")
        for name in texts:
            (scratch / name).replace(folder / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wrong_data(place: Project, about: Subject) -> str:
    """The errors in one sub-district's data, all at once; empty where there are none, or where the report is a
    district's, which names the offices it had to leave out.

    Asked for once a notebook has failed: to look before would have every report load its data twice.
    """
    if len({name for name, _ in about.units}) != 1:
        return ""
    from perfeval.ingest import store  # noqa: PLC0415  # only here a batch reads tables, and few batches come here

    try:
        store.load(project.shown(place.data), subdistrict=about.subject, years=[year for _, year in about.units])
    except PerfevalError as wrong:
        return str(wrong)
    return ""


FAREWELL_SECONDS = 10.0
"""How long an interrupted run waits for work in an executor that is not its own."""
T = TypeVar("T")
R = TypeVar("R")


class InTurn(Executor):
    """Does a piece of work at once, in the thread that asks for it."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """The work's result; Ctrl-C is raised."""
        done: Future[R] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # whatever it is, the future has it
            done.set_exception(error)
        return done


@contextmanager
def pool_of(jobs: int, executor: Executor | None) -> Iterator[Executor]:
    """The executor given, or threads of our own."""
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(jobs, thread_name_prefix="report") as threads:
        yield threads


def ground(flying: Iterable[Future[Any]]) -> None:
    """End what is in flight: reports not begun are cancelled, running kernels killed."""
    for future in flying:
        future.cancel()
    watch.halt()
    wait(flying, timeout=FAREWELL_SECONDS)


def submit_all(
    tasks: Iterable[T],
    function: Callable[[T], R],
    executor: Executor,
    window: int,
    flying: dict[Future[R], T] | None = None,
) -> Iterator[tuple[T, Future[R]]]:
    """Each task with its finished future, as they finish; at most ``window`` are in flight, so that a batch of any size
    holds the same memory. Tasks are drawn only when there is room. ``flying`` is kept to what is in flight.
    """
    flying = {} if flying is None else flying
    for task in tasks:
        flying[executor.submit(function, task)] = task
        if len(flying) >= window:
            yield from _landed(flying)
    while flying:
        yield from _landed(flying)


def _landed(flying: dict[Future[R], T]) -> Iterator[tuple[T, Future[R]]]:
    for future in wait(flying, return_when=FIRST_COMPLETED).done:
        yield flying.pop(future), future


WINDOW = 2
"""Reports in flight per job: one at work, one waiting, so that no job ever waits for the driver."""
SCRATCH = ".making-*"
"""Folders in which reports are made; those of a killed run are left behind."""
Key = tuple[str, str, str]
"""Report, subject, period."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all reports of a run, in the order planned."""

    reports: tuple[Report, ...]
    left_out: tuple[str, ...] = ()
    """Which of the reports asked for have nothing to compare, and what they need."""

    @property
    def failed(self) -> list[Report]:
        """The reports that failed; each says where and why."""
        return [report for report in self.reports if report.status == FAILED]

    @property
    def made(self) -> list[Report]:
        """The reports made now; the rest were unchanged or failed."""
        return [report for report in self.reports if report.status == DONE]

    @property
    def skipped(self) -> list[Report]:
        """The reports that had not changed."""
        return [report for report in self.reports if report.status == UNCHANGED]

    def slowest(self, most: int) -> list[Report]:
        """The reports that took longest, of those made or tried now."""
        tried = (report for report in self.reports if report.seconds)
        return sorted(tried, key=lambda report: report.seconds, reverse=True)[:most]


class Interrupted(KeyboardInterrupt):
    """A run was stopped (Ctrl-C): its kernels are ended, its ledger closed; ``left`` reports are still to be made."""

    def __init__(self, batch: Batch, left: int) -> None:
        super().__init__()
        self.batch, self.left = batch, left


def run_report(
    report: str,
    *,
    subdistrict: str | None = None,
    year: int | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    district: str | None = None,
    ruleset: str | None = None,
    own: Mapping[str, Value] | None = None,
    force: bool = True,
    where: Project | None = None,
    minutes: float = 0,
) -> Report:
    """Make one report; name what its notebook takes: subdistrict and year, first_year and last_year, or district; and
    values of its own parameters.

    The result says whether it failed; only what cannot be asked for at all is raised, and :class:`NotOnFile` where
    what is named is not just one report. Another run on the same outputs is waited for up to ``minutes``.
    """
    place = where or project.find()
    made = run_batch(
        report,
        subdistricts=None if subdistrict is None else [subdistrict],
        districts=None if district is None else [district],
        years=year if year is not None else _between(place, first_year, last_year),
        ruleset=ruleset,
        own=own,
        force=force,
        where=place,
        most=1,
        minutes=minutes,
    )
    return made.reports[0]


def _between(place: Project, first: int | None, last: int | None) -> list[int] | None:
    """The years on file from ``first`` to ``last``; None (all) where neither is given."""
    if first is None and last is None:
        return None
    held = sorted({year for _, year in holdings.units(place.data)})
    return [year for year in held if (first is None or first <= year) and (last is None or year <= last)]


def run_batch(
    reports: str | Iterable[str] | None = None,
    *,
    subdistricts: Iterable[str] | None = None,
    districts: Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    ruleset: str | None = None,
    own: Mapping[str, Value] | None = None,
    force: bool = False,
    verify: bool = False,
    where: Project | None = None,
    most: int | None = None,
    isolated: bool | None = None,
    executor: Executor | None = None,
    alone: bool = False,
    minutes: float = 0,
    waiting: Callable[[str], None] = lambda _: None,
    started: Callable[[list[Task]], None] = lambda _: None,
    ended: Callable[[Report], None] = lambda _: None,
    closing: Callable[[], None] = lambda: None,
) -> Batch:
    """Make the reports of all that is on file, or of what is named; skip what has not changed.

    ``own`` are values of the notebooks' own parameters: ``run_batch("top", own={"most": 20})``.
    ``started`` is told what will be made, ``ended`` each report as it ends; ``closing`` is called last, while the
    outputs are still ours. Every report's process is forked from one server unless ``isolated`` is true or the system
    has no safe fork; the reports are the same. ``executor`` is any that takes picklable work (threads of this process
    by default, as many as the project's ``jobs``); it is not shut down. ``alone`` says that no code but ours has run
    in this process: a single report is then forked from it, which saves importing everything once more.

    Of several reports, one that has nothing to compare is left out and named in ``Batch.left_out``; alone it is a
    :class:`NotOnFile`. Before anything starts this raises :class:`NotOnFile` for a sub-district, district or year that
    is not on file, or for more than ``most`` reports; :class:`PerfevalError` for an unknown report or one whose
    notebook breaks the contract; :class:`~perfeval.run.locking.Occupied` where another run holds the outputs for longer
    than ``minutes`` (``waiting`` is told whom is waited for). Ctrl-C ends the kernels and raises :class:`Interrupted`.
    """
    place = where or project.find()
    holdings.districts(place.data)  # where there are no data nothing is made, no folder either
    with locking.held(place.outputs, minutes, waiting):
        left_out: list[str] = []
        tasks = planning.plan(
            place,
            reports,
            subdistricts=subdistricts,
            districts=districts,
            years=years,
            ruleset=ruleset,
            own=own,
            force=force,
            verify=verify,
            leave=left_out.append,
        )
        if most is not None and len(tasks) > most:
            raise NotOnFile(f"所指的不止一份报告（{len(tasks)}份）；请把街道或区县、年度说全")
        stale = [task for task in tasks if not task.fresh]
        if stale:
            _allow_files(min(place.jobs, len(stale)))
        started(stale)
        how = replace(place, isolated=place.isolated if isolated is None else isolated)
        made: dict[Key, Report] = {}
        rows: dict[Key, int] = {}
        with ledger.opened(place.outputs) as book:
            _tidy(place, book)
            ledger.restamp(book, {task.restamped: task.origin.stamp for task in tasks if task.restamped})
            try:
                for task in tasks:
                    if task.fresh:
                        made[task.key] = _unchanged(place, task)
                        ended(made[task.key])
                if stale:
                    _make_all(
                        how,
                        book,
                        stale,
                        ruleset or place.ruleset,
                        executor=executor,
                        here=alone and len(stale) == 1 and executor is None and not how.isolated,
                        made=made,
                        runs=rows,
                        ended=ended,
                    )
            except KeyboardInterrupt:
                ledger.cut(book, "运行被中断")
                closing()
                noted = {run.id for run in ledger.latest(book) if run.status in (DONE, FAILED)}
                left = sum(rows.get(task.key) not in noted for task in stale)
                raise Interrupted(Batch(tuple(made.values()), tuple(left_out)), left) from None
        closing()
        return Batch(tuple(made[task.key] for task in tasks), tuple(left_out))


def _tidy(place: Project, book: sqlite3.Connection) -> None:
    """Close the rows of runs that were killed, and remove what they left half made, here and in temporary folders."""
    scratch.sweep()
    for run in ledger.cut(book, "运行中途被结束（进程被杀、断电或死机）"):
        for unfinished in planning.folder(place, run.report, run.subject, run.period).glob(SCRATCH):
            shutil.rmtree(unfinished, ignore_errors=True)


def _unchanged(place: Project, task: Task) -> Report:
    return Report(*task.key, UNCHANGED, task.folder(place), reason=task.reason, listed=task.listed)


def _make_all(
    place: Project,
    book: sqlite3.Connection,
    tasks: list[Task],
    ruleset: str,
    *,
    executor: Executor | None,
    here: bool,
    made: dict[Key, Report],
    runs: dict[Key, int],
    ended: Callable[[Report], None],
) -> None:
    """Make the reports, noting each in the ledger (``runs``: its rows) and ``made``; an exception ends the kernels."""
    ledger.note_versions(book, planning.code(), planning.versions())
    flying: dict[Future[Report], Task] = {}

    def begun() -> Iterator[Task]:
        for task in tasks:
            inputs = planning.inputs(place.data, task.about)
            runs[task.key] = ledger.begin(book, task.key, task.reason, task.origin, inputs)
            yield task

    def note(task: Task, future: Future[Report]) -> None:
        report = _outcome(place, task, future)
        ledger.end(book, runs[task.key], report)
        made[task.key] = report

    watch.resume()
    here = here and processes.can_fork_here()
    server = nullcontext() if place.isolated or here else kept(place.data, len(tasks))
    with server, _uncollected(), pool_of(place.jobs, InTurn() if here else executor) as pool:
        try:
            make = partial(make_one, place, ruleset=ruleset, here=here)
            for task, future in submit_all(begun(), make, pool, WINDOW * place.jobs, flying):
                note(task, future)
                ended(made[task.key])
        except BaseException:
            ground(flying)
            for future, task in flying.items():  # what was finished meanwhile need not be done again
                if future.done() and _outcome(place, task, future).status == DONE:
                    note(task, future)
            raise


@contextmanager
def _uncollected() -> Iterator[None]:
    """For the length of a batch: what is loaded already is not looked through for garbage with every report."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _outcome(place: Project, task: Task, future: Future[Report]) -> Report:
    """The report, or what broke the worker that was to make it."""
    broken = None if future.cancelled() else future.exception()
    if not future.cancelled() and broken is None:
        return future.result()
    status = CUT if future.cancelled() or isinstance(broken, KeyboardInterrupt) else FAILED
    error = f"程序出错：{type(broken).__name__}：{broken}" if broken else "任务被取消"
    return Report(*task.key, status, task.folder(place), error, reason=task.reason)
