"""What analysis hands to presentation: frozen values and frames, nothing computed twice.

Money is 万元, rates and attainment are ratios (1.0 = 100 %), scores are points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from perfeval.model import verdicts
from perfeval.model.display import Shown
from perfeval.model.errors import Problem
from perfeval.model.folding import on_one_line
from perfeval.model.rounding import plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import AMOUNTS, BLOCKS, Narrative
from perfeval.model.tally import Tally, tally
from perfeval.model.verdicts import OPEN, verdict

DECLARED, STRICT = "declared", "strict"
BASES = (DECLARED, STRICT)
"""Scoring bases: rows that cannot be computed take the printed status (declared) or earn nothing (strict). On the
strict basis a measurable target (a number or a date) beside words alone earns nothing either."""


ONE_FORM = (80, 150)
"""Points that could be had within which a total is out of the 100 points of one form, with slips in them: below, only
part of a form is listed; above, there are several."""
HUNDRED = (99, 101)
"""Points that could be had within which a total is of 100: printed weights are rounded, and 39 of them lose some."""


@dataclass(frozen=True, slots=True)
class Score:
    """A total under one rule set and basis."""

    ruleset: str
    title: str
    basis: str
    execution: float
    indicators: float | None
    total: float | None
    """None, as ``indicators``, where the document cannot be evaluated (:attr:`Evaluation.state`)."""
    possible: float
    """Points that could be had: 100 unless the document's own weights say otherwise."""
    grade: str
    """The recomputed one; empty where there is no total, and where the rule set gives none."""
    others: float = 0.0
    """Of parts that are neither execution nor indicators (项目决策): the score the document prints."""
    others_points: float = 0.0
    """What they are worth; part of ``possible``."""
    unscored: float = 0.0
    """Points of budget execution where there is no rate: neither earned nor lost, and no part of ``possible``."""
    awaited: int = 0
    """Indicators that nothing is filled in for yet: they count as nothing, so the total is of what is filled in."""

    undecided: float = 0.0
    """Points of indicators that nothing decides: they count as nothing, and may have been earned."""

    @property
    def of_one_form(self) -> bool:
        """Whether it may stand beside the declared total of the same form."""
        return not self.unscored and not self.awaited and ONE_FORM[0] <= self.possible <= ONE_FORM[1]

    @property
    def of_hundred(self) -> bool:
        """Whether it may stand beside other offices' totals and other years'."""
        return self.of_one_form and HUNDRED[0] <= self.possible <= HUNDRED[1]

    @property
    def known(self) -> float:
        """The total, for those who have looked at the state. ``ValueError`` where there is none."""
        if self.total is None:
            raise ValueError("没有可以复算的总分")
        return self.total

    @property
    def most(self) -> float:
        """:attr:`known` if every row that nothing decides were met; ``ValueError`` where there is no total."""
        return round(self.known + self.undecided, 2)


@dataclass(frozen=True, slots=True)
class Execution:
    """Budget execution of one sub-district-year."""

    items: pd.DataFrame
    """One row per budget item: item, goal_no, role (total, half, part, source, fund; inside: 其中 of the item above,
    which counts its money), opening, adjusted, executed, rate_opening, rate_adjusted, rate (the one that counts),
    denominator (its name), unspent, file, row, and weight
    declared_score (points of the execution row as printed) where the budget has them. Missing amounts are NaN, and
    then so are the rates."""
    rate: float | None
    """executed ÷ budget of the whole unit; None where it cannot be computed."""
    budget: float | None
    """The denominator that counts, 万元: the adjusted budget where stated, else the opening budget."""
    executed: float | None
    denominator: str
    """``全年预算数`` or ``年初预算数``."""
    identities: pd.DataFrame
    """identity (text), left, right, difference (万元), holds (bool): checked to the cent."""
    why: str = ""
    """Why there is no rate, where there is none."""
    completed: str = ""
    """Which amounts of the total are the sums of its parts because the document leaves them out, in a sentence."""
    whole_of: str = "total"
    """The role of the items that make up the whole unit; empty where none do."""

    @property
    def alone(self) -> str:
        """基本支出 or 项目支出 where that alone is listed, so that the money is not the whole unit's; else empty."""
        halves = self.items.loc[self.items["role"].eq("half"), "item"].drop_duplicates()
        one = len(halves) == 1 and not self.items["role"].eq("total").any()
        return on_one_line(str(halves.iloc[0])) if one else ""

    @property
    def basis(self) -> str:
        """What the rate is of where it is not executed ÷ 全年预算数 of the whole unit; else empty.

        Wherever the rate is told alone this is too: ``按年初预算``, ``只有项目支出``.
        """
        alone = "" if self.rate is None else self.alone
        opening = self.denominator == AMOUNTS["opening"]
        return "，".join(filter(None, (f"只有{alone}" * bool(alone), "按年初预算" * opening)))


