"""``catalogue.toml``: the goals and indicators a fictional office may have."""

import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

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
