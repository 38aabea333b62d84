"""Comparing target and actual: amounts, dates and words, each to an outcome with the sentence that explains it.

One scale for target and actual: 万, 千 and 亿 stand on one side only, or in the unit column, or in the name.

Offices write ``≥3万平方米`` and beside it 3.2, ``12万元`` and beside it 120000. A number that names no unit of its own
takes the other side's scale, unless that makes the actual a thousand times too large or too small and the number as it
stands does not. What stays beyond belief under every reading is left undecided, with the readings.

Which way is good: inferred from the target's operator, the indicator's name and the unit, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model import bounds, dates, names, phrases, units
from perfeval.model.folding import fold, vocabulary
from perfeval.model.rounding import half_up, per_cent, plain
from perfeval.model.schema import DEADLINE, EQUAL, MET, MISSED, PARTLY, POSITIVE, QUALITATIVE, REVERSE, UNDECIDED
from perfeval.model.values import Value, amount_text, describe, short

ONE, ZERO, HUNDRED = Decimal(1), Decimal(0), Decimal(100)
SHARE_FLOOR = Decimal(10)
"""From this target in % on, a plain number up to 1 beside it is a share written as a decimal (0.95 for 95 %)."""
_COPIED = "实际值照抄了运算符，按所写数值计"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison came to; ``a`` and ``b`` in one unit where they are comparable amounts."""

    status: str
    why: str
    attainment: Decimal | None = None
    level: str = ""
    a: Decimal | None = None
    b: Decimal | None = None


def undecided(why: str) -> Outcome:
    """Nothing can be computed, for the reason given."""
    return Outcome(UNDECIDED, why)


def compare_amounts(target: Value, actual: Value, direction: str) -> Outcome:
    """Two amounts. Attainment: 正向 B/A, 反向 A/B, 等于 B/A with over-fulfilment met, 时限 met or not; never capped.

    财预〔2020〕10号 with the operator rules as executed by the ministry's platform: a negative actual counts as 0.
    """
    if phrases.RANK in (target.unit, actual.unit) and target.unit != actual.unit:
        return undecided("目标和实际一个是名次、一个不是，无法比较")
    bound = _compare_changes(target, actual) or _bounds(target, actual, direction)
    if isinstance(bound, str):
        return undecided(bound)
    a, b, unit, notes = bound
    if left_open := bounds.left_open(target, actual, a, b, direction):
        return undecided(left_open)
    if target.kind == "range" and a == b:
        return Outcome(
            MET, "；".join([f"实际{amount_text(b, unit)}{_placed(target, b, unit)}，达到目标", *notes]), ONE, "", a, b
        )
    outcome = _by_direction(a, b, unit, target.operator, direction)
    if isinstance(outcome, str):
        return undecided(outcome)
    attainment, met, how = outcome
    level = (MET if met else MISSED) if direction == DEADLINE else ""
    why = "；".join([how, *notes])
    return Outcome(MET if met else MISSED, why, attainment, level, a, b)


def _compare_changes(target: Value, actual: Value) -> str:
    """Why a change (增长5%) and another amount cannot be compared; empty where they can."""
    if target.word == actual.word or not actual.word or actual.word not in phrases.CHANGES:
        return ""
    if target.word in phrases.CHANGES:
        return f"目标是{target.word}，实际是{actual.word}，方向相反，无法按比值计算"
    return f"实际写的是{actual.word}幅度，目标不是，无法比较"


def _bounds(target: Value, actual: Value, direction: str) -> tuple[Decimal, Decimal, str, list[str]] | str:
    """The two numbers to compare in one unit, and what has to be noted; or the reason why there are none."""
    if target.low is None or target.high is None or actual.low is None or actual.high is None:
        return "没有可比较的数值"
    notes = _notes(target, actual, direction)
    if isinstance(notes, str):
        return notes
    low, high = (_aligned(bound, target.unit, actual.low, actual.unit) for bound in (target.low, target.high))
    if low.a is None or low.b is None or high.a is None:
        return low.reason or high.reason
    notes += [low.note] if low.note else []
    a, b = low.a, low.b
    if target.kind == "range":
        less, more = direction == REVERSE or target.operator == "<=", target.operator == ">="
        inside = (low.a <= b or less) and (b <= high.a or more)
        a = b if inside else low.a if b < low.a else high.a
    if actual.kind == "range":
        most = _aligned(target.low, target.unit, actual.high, actual.unit)
        if actual.high == WHOLE and low.b == actual.low * HUNDRED:
            most = replace(low, b=HUNDRED)
        if most.b is None or most.unit != low.unit:
            return most.reason or "实际范围的两端像是两种写法，看不出是百分数还是小数"
        found = _of_range(a, b, most.b, direction)
        if found is None:
            return f"实际是范围{describe(actual)}，跨过目标值，无法判定"
        b = found
        notes.append("实际是范围，取对完成不利的一端")
    return a, b, low.unit, notes


