"""The store of judged rows: Parquet files that any tool reads as they stand, renewed where their content changed.

``<folder>/<frame>/<district>.parquet``: the rows of all offices of a district and all their years, in the order of
office and year; offices without a district by the first sign of a hash of their id. A file says in its footer which
office-years it holds, where, and what they were made from, and is sealed (:mod:`~perfeval.analysis.rows.sealing`), so
there is nothing beside it that could disagree with it, and a damaged one passes for none.
A fragment, an office-year's rows, is renewed by itself; the file around it is written whole, beside its place, and put
there by renaming. Whoever renews holds the folder's lock; whoever reads needs none.

Everything here can be deleted at any time.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from perfeval.analysis.rows import sealing
from perfeval.analysis.rows.fragments import Tables, schema
from perfeval.analysis.rows.sealing import Sealed
from perfeval.model.columns import STORED

SUFFIX, PARTIAL = ".parquet", ".partial"
KEY = b"perfeval"
"""Of the footer's key-value pairs the one with the contents."""
ROW_GROUP = 4_096
"""Rows of a row group: a dozen office-years of text, little enough to read for one office."""
UNLISTED = "未列区县-"
PATIENCE_SECONDS = 0.05
RETRIES = 40
"""Windows lets nobody replace a file while it is being read."""
DAMAGED = (pa.ArrowException, OSError, ValueError)
"""What reading a damaged file may raise: it is made anew."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """An office-year in a file."""

    print: str
    """What it was made from."""
    start: int
    count: int
    why: str = ""
    """Why there is nothing of it: its data have errors."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office in a file."""

    print: str
    note: str
    years: dict[int, Fragment]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds."""

    base: str
    offices: dict[str, Office]

    def packed(self) -> bytes:
        """As the footer has it."""
        offices = {
            name: [
                one.print,
                one.note,
                {str(year): [f.print, f.start, f.count, f.why] for year, f in one.years.items()},
            ]
            for name, one in self.offices.items()
        }
        return json.dumps([self.base, offices], ensure_ascii=False, separators=(",", ":")).encode()


NOTHING = Contents("", {})


@lru_cache(maxsize=512)
def contents(raw: bytes) -> Contents:
    """The contents as the footer has them."""
    made, offices = json.loads(raw)
    return Contents(
        made,
        {
            name: Office(whole, note, {int(year): Fragment(*one) for year, one in years.items()})
            for name, (whole, note, years) in offices.items()
        },
    )


@dataclass(frozen=True, slots=True)
class File:
    """An open file of a frame, or what would be one."""

    contents: Contents
    held: Sealed | pa.Table

    def table(self, ranges: Sequence[tuple[int, int]], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these places (start, stop; ascending)."""
        if isinstance(self.held, pa.Table):
            whole = self.held if columns is None else self.held.select(list(columns))
            return pa.concat_tables([whole.slice(start, stop - start) for start, stop in ranges] or [whole.slice(0, 0)])
        about = self.held.held.metadata
        groups, parts, before = [], [], 0
        read = 0
        for number in range(about.num_row_groups):
            size = about.row_group(number).num_rows
            inside = [(max(start, before), min(stop, before + size)) for start, stop in ranges]
            inside = [(start, stop) for start, stop in inside if start < stop]
            if inside:
                groups.append(number)
                parts += [(start - before + read, stop - start) for start, stop in inside]
                read += size
            before += size
        found = self.held.read(groups, columns)
        whole_groups = sum(count for _, count in parts) == read
        return found if whole_groups else pa.concat_tables([found.slice(*part) for part in parts])

    def whole(self) -> pa.Table:
        """All rows."""
        return self.held if isinstance(self.held, pa.Table) else self.held.read(range(self.held.held.num_row_groups))

    def close(self) -> None:
        """Let go of the file."""
        if isinstance(self.held, Sealed):
            self.held.close()


def group_of(subdistrict: str, district: str) -> str:
    """The name of the file an office is in: its district's; without one by the first sign of a hash."""
    return district or UNLISTED + hashlib.sha256(subdistrict.encode()).hexdigest()[0]


def path_of(folder: Path, frame: str, group: str) -> Path:
    """Where a file is."""
    return folder / frame / f"{group}{SUFFIX}"


def opened(folder: Path, frame: str, group: str) -> File | None:
    """The file of a frame; None where there is none, or it is damaged or of another form."""
    path = path_of(folder, frame, group)
    try:
        held = sealing.opened(path, frame)
    except DAMAGED:
        return None
    return File(contents(held.held.metadata.metadata[KEY]), held)


def write(folder: Path, group: str, tables: Tables, held: dict[str, Contents]) -> None:
    """Put the files of a group in place, each whole or not at all."""
    for frame in STORED:
        path = path_of(folder, frame, group)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
        table = tables[frame].replace_schema_metadata({KEY: held[frame].packed()})
        made = pa.BufferOutputStream()
        pq.write_table(table, made, row_group_size=ROW_GROUP, compression=compression(table.schema))
        with partial.open("wb") as file:
            file.writelines(sealing.sealed(memoryview(made.getvalue()), frame))
            file.flush()
            os.fsync(file.fileno())
        put(partial, path)


def compression(held: pa.Schema) -> dict[str, str]:
    """Of each column: few words and whole numbers are small as they are, and a quarter quicker to read so."""
    return {one.name: "none" if _is_small(one.type) else "zstd" for one in held}


def _is_small(type_: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(type_) or pa.types.is_integer(type_) or pa.types.is_boolean(type_))


def put(partial: Path, path: Path) -> None:
    """Rename, also where somebody is reading the file just now (Windows)."""
    for attempt in range(RETRIES):
        try:
            partial.replace(path)
        except PermissionError:
            if os.name != "nt" or attempt == RETRIES - 1:
                raise
            time.sleep(PATIENCE_SECONDS)
        else:
            return


def remove(folder: Path, group: str) -> None:
    """Remove the files of a group."""
    for frame in STORED:
        path_of(folder, frame, group).unlink(missing_ok=True)


def groups(folder: Path, *frames: str) -> list[str]:
    """The groups that have files (of any of these frames)."""
    found = (path for frame in frames or STORED for path in (folder / frame).glob(f"*{SUFFIX}"))
    return sorted({path.name.removesuffix(SUFFIX) for path in found})


def sweep(folder: Path) -> None:
    """Remove what a killed process has left half written; for whoever holds the lock."""
    for frame in STORED:
        for path in (folder / frame).glob(f"*{PARTIAL}"):
            with suppress(OSError):
                path.unlink()


def empty(frame: str, columns: Iterable[str] | None = None) -> pa.Table:
    """A frame's table without rows."""
    whole = schema(frame).empty_table()
    return whole if columns is None else whole.select(list(columns))
