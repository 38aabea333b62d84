"""OpenDocument spreadsheets (.ods) → grids, from their XML: it holds the text as shown, which calamine does not give.

Element names are those of ODF 1.3 part 3. Repeated rows and cells are unrolled only where they have content.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from perfeval.ingest.containers.markedtext import LOWERED, RAISED, is_symbol_font
from perfeval.ingest.containers.shown import LAST_ROW, MAX_COLUMNS, MAX_ROWS, Sparse, TooLarge, make_grid, tidy
from perfeval.ingest.containers.wordruns import PLAIN, Font, Run, run_text
from perfeval.ingest.document import EMPTY, FORMULA, TYPED, UNCOMPUTED, WRONG, Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE, TEXT, STYLE = (f"{{{ODF}{part}:1.0}}" for part in ("table", "office", "text", "style"))
BREAKS = {TEXT + "line-break": "\n", TEXT + "tab": "\t"}
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")


def read_ods(raw: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """Every visible sheet with content."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                return [], [problem("E605", "文件设了打开密码", file=file)]
            with archive.open("content.xml") as source:
                return _tables(source, file)
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    except Exception as error:  # zipfile and expat raise many kinds on damaged input
        return [], [problem("E606", f"工作簿无法读取（{type(error).__name__}）", file=file)]


@dataclass(slots=True)
class _Table:
    """A sheet as it is read: rows (how often, element, whether hidden) and its hidden columns."""

    rows: list[tuple[int, Element, bool]] = field(default_factory=list)
    columns: int = 0
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Styles:
    """Of the styles the document defines: the fonts that mark text, and the sheets that are hidden."""

    fonts: dict[str, Font] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def take(self, element: Element) -> None:
        """Take in one style."""
        name = element.get(STYLE + "name", "")
        shown = element.find(STYLE + "table-properties")
        if shown is not None and shown.get(TABLE + "display") == "false":
            self.hidden.add(name)
        look = element.find(STYLE + "text-properties")
        font = PLAIN if look is None else _font(look)
        if font != PLAIN:
            self.fonts[name] = font


def _font(look: Element) -> Font:
    """What of a font changes how its text is read."""
    kinds = {look.get(STYLE + "text-line-through-style", "none"), look.get(STYLE + "text-line-through-type", "none")}
    position = look.get(STYLE + "text-position", "").partition(" ")[0]
    lowered = position == "sub" or position.startswith("-")
    raised = position == "super" or (position.rstrip("%").isdigit() and position not in {"0%", "0"})
    name = look.get(STYLE + "font-name", "").strip("'")
    where = RAISED if raised else LOWERED if lowered else ""
    return Font(kinds != {"none"}, where, name if is_symbol_font(name) else "")


def _tables(source: IO[bytes], file: str) -> tuple[list[Grid], list[Problem]]:
    grids: list[Grid] = []
    problems: list[Problem] = []
    styles, table, depth = _Styles(), _Table(), 0
    for event, element in iterparse(source, events=("start", "end")):  # noqa: S314  # guard has refused entities
        if event == "start":
            depth += element.tag == TABLE + "table"
        elif element.tag == STYLE + "style":
            styles.take(element)
        elif element.tag == TABLE + "table-column" and depth == 1:
            _take_column(table, element)
        elif element.tag == TABLE + "table-row" and depth == 1:
            table.rows.append((_count(element, "number-rows-repeated"), *_light(element)))
            if len(table.rows) > MAX_ROWS:
                raise TooLarge(f"行数超过{MAX_ROWS:,}行")
        elif element.tag == TABLE + "table":
            depth -= 1
            if depth == 0:
                name = element.get(TABLE + "name", "")
                if element.get(TABLE + "style-name") in styles.hidden:
                    problems.append(problem("N601", f"工作表“{name}”是隐藏的，未读取", file=file, sheet=name))
                else:
                    sheet = _Rows(table, styles.fonts)
                    rows = list(sheet.unrolled())
                    hidden = (frozenset(sheet.hidden_rows), frozenset(table.hidden_columns))
                    grid, found = make_grid(name, rows, sheet.merges, file, hidden=hidden)
                    grids += [grid] if grid else []
                    problems += found
                table = _Table()
                element.clear()
    return grids, problems


