"""``subdistricts.csv``: the directory of sub-districts, and finding one by id, name or alias.

The folders ``data/<subdistrict>/<year>/``: which there are, and which names and links are not accepted.
"""

import os
import re
import sys
import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from perfeval.ingest import locating
from perfeval.ingest.checks import empty, typed
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import parse_csv, read_bytes
from perfeval.model.errors import DataError, NotOnFile, Problem
from perfeval.model.schema import SUBDISTRICTS

ID = re.compile(r"[0-9A-Za-z\u3007\u3400-\u4dbf\u4e00-\u9fff_-]{1,64}")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")
"""Names that Windows keeps for devices."""
PACKED = "packed"
"""Where perfeval 0.1 could keep data; a folder of that name is never taken for a sub-district's, and named."""
YEAR = re.compile(r"(19|20)[0-9]{2}")
SETTLED = 3_000_000_000
"""Nanoseconds after which another change of a file would show in its time: some file systems count by two seconds."""


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
        raise NotOnFile(f"没有数据目录“{root.as_posix()}”；请在项目目录中运行，或指明数据目录")
    return root


def file_of(root: Path, unit: Unit, file: str) -> Path:
    """Where a file of a sub-district-year is."""
    return root / unit.subdistrict / str(unit.year) / file


def leaves(path: Path, root: Path) -> bool:
    """Whether a link leads out of the data folder."""
    if not _linked(path, root):
        return False
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
    there = (path for path in folder.iterdir() if path.name[0] not in "._~")
    return sorted(path for path in there if path.is_dir())


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
        elif leaves(folder, root):
            problems.append(problem("E502", "街道文件夹是通向数据目录之外的链接，未读取", file=folder.as_posix()))
        elif folder.is_dir():
            found, wrong = _years(folder, root)
            units += found
            problems += wrong
    return units, problems


def _years(folder: Path, root: Path) -> tuple[list[Unit], list[Problem]]:
    units, problems = [], []
    for inner in subfolders(folder):
        if leaves(inner, root):
            problems.append(problem("E502", "年度文件夹是通向数据目录之外的链接，未读取", file=inner.as_posix()))
        elif YEAR.fullmatch(inner.name):
            units.append(Unit(folder.name, int(inner.name)))
        else:
            problems.append(problem("W502", "年度文件夹名应为四位年份，其中的数据未读取", file=inner.as_posix()))
    return units, problems


DIRECTORY = "subdistricts.csv"


@dataclass(frozen=True, slots=True)
class Directory:
    """The list of sub-districts, and what is looked up in it; read once for as long as the file does not change."""

    frame: pd.DataFrame
    """Columns of :data:`~perfeval.model.schema.SUBDISTRICTS`, then file and row. Only copies are handed out."""
    bare: pd.DataFrame
    """The same without file and row."""
    problems: tuple[Problem, ...]
    places: Mapping[str, tuple[int, ...]]
    """By id: where it stands in the frame (once, unless the list has a mistake)."""
    called: Mapping[str, frozenset[str]]
    """Every name and alias, and the ids it stands for."""
    districts: Mapping[str, str]
    """By id: the district; ``""`` where none is given or its name cannot name a folder."""

    def lines(self) -> pd.DataFrame:
        """The list without where each line stands; a change to it stays the caller's own."""
        return self.bare.copy(deep=False)

    def line(self, subdistrict: str) -> list[dict[Hashable, str]]:
        """The line with this id (none where there is none, several where the list has a mistake)."""
        return self.bare.iloc[[*self.places.get(subdistrict, ())]].to_dict("records")

    def each(self, subdistricts: Iterable[str]) -> dict[str, list[dict[Hashable, str]]]:
        """:meth:`line` of each of these that is in the list, all looked up at once."""
        places = [place for name in subdistricts for place in self.places.get(name, ())]
        found: dict[str, list[dict[Hashable, str]]] = {}
        for record in self.bare.iloc[sorted(places)].to_dict("records"):
            found.setdefault(str(record["id"]), []).append(record)
        return found


