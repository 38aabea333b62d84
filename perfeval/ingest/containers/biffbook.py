"""What the records of an old workbook say before its sheets: fonts, formats, shared texts and where the sheets are."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfeval.ingest.containers.biffstrings import BiffError, Codes, long_string, shared_strings, short_string
from perfeval.ingest.containers.fontruns import PLAIN, Font, Run
from perfeval.ingest.containers.marks import LOWERED, RAISED
from perfeval.ingest.containers.ole import OleError, stream
from perfeval.ingest.containers.package import Text, style_of
from perfeval.ingest.containers.sheets import Style
from perfeval.ingest.containers.symbols import is_symbol_font

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
    runs = tuple(Run(text[at:end], look) for (at, look), end in zip(starts, ends, strict=True) if at < end)
    return text if all(run.font in {None, PLAIN} for run in runs) and font == PLAIN else runs
