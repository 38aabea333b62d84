"""Verdicts: what is known of an indicator row, defined once for every count, chart and sentence.

The completion of one office is a census: every row is there, so nothing is estimated. What remains open is only what a
row's target and actual do not decide, and that is told as bounds: as if all of it were missed, as if all were met.

- 完成: target and actual decide it (a number, a date, words that can be compared).
- 部分完成, 未完成: target and actual decide it, or the office itself says so (an admission).
- 凭申报完成: rests on the office's word alone: printed as met with nothing to compute from, or words such as
  达成预期指标 against a number or a date.
- 无法判定: nothing decides.

Whether a self-evaluation can be evaluated at all: a printed total, a recomputed one and a form that is not filled in
are three different things.

Only a document that is :data:`EVALUATED` has a recomputed total and a grade. Of every other state there is no figure,
neither 0 nor a grade, and whatever compares offices or years leaves it out and names it.
"""

from decimal import Decimal

import pandas as pd

from perfeval.model.folding import fold
from perfeval.model.phrases import is_placeholder
from perfeval.model.schema import MET, MISSED, PARTLY, STATUSES, UNDECIDED

COMPUTED, WORD, NOTHING = "computed", "declared", "none"
BASES = (COMPUTED, WORD, NOTHING)
"""What a row's status rests on: target and actual, the office's word, nothing."""
CLAIMED = "凭申报完成"
VERDICTS = (MET, PARTLY, MISSED, CLAIMED, UNDECIDED)
OPEN = (CLAIMED, UNDECIDED)
"""Verdicts of rows that may have been met or not."""
COUNTS = {"met": MET, "partly": PARTLY, "missed": MISSED, "declared": CLAIMED, "undecided": UNDECIDED}
"""Columns that count rows, and the verdict each counts."""
MOST = tuple(name for name, one in COUNTS.items() if one in (MET, *OPEN))
"""Those that add up to how many rows can have been met at most."""


def verdict(status: str, basis: str) -> str:
    """What is known of a row, from its status and what that rests on. ``ValueError`` for a word that is neither.

    >>> verdict("完成", "computed"), verdict("完成", "declared"), verdict("未完成", "declared")
    ('完成', '凭申报完成', '未完成')
    """
    if status not in STATUSES or basis not in BASES:
        raise ValueError(f"不认识的结论或依据：{status}、{basis}")
    if status != MET:
        return status
    return {COMPUTED: MET, WORD: CLAIMED, NOTHING: UNDECIDED}[basis]


EVALUATED, NO_INDICATORS, NOT_FILLED, ALL_UNDECIDED = "已复算", "没有绩效指标", "尚未填报", "均无法判定"
STATES = (EVALUATED, NO_INDICATORS, NOT_FILLED, ALL_UNDECIDED)
WHY = {
    EVALUATED: "",
    NO_INDICATORS: "没有绩效指标，不能复算总分",
    NOT_FILLED: "尚未填报完成值，未作评价",
    ALL_UNDECIDED: "各项均无法判定，不能复算总分",
}
"""What is said instead of a total."""
PARTLY_FILLED = "尚未填报完"
"""What is said beside a total that counts rows as nothing because nothing is filled in for them yet."""


_NONE = ("无", "不涉及", "不适用", "不考核", "无此项", "无此指标", "无数据", "无目标")
_NOT = ("未设定", "未设置", "未设定目标", "未统计", "未开展评价")
_ELSEWHERE = ("见附件", "详见附件", "见附表", "同上")
ANSWERS = frozenset((*_NONE, *_NOT, *_ELSEWHERE))
"""Stand-ins for a value that someone wrote as an answer: it decides nothing, but the cell was filled in."""


def undecided(indicators: pd.DataFrame) -> tuple[int, ...]:
    """Places of the judged rows that nothing decides; those not filled in yet are among them."""
    return tuple(place for place, basis in enumerate(indicators["basis"]) if basis == NOTHING)


def unfilled(indicators: pd.DataFrame) -> pd.Series:
    """Which judged rows nothing was filled into but the target: no actual (a stand-in like — is none), no printed
    status, no declared or reviewed score, no reviewed actual. A row that its stand-in decides (no accidents: 无) is
    filled.
    """
    empty = indicators["status"].eq(UNDECIDED)
    if not empty.any():
        return empty
    for name in ("actual", "declared_met", "reviewed_actual"):
        if name in indicators.columns:
            empty &= indicators[name].map(_blank).astype(bool)
    for name in ("declared_score", "reviewed_score"):
        if name in indicators.columns:
            empty &= indicators[name].isna()
    return empty


def state(indicators: pd.DataFrame, declared_score: Decimal | float | None) -> str:
    """The state of a document by its judged rows and the total it prints (an empty form's sum is often 0)."""
    if indicators.empty:
        return NO_INDICATORS
    if indicators["status"].ne(UNDECIDED).any():
        return EVALUATED
    return NOT_FILLED if not declared_score and unfilled(indicators).all() else ALL_UNDECIDED


def _blank(value: object) -> bool:
    if not isinstance(value, str):
        return True
    text = fold(value)
    return is_placeholder(text) and text not in ANSWERS
