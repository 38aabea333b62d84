"""Budget execution: rates on each denominator, which one counts, and the sums that must agree.

The rate that counts is executed ÷ adjusted budget (全年预算数, 财预〔2020〕10号 self-evaluation form); where a document
gives no adjusted budget, the opening budget takes its place and the result says so.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import Any, NamedTuple

import pandas as pd

from perfeval.model import asked
from perfeval.model.peers import Pooled
from perfeval.model.results import Execution
from perfeval.model.rounding import missing, plain
from perfeval.model.schema import AMOUNTS, BASIC, PROJECT, SOURCE_ITEMS, TOTAL, TOTAL_ITEMS
from perfeval.model.verdicts import EVALUATED

POINTS = ("weight", "declared_score")
"""What some forms print for the execution row itself; carried along for checking, not used for the rate."""
CENT = Decimal("0.005")
"""Sums may differ by less than half a cent of 万元: printed figures have two decimals."""


def execution(budget: pd.DataFrame) -> Execution:
    """Execution of one sub-district-year.

    Takes the budget table (item, goal_no, opening, adjusted, executed as Decimal or None, 万元; file, row).
    """
    printed = _lines(budget)
    lines, completed = _completed(printed)
    items = budget.assign(role=[line.role for line in lines])
    derived = pd.DataFrame(
        [_rates(line.amounts) for line in lines],
        columns=["rate_opening", "rate_adjusted", "rate", "denominator", "unspent"],
        index=items.index,
    )
    whole = _whole(lines)
    rate, denominator, why = _counting_rate(whole)
    base = next((column for column, title in AMOUNTS.items() if title == denominator), "")
    columns = ["item", "goal_no", "role", *AMOUNTS]
    points = [column for column in POINTS if column in items.columns]
    for column in (*AMOUNTS, *points):
        values: list[Any] = [line.amounts[column] for line in lines] if column in AMOUNTS else items[column].tolist()
        items[column] = [float("nan") if missing(value) else float(value) for value in values]
    return Execution(
        items=pd.concat([items[columns], derived, items[["file", "row", *points]]], axis=1),
        rate=None if rate is None else float(rate),
        budget=_float(whole.get(base)),
        executed=_float(whole["executed"]),
        denominator=denominator,
        identities=_identities(printed),
        why=why,
        completed=completed,
    )


@asked.takes(scores=["budget", "executed", "state"])
def funded(scores: pd.DataFrame) -> pd.DataFrame:
    """The offices whose money counts in a sum: evaluated, with budget and executed known (``pe.scores``).

    Whoever executed nothing is among them. One that has not filled its form in yet, or whose indicators nobody can
    judge, is in no sum, as it is in no comparison: what it says it executed may be of half a year, or of another form.
    """
    known = scores["budget"].notna() & scores["executed"].notna()
    return scores[known & scores["state"].eq(EVALUATED)]


def pooled(scores: pd.DataFrame) -> Pooled:
    """The money of all offices together (:func:`funded`), 万元; the rate is that of the sums, no mean of rates.

    >>> rows = pd.DataFrame({"subdistrict": ["a", "b"], "budget": [100.0, 100.0], "executed": [90.0, 0.0]})
    >>> pooled(rows.assign(state="已复算"))
    Pooled(offices=('a', 'b'), budget=200.0, executed=90.0, rate=0.45)
    """
    held = funded(scores)
    budget, executed = fsum(held["budget"]), fsum(held["executed"])
    return Pooled(tuple(held["subdistrict"]), budget, executed, executed / budget if budget else None)


def exact_rate(budget: pd.DataFrame) -> Decimal | None:
    """The execution rate that counts, exact, for scoring; None where it cannot be computed."""
    return _counting_rate(_whole(_completed(_lines(budget))[0]))[0]


class _Line(NamedTuple):
    """A row of the budget table: what it is of, and its amounts by column."""

    item: str
    role: str
    amounts: dict[str, Decimal | None]


def _lines(budget: pd.DataFrame) -> list[_Line]:
    rows = zip(budget["item"], budget["goal_no"], *(budget[column] for column in AMOUNTS), strict=True)
    return [_Line(item, _role(item, goal), dict(zip(AMOUNTS, amounts, strict=True))) for item, goal, *amounts in rows]


def _completed(lines: list[_Line]) -> tuple[list[_Line], str]:
    """The lines with what the total leaves out, where its parts have it; and which amounts these are.

    Only parts that add up to the total in another amount, and in every other one, are all of it.
    """
    at = next((place for place, line in enumerate(lines) if line.role == "total"), None)
    if at is None:
        return lines, ""
    whole = lines[at]
    for role, title in (("half", "基本支出、项目支出"), ("source", "各资金来源")):
        parts = [line for line in lines if line.role == role]
        sums = {column: _sum(line.amounts[column] for line in parts) for column in AMOUNTS}
        both = [(own, sums[column]) for column, own in whole.amounts.items() if not missing(own)]
        checked = [abs(own - other) < CENT for own, other in both if own is not None and other is not None]
        found = {name: value for name, value in sums.items() if value is not None and missing(whole.amounts[name])}
        if len(parts) > 1 and checked and all(checked) and found:
            told = "、".join(f"{AMOUNTS[name]}{plain(value)}万元" for name, value in found.items())
            line = whole._replace(amounts={**whole.amounts, **found})
            return [*lines[:at], line, *lines[at + 1 :]], f"{whole.item}没有列出的，按{title}合计：{told}"
    return lines, ""


def _role(item: str, goal_no: object) -> str:
    """What a budget item is of: the total, its two halves, a source of money, a goal's fund, or a part of its own."""
    name = item.removeprefix("其中").lstrip("：: ")
    if name in TOTAL_ITEMS:
        return "total"
    if name in (BASIC, PROJECT):
        return "half"
    if name in SOURCE_ITEMS:
        return "source"
    return "part" if pd.isna(goal_no) else "fund"  # type: ignore[call-overload]  # goal_no is an int or pd.NA


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum; None if there is nothing to add or any value is missing."""
    amounts = list(values)
    if not amounts or any(missing(amount) for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _whole(lines: Sequence[_Line]) -> dict[str, Decimal | None]:
    """The amounts of the whole unit: the printed total, else the sum of the halves, parts, sources or funds."""
    for role in ("total", "half", "part", "source", "fund"):
        found = [line for line in lines if line.role == role][: 1 if role == "total" else None]
        if found:
            return {column: _sum(line.amounts[column] for line in found) for column in AMOUNTS}
    return dict.fromkeys(AMOUNTS)


def _counting_rate(whole: dict[str, Decimal | None]) -> tuple[Decimal | None, str, str]:
    """(rate, name of the denominator, why there is none)."""
    executed = whole["executed"]
    if executed is None:
        return None, "", "没有列出全年执行数，执行率无法计算"
    for column in ("adjusted", "opening"):
        base = whole[column]
        if base is not None:
            if base == 0:
                return None, "", f"{AMOUNTS[column]}为0，执行率无法计算"
            return executed / base, AMOUNTS[column], ""
    return None, "", "没有列出预算数，执行率无法计算"


def _rates(row: dict[str, Decimal | None]) -> tuple[float, float, float, str, float]:
    amounts = {column: None if missing(row[column]) else row[column] for column in AMOUNTS}
    rate, denominator, _ = _counting_rate(amounts)
    nan = float("nan")
    executed = amounts["executed"]

    def share(base: Decimal | None) -> float:
        return float(executed / base) if executed is not None and base else nan

    base = amounts["adjusted"] if amounts["adjusted"] is not None else amounts["opening"]
    unspent = float(base - executed) if base is not None and executed is not None else nan
    return (
        share(amounts["opening"]),
        share(amounts["adjusted"]),
        nan if rate is None else float(rate),
        denominator,
        unspent,
    )


def _identities(lines: Sequence[_Line]) -> pd.DataFrame:
    """The sums that must agree to the cent, for each amount that has both sides."""
    found = []
    total = [line for line in lines if line.role == "total"][:1]
    project = [line for line in lines if line.item == PROJECT][:1]
    halves, sources, funds = ([line for line in lines if line.role == role] for role in ("half", "source", "fund"))
    sides = [
        ("基本支出＋项目支出＝" + TOTAL, halves if len(halves) == 2 else [], total),  # noqa: PLR2004  # the two halves
        ("各资金来源合计＝总额", sources, total),
        ("各目标资金合计＝项目支出", funds, project),
    ]
    others = [line for line in lines if line.role == "total"][1:]
    sides += [(f"{line.item}＝{total[0].item}", [line], total) for line in others]
    for text, parts, whole in sides:
        for column, title in AMOUNTS.items() if parts and whole else ():
            left, right = (_sum(line.amounts[column] for line in side) for side in (parts, whole))
            if left is not None and right is not None:
                found.append(
                    (f"{text}（{title}）", float(left), float(right), float(left - right), abs(left - right) < CENT)
                )
    return pd.DataFrame(found, columns=["identity", "left", "right", "difference", "holds"])