@dataclass(frozen=True, slots=True)
class Completion:
    """How many indicators were met, as far as that is known. All three frames share the columns rows; met, partly,
    missed, declared, undecided (counts of the verdicts of :mod:`perfeval.model.verdicts`, which add up to rows); most
    (met + declared + undecided: how many can have been met at most); low, high (met ÷ rows and most ÷ rows: bounds, no
    interval of a sample); declared_met (printed as met); attainment (mean over rows with a computed one, capped at 1),
    computed (how many those are)."""

    overall: pd.DataFrame
    by_goal: pd.DataFrame
    """Also goal_no, goal."""
    by_category: pd.DataFrame
    """Also category."""


HALF_SHOWN = 0.005
"""Points that differ by less are shown alike."""
AGREES, DIFFERS, UNCHECKED = "相符", "不符", "无法核对"
"""What an account of printed points can come to; the third is neither of the others."""
OF_TOTAL, OF_WEIGHTS, OF_FULL = "自评得分", "分值合计", "满分"


@dataclass(frozen=True, slots=True)
class Account:
    """How a printed sum of points comes about, or that it does not, in one sentence."""

    what: str
    """:data:`OF_TOTAL` (one where a total is printed), :data:`OF_WEIGHTS` (one, or one for each goal that is wrong) or
    :data:`OF_FULL` (only where the total is more than can be had)."""
    state: str
    """:data:`AGREES`, :data:`DIFFERS` or :data:`UNCHECKED`."""
    sentence: str
    """Chinese, without a full stop; the assumption an account rests on is in it."""
    printed: Decimal
    computed: Decimal | None = None
    """What the account comes to, exact; None where nothing can be computed."""
    omits: bool = False
    """The total leaves out a score that the document prints."""
    goal: tuple[int | None, str] | None = None
    """Number and name of the goal it is of; None: of the whole document."""


GRAVEST = "P0"
"""The severity of findings that must be cleared up before a total is used."""
FINDING_COLUMNS = (
    "code",
    "severity",
    "title",
    "place",
    "fact",
    "advice",
    "confidence",
    "sureness",
    "goal_no",
    "row",
    "rows",
)
"""Columns of :attr:`Evaluation.findings`."""


def no_findings() -> pd.DataFrame:
    """The findings of an evaluation nobody has looked through."""
    return pd.DataFrame(columns=list(FINDING_COLUMNS))


def no_blocks() -> pd.DataFrame:
    """The printed blocks of points of a document that prints none."""
    return pd.DataFrame(columns=BLOCKS.names)


@dataclass(frozen=True, slots=True)
class Review:
    """What reviewers made of the rows they looked at, beside what the office says."""

    rows: pd.DataFrame
    """Every row with a reviewed actual, score or note: goal_no, category, indicator, row, points, own (the declared
    score, else the recomputed one), own_from (``自评`` or ``复算``), actual, reviewed_actual, reviewed_score (NaN
    where none), difference (reviewed − own, NaN where none), review_note."""
    scored: int
    """How many rows have a reviewed score; the totals are over these."""
    total_rows: int
    points: float
    own: float
    reviewed: float


