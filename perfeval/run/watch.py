"""What looks after a report's process: it ends one that holds too much memory or runs too long, and all that it has
started; all of them at once where a run is broken off."""

import os
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress

import psutil

INTERVAL = 0.5
"""Seconds between two looks. A look costs some microseconds; what a process can take in between is beyond its limit."""


_watched: set["Watch"] = set()
_halted = threading.Event()


def halt() -> None:
    """End every process of a report, and every one that starts from now on, until :func:`resume`."""
    _halted.set()
    for watch in list(_watched):
        watch.end("运行被中断")


def resume() -> None:
    """Let them live again."""
    _halted.clear()


def halted() -> bool:
    """Whether they are being ended."""
    return _halted.is_set()


TOO_MUCH = "内存超过上限（{} MB，见 perfeval.toml 的 memory_mb）"


class Watch:
    """Looks after a process from a thread of its own, between ``begin`` and ``stop``."""

    def __init__(self, memory_mb: int, minutes: float) -> None:
        self.pid, self.memory_mb, self.minutes = 0, memory_mb, minutes
        self.reason = ""
        """Why the process was ended, in Chinese; empty where it was not."""
        self.taken = 0.0, 0.0
        """CPU seconds and peak memory (MB) of the process, as far as is known."""
        self.started: list[psutil.Process] = []
        """What an ordinary kernel had started and left when its cells had run."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def begin(self, pid: int) -> None:
        """Begin to look, where there is any limit; nothing more where it has begun."""
        if self.pid:
            return
        self.pid = pid
        _watched.add(self)
        if halted():
            self.end("运行被中断")
        if self.memory_mb or self.minutes:
            self._thread.start()

    def stop(self) -> None:
        """Look no longer; returns when nothing can be ended any more."""
        _watched.discard(self)
        self._note()
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def end(self, reason: str) -> None:
        """End the process."""
        self._note()
        self.reason = reason
        end(self.pid)

    def _note(self) -> None:
        if self.pid and not (self.reason or self._stopped.is_set()):
            self.taken = taken(self.pid) or self.taken

    def _look(self) -> None:
        left = self.minutes * 60 if self.minutes else float("inf")
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            while not (self.reason or self._stopped.wait(min(INTERVAL, max(left, 0)))):
                left -= INTERVAL
                if self.memory_mb and process.memory_info().rss > self.memory_mb * 2**20:
                    self.end(TOO_MUCH.format(self.memory_mb))
                elif left <= 0:
                    self.end(f"运行超过时限（{self.minutes:g}分钟，见 perfeval.toml 的 minutes）")


def end(pid: int) -> None:
    """Kill a process and all that it has started, however stuck; nothing happens where it has ended already."""
    started = descendants(pid)
    if sys.platform == "win32":
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    kill(started)


def descendants(pid: int) -> list[psutil.Process]:
    """What a process has started, and that has, whatever sessions they made themselves; none once it has ended."""
    with suppress(psutil.NoSuchProcess):
        if lives(pid):
            return psutil.Process(pid).children(recursive=True)
    return []


def kill(processes: Iterable[psutil.Process]) -> None:
    """Those of them that have not ended."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def taken(pid: int) -> tuple[float, float] | None:
    """CPU seconds and peak memory (MB) of a process that still runs; None of one that has ended."""
    try:
        process = psutil.Process(pid)
        used, memory = process.cpu_times(), process.memory_info()
    except psutil.Error:
        return None
    return used.user + used.system, getattr(memory, "peak_wset", memory.rss) / 2**20


def lives(pid: int) -> bool:
    """Whether a process has not ended yet, seen by its parent or not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
