"""Errors in a notebook: the Chinese sentence and the user's own line, none of ours."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from perfeval.model.errors import WARNING, DataError, NotOnFile, Problem

COLOURS = re.compile(r"\x1b\[[\d;]*m")
SOURCE = """import perfeval as pe


def mine(name):
    return pe.load("data", subdistrict=name)

mine("nobody")"""


@pytest.fixture(scope="module")
def shown(root: Path) -> tuple[nbformat.NotebookNode, str]:
    """What a stock kernel shows of an error of ours, and what nbclient raises."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)])
    client = NotebookClient(notebook, resources={"metadata": {"path": str(root)}}, kernel_name="python3")
    with pytest.raises(CellExecutionError) as raised:
        client.execute()
    return notebook.cells[0].outputs[0], COLOURS.sub("", str(raised.value))


def test_the_sentence_and_the_own_cell_are_shown(shown: tuple[nbformat.NotebookNode, str]) -> None:
    output, _ = shown
    text = COLOURS.sub("", "\n".join(output.traceback))
    assert text.startswith("NotOnFile：")
    assert "nobody" in text.splitlines()[0]
    assert "本单元格第7行：" in text
    assert '----> 7   mine("nobody")' in text
    assert '----> 5       return pe.load("data", subdistrict=name)' in text
    assert "store.py" not in text
    assert "site-packages" not in text
    assert (output.ename, "nobody" in output.evalue) == ("NotOnFile", True)


def test_what_is_stored_of_a_failed_run_is_as_useful(shown: tuple[nbformat.NotebookNode, str]) -> None:
    _, raised = shown
    assert "NotOnFile" in raised
    assert 'mine("nobody")' in raised


def test_an_error_lists_all_problems_and_needs_no_traceback() -> None:
    error = DataError([Problem("E101", "缺少列", file="a.csv"), Problem("E102", "不是数", file="b.csv")])
    (text,) = error._render_traceback_()
    assert "E101" in text
    assert "E102" in text


def test_a_users_own_module_is_named(tmp_path: Path) -> None:
    module = tmp_path / "helper.py"
    module.write_text("A, B = 1, 2\n\ndef ask(error):\n    raise error\n\nC = 3\nD = 4\n", encoding="utf-8")
    names: dict = {}
    exec(compile(module.read_text(encoding="utf-8"), str(module), "exec"), names)  # noqa: S102  # a user's own code
    with pytest.raises(NotOnFile) as raised:
        names["ask"](NotOnFile("没有这个年度"))
    shown = COLOURS.sub("", "\n".join(raised.value._render_traceback_()))
    assert "helper.py 第4行：" in shown
    assert "----> 4       raise error" in shown
    assert [line.split()[0] for line in shown.rpartition("helper.py")[2].splitlines()[1:]] == [
        "2",
        "3",
        "---->",
        "5",
        "6",
    ]


def test_what_must_be_mended_first_is_not_said_among_what_need_not() -> None:
    """The log of a run has one line a report: a warning at its head was taken for the reason."""
    known = (
        Problem("W101", "不是UTF-8编码", severity=WARNING, file="a.csv"),
        Problem("E203", "不要写单位", file="b.csv"),
    )
    error = DataError(known)
    assert str(error).startswith("数据有1处错误，须先改正：错误 E203 b.csv")
    assert "W101" not in str(error)
    assert error.problems == known
