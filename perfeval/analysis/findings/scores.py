"""P: weights, scores and totals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.findings.actuals import WORST, shown
from perfeval.analysis.findings.context import Context, Hit, Row, blank, listed, quoted
from perfeval.analysis.findings.deviations import FAR_ABOVE
from perfeval.analysis.findings.money import place
from perfeval.analysis.findings.registry import check
from perfeval.model.reading import NAME
from perfeval.model.results import AGREES, DECLARED, DIFFERS, OF_FULL, OF_TOTAL, OF_WEIGHTS, UNCHECKED
from perfeval.model.rounding import half_up, per_cent, percent, plain, points
from perfeval.model.schema import DEADLINE, MET, MISSED, PARTLY, REVERSE

FULL = Decimal(100)
OFF_POINTS, OFF_SHARE = Decimal("0.1"), Decimal("0.05")
"""A score may differ from its formula by this many points or this share of the weight, whichever is more."""
BY_BANDS = 0.7
"""Confidence that execution is scored by its rate: some places have bands."""
BAND = Decimal("0.8")
"""Share of the points from which on a qualitative row counts as met (财预〔2020〕10号: 100—80 %)."""
LIMITS = {PARTLY: BAND, MISSED: Decimal("0.6")}
"""Share of the points that a qualitative row stays below (财预〔2020〕10号: 80—60 %, 60—0 %, without the upper end)."""
ALARM = 0.05
"""The national module's alarm: (S/90 − E/10) ÷ (S/90) above this."""
LEAST_CONVERTED = 2
"""How many rows must be scored so before a slip is seen in it."""
LEAST_COPIED = 2
"""In how many rows units may stand beside numbers that are all one: once it may be chance."""
EPSILON = 1e-9
"""What floats may be off: 5 % is not above 5 %."""
LEAST_FULL = 10
"""How many rows must all have full marks before it is said."""
GRADES = (("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0)))
"""财预〔2020〕10号."""


@check("P01")
def weights_do_not_add_up(context: Context) -> Iterator[Hit]:
    """Weights that do not leave a whole of 100, over all or, where each goal has 100 of its own, by goal."""
    for account in context.result.account(OF_WEIGHTS):
        if account.state != AGREES:
            goal = next((one for one in context.goals if (one.number, one.name) == account.goal), None)
            yield Hit(account.sentence, (), goal, "" if goal else "指标表")


@check("P02")
def total_is_not_the_sum(context: Context) -> Iterator[Hit]:
    """No account gives the printed total, or it leaves out a score that is printed."""
    for account in context.result.account(OF_TOTAL):
        if account.state == DIFFERS or account.omits:
            yield Hit(account.sentence, where=OF_TOTAL)


@check("P03")
def unlike_the_formula(context: Context) -> Iterator[Hit]:
    """A missed row's score is not weight × attainment, by any formula in use; nor that of execution weight × rate."""
    if _converted(context):
        return
    for item, weight, score in _of_money(context):
        shares = _rates(context, item)
        if score <= weight and shares and _off(score, weight, shares):
            formula = f"{plain(weight)}×{_share(shares[0], 2)}＝{points(weight * shares[0])}分"
            yield Hit(f"预算执行：{formula}，自评{plain(score)}分", where=place(item), confidence=BY_BANDS)
    for row in context.rows:
        if row.weight is None or row.declared_score is None or not row.weight or row.computed not in (MISSED, PARTLY):
            continue
        limit = LIMITS[row.computed]
        if row.attainment is None and row.reading.level and row.weight * limit <= row.declared_score < row.weight:
            most = f"分值的{percent(limit)}（{plain(row.weight * limit)}分）"
            fact = f"目标{row.target}，完成{row.actual}，{row.computed}的定性指标得分应低于{most}，"
            yield Hit(f"{fact}自评{plain(row.declared_score)}分", (row,))
        if row.declared_score >= row.weight or not _short_of_it(row) or row.reading.direction == DEADLINE:
            continue
        shares = _shares(row)
        if _off(row.declared_score, row.weight, shares):
            share = shares[0]
            due = row.weight * share
            fact = (
                f"目标{row.target}，完成{row.actual}，完成率{_share(share, 2)}；"
                f"{plain(row.weight)}×{_share(share, 2)}＝{points(due)}分，"
                f"自评{plain(row.declared_score)}分"
            )
            yield Hit(fact, (row,))


@check("P04")
def full_marks_though_missed(context: Context) -> Iterator[Hit]:
    """Missed, and full marks."""
    for row in context.rows:
        if not row.weight or row.declared_score != row.weight:
            continue
        if row.computed in (MISSED, PARTLY) and (row.attainment is None or _short_of_it(row)):
            fact = f"{row.reading.why}，{row.computed}；分值{plain(row.weight)}分，自评{plain(row.declared_score)}分"
            yield Hit(fact, (row,))
        elif row.unfinished and not row.missed:
            points = plain(row.weight)
            fact = f"没有完成值，原因栏写{quoted(shown(row.reason))}；分值{points}分，自评也是{points}分"
            yield Hit(fact, (row,))


@check("P05")
def shaved_though_met(context: Context) -> Iterator[Hit]:
    """Met, and fewer points than there are, without a reason."""
    if _converted(context):
        return  # P20 says it of all of them
    for row in context.rows:
        if row.computed != MET or row.weight is None or row.declared_score is None:
            continue
        far = row.attainment is not None and row.attainment >= FAR_ABOVE  # may be shaved for a low target
        full = row.weight if row.attainment is not None else row.weight * BAND  # words leave a band
        if row.declared_score < full and blank(row.reason) and not far and not _worst(row):
            points = f"分值{plain(row.weight)}分，自评{plain(row.declared_score)}分"
            yield Hit(f"目标{row.target}，完成{row.actual}，已完成；{points}", (row,))


@check("P06")
def more_than_there_is(context: Context) -> Iterator[Hit]:
    """More points than there are."""
    for item, weight, score in _of_money(context):
        if score > weight:
            yield Hit(f"预算执行：分值{plain(weight)}分，自评{plain(score)}分", where=place(item))
    for row in context.rows:
        if row.weight is not None and row.declared_score is not None and row.declared_score > row.weight:
            yield Hit(f"分值{plain(row.weight)}分，自评{plain(row.declared_score)}分", (row,))


@check("P07")
def ahead_of_the_money(context: Context) -> Iterator[Hit]:
    """Indicators score far better than money was spent."""
    rate = context.result.execution.rate
    share, how = _indicator_share(context)
    if rate is None or not share:
        return
    gap = (share - rate) / share
    if rate < 1 and gap - ALARM > EPSILON:
        fact = f"指标得分率{_share(share)}（{how}），预算执行率{_share(rate)}，高出自身的{_share(gap)}"
        yield Hit(fact, where="得分与资金")


@check("P08")
def cannot_be_reproduced(context: Context) -> Iterator[Hit]:
    """Nobody can add up the printed total, and no preset gives it."""
    alternatives = context.result.alternatives.dropna(subset="declared")  # without a total nothing is reproduced
    if any(row.declared_score is not None for row in context.rows) or alternatives.empty:
        return
    if not alternatives["reproduces"].eq(False).all():
        return
    totals = alternatives[["title", "declared"]].itertuples(index=False)
    shown = "、".join(f"{title.partition('（')[0]}得{points(total)}分" for title, total in totals)
    for account in context.result.account(OF_TOTAL):
        if account.state != AGREES:
            yield Hit(f"{account.sentence}；所列规则都不能得出这一分数：{shown}", where=OF_TOTAL)


@check("P09")
def only_a_total(context: Context) -> Iterator[Hit]:
    """A total without weights and scores."""
    if not context.rows or any(row.weight is not None or row.declared_score is not None for row in context.rows):
        return
    for account in context.result.account(OF_TOTAL):
        if account.state == UNCHECKED:
            yield Hit(account.sentence, where=OF_TOTAL)


@check("P10")
def all_full_marks(context: Context) -> Iterator[Hit]:
    """Full marks everywhere."""
    scored = [row for row in context.rows if row.weight and row.declared_score is not None]
    if len(scored) >= LEAST_FULL and all(row.declared_score == row.weight for row in scored):
        yield Hit(f"{len(scored)}项指标的得分全部等于分值", where="指标表")


@check("P11")
def other_grade(context: Context) -> Iterator[Hit]:
    """The grade is not that of the total."""
    told = context.result.narrative
    grade, printed = told.declared_grade.strip()[:1], told.declared_score
    if printed is None or grade not in [name for name, _ in GRADES]:
        return
    possible = Decimal(str(context.result.scores[DECLARED].possible)) or FULL
    shares = (printed, printed * FULL / possible)
    due = dict.fromkeys(next((name for name, lowest in GRADES if one >= lowest), GRADES[-1][0]) for one in shares)
    if grade not in due:
        wanted = "或".join(map(quoted, due)) + "（按得分率）" * (len(due) > 1)
        yield Hit(
            f"自评得分{plain(printed)}分，按90、80、60分档应为{wanted}，申报为{quoted(told.declared_grade)}",
            where="自评得分",
        )


@check("P13")
def more_than_can_be_had(context: Context) -> Iterator[Hit]:
    """A total beyond what can be had."""
    for account in context.result.account(OF_FULL):
        yield Hit(account.sentence, where=OF_TOTAL)


@check("P20")
def weight_typed_as_score(context: Context) -> Iterator[Hit]:
    """Scores that are the weight's own share of the weight: the weight was typed where a score out of 100 belongs."""
    rows = _converted(context)
    if rows:
        pairs = [(plain(row.weight or FULL), plain(row.declared_score or Decimal(0))) for row in rows]
        shown_rows = listed(
            f"第{row.row}行{weight}×{weight}%＝{score}分" for row, (weight, score) in zip(rows, pairs, strict=True)
        )
        total = sum((row.declared_score or Decimal(0) for row in rows), Decimal(0))
        due = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
        fact = f"{len(rows)}项指标的得分都等于分值×分值%（{shown_rows}），合计{plain(total)}分，分值合计{plain(due)}分"
        yield Hit(fact, where="指标表")


@check("P21")
def copied_numbers(context: Context) -> Iterator[Hit]:
    """One number as target, as actual and as weight."""
    same = [row for row in context.rows if _one_number(row)]
    bare = [row for row in same if not (row.reading.target.unit or row.reading.actual.unit)]
    for row in same if len(same) >= LEAST_COPIED else bare:
        weight = plain(row.weight or FULL)
        yield Hit(f"目标值{quoted(row.target)}、完成值{quoted(row.actual)}和分值{weight}是同一个数", (row,))


def _one_number(row: Row) -> bool:
    """Whether target, actual and weight hold the same number, above 1."""
    values = (row.reading.target, row.reading.actual)
    numbers = all(value.kind == "number" and not value.operator and value.low == row.weight for value in values)
    return numbers and row.weight is not None and row.weight > 1 and row.reading.target_from != NAME


def _converted(context: Context) -> tuple[Row, ...]:
    """The rows whose score is weight² ÷ 100, where all are so; empty where one is not."""
    rows = [row for row in context.rows if row.weight and row.declared_score is not None]
    alike = [row for row in rows if _is_converted(row)]
    telling = [row for row in alike if row.weight != FULL]
    return tuple(alike) if len(telling) >= LEAST_CONVERTED and len(alike) == len(rows) else ()


def _is_converted(row: Row) -> bool:
    """Whether the score is the weight taken as a score out of 100, at the places it is printed with."""
    if row.weight is None or row.declared_score is None:
        return False
    exponent = row.declared_score.as_tuple().exponent
    due = row.weight * row.weight / FULL
    return half_up(due, max(0, -int(exponent))) == row.declared_score


def _indicator_share(context: Context) -> tuple[float, str]:
    """Points earned by the indicators over their points: as declared, else as recomputed."""
    scored = [row for row in context.rows if row.weight and row.declared_score is not None]
    if scored and len(scored) == len(context.rows):
        earned = sum((row.declared_score for row in scored if row.declared_score is not None), Decimal(0))
        weights = sum((row.weight for row in scored if row.weight is not None), Decimal(0))
        return float(earned / weights), f"自评{plain(earned)}分÷{plain(weights)}分"
    frame = context.result.indicators
    whole = float(frame["points"].sum())
    earned_points = context.result.scores[DECLARED].indicators or 0.0
    return (earned_points / whole if whole else 0.0), f"按申报口径复算{points(earned_points)}分÷{points(whole)}分"


def _of_money(context: Context) -> Iterator[tuple[dict[Any, Any], Decimal, Decimal]]:
    """The budget items that print points and a score of execution, with these."""
    for item in context.items:
        weight, score = (item.get(name) for name in ("weight", "declared_score"))
        if pd.notna(weight) and pd.notna(score) and weight > 0:
            yield item, Decimal(str(weight)), Decimal(str(score))


def _rates(context: Context, item: dict[Any, Any]) -> list[Decimal]:
    """The shares that the score of execution may be by: of the item or of the whole, of either budget."""
    own = [item["rate"], item["rate_opening"]]
    whole = next((one for one in context.items if one["role"] == "total"), item)
    rates = [*own, context.result.execution.rate, whole["rate_opening"]]
    return [min(Decimal(str(rate)), Decimal(1)) for rate in rates if pd.notna(rate)]


def _off(score: Decimal, weight: Decimal, shares: list[Decimal]) -> bool:
    """Whether a score is by none of these shares of the points."""
    allowed = max(OFF_POINTS, weight * OFF_SHARE)
    return all(abs(score - weight * share) > allowed for share in shares)


def _short_of_it(row: Row) -> bool:
    """Whether formulas give a missed row less than all: 25场 is not ＞25场, but B/A is 1 (the national module: B≥A)."""
    return row.attainment is not None and row.attainment < 1


def _shares(row: Row) -> list[Decimal]:
    """The shares of the points that formulas in use give: B/A, or A/B and linear to twice the target."""
    shares = [min(max(Decimal(str(row.attainment)), Decimal(0)), Decimal(1))]
    a, b = row.reading.a, row.reading.b
    if row.reading.direction == REVERSE and a and b is not None:
        shares.append(min(max(2 - b / a, Decimal(0)), Decimal(1)))
    return shares


def _worst(row: Row) -> bool:
    """An adverse rate at its worst: shaving points there is right."""
    value = row.reading.actual
    return row.adverse and value.unit == "%" and value.low is not None and value.low >= WORST


def _share(value: Any, places: int = 1) -> str:
    """A share as every page has it: 89.96 % is not the 90.0 % that it does not reach."""
    return f"{per_cent(Decimal(str(value)), places)}%"
