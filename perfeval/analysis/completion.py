"""Completion: how many indicators were met, per goal, per category and overall, as far as that is known.

All rows of an office are there, so its completion is counted, not estimated: no interval of a sample. What target and
actual leave open gives bounds (:mod:`perfeval.model.verdicts`), which add up over goals, categories and offices.
"""

import numpy as np
import pandas as pd

from perfeval.model.results import Completion
from perfeval.model.schema import CATEGORIES, MET
from perfeval.model.verdicts import COUNTS, MOST, verdict


def verdicts(judged: pd.DataFrame) -> pd.Series:
    """The verdict of each judged row (columns status, basis)."""
    pairs = zip(judged["status"], judged["basis"], strict=True)
    return pd.Series([verdict(status, basis) for status, basis in pairs], index=judged.index, dtype="str")


def with_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts of verdicts with most (how many can have been met at most) and the bounds low and high.

    low is met ÷ rows, high is most ÷ rows; NaN where there are no rows.
    """
    most = counts[list(MOST)].sum(axis=1)
    rows = counts["rows"].astype(float).where(counts["rows"] > 0)
    return counts.assign(most=most, low=counts["met"] / rows, high=most / rows)


def completion(indicators: pd.DataFrame) -> Completion:
    """Completion of judged rows (columns goal_no, goal, category, status, basis, declared_status, attainment)."""
    known = verdicts(indicators)
    marks = pd.DataFrame({name: known.eq(one) for name, one in COUNTS.items()})
    marks["declared_met"] = indicators["declared_status"].eq(MET)
    marks["computed"] = indicators["attainment"].notna()
    marks["attained"] = indicators["attainment"].clip(0, 1)
    marks = marks.join(indicators[["goal_no", "goal", "category"]])
    by_goal = _statistics(marks, ["goal_no", "goal"]).sort_values("goal_no", kind="stable", ignore_index=True)
    by_category = _statistics(marks, ["category"])
    order = by_category["category"].map({category: place for place, category in enumerate(CATEGORIES)})
    overall = _statistics(marks.assign(all="全部"), ["all"]).drop(columns="all")
    if overall.empty:
        overall = pd.DataFrame(
            [dict.fromkeys(overall.columns, 0) | dict.fromkeys(("low", "high", "attainment"), np.nan)]
        )
    return Completion(
        overall=overall, by_goal=by_goal, by_category=by_category.loc[order.sort_values().index].reset_index(drop=True)
    )


def _statistics(marks: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = marks.groupby(keys, dropna=False, sort=False, observed=True)
    counts = groups[[*COUNTS, "declared_met", "computed"]].sum().astype(int)
    counts.insert(0, "rows", groups.size())
    counts = with_bounds(counts)
    counts["attainment"] = groups["attained"].mean()
    columns = ["rows", *COUNTS, "most", "low", "high", "declared_met", "attainment", "computed"]
    return counts[columns].reset_index()
