"""P: weights, scores and totals."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from perfeval.analysis.findings.actuals import WORST, shown
from perfeval.analysis.findings.context import Context, Hit, Row, blank, listed, quoted
from perfeval.analysis.findings.deviations import FAR_ABOVE
from perfeval.analysis.findings.registry import check
from perfeval.model.reading import NAME
from perfeval.model.results import DECLARED
from perfeval.model.schema import DEADLINE, MET, MISSED, PARTLY, REVERSE

FULL = Decimal(100)
WITHOUT_EXECUTION = (Decimal(100), Decimal(90), Decimal(80))
"""Sums of indicator weights that leave 0, 10 or 20 points to execution (财预〔2020〕10号; Hubei: 20)."""
MOST_AT_ONCE = Decimal(150)
"""Weights beyond which a document with several goals has one form, and 100 points, for each."""
OFF_POINTS, OFF_SHARE = Decimal("0.1"), Decimal("0.05")
"""A score may differ from its formula by this many points or this share of the weight, whichever is more."""
BAND = Decimal("0.8")
"""Share of the points from which on a qualitative row counts as met (财预〔2020〕10号: 100—80 %)."""
OFF_TOTAL = Decimal("0.05")
"""A total may differ from its sum by less than this: rounding of one decimal."""
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
    if not context.rows or any(row.weight is None for row in context.rows):
        return
    wrong = _weighed(context.rows, _of_execution(context, "weight"))
    if not wrong:
        return
    if len(context.goals) > 1 and sum((row.weight or Decimal(0) for row in context.rows), Decimal(0)) > MOST_AT_ONCE:
        for goal in context.goals:
            own = _weighed(goal.rows, _of_execution(context, "weight", goal.number))
            if own:
                yield Hit(f"{goal.label}：{own}", (), goal)
    else:
        yield Hit(wrong, where="指标表")


def _weighed(rows: tuple[Row, ...], execution: Decimal | None) -> str:
    """What is wrong with the sum of some rows' weights; empty where nothing is."""
    total = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
    if execution is None:
        return "" if total in WITHOUT_EXECUTION else f"{len(rows)}项指标分值合计{_plain(total)}分，应为100、90或80分"
    if total + execution == FULL:
        return ""
    return f"指标分值{_plain(total)}分＋预算执行{_plain(execution)}分＝{_plain(total + execution)}分，应为100分"


@check("P02")
def total_is_not_the_sum(context: Context) -> Iterator[Hit]:
    """The printed total is not the sum of its parts."""
    printed = context.result.narrative.declared_score
    scores = [row.declared_score for row in context.rows if row.declared_score is not None]
    if printed is None or not scores or len(scores) < len(context.rows):
        return
    rows, execution = sum(scores, Decimal(0)), _of_execution(context, "declared_score")
    if execution is not None:
        if abs(rows + execution - printed) > OFF_TOTAL:
            left_out = "，漏加预算执行得分" if abs(rows - printed) <= OFF_TOTAL else ""
            fact = (
                f"指标得分{_plain(rows)}分＋预算执行{_plain(execution)}分＝{_plain(rows + execution)}分，"
                f"申报总分{_plain(printed)}分{left_out}"
            )
            yield Hit(fact, where="申报总分")
        return
    weights = [row.weight for row in context.rows if row.weight is not None]
    room = FULL - sum(weights, Decimal(0)) if len(weights) == len(context.rows) else Decimal(20)
    rest = printed - rows
    if rest < -OFF_TOTAL or rest > max(room, Decimal(0)) + OFF_TOTAL:
        fact = f"各项得分合计{_plain(rows)}分，申报总分{_plain(printed)}分，相差{_plain(rest)}分"
        fact += f"，预算执行最多{_plain(room)}分" if rest > 0 else "，已超过申报总分"
        yield Hit(fact, where="申报总分")


@check("P03")
def unlike_the_formula(context: Context) -> Iterator[Hit]:
    """A missed row's score is not weight × attainment, by any formula in use."""
    if _converted(context):
        return
    for row in context.rows:
        if row.weight is None or row.declared_score is None or not row.weight or row.computed not in (MISSED, PARTLY):
            continue
        if row.declared_score >= row.weight or row.attainment is None or row.reading.direction == DEADLINE:
            continue
        shares = _shares(row)
        allowed = max(OFF_POINTS, row.weight * OFF_SHARE)
        if all(abs(row.declared_score - row.weight * share) > allowed for share in shares):
            share = shares[0]
            due = row.weight * share
            fact = (
                f"目标{row.target}，完成{row.actual}，完成率{share:.2%}；{_plain(row.weight)}×{share:.2%}＝{due:.2f}分，"
                f"自评{_plain(row.declared_score)}分"
            )
            yield Hit(fact, (row,))


@check("P04")
def full_marks_though_missed(context: Context) -> Iterator[Hit]:
    """Missed, and full marks."""
    for row in context.rows:
        if row.computed in (MISSED, PARTLY) and row.weight and row.declared_score == row.weight:
            fact = f"{row.reading.why}，{row.computed}；分值{_plain(row.weight)}分，自评{_plain(row.declared_score)}分"
            yield Hit(fact, (row,))
        elif row.unfinished and not row.missed and row.weight and row.declared_score == row.weight:
            points = _plain(row.weight)
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
            points = f"分值{_plain(row.weight)}分，自评{_plain(row.declared_score)}分"
            yield Hit(f"目标{row.target}，完成{row.actual}，已完成；{points}", (row,))


