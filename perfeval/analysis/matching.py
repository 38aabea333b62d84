"""Which indicator row of one year is which of the year before on file: exact, normalised, alike, or by hand.

Every pair of rows has a likeness (:mod:`~perfeval.analysis.likeness`); pairs are taken one to one, the surest first,
so that the order of rows does not matter. A pair whose definition broke is marked 口径变更 and never bridged. What a
person decided in ``matches.csv`` goes before everything else.

All years of one office matched, each with the year before it on file, and the tracks that come of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from perfeval.analysis.definitions import broken
from perfeval.analysis.likeness import ALIKE, EXACT, LENGTHENED, SWAPPED, Likeness, core, likeness, reworded
from perfeval.analysis.targets import demand
from perfeval.model.folding import fold, key
from perfeval.model.history import (
    BROKEN,
    BY_HAND,
    DROPPED,
    MATCH_COLUMNS,
    MATCH_TYPES,
    MATCHED,
    NEW,
    NORMALISED,
    SAME,
    SIMILAR,
    UNSETTLED,
    frame_of,
)
from perfeval.model.reading import named_pair
from perfeval.model.schema import DECIDED_BROKEN, DECIDED_OTHER

LOWEST = 0.78
"""Likeness from which two rows are one. Of real renamings (市民满意度 → 满意度, 非访劝返率 → 非正常上访劝返率) with
goal, category and unit unchanged nearly all reach it; of indicators that merely follow one pattern (低保覆盖率 and
特困覆盖率: 0.71) few do, and those are doubtful."""
SURE = 0.91
"""Likeness from which a pair needs no person: pattern pairs at their closest (按期开工率 and 按期完工率:
0.90) stay below."""
LEAST_NAME = 0.65
"""Names less alike than this are not one indicator, whatever surrounds them."""
BROKEN_NAME = 0.9
"""A break is only a break where the name stayed: 件 and % under names that differ are two indicators."""
TIE = 0.03
"""Two candidates closer than this are equally good: nothing is said of the pair until a person chooses."""
NORMAL_CONFIDENCE, MOST_ALIKE = 0.98, 0.96
"""Confidence of a pair that is the same after normalising, and the most that a merely similar one can have; an exact
pair has 1. Below these a pair's confidence is its likeness."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about one pair of years, as places of rows."""

    pairs: dict[int, int] = field(default_factory=dict)
    """place before → place, of 同一 and 口径变更."""
    breaks: frozenset[int] = frozenset()
    """Places before whose pair is 口径变更."""
    never: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Paired:
    """Two years, how alike their rows are, and the pairs made."""

    before: pd.DataFrame
    after: pd.DataFrame
    alike: Likeness
    decided: Decided
    pairs: dict[int, int]
    """place before → place."""


