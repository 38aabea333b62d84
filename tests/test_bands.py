"""Bands of offices that cannot be told apart: the laws of the order, and cases by hand."""

from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.peers import UNIT, above, bands, standing


@st.composite
def readings(draw: st.DrawFn) -> np.ndarray:
    """Totals with two decimals of a few offices under a few readings, near each other so that many pairs stay open."""
    count, width = draw(st.integers(1, 9)), draw(st.integers(1, 5))
    cells = draw(st.lists(st.integers(9000, 9012), min_size=count * width, max_size=count * width))
    return np.array(cells, dtype="float64").reshape(count, width) / 100


def of(*rows: list[float]) -> list[int]:
    totals = np.array(rows, dtype="float64")
    return bands(above(totals, totals)).tolist()


def frame(totals: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(totals, index=[f"甲{place}" for place in range(len(totals))])


@st.composite
def ranges(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """The ends of totals: of some offices rows are undecided, which add the same to each of their readings or none."""
    lowest = draw(readings())
    more = draw(st.lists(st.sampled_from([0, 0, 1, 2, 5]), min_size=len(lowest), max_size=len(lowest)))
    return lowest, lowest + np.array(more, dtype="float64")[:, None] / 100


def test_an_order_needs_every_reading() -> None:
    assert of([90, 90], [80, 80]) == [1, 2]
    assert of([90, 80], [80, 90]) == [1, 1]  # one rule set says so, another the contrary
    assert of([90, 80], [80, 80]) == [1, 2]  # equal under one, above under the other
    assert of([90, 80], [90, 80]) == [1, 1]
    assert of([90, nan], [80, 80]) == [1, 1]  # a reading that is missing decides nothing
    assert of([90]) == [1]
    assert of() == []


def test_a_difference_of_rounding_is_none() -> None:
    assert of([90.01, 90.01], [90.00, 90.00]) == [1, 1]
    assert of([90.02, 90.01], [90.00, 90.01]) == [1, 2]
    assert of([90.02, 90.00], [90.00, 90.01]) == [1, 1]


def test_those_tied_by_a_third_are_one_band() -> None:
    # the first is above the second; neither can be told from the third
    assert of([90, 90], [89, 89], [95, 85]) == [1, 1, 1]
    assert of([90, 90], [89, 89], [95, 85], [99, 99], [10, 10]) == [2, 2, 2, 1, 3]


def test_what_nothing_decides_leaves_an_order_open() -> None:
    lowest = np.array([[90.0, 90.0], [80.0, 80.0]])
    assert bands(above(lowest, lowest + np.array([[0], [10]]))).tolist() == [1, 1]  # as many, if all is met
    assert bands(above(lowest, lowest + np.array([[0], [9.98]]))).tolist() == [1, 2]
    assert bands(above(lowest, lowest + np.array([[5], [0]]))).tolist() == [1, 2]
    found = standing(frame(lowest), frame(lowest + np.array([[0], [12]])), pd.Series(lowest[:, 0]))
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert found[["percentile", "above_median"]].isna().all(axis=None)


@given(ranges(), st.data())
def test_what_is_said_holds_whatever_becomes_of_undecided_rows(ends, data) -> None:
    lowest, highest = ends
    found = standing(frame(lowest), frame(highest), pd.Series(lowest[:, 0]))
    over = above(lowest, highest)
    shares = data.draw(st.lists(st.floats(0, 1), min_size=len(lowest), max_size=len(lowest)))
    became = lowest + (highest - lowest) * np.array(shares)[:, None]
    assert not (over & ~above(became, became)).any()
    for column in became.T:
        best = 1 + (column[None, :] > column[:, None] + UNIT + 1e-9).sum(axis=1)
        worst = (column[None, :] >= column[:, None] - UNIT - 1e-9).sum(axis=1)
        assert (np.maximum(best, found["rank_low"]) <= np.minimum(worst, found["rank_high"])).all()
    gaps = became - np.median(became, axis=0)
    above_, below = found["above_median"].gt(0), found["above_median"].lt(0)
    assert (gaps[above_] >= -1e-9).all()
    assert (gaps[below] <= 1e-9).all()


@given(ranges())
def test_being_above_is_a_strict_partial_order(ends) -> None:
    over = above(*ends)
    assert not over.diagonal().any()
    assert not (over & over.T).any()
    assert not ((over.astype(int) @ over.astype(int) > 0) & ~over).any()  # transitive


@given(ranges())
def test_bands_are_ordered_throughout_and_cannot_be_split(ends) -> None:
    over = above(*ends)
    found = bands(over)
    assert sorted(set(found)) == list(range(1, found.max() + 1))
    for one in range(len(found)):
        for other in range(len(found)):
            if found[one] < found[other]:
                assert over[one, other]
    for band in set(found):
        members = np.flatnonzero(found == band)
        reached, seen = {members[0]}, {members[0]}
        while reached:
            near = {m for m in members for r in reached if not over[m, r] and not over[r, m]}
            reached, seen = near - seen, seen | near
        assert seen == set(members)  # joined by pairs that nobody can order


@given(readings(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(totals: np.ndarray, random) -> None:
    places = list(range(len(totals)))
    random.shuffle(places)
    table, chosen = frame(totals), pd.Series(totals[:, 0])
    found = standing(table, table, chosen)
    again = standing(table.iloc[places], table.iloc[places], chosen.iloc[places])
    pd.testing.assert_frame_equal(again.loc[found.index], found)


@given(readings())
def test_ranks_hold_under_every_reading_and_lie_in_their_band(totals: np.ndarray) -> None:
    found = standing(frame(totals), frame(totals), pd.Series(totals[:, 0]))
    for column in totals.T:
        best = 1 + (column[None, :] > column[:, None] + UNIT + 1e-9).sum(axis=1)
        worst = (column[None, :] >= column[:, None] - UNIT - 1e-9).sum(axis=1)
        assert (np.maximum(best, found["rank_low"]) <= np.minimum(worst, found["rank_high"])).all()
    sizes = found.groupby("band").size()
    ends = sizes.cumsum()
    assert (found["rank_low"] > found["band"].map(ends - sizes)).all()
    assert (found["rank_high"] <= found["band"].map(ends)).all()


@given(readings())
def test_what_is_said_of_the_median_and_of_the_others_holds_under_every_reading(totals: np.ndarray) -> None:
    found = standing(frame(totals), frame(totals), pd.Series(totals[:, 0]))
    gaps = totals - np.median(totals, axis=0)
    for place in range(len(totals)):
        gap = found["above_median"].iloc[place]
        if gap > 0:
            assert (gaps[place] >= -1e-9).all()
        elif gap < 0:
            assert (gaps[place] <= 1e-9).all()
        share = found["percentile"].iloc[place]
        if not np.isnan(share):
            for column in totals.T:
                below = (column < column[place]).sum() + ((column == column[place]).sum() - 1) / 2
                assert share == pytest.approx(below / (len(totals) - 1))


def test_no_offices_have_no_standing() -> None:
    assert standing(pd.DataFrame(), pd.DataFrame(), pd.Series(dtype="float64")).empty
