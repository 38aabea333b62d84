"""The Word report: the layout of GB/T 9704, the outline, figures with their alt text, tables, and equal bytes."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import example
import findings_office
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn

import perfeval as pe
from perfeval.deliver.word import write_report
from perfeval.deliver.wordstyle import CAPTION, CELL, CELL_HEAD, FIGURE, clean
from perfeval.deliver.wordtables import literal
from perfeval.model import reportform as form
from perfeval.model.schema import Narrative
from perfeval.present import words
from perfeval.present.narrative import SYNTHETIC

OUTLINE = """一、自评结论
（一）部门整体绩效自评得分
（二）部门整体绩效目标完成情况
1．执行率情况
2．完成的绩效目标
（1）各目标完成情况
（2）主要工作成效
3．未完成的绩效目标
（三）存在的问题和原因
（四）下一步改进措施
1．改进措施
2．拟与预算安排相结合情况
二、佐证材料
（一）基本情况
1．部门支出情况以及当年重点工作
（1）部门支出情况
（2）当年重点工作
2．年度部门整体绩效目标
（二）部门自评工作开展情况
1．依据和组织
2．工作阶段
（三）绩效目标完成情况分析
1．预算执行情况分析
2．各项绩效指标完成情况
（四）上年度部门整体自评结果应用情况
（五）其他佐证材料
附件1　自评数据表
附件2　计分说明
数据来源和计分依据""".splitlines()
MM = 36000
"""EMU."""


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, ronghua: pe.Evaluation) -> Any:
    parts = pe.score_parts(pe.rows(ronghua), pe.scores(ronghua))
    path = write_report(tmp_path_factory.mktemp("word") / "annual.docx", ronghua, parts)
    return docx.Document(str(path))


def written(tmp_path: Path, result: pe.Evaluation) -> Any:
    return docx.Document(str(write_report(tmp_path / "annual.docx", result)))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def below(document: Any, heading: str) -> list[str]:
    """The paragraphs between a heading and the next."""
    found: list[str] = []
    at = texts(document).index(heading)
    for paragraph in document.paragraphs[at + 1 :]:
        if paragraph.style.name.startswith("Heading"):
            break
        found.append(paragraph.text)
    return found


# ---- layout


def test_the_page_is_that_of_official_documents(report: Any) -> None:
    upright, across = report.sections
    assert [round(side / MM) for side in (upright.page_width, upright.page_height)] == [210, 297]
    margins = ("top_margin", "bottom_margin", "left_margin", "right_margin")
    assert [round(getattr(upright, side) / MM) for side in margins] == [37, 35, 28, 26]
    wide, high = (across.page_width - across.left_margin - across.right_margin) / MM, across.page_height / MM
    assert (round(wide), round(high)) == (225, 210)
    assert round((across.page_height - across.top_margin - across.bottom_margin) / MM) == 156


@pytest.mark.parametrize(
    ("style", "font", "size", "line", "indent"),
    [
        ("Normal", "仿宋_GB2312", 16, 28, "200"),
        ("Title", "方正小标宋简体", 22, 35, "0"),
        ("Heading 1", "黑体", 16, 28, "200"),
        ("Heading 2", "楷体_GB2312", 16, 28, "200"),
        ("Heading 3", "仿宋_GB2312", 16, 28, "200"),
        ("Heading 4", "仿宋_GB2312", 16, 28, "200"),
        (CELL, "仿宋_GB2312", 10.5, None, "0"),
        (CELL_HEAD, "黑体", 10.5, None, "0"),
        (CAPTION, "黑体", 14, None, "0"),
    ],
)
def test_styles_name_the_fonts_of_official_documents(
    report: Any, style: str, font: str, size: float, line: float | None, indent: str
) -> None:
    found = report.styles[style]
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert not [name for name in fonts.attrib if "Theme" in name or "theme" in name]
    assert (found.font.size.pt, found.font.bold, found.font.color.rgb) == (size, False, None)
    form_ = found.paragraph_format
    if line is None:
        assert form_.line_spacing_rule == WD_LINE_SPACING.SINGLE
    else:
        assert (form_.line_spacing.pt, form_.line_spacing_rule) == (line, WD_LINE_SPACING.EXACTLY)
    assert found.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == indent


def test_headings_are_in_words_outline_and_stay_with_what_follows(report: Any) -> None:
    heads = [paragraph for paragraph in report.paragraphs if paragraph.style.name.startswith("Heading")]
    assert [head.text for head in heads] == OUTLINE
    for level in range(1, 5):
        style = report.styles[f"Heading {level}"]
        assert style.paragraph_format.keep_with_next
        assert style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == str(level - 1)
    assert {heads[0].style.name, heads[1].style.name, heads[3].style.name, heads[5].style.name} == {
        f"Heading {level}" for level in range(1, 5)
    }


def test_page_numbers_stand_at_the_outer_side(report: Any) -> None:
    assert report.settings.odd_and_even_pages_header_footer
    odd, even = report.sections[0].footer, report.sections[0].even_page_footer
    sides = [footer._element.find(f".//{qn('w:jc')}").get(qn("w:val")) for footer in (odd, even)]
    assert sides == ["right", "left"]
    for footer in (odd, even):
        assert footer.paragraphs[0].text == "— 1 —"
        assert footer._element.find(f".//{qn('w:instrText')}").text.strip() == "PAGE"
        assert {size.get(qn("w:val")) for size in footer._element.iter(qn("w:sz"))} == {"28"}
    assert report.sections[1].footer.is_linked_to_previous


def test_the_file_says_neither_who_nor_when(tmp_path: Path) -> None:
    path = write_report(tmp_path / "a.docx", example.evaluation())
    with zipfile.ZipFile(path) as parts:
        core = parts.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert "仿宋" in parts.read("word/fontTable.xml").decode()
        assert parts.testzip() is None
    assert "部门整体绩效自评报告" in core
    assert not [mark for mark in ("creator", "lastModifiedBy", "created>", "modified>", "python-docx") if mark in core]


def test_equal_evaluations_give_equal_bytes(tmp_path: Path) -> None:
    first, second = (write_report(tmp_path / f"{name}.docx", example.evaluation()) for name in "ab")
    assert first.read_bytes() == second.read_bytes()


# ---- what it says


def test_the_sentences_are_those_of_the_page(report: Any, ronghua: pe.Evaluation) -> None:
    assert texts(report)[:2] == ["武汉市硚口区荣华街道办事处", "2022年度部门整体绩效自评报告"]
    assert (
        below(report, "（一）部门整体绩效自评得分")[0]
        == "“2022年度武汉市硚口区荣华街道办事处部门整体”绩效自评得分98分。"
    )
    there = {form.ITEM.sub("", text, count=1) for text in texts(report)}
    for said in (words.problems, words.measures, words.stages, words.last_year, words.scores):
        plain = {one.replace("6月", "2023年6月").replace("7月", "2023年7月") for one in said(ronghua)}
        assert plain <= there
    assert below(report, "（2）当年重点工作")[0] == "①理论学习和宣传教育。"
    assert below(report, "（五）其他佐证材料") == ["无。文件没有列出其他佐证材料。"]


def test_figures_have_captions_and_text_equivalents(report: Any) -> None:
    pictures = list(report.element.iter(qn("wp:docPr")))
    captions = [paragraph.text for paragraph in report.paragraphs if paragraph.text.startswith("图")]
    assert len(pictures) == len(captions) == 6
    assert [caption.split("　")[0] for caption in captions] == [f"图{number}" for number in range(1, 7)]
    assert all(len(picture.get("descr")) > 20 for picture in pictures)
    assert len({picture.get("id") for picture in pictures}) == 6
    holders = [paragraph for paragraph in report.paragraphs if paragraph._p.findall(f".//{qn('w:drawing')}")]
    assert all(holder.style.name == FIGURE and holder.paragraph_format.keep_with_next for holder in holders)
    assert report.styles[FIGURE].paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE
    assert all(shape.width < 156 * MM for shape in report.inline_shapes)


def test_tables_fit_the_page_repeat_their_heads_and_keep_their_rows(report: Any) -> None:
    assert len(report.tables) == 8
    for number, table in enumerate(report.tables):
        room = 156 if number == 0 else 225
        assert sum(column.width for column in table.columns) / MM == pytest.approx(room, abs=1)
        head, *rows = table._tbl.tr_lst
        assert head.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in [head, *rows])
        assert not [row for row in rows if row.find(f".//{qn('w:tblHeader')}") is not None]


def test_a_row_longer_than_a_page_may_break(tmp_path: Path) -> None:
    found = written(tmp_path, findings_office.office({findings_office.ROWS[0][4]: {"reason": "长" * 4000}}))
    details = next(table for table in found.tables if "偏差原因" in [cell.text for cell in table.rows[0].cells])
    rows = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in details.rows[:3]]
    assert rows == [True, False, True]


def test_the_indicators_stand_under_their_goals(report: Any) -> None:
    table = report.tables[3]
    assert [cell.text for cell in table.rows[0].cells] == [
        *("序号", "一级指标", "三级指标", "年度指标值", "实际完成值", "申报完成情况", "判定", "复算得分")
    ]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    at = rows.index(["目标4", *["基层公共安全经费"] * 7])
    assert rows[at + 4] == ["16", "产出", "信访积案化解率", "100%", "30%", "未完成年初目标", "未完成", "0.41"]
    assert len([row for row in rows if row[0].isdecimal()]) == 39
    assert len([row for row in rows if row[0].startswith("目标")]) == 12


# ---- all kinds of offices


def test_sections_without_data_say_so(tmp_path: Path) -> None:
    found = written(tmp_path, example.empty())
    assert [text for text in texts(found) if text in OUTLINE] == OUTLINE
    for heading in (
        "（三）存在的问题和原因",
        "2．工作阶段",
        "（2）主要工作成效",
        "1．依据和组织",
        "2．各项绩效指标完成情况",
    ):
        assert below(found, heading)[0].startswith("无。文件没有列出"), heading
    assert "没有列出自评总分" in below(found, "（一）部门整体绩效自评得分")[0]
    assert [len(table.rows) for table in found.tables[:4]] == [2, 1, 1, 1]


def one(**changes: Any) -> pe.Evaluation:
    """An office with one indicator, which is met."""
    kept = findings_office.ROWS[0][4]
    return findings_office.office(drop=[row[4] for row in findings_office.ROWS if row[4] != kept], **changes)


def test_an_office_with_one_indicator_and_none_unmet(tmp_path: Path) -> None:
    found = written(tmp_path, one())
    assert below(found, "3．未完成的绩效目标") == ["没有未完成的指标。"]
    assert [len(table.rows) for table in found.tables if table.rows[0].cells[0].text == form.NUMBER] == [3, 2, 2]


def test_a_budget_without_total_has_its_reason(tmp_path: Path) -> None:
    found = written(tmp_path, example.evaluation(execution=example.no_execution()))
    assert below(found, "1．执行率情况") != []
    assert found.tables[1].rows[0].cells[0].text == "预算项目"


@pytest.mark.parametrize("how", [example.hostile, lambda: worded("甲\x00\x0b\x1f乙\ud800\ufffe丙" + "长" * 5000)])
def test_any_text_stays_text(tmp_path: Path, how: Callable[[], pe.Evaluation]) -> None:
    result = how()
    path = write_report(tmp_path / "annual.docx", result)
    found = docx.Document(str(path))
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode()
    assert "<script" not in body
    assert "w:hyperlink" not in body
    task = " ".join(result.narrative.key_tasks[0].split())  # on one line
    assert clean(task) in "".join(below(found, "（2）当年重点工作"))
    assert found.core_properties.title


def worded(text: str) -> pe.Evaluation:
    return replace(example.evaluation(), narrative=Narrative(key_tasks=(text,), title=text), name=text)


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert clean("甲\x00\x0b\r\n乙\r丙\t\ud800𠮷\uffff") == "甲\n乙\n丙\t𠮷"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (5431.28, "money", "5,431.28"),
        (2000.0, "money", "2,000.00"),
        (0.123456, "money", "0.123456"),
        (float("nan"), "money", ""),
        (1e-7, "money", "0.0000001"),
        (9.5, "points", "9.5"),
        ("0012", "text", "0012"),
        (4, "count", "4"),
        (None, "count", ""),
    ],
)
def test_numbers_keep_every_digit(value: Any, kind: str, text: str) -> None:
    assert literal(value, kind) == text


@pytest.mark.parametrize(
    ("level", "number", "shown"),
    [
        (1, 2, "二、"),
        (1, 12, "十二、"),
        (2, 10, "（十）"),
        (2, 21, "（二十一）"),
        (3, 3, "3．"),
        (4, 14, "（14）"),
        (5, 9, "⑨"),
        (5, 51, "（51）"),
    ],
)
def test_numbers_of_headings_and_lists(level: int, number: int, shown: str) -> None:
    assert form.numbered(level, number) == shown


def test_invented_figures_say_so_on_every_page(tmp_path: Path) -> None:
    for synthetic, said in ((True, SYNTHETIC), (False, "")):
        result = replace(example.evaluation(), synthetic=synthetic)
        found = docx.Document(str(write_report(tmp_path / f"{synthetic}.docx", result)))
        for section in found.sections:  # later ones carry on the first one's headers
            assert section.header.paragraphs[0].text == said
            assert section.even_page_header.paragraphs[0].text == said
