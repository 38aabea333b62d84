"""Old workbooks (.xls, .et) → grids: the records of [MS-XLS] (BIFF8) and of its forerunner BIFF5, in one pass.

In pure Python and sparse: a damaged file ends in :class:`BiffError`, and a cell at IV65536 costs no more than one
at A1. Record layouts follow [MS-XLS] 2.4.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfeval.ingest.containers.biffstrings import BiffError, Codes, long_string, shared_strings, short_string
from perfeval.ingest.containers.cellmaker import REMEMBERED, CellMaker, TooLarge
from perfeval.ingest.containers.marks import LEVEL, LOWERED, PLAIN, RAISED, SYMBOL, Font, Run
from perfeval.ingest.containers.ole import OleError, stream
from perfeval.ingest.containers.package import Text, style_of
from perfeval.ingest.containers.sheets import (
    COMPUTED,
    GENERATED,
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

BOF, EOF, CONTINUE, FILEPASS = 0x0809, 0x000A, 0x003C, 0x002F
CODEPAGE, DATEMODE, FONT, FORMAT, XF, BOUNDSHEET, SST, RECALCID = (
    0x0042, 0x0022, 0x0031, 0x041E, 0x00E0, 0x0085, 0x00FC, 0x01C1,
)  # fmt: skip
ROW, COLINFO, MERGED = 0x0208, 0x007D, 0x00E5
NUMBER, RK, MULRK, LABELSST, LABEL, RSTRING, BOOLERR, STRING = (
    0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0207,
)  # fmt: skip
FORMULAS = (0x0006, 0x0206, 0x0406)
BIFF8, BIFF5 = 0x0600, 0x0500
WORKSHEET = 0x10
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
ON_LOAD = 2
"""Of a formula's flags: to be computed when the file is opened. Excel itself never sets it."""
NO_FONT = 4
"""The number that no font has: the fifth font is number 5."""

Record = tuple[int, bytes]
Result = tuple[list[Grid], list[Problem]]


class Encrypted(Exception):  # not an error of the program: reported as E605
    """The workbook asks for a password."""


@dataclass(slots=True)
class Book:
    """What the records before the sheets say."""

    stream: bytes
    codes: Codes = field(default_factory=Codes)
    since_1904: bool = False
    fonts: list[Font] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    looks: list[tuple[int, int]] = field(default_factory=list)
    """Of each style the numbers of its font and format."""
    texts: list[Text] = field(default_factory=list)
    sheets: list[tuple[str, int, bool]] = field(default_factory=list)
    """Name, place in the stream, and whether it is hidden."""
    recalculated: bool = False
    """Whether the program that wrote it says with what it computed: Excel since 2000, LibreOffice and POI do."""
    left: int = 0
    """Bytes that may still be read: sheets that claim to lie in each other are read no more than once over."""

    @property
    def styles(self) -> list[Style]:
        """The styles that cells refer to by number."""
        return [style_of(number, self.formats, self.font(font)) for font, number in self.looks]

    def font(self, number: int) -> Font:
        """A font by its number."""
        at = number - (number > NO_FONT)
        return self.fonts[at] if at < len(self.fonts) and number != NO_FONT else PLAIN


def read_xls(raw: bytes, file: str) -> Result:
    """Every visible sheet with content."""
    try:
        book = _globals(_workbook(raw))
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


def _workbook(raw: bytes) -> bytes:
    try:
        return stream(raw, "Workbook")
    except OleError:
        return stream(raw, "Book")


def _records(book: Book, at: int) -> Iterator[Record]:
    """Record type and content, from a BOF to its EOF; charts that lie in a sheet are left out."""
    content, depth = book.stream, 0
    end = len(content)
    began = at
    while at + 4 <= end:
        kind, size = content[at] | content[at + 1] << 8, content[at + 2] | content[at + 3] << 8
        at += 4
        if at + size > end:
            break
        if kind == BOF:
            depth += 1
        if depth <= 1:
            yield kind, content[at : at + size]
        at += size
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                book.left -= at - began
                if book.left < 0:
                    raise BiffError("sheets lie in each other")
                return
    raise BiffError("no end")


