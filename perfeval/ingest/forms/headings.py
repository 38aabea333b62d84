"""Which column of a heading row holds which field: sub-headings, groups, and several columns of one meaning.

A column of another year (``2022年实际完成值``, 指标值 below 上年度) or of another period (中期, 上半年) never stands
for this year's beside it; of columns that hold a part of the money each (财政拨款, 其他资金) none stands for the whole.
"""

import re
from dataclasses import replace

from perfeval.ingest.forms.layout import Layout, Sheet, Span
from perfeval.ingest.forms.vocabulary import (
    OF_LAST,
    PART,
    apart,
    column,
    field_of,
    flat,
    guess,
    heading_year,
    is_level,
    is_number,
    is_period,
    is_unit_cell,
    is_word,
    part_of_money,
)
from perfeval.model.schema import AMOUNTS


def target_years(sheet: Sheet, line: int, year: int | None) -> list[int]:
    """The years of target columns side by side: ``2023指标值``, ``2024指标值``.

    None where the actuals beside them are of one year: of their own heading, or of the form.
    """
    named = [(field_of("indicators", cell.text), heading_year(cell.text)) for _, cell in sheet.filled(line)]
    years = sorted({of for name, of in named if of and name == "target"})
    reported = [of for name, of in named if name == "actual"]
    return [] if any(reported) or (reported and year in years) else years


def layout_at(sheet: Sheet, line: int, block: str, year: int | None = None) -> Layout:
    """The layout of a heading row; rows of sub-headings and of units below it are read with it.

    Of columns of several years those of ``year`` count; without it, those of the last.
    """
    heads = {number: (cell.text, _over(sheet, line, number, block)) for number, cell in sheet.filled(line)}
    height = 1
    while height < HIGHEST and line + height < len(sheet.lines) and _subheads(sheet, line + height - 1, block):
        before = dict(heads)
        for number, cell in sheet.filled(line + height):
            over, outer = before.get(max((at for at in before if at <= number), default=-1), ("", ""))
            if _qualifies(block, over, cell.text):
                heads[number] = over, f"{outer}{cell.text}"
            elif column(block, cell.text) or guess(block, cell.text) or number not in heads:
                heads[number] = _below(block, over, cell.text), f"{outer}{over}"
        height += 1
    if block == "budget" and _is_units(sheet, line + height):
        for number, cell in sheet.filled(line + height):
            text, over = heads.get(number, ("", ""))
            heads[number] = f"{text}（{flat(cell.text).strip('()')}）", over
        height += 1
    widths = {number: sheet.widths.get((line, number), 1) for number in heads}
    return Layout(block, _spans(block, heads, widths, year), line, height)


HIGHEST = 3
"""Rows of headings, one below the other."""


def _over(sheet: Sheet, line: int, number: int, block: str) -> str:
    """A year, a period or a part of the money that the line above writes over this column and others."""
    above, at = sheet.owners.get((line - 1, number), (line - 1, number))
    if line == 0 or above != line - 1 or sheet.widths.get((above, at), 1) == 1:
        return ""
    text = sheet.cell(above, at).text
    named = is_period(text) or (block == "budget" and part_of_money(text))
    return text if named and not any(is_number(cell) for _, cell in sheet.filled(above)) else ""


def _qualifies(block: str, above: str, text: str) -> bool:
    """Whether a sub-heading says which part or period of its heading a column is: 总额 below 全年预算数."""
    known = field_of(block, above)
    if block == "budget":
        return known in AMOUNTS and bool(part_of_money(text))
    return known in ("target", "actual") and is_period(text)


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
    cells = sheet.filled(line + 1)
    heads = sheet.filled(line)
    over = [max((at for at, _ in heads if at <= number), default=-1) for number, _ in cells]
    if len(cells) > 1 and all(
        _qualifies(block, sheet.cell(line, at).text, cell.text) for at, (_, cell) in zip(over, cells, strict=True)
    ):
        return True
    texts = [cell.text for _, cell in cells]
    known = [text for text in texts if column(block, text)]
    if block == "goals" or not known or any(is_number(cell) for _, cell in cells) or any(map(is_level, texts)):
        return False
    return 2 * len(known) > len(cells) or all(column(block, text) or guess(block, text) for text in texts)


def _is_units(sheet: Sheet, line: int) -> bool:
    """Whether a line has units in place of figures: （元）, （元）, （分）."""
    cells = sheet.filled(line) if line < len(sheet.lines) else ()
    return bool(cells) and all(is_unit_cell(cell.text) for _, cell in cells)


