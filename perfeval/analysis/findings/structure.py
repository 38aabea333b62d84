"""S: whether the indicators, goals and categories make a whole."""

import re
from collections.abc import Iterator

from perfeval.analysis.findings.consistency import copied_goals
from perfeval.analysis.findings.context import Context, Hit, Row, bare_name, ends, holds, listed, pairs, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.findings.targets import asks
from perfeval.model import names
from perfeval.model.folding import fold
from perfeval.model.schema import BENEFIT, COST, DEADLINE, OUTPUT, SATISFACTION

LEAST_HEAPED, HEAPED = 10, 0.9
"""How many percentages there must be, and which share of them 100, to say that they heap."""
FUND_NAMED = 0.5
"""Share of goals named after money from which on it is said."""
UNMAPPED = 0.5
"""Share of key tasks without a counterpart from which on it is said."""
GENERAL = frozenset(["工作", "建设", "基层", "街道", "社区", "活动"])
"""Pairs of characters that are in so many names that they connect nothing."""
_NAMES = words()["names"]
_AMOUNT_ONLY = re.compile(r"[¥]?[0-9][0-9,.]*(?:万元|元|亿元|万)?")


@check("S01")
def lone_indicator(context: Context) -> Iterator[Hit]:
    """A goal with one indicator beside other goals."""
    if len(context.goals) > 1:
        for goal in context.goals:
            if len(goal.rows) == 1:
                (row,) = goal.rows
                yield Hit(f"{goal.label}只有{quoted(row.indicator)}（{row.category}）一项指标", goal.rows, goal)


@check("S02")
def no_output_or_benefit(context: Context) -> Iterator[Hit]:
    """A goal without outputs, or without benefits; said once where the whole document has none."""
    if not context.classified:
        return
    absent = [category for category in (OUTPUT, BENEFIT) if not _count(context, category)]
    if absent and context.rows:
        yield _of_all(context, "、".join(absent))
    for goal in context.goals:
        missing = [category for category in (OUTPUT, BENEFIT) if category not in absent and not goal.count(category)]
        if missing:
            yield Hit(
                f"{goal.label}共{len(goal.rows)}项指标（{_mix(goal.rows)}），没有{'、'.join(missing)}指标", (), goal
            )


@check("S03")
def no_satisfaction(context: Context) -> Iterator[Hit]:
    """A goal without satisfaction; said once where the whole document has none."""
    if not context.classified:
        return
    if context.rows and not _count(context, SATISFACTION):
        yield _of_all(context, SATISFACTION)
        return
    for goal in context.goals:
        if not goal.count(SATISFACTION):
            yield Hit(f"{goal.label}共{len(goal.rows)}项指标（{_mix(goal.rows)}），没有满意度指标", (), goal)


@check("S04")
def no_cost_no_timeliness(context: Context) -> Iterator[Hit]:
    """Neither cost nor timeliness in the whole document."""
    if context.rows and not any(_cost(row) or _timely(row) for row in context.rows):
        yield Hit(f"{len(context.rows)}项指标中没有成本指标，也没有时效指标", where="指标表")


@check("S05")
def no_subcategories(context: Context) -> Iterator[Hit]:
    """No level-2 types in the whole document."""
    if context.classified and not any(row.subcategory for row in context.rows):
        empty = "的二级指标栏全部为空" if context.has("indicators", "subcategory") else "都没有二级指标"
        yield Hit(f"{len(context.rows)}项指标{empty}", where="指标表")


@check("S06")
def satisfaction_misfiled(context: Context) -> Iterator[Hit]:
    """Satisfaction filed elsewhere, or something else filed as satisfaction."""
    if not context.classified:
        return
    for row in context.rows:
        if row.category == SATISFACTION and not holds(row.indicator, _NAMES["satisfaction"]):
            yield Hit(f"{quoted(row.indicator)}不是满意度，归入了满意度", (row,))
        elif row.category != SATISFACTION and asks(row) and "满意度" not in row.subcategory:
            yield Hit(f"{quoted(row.indicator)}是满意度，归入了{row.category}", (row,))


@check("S07")
def output_or_benefit(context: Context) -> Iterator[Hit]:
    """Results filed as outputs, or things done filed as benefits; by their words alone."""
    if not context.classified:
        return
    copied = {row.row for goal, _ in copied_goals(context) for row in goal.rows}
    for row in context.rows:
        if row.row in copied:
            continue  # C08 says that the whole goal is wrong
        outcome, work = holds(row.indicator, _NAMES["outcomes"]), holds(row.indicator, _NAMES["work"])
        output, effect = holds(row.indicator, _NAMES["outputs"]), holds(row.indicator, _NAMES["effects"])
        if row.category == OUTPUT and outcome and not work:
            yield Hit(f"{quoted(row.indicator)}（含{quoted(outcome)}）说的是社会结果，归入了产出", (row,))
        elif row.category == BENEFIT and output and not effect:
            yield Hit(f"{quoted(row.indicator)}（含{quoted(output)}）说的是所做的事，归入了效益", (row,))


