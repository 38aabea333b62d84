"""The indicator block of a form: one row for each indicator, with what its merged and inherited cells say of it.

What can only be said of the money once its whole block is read.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.ingest.document import WRONG, Cell
from perfeval.ingest.forms.found import (
    At,
    Found,
    cells_of,
    is_note,
    percent_score,
    weights_as_percents,
    without_numbers,
)
from perfeval.ingest.forms.headings import layout_at, target_years
from perfeval.ingest.forms.layout import Layout, Sheet, aligned, heading_block, is_first_level, is_unread
from perfeval.ingest.forms.leftovers import check_years, take_headings, unused_columns, unused_row
from perfeval.ingest.forms.levels import Levels, follow_levels, place_in_levels
from perfeval.ingest.forms.magnitude import judged_otherwise
from perfeval.ingest.forms.money import NOTHING, WHOLE, sheet_unit
from perfeval.ingest.forms.targets import read_target, with_unit
from perfeval.ingest.forms.titles import TAIL, goal_number, is_goal_line, is_total, leads, new_goal, read_total
from perfeval.ingest.forms.vocabulary import (
    Name,
    flat,
    indicator_name,
    is_empty,
    is_level,
    is_number,
    is_total_item,
    is_word,
    level,
    read_amount,
    read_score,
    tidy,
    without_hints,
)
from perfeval.model.schema import (
    AMOUNTS,
    CATEGORIES,
    IMPLAUSIBLE,
    INDICATORS,
    OUTPUT,
    SOURCE_ITEMS,
    TOTAL_ITEMS,
    UNIT_SLIP,
)
from perfeval.model.units import is_unit

TEXTS = ("actual", "declared_met", "reason", "measure", "evidence", "narrative", "reviewed_actual", "review_note")
WORDS = ("reason", "measure", "evidence", "narrative", "review_note")
"""Of these the ones whose automatic list numbers belong to them."""
PLACEHOLDERS_DROPPED = ("reason", "measure", "evidence", "narrative", "declared_met", "review_note")
SAMPLE = 200
"""Lines that are looked at for it."""
STATUS = re.compile("完|达|成|实现|落实|超|优|良|合格|[是否未有已√×✓✔✗☑☒YyNn0-9]")
"""What a status of completion has in it, whatever its wording."""
FULL = Decimal(100)
POINTS = {"weight": "分值", "declared_score": "得分"}
SCORES = {**POINTS, "reviewed_score": "复核得分"}


def read_indicators(found: Found, line: int, stop: int, layout: Layout | None = None) -> int:
    """Read the indicator block whose heading row is ``line``, or rows under ``layout``; returns the line after it."""
    sheet, levels, first_row = found.sheet, Levels(), len(found.indicators)
    if layout is None:
        found.begin("指标", line)
        layout = _opened(found, line, stop)
        line += layout.height
    else:
        layout = aligned(sheet, layout, iter(range(line, _end_of_sample(sheet, line, stop))))
    used = [(layout, line)]
    while line < stop:
        if not sheet.filled(line):
            if is_unread(layout.at(sheet, line, "indicator")[0]):
                found.field(layout, line, "indicator")
            line += 1
            continue
        plain_row = found.verbatim or any(is_number(cell) for _, cell in sheet.filled(line))
        kind = "" if plain_row else heading_block(sheet, line)
        if kind == "indicators":
            layout = _opened(found, line, stop)
            used.append((layout, line))
            line += layout.height
            levels = Levels(unknown=levels.unknown, percents=levels.percents)
        elif kind or (not found.verbatim and (_is_money(sheet, layout, line) or _ends(sheet, layout, line))):
            break
        else:
            _check_width(found, layout, line)
            _read_line(found, layout, levels, line)
            line += 1
    without_numbers(found, first_row, used[0][1])
    found.layouts["indicators"] = layout
    weights_as_percents(found, levels.percents)
    unused_columns(found, used, line)
    for name, where in levels.unknown.items():
        shown = f"一级指标“{name}”不在{'、'.join(CATEGORIES)}之内" if name else "没有一级指标"
        columns = (layout.at(sheet, where, field)[1] for field in ("level1", "indicator"))
        number = next((one for one in columns if one >= 0), None)
        message = f"{shown}，能按名称归类的已归类，其余暂归{OUTPUT}"
        found.say("W655", message, where, number if sheet.lines[where].table else None, name)
    return line


def _check_width(found: Found, layout: Layout, line: int) -> None:
    """Say that a table goes on, without headings, in one of another number of columns: its cells may be shifted."""
    headed, here = found.sheet.lines[layout.line], found.sheet.lines[line]
    begins = here.sheet not in (headed.sheet, found.sheet.lines[line - 1].sheet)
    if begins and layout.height and len(headed.cells) != len(here.cells):
        message = f"续表没有标题行，有{len(here.cells)}列，前面的表有{len(headed.cells)}列，照前面的列序读入，可能错位"
        found.say("W654", message, line)


def _is_money(sheet: Sheet, layout: Layout, line: int) -> bool:
    """A line of the next project's money: 年度资金总额, and not a 合计 of the indicators or an indicator's name."""
    name, number, _ = layout.at(sheet, line, "indicator")
    first = [cell.text for at, cell in sheet.filled(line)[:2] if at != number or not name.text]
    return any(is_total_item(text) and not is_word("total", text) for text in first)


def _opened(found: Found, line: int, stop: int) -> Layout:
    """The layout of an indicator heading row, fitted to the rows below; a goal's title in it opens that goal."""
    years = target_years(found.sheet, line, found.year)
    if len(years) > 1:
        found.target_years, found.target_year = years, found.target_year or years[0]
    layout = layout_at(found.sheet, line, "indicators", found.target_year or found.year)
    for number, cell in found.sheet.filled(line):
        if not new_goal(found, cell.text, line, number):
            found.block("table", cell.text, line, number) if is_word("block", cell.text) else None
    take_headings(found, layout)
    check_years(found, layout)
    start = line + layout.height
    return aligned(found.sheet, layout, iter(range(start, _end_of_sample(found.sheet, start, stop))))


