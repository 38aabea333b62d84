"""What a form has that the tables have no place for: it is reported, never lost in silence.

Sheets in which no form was found: whether they look like one, and which headings come nearest.
"""

import difflib
import re
from collections.abc import Iterator

from perfeval.ingest.document import Block, Cell, Document, letters_of
from perfeval.ingest.forms.found import At, Found, is_own, is_percent
from perfeval.ingest.forms.headings import layout_at
from perfeval.ingest.forms.layout import Layout, Sheet, Span, aligned, heading_block
from perfeval.ingest.forms.titles import goal_title, is_total, new_goal
from perfeval.ingest.forms.vocabulary import (
    apart,
    column,
    flat,
    heading_year,
    indicator_name,
    is_empty,
    is_level,
    is_number,
    is_word,
    label,
    level,
    money_unit,
    points,
    read_score,
    tidy,
    words,
)
from perfeval.ingest.problems import problem
from perfeval.model.schema import AMOUNTS, CATEGORIES


def unused_row(found: Found, layout: Layout, line: int) -> None:
    """Report a row that has content but no indicator's name."""
    if found.verbatim:
        _unnamed(found, layout, line)
        return
    names = [layout.at(found.sheet, line, name)[1] for name in ("level1", "level2")]
    for number, cell in found.sheet.filled(line):
        aside = number in names or is_word("block", cell.text) or is_word("merged", cell.text) or is_level(cell.text)
        if not aside and not is_empty(cell.text) and indicator_name(cell.text).text:
            given = [read_score(layout.at(found.sheet, line, name)[0])[0] for name in ("weight", "declared_score")]
            code = "N651" if given == [None, None] else "W673"
            found.say(code, "这一行没有指标名称，没有导入", line, number, cell.text)
            found.drop(line)
            return


def _unnamed(found: Found, layout: Layout, line: int) -> None:
    """Report a row of the template that is filled in without a name, and a category that is none."""
    filled = [cell.text for _, cell in found.sheet.filled(line)]
    if not filled:
        return
    number = layout.at(found.sheet, line, "indicator")[1]
    message = f"没有填三级指标，这一行（{'、'.join(filled[:3])}…）没有导入"
    found.say("N651", message, line, number)
    found.named.update((line, at) for at, _ in found.sheet.filled(line))
    first, where, _ = layout.at(found.sheet, line, "level1")
    if first.text.strip() and first.text.strip() not in CATEGORIES:
        shown = "、".join(CATEGORIES)
        found.say("W655", f"一级指标应为{shown}之一", line, where, first.text)


def unused_columns(found: Found, used: list[tuple[Layout, int]], end: int) -> None:
    """Report the columns that have content and no place in the tables, once each, and cells outside all columns."""
    ends = [start for _, start in used[1:]] + [end]
    for (layout, start), stop in zip(used, ends, strict=True):
        lines = range(max(start, layout.line + layout.height), stop)
        for span in layout.spans:
            derived = flat(span.heading) == "偏离度" and is_own(found.sheet)
            if flat(span.heading) == "序号" or derived:
                for line, number, cell in _contents(found, lines, span.first + layout.shift, span.stop + layout.shift):
                    found.take(line, number, heading=True) if derived or cell.text.strip().isdecimal() else None
            named = span.heading and not _is_aside(span.heading) and not is_percent(layout, span) and not derived
            elsewhere = found.target_year is not None and heading_year(span.heading) not in (None, found.target_year)
            if span.field not in ("", "other") or not named or elsewhere:
                continue
            contents = list(_contents(found, lines, span.first + layout.shift, span.stop + layout.shift))
            if contents:
                line, number, cell = contents[0]
                found.named.update((line, number) for line, number, _ in contents)
                found.named.update(_heading_cells(found, layout, span))
                code, why = _why_unused(found, layout, span, contents)
                found.say(code, f"“{tidy(span.heading)}”一列{why}，没有导入", line, number, cell.text)
        if layout.height == 0:
            continue
        edge = max((span.stop for span in layout.spans), default=0) + layout.shift
        for span in layout.spans:
            _second_cells(found, layout, span, lines) if span.field in VALUED else None
        for line, number, cell in _contents(found, lines, edge, edge + 20):
            found.say("N652", "标题行没有这一列的标题，没有导入", line, number, cell.text)


