"""A stored value and its number format → the text a reader of the spreadsheet sees, or a doubt.

What :mod:`~perfeval.ingest.containers.formatcode` understands is shown exactly as Excel and LibreOffice show it; of
anything else the stored number is used in full, and the doubt says so. Some things are written in a way of their own,
because they mean the same and are read more surely: dates without words as ISO (``11/16/23`` → ``2023-11-16``),
numerals of other scripts in dates as ordinary ones, numbers in scientific notation in full, a 0 before a point without
one (0.5 under ``.0``), and no point without decimals after it (13 under ``0.#``, in Excel ``13.``). Padding (``_)``,
``?``, ``*``) is left out.

Stored values → :class:`Cell`, for every kind of spreadsheet; and rows of them → :class:`Grid`.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from perfeval.ingest.containers.formatcode import (
    CHINESE_DATES,
    CONTEXT,
    DATE,
    GENERAL,
    GENERAL_NUMBER,
    LITERAL,
    NUMBER,
    UNKNOWN,
    ZERO,
    Format,
    Piece,
    Section,
    date_text,
    dated,
    moment_of,
    noted,
    parse,
    rounded,
    serial,
)
from perfeval.ingest.document import EMPTY, Cell, Doubt, Grid, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem
from perfeval.model.folding import legible
from perfeval.model.rounding import plain

LARGEST = 308
"""Power of ten of the largest number a spreadsheet holds."""
BARE_POINT = re.compile(r"(?<![0-9])\.(?=[0-9])")
GROUPS = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored number as its format shows it."""

    text: str
    dated: bool = False
    """It is a date or time, and no number."""
    doubts: tuple[Doubt, ...] = ()


def exact(value: float | Decimal) -> Decimal:
    """The number a spreadsheet means: 15 significant digits, without what binary fractions add."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


def show(number: Decimal, number_format: str, since_1904: bool = False) -> Shown:
    """A stored number under a format, in the notation described above."""
    section, minus = section_for(number, parse(number_format))
    if section is None or section.kind == UNKNOWN:
        digits = plain(number)
        return Shown(digits, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{digits}"),))
    if section.kind == DATE:
        return _show_date(number, number_format, section, since_1904)
    if "exponent" in section.kinds:
        return Shown(plain(number))
    text = _number(number, section, minus) if section.kind == NUMBER else _full(number, section, minus)
    if text and (section.kind != LITERAL or not number):
        return Shown(text)
    what = f"显示为“{text}”" if text else "什么也不显示，作空白读入"
    return Shown(text, doubts=(("W620", f"存储的是{plain(number)}，按数字格式“{number_format}”{what}"),))


def _show_date(number: Decimal, number_format: str, section: Section, since_1904: bool) -> Shown:
    """A date or time; what has no date is its number, with a doubt."""
    moment = moment_of(number, section, since_1904)
    digits = plain(number)
    if moment is None:
        why = f"存储的数{digits}不是数字格式“{number_format}”能显示的日期或时间（显示为#####），用存储的数"
        return Shown(digits, doubts=(("W620", why),))
    if "odd" not in section.kinds:
        return Shown(noted(moment, section), dated=True)
    if not section.kinds >= {"y", "d"}:
        return Shown(digits, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{digits}"),))
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return Shown(text, True, (("W603", f"日期格式“{number_format}”不会算，存储的数{digits}读作{text}"),))


def show_text(text: str, number_format: str) -> Shown:
    """A text under a format: most show it as it is, some put words around it, some hide it."""
    section = parse(number_format).text
    if section is None or not text:
        return Shown(text)
    if section.kind in {UNKNOWN, NUMBER, DATE, GENERAL_NUMBER}:
        return Shown(text, doubts=(("W603", f"数字格式“{number_format}”怎样显示文字不会算，用存储的文字"),))
    shown = "".join(text if piece.kind == "text" else piece.text for piece in section.pieces)
    if "text" in section.kinds:
        return Shown(shown)
    hidden = " ".join(text.split())[:20]
    return Shown(shown, doubts=(("W620", f"存储的是“{hidden}”，按数字格式“{number_format}”显示为“{shown}”"),))


def as_shown(number: Decimal, number_format: str, since_1904: bool = False) -> str | None:
    """What the spreadsheet itself shows, padding aside; None where that is not known."""
    section, minus = section_for(number, parse(number_format))
    if section is None or section.kind == UNKNOWN:
        return None
    if section.kind == DATE:
        moment = moment_of(number, section, since_1904)
        return dated(moment, section) if moment else None
    return _number(number, section, minus) if section.kind == NUMBER else _full(number, section, minus)


def _full(number: Decimal, section: Section, minus: bool) -> str:
    """Fixed text, or a number in full with what stands around it."""
    shown = plain(number.copy_abs())
    if len(section.pieces) == 1 and section.kind == GENERAL_NUMBER:
        return f"-{shown}" if minus else shown
    body = "".join(shown if piece.kind == "general" else piece.text for piece in section.pieces).strip()
    return f"-{body}" if minus and section.kind == GENERAL_NUMBER else body


def _number(number: Decimal, section: Section, minus: bool) -> str:
    """A number by its placeholders; without a sign where it is shown as zero."""
    exponent, size = 0, number.copy_abs()
    left, right = section.left, section.right
    if "exponent" in section.kinds:
        exponent, power = _power(size, section)
        left, right = (tuple(power if p.kind == "exponent" else p for p in part) for part in (left, right))
    scale = exponent + section.scale
    scaled = rounded(size.scaleb(-scale, CONTEXT) if scale else size, section.decimals)
    whole, _, decimals = f"{scaled:f}".partition(".")
    before = _whole("" if whole == "0" else whole, left, section.grouped)
    behind = _decimals(decimals, right) if right else ""
    body = f"{before}{'.' if behind[:1].isdigit() else ''}{behind}".strip()
    if "." in body:
        body = BARE_POINT.sub("0.", body)
    return f"-{body}" if minus and scaled and body else body


def _power(number: Decimal, section: Section) -> tuple[int, Piece]:
    """The exponent of a number in scientific notation, and the piece that shows it."""
    exponent = number.adjusted() if number else 0
    exponent += rounded(number.scaleb(-exponent, CONTEXT), section.decimals) >= 10  # noqa: PLR2004  # 9.99 → 1.0E+01
    form = next(piece.text for piece in section.pieces if piece.kind == "exponent")
    sign = "-" if exponent < 0 else "+" if form[1] == "+" else ""
    return exponent, Piece("literal", f"E{sign}{abs(exponent):0{len(form) - 2}}")


def _whole(digits: str, pieces: tuple[Piece, ...], grouped: bool) -> str:
    """The digits before the point, from right to left over all placeholders; the first takes all that are left."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    if not places:
        return "".join([piece.text for piece in pieces]) + digits
    zero = next((order for order, at in enumerate(places) if pieces[at].text == "0"), len(places))
    digits = digits.zfill(len(places) - zero)
    filled = [piece.text for piece in pieces]
    for at in reversed(places[1:]):
        filled[at] = "" if grouped else digits[-1:]
        digits = digits if grouped else digits[:-1]
    filled[places[0]] = GROUPS.sub(",", digits) if grouped else digits
    return "".join(filled)


