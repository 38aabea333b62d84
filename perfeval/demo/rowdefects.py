"""Defects of actuals, of texts that contradict them, and of reasons (rules A, C, D of docs/findings.md).

A planter changes the draft and returns what it did as (indicator or place, what), or None where nothing fits.
"""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from perfeval.demo.catalogue import COUNT, FULL, RATE
from perfeval.demo.drafting import DONE, NOT_DONE
from perfeval.demo.paper import Paper, Planted, bounded, count, met_number, missed, pick, rewrite
from perfeval.demo.series import rounded
from perfeval.model.narrative import Issue

FAR = Decimal("1.6")
"""Times the target: far more than planned."""
LEAST_NAME = 6
"""Characters a name must pass to be recognised in another indicator's text."""


def copied_operator(rng: np.random.Generator, paper: Paper) -> Planted:
    """A01."""
    row = pick(rng, paper, lambda one: one.cells["target"].startswith("≥") and met_number(one), spoils=True)
    if row is None:
        return None
    rewrite(row, row.cells["target"])
    return row.name, "完成值照抄“≥”"


def words_for_a_number(rng: np.random.Generator, paper: Paper) -> Planted:
    """A03."""
    row = pick(rng, paper, lambda one: met_number(one) and one.spec.kind in (RATE, COUNT), spoils=True)
    if row is None:
        return None
    rewrite(row, "已按计划完成")
    return row.name, "目标是数，完成值只写“已按计划完成”"


def no_actual(rng: np.random.Generator, paper: Paper) -> Planted:
    """A04."""
    row = pick(rng, paper, met_number, spoils=True)
    if row is None:
        return None
    row.cells["actual"] = row.cells["narrative"] = ""
    return row.name, "完成值留空"


def beyond_everything(rng: np.random.Generator, paper: Paper) -> Planted:
    """A06."""
    row = pick(rng, paper, bounded, spoils=True)
    if row is None:
        return None
    rewrite(row, "103%")
    return row.name, "比率写成103%"


def approximate(rng: np.random.Generator, paper: Paper) -> Planted:
    """A07."""
    row = pick(rng, paper, count, spoils=True)
    if row is None:
        return None
    rewrite(row, f"约{row.cells['actual']}")
    return row.name, "完成值写“约”"


def counted_twice(rng: np.random.Generator, paper: Paper) -> Planted:
    """C04: the row again under another goal."""
    row = pick(rng, paper, lambda one: one.spec.kind in (RATE, COUNT) and not one.missed)
    if row is None:
        return None
    others = [(one.goal_no, one.goal) for one in paper.rows if one.goal_no != row.goal_no]
    number, goal = others[int(rng.integers(len(others)))]
    last = max(place for place, one in enumerate(paper.rows) if one.goal_no == number)
    copy = replace(row, goal_no=number, goal=goal, cells=dict(row.cells, goal_no=number, goal=goal), extra=True)
    paper.rows.insert(last + 1, copy)
    return row.name, f"同一指标在目标{number}下又列了一次"


def one_narrative_for_two(rng: np.random.Generator, paper: Paper) -> Planted:
    """C05."""
    one = pick(rng, paper, lambda row: not row.missed and row.spec.kind in (RATE, COUNT))
    two = pick(rng, paper, lambda row: not row.missed and row.spec.kind in (RATE, COUNT))
    if one is None or two is None:
        return None
    text = f"{one.name}和{two.name}均按月统计汇总，全年数据以平台导出结果为准"
    one.cells["narrative"] = two.cells["narrative"] = text
    return max((one, two), key=paper.rows.index).name, "两项指标用同一段说明"


def about_another(rng: np.random.Generator, paper: Paper) -> Planted:
    """C06: the narrative of an indicator of another goal, with no word of its own."""
    row = pick(rng, paper, lambda one: not one.missed and one.spec.kind in (RATE, COUNT, FULL))
    if row is None:
        return None
    own = _pairs(row.name) | _pairs(row.goal)
    others = [
        one
        for one in paper.rows
        if one.goal_no != row.goal_no and len(one.name) > LEAST_NAME and not own & _pairs(f"{one.name}全年为")
    ]  # a name of some length
    if not others:
        return None
    other = others[int(rng.integers(len(others)))]
    row.cells["narrative"] = f"全年{other.name}为{other.cells['actual'] or '往年水平'}"
    return row.name, f"说明写的是“{other.name}”"


def impossible_arithmetic(rng: np.random.Generator, paper: Paper) -> Planted:
    """C10: so many left and such a rate fit no total."""
    row = pick(
        rng, paper, lambda one: one.missed and one.spec.kind in (RATE, FULL) and _no_total(one.track.values[one.place])
    )
    if row is None:
        return None
    row.cells["narrative"] += "，其中1处未整改"
    return row.name, "“1处未整改”与完成率对不上"


def _no_total(rate: Decimal) -> bool:
    return not any(rounded(Decimal(100 * (total - 1)) / total, 1) == rate for total in range(1, 2000))


def claimed_though_missed(rng: np.random.Generator, paper: Paper) -> Planted:
    """C11."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["declared_met"] = DONE
    return row.name, "没有达到目标，申报为完成"


def missed_though_met(rng: np.random.Generator, paper: Paper) -> Planted:
    """C12."""
    row = pick(rng, paper, lambda one: met_number(one) and one.spec.kind in (RATE, COUNT))
    if row is None:
        return None
    row.cells["declared_met"] = NOT_DONE
    return row.name, "已达到目标，申报为未完成"


def no_reason(rng: np.random.Generator, paper: Paper) -> Planted:
    """D01."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["reason"] = row.cells["measure"] = ""
    return row.name, "未完成而没有写原因"


def restated(rng: np.random.Generator, paper: Paper) -> Planted:
    """D02."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["reason"] = "偏差较大"
    return row.name, "原因只写“偏差较大”"


def far_above(rng: np.random.Generator, paper: Paper) -> Planted:
    """D04."""
    row = pick(rng, paper, lambda one: count(one) and one.track.targets[one.place] >= 10, spoils=True)  # noqa: PLR2004  # of fewer, some more are no wonder
    if row is None:
        return None
    rewrite(row, f"{rounded(row.track.targets[row.place] * FAR, 0)}{row.spec.unit}")
    return row.name, "完成值为目标的1.6倍而没有说明"


def nothing_wrong(_: np.random.Generator, paper: Paper) -> Planted:
    """D07."""
    missed = [row.name for row in paper.rows if row.missed]
    if not missed:
        return None
    paper.narrative = replace(paper.narrative, problems=(Issue("暂无"),))
    return next(row.name for row in paper.rows if row.missed), "有未完成的指标，问题写“暂无”"


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters."""
    return {text[place : place + 2] for place in range(len(text) - 1)}