def _end_of_sample(sheet: Sheet, start: int, stop: int) -> int:
    """Where the rows end that tell how far the cells are shifted."""
    last = min(stop, start + SAMPLE)
    return next((line for line in range(start, last) if is_total(sheet, line) is not None), last)


def _ends(sheet: Sheet, layout: Layout, line: int) -> bool:
    """Whether a line belongs to what follows the indicators: notes, problems and measures, another form's head."""
    cells = sheet.filled(line)
    text = cells[0][1].text
    kind = leads(text)
    tail = kind in (*TAIL, "project", "unit", "other", "grade") or (kind == "score" and not is_word("total", text))
    signed = any(is_word("signed", re.split("[:：]", cell.text)[0]) for _, cell in cells)
    signed = signed and not any(is_level(cell.text) for _, cell in cells[:2])
    note = len(cells) <= 3 and is_note(text)  # noqa: PLR2004  # a note is a text or two, a row of the table is more
    scored = (read_score(layout.at(sheet, line, name)[0])[0] is not None for name in POINTS)
    return (tail or note or signed) and not any(scored)


def _read_line(found: Found, layout: Layout, levels: Levels, line: int) -> None:
    """One line of the block: a goal's title, a total, a subtotal, or an indicator."""
    sheet = found.sheet
    if _is_sum(found, layout, line) if found.verbatim else _is_level_line(found, levels, line):
        return
    cell, number, written = layout.at(sheet, line, "indicator")
    if is_unread(cell):
        found.take(written, number)
    if found.verbatim:
        name = Name(cell.text.strip())
    else:
        name = indicator_name(cell.text) if written == line else Name("")
        if name.text and not without_hints(name.text)[0]:
            name = Name(found.content(name.text, line, number))
        if _is_special(found, layout, levels, line, name):
            return
    follow_levels(found, layout, levels, line)
    if not name.text:
        unused_row(found, layout, line)
    elif not found.verbatim and _is_value(name.text):
        found.say("W675", f"指标名称的位置是“{name.text}”，这一行的各格与标题错开，没有导入", line, number, name.text)
        found.drop(line)
    elif not found.verbatim and _is_execution(found, layout, levels, line, name):
        _read_execution(found, layout, line, number)
    else:
        _read_indicator(found, layout, levels, line, name)


