"""The rows an office files for one year: wording of targets and actuals, verdicts, weights, scores, reasons, measures.

A row is a draft until it is written: planted defects change single cells of it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from perfeval.demo.catalogue import COST, COUNT, DATE, FULL, LESS, LOWER, RATES, SURVEY, WORDS, ZERO, Goal, Indicator
from perfeval.demo.planting import Track
from perfeval.demo.series import rounded, trimmed
from perfeval.model.narrative import Survey
from perfeval.model.schema import BENEFIT, SATISFACTION

EXECUTION = Decimal(20)
"""Points of budget execution (Hubei's rules); outputs with costs have 40, benefits with satisfaction 40."""
HALF_BLOCK = Decimal(40)
CENT = Decimal("0.01")
STEP = Decimal("0.5")
"""Weights are whole multiples of it."""
DONE, NOT_DONE = "完成年初目标", "未完成年初目标"
AT_LEAST = ("≥{}", "{}", "≥{}", "不低于{}", "≥{}", "大于等于{}", "达到{}以上", "≥{}", "{}", "≥{}", "不少于{}", "{}以上")
AT_MOST = ("≤{}", "不超过{}", "≤{}", "小于等于{}")
BY_MONTH = ("{}月底前", "{}月底前完成")
LEAST_ASKED, MOST_ASKED = 300, 900
"""Respondents of a survey."""


@dataclass(slots=True)
class Row:
    """One indicator row while it is being put together."""

    track: Track
    place: int
    """Place of the year."""
    spec: Indicator
    goal_no: int
    goal: str
    cells: dict[str, Any]
    missed: bool
    cause: str = ""
    survey: Survey | None = None
    touched: bool = False
    """Whether a defect has been planted in it."""
    extra: bool = False
    """Whether it is a planted second copy of another row."""

    @property
    def name(self) -> str:
        """As printed."""
        return str(self.cells["indicator"])


def draft(rng: np.random.Generator, tracks: list[Track], goals: list[Goal], place: int, year: int) -> list[Row]:
    """The rows of one year, by goal; without weights and scores, which depend on all of them."""
    numbers = {goal: number for number, goal in enumerate(goals_of(tracks, place), start=1)}
    rows = []
    for track in tracks:
        if place in track.years:
            spec = track.defined(place)
            rows.append(_row(rng, track, spec, goals[spec.goal], place, year, numbers[spec.goal]))
    return rows


def goals_of(tracks: list[Track], place: int) -> list[int]:
    """The places in the catalogue of the goals that have rows in a year, in order."""
    return sorted({track.spec.goal for track in tracks if place in track.years})


def _row(  # noqa: PLR0917  # called once, with everything drawn before
    rng: np.random.Generator, track: Track, spec: Indicator, goal: Goal, place: int, year: int, number: int
) -> Row:
    value = track.values.get(place, Decimal(0))
    survey = None
    if spec.kind == SURVEY:
        asked = int(rng.integers(LEAST_ASKED, MOST_ASKED))
        pleased = int((value * asked / 100).to_integral_value())
        value = track.values[place] = rounded(Decimal(100 * pleased) / asked, 1)
        ways = ("入户问卷", "窗口现场问卷", "电话访问")
        survey = Survey(
            track.names[place],
            asked,
            pleased,
            f"{year}-{int(rng.integers(10, 13))}-{int(rng.integers(10, 28))}",
            ways[track.wording % 3],
        )
    target, actual = target_text(track, spec, track.targets[place]), _actual(rng, track, spec, value)
    missed = track.missed(place)
    setback = goal.setbacks[track.setback]
    turn = 0 if track.copied else place
    cells = {
        "goal_no": number,
        "goal": goal.name,
        "category": spec.category,
        "subcategory": spec.sub,
        "indicator": track.names[place],
        "target": target,
        "actual": actual,
        "declared_met": NOT_DONE if missed else DONE,
        "reason": setback.cause if missed else "",
        "measure": setback.measures[turn % len(setback.measures)] if missed else "",
        "evidence": spec.evidence,
        "narrative": spec.done.format(actual),
    }
    return Row(track, place, spec, number, goal.name, cells, missed, setback.cause if missed else "", survey)


def target_text(track: Track, spec: Indicator, target: Decimal) -> str:
    """A target as the office words it: ``≥95%``, ``不超过260万元``, ``11月底前``, ``持续改善``."""
    if spec.kind == WORDS:
        return spec.words[track.wording % len(spec.words)]
    if spec.kind == DATE:
        return BY_MONTH[track.wording % len(BY_MONTH)].format(target)
    if spec.kind in (ZERO, FULL):
        return f"{target}{spec.unit}"
    forms = AT_MOST if spec.kind in LOWER else AT_LEAST
    return spec.prefix + forms[0 if spec.prefix else track.wording % len(forms)].format(f"{target}{spec.unit}")


def _actual(rng: np.random.Generator, track: Track, spec: Indicator, value: Decimal) -> str:
    if spec.kind == WORDS:
        return spec.words[track.wording % len(spec.words)]
    if spec.kind == DATE:
        return f"{int(spec.target) - int(rng.integers(2))}月{int(rng.integers(5, 28))}日"
    return f"{value}{spec.unit}"


def weigh(rows: list[Row]) -> None:
    """Weights in half points: 40 to outputs and costs, 40 to benefits and satisfaction, alike within each."""
    for later in (False, True):
        block = [row for row in rows if (row.spec.category in (BENEFIT, SATISFACTION)) == later]
        steps = int(HALF_BLOCK / STEP)
        each, rest = divmod(steps, len(block))
        heavier = sorted(block, key=lambda row: not row.spec.core)[:rest]
        for row in block:
            row.cells["weight"] = trimmed(STEP * (each + any(row is one for one in heavier)))


def score(rows: list[Row]) -> None:
    """The office's own score of each row: weight × completion, as the rules have it."""
    for row in rows:
        weight = row.cells["weight"]
        full = weight - CENT if row.missed else weight  # a target just missed still costs something
        row.cells["declared_score"] = min(rounded(weight * share(row), 2), full)


def share(row: Row) -> Decimal:
    """Completion, at most 1: B/A, and A/B where less is better."""
    if not row.missed:
        return Decimal(1)
    target, value = row.track.targets[row.place], row.track.values[row.place]
    return target / value if row.spec.kind in LOWER else value / target


def numeric(row: Row) -> bool:
    """Whether a row's target and actual are numbers that count pieces or percentages."""
    return row.spec.kind in (*RATES, COUNT, LESS, COST)
