"""How a column of a frame is shown: its heading, its unit, and how its values are written and aligned."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model.rounding import half_up
from perfeval.present import labels

Writer = Callable[[Any], str]

MONEY, RATIO, POINTS, COUNT, YEAR, NUMBER, TEXT = "money", "ratio", "points", "count", "year", "number", "text"
KINDS = (MONEY, RATIO, POINTS, COUNT, YEAR, NUMBER, TEXT)
FIGURES = (MONEY, RATIO, POINTS, COUNT, NUMBER)
"""Kinds that stand at the right with equal decimals."""
UNITS = {MONEY: "万元", POINTS: "分"}
MOST_PLACES = 4
"""Decimals that a column of numbers of an unknown kind is given at most."""

VAST = 1e13
"""Numbers from which on digits are not written out."""

KNOWN: dict[str, tuple[str, str]] = {
    "subdistrict": ("编号", TEXT),
    "name": ("单位", TEXT),
    "district": ("区县", TEXT),
    "year": ("年度", YEAR),
    "previous_year": ("上年度", YEAR),
    "goal_no": ("目标", YEAR),
    "goal": ("年度目标", TEXT),
    "category": ("一级指标", TEXT),
    "subcategory": ("二级指标", TEXT),
    "indicator": ("指标", TEXT),
    "target": ("目标值", TEXT),
    "actual": ("实际值", TEXT),
    "previous_target": ("上年目标", TEXT),
    "previous_actual": ("上年实际", TEXT),
    "already": ("年初已达", RATIO),
    "exact_years": ("恰好完成年数", COUNT),
    "unit": ("单位", TEXT),
    "direction": ("方向", TEXT),
    "target_low": ("目标下限", NUMBER),
    "target_high": ("目标上限", NUMBER),
    "actual_value": ("实际数", NUMBER),
    "value_unit": ("计量单位", TEXT),
    "attainment": ("完成程度", RATIO),
    "status": ("完成情况", TEXT),
    "why": ("判定依据", TEXT),
    "declared_status": ("申报情况", TEXT),
    "points": ("分值", POINTS),
    "score": ("得分", POINTS),
    "lost": ("失分", POINTS),
    "strict": ("严格口径", POINTS),
    "strict_score": ("严格口径得分", POINTS),
    "declared_score": ("申报得分", POINTS),
    "score_low": ("最低可能得分", POINTS),
    "score_high": ("最高可能得分", POINTS),
    "derivation": ("得分推导", TEXT),
    "reason": ("未完成原因", TEXT),
    "measure": ("改进措施", TEXT),
    "target_from": ("目标取自", TEXT),
    "weight": ("权重", POINTS),
    "common": ("同类指标", TEXT),
    "track": ("跨年指标", TEXT),
    "file": ("文件", TEXT),
    "row": ("行", YEAR),
    "synthetic": ("示例数据", TEXT),
    "item": ("预算项目", TEXT),
    "role": ("层级", TEXT),
    "opening": ("年初预算数", MONEY),
    "adjusted": ("全年预算数", MONEY),
    "executed": ("全年执行数", MONEY),
    "budget": ("预算数", MONEY),
    "denominator": ("执行率分母", TEXT),
    "rate": ("执行率", RATIO),
    "unspent": ("未执行", MONEY),
    "quadrant": ("钱和结果", TEXT),
    "unit_cost": ("单位成本（元）", NUMBER),
    "listed": ("在案街道", COUNT),
    "offices": ("街道数", COUNT),
    "score_median": ("得分中位数", POINTS),
    "state": ("评价状态", TEXT),
    "execution_rate": ("执行率", RATIO),
    "rows": ("指标数", COUNT),
    "met": ("完成", COUNT),
    "partly": ("部分完成", COUNT),
    "missed": ("未完成", COUNT),
    "declared": ("凭申报完成", COUNT),
    "undecided": ("无法判定", COUNT),
    "most": ("至多完成", COUNT),
    "completion_low": ("完成率下限", RATIO),
    "completion_high": ("完成率上限", RATIO),
    "grade": ("等级", TEXT),
    "declared_grade": ("申报等级", TEXT),
    "possible": ("满分", POINTS),
    "execution_score": ("执行得分", POINTS),
    "p0": ("P0", COUNT),
    "p1": ("P1", COUNT),
    "p2": ("P2", COUNT),
    "severity": ("级别", TEXT),
    "code": ("规则", TEXT),
    "title": ("问题", TEXT),
    "place": ("位置", TEXT),
    "fact": ("事实", TEXT),
    "advice": ("建议", TEXT),
    "confidence": ("把握", NUMBER),
    "sureness": ("把握", TEXT),
    "on_file": ("有数据", TEXT),
    "part": ("组成", TEXT),
    "cumulative": ("累计", POINTS),
    "sha256": ("sha256", TEXT),
}
"""Columns of the public frames: heading and kind."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column ready to be shown."""

    key: Any
    """The frame's own name for it; a tuple where columns have several levels."""
    title: str
    unit: str
    figures: bool
    values: pd.Series
    write: Writer

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    def texts(self) -> list[str]:
        """Every value as it is written."""
        return [self.write(value) for value in self.values.tolist()]


