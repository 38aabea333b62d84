"""The appendix: every indicator with how it was read, judged and scored, and where it comes from."""

from typing import Any

from markupsafe import Markup

from perfeval.model.results import Evaluation
from perfeval.present import labels, narrative, outcomes
from perfeval.present.marks import mark
from perfeval.present.tables import Column, folded, labelled, lines, paragraphs

COLUMNS = (
    Column("指标"),
    Column("年初目标值"),
    Column("实际完成值"),
    Column("完成程度", True),
    Column("申报"),
    Column("复核"),
    Column("分值", True),
    Column("得分", True),
)


def appendix(result: Evaluation) -> Markup:
    """One folded table for each goal; each indicator has a row of figures and a row that derives them."""
    groups = outcomes.by_goal(result)
    if not groups:
        return paragraphs([narrative.none("绩效指标")])
    return Markup("").join(_goal(name, rows) for name, rows in groups)


def _goal(name: str, rows: list[dict[str, Any]]) -> Markup:
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class(column), column.title) for column in COLUMNS
    )
    bodies = Markup("").join(map(_indicator, rows))
    content = Markup(
        '<div class="tw"><table class="st ap"{}><caption>{}：各项指标（分值和得分的单位为分）</caption>'
        "<thead><tr>{}</tr></thead>{}</table></div>"
    )
    summary = Markup("{} <small>{}</small>").format(name, outcomes.goal(rows))
    return folded(summary, content.format(labelled(COLUMNS), name, heads, bodies))


def _class(column: Column) -> Markup:
    kind = "n" if column.figures else "v" if column.title == "复核" else ""
    return Markup(' class="{}"').format(kind) if kind else Markup("")


def _indicator(row: dict[str, Any]) -> Markup:
    verdict = narrative.verdict(row)
    cells = [
        outcomes.target(row),
        row["actual"],
        labels.percent(row["attainment"]),
        row["declared_met"],
        Markup("<span>{}{}</span>").format(mark(verdict), verdict),
        labels.points(row["points"]),
        labels.points(row["score"]),
    ]
    shown = Markup("").join(
        Markup("<td{}>{}</td>").format(_class(column), cell if isinstance(cell, Markup) else lines(cell))
        for column, cell in zip(COLUMNS[1:], cells, strict=True)
    )
    head = Markup('<th scope="row">{}<small>{}</small></th>').format(lines(row["indicator"]), _kind(row))
    why = Markup('<tr class="why"><td colspan="{}">{}</td></tr>').format(
        len(COLUMNS), Markup("<br>").join((*derivation(row), *_said(row)))
    )
    return Markup("<tbody><tr>{}{}</tr>{}</tbody>").format(head, shown, why)


def _kind(row: dict[str, Any]) -> str:
    return "·".join(labels.one_line(row[name]) for name in ("category", "subcategory") if not labels.missing(row[name]))


def derivation(row: dict[str, Any]) -> list[str]:
    """How the row was read, and the sentences that derive its score."""
    target = f"目标{labels.one_line(row['target_read'])}（取自{labels.text(row['target_from'])}）"
    direction = f"{labels.text(row['direction'])}指标：{labels.one_line(row['direction_why'])}"
    found = [
        f"读作：{target}，实际{labels.one_line(row['actual_read'])}；{direction}",
        f"得分：{labels.one_line(row['derivation'])}",
    ]
    if row["strict_score"] != row["score"]:
        found.append(f"严格口径：{labels.one_line(row['strict_derivation'])}")
    return found


def _said(row: dict[str, Any]) -> list[str]:
    """Cause, measure and evidence the office gives, and where the row stands."""
    found = [
        f"{title}：{labels.one_line(row[name])}"
        for name, title in (("reason", "原因"), ("measure", "措施"), ("evidence", "佐证"))
        if not labels.missing(row[name])
    ]
    source = "" if labels.missing(row["source"]) else f"；原始出处：{labels.one_line(row['source'])}"
    return [*found, f"出处：{labels.one_line(row['file'])} 第{row['row']}行{source}"]
