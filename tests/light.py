"""A project with a light report, for tests of what happens to batches: a real notebook in a real kernel, nothing heavy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
CELL = """\
import json
import os
import time
from pathlib import Path
from IPython.display import display

if Path("begun").is_dir():
    Path("begun", str(os.getpid())).touch()
text = Path(data_dir, subdistrict, str(year), "budget.csv").read_text(encoding="utf-8")
figures = {"name": subdistrict, "period": str(year), "score": len(text)}
display({"application/vnd.perfeval.result": json.dumps(figures)}, raw=True)
print(f"{year}" * 100_000 if year in big else year)
time.sleep(wait)
"""
PARAMETERS = """\
subdistrict: str
year: int
ruleset: str = "hubei"
data_dir: str = "data"
wait: float = {wait}
"""


def project(folder: Path, years: range, *, wait: float = 0.1, big: tuple[int, ...] = ()) -> Path:
    """A project with one office's ``years``, all alike but for a note, and the report ``light``.

    A report sleeps for ``wait`` seconds; those of the ``big`` years print 400 kB. Where the project has a
    folder ``begun``, each leaves its kernel's process id there when its cell begins.
    """
    for year in years:
        shutil.copytree(ROOT / "data" / "ronghua" / "2022", folder / "data" / "ronghua" / str(year))
    shutil.copy(ROOT / "data" / "subdistricts.csv", folder / "data")
    (folder / "perfeval.toml").write_text('[run]\nreports = ["light"]\njobs = 2\n', encoding="utf-8")
    parameters = nbformat.v4.new_code_cell(PARAMETERS.format(wait=wait), id="parameters")
    parameters.metadata.tags = ["parameters"]
    cells = [parameters, nbformat.v4.new_code_cell(f"big = {big!r}\n{CELL}", id="work")]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    (folder / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / "light.ipynb")
    return folder


def driver(
    folder: Path,
    *arguments: str,
    before: str = "",
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> "subprocess.Popen[str]":
    """``perfeval run …`` in a process of its own; ``before`` is Python run ahead of it, ``prefix`` a command around."""
    code = f"{before}\nimport sys\nfrom perfeval.cli import main\nmain(sys.argv[1:])"
    return subprocess.Popen(
        [*prefix, sys.executable, "-u", "-c", code, "run", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def left(outputs: Path) -> dict[str, bytes]:
    """All that stands in an outputs folder, but the ledger, the lock and the note of who works there."""
    paths = [path for path in outputs.rglob("*") if path.is_file()]
    own = ("ledger.sqlite", ".perfeval.")
    return {path.relative_to(outputs).as_posix(): path.read_bytes() for path in paths if not path.name.startswith(own)}
