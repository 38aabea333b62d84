"""A: what is wrong with actuals."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from perfeval.analysis.findings.context import Context, Hit, Row, blank, has_amount, holds, listed, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.findings.targets import SHARES, over_full
from perfeval.model import names, phrases, units
from perfeval.model.comparing import LEAST, MOST
from perfeval.model.folding import fold, key, one_of
from perfeval.model.rounding import per_cent
from perfeval.model.schema import MET, UNDECIDED
from perfeval.model.values import describe

WORST = Decimal(50)
"""Percent from which on an adverse rate can hardly be a success."""
IN_PART = 0.7
"""Confidence where an actual holds the name's characters, but not the name."""
WHOLE = Decimal(100)
SHOWN = 40
COUNTED = "count"
"""The measure of what is counted in pieces."""
FEWEST_TELLING, NEARLY_ALL = 5, 0.8
"""Figures from which on, and the share of them from which on, being those of the year before is no accident."""
_SENTENCE_END = re.compile("[。;；]")
_FILLER = re.compile(one_of(words()["fillers"]["words"]))
_CHANGED = re.compile("|".join(words()["reasons"]["changed"]))
_UNCHANGED = re.compile("(?:未|没有|没|无|不|未作|未做|未进行|没有进行)(?:任何)?$")
"""What before a change says that there was none."""
_RANKED = re.compile("(?:排名|名次|位列|位居|排)[^,。;]{0,6}?(?:第|[0-9])|第[0-9一二三四五六七八九十]+名")
_HAS_PLACE = re.compile(
    "前[0-9一二三四五六七八九十]+|第[0-9一二三四五六七八九十]+(?!方|产业|人民)|[0-9]+名|不低于|进位"
)


@check("A01")
def copied_operator(context: Context) -> Iterator[Hit]:
    """The actual still has the target's operator."""
    for row in context.rows:
        value = row.reading.actual
        if value.kind not in ("number", "range") or value.operator not in (">=", "<=", ">", "<"):
            continue
        if value.unit == phrases.RANK:
            continue
        same = "，与目标值一字不差" if key(row.actual) == key(row.target) else ""
        yield Hit(f"完成值为{quoted(row.actual)}{same}，不是实际的数", (row,))


@check("A02")
def says_its_name(context: Context) -> Iterator[Hit]:
    """The actual is the name again."""
    for row in context.rows:
        if tautology(row) and row.reading.target.kind not in ("number", "range"):
            whole = row.bare in key(row.actual)
            fact = f"完成值{quoted(shown(row.actual))}只是重复指标名称{quoted(row.indicator)}"
            yield Hit(fact, (row,), confidence=None if whole else IN_PART)


@check("A03")
def words_for_a_number(context: Context) -> Iterator[Hit]:
    """A number was wanted, words were given."""
    for row in context.rows:
        target, actual = row.reading.target, row.reading.actual
        if target.kind not in ("number", "range") or blank(row.actual):
            continue
        nothing = actual.word == phrases.NOTHING and target.unit in SHARES and bool(target.low)
        wordy = actual.kind in ("text", "word") and row.computed == UNDECIDED
        stated = actual.kind == "level" and not (target.unit in SHARES and target.low == WHOLE)  # all done is 100 %
        if nothing or wordy or stated:
            yield Hit(f"目标是{describe(target)}，完成值{quoted(shown(row.actual))}没有数", (row,))


@check("A04")
def no_actual(context: Context) -> Iterator[Hit]:
    """No actual and no reason for it; said once where no row has one."""
    without = [row for row in context.rows if row.reading.actual.kind == "placeholder"]
    if len(without) > 1 and len(without) == len(context.rows) and all(blank(row.reason) for row in without):
        empty = "的完成值栏全部为空" if context.has("indicators", "actual") else "都没有列完成值"
        yield Hit(f"{len(without)}项指标{empty}", where="指标表")
        return
    for row in without:
        if not blank(row.reason):
            continue  # what the reason is worth, D01 to D06 say; P04 where it has full marks
        cell = f"完成值栏为{quoted(row.actual)}" if row.actual else "完成值栏为空"
        full = row.weight is not None and row.declared_score == row.weight
        claim = (
            f"，得分却是满分{row.weight}分"
            if full
            else f"，申报为{quoted(row.declared_met)}"
            if row.declared_met
            else ""
        )
        target = "，也没有目标值" if row.reading.target_from == "" else ""
        yield Hit(f"{cell}{target}{claim}", (row,))


@check("A05")
def other_unit(context: Context) -> Iterator[Hit]:
    """Target and actual in units that do not convert."""
    for row in context.rows:
        target, actual = row.reading.target, row.reading.actual
        if target.kind not in ("number", "range") or actual.kind not in ("number", "range"):
            continue
        if row.reading.a is not None or row.reading.beyond or actual.word == phrases.NOTHING:
            continue
        per = "/" in target.unit + actual.unit
        if target.unit and actual.unit and not per and _unlike(target.unit, actual.unit):
            yield Hit(f"目标是{describe(target)}，完成值是{describe(actual)}，单位不能换算", (row,))


@check("A06")
def beyond_everything(context: Context) -> Iterator[Hit]:
    """An actual above all there is."""
    for row in context.rows:
        if over_full(row, row.reading.actual):
            yield Hit(f"{quoted(row.indicator)}不会超过100%，完成值为{describe(row.reading.actual)}", (row,))


@check("A07")
def approximate(context: Context) -> Iterator[Hit]:
    """An actual that is only about a number."""
    for row in context.rows:
        value = row.reading.actual
        if value.kind == "number" and value.fuzzy:
            yield Hit(f"完成值{quoted(shown(row.actual))}带{quoted(value.fuzzy)}", (row,))


