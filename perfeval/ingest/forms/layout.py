"""Where things are on a form: lines of cells with their merges, heading rows, and where a field is looked for.

Where one form ends and the next begins: several projects on a sheet or a page.

How far the cells of a block stand beside their headings: layouts that conversion has shifted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfeval.ingest.document import EMPTY, UNCOMPUTED, Cell, Grid, Paragraph, letters_of
from perfeval.ingest.forms.vocabulary import (
    BLOCKS,
    column,
    field_of,
    flat,
    is_empty,
    is_level,
    is_number,
    is_word,
    label,
    level,
    money_unit,
    operators,
    part_of_money,
    points,
    words,
)
from perfeval.model.schema import AMOUNTS

MOST_MERGED = 500_000
"""Cells of merged ranges that are followed; beyond it a sheet is not a form."""


def is_unread(cell: Cell) -> bool:
    """Whether something stands in a cell that has no text: a formula without result, an equation, a picture."""
    return (cell.origin == UNCOMPUTED or bool(cell.doubts)) and not cell.text.strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a grid, or a paragraph as a row of one cell."""

    cells: tuple[Cell, ...]
    sheet: str
    number: int
    """Row or line as the document counts."""
    shown: bool
    """Whether places are said as a spreadsheet does (``B7``) or by the line."""
    table: bool = True
    """Whether it is a row of a table, and no paragraph."""
    filled: tuple[tuple[int, Cell], ...] = field(init=False, compare=False)
    """The cells that have text, with their columns; asked for many times over."""
    unread: tuple[int, ...] = field(init=False, compare=False)
    """Columns of the cells in which something stands that could not be read: they have no text."""

    def __post_init__(self) -> None:
        filled = tuple((at, cell) for at, cell in enumerate(self.cells) if cell.text and not cell.text.isspace())
        unread = tuple(at for at, cell in enumerate(self.cells) if is_unread(cell))
        object.__setattr__(self, "filled", filled)
        object.__setattr__(self, "unread", unread)

    def place(self, number: int) -> str:
        """``自评表!C12``, or ``第66行``."""
        if not self.shown:
            return f"第{self.number}行"
        return f"{self.sheet}!{letters_of(number)}{self.number}" if self.sheet else f"{letters_of(number)}{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sheet, or of a whole Word document or text, and which cells are merged."""

    name: str
    lines: tuple[Line, ...]
    owners: dict[tuple[int, int], tuple[int, int]]
    """(line, column) of a covered cell → that of the first cell of its merged range."""
    widths: dict[tuple[int, int], int]
    """(line, column) of the first cell of a merged range → how many columns it spans."""

    def cell(self, line: int, number: int) -> Cell:
        """A cell; empty outside the sheet."""
        cells = self.lines[line].cells
        return cells[number] if 0 <= number < len(cells) else EMPTY

    def filled(self, line: int) -> tuple[tuple[int, Cell], ...]:
        """The cells of a line that have text, with their columns."""
        return self.lines[line].filled


def sheet_of(name: str, blocks: list[Grid | Paragraph]) -> Sheet:
    """The blocks one below the other."""
    lines: list[Line] = []
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    widths: dict[tuple[int, int], int] = {}
    for block in blocks:
        if isinstance(block, Paragraph):
            cell = Cell(block.text, numbered=block.words if block.label else "", doubts=block.doubts)
            lines.append(Line((cell,), "", block.line, shown=False, table=False))
            continue
        start, shown = len(lines), bool(block.sheet)
        lines += [Line(row, block.sheet, block.first_row + number, shown) for number, row in enumerate(block.rows)]
        for first_row, first, last_row, last in block.merges:
            bottom, right = min(last_row, len(block.rows) - 1), min(last, len(block.rows[0]) - 1 if block.rows else 0)
            if len(owners) + (bottom - first_row + 1) * (right - first + 1) > MOST_MERGED:
                continue
            widths[start + first_row, first] = right - first + 1
            for row in range(first_row, bottom + 1):
                for number in range(first, right + 1):
                    owners[start + row, number] = (start + first_row, first)
            owners.pop((start + first_row, first), None)
    return Sheet(name, tuple(lines), owners, widths)


