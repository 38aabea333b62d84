"""C: what contradicts itself, or says the same thing twice.

Texts that are nearly the same, found in groups: every text is compared with a few neighbours, not with every other.

Texts that differ in a few characters stand close together in the order of the alphabet, read from the front or from
the back. So a thousand narratives take some ten thousand comparisons instead of half a million.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rapidfuzz import fuzz

from perfeval.analysis.findings.actuals import COUNTED, measure, shown
from perfeval.analysis.findings.context import (
    SIMILAR,
    Context,
    Goal,
    Hit,
    Row,
    blank,
    has_amount,
    joined,
    listed,
    pairs,
    quoted,
    row_list,
)
from perfeval.analysis.findings.registry import check, words
from perfeval.model.folding import fold, key, one_of
from perfeval.model.rounding import half_up, plain
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED

NEIGHBOURS = 12
"""How many texts behind it in each order a text is compared with."""


def alike(texts: Sequence[str], least: float) -> tuple[tuple[int, ...], ...]:
    """Groups (of two or more) of the places of texts that share ``least`` (0…1) of their characters, in order.

    Texts in a group are linked one by one; empty texts are like nothing.

    >>> alike(["由中心登记汇总后上报", "按月巡查", "由中心登记汇总后上报。"], 0.9)
    ((0, 2),)
    """
    first: dict[str, int] = {}
    heads = list(range(len(texts)))
    for place, text in enumerate(texts):
        heads[place] = first.setdefault(text, place) if text else place
    unique = [place for place, head in enumerate(heads) if head == place and texts[place]]
    for one, two in _candidates(texts, unique):
        if _head(heads, one) != _head(heads, two) and fuzz.ratio(texts[one], texts[two]) >= 100 * least:
            _join(heads, one, two)
    groups: dict[int, list[int]] = {}
    for place in range(len(texts)):
        groups.setdefault(_head(heads, place), []).append(place)
    return tuple(tuple(places) for places in groups.values() if len(places) > 1)


def _candidates(texts: Sequence[str], places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of neighbours in the order read from the front, and in that read from the back."""
    for backwards in (False, True):
        ordered = sorted(places, key=lambda place: (texts[place][::-1] if backwards else texts[place], place))
        for at, one in enumerate(ordered):
            for two in ordered[at + 1 : at + 1 + NEIGHBOURS]:
                yield one, two


def _head(heads: list[int], place: int) -> int:
    """The first text of the group a text is in."""
    while heads[place] != place:
        heads[place] = heads[heads[place]]
        place = heads[place]
    return place


def _join(heads: list[int], one: int, two: int) -> None:
    first, second = sorted((_head(heads, one), _head(heads, two)))
    heads[second] = first


LIKE_NAMES = 0.85
"""From which share of common characters on two names in one goal look like one."""
LEAST_NARRATIVE = 8
"""Characters a narrative must have to be compared with others."""
LEAST_GOAL = 6
"""Characters a goal must have, without those that say it was done, to be recognised in a result."""
FOREIGN_SHARE = 0.5
"""Share of the other indicator's pairs of characters a text must hold to be about it."""
LEAST_SHARED = 2
"""How many pairs of characters these must be: one alone (相关) is in many texts."""
LEAST_NAMED = 2
"""Characters a name must keep without its generic words to be the name of one thing."""
_DONE = re.compile(one_of(words()["fillers"]["done"]))
_SENTENCE = re.compile("[。;；\n]")
_UNIT = "(?P<unit>处|个|件|起|户|项|人|条|家)"
_LEFT = re.compile(
    rf"(?P<count>[0-9]{{1,4}}){_UNIT}(?:[^,。;:0-9完整办化达解]{{0,4}})(?:仍|还|尚)?(?:未|没有|没)(?:能|有)?"
    r"(?:完成|整改|办结|化解|达标|解决|按期完成|落实)"
)
_LEFT_BEHIND = re.compile(
    rf"(?:仍|还|尚)?(?:有|剩余?)(?P<count>[0-9]{{1,4}}){_UNIT}(?:仍|还|尚)?未(?:完成|整改|办结|化解|达标|解决|落实)"
)
_OF = re.compile(rf"(?P<whole>[0-9]{{1,4}}){_UNIT}[^,。;:0-9]{{0,4}}[中里][,:]?(?:仍|还|尚)?(?:有|剩余?)?$")
"""The whole that what is left is told of, right before it: 20处隐患中有…"""


