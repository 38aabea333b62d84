"""The number formats of an .xls workbook, which calamine does not tell: without them 100% reads as 1.

Records of [MS-XLS] (BIFF8) are read: BOUNDSHEET, FORMAT, XF, and of each cell record the place and style.
"""

import struct
from collections.abc import Iterator

from openpyxl.styles.numbers import BUILTIN_FORMATS

from perfeval.ingest.containers.ole import OleError, stream

FORMAT, XF, BOUNDSHEET, FILEPASS, EOF = 0x041E, 0x00E0, 0x0085, 0x002F, 0x000A
CELLS = (0x0203, 0x027E, 0x0006, 0x0206, 0x0406)
"""NUMBER, RK, FORMULA (of three versions): row, column, style, each of two bytes."""
MULRK = 0x00BD
MAX_CELLS = 5_000_000

Formats = dict[int, dict[tuple[int, int], tuple[str, int]]]
"""Sheet (from 0) → (row, column, from 0) → number format and its number; cells shown as General are left out."""


class Encrypted(Exception):  # not an error of the program: reported as E605
    """The workbook asks for a password."""


def formats(raw: bytes) -> tuple[Formats, bool]:
    """The formats of all number cells, and whether they could be read; raises :class:`Encrypted`."""
    try:
        book = _workbook(raw)
        return _read(book), True
    except (OleError, struct.error, IndexError, UnicodeDecodeError):
        return {}, False


def _workbook(raw: bytes) -> bytes:
    try:
        return stream(raw, "Workbook")
    except OleError:
        return stream(raw, "Book")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Record type and content, from a place to the end of its sheet."""
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        if kind == EOF:
            return
        at += 4 + size


def _read(book: bytes) -> Formats:
    named: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[int] = []
    for kind, part in _records(book, 0):
        if kind == FILEPASS:
            raise Encrypted
        if kind == FORMAT:
            number, length, wide = struct.unpack_from("<HHB", part)
            named[number] = part[5 : 5 + length * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1")
        elif kind == XF:
            styles.append(struct.unpack_from("<H", part, 2)[0])
        elif kind == BOUNDSHEET:
            sheets.append(struct.unpack_from("<I", part)[0])
    shown = [(named.get(number) or BUILTIN_FORMATS.get(number, "General"), number) for number in styles]
    return {index: _cells(book, start, shown) for index, start in enumerate(sheets)}


def _cells(book: bytes, start: int, shown: list[tuple[str, int]]) -> dict[tuple[int, int], tuple[str, int]]:
    found: dict[tuple[int, int], tuple[str, int]] = {}
    for kind, part in _records(book, start):
        if kind in CELLS:
            row, column, style = struct.unpack_from("<HHH", part)
            found[row, column] = shown[style]
        elif kind == MULRK:
            row, first = struct.unpack_from("<HH", part)
            for number in range((len(part) - 6) // 6):
                found[row, first + number] = shown[struct.unpack_from("<H", part, 4 + 6 * number)[0]]
        if len(found) > MAX_CELLS:
            break
    return found
