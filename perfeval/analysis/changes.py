"""What changed between two neighbouring years on file: indicators that came, went, were renamed or redefined, and
targets that ask for less or more. A dropped indicator that was missed the year before is a kind of its own.

Indicators missed year after year: what was promised each time, and what became of it.

Year after year means calendar years one after the other, all on file, in each of which the indicator (one track, so
under one definition) was 未完成 or 部分完成. A year without data, without the indicator, or in which it is undecidable
ends a run: nobody knows that it was missed then. Only a run that reaches the latest year on file still *stands* (a year
of which only targets are filled in is not yet one); what was missed repeatedly before is told with what became of it,
never as still missed.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from perfeval.analysis.findings.context import SIMILAR, blank
from perfeval.analysis.likeness import core
from perfeval.analysis.series import by_track
from perfeval.analysis.targets import MEASURED, moved
from perfeval.model.folding import key
from perfeval.model.history import (
    BROKEN,
    CHANGE_DROPPED_MISSED,
    CHANGE_TYPES,
    DROPPED,
    LOOSENED,
    MATCHED,
    NEW,
    RENAMED,
    REPEATED_TYPES,
    UNSETTLED,
    frame_of,
)
from perfeval.model.reading import Reading, read_pair
from perfeval.model.results import Evaluation
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import CLAIMED, NOT_FILLED, verdict

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
    named = indicators.groupby(indicators["indicator"].map(core))["year"].agg(set).to_dict()
    found: list[tuple[object, ...]] = []
    for match in matches.to_dict("records"):
        year, previous_year = int(match["year"]), int(match["previous_year"])
        before, after = partners(match, rows)
        times = len(list(takewhile(missed.get(match["track"], ()).__contains__, _back(evaluations, previous_year))))
        name = match["indicator"] or match["previous_indicator"]
        earlier = max((when for when in named.get(core(name), ()) if when < previous_year), default=None)
        found += [
            (year, previous_year, kind, match["track"], name, old, new, note)
            for kind, old, new, note in _changed(match, before, after, times, earlier)
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
    """:func:`~perfeval.analysis.targets.moved` of two rows."""
    return moved(before["reading"], int(before["year"]), after["reading"], int(after["year"]))


def _back(evaluations: Mapping[int, Evaluation], year: int) -> Iterator[int]:
    """The years on file from this one back, up to the first gap: over a gap nothing is missed year after year."""
    while year in evaluations:
        yield year
        year -= 1


def _changed(
    match: Record, before: Record | None, after: Record | None, times: int, earlier: int | None
) -> Iterator[tuple[str, str, str, str]]:
    """(kind, before, after, note) of one match; ``times`` is how many years in a row it was missed until then,
    ``earlier`` the last year before those two that has one of that name."""
    gap = "" if match["year"] - match["previous_year"] == 1 else f"（与{match['previous_year']}年相比）"
    if match["kind"] == NEW and after is not None:
        had = f"，{earlier}年曾设置" if earlier else ""
        yield NEW, "", after["target_read"], f"新增{after['category']}指标，目标{after['target_read']}{had}{gap}"
    elif match["kind"] == DROPPED and before is not None:
        yield _dropped(before, times, gap, match["why"])
    elif match["kind"] == BROKEN and before is not None and after is not None:
        yield BROKEN, before["target_read"], after["target_read"], f"{match['why']}；前后数值不可比，另起一条"
    elif match["kind"] in MATCHED and before is not None and after is not None:
        if core(before["indicator"]) != core(after["indicator"]):
            yield RENAMED, before["indicator"], after["indicator"], match["why"]
        kind, how = target_moved(before, after)
        if kind:
            note = how + (_consequence(before, after) if kind == LOOSENED else "") + gap
            yield kind, before["target_read"], after["target_read"], note


def _dropped(before: Record, times: int, gap: str, why: str) -> tuple[str, str, str, str]:
    gap = f"{why[why.index('（') :]}{gap}" if "最接近的是" in why else gap
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
    now = verdict(after["status"], after["basis"])
    told = f"；上年{before['status']}，放宽后{now}" if before["status"] in UNMET else ""
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


TWICE = 2
"""Calendar years in a row from which an indicator is a repeat."""
STILL, DONE, CANCELLED, EASED = "仍未完成", "下一年完成", "指标已取消", "目标放宽后完成"
SAID = "下一年凭申报完成"
"""Nobody can tell from figures whether it was met: its office says so."""
REDEFINED, OPEN, UNSEEN = "口径变更，无法对照", "下一年无法判定", "下一年没有数据"
OUTCOMES = (STILL, DONE, SAID, CANCELLED, EASED, REDEFINED, OPEN, UNSEEN)
"""What became of a repeat the year after; 仍未完成 where its last miss is in the last year on file."""
LEAST_NAME = 3
"""Characters a name needs to be looked for in the office's own words."""


