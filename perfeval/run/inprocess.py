"""A report made in this very process, in which no other is made and which ends with it.

IPython's own kernel (ipykernel's ``IPythonKernel``) runs the cells, so that display, tracebacks, magics, ``input()``
and widgets are what they are in every notebook; but its messages are handed to nbclient directly, without sockets, and
its streams also catch what a cell, or a program that it starts, writes to the descriptors 1 and 2.
"""

import asyncio
import atexit
import codecs
import ctypes
import fcntl
import gc
import importlib.util
import io
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbclient.util import run_hook
from nbformat import NotebookNode
from traitlets.config import Config

from perfeval.model import scratch
from perfeval.model.errors import failure
from perfeval.run.execution import Cells
from perfeval.run.processes import INLINE, Asked
from perfeval.run.report import compose
from perfeval.run.watch import TOO_MUCH, descendants, kill

assert sys.platform == "linux"  # noqa: S101  # told to the type checker; only a process that was forked imports this

Message = dict[str, Any]
YOUNG = 100_000
"""New objects before Python looks for garbage among them: in a process that ends with its report it need not hurry."""
PR_SET_CHILD_SUBREAPER = 36
"""Of Linux's ``prctl``: what has lost its parent comes to this process instead of to the system's first."""
QUIET = {"loggers": {"IPKernelApp": {"level": "CRITICAL"}}}
"""A kernel's own remarks are not for the people who run reports."""


class Messages(Session):
    """A session that hands its messages over as they would arrive: through JSON, and none from a forked child."""

    receiver: Callable[[Message], object] | None = None
    """None between two cells: then nobody would take one."""

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *_: Any, **rest: Any) -> Any:  # noqa: ARG002  # there is no socket
        """Hand a message over."""
        buffers = rest.get("buffers") or []
        named = {name: rest.get(name) for name in ("header", "metadata")}
        message = self.msg(msg_or_type, content, parent, **named) if isinstance(msg_or_type, str) else msg_or_type
        if self.receiver is not None and os.getpid() == self.pid:
            self.receiver(message | {"content": self._arrived(message["content"]), "buffers": buffers})
        return message

    def _arrived(self, content: Any) -> Any:
        try:
            return self.unpack(self.pack(content))
        except UnicodeEncodeError:  # half a character, at which an ordinary kernel falls silent
            text = json.dumps(content, ensure_ascii=False, default=json_default)
            return json.loads(text.encode("utf-8", "replace"))


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of the cells, and all that reaches its descriptor, in the order it was written.

    It is published only where it must be, before anything is shown and at a cell's end: when does not depend on time.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, descriptor: int, publish: Callable[[str, str], None]) -> None:
        self.name, self._descriptor, self._publish = name, descriptor, publish
        self._owner, self._lock, self._written = os.getpid(), threading.RLock(), io.StringIO()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._caught, self._seen = os.memfd_create(f"perfeval-{name}"), 0
        fcntl.fcntl(self._caught, fcntl.F_SETFL, os.O_APPEND)
        os.dup2(self._caught, descriptor)

    def write(self, text: str) -> int:
        """Take text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:  # a forked child, such as a pool's: through the file that it shares with us
            os.write(self._descriptor, text.encode("utf-8", "replace"))
            return len(text)
        with self._lock:
            self._catch()
            self._written.write(text)
        return len(text)

    def flush(self) -> None:
        """Publish what was written."""
        if os.getpid() == self._owner:
            with self._lock:
                self._catch()
                text, self._written = self._written.getvalue(), io.StringIO()
                if text:
                    self._publish(self.name, text)

    def _catch(self) -> None:
        more = os.fstat(self._caught).st_size - self._seen
        if more:
            taken = os.pread(self._caught, more, self._seen)
            self._seen += len(taken)
            self._written.write(self._decoder.decode(taken))

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """Where a program that a cell starts writes."""
        return self._descriptor


@cache
def kernel() -> Any:
    """The kernel of this process, which can have one only; a server has it ready for all that are forked from it."""
    app: Any = IPKernelApp.instance(logging_config=QUIET)
    app.init_pdb()
    app.patch_io()
    settings = Config({"HistoryManager": {"enabled": False}})
    own = os.environ.get("IPYTHONDIR")
    with scratch.folder() as place:  # else IPython makes one in the user's home
        os.environ["IPYTHONDIR"] = str(place)
        app.kernel = IPythonKernel.instance(session=Messages(), user_ns={}, config=settings, log=app.log)
    del os.environ["IPYTHONDIR"]
    os.environ |= {} if own is None else {"IPYTHONDIR": own}
    return app.kernel


class OwnCells(Cells):
    """Runs the cells in this process. ``own`` is an empty folder, for IPython's profile."""

    def __init__(self, nb: NotebookNode, own: Path, **options: Any) -> None:
        super().__init__(nb, record_timing=False, **options)
        self.own = own
        self.answers: list[Message] = []
        """What a front end's widgets have said to the kernel's, until the cell has ended."""
        self.kernel: Any = None

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """This process's kernel, with this report's environment, streams and folder."""
        os.environ.setdefault("MPLBACKEND", INLINE)
        self.kernel = kernel()
        self.session, self.session.pid = self.kernel.session, os.getpid()
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            getattr(sys, name).flush()
            setattr(sys, name, Stream(name, descriptor, self.publish))
        shell = self.kernel.shell
        shell.init_environment()
        shell.init_ipython_dir(str(self.own))
        shell.init_profile_dir(None)
        self.kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
        answer = SimpleNamespace(send=lambda message: self.answers.append(message | {"buffers": []}))
        front_end: Any = SimpleNamespace(session=self.session, shell_channel=answer)
        self.kc = front_end
        yield

    async def language(self) -> Mapping[str, Any]:
        """What the kernel says of its language; now that the event loop runs, it may begin."""
        self.kernel.start()
        found: Mapping[str, Any] = self.kernel.language_info
        return found

    def publish(self, name: str, text: str) -> None:
        """A stream's text, as the kernel's message."""
        self.session.send(None, "stream", {"name": name, "text": text}, self.kernel.get_parent())

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        """Run a cell as nbclient has a kernel run it; DeadKernelError where a cell before it has told it to exit."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if self.kernel.shell.exit_now:
            raise DeadKernelError("exit")
        refused: list[Exception] = []

        def receive(message: Message) -> None:
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                pass
            except Exception as error:  # raised below: it must not be shown as the cell's own
                refused.append(error)

        cell.outputs, self.clear_before_next_output = [], False
        cell["execution_count"] = self.kernel.execution_count
        self.kernel.set_parent([], self.session.msg("execute_request", {"code": cell.source}))
        self.session.receiver = receive
        reply = await self._run(cell.source)
        self.session.receiver = None
        if refused:
            raise refused[0]
        await self._check_raise_for_error(cell, cell_index, {"content": reply})
        return cell

    async def _run(self, source: str) -> Message:
        shell = self.kernel.shell
        shell.transform_cell = cache(partial(type(shell).transform_cell, shell))  # the kernel asks twice for it
        self.kernel.pre_handler_hook()  # an interrupt is the cell's
        try:
            reply: Message = await self.kernel.do_execute(source, silent=False, allow_stdin=False)
        finally:
            self.kernel.post_handler_hook()
        if os.getpid() != self.session.pid:
            os._exit(0)  # a child that the cell has forked must not run those that follow
        sys.stdout.flush()
        sys.stderr.flush()
        await asyncio.sleep(0)  # what the cell has left to the event loop
        while self.answers:
            self.kernel.comm_manager.comm_msg(None, [], self.answers.pop(0))
        return reply


# ---- the process


def report(talk: Connection, asked: Asked) -> NoReturn:
    """Make the report asked for, tell of it over ``talk``, and end this process.

    What is told is JSON: each cell as it begins; last, what was made, or went wrong. Each message has what the process
    has cost so far.
    """
    try:
        settle(asked)
        gc.set_threshold(YOUNG)
        tell(talk)
        begun = lambda cell, cell_index: tell(talk, cell=cell.get("id", str(cell_index)))  # noqa: E731
        try:
            made = compose(asked.notebook, asked.values, partial(OwnCells, own=asked.own, on_cell_start=begun))
            tell(talk, texts=dict(made.texts), failure=made.failure)
        except DeadKernelError:
            pass  # as if it had exited
        except OSError as wrong:
            tell(talk, texts={}, failure=failure(wrong))
        except MemoryError:  # between the cells, or when they had run: what they show takes as much again
            tell(talk, texts={}, failure=TOO_MUCH.format(asked.memory_mb) if asked.memory_mb else "内存不足")
        except Exception as broken:  # whatever it is, it must be told
            tell(talk, broken=f"{type(broken).__name__}：{broken}")
        talk.close()
        gc.freeze()  # IPython's closing looks for garbage; all of it goes with the process
        atexit._run_exitfuncs()
    finally:
        try:
            end_started()
        finally:
            os._exit(0)  # no thread is waited for, and nothing torn down


def end_started() -> None:
    """Kill what the cells have started and left; :func:`settle` has seen to it that all of it comes to this process."""
    with suppress(ChildProcessError):  # there is nothing
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        kill(descendants(os.getpid()))


def tell(talk: Connection, **told: Any) -> None:
    """Say something to the process that has asked for the report."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    talk.send_bytes(json.dumps({**told, "cpu_seconds": cpu, "peak_mb": own.ru_maxrss / 1024}).encode())


