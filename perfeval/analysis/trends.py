"""Trends of a few yearly values, honestly: what a handful of figures can say, and what it cannot.

Up to four years nothing can be told from chance: even four values that rise throughout are one of 24 orders, and their
two-sided p, 2 ÷ 24 = 0.083, is above 0.05. From five on (2 ÷ 120 = 0.017) Mann–Kendall's exact test decides. Verdicts:

- 已达上限: the latest three values or more are all at the ceiling (a rate at 100 %, a target met to the point, a score
  of 100). That is a plain fact, said of three and four years too, and no trend.
- 无法判断: four years or fewer; or the test finds nothing although most values lie far apart; or a movement whose good
  direction is not known, or of an attainment whose targets moved and whose actuals cannot be followed instead; or a
  movement that a single test would call and that does not stand when all tests of the office are taken together.
- 改善, 恶化: the test finds a movement; which way is good is applied here, once.
- 平稳: the test finds nothing, most values lie close together and none far from them; or they all lie within a tenth of
  that, since six scores that fall from 97.2 to 96.9 step by step have a small p, and nothing has become worse.

Of 47 series without any movement two or three would be called at 5 % each. So the tests of one office are one family:
every series (the office's three and its indicators) of five values or more that is not at its ceiling, whose verdict
the test decides. Its p are adjusted together (:func:`.mannkendall.benjamini_hochberg`), and the verdict follows the
adjusted value. The family is one office's history: what looks at the series of several offices together and calls some
of them has to adjust the p of all of them together again.

Whether a few yearly values move one way: Mann–Kendall's test, exact for few values also with ties, and Theil–Sen.

H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods (1948); P. K. Sen, JASA 63 (1968); and for
many tests at once Y. Benjamini and Y. Hochberg, JRSS B 57 (1995).

S is the number of pairs of years that rise less the number that fall. Where nothing moves, every order of the values
is as likely as any other, so p is the share of all distinct orders whose S is at least as far from 0. An order with k
falling pairs has S = (pairs that are not tied) − 2 k, and how many distinct orders have k of them is the coefficient
of q^k in the Gaussian multinomial [n]! ÷ ([t1]!·[t2]!·…) with the sizes t of the groups of equal values (P. A.
MacMahon, 1913). That takes n³ steps of whole numbers instead of n! orders.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import nan

import numpy as np
import pandas as pd

from perfeval.analysis.series import DOWN, NOISE, POINTS, RATE, UNKNOWN, Series
from perfeval.model.history import (
    AT_CEILING,
    IMPROVING,
    SIGNIFICANCE,
    STEADY,
    TREND_TYPES,
    UNCERTAIN,
    WORSENING,
    YEAR_ON_YEAR_TYPES,
    frame_of,
)
from perfeval.model.rounding import half_up, percent, plain, traced

EXACT_MOST = 40
"""Values up to which p is exact (some milliseconds); beyond, the normal approximation is right to three digits."""
DIGITS = 10
"""Significant digits to which values count as equal: 37 ÷ 40 computed two ways is one value, not a trend."""
SMALL = 0.0001
"""Ratio below which two decimals of a per cent show nothing of it."""
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


LEAST_YEARS = 5
"""Values from which a test can find anything at all at 5 % (see above)."""
CEILING_YEARS = 3
"""Latest values at the ceiling from which it is said to be reached: two can be luck."""
CLOSE_RATE = 0.05
"""Ratio: rates whose quartiles differ by no more are close together. From a gap of 5 百分点 between attainment and
execution on, reviewing software asks for a reason."""
CLOSE_POINTS = 5.0
"""Points: half the width of a grade (优 90, 良 80; 财预〔2020〕10号)."""
CLOSE_SHARE = 0.05
"""Of the mean: the same as 5 百分点, for amounts in units of their own."""
FENCE = 1.5
TRIFLE = 0.1
"""Of what counts as close: extremes no further apart (half a 百分点, half a point) are no movement worth a word."""
DESCRIPTIVE = "年份不足，仅作描述"
DECIMALS = 12
"""To which changes of ratios are cut: 0.97 − 0.95 is 0.02."""


def verdicts(every: Sequence[Series]) -> pd.DataFrame:
    """One row per series (``History.trends``), in their order; the tests of all of them are one family.

    ``every`` is what :func:`~perfeval.analysis.series.followed` finds: the office's three, then every track, also those
    without any value. s, p and the slopes (per year; ratios for rates) are NaN below five years; adjusted is NaN for a
    series that is not in the family of tests.
    """
    tests = [_test(series.values) for series in every]
    highest = [_test(series.upper) if series.upper else test for series, test in zip(every, tests, strict=True)]
    most = zip(highest, _adjusted(every, highest), strict=True)
    return frame_of(TREND_TYPES, map(_trend, every, tests, _adjusted(every, tests), most))


def _test(values: Sequence[float]) -> Kendall | None:
    return mann_kendall(values) if len(values) >= LEAST_YEARS else None


def _adjusted(every: Sequence[Series], tests: Sequence[Kendall | None]) -> list[float]:
    """The adjusted p of each series; NaN where no test decides its verdict."""
    family = {
        place: test.p
        for place, (series, test) in enumerate(zip(every, tests, strict=True))
        if test is not None and _stuck(series) < CEILING_YEARS
    }
    found = dict(zip(family, benjamini_hochberg(list(family.values())), strict=True))
    return [found.get(place, nan) for place in range(len(every))]


def year_on_year(every: Sequence[Series]) -> pd.DataFrame:
    """One row per neighbouring pair of values of each series (``History.year_on_year``).

    ``previous_year`` is the last year with a value, not always the year before. ``change`` is value − previous: for
    rates a difference of ratios, shown in 百分点.
    """
    rows = []
    for series in every:
        pairs = list(zip(series.years, series.values, strict=True))
        for (before, previous), (year, value) in pairwise(pairs):
            rows.append((series.key, year, before, value, previous, _difference(value, previous)))
    return frame_of(YEAR_ON_YEAR_TYPES, rows)


def _trend(
    series: Series, test: Kendall | None, adjusted: float, most: tuple[Kendall | None, float]
) -> tuple[object, ...]:
    n = len(series.values)
    slope = _slope(series, test)
    verdict, why = _whatever_is_open(series, *_verdict(series, test, adjusted, slope), most)
    first, last = (series.values[0], series.values[-1]) if n else (nan, nan)
    return (
        series.key,
        series.title,
        series.unit,
        n,
        series.years[0] if n else pd.NA,
        series.years[-1] if n else pd.NA,
        first,
        last,
        _difference(last, first) if n else nan,
        series.values,
        series.years,
        series.upper,
        series.good,
        verdict,
        "；".join([why, *_notes(series)]) + "。",
        nan if test is None else test.s,
        nan if test is None else test.p,
        adjusted,
        slope.slope,
        slope.low,
        slope.high,
    )


def _whatever_is_open(series: Series, verdict: str, why: str, most: tuple[Kendall | None, float]) -> tuple[str, str]:
    """The verdict if it holds as well for what the values can be at most (its test and adjusted p), and for the least
    of some years beside the most of others; else none."""
    if not series.upper:
        return verdict, why
    highest = _with(series, series.upper)
    test, adjusted = most
    other, _ = _verdict(highest, test, adjusted, _slope(highest, test))
    first, last = (_shown(value, series.unit) for value in (series.upper[0], series.upper[-1]))
    open_ = "其余指标凭申报完成或无法判定，连同它们" if series.unit == RATE else "无法判定的指标都完成的话，"
    why = f"{why}；{open_}最多{first if len(series.values) == 1 else f'由{first}到{last}'}"
    if verdict not in (other, UNCERTAIN):
        return UNCERTAIN, f"{why}，按最多计则为“{other}”，结论随之而变"
    if verdict != UNCERTAIN and any(_single(mixed) != verdict for mixed in _mixtures(series)):
        return UNCERTAIN, f"{why}，各年可能不同，结论随之而变"
    return verdict, why


def _with(series: Series, values: tuple[float, ...]) -> Series:
    """The series with other values, none of them open."""
    full = tuple(value >= (series.limit or 1) - NOISE for value in values)
    return replace(series, values=values, full=full, upper=())


def _mixtures(series: Series) -> Iterator[Series]:
    """The least of the earlier years with the most of the later ones, and the other way round."""
    half = len(series.values) // 2
    yield _with(series, (*series.values[:half], *series.upper[half:]))
    yield _with(series, (*series.upper[:half], *series.values[half:]))


def _single(series: Series) -> str:
    """The verdict on a series tested alone."""
    test = _test(series.values)
    return _verdict(series, test, nan if test is None else test.p, _slope(series, test))[0]


def _slope(series: Series, test: Kendall | None) -> Slope:
    return Slope(nan, nan, nan) if test is None else theil_sen(series.years, series.values)


def _verdict(series: Series, test: Kendall | None, adjusted: float, slope: Slope) -> tuple[str, str]:
    """The verdict and the sentence that says why; ``test`` is None below five years."""
    stuck = _stuck(series)
    if not series.values:
        return UNCERTAIN, "各年都没有可比的数值（目标或实际不是数值，或未填写）"
    if stuck >= CEILING_YEARS:
        since, limit = _span(series.years[-stuck:]), "下限" if series.good == DOWN else "上限"
        return AT_CEILING, f"{since}{stuck}个年度值都已达{limit}（{_ceiling(series)}），不作升降判断"
    if len(series.values) == 1:
        return (
            UNCERTAIN,
            f"{DESCRIPTIVE}：只有{series.years[0]}年有可比的数值（{_shown(series.values[0], series.unit)}）",
        )
    if test is None:
        return UNCERTAIN, f"{DESCRIPTIVE}：{_moves(series)}"
    if series.mixed and series.unit == RATE:
        return UNCERTAIN, f"{_moves(series)}，各年的执行率不是同一口径，不判断趋势"
    return _tested(series, test, adjusted, slope)


def _tested(series: Series, test: Kendall, adjusted: float, slope: Slope) -> tuple[str, str]:
    p = f"{'精确' if test.exact else '近似'}p={_p(test.p)}"
    p += f"，校正后{_p(adjusted)}" if adjusted > test.p else ""  # one test alone is not corrected
    unit, close = series.unit, _close(series)
    spread = _difference(max(series.values), min(series.values))
    if spread <= close * TRIFLE:
        same = "各年相同" if spread == 0 else f"最高与最低只相差{_size(spread, unit)}"
        return STEADY, f"{_moves(series)}，{same}"
    if test.p <= SIGNIFICANCE < adjusted:
        alone = f"单看这一条像是{'上升' if test.s > 0 else '下降'}（{p}）"
        return UNCERTAIN, f"{_moves(series)}，{alone}，与同时检验的各条一起看可能只是偶然"
    if adjusted <= SIGNIFICANCE:
        return _movement(series, test, slope, p)
    middle, odd = _middle(series.values), _odd(series, close)
    apart = (
        f"{_moves(series)}，没有显著趋势（{p}），最高与最低相差{_size(spread, unit)}，居中一半相差{_size(middle, unit)}"
    )
    if middle <= close and odd:
        return UNCERTAIN, f"{apart}，但{_listed(odd)}远离其余各年"
    if middle <= close:
        return STEADY, f"{apart}，不超过{_size(close, unit)}"
    return UNCERTAIN, f"{apart}，起伏较大，年份太少"


def _movement(series: Series, test: Kendall, slope: Slope, p: str) -> tuple[str, str]:
    """The verdict on a movement that stands: which way is good is applied here."""
    unit, way = series.unit, "上升" if test.s > 0 else "下降"
    yearly = f"每年约{_change(slope.slope, unit)}（各年间{_signed(slope.low, unit)}至{_signed(slope.high, unit)}）"
    found = f"{_moves(series)}，{way}趋势显著（{p}），{yearly}"
    if series.good == UNKNOWN:
        return UNCERTAIN, f"{found}，但升降哪个为好不明"
    if series.moved and series.attained:
        return UNCERTAIN, f"{found}，但目标值有变动，看不出是好是坏"
    return (IMPROVING if test.s * series.good > 0 else WORSENING), found


def _middle(values: Sequence[float]) -> float:
    """The distance between the quartiles: like the test and the slope, one odd year does not move it."""
    low, high = np.percentile(values, [25, 75])
    return _difference(float(high), float(low))


def _odd(series: Series, close: float) -> list[int]:
    """The years whose value lies far from the middle half: further than FENCE times its width (J. W. Tukey, 1977), or
    than so many times what counts as close where that is more."""
    low, high = np.percentile(series.values, [25, 75])
    far = FENCE * max(float(high - low), close)
    pairs = zip(series.years, series.values, strict=True)
    return [year for year, value in pairs if not low - far <= value <= high + far]


def _stuck(series: Series) -> int:
    """How many of the latest values are at the ceiling without interruption."""
    return next((n for n, full in enumerate(reversed(series.full)) if not full), len(series.full))


def _close(series: Series) -> float:
    if series.unit == RATE:
        return CLOSE_RATE
    if series.unit == POINTS:
        return CLOSE_POINTS
    return CLOSE_SHARE * abs(sum(series.values)) / len(series.values)


def _notes(series: Series) -> list[str]:
    """What else a reader must know: years that are missing, targets that moved."""
    notes = []
    if series.left_out and series.values:
        notes.append(f"{_listed(series.left_out)}没有可比的数值，未计入")
    if series.years:
        there = {*series.years, *series.left_out}
        absent = [year for year in range(series.years[0], series.years[-1]) if year not in there]
        if absent:
            counted = "，按实际年距计算" if len(series.values) >= LEAST_YEARS else ""
            notes.append(f"缺{_listed(absent)}{counted}")
    if series.mixed:
        notes.append(f"{series.mixed}，与其余年度不是同一口径")
    if series.moved:
        how = "完成率的升降含目标变动的影响" if series.attained else "因此看实际值，不看完成率"
        notes.append(f"目标值在{_listed(series.moved)}有变动，{how}")
    return notes


def _moves(series: Series) -> str:
    """``2019—2023年5个年度值，由90%到96%，相差＋6个百分点``: no word that a trend would be told with."""
    first, last, unit = series.values[0], series.values[-1], series.unit
    way = f"相差{_signed(_difference(last, first), unit)}" if first != last else "首尾持平"
    return f"{_span(series.years)}{len(series.years)}个年度值，由{_shown(first, unit)}到{_shown(last, unit)}，{way}"


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"


def _listed(years: Sequence[int]) -> str:
    return "、".join(f"{year}年" for year in years)


def _ceiling(series: Series) -> str:
    """What the ceiling is that the latest value has reached."""
    value = series.values[-1]
    if series.limit is not None:
        over = f"，{series.years[-1]}年为{_shown(value, series.unit)}" if value > series.limit + NOISE else ""
        return f"{_shown(series.limit, series.unit)}{over}"
    if (series.unit == RATE and abs(value - 1) < NOISE) or (series.good == DOWN and value == 0):
        return _shown(value, series.unit)
    return "实际值100%" if series.attained else "都恰好完成目标"


def _difference(value: float, previous: float) -> float:
    return round(value - previous, DECIMALS)


def _shown(value: float, unit: str) -> str:
    if unit == RATE and abs(value) < SMALL:
        return f"{_number(value * 100)}%"
    if unit == RATE:
        return percent(Decimal(str(round(value, DECIMALS))))
    return f"{_number(value)}{unit}"


def _change(change: float, unit: str) -> str:
    """``上升2.5个百分点``."""
    return f"{'上升' if change > 0 else '下降' if change < 0 else '变化'}{_size(abs(change), unit)}"


def _size(size: float, unit: str) -> str:
    return f"{_number(size * 100)}个百分点" if unit == RATE else f"{_number(size)}{unit}"


def _signed(change: float, unit: str) -> str:
    return f"{'＋' if change > 0 else '−' if change < 0 else ''}{_size(abs(change), unit)}"


def _number(value: float) -> str:
    """At most two decimals, or two digits of what they would show as nothing; noise below them is cut first."""
    return traced(Decimal(str(round(value, DECIMALS - 2))))


def _p(p: float) -> str:
    """Three decimals, and more for a small one: 0.067, 0.0028."""
    return plain(Decimal(f"{p:.2g}")) if p < 0.01 else plain(half_up(Decimal(str(p)), 3))  # noqa: PLR2004  # 0.00 says nothing
