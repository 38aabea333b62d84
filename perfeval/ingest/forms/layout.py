"""Where things are on a form: lines of cells with their merges, heading rows, and which column holds which field.

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
    flat,
    guess,
    heading_year,
    is_empty,
    is_level,
    is_number,
    is_word,
    label,
    level,
    money_unit,
    operators,
    points,
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
            if owner < start:
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
    if len(money) > 1 or (money and counts["budget"] & {"rate", "item"}):
        return "budget"
    return "goals" if counts["goals"] & {"goal", "achieved"} and not named else ""


def target_years(sheet: Sheet, line: int) -> list[int]:
    """The years of target columns side by side: ``2023指标值``, ``2024指标值``."""
    years = {heading_year(cell.text): (column("indicators", cell.text) or ("", 0))[0] for _, cell in sheet.filled(line)}
    return sorted(year for year, name in years.items() if year and name == "target")


def layout_at(sheet: Sheet, line: int, block: str, year: int | None = None) -> Layout:
    """The layout of a heading row; a second heading row below it, of sub-headings, is read with it.

    Of target columns of several years that of ``year`` counts.
    """
    headings = {number: cell.text for number, cell in sheet.filled(line)}
    height = 1
    below = line + 1
    if below < len(sheet.lines) and _subheads(sheet, line, block):
        height = 2
        for number, cell in sheet.filled(below):
            if column(block, cell.text) or guess(block, cell.text) or number not in headings:
                above = max((at for at, _ in sheet.filled(line) if at <= number), default=-1)
                headings[number] = _below(block, sheet.cell(line, above).text, cell.text)
    others = {at for at, text in headings.items() if year and heading_year(text) not in (None, year)}
    headings = {at: text for at, text in headings.items() if at not in others}
    return Layout(block, _spans(sheet, line, block, headings, others), line, height)


WHO = re.compile("自评|复核|再评价|审核|复审|复查|复评|抽评|评审|核定|核查|抽查|第三方|专家")
SHARED = ("weight", "target", "target_adjusted", "unit", "operator")
"""What is the same whoever looks at it."""


def _below(block: str, above: str, text: str) -> str:
    """A sub-heading as it is meant: 得分 below 复核情况 is 复核得分."""
    who = WHO.search(above)
    own = column(block, text)
    if who is None or WHO.search(text) or (own and own[0] in SHARED):
        return text
    joined = f"{who[0]}{text}"
    supposed = guess(block, joined)
    return joined if column(block, joined) or (supposed and supposed[0].startswith("review")) else text


def _subheads(sheet: Sheet, line: int, block: str) -> bool:
    """Whether the line below consists of further headings of the same block."""
    cells = [cell for _, cell in sheet.filled(line + 1)]
    known = [cell for cell in cells if column(block, cell.text)]
    if block == "budget" and cells and all(is_word("source_headings", cell.text) for cell in cells):
        return True  # 总额, 财政拨款, 其他资金 under each of the amounts: the total is the first
    if block == "goals" or not known or any(is_number(cell) for cell in cells) or any(is_level(c.text) for c in cells):
        return False
    return 2 * len(known) > len(cells) or all(column(block, c.text) or guess(block, c.text) for c in cells)


def _spans(sheet: Sheet, line: int, block: str, headings: dict[int, str], others: set[int]) -> tuple[Span, ...]:
    """Fields and their columns; of several columns of one meaning the best-known heading wins.

    At ``others`` stand headings that are left out: a column ends there.
    """
    numbers = sorted(headings)
    spans = []
    for number, following in zip(numbers, [*numbers[1:], -1], strict=True):
        text = headings[number]
        found = column(block, text) or guess(block, text) or ("", 0)
        width = sheet.widths.get((line, number), 1)
        stop = min([at for at in (following, *others) if at > number], default=number + width)
        spans.append(Span(found[0], number, stop, text, found[1]))
    best: dict[str, Span] = {}
    for span in spans:
        if span.field and (span.field not in best or span.rank < best[span.field].rank):
            best[span.field] = span
    several = {"other", "part"}
    chosen = [span.field in several or best.get(span.field) is span for span in spans]
    kept = [span if mine else replace(span, field="") for span, mine in zip(spans, chosen, strict=True)]
    return _levels(kept) if block == "indicators" else tuple(kept)


def _levels(spans: list[Span]) -> tuple[Span, ...]:
    """Levels that the heading row does not name: 绩效指标 over three columns; a last level in place of the third."""
    fields = {span.field for span in spans}
    if "indicator" not in fields and fields & {"level1", "level2"}:
        last = "level2" if "level2" in fields else "level1"
        return tuple(replace(span, field="indicator") if span.field == last else span for span in spans)
    over = next((span for span in spans if not span.field and is_word("block", span.heading)), None)
    if "indicator" in fields or over is None:
        return tuple(spans)
    move = max(0, 3 - (over.stop - over.first))
    rest = [
        replace(span, first=span.first + move, stop=span.stop + move)
        for span in spans
        if span is not over and span.first > over.first
    ]
    three = [Span(name, over.first + place, over.first + place + 1, "") for place, name in enumerate(LEVELS)]
    return (*three, *rest)


LEVELS = ("level1", "level2", "indicator")
USUAL = (*LEVELS, "target", "actual", "weight", "declared_score", "reason")
"""The columns of the Ministry of Finance's form, for tables that have lost their heading row."""


def usual_layout(first: int, line: int) -> Layout:
    """The usual order of columns, from the first level name at a column on."""
    spans = tuple(Span(name, first + place, first + place + 1, "") for place, name in enumerate(USUAL))
    return Layout("indicators", spans, line, 0)


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
        elif is_title(sheet, line):
            if tabled:
                starts.append(_upwards(sheet, line, starts[-1]))
                named = tabled = False
        elif not tabled and heading_block(sheet, line) == "indicators":
            tabled = True
    starts = sorted(set(starts))
    yield from zip(starts, [*starts[1:], len(sheet.lines)], strict=True)


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
    fit = _outside(sheet, layout, line)
    for span in layout.spans:
        if span.field in (*AMOUNTS, "weight", "declared_score", "rate"):
            cell, _, _ = layout.at(sheet, line, span.field)
            if not is_empty(cell.text):
                percent = bool(SHARE.search(cell.text))
                fit += 1 if any(sign.isdigit() for sign in cell.text) and percent <= (span.field == "rate") else -2
    return fit


def _outside(sheet: Sheet, layout: Layout, line: int) -> int:
    """-1 for each number that stands under no heading."""
    named = [span for span in layout.spans if span.heading]
    if not named:
        return 0
    columns = {number + layout.shift for span in named for number in range(span.first, span.stop)}
    return -sum(is_number(cell) and number not in columns for number, cell in sheet.filled(line))
