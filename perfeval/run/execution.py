"""Executing a notebook's cells with papermill, so that equal inputs leave equal notebooks.

papermill prepares the notebook and hands it to an engine. Ours has nbclient run all cells in one turn of the event
loop, by an ordinary kernel or in this very process (:mod:`perfeval.run.inprocess`); papermill's own writes times into
every cell, which a report does not keep. Parameters, outputs, execution counts and error marks are the same.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from papermill import PapermillExecutionError, execute_notebook
from papermill.engines import Engine, papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from perfeval.model.errors import PerfevalError
from perfeval.run import KEPT_OUT
from perfeval.run.contract import Value
from perfeval.run.processes import Asked
from perfeval.run.watch import Watch, descendants

ENGINE, KERNEL = "perfeval", "python3"
INJECTED = "injected-parameters"
START_SECONDS = 120
LONGEST_SOCKET = 100
"""Bytes of a path that a socket may have on every system (macOS: 103)."""
JSON = "application/json"
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
    """Runs all cells until one fails, which is marked."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, _kernel: str, *, cells: Callable[[NotebookNode], "Cells"]) -> Any:
        """The notebook with its outputs. Raises what nbclient raises for a kernel that does not start or dies."""
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
    """nbclient's client, but it runs all cells in one go, and names what a notebook cannot hold."""

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Start the kernel and run the cells up to the first that fails, which is marked."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            run_sync(self.run_all)()
        return self.nb

    async def run_all(self) -> None:
        """Run the cells."""
        self.nb.metadata["language_info"] = await self.language()
        for place, cell in enumerate(self.nb.cells):
            try:
                await self.async_execute_cell(cell, place)
            except CellExecutionError:
                cell.metadata["papermill"] = {"exception": True}  # it may have left no output that says so
                self.nb.metadata.papermill["exception"] = True
                break
        self.set_widgets_metadata()

    async def language(self) -> Mapping[str, Any]:
        """What the kernel says of its language."""
        client: Any = self.kc
        told = await ensure_async(client.kernel_info(reply=True, timeout=START_SECONDS))
        found: Mapping[str, Any] = told["content"]["language_info"]
        return found

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
        return super().output(outs, msg, display_id, cell_index)


class KernelCells(Cells):
    """Has an ordinary kernel run the cells: a process of its own, which is watched, and ended with the notebook.

    Its sockets, where there are any but the network's and the folder is not too deep for them, and its profile are in
    the folder given for it, so that nobody's startup files reach a report, and kernels started together cannot take
    each other's ports.
    """

    def __init__(self, nb: NotebookNode, asked: Asked, watch: Watch, **options: Any) -> None:
        own = asked.own
        told = {"connection_file": f"{own}/kernel.json"}  # with the key: it goes with the folder
        if sys.platform != "win32" and len(os.fsencode(f"{own}/k-9")) <= LONGEST_SOCKET:
            told |= {"transport": "ipc", "ip": f"{own}/k"}
        super().__init__(
            nb,
            config=Config({"AsyncKernelManager": told}),
            kernel_name=KERNEL,
            resources={"metadata": {"path": str(asked.working)}},
            startup_timeout=START_SECONDS,
            extra_arguments=[*QUIET, f"--ipython-dir={own}"],
            record_timing=False,
            **options,
        )
        self.environment, self.watch = asked.environment, watch

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start it, and have it watched."""
        super().start_new_kernel(env=self.environment, **kwargs)
        manager: Any = self.km
        self.watch.begin(manager.provisioner.pid)

    async def run_all(self) -> None:
        """Run the cells; what the kernel has taken is known as long as it lives."""
        try:
            await super().run_all()
        finally:
            self.watch.started = descendants(self.watch.pid)
            self.watch.stop()


def close_loop() -> None:
    """Close the event loop that Jupyter opened for this thread and leaves to the garbage collector."""
    with suppress(RuntimeError):  # there is none where the kernel was never asked for
        loop = asyncio.get_event_loop()
        for task in asyncio.all_tasks(loop):  # nbclient leaves one where it does not like an output
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        asyncio.set_event_loop(None)


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
