"""A Word document is read by a closed list: what a reader sees is text, what is no part of a value is left out and named.

Every case is a cell of a table built here, with its siblings of the same kind.
"""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_containers import OFFICE, WORD, codes, parse_content
from test_containers import docx as packed

from perfeval.ingest.containers import wordlooks, wordruns
from perfeval.ingest.containers.markedtext import FONTS, symbol
from perfeval.ingest.document import Cell, Content, Grid, Paragraph
from perfeval.ingest.forms import recognise
from perfeval.ingest.prose.outline import Line, lines_of
from perfeval.ingest.visible import visible

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
SPACES = {
    "m": MATH,
    "r": OFFICE,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "http://example.org/later",
}


def document(body: str, **parts: str) -> Content:
    """The content of a document with all namespaces declared; ``styles="…"`` is the inside of that part."""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    more = {
        f"word/{name}.xml": f'<w:{roots.get(name, "hdr")} xmlns:w="{WORD}">{inside}</w:{roots.get(name, "hdr")}>'
        for name, inside in parts.items()
    }
    whole = f'<w:document xmlns:w="{WORD}" {spaces}><w:body>{body}</w:body></w:document>'
    return parse_content(packed("", **{"word/document.xml": whole, **more}), "自评表.docx")


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*inside: str, about: str = "") -> str:
    return f"<w:p><w:pPr>{about}</w:pPr>{''.join(inside)}</w:p>"


