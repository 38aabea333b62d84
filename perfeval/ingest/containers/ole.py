"""The streams of an OLE compound file (.xls, .doc, .et, .wps), as [MS-CFB] describes it; nothing more is read."""

import struct

END = 0xFFFFFFFE
SPECIAL = 0xFFFFFFFA
"""Sector numbers from here on have a meaning of their own."""
ENTRY = 128
"""Bytes of a directory entry."""
STREAM, ROOT = 2, 5
SMALL = 4096
"""Streams below this size (bytes) lie in the mini stream."""


class OleError(ValueError):
    """The file is not a whole compound file."""


def streams(raw: bytes) -> dict[str, tuple[int, int]]:
    """Name of each stream → (first sector, size in bytes); :class:`OleError` where the directory cannot be read."""
    return {name: place for name, kind, place in _entries(raw) if kind == STREAM}


def stream(raw: bytes, name: str) -> bytes:
    """The bytes of a stream; :class:`OleError` where there is none, or not all of it."""
    found = streams(raw)
    if name not in found:
        raise OleError(name)
    start, size = found[name]
    if size >= SMALL:
        return _chain(raw, _table(raw), start, size)
    root = next((place for _, kind, place in _entries(raw) if kind == ROOT), (END, 0))
    table = _table(raw)
    mini = _chain(raw, table, *root)
    first, count = struct.unpack_from("<II", raw, 60)
    small = _numbers(_chain(raw, table, first, count * _sector(raw)))
    parts = [mini[64 * at : 64 * at + 64] for at in _follow(small, start, size // 64 + 1)]
    return b"".join(parts)[:size]


def _sector(raw: bytes) -> int:
    """Bytes of a sector."""
    if len(raw) < 512:  # noqa: PLR2004  # the header
        raise OleError("header")
    shift = struct.unpack_from("<H", raw, 30)[0]
    if shift not in {9, 12}:
        raise OleError("sector size")
    return int(1 << shift)


def _numbers(part: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _table(raw: bytes) -> tuple[int, ...]:
    """The file allocation table: for each sector the next one."""
    size = _sector(raw)
    listed = list(struct.unpack_from("<109I", raw, 76))
    (following,) = struct.unpack_from("<I", raw, 68)
    for _ in range(len(raw) // size + 1):
        if following >= SPECIAL:
            break
        numbers = _numbers(_at(raw, following, size))
        listed += numbers[:-1]
        following = numbers[-1]
    return tuple(number for at in listed if at < SPECIAL for number in _numbers(_at(raw, at, size)))


def _at(raw: bytes, sector: int, size: int) -> bytes:
    part = raw[(sector + 1) * size : (sector + 2) * size]
    if not part:
        raise OleError("sector")
    return part


def _follow(table: tuple[int, ...], start: int, most: int) -> list[int]:
    """The sectors of a chain, at most so many: a chain that bites its tail ends there."""
    found: list[int] = []
    while start < SPECIAL and len(found) < most:
        if start >= len(table):
            raise OleError("chain")
        found.append(start)
        start = table[start]
    return found


def _chain(raw: bytes, table: tuple[int, ...], start: int, length: int) -> bytes:
    size = _sector(raw)
    wanted = min(length, len(raw))
    content = b"".join(_at(raw, at, size) for at in _follow(table, start, wanted // size + 1))
    if len(content) < length - size:
        raise OleError("stream")
    return content[:length]


def _entries(raw: bytes) -> list[tuple[str, int, tuple[int, int]]]:
    size = _sector(raw)
    first = struct.unpack_from("<I", raw, 48)[0]
    table = _table(raw)
    directory = b"".join(_at(raw, at, size) for at in _follow(table, first, len(raw) // size + 1))
    found = []
    for at in range(0, len(directory) - ENTRY + 1, ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        if 2 <= length <= 64 and kind in {STREAM, ROOT}:  # noqa: PLR2004
            name = directory[at : at + length - 2].decode("utf-16-le", errors="replace")
            found.append((name, kind, struct.unpack_from("<II", directory, at + 116)))
    return found