VALUE = re.compile(r"(?:[≥≤≧≦<>=]{1,2}[0-9.,]+|(?=[0-9.,]+%)[0-9.,]+)(.{0,8})")


def _is_value(text: str) -> bool:
    """Whether a text is a target or an actual and nothing else (≥60%, ≥360天), and so no name of an indicator."""
    found = VALUE.fullmatch(flat(text))
    return found is not None and (not found[1] or is_unit(found[1]))


def _is_level_line(found: Found, levels: Levels, line: int) -> bool:
    """Take a level's name that has a line of its own: 一、产出指标（50分） over its indicators."""
    cells = found.sheet.filled(line)
    number, cell = cells[0]
    text = flat(cell.text)
    if len(cells) > 1 or not is_level(text) or "指标" not in text:
        return False
    first = is_first_level(text)
    found.block("level1" if first else "level2", cell.text, line, number)
    found.take(line, number, heading=True)
    levels.first, levels.second = (cell.text, "") if first else (levels.first, cell.text)
    levels.cells = {name: at for name, at in levels.cells.items() if not first and name == "category"}
    levels.cells["category" if first else "subcategory"] = (line, number)
    return True


def _is_special(found: Found, layout: Layout, levels: Levels, line: int, name: Name) -> bool:
    """Take a line that is no indicator: a total or subtotal, or a goal's title alone."""
    sheet = found.sheet
    total = is_total(sheet, line)
    alone = total is not None and total == sheet.filled(line)[0][0] and _says_nothing(sheet, layout, line)
    if total is not None and (alone or not name.text or is_word("total", name.text)):
        read_total(found, layout, line)
        return True
    cells = sheet.filled(line)
    if any(is_word("subtotal", cell.text) for _, cell in cells) and (not name.text or is_word("subtotal", name.text)):
        return True
    own = layout.of("level1") or layout.of("indicator")
    for number, cell in cells:
        aside = is_goal_line(sheet, line) or (own is not None and number < own.first + layout.shift)
        if aside and new_goal(found, cell.text, line, number):
            levels.first, levels.second, levels.cells = "", "", {}
            titles = (tidy(cell.text), found.goal)
            return not name.text or is_word("block", name.text) or name.text.startswith(titles)
    return False


def _is_sum(found: Found, layout: Layout, line: int) -> bool:
    """Take a sum that was added below the rows of our own form: 合计 and points, nothing that an indicator has.

    The sum of the rows above is no total where the form's own cell has one.
    """
    sheet = found.sheet
    filled = {at for at, cell in sheet.filled(line) if not is_empty(cell.text)}
    named = {layout.at(sheet, line, name)[1] for name in ("level1", "level2", "indicator", "goal")}
    points = {layout.at(sheet, line, name)[1] for name in (*POINTS, "reviewed_score")}
    total = is_total(sheet, line)
    if total not in named or not filled - {total} <= points:
        return False
    given = list(found.scores)
    read_total(found, layout, line)
    scored = [score for row in found.indicators if isinstance(score := row["declared_score"], Decimal)]
    if given and found.scores[-1][0] == sum(scored):
        found.scores[:] = given
    return True


def _says_nothing(sheet: Sheet, layout: Layout, line: int) -> bool:
    """Whether a row has no target, actual, points or score of its own."""
    return all(is_empty(layout.at(sheet, line, name)[0].text) for name in ("target", "actual", *POINTS))


