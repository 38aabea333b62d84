"""All years of one office matched, each with the year before it on file, and the tracks that come of it."""

from collections.abc import Mapping

import pandas as pd

from perfeval.analysis.matching import match
from perfeval.model.history import MATCH_COLUMNS, MATCH_TYPES, MATCHED, frame_of

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
