"""Old workbooks (.xls, .et) → grids: the records of [MS-XLS] (BIFF8) and of its forerunner BIFF5, in one pass.

In pure Python and sparse: a damaged file ends in :class:`BiffError`, and a cell at IV65536 costs no more than one
at A1. Record layouts follow [MS-XLS] 2.4.
"""

import struct

from perfeval.ingest.containers.biffbook import (
    CONTINUE,
    BiffError,
    Book,
    Encrypted,
    long_string,
    marked,
    read_book,
    records,
    version,
    workbook,
)
from perfeval.ingest.containers.ole import OleError
from perfeval.ingest.containers.shown import REMEMBERED, CellMaker, TooLarge
from perfeval.ingest.containers.wordruns import PLAIN
from perfeval.ingest.containers.xlsxparts import (
    GENERATED,
    LOW,
    NARROW,
    NOT_COMPUTED,
    Merge,
    Sheet,
    Style,
    from_formula,
    is_hollow,
    read_each,
    styled,
)
from perfeval.ingest.document import EMPTY, WRONG, Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

ROW, COLINFO, MERGED = 0x0208, 0x007D, 0x00E5
NUMBER, RK, MULRK, LABELSST, LABEL, RSTRING, BOOLERR, STRING = (
    0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0207,
)  # fmt: skip
FORMULAS = (0x0006, 0x0206, 0x0406)
WORKSHEET = 0x10
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
ON_LOAD = 2
"""Of a formula's flags: to be computed when the file is opened. Excel itself never sets it."""

Result = tuple[list[Grid], list[Problem]]


