"""Tables that lost their borders when a page was copied as text: one cell a line, or all cells on one line.

Empty cells leave no trace in such text, so only what can be told is laid out again: heading rows by their headings,
rows by their level names and by the two figures, points and score, that end them. The result is a grid like any other.
"""

import re
from collections import Counter
from collections.abc import Sequence

from perfeval.ingest.document import EMPTY, Cell, Grid
from perfeval.ingest.forms.layout import TITLE
from perfeval.ingest.forms.vocabulary import (
    column,
    flat,
    indicator_name,
    is_empty,
    is_level,
    is_number,
    is_word,
    label,
    level,
    money_unit,
    read_amount,
)
from perfeval.model.schema import AMOUNTS, COST

SHEET = "重排的表"
"""What places in a table laid out again are called by."""
BARS = re.compile(r"[|｜\t]+")
MANY_LINES = 15
"""From so many lines on, a line is a cell; a page of fewer lines has its cells on one line, between blanks."""
FEWEST_HEADINGS = {"indicators": 5, "budget": 4}
FIRST_LEVEL = re.compile(r"(?:项目)?(?:产出|效益|满意度|成本|完成)")
Heads = tuple[int, int, list[tuple[str, str]]]
"""Where headings begin and end among the cells, and field and text of each."""


def unflattened(lines: Sequence[str]) -> tuple[Grid | None, list[str]]:
    """The table in lines of text, or None where no indicator headings follow one another; and the cells left over."""
    cells = _cells(lines)
    heads = _headings(cells, "indicators")
    if heads is None:
        return None, []
    start, stop, fields = heads
    body, total, left = _rows(cells[stop:], [name for name, _ in fields])
    if not body:
        return None, []
    rows = [*_head(cells[:start]), [text for _, text in fields], *body, *total]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    return Grid(SHEET, tuple(tuple(Cell(text) if text else EMPTY for text in row) for row in padded)), left


def unplaced(lines: Sequence[str], grid: Grid) -> list[tuple[int, str]]:
    """The cells of a text that have no place in the table laid out from it, with the number of their line from 0."""
    pieces = [(number, part) for number, line in enumerate(lines) for part in _parts(lines, line) if part]
    placed = Counter(cell.text for row in grid.rows for cell in row if cell.text)
    known = {part for _, part in pieces}
    torn = [text for text in placed if text not in known]  # put together from several cells
    rest = []
    for number, part in pieces:
        whole = next((at for at, text in enumerate(torn) if part in text), None)
        if placed[part]:
            placed[part] -= 1
        elif whole is not None:
            torn[whole] = torn[whole].replace(part, "", 1)
        else:
            rest.append((number, part))
    return rest


def _parts(lines: Sequence[str], line: str) -> list[str]:
    separator = BARS if len(lines) >= MANY_LINES else re.compile(r"[|｜\s]+")
    return [part.strip() for part in separator.split(line)]


def _cells(lines: Sequence[str]) -> list[str]:
    """The cells in order, without empty ones."""
    cells: list[str] = []
    for cell in (part for line in lines for part in _parts(lines, line)):
        if cell == "指标" and cells and not cells[-1].endswith(cell):
            cells[-1] += cell  # 效益 指标, torn apart at a line break of its cell
        elif cell:
            cells.append(cell)
    return cells


def _headings(cells: Sequence[str], block: str) -> Heads | None:
    """The first run of headings of a block; ``年度`` and ``指标值`` torn apart are put together."""
    at = 0
    while at < len(cells):
        end, fields = at, list[tuple[str, str]]()
        while end < len(cells):
            both = "".join(cells[end : end + 2])
            found = column(block, cells[end])
            torn = end + 1 < len(cells) and not column(block, cells[end + 1])
            joined = column(block, both) if torn or found is None else None
            found = joined or found
            if found is None or (found[0] in dict(fields) and found[0] != "other"):
                break
            fields.append((found[0], both if joined else cells[end]))
            end += 2 if joined else 1
        names = dict(fields)
        wanted = "indicator" in names and "target" in names if block == "indicators" else "executed" in names
        if wanted and len(fields) >= FEWEST_HEADINGS[block]:
            return at, end, fields
        at = max(at + 1, end)
    return None


