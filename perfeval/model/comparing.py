"""Comparing target and actual: amounts, dates and words, each to an outcome with the sentence that explains it."""

from dataclasses import dataclass
from decimal import Decimal

from perfeval.model import dates, phrases, units
from perfeval.model.rounding import half_up
from perfeval.model.schema import DEADLINE, EQUAL, MET, MISSED, PARTLY, QUALITATIVE, REVERSE, UNDECIDED
from perfeval.model.values import Value, amount_text, describe

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
    if target.word in phrases.CHANGES or actual.word in phrases.CHANGES:
        changed = _compare_changes(target, actual)
        if changed:
            return undecided(changed)
    bound = _bounds(target, actual, direction)
    if isinstance(bound, str):
        return undecided(bound)
    a, b, unit, notes = bound
    if target.kind == "range" and a == b:
        return Outcome(MET, "；".join([f"实际{amount_text(b, unit)}在目标范围内，达到目标", *notes]), ONE, "", a, b)
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
    low, high = (_aligned(bound, target.unit, actual) for bound in (target.low, target.high))
    if low.a is None or low.b is None or high.a is None:
        return low.reason
    notes += [low.note] if low.note else []
    a, b = low.a, low.b
    if target.kind == "range":
        less, more = direction == REVERSE or target.operator == "<=", target.operator == ">="
        inside = (low.a <= b or less) and (b <= high.a or more)
        a = b if inside else low.a if b < low.a else high.a
    if actual.kind == "range":
        found = _of_range(a, low, units.align(a, low.unit, actual.high, actual.unit), direction)
        if found is None:
            return f"实际是范围{describe(actual)}，跨过目标值，无法判定"
        b = found
        notes.append("实际是范围，取对完成不利的一端")
    return a, b, low.unit, notes


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


def _aligned(a: Decimal, unit: str, actual: Value) -> units.Aligned:
    b = actual.low if actual.low is not None else ZERO
    one, other = units.dimension(unit), units.dimension(actual.unit)
    if "ratio" in (one, other) and "" in (one, other):
        return _share(a, unit, b, actual.unit)
    if b == 0 and a == 0 and one != "ratio":
        return units.Aligned(a, b, unit)
    aligned = units.align(a, unit, b, actual.unit)
    if aligned.reason and units.same_count(unit, actual.unit):
        return units.Aligned(a, b, unit, f"{actual.unit}与{unit}同是计数，按所写数值比较")
    return aligned


def _share(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> units.Aligned:
    """A share beside a plain number: 100 beside 95 % is 100 %, 0.95 beside 95 % is 95 %; small ones stay open."""
    percent, plain = (a, b) if a_unit else (b, a)
    decimals = 0 < plain < 1
    if plain == 1 and percent != 1:
        return units.Aligned(None, None, reason="一方的1没有单位，看不出是数量、1%还是100%")
    if decimals and abs(percent) < SHARE_FLOOR and percent != plain:
        return units.Aligned(None, None, reason="一方没有单位，看不出是百分数还是小数")
    if decimals and percent != plain and (a_unit or b_unit) == "%":
        scaled = plain * HUNDRED
        note = f"{plain.normalize():f}按小数理解为{amount_text(scaled)}%"
        return units.Aligned(a if a_unit else scaled, scaled if a_unit else b, "%", note)
    if not a_unit and plain > HUNDRED:
        return units.Aligned(None, None, reason=f"目标没有单位，实际为{b_unit}，没有确定的换算")
    return units.Aligned(a, b, a_unit or b_unit)


def _of_range(a: Decimal, low: units.Aligned, high: units.Aligned, direction: str) -> Decimal | None:
    """The end of an actual range that decides; None where the range lies across the target."""
    if low.b is None or high.b is None:
        return None
    if direction in (REVERSE, DEADLINE):
        return high.b if high.b <= a else low.b if low.b > a else None
    return low.b if low.b >= a else high.b if high.b < a else None


def _by_direction(a: Decimal, b: Decimal, unit: str, operator: str, direction: str) -> tuple[Decimal, bool, str] | str:
    """(attainment, met, sentence) by the formula of the direction, or the reason why there is none."""
    b = max(b, ZERO) if direction != "" and a >= 0 else b
    shown_a, shown_b = amount_text(a, unit), amount_text(b, unit)
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
    if b == 0:
        return ONE, True, f"实际为0，低于目标{shown_a}，达到目标"
    met = b < a if operator == "<" else b <= a
    return a / b, met, f"目标{shown_a} ÷ 实际{shown_b} = {_percent(a / b)}（越低越好），{_verdict(met)}"


def _positive(a: Decimal, b: Decimal, operator: str, shown_a: str, shown_b: str) -> tuple[Decimal, bool, str] | str:
    if a < 0:
        met = b >= a
        return (ONE, True, f"实际{shown_b}不低于目标{shown_a}，达到目标") if met else "目标为负数，无法按比值计算"
    if a == 0:
        met = b > 0 or operator != ">"
        return (ONE if met else ZERO), met, f"目标为0，实际{shown_b}，{_verdict(met)}"
    met = b > a if operator == ">" else b >= a
    return b / a, met, f"实际{shown_b} ÷ 目标{shown_a} = {_percent(b / a)}，{_verdict(met)}"


def compare_dates(target: Value, actual: Value) -> Outcome:
    """Two dates or periods, by the end of each: not later is met."""
    due, done = dates.Period(target.start, target.end), dates.Period(actual.start, actual.end)
    met = dates.in_time(due, done)
    shown = f"实际{describe(actual)}，目标{describe(target)}"
    if met is None:
        return undecided(f"{shown}：实际写得不够细，看不出是否按期")
    yearless = target.end.startswith("--") != actual.end.startswith("--")
    note = "（一方未写年份，按同一年度）" if yearless else ""
    if met:
        return Outcome(MET, f"{shown}，按期完成{note}", ONE, MET)
    return Outcome(MISSED, f"{shown}，晚于期限{note}", ZERO, MISSED)


def compare_words(target: Value, actual: Value) -> Outcome:
    """Two qualitative words, or a sentence that ends with one: by their places on the same scale."""
    wanted = phrases.grade_of(target.word)
    said = actual.word if actual.kind in ("word", "level") else phrases.graded_ending(actual.raw)
    got = phrases.grade_of(said) if said else None
    if wanted is None or got is None or wanted.family != got.family:
        return undecided(f"目标“{describe(target)}”与实际“{describe(actual)}”不在同一尺度上，无法比较")
    pair = f"目标“{target.word}”，实际“{said}”"
    if got.step >= wanted.step:
        how = "同义" if got.step == wanted.step else "优于目标"
        return Outcome(MET, f"{pair}，{how}", level=MET)
    level = MISSED if got.bad else PARTLY
    return Outcome(level, f"{pair}，低于目标", level=level)


def _verdict(met: bool) -> str:
    return "达到目标" if met else "未达到目标"


def _percent(ratio: Decimal) -> str:
    return amount_text(half_up(ratio * HUNDRED, 2), "%")