def _spans(block: str, heads: dict[int, tuple[str, str]], widths: dict[int, int], year: int | None) -> tuple[Span, ...]:
    """Fields and their columns; of several columns of one meaning that which is nearest to it.

    ``heads`` are headings with what stands over them, by column.
    """
    numbers = sorted(heads)
    spans = []
    for number, following in zip(numbers, [*numbers[1:], -1], strict=True):
        text, over = heads[number]
        found = column(block, text) or guess(block, text) or ("", 0)
        stop = following if following > number else number + widths[number]
        spans.append(Span(found[0], number, stop, text, found[1], over))
    spans = _deepest(_units_of_actuals(_points_of_levels(spans))) if block == "indicators" else spans
    spans = _opening_beside(spans) if block == "budget" else spans
    several = {"", "other", "part"}
    best = {name: _nearest([span for span in spans if span.field == name], year) for name in {s.field for s in spans}}
    kept = [span if span.field in several or best[span.field] is span else replace(span, field="") for span in spans]
    return _levels(kept) if block == "indicators" else tuple(kept)


def _nearest(spans: list[Span], year: int | None) -> Span | None:
    """The column that a field is read from: of this year, of the whole, under the best-known heading; the first such.

    None where there is only last year's, or only parts of the money beside one another.
    """
    years = [found for span in spans if (found := heading_year(f"{span.heading}{span.over}"))]
    year = max(years, default=0) if year is None else year
    keys = [(apart(f"{span.heading}{span.over}", year), part_of_money(span.over) == PART, span.rank) for span in spans]
    best = min(keys)
    alike = {span.over for span, key in zip(spans, keys, strict=True) if key[:2] == best[:2]}
    return None if best[0] == OF_LAST or (best[1] and len(alike) > 1) else spans[keys.index(best)]


def _points_of_levels(spans: list[Span]) -> list[Span]:
    """Points that stand behind a level's name are the level's, where the indicators have points of their own."""
    name = next((span.first for span in spans if span.field == "indicator"), None)
    weights = [span for span in spans if span.field == "weight"]
    if name is None or not any(span.first > name for span in weights):
        return spans
    of_level = {}
    for span in weights:
        levels = [at for at in spans if at.field in OF_LEVEL and at.first < span.first]
        if span.first < name and levels:
            of_level[span.first] = OF_LEVEL[levels[-1].field]
    return [replace(span, field=of_level.get(span.first, span.field)) for span in spans]


def _deepest(spans: list[Span]) -> list[Span]:
    """Where there is a fourth level, it names the indicators, and the third has no place."""
    names = [span for span in spans if span.field == "indicator"]
    fourth = any("四级" in span.heading for span in names)
    above = [span for span in names if fourth and "四级" not in span.heading]
    return [replace(span, field="other") if span in above else span for span in spans]


def _units_of_actuals(spans: list[Span]) -> list[Span]:
    """A second column of units, right behind the actuals, is theirs."""
    units = [span for span in spans if span.field == "unit"]
    actuals = {span.stop for span in spans if span.field == "actual"}
    return [
        replace(s, field="actual_unit") if len(units) > 1 and s in units and s.first in actuals else s for s in spans
    ]


def _opening_beside(spans: list[Span]) -> list[Span]:
    """预算数 beside 调整后预算数 is the opening budget, where no other column is."""
    final = any(span.field == "adjusted" and FINAL.search(span.heading) for span in spans)
    plain = [span for span in spans if span.field == "adjusted" and PLAIN.search(span.heading)]
    if not final or len(plain) != 1 or any(span.field == "opening" for span in spans):
        return spans
    return [replace(span, field="opening") if span is plain[0] else span for span in spans]


FINAL = re.compile("调整|全年|最终")
PLAIN = re.compile("^(?!.*(?:调整|全年|最终))(?=.*(?:预算|安排))")
LEVELS = ("level1", "level2", "indicator")
OF_LEVEL = {"level1": "level1_points", "level2": "level2_points"}
"""By level: the field of a column with its points."""


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


USUAL = (*LEVELS, "target", "actual", "weight", "declared_score", "reason")
"""The columns of the Ministry of Finance's form, for tables that have lost their heading row."""


def usual_layout(first: int, line: int) -> Layout:
    """The usual order of columns, from the first level name at a column on."""
    spans = tuple(Span(name, first + place, first + place + 1, "") for place, name in enumerate(USUAL))
    return Layout("indicators", spans, line, 0)
