"""``subdistricts.csv``: the directory of sub-districts, and finding one by id, name or alias.

The folders ``data/<subdistrict>/<year>/``: which there are, and which names and links are not accepted.
"""

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perfeval.ingest import cells, locating
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import read_bytes, read_table
from perfeval.model.errors import DataError, NotOnFile, Problem
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, MATCHES, SUBDISTRICTS

ID = re.compile(r"[0-9A-Za-z\u3007\u3400-\u4dbf\u4e00-\u9fff_-]{1,64}")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")
"""Names that Windows keeps for devices."""
PACKED = "packed"
"""Where perfeval 0.1 could keep data; a folder of that name is never taken for a sub-district's, and named."""
YEAR = re.compile(r"(19|20)[0-9]{2}")
SETTLED = 3_000_000_000
"""Nanoseconds after which another change of a file would show in its time: some file systems count by two seconds."""


TABLES = {f"{table.name}.csv": table for table in (BUDGET, INDICATORS, BLOCKS)}
NARRATIVE = "narrative.toml"
SUPPRESSIONS = "suppressions.toml"
FILES = (*TABLES, NARRATIVE, SUPPRESSIONS)
"""The files of a sub-district-year."""
MATCHES_FILE = f"{MATCHES.name}.csv"
"""In a sub-district's folder: what a person decided about indicators of two years."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One sub-district-year on file."""

    subdistrict: str
    year: int


def valid(name: str) -> bool:
    """Whether a name can be a sub-district's id, and so a folder's name on every system."""
    return bool(ID.fullmatch(name)) and not RESERVED.fullmatch(name) and name.lower() != PACKED


def data_root(data_dir: str | Path) -> Path:
    """The data folder, ``""`` that of the notebook's own project; :class:`NotOnFile` where there is none."""
    root = locating.data_folder(data_dir)
    if not root.is_dir():
        raise NotOnFile(
            f"没有数据目录“{root.as_posix()}”；请在项目目录中运行，或指明数据目录；还没有项目的，用 perfeval new 新建"
        )
    return root


def file_of(root: Path, unit: Unit, file: str) -> Path:
    """Where a file of a sub-district-year is."""
    return root / unit.subdistrict / str(unit.year) / file


def leaves(path: Path, root: Path) -> bool:
    """Whether a link leads out of the data folder."""
    return _linked(path, root) and _outside(path, root)


def _leads_out(folder: Path, root: Path) -> bool:
    """The same of a folder in one that is known not to leave it."""
    return (sys.platform == "win32" or folder.is_symlink()) and _outside(folder, root)


def _outside(path: Path, root: Path) -> bool:
    target, inside = (os.path.normcase(os.path.realpath(one)) for one in (path, root))
    return target != inside and not target.startswith(os.path.join(inside, ""))  # noqa: PTH118  # twice as fast


def _linked(path: Path, root: Path) -> bool:
    """Whether any folder from below the root to the path may be a link: asked first, for resolving costs ten times as
    much, and there are seldom links among 160,000 files. (Windows has links that do not look like one.)
    """
    if sys.platform == "win32" or not path.is_relative_to(root) or ".." in path.parts:
        return True
    while path != root:
        if path.is_symlink():
            return True
        path = path.parent
    return False


