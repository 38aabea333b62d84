"""What targets ask for: whether a year's target asks for less or for more than the year before's target, and than what
was reached then. By what the two mean, not how they are worded (95% and ≥95% ask for the same; ≤8件 asks for less than
≤5件; 10月底前 asks for less than 6月底前).

Two questions, each with its own word, because a target can be raised and still lie below what was reached:

- ``move``, against last year's target: 目标放宽, 目标提高, 未变.
- ``against``, against last year's actual: 不及上年实际 (it would have been met already, with room), 等于上年实际,
  优于上年实际.

无法比较 where the two cannot be compared, with the reason: 等于 and 定性 have no more and no less, units that do not
convert, words beside amounts, no actual on file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial
from itertools import pairwise
from math import nan
from typing import Any

import pandas as pd

from perfeval.analysis.series import amount, at_ceiling, converted, perhaps_share
from perfeval.model import asked, phrases, units
from perfeval.model.columns import frame_of
from perfeval.model.dates import Period, in_time
from perfeval.model.history import LOOSENED, RAISED
from perfeval.model.reading import Reading, read_pair
from perfeval.model.rounding import missing, plain, traced
from perfeval.model.schema import DEADLINE, POSITIVE, REVERSE
from perfeval.model.values import Value, amount_text, describe

MEASURED = ("number", "range")
Record = Mapping[Any, Any]
"""A row of ``pe.rows`` or of ``Evaluation.indicators``."""
_POINTS, _RANK = "%", "名次"
_YEAR = 2001
"""Stands for the evaluated year, so that 2022年12月 in 2022 and 2023年12月 in 2023 are one deadline. No leap year: the
end of February is one deadline too."""

UNCHANGED, INCOMPARABLE = "未变", "无法比较"
MOVES = (LOOSENED, RAISED, UNCHANGED, INCOMPARABLE)
BELOW, LEVEL, ABOVE = "不及上年实际", "等于上年实际", "优于上年实际"
AGAINST = (BELOW, LEVEL, ABOVE, INCOMPARABLE)
LEFT = "超额未调"
KINDS = (LOOSENED, LEFT, BELOW, UNCHANGED, RAISED, INCOMPARABLE)
"""The one word for a pair of years, the first that fits: loosened; unchanged though exceeded by far; unchanged and
well below what was reached (:data:`WELL_BELOW`); unchanged; raised; not comparable."""
EXCEEDED = 1.3
"""Attainment from which a target was exceeded by far: over-achievement of 30 % is what reviewers ask a reason for
(财预〔2020〕10号 as the ministry's platform executes it; the rule sets' ``over``)."""
WELL_BELOW = 1.1
"""``already`` from which an unchanged target lies well below what was reached: most targets are passed by some per cent
every year, and a target within a tenth of the last result is no sign of anything."""
ROUGH = Decimal("0.1")
"""Of the larger amount: what 约 leaves open."""
NOISE = 1e-9
TAKEN = (
    "subdistrict", "name", "district", "year", "track", "category", "goal", "indicator", "target", "actual", "unit",
    "direction", "attainment", "status", "file", "row", "synthetic", "reading",
)  # fmt: skip
"""What is taken from the rows; ``reading`` where they have it, else the texts are read again."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Whether one value asks for more than another."""

    more: int | None
    """+1 more, −1 less, 0 as much; None where that cannot be said."""
    how: str
    """By how much (增加5个百分点, 期限推后), or the reason why it cannot be said."""


def demand(one: Value, previous_year: int, other: Value, year: int, ways: tuple[str, str]) -> Demand:
    """Whether ``other``, of ``year``, asks for more than ``one``, of ``previous_year``, was or asked for.

    ``ways`` are the directions of the two rows. Deadlines are told as if both years were one.
    """
    if one.kind in MEASURED and other.kind in MEASURED:
        return _amounts(one, other, *ways)
    if one.kind == other.kind == "date":
        return _dates(one, previous_year, other, year)
    if one.kind == other.kind == "word":
        return _words(one, other)
    return Demand(None, "不是同一类的值（数、期限或同一等级的词）")


def moved(before: Reading, previous_year: int, after: Reading, year: int) -> tuple[str, str]:
    """(目标放宽, 目标提高 or empty, how in Chinese) of two readings of one indicator under one definition.

    Empty where both ask for the same or cannot be compared: amounts that must be hit (等于) or whose good direction is
    unknown, words of different scales, an amount beside words.
    """
    one, other = before.target, after.target
    found = demand(one, previous_year, other, year, (before.direction, after.direction))
    if not found.more or before.open_target or after.open_target:
        return "", ""
    kind, verb = (LOOSENED, "放宽") if found.more < 0 else (RAISED, "提高")
    return kind, f"目标由{describe(one)}{verb}为{describe(other)}（{found.how}）"


