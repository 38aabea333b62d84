"""The fragments of the store: what one office-year is worth in each frame, and what they depend on.

A fragment depends on the files of its year, the office's line of the directory, the rule sets and the program. The
tracks of an office depend on all its years and on what a person decided (``matches.csv``); they are worked out anew
whenever any of that changed, without evaluating again the years that did not.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from perfeval.analysis import rulesets
from perfeval.analysis.evaluation import evaluate_year
from perfeval.analysis.findings.suppressing import SuppressionError, on_file
from perfeval.analysis.judging import judge
from perfeval.analysis.matching import matches
from perfeval.analysis.rows import tidy
from perfeval.analysis.rows.identity import track_ids
from perfeval.ingest import store
from perfeval.model.columns import BOOL, FLOAT, INT, ORDERED, STR, WHOLE, Column, described
from perfeval.model.data import Data
from perfeval.model.errors import DataError, in_one_line
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import OWNER

ARROW = {
    STR: pa.string(),
    INT: pa.int64(),
    WHOLE: pa.int64(),
    FLOAT: pa.float64(),
    BOOL: pa.bool_(),
    ORDERED: pa.dictionary(pa.int32(), pa.string(), ordered=True),  # the width in which Parquet gives them back
}
"""How each dtype lies in a file."""
TEXT = pd.StringDtype("pyarrow", na_value=float("nan"))
"""pandas' ``str``."""
PARTS = ("model", "ingest", "analysis")
"""The folders of perfeval whose code and vocabularies a fragment comes from."""
Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Piece:
    """Work: some years of an office to be evaluated, and its tracks over every year."""

    root: Path
    subdistrict: str
    years: tuple[int, ...]
    every: tuple[int, ...]
    """All years on file, where the tracks are wanted; else empty."""
    rules: RuleSet

    def __str__(self) -> str:
        return f"{self.subdistrict} {'、'.join(map(str, self.years or self.every))}"


@dataclass(slots=True)
class Made:
    """What came of it."""

    tables: dict[int, Tables] = field(default_factory=dict)
    """By year and frame; without tracks."""
    failed: dict[int, str] = field(default_factory=dict)
    """Years that could not be loaded or evaluated, and why."""
    tracks: dict[int, list[str]] = field(default_factory=dict)
    """By year: the track of every row; none of a year where they cannot be known."""
    note: str = ""
    """Why tracks cannot be known."""


def base(rules: RuleSet) -> str:
    """What all fragments under a rule set depend on: perfeval's code and columns, this rule set and the presets."""
    return hashlib.sha256("\n".join((code(), repr(rules), _presets())).encode()).hexdigest()


@cache
def _presets() -> str:
    return repr([rulesets.preset(name) for name in rulesets.names()])


@cache
def code() -> str:
    """The hash of the code and vocabularies that make a fragment."""
    found = hashlib.sha256()
    for part in PARTS:
        for name, content in sorted(_sources(resources.files("perfeval") / part, f"{part}/")):
            found.update(name.encode() + b"\0" + content)
    return found.hexdigest()


def _sources(entry: Traversable, under: str) -> Iterable[tuple[str, bytes]]:
    for child in entry.iterdir():
        if child.is_dir() and child.name != "__pycache__":
            yield from _sources(child, f"{under}{child.name}/")
        elif child.name.endswith((".py", ".toml")):
            yield under + child.name, child.read_bytes()


def make(piece: Piece) -> Made:
    """The fragments and tracks of an office. A year that cannot be loaded or evaluated is in ``failed``."""
    made = Made()
    held = _loaded(piece, made)
    frames: dict[int, pd.DataFrame] = {}
    for year, data in held.items():
        if year in piece.years:
            try:
                result = evaluate_year(data, piece.rules, piece.subdistrict, year)
            except SuppressionError as error:
                made.failed[year] = "；".join(error.faults)
                continue
            made.tables[year] = {name: arrow(name, frame) for name, frame in tidy.frames([result]).items()}
            frames[year] = result.indicators
        elif _sound(data, piece.subdistrict, year):
            frames[year] = judge(_of(data, year))
    if piece.every and not made.note:
        decisions = next((data.matches for data in held.values()), None)
        made.tracks = track_ids(piece.subdistrict, matches(frames, decisions)[2])
    return made


