"""Some rows of a frame as a workbook or a CSV file, under lines that say what they are a part of."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.deliver.workbook import LONGEST_CELL, opened
from perfeval.model import columns
from perfeval.model.scratch import write_whole

FORMATS = {columns.RATE: "0.00%", columns.MONEY: "#,##0.00", columns.POINTS: "0.00", columns.YEAR: "0"}
"""How numbers of a kind are shown in a workbook; they are numbers all the same."""
WIDTHS = {columns.TEXT: 24, columns.WORD: 12}
NARROW = 11
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes text a formula where a CSV file is opened in Excel."""


def write_xlsx(path: Path, frame: pd.DataFrame, titles: Mapping[str, str], lines: Sequence[str]) -> None:
    """Write ``lines``, then the columns named by ``titles`` with their headings, as a workbook.

    Text stays text, numbers are numbers (ratios shown as %), what is missing is an empty cell. ``OSError`` where the
    file cannot be written.
    """
    with opened(path) as book:
        sheet = book.add_worksheet("指标")
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        for at, said in enumerate(lines):
            sheet.write_string(at, 0, said)
        top = len(lines) + 1
        for place, (name, title) in enumerate(titles.items()):
            known = columns.column(name)
            kind = columns.NUMBER if known is None else known.kind
            form = book.add_format({"num_format": FORMATS[kind]} if kind in FORMATS else {})
            sheet.set_column(place, place, WIDTHS.get(kind, NARROW))
            sheet.write_string(top, place, title, bold)
            for line, value in enumerate(_cells(frame[name]), start=top + 1):
                if isinstance(value, str):
                    sheet.write_string(line, place, value[:LONGEST_CELL], form)
                elif value is not None:
                    sheet.write_number(line, place, value, form)
        sheet.freeze_panes(top + 1, 0)
        if len(frame) and titles:
            sheet.autofilter(top, 0, top + len(frame), len(titles) - 1)


def write_csv(path: Path, frame: pd.DataFrame, titles: Mapping[str, str], lines: Sequence[str]) -> None:
    """Write the same as CSV in UTF-8 with a byte order mark: Excel reads it, and no cell of text becomes a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_inert(line)] for line in lines)
    writer.writerow([])
    writer.writerow([_inert(title) for title in titles.values()])
    for row in zip(*(_cells(frame[name]) for name in titles), strict=True):
        writer.writerow(["" if value is None else _inert(value) if isinstance(value, str) else value for value in row])
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(column: pd.Series) -> list[Any]:
    """Values as text, numbers, or None where there is none."""
    return [_cell(value) for value in column.astype(object)]


def _cell(value: Any) -> str | float | int | None:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, int | float) else str(value)
