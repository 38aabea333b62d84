"""Listings of the Word report: figures that follow from the tables on file, as headings and rows of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.verdicts import COUNTS, NOT_FILLED, VERDICTS
from perfeval.present import labels
from perfeval.present.narrative import against_declared


@dataclass(frozen=True, slots=True)
class Listing:
    """A table before it is written."""

    caption: str
    columns: Mapping[str, bool]
    """Heading → whether the column holds figures, which stand at the right."""
    rows: Sequence[Sequence[str]]


def categories(result: Evaluation) -> Listing | None:
    """Counts and bounds by category and overall; None without indicators, and where none is filled in yet."""
    figures = ("指标数", *VERDICTS, "完成的范围", "完成率", "平均完成程度")
    rows = [[str(row["category"]), *_counts(row)] for row in records(result.completion.by_category)]
    whole = [["合计", *_counts(row)] for row in records(result.completion.overall)]
    columns = {"一级指标": False} | dict.fromkeys(figures, True)
    known = rows and result.state != NOT_FILLED
    return Listing("各类指标的完成情况（项）", columns, rows + whole) if known else None


def _counts(row: dict[str, Any]) -> list[str]:
    counts = [str(int(row[name])) for name in ("rows", *COUNTS)]
    attained = f"{labels.percent(row['attainment'])}（{row['computed']}项）" if row["computed"] else labels.NONE
    return [*counts, labels.span(row["met"], row["most"], ""), labels.interval(row["low"], row["high"]), attained]


def scores(result: Evaluation) -> Listing | None:
    """Every rule set on both bases, and whether it gives the printed total; None where there is none."""
    columns = {
        "计分规则": False, "申报口径（分）": True, "严格口径（分）": True, "复算等级": False, "与自评得分": False,
    }  # fmt: skip
    rows = [
        [
            labels.text(row["title"]),
            labels.points(row["declared"]),
            labels.points(row["strict"]),
            labels.text(row["grade"] or "不评"),
            against_declared(result, row["declared"], row["possible"], bool(row["reproduces"])),
        ]
        for row in records(result.alternatives.dropna(subset="declared"))
    ]
    caption = "各计分规则复算的总分；严格口径不给仅凭申报、或该有数而只写文字的指标记分"
    return Listing(caption, columns, rows) if rows else None


def reviewed(result: Evaluation) -> Listing | None:
    """Every row that reviewers have put something on file for: both scores and both actuals; None without any."""
    if result.review is None:
        return None
    figures = ("分值", "自评得分", "复核得分", "复核减自评")
    columns = (
        {"三级指标": False} | dict.fromkeys(figures, True) | dict.fromkeys(("自评完成值", "复核完成值", "备注"), False)
    )
    rows = [
        [
            labels.text(row["indicator"]),
            *(labels.points(row[name]) for name in ("points", "own", "reviewed_score")),
            labels.signed(row["difference"]),
            *(labels.text(row[name]) for name in ("actual", "reviewed_actual", "review_note")),
        ]
        for row in records(result.review.rows)
    ]
    return Listing("自评得分与复核得分（分）", columns, rows)


def two_scores(row: Mapping[str, Any]) -> str:
    """``办事群众满意度：自评2分，复核1.9分；问卷原件只有450份``, of a row of ``Evaluation.review.rows``."""
    scores = f"{row['own_from']}{labels.score(row['own'])}分，复核{labels.score(row['reviewed_score'])}分"
    actual = f"；复核完成值{row['reviewed_actual']}" if row["reviewed_actual"] else ""
    note = f"；{row['review_note']}" if row["review_note"] else ""
    return labels.one_line(f"{row['indicator']}：{scores}{actual}{note}")
