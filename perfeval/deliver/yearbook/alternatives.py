"""Sheet 不同规则: what the same rows come to under every rule set; figures of the evaluation, not formulas."""

from typing import Any

from perfeval.deliver.yearbook.cellformats import (
    BEFORE,
    CHANGES,
    HEAD_LINE,
    TOTALS,
    Forms,
    add_sheet,
    on,
    write_number,
    write_text,
    write_told,
)
from perfeval.deliver.yearbook.totals import Totals
from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.verdicts import WHY
from perfeval.present import labels
from perfeval.present.narrative import against_declared

COLUMNS = {
    "规则": 14,
    "名称": 62,
    "本表所用": 9,
    "总分": 10,
    "严格口径": 10,
    "复算等级": 9,
    "自评得分": 10,
    "自评减复算": 11,
    "与自评得分": 20,
}
NOTE = "同一份数据按各套规则复算；是写出本表时的结果，不随前面各表的改动而变。相同与否，取到自评得分的小数位再比。"


AS_FIRST = ("总分", "严格口径", "复算等级", "自评减复算", "与自评得分")
"""Columns that are not calculated anew."""


def add_alternatives(book: Any, forms: Forms, result: Evaluation, totals: Totals) -> None:
    """Write the sheet, highest total first."""
    sheet = add_sheet(book, forms, "不同规则", "不同规则下的总分", note=NOTE, columns=COLUMNS)
    if result.score is None:
        write_text(sheet, HEAD_LINE + 1, 1, f"{WHY[result.state]}。", forms.text)
        return
    for place, heading in enumerate(COLUMNS):
        if heading in AS_FIRST:
            now = f'=IF({CHANGES}=0,"{heading}","{BEFORE}{heading}")'
            sheet.write_formula(HEAD_LINE, place, now, forms.head, heading)
    for line, row in enumerate(records(result.alternatives), start=HEAD_LINE + 1):
        own = row["ruleset"] == result.ruleset.name
        write_text(sheet, line, 0, row["ruleset"], forms.text)
        write_text(sheet, line, 1, labels.one_line(row["title"]), forms.text)
        write_text(sheet, line, 2, "是" if own else "", forms.middle)
        write_number(sheet, line, 3, row["declared"], forms.number("0.00"))
        write_number(sheet, line, 4, row["strict"], forms.number("0.00"))
        write_told(sheet, line, 5, row["grade"] or "不评级", forms.middle, kept=len(COLUMNS))
        declared = on(TOTALS, totals.declared)
        printed = "" if result.declared_score is None else result.declared_score
        sheet.write_formula(line, 6, f'=IF(ISNUMBER({declared}),{declared},"")', forms.number("0.##"), printed)
        gap = None if result.declared_score is None else result.declared_score - row["declared"]
        found = f'=IF(ISNUMBER(G{line + 1}),ROUND(G{line + 1}-D{line + 1},6),"")'
        sheet.write_formula(line, 7, found, forms.number("+0.00;-0.00;0"), "" if gap is None else round(gap, 6))
        told = against_declared(result, row["declared"], row["possible"], bool(row["reproduces"]))
        write_told(sheet, line, 8, told, forms.middle, kept=len(COLUMNS) + 1)
    sheet.set_column(len(COLUMNS), len(COLUMNS) + 1, None, None, {"hidden": True})
    sheet.print_area(0, 0, HEAD_LINE + len(result.alternatives), len(COLUMNS) - 1)
    sheet.freeze_panes(HEAD_LINE + 1, 2)
