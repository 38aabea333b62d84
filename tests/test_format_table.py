"""A table of number formats and numbers, each as it is shown: what LibreOffice agrees to where it is there.

``golden/number_formats.csv`` can be read in a spreadsheet: a row for each format, a column for each stored number; a
code behind the text is what is said of it. The rows of a workbook that counts from 1904 begin with ``1904:``. A change
is taken over with ``python tests/test_format_table.py``, once it has been looked at.
"""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.ingest.containers.formatcode import serial
from perfeval.ingest.containers.shown import CellMaker, make_grid
from perfeval.ingest.document import EMPTY, Cell, Grid

GOLDEN = Path(__file__).parent / "golden" / "number_formats.csv"
SINCE_1904 = "1904:"


def table() -> tuple[list[str], dict[str, list[str]]]:
    """The numbers, and by format what is shown of each."""
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        (_, *numbers), *rows = csv.reader(lines)
    return numbers, {row[0]: row[1:] for row in rows}


def shown(number_format: str, numbers: list[str]) -> list[str]:
    """Each number under a format, with the codes of what is said of it."""
    maker = CellMaker(since_1904=number_format.startswith(SINCE_1904))
    cells = [maker.cell(Decimal(number), number_format.removeprefix(SINCE_1904)) for number in numbers]
    return [" ".join([repr(cell.text)[1:-1], *(code for code, _ in cell.doubts)]) for cell in cells]


@pytest.mark.parametrize("number_format", table()[1])
def test_a_format_shows_every_number_as_the_table_says(number_format: str) -> None:
    numbers, rows = table()
    assert dict(zip(numbers, shown(number_format, numbers), strict=True)) == dict(
        zip(numbers, rows[number_format], strict=True)
    )


@pytest.mark.parametrize(("zeros", "doubts"), [(308, []), (309, ["W603"])])
def test_a_number_larger_than_a_spreadsheet_holds_is_said_not_to_be_known(zeros: int, doubts: list[str]) -> None:
    cell = CellMaker().cell(Decimal("1" + zeros * "0"), "0")
    assert (cell.text, [code for code, _ in cell.doubts]) == ("1" + zeros * "0", doubts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.time(8, 30), "08:30"), (dt.time(8, 30, 5), "08:30:05"), (dt.date(2023, 1, 2), "2023-01-02"),
        (dt.datetime.fromisoformat("2023-01-02T00:00:01"), "2023-01-02 00:00"),
        (dt.datetime.fromisoformat("2023-01-02T09:00"), "2023-01-02 09:00"),
        (dt.datetime.fromisoformat("2023-01-02T00:01"), "2023-01-02 00:01"),
        (dt.datetime.fromisoformat("2023-01-02"), "2023-01-02"), (dt.timedelta(minutes=59), "0:59"),
        (dt.timedelta(hours=25, minutes=5), "25:05"), (dt.timedelta(seconds=3661), "1:01:01"),
    ],
)  # fmt: skip
def test_a_date_without_a_format_is_shown_as_iso(value: dt.date | dt.time | dt.timedelta, text: str) -> None:
    assert CellMaker().cell(value).text == text


@pytest.mark.parametrize(
    ("day", "since_1900", "since_1904"),
    [
        ("1899-12-29", None, None), ("1900-01-01", 1, None), ("1900-01-02", 2, None), ("1900-02-28", 59, None),
        ("1900-03-01", 61, None), ("1903-12-31", 1461, None), ("1904-01-01", 1462, 0), ("1904-01-02", 1463, 1),
        ("2023-11-16", 45246, 43784),
    ],
)  # fmt: skip
def test_days_are_counted_as_spreadsheets_count_them(day: str, since_1900: int | None, since_1904: int | None) -> None:
    date = dt.date.fromisoformat(day)
    assert (serial(date), serial(date, since_1904=True)) == (since_1900, since_1904)
    noon = serial(dt.datetime.combine(date, dt.time(12)))
    assert noon == (None if since_1900 is None else since_1900 + Decimal("0.5"))


# ---- cells in rows ---------------------------------------------------------------------------------------------------


