"""Reading a pair: what a row's target and actual mean together, how far the target is attained, and why.

Finding the indicator rows that a person's decision about two years names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from perfeval.model import amounts, comparing, dates, doubts, names, phrases, units
from perfeval.model.amounts import denied
from perfeval.model.comparing import (
    SHARE_FLOOR,
    Outcome,
    compare_amounts,
    compare_dates,
    compare_words,
    in_one_scale,
    undecided,
)
from perfeval.model.folding import fold, key, one_of, vocabulary
from perfeval.model.residue import residue
from perfeval.model.schema import DEADLINE, MET, MISSED, PARTLY, REVERSE, UNDECIDED
from perfeval.model.steps import asked_for, is_done, of_step, other_step
from perfeval.model.values import MEASURED, Value, cut, describe, read, short

Told = tuple[amounts.Amount, str, str]
"""An amount of a narrative with the words just before and after it."""
CELL, NAME = "单元格", "指标名称"
_ONE, _ZERO, _FULL = Decimal(1), Decimal(0), Decimal(100)
_LEVELS = vocabulary("words")["levels"]
_SENTENCE = vocabulary("words")["sentence"]
_PLANNED, _BEGUN = re.compile(one_of(_SENTENCE["planned"])), re.compile(one_of(_SENTENCE["begun"]))
_SINCE = re.compile("^[自从]")
_POINTS = (Decimal(5), Decimal(10))
"""The ends of the scales on which people say how satisfied they are."""
_HALF = Decimal(50)
_BOUNDED = vocabulary("words")["direction"]["bounded"]
_RANKS = vocabulary("words")["rank"]["names"]
_RATES_OF_CHANGE = {
    way: [f"{word}{rate}" for word in vocabulary("words")["change"][words] for rate in ("", "率", "幅", "幅度")]
    for way, words in ((phrases.UP, "up"), (phrases.DOWN, "down"))
}
_TIMELY = "及时"
_DENIALS = ("否", "×", "no", "n", "false")
_NO = re.compile(
    f"(?:未|没有|没能|没|尚未|不能|无法)(?:能|予|有)?(?:{one_of(_LEVELS['adverb'])}){{0,3}}"
    "(?:完成|达成|达到|达标|实现|办结|开展|落实)|^(?:否|×|no|n|false)$"
)
_PARTLY = re.compile("部分|基本|大部|未全|未完全|没有全部|一半")
_YES = re.compile("完成|达成|达到|达标|实现|办结|落实|超额|^(?:是|√|yes|y|true)$")
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


@dataclass(frozen=True, slots=True)
class Reading:
    """A row's target and actual, read together."""

    target: Value
    """What counts as target after looking into the name."""
    actual: Value
    target_from: str
    """``单元格``, ``指标名称`` or empty where there is no target."""
    direction: str
    """One of ``schema.DIRECTIONS``, or empty where it cannot be inferred."""
    direction_why: str
    a: Decimal | None
    """The numeric target in the common unit; None where the two are not comparable amounts."""
    b: Decimal | None
    """The numeric actual in the same unit."""
    level: str
    """完成, 部分完成 or 未完成 where words or a deadline decided, else empty."""
    attainment: Decimal | None
    """Ratio, 1 = 100 %, uncapped; None where it cannot be computed."""
    status: str
    """One of ``schema.STATUSES``, from target and actual alone."""
    why: str
    """How attainment and status came about, or why they could not."""
    beyond: str = ""
    """What is beyond belief in the two amounts (see :mod:`~perfeval.model.comparing`); empty where nothing is."""
    open_target: str = ""
    """Why the target alone says no certain demand (a grade, several years, a second number); empty where it does."""

    @property
    def unmeasured(self) -> bool:
        """Whether a verdict on a measurable target (a number or a date) rests on words of the office alone.

        So does that on a number that cannot be compared: 1000件 达成预期指标 beside 100%.

        >>> read_pair("培训率", "≥95%", "达成预期指标").unmeasured, read_pair("培训率", "≥95%", "96%").unmeasured
        (True, False)
        """
        worded = self.actual.kind not in MEASURED or self.attainment is None
        return worded and self.target.kind in MEASURED and self.status != UNDECIDED


