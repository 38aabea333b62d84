"""Why two amounts that can be compared still decide nothing: the number is another one, or more of it is not better.

A number in brackets beside the amount (12场（更正：10场）), an actual below zero where nothing can be, a grade or rank
(3类 beside 2类), a level that is good in the middle (pH 9.8 beside 6-9), a duration that may have to be kept up
(公示7天), a share beside a bare count (100% beside 12), a target for several years. Each says its doubt as a sentence.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.model import amounts, names, phrases, units
from perfeval.model.comparing import DURATIONS, GIVEN, Outcome
from perfeval.model.folding import fold, one_of, vocabulary
from perfeval.model.numerals import NUMBER
from perfeval.model.rounding import half_up
from perfeval.model.schema import DEADLINE, EQUAL, MET, POSITIVE, REVERSE
from perfeval.model.values import Value, amount_text, cut, describe, read, short

_WORDS = vocabulary("words")
_DIRECTION, _ASIDE = _WORDS["direction"], _WORDS["aside"]
_ZERO, _ONE, _FULL = Decimal(0), Decimal(1), Decimal(100)
_NAMED_OTHER = re.compile(f"(?:{one_of(_ASIDE['named_other'])})")
_BEFORE_CHANGE = re.compile(f"(?:{one_of(_ASIDE['before_change'])})")
_PARTS = re.compile(f"(?:{one_of(_ASIDE['parts'])})")
_SHARE_OF_IT = re.compile(r"(?P<share>[0-9.]+)%")
_COMPLETION = re.compile(
    r"(?:(?:完成率?|达成率|完成比例|进度)[为达到至约:]{0,2}|(?:完成|占)(?:年度|全年|年初)?(?:计划|目标|任务)(?:数|值)?的)"
    r"(?P<share>[0-9]+(?:\.[0-9]+)?)%"
)
_RATIO = re.compile(r"(?<![0-9./])(?P<part>[0-9]+)/(?P<whole>[0-9]+)(?![0-9./])")
_SEVERAL = re.compile("[0-9][^0-9.,][^0-9]*[0-9]")
_TIMES = {"每月": 12, "每季度": 4, "每季": 4, "每半年": 2}
_BASE = re.compile("(?:上年度?|去年|往年|前年|上期|同期|基期)[^0-9]{0,4}$")
_SCOPE = re.compile("(?:季度|季|月|周|分别|各[^0-9]{0,4})$")
_OF_EACH = re.compile("(?:平均)?[每各][^0-9]{1,5}$")
_PLACES = ("村", "社区", "小区", "街道", "家", "户", "校", "点", "单位", "场")
_YEAR = re.compile("(?P<year>(?:19|20)[0-9]{2})年?")
_YEAR_ALONE = re.compile(r"(?:为|系|截至|截止)?(?:19|20)[0-9]{2}年?(?:度|底|末)?(?:数|数据|完成)?")
_YEARS = re.compile(
    r"(?<![0-9])(?:[二两三四五六七八九十]|[2-9]|10)年(?=[0-9]|内|间|共|合计|累计|总计|总|期?$)"
    r"|(?:19|20)[0-9]{2}年?度?(?:-|~|—|至|到)(?:(?:19|20)[0-9]{2})年"
    r"|十[一二三四五六]五|规划期|中期目标|总目标"
)
_PLAN = re.compile("十[一二三四五六]五")
_LOWER = re.compile(one_of([word for word, sign in _WORDS["operators"]["before"].items() if sign[0] == ">"]))
_UPPER = re.compile(one_of([word for word, sign in _WORDS["operators"]["before"].items() if sign[0] == "<"]))
_ORDINAL = frozenset(_ASIDE["ordinal_units"])
_COUNTING = ("数", "量", "种类", "项目", "件次", "场次", "人次")
_BAD = re.compile(f"(?:{'|'.join(_DIRECTION['perhaps_adverse'])})(?:{'|'.join(_DIRECTION['measure'])})$")
_NOT_BAD = re.compile(one_of(_DIRECTION["not_adverse"]))
_CHANGING = [*_WORDS["change"]["up"], *_WORDS["change"]["down"], "变动", "变化", "超支", "同比", "增减", "温", "差额"]


def doubt(
    indicator: str, target: Value, actual: Value, outcome: Outcome, *, way: tuple[str, str], year: int | None
) -> str:
    """Why what comparing the two amounts came to is not certain, as a Chinese sentence; empty where it is.

    ``way`` is the direction with its reason; one that the row itself gives is not doubted.
    """
    direction, reason = way
    a, b = outcome.a, outcome.b
    if a is None or b is None:
        return ""
    beside = (
        _beside_target(indicator, target, year)
        or _beside_actual(indicator, actual, outcome)
        or _years(indicator, target, actual)
        or _scoped(indicator, target, actual)
    )
    whatever = (
        beside or _count_as_share(indicator, target, actual) or _outside(indicator, target, actual, direction, outcome)
    )
    if whatever or a == b:
        return whatever
    return _below_zero(indicator, target, actual, direction, b) or (
        _no_order(indicator, target, actual, direction) if reason != GIVEN else ""
    )


def open_target(indicator: str, target: Value, way: tuple[str, str], year: int | None) -> str:
    """Why a target does not say for certain what it demands of its year, as a Chinese sentence; empty where it does."""
    if target.kind not in ("number", "range"):
        return ""
    direction, reason = way
    found = _several_years(target)
    if found and found not in fold(indicator):
        return f"目标“{short(target)}”写的是几个年度（“{found}”）的数"
    if target.kind == "range" and reason != GIVEN and (level := _level(indicator, target)):
        return f"“{level}”不是越高越好"
    ordered = reason == GIVEN or not target.low
    return _beside_target(indicator, target, year) or (
        "" if ordered else _no_order(indicator, target, target, direction)
    )


def _asides(value: Value) -> tuple[list[str], str]:
    """What stands in brackets in a cell, and what follows its first clause where the amount is all of that."""
    text, notes = amounts.without_notes(fold(value.raw))
    own = read(value.raw)
    alone = own.kind == "number" and own.low is not None and len(amounts.CLAUSE.split(text, maxsplit=1)) > 1
    return notes, amounts.CLAUSE.split(text, maxsplit=1)[1] if alone else ""


def _same_unit(value: Value, aside: str) -> list[Decimal]:
    """The numbers of an aside that may be in the value's unit; a bare one (50（60）人) where it is about as large."""
    found = []
    for one, _, _ in amounts.quantities(aside):
        bare = not one.unit and NUMBER.fullmatch(aside) is not None
        near = bool(value.low) and value.low is not None and abs(one.number - value.low) <= value.low
        if one.unit == value.unit or (bare and near) or (value.low == 0 and not value.unit):
            found.append(one.number)
    return found


