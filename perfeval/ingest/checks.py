"""Text tables → typed frames, by the schema: headings, required cells, kinds, keys; all problems collected.

The columns of a typed frame are those of its :class:`~perfeval.model.schema.Table`, then ``file`` and ``row``.
Text and choice columns hold ``""`` where nothing stands, counts are nullable ``Int64``, money (万元) and points are
exact ``Decimal`` or None in object columns.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pandas as pd

from perfeval.ingest.cells import READERS
from perfeval.ingest.problems import closest, problem
from perfeval.model.errors import Problem
from perfeval.model.schema import ORIGIN, Column, Table

PLACES = 2
"""Decimal places money in 万元 is usually printed with."""

DTYPES = {
    **dict.fromkeys(("text", "choice", "date", "address"), "str"),
    "count": "Int64",
    **dict.fromkeys(("money", "points"), "object"),
}


def typed(text: pd.DataFrame, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a text table (index ``row``, see :mod:`~perfeval.ingest.tabular`) the columns and types of ``table``.

    Returns one typed row for each row of ``text``, also where cells could not be read (they are then empty), and the
    problems in the order columns, cells (by row), keys.
    """
    found, problems = _match(list(text.columns), table, file)
    rows = [int(row) for row in text.index]
    values: dict[str, list[object]] = {}
    doubts: list[Problem] = []
    for column in table.columns:
        there = column.name in found
        cells = text[found[column.name]].tolist() if there else [""] * len(rows)
        values[column.name], wrong = _cells(cells, column, file, rows)
        doubts += wrong if there else []
    doubts.sort(key=lambda doubt: doubt.row or 0)
    data = {column.name: pd.Series(values[column.name], dtype=DTYPES[column.kind]) for column in table.columns}
    origin = {"file": pd.Series([file] * len(rows), dtype="str"), "row": pd.Series(rows, dtype="int64")}
    frame = pd.DataFrame({**data, **origin}, columns=[*table.names, *ORIGIN])
    return frame, [*problems, *doubts, *_repeated(values, rows, table, file)]


def known(headings: Iterable[str], table: Table) -> frozenset[str]:
    """The columns of a table that have a heading, by name or title."""
    names = {alias: column.name for column in table.columns for alias in (column.name, column.title)}
    return frozenset(names[heading] for heading in headings if heading in names)


def empty(table: Table) -> pd.DataFrame:
    """A typed table without rows."""
    return typed(pd.DataFrame(columns=table.names, index=pd.Index([], dtype="int64")), table, "")[0]


def _match(headings: list[str], table: Table, file: str) -> tuple[dict[str, str], list[Problem]]:
    """Which heading is which column (by name or title), and what is unknown, twice there or missing."""
    known = {alias: column for column in table.columns for alias in (column.name, column.title)}
    found: dict[str, str] = {}
    problems, unknown = [], []
    for heading in headings:
        column = known.get(heading)
        if column is None:
            unknown.append(heading)
        elif column.name in found:
            message = f"标题“{found[column.name]}”和“{heading}”是同一列"
            problems.append(problem("E106", message, file=file, row=1, column=column.label))
        else:
            found[column.name] = heading
    free = [alias for alias, column in known.items() if column.name not in found]
    for heading in unknown:
        close = closest(heading, free)
        hint = f"，是否指“{close}”？" if close else ""
        message = f"{table.title}表没有这一列，内容已忽略{hint}"
        problems.append(problem("W201", message, file=file, row=1, column=heading))
    for column in table.columns:
        if column.required and column.name not in found:
            close = closest(column.title, unknown) or closest(column.name, unknown)
            hint = f"；标题“{close}”是否就是这一列？" if close else f"；现有的标题：{'、'.join(headings)}"
            problems.append(problem("E201", f"缺少必需的列{hint}", file=file, row=1, column=column.label))
    return found, problems


def _cells(cells: list[str], column: Column, file: str, rows: list[int]) -> tuple[list[object], list[Problem]]:
    """The values of a column's cells and what is wrong with them; cells that are alike and in order are read once."""
    values: list[object] = []
    problems: list[Problem] = []
    known: dict[str, object] = {}
    if column.kind == "text":  # nothing can be wrong with a text but that it is missing
        known = {cell: cell.strip() for cell in set(cells) if not column.required or cell.strip()}
    for row, cell in zip(rows, cells, strict=True):
        if cell not in known:
            value, wrong = _cell(cell, column, file, row)
            problems += wrong
            if wrong:
                values.append(value)
                continue
            known[cell] = value
        values.append(known[cell])
    return values, problems


def _cell(cell: str, column: Column, file: str, row: int) -> tuple[object, list[Problem]]:
    """The value of a cell and what is wrong with it."""
    read, code = READERS[column.kind]
    value, why = read(cell, column)
    text = cell.strip()
    if why:
        return value, [problem(code, why, file=file, row=row, column=column.label, value=text)]
    if column.required and not value:
        return value, [problem("E202", "必填，不能为空", file=file, row=row, column=column.label)]
    doubts = _doubts(value, column) if isinstance(value, Decimal) else ()
    return value, [problem(code, why, file=file, row=row, column=column.label, value=text) for code, why in doubts]


def _doubts(number: Decimal, column: Column) -> Iterator[tuple[str, str]]:
    """What is odd about a number that can be read: code and message."""
    if column.kind == "points" and number < 0:
        yield "E208", f"{column.title}不能小于0"
    if column.kind == "money" and number < 0:
        yield "W202", "金额为负"
    if column.kind == "money" and round(number, PLACES) != number:
        yield "W203", f"万元金额的小数超过{PLACES}位"


def _repeated(values: dict[str, list[object]], rows: list[int], table: Table, file: str) -> Iterator[Problem]:
    """Rows whose key was there before: wholly alike, or different in what is not the key."""
    first: dict[tuple[object, ...], tuple[int, tuple[object, ...]]] = {}
    required = {name for name in table.key if table.column(name).required}
    keys = list(zip(*(values[name] for name in table.key), strict=True))
    if len(set(keys)) == len(keys):
        return
    records = zip(*values.values(), strict=True)
    for row, key, record in zip(rows, keys, records, strict=True):
        if any(not part for name, part in zip(table.key, key, strict=True) if name in required):
            continue  # nothing to tell rows apart by; the empty cell is reported already
        earlier, before = first.setdefault(key, (row, record))
        if earlier == row:
            continue
        value = "｜".join(str(part) for part in key if part not in ("", None))
        if record == before:
            yield problem("E207", f"与第{earlier}行完全相同", file=file, row=row, value=value)
        else:
            titles = "、".join(table.column(name).title for name in table.key)
            yield problem("E206", f"与第{earlier}行重复（{titles}全部相同）", file=file, row=row, value=value)
