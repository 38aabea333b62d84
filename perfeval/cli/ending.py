"""How a command is asked to end: a service being stopped, a terminal being closed, Ctrl-C; each alike and at once."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil

ASKED = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""Signals that ask a command to end, besides Ctrl-C; on Windows there is no SIGHUP, elsewhere no SIGBREAK."""
GRACE = 20
"""Seconds in which a program that was started may end by itself."""


@contextmanager
def heard(answer: Callable[[], object], *more: signal.Signals) -> Iterator[None]:
    """Call ``answer`` where one of the signals comes; one that is ignored (``nohup``) stays so.

    Only a process's main thread may listen; in another nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    listened = [one for one in (*ASKED, *more) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, lambda *_: answer()) for one in listened}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def terminable() -> Iterator[None]:
    """Let whatever asks the command to end interrupt it as cleanly as Ctrl-C does."""
    with heard(_interrupt):
        yield


def _interrupt() -> None:
    raise KeyboardInterrupt


def run_until_asked(arguments: Sequence[str]) -> int | None:
    """A program's exit code; None where this command was asked to end, and the program with all below it has ended."""
    started: list[subprocess.Popen[bytes]] = []
    asked = threading.Event()

    def end() -> None:
        asked.set()
        for process in started:
            process.terminate()
            late = threading.Timer(GRACE, _kill, [process.pid])
            late.daemon = True
            late.start()

    with heard(end, signal.SIGINT):
        started.append(subprocess.Popen(arguments))  # noqa: S603  # our own command line
        if asked.is_set():  # before it was started
            end()
        code = started[0].wait()
    return None if asked.is_set() else code


def _kill(pid: int) -> None:
    """A process that does not end, and what it has started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (*process.children(recursive=True), process):
            with suppress(psutil.NoSuchProcess):
                one.kill()
