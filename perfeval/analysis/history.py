"""Several years of one office put together: evaluations, matches, tracks, yearly figures, trends and changes."""

from collections.abc import Mapping

import pandas as pd

from perfeval.analysis import changes, decomposition, repeats, trends
from perfeval.analysis.tracking import Tracks, matches
from perfeval.model.history import SUMMARY_TYPES, History, frame_of
from perfeval.model.results import DECLARED, STRICT, Evaluation
from perfeval.model.states import EVALUATED
from perfeval.model.verdicts import COUNTS

MISSING = float("nan")


def history(evaluations: Mapping[int, Evaluation], decisions: pd.DataFrame | None = None) -> History:
    """The years of one office as a :class:`History`.

    ``evaluations`` are by year, at least one, all of one office under one rule set; ``decisions`` are what a person
    decided about its indicators (``Data.matches``).
    """
    by_year = {year: evaluations[year] for year in sorted(evaluations)}
    found, doubtful, tracks = matches({year: one.indicators for year, one in by_year.items()}, decisions)
    indicators = _tracked(by_year, tracks)
    figures = summary(by_year)
    last = by_year[max(by_year)]
    return History(
        subdistrict=last.subdistrict,
        name=last.name,
        district=last.district,
        city=last.city,
        ruleset=last.ruleset,
        years=tuple(by_year),
        evaluations=by_year,
        indicators=indicators,
        matches=found,
        doubtful=doubtful,
        summary=figures,
        trends=trends.trends(figures, indicators),
        year_on_year=trends.year_on_year(figures, indicators),
        changes=changes.changes(by_year, indicators, found),
        decomposition=decomposition.decomposition(by_year, found),
        repeated=repeats.repeated(by_year, indicators, found),
    )


def summary(evaluations: Mapping[int, Evaluation]) -> pd.DataFrame:
    """One row per year (:attr:`History.summary`); NaN where a year has no such figure."""
    return frame_of(SUMMARY_TYPES, [_figures(year, evaluations[year]) for year in sorted(evaluations)])


def _figures(year: int, one: Evaluation) -> dict[str, object]:
    counted = one.completion.overall.iloc[0]
    evaluated = one.state == EVALUATED
    return {
        "year": year,
        "state": one.state,
        "budget": _number(one.execution.budget),
        "executed": _number(one.execution.executed),
        "execution_rate": _number(one.execution.rate),
        **{f"completion_{end}": float(counted[end]) if evaluated else MISSING for end in ("low", "high")},
        **{name: int(counted[name]) for name in ("rows", *COUNTS, "most")},
        "score": _number(one.scores[DECLARED].total),
        "strict": _number(one.scores[STRICT].total),
        "declared_score": _number(one.declared_score),
        "grade": one.grade,
    }


def _number(figure: float | None) -> float:
    return MISSING if figure is None else float(figure)


def _tracked(evaluations: Mapping[int, Evaluation], tracks: Tracks) -> pd.DataFrame:
    """Every indicator row of every year below one another, its track and year in front."""
    frames = []
    for year, one in evaluations.items():
        rows = one.indicators.drop(columns="year")
        rows.insert(0, "track", pd.Series(tracks[year], index=rows.index, dtype="str"))
        rows.insert(1, "year", year)
        frames.append(rows)
    return pd.concat(frames, ignore_index=True)