def _is_execution(found: Found, layout: Layout, levels: Levels, line: int, name: Name) -> bool:
    """The execution line that some forms keep among the indicators; under 产出 it is an indicator like others.

    So it is on a form without levels whose money block has points of its own, and others than this row.
    """
    first = levels.first
    if is_word("execution", level(first)):
        return True
    if first or levels.second or not is_word("execution", name.text):
        return False
    whole = next(iter(found.budget), None)
    given = tuple(read_score(layout.at(found.sheet, line, score)[0])[0] for score in POINTS)
    return whole is None or whole["weight"] is None or (whole["weight"], whole["declared_score"]) == given


def _read_execution(found: Found, layout: Layout, line: int, number: int) -> None:
    """Keep what execution was worth and scored; the money block has the amounts."""
    sheet = found.sheet
    found.take(line, number, heading=True)
    cells: dict[str, At] = {}
    values = {name: read_score(found.field(layout, line, name, cells)[0])[0] for name in POINTS}
    actual, where, _ = layout.at(sheet, line, "actual")
    whole = next(iter(found.budget), None)
    if whole is None:
        whole = {**NOTHING, "item": WHOLE, "line": line, "source": found.place(line, number), "cells": {}}
        found.budget.append(whole)
        if not is_empty(actual.text):
            found.say("N655", "有执行率而没有执行数，执行率无法核对，没有导入", line, where, actual.text)
    if whole["weight"] is None and whole["declared_score"] is None:
        whole |= {**values, "cells": {**cells_of(whole), **cells}}
    elif (whole["weight"], whole["declared_score"]) != tuple(values.values()):
        found.say("N651", "预算执行已在资金部分计分，这一行没有导入", line, number, sheet.cell(line, number).text)
        found.drop(line)


def _read_indicator(found: Found, layout: Layout, levels: Levels, line: int, name: Name) -> None:
    """One indicator, with every cell that belongs to it."""
    cells = dict(levels.cells)
    row: dict[str, object] = {"indicator": name.text, "line": line, "cells": cells, "blocks": dict(found.held)}
    marks = list(name.marks)
    for column in TEXTS:
        cell, at, _ = found.field(layout, line, column, cells)
        shown = cell.words if column in WORDS and not is_empty(cell.text) else cell.text
        text = shown.strip() if found.verbatim else found.content(tidy(shown), line, at)
        text = text if found.verbatim or column != "actual" else with_unit(found, layout, line, text)
        row[column] = "" if not found.verbatim and column in PLACEHOLDERS_DROPPED and is_empty(text) else text
    if not row["review_note"] and _remarks_are_reviewers(layout):
        row["review_note"], row["narrative"] = row["narrative"], ""
        cells["review_note"] = cells.pop("narrative")
    for column, title in SCORES.items():
        cell, number, written = found.field(layout, line, column, cells)
        if written != line or is_word("merged", cell.text):
            row[column] = None
            shared = found.place(written, number) if written != line else "上一行"
            marks.append(f"{title}与{shared}合并")
            found.say("N653", f"{title}与上面的指标合在一格（{shared}），记在第一个指标上", line, number)
            continue
        row[column], why = read_score(cell)
        if why and cell.origin != WRONG:
            found.say("W652", f"{title}{why}，已留空", line, number, cell.text)
    marks += _parts_of_points(found, layout, levels, line, row)
    _check_status(found, str(row["declared_met"]), cells)
    row.update(read_target(found, layout, line, marks, cells))
    _say_rounding(found, layout, line, row)
    _say_shared(found, layout, line)
    row.update(place_in_levels(found, layout, levels, line, name))
    row.update(_goal(found, layout, line, cells))
    number = found.field(layout, line, "indicator", cells)[1]
    place = found.place(line, number)
    given = found.field(layout, line, "source", cells)[0].text.strip()
    row["source"] = given if found.verbatim and given else "；".join((*marks, place))
    found.indicators.append(row)


def _say_rounding(found: Found, layout: Layout, line: int, row: dict[str, object]) -> None:
    """Name values whose display rounding decides whether the target is met."""
    wanted, _, _ = layout.at(found.sheet, line, "target_adjusted")
    if is_empty(wanted.text):
        wanted, _, _ = layout.at(found.sheet, line, "target")
    for column in ("actual", "reviewed_actual"):
        cell, number, _ = layout.at(found.sheet, line, column)
        message = judged_otherwise(row, wanted, cell, column) if cell.text else ""
        if message:
            found.say("W621", message, line, number, cell.text)


