"""What the sheets of a yearbook share: cell formats, references, and how a sheet is printed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from perfeval.deliver.workbook import LONGEST_CELL
from perfeval.model.rounding import missing
from perfeval.model.ruleset import RuleSet

BUDGET, ROWS, TOTALS = "预算", "指标与得分", "得分汇总"
"""Sheets that formulas refer to."""
MONEY, RATE, NUMBER = "#,##0.00", "0.00%", "#,##0.####"
FONT: dict[str, object] = {"font_name": "宋体", "font_size": 10}
CHANGED = "改动"
"""The hidden column that says whether a number of a row has been changed since it was written."""
BEFORE = "按原值："
"""Begins a sentence that no longer follows from what the sheets say."""
HIDDEN, HIDDEN_LETTER = 5, "F"
"""A column of 说明 that nobody sees: texts as they were written."""
FLAG = f"${HIDDEN_LETTER}$1"
"""Whether anything has been changed, as seen on 说明."""
CHANGES = f"'说明'!{FLAG}"
"""The same as seen from other sheets."""
PROTECTED = {"format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
"""What may be done on a sheet where only the yellow cells can be filled in; there is no password."""
A4 = 9
HEAD_LINE = 2
"""Below the title and a note of each sheet; from 0."""
NOTHING = "—"
LARGEST = 1_000_000_000_000
"""Of what may be typed into a yellow cell."""


class Forms:
    """The formats of one workbook: by name, or with ``number`` for a number format."""

    def __init__(self, book: Any, ruleset: RuleSet) -> None:
        boxed: dict[str, object] = {**FONT, "border": 1, "border_color": "#B5BEC5", "valign": "vcenter"}
        self._book, self._boxed = book, boxed
        self._numbers: dict[tuple[str, str], Any] = {}
        self.points = f"0.{'0' * ruleset.row_places}" if ruleset.row_places else "0"
        self.total = f"0.{'0' * ruleset.total_places}" if ruleset.total_places else "0"
        self.title = book.add_format({**FONT, "bold": True, "font_size": 14, "valign": "vcenter"})
        self.note = book.add_format({**FONT, "font_size": 9, "font_color": "#5B6670"})
        self.wrapped = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({**FONT, "bold": True, "valign": "top"})
        head: dict[str, object] = {
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "bg_color": "#EEF1F3",
        }
        self.head = book.add_format({**boxed, **head})
        self.text = book.add_format({**boxed, "text_wrap": True})
        self.middle = book.add_format({**boxed, "text_wrap": True, "align": "center"})
        self.entry = book.add_format(
            {**boxed, "text_wrap": True, "align": "center", "bg_color": "#FFF9E5", "locked": False}
        )
        self.sum = book.add_format({**boxed, "bold": True, "bg_color": "#EEF1F3"})

    def number(self, form: str, kind: str = "") -> Any:
        """A number format; ``kind`` is empty, ``entry`` (to be changed by people) or ``sum``."""
        if (form, kind) not in self._numbers:
            looks: dict[str, dict[str, object]] = {
                "entry": {"bg_color": "#FFF9E5", "locked": False},
                "sum": {"bold": True, "bg_color": "#EEF1F3"},
            }
            look = looks.get(kind, {})
            self._numbers[form, kind] = self._book.add_format({**self._boxed, "num_format": form, **look})
        return self._numbers[form, kind]


def add_sheet(book: Any, forms: Forms, name: str, title: str, *, note: str, columns: Mapping[str, float]) -> Any:
    """A sheet with title, note and headings (with their widths), to be printed on A4 across, one page wide."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, title, forms.title)
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, note, forms.note)
    for place, (heading, width) in enumerate(columns.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(HEAD_LINE, place, heading, forms.head)
    sheet.set_row(HEAD_LINE, 30)
    print_across(sheet)
    return sheet


def print_across(sheet: Any) -> None:
    """A4 across, one page wide, headings on every page, page numbers."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD_LINE)
    sheet.set_footer("&C&A　第&P页，共&N页")


def write_text(sheet: Any, line: int, place: int, value: Any, form: Any) -> None:
    """Whatever the data hold, as text; empty where there is none."""
    sheet.write_string(line, place, "" if missing(value) else str(value)[:LONGEST_CELL], form)


def write_told(sheet: Any, line: int, place: int, value: Any, form: Any, *, kept: int, changes: str = CHANGES) -> None:
    """A text that follows from the numbers: once ``changes`` is not 0 it says that it is told of those first written.

    The text itself stands in the hidden column ``kept``, for a formula cannot hold a long one.
    """
    text = "" if missing(value) else str(value)[:LONGEST_CELL]
    sheet.write_string(line, kept, text, None)
    own = f"${xl_col_to_name(kept)}${line + 1}"
    sheet.write_formula(line, place, f'=IF(OR({changes}=0,{own}=""),{own}&"","{BEFORE}"&{own})', form, text)


def write_number(sheet: Any, line: int, place: int, value: Any, form: Any) -> None:
    """A number; an empty cell where there is none."""
    if missing(value):
        sheet.write_blank(line, place, None, form)
    else:
        sheet.write_number(line, place, float(value), form)


def check_entries(sheet: Any, lines: range, places: range, hint: str, *, least: float = -LARGEST) -> None:
    """Programs refuse anything but numbers in these cells, and show the hint where one types."""
    if lines:
        area = (lines[0], places[0], lines[-1], places[-1])
        rule = {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": LARGEST}
        said = {"input_message": hint, "error_title": "请填数", "error_message": hint}
        sheet.data_validation(*area, {**rule, **said})


def cell(columns: Sequence[str], name: str, line: int, *, fixed: bool = False) -> str:
    """The reference of a column's cell; ``line`` counts from 0."""
    letter = xl_col_to_name(columns.index(name))
    return f"${letter}${line + 1}" if fixed else f"{letter}{line + 1}"


def span(columns: Sequence[str], name: str, lines: range) -> str:
    """The reference of a column's cells, fixed; at least one cell."""
    letter = xl_col_to_name(columns.index(name))
    return f"${letter}${lines.start + 1}:${letter}${max(lines.stop, lines.start + 1)}"


def on(sheet: str, reference: str) -> str:
    """A reference as seen from another sheet."""
    return f"'{sheet}'!{reference}"


def literal(value: Decimal | float) -> str:
    """A number as formulas write it: ``0.65``."""
    return f"{Decimal(str(value)):f}"
