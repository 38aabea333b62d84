"""Texts in the records of old workbooks ([MS-XLS] 2.5.293 and 2.4.265): one or two bytes a letter, runs, continued."""

import codecs
import struct
from dataclasses import dataclass

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
    flags, runs = part[at], 0
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