@check("P06")
def more_than_there_is(context: Context) -> Iterator[Hit]:
    """More points than there are."""
    for row in context.rows:
        if row.weight is not None and row.declared_score is not None and row.declared_score > row.weight:
            yield Hit(f"分值{_plain(row.weight)}分，自评{_plain(row.declared_score)}分", (row,))


@check("P07")
def ahead_of_the_money(context: Context) -> Iterator[Hit]:
    """Indicators score far better than money was spent."""
    rate = context.result.execution.rate
    share, how = _indicator_share(context)
    if rate is None or not share:
        return
    gap = (share - rate) / share
    if rate < 1 and gap - ALARM > EPSILON:
        fact = f"指标得分率{share:.1%}（{how}），预算执行率{rate:.1%}，高出自身的{gap:.1%}"
        yield Hit(fact, where="得分与资金")


@check("P08")
def cannot_be_reproduced(context: Context) -> Iterator[Hit]:
    """No preset gives the printed total."""
    alternatives = context.result.alternatives
    printed = context.result.narrative.declared_score
    if printed is None or any(row.declared_score is not None for row in context.rows) or alternatives.empty:
        return
    if not any(bool(same) for same in alternatives["reproduces"]):
        totals = alternatives[["title", "declared"]].itertuples(index=False)
        shown = "、".join(f"{title.partition('（')[0]}{total:.2f}分" for title, total in totals)
        yield Hit(f"申报{_plain(printed)}分；复算：{shown}", where="申报总分")


@check("P09")
def only_a_total(context: Context) -> Iterator[Hit]:
    """A total without weights and scores."""
    printed = context.result.narrative.declared_score
    if (
        printed is not None
        and context.rows
        and all(row.weight is None and row.declared_score is None for row in context.rows)
    ):
        yield Hit(f"申报总分{_plain(printed)}分，{len(context.rows)}项指标都没有分值和得分", where="申报总分")


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
    due = next((name for name, lowest in GRADES if printed >= lowest), GRADES[-1][0])
    if due != grade:
        yield Hit(
            f"申报总分{_plain(printed)}分，按90、80、60分档应为{quoted(due)}，申报为{quoted(told.declared_grade)}",
            where="申报总分",
        )


@check("P20")
def weight_typed_as_score(context: Context) -> Iterator[Hit]:
    """Scores that are the weight's own share of the weight: the weight was typed where a score out of 100 belongs."""
    rows = _converted(context)
    if rows:
        pairs = [(_plain(row.weight or FULL), _plain(row.declared_score or Decimal(0))) for row in rows]
        shown_rows = listed(
            f"第{row.row}行{weight}×{weight}%＝{score}分" for row, (weight, score) in zip(rows, pairs, strict=True)
        )
        total = sum((row.declared_score or Decimal(0) for row in rows), Decimal(0))
        due = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
        fact = (
            f"{len(rows)}项指标的得分都等于分值×分值%（{shown_rows}），合计{_plain(total)}分，分值合计{_plain(due)}分"
        )
        yield Hit(fact, where="指标表")


@check("P21")
def copied_numbers(context: Context) -> Iterator[Hit]:
    """One number as target, as actual and as weight."""
    same = [row for row in context.rows if _one_number(row)]
    bare = [row for row in same if not (row.reading.target.unit or row.reading.actual.unit)]
    for row in same if len(same) >= LEAST_COPIED else bare:
        weight = _plain(row.weight or FULL)
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
    places = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
    return due.quantize(min(places, Decimal(1)), rounding=ROUND_HALF_UP) == row.declared_score


def _of_execution(context: Context, column: str, goal_no: int | None = None) -> Decimal | None:
    """The points of the execution row in the budget table, of a goal or of all; None where the document prints none."""
    items = context.result.execution.items
    if column not in items.columns:
        return None
    items = items if goal_no is None else items[items["goal_no"].eq(goal_no).fillna(False)]
    given = [value for value in items[column] if value is not None and not pd.isna(value)]
    return sum((Decimal(str(value)) for value in given), Decimal(0)) if given else None


def _indicator_share(context: Context) -> tuple[float, str]:
    """Points earned by the indicators over their points: as declared, else as recomputed."""
    scored = [row for row in context.rows if row.weight and row.declared_score is not None]
    if scored and len(scored) == len(context.rows):
        earned = sum((row.declared_score for row in scored if row.declared_score is not None), Decimal(0))
        weights = sum((row.weight for row in scored if row.weight is not None), Decimal(0))
        return float(earned / weights), f"自评{_plain(earned)}分÷{_plain(weights)}分"
    frame = context.result.indicators
    points = float(frame["points"].sum())
    earned_points = context.result.scores[DECLARED].indicators
    return (earned_points / points if points else 0.0), f"按申报口径复算{earned_points:.2f}分÷{points:.2f}分"


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


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
