"""T: what is wrong with targets."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from perfeval.analysis.findings.context import Context, Hit, Row, bare_name, ends, holds, listed, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.targets import BELOW, LEFT
from perfeval.model import names, phrases
from perfeval.model.folding import key
from perfeval.model.history import LOOSENED
from perfeval.model.reading import NAME
from perfeval.model.schema import COST, DEADLINE, MET, MISSED, OUTPUT, PARTLY, SATISFACTION
from perfeval.model.values import Value, describe

_NAMES = words()["names"]
IN_WORDS = 0.75
"""Confidence where the target says how something should be: some reviewers let it stand."""
FULL = Decimal(100)
MOST_WITHOUT = 3
"""Up to how many rows without a target are told one by one."""
SHARES = ("%", "‰")
COUNTED = ("件", "人", "人次", "次", "个", "户", "户次", "场", "场次", "起", "家", "份", "条", "处", "期", "名", "项")
"""Units that count things and are no share."""
NEGATED = re.compile("^(?:辖区|全区|街道|全年|年度)?(?:内)?(?:无|零)[一-龥]")
NOT_NEGATED = (
    "无障碍",
    "无人机",
    "无害化",
    "无偿",
    "无公害",
    "无纸化",
    "零工",
    "零星",
    "零售",
    "零距离",
    "零碎",
    "零散",
    "无线",
    "无主",
)
ITEMS = ("合格", "达标", "覆盖")
UNMET = (MISSED, PARTLY)
IN_MONEY = 0.65
"""Confidence that a cost may not rise: with more work it may."""


@check("T01")
def unquantified(context: Context) -> Iterator[Hit]:
    """Neither the target's cell nor the name has a number."""
    for row in context.rows:
        target = row.reading.target
        if not (row.target and target.kind in ("level", "word", "text")) or row.reading.target_from == NAME:
            continue
        if row.adverse:  # T09 says it better
            continue
        if target.kind == "level" and "是否" in row.indicator:
            continue  # yes or no is an answer
        if target.kind != "level" and not _must_count(row):
            continue  # what a rule, a quality or an effect should be like may stand in words
        if target.kind == "text" and (any(character.isdigit() for character in row.target) or row.computed == MET):
            continue
        sure = None if target.kind == "level" else IN_WORDS
        yield Hit(f"目标值为{quoted(_short(row.target))}，没有可比的数", (row,), confidence=sure)


@check("T02")
def hidden_in_the_name(context: Context) -> Iterator[Hit]:
    """The number stands in the name, a word in the cell."""
    for row in context.rows:
        if row.reading.target_from == NAME and row.reading.target.kind == "number":
            cell = f"写{quoted(_short(row.target))}" if row.target else "为空"
            yield Hit(f"名称里有目标{quoted(describe(row.reading.target))}，目标值栏{cell}", (row,))


@check("T03")
def name_and_cell_differ(context: Context) -> Iterator[Hit]:
    """Name and cell hold different numbers of one unit."""
    for row in context.rows:
        named, cell = names.target_in(row.indicator), row.reading.target
        if named is None or named.kind != "number" or row.reading.target_from == NAME or cell.kind != "number":
            continue
        if named.unit == cell.unit and named.low != cell.low:
            yield Hit(f"名称里是{describe(named)}，目标值栏是{describe(cell)}", (row,))


@check("T04")
def no_target(context: Context) -> Iterator[Hit]:
    """No target anywhere; said once where no row has one."""
    without = [row for row in context.rows if row.reading.target_from == ""]
    if len(without) > 1 and len(without) == len(context.rows):
        empty = "的目标值栏全部为空" if context.has("indicators", "target") else "都没有列目标值"
        yield Hit(f"{len(without)}项指标{empty}", where="指标表")
        return
    rows = tuple(row for row in without if row.reading.actual.kind != "placeholder")  # of the others A04 says both
    if len(rows) > MOST_WITHOUT:
        named = listed(f"{quoted(row.indicator)}（第{row.row}行）" for row in rows)
        yield Hit(f"{len(rows)}项指标没有目标值，名称里也没有数：{named}", rows)
        return
    for row in rows:
        shown = f"目标值栏为{quoted(row.target)}" if row.target else "目标值栏为空"
        yield Hit(f"{shown}，指标名称里也没有数", (row,))


