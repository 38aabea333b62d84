"""M: budget and execution."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd

from perfeval.analysis.findings.context import Context, Hit, holds, listed
from perfeval.analysis.findings.registry import check, words
from perfeval.model.rounding import money, percent
from perfeval.model.schema import AMOUNTS, IMPLAUSIBLE, OTHER_UNIT, UNIT_SLIP

LEAST_ALIKE = 2
"""How many items must have a budget equal to their execution before it is said."""
CENT = 0.005
"""万元: amounts that differ by less are the same."""
LOW_RATE = 0.9
"""Execution rate below which a reason is asked for (Sichuan)."""


@check("M01")
def sums_do_not_hold(context: Context) -> Iterator[Hit]:
    """Sums that must agree do not."""
    groups: dict[str, list[str]] = {}
    for one in _broken(context):
        sums, _, column = one["identity"].partition("（")
        fact = f"{money(one['left'])}与{money(one['right'])}，相差{money(abs(one['difference']))}万元"
        groups.setdefault(sums, []).append(f"{column.rstrip('）')}{fact}" if column else fact)
    for sums, facts in groups.items():
        unrated = "；执行率因此无法计算" if _total_is_zero(context) else ""
        yield Hit(f"{sums}：{'；'.join(facts)}{unrated}", where="资金表")


@check("M02")
def budget_is_execution(context: Context) -> Iterator[Hit]:
    """Budgets equal execution to the cent, item by item."""
    items = context.items
    alike = [item for item in items if item["adjusted"] > 0 and abs(item["adjusted"] - item["executed"]) < CENT]
    full = [item for item in items if item["adjusted"] > 0 and pd.notna(item["executed"])]
    parts = [item for item in alike if item["role"] != "total"]  # a total with one source is one amount, printed twice
    if len(parts) >= LEAST_ALIKE and len(alike) == len(full) and context.has("budget", "opening"):
        opened = [item for item in alike if abs(item["opening"] - item["adjusted"]) < CENT]
        three = "年初预算、全年预算、执行三个数" if len(opened) == len(alike) else "全年预算数与执行数"
        shown = listed(f"{item['item']}{money(item['executed'])}" for item in alike)
        yield Hit(f"{len(alike)}项支出的{three}都一分不差（万元）：{shown}", where="资金表")


@check("M03")
def no_opening_budget(context: Context) -> Iterator[Hit]:
    """No opening budget in a form that asks for it."""
    if not context.has("budget", "opening"):
        return
    items = [item for item in context.items if pd.notna(item["executed"])]
    if items and all(pd.isna(item["opening"]) for item in items) and any(pd.notna(item["adjusted"]) for item in items):
        yield Hit(f"{len(items)}项支出都没有年初预算数", where="资金表")


@check("M04")
def yuan_for_wan(context: Context) -> Iterator[Hit]:
    """Yuan in a column of 万元."""
    items = context.items
    total = next((item for item in items if item["role"] == "total"), None)
    for item in items:
        amounts = [(title, item[name]) for name, title in AMOUNTS.items() if pd.notna(item[name]) and item[name] > 0]
        why = next((f"{title}{money(value)}，达到百亿元" for title, value in amounts if value >= IMPLAUSIBLE), "")
        for (one, left), (two, right) in combinations(amounts, 2):
            ratio = max(left, right) / min(left, right)
            if not why and UNIT_SLIP[0] <= ratio <= UNIT_SLIP[1]:
                why = f"{one}{money(left)}与{two}{money(right)}相差约{ratio:,.0f}倍"
        for name, title in AMOUNTS.items():
            whole = total[name] if total is not None and total is not item else float("nan")
            if not why and whole > 0 and item[name] >= whole * OTHER_UNIT:
                why = f"{title}{money(item[name])}是总额{money(whole)}的{item[name] / whole:,.0f}倍"
        if why:
            yield Hit(f"{item['item']}：{why}", where=place(item))


@check("M05")
def overspent(context: Context) -> Iterator[Hit]:
    """More was spent than budgeted."""
    for item in context.items:
        base = "adjusted" if pd.notna(item["adjusted"]) else "opening"
        if item["executed"] - item[base] >= CENT:
            fact = f"{item['item']}执行{money(item['executed'])}万元，大于{AMOUNTS[base]}{money(item[base])}万元"
            yield Hit(fact, where=place(item))


@check("M06")
def low_without_reason(context: Context) -> Iterator[Hit]:
    """A low execution rate nobody explains."""
    spent = context.result.execution
    if spent.rate is None or spent.rate >= LOW_RATE:
        return
    told = [text for section, text in context.texts if section in ("存在问题", "改进措施", "主要成绩")]
    if not any(holds(text, words()["reasons"]["money"]) for text in told):
        yield Hit(
            f"整体执行率{percent(Decimal(str(spent.rate)), 1)}（以{spent.denominator}为分母），文字部分没有说明",
            where="资金表",
        )


@check("M07")
def goals_without_money(context: Context) -> Iterator[Hit]:
    """Goals without money in a table that has a column for the goal."""
    if not context.has("budget", "goal_no"):
        return
    items = context.items
    if len(context.goals) > 1 and items and all(pd.isna(item["goal_no"]) for item in items):
        yield Hit(f"{len(context.goals)}个目标，资金表{len(items)}项都没有注明所属目标", where="资金表")


@check("M08")
def no_rate(context: Context) -> Iterator[Hit]:
    """No execution rate."""
    if context.result.execution.rate is None and not (_broken(context) and _total_is_zero(context)):
        yield Hit(context.result.execution.why or "执行率无法计算", where="资金表")


def _broken(context: Context) -> list[dict[Any, Any]]:
    """The sums that do not hold."""
    found = context.result.execution.identities
    return list(found[~found["holds"].astype(bool)].to_dict("records"))


def _total_is_zero(context: Context) -> bool:
    """Whether there is no rate because the total is 0, beside sources that are not."""
    whole = next((item for item in context.items if item["role"] == "total"), None)
    return context.result.execution.rate is None and whole is not None and whole["adjusted"] == 0


def place(item: dict[Any, Any]) -> str:
    """Where a budget item stands, in words."""
    return f"资金表 · {item['item']}（{str(item['file']).rsplit('/', 1)[-1]} 第{item['row']}行）"