def _rows(cells: Sequence[str], names: list[str]) -> tuple[list[list[str]], list[list[str]], list[str]]:
    """The rows of indicators, the total row, and the cells before it that are of no row."""
    after = names.index("indicator") + 1
    values = [name for name in names[after:] if name not in ("reason", "measure", "other")]
    rows: list[list[str]] = []
    left: list[str] = []
    levels: dict[str, str] = {}
    at = 0
    while at < len(cells):
        text = cells[at]
        if is_word("total", text):
            return rows, [_total(cells[at:], names)], left
        if is_level(text) and flat(text).endswith(("指标", ")")):
            levels = {"level1": text} if _is_first(levels, cells, at) else {**levels, "level2": text}
            at += 1
        elif _complete(cells, at, values):
            row = dict.fromkeys(names, "") | levels | {"indicator": text}
            row |= dict(zip(values, cells[at + 1 : at + 1 + len(values)], strict=True))
            at += 1 + len(values)
            if "reason" in names and _is_reason(cells, at, values):
                row["reason"] = cells[at]
                at += 1
            rows.append([row[name] for name in names])
            levels = {}
        else:
            left += [text] if indicator_name(text).text else []
            at += 1
    return rows, [], left


def _is_first(levels: dict[str, str], cells: Sequence[str], at: int) -> bool:
    """Whether a level name is of level 1: 成本指标 only over 经济成本 …, 满意度指标 not a second time in a row."""
    name, following = level(cells[at]), cells[at + 1] if at + 1 < len(cells) else ""
    repeated = "level2" not in levels and level(levels.get("level1", "")) == name
    cost = name == COST and not (is_level(following) and level(following).endswith(COST))
    return bool(FIRST_LEVEL.fullmatch(name)) and not repeated and not cost


def _complete(cells: Sequence[str], at: int, values: list[str]) -> bool:
    """Whether a whole row begins here: its points and its score are figures."""
    row = cells[at + 1 : at + 1 + len(values)]
    if len(row) < len(values) or is_number(Cell(cells[at])) or any(is_word("total", cell) for cell in row):
        return False
    figures = [cell for name, cell in zip(values, row, strict=True) if name in ("weight", "declared_score")]
    return bool(figures) and all(is_number(Cell(cell)) and "%" not in cell for cell in figures)


def _is_reason(cells: Sequence[str], at: int, values: list[str]) -> bool:
    """Whether the cell after a row's score explains it, and is not the next name, level or total."""
    if at >= len(cells) or is_level(cells[at]) or is_word("total", cells[at]) or is_number(Cell(cells[at])):
        return False
    return not _complete(cells, at, values) or _complete(cells, at + 1, values)


def _total(cells: Sequence[str], names: list[str]) -> list[str]:
    """The total row: one figure is the score, two are points and score."""
    figures = []
    for cell in cells[1:3]:
        if not is_number(Cell(cell)):
            break
        figures.append(cell)
    row = dict.fromkeys(names, "")
    row[names[0]] = cells[0]
    row |= dict(zip(("declared_score", "weight"), reversed(figures), strict=False))
    return [row[name] for name in names]


def _head(cells: Sequence[str]) -> list[list[str]]:
    """Titles, labels with their values, and the money rows that are whole."""
    rows = []
    heads = _headings(cells, "budget")
    before = cells[: heads[0]] if heads else cells
    for at, text in enumerate(before):
        following = before[at + 1] if at + 1 < len(before) else ""
        if TITLE.fullmatch(flat(text)) or re.search(r"20[0-9]{2}\s*年度?", text):
            rows.append([text])
        elif label(text) and following and not label(following) and not money_unit(following):
            rows.append([text, following])
    return [*rows, *_money(cells, heads)] if heads else rows


def _money(cells: Sequence[str], heads: Heads) -> list[list[str]]:
    """The money rows: with a figure or a dash for each heading, or for each of the amounts."""
    start, stop, fields = heads
    names = [name for name, _ in fields]
    unit = [cell for cell in cells[max(0, start - 2) : start] if "元" in cell]
    rows = [[*(unit or ["项目资金"]), *(text for _, text in fields)]]
    item, figures = "", list[str]()
    for cell in [*cells[stop:], "年度总体目标"]:
        if read_amount(Cell(cell), "")[0] is not None or is_number(Cell(cell)) or (is_empty(cell) and cell != "无"):
            figures.append(cell)
            continue
        amounts = [name for name in names if name in AMOUNTS]
        filled = names if len(figures) == len(names) else amounts if len(figures) == len(amounts) else []
        if item and filled:
            row = dict.fromkeys(names, "") | dict(zip(filled, figures, strict=True))
            rows.append([item, *(row[name] for name in names)])
        item, figures = cell, []
        if label(cell) and label(cell) != label("合计"):
            break
    return rows if len(rows) > 1 else []