def read_xls(raw: bytes, file: str) -> Result:
    """Every visible sheet with content."""
    try:
        book = read_book(workbook(raw))
        reader = _Reader(book)
        hidden = {number for number, (_, _, unseen) in enumerate(book.sheets) if unseen}
        names = [name for name, _, _ in book.sheets]
        return read_each(names, reader.sheet, hidden, file, (BiffError, struct.error, IndexError))
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    except Encrypted:
        return [], [problem("E605", "文件设了打开密码", file=file)]
    except (OleError, BiffError, struct.error, IndexError, ValueError) as error:
        return [], [problem("E606", f"工作簿无法读取（{type(error).__name__}）", file=file)]


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, book: Book) -> None:
        self._book, self._styles = book, book.styles
        self._maker = CellMaker(book.since_1904)
        self._known: dict[object, Cell] = {}
        self._sheet = Sheet("")
        self._pending: tuple[int, int, Style, int] | None = None
        """A formula whose text is in the record after it: row, column, style and flags."""
        self._takes = {
            NUMBER: self._number, RK: self._rk, MULRK: self._mulrk, LABELSST: self._labelsst, LABEL: self._label,
            RSTRING: self._label, BOOLERR: self._boolerr, STRING: self._string, ROW: self._row, COLINFO: self._colinfo,
            MERGED: self._merged, **dict.fromkeys(FORMULAS, self._formula),
        }  # fmt: skip

    def sheet(self, number: int) -> Sheet | None:
        """A sheet by its place in the workbook; :class:`BiffError` where it is not whole. None of a chart."""
        name, at, _ = self._book.sheets[number]
        self._sheet, self._pending = Sheet(name), None
        takes = self._takes
        whole = b""
        for order, (kind, part) in enumerate(records(self._book, at)):
            if order == 0:
                version(kind, part)
                if struct.unpack_from("<H", part, 2)[0] != WORKSHEET:
                    return None
            if kind == CONTINUE and whole:
                continue  # of a text longer than a record: its beginning was read
            take = takes.get(kind)
            if take is not None:
                take(part)
        self._drop_pending()
        if not self._book.recalculated:
            self._doubt_texts()
        return self._sheet

    def _doubt_texts(self) -> None:
        """xlwt, which computes nothing, stores an empty text for each formula, and no RECALCID."""
        formulas = self._sheet.formulas
        if all(empty for empty, _ in formulas.values()):
            self._sheet.formulas = dict.fromkeys(formulas, (True, GENERATED))

    def _put(self, row: int, column: int, style: int, value: object) -> None:
        styles = self._styles
        if style >= len(styles):
            raise BiffError("style")
        key = (value, style) if type(value) is str else (value, style, type(value))
        cell = self._known.get(key)
        if cell is None:
            cell = styled(self._maker, value, styles[style])
            if len(self._known) < REMEMBERED:
                self._known[key] = cell
        if cell is not EMPTY:
            self._sheet.put(row + 1, column, cell)

    def _number(self, part: bytes) -> None:
        row, column, style, value = struct.unpack_from("<HHHd", part)
        self._put(row, column, style, _finite(value))

    def _rk(self, part: bytes) -> None:
        row, column, style, value = struct.unpack_from("<HHHI", part)
        self._put(row, column, style, _unpacked(value))

    def _mulrk(self, part: bytes) -> None:
        row, column = struct.unpack_from("<HH", part)
        for style, value in struct.iter_unpack("<HI", part[4 : 4 + (len(part) - 6) // 6 * 6]):
            self._put(row, column, style, _unpacked(value))
            column += 1

    def _labelsst(self, part: bytes) -> None:
        row, column, style, number = struct.unpack_from("<HHHI", part)
        if number < len(self._book.texts):
            self._put(row, column, style, self._book.texts[number])
        else:
            self._sheet.troubles.append(("W626", (row + 1, column), "的文字在文件里找不到，请核对", ""))

    def _label(self, part: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", part)
        text, places = long_string(part, 6, self._book.codes)
        self._put(row, column, style, marked(text, places, self._book, PLAIN) if places else text)

    def _boolerr(self, part: bytes) -> None:
        row, column, style, value, wrong = struct.unpack_from("<HHHBB", part)
        if wrong:
            self._sheet.put(row + 1, column, Cell(ERRORS.get(value, "#N/A"), origin=WRONG))
        else:
            self._put(row, column, style, bool(value))

    def _formula(self, part: bytes) -> None:
        self._drop_pending()
        row, column, style, result, flags = struct.unpack_from("<HHH8sH", part)
        if style >= len(self._styles):
            raise BiffError("style")
        look = self._styles[style]
        if result[6:] != b"\xff\xff":
            self._result(row, column, styled(self._maker, _finite(struct.unpack("<d", result)[0]), look), flags)
        elif result[0] == 0:
            self._pending = (row, column, look, flags)
        elif result[0] == 2:  # noqa: PLR2004  # an error
            self._result(row, column, Cell(ERRORS.get(result[2], "#N/A"), origin=WRONG), flags)
        else:
            self._result(row, column, styled(self._maker, bool(result[2]), look) if result[0] == 1 else EMPTY, flags)

    def _string(self, part: bytes) -> None:
        if self._pending:
            row, column, style, flags = self._pending
            self._pending = None
            self._result(row, column, styled(self._maker, long_string(part, 0, self._book.codes)[0], style), flags)

    def _drop_pending(self) -> None:
        """A formula that says its result is a text, and no text follows."""
        if self._pending:
            row, column, _, _ = self._pending
            self._pending = None
            self._sheet.put(row + 1, column, NOT_COMPUTED)

    def _result(self, row: int, column: int, cell: Cell, flags: int) -> None:
        wrong = cell.origin == WRONG
        self._sheet.formulas[row + 1, column] = (not wrong and is_hollow(cell), GENERATED if flags & ON_LOAD else 0)
        if cell.text or cell.doubts:
            self._sheet.put(row + 1, column, from_formula(cell, wrong))

    def _row(self, part: bytes) -> None:
        row, _, _, height = struct.unpack_from("<HHHH", part)
        if part[12] & 0x20 or height & 0x7FFF < LOW * 20:  # hidden, or so low (in twentieths of a point) as if it were
            self._sheet.hidden_rows.add(row + 1)

    def _colinfo(self, part: bytes) -> None:
        first, last, width, _, flags = struct.unpack_from("<HHHHH", part)
        if flags & 1 or width < NARROW * 256:  # in 256ths of a digit
            self._sheet.hidden_columns.update(range(first, min(last, 255) + 1))

    def _merged(self, part: bytes) -> None:
        areas = struct.iter_unpack("<HHHH", part[2 : 2 + (len(part) - 2) // 8 * 8])
        merges: list[Merge] = [(top, left, bottom, right) for top, bottom, left, right in areas]
        self._sheet.merges += merges


def _finite(value: float) -> float:
    """A stored number; no spreadsheet holds one that is none."""
    if value - value != 0:
        raise BiffError("number")
    return value


def _unpacked(value: int) -> float:
    """The number of an RK: thirty bits of a whole number or of a double, perhaps hundredfold."""
    if value & 2:
        number: float = (value >> 2) - (1 << 30 if value & 0x80000000 else 0)
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", value & 0xFFFFFFFC))[0]
    return number / 100 if value & 1 else number