def match(before: pd.DataFrame, after: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of two years on file of one office, paired one to one.

    Takes two frames with the columns of :attr:`Evaluation.indicators` and the decisions of ``matches.csv`` for these
    two years. Returns ``place`` and ``previous_place`` (positions in the frames, −1 where there is none), kind,
    confidence (0…1), why, doubtful (bool): a row per row of ``after`` in its order, then the dropped rows.

    Confidence: 1 for an exact pair and for a person's decision, NORMAL_CONFIDENCE after normalising, else the likeness
    (at most MOST_ALIKE). Of new and dropped rows it is 1 less the likeness to the nearest row left without a partner.
    """
    alike = likeness(before, after)
    decided = _decided(before, after, decisions)
    made = Paired(before, after, alike, decided, _pairs(before, after, alike, decided))
    partner = {there: here for here, there in made.pairs.items()}
    gone = sorted(set(range(len(before))) - set(made.pairs))
    lonely = sorted(set(range(len(after))) - set(partner))
    rows = []
    waiting = _waiting(made)
    for place in range(len(after)):
        if place in partner:
            rows.append((place, partner[place], *_judged(made, partner[place], place)))
        elif (-1, place) in waiting:
            rows.append((place, -1, UNSETTLED, *waiting[-1, place], False))
        else:
            nearest, note = _nearest(alike.score[gone, place], [before["indicator"].iloc[one] for one in gone], "上年")
            rows.append((place, -1, NEW, 1 - nearest, f"上年没有对应的指标{note}", False))
    for place in gone:
        if (place, -1) in waiting:
            rows.append((-1, place, UNSETTLED, *waiting[place, -1], False))
            continue
        nearest, note = _nearest(alike.score[place, lonely], [after["indicator"].iloc[one] for one in lonely], "本年")
        rows.append((-1, place, DROPPED, 1 - nearest, f"本年没有对应的指标{note}", False))
    columns = ["place", "previous_place", "kind", "confidence", "why", "doubtful"]
    return pd.DataFrame(rows, columns=columns).astype(
        {
            "place": "int64",
            "previous_place": "int64",
            "kind": "str",
            "confidence": "float64",
            "why": "str",
            "doubtful": "bool",
        }
    )


def _decided(before: pd.DataFrame, after: pd.DataFrame, decisions: pd.DataFrame | None) -> Decided:
    """Decisions as places; those that name no row, or not just one, are passed over (loading has reported them)."""
    pairs: dict[int, int] = {}
    breaks, never = set(), set()
    ours, theirs = ((list(frame["indicator"]), list(frame["goal"])) for frame in (after, before))
    for said in [] if decisions is None else decisions.to_dict("records"):
        there, here = named_pair(theirs, ours, said)
        if len(there) != 1 or len(here) != 1:
            continue
        if said["decision"] == DECIDED_OTHER:
            never.add((there[0], here[0]))
        elif said["decision"] and there[0] not in pairs and here[0] not in pairs.values():
            pairs[there[0]] = here[0]
            breaks |= {there[0]} if said["decision"] == DECIDED_BROKEN else set()
    return Decided(pairs, frozenset(breaks), frozenset(never))


def _pairs(before: pd.DataFrame, after: pd.DataFrame, alike: Likeness, decided: Decided) -> dict[int, int]:
    """place before → place, one to one: decided ones, then by tier and likeness; equal ones by what the rows say."""
    ok = (alike.tier > ALIKE) | ((alike.score >= LOWEST) & (alike.name >= LEAST_NAME))
    rows, columns = np.nonzero(ok)
    ours, theirs = _ranks(before), _ranks(after)
    # Sums and minima of ranks order equal pairs the same way from either year.
    order = np.lexsort(
        (
            np.minimum(ours[rows], theirs[columns]),
            ours[rows] + theirs[columns],
            -np.round(alike.score[rows, columns], 9),
            -alike.tier[rows, columns],
        )
    )
    pairs = dict(decided.pairs)
    right = set(pairs.values())
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row in pairs or column in right or (row, column) in decided.never:
            continue
        unlike = alike.tier[row, column] == ALIKE and alike.name[row, column] < BROKEN_NAME
        if unlike and broken(alike.before[row], alike.after[column]):
            continue
        right.add(column)
        pairs[row] = column
    return pairs


def _ranks(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row by what it says, so that the order of rows in the file decides only between twins."""
    said = ["goal", "category", "subcategory", "indicator", "target", "unit", "actual", "row"]
    order = frame.reset_index(drop=True).sort_values(said, kind="stable").index.to_numpy()
    ranks = np.empty(len(frame), dtype=np.int64)
    ranks[order] = np.arange(len(frame))
    return ranks


def _judged(made: Paired, row: int, column: int) -> tuple[str, float, str, bool]:
    """Kind, confidence, why and doubt of one pair."""
    alike = made.alike
    one, other = made.before.iloc[row], made.after.iloc[column]
    why = broken(alike.before[row], alike.after[column])
    if row in made.decided.breaks:
        return BROKEN, 1.0, f"人工判定为口径变更{f'（{why}）' if why else ''}", False
    if row in made.decided.pairs:
        return BY_HAND, 1.0, f"人工判定为同一指标{f'；注意：{why}' if why else ''}", False
    tier, score = int(alike.tier[row, column]), float(alike.score[row, column])
    confidence = 1.0 if tier == EXACT else NORMAL_CONFIDENCE if tier > ALIKE else min(score, MOST_ALIKE)
    told = _difference(one, other, tier, alike.goal[row, column])
    doubts = _doubts(made, row, column, score) if tier == ALIKE else _halves(made, row, column)
    if doubts:
        return UNSETTLED, confidence, "；".join([told, *doubts, *([f"若是同一项，{why}"] if why else [])]), True
    kind = BROKEN if why else {EXACT: SAME, ALIKE: SIMILAR}.get(tier, NORMALISED)
    return kind, confidence, f"{why}，前后数据不可比；{told}" if why else told, False


def _doubts(made: Paired, row: int, column: int, score: float) -> list[str]:
    """Why nothing can be said of a pair that is merely alike until a person decides; empty where it is one indicator.

    Names that lost or gained words (培训人数, 党员培训人数) are one only where the target asks for the same: a narrower
    indicator has another target, and that is no loosening.
    """
    one, other = made.before.iloc[row], made.after.iloc[column]
    found = []
    rivals = [name for left, right in _rivals(made, row, column) for name in _called(made, left, right, row, column)]
    if rivals:
        found.append(f"另有同样接近的{'、'.join(f'“{name}”' for name in sorted(set(rivals)))}")
    how = reworded(one["indicator"], other["indicator"])
    if how == SWAPPED:
        found.append("名称换了字，可能是另一项指标")
    elif how == LENGTHENED and not _asks_the_same(one, other):
        found.append("名称和目标值都改了，可能是另一项指标")
    elif not found and score < SURE:
        found.append(f"相近程度只有{score:.2f}")
    return found


def _halves(made: Paired, row: int, column: int) -> list[str]:
    """That a row of a pair that is the same but for brackets, year or target has another such partner: two halves."""
    rivals = [name for left, right in _rivals(made, row, column) for name in _called(made, left, right, row, column)]
    return [f"另有同样一致的{'、'.join(f'“{name}”' for name in sorted(set(rivals)))}"] if rivals else []


def _waiting(made: Paired) -> dict[tuple[int, int], tuple[float, str]]:
    """Rows without a partner that would have done as well as one of an unsettled pair: confidence and why, by
    (place before, place), −1 for the side it is not on. Neither new nor dropped until that pair is decided."""
    found: dict[tuple[int, int], tuple[float, str]] = {}
    partner = {there: here for here, there in made.pairs.items()}
    for row, column in made.pairs.items():
        if row in made.decided.pairs:
            continue
        named = f"“{made.before['indicator'].iloc[row]}”与“{made.after['indicator'].iloc[column]}”"
        for left, right in _rivals(made, row, column):
            lonely = (left, -1) if left not in made.pairs else (-1, right)
            if lonely[0] >= 0 or right not in partner:
                found[lonely] = float(made.alike.score[left, right]), f"{named}待判定，这一项同样接近"
    return found


def _asks_the_same(one: pd.Series, other: pd.Series) -> bool:
    """Whether two rows have one target."""
    if fold(one["target"]) == fold(other["target"]):
        return True
    was, now = one["reading"], other["reading"]
    ways = (was.direction, now.direction)
    return demand(was.target, int(one["year"]), now.target, int(other["year"]), ways).more == 0


def _called(made: Paired, left: int, right: int, row: int, column: int) -> list[str]:
    """The name of what a rival pair has in the place of a row of the pair that was made."""
    named = [(made.before, left, row), (made.after, right, column)]
    return [str(frame["indicator"].iloc[place]) for frame, place, own in named if place != own]


def _rivals(made: Paired, row: int, column: int) -> list[tuple[int, int]]:
    """Pairs that would have done as well for either row of a pair, whose other row has no better partner of its own."""
    alike, own = made.alike, made.pairs
    own_before = {there: here for here, there in own.items()}
    near = (alike.score >= alike.score[row, column] - TIE) & (alike.name >= LEAST_NAME)
    near &= (alike.tier == alike.tier[row, column]) & (alike.tier < EXACT)
    found = []
    for other in np.flatnonzero(near[row]).tolist():
        taken = own_before.get(other)
        if other != column and (taken is None or _as_good(alike, (row, other), (taken, other))):
            found.append((row, other))
    for other in np.flatnonzero(near[:, column]).tolist():
        taken = own.get(other)
        if other != row and (taken is None or _as_good(alike, (other, column), (other, taken))):
            found.append((other, column))
    return found


def _as_good(alike: Likeness, pair: tuple[int, int], made: tuple[int, int]) -> bool:
    """Whether a pair that was not made is about as good as the one that was."""
    return bool(alike.tier[made] == ALIKE and alike.score[pair] >= alike.score[made] - TIE)


def _difference(one: pd.Series, other: pd.Series, tier: int, goals: float) -> str:
    """What is the same and what differs between the two rows."""
    if tier == EXACT:
        return "目标、类别和名称完全一致"
    if tier > ALIKE:
        return "去掉标点、年度和名称中的目标值后一致"
    parts = []
    if one["indicator"] == other["indicator"]:
        parts.append("名称一致")
    elif core(one["indicator"]) == core(other["indicator"]):
        parts.append("名称规范化后一致")
    else:
        parts.append(f"名称由“{one['indicator']}”改为“{other['indicator']}”")
    if one["category"] != other["category"]:
        parts.append(f"类别由{one['category']}改为{other['category']}")
    if key(one["subcategory"]) != key(other["subcategory"]):
        parts.append(f"二级指标由“{one['subcategory']}”改为“{other['subcategory']}”")
    if goals < 1:
        parts.append(f"目标由“{one['goal']}”改为“{other['goal']}”" if one["goal"] else "目标序号不同")
    return "，".join(parts)


def _nearest(scores: np.ndarray, names: list[str], year: str) -> tuple[float, str]:
    """The likeness of the nearest row without a partner, and a note where it was near."""
    if not len(scores):
        return 0.0, ""
    best = int(np.argmax(scores))
    score = float(scores[best])
    return score, f"（{year}最接近的是“{names[best]}”，相近程度{score:.2f}）" if score >= LOWEST - 2 * TIE else ""


Tracks = dict[int, list[str]]
"""By year: the track of every row."""


def matches(
    years: Mapping[int, pd.DataFrame], decisions: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, Tracks]:
    """Every year on file matched with the one before it: (matches, doubtful, track of every row by year).

    ``years`` are the indicator frames (:attr:`Evaluation.indicators`) by year; ``decisions`` the office's
    :data:`~perfeval.model.schema.MATCHES`. The frames are those of :class:`~perfeval.model.history.History`.
    """
    ordered = sorted(years)
    tracks: Tracks = {}
    count = 0
    frames = []
    for number, year in enumerate(ordered):
        after = years[year]
        if number == 0:
            tracks[year] = [_track(place + 1) for place in range(len(after))]
            count = len(after)
            continue
        previous = ordered[number - 1]
        before = years[previous]
        pairs = match(before, after, _between(decisions, previous, year))
        here: list[str] = []
        found = pairs[pairs["place"] >= 0]
        for kind, earlier in zip(found["kind"], found["previous_place"], strict=True):
            if kind in MATCHED:
                here.append(tracks[previous][int(earlier)])
            else:
                count += 1
                here.append(_track(count))
        tracks[year] = here
        frames.append(_told(pairs, years, (previous, year), tracks))
    if not frames:
        return frame_of(MATCH_TYPES), frame_of(MATCH_TYPES), tracks
    told = pd.concat(frames, ignore_index=True)
    doubtful = told[told["doubtful"]].drop(columns="doubtful").reset_index(drop=True)
    return told.drop(columns="doubtful"), doubtful, tracks


def _track(number: int) -> str:
    return f"T{number:02d}"


def _between(decisions: pd.DataFrame | None, previous: int, year: int) -> pd.DataFrame | None:
    if decisions is None:
        return None
    return decisions[decisions["year"].eq(year) & decisions["previous_year"].eq(previous)]


def _told(
    pairs: pd.DataFrame, years: Mapping[int, pd.DataFrame], between: tuple[int, int], tracks: Tracks
) -> pd.DataFrame:
    """The pairs as rows of ``History.matches``, with ``doubtful``."""
    previous, year = between
    before, after = years[previous], years[year]
    gap = f"；{previous}年之后到{year}年之前没有数据，跨年度对应" if year - previous > 1 else ""
    rows = []
    for pair in pairs.to_dict("records"):
        place, earlier = int(pair["place"]), int(pair["previous_place"])
        here = after.iloc[place] if place >= 0 else None
        there = before.iloc[earlier] if earlier >= 0 else None
        shown = here if here is not None else before.iloc[earlier]
        rows.append(
            {
                "year": year,
                "previous_year": previous,
                "track": tracks[year][place] if here is not None else tracks[previous][earlier],
                "indicator": "" if here is None else here["indicator"],
                "previous_indicator": "" if there is None else there["indicator"],
                "category": shown["category"],
                "goal": shown["goal"],
                "row": pd.NA if here is None else int(here["row"]),
                "previous_row": pd.NA if there is None else int(there["row"]),
                "kind": pair["kind"],
                "confidence": pair["confidence"],
                "why": pair["why"] + gap * (place >= 0 and earlier >= 0),
                "doubtful": pair["doubtful"],
            }
        )
    return frame_of({**MATCH_TYPES, "doubtful": "bool"}, rows)[[*MATCH_COLUMNS, "doubtful"]]