def repeated(evaluations: Mapping[int, Evaluation], indicators: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """One row per run of neighbouring years in which an indicator was 未完成 or 部分完成 (``History.repeated``).

    track, indicator (name in the run's last year), years, times, reasons and measures (one text per year, empty where
    none is given: the row's own, else the sentences of the narrative that name the indicator), copied (whether
    any measure is that of the year before, word for word or nearly), outcome (:data:`OUTCOMES`), standing (whether the
    run reaches the last year on file that is filled in).
    """
    filled = [year for year, one in sorted(evaluations.items()) if one.state != NOT_FILLED]
    after = _next(evaluations, matches)
    found = []
    for track, by_year in by_track(indicators).items():
        for run in _runs(by_year):
            last = by_year[run[-1]]
            measures = tuple(_measure(by_year[year], evaluations[year]) for year in run)
            reasons = tuple(_reason(by_year[year], evaluations[year]) for year in run)
            standing = run[-1] == filled[-1]
            outcome = STILL if standing else _outcome(last, after) if run[-1] + 1 in filled else UNSEEN
            told = (reasons, measures, _copied(measures), outcome, standing)
            found.append((track, last["indicator"], run, len(run), *told))
    return frame_of(REPEATED_TYPES, found)


def _runs(rows: Mapping[int, Record]) -> Iterator[tuple[int, ...]]:
    """The stretches of two or more calendar years one after the other in which the row was missed."""
    run: list[int] = []
    for year in sorted(year for year, row in rows.items() if row["status"] in UNMET):
        if run and year != run[-1] + 1:
            if len(run) >= TWICE:
                yield tuple(run)
            run = []
        run.append(year)
    if len(run) >= TWICE:
        yield tuple(run)


def _next(
    evaluations: Mapping[int, Evaluation], matches: pd.DataFrame
) -> dict[tuple[int, int], tuple[str, Record | None]]:
    """By year and row: what became of it the year after, and its row then."""
    rows = records(evaluations)
    there = matches[matches["previous_row"].notna()]
    return {
        (int(match["previous_year"]), int(match["previous_row"])): (match["kind"], partners(match, rows)[1])
        for match in there.to_dict("records")
    }


def _outcome(last: Record, after: Mapping[tuple[int, int], tuple[str, Record | None]]) -> str:
    kind, then = after.get((int(last["year"]), int(last["row"])), (DROPPED, None))
    if kind == BROKEN:
        return REDEFINED
    if kind == UNSETTLED:
        return OPEN
    if kind not in MATCHED or then is None:
        return CANCELLED
    known = verdict(then["status"], then["basis"])
    if known != MET:
        return SAID if known == CLAIMED else OPEN
    return EASED if target_moved(last, then)[0] == LOOSENED else DONE


def _measure(row: Record, evaluation: Evaluation) -> str:
    if not blank(row["measure"]):
        return str(row["measure"])
    return "；".join(text for text in evaluation.narrative.measures if _names(text, row))


def _reason(row: Record, evaluation: Evaluation) -> str:
    if not blank(row["reason"]):
        return str(row["reason"])
    issues = evaluation.narrative.problems
    return "；".join(issue.cause or issue.text for issue in issues if _names(f"{issue.text}{issue.cause}", row))


def _names(text: str, row: Record) -> bool:
    name = core(row["indicator"])
    return len(name) >= LEAST_NAME and name in key(text)


def _copied(measures: tuple[str, ...]) -> bool:
    """Whether a year promised what the year before had promised; years without a promise are passed over."""
    given = [key(text) for text in measures if text]
    return any(fuzz.ratio(one, other) >= SIMILAR * 100 for one, other in pairwise(given))
