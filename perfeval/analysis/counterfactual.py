"""The indicator table of an office as it would be with some things of one year and the rest of the next.

Rows that both years have under one definition are kept; the others are only of the one year or only of the other (a
redefined indicator is both). A kept row takes its target with name, unit and direction from one year, its actual with
the printed status from one, its category, goal and weight from one. With everything of one year it is that year's row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.execution import exact_rate
from perfeval.analysis.judging import JUDGED, judge
from perfeval.analysis.points import of_execution, share_points
from perfeval.analysis.scoring import score_rows, total
from perfeval.model import names, units
from perfeval.model.blocks import rank_of
from perfeval.model.history import MATCHED
from perfeval.model.results import DECLARED, Evaluation, RuleSet
from perfeval.model.schema import AMOUNTS, INDICATORS, UNDECIDED
from perfeval.model.values import normal, read

Record = Mapping[Any, Any]
_TARGET = ("indicator", "target", "unit", "direction")
_ACTUAL = ("actual", "unit", "declared_status")
_WEIGHT = ("goal_no", "goal", "category", "subcategory", "weight")
_WITH_ACTUAL = ("reading", "attainment", "attainment_why", "declared_status", "declared_met")
_BASED_ON_TEXT = "尾差"
"""In the reason of points: a last unit went to single rows, by their content."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the two years each thing is taken from: 0 the earlier, 1 the later."""

    targets: int
    actuals: int
    weights: int
    indicators: int
    execution: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two years."""

    year: int
    kept: list[Record]
    """The judged rows the other year has too, in the same order there."""
    only: list[Record]
    printed: bool
    """Whether any points are the document's own; every row then has those that came of them as its weight."""
    rate: Decimal | None
    execution: Decimal | None
    """Points of execution: what came of the printed ones, else what is printed."""
    others: pd.DataFrame
    """Parts beside execution and indicators, as the document prints them."""

    @property
    def weight(self) -> Decimal:
        """The weights of all its rows together."""
        return sum((Decimal(row["weight"]) for row in (*self.kept, *self.only)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two years ready to be mixed."""

    sides: tuple[Side, Side]
    ruleset: RuleSet
    mixed: dict[tuple[int, int], list[Record]]
    """By (year of the targets, year of the actuals): the kept rows, judged."""


def pair(before: Evaluation, after: Evaluation, matches: pd.DataFrame) -> Pair:
    """Two evaluations under one rule set with the ``History.matches`` between them."""
    held = matches[matches["kind"].isin(MATCHED)]
    places = list(zip(held["previous_row"].astype(int), held["row"].astype(int), strict=True))
    sides = (_side(before, [row for row, _ in places]), _side(after, [row for _, row in places]))
    mixed = {(targets, actuals): _mixed(sides, targets, actuals) for targets in (0, 1) for actuals in (0, 1)}
    return Pair(sides, before.ruleset, mixed)


def scores(found: Pair, choices: list[Choice]) -> list[Decimal]:
    """The total on the declared basis for each choice, by the project's own scoring.

    Points do not depend on the execution rate, and on targets and actuals only where a last unit goes to single rows,
    so they are shared out again only where they can differ.
    """
    tables: dict[Choice, tuple[pd.DataFrame, Any]] = {}
    shared: dict[tuple[int, int], Any] = {}
    totals = []
    for choice in choices:
        bare = replace(choice, execution=0)
        if bare not in tables:
            table = pd.DataFrame(_rows(found, choice))
            side = found.sides[choice.weights]
            points = shared.get((choice.weights, choice.indicators))
            if points is None or any(_BASED_ON_TEXT in why for why in points.why):
                points = share_points(table, found.ruleset, side.execution, side.others)
                shared[choice.weights, choice.indicators] = points
            tables[bare] = score_rows(table, points, found.ruleset, DECLARED), points
        rows, points = tables[bare]
        whole = total(rows, points, found.sides[choice.execution].rate, found.ruleset, DECLARED)
        totals.append(Decimal(str(whole.total)))
    return totals


def _side(result: Evaluation, kept: list[int]) -> Side:
    judged = result.indicators[list(dict.fromkeys((*INDICATORS.names, "row", *JUDGED, "reading")))]
    budget, blocks = result.execution.items, result.blocks
    points = share_points(judged, result.ruleset, of_execution(budget), blocks)
    if points.printed:
        judged = judged.assign(weight=pd.Series(points.each, index=judged.index, dtype=object))
    rows = {int(row["row"]): row for row in judged.to_dict("records")}
    exact = budget.assign(
        **{
            column: pd.Series(
                [None if pd.isna(value) else Decimal(str(value)) for value in budget[column]],
                index=budget.index,
                dtype=object,
            )
            for column in AMOUNTS
        }
    )
    return Side(
        year=result.year,
        kept=[rows[row] for row in kept],
        only=[row for number, row in rows.items() if number not in set(kept)],
        printed=points.printed,
        rate=exact_rate(exact),
        execution=points.execution if points.printed else of_execution(budget),
        others=blocks.loc[[at for at, block in blocks.iterrows() if rank_of(block.to_dict()) < 0]],
    )


def _rows(found: Pair, choice: Choice) -> list[dict[Any, Any]]:
    """The rows of a choice, weighted."""
    weighing, other = found.sides[choice.weights], found.sides[choice.indicators]
    kept = [
        {**row, **{name: own[name] for name in _WEIGHT}}
        for row, own in zip(found.mixed[choice.targets, choice.actuals], weighing.kept, strict=True)
    ]
    rows = [*kept, *(dict(row) for row in other.only)]
    if not weighing.printed:
        return [{**row, "weight": None} for row in rows]
    if choice.weights == choice.indicators:
        return rows
    return _scaled(rows, weighing)


def _scaled(rows: list[dict[Any, Any]], weighing: Side) -> list[dict[Any, Any]]:
    """Weights that add up to those of the weighing year though rows of the other are there: in proportion; a row
    without a printed weight counts as much as that year's mean row."""
    whole = weighing.weight
    mean = whole / (len(weighing.kept) + len(weighing.only))
    parts = [mean if pd.isna(row["weight"]) else Decimal(row["weight"]) for row in rows]
    given = sum(parts, Decimal(0))
    factor = whole / given if given else Decimal(0)
    return [{**row, "weight": part * factor} for row, part in zip(rows, parts, strict=True)]


def _mixed(sides: tuple[Side, Side], targets: int, actuals: int) -> list[Record]:
    """The kept rows with targets and actuals of these years, judged."""
    left, right = sides[targets].kept, sides[actuals].kept
    if targets == actuals:
        return left
    shift = sides[targets].year - sides[actuals].year
    pairs = list(zip(left, right, strict=True))
    mixed = [{**one, **_put(one, other, shift)} for one, other in pairs if _differ(one, other)]
    judged = iter(judge(pd.DataFrame(mixed)[[*INDICATORS.names, "row"]]).to_dict("records") if mixed else ())
    return [_best(one, other, next(judged) if _differ(one, other) else None) for one, other in pairs]


def _differ(target: Record, actual: Record) -> bool:
    """Whether both are other than in the other year: only then are they a pair of texts nobody has read yet."""
    return any(target[name] != actual[name] for name in _TARGET) and any(
        target[name] != actual[name] for name in _ACTUAL
    )


def _best(target: Record, actual: Record, both: Record | None) -> Record:
    """A row with one year's target and the other's actual; ``both`` is the two judged together.

    Where either is the same in both years, the row is simply the year's own. Where the two cannot be compared (a count
    beside a word), the share is that of the actual's own year: such a change counts as one of the actuals.
    """
    if all(target[name] == actual[name] for name in _ACTUAL):
        return target
    source = actual if both is None or both["reading"].status == UNDECIDED else both
    return {**target, "actual": actual["actual"], **{name: source[name] for name in _WITH_ACTUAL}}


def _put(target: Record, actual: Record, shift: int) -> dict[str, str]:
    """The actual's cells for a row with another year's target: in that year, and with its own unit written out."""
    value = read(actual["actual"], actual["unit"])
    text = str(actual["actual"])
    if value.kind == "date":
        text = normal(replace(value, start=_years(value.start, shift), end=_years(value.end, shift)))
    elif value.kind in ("number", "range") and value.unit and _unit(target) != _unit(actual):
        text = normal(value)
    return {"actual": text, "declared_met": str(actual["declared_met"])}


def _unit(row: Record) -> str:
    """The unit a bare number of the row has."""
    return str(row["unit"]) if units.column(row["unit"]) != units.Column() else names.unit_of(row["indicator"])


def _years(date: str, shift: int) -> str:
    """A date so many years later; one without a year stays."""
    return date if date.startswith("--") else f"{int(date[:4]) + shift}{date[4:]}"
