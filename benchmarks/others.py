"""The other tools a report could be made with, in an environment of their own: no dependencies of the project.

:func:`environment` makes it once, in ``.bench/`` of the checkout, and needs the network: what pyproject.toml asks for
without JupyterLab (which brings ``rfc3987_syntax``: a CPU second of every process that imports nbformat), and marimo.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".bench"
LEFT_OUT = re.compile(r"jupyterlab\b|anywidget\b")
"""What only JupyterLab needs, and what brings it along."""
BESIDE = ("marimo",)


def environment(place: Path = PLACE) -> Path | None:
    """The Python of the environment without JupyterLab, made where there is none; None where it cannot be made."""
    python = place / "bin" / "python"
    if (place / "whole").exists():
        return python
    print(f"making an environment without JupyterLab in {place} …", file=sys.stderr, flush=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [one for one in project["dependencies"] if not LEFT_OUT.match(one)]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True)
        install(python, *wanted, *BESIDE)
        install(python, "--no-deps", str(ROOT))  # for its metadata; the code is that of the checkout, by PYTHONPATH
    except subprocess.CalledProcessError as failed:
        print(failed.stderr.decode(errors="replace")[-600:], file=sys.stderr)
        return None
    (place / "whole").touch()
    return python


def install(python: Path, *wanted: str) -> None:
    """Install packages there."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *wanted], check=True, capture_output=True)


def has_handicap(python: Path) -> bool:
    """Whether nbformat loads ``rfc3987_syntax`` there."""
    code = "import nbformat, sys; sys.exit('rfc3987_syntax' not in sys.modules)"
    return not subprocess.run([str(python), "-c", code], check=False, capture_output=True).returncode


def quarto() -> str | None:
    """The Quarto on the path; it comes as a program of its own, not from a registry of packages."""
    return shutil.which("quarto")


def marimo_notebook(notebook: Path, into: Path) -> str:
    """A notebook as marimo's own converter turns it into a program."""
    program = into / f"{notebook.stem}.marimo.py"
    command = [sys.executable, "-m", "marimo", "--yes", "convert", str(notebook), "-o", str(program)]
    subprocess.run(command, check=True, capture_output=True)
    return program.read_text(encoding="utf-8")


def with_parameters(program: str, parameters: dict[str, object]) -> str:
    """That program with other values in its parameters' cell."""
    for name, value in parameters.items():
        program, changed = re.subn(rf"(?m)^(    {name}: \w+ = )[^#\n]*", rf"\g<1>{value!r}  ", program, count=1)
        if not changed:
            raise SystemExit(f"the converted notebook has no parameter {name}")
    return program