@check("T05")
def unit_unlike_the_name(context: Context) -> Iterator[Hit]:
    """A share as target of a count, or a count as target of a share."""
    for row in context.rows:
        target = row.reading.target
        if target.kind not in ("number", "range"):
            continue
        count = counts(row.indicator)
        if target.unit in SHARES and count:
            yield Hit(f"名称以{quoted(count)}结尾，是数量；目标却是{describe(target)}", (row,))
        elif target.unit in COUNTED and names.is_rate(row.indicator) and not names.unit_of(row.indicator):
            yield Hit(f"名称是比率，目标却是{describe(target)}", (row,))


@check("T06")
def negated_name(context: Context) -> Iterator[Hit]:
    """A share of something the name denies."""
    for row in context.rows:
        if negated(row):
            yield Hit(f"名称{quoted(row.indicator)}是否定式，目标是{describe(row.reading.target)}", (row,))


@check("T07")
def share_of_what(context: Context) -> Iterator[Hit]:
    """A share whose name does not say what is shared."""
    rates = (*_NAMES["rates"], *_NAMES["satisfaction"])
    for row in context.rows:
        target = row.reading.target
        if target.kind not in ("number", "range") or target.unit not in SHARES or target.word in ("增长", "下降"):
            continue
        if row.reading.target_from == NAME or counts(row.indicator) or negated(row):
            continue  # T02, T05 and T06 speak of these
        if target.word == phrases.ALL or "率" in row.target:
            continue  # 应保尽保 and 完成率100% say what is shared
        plain = bare_name(row.indicator)
        if (
            names.unit_of(row.indicator) in SHARES
            or names.is_rate(row.indicator)
            or any(word in plain for word in rates)
            or holds(row.subcategory, _NAMES["timely_types"])
        ):
            continue
        what = "考核" if "考核" in plain else ""
        kind = f"（写作{quoted(row.target)}，名称没有说是{target.word}率）" if target.word in ITEMS and what else ""
        yield Hit(f"目标是{describe(target)}，名称{quoted(row.indicator)}不是比率{kind}", (row,))


@check("T08")
def wrong_way(context: Context) -> Iterator[Hit]:
    """An operator that asks for more of what is better less, or the other way round."""
    for row in context.rows:
        target = row.reading.target
        up, down = target.operator in (">=", ">"), target.operator in ("<=", "<")
        if target.word in phrases.CHANGES:
            continue
        cost = (row.category == COST or row.subcategory.startswith(("成本", "经济成本"))) and target.unit.startswith(
            "元"
        )
        spent = not (names.is_rate(row.indicator) or names.income(row.indicator))
        named = ends(row.indicator, _NAMES["costs"]) if spent else ""
        shown = describe(target)
        if up and (cost or (named and target.unit.startswith("元"))):
            yield Hit(f"{quoted(row.indicator)}是花钱的指标，目标却写{quoted(shown)}", (row,))
        elif up and row.adverse and target.low:
            yield Hit(f"{quoted(row.indicator)}越少越好，目标却写{quoted(shown)}", (row,))
        elif down and target.unit == "%" and not row.adverse and _good_rate(row):
            yield Hit(f"{quoted(row.indicator)}越高越好，目标却写{quoted(shown)}", (row,))


@check("T09")
def adverse_to_complete(context: Context) -> Iterator[Hit]:
    """Something adverse that is to be completed."""
    for row in context.rows:
        target = row.reading.target
        if row.adverse and target.kind == "level" and target.level == MET:
            yield Hit(f"{quoted(row.indicator)}越少越好，目标值为{quoted(row.target)}，没有上限", (row,))


@check("T10")
def approximate(context: Context) -> Iterator[Hit]:
    """A target that is only about a number."""
    for row in context.rows:
        target = row.reading.target
        if target.kind == "number" and target.fuzzy and row.reading.target_from != NAME:
            yield Hit(f"目标值{quoted(row.target)}带{quoted(target.fuzzy)}", (row,))


