"""A process of its own for every report: forked from a server that has imported everything once, watched, and ended
with all that it holds.

The server is the standard library's (``multiprocessing``, start method ``forkserver``); what it has ready is
:mod:`perfeval.preload`. In the forked process the cells run and the page is exported
(:mod:`perfeval.run.inprocess`); its texts come back as JSON, for nothing is unpickled that comes from a process in
which cells have run. Where there is no safe fork (Windows; macOS, whose frameworks do not survive one), or none is
wanted, an ordinary kernel runs the cells: the results are the same.
"""

import importlib
import json
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import types
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perfeval.ingest.locating import OUTPUTS
from perfeval.model import scratch
from perfeval.model.errors import failure
from perfeval.run.contract import Value
from perfeval.run.watch import Watch, end, halted, kill, lives

FORKS = sys.platform == "linux"
PRELOAD = ["perfeval.preload"]
"""What the server imports before it forks the first process."""
DATA = "PERFEVAL_PRELOAD_DATA"
"""The variable that tells the server that it is ours, and where the data lie (empty: nowhere)."""
REHEARSED = "PERFEVAL_PRELOAD_REHEARSED"
"""Set for a server that is to have gone through a report before the first; for a few that costs more than it saves."""
MANY = 8
"""So many reports are worth it."""
START_ATTEMPTS = 3
"""A process may be lost before it has begun, with its server or to another program's port; nothing is repeated after
that. The last attempt is made with an ordinary kernel."""
ANSWER_SECONDS = 120.0
"""How long the server may take to a fork: it imports everything before the first."""
LOOK_SECONDS, FAREWELL_SECONDS = 1.0, 5.0
PERSONAL = (
    "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "IPYTHONDIR", "MATPLOTLIBRC", "PERFEVAL_SMTP_PASSWORD",
)  # fmt: skip
"""Variables with which people set up their own sessions, and a secret: no report may depend on who makes it."""
REPORT = "PERFEVAL_REPORT"
"""Set to 1 for a report's cells: what they show need not bring its style along, for the page has it."""
INLINE = "module://matplotlib_inline.backend_inline"
"""The backend ipykernel chooses at its start. matplotlib reads it when it is imported, which in the server is earlier:
without it every chart that a notebook draws with pyplot would silently vanish."""
SERVERS = {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "MPLBACKEND": INLINE}
"""What a server's environment has where nobody says otherwise."""
LONGEST_FOLDER, SHORT_FOLDER = 50, "/tmp"  # noqa: S108  # a folder of our own in it
"""A socket's path may have about a hundred characters; where the temporary folder is deep, another is taken."""
DIED = "内核进程中途退出（被系统或他人结束，或内存不足）"
_CONTEXT: Any = multiprocessing.get_context("forkserver" if FORKS else "spawn")
_SERVER: Any = importlib.import_module("multiprocessing.forkserver")._forkserver if FORKS else None
"""There is no public way to end it."""
_log = logging.getLogger("perfeval")
_using = threading.RLock()
"""multiprocessing reads a process's status from any thread that starts or joins another."""
_batches = 0
_sockets = ""


class _Gone(Exception):
    """The process of an attempt is gone; the text says why."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a report's process is started and what it may take."""

    forked: bool = False
    """From the server, where this system has a safe fork; otherwise an ordinary kernel runs the cells."""
    memory_mb: int = 0
    """The most memory it may hold, MB; 0: no limit."""
    minutes: float = 0
    """The longest the whole notebook may run; 0: no limit."""
    data: Path | None = None
    """The data folder of the reports to come, for a server that is still to be started."""
    outputs: Path | None = None
    """The outputs folder of the run, for cells that keep something there."""
    here: bool = False
    """Fork it from this very process, without a server (:func:`can_fork_here`)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be executed, where, and in which environment; ``own`` is an empty folder for the time being."""

    notebook: Path
    values: Mapping[str, Value]
    working: Path
    own: Path
    environment: dict[str, str]
    memory_mb: int
    not_theirs: tuple[int, ...] = ()
    """Descriptors of this process that its fork must not keep."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a notebook, and what its process has cost."""

    texts: Mapping[str, str]
    """Those of the report's files by name; none where the process ended before the notebook."""
    failure: str = ""
    """Why it is no report; empty where it is one."""
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    attempts: int = 1
    """How often a process was started."""


