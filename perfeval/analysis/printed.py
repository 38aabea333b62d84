"""The points a document prints: of its rows, of whole parts of it, of execution; and which of them add up to what.

Nothing is taken from a rule set here: what is not printed is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.allotment import FULL, execution_of, of_execution
from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.rounding import plain

ROOMS = (FULL, Decimal(90), Decimal(80))
"""What indicator weights may add up to where execution prints none: 100, or less 10 or 20 points (财预〔2020〕10号)."""
MOST_AT_ONCE = Decimal(150)
"""Points beyond which a document with several goals has one form, and 100 points, for each."""
MOST_REST = Decimal("0.5")
"""A difference beyond half a point is never the rest of rounding single points."""
WEIGHT, SCORE = "weight", "declared_score"
EXECUTION = "预算执行"

Goal = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator row: its points and score as printed."""

    weight: Decimal | None
    score: Decimal | None
    goal: Goal
    category: str
    subcategory: str


@dataclass(frozen=True, slots=True)
class Part:
    """Points printed for a whole part of the document: a goal, a category, or one that is neither."""

    name: str
    weight: Decimal | None
    score: Decimal | None
    goal: Goal
    category: str
    subcategory: str

    @property
    def level(self) -> str:
        """What it is a part of the document as: 二级指标, 一级指标, 目标, or empty."""
        if self.subcategory or self.category:
            return "二级指标" if self.subcategory else "一级指标"
        return "目标" if self.goal != (None, "") else ""

    def holds(self, line: Line) -> bool:
        """Whether a row lies in it."""
        in_goal = self.goal == (None, "") or same_goal(self.goal, line.goal)
        in_category = not self.category or self.category == line.category
        return in_goal and in_category and (not self.subcategory or self.subcategory == line.subcategory)


@dataclass(frozen=True, slots=True)
class Form:
    """What is printed of points, in the whole document or in one goal of it."""

    lines: tuple[Line, ...]
    """The rows, without those that carry no points (其中 rows of weight 0)."""
    parts: tuple[Part, ...]
    execution_weight: Decimal | None
    execution_score: Decimal | None
    rate: Decimal | None
    """Execution rate, 0…1."""
    money: Decimal | None = None
    """Budget, 万元."""
    goal: Goal = (None, "")

    @property
    def label(self) -> str:
        """``目标4“基层公共安全经费”``."""
        number, name = self.goal
        told = "" if number is None else f"目标{number}"
        return f"{told}“{name}”" if name else told or "未分目标"

    @property
    def weights(self) -> Decimal | None:
        """The points of the indicators, by rows or else by parts; None where they are not all printed."""
        rows = whole([line.weight for line in self.lines])
        by_parts = next((value for value, _ in self.by_parts(WEIGHT)), None)
        beside = any(part.weight and not part.level for part in self.parts)  # points that no row carries
        return by_parts if rows is None or (beside and by_parts is not None) else rows

    @property
    def scores(self) -> Decimal | None:
        """The sum of the rows' scores; None where any is missing."""
        return whole([line.score for line in self.lines])

    @property
    def listed(self) -> Decimal | None:
        """All points that are printed, with those of execution; None where those of the indicators are not."""
        return None if self.weights is None else self.weights + (self.execution_weight or Decimal(0))

    def by_parts(self, column: str) -> Iterator[tuple[Decimal, str]]:
        """Sums over parts that together hold every row, the largest parts first, each with its words as scores."""
        others = [part for part in self.parts if not part.level and EXECUTION not in part.name]
        more = whole([_of(part, column) for part in others], Decimal(0))
        if more is None:
            return
        beside = f"＋{'、'.join(part.name for part in others)}{plain(more)}分" if others else ""
        rows = whole([line.weight if column == WEIGHT else line.score for line in self.lines])
        if others and rows is not None:
            yield rows + more, f"指标得分{plain(rows)}分{beside}"
        for level in ("目标", "一级指标", "二级指标"):
            parts = [part for part in self.parts if part.level == level]
            value = whole([_of(part, column) for part in parts])
            if value is not None and all(any(part.holds(line) for part in parts) for line in self.lines):
                yield value + more, f"各{level}得分{plain(value)}分{beside}"


