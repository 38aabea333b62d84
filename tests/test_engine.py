"""The engine that runs reports' cells, beside the one that comes with papermill: the same notebooks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from perfeval.run import provisioner
from perfeval.run.kernels import Conditions, Spent, execute, repeatable

OUTPUTS = (
    "import sys\nprint('out', year)\nprint('err', file=sys.stderr)\nprint('more')",
    "from IPython.display import HTML, Markdown, clear_output, display\nHTML('<b>&</b>')",
    "display(Markdown('one'), metadata={'a': 1})\ndisplay({'text/x-own': 'own'}, raw=True)\n'last'",
    "shown = display('first', display_id='id')\nshown.update('second')",
    "HTML('as a result')._repr_html_()",
    "display('gone')\nclear_output(wait=True)\ndisplay('kept')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "shown.update('third')\nNone",
    "",
    "{'a': [1, 2]}",
)
COLD = Conditions()
FORKED = pytest.param(
    Conditions(forked=True), marks=pytest.mark.skipif(not provisioner.FORKS, reason="no safe fork here"), id="forked"
)
BROKEN = ("print('before')", "1 / 0", "print('never')")


def notebook(folder: Path, *sources: str) -> Path:
    """A notebook with such cells, each below a heading."""
    cells = [new_code_cell("year: int = 2022", metadata={"tags": ["parameters"]}, id="parameters")]
    for place, source in enumerate(sources):
        cells += [new_markdown_cell(f"# {place}", id=f"title-{place}"), new_code_cell(source, id=f"cell-{place}")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "test.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def told(executed: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """What a notebook says, cell by cell, but for the outputs."""
    return [{name: part for name, part in cell.items() if name != "outputs"} for cell in executed.cells]


def outputs(executed: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """All outputs, without tracebacks, which name random files."""
    every = [output for cell in executed.cells for output in cell.get("outputs", [])]
    return [{name: part for name, part in output.items() if name != "traceback"} for output in every]


def ours(path: Path, conditions: Conditions = COLD) -> tuple[nbformat.NotebookNode, Exception | None]:
    return execute(path, {"year": 2023}, path.parent, conditions=conditions, spent=Spent())


@pytest.fixture(autouse=True)
def light_zygotes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What else a zygote has imported is of no matter here."""
    monkeypatch.setattr(provisioner.ForkProvisioner, "preload", ["perfeval.model.values"])
    yield
    provisioner.close()


@pytest.mark.parametrize("conditions", [pytest.param(COLD, id="cold"), FORKED])
def test_every_kind_of_output_is_as_papermills_own_engine_leaves_it(tmp_path: Path, conditions: Conditions) -> None:
    path = notebook(tmp_path, *OUTPUTS)
    executed, error = ours(path, conditions)
    plain = repeatable(papermill.execute_notebook(str(path), None, {"year": 2023}, progress_bar=False))
    assert error is None
    assert told(executed) == told(plain)
    assert outputs(executed) == outputs(plain)
    assert executed.metadata == plain.metadata
    kinds = {output.output_type for cell in executed.cells for output in cell.get("outputs", [])}
    assert kinds == {"stream", "display_data", "execute_result"}
    nbformat.validate(executed)


def test_a_cell_that_fails_is_marked_as_by_papermills_own_engine(tmp_path: Path) -> None:
    path = notebook(tmp_path, *BROKEN)
    executed, error = ours(path)
    with pytest.raises(papermill.PapermillExecutionError) as raised:
        papermill.execute_notebook(str(path), str(tmp_path / "plain.ipynb"), {"year": 2023}, progress_bar=False)
    plain = repeatable(nbformat.read(tmp_path / "plain.ipynb", as_version=4))
    assert isinstance(error, papermill.PapermillExecutionError)
    assert (error.cell_index, error.ename, error.evalue) == (
        raised.value.cell_index,
        raised.value.ename,
        raised.value.evalue,
    )
    assert told(executed) == told(plain)
    assert outputs(executed) == outputs(plain)
    assert executed.metadata.papermill.exception is True
    assert executed.metadata.papermill == plain.metadata.papermill


def test_outputs_that_a_notebook_comes_with_are_not_taken_for_this_runs(tmp_path: Path) -> None:
    path = notebook(tmp_path, "raise SystemExit(0)", "1")
    stale = nbformat.read(path, as_version=4)
    stale.cells[-1].outputs, stale.cells[-1].execution_count = [nbformat.v4.new_output("stream", text="old")], 9
    nbformat.write(stale, path)
    executed, _ = ours(path)
    assert executed.cells[-1].outputs == []
    assert executed.cells[-1].execution_count is None
