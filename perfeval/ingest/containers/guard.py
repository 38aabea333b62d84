"""Whether a zipped document may be handed to the libraries that read it: sizes first, then what its XML declares.

Zip bombs and XML entity bombs are refused here, before anything is unpacked into memory or parsed.

What stands around a document's bytes: stray bytes before or after a zip, default-password encryption, flat XML.

Each gives the bytes inside, to be read as any other; what is done is said.
"""

import io
import re
import zipfile
from contextlib import suppress
from xml.etree.ElementTree import Element, fromstring

import numpy as np

from perfeval.ingest.containers.ole import OleError, stream, streams
from perfeval.ingest.problems import problem
from perfeval.ingest.signatures import foreign, shield
from perfeval.model.errors import Problem

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all members together; 100,000 rows of twelve columns take about 60 MB."""
MAX_MEMBERS = 10_000
MAX_RATIO = 300
"""Unpacked to packed, of members above :data:`RATIO_FROM`; real sheets stay below 100."""
RATIO_FROM = 16 * 1024 * 1024
CHUNK = 1 << 20
MAX_DEPTH = 5_000
"""Elements within each other; documents stay below 50, and each that is open takes some 300 bytes."""
MAX_ELEMENTS = 1_000_000
"""Elements of a member that is held as a whole; a report of 500 pages has some 300,000."""
STREAMED = re.compile(r"xl/(?:worksheets/.*|sharedStrings\.xml)|content\.xml|.*\.bin", re.IGNORECASE)
"""Members that are read element by element, or are no XML."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".ttf", ".odttf")
"""Members that are never parsed as XML here."""
FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)")
ENCODING = re.compile(rb"^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})")
ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"}
"""In which the bytes looked for are the bytes that a parser would see."""


