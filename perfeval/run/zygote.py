"""The zygote: a process without threads that has imported what reports need, and forks a fresh kernel per request.

``python -m perfeval.run.zygote DATA MODULE…`` with a socket for stdin, on Linux; DATA is the data folder of the reports
to come, or empty (see :func:`perfeval.run.warm.up`). A message on that socket carries three file descriptors: one end
of a socket pair, which stands for one kernel, and the kernel's stdout and stderr. Over the pair the client sends one
JSON line ``{"argv", "cwd", "env", "memory_mb"}``; the kernel answers ``{"pid"}``; when it has ended the zygote sends
``{"status", "cpu_seconds", "peak_kb"}``.

Nothing is left behind: a kernel ends with its client's end of the pair, and its whole process group with it; the zygote
ends, and every kernel with it, when the other end of its stdin is closed; it then removes the temporary folders of an
owner that was killed. No socket of its own stands in any folder.
"""

import atexit
import gc
import importlib
import importlib.util
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from perfeval.run import warm
from perfeval.run.warm import ASK, FOLDER, LEAVE

STDIN = 0
"""Where the zygote finds the socket of its owner."""
DESCRIPTORS = 3
PATIENCE = 30.0
"""Seconds a client has to say what it wants once its descriptors are here."""
INLINE = "module://matplotlib_inline.backend_inline"
"""The backend ipykernel chooses at its start. matplotlib reads it when it is imported, which here is earlier: without
it every chart that a notebook draws with pyplot would silently vanish."""

STREAM = "perfeval.run.streams.Stream"
"""What a forked kernel prints through."""


class Kernels:
    """The kernels that run: their process ids, and the connections that stand for them."""

    def __init__(self, poll: select.poll) -> None:
        self.poll = poll
        self.connections: dict[int, socket.socket] = {}

    def add(self, pid: int, connection: socket.socket) -> None:
        """Watch a connection for its client leaving (nothing else: what is sent over it is the kernel's)."""
        self.connections[pid] = connection
        self.poll.register(connection, 0)

    def left(self, descriptor: int) -> None:
        """A client is gone: end its kernel, even one that is stuck; :meth:`reap` does the rest."""
        for pid, connection in self.connections.items():
            if connection.fileno() == descriptor:
                self.poll.unregister(connection)
                end(pid)

    def end(self) -> None:
        """End every kernel."""
        for pid in self.connections:
            end(pid)

    def reap(self) -> None:
        """Tell their clients of the kernels that have ended: exit status, CPU seconds, peak memory."""
        while self.connections:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            with suppress(ProcessLookupError):  # what a kernel leaves running in its group ends with it
                os.killpg(pid, signal.SIGKILL)
            told = {
                "status": os.waitstatus_to_exitcode(status),
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_kb": usage.ru_maxrss,
            }
            with self.connections.pop(pid) as connection:
                with suppress(KeyError):  # no longer watched where its client has left
                    self.poll.unregister(connection)
                with suppress(OSError):
                    connection.sendall(json.dumps(told).encode() + b"\n")


def end(pid: int) -> None:
    """Kill a kernel and all it has started; it may not lead its group yet."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def serve(control: socket.socket, owner: int) -> tuple[socket.socket, list[int]] | None:
    """Fork a kernel for every message. Returns its connection and outputs in the child, None once the owner is gone.

    ``owner`` is its process id.
    """
    woken, wake = os.pipe()
    for side in (woken, wake):
        os.set_blocking(side, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(woken, select.POLLIN)
    kernels = Kernels(poll)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == woken:
                os.read(woken, 4096)
                kernels.reap()
            elif descriptor != control.fileno():
                kernels.left(descriptor)
            else:
                message, given, _, _ = socket.recv_fds(control, 1, DESCRIPTORS)
                if message != ASK:
                    kernels.end()
                    if message != LEAVE:
                        _remove_folders(owner)
                    return None
                connection, outputs = socket.socket(fileno=given[0]), given[1:]
                child = _fork()
                if child == 0:
                    _forget([woken, wake, *(other.detach() for other in kernels.connections.values())])
                    return connection, outputs
                _forget(outputs)
                if child is None:
                    connection.close()  # which tells the client that there is no kernel
                else:
                    kernels.add(child, connection)


def _warm_up(modules: list[str], data: str) -> None:
    """Warm up in the folder where the kernels will work, for they know the data by its name there; then leave it, so
    that somebody may remove it.
    """
    if not data:
        warm.up(modules)
        return
    home, folder = Path.cwd(), Path(data)
    os.chdir(folder.parent)
    warm.up(modules, Path(folder.name))
    os.chdir(home)


def _remove_folders(owner: int) -> None:
    """Remove the temporary folders of an owner that was killed and could not."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}{owner}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _fork() -> int | None:
    """The child's process id, 0 in the child, None where the system has no room for another process."""
    try:
        return os.fork()
    except OSError as error:
        print(f"perfeval: {error}", file=sys.stderr)  # noqa: T201  # there is nobody else to tell
        return None


