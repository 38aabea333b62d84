"""The public ``lint``: the findings of many sub-district-years, those suppressed, and suppressions that fit nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.analysis.evaluation import score_year
from perfeval.analysis.findings import findings, folded
from perfeval.analysis.findings.catalog import chosen
from perfeval.analysis.findings.suppressing import apply, on_file
from perfeval.analysis.findings.years import OVER_YEARS, beside
from perfeval.analysis.judging import judge
from perfeval.evaluating import beside as folder_of
from perfeval.evaluating import find
from perfeval.ingest import store
from perfeval.model.cores import spread
from perfeval.model.errors import DataError
from perfeval.model.results import Evaluation


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; both frames name subdistrict and year."""

    findings: pd.DataFrame
    suppressed: pd.DataFrame
    unused: list[str]
    """Suppressions that fit nothing, with whose they are."""


def lint(
    data_dir: str | Path,
    units: Iterable[tuple[str, int]],
    ruleset: str = "hubei",
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    suppressing: bool = True,
    jobs: int = 1,
    each: Callable[[], object] | None = None,
) -> Found:
    """The findings of these sub-district-years, in their order, by up to ``jobs`` processes; ``each`` is called once
    for each of them. Raises :class:`DataError` for the first that cannot be read."""
    work = partial(_unit, str(data_dir), ruleset, (select, ignore), suppressing)
    parts = []
    for part in spread(work, _with_years_before(data_dir, units), jobs):
        parts.append(part)
        if each is not None:
            each()
    left, kept, unused = zip(*parts, strict=True)
    return Found(
        pd.concat(left, ignore_index=True), pd.concat(kept, ignore_index=True), [line for one in unused for line in one]
    )


def _with_years_before(data_dir: str | Path, units: Iterable[tuple[str, int]]) -> list[tuple[str, int, int | None]]:
    """The units, each with the year before it that is on file."""
    held = store.catalog(data_dir)
    years: dict[str, list[int]] = {}
    for name, year in zip(held["subdistrict"], held["year"], strict=True):
        years.setdefault(str(name), []).append(int(year))
    return [
        (name, year, max((other for other in years.get(name, ()) if other < year), default=None))
        for name, year in units
    ]


def _unit(
    data_dir: str,
    ruleset: str,
    rules: tuple[Sequence[str] | None, Sequence[str] | None],
    suppressing: bool,
    unit: tuple[str, int, int | None],
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    (subdistrict, year, previous), (select, ignore) = unit, rules
    data = store.load(data_dir, subdistrict, year)
    result = score_year(data, find(ruleset, folder_of(data)), subdistrict, year)
    if previous is not None and {one.code for one in chosen(select, ignore)} & {*OVER_YEARS}:
        result = _beside(data_dir, result, previous)
    suppressions = on_file(data, subdistrict, year) if suppressing else ()
    rest, known, idle = apply(findings(result, select=select, ignore=ignore), result.indicators, suppressions)
    whose: dict[str, Any] = {"subdistrict": subdistrict, "year": year}
    asked = {one.code for one in chosen(select, ignore)}  # a suppression of a rule that was not run is not unused
    unused = [f"{subdistrict} {year}：{one}" for one in idle if one.code in asked]
    return folded(rest).assign(**whose), known.assign(**whose), unused


def _beside(data_dir: str, result: Evaluation, previous: int) -> Evaluation:
    """The evaluation beside the year before; as it is where that year cannot be read, which its own lint says."""
    try:
        both = store.load(data_dir, result.subdistrict, (previous, result.year))
    except DataError:
        return result
    before = both.indicators[both.indicators["year"].eq(previous)].reset_index(drop=True)
    return beside(judge(before), result, both.matches)
