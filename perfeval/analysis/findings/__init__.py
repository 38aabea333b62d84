"""Findings: what a reviewer would object to in a self-evaluation, each with its place, the numbers, and how to mend it.

The rules are data (``rules.toml``), what they look for is data (``words.toml``), and each module beside this one holds
the checks of one subject.
"""

from collections.abc import Iterable

import pandas as pd

from perfeval.analysis.findings import (  # noqa: F401  # importing the subjects enters their checks
    actuals,
    consistency,
    deviations,
    money,
    scores,
    structure,
    targets,
    text,
)
from perfeval.analysis.findings.catalog import (
    SEVERITIES,
    Rule,
    chosen,
    page,
    reference,
    rule,
    rules,
    sureness,
)
from perfeval.analysis.findings.context import Context, Hit, context, row_list
from perfeval.analysis.findings.registry import CHECKS
from perfeval.analysis.findings.suppressing import folded
from perfeval.model.results import FINDING_COLUMNS, Evaluation
from perfeval.model.verdicts import NOT_FILLED

ROWS_SHOWN = 4
"""Up to how many rows a place names one by one."""
AWAITED = ("A", "D", "E", "P", "M06", "M08", "X03")
"""Subjects and codes that ask for what is filled in with the results: of a form that is not filled in yet, A04 says so
once, and the others have nothing to look at."""

__all__ = ["SEVERITIES", "Rule", "findings", "folded", "page", "reference", "rule", "rules"]


def findings(
    result: Evaluation, *, select: Iterable[str] | None = None, ignore: Iterable[str] | None = None
) -> pd.DataFrame:
    """What each rule finds in an evaluation: by severity, then in the order of the table, then by code.

    What follows from another finding is among them; for readers :func:`folded` puts it under that one.

    ``select`` and ``ignore`` name rules by code (``T01``), subject (``T``) or ``ALL``; rules that are off by default
    speak only when selected by code or ``ALL``. :class:`~perfeval.model.errors.ParameterError` for an unknown name.

    Columns: code; severity (P0, P1, P2); title; place, fact and advice (Chinese); confidence (0…1) and sureness
    (高, 中, 低); goal_no and row (the row in its table as a spreadsheet shows it), both NA where the finding is about
    the whole document; rows (tuple of all rows concerned).
    """
    seen = context(result)
    spoken = [one for one in chosen(select, ignore) if _speaks(one.code, result.state)]
    found = [_finding(one, hit, seen) for one in spoken for hit in CHECKS[one.code](seen)]
    frame = pd.DataFrame(found, columns=list(FINDING_COLUMNS))
    frame = frame.astype({"confidence": "float64", "goal_no": "Int64", "row": "Int64"})
    whole = frame["row"].fillna(0)
    return (
        frame.assign(first=whole)
        .sort_values(["severity", "first", "code"], kind="stable", ignore_index=True)
        .drop(columns="first")
    )


def _speaks(code: str, state: str) -> bool:
    return state != NOT_FILLED or code == "A04" or not code.startswith(AWAITED)


def _finding(one: Rule, hit: Hit, seen: Context) -> tuple[object, ...]:
    confidence = one.confidence if hit.confidence is None else hit.confidence
    goal_no: object = pd.NA
    if hit.goal is not None and hit.goal.number is not None:
        goal_no = hit.goal.number
    elif hit.rows and hit.rows[0].goal_no is not None:
        goal_no = hit.rows[0].goal_no
    rows = tuple(row.row for row in hit.rows)
    return (
        one.code,
        one.severity,
        one.title,
        _place(hit, seen),
        hit.fact,
        one.mend,
        confidence,
        sureness(confidence),
        goal_no,
        rows[0] if rows else pd.NA,
        rows,
    )


def _place(hit: Hit, seen: Context) -> str:
    """``目标4 · 产出 · 信访积案化解率（indicators.csv 第17行）``, a goal, or a part of the document."""
    if hit.goal is not None and not hit.where:
        rows = hit.goal.rows
        return f"{hit.goal.label}（{rows[0].file} {row_list(rows) if len(rows) <= ROWS_SHOWN else _span(rows)}）"
    if not hit.rows or hit.where:
        return hit.where or seen.result.name
    places = [f"{row.label}（{row.file} 第{row.row}行）" for row in hit.rows[:ROWS_SHOWN]]
    return "；".join(places) + (f"等{len(hit.rows)}处" if len(hit.rows) > ROWS_SHOWN else "")


def _span(rows: tuple[object, ...]) -> str:
    numbers = [row.row for row in rows]  # type: ignore[attr-defined]  # rows of the indicator table
    return f"第{min(numbers)}—{max(numbers)}行"
