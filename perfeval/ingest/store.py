"""What is on file under ``data/<subdistrict>/<year>/``, and loading it: everything is checked, then raised once.

Files are named in problems and provenance as the user named the data folder, with forward slashes.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import pandas as pd

from perfeval.ingest.checks import empty, typed
from perfeval.ingest.consistency import check_budget, check_indicators
from perfeval.ingest.directory import callings, listed
from perfeval.ingest.directory import districts as listed_districts
from perfeval.ingest.folders import Unit, data_root, file_of, leaves, scan, subfolders, valid
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import closest, problem
from perfeval.ingest.tabular import decode, parse_csv, read_bytes
from perfeval.model.data import Data
from perfeval.model.errors import ERROR, DataError, NotOnFile, Problem, nearest
from perfeval.model.narrative import Narrative
from perfeval.model.schema import BUDGET, INDICATORS, ORIGIN, OWNER, SUBDISTRICTS, Table

NARRATIVE = "narrative.toml"
TABLES = {"budget.csv": BUDGET, "indicators.csv": INDICATORS}
SUPPRESSIONS = "suppressions.toml"
FILES = (*TABLES, NARRATIVE, SUPPRESSIONS)
Names = str | Iterable[str] | None
Years = int | Iterable[int] | None
LOST_ROWS = {"E105", "E107"}
"""Problems after which rows are missing: what is left would not add up."""


def catalog(data_dir: str | Path = "data") -> pd.DataFrame:
    """What is on file: subdistrict, year, name (empty where it is not listed), files (tuple of those present).

    Sorted by sub-district and year. Raises :class:`NotOnFile` where there is no such folder. Folders that cannot be
    used are left out here and reported by :func:`check`.
    """
    root = data_root(data_dir)
    places, _ = listed(root)
    names = dict(zip(places["id"], places["name"], strict=True))
    units, _ = scan(root)
    rows = []
    for unit in units:
        files = tuple(file for file in FILES if _there(root, unit, file))
        rows.append((unit.subdistrict, unit.year, names.get(unit.subdistrict, ""), files))
    types = {"subdistrict": "str", "year": "int64", "name": "str"}
    return pd.DataFrame(rows, columns=[*OWNER, "name", "files"]).astype(types)


def districts(data_dir: str | Path) -> dict[str, str]:
    """The district of every sub-district in the list, by id; ``""`` where none is given."""
    return listed_districts(data_root(data_dir))


def resolve(data_dir: str | Path, name: str) -> str:
    """The id of the sub-district with this id, name or alias; :class:`NotOnFile` with the nearest where none is."""
    root = data_root(data_dir)
    places, _ = listed(root)
    wanted = str(name).strip()
    known = set(places["id"])
    folders = {folder.name for folder in subfolders(root) if valid(folder.name)}
    if wanted in known | folders:
        return wanted
    called = callings(places)
    found = sorted(called.get(wanted, set()))
    if len(found) == 1:
        return found[0]
    if found:
        raise NotOnFile(f"“{name}”同时指几个街道：{'、'.join(found)}；请改用编号")
    raise NotOnFile(f"没有名为“{name}”的街道{nearest(wanted, known | folders | set(called))}")


def load(data_dir: str | Path = "data", subdistrict: Names = None, years: Years = None) -> Data:
    """Load what is on file, all of it or of the sub-districts (id, name or alias) and years asked for.

    Raises :class:`NotOnFile` for a sub-district or year that is not there, naming what is, and :class:`DataError` with
    every problem of every file asked for if any of them is an error.
    """
    data, problems = _read(data_dir, subdistrict, years)
    if any(found.severity == ERROR for found in problems):
        raise DataError(problems)
    return data


def check(data_dir: str | Path = "data", subdistrict: Names = None, years: Years = None) -> list[Problem]:
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
    places, _ = listed(root)
    lines = places.loc[places["id"].eq(subdistrict), SUBDISTRICTS.names].to_dict("records")
    digest = hashlib.sha256(json.dumps([subdistrict, unit.year, lines], sort_keys=True).encode())
    for file in FILES:
        if _there(root, unit, file):
            raw = file_of(root, unit, file).read_bytes()
            digest.update(f"\n{file} {len(raw)}\n".encode() + raw)
    return digest.hexdigest()


def _there(root: Path, unit: Unit, file: str) -> bool:
    path = file_of(root, unit, file)
    return path.exists() and not leaves(path, root)


def _read(data_dir: str | Path, subdistrict: Names, years: Years) -> tuple[Data, list[Problem]]:
    """Everything asked for, as far as it can be read, and every problem."""
    root = data_root(data_dir)
    places, problems = listed(root)
    names = [subdistrict] if isinstance(subdistrict, str) else subdistrict
    wanted = None if names is None else sorted({resolve(root, name) for name in names})
    asked = None if years is None else {int(year) for year in (years if isinstance(years, Iterable) else [years])}
    units, unusable = scan(root, wanted)
    problems += unusable
    if not any(found.severity == ERROR for found in unusable):
        _present(root, units, wanted, asked)
    chosen = [unit for unit in units if asked is None or unit.year in asked]
    unlisted = sorted({unit.subdistrict for unit in chosen} - set(places["id"]))
    problems += [problem("W501", "街道名录里没有这个街道", file=(root / name).as_posix()) for name in unlisted]
    tables: dict[str, list[pd.DataFrame]] = {file: [] for file in TABLES}
    narratives: dict[tuple[str, int], Narrative] = {}
    suppressions: dict[tuple[str, int], str] = {}
    sources: list[tuple[str, int, str, int, str]] = []
    for unit in chosen:
        for file in FILES:
            raw, name, wrong = _bytes(root, unit, file)
            problems += wrong
            if file in TABLES:
                frame, wrong = _table(raw, TABLES[file], name)
                tables[file].append(_owned(frame, unit))
                rows = len(frame)
            elif file == SUPPRESSIONS:
                text, wrong = ("", []) if raw is None else decode(raw, name)
                rows = (text or "").count("[[suppress]]")
                if text:
                    suppressions[unit.subdistrict, unit.year] = text
            else:
                narrative, wrong = (Narrative(), []) if raw is None else parse_narrative(raw, name)
                narratives[unit.subdistrict, unit.year] = narrative
                rows = sum(getattr(narrative, field.name) != field.default for field in fields(narrative))
            problems += wrong
            if raw is not None:
                sources.append((unit.subdistrict, unit.year, name, rows, hashlib.sha256(raw).hexdigest()))
    data = Data(
        budget=_together(tables["budget.csv"], BUDGET),
        indicators=_together(tables["indicators.csv"], INDICATORS),
        subdistricts=_with_unlisted(places, unlisted),
        narratives=narratives,
        suppressions=suppressions,
        sources=_sources(sources),
        problems=tuple(problems),
    )
    return data, problems


def _sources(rows: list[tuple[str, int, str, int, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[*OWNER, "file", "rows", "sha256"])
    return frame.astype({"subdistrict": "str", "year": "int64", "file": "str", "rows": "int64", "sha256": "str"})


def _present(root: Path, units: list[Unit], wanted: list[str] | None, asked: set[int] | None) -> None:
    """Raise :class:`NotOnFile`, saying what is on file, where something asked for is not."""
    if wanted is None and not units:
        raise NotOnFile(f"“{root.as_posix()}”里没有任何街道的数据；请按data/README.md放入")
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


def _bytes(root: Path, unit: Unit, file: str) -> tuple[bytes | None, str, list[Problem]]:
    """A file's bytes, what to call it, and why it cannot be had."""
    path = file_of(root, unit, file)
    name = path.as_posix()
    if leaves(path, root):
        return None, name, [problem("E502", "文件是通向数据目录之外的链接，未读取", file=name)]
    if path.exists():
        raw, problems = read_bytes(path, name)
        return raw, name, problems
    if file == SUPPRESSIONS:
        return None, name, []
    if file == NARRATIVE:
        return None, name, [problem("N501", "没有这个文件，报告的文字部分将写明没有数据", file=name)]
    others = sorted(other.name for other in path.parent.iterdir() if other.name not in FILES)
    close = closest(file, others)
    return None, name, [problem("E501", f"缺少这个文件{f'；“{close}”是否就是它？' if close else ''}", file=name)]


