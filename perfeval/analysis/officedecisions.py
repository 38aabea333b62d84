"""What leaders have to decide about one office's year: from its evaluation to a short frame, the gravest first.

Each kind of decision follows from a rule that is stated in ``matters.toml`` with its source; here is only when it
applies and which facts it rests on. What is unknown decides nothing, and an indicator is named under one decision only,
the first that fits. :func:`~perfeval.analysis.decisions.decisions` is the same for a district.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from perfeval.analysis.findings.deviations import OVERSPENT
from perfeval.analysis.findings.money import LOW_RATE
from perfeval.model import asked, names
from perfeval.model.columns import frame_of
from perfeval.model.results import GRAVEST, OF_FULL, Evaluation
from perfeval.model.rounding import missing, money, percent, points
from perfeval.model.schema import MISSED, PARTLY
from perfeval.model.verdicts import ALL_UNDECIDED, EVALUATED, NOT_FILLED

HAND_IN, RETURN, IMPOSSIBLE, NO_RATE = "限期填报", "退回补报", "退回重报", "资金未列明"
OVER, AGAIN = "核对超支", "连年未完成"
FAR_BELOW, UNSPENT, SPENT, GAP, VERIFY = "远未达到", "资金结余", "钱已支出而目标未完成", "得分不一致", "先行核实"
KINDS = (HAND_IN, RETURN, IMPOSSIBLE, NO_RATE, OVER, AGAIN, FAR_BELOW, UNSPENT, SPENT, GAP, VERIFY)
"""In the order in which they are shown."""
FAR = 0.6
"""Attainment below which a target is far from reached: the lowest of the three levels of 财预〔2020〕10号's form."""
APART = 0.1
"""How far attainment may lie below the rate of execution (川财绩〔2025〕10号: 10 percentage points)."""
POINTS = 1.0
"""Points that the declared total may lie above what every rule set gives before somebody has to decide which holds."""
NAMED = 3
"""Indicators that a decision names; of more it says how many there are."""
LONGEST = 20
"""Characters of an indicator's name in the few words that say what is to be decided."""
NOISE = 1e-9
DECIMALS = 8
"""To which differences of 万元 are cut: the rest is binary arithmetic."""
UNEXPLAINED, TOO_MUCH = "M06", "P13"
"""The findings that execution is low and nothing is said of it, and that a total is more than can be had."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a kind of decision asks for, and the source of its rule."""

    asks: str
    source: str


@cache
def matters() -> dict[str, Matter]:
    """The kinds of decisions (:data:`KINDS`) as ``matters.toml`` states them."""
    text = resources.files("perfeval.analysis").joinpath("matters.toml").read_text(encoding="utf-8")
    return {kind: Matter(**told) for kind, told in tomllib.loads(text).items()}


@asked.takes()
def office_decisions(result: Evaluation) -> pd.DataFrame:
    """What is to be decided about an office's year, the gravest first; empty where nothing follows from the rules.

    That an indicator was missed before is only known where ``result`` comes from ``pe.look_back``. Columns
    (``pe.columns("office_decisions")``), all ``str``: decision (one of :data:`KINDS`), matter (which, in a few words),
    basis (the facts), asks (what is to be decided), source (of the rule).

    >>> pe.office_decisions(result)["decision"].to_list()  # doctest: +SKIP
    ['远未达到', '钱已支出而目标未完成', '先行核实']
    """
    told = [
        (kind, matter, basis, matters()[kind].asks, matters()[kind].source) for kind, matter, basis in _found(result)
    ]
    return frame_of("office_decisions", told)


Found = tuple[str, str, str]
"""Kind, matter, basis."""


