"""Every notebook that is shipped, in the repository and in a fresh demo, run with the tools everybody has: papermill,
``jupyter execute`` and ``jupyter nbconvert``, from several working directories, with the defaults that stand in it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from perfeval import demo
from perfeval.ingest import locating

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
PLACES = ("the project", "its notebooks", "another project", "nowhere")
"""Where they are run from; each notebook from one of them, by turns."""
ASK = """\
import os

from perfeval.ingest import locating
import perfeval as pe

print(os.path.realpath(locating.data_folder(data_dir)), sorted(pe.load(data_dir).subdistricts["id"]))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's notebooks, data and settings in a folder of their own, and in it, as people have it, a demo."""
    folder = tmp_path_factory.mktemp("house") / "项目"
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "perfeval.toml", folder)
    demo.make(folder / "data-demo", subdistricts=3, years=(2021, 2022, 2023), seed=5, notebooks=ROOT / "notebooks")
    (folder.parent / "nowhere").mkdir()
    return folder


def run(tool: str, notebook: Path, out: Path, cwd: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Run a notebook with a stock tool; the executed one is ``out``."""
    command: Sequence[str] = {
        "papermill": ("-m", "papermill", str(notebook), str(out), "--no-progress-bar", "--log-level", "ERROR"),
        "execute": ("-c", "from nbclient.cli import main; main()", str(notebook), f"--output={out.with_suffix('')}"),
        "nbconvert": ("-m", "nbconvert", "--execute", "--to", "notebook", str(notebook), f"--output={out}"),
    }[tool]
    environment = {
        name: value for name, value in os.environ.items() if name not in (locating.OUTPUTS, locating.SESSION)
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *command, *more],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def printed(notebook: Path) -> str:
    """What the cells of an executed notebook have printed; an error fails the test."""
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code" and cell.source.strip())
    return "".join(output.text for output in outputs if output.output_type == "stream")


def where(house: Path, project: Path, place: str) -> Path:
    return {
        "the project": project,
        "its notebooks": project / "notebooks",
        "another project": house if project != house else house / "data-demo",
        "nowhere": house.parent / "nowhere",
    }[place]


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("whose", ["repository", "demo"])
def test_every_notebook_runs_as_it_stands(house: Path, whose: str, name: str, tmp_path: Path) -> None:
    project = house if whose == "repository" else house / "data-demo"
    turn = NOTEBOOKS.index(name) + (whose == "demo")
    tool, place = ("papermill", "nbconvert", "papermill", "execute")[turn % 4], PLACES[turn % len(PLACES)]
    done = run(tool, project / "notebooks" / f"{name}.ipynb", tmp_path / "out.ipynb", where(house, project, place))
    assert done.returncode == 0, f"{tool} in {place}\n{done.stderr}"
    printed(tmp_path / "out.ipynb")


def asking(folder: Path) -> Path:
    """A notebook that says which data it reads."""
    first = nbformat.v4.new_code_cell('data_dir: str = ""', id="parameters", metadata={"tags": ["parameters"]})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [first, nbformat.v4.new_code_cell(ASK, id="ask")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "ask.ipynb")
    return folder / "ask.ipynb"


@pytest.mark.parametrize(
    ("tool", "place"),
    [
        ("papermill", "the project"),
        ("papermill", "another project"),
        ("papermill", "nowhere"),
        ("execute", "another project"),
        ("nbconvert", "another project"),
    ],
)
def test_a_demo_inside_a_project_is_read_from_anywhere(house: Path, tool: str, place: str, tmp_path: Path) -> None:
    inner = house / "data-demo"
    done = run(tool, asking(inner / "notebooks"), tmp_path / "out.ipynb", where(house, inner, place))
    (inner / "notebooks" / "ask.ipynb").unlink()
    assert done.returncode == 0, done.stderr
    said = printed(tmp_path / "out.ipynb")
    assert str(inner / "data") in said
    assert "ronghua" not in said


def test_an_explicit_folder_is_the_working_directorys(house: Path, tmp_path: Path) -> None:
    notebook = asking(tmp_path)
    assert str(house / "data") in _papermill(notebook, tmp_path, house, "-p", "data_dir", "data")
    assert "没有数据目录“data”" in _papermill(notebook, tmp_path, house / "notebooks", "-p", "data_dir", "data")


def test_a_notebook_copied_to_nowhere_says_what_to_do_and_does_as_told(house: Path, tmp_path: Path) -> None:
    notebook = asking(tmp_path)
    said = _papermill(notebook, tmp_path, house)  # started inside a project that is not its own
    assert "不知道数据在哪里" in said
    assert "-p data_dir" in said
    assert str(house / "data-demo" / "data") in _papermill(notebook, tmp_path, house, "--cwd", "data-demo")


def _papermill(notebook: Path, out: Path, cwd: Path, *more: str) -> str:
    done = run("papermill", notebook, out / "out.ipynb", cwd, *more)
    return done.stderr if done.returncode else printed(out / "out.ipynb")


def test_jupyterlab_and_vs_code_name_the_notebook(house: Path) -> None:
    """As their servers do: by a variable of the kernel's environment, and by a name in the notebook's namespace."""
    demo_, nowhere = house / "data-demo", house.parent / "nowhere"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), locating.SESSION: str(demo_ / "notebooks" / "annual.ipynb")}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(nowhere), env=environment)
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        said.append(message["content"].get("text", ""))

    try:
        for before in ("", f"{locating.VSCODE} = {str(house / 'notebooks' / 'trend.ipynb')!r}\n"):
            code = f"{before}from perfeval.ingest import locating\nprint(locating.folders().data)"
            client.execute_interactive(code, timeout=60, output_hook=hear)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert [line for line in "".join(said).splitlines() if line] == [str(demo_ / "data"), str(house / "data")]
