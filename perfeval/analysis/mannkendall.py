"""Whether a few yearly values move one way: Mann–Kendall's test, exact for few values also with ties, and Theil–Sen.

H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods (1948); P. K. Sen, JASA 63 (1968); and for
many tests at once Y. Benjamini and Y. Hochberg, JRSS B 57 (1995).

S is the number of pairs of years that rise less the number that fall. Where nothing moves, every order of the values
is as likely as any other, so p is the share of all distinct orders whose S is at least as far from 0. An order with k
falling pairs has S = (pairs that are not tied) − 2 k, and how many distinct orders have k of them is the coefficient
of q^k in the Gaussian multinomial [n]! ÷ ([t1]!·[t2]!·…) with the sizes t of the groups of equal values (P. A.
MacMahon, 1913). That takes n³ steps of whole numbers instead of n! orders.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

EXACT_MOST = 40
"""Values up to which p is exact (some milliseconds); beyond, the normal approximation is right to three digits."""
DIGITS = 10
"""Significant digits to which values count as equal: 37 ÷ 40 computed two ways is one value, not a trend."""
MOST_PLACES = 15
"""Decimals beyond which nothing on file says anything."""


@dataclass(frozen=True, slots=True)
class Kendall:
    """The outcome of the test."""

    s: int
    """Rising less falling pairs."""
    p: float
    """Two-sided."""
    exact: bool


@dataclass(frozen=True, slots=True)
class Slope:
    """Theil–Sen: the median of the slopes of all pairs, and how far apart they lie; per year, in the values' unit."""

    slope: float
    low: float
    high: float


def mann_kendall(values: Sequence[float]) -> Kendall:
    """The test of values in the order of their years; distances between years do not matter to it.

    p is 1 where all values are equal or there are fewer than two. The smallest p possible is 2 ÷ n! without ties:
    0.083 for four values, 0.017 for five.
    """
    ranks = np.unique(_rounded(values), return_inverse=True)[1]
    s = int(np.sign(ranks[None, :] - ranks[:, None])[np.triu_indices(len(ranks), 1)].sum())
    ties = tuple(sorted(int(times) for times in np.bincount(ranks)))
    if len(ranks) > EXACT_MOST:
        return Kendall(s, _approximate(s, len(ranks), ties), exact=False)
    return Kendall(s, float(_exact(abs(s), ties)), exact=True)


def theil_sen(years: Sequence[int], values: Sequence[float]) -> Slope:
    """The median slope over all pairs with the real distances of their years, and the smallest and largest of them.

    All NaN below two values. Raises :class:`ValueError` where years are not ascending.
    """
    when, what = np.asarray(years, dtype=float), np.asarray(values, dtype=float)
    if np.any(np.diff(when) <= 0):
        raise ValueError(f"years must ascend: {list(years)}")
    if len(what) < 2:  # noqa: PLR2004  # a slope needs two points
        return Slope(math.nan, math.nan, math.nan)
    first, second = np.triu_indices(len(what), 1)
    slopes = (what[second] - what[first]) / (when[second] - when[first])
    return Slope(float(np.median(slopes)), float(slopes.min()), float(slopes.max()))


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Adjusted values of a family of tests, in the order given: called are those at most q, and then of what is called
    a share of q at most is expected to be called by chance.

    The i-th smallest of m becomes the least of m·p ÷ rank over it and all larger ones. Holds for independent tests and
    for those that depend on each other positively (Benjamini and Yekutieli, Ann. Stat. 29, 2001), as an office's score
    does on its indicators. With exact p of few values, which are never quite uniform, it errs on the careful side.
    """
    order = sorted(range(len(p)), key=lambda place: p[place])
    adjusted, least = [1.0] * len(p), 1.0
    for rank in range(len(p), 0, -1):
        place = order[rank - 1]
        least = min(least, len(p) * p[place] / rank)
        adjusted[place] = least
    return tuple(adjusted)


def orders(ties: Sequence[int]) -> list[int]:
    """How many distinct orders of values in groups of these sizes have 0, 1, 2 … falling pairs."""
    return list(_orders(tuple(sorted(ties))))


@lru_cache(maxsize=1024)
def _orders(ties: tuple[int, ...]) -> tuple[int, ...]:
    counts = [1]
    for factor in range(1, sum(ties) + 1):  # times [n]!, each factor being (1 − q^m) ÷ (1 − q)
        counts = _over_one_less(_times_one_less(counts, factor), 1)
    for size in ties:
        for factor in range(2, size + 1):
            counts = _over_one_less(_times_one_less(counts, 1), factor)
    return tuple(counts)


def _times_one_less(counts: list[int], power: int) -> list[int]:
    """Times (1 − q^power)."""
    longer = counts + [0] * power
    return [count - (longer[k - power] if k >= power else 0) for k, count in enumerate(longer)]


def _over_one_less(counts: list[int], power: int) -> list[int]:
    """Divided by (1 − q^power), which leaves no remainder."""
    found: list[int] = []
    for k, count in enumerate(counts):
        found.append(count + (found[k - power] if k >= power else 0))
    return found[: len(counts) - power]


def _exact(s: int, ties: tuple[int, ...]) -> Fraction:
    counts = _orders(ties)
    untied = len(counts) - 1
    far = sum(count for falling, count in enumerate(counts) if abs(untied - 2 * falling) >= s)
    return Fraction(far, sum(counts))


def _approximate(s: int, n: int, ties: tuple[int, ...]) -> float:
    """Normal, with the variance that ties leave and the correction for continuity (Kendall, chapter 4)."""
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if s == 0 or variance == 0:
        return 1.0
    return math.erfc((abs(s) - 1) / math.sqrt(2 * variance))


def _rounded(values: Sequence[float]) -> np.ndarray:
    """Values to so many digits of the largest among them, so that equal ones are equal."""
    found = np.asarray(values, dtype=float)
    if np.isnan(found).any():
        raise ValueError("a value is missing")
    largest = float(np.abs(found).max(initial=0.0))
    places = DIGITS - 1 - (math.floor(math.log10(largest)) if largest else 0)
    return np.round(found, min(places, MOST_PLACES))
