"""What the fork server has ready before it forks the first report's process: what reports need, imported.

multiprocessing's server imports this module by name (:mod:`perfeval.run.processes`). Only what leaves no thread behind
belongs here: a fork copies none. matplotlib may be imported; a pyplot figure would fix the backend of every report.
polars and duckdb may be imported, not used.
"""

# ruff: noqa: E402
import gc

# Until all is ready: Python would look through it for garbage again and again, a sixth of the time it takes.
gc.disable()

import pandas as pd

# A report's tables are small: to go to Arrow and back for every column costs more than Arrow's strings save. The
# frames of the row store, which are not, keep them.
pd.set_option("mode.string_storage", "python")

import atexit
import decimal
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from perfeval import evaluating, frames, years
from perfeval.analysis import officedecisions
from perfeval.analysis.rows import derived
from perfeval.ingest import store
from perfeval.model import fiction, scratch
from perfeval.present import plot, show, words
from perfeval.run import inprocess, report
from perfeval.run.processes import DATA, REHEARSED, SHORT_FOLDER

__all__ = ["by_imports", "inprocess", "path"]
path: list[str] = []
"""Where a Python that is started cold looks for modules; from 3.13 on a server looks where its owner does."""
by_imports: dict[str, str] = {}
"""Variables that imported modules have set, as they would have in a kernel itself."""
MODULES = (
    "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "faulthandler",
    "pandas.core.methods.to_dict", "pandas.core.reshape.reshape", "sqlite3", "tornado.platform.asyncio",
)  # fmt: skip
"""What the notebooks import, and an ipykernel at and after its start."""


def rehearse() -> None:
    """Go once through what most reports do, with a fictional office: what is looked up, compiled or loaded when it is
    first used (fonts, rules, templates, Python's own shortcuts) is then there for all reports.

    Nothing of the office is left, and nothing that a report shows depends on it.
    """
    from perfeval import demo  # noqa: PLC0415  # of no use to a single report

    with scratch.folder() as place, decimal.localcontext():
        demo.make(place, subdistricts=1, years=[2021, 2022], seed=1, notebooks=place)
        result = years.look_back(evaluating.evaluate(store.load(place / "data", years=2022)), place / "data")
    rows, money, scores = (one(result) for one in (frames.rows, frames.money, frames.scores))
    parts = derived.score_parts(rows, scores)
    verdicts = pd.crosstab(rows["category"], rows["status"])
    stages = pd.DataFrame(result.narrative.stages, columns=["name", "start", "end", "work"])
    charts = (
        plot.waterfall(parts),
        plot.stacked(verdicts),
        plot.bars(money, "item", "executed", of="budget", line=0.9),
        plot.timeline(stages),
    )
    pieces = (
        show.record(result, officedecisions.office_decisions(result)),
        show.header(words.full_name(result)),
        show.lead(*words.headline_clauses(result)),
        show.missed(rows[rows["status"] == "未完成"]),
        show.table(rows, fold=0),
        show.grid(rows),
        show.derivations(rows),
        show.findings(frames.findings(result)),
        show.sources(result),
        show.beside(*charts),
    )
    for piece in pieces:
        piece._repr_mimebundle_()
    fiction.forget()


def prepare(data: str, *, rehearsed: bool = False, server: bool = False) -> None:
    """Have ready what reports need. In the folder ``data`` lies a list of sub-districts, which is read for all of them:
    where there are thousands it costs more than an office's own data. It is read again should it change. A ``server``,
    which does nothing else, also has the kernel, which is a process's ``__main__``.
    """
    given = set(os.environ)
    for name in MODULES:
        importlib.import_module(name)
    if rehearsed:
        rehearse()
    if server and sys.platform == "linux":  # as the module asks, which no other system loads
        inprocess.kernel()
    report.export(report.EMPTY, {"name": "", "period": ""})
    if data:
        home = Path.cwd()
        os.chdir(Path(data).parent)  # reports know it by its name there
        with decimal.localcontext():  # a context remembers what was rounded in it
            store.subdistricts(Path(data).name)
        os.chdir(home)
    by_imports.update({name: value for name, value in os.environ.items() if name not in given})
    asked = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.path))"]
    path[:] = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)  # noqa: S603  # this interpreter
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork server must not have threads: {threading.enumerate()}")
    gc.freeze()  # so that collections in the processes leave these pages shared
    gc.enable()


def remove_folders(server: int, owner: int) -> None:
    """Remove a server's folders: it ends by itself only where its owner was killed."""
    if os.getpid() == server:
        for place in (tempfile.gettempdir(), SHORT_FOLDER):
            for folder in Path(place).glob(f"{scratch.PREFIX}{scratch.host()}-{owner}-*"):
                shutil.rmtree(folder, ignore_errors=True)


if DATA in os.environ:
    atexit.register(remove_folders, os.getpid(), os.getppid())
    prepare(os.environ[DATA], rehearsed=REHEARSED in os.environ, server=True)
