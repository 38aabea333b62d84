"""Which indicators an office has in which years, under which names and targets, and with which values: the truth.

A track is one indicator through the years. Everything that happens to it is decided here and written down as truth:
renamed, added, dropped, target loosened or tightened, definition changed; its values follow a course.

The rows an office files for one year: wording of targets and actuals, verdicts, weights, scores, reasons, measures.

A row is a draft until it is written: planted defects change single cells of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from perfeval.demo import catalogue
from perfeval.demo.catalogue import (
    CEILING,
    COST,
    COUNT,
    DATE,
    FALLING,
    FLAT,
    FULL,
    LESS,
    LOWER,
    PLAIN,
    RATE,
    RATES,
    RISING,
    SURVEY,
    WORDS,
    ZERO,
    Goal,
    Indicator,
    exact,
    rounded,
    trimmed,
)
from perfeval.model.schema import BENEFIT, SATISFACTION, Survey

MISSING, DIPPING = "长期未完成", "偶有未完成"
"""Courses beside those of the truth: flat below the target every year; flat above it but in single years."""
MOST_ROWS = 45
TREND_COUNT = 60
"""Least target of a count that can rise or fall by whole numbers every year."""
LEAST_STUCK = 80
"""Least target, in %, of which 100 % is no finding of its own (D04: 130 % of the target)."""
LEAST_MOVED = 15
"""Least amount whose target is moved: of a smaller one, one more or less is a tenth."""
MOST = Decimal("99.5")
"""Highest rate, in %, that is not 100 %."""
LABEL = "（1）"
"""What a name may get in front without becoming another: offices number their rows."""


@dataclass(slots=True)
class Track:
    """One indicator of one office; lists have one entry a year, None where it is not there."""

    spec: Indicator
    course: str
    wording: int
    """Which wording of targets the office uses for it."""
    years: range | list[int] = field(default_factory=list)
    """Places of the years it is there, one after the other."""
    names: dict[int, str] = field(default_factory=dict)
    targets: dict[int, Decimal] = field(default_factory=dict)
    values: dict[int, Decimal] = field(default_factory=dict)
    event: str = ""
    at: int = -1
    """Place of the year in which the event happened."""
    setback: int = 0
    copied: bool = False
    """Whether the measure is copied from the year before instead of being a new one."""
    spoiled: bool = False
    """Whether a planted defect changed its figures, so that its trend says nothing."""

    def defined(self, place: int) -> Indicator:
        """The definition in force in a year."""
        broken = self.event == "口径变更" and place >= self.at
        return self.spec.changed if broken and self.spec.changed else self.spec

    def missed(self, place: int) -> bool:
        """Whether the target of a year was missed."""
        if self.spec.kind in PLAIN:
            return False
        value, target = self.values[place], self.targets[place]
        return value > target if self.defined(place).kind in LOWER else value < target


def plant(rng: np.random.Generator, goals: Sequence[Goal], years: Sequence[int]) -> list[Track]:
    """The tracks of one office, in the order of the catalogue."""
    scale = float(rng.uniform(0.7, 1.5))
    specs = [one for goal in goals for one in goal.indicators]
    tracks = {one.name: _track(rng, _sized(one, scale)) for one in specs}
    _presence(rng, goals, years, list(tracks.values()))
    there = [track for track in tracks.values() if track.years]
    for track in there:
        track.names = dict.fromkeys(track.years, track.spec.name)
        track.targets = dict.fromkeys(track.years, track.spec.target)
    for place in range(1, len(years)):
        _events(rng, there, place)
    for track in there:
        _values(rng, track)
    _dips(rng, there, len(years))
    return there


def _sized(one: Indicator, scale: float) -> Indicator:
    """The indicator with targets for the size of the office, in round numbers."""
    other = _sized(one.changed, scale) if one.changed is not None else None
    grows = one.kind in (COUNT, COST) or (one.kind == LESS and one.unit == "件")
    if not grows or one.places:
        return replace(one, changed=other)
    return replace(one, target=_round(one.target * exact(scale)), changed=other)


def _round(value: Decimal) -> Decimal:
    """As targets are set: in hundreds, tens or fives, by size."""
    step = next((step for least, step in ((2000, 100), (200, 10), (40, 5)) if value >= least), 1)
    return max(Decimal(2), (value / step).to_integral_value() * step)


def _track(rng: np.random.Generator, spec: Indicator) -> Track:
    drawn = float(rng.random())
    if spec.kind in PLAIN or spec.kind == COST:
        course = FLAT
    elif spec.kind == FULL:
        course = CEILING if drawn < 0.85 else MISSING  # noqa: PLR2004  # most report 100 % year after year
    elif spec.kind == COUNT and spec.target < TREND_COUNT:
        course = MISSING if drawn < 0.05 else FLAT  # noqa: PLR2004  # one in twenty
    else:
        stuck = spec.kind == RATE and spec.target >= LEAST_STUCK
        shares = ((0.1, RISING), (0.16, FALLING), (0.19, MISSING), (0.28 if stuck else 0, CEILING))
        course = next((name for below, name in shares if drawn < below), FLAT)
    return Track(spec, course, int(rng.integers(12)), setback=int(rng.integers(2)), copied=bool(rng.random() < 0.35))  # noqa: PLR2004  # a third of the measures are copied


def _presence(rng: np.random.Generator, goals: Sequence[Goal], years: Sequence[int], tracks: list[Track]) -> None:
    """Which tracks are there when: the core always, some extras from the start, some dropped, some added."""
    last = len(years)
    open_ = [[place for place, year in enumerate(years) if goal.there(year)] for goal in goals]
    for track in tracks:
        passing = len(open_[track.spec.goal]) < last
        if track.spec.core or (passing and rng.random() < 0.5):  # noqa: PLR2004  # a coin
            track.years = open_[track.spec.goal]
    extras = [one for one in tracks if not one.spec.core and len(open_[one.spec.goal]) == last]
    chosen = [extras[place] for place in sorted(rng.choice(len(extras), int(rng.integers(5, 10)), replace=False))]
    for track in chosen:
        track.years = list(range(last))
    unused = [one for one in extras if one not in chosen]
    for place in range(1, last):
        leaving = [one for one in chosen if one.years and one.years[-1] == last - 1 and one.years[0] < place]
        for _ in range(int(rng.choice([0, 1, 1, 2]))):
            if len(leaving) > 3:  # noqa: PLR2004  # some extras stay
                missed = [one for one in leaving if one.course == MISSING]
                track = (missed or leaving)[int(rng.integers(len(missed or leaving)))]
                track.years = list(range(track.years[0], place))
                leaving.remove(track)
        for _ in range(int(rng.choice([0, 1, 1, 2]))):
            if unused and sum(place in one.years for one in tracks) < MOST_ROWS - 2:
                track = unused.pop(int(rng.integers(len(unused))))
                track.years = list(range(place, last))
                chosen.append(track)


def _events(rng: np.random.Generator, tracks: list[Track], place: int) -> None:
    """What happens to indicators between a year and the one before; one event a track."""
    free = [one for one in tracks if not one.event and place in one.years and place - 1 in one.years]

    def take(event: str, times: Sequence[int], fitting: list[Track]) -> None:
        for _ in range(int(rng.choice(times))):
            left = [one for one in fitting if not one.event]
            if left:
                track = left[int(rng.integers(len(left)))]
                track.event, track.at = event, place

    take("口径变更", [0, 0, 1], [one for one in free if one.spec.changed])
    take("更名", [1, 2, 2, 3], [one for one in free if one.spec.later])
    take("写法", [0, 1], free)
    movable = [one for one in free if one.spec.kind not in (*PLAIN, COST)]
    missed = [one for one in movable if one.course in (MISSING, FALLING)]
    take("目标放宽", [0, 1, 1], missed or movable)
    take("目标提高", [0, 1], [one for one in movable if one.course in (FLAT, RISING) and one.spec.kind != FULL])
    for track in free:
        if track.event and track.at == place:
            _happen(track)


def _happen(track: Track) -> None:
    """Names and targets from the year of the event on."""
    after = [place for place in track.years if place >= track.at]
    if track.event in ("更名", "写法"):
        name = track.spec.later if track.event == "更名" else LABEL + track.spec.name
        track.names |= dict.fromkeys(after, name)
        return
    if track.event == "口径变更":
        track.course = FLAT
        track.targets |= dict.fromkeys(after, track.defined(track.at).target)
        return
    target = _moved(track.spec, loosened=track.event == "目标放宽")
    if target == track.spec.target:
        track.event, track.at = "", -1
    else:
        track.targets |= dict.fromkeys(after, target)


def _moved(spec: Indicator, *, loosened: bool) -> Decimal:
    """The target once it is loosened or tightened; the same where that would make no sense."""
    if spec.kind in RATES:
        return spec.target - 5 if loosened else spec.target + (2 if spec.target <= 95 else 0)  # noqa: PLR2004  # no rate of 100 % for a rate
    up = loosened == (spec.kind in LOWER)
    share = Decimal("1.1" if up else "0.9")
    if spec.target < LEAST_MOVED:
        return spec.target
    if spec.target < 20:  # noqa: PLR2004  # small numbers move by one
        return spec.target + (1 if up else -1)
    return _round(spec.target * share)


def _values(rng: np.random.Generator, track: Track) -> None:
    """A value for each year, by the course; a changed definition starts afresh."""
    parts = [
        [place for place in track.years if place < track.at],
        [place for place in track.years if place >= track.at],
    ]
    for places in parts if track.event == "口径变更" else [list(track.years)]:
        if places and track.spec.kind not in PLAIN:
            spec = track.defined(places[0])
            shown = _rates if spec.kind in RATES else _amounts
            targets = [track.targets[place] for place in places]
            track.values |= dict(zip(places, shown(rng, spec, track.course, targets), strict=True))


def _rates(rng: np.random.Generator, _: Indicator, course: str, targets: list[Decimal]) -> list[Decimal]:
    """Percentages with one decimal."""
    count, highest, lowest = len(targets), max(targets), min(targets)
    if course == CEILING:
        return [Decimal(100)] * count
    if course in (RISING, FALLING):
        top = min(highest + exact(rng.uniform(1.5, 3.5)), MOST)
        bottom = min(lowest - exact(rng.uniform(3, 7)), top - 5)
        way = catalogue.climb(rng, count)
        path = way if course == RISING else [1 - part for part in way]
        return [rounded(bottom + (top - bottom) * exact(part), 1) for part in path]
    short = rng.uniform(4, 9) if rng.random() < 0.6 else rng.uniform(0.15, 0.5) * float(lowest)  # noqa: PLR2004  # some are far off
    level = lowest - exact(short) if course == MISSING else min(highest + exact(rng.uniform(1, 3)), MOST)
    swing = exact(min(rng.uniform(0.3, 0.8), float(abs(level - highest)) * 0.7))
    return [min(rounded(level + swing * exact(part), 1), MOST) for part in catalogue.wobble(rng, count)]


def _amounts(rng: np.random.Generator, spec: Indicator, course: str, targets: list[Decimal]) -> list[Decimal]:
    """Counts, durations and costs, as multiples of the target; ``good`` turns them the right way."""
    count, hardest = len(targets), (min(targets) if spec.kind in LOWER else max(targets))
    if course in (RISING, FALLING):
        low, high = rng.uniform(0.82, 0.9), rng.uniform(1.1, 1.18)
        way = catalogue.climb(rng, count)
        shares = [low + (high - low) * (part if course == RISING else 1 - part) for part in way]
    else:
        away = rng.uniform(0.1, 0.2) if course == MISSING else rng.uniform(0.04, 0.12)
        away *= 0.4 if spec.kind == COST else 1
        side = spec.good if course != MISSING else -spec.good
        shares = [
            1 + side * away + 0.03 * part * (0.4 if spec.kind == COST else 1) for part in catalogue.wobble(rng, count)
        ]
    places = 2 if spec.kind == COST else 1 if spec.places or (spec.kind == LESS and spec.unit != "件") else 0
    found = [rounded(hardest * exact(share), places) for share in shares]
    if course == FLAT:  # rounding must not turn a target met into one missed
        return [min(one, hardest) if spec.kind in LOWER else max(one, hardest) for one in found]
    return found


def _dips(rng: np.random.Generator, tracks: list[Track], count: int) -> None:
    """Single years in which otherwise flat indicators missed: so many that the completion rate has a course too."""
    base = [sum(one.missed(place) for one in tracks if place in one.years) for place in range(count)]
    drawn = rng.random()
    slope = -1 if drawn < 0.25 else 1 if drawn < 0.4 else 0  # noqa: PLR2004  # a quarter gets better, a seventh worse
    start = max(base) + (count - 1 if slope < 0 else 0)
    free = [one for one in tracks if one.course == FLAT and not one.event and one.spec.kind not in (*PLAIN, COST)]
    for place in range(count):
        wanted = start + slope * place if slope else max(base) - int(rng.integers(0, 2))
        here = [one for one in free if place in one.years and one.course == FLAT]
        for _ in range(max(0, wanted - base[place])):
            if here:
                track = here.pop(int(rng.integers(len(here))))
                track.course = DIPPING
                track.values[place] = _dipped(rng, track.spec, track.targets[place])


def _dipped(rng: np.random.Generator, spec: Indicator, target: Decimal) -> Decimal:
    if spec.kind in RATES:
        return rounded(target - exact(rng.uniform(1.5, 6)), 1)
    places = 1 if spec.places or (spec.kind == LESS and spec.unit != "件") else 0
    found = rounded(target * exact(1 - spec.good * rng.uniform(0.06, 0.18)), places)
    return found if found != target else target - spec.good


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