def _decimals(digits: str, pieces: tuple[Piece, ...]) -> str:
    """The digits behind the point; zeros at the end are shown only where the format has zeros."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    shown = len(places)
    while shown and digits[shown - 1] == "0" and pieces[places[shown - 1]].text != "0":
        shown -= 1
    filled = [piece.text for piece in pieces]
    for order, at in enumerate(places):
        filled[at] = digits[order] if order < shown else ""
    return "".join(filled)


def section_for(number: Decimal, form: Format) -> tuple[Section | None, bool]:
    """The section that shows a number, and whether a minus sign is put before it; None where none or unclear."""
    sections = form.sections
    if number.adjusted() > LARGEST:
        return None, False
    if form.conditional:
        return _by_condition(number, sections)
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:  # noqa: PLR2004
        return sections[2], False
    return sections[0], number < 0


def _by_condition(number: Decimal, sections: tuple[Section, ...]) -> tuple[Section | None, bool]:
    """Sections with conditions: the first that holds; the last one, without a condition, takes the rest."""
    conditions = [section.condition for section in sections]
    if conditions[0] is None or (len(sections) > 2 and (conditions[1] is None or conditions[2] is not None)):  # noqa: PLR2004
        return None, False
    chosen = next((at for at, section in enumerate(sections) if section.holds(number)), -1)
    if chosen < 0:
        return None, False
    known = [condition for condition in conditions if condition]
    if number == 0 and chosen == 1 and known == [(">", ZERO)]:
        return None, False  # LibreOffice takes [>0]0;"—" for the usual two sections, Excel does not
    if number >= 0:
        return sections[chosen], False
    only_negative = _only_negative(chosen, known)
    return (None, False) if only_negative is None else (sections[chosen], not only_negative)


def _only_negative(chosen: int, conditions: list[tuple[str, Decimal]]) -> bool | None:
    """Whether a section takes only numbers below zero, and so writes its own sign; None where programs differ."""
    sign, limit = conditions[min(chosen, len(conditions) - 1)]
    if chosen < len(conditions):
        if sign in {"<", "<="} and limit <= 0:
            return True if limit == 0 else None
        return False if chosen == 0 and not (sign == "=" and limit < 0) else None
    return True if len(conditions) == 1 and sign in {">", ">="} and limit == 0 else None


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
            if not problems:
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
