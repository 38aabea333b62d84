"""Completion: how many indicators were met, per goal, per category and overall, as far as that is known.

All rows of an office are there, so its completion is counted, not estimated: no interval of a sample. What target and
actual leave open gives bounds (:mod:`perfeval.model.verdicts`), which add up over goals, categories and offices.

Completion over any number of offices and years at once: counts by code, without a loop over groups.

Made for frames of ten million judged rows as for one district: categoricals are counted by their codes, in slices of
rows so that the working memory does not grow with the frame.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from perfeval.model.results import Completion
from perfeval.model.schema import CATEGORIES, MET, STATUSES
from perfeval.model.tally import tally
from perfeval.model.verdicts import BASES, COUNTS, MOST, VERDICTS, verdict

NAN = float("nan")


def verdicts(judged: pd.DataFrame) -> pd.Series:
    """The verdict of each judged row (columns status, basis)."""
    if "basis" not in judged.columns:  # of perfeval.rows: the status is the verdict
        return judged["status"].astype("str")
    pairs = zip(judged["status"], judged["basis"], strict=True)
    return pd.Series([verdict(status, basis) for status, basis in pairs], index=judged.index, dtype="str")


def with_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts of verdicts with most (how many can have been met at most) and the bounds low and high.

    low is met ÷ rows, high is most ÷ rows; NaN where there are no rows.
    """
    most = counts[list(MOST)].sum(axis=1)
    rows = counts["rows"].astype(float).where(counts["rows"] > 0)
    return counts.assign(most=most, low=counts["met"] / rows, high=most / rows)


def completion(indicators: pd.DataFrame) -> Completion:
    """Completion of judged rows (columns goal_no, goal, category, status, basis, declared_status, attainment)."""
    columns = ("goal_no", "goal", "category", "status", "basis", "declared_status", "attainment")
    rows = [_Row(*values) for values in zip(*(indicators[name].tolist() for name in columns), strict=True)]
    goals: dict[Any, list[_Row]] = {}
    categories: dict[Any, list[_Row]] = {}
    for row in rows:
        goals.setdefault((None if pd.isna(row.goal_no) else row.goal_no, row.goal), []).append(row)
        categories.setdefault(row.category, []).append(row)
    numbered = sorted(goals, key=lambda goal: (goal[0] is None, goal[0] or 0))
    ordered = sorted(categories, key=lambda name: CATEGORIES.index(name) if name in CATEGORIES else len(CATEGORIES))
    kinds = {"goal_no": indicators["goal_no"].dtype, "goal": "str"}
    return Completion(
        overall=_counted({}, [_statistics(rows)]),
        by_goal=_counted(kinds, [(*goal, *_statistics(goals[goal])) for goal in numbered]),
        by_category=_counted({"category": "str"}, [(name, *_statistics(categories[name])) for name in ordered]),
    )


