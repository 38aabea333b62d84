"""PDF files packed: every object is what it was, and what is built otherwise is left alone."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.deliver.pdfpacking import packed

STREAM = b"<</Length 9>>\nstream\nq 1 0 0 Q\nendstream"
NAMED = {1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Type /Pages /Kids [] /Count 0>>", 3: b"<</Title (A)>>"}


def document(objects: dict[int, bytes], more: bytes = b"", info: bytes = b" /Info 3 0 R") -> bytes:
    """A file as browsers write it: objects in clear, one table of places."""
    content, places = bytearray(b"%PDF-1.4\n%\xd3\xeb\xe9\xe1\n"), {}
    for number, body in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(content), max(objects) + 1
    content += b"xref\n0 %d\n" % size
    for number in range(size):
        known = places.get(number)
        content += b"0000000000 65535 f \n" if known is None else b"%010d 00000 n \n" % known
    return bytes(content) + b"trailer\n<</Size %d\n/Root 1 0 R%b%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, info, more, start)  # fmt: skip


def stream(content: bytes, at: int) -> tuple[bytes, bytes]:
    """The dictionary and the unpacked content of the stream object at a place of a file."""
    found = re.compile(rb"\d+ 0 obj\n<<(.*?) /Length (\d+)>>\nstream\n").match(content, at)
    assert found
    return found[1], zlib.decompress(content[found.end() : found.end() + int(found[2])])


def read(content: bytes) -> dict[int, bytes]:
    """Every object of a packed file but its own two kinds of streams, found as a reader finds it: by the table."""
    head, table = stream(content, int(content.split(b"startxref\n")[1].split()[0]))
    assert b"/Root 1 0 R" in head
    rows = [(row[0], int.from_bytes(row[1:5]), int.from_bytes(row[5:])) for row in zip(*[iter(table)] * 7, strict=True)
            for row in [bytes(row)]]  # fmt: skip
    assert f"/Size {len(rows)} ".encode() in head
    held = {}
    for number, (kind, where, place) in enumerate(rows):
        if kind == 1:
            found = re.compile(rb"%d 0 obj\n(.*?)\nendobj\n" % number, re.DOTALL).match(content, where)
            assert found
            if b"/ObjStm" not in found[1][:20] and b"/XRef" not in found[1][:20]:
                held[number] = found[1]
        elif kind == 2:
            said, together = stream(content, rows[where][1])
            first = int(re.search(rb"/First (\d+)", said)[1])
            index = [int(one) for one in together[:first].split()]
            assert index[2 * place] == number
            starts = [*index[1::2], len(together) - first + 1]
            held[number] = together[first + starts[place] : first + starts[place + 1] - 1]
    return held


@given(
    st.dictionaries(
        st.integers(4, 900), st.one_of(st.integers(0, 999).map(lambda n: b"<</N %d>>" % n), st.just(STREAM)), max_size=9
    ),
    st.integers(0, 450),
)
def test_every_object_is_what_it_was(more: dict[int, bytes], many: int) -> None:
    objects = NAMED | {1000 + number: b"[%d]" % number for number in range(many)} | more
    small = packed(document(objects))
    assert read(small) == objects
    assert small.startswith(b"%PDF-1.5\n")
    assert b"3 0 obj\n<</Title (A)>>" in small, "title and dates stay in clear"
    assert packed(small) == small, "what is packed is left"


def test_many_tags_take_a_fifth_of_the_room() -> None:
    tags = {
        number: b"<</Type /StructElem /S /TD /P %d 0 R /K [%d]>>" % (number - 1, number) for number in range(4, 3000)
    }
    content = document(NAMED | tags)
    assert len(packed(content)) < len(content) / 5


WHOLE = document(NAMED)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.4 cut", WHOLE[:-30], WHOLE.replace(b"2 0 obj", b"7 0 obj"), WHOLE.replace(b"1.4\n", b"1.4\n\n"),
        document(NAMED, b" /Encrypt 2 0 R"), document(NAMED, b" /Prev 9"), WHOLE.replace(b"/Root", b"/Loot"),
    ],
    ids=["empty", "cut", "no end", "another number", "other places", "encrypted", "added to", "no root"],
)  # fmt: skip
def test_what_is_built_in_another_way_is_left_as_it_is(content: bytes) -> None:
    assert packed(content) == content


def test_a_file_without_facts_about_itself_is_packed() -> None:
    assert read(packed(document(NAMED, info=b""))) == NAMED
