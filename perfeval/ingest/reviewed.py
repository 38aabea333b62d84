"""A reviewer's sheet onto the rows on file: only the reviewed columns change, whatever else the sheet says."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import parse_csv, typed
from perfeval.ingest.directory import Unit, file_of
from perfeval.ingest.document import Document
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import read_bytes
from perfeval.model.errors import Problem
from perfeval.model.folding import key
from perfeval.model.schema import INDICATORS, REVIEWED, Narrative

FAMILIES = ("自评复核表", "绩效再评价表")
"""The families of ``headings.toml`` that reviewers fill in."""


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
    free = set(range(len(rows)))
    problems: list[Problem] = []
    for record in document.indicators.to_dict("records"):
        said = {name: record[name] for name in REVIEWED if record[name] is not None and record[name] != ""}
        place = _counterpart(record, rows, free)
        if place is not None:
            free.discard(place)
            rows[place] |= said
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