def state(path: Path) -> tuple[int, ...] | None:
    """What tells this state of a file from every other one; None where it changed so lately that nothing can yet."""
    told = path.stat()
    if time.time_ns() - told.st_mtime_ns < SETTLED:
        return None
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def subfolders(folder: Path) -> list[Path]:
    """The folders inside, sorted, without those that programs make for themselves."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name[0] not in "._~" and entry.is_dir()]
    return sorted(folder / name for name in names)


def scan(root: Path, only: Iterable[str] | None = None) -> tuple[list[Unit], list[Problem]]:
    """The sub-district-years that have a folder (``only`` of these sub-districts), and folders that cannot be used."""
    units, problems = [], []
    folders = subfolders(root) if only is None else [root / name for name in sorted(set(only)) if valid(name)]
    for folder in folders:
        if folder.name.lower() == PACKED:
            why, advice = "旧版 perfeval pack 打包的数据不再读取", "请改放各街道的文件夹，并移走这个文件夹"
            problems.append(problem("W503", why, file=folder.as_posix(), advice=advice))
        elif not valid(folder.name):
            problems.append(problem("W503", "文件夹名不能作街道编号，其中的数据未读取", file=folder.as_posix()))
        elif _leads_out(folder, root):
            problems.append(problem("E502", "街道文件夹是通向数据目录之外的链接，未读取", file=folder.as_posix()))
        elif folder.is_dir():
            found, wrong = _years(folder, root)
            units += found
            problems += wrong
    return units, problems


def _years(folder: Path, root: Path) -> tuple[list[Unit], list[Problem]]:
    units, problems = [], []
    for inner in subfolders(folder):
        if _leads_out(inner, root):
            problems.append(problem("E502", "年度文件夹是通向数据目录之外的链接，未读取", file=inner.as_posix()))
        elif YEAR.fullmatch(inner.name):
            units.append(Unit(folder.name, int(inner.name)))
        else:
            problems.append(problem("W502", "年度文件夹名应为四位年份，其中的数据未读取", file=inner.as_posix()))
    return units, problems


DIRECTORY = "subdistricts.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """The list of sub-districts, and what is looked up in it; read once for as long as the file does not change."""

    file: str = ""
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, list[Any]] = field(default_factory=lambda: {name: [] for name in SUBDISTRICTS.names})
    """By column of :data:`~perfeval.model.schema.SUBDISTRICTS`: its texts."""
    rows: tuple[int, ...] = ()
    """Of the spreadsheet."""
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By id: where it stands in the columns (once, unless the list has a mistake)."""
    called: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Every name and alias, and the ids it stands for."""
    districts: Mapping[str, str] = field(default_factory=dict)
    """By id: the district; ``""`` where none is given or its name cannot name a folder."""

    def line(self, subdistrict: str) -> list[dict[str, str]]:
        """The line with this id (none where there is none, several where the list has a mistake)."""
        return [
            {name: texts[place] for name, texts in self.columns.items()} for place in self.places.get(subdistrict, ())
        ]


def directory(root: Path) -> Directory:
    """``subdistricts.csv`` as it now stands. Reading 40,000 lines takes a while: only a changed list is read again."""
    path = root / DIRECTORY
    file = path.as_posix()
    if not path.exists():
        return Directory(file)
    if leaves(path, root):
        return Directory(file, (problem("E502", "文件是通向数据目录之外的链接，未读取", file=file),))
    now = state(path)
    try:
        return _read(path, file) if now is None else _kept(path, file, now)
    except DataError as error:  # not kept: another program may let go of the file without changing it
        return Directory(file, tuple(error.problems))


@lru_cache(maxsize=8)
def _kept(path: Path, file: str, now: tuple[int, ...]) -> Directory:  # noqa: ARG001  # another state, another list
    return _read(path, file)


def _read(path: Path, file: str) -> Directory:
    raw, problems = read_bytes(path, file)
    if raw is None:
        raise DataError(problems)
    return _parse(raw, file)


@lru_cache(maxsize=2)
def _parse(raw: bytes, file: str) -> Directory:
    """The list from its bytes: asked for again with every sub-district of a batch, also while the file is new."""
    text, problems = read_table(raw, file)
    if not text.headings:
        return Directory(file, tuple(problems))
    columns, wrong = cells.values(text.columns, text.rows, SUBDISTRICTS, file)
    problems += wrong
    ids, names, districts = (columns[name] for name in ("id", "name", "district"))
    unfit = [(row, name) for row, name in zip(text.rows, ids, strict=True) if name and not valid(name)]
    column = SUBDISTRICTS.column("id").label
    problems += [
        problem("E503", "编号不能作文件夹名", file=file, row=row, column=column, value=name) for row, name in unfit
    ]
    nameless = {name for name in set(districts) if name and not valid(name)}
    column, message = SUBDISTRICTS.column("district").label, "区县名称不能作文件夹名，这个区县没有全区报告"
    problems += [
        problem("W505", message, file=file, row=row, column=column, value=name)
        for row, name in zip(text.rows, districts, strict=True)
        if name in nameless
    ]
    problems += _of_several_cities(columns, text.rows, file, column)
    called = callings(ids, names, columns["aliases"])
    for name, known in called.items():
        if len(known) > 1:
            message = f"指向{len(known)}个街道：{'、'.join(sorted(known))}"
            problems.append(problem("W504", message, file=file, column="name、aliases（名称、别名）", value=name))
    places: dict[str, tuple[int, ...]] = {}
    for place, id_ in enumerate(ids):
        places[id_] = (*places.get(id_, ()), place)
    of = {id_: "" if name in nameless else name for id_, name in zip(ids, districts, strict=True)}
    return Directory(file, tuple(problems), columns, tuple(text.rows), places, called, MappingProxyType(of))


def _of_several_cities(
    columns: Mapping[str, list[Any]], rows: Sequence[int], file: str, column: str
) -> Iterator[Problem]:
    """Districts of one name in several cities: reports on a district would put them together."""
    cities: dict[str, dict[str, int]] = {}
    for district, city, row in zip(columns["district"], columns["city"], rows, strict=True):
        if district and city:
            cities.setdefault(district, {}).setdefault(city, row)
    for district, found in cities.items():
        if len(found) > 1:
            message = f"{'、'.join(found)}都有这个区县，全区的报告会把它们算在一起"
            yield problem("W506", message, file=file, row=max(found.values()), column=column, value=district)


def callings(ids: Iterable[str], names: Iterable[str], aliases: Iterable[str]) -> dict[str, frozenset[str]]:
    """Every name and alias in the list (aliases are separated by semicolons), and the ids it stands for."""
    called: dict[str, frozenset[str]] = {}
    none: frozenset[str] = frozenset()
    for id_, name, others in zip(ids, names, aliases, strict=True):
        for calling in (name, *re.split("[;；]", others)) if others else (name,):
            if id_ and (form := calling.strip()):
                called[form] = called.get(form, none).union((id_,))
    return called
