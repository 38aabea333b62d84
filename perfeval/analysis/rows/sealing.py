"""The seal of the store's files: damage is known before the native reader is given anything of it.

A Parquet file of ours is data, seal, footer: any reader finds data and footer where they always are and steps over the
seal, which has a checksum of each column chunk, and one of itself, the footer and the frame's columns. Seal and footer
are checked before pyarrow opens the file, each chunk before it decodes it. To read our own files in a process apart, as
those that are handed in, would cost ten times the reading; the checksums of what is read run at 4 GB/s.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from perfeval.analysis.rows.fragments import schema

CHUNK = struct.Struct("<QII")
"""Of a column chunk: where it begins, its bytes, its checksum. Row group by row group, in the order of the columns."""
SEAL = struct.Struct("<II")
"""After the chunks: how many they are, and the checksum of them and the footer."""
FOOTER = struct.Struct("<I4s")
"""At the end of every Parquet file: the bytes of its footer, and this mark."""
MAGIC = b"PAR1"
TAIL = 1 << 16
"""Bytes that are asked for first: seal and footer of most files."""


class BrokenSeal(ValueError):
    """A file that is damaged, or of another form."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An open file whose seal and footer are whole."""

    source: pa.NativeFile
    held: pq.ParquetFile
    chunks: tuple[tuple[int, int, int], ...]
    columns: tuple[str, ...]

    def read(self, groups: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """These row groups of these columns; :class:`BrokenSeal` where one of their chunks is not as it was written."""
        names = self.columns if columns is None else columns
        for group in groups:
            for name in names:
                start, size, checksum = self.chunks[group * len(self.columns) + self.columns.index(name)]
                if zlib.crc32(self.source.read_at(size, start)) != checksum:
                    raise BrokenSeal(name)
        return self.held.read_row_groups(groups, columns=list(names), use_threads=False)

    def close(self) -> None:
        """Let go of the file."""
        self.source.close()


def opened(path: Path, frame: str) -> Sealed:
    """The file of a frame; :class:`BrokenSeal` or ``OSError`` where it cannot be read."""
    source = pa.OSFile(str(path))
    try:
        chunks = _chunks(source, frame)
        # Thousands of small files: what costs is not their rows but opening each, and every request for bytes.
        return Sealed(source, pq.ParquetFile(source, pre_buffer=False), chunks, tuple(schema(frame).names))
    except BaseException:
        source.close()
        raise


def _chunks(source: pa.NativeFile, frame: str) -> tuple[tuple[int, int, int], ...]:
    """The chunks as the seal lists them, once it has been compared with its checksum."""
    tail = _tail(source, TAIL)
    length, magic = FOOTER.unpack(tail[-FOOTER.size :]) if len(tail) >= FOOTER.size else (0, b"")
    if magic != MAGIC:
        raise BrokenSeal("no footer")
    after = FOOTER.size + length
    tail = _tail(source, after + SEAL.size, tail)
    count, checksum = SEAL.unpack_from(tail, len(tail) - after - SEAL.size)
    begin = after + SEAL.size + count * CHUNK.size
    tail = _tail(source, begin, tail)
    listed = tail[len(tail) - begin : len(tail) - after - SEAL.size]
    if _sum(frame, listed, tail[len(tail) - after :]) != checksum:
        raise BrokenSeal("checksum")
    return tuple(CHUNK.iter_unpack(listed))


def _tail(source: pa.NativeFile, size: int, known: bytes = b"") -> bytes:
    """So many of the last bytes, or all; those that are known are not asked for again."""
    if size <= len(known):
        return known
    whole = source.size()
    if known and size > whole:
        raise BrokenSeal("short")
    return bytes(source.read_at(min(size, whole), max(0, whole - size)))


def sealed(raw: memoryview, frame: str) -> tuple[memoryview, bytes, memoryview]:
    """A Parquet file of the frame as it is to be written: its data, the seal, its footer."""
    after = FOOTER.size + FOOTER.unpack(raw[-FOOTER.size :])[0]
    about = pq.read_metadata(pa.BufferReader(raw))
    places = [
        _place(about.row_group(group).column(column))
        for group in range(about.num_row_groups)
        for column in range(about.num_columns)
    ]
    listed = b"".join(CHUNK.pack(at, size, zlib.crc32(raw[at : at + size])) for at, size in places)
    footer = raw[len(raw) - after :]
    return raw[: len(raw) - after], listed + SEAL.pack(len(places), _sum(frame, listed, footer)), footer


def _place(chunk: pq.ColumnChunkMetaData) -> tuple[int, int]:
    """Where a column chunk begins, and its bytes."""
    begins = [chunk.data_page_offset, *([chunk.dictionary_page_offset] if chunk.has_dictionary_page else [])]
    return min(begins), chunk.total_compressed_size


def _sum(frame: str, listed: bytes, footer: bytes | memoryview) -> int:
    """The checksum of the list of chunks and of the footer, under the columns of the frame."""
    return zlib.crc32(footer, zlib.crc32(listed, _columns(frame)))


@cache
def _columns(frame: str) -> int:
    return zlib.crc32("\n".join(f"{one.name} {one.type}" for one in schema(frame)).encode())
