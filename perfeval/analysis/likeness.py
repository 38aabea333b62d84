"""How alike the indicator rows of two years are: one matrix per pair of years, no loop over pairs.

Everything here is symmetric: the likeness of a to b is that of b to a.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from perfeval.analysis.definitions import Definition, definition
from perfeval.model import units
from perfeval.model.folding import fold, key, one_of
from perfeval.model.names import without_target
from perfeval.model.values import read

EXACT, NORMAL, ALIKE = 2, 1, 0
"""How a pair is the same: letter by letter; after normalising; only more or less."""

WEIGHTS = {"name": 0.70, "goal": 0.10, "category": 0.07, "subcategory": 0.03, "measure": 0.06, "target": 0.04}
"""Shares of the likeness. The name carries it; the rest tells apart what is named alike (满意度 under ten goals) and is
left out of the mean where a year does not state it. Under 0.30 together: no row is matched by its surroundings alone.
"""
CARRIED = 0.9
"""Likeness of two goals that have most of their indicators in common."""
STRIPPED = 0.98
"""A name that is the same only without filler words is a little less certain than one that is the same with them."""

_FILLERS = (
    "开展", "做好", "加强", "推进", "落实", "组织", "实施", "全年", "年度", "本年", "街道", "辖区", "区域内", "本辖区",
    "工作", "情况", "项目", "指标", "任务", "经费", "各类", "相关", "有关", "的", "及", "和", "与",
)  # fmt: skip
"""Words that come and go between years without changing what is measured."""
_PUBLIC = ("群众", "居民", "市民", "百姓", "公众", "村民")
_SYNONYMS = (
    _PUBLIC,
    ("服务对象", "受益对象", "受益群众", "受助对象"),
    ("数", "数量", "个数", "次数", "场次", "人数", "件数", "户数", "总数"),
    ("办结率", "结案率", "案结率", "案件办结率", "处置率", "处理率"),
    ("满意度", "满意率", "满意程度", *(who + how for who in _PUBLIC for how in ("满意度", "满意率", "满意程度"))),
    ("率", "比率", "比例"),
    ("完成率", "达成率"),
    ("整治", "治理"),
    ("维修", "维护", "修缮", "养护"),
    ("清扫", "清运", "保洁"),
    ("培训", "轮训"),
    ("困难", "贫困"),
    ("残疾", "残障"),
    ("老年人", "老人"),
    ("新建", "新增"),
    ("城镇", "城市"),
    ("访", "正常上访"),
    ("举办", "召开"),
)
"""Words offices put for one another; each group is read as its first."""
_SPOKEN = {word: group[0] for group in _SYNONYMS for word in group[1:]}
_FILLER = re.compile(one_of(_FILLERS))
_SYNONYM = re.compile(one_of([*_SPOKEN, *(group[0] for group in _SYNONYMS)]))
_COUNTED = re.compile("[0-9.]+")
_NUMBERED = re.compile("[0-9]+|[一二三四五六七八九十]+(?=期|批|轮|季|标段|次)")
"""What tells apart what is named alike: 第一期 and 第二期, 65岁 and 80岁."""
_DENYING = frozenset("不未非无超欠逾漏")
_NOTE = re.compile(r"\(([^()]*)\)")
REWORDED, LENGTHENED, SWAPPED = "", "增减了字", "换了字"
"""How two names differ: only in their order, fillers and synonyms; one has words the other lacks; or each has its own
words, another number, or one a negation."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Matrices with a row per row of the year before and a column per row of the year."""

    tier: np.ndarray
    """EXACT, NORMAL or ALIKE."""
    score: np.ndarray
    """0…1: the weighted mean of the parts that both years state."""
    name: np.ndarray
    """Likeness of the names alone, 0…1."""
    goal: np.ndarray
    """Likeness of the goals, NaN where a year does not state it."""
    before: tuple[Definition, ...]
    after: tuple[Definition, ...]


