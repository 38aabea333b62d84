"""Which indicator rows a printed block of points is worth: a goal's, a category's, one inside the other, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.model.rounding import missing

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
