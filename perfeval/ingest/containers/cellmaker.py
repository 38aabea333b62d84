"""Stored values → :class:`Cell`, for every kind of spreadsheet; and rows of them → :class:`Grid`."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from perfeval.ingest.containers.formatcode import GENERAL
from perfeval.ingest.containers.serials import CHINESE_DATES, date_text, serial
from perfeval.ingest.containers.shown import exact, show, show_text
from perfeval.ingest.document import EMPTY, Cell, Grid, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem
from perfeval.model.folding import legible

MAX_ROWS = 200_000
"""Rows with content of one sheet; the largest form seen has under 300, a district's yearly list some thousands."""
MAX_CELLS = 3_000_000
"""Cells with content of one file."""
MAX_COLUMNS = 512
MAX_GAP = 1_000
"""Empty rows after which what follows is a stray cell, not the table."""
LAST_ROW = 1_048_576
"""Of a sheet, in every program."""
REMEMBERED = 200_000
"""Distinct values kept, so that equal cells are one object: long tables repeat themselves."""

Sparse = tuple[int, dict[int, Cell]]
"""Row number from 1, and column from 0 → cell of its cells with content."""


class TooLarge(Exception):  # not an error of the program: reported as E603
    """A sheet is larger than any form; its text is the message."""


class CellMaker:
    """Makes cells of one workbook, and remembers them; ``limit`` counts what is still allowed."""

    def __init__(self, since_1904: bool = False) -> None:
        self.since_1904 = since_1904
        self.made = 0
        self._known: dict[object, Cell] = {}

    def cell(self, value: object, number_format: str = GENERAL, format_number: int = 0) -> Cell:
        """The cell of a stored value under a number format (and its built-in number, where there is one)."""
        if value is None or value == "":
            return EMPTY
        self.made += 1
        if self.made > MAX_CELLS:
            raise TooLarge(f"有内容的单元格超过{MAX_CELLS:,}个")
        key = (type(value), value, number_format, format_number)
        found = self._known.get(key)
        if found is None:
            found = self._make(value, CHINESE_DATES.get(format_number, number_format) or GENERAL)
            if len(self._known) < REMEMBERED:
                self._known[key] = found
        return found

    def _make(self, value: object, number_format: str) -> Cell:
        if isinstance(value, bool):
            return Cell("TRUE" if value else "FALSE")
        if isinstance(value, int | float | Decimal):
            number = exact(value)
            return self._number(number, number_format) if number.is_finite() else Cell(str(value))
        if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
            days = serial(value, self.since_1904)
            if days is not None and number_format != GENERAL:
                return self._number(days, number_format)
            return Cell(date_text(value), None, number_format)
        text = tidy(str(value))
        if number_format == GENERAL:
            return Cell(text)
        shown = show_text(text, number_format)
        return Cell(shown.text, None, number_format, doubts=shown.doubts)

    def _number(self, number: Decimal, number_format: str) -> Cell:
        shown = show(number, number_format, self.since_1904)
        return Cell(shown.text, None if shown.dated else number, number_format, doubts=shown.doubts)


def tidy(text: str) -> str:
    """As a reader sees it, line breaks as ``\\n``."""
    return legible(text).replace("\r\n", "\n").replace("\r", "\n")


def make_grid(  # noqa: PLR0917  # the one place where sheets of all containers meet
    sheet: str,
    rows: Iterable[Sparse],
    merges: Iterable[tuple[int, int, int, int]],
    file: str,
    width: int = 0,
    hidden: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset()),
) -> tuple[Grid | None, list[Problem]]:
    """A grid of equal width from the rows with content, which come in order; None where there is none.

    ``hidden`` are the rows and columns (from 0) that the document hides; those outside the grid are left out, as there
    may be a million of them. What lies beyond :data:`MAX_GAP` empty rows or :data:`MAX_COLUMNS` is reported and left
    out. Raises :class:`TooLarge`. ``merges`` is asked for after the rows.
    """
    kept: dict[int, dict[int, Cell]] = {}
    problems: list[Problem] = []
    last, wide = 0, width or 1
    for number, content in rows:
        cells = content
        if not cells:
            continue
        if number - last > MAX_GAP or number > LAST_ROW:
            message = f"第{number}行有内容，与上面隔了{number - last - 1}个空行；这一行及以下未读取"
            problems.append(_far(message, sheet, (number, min(cells)), cells, file))
            break
        end = max(cells)
        if end >= MAX_COLUMNS:
            if not any(found.column for found in problems):
                message = f"第{MAX_COLUMNS}列以后有内容，未读取"
                first = min(at for at in cells if at >= MAX_COLUMNS)
                problems.append(_far(message, sheet, (number, first), cells, file))
            cells = {column: cell for column, cell in cells.items() if column < MAX_COLUMNS}
            end = max(cells, default=0)
        wide = max(wide, end + 1)
        kept[number] = cells
        last = number
        if len(kept) > MAX_ROWS:
            raise TooLarge(f"有内容的行超过{MAX_ROWS:,}行")
    if not kept:
        return None, problems
    rows_hidden = frozenset(row for row in hidden[0] if row < last)
    columns_hidden = frozenset(column for column in hidden[1] if column < wide)
    empty = (EMPTY,) * wide
    lines = [_line(kept[number], wide) if number in kept else empty for number in range(1, last + 1)]
    whole = _merge(lines, merges)
    return Grid(sheet, tuple(lines), whole, hidden_rows=rows_hidden, hidden_columns=columns_hidden), problems


def _far(message: str, sheet: str, place: tuple[int, int], cells: dict[int, Cell], file: str) -> Problem:
    number, column = place
    letters = letters_of(column)
    return problem("W602", message, file=file, sheet=sheet, row=number, column=letters, value=cells[column].text)


def _line(cells: dict[int, Cell], width: int) -> tuple[Cell, ...]:
    line = [EMPTY] * width
    for column, cell in cells.items():
        line[column] = cell
    return tuple(line)


def _merge(
    lines: list[tuple[Cell, ...]], merges: Iterable[tuple[int, int, int, int]]
) -> tuple[tuple[int, int, int, int], ...]:
    """The merged ranges that lie in the table, cut to it; every cell of them but the first is emptied."""
    height, width = len(lines), len(lines[0])
    left = height * width
    kept = []
    for top, first, bottom, last in sorted(set(merges)):
        area = (top, first, min(bottom, height - 1), min(last, width - 1))
        size = (area[2] - top + 1) * (area[3] - first + 1)
        if top >= height or first >= width or size <= 1 or size > left:
            continue  # outside, of one cell, or overlapping others: ranges cannot cover more than the sheet
        left -= size
        kept.append(area)
        for row in range(top, area[2] + 1):
            line = list(lines[row])
            start = first + (row == top)
            line[start : area[3] + 1] = [EMPTY] * (area[3] + 1 - start)
            lines[row] = tuple(line)
    return tuple(kept)


def columns_of(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