def unused_money(found: Found, layout: Layout, lines: range) -> None:
    """Report the columns of the money block with figures that are not read, once each.

    Where each column is a part (财政拨款, 其他资金) and none the whole, nobody has read the amount: a warning.
    """
    if found.verbatim:
        return
    edge = max((span.stop for span in layout.spans), default=0) + layout.shift
    for line in lines:
        for at, cell in found.sheet.filled(line):
            if at >= edge and is_number(cell) and not found.used(line, at):
                message = "这一行在标题以外还有数，各格可能错了位（如千分位的逗号把一个数分成两格）"
                found.say("W672", message, line, at, cell.text)
                break
    for span in layout.spans:
        columns = range(max(span.first + layout.shift, 0), span.stop + layout.shift)
        cells = [(line, at, cell) for line in lines for at, cell in found.sheet.filled(line) if at in columns]
        cells = [(line, at, cell) for line, at, cell in cells if is_number(cell) and not found.used(line, at)]
        if not cells or span.field not in ("", *AMOUNTS, "weight", "declared_score"):
            continue
        found.named.update((line, at) for line, at, _ in cells)
        found.named.update(_heading_cells(found, layout, span))
        line, at, cell = cells[0]
        meant = column("budget", span.heading)
        shown = tidy(span.heading if not span.over else f"{span.over}·{span.heading}")
        if span.field:
            found.say("W672", f"“{shown}”一栏里有两个数，只读了一个", line, at, cell.text)
        elif meant and meant[0] in AMOUNTS and not layout.has(meant[0]):
            found.say("W672", f"“{shown}”不是全部资金，也没有合计一栏，没有导入", line, at, cell.text)
        else:
            found.say("N652", f"“{shown}”一列在表中没有对应的列，没有导入", line, at, cell.text)


def _second_cells(found: Found, layout: Layout, span: Span, lines: range) -> None:
    """Report the columns below one heading beside the one that is read, once: two cells of a row are two values."""
    cells = list(_contents(found, lines, span.first + layout.shift, span.stop + layout.shift))
    read = {line: layout.at(found.sheet, line, span.field)[1] for line in lines}
    rest = [(line, at, cell) for line, at, cell in cells if at > read[line] and not found.used(line, at)]
    if rest and not found.verbatim:
        line, at, cell = rest[0]
        found.named.update((line, at) for line, at, _ in rest)
        found.say("W667", f"“{tidy(span.heading)}”下面一行有两格，只读了前一格", line, at, cell.text)


VALUED = ("indicator", "target", "actual", "weight", "declared_score", "reviewed_actual", "reviewed_score")
"""Fields of which two columns that say different things are a question, not a spare."""
YEAR = re.compile("20[0-9]{2}(?=年)")
POINTED = ("weight", "declared_score", "reviewed_score")
"""Of these the ones that hold numbers only: words under such a heading explain the points."""


def _why_unused(found: Found, layout: Layout, span: Span, contents: list[tuple[int, int, Cell]]) -> tuple[str, str]:
    """Why a column is not read: one of the same meaning was (a warning where they differ), or it has no place."""
    meant = column("indicators", span.heading)
    read = layout.of(meant[0]) if meant and meant[0] in VALUED else None
    if meant is None or read is None or read is span:
        return "N652", "在表中没有对应的列"
    fitting = [(line, cell) for line, _, cell in contents if meant[0] not in POINTED or is_number(cell)]
    differ = any(layout.at(found.sheet, line, meant[0])[0].text.strip() != cell.text.strip() for line, cell in fitting)
    place = letters_of(read.first + layout.shift)
    year, other = (YEAR.search(tidy(one.heading)) for one in (read, span))
    if year and other and year[0] != other[0]:
        return "N652", f"是{other[0]}年的，只读了{place}列“{tidy(read.heading)}”"
    return ("W667" if differ else "N652"), f"与{place}列同是“{tidy(read.heading)}”，只读了{place}列"


def _heading_cells(found: Found, layout: Layout, span: Span) -> list[At]:
    """Where the heading of some columns is written."""
    lines = range(layout.line, layout.line + layout.height)
    return [(line, at) for line in lines for at, cell in found.sheet.filled(line) if cell.text == span.heading]


def take_headings(found: Found, layout: Layout) -> None:
    """Count the headings of a block as used: those of fields, of money and points, the block's name, row numbers."""
    fields = {span.heading for span in layout.spans if span.field}
    for line in range(layout.line, layout.line + layout.height):
        for number, cell in found.sheet.filled(line):
            said = (
                bool(money_unit(cell.text))
                or (points(cell.text) is not None and not is_number(cell))
                or _is_aside(cell.text)
            )
            if said or cell.text in fields or _is_over(layout, number, found.sheet.widths.get((line, number), 1)):
                found.take(line, number, heading=True)


def check_years(found: Found, layout: Layout) -> None:
    """Report a column that is read although its heading names another year or period, for want of this year's."""
    year = found.target_year or found.year
    for span in layout.spans:
        heading = f"{span.heading}{span.over}"
        far = apart(heading, year or heading_year(heading) or 0)
        if span.field in ("target", "actual", *AMOUNTS) and far and "累计" not in heading:
            shown = tidy(span.heading if not span.over else f"{span.over}·{span.heading}")
            message = f"“{shown}”一栏写的不是{f'{year}年度' if year else '本年度'}，表里没有本年度的，照这一栏读入"
            found.say("W674", message, layout.line, span.first)


