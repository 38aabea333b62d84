"""Old workbooks (.xls), record by record, and binary ones: built here, whole and damaged."""

import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_containers import compound, packed, texts, types, xls, xlsx

from perfeval.ingest.containers import parse_content, read_content
from perfeval.ingest.containers.biffbook import Codes, long_string, short_string
from perfeval.ingest.containers.xlsb import read_xlsb
from perfeval.ingest.document import FORMULA, TYPED, UNCOMPUTED, WRONG, Cell, Grid

RECALCID, COMPUTED = 0x01C1, b"\xc1\x01\0\0\0\0\0\0"
RAISED_FONT, STRUCK_FONT, LOWERED_FONT = 5, 6, 7
"""Numbers of fonts as records say them: there is no font number 4."""


def record(kind: int, part: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(part)) + part


def wide(text: str, size: str = "H") -> bytes:
    return struct.pack(f"<{size}B", len(text), 1) + text.encode("utf-16-le")


def bof(what: int, version: int = 0x0600) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", version, what, 0, 0, 0, 6))


def font(flags: int = 0, position: int = 0, name: str = "宋体") -> bytes:
    return record(0x0031, struct.pack("<HHHHHBBBB", 220, flags, 0, 400, position, 0, 0, 0, 0) + wide(name, "B"))


def workbook(*cells: bytes, shared: bytes = b"", computed: bool = True, hidden: int = 0) -> bytes:
    """A workbook of one sheet from its records. Styles: 0 General, 1 per cent, 2 struck out."""
    fonts = font() * 4 + font(position=1) + font(flags=8) + font(position=2)
    looks = b"".join(record(0x00E0, struct.pack("<HH", *look) + bytes(16)) for look in ((0, 0), (0, 9), (6, 0)))
    rest = fonts + looks + (record(RECALCID, COMPUTED) if computed else b"")

    def start(at: int) -> bytes:
        sheet = record(0x0085, struct.pack("<IBB", at, hidden, 0) + wide("表", "B"))
        return bof(5) + rest + sheet + shared + record(0x000A)

    return compound({"Workbook": start(len(start(0))) + bof(0x10) + b"".join(cells) + record(0x000A)})


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def formula(column: int, result: bytes, flags: int = 0, text: str = "") -> bytes:
    following = record(0x0207, wide(text)) if text else b""
    return record(0x0006, struct.pack("<HHH8sHIH", 0, column, 0, result, flags, 0, 0)) + following


def grid(raw: bytes) -> Grid:
    (found,) = parse_content(raw, "甲.xls").blocks
    assert isinstance(found, Grid)
    return found


def row(raw: bytes) -> tuple[Cell, ...]:
    return grid(raw).rows[0]


TEXT, TRUTH, WRONG_RESULT, NOTHING = (
    bytes([kind, 0, at, 0, 0, 0, 255, 255]) for kind, at in ((0, 0), (1, 1), (2, 7), (3, 0))
)


def test_numbers_in_all_their_forms() -> None:
    rk = [(12 << 2) | 2, (1250 << 2) | 3, 0x3FE00000, ((-5 << 2) & 0xFFFFFFFF) | 2, 0x40590000 | 1]
    cells = record(0x00BD, struct.pack("<HH", 0, 0) + b"".join(struct.pack("<HI", 0, value) for value in rk) + b"\4\0")
    raw = workbook(cells, record(0x027E, struct.pack("<HHHI", 0, 5, 1, 0x3FE00000)), number(0, 6, 98.5))
    assert [cell.text for cell in row(raw)] == ["12", "12.5", "0.5", "-5", "1", "50%", "98.5"]


