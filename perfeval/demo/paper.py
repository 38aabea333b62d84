"""What an office files for one year while it is put together, and picking rows of it to plant defects in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from perfeval.demo.catalogue import COUNT, SURVEY
from perfeval.demo.drafting import Row, numeric
from perfeval.demo.money import Line
from perfeval.demo.planting import LEAST_STUCK, Track
from perfeval.model.narrative import Narrative

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