@dataclass(frozen=True, slots=True)
class Span:
    """The columns a heading stands over."""

    field: str
    """Empty for a heading that is not imported."""
    first: int
    stop: int
    heading: str
    rank: int = 0
    over: str = ""
    """What stands over the heading, and over others beside it: ``2022年``, ``财政拨款``."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a block hold which field."""

    block: str
    spans: tuple[Span, ...]
    line: int
    height: int = 1
    shift: int = 0
    """How many columns the cells stand to the right of their headings: layouts lost in conversion."""
    by_field: dict[str, Span] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_field", {span.field: span for span in reversed(self.spans)})

    def of(self, name: str) -> Span | None:
        """The columns of a field."""
        return self.by_field.get(name)

    def has(self, name: str) -> bool:
        """Whether there is a column for a field."""
        return name in self.by_field

    def _across(self, name: str, owner: int) -> bool:
        """Whether a cell is an indicator's name that begins where the second level has none (居民满意度 over both)."""
        second = self.by_field.get("level2") if name == "indicator" else None
        return second is not None and owner == second.first + self.shift

    def at(self, sheet: Sheet, line: int, name: str) -> tuple[Cell, int, int]:
        """What a reader sees in a field: the cell, its column, and the line it is written on (merged cells).

        A cell that could not be read has no text, and is given where no other cell of the field has any.
        """
        span = self.by_field.get(name)
        if span is None:
            return EMPTY, -1, line
        start = span.first + self.shift
        unread = None
        for number in range(max(start, 0), span.stop + self.shift):
            written, owner = sheet.owners.get((line, number), (line, number)) if sheet.owners else (line, number)
            cell = sheet.cell(written, owner)
            if owner < start and not self._across(name, owner):
                continue
            if cell.text.strip():
                return cell, owner, written
            if cell is not EMPTY and unread is None and is_unread(cell):
                unread = cell, owner, written
        return unread or (EMPTY, start, line)


def heading_block(sheet: Sheet, line: int) -> str:
    """Which block a line is the heading row of; empty if it is none."""
    counts: dict[str, set[str]] = {block: set() for block in BLOCKS}
    block_word = False
    parts = [cell for _, cell in sheet.filled(line) if part_of_money(cell.text)]
    for _, cell in sheet.filled(line):
        if is_number(cell):
            continue
        for block in BLOCKS:
            found = column(block, cell.text)
            if found:
                counts[block].add(found[0])
        block_word = block_word or is_word("block", cell.text)
    named = counts["indicators"] & {"level1", "level2", "indicator"} or block_word
    valued = counts["indicators"] & {"target", "actual", "operator", "target_adjusted"}
    scored = counts["indicators"] >= {"weight", "declared_score"}
    if counts["points"] >= {"indicator"} and counts["points"] & {"weight", "declared_score"}:
        return "points"
    if named and (valued or scored) and len(counts["indicators"]) > 1:
        return "indicators"
    if counts["details"] >= {"item", "executed"} and not counts["budget"] & {"opening", "adjusted", "rate"}:
        return "details"
    money = counts["budget"] & {"opening", "adjusted", "executed"}
    if len(parts) > 1 and _amounts_below(sheet, line):
        return "budget"
    if len(money) > 1 or (money and counts["budget"] & {"rate", "item"}):
        return "budget"
    return "goals" if counts["goals"] & {"goal", "achieved"} and not named else ""


def _amounts_below(sheet: Sheet, line: int) -> bool:
    """Whether the next line is one of amounts: 全年预算数, and figures."""
    cells = sheet.filled(line + 1) if line + 1 < len(sheet.lines) else ()
    named = any(field_of("budget", cell.text) in AMOUNTS for _, cell in cells[:2])
    return (
        named and any(is_number(cell) for _, cell in cells) and not any(part_of_money(cell.text) for _, cell in cells)
    )


def is_first_level(text: str) -> bool:
    """Whether a level name is of the first level: 产出指标, 效益指标, 满意度指标, 成本指标."""
    return re.fullmatch(r"(?:项目)?(?:产出|效益|满意度|成本)(?:指标)?", level(text)) is not None


def heading_unit(sheet: Sheet, layout: Layout, name: str) -> str:
    """The money unit a column's heading, or another cell of the heading rows, names."""
    span = layout.of(name)
    own = money_unit(span.heading) if span else ""
    lines = range(layout.line, layout.line + layout.height)
    return own or next((unit for line in lines for _, c in sheet.filled(line) if (unit := money_unit(c.text))), "")


def heading_points(sheet: Sheet, layout: Layout, name: str = "") -> Decimal | None:
    """The points in the heading of a field, or in any cell of the heading row: ``得分（20分*执行率）``."""
    span = layout.of(name)
    if span:
        return points(span.heading)
    return next((found for _, c in sheet.filled(layout.line) if (found := points(c.text)) is not None), None)


TITLE = re.compile(r".*(?:自评|复核|评价|绩效目标)(?:情况)?(?:申报)?(?:表|报告|结果)(?!的)")
"""A line that names a form: ``2022年度项目支出绩效自评表``."""
ABOVE = re.compile(
    r"=*(?:附件?|附表|表)[0-9一二三四五六七八九十]*[:：]?.{0,20}|\(?20[0-9]{2}年?度?\)?|(?:金额)?单位:.*|=+表[0-9].*"
)
"""Lines that may stand over a form and belong to it."""
LONGEST_TITLE = 60
SUMMARY = 2
"""So many further headings beside 项目名称 make it the heading of a list of projects."""


