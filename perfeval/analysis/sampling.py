"""The sampling plan: which rows a reviewer should go and look at first, every factor of the choice shown.

Risk of a row = money × findings × heaping:

* money: the row's share of the money at stake. Its goal's executed amount (万元), where the budget names the goal, is
  shared out over the goal's rows by points; else the row's share of all points. Given as 1 + share × rows, so that an
  average row has 2 and no row has nothing.
* findings: 1 + the weights of all findings that concern the row (P0 3, P1 1, P2 0.25), each times its confidence.
  Findings of the whole document or of a whole goal count for no row: they tell no rows apart.
* heaping: 1 + the share of rows in the same goal whose share of the points is the row's own (full marks in every row,
  or the same round share), where there are at least three rows: scores that heap were set, not measured.

The plan takes every row with a P0 finding, then rows of the highest risk up to half of what is left of the share, then
a random choice among the rest with chances in proportion to risk, so that low risk is no safe place. The random choice
is a function of sub-district and year alone: anybody who repeats it finds the same rows.
"""

import hashlib
import math

import pandas as pd

from perfeval.model import asked
from perfeval.model.columns import frame_of, names
from perfeval.model.errors import ParameterError
from perfeval.model.results import Evaluation

WEIGHTS = {"P0": 3.0, "P1": 1.0, "P2": 0.25}
"""What a finding of each severity adds to a row's factor, before its confidence."""
LEAST_ROWS = 3
"""Rows of a goal from which heaping is looked at."""
MOST_ROWS = 4
"""A finding that concerns more rows than these is of a goal or the document, and tells no rows apart."""
PLACES, RISK_PLACES = 2, 1
"""Decimals of the factors and of their product: what is shown multiplies to the risk that is shown."""
CERTAIN, RISK, CHANCE = "P0必查", "风险高", "随机"
COLUMNS = tuple(names("sampling_plan"))


@asked.takes()
def sampling_plan(result: Evaluation, share: float = 0.3) -> pd.DataFrame:
    """Every row with its risk and whether it is to be looked at, highest risk first.

    ``share`` of the rows (0…1, rounded up) are chosen, more where more have P0 findings.
    :class:`~perfeval.model.errors.ParameterError` for any other share.

    Columns order (1 … n); goal_no, goal, category, indicator, row; amount (万元 of the goal's fund that fall to the
    row, NaN where the budget does not name the goal); money, findings, heaping (the factors, at least 1) and risk
    (their product); found (codes of the findings that count, joined by 、); draw (0…1, the row's random number: the
    higher, the sooner chosen); chosen (bool) and why (:data:`CERTAIN`, :data:`RISK`, :data:`CHANCE` or empty).
    """
    if not 0 < share <= 1:
        raise ParameterError(f"抽查比例须大于0、不大于1，现为“{share}”")
    rows = result.indicators.reset_index(drop=True)
    if rows.empty:
        return frame_of("sampling_plan")
    amounts, money = _money(rows, result.execution.items)
    codes, factors, grave = _findings(rows, result.findings)
    money, factors, heaping = (factor.round(PLACES) for factor in (money, factors, _heaping(rows)))
    plan = pd.DataFrame(
        {
            **{name: rows[name] for name in ("goal_no", "goal", "category", "indicator", "row")},
            "amount": amounts,
            "money": money,
            "found": codes,
            "findings": factors,
            "heaping": heaping,
            "risk": (money * factors * heaping).round(RISK_PLACES),
        }
    )
    plan["draw"] = _draws(plan["risk"], rows["row"], f"{result.subdistrict}-{result.year}")
    plan = plan.assign(grave=grave).sort_values(["risk", "row"], ascending=[False, True], ignore_index=True)
    plan["why"] = _chosen(plan, math.ceil(round(share * len(plan), 6)))
    plan["chosen"] = plan["why"].ne("")
    plan["order"] = range(1, len(plan) + 1)
    return frame_of("sampling_plan", {name: plan[name] for name in COLUMNS})


def _money(rows: pd.DataFrame, items: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """万元 that fall to each row, and the factor."""
    funds = items[items["role"].eq("fund") & items["goal_no"].notna()] if len(items) else items
    by_goal = funds.groupby("goal_no")["executed"].sum(min_count=1) if len(funds) else pd.Series(dtype="float64")
    points = rows["points"].astype("float64")
    whole = points.groupby(rows["goal_no"].fillna(-1)).transform("sum")
    amounts = rows["goal_no"].map(by_goal).astype("float64") * (points / whole)  # of a goal without points none
    at_stake = amounts if amounts.notna().all() and amounts.sum() > 0 else points
    total = at_stake.sum()
    shares = at_stake / total if total > 0 else pd.Series(1 / len(rows), index=rows.index)
    return amounts.round(4), 1 + shares * len(rows)


def _findings(rows: pd.DataFrame, found: pd.DataFrame) -> tuple[list[str], pd.Series, list[bool]]:
    """Codes that count for each row, the factor, and whether one of them is P0."""
    codes: dict[int, list[str]] = {int(row): [] for row in rows["row"]}
    weights = dict.fromkeys(codes, 0.0)
    grave = dict.fromkeys(codes, False)
    for one in found.to_dict("records"):
        concerned = one["rows"] if len(one["rows"]) <= MOST_ROWS else ()
        for row in {int(row) for row in concerned} & codes.keys():
            codes[row].append(one["code"])
            weights[row] += WEIGHTS[one["severity"]] * one["confidence"]
            grave[row] = grave[row] or one["severity"] == "P0"
    factors = pd.Series([1 + weights[int(row)] for row in rows["row"]], index=rows.index)
    return (
        ["、".join(sorted(set(codes[int(row)]))) for row in rows["row"]],
        factors,
        [grave[int(row)] for row in rows["row"]],
    )


def _heaping(rows: pd.DataFrame) -> pd.Series:
    """1 + the share of the other rows of the goal that have just this share of their points."""
    own = rows["declared_score"].where(rows["declared_score"].notna(), rows["score"]).astype("float64")
    points = rows["points"].astype("float64")
    shares = (own / points).where(points > 0).round(4)
    goals = rows["goal_no"].fillna(-1)
    same = shares.groupby([goals, shares]).transform("size")
    size = shares.groupby(goals).transform("size")
    return (1 + (same - 1) / (size - 1)).where(size >= LEAST_ROWS, 1.0).fillna(1.0)  # no score, no points: no heap


def _draws(risk: pd.Series, rows: pd.Series, seed: str) -> list[float]:
    """A number for each row: uniform by hash of seed and row, to the power of 1 / risk (weighted sampling without
    replacement, Efraimidis and Spirakis 2006): taking the highest draws takes rows in proportion to risk."""
    draws = []
    for one, row in zip(risk, rows, strict=True):
        number = int.from_bytes(hashlib.sha256(f"{seed}-{int(row)}".encode()).digest()[:8], "big")
        draws.append(round(((number + 1) / (2**64 + 1)) ** (1 / float(one)), 6))
    return draws


def _chosen(plan: pd.DataFrame, wanted: int) -> list[str]:
    """Why each row is taken; ``plan`` is sorted by risk."""
    why = pd.Series([CERTAIN if grave else "" for grave in plan["grave"]], index=plan.index)
    left = max(0, wanted - int(why.ne("").sum()))
    highest = plan.index[why.eq("")][: math.ceil(left / 2)]
    why[highest] = RISK
    rest = plan[why.eq("")].sort_values(["draw", "row"], ascending=[False, True])
    why[rest.index[: left - len(highest)]] = CHANCE
    return list(why)
