"""Defects of scores and of an office's way of setting targets (rules P, T, S of docs/findings.md)."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from perfeval.demo.catalogue import COUNT, RATE
from perfeval.demo.drafting import STEP, Row
from perfeval.demo.paper import Paper, Planted, habit, met_number, missed, pick
from perfeval.demo.series import rounded

LACKS_ONE = Decimal("0.5")
"""Points taken from a row that was met, or given beyond its weight."""


def _scored(
    rng: np.random.Generator, paper: Paper, fits: Callable[[Row], bool], points: Callable[[Row], Decimal], what: str
) -> Planted:
    row = pick(rng, paper, fits)
    if row is None:
        return None
    row.cells["declared_score"] = points(row)
    return row.name, what


def unlike_the_formula(rng: np.random.Generator, paper: Paper) -> Planted:
    """P03."""
    return _scored(
        rng, paper, missed, lambda row: rounded(row.cells["declared_score"] * Decimal("0.6"), 2), "得分低于公式所得"
    )


def full_marks(rng: np.random.Generator, paper: Paper) -> Planted:
    """P04."""
    return _scored(rng, paper, missed, lambda row: Decimal(row.cells["weight"]), "未完成却得满分")


def shaved(rng: np.random.Generator, paper: Paper) -> Planted:
    """P05."""
    return _scored(rng, paper, met_number, lambda row: row.cells["weight"] - LACKS_ONE, "已完成却扣0.5分")


def more_than_there_is(rng: np.random.Generator, paper: Paper) -> Planted:
    """P06."""
    return _scored(rng, paper, met_number, lambda row: row.cells["weight"] + LACKS_ONE, "得分大于分值")


def weights_off(rng: np.random.Generator, paper: Paper) -> Planted:
    """P01."""
    row = pick(rng, paper, met_number)
    if row is None:
        return None
    row.cells["weight"] += 2 * STEP
    row.cells["declared_score"] = row.cells["weight"]
    return "指标表", "分值合计多1分"


def wrong_total(_: np.random.Generator, paper: Paper) -> Planted:
    """P02."""
    paper.wrong_total = True
    return "申报总分", "总分比各项之和少1.5分"


def wrong_grade(_: np.random.Generator, paper: Paper) -> Planted:
    """P11."""
    paper.wrong_grade = True
    return "申报总分", "等级与总分不符"


def target_done(rng: np.random.Generator, paper: Paper) -> Planted:
    """T01."""
    return _retarget(rng, paper, "T01", lambda _: "完成", "目标值只写“完成”")


def target_in_the_name(rng: np.random.Generator, paper: Paper) -> Planted:
    """T02."""
    row = habit(rng, paper, "T02", (RATE,))
    if row is None:
        return None
    row.cells["indicator"], row.cells["target"] = f"{row.name}{row.track.targets[row.place]}%", "完成"
    return row.name, "目标值写在名称里"


def no_target(rng: np.random.Generator, paper: Paper) -> Planted:
    """T04."""
    return _retarget(rng, paper, "T04", lambda _: "", "没有目标值")


def target_about(rng: np.random.Generator, paper: Paper) -> Planted:
    """T10."""
    return _retarget(rng, paper, "T10", lambda row: f"约{row.track.targets[row.place]}{row.spec.unit}", "目标值写“约”")


def _retarget(rng: np.random.Generator, paper: Paper, code: str, text: Callable[[Row], str], what: str) -> Planted:
    row = habit(rng, paper, code, (COUNT,))
    if row is None:
        return None
    row.cells["target"] = text(row)
    return row.name, what


def no_types(_: np.random.Generator, paper: Paper) -> Planted:
    """S05."""
    for row in paper.rows:
        row.cells["subcategory"] = ""
    return "指标表", "二级指标栏全部为空"


def goals_named_after_money(_: np.random.Generator, paper: Paper) -> Planted:
    """S09."""
    for row in paper.rows:
        row.goal = row.cells["goal"] = f"{row.goal}经费"
    for line in paper.money:
        line.item += "经费" if line.goal_no is not None else ""
    return "年度目标", "目标以资金名称命名"
