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
from perfeval.analysis.findings.years import OVER_YEARS
from perfeval.evaluating import beside
from perfeval.ingest import store
from perfeval.model.parallel import spread
from perfeval.rules import find
from perfeval.years import look_back


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
    for part in spread(work, units, jobs):
        parts.append(part)
        if each is not None:
            each()
    left, kept, unused = zip(*parts, strict=True)
    return Found(
        pd.concat(left, ignore_index=True), pd.concat(kept, ignore_index=True), [line for one in unused for line in one]
    )


def _unit(
    data_dir: str,
    ruleset: str,
    rules: tuple[Sequence[str] | None, Sequence[str] | None],
    suppressing: bool,
    unit: tuple[str, int],
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    (subdistrict, year), (select, ignore) = unit, rules
    data = store.load(data_dir, subdistrict, year)
    result = score_year(data, find(ruleset, beside(data)), subdistrict, year)
    if {one.code for one in chosen(select, ignore)} & {*OVER_YEARS}:
        result = look_back(result, data_dir)
    suppressions = on_file(data, subdistrict, year) if suppressing else ()
    rest, known, idle = apply(findings(result, select=select, ignore=ignore), result.indicators, suppressions)
    whose: dict[str, Any] = {"subdistrict": subdistrict, "year": year}
    asked = {one.code for one in chosen(select, ignore)}  # a suppression of a rule that was not run is not unused
    unused = [f"{subdistrict} {year}：{one}" for one in idle if one.code in asked]
    return folded(rest).assign(**whose), known.assign(**whose), unused
