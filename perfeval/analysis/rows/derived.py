"""Frames that follow from the tidy ones: where points are lost, narratives that are alike, completion by any column."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz

from perfeval.analysis.completion import completion_rates
from perfeval.analysis.findings.consistency import LEAST_NARRATIVE
from perfeval.analysis.findings.consistency import alike as groups_of
from perfeval.analysis.findings.context import SIMILAR
from perfeval.analysis.rows import fragments
from perfeval.model import asked
from perfeval.model.columns import LOSS, TOTAL, frame_of, records
from perfeval.model.errors import ParameterError
from perfeval.model.folding import fold, key
from perfeval.model.verdicts import unfilled

OWNER = ["subdistrict", "year"]
PLACE = ["subdistrict", "name", "district", "year"]
FULL, EXECUTION, OTHERS, REST, SCORE = "满分", "预算执行", "其他部分", "尾差", "复算得分"
CENT = 0.005
"""Points below which nothing is lost: rows are rounded to four decimals, totals to two."""
HERE, YEARS, OFFICES = "同一街道同一年", "同一街道各年", "几个街道"


@asked.takes(
    rows=[*OWNER, "indicator", "status", "actual", "lost"],
    scores=[
        *PLACE,
        "rows",
        "score",
        "possible",
        "execution_points",
        "execution_score",
        "others_points",
        "others_score",
    ],
)
def score_parts(rows: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """From full points to the score of every office-year, loss by loss (``columns("score_parts")``).

    ``rows`` and ``scores`` are frames of :func:`perfeval.rows` and :func:`perfeval.scores`. An office-year begins with
    满分 and ends with 复算得分, which is its score; between them stand execution, what is not filled in yet, the
    indicators that lost most first, and other parts, each only where it lost points; 尾差 only where roundings come to
    half a cent of a point or more.
    Office-years without a score have no parts. :class:`ParameterError` where an office-year's rows are not all there.

    >>> pe.score_parts(rows, scores).query("kind == 'loss'").nsmallest(3, "points")  # doctest: +SKIP
    """
    held = dict(list(rows.groupby(OWNER, sort=False))) if len(rows) else {}
    found: list[tuple[Any, ...]] = []
    for one in records(scores[scores["score"].notna()]):
        own = held.get((one["subdistrict"], one["year"]), rows.head(0))
        if len(own) != one["rows"]:
            told = f"{one['name']}{one['year']}年度应有{one['rows']}行指标，rows里有{len(own)}行"
            raise ParameterError(f"{told}；请给出这个年度的全部指标")
        found += [tuple(one[name] for name in PLACE) + part for part in _parts(own, one)]
    return frame_of("score_parts", found)


def _parts(rows: pd.DataFrame, one: dict[Any, Any]) -> list[tuple[str, str, float, float]]:
    waiting = unfilled(rows)
    lost = rows[rows["lost"].ge(CENT) & ~waiting].sort_values("lost", ascending=False, kind="stable")
    losses = [(EXECUTION, one["execution_points"] - one["execution_score"])]
    losses += [(f"尚未填报的{waiting.sum()}项", float(rows.loc[waiting, "lost"].sum()))] if waiting.any() else []
    losses += list(zip(lost["indicator"], lost["lost"], strict=True))
    losses += [(OTHERS, one["others_points"] - one["others_score"])]
    small = float(rows.loc[rows["lost"].lt(CENT) & ~waiting, "lost"].sum())
    rest = one["possible"] - one["score"] - sum(points for _, points in losses) - small
    losses += [(REST, rest + small)] if abs(rest + small) >= CENT else []
    reached, parts = float(one["possible"]), []
    parts.append((FULL, TOTAL, reached, reached))
    for name, points in losses:
        if abs(points) >= CENT:
            reached -= points
            parts.append((name, LOSS, round(-points, 4), round(reached, 4)))
    return [*parts, (SCORE, TOTAL, float(one["score"]), float(one["score"]))]


@asked.takes(rows=[*PLACE, "indicator", "track", "narrative", "file", "row"])
def alike(rows: pd.DataFrame, least: float = SIMILAR) -> pd.DataFrame:
    """Narratives (完成情况说明) that are the same or nearly so, group by group (``columns("alike")``).

    Of one office and year, over its years, or of several offices: ``between`` says which. ``least`` is the share of
    characters two texts must have in common, 0.5…1. A text that only repeats through the years beside the same
    indicator is a group too: told by ``track``. Texts of fewer than eight characters are left out.
    """
    if not isinstance(least, int | float) or not 0.5 <= least <= 1:  # noqa: PLR2004  # below, everything is alike
        raise ParameterError(f"least 须在0.5到1之间，现为“{least}”")
    held = rows[rows["narrative"].map(lambda text: len(key(text))).astype("int64") >= LEAST_NARRATIVE]
    texts = [fold(text) for text in held["narrative"]]
    lines = records(held)
    found = []
    for number, places in enumerate(groups_of(texts, least), start=1):
        first = texts[places[0]]
        between = _between([lines[place] for place in places])
        for place in places:
            likeness = round(fuzz.ratio(first, texts[place]) / 100, 4)
            found.append({"group": number, **lines[place], "likeness": likeness, "between": between})
    return frame_of("alike", found)


def _between(records: list[dict[Any, Any]]) -> str:
    if len({one["subdistrict"] for one in records}) > 1:
        return OFFICES
    return YEARS if len({one["year"] for one in records}) > 1 else HERE


def completion(rows: pd.DataFrame, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """How many indicators were met, by columns of a frame of :func:`perfeval.rows`."""
    keys = [by] if isinstance(by, str) else list(by)
    asked.frame(rows, "rows", ["status"])
    asked.among(keys or None, map(str, rows.columns), "by")
    if keys:
        return completion_rates(rows, keys)
    whole = completion_rates(rows.assign(_all=0), ["_all"]).drop(columns="_all")
    return whole if len(whole) else whole.reindex([0]).fillna(dict.fromkeys(whole.columns[:7], 0)).astype(whole.dtypes)


def completion_of(table: pa.Table, by: Sequence[str]) -> pd.DataFrame:
    """The same of a table from the store: counted there, without making pandas' columns of every row."""
    keys = list(dict.fromkeys((*by, "status")))
    counts = table.unify_dictionaries().group_by(keys).aggregate([([], "count_all")])
    frame = fragments.pandas("rows", counts, keys)
    return completion_rates(frame, by, weights=counts.column("count_all").to_numpy())
