"""What is on file for one or more sub-district-years, loaded and checked: what analysis takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pandas as pd

from perfeval.model.errors import Problem
from perfeval.model.folding import on_one_line
from perfeval.model.narrative import Narrative
from perfeval.model.schema import BLOCKS, MATCHES, ORIGIN, OWNER


def no_decisions() -> pd.DataFrame:
    """No decisions of a person about indicators of two years."""
    return _no_decisions().copy()


@cache
def _no_decisions() -> pd.DataFrame:
    """Made once: it is asked for with every office that is loaded."""
    kinds = {"year": "Int64", "previous_year": "Int64", "row": "int64"}
    names = ("subdistrict", *MATCHES.names, *ORIGIN)
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, "str")) for name in names})


def no_blocks() -> pd.DataFrame:
    """No printed blocks of points, of nobody."""
    return _no_blocks().copy()


@cache
def _no_blocks() -> pd.DataFrame:
    kinds = {"year": "int64", "row": "int64", "goal_no": "Int64", "weight": "object", "declared_score": "object"}
    names = (*OWNER, *BLOCKS.names, *ORIGIN)
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, "str")) for name in names})


def spell_years(years: Iterable[int]) -> str:
    """Years in a few words: ``2020—2023年``, with gaps ``2020、2022年``; empty where there are none."""
    every = sorted({int(year) for year in years})
    whole = len(every) > 1 and all(after - before == 1 for before, after in pairwise(every))
    shown = f"{every[0]}—{every[-1]}" if whole else "、".join(map(str, every))
    return f"{shown}年" if shown else ""


@dataclass(frozen=True, slots=True)
class Data:
    """The tables of the sub-district-years asked for, in the order of sub-district and year.

    Text is ``""`` where nothing stands; money (万元) and points are exact ``Decimal`` or None; ``goal_no`` is a
    nullable whole number.
    """

    budget: pd.DataFrame
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.BUDGET`, file, row."""
    indicators: pd.DataFrame
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.INDICATORS`, file, row."""
    subdistricts: pd.DataFrame
    """The columns of :data:`~perfeval.model.schema.SUBDISTRICTS`; one that has data without being listed is there
    under its id."""
    narratives: dict[tuple[str, int], Narrative]
    """By sub-district and year; empty ones where there is no ``narrative.toml``."""
    sources: pd.DataFrame
    """subdistrict, year, file, rows (records of a table, entries of a narrative), sha256: every file that was read."""
    suppressions: dict[tuple[str, int], str] = field(default_factory=dict)
    """By sub-district and year: the text of ``suppressions.toml``, findings that are known and kept with reasons; no
    entry where there is none."""
    problems: tuple[Problem, ...] = ()
    """Warnings and notes; errors are raised."""
    columns: dict[tuple[str, str, int], frozenset[str]] = field(default_factory=dict)
    """By table (``budget``, ``indicators``), sub-district and year: the columns its file has, filled or not. A column
    that is not there was not in the form either; no entry where nothing is known."""
    matches: pd.DataFrame = field(default_factory=no_decisions)
    """subdistrict, the columns of :data:`~perfeval.model.schema.MATCHES`, file, row: which indicators of two years a
    person says are the same; of sub-districts that are loaded with two or more years."""
    blocks: pd.DataFrame = field(default_factory=no_blocks)
    """subdistrict, year, the columns of :data:`~perfeval.model.schema.BLOCKS`, file, row: points printed for whole
    goals, categories and other parts; none where there is no ``blocks.csv``."""

    def __repr__(self) -> str:
        held = self.sources[list(OWNER)].drop_duplicates()
        ids = held["subdistrict"].drop_duplicates()
        named = self.subdistricts.drop_duplicates("id").set_index("id")["name"]
        who = on_one_line(str(named.get(ids.iloc[0], ids.iloc[0]))) if len(ids) == 1 else f"{len(ids)}个单位"
        rows = f"{len(self.indicators)}项指标，{len(self.budget)}行预算，{len(self.problems)}条问题"
        return f"<Data {who}{spell_years(held['year'])}：{rows}>"
