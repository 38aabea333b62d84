"""The money block of a form: items with opening, adjusted and executed amounts, and what execution was scored.

Lists of what was spent on what: executed amounts without a budget.
"""

import re
from decimal import Decimal
from typing import Any

from perfeval.ingest.cells import half_width_text
from perfeval.ingest.document import WRONG, Cell
from perfeval.ingest.forms.found import At, Found, is_note
from perfeval.ingest.forms.headings import layout_at
from perfeval.ingest.forms.layout import (
    Layout,
    Sheet,
    aligned,
    heading_block,
    heading_points,
    heading_unit,
    is_title,
    is_unread,
)
from perfeval.ingest.forms.leftovers import check_years, take_headings, unused_money
from perfeval.ingest.forms.titles import goal_number, goal_title
from perfeval.ingest.forms.vocabulary import (
    GIVEN_POINTS,
    NUMBERING,
    apart,
    column,
    flat,
    is_level,
    is_number,
    is_period,
    is_total_item,
    is_unit_cell,
    is_word,
    keys,
    label,
    money_unit,
    points,
    read_amount,
    read_score,
    tidy,
    without_brackets,
    words,
)
from perfeval.model.schema import AMOUNTS, BASIC, BUDGET, PROJECT, SOURCE_ITEMS, TOTAL, TOTAL_ITEMS

MONEY_UNIT_OF_CELL = re.compile("[元万亿]")
WHOLE = "年度资金总额"
"""What an unnamed row of money is: the project's total (财预〔2020〕10号 form)."""


def read_rows(found: Found, line: int, stop: int) -> int:
    """Read the money block whose heading row is ``line``; returns the line after it."""
    layout = layout_at(found.sheet, line, "budget", found.year)
    start = line + layout.height
    over = _ends_template if found.verbatim else ends
    end = next((row for row in range(start, stop) if over(found.sheet, row)), stop)
    layout = aligned(found.sheet, layout, iter(range(start, end)))
    found.layouts["budget"] = layout
    take_headings(found, layout)
    check_years(found, layout)
    for number, cell in found.sheet.filled(line):
        if not layout.of("declared_score") or money_unit(cell.text):
            found.block("execution", cell.text, line, number)
    before = len(found.budget)
    for row in range(start, end):
        _take_rate(found, layout, row)
        if _is_of_another_year(found, layout, row):
            continue
        if found.sheet.filled(row) or any(is_unread(layout.at(found.sheet, row, name)[0]) for name in AMOUNTS):
            _read_row(found, layout, row)
    _check_units(found, layout, found.budget[before:])
    unused_money(found, layout, range(start, end))
    _name_total(found, found.budget[before:])
    return end


def _name_total(found: Found, rows: list[dict[str, Any]]) -> None:
    """Call the total 合计 that has another name, which would else be added to its parts: a row that is their sum.

    It is the first row or the last, in two amounts at least, where no other row is a total or a half, and says that it
    is one or has the only score; any other may be such a sum by chance, and is named.
    """
    known = (*TOTAL_ITEMS, BASIC, PROJECT)
    if found.verbatim or len(rows) < FEWEST_PARTS or any(row["item"] in known for row in rows):
        return
    for whole, parts in ((rows[0], rows[1:]), (rows[-1], rows[:-1])):
        given = [name for name in AMOUNTS if whole[name] and all(row[name] is not None for row in parts)]
        if len(given) > 1 and all(sum(row[name] for row in parts) == whole[name] for name in given):
            at = whole["line"], whole["cells"].get("item", (0, None))[1], whole["item"]
            scored = whole["declared_score"] is not None and all(row["declared_score"] is None for row in parts)
            said = f"“{whole['item']}”等于其余{len(parts)}行之和"
            if scored or SUM.search(whole["item"]):
                found.say("N674", f"{said}，按合计读入", *at)
                whole["item"] = "合计"
            else:
                found.say("W676", f"{said}，看不出是不是合计，照原样读入，会与其余各行相加", *at)
            return


SUM = re.compile("总|合计|共计|全部|整体")
FEWEST_PARTS = 3
"""Rows of money of which one can be seen to be the sum of the others."""


def _before(found: Found, layout: Layout, line: int) -> list[tuple[int, Cell]]:
    """The cells to the left of the amounts."""
    first = min((span.first for span in layout.spans if span.field in (*AMOUNTS, "part")), default=0) + layout.shift
    return [(at, cell) for at, cell in found.sheet.filled(line) if at < first]


