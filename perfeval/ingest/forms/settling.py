"""What can only be said of the money once its whole block is read."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.ingest.consistency import IMPLAUSIBLE, UNIT_SLIP
from perfeval.ingest.document import Cell
from perfeval.ingest.forms.found import Found
from perfeval.ingest.forms.money import FULL, NOTHING, WHOLE, sheet_unit
from perfeval.ingest.forms.vocabulary import read_amount
from perfeval.model.schema import AMOUNTS, SOURCE_ITEMS, TOTAL_ITEMS


def settle(found: Found) -> None:
    """What can only be said of the whole block: halves given in the head, the total in the money row, yuan for 万元."""
    for name, item in (("basic", "基本支出"), ("projects", "项目支出")):
        for said in found.labels.get(name, [])[:1]:
            line = said.at[0]
            amount, why = read_amount(Cell(said.text), sheet_unit(found, line + 2))
            if amount is not None and not why and all(row["item"] != item for row in found.budget):
                found.take(*said.label, heading=True)
                found.take(*said.at)
                entry = {**NOTHING, "item": item, "adjusted": amount, "cells": {"adjusted": said.at}}
                found.budget.append({**entry, "source": found.place(line), "line": line})
    for row in found.budget:
        _misplaced_total(found, row)
    if not found.verbatim:
        _points_once(found)
    for row in found.budget:
        for name, message in _yuan(row):
            found.say("W303", message, int(str(row["line"])), _column(row, name), row[name])


def _points_once(found: Found) -> None:
    """Points of execution that 其中 rows repeat from the total, or divide among themselves, count once."""
    scored = [row for row in found.budget if row["weight"] is not None]
    whole = next((row for row in scored if row["item"] in (*TOTAL_ITEMS, WHOLE)), None)
    if whole is None:
        return
    parts = [row for row in scored if row is not whole]
    divided = sum((Decimal(str(row["weight"])) for row in parts), Decimal(0)) == whole["weight"]
    for row in parts:
        if divided or row["item"] in SOURCE_ITEMS or row["weight"] == whole["weight"]:
            message = f"“{row['item']}”是“{whole['item']}”的其中项，它的分值、得分已计在“{whole['item']}”上，没有再计"
            found.say("N666", message, int(str(row["line"])), _column(row, "declared_score"), row["weight"])
            row["weight"] = row["declared_score"] = None


def _misplaced_total(found: Found, row: dict[str, object]) -> None:
    """The form's total written where the points of execution belong: more than they can be, or of 100."""
    weight, score, line = row["weight"], row["declared_score"], row["line"]
    if not isinstance(weight, Decimal) or not isinstance(score, Decimal) or not isinstance(line, int):
        return
    if score > weight or weight == FULL:
        row["declared_score"] = None
        if weight == FULL:
            row["weight"] = None
        number = _column(row, "declared_score")
        found.say("W651", "预算执行行里写的是自评总分，不是预算执行的得分", line, number, score)
        if not found.scores:
            found.scores.append((score, line, number or 0))


def _column(row: dict[str, object], name: str) -> int | None:
    """The column of the sheet in which a figure of a row stands, where it is known."""
    cells = row.get("cells")
    return cells[name][1] if isinstance(cells, dict) and name in cells else None


def _yuan(row: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The amounts that are about 10,000 times those beside them, or more than any unit spends, and why."""
    amounts = {name: value for name in AMOUNTS if isinstance(value := row[name], Decimal) and value > 0}
    for name, amount in amounts.items():
        if any(UNIT_SLIP[0] <= amount / other <= UNIT_SLIP[1] for other in amounts.values()):
            yield name, "疑似以元为单位：是同一行其他金额的约一万倍"
        elif amount >= IMPLAUSIBLE:
            yield name, f"疑似以元为单位：达到{IMPLAUSIBLE:,}万元（100亿元）"
