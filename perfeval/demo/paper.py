"""What an office files for one year while it is put together, and picking rows of it to plant defects in.

Budget and execution of a fictional office: adjusted within the year, exact to the cent, adding up.

Amounts are whole cents of 万元 (100 yuan) while they are shared out, Decimal 万元 afterwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from perfeval.demo import catalogue
from perfeval.demo.catalogue import CEILING, COUNT, FALLING, FLAT, RISING, SURVEY
from perfeval.demo.planting import LEAST_STUCK, Row, Track, numeric
from perfeval.model.schema import BASIC, PROJECT, TOTAL, Narrative

LOW, HIGH = 0.885, 0.985
"""Execution rates between which a planted rise or fall runs."""
USUAL = 0.955
SWING = 0.008
BASIC_RATE = 0.999
"""Nearly all of basic spending (salaries) is executed."""


@dataclass(slots=True)
class Line:
    """One line of the budget table, 万元."""

    item: str
    goal_no: int | None
    opening: Decimal | None
    adjusted: Decimal
    executed: Decimal
    weight: Decimal | None = None
    declared_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An office's budget through the years: the course of its execution rate, its size, the part of basic spending."""

    course: str
    rates: tuple[float, ...]
    size: float
    """Adjusted budget of the first year, 万元."""
    basic: float


def plan(rng: np.random.Generator, count: int) -> Plan:
    """Draw one; a tenth of the offices report 100 % every year, a third rise or fall."""
    drawn = float(rng.random())
    shares = ((0.08, CEILING), (0.28, RISING), (0.42, FALLING))
    course = next((name for below, name in shares if drawn < below), FLAT)
    if course == CEILING:
        rates = [1.0] * count
    elif course == FLAT:
        rates = [USUAL + SWING * part for part in catalogue.wobble(rng, count)]
    else:
        way = catalogue.climb(rng, count)
        rates = [LOW + (HIGH - LOW) * (part if course == RISING else 1 - part) for part in way]
    return Plan(course, tuple(rates), float(rng.uniform(3200, 8800)), float(rng.uniform(0.34, 0.46)))


def budget(
    rng: np.random.Generator, drawn: Plan, place: int, goals: Sequence[tuple[int, str]], shares: Sequence[int]
) -> list[Line]:
    """The lines of one year: the whole, its halves, and each goal's fund; funds add up to project spending.

    ``goals`` are (number, name), ``shares`` their parts of project spending, in proportion.
    """
    whole = round(drawn.size * 100 * 1.03**place * float(rng.uniform(0.98, 1.02)))
    basic = round(whole * drawn.basic)
    project = whole - basic
    rate = drawn.rates[place]
    full = rate == 1
    basic_done = basic if full else round(basic * BASIC_RATE)
    project_done = round(whole * rate) - basic_done
    parts = [share * float(rng.uniform(0.9, 1.1)) for share in shares]
    adjusted = _shared(project, parts)
    executed = (
        _shared(project_done, [float(part) for part in adjusted]) if full else _spent(rng, adjusted, project_done)
    )
    opening = [round(part * float(rng.uniform(0.9, 1.04))) for part in adjusted]
    basic_opening = round(basic * float(rng.uniform(0.95, 1.0)))
    funds = [
        _line(f"{name}", number, amounts)
        for (number, name), amounts in zip(goals, zip(opening, adjusted, executed, strict=True), strict=True)
    ]
    halves = ((BASIC, (basic_opening, basic, basic_done)), (PROJECT, (sum(opening), project, project_done)))
    total = (basic_opening + sum(opening), whole, basic_done + project_done)
    return [_line(TOTAL, None, total), *(_line(item, None, amounts) for item, amounts in halves), *funds]


def _line(item: str, number: int | None, cents: tuple[int, ...]) -> Line:
    opening, adjusted, executed = (Decimal(amount).scaleb(-2) for amount in cents)
    return Line(item, number, opening, adjusted, executed)


def _shared(whole: int, parts: Sequence[float]) -> list[int]:
    """``whole`` in proportion, in whole cents; what is left over goes to the first ones."""
    given = [int(whole * part / sum(parts)) for part in parts]
    rest = whole - sum(given)
    return [amount + (place < rest) for place, amount in enumerate(given)]


def _spent(rng: np.random.Generator, adjusted: Sequence[int], whole: int) -> list[int]:
    """What each goal spent: about alike, none more than it had, ``whole`` together."""
    unspent = sum(adjusted) - whole
    weights = [amount * float(rng.uniform(0.4, 1.6)) for amount in adjusted]
    left = _shared(unspent, weights)
    left = [min(one, amount) for one, amount in zip(left, adjusted, strict=True)]
    left[0] += unspent - sum(left)
    return [amount - one for amount, one in zip(adjusted, left, strict=True)]


BOUNDED = ("合格率", "办结率", "结案率", "整改率", "化解率", "及时率", "参与率", "达标率")
"""Rates that never pass 100 %."""


@dataclass(slots=True)
class Paper:
    """Everything an office files for one year, while it is being put together."""

    year: int
    rows: list[Row]
    money: list[Line]
    narrative: Narrative
    habits: dict[str, Track]
    """By code: the indicator in which an office's habit shows, the same every year."""
    wrong_total: bool = False
    wrong_grade: bool = False


Planted = tuple[str, str] | None
Planter = Callable[[np.random.Generator, Paper], Planted]


def pick(rng: np.random.Generator, paper: Paper, fits: Callable[[Row], bool], *, spoils: bool = False) -> Row | None:
    """A row no other defect has touched; its trend is given up where the figures change."""
    rows = [row for row in paper.rows if not row.touched and not row.extra and fits(row)]
    if not rows:
        return None
    row = rows[int(rng.integers(len(rows)))]
    row.touched = True
    row.track.spoiled |= spoils
    return row


def habit(rng: np.random.Generator, paper: Paper, code: str, kinds: tuple[str, ...]) -> Row | None:
    """The row of an office's habit: the one of earlier years; in the first, one that is met every year."""
    kept = paper.habits.get(code)
    if kept is not None:
        return pick(rng, paper, lambda one: one.track is kept)

    def fits(one: Row) -> bool:
        track = one.track
        plain = one.spec.kind in kinds and not one.spec.places and not one.spec.changed and not track.event
        return plain and one.spec.core and not any(track.missed(place) for place in track.years)

    row = pick(rng, paper, fits, spoils=True)
    if row is not None:
        paper.habits[code] = row.track
    return row


def met_number(row: Row) -> bool:
    """Whether a row has a number that reaches its target, and is no survey."""
    return numeric(row) and not row.missed and row.spec.kind != SURVEY


def bounded(row: Row) -> bool:
    """Whether 103 % is impossible, yet not so far above the target that D04 asks why."""
    return met_number(row) and row.name.endswith(BOUNDED) and row.track.targets[row.place] >= LEAST_STUCK


def count(row: Row) -> bool:
    """Whether a row counts whole pieces and reached its target."""
    return row.spec.kind == COUNT and not row.missed and not row.spec.places


def missed(row: Row) -> bool:
    """Whether a row missed its target."""
    return row.missed


def rewrite(row: Row, actual: str) -> None:
    """Another actual, also in the sentence that tells it."""
    row.cells["actual"] = actual
    row.cells["narrative"] = row.spec.done.format(actual)