def _beside_actual(indicator: str, actual: Value, outcome: Outcome) -> str:
    notes, rest = _asides(actual)
    for aside in [*notes, *([rest] if rest else [])]:
        if _another(actual, aside) or _contradicts(actual, _SHARE_OF_IT.fullmatch(aside), outcome):
            return f"实际“{short(actual)}”另写有“{cut(aside)}”，看不出以哪一个数为准"
    said = _COMPLETION.search(fold(actual.raw))
    if said is not None and _contradicts(actual, said, outcome):
        return f"实际“{short(actual)}”另写有“{said[0]}”，看不出是否完成"
    return _miscounted(indicator, actual)


def _miscounted(indicator: str, actual: Value) -> str:
    """Why the numbers of a cell contradict each other: 受理100件，办结90件，办结率96%, or 12场（每季度2场）."""
    text = fold(actual.raw)
    if actual.low is None or actual.fuzzy or actual.operator or not _SEVERAL.search(text):
        return ""
    found = amounts.quantities(text.replace("(", ",").replace(")", ","))
    for one, lead, _ in found:
        times = next((times for every, times in _TIMES.items() if lead.endswith(every)), 0)
        if times and one.unit == actual.unit and one.number * times != actual.low:
            return f"实际“{short(actual)}”按“{lead}”计是{amount_text(one.number * times, actual.unit)}，前后不一致"
    if actual.unit != "%":
        return ""
    near = _ONE.scaleb(int(actual.low.as_tuple().exponent))
    shares = list(_shares(indicator, text, found))
    if not shares or any(abs(share - actual.low) < near for share in shares):
        return ""
    counted = amount_text(half_up(shares[0], 2), "%")
    return f"实际“{short(actual)}”里的数算出来是{counted}，与所写的{describe(actual)}不一致"