def make(notebook: Path, values: Mapping[str, Value], working: Path, conditions: Conditions) -> Made:
    """Execute a notebook in ``working`` and export its page, in a process that ends with it.

    A process that ends before its first cell is tried again.
    """
    for attempt in range(1, START_ATTEMPTS + 1):
        begun: list[str] = []
        watch = Watch(conditions.memory_mb, conditions.minutes)
        way: Any = (
            partial(_forked, data=conditions.data, here=conditions.here) if conditions.forked and FORKS else _by_kernel
        )
        if attempt == START_ATTEMPTS and way is not _by_kernel:
            _log.warning("perfeval: 不能派生进程，改用普通内核")
            way = _by_kernel
        with scratch.folder() as own:
            kept_in = {OUTPUTS: str(conditions.outputs)} if conditions.outputs else {}
            asked = Asked(notebook, values, working, own, surroundings() | kept_in, conditions.memory_mb)
            try:
                made: Made = way(asked, watch, begun)
                return replace(made, attempts=attempt)
            except _Gone as gone:
                if begun or watch.reason or halted() or attempt == START_ATTEMPTS:
                    where = f"单元格“{begun[-1]}”运行时" if begun else "启动时"
                    return Made({}, f"{where}笔记本内核已结束：{watch.reason or gone}", *watch.taken, attempt)
            finally:
                watch.stop()
    raise AssertionError("unreachable")


def surroundings() -> dict[str, str]:
    """The environment of a report's cells: this process's, without what is personal; texts are UTF-8."""
    with _using:  # for the length of a start it is the server's
        own = {name: value for name, value in os.environ.items() if name not in PERSONAL}
        return {"PYTHONUTF8": "1"} | own | {REPORT: "1"}


def _by_kernel(asked: Asked, watch: Watch, begun: list[str]) -> Made:
    """The report as this process makes it with an ordinary kernel."""
    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415  # a forked process has papermill and all ready

    from perfeval.run import execution, report  # noqa: PLC0415  # likewise

    def note(cell: Any, cell_index: int) -> None:
        begun.append(cell.get("id", str(cell_index)))

    cells = partial(execution.KernelCells, asked=asked, watch=watch, on_cell_start=note)
    try:
        made = report.compose(asked.notebook, asked.values, cells)
        return replace(made, cpu_seconds=watch.taken[0], peak_mb=watch.taken[1])
    except DeadKernelError as stopped:
        end(watch.pid)  # what it has started
        raise _Gone(DIED) from stopped
    except OSError as stopped:
        if watch.pid:  # a full disk, say: the kernel was there
            return Made({}, failure(stopped), *watch.taken)
        raise _Gone(failure(stopped)) from stopped
    except RuntimeError as stopped:  # what nbclient and jupyter_client raise for a kernel that does not start
        raise _Gone(str(stopped)) from stopped
    finally:
        kill(watch.started)
        execution.close_loop()


def _forked(asked: Asked, watch: Watch, begun: list[str], data: Path | None, *, here: bool) -> Made:
    """The report as a process makes it that is forked for it."""
    context: Any = multiprocessing.get_context("fork") if here else _CONTEXT
    ours, theirs = context.Pipe(duplex=False)
    if here:
        asked = replace(asked, not_theirs=tuple(_descriptors() - {0, 1, 2, theirs.fileno()}))
    process = context.Process(target=_report, args=(theirs, asked), daemon=True)
    with ours:
        try:
            with theirs:
                (_start_here if here else _start)(process, data)
        except (EOFError, OSError) as error:
            raise _Gone(f"不能派生进程（{error}）") from error
        try:
            for told in _messages(ours, process):
                watch.begin(process.pid)
                watch.taken = told["cpu_seconds"], told["peak_mb"]
                if "cell" in told:
                    begun.append(told["cell"])
                if "broken" in told:
                    raise RuntimeError(told["broken"])
                if "texts" in told:
                    return Made(told["texts"], told["failure"], *watch.taken)
            raise _Gone(DIED)
        except KeyboardInterrupt:
            watch.end("运行被中断")
            raise
        finally:
            wait([process.sentinel], 0 if watch.reason else FAREWELL_SECONDS)
            watch.stop()
            end(process.pid)
            with _using:
                process.join(FAREWELL_SECONDS)


def _messages(ours: Connection, process: Any) -> Iterator[dict[str, Any]]:
    """What a process says until it ends. It outlives a server that is killed."""
    watched = [ours, process.sentinel]
    while True:
        ready = wait(watched, LOOK_SECONDS)
        if ours in ready:
            try:
                yield json.loads(ours.recv_bytes())
            except (EOFError, OSError):
                return
        elif not lives(process.pid):  # what it has forked may still hold its end
            return
        elif process.sentinel in ready:
            watched = [ours]


def _report(talk: Connection, asked: Asked) -> None:
    """In the forked process: make the report, and end."""
    if sys.platform == "linux":
        from perfeval.run import inprocess  # noqa: PLC0415  # the server has it ready

        inprocess.report(talk, asked)


def _descriptors() -> set[int]:
    """Those that are open in this process."""
    return {int(open_.name) for open_ in Path("/proc/self/fd").iterdir()}


