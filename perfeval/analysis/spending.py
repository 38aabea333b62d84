"""Money beside results: each goal's execution and completion, in four quadrants, and what one unit of an output cost.

The two thresholds are named: a goal's money is used from :data:`SPENT` on, and its indicators are done where every one
of them is met. What is open keeps a goal out of all quadrants: it is a range, not a point.
"""

import pandas as pd

from perfeval.model import asked, units
from perfeval.model.columns import NO_QUADRANT, QUADRANTS, frame_of
from perfeval.model.verdicts import COUNTS, MOST

SPENT = 0.9
"""Execution from which money counts as used: the line below which finance offices ask for reasons."""
DONE = 1.0
"""Completion from which a goal counts as done: every indicator, since a goal has a handful."""
DECIMALS = 12
"""To which ratios of sums are cut: 0.99 ÷ 1.1 is 0.9, not a little less."""
FUND = "fund"
GOAL = ["subdistrict", "year", "goal_no"]
QUANTITY = "数量"
NO_COUNTS = ("ratio", "money", "time", "span")
"""Dimensions of amounts that count nothing."""
YUAN = 10_000
"""元 in 万元."""


MONEY = ["subdistrict", "year", "goal_no", "role", "executed", "budget"]


@asked.takes(rows=["subdistrict", "name", "district", "year", "goal_no", "goal", "status", "synthetic"], money=MONEY)
def spending(rows: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """Each goal of each office-year: its money (budget items of the goal) beside its indicators.

    Takes ``pe.rows`` and ``pe.money``. Columns (``pe.columns("spending")``): subdistrict, name, district, year,
    goal_no, goal, budget, executed (万元), rate, rows, met, partly, missed, declared, undecided, most, completion_low,
    completion_high, quadrant (:data:`~perfeval.model.columns.QUADRANTS`, or 不能判定), why, synthetic. Goals of rows
    without a number are left out; of several items of one goal the sum counts, if every one is known.
    """
    numbered = rows[rows["goal_no"].notna()]
    if numbered.empty:
        return frame_of("spending")
    counted = numbered[[*GOAL, "name", "district", "goal", "synthetic"]].assign(
        rows=1, **{name: numbered["status"].eq(word) for name, word in COUNTS.items()}
    )
    groups = counted.groupby(GOAL, sort=False)
    told = groups[["rows", *COUNTS]].sum().join(groups[["name", "district", "synthetic"]].first())
    named = counted[counted["goal"].ne("")].groupby(GOAL)["goal"].first()
    told = told.join(named).join(_funds(money)).reset_index()
    told["goal"] = told["goal"].fillna("")
    told["most"] = told[list(MOST)].sum(axis=1)
    told = told.assign(
        rate=(told["executed"] / told["budget"]).round(DECIMALS).where(told["budget"].gt(0)),
        completion_low=told["met"] / told["rows"],
        completion_high=told["most"] / told["rows"],
    )
    ends = zip(told["rate"], told["completion_low"], told["completion_high"], told["funded"], strict=True)
    words = [_quadrant(rate, low, high, known=known is True) for rate, low, high, known in ends]
    told["quadrant"], told["why"] = zip(*words, strict=True)
    return frame_of("spending", told.to_dict("records"))


def _funds(money: pd.DataFrame) -> pd.DataFrame:
    """The money of each goal: budget, executed (NaN where one of its items is), funded (True)."""
    items = money[money["role"].eq(FUND) & money["goal_no"].notna()]
    groups = items.groupby(GOAL)
    whole = groups[["budget", "executed"]].count().eq(groups.size(), axis=0)
    sums = groups[["budget", "executed"]].sum().where(whole)
    return sums.assign(funded=pd.Series(data=True, index=sums.index, dtype="object"))


def _quadrant(rate: float, low: float, high: float, *, known: bool) -> tuple[str, str]:
    if rate != rate:  # noqa: PLR0124  # NaN
        return NO_QUADRANT, "这个目标的预算数或执行数不全" if known else "预算没有列这个目标的资金"
    if low < DONE <= high:
        return NO_QUADRANT, "有指标凭申报完成或无法判定，可能都完成，也可能没有"
    return QUADRANTS[(2 if high < DONE else 0) + (rate >= SPENT)], ""


@asked.takes(
    rows=["subdistrict", "name", "district", "year", "goal_no", "goal", "subcategory", "indicator", "actual_value",
          "value_unit", "common", "track", "synthetic"],
    money=MONEY,
)  # fmt: skip
def unit_costs(rows: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """What one unit of a goal's output cost, where the goal has money of its own and exactly one counted quantity.

    Takes ``pe.rows`` and ``pe.money``. A row an output of quantity (二级指标 数量) with a count as actual; one whose
    actual is no amount is a quantity of its goal all the same. Columns (``pe.columns("unit_costs")``): subdistrict,
    name, district, year, goal_no, goal, track, indicator, common, quantity, unit, executed (万元, of the goal),
    unit_cost (元 a unit; NaN with the reason in ``why``), synthetic. The whole money of the goal is divided by its one
    quantity, so it compares years of one office, not what a thing costs.
    """
    held = rows[rows["goal_no"].notna() & rows["subcategory"].str.contains(QUANTITY)]
    counts = {unit: units.dimension(unit) not in NO_COUNTS for unit in held["value_unit"].unique()}
    held = held[held["value_unit"].map(counts).astype(bool)]
    quantities = held.groupby(GOAL)["track"].transform("size")  # whether or not their actuals could be read
    held = held.assign(quantities=quantities)[held["actual_value"].notna()]
    if held.empty:
        return frame_of("unit_costs")
    told = held.join(_funds(money)[["executed", "funded"]], on=GOAL)
    told = told.assign(quantity=told["actual_value"], unit=told["value_unit"])
    taken = zip(told["executed"], told["funded"], told["quantities"], told["quantity"], strict=True)
    told["why"] = [_no_cost(executed, known is True, int(count), amount) for executed, known, count, amount in taken]
    told["unit_cost"] = (told["executed"] * YUAN / told["quantity"]).where(told["why"].eq(""))
    return frame_of("unit_costs", told.to_dict("records"))


def _no_cost(executed: float, known: bool, quantities: int, quantity: float) -> str:
    if executed != executed:  # noqa: PLR0124  # NaN
        return "这个目标的执行数不全" if known else "预算没有列这个目标的资金"
    if quantities > 1:
        return f"这个目标有{quantities}项数量指标，资金不能分到每一项"
    return "" if quantity > 0 else "完成数为0"
