"""Units: one spelling for each, and the conversions that are certain."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfeval.model.folding import fold, one_of, vocabulary

_UNITS = vocabulary("units")
_ALIAS: dict[str, str] = {name.lower(): kept for name, kept in _UNITS["alias"].items()}
_FACTORS: dict[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(factor))
    for dimension, factors in _UNITS["dimension"].items()
    for unit, factor in factors.items()
}
_LISTED = frozenset(_UNITS["list"]["known"]) - _UNITS["alias"].keys()
_BELOW = {"个月": "月"}
"""How a unit is spelt under another one: 元/人·月."""
_TIMES = frozenset(["年", "季度", "月", "周", "天", "小时", "学期", "学年"])
_KNOWN = {*_UNITS["list"]["known"], *_UNITS["alias"], *_FACTORS}
_ONE = one_of(_KNOWN)
SCALES = {
    "万亿": Decimal(10**12),
    "千亿": Decimal(10**11),
    "百亿": Decimal(10**10),
    "十亿": Decimal(10**9),
    "亿": Decimal(10**8),
    "千万": Decimal(10**7),
    "百万": Decimal(10**6),
    "十万": Decimal(10**5),
    "万": Decimal(10**4),
    "千": Decimal(1000),
    "百": Decimal(100),
}
SCALE = one_of(SCALES)
_LATIN_END = r"(?![A-Za-z])"
PLAIN = rf"(?:(?:{_ONE})(?:(?<=[A-Za-z]){_LATIN_END}|(?<![A-Za-z])))"
"""A unit that is no composite; where one only has to begin, half of :data:`UNIT`, and compiled in half the time."""
_PER = rf"(?:[/·*.]|每|/每)\(?{PLAIN}\)?"
UNIT = rf"{PLAIN}(?:{_PER}){{0,3}}"
"""A unit or a composite one; for use inside larger patterns, which must ignore case."""
_WHOLE_UNIT = re.compile(rf"(?:{UNIT}|(?:/{PLAIN}(?:{_PER}){{0,2}}))", re.IGNORECASE)
_SCALED = re.compile(rf"({SCALE})?(.*)", re.DOTALL)
_EVERY = re.compile("[月周天日]|季度|小时")
"""A rate per one of these is another amount than a total of the year."""
_SPLIT = re.compile(r"[/·*.每()]+")
_DIVIDED = re.compile("[/每]")
_SHORT_WORD = re.compile(r"[^\W\d_]{1,4}")


@dataclass(frozen=True, slots=True)
class Column:
    """What a unit column's text, or a bracket in the indicator's name, says."""

    unit: str = ""
    scale: Decimal = Decimal(1)


@lru_cache(maxsize=4096)
def normal_unit(text: str) -> str:
    """The spelling we keep: ``㎡`` → ``平方米``, ``元/人*月`` → ``元/人·月``, ``元每生每年`` → ``元/生·年``."""
    text = fold(text)
    if text in _LISTED:
        return text
    whole = _ALIAS.get(text.lower())
    if whole is not None:
        return whole
    parts = [part for part in _SPLIT.split(text) if part]
    if not parts:
        return ""
    named = [part if part in _LISTED else _ALIAS.get(part.lower(), part) for part in parts]
    if text.startswith(("/", "每")):
        return "/" + "·".join(_below(named))
    # 每人每月 and /人·月 count both below the line; 人·天 without a line is a product.
    product = len(named) == 1 or not _DIVIDED.search(text)
    return "·".join(named) if product else f"{named[0]}/" + "·".join(_below(named[1:]))


def _below(parts: list[str]) -> list[str]:
    """What stands under the line, things before times: 元/月/人 is 元/人·月."""
    spelt = [_BELOW.get(part, part) for part in parts]
    return sorted(spelt, key=lambda part: (part in _TIMES, part))


def is_unit(text: str) -> bool:
    """Whether the whole text is a unit we know, or a composite of such."""
    return bool(text) and _WHOLE_UNIT.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def column(text: str) -> Column:
    """A unit column's text as unit and scale: ``万元`` → 元 × 10000, ``百分比`` → %; nothing where it names no unit."""
    text = fold(text).strip("()").strip()
    if text.lower() in _UNITS["list"]["none"]:
        return Column()
    if is_unit(text):  # before looking for 千 and 百: 千克, 百分比
        return Column(normal_unit(text))
    found = _SCALED.fullmatch(text)
    scale, rest = (found[1], found[2]) if found else (None, text)
    if scale and (not rest or is_unit(rest)):
        return Column(normal_unit(rest), SCALES[scale])
    if _SHORT_WORD.fullmatch(text):
        return Column(normal_unit(text))
    return Column()


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two amounts in one unit, or the reason why there is none."""

    a: Decimal | None
    b: Decimal | None
    unit: str = ""
    note: str = ""
    reason: str = ""


def align(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> Aligned:
    """Both amounts in the first one's unit. Only certain conversions; a unit missing on one side is the other's."""
    if a_unit == b_unit:
        return Aligned(a, b, a_unit)
    a_top, a_per = _split(a_unit)
    b_top, b_per = _split(b_unit)
    if a_per and b_per and a_per != b_per:
        return Aligned(None, None, reason=f"单位不同（{a_unit}与{b_unit}），没有确定的换算")
    per = a_per or b_per
    if a_per != b_per and a_top and b_top and not _said_short(a, a_top, b, b_top, per):
        return Aligned(None, None, reason=f"一方按“{per}”计，一方没有，没有确定的换算")
    note = f"一方未写“/{per}”，按相同理解" if a_per != b_per and a_top and b_top else ""
    if not a_top or not b_top or a_top == b_top:
        return Aligned(a, b, a_unit or b_unit, note)
    one, other = _FACTORS.get(a_top), _FACTORS.get(b_top)
    if one and other and one[0] == other[0]:
        converted = b * other[1] / one[1]
        return Aligned(a, converted, a_unit, note or f"{b_top}换算为{a_top}")
    return Aligned(None, None, reason=f"单位不同（{a_unit}与{b_unit}），没有确定的换算")


def _said_short(a: Decimal, a_top: str, b: Decimal, b_top: str, per: str) -> bool:
    """Whether the side that names no person, month … means one all the same: it is about as much as the other.

    A total is many times a rate. Counts per month or week (1次/月 beside 1次) stay open at any size.
    """
    if _EVERY.search(per) and dimension(a_top) != "money":
        return False
    one, other = _FACTORS.get(a_top), _FACTORS.get(b_top)
    a, b = a * (one[1] if one else 1), b * (other[1] if other else 1)
    return per == "年" or a == b or (min(abs(a), abs(b)) * _NEAR >= max(abs(a), abs(b)))


_NEAR = 3
"""How many times the other a number may be that is taken for the same rate, not for a total."""


def same_count(one: str, other: str) -> bool:
    """Whether two units count the same kind of thing: 场 and 场次, 户 and 户次.

    Within one row an office means the same by them; from one year to the next it is another definition.
    """
    bare = one.removesuffix("次")
    return one != other and bool(bare) and {one, other} == {bare, f"{bare}次"}


def dimension(unit: str) -> str:
    """``ratio``, ``money``, ``time``, ``span`` … or the unit itself where it converts to nothing else."""
    top, _ = _split(unit)
    found = _FACTORS.get(top)
    return found[0] if found else top


def _split(unit: str) -> tuple[str, str]:
    top, _, per = unit.partition("/")
    return top, per
