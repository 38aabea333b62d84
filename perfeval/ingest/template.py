"""The official layout as a workbook: a blank one for offices to fill in, and one filled from tables.

What is written here, ``perfeval import`` reads back. The layout is that of the Ministry of Finance's 绩效自评表 (head
rows, money, indicators), widened so that every column of the schema has its place. Each row says everything: nothing
is merged below the title, nothing inherited from the row above.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from perfeval.ingest.document import Document
from perfeval.ingest.example import EXAMPLE_BUDGET, EXAMPLE_INDICATORS, EXAMPLE_UNIT, HELP_LINES
from perfeval.ingest.xlsxwriting import BOX, CENTRED, HEADING_FILL, WRAP, font, put_number, put_text, save
from perfeval.model.schema import BASIC, BUDGET, CATEGORIES, DIRECTIONS, INDICATORS, PROJECT, TOTAL, Narrative, Table

MARK = "perfeval自评表模板（第1版）"
"""Stands under the title; by it the importer knows the layout, and that targets are complete as they stand."""
TITLES = {"部门整体": "部门整体支出绩效自评表", "项目支出": "项目支出绩效自评表"}
SHEET, HELP, EXAMPLE = "自评表", "填表说明", "示例（示例数据）"
EXAMPLE_MARK = "示例数据"
"""A sheet whose name contains this is an example, and is not imported."""
UNIT, YEAR, SCORE = "单位名称", "年度", "自评总分"
"""Labels of the head row; the value stands in the cell to the right."""
BUDGET_BLOCK = "一、预算执行情况（单位：万元）"
INDICATOR_BLOCK = "二、绩效指标完成情况"
BUDGET_HEADINGS = {
    "goal_no": "目标序号",
    "item": "预算项目",
    "opening": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "declared_score": "得分",
}
RATE = "执行率"
"""The column after those of the budget: a formula, for whoever fills the form in; it is not read."""
INDICATOR_HEADINGS = {
    "goal_no": "目标序号",
    "goal": "年度目标",
    "category": "一级指标",
    "subcategory": "二级指标",
    "indicator": "三级指标",
    "target": "年度指标值",
    "unit": "度量单位",
    "direction": "指标方向",
    "actual": "实际完成值",
    "weight": "分值",
    "declared_score": "得分",
    "declared_met": "申报完成情况",
    "reason": "偏差原因分析",
    "measure": "改进措施",
    "narrative": "完成情况说明",
    "evidence": "佐证材料",
    "source": "原始出处",
}
"""By column of the schema, in the order of the form."""
WIDTHS = (9, 15, 12, 12, 18, 13, 7, 8, 13, 6, 6, 8, 16, 14, 16, 12, 9)
"""Characters; all columns together fit the width of an A4 sheet laid across, scaled to two thirds."""
LINE, ROW = 13, 20
"""Height of a line of text and least height of a row, in points."""
HEAD_ROW, BUDGET_ROW = 3, 5
"""Where the head row and the title of the budget block stand; all else follows from the number of rows."""
BLANK_BUDGET, BLANK_INDICATORS = 8, 60
"""Rows of a blank form."""
SPARE = 3
"""Blank rows below those filled from tables."""


def write_template(path: str | Path, year: int | None = None, kind: str = "部门整体") -> Path:
    """Write a blank form (``kind``: ``部门整体`` or ``项目支出``), how to fill it in, and a filled example.

    Equal arguments give equal bytes. Raises ``KeyError`` for another kind and ``OSError`` as the system does.
    """
    blank = pd.DataFrame({"item": [TOTAL, BASIC, PROJECT] if kind == "部门整体" else ["年度资金总额"]})
    empty = Document("", "", 1.0, year=year, budget=blank)
    example = Document("", "", 1.0, unit=EXAMPLE_UNIT, year=year or 2022, budget=EXAMPLE_BUDGET,
                       indicators=EXAMPLE_INDICATORS, narrative=Narrative(declared_score=Decimal("97.3")))  # fmt: skip
    return _write(path, [(SHEET, empty, BLANK_BUDGET, BLANK_INDICATORS), (EXAMPLE, example, 0, 0)], TITLES[kind])


def write_filled(path: str | Path, document: Document, kind: str = "部门整体") -> Path:
    """Write a document's tables into the form: unit, year, declared score, budget and indicators, all of their rows.

    Columns a table does not have stay blank. A number of more than 15 digits is written as text. Raises ``ValueError``
    for a text longer than a cell can hold, ``KeyError`` and ``OSError`` as :func:`write_template`.
    """
    rows = (len(document.budget) + SPARE, len(document.indicators) + SPARE)
    return _write(path, [(SHEET, document, *rows)], TITLES[kind])


def _write(path: str | Path, sheets: Sequence[tuple[str, Document, int, int]], title: str) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    rates: dict[str, dict[str, str]] = {}
    for name, document, budget_rows, indicator_rows in sheets:
        sheet = book.create_sheet(name)
        rates[name] = _form(sheet, document, title, budget_rows, indicator_rows)
    _help(book.create_sheet(HELP, 1))
    return save(book, path, {book.sheetnames.index(name) + 1: cells for name, cells in rates.items()})


def _form(sheet: Any, document: Document, title: str, budget_rows: int, indicator_rows: int) -> dict[str, str]:
    """Fill one sheet; returns the result of each formula by its cell."""
    budget_rows = max(budget_rows, len(document.budget))
    indicator_rows = max(indicator_rows, len(document.indicators))
    _head(sheet, document, title)
    _block(sheet, BUDGET_ROW, BUDGET_BLOCK, [*BUDGET_HEADINGS.values(), RATE])
    first = BUDGET_ROW + 2
    _rows(sheet, first, budget_rows, document.budget, BUDGET)
    rates = _rates(sheet, first, budget_rows, document.budget)
    at = first + budget_rows + 1
    _block(sheet, at, INDICATOR_BLOCK, list(INDICATOR_HEADINGS.values()))
    _rows(sheet, at + 2, indicator_rows, document.indicators, INDICATORS)
    _checks(sheet, first, budget_rows, at + 2, indicator_rows)
    _page(sheet, at + 1, max(at + 1 + indicator_rows, at + 2))
    return rates


def _head(sheet: Any, document: Document, title: str) -> None:
    last = len(INDICATOR_HEADINGS)
    shown = title + (f"（{EXAMPLE_MARK}）" if sheet.title == EXAMPLE else "")
    for row, text, size in ((1, shown, 18), (2, MARK, 9)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        cell.font, cell.alignment = font(bold=row == 1, size=size), CENTRED
    for column, label in ((1, UNIT), (3, YEAR), (5, SCORE)):
        cell = sheet.cell(HEAD_ROW, column)
        put_text(cell, label)
        cell.font, cell.alignment, cell.border, cell.fill = font(bold=True), CENTRED, BOX, HEADING_FILL
        _input(sheet.cell(HEAD_ROW, column + 1))
    put_text(sheet.cell(HEAD_ROW, 2), document.unit)
    sheet.cell(HEAD_ROW, 2).alignment = WRAP
    if document.year is not None:
        put_number(sheet.cell(HEAD_ROW, 4), document.year, "0")
    if document.narrative.declared_score is not None:
        put_text(sheet.cell(HEAD_ROW, 6), str(document.narrative.declared_score))
    sheet.row_dimensions[1].height = 32


def _input(cell: Any) -> None:
    """A cell to be filled in."""
    cell.protection = Protection(locked=False)
    cell.border, cell.alignment, cell.font = BOX, WRAP, font()


def _block(sheet: Any, row: int, title: str, headings: list[str]) -> None:
    put_text(sheet.cell(row, 1), title)
    sheet.cell(row, 1).font = font(bold=True, size=12)
    for column, heading in enumerate(headings, start=1):
        cell = sheet.cell(row + 1, column)
        put_text(cell, heading)
        cell.font, cell.alignment, cell.border, cell.fill = font(bold=True), CENTRED, BOX, HEADING_FILL
    sheet.row_dimensions[row + 1].height = 30


def _rows(sheet: Any, first: int, count: int, frame: pd.DataFrame, table: Table) -> None:
    """The rows of a block: filled from the frame, then blank."""
    formats = {"money": "#,##0.00", "points": "General", "count": "0"}
    columns = list(BUDGET_HEADINGS if table is BUDGET else INDICATOR_HEADINGS)
    records = frame.reindex(columns=columns).astype(object).to_dict("records")
    for offset in range(count):
        record = records[offset] if offset < len(records) else {}
        for number, column in enumerate(columns, start=1):
            cell = sheet.cell(first + offset, number)
            _input(cell)
            number_format = formats.get(table.column(column).kind)
            value = record.get(column)
            if value is None or value is pd.NA or value != value:  # noqa: PLR0124  # NaN, of whatever type
                cell.number_format = number_format or "@"
            elif number_format and not isinstance(value, str):
                put_number(cell, value, number_format)
            else:
                put_text(cell, str(value))
        lines = max(_lines(sheet.cell(first + offset, at + 1).value, width) for at, width in enumerate(WIDTHS))
        sheet.row_dimensions[first + offset].height = max(ROW, min(LINE * lines + 4, 400))


def _lines(value: object, width: int) -> int:
    """Lines a text takes in a column: a Chinese character is as wide as two others."""
    if not isinstance(value, str):
        return 1
    return sum(1 + sum(1 + (sign > "\u2e7f") for sign in line) // width for line in value.split("\n"))


def _rates(sheet: Any, first: int, count: int, frame: pd.DataFrame) -> dict[str, str]:
    """The execution rates as formulas; returns what each gives, which openpyxl cannot store itself."""
    results = {}
    for offset in range(count):
        row = first + offset
        cell = sheet.cell(row, len(BUDGET_HEADINGS) + 1)
        cell.value = f'=IF(N(D{row})>0,N(E{row})/D{row},IF(N(C{row})>0,N(E{row})/C{row},""))'
        cell.number_format, cell.border, cell.alignment, cell.font = "0.00%", BOX, CENTRED, font()
        record = frame.iloc[offset].to_dict() if offset < len(frame) else {}
        base = next((amount for name in ("adjusted", "opening") if (amount := _amount(record, name)) > 0), 0.0)
        results[cell.coordinate] = repr(_amount(record, "executed") / base) if base else ""
    return results


def _amount(record: dict[Any, Any], name: str) -> float:
    value = record.get(name)
    number = pd.to_numeric(pd.Series([value], dtype=object), errors="coerce").fillna(0).iloc[0]
    return float(number)


def _checks(sheet: Any, budget_first: int, budget_rows: int, first: int, rows: int) -> None:
    """Drop-downs and what may be typed where."""
    names = list(INDICATOR_HEADINGS)

    def below(column: str) -> str:
        letter = get_column_letter(names.index(column) + 1)
        return f"{letter}{first}:{letter}{first + max(rows, 1) - 1}"

    def add(places: list[str], message: str, **rule: Any) -> None:
        check = DataValidation(allow_blank=True, showErrorMessage=True, errorTitle="请检查", error=message, **rule)
        for place in places:
            check.add(place)
        sheet.add_data_validation(check)

    for column, choices in (("category", CATEGORIES), ("direction", DIRECTIONS)):
        listed = "、".join(choices)
        add([below(column)], f"请从下拉列表中选择：{listed}", type="list", formula1=f'"{",".join(choices)}"')
    last = budget_first + max(budget_rows, 1) - 1
    add([f"C{budget_first}:E{last}"], "金额只填数，单位为万元", type="decimal", operator="between",
        formula1="-1000000000000", formula2="1000000000000")  # fmt: skip
    points = [below("weight"), below("declared_score"), f"F{budget_first}:G{last}"]
    add(points, "只填不小于0的数，单位为分", type="decimal",
        operator="greaterThanOrEqual", formula1="0")  # fmt: skip
    add([below("goal_no"), f"A{budget_first}:A{last}"], "只填整数，如4", type="whole", operator="between",
        formula1="0", formula2="999")  # fmt: skip
    add([f"D{HEAD_ROW}"], "请填四位年份，如2022", type="whole", operator="between", formula1="1990", formula2="2100")


def _page(sheet: Any, heading_row: int, last_row: int) -> None:
    """Widths, frozen and locked headings, and how it prints: A4 across, one page wide, headings on every page."""
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 1)
    protection = sheet.protection
    protection.sheet = True  # no password: whoever must change the layout can
    protection.formatRows = protection.formatColumns = protection.formatCells = False
    protection.insertRows = protection.deleteRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.print_area = f"A1:{get_column_letter(len(WIDTHS))}{last_row}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "第&P页，共&N页"


def _help(sheet: Any) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 90
    for row, (label, text) in enumerate(HELP_LINES, start=1):
        for column, part in enumerate((label, text), start=1):
            cell = sheet.cell(row, column)
            put_text(cell, part)
            cell.font = font(bold=column == 1, size=14 if row == 1 else 10)
            cell.alignment = WRAP
    sheet.protection.sheet = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