def _counted(keys: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Keys of these dtypes, then :data:`STATISTICS`. Column by column: to have pandas find the dtypes takes ten times
    as long."""
    kinds = {**keys, **STATISTICS}
    columns = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    return pd.DataFrame(
        {
            name: np.array(values, dtype=kind) if name in STATISTICS else pd.Series(list(values), dtype=kind)
            for (name, kind), values in zip(kinds.items(), columns, strict=True)
        }
    )


STATISTICS: dict[str, str] = {
    **dict.fromkeys(("rows", *COUNTS, "most"), "int64"),
    **dict.fromkeys(("low", "high"), "float64"),
    "declared_met": "int64",
    "attainment": "float64",
    "computed": "int64",
}
"""Columns of the three frames of :class:`~perfeval.model.results.Completion` after their keys."""


class _Row(NamedTuple):
    goal_no: Any
    goal: str
    category: str
    status: str
    basis: str
    declared: str
    attainment: float


def _statistics(rows: Sequence[_Row]) -> tuple[float, ...]:
    """The values of :data:`STATISTICS`. A few rows: counted without a frame."""
    seen = tally(verdict(row.status, row.basis) for row in rows)
    counts = [getattr(seen, name) for name in COUNTS]
    ends = (seen.met / len(rows), seen.most / len(rows)) if rows else (NAN, NAN)
    attained = [min(max(row.attainment, 0.0), 1.0) for row in rows if not pd.isna(row.attainment)]
    mean = math.fsum(attained) / len(attained) if attained else NAN
    return len(rows), *counts, seen.most, *ends, sum(row.declared == MET for row in rows), mean, len(attained)


SLICE = 1_000_000
"""Rows counted at a time: a few tens of MB of working memory."""
DENSE = 4
"""Counters per row up to which every possible combination of the keys gets one; beyond, only those that occur do."""
ROOM = 1_000_000
"""Counters that are no matter even for a small frame."""
PLACES = np.array([[VERDICTS.index(verdict(status, basis)) for basis in BASES] for status in STATUSES], dtype="int8")
"""The place of the verdict of each status on each basis."""


def completion_rates(judged: pd.DataFrame, by: Sequence[str], weights: np.ndarray | None = None) -> pd.DataFrame:
    """Completion of judged rows by the columns ``by`` (text, categorical or whole numbers, none missing), from status
    and basis; without a basis the status is the verdict, as in :func:`perfeval.rows`.

    One row per combination that occurs, in the order of the keys (of categoricals: of their categories): the keys,
    rows, met, partly, missed, declared, undecided, most, low, high, as in
    :class:`~perfeval.model.results.Completion`. ``ValueError`` for a missing key and for an unknown status or basis.
    ``weights``: how many rows each one stands for.
    """
    keys = _Keys(judged, by)
    known = _verdict_places(judged)
    counts = np.zeros((keys.size, len(VERDICTS)), dtype=np.int64)
    for part in _slices(len(judged)):
        cell = keys.joint(part) * len(VERDICTS) + known(part)
        many = None if weights is None else weights[part]
        counts += np.bincount(cell, many, counts.size).astype(np.int64).reshape(counts.shape)
    rows = counts.sum(axis=1)
    there = np.flatnonzero(rows)
    found = keys.frame(there)
    found["rows"] = rows[there]
    for name, one in COUNTS.items():
        found[name] = counts[there, VERDICTS.index(one)]
    return with_bounds(found)


def _verdict_places(judged: pd.DataFrame) -> Callable[[slice], np.ndarray]:
    """The places of the verdicts of some rows."""
    if "basis" not in judged.columns:
        verdict_ = _places(judged["status"], VERDICTS)
        return lambda part: verdict_[part]
    status, basis = (_places(judged[name], words) for name, words in (("status", STATUSES), ("basis", BASES)))
    return lambda part: PLACES[status[part], basis[part]]


class _Keys:
    """The columns to count by, as one whole number per row, and back."""

    def __init__(self, frame: pd.DataFrame, by: Sequence[str]) -> None:
        self._codes, self._labels = {}, {}
        for name in by:
            codes, labels = _coded(frame[name])
            if len(codes) and codes.min() < 0:
                raise ValueError(f"{name}列有空值，不能据以统计")
            self._codes[name], self._labels[name] = codes, labels
        self._shape = tuple(len(labels) for labels in self._labels.values())
        self.size = int(np.prod(self._shape, dtype=object)) if by else 1
        self._rows = len(frame)
        self._found: np.ndarray | None = None
        self._place: np.ndarray | None = None
        if self.size > DENSE * self._rows + ROOM:
            self._found, self._place = np.unique(self.joint(slice(None)), return_inverse=True)
            self.size = len(self._found)

    def joint(self, part: slice) -> np.ndarray:
        """The number of each row of this part."""
        if self._place is not None:
            return self._place[part]
        start, stop, _ = part.indices(self._rows)
        number = np.zeros(stop - start, dtype=np.int64)
        for codes, size in zip(self._codes.values(), self._shape, strict=True):
            number *= size
            number += codes[part]
        return number

    def frame(self, numbers: np.ndarray) -> pd.DataFrame:
        """The keys that these numbers stand for."""
        joint = numbers if self._found is None else self._found[numbers]
        columns = {}
        for (name, labels), size in zip(reversed(self._labels.items()), reversed(self._shape), strict=True):
            joint, code = np.divmod(joint, size)
            columns[name] = labels.take(code)
        return pd.DataFrame(dict(reversed(columns.items())), index=pd.RangeIndex(len(numbers)))


def _coded(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Codes in the order of the labels, and the labels (of the column's own type)."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        held = pd.CategoricalIndex(column.cat.categories, dtype=column.dtype)
        return column.cat.codes.to_numpy(), held
    codes, labels = pd.factorize(column, sort=True)
    return codes, pd.Index(labels, dtype=column.dtype)


def _places(column: pd.Series, words: Sequence[str]) -> np.ndarray:
    """The place of each value in its vocabulary."""
    name = column.name
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    places = pd.Index(words).get_indexer(column.cat.categories).astype("int8")  # below 0 where there is none
    codes = column.cat.codes.to_numpy()
    if len(codes) and (codes.min() < 0 or (places[codes] < 0).any()):
        unknown = sorted(set(map(str, column.cat.categories)) - set(words))
        raise ValueError(f"{name}列有空值或不认识的值：{'、'.join(unknown) or '空值'}")
    found: np.ndarray = codes if (places == np.arange(len(places))).all() else places[codes]
    return found


def _slices(rows: int) -> list[slice]:
    return [slice(start, start + SLICE) for start in range(0, rows, SLICE)]