def can_fork_here() -> bool:
    """Whether this process itself may be forked, should no code but ours have run in it: it has no other thread."""
    return FORKS and threading.active_count() == 1


def _start_here(process: Any, data: Path | None) -> None:
    """Fork this very process. It has planned the report, so half of what a server would import is there already."""
    with _using, _as_server():
        preload = importlib.import_module(PRELOAD[0])
        if not preload.path:
            preload.prepare(str(data or ""))
        process.start()


# ---- the server


@contextmanager
def kept(data: Path | None = None, reports: int = 0) -> Iterator[None]:
    """For a batch of so many reports of ``data``: a server that makes itself ready at once; none afterwards."""
    global _batches  # noqa: PLW0603  # batches of several threads share the server
    if not FORKS:
        yield
        return
    with _using:
        _batches += 1
        with suppress(OSError), _prepared(data, rehearsed=reports >= MANY):
            _SERVER.ensure_running()
    try:
        yield
    finally:
        with _using:
            _batches -= 1
            if not _batches:
                close()


def _start(process: Any, data: Path | None) -> None:
    """Start a process; the server too, where there is none or it was killed."""
    with _using, _prepared(data):
        stuck = threading.Timer(ANSWER_SECONDS, _kill)
        stuck.start()
        try:
            process.start()
        except (EOFError, ConnectionError):
            _see_it_dead()
            raise
        finally:
            stuck.cancel()


@contextmanager
def _prepared(data: Path | None, *, rehearsed: bool = False) -> Iterator[None]:
    """As this process must be while it may start the server, or a process: both take much of it over."""
    global _sockets  # noqa: PLW0603  # there is one server
    if sys.platform == "win32":
        raise NotImplementedError("no fork server here")
    here: Any = multiprocessing.current_process()
    if _SERVER._forkserver_pid is None and not _sockets and "tempdir" not in here._config:
        prefix = f"{scratch.PREFIX}{scratch.host()}-{os.getpid()}-"  # swept, should we be killed
        folder = tempfile.gettempdir()
        folder = folder if len(os.fsencode(folder)) <= LONGEST_FOLDER else SHORT_FOLDER
        _sockets = here._config["tempdir"] = tempfile.mkdtemp(prefix=prefix, dir=folder)
    _CONTEXT.set_forkserver_preload(PRELOAD)
    resource_tracker.ensure_running()  # multiprocessing's own, which lets Ctrl-C in again
    told = {DATA: str(data or ""), **({REHEARSED: "1"} if rehearsed else {})}
    with _as_server(told), ExitStack() as restored:
        # Every process would import the program that has called us anew.
        restored.callback(sys.modules.__setitem__, "__main__", sys.modules["__main__"])
        sys.modules["__main__"] = types.ModuleType("__main__")
        # A worker of Dask's nanny is a daemon, and they may not have children.
        restored.callback(setattr, here, "daemon", here.daemon)
        here.daemon = False
        yield


@contextmanager
def _as_server(told: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """With a server's environment, and what it is told in it; Ctrl-C, which is not for it, waits meanwhile."""
    if sys.platform == "win32":
        raise NotImplementedError("no fork server here")
    with ExitStack() as restored:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        restored.callback(signal.pthread_sigmask, signal.SIG_SETMASK, before)
        # Safe path: what lies in the project's folder must not pass for a module of the standard library.
        wanted = {**SERVERS, **surroundings(), "PYTHONSAFEPATH": "1", **told}
        for name in (*PERSONAL, *wanted):
            if os.environ.get(name) != wanted.get(name):
                restored.callback(_set_variable, name, os.environ.get(name))
                _set_variable(name, wanted.get(name))
        yield


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value


def _kill() -> None:
    with suppress(ProcessLookupError):
        if sys.platform == "linux" and _SERVER._forkserver_pid is not None:
            os.kill(_SERVER._forkserver_pid, signal.SIGKILL)


def _see_it_dead() -> None:
    """Wait until a server that no longer answers is gone; else multiprocessing would take it for one that runs."""
    _kill()
    with suppress(ChildProcessError):
        if sys.platform == "linux" and _SERVER._forkserver_pid is not None:
            os.waitid(os.P_PID, _SERVER._forkserver_pid, os.WEXITED | os.WNOWAIT)


def close() -> None:
    """End the server. It does not end by itself while this process lives; the reports' processes do."""
    global _sockets  # noqa: PLW0603  # there is one server
    if not FORKS:
        return
    with _using:
        _kill()
        _SERVER._stop()
        _CONTEXT.set_forkserver_preload(["__main__"])
        if _sockets:
            multiprocessing.current_process()._config.pop("tempdir", None)  # type: ignore[attr-defined]  # see above
            shutil.rmtree(_sockets, ignore_errors=True)
            _sockets = ""