def tc(*inside: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{''.join(inside) or p()}</w:tc>"


def tr(*cells: str, about: str = "") -> str:
    return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def grids(content: Content) -> list[Grid]:
    return [block for block in content.blocks if isinstance(block, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def cell(*inside: str, **parts: str) -> Cell:
    """The cell that holds one paragraph of such runs."""
    content = document(tbl(tr(tc(p(*inside)))), **parts)
    assert content.problems == ()
    return grids(content)[0].rows[0][0]


def said(one: Cell | Paragraph) -> list[str]:
    return [code for code, _ in one.doubts]


UP, DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
STRIKE, DOUBLE, HIDDEN = "<w:strike/>", "<w:dstrike/>", "<w:vanish/>"


# ---- marks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "text", "doubts"),
    [
        ((r("13"), r("1", UP), r("次")), "13次", ["W610"]),
        ((r("13"), r("[2]", UP), r("次")), "13次", ["W610"]),
        ((r("13"), r("①", UP), r("次")), "13次", ["W610"]),
        ((r("13"), r("（注1）", UP), r("次")), "13次", ["W610"]),
        ((r("13"), r("*", UP), r("次")), "13次", ["W610"]),
        ((r("13次"), r("1,2", UP)), "13次", ["W610"]),
        ((r("1", UP), r("13次")), "13次", ["W610"]),
        ((r("13"), r("1", DOWN), r("次")), "13次", ["W610"]),
        ((r("13"), r("1", '<w:position w:val="8"/><w:sz w:val="12"/>'), r("次")), "13次", ["W610"]),
        ((r("13", '<w:position w:val="8"/>'), r("次", '<w:position w:val="8"/>')), "13次", []),
        ((r("9", STRIKE), r("88%")), "88%", ["W611"]),
        ((r("9", DOUBLE), r("88%")), "88%", ["W611"]),
        ((r("9", '<w:strike w:val="0"/>'), r("8%")), "98%", []),
        ((r("90%", STRIKE),), "", ["W611"]),
        ((r("1", HIDDEN), r("3次")), "3次", ["W612"]),
        ((r(" ", HIDDEN + STRIKE), r("3次")), "3次", []),
        ((r("1", '<w:vanish w:val="false"/>'), r("3次")), "13次", []),
        ((r("目录"), r("3", "<w:webHidden/>")), "目录3", []),
        ((r("1200m"), r("2", UP)), "1200m²", []),
        ((r("n"), r("a1", DOWN), r("2次")), "na12次", ["W610"]),
        ((r("n"), r("1a", DOWN), r("2次")), "n1a2次", []),
        ((r("总数n1"), r("2", DOWN), r("次")), "总数n1次", ["W610"]),
        ((r("13"), r("1", '<w:sz w:val="12"/>'), r("次")), "131次", []),
        ((r("13"), r("1", '<w:position w:val="-8"/><w:sz w:val="12"/>'), r("次")), "13次", ["W610"]),
        ((r("13"), r("1", '<w:position w:val="8"/><w:sz w:val="20"/>'), r("次")), "131次", []),
        ((r("13"), r("1", '<w:position w:val="8"/><w:sz w:val="19"/>'), r("次")), "13次", ["W610"]),
        ((r("13"), r("1", '<w:position w:val="8"/>'), r("次")), "131次", []),
        ((r("3km"), r("2", UP), r("内")), "3km²内", []),
        ((r("50m"), r("3", UP)), "50m³", []),
        ((r("25"), r("o", UP), r("C")), "25°C", []),
        ((r("PM"), r("2.5", DOWN), r("≤35")), "PM2.5≤35", []),
        ((r("CO"), r("2", DOWN)), "CO2", []),
        ((r("1.2×10"), r("4", UP), r("次")), "1.2×10^4次", ["W610"]),
        ((r("13次以上", UP),), "13次以上", ["W610"]),
        ((r("1", UP),), "1", ["W610"]),
    ],
)
def test_marked_runs_are_no_part_of_a_value(runs: tuple[str, ...], text: str, doubts: list[str]) -> None:
    found = cell(*runs)
    assert (found.text, said(found)) == (text, doubts)


def test_a_doubt_quotes_what_was_left_out() -> None:
    (doubt,) = cell(r("13"), r("1", UP), r("次")).doubts
    assert "“1”" in doubt[1]
    (doubt,) = cell(r("旧稿 九十分", STRIKE), r("88%")).doubts
    assert "“旧稿 九十分”" in doubt[1]


STYLES = """
<w:style w:type="paragraph" w:styleId="旧"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="更旧"><w:basedOn w:val="旧"/></w:style>
<w:style w:type="character" w:styleId="藏"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="深藏"><w:basedOn w:val="藏"/></w:style>
<w:style w:type="character" w:styleId="划"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="注"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="圈"><w:basedOn w:val="圈"/></w:style>
<w:style w:type="paragraph" w:styleId="符"><w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr></w:style>
"""


@pytest.mark.parametrize(
    ("style", "runs", "text", "doubts"),
    [
        ("更旧", (r("90%"),), "", ["W611"]),
        ("更旧", (r("90%", '<w:strike w:val="0"/>'),), "90%", []),
        ("更旧", (r("90%", '<w:rStyle w:val="划"/>'),), "90%", []),  # toggled twice
        ("", (r("1", '<w:rStyle w:val="深藏"/>'), r("3次")), "3次", ["W612"]),
        ("", (r("13"), r("1", '<w:rStyle w:val="注"/>'), r("次")), "13次", ["W610"]),
        ("", (r("13次", '<w:rStyle w:val="圈"/>'),), "13次", []),
        ("符", (r("\uf0b395%"),), "≥95%", []),
        ("没有", (r("13次"),), "13次", []),
    ],
)
def test_marks_come_from_styles_too(style: str, runs: tuple[str, ...], text: str, doubts: list[str]) -> None:
    content = document(tbl(tr(tc(p(*runs, about=f'<w:pStyle w:val="{style}"/>')))), styles=STYLES)
    found = grids(content)[0].rows[0][0]
    assert (found.text, said(found)) == (text, doubts)


def test_the_defaults_and_the_table_s_style_mark_runs() -> None:
    defaults = "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>"
    assert said(cell(r("13次"), styles=defaults)) == ["W612"]
    usual = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:rPr><w:strike/></w:rPr></w:style>'
    assert said(cell(r("13次"), styles=usual)) == ["W611"]
    style = '<w:style w:type="table" w:styleId="t"><w:rPr><w:vanish/></w:rPr></w:style>'
    table = tbl('<w:tblPr><w:tblStyle w:val="t"/></w:tblPr>', tr(tc(p(r("13次")))))
    assert said(grids(document(table, styles=style))[0].rows[0][0]) == ["W612"]


# ---- symbols ---------------------------------------------------------------------------------------------------------


def sym(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


SYMBOL_RUN = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ((sym("Symbol", "F0B3"), r("95%")), "≥95%"),
        ((sym("Symbol", "F0A3"), r("5件")), "≤5件"),
        ((sym("Symbol", "B3"), r("95%")), "≥95%"),
        ((sym("Symbol", "f0b1"), r("2")), "±2"),
        ((r("3"), sym("Symbol", "F0B4"), r("4")), "3×4"),
        ((sym("Symbol", "F0B9"), r("0")), "≠0"),
        ((sym("Symbol", "F0BB"), r("3")), "≈3"),
        ((r("25"), sym("Symbol", "F0B0")), "25°"),
        ((sym("Symbol", "F0A5"),), "∞"),
        ((sym("Symbol", "F03E"), r("5")), ">5"),
        ((r("\uf0b3", SYMBOL_RUN), r("95%")), "≥95%"),
        ((r("³95", SYMBOL_RUN), r("%")), "≥95%"),
        ((r("£", SYMBOL_RUN), r("5件")), "≤5件"),
        ((r("达标", SYMBOL_RUN),), "达标"),
        ((sym("Wingdings", "F0FE"), r("是")), "☑是"),
        ((sym("Wingdings", "F0A8"), r("否")), "□否"),
        ((sym("Wingdings 2", "F0A3"), r("否")), "□否"),
        ((sym("Wingdings 2", "F052"), r("是")), "☑是"),
        ((sym("宋体", "2265"), r("95%")), "≥95%"),
        (('<w:r><w16se:symEx w16se:font="Segoe UI Symbol" w16se:char="2713"/></w:r>',), "✓"),
    ],
)
def test_symbols_are_what_their_font_shows(runs: tuple[str, ...], text: str) -> None:
    assert cell(*runs) == Cell(text)


@pytest.mark.parametrize(
    "run",
    [sym("Symbol", "F0F0"), sym("Webdings", "F0D0"), sym("家传字体", "F0B3"), sym("Symbol", ""), sym("Symbol", "XYZ"),
     sym("Symbol", "D800"), r("\ue123"), r("\uf0b3"), r("\uf0d4", '<w:rFonts w:ascii="Webdings"/>')],
)  # fmt: skip
def test_an_unknown_symbol_leaves_a_mark_and_a_doubt(run: str) -> None:
    found = cell(run, r("95%"))
    assert (found.text, said(found)) == ("〓95%", ["W613"])


def test_the_symbol_table_stands_where_the_font_has_it() -> None:
    known = {0x24: "∃", 0x41: "Α", 0x61: "α", 0x7E: "~", 0xA3: "≤", 0xB0: "°", 0xB7: "•", 0xBF: "↵", 0xC0: "ℵ",
             0xD0: "∠", 0xDE: "⇒", 0xE0: "◊", 0xE5: "∑"}  # fmt: skip
    assert {number: symbol("Symbol", number) for number in known} == known
    assert all(len(character) == 1 for table in FONTS.values() for character in table.values())


# ---- list numbers ----------------------------------------------------------------------------------------------------


def levels(form: str, text: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )


NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


@pytest.mark.parametrize(
    ("form", "shape", "shown"),
    [("decimal", "%1.", "1. 13次"), ("decimal", "%1", "1 13次"), ("decimal", "%1、", "1、13次"),
     ("chineseCounting", "（%1）", "（一）13次"), ("decimalEnclosedCircle", "%1", "①13次")],
)  # fmt: skip
def test_a_list_number_is_never_part_of_a_value(form: str, shape: str, shown: str) -> None:
    content = document(tbl(tr(tc(p(r("13次"), about=NUMBERED)), tc(p(r("4件"))))), numbering=levels(form, shape))
    assert grids(content)[0].rows[0] == (Cell("13次", numbered=shown), Cell("4件"))
    assert grids(content)[0].rows[0][0].words == shown


def test_a_column_of_list_numbers_is_empty_and_counts_on() -> None:
    rows = [tr(tc(p(about=NUMBERED)), tc(p(r(text)))) for text in "甲乙"]
    (grid,) = grids(document(tbl(*rows), numbering=levels("decimal", "%1.")))
    assert [[(one.text, one.words) for one in row] for row in grid.rows] == [
        [("", "1."), ("甲", "甲")],
        [("", "2."), ("乙", "乙")],
    ]


def test_a_list_in_a_cell_keeps_its_numbers_for_words() -> None:
    inside = p(r("经费不足"), about=NUMBERED) + p(about=NUMBERED) + p(r("2人调离"), about=NUMBERED) + p(r("另有"))
    (grid,) = grids(document(tbl(tr(tc(inside))), numbering=levels("decimal", "%1.")))
    assert grid.rows[0][0].text == "经费不足\n2人调离\n另有"
    assert grid.rows[0][0].words == "1.经费不足\n3. 2人调离\n另有"


OUTLINE = "".join(
    f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{legal}<w:lvlText w:val="{text}"/></w:lvl>'
    for at, (start, form, legal, text) in enumerate(
        [
            (1, "chineseCounting", "", "%1、"),
            (1, "decimal", "", "%1.%2"),
            (3, "lowerLetter", "", "%2.%3"),
            (1, "upperRoman", "<w:isLgl/>", "%1.%3.%4"),
        ]
    )
)


@pytest.mark.parametrize(
    ("depths", "shown"),
    [
        ((0, 1, 1, 0, 1), "一、 一.1 一.2 二、 二.1"),
        ((0, 1, 2, 2, 1, 2), "一、 一.1 1.c 1.d 一.2 2.c"),
        ((0, 2, 2, 0, 2), "一、 1.c 1.d 二、 1.c"),  # nothing of the level between
        ((0, 1, 2, 3, 0, 1, 2, 3), "一、 一.1 1.c 1.3.1 二、 二.1 1.c 2.3.1"),
        ((1, 1, 0, 1), "一.1 一.2 一、 一.1"),
        ((0, 0, "anew", 1, "anew"), "一、 二、 五、 五.1 六、"),  # another number of the same list
    ],
)
def test_the_numbers_of_an_outline_begin_anew_below_each_number(depths: tuple[int | str, ...], shown: str) -> None:
    lists = f'<w:abstractNum w:abstractNumId="7">{OUTLINE}</w:abstractNum>'
    lists += '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
    lists += '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    other = NUMBERED.replace('numId w:val="1"', 'numId w:val="2"')
    abouts = [other if at == "anew" else NUMBERED.replace('ilvl w:val="0"', f'ilvl w:val="{at}"') for at in depths]
    content = document("".join(p(r("甲"), about=about) for about in abouts), numbering=lists)
    assert " ".join(one.label.strip() for one in content.blocks) == shown


def test_a_paragraph_has_its_number_beside_the_text() -> None:
    content = document(p(r("12345热线"), about=NUMBERED), numbering=levels("decimal", "%1."))
    assert content.blocks == (Paragraph("12345热线", 1, "1. "),)


# ---- fields ----------------------------------------------------------------------------------------------------------


def mark(kind: str, data: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{data}</w:fldChar></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{escape(text)}</w:instrText></w:r>"


def fld(said_: str, *result: str, data: str = "") -> str:
    return mark("begin", data) + instruction(said_) + mark("separate") + "".join(result) + mark("end")


BOX = "<w:ffData><w:checkBox><w:default w:val='{}'/>{}</w:checkBox></w:ffData>"
LIST = '<w:ffData><w:ddList>{}<w:listEntry w:val="未完成"/><w:listEntry w:val="完成"/></w:ddList></w:ffData>'


@pytest.mark.parametrize(
    ("runs", "text", "doubts"),
    [
        ((mark("begin"), r("7"), instruction('IF 1=1 "98%"'), mark("separate"), r("98%"), mark("end")), "98%", []),
        ((r("完成"), fld("REF 甲", r("98%")), r("以上")), "完成98%以上", []),
        ((mark("begin"), instruction("IF "), fld("REF 甲", r("1")), r("2"), mark("separate"), r("98%"), mark("end")),
         "98%", []),
        ((fld("REF 甲", r("9"), fld("REF 乙", r("8")), r("%")),), "98%", []),
        ((fld(r"EQ \f(49,50)"),), "", ["W614"]),
        ((mark("begin"), instruction(r"EQ \f(49,50)"), mark("end")), "", ["W614"]),
        ((fld("MERGEFIELD 完成值"),), "", ["W614"]),
        ((r("4"), fld(r"EQ \o(9,8)"), r("%")), "4%", ["W614"]),
        ((fld(r"EQ \o\ac(○,3)"), r("走访")), "③走访", []),
        ((fld(r"EQ \o\ac(○,21)"), r("走访")), "走访", ["W614"]),
        ((fld(r"EQ \o\ac(□,3)"), r("走访")), "走访", ["W614"]),
        ((mark("begin"), instruction("REF 甲"), r("98%")), "", ["W614"]),  # never ends
        ((r("98%"), mark("end"), mark("separate")), "98%", []),  # began in another paragraph
        ((mark("begin"), instruction("XE 办结率"), mark("end"), r("98%")), "98%", []),
        ((fld(r'SYMBOL 179 \f "Symbol" \s 10'), r("95%")), "≥95%", []),
        ((fld(r'SYMBOL 240 \f "Symbol"'), r("95%")), "〓95%", ["W614"]),
        ((fld(r'symbol 0XB3 \F "symbol"'), r("95%")), "≥95%", []),
        ((fld("symbol  179\n  \\s 10\n\\f Symbol"), r("95%")), "≥95%", []),
        ((fld(r"eq \o\AC(○,3)"), r("走访")), "③走访", []),
        ((fld("macrobutton 甲\n 请点这里\n填写"), r("走访")), "走访", ["W614"]),
        ((fld("gotobutton 甲"), r("走访")), "走访", []),
        ((fld("FORMCHECKBOX", data=BOX.format(0, "<w:checked/>")), r("是")), "☑是", []),
        ((fld("FORMCHECKBOX", data=BOX.format(1, '<w:checked w:val="0"/>')), r("否")), "☐否", []),
        ((fld("FORMCHECKBOX", data=BOX.format(1, "")), r("是")), "☑是", []),
        ((fld("FORMDROPDOWN", data=LIST.format('<w:result w:val="1"/>')),), "完成", []),
        ((fld("FORMDROPDOWN", data=LIST.format("")),), "未完成", []),
        ((fld("FORMTEXT", r("98%")),), "98%", []),
        ((fld("FORMTEXT"),), "", []),
        ((mark("begin").replace("begin\"", 'begin" w:dirty="true"'), instruction("=SUM(LEFT)"), mark("separate"),
          r("98"), mark("end")), "98", ["W614"]),
        (('<w:fldSimple w:instr="REF 甲">' + r("98%") + "</w:fldSimple>",), "98%", []),
        (('<w:fldSimple w:instr="REF 甲"/>',), "", ["W614"]),
        (("<w:del>", fld("REF 甲", r("90%")), "</w:del>", r("98%")), "98%", []),
    ],
)  # fmt: skip
def test_a_field_shows_its_result_and_never_its_code(runs: tuple[str, ...], text: str, doubts: list[str]) -> None:
    content = document(tbl(tr(tc(p(*runs)))))
    found = grids(content)[0].rows[0][0]
    assert (found.text, said(found)) == (text, doubts)


def test_a_field_over_several_paragraphs_keeps_their_text() -> None:
    body = p(mark("begin"), instruction("TOC"), mark("separate"), r("甲")) + p(r("乙")) + p(r("丙"), mark("end"))
    content = document(body)
    assert [block.text for block in content.blocks if isinstance(block, Paragraph)] == ["甲", "乙", "丙"]
    assert content.problems == ()


# ---- equations -------------------------------------------------------------------------------------------------------


def mr(text: str) -> str:
    return f"<m:r><m:rPr/><w:rPr/><m:t>{escape(text)}</m:t></m:r>"


def math(*inside: str) -> str:
    return f"<m:oMath>{''.join(inside)}</m:oMath>"


FRACTION = f"<m:f><m:fPr/><m:num>{mr('49')}</m:num><m:den>{mr('50')}</m:den></m:f>"


@pytest.mark.parametrize(
    ("inside", "text", "doubts"),
    [
        ((math(mr("≥95%")),), "≥95%", []),
        ((math(mr("≤")), r("5件")), "≤5件", []),
        (("<m:oMathPara><m:oMathParaPr/>", math(mr("≥"), mr("95%")), "</m:oMathPara>"), "≥95%", []),
        ((math(FRACTION),), "49/50", []),
        ((r("1"), math(FRACTION)), "1 49/50", ["W615"]),
        ((math(f"<m:f><m:num>{mr('a+b')}</m:num><m:den>{mr('2')}</m:den></m:f>"),), "(a+b)/2", []),
        ((math(f"<m:sSup><m:e>{mr('m')}</m:e><m:sup>{mr('2')}</m:sup></m:sSup>"),), "m²", []),
        ((math(f"<m:sSup><m:e>{mr('13')}</m:e><m:sup>{mr('1')}</m:sup></m:sSup>"), r("次")), "13^1次", ["W615"]),
        ((math(f"<m:sSub><m:e>{mr('CO')}</m:e><m:sub>{mr('2')}</m:sub></m:sSub>"),), "CO2", []),
        ((math(f"<m:d><m:dPr/><m:e>{mr('95%')}</m:e></m:d>"),), "(95%)", []),
        ((math(f'<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val=""/></m:dPr><m:e>{mr("9")}</m:e></m:d>'),), "[9", []),
        ((math(f"<m:rad><m:radPr/><m:deg/><m:e>{mr('9')}</m:e></m:rad>"),), "9", ["W615"]),
        ((math(f"<m:nary><m:sub>{mr('1')}</m:sub><m:sup/><m:e>{mr('x')}</m:e></m:nary>"),), "1x", ["W615"]),
        ((math(f"<m:later>{mr('98')}</m:later>", mr("%")),), "%", ["W615"]),
        ((math(f"<w:del>{mr('9')}</w:del>", mr("98%")),), "98%", []),
        ((math(f"<m:r><w:rPr>{STRIKE}</w:rPr><m:t>9</m:t></m:r>", mr("8%")),), "8%", ["W611"]),
    ],
)
def test_an_equation_is_text(inside: tuple[str, ...], text: str, doubts: list[str]) -> None:
    found = cell(*inside)
    assert (found.text, said(found)) == (text, doubts)


def test_an_equation_may_stand_without_a_paragraph() -> None:
    (grid,) = grids(document(tbl(tr(tc(math(mr("≥95%")))))))
    assert texts(grid) == [["≥95%"]]


# ---- revisions -------------------------------------------------------------------------------------------------------

DELETED, INSERTED = '<w:cellDel w:id="1"/>', '<w:cellIns w:id="2"/>'


def test_a_deleted_cell_does_not_exist() -> None:
    content = document(
        tbl(
            tr(tc(p(r("办结率"))), tc(p(r("98%")), about=DELETED), tc(p(r("81%")), about=INSERTED), tc(p(r("15")))),
            tr(tc(p(r("次数"))), tc(p(r("13次"))), tc(p(r("20")))),
            tr(tc(p(r("作废")), about=DELETED), tc(p(r("9")), about=DELETED)),
        )
    )
    (grid,) = grids(content)
    assert grid.rows == (
        (Cell("办结率"), Cell("81%"), Cell("15")),
        (Cell("次数"), Cell("13次"), Cell("20")),
    )
    assert codes(content) == ["N603"]


def test_a_row_made_shorter_by_a_deleted_cell_is_doubted_from_there_on() -> None:
    first = tr(tc(p(r("办结率"))), tc(p(r("98%")), about=DELETED), tc(p(r("81%"))), tc(p(r("15"))))
    other = tr(*(tc(p(r(text))) for text in ("次数", "≥12次", "13次", "20")))
    (grid,) = grids(document(tbl(first, other, other)))
    assert [said(one) for one in grid.rows[0]] == [[], ["W616"], ["W616"], []]
    assert not any(one.doubts for row in grid.rows[1:] for one in row)


def test_deleted_rows_and_marks_are_gone_and_inserted_ones_are_read() -> None:
    gone = '<w:rPr><w:del w:id="3"/></w:rPr>'
    content = document(
        p(r("自评得"), about=gone) + p(r("分98"))
        + tbl(tr(tc(p(r("旧"))), about="<w:del/>"), tr(tc(p(r("新"))), about="<w:ins/>"),
              tr(tc(p(r("1"), about=gone), p(r("3次")), p(r("另行")))))
        + p("<w:moveFrom>", r("移走"), "</w:moveFrom>") + p("<w:moveTo>", r("移来"), "</w:moveTo>")
    )  # fmt: skip
    paragraphs = [block.text for block in content.blocks if isinstance(block, Paragraph)]
    assert paragraphs == ["自评得分98", "移来"]
    assert texts(grids(content)[0]) == [["新"], ["13次\n另行"]]
    assert codes(content) == ["N603"]


def test_merges_of_every_kind() -> None:
    def row(*cells: tuple[str, str]) -> str:
        return tr(*(tc(p(r(text)), about=about) for text, about in cells))

    across = [("产出", '<w:hMerge w:val="restart"/>'), ("", "<w:hMerge/>"), ("10", "")]
    tracked = [("效益", '<w:cellMerge w:vMerge="rest"/>'), ("甲", ""), ("10", "")]
    below = [("", '<w:cellMerge w:vMerge="cont"/>'), ("乙", ""), ("20", "")]
    (grid,) = grids(document(tbl(row(*across), row(*tracked), row(*below))))
    assert grid.merges == ((0, 0, 0, 1), (1, 0, 2, 0))
    assert texts(grid) == [["产出", "", "10"], ["效益", "甲", "10"], ["", "乙", "20"]]


def test_text_under_a_merged_range_is_named() -> None:
    down = tbl(tr(tc(p(r("13次")), about='<w:vMerge w:val="restart"/>')), tr(tc(p(r("98%")), about="<w:vMerge/>")))
    (grid,) = grids(document(down))
    assert texts(grid) == [["13次"], [""]]
    assert said(grid.rows[0][0]) == ["W616"]
    assert "98%" in grid.rows[0][0].doubts[0][1]


def test_rows_that_begin_late_or_are_hidden() -> None:
    late = tr(tc(p(r("乙"))), about='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>')
    content = document(tbl(tr(*(tc(p(r(text))) for text in "甲乙丙")), late, tr(tc(p(r("作废"))), about="<w:hidden/>")))
    assert texts(grids(content)[0])[1] == ["", "乙", ""]
    assert grids(content)[0].hidden_rows == {2}
    assert codes(visible(content)) == ["W608"]


# ---- controls, directions, alternatives, drawings, notes -------------------------------------------------------------

PROMPT = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"


def sdt(inside: str, about: str = "") -> str:
    return f"<w:sdt>{about}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("table", "text", "doubts"),
    [
        (tbl(tr(tc(p(sdt(r("98%")))))), "98%", []),
        (tbl(tr(tc(p(sdt(r("单击此处输入文字。"), PROMPT))))), "", ["N610"]),
        (tbl(tr(tc(sdt(p(r("选择一项。")), PROMPT)))), "", ["N610"]),
        (tbl(tr(sdt(tc(p(r("选择一项。"))), PROMPT))), "", ["N610"]),
        (tbl(sdt(tr(tc(p(r("选择一项。")))), PROMPT)), "", ["N610"]),
        (tbl(tr(tc(p(sdt(r("98%"), PROMPT))))), "", ["W617"]),
        (tbl(tr(tc(p(sdt(r("98%"), '<w:sdtPr><w:showingPlcHdr w:val="0"/></w:sdtPr>'))))), "98%", []),
        (tbl(tr(tc(p(sdt(r("☒"), '<w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'))))),
         "☒", []),
        (tbl(tr(tc(p('<w:bdo w:val="ltr">', r("98%"), "</w:bdo>")))), "98%", []),
        (tbl(tr(tc(p('<w:dir w:val="ltr">', r("98%"), "</w:dir>")))), "98%", []),
        (tbl(tr(tc(p('<w:bdo w:val="rtl">', r("98%"), "</w:bdo>")))), "98%", ["W617"]),
        (tbl(tr(tc(p('<w:smartTag><w:smartTagPr/>', r("98%"), "</w:smartTag>")))), "98%", []),
        (tbl(tr(tc(p("<w:customXml><w:customXmlPr/>", r("98%"), "</w:customXml>")))), "98%", []),
        (tbl(tr(tc(p("<w:r><w:ruby><w:rubyPr/><w:rt>", r("hé"), "</w:rt><w:rubyBase>", r("合"),
                     "</w:rubyBase></w:ruby></w:r>", r("格"))))), "合格", []),
        (tbl(tr(tc(p("<w:r><w:t>98</w:t><w:softHyphen/><w:t>-</w:t><w:noBreakHyphen/><w:t>99</w:t></w:r>")))),
         "98--99", []),
        (tbl(tr(tc(p("<w:r><w:t>甲</w:t><w:cr/><w:t>乙</w:t><w:br w:type='page'/><w:t>丙</w:t><w:ptab/></w:r>")))),
         "甲\n乙\n丙", []),
        (tbl(tr(tc(p("<w:r><w:t>98%</w:t><w:lastRenderedPageBreak/><w:pgNum/><w:annotationRef/></w:r>")))), "98%", []),
        (tbl(tr(tc(p('<w:commentRangeStart w:id="1"/>', r("98%"), '<w:commentRangeEnd w:id="1"/><w:r>'
                     '<w:commentReference w:id="1"/></w:r>')))), "98%", []),
        (tbl(tr(tc(p("<w:r><w:dayLong/></w:r>", r("前")))), ), "前", ["W614"]),
        (tbl(tr(tc(p(r("98%")), '<w:altChunk r:id="rId9"/>'))), "98%", ["W617"]),
        (tbl(tr(tc(p(r("98%"), '<w:subDoc r:id="rId9"/>')))), "98%", ["W617"]),
        (tbl(tr(tc(p("<w:later>", r("98%"), "</w:later>")))), "", ["W617"]),
        (tbl(tr(tc(p("<w:r><w:later/><w:t>98%</w:t></w:r>")))), "98%", ["W617"]),
        (tbl(tr(tc(p("<w:r><x:later>9</x:later><w:t>8%</w:t></w:r>")))), "8%", ["W617"]),
        (tbl(tr(tc(p("<w:r><x:later/><w:t>98%</w:t></w:r>")))), "98%", []),
        (tbl(tr(tc(r("98%")))), "", ["W617"]),
        (tbl(tr(tc("<w:later>", p(r("98%")), "</w:later>"))), "", ["W617"]),
    ],
)  # fmt: skip
def test_what_stands_around_text_is_gone_through_or_named(table: str, text: str, doubts: list[str]) -> None:
    content = document(table)
    assert content.problems == ()
    found = grids(content)[0].rows[0][0]
    assert (found.text, said(found)) == (text, doubts)


def either(choice: str, fallback: str) -> str:
    return f'<mc:AlternateContent><mc:Choice Requires="x">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>'


@pytest.mark.parametrize(
    ("inside", "text", "doubts"),
    [
        (either(r("98%"), r("98%")), "98%", []),
        (either("", r("98%")), "98%", []),
        (either(r(" "), r("98%")), "98%", []),
        (either(r("98%"), ""), "98%", []),
        (either(r("98%"), r("90%")), "98%", ["W617"]),
        (either(either("", ""), r("98%")), "98%", []),
        (
            f"<w:r>{either('<w16se:symEx w16se:char=' + chr(34) + '2460' + chr(34) + '/>', '<w:t>①</w:t>')}</w:r>",
            "①",
            [],
        ),
    ],
)
def test_of_alternatives_the_one_that_says_something_is_read(inside: str, text: str, doubts: list[str]) -> None:
    found = cell(inside)
    assert (found.text, said(found)) == (text, doubts)


PICTURE = "<a:graphic><a:graphicData><pic:pic/></a:graphicData></a:graphic>"
INLINE, FLOATING = f"<wp:inline>{PICTURE}</wp:inline>", f"<wp:anchor>{PICTURE}</wp:anchor>"


def drawing(inside: str) -> str:
    return f"<w:r><w:drawing>{inside}</w:drawing></w:r>"


@pytest.mark.parametrize(
    ("inside", "doubts"),
    [
        (drawing(INLINE), ["W617"]),
        (drawing(FLOATING), ["W617"]),
        (drawing(INLINE) + r("件"), ["W617"]),
        (drawing(FLOATING) + r("件"), []),
        ('<w:r><w:pict><v:shape><v:imagedata r:id="rId3"/></v:shape></w:pict></w:r>', ["W617"]),
        ('<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject ProgID="Equation.3"/></w:object></w:r>'
         + r("件"), ["W617"]),
        (drawing("<wp:inline><a:graphic><a:graphicData><c:chart/></a:graphicData></a:graphic></wp:inline>"), ["W617"]),
        (drawing("<wp:inline><a:graphic><a:graphicData><dgm:relIds/></a:graphicData></a:graphic></wp:inline>"),
         ["W617"]),
        (drawing("<wp:anchor><a:p><a:r><a:t>98%</a:t></a:r></a:p></wp:anchor>"), ["W617"]),
        ('<w:r><w:pict><v:shape><v:textpath string="98%"/></v:shape></w:pict></w:r>', ["W617"]),
        ("<w:r><w:pict><v:rect o:hr='t'/></w:pict></w:r>", []),
        ("<w:r><w:object><w:control/></w:object></w:r>", ["W617"]),
        (drawing(f'<wp:anchor><wp:docPr hidden="1"/><wps:txbx><w:txbxContent>{p(r("9"))}</w:txbxContent></wps:txbx>'
                 "</wp:anchor>"), ["W612"]),
    ],
)  # fmt: skip
def test_a_drawing_in_a_cell_is_named(inside: str, doubts: list[str]) -> None:
    assert said(cell(inside)) == doubts


def test_a_text_box_is_read_once_and_its_cell_says_so() -> None:
    box = f"<w:txbxContent>{p(r('98%'))}</w:txbxContent>"
    both = either(drawing(f"<wp:anchor><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></wp:anchor>"),
                  f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>")  # fmt: skip
    content = document(tbl(tr(tc(p(both)))) + p(both))
    assert [block.text for block in content.blocks if isinstance(block, Paragraph)] == ["98%", "98%"]
    assert said(grids(content)[0].rows[0][0]) == ["W617"]


def test_a_box_within_a_box_is_read_once() -> None:
    inner = f"<w:r><w:pict><v:textbox><w:txbxContent>{p(r('内'))}</w:txbxContent></v:textbox></w:pict></w:r>"
    outer = f"<w:r><w:pict><v:textbox><w:txbxContent>{p(r('外'), inner)}</w:txbxContent></v:textbox></w:pict></w:r>"
    content = document(p(outer))
    assert [block.text for block in content.blocks if isinstance(block, Paragraph)] == ["外", "内"]


def test_notes_are_listed_where_they_are_referred_to() -> None:
    notes = '<w:footnote w:id="2"><w:p><w:r><w:t>含上年结转1次</w:t></w:r></w:p></w:footnote>'
    found = cell(r("13"), '<w:r><w:footnoteReference w:id="2"/></w:r>', r("次"), footnotes=notes)
    assert found == Cell("13次", doubts=(("N611", "有脚注“含上年结转1次”，不算正文"),))
    own = '<w:r><w:endnoteReference w:customMarkFollows="1" w:id="5"/><w:t>1</w:t></w:r>'
    found = cell(r("13"), own, r("次"))
    assert (found.text, said(found)) == ("13次", ["N611", "W610"])


def test_a_table_in_a_cell_is_named_there() -> None:
    content = document(tbl(tr(tc(tbl(tr(tc(p(r("98%"))))), p()))))
    assert [(grid.sheet, texts(grid)) for grid in grids(content)] == [("表1", [[""]]), ("表1-1", [["98%"]])]
    assert said(grids(content)[0].rows[0][0]) == ["W617"]


# ---- outside cells ---------------------------------------------------------------------------------------------------


def test_paragraphs_carry_their_doubts_and_empty_ones_are_told() -> None:
    content = document(p(r("得分9", ""), r("1", UP)) + p(r("作废", STRIKE)) + p(r("98分")))
    assert [(block.text, said(block)) for block in content.blocks if isinstance(block, Paragraph)] == [
        ("得分9", ["W610"]),
        ("98分", []),
    ]
    assert [(one.code, one.row) for one in content.problems] == [("W611", 2)]


@pytest.mark.parametrize(("many", "end"), [(12, "11、12段）"), (13, "11、12…段）")])
def test_drawings_are_counted_and_their_first_twelve_paragraphs_named(many: int, end: str) -> None:
    (found,) = [one for one in document(p(drawing(INLINE)) * many).problems if one.code == "N614"]
    assert f"有{many}处" in found.message
    assert found.message.endswith(f"（第1、2、3、4、5、6、7、8、9、10、{end}")


@pytest.mark.parametrize(("many", "end"), [(3, "丙”"), (4, "丙”等")])
def test_headers_are_quoted_up_to_three(many: int, end: str) -> None:
    headers = {f"header{at}": p(r(text)) for at, text in enumerate("甲乙丙丁"[:many], 1)}
    assert [one.message for one in document(p(r("正文")), **headers).problems] == [
        f"页眉页脚没有读取：“甲”、“乙”、“{end}"
    ]


def test_pictures_headers_and_unread_parts_are_named_once() -> None:
    content = document(
        p(drawing(INLINE)) + p(r("甲"), drawing(INLINE)) + '<w:altChunk r:id="rId8"/>' + f"<w:later>{p(r('乙'))}</w:later>",
        header1=p(r("青榆街道")), header2=p(r("青榆街道")), footer1=p(r("第"), fld("PAGE", r("3")), r("页")),
    )  # fmt: skip
    assert [(one.code, one.row) for one in content.problems] == [
        ("W617", 2), ("W617", 2), ("N612", None), ("N614", 1),
    ]  # fmt: skip
    assert "“青榆街道”" in content.problems[2].message
    assert "有2处图片" in content.problems[3].message


def test_unknown_parts_of_a_table_are_named_with_table_and_row() -> None:
    content = document(tbl(tr(tc(p(r("甲")))), f"<w:later>{tr(tc(p(r('98%'))))}</w:later>"))
    (one,) = content.problems
    assert (one.code, one.sheet, one.row) == ("W617", "表1", 2)
    assert "98%" in one.message


def test_strict_documents_read_the_same() -> None:
    strict, strict_math = (
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    )
    body = tbl(tr(tc(p(r("13"), r("1", UP), math(mr("≥5")), r("9", STRIKE)))))
    whole = f'<w:document xmlns:w="{strict}" xmlns:m="{strict_math}"><w:body>{body}</w:body></w:document>'
    content = parse_content(packed("", **{"word/document.xml": whole}), "a.docx")
    found = grids(content)[0].rows[0][0]
    assert (found.text, said(found)) == ("13≥5", ["W610", "W611"])


# ---- laws ------------------------------------------------------------------------------------------------------------

RUN_CONTENT = """
br t contentPart delText instrText delInstrText noBreakHyphen softHyphen dayShort monthShort yearShort dayLong monthLong
yearLong annotationRef footnoteRef endnoteRef separator continuationSeparator sym pgNum cr tab object pict fldChar ruby
footnoteReference endnoteReference commentReference drawing ptab lastRenderedPageBreak rPr
"""
PARAGRAPH_CONTENT = """
pPr customXml smartTag sdt dir bdo r fldSimple hyperlink subDoc proofErr permStart permEnd bookmarkStart bookmarkEnd
moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd commentRangeStart commentRangeEnd
customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart
customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd ins del moveFrom moveTo m:oMathPara m:oMath
"""


def test_every_element_of_the_standard_is_in_the_list() -> None:
    names = (RUN_CONTENT + PARAGRAPH_CONTENT).split()
    assert [name for name in names if name not in wordruns.HANDLERS] == []
    block = "p tbl tr tc sdt customXml altChunk sectPr tblPr tblGrid tblPrEx trPr tcPr".split()  # noqa: SIM905
    assert [name for name in [*names, *block] if not wordlooks.known(name)] == []


ELEMENTS = [
    *(RUN_CONTENT + PARAGRAPH_CONTENT).split(),
    *["p", "tbl", "tr", "tc", "later", "m:r", "m:t", "m:f", "m:num", "mc:Choice", "v:shape"],
]


def trees() -> st.SearchStrategy[str]:
    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        tags = st.sampled_from(ELEMENTS).map(lambda name: name if ":" in name else f"w:{name}")
        kinds = st.sampled_from(
            ["", ' w:fldCharType="begin"', ' w:fldCharType="end"', ' w:val="rtl"', ' w:char="F0B3"']
        )
        return st.tuples(tags, kinds, st.lists(inner, max_size=4)).map(
            lambda one: f"<{one[0]}{one[1]}>{''.join(one[2])}</{one[0]}>"
        )

    return st.recursive(st.sampled_from(["", "7", "甲"]), grown, max_leaves=30)


@settings(max_examples=150, deadline=None)
@given(
    trees(),
    st.sampled_from(["{}", "<w:p>{}</w:p>", "<w:tbl><w:tr><w:tc><w:p><w:r>{}</w:r></w:p></w:tc></w:tr></w:tbl>"]),
)
def test_no_arrangement_of_elements_raises(tree: str, around: str) -> None:
    content = document(around.format(tree))
    assert all(one.code[1] == "6" for one in content.problems)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["13", "次", "甲"]), st.sampled_from(["", UP, DOWN, STRIKE, HIDDEN])),
        min_size=1,
        max_size=6,
    )
)
def test_a_marked_digit_never_changes_a_value_unsaid(runs: list[tuple[str, str]]) -> None:
    found = cell(*(r(text, mark_) for text, mark_ in runs))
    if found.text != "".join(text for text, _ in runs):
        assert found.doubts
    if all(not mark_ for _, mark_ in runs):
        assert not found.doubts


