"""Workbooks → grids: .xlsx through openpyxl (with number formats), .xls, .et and .xlsb through python-calamine."""

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, iterparse

import python_calamine as calamine
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from perfeval.ingest.containers import biff
from perfeval.ingest.containers.cellmaker import CellMaker, Sparse, TooLarge, columns_of, make_grid
from perfeval.ingest.containers.formatcode import GENERAL
from perfeval.ingest.document import Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML cannot hold, and an underscore before what looks so."""
LISTED = 20
"""Problems of one kind reported cell by cell; a sheet full of them says how many more there are."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, VALUE, FORMULA, MERGE, TEXT, STRING, PHONETIC = (
    MAIN + name for name in ("row", "v", "f", "mergeCell", "t", "si", "rPh")
)

Merge = tuple[int, int, int, int]
Result = tuple[list[Grid], list[Problem]]


def read_xlsx(raw: bytes, file: str) -> Result:
    """Every visible sheet with content. Falls back to calamine where openpyxl cannot make sense of the styles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not read: drawings, extensions, defined names
        try:
            book = _open(raw)
        except Exception:  # openpyxl raises whatever its constructors raise on what programs write
            return read_calamine(raw, file, "xlsx")
    try:
        return _read(book, file)
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    except Exception as error:  # zipfile and expat raise many kinds on damaged input
        return [], [problem("E606", f"工作簿无法读取（{type(error).__name__}）", file=file)]


def _open(raw: bytes) -> Any:
    """The workbook with its styles, without its sheets: openpyxl would go through each of them to learn its size."""
    book: Any = ExcelReader(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    book.read_manifest()
    book.read_workbook()
    apply_stylesheet(book.archive, book.wb)
    if not list(book.parser.find_sheets()):
        raise ValueError("no sheets")  # strict OOXML, in which openpyxl sees none; calamine does
    return book


def _read(book: Any, file: str) -> Result:
    grids: list[Grid] = []
    problems: list[Problem] = []
    maker = CellMaker(since_1904=book.wb.epoch.year == 1904)  # noqa: PLR2004
    formats, strings = _formats(book.wb), _strings(book)
    for about, relation in book.parser.find_sheets():
        if relation.target not in book.valid_files or not relation.Type.endswith("/worksheet"):
            continue
        if about.state != "visible":
            problems.append(_hidden(about.name, file))
            continue
        with book.archive.open(relation.target) as source:
            sheet = _Sheet(source, maker, formats, strings)
            grid, found = make_grid(about.name, sheet.rows(), sheet.merges, file)
        grids += [grid] if grid else []
        problems += [*found, *_of_cells(sheet, about.name, file)]
    return grids, problems


def _formats(book: Any) -> list[tuple[str, int]]:
    """For each style of the workbook its number format and, where it is a built-in one, the format's number."""
    found = []
    for style in book._cell_styles:
        number = style.numFmtId
        own = number - BUILTIN_FORMATS_MAX_SIZE
        known = 0 <= own < len(book._number_formats)
        text = book._number_formats[own] if known else BUILTIN_FORMATS.get(number, GENERAL)
        found.append((text, number if own < 0 else 0))
    return found


def _strings(book: Any) -> list[str]:
    """The texts that cells refer to by number, without the phonetic guides beside them."""
    about = book.package.find(SHARED_STRINGS)
    found: list[str] = []
    if about is None:
        return found
    with book.archive.open(about.PartName[1:]) as source:
        for _, element in iterparse(source):  # noqa: S314  # guard has refused entities
            if element.tag == STRING:
                found.append(_text(element))
                element.clear()
    return found


def _text(element: Element) -> str:
    """Plain and rich text: the runs of an element one after another."""
    parts = (part.text or "" if part.tag == TEXT else _text(part) for part in element if part.tag != PHONETIC)
    return ESCAPE.sub(_unescaped, "".join(parts))


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code in {9, 10, 13} or (code >= ord(" ") and not 0xD800 <= code <= 0xDFFF) else ""  # noqa: PLR2004


