"""Which rows are of one indicator: over the years of an office (``track``), and in several offices (``common``).

A track is what :mod:`~perfeval.analysis.matching` makes of an office's years. Its id names the row it begins with,
``ronghua-2022-007``: the seventh row of 2022. So it is the same whatever else is asked for, and never stands for two
things; only where the earlier years are left out does it begin, and is called, later.

A common id is made from the row alone: ``产出·培训场次·场``. Two offices share it where category, name (without
punctuation, year, label and the target in it), the kind of measure and the good way are the same. Where the name does
not say of what (满意度, 完成率), or an office has it several times, the goal is part of it, and then the subcategory,
the name as printed, the target and at last its number among the same: no two rows of an office and year share an id.
Unlike things must not, while alike ones may be called otherwise and be missed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from perfeval.analysis.definitions import definition, kind_of_measure
from perfeval.analysis.likeness import core
from perfeval.model.folding import key, one_of

Tracks = Mapping[int, Sequence[str]]
"""By year: the track of every row, in the order of its table."""
_VAGUE = (
    "满意度", "满意", "率", "数", "完成", "达标", "合格", "及时", "按时", "时效", "时间", "质量", "数量", "成本",
    "控制", "效益", "社会", "经济", "生态", "可持续", "影响", "效果", "效率", "进度", "覆盖", "执行", "预算", "资金",
    "使用", "任务", "计划", "服务", "对象", "总", "实际", "验收", "支付", "发放", "准确", "到位", "提升", "提高",
    "改善", "保障", "有效", "产出", "程度", "水平", "次", "个", "人", "群众", "受益", "工作", "项目", "指标", "情况",
)  # fmt: skip
"""Words that say how is measured and not what: a name of nothing else means what its goal is about."""
_HOLLOW = re.compile(f"(?:{one_of(_VAGUE)})*")
_PARTS = ("goal", "subcategory")


def track_ids(subdistrict: str, tracks: Tracks) -> dict[int, list[str]]:
    """The id of the track of every row by year, from tracks in any naming that is one within the office.

    >>> track_ids("ronghua", {2022: ["a", "b"], 2023: ["b", "c"]})
    {2022: ['ronghua-2022-001', 'ronghua-2022-002'], 2023: ['ronghua-2022-002', 'ronghua-2023-002']}
    """
    begun: dict[str, str] = {}
    for year in sorted(tracks):
        for place, track in enumerate(tracks[year], start=1):
            begun.setdefault(track, f"{subdistrict}-{year}-{place:03d}")
    return {year: [begun[track] for track in tracks[year]] for year in sorted(tracks)}


def common_ids(indicators: pd.DataFrame) -> list[str]:
    """The common id of every row of one office-year (columns of :attr:`Evaluation.indicators`).

    Empty where the row does not say what it is about: a hollow name under no goal.
    """
    names = [core(name) for name in indicators["indicator"]]
    measures = [kind_of_measure(definition(reading)) for reading in indicators["reading"]]
    hollow = [_HOLLOW.fullmatch(name) is not None for name in names]
    goals = [key(goal) for goal in indicators["goal"]]
    ids = ["·".join(parts) for parts in zip(indicators["category"], names, measures, strict=True)]
    ids = _told_apart(ids, goals, always=hollow)
    ids = _told_apart(ids, [key(part) for part in indicators["subcategory"]])
    ids = _told_apart(ids, [str(name) for name in indicators["indicator"]])
    ids = _told_apart(ids, [key(target) for target in indicators["target"]])
    ids = _told_apart(ids, [f"第{number}项" for number in _numbers(ids)])
    return ["" if bare and not goal else one for one, bare, goal in zip(ids, hollow, goals, strict=True)]


def _numbers(ids: list[str]) -> list[int]:
    """Of each id, which one of those that are the same it is, from 1."""
    return [ids[: place + 1].count(one) for place, one in enumerate(ids)]


def _told_apart(ids: list[str], parts: list[str], always: Sequence[bool] = ()) -> list[str]:
    """The ids, longer by their part where several rows share one (or always)."""
    counted = Counter(ids)
    marked = always or [False] * len(ids)
    return [
        f"{one}·{part}" if part and (many or counted[one] > 1) else one
        for one, part, many in zip(ids, parts, marked, strict=True)
    ]
