"""A district as one unit: the offices' indicators put together, then scored once.

Aggregate, then score (see :mod:`~perfeval.analysis.aggregate`): the mean of the offices' scores would hide that one
office is over its target while another is under it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perfeval.analysis.aggregate import KEY, aggregate
from perfeval.analysis.points import share_points
from perfeval.analysis.scoring import score_rows, total, unmeasured_notes
from perfeval.analysis.statistics import completion_rates
from perfeval.model import folding
from perfeval.model.peers import Total
from perfeval.model.results import BASES, DECLARED, STRICT, Evaluation, RuleSet
from perfeval.model.rounding import percent
from perfeval.model.schema import INDICATORS, MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.states import EVALUATED
from perfeval.model.verdicts import COMPUTED, NOTHING, WORD

KEPT = [
    "category",
    "indicator",
    "goal",
    "offices",
    "target",
    "actual",
    "status",
    "basis",
    "attainment",
    "attainment_why",
]
SCORED = ["points", "score", "lost"]


def district_total(evaluations: Mapping[str, Evaluation], ruleset: RuleSet) -> Total | None:
    """The district's total of these evaluations (by sub-district) under one rule set; None where no money or no
    indicator is known. Only evaluations that have a score are put together.

    Indicators are alike where category and name (spelling folded) are; under different goals of one office they are
    told apart by goal. The documents' own weights, being of one office each, do not count: points are the rule set's.
    """
    evaluations = {name: result for name, result in evaluations.items() if result.state == EVALUATED}
    money = {name: spent for name, result in evaluations.items() if (spent := _money(result)) is not None}
    if not money:
        return None
    left = [result.name for name, result in evaluations.items() if name not in money]
    notes = [f"{'、'.join(left)}没有大于0的预算数和执行数，未汇总"] if left else []
    budget = sum((base for base, _ in money.values()), Decimal(0))
    executed = sum((spent for _, spent in money.values()), Decimal(0))
    called = _called({name: evaluations[name].name for name in money})
    alike = _alike({called[name]: evaluations[name].indicators for name in money})
    if alike.empty:
        return None
    weight = {called[name]: spent for name, (_, spent) in money.items()}
    strict = aggregate(alike.drop(columns=["status", "basis"]), weight, ruleset)
    judged = _declared(strict, alike, weight, ruleset)
    if any(evaluations[name].indicators["weight"].notna().any() for name in money):
        notes.append("各街道文件所列的分值只用于本街道，全区按所选规则统一分配")
    points = share_points(judged, ruleset)
    rows = {
        DECLARED: score_rows(judged, points, ruleset, DECLARED),
        STRICT: score_rows(strict, points, ruleset, STRICT),
    }
    scores = {basis: total(rows[basis], points, executed / budget, ruleset, basis) for basis in BASES}
    held = alike.groupby(KEY, sort=False, dropna=False)["unit_id"].nunique()
    scored = judged.assign(offices=held.to_numpy())[KEPT].join(rows[DECLARED][SCORED].astype(float))
    scored = scored.assign(strict_score=rows[STRICT]["score"].astype(float), derivation=rows[DECLARED]["derivation"])
    by_status = int((strict["basis"].eq(NOTHING) & judged["basis"].ne(NOTHING)).sum())
    if by_status:
        notes.append(f"{len(judged)}项指标中{by_status}项的数值不能汇总，按各街道的完成情况合并，严格口径不计分")
    (counted,) = completion_rates(judged.assign(all=0), ["all"]).to_dict("records")
    return Total(
        offices=tuple(money),
        budget=float(budget),
        executed=float(executed),
        execution_rate=float(executed / budget),
        score=scores[DECLARED].known,
        strict=scores[STRICT].known,
        possible=scores[DECLARED].possible,
        grade=scores[DECLARED].grade,
        indicators=scored,
        **{name: int(counted[name]) for name in ("rows", "met", "declared", "undecided")},
        completion_low=float(counted["low"]),
        completion_high=float(counted["high"]),
        mean_score=float(np.mean([evaluations[name].scores[DECLARED].known for name in money])),
        notes=(*notes, *points.notes, *unmeasured_notes(strict)),
    )


def _money(result: Evaluation) -> tuple[Decimal, Decimal] | None:
    """Budget and executed money of an office; None where either is missing or not above zero."""
    base, spent = result.execution.budget, result.execution.executed
    if base is None or spent is None or base <= 0 or spent <= 0:
        return None
    return Decimal(str(base)), Decimal(str(spent))


def _called(names: Mapping[str, str]) -> dict[str, str]:
    """What sentences call each office: its name, with the id where two have the same."""
    held = list(names.values())
    return {id_: name if name and held.count(name) == 1 else f"{name}{id_}" for id_, name in names.items()}


def _alike(indicators: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The offices' rows below each other with unit_id, status and basis, named alike where they are alike."""
    frames = [frame[[*INDICATORS.names, "status", "basis"]].assign(unit_id=name) for name, frame in indicators.items()]
    rows = pd.concat(frames, ignore_index=True)
    if rows.empty:
        return rows
    name = rows["indicator"].map(folding.key)
    twice = rows.assign(name=name).duplicated(["unit_id", "category", "name"], keep=False)
    named = [rows["category"], name]
    several = twice.groupby(named, sort=False).transform("any")
    spelling = rows["indicator"].groupby(named, sort=False).transform("first")
    blank = pd.Series([""] * len(rows), dtype="str")
    return rows.assign(
        indicator=spelling,
        goal_no=pd.array([pd.NA] * len(rows), dtype="Int64"),
        goal=rows["goal"].where(several, blank),
        subcategory=blank,
        weight=pd.Series([None] * len(rows), dtype=object),
    )