def _placed(target: Value, b: Decimal, unit: str) -> str:
    """Where a number that a range allows stands: 4万元 beside a cost of 5-8万元 is not in it, but better."""
    low, high = (units.align(end or ZERO, target.unit, b, unit) for end in (target.low, target.high))
    inside = low.a is not None and high.a is not None and low.a <= b <= high.a
    return "在目标范围内" if inside else "优于目标范围"


def _notes(target: Value, actual: Value, direction: str) -> list[str] | str:
    """Copied operators and fuzzy amounts to be noted; a string where the actual's operator leaves it open."""
    notes = []
    if actual.operator and actual.operator != "=":
        good = "<" if direction in (REVERSE, DEADLINE) else ">"
        if actual.operator[0] not in (target.operator[:1], good):
            return f"实际写作“{describe(actual)}”，只是界限，与目标{describe(target)}无法比较"
        notes.append(_COPIED)
    if actual.fuzzy:
        notes.append(f"实际为约数（“{actual.fuzzy}”），按所写数值计")
    if target.fuzzy:
        notes.append(f"目标为约数（“{target.fuzzy}”），按所写数值计")
    return notes


def _aligned(a: Decimal, unit: str, b: Decimal, b_unit: str) -> units.Aligned:
    one, other = units.dimension(unit), units.dimension(b_unit)
    if "ratio" in (one, other) and "" in (one, other):
        return _share(a, unit, b, b_unit)
    if b == 0 and a == 0 and one != "ratio":
        return units.Aligned(a, b, unit)
    if not unit and not b_unit and _hundredfold(*sorted((a, b))):
        return units.Aligned(None, None, reason="两边都没有单位，一边像小数、一边像百分数，看不出是不是同一种写法")
    aligned = units.align(a, unit, b, b_unit)
    if aligned.reason and units.same_count(unit, b_unit):
        return units.Aligned(a, b, unit, f"{b_unit}与{unit}同是计数，按所写数值比较")
    return aligned