def unsafe(raw: bytes, file: str) -> list[Problem]:
    """Why these bytes of a zip archive must not be read; empty where they may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                return [problem("E605", "压缩内容有密码", file=file)]
            return _too_large(members, file) or _content(archive, members, file)
    except Exception as error:  # zipfile lets zlib.error, struct.error and more through on damaged input
        return [problem("E606", f"文件不完整或已损坏（{type(error).__name__}）", file=file)]


def _too_large(members: list[zipfile.ZipInfo], file: str) -> list[Problem]:
    """By what the archive says of itself."""
    total = sum(member.file_size for member in members)
    swollen = next((m for m in members if _swollen(m.file_size, m.compress_size)), None)
    if len(members) > MAX_MEMBERS:
        return [problem("E601", f"内部有{len(members)}个文件，最多{MAX_MEMBERS}个", file=file)]
    if swollen is not None:
        times = swollen.file_size // max(swollen.compress_size, 1)
        return [problem("E601", f"内部文件“{swollen.filename}”解压后是压缩时的{times}倍", file=file)]
    if total > MAX_UNPACKED:
        message = f"解压后有{total >> 20}MB，最多{MAX_UNPACKED >> 20}MB"
        return [problem("E601", message, file=file)]
    return []


def _swollen(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)


def _content(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], file: str) -> list[Problem]:
    """By what is really in it: every member is unpacked piece by piece, and counted."""
    total = 0
    for member in members:
        parsed = not member.filename.lower().endswith(PICTURES)
        before, nesting = b"", Nesting()
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    return [problem("E601", f"解压后超过{MAX_UNPACKED >> 20}MB", file=file)]
                if parsed and _forbidden(before, chunk):
                    return [problem("E602", f"内部文件“{member.filename}”含文档类型或实体定义", file=file)]
                nesting.follow(chunk)
                if parsed and nesting.deepest > MAX_DEPTH:
                    message = f"内部文件“{member.filename}”的元素层层相套，超过{MAX_DEPTH:,}层"
                    return [problem("E601", message, file=file)]
                if parsed and nesting.elements > MAX_ELEMENTS and not STREAMED.fullmatch(member.filename):
                    message = f"内部文件“{member.filename}”有{MAX_ELEMENTS:,}个以上的元素"
                    return [problem("E601", message, file=file)]
                before = chunk[-40:]
    return []


class Nesting:
    """How many elements XML has and how deep they stand within each other, from its bytes, piece by piece.

    >>> found = Nesting()
    >>> found.follow(b"<a><b c='1'/><b>/></b></a>")
    >>> found.elements, found.deepest, found.depth
    (3, 2, 0)
    """

    def __init__(self) -> None:
        self.elements = self.depth = self.deepest = 0
        self._tag, self._last = False, b""
        """Whether the last piece ended within a tag, and its last byte."""

    def follow(self, piece: bytes) -> None:
        """Count a piece. A > within an attribute, which writers escape, makes an empty element count as open."""
        signs = np.frombuffer((self._last + piece).replace(b"\0", b""), dtype=np.uint8)
        if len(signs) < 2:  # noqa: PLR2004  # no sign and the one after it
            self._last = signs.tobytes()
            return
        sign, after = signs[:-1], signs[1:]
        begins = sign == ord("<")
        closing, opening = begins & (after == ord("/")), begins & ~np.isin(after, list(b"/!?"))
        edges = np.flatnonzero(begins | (sign == ord(">")))
        ends = np.flatnonzero((sign == ord("/")) & (after == ord(">")))
        nearest = np.searchsorted(edges, ends) - 1
        within = np.concatenate(([self._tag], begins[edges]))[nearest + 1]
        steps = opening.astype(np.int8) - closing
        steps[ends[within]] -= 1
        path = self.depth + np.cumsum(steps[steps != 0], dtype=np.int64)
        if len(path):
            self.depth, self.deepest = int(path[-1]), max(self.deepest, int(path.max()))
        self.elements += int(opening.sum())
        self._tag = bool(begins[edges[-1]]) if len(edges) else self._tag
        self._last = signs[-1:].tobytes()


def _forbidden(before: bytes, chunk: bytes) -> bool:
    """Whether a piece of XML declares a document type or entity, in an encoding of one or two bytes a character."""
    piece = before + chunk
    if b"\0" in piece:
        piece = piece.replace(b"\0", b"")
    if FORBIDDEN.search(piece):
        return True
    named = ENCODING.match(piece) if not before else None
    return named is not None and named[1].lower() not in ENCODINGS


def root(part: bytes) -> Element:
    """The root of an XML part of an archive that :func:`unsafe` has passed; ``ParseError`` where it is no XML."""
    return fromstring(part)  # noqa: S314  # without entities there is nothing to expand


DEFAULT = "VelvetSweatshop"
"""With it Excel encrypts where only changing asks for a password, and opens by itself ([MS-OFFCRYPTO])."""
MOST_SPINS = 1_000_000
"""Rounds of hashing a password; Office writes 100,000, and a hostile file could ask for hours."""
FILEPASS = b"\x2f\0"
END, END_SIZE = b"PK\5\6", 22
LOCAL = b"PK\3\4"
MOST_BEFORE = 1 << 16
FLAT = re.compile(rb"<office:document[\s>]")
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def unwrapped(raw: bytes, file: str) -> tuple[bytes, list[Problem]]:
    """The document inside, and what is to be said of getting at it; the same bytes where nothing stands around it."""
    inner = _opened(raw)
    if inner is not None:
        raw, said = inner, [problem("N604", "文件设了修改密码（打开不问密码），已用默认密码读出", file=file)]
    else:
        said = []
    bare, before, after = _bare(raw)
    if before or after:
        where = "、".join(f"{place}有{count}个" for place, count in (("开头", before), ("末尾", after)) if count)
        said.append(problem("N605", f"文件{where}不属于文档的字节，已略去", file=file))
    return _packed(bare), said


def _bare(raw: bytes) -> tuple[bytes, int, int]:
    """A zip archive without what stands before and after it, and how many bytes that is."""
    at = raw.rfind(END)
    start = raw.find(LOCAL, 0, MOST_BEFORE)
    if at < 0 or start < 0 or (start and (foreign(raw) or shield(raw) or raw.startswith(b"\xd0\xcf\x11\xe0"))):
        return raw, 0, 0
    comment = int.from_bytes(raw[at + 20 : at + 22], "little")
    stop = at + END_SIZE + comment
    if stop > len(raw) or len(raw) < at + END_SIZE:
        return raw, 0, 0
    if not start and stop == len(raw):
        return raw, 0, 0
    found = raw[start:stop]
    try:
        with zipfile.ZipFile(io.BytesIO(found)) as archive:
            whole = min((member.header_offset for member in archive.infolist()), default=-1) == 0
    except Exception:  # zipfile raises many kinds on damaged input; what it is will be said of the whole
        return raw, 0, 0
    return (found, start, len(raw) - stop) if whole else (raw, 0, 0)


def _opened(raw: bytes) -> bytes | None:
    """The document, decrypted, where the default password opens it; None where it is not encrypted or another does."""
    if not raw.startswith(b"\xd0\xcf\x11\xe0") or not _default_possible(raw):
        return None
    import msoffcrypto  # noqa: PLC0415  # 0.1 s, and few files need it

    result = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(raw))
        if not office.is_encrypted():
            return None
        office.load_key(password=DEFAULT)
        office.decrypt(result)
    except Exception:  # another password, a method it does not know, or damage: encrypted it stays
        return None
    inner = result.getvalue()
    return inner if inner.startswith((b"PK", b"\xd0\xcf\x11\xe0")) else None


def _default_possible(raw: bytes) -> bool:
    """Whether a workbook or package is encrypted by password, with so many rounds as Office asks."""
    with suppress(OleError, ValueError):
        names = set(streams(raw))
        if "EncryptedPackage" in names:
            spins = re.search(rb'spinCount="(\d{1,12})"', stream(raw, "EncryptionInfo"))
            return spins is None or int(spins[1]) <= MOST_SPINS
        book = next((name for name in ("Workbook", "Book") if name in names), "")
        return bool(book) and FILEPASS in _records(stream(raw, book))
    return False


def _records(book: bytes) -> set[bytes]:
    """The kinds of records of a workbook's globals, up to where sheets begin."""
    kinds: set[bytes] = set()
    at = 0
    while at + 4 <= len(book) and len(kinds) < 100:  # noqa: PLR2004
        kind = book[at : at + 2]
        if kind in {b"\x0a\0", b"\x85\0"}:
            break
        kinds.add(kind)
        at += 4 + int.from_bytes(book[at + 2 : at + 4], "little")
    return kinds


def _packed(raw: bytes) -> bytes:
    """A flat OpenDocument spreadsheet (.fods) as the archive it would be; other bytes as they are."""
    head = raw[:8192]
    if not FLAT.search(head) or SPREADSHEET not in head:
        return raw
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", SPREADSHEET)
        archive.writestr("content.xml", raw)
        archive.writestr("META-INF/manifest.xml", b"<manifest/>")
    return result.getvalue()
