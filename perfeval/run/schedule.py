"""What is due now: a scheduled moment has passed and no run was completed for it. Asking twice does nothing twice.

Every timer (systemd, cron, Windows, our own) may therefore ask as often as it likes; a moment missed while the machine
was off, or whose run was killed, is made up for by the next one that asks.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from perfeval.model.errors import PerfevalError
from perfeval.run.project import FILE, Project
from perfeval.run.timetable import Timetable

LOCK, NOTE = ".perfeval.due.lock", ".perfeval.due.json"
LOG = "logs/schedule.log"
"""What scheduled runs say, in the outputs folder."""
WRONG_CLOCK = timedelta(days=1)
"""A run noted further ahead than this was noted by a clock that was wrong, and must not stop all runs until then."""


class Overlapping(PerfevalError):
    """An earlier scheduled run is still at work."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is due at a moment. All times are aware, in this machine's zone."""

    moment: datetime | None
    """The scheduled moment that has passed without a completed run; None: nothing is due."""
    following: datetime
    """The next scheduled moment."""
    last: datetime | None
    """The scheduled moment of the last completed run; None: there was none."""


def timetable(place: Project) -> Timetable:
    """The project's timetable; :class:`PerfevalError` where it has none."""
    if place.schedule is None:
        raise PerfevalError(f'{FILE} 里没有［schedule］段；请加上，例如：\n[schedule]\nat = "02:30"\ndays = "工作日"')
    return place.schedule


def due(place: Project, now: datetime) -> Due:
    """What is due at ``now`` (aware). Where no run was ever completed the last scheduled moment is."""
    table, wall = timetable(place), now.astimezone().replace(tzinfo=None)
    last = _last(place.outputs / NOTE)
    if last is not None and last > now + WRONG_CLOCK:
        last = None
    passed = table.previous(wall).astimezone()
    return Due(passed if last is None or last < passed else None, table.following(wall).astimezone(), last)


def done(place: Project, finished: Due) -> None:
    """Note that the run for a moment was completed, failed reports or not; whole or not at all."""
    if finished.moment is None:
        return
    place.outputs.mkdir(parents=True, exist_ok=True)
    partial = place.outputs / f"{NOTE}.partial"
    with partial.open("w", encoding="utf-8") as file:
        json.dump({"moment": finished.moment.isoformat()}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(place.outputs / NOTE)


def _last(note: Path) -> datetime | None:
    """What was noted; None where nothing was, or nothing that can be read: then the run is made again."""
    with suppress(FileNotFoundError, ValueError, TypeError, KeyError):
        return datetime.fromisoformat(json.loads(note.read_text(encoding="utf-8"))["moment"]).astimezone()
    return None


@contextmanager
def turn(place: Project) -> Iterator[None]:
    """The right to make scheduled runs; :class:`Overlapping` where an earlier one is at work.

    From asking what is due to noting it done nobody else may ask, or the same moment would be run twice.
    """
    place.outputs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.outputs / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Overlapping("上一次定时运行还没有结束，这一次不重复运行") from None
    try:
        yield
    finally:
        lock.release()
