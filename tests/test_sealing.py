"""The seal of the store's files: nothing that is damaged comes to the native reader, and others read them as they are."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from perfeval.analysis.rows import fragments, sealing

FRAME = "alike"
ROWS = pd.DataFrame(
    {one.name: pd.Series(["甲", "乙"] if one.dtype == "str" else [1, 2]).astype(one.dtype) for one in fragments.described(FRAME)}
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of two row groups."""
    made = pa.BufferOutputStream()
    pq.write_table(fragments.arrow(FRAME, ROWS), made, row_group_size=1)
    found = tmp_path / "甲.parquet"
    found.write_bytes(b"".join(sealing.sealed(memoryview(made.getvalue()), FRAME)))
    return found


def read(path: Path, frame: str = FRAME) -> pa.Table:
    file = sealing.opened(path, frame)
    try:
        return file.read(range(file.held.num_row_groups))
    finally:
        file.close()


def test_everybody_reads_the_file_as_it_stands(path: Path) -> None:
    pd.testing.assert_frame_equal(fragments.pandas(FRAME, read(path)), ROWS)
    told = ROWS["narrative"].tolist()
    assert pd.read_parquet(path)["narrative"].tolist() == told
    assert pl.read_parquet(path)["narrative"].to_list() == told
    assert duckdb.read_parquet(str(path)).project("narrative").fetchall() == [(one,) for one in told]


def test_no_changed_bit_comes_through(path: Path, record_property: Callable[[str, object], None]) -> None:
    raw = path.read_bytes()
    for place in range(len(sealing.MAGIC), len(raw)):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :])
        with pytest.raises(sealing.BrokenSeal):
            read(path)
    record_property("bits changed, all refused", len(raw) - len(sealing.MAGIC))


def test_no_file_cut_short_or_drawn_out_comes_through(path: Path) -> None:
    raw = path.read_bytes()
    for size in range(0, len(raw), 7):
        for damaged in (raw[:size], raw[size + 1 :], raw[:size] + bytes(9) + raw[size:]):
            path.write_bytes(damaged)
            with pytest.raises(sealing.BrokenSeal):
                read(path)


def test_only_what_is_asked_for_must_be_whole(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(sealing.MAGIC)] ^= 1  # in the first chunk
    path.write_bytes(raw)
    first, *others = ROWS.columns
    file = sealing.opened(path, FRAME)
    assert file.read([1], [first]).num_rows == 1
    assert file.read([0, 1], others).num_rows == 2
    with pytest.raises(sealing.BrokenSeal, match=first):
        file.read([0], [first])
    file.close()


def test_a_file_of_another_frame_or_program_is_none_of_ours(path: Path) -> None:
    with pytest.raises(sealing.BrokenSeal):
        read(path, "rows")
    pq.write_table(fragments.arrow(FRAME, ROWS), path)
    with pytest.raises(sealing.BrokenSeal):
        read(path)


def test_a_seal_longer_than_what_is_read_at_first_is_read_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(path)
    for tail in (8, 9, 500, 3_000, 100_000):
        monkeypatch.setattr(sealing, "TAIL", tail)
        assert read(path).equals(whole)