def _say_shared(found: Found, layout: Layout, line: int) -> None:
    """Name a target or an actual that is merged with the row above: it is shown beside both, and read for both."""
    for column in ("target", "actual"):
        cell, number, written = layout.at(found.sheet, line, column)
        if written != line and not is_empty(cell.text):
            title = INDICATORS.column(column).title
            message = f"{title}与上面的指标合在一格（{found.place(written, number)}），这一项也按它读"
            found.say("N669", message, line, number, cell.text)
    span = layout.of("actual")
    at = (line, span.first + layout.shift) if span else (line, -1)
    owner = found.sheet.owners.get(at)
    if owner is not None and owner[1] < at[1] and not is_empty(found.sheet.cell(*owner).text):
        message = f"实际完成值与左边的格（{found.place(*owner)}）合在一起，没有单独的完成值，已留空"
        found.say("N669", message, line, at[1], found.sheet.cell(*owner).text)


def _parts_of_points(found: Found, layout: Layout, levels: Levels, line: int, row: dict[str, object]) -> list[str]:
    """Points that are no row's own: of a part of the row above, and out of 100 beside those converted by the weight.

    Returns what the source is to say of it.
    """
    name = str(row["indicator"])
    if row["weight"] is None and not found.verbatim and layout.has("weight") and name.startswith("其中"):
        row["weight"] = Decimal(0)
        where = layout.at(found.sheet, line, "indicator")[1]
        found.say("N666", "其中项没有分值，按0分记，分值在它上面的指标上", line, where, name)
    percent, where = percent_score(found.sheet, layout, line)
    if percent is not None:
        found.take(line, where)
        levels.percents.append((line, where, read_score(percent)[0] == row["weight"]))
        return [f"单项指标得分{percent.text.strip()}"]
    return []


def _check_status(found: Found, status: str, cells: dict[str, At]) -> None:
    """Report a status that says neither that the target was met nor that it was not."""
    if status and not is_empty(status) and not STATUS.search(flat(status)):
        found.say("W664", f"申报完成情况“{status}”看不出是否完成", *cells["declared_met"], status)


def _remarks_are_reviewers(layout: Layout) -> bool:
    """Whether what stands under 备注 is the reviewer's: it does beside reviewed figures."""
    span = layout.of("narrative")
    reviewed = layout.has("reviewed_score") or layout.has("reviewed_actual")
    return reviewed and span is not None and flat(span.heading) == "备注"


def _goal(found: Found, layout: Layout, line: int, cells: dict[str, At]) -> dict[str, object]:
    """Number and name of the goal: of the row's own columns, of the block it stands in, or the form's one goal."""
    number = goal_number(found, layout, line, cells)
    name = found.field(layout, line, "goal", cells)[0].text.strip()
    if found.verbatim or number is not None or name:
        return {"goal_no": number, "goal": name}
    cells.pop("goal", None)
    if not found.goal and found.texts_at.get("goal"):
        cells["goal"] = found.texts_at["goal"][0]
    return {"goal_no": found.goal_no, "goal": found.goal or "；".join(found.texts.get("goal", []))}


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
    cells = cells_of(row)
    return cells[name][1] if name in cells else None


def _yuan(row: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The amounts that are about 10,000 times those beside them, or more than any unit spends, and why."""
    amounts = {name: value for name in AMOUNTS if isinstance(value := row[name], Decimal) and value > 0}
    for name, amount in amounts.items():
        if any(UNIT_SLIP[0] <= amount / other <= UNIT_SLIP[1] for other in amounts.values()):
            yield name, "疑似以元为单位：是同一行其他金额的约一万倍"
        elif amount >= IMPLAUSIBLE:
            yield name, f"疑似以元为单位：达到{IMPLAUSIBLE:,}万元（100亿元）"