def _share(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> units.Aligned:
    """A share beside a plain number: 100 beside 95 % is 100 %, 0.95 beside 95 % is 95 %; small ones stay open."""
    percent, plain = (a, b) if a_unit else (b, a)
    decimals = 0 < plain < 1
    if plain == 1:
        return units.Aligned(None, None, reason="一方的1没有单位，看不出是数量、1%还是100%")
    if (decimals and abs(percent) < SHARE_FLOOR and percent != plain) or _above_one(percent, plain):
        return units.Aligned(None, None, reason="一方没有单位，看不出是百分数还是小数")
    if decimals and percent != plain and (a_unit or b_unit) == "%":
        scaled = plain * HUNDRED
        note = f"{plain.normalize():f}按小数理解为{amount_text(scaled)}%"
        return units.Aligned(a if a_unit else scaled, scaled if a_unit else b, "%", note)
    if not a_unit and plain > HUNDRED:
        return units.Aligned(None, None, reason=f"目标没有单位，实际为{b_unit}，没有确定的换算")
    return units.Aligned(a, b, a_unit or b_unit)


def _above_one(percent: Decimal, plain: Decimal) -> bool:
    """Whether a plain number is 1.05 % or, as spreadsheets keep 105 %, a share above the whole: it would fit 90 %."""
    return (
        WHOLE < plain < 2 * WHOLE and plain % 1 != 0 and CLOSE[0] <= plain * HUNDRED / abs(percent or WHOLE) <= CLOSE[1]
    )


def _hundredfold(less: Decimal, more: Decimal) -> bool:
    """Whether of two bare numbers one may be a share as a decimal, and the other one in %: 0.96 beside 95."""
    return 0 < less < 1 and SHARE_FLOOR <= more <= HUNDRED


def _of_range(a: Decimal, low: Decimal, high: Decimal, direction: str) -> Decimal | None:
    """The end of an actual range that decides; None where the range lies across the target."""
    if direction in (REVERSE, DEADLINE):
        return high if high <= a else low if low > a else None
    return low if low >= a else high if high < a else None


def _by_direction(a: Decimal, b: Decimal, unit: str, operator: str, direction: str) -> tuple[Decimal, bool, str] | str:
    """(attainment, met, sentence) by the formula of the direction, or the reason why there is none."""
    shown_a, shown_b = (f"第{plain(one)}名" if unit == phrases.RANK else amount_text(one, unit) for one in (a, b))
    if direction in ("", QUALITATIVE):
        if a == b:
            return ONE, True, f"实际{shown_b}与目标相同"
        open_question = "按定性指标无法按比值计算" if direction else "方向不明，无法判定"
        return f"实际{shown_b}与目标{shown_a}不同，{open_question}"
    if direction == DEADLINE and units.dimension(unit) != "ratio":
        met = b <= a
        return (ONE if met else ZERO), met, f"实际{shown_b}{'未超过' if met else '超过'}目标{shown_a}，{_verdict(met)}"
    if direction == REVERSE:
        return _reverse(a, b, operator, shown_a, shown_b)
    if a == 0 and direction == EQUAL:
        met = b <= 0
        return (ONE if met else ZERO), met, f"目标为0，实际{shown_b}，{_verdict(met)}"
    return _positive(a, b, operator, shown_a, shown_b)


def _reverse(a: Decimal, b: Decimal, operator: str, shown_a: str, shown_b: str) -> tuple[Decimal, bool, str]:
    if a <= 0:
        met = b <= a
        return (ONE if met else ZERO), met, f"目标{shown_a}，实际{shown_b}，{_verdict(met)}"
    if b <= 0:
        return ONE, True, f"{f'实际{shown_b}' if b else '实际为0'}，低于目标{shown_a}，达到目标"
    met = b < a if operator == "<" else b <= a
    return a / b, met, f"目标{shown_a} ÷ 实际{shown_b} = {_percent(a / b)}（越低越好），{_verdict(met)}"


def _positive(a: Decimal, b: Decimal, operator: str, shown_a: str, shown_b: str) -> tuple[Decimal, bool, str] | str:
    if a < 0:
        met = b >= a
        return (ONE, True, f"实际{shown_b}不低于目标{shown_a}，达到目标") if met else "目标为负数，无法按比值计算"
    if a == 0:
        met = b > 0 if operator == ">" else b >= 0
        return (ONE if met else ZERO), met, f"目标为0，实际{shown_b}，{_verdict(met)}"
    if b < 0:
        return ZERO, False, f"实际{shown_b}低于0，完成率按0计，未达到目标{shown_a}"
    met = b > a if operator == ">" else b >= a
    return b / a, met, f"实际{shown_b} ÷ 目标{shown_a} = {_percent(b / a)}，{_verdict(met)}"


def compare_dates(target: Value, actual: Value, year: int | None = None) -> Outcome:
    """Two dates or periods, by the end of each: not later is met. A deadline without a year is of ``year``."""
    due, done = (dates.Period(one.start, one.end, bool(one.operator), one.operator == "<") for one in (target, actual))
    dated = target.end.startswith("--") and not actual.end.startswith("--") and year is not None
    if dated:
        due = replace(due, start=f"{year}-{due.start.lstrip('-')}", end=f"{year}-{due.end.lstrip('-')}")
    met = dates.in_time(due, done, span=dates.is_span(fold(actual.raw)))
    shown = f"实际{describe(actual)}，目标{describe(target)}"
    if dated and done.end[:4] < str(year):
        return undecided(f"{shown}：实际不在{year}年度，看不出是不是本年度的期限")
    if met is None:
        why = f"“{describe(target)}”含不含当期，看不出" if due.unclear else "实际写得不够细，看不出是否按期"
        return undecided(f"{shown}：{why}")
    if met and dates.perhaps_next_year(target.end, actual.end):
        return undecided(f"{shown}：实际没有写年份，看不出是年初还是下一年")
    yearless = target.end.startswith("--") != actual.end.startswith("--")
    note = f"（期限未写年份，按{year}年度）" if dated else "（一方未写年份，按同一年度）" if yearless else ""
    if met:
        return Outcome(MET, f"{shown}，按期完成{note}", ONE, MET)
    return Outcome(MISSED, f"{shown}，晚于期限{note}", ZERO, MISSED)


def compare_words(target: Value, actual: Value) -> Outcome:
    """Two qualitative words, or a sentence that ends with one: by their places on the same scale."""
    wanted = phrases.grade_of(target.word)
    said = actual.word if actual.kind in ("word", "level") else phrases.graded_ending(actual.raw)
    got = phrases.grade_of(said) if said else None
    if wanted is None or got is None or wanted.family != got.family:
        return undecided(f"目标“{short(target)}”与实际“{short(actual)}”不在同一尺度上，无法比较")
    pair = f"目标“{target.word}”，实际“{said}”"
    if got.step >= wanted.step:
        how = "同义" if got.step == wanted.step else "优于目标"
        return Outcome(MET, f"{pair}，{how}", level=MET)
    level = MISSED if got.bad else PARTLY
    return Outcome(level, f"{pair}，低于目标", level=level)


def _verdict(met: bool) -> str:
    return "达到目标" if met else "未达到目标"


def _percent(ratio: Decimal) -> str:
    return amount_text(per_cent(ratio, 2), "%")  # 99.996 % of what is missed is not all of it


LEAST, MOST = Decimal("0.01"), Decimal(10)
"""The actual as a share of the target that is believed without asking: 1 % to 1,000 %."""
CLOSE = (Decimal("0.2"), Decimal(5))
"""The share that another unit would have to give for the written one to be doubted."""
SLIPS = (Decimal(10_000), Decimal("0.0001"))
"""Units that are mistaken for one another: 元 and 万元, 人次 and 万人次."""
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Scaled:
    """Target and actual in one scale."""

    target: Value
    actual: Value
    note: str = ""
    """What was assumed, for the reader."""
    doubt: str = ""
    """Why nothing can be concluded: the readings that are possible, none of them believable."""
    beyond: str = ""
    """What is beyond belief, whether it is left undecided or only noted; empty where nothing is."""


def in_one_scale(target: Value, actual: Value) -> Scaled:
    """Both amounts with the scale that belongs to them; unchanged where they are shares or units that do not convert.

    >>> from perfeval.model.values import read
    >>> in_one_scale(read("≥3万平方米"), read("3.2")).actual.low
    Decimal('32000.0')
    """
    plain = _as_share(target, actual)
    if plain is None:
        return Scaled(target, actual)
    readings = list(_readings(target, actual))
    for found in readings:
        share = _as_share(found.target, found.actual)
        if share is not None and LEAST <= share <= MOST:
            return found
    return _beyond(target, actual, readings)


def _as_share(target: Value, actual: Value) -> Decimal | None:
    """The actual as a share of the target; None where that says nothing: zero, shares, units without a bridge."""
    a, b = target.high, actual.high
    if not a or not b or a < 0 or b < 0 or "ratio" in (units.dimension(target.unit), units.dimension(actual.unit)):
        return None
    aligned = units.align(a, target.unit, b, actual.unit)
    return None if not aligned.a or aligned.b is None else aligned.b / aligned.a


def _bare(value: Value) -> bool:
    """Whether the cell itself names no unit and no scale."""
    return value.lent or (not value.unit and value.scale == 1)


def _readings(target: Value, actual: Value) -> Iterator[Scaled]:
    """The admissible readings, the likeliest first."""
    if _bare(actual):
        for scale, note in _scales(actual, target, "实际", "目标"):
            yield Scaled(target, _times(actual, scale, target), note)
    else:
        yield Scaled(target, actual)
    if _bare(target):
        for scale, note in _scales(target, actual, "目标", "实际"):
            if scale != target.scale:
                yield Scaled(_times(target, scale, actual), actual, note)


def _scales(value: Value, other: Value, own: str, others: str) -> Iterator[tuple[Decimal, str]]:
    """The scales a bare number may have: its column's, the other side's, none."""
    written = amount_text((value.high or WHOLE) / value.scale)
    carried = other.scale if not other.lent or value.lent else WHOLE
    seen: set[Decimal] = set()
    for scale in (value.scale, carried, WHOLE) if value.lent else (carried, WHOLE):
        if scale in seen:
            continue
        seen.add(scale)
        if scale == value.scale and (value.lent or scale == 1) and len(seen) == 1:
            yield scale, ""
        elif scale == 1:
            yield scale, f"{own}{written}按已经写全的数理解，不再乘以单位里的{_name(max(value.scale, other.scale))}"
        else:
            yield scale, f"{own}{written}没有写明{_name(scale)}，按{others}的单位理解"


def _name(scale: Decimal) -> str:
    return f"“{next((name for name, factor in units.SCALES.items() if factor == scale), f'{scale:f}倍')}”"


def _times(value: Value, scale: Decimal, other: Value) -> Value:
    """The value with another scale, in the other side's unit where it has none."""
    if scale == value.scale:
        return value
    factor = scale / value.scale
    low, high = (None if end is None else end * factor for end in (value.low, value.high))
    return replace(value, low=low, high=high, scale=scale, unit=value.unit or other.unit)


def _beyond(target: Value, actual: Value, readings: list[Scaled]) -> Scaled:
    """No reading is believable: undecided where another unit would make one so, else a note."""
    shares = [share for found in readings if (share := _as_share(found.target, found.actual)) is not None]
    first = shares[0] if shares else WHOLE
    slips = SLIPS if _may_slip(target, actual) else ()
    others = [*shares[1:], *(share for slip in slips if CLOSE[0] <= (share := first * slip) <= CLOSE[1])]
    if others:
        nearest = sorted(dict.fromkeys(others), key=lambda share: max(share, 1 / share))[:2]
        listed = "，".join(f"换一种单位理解是{_shown(share)}" for share in nearest)
        doubt = f"实际按所写是目标的{_shown(first)}，{listed}，看不出是哪一个单位，请核对"
        return Scaled(target, actual, doubt=doubt, beyond=doubt)
    note = f"实际是目标的{_shown(first)}，超出{_shown(LEAST)}到{_shown(MOST)}的常见范围，请核对单位"
    return Scaled(readings[0].target, readings[0].actual, note, beyond=note)


def _may_slip(target: Value, actual: Value) -> bool:
    """Whether a unit may have been mistaken: of money, or of a number that names none."""
    return "money" in (units.dimension(target.unit), units.dimension(actual.unit)) or _bare(target) or _bare(actual)


def _shown(share: Decimal) -> str:
    return amount_text(half_up(share * 100, 2), "%")


GIVEN = "按行指定"
"""The reason where the row itself says its direction."""
_DIRECTION = vocabulary("words")["direction"]
_BY_OPERATOR = {">=": POSITIVE, ">": POSITIVE, "<=": REVERSE, "<": REVERSE, "=": EQUAL}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}
_TIMELY = "及时"
_DUE = re.compile("(?:[日月底年号]|时间|时限|期限|期)(?:之|以)?[前内]")
DURATIONS = ("time", "span", "工作日")


