"""The architecture's import table, held against the code's own imports."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import perfeval

PACKAGE = Path(__file__).parents[1] / "perfeval"

# folder → what it may import of perfeval. An entry may be a folder or one module of it.
MAY_IMPORT = {
    "model": (),
    "ingest": ("model",),
    "analysis": ("model",),
    "analysis/rows": ("model", "analysis", "ingest.holdings", "ingest.store"),  # it reads the tables it judges
    "demo": ("model", "ingest", "run.contract"),
    "present": ("model",),
    "run": ("model", "ingest.holdings", "ingest.locating", "ingest.store"),
    "deliver": ("model", "present", "run.ledger", "run.made", "run.project"),
    "workbench": (
        "model",
        "analysis.rulesets",
        "present",
        "deliver.extract",
        "ingest.locating",
        "run.project",
        "run.request",
    ),
}
# outside package → the only folders that may import it
ONLY = {
    "openpyxl": ("ingest",),
    "python_calamine": ("ingest",),
    "docx": ("ingest", "deliver"),
    "pyarrow": ("ingest", "analysis/rows"),
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
    "anywidget": ("workbench",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def folder(path: Path) -> str:
    """``model`` … ``cli``, or a folder inside with a line of its own; of a module beside the folders, its name."""
    inside = path.relative_to(PACKAGE)
    within = inside.parent.as_posix()
    return within if within in MAY_IMPORT else inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def offences(path: Path) -> list[str]:
    """What a module imports and must not: ``present/show.py imports papermill.execute``."""
    here = folder(path)
    allowed = [f"perfeval.{other.replace('/', '.')}." for other in (here, *MAY_IMPORT.get(here, ()))]
    found = []
    for name in imports(path):
        outside = ONLY.get(name.split(".")[0])
        inside = name.startswith("perfeval.") and here in MAY_IMPORT
        if (outside is not None and here not in outside) or (inside and not f"{name}.".startswith(tuple(allowed))):
            found.append(f"{path.relative_to(PACKAGE).as_posix()} imports {name}")
    return found


def test_modules_import_only_what_their_layer_may() -> None:
    assert [offence for path in MODULES for offence in offences(path)] == []


def test_every_folder_has_its_rule() -> None:
    folders = {entry.name for entry in PACKAGE.iterdir() if (entry / "__init__.py").is_file()}
    assert folders <= MAY_IMPORT.keys() | {"cli"}


def test_importing_perfeval_loads_nothing_of_weight() -> None:
    heavy = ["pandas", "numpy", "matplotlib", "papermill", "nbconvert", "openpyxl", "jinja2", "IPython", "click"]
    code = f"import sys, perfeval; dir(perfeval); print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_the_package_shows_its_public_names_and_each_is_there() -> None:
    assert dir(perfeval) == sorted([*perfeval.__all__, "__version__"])
    assert all(getattr(perfeval, name) is not None for name in dir(perfeval))


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
