"""What is on file for one or more sub-district-years, loaded and checked: what analysis takes.

Which indicator rows a printed block of points is worth: a goal's, a category's, one inside the other, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from perfeval.model.display import Shown
from perfeval.model.errors import Problem
from perfeval.model.folding import on_one_line
from perfeval.model.rounding import missing
from perfeval.model.schema import BLOCKS, MATCHES, ORIGIN, OWNER, Narrative, spell_years


def no_decisions() -> pd.DataFrame:
    """No decisions of a person about indicators of two years."""
    return _no_decisions().copy()


@cache
def _no_decisions() -> pd.DataFrame:
    """Made once: it is asked for with every office that is loaded."""
    kinds = {"year": "Int64", "previous_year": "Int64", "row": "int64"}
    names = ("subdistrict", *MATCHES.names, *ORIGIN)
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, "str")) for name in names})


def no_blocks() -> pd.DataFrame:
    """No printed blocks of points, of nobody."""
    return _no_blocks().copy()


@cache
def _no_blocks() -> pd.DataFrame:
    kinds = {"year": "int64", "row": "int64", "goal_no": "Int64", "weight": "object", "declared_score": "object"}
    names = (*OWNER, *BLOCKS.names, *ORIGIN)
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, "str")) for name in names})


@dataclass(frozen=True, slots=True)
class Data(Shown):
    """The tables of the sub-district-years asked for, in the order of sub-district and year.

    Text is ``""`` where nothing stands; money (万元) and points are exact ``Decimal`` or None; ``goal_no`` is a
    nullable whole number.
    """

    budget: pd.DataFrame
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.BUDGET`, file, row."""
    indicators: pd.DataFrame
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.INDICATORS`, file, row."""
    subdistricts: pd.DataFrame
    """The columns of :data:`~perfeval.model.schema.SUBDISTRICTS`; one that has data without being listed is there
    under its id."""
    narratives: dict[tuple[str, int], Narrative]
    """By sub-district and year; empty ones where there is no ``narrative.toml``."""
    sources: pd.DataFrame
    """subdistrict, year, file, rows (records of a table, entries of a narrative), sha256: every file that was read."""
    suppressions: dict[tuple[str, int], str] = field(default_factory=dict)
    """By sub-district and year: the text of ``suppressions.toml``, findings that are known and kept with reasons; no
    entry where there is none."""
    problems: tuple[Problem, ...] = ()
    """Warnings and notes; errors are raised."""
    columns: dict[tuple[str, str, int], frozenset[str]] = field(default_factory=dict)
    """By table (``budget``, ``indicators``), sub-district and year: the columns its file has, filled or not. A column
    that is not there was not in the form either; no entry where nothing is known."""
    matches: pd.DataFrame = field(default_factory=no_decisions)
    """subdistrict, the columns of :data:`~perfeval.model.schema.MATCHES`, file, row: which indicators of two years a
    person says are the same; of sub-districts that are loaded with two or more years."""
    blocks: pd.DataFrame = field(default_factory=no_blocks)
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.BLOCKS`, file, row: points printed for whole
    goals, categories and other parts; none where there is no ``blocks.csv``."""

    def __repr__(self) -> str:
        held = self.sources[list(OWNER)].drop_duplicates()
        ids = held["subdistrict"].drop_duplicates()
        named = self.subdistricts.drop_duplicates("id").set_index("id")["name"]
        who = on_one_line(str(named.get(ids.iloc[0], ids.iloc[0]))) if len(ids) == 1 else f"{len(ids)}个单位"
        rows = f"{len(self.indicators)}项指标，{len(self.budget)}行预算，{len(self.problems)}条问题"
        return f"<Data {who}{spell_years(held['year'])}：{rows}>"


Record = Mapping[Any, Any]
PART = "其中"
"""How the name of a row begins that is a part of the row above it."""
SCOPE = ("goal_no", "goal", "category", "subcategory")


@dataclass(frozen=True, slots=True)
class Part:
    """All that a document prints of one part: of the same goal, category and subcategory, added up."""

    name: str
    """As printed; of several their names."""
    points: Decimal
    score: Decimal | None
    rank: int
    """What it is a part of, outermost first: 0 goal, 1 category in a goal, 2 subcategory in that, 3 category of the
    whole document, 4 subcategory in that; -1 no part of the indicators."""
    rows: frozenset[int]
    """The places of its rows in the table of indicators."""

    @property
    def of_indicators(self) -> bool:
        """Whether it holds indicators, and is not a part beside them (项目决策)."""
        return self.rank >= 0


def parts_of(blocks: pd.DataFrame, indicators: pd.DataFrame) -> list[Part]:
    """The parts of printed blocks that have points, outermost first; blocks of the same part are added up."""
    if blocks.empty:
        return []
    rows = indicators.to_dict("records")
    groups: dict[tuple[str, ...], list[Record]] = {}
    for block in blocks.to_dict("records"):
        if number(block["weight"]) is not None:
            groups.setdefault(scope_of(block), []).append(block)
    parts = [_part(group, rows) for group in groups.values()]
    return sorted(parts, key=lambda part: (part.rank, sorted(part.rows), part.name if part.rows else ""))


def scope_of(block: Record) -> tuple[str, ...]:
    """What a block is a part of, as text; blocks beside the indicators are each of their own."""
    scope = tuple("" if missing(block[name]) else str(block[name]) for name in SCOPE)
    return scope if any(scope) else (*scope, str(block["name"]))


def covered(block: Record, rows: list[dict[Any, Any]]) -> frozenset[int]:
    """The places of the rows that a block is worth; none for a part beside the indicators."""
    if rank_of(block) < 0:
        return frozenset()
    return frozenset(place for place, row in enumerate(rows) if _holds(block, row))


def rank_of(block: Record) -> int:
    """See :attr:`Part.rank`."""
    goal = not missing(block["goal_no"]) or bool(block["goal"])
    if block["subcategory"]:
        return 2 if goal else 4
    if block["category"]:
        return 1 if goal else 3
    return 0 if goal else -1


def number(value: object) -> Decimal | None:
    """A figure of a frame; None where nothing stands."""
    return None if missing(value) else Decimal(str(value))


def is_part(name: object) -> bool:
    """Whether a row's name says that it is a part of the row above it (``其中：道路养护``)."""
    return str(name).strip().startswith(PART)


def own_points(row: Record) -> Decimal | None:
    """The points printed on a row; 0 for a part of the row above it without any, None where none are printed."""
    given = number(row["weight"])
    return Decimal(0) if given is None and is_part(row["indicator"]) else given


def _holds(block: Record, row: Record) -> bool:
    if any(block[name] and block[name] != row[name] for name in ("category", "subcategory")):
        return False
    if not missing(block["goal_no"]) and not missing(row["goal_no"]):
        return int(block["goal_no"]) == int(row["goal_no"])
    if missing(block["goal_no"]) and not block["goal"]:
        return True
    return bool(block["goal"]) and block["goal"] == row["goal"]


def _part(group: list[Record], rows: list[dict[Any, Any]]) -> Part:
    scores = [score for block in group if (score := number(block["declared_score"])) is not None]
    return Part(
        name="、".join(dict.fromkeys(str(block["name"]) for block in group)),
        points=sum((number(block["weight"]) or Decimal(0) for block in group), Decimal(0)),
        score=sum(scores, Decimal(0)) if len(scores) == len(group) else None,
        rank=rank_of(group[0]),
        rows=covered(group[0], rows),
    )