@dataclass(frozen=True)  # no slots: what follows from the rows is worked out once and kept beside them
class Evaluation(Shown):
    """Everything known about one sub-district-year; what ``perfeval.evaluate`` returns and ``perfeval.show`` shows."""

    subdistrict: str
    name: str
    district: str
    city: str
    year: int
    ruleset: RuleSet
    execution: Execution
    completion: Completion
    indicators: pd.DataFrame
    """The indicator table with derived columns:
    target_read, actual_read (normal forms, or why unread), target_from (单元格 / 指标名称),
    direction, direction_why, attainment (ratio or NaN), attainment_why,
    computed_status (from target and actual alone), declared_status (as printed, read), status (on the declared basis),
    basis (what status rests on: target and actual, ``computed``; the office's word, ``declared``; ``none``),
    points, score, lost, derivation (Chinese sentence), strict_score, strict_derivation,
    points_exact (Decimal, before rounding) and share (Decimal, 0…1): what the score is the product of. Of a document
    that cannot be evaluated (:attr:`state`) score, lost and strict_score are NaN.
    reading (:class:`~perfeval.model.reading.Reading`): target and actual as they were read, once; whoever asks what a
    row says takes it from here. Pages, JSON and tidy frames leave it out."""
    scores: dict[str, Score]
    """By basis, under ``ruleset``."""
    alternatives: pd.DataFrame
    """Every preset, highest total first: ruleset, title, declared, strict (totals), undecided (points that rows which
    nothing decides may add to either), possible (what they are of: without a rate of execution its points are left
    out, and rule sets give it different ones), grade (of declared), reproduces (whether declared, rounded to the
    decimals the document prints, is the printed total; None if it prints none, or if undecided rows may make it so) and
    printed (that total as printed, or empty). Totals are NaN where there is none."""
    narrative: Narrative
    declared_score: float | None
    provenance: pd.DataFrame
    """file, rows, sha256."""
    problems: tuple[Problem, ...] = ()
    """Warnings and notes found when loading; errors never get here."""
    version: str = ""
    notes: tuple[str, ...] = field(default=())
    """What the scoring had to assume, in Chinese sentences."""
    suppressed: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Findings the office keeps, with ``reason`` (``suppressions.toml``): not among ``findings``."""
    findings: pd.DataFrame = field(default_factory=no_findings)
    """What reviewers would object to, by severity, then by row, each fault once (its fact names what follows from it):
    code, severity (P0, P1, P2), title, place, fact and advice (Chinese), confidence (0…1), sureness (高, 中, 低),
    goal_no and row (NA where the finding is of the whole document), rows (tuple of all rows concerned)."""
    review: Review | None = None
    """None where no reviewed figures are on file."""
    blocks: pd.DataFrame = field(default_factory=no_blocks)
    """Points the document prints for whole goals, categories and other parts: the columns of
    :data:`~perfeval.model.schema.BLOCKS`, file, row."""
    accounts: tuple[Account, ...] = ()
    """What the printed total and the printed weights come to, the total beyond what can be had first."""
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By table (``budget``, ``indicators``): the columns the document has, filled or not; no entry where nothing is
    known of it."""
    synthetic: bool = False
    """Whether the office is fictional (示例数据 in the directory): every page made from it says so."""
    targets: pd.DataFrame = field(default_factory=pd.DataFrame)
    """This year's targets beside the year before on file (:func:`perfeval.analysis.targets.targets`), where someone has
    looked at that year (``perfeval lint``): the findings on targets over years rest on it. Without columns else."""

    def __repr__(self) -> str:
        total = verdicts.WHY[self.state] or f"复算{plain(Decimal(str(self.scores[DECLARED].known)))}分"
        printed = "" if self.declared_score is None else f"，自评{plain(Decimal(str(self.declared_score)))}分"
        rows = f"{len(self.indicators)}项指标，{len(self.unmet)}项未完成或部分完成，{len(self.findings)}处审查提示"
        return (
            f"<Evaluation {on_one_line(self.name)}{self.year}年度：{total}{printed}，按“{self.ruleset.title}”；{rows}>"
        )

    @cached_property
    def state(self) -> str:
        """Whether there is anything to evaluate: one of :data:`~perfeval.model.verdicts.STATES`."""
        return verdicts.state(self.indicators, self.declared_score)

    @property
    def score(self) -> float | None:
        """The recomputed total on the declared basis, points; None unless ``state`` is 已复算."""
        return self.scores[DECLARED].total

    @property
    def same_points(self) -> pd.DataFrame:
        """Of ``alternatives`` those whose totals are out of the same points as ``score``: only they make a range."""
        same = self.alternatives["possible"].sub(self.scores[DECLARED].possible).abs().lt(HALF_SHOWN)
        return self.alternatives[same]

    @property
    def score_range(self) -> tuple[float, float]:
        """The lowest and the highest total of ``same_points`` on both bases, the highest with every row that nothing
        decides met; NaN where there is no total."""
        same = self.same_points
        low, high = same[list(BASES)].min(axis=1), same[list(BASES)].max(axis=1) + same["undecided"]
        return float(low.min()), float(high.max())

    @property
    def beside_no_other(self) -> str:
        """Why ``score`` stands beside no other year's or office's; empty where it does."""
        score = self.scores[DECLARED]
        if self.state != verdicts.EVALUATED or score.of_hundred:
            return verdicts.WHY[self.state]
        if score.awaited:
            return f"尚有{score.awaited}项没有填报，总分只反映已填报的部分"
        if score.unscored:
            return f"{self.execution.why}，预算执行不计分"
        listed = plain(Decimal(str(score.possible)))
        return f"所列分值{listed}分，不是{'100分' if score.of_one_form else '一份表的分值'}"

    @property
    def grade(self) -> str:
        """The grade of ``score``, not the printed one (``narrative.declared_grade``); empty where there is none."""
        return self.scores[DECLARED].grade

    def account(self, what: str) -> tuple[Account, ...]:
        """The accounts of one kind: :data:`OF_TOTAL`, :data:`OF_WEIGHTS` or :data:`OF_FULL`."""
        return tuple(one for one in self.accounts if one.what == what)

    @cached_property
    def unfilled(self) -> int:
        """How many indicator rows nothing was filled into but the target."""
        return int(verdicts.unfilled(self.indicators).sum())

    @cached_property
    def tally(self) -> Tally:
        """How many indicators are what, and how many findings are grave: the one source of these numbers."""
        known = zip(self.indicators["status"], self.indicators["basis"], strict=True)
        grave = int(self.findings["severity"].eq(GRAVEST).sum())
        return tally((verdict(*one) for one in known), grave, filled=self.state != verdicts.NOT_FILLED)

    @cached_property
    def unmet(self) -> pd.DataFrame:
        """The indicator rows whose status is 未完成 or 部分完成, most points lost first."""
        missed = self.indicators[self.indicators["status"].isin(["未完成", "部分完成"])]
        return missed.sort_values("lost", ascending=False, kind="stable")

    @cached_property
    def unverified(self) -> pd.DataFrame:
        """The indicator rows that may have been met or not: 凭申报完成 and 无法判定."""
        known = zip(self.indicators["status"], self.indicators["basis"], strict=True)
        return self.indicators[[verdict(*one) in OPEN for one in known]]