def infer(indicator: str, target: Value, actual: Value, override: str = "") -> tuple[str, str]:
    """(direction, Chinese reason); direction is empty where nothing certain can be said."""
    if override:
        return override, GIVEN
    if target.kind in ("number", "range"):
        return _of_amount(indicator, target)
    if target.kind == "date":
        return DEADLINE, "目标是日期或期间"
    return _of_words(indicator, target, actual)


def _of_amount(indicator: str, target: Value) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    if target.unit == phrases.RANK:
        return REVERSE, "名次越靠前越好"
    if target.operator:
        return _BY_OPERATOR[target.operator], f"目标值带“{_SIGNS[target.operator]}”"
    if target.word == phrases.DOWN:
        return POSITIVE, "目标是下降幅度，降得越多越好"
    hint = names.hinted_operator(indicator)
    if hint:
        return _BY_OPERATOR[hint], f"指标名称提示“{_SIGNS[hint]}”"
    found = names.adverse(indicator)
    if target.low == 0 and not (found and not found.heads):
        return REVERSE, "目标为0，越少越好" if target.high == 0 else "目标从0起，越少越好"
    if found and found.heads:
        return REVERSE, f"名称含“{found.noun}”，越少越好"
    return _of_measure(indicator, target, f"名称含“{found.noun}”，但说的是对它的防治或处理，越高越好" if found else "")