def _declared(
    judged: pd.DataFrame, alike: pd.DataFrame, money: Mapping[str, Decimal], ruleset: RuleSet
) -> pd.DataFrame:
    """Rows whose values cannot be put together by the offices' statuses: their shares, averaged by money."""
    groups = alike.groupby(KEY, sort=False, dropna=False)
    told = [
        _of_statuses(group, row, money, ruleset) if row["basis"] == NOTHING else row
        for (_, group), row in zip(groups, judged.to_dict("records"), strict=True)
    ]
    readings = pd.Series([row["reading"] for row in told], index=judged.index, dtype=object)
    columns = ["target", "actual", "attainment", "attainment_why", "status", "basis"]
    decided = pd.DataFrame([[row[name] for name in columns] for row in told], columns=columns, index=judged.index)
    return judged.drop(columns=columns).join(decided).assign(reading=readings)


def _of_statuses(
    group: pd.DataFrame, row: dict[Hashable, Any], money: Mapping[str, Decimal], ruleset: RuleSet
) -> dict[Hashable, Any]:
    found = list(group["status"])
    row = row | {"target": "", "actual": ""} if len(group) > 1 else row  # they are one office's
    if UNDECIDED in found:
        return row
    weights = [money[name] for name in group["unit_id"]]
    shares = [ruleset.levels[status].use for status in found]
    share = sum((part * weight for part, weight in zip(shares, weights, strict=True)), Decimal(0)) / sum(weights)
    status = found[0] if len(set(found)) == 1 else PARTLY
    counts = "、".join(f"{name}{found.count(name)}" for name in (MET, PARTLY, MISSED) if name in found)
    why = f"{row['attainment_why']}；按各街道的完成情况（{counts}）以资金额加权，计{percent(share)}"
    reading = replace(row["reading"], a=None, b=None, level="", attainment=share, status=status, why=why)
    return row | {
        "reading": reading,
        "attainment": float("nan"),
        "attainment_why": why,
        "status": status,
        "basis": COMPUTED if group["basis"].eq(COMPUTED).all() else WORD,
    }
