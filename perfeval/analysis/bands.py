"""Bands of offices that cannot be told apart: an order is shown only where it holds under every admissible reading.

Admissible readings are the totals of the same rows under every rule set and on both bases
(:attr:`~perfeval.model.results.Evaluation.alternatives`). An office is *above* another if it has at least as many
points under every reading and more by over :data:`UNIT` under one of them. That is transitive and never both ways, but
leaves pairs open: neither is above the other. Offices joined by a chain of such pairs are one *band*. So of two bands
every office of the one is above every office of the other, a band cannot be split any further without ordering two
offices that are not, and neither the order nor the number of the offices given changes who is above whom.
"""

import numpy as np
import pandas as pd

UNIT = 0.01
"""Points: the last decimal of a total. Totals that differ by no more may differ by rounding alone."""
SLACK = 1e-9
"""Binary arithmetic: 90.01 − 90 is a little more than 0.01."""
COLUMNS = ("band", "rank_low", "rank_high", "percentile", "above_median")


def above(readings: np.ndarray) -> np.ndarray:
    """Whether office i (row) is above office j (column), from totals by office and reading; NaN leaves a pair open."""
    count = len(readings)
    never_less = np.ones((count, count), dtype=bool)
    once_more = np.zeros((count, count), dtype=bool)
    for column in readings.T:
        gap = column[:, None] - column[None, :]
        never_less &= gap >= -SLACK
        once_more |= gap > UNIT + SLACK
    return never_less & once_more


def bands(over: np.ndarray) -> np.ndarray:
    """The band of each office, 1 for the highest, from who is above whom."""
    order = np.argsort(over.sum(axis=0), kind="stable")
    sorted_ = over[np.ix_(order, order)]
    found = np.zeros(len(order), dtype="int64")
    band, reach = 1, -1
    for place, office in enumerate(order):
        # All before this place are above all from it on: nothing ties the two sides together.
        if place and reach < place:
            band += 1
        found[office] = band
        open_ = np.flatnonzero(~sorted_[place])
        reach = max(reach, int(open_[-1]))
    return found


def standing(readings: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Where each office stands, as far as it holds: :data:`COLUMNS`, by the index of ``readings``.

    ``readings`` are totals by office (index) and reading (columns), ``chosen`` those that are shown. rank_low and
    rank_high are the best and worst rank possible, over all readings and within the order that holds; percentile (share
    of the other offices below, ties by half) and above_median (points above the median of ``chosen``) are NaN where
    they, or on which side of the median the office is, change with the reading.
    """
    totals = readings.to_numpy(dtype="float64")
    over = above(totals)
    low, high = _ranks(totals)
    return pd.DataFrame(
        {
            "band": bands(over),
            "rank_low": np.maximum(low, 1 + over.sum(axis=0)),
            "rank_high": np.minimum(high, len(totals) - over.sum(axis=1)),
            "percentile": _percentile(readings),
            "above_median": _above_median(totals, chosen.to_numpy(dtype="float64")),
        },
        index=readings.index,
    )


def _ranks(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank over the readings; within :data:`UNIT` either of two may be before the other."""
    count = len(totals)
    low, high = np.full(count, count), np.ones(count, dtype="int64")
    for column in totals.T:
        more = (column[None, :] - column[:, None] > UNIT + SLACK).sum(axis=1)
        less = (column[:, None] - column[None, :] > UNIT + SLACK).sum(axis=1)
        low, high = np.minimum(low, 1 + more), np.maximum(high, count - less)
    return low, high


def _percentile(readings: pd.DataFrame) -> np.ndarray:
    others = len(readings) - 1
    if others < 1:
        return np.full(len(readings), np.nan)
    shares = ((readings.rank(method="average") - 1) / others).to_numpy()
    return np.where(np.ptp(shares, axis=1) <= SLACK, shares[:, 0], np.nan)


def _above_median(totals: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    if not len(totals):
        return np.array([], dtype="float64")
    gaps = totals - np.median(totals, axis=0)
    one_side = (gaps >= -SLACK).all(axis=1) | (gaps <= SLACK).all(axis=1)
    return np.where(one_side, np.round(chosen - np.median(chosen), 4), np.nan)