def read_pair(
    indicator: str, target: str, actual: str, *, unit: str = "", direction: str = "", year: int | None = None
) -> Reading:
    """Read one row; ``unit`` is its unit column, ``direction`` an explicit override, both may be empty.

    ``year`` is the document's, of which a deadline without one is.
    """
    unit = unit if units.column(unit) != units.Column() else names.unit_of(indicator)
    wanted, done = read(target, unit), read(actual, unit)
    share = wanted.unit == "%" or (not wanted.unit and names.is_rate(indicator))
    if share and (wanted.low or _ZERO) >= SHARE_FLOOR and _ZERO < (done.low or _ZERO) < _ONE:
        wanted = replace(wanted, unit="%")  # 95 of a rate
        done = read(actual)  # 0.95 under a % column beside 95 is a share, not 0.95 %
    wanted, target_from = _with_name(indicator, wanted, done)
    wanted, done = (_as_rank(indicator, _as_dates(indicator, value)) for value in (wanted, done))
    wanted = _as_change(indicator, wanted, done)
    way, way_why = comparing.infer(indicator, wanted, done, direction)
    done, zero_why = _as_zero(indicator, wanted, done)
    wanted, _ = _as_zero(indicator, wanted, wanted)
    if wanted.kind in ("number", "range") and done.kind == "text":
        done, taken = _from_narrative(indicator, wanted, done)
        zero_why = zero_why or taken
    scaled = in_one_scale(wanted, done)
    wanted, done = scaled.target, scaled.actual
    outcome = (
        _outcome(indicator, wanted, done, (way, way_why), year) if not scaled.doubt else _doubted(done, scaled.doubt)
    )
    if doubt := "" if outcome.status == UNDECIDED else _of_else(indicator, wanted, done, outcome.status, year):
        outcome = undecided(f"实际“{short(done)}”{doubt}")
    notes = [] if outcome.status == UNDECIDED else [note for note in (zero_why, scaled.note) if note]
    why = "；".join([outcome.why, *notes])
    if target_from == NAME:
        why = f"目标取自指标名称（{describe(wanted)}）；{why}"
    return Reading(
        target=wanted,
        actual=done,
        target_from=target_from,
        direction=way,
        direction_why=way_why,
        a=outcome.a,
        b=outcome.b,
        level=outcome.level,
        attainment=outcome.attainment,
        status=outcome.status,
        why=why,
        beyond=scaled.beyond,
        open_target=doubts.open_target(indicator, wanted, (way, way_why), year),
    )


def read_status(text: str) -> str:
    """A printed status wording as 完成, 部分完成 or 未完成; empty where nothing is printed, 无法判定 where unclear."""
    folded = fold(text)
    if phrases.is_placeholder(folded):
        return ""
    if folded in phrases.SCALES_UNREAD:
        return UNDECIDED
    checked = phrases.checked_option(folded)
    bare = (key(checked) or MET) if checked is not None else key(folded) or folded
    level = phrases.level_of(bare)
    if level:
        return level
    if any(character.isdigit() for character in bare):
        found = read(text)
        whole = found.kind == "number" and found.unit == "%" and found.low is not None and found.low >= _FULL
        return found.level or (MET if whole else UNDECIDED)
    for status, pattern in ((PARTLY, _PARTLY), (MISSED, _NO), (MET, _YES)):
        if pattern.search(bare):
            return status
    return UNDECIDED


def _with_name(indicator: str, target: Value, actual: Value) -> tuple[Value, str]:
    """The target from the name where the cell has no measurable one."""
    if target.kind in ("level", "word", "placeholder", "text") and target.level in ("", MET):
        hidden = names.target_in(indicator)
        if hidden is not None and (hidden.kind == "number" or actual.kind == "date"):
            return hidden, NAME
    empty = target.kind == "placeholder" and not _nothing(indicator, target)
    return target, "" if empty else CELL


def _as_dates(indicator: str, value: Value) -> Value:
    """A bare year (2022) under a deadline's name is a date."""
    year = value.low if value.kind == "number" and not value.unit and not value.operator else None
    named = names.has(indicator, ["时间", "时限", "日期", "期限", "时效"])
    if year is None or not named or year != int(year) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return value
    return Value(value.raw, "date", start=str(int(year)), end=str(int(year)))


def _as_rank(indicator: str, value: Value) -> Value:
    """A bare whole number under the name of a rank (考核排名 3) is one."""
    whole = value.kind == "number" and value.low is not None and value.low == int(value.low) and value.low > 0
    if not whole or value.unit not in ("", "位") or value.fuzzy or not names.ends(indicator, _RANKS):
        return value
    return replace(value, unit=phrases.RANK)


def _as_change(indicator: str, target: Value, actual: Value) -> Value:
    """The target of 税收增长率 (≥3%) as a change, where the actual is told as one: 增长3.5%."""
    plain = target.kind in ("number", "range") and not target.word and units.dimension(target.unit) == "ratio"
    named = plain and names.ends(indicator, _RATES_OF_CHANGE.get(actual.word, []))
    return replace(target, word=actual.word) if named else target


