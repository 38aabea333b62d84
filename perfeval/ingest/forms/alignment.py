"""How far the cells of a block stand beside their headings: layouts that conversion has shifted."""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfeval.ingest.forms.layout import Layout, Sheet
from perfeval.ingest.forms.vocabulary import flat, is_empty, is_level, is_number, is_word, operators
from perfeval.model.schema import AMOUNTS

SHIFTS = (0, -1, 1, -2, 2)
"""Tried in this order, after the shift that is known: cells under their headings win a tie."""
SHARE = re.compile(r"[0-9]\s*[%％]")
"""A share, not an amount with a unit that nobody knows (``10.00万%``)."""
LOOKED_AT = 40
"""Lines of a block that are looked at to find how far its cells are shifted."""
ALONE = 2
"""How much better a shift must fit where there is a single line to tell it by."""
TELLING = 3
"""Cells of a line that says anything about its layout."""


def aligned(sheet: Sheet, layout: Layout, lines: Iterator[int]) -> Layout:
    """The layout with the shift that the lines below it ask for.

    Each line has one vote, whatever its cells say: a shift needs more than half of the lines. So a single odd row never
    moves the others, and where two ways of reading fit equally well the cells stay where they are known to be.
    """
    looked_at = [line for _, line in zip(range(LOOKED_AT), lines, strict=False)]
    sample = [line for line in looked_at if _telling(sheet, line) >= TELLING]
    fitting = _fits_indicators if layout.block in ("indicators", "points") else _fits_budget
    here = [fitting(sheet, layout, line) for line in sample]
    best, most = layout.shift, (0, 0)
    for shift in SHIFTS:
        moved = replace(layout, shift=shift)
        gains = [fitting(sheet, moved, line) - fit for line, fit in zip(sample, here, strict=True)]
        votes, gained = sum(gain > 0 for gain in gains), sum(gains)
        asked = 2 * votes > len(sample) and gained >= (1 if len(sample) > 1 else ALONE)
        if asked and (votes, gained) > most:
            best, most = shift, (votes, gained)
    return replace(layout, shift=best)


def _telling(sheet: Sheet, line: int) -> int:
    return sum(not is_empty(cell.text) for _, cell in sheet.filled(line))


def _fits_indicators(sheet: Sheet, layout: Layout, line: int) -> int:
    """How well the cells of a line fit the fields they stand under."""
    if any(is_word("total", cell.text) for _, cell in sheet.filled(line)[:2]):
        return 0
    fit = _outside(sheet, layout, line)
    levelled = layout.has("level1") or layout.has("level2")
    levels = sum(is_level(layout.at(sheet, line, field)[0].text) for field in ("level1", "level2"))
    fit += 2 * levels
    for field in ("weight", "declared_score"):
        cell, _, _ = layout.at(sheet, line, field)
        if not is_empty(cell.text):
            fit += 1 if is_number(cell) and ("%" not in cell.text or field == "weight") else -2
    name, _, _ = layout.at(sheet, line, "indicator")
    if name.text:
        # 满意度 may be the name of an indicator of 满意度, and any level name one on a form without levels
        level_name = levelled and not levels and is_level(name.text)
        fit += -2 if is_number(name) or level_name or flat(name.text) in operators() else 1
    return fit


def _fits_budget(sheet: Sheet, layout: Layout, line: int) -> int:
    fit = _outside(sheet, layout, line)
    for span in layout.spans:
        if span.field in (*AMOUNTS, "weight", "declared_score", "rate"):
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
