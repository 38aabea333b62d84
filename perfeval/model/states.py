"""Whether a self-evaluation can be evaluated at all: a printed total, a recomputed one and a form that is not filled in
are three different things.

Only a document that is :data:`EVALUATED` has a recomputed total and a grade. Of every other state there is no figure,
neither 0 nor a grade, and whatever compares offices or years leaves it out and names it.
"""

from decimal import Decimal

import pandas as pd

from perfeval.model.folding import fold
from perfeval.model.phrases import is_placeholder
from perfeval.model.schema import UNDECIDED

EVALUATED, NO_INDICATORS, NOT_FILLED, ALL_UNDECIDED = "已复算", "没有绩效指标", "尚未填报", "均无法判定"
STATES = (EVALUATED, NO_INDICATORS, NOT_FILLED, ALL_UNDECIDED)
WHY = {
    EVALUATED: "",
    NO_INDICATORS: "没有绩效指标，不能复算总分",
    NOT_FILLED: "尚未填报完成值，未作评价",
    ALL_UNDECIDED: "各项均无法判定，不能复算总分",
}
"""What is said instead of a total."""


_NONE = ("无", "不涉及", "不适用", "不考核", "无此项", "无此指标", "无数据", "无目标")
_NOT = ("未设定", "未设置", "未设定目标", "未统计", "未开展评价")
_ELSEWHERE = ("见附件", "详见附件", "见附表", "同上")
ANSWERS = frozenset((*_NONE, *_NOT, *_ELSEWHERE))
"""Stand-ins for a value that someone wrote as an answer: it decides nothing, but the cell was filled in."""


def unfilled(indicators: pd.DataFrame) -> pd.Series:
    """Which judged rows nothing was filled into but the target: no actual (a stand-in like — is none), no printed
    status, no declared or reviewed score, no reviewed actual. A row that its stand-in decides (no accidents: 无) is
    filled.
    """
    empty = indicators["status"].eq(UNDECIDED)
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
