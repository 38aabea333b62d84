"""Cells of workbooks: where values come from, what is hidden or struck out, what odd files hold. Own small inputs."""

import io
import random
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_containers import MAIN, OFFICE, codes, ods, relations, saved, texts, xlsx

from perfeval.ingest.containers import parse_content
from perfeval.ingest.document import FORMULA, TYPED, UNCOMPUTED, WRONG, Cell, Content, Grid
from perfeval.ingest.visible import visible


def book(calculation: str = "") -> dict[str, str]:
    """The part that lists the sheets, with what it says of calculation."""
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="表" sheetId="1" r:id="rId1"/></sheets>{calculation}</workbook>'
    }


def program(name: str) -> dict[str, str]:
    return {"docProps/app.xml": f"<Properties><Application>{name}</Application></Properties>"}


def styles(content: str) -> dict[str, str]:
    more = f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    return {
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{content}</styleSheet>',
        "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml").replace("</Relationships>", more),
    }


def grid(raw: bytes, file: str = "甲.xlsx") -> Grid:
    (found,) = parse_content(raw, file).blocks
    assert isinstance(found, Grid)
    return found


def row(raw: bytes, file: str = "甲.xlsx") -> tuple[Cell, ...]:
    return grid(raw, file).rows[0]


def origins(raw: bytes) -> list[str]:
    return [cell.origin for cell in row(raw)]


ASKS = book('<calcPr fullCalcOnLoad="1"/>')


@pytest.mark.parametrize(
    ("row_", "column", "hidden"),
    [("2", "0.5", (set(), set())), ("1.99", "0.49", ({0}, {0})), ("0", "0", ({0}, {0})), ("", "", (set(), set()))],
)
def test_rows_and_columns_too_small_to_be_seen_are_hidden(
    row_: str, column: str, hidden: tuple[set[int], set[int]]
) -> None:
    cols = f'<cols><col min="1" max="1" width="{column}"/></cols>' if column else ""
    height = f' ht="{row_}"' if row_ else ""
    found = grid(xlsx(f'<row r="1"{height}><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', before=cols))
    assert (found.hidden_rows, found.hidden_columns) == hidden


# ---- origins ---------------------------------------------------------------------------------------------------------


def test_every_cell_knows_its_origin() -> None:
    raw = xlsx(
        '<row r="1"><c r="A1"><f>SUM(1)</f></c><c r="B1"><f>1</f><v>5</v></c><c r="C1"><v>0</v></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1"><f>SUM(1)</f><v/></c></row>'
    )
    assert [(cell.text, cell.origin) for cell in row(raw)] == [
        ("", UNCOMPUTED), ("5", FORMULA), ("0", TYPED), ("#DIV/0!", WRONG), ("", UNCOMPUTED),
    ]  # fmt: skip
    assert parse_content(raw, "甲.xlsx").problems == ()  # whoever uses the cells says so


ZEROS = '<row r="1"><c r="A1"><f>1</f><v>0</v></c><c r="B1" t="str"><f>2</f><v></v></c><c r="C1"><v>3</v></c></row>'


@pytest.mark.parametrize(
    "more",
    [
        ASKS,
        book('<calcPr calcId="999999" calcCompleted="0"/>'),
        program("Apache POI"),
        program("Microsoft Excel Compatible / Openpyxl 3.1.5"),
    ],
)
def test_results_that_were_never_computed(more: dict[str, str]) -> None:
    assert origins(xlsx(ZEROS, **more)) == [UNCOMPUTED, UNCOMPUTED, TYPED]


@pytest.mark.parametrize("name", ["Microsoft Excel", "WPS 表格", "LibreOffice/7.6", "Microsoft Macintosh Excel"])
def test_a_true_zero_stays_one(name: str) -> None:
    first, second, _ = row(xlsx(ZEROS, **program(name)))
    assert (first.text, first.origin, first.doubts) == ("0", FORMULA, ())
    assert second.text == ""


