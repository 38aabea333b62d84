"""The level names that hold for the rows of a table below them, and the category they give a row."""

from dataclasses import dataclass, field

from perfeval.ingest.document import EMPTY, Cell
from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.layout import Layout, is_unread
from perfeval.ingest.forms.vocabulary import Name, category, flat, level, read_score
from perfeval.model.schema import BENEFIT, CATEGORIES, OUTPUT, SATISFACTION


@dataclass
class Levels:
    """The level names that hold for the rows below them."""

    first: str = ""
    second: str = ""
    written: bool = False
    """The level-1 name stands in this row, or in a merged cell that covers it."""
    cells: dict[str, At] = field(default_factory=dict)
    """Where they stand: ``category``, ``subcategory``."""
    unknown: dict[str, int] = field(default_factory=dict)
    """Level-1 names outside the four categories, and the line each was first seen on."""
    percents: list[tuple[int, int, bool]] = field(default_factory=list)
    """Line and column of each score out of 100 beside a converted one, and whether it is the weight itself."""


def follow_levels(found: Found, layout: Layout, levels: Levels, line: int) -> None:
    """Take over the level names written in this row; a new level 1 ends the level 2 before it."""
    first, number, written = layout.at(found.sheet, line, "level1")
    second, second_number, second_line = layout.at(found.sheet, line, "level2")
    if second.text and layout.at(found.sheet, line, "indicator")[1:] == (second_number, second_line):
        second, levels.second = EMPTY, ""  # the indicator's name, over both columns
    levels.written = bool(first.text)
    if first.text:
        if first.text != levels.first:
            if written == line:
                worth = read_score(found.field(layout, line, "level1_points")[0])[0]
                found.block("level1", first.text, line, number, worth)
            levels.second = ""
        levels.first = first.text
    if second.text:
        if second.text != levels.second and found.sheet.cell(line, second_number).text:
            worth = read_score(found.field(layout, line, "level2_points")[0])[0]
            found.block("level2", second.text, line, second_number, worth)
        levels.second = second.text
    _take_level(found, levels, "category", first, (written, number))
    _take_level(found, levels, "subcategory", second, (second_line, second_number))
    if not levels.second:
        levels.cells.pop("subcategory", None)


def _take_level(found: Found, levels: Levels, column: str, cell: Cell, at: At) -> None:
    """Keep where a level name stands; one that was carried down from above stays where it is."""
    if is_unread(cell):
        found.take(*at)
    elif level(cell.text) or found.verbatim:
        found.take(*at, heading=True)
    if at[1] >= 0 and (cell.text or found.verbatim):
        levels.cells[column] = at


def place_in_levels(found: Found, layout: Layout, levels: Levels, line: int, name: Name) -> dict[str, object]:
    """Category and subcategory. A level-2 name decides where level 1 is missing, or only carried down from above."""
    if found.verbatim:
        own = layout.at(found.sheet, line, "level2")[0].text.strip()
        return {"category": _of_template(found, levels, line, own), "subcategory": own}
    first, second = level(levels.first), level(levels.second)
    by_first, by_second = category(first), category(second)
    chosen = by_first
    if by_first == BENEFIT and by_second == SATISFACTION:
        chosen = SATISFACTION
    elif by_second and by_first and by_second != by_first and not levels.written and {by_first, by_second} <= MIXED:
        chosen = by_second
        number = layout.at(found.sheet, line, "indicator")[1]
        message = f"一级指标是空的，按二级指标“{second}”归入{chosen}，不归入上面的{by_first}"
        found.say("N654", message, line, number, name.text)
    elif levels.written and by_first != by_second and {by_first, by_second} <= MIXED:
        number = layout.at(found.sheet, line, "indicator")[1]
        message = f"一级指标是{by_first}，二级指标“{second}”却是{by_second}一类，按一级指标归入{by_first}，请核对"
        found.say("N654", message, line, number, name.text)
    elif not by_first:
        chosen = by_second or (SATISFACTION if "满意" in name.text else OUTPUT)
        if not by_second:
            levels.unknown.setdefault(first, line)
    return {"category": chosen, "subcategory": second or ("" if by_first else first)}


def _of_template(found: Found, levels: Levels, line: int, second: str) -> str:
    """The category in perfeval's own form: as written (产出指标 is 产出); of an empty cell by level 2, else above."""
    first, by_second = level(levels.first), category(level(second))
    if not levels.written and by_second and by_second != first:
        found.say("N654", f"一级指标是空的，按二级指标“{second}”归入{by_second}", line, None, second)
        return by_second
    return first if first in CATEGORIES else flat(levels.first)


MIXED = {OUTPUT, BENEFIT, SATISFACTION}
"""Categories whose level-2 names tell them apart; 成本 is a level-2 name of 产出 as well."""
