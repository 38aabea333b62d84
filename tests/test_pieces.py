"""The general pieces that notebooks show with: on full, empty and hostile data, alone and inside each other."""

import dataclasses
import re

import example
import pandas as pd
import pytest
from several_years import evaluated, on_file, row

from perfeval.analysis.evaluation import history
from perfeval.analysis.peers import compare
from perfeval.model.errors import ParameterError
from perfeval.model.verdicts import verdict
from perfeval.present import plot, show, style, words

HOSTILE = "</style><script>alert(1)</script>"


def judged(result) -> pd.DataFrame:
    """An evaluation's rows as ``pe.rows`` has them: the five verdicts in ``status``."""
    found = result.indicators
    known = [verdict(*one) for one in zip(found["status"], found["basis"], strict=True)]
    return found.assign(status=known).drop(columns="basis")


def test_a_header_titles_the_page() -> None:
    shown = show.header("示例街道", "年度报告", "规则：湖北")
    data, metadata = shown._repr_mimebundle_()
    assert metadata == {"title": "示例街道 年度报告"}
    assert '<p class="eyebrow">年度报告</p><h1>示例街道</h1><p class="sub">规则：湖北</p>' in data["text/html"]
    assert show.header("甲").text == "<h1>甲</h1>"


def test_words_take_sentences_and_tuples_of_them() -> None:
    assert show.words("一。", ("二。", "三。"), None, "").text == "<p>一。</p><p>二。</p><p>三。</p>"
    assert show.words("一。", "二。", numbered=True).text == "<ol><li>一。</li><li>二。</li></ol>"
    assert 'class="cols"' in show.words("一。", "二。", columns=True).text


def test_the_lead_marks_what_was_missed() -> None:
    shown = show.lead(words.headline_clauses(example.evaluation()))
    assert '<strong class="miss">' in shown.text
    assert repr(shown) == words.headline(example.evaluation())
    assert show.lead("一句话。").text == '<p class="lead">一句话。</p>'


def test_cards_are_coloured_by_meaning() -> None:
    shown = show.cards([("未完成", 2, "项", "bad"), ("得分", "90—95", ""), ("空", None, "没有")])
    assert '<dd class="bad">2 <small>项</small></dd>' in shown.text
    assert '<span class="range">90—95</span>' in shown.text
    assert "<dd>— <small>没有</small></dd>" in shown.text
    with pytest.raises(ParameterError, match="没有'red'"):
        show.cards([("甲", 1, "", "red")])


def test_a_note_is_folded() -> None:
    assert "<summary>怎么读</summary><p>一格一项。</p>" in show.note("一格一项。").text


def test_pieces_hold_pieces_charts_frames_sentences_and_nothing() -> None:
    frame = pd.DataFrame({"name": ["甲"], "score": [1.0]})
    chart = plot.bars(frame, "name", "score")
    shown = show.stack("一句。", None, show.note("甲"), chart, frame, frame["score"])
    assert [shown.text.count(part) for part in ("<p>一句。</p>", "<details", "<figure", "<table")] == [1, 1, 1, 2]
    assert show.beside(chart, None).text == show.piece(chart).text
    assert show.beside(chart, "一句。").text.startswith('<div class="pair"><div><figure')
    assert show.fold("更多", "一句。").text == "<details><summary>更多</summary><p>一句。</p></details>"
    assert show.fold("更多", None).text == ""
    with pytest.raises(ParameterError, match="不能放int"):
        show.stack(1)


def test_pieces_of_rows_say_the_same_of_both_kinds_of_frames() -> None:
    result = example.evaluation()
    for piece in (show.grid, show.missed, show.derivations):
        assert piece(result.indicators).text == piece(judged(result)).text


def test_the_grid_shows_every_indicator() -> None:
    result = example.evaluation()
    shown = show.grid(judged(result))
    assert shown.text.split("</table>")[0].count('role="img"') == len(result.indicators)
    assert "完成 3项" in shown.text


def test_missed_rows_have_cause_and_measure() -> None:
    shown = show.missed(judged(example.evaluation()))
    assert shown.text.count('<section class="card') == 3
    assert "协调产权单位，2023年6月底前完成" in shown.text
    assert '<span class="none">未说明</span>' in shown.text
    met = judged(example.evaluation()).query("status == '完成'")
    assert show.missed(met).text == '<p class="none">没有未完成的指标。</p>'


def test_derivations_say_where_a_row_stands() -> None:
    shown = show.derivations(judged(example.evaluation()))
    assert re.search(r"得分：.*<br>", shown.text)
    assert ">复核<" not in shown.text, (
        "what reviewers have put on file is another thing than what follows from the figures"
    )
    assert re.search(r"；出处：\S+indicators.csv</small></summary>", shown.text), "one file is named once"
    assert re.search("出处：第2行（自评报告第[0-9]+行）。", shown.text), (
        "in the data, and in the document of the office"
    )
    several = judged(example.evaluation()).assign(file=[f"{place}.csv" for place in "abcdefgh"])
    assert "出处：a.csv 第2行（自评报告" in show.derivations(several).text
    assert shown.text.count('<tr class="why">') == 8
    assert "出处：第2行。" in show.derivations(judged(example.evaluation()).assign(source="")).text


