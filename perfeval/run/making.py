"""One report as one piece of work: made, brought to the disk, and what became of it."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from perfeval.ingest import store
from perfeval.model.errors import PerfevalError
from perfeval.model.failures import failure
from perfeval.run import ledger, limits, project
from perfeval.run.contract import Value, bind, read
from perfeval.run.outcome import CUT, DONE, FAILED, Report, files, listed, settle
from perfeval.run.planning import Task
from perfeval.run.processes import Conditions, Made, make
from perfeval.run.project import Project
from perfeval.run.subjects import Subject


def make_one(place: Project, task: Task, ruleset: str) -> Report:
    """Make the report; whatever goes wrong with it is its own failure, not the batch's.

    Takes and gives picklable values, and can be called in any process that sees the project's folders. A failed report
    leaves nothing of an older one, an interrupted one (:func:`perfeval.run.limits.halt`) all of it.
    """
    where, names = task.folder(place), files(task.report)
    started, begun = ledger.now(), time.perf_counter()
    # The cells run beside the data folder, so that no path of this machine gets into a report.
    values: dict[str, Value] = {**task.about.values, "ruleset": ruleset, "data_dir": place.data.name}
    conditions, made = Conditions(not place.isolated, place.memory_mb, place.minutes, place.data), Made({}, attempts=0)
    report = Report(*task.key, DONE, where, started=started, reason=task.reason)
    stale = names
    try:
        if not limits.halted():
            where.mkdir(parents=True, exist_ok=True)
            notebook = place.notebook(task.report)
            made = make(notebook, bind(read(notebook), values), place.data.parent, conditions)
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
    if limits.halted() and not report.outputs:
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
    try:
        store.load(project.shown(place.data), subdistrict=about.subject, years=[year for _, year in about.units])
    except PerfevalError as wrong:
        return str(wrong)
    return ""