def test_results_of_formulas() -> None:
    raw = workbook(
        formula(0, struct.pack("<d", 7)), formula(1, TEXT, text="优"), formula(2, TRUTH), formula(3, WRONG_RESULT),
        formula(4, NOTHING), formula(5, struct.pack("<d", 0)), formula(6, TEXT),
    )  # fmt: skip
    assert [(cell.text, cell.origin) for cell in row(raw)] == [
        ("7", FORMULA), ("优", FORMULA), ("TRUE", FORMULA), ("#DIV/0!", WRONG), ("", TYPED), ("0", FORMULA),
        ("", UNCOMPUTED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"),
    [(0, "#NULL!"), (7, "#DIV/0!"), (15, "#VALUE!"), (23, "#REF!"), (29, "#NAME?"), (36, "#NUM!"), (42, "#N/A"),
     (43, "#N/A")],
)  # fmt: skip
def test_errors_by_their_codes(code: int, text: str) -> None:
    typed = record(0x0205, struct.pack("<HHHBB", 0, 0, 0, code, 1))
    computed = formula(1, bytes([2, 0, code, 0, 0, 0, 255, 255]))
    assert [(cell.text, cell.origin) for cell in row(workbook(typed, computed))] == [(text, WRONG)] * 2


@pytest.mark.parametrize(
    ("result", "flags", "computed", "origin"),
    [
        (bytes(8), 2, True, UNCOMPUTED),  # POI, PhpSpreadsheet: to be computed on load
        (bytes(8), 3, False, UNCOMPUTED),
        (NOTHING, 0, False, UNCOMPUTED),  # xlwt: an empty text for every formula
        (bytes(8), 0, True, FORMULA),  # a true 0
    ],
)
def test_results_that_were_never_computed(result: bytes, flags: int, computed: bool, origin: str) -> None:
    raw = workbook(formula(0, result, flags), number(0, 1, 5), computed=computed)
    assert [cell.origin for cell in row(raw)] == [origin, TYPED]


def test_shared_texts_go_on_in_the_next_record_and_carry_marks() -> None:
    marked = struct.pack("<HBH", 4, 9, 3) + "132次".encode("utf-16-le")
    marked += struct.pack("<HHHHHH", 2, RAISED_FONT, 3, 0, 0, 0)
    split = "很长的文字"
    first = struct.pack("<II", 2, 2) + marked + struct.pack("<HB", 7, 1) + split[:3].encode("utf-16-le")
    second = b"\1" + split[3:].encode("utf-16-le")
    shared = record(0x00FC, first) + record(0x003C, second) + record(0x003C, b"\0ab")
    raw = workbook(*(record(0x00FD, struct.pack("<HHHI", 0, at, 0, at)) for at in (0, 1, 2)), shared=shared)
    content = parse_content(raw, "甲.xls")
    assert texts(content.blocks[0]) == [["13次", "很长的文字ab"]]
    assert [found.code for found in content.problems] == ["W626"]  # there is no third text
    assert [code for code, _ in row(raw)[0].doubts] == ["W610"]


@pytest.mark.parametrize(("look", "doubts"), [(RAISED_FONT, ["W610"]), (LOWERED_FONT, ["W610"]), (0, [])])
def test_a_text_of_its_own_carries_its_marks(look: int, doubts: list[str]) -> None:
    text = struct.pack("<HBH", 4, 9, 1) + "132次".encode("utf-16-le") + struct.pack("<HHHH", 2, look, 3, 0)
    (cell,) = row(workbook(record(0x0204, struct.pack("<HHH", 0, 0, 0) + text)))
    assert [code for code, _ in cell.doubts] == doubts


@pytest.mark.parametrize(("height", "width", "hidden"), [(40, 128, (set(), set())), (39, 127, ({0}, {0}))])
def test_rows_and_columns_too_small_to_be_seen_are_hidden(
    height: int, width: int, hidden: tuple[set[int], set[int]]
) -> None:
    column = record(0x007D, struct.pack("<HHHHH", 0, 0, width, 0, 0))
    row = record(0x0208, struct.pack("<HHHHHHI", 0, 0, 2, height, 0, 0, 0))
    found = grid(workbook(column, row, number(0, 0, 1), number(0, 1, 2)))
    assert (found.hidden_rows, found.hidden_columns) == hidden


def test_struck_cells_hidden_rows_and_columns_and_merges_after_a_chart() -> None:
    raw = workbook(
        record(0x007D, struct.pack("<HHHHH", 1, 1, 2048, 0, 1)), record(0x007D, struct.pack("<HHHHH", 2, 2, 0, 0, 0)),
        record(0x0208, struct.pack("<HHHHHHI", 1, 0, 4, 300, 0, 0, 0x20)),
        number(0, 0, 1), number(0, 1, 2), number(0, 2, 3), number(0, 3, 4, style=2), number(1, 0, 5),
        bof(0x20) + number(9, 9, 9) + record(0x000A), record(0x00E5, struct.pack("<HHHHH", 1, 0, 1, 3, 3)),
    )  # fmt: skip
    found = grid(raw)
    assert texts(found) == [["1", "2", "3", ""], ["5", "", "", ""]]
    assert (found.hidden_rows, found.hidden_columns, found.merges) == ({1}, {1, 2}, ((0, 3, 1, 3),))
    assert found.rows[0][3].doubts


def test_a_hidden_sheet_is_named() -> None:
    content = parse_content(workbook(number(0, 0, 1), hidden=1), "甲.xls")
    assert [found.code for found in content.problems] == ["N601"]


def test_a_cell_far_away_costs_nothing_and_reads_as_in_a_new_workbook() -> None:
    old = parse_content(workbook(number(0, 0, 1), number(65535, 255, 2)), "甲.xls")
    new = parse_content(
        xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="65536"><c r="IV65536"><v>2</v></c></row>'), "甲.xls"
    )
    assert texts(old.blocks[0]) == texts(new.blocks[0]) == [["1"]]
    assert [(found.code, found.row, found.column) for found in old.problems] == [("W602", 65536, "IV")]


def test_a_workbook_older_than_unicode() -> None:
    text = "满意度".encode("gb18030")
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)

    def start(at: int) -> bytes:
        name = "表".encode("gb18030")
        sheet = record(0x0085, struct.pack("<IBBB", at, 0, 0, len(name)) + name)
        look = record(0x00E0, bytes(16))
        return bof(5, 0x0500) + record(0x0042, struct.pack("<H", 936)) + look + sheet + record(0x000A)

    raw = compound({"Book": start(len(start(0))) + bof(0x10, 0x0500) + label + number(0, 1, 2) + record(0x000A)})
    assert (texts(grid(raw)), grid(raw).sheet) == ([["满意度", "2"]], "表")


