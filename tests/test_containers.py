"""Containers: what a file is, its cells and paragraphs as shown, files that mean harm. Each test builds its file."""

import contextlib
import datetime as dt
import io
import os
import random
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest.containers import guard, parse_content, read_content
from perfeval.ingest.containers.guard import Nesting
from perfeval.ingest.containers.shown import MAX_COLUMNS, MAX_ROWS, make_grid
from perfeval.ingest.containers.xlsxparts import unescaped
from perfeval.ingest.document import UNCOMPUTED, Cell, Content, Grid, Paragraph
from perfeval.model.folding import legible

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def packed(members: dict[str, str | bytes], mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name, part in members.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def types(content: str) -> str:
    part, kind = content.split(" ")
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    )


def relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/{kind}" '
        f'Target="{target}"/></Relationships>'
    )


def xlsx(rows: str | bytes, after: str = "", before: str = "", **more: str | bytes) -> bytes:
    """A workbook of one sheet from the XML of its rows."""
    start = f'<worksheet xmlns="{MAIN}">{before}<sheetData>'.encode()
    rows = rows.encode() if isinstance(rows, str) else rows
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return packed(
        {
            "[Content_Types].xml": types(f"xl/workbook.xml {kind}"),
            "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": start + rows + f"</sheetData>{after}</worksheet>".encode(),
            **more,
        }
    )


def docx(body: str, **more: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        {
            "[Content_Types].xml": types(f"word/document.xml {kind}"),
            "_rels/.rels": relations("officeDocument", "word/document.xml"),
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            **more,
        }
    )


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def texts(grid: Grid | Paragraph) -> list[list[str]]:
    assert isinstance(grid, Grid)
    return [[cell.text for cell in row] for row in grid.rows]


def codes(content: Content) -> list[str]:
    return [problem.code for problem in content.problems]


def refused(content: Content) -> tuple[str, str]:
    """The only problem of a file that gave nothing."""
    assert content.blocks == ()
    (problem,) = content.problems
    assert problem.severity == "错误"
    assert problem.advice
    return problem.code, problem.message


# ---- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_reads_as_it_is_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评表"
    shown = [
        (1, "0%", "100%"),
        (0.8351, "0.00%", "83.51%"),
        (5431.28, "#,##0.00", "5,431.28"),
        (95, '"≥"0"%"', "≥95%"),
        (12, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (-3.5, "0.00_);[Red]\\(0.00\\)", "(3.50)"),
        (0, '0.00;-0.00;"—"', "—"),
        (7, "000", "007"),
        (735, 'General"人次"', "735人次"),
        (1234567, "#,##0,", "1,235"),
        ("0012", "@", "0012"),
        ("=不是公式", "@", "=不是公式"),
        (True, "General", "TRUE"),
        (dt.date(2022, 12, 31), "mm-dd-yy", "2022-12-31"),
        (dt.date(2022, 12, 31), 'yyyy"年"m"月"d"日"', "2022年12月31日"),
        (dt.date(2022, 12, 1), "yyyy-mm", "2022-12"),
    ]
    for row, (value, number_format, _) in enumerate(shown, start=1):
        cell = sheet.cell(row, 1, value)
        cell.number_format = number_format
        if isinstance(value, str):
            cell.data_type = "s"
    content = parse_content(saved(book), "表.xlsx")
    assert content.container == "xlsx"
    assert content.problems == ()
    (grid,) = content.blocks
    assert texts(grid) == [[text] for _, _, text in shown]
    assert isinstance(grid, Grid)
    assert [grid.rows[row][0].number for row in (0, 2, 5, 11, 14)] == [
        Decimal(1), Decimal("5431.28"), Decimal("0.3"), None, None,
    ]  # fmt: skip
    assert grid.rows[0][0].number_format == "0%"
    assert grid.sheet == "自评表"


def test_dates_in_the_builtin_formats_of_a_chinese_excel() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="57"/>'
        "</cellXfs></styleSheet>"
    )
    more = {
        "xl/styles.xml": styles,
        "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml").replace(
            "</Relationships>", f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
    }
    raw = xlsx('<row r="1"><c r="A1" s="1"><v>44926</v></c><c r="B1" s="2"><v>44926</v></c></row>', **more)
    assert texts(parse_content(raw, "a.xlsx").blocks[0]) == [["2022年12月31日", "2022年12月"]]


