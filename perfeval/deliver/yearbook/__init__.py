"""The workbook of one sub-district-year that a finance officer can re-add: what is computed is a live formula.

Formulas round half up at the places the rule set names, as the evaluation does, and carry its results as their values,
so that programs which do not calculate show them too. What comes from the data is text or a number, never a formula.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.deliver.workbook import FINDINGS, SUPPRESSED, fit, opened, write_sheet
from perfeval.deliver.yearbook.about import add_about, say_changes
from perfeval.deliver.yearbook.alternatives import add_alternatives
from perfeval.deliver.yearbook.budget import add_budget
from perfeval.deliver.yearbook.cellformats import BEFORE, Forms, write_told
from perfeval.deliver.yearbook.charts import add_charts
from perfeval.deliver.yearbook.rows import add_rows
from perfeval.deliver.yearbook.totals import add_totals
from perfeval.model.reportform import RECOMPUTED
from perfeval.model.results import Evaluation
from perfeval.present import labels, narrative

WIDTHS = {"severity": 6, "code": 6, "title": 24, "place": 34, "fact": 50, "advice": 38, "sureness": 6}
"""Columns of the findings here, narrower than in a list of many offices, so that they can be read on paper."""
TOLD = ("title", "place", "fact", "advice")
"""Columns of the findings that follow from what the form says."""


def write_yearbook(path: str | Path, result: Evaluation) -> Path:
    """Write sheets 说明, 预算, 指标与得分, 得分汇总, 不同规则, 问题 (已说明 where any are kept) and 图表.

    Equal evaluations give equal bytes. Raises ``OSError`` where the file cannot be written.
    """
    target = Path(path)
    title = f"{labels.one_line(result.name)}{result.year}年度{RECOMPUTED}"
    with opened(target, title=title) as book:
        forms = Forms(book, result.ruleset)
        about = add_about(book, forms, result, title)
        money = add_budget(book, forms, result)
        rows = add_rows(book, forms, result)
        total = add_totals(book, forms, result, money, rows)
        say_changes(about, forms, money=money, rows=rows, totals=total)
        add_alternatives(book, forms, result, total)
        columns = {name: (FINDINGS[name][0], width) for name, width in WIDTHS.items()}
        _add_findings(book, "问题", result.findings, columns)
        if len(result.suppressed):
            _add_findings(book, "已说明", result.suppressed, {**columns, **SUPPRESSED})
        add_charts(book, forms, result, money, rows)
        for sheet in book.worksheets() if result.synthetic else ():
            sheet.set_header(f"&C{narrative.SYNTHETIC}")
    return target


def _add_findings(book: Any, name: str, found: pd.DataFrame, columns: Mapping[str, tuple[str, int]]) -> None:
    """Findings, of which what follows from the numbers says so once those have been changed."""
    write_sheet(book, name, found, columns)
    sheet = book.get_worksheet_by_name(name)
    told = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    shown = [column for column in columns if column in found.columns]
    for offset, column in enumerate(TOLD):
        for line, text in enumerate(found[column], start=1):
            write_told(sheet, line, shown.index(column), text, told, kept=len(shown) + offset)
    for line, row in enumerate(found[shown].to_numpy(dtype=object), start=1):
        fit(sheet, line, [(columns[name][1], f"{BEFORE}{text}") for name, text in zip(shown, row, strict=True)])
    sheet.set_column(len(shown), len(shown) + len(TOLD) - 1, None, None, {"hidden": True})
    sheet.print_area(0, 0, len(found), len(shown) - 1)
