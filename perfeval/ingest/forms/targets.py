"""Targets and actuals as they would be printed, from the cells, headings and columns that hold their parts."""

import re

from perfeval.ingest.cells import NUMBER
from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.layout import Layout, is_unread
from perfeval.ingest.forms.vocabulary import (
    directions,
    flat,
    is_empty,
    operators,
    stated_unit,
    target_text,
    tidy,
)
from perfeval.model.folding import half_width
from perfeval.model.units import is_unit


def read_target(found: Found, layout: Layout, line: int, marks: list[str], cells: dict[str, At]) -> dict[str, object]:
    """Target, unit and direction from up to five columns."""
    texts = {
        name: found.field(layout, line, name, cells)[0].text.strip()
        for name in ("target", "target_adjusted", "unit", "direction")
    }
    texts["target"] = _in_cells(found, layout, line) or texts["target"]
    if found.verbatim:
        return {"target": texts["target"], "unit": texts["unit"], "direction": texts["direction"]}
    number = layout.at(found.sheet, line, "target")[1]
    target, unit = found.content(tidy(texts["target"]), line, number), tidy(texts["unit"])
    unit = _unit_in_heading(layout, "target") if is_empty(unit) else unit
    adjusted = tidy(texts["target_adjusted"])
    if not is_empty(adjusted) and adjusted != target:
        if not is_empty(target):
            marks.append(f"年初指标值{target}")
        target = adjusted
        cells["target"] = cells["target_adjusted"]
    joined, direction = target_text(_operator(found, layout, line), target, unit)
    return {
        "target": joined,
        "unit": "" if is_empty(texts["unit"]) else tidy(texts["unit"]),
        "direction": texts["direction"] or direction,
    }


def _in_cells(found: Found, layout: Layout, line: int) -> str:
    """A target that stands in several cells below one heading: ≥, 10 and 场; empty for any other."""
    span = layout.of("target")
    columns = range(span.first + layout.shift, span.stop + layout.shift) if span and not found.verbatim else ()
    cells = [(at, cell) for at, cell in found.sheet.filled(line) if at in columns]
    parts = [tidy(cell.text) for _, cell in cells]
    sign = parts[0] if parts and flat(parts[0]) in operators() else ""
    value, *rest = parts[bool(sign) :] or [""]
    if len(parts) < 2 or not value or len(rest) > 1 or not all(is_unit(half_width(text)) for text in rest):  # noqa: PLR2004
        return ""
    for at, _ in cells:
        found.take(line, at)
    return target_text(sign, value, rest[0] if rest else "")[0]


PLAIN_NUMBER = re.compile(NUMBER.pattern)


def with_unit(found: Found, layout: Layout, line: int, text: str) -> str:
    """A bare number of the actuals with the unit that stands in their heading, or in a column of theirs."""
    if not PLAIN_NUMBER.fullmatch(text):
        return text
    own = tidy(found.field(layout, line, "actual_unit")[0].text)
    shared = tidy(layout.at(found.sheet, line, "unit")[0].text)
    unit = _unit_in_heading(layout, "actual") if is_empty(own) and is_empty(shared) else own
    return text if is_empty(unit) or unit == shared else target_text("", text, unit)[0]


def _unit_in_heading(layout: Layout, name: str) -> str:
    """The unit in the heading of a field: 万人次 in ``年度指标值（万人次）``."""
    span = layout.of(name)
    return stated_unit(span.heading) if span else ""


def _operator(found: Found, layout: Layout, line: int) -> str:
    """What stands under 指标性质; words that are no operator are not used, but for 定性 and 定量, which say so."""
    cell, number, written = layout.at(found.sheet, line, "operator")
    text = flat(cell.text)
    if text in operators() or text in directions() or is_unread(cell):
        found.take(written, number)
    elif re.fullmatch("定[性量](?:指标)?", text):
        found.take(written, number, heading=True)
    return cell.text.strip()