def segments(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """(first line, line after the last) of each form on a sheet; one that covers it all where nothing repeats."""
    starts = [0]
    named = tabled = False
    for line in range(len(sheet.lines)):
        if is_project(sheet, line):
            if named:
                starts.append(_upwards(sheet, line, starts[-1]))
                tabled = False
            named = True
        elif is_title(sheet, line) and CONTINUED.search(flat(sheet.filled(line)[0][1].text)):
            continue
        elif is_title(sheet, line) or (tabled and _is_of_another_year(sheet, line)):
            if tabled:
                starts.append(_upwards(sheet, line, starts[-1]))
                named = tabled = False
        elif not tabled and heading_block(sheet, line) == "indicators":
            tabled = True
    starts = sorted(set(starts))
    yield from zip(starts, [*starts[1:], len(sheet.lines)], strict=True)


CONTINUED = re.compile("续表|续页|[(]接?上?[续接].{0,3}[)]|[(]?第[0-9二三四五六七八九]页")
"""What a title says that goes on with the form of the page before."""


def _is_of_another_year(sheet: Sheet, line: int) -> bool:
    """Whether a line alone says that the table right below it is last year's: 上年度绩效自评情况."""
    cells = sheet.filled(line)
    below = next((at for at in range(line + 1, len(sheet.lines)) if sheet.filled(at)), None)
    return (
        len(cells) == 1
        and len(cells[0][1].text) <= LONGEST_TITLE
        and re.match(words()["periods"]["last"], flat(cells[0][1].text)) is not None
        and below is not None
        and bool(heading_block(sheet, below))
    )


def is_project(sheet: Sheet, line: int) -> bool:
    """Whether 项目名称 stands here as a label with a value, not as the heading of a list."""
    cells = sheet.filled(line)
    for order, (_, cell) in enumerate(cells[:3]):
        found = label(cell.text) or label(re.split("[:：]", cell.text)[0])
        if found and found[0] == "project":
            others = [after for _, after in cells[order + 1 :] if column("indicators", after.text)]
            return len(others) < SUMMARY
    return False


def is_title(sheet: Sheet, line: int) -> bool:
    """Whether a line is the title over a form."""
    cells = sheet.filled(line)
    return (
        bool(cells)
        and len(cells[0][1].text) <= LONGEST_TITLE
        and bool(
            TITLE.fullmatch(re.sub(r"\(.*", "", flat(cells[0][1].text)))
            and not any(is_number(cell) for _, cell in cells)
        )
    )


def _upwards(sheet: Sheet, line: int, floor: int) -> int:
    """The first line of a form from its 项目名称 or title: with the titles and blank lines above it."""
    first = line
    for above in range(line - 1, floor, -1):
        cells = sheet.filled(above)
        if not cells:
            continue
        if is_title(sheet, above) or ABOVE.fullmatch(flat(cells[0][1].text)):
            first = above
        else:
            break
    return first


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
    for wanted in ("weight", "declared_score"):
        cell, _, _ = layout.at(sheet, line, wanted)
        if not is_empty(cell.text):
            fit += 1 if is_number(cell) and ("%" not in cell.text or wanted == "weight") else -2
    name, _, _ = layout.at(sheet, line, "indicator")
    if name.text:
        # 满意度 may be the name of an indicator of 满意度, and any level name one on a form without levels
        level_name = levelled and not levels and is_level(name.text)
        fit += -2 if is_number(name) or level_name or flat(name.text) in operators() else 1
    return fit


def _fits_budget(sheet: Sheet, layout: Layout, line: int) -> int:
    """How well the figures of a line fit; those of a column that is not read (last year's) stand as well somewhere."""
    fit = _outside(sheet, layout, line)
    for span in layout.spans:
        meant = span.field or field_of("budget", span.heading)
        if meant in (*AMOUNTS, "weight", "declared_score", "rate"):
            cell = layout.at(sheet, line, meant)[0] if span.field else sheet.cell(line, span.first + layout.shift)
            if not is_empty(cell.text):
                percent = bool(SHARE.search(cell.text))
                fit += 1 if any(sign.isdigit() for sign in cell.text) and percent <= (meant == "rate") else -2
    return fit


def _outside(sheet: Sheet, layout: Layout, line: int) -> int:
    """-1 for each number that stands under no heading."""
    named = [span for span in layout.spans if span.heading]
    if not named:
        return 0
    columns = {number + layout.shift for span in named for number in range(span.first, span.stop)}
    return -sum(is_number(cell) and number not in columns for number, cell in sheet.filled(line))