def _of_measure(indicator: str, target: Value, turned: str) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    """By what is measured: money, time, a share or a count."""
    dimension = units.dimension(target.unit)
    spent = not target.unit and (
        names.ends(indicator, _DIRECTION["cost"])
        or (names.has(indicator, _DIRECTION["spent"]) and not names.ends(indicator, _DIRECTION["counted"]))
    )
    if paid := _paid(indicator, target):
        return EQUAL, f"名称含“{paid}”，是要按标准发放的钱"
    if dimension == "money" or (spent and not names.income(indicator)):
        if income := names.income(indicator):
            return POSITIVE, f"名称含“{income}”，金额越多越好"
        cost = _costs(indicator)
        if not cost:
            return "", "金额类指标，名称看不出是成本还是收入，方向不明"
        return REVERSE, f"名称含“{cost}”，金额不超过目标为好"
    capped = names.has(indicator, _DIRECTION["capped"])
    if capped or (_costs(indicator) and names.has(indicator, _DIRECTION["cost_rate"])):
        return REVERSE, f"名称含“{capped or _costs(indicator)}”的控制类比率，越低越好"
    deadline = names.has(indicator, _DIRECTION["deadline"])
    lasting = names.has(indicator, _DIRECTION["lasting"])
    waiting = names.has(indicator, _DIRECTION["brief"]) if lasting in ("时长", "天数") else ""
    deadline = waiting or ("" if lasting else deadline)
    if deadline and (dimension in DURATIONS or not target.unit) and not names.is_rate(indicator):
        return DEADLINE, f"名称含“{deadline}”，目标是时长或时点"
    return POSITIVE, turned or ("比率，越高越好" if dimension == "ratio" else "数量，越多越好")


