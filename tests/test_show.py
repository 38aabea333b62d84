"""What notebooks call: the head of a page, and the figures left for programs."""

import dataclasses
import json

import example
import pytest
from IPython.core.formatters import DisplayFormatter

from perfeval.present import show, style


def test_a_notebook_gets_html_and_words() -> None:
    data, metadata = DisplayFormatter().format(
        show.header("示例街道办事处", "2022年度部门整体绩效自评报告", "规则：湖北")
    )
    assert set(data) == {"text/html", "text/plain"}
    assert metadata == {"title": "示例街道办事处 2022年度部门整体绩效自评报告"}
    assert "<h1>示例街道办事处</h1>" in data["text/html"]


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