def _amounts(one: Value, other: Value, way: str, way_after: str) -> Demand:
    a, b = _bound(one, way), _bound(other, way)
    apart = _apart(one, other, way, way_after)
    if apart or a is None or b is None or perhaps_share(a, one.unit, b, other.unit):
        return Demand(None, apart or "没有可比的数")
    there = converted(b, other.unit, one.unit)
    if there is None:
        reason = units.align(a, one.unit, b, other.unit).reason
        return Demand(None, reason or f"单位不同（{one.unit}与{other.unit}），没有确定的换算")
    more = there - a
    rough = one.fuzzy != other.fuzzy if more == 0 else bool(one.fuzzy or other.fuzzy)
    if rough and abs(more) <= ROUGH * max(abs(a), abs(there)):
        return Demand(None, "一方是约数，相差不大，看不出高低")
    if more == 0:
        differs = _but_for_the_number(one, other, way)
        return Demand(None, differs) if differs else Demand(0, "相同")
    if way not in (POSITIVE, REVERSE, DEADLINE):
        return Demand(None, "须等于目标或方向不明，没有高低之分")
    unit = one.unit or other.unit
    size = f"{plain(abs(more))}个百分点" if unit == _POINTS else amount_text(abs(more), unit)
    return Demand(1 if (more > 0) == (way == POSITIVE) else -1, f"{'增加' if more > 0 else '减少'}{size}")


def _apart(one: Value, other: Value, way: str, way_after: str) -> str:
    """Why two amounts are not of one kind, whatever they are; empty where they are."""
    if len({value.word if value.word in phrases.CHANGES else "" for value in (one, other)}) > 1:
        return "一方是增减幅度，一方不是"
    if way != way_after:
        return f"方向由{way or '不明'}改为{way_after or '不明'}"
    if one.kind != other.kind:
        return "一方是范围，一方不是"
    if any(not bare.unit and bare.scale == 1 != full.scale for bare, full in ((one, other), (other, one))):
        return "一方没有单位，看不出是不是同一量级"
    return ""


def _but_for_the_number(one: Value, other: Value, way: str) -> str:
    """What differs between two amounts that are the same at the end that counts; empty where nothing does."""
    far = [value.high if way == POSITIVE else value.low for value in (one, other)]
    if one.kind == "range" and one.operator == other.operator and far[0] != far[1]:
        return "范围的另一端不同"
    return "只差含不含本数" if {one.operator, other.operator} in ({">", ">="}, {"<", "<="}) else ""


def _dates(one: Value, previous_year: int, other: Value, year: int) -> Demand:
    due, later = _period(one, previous_year), _period(other, year)
    if due.unclear != later.unclear and due.end == later.end:
        return Demand(None, "其中一年的期限含不含当期，看不出")
    not_later, not_sooner = in_time(due, later), in_time(later, due)
    if not_sooner and not not_later:
        return Demand(-1, "期限推后")
    if not_later and not not_sooner:
        return Demand(1, "期限提前")
    return Demand(0, "期限相同") if not_later and not_sooner else Demand(None, "期限不能比较先后")


def _period(value: Value, year: int) -> Period:
    """The period with the evaluated year as :data:`_YEAR`; a date without a year is of the evaluated one."""
    return Period(_placed(value.start, year), _placed(value.end, year), bool(value.operator), value.operator == "<")


def _placed(date: str, year: int) -> str:
    own = f"{year}{date[1:]}" if date.startswith("--") else date
    return f"{_YEAR + int(own[:4]) - year}{own[4:].replace('-02-29', '-02-28')}"


def _words(one: Value, other: Value) -> Demand:
    before, after = phrases.grade_of(one.word), phrases.grade_of(other.word)
    if before is None or after is None or before.family != after.family:
        return Demand(0, "相同") if one.word == other.word else Demand(None, "不是同一等级的词")
    if before.step == after.step:
        return Demand(0, "相同")
    return Demand(-1, "要求降低") if after.step < before.step else Demand(1, "要求提高")


@asked.takes(rows=["subdistrict", "name", "district", "year", "track", "category", "goal", "indicator", "target",
                    "actual", "unit", "direction", "attainment", "status", "file", "row", "synthetic"])  # fmt: skip