def _nothing(indicator: str, value: Value) -> bool:
    """Whether a cell's 无 means zero: only where the indicator counts something adverse."""
    return value.kind == "placeholder" and value.word in ("无", "暂无") and names.adverse(indicator) is not None


def _as_zero(indicator: str, target: Value, value: Value) -> tuple[Value, str]:
    """无 and 否 as zero where the indicator counts something adverse or the target is zero."""
    zero_wanted = target.kind == "number" and target.low == 0
    none = value.kind == "placeholder" and value.word in ("无", "暂无") and (zero_wanted or _nothing(indicator, value))
    denied = value.word in ("否", "×") and zero_wanted
    if not none and not denied:
        return value, ""
    return (
        Value(value.raw, "number", low=_ZERO, high=_ZERO, word=phrases.NOTHING),
        f"“{value.word}”按0计",
    )


def _from_narrative(indicator: str, target: Value, actual: Value) -> tuple[Value, str]:
    """The one amount of a narrative that answers the target, and how it was found.

    It is alone in its unit, or the one that is meant (受理42件，办结41件); and said of what the name says, called 实际,
    or all that its first or its own clause says.
    """
    text = fold(actual.raw)
    every = amounts.quantities(text)
    same = [
        found for found in every if found[0].unit and units.dimension(found[0].unit) == units.dimension(target.unit)
    ]
    same, which = _meant(indicator, target, same) if len(same) > 1 else (same, "唯一的同单位数值")
    if len(same) != 1:
        return actual, ""
    one, lead, rest = same[0]
    near = key(f"{lead}{rest}")
    named = names.without_labels(indicator)
    shared = any(named[i : i + 2] in near for i in range(len(named) - 1))
    first = read(amounts.CLAUSE.split(text)[0])
    alone = first.kind == "number" and (first.low, first.unit) == (one.number, one.unit)
    bare = not near and len(every) == 1
    if not (shared or alone or bare or is_done(lead)) or denied(lead):
        return actual, ""
    taken = Value(actual.raw, "number", one.operator, one.number, one.number, one.unit, one.fuzzy)
    return taken, f"实际取自叙述中{which}“{describe(taken)}”"


def _meant(indicator: str, target: Value, same: list[Told]) -> tuple[list[Told], str]:
    """Of several amounts those that are called 实际 where the others are plans, or told of the step that is asked for
    where the others are of steps that the row does not name; and what they are called."""
    if None not in (done := [is_done(lead) for _, lead, _ in same]):
        return [one for one, is_so in zip(same, done, strict=True) if is_so], "称为实际的数值"
    asked, row = asked_for(indicator, target.raw), fold(f"{indicator} {target.raw}")
    told = [of_step(key(f"{lead}{rest}"), asked, row) for _, lead, rest in same]
    if not asked or None in told:
        return [], ""
    return [one for one, of in zip(same, told, strict=True) if of], f"与“{asked[0]}”对应的数值"


def _outcome(  # noqa: PLR0911 - one return a case
    indicator: str, target: Value, actual: Value, way: tuple[str, str], year: int | None
) -> Outcome:
    if actual.kind == "date" and (other := _not_done_on(indicator, target, actual)):
        return undecided(other)
    if actual.kind == "unread":
        return undecided(f"实际值未读出：{actual.reason}")
    if target.kind == "unread":
        return undecided(f"目标值未读出：{target.reason}")
    if actual.kind == "placeholder":
        return undecided("未填实际完成值" if not actual.word else f"实际完成值是“{actual.word}”，没有可读的值")
    if target.kind in ("number", "range"):
        return _against_amount(indicator, target, actual, way, year)
    if target.kind == "date":
        return _against_date(target, actual, year)
    if target.kind == "placeholder":
        return undecided("未填目标值" if not target.word else f"目标值是“{target.word}”，没有可比较的目标")
    return _against_words(indicator, target, actual, way[0])


def _not_done_on(indicator: str, target: Value, actual: Value) -> str:
    """Why an actual's date is not when it was done; empty where nothing says so."""
    said = _raw(actual)
    words = _PLANNED.findall(said)
    words += [] if _BEGUN.search(f"{indicator}{_raw(target)}") else _BEGUN.findall(said)
    words += [] if dates.is_span(said) else _SINCE.findall(said)
    word = next((word for word in words if word not in indicator), "")
    return f"实际“{short(actual)}”写的是“{word}”，不是完成的时间，无法与目标比较" if word else ""


