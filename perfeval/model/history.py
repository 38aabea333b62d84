"""Several years of one office, as analysis hands them to presentation: frozen values and frames.

Money is 万元, rates are ratios (1.0 = 100 %), scores are points; a change of a rate is a difference of ratios.
"""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from perfeval.model.display import Shown
from perfeval.model.folding import on_one_line
from perfeval.model.results import Evaluation
from perfeval.model.rounding import missing, plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import spell_years
from perfeval.model.verdicts import COUNTS, NOT_FILLED, WHY

SAME, NORMALISED, SIMILAR, BY_HAND = "一致", "规范化后一致", "相近", "人工对应"
NEW, DROPPED, BROKEN, UNSETTLED = "新增", "取消", "口径变更", "待判定"
MATCHED = (SAME, NORMALISED, SIMILAR, BY_HAND)
"""Kinds that continue a track."""
KINDS = (*MATCHED, NEW, DROPPED, BROKEN, UNSETTLED)
"""What became of a row from one year on file to the next. 口径变更: the same thing by name, but its unit, direction or
the basis of its target changed; it begins a new track and is never bridged. 待判定: several rows would do as well, or
the names differ in more than order, fillers and synonyms, so that nothing is said of it over the years until a person
decides."""

IMPROVING, WORSENING, STEADY, AT_CEILING, UNCERTAIN = "改善", "恶化", "平稳", "已达上限", "无法判断"
VERDICTS = (IMPROVING, WORSENING, STEADY, AT_CEILING, UNCERTAIN)

SIGNIFICANCE = 0.05
"""Two-sided, exact: the customary level, and one that exactly five years can just reach. Of the adjusted p it is the
share of the called movements that may be called by chance (q)."""

CHANGE_DROPPED_MISSED, RENAMED, LOOSENED, RAISED = "取消（上年未完成）", "更名", "目标放宽", "目标提高"
CHANGE_KINDS = (NEW, DROPPED, CHANGE_DROPPED_MISSED, RENAMED, BROKEN, LOOSENED, RAISED)

EXECUTION_RATE, COMPLETION_RATE, SCORE = "execution_rate", "completion_rate", "score"
"""Series of the whole office; every other series is a track. That of the completion follows what is met for certain
(``completion_low``): what an office declares without data is no course of anything."""

MATCH_TYPES = {
    "year": "int64",
    "previous_year": "int64",
    "track": "str",
    "indicator": "str",
    "previous_indicator": "str",
    "category": "str",
    "goal": "str",
    "row": "Int64",
    "previous_row": "Int64",
    "kind": "str",
    "confidence": "float64",
    "why": "str",
}
SUMMARY_TYPES = {
    "year": "int64",
    "state": "str",
    "budget": "float64",
    "executed": "float64",
    "execution_rate": "float64",
    "basis": "str",
    "completion_low": "float64",
    "completion_high": "float64",
    **dict.fromkeys(("rows", *COUNTS, "most"), "int64"),
    "score": "float64",
    "strict": "float64",
    "score_most": "float64",
    "declared_score": "float64",
    "grade": "str",
}
TREND_TYPES = {
    "series": "str",
    "title": "str",
    "unit": "str",
    "n": "int64",
    "first_year": "Int64",
    "last_year": "Int64",
    "first": "float64",
    "last": "float64",
    "change": "float64",
    "values": "object",
    "years": "object",
    "upper": "object",
    "good": "int64",
    "verdict": "str",
    "why": "str",
    "s": "float64",
    "p": "float64",
    "adjusted": "float64",
    "slope": "float64",
    "slope_low": "float64",
    "slope_high": "float64",
}
YEAR_ON_YEAR_TYPES = {
    "series": "str",
    "year": "int64",
    "previous_year": "int64",
    "value": "float64",
    "previous": "float64",
    "change": "float64",
}
CHANGE_TYPES = {
    "year": "int64",
    "previous_year": "int64",
    "kind": "str",
    "track": "str",
    "indicator": "str",
    "before": "str",
    "after": "str",
    "note": "str",
}
DECOMPOSITION_TYPES = {
    "year": "int64",
    "previous_year": "int64",
    "before": "float64",
    "after": "float64",
    "targets": "float64",
    "actuals": "float64",
    "weights": "float64",
    "indicators": "float64",
    "execution": "float64",
    "other": "float64",
    "why": "str",
}
REPEATED_TYPES = {
    "track": "str",
    "indicator": "str",
    "years": "object",
    "times": "int64",
    "reasons": "object",
    "measures": "object",
    "copied": "bool",
    "outcome": "str",
    "standing": "bool",
}