def listed(root: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The sub-districts in the list (none where there is no list), and what is wrong with it."""
    found = directory(root)
    return found.frame.copy(deep=False), list(found.problems)  # a change to a copy is not seen in the other


def directory(root: Path) -> Directory:
    """``subdistricts.csv`` as it now stands. Reading 40,000 lines takes a while: only a changed list is read again."""
    path = root / DIRECTORY
    file = path.as_posix()
    if not path.exists():
        return _without()
    if leaves(path, root):
        return _without(problem("E502", "文件是通向数据目录之外的链接，未读取", file=file))
    now = state(path)
    try:
        return _read(path, file) if now is None else _kept(path, file, now)
    except DataError as error:  # not kept: another program may let go of the file without changing it
        return _without(*error.problems)


@lru_cache(maxsize=8)
def _kept(path: Path, file: str, now: tuple[int, ...]) -> Directory:  # noqa: ARG001  # another state, another list
    return _read(path, file)


def _read(path: Path, file: str) -> Directory:
    raw, problems = read_bytes(path, file)
    if raw is None:
        raise DataError(problems)
    return _parse(raw, file)


def _without(*problems: Problem) -> Directory:
    """No list, and why."""
    frame = empty(SUBDISTRICTS)
    return Directory(frame, frame[SUBDISTRICTS.names], problems, {}, {}, {})


@lru_cache(maxsize=2)
def _parse(raw: bytes, file: str) -> Directory:
    """The list from its bytes: asked for again with every sub-district of a batch, also while the file is new."""
    text, problems = parse_csv(raw, file)
    if text.columns.empty:
        return _without(*problems)
    frame, wrong = typed(text, SUBDISTRICTS, file)
    problems += wrong
    for row, name in _unfit(frame, "id"):
        column = SUBDISTRICTS.column("id").label
        problems.append(problem("E503", "编号不能作文件夹名", file=file, row=row, column=column, value=name))
    for row, name in _unfit(frame, "district"):
        column, message = SUBDISTRICTS.column("district").label, "区县名称不能作文件夹名，这个区县没有全区报告"
        problems.append(problem("W505", message, file=file, row=row, column=column, value=name))
    called = callings(frame)
    for name, ids in called.items():
        if len(ids) > 1:
            message = f"指向{len(ids)}个街道：{'、'.join(sorted(ids))}"
            problems.append(problem("W504", message, file=file, column="name、aliases（名称、别名）", value=name))
    places: dict[str, tuple[int, ...]] = {}
    for place, id_ in enumerate(frame["id"].tolist()):
        places[id_] = (*places.get(id_, ()), place)
    return Directory(
        frame, frame[SUBDISTRICTS.names], tuple(problems), places, called, MappingProxyType(_districts(frame))
    )


def _unfit(frame: pd.DataFrame, column: str) -> list[tuple[int, str]]:
    """Row and value where a cell cannot name a folder."""
    cells = frame[column].tolist()
    unfit = {name for name in set(cells) if name and not valid(name)}
    return [(row, name) for row, name in zip(frame["row"].tolist(), cells, strict=True) if name in unfit]


def _districts(frame: pd.DataFrame) -> dict[str, str]:
    unfit = {name for _, name in _unfit(frame, "district")}
    pairs = zip(frame["id"].tolist(), frame["district"].tolist(), strict=True)
    return {id_: "" if name in unfit else name for id_, name in pairs}


def callings(frame: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Every name and alias in the list (aliases are separated by semicolons), and the ids it stands for."""
    called: dict[str, frozenset[str]] = {}
    none: frozenset[str] = frozenset()
    columns = (frame[name].tolist() for name in ("id", "name", "aliases"))
    for id_, name, aliases in zip(*columns, strict=True):
        for calling in (name, *re.split("[;；]", aliases)) if aliases else (name,):
            if id_ and (form := calling.strip()):
                called[form] = called.get(form, none).union((id_,))
    return called
