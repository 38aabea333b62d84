"""Funnel limits: exact binomial figures by hand, scipy as a second opinion, verdicts that agree with the limits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.peers import limits, zones
from perfeval.model.peers import ABOVE, BELOW, BELOW_FAR, NO_ROWS, NOT_CERTAIN, WITHIN


def certain(met: pd.Series, rows: pd.Series, overall: float) -> pd.Series:
    """The zones where every row is decided."""
    return zones(met, met, rows, (overall, overall))


def test_ten_coin_tosses_by_hand() -> None:
    # P(0) = 1/1024 = 0.00098, P(≤1) = 11/1024 = 0.0107, P(≤2) = 56/1024 = 0.0547; symmetric
    row = limits(np.array([10]), (0.5, 0.5)).iloc[0]
    assert row.tolist() == [10, 0.1, 0.2, 0.8, 0.9]


def test_all_met_is_inside_where_it_happens_by_chance_once_in_eight() -> None:
    # 0.95^40 = 0.1285 is far above 0.025
    assert certain(pd.Series([40]), pd.Series([40]), 0.95).tolist() == [WITHIN]


def test_the_verdicts() -> None:
    met, rows = pd.Series([0, 1, 2, 8, 9, 0]), pd.Series([10, 10, 10, 10, 10, 0])
    assert certain(met, rows, 0.5).tolist() == [BELOW_FAR, BELOW, WITHIN, WITHIN, ABOVE, NO_ROWS]


@pytest.mark.parametrize("overall", [0.0, 1.0])
def test_where_everything_or_nothing_is_met_there_is_one_line(overall: float) -> None:
    assert limits(np.array([1, 30]), (overall, overall)).iloc[:, 1:].to_numpy().ravel().tolist() == [overall] * 8


def test_without_an_overall_rate_there_are_no_limits() -> None:
    assert limits(np.array([3]), (float("nan"), float("nan"))).iloc[0, 1:].isna().all()


@given(st.integers(1, 120), st.floats(0.01, 0.99))
def test_the_tails_beyond_the_limits_are_small_and_at_them_not(n: int, overall: float) -> None:
    from scipy.stats import binom

    row = limits(np.array([n]), (overall, overall)).iloc[0]
    for name, tail in (("95", 0.025), ("998", 0.001)):
        low, high = round(row[f"low{name}"] * n), round(row[f"high{name}"] * n)
        assert binom.cdf(low - 1, n, overall) <= tail + 1e-9
        assert binom.cdf(low, n, overall) > tail - 1e-9
        assert binom.sf(high, n, overall) <= tail + 1e-9
        assert binom.sf(high - 1, n, overall) > tail - 1e-9
    assert row["low998"] <= row["low95"] <= row["high95"] <= row["high998"]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_a_zone_is_the_place_between_the_limits(pairs: list[tuple[int, int]]) -> None:
    met = pd.Series([min(pair) for pair in pairs])
    rows = pd.Series([max(pair) for pair in pairs])
    overall = met.sum() / rows.sum() if rows.sum() else float("nan")
    for verdict, done, of in zip(certain(met, rows, overall), met, rows, strict=True):
        if not of:
            assert verdict == NO_ROWS
            continue
        row = limits(np.array([of]), (overall, overall)).iloc[0]
        assert (verdict == WITHIN) == (row["low95"] - 1e-9 <= done / of <= row["high95"] + 1e-9)


def test_an_office_is_outside_only_if_it_is_whatever_became_of_the_open_rows() -> None:
    # of ten at 50 %: two to eight are inside
    met, most, rows = (pd.Series(each) for each in zip((1, 1, 10), (1, 2, 10), (2, 8, 10), (9, 9, 10), strict=True))
    found = zones(met, most, rows, (0.5, 0.5))
    assert found.tolist() == [BELOW, NOT_CERTAIN, WITHIN, ABOVE]


def test_an_open_district_widens_the_limits() -> None:
    # nine of ten is above the limits at 50 %, and inside at 80 %: at one end of the district only
    nine, ten = pd.Series([9]), pd.Series([10])
    assert zones(nine, nine, ten, (0.5, 0.5)).tolist() == [ABOVE]
    assert zones(nine, nine, ten, (0.8, 0.8)).tolist() == [WITHIN]
    assert zones(nine, nine, ten, (0.5, 0.8)).tolist() == [NOT_CERTAIN]
    # one of ten is below at either end
    assert zones(nine - 8, nine - 8, ten, (0.5, 0.8)).tolist() == [BELOW]


@given(st.integers(1, 40), st.data(), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_what_is_said_holds_at_every_end(rows: int, data, one: float, other: float) -> None:
    met = data.draw(st.integers(0, rows))
    most = data.draw(st.integers(met, rows))
    low, high = sorted((one, other))
    ends = [pd.Series([met]), pd.Series([most]), pd.Series([rows])]
    (said,) = zones(*ends, (low, high))
    sides = {BELOW: "下", BELOW_FAR: "下", WITHIN: "内"}
    each = {certain(pd.Series([done]), ends[2], at)[0] for done in {met, most} for at in (low, high)}
    if said != NOT_CERTAIN:
        assert {sides.get(zone, "上") for zone in each} == {sides.get(said, "上")}
