"""What notebooks call: every section on full, empty and hostile data, and the figures left for programs."""

import ast
import dataclasses
import inspect
import json
from itertools import product
from pathlib import Path
from types import ModuleType

import example
import pytest
from IPython.core.formatters import DisplayFormatter

from perfeval.present import annual, district, district_tables, show, style, trend, trend_changes
from perfeval.present.pieces import Html

SECTIONS = [
    name
    for name, found in inspect.getmembers(annual, inspect.isfunction)
    if found.__module__ == annual.__name__ and not name.startswith("_")
]


def test_every_section_shows_something_on_any_data() -> None:
    data = {"example": example.evaluation(), "empty": example.empty(), "hostile": example.hostile()}
    wrong = []
    for name, (kind, result) in product(SECTIONS, data.items()):
        shown = getattr(show, name)(result)
        something = len(shown._repr_html_()) > 10 and repr(shown).strip()
        if not something or "<script" in shown.text or "nan" in shown.text.replace("aria", ""):
            wrong.append((name, kind))
    assert wrong == []
    assert len(SECTIONS) > 15


def test_every_section_is_the_same_every_time() -> None:
    one, other = example.evaluation(), example.evaluation()
    assert [name for name in SECTIONS if getattr(show, name)(one) != getattr(show, name)(other)] == []


def test_a_notebook_gets_html_and_words() -> None:
    data, metadata = DisplayFormatter().format(show.header(example.evaluation()))
    assert set(data) == {"text/html", "text/plain"}
    assert metadata == {"title": "示例市示例区示例街道办事处 2022年度部门整体绩效自评报告"}
    assert "<h1>示例市示例区示例街道办事处</h1>" in data["text/html"]


@pytest.mark.parametrize(
    ("notebook", "modules"),
    [("annual", [annual]), ("trend", [trend, trend_changes]), ("overview", [district, district_tables])],
)
def test_the_notebook_of_a_report_uses_every_section_once(notebook: str, modules: list[ModuleType]) -> None:
    path = Path(__file__).parents[1] / "notebooks" / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    called = [
        node.func.attr
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "show"
    ]
    there = [
        name
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__
        and inspect.get_annotations(found).get("return") is Html
        and name[0] != "_"
    ]
    assert sorted(called) == sorted([*there, "record"])


def test_the_conclusion_holds_the_answer() -> None:
    text = show.conclusion(example.evaluation()).text
    assert text.index("预算执行率95.2%") < text.index("81.04") < text.index("背街小巷整治 <small>")


def test_the_record_is_plain_json_in_a_display_of_its_own() -> None:
    data, _ = DisplayFormatter().format(show.record(example.evaluation()))
    assert set(data) == {show.RECORD, "text/html", "text/plain"}
    assert "已载入示例市示例区示例街道办事处 2022年度" in data["text/html"]
    assert "示例数据" not in data["text/html"]
    invented = show.record(dataclasses.replace(example.evaluation(), synthetic=True))
    assert "示例数据" in DisplayFormatter().format(invented)[0]["text/html"]


def test_a_report_has_the_record_for_programs_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(style.REPORT, "1")
    data, _ = DisplayFormatter().format(show.record(example.evaluation()))
    assert set(data) == {show.RECORD, "text/plain"}


def test_the_record_has_all_figures() -> None:
    data, _ = DisplayFormatter().format(show.record(example.evaluation()))
    figures = json.loads(data[show.RECORD], parse_constant=pytest.fail)
    assert figures == show.record(example.evaluation()).figures
    assert {"subdistrict", "name", "year", "period", "ruleset", "version"} <= set(figures)
    assert figures["score"] == 81.04
    assert figures["scores"]["strict"]["total"] == 71.04
    assert figures["execution"]["rate"] == 0.952
    assert figures["completion"]["overall"]["met"] == 3
    assert figures["completion"]["overall"]["most"] == 5
    assert [row["goal"] for row in figures["completion"]["by_goal"]] == ["便民服务", "环境治理", "平安建设"]
    assert figures["unverified"] == 2
    assert [row["indicator"] for row in figures["unmet"]] == ["政务公开", "背街小巷整治", "隐患整改率95%"]
    assert figures["unmet"][1]["measure"] == "协调产权单位，2023年6月底前完成"
    assert figures["indicators"][7]["attainment"] is None
    assert len(figures["indicators"]) == 8


def test_the_record_of_nothing_is_json_too() -> None:
    figures = show.record(example.empty()).figures
    assert figures["unmet"] == []
    assert figures["execution"]["rate"] is None
    assert figures["completion"]["overall"]["low"] is None