@check("C01")
def contradicting(context: Context) -> Iterator[Hit]:
    """One indicator, several results."""
    for rows in same_named(context):
        told = [row for row in rows if row.reading.actual.kind == "number" or row.status in (MET, PARTLY, MISSED)]
        values = {
            (row.reading.actual.low, measure(row.reading.actual.unit) or COUNTED)  # 25场 is not denied by 25次
            for row in told
            if row.reading.actual.kind == "number"
        }
        statuses = {row.status for row in told if row.status != UNDECIDED}
        same_texts = len({key(row.actual) for row in told}) == 1
        if len(values) > 1 or (len(statuses) > 1 and not same_texts):
            facts = joined(f"{_at(row)}完成值{quoted(shown(row.actual))}（{row.status}）" for row in told)
            yield Hit(f"{quoted(told[0].indicator)}：{facts}", tuple(told))


@check("C02")
def other_targets(context: Context) -> Iterator[Hit]:
    """One indicator, several targets."""
    for rows in same_named(context):
        if len({(row.reading.target.low, row.reading.target.unit, row.reading.target.word) for row in rows}) > 1:
            facts = joined(f"{_at(row)}目标值“{row.target or '空'}”" for row in rows)
            yield Hit(f"{quoted(rows[0].indicator)}：{facts}", rows)


@check("C03")
def other_categories(context: Context) -> Iterator[Hit]:
    """One indicator, several categories."""
    for rows in same_named(context):
        if len({row.category for row in rows}) > 1:
            facts = joined(f"{_at(row)}归入{row.category}" for row in rows)
            yield Hit(f"{quoted(rows[0].indicator)}：{facts}", rows)


@check("C04")
def counted_twice(context: Context) -> Iterator[Hit]:
    """One indicator with one result, counted in several places."""
    for rows in same_named(context):
        if len({key(row.actual) for row in rows}) == 1 and not blank(rows[0].actual):
            words = {fold(row.narrative) for row in rows}
            same = "，说明也逐字相同" if len(words) == 1 and len(next(iter(words))) >= LEAST_NARRATIVE else ""
            places = listed(_at(row) for row in rows)
            yield Hit(
                f"{quoted(rows[0].indicator)}在{places}各计一次，完成值都是{quoted(shown(rows[0].actual))}{same}", rows
            )


@check("C05")
def one_narrative_for_two(context: Context) -> Iterator[Hit]:
    """Several indicators share a narrative that does not tell of each; one finding for all of them."""
    foreign = {row.row for row, _ in foreign_texts(context)}
    told = [
        row
        for row in context.rows
        if len(key(row.narrative)) >= LEAST_NARRATIVE and row.row not in foreign and not _tells_of(row)
    ]
    for places in alike([fold(row.narrative) for row in told], SIMILAR):
        rows = tuple(told[place] for place in places)
        if len({row.bare for row in rows}) > 1 and not all(map(_formula, rows)):
            yield Hit(f"{_each(rows)}的说明几乎相同：{quoted(shown(rows[0].narrative))}", rows)


@check("C06")
def about_another(context: Context) -> Iterator[Hit]:
    """The narrative is about another indicator."""
    for row, other in foreign_texts(context):
        same = "，与其说明逐字相同" if fold(row.narrative) == fold(other.narrative) else ""
        told = f"{quoted(row.indicator)}的说明是{quoted(shown(row.narrative or row.actual))}"
        fact = f"{told}，说的是{quoted(other.indicator)}（第{other.row}行）{same}"
        yield Hit(fact, (row, other))


