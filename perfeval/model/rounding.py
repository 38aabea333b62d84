"""Numbers as offices treat them: whether there is one, rounded, as sentences show it, and shared out to add up."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any


def missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NA or blank text.

    >>> missing(None), missing(float("nan")), missing("  "), missing(0)
    (True, True, True, False)
    """
    if isinstance(value, str):
        return not value.strip()
    try:
        return value is None or bool(value != value)  # noqa: PLR0124  # as only what is no number does
    except TypeError:  # pandas' NA, of which nothing can be said
        return True


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded half up, as offices do (5 always up), not half even; nothing has no sign.

    >>> half_up(Decimal("2.675"), 2), half_up(Decimal("-0.004"), 2)
    (Decimal('2.68'), Decimal('0.00'))
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def plain(value: Decimal) -> str:
    """A number without trailing zeros or exponent: ``40``, ``1.3793``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def traced(value: Decimal, places: int = 2) -> str:
    """A number rounded half up to so many decimals; what would be shown as nothing keeps two digits of its own.

    >>> traced(Decimal("0.125")), traced(Decimal("0.00123")), traced(Decimal("-0.004")), traced(Decimal(0))
    ('0.13', '0.0012', '-0.004', '0')
    """
    if value and not half_up(value, places):
        return plain(half_up(value, 1 - value.adjusted()))
    return plain(half_up(value, places))


ENDS, LINES = (0, 100), (60, 80, 90)
"""Per cent: nothing and all, and the lines below which something is asked of an office."""
NOISE = 1e-9
"""Per cent: what is nearer than this is meant to be it, the rest is binary arithmetic."""


def per_cent(ratio: Decimal, places: int) -> Decimal:
    """A ratio in per cent, rounded half up, but never onto what it is not: all, nothing, a line it does not reach.

    >>> [str(per_cent(Decimal(one), 1)) for one in ("0.89996", "0.90004", "0.9", "0.99996", "0.0002")]
    ['89.9', '90.0', '90.0', '99.9', '0.1']
    """
    exact, unit = ratio * 100, Decimal(1).scaleb(-places)
    shown = half_up(exact, places)
    if abs(float(exact - shown)) <= NOISE:
        return shown
    if shown in ENDS:
        return shown + unit if exact > shown else shown - unit
    return shown - unit if shown in LINES and exact < shown else shown


def percent(value: Decimal, places: int = 2) -> str:
    """A share as a percentage with at most two decimals: ``65%``; of what is shown, see :func:`per_cent`."""
    return f"{plain(per_cent(value, places))}%"


def points(value: Any) -> str:
    """Points in a sentence, with two decimals, rounded half up as everywhere: binary arithmetic may not decide.

    >>> points(89.625), points(2.675), points(98)
    ('89.63', '2.68', '98.00')
    """
    return str(half_up(Decimal(str(value)), 2))


VAST = 1e20
"""万元 from which on decimals are none that anybody meant."""


def money(value: Any) -> str:
    """An amount of 万元 in a sentence, with two decimals, rounded half up; a trace is not written as nothing.

    >>> money(1234.5), money(2.675), money(0.004), money(0.0)
    ('1,234.50', '2.68', '不到0.01', '0.00')
    """
    if not abs(value) < VAST:
        return f"{value:,.2f}"
    shown = half_up(Decimal(str(value)), 2)
    return "不到0.01" if value > 0 and not shown else f"{shown:,}"


def allot(whole: Decimal, parts: Sequence[Decimal], keys: Sequence[Any], places: int | None) -> list[Decimal]:
    """``whole`` in proportion to ``parts``, each with so many decimal places, adding up to ``whole`` rounded; exact
    where ``places`` is None.

    What rounding leaves over goes, one unit each, to the largest remainders; among equal ones to the smallest key, so
    that the order of the parts does not matter.
    """
    if not parts:
        return []
    if not any(parts):
        parts = [Decimal(1)] * len(parts)  # parts without points of their own share alike
    everything = sum(parts, Decimal(0))
    exact = [whole * part / everything for part in parts]
    if places is None:
        return exact
    unit = Decimal(1).scaleb(-places)
    given = [share.quantize(unit, rounding=ROUND_FLOOR) for share in exact]
    left = int((half_up(whole, places) - sum(given, Decimal(0))) / unit)
    wanting = sorted(range(len(parts)), key=lambda place: (given[place] - exact[place], keys[place]))
    for place in wanting[:left]:
        given[place] += unit
    return given
