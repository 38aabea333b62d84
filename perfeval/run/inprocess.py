"""IPython's kernel in this very process, without sockets: what a cell shows is handed over as the messages that a kernel
would send.

It is ipykernel's own ``IPythonKernel``, so that display, tracebacks, magics, ``input()`` and widgets are what they are
in every notebook; only its session, which would send messages over sockets, and its streams are ours. What a cell or a
program it starts writes to the descriptors 1 and 2 is caught as well.
"""

import asyncio
import atexit
import codecs
import fcntl
import gc
import importlib.util
import io
import json
import logging
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbclient.util import run_hook
from nbformat import NotebookNode
from traitlets.config import Config

from perfeval.model.errors import PerfevalError
from perfeval.model.failures import failure
from perfeval.run.execution import Cells
from perfeval.run.processes import INLINE, Asked
from perfeval.run.report import compose

Message = dict[str, Any]
QUIET = logging.getLogger("perfeval.kernel")
"""For a kernel's own remarks, which are not for the people who run reports."""
QUIET.setLevel(logging.CRITICAL + 1)


class Messages(Session):
    """A session that hands its messages over, as they would arrive: through JSON, and none from a forked child."""

    receiver: Callable[[Message], object] | None = None

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None) -> Message | None:  # fmt: skip
        """Hand a message over; nothing is sent between two cells, when nobody would take it."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if self.receiver is not None and os.getpid() == self.pid:
            self.receiver(message | {"content": self._arrived(message["content"]), "buffers": buffers or []})
        return message

    def _arrived(self, content: Any) -> Any:
        try:
            return self.unpack(self.pack(content))
        except UnicodeEncodeError:  # half a character: a kernel would say nothing more from here on
            text = json.dumps(content, ensure_ascii=False, default=json_default)
            return json.loads(text.encode("utf-8", "replace"))


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of the cells, and all that reaches its descriptor, in the order it was written.

    It becomes a message only where a kernel's must: before anything is shown, and at a cell's end.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, descriptor: int, publish: Callable[[str, str], None]) -> None:
        self.name, self._descriptor, self._publish = name, descriptor, publish
        self._owner, self._lock, self._written = os.getpid(), threading.RLock(), io.StringIO()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._caught, self._seen = os.memfd_create(f"perfeval-{name}"), 0
        fcntl.fcntl(self._caught, fcntl.F_SETFL, fcntl.fcntl(self._caught, fcntl.F_GETFL) | os.O_APPEND)
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
        if os.getpid() != self._owner:
            return
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
        """Where a program that is started writes, so that a notebook shows it."""
        return self._descriptor

    def set_parent(self, parent: Any) -> None:
        """Nothing: a stream is flushed before another cell begins."""


class Shell:
    """The kernel of this process. There can be one only."""

    def __init__(self, own: Path) -> None:
        os.environ.setdefault("MPLBACKEND", INLINE)
        self.session = Messages()
        profile = ProfileDir.create_profile_dir(str(own / "profile_default"))
        settings = Config({"HistoryManager": {"enabled": False}})
        settings.InteractiveShell.ipython_dir = str(own)
        app = IPKernelApp()
        app.init_pdb()
        app.patch_io()
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            getattr(sys, name).flush()
            setattr(sys, name, Stream(name, descriptor, self._publish))
        self.kernel = IPythonKernel.instance(
            session=self.session, profile_dir=profile, user_ns={}, config=settings, log=QUIET
        )
        self.kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
        self.replies: list[Message] = []
        self.client = SimpleNamespace(session=self.session, shell_channel=SimpleNamespace(send=self.replies.append))
        """What nbclient answers widgets through."""
        if "" not in sys.path:
            sys.path.insert(0, "")  # as in every kernel: what lies in its folder can be imported

    @property
    def left(self) -> bool:
        """Whether a cell has told the kernel to exit."""
        return bool(self.kernel.shell.exit_now)

    def _publish(self, name: str, text: str) -> None:
        self.session.send(None, "stream", {"name": name, "text": text}, parent=self.kernel.get_parent())

    async def run(self, cell: NotebookNode, take: Callable[[Message], object]) -> Message:
        """Run a cell and hand over what it shows; the kernel's reply.

        What ``take`` raises is raised once the cell has ended: it is not the cell's.
        """
        kernel = self.kernel
        refused: list[Exception] = []
        if not hasattr(kernel, "io_loop"):
            kernel.start()  # in a running event loop

        def receive(message: Message) -> None:
            try:
                take(message)
            except CellExecutionComplete:
                pass
            except Exception as error:  # noqa: BLE001  # whatever it is, it must not be shown as the cell's own
                refused.append(error)

        request = self.session.msg("execute_request", {"code": cell.source})
        self.session.receiver = receive
        kernel.set_parent([], request)
        cell["execution_count"] = kernel.execution_count
        kernel.pre_handler_hook()  # an interrupt is the cell's
        try:
            reply: Message = await kernel.do_execute(cell.source, silent=False, allow_stdin=False)
        finally:
            kernel.post_handler_hook()
        if os.getpid() != self.session.pid:
            os._exit(0)  # a child that a cell has forked must not run the cells that follow
        sys.stdout.flush()
        sys.stderr.flush()
        await asyncio.sleep(0)  # what a cell has left to the event loop
        while self.replies:
            kernel.comm_manager.comm_msg(None, [], self.replies.pop(0))
        self.session.receiver = None
        if refused:
            raise refused[0]
        return reply


class OwnCells(Cells):
    """Runs the cells in this very process, which is to run no other notebook and to end with this one."""

    def __init__(self, nb: NotebookNode, own: Path, **options: Any) -> None:
        super().__init__(nb, record_timing=False, **options)
        self.own = own

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """A shell of its own, whose profile is in a folder that nobody has put anything into."""
        self.shell = Shell(self.own)
        self.kc = self.shell.client
        self.language = self.shell.kernel.language_info
        yield

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Run a cell as nbclient has a kernel run it; DeadKernelError where a cell before it has told it to exit."""
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        if self.shell.left:
            raise DeadKernelError("exit")
        cell.outputs, self.clear_before_next_output = [], False
        reply = await self.shell.run(cell, lambda message: self.process_message(message, cell, cell_index))
        await self._check_raise_for_error(cell, cell_index, {"content": reply})
        return cell


