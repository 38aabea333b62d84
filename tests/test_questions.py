"""questions.ipynb answers what it asks: on a demo every answer says something, on a single office it says so plainly."""

import ast
import importlib.util
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import cells
import nbformat
import pandas as pd
import pytest
from matplotlib.axes import Axes

from perfeval import demo
from perfeval.present.pieces import Html

ROOT = Path(__file__).parents[1]
NOTEBOOK = nbformat.read(ROOT / "notebooks" / "questions.ipynb", as_version=4)
NAMES = [cell.id for cell in NOTEBOOK.cells]
CODE = {cell.id: cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code"}
ASKED = [name for name in NAMES[NAMES.index("load") + 1 : NAMES.index("changes")] if name in CODE]
CHANGES = [name for name in NAMES[NAMES.index("changes") :] if name.startswith("own-") and name in CODE]
MOST_LINES, LEAST_QUESTIONS, LEAST_CHANGES = 5, 12, 3


def run(folder: Path, patch: pytest.MonkeyPatch) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every cell shows where the notebooks of a project are, and the names it leaves."""
    patch.chdir(folder / "notebooks")
    names: dict[str, Any] = {"folder": folder / "notebooks"}
    return {name: shown(source, names) for name, source in CODE.items()}, names


def shown(source: str, names: dict[str, Any]) -> Any:
    """Run a cell, in which a warning is an error; what its last line shows."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return cells.last_value(source, names)


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def on_demo(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch):
    folder = tmp_path_factory.mktemp("questions") / "demo"
    demo.make(folder, subdistricts=5, years=range(2021, 2025), seed=2024, notebooks=ROOT / "notebooks")
    return run(folder, patch)


@pytest.fixture(scope="module")
def on_one_office(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch):
    folder = tmp_path_factory.mktemp("questions") / "one"
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "notebooks").mkdir()
    return run(folder, patch)


def test_there_are_questions_and_larger_changes_enough() -> None:
    assert len(ASKED) >= LEAST_QUESTIONS
    assert len(CHANGES) >= LEAST_CHANGES


@pytest.mark.parametrize("name", ASKED)
def test_a_question_is_answered_in_five_lines_and_says_what_to_change(name: str) -> None:
    lines = [line for line in CODE[name].splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) <= MOST_LINES
    asked = NOTEBOOK.cells[NAMES.index(name) - 1].source
    assert re.match(r"## \d+\. .+", asked)
    assert "\n改一改：" in asked
    last = ast.parse(CODE[name]).body[-1]
    assert isinstance(last, ast.Expr)
    assert ast.unparse(last).startswith(("show.", "plot."))


def test_every_answer_says_something_on_a_demo(on_demo) -> None:
    answers, _ = on_demo
    silent = []
    for name, answer in answers.items():
        if name == "parameters":
            continue
        said = isinstance(answer, Axes) or (
            len(answer) > 0 if isinstance(answer, pd.DataFrame) else isinstance(answer, Html) and bool(answer.text)
        )
        nothing = isinstance(answer, Html) and 'class="none"' in answer.text
        if not said or nothing:
            silent.append(name)
    assert [name for name in silent if name not in ("register", "own-threshold")] == []
    assert "示例数据" in answers["load"].plain


def test_the_answers_are_right(on_demo) -> None:
    answers, names = on_demo
    scores, rows = names["scores"], names["rows"]
    assert repr(answers["register"]) == "名册上应有的20份材料都有。"
    assert len(scores) == 20
    # rates of the district are sums over sums, not means of rates
    known = scores[scores["year"].eq(2024)].dropna(subset=["budget", "executed"])
    assert names["sums"].loc[2024, "execution_rate"] == pytest.approx(known["executed"].sum() / known["budget"].sum())
    bounds = names["shares"]
    assert (bounds["completion_low"] <= bounds["completion_high"]).all()
    decided = rows["status"].eq("完成").sum()
    assert bounds["完成"].sum() == decided
    assert names["often"]["years"].between(2, 4).all()
    assert set(names["changed"]["move"]) == {"目标放宽"}


def test_a_chart_for_a_slide_lies_where_the_answer_says(on_demo) -> None:
    answers, names = on_demo
    assert "执行率.png" in answers["slide"].plain
    assert (names["folder"] / "执行率.png").read_bytes().startswith(b"\x89PNG")


