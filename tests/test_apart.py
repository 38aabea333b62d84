"""Files that are read in a process of their own: whatever becomes of that, the import goes on and names the file."""

import datetime as dt
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.ingest.containers import apart, child, parse_content
from perfeval.ingest.containers.shown import CellMaker

ENDS = {
    "aborts": ("import os; os.abort()", "中途退出"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "中途退出"),
    "never ends": ("while True: pass", "没有读完"),
    "says nothing": ("", "中途退出"),
    "breaks off": ("import os; print('[\"a\", [1'); os._exit(3)", "中途退出"),
    "meets an error": ("import sys; sys.argv[1] = 'nothing'; raise SystemExit(1)", "中途退出"),
}
"""What a reader's process does, and what is said of the file."""


def parquet(table: pa.Table) -> bytes:
    whole = io.BytesIO()
    pq.write_table(table, whole, compression="zstd")
    return whole.getvalue()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("file", ["表.parquet", "form.xlsb"])
def test_what_ends_the_reader_ends_nothing_else(
    end: str, file: str, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, said = ENDS[end]
    xlsb = (root / "tests" / "fuzz" / "corpus" / "form.xlsb").read_bytes()
    (tmp_path / "child.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(apart, "CHILD", tmp_path / "child.py")
    monkeypatch.setattr(apart, "PATIENCE", 2)
    content = parse_content(xlsb if file == "form.xlsb" else parquet(pa.table({"a": [1]})), file)
    (problem,) = content.problems
    assert (content.blocks, problem.code, problem.file) == ((), "E606", file)
    assert said in problem.message


MUCH = """
import resource, sys
from pathlib import Path
from perfeval.ingest.containers import read_content
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = read_content(Path(sys.argv[1]))
print(*[found.code for found in content.problems], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before,
      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX does")
def test_a_small_file_that_holds_much_takes_no_memory(tmp_path: Path) -> None:
    text = pa.array(["字" * 333_333])
    bomb = parquet(pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 190_000, pa.int32()), text)}))
    assert len(bomb) < 5_000
    (tmp_path / "表.parquet").write_bytes(bomb)
    done = subprocess.run(
        [sys.executable, "-c", MUCH, str(tmp_path / "表.parquet")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    code, here, apart_from_it = done.stdout.split()
    assert code == "E603"
    assert int(here) < 300_000, "kB"
    assert int(apart_from_it) < 600_000, "kB"


def test_every_kind_of_value_comes_through() -> None:
    day, moment = dt.date(2022, 12, 31), dt.datetime(2022, 12, 31, 8, 30)  # noqa: DTZ001  # as a file has it
    columns = {
        "文字": ["0012\n二", None], "数": [5431.28, float("nan")], "整": [3, None], "准": [Decimal("1.50"), None],
        "是": [True, None], "日": [day, None], "时": [moment, None], "钟": [dt.time(8, 30), None],
        "长": [dt.timedelta(hours=2), None], "字节": [b"ab", None],
        "区": pa.array([1_672_446_600_000_000, None], pa.timestamp("us", "Asia/Shanghai")),
        "纳秒": pa.array([1_672_475_400_000_000_001, None], pa.timestamp("ns")),
    }  # fmt: skip
    (grid,) = parse_content(parquet(pa.table(columns)), "表.parquet").blocks
    assert [cell.text for cell in grid.rows[1]] == [
        "0012\n二", "5431.28", "3", "1.5", "TRUE", "2022-12-31", "2022-12-31 08:30", "08:30", "2:00", "b'ab'",
        "2022-12-31 08:30", "2022-12-31 08:30",
    ]  # fmt: skip
    assert {cell.text for cell in grid.rows[2]} == {"", "nan"}


@given(
    st.datetimes(timezones=st.none() | st.timezones()) | st.dates() | st.times() | st.timedeltas() | st.binary()
    | st.decimals(allow_nan=False, allow_infinity=False) | st.text() | st.integers() | st.floats() | st.booleans()
)  # fmt: skip
def test_no_value_is_more_than_a_cell_can_show(value: object) -> None:
    packed = json.loads(json.dumps(child.packed(value)))
    assert isinstance(CellMaker().cell(apart.value(packed)).text, str)


def test_a_day_that_no_calendar_has_is_no_matter_of_size() -> None:
    (problem,) = parse_content(parquet(pa.table({"a": pa.array([2**30], pa.date32())})), "表.parquet").problems
    assert (problem.code, "OverflowError" in problem.message) == ("E606", True)


def test_a_table_in_a_table_is_refused() -> None:
    (problem,) = parse_content(parquet(pa.table({"a": [[1, 2]]})), "表.parquet").problems
    assert problem.code == "E606"


@pytest.mark.parametrize(("columns", "rows", "fits"), [(500, 6_000, True), (500, 6_001, False), (513, 1, False)])
def test_a_table_holds_no_more_cells_than_there_may_be(columns: int, rows: int, fits: bool) -> None:
    nothing = pa.nulls(rows)
    raw = parquet(pa.table({f"c{number}": nothing for number in range(columns)}))
    if fits:
        assert len(next(child.table(raw))[1]) == rows
    else:
        with pytest.raises(child.TooMuch, match=f"有{rows:,}行、{columns}列"):
            next(child.table(raw))