def likeness(before: pd.DataFrame, after: pd.DataFrame) -> Likeness:
    """Every row of one year against every row of another (columns of :attr:`Evaluation.indicators`)."""
    left, right = ([definition(reading) for reading in frame["reading"]] for frame in (before, after))
    parts = {
        "name": _names(before, after),
        "goal": _goals(before, after),
        "category": _equal(before["category"], after["category"]),
        "subcategory": _equal(before["subcategory"], after["subcategory"]),
        "measure": _equal(pd.Series([one.measure for one in left]), pd.Series([one.measure for one in right])),
        "target": _texts([_wording(text) for text in before["target"]], [_wording(text) for text in after["target"]]),
    }
    known = {part: ~np.isnan(matrix) for part, matrix in parts.items()}
    weight = sum(WEIGHTS[part] * known[part] for part in WEIGHTS)
    total = sum(WEIGHTS[part] * np.nan_to_num(parts[part]) for part in WEIGHTS)
    return Likeness(
        tier=_tiers(before, after),
        score=np.asarray(total / weight, dtype=float),
        name=parts["name"],
        goal=parts["goal"],
        before=tuple(left),
        after=tuple(right),
    )


def core(name: str) -> str:
    """What two names must share to be the same after normalising: folded, without year, target and unit in brackets.

    Other words in brackets say what is measured: 培训人数（党员） is not 培训人数（群众）.
    """
    return key(without_target(name)) + "".join(key(note) for note in _NOTE.findall(fold(name)) if _qualifies(note))


@lru_cache(maxsize=4096)
def _qualifies(note: str) -> bool:
    """Whether a bracket in a name narrows it; a unit, a number and a date do not."""
    bare = note.removeprefix("单位").lstrip(":")
    unit = units.is_unit(bare) or units.is_unit(bare.lstrip("万亿千百")) or not bare.strip("万亿千百")
    return not unit and read(bare).kind in ("text", "word", "level")


def reworded(one: str, other: str) -> str:
    """How far two names say the same: REWORDED, LENGTHENED or SWAPPED.

    >>> reworded("居民满意度", "群众满意度"), reworded("培训人数", "党员培训人数"), reworded("按时办结率", "超时办结率")
    ('', '增减了字', '换了字')
    """
    bare = stripped(one), stripped(other)
    if bare[0] == bare[1]:
        return REWORDED
    if len({tuple(_NUMBERED.findall(name)) for name in bare}) > 1:
        return SWAPPED
    if sorted(bare[0]) == sorted(bare[1]):
        return REWORDED
    for pair in ((core(one), core(other)), bare):
        short, long = sorted(pair, key=len)
        more = Counter(long) - Counter(short)
        if LCSseq.similarity(short, long) == len(short) and _DENYING.isdisjoint(more):
            return LENGTHENED
    return SWAPPED


def stripped(name: str) -> str:
    """The core without filler words and with one word for its synonyms; the core where nothing is left."""
    bare = core(name)
    kept = _FILLER.sub("", bare) or bare
    return _SYNONYM.sub(lambda found: _SPOKEN.get(found[0], found[0]), kept)


