"""The indicator table of an office as it would be with some things of one year and the rest of the next.

Rows that both years have under one definition are kept; the others are only of the one year or only of the other (a
redefined indicator is both). A kept row takes its target with name, unit and direction from one year, its actual with
the printed status from one, its category, goal and weight from one. With everything of one year it is that year's row.

Where a change of the score comes from: targets, actuals, weights, the set of indicators, execution.

The score of the later year less that of the earlier is split by Shapley's value (L. S. Shapley, 1953): every
factor is turned from the earlier year's state to the later one's in every order of the five, and its part is the mean
of what the score moves at its turn. No order is privileged, a factor that did not change has no part, and the parts add
up to the whole change. The scores in between are those of counterfactual tables, scored by the
project's own rules with all its caps and roundings, so a row's rounding is in the part of the factor that caused it.

Five factors have 2⁵ = 32 states: per pair of years 4 judgings of the kept rows, 16 scorings of the table, and 4
sharings of points (16 where the rule set gives a last unit to single rows); some 100 ms for 40 indicators.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import factorial, nan
from typing import Any

import pandas as pd

from perfeval.analysis.allotment import Points, of_execution, share_points
from perfeval.analysis.execution import exact_rate
from perfeval.analysis.judging import JUDGED, judge
from perfeval.analysis.scoring import sum_scores, total_of
from perfeval.model import names, units
from perfeval.model.data import rank_of
from perfeval.model.history import DECOMPOSITION_TYPES, MATCHED, UNSETTLED, frame_of
from perfeval.model.results import DECLARED, Evaluation
from perfeval.model.rounding import half_up, plain
from perfeval.model.ruleset import RuleSet
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
    earned: dict[Choice, tuple[Decimal, Points]] = {}
    shared: dict[tuple[int, int], Points] = {}
    totals = []
    for choice in choices:
        bare = replace(choice, execution=0)
        if bare not in earned:
            rows = _rows(found, choice)
            side = found.sides[choice.weights]
            points = shared.get((choice.weights, choice.indicators))
            if points is None or any(_BASED_ON_TEXT in why for why in points.why):
                points = share_points(pd.DataFrame(rows), found.ruleset, side.execution, side.others)
                shared[choice.weights, choice.indicators] = points
            earned[bare] = sum_scores(rows, points, found.ruleset, DECLARED), points
        whole = total_of(*earned[bare], found.sides[choice.execution].rate, found.ruleset, DECLARED)
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


FACTORS = ("targets", "actuals", "weights", "indicators", "execution")


def decomposition(evaluations: Mapping[int, Evaluation], matches: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of neighbouring years on file (``History.decomposition``), in points.

    before and after are the totals on the declared basis; targets (with names, units, directions), actuals (with
    printed statuses), weights (with categories and goals, on which points depend), indicators (new, dropped and
    redefined ones) and execution (the rate) are rounded half up to the decimals of a total. ``other`` is what that
    rounding leaves over, at most half a unit per part (0.02 points in all for two decimals), so that the six add up to
    after − before to the last decimal. Where two totals cannot be compared the parts are NaN and ``why`` says so.
    """
    rows = []
    for previous, year in pairwise(sorted(evaluations)):
        between = matches[matches["year"].eq(year) & matches["previous_year"].eq(previous)]
        rows.append(_row(evaluations[previous], evaluations[year], between))
    return frame_of(DECOMPOSITION_TYPES, rows)


def shapley(values: Sequence[Decimal]) -> list[Fraction]:
    """Each factor's part of ``values[-1] − values[0]``, exact.

    ``values`` are by state, the state's number having bit i set where factor i has turned; 2ⁿ of them for n factors.
    """
    n = (len(values) - 1).bit_length()
    exact = [Fraction(value) for value in values]
    parts = []
    for factor in range(n):
        part = Fraction(0)
        for state in range(len(values)):
            if not state >> factor & 1:
                turned = state.bit_count()
                orders = Fraction(factorial(turned) * factorial(n - turned - 1), factorial(n))
                part += orders * (exact[state | 1 << factor] - exact[state])
        parts.append(part)
    return parts


def _row(before: Evaluation, after: Evaluation, matches: pd.DataFrame) -> tuple[object, ...]:
    head = (after.year, before.year, *(nan if one.score is None else one.score for one in (before, after)))
    nothing = (nan,) * (len(FACTORS) + 1)
    why = _incomparable(before, after)
    if why:
        return (*head, *nothing, why)
    states = [Choice(*state[::-1]) for state in product((0, 1), repeat=len(FACTORS))]
    values = scores(pair(before, after, matches), states)
    first, last = (Decimal(str(one.scores[DECLARED].known)) for one in (before, after))
    if (values[0], values[-1]) != (first, last):
        return (*head, *nothing, f"按各年指标表重新计分为{values[0]}分和{values[-1]}分，与所给得分不一致，不能分解")
    places = before.ruleset.total_places
    parts = [half_up(Decimal(part.numerator) / Decimal(part.denominator), places) for part in shapley(values)]
    rest = last - first - sum(parts, Decimal(0))
    return (*head, *(float(part) for part in parts), float(rest), _note(before, after, matches))


def _incomparable(before: Evaluation, after: Evaluation) -> str:
    """Why two totals have no difference that means anything; empty where they have."""
    if before.ruleset != after.ruleset:
        return f"两年的计分规则不同（{before.ruleset.title}；{after.ruleset.title}），得分不可比"
    without = [f"{one.year}年{why}" for one in (before, after) if (why := one.beside_no_other)]
    return f"{'；'.join(without)}，没有可比的得分" if without else ""


def _note(before: Evaluation, after: Evaluation, matches: pd.DataFrame) -> str:
    """What else a reader must know of a change that is split."""
    told = []
    if after.year - before.year > 1:
        told.append(f"{before.year}年与{after.year}年之间没有数据，是跨年度的变化")
    for one in (before, after):
        score = one.scores[DECLARED]
        if score.undecided:
            most = plain(Decimal(str(score.most)))
            told.append(f"{one.year}年有指标无法判定，按不得分计，都完成的话最多{most}分，变化随之不同")
    if before.execution.basis != after.execution.basis:
        bases = [f"{one.year}年的执行率{one.execution.basis}" for one in (before, after) if one.execution.basis]
        told.append(f"{'、'.join(bases)}，两年不是同一口径")
    unsettled = int((matches["kind"].eq(UNSETTLED) & matches["row"].notna()).sum())
    if unsettled:
        told.append(f"{unsettled}项指标是否与上年同一待判定，计入指标增减")
    return "；".join(told)