def _is_of_another_year(found: Found, layout: Layout, line: int) -> bool:
    """Whether a row is of another year, which is said of it: 2022年 beside its item, or 上年 in its name."""
    if found.verbatim or found.year is None:
        return False
    for at, cell in _before(found, layout, line):
        text = cell.text
        if (is_period(text) or is_total_item(LAST_YEAR.sub("", flat(text)))) and apart(text, found.year):
            found.say("N673", "这一行不是本年度全年的，没有导入", line, at, text)
            found.drop(line)
            return True
    return False


LAST_YEAR = re.compile("^(?:上一?年度?|去年)")


def _take_rate(found: Found, layout: Layout, line: int) -> None:
    """Count a rate as used whose result is missing: it is computed from the amounts, and nothing need be said of it."""
    cell, number, written = layout.at(found.sheet, line, "rate")
    if is_unread(cell) and not cell.doubts:
        found.taken.add((written, number))


def read_more(found: Found, line: int) -> bool:
    """A row of money without headings, under the layout of the table before it on the sheet."""
    layout = found.layouts.get("budget")
    first = next(iter(found.sheet.filled(line)), None)
    if layout is None or first is None:
        return False
    item = _known_item(item_name(first[1].text))
    if item not in SOURCE_ITEMS and not is_total_item(item):
        return False
    _read_row(found, aligned(found.sheet, layout, iter([line])), line)
    return True


def ends(sheet: Sheet, line: int) -> bool:
    """Whether a line is no longer of the money block."""
    cells = [cell for _, cell in sheet.filled(line)]
    if not cells:
        return False
    known = label(cells[0].text)
    named = known is not None and not is_total_item(cells[0].text)
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
    cells: dict[str, At] = {}
    amounts = {name: amount_at(found, layout, line, name, cells) for name in AMOUNTS}
    _adjust(found, layout, line, amounts)
    scores = _scores(found, layout, line, cells)
    first = min((span.first for span in layout.spans if span.field in (*AMOUNTS, "part")), default=0) + layout.shift
    item = _item(found, layout, line, first, cells)
    _check_rate(found, layout, line, amounts)
    named = column("budget", item)
    if named and named[0] in AMOUNTS and not is_total_item(item) and not found.verbatim:
        found.say(
            "W672", f"这一行的名称“{item}”是栏目的名称，看不出是哪项资金，没有导入", line, *cells["item"][1:], item
        )
        found.drop(line)
        return
    if any(value is not None for value in (*amounts.values(), *scores.values())) or (found.verbatim and item):
        goal_no = goal_number(found, layout, line, cells)
        if "item" in cells:
            found.take(*cells["item"])
        place = found.place(line, max(first, 0))
        entry = {"item": item, "goal_no": goal_no, **amounts, **scores}
        found.budget.append({**entry, "source": place, "line": line, "cells": cells})
        _read_parts(found, layout, line)
    elif item in SOURCE_ITEMS or is_total_item(item):
        found.take(*cells.get("item", (line, -1)), heading=True)


def _adjust(found: Found, layout: Layout, line: int, amounts: dict[str, Decimal | None]) -> None:
    """The budget of the year as the opening one with what came to it, where the form has columns of these alone.

    财预〔2020〕10号: 全年预算数 is 年初预算数 with the adjustments, and the year's total 当年财政拨款, 上年结转资金 and
    其他资金 together. Whether an opening budget has the money carried over in it, forms differ: both sums are right.
    A change that is not less than the opening budget may be the adjusted one under another name, and is left out.
    """
    cells: dict[str, At] = {}
    change = amount_at(found, layout, line, "change", cells)
    carried = amount_at(found, layout, line, "carried", cells)
    opening, adjusted = amounts["opening"], amounts["adjusted"]
    reduced = amount_at(found, layout, line, "reduced", cells)
    reduced = None if reduced is None else -abs(reduced)
    came = {"上年结转": ("carried", carried), "预算调整数": ("change", change), "调减数": ("reduced", reduced)}
    named = [(f"{title}{value}万元", value, cells[name]) for title, (name, value) in came.items() if value is not None]
    if not any(value for _, value, _ in named):
        if named and adjusted is None:
            amounts["adjusted"] = opening
        return
    where, text = named[-1][2], found.sheet.cell(*named[-1][2]).text
    added = sum((value for _, value, _ in named), Decimal(0))
    sums = {opening + added, opening + added - (carried or 0)} if opening is not None else set()
    parts = "加".join((f"年初预算数{opening}万元", *(shown for shown, _, _ in named)))
    if adjusted is not None and opening is not None and adjusted not in sums:
        found.say("W670", f"{parts}是{opening + added}万元，全年预算数是{adjusted}万元", *where, text)
    elif adjusted is None and opening is not None and (change is None or change < opening):
        amounts["adjusted"] = opening + added
        found.say("W670", f"全年预算数按{parts}，记为{opening + added}万元", *where, text)
    elif adjusted is None:
        shown = "、".join(shown for shown, _, _ in named)
        found.say("W670", f"看不出{shown}是追加的数额还是全年的预算，没有导入", *where, text)