@check("C07")
def like_names(context: Context) -> Iterator[Hit]:
    """Names in one goal that are nearly the same; one finding for all that are like one another."""
    for goal in context.goals:
        for places in alike([row.bare for row in goal.rows], LIKE_NAMES):
            rows = tuple(goal.rows[place] for place in places)
            if len({row.bare for row in rows}) > 1:
                yield Hit(f"{_each(rows)}的名称近似", rows)


@check("C08")
def copied_goal(context: Context) -> Iterator[Hit]:
    """All of a goal's indicators are another goal's."""
    for goal, model in copied_goals(context):
        named = listed(f"{quoted(row.indicator)}" for row in goal.rows)
        fact = (
            f"{goal.label}的全部{len(goal.rows)}项指标（{row_list(goal.rows)}：{named}）都与{model.label}的指标同名，"
            f"与{quoted(goal.name)}没有共同的词"
        )
        yield Hit(fact, goal.rows, goal)


@check("C09")
def unlike_its_goal(context: Context) -> Iterator[Hit]:
    """A name that shares words with another goal's name only."""
    for row in context.rows:
        own = pairs(row.goal)
        if not own or pairs(row.indicator) & own:
            continue
        others = [goal for goal in context.goals if pairs(row.indicator) & (pairs(goal.name) - _common(context))]
        if others:
            yield Hit(f"{quoted(row.indicator)}与{quoted(row.goal)}没有共同的词，与{others[0].label}有", (row,))


@check("C10")
def impossible_arithmetic(context: Context) -> Iterator[Hit]:
    """No total fits both the number left and the percentage done."""
    for row in context.rows:
        value = row.reading.actual
        if value.kind != "number" or value.unit != "%" or value.low is None or value.fuzzy or value.operator:
            continue
        found = next((left for text in (row.narrative, row.reason) if (left := _left(fold(text)))), None)
        if found is None or value.low >= 100 or int(found["count"]) == 0:  # noqa: PLR2004  # per cent
            continue
        count, unit = int(found["count"]), found["unit"]
        whole = _whole_of(found)
        if whole >= count:
            places = max(0, -int(value.low.as_tuple().exponent))
            share = half_up(100 - Decimal(100 * count) / whole, places)
            if share != value.low:
                fact = f"{whole}{unit}中{count}{unit}未完成，完成率应为{plain(share)}%，完成值为{plain(value.low)}%"
                yield Hit(fact, (row,))
            continue
        if not _possible(count, value.low):
            total = Decimal(count) / (1 - value.low / 100)
            rate = f"{plain(value.low)}%"
            fact = f"{count}{unit}未完成、完成率{rate}：总数应为{count}÷(1−{rate})≈{total:.2f}{unit}，不是整数"
            yield Hit(fact, (row,))


@check("C11")
def claimed_though_missed(context: Context) -> Iterator[Hit]:
    """Printed as met, computed as not."""
    for row in context.rows:
        if row.declared == MET and row.computed in (MISSED, PARTLY):
            yield Hit(f"{row.reading.why}，计算为{row.computed}，申报为{quoted(row.declared_met)}", (row,))


@check("C12")
def missed_though_met(context: Context) -> Iterator[Hit]:
    """Printed as missed, computed as met."""
    for row in context.rows:
        if row.declared == MISSED and row.computed == MET:
            yield Hit(f"{row.reading.why}，计算为完成，申报为{quoted(row.declared_met)}", (row,))


@check("C13")
def goal_as_result(context: Context) -> Iterator[Hit]:
    """What was achieved is the goal again."""
    goals = {_said(goal.name): goal for goal in context.goals if len(_said(goal.name)) >= LEAST_GOAL}
    for text in context.result.narrative.summary:
        for part in dict.fromkeys((text, *_SENTENCE.split(text))):
            goal = goals.get(_said(part))
            if goal is not None:
                yield Hit(f"完成情况写{quoted(shown(part))}，就是{goal.label}的目标", where="文字部分 · 主要成绩")
                break


def _said(text: str) -> str:
    """A text without the words that only say that it was done."""
    return _DONE.sub("", key(text))


def same_named(context: Context) -> tuple[tuple[Row, ...], ...]:
    """Groups of rows with the same name, where the name says more than every project's does."""
    generic = re.compile(one_of(words()["names"]["generic"]))
    return tuple(rows for rows in context.same_named if len(generic.sub("", rows[0].bare)) >= LEAST_NAMED)


