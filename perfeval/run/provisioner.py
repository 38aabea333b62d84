"""A Jupyter kernel provisioner that forks kernels from a process with all imported (:mod:`perfeval.run.zygote`).

Its entry point is ``perfeval-fork``: with ``JUPYTER_DEFAULT_PROVISIONER_NAME=perfeval-fork`` JupyterLab or papermill
uses it for every Python kernel of this interpreter, and notebooks keep ``python3`` in their metadata. Where there is no
safe fork (Windows; macOS, whose frameworks do not survive one), and for every other kernel, it is the ordinary local
provisioner: the results are the same.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Int, List, Unicode

from perfeval.run import warm
from perfeval.run.warm import ASK, LEAVE

NAME = "perfeval-fork"
FORKS = sys.platform == "linux"
LONGEST_ANSWER = 4096
"""Bytes: an answer is one short line, written at once."""
ANSWER_SECONDS = 120.0
"""How long a zygote may take to its first fork: it imports everything before."""
DYING_SECONDS = 1.0
AT_IMPORT = ("PYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_", "MPL", "LC_", "LANG", "TZ", "HOME", "TMPDIR", "XDG_")
"""Beginnings of the names of variables that are read when a library is imported: kernels that differ in one of them
are not forked from the same zygote."""
PERSONAL = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "IPYTHONDIR", "MATPLOTLIBRC")
"""Variables with which people set up their own sessions: no report may depend on who makes it."""
Spent = tuple[float, float]
"""CPU seconds and peak memory in MB."""


class Zygote:
    """A zygote process and the socket over which it is asked for kernels. It ends when the socket is closed."""

    def __init__(self, python: str, modules: tuple[str, ...], environment: Mapping[str, str], data: str) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # In a session of its own, so that Ctrl-C reaches the client only; in no folder that somebody may remove.
            self.process = subprocess.Popen(  # noqa: S603  # our own module; the interpreter is this one
                [python, "-m", "perfeval.run.zygote", data, *modules],
                stdin=theirs.fileno(),
                cwd="/",
                env={"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1", **environment},
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def ask(self, outputs: tuple[int, int]) -> socket.socket:
        """Our end of the socket pair of a new kernel; OSError where the zygote is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [ASK], [theirs.fileno(), *outputs])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End it and every kernel it has forked."""
        with suppress(OSError):  # it may have ended already
            self.control.send(LEAVE)
        self.control.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_zygotes: dict[tuple[Any, ...], Zygote] = {}
_using = threading.RLock()
_batches = 0


def surroundings() -> dict[str, str]:
    """The environment of a report's kernel: this process's, without what is personal."""
    return {name: value for name, value in os.environ.items() if name not in PERSONAL}


def zygote(python: str, modules: tuple[str, ...], environment: Mapping[str, str], data: str = "") -> Zygote:
    """This process's zygote of an interpreter, its modules and environment: started on first use, anew when dead.

    A new one reads the list of sub-districts in the folder ``data`` (empty: none) for all its kernels.
    """
    bearing = {name: value for name, value in environment.items() if name.startswith(AT_IMPORT)}
    key = (os.getpid(), python, modules, tuple(sorted(bearing.items())))
    with _using:
        found = _zygotes.get(key)
        if found is not None and not found.alive:
            _zygotes.pop(key).close()
            found = None
        if found is None:
            found = _zygotes[key] = Zygote(python, modules, environment, data)
        return found


@atexit.register
def close() -> None:
    """End all zygotes of this process."""
    with _using:
        for key in [key for key in _zygotes if key[0] == os.getpid()]:
            _zygotes.pop(key).close()


@contextmanager
def kept(forked: bool, data: str = "") -> Iterator[None]:
    """For the length of a batch: a zygote that warms up at once, and none afterwards."""
    global _batches  # noqa: PLW0603  # batches of several threads share their zygotes
    if not (forked and FORKS):
        yield
        return
    with _using:
        _batches += 1
        os.environ.setdefault("PYTHONUTF8", "1")  # as for every kernel: it must not ask for a zygote of another kind
        zygote(sys.executable, warm.REPORTS, surroundings(), data)
    try:
        yield
    finally:
        with _using:
            _batches -= 1
            if not _batches:
                close()


class ForkedKernel:
    """What :class:`LocalProvisioner` asks of a ``Popen``, for a kernel that is a zygote's child.

    Raises OSError where the zygote ends before it has forked one.
    """

    stdin = stdout = stderr = None

    def __init__(self, source: Zygote, outputs: tuple[int, int], request: Mapping[str, Any]) -> None:
        self.connection = source.ask(outputs)
        self.returncode: int | None = None
        self.spent: Spent | None = None
        try:
            self.connection.settimeout(ANSWER_SECONDS)
            self.connection.sendall(json.dumps(request).encode() + b"\n")
            told = self.connection.recv(LONGEST_ANSWER)
            if not told:
                raise ConnectionResetError("the zygote ended before it had forked a kernel")
        except OSError:
            self.connection.close()
            raise
        self.pid = int(json.loads(told)["pid"])
        self.connection.settimeout(0)

    def poll(self) -> int | None:
        """The exit status, None while it runs; that of a kill where the zygote did not live to tell it."""
        if self.returncode is None:
            try:
                told = self.connection.recv(LONGEST_ANSWER)
            except BlockingIOError:
                return None
            except OSError:
                told = b""
            known = json.loads(told) if told else {"status": -signal.SIGKILL}
            self.returncode = int(known["status"])
            if told:
                self.spent = (known["cpu_seconds"], known["peak_kb"] / 1024)
            self.connection.close()
        return self.returncode

    wait = poll  # LocalProvisioner waits by polling
    """The same: it is asked for only once the kernel has ended."""

    def send_signal(self, number: int) -> None:
        """Send a signal to a kernel that still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Forks ipykernels of this interpreter; starts everything else as usual."""

    preload = List(Unicode(), list(warm.REPORTS), help="Modules that the zygote imports.").tag(config=True)
    data = Unicode("", help="The data folder of the reports to come, absolute.").tag(config=True)
    memory_mb = Int(0, help="What a kernel may allocate beyond what it was forked with, in MB; 0: anything.").tag(
        config=True
    )
    forked: ForkedKernel | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel that ``cmd`` would start. A zygote that dies meanwhile is replaced, once; without any the
        kernel is an ordinary one.
        """
        environment = dict(kwargs.get("env") or os.environ)
        if not (FORKS and _is_ours(cmd)):
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or Path.cwd()
        request = {
            "argv": cmd[cmd.index("ipykernel_launcher") + 1 :],
            "cwd": str(self.cwd),
            "env": environment,
            "memory_mb": self.memory_mb,
        }
        for _ in range(2):
            with _outputs(kwargs) as outputs, suppress(OSError):
                self.forked = self._fork(cmd[0], environment, outputs, request)
                self.process = cast(Any, self.forked)
                self.pid = self.pgid = self.forked.pid
                return self.connection_info
        self.log.warning("perfeval: no kernel can be forked, starting an interpreter of its own")
        return await super().launch_kernel(cmd, **kwargs)

    def _fork(
        self, python: str, environment: Mapping[str, str], outputs: tuple[int, int], request: Mapping[str, Any]
    ) -> ForkedKernel:
        """A kernel of this process's zygote; OSError where there is none."""
        source = zygote(python, tuple(self.preload), environment, self.data)
        try:
            return ForkedKernel(source, outputs, request)
        except OSError:
            with suppress(subprocess.TimeoutExpired):  # its socket closes a moment before it can be seen to be dead
                source.process.wait(DYING_SECONDS)
            raise


def _is_ours(cmd: list[str]) -> bool:
    """Whether a command starts an ipykernel with this very interpreter."""
    options = cmd[1 : cmd.index("ipykernel_launcher")] if "ipykernel_launcher" in cmd else []
    return options in (["-m"], ["-Xfrozen_modules=off", "-m"]) and os.path.realpath(cmd[0]) == os.path.realpath(
        sys.executable
    )


@contextmanager
def _outputs(asked: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """The descriptors for a kernel's stdout and stderr: this process's own, or those that the launch asks for."""
    nowhere: IO[bytes]
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # no file
        found = []
        for name, own in (("stdout", 1), ("stderr", 2)):
            wanted = asked.get(name)
            number = own if wanted is None else wanted if isinstance(wanted, int) else wanted.fileno()
            with suppress(OSError):
                os.fstat(number)
                found.append(number)
                continue
            found.append(nowhere.fileno())  # a service may have closed its own; subprocess.DEVNULL is no descriptor
        yield found[0], found[1]