def settle(asked: Asked) -> None:
    """Be as if started cold: own session, signals, folder, environment, random state. End with who has asked."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for descriptor in asked.not_theirs:
        with suppress(OSError):  # that with which the list was made
            os.close(descriptor)
    asking: Any = multiprocessing.parent_process()
    # The system itself kills the group once the other end of this pipe is closed, whatever holds its threads.
    fcntl.fcntl(asking.sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(asking.sentinel, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(asking.sentinel, fcntl.F_SETFL, os.O_ASYNC)
    if wait([asking.sentinel], 0):  # it was closed before
        os.killpg(0, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # but while a cell runs
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # which a command takes as Ctrl-C
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    here = multiprocessing.current_process()
    here.daemon, here.name = False, "MainProcess"  # cells may have processes of their own
    multiprocessing.set_start_method(None, force=True)
    os.chdir(asked.working)
    ready: Any = sys.modules.get("perfeval.preload")
    os.environ.clear()
    os.environ.update({**(ready.by_imports if ready else {}), **asked.environment})
    time.tzset()
    tempfile.tempdir = None
    if ready:
        sys.path[:] = ready.path
    if (
        "PYTHONSAFEPATH" not in os.environ
    ):  # what lies in a notebook's folder can be imported, after the standard library
        named = [Path(place).name for place in sys.path]
        sys.path.insert(named.index("site-packages") if "site-packages" in named else len(named), "")
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin)]
    if asked.memory_mb:
        limit(asked.memory_mb)
    if "numpy.random" in sys.modules:  # random reseeds itself after a fork, numpy's global generator does not
        sys.modules["numpy.random"].seed()


def limit(memory_mb: int) -> None:
    """Let the process allocate so much more than it was forked with; beyond, its cell meets a MemoryError."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:  # noqa: PTH123  # not a file of anybody's
        held_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmData:"))
    most = held_kb * 1024 + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
