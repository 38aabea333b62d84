"""The goals of a form: 年度总体目标 with 预期目标 and 实际完成情况."""

from itertools import pairwise

from perfeval.ingest.document import Cell
from perfeval.ingest.forms.found import Found, is_note
from perfeval.ingest.forms.labels import is_total
from perfeval.ingest.forms.layout import heading_block, is_unread, layout_at
from perfeval.ingest.forms.titles import goal_title
from perfeval.ingest.forms.vocabulary import (
    column,
    indicator_name,
    is_empty,
    is_form_word,
    is_level,
    is_word,
    label,
    points,
    tidy,
)

FIELDS = ("goal", "goal_adjusted", "achieved")


def read_goals(found: Found, line: int, stop: int) -> int:
    """Read the goals whose heading row is ``line``; returns the line after them."""
    sheet = found.sheet
    layout = layout_at(sheet, line, "goals")
    found.begin("目标", line)
    for number, cell in sheet.filled(line):
        if is_form_word(cell.text):
            found.take(line, number, heading=True)
    beside = _read_beside(found, line)
    line += 1
    while not beside and line < stop and not _ends(found, line):
        texts = {name: layout.at(sheet, line, name) for name in FIELDS if layout.has(name)}
        if not any(cell.text for cell, _, _ in texts.values()):
            rest = [(cell, number, line) for number, cell in sheet.filled(line) if not label(cell.text)]
            texts = {**dict(zip(("goal", "achieved"), rest, strict=False))} if rest else texts
        for field_name, (cell, number, written) in texts.items():
            _keep(found, field_name, cell, written, number)
        for number, cell in sheet.filled(line):
            if label(cell.text):
                found.take(line, number, heading=True)
        line += 1
    return line


def _read_beside(found: Found, line: int) -> bool:
    """Keep what stands beside its heading on the heading's own line; whether anything does."""
    beside = False
    for (at, name), (number, value) in pairwise(found.sheet.filled(line)):
        known = label(name.text)
        field = column("goals", name.text) or (known if known and known[0] == "goal" else None)
        if field and not is_form_word(value.text):
            found.block("goal", name.text, line, at)
            if not (field[0] == "goal" and _next_goal(found, value, line, number)):
                _keep(found, field[0], value, line, number)
            beside = True
    return beside


def _next_goal(found: Found, value: Cell, line: int, number: int) -> bool:
    """Open a goal of its own where one without a number follows the indicators of another; both are numbered."""
    text = found.content(tidy(value.words), line, number)
    if not found.indicators or not text or is_empty(text) or found.texts.get("goal") == [text]:
        return False
    if found.goal_no is None:
        for row in found.indicators:
            row["goal_no"] = 1
    found.goal_no, found.goal = (found.goal_no or 1) + 1, text
    found.take(line, number)
    return True


def _ends(found: Found, line: int) -> bool:
    cells = [cell for _, cell in found.sheet.filled(line)]
    if not cells:
        return False
    first = cells[0].text
    known = label(first)
    other = (known is not None and known[0] not in ("goal", "year")) or is_note(first) or is_word("block", first)
    block = other or is_total(found.sheet, line) is not None or bool(heading_block(found.sheet, line))
    title = goal_title(first)
    opens = line + 1 < len(found.sheet.lines) and heading_block(found.sheet, line + 1) == "indicators"
    titled = title is not None and (len(cells) == 1 or points(first) is not None or (not title[1] and opens))
    return block or titled or any(is_level(cell.text) and cell.text.strip().endswith("指标") for cell in cells[:3])


def _keep(found: Found, field: str, cell: Cell, line: int, number: int) -> None:
    """Keep a goal or what was achieved; fillers, hints and headings are nothing."""
    value = tidy(cell.words)
    if is_unread(cell):
        found.take(line, number)
    repeated = (line, number) in found.texts_at.get("goal" if field == "goal_adjusted" else field, [])
    if repeated or is_empty(value) or not indicator_name(value).text:
        return
    value = found.content(value, line, number)
    if not value or is_form_word(value):
        return
    if field == "goal_adjusted":
        for at in found.texts_at.pop("goal", []):
            found.taken.discard(at)  # what the adjusted goal stands for now
        found.texts.pop("goal", None)
        found.keep("goal", value, line, number)
    elif field in ("goal", "achieved"):
        found.keep(field, value, line, number)
