"""``data/packed/``: many sub-district-years as a partitioned parquet data set, beside or instead of their folders.

``packed/index.parquet`` holds one row per sub-district-year; ``packed/part=<code>/`` holds ``indicators.parquet``,
``budget.parquet``, ``blocks.parquet`` and ``texts.parquet`` of the sub-districts whose id's hash begins with that code.
Rows lie in the order of sub-district and year, so that the statistics of the row groups lead straight to one office.
Money and points are stored as the text of the exact decimal; text as plain strings. Only data without errors are
packed (see :mod:`~perfeval.ingest.packing`); what was said of them when they were checked is kept and said again.
"""

import hashlib
import importlib.util
import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from perfeval.ingest.checks import DTYPES, empty
from perfeval.ingest.folders import PACKED, Unit, leaves, state
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import problem
from perfeval.ingest.units import NARRATIVE, OPTIONAL, SUPPRESSIONS, TABLES, Parts
from perfeval.model.errors import DataError, Problem
from perfeval.model.narrative import Narrative
from perfeval.model.schema import ORIGIN, OWNER, Table

INDEX, TEXTS = "index.parquet", "texts.parquet"
STORED = {file: f"{table.name}.parquet" for file, table in TABLES.items()}
PROBLEMS = "problems"
"""What the file column of the texts says where the text is what was found when the data were packed (JSON)."""
COLUMNS = "columns"
"""Likewise where it is the columns that the tables' files had (JSON)."""
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
    return _frame(_read(root, path, only, INDEX_TYPES), INDEX_TYPES)


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
    has = {file: set(held.loc[held["files"].str.contains(file, regex=False), "subdistrict"]) for file in OPTIONAL}
    for code in sorted({part_of(name) for name in names}):
        here = {name for name in names if part_of(name) == code}
        folder = root / PACKED / f"part={code}"
        for file, table in TABLES.items():
            if file in OPTIONAL and not has[file] & here:
                continue
            kinds = _types(table)
            rows, owners = _asked(_read(root, folder / STORED[file], here, kinds), asked)
            parts.tables[file].append(_frame(rows, kinds, _origins(root, owners, file)))
        texts, _ = _asked(_read(root, folder / TEXTS, here, TEXT_TYPES), asked)
        for name, year, file, text in zip(*(texts.column(column).to_pylist() for column in TEXT_TYPES), strict=True):
            _add_text(parts, root, (name, year, file), text)
    for name, year, *cells in zip(*(held[column].tolist() for column in INDEX_TYPES), strict=True):
        if (name, year) in asked:
            owner = (str(name), int(year))
            parts.narratives.setdefault(owner, Narrative())
            folder = root / PACKED / f"part={part_of(owner[0])}"
            parts.sources += [
                (*owner, (folder / STORED.get(file, TEXTS)).as_posix(), int(rows), digest)
                for file, rows, digest in zip(*(cell.split(SEPARATOR) for cell in cells), strict=True)
            ]


def _add_text(parts: Parts, root: Path, key: tuple[str, int, str], text: str) -> None:
    """One text: words of the office, or what was said of its files when it was packed: problems, columns."""
    owner, file = key[:2], key[2]
    if file == PROBLEMS:
        found = [Problem(**one) for one in json.loads(text)]
        parts.problems += [replace(one, file=(root / one.file).as_posix()) for one in found]
        return
    if file == COLUMNS:
        named = json.loads(text)
        parts.columns |= {(table, *owner): frozenset(columns) for table, columns in named.items()}
        return
    parts.texts[key] = text
    if file == NARRATIVE:
        parts.narratives[owner] = parse_narrative(text.encode(), file)[0]
    elif file == SUPPRESSIONS:
        parts.suppressions[owner] = text


def _asked(rows: Any, asked: Collection[tuple[str, int]]) -> tuple[Any, list[tuple[str, int]]]:
    """The rows of these sub-district-years, and whose each of them is."""
    owners = list(zip(*(rows.column(name).to_pylist() for name in OWNER), strict=True))
    kept = [owner in asked for owner in owners]
    return (rows, owners) if all(kept) else (rows.filter(kept), [owner for owner in owners if owner in asked])


