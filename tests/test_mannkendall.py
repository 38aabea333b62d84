"""Mann–Kendall exact with ties, and Theil–Sen, against brute force and scipy."""

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from perfeval.analysis.trends import EXACT_MOST, benjamini_hochberg, mann_kendall, orders, theil_sen

TIED = st.lists(st.integers(0, 4), min_size=1, max_size=7)


def s_of(values) -> int:
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


def brute(values) -> float:
    found = [abs(s_of(order)) >= abs(s_of(values)) for order in permutations(values)]
    return sum(found) / len(found)


@given(TIED)
def test_p_is_the_share_of_all_orders_at_least_as_far_from_zero(values: list[int]) -> None:
    found = mann_kendall(values)
    assert found.exact
    assert found.s == s_of(values)
    assert found.p == pytest.approx(brute(values), abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_are_those_of_scipy(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


def test_adjusted_p_by_hand() -> None:
    # Benjamini and Hochberg's own example (1995, table 1): 15 tests, four called at q = 0.05 where Bonferroni calls three
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert sum(value <= 0.05 for value in benjamini_hochberg(p)) == 4
    assert sum(value <= 0.05 / 15 for value in p) == 3
    assert benjamini_hochberg([]) == ()


def test_the_trap_an_approximation_under_ties_calls_five_years_a_trend() -> None:
    # Two pairs of equal values: 5! ÷ (2!·2!) = 30 distinct orders, one of them rising throughout and one falling.
    values = [1, 1, 2, 2, 3]
    assert stats.kendalltau(range(5), values).pvalue == pytest.approx(0.037, abs=0.0005)
    assert mann_kendall(values).p == pytest.approx(2 / 30)


@pytest.mark.parametrize(("n", "p"), [(2, 1), (3, 2 / 6), (4, 2 / 24), (5, 2 / 120), (6, 2 / 720)])
def test_the_smallest_p_possible_is_two_in_all_orders(n: int, p: float) -> None:
    assert mann_kendall(range(n)).p == pytest.approx(p)
    assert mann_kendall(range(n, 0, -1)).p == pytest.approx(p)
    assert mann_kendall(range(n, 0, -1)).s == -n * (n - 1) // 2


@given(st.permutations(range(12)))
def test_without_ties_it_is_scipys_exact_value(values: list[int]) -> None:
    oracle = stats.kendalltau(range(12), values, method="exact").pvalue
    assert mann_kendall(values).p == pytest.approx(oracle, abs=1e-12)


@pytest.mark.parametrize("ties", [(1, 1, 1), (2, 1, 2), (3,), (2, 3, 3, 2, 2), (1,) * 12])
def test_the_orders_are_all_orders(ties: tuple[int, ...]) -> None:
    counts = orders(ties)
    assert sum(counts) == math.factorial(sum(ties)) // math.prod(math.factorial(t) for t in ties)
    assert len(counts) - 1 == sum(a * b for a, b in combinations(ties, 2))
    assert counts == counts[::-1]


def test_beyond_that_the_normal_approximation_with_ties_and_continuity() -> None:
    drawn = np.random.default_rng(1).integers(0, 9, EXACT_MOST + 1).tolist()
    n, times = EXACT_MOST + 1, np.bincount(drawn)
    variance = (n * (n - 1) * (2 * n + 5) - (times * (times - 1) * (2 * times + 5)).sum()) / 18
    found = mann_kendall(drawn)
    assert not found.exact
    assert found.p == pytest.approx(2 * stats.norm.sf((abs(s_of(drawn)) - 1) / math.sqrt(variance)))
    assert mann_kendall([7.0] * n).p == 1


def test_the_two_ways_meet_where_one_takes_over() -> None:
    drawn = np.random.default_rng(4).normal(size=EXACT_MOST) + np.arange(EXACT_MOST) / 30
    n, exact = EXACT_MOST, mann_kendall(list(drawn))
    normal = 2 * stats.norm.sf((abs(exact.s) - 1) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18))
    assert exact.exact
    assert exact.p == pytest.approx(normal, abs=0.001)


def test_the_same_rate_computed_two_ways_is_a_tie() -> None:
    assert mann_kendall([0.1 + 0.2, 0.3, 0.3]).s == 0
    assert mann_kendall([1e9 + 1e-3, 1e9]).s == 0
    assert mann_kendall([0.9250, 0.9251]).s == 1


def test_nothing_to_compare() -> None:
    assert (mann_kendall([]).p, mann_kendall([3.0]).p, mann_kendall([3.0, 3.0, 3.0]).p) == (1, 1, 1)
    with pytest.raises(ValueError, match="missing"):
        mann_kendall([1.0, float("nan")])


def test_theil_sen_by_hand_with_a_year_missing() -> None:
    # (2019, 10), (2020, 12), (2022, 10): slopes 2, 0, (10−12)÷2 = −1; median 0
    found = theil_sen([2019, 2020, 2022], [10, 12, 10])
    assert (found.slope, found.low, found.high) == (0, -1, 2)


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=9), st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_theil_sen_is_scipys_and_lies_inside_its_range(values: list[int], gaps: list[int]) -> None:
    years = np.cumsum([2000, *gaps])[: len(values)]
    found = theil_sen(list(years), values)
    assert found.low <= found.slope <= found.high
    assert found.slope == pytest.approx(stats.theilslopes(values, years).slope)


@given(st.floats(-3, 3), st.integers(2, 8))
def test_a_straight_line_gives_its_slope_back(slope: float, n: int) -> None:
    found = theil_sen(range(2015, 2015 + n), [slope * year for year in range(n)])
    assert found.slope == pytest.approx(slope)
    assert found.high - found.low == pytest.approx(0, abs=1e-9)


def test_years_must_ascend_and_one_value_has_no_slope() -> None:
    assert math.isnan(theil_sen([2020], [1.0]).slope)
    with pytest.raises(ValueError, match="ascend"):
        theil_sen([2020, 2020], [1.0, 2.0])
