"""Work in flight: any executor, few tasks in it at a time, and how it is brought down."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from perfeval.run import limits

FAREWELL_SECONDS = 10.0
"""How long an interrupted run waits for work in an executor that is not its own."""
T = TypeVar("T")
R = TypeVar("R")


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
    limits.halt()
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
