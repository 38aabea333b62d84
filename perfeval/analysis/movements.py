"""Offices over the years: who moved by more than is uncertain, and which way each goes, tested together.

A move is told only where it is larger than its own range. The range of a completion's move is what the open rows allow;
that of a score's move are the two bases (declared and strict) under the one rule set, year against year, each with what
rows that nothing decides may add in either year. Rates of execution of different budgets do not move.

The verdicts are those of :mod:`~perfeval.analysis.trends`, but the p of all offices and all series are adjusted
together: of 160 offices eight would be called by chance at 5 % each.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from perfeval.analysis.execution import pooled
from perfeval.analysis.series import followed
from perfeval.analysis.trends import CLOSE_POINTS, CLOSE_RATE, TRIFLE, verdicts
from perfeval.model import asked
from perfeval.model.columns import GROUPS, frame_of
from perfeval.model.districtyears import cohort, every_year, filled, whole
from perfeval.model.history import COMPLETION_RATE, EXECUTION_RATE, SCORE
from perfeval.model.rounding import missing
from perfeval.model.verdicts import EVALUATED, NOT_FILLED

RANGES = {EXECUTION_RATE: (EXECUTION_RATE,) * 2, COMPLETION_RATE: ("completion_low", "completion_high")}
"""Measures of rates, and the columns of ``pe.scores`` with their lowest and highest value."""
BASES = ("score", "strict")
"""Columns of the score on its two bases."""
LEAST = {EXECUTION_RATE: CLOSE_RATE * TRIFLE, COMPLETION_RATE: CLOSE_RATE * TRIFLE, SCORE: CLOSE_POINTS * TRIFLE}
"""Half a 百分点, half a point: no smaller move is worth a word (:data:`~perfeval.analysis.trends.TRIFLE`)."""
NOISE = 1e-9
NAN = float("nan")
Record = dict[str, Any]


@asked.takes(scores=["subdistrict", "name", "district", "year", "execution_rate", "completion_low", "completion_high",
                      "score", "strict", "undecided_points", "synthetic"])  # fmt: skip
def movers(scores: pd.DataFrame) -> pd.DataFrame:
    """How each office moved from each year on file to the next: execution rate, completion, score.

    Takes ``pe.scores``. Columns (``pe.columns("movers")``): subdistrict, name, district, measure (execution_rate,
    completion_rate, score), year, previous_year, previous, value, change (value − previous), change_low, change_high
    (what it can be), moved (whether it is larger than its range and than :data:`LEAST`), why, synthetic. Pairs of which
    one value is missing are left out.
    """
    found = []
    for _, held in _comparable(scores).sort_values("year", kind="stable").groupby("subdistrict", sort=False):
        for before, after in pairwise(held.to_dict("records")):
            for measure in (EXECUTION_RATE, COMPLETION_RATE, SCORE):
                ends = _ends(measure, before, after)
                if ends is not None:
                    found.append(_move(measure, (before, after), *ends))
    return frame_of("movers", found)


def _ends(measure: str, before: Any, after: Any) -> tuple[str, float, float] | None:
    """The column told, and the least and most that the change can be; None where a value is missing."""
    if measure == SCORE:
        left = (
            -before["undecided_points"],
            after["undecided_points"],
        )  # may have been earned in one year and not the other
        changes = [after[base] - before[base] + open_ for base in BASES for open_ in left]
        told = SCORE
    elif measure == EXECUTION_RATE and NOT_FILLED in (before.get("state"), after.get("state")):
        return None  # money in a form that is not filled in yet is not the year's
    else:
        low, high = RANGES[measure]
        changes = [after[low] - before[high], after[high] - before[low]]
        told = low
    return None if any(map(missing, changes)) else (told, min(changes), max(changes))


def _move(measure: str, years: tuple[Any, Any], told: str, low: float, high: float) -> Record:
    before, after = years
    least = min(abs(low), abs(high))
    same_way = low * high > 0
    mixed = measure == EXECUTION_RATE and before.get("basis", "") != after.get("basis", "")
    moved = not mixed and same_way and least > high - low + NOISE and least >= LEAST[measure] - NOISE
    why = ""
    if mixed:
        why = "两年的执行率不是同一口径"
    elif not moved and same_way and least <= high - low + NOISE:
        why = "变动不大于其不确定的范围"
    elif not moved:
        why = "变动很小" if high - low <= NOISE else "升降随口径而不同"
    return {
        **{name: after[name] for name in ("subdistrict", "name", "district", "year", "synthetic")},
        "measure": measure,
        "previous_year": before["year"],
        "previous": before[told],
        "value": after[told],
        "change": after[told] - before[told],
        "change_low": low,
        "change_high": high,
        "moved": moved,
        "why": why,
    }


@asked.takes(
    scores=["subdistrict", "name", "district", "year", "state", "score", "execution_score"],
    rows=["subdistrict", "year", "track", "score"],
)
def score_changes(scores: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Where each office's score moved since its last evaluated year, in points, from what is scored already.

    Scores that stand beside no other (:func:`whole`) are left out.

    Takes ``pe.scores`` and ``pe.rows`` (with ``track``). Columns (``pe.columns("score_changes")``): place,
    previous_year, before, after, execution, kept (indicators of both years), gone (those of one of them alone), others
    (all else, and what rounding leaves), change; the four parts add up to it. :func:`perfeval.decomposition` tells
    targets from actuals as well, but scores every office anew.
    """
    scored = scores[scores["state"].eq(EVALUATED) & scores["score"].notna() & whole(scores)]
    scored = scored.sort_values(["subdistrict", "year"])
    held = rows.groupby(["subdistrict", "year"], sort=False)
    found = []
    for _, years in scored.groupby("subdistrict", sort=True):
        for before, after in pairwise(years.to_dict("records")):
            then, now = (held.get_group((one["subdistrict"], one["year"])) for one in (before, after))
            both = (set(then["track"]) & set(now["track"])) - {""}
            kept, gone = (
                float(now.loc[now["track"].isin(both) == there, "score"].sum())
                - float(then.loc[then["track"].isin(both) == there, "score"].sum())
                for there in (True, False)
            )
            earned = [0.0 if missing(one["execution_score"]) else one["execution_score"] for one in (before, after)]
            execution, change = earned[1] - earned[0], after["score"] - before["score"]
            place = {name: after[name] for name in ("subdistrict", "name", "district", "year")}
            told = {"previous_year": before["year"], "before": before["score"], "after": after["score"]}
            parts = {"execution": execution, "kept": kept, "gone": gone, "others": change - execution - kept - gone}
            found.append(place | told | parts | {"change": change})
    return frame_of("score_changes", found)


