"""E: surveys and other evidence."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from perfeval.analysis.findings.actuals import source_of
from perfeval.analysis.findings.context import Context, Hit, Row, blank, has_amount, holds, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.surveys import SMALL_SAMPLE
from perfeval.model.values import describe

_ASKED = words()["names"]["asked"]


@check("E01")
def no_survey(context: Context) -> Iterator[Hit]:
    """Satisfaction without a survey or another source."""
    surveyed = {survey["row"] for survey in context.surveys}
    for row in context.rows:
        told = holds(f"{row.actual} {row.reason}", words()["evidence"]["survey"])
        if _asked(row) and row.row not in surveyed and not (source_of(row) or told) and not blank(row.actual):
            told = f"满意度{describe(row.reading.actual)}" if has_amount(row) else f"完成值为{quoted(row.actual)}"
            yield Hit(f"{told}，没有调查时间、方式和样本量，也没有佐证材料", (row,))


@check("E02")
def small_sample(context: Context) -> Iterator[Hit]:
    """A survey of few, or of nobody knows how many."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        at = (rows[survey["row"]],) if survey["row"] in rows else ()
        name, asked = quoted(survey["indicator"]), survey["respondents"]
        if pd.isna(asked):
            yield Hit(f"{name}的调查没有写样本量", at, where="" if at else "满意度调查")
        elif asked < SMALL_SAMPLE:
            bounds = "" if pd.isna(survey["share"]) else f"，满意度{_interval(survey)}"
            yield Hit(f"{name}只调查了{asked}份{bounds}", at, where="" if at else "满意度调查")


@check("E03")
def unlike_the_survey(context: Context) -> Iterator[Hit]:
    """The printed satisfaction is not the survey's."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        if survey["agrees"] is False:
            yield Hit(f"调查{survey['why']}；{_interval(survey)}", (rows[survey["row"]],))


@check("E04")
def sample_cannot_tell(context: Context) -> Iterator[Hit]:
    """The survey's interval reaches below the target."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        if pd.isna(survey["share"]) or survey["row"] not in rows:
            continue
        target = rows[survey["row"]].reading.target
        if target.kind == "number" and target.unit == "%" and target.low is not None:
            wanted = float(target.low) / 100
            if survey["low"] < wanted <= survey["share"]:
                fact = f"{survey['satisfied']}÷{survey['respondents']}＝{survey['share']:.1%}，{_interval(survey)}"
                yield Hit(f"{fact}，下限低于目标{describe(target)}", (rows[survey["row"]],))


@check("E05")
def no_evidence_at_all(context: Context) -> Iterator[Hit]:
    """No evidence is named anywhere."""
    told = context.result.narrative
    if not context.has("indicators", "evidence"):
        return  # a form without the column does not ask for it
    if context.rows and all(blank(row.evidence) for row in context.rows):
        if any(not blank(text) for text in told.other_evidence) or told.surveys:
            return
        numbers = sum(has_amount(row) for row in context.rows)
        fact = f"{len(context.rows)}项指标（其中{numbers}项有数）的佐证材料栏全部为空，文字部分也没有列出佐证材料"
        yield Hit(fact, where="指标表")


@check("E06")
def survey_of_nothing(context: Context) -> Iterator[Hit]:
    """A survey of an indicator that is not in the table."""
    for survey in context.surveys:
        if pd.isna(survey["row"]):
            yield Hit(f"满意度调查写的是{quoted(survey['indicator'])}，指标表里没有", where="满意度调查")


def _interval(survey: dict[Any, Any]) -> str:
    return f"95%区间{survey['low']:.1%}—{survey['high']:.1%}"


def _asked(row: Row) -> bool:
    return any(word in row.indicator for word in _ASKED)
