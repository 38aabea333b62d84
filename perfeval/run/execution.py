"""Executing a notebook's cells with papermill, so that equal inputs leave equal notebooks.

An ordinary kernel runs them, or this very process (:mod:`perfeval.run.inprocess`).

papermill prepares the notebook and hands it to an engine; ours has nbclient collect the outputs. Its own engine writes
times into every cell, reads them back, and enters and leaves the event loop for each; a report keeps no times. All else
is as with the engine that comes with papermill: the same parameters, outputs, execution counts and error marks.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode, from_dict
from papermill import PapermillExecutionError, execute_notebook
from papermill.engines import Engine, papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from perfeval.model.errors import PerfevalError
from perfeval.model.failures import failure
from perfeval.run import KEPT_OUT
from perfeval.run.contract import Value
from perfeval.run.limits import Watch, end
from perfeval.run.processes import Asked

ENGINE, KERNEL = "perfeval", "python3"
INJECTED = "injected-parameters"
START_SECONDS = 120
RESULT, JSON = "execute_result", "application/json"
QUIET = [
    "--IPKernelApp.logging_config={'loggers': {'IPKernelApp': {'level': 'CRITICAL'}}}",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
]
"""A kernel's own remarks (its transport, being told to stop) are not for the people who run reports; no history, and
nobody's startup file."""


class OutputRefused(PerfevalError):
    """A cell shows something that a notebook cannot hold."""


class ReadableTranslator(PythonTranslator):  # type: ignore[misc]  # papermill ships no types
    """Python parameters as people write them: papermill's own turns Chinese into ``\\uXXXX``."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """A Python literal with its characters as they are."""
        return repr(val)


class ReportEngine(Engine):  # type: ignore[misc]  # papermill ships no types
    """Runs all cells until one fails."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, *, cells: Callable[[NotebookNode], "Cells"]) -> Any:
        """The notebook with its outputs, up to those of the cell that failed, which is marked.

        Raises what nbclient raises for a kernel that does not start or dies.
        """
        nb.metadata.papermill["exception"] = None
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return cells(nb).execute()


papermill_translators.register("python", ReadableTranslator)
papermill_engines.register(ENGINE, ReportEngine)
for quiet in ("papermill", "traitlets"):
    logging.getLogger(quiet).setLevel(logging.ERROR)
if sys.modules.get(KEPT_OUT, ...) is None:
    del sys.modules[KEPT_OUT]


class Cells(NotebookClient):
    """nbclient's, but it runs all cells in one go, and a plain result is taken as it comes."""

    language: Mapping[str, Any]
    """What the kernel says of its language, once it has been started."""

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Start the kernel and run the cells up to the first that fails, which is marked."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            run_sync(self._run)()
        return self.nb

    async def _run(self) -> None:
        self.nb.metadata["language_info"] = self.language
        for place, cell in enumerate(self.nb.cells):
            try:
                await self.async_execute_cell(cell, place)
            except CellExecutionError:
                cell.metadata["papermill"] = {"exception": True}  # it may have left no output that says so
                self.nb.metadata.papermill["exception"] = True
                break
        self.set_widgets_metadata()

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Put a message's output with a cell's others; :class:`OutputRefused` where a notebook cannot hold it."""
        for media, shown in msg["content"].get("data", {}).items():
            if not (isinstance(shown, str) or media == JSON or media.endswith("+json")):
                raise OutputRefused(
                    f"单元格“{self.nb.cells[cell_index].id}”显示的“{media}”须是文本，实际是{type(shown).__name__}；"
                    "要留下结果请用 show.record，其他结构化内容请用以+json结尾的媒体类型"
                )
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if msg["msg_type"] != RESULT or display_id or hooked or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        content = msg["content"]
        kept = {name: content[name] for name in ("metadata", "data", "execution_count")}
        outs.append(from_dict({"output_type": RESULT, **kept}))
        return outs[-1]


class KernelCells(Cells):
    """Has an ordinary kernel run the cells, a process of its own that is watched, and ended with the notebook."""

    def __init__(self, nb: NotebookNode, asked: Asked, watch: Watch, **options: Any) -> None:
        super().__init__(
            nb,
            km=AsyncKernelManager(kernel_name=KERNEL, config=_connection(asked.own)),
            kernel_name=KERNEL,
            resources={"metadata": {"path": str(asked.working)}},
            startup_timeout=START_SECONDS,
            extra_arguments=[*QUIET, f"--ipython-dir={asked.own}"],
            record_timing=False,
            **options,
        )
        self.environment, self.watch = dict(asked.environment), watch

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Start the kernel, run the cells, and end it, whatever state it is in."""
        try:
            return super().execute(cleanup_kc=True, env=self.environment, **kwargs)
        finally:
            if self.watch.reason:  # it was killed, and what it has started may not have been
                end(self.watch.pid)
            _close_loop()

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start it, and have it watched."""
        super().start_new_kernel(**kwargs)
        manager: Any = self.km
        self.watch.begin(manager.provisioner.pid)

    async def _run(self) -> None:
        client: Any = self.kc
        told = await ensure_async(client.kernel_info(reply=True, timeout=START_SECONDS))
        self.language = told["content"]["language_info"]
        try:
            await super()._run()
        finally:
            self.watch.stop()


def said(stopped: Exception) -> str:
    """Why a kernel ended, in Chinese."""
    if isinstance(stopped, DeadKernelError):
        return "内核进程中途退出（被系统或他人结束，或内存不足）"
    return failure(stopped) if isinstance(stopped, OSError) else f"{stopped}"


def _close_loop() -> None:
    """Close the event loop that Jupyter opened for this thread and leaves to the garbage collector."""
    with suppress(RuntimeError):  # there is none where the kernel was never asked for
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)


def _connection(own: Path) -> Config:
    """How client and kernel talk: Unix sockets where there are any, in the kernel's own folder.

    Nothing is on the network, and kernels started together cannot take each other's ports. (A socket's path may have
    about a hundred characters, so it must not stand under a home folder.)
    """
    told = {"connection_file": f"{own}/kernel.json"}  # with the key: it goes with the folder
    if sys.platform != "win32":
        told |= {"transport": "ipc", "ip": f"{own}/k"}
    return Config({"AsyncKernelManager": told})


def execute(
    notebook: Path, parameters: Mapping[str, Value], cells: Callable[[NotebookNode], Cells]
) -> tuple[NotebookNode, PapermillExecutionError | None]:
    """The executed notebook, and the error that stopped it or None.

    The steps are those of papermill's ``execute_notebook``, which writes the notebook at the end; it is written here
    once it is known to be complete. Raises what nbclient raises for a kernel that does not start or dies.
    """
    prepared = execute_notebook(
        str(notebook), None, parameters=dict(parameters), kernel_name=KERNEL, language="python", prepare_only=True
    )
    executed = papermill_engines.execute_notebook_with_engine(ENGINE, prepared, KERNEL, cells=cells)
    error = None
    try:
        raise_for_execution_errors(executed, None)
    except PapermillExecutionError as stopped:
        error = stopped
    return repeatable(executed), error


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
