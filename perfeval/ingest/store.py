"""What is on file under ``data/<subdistrict>/<year>/``, and loading it: everything is checked, then raised once.

Files are named in problems and provenance as the user named the data folder, with forward slashes.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import empty, framed
from perfeval.ingest.directory import MATCHES_FILE, Directory, Unit, data_root, directory, scan
from perfeval.ingest.holdings import Names, called, listing
from perfeval.ingest.matches import decided
from perfeval.ingest.officeyears import read_units
from perfeval.ingest.problems import problem
from perfeval.model import fiction, schema
from perfeval.model.asked import Years, folder, named, texts
from perfeval.model.asked import years as asked_years
from perfeval.model.data import Data, no_decisions
from perfeval.model.errors import ERROR, DataError, NotOnFile, Problem
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, ORIGIN, OWNER, SUBDISTRICTS, Table


def catalog(data_dir: str | Path = "") -> pd.DataFrame:
    """What is on file: subdistrict, year, name (empty where it is not listed), files (tuple of those present).

    Sorted by sub-district and year. Raises :class:`NotOnFile` where there is no such folder. Folders that cannot be
    used are left out here and reported by :func:`check`.
    """
    kinds = {"subdistrict": "str", "year": "int64", "name": "str", "files": "object"}
    return pd.DataFrame(listing(data_dir), columns=list(kinds)).astype(kinds)


@named
def load(data_dir: str | Path = "", subdistrict: Names = None, years: Years = None) -> Data:
    """Load what is on file, all of it or of the sub-districts (id, name or alias) and years asked for.

    ``data_dir`` is the data folder, relative to the working directory; ``""`` that of the project in which the notebook
    stands that asks (:mod:`perfeval.ingest.locating`).
    ``years`` is a year (2024, "2024"), several, or a span ("2022-2024", a ``range``): of that, the years on file.
    Raises :class:`NotOnFile` for a sub-district or year that is not there, naming what is, and :class:`DataError` with
    every problem of every file asked for if any of them is an error, :class:`ParameterError` for an argument of the
    wrong kind.
    """
    data, problems = _read(data_dir, subdistrict, years)
    if any(found.severity == ERROR for found in problems):
        raise DataError(problems)
    return data


def check(data_dir: str | Path = "", subdistrict: Names = None, years: Years = None) -> list[Problem]:
    """Every problem of what :func:`load` would load, errors included; raises only :class:`NotOnFile`."""
    return list(_read(data_dir, subdistrict, years)[1])


def _read(data_dir: str | Path, subdistrict: Names, years: Years) -> tuple[Data, list[Problem]]:
    """Everything asked for, as far as it can be read, and every problem."""
    named, span = texts(subdistrict, "subdistrict"), asked_years(years)
    root = data_root(folder(data_dir))
    places = directory(root)
    problems = list(places.problems)
    wanted = None if named is None else sorted({called(root, places, name) for name in named})
    asked = None if span is None else set(span)
    units, unusable = scan(root, wanted)
    units = sorted(units, key=lambda unit: (unit.subdistrict, unit.year))
    problems += unusable
    if asked is not None and isinstance(span, range):  # a span of years: those of it that are on file
        asked = asked & {unit.year for unit in units} or asked
    if not any(found.severity == ERROR for found in unusable):
        _present(root, units, wanted, asked)
    chosen = [unit for unit in units if asked is None or unit.year in asked]
    read = {unit.subdistrict for unit in chosen}
    unlisted = sorted(name for name in read if name not in places.places)
    problems += [problem("W501", "街道名录里没有这个街道", file=(root / name).as_posix()) for name in unlisted]
    lines = (places.line(name) for name in read if name in places.places)
    fiction.read(any(line["synthetic"] == schema.YES for line in found) for found in lines)
    parts = read_units(root, chosen)
    problems += parts.problems
    indicators = _together(parts.tables["indicators.csv"], INDICATORS)
    decisions, wrong = _decisions(root, units, chosen, indicators)
    problems += wrong
    data = Data(
        budget=_together(parts.tables["budget.csv"], BUDGET),
        indicators=indicators,
        blocks=_together(parts.tables["blocks.csv"], BLOCKS),
        subdistricts=_with_unlisted(places, unlisted),
        narratives=dict(sorted(parts.narratives.items())),
        suppressions=dict(sorted(parts.suppressions.items())),
        sources=_sources(parts.sources),
        problems=tuple(problems),
        columns=parts.columns,
        matches=decisions,
    )
    return data, problems


def _decisions(
    root: Path, units: list[Unit], chosen: list[Unit], indicators: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """What persons decided about indicators of two years, of the sub-districts that are read with at least two."""
    read: dict[str, list[int]] = {}
    for unit in chosen:
        read.setdefault(unit.subdistrict, []).append(unit.year)
    frames, problems = [no_decisions()], []
    for name, years in read.items():
        if len(years) > 1 and (root / name / MATCHES_FILE).exists():
            rows = indicators[indicators["subdistrict"].eq(name)]
            tables = {year: rows[rows["year"].eq(year)] for year in years}
            frame, wrong = decided(root, name, tables, sorted(unit.year for unit in units if unit.subdistrict == name))
            frames.append(frame)
            problems += wrong
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0], problems


def _sources(rows: list[tuple[str, int, str, int, str]]) -> pd.DataFrame:
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    kinds: dict[str, Any] = {"subdistrict": "str", "year": "int64", "file": "str", "rows": "int64", "sha256": "str"}
    columns = list(zip(*ordered, strict=True)) or [()] * len(kinds)
    cells = zip(kinds.items(), columns, strict=True)
    return pd.DataFrame({name: pd.array(column, dtype=kind) for (name, kind), column in cells}, copy=False)


def _present(root: Path, units: list[Unit], wanted: list[str] | None, asked: set[int] | None) -> None:
    """Raise :class:`NotOnFile`, saying what is on file, where something asked for is not."""
    if wanted is None and not units:
        raise NotOnFile(f"“{root.as_posix()}”里没有任何街道的数据；请用 perfeval import 导入自评表或自评报告")
    missing = []
    for name in wanted or ():
        years = {unit.year for unit in units if unit.subdistrict == name}
        if not years:
            missing.append(f"街道“{name}”没有任何年度的数据")
        elif asked is not None and not asked & years:
            missing.append(f"街道“{name}”没有{_listed(asked)}年度的数据；现有年度：{_listed(years)}")
    years = {unit.year for unit in units}
    if not missing and asked is not None and asked - years:
        missing.append(f"没有{_listed(asked - years)}年度的数据；现有年度：{_listed(years)}")
    if missing:
        raise NotOnFile("；".join(missing))


def _listed(years: set[int]) -> str:
    return "、".join(map(str, sorted(years)))


def _together(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    """All frames of a table, one below the other, in the order of sub-district and year."""
    columns = [*OWNER, *table.names, *ORIGIN]
    if not frames:
        owner = {"subdistrict": pd.Series([], dtype="str"), "year": pd.Series([], dtype="int64")}
        return pd.concat([pd.DataFrame(owner), empty(table)], axis=1)[columns]
    if len(frames) == 1:
        return frames[0] if list(frames[0].columns) == columns else frames[0][columns]
    whole = pd.concat(frames, ignore_index=True)
    return whole[columns].sort_values(list(OWNER), kind="stable", ignore_index=True)


def subdistricts(data_dir: str | Path) -> pd.DataFrame:
    """The list of sub-districts: the columns of :data:`~perfeval.model.schema.SUBDISTRICTS`, file, row; no rows where
    there is none. A change to it stays the caller's own.
    """
    return _listed_in(directory(data_root(data_dir)))[0].copy(deep=False)


@lru_cache(maxsize=2)
def _listed_in(places: Directory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The list as a frame, with and without where each line stands."""
    frame = framed(places.columns, places.rows, SUBDISTRICTS, places.file)
    return frame, frame[SUBDISTRICTS.names]


def _with_unlisted(places: Directory, unlisted: list[str]) -> pd.DataFrame:
    """The list, and below it those that have data without being listed, named by their id."""
    listed = _listed_in(places)[1]
    rows = [{**dict.fromkeys(SUBDISTRICTS.names, ""), "id": name, "name": name} for name in unlisted]
    if not rows:
        return listed.copy(deep=False)
    added = pd.DataFrame(rows, columns=SUBDISTRICTS.names, dtype="str")
    return pd.concat([listed, added], ignore_index=True)
