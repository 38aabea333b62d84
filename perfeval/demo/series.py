"""Courses of yearly values: flat, rising, falling, stuck at 100 %, and how far they are from a target.

A course is a list of positions relative to the target (0: just met, above 0: better), turned into amounts afterwards.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import numpy as np

from perfeval.model.rounding import half_up

FLAT, RISING, FALLING, CEILING = "平稳", "上升", "下降", "已达上限"
TRIES = 40
"""Orders that are tried for a flat course; the one with the least tendency is taken."""
FLAT_SHARE = 6
"""A course of n values is flat where |S| ≤ n(n−1)/6, a third of the most there can be: far from significant."""


def tendency(values: Sequence[Decimal | float]) -> int:
    """Mann–Kendall's S: pairs that rise less pairs that fall."""
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def kind(values: Sequence[Decimal | float], full: Decimal | float | None = None) -> str:
    """What a series of values plainly is: 已达上限, 上升, 下降 (every step), 平稳, or empty where none is plain."""
    most = len(values) * (len(values) - 1) // 2
    if full is not None and all(value == full for value in values):
        return CEILING
    found = tendency(values)
    if most and abs(found) == most:
        return RISING if found > 0 else FALLING
    return FLAT if abs(found) <= len(values) * (len(values) - 1) / FLAT_SHARE else ""


def wobble(rng: np.random.Generator, count: int) -> list[float]:
    """``count`` positions between −1 and 1 in an order that neither rises nor falls."""
    if count == 1:
        return [0.0]
    orders = [rng.permutation(count) for _ in range(TRIES)]
    order = min(orders, key=lambda one: abs(tendency([float(value) for value in one])))
    return [float(2 * place / (count - 1) - 1) for place in order]


def climb(rng: np.random.Generator, count: int) -> list[float]:
    """``count`` positions from 0 to 1, every step upwards and none smaller than half an even one."""
    if count == 1:
        return [1.0]
    steps = rng.uniform(0.5, 1.5, count - 1)
    return [0.0, *(float(part) for part in np.cumsum(steps) / steps.sum())]


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded as offices do, without trailing zeros."""
    return trimmed(half_up(value, places))


def trimmed(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def exact(value: float) -> Decimal:
    """A drawn number as Decimal, to six places: what floats differ in beyond them is not to be seen."""
    return Decimal(f"{value:.6f}")