ALL, COHORT = GROUPS
"""Every office that is evaluated in the year; those that are in every year, which alone make totals that compare."""


@asked.takes(
    scores=["subdistrict", "year", "state", "budget", "executed", "execution_rate", "rows", "met", "most", "score"]
)
def year_totals(scores: pd.DataFrame) -> pd.DataFrame:
    """A district's sums and spread by year, of all offices on file and of those that are in every year.

    Takes ``pe.scores``. Columns (``pe.columns("year_totals")``): year, group (全部在案, 同口径组), offices (evaluated,
    with nothing left to fill in) of listed (on file), money_offices (evaluated, budget and executed known:
    :func:`~perfeval.analysis.execution.funded`), budget, executed (万元, of these), execution_rate (the sums divided: a
    mean of rates would weigh a small office like a large one), rows, met, most, completion_low, completion_high (all
    rows together), scored, score_low, score_median, score_high. Only ``offices`` count in rows and
    scores, in scores (``scored`` of them) only those whose total is a whole one.
    """
    every, scored = cohort(scores), every_year(scores, whole(scores))
    compared = scores.assign(score=scores["score"].where(scores["subdistrict"].isin(scored)))
    found = []
    for year in sorted(scores["year"].unique()):
        for group, members in ((ALL, None), (COHORT, every)):
            held = (scores if members is None else compared)[scores["year"].eq(year)]
            held = held if members is None else held[held["subdistrict"].isin(members)]
            found.append({"year": year, "group": group, **_sums(held)})
    return frame_of("year_totals", found)


