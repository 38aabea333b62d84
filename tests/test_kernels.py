"""Executing one notebook: charts, limits, kernels that die or will not end, and what is told of them."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from perfeval.run import provisioner, warm
from perfeval.run.kernels import Conditions, KernelEnded, Spent, execute

KINDS = [
    pytest.param(Conditions(forked=True), marks=pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here")),
    Conditions(forked=False),
]
either_kind = pytest.mark.parametrize("conditions", KINDS, ids=["forked", "cold"])
LIMITED = Conditions(forked=provisioner.FORKS, memory_mb=500, minutes=0.1)


@pytest.fixture(autouse=True)
def light_zygotes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What else a zygote has imported is of no matter here."""
    monkeypatch.setattr(provisioner.ForkProvisioner, "preload", ["perfeval.model.values"])
    yield
    provisioner.close()


def run(folder: Path, *sources: str, conditions: Conditions = LIMITED) -> tuple[nbformat.NotebookNode, Spent]:
    """The executed notebook of such cells and what its kernel has cost."""
    cells = [new_code_cell("year: int = 2022", metadata={"tags": ["parameters"]}, id="parameters")]
    cells += [new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources, start=1)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = folder / "test.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), notebook)
    spent = Spent()
    executed, error = execute(notebook, {"year": 2023}, folder, conditions=conditions, spent=spent)
    if error is not None:
        raise error
    return executed, spent


def shown(notebook: nbformat.NotebookNode) -> str:
    """What the last cell printed."""
    return "".join(output.text for output in notebook.cells[-1].outputs).strip()


def kernels() -> list[str]:
    """Processes that run a kernel for this one, of either kind."""
    return [
        " ".join(child.cmdline())
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
        and ("ipykernel_launcher" in child.cmdline() or "perfeval.run.zygote" in (child.parent() or child).cmdline())
    ]


@either_kind
def test_charts_drawn_with_pyplot_are_there(tmp_path: Path, conditions: Conditions) -> None:
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    notebook, spent = run(tmp_path, draw, draw, conditions=conditions)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.data for output in outputs) == 2
    assert spent.cpu_seconds > 0
    assert spent.peak_mb > 10
    assert kernels() == []


@either_kind
def test_the_kernel_works_in_its_folder_with_utf8(tmp_path: Path, conditions: Conditions) -> None:
    notebook, _ = run(tmp_path, "import os, sys; print(os.getcwd(), sys.flags.utf8_mode, year)", conditions=conditions)
    assert shown(notebook) == f"{tmp_path} 1 2023"


@either_kind
def test_a_notebook_that_runs_too_long_is_ended_even_if_it_will_not_listen(
    tmp_path: Path, conditions: Conditions
) -> None:
    deaf = "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
    limited = Conditions(conditions.forked, minutes=0.05)
    with pytest.raises(
        KernelEnded, match=r"单元格“cell-1”运行时.*运行超过时限（0\.05分钟，见 perfeval\.toml 的 minutes）"
    ):
        run(tmp_path, deaf, conditions=limited)
    assert kernels() == []


@either_kind
def test_a_kernel_that_holds_too_much_memory_is_ended(tmp_path: Path, conditions: Conditions) -> None:
    grow = "import time\nheld = []\nwhile True:\n    held.append(b'x' * 2**24)\n    time.sleep(0.02)"
    limited = Conditions(conditions.forked, memory_mb=200)
    with pytest.raises(Exception, match=r"内存超过上限（200 MB，见 perfeval\.toml 的 memory_mb）|MemoryError"):
        run(tmp_path, grow, conditions=limited)
    assert kernels() == []


@pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here")
def test_one_allocation_beyond_the_limit_fails_in_its_own_cell(tmp_path: Path) -> None:
    caught = "try:\n    bytearray(600 * 2**20)\nexcept MemoryError:\n    print('too much')"
    notebook, _ = run(tmp_path, caught)
    assert shown(notebook) == "too much"


@either_kind
def test_a_killed_kernel_is_said_to_have_ended_and_its_cell_named(tmp_path: Path, conditions: Conditions) -> None:
    with pytest.raises(KernelEnded, match="单元格“cell-2”运行时笔记本内核已结束：内核进程中途退出"):
        run(
            tmp_path, "1", f"import os; os.kill(os.getpid(), {int(signal.SIGTERM)}); os._exit(1)", conditions=conditions
        )
    assert kernels() == []


@either_kind
def test_nothing_is_repeated_once_a_cell_has_begun(tmp_path: Path, conditions: Conditions) -> None:
    count = "with open('count.txt', 'a') as file: file.write('x')\nimport os; os._exit(3)"
    with pytest.raises(KernelEnded):
        run(tmp_path, count, conditions=conditions)
    assert (tmp_path / "count.txt").read_text(encoding="utf-8") == "x"


@pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here")
def test_a_batch_has_one_zygote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "REPORTS", ("perfeval.model.values",))
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    with provisioner.kept(forked=True):
        for _ in range(2):
            run(tmp_path, "1")
        children = psutil.Process().children()
        assert sum("perfeval.run.zygote" in child.cmdline() for child in children) == 1


@pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here")
def test_a_zygote_that_cannot_start_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioner.ForkProvisioner, "preload", ["perfeval.not_there"])
    notebook, spent = run(tmp_path, "print('still done')")
    assert shown(notebook) == "still done"
    assert spent.cpu_seconds > 0


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    monkeypatch.setattr("tempfile.tempdir", None)
    run(tmp_path, "1")
    assert list((tmp_path / "t").iterdir()) == []


def test_commands_that_run_no_notebook_load_nothing_that_does(root: Path, tmp_path: Path) -> None:
    """rfc3987_syntax alone, which nbformat imports where jupyterlab is installed, costs a CPU second."""
    code = """
import sys
from perfeval.cli import main
outputs = sys.argv[1]
for arguments in (["--version"], ["list"], ["run", "--dry-run", "--outputs", outputs], ["check"]):
    if arguments == ["check"]:  # asks for the figures of every report, and their sentences stand beside the charts
        assert "matplotlib" not in sys.modules
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as left:
        assert not left.code, (arguments, left.code)
heavy = ("rfc3987_syntax", "nbformat", "nbclient", "nbconvert", "papermill", "jupyter_client")
print("loaded:", [name for name in heavy if name in sys.modules])
"""
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"
