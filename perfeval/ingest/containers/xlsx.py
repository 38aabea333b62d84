"""Workbooks of XML (.xlsx, .xlsm, .et) → grids, sheet by sheet as a stream.

Read from the XML itself, not through a library of objects: it must tell what such a library keeps to itself (formulas
without result, hidden rows, runs of marked text), and an odd style must not cost the sheet.
"""

import datetime as dt
import io
import re
import zipfile
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from perfeval.ingest.containers.comments import unread_comments
from perfeval.ingest.containers.shown import MAX_COLUMNS, REMEMBERED, CellMaker, TooLarge, columns_of
from perfeval.ingest.containers.xlsxparts import (
    DEFAULT,
    LOW,
    NARROW,
    NOT_COMPUTED,
    Package,
    Sheet,
    Style,
    from_formula,
    is_hollow,
    is_true,
    number_of,
    read_each,
    read_package,
    styled,
    text_of,
    unescaped,
)
from perfeval.ingest.document import EMPTY, WRONG, Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,10})")
MEASURE = re.compile(r"[0-9]{1,4}(\.[0-9]{0,20})?")
DIGITS = 40
"""Of a whole number that is kept exactly."""
BOOLEANS = {"1": True, "0": False, "true": True, "false": False}
UNREAD = "W626"

Merge = tuple[int, int, int, int]
Result = tuple[list[Grid], list[Problem]]


