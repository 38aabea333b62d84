"""What is followed over the years: the office's own rates and score, and one series for each track of an indicator.

A track is followed by its attainment, which is higher for better whatever way the indicator runs. The actual itself is
followed instead, in the unit of the last year and with the good direction of the row, where fewer years have an
attainment than have an amount as actual (no target on file, a target in words), and where the target moved although the
actuals are comparable: a loosened target must not look like an improvement, nor a raised one like a decline.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pandas as pd

from perfeval.analysis.definitions import same_unit
from perfeval.model import names, phrases, units
from perfeval.model.data import Record
from perfeval.model.history import COMPLETION_RATE, EXECUTION_RATE, SCORE
from perfeval.model.reading import Reading
from perfeval.model.schema import DEADLINE, POSITIVE, REVERSE
from perfeval.model.verdicts import NOT_FILLED

RATE, POINTS = "%", "分"
UP, DOWN, UNKNOWN = 1, -1, 0
GOOD = {POSITIVE: UP, REVERSE: DOWN, DEADLINE: DOWN}
"""Which way is good for an actual followed by itself; 等于 and 定性 have none."""
OFFICE = (
    (EXECUTION_RATE, "预算执行率", RATE, 1.0, EXECUTION_RATE, ""),
    (COMPLETION_RATE, "指标完成率", RATE, 1.0, "completion_low", "completion_high"),
    (SCORE, "复算得分", POINTS, 100.0, SCORE, "score_most"),
)
"""Series of the whole office: key, title, unit, ceiling, column of the summary, and that of its upper bound where it
has one. More is better in all of them."""
OPEN_COUNTED = {COMPLETION_RATE: "须补证据的只计入上限", SCORE: "无法判定的只计入上限"}
"""Where what is open counts, by series: values are shown as ranges, whose lower ends a trend is judged by."""
NOISE = 1e-9
"""A value closer than this to its ceiling is at it: the rest is binary arithmetic."""
TWO = 2
MARKS = 10
"""Marks that questionnaires give at most."""
_HUNDRED = Decimal(100)
_RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Series:
    """Yearly values of one thing, in the order of years; years without a value are in ``left_out``."""

    key: str
    title: str
    unit: str
    """``%``: values are ratios."""
    good: int
    years: tuple[int, ...]
    values: tuple[float, ...]
    full: tuple[bool, ...]
    """Whether each value is at its ceiling: a rate at 100 %, a target met to the point, a score of 100."""
    left_out: tuple[int, ...]
    """Years on file whose value cannot be had."""
    moved: tuple[int, ...] = ()
    """Years whose target reads otherwise than that of the year before."""
    attained: bool = False
    """Whether the values are attainments."""
    upper: tuple[float, ...] = ()
    """What the values can be at most; empty where they are certain."""
    limit: float | None = None
    """The ceiling of one of the office's own series; None of a track."""
    mixed: str = ""
    """Which years are of another basis than others (执行率 of another budget), in Chinese; empty where none is."""


def followed(summary: pd.DataFrame, indicators: pd.DataFrame) -> list[Series]:
    """Every series of an office: its own three, then its tracks in the order of their first row.

    Takes ``History.summary`` and ``History.indicators``.
    """
    own = [_of_office(summary, *one) for one in OFFICE]
    return own + [_of_track(track, rows) for track, rows in by_track(indicators).items()]


def by_track(indicators: pd.DataFrame) -> dict[str, dict[int, Record]]:
    """The rows of ``History.indicators`` as records by track, in the order of their first rows, and year, ascending."""
    tracks: dict[str, list[Record]] = {}
    for row in indicators.to_dict("records"):
        tracks.setdefault(str(row["track"]), []).append(row)
    return {
        track: {int(row["year"]): row for row in sorted(rows, key=lambda row: int(row["year"]))}
        for track, rows in tracks.items()
    }


def _of_office(  # noqa: PLR0917  # one value a column of OFFICE
    summary: pd.DataFrame, key: str, title: str, unit: str, ceiling: float, column: str, bound: str
) -> Series:
    ordered = summary.sort_values("year")
    values = {int(year): float(value) for year, value in zip(ordered["year"], ordered[column], strict=True)}
    # Money in a form that is not filled in yet is not the year's.
    waiting = set(ordered.loc[ordered["state"].eq(NOT_FILLED), "year"]) if "state" in ordered.columns else set()
    known = {year: value for year, value in values.items() if not pd.isna(value) and year not in waiting}
    most = dict(zip(values, ordered[bound], strict=True)) if bound in ordered.columns else known
    upper = tuple(float(most[year]) for year in known)
    if all(high - low <= NOISE for high, low in zip(upper, known.values(), strict=True)):
        upper = ()  # nothing is open
    full = tuple(value >= ceiling - NOISE for value in known.values())
    left_out = tuple(year for year in values if year not in known)
    named = f"{title}（{OPEN_COUNTED[key]}）" if upper else title
    return Series(
        key,
        named,
        unit,
        UP,
        tuple(known),
        tuple(known.values()),
        full,
        left_out,
        upper=upper,
        limit=ceiling,
        mixed=_mixed(ordered[ordered["year"].isin(list(known))]) if key in (EXECUTION_RATE, SCORE) else "",
    )