def test_findings_are_grouped_gravest_first() -> None:
    found = pd.DataFrame(
        {
            "severity": pd.Categorical(["P2", "P0", "P1"], categories=["P0", "P1", "P2"], ordered=True),
            "code": ["X04", "E03", "C12"],
            "title": ["错字", "不符", "申报"],
            "place": ["甲", "乙", "丙"],
            "fact": ["一", "二（第7行）", "三"],
            "advice": ["改", "核", "说明"],
            "confidence": [0.9] * 3,
            "sureness": ["高", "中", "高"],
            "goal_no": pd.array([None, 1, 2], dtype="Int64"),
            "row": pd.array([None, 7, 8], dtype="Int64"),
        }
    )
    text = show.findings(found).text
    assert text.index("E03") < text.index("C12") < text.index("X04")
    assert "<li>二（第7行）</li>" in text, "the place is not said twice"
    assert "<small>丙</small>" in text
    assert "没有发现问题" in show.findings(found.iloc[:0]).text


def test_sources_are_those_of_every_office() -> None:
    one = example.evaluation()
    assert one.provenance["sha256"].iloc[0] in show.sources(one).text
    years = history({year: evaluated(year, (row("甲", "1个", "1个"),)) for year in (2021, 2022)})
    assert "计分规则" in show.sources(years).text


@pytest.mark.parametrize("result", [example.empty(), example.hostile()], ids=["empty", "hostile"])
def test_any_data(result) -> None:
    rows = judged(result)
    pieces = [
        *(piece(rows) for piece in (show.grid, show.missed, show.derivations, show.table)),
        show.findings(result.findings),
        show.sources(result),
        show.lead(words.headline_clauses(result)),
        show.cards([(HOSTILE, HOSTILE, HOSTILE)]),
        show.note(HOSTILE, HOSTILE),
        show.header(HOSTILE, HOSTILE, HOSTILE),
        show.fold(HOSTILE, HOSTILE),
    ]
    for shown in pieces:
        assert "<script" not in shown.text
        assert shown.text
        assert repr(shown)


def test_a_piece_brings_its_style_but_not_into_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show.words("一句。")
    assert shown._repr_html_().startswith("<style>.pe.pe.pe{")
    assert shown._repr_html_().endswith('</style><div class="pe mathjax_ignore tex2jax_ignore"><p>一句。</p></div>')
    assert shown._repr_mimebundle_()[0]["text/html"] == shown._repr_html_()
    monkeypatch.setenv(style.REPORT, "1")
    assert shown._repr_html_() == "<p>一句。</p>"


def test_the_sheet_is_scoped_lean_and_knows_the_dark() -> None:
    sheet = style.sheet()
    flat = re.sub(r"@(media|container)[^{]*\{((?:[^{}]|\{[^{}]*\})*)\}", r"\2", re.sub(r"@page\{[^}]*\}", "", sheet))
    selectors = [one for found in re.findall(r"([^{}]+)\{", flat) for one in found.split(",")]
    loose = [one for one in selectors if ".pe.pe.pe" not in one and not one.startswith((":", "(", " "))]
    lost = ".jp-OutputArea-output.jupyter-widgets"  # what JupyterLab says where a widget has ended with its kernel
    assert [one for one in loose if "pe" not in one] == [lost, f"{lost}::after"]
    assert 'body[data-jp-theme-light="false"] .pe.pe.pe' in sheet
    assert "body.vscode-dark .pe.pe.pe" in sheet
    assert "prefers-color-scheme" not in sheet, "the host decides, not the system"
    assert "/*" not in sheet
    assert len(sheet) < 16_250


# ---- the great values


def test_what_was_loaded_is_one_screen_each() -> None:
    office = evaluated(2021, (row("新建口袋公园", "≥3个", "2个"), row("道路整治率", "≥95%", "96%")))
    years = history({2021: office, 2022: dataclasses.replace(office, year=2022)})
    other = dataclasses.replace(office, subdistrict="other", name=HOSTILE)
    peers = compare(
        [dataclasses.replace(office, district="示例区"), other], office.ruleset, district="示例区", year=2021, failed=[]
    )
    for value, said in (
        (office, "新建口袋公园"),
        (years, "2021—2022年"),
        (peers, "2 / 2"),
        (on_file(2021, (row("甲", "1个", "1个"),)), "已读入的数据"),
    ):
        shown = value._repr_html_()
        assert said in shown, type(value).__name__
        assert "<script" not in shown
        assert shown.startswith("<style>")
        assert "示例数据" not in shown
    assert "示例数据" in dataclasses.replace(office, synthetic=True)._repr_html_()


def test_a_screen_says_what_it_has_no_room_for() -> None:
    one = on_file(2021, (row("甲", "1个", "1个"),))
    sources = pd.concat([one.sources.assign(subdistrict=f"s{number:02}") for number in range(40)], ignore_index=True)
    shown = dataclasses.replace(one, sources=sources)._repr_html_()
    assert "另有28个单位没有列出" in shown
    assert shown.count("<tr>") == 13
