"""Cells that must agree with one another: sums to the cent, units, weights, goals. Warnings only.

Each check takes a typed frame of :mod:`perfeval.ingest.checks`, and passes over what is empty or could not be read.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.ingest.problems import problem, rows_text
from perfeval.model import numerals, values
from perfeval.model.data import covered, is_part, own_points, parts_of, rank_of
from perfeval.model.errors import Problem
from perfeval.model.rounding import missing
from perfeval.model.schema import (
    AMOUNTS,
    BASIC,
    BLOCKS,
    BUDGET,
    IMPLAUSIBLE,
    INDICATORS,
    OTHER_UNIT,
    PROJECT,
    TOTAL_ITEMS,
    UNIT_SLIP,
)

HALF_CENT = Decimal("0.005")
"""Sums may differ by less than half of 0.01 万元, the last place that is printed."""
FULL_WEIGHTS = (Decimal(100), Decimal(90), Decimal(80))
"""100 points less an execution share of 0, 10 or 20 (财预〔2020〕10号; Hubei: 20)."""


def check_budget(budget: pd.DataFrame, file: str) -> list[Problem]:
    """Sum of the halves, execution above budget, yuan under 万元."""
    names = [str(name) for name in budget.columns]
    rows: list[Row] = [dict(zip(names, values, strict=True)) for values in budget.itertuples(index=False)]
    return [*_halves(rows, file), *_overspent(rows, file), *_yuan(rows, file)]


def check_indicators(indicators: pd.DataFrame, file: str, unread: Collection[str] = ()) -> list[Problem]:
    """Weights and declared scores, goal numbers and names, targets and actuals that cannot be read as values.

    ``unread`` are the labels of columns with cells that could not be read: weights are then not summed.
    """
    weights = [] if INDICATORS.column("weight").label in unread else _weights(indicators, file)
    return [*weights, *_scores(indicators, file), *_goals(indicators, file), *_unread(indicators, file)]


def check_blocks(blocks: pd.DataFrame, indicators: pd.DataFrame, file: str) -> list[Problem]:
    """Printed blocks of points against the rows they are worth: none there, other sums, no points."""
    return [*_bare_blocks(blocks, indicators, file), *_block_sums(blocks, indicators, file)]


BLOCK_POINTS = BLOCKS.column("weight").label


def _bare_blocks(blocks: pd.DataFrame, indicators: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Blocks without points, without rows, or beside the indicators without a score."""
    rows = indicators.to_dict("records")
    for block in blocks.to_dict("records"):
        name, at, worth = str(block["name"]), int(block["row"]), block["weight"]
        if missing(worth):
            message = f"“{name}”没有分值，不能用来分配"
            yield problem("W318", message, file=file, row=at, column=BLOCK_POINTS)
        elif rank_of(block) >= 0 and not covered(block, rows):
            message = f"指标表里没有属于“{name}”的指标（{_scope(block)}），这{worth}分没有分到任何一行"
            yield problem("W316", message, file=file, row=at, column=BLOCK_POINTS, value=worth)
        elif rank_of(block) < 0 and missing(block["declared_score"]):
            message = f"“{name}”不是指标，又没有得分，没有计入总分"
            yield problem("N316", message, file=file, row=at, column=BLOCK_POINTS, value=worth)


