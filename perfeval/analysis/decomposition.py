"""Where a change of the score comes from: targets, actuals, weights, the set of indicators, execution.

The score of the later year less that of the earlier is split by Shapley's value (L. S. Shapley, 1953): every
factor is turned from the earlier year's state to the later one's in every order of the five, and its part is the mean
of what the score moves at its turn. No order is privileged, a factor that did not change has no part, and the parts add
up to the whole change. The scores in between are those of counterfactual tables (:mod:`.counterfactual`), scored by the
project's own rules with all its caps and roundings, so a row's rounding is in the part of the factor that caused it.

Five factors have 2⁵ = 32 states: per pair of years 4 judgings of the kept rows, 16 scorings of the table, and 4
sharings of points (16 where the rule set gives a last unit to single rows); some 100 ms for 40 indicators.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import factorial, nan

import pandas as pd

from perfeval.analysis.counterfactual import Choice, pair, scores
from perfeval.model.history import DECOMPOSITION_TYPES, frame_of
from perfeval.model.results import DECLARED, Evaluation
from perfeval.model.rounding import half_up
from perfeval.model.states import EVALUATED, WHY

FACTORS = ("targets", "actuals", "weights", "indicators", "execution")


def decomposition(evaluations: Mapping[int, Evaluation], matches: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of neighbouring years on file (``History.decomposition``), in points.

    before and after are the totals on the declared basis; targets (with names, units, directions), actuals (with
    printed statuses), weights (with categories and goals, on which points depend), indicators (new, dropped and
    redefined ones) and execution (the rate) are rounded half up to the decimals of a total. ``other`` is what that
    rounding leaves over, at most half a unit per part (0.02 points in all for two decimals), so that the six add up to
    after − before to the last decimal. Where two totals cannot be compared the parts are NaN and ``why`` says so.
    """
    rows = []
    for previous, year in pairwise(sorted(evaluations)):
        between = matches[matches["year"].eq(year) & matches["previous_year"].eq(previous)]
        rows.append(_row(evaluations[previous], evaluations[year], between))
    return frame_of(DECOMPOSITION_TYPES, rows)


def shapley(values: Sequence[Decimal]) -> list[Fraction]:
    """Each factor's part of ``values[-1] − values[0]``, exact.

    ``values`` are by state, the state's number having bit i set where factor i has turned; 2ⁿ of them for n factors.
    """
    n = (len(values) - 1).bit_length()
    exact = [Fraction(value) for value in values]
    parts = []
    for factor in range(n):
        part = Fraction(0)
        for state in range(len(values)):
            if not state >> factor & 1:
                turned = state.bit_count()
                orders = Fraction(factorial(turned) * factorial(n - turned - 1), factorial(n))
                part += orders * (exact[state | 1 << factor] - exact[state])
        parts.append(part)
    return parts


def _row(before: Evaluation, after: Evaluation, matches: pd.DataFrame) -> tuple[object, ...]:
    head = (after.year, before.year, *(nan if one.score is None else one.score for one in (before, after)))
    nothing = (nan,) * (len(FACTORS) + 1)
    why = _incomparable(before, after)
    if why:
        return (*head, *nothing, why)
    states = [Choice(*state[::-1]) for state in product((0, 1), repeat=len(FACTORS))]
    values = scores(pair(before, after, matches), states)
    first, last = (Decimal(str(one.scores[DECLARED].known)) for one in (before, after))
    if (values[0], values[-1]) != (first, last):
        return (*head, *nothing, f"按各年指标表重新计分为{values[0]}分和{values[-1]}分，与所给得分不一致，不能分解")
    places = before.ruleset.total_places
    parts = [half_up(Decimal(part.numerator) / Decimal(part.denominator), places) for part in shapley(values)]
    rest = last - first - sum(parts, Decimal(0))
    return (*head, *(float(part) for part in parts), float(rest), _note(before, after))


def _incomparable(before: Evaluation, after: Evaluation) -> str:
    """Why two totals have no difference that means anything; empty where they have."""
    if before.ruleset != after.ruleset:
        return f"两年的计分规则不同（{before.ruleset.title}；{after.ruleset.title}），得分不可比"
    without = [f"{one.year}年{WHY[one.state]}" for one in (before, after) if one.state != EVALUATED]
    return f"{'；'.join(without)}，没有可比的得分" if without else ""


def _note(before: Evaluation, after: Evaluation) -> str:
    """What else a reader must know of a change that is split."""
    notes = [
        f"{one.year}年{one.execution.why}，预算执行按0分计，“预算执行”一项含此影响"
        for one in (before, after)
        if one.execution.rate is None
    ]
    if after.year - before.year > 1:
        notes.append(f"{before.year}年与{after.year}年之间没有数据，是跨年度的变化")
    return "；".join(notes)