@check("A08")
def only_the_scale(context: Context) -> Iterator[Hit]:
    """The options instead of the one chosen."""
    for row in context.rows:
        if key(row.actual) in _scales():
            yield Hit(f"完成值填的是{quoted(row.actual)}，没有选定哪一档", (row,))


@check("A09")
def adverse_rate_as_success(context: Context) -> Iterator[Hit]:
    """The worst value of an adverse rate, claimed as success."""
    for row in context.rows:
        value = row.reading.actual
        rate = value.kind == "number" and value.unit == "%" and value.low is not None and value.low >= WORST
        claimed = row.declared == MET or (
            row.declared == "" and row.weight is not None and row.declared_score == row.weight
        )
        if rate and row.adverse and names.is_rate(row.indicator) and claimed and value.word != "下降":
            yield Hit(f"{quoted(row.indicator)}越低越好，完成值{describe(value)}，却{_claim(row)}", (row,))


@check("A10")
def rank_without_a_place(context: Context) -> Iterator[Hit]:
    """A rank where the target names none."""
    for row in context.rows:
        target = row.reading.target
        ranked = row.reading.actual.unit == phrases.RANK or _RANKED.search(row.actual)
        if ranked and target.unit != phrases.RANK and not _HAS_PLACE.search(row.target + row.indicator):
            wanted = f"目标值{quoted(row.target)}没有名次" if row.target else "目标值栏为空"
            yield Hit(f"完成值{quoted(shown(row.actual))}是排名，{wanted}", (row,))


@check("A11")
def changed_yardstick(context: Context) -> Iterator[Hit]:
    """The yardstick was changed during the year."""
    for row in context.rows:
        for text in (row.actual, row.narrative):
            word = next(
                (one[0] for one in _CHANGED.finditer(fold(text)) if not _UNCHANGED.search(one.string[: one.start()])),
                "",
            )
            if word:
                yield Hit(f"文字写有{quoted(word)}：{_around(text, word)}", (row,))
                break


@check("A12")
def beyond_belief(context: Context) -> Iterator[Hit]:
    """An attainment that hardly any work has: a unit was probably mistaken."""
    for row in context.rows:
        attained = row.reading.attainment
        far = attained is not None and (attained > MOST or 0 < attained < LEAST)
        if row.reading.beyond:
            yield Hit(f"目标{row.target or row.indicator}，完成{row.actual}：{row.reading.beyond}", (row,))
        elif far and row.reading.target.word not in phrases.CHANGES:
            yield Hit(
                f"目标{row.target or row.indicator}，完成{row.actual}，完成率{per_cent(attained or Decimal(0), 2):,}%",
                (row,),
            )


def tautology(row: Row) -> bool:
    """Whether a wordy actual has nothing but the characters of its names once the fillers are gone."""
    if has_amount(row) or blank(row.actual) or row.reading.actual.kind in ("level", "word", "unread"):
        return False
    rest = _FILLER.sub("", key(row.actual))
    own = set(key(row.indicator))
    return set(rest) <= own | set(key(row.goal)) and len(set(key(row.actual)) & own) * 2 >= min(len(own), 4)


def source_of(row: Row) -> str:
    """What backs a row: its evidence cell, else a source its narrative names; empty where neither does."""
    if not blank(row.evidence):
        return row.evidence
    vocabulary = words()["evidence"]
    named = holds(row.narrative, [*vocabulary["survey"], *vocabulary["source"]])
    title = "《" in row.narrative and "》" in row.narrative
    return f"说明中提到“{named}”" if named and has_amount(row) else "说明中引用文件" if title else ""


def shown(text: str) -> str:
    """A cell on one line, shortened."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


@lru_cache(maxsize=1)
def _scales() -> frozenset[str]:
    return frozenset(key(text) for text in phrases.SCALES_UNREAD)


def measure(unit: str) -> str:
    """``money``, ``ratio``, ``time`` …; all that is counted in pieces is one measure."""
    dimension = units.dimension(unit)
    return dimension if dimension.isascii() else COUNTED


def _unlike(one: str, other: str) -> bool:
    """Whether two units cannot be of the same thing: 册 and 本, 人 and 人次 may both be meant, 场 and 人 may not."""
    counted = [{kind for kind, held in words()["counted"].items() if unit in held} for unit in (one, other)]
    return measure(one) != measure(other) or (all(counted) and not counted[0] & counted[1])


def _claim(row: Row) -> str:
    return f"申报{quoted(row.declared_met)}" if row.declared_met else f"得满分{row.weight}分"


def _around(text: str, word: str) -> str:
    sentence = next((part for part in _SENTENCE_END.split(text) if word in part), text)
    return f"{quoted(shown(sentence))}"


@check("A13")
def same_as_last_year(context: Context) -> Iterator[Hit]:
    """Nearly every figure is that of the year before: its form under this year's name."""
    told = [row for row in context.rows if row.row in context.targets and _tells(row)]
    same = [row for row in told if key(row.actual) == key(str(context.targets[row.row]["previous_actual"]))]
    if len(told) >= FEWEST_TELLING and len(same) >= NEARLY_ALL * len(told):
        year = context.targets[told[0].row]["previous_year"]
        named = listed(f"{quoted(row.indicator)}{row.actual}" for row in same)
        fact = f"与{year}年对得上、完成值是数的{len(told)}项指标中，{len(same)}项的完成值与上年相同：{named}"
        yield Hit(fact, where="指标表")


def _tells(row: Row) -> bool:
    """Whether an actual is a number that two years do not share by themselves, as all of a rate or none of a harm."""
    actual = row.reading.actual
    return actual.kind == "number" and bool(actual.low) and not (actual.unit in SHARES and actual.low == WHOLE)
