"""Every notebook, found by glob, is held to the rules: readable, no outputs, named cells, one typed parameters cell."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from perfeval.run.contract import parameters
from perfeval.run.subjects import SELECTING, scope

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
MOST_LINES = 15
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.While, ast.With, ast.Try)
"""What a reader cannot take in and change at once; it belongs into the library."""
IMPORTED = {"perfeval", "pandas", "matplotlib"}
OTHER_TOOLS = {"questions": {"importlib", "polars", "duckdb"}}
"""What one notebook shows besides."""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def notebook(path: Path):
    return nbformat.read(path, as_version=4)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_is_valid_and_carries_only_a_title_and_the_python3_kernel(notebook) -> None:
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info", "title"} - (
        set() if "language_info" in notebook.metadata else {"language_info"}
    )
    assert notebook.metadata.kernelspec.name == "python3"


def test_has_no_outputs_and_no_counts(notebook) -> None:
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_cells_have_names(notebook) -> None:
    names = [cell.id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{2,40}", name) for name in names), names
    assert not any(re.fullmatch(r"[0-9a-f]{8}", name) for name in names), names


def test_code_cells_can_be_read_and_changed(notebook, path: Path) -> None:
    known = IMPORTED | OTHER_TOOLS.get(path.stem, set())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.id
            assert not [node for node in ast.walk(tree) if isinstance(node, FORBIDDEN)], cell.id
            imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
            imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            assert {name.split(".")[0] for name in imported} <= known, cell.id


def test_keeps_the_parameter_contract(notebook) -> None:
    found = parameters(notebook)
    assert {"ruleset", "data_dir"} <= found.keys()
    assert scope(found, notebook.metadata.title).whose or not found.keys() & SELECTING.keys()
    assert all(parameter.help for parameter in found.values())


def test_names_no_absolute_path(notebook) -> None:
    for cell in notebook.cells:
        assert not re.search(r"(?<![\w.])/(?:home|work|usr|tmp|root)\b|[A-Z]:\\", cell.source), cell.id
