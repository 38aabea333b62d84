"""Sheet 说明: what the workbook is, by which rules, from which files."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfeval.deliver.workbook import fit
from perfeval.deliver.yearbook import totals as scores
from perfeval.deliver.yearbook.cellformats import (
    A4,
    BEFORE,
    CHANGED,
    FLAG,
    HIDDEN,
    TOTALS,
    Forms,
    on,
    write_text,
    write_told,
)
from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.present import answer, labels, narrative

if TYPE_CHECKING:
    from perfeval.deliver.yearbook.budget import Money
    from perfeval.deliver.yearbook.rows import Rows
    from perfeval.deliver.yearbook.totals import Totals

SHEETS = {
    "预算": "预算项目、执行率，以及应当相等的合计",
    "指标与得分": "每项指标的目标、实际、完成率、分值和得分；得分是公式，可以逐项复核",
    "得分汇总": "预算执行分、各类指标得分、总分和等级；旁边是严格口径和自评得分",
    "不同规则": "同一份数据按各套规则复算的总分",
    "问题": "复核时会提出的问题，按严重程度排列",
    "图表": "取自前面各表，随改动而变",
}
CONCLUSION, NOW, PROBLEMS, NOTES = "结论", "现在的得分", "问题", "计分说明"
RULES = ("计分规则", "规则说明")
FILE_WIDTH, TEXT_WIDTH = 34, 114
"""Of the files' column, and of the three merged ones."""
SEVERITIES = ("P0", "P1", "P2")


@dataclass(frozen=True, slots=True)
class About:
    """Where sentences stand that no longer hold once something has been changed."""

    sheet: Any
    lines: list[tuple[str, int, str]]
    """Label, line and text."""


def add_about(book: Any, forms: Forms, result: Evaluation, title: str) -> About:
    """Write the sheet; returns where its sentences stand."""
    lines: list[tuple[str, int, str]] = []
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, FILE_WIDTH)
    sheet.set_column(2, 2, 8)
    sheet.set_column(3, 3, 72)
    sheet.write_string(0, 0, title, forms.title)
    sheet.set_row(0, 26)
    line = 1
    for label, text in _facts(result):
        sheet.write_string(line, 0, label, forms.bold)
        sheet.merge_range(line, 1, line, 3, "", forms.wrapped)
        write_text(sheet, line, 1, text, forms.wrapped)
        fit(sheet, line, [(TEXT_WIDTH, f"{BEFORE}{text}")])
        lines.append((label, line, text))
        line += 1
    line += 1
    for place, heading in enumerate(("数据来源", "文件", "记录数", "SHA-256")):
        sheet.write_string(line, place, heading, forms.head)
    for number, row in enumerate(records(result.provenance), start=1):
        write_text(sheet, line + number, 0, number, forms.middle)
        write_text(sheet, line + number, 1, row["file"], forms.text)
        sheet.write_number(line + number, 2, int(row["rows"]), forms.number("0"))
        write_text(sheet, line + number, 3, row["sha256"], forms.text)
        fit(sheet, line + number, [(FILE_WIDTH, row["file"])])
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A　第&P页，共&N页")
    return About(sheet, lines)


def say_changes(about: About, forms: Forms, *, money: "Money", rows: "Rows", totals: "Totals") -> None:
    """Make sentences of what was written say so where anything has been changed since, and add the total as it is now.

    The texts stand in a hidden column; its first cell says whether anything has been changed.
    """
    sheet = about.sheet
    changed = on(TOTALS, scores.CHANGED)
    counted = [changed, *([rows.span(CHANGED)] if rows.lines else []), *([money.changed] if money.lines else [])]
    sheet.write_formula(0, HIDDEN, f"=IF(SUM({','.join(counted)})>0,1,0)", None, 0)
    for label, line, text in about.lines:
        if label in (CONCLUSION, PROBLEMS, NOTES):
            write_told(sheet, line, 1, text, forms.wrapped, kept=HIDDEN, changes=FLAG)
        elif label in RULES:
            changes = on(TOTALS, scores.RULES_CHANGED)
            write_told(sheet, line, 1, text, forms.wrapped, kept=HIDDEN, changes=changes)
        elif label == NOW:
            formula = f'="总分"&TEXT({on(TOTALS, totals.total)},"0.00")&"分"&IF({FLAG}=0,"","（改动以后）")'
            sheet.write_formula(line, 1, formula, forms.wrapped, text)
    sheet.set_column(HIDDEN, HIDDEN, None, None, {"hidden": True})


def _facts(result: Evaluation) -> list[tuple[str, str]]:
    rules = result.ruleset
    counts = result.findings["severity"].value_counts().to_dict() if len(result.findings) else {}
    listed = "，".join(f"{severity}级{counts[severity]}处" for severity in SEVERITIES if severity in counts)
    return [
        *([("注意", narrative.SYNTHETIC)] if result.synthetic else []),
        ("单位", narrative.full_name(result)),
        ("年度", str(result.year)),
        (CONCLUSION, answer.headline(result)),
        *([] if result.score is None else [(NOW, f"总分{labels.points(result.score)}分")]),
        (PROBLEMS, listed or "没有发现"),
        ("计分规则", f"{labels.one_line(rules.title)}（{rules.name}）"),
        ("规则出处", labels.one_line(rules.source)),
        *([("规则说明", labels.one_line(rules.deviations))] if rules.deviations else []),
        *((NOTES, labels.one_line(note)) for note in result.notes),
        (
            "使用方法",
            "黄色单元格可以修改，其余是公式，随之重算；改过以后，由原来的数得出的语句写明“按原值”。",
        ),
        *((f"表“{name}”", text) for name, text in SHEETS.items()),
        ("版本", f"perfeval {result.version}"),
    ]
