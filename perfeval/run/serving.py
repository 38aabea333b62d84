"""A resident timer, for machines where no timer may be installed: APScheduler (extra ``schedule``).

Each run is a process of its own (``perfeval run --due``), so that what a run leaves behind does not grow with the days.
"""

import logging
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from perfeval.model.errors import PerfevalError
from perfeval.run import schedule, timers
from perfeval.run.project import Project
from perfeval.run.timetable import Timetable

LOOK = timedelta(hours=1)
"""How often it looks even between scheduled moments: a run that was killed is made up for, and so is one that a
sleeping machine slept through."""
FAREWELL_SECONDS = 60
"""How long a run may take to end its kernels and close its ledger."""


COMPLETED = (0, 1)
"""Exit codes of a run that came to its end; 1: a report failed."""
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a look is left out while a run is at work is no news


class Moments(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """The timetable's moments, and a look every hour."""

    def __init__(self, table: Timetable) -> None:
        self.table = table

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next moment after the previous one, at most an hour later; always aware."""
        return following(self.table, previous_fire_time or now)


def following(table: Timetable, moment: datetime) -> datetime:
    """When to look after an (aware) moment: at the next one scheduled, at most an hour later."""
    local = moment.astimezone()
    return min(table.following(local.replace(tzinfo=None)).astimezone(), local + LOOK)


class Runner:
    """Starts what is due, one run at a time, and ends it when asked to."""

    def __init__(self, place: Project, say: Callable[[str], None], command: Sequence[str]) -> None:
        self.place, self.say, self.command = place, say, command
        self.child: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._starting = threading.Lock()

    def look(self) -> None:
        """Run what is due and wait until it has ended; again for what has become due meanwhile."""
        before = None
        while (moment := self._run()) not in {None, before}:  # the same again: it was not completed
            before = moment

    def _run(self) -> datetime | None:
        """One run; returns the moment it was for, None where there was nothing to run."""
        try:
            found = schedule.due(self.place, datetime.now(UTC))
            if found.moment is None:
                return None
            with self._starting:
                if self._ending.is_set():
                    return None
                self.say(f"{_clock()} 开始定时运行（应于{found.moment:%Y-%m-%d %H:%M}）")
                self.child = subprocess.Popen(  # noqa: S603  # our own command
                    self.command,
                    cwd=self.place.root,
                    env={**os.environ, "PYTHONUTF8": "1"},
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is ours to pass on
                )
            code = self.child.wait()
            self.say(f"{_clock()} 定时运行结束，退出码{code}")
        except (OSError, PerfevalError) as stopped:  # the next look may do better
            self.say(f"{_clock()} 定时运行没有开始：{stopped}")
            return None
        return found.moment if code in COMPLETED else None

    def end(self) -> None:
        """End the run at work as Ctrl-C would; kill it where that takes too long."""
        with self._starting:
            self._ending.set()
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(FAREWELL_SECONDS)
                return
            self.child.kill()


def serve(place: Project, say: Callable[[str], None], stop: threading.Event) -> None:
    """Run what is due, at once what was missed and then at every moment of the timetable, until ``stop`` is set.

    Runs never overlap, and moments that pass during one are made up for by one run after it. Raises
    :class:`PerfevalError` without a ［schedule］.
    """
    table = schedule.timetable(place)
    runner = Runner(place, say, timers.command(place))
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(runner.look, Moments(table), next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        while not stop.wait(1):  # in pieces, for on Windows Ctrl-C does not end a longer wait
            pass
    finally:
        runner.end()
        scheduler.shutdown()


def _clock() -> str:
    return f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M:%S}"
