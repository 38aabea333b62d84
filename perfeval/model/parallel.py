"""One piece of work after another, on one core or on all: the same answers in the same order."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from types import ModuleType
from typing import TypeVar

from perfeval.model.errors import PerfevalError

T = TypeVar("T")
R = TypeVar("R")
LEAST = 24
"""Fewer pieces stay in this process: starting another costs what a dozen of them do."""
AHEAD = 4
"""Pieces handed out ahead for each process: answers wait for their turn, and must not pile up."""


def cores() -> int:
    """How many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Up to ``most`` processes, started once there is enough to do, and kept until the end of a ``with``."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def pool(self) -> ProcessPoolExecutor:
        """The processes."""
        if self._pool is None:
            # Everywhere as on Windows: a fork would copy what other threads hold locked.
            self._pool = ProcessPoolExecutor(self.most, mp_context=get_context("spawn"), initializer=_deaf)
        return self._pool


def spread(
    work: Callable[[T], R], pieces: Iterable[T], jobs: int | Workers = 1, *, least: int | None = None
) -> Iterator[R]:
    """What ``work`` gives for each piece, in their order, by up to ``jobs`` processes, or by those; fewer than
    ``least`` (None: :data:`LEAST`) stay in this one.

    ``work`` is a function of a module, or a ``partial`` of one. What it raises is raised here at the piece's turn. A
    process that dies is a :class:`PerfevalError` naming the piece. Whoever leaves early, by Ctrl-C too, waits only for
    what is under way.
    """
    given = list(pieces)
    if isinstance(jobs, int):
        with Workers(min(jobs, len(given))) as workers:
            yield from spread(work, given, workers, least=least)
        return
    if jobs.most < 2 or len(given) < (LEAST if least is None else least):  # noqa: PLR2004  # one is this process
        yield from map(work, given)
        return
    pool = jobs.pool()
    rest, waiting = iter(given), deque[tuple[T, Future[R]]]()
    try:
        with _undisturbed(), _nameless():
            waiting.extend((piece, pool.submit(work, piece)) for piece in islice(rest, jobs.most * AHEAD))
        while waiting:
            piece, answer = waiting.popleft()
            found = answer.result()
            with _undisturbed(), _nameless():
                waiting.extend((more, pool.submit(work, more)) for more in islice(rest, 1))
            yield found
    except BrokenProcessPool as error:
        raise PerfevalError(f"处理“{piece}”时，程序的一个工作进程意外结束（内存不足，或被系统结束）") from error
    finally:
        for _, answer in waiting:
            answer.cancel()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits: a process that is started here is born deaf to it, and never stopped half awake."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _nameless() -> Iterator[None]:
    """A process that is started here does not run the user's script again: that need not be written to be imported.

    ``work`` is a function of a module, so nothing of the script is needed there.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _deaf() -> None:
    """Ctrl-C is for the process that asked: the others end what they are at."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