def _sound(data: Data, subdistrict: str, year: int) -> bool:
    """Whether a year that is not evaluated here could be."""
    try:
        on_file(data, subdistrict, year)
    except SuppressionError:
        return False
    return True


def _loaded(piece: Piece, made: Made) -> dict[int, Data]:
    """The data of each year that is needed: all years together where they can be loaded."""
    wanted = piece.every or piece.years
    try:
        whole = store.load(piece.root, piece.subdistrict, wanted)
    except DataError:
        whole = None
    if whole is not None:
        return dict.fromkeys(wanted, whole)
    held: dict[int, Data] = {}
    for year in wanted:
        try:
            held[year] = store.load(piece.root, piece.subdistrict, year)
        except DataError as error:
            made.failed[year] = in_one_line(error)
    if len(held) < 2 or not piece.every:  # noqa: PLR2004  # nothing to be matched
        return held
    try:
        whole = store.load(piece.root, piece.subdistrict, list(held))
    except DataError as error:
        made.note = f"{in_one_line(error)}，指标没有跨年度对应"
        return held
    return dict.fromkeys(held, whole)


def _of(data: Data, year: int) -> pd.DataFrame:
    rows = data.indicators
    return rows[rows[OWNER[1]].eq(year)].reset_index(drop=True)


def arrow(frame: str, held: pd.DataFrame) -> pa.Table:
    """A documented frame as it lies in a file."""
    return pa.Table.from_arrays(
        [_array(held[one.name], one) for one in described(frame)], schema=schema(frame)
    )  # fmt: skip


@cache
def schema(frame: str) -> pa.Schema:
    """The columns of a documented frame in a file."""
    return pa.schema([pa.field(one.name, ARROW[one.dtype]) for one in described(frame)])


def _array(column: pd.Series, one: Column) -> pa.Array:
    if one.dtype == ORDERED:
        codes = column.cat.codes.to_numpy()
        held = pa.array(codes, pa.int32(), mask=codes < 0)
        return pa.DictionaryArray.from_arrays(held, pa.array(one.values, pa.string()), ordered=True)
    found = pa.Array.from_pandas(column, type=ARROW[one.dtype])
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def pandas(frame: str, table: pa.Table, chosen: Sequence[str] | None = None) -> pd.DataFrame:
    """A table from files as the documented frame, or some columns of it."""
    columns = {one.name: one for one in described(frame)}
    names = list(columns) if chosen is None else list(chosen)
    return pd.DataFrame({name: _series(table.column(name), columns[name]) for name in names}, copy=False)


def _series(column: pa.ChunkedArray, one: Column) -> pd.Series:
    if one.dtype == STR:
        return pd.Series(column.to_pandas(types_mapper={pa.string(): TEXT}.get), copy=False)
    if one.dtype == WHOLE:
        return pd.Series(column.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), copy=False)
    if one.dtype == ORDERED:
        return _ordered(column, one)
    return pd.Series(column.to_numpy(), copy=False)


def _ordered(column: pa.ChunkedArray, one: Column) -> pd.Series:
    """Words by their places in the vocabulary, whatever places they have in a file."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes, vocabulary = [], pa.array(one.values, pa.string())
    for chunk in column.chunks:
        if chunk.dictionary.equals(vocabulary):
            codes.append(chunk.indices.cast(pa.int8()).fill_null(-1))
            continue
        places = pa.array([one.values.index(word) for word in chunk.dictionary.to_pylist()], pa.int8())
        own = places.take(chunk.indices) if len(places) else pa.nulls(len(chunk), pa.int8())
        codes.append(own.fill_null(-1))
    held = pa.chunked_array(codes, pa.int8()).to_numpy()
    words = pd.CategoricalDtype(pd.Index(one.values, dtype="str"), ordered=True)
    return pd.Series(pd.Categorical.from_codes(held, dtype=words), copy=False)