def test_a_sheet_without_an_end_is_not_read_in_part() -> None:
    raw = workbook(number(0, 0, 1)).replace(record(0x0203, struct.pack("<HHHd", 0, 0, 0, 1)), b"\x03\x02\xff\xff" * 4)
    content = parse_content(raw, "甲.xls")
    assert (content.blocks, [found.code for found in content.problems]) == ((), ["E606"])


def test_one_broken_old_workbook_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "坏.xls").write_bytes(workbook(number(0, 0, 1))[:1024])
    (tmp_path / "好.xls").write_bytes(workbook(number(0, 0, 1)))
    found = [read_content(path) for path in sorted(tmp_path.iterdir())]
    assert sorted(len(content.blocks) for content in found) == [0, 1]
    assert all(content.problems for content in found if not content.blocks)


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_damaged_records_never_raise(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # for reproducible damage
    shared = record(0x00FC, struct.pack("<IIHBHHHH", 1, 1, 2, 8, 1, 0x3131, 1, 5))
    whole = workbook(number(0, 0, 1), record(0x00FD, struct.pack("<HHHI", 0, 1, 0, 0)), formula(2, TEXT, text="优"),
                     record(0x00E5, struct.pack("<HHHHH", 1, 0, 1, 3, 3)), shared=shared)  # fmt: skip
    broken = bytearray(whole)
    for _ in range(chance.randint(1, 8)):
        broken[chance.randrange(1024, 2400)] = chance.randrange(256)
    content = parse_content(bytes(broken), "甲.xls")
    assert content.blocks or content.problems


def test_a_binary_workbook_is_read_apart_and_a_broken_one_named() -> None:
    raw = packed({"[Content_Types].xml": types("xl/workbook.bin application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
                  "xl/workbook.bin": b"\xff" * 50})  # fmt: skip
    content = parse_content(raw, "甲.xlsb")
    assert (content.container, content.blocks, [found.code for found in content.problems]) == ("xlsb", (), ["E606"])
    grids, said = read_xlsb(xls([(0, 0, 12.0, 0)]), "甲.xlsb")  # the library in the child tells formats by content
    assert ([[cell.text for cell in line] for line in grids[0].rows], [found.code for found in said]) == (
        [["12", ""]] if len(grids[0].rows[0]) > 1 else [["12"]], ["W628"],
    )  # fmt: skip


def test_a_formula_without_the_text_it_promises_is_not_computed_whatever_the_others_are() -> None:
    for others in ((), (formula(1, struct.pack("<d", 7)),), (formula(1, struct.pack("<d", 0)),)):
        cells = row(workbook(formula(0, TEXT), *others, number(0, 2, 5)))
        assert [cell.origin for cell in cells] == [UNCOMPUTED, FORMULA if others else TYPED, TYPED]
        assert cells[0].doubts == ()


@pytest.mark.parametrize(
    ("after", "marks"),
    [(b"", []), (b"\0", []), (bytes([2, 0, 5, 1, 6]), [(0, 5), (1, 6)]), (bytes([9, 1, 5]), [(1, 5)]), (bytes([1, 0, 5, 1, 6]), [(0, 5)])],
)  # fmt: skip
def test_marks_of_a_text_older_than_unicode_stand_behind_it(after: bytes, marks: list[tuple[int, int]]) -> None:
    codes = Codes()
    codes.wide, codes.encoding = False, "gb18030"
    text = "甲乙".encode("gb18030")
    assert long_string(b"x" + struct.pack("<H", 4) + text + after, 1, codes) == ("甲乙", marks)
    assert short_string(b"x\4" + text + after, 1, codes) == ("甲乙", marks)


@pytest.mark.parametrize(("flags", "text"), [(0, b"ab"), (1, "甲乙".encode("utf-16-le"))])
@pytest.mark.parametrize("asian", [0, 4])
def test_marks_of_a_text_stand_behind_it_and_their_number_before_or_behind(flags: int, text: bytes, asian: int) -> None:
    shown = text.decode("utf-16-le" if flags else "latin-1")
    size, runs = struct.pack("<I", 8) if asian else b"", struct.pack("<HHHH", 0, 5, 1, 6)
    rich = struct.pack("<HBH", 2, flags | asian | 8, 2) + size + text + runs
    plain = struct.pack("<HB", 2, flags | asian) + size + text
    codes = Codes()
    assert long_string(rich + b"x", 0, codes) == (shown, [(0, 5), (1, 6)])
    assert long_string(plain + struct.pack("<H", 2) + runs, 0, codes) == (shown, [(0, 5), (1, 6)])
    assert long_string(plain, 0, codes) == (shown, [])
    assert long_string(struct.pack("<H", 2), 0, codes) == ("", [])