def _is_over(layout: Layout, number: int, width: int) -> bool:
    """Whether a heading stands over the headings of fields below it: 年度指标值 over 符号, 值 and 单位."""
    columns = range(number, number + width)
    return layout.height > 1 and any(span.field and span.first in columns for span in layout.spans)


def _contents(found: Found, lines: range, first: int, stop: int) -> Iterator[tuple[int, int, Cell]]:
    """The cells with content in some columns of rows that are indicators."""
    for line in lines:
        cells = found.sheet.lines[line].cells
        for number in range(max(first, 0), min(stop, len(cells))):
            if not is_empty(cells[number].text) and is_total(found.sheet, line) is None:
                yield line, number, cells[number]


def _is_aside(heading: str) -> bool:
    """Headings that are a block's title, or number the rows."""
    known = label(heading)
    counted = flat(heading) in ("序号", "执行率")
    titled = (known is not None and known[0] == "goal") or goal_title(heading) is not None
    return counted or is_word("block", heading) or titled


def read_points(found: Found, line: int, stop: int) -> int:
    """A block of scores that are no indicators (项目权重, 评价内容, 分值, 自评分): kept as blocks with their scores."""
    found.begin("评价内容", line)
    layout = layout_at(found.sheet, line, "points")
    take_headings(found, layout)
    line += layout.height
    layout = aligned(found.sheet, layout, iter(range(line, stop)))
    above = ""
    kept = []
    while line < stop and not heading_block(found.sheet, line):
        first_cell = next(iter(found.sheet.filled(line)), None)
        if first_cell and new_goal(found, first_cell[1].text, line, first_cell[0]):
            line += 1
            break
        name, number, _ = layout.at(found.sheet, line, "indicator")
        first, _, _ = layout.at(found.sheet, line, "level1")
        above = level(first.text) or above
        worth, _ = read_score(found.field(layout, line, "weight")[0])
        score, _ = read_score(found.field(layout, line, "declared_score")[0])
        if name.text and (worth is not None or score is not None):
            found.field(layout, line, "level1")
            found.take(line, number)
            entry = Block(f"{above}·{tidy(name.text)}", worth, score, found.place(line, number))
            found.keep_block("other", entry, line, number)
            kept.append(tidy(name.text))
        elif any(is_number(cell) for _, cell in found.sheet.filled(line)):
            found.say("N651", "这一行没有评价内容，没有导入", line, None, found.sheet.filled(line)[0][1].text)
            found.drop(line)
        line += 1
    if kept:
        message = f"{'、'.join(kept)}是评价内容，不是绩效指标，只记分值和得分"
        found.say("N657", message, layout.line, layout.at(found.sheet, layout.line, "indicator")[1])
    return line


ABOUT = re.compile("绩效|自评")
"""A sheet without these words is of something else, and nothing needs to be said of it."""
LOOKED_FOR = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "全年预算数", "全年执行数")
FEWEST = 3
"""Cells that a row of the table has at least."""
EDGE = 150
"""Lines at either end of a form that are searched for a family's marks; between them are only more rows."""


def looks_like_form(sheet: Sheet) -> bool:
    """Whether a sheet speaks of performance and has at least one row like a heading row."""
    rows = [sheet.filled(line) for line in range(min(len(sheet.lines), EDGE))]
    said = any(ABOUT.search(cell.text) for row in rows for _, cell in row)
    return said and any(len(row) >= FEWEST for row in rows)


NEAR = 0.6


def nothing(file: str, sheet: Sheet) -> Document:
    """No form: what was looked for, and which headings come nearest."""
    columns = [*words()["indicators"]["columns"].values(), *words()["budget"]["columns"].values()]
    known = [name for names in columns for name in names]
    near = []
    for line in range(min(len(sheet.lines), EDGE)):
        for number, cell in sheet.filled(line):
            close = difflib.get_close_matches(flat(cell.text), known, n=1, cutoff=NEAR) if len(cell.text) < EDGE else []
            if close:
                near.append((line, number, f"“{tidy(cell.text)}”（像“{close[0]}”）"))
    noted = Found(file, sheet)
    shown = f"；相近的有：{'、'.join(dict.fromkeys(text for _, _, text in near[:6]))}" if near else "，也没有相近的标题"
    message = f"没有认出自评表：找不到有{'、'.join(LOOKED_FOR)}等标题的一行{shown}"
    if near:
        noted.say("E651", message, near[0][0], near[0][1])
        return Document(file, "", 0.0, problems=tuple(noted.problems))
    return Document(file, "", 0.0, problems=(problem("E651", message, file=file, sheet=sheet.name),))