def report(talk: Connection, asked: Asked) -> NoReturn:
    """Make the report asked for, tell of it over ``talk``, and end this process.

    What is told is JSON: each cell as it begins; last what was made, or what was wrong. Each message has what the
    process has cost so far.
    """
    try:
        _settle(asked)
        _tell(talk)
        begun = lambda cell, cell_index: _tell(talk, cell=cell.get("id", str(cell_index)))  # noqa: E731
        cells = partial(OwnCells, own=asked.own, on_cell_start=begun)
        try:
            made = compose(asked.notebook, asked.values, cells)
            _tell(talk, made={"texts": dict(made.texts), "failure": made.failure})
        except DeadKernelError:
            pass  # a cell has told it to exit: what follows is as if it had
        except PerfevalError as wrong:
            _tell(talk, wrong=str(wrong))
        except OSError as wrong:
            _tell(talk, wrong=failure(wrong))
        except Exception as broken:  # noqa: BLE001  # whatever it is, it must be told
            _tell(talk, broken=f"{type(broken).__name__}：{broken}")
        talk.close()
        gc.freeze()  # IPython's closing looks for garbage; all of it goes with the process
        atexit._run_exitfuncs()
    finally:
        os._exit(0)  # no thread is waited for, and nothing torn down


def _tell(talk: Connection, **told: Any) -> None:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    told |= {"cpu_seconds": spent, "peak_kb": own.ru_maxrss}
    talk.send_bytes(json.dumps(told).encode())


def _settle(asked: Asked) -> None:
    """Be as if started cold: own session, signals, folder, environment, random state; and end with who has asked."""
    os.setsid()
    asking: Any = multiprocessing.parent_process()
    # The system itself kills the group when the other end of this pipe is closed, whatever holds its threads.
    fcntl.fcntl(asking.sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(asking.sentinel, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(asking.sentinel, fcntl.F_SETFL, fcntl.fcntl(asking.sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([asking.sentinel], 0):  # it was closed before
        os.killpg(0, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # but while a cell runs
    here = multiprocessing.current_process()
    here.daemon, here.name = False, "MainProcess"  # cells may have processes of their own
    multiprocessing.set_start_method(None, force=True)
    os.chdir(asked.working)
    ready: Any = sys.modules.get("perfeval.preload")
    by_imports = ready.by_imports if ready else {}
    os.environ.clear()
    os.environ.update({**by_imports, **asked.environment})
    time.tzset()
    tempfile.tempdir = None
    if ready:
        sys.path[:] = ready.path
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin)]
    if asked.memory_mb:
        _limit(asked.memory_mb)
    if "numpy.random" in sys.modules:  # random reseeds itself after a fork, numpy's global generator does not
        sys.modules["numpy.random"].seed()


def _limit(memory_mb: int) -> None:
    """Let the process allocate so much more than it was forked with; beyond, its cell meets a MemoryError."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:  # noqa: PTH123  # not a file of anybody's
        held_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmData:"))
    most = held_kb * 1024 + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