def _shares(indicator: str, text: str, found: list[tuple[amounts.Amount, str, str]]) -> Iterator[Decimal]:
    """The shares in % that counts of what the name says are of the other counts in their unit."""
    for pair in _RATIO.finditer(text):
        part, whole = Decimal(pair["part"]), Decimal(pair["whole"])
        if part <= whole != 0:
            yield part / whole * _FULL
    name = names.without_labels(indicator)
    counts = [(one, lead) for one, lead, _ in found if one.unit and units.dimension(one.unit) != "ratio"]
    for place, (counted, lead) in enumerate(counts):
        if not any(lead[i : i + 2] in name for i in range(len(lead) - 1)):
            continue
        for other, (of, _) in enumerate(counts):
            if other != place and of.unit == counted.unit and counted.number <= of.number != 0:
                share = counted.number / of.number * _FULL
                yield _FULL - share if amounts.denied(lead) else share


def _another(actual: Value, aside: str) -> bool:
    """Whether an aside gives a second number of the same unit that is neither a part nor named as something else."""
    own = ",".join(clause for clause in re.split("[,;、]", aside) if not _NAMED_OTHER.match(clause))
    sizes = _same_unit(actual, own)
    return bool(sizes) and not (
        (_PARTS.match(own) and actual.low != 0) or all(size == actual.low for size in sizes) or sum(sizes) == actual.low
    )


def _of_other_year(aside: str, year: int | None) -> bool:
    """Whether a bracket says that the amount is another year's, or holds such: 2021年, 含2021年结转."""
    found = _YEAR.search(aside) if year is not None and not _NAMED_OTHER.match(aside) else None
    said = found is not None and (_YEAR_ALONE.fullmatch(aside) is not None or bool(_PARTS.match(aside)))
    return said and found is not None and int(found["year"]) != year


def _contradicts(actual: Value, share: re.Match[str] | None, outcome: Outcome) -> bool:
    """Whether a count is followed by a completion that its comparison with the target does not give."""
    counted = share is not None and units.dimension(actual.unit) != "ratio"
    return share is not None and counted and (Decimal(share["share"]) < _FULL) == (outcome.status == MET)


def _beside_target(indicator: str, target: Value, year: int | None) -> str:
    if fold(target.raw) == names.without_labels(indicator):
        return ""  # a target that was read from the name
    notes, rest = _asides(target)
    for aside in [*notes, *([rest] if rest else [])]:
        other = any(size != target.low for size in _same_unit(target, aside)) and not _BEFORE_CHANGE.match(aside)
        if other or _of_other_year(aside, year):
            return f"目标“{short(target)}”另写有“{cut(aside)}”，看不出以哪一个数为准"
    return ""


def _scoped(indicator: str, target: Value, actual: Value) -> str:
    """A target for each of several (各社区12场), part of the year or over another year, and an actual that is not."""
    text = fold(target.raw)
    if not target.lead and "/" not in target.unit and "(" not in text:
        return ""
    notes = amounts.without_notes(text)[1]
    change = target.word in phrases.CHANGES and units.dimension(target.unit) == "ratio"
    words = [found[0] for note in notes if (found := _OF_EACH.match(note))]
    words += [found[0] for form in (_SCOPE, *(() if change else (_BASE,))) if (found := form.search(target.lead))]
    per = target.unit.partition("/")[2]
    words += [per] if per in _PLACES and "/" not in actual.raw and units.dimension(target.unit) != "money" else []
    word = next((word for word in words if word not in fold(indicator) and word not in fold(actual.raw)), "")
    return f"目标“{short(target)}”写的是“{word}”，实际没有写，看不出能不能比较" if word else ""


def _years(indicator: str, target: Value, actual: Value) -> str:
    """A target for several years beside the actual of one, or the other way round."""
    for side, value, other in (("目标", target, actual), ("实际", actual, target)):
        found = _several_years(value)
        if found and found not in fold(indicator) and found not in fold(other.raw):
            return f"{side}“{short(value)}”写的是几个年度（“{found}”）的数，看不出本年度是多少"
    return ""


def _several_years(value: Value) -> str:
    """What in a cell says that its amount is of several years; empty where nothing does."""
    texts = (value.lead, *amounts.without_notes(fold(value.raw))[1], *_PLAN.findall(fold(value.raw)))
    return next((found[0] for text in texts if (found := _YEARS.search(text))), "")


