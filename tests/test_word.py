"""Word documents: everything a reader sees, in order, and nothing that was deleted."""

import io
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import docx
import pytest
from test_containers import WORD, codes, compound, p, parse_content, refused, texts
from test_containers import docx as packed

from perfeval.ingest.containers import legacy
from perfeval.ingest.containers.wordlooks import counted
from perfeval.ingest.document import Grid, Paragraph


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def lines(raw: bytes) -> list[str]:
    content = parse_content(raw, "报告.docx")
    assert not [problem for problem in content.problems if problem.severity == "错误"]
    return [block.words for block in content.blocks if isinstance(block, Paragraph)]


def test_paragraphs_and_tables_come_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("一、自评结论")
    document.add_paragraph("")
    grid = document.add_table(2, 3)
    for row in range(2):
        for column in range(3):
            grid.cell(row, column).text = f"{row}{column}"
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "产出"
    grid.cell(0, 1).merge(grid.cell(0, 2)).text = "数量\n指标"
    document.add_paragraph("末段")
    document.add_table(1, 1).cell(0, 0).text = "第二张表"
    buffer = io.BytesIO()
    document.save(buffer)
    content = parse_content(buffer.getvalue(), "a.docx")
    first, found, last, second = content.blocks
    assert (first, last) == (Paragraph("一、自评结论", 1), Paragraph("末段", 3))
    assert isinstance(found, Grid)
    assert isinstance(second, Grid)
    assert texts(found) == [["产出", "数量\n指标", ""], ["", "11", "12"]]
    assert found.merges == ((0, 0, 1, 0), (0, 1, 0, 2))
    assert (found.sheet, second.sheet, found.first_row) == ("表1", "表2", 1)
    assert content.problems == ()


def test_cells_that_span_down_and_across_at_once() -> None:
    down = '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'
    raw = packed(table(tc("大", down) + tc("甲"), tc("", '<w:gridSpan w:val="2"/><w:vMerge/>') + tc("乙")))
    (grid,) = parse_content(raw, "a.docx").blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["大", "", "甲"], ["", "", "乙"]]
    assert grid.merges == ((0, 0, 1, 1),)


def test_two_merges_one_below_the_other_stay_apart() -> None:
    start = '<w:vMerge w:val="restart"/>'
    rows = [tc("产出", start), tc("", "<w:vMerge/>"), tc("效益", start), tc("", "<w:vMerge/>")]
    (grid,) = parse_content(packed(table(*rows)), "a.docx").blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["产出"], [""], ["效益"], [""]]
    assert grid.merges == ((0, 0, 1, 0), (2, 0, 3, 0))


def test_what_stands_in_controls_and_boxes_is_not_lost() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('控件里的一段')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><w:pict><w:txbxContent>"
        + p("文本框")
        + "</w:txbxContent></w:pict></w:r></w:p>"
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>☑</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r>"
        '</w:hyperlink><w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:tab/><w:t>是</w:t></w:r></w:p>'
    )
    assert lines(packed(body)) == ["控件里的一段", "前", "文本框", "☑链接☑\t是"]


def test_alternatives_are_read_once() -> None:
    both = "<w:AlternateContent><w:Choice>{0}</w:Choice><w:Fallback>{0}</w:Fallback></w:AlternateContent>"
    inner = both.format("<w:r><w:t>甲</w:t></w:r>")
    assert lines(packed(f"<w:p>{inner}</w:p>")) == ["甲"]


def test_a_table_within_a_table_follows_it() -> None:
    inner = table(tc("内甲") + tc("内乙"))
    content = parse_content(packed(f"<w:tbl><w:tr><w:tc>{p('外')}{inner}</w:tc></w:tr></w:tbl>"), "a.docx")
    assert [(block.sheet, texts(block)) for block in content.blocks if isinstance(block, Grid)] == [
        ("表1", [["外"]]),
        ("表1-1", [["内甲", "内乙"]]),
    ]


