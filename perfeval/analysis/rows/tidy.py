"""Evaluations as tidy frames: every indicator, budget item, office-year and finding, below one another.

What analysts start from; the columns are those of :mod:`perfeval.model.columns`. Frames from the store are these,
kept (:mod:`~perfeval.analysis.fragments`).
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from perfeval.analysis.rows.identity import common_ids
from perfeval.model.columns import SEVERITIES, STORED, frame_of, names
from perfeval.model.phrases import CHANGES
from perfeval.model.reading import Reading
from perfeval.model.results import DECLARED, STRICT, Evaluation
from perfeval.model.schema import UNDECIDED
from perfeval.model.units import align
from perfeval.model.values import Value
from perfeval.model.verdicts import COUNTS, EVALUATED, WORD, verdict

NAN = float("nan")
Owner = tuple[str, int]
Columns = dict[str, list[Any]]
SAME = ("goal", "subcategory", "indicator", "target", "actual", "unit", "reason", "measure", "evidence", "narrative")
"""Text that stands in the frame as it is printed."""
NUMBERS = ("attainment", "points", "score", "lost", "strict_score", "declared_score", "weight")
PRINTED = ("opening", "adjusted", "executed")
AMOUNTS = ("number", "range")
"""Kinds of values (:data:`perfeval.model.values.KINDS`) that are amounts."""


def rows(evaluations: Iterable[Evaluation], tracks: Mapping[Owner, list[str]] | None = None) -> pd.DataFrame:
    """Every indicator row of these evaluations, in their order (``columns("rows")``).

    ``tracks`` are ids (:func:`~perfeval.analysis.rows.identity.track_ids`) of an office-year's rows; ``""`` where one
    has none: from a single year nobody knows where an indicator began.
    """
    return _together("rows", evaluations, lambda result: _rows(result, (tracks or {}).get(owner(result))))


def money(evaluations: Iterable[Evaluation]) -> pd.DataFrame:
    """Every budget item of these evaluations (``columns("money")``)."""
    return _together("money", evaluations, _money)


def scores(evaluations: Iterable[Evaluation]) -> pd.DataFrame:
    """One row an evaluation (``columns("scores")``)."""
    return _together("scores", evaluations, _scores)


def findings(evaluations: Iterable[Evaluation]) -> pd.DataFrame:
    """Every finding of these evaluations, the gravest of each first (``columns("findings")``)."""
    return _together("findings", evaluations, _findings)


def frames(
    evaluations: Iterable[Evaluation],
    tracks: Mapping[Owner, list[str]] | None = None,
    wanted: Iterable[str] = STORED,
) -> dict[str, pd.DataFrame]:
    """The frames that are wanted by name."""
    held = list(evaluations)
    made = {"rows": lambda: rows(held, tracks), "money": lambda: money(held), "scores": lambda: scores(held)}
    made["findings"] = lambda: findings(held)
    return {name: made[name]() for name in wanted}


def owner(result: Evaluation) -> Owner:
    """Whose and of when an evaluation is."""
    return result.subdistrict, result.year


def _together(frame: str, evaluations: Iterable[Evaluation], made: Callable[[Evaluation], Columns]) -> pd.DataFrame:
    """The columns of each evaluation below one another, those of the office-year before them."""
    whole: Columns = {name: [] for name in names(frame)}
    for result in evaluations:
        columns = made(result)
        count = len(next(iter(columns.values())))
        head = {
            name: [getattr(result, name)] * count for name in ("subdistrict", "name", "district", "year", "synthetic")
        }
        for name, values in {**columns, **head}.items():
            whole[name] += values
    return frame_of(frame, whole)


def _rows(result: Evaluation, tracks: list[str] | None) -> Columns:
    held = result.indicators
    known = list(zip(held["status"], held["basis"], strict=True))
    found: Columns = {name: held[name].tolist() for name in (*SAME, *NUMBERS, "goal_no", "category", "row")}
    found |= {name: held[name].tolist() for name in ("direction", "target_from", "declared_status", "derivation")}
    found |= _amounts(held["reading"])
    found["status"] = [verdict(*one) for one in known]
    found["why"] = [
        _why(*one)
        for one in held[["attainment_why", "basis", "computed_status", "declared_met"]].itertuples(index=False)
    ]
    found["common"] = common_ids(held)
    found["track"] = [""] * len(held) if tracks is None else list(tracks)
    found["file"] = _files(result, held)
    return found


def _why(attainment_why: str, basis: str, computed: str, declared: str) -> str:
    """Why the status is what it is, with the printed word where that decided."""
    if basis == WORD and computed == UNDECIDED:
        return f"{attainment_why}；申报“{' '.join(declared.split())}”"
    return attainment_why


def _amounts(readings: Iterable[Reading]) -> Columns:
    found: Columns = {"target_low": [], "target_high": [], "actual_value": [], "value_unit": []}
    for reading in readings:
        for name, value in zip(found, _amount(reading), strict=True):
            found[name].append(value)
    return found


def _amount(reading: Reading) -> tuple[float, float, float, str]:
    """Target (low, high) and actual in the target's unit, and that unit; of an actual beside no amount its own."""
    target, actual = reading.target, reading.actual
    own = _single(actual)
    if target.kind not in AMOUNTS or target.low is None or target.high is None:
        return (NAN, NAN, NAN, "") if own is None else (NAN, NAN, float(own), actual.unit)
    low, high = float(target.low), float(target.high)
    if reading.b is not None:
        return low, high, float(reading.b), target.unit or actual.unit
    beside = (
        own is not None and bool(actual.unit) and bool(target.unit) and {target.word, actual.word}.isdisjoint(CHANGES)
    )
    converted = align(target.low, target.unit, own, actual.unit).b if beside and own is not None else None
    return low, high, NAN if converted is None else float(converted), target.unit