def copied_goals(context: Context) -> list[tuple[Goal, Goal]]:
    """Goals whose rows (two or more) all have the names of rows of one larger goal and nothing of their own goal's."""
    found = []
    named = [{row.bare for row in goal.rows} for goal in context.goals]
    holding: dict[str, set[int]] = {}
    for place, names in enumerate(named):
        for name in names:
            holding.setdefault(name, set()).add(place)
    for goal, own in zip(context.goals, named, strict=True):
        if len(own) < 2 or any(pairs(row.indicator) & pairs(goal.name) for row in goal.rows):  # noqa: PLR2004  # one same name is C04
            continue
        models = [place for place in set.intersection(*(holding[name] for name in own)) if own < named[place]]
        if models:
            found.append((goal, context.goals[min(models)]))
    return found


def foreign_texts(context: Context) -> list[tuple[Row, Row]]:
    """Rows whose text shares nothing with their own name and goal but most of another indicator's name."""
    found = []
    holding: dict[str, list[int]] = {}
    for place, row in enumerate(context.rows):
        for pair in pairs(row.bare) if len(pairs(row.bare)) > 1 else ():
            holding.setdefault(pair, []).append(place)
    for row in context.rows:
        text = row.narrative or row.actual
        said = pairs(text)
        if len(key(text)) < LEAST_NARRATIVE or said & (pairs(row.indicator) | pairs(row.goal)):
            continue
        shared = Counter(place for pair in said for place in holding.get(pair, ()))
        share = {place: many / len(pairs(context.rows[place].bare)) for place, many in shared.items()}
        others = [
            place for place in sorted(share) if context.rows[place].bare != row.bare and shared[place] >= LEAST_SHARED
        ]
        best = max(others, key=lambda place: share[place], default=None)
        if best is not None and share[best] >= FOREIGN_SHARE:
            found.append((row, context.rows[best]))
    return found


def _at(row: Row) -> str:
    goal = f"目标{row.goal_no}" if row.goal_no is not None else row.category
    return f"{goal}（第{row.row}行）"


def _formula(row: Row) -> bool:
    """Whether a narrative is like others only because it is its own name and number (甲率100%, 乙率100%)."""
    return len(key(row.narrative).replace(key(row.indicator), "").replace(row.bare, "")) < LEAST_NARRATIVE


def _tells_of(row: Row) -> bool:
    """Whether a narrative names the indicator and its result: a report on several may stand beside each of them."""
    text = key(row.narrative)
    named = row.bare in text or key(row.indicator) in text
    return named and has_amount(row) and key(row.actual) in text


def _each(rows: tuple[Row, ...]) -> str:
    """``“甲”（第2行）、“乙”（第3行）等5项``."""
    return listed(f"{quoted(row.indicator)}（第{row.row}行）" for row in rows)


def _common(context: Context) -> frozenset[str]:
    """Pairs of characters that more than one goal's name holds."""
    seen: dict[str, int] = {}
    for goal in context.goals:
        for pair in pairs(goal.name):
            seen[pair] = seen.get(pair, 0) + 1
    return frozenset(pair for pair, times in seen.items() if times > 1)


def _left(text: str) -> re.Match[str] | None:
    return _LEFT.search(text) or _LEFT_BEHIND.search(text)


def _whole_of(left: re.Match[str]) -> int:
    """The whole that what is left is told of, in its unit; 0 where none is."""
    told = _OF.search(left.string[: left.start("count")])
    return int(told["whole"]) if told and told["unit"] == left["unit"] else 0


def _possible(count: int, percent: Decimal) -> bool:
    """Whether some total, with ``count`` of it left, gives the percentage (below 100) at its printed precision."""
    half = Decimal(1).scaleb(int(percent.as_tuple().exponent)) / 2
    least, most = 100 - percent - half, 100 - percent + half  # per cent left: more than the one, up to the other
    return max(count, math.ceil(100 * count / most)) < 100 * count / least