def test_deleted_text_is_not_read_and_that_is_said() -> None:
    body = (
        f"<w:del>{p('整段删去')}</w:del>"
        "<w:p><w:r><w:t>得</w:t></w:r><w:del><w:r><w:delText>90</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>98</w:t></w:r></w:ins><w:r><w:t>分</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>看得见</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{tc('删去的行')}</w:tr><w:tr>{tc('留下的行')}</w:tr></w:tbl>"
    )
    content = parse_content(packed(body), "a.docx")
    assert [block.text for block in content.blocks[:2] if isinstance(block, Paragraph)] == ["得98分", "看得见"]
    assert texts(content.blocks[2]) == [["留下的行"]]
    assert codes(content) == ["N603"]
    assert "有3处" in content.problems[0].message


def test_bookmark_noise_is_cleaned() -> None:
    assert lines(packed(p("自评[bookmark: _GoBack]得分98分"))) == ["自评得分98分"]


def numbered(level: int, number: int = 1) -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'


def test_automatic_numbers_stand_before_the_text() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3.")]
        )
    )
    lists = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="head"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        '</w:style><w:style w:styleId="below"><w:basedOn w:val="head"/></w:style></w:styles>'
    )
    styled = '<w:pPr><w:pStyle w:val="below"/></w:pPr>'
    body = (
        p("结论", numbered(0)) + p("得分", numbered(1)) + p("执行率", numbered(2)) + p("完成", numbered(2))
        + p("问题", numbered(1)) + p("重新", numbered(2)) + p("跳到", numbered(2, 2)) + p("材料", styled) + p("平文")
    )  # fmt: skip
    assert lines(packed(body, **{"word/numbering.xml": lists, "word/styles.xml": styles})) == [
        "一、结论", "（一）得分", "1.执行率", "2.完成", "（二）问题", "1.重新", "5.跳到", "二、材料", "平文",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(10, "chineseCounting", "十"), (21, "chineseCounting", "二十一"), (3, "decimalEnclosedCircle", "③"),
     (28, "lowerLetter", "bb"), (9, "upperRoman", "IX"), (99_999, "lowerLetter", "99999"), (5, "decimalZero", "05"), (1, "none", "")],
)  # fmt: skip
def test_number_formats(number: int, form: str, text: str) -> None:
    assert counted(number, form) == text


# ---- old Word files --------------------------------------------------------------------------------------------------


def test_without_a_converter_the_advice_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFEVAL_OFFICE", "")
    code, message = refused(parse_content(b"{\\rtf1 abc}", "a.rtf"))
    assert (code, "没有能转换的程序" in message) == ("E608", True)
    (problem,) = parse_content(b"{\\rtf1 abc}", "a.rtf").problems
    assert "另存为.docx" in problem.advice


def test_a_converter_that_fails_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "office"
    program.write_text("#!/bin/sh\nexit 3\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PERFEVAL_OFFICE", str(program))
    code, message = refused(parse_content(b"{\\rtf1 abc}", "a.rtf"))
    assert (code, "转换失败" in message) == ("E608", True)


def test_a_converter_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "office"
    program.write_text("#!/bin/sh\nexec sleep 30\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PERFEVAL_OFFICE", str(program))
    monkeypatch.setattr(legacy, "PATIENCE", 0.3)
    assert refused(parse_content(b"{\\rtf1 abc}", "a.rtf"))[0] == "E608"


@pytest.mark.skipif(not legacy.office(), reason="LibreOffice is not installed")
def test_an_old_document_through_libreoffice() -> None:
    rtf = r"{\rtf1\ansi\deff0 \u20135?\u35770?\par {\trowd\cellx2000\cellx4000 A\cell B\cell\row}\pard end\par}"
    content = parse_content(rtf.encode("ascii"), "a.rtf")
    assert content.problems == ()
    first, grid, last = content.blocks
    assert isinstance(first, Paragraph)
    assert first.text == "\u4ea7\u8bba".replace("\u4ea7", chr(20135))
    assert texts(grid) == [["A", "B"]]
    assert isinstance(last, Paragraph)
    assert last.text == "end"