def _block_sums(blocks: pd.DataFrame, indicators: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Blocks whose rows have points of their own that are more, or all have and are less."""
    rows = indicators.to_dict("records")
    first = {str(block["name"]): int(block["row"]) for block in reversed(blocks.to_dict("records"))}
    for part in parts_of(blocks, indicators):
        own = [own_points(rows[at]) for at in part.rows]
        total = sum((weight for weight in own if weight is not None), Decimal(0))
        if own and (total > part.points or (None not in own and total != part.points)):
            message = f"“{part.name}”{part.points}分，所属指标的分值合计{total}分，按指标的分值计"
            row = first[part.name.split("、")[0]]
            yield problem("W317", message, file=file, row=row, column=BLOCK_POINTS, value=part.points)


def _scope(block: dict[Any, Any]) -> str:
    goal = "" if missing(block["goal_no"]) else f"目标{block['goal_no']}"
    said = (goal, block["goal"], block["category"], block["subcategory"])
    return "、".join(str(part) for part in said if part)


Row = dict[str, object]
Paired = defaultdict[str, defaultdict[str, list[int]]]
"""What stands with what, and in which rows."""


def _amount(row: Row | None, column: str) -> Decimal | None:
    value = row[column] if row else None
    return value if isinstance(value, Decimal) else None


def _item(rows: list[Row], *names: str) -> Row | None:
    """The row of the whole unit with one of these names."""
    return next((row for name in names for row in rows if row["item"] == name and row["goal_no"] is pd.NA), None)


def _halves(rows: list[Row], file: str) -> Iterator[Problem]:
    basic, project, total = _item(rows, BASIC), _item(rows, PROJECT), _item(rows, *TOTAL_ITEMS)
    for column in AMOUNTS:
        left, right, whole = (_amount(row, column) for row in (basic, project, total))
        if total is None or left is None or right is None or whole is None:
            continue
        difference = left + right - whole
        if abs(difference) >= HALF_CENT:
            halves = f"{BASIC}{left:,}＋{PROJECT}{right:,}＝{left + right:,}"
            message = f"{halves}，与{total['item']}{whole:,}相差{abs(difference):,}万元"
            yield problem("W301", message, file=file, row=_row(total), column=BUDGET.column(column).label, value=whole)


def _overspent(rows: list[Row], file: str) -> Iterator[Problem]:
    for row in rows:
        name = "adjusted" if _amount(row, "adjusted") is not None else "opening"
        budget, executed = _amount(row, name), _amount(row, "executed")
        if budget is not None and executed is not None and executed > budget:
            message = f"执行数大于{BUDGET.column(name).title}{budget:,}万元"
            label = BUDGET.column("executed").label
            yield problem("W302", message, file=file, row=_row(row), column=label, value=executed)


def _yuan(rows: list[Row], file: str) -> Iterator[Problem]:
    total = _item(rows, *TOTAL_ITEMS)
    for row in rows:
        for column in AMOUNTS:
            amount, whole = _amount(row, column), _amount(total, column)
            others = [value for other in AMOUNTS if (value := _amount(row, other))]
            why = ""
            if amount is None or amount <= 0:
                continue
            if amount >= IMPLAUSIBLE:
                why = f"达到{IMPLAUSIBLE:,}万元（100亿元）"
            elif whole and whole > 0 and amount >= whole * OTHER_UNIT:
                why = f"是{total['item'] if total else ''}{whole:,}万元的{amount / whole:,.0f}倍"
            elif any(UNIT_SLIP[0] <= amount / other <= UNIT_SLIP[1] for other in others if other > 0):
                why = "是同一行其他金额的约一万倍"
            if why:
                label = BUDGET.column(column).label
                yield problem("W303", f"疑似以元为单位：{why}", file=file, row=_row(row), column=label, value=amount)


def _weights(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    label = INDICATORS.column("weight").label
    part = frame["indicator"].map(is_part).astype(bool)  # its points are on the row above
    given = frame["weight"].notna()
    if not given.any():
        return
    if not (given | part).all():
        missing = ~given & ~part
        message = f"{int(given.sum())}行有分值，{int(missing.sum())}行没有（{rows_text(frame.loc[missing, 'row'])}）"
        yield problem("W311", message, file=file, column=label)
    else:
        full = frame[given]
        total = sum(full["weight"], Decimal(0))
        by_goal = [sum(weights, Decimal(0)) for _, weights in full.groupby("goal_no", dropna=False)["weight"]]
        if total not in FULL_WEIGHTS and not all(each in FULL_WEIGHTS for each in by_goal):
            wanted = "、".join(map(str, FULL_WEIGHTS[:-1]))
            message = f"权重合计{total}分，应为{wanted}或{FULL_WEIGHTS[-1]}分（100分减去预算执行的0、10或20分）"
            yield problem("W312", message, file=file, column=label, value=total)
    for row in frame.loc[given & frame["weight"].eq(0) & ~part, "row"]:
        yield problem("W313", "分值为0，该指标不影响得分", file=file, row=int(row), column=label, value="0")


def _scores(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    for name in ("declared_score", "reviewed_score"):
        column = INDICATORS.column(name)
        both = frame[frame["weight"].notna() & frame[name].notna()]
        for row, weight, score in zip(both["row"], both["weight"], both[name], strict=True):
            if score > weight:
                message = f"{column.title}大于该行的分值{weight}分"
                yield problem("W314", message, file=file, row=int(row), column=column.label, value=score)


def _goals(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    names: Paired = defaultdict(lambda: defaultdict(list))
    numbers: Paired = defaultdict(lambda: defaultdict(list))
    for number, name, row in zip(frame["goal_no"].array, frame["goal"].array, frame["row"].array, strict=True):
        if number is not pd.NA and name:
            names[str(number)][name].append(int(row))
            numbers[name][str(number)].append(int(row))
    for column, text, pairs in (("goal", "序号{}对应几个名称", names), ("goal_no", "“{}”有几个序号", numbers)):
        label = INDICATORS.column(column).label
        for key, found in pairs.items():
            if len(found) > 1:
                listed = "、".join(f"“{value}”（{rows_text(rows)}）" for value, rows in found.items())
                yield problem("W321", f"{text.format(key)}：{listed}", file=file, column=label)


def _unread(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    for column in ("target", "actual"):
        for row, text, unit in zip(frame["row"], frame[column], frame["unit"], strict=True):
            why = _no_value(text, values.read(text, unit))
            if why:
                label = INDICATORS.column(column).label
                yield problem("W315", f"不能读作数值：{why}", file=file, row=int(row), column=label, value=text)


UNKNOWN = re.compile(
    r"(?:目前|尚|暂|还|仍)*(?:不|未|没有?|无法|无从)(?:知道|知|清楚|了解|详|明确?|确定|统计|核实|掌握|填报|得知)(?:数据)?"
    r"|待(?:定|查|核实?|补充?|统计|填报?|确认|报)|记不清|数据(?:不全|缺失)|略|同上|[Nn]/?[Aa]|[Xx]{2,}|null|[?？*＊]+"
)
"""Whole values that say that the value is not known; a dash, and 无, may stand for nothing to report."""
ROUGHLY = re.compile(r"^(?:大?约|近|将近)|(?:左右|余|多)$")


def _no_value(text: str, found: values.Value) -> str:
    """Why a text that stands for a value is none; empty where it is one, or words that say what was done."""
    if found.kind == "unread":
        return found.reason
    bare = text.strip(" 。.！!？?（）()")
    if UNKNOWN.fullmatch(bare) or UNKNOWN.fullmatch(text.strip()):
        return "写的不是完成值或目标值"
    counted = ROUGHLY.sub("", bare)
    if found.kind == "text" and numerals.CHINESE_NUMBER.fullmatch(counted) and numerals.chinese(counted) is not None:
        return "用汉字写的数没有单位，不知是不是数"
    return ""


def _row(row: Row) -> int:
    return int(str(row["row"]))
