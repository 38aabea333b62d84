"""Whether a zipped document may be handed to the libraries that read it: sizes first, then what its XML declares.

Zip bombs and XML entity bombs are refused here, before anything is unpacked into memory or parsed.
"""

import io
import re
import zipfile
from xml.etree.ElementTree import Element, fromstring

from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all members together; 100,000 rows of twelve columns take about 60 MB."""
MAX_MEMBERS = 10_000
MAX_RATIO = 300
"""Unpacked to packed, of members above :data:`RATIO_FROM`; real sheets stay below 100."""
RATIO_FROM = 16 * 1024 * 1024
CHUNK = 1 << 20

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
        before = b""
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    return [problem("E601", f"解压后超过{MAX_UNPACKED >> 20}MB", file=file)]
                if parsed and _forbidden(before, chunk):
                    return [problem("E602", f"内部文件“{member.filename}”含文档类型或实体定义", file=file)]
                before = chunk[-40:]
    return []


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