class _Sheet:
    """Rows of a sheet's XML, one after another; merges, uncached formulas and errors are known after the last one.

    openpyxl's own loop over a sheet is not used: it pads rows to the declared size, knows no merges when it reads row
    by row, and cannot tell a formula without stored result from an empty cell.
    """

    def __init__(self, source: Any, maker: CellMaker, formats: list[tuple[str, int]], strings: list[str]) -> None:
        self._source, self._maker, self._formats, self._strings = source, maker, formats, strings
        self._columns: dict[str, int] = {}
        self.merges: list[Merge] = []
        self.uncached: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int, str]] = []

    def rows(self) -> Iterator[Sparse]:
        """Row number and cells with content."""
        number = 0
        for _, element in iterparse(self._source):  # noqa: S314  # guard has refused entities
            if element.tag == ROW:
                number = int(float(element.get("r") or number + 1))
                yield number, self._row(element, number)
                element.clear()
            elif element.tag == MERGE:
                found = RANGE.fullmatch(element.get("ref", ""))
                if found:
                    left, top, right, bottom = found.groups()
                    self.merges.append((int(top) - 1, columns_of(left), int(bottom) - 1, columns_of(right)))

    def _row(self, element: Element, number: int) -> list[tuple[int, Cell]]:
        cells, column = [], -1
        for child in element:
            column = self._column(child.get("r"), column)
            kind = child.get("t", "n")
            value = self._value(child, kind)
            if value is None:
                if len(child) and _uncached(child, kind):
                    self.uncached.append((number, column))
                continue
            style = int(child.get("s", 0))
            cell = self._maker.cell(value, *(self._formats[style] if style < len(self._formats) else (GENERAL, 0)))
            if kind == "e":
                self.errors.append((number, column, cell.text))
            if cell.text or cell.number is not None:
                cells.append((column, cell))
        return cells

    def _column(self, place: str | None, before: int) -> int:
        """The column of a cell, from 0; one that does not say where it is follows the one before."""
        if place is None:
            return before + 1
        letters = place.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = columns_of(letters)
        return self._columns[letters]

    def _value(self, element: Element, kind: str) -> object:
        """The stored value; None where there is none."""
        if kind == "inlineStr":
            return "".join(_text(part) for part in element if part.tag != VALUE) or None
        text = element.findtext(VALUE)
        if not text:
            return None
        if kind == "n":
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        if kind == "s":
            return self._strings[int(text)]
        if kind == "d":
            return dt.datetime.fromisoformat(text).replace(tzinfo=None)
        return text == "1" if kind == "b" else text


def _uncached(element: Element, kind: str) -> bool:
    """Whether a cell without value is a formula whose result was never stored; an empty text is a result."""
    return element.find(FORMULA) is not None and not (kind == "str" and element.find(VALUE) is not None)


def _of_cells(sheet: _Sheet, name: str, file: str) -> list[Problem]:
    """What is to be said of single cells, the first of each kind one by one."""
    found: list[Problem] = []
    for number, column in sheet.uncached[:LISTED]:
        letters = Grid("", ()).place(0, column)[:-1]
        message = f"工作表“{name}”的{letters}{number}是公式，但没有计算结果"
        if len(sheet.uncached) > LISTED and len(found) == LISTED - 1:
            message += f"；另有{len(sheet.uncached) - LISTED}个这样的单元格"
        found.append(problem("E604", message, file=file, sheet=name, row=number, column=letters))
    for number, column, text in sheet.errors[:LISTED]:
        letters = Grid("", ()).place(0, column)[:-1]
        message = f"工作表“{name}”的{letters}{number}是错误值"
        found.append(problem("W604", message, file=file, sheet=name, row=number, column=letters, value=text))
    return found


def _hidden(sheet: str, file: str) -> Problem:
    return problem("N601", f"工作表“{sheet}”是隐藏的，未读取", file=file, sheet=sheet)


def read_calamine(raw: bytes, file: str, kind: str) -> Result:
    """Every visible sheet with content of an .xls, .et or .xlsb (``kind``: ``xls``, ``xlsb`` or ``xlsx``)."""
    try:
        formats, known = biff.formats(raw) if kind == "xls" else ({}, False)
        return _sheets(raw, file, formats, known)
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    except calamine.PasswordError:
        return [], [problem("E605", "文件设了打开密码", file=file)]
    except biff.Encrypted:
        return [], [problem("E605", "文件设了打开密码", file=file)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its Rust code is no Exception
        return [], [problem("E606", f"工作簿无法读取（{type(error).__name__}）", file=file)]


def _sheets(raw: bytes, file: str, formats: biff.Formats, known: bool) -> Result:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    maker, grids, problems, numbers = CellMaker(), [], [], False
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if about.visible != calamine.SheetVisibleEnum.Visible:
            problems.append(_hidden(about.name, file))
            continue
        sheet = book.get_sheet_by_index(index)
        rows = _calamine_rows(sheet, maker, formats.get(index, {}))
        merges = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
        grid, found = make_grid(about.name, rows, merges, file)
        problems += found
        if grid:
            grids.append(grid)
            numbers = numbers or any(cell.number is not None for row in grid.rows for cell in row)
    if numbers and not known:
        problems.append(problem("W603", "读不到数字格式，百分数可能读作小数（100%读作1）", file=file))
    return grids, problems


def _calamine_rows(sheet: Any, maker: CellMaker, formats: dict[tuple[int, int], tuple[str, int]]) -> Iterator[Sparse]:
    """Rows of a sheet; calamine gives them from the first row and column of the sheet on, empty ones included."""
    for number, values in enumerate(sheet.iter_rows()):
        cells: list[tuple[int, Cell]] = []
        for column, value in enumerate(values):
            if value != "" and value is not None:
                cells.append((column, maker.cell(value, *formats.get((number, column), (GENERAL, 0)))))
        yield number + 1, cells
