"""``subdistricts.csv``: the directory of sub-districts, and finding one by id, name or alias."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from perfeval.ingest.checks import empty, typed
from perfeval.ingest.folders import leaves, state, valid
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import parse_csv, read_bytes
from perfeval.model.errors import DataError, Problem
from perfeval.model.schema import SUBDISTRICTS

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

    def lines(self) -> pd.DataFrame:
        """The list without where each line stands; a change to it stays the caller's own."""
        return self.bare.copy(deep=False)

    def line(self, subdistrict: str) -> list[dict[Hashable, str]]:
        """The line with this id (none where there is none, several where the list has a mistake)."""
        return self.bare.iloc[[*self.places.get(subdistrict, ())]].to_dict("records")


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
    return Directory(frame, frame[SUBDISTRICTS.names], problems, {}, {})


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
    return Directory(frame, frame[SUBDISTRICTS.names], tuple(problems), places, called)


def _unfit(frame: pd.DataFrame, column: str) -> list[tuple[int, str]]:
    """Row and value where a cell cannot name a folder."""
    cells = frame[column].tolist()
    unfit = {name for name in set(cells) if name and not valid(name)}
    return [(row, name) for row, name in zip(frame["row"].tolist(), cells, strict=True) if name in unfit]


def districts(root: Path) -> dict[str, str]:
    """The district of every sub-district in the list; ``""`` where none is given or its name cannot name a folder."""
    frame = directory(root).frame
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
