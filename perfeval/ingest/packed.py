"""``data/packed/``: many sub-district-years as a partitioned parquet data set, beside or instead of their folders.

``packed/index.parquet`` holds one row per sub-district-year; ``packed/part=<code>/`` holds ``indicators.parquet``,
``budget.parquet`` and ``texts.parquet`` of the sub-districts whose id's hash begins with that code. Rows lie in the
order of sub-district and year, so that the statistics of the row groups lead straight to one office. Money and points
are stored as the text of the exact decimal; text as plain strings. Only data without errors are packed (see
:mod:`~perfeval.ingest.packing`); what was said of them when they were checked is kept and said again.
"""

import hashlib
import importlib.util
import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import DTYPES, empty
from perfeval.ingest.folders import PACKED, Unit, leaves
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import problem
from perfeval.ingest.units import NARRATIVE, SUPPRESSIONS, TABLES, Parts
from perfeval.model.errors import DataError, Problem
from perfeval.model.narrative import Narrative
from perfeval.model.schema import ORIGIN, OWNER, Table

INDEX, TEXTS = "index.parquet", "texts.parquet"
STORED = {"budget.csv": "budget.parquet", "indicators.csv": "indicators.parquet"}
PROBLEMS = "problems"
"""What the file column of the texts says where the text is what was found when the data were packed (JSON)."""
CODE = 2
"""Hexadecimal digits of a partition's code: 256 parts, some 150 of 40,000 offices each."""
GROUP = 2_000
"""Rows of a row group: some eight offices of six years; reading one office reads one or two."""
SEPARATOR = ";"
INDEX_TYPES = {"subdistrict": "str", "year": "int64", "files": "str", "rows": "str", "sha256": "str"}
TEXT_TYPES = {"subdistrict": "str", "year": "int64", "file": "str", "text": "str"}


def part_of(subdistrict: str) -> str:
    """The code of the partition a sub-district is in: it depends on its id alone."""
    return hashlib.sha256(subdistrict.encode()).hexdigest()[:CODE]


def index(root: Path, only: Collection[str] | None = None) -> pd.DataFrame:
    """What is packed, in the order of sub-district and year: subdistrict, year, files, rows, sha256 (of every file that
    was packed, separated by semicolons). Empty where nothing is packed."""
    path = root / PACKED / INDEX
    if not path.exists():
        return pd.DataFrame(columns=list(INDEX_TYPES)).astype(INDEX_TYPES)
    return _read(root, path, only).astype(INDEX_TYPES)


def units(held: pd.DataFrame) -> list[Unit]:
    """The sub-district-years of an index."""
    return [Unit(name, int(year)) for name, year in zip(held["subdistrict"], held["year"], strict=True)]


def add_units(parts: Parts, root: Path, wanted: Collection[Unit], held: pd.DataFrame) -> None:
    """Put what is packed of these sub-district-years (in the index ``held``) to the other parts.

    Tables name file and row as they were when packed (``data/<subdistrict>/<year>/…``); sources name the packed file.
    Raises :class:`DataError` where a packed file is missing or damaged, or pyarrow is not installed.
    """
    asked = {(unit.subdistrict, unit.year) for unit in wanted}
    names = {unit.subdistrict for unit in wanted}
    for code in sorted({part_of(name) for name in names}):
        here = {name for name in names if part_of(name) == code}
        folder = root / PACKED / f"part={code}"
        for file, table in TABLES.items():
            rows = _asked(_read(root, folder / STORED[file], here), asked)
            parts.tables[file].append(_typed(rows, table, root, file))
        texts = _asked(_read(root, folder / TEXTS, here), asked)
        for name, year, file, text in texts[list(TEXT_TYPES)].itertuples(index=False, name=None):
            _add_text(parts, root, (name, int(year), file), text)
    for name, year, *cells in held.itertuples(index=False, name=None):
        if (name, int(year)) in asked:
            owner = (str(name), int(year))
            parts.narratives.setdefault(owner, Narrative())
            folder = root / PACKED / f"part={part_of(owner[0])}"
            parts.sources += [
                (*owner, (folder / STORED.get(file, TEXTS)).as_posix(), int(rows), digest)
                for file, rows, digest in zip(*(cell.split(SEPARATOR) for cell in cells), strict=True)
            ]


def _add_text(parts: Parts, root: Path, key: tuple[str, int, str], text: str) -> None:
    """One text: words of the office, or the problems that were found when it was packed."""
    owner, file = key[:2], key[2]
    if file == PROBLEMS:
        found = [Problem(**one) for one in json.loads(text)]
        parts.problems += [replace(one, file=(root / one.file).as_posix()) for one in found]
        return
    parts.texts[key] = text
    if file == NARRATIVE:
        parts.narratives[owner] = parse_narrative(text.encode(), file)[0]
    elif file == SUPPRESSIONS:
        parts.suppressions[owner] = text


def _asked(rows: pd.DataFrame, asked: Collection[tuple[str, int]]) -> pd.DataFrame:
    owners = zip(rows["subdistrict"], rows["year"], strict=True)
    kept = [(name, int(year)) in asked for name, year in owners]
    return rows if all(kept) else rows[kept]


