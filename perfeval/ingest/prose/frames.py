"""Rows of text as typed frames, and where each value was read from."""

import re
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from perfeval.ingest.checks import DTYPES
from perfeval.ingest.document import Place
from perfeval.model.schema import Table

UNPLACED = "unplaced"
"""Key of a row that names a column which stands nowhere in the text: its value is a guess."""
CELL = re.compile(r"(?:(?P<sheet>.*)!)?(?P<letters>[A-Z]{1,3})(?P<row>[0-9]+)")


def frame(records: Iterable[dict[str, str]], table: Table) -> pd.DataFrame:
    """Rows of text as a typed frame: the columns of ``table`` and ``source``; money exact, counts nullable."""
    rows = list(records)
    names = [*table.names, *(["source"] if "source" not in table.names else [])]
    data = {}
    for name in names:
        kind = table.column(name).kind if name in table.names else "text"
        cells = [row.get(name, "") for row in rows]
        values: list[object] = list(cells)
        if kind == "count":
            values = [int(cell) if cell.isdecimal() else None for cell in cells]
        elif kind in {"money", "points"}:
            values = [Decimal(cell) if cell else None for cell in cells]
        data[name] = pd.Series(values, dtype=DTYPES[kind])
    return pd.DataFrame(data, columns=names)


def places_of(
    budget: Iterable[dict[str, str]], indicators: Iterable[dict[str, str]]
) -> dict[tuple[str, int, str], Place]:
    """The paragraph (or the row of a table) that every value of the tables was read from."""
    return {
        (table, number, column): place
        for table, rows in (("budget", budget), ("indicators", indicators))
        for number, row in enumerate(rows)
        for place in (_place(row["source"]),)
        for column, value in row.items()
        if value and column not in ("source", UNPLACED, row.get(UNPLACED))
    }


def _place(source: str) -> Place:
    cell = CELL.fullmatch(source)
    if cell is not None:
        return Place(cell["sheet"] or "", int(cell["row"]))
    number = re.sub(r"\D", "", source)
    return Place("", int(number) if number else None)
