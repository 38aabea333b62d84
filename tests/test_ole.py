"""Compound files, built here sector by sector: every stream comes back whole, and a damaged chain ends somewhere."""

import struct
from itertools import pairwise

import pytest

from perfeval.ingest.containers.ole import OleError, stream, streams

END, FREE = 0xFFFFFFFE, 0xFFFFFFFF
LONGEST = "名" * 31
CONTENTS = {f"s{size}": bytes(at % 251 for at in range(size)) for size in (0, 1, 63, 64, 65, 4095, 4096, 4097, 9000)}


def table(links: dict[int, int], count: int) -> bytes:
    return struct.pack(f"<{count}I", *(links.get(at, FREE) for at in range(count)))


class Built:
    """A file that grows by chains, each from its last sector to its first: no chain lies in order."""

    def __init__(self, size: int) -> None:
        self.size, self.sectors, self.links = size, list[bytes](), dict[int, int]()

    def put(self, content: bytes) -> int:
        """The first sector of a content."""
        parts = [content[at : at + self.size] for at in range(0, len(content), self.size)]
        numbers = [*range(len(self.sectors), len(self.sectors) + len(parts))][::-1]
        self.sectors += [part.ljust(self.size, b"\0") for part in parts[::-1]]
        self.links |= dict(pairwise([*numbers, END]))
        return numbers[0] if numbers else END


def built(contents: dict[str, bytes], size: int = 512, in_header: int = 109) -> bytes:
    """A compound file; ``in_header`` says how many sectors of its table the header names, the others further sectors."""
    file, small, mini = Built(size), dict[int, int](), b""
    entries = []
    for name, content in contents.items():
        if len(content) >= 4096:
            entries.append((name, 2, file.put(content), len(content)))
            continue
        first, count = len(mini) // 64, -(-len(content) // 64)
        small |= dict(pairwise([*range(first, first + count), END]))
        mini += content.ljust(64 * count, b"\0")
        entries.append((name, 2, first if count else END, len(content)))
    entries.insert(0, ("Root Entry", 5, file.put(mini), len(mini)))
    lesser = table(small, -(-len(mini) // 64)).ljust(size, b"\xff")
    links_of_small = file.put(lesser)
    directory = b""
    for name, kind, first, length in entries:
        text = (name + "\0").encode("utf-16-le")
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + struct.pack("<III", *[FREE] * 3)
        directory += bytes(36) + struct.pack("<IQ", first, length)
    at_directory = file.put(directory)
    numbers = list[int]()
    room = size // 4
    while len(numbers) * room < len(file.sectors) + 8:  # the table's own sectors and those that name them
        numbers.append(len(file.sectors))
        file.sectors.append(b"")
    further, at_further = numbers[in_header:], END
    for start in reversed(range(0, len(further), room - 1)):
        part = b"".join(struct.pack("<I", one) for one in further[start : start + room - 1])
        file.sectors.append(part.ljust(size - 4, b"\xff") + struct.pack("<I", at_further))
        at_further = len(file.sectors) - 1
    for order, number in enumerate(numbers):
        whole = table(file.links, len(numbers) * room)
        file.sectors[number] = whole[order * size : (order + 1) * size]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHH", 0x3E, 3, 0xFFFE, {512: 9, 4096: 12}[size])
    )
    head += (
        struct.pack("<H", 6) + bytes(10) + struct.pack("<II", len(numbers), at_directory) + struct.pack("<II", 0, 4096)
    )
    head += struct.pack("<IIII", links_of_small, len(lesser) // size, at_further, len(further) // (room - 1) + 1)
    head += b"".join(struct.pack("<I", one) for one in numbers[:in_header]).ljust(436, b"\xff")
    return head.ljust(size, b"\0") + b"".join(file.sectors)


@pytest.mark.parametrize(("size", "in_header"), [(512, 109), (512, 1), (512, 0), (4096, 109)])
def test_every_stream_comes_back_whole(size: int, in_header: int) -> None:
    contents = CONTENTS | {LONGEST: b"end", "long": bytes(range(256)) * 2000}
    raw = built(contents, size, in_header)
    assert set(streams(raw)) == set(contents)
    assert {name: stream(raw, name) for name in contents} == contents


def test_a_table_whose_sectors_take_more_than_one_sector_to_name() -> None:
    content = bytes(range(256)) * 2 * 128 * 140  # 140 sectors of the table, 127 to a sector that names them
    assert stream(built({"a": content}, in_header=0), "a") == content


@pytest.mark.parametrize("cut", [0, 8, 511, 512, 1024])
def test_a_file_that_is_cut_is_no_compound_file(cut: int) -> None:
    with pytest.raises((OleError, struct.error)):
        stream(built(CONTENTS)[:cut], "s9000")


def test_a_stream_that_is_not_there_or_whose_end_is_missing() -> None:
    raw = built({"a": bytes(9000)})
    with pytest.raises(OleError, match="b"):
        stream(raw, "b")
    at = raw.index("a\0".encode("utf-16-le").ljust(64, b"\0"))
    longer = raw[: at + 120] + struct.pack("<Q", 10_000) + raw[at + 128 :]
    with pytest.raises(OleError, match="stream"):
        stream(longer, "a")


@pytest.mark.parametrize("shift", [8, 10, 13])
def test_sectors_of_another_size_are_none(shift: int) -> None:
    raw = built({"a": bytes(5000)})
    with pytest.raises(OleError, match="sector size"):
        streams(raw[:30] + struct.pack("<H", shift) + raw[32:])


def test_a_chain_that_bites_its_tail_ends() -> None:
    file = built({"a": bytes(5000)})
    whole = bytearray(file)
    (numbers,) = struct.unpack_from("<I", file, 76)
    start = (numbers + 1) * 512
    links = struct.unpack_from("<128I", file, start)
    whole[start : start + 512] = struct.pack("<128I", *(0 if link == END else link for link in links))
    assert stream(bytes(whole), "a") == bytes(5000)