def _mixed(summary: pd.DataFrame) -> str:
    """``2023年执行率只有项目支出``: which years have a rate of another budget, where not all have that."""
    if "basis" not in summary.columns or summary["basis"].nunique() < TWO:
        return ""
    other = summary[summary["basis"].ne("")].groupby("basis", sort=False)["year"].agg(list)
    return "；".join(f"{'、'.join(f'{year}年' for year in years)}的执行率{basis}" for basis, years in other.items())


def _of_track(track: str, records: Mapping[int, Record]) -> Series:
    readings: dict[int, Reading] = {year: row["reading"] for year, row in records.items()}
    last = records[max(records)]
    attained = {year: float(row["attainment"]) for year, row in records.items() if not pd.isna(row["attainment"])}
    if any(map(_negative, readings.values())):  # −3 % for a target of −5 % is no share of it
        attained = {}
    amounts, unit = _amounts(readings)
    good = GOOD.get(readings[max(readings)].direction, UNKNOWN)
    title = str(last["indicator"])
    if not attained and not amounts:
        return Series(track, title, "", good, (), (), (), tuple(records))
    moved = tuple(_moved(readings, list(attained or amounts)))
    comparable = good != UNKNOWN and amounts.keys() >= attained.keys()
    of_actuals = len(attained) < len(amounts) or (moved != () and comparable)
    values = amounts if of_actuals else attained
    full = tuple(
        (year in attained and abs(attained[year] - 1) < NOISE)
        or (year in amounts and at_ceiling(title, unit, amounts[year], readings[year]))
        for year in values
    )
    return Series(
        track,
        title if of_actuals else f"{title}（目标完成率）",
        unit if of_actuals else RATE,
        good if of_actuals else UP,
        tuple(values),
        tuple(values.values()),
        full,
        tuple(year for year in records if year not in values),
        moved,
        attained=not of_actuals,
    )


def _negative(reading: Reading) -> bool:
    """Whether target or actual are below zero, so that one is no share of the other."""
    return any(value is not None and value < 0 for value in (reading.a, reading.b))


def _amounts(readings: dict[int, Reading]) -> tuple[dict[int, float], str]:
    """The actuals by year in the unit of the last one, ratios for %, and that unit; those of other kinds are left out.

    A growth beside a level is of another kind, and so is a growth beside a decline. A bare 0.95 beside rates may be
    95 % or 0.95 %: it is left out, or where it is the last, they are.
    """
    found = {year: one for year, reading in readings.items() if (one := amount(reading)) is not None}
    if not found:
        return {}, ""
    last, unit, change = found[max(found)]
    scale = _HUNDRED if unit == RATE else Decimal(1)
    amounts = {}
    for year, (value, own, changing) in found.items():
        as_last = converted(value, own, unit)
        if as_last is not None and changing == change and not perhaps_share(value, own, last, unit):
            amounts[year] = float(as_last / scale)
    return amounts, unit


def amount(reading: Reading) -> tuple[Decimal, str, str] | None:
    """(amount, unit, 增长 or 下降 or empty) of an actual; as compared with the target where it was."""
    actual = reading.actual
    change = actual.word if actual.word in phrases.CHANGES else ""
    if reading.b is not None:
        return reading.b, reading.target.unit or actual.unit, change
    if actual.kind != "number" or actual.low is None:
        return None
    return actual.low, actual.unit, change


def converted(value: Decimal, own: str, unit: str) -> Decimal | None:
    """The amount in another unit, None where nothing is certain; swapped classifiers (件, 起) count the same."""
    if not same_unit(own, unit):
        return None
    aligned = units.align(Decimal(1), unit, value, own)
    return value if aligned.b is None else aligned.b


def perhaps_share(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> bool:
    """Whether one is a share and the other, without a unit, may be one written as a decimal (0.95 for 95 %), or marks
    out of five or ten (满意度 4.8)."""
    ratios = [units.dimension(unit) == _RATIO for unit in (a_unit, b_unit)]
    bare = a if not a_unit else b
    return any(ratios) and "" in (a_unit, b_unit) and 0 < abs(bare) <= MARKS


def at_ceiling(title: str, unit: str, value: float, reading: Reading) -> bool:
    """Whether an actual is a share of everything there is, and as good as it can be: all of it, or none of something
    adverse. A growth of 100 % is not."""
    good = GOOD.get(reading.direction, UNKNOWN)
    grows = reading.actual.word in phrases.CHANGES or names.has(title, list(phrases.CHANGES)) != ""
    share = unit == RATE and names.is_rate(title) and not grows
    return share and abs(value - (0 if good == DOWN else 1)) < NOISE


def _moved(readings: dict[int, Reading], years: list[int]) -> Iterator[int]:
    """The years whose target is another amount than the year before's; 5‰ and 0.5% are one."""
    for before, after in pairwise(years):
        one, other = readings[before].target, readings[after].target
        ends = [(getattr(one, end), getattr(other, end)) for end in ("low", "high")]
        known = [(a, b) for a, b in ends if a is not None and b is not None]
        if any(converted(b, other.unit, one.unit) != a for a, b in known):
            yield after