def targets(rows: pd.DataFrame) -> pd.DataFrame:
    """Each target beside what the same indicator (``track``) asked for and reached the year before on file.

    Takes ``pe.rows`` (columns subdistrict, name, district, year, track, category, goal, indicator, target, actual,
    unit, direction, attainment, status, file, row, synthetic). One row a track and pair of neighbouring years on file,
    in the order of ``rows``; a definition that changed begins a new track and is not compared.

    Columns (``pe.columns("targets")``): subdistrict, name, district, year, previous_year, track, category, goal,
    indicator, direction, previous_target, previous_actual, target, actual (as printed), previous_target_value,
    previous_actual_value, target_value, value_unit (one unit for the three, % as points; NaN where no amounts),
    previous_attainment (ratio), previous_status, status, move (:data:`MOVES`), against (:data:`AGAINST`), kind
    (:data:`KINDS`), already (ratio: how far last year's actual attained this year's target before the year began; NaN
    where no amounts), exact_years (in how many of ``years``, the years of the track with comparable amounts, the actual
    was exactly the target; not counted where nothing better is possible: all of a rate, none of something adverse),
    why (Chinese), file, row (of the later year), synthetic.

    >>> targets(pe.rows(subdistrict="ronghua")).query("kind == '目标放宽'")  # doctest: +SKIP
    """
    tracks: dict[tuple[str, str], list[Record]] = {}
    for record in rows[[name for name in TAKEN if name in rows.columns]].to_dict("records"):
        if not missing(record["track"]):
            tracks.setdefault((record["subdistrict"], record["track"]), []).append(record)
    found: list[dict[str, Any]] = []
    for held in tracks.values():
        records = sorted(held, key=_year)
        readings = [_reading(record) for record in records]
        exact = [_exact(record, reading) for record, reading in zip(records, readings, strict=True)]
        whole = {"exact_years": sum(one is True for one in exact), "years": sum(one is not None for one in exact)}
        pairs = pairwise(zip(records, readings, strict=True))
        found += [_pair(before, after) | whole for before, after in pairs]
    order = {name: place for place, name in enumerate(dict.fromkeys(rows["subdistrict"].tolist()))}
    found.sort(key=lambda one: (order[one["subdistrict"]], one["year"], -1 if missing(one["row"]) else one["row"]))
    return frame_of("targets", found)


def _year(record: Record) -> int:
    return int(record["year"])


def _reading(record: Record) -> Reading:
    if isinstance(record.get("reading"), Reading):
        return record["reading"]  # type: ignore[no-any-return]
    texts = [("" if missing(record[name]) else str(record[name])) for name in ("indicator", "target", "actual")]
    unit, direction = ("" if missing(record[name]) else str(record[name]) for name in ("unit", "direction"))
    read = partial(_read, *texts, unit, _year(record))
    inferred = read("")
    return inferred if inferred.direction == direction else read(direction)  # one that the row itself gave


@lru_cache(maxsize=65536)
def _read(indicator: str, target: str, actual: str, unit: str, year: int, direction: str) -> Reading:  # noqa: PLR0917 - a row
    return read_pair(indicator, target, actual, unit=unit, direction=direction, year=year)


def _exact(record: Record, reading: Reading) -> bool | None:
    """Whether the actual is exactly the target; None where they are no comparable amounts, or nothing better exists."""
    if reading.a is None or reading.b is None:
        return None
    scale = 100 if reading.target.unit == _POINTS else 1
    nothing_left = reading.direction == REVERSE and reading.b == 0
    if nothing_left or at_ceiling(str(record["indicator"]), reading.target.unit, float(reading.b) / scale, reading):
        return None
    return reading.a == reading.b


def _pair(before: tuple[Record, Reading], after: tuple[Record, Reading]) -> dict[str, Any]:
    (old, was), (new, now) = before, after
    years = int(old["year"]), int(new["year"])
    ways = (was.direction, now.direction)
    open_ = was.open_target or now.open_target
    from_target = Demand(None, open_) if open_ else demand(was.target, years[0], now.target, years[1], ways)
    reached = _reached(was)
    from_actual = Demand(None, now.open_target or "上年没有可比的实际值")
    if reached is not None and not now.open_target:
        from_actual = demand(reached, years[0], now.target, years[1], ways)
    move = _word(from_target, (LOOSENED, UNCHANGED, RAISED))
    against = _word(from_actual, (BELOW, LEVEL, ABOVE))
    attained = nan if missing(old["attainment"]) else float(old["attainment"])
    values = _values(was, reached, now)
    already = _already(values, now.direction)
    kind = _kind(move, already, attained)
    return {
        **{name: new[name] for name in ("subdistrict", "name", "district", "track", "category", "goal", "indicator")},
        "year": years[1],
        "previous_year": years[0],
        "direction": now.direction,
        **values,
        "previous_target": old["target"],
        "previous_actual": old["actual"],
        "target": new["target"],
        "actual": new["actual"],
        "previous_attainment": attained,
        "previous_status": old["status"],
        "status": new["status"],
        "move": move,
        "against": against,
        "kind": kind,
        "already": already,
        "why": _why((was.target, now.target), _written(was, reached), (from_target, from_actual), kind, years),
        **{name: new[name] for name in ("file", "row", "synthetic")},
    }