def shown(
    key: Any, values: pd.Series, title: str | None = None, kind: str | Writer | None = None, unit: str | None = None
) -> Shown:
    """A column with what is known of it by its name, or what its values tell; ``kind`` is one of :data:`KINDS` or a
    function that writes a value."""
    name = key[-1] if isinstance(key, tuple) else key
    known_title, known_kind = KNOWN.get(name, (None, None)) if isinstance(name, str) else (None, None)
    told = guessed(values)
    if callable(kind):
        return Shown(key, title or known_title or heading(name), unit or "", told in FIGURES, values, kind)
    found = kind or (known_kind if known_kind and fits(known_kind, told) else told)
    said = unit if unit is not None else UNITS.get(found, "") if known_kind == found or kind else ""
    return Shown(key, title or known_title or heading(name), said, found in FIGURES, values, writer(found, values))


def heading(name: Any) -> str:
    """A column's own name as a heading."""
    return labels.one_line(name) if not _nothing(name) else "（无名）"


def fits(kind: str, told: str) -> bool:
    """Whether values can be what a column of their name is: an analyst's ``score`` may be words."""
    return told != TEXT if kind in (*FIGURES, YEAR) else kind == TEXT


def guessed(values: pd.Series) -> str:
    """The kind that values of an unknown column seem to be."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return TEXT
    if pd.api.types.is_integer_dtype(values.dtype):
        return COUNT
    if pd.api.types.is_float_dtype(values.dtype):
        return NUMBER
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_object_dtype(values.dtype):
        return TEXT
    held = [value for value in values.tolist() if not _nothing(value)]
    return NUMBER if held and all(map(_numeric, held)) else TEXT


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def writer(kind: str, values: Iterable[Any]) -> Writer:
    """How values of a kind are written, all with equal decimals. ``ValueError`` for a kind that is none."""
    if kind not in KINDS:
        raise ValueError(f"不认识的写法：{kind}，可用的有：{'、'.join(KINDS)}")
    if kind == NUMBER:
        return partial(_number, places=places(values))
    writers: dict[str, Writer] = {MONEY: money, RATIO: rate, POINTS: points, COUNT: count, YEAR: year, TEXT: text}
    return writers[kind]


def places(values: Iterable[Any]) -> int:
    """The decimals that show every one of some numbers, at most :data:`MOST_PLACES`; two where that is not enough.

    >>> places([1.0, 2.5]), places([1, 2]), places([1 / 3])
    (1, 0, 2)
    """
    held = [float(value) for value in values if _finite(value)]
    for wanted in range(MOST_PLACES + 1):
        if all(abs(round(value, wanted) - value) < 1e-9 * max(1.0, abs(value)) for value in held):
            return wanted
    return 2 if all(abs(value) >= 0.1 for value in held if value) else MOST_PLACES  # noqa: PLR2004  # 0.01 of it is nothing


def _finite(value: Any) -> bool:
    return not _nothing(value) and _numeric_like(value) and abs(float(value)) != float("inf")


def _numeric_like(value: Any) -> bool:
    return _numeric(value) or hasattr(value, "dtype")


def _nothing(value: Any) -> bool:
    return (
        not isinstance(value, list | tuple | set | frozenset | dict)
        and pd.api.types.is_scalar(value)
        and (labels.missing(value))
    )


def _vast(value: Any) -> str | None:
    """What no figure of an office is, infinite or beyond all digits, as it is written; None for any other number."""
    if not _numeric(value) or abs(value) < VAST:
        return None
    return minus("∞" if value > 0 else "-∞") if abs(float(value)) == float("inf") else minus(f"{float(value):.3g}")


def _number(value: Any, places: int) -> str:
    if _nothing(value):
        return labels.NONE
    return _vast(value) or minus(labels.number(value, places))


def minus(written: str) -> str:
    """A number with a real minus.

    >>> minus("-1.50")
    '−1.50'
    """
    return f"−{written[1:]}" if written.startswith("-") else written


def money(value: Any) -> str:
    """万元 with separators and two decimals.

    >>> money(1234.5), money(None)
    ('1,234.50', '—')
    """
    return _number(value, 2)


def count(value: Any) -> str:
    """A whole number with separators; one that is not whole keeps its decimals.

    >>> count(1200), count(2.5)
    ('1,200', '2.5')
    """
    return _number(value, 0 if not _finite(value) or float(value).is_integer() else places([value]))


def year(value: Any) -> str:
    """A number that only names something: without separators.

    >>> year(2022), year(2022.0), year(None)
    ('2022', '2022', '—')
    """
    if not _nothing(value) and isinstance(value, float) and value.is_integer():
        return str(int(value))
    return text(value)


def points(value: Any) -> str:
    """Points with two decimals; a trace is not written as nothing.

    >>> points(1.5), points(-0.5), points(0.001)
    ('1.50', '−0.50', '<0.01')
    """
    return _number(value, 2) if _nothing(value) or _vast(value) else minus(labels.points(value))


def rate(ratio: Any) -> str:
    """A ratio as a percentage with one decimal; what is not exactly 0 or 100 % is never written so.

    >>> [rate(x) for x in (1, 0.9487, 0.9997, 0, None)]
    ['100.0%', '94.9%', '99.9%', '0.0%', '—']
    """
    if _nothing(ratio) or _vast(ratio):
        return _number(ratio, 1)
    written = labels.percent(ratio).rstrip("%")
    return minus(f"{half_up(Decimal(written), 1):,}%")


def text(value: Any) -> str:
    """Anything else: 是 and 否, dates as ISO has them, lists with 、.

    >>> text(True), text(["甲", "乙"]), text(date(2024, 1, 5)), text(None)
    ('是', '甲、乙', '2024-01-05', '—')
    """
    if isinstance(value, list | tuple | set | frozenset):
        return (
            "、".join(map(text, sorted(value, key=str) if isinstance(value, set | frozenset) else value)) or labels.NONE
        )
    if _nothing(value):
        return labels.NONE
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value == pd.Timestamp(value).normalize() else value.isoformat(" ", "minutes")
    return str(value).strip() or labels.NONE


def frame_columns(frame: pd.DataFrame) -> Sequence[tuple[Any, pd.Series]]:
    """What of a frame is shown: its index where it says something, then its columns, whatever they are called."""
    index = frame.index
    leading: list[tuple[Any, pd.Series]] = []
    for level in range(index.nlevels):
        name = index.names[level]
        values = index.get_level_values(level)
        numbered = name is None and index.nlevels == 1 and pd.api.types.is_integer_dtype(values.dtype)
        if not numbered:
            leading.append(("" if name is None else name, pd.Series(values, index=range(len(frame)))))
    return leading + [
        (key, frame.iloc[:, place].reset_index(drop=True)) for place, key in enumerate(frame.columns.tolist())
    ]


def marked(written: str) -> Markup:
    """Text from data for a cell, line breaks kept."""
    return Markup("<br>").join(written.splitlines())