def _names(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    cores = _overlap([core(name) for name in before["indicator"]], [core(name) for name in after["indicator"]])
    bare = _overlap([stripped(name) for name in before["indicator"]], [stripped(name) for name in after["indicator"]])
    left, right = (
        np.array(["".join(sorted(stripped(name))) for name in frame["indicator"]], dtype=object)
        for frame in (before, after)
    )
    turned = (left[:, None] == right[None, :]).astype(float)  # 降尘抑尘, 抑尘降尘
    return np.asarray(np.maximum(cores, STRIPPED * np.maximum(bare, turned)), dtype=float)


def _overlap(left: list[str], right: list[str]) -> np.ndarray:
    """Mean of two shares of the longest common subsequence: in both names together, and in the shorter one.

    A renamed indicator usually gains or loses words (非访劝返率, 非正常上访劝返率) and keeps the shorter name whole;
    another indicator of the same pattern (残疾人补贴发放率, 老年人补贴发放率) swaps the word that matters.
    """
    common = process.cdist(left, right, scorer=LCSseq.similarity, dtype=np.int32).astype(float)
    lengths, others = (np.array([len(text) for text in texts], dtype=float) for texts in (left, right))
    both = lengths[:, None] + others[None, :]
    shorter = np.minimum(lengths[:, None], others[None, :])
    share = np.divide(2 * common, both, out=np.zeros_like(both), where=both > 0)
    kept = np.divide(common, shorter, out=np.zeros_like(both), where=shorter > 0)
    return np.asarray((share + kept) / 2, dtype=float)


def _goals(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Likeness of the goals' names; of their numbers where neither year names its goals."""
    if not before["goal"].any() and not after["goal"].any():
        return _equal(
            *(frame["goal_no"].astype("str").where(frame["goal_no"].notna(), "") for frame in (before, after))
        )
    left, right = ([key(goal) for goal in frame["goal"]] for frame in (before, after))
    return np.asarray(np.maximum(_texts(left, right), _carried(before, after, left, right)), dtype=float)


def _carried(before: pd.DataFrame, after: pd.DataFrame, left: list[str], right: list[str]) -> np.ndarray:
    """CARRIED where most indicators of one goal, and more than one, stand under another goal the next year by name: the
    goal was reworded. 0 elsewhere."""
    named = [
        pd.DataFrame({"goal": goals, "name": list(map(core, frame["indicator"])), "category": list(frame["category"])})
        for frame, goals in ((before, left), (after, right))
    ]
    single = [one[~one.duplicated(["name", "category"], keep=False)] for one in named]
    both = single[0].merge(single[1], on=["name", "category"], suffixes=("", "_after"))
    sizes = Counter(left), Counter(right)
    same = {
        (one, other)
        for (one, other), count in Counter(zip(both["goal"], both["goal_after"], strict=True)).items()
        if count > 1 and 2 * count >= max(sizes[0][one], sizes[1][other])
    }
    found = [[CARRIED * ((one, other) in same) for other in right] for one in left]
    return np.array(found, dtype=float).reshape(len(left), len(right))


def _texts(left: list[str], right: list[str]) -> np.ndarray:
    """fuzz.ratio, NaN where either is empty."""
    matrix = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float64) / 100
    return _both(left, right, np.asarray(matrix, dtype=float))


def _equal(left: pd.Series, right: pd.Series) -> np.ndarray:
    """1 where the folded texts are equal, 0 where not, NaN where either is empty."""
    ours, theirs = ([key(text) or fold(text) for text in texts] for texts in (left, right))
    same = np.array(ours, dtype=object)[:, None] == np.array(theirs, dtype=object)[None, :]
    return _both(ours, theirs, same.astype(float))


def _both(left: list[str], right: list[str], matrix: np.ndarray) -> np.ndarray:
    ours, theirs = (np.array([bool(text) for text in texts], dtype=bool) for texts in (left, right))  # of no rows too
    there = ours[:, None] & theirs[None, :]
    return np.where(there, matrix, np.nan)


def _wording(target: str) -> str:
    """A target without its number: what kind of thing is asked for, not how much."""
    return _COUNTED.sub("#", fold(target))


def _tiers(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """EXACT where goal, category and name are the same as written; NORMAL where they are after normalising. ALIKE where
    both years state the second category, and not the same.

    Goals count by their names; by their numbers where a year does not name them.
    """
    named = before["goal"].any() and after["goal"].any()
    exact, normal = [], []
    for frame in (before, after):
        goals = list(frame["goal"]) if named else [str(number) for number in frame["goal_no"]]
        rows = list(zip(goals, frame["category"], frame["indicator"], strict=True))
        exact.append(_codes(rows))
        normal.append(_codes([(key(goal), category, core(name)) for goal, category, name in rows]))
    tiers = np.full((len(before), len(after)), ALIKE, dtype=np.int8)
    for tier, (left, right) in ((NORMAL, normal), (EXACT, exact)):
        tiers[left[:, None] == right[None, :]] = tier
    tiers[_equal(before["subcategory"], after["subcategory"]) == 0] = ALIKE
    return tiers


def _codes(rows: Sequence[tuple[str, ...]]) -> np.ndarray:
    return np.array(["\x1f".join(row) for row in rows], dtype=object)
