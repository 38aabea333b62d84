"""Indicators missed year after year: what was promised each time, and what became of it.

Year after year means calendar years one after the other, all on file, in each of which the indicator (one track, so
under one definition) was 未完成 or 部分完成. A year without data, without the indicator, or in which it is undecidable
ends a run: nobody knows that it was missed then. Only a run that reaches the latest year on file still *stands* (a year
of which only targets are filled in is not yet one); what was missed repeatedly before is told with what became of it,
never as still missed.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd
from rapidfuzz import fuzz

from perfeval.analysis.changes import UNMET, Record, partners, records, target_moved
from perfeval.analysis.findings.context import SIMILAR, blank
from perfeval.analysis.likeness import core
from perfeval.model.folding import key
from perfeval.model.history import BROKEN, DROPPED, LOOSENED, MATCHED, REPEATED_TYPES, frame_of
from perfeval.model.results import Evaluation
from perfeval.model.schema import MET
from perfeval.model.states import NOT_FILLED

TWICE = 2
"""Calendar years in a row from which an indicator is a repeat."""
STILL, DONE, CANCELLED, EASED = "仍未完成", "下一年完成", "指标已取消", "目标放宽后完成"
REDEFINED, OPEN, UNSEEN = "口径变更，无法对照", "下一年无法判定", "下一年没有数据"
OUTCOMES = (STILL, DONE, CANCELLED, EASED, REDEFINED, OPEN, UNSEEN)
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
    for track, rows in indicators.groupby("track", sort=False) if len(indicators) else ():
        by_year = {int(row["year"]): row for row in rows.to_dict("records")}
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
    if kind not in MATCHED or then is None:
        return CANCELLED
    if then["status"] != MET:
        return OPEN
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
