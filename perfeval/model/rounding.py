"""Numbers as offices treat them: whether there is one, rounded, as sentences show it, and shared out to add up."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd


def missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NA or blank text.

    >>> missing(None), missing(float("nan")), missing("  "), missing(0)
    (True, True, True, False)
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or bool(pd.isna(value))


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded half up, as offices do (5 always up), not half even."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """A number without trailing zeros or exponent: ``40``, ``1.3793``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """A share as a percentage with at most two decimals: ``65%``."""
    return f"{plain(half_up(value * 100, 2))}%"


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
