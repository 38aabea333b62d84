"""Funnel plot: control limits for completion rates by number of indicators.

D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005): an office
whose indicators are met with the district's overall probability lies inside the 95 % (99.8 %) limits in at least 95 %
(99.8 %) of cases, whatever the number of its indicators. He interpolates between the whole numbers of the binomial
distribution to make the limits smooth; here they are the plain exact ones, so that the verdict on an office and its
place between the drawn limits always agree and nobody is outside who has not earned it (with 40 indicators and 95 %
overall, all 40 are met once in eight times; the interpolated limit would be below 100 %).

Where rows cannot be verified, the completion of an office and of the district has bounds. An office is outside only if
it is so at either end of both: below the lowest limit even if all its open rows were met, above the highest even if
none were. It is inside only if that, too, holds at either end; else nothing is said of it.
"""

import numpy as np
import pandas as pd

from perfeval.model.peers import ABOVE, ABOVE_FAR, BELOW, BELOW_FAR, NO_ROWS, NOT_CERTAIN, WITHIN

TAILS = {"95": 0.025, "998": 0.001}
"""Probability beyond each limit on one side: about two and three standard deviations, as Spiegelhalter draws them."""
COLUMNS = ("rows", "low998", "low95", "high95", "high998")
SLACK = 1e-12
"""Rounding of the summed probabilities."""


Bounds = tuple[float, float]
"""The lowest and the highest the district's completion can be (0…1); alike where nothing is open."""


def limits(rows: np.ndarray, overall: Bounds) -> pd.DataFrame:
    """Exact binomial control limits for each number of indicators (above zero): the frame ``funnel`` of
    :class:`~perfeval.model.peers.Peers`.

    low: the fewest met, as a ratio, whose lower tail is above the limit's probability, at the lowest ``overall``; high:
    the most met whose upper tail is, at the highest. NaN all through where ``overall`` is NaN.
    """
    low, high = overall
    found = [(*_limits(int(n), low)[:3], *_limits(int(n), high)[3:]) for n in rows]
    return pd.DataFrame(found, columns=list(COLUMNS)).astype({"rows": "int64"})


def zones(met: pd.Series, most: pd.Series, rows: pd.Series, overall: Bounds) -> pd.Series:
    """The verdict word of each office, from its counts: met for certain, at most, and rows."""
    low, high = overall
    best = _zones(most, rows, (low, low))
    worst = _zones(met, rows, (high, high))
    below, above = best.isin([BELOW, BELOW_FAR]), worst.isin([ABOVE, ABOVE_FAR])
    same = best.eq(worst)
    return best.where(below | same, worst.where(above, NOT_CERTAIN))


def _zones(met: pd.Series, rows: pd.Series, overall: Bounds) -> pd.Series:
    """The verdict words where nothing is open."""
    share = met / rows.where(rows > 0)
    bounds = limits(rows.where(rows > 0, 1).to_numpy(), overall).set_index(rows.index)
    verdict = np.select(
        [
            rows.eq(0),
            share < bounds["low998"] - SLACK,
            share < bounds["low95"] - SLACK,
            share > bounds["high998"] + SLACK,
            share > bounds["high95"] + SLACK,
        ],
        [NO_ROWS, BELOW_FAR, BELOW, ABOVE_FAR, ABOVE],
        default=WITHIN,
    )
    return pd.Series(verdict, index=rows.index, dtype="str")


def _limits(n: int, overall: float) -> tuple[float, ...]:
    if np.isnan(overall):
        return (n, *[float("nan")] * 4)
    chance = _chances(n, overall)
    at_most, at_least = np.cumsum(chance), np.cumsum(chance[::-1])[::-1]
    low = {name: int(np.argmax(at_most > tail + SLACK)) / n for name, tail in TAILS.items()}
    high = {name: (n - int(np.argmax(at_least[::-1] > tail + SLACK))) / n for name, tail in TAILS.items()}
    return n, low["998"], low["95"], high["95"], high["998"]


def _chances(n: int, overall: float) -> np.ndarray:
    """The probabilities of 0…n met."""
    if overall in (0.0, 1.0):
        certain = np.zeros(n + 1)
        certain[n if overall else 0] = 1.0
        return certain
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    met = np.arange(n + 1)
    ways = factorial[n] - factorial[met] - factorial[n - met]
    found: np.ndarray = np.exp(ways + met * np.log(overall) + (n - met) * np.log1p(-overall))
    return found