def _single(actual: Value) -> Decimal | None:
    return actual.low if actual.kind in AMOUNTS and actual.low == actual.high else None


def _money(result: Evaluation) -> Columns:
    held = result.execution.items
    found: Columns = {
        name: held[name].tolist()
        for name in ("item", "goal_no", "role", *PRINTED, "denominator", "rate", "unspent", "row")
    }
    found["budget"] = held["adjusted"].where(held["adjusted"].notna(), held["opening"]).tolist()
    found["file"] = _files(result, held)
    return found


def _scores(result: Evaluation) -> Columns:
    counted = result.completion.overall.iloc[0]
    evaluated = result.state == EVALUATED
    declared, strict = result.scores[DECLARED], result.scores[STRICT]
    severity = result.findings["severity"].value_counts()
    one = {
        "state": result.state,
        "budget": result.execution.budget,
        "executed": result.execution.executed,
        "execution_rate": result.execution.rate,
        "denominator": result.execution.denominator,
        "basis": result.execution.basis,
        **{name: int(counted[name]) for name in ("rows", *COUNTS, "most")},
        **{f"completion_{end}": float(counted[end]) if evaluated else NAN for end in ("low", "high")},
        "score": declared.total,
        "strict": strict.total,
        "undecided_points": declared.undecided if evaluated else NAN,
        "declared_score": result.declared_score,
        **dict(zip(("score_low", "score_high"), result.score_range, strict=True)),
        "grade": declared.grade,
        "declared_grade": result.narrative.declared_grade,
        "possible": declared.possible,
        "unfilled": result.unfilled,
        "execution_points": execution_points(result),
        "execution_score": declared.execution,
        "others_points": declared.others_points,
        "others_score": declared.others,
        **{name.lower(): int(severity.get(name, 0)) for name in SEVERITIES},
    }
    return {name: [value] for name, value in one.items()}


def execution_points(result: Evaluation) -> float:
    """The points of budget execution: what can be had less the points of the indicators and of other parts."""
    kept = result.scores[DECLARED]
    return max(0.0, round(kept.possible - kept.others_points - float(result.indicators["points"].sum()), 2))


def _findings(result: Evaluation) -> Columns:
    held = result.findings
    given = [name for name in names("findings") if name in held.columns]
    return {name: held[name].tolist() for name in given}


def _files(result: Evaluation, held: pd.DataFrame) -> list[str]:
    """The files from the data folder on: the same wherever that is, and however it was named."""
    own = (result.subdistrict, str(result.year))
    parts = {name: PurePosixPath(name).parts for name in set(held["file"])}
    short = {name: "/".join(part[-3:]) if part[-3:-1] == own else name for name, part in parts.items()}
    return [short[name] for name in held["file"]]
