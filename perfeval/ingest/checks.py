"""Text tables → typed frames, by the schema (:mod:`~perfeval.ingest.cells`).

The columns of a typed frame are those of its :class:`~perfeval.model.schema.Table`, then ``file`` and ``row``.
Text and choice columns hold ``""`` where nothing stands, counts are nullable ``Int64``, money (万元) and points are
exact ``Decimal`` or None in object columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from perfeval.ingest import cells
from perfeval.ingest.tabular import read_table
from perfeval.model.errors import Problem
from perfeval.model.schema import Table

DTYPES: dict[str, Any] = {
    **dict.fromkeys(("text", "choice", "date", "address"), "str"),
    "count": "Int64",
    **dict.fromkeys(("money", "points"), "object"),
}


def parse_csv(raw: bytes, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """One table from a file's bytes (see :func:`~perfeval.ingest.tabular.read_table`) as a frame of text under the
    file's own headings, with the spreadsheet row as index (named ``row``), and every problem.

    The frame is empty where the file cannot be read as a table at all. Nothing is raised for what a file contains.
    """
    text, problems = read_table(raw, file)
    index = pd.Index(text.rows, name="row", dtype="int64")
    return pd.DataFrame(text.cells, columns=text.headings, index=index, dtype="str"), problems


def framed(values: Mapping[str, list[Any]], rows: Sequence[int], table: Table, file: str) -> pd.DataFrame:
    """The typed frame of what :func:`~perfeval.ingest.cells.values` has read."""
    data = {column.name: pd.array(values[column.name], dtype=DTYPES[column.kind]) for column in table.columns}
    origin = {"file": pd.array([file] * len(rows), dtype="str"), "row": pd.array(rows, dtype="int64")}
    return pd.DataFrame(data | origin, copy=False)


def typed(text: pd.DataFrame, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a text table (index ``row``, see :func:`parse_csv`) the columns and types of ``table``.

    Returns one typed row for each row of ``text``, also where cells could not be read (they are then empty), and the
    problems in the order columns, cells (by row), keys.
    """
    rows = text.index.tolist()
    values, problems = cells.values({name: text[name].tolist() for name in text.columns}, rows, table, file)
    return framed(values, rows, table, file), problems


def empty(table: Table) -> pd.DataFrame:
    """A typed table without rows."""
    return typed(pd.DataFrame(columns=table.names, index=pd.Index([], dtype="int64")), table, "")[0]