def form(result: Evaluation) -> Form:
    """What the document prints, as a whole."""
    items, found = result.execution.items, result.execution
    return Form(
        lines=tuple(_lines(result.indicators)),
        parts=tuple(_part(row) for row in records(result.blocks)),
        execution_weight=of_execution(items, WEIGHT),
        execution_score=of_execution(items, SCORE),
        rate=_rate(found.executed, found.budget),
        money=_decimal(found.budget),
    )


def by_goal(result: Evaluation, document: Form) -> tuple[Form, ...]:
    """What it prints goal by goal, with the money and the execution points of each goal's own budget rows.

    Where no goal has any, the execution points of the document hold for each.
    """
    goals = list(dict.fromkeys(line.goal for line in document.lines))
    items, found = records(result.execution.items), []
    rows = {goal: [row for row in items if same_goal((_whole_number(row["goal_no"]), ""), goal)] for goal in goals}
    funded = any(rows.values())
    for goal in goals:
        own = rows[goal] if funded else items
        one = own[0] if funded and len(own) == 1 else None
        budget = None if one is None else next((v for v in (one["adjusted"], one["opening"]) if not pd.isna(v)), None)
        found.append(
            Form(
                lines=tuple(line for line in document.lines if line.goal == goal),
                parts=tuple(part for part in document.parts if same_goal(part.goal, goal)),
                execution_weight=execution_of(own, WEIGHT),
                execution_score=execution_of(own, SCORE),
                rate=_rate(one["executed"], budget) if one is not None else None if funded else document.rate,
                money=_decimal(budget),
                goal=goal,
            )
        )
    return tuple(found)


def apart(document: Form, goals: tuple[Form, ...]) -> bool:
    """Whether each goal is a form of its own with 100 points of its own: weights (else scores) far beyond 100."""
    values = document.weights if document.weights is not None else document.scores
    return len(goals) > 1 and values is not None and values > MOST_AT_ONCE


def whole(values: list[Decimal | None], none: Decimal | None = None) -> Decimal | None:
    """The sum of values of which none is missing; ``none`` where there are no values."""
    if not values:
        return none
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if len(given) == len(values) else None


def rest(points: list[Decimal]) -> Decimal:
    """What a sum of rounded points may be off by: half a unit for each that is not whole."""
    broken = [value.normalize() for value in points if value != value.to_integral_value()]
    if not broken:
        return Decimal(0)
    unit = Decimal(1).scaleb(min(int(value.as_tuple().exponent) for value in broken))
    return min(unit / 2 * len(broken), MOST_REST)


def same_goal(one: Goal, other: Goal) -> bool:
    """Whether two goals are the same: by number where both have one, else by name."""
    if one[0] is not None and other[0] is not None:
        return one[0] == other[0]
    return bool(one[1]) and one[1] == other[1]


def _lines(indicators: pd.DataFrame) -> Iterator[Line]:
    for row in records(indicators[[WEIGHT, SCORE, "goal_no", "goal", "category", "subcategory"]]):
        weight, score = _decimal(row[WEIGHT]), _decimal(row[SCORE])
        if weight == 0 and not score:
            continue  # 其中: told as part of the row above
        yield Line(weight, score, _goal(row), str(row["category"]), str(row["subcategory"]))


def _part(row: dict[Any, Any]) -> Part:
    texts = ["" if pd.isna(row[name]) else str(row[name]) for name in ("name", "category", "subcategory")]
    return Part(texts[0], _decimal(row[WEIGHT]), _decimal(row[SCORE]), _goal(row), *texts[1:])


def _of(part: Part, column: str) -> Decimal | None:
    return part.weight if column == WEIGHT else part.score


def _goal(row: dict[Any, Any]) -> Goal:
    return _whole_number(row["goal_no"]), "" if pd.isna(row["goal"]) else str(row["goal"])


def _whole_number(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or pd.isna(value) else Decimal(str(value))


def _rate(executed: Any, budget: Any) -> Decimal | None:
    spent, base = _decimal(executed), _decimal(budget)
    if spent is None or base is None or base <= 0 or spent < 0:
        return None
    return min(spent / base, Decimal(1))
