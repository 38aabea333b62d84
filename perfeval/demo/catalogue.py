"""``catalogue.toml``: the goals and indicators a fictional office may have.

Names for a district that does not exist: taken from stories that say themselves that they are made up.

Every name is a stem, where needed a direction, and from the second round on a number, so that any number of offices has
names of its own. None of them is the name of a sub-district that exists (the tests hold a list of well-known ones).

Courses of yearly values: flat, rising, falling, stuck at 100 %, and how far they are from a target.

A course is a list of positions relative to the target (0: just met, above 0: better), turned into amounts afterwards.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import combinations
from typing import Any

import numpy as np

from perfeval.model.rounding import half_up

RATE, SURVEY, FULL, COUNT, LESS, COST, ZERO, DATE, WORDS = (
    "rate",
    "survey",
    "full",
    "count",
    "less",
    "cost",
    "zero",
    "date",
    "words",
)
RATES = (RATE, SURVEY, FULL)
"""Kinds whose values are percentages."""
LOWER = (LESS, COST)
"""Kinds that are the better the lower."""
PLAIN = (ZERO, DATE, WORDS)
"""Kinds that have no series of numbers to speak of."""


@dataclass(frozen=True, slots=True)
class Setback:
    """What keeps targets from being met, and the measures promised, the first one first."""

    cause: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator an office may have."""

    goal: int
    """Its goal's place in the catalogue, from 0."""
    name: str
    category: str
    sub: str
    kind: str
    evidence: str
    done: str
    """The office's sentence; ``{}`` is the actual."""
    target: Decimal = Decimal(0)
    unit: str = ""
    places: int = 0
    later: str = ""
    core: bool = False
    prefix: str = ""
    """What stands before the amount in the target's cell."""
    words: tuple[str, ...] = ()
    changed: "Indicator | None" = None
    """The same name under another definition."""

    @property
    def good(self) -> int:
        """1 where more is better, −1 where less is."""
        return -1 if self.kind in (*LOWER, ZERO) else 1


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the year and its indicators."""

    name: str
    task: str
    share: int
    """Its part of project spending, in proportion to the others'."""
    setbacks: tuple[Setback, ...]
    indicators: tuple[Indicator, ...]
    first: int = 0
    last: int = 9999

    def there(self, year: int) -> bool:
        """Whether the goal exists in a year."""
        return self.first <= year <= self.last


@cache
def goals() -> tuple[Goal, ...]:
    """The catalogue, in its order."""
    text = (resources.files("perfeval.demo") / "catalogue.toml").read_text(encoding="utf-8")
    return tuple(_goal(place, table) for place, table in enumerate(tomllib.loads(text)["goals"]))


def _goal(place: int, table: dict[str, Any]) -> Goal:
    setbacks = tuple(Setback(one["cause"], tuple(one["measures"])) for one in table["setbacks"])
    indicators = tuple(_indicator(place, one) for one in table["indicators"])
    period = {key: table[key] for key in ("first", "last") if key in table}
    return Goal(table["name"], table["task"], table["share"], setbacks, indicators, **period)


def _indicator(goal: int, table: dict[str, Any]) -> Indicator:
    given = {key: value for key, value in table.items() if key != "changed"}
    given["target"] = Decimal(str(given.get("target", 0)))
    given["words"] = tuple(given.get("words", ()))
    given.setdefault("unit", "%" if given["kind"] in RATES else "")
    one = Indicator(goal=goal, **given)
    if "changed" not in table:
        return one
    other = {"unit": "%" if table["changed"]["kind"] in RATES else "", **table["changed"]}
    other["target"] = Decimal(str(other["target"]))
    return replace(one, changed=replace(one, later="", **other))


CITY, DISTRICT = "示例市", "虚构区"

STEMS = (
    "子虚",
    "乌有",
    "南柯梦",
    "蜃楼",
    "镜中花",
    "水中月",
    "画中游",
    "纸上",
    "梦蝶",
    "假托",
    "拟设",
    "无何有",
)
"""子虚 and 乌有 are the persons of Sima Xiangru's rhapsody who do not exist; the rest are as unreal."""
SIDES = ("", "东", "西", "南", "北")
NUMERALS = "〇一二三四五六七八九"


def subdistrict_id(index: int) -> str:
    """``shili001``: the folder of the office with this index (from 0)."""
    return f"shili{index + 1:03d}"


def street(index: int) -> str:
    """``子虚街道``: a name for each index (from 0), never the same twice."""
    side, stem = divmod(index, len(STEMS))
    turn, side = divmod(side, len(SIDES))
    number = f"第{chinese(turn + 1)}" if turn else ""
    return f"{STEMS[stem]}{SIDES[side]}{number}街道"


def office(index: int) -> str:
    """``子虚街道办事处``."""
    return f"{street(index)}办事处"


def chinese(number: int) -> str:
    """A whole number, digit by digit: ``一二`` for 12."""
    return "".join(NUMERALS[int(digit)] for digit in str(number))


FLAT, RISING, FALLING, CEILING = "平稳", "上升", "下降", "已达上限"
TRIES = 40
"""Orders that are tried for a flat course; the one with the least tendency is taken."""
FLAT_SHARE = 6
"""A course of n values is flat where |S| ≤ n(n−1)/6, a third of the most there can be: far from significant."""


def tendency(values: Sequence[Decimal | float]) -> int:
    """Mann–Kendall's S: pairs that rise less pairs that fall."""
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def kind(values: Sequence[Decimal | float], full: Decimal | float | None = None) -> str:
    """What a series of values plainly is: 已达上限, 上升, 下降 (every step), 平稳, or empty where none is plain."""
    most = len(values) * (len(values) - 1) // 2
    if full is not None and all(value == full for value in values):
        return CEILING
    found = tendency(values)
    if most and abs(found) == most:
        return RISING if found > 0 else FALLING
    return FLAT if abs(found) <= len(values) * (len(values) - 1) / FLAT_SHARE else ""


def wobble(rng: np.random.Generator, count: int) -> list[float]:
    """``count`` positions between −1 and 1 in an order that neither rises nor falls."""
    if count == 1:
        return [0.0]
    orders = [rng.permutation(count) for _ in range(TRIES)]
    order = min(orders, key=lambda one: abs(tendency([float(value) for value in one])))
    return [float(2 * place / (count - 1) - 1) for place in order]


def climb(rng: np.random.Generator, count: int) -> list[float]:
    """``count`` positions from 0 to 1, every step upwards and none smaller than half an even one."""
    if count == 1:
        return [1.0]
    steps = rng.uniform(0.5, 1.5, count - 1)
    return [0.0, *(float(part) for part in np.cumsum(steps) / steps.sum())]


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded as offices do, without trailing zeros."""
    return trimmed(half_up(value, places))


def trimmed(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def exact(value: float) -> Decimal:
    """A drawn number as Decimal, to six places: what floats differ in beyond them is not to be seen."""
    return Decimal(f"{value:.6f}")
