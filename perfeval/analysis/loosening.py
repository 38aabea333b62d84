"""Whether a year's target asks for less or for more than that of the year before: by what the two mean, not how they
are worded (95% and ≥95% ask for the same; ≤8件 asks for less than ≤5件; 10月底前 asks for less than 6月底前)."""

from decimal import Decimal

from perfeval.analysis.definitions import same_unit
from perfeval.model import phrases, units
from perfeval.model.dates import Period, in_time
from perfeval.model.history import LOOSENED, RAISED
from perfeval.model.reading import Reading
from perfeval.model.rounding import plain
from perfeval.model.schema import DEADLINE, POSITIVE, REVERSE
from perfeval.model.values import Value, amount_text, describe

MEASURED = ("number", "range")
_RATIO, _POINTS = "ratio", "%"
_ONE = Decimal(1)
_YEAR = 2000
"""Stands for the evaluated year, so that 2022年12月 in 2022 and 2023年12月 in 2023 are one deadline. A leap year."""


def moved(before: Reading, previous_year: int, after: Reading, year: int) -> tuple[str, str]:
    """(目标放宽, 目标提高 or empty, how in Chinese) of two readings of one indicator under one definition.

    Empty where both ask for the same or cannot be compared: amounts that must be hit (等于) or whose good direction is
    unknown, words of different scales, an amount beside words.
    """
    one, other = before.target, after.target
    if one.kind in MEASURED and other.kind in MEASURED:
        return _amounts(one, other, before.direction, after.direction)
    if one.kind == other.kind == "date":
        return _dates(one, previous_year, other, year)
    if one.kind == other.kind == "word":
        return _words(one, other)
    return "", ""


def _amounts(one: Value, other: Value, way: str, way_after: str) -> tuple[str, str]:
    changes = {value.word if value.word in phrases.CHANGES else "" for value in (one, other)}
    if way != way_after or way not in (POSITIVE, REVERSE, DEADLINE) or len(changes) > 1:
        return "", ""
    low = way == POSITIVE
    a, b = (value.low if low else value.high for value in (one, other))
    if a is None or b is None or _perhaps_share(a, one.unit, b, other.unit):
        return "", ""
    aligned = units.align(a, one.unit, b, other.unit)
    if aligned.b is None and not same_unit(one.unit, other.unit):
        return "", ""
    more = (b if aligned.b is None else aligned.b) - a
    if more == 0:
        return "", ""
    unit = one.unit or other.unit
    size = f"{plain(abs(more))}个百分点" if unit == _POINTS else amount_text(abs(more), unit)
    return _told(LOOSENED if (more < 0) == low else RAISED, one, other, f"{'增加' if more > 0 else '减少'}{size}")


def _perhaps_share(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> bool:
    """Whether one is a share and the other, without a unit, may be one written as a decimal (0.95 for 95 %)."""
    ratios = [units.dimension(unit) == _RATIO for unit in (a_unit, b_unit)]
    bare = a if not a_unit else b
    return any(ratios) and "" in (a_unit, b_unit) and abs(bare) <= _ONE


def _dates(one: Value, previous_year: int, other: Value, year: int) -> tuple[str, str]:
    due, later = _period(one, previous_year), _period(other, year)
    not_later, not_sooner = in_time(due, later), in_time(later, due)
    if not_sooner and not not_later:
        return _told(LOOSENED, one, other, "期限推后")
    if not_later and not not_sooner:
        return _told(RAISED, one, other, "期限提前")
    return "", ""


def _period(value: Value, year: int) -> Period:
    """The period with the evaluated year as :data:`_YEAR`; a date without a year is of the evaluated one."""
    return Period(_placed(value.start, year), _placed(value.end, year))


def _placed(date: str, year: int) -> str:
    if date.startswith("--"):
        return f"{_YEAR}{date[1:]}"
    return f"{_YEAR + int(date[:4]) - year}{date[4:]}"


def _words(one: Value, other: Value) -> tuple[str, str]:
    before, after = phrases.grade_of(one.word), phrases.grade_of(other.word)
    if before is None or after is None or before.family != after.family or before.step == after.step:
        return "", ""
    less = after.step < before.step
    return _told(LOOSENED if less else RAISED, one, other, "要求降低" if less else "要求提高")


def _told(kind: str, one: Value, other: Value, how: str) -> tuple[str, str]:
    verb = "放宽" if kind == LOOSENED else "提高"
    return kind, f"目标由{describe(one)}{verb}为{describe(other)}（{how}）"
