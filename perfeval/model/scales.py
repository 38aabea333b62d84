"""One scale for target and actual: 万, 千 and 亿 stand on one side only, or in the unit column, or in the name.

Offices write ``≥3万平方米`` and beside it 3.2, ``12万元`` and beside it 120000. A number that names no unit of its own
takes the other side's scale, unless that makes the actual a thousand times too large or too small and the number as it
stands does not. What stays beyond belief under every reading is left undecided, with the readings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model import units
from perfeval.model.rounding import half_up
from perfeval.model.values import Value, amount_text

LEAST, MOST = Decimal("0.01"), Decimal(10)
"""The actual as a share of the target that is believed without asking: 1 % to 1,000 %."""
CLOSE = (Decimal("0.2"), Decimal(5))
"""The share that another unit would have to give for the written one to be doubted."""
SLIPS = (Decimal(10_000), Decimal("0.0001"))
"""Units that are mistaken for one another: 元 and 万元, 人次 and 万人次."""
ONE = Decimal(1)


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
    plain = _share(target, actual)
    if plain is None:
        return Scaled(target, actual)
    readings = list(_readings(target, actual))
    for found in readings:
        share = _share(found.target, found.actual)
        if share is not None and LEAST <= share <= MOST:
            return found
    return _beyond(target, actual, readings)


def _share(target: Value, actual: Value) -> Decimal | None:
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
    written = amount_text((value.high or ONE) / value.scale)
    carried = other.scale if not other.lent or value.lent else ONE
    seen: set[Decimal] = set()
    for scale in (value.scale, carried, ONE) if value.lent else (carried, ONE):
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
    shares = [share for found in readings if (share := _share(found.target, found.actual)) is not None]
    first = shares[0] if shares else ONE
    slips = SLIPS if _may_slip(target, actual) else ()
    others = [*shares[1:], *(share for slip in slips if CLOSE[0] <= (share := first * slip) <= CLOSE[1])]
    if others:
        listed = "，".join(f"换一种单位理解是{_percent(share)}" for share in dict.fromkeys(others[:2]))
        doubt = f"实际按所写是目标的{_percent(first)}，{listed}，看不出是哪一个单位，请核对"
        return Scaled(target, actual, doubt=doubt, beyond=doubt)
    note = f"实际是目标的{_percent(first)}，超出{_percent(LEAST)}到{_percent(MOST)}的常见范围，请核对单位"
    return Scaled(readings[0].target, readings[0].actual, note, beyond=note)


def _may_slip(target: Value, actual: Value) -> bool:
    """Whether a unit may have been mistaken: of money, or of a number that names none."""
    return "money" in (units.dimension(target.unit), units.dimension(actual.unit)) or _bare(target) or _bare(actual)


def _percent(share: Decimal) -> str:
    return amount_text(half_up(share * 100, 2), "%")
