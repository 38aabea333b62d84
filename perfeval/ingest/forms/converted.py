"""Scores out of 100 beside those converted by the weight: 单项指标得分 and 单项指标折算得分."""

from perfeval.ingest.document import Cell
from perfeval.ingest.forms.found import Found
from perfeval.ingest.forms.layout import Layout, Sheet, Span
from perfeval.ingest.forms.vocabulary import column, is_empty

CONVERTED = "折算"


def is_percent(layout: Layout, span: Span) -> bool:
    """Whether a column holds scores out of 100 whose converted ones stand in another; they are kept in the source."""
    converted, known = layout.of("declared_score"), column("indicators", span.heading)
    beside = converted is not None and CONVERTED in converted.heading and CONVERTED not in span.heading
    return beside and not span.field and known is not None and known[0] == "declared_score"


def percent_score(sheet: Sheet, layout: Layout, line: int) -> tuple[Cell | None, int]:
    """The score out of 100 of a row, where it has one, and its column."""
    for span in layout.spans:
        if is_percent(layout, span):
            where = span.first + layout.shift
            cell = sheet.cell(line, where)
            return (None, where) if is_empty(cell.text) else (cell, where)
    return None, -1


def weights_as_percents(found: Found, percents: list[tuple[int, int, bool]]) -> None:
    """Say so where the scores out of 100 are the weights, row by row: every converted score is then far too small."""
    if len(percents) > 1 and all(alike for _, _, alike in percents):
        line, where, _ = percents[0]
        message = f"{len(percents)}条指标的单项得分（百分制）都与权重相同，疑似填的是分值；折算得分照原件导入"
        found.say("W666", message, line, where, found.sheet.cell(line, where).text)