def _types(table: Table) -> dict[str, str]:
    """The columns of a packed table and their types: all of the typed table but the file."""
    columns = {column.name: DTYPES[column.kind] for column in table.columns}
    return {"subdistrict": "str", "year": "int64", **columns, "row": "int64"}


def _origins(root: Path, owners: list[tuple[str, int]], file: str) -> list[str]:
    """The file each row came from."""
    places = {(name, year): (root / name / str(year) / file).as_posix() for name, year in set(owners)}
    return [places[owner] for owner in owners]


def _frame(rows: Any, kinds: Mapping[str, str], origins: list[str] | None = None) -> pd.DataFrame:
    """Rows from pyarrow with the types of the schema, each column without a detour; before the last ``origins``."""
    columns = {name: _column(rows.column(name), kind) for name, kind in kinds.items()}
    if origins is not None:
        last, cells = columns.popitem()
        columns |= {ORIGIN[0]: pd.array(origins, dtype=_dtype("str")), last: cells}
    return pd.DataFrame(columns, copy=False)


def _column(cells: Any, kind: str) -> Any:
    if kind == "object":
        exact = np.empty(len(cells), dtype=object)
        exact[:] = [None if text is None else Decimal(text) for text in cells.to_pylist()]
        return exact
    if kind == "int64":
        return cells.to_numpy().astype("int64")
    return _dtype(kind).__from_arrow__(cells)


@cache
def _dtype(kind: str) -> Any:
    """pandas' type of this name: looking it up takes longer than to fill a column of one office with it."""
    return pd.api.types.pandas_dtype(kind)


def empty_owned(table: Table) -> pd.DataFrame:
    """A typed table without rows, with its owner's columns."""
    owner = pd.DataFrame({"subdistrict": pd.Series([], dtype="str"), "year": pd.Series([], dtype="int64")})
    return pd.concat([owner, empty(table)], axis=1)


def _read(root: Path, path: Path, only: Collection[str] | None, names: Iterable[str]) -> Any:
    """The rows of these sub-districts (all where ``only`` is None) as a table of pyarrow with the columns ``names``;
    only the row groups that may hold them are read."""
    file = path.as_posix()
    parquet = pyarrow_parquet(file)
    if leaves(path, root):
        raise DataError([problem("E502", "文件是通向数据目录之外的链接，未读取", file=file)])
    from pyarrow import array, compute  # noqa: PLC0415  # optional, as above

    try:
        with parquet.ParquetFile(path, metadata=_about(path) if path.name == INDEX else None) as source:
            found = source.read_row_groups(_groups(source.metadata, only), use_threads=False).select(list(names))
        if only is None:
            return found
        return found.filter(compute.is_in(found.column("subdistrict"), value_set=array(sorted(only))))
    except Exception as error:  # pyarrow raises its own kinds, OSError and more on damaged input
        message = f"打包的数据不能读取（{type(error).__name__}）"
        raise DataError([problem("E110", message, file=file, advice="请重新打包，或恢复这个文件")]) from error


def _about(path: Path) -> Any:
    """What the index says about itself at its end: asked for with every office, and half of what the reading takes."""
    now = state(path)
    return None if now is None else _kept_about(path, now)


@lru_cache(maxsize=8)
def _kept_about(path: Path, now: tuple[int, ...]) -> Any:  # noqa: ARG001  # another state, another end
    return pyarrow_parquet(path.as_posix()).read_metadata(path)


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
    """One partition: ``tables`` by file (those of :data:`~perfeval.ingest.units.TABLES`, with the columns of ``Data``,
    of which file is left out), ``texts`` with subdistrict, year, file, text."""
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


def columns_text(columns: Mapping[str, Collection[str]]) -> str:
    """The columns of each table's file as JSON."""
    return json.dumps({table: sorted(names) for table, names in sorted(columns.items())})


def problems_text(problems: Iterable[Problem], root: Path) -> str:
    """Problems as JSON, their files named from the data folder on."""
    prefix = root.as_posix() + "/"
    return json.dumps([asdict(one) | {"file": one.file.removeprefix(prefix)} for one in problems], ensure_ascii=False)