def test_results_nobody_vouches_for_are_doubted() -> None:
    first, *_ = row(xlsx(ZEROS))
    assert (first.text, [code for code, _ in first.doubts]) == ("0", ["W625"])
    some = '<row r="1"><c r="A1"><f>1</f><v>0</v></c><c r="B1"><f>1</f><v>7</v></c></row>'
    assert [bool(cell.doubts) for cell in row(xlsx(some, **ASKS))] == [True, True]
    assert [bool(cell.doubts) for cell in row(xlsx(some, **program("Apache POI")))] == [True, False]
    assert [bool(cell.doubts) for cell in row(xlsx(some, **program("Microsoft Excel")))] == [False, False]


def test_every_cell_of_an_array_formula_is_one() -> None:
    cells = '<row r="1"><c r="A1"><f t="array" ref="A1:B1">C1*2</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><v>1</v></c></row>'
    assert origins(xlsx(cells, **ASKS)) == [UNCOMPUTED, UNCOMPUTED, TYPED]
    shared = '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>0</v></c><c r="B1"><f t="shared" si="0"/><v>0</v></c></row>'
    assert origins(xlsx(shared, **ASKS)) == [UNCOMPUTED, UNCOMPUTED]


# ---- hidden ----------------------------------------------------------------------------------------------------------


def said(content: Content) -> list[tuple[str, object]]:
    return [(found.code, found.column or found.row) for found in visible(content).problems]


