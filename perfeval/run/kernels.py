"""Executing a parameterized notebook with papermill, so that equal inputs leave equal notebooks."""

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from papermill import PapermillExecutionError, execute_notebook
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from perfeval.run.contract import Value

KERNEL = "python3"
INJECTED = "injected-parameters"
START_SECONDS = 120
QUIET = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
"""A kernel's own remarks (its transport, being told to stop) are not for the people who run reports; no history."""


class ReadableTranslator(PythonTranslator):  # type: ignore[misc]  # papermill ships no types
    """Python parameters as people write them: papermill's own turns Chinese into ``\\uXXXX``."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """A Python literal with its characters as they are."""
        return repr(val)


papermill_translators.register("python", ReadableTranslator)
for quiet in ("papermill", "traitlets"):
    logging.getLogger(quiet).setLevel(logging.ERROR)


def execute(
    notebook: Path, parameters: Mapping[str, Value], folder: Path, scratch: Path
) -> tuple[NotebookNode, PapermillExecutionError | None]:
    """The executed notebook, and the error that stopped it or None.

    The kernel works in ``folder``; its sockets and IPython profile are in a short-lived folder of its own, so that
    nobody's startup files reach a report. papermill saves into ``scratch``, from where a stopped notebook is taken.
    """
    saved = scratch / notebook.name
    error = None
    os.environ.setdefault("PYTHONUTF8", "1")
    with tempfile.TemporaryDirectory(prefix="perfeval-") as own:
        try:
            execute_notebook(
                str(notebook),
                str(saved),
                parameters=dict(parameters),
                kernel_name=KERNEL,
                request_save_on_cell_execute=False,
                progress_bar=False,
                start_timeout=START_SECONDS,
                resources={"metadata": {"path": str(folder)}},
                record_timing=False,
                extra_arguments=[*QUIET, f"--ipython-dir={own}"],
                config=_connection(own),
            )
        except PapermillExecutionError as stopped:
            error = stopped
        finally:
            _close_loop()
    return repeatable(nbformat.read(saved, as_version=4)), error


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
    return Config() if sys.platform == "win32" else Config({"KernelManager": {"transport": "ipc", "ip": f"{own}/k"}})


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
