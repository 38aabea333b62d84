"""Lists of what was spent on what: executed amounts without a budget."""

from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.layout import layout_at
from perfeval.ingest.forms.money import NOTHING, amount_at, ends, item_name
from perfeval.ingest.forms.vocabulary import flat


def read_details(found: Found, line: int, stop: int) -> int:
    """Read a list of what was spent on what, which has no budget: executed amounts alone; returns the line after it."""
    sheet = found.sheet
    found.begin("支出明细", line)
    layout = layout_at(sheet, line, "details")
    for number, _ in sheet.filled(line):
        found.take(line, number, heading=True)
    table = sheet.lines[line].sheet
    total, spent = None, []
    row = line + layout.height
    while row < stop and not (sheet.filled(row) and (ends(sheet, row) or sheet.lines[row].sheet != table)):
        cells: dict[str, At] = {}
        name, where, written = layout.at(sheet, row, "item")
        amount = amount_at(found, layout, row, "executed", cells)
        if amount is not None and is_sum(name.text):
            total = (row, amount)
            found.take(written, where, heading=True)
        elif amount is not None and name.text.strip():
            spent.append(amount)
            entry = {**NOTHING, "item": item_name(name.text), "executed": amount}
            cells["item"] = (written, where)
            found.take(written, where)
            found.budget.append({**entry, "source": found.place(row), "line": row, "cells": cells})
        row += 1
    if spent:
        whole = f"，合计{total[1]}万元不另记" if total else ""
        found.say("N667", f"{len(spent)}行支出明细没有预算数，记为执行数{whole}", line)
    if total is not None and spent and sum(spent) != total[1]:
        where = layout.at(sheet, total[0], "executed")[1]
        message = f"支出明细的合计{total[1]}万元，各行之和是{sum(spent)}万元"
        found.say("W669", message, total[0], where, sheet.cell(total[0], where).text)
    return row


def is_sum(name: str) -> bool:
    """``支出合计``, 合计, 总计: the sum of the rows above."""
    return flat(name).endswith(("合计", "总计", "共计", "小计"))