def _typed(rows: pd.DataFrame, table: Table, root: Path, file: str) -> pd.DataFrame:
    """Packed rows with the types of the schema, and the file they came from."""
    exact = {
        column.name: pd.Series(
            [None if text is None or text != text else Decimal(text) for text in rows[column.name].tolist()],  # noqa: PLR0124  # NaN
            index=rows.index,
            dtype=object,
        )
        for column in table.columns
        if DTYPES[column.kind] == "object"
    }
    owners = list(zip(rows["subdistrict"], rows["year"], strict=True))
    places = {owner: (root / str(owner[0]) / str(owner[1]) / file).as_posix() for owner in set(owners)}
    origin = pd.Series([places[owner] for owner in owners], index=rows.index, dtype="str")
    typed = rows.assign(**exact, file=origin).astype({"year": "int64", "row": "int64"})
    return typed[[*OWNER, *table.names, *ORIGIN]].reset_index(drop=True)


def empty_owned(table: Table) -> pd.DataFrame:
    """A typed table without rows, with its owner's columns."""
    owner = pd.DataFrame({"subdistrict": pd.Series([], dtype="str"), "year": pd.Series([], dtype="int64")})
    return pd.concat([owner, empty(table)], axis=1)


def _read(root: Path, path: Path, only: Collection[str] | None) -> pd.DataFrame:
    """The rows of these sub-districts (all where ``only`` is None), from the row groups that may hold them."""
    name = path.as_posix()
    parquet = pyarrow_parquet(name)
    if leaves(path, root):
        raise DataError([problem("E502", "文件是通向数据目录之外的链接，未读取", file=name)])
    try:
        with parquet.ParquetFile(path) as source:
            found = source.read_row_groups(_groups(source.metadata, only), use_threads=False)
    except Exception as error:  # pyarrow raises its own kinds, OSError and more on damaged input
        message = f"打包的数据不能读取（{type(error).__name__}）"
        raise DataError([problem("E110", message, file=name, advice="请重新打包，或恢复这个文件")]) from error
    if only is not None:
        from pyarrow import array, compute  # noqa: PLC0415  # optional, as above

        found = found.filter(compute.is_in(found.column("subdistrict"), value_set=array(sorted(only))))
    # whole numbers stay whole beside empty cells
    frame: pd.DataFrame = found.to_pandas(
        types_mapper=lambda kind: pd.Int64Dtype() if str(kind) == "int64" else None, use_threads=False
    )
    return frame


def _groups(about: Any, only: Collection[str] | None) -> list[int]:
    """The row groups that may hold these sub-districts, by their statistics; rows are in the order of sub-districts."""
    groups = range(about.num_row_groups)

    def held(group: int) -> Any:
        return about.row_group(group).column(0).statistics  # the first column is the sub-district

    if only is None or not groups or held(0) is None or not held(0).has_min_max:
        return list(groups)
    found: set[int] = set()
    for name in only:
        group = bisect_left(groups, name, key=lambda place: held(place).max)
        while group < len(groups) and held(group).min <= name:
            found.add(group)
            group += 1
    return sorted(found)


def pyarrow_parquet(file: str) -> Any:
    """pyarrow's parquet module; :class:`DataError` where it is not installed."""
    if importlib.util.find_spec("pyarrow") is None:
        advice = "请运行 pip install perfeval[parquet]"
        raise DataError([problem("E610", "缺少读写.parquet的组件pyarrow", file=file, advice=advice)])
    import pyarrow.parquet  # noqa: PLC0415  # optional, and 50 MB

    return pyarrow.parquet


def write_part(folder: Path, code: str, tables: Mapping[str, pd.DataFrame], texts: pd.DataFrame) -> None:
    """One partition: ``tables`` by file (``budget.csv``, ``indicators.csv``; the columns of ``Data``, of which file is
    left out), ``texts`` with subdistrict, year, file, text."""
    here = folder / f"part={code}"
    here.mkdir(parents=True)
    for file, table in TABLES.items():
        frame = tables[file]
        columns: dict[str, Any] = {name: frame[name] for name in OWNER}
        for column in table.columns:
            exact = DTYPES[column.kind] == "object"
            columns[column.name] = frame[column.name].map(_exact, na_action=None) if exact else frame[column.name]
        kinds = {column.name: "str" for column in table.columns if DTYPES[column.kind] == "object"}
        _write(here / STORED[file], pd.DataFrame({**columns, "row": frame["row"]}).astype(kinds))
    _write(here / TEXTS, texts[list(TEXT_TYPES)].astype(TEXT_TYPES))


def write_index(folder: Path, held: pd.DataFrame) -> None:
    """The index of all partitions: subdistrict, year, files, rows, sha256 (separated by semicolons)."""
    _write(folder / INDEX, held[list(INDEX_TYPES)].astype(INDEX_TYPES))


def _exact(value: object) -> str | None:
    return None if value is None or value != value else str(value)  # noqa: PLR0124  # NaN


def _write(path: Path, frame: pd.DataFrame) -> None:
    """A parquet file of small row groups with statistics of the sub-district only: they are what is looked up."""
    pyarrow_parquet(path.as_posix())
    ordered = frame.sort_values(list(OWNER), kind="stable", ignore_index=True)
    ordered.to_parquet(
        path,
        engine="pyarrow",
        index=False,
        compression="zstd",
        row_group_size=GROUP,
        write_statistics=["subdistrict"],
    )


def problems_text(problems: Iterable[Problem], root: Path) -> str:
    """Problems as JSON, their files named from the data folder on."""
    prefix = root.as_posix() + "/"
    return json.dumps([asdict(one) | {"file": one.file.removeprefix(prefix)} for one in problems], ensure_ascii=False)