def made(*rows: tuple[int, tuple[int, ...]], merges: tuple[tuple[int, int, int, int], ...] = ()) -> tuple[list, list]:
    """Of rows with cells in some columns: the texts of each row, and the place and sentence of what is left out."""
    sparse = [(number, {at: Cell(f"{number}/{at}") for at in columns}) for number, columns in rows]
    grid, problems = make_grid("表", sparse, merges, "f.xlsx")
    texts = [[cell.text for cell in row] for row in grid.rows] if grid else []
    return texts, [(one.row, one.column, one.value, one.message) for one in problems]


def test_rows_and_columns_have_their_places() -> None:
    assert made((2, (1,)), (4, (0, 2))) == ([["", "", ""], ["", "2/1", ""], ["", "", ""], ["4/0", "", "4/2"]], [])
    assert made() == ([], [])
    assert made((1, ())) == ([], [])


@pytest.mark.parametrize(("second", "kept"), [(1001, True), (1002, False)])
def test_what_lies_below_a_thousand_empty_rows_is_told_and_not_read(second: int, kept: bool) -> None:
    rows, told = made((1, (0,)), (second, (3, 5)), (second + 1, (0,)))
    assert len(rows) == (second + 1 if kept else 1)
    said = f"第{second}行有内容，与上面隔了1000个空行；这一行及以下未读取"
    assert told == ([] if kept else [(second, "D", f"{second}/3", said)])


def test_what_lies_beyond_512_columns_is_told_once_and_not_read() -> None:
    rows, told = made((1, (511,)), (2, (513, 512, 1)), (3, (600,)), (4, (0,)))
    assert [len(row) for row in rows] == [512] * 4
    assert rows[1][:3] == ["", "2/1", ""]
    assert not any(rows[2])
    assert told == [(2, "SS", "2/512", "第512列以后有内容，未读取")]


@pytest.mark.parametrize(
    ("merges", "kept", "texts"),
    [
        (((0, 0, 0, 1),), ((0, 0, 0, 1),), ["1/0", "", "2/0", "2/1"]),
        (((0, 0, 1, 0),), ((0, 0, 1, 0),), ["1/0", "1/1", "", "2/1"]),
        (((0, 0, 9, 9),), ((0, 0, 1, 1),), ["1/0", "", "", ""]),
        (((1, 1, 9, 9),), (), ["1/0", "1/1", "2/0", "2/1"]),  # of one cell, once it is cut
        (((2, 0, 3, 1), (0, 2, 1, 3)), (), ["1/0", "1/1", "2/0", "2/1"]),  # outside
        (((0, 0, 0, 1), (0, 0, 0, 1)), ((0, 0, 0, 1),), ["1/0", "", "2/0", "2/1"]),
        (((0, 1, 1, 1), (1, 0, 1, 1)), ((0, 1, 1, 1), (1, 0, 1, 1)), ["1/0", "1/1", "2/0", ""]),
        (((0, 0, 1, 1), (0, 1, 1, 1)), ((0, 0, 1, 1),), ["1/0", "", "", ""]),  # more than the sheet has
    ],
)
def test_merged_cells_are_cut_to_the_table_and_empty_but_the_first(
    merges: tuple[tuple[int, int, int, int], ...], kept: tuple[tuple[int, int, int, int], ...], texts: list[str]
) -> None:
    cells = [(number, {at: Cell(f"{number}/{at}") for at in (0, 1)}) for number in (1, 2)]
    grid, _ = make_grid("表", cells, merges, "f.xlsx")
    assert isinstance(grid, Grid)
    assert grid.merges == kept
    assert [cell.text for row in grid.rows for cell in row] == texts


def test_of_a_million_hidden_rows_those_of_the_table_count() -> None:
    hidden = frozenset({0, 1, 2}), frozenset({0, 1, 2})
    grid, _ = make_grid("表", [(1, {1: Cell("甲")}), (2, {0: Cell("乙")})], (), "f.xlsx", 0, hidden)
    assert isinstance(grid, Grid)
    assert (grid.hidden_rows, grid.hidden_columns) == ({0, 1}, {0, 1})
    assert grid.rows[0] == (EMPTY, Cell("甲"))
    wider, _ = make_grid("表", [(1, {0: Cell("甲")})], (), "f.xlsx", 3)
    assert isinstance(wider, Grid)
    assert [cell.text for cell in wider.rows[0]] == ["甲", "", ""]


if __name__ == "__main__":
    stored, known = table()
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["格式", *stored])
        writer.writerows([form, *shown(form, stored)] for form in known)