def _forget(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def become_kernel(connection: socket.socket, outputs: list[int], by_imports: Mapping[str, str]) -> None:
    """Be an ipykernel as if started cold: own session, streams, folder, environment, random state, signals.

    ``by_imports`` are variables that imported modules have set, as they would have in the kernel itself.
    """
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *outputs)):
        if source != target:
            os.dup2(source, target)
            os.close(source)
    connection.settimeout(PATIENCE)
    with connection.makefile("rb") as lines:
        request: dict[str, Any] = json.loads(lines.readline())
    connection.settimeout(None)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update({**by_imports, **request["env"]})
    time.tzset()
    tempfile.tempdir = None
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *request["argv"]]
    if request["memory_mb"]:
        _limit(request["memory_mb"])
    if "numpy.random" in sys.modules:  # random reseeds itself after a fork, numpy's global generator does not
        sys.modules["numpy.random"].seed()
    connection.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
    threading.Thread(target=_follow, args=(connection,), name="perfeval-client", daemon=True).start()

    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  # imported long ago; the name is needed only here

    app: Any = IPKernelApp.instance(parent_handle=os.getppid(), outstream_class=STREAM)
    app.initialize(request["argv"])
    app.poller = None  # the connection says whether the client lives; a zygote that dies takes no kernel with it
    app.start()
    # The thread that answers a shutdown may still wait for the one that publishes output. ipykernel's closing stops
    # that one first, and then waits ten seconds for the other. Let it finish; the sockets close with the process.
    app.control_thread.stop()
    app.control_thread.join()
    atexit.unregister(app.close)


def _limit(memory_mb: int) -> None:
    """Let the kernel allocate so much more than it was forked with; beyond, its cell meets a MemoryError."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:  # noqa: PTH123  # not a file of anybody's
        held_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmData:"))
    most = held_kb * 1024 + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _follow(connection: socket.socket) -> None:
    """End with the client also where the zygote, which sees to it, has been killed."""
    connection.recv(1)
    os.killpg(0, signal.SIGKILL)


def main(data: str, *modules: str) -> NoReturn:
    """Warm up, serve, and leave without tearing the imported modules down."""
    if sys.path[0] == os.getcwd():  # noqa: PTH109  # as python -m wrote it; ipykernel's launcher does the same
        del sys.path[0]
    status, owner = 1, os.getppid()
    control = socket.socket(fileno=os.dup(STDIN))
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), STDIN)
        os.environ.setdefault("MPLBACKEND", INLINE)
        own = set(os.environ)
        gc.disable()  # imports leave no garbage to speak of
        _warm_up(list(modules), data)
        gc.enable()
        by_imports = {name: value for name, value in os.environ.items() if name not in own}
        if threading.active_count() > 1:
            raise RuntimeError(f"a zygote must not have threads: {threading.enumerate()}")
        gc.collect()
        gc.freeze()  # so that collections in the kernels leave these pages shared
        kernel = serve(control, owner)
        if kernel is not None:
            control.close()
            become_kernel(*kernel, by_imports)
            gc.freeze()  # IPython's closing looks for garbage; all of it goes with the process
            atexit._run_exitfuncs()
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:  # whatever it is, it must be seen, and the process must end here
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
