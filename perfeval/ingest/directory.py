"""``subdistricts.csv``: the directory of sub-districts, and finding one by id, name or alias."""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pandas as pd

from perfeval.ingest.checks import empty, typed
from perfeval.ingest.folders import leaves, valid
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import parse_csv, read_bytes
from perfeval.model.errors import Problem
from perfeval.model.schema import SUBDISTRICTS

DIRECTORY = "subdistricts.csv"


def listed(root: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The sub-districts in the list (none where there is no list), and what is wrong with it."""
    path = root / DIRECTORY
    file = path.as_posix()
    if not path.exists():
        return empty(SUBDISTRICTS), []
    if leaves(path, root):
        return empty(SUBDISTRICTS), [problem("E502", "文件是通向数据目录之外的链接，未读取", file=file)]
    raw, problems = read_bytes(path, file)
    if raw is None:
        return empty(SUBDISTRICTS), problems
    frame, found = _parse(raw, file)
    return frame, list(found)


@lru_cache(maxsize=8)
def _parse(raw: bytes, file: str) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """The list from its bytes: asked for again with every sub-district of a batch, and seldom changed."""
    text, problems = parse_csv(raw, file)
    if text.columns.empty:
        return empty(SUBDISTRICTS), tuple(problems)
    frame, wrong = typed(text, SUBDISTRICTS, file)
    problems += wrong
    for row, name in zip(frame["row"], frame["id"], strict=True):
        if name and not valid(name):
            column = SUBDISTRICTS.column("id").label
            problems.append(problem("E503", "编号不能作文件夹名", file=file, row=int(row), column=column, value=name))
    for row, name in zip(frame["row"], frame["district"], strict=True):
        if name and not valid(name):
            column, message = SUBDISTRICTS.column("district").label, "区县名称不能作文件夹名，这个区县没有全区报告"
            problems.append(problem("W505", message, file=file, row=int(row), column=column, value=name))
    for name, ids in callings(frame).items():
        if len(ids) > 1:
            message = f"指向{len(ids)}个街道：{'、'.join(sorted(ids))}"
            problems.append(problem("W504", message, file=file, column="name、aliases（名称、别名）", value=name))
    return frame, tuple(problems)


def districts(root: Path) -> dict[str, str]:
    """The district of every sub-district in the list; ``""`` where none is given or its name cannot name a folder."""
    frame, _ = listed(root)
    return {id_: name if valid(name) else "" for id_, name in zip(frame["id"], frame["district"], strict=True)}


def callings(frame: pd.DataFrame) -> dict[str, set[str]]:
    """Every name and alias in the list (aliases are separated by semicolons), and the ids it stands for."""
    called: dict[str, set[str]] = defaultdict(set)
    for id_, name, aliases in zip(frame["id"], frame["name"], frame["aliases"], strict=True):
        for calling in (name, *re.split("[;；]", aliases)):
            if id_ and calling.strip():
                called[calling.strip()].add(id_)
    return dict(called)