def _of_else(indicator: str, target: Value, actual: Value, status: str, year: int | None) -> str:
    """What an actual says beside its amount that leaves open whether it is what the row asks for."""
    if step := other_step(indicator, target, actual):
        return step
    left = residue(indicator, target, actual, status, year)
    return f"写有“{cut(left)}”，看不出说的是不是本年度完成的情况" if left else ""


def _doubted(actual: Value, doubt: str) -> Outcome:
    """Amounts that cannot both be in the units they seem to be in: only the words beside the actual may decide."""
    return _by_level(actual, doubt) or undecided(doubt)


def _against_amount(indicator: str, target: Value, actual: Value, way: tuple[str, str], year: int | None) -> Outcome:
    direction = way[0]
    if actual.kind in ("number", "range"):
        if actual.word == phrases.NOTHING and not (direction == REVERSE or target.low == 0):
            return undecided(f"实际“{_raw(actual)}”不是数值，与目标{describe(target)}无法比较")
        if target.unit == "%" and not target.operator and not actual.level and _impossible(indicator, target):
            return undecided(f"目标{describe(target)}超过比率上限100%，疑似“≥”被误识为数字")
        if no_share := _no_share(indicator, target, actual):
            return undecided(no_share)
        outcome = compare_amounts(target, actual, direction)
        doubted = doubts.doubt(indicator, target, actual, outcome, way=way, year=year)
        outcome = undecided(doubted) if doubted else outcome
        if outcome.status != UNDECIDED:
            contrary = actual.level and actual.level != outcome.status
            note = f"；文字“{actual.word}”与数值不一致，以数值为准" if contrary else ""
            return replace(outcome, why=outcome.why + note)
        return outcome if doubted else _by_level(actual, outcome.why) or outcome
    said = _by_level(actual, f"目标{describe(target)}，实际没有数值")
    return said or undecided(f"实际“{short(actual)}”没有可与目标{describe(target)}比较的数值")


def _against_date(target: Value, actual: Value, year: int | None) -> Outcome:
    if actual.kind == "date":
        return compare_dates(target, actual, year)
    said = _timely(target, actual) or _by_level(actual, f"目标{describe(target)}")
    return said or undecided(f"目标是期限{describe(target)}，实际“{short(actual)}”没有写时间")


def _timely(target: Value, actual: Value) -> Outcome | None:
    """及时, 按时 … beside a deadline: the office says that it was kept, or was not."""
    grade = phrases.grade_of(actual.word) if actual.word and not actual.level else None
    if grade is None or grade.family != _TIMELY:
        return None
    level = MET if grade.step == 0 else MISSED if grade.bad else PARTLY
    return Outcome(level, f"目标“{short(target)}”，实际“{actual.word}”", level=level)


def _against_words(indicator: str, target: Value, actual: Value, direction: str) -> Outcome:  # noqa: PLR0911 - one return a case
    if actual.kind in ("number", "range"):
        return _number_against_words(indicator, target, actual, direction)
    same = key(target.raw) == key(actual.raw)
    if same and (target.level in ("", MET) or target.word in _DENIALS):
        return Outcome(MET, f"实际与目标文字相同（{short(actual)}）", level=MET)
    if target.level == MISSED:
        return undecided(f"目标写作“{target.word}”，含义不明")
    said = _by_level(actual, f"目标“{short(target)}”")
    if said is not None:
        return said
    timely = _timely(target, actual) if direction == DEADLINE and target.kind == "text" else None
    if timely is not None:
        return timely
    described = _described(target, actual)
    if described is not None:
        return described
    if target.kind == "word":
        return compare_words(target, actual)
    if target.kind == "level" and actual.kind == "word":
        return _word_against_level(target, actual)
    if target.kind == "level" and actual.kind == "date" and direction == DEADLINE:
        return undecided(f"目标“{target.word}”没有写明期限，无法判断{describe(actual)}是否按期")
    return undecided(f"目标“{short(target)}”没有数值或等级，实际“{short(actual)}”是叙述，无法计算")


def _described(target: Value, actual: Value) -> Outcome | None:
    """A description beside the same one (做到干净整洁, 干净整洁), or a change asked for beside what came of it."""
    if phrases.same_description(target.raw, actual.raw):
        return Outcome(MET, f"实际“{short(actual)}”与目标“{short(target)}”说的是同一情况", level=MET)
    wanted, of = phrases.change_of(target.raw) if target.kind == "text" else ("", "")
    said, about = (actual.word, "") if actual.kind == "word" else phrases.change_of(actual.raw)
    if not wanted or not said or not of or (about and not about.endswith(of)):
        return None  # 服务环境 that improved is not 服务质量; 办学条件 is a kind of 条件
    compared = compare_words(replace(target, kind="word", word=wanted), replace(actual, kind="word", word=said))
    return compared if compared.status != UNDECIDED else None


