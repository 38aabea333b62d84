"""What the loader says of tables that are not on file yet, said of the cells of the document they were read from."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from perfeval.ingest import reviewed
from perfeval.ingest.directory import TABLES
from perfeval.ingest.document import Document, Place, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

SHARED = "W504"
"""A name of two offices: what comes of filing a document under another office than its own (W722)."""
SAID_BY = {"W312": frozenset({"W656", "W662"})}
"""What the loader says of a table and the reader of a form has said already, of the same cells."""
NO_NARRATIVE = "N501"
"""That there is no ``narrative.toml``: before it is written, of the document that has no words for it."""
ROWS = re.compile(r"第([0-9、]+)(…?)行")
"""Rows of a table on file, as messages list them."""
FIRST_ROW = 2
"""Of the data in a table on file: the heading is row 1."""


def pointed(problems: Iterable[Problem], document: Document) -> list[Problem]:
    """What the loader says of rows that are not on file yet, said of the cells they were read from, each once."""
    told = {found.code for found in document.problems}
    given = {found.value for found in document.problems if found.code == "W722"}
    said = {_fault(found) for found in document.problems if found.row is not None}
    found = (
        _at_source(one, document)
        for one in problems
        if not told & SAID_BY.get(one.code, frozenset())
        and not (one.code == SHARED and one.value in given)
        and not (one.code == NO_NARRATIVE and document.family in reviewed.FAMILIES)
    )
    return [one for one in found if _fault(one) not in said]


def _fault(one: Problem) -> tuple[object, ...]:
    """What is wrong and where: told by the reader of a form and by the loader in other words, it is one fault."""
    return one.code, one.file, one.sheet, one.row, one.column


def _at_source(one: Problem, document: Document) -> Problem:
    path = Path(one.file)
    if one.code == NO_NARRATIVE:
        return problem(one.code, "没有读到文字部分，报告的文字部分将写明没有数据", file=document.file)
    if path.name not in TABLES:
        return one
    name = path.stem
    labels = {column.label: column.name for column in TABLES[path.name].columns}
    column = labels.get(one.column, one.column)
    row = _first_row(one) if one.row is None else one.row
    place = None if row is None else document.places.get((name, row - FIRST_ROW, column))
    if place is None:
        others = (found for (table, at, _), found in document.places.items() if (table, at + FIRST_ROW) == (name, row))
        place = next((replace(found, column=-1) for found in others), None)
    if place is None:
        return one if path.exists() else replace(one, file=document.file, row=None)
    letter = letters_of(place.column) if place.column >= 0 else ""
    message = ROWS.sub(lambda found: _rows_at_source(found, name, place, document), one.message)
    file = place.file or document.file
    return replace(one, file=file, sheet=place.sheet, row=place.row, column=letter, message=message)


def _first_row(one: Problem) -> int | None:
    """The row at which something said of a whole column is marked: the last one it names, else the first of all."""
    if not one.column:
        return None
    named = [row for listed in ROWS.findall(one.message) for row in listed[0].split("、") if row]
    return int(named[-1]) if named else FIRST_ROW


def _rows_at_source(found: re.Match[str], name: str, near: Place, document: Document) -> str:
    """``第2、3行`` of a table that is not on file yet, as the rows of the document."""
    there = {line + FIRST_ROW: at for (table, line, _), at in document.places.items() if table == name}
    rows = []
    for row in filter(None, found[1].split("、")):
        place = there.get(int(row))
        if place is None or place.row is None:
            return found[0]
        elsewhere = f"{place.sheet}!" if place.sheet != near.sheet else ""
        rows.append(f"{elsewhere}{place.row}")
    return f"第{'、'.join(rows)}{found[2]}行"