def _sums(held: pd.DataFrame) -> Record:
    scored = held[held["state"].eq(EVALUATED) & filled(held)]
    money = pooled(held)
    totals = scored["score"].where(whole(scored))
    rows, met, most = (int(scored[name].sum()) for name in ("rows", "met", "most"))
    return {
        "offices": len(scored),
        "listed": len(held),
        "money_offices": len(money.offices),
        "budget": money.budget if money.offices else NAN,
        "executed": money.executed if money.offices else NAN,
        "execution_rate": NAN if money.rate is None else money.rate,
        "rows": rows,
        "met": met,
        "most": most,
        "completion_low": met / rows if rows else NAN,
        "completion_high": most / rows if rows else NAN,
        "scored": int(totals.notna().sum()),
        "score_low": totals.min(),
        "score_median": totals.median(),
        "score_high": totals.max(),
    }


@asked.takes(scores=["score", "execution_rate", "possible"])
def comparable(scores: pd.DataFrame) -> pd.DataFrame:
    """``pe.scores`` without the figures that stand beside no other, year or declared one.

    Takes ``pe.scores``. The same rows; score, strict, score_low and score_high are NaN where no rate of execution is
    known, so that the total is one of 80 or 90 points, or where only part of a form is listed, or several forms, or
    where rows wait to be filled in; then completion_low and completion_high are NaN too.

    >>> comparable(pd.DataFrame({"score": [85.0], "execution_rate": [None], "possible": [90.0]}))["score"].isna().all()
    np.True_
    """
    return _comparable(scores)


def _comparable(scores: pd.DataFrame) -> pd.DataFrame:
    """:func:`comparable` of frames that may lack what it asks for."""
    told = [name for name in ("score", "strict", "score_low", "score_high") if name in scores.columns]
    ends = [name for name in ("completion_low", "completion_high") if name in scores.columns]
    kept, complete = whole(scores), filled(scores)
    totals, shares = ({n: scores[n].where(which) for n in names} for names, which in ((told, kept), (ends, complete)))
    return scores.assign(**totals, **shares)


def _most(scores: pd.DataFrame) -> pd.Series:
    """Each total if every row that nothing decides were met, as far as the frame tells."""
    return scores["score"] + scores["undecided_points"].fillna(0) if "undecided_points" in scores else scores["score"]


@asked.takes(
    scores=["subdistrict", "name", "district", "year", "execution_rate", "completion_low", "completion_high", "score"]
)
def trends(scores: pd.DataFrame) -> pd.DataFrame:
    """The verdict on each office's execution rate, completion and score over its years, all tests taken together.

    Takes ``pe.scores``. Columns (``pe.columns("trends")``): subdistrict, name, district, series (execution_rate,
    completion_rate, score), title, n, first_year, last_year, first, last, change, verdict (改善, 恶化, 平稳, 已达上限,
    无法判断: always below five years), why, p, adjusted (among all offices' tests; NaN where none decides).
    """
    places, every = [], []
    nothing = pd.DataFrame()
    for _, held in _comparable(scores).groupby("subdistrict", sort=False):
        place = {name: held[name].iloc[0] for name in ("subdistrict", "name", "district")}
        for series in followed(held.assign(score_most=_most(held)), nothing):
            places.append(place | {"series": series.key})
            every.append(replace(series, key=f"{place['subdistrict']} {series.key}"))
    told = verdicts(every).drop(columns="series").to_dict("records")
    return frame_of("trends", [place | row for place, row in zip(places, told, strict=True)])