def read_xlsx(raw: bytes, file: str) -> Result:
    """Every visible sheet with content."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            package = read_package(archive)
            reader = _Reader(archive, package)
            hidden = {number for number, about in enumerate(package.sheets) if about.hidden}
            names = [about.name for about in package.sheets]
            grids, problems = read_each(names, reader.sheet, hidden, file, (ParseError, KeyError))
            problems += unread_comments(archive, file)
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    except Exception as error:  # zipfile and expat raise many kinds on damaged input
        return [], [problem("E606", f"工作簿无法读取（{type(error).__name__}）", file=file)]
    if not package.sheets:
        problems.append(problem("E606", "工作簿里没有工作表", file=file))
    if not package.styles_read and any(cell.number is not None for grid in grids for row in grid.rows for cell in row):
        problems.append(problem("W603", "读不到数字格式，百分数可能读作小数（100%读作1）", file=file))
    return grids, problems


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, archive: zipfile.ZipFile, package: Package) -> None:
        self._archive, self._package = archive, package
        self._maker = CellMaker(package.since_1904)
        self._columns: dict[str, int] = {}
        self._known: dict[tuple[str, str | None, str | None], Cell] = {}
        self._sheet = Sheet("")
        self._before = 0
        self._shift = 0

    def sheet(self, number: int) -> Sheet:
        """A sheet by its place in the workbook; ``KeyError`` where it is missing, ``ParseError`` where it is broken."""
        about = self._package.sheets[number]
        self._sheet, self._before, self._shift = Sheet(about.name), 0, 0
        with self._archive.open(about.part) as source:
            self._read(source)
        if self._shift:
            row = min(self._sheet.rows, default=1)
            message = "起行号从0编起，各行依次加1"
            self._sheet.troubles.append(("W627", (row, 0), message, ""))
        return self._sheet

    def _read(self, source: IO[bytes]) -> None:
        """Rows, and what stands before and after them."""
        names: dict[str, str] = {}
        for _, element in iterparse(source):  # noqa: S314  # guard has refused entities
            tag = element.tag
            name = names.get(tag)
            if name is None:
                name = names[tag] = tag.rpartition("}")[2]
            if name == "row":
                self._row(element)
                element.clear()
            elif name == "mergeCell":
                area = self._area(element.get("ref", ""))
                if area:
                    self._sheet.merges.append(area)
            elif name == "col":
                self._hide(element)

    def _hide(self, element: Element) -> None:
        """Columns that are hidden, or of no width."""
        if is_true(element.get("hidden")) or _below(element.get("width"), NARROW):
            first, last = number_of(element.get("min")), number_of(element.get("max"))
            self._sheet.hidden_columns.update(range(max(first - 1, 0), min(last, MAX_COLUMNS)))

    def _row(self, element: Element) -> None:
        number = self._number(element)
        self._before = number
        if is_true(element.get("hidden")) or _below(element.get("ht"), LOW):
            self._sheet.hidden_rows.add(number)
        column = -1
        for child in element:
            if child.tag[-2:] != "}c":
                self._strange(child, number, column + 1)
                continue
            column = self._column(child.get("r"), column)
            cell = self._cell(child, number, column)
            if cell is not EMPTY:
                self._sheet.put(number, column, cell)

    def _strange(self, element: Element, number: int, column: int) -> None:
        """Something in a row that is no cell: named where it holds a text or value."""
        text = "".join(element.itertext()).strip()
        if text:
            message = f"行里有不认识的内容（{element.tag.rpartition('}')[2]}），没有读取"
            self._sheet.troubles.append((UNREAD, (number, column), message, text[:40]))

    def _number(self, element: Element) -> int:
        """The number of a row, from 1; one that does not say it is that of its cells, or follows the one before."""
        text = element.get("r")
        if text is None or not (text.isascii() and text.isdigit()):
            placed = PLACE.fullmatch(element[0].get("r", "")) if len(element) else None
            text = placed[2] if placed else str(self._before - self._shift + 1)
        number = int(text[:10])
        if number == 0 and not self._shift:
            self._shift_down()
        return number + self._shift

    def _shift_down(self) -> None:
        """Rows are counted from 0: the ones already read, and all to come, are one further down."""
        sheet = self._sheet
        self._shift = 1
        sheet.rows = {row + 1: cells for row, cells in sheet.rows.items()}
        sheet.hidden_rows = {row + 1 for row in sheet.hidden_rows}
        sheet.formulas = {(row + 1, column): about for (row, column), about in sheet.formulas.items()}
        sheet.areas = [(top + 1, left, bottom + 1, right) for top, left, bottom, right in sheet.areas]
        sheet.troubles = [(code, (row + 1, at), said, value) for code, (row, at), said, value in sheet.troubles]

    def _column(self, place: str | None, before: int) -> int:
        """The column of a cell, from 0; one that does not say where it is follows the one before."""
        if place is None:
            return before + 1
        letters = place.rstrip("0123456789")
        if letters not in self._columns:
            found = PLACE.fullmatch(place)
            if found is None:
                return before + 1
            self._columns[letters] = columns_of(found[1].upper())
        return self._columns[letters]

    def _area(self, text: str) -> Merge | None:
        """A range, from 0."""
        found = RANGE.fullmatch(text.upper())
        if found is None:
            return None
        left, top, right, bottom = found.groups()
        return (int(top) - 1 + self._shift, columns_of(left),
                int(bottom or top) - 1 + self._shift, columns_of(right or left))  # fmt: skip

    def _cell(self, element: Element, number: int, column: int) -> Cell:
        formula, text, inline = None, None, None
        for child in element:
            tag = child.tag[-2:]
            if tag == "}v":
                text = child.text or ""
            elif tag == "}f":
                formula = child
            elif tag == "is":
                inline = self._inline(element, child, number, column)
        if formula is None and inline is None:
            if not text:
                return EMPTY
            key = (text, element.get("t"), element.get("s"))
            known = self._known.get(key)
            if known is None:
                known = self._typed(element, text, None, number, column)
                if len(self._known) < REMEMBERED and not self._sheet.troubles:
                    self._known[key] = known
            return known
        if formula is None:
            return self._typed(element, text, inline, number, column)
        kind = element.get("t", "n")
        value = self._value(kind, text, inline, number, column)
        return self._computed(
            value, self._style(element.get("s"), number, column, kind), formula, (number, column), kind
        )

    def _inline(self, element: Element, text: Element, number: int, column: int) -> Element:
        """The text in a cell; named where the cell does not say that it holds one, and no program shows it."""
        if element.get("t") != "inlineStr":
            message = "写着文字，类型却不是文字，没有读取"
            self._sheet.troubles.append((UNREAD, (number, column), message, "".join(text.itertext())[:40]))
        return text

    def _typed(self, element: Element, text: str | None, inline: Element | None, number: int, column: int) -> Cell:
        """The cell of a value that is no formula's."""
        kind = element.get("t", "n")
        value = self._value(kind, text, inline, number, column)
        if value in {None, ""}:
            return EMPTY
        cell = styled(self._maker, value, self._style(element.get("s"), number, column, kind))
        return from_formula(cell, wrong=True) if kind == "e" else cell

    def _computed(self, value: object, style: Style, formula: Element, place: tuple[int, int], kind: str) -> Cell:
        """The cell of a formula and its result; an empty text is a result, no value is none."""
        area = self._area(formula.get("ref", "")) if formula.get("t") in {"array", "dataTable"} else None
        if area:
            self._sheet.areas.append(area)
        if value is None:
            self._sheet.formulas[place] = (True, self._package.trust)
            return NOT_COMPUTED
        cell = from_formula(styled(self._maker, value, style), wrong=kind == "e")
        self._sheet.formulas[place] = (cell.origin != WRONG and is_hollow(cell), self._package.trust)
        return cell if cell.text or cell.doubts else EMPTY

    def _style(self, text: str | None, number: int, column: int, kind: str) -> Style:
        if text is None or text == "0":
            return self._package.styles[0] if self._package.styles else DEFAULT
        at, styles = number_of(text), self._package.styles
        style = styles[at] if at < len(styles) else Style(known=not self._package.styles_read)
        if not style.known and kind == "n":
            message = "的数字格式在文件里找不到，按存储的数读入"
            self._sheet.troubles.append(("W603", (number, column), message, ""))
        return style

    def _value(self, kind: str, text: str | None, inline: Element | None, number: int, column: int) -> object:
        """The stored value; None where there is none. What is not of its kind is named, and read as text."""
        if kind == "inlineStr":
            return text_of(inline) if inline is not None else unescaped(text or "")
        if kind in {"str", "e"}:
            return None if text is None else unescaped(text)
        if not text or not (bare := text.strip()):
            return None
        try:
            return _typed(kind, bare, self._package)
        except (ValueError, IndexError, OverflowError):
            message = "的值读不出，请核对" if kind == "s" else f"的值“{bare[:20]}”不是它所称的类型，按文字读入"
            self._sheet.troubles.append((UNREAD, (number, column), message, bare[:40]))
            return "" if kind == "s" else unescaped(text)


def _typed(kind: str, text: str, package: Package) -> Any:
    """A value by its type; ``ValueError`` or ``IndexError`` where it is none."""
    if kind == "s":
        return package.texts[int(text) if text.isdigit() else len(package.texts)]
    if kind == "d":
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    if kind == "b":
        return BOOLEANS[text] if text in BOOLEANS else _refuse(text)
    if text.lstrip("-").isdecimal() and text.isascii() and len(text) <= DIGITS:
        return int(text)
    number = float(text) if "_" not in text else _refuse(text)  # Python alone reads 1_3 as 13
    return number if number - number == 0 else _refuse(text)


def _refuse(text: str) -> Any:
    """No value of its type."""
    raise ValueError(text)


def _below(text: str | None, least: float) -> bool:
    """Whether a height or width is there and too small for anything to be seen."""
    return text is not None and bool(MEASURE.fullmatch(text.strip())) and float(text) < least
