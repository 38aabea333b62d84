"""OpenDocument spreadsheets (.ods) → grids, from their XML: it holds the text as shown, which calamine does not give.

Element names are those of ODF 1.3 part 3. Repeated rows and cells are unrolled only where they have content.
"""

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from perfeval.ingest.containers.cellmaker import LAST_ROW, MAX_COLUMNS, MAX_ROWS, Sparse, TooLarge, make_grid, tidy
from perfeval.ingest.document import Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE, TEXT, STYLE = (f"{{{ODF}{part}:1.0}}" for part in ("table", "office", "text", "style"))
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


def _tables(source: IO[bytes], file: str) -> tuple[list[Grid], list[Problem]]:
    grids: list[Grid] = []
    problems: list[Problem] = []
    hidden: set[str] = set()
    depth = 0
    rows: list[tuple[int, Element]] = []
    for event, element in iterparse(source, events=("start", "end")):  # noqa: S314  # guard has refused entities
        if event == "start":
            depth += element.tag == TABLE + "table"
        elif element.tag == STYLE + "style":
            shown = element.find(STYLE + "table-properties")
            if shown is not None and shown.get(TABLE + "display") == "false":
                hidden.add(element.get(STYLE + "name", ""))
        elif element.tag == TABLE + "table-row" and depth == 1:
            rows.append((_count(element, "number-rows-repeated"), _light(element)))
            if len(rows) > MAX_ROWS:
                raise TooLarge(f"行数超过{MAX_ROWS:,}行")
        elif element.tag == TABLE + "table":
            depth -= 1
            if depth == 0:
                name = element.get(TABLE + "name", "")
                if element.get(TABLE + "style-name") in hidden:
                    problems.append(problem("N601", f"工作表“{name}”是隐藏的，未读取", file=file, sheet=name))
                else:
                    sheet = _Rows(name, rows, file)
                    grid, found = make_grid(name, sheet.unrolled(), sheet.merges, file)
                    grids += [grid] if grid else []
                    problems += [*found, *sheet.problems]
                rows = []
                element.clear()
    return grids, problems


def _light(element: Element) -> Element:
    """A copy of a row whose cells are kept, so that the tree being parsed can let go of it."""
    copy = Element(element.tag)
    copy.extend(list(element))
    element.clear()
    return copy


def _count(element: Element, name: str) -> int:
    text = element.get(TABLE + name, "1")
    return max(1, min(int(text), LAST_ROW)) if text.isdecimal() and len(text) < 10 else LAST_ROW  # noqa: PLR2004


class _Rows:
    """Rows of one sheet; merges and problems are known after the last one."""

    def __init__(self, name: str, rows: list[tuple[int, Element]], file: str) -> None:
        self.name, self._rows, self._file = name, rows, file
        self.merges: list[tuple[int, int, int, int]] = []
        self.problems: list[Problem] = []

    def unrolled(self) -> Iterator[Sparse]:
        """Row number and cells with content."""
        number = 1
        for times, element in self._rows:
            cells = self._cells(element, number)
            for at in range(times if cells else 0):
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
            cell = self._cell(element, number, column)
            if cell.text and element.tag == TABLE + "table-cell":
                cells.update(dict.fromkeys(range(column, column + min(times, MAX_COLUMNS)), cell))
            column += times
        return cells

    def _cell(self, element: Element, number: int, column: int) -> Cell:
        kind, value = element.get(OFFICE + "value-type", ""), element.get(OFFICE + "value", "")
        text = tidy("\n".join(_text(part) for part in element if part.tag == TEXT + "p"))
        letters = Grid("", ()).place(0, column).rstrip("0123456789")
        place = {"file": self._file, "sheet": self.name, "row": number, "column": letters}
        where = f"工作表“{self.name}”的{letters}{number}"
        if element.get(TABLE + "formula") and not kind and not text:
            self.problems.append(problem("E604", f"{where}是公式，但没有计算结果", **place))  # type: ignore[arg-type]
        if text.startswith(ERRORS):
            self.problems.append(problem("W604", f"{where}是错误值", value=text, **place))  # type: ignore[arg-type]
        if kind not in {"float", "percentage", "currency"}:
            return Cell(text or element.get(OFFICE + "date-value", ""))
        try:
            stored = Decimal(value)
        except InvalidOperation:
            return Cell(text)
        return Cell(text or value, stored if stored.is_finite() else None, "0%" if kind == "percentage" else "")


def _text(element: Element) -> str:
    """The text of a paragraph: runs of spaces and line breaks are elements of their own, notes are left out."""
    text = element.text or ""
    for child in element:
        if child.tag == TEXT + "s":
            text += " " * min(int(child.get(TEXT + "c", "1")), 1000)
        elif child.tag == TEXT + "line-break":
            text += "\n"
        elif child.tag == TEXT + "tab":
            text += "\t"
        elif child.tag not in {OFFICE + "annotation", TEXT + "note"}:
            text += _text(child)
        text += child.tail or ""
    return text
