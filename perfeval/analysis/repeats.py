"""Indicators missed year after year: what was promised each time, and what became of it."""

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

TWICE = 2
"""Years in a row, on file, from which an indicator is a repeat."""
STILL, DONE, CANCELLED, EASED = "仍未完成", "下一年完成", "指标已取消", "目标放宽后完成"
REDEFINED, OPEN = "口径变更，无法对照", "下一年无法判定"
OUTCOMES = (STILL, DONE, CANCELLED, EASED, REDEFINED, OPEN)
"""What became of a repeat the year after; 仍未完成 where its last miss is in the last year on file."""
LEAST_NAME = 3
"""Characters a name needs to be looked for in the office's own words."""


def repeated(evaluations: Mapping[int, Evaluation], indicators: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """One row per run of years on file in which an indicator was 未完成 or 部分完成 (``History.repeated``).

    track, indicator (name in the run's last year), years, times, reasons and measures (one text per year, empty where
    none is given: the row's own, else the sentences of the narrative that name the indicator), copied (whether
    any measure is that of the year before, word for word or nearly), outcome (:data:`OUTCOMES`).
    """
    years = sorted(evaluations)
    after = _next(evaluations, matches)
    found = []
    for track, rows in indicators.groupby("track", sort=False) if len(indicators) else ():
        by_year = {int(row["year"]): row for row in rows.to_dict("records")}
        for run in _runs([year for year in years if year in by_year], years, by_year):
            last = by_year[run[-1]]
            measures = tuple(_measure(by_year[year], evaluations[year]) for year in run)
            reasons = tuple(_reason(by_year[year], evaluations[year]) for year in run)
            outcome = STILL if run[-1] == years[-1] else _outcome(last, after)
            found.append((track, last["indicator"], run, len(run), reasons, measures, _copied(measures), outcome))
    return frame_of(REPEATED_TYPES, found)


def _runs(held: list[int], years: list[int], rows: Mapping[int, Record]) -> Iterator[tuple[int, ...]]:
    """The stretches of two or more neighbouring years on file in which the row was missed."""
    run: list[int] = []
    for year in years:
        if year in held and rows[year]["status"] in UNMET:
            run.append(year)
            continue
        if len(run) >= TWICE:
            yield tuple(run)
        run = []
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
