"""All offices of a district in one year, side by side, as analysis hands them to presentation.

Money is 万元, rates are ratios (1.0 = 100 %), scores are points. Frames of offices are in the order of their ids, not
of their scores: what cannot be told apart is in one band, and there are no ranks within it.
"""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from perfeval.model.display import Shown
from perfeval.model.folding import on_one_line
from perfeval.model.results import Evaluation
from perfeval.model.rounding import plain, points
from perfeval.model.ruleset import RuleSet

WITHIN, NO_ROWS, NOT_CERTAIN = "界内", "没有指标", "不能判定"
BELOW_FAR, BELOW, ABOVE, ABOVE_FAR = "低于99.8%界限", "低于95%界限", "高于95%界限", "高于99.8%界限"
ZONES = (BELOW_FAR, BELOW, WITHIN, ABOVE, ABOVE_FAR, NOT_CERTAIN, NO_ROWS)
"""Where an office's completion lies in the funnel plot, farthest below first: what holds whatever became of the rows
that nobody can verify, else 不能判定."""

NOT_EVALUATED, SEVERE, OUTSIDE, OVERSPENT = "未能评价", "P0问题", "超出控制限", "执行率超过100%"
UNDERSPENT, UNREPRODUCED, UNDECIDABLE, MANY_UNMET = "执行率偏低", "自评得分无法复现", "须补证据偏多", "未完成偏多"
KINDS = (NOT_EVALUATED, SEVERE, OUTSIDE, OVERSPENT, UNDERSPENT, UNREPRODUCED, UNDECIDABLE, MANY_UNMET)
"""What needs attention, most urgent first."""
NO_DATA, NOT_LOADED = "没有{}年度的数据", "没有载入{}年度的数据"
"""Why an office of the directory is not there, by year: nothing is on file, or what was loaded has nothing of it."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The money of several offices in one year, added up."""

    offices: tuple[str, ...]
    """The sub-districts (ids) that are in it: those whose money is known (:func:`perfeval.analysis.execution.funded`).
    """
    budget: float
    executed: float
    rate: float | None
    """executed ÷ budget; None where there is no budget."""


@dataclass(frozen=True, slots=True)
class Total:
    """A district as one unit: the offices' values are put together first and scored once (aggregate-then-score).

    Hubei's rule for the sub-units of one office (note 2 of its form). It lets 180 % of one office make up for 10 % of
    another, so it is no score of a district: pages give the median and the range of the offices' scores.
    """

    offices: tuple[str, ...]
    """The sub-districts that are in it (ids): those of :attr:`Peers.pooled` whose rows can be judged. Who executed
    nothing weighs nothing in an average."""
    budget: float
    """With executed and execution_rate, those of :attr:`Peers.pooled`: there is one sum of money."""
    executed: float
    execution_rate: float | None
    score: float
    """Declared basis: a row whose values cannot be put together takes the offices' statuses."""
    strict: float
    """Strict basis: such a row earns nothing."""
    possible: float
    grade: str
    indicators: pd.DataFrame
    """One row per indicator of the district (alike in category and name): category, indicator, goal (only where one
    office has the name under several goals), offices (how many have it), target, actual, status, basis (computed /
    declared / none), attainment, attainment_why, points, score, lost, strict_score, derivation."""
    rows: int
    met: int
    declared: int
    undecided: int
    completion_low: float
    completion_high: float
    """Bounds of the completion of ``indicators``. Not those of the offices' pooled rows (:attr:`Peers.completion_low`).
    """
    mean_score: float
    """The plain mean of the offices' scores, to be named as such: another thing than ``score``."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peers(Shown):
    """What ``perfeval.peers`` returns."""

    district: str
    city: str
    year: int
    ruleset: RuleSet
    evaluations: dict[str, Evaluation]
    """By sub-district, in the order of their ids; also those without a score (``unevaluated``)."""
    offices: pd.DataFrame
    """One row per office: subdistrict, name; rows, met, partly, missed, declared, undecided, most, completion_low,
    completion_high (as in :class:`~perfeval.model.results.Completion`), zone (:data:`ZONES`); execution_rate, budget,
    executed (NaN where there is none); score, score_low, score_high (over the rule sets out of the same points
    and both bases, rows that nothing decides missed or met), strict, declared_score (NaN where none), reproduced_by
    (tuple of rule sets that give the declared score, or may where rows are undecided), grade; band (1 is the highest:
    every office of a band is above every one of the next under all rule sets and both bases, whatever becomes of the
    rows that nothing decides, and within a band nobody can say), rank_low, rank_high (best and worst rank possible),
    percentile (0…1: share of the other offices it is above, ties by half) and above_median (points above the
    median), both NaN where they change with any of these; p0, p1, p2 (findings), unmet (部分完成 or 未完成), unverified
    (凭申报完成 or 无法判定)."""
    unevaluated: pd.DataFrame
    """Offices on file without a total out of 100 points, in no figure here: subdistrict, name, state, why
    (:mod:`~perfeval.model.verdicts`)."""
    failed: pd.DataFrame
    """Offices of the district that could not be evaluated: subdistrict, name, why."""
    completion_low: float
    completion_high: float
    """Bounds of the pooled completion, all offices' rows together; NaN without rows."""
    funnel: pd.DataFrame
    """Control limits by number of indicators: rows, low998, low95 (around ``completion_low``), high95, high998 (around
    ``completion_high``); ratios. An office on a limit is inside."""
    heat: pd.DataFrame
    """Every office in every category any office has: subdistrict, name, category, rows, met, partly, missed, declared,
    undecided, most, low, high (NaN where there are no rows)."""
    unmet: pd.DataFrame
    """Every indicator that was not met, those that several offices missed first: subdistrict, name, goal_no, goal,
    category, indicator, target, actual, status, lost (points), reason, measure, offices (in how many offices an
    indicator of this name was not met), file, row."""
    attention: pd.DataFrame
    """What needs attention first, most urgent first: kind (:data:`KINDS`), subdistrict, name, what, why."""
    quartiles: pd.DataFrame
    """measure (score, execution_rate, completion_low, completion_high), n, low, lower, median, upper, high: minimum,
    quartiles and maximum over the offices that have one."""
    pooled: Pooled
    """The money of all offices that are evaluated, one that executed nothing included."""
    total: Total | None
    """None where no office's money is known, or no budget."""
    notes: tuple[str, ...] = ()
    """How far the comparison carries, in Chinese sentences."""

    def __repr__(self) -> str:
        middle = self.offices["score"].median()
        total = "" if middle != middle else f"，得分中位数{plain(Decimal(points(middle)))}分"  # noqa: PLR0124  # NaN
        rest = f"{len(self.unevaluated)}个未复算，{len(self.failed)}个未能评价，{len(self.attention)}处须关注"
        offices = f"{len(self.offices)}个单位可比{total}，按“{self.ruleset.title}”"
        return f"<Peers {on_one_line(self.district)}{self.year}年度：{offices}；{rest}>"
