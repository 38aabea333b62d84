"""The money block of a form, in whatever shape: a table with a row for each item, or one of two that are none.

Amounts beside their labels (``预算数：``, 100, ``执行数：``, 98); and sources as columns (合计, 财政拨款) with
全年预算数 and 全年执行数 as rows.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, product

from perfeval.ingest.document import Cell
from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.headings import layout_at
from perfeval.ingest.forms.layout import Layout, Sheet, heading_unit
from perfeval.ingest.forms.leftovers import take_headings
from perfeval.ingest.forms.money import NOTHING, WHOLE, ends, item_name, read_rows, sheet_unit
from perfeval.ingest.forms.titles import read_labels
from perfeval.ingest.forms.vocabulary import (
    ALL,
    column,
    field_of,
    is_number,
    label,
    part_of_money,
    read_amount,
    read_score,
)
from perfeval.model.folding import half_width
from perfeval.model.schema import AMOUNTS, TOTAL


def read_budget(found: Found, line: int, stop: int) -> int:
    """Read the money block that begins at ``line``; returns the line after it."""
    found.begin("预算", line)
    if is_crosswise(found.sheet, line):
        return _read_crosswise(found, line, stop)
    layout = layout_at(found.sheet, line, "budget", found.year)
    if _in_pairs(found.sheet, line, layout):
        take_headings(found, layout)
        return _read_pairs(found, line, stop, layout)
    return read_rows(found, line, stop)


def read_said(found: Found, line: int) -> bool:
    """Amounts in one cell with their labels (``全年预算数：100``); whether a line has any."""
    amounts: dict[str, Decimal | None] = dict.fromkeys(AMOUNTS)
    cells: dict[str, At] = {}
    unit = heading_unit(found.sheet, Layout("budget", (), line), "") or sheet_unit(found, line)
    for number, cell in found.sheet.filled(line):
        name, colon, value = half_width(cell.text).partition(":")
        field = field_of("budget", name)
        amount = read_amount(Cell(value), unit)[0] if colon and field in AMOUNTS else None
        if amount is not None:
            amounts[field], cells[field] = amount, (line, number)
    if len(cells) > 1:
        for at in cells.values():
            found.take(*at)
        read_labels(found, line)
        entry = {**NOTHING, "item": TOTAL if found.department else WHOLE, **amounts, "source": found.place(line)}
        found.budget.append({**entry, "line": line, "cells": cells})
    return len(cells) > 1


def _in_pairs(sheet: Sheet, line: int, layout: Layout) -> bool:
    """Whether amounts stand beside their labels (``预算数：``, 100, ``执行数：``, 98) and not below them."""
    return any(is_number(sheet.cell(line, span.stop - 1)) for span in layout.spans if span.field in AMOUNTS) or any(
        is_number(cell) and column("budget", before.text)
        for (_, before), (_, cell) in zip(sheet.filled(line), sheet.filled(line)[1:], strict=False)
    )


def _read_pairs(found: Found, line: int, stop: int, layout: Layout) -> int:
    """Amounts beside their labels; the rows below name the item in place of the label."""
    sheet = found.sheet
    table = sheet.lines[line].sheet
    rows = range(line + 1, stop)
    end = next(
        (row for row in rows if ends(sheet, row) or (sheet.filled(row) and sheet.lines[row].sheet != table)), stop
    )
    for row in range(line, end):
        amounts: dict[str, Decimal | None] = dict.fromkeys(AMOUNTS)
        item = TOTAL if found.department else WHOLE
        cells: dict[str, At] = {}
        scores: dict[str, Decimal | None] = {}
        for field, at, number in _beside_labels(sheet, row, layout):
            unit = heading_unit(sheet, layout, field) or sheet_unit(found, line)
            amounts[field], _ = read_amount(sheet.cell(row, number), unit)
            found.take(row, at, heading=True)
            found.take(row, number)
            cells[field] = (row, number)
            names = [(before, cell) for before, cell in sheet.filled(row) if before < number and not is_number(cell)]
            if row > line and names:
                item = item_name(names[-1][1].text)
                cells["item"] = (row, names[-1][0])
                found.take(row, names[-1][0])
        if any(label(cell.text) for _, cell in sheet.filled(row)):
            read_labels(found, row)
        for name, at, number in _points_beside(sheet, row):
            found.take(row, at, heading=True)
            found.take(row, number)
            cells[name] = (row, number)
            scores[name] = read_score(sheet.cell(row, number))[0]
        for at in sheet.lines[row].unread:
            if any(at > span.first for span in layout.spans if span.field in AMOUNTS):
                found.take(row, at)
        if any(amount is not None for amount in amounts.values()):
            entry = {**NOTHING, "item": item, **amounts, **scores, "source": found.place(row)}
            found.budget.append({**entry, "line": row, "cells": cells})
        elif scores and found.budget:
            found.budget[-1] |= {name: score for name, score in scores.items() if found.budget[-1][name] is None}
    return end


def _points_beside(sheet: Sheet, row: int) -> Iterator[tuple[str, int, int]]:
    """(field, column of the label, column) of the points and the score of execution beside their labels."""
    cells = sheet.filled(row)
    for (at, name), (number, cell) in pairwise(cells):
        field = field_of("budget", name.text)
        if field in POINTS and read_score(cell)[0] is not None:
            yield field, at, number


POINTS = ("weight", "declared_score")


def _beside_labels(sheet: Sheet, row: int, layout: Layout) -> Iterator[tuple[str, int, int]]:
    """(field, column of the label, column) of each figure of a row: the first before the next label's column."""
    starts = sorted(span.first for span in layout.spans if not is_number(Cell(span.heading)))
    for span in layout.spans:
        if span.field not in AMOUNTS:
            continue
        stop = min((start for start in starts if start > span.first), default=len(sheet.lines[row].cells))
        amounts = (
            number for number in range(span.first, stop) if read_amount(sheet.cell(row, number), "")[0] is not None
        )
        number = next(amounts, None)
        if number is not None:
            yield span.field, span.first, number


