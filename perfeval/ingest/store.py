"""What is on file under ``data/<subdistrict>/<year>/``, and loading it: everything is checked, then raised once.

Files are named in problems and provenance as the user named the data folder, with forward slashes.
"""

import hashlib
import json
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import empty
from perfeval.ingest.directory import (
    Directory,
    Unit,
    data_root,
    directory,
    file_of,
    leaves,
    scan,
    state,
    subfolders,
    valid,
)
from perfeval.ingest.matches import FILE as MATCHES_FILE
from perfeval.ingest.matches import decided
from perfeval.ingest.officeyears import FILES, read_units
from perfeval.ingest.problems import problem
from perfeval.model import fiction, schema
from perfeval.model.asked import Years, folder, texts
from perfeval.model.asked import years as asked_years
from perfeval.model.errors import ERROR, DataError, NotOnFile, Problem, nearest
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, ORIGIN, OWNER, SUBDISTRICTS, Data, Table, no_decisions

Names = str | Iterable[str] | None


def catalog(data_dir: str | Path = "") -> pd.DataFrame:
    """What is on file: subdistrict, year, name (empty where it is not listed), files (tuple of those present).

    Sorted by sub-district and year. Raises :class:`NotOnFile` where there is no such folder. Folders that cannot be
    used are left out here and reported by :func:`check`.
    """
    root = data_root(data_dir)
    called = names(root)
    rows = [(one.subdistrict, one.year, called.get(one.subdistrict, ""), _files(root, one)) for one in scan(root)[0]]
    kinds = {"subdistrict": "str", "year": "int64", "name": "str", "files": "object"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds).sort_values(list(OWNER), ignore_index=True)


def units(data_dir: str | Path) -> list[tuple[str, int]]:
    """Sub-district and year of all that is on file, as in :func:`catalog`, without a look at the files."""
    return sorted((one.subdistrict, one.year) for one in scan(data_root(data_dir))[0])


def districts(data_dir: str | Path) -> Mapping[str, str]:
    """The district of every sub-district in the list, by id; ``""`` where none is given."""
    return directory(data_root(data_dir)).districts


def names(data_dir: str | Path) -> dict[str, str]:
    """The name of every sub-district in the list, by id."""
    places = directory(data_root(data_dir)).frame
    return dict(zip(places["id"].tolist(), places["name"].tolist(), strict=True))


def resolve(data_dir: str | Path, name: str) -> str:
    """The id of the sub-district with this id, name or alias; :class:`NotOnFile` with the nearest where none is."""
    root = data_root(data_dir)
    return _called(root, directory(root), name)


def _called(root: Path, places: Directory, name: str) -> str:
    wanted = str(name).strip()
    if wanted in places.places:
        return wanted
    known = set(places.places) | {folder.name for folder in subfolders(root) if valid(folder.name)}
    if wanted in known:
        return wanted
    found = sorted(places.called.get(wanted, ()))
    if len(found) == 1:
        return found[0]
    if found:
        raise NotOnFile(f"“{name}”同时指几个街道：{'、'.join(found)}；请改用编号")
    raise NotOnFile(f"没有名为“{name}”的街道{nearest(wanted, known | set(places.called))}")


def year_before(data_dir: str | Path, subdistrict: str, year: int) -> int | None:
    """The last year on file of a sub-district (id) before ``year``; None where there is none."""
    found = (unit.year for unit in scan(data_root(data_dir), [subdistrict])[0] if unit.year < year)
    return max(found, default=None)


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


def fingerprint(data_dir: str | Path, subdistrict: str, year: int) -> str:
    """sha256 (hex) over names and bytes of the files that feed one sub-district-year, and its line of the directory.

    Depends on nothing else: not on where the data folder is, nor on other sub-districts. :class:`NotOnFile` where there
    is no such year.
    """
    root = data_root(data_dir)
    unit = Unit(subdistrict, int(year))
    if unit not in scan(root, [subdistrict])[0]:
        raise NotOnFile(f"街道“{subdistrict}”没有{year}年度的数据")
    return _fingerprint(root, unit, directory(root).line(subdistrict))