def _word_against_level(target: Value, actual: Value) -> Outcome:
    grade, wanted = phrases.grade_of(actual.word), phrases.grade_of(target.word)
    if grade is not None and wanted is not None and grade.family == wanted.family:
        return compare_words(target, actual)
    if grade is not None and grade.bad:
        return Outcome(MISSED, f"目标“{target.word}”，实际“{actual.word}”，未达到", level=MISSED)
    return undecided(f"目标“{target.word}”没有数值或等级，实际“{actual.word}”无法与之比较")


def _number_against_words(indicator: str, target: Value, actual: Value, direction: str) -> Outcome:
    """The ceiling and the floor: a share cannot be above 100 %, something adverse cannot be below zero."""
    found = names.adverse(indicator)
    if actual.low == 0 and actual.high == 0 and found is not None and (found.heads or actual.word == phrases.NOTHING):
        return Outcome(MET, f"“{found.noun}”实际为0，已到下限，达到目标", _ONE)
    said = _by_level(actual, f"目标“{short(target)}”")
    if said is not None:
        return said
    if (found is not None and found.heads) or direction == REVERSE:
        return undecided("反向指标无数值目标，无法判定")
    full = actual.unit == "%" and actual.low is not None and actual.low >= _FULL and actual.word not in phrases.CHANGES
    if full and actual.low != _FULL and names.has(indicator, _BOUNDED):
        return undecided(f"实际“{short(actual)}”超过比率上限100%，请核对")
    if full and target.kind in ("level", "word"):
        return Outcome(MET, f"目标“{target.word}”无数值，比率已达上限100%", _ONE)
    return undecided(f"目标“{short(target)}”没有数值，实际“{short(actual)}”无从比较")


def _by_level(actual: Value, before: str) -> Outcome | None:
    """The verdict an official level or a word of completion carries, where it decides."""
    if not actual.level:
        return None
    return Outcome(actual.level, f"{before}；实际填写“{actual.word}”，按{actual.level}计", level=actual.level)


def _impossible(indicator: str, target: Value) -> bool:
    """A share of over 100 %, where 290% may be ≥90% as an OCR read it."""
    misread = target.low is not None and 2 * _FULL <= target.low < 4 * _FULL and names.is_rate(indicator)
    return bool(target.low and target.low > _FULL and (misread or names.has(indicator, _BOUNDED)))


def _no_share(indicator: str, target: Value, actual: Value) -> str:
    """Why a number is not the share that the target asks for: above 100 % of what cannot be, or points of a scale."""
    if target.unit != "%" or actual.low is None or actual.word in phrases.CHANGES:
        return ""
    if actual.unit in ("", "%") and actual.low > _FULL and names.has(indicator, _BOUNDED):
        return f"实际“{short(actual)}”超过比率上限100%，请核对"
    scale = next((most for most in _POINTS if _ONE <= actual.low <= most), None)
    points = scale is not None and (not actual.unit or actual.lent) and (target.low or _ZERO) > _HALF
    if points and names.has(indicator, ["满意"]):
        return f"实际“{short(actual)}”没有单位，看不出是百分数还是{scale}分制的得分"
    return ""


def _raw(value: Value) -> str:
    return fold(value.raw)


def named(names: Sequence[str], goals: Sequence[str], indicator: str, goal: str = "") -> list[int]:
    """Places of the rows called ``indicator`` (as written; else in another spelling), of that goal where one is given.

    Empty where there is none; several where the name alone does not tell.
    """
    same = [place for place, name in enumerate(names) if name == indicator]
    wanted = key(indicator)
    found = same or [place for place, name in enumerate(names) if wanted and key(name) == wanted]
    return [place for place in found if key(goals[place]) == key(goal)] if goal else found


Rows = tuple[Sequence[str], Sequence[str]]
"""The names of a year's rows, and their goals."""


def named_pair(before: Rows, after: Rows, decision: Mapping[Any, Any]) -> tuple[list[int], list[int]]:
    """Places of the rows that a decision (a record of ``matches.csv``) names, in the year before and in the year.

    Of several earlier rows with one name the one under the same goal is meant, where there is just one such.
    """
    here = named(*after, decision["indicator"], decision["goal"])
    there = named(*before, decision["previous_indicator"], decision["previous_goal"])
    if len(here) == 1:
        goals = {key(after[1][place]) for place in here}
        there = [place for place in there if key(before[1][place]) in goals] or there
    return there, here
