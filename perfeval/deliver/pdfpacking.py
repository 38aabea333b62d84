"""PDF files made small: what browsers leave as it is, above all the tags that screen readers follow, is compressed.

A browser writes each of a report's thousands of tags and fonts as an object of its own, in clear. PDF 1.5 (ISO 32000-1,
7.5.7 and 7.5.8) has streams that hold many objects and a table of places as a stream; every reader since 2003 knows
them. No object is changed, left out or renumbered.
"""

import itertools
import re
import zlib

TOGETHER = 200
"""Objects in one stream: readers unpack a whole one for any of its objects."""
FREE, PLAIN, PACKED = 0, 1, 2
"""Kinds of entries in the table of places."""
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+((?:\d{10} \d{5} [fn]\s{2})+)trailer\s*<<(.*?)>>\s*startxref", re.DOTALL)
_PLACE = re.compile(rb"(\d{10}) (\d{5}) ([fn])")
_OBJECT = re.compile(rb"(\d+) 0 obj\s+(.*?)\s*endobj\s*", re.DOTALL)
_TOLD = re.compile(rb"/(Root|Info) (\d+) 0 R")


def packed(content: bytes) -> bytes:
    """The same document with its objects packed; the content as it is where it is built in another way, as by a browser
    that packs already.
    """
    held, told = _objects(content), dict(_TOLD.findall(content[content.rfind(b"trailer") :]))
    if not held or b"Root" not in told:
        return content
    apart = int(told.get(b"Info", 0))  # in clear: file managers look for title and date without reading the rest
    alone = {number for number, body in held.items() if body.endswith(b"endstream") or number == apart}
    made = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, tuple[int, int, int]] = {}

    def write(number: int, body: bytes) -> None:
        places[number] = (PLAIN, len(made), 0)
        made.extend(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    for number in sorted(alone):
        write(number, held[number])
    free = max(held) + 1
    small = sorted({*held} - alone)
    for numbers in (small[first : first + TOGETHER] for first in range(0, len(small), TOGETHER)):
        places |= {number: (PACKED, free, place) for place, number in enumerate(numbers)}
        starts = itertools.accumulate((len(held[number]) + 1 for number in numbers), initial=0)
        index = b" ".join(b"%d %d" % pair for pair in zip(numbers, starts, strict=False)) + b"\n"
        head = b"/Type /ObjStm /N %d /First %d" % (len(numbers), len(index))
        write(free, _stream(head, index + b"\n".join(held[number] for number in numbers)))
        free += 1
    places[free] = (PLAIN, at := len(made), 0)
    table = b"".join(
        kind.to_bytes(1) + where.to_bytes(4) + place.to_bytes(2)
        for kind, where, place in (places.get(number, (FREE, 0, 0)) for number in range(free + 1))
    )
    known = b" ".join(b"/%b %b 0 R" % pair for pair in sorted(told.items()))
    write(free, _stream(b"/Type /XRef /Size %d /W [1 4 2] %b" % (free + 1, known), table))
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % at


def _objects(content: bytes) -> dict[int, bytes]:
    """Every object by its number; none where the file has no single table of places, is encrypted, or does not hold
    what its table says."""
    end = _END.search(content)
    table = _TABLE.match(content, int(end[1])) if end else None
    if end is None or table is None or b"/Prev" in table[3] or b"/Encrypt" in table[3]:
        return {}
    places = [(int(at), number) for number, (at, _, kind) in enumerate(_PLACE.findall(table[2])) if kind == b"n"]
    ends = sorted(at for at, _ in places)
    after = dict(itertools.pairwise([*ends, int(end[1])]))
    held = {}
    for at, number in places:
        found = _OBJECT.fullmatch(content, at, after[at])
        if found is None or int(found[1]) != number:
            return {}
        held[number] = found[2]
    return held


def _stream(head: bytes, content: bytes) -> bytes:
    small = zlib.compress(content, 9)
    return b"<<%b /Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (head, len(small), small)
