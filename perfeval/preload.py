"""What the fork server has ready before it forks the first report's process: what reports need, imported.

multiprocessing's server imports this module by name (:mod:`perfeval.run.processes`). Only what leaves no thread behind
belongs here: a fork copies none. matplotlib may be imported; a pyplot figure would fix the backend of every report.
polars and duckdb may be imported, not used.
"""

import atexit
import decimal
import gc
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from perfeval.ingest.directory import directory
from perfeval.model import scratch
from perfeval.run import inprocess, report
from perfeval.run.processes import DATA, SHORT_FOLDER

__all__ = ["by_imports", "inprocess", "path"]
path: list[str] = []
"""Where a Python that is started cold looks for modules; from 3.13 on a server looks where its owner does."""
by_imports: dict[str, str] = {}
"""Variables that imported modules have set, as they would have in a kernel itself."""
MODULES = (
    "perfeval.present.show", "perfeval.present.plot", "perfeval.present.words", "perfeval.frames",
    "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "sqlite3", "tornado.platform.asyncio",
)  # fmt: skip
"""What the notebooks import, and an ipykernel at and after its start."""


def prepare(data: str) -> None:
    """Have ready what reports need. In the folder ``data`` lies a list of sub-districts, which is read for all of them:
    where there are thousands it costs more than an office's own data. It is read again should it change.
    """
    given, server, owner = set(os.environ), os.getpid(), os.getppid()

    def remove_folders() -> None:
        if os.getpid() == server:  # which ends by itself only where its owner was killed
            for place in (tempfile.gettempdir(), SHORT_FOLDER):
                for folder in Path(place).glob(f"{scratch.PREFIX}{scratch.host()}-{owner}-*"):
                    shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove_folders)
    for name in MODULES:
        importlib.import_module(name)
    report.export(report.EMPTY, {"name": "", "period": ""})
    if data:
        home = Path.cwd()
        os.chdir(Path(data).parent)  # reports know it by its name there
        with decimal.localcontext():  # a context remembers what was rounded in it
            directory(Path(Path(data).name))
        os.chdir(home)
    by_imports.update({name: value for name, value in os.environ.items() if name not in given})
    asked = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.path))"]
    path[:] = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)  # noqa: S603  # this interpreter
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork server must not have threads: {threading.enumerate()}")
    gc.collect()
    gc.freeze()  # so that collections in the processes leave these pages shared


if DATA in os.environ:
    prepare(os.environ[DATA])
