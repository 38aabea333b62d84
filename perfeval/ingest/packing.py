"""Packing: sub-district-years from their folders, checked, into the partitioned data set of :mod:`~.packed`."""

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pandas as pd

from perfeval.ingest import packed
from perfeval.ingest.directory import DIRECTORY, listed
from perfeval.ingest.folders import PACKED, Unit, data_root, leaves, scan
from perfeval.ingest.matches import FILE as MATCHES_FILE
from perfeval.ingest.units import TABLES, Parts, read_units
from perfeval.model.errors import ERROR, DataError, NotOnFile, PerfevalError, Problem


def pack(data_dir: str | Path, into: str | Path, *, replace: bool = False) -> pd.DataFrame:
    """Pack every sub-district-year that has a folder in ``data_dir`` into the data folder ``into`` (or the same).

    ``into`` gets ``packed/``, and where it is another folder ``subdistricts.csv`` and each ``matches.csv`` too. Returns
    what was packed: subdistrict, year, files, rows, sha256. Everything is checked first: :class:`DataError` with every
    problem of every file if any is an error, and then nothing is written; warnings are packed along. Raises
    :class:`NotOnFile` where there is nothing to pack, :class:`PerfevalError` where ``into`` holds packed data already
    and ``replace`` is False.
    """
    root, target = data_root(data_dir), Path(into)
    final = target / PACKED
    packed.pyarrow_parquet(final.as_posix())
    if final.exists() and not replace:
        raise PerfevalError(f"{final.as_posix()} 已存在，没有覆盖；确要重新打包请加 --replace")
    units, problems = scan(root)
    problems = [*listed(root)[1], *problems]
    if not units:
        raise NotOnFile(f"“{root.as_posix()}”里没有任何街道的文件夹可以打包")
    target.mkdir(parents=True, exist_ok=True)
    new = target / f"_{PACKED}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        held = _write(new, root, units, problems)
        if any(found.severity == ERROR for found in problems):
            raise DataError(problems)
        _beside(root, target, sorted({unit.subdistrict for unit in units}))
        _put(new, final)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return held


def _write(new: Path, root: Path, units: Iterable[Unit], problems: list[Problem]) -> pd.DataFrame:
    """Write all partitions and the index; the problems of every file are added to ``problems``."""
    parts: dict[str, list[Unit]] = {}
    for unit in units:
        parts.setdefault(packed.part_of(unit.subdistrict), []).append(unit)
    rows: list[tuple[str, int, str, str, str]] = []
    for code, members in sorted(parts.items()):
        read = [(unit, read_units(root, [unit])) for unit in members]
        problems += [found for _, part in read for found in part.problems]
        if any(found.severity == ERROR for found in problems):
            continue  # nothing will be kept; the rest is read for its problems
        tables = {file: pd.concat([part.tables[file][0] for _, part in read], ignore_index=True) for file in TABLES}
        texts = [row for unit, part in read for row in _texts(unit, part, root)]
        packed.write_part(new, code, tables, pd.DataFrame(texts, columns=list(packed.TEXT_TYPES)))
        rows += [_entry(unit, part) for unit, part in read]
    held = pd.DataFrame(rows, columns=list(packed.INDEX_TYPES)).astype(packed.INDEX_TYPES)
    held = held.sort_values(["subdistrict", "year"], ignore_index=True)
    packed.write_index(new, held)
    return held


def _texts(unit: Unit, part: Parts, root: Path) -> list[tuple[str, int, str, str]]:
    rows = [(*key, text) for key, text in part.texts.items()]
    if part.columns:
        columns = {table: names for (table, *_), names in part.columns.items()}
        rows.append((unit.subdistrict, unit.year, packed.COLUMNS, packed.columns_text(columns)))
    if part.problems:
        rows.append((unit.subdistrict, unit.year, packed.PROBLEMS, packed.problems_text(part.problems, root)))
    return rows


def _entry(unit: Unit, part: Parts) -> tuple[str, int, str, str, str]:
    """The line of the index."""
    files, rows, prints = zip(
        *((PurePosixPath(file).name, str(n), sha) for _, _, file, n, sha in part.sources), strict=True
    )
    joined = packed.SEPARATOR.join
    return unit.subdistrict, unit.year, joined(files), joined(rows), joined(prints)


def _beside(root: Path, target: Path, names: Iterable[str]) -> None:
    """Copy what is not packed but read with it: the directory, and what persons decided about indicators."""
    if target.resolve() == root.resolve():
        return
    for file in (DIRECTORY, *(f"{name}/{MATCHES_FILE}" for name in names)):
        if (root / file).is_file() and not leaves(root / file, root):
            (target / file).parent.mkdir(exist_ok=True)
            shutil.copyfile(root / file, target / file)


def _put(new: Path, final: Path) -> None:
    """Put the new data set in the place of the old one."""
    old = final.with_name(f"_{PACKED}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)