def _globals(content: bytes) -> Book:
    book = Book(content, left=3 * len(content))
    shared: list[bytes] = []
    before = 0
    for number, (kind, part) in enumerate(_records(book, 0)):
        if number == 0:
            book.codes.wide = _version(kind, part) == BIFF8
        if kind == CONTINUE and before == SST:
            shared.append(part)
            continue
        if kind == SST:
            shared = [part]
        before = kind
        _about(book, kind, part)
    if not book.sheets:
        raise BiffError("no sheets")
    runs = shared_strings(shared) if shared else []
    book.texts = [_marked(text, places, book, PLAIN) if places else text for text, places in runs]
    return book


def _version(kind: int, part: bytes) -> int:
    version = struct.unpack_from("<H", part)[0] if kind == BOF else 0
    if version not in {BIFF8, BIFF5}:
        raise BiffError(f"version {version:#x}")
    return int(version)


def _about(book: Book, kind: int, part: bytes) -> None:
    """Take in one record of those before the sheets."""
    if kind == FILEPASS:
        raise Encrypted
    if kind == CODEPAGE:
        book.codes.use(struct.unpack_from("<H", part)[0])
    elif kind == DATEMODE:
        book.since_1904 = struct.unpack_from("<H", part)[0] == 1
    elif kind == RECALCID:
        book.recalculated = True
    elif kind == FONT:
        book.fonts.append(_font(part, book.codes))
    elif kind == FORMAT:
        number = struct.unpack_from("<H", part)[0]
        book.formats[number] = (long_string if book.codes.wide else short_string)(part, 2, book.codes)[0]
    elif kind == XF:
        book.looks.append(struct.unpack_from("<HH", part))
    elif kind == BOUNDSHEET:
        place, hidden, what = struct.unpack_from("<IBB", part)
        if what == 0:  # no chart, no macro sheet
            book.sheets.append((short_string(part, 6, book.codes)[0], place, hidden & 3 != 0))


def _font(part: bytes, codes: Codes) -> Font:
    flags, _, _, position = struct.unpack_from("<HHHH", part, 2)
    name = short_string(part, 14, codes)[0]
    where = {1: RAISED, 2: LOWERED}.get(position, LEVEL)
    return Font(bool(flags & 8), where, name if name.casefold() in SYMBOL else "")


def _marked(text: str, places: list[tuple[int, int]], book: Book, font: Font) -> Text:
    """Runs of a text, from where each begins and the number of its font; what is before them is as its cell."""
    starts = [(0, None), *((at, book.font(number)) for at, number in sorted(places))]
    ends = [at for at, _ in starts[1:]] + [len(text)]
    runs = tuple(Run(text[at:end], look) for (at, look), end in zip(starts, ends, strict=True) if at < end)
    return text if all(run.font in {None, PLAIN} for run in runs) and font == PLAIN else runs


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
        for order, (kind, part) in enumerate(_records(self._book, at)):
            if order == 0:
                _version(kind, part)
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
        self._put(row, column, style, _marked(text, places, self._book, PLAIN) if places else text)

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
            self._sheet.formulas[row + 1, column] = (True, COMPUTED)
            self._sheet.put(row + 1, column, NOT_COMPUTED)

    def _result(self, row: int, column: int, cell: Cell, flags: int) -> None:
        wrong = cell.origin == WRONG
        self._sheet.formulas[row + 1, column] = (not wrong and is_hollow(cell), GENERATED if flags & ON_LOAD else 0)
        if cell.text or cell.doubts:
            self._sheet.put(row + 1, column, from_formula(cell, wrong))

    def _row(self, part: bytes) -> None:
        row, _, _, height = struct.unpack_from("<HHHH", part)
        if part[12] & 0x20 or height & 0x7FFF == 0:  # hidden, or of no height
            self._sheet.hidden_rows.add(row + 1)

    def _colinfo(self, part: bytes) -> None:
        first, last, width, _, flags = struct.unpack_from("<HHHHH", part)
        if flags & 1 or width == 0:
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