@check("T11")
def beyond_everything(context: Context) -> Iterator[Hit]:
    """A target above all there is."""
    for row in context.rows:
        if over_full(row, row.reading.target):
            yield Hit(f"{quoted(row.indicator)}不会超过100%，目标值为{describe(row.reading.target)}", (row,))


@check("T12")
def another_year(context: Context) -> Iterator[Hit]:
    """A deadline in another year than the one evaluated."""
    for row in context.rows:
        target = row.reading.target
        if target.kind == "date" and target.end[:4].isdigit() and int(target.end[:4]) != context.result.year:
            yield Hit(f"目标时点{target.end}，评价年度为{context.result.year}年", (row,))


@check("T13")
def copied_name(context: Context) -> Iterator[Hit]:
    """The target's cell holds the indicator's name."""
    for row in context.rows:
        if key(row.target) and key(row.target) == key(row.indicator):
            again = "，完成值也是" if key(row.actual) == key(row.indicator) else ""
            yield Hit(f"目标值{quoted(_short(row.target))}就是指标名称{again}", (row,))


def _must_count(row: Row) -> bool:
    """Whether words cannot be a target: satisfaction, quantity and cost are counted."""
    if row.reading.direction == DEADLINE:
        return False
    typed = row.subcategory.startswith(("数量", "成本", "经济成本"))
    untyped = row.category == OUTPUT and not row.subcategory and not ends(row.indicator, _NAMES["natures"])
    return row.category in (SATISFACTION, COST) or typed or untyped


def counts(name: str) -> str:
    """The word for a count that a name ends with (人数), where nothing makes it a share; empty where none."""
    found = ends(name, _NAMES["counts"])
    return "" if found and holds(bare_name(name), _NAMES["not_counts"]) else found


def asks(row: Row) -> bool:
    """Whether a row's name is that of people's satisfaction, and not of how often they were asked."""
    return bool(holds(row.indicator, _NAMES["asked"])) and not counts(row.indicator)


def over_full(row: Row, value: Value) -> bool:
    """Whether a value is more than all of something that is counted by a share."""
    bounded = holds(row.indicator, _NAMES["bounded"]) and names.is_rate(row.indicator)
    return bool(bounded and value.kind == "number" and value.unit == "%" and value.low and value.low > FULL) and (
        value.word != "增长" and "增长" not in row.indicator and "提高" not in row.indicator
    )


def negated(row: Row) -> bool:
    """Whether the name denies something (无暴露垃圾) while the target is a share above 0."""
    target = row.reading.target
    plain = names.without_labels(row.indicator)
    share = target.kind == "number" and target.unit in SHARES and bool(target.low)
    return share and bool(NEGATED.match(plain)) and not names.is_rate(row.indicator) and not holds(plain, NOT_NEGATED)


def _good_rate(row: Row) -> bool:
    """A rate that is surely the better the higher."""
    return (
        names.is_rate(row.indicator) and bool(holds(row.indicator, _NAMES["bounded"])) and "支付" not in row.indicator
    )


def _short(text: str, most: int = 30) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[:most]}…"


@check("T14")
def loosened(context: Context) -> Iterator[Hit]:
    """The target asks for less than last year's."""
    for row, told in _beside(context):
        if told["move"] == LOOSENED:
            missed = f"；上年{told['previous_status']}" if told["previous_status"] in UNMET else ""
            sure = IN_MONEY if row.category == COST else None
            yield Hit(f"{told['why']}{missed}", (row,), confidence=sure)


@check("T15")
def below_last_year(context: Context) -> Iterator[Hit]:
    """Unchanged, and reached with room to spare before the year began."""
    for row, told in _beside(context):
        if told["kind"] in (BELOW, LEFT):
            yield Hit(str(told["why"]), (row,))


def _beside(context: Context) -> Iterator[tuple[Row, dict[Any, Any]]]:
    """The rows whose target can be held against the year before, with what came of it."""
    return ((row, context.targets[row.row]) for row in context.rows if row.row in context.targets)
