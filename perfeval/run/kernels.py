"""Executing a parameterized notebook with papermill, so that equal inputs leave equal notebooks."""

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from papermill import PapermillExecutionError, execute_notebook
from papermill.engines import papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from perfeval.model.errors import PerfevalError
from perfeval.model.failures import failure
from perfeval.run import engine
from perfeval.run.contract import Value
from perfeval.run.limits import Watch, end, taken
from perfeval.run.provisioner import ForkProvisioner, surroundings
from perfeval.run.warm import FOLDER

KERNEL = "python3"
START_ATTEMPTS = 3
"""A kernel may lose its port to another program, or its zygote, before it has begun; nothing is repeated after that."""
INJECTED = "injected-parameters"
START_SECONDS = 120
QUIET = [
    "--IPKernelApp.logging_config={'loggers': {'IPKernelApp': {'level': 'CRITICAL'}}}",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
]
"""A kernel's own remarks (its transport, being told to stop) are not for the people who run reports; no history, and
nobody's startup file."""


class ReadableTranslator(PythonTranslator):  # type: ignore[misc]  # papermill ships no types
    """Python parameters as people write them: papermill's own turns Chinese into ``\\uXXXX``."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """A Python literal with its characters as they are."""
        return repr(val)


papermill_translators.register("python", ReadableTranslator)
for quiet in ("papermill", "traitlets"):
    logging.getLogger(quiet).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a report's kernel is started and what it may take."""

    forked: bool = False
    """From a zygote, where this system has a safe fork; otherwise an interpreter of its own."""
    memory_mb: int = 0
    """The most memory it may hold, MB; 0: no limit."""
    minutes: float = 0
    """The longest the whole notebook may run; 0: no limit."""
    data: Path | None = None
    """The data folder of the reports to come, for a zygote that is still to be started."""


@dataclass(slots=True)
class Spent:
    """What a report's kernel has cost, noted as it ends."""

    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    attempts: int = 0
    """How often a kernel was started."""


class KernelEnded(PerfevalError):
    """A kernel ended before its notebook did: over a limit, killed, or never there."""


class ReportKernel(AsyncKernelManager):
    """The kernel of one report: forked or cold, watched, and ended with everything it holds."""

    watch: Watch | None = None
    talking: Any = None
    """The client that nbclient has made; ours to close, for a manager that is passed in is not nbclient's."""

    def prepare(self, conditions: Conditions) -> None:
        """Choose how the kernel will be started."""
        self.conditions = conditions
        if conditions.forked:
            self.kernel_id = str(uuid4())
            self.provisioner = ForkProvisioner(
                kernel_id=self.kernel_id,
                kernel_spec=self.kernel_spec,
                parent=self,
                memory_mb=conditions.memory_mb,
                data=str(conditions.data or ""),
            )

    def client(self, **kwargs: Any) -> Any:
        """The client, kept to be closed."""
        self.talking = super().client(**kwargs)
        return self.talking

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        return await super()._async_pre_start_kernel(**{**kwargs, "env": surroundings()})

    async def _async_post_start_kernel(self, **kwargs: Any) -> None:
        await super()._async_post_start_kernel(**kwargs)
        pid = getattr(self.provisioner, "pid", None)
        if pid:
            self.watch = Watch(pid, self.conditions.memory_mb, self.conditions.minutes)
            self.watch.start()

    async def finish(self, spent: Spent) -> None:
        """End the kernel and note what it has cost; whatever state it is in, nothing stays behind."""
        if self.watch is not None:
            self.watch.stop()
            spent.cpu_seconds, spent.peak_mb = taken(self.watch.pid)
        try:
            if await ensure_async(self.is_alive()):
                await ensure_async(self.shutdown_kernel())
        finally:
            if self.watch is not None and self.has_kernel:
                end(self.watch.pid)
            await ensure_async(self.cleanup_resources())
            if self.talking is not None:
                await ensure_async(self.talking.stop_channels())
        known = getattr(getattr(self.provisioner, "forked", None), "spent", None)
        if known is not None:
            spent.cpu_seconds, spent.peak_mb = known