def _take_column(table: _Table, element: Element) -> None:
    times = _count(element, "number-columns-repeated")
    if _is_hidden(element):
        table.hidden_columns.update(range(table.columns, min(table.columns + times, MAX_COLUMNS)))
    table.columns += times


def _is_hidden(element: Element) -> bool:
    """Whether a row or column is collapsed, or left out by a filter."""
    return element.get(TABLE + "visibility", "visible") != "visible"


def _light(element: Element) -> tuple[Element, bool]:
    """A copy of a row, so that the tree being parsed can let go of it; and whether it is hidden."""
    copy, hidden = Element(element.tag), _is_hidden(element)
    copy.extend(list(element))
    element.clear()
    return copy, hidden


def _count(element: Element, name: str) -> int:
    text = element.get(TABLE + name, "1")
    return max(1, min(int(text), LAST_ROW)) if text.isdecimal() and len(text) < 10 else LAST_ROW  # noqa: PLR2004


class _Rows:
    """Rows of one sheet; merges and hidden rows are known after the last one."""

    def __init__(self, table: _Table, fonts: dict[str, Font]) -> None:
        self._rows, self._fonts = table.rows, fonts
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()

    def unrolled(self) -> Iterator[Sparse]:
        """Row number and cells with content."""
        number, made = 1, 0
        for times, element, hidden in self._rows:
            cells = self._cells(element, number)
            for at in range(times if cells else 0):
                if hidden:
                    self.hidden_rows.add(number + at - 1)
                made += 1
                if made > MAX_ROWS:
                    raise TooLarge(f"有内容的行超过{MAX_ROWS:,}行")
                yield number + at, cells
            number += times

    def _cells(self, row: Element, number: int) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = 0
        for element in row:
            if element.tag not in {TABLE + "table-cell", TABLE + "covered-table-cell"}:
                continue
            times = _count(element, "number-columns-repeated")
            down, right = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
            if down > 1 or right > 1:
                self.merges.append((number - 1, column, number + down - 2, column + right - 1))
            cell = self._cell(element) if element.tag == TABLE + "table-cell" else EMPTY
            if cell.text or cell.doubts or cell.origin == UNCOMPUTED:
                cells.update(dict.fromkeys(range(column, column + min(times, MAX_COLUMNS)), cell))
            column += times
        return cells

    def _cell(self, element: Element) -> Cell:
        kind, value = element.get(OFFICE + "value-type", ""), element.get(OFFICE + "value", "")
        font = self._fonts.get(element.get(TABLE + "style-name", ""), PLAIN)
        runs: list[Run] = []
        for part in element:
            if part.tag == TEXT + "p":
                runs += [Run("\n")] if runs else []
                self._runs(part, None, runs)
        marked = font != PLAIN or any(run.font for run in runs)
        text, doubts = run_text(runs, font) if marked else ("".join(run.text for run in runs), ())
        text = tidy(text)
        origin = FORMULA if element.get(TABLE + "formula") else TYPED
        if origin == FORMULA and not text and not doubts and (not kind or (kind != "string" and not value)):
            return Cell(origin=UNCOMPUTED)
        if text.startswith(ERRORS):
            return Cell(text, origin=WRONG, doubts=doubts)
        if font.struck or kind not in {"float", "percentage", "currency"}:
            kept = text if doubts else text or element.get(OFFICE + "date-value", "")
            return Cell(kept, origin=origin, doubts=doubts)
        try:
            stored = Decimal(value)
        except InvalidOperation:
            return Cell(text, origin=origin, doubts=doubts)
        number = stored if stored.is_finite() else None
        return Cell(text or value, number, "0%" if kind == "percentage" else "", origin, doubts=doubts)

    def _runs(self, element: Element, font: Font | None, runs: list[Run]) -> None:
        """The runs of a paragraph: spaces and line breaks are elements of their own, notes are left out."""
        runs.append(Run(element.text or "", font))
        for child in element:
            if child.tag == TEXT + "s":
                count = child.get(TEXT + "c", "1")
                runs.append(Run(" " * min(int(count) if count.isdecimal() else 1, 1000), font))
            elif child.tag in BREAKS:
                runs.append(Run(BREAKS[child.tag], font))
            elif child.tag not in {OFFICE + "annotation", TEXT + "note"}:
                self._runs(child, self._fonts.get(child.get(TEXT + "style-name", ""), font), runs)
            runs.append(Run(child.tail or "", font))
