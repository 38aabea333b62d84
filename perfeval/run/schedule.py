"""What is due now: a scheduled moment has passed and no run was completed for it. Asking twice does nothing twice.

Every timer (systemd, cron, Windows, our own) may therefore ask as often as it likes; a moment missed while the machine
was off, or whose run was killed, is made up for by the next one that asks.
"""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from filelock import FileLock, Timeout

from perfeval.ingest.locating import FILE
from perfeval.model.errors import PerfevalError
from perfeval.model.scratch import write_whole
from perfeval.run.project import Project
from perfeval.run.timetable import Timetable

LOCK, NOTE = ".perfeval.due.lock", ".perfeval.due.json"
WRONG_CLOCK = timedelta(days=1)
"""A run noted further ahead than this was noted by a clock that was wrong, and must not stop all runs until then."""
LOOK = timedelta(hours=1)
"""How often :func:`serve` looks even between scheduled moments: a run that was killed is made up for."""
FAREWELL_SECONDS = 60
"""How long a run may take to end its kernels and close its ledger."""


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
        raise PerfevalError(f'{FILE} 里没有［schedule］段；请在末尾加三行：[schedule]、at = "02:30"、days = "工作日"')
    return place.schedule


def due(place: Project, now: datetime) -> Due:
    """What is due at ``now`` (aware). Where no run was ever completed the last scheduled moment is."""
    table, wall = timetable(place), now.astimezone().replace(tzinfo=None)
    last = None
    with suppress(FileNotFoundError, ValueError, TypeError, KeyError):  # a note that cannot be read is none
        note = json.loads((place.outputs / NOTE).read_text(encoding="utf-8"))
        last = datetime.fromisoformat(note["moment"]).astimezone()
    if last is not None and last > now + WRONG_CLOCK:
        last = None
    passed = table.previous(wall).astimezone()
    return Due(passed if last is None or last < passed else None, table.following(wall).astimezone(), last)


def done(place: Project, finished: Due) -> None:
    """Note that the run for a moment was completed, failed reports or not; whole or not at all."""
    if finished.moment is not None:
        write_whole(place.outputs / NOTE, json.dumps({"moment": finished.moment.isoformat()}).encode())


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


def serve(
    place: Project,
    command: Sequence[str],
    say: Callable[[str], None],
    stop: threading.Event,
    now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
) -> None:
    """Start the command (``run --due``) at once where a run was missed, then at every moment, until ``stop`` is set.

    A run that was not completed is tried again at the next look; a moment that passes during a run is run for after it.
    """
    table, tried = timetable(place), None
    while not stop.is_set():
        looked = now().astimezone()
        until = min(table.following(looked.replace(tzinfo=None)).astimezone(), looked + LOOK)
        try:
            found = due(place, looked)
            if found.moment not in {None, tried}:
                tried = found.moment
                say(f"{now():%Y-%m-%d %H:%M:%S} 开始定时运行（应于{tried:%Y-%m-%d %H:%M}）")
                say(f"{now():%Y-%m-%d %H:%M:%S} 定时运行结束，退出码{_run(place, command, stop)}")
                continue
        except OSError as error:  # the next look may do better
            say(f"{now():%Y-%m-%d %H:%M:%S} 定时运行没有开始：{error}")
        tried = None
        while not stop.wait(1) and looked <= now() < until:  # the clock goes on while a machine sleeps
            pass


def _run(place: Project, command: Sequence[str], stop: threading.Event) -> int:
    """The exit code of one run, in a process of its own: nothing it leaves behind grows with the days."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(  # noqa: S603  # our own command
        command, cwd=place.root, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    ) as child:  # in a session of its own: Ctrl-C is ours to pass on
        while child.poll() is None and not stop.is_set():
            with suppress(subprocess.TimeoutExpired):
                child.wait(1)
        if child.poll() is None:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(FAREWELL_SECONDS)
            child.kill()
        return child.wait()