def execute(
    notebook: Path,
    parameters: Mapping[str, Value],
    folder: Path,
    *,
    conditions: Conditions,
    spent: Spent,
) -> tuple[NotebookNode, PapermillExecutionError | None]:
    """The executed notebook, and the error that stopped it or None; :class:`KernelEnded` where the kernel ended first.

    The kernel works in ``folder``; its sockets and IPython profile are in a short-lived folder of its own, so that
    nobody's startup files reach a report. A kernel that ends before its first cell is tried again; what it has cost is
    noted in ``spent``.
    """
    os.environ.setdefault("PYTHONUTF8", "1")
    for attempt in range(START_ATTEMPTS):
        spent.attempts = attempt + 1
        cells: list[str] = []
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-") as own:
            kernel = ReportKernel(kernel_name=KERNEL, config=_connection(own), client_factory=engine.Talk)
            kernel.prepare(conditions)
            try:
                return _executed(notebook, parameters, folder, own=own, kernel=kernel, cells=cells)
            except (RuntimeError, OSError) as stopped:  # what nbclient and jupyter_client raise for a kernel that died
                if isinstance(stopped, OSError) and kernel.watch is not None:
                    raise  # a full disk, say: the kernel was there
                reason = kernel.watch.reason if kernel.watch else ""
                if cells or reason or attempt == START_ATTEMPTS - 1:
                    where = f"单元格“{cells[-1]}”运行时" if cells else "启动时"
                    raise KernelEnded(f"{where}笔记本内核已结束：{reason or _said(stopped)}") from stopped
            finally:
                run_sync(kernel.finish)(spent)
                _close_loop()
    raise AssertionError("unreachable")


def _executed(
    notebook: Path,
    parameters: Mapping[str, Value],
    folder: Path,
    *,
    own: str,
    kernel: ReportKernel,
    cells: list[str],
) -> tuple[NotebookNode, PapermillExecutionError | None]:
    """One attempt; ``cells`` receives the id of every cell that starts.

    The steps are those of papermill's ``execute_notebook``, which writes the notebook at the end; it is written here
    once it is known to be complete.
    """
    prepared = execute_notebook(
        str(notebook), None, parameters=dict(parameters), kernel_name=KERNEL, language="python", prepare_only=True
    )
    executed = papermill_engines.execute_notebook_with_engine(
        engine.NAME,
        prepared,
        KERNEL,
        km=kernel,
        resources={"metadata": {"path": str(folder)}},
        start_timeout=START_SECONDS,
        extra_arguments=[*QUIET, f"--ipython-dir={own}"],
        on_cell_start=lambda cell, cell_index: cells.append(cell.get("id", str(cell_index))),
    )
    error = None
    try:
        raise_for_execution_errors(executed, None)
    except PapermillExecutionError as stopped:
        error = stopped
    return repeatable(executed), error


def _said(stopped: Exception) -> str:
    if isinstance(stopped, DeadKernelError):
        return "内核进程中途退出（被系统或他人结束，或内存不足）"
    if isinstance(stopped, OSError):
        return failure(stopped)
    return f"{stopped}"


def _close_loop() -> None:
    """Close the event loop that Jupyter opened for this thread and leaves to the garbage collector."""
    with suppress(RuntimeError):  # there is none where the kernel was never asked for
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)


def _connection(own: str) -> Config:
    """How client and kernel talk: Unix sockets where there are any, in the kernel's own folder.

    Nothing is on the network, and kernels started together cannot take each other's ports. (A socket's path may have
    about a hundred characters, so it must not stand under a home folder.)
    """
    told = {"connection_file": f"{own}/kernel.json"}  # with the key: it goes with the folder
    return (
        Config({"ReportKernel": told})
        if sys.platform == "win32"
        else Config({"ReportKernel": {**told, "transport": "ipc", "ip": f"{own}/k"}})
    )


def repeatable(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what differs between two equal runs: times, paths, random cell ids."""
    clean: NotebookNode = notebook.copy()
    papermill = clean.metadata.get("papermill", {})
    clean.metadata["papermill"] = {
        key: papermill[key] for key in ("parameters", "version", "exception") if key in papermill
    }
    for place, cell in enumerate(clean.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        tags = cell.metadata.get("tags", [])
        if INJECTED in tags:
            cell["id"] = INJECTED
        elif "papermill-error-cell-tag" in tags:
            cell["id"] = f"papermill-error-{place}"
    return clean
