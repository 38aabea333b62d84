"""What the records of an old workbook say before its sheets: fonts, formats, shared texts and where the sheets are.

Texts in the records of old workbooks ([MS-XLS] 2.5.293 and 2.4.265): one or two bytes a letter, runs, continued.
"""

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfeval.ingest.containers.markedtext import LOWERED, RAISED, is_symbol_font
from perfeval.ingest.containers.ole import OleError, stream
from perfeval.ingest.containers.wordruns import PLAIN, Font, Run
from perfeval.ingest.containers.xlsxparts import Style, Text, style_of

WIDE, ASIAN, RICH = 1, 4, 8
"""Flags of a text: two bytes a letter; data of phonetic guides after it; runs after it."""

Marked = tuple[str, list[tuple[int, int]]]
"""A text, and where each of its runs begins with the number of its font."""


class BiffError(ValueError):
    """The records are not those of a whole workbook."""


@dataclass(slots=True)
class Codes:
    """How texts are stored: Unicode since BIFF8 (``wide``), before it in a code page."""

    wide: bool = True
    encoding: str = "gb18030"

    def use(self, number: int) -> None:
        """Take over the code page a workbook names, where Python knows it."""
        name = {32768: "mac-roman", 10000: "mac-roman", 32769: "cp1252", 936: "gb18030"}.get(number, f"cp{number}")
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self.encoding = name


def short_string(part: bytes, at: int, codes: Codes) -> Marked:
    """A text whose length takes one byte."""
    return _string(part, at + 1, part[at] if at < len(part) else 0, codes)


def long_string(part: bytes, at: int, codes: Codes) -> Marked:
    """A text whose length takes two bytes, with its runs where it has any."""
    return _string(part, at + 2, struct.unpack_from("<H", part, at)[0], codes)


def _string(part: bytes, at: int, length: int, codes: Codes) -> Marked:
    if not codes.wide:
        text = part[at : at + length].decode(codes.encoding, errors="replace")
        rest = part[at + length :]
        count = rest[0] if rest else 0
        places = [(rest[1 + 2 * run], rest[2 + 2 * run]) for run in range(min(count, (len(rest) - 1) // 2))]
        return text, places
    if at >= len(part):
        return "", []
    flags = part[at]
    at += 1
    if flags & RICH:
        runs = struct.unpack_from("<H", part, at)[0]
        at += 2
    if flags & ASIAN:
        at += 4
    size = length * (1 + (flags & WIDE))
    text = _decoded(part[at : at + size], flags)
    at += size
    if not flags & RICH:
        runs = struct.unpack_from("<H", part, at)[0] if at + 2 <= len(part) else 0
        at += 2
    return text, _runs(part[at : at + 4 * runs])


def _decoded(part: bytes, flags: int) -> str:
    return part.decode("utf-16-le", errors="replace") if flags & WIDE else part.decode("latin-1")


def _runs(part: bytes) -> list[tuple[int, int]]:
    return list(struct.iter_unpack("<HH", part[: len(part) // 4 * 4]))


class _Parts:
    """The content of a record and of those that continue it, read from left to right."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._number, self._at = parts, 0, 0

    def take(self, size: int) -> bytes:
        """So many bytes, wherever they go on."""
        taken = b""
        while size:
            part = self._parts[self._number]
            piece = part[self._at : self._at + size]
            taken += piece
            self._at += len(piece)
            size -= len(piece)
            if size:
                self._next()
        return taken

    def text(self, length: int, flags: int) -> str:
        """So many letters; a text that goes on in the next record says there anew how it is stored."""
        pieces = []
        while length:
            width = 1 + (flags & WIDE)
            part = self._parts[self._number]
            piece = part[self._at : self._at + length * width]
            pieces.append(_decoded(piece, flags))
            self._at += len(piece)
            length -= len(piece) // width
            if length:
                self._next()
                flags = self.take(1)[0]
        return "".join(pieces)

    def _next(self) -> None:
        self._number, self._at = self._number + 1, 0
        if self._number >= len(self._parts):
            raise BiffError("texts end early")


def shared_strings(parts: list[bytes]) -> list[Marked]:
    """The texts that cells refer to by number; :class:`BiffError` where they are not whole."""
    source = _Parts(parts)
    count = struct.unpack("<II", source.take(8))[1]
    found: list[Marked] = []
    for _ in range(count):
        length, flags = struct.unpack("<HB", source.take(3))
        runs = struct.unpack("<H", source.take(2))[0] if flags & RICH else 0
        guides = struct.unpack("<I", source.take(4))[0] if flags & ASIAN else 0
        text = source.text(length, flags)
        places = _runs(source.take(4 * runs)) if runs else []
        if guides:
            source.take(guides)
        found.append((text, places))
    return found


BOF, EOF, CONTINUE, FILEPASS = 0x0809, 0x000A, 0x003C, 0x002F
CODEPAGE, DATEMODE, FONT, FORMAT, XF, BOUNDSHEET, SST, RECALCID = (
    0x0042, 0x0022, 0x0031, 0x041E, 0x00E0, 0x0085, 0x00FC, 0x01C1,
)  # fmt: skip
BIFF8, BIFF5 = 0x0600, 0x0500
NO_FONT = 4
"""The number that no font has: the fifth font is number 5."""

Record = tuple[int, bytes]


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


def workbook(raw: bytes) -> bytes:
    """The stream of records of a compound file."""
    try:
        return stream(raw, "Workbook")
    except OleError:
        return stream(raw, "Book")


def records(book: Book, at: int) -> Iterator[Record]:
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


def read_book(content: bytes) -> Book:
    """All that stands before the sheets; :class:`BiffError` or :class:`Encrypted` where it cannot be read."""
    book = Book(content, left=3 * len(content))
    shared: list[bytes] = []
    before = 0
    for number, (kind, part) in enumerate(records(book, 0)):
        if number == 0:
            book.codes.wide = version(kind, part) == BIFF8
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
    book.texts = [marked(text, places, book, PLAIN) if places else text for text, places in runs]
    return book


def version(kind: int, part: bytes) -> int:
    """The version a first record tells, one of the two that are read."""
    found = struct.unpack_from("<H", part)[0] if kind == BOF else 0
    if found not in {BIFF8, BIFF5}:
        raise BiffError(f"version {found:#x}")
    return int(found)


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
    where = {1: RAISED, 2: LOWERED}.get(position, "")
    return Font(bool(flags & 8), where, name if is_symbol_font(name) else "")


def marked(text: str, places: list[tuple[int, int]], book: Book, font: Font) -> Text:
    """Runs of a text, from where each begins and the number of its font; what is before them is as its cell."""
    starts = [(0, None), *((at, book.font(number)) for at, number in sorted(places))]
    ends = [at for at, _ in starts[1:]] + [len(text)]
    runs = tuple(Run(text[at:end], look) for (at, look), end in zip(starts, ends, strict=True))
    return text if all(run.font in {None, PLAIN} for run in runs) and font == PLAIN else runs
