"""What changed between two neighbouring years on file: indicators that came, went, were renamed or redefined, and
targets that ask for less or more. A dropped indicator that was missed the year before is a kind of its own."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

import pandas as pd

from perfeval.analysis.likeness import core
from perfeval.analysis.loosening import MEASURED, moved
from perfeval.model.history import (
    BROKEN,
    CHANGE_DROPPED_MISSED,
    CHANGE_TYPES,
    DROPPED,
    LOOSENED,
    MATCHED,
    NEW,
    RENAMED,
    frame_of,
)
from perfeval.model.reading import Reading, read_pair
from perfeval.model.results import Evaluation
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import verdict

Record = Mapping[Any, Any]
"""A row of ``Evaluation.indicators``."""
UNMET = (MISSED, PARTLY)


def changes(evaluations: Mapping[int, Evaluation], indicators: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """One row per noteworthy change (``History.changes``), in the order of the matches; none for one year.

    Takes the evaluations by year, ``History.indicators`` and ``History.matches``. An indicator can have two: renamed,
    and its target loosened. Names that say the same in other punctuation, and targets that ask for the same in other
    words, are no changes. ``before`` and ``after`` are names of a renamed indicator, else targets as read.
    """
    rows = records(evaluations)
    unmet = indicators[indicators["status"].isin(UNMET)]
    missed = {track: frozenset(years) for track, years in unmet.groupby("track")["year"]}
    found: list[tuple[object, ...]] = []
    for match in matches.to_dict("records"):
        year, previous_year = int(match["year"]), int(match["previous_year"])
        before, after = partners(match, rows)
        times = len(list(takewhile(missed.get(match["track"], ()).__contains__, _back(evaluations, previous_year))))
        name = match["indicator"] or match["previous_indicator"]
        found += [
            (year, previous_year, kind, match["track"], name, old, new, note)
            for kind, old, new, note in _changed(match, before, after, times)
        ]
    return frame_of(CHANGE_TYPES, found)


def records(evaluations: Mapping[int, Evaluation]) -> dict[tuple[int, int], Record]:
    """Every indicator row by year and row of its file."""
    return {
        (year, int(row["row"])): row for year, one in evaluations.items() for row in one.indicators.to_dict("records")
    }


def partners(match: Record, rows: Mapping[tuple[int, int], Record]) -> tuple[Record | None, Record | None]:
    """The row of the year before and that of the year; None where there is none."""

    def found(year: str, row: str) -> Record | None:
        return None if pd.isna(match[row]) else rows[int(match[year]), int(match[row])]

    return found("previous_year", "previous_row"), found("year", "row")


def target_moved(before: Record, after: Record) -> tuple[str, str]:
    """:func:`~perfeval.analysis.loosening.moved` of two rows."""
    return moved(before["reading"], int(before["year"]), after["reading"], int(after["year"]))


def _back(evaluations: Mapping[int, Evaluation], year: int) -> Iterator[int]:
    """The years on file from this one back, up to the first gap: over a gap nothing is missed year after year."""
    while year in evaluations:
        yield year
        year -= 1


def _changed(
    match: Record, before: Record | None, after: Record | None, times: int
) -> Iterator[tuple[str, str, str, str]]:
    """(kind, before, after, note) of one match; ``times`` is how many years in a row it was missed until then."""
    gap = "" if match["year"] - match["previous_year"] == 1 else f"（与{match['previous_year']}年相比）"
    if match["kind"] == NEW and after is not None:
        yield NEW, "", after["target_read"], f"新增{after['category']}指标，目标{after['target_read']}{gap}"
    elif match["kind"] == DROPPED and before is not None:
        yield _dropped(before, times, gap)
    elif match["kind"] == BROKEN and before is not None and after is not None:
        yield BROKEN, before["target_read"], after["target_read"], f"{match['why']}；前后数值不可比，另起一条"
    elif match["kind"] in MATCHED and before is not None and after is not None:
        if core(before["indicator"]) != core(after["indicator"]):
            yield RENAMED, before["indicator"], after["indicator"], match["why"]
        kind, how = target_moved(before, after)
        if kind:
            note = how + (_consequence(before, after) if kind == LOOSENED else "") + gap
            yield kind, before["target_read"], after["target_read"], note


def _dropped(before: Record, times: int, gap: str) -> tuple[str, str, str, str]:
    if before["status"] in UNMET:
        often = f"，已连续{times}个年度未完成" if times > 1 else ""
        actual = f"目标{before['target_read']}，实际{before['actual_read']}"
        note = f"上年{before['status']}（{actual}）{often}，本年不再设置，需说明原因{gap}"
        return CHANGE_DROPPED_MISSED, before["target_read"], "", note
    known = verdict(before["status"], before["basis"])
    state = "上年是否完成无法判定" if known == UNDECIDED else f"上年{known}"
    return DROPPED, before["target_read"], "", f"{state}，本年不再设置{gap}"


def _consequence(before: Record, after: Record) -> str:
    """What a loosened target did: whether it was missed before, and whether the old one would be missed now."""
    told = f"；上年{before['status']}，放宽后{after['status']}" if before["status"] in UNMET else ""
    old: Reading = before["reading"]
    new: Reading = after["reading"]
    if after["status"] == MET and old.target.kind in MEASURED and new.status == MET:
        again = read_pair(
            before["indicator"],
            before["target"],
            after["actual"],
            unit=before["unit"] or after["unit"],
            direction=before["direction"],
        )
        told += "；按上年目标衡量，本年未达到" if again.status == MISSED else ""
    return told