@pytest.mark.parametrize(
    ("kind", "raw", "lost"),
    [
        ("rtf", rb"{\rtf1 {\object\objemb x}}", "嵌入的对象"),
        ("rtf", rb"{\rtf1 {\field{\*\fldinst EQ \\f(1,2)}{\fldrslt }}}", "EQ域"),
        ("rtf", rb"{\rtf1 {\field{\*\fldinst SEQ A}{\fldrslt 1}}}", ""),
        ("doc", b"x\x13 EQ \\f(1,2)\x15", "EQ域"),
        ("doc", "\x13EQ \\f".encode("utf-16-le"), "EQ域"),
        ("doc", "\x13 SEQ A".encode("utf-16-le"), ""),
        ("doc", "ObjectPool".encode("utf-16-le"), "嵌入的对象"),
        ("doc", b"ObjectPool", ""),
    ],
)
def test_what_a_conversion_drops_is_named(kind: str, raw: bytes, lost: str) -> None:
    blocks, problems = legacy._with_losses(([], []), raw, "a.doc", kind)
    assert blocks == []
    assert [problem.code for problem in problems] == (["W617"] if lost else [])
    assert all(lost in problem.message for problem in problems)


READER = """
from types import SimpleNamespace as S

def parse(raw):
    part = lambda text, table=False, end=False: S(text=text, in_table=table, is_row_end=end)
    return S(paragraphs=[part("首段"), part("甲", True), part("乙", True), part("", True, True), part("末段")])
"""


def test_without_libreoffice_the_simple_reader_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wps2md.py").write_text(READER, encoding="utf-8")  # stands in for the optional package
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PERFEVAL_OFFICE", "")
    content = parse_content(compound({"WordDocument": b"x" * 5000}), "a.wps")
    sys.modules.pop("wps2md")
    first, grid, last = content.blocks
    assert (first, last) == (Paragraph("首段", 1), Paragraph("末段", 5))
    assert texts(grid) == [["甲", "乙"]]
    assert (content.container, codes(content)) == ("wps", ["W607"])


def test_a_broken_old_document_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFEVAL_OFFICE", "")
    code, _ = refused(parse_content(compound({"WordDocument": b"x" * 5000}), "a.doc"))
    assert code in {"E606", "E608"}
    assert shutil.which(os.environ["PERFEVAL_OFFICE"]) is None


def test_what_the_simple_reader_of_old_documents_gives_is_tables_and_paragraphs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def said(text: str, *, in_table: bool = False, is_row_end: bool = False) -> SimpleNamespace:
        return SimpleNamespace(text=text, in_table=in_table, is_row_end=is_row_end)

    def row(*cells: str) -> list[SimpleNamespace]:
        return [*(said(f" {text} ", in_table=True) for text in cells), said("", in_table=True, is_row_end=True)]

    reader = ModuleType("wps2md")  # what is optional need not be installed
    told = [said("报告"), said(" "), *row("甲", "1"), *row("乙"), said("其后"), *row("丙", "3")]
    reader.parse = lambda _: SimpleNamespace(paragraphs=told)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wps2md", reader)
    blocks, problems = legacy._through_wps2md(b"", "a.doc")
    assert [(block.text, block.line) if isinstance(block, Paragraph) else (block.sheet, texts(block)) for block in blocks] == [
        ("报告", 1), ("表1", [["甲", "1"], ["乙", ""]]), ("其后", 8), ("表2", [["丙", "3"]]),
    ]  # fmt: skip
    assert [(one.code, "2个表格" in one.message) for one in problems] == [("W607", True)]
    reader.parse = lambda _: SimpleNamespace(paragraphs=told[:2])  # type: ignore[attr-defined]
    assert legacy._through_wps2md(b"", "a.doc")[1] == []


def test_what_the_simple_reader_cannot_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ModuleType("wps2md")
    monkeypatch.setitem(sys.modules, "wps2md", reader)  # it has not even what is called
    blocks, (problem,) = legacy._through_wps2md(b"", "a.doc")
    assert (blocks, problem.code, "AttributeError" in problem.message) == ([], "E606", True)
