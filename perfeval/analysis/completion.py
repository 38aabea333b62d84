"""Completion: how many indicators were met, per goal, per category and overall.

The rate counts a row as met by its status on the declared basis. 无法判定 is never met, and stays in the denominator.
"""

import numpy as np
import pandas as pd

from perfeval.model.results import Completion
from perfeval.model.schema import CATEGORIES, MET, MISSED, PARTLY, UNDECIDED

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""

COUNTS = {"met": MET, "partly": PARTLY, "missed": MISSED, "undecided": UNDECIDED}


def wilson(met: pd.Series, rows: pd.Series) -> pd.DataFrame:
    """Wilson's 95 % interval of met ÷ rows as columns low and high (ratios); NaN where there are no rows.

    E. B. Wilson, JASA 22 (1927): unlike ±1.96 standard errors it stays inside 0…1 and is honest for few rows.
    """
    n = rows.astype(float).where(rows > 0)
    share = met / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    low = (centre - half).where(met > 0, 0.0 * n)
    high = (centre + half).where(met < rows, 1.0 + 0.0 * n)
    return pd.DataFrame({"low": low.clip(0, 1), "high": high.clip(0, 1)})


def completion(indicators: pd.DataFrame) -> Completion:
    """Completion of judged rows (columns goal_no, goal, category, status, declared_status, attainment)."""
    marks = pd.DataFrame({name: indicators["status"].eq(status) for name, status in COUNTS.items()})
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
            [dict.fromkeys(overall.columns, 0) | dict.fromkeys(("rate", "low", "high", "attainment"), np.nan)]
        )
    return Completion(
        overall=overall, by_goal=by_goal, by_category=by_category.loc[order.sort_values().index].reset_index(drop=True)
    )


def _statistics(marks: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = marks.groupby(keys, dropna=False, sort=False, observed=True)
    counts = groups[[*COUNTS, "declared_met", "computed"]].sum().astype(int)
    counts.insert(0, "rows", groups.size())
    counts["rate"] = counts["met"] / counts["rows"]
    counts = counts.join(wilson(counts["met"], counts["rows"]))
    counts["attainment"] = groups["attained"].mean()
    columns = ["rows", *COUNTS, "declared_met", "rate", "low", "high", "attainment", "computed"]
    return counts[columns].reset_index()
