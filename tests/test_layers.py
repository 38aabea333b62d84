"""The architecture's import table, held against the code's own imports."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "perfeval"

# folder → what it may import of perfeval. An entry may be a folder or one module of it.
MAY_IMPORT = {
    "model": (),
    "ingest": ("model",),
    "analysis": ("model",),
    "demo": ("model", "ingest"),
    "present": ("model",),
    "run": ("model", "ingest.store"),
    "deliver": ("model", "present", "run.ledger"),
}
# outside package → the only folders that may import it
ONLY = {
    "openpyxl": ("ingest",),
    "python_calamine": ("ingest",),
    "docx": ("ingest", "deliver"),
    "pyarrow": ("ingest",),
    "matplotlib": ("present",),
    "jinja2": ("present",),
    "papermill": ("run",),
    "nbclient": ("run",),
    "nbconvert": ("run",),
    "jupyter_client": ("run",),
    "dask": ("run",),
    "distributed": ("run",),
    "smtplib": ("deliver",),
    "css_inline": ("deliver",),
    "xlsxwriter": ("deliver",),
    "click": ("cli",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def folder(path: Path) -> str:
    """``model`` … ``cli``; of a module beside the folders, its name."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    here = folder(path)
    for name in imports(path):
        outside = ONLY.get(name.split(".")[0])
        assert outside is None or here in outside, f"{here} must not import {name}"
        if name.startswith("perfeval.") and here in MAY_IMPORT:
            allowed = [f"perfeval.{here}", *(f"perfeval.{other}" for other in MAY_IMPORT[here])]
            assert any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed), f"{here} must not import {name}"


def test_every_folder_has_its_rule() -> None:
    folders = {entry.name for entry in PACKAGE.iterdir() if (entry / "__init__.py").is_file()}
    assert folders <= MAY_IMPORT.keys() | {"cli"}


def test_importing_perfeval_loads_pandas_and_nothing_heavier() -> None:
    heavy = ["matplotlib", "papermill", "nbconvert", "nbformat", "openpyxl", "jinja2", "IPython", "click"]
    code = f"import sys, perfeval; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def canonical(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub("[-_.]+", "-", name).lower()


def test_everything_imported_is_declared() -> None:
    declared = {canonical(re.split(r"[<>=\[; ]", line)[0]) for line in metadata.requires("perfeval") or []}
    owners = metadata.packages_distributions()
    ours = {"perfeval", *sys.stdlib_module_names}
    for path in MODULES:
        for name in {name.split(".")[0] for name in imports(path)} - ours:
            assert any(canonical(owner) in declared for owner in owners.get(name, [name])), (
                f"{path.name} imports {name}"
            )


def test_modules_stay_short() -> None:
    long = {path.name: n for path in MODULES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 500}
    assert not long