def _check_rate(found: Found, layout: Layout, line: int, amounts: dict[str, Decimal | None]) -> None:
    """Compare a printed rate with the amounts beside it; as a percentage or a share, to the digits that are printed."""
    rate, number, written = layout.at(found.sheet, line, "rate")
    executed = amounts["executed"]
    if written != line or not any(sign.isdigit() for sign in rate.text):
        return
    if executed is None:
        found.say("N655", "有执行率而没有执行数，执行率无法核对，没有导入", line, number, rate.text)
        return
    bases = [base for name in ("adjusted", "opening") if (base := amounts[name]) is not None]
    printed = GIVEN_POINTS.fullmatch(half_width_text(rate.text))
    if printed is None or not bases:
        return
    found.take(line, number)
    shown = Decimal(printed[1].replace(",", ""))
    if not _is_rate(shown, executed, bases, percent="%" in half_width_text(rate.text)):
        computed = f"{100 * executed / bases[0]:.2f}%" if bases[0] else "算不出的"
        found.say("W661", f"印出的执行率是{rate.text.strip()}，按金额算是{computed}", line, number, rate.text)


def _is_rate(shown: Decimal, executed: Decimal, bases: list[Decimal], *, percent: bool) -> bool:
    """Whether a printed rate is that of the amounts; of nothing to be spent it is anything that says all or nothing."""
    last = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    shares = [executed / base for base in bases if base]
    values = [100 * share for share in shares] + ([] if percent else shares)
    return any(abs(value - shown) < last for value in values) or (not any(bases) and shown in (0, 1, 100))


def _scores(found: Found, layout: Layout, line: int, cells: dict[str, At]) -> dict[str, Decimal | None]:
    """What execution is worth and scored; the worth may stand in the heading, 得分（20分*执行率）."""
    scores: dict[str, Decimal | None] = {}
    for name, title in (("weight", "分值"), ("declared_score", "得分")):
        cell, number, written = found.field(layout, line, name, cells)
        scores[name], why = read_score(cell) if written == line else (None, "")
        if why and cell.origin != WRONG:
            found.say("W652", f"预算执行的{title}{why}，已留空", line, number, cell.text)
    if scores["declared_score"] is not None and scores["weight"] is None:
        heading = heading_points(found.sheet, layout, "declared_score")
        scores["weight"] = heading_points(found.sheet, layout) if heading is None else heading
    return scores


def _item(found: Found, layout: Layout, line: int, first: int, cells: dict[str, At]) -> str:
    """What a row of money is of: the text nearest to the left of the amounts; unnamed rows are the total."""
    named, number, written = layout.at(found.sheet, line, "item")
    if is_unread(named):
        found.take(written, number)
    if found.verbatim or (named.text and not _is_title(named)):
        if number >= 0:
            cells["item"] = (written, number)
        return named.text.strip() if found.verbatim else _known_item(item_name(named.text))
    names = [(at, cell) for at, cell in found.sheet.filled(line) if at < first and not _is_title(cell)]
    for at, _ in (one for one in names if is_unit_cell(one[1].text) or is_period(one[1].text)):
        found.take(line, at, heading=True)
    names = [one for one in names if not is_unit_cell(one[1].text) and not is_period(one[1].text)]
    if not names:
        return TOTAL if found.department else WHOLE
    cells["item"] = (line, names[-1][0])
    return _known_item(item_name(names[-1][1].text))


def _read_parts(found: Found, layout: Layout, line: int) -> None:
    """Sources of money that have columns of their own: 中央, 省, 本级 … of the budget."""
    for span in layout.spans:
        if span.field != "part":
            continue
        number = span.first + layout.shift
        amount, why = read_amount(found.sheet.cell(line, number), money_unit(span.heading))
        found.take(line, number)
        if why:
            found.say("W653", f"{why}，已留空", line, number, found.sheet.cell(line, number).text)
        if amount is not None:
            entry = {**NOTHING, "item": keys(span.heading)[-1], "adjusted": amount}
            cells = {"adjusted": (line, number)}
            found.budget.append({**entry, "source": found.place(line, number), "line": line, "cells": cells})


NOTHING: dict[str, object] = dict.fromkeys(name for name in BUDGET.names if name != "item")


def _is_title(cell: Cell) -> bool:
    """The block's own title (预算执行情况（万元）（20分）) beside its first row, or a figure."""
    named = item_name(cell.text)
    titled = bool(money_unit(cell.text)) and named not in SOURCE_ITEMS and not is_total_item(named)
    return titled or points(cell.text) is not None or is_number(cell)


