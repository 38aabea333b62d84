"""The money block of a form: items with opening, adjusted and executed amounts, and what execution was scored."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.ingest.consistency import IMPLAUSIBLE, UNIT_SLIP
from perfeval.ingest.document import Cell
from perfeval.ingest.forms.alignment import aligned
from perfeval.ingest.forms.found import Found, goal_title, is_note
from perfeval.ingest.forms.layout import Layout, Sheet, heading_block, heading_points, heading_unit, layout_at
from perfeval.ingest.forms.vocabulary import (
    column,
    flat,
    is_level,
    is_number,
    is_word,
    keys,
    label,
    money_unit,
    points,
    read_amount,
    read_score,
    tidy,
)
from perfeval.model.schema import SOURCE_ITEMS, TOTAL, TOTAL_ITEMS

AMOUNTS = ("opening", "adjusted", "executed")
WHOLE = "年度资金总额"
"""What an unnamed row of money is: the project's total (财预〔2020〕10号 form)."""
FULL = Decimal(100)


def read_budget(found: Found, line: int, stop: int) -> int:
    """Read the money block whose heading row is ``line``; returns the line after it."""
    found.begin("预算", line)
    layout = layout_at(found.sheet, line, "budget")
    if _in_pairs(found.sheet, line, layout):
        return _read_pairs(found, line, stop, layout)
    start = line + layout.height
    over = _ends_template if found.verbatim else ends
    end = next((row for row in range(start, stop) if over(found.sheet, row)), stop)
    layout = aligned(found.sheet, layout, iter(range(start, end)))
    found.layouts["budget"] = layout
    for number, cell in found.sheet.filled(line):
        if not layout.of("declared_score") or money_unit(cell.text):
            found.block(cell.text, line, number)
    for row in range(start, end):
        if found.sheet.filled(row):
            _read_row(found, layout, row)
    return end


def read_more(found: Found, line: int) -> bool:
    """A row of money without headings, under the layout of the table before it on the sheet."""
    layout = found.layouts.get("budget")
    first = next(iter(found.sheet.filled(line)), None)
    if layout is None or first is None:
        return False
    item = _known_item(item_name(first[1].text))
    if item not in SOURCE_ITEMS and not is_word("total_items", item):
        return False
    _read_row(found, aligned(found.sheet, layout, iter([line])), line)
    return True


def ends(sheet: Sheet, line: int) -> bool:
    """Whether a line is no longer of the money block."""
    cells = [cell for _, cell in sheet.filled(line)]
    if not cells:
        return False
    known = label(cells[0].text)
    named = known is not None and not is_word("total_items", cells[0].text)
    titled = goal_title(cells[0].text) is not None or is_word("block", cells[0].text) or is_note(cells[0].text)
    levels = any(is_level(cell.text) and flat(cell.text).endswith("指标") for cell in cells[:3])
    levels = levels or flat(cells[0].text)[:1] in "…≥≤=<>"
    return named or titled or levels or bool(heading_block(sheet, line))


def _ends_template(sheet: Sheet, line: int) -> bool:
    """Likewise in the template, where an item may be called anything: at the title of the indicator block."""
    cells = sheet.filled(line)
    titled = len(cells) == 1 and cells[0][0] == 0 and is_word("block", cells[0][1].text)
    return titled or (len(cells) > 1 and heading_block(sheet, line) == "indicators")


def item_name(text: str) -> str:
    """``其中：当年财政拨款：`` → 当年财政拨款."""
    bare = re.sub(r"^(?:其中)?\s*[:：]?\s*", "", tidy(text))
    bare = re.sub(r"[（(][^（）()]*元[）)]", "", bare)
    return re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", bare).strip("：: ")


def _read_row(found: Found, layout: Layout, line: int) -> None:
    """One row of money; rows without any figure say nothing."""
    sheet = found.sheet
    amounts = {name: amount_at(found, layout, line, name) for name in AMOUNTS}
    scores = _scores(found, layout, line)
    first = min((span.first for span in layout.spans if span.field in (*AMOUNTS, "part")), default=0) + layout.shift
    item = _item(found, layout, line, first)
    rate, number, _ = layout.at(sheet, line, "rate")
    if amounts["executed"] is None and any(sign.isdigit() for sign in rate.text):
        found.say("N655", "有执行率而没有执行数，执行率无法核对，没有导入", line, number, rate.text)
    if any(value is not None for value in (*amounts.values(), *scores.values())) or (found.verbatim and item):
        goal_no, _ = read_score(layout.at(sheet, line, "goal_no")[0])
        place = found.place(line, max(first, 0))
        entry = {"item": item, "goal_no": None if goal_no is None else int(goal_no), **amounts, **scores}
        columns = {name: layout.at(sheet, line, name)[1] for name in (*AMOUNTS, "declared_score")}
        found.budget.append({**entry, "source": place, "line": line, "columns": columns})
        _read_parts(found, layout, line)