@pytest.mark.parametrize("how", ['hidden="1"', 'width="0"', 'hidden="true" collapsed="1" outlineLevel="1"'])
def test_hidden_columns(how: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    content = parse_content(xlsx(rows, before=f'<cols><col min="2" max="2" {how}/></cols>'), "甲.xlsx")
    assert said(content) == [("W608", "B")]
    assert texts(visible(content).blocks[0]) == [["1", "", "3"]]


@pytest.mark.parametrize("how", ['hidden="1"', 'ht="0" customHeight="1"'])
def test_hidden_rows(how: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2" {how}><c r="A2"><v>2</v></c></row>'
    content = parse_content(xlsx(rows), "甲.xlsx")
    assert said(content) == [("W608", 2)]
    assert texts(visible(content).blocks[0]) == [["1"], [""]]


def test_hidden_rows_and_columns_of_an_opendocument_sheet() -> None:
    line = "<table:table-cell><text:p>1</text:p></table:table-cell>" * 3
    raw = ods(
        '<table:table table:name="表"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        f"<table:table-header-rows><table:table-row>{line}</table:table-row></table:table-header-rows>"
        f'<table:table-row-group><table:table-row table:visibility="filter" table:number-rows-repeated="2">{line}'
        f"</table:table-row></table:table-row-group><table:table-row>{line}</table:table-row></table:table>"
    )
    found = grid(raw, "甲.ods")
    assert (found.hidden_rows, found.hidden_columns, len(found.rows)) == ({1, 2}, {2}, 4)


# ---- marked text -----------------------------------------------------------------------------------------------------


def rich(*runs: tuple[str, str]) -> str:
    parts = "".join(f"<r>{f'<rPr>{look}</rPr>' if look else ''}<t>{text}</t></r>" for text, look in runs)
    return f'<row r="1"><c r="A1" t="inlineStr"><is>{parts}</is></c></row>'


RAISED, STRUCK, SYMBOL = '<vertAlign val="superscript"/>', "<strike/>", '<rFont val="Symbol"/>'


@pytest.mark.parametrize(
    ("runs", "text", "doubted"),
    [
        ((("17", ""), ("2", RAISED), ("次", "")), "17次", True),
        ((("次数", ""), ("①", RAISED)), "次数", True),
        ((("300m", ""), ("2", RAISED)), "300m²", False),
        ((("1.2×10", ""), ("4", RAISED)), "1.2×10^4", True),
        ((("7", STRUCK), ("76%", "")), "76%", True),
        ((("7", '<strike val="0"/>'), ("6%", "")), "76%", False),
        ((("\u00b3", SYMBOL), ("90%", "")), "≥90%", False),
        ((("\uf0a3", SYMBOL), ("3件", "")), "≤3件", False),
        ((("\u00f5", SYMBOL), ("3件", "")), "〓3件", True),
        ((("CO", ""), ("2", '<vertAlign val="subscript"/>')), "CO2", False),
        ((("13", ""), ("2", '<vertAlign val="subscript"/>')), "13", True),
    ],
)
def test_runs_of_marked_text(runs: tuple[tuple[str, str], ...], text: str, doubted: bool) -> None:
    (cell,) = row(xlsx(rich(*runs)))
    assert (cell.text, bool(cell.doubts)) == (text, doubted)


def test_marks_of_a_whole_cell() -> None:
    look = styles(
        '<fonts><font/><font><strike/></font><font><name val="Symbol"/></font></fonts>'
        '<cellXfs><xf/><xf fontId="1"/><xf fontId="2"/></cellXfs>'
    )
    cells = '<row r="1"><c r="A1" s="1"><v>12</v></c><c r="B1" s="2" t="str"><v>\u00b35</v></c></row>'
    struck, drawn = row(xlsx(cells, **look))
    assert (struck.text, struck.number, [code for code, _ in struck.doubts]) == ("", None, ["W611"])
    assert drawn.text == "≥5"


def test_marked_text_of_an_opendocument_sheet() -> None:
    names = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    raw = ods(
        f'<style:style {names} style:name="T1" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
        '<table:table table:name="表"><table:table-row><table:table-cell office:value-type="string"><text:p>17'
        '<text:span text:style-name="T1">2</text:span><text:a>次</text:a></text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
        "</table:table>"
    )
    first, second = row(raw, "甲.ods")
    assert (first.text, bool(first.doubts), second.origin) == ("17次", True, WRONG)


# ---- odd files -------------------------------------------------------------------------------------------------------


def test_rows_counted_from_zero_are_all_there() -> None:
    raw = xlsx('<row r="0"><c r="A0"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>')
    content = parse_content(raw, "甲.xlsx")
    assert (texts(content.blocks[0]), codes(content)) == ([["1"], ["2"]], ["W627"])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>3</v></c></row><row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
        '<row><c r="A1"><v>1</v></c><c r="b1"><v>2</v></c></row><row r="2"><c><v>3</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>3</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>',
    ],
)
def test_rows_and_cells_in_any_order(rows: str) -> None:
    content = parse_content(xlsx(rows), "甲.xlsx")
    assert (texts(content.blocks[0]), codes(content)) == ([["1", "2"], ["3", ""]], [])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B1"><v>十二</v></c>', "十二"),
        ('<c r="B1"><v>NaN</v></c>', "NaN"),
        ('<c r="B1" t="s"><v>99</v></c>', ""),
        ('<c r="B1" t="d"><v>去年</v></c>', "去年"),
        ('<c r="B1"><v>1</v></c><c r="B1"><v>2</v></c>', "1"),
    ],
)
def test_a_bad_value_costs_no_other_and_is_named(cell: str, text: str) -> None:
    content = parse_content(xlsx(f'<row r="1"><c r="A1"><v>1</v></c>{cell}<c r="C1"><v>3</v></c></row>'), "甲.xlsx")
    assert texts(content.blocks[0]) == [["1", text, "3"]]
    assert [(found.code, found.row, found.column) for found in content.problems] == [("W626", 1, "B")]