@check("S08")
def payment_as_quantity(context: Context) -> Iterator[Hit]:
    """A payment as quantity."""
    for row in context.rows:
        target = row.reading.target
        money = target.kind in ("number", "range") and target.unit == "元"
        quantity = row.category == OUTPUT and (row.subcategory == "" or row.subcategory.startswith("数量"))
        paid = ends(row.indicator, _NAMES["payments"])
        if money and quantity and paid and not (names.is_rate(row.indicator) or names.income(row.indicator)):
            yield Hit(f"{quoted(row.indicator)}是付款，目标{row.target}是金额，归入了产出数量", (row,))


@check("S09")
def goals_named_after_money(context: Context) -> Iterator[Hit]:
    """Most goals are named after money or people."""
    named = [goal for goal in context.goals if goal.name]
    funds = [goal for goal in named if ends(goal.name, _NAMES["funds"])]
    people = [goal for goal in named if goal not in funds and ends(goal.name, _NAMES["people"])]
    found = [*funds, *people]
    if len(named) > 1 and len(found) / len(named) > FUND_NAMED:
        fact = f"{len(named)}个目标中{len(funds)}个以资金命名"
        fact += f"、{len(people)}个只是一类人员（{listed(goal.label for goal in people)}）" if people else ""
        fact += f"：{listed(goal.label for goal in funds)}"
        yield Hit(fact, where="年度目标")


@check("S10")
def tasks_without_goals(context: Context) -> Iterator[Hit]:
    """Most key tasks share no word with any goal or indicator."""
    tasks = context.result.narrative.key_tasks
    known = frozenset().union(*(pairs(row.indicator) | pairs(row.goal) for row in context.rows)) - GENERAL
    lost = [task for task in tasks if not (pairs(task) & known)]
    if tasks and known and len(lost) / len(tasks) > UNMAPPED:
        named = listed(f"{quoted(task)}" for task in lost)
        yield Hit(
            f"{len(tasks)}项重点工作中{len(lost)}项在目标和指标名称里找不到相同的词（不计“工作”“建设”“基层”等通用的词）：{named}",
            where="文字部分 · 重点工作",
        )


@check("S11")
def goal_is_an_amount(context: Context) -> Iterator[Hit]:
    """A goal that is only an amount."""
    for goal in context.goals:
        if goal.name and _AMOUNT_ONLY.fullmatch(fold(goal.name)):
            yield Hit(f"年度目标一栏是{quoted(goal.name)}", (), goal)


@check("S12")
def heaped(context: Context) -> Iterator[Hit]:
    """Nearly all percentages are exactly 100."""
    shares = [row for row in context.rows if row.reading.actual.kind == "number" and row.reading.actual.unit == "%"]
    full = [row for row in shares if row.reading.actual.low == 100]  # noqa: PLR2004  # per cent
    if len(shares) >= LEAST_HEAPED and len(full) / len(shares) >= HEAPED:
        yield Hit(f"以百分比填报的{len(shares)}项中，{len(full)}项恰为100%", where="指标表")


def _count(context: Context, category: str) -> int:
    """How many rows of the document are of a category."""
    return sum(row.category == category for row in context.rows)


def _of_all(context: Context, missing: str) -> Hit:
    """A category that the whole document has no indicator of; of a document with one goal, the goal's."""
    goal = context.goals[0] if len(context.goals) == 1 else None
    goals = f"{len(context.goals)}个目标" if goal is None else goal.label
    return Hit(f"{goals}共{len(context.rows)}项指标（{_mix(context.rows)}），没有{missing}指标", (), goal, "指标表")


def _mix(rows: tuple[Row, ...]) -> str:
    """``产出4、效益1``."""
    order = list(dict.fromkeys(row.category for row in rows))
    return "、".join(f"{category}{sum(row.category == category for row in rows)}" for category in order)


def _cost(row: Row) -> bool:
    typed = row.category == COST or bool(holds(row.subcategory, _NAMES["cost_types"]))
    return typed or bool(holds(row.indicator, _NAMES["cost_indicators"]))


def _timely(row: Row) -> bool:
    named = bool(holds(row.subcategory, _NAMES["timely_types"])) or bool(
        holds(bare_name(row.indicator), _NAMES["timely"])
    )
    return named or row.reading.direction == DEADLINE or row.reading.target.kind == "date"