def _scores(found: Found, layout: Layout, line: int) -> dict[str, Decimal | None]:
    """What execution is worth and scored; the worth may stand in the heading, 得分（20分*执行率）."""
    scores: dict[str, Decimal | None] = {}
    for name, title in (("weight", "分值"), ("declared_score", "得分")):
        cell, number, written = layout.at(found.sheet, line, name)
        scores[name], why = read_score(cell) if written == line else (None, "")
        if why:
            found.say("W652", f"预算执行的{title}{why}，已留空", line, number, cell.text)
    if scores["declared_score"] is not None and scores["weight"] is None:
        heading = heading_points(found.sheet, layout, "declared_score")
        scores["weight"] = heading_points(found.sheet, layout) if heading is None else heading
    return scores


def _item(found: Found, layout: Layout, line: int, first: int) -> str:
    """What a row of money is of: the text nearest to the left of the amounts; unnamed rows are the total."""
    if found.verbatim:
        return layout.at(found.sheet, line, "item")[0].text.strip()
    named = layout.at(found.sheet, line, "item")[0]
    if named.text and not _is_title(named):
        return _known_item(item_name(named.text))
    names = [cell.text for number, cell in found.sheet.filled(line) if number < first and not _is_title(cell)]
    return _known_item(item_name(names[-1])) if names else TOTAL if found.department else WHOLE


def _read_parts(found: Found, layout: Layout, line: int) -> None:
    """Sources of money that have columns of their own: 中央, 省, 本级 … of the budget."""
    for span in layout.spans:
        if span.field != "part":
            continue
        number = span.first + layout.shift
        amount, why = read_amount(found.sheet.cell(line, number), money_unit(span.heading))
        if why:
            found.say("W653", f"{why}，已留空", line, number, found.sheet.cell(line, number).text)
        if amount is not None:
            entry = {**NOTHING, "item": keys(span.heading)[-1], "adjusted": amount}
            found.budget.append({**entry, "source": found.place(line, number), "line": line})


NOTHING: dict[str, object] = {
    "goal_no": None, "opening": None, "adjusted": None, "executed": None, "weight": None, "declared_score": None
}  # fmt: skip


def _is_title(cell: Cell) -> bool:
    """The block's own title (预算执行情况（万元）（20分）) beside its first row, or a figure."""
    return bool(money_unit(cell.text)) or points(cell.text) is not None or is_number(cell)


def _known_item(name: str) -> str:
    after = re.split("[:：]", name)[-1].strip()
    known = after if is_word("total_items", after) else name
    if is_word("total_items", known) and known not in TOTAL_ITEMS:
        return TOTAL if "整体" in known else "合计"
    return known


def amount_at(found: Found, layout: Layout, line: int, name: str) -> Decimal | None:
    """One amount in 万元; what cannot be read is reported."""
    cell, number, written = layout.at(found.sheet, line, name)
    if written != line:
        return None
    unit = heading_unit(found.sheet, layout, name) or _sheet_unit(found.sheet, layout.line)
    amount, why = read_amount(cell, unit)
    if why:
        found.say("W653", f"{why}，已留空", line, number, cell.text)
    return amount


LOOKED_ABOVE = 12


def _sheet_unit(sheet: Sheet, line: int) -> str:
    """The money unit named nearest above a block: ``金额单位：元``."""
    for above in range(line - 1, max(-1, line - LOOKED_ABOVE), -1):
        for _, cell in sheet.filled(above):
            if unit := money_unit(cell.text):
                return unit
    return ""


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
        for field, number in _beside_labels(sheet, row, layout):
            unit = heading_unit(sheet, layout, field) or _sheet_unit(sheet, line)
            amounts[field], _ = read_amount(sheet.cell(row, number), unit)
            names = [cell for at, cell in sheet.filled(row) if at < number and not is_number(cell)]
            if row > line and names:
                item = item_name(names[-1].text)
        if any(amount is not None for amount in amounts.values()):
            found.budget.append({**NOTHING, "item": item, **amounts, "source": found.place(row), "line": row})
    return end


def _beside_labels(sheet: Sheet, row: int, layout: Layout) -> Iterator[tuple[str, int]]:
    """(field, column) of each figure of a row: the first between the column of its label and that of the next one."""
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
            yield span.field, number


def settle(found: Found) -> None:
    """What can only be said of the whole block: halves given in the head, the total in the money row, yuan for 万元."""
    for name, item in (("basic", "基本支出"), ("projects", "项目支出")):
        for line, text in found.labels.get(name, [])[:1]:
            amount, why = read_amount(Cell(text), _sheet_unit(found.sheet, line + 2))
            if amount is not None and not why and all(row["item"] != item for row in found.budget):
                entry = {**NOTHING, "item": item, "adjusted": amount}
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
    columns = row.get("columns")
    return columns.get(name) if isinstance(columns, dict) else None


def _yuan(row: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The amounts that are about 10,000 times those beside them, or more than any unit spends, and why."""
    amounts = {name: value for name in AMOUNTS if isinstance(value := row[name], Decimal) and value > 0}
    for name, amount in amounts.items():
        if any(UNIT_SLIP[0] <= amount / other <= UNIT_SLIP[1] for other in amounts.values()):
            yield name, "疑似以元为单位：是同一行其他金额的约一万倍"
        elif amount >= IMPLAUSIBLE:
            yield name, f"疑似以元为单位：达到{IMPLAUSIBLE:,}万元（100亿元）"