def _found(result: Evaluation) -> Iterator[Found]:
    """The kinds that apply, in order, each with its facts."""
    rows = len(result.indicators)
    if result.state == NOT_FILLED:
        yield HAND_IN, "尚未填报，定填报期限", f"{rows}项指标只有目标值，完成情况一项都没有填报"
        return
    if result.state == ALL_UNDECIDED:
        yield RETURN, "各项无法判定，退回补报", f"{rows}项指标都没有可以与目标比较的结果"
    yield from ((IMPOSSIBLE, "自评得分超过满分，退回重报", one.sentence) for one in result.account(OF_FULL))
    rate = result.execution.rate
    if rate is None and result.execution.why:
        yield NO_RATE, "执行率无法计算，补报资金", result.execution.why
    if rate is not None and rate > OVERSPENT:
        yield (
            OVER,
            f"超出预算{_left(result, -1)}万元",
            f"{_money(result)}，超出预算{_left(result, -1)}万元（执行率{_share(rate)}）",
        )
    unmet: list[Row] = result.unmet.to_dict("records")  # type: ignore[assignment]
    before = _missed_before(result)
    again = [row for row in unmet if row["row"] in before]
    if again:
        yield AGAIN, f"{_names(again)}连续两年以上未完成", f"{_listed(again, before)}"
    rest = [row for row in unmet if row["row"] not in before and not missing(row["attainment"])]
    far = [row for row in rest if row["attainment"] < FAR]
    if far:
        yield FAR_BELOW, f"{_names(far)}远未达到目标", f"{_listed(far)}，完成程度不到60%"
    if rate is not None and rate < LOW_RATE:
        silent = "，没有说明原因" if result.findings["code"].eq(UNEXPLAINED).any() else ""
        yield (
            UNSPENT,
            f"{_left(result, 1)}万元未支出",
            f"{_money(result)}，未支出{_left(result, 1)}万元（执行率{_share(rate)}）{silent}",
        )
    near = [row for row in rest if row["attainment"] >= FAR]
    behind = [row for row in near if rate is not None and min(rate, 1.0) - row["attainment"] > APART + NOISE]
    if behind and rate is not None and rate >= LOW_RATE:
        yield SPENT, f"钱已支出而{_names(behind)}未完成", f"预算执行率{_share(rate)}，而{_listed(behind)}"
    yield from _gap(result)
    grave = result.findings[result.findings["severity"].eq(GRAVEST)]
    told = {TOO_MUCH} if result.account(OF_FULL) else set()
    if result.state == EVALUATED and set(grave["code"]) - told:
        titles = list(dict.fromkeys(grave["title"]))
        more = f"等{len(titles)}类" if len(titles) > NAMED else ""
        yield VERIFY, f"{len(grave)}处须核实", f"{'、'.join(titles[:NAMED])}{more}"


def _missed_before(result: Evaluation) -> dict[Any, Row]:
    """Of this year's rows that were missed, those missed in the calendar year before too: by row, what it was then."""
    held = result.targets
    if held.empty:
        return {}
    unmet = [MISSED, PARTLY]
    there = held[held["status"].isin(unmet) & held["previous_status"].isin(unmet)]
    rows: list[Row] = there.to_dict("records")  # type: ignore[assignment]
    return {row["row"]: row for row in rows if row["previous_year"] == result.year - 1}


def _gap(result: Evaluation) -> Iterator[Found]:
    """A declared total above what every rule set gives; not where the two are out of different points."""
    own, score = result.declared_score, result.scores["declared"]
    same = result.same_points.dropna(subset="declared")
    if own is None or same.empty or not score.of_one_form or result.account(OF_FULL):
        return
    low, high = float(same["declared"].min()), float((same["declared"] + same["undecided"]).max())
    if own - high <= POINTS + NOISE:
        return
    between = (
        f"各套规则复算都是{points(low)}分"
        if high - low < NOISE
        else f"各套规则复算在{points(low)}至{points(high)}分之间"
    )
    yield GAP, "自评高出各套规则的复算得分", f"自评{result.narrative.declared_score}分，{between}"


def _listed(rows: Sequence[Row], before: dict[Any, Row] | None = None) -> str:
    """``甲（实际30%，目标100%）、乙（上年80%，本年70%）等5项``"""
    told = [_told(row, (before or {}).get(row["row"])) for row in rows[:NAMED]]
    return "、".join(told) + (f"等{len(rows)}项" if len(rows) > NAMED else "")


def _names(rows: Sequence[Row]) -> str:
    """``甲``, ``甲等5项``"""
    first = names.shown_name(" ".join(str(rows[0]["indicator"]).split()), rows[0]["target_from"])
    first = first if len(first) <= LONGEST else f"{first[:LONGEST]}…"
    return f"{first}等{len(rows)}项" if len(rows) > 1 else first


def _told(row: Row, before: Row | None) -> str:
    name, actual, target = (" ".join(str(row[key]).split()) for key in ("indicator", "actual", "target"))
    name = names.shown_name(name, row["target_from"])
    target = f"目标{target}" if row["target_from"] == "单元格" else f"目标{row['target_read']}"
    if before is None:
        return f"{name}（实际{actual or '未填'}，{target}）"
    then = " ".join(str(before["previous_actual"]).split())
    return f"{name}（上年{then or '未填'}，本年{actual or '未填'}，{target}）"


def _money(result: Evaluation) -> str:
    spent = result.execution
    return f"{spent.denominator}{money(spent.budget)}万元，执行{money(spent.executed)}万元"


def _left(result: Evaluation, sign: int) -> str:
    spent = result.execution
    return money(sign * round((spent.budget or 0.0) - (spent.executed or 0.0), DECIMALS))


def _share(rate: float) -> str:
    return percent(Decimal(str(rate)), 1)