def test_merged_cells_have_text_only_in_the_first() -> None:
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>{row}</v></c>' for column in "ABC") + "</row>"
        for row in (1, 2, 3)
    )
    raw = xlsx(rows, '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3:XFD1048576"/></mergeCells>')
    (grid,) = parse_content(raw, "a.xlsx").blocks
    assert texts(grid) == [["1", "", "1"], ["", "", "2"], ["3", "3", "3"]]
    assert isinstance(grid, Grid)
    assert grid.merges == ((0, 0, 1, 1),)


def test_rows_keep_the_numbers_a_spreadsheet_shows() -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "值"
    (grid,) = parse_content(saved(book), "a.xlsx").blocks
    assert isinstance(grid, Grid)
    assert grid.rows[3][2].text == "值"
    assert grid.place(3, 2) == "C4"
    assert Grid("", ()).place(0, 27) == "AB1"


def test_hidden_sheets_are_left_out_and_said_to_be() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "看得见"
    hidden = book.create_sheet("旧稿")
    hidden["A1"] = "看不见"
    hidden.sheet_state = "hidden"
    content = parse_content(saved(book), "a.xlsx")
    assert [texts(block) for block in content.blocks] == [[["看得见"]]]
    assert [(problem.code, problem.sheet) for problem in content.problems] == [("N601", "旧稿")]


def test_styles_that_openpyxl_cannot_read_do_not_cost_the_data() -> None:
    raw = xlsx(
        '<row r="1"><c r="A1"><v>1.5</v></c></row>',
        **{
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font><sz val="大"/></font></fonts></styleSheet>',
            "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml").replace(
                "</Relationships>",
                f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
            ),
        },
    )
    content = parse_content(raw, "a.xlsx")
    assert texts(content.blocks[0]) == [["1.5"]]
    assert codes(content) == []


def test_a_declared_size_of_a_million_rows_costs_nothing() -> None:
    raw = xlsx(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>',
        before='<dimension ref="A1:XFD1048576"/>',
    )
    began = time.process_time()
    content = parse_content(raw, "a.xlsx")
    assert time.process_time() - began < 20
    assert texts(content.blocks[0]) == [["1"]]
    (problem,) = content.problems
    assert (problem.code, problem.row, problem.column) == ("W602", 1048576, "A")


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (1_001, 0, ""),
        (1_002, 0, "第1002行有内容，与上面隔了1000个空行；这一行及以下未读取"),
        (2, 511, ""),
        (2, 512, "第512列以后有内容，未读取"),
    ],
)
def test_what_stands_far_from_the_table_is_named_and_left(row: int, column: int, said: str) -> None:
    rows = [(1, {0: Cell("甲")}), (row, {column: Cell("乙")})]
    grid, problems = make_grid("表", rows, (), "a.xlsx")
    assert ([found.message for found in problems], grid is not None) == ([said] if said else [], True)
    assert ("乙" in str(grid)) is not bool(said)
    assert all((found.row, found.value) == (row, "乙") for found in problems)


@pytest.mark.parametrize(("last", "read"), [(1_048_576, True), (1_048_577, False)])
def test_a_row_beyond_the_last_of_a_sheet_is_none(last: int, read: bool) -> None:
    ladder = [(number, {0: Cell("甲")}) for number in range(1, last, 1_000)] + [(last, {0: Cell("乙")})]
    assert (make_grid("表", ladder, (), "a.xlsx")[1] == []) is read