MATCH_COLUMNS = tuple(MATCH_TYPES)


def frame_of(types: dict[str, str], rows: object = ()) -> pd.DataFrame:
    """Rows (records in the order of ``types``, or mappings) as a frame with exactly these columns and dtypes."""
    return pd.DataFrame(list(rows), columns=list(types)).astype(types)  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class History(Shown):
    """One office and all its years on file; what ``perfeval.history`` returns."""

    subdistrict: str
    name: str
    district: str
    city: str
    ruleset: RuleSet
    years: tuple[int, ...]
    """The years on file, ascending; years may be missing between them."""
    evaluations: dict[int, Evaluation]
    indicators: pd.DataFrame
    """track, year, then the columns of :attr:`Evaluation.indicators`: every indicator row of every year, in the order
    of year and row. Rows of one track are the same indicator under one unbroken definition."""
    matches: pd.DataFrame
    """One row per indicator row of every year but the first, and one per dropped row: year, previous_year, track (of
    the year's row; of the row before where it was dropped), indicator, previous_indicator (``""`` where there is none),
    category, goal, row, previous_row (rows of the years' files, NA where there is none), kind, confidence (0…1), why.
    """
    doubtful: pd.DataFrame
    """The matches a person should decide; the columns of ``matches``."""
    summary: pd.DataFrame
    """One row per year: year, state (:data:`~perfeval.model.verdicts.STATES`: only a year that is 已复算 has a
    completion, scores and a grade, and only one that is filled in to the end), budget, executed (万元), execution_rate,
    basis (what that is a rate of where not of the whole unit's 全年预算数); completion_low, completion_high, rows,
    met, partly, missed, declared, undecided, most (as in :class:`~perfeval.model.results.Completion`); score, strict,
    score_most (if all that nothing decides were met), declared_score (points), grade."""
    trends: pd.DataFrame
    """One row per series: series (execution_rate, completion_rate, score, or a track), title, unit (``%``: ratios,
    ``分``, or the indicator's own), n, first_year, last_year, first, last, change (last − first), values, years, upper
    (tuples; upper: what the values can be at most where rows are open, else empty), good (+1, −1, or 0: which way is
    good), verdict, why, s, p, adjusted (p among all tests of the office, Benjamini–Hochberg; NaN where no test
    decides), slope, slope_low, slope_high (per year; NaN below five years)."""
    year_on_year: pd.DataFrame
    """series, year, previous_year, value, previous, change (ratios for rates)."""
    changes: pd.DataFrame
    """One row per noteworthy change: year, previous_year, kind (:data:`CHANGE_KINDS`), track, indicator, before, after,
    note."""
    decomposition: pd.DataFrame
    """Per pair of years: year, previous_year, before, after, targets, actuals, weights, indicators, execution, other:
    points that add up exactly to after − before; other is what rounding the five leaves over. why: the reason where the
    parts are NaN, else what else to know, or empty."""
    repeated: pd.DataFrame
    """Indicators missed in two or more calendar years one after the other: track, indicator, years (tuple), times,
    reasons and measures (tuples of texts, one a year), copied (whether a measure repeats the year before's), outcome,
    standing (whether the run reaches the last year that is filled in: only then is it missed still)."""

    def __repr__(self) -> str:
        scored = dict(zip(self.summary["year"], self.summary["score"], strict=True))
        known = [f"{year}年{plain(Decimal(str(score)))}分" for year, score in scored.items() if not missing(score)]
        told = f"复算{'、'.join(known)}" if known else "没有复算得分"
        rows = f"{len(self.indicators)}项次指标，{len(self.changes)}处变化"
        return f"<History {on_one_line(self.name)}{spell_years(self.years)}：{told}，按“{self.ruleset.title}”；{rows}>"

    @property
    def latest(self) -> int:
        """The last year that is filled in: up to it, something is still so. The last year on file where none is."""
        filled = [year for year in self.years if self.evaluations[year].state != NOT_FILLED]
        return max(filled, default=self.years[-1])

    @property
    def left_out(self) -> dict[int, str]:
        """The years without a score, each with the reason: no trend of the score and no decomposition counts them."""
        found = {year: WHY[self.evaluations[year].state] for year in self.years}
        return {year: why for year, why in found.items() if why}