CARRIED = "上年结转资金"


def _known_item(name: str) -> str:
    bare = NUMBERING.sub("", half_width_text(name))
    name = bare if bare in (*SOURCE_ITEMS, BASIC, PROJECT) or is_total_item(bare) else name
    after = re.split("[:：]", name)[-1].strip()
    known = after if is_total_item(after) else name
    if is_total_item(known) and known not in TOTAL_ITEMS:
        return TOTAL if "整体" in known else "合计"
    carried = re.fullmatch(words()["money"]["carried"], without_brackets(known))
    return CARRIED if carried and known not in SOURCE_ITEMS else known


def amount_at(found: Found, layout: Layout, line: int, name: str, cells: dict[str, At]) -> Decimal | None:
    """One amount in 万元; what cannot be read is reported."""
    cell, number, written = found.field(layout, line, name, cells)
    if written != line:
        return None
    span = layout.of(name)
    own = money_unit(span.heading) if span else ""
    row = _unit_of_row(found, layout, line) if not own and number >= 0 else ""
    unit = own or row or heading_unit(found.sheet, layout, name) or sheet_unit(found, layout.line)
    amount, why = read_amount(cell, unit)
    if why and cell.origin != WRONG:
        found.say("W653", f"{why}，已留空", line, number, cell.text)
    return amount


def _unit_of_row(found: Found, layout: Layout, line: int) -> str:
    """The money unit that a row names for itself: in a cell of its own, or behind its item (年度资金总额（元）)."""
    for _, cell in _before(found, layout, line):
        text = flat(cell.text)
        unit = money_unit(f"({text.strip('()')})" if is_unit_cell(text) else "" if _is_title(cell) else text)
        if unit:
            return unit
    return ""


OVER_TITLE = 2
"""Lines over a form's title that may still be its own: 附件1, 单位：元."""


def sheet_unit(found: Found, line: int) -> str:
    """The money unit named nearest above a block, ``金额单位：元``, or in the first note below that names one."""
    left = line
    for at in range(line - 1, -1, -1):
        left = min(left - 1, OVER_TITLE) if is_title(found.sheet, at) else left - 1
        before = ""
        for number, cell in found.sheet.filled(at):
            paired = flat(before).rstrip(":").endswith("单位") and is_unit_cell(cell.text)
            if unit := money_unit(f"({flat(cell.text).strip('()')})" if paired else cell.text):
                found.take(at, number, heading=True)
                return unit
            before = cell.text
        if left <= 0:
            break
    for at in range(line + 1, len(found.sheet.lines)):
        if is_title(found.sheet, at):
            break  # another form begins
        for number, cell in found.sheet.filled(at):
            if is_note(cell.text) and "单位" in cell.text and (unit := money_unit(cell.text)):
                found.take(at, number, heading=True)
                return unit
    return ""


LARGE = Decimal(10_000)
"""万元: from here on an amount without any unit is named; most offices have less in 元, and few have more in 万元."""


def _check_units(found: Found, layout: Layout, rows: list[dict[str, Any]]) -> None:
    """Say where a form names no unit for large amounts, or one in its heading and another one above or below."""
    if found.verbatim or not rows:
        return
    amounts = [(row, name) for row in rows for name in AMOUNTS if row[name] is not None]
    headed = {heading_unit(found.sheet, layout, name) for _, name in amounts} - {""}
    other = sheet_unit(found, layout.line)
    if headed and other and other not in headed:
        message = f"金额栏的标题写的是{'、'.join(sorted(headed))}，另一处写的是{other}，按标题读入"
        found.say("W668", message, layout.line, None, other)
    row, name = max(amounts, key=lambda one: abs(one[0][one[1]]), default=(None, ""))
    if headed or other or row is None or abs(row[name]) < LARGE:
        return
    line, number = row["cells"][name]
    cell = found.sheet.cell(line, number)
    if not MONEY_UNIT_OF_CELL.search(half_width_text(cell.text)):
        message = f"没有写明金额的单位，按万元读入，最大的是{row[name]:,}万元"
        found.say("W668", message, line, number, cell.text)


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
        sums = [at for at, cell in sheet.filled(row) if is_sum(cell.text)]
        if amount is not None and sums:
            total = (row, amount)
            for at in sums:
                found.take(row, at, heading=True)
        elif amount is not None and not name.text.strip():
            found.say(
                "N651", "这一行没有写是什么支出，没有导入", row, *cells["executed"][1:], sheet.filled(row)[0][1].text
            )
            found.drop(row)
        elif amount is not None:
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