def _word(found: Demand, words: tuple[str, str, str]) -> str:
    return INCOMPARABLE if found.more is None else words[found.more + 1]


def _kind(move: str, already: float, attained: float) -> str:
    if move != UNCHANGED:
        return move
    if already >= 1 and attained >= EXCEEDED - NOISE:
        return LEFT
    return BELOW if already >= WELL_BELOW - NOISE else UNCHANGED


def _reached(reading: Reading) -> Value | None:
    """The actual as a value that a target can be compared with; None where it is no amount, date or word of a grade."""
    actual = reading.actual
    found = amount(reading)
    if found is None:
        return actual if actual.kind in ("date", "word") else None
    value, unit, change = found
    return replace(actual, kind="number", operator="", low=value, high=value, unit=unit, word=change)


def _written(reading: Reading, reached: Value | None) -> str:
    """An actual for people: as it was written where that is less than one exact amount."""
    rough = reading.actual.kind == "range" or reading.actual.fuzzy or reading.actual.unit == _RANK
    return describe(reading.actual) if rough or reached is None else _told(reached)


def _values(was: Reading, reached: Value | None, now: Reading) -> dict[str, Any]:
    """The amounts in the unit of this year's target; NaN where one is a rate and the other perhaps a share."""
    before = {"previous_target_value": was.target, "previous_actual_value": reached}
    unclear = {name for name, one in before.items() if one is not None and _unclear(one, was, now)}
    known = {name: one for name, one in before.items() if one is not None and name not in unclear}
    unit = now.target.unit or ("" if unclear else was.target.unit)
    return {
        "value_unit": unit if now.target.kind in MEASURED else "",
        **{name: _number(known[name], was.direction, unit) if name in known else nan for name in before},
        "target_value": _number(now.target, now.direction, unit),
    }


def _unclear(one: Value, was: Reading, now: Reading) -> bool:
    """Whether an amount of the year before and this year's target may be one a share and one a decimal."""
    a, b = _bound(one, was.direction), _bound(now.target, now.direction)
    return a is not None and b is not None and perhaps_share(a, one.unit, b, now.target.unit)


def _bound(value: Value, direction: str) -> Decimal | None:
    """The end of an amount that the good direction asks for."""
    return value.low if direction == POSITIVE else value.high


def _number(value: Value, direction: str, unit: str) -> float:
    bound = _bound(value, direction)
    if value.kind not in MEASURED or bound is None:
        return nan
    found = converted(bound, value.unit, unit)
    return nan if found is None else float(found)


def _already(values: Record, direction: str) -> float:
    wanted, reached = values["target_value"], values["previous_actual_value"]
    if direction not in (POSITIVE, REVERSE) or not (wanted >= 0 and reached >= 0):
        return nan
    if wanted == reached:
        return 1.0
    above, below = (reached, wanted) if direction == POSITIVE else (wanted, reached)
    return float(above / below) if below else nan


def _why(
    values: tuple[Value, Value], reached: str, demands: tuple[Demand, Demand], kind: str, years: tuple[int, int]
) -> str:
    """``目标由≥95%放宽为≥90%（减少5个百分点）；上年实际96%``"""
    was, now = values
    from_target, from_actual = demands
    when, since = ("上年", "") if years[1] - years[0] == 1 else (f"{years[0]}年", f"与{years[0]}年相比，")
    if from_target.more is None:
        said = f"与{when}目标无法比较：{from_target.how}"
    elif from_target.more == 0:
        said = f"{since}目标未变（{describe(now)}）"
    else:
        verb = "放宽" if from_target.more < 0 else "提高"
        said = f"{since}目标由{describe(was)}{verb}为{describe(now)}（{from_target.how}）"
    if from_actual.more is None:
        return f"{said}；与{when}实际无法比较：{from_actual.how}"
    word = {-1: "不及", 0: "等于", 1: "优于"}[from_actual.more]
    far = "，超额较多而未调整" if kind == LEFT else ""
    return f"{said}；要求{word}{when}实际{reached}{far}"


def _told(value: Value) -> str:
    if value.low is not None:
        unit = value.unit
        return f"{traced(value.low)}%" if unit == _POINTS else amount_text(value.low, unit)
    return describe(value)