def _count_as_share(indicator: str, target: Value, actual: Value) -> str:
    """A share beside a number that has no unit, where nothing says that it is a share too: 12 beside 100%."""
    shares = [units.dimension(value.unit) == "ratio" and not value.lent for value in (target, actual)]
    bare = next((value for value in (target, actual) if not value.unit), None)
    if bare is None or sum(shares) != 1 or names.is_rate(indicator) or names.has(indicator, _DIRECTION["bounded"]):
        return ""
    number, counted = bare.low or _ZERO, names.ends(indicator, [*_DIRECTION["counted"], *_COUNTING])
    least = _ZERO if bare is actual else _FULL / 2  # a share that is aimed at is rarely less
    if 0 <= number <= 1 or (least <= number <= _FULL and not counted):
        return ""
    side = "目标" if bare is target else "实际"
    return f"{side}“{short(bare)}”没有单位，另一方是百分数，指标名称不是比率，看不出是不是同一种数"


def _below_zero(indicator: str, target: Value, actual: Value, direction: str, b: Decimal) -> str:
    """An actual below zero of what cannot be: a count, a cost, a share that is no change."""
    if b >= 0 or (target.low is not None and target.low < 0):
        return ""
    changing = names.has(indicator, _CHANGING) or {target.word, actual.word} & set(phrases.CHANGES)
    if direction in (REVERSE, EQUAL, DEADLINE) and not changing:
        return f"实际{describe(actual)}小于0，而这样的指标不会小于0，请核对"
    falling = target.word == phrases.DOWN or names.has(indicator, _WORDS["change"]["down"])
    return f"降幅写作负数{describe(actual)}，看不出是降了还是升了" if falling and direction == POSITIVE else ""


def _outside(indicator: str, target: Value, actual: Value, direction: str, outcome: Outcome) -> str:
    """Met though outside a range that means both its ends: ≥5次且≤8次, -5%～5%, a level, money to be paid out."""
    if target.kind != "range" or outcome.status != MET:
        return ""
    text, least, reached = fold(target.raw), target.low or _ZERO, actual.low or _ZERO
    worded = _LOWER.search(text) and _UPPER.search(text)
    both = bool(worded or _level(indicator, target)) or direction == EQUAL or least < 0
    outside = outcome.a != outcome.b or (least < 0 and actual.unit == target.unit and reached < least)
    return f"目标{describe(target)}有上下限，实际在范围以外，看不出算不算达到目标" if both and outside else ""


def _no_order(indicator: str, target: Value, actual: Value, direction: str) -> str:
    """What neither more nor less of is better, as far as one can see: grades, levels, some durations, bad things."""
    unit = next((value.unit for value in (target, actual) if value.unit in _ORDINAL), "")
    if unit and not names.ends(indicator, list(_COUNTING)):
        return f"“{unit}”是等级、类别，看不出数大为好还是数小为好"
    lasting = direction == DEADLINE and units.dimension(target.unit) in (*DURATIONS, "")
    if target.operator or (target.word == phrases.DOWN and actual.word == phrases.DOWN):
        return ""  # the target says which way is good
    if lasting and not names.has(indicator, _DIRECTION["brief"]):
        return "时长类指标，名称看不出是越短越好还是须满这么长，目标没有写≥或≤"
    if target.word in phrases.CHANGES and not actual.word and names.is_rate(indicator):
        changing = names.has(indicator, _CHANGING)
        return "" if changing else f"目标是{target.word}幅度，实际{describe(actual)}看不出是幅度还是比率本身"
    return _more_no_better(indicator, target, actual) if direction == POSITIVE else ""


def _more_no_better(indicator: str, target: Value, actual: Value) -> str:
    """Why more of something need not be better although nothing says that it is not: the target names no side."""
    if (level := _level(indicator, target)) and target.kind == "number":
        return f"“{level}”不是越高越好，目标没有写≥或≤，看不出怎样算达到目标"
    if not target.low:
        return f"目标为0，实际{describe(actual)}，看不出是越多越好还是越少越好"
    name = names.without_target(indicator)
    bad = _BAD.search(name)
    if bad is None or names.adverse(indicator) is not None or _NOT_BAD.search(name):
        return ""
    return f"名称“{bad[0]}”像是越少越好的事，目标没有写≥或≤，看不出怎样算达到目标"


def _level(indicator: str, target: Value) -> str:
    """The word for a level that is good neither high nor low, at the end of a name or as the target's unit."""
    unit = target.unit if target.unit in _ASIDE["level_units"] else ""
    return names.ends(indicator, _DIRECTION["level"]) or unit