def _paid(indicator: str, target: Value) -> str:
    """The word for money that is paid out at a rate (1600元/亩, 低保标准): less than the rate is no success."""
    rated = units.dimension(target.unit) == "money" and ("/" in target.unit or names.ends(indicator, ["标准"]))
    kept_low = names.has(indicator, _DIRECTION["kept_low"])
    return names.has(indicator, _DIRECTION["paid"]) if rated and not kept_low else ""


def _of_words(indicator: str, target: Value, actual: Value) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    found = names.adverse(indicator)
    grade = phrases.grade_of(target.word) if target.word else None
    if found and found.heads:
        return REVERSE, f"名称含“{found.noun}”，越少越好"
    if grade is not None and grade.family == _TIMELY:
        return DEADLINE, f"目标“{target.word}”是时限要求"
    rate = names.is_rate(indicator)
    deadline = names.has(indicator, _DIRECTION["deadline"])
    if deadline and not rate and target.kind in ("level", "text"):
        return DEADLINE, f"名称含“{deadline}”"
    if target.kind == "text" and _DUE.search(fold(target.raw)):
        return DEADLINE, "目标写的是期限"
    if rate and target.kind in ("level", "placeholder"):
        return POSITIVE, "名称是比率，越高越好"
    if target.kind in ("level", "word", "text"):
        return QUALITATIVE, "目标是文字，不是数值"
    if actual.kind in ("number", "range") and target.kind == "placeholder":
        return _of_amount(indicator, replace(actual, operator=""))
    if actual.kind in ("level", "word", "text") and target.kind == "placeholder":
        return QUALITATIVE, "未填目标，实际是文字"
    if target.kind == "unread" and phrases.is_scale(target.raw):
        return QUALITATIVE, "目标填写的是评价尺度"
    return "", "目标没有可读的值，方向不明"


def _costs(indicator: str) -> str:
    """The word for money spent in a name, looked for after those for income; empty where none."""
    return "" if names.income(indicator) else names.has(indicator, _DIRECTION["cost"])