DEEP = [
    sdt("{}"),
    "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
    "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
    either("{}", ""),
]


@pytest.mark.parametrize("around", DEEP)
def test_deep_nesting_ends_in_a_problem(around: str) -> None:
    before, after = around.split("{}")
    assert codes(document(before * 1_200 + p(r("深")) + after * 1_200)) == ["E606"]


def test_a_deep_equation_ends_in_a_problem() -> None:
    content = document(p(f"<m:oMath>{'<m:box>' * 4_900}{mr('深')}{'</m:box>' * 4_900}</m:oMath>"))
    assert codes(content) == ["E606"]


# ---- whoever reads it ------------------------------------------------------------------------------------------------


def test_damaged_numbers_of_lists_cost_nothing() -> None:
    lists = levels("lowerLetter", "%1.").replace('w:val="1"/><w:numFmt', 'w:val="99999999999"/><w:numFmt')
    lists += '<w:num w:numId="9"><w:lvlOverride w:ilvl="x"><w:startOverride w:val="²"/></w:lvlOverride></w:num>'
    content = document(p(r("甲"), about=NUMBERED), numbering=lists)
    assert content.blocks == (Paragraph("甲", 1, "a."),)


def test_a_list_takes_its_levels_from_the_style_it_names() -> None:
    linked = (
        '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="清单"/></w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    )
    style = (
        '<w:style w:type="numbering" w:styleId="清单"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    about = NUMBERED.replace('numId w:val="1"', 'numId w:val="2"')
    content = document(p(r("甲"), about=about), numbering=levels("chineseCounting", "%1、") + linked, styles=style)
    assert content.blocks == (Paragraph("甲", 1, "一、"),)


FORM = (
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"),
    ("产出指标", "数量指标", "开展宣传活动次数", "≥12次", "13次", "50", "50", ""),
    ("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%", "92%", "40", "40", "另行说明"),
)


def test_a_form_takes_values_without_their_list_numbers_and_words_with_them() -> None:
    rows = "".join(tr(*(tc(p(r(text), about=NUMBERED if text else "")) for text in row)) for row in FORM[1:])
    head = tr(*(tc(p(r(text))) for text in FORM[0]))
    content = document(
        p(r("云溪街道办事处2023年度部门整体支出绩效自评表")) + tbl(head, rows), numbering=levels("decimal", "%1.")
    )
    (found,) = recognise(content)
    columns = ["indicator", "target", "actual", "weight", "reason"]
    assert found.indicators[columns].astype(str).values.tolist() == [
        ["开展宣传活动次数", "≥12次", "13次", "50", ""],
        ["居民满意度", "≥90%", "92%", "40", "15.另行说明"],
    ]


def test_an_outline_takes_automatic_numbers_for_its_own() -> None:
    content = document(
        p(r("12345热线"), about=NUMBERED) + p(r("走访"), about=NUMBERED), numbering=levels("decimal", "%1.")
    )
    lines = [line for line in lines_of(content) if isinstance(line, Line)]
    assert [(line.text, line.level) for line in lines] == [("12345热线", 3), ("走访", 3)]