def test_the_strict_namespaces_and_odd_styles() -> None:
    look = styles(
        '<numFmts><numFmt numFmtId="164" formatCode="0%"/></numFmts><fills><fill><patternFill patternType="X"/></fill>'
        '</fills><cellXfs><xf/><xf numFmtId="164"/></cellXfs>'
    )
    raw = xlsx('<row r="1"><c r="A1" s="1"><v>0.93</v></c><c r="B1"><f>A1</f></c></row>', **look)
    cells = xlsx('<row r="1"><c r="A1" s="1"><v>0.93</v></c></row>', **{
        name: part.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                           "http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, part in {**book(), **look}.items()})  # fmt: skip
    assert [cell.text for cell in row(raw)] == ["93%", ""]
    assert row(raw)[1].origin == UNCOMPUTED
    assert [cell.text for cell in row(cells)] == ["93%"]


def test_one_broken_sheet_costs_no_other() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "好"
    made.create_sheet("坏")["A1"] = 1

    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(made))) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[:-30] if name.endswith("sheet2.xml") else part)
    content = parse_content(broken.getvalue(), "甲.xlsx")
    assert [texts(block) for block in content.blocks] == [[["好"]]]
    assert [(found.code, found.sheet) for found in content.problems] == [("E606", "坏")]


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_damaged_xml_never_raises(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # for reproducible damage
    rows = bytearray(ZEROS.encode() + rich(("13", ""), ("1", RAISED)).encode())
    for _ in range(chance.randint(1, 4)):
        rows[chance.randrange(len(rows))] = chance.choice(b'0123456789"<>/ar=-')
    content = parse_content(xlsx(bytes(rows), **ASKS), "甲.xlsx")
    assert content.blocks or content.problems


@pytest.mark.parametrize(
    "cell",
    ['<c r="B1"><v>1_3</v></c>', '<c r="B1"><is><t>13次</t></is></c>', '<c r="B1" t="n"><is><t>13</t></is></c>'],
)
def test_a_value_no_program_reads_is_named_and_never_guessed(cell: str) -> None:
    content = parse_content(xlsx(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'), "甲.xlsx")
    assert [(found.code, found.row, found.column) for found in content.problems] == [("W626", 1, "B")]
    (sheet,) = content.blocks
    assert isinstance(sheet, Grid)
    assert all(one.number is None for one in sheet.rows[0][1:])


@pytest.mark.parametrize(
    ("columns", "attributes", "hidden"),
    [
        ('<cols><col min="2" max="2" width="0.05"/></cols>', "", (set(), {1})),
        ('<cols><col min="2" max="2" width="0"/></cols>', "", (set(), {1})),
        ('<cols><col min="2" max="2" width="0.9"/></cols>', "", (set(), set())),
        ("", ' ht="0.75" customHeight="1"', ({0}, set())),
        ("", ' ht="9"', (set(), set())),
    ],
)
def test_what_is_too_small_to_be_seen_is_hidden(columns: str, attributes: str, hidden: tuple[set, set]) -> None:
    rows = f'<row r="1"{attributes}><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    sheet = grid(xlsx(rows, before=columns))
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == hidden


def test_what_is_no_cell_in_a_row_is_named() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    odd = f'<mc:AlternateContent {mc}><mc:Choice><c r="B1"><v>13</v></c></mc:Choice></mc:AlternateContent>'
    content = parse_content(xlsx(f'<row r="1"><c r="A1"><v>1</v></c>{odd}<c r="C1"><v>3</v></c></row>'), "甲.xlsx")
    assert texts(content.blocks[0]) == [["1", "", "3"]]
    assert [(found.code, found.row, found.value) for found in content.problems] == [("W626", 1, "13")]


@pytest.mark.parametrize(
    ("many", "listed", "rest"),
    [(1, 1, ""), (20, 20, ""), (21, 20, "另有1个这样的单元格"), (25, 20, "另有5个这样的单元格")],
)
def test_of_the_troubles_of_cells_the_first_twenty_are_told_and_how_many_more_there_are(
    many: int, listed: int, rest: str
) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>十二</v></c></row>' for at in range(1, many + 1))
    problems = parse_content(xlsx(rows), "甲.xlsx").problems
    assert [(found.code, found.row) for found in problems] == [("W626", at) for at in range(1, listed + 1)]
    assert [found.message.endswith(rest or "按文字读入") for found in problems] == [not rest] * (listed - 1) + [True]
    assert sum("另有" in found.message for found in problems) == bool(rest)
