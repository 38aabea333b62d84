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
    return bands(above(np.array(rows, dtype="float64"))).tolist()


def frame(totals: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(totals, index=[f"甲{place}" for place in range(len(totals))])


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


@given(readings())
def test_being_above_is_a_strict_partial_order(totals: np.ndarray) -> None:
    over = above(totals)
    assert not over.diagonal().any()
    assert not (over & over.T).any()
    assert not ((over.astype(int) @ over.astype(int) > 0) & ~over).any()  # transitive


@given(readings())
def test_bands_are_ordered_throughout_and_cannot_be_split(totals: np.ndarray) -> None:
    over = above(totals)
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
    found = standing(table, chosen)
    again = standing(table.iloc[places], chosen.iloc[places])
    pd.testing.assert_frame_equal(again.loc[found.index], found)


@given(readings())
def test_ranks_hold_under_every_reading_and_lie_in_their_band(totals: np.ndarray) -> None:
    found = standing(frame(totals), pd.Series(totals[:, 0]))
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
    found = standing(frame(totals), pd.Series(totals[:, 0]))
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
    assert standing(pd.DataFrame(), pd.Series(dtype="float64")).empty


def test_what_nobody_can_judge_leaves_the_order_open() -> None:
    """80 points that may be 100 are not below 90, but they are above 70."""
    low = frame(np.array([[90.0], [80.0], [70.0]]))
    most = frame(np.array([[90.0], [100.0], [70.0]]))
    told = standing(low, low[0], most)
    assert told["band"].tolist() == [1, 1, 2]
    assert told[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3]]
    assert told["percentile"].isna().tolist() == [True, True, False]
    assert told["above_median"].isna().tolist() == [False, False, False]
    settled = standing(low, low[0])
    assert settled["band"].tolist() == [1, 2, 3]
    assert settled["percentile"].tolist() == [1, 0.5, 0]


@given(readings())
def test_nothing_open_changes_nothing(totals: np.ndarray) -> None:
    pd.testing.assert_frame_equal(
        standing(frame(totals), frame(totals)[0]), standing(frame(totals), frame(totals)[0], frame(totals))
    )


@given(readings(), st.integers(0, 8), st.sampled_from([0.02, 0.05, 20.0]))
def test_more_that_is_open_settles_nothing_more(totals: np.ndarray, place: int, more: float) -> None:
    most = totals.copy()
    most[place % len(totals)] += more
    assert not (above(totals, most) & ~above(totals)).any()
    told, open_ = (standing(frame(totals), frame(totals)[0], frame(one)) for one in (totals, most))
    assert (open_["rank_low"] <= told["rank_low"]).all()
    assert (open_["rank_high"] >= told["rank_high"]).all()
