"""Defects of surveys, texts and money (rules E, X, M of docs/findings.md)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np

from perfeval.demo.catalogue import SURVEY
from perfeval.demo.drafting import DONE
from perfeval.demo.paper import Paper, Planted, met_number, pick
from perfeval.model.narrative import Survey


def no_survey(rng: np.random.Generator, paper: Paper) -> Planted:
    """E01."""
    row = pick(rng, paper, lambda one: one.spec.kind == SURVEY)
    if row is None:
        return None
    row.cells["evidence"], row.cells["narrative"] = "", f"{row.name}为{row.cells['actual']}"
    paper.narrative = replace(
        paper.narrative, surveys=tuple(one for one in paper.narrative.surveys if one is not row.survey)
    )
    return row.name, "没有调查数据和佐证材料"


def unknown_sample(rng: np.random.Generator, paper: Paper) -> Planted:
    """E02."""
    return _resurveyed(rng, paper, lambda one: replace(one, respondents=None, satisfied=None), "没有写样本量")


def unlike_the_survey(rng: np.random.Generator, paper: Paper) -> Planted:
    """E03."""
    return _resurveyed(
        rng, paper, lambda one: replace(one, satisfied=(one.satisfied or 0) - 20), "满意人数与满意度不符"
    )


def _resurveyed(rng: np.random.Generator, paper: Paper, change: Callable[[Survey], Survey], what: str) -> Planted:
    row = pick(rng, paper, lambda one: one.survey is not None)
    if row is None or row.survey is None:
        return None
    told = tuple(change(one) if one is row.survey else one for one in paper.narrative.surveys)
    paper.narrative = replace(paper.narrative, surveys=told)
    return row.name, what


def survey_of_nothing(_: np.random.Generator, paper: Paper) -> Planted:
    """E06."""
    added = Survey("停车秩序群众评议", 260, 201, f"{paper.year}-11-16", "电话访问")
    paper.narrative = replace(paper.narrative, surveys=(*paper.narrative.surveys, added))
    return "满意度调查", "调查的指标不在指标表里"


def leftover(rng: np.random.Generator, paper: Paper) -> Planted:
    """X03."""
    row = pick(rng, paper, met_number)
    if row is None:
        return None
    row.cells["narrative"] += "（请填写数据来源）"
    return row.name, "留有填表提示"


def misspelt(rng: np.random.Generator, paper: Paper) -> Planted:
    """X04."""
    row = pick(rng, paper, lambda one: "台账" in one.cells["evidence"])
    if row is None:
        return None
    row.cells["evidence"] = row.cells["evidence"].replace("台账", "台帐")
    return row.name, "“台账”写成“台帐”"


def other_year(_: np.random.Generator, paper: Paper) -> Planted:
    """X06."""
    title = paper.narrative.title.replace(str(paper.year), str(paper.year - 1))
    paper.narrative = replace(paper.narrative, title=title)
    return "标题", "标题沿用了上年"


def many_words(rng: np.random.Generator, paper: Paper) -> Planted:
    """X07."""
    met = [row for row in paper.rows if row.cells["declared_met"] == DONE]
    for row in met:
        row.cells["declared_met"] = (DONE, "圆满完成年初目标", "较好地完成年初目标值")[int(rng.integers(3))]
    return ("指标表", "“完成”有三种写法") if len({row.cells["declared_met"] for row in met}) > 2 else None  # noqa: PLR2004  # three


def no_fund(_: np.random.Generator, paper: Paper) -> Planted:
    """M07."""
    paper.money = [line for line in paper.money if line.goal_no is None]
    return "资金表", "各目标没有对应的资金"


def no_opening(_: np.random.Generator, paper: Paper) -> Planted:
    """M03."""
    for line in paper.money:
        line.opening = None
    return "资金表", "没有列年初预算数"


def sums_do_not_hold(_: np.random.Generator, paper: Paper) -> Planted:
    """M01."""
    paper.money[0].executed -= Decimal("1.20")
    return "资金表", "整体支出执行数少1.20万元"


def overspent(_: np.random.Generator, paper: Paper) -> Planted:
    """M05: money moved between two funds, the sum kept."""
    funds = [line for line in paper.money if line.goal_no is not None]
    if len(funds) < 2:  # noqa: PLR2004  # from one to the other
        return None
    one, two = funds[0], max(funds[1:], key=lambda line: line.executed)
    moved = one.adjusted - one.executed + Decimal("2.50")
    one.executed += moved
    two.executed -= moved
    return one.item, "执行数大于预算数2.50万元"