def is_crosswise(sheet: Sheet, line: int) -> bool:
    """Whether sources stand beside one another, and below them rows called 全年预算数, 全年执行数."""
    heads = [cell for _, cell in sheet.filled(line) if part_of_money(cell.text)]
    if len(heads) <= 1 or any(is_number(cell) for _, cell in sheet.filled(line)):
        return False
    below = range(line + 1, min(line + 1 + BELOW, len(sheet.lines)))
    return len({field for row in below if (field := _amount_row(sheet, row))}) > 1


BELOW = 4
"""Rows below the sources in which two of the amounts are looked for."""


def _amount_row(sheet: Sheet, line: int) -> str:
    """The amount that all figures of a row are, by its name; empty where it has none."""
    cells = sheet.filled(line)
    named = next((name for _, cell in cells[:2] if (name := field_of("budget", cell.text))), "")
    figures = any(is_number(cell) for _, cell in cells)
    return named if named in AMOUNTS and not part_of_money(cells[0][1].text) and figures else ""


def _read_crosswise(found: Found, line: int, stop: int) -> int:
    """Money whose sources are columns: an item for each of them."""
    sheet = found.sheet
    heads = {number: cell.text for number, cell in sheet.filled(line) if part_of_money(cell.text)}
    items = {number: _source(found, text) for number, text in heads.items()}
    entries: dict[int, dict[str, object]] = {}
    places: dict[int, dict[str, At]] = {number: {"item": (line, number)} for number in items}
    row = line + 1
    while row < stop and (field := _amount_row(sheet, row)):
        unit = heading_unit(sheet, Layout("budget", (), line), "") or sheet_unit(found, line)
        for number, cell in sheet.filled(row):
            if number not in items:
                found.take(row, number, heading=True) if column("budget", cell.text) else None
                continue
            amount, why = read_amount(cell, unit)
            found.take(row, number)
            if why:
                found.say("W653", f"{why}，已留空", row, number, cell.text)
            entries.setdefault(number, {**NOTHING, "item": items[number]})[field] = amount
            places[number][field] = (row, number)
        row += 1
    for number, cell in sheet.filled(line):
        field = field_of("budget", cell.text)
        found.take(line, number, heading=True)
        for first, under in product([*entries][:1], range(line + 1, row)) if field in POINTS else ():
            score = read_score(sheet.cell(under, number))[0]
            if score is not None and entries[first][field] is None:
                found.take(under, number)
                entries[first][field], places[first][field] = score, (under, number)
    for number, entry in entries.items():
        found.take(line, number)
        at = {"source": found.place(line, number), "line": line, "cells": places[number]}
        found.budget.append(entry | at)
    return row


def _source(found: Found, text: str) -> str:
    """What the money of a column is called."""
    if part_of_money(text) == ALL:
        return TOTAL if found.department else WHOLE
    return item_name(text)