def test_stray_columns_are_reported_not_read() -> None:
    raw = xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>9</v></c></row>')
    content = parse_content(raw, "a.xlsx")
    assert texts(content.blocks[0]) == [["1"]]
    assert [(problem.code, problem.column) for problem in content.problems] == [("W602", "ZZ")]
    assert MAX_COLUMNS < 702


def ods(table: str) -> bytes:
    names = "".join(
        f' xmlns:{part}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"' for part in ("office", "table", "text")
    )
    body = f"<office:document-content{names}><office:body><office:spreadsheet>{table}</office:spreadsheet>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"content.xml": body + "</office:body></office:document-content>"}, kind)


def test_an_opendocument_sheet_reads_as_shown() -> None:
    raw = ods(
        '<table:table table:name="表1"><table:table-row>'
        '<table:table-cell table:number-columns-spanned="2"><text:p>标题</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row><table:table-row>"
        '<table:table-cell office:value-type="percentage" office:value="1"><text:p>100%</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="5431.28">'
        "<text:p>5,431.28</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=1+1"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row></table:table>'
    )
    content = parse_content(raw, "a.ods")
    (grid,) = content.blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["标题", "", "", ""], ["100%", "5,431.28", "5,431.28", ""]]
    assert grid.merges == ((0, 0, 0, 1),)
    assert grid.rows[1][1].number == Decimal("5431.28")
    assert (grid.rows[1][3].origin, content.problems) == (UNCOMPUTED, ())


def test_escapes_are_the_characters_that_text_can_hold() -> None:
    held = "a_x0009_b_x000A_c_x000D_d_x0041_e_x0008_f_xD800_g_xFFE5_h_x4_i"
    assert unescaped(held) == "a\tb\nc\rdAefg￥h_x4_i"


def test_as_many_opendocument_rows_as_the_limit_says_are_read() -> None:
    def rows(times: int) -> Content:
        cell = "<table:table-cell><text:p>1</text:p></table:table-cell>"
        row = f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'
        return parse_content(ods(f'<table:table table:name="表1">{row}</table:table>'), "a.ods")

    (grid,) = rows(MAX_ROWS).blocks
    assert isinstance(grid, Grid)
    assert len(grid.rows) == MAX_ROWS
    assert refused(rows(MAX_ROWS + 1))[0] == "E603"


XLS_FORMATS = {0: "General", 9: "0%", 164: '"≥"0.0'}


