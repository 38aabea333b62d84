"""A reviewer's sheet onto the rows on file: only the reviewed columns change, whatever else the sheet says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import parse_csv, typed
from perfeval.ingest.directory import Unit, file_of
from perfeval.ingest.document import Document, Place, letters_of
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import read_bytes
from perfeval.model.errors import Problem
from perfeval.model.folding import fold, key
from perfeval.model.rounding import missing
from perfeval.model.schema import INDICATORS, REVIEWED, Narrative

FAMILIES = ("自评复核表", "绩效再评价表")
"""The families of ``headings.toml`` that reviewers fill in."""
OWN = ("target", "actual", "weight", "declared_score")
"""What the office stated and the sheet repeats."""
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
SHOWN = Decimal("0.005")
"""Scores that differ by less are the same on the sheet."""


def settled(document: Document, root: Path, unit: Unit) -> Document:
    """A reviewer's sheet as a change of the rows on file; any other document, or without such rows, as it is."""
    path = file_of(root, unit, f"{INDICATORS.name}.csv")
    if document.family not in FAMILIES or not path.exists():
        return document
    raw, _ = read_bytes(path, path.as_posix())
    if raw is None:
        return document
    return onto(document, typed(parse_csv(raw, path.as_posix())[0], INDICATORS, path.as_posix())[0])


def onto(document: Document, kept: pd.DataFrame) -> Document:
    """A document with the indicator rows on file and the reviewed columns of the sheet; no budget, no narrative.

    ``kept`` has the columns of :data:`~perfeval.model.schema.INDICATORS`. A row of the sheet is one on file where
    indicator and goal number are the same (of several, that of the same category first); one without a counterpart is
    reported (W725) and left out. What the sheet leaves empty stays as it is on file.
    """
    rows: list[dict[Any, Any]] = kept[INDICATORS.names].astype(object).to_dict("records")
    problems: list[Problem] = []
    for number, (record, place) in enumerate(_paired(document, rows)):
        said = {name: record[name] for name in REVIEWED if record[name] is not None and record[name] != ""}
        if place is not None:
            rows[place] |= said
            problems += _own_changed(document, number, record, rows[place])
        elif said:
            message = f"复核表的“{record['indicator']}”（{record['source']}）在已有数据里没有对应的指标，没有写入"
            problems.append(problem("W725", message, file=document.file, value=record["indicator"]))
    frame = pd.DataFrame(rows, columns=INDICATORS.names)
    frame = frame.astype({"goal_no": "Int64"})
    return replace(
        document,
        budget=pd.DataFrame(),
        indicators=frame,
        narrative=Narrative(),
        blocks=None,
        places={},
        problems=(*document.problems, *problems),
    )


def _own_changed(sheet: Document, number: int, now: dict[Any, Any], kept: dict[Any, Any]) -> list[Problem]:
    """What the office itself stated and the sheet has otherwise: not taken, and what was reviewed is not on file."""
    problems = []
    for name in OWN:
        if missing(now[name]) or missing(kept[name]) or _alike(now[name], kept[name]):
            continue
        at = sheet.places.get((INDICATORS.name, number, name), Place())
        column = letters_of(at.column) if at.column >= 0 else ""
        message = f"表里的{INDICATORS.column(name).title}是{now[name]}，已有数据是{kept[name]}，没有写入"
        problems.append(
            problem("W727", message, file=sheet.file, sheet=at.sheet, row=at.row, column=column, value=now[name])
        )
    return problems


def _alike(now: Any, kept: Any) -> bool:
    """Whether scores differ by less than is shown, or texts have the same numbers: units have a column of their own."""
    if isinstance(now, Decimal) and isinstance(kept, Decimal):
        return abs(now - kept) < SHOWN
    one, other = (list(map(Decimal, NUMBER.findall(fold(str(text)).replace(",", "")))) for text in (now, kept))
    return not one or not other or one == other


def pointing(merged: Document, sheet: Document) -> Document:
    """What :func:`settled` made of a sheet, with the sheet's cells as the places of its rows: for problems alone.

    Any other document has its own places and is given back as it is.
    """
    if merged.places or sheet.family not in FAMILIES:
        return merged
    rows: list[dict[Any, Any]] = merged.indicators.to_dict("records")
    pairs = {number: place for number, (_, place) in enumerate(_paired(sheet, rows)) if place is not None}
    places = {
        (table, pairs[row], column): at
        for (table, row, column), at in sheet.places.items()
        if table == INDICATORS.name and row in pairs
    }
    return replace(merged, places=places)


def _paired(sheet: Document, rows: list[dict[Any, Any]]) -> Iterator[tuple[dict[Any, Any], int | None]]:
    """Each row of a sheet with the place of its counterpart among rows on file, which none has twice."""
    free = set(range(len(rows)))
    for record in sheet.indicators.to_dict("records"):
        place = _counterpart(record, rows, free)
        free.discard(-1 if place is None else place)
        yield record, place


def only_adds(changed: pd.DataFrame) -> bool:
    """Whether differences (columns column, on_file) only fill reviewed cells that were empty."""
    return bool((changed["column"].isin(REVIEWED) & changed["on_file"].eq("")).all())


def _counterpart(record: dict[Any, Any], rows: list[dict[Any, Any]], free: Iterable[int]) -> int | None:
    same = [
        place
        for place in sorted(free)
        if key(rows[place]["indicator"]) == key(record["indicator"])
        and (
            pd.isna(record["goal_no"]) or pd.isna(rows[place]["goal_no"]) or rows[place]["goal_no"] == record["goal_no"]
        )
    ]
    return next((place for place in same if rows[place]["category"] == record["category"]), next(iter(same), None))
