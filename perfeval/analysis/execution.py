"""Budget execution: rates on each denominator, which one counts, and the sums that must agree.

The rate that counts is executed ÷ adjusted budget (全年预算数, 财预〔2020〕10号 self-evaluation form); where a document
gives no adjusted budget, the opening budget takes its place and the result says so. Where it gives no total, items are
added up, each once: what 其中 puts inside another item is that item's; and only items that can be the whole unit.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import Any, NamedTuple

import pandas as pd

from perfeval.model import asked
from perfeval.model.columns import ROLES
from perfeval.model.data import PART, is_part
from perfeval.model.peers import Pooled
from perfeval.model.results import Execution
from perfeval.model.rounding import missing, money, plain
from perfeval.model.schema import AMOUNTS, BASIC, PROJECT, SOURCE_ITEMS, TOTAL, TOTAL_ITEMS, UNIT_SLIP
from perfeval.model.verdicts import EVALUATED

POINTS = ("weight", "declared_score")
"""What some forms print for the execution row itself; carried along for checking, not used for the rate."""
CENT = Decimal("0.005")
"""Sums may differ by less than half a cent of 万元: printed figures have two decimals."""
MOST_TIMES = 10
"""A whole that spent more than this many times its budget is in another unit."""
TOTAL_ROLE, HALF, PLAIN, SOURCE, FUND, INSIDE = ROLES
CALLED = {PLAIN: "分项支出", SOURCE: "资金来源", FUND: "目标资金"}
Amounts = dict[str, Decimal | None]


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
    whole, role, unknown = _whole(lines)
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
        why=unknown or why,
        completed=completed,
        whole_of=role,
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
    return _counting_rate(_whole(_completed(_lines(budget))[0])[0])[0]


class _Line(NamedTuple):
    """A row of the budget table: what it is of, and its amounts by column."""

    item: str
    role: str
    amounts: Amounts


def _lines(budget: pd.DataFrame) -> list[_Line]:
    rows = zip(budget["item"], budget["goal_no"], *(budget[column] for column in AMOUNTS), strict=True)
    lines = [_Line(item, _role(item, goal), dict(zip(AMOUNTS, amounts, strict=True))) for item, goal, *amounts in rows]
    inside = _inside(lines)
    return [line._replace(role=INSIDE) if at in inside else line for at, line in enumerate(lines)]


def _inside(lines: list[_Line]) -> set[int]:
    """The places of lines that 其中 puts inside another item: added to it, their money would count twice.

    What follows a 其中 line without saying 其中 again lies inside too where together they are exactly the item above.
    Under the total, and of projects under 项目支出, 其中 only begins the list of what is told anyway.
    """
    found: set[int] = set()
    above: _Line | None = None
    for at, line in enumerate(lines):
        if at in found:
            continue
        if not is_part(line.item):
            above = line
        elif above is not None and _within(line, above):
            found |= {at, *_following(lines, at, above)}
    return found


def _within(line: _Line, above: _Line) -> bool:
    """Whether a 其中 line tells of the item above it what that item already counts."""
    if line.role == SOURCE:
        return above.role != TOTAL_ROLE
    return line.role == above.role == FUND or (line.role == PLAIN and above.role in (PLAIN, SOURCE, FUND))


def _following(lines: list[_Line], first: int, above: _Line) -> set[int]:
    """The places right after ``first`` up to where all of it is exactly the item above; none where it never is."""
    for end in range(first + 1, len(lines)):
        if is_part(lines[end].item) or lines[end].role not in (PLAIN, SOURCE):
            break
        if _agree(_sums(lines[first : end + 1]), above.amounts):
            return set(range(first + 1, end + 1))
    return set()


def _completed(lines: list[_Line]) -> tuple[list[_Line], str]:
    """The lines with what the total leaves out, where its parts have it; and which amounts these are.

    Only parts that add up to the total in another amount, and in every other one, are all of it.
    """
    at = next((place for place, line in enumerate(lines) if line.role == TOTAL_ROLE), None)
    if at is None:
        return lines, ""
    whole = lines[at]
    for role, title in ((HALF, "基本支出、项目支出"), (SOURCE, "各资金来源")):
        parts = [line for line in lines if line.role == role]
        sums = _sums(parts)
        both = [(own, sums[column]) for column, own in whole.amounts.items() if not missing(own)]
        checked = [abs(own - other) < CENT for own, other in both if own is not None and other is not None]
        found = {name: value for name, value in sums.items() if value is not None and missing(whole.amounts[name])}
        if len(parts) > 1 and checked and all(checked) and found:
            told = "、".join(f"{AMOUNTS[name]}{plain(value)}万元" for name, value in found.items())
            line = whole._replace(amounts={**whole.amounts, **found})
            return [*lines[:at], line, *lines[at + 1 :]], f"{whole.item}没有列出的，按{title}合计：{told}"
    return lines, ""


def _bare(item: str) -> str:
    """An item without its 其中."""
    return item.removeprefix(PART).lstrip("：: ")


def _role(item: str, goal_no: object) -> str:
    """What a budget item is of: the total, its two halves, a source of money, a goal's fund, or a part of its own."""
    name = _bare(item)
    if name in TOTAL_ITEMS:
        return TOTAL_ROLE
    if name in (BASIC, PROJECT):
        return HALF
    if name in SOURCE_ITEMS:
        return SOURCE
    return PLAIN if pd.isna(goal_no) else FUND  # type: ignore[call-overload]  # goal_no is an int or pd.NA


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum; None if there is nothing to add or any value is missing."""
    amounts = list(values)
    if not amounts or any(missing(amount) for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _sums(lines: Sequence[_Line]) -> Amounts:
    return {column: _sum(line.amounts[column] for line in lines) for column in AMOUNTS}


def _differences(one: Amounts, other: Amounts) -> list[Decimal]:
    """By how much each amount that both have is more on the left."""
    both = [(one[column], other[column]) for column in AMOUNTS]
    return [a - b for a, b in both if a is not None and b is not None and not missing(a) and not missing(b)]


def _agree(one: Amounts, other: Amounts) -> bool:
    found = _differences(one, other)
    return bool(found) and all(abs(difference) < CENT for difference in found)


def _exceeds(one: Amounts, other: Amounts) -> bool:
    return any(difference >= CENT for difference in _differences(one, other))


def _whole(lines: Sequence[_Line]) -> tuple[Amounts, str, str]:
    """The amounts of the whole unit, which items they are, and why there are none.

    The printed total; else both halves; else the items of one kind, where those of no other kind say there is more.
    """
    kinds = {role: [line for line in lines if line.role == role] for role in ROLES[:-1]}
    kinds = {role: found for role, found in kinds.items() if found}
    if TOTAL_ROLE in kinds:
        return _sums(kinds[TOTAL_ROLE][:1]), TOTAL_ROLE, ""
    if not kinds:
        return dict.fromkeys(AMOUNTS), "", ""
    role, found = next(iter(kinds.items()))
    whole, halves = _sums(found), {_bare(line.item) for line in found if role == HALF}
    more = (
        [] if len(halves) > 1 else [kind for kind in kinds if kind != role and _more(kinds[kind], whole, halves, kind)]
    )
    if more:
        named = "、".join([*sorted(halves), *(CALLED[kind] for kind in (role, *more) if kind in CALLED)])
        return dict.fromkeys(AMOUNTS), "", f"没有列出总额，所列{named}合不成一个数，执行率无法计算"
    return whole, role, ""


def _more(items: Sequence[_Line], whole: Amounts, halves: set[str], kind: str) -> bool:
    """Whether items of another kind cannot lie inside the whole: sources, and those of projects, may be fewer."""
    sums = _sums(items)
    if kind == SOURCE or halves == {PROJECT}:
        return _exceeds(sums, whole)
    return not _agree(sums, whole)


def _counting_rate(whole: dict[str, Decimal | None]) -> tuple[Decimal | None, str, str]:
    """(rate, name of the denominator, why there is none)."""
    executed = whole["executed"]
    if executed is None:
        return None, "", "没有列出全年执行数，执行率无法计算"
    for column in ("adjusted", "opening"):
        base = whole[column]
        if base is not None:
            if base <= 0:
                return None, "", f"{AMOUNTS[column]}为{'负' if base else '0'}，执行率无法计算"
            if executed < 0:
                return None, "", f"{AMOUNTS['executed']}为负，执行率无法计算"
            if slip := _slip(executed, base):
                told = f"{AMOUNTS['executed']}{money(executed)}是{AMOUNTS[column]}{money(base)}的{slip}"
                return None, "", f"{told}，疑似单位不同，执行率无法计算"
            return executed / base, AMOUNTS[column], ""
    return None, "", "没有列出预算数，执行率无法计算"


def _slip(executed: Decimal, base: Decimal) -> str:
    """What share of the budget was executed, where that is beyond belief; empty where it is not."""
    if executed > base * MOST_TIMES:
        return f"{executed / base:,.0f}倍"
    return f"{base / executed:,.0f}分之一" if base >= executed * UNIT_SLIP[0] > 0 else ""


def _rates(row: dict[str, Decimal | None]) -> tuple[float, float, float, str, float]:
    amounts = {column: None if missing(row[column]) else row[column] for column in AMOUNTS}
    rate, denominator, _ = _counting_rate(amounts)
    nan = float("nan")
    executed = amounts["executed"]

    def share(base: Decimal | None) -> float:
        return float(executed / base) if executed is not None and executed >= 0 and base and base > 0 else nan

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
    total = [line for line in lines if line.role == TOTAL_ROLE][:1]
    project = [line for line in lines if line.item == PROJECT][:1]
    halves, sources, funds = ([line for line in lines if line.role == role] for role in (HALF, SOURCE, FUND))
    sides = [
        ("基本支出＋项目支出＝" + TOTAL, halves if len(halves) == 2 else [], total),  # noqa: PLR2004  # the two halves
        ("各资金来源合计＝总额", sources, total),
        ("各目标资金合计＝项目支出", funds, project),
    ]
    others = [line for line in lines if line.role == TOTAL_ROLE][1:]
    sides += [(f"{line.item}＝{total[0].item}", [line], total) for line in others]
    for text, parts, whole in sides:
        for column, title in AMOUNTS.items() if parts and whole else ():
            left, right = (_sum(line.amounts[column] for line in side) for side in (parts, whole))
            if left is not None and right is not None:
                found.append(
                    (f"{text}（{title}）", float(left), float(right), float(left - right), abs(left - right) < CENT)
                )
    return pd.DataFrame(found, columns=["identity", "left", "right", "difference", "holds"])
