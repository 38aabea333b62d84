"""Notebooks made of a few cells, and what they become in a report's process of either kind."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from perfeval.run import processes
from perfeval.run.processes import Conditions, Made

COLD, FORKED = Conditions(), Conditions(forked=True)
forks = pytest.mark.skipif(not processes.FORKS, reason="no safe fork here")
either_kind = pytest.mark.parametrize(
    "conditions", [pytest.param(FORKED, marks=forks, id="forked"), pytest.param(COLD, id="cold")]
)
LIGHT = ["perfeval.run.inprocess"]
"""What a server imports in tests to which the rest is of no matter."""


def notebook(folder: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    """A notebook with such cells, each below a heading."""
    cells = [new_code_cell("year: int = 2022", metadata={"tags": ["parameters"]}, id="parameters")]
    for place, source in enumerate(sources, start=1):
        cells += [new_markdown_cell(f"# {place}", id=f"title-{place}")]
        cells += [new_code_cell(source, id=f"cell-{place}", metadata={"tags": list(tags)} if tags else {})]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "test.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def run(folder: Path, *sources: str, conditions: Conditions = FORKED) -> Made:
    """What becomes of a notebook of such cells."""
    return processes.make(notebook(folder, *sources), {"year": 2023}, folder, conditions)


def executed(made: Made) -> nbformat.NotebookNode:
    """The notebook that was made."""
    assert made.texts, made.failure
    return nbformat.reads(made.texts["test.ipynb"], as_version=4)


def shown(made: Made) -> str:
    """What the last cell printed."""
    return "".join(output.get("text", "") for output in executed(made).cells[-1].outputs).strip()


def last_value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell's source in ``names``; the value of its last line, None where that is no expression."""
    *before, last = ast.parse(source).body
    shown = isinstance(last, ast.Expr)
    exec(compile(ast.Module(before if shown else [*before, last], []), "cell", "exec"), names)  # noqa: S102  # our own notebook
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307  # likewise