def xls(cells: list[tuple[int, int, float, int]], extra: bytes = b"") -> bytes:
    """A BIFF8 workbook in a compound file: number cells (row, column, value, style), style = place in XLS_FORMATS."""

    def record(kind: int, part: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(part)) + part

    def globals_(start: int) -> bytes:
        sheet = "表".encode("utf-16-le")
        custom = XLS_FORMATS[164]
        return (
            record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6))
            + extra
            + record(0x0042, struct.pack("<H", 1200))
            + record(0x041E, struct.pack("<HHB", 164, len(custom), 1) + custom.encode("utf-16-le"))
            + b"".join(record(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in XLS_FORMATS)
            + record(0x0085, struct.pack("<IHBB", start, 0, 1, 1) + sheet)
            + record(0x000A)
        )

    start = len(globals_(0))
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6))
    for row, column, value, style in cells:
        body += record(0x0203, struct.pack("<HHHd", row, column, style, value))
    body += record(0x00E5, struct.pack("<HHHHH", 1, 0, 0, 0, 1)) + record(0x000A)
    return compound({"Workbook": globals_(start) + body})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of 512-byte sectors: allocation table, directory, then the streams."""
    sectors: list[bytes] = []
    table = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        whole = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        first = 2 + len(sectors)
        count = len(whole) // 512
        sectors += [whole[at : at + 512] for at in range(0, len(whole), 512)]
        table += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append((name, 2, first, len(whole)))
    directory = b""
    for number, (name, kind, first, size) in enumerate(entries):
        text = (name + "\0").encode("utf-16-le")
        child = 1 if number == 0 and len(entries) > 1 else 0xFFFFFFFF
        right = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        directory += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        directory += bytes(36) + struct.pack("<IQ", first, size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header += struct.pack("<108I", *[0xFFFFFFFF] * 108)
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + fat + directory.ljust(512, b"\0") + b"".join(sectors)


def test_an_old_workbook_keeps_its_number_formats_and_merges() -> None:
    content = parse_content(xls([(0, 0, 1.0, 1), (1, 0, 12.5, 2), (1, 1, 3.0, 0)]), "a.et")
    assert (content.container, content.problems) == ("et", ())
    (grid,) = content.blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["100%", ""], ["≥12.5", "3"]]
    assert grid.rows[0][0].number == 1
    assert grid.merges == ((0, 0, 0, 1),)


# ---- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "file", "expected", "said"),
    [
        ("\ufeff指标,值\n甲,0012\n".encode(), "a.csv", [["指标", "值"], ["甲", "0012"]], []),
        ("指标,值\n网格,1\n".encode("gb18030"), "a.csv", [["指标", "值"], ["网格", "1"]], ["W101"]),
        ("指标\t值\n甲,乙\t1\n".encode(), "a.tsv", [["指标", "值"], ["甲,乙", "1"]], []),
        ("\ufeff指标\t值\n甲\t1\n".encode("utf-16-le"), "a.csv", [["指标", "值"], ["甲", "1"]], ["W605"]),
        ("指标;值\n甲;1\n".encode(), "a.csv", [["指标", "值"], ["甲", "1"]], ["N602"]),
        ('指标,值\n"甲\n乙",1\n,\n'.encode(), "a.csv", [["指标", "值"], ["甲\n乙", "1"]], []),
        ('指标,值\n"甲,1\n乙,2\n'.encode(), "a.csv", [["指标", "值"], ['"甲', "1"], ["乙", "2"]], ["W606"]),
        ("甲,乙\n\n,1\n".encode(), "a.csv", [["甲", "乙"], ["", ""], ["", "1"]], []),
    ],
    ids=["bom", "gbk", "tabs", "utf-16", "semicolons", "line break in a cell", "unbalanced quotes", "empty row"],
)
def test_csv(raw: bytes, file: str, expected: list[list[str]], said: list[str]) -> None:
    content = parse_content(raw, file)
    (grid,) = content.blocks
    assert texts(grid) == expected
    assert codes(content) == said


def test_text_keeps_its_line_numbers_and_its_tables() -> None:
    lines = ["自评报告\r", "", "产出 | 数量 | 甲 | ≥5个", " | | 乙 | ", "丙|丁在一个词里"]
    text = "\n".join([*lines, "| 一级 | 二级 |", "|---|---|", "| 产出 | 数量 |", ""])
    content = parse_content(text.encode(), "报告.txt")
    first, loose, word, framed = content.blocks
    assert first == Paragraph("自评报告", 1)
    assert isinstance(loose, Grid)
    assert (texts(loose), loose.first_row) == ([["产出", "数量", "甲", "≥5个"], ["", "", "乙", ""]], 3)
    assert word == Paragraph("丙|丁在一个词里", 5)
    assert isinstance(framed, Grid)
    assert (texts(framed), framed.first_row) == ([["一级", "二级"], ["", ""], ["产出", "数量"]], 6)


@given(
    st.lists(st.lists(st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), max_size=5), min_size=2))
)
@settings(max_examples=50, deadline=None)
def test_csv_gives_back_every_cell(rows: list[list[str]]) -> None:
    import csv

    buffer = io.StringIO()
    csv.writer(buffer).writerows([["指标", "值"], *rows])
    content = parse_content(buffer.getvalue().encode("utf-8-sig"), "a.csv")
    (grid,) = content.blocks
    assert isinstance(grid, Grid)
    for number, row in enumerate(grid.rows[1:]):
        found = [cell.text for cell in row]
        wanted = [*map(legible, rows[number]), *[""] * len(found)]
        assert found == wanted[: len(found)]
    lost = [text for row in rows[len(grid.rows) - 1 :] for text in row]
    assert not any(lost)


def test_parquet() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    columns = {"编号": ["0012", None], "金额": [5431.28, 3.0], "日": [dt.date(2022, 12, 31), None]}
    pq.write_table(pa.table(columns), buffer)
    content = parse_content(buffer.getvalue(), "a.parquet")
    assert texts(content.blocks[0]) == [["编号", "金额", "日"], ["0012", "5431.28", "2022-12-31"], ["", "3", ""]]
    assert refused(parse_content(buffer.getvalue()[:60], "a.parquet"))[0] == "E606"


@pytest.mark.parametrize(
    ("rows", "columns", "read"),
    [(200_000, 1, True), (200_001, 1, False), (2, 512, True), (2, 513, False), (6_001, 500, False)],
)
def test_a_parquet_file_is_read_up_to_the_limits(rows: int, columns: int, read: bool) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer, nothing = io.BytesIO(), pa.nulls(rows)
    pq.write_table(pa.table({f"列{at}": nothing for at in range(columns)}), buffer)
    content = parse_content(buffer.getvalue(), "a.parquet")
    assert codes(content) == ([] if read else ["E603"])


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_a_wrong_suffix_is_noticed_and_the_content_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "值"
    content = parse_content(saved(book), "自评表.xls")
    assert texts(content.blocks[0]) == [["值"]]
    (problem,) = content.problems
    assert problem.code == "W601"
    assert problem.message == "后缀是.xls，内容是.xlsx"
    assert codes(parse_content(saved(book), "自评表.et")) == []
    assert [block.rows[0][1].text for block in parse_content("甲\t乙\n".encode(), "a.xls").blocks] == ["乙"]


@pytest.mark.parametrize(
    ("raw", "file", "code", "words"),
    [
        (b"", "a.xlsx", "E103", "空"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "报告.docx", "E607", "后缀是.docx，内容是PNG图片"),
        (b"%PDF-1.7\n", "a.xlsx", "E607", "PDF"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "a.xls", "E607", "网页"),
        (packed({"a.txt": "x"}), "a.xlsx", "E607", "压缩包"),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "a.xlsx", "E605", "密码"),
        (xls([], struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)), "a.xls", "E605", "密码"),
        (compound({"Workbook": b"x"})[:700], "a.xls", "E606", "不完整"),
        (xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')[:-300], "a.xlsx", "E606", "不完整"),
        (xlsx('<row r="1"><c r="A1"><v>1</v></c>'), "a.xlsx", "E606", "无法读取"),
        (docx("<w:p>"), "a.docx", "E606", "无法读取"),
        (docx("<w:sdt>" * 4_000 + p("深") + "</w:sdt>" * 4_000), "a.docx", "E606", "无法读取"),
        (docx("<w:sdt>" * 20_000 + p("深") + "</w:sdt>" * 20_000), "a.docx", "E601", "层层相套"),
        (ods("<table:table>"), "a.ods", "E606", "无法读取"),
        (xlsx(""), "a.xlsx", "E611", "没有"),
        (b"\xff\xfea\x00b", "a.txt", "E101", "UTF-16"),
        (b"ab\x00c", "a.txt", "E102", "二进制"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(raw: bytes, file: str, code: str, words: str) -> None:
    found, message = refused(parse_content(raw, file))
    assert found == code
    assert words in message


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    bomb = xlsx(b" " * (40 << 20))
    assert len(bomb) < 100_000
    began = time.process_time()
    code, message = refused(parse_content(bomb, "a.xlsx"))
    assert time.process_time() - began < 20
    assert code == "E601"
    assert "倍" in message
    many = packed({"[Content_Types].xml": types("xl/workbook.xml x.sheet.main+xml"), "xl/workbook.xml": ""})
    assert refused(parse_content(many, "a.xlsx"))[0] == "E606"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(xlsx(b" " * (40 << 20)))
    true = struct.pack(
        "<I", next(i.file_size for i in zipfile.ZipFile(io.BytesIO(bomb)).infolist() if "sheet1" in i.filename)
    )
    for at in range(len(bomb) - 4):
        if bomb[at : at + 4] == true:
            bomb[at : at + 4] = struct.pack("<I", 1000)
    assert refused(parse_content(bytes(bomb), "a.xlsx"))[0] == "E606"


MB = 1 << 20


@pytest.mark.parametrize(
    ("members", "limit"),  # of each member: unpacked, packed
    [
        ([(1, 1)] * 10_000, ""),
        ([(1, 1)] * 10_001, "最多10000个"),
        ([(128 * MB, 128 * MB)] * 2, ""),
        ([(128 * MB, 128 * MB)] * 2 + [(1, 1)], "最多256MB"),
        ([(16 * MB, 1)], ""),
        ([(16 * MB + 1, 1)], f"{16 * MB + 1}倍"),
        ([(16 * MB + 1, 0)], f"{16 * MB + 1}倍"),
        ([(30_000_000, 100_000)], ""),
        ([(30_000_001, 100_000)], "300倍"),
    ],
)
def test_an_archive_may_say_of_itself_as_much_as_the_limits(members: list[tuple[int, int]], limit: str) -> None:
    listed = [zipfile.ZipInfo(f"{at}.xml") for at in range(len(members))]
    for one, (unpacked, compressed) in zip(listed, members, strict=True):
        one.file_size, one.compress_size = unpacked, compressed
    assert [limit in str(found) for found in guard._too_large(listed, "a.xlsx")] == ([True] if limit else [])


def test_too_many_members_are_refused() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members: dict[str, str | bytes] = {"[Content_Types].xml": types(f"word/document.xml {kind}")}
    raw = packed(members | {f"word/{number}.xml": "" for number in range(10_001)})
    code, message = refused(parse_content(raw, "a.docx"))
    assert (code, "10002个文件" in message) == ("E601", True)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(encoding: str) -> None:
    part = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITIES}<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>'
    raw = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{"xl/sharedStrings.xml": part.encode(encoding)})
    code, message = refused(parse_content(raw, "a.xlsx"))
    assert code == "E602"
    assert "sharedStrings" in message
    assert refused(parse_content(docx(p("甲"), **{"word/x.xml": ENTITIES}), "a.docx"))[0] == "E602"


def test_an_entity_bomb_in_an_unusual_encoding_is_refused() -> None:
    part = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x'
    assert refused(parse_content(docx(p("甲"), **{"word/y.xml": part.decode()}), "a.docx"))[0] == "E602"


DEEP = "<x>" * 5_001 + "</x>" * 5_001


@pytest.mark.parametrize(
    ("raw", "file"),
    [
        (lambda: xlsx(DEEP), "a.xlsx"),
        (lambda: docx(DEEP), "a.docx"),
        (lambda: ods(DEEP), "a.ods"),
        (lambda: docx("<x/>" * 1_000_000), "a.docx"),
    ],
    ids=["xlsx", "docx", "ods", "many"],
)
def test_elements_that_would_fill_the_memory_are_refused(raw: Callable[[], bytes], file: str) -> None:
    """14 MB of elements within each other took 625 MB."""
    assert refused(parse_content(raw(), file))[0] == "E601"


@given(st.recursive(st.just("<a x='/'/>"), lambda inner: st.lists(inner, max_size=3).map(
    lambda parts: f"<b>/> 文{''.join(parts)}</b >")), st.integers(1, 9))  # fmt: skip
def test_elements_are_counted_as_a_parser_counts_them(xml: str, size: int) -> None:
    def depth(element: Element) -> int:
        return 1 + max(map(depth, element), default=0)

    raw, found = xml.encode(), Nesting()
    for at in range(0, len(raw), size):
        found.follow(raw[at : at + size])
    root = fromstring(raw)  # noqa: S314  # made here
    assert (found.elements, found.deepest, found.depth) == (len(list(root.iter())), depth(root), 0)


MILLION = """
import io, resource, sys
sys.path.insert(0, {tests!r})
from test_containers import xlsx
from perfeval.ingest.containers import parse_content
rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>1</v></c></row>' % (n, n, n, n)
                for n in range(1, 1_000_001))