def test_one_office_of_one_year_gets_plain_sentences(on_one_office) -> None:
    answers, names = on_one_office
    assert len(names["scores"]) == 1
    assert repr(answers["repeated"]) == "没有这样的指标。"
    assert repr(answers["loosened"]) == "0对相邻两年的目标里，目标放宽的0对。"
    assert repr(answers["moved"]) == "只有一年，不能分解。"
    assert "1个街道里，1个的名次不随规则和口径变化" in repr(answers["ranks"])


@pytest.mark.parametrize("tool", ["polars", "duckdb"])
def test_a_tool_that_is_not_installed_is_named(tool: str, on_demo, monkeypatch: pytest.MonkeyPatch) -> None:
    _, names = on_demo
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == tool else there(name))
    before = dict(names) | {"find_spec": importlib.util.find_spec}
    assert repr(shown(CODE[tool], before)) == f"没有安装 {tool}，本格没有运行。安装：pip install {tool}"


TRIED = {
    "register": [("ruleset=ruleset)", "ruleset=ruleset, years=2024)", "5份", "20份")],
    "totals": [
        ('"score"', '"strict"', "各年的严格得分", "复算得分"),
        ('"score"', '"declared_score"', "各年的自评得分", "复算得分"),
        ('"score"', '"execution_rate"', "%", "（分）"),
    ],
    "repeated": [
        ("= 2,", "= 3,", "有3年以上没完成", "2年以上"),
        ('["years", "lost"]', '"lost"', "有2年以上没完成", "没有这样的"),
    ],
    "loosened": [("目标放宽", "不及上年实际", "目标里，不及上年实际的", "放宽")],
    "quadrants": [
        ("last", "2023", "2023年各街道", "2024年"),
        ("(0.9, 0.9)", "(0.95, 0.85)", "横到95%、纵到85%", "都完成"),
    ],
    "common": [
        (
            'rows.loc[rows["common"].ne(""), "common"].value_counts().index[:1]',
            'rows["common"].unique()[:1]',
            "：",
            "0个",
        )
    ],
    "codes": [(".eq(last)]", """.eq(last)].query("severity == 'P0'")""", "P0", "P1")],
    "declared": [('"score"', '"strict"', "自评减严格得分", "复算得分")],
    "categories": [("category", "goal", "年度目标", "一级指标"), ("category", "year", "2023", "一级指标")],
    "ranks": [
        ("ruleset=ruleset)", 'ruleset=ruleset, district="虚构区")', "5个街道里", "没有可以比较的"),
        ('"score_high": "最高"', '"score_high": "最高", "band": "档"', "档", "没有可以比较的"),
    ],
    "first": [("10 *", "100 *", "10", "没有")],
    "lost": [("nlargest(10,", "nlargest(30,", "项", "没有失分的"), ('"reason"', '"measure"', "改进措施", "偏差原因")],
    "rates": [('"year")\n', '["name", "year"])\n', "街道", "全区")],
    "moved": [('this_year["subdistrict"].iloc[0]', '"乌有街道"', "乌有街道办事处", "子虚街道")],
    "slide": [(".png", ".svg", "图存为执行率.svg", ".png")],
}
"""By question: what its advice says to change, into what, and what the answer then says and no longer says."""


@pytest.mark.parametrize(
    ("name", "old", "new", "says", "not_"), [(name, *one) for name, tried in TRIED.items() for one in tried]
)
def test_what_the_advice_changes_the_answer_says(
    name: str, old: str, new: str, says: str, not_: str, on_demo, monkeypatch
) -> None:
    _, names = on_demo
    monkeypatch.chdir(names["folder"])
    assert old in CODE[name]
    answer = shown(CODE[name].replace(old, new), dict(names))
    said = re.sub(r"<[^>]+>", " ", answer.text)
    assert says in said
    assert not_ not in said


def test_the_advice_of_every_question_is_tried() -> None:
    assert set(TRIED) == set(ASKED)


def test_the_rates_of_each_office_are_compared_with_its_own_year_before(on_demo) -> None:
    _, names = on_demo
    names = dict(names)
    shown(CODE["rates"].replace('"year")\n', '["name", "year"])\n'), names)
    scores = names["scores"].set_index(["name", "year"])["execution_rate"]
    wanted = 100 * (scores - scores.groupby("name").shift())
    pd.testing.assert_series_equal(names["sums"]["change"], wanted.sort_index(), check_names=False)
