"""Reading sub-district-years from their folders ``data/<subdistrict>/<year>/``: tables, words, and every problem."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path

import pandas as pd

from perfeval.ingest.cells import known
from perfeval.ingest.checks import empty, parse_csv, typed
from perfeval.ingest.consistency import check_blocks, check_budget, check_indicators
from perfeval.ingest.directory import FILES, NARRATIVE, SUPPRESSIONS, TABLES, Unit, file_of, leaves
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import closest, problem
from perfeval.ingest.tabular import decode, read_bytes
from perfeval.model.errors import ERROR, Problem
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, Narrative, Table

OPTIONAL = frozenset({"blocks.csv"})
"""Of these the ones that need not be there, or may have no rows: a document that prints no such points has none."""
NO_ROWS = "E104"
LOST_ROWS = {"E105", "E107"}
"""Problems after which rows are missing: what is left would not add up."""


@dataclass(slots=True)
class Parts:
    """What was read of some sub-district-years, put together by the store."""

    tables: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: {file: [] for file in TABLES})
    """By file: typed frames with subdistrict and year before their own columns."""
    narratives: dict[tuple[str, int], Narrative] = field(default_factory=dict)
    suppressions: dict[tuple[str, int], str] = field(default_factory=dict)
    sources: list[tuple[str, int, str, int, str]] = field(default_factory=list)
    """subdistrict, year, file, rows, sha256."""
    problems: list[Problem] = field(default_factory=list)
    columns: dict[tuple[str, str, int], frozenset[str]] = field(default_factory=dict)
    """By table, sub-district and year: the columns the file has."""


def read_units(root: Path, units: Iterable[Unit]) -> Parts:
    """Everything in the folders of these sub-district-years, as far as it can be read, and every problem."""
    parts = Parts()
    for unit in units:
        owner = (unit.subdistrict, unit.year)
        for file in FILES:
            raw, name, wrong = _bytes(root, unit, file)
            parts.problems += wrong
            if file in TABLES:
                frame, headings, wrong = _table(raw, TABLES[file], name)
                if headings:
                    parts.columns[TABLES[file].name, *owner] = headings
                parts.tables[file].append(_owned(frame, unit))
                rows = len(frame)
            else:
                text, wrong = ("", []) if raw is None else decode(raw, name)
                if file == NARRATIVE:
                    narrative, wrong = (Narrative(), []) if raw is None else parse_narrative(raw, name)
                    parts.narratives[owner] = narrative
                    rows = sum(getattr(narrative, one.name) != one.default for one in fields(narrative))
                else:
                    rows = (text or "").count("[[suppress]]")
                    if text:
                        parts.suppressions[owner] = text
            parts.problems += wrong
            if file == f"{BLOCKS.name}.csv" and len(frame):
                parts.problems += check_blocks(frame, parts.tables[f"{INDICATORS.name}.csv"][-1], name)
            if raw is not None:
                parts.sources.append((*owner, name, rows, hashlib.sha256(raw).hexdigest()))
    return parts


def _bytes(root: Path, unit: Unit, file: str) -> tuple[bytes | None, str, list[Problem]]:
    """A file's bytes, what to call it, and why it cannot be had."""
    path = file_of(root, unit, file)
    name = path.as_posix()
    if leaves(path, root):
        return None, name, [problem("E502", "文件是通向数据目录之外的链接，未读取", file=name)]
    if path.exists():
        raw, problems = read_bytes(path, name)
        return raw, name, problems
    if file == SUPPRESSIONS or file in OPTIONAL:
        return None, name, []
    if file == NARRATIVE:
        return None, name, [problem("N501", "没有这个文件，报告的文字部分将写明没有数据", file=name)]
    others = sorted(other.name for other in path.parent.iterdir() if other.name not in FILES)
    close = closest(file, others)
    return None, name, [problem("E501", f"缺少这个文件{f'；“{close}”是否就是它？' if close else ''}", file=name)]


def _table(raw: bytes | None, table: Table, file: str) -> tuple[pd.DataFrame, frozenset[str], list[Problem]]:
    """A typed table from a file's bytes, the columns the file has, and every problem."""
    if raw is None:
        return empty(table), frozenset(), []
    text, problems = parse_csv(raw, file)
    if text.columns.empty:
        return empty(table), frozenset(), problems
    headings = known(text.columns, table)
    if table is INDICATORS:  # a report in words may have none; money, score and words are on file all the same
        message = "没有任何指标，不能复算总分"
        problems = [problem("W718", message, file=file) if found.code == NO_ROWS else found for found in problems]
    elif f"{table.name}.csv" in OPTIONAL:
        problems = [found for found in problems if found.code != NO_ROWS]
    frame, wrong = typed(text, table, file)
    problems += wrong
    if any(found.code in LOST_ROWS for found in problems):
        return frame, headings, problems
    unread = {found.column for found in problems if found.severity == ERROR}
    doubts = check_budget(frame, file) if table is BUDGET else []
    if table is INDICATORS:
        doubts = check_indicators(frame, file, unread)
    return frame, headings, [*problems, *doubts]


def _owned(frame: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """The frame with the columns subdistrict and year before its own."""
    frame.insert(0, "subdistrict", pd.Series([unit.subdistrict] * len(frame), index=frame.index, dtype="str"))
    frame.insert(1, "year", pd.Series([unit.year] * len(frame), index=frame.index, dtype="int64"))
    return frame