def _table(raw: bytes | None, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """A typed table from a file's bytes, and every problem."""
    if raw is None:
        return empty(table), []
    text, problems = parse_csv(raw, file)
    if text.columns.empty:
        return empty(table), problems
    frame, wrong = typed(text, table, file)
    problems += wrong
    if any(found.code in LOST_ROWS for found in problems):
        return frame, problems
    unread = {found.column for found in problems if found.severity == ERROR}
    doubts = check_budget(frame, file) if table is BUDGET else check_indicators(frame, file, unread)
    return frame, [*problems, *doubts]


def _owned(frame: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """The frame with the columns subdistrict and year before its own."""
    owner = {
        "subdistrict": pd.Series([unit.subdistrict] * len(frame), index=frame.index, dtype="str"),
        "year": pd.Series([unit.year] * len(frame), index=frame.index, dtype="int64"),
    }
    return pd.concat([pd.DataFrame(owner), frame], axis=1)


def _together(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    """All frames of a table, one below the other."""
    return pd.concat(frames or [_owned(empty(table), Unit("", 0))], ignore_index=True)[[*OWNER, *table.names, *ORIGIN]]


def _with_unlisted(places: pd.DataFrame, unlisted: list[str]) -> pd.DataFrame:
    """The directory, and below it those that have data without being listed, named by their id."""
    rows = [{**dict.fromkeys(SUBDISTRICTS.names, ""), "id": name, "name": name} for name in unlisted]
    added = pd.DataFrame(rows, columns=SUBDISTRICTS.names, dtype="str")
    return pd.concat([places[SUBDISTRICTS.names], added], ignore_index=True)
