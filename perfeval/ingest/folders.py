"""The folders ``data/<subdistrict>/<year>/``: which there are, and which names and links are not accepted."""

import os
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from perfeval.ingest.problems import problem
from perfeval.model.errors import NotOnFile, Problem

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
    """The data folder; :class:`NotOnFile` where there is none."""
    root = Path(data_dir)
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
