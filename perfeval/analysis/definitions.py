"""What an indicator row measures, and whether two years measure the same."""

import re
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model import phrases, units
from perfeval.model.folding import fold
from perfeval.model.reading import Reading
from perfeval.model.schema import DEADLINE, POSITIVE, REVERSE

NUMBER, WORDS, DUE = "数值", "文字", "期限"
_BASIS = {"number": NUMBER, "range": NUMBER, "date": DUE, "level": WORDS, "word": WORDS, "text": WORDS}
_RUNNING = re.compile("(?<!全年)(?<!年度)(?<!当年)(?<!本年)(?<!年内)累计")
_BARE = frozenset(["个", "项"])
_SWAPPED = (
    ("件", "起", "宗", "例"),
    ("次", "场", "场次", "期", "批", "批次", "回", "轮"),
    ("处", "家", "座", "所"),
)
"""Classifiers that offices swap without counting anything else: 5件 and 5起, 12次 and 12场; 个 and 项 go with any.
人 and 人次, or 人 and 户, are different counts."""
_SPOKEN = {"ratio": "比率", "money": "金额"} | {unit: group[0] for group in _SWAPPED for unit in group}


@dataclass(frozen=True, slots=True)
class Definition:
    """What a row's target is made of."""

    basis: str
    """数值, 文字, 期限; empty where no target can be read."""
    unit: str = ""
    direction: str = ""
    change: str = ""
    """增长 or 下降 where the target is a change rather than a level."""
    running: bool = False
    """Whether the target is a running total (累计200人) rather than the year's."""

    @property
    def measure(self) -> str:
        """The basis, or of an amount its dimension; empty where the unit is not known."""
        return units.dimension(self.unit) if self.basis == NUMBER else self.basis


def definition(reading: Reading) -> Definition:
    """The definition of an indicator row as it was read."""
    target = reading.target
    basis = _BASIS.get(target.kind, "")
    if basis == WORDS and reading.direction == DEADLINE:
        basis = DUE
    change = target.word if target.word in phrases.CHANGES else ""
    return Definition(basis, target.unit, reading.direction, change, _RUNNING.search(fold(target.raw)) is not None)


def broken(before: Definition, after: Definition) -> str:
    """Why figures of the two are not comparable, in Chinese; empty where they are, or where one is unknown.

    A break: amounts against words or deadlines, units that do not convert into one another, a level against a change,
    a running total against one of the year, or the good direction turned round. Swapped classifiers (件, 起, 个) are
    none, nor is a unit that was left out.
    """
    if not before.basis or not after.basis:
        return ""
    if before.basis != after.basis:
        return f"目标由{before.basis}改为{after.basis}"
    if before.basis == NUMBER and not same_unit(before.unit, after.unit):
        return f"单位由“{before.unit}”改为“{after.unit}”"
    was, now = _level(before, after), _level(after, before)
    if before.change != after.change or before.running != after.running:
        return f"目标由{was}改为{now}"
    if {before.direction, after.direction} == {POSITIVE, REVERSE}:
        return f"方向由{before.direction}改为{after.direction}"
    return ""


def same_unit(one: str, other: str) -> bool:
    """Whether amounts in the two units can be compared: convertible, swapped classifiers, or one not written.

    A rate per month or person is none without it (2万元/月, 24万元); a total of one year is one per year.
    """
    (one, per), (other, per_other) = _by_year(one), _by_year(other)
    if one and other and per != per_other:
        return False
    if not one or not other or not units.align(Decimal(1), one, Decimal(1), other).reason:
        return True
    if any(one in group and other in group for group in _SWAPPED):
        return True
    return not _BARE.isdisjoint((one, other)) and all(units.dimension(unit) == unit for unit in (one, other))


def _by_year(unit: str) -> tuple[str, str]:
    """A unit without 每年, and what else it is per."""
    top, _, per = unit.partition("/")
    rest = "·".join(part for part in per.split("·") if part not in ("", "年"))
    return f"{top}/{rest}" if rest else top, rest


def _level(one: Definition, other: Definition) -> str:
    return f"{one.change}幅度" if one.change else "累计数" if one.running else "当年数" if other.running else "总量"


def kind_of_measure(one: Definition) -> str:
    """A word for what is measured that is equal only where figures are comparable: ``比率``, ``件``, ``期限``.

    Swapped classifiers are one word. Unlike with :func:`broken`, a unit that was left out is a kind of its own.
    """
    _, _, per = one.unit.partition("/")
    counted = _SPOKEN.get(one.measure, one.measure) or "无单位"
    said = f"{counted}{'每' if per else ''}{per}" if one.basis == NUMBER else one.basis or "无目标"
    return "".join((REVERSE if one.direction == REVERSE else "", said, one.change))
