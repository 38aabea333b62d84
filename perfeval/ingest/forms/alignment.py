"""How far the cells of a block stand beside their headings: layouts that conversion has shifted."""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfeval.ingest.forms.layout import Layout, Sheet
from perfeval.ingest.forms.vocabulary import is_empty, is_level, is_number, is_word

SHIFTS = (0, -1, 1, -2, 2)
"""Tried in this order, after the shift that is known: cells under their headings win a tie."""
SHARE = re.compile(r"[0-9]\s*[%％]")
"""A share, not an amount with a unit that nobody knows (``10.00万%``)."""
LOOKED_AT = 40
"""Lines of a block that are looked at to find how far its cells are shifted."""


def aligned(sheet: Sheet, layout: Layout, lines: Iterator[int]) -> Layout:
    """The layout with the shift that fits the lines below it best."""
    sample = [line for _, line in zip(range(LOOKED_AT), lines, strict=False)]
    fitting = _fits_indicators if layout.block in ("indicators", "points") else _fits_budget
    scores = {shift: sum(fitting(sheet, replace(layout, shift=shift), line) for line in sample) for shift in SHIFTS}
    return replace(layout, shift=max((layout.shift, *SHIFTS), key=lambda shift: scores[shift]))


def _fits_indicators(sheet: Sheet, layout: Layout, line: int) -> int:
    """How well the cells of a line fit the fields they stand under."""
    if any(is_word("total", cell.text) for _, cell in sheet.filled(line)[:2]):
        return 0
    fit = _outside(sheet, layout, line)
    levels = sum(is_level(layout.at(sheet, line, field)[0].text) for field in ("level1", "level2"))
    fit += 2 * levels
    for field in ("weight", "declared_score"):
        cell, _, _ = layout.at(sheet, line, field)
        if not is_empty(cell.text):
            fit += 1 if is_number(cell) and ("%" not in cell.text or field == "weight") else -2
    name, _, _ = layout.at(sheet, line, "indicator")
    if name.text:
        level_name = not levels and is_level(name.text)  # 满意度 may be the name of an indicator of 满意度
        fit += -2 if is_number(name) or level_name else 1
    return fit


def _fits_budget(sheet: Sheet, layout: Layout, line: int) -> int:
    fit = _outside(sheet, layout, line)
    for span in layout.spans:
        if span.field in ("opening", "adjusted", "executed", "weight", "declared_score", "rate"):
            cell, _, _ = layout.at(sheet, line, span.field)
            if not is_empty(cell.text):
                percent = bool(SHARE.search(cell.text))
                fit += 1 if any(sign.isdigit() for sign in cell.text) and percent <= (span.field == "rate") else -2
    return fit


def _outside(sheet: Sheet, layout: Layout, line: int) -> int:
    """-1 for each number that stands under no heading."""
    named = [span for span in layout.spans if span.heading]
    if not named:
        return 0
    columns = {number + layout.shift for span in named for number in range(span.first, span.stop)}
    return -sum(is_number(cell) and number not in columns for number, cell in sheet.filled(line))