def fingerprint_office(data_dir: str | Path, subdistrict: str, years: Iterable[int]) -> str:
    """sha256 (hex) over everything that feeds several years of one sub-district together: :func:`fingerprint` of each
    year, and ``matches.csv``. :class:`NotOnFile` where there is no such year.
    """
    root = data_root(data_dir)
    return _together_with_matches(root, subdistrict, [fingerprint(root, subdistrict, y) for y in _ordered(years)])


def fingerprints(data_dir: str | Path, subdistricts: Names = None) -> dict[str, tuple[str, dict[int, str]]]:
    """:func:`fingerprint_office` over all its years and :func:`fingerprint` of each, of every sub-district on file or
    of those asked for (ids). Files that have not changed since are not read again. Those without data are left out.
    """
    root = data_root(data_dir)
    units = scan(root, [subdistricts] if isinstance(subdistricts, str) else subdistricts)[0]
    lines = directory(root).each({unit.subdistrict for unit in units})
    found: dict[str, dict[int, str]] = {}
    for unit in units:
        prints = found.setdefault(unit.subdistrict, {})
        prints[unit.year] = _fingerprint(root, unit, lines.get(unit.subdistrict, []))
    ordered = {name: dict(sorted(years.items())) for name, years in sorted(found.items())}
    return {name: (_together_with_matches(root, name, years.values()), years) for name, years in ordered.items()}


def _fingerprint(root: Path, unit: Unit, lines: list[dict[Hashable, str]]) -> str:
    digest = hashlib.sha256(json.dumps([unit.subdistrict, unit.year, lines], sort_keys=True).encode())
    for file in _files(root, unit):
        digest.update(f"\n{file} {_hash(file_of(root, unit, file))}\n".encode())
    return digest.hexdigest()


def _together_with_matches(root: Path, subdistrict: str, years: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(years).encode())
    path = root / subdistrict / MATCHES_FILE
    if path.is_file() and not leaves(path, root):
        digest.update(f"\n{MATCHES_FILE}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _ordered(years: Iterable[int]) -> list[int]:
    return sorted({int(year) for year in years})


def _hash(path: Path) -> str:
    """The sha256 of a file, read again only where its state is another one."""
    now = state(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if now is None else _kept_hash(path, now)


@lru_cache(maxsize=1 << 18)
def _kept_hash(path: Path, now: tuple[int, ...]) -> str:  # noqa: ARG001  # another state, another hash
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(root: Path, unit: Unit) -> tuple[str, ...]:
    """The files of a sub-district-year that has a folder."""
    paths = ((file, file_of(root, unit, file)) for file in FILES)
    return tuple(file for file, path in paths if path.exists() and not leaves(path, root))


def _read(data_dir: str | Path, subdistrict: Names, years: Years) -> tuple[Data, list[Problem]]:
    """Everything asked for, as far as it can be read, and every problem."""
    names, span = texts(subdistrict, "subdistrict"), asked_years(years)
    root = data_root(folder(data_dir))
    places = directory(root)
    problems = list(places.problems)
    wanted = None if names is None else sorted({_called(root, places, name) for name in names})
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
    fiction.read(any(line["synthetic"] == schema.YES for line in lines) for lines in places.each(read).values())
    parts = read_units(root, chosen)
    problems += parts.problems
    indicators = _together(parts.tables["indicators.csv"], INDICATORS)
    decisions, wrong = _decisions(root, units, chosen, indicators)
    problems += wrong
    data = Data(
        budget=_together(parts.tables["budget.csv"], BUDGET),
        indicators=indicators,
        blocks=_together(parts.tables["blocks.csv"], BLOCKS),
        subdistricts=_with_unlisted(places.lines(), unlisted),
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


def _with_unlisted(places: pd.DataFrame, unlisted: list[str]) -> pd.DataFrame:
    """The directory, and below it those that have data without being listed, named by their id."""
    rows = [{**dict.fromkeys(SUBDISTRICTS.names, ""), "id": name, "name": name} for name in unlisted]
    if not rows:
        return places
    added = pd.DataFrame(rows, columns=SUBDISTRICTS.names, dtype="str")
    return pd.concat([places, added], ignore_index=True)