raw = xlsx(rows); del rows
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = parse_content(raw, "a.xlsx")
print(content.problems[0].code, len(content.blocks),
      (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_a_sheet_of_a_million_rows_is_refused_in_bounded_memory() -> None:
    code = MILLION.format(tests=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    found, blocks, megabytes = done.stdout.split()
    assert (found, blocks) == ("E603", "0")
    assert float(megabytes) < 300


def test_a_long_csv_is_refused() -> None:
    assert refused(parse_content(b"a,b\n" * (MAX_ROWS + 1), "a.csv"))[0] == "E603"


def test_a_row_number_beyond_any_sheet_costs_nothing() -> None:
    began = time.process_time()
    raw = xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')
    assert codes(parse_content(raw, "a.xlsx")) in (["W602"], ["E606"])
    assert time.process_time() - began < 20


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_damage_anywhere_never_raises(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # for reproducible damage
    sources = [
        (
            xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'),
            "a.xlsx",
        ),
        (docx(p("甲") + "<w:tbl><w:tr><w:tc>" + p("乙") + "</w:tc></w:tr></w:tbl>"), "a.docx"),
        (xls([(0, 0, 1.0, 1), (1, 1, 2.0, 2)]), "a.xls"),
        (ods("<table:table><table:table-row><table:table-cell/></table:table-row></table:table>"), "a.ods"),
    ]
    raw, file = chance.choice(sources)
    broken = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    content = parse_content(bytes(broken[: chance.choice([len(broken), chance.randrange(1, len(broken))])]), file)
    assert content.blocks or content.problems


# ---- places ----------------------------------------------------------------------------------------------------------


def test_a_folder_named_like_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").mkdir()
    code, message = refused(read_content(tmp_path / "x.xlsx", "x.xlsx"))
    assert (code, "文件夹" in message) == ("E110", True)


def test_no_file_at_all(tmp_path: Path) -> None:
    assert refused(read_content(tmp_path / "没有.xlsx"))[0] == "E110"
    assert refused(read_content("a\0b.xlsx"))[0] == "E110"


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "待导入"
    inside.mkdir()
    (tmp_path / "别处.txt").write_text("秘密", encoding="utf-8")
    (inside / "甲.txt").write_text("公开", encoding="utf-8")
    (inside / "外.txt").symlink_to(tmp_path / "别处.txt")
    (inside / "内.txt").symlink_to(inside / "甲.txt")
    (inside / "圈.txt").symlink_to(inside / "圈.txt")
    assert refused(read_content(inside / "外.txt"))[0] == "E609"
    assert refused(read_content(inside / "圈.txt"))[0] == "E110"
    assert read_content(inside / "内.txt").blocks == (Paragraph("公开", 1),)
    assert read_content(inside / "外.txt", within=tmp_path).blocks == (Paragraph("秘密", 1),)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert refused(read_content(tmp_path / "a.txt"))[0] == "E110"


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """As a user other than root: root may read everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are not set by mode there")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲", encoding="utf-8")
    path.chmod(0)
    with without_rights():
        content = read_content(path, "a.txt")
    code, message = refused(content)
    assert code == "E110"
    assert "无法打开" in message


def test_nothing_is_written_beside_what_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    (tmp_path / "a.xlsx").write_bytes(saved(book))
    (tmp_path / "b.docx").write_bytes(docx(p("甲")))
    for path in sorted(tmp_path.iterdir()):
        assert read_content(path).problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.docx"]
