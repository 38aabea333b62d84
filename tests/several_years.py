"""Several years of a fictional office from a few cells, evaluated and matched row by row as the test says."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

import perfeval as pe
from perfeval.ingest.checks import typed
from perfeval.model.data import Data
from perfeval.model.history import DROPPED, MATCH_TYPES, NEW, SAME, frame_of
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, SUBDISTRICTS, Narrative, Table

OFFICE = "shili"
Row = dict[str, str]


def row(indicator: str, target: str, actual: str, category: str = "产出", **cells: str) -> Row:
    return {"indicator": indicator, "target": target, "actual": actual, "category": category} | cells


def on_file(
    year: int,
    rows: Sequence[Row],
    *,
    budget: str = "100",
    executed: str = "100",
    narrative: Narrative | None = None,
    blocks: Sequence[Row] = (),
    **execution: str,
) -> Data:
    """One year's data; ``executed`` of ``budget`` 万元, rows at 2, 3 … of the file. ``weight="20"``: of execution."""
    money = {"item": "部门整体支出", "adjusted": budget, "executed": executed} | execution
    indicators = _owned(INDICATORS, [{"goal_no": "1", "goal": "示例目标"} | one for one in rows], year)
    return Data(
        budget=_owned(BUDGET, [money], year),
        indicators=indicators,
        subdistricts=typed(pd.DataFrame([{"id": OFFICE, "name": "示例街道"}]), SUBDISTRICTS, "")[0],
        narratives={(OFFICE, year): narrative or Narrative()},
        sources=pd.DataFrame(
            {"subdistrict": [OFFICE], "year": [year], "file": [_file(INDICATORS, year)], "rows": [len(rows)], "sha256": ["0" * 64]}
        ),
        blocks=_owned(BLOCKS, list(blocks), year),
    )  # fmt: skip


def evaluated(year: int, rows: Sequence[Row], *, ruleset: str = "hubei", **given: Any) -> pe.Evaluation:
    """One year of :func:`on_file`, evaluated."""
    return pe.evaluate(on_file(year, rows, **given), ruleset)


def _file(table: Table, year: int) -> str:
    return f"data/{OFFICE}/{year}/{table.name}.csv"


def _owned(table: Table, rows: list[Row], year: int) -> pd.DataFrame:
    blank = dict.fromkeys(table.names, "")
    text = pd.DataFrame([blank | one for one in rows], columns=table.names, index=range(2, len(rows) + 2))
    frame, problems = typed(text, table, _file(table, year))
    assert not problems, problems
    frame.insert(0, "subdistrict", OFFICE)
    frame.insert(1, "year", year)
    return frame


def years(*tables: Sequence[Row], first: int = 2021, **same: str) -> dict[int, pe.Evaluation]:
    """Neighbouring years with these rows."""
    return {first + n: evaluated(first + n, rows, **same) for n, rows in enumerate(tables)}


def matched(
    evaluations: dict[int, pe.Evaluation], pairs: dict[int, dict[int, int | tuple[int, str]]] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(indicators with tracks, matches). ``pairs`` gives for a later year: place → place before, or that and the kind;
    without it rows at the same place are one indicator. What has no partner is new or dropped."""
    ordered = sorted(evaluations)
    tracks = {ordered[0]: [f"T{n + 1:02d}" for n in range(len(evaluations[ordered[0]].indicators))]}
    count, found = len(tracks[ordered[0]]), []
    for previous, year in pairwise(ordered):
        old, new = evaluations[previous].indicators, evaluations[year].indicators
        given = (pairs or {}).get(year, {n: n for n in range(min(len(old), len(new)))})
        tracks[year] = []
        for place, one in enumerate(new.to_dict("records")):
            partner = given.get(place)
            before, kind = partner if isinstance(partner, tuple) else (partner, NEW if partner is None else SAME)
            going_on = before is not None and kind not in ("口径变更", NEW)
            count += not going_on
            tracks[year].append(tracks[previous][before] if going_on else f"T{count:02d}")
            there = old.iloc[before] if before is not None else None
            found.append(_match(year, previous, tracks[year][-1], one, there, kind))
        taken = {partner[0] if isinstance(partner, tuple) else partner for partner in given.values()}
        for place, one in enumerate(old.to_dict("records")):
            if place not in taken:
                found.append(_match(year, previous, tracks[previous][place], None, one, DROPPED))
    frames = [evaluations[year].indicators.assign(track=tracks[year]) for year in ordered]
    return pd.concat(frames, ignore_index=True), frame_of(MATCH_TYPES, found)


def _match(year: int, previous: int, track: str, one, there, kind: str) -> dict[str, object]:
    shown = one if one is not None else there
    return {
        "year": year,
        "previous_year": previous,
        "track": track,
        "indicator": "" if one is None else one["indicator"],
        "previous_indicator": "" if there is None else there["indicator"],
        "category": shown["category"],
        "goal": shown["goal"],
        "row": pd.NA if one is None else one["row"],
        "previous_row": pd.NA if there is None else there["row"],
        "kind": kind,
        "confidence": 1.0,
        "why": f"测试：{kind}",
    }


def ruled(evaluation: pe.Evaluation, ruleset: str) -> pe.Evaluation:
    """The same year as if scored under another rule set."""
    from perfeval.analysis import rulesets

    return replace(evaluation, ruleset=rulesets.preset(ruleset))


def exact(value: float) -> Decimal:
    """A figure of a frame as the decimal it stands for."""
    return Decimal(str(value))
