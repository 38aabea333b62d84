"""The gallery answers what it asks: every block of docs/gallery.md runs, in at most ten lines, and shows something."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

from perfeval import demo

PAGE = (Path(__file__).parents[1] / "docs" / "gallery.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
MOST_LINES = 10


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    notebooks = Path(__file__).parents[1] / "notebooks"
    demo.make(folder / "data-demo", subdistricts=5, years=range(2019, 2025), seed=2024, notebooks=notebooks)
    return folder


def test_ten_questions_of_at_most_ten_lines() -> None:
    assert len(re.findall(r"^## \d+\. .*？$", PAGE, re.MULTILINE)) == 10
    assert len(BLOCKS) == 11
    assert all(len(block.splitlines()) <= MOST_LINES for block in BLOCKS)


def test_every_answer_runs_and_says_something(district: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(district)
    names: dict[str, object] = {}
    for block in BLOCKS:
        *before, last = ast.parse(block).body
        exec(compile(ast.Module(before, []), "gallery.md", "exec"), names)  # noqa: S102  # our own page
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "gallery.md", "eval"), names)  # noqa: S307  # likewise
            assert isinstance(shown, pd.DataFrame | pd.Series | dict), block
            assert len(shown), block
        else:
            exec(compile(ast.Module([last], []), "gallery.md", "exec"), names)  # noqa: S102  # likewise
