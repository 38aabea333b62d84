"""Tables of Word documents: the form of the official report, which can be read back, and those of the reviewers'."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from perfeval.deliver.wordlistings import Listing
from perfeval.deliver.wordstyle import CAPTION, CELL, CELL_HEAD, LENGTH, WIDTH, clean
from perfeval.model import reportform as form
from perfeval.model.columns import records
from perfeval.model.comparing import GIVEN
from perfeval.model.results import Evaluation
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, Column
from perfeval.present import labels, outcomes

ALWAYS = {
    "item", "opening", "adjusted", "executed",
    "category", "indicator", "target", "actual", "declared_met", "reason", "measure",
}  # fmt: skip
"""Columns of the form that are there even if they are empty: what a person may want to fill in."""
FIGURES = {"count", "money", "points"}
CENTRE, RIGHT = "center", "right"
SHORT = 10
"""Rows up to which a table is kept on one page."""
LONG = 500
"""Characters of a cell up to which its row is kept on one page; a longer one may need more than a page."""
SHADE = "F2F2F2"
TWIPS = 56.6929
"""Per mm."""


def caption(document: Any, text: str) -> None:
    """The line over a table."""
    document.add_paragraph(clean(text), style=CAPTION)


def grid(
    document: Any,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    aligned: Sequence[str] = (),
    *,
    across: bool = True,
) -> Any:
    """A table over the whole width of the type area: fixed columns, headings on every page, rows kept together.

    ``widths`` are shares; ``aligned`` is ``""``, ``center`` or ``right`` for each column. A row of two cells is a
    row over the others: its second cell spans all further columns. Returns the table.
    """
    table = document.add_table(rows=0, cols=len(headings))
    table.style, table.autofit = "Table Grid", False
    room = LENGTH if across else WIDTH
    sizes = [room * width / sum(widths) for width in widths]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = Mm(size)
    _row(table, headings, sizes, [CENTRE] * len(headings), head=True)
    for row in rows:
        _row(table, row, sizes, aligned or [""] * len(headings))
        if len(row) < len(headings):
            _kept(table._tbl[-1])
    if len(table._tbl.tr_lst) <= SHORT and not any(len(row) < len(headings) for row in rows):
        for row in table._tbl.tr_lst[:-1]:
            _kept(row)
    return table


def _row(
    table: Any, texts: Sequence[str], sizes: Sequence[float], aligned: Sequence[str], *, head: bool = False
) -> None:
    """One row, built as XML: python-docx's own cells take a hundred times as long on long tables."""
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    if max(map(len, texts), default=0) <= LONG:
        properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for place, text in enumerate(texts):
        last = len(texts) < len(sizes) and place == len(texts) - 1
        wide = len(sizes) - place if last else 1
        cell = OxmlElement("w:tc")
        cell.append(_cell_properties(sum(sizes[place : place + wide]), wide, shaded=head or len(texts) < len(sizes)))
        cell.append(_cell_text(table, text, CELL_HEAD if head else CELL, "" if head or wide > 1 else aligned[place]))
        row.append(cell)
    table._tbl.append(row)


def _kept(row: Any) -> None:
    """Keep a row on the page of the next."""
    for properties in row.iter(qn("w:pPr")):
        properties.insert(1, OxmlElement("w:keepNext"))


def _cell_properties(width: float, wide: int, *, shaded: bool) -> Any:
    properties = OxmlElement("w:tcPr")
    size = OxmlElement("w:tcW")
    size.set(qn("w:w"), str(round(width * TWIPS)))
    size.set(qn("w:type"), "dxa")
    properties.append(size)
    if wide > 1:
        span = OxmlElement("w:gridSpan")
        span.set(qn("w:val"), str(wide))
        properties.append(span)
    if shaded:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{key}"), value)
        properties.append(shade)
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), CENTRE)
    properties.append(middle)
    return properties


def _cell_text(table: Any, text: str, style: str, align: str) -> Any:
    paragraph = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    named = OxmlElement("w:pStyle")
    named.set(qn("w:val"), table.part.document.styles[style].style_id)
    properties.append(named)
    if align:
        side = OxmlElement("w:jc")
        side.set(qn("w:val"), align)
        properties.append(side)
    paragraph.append(properties)
    run = OxmlElement("w:r")
    run.text = clean(text)
    paragraph.append(run)
    return paragraph


EM, SIDES = 3.75, 4.8
"""mm: a character of a cell, and what a cell has left and right of its text, both with a little to spare."""
NARROW, SIGN = 0.66, 0.96
"""em: a half-width character and a percent sign, in the widest font that may stand in."""
LEAST, MOST = 5, 40
"""em: how narrow and how wide a column of texts wants to be."""
RUN = re.compile(r"[!-~]+")
"""What does not break over two lines."""
LONGEST_RUN = 16
READ_AND_SCORED = 2
"""Of a derivation's sentences the document shows how the row was read and scored, not the stricter basis."""


def measured(
    headings: Sequence[str], rows: Sequence[Sequence[str]], aligned: Sequence[str], room: float
) -> list[float]:
    """Widths of columns, mm: figures and short words stand on one line, texts share what is left by their length."""
    columns = [[row[place] for row in rows if len(row) == len(headings)] for place in range(len(headings))]
    columns[0] += [row[0] for row in rows if len(row) < len(headings)]
    least, most, wanted = [], [], []
    for heading, cells, side in zip(headings, columns, aligned, strict=True):
        widths = [_em(cell) for cell in cells] or [0.0]
        runs = [_em(run) for cell in cells for run in RUN.findall(cell)]
        whole = max(widths) if side else min(max(runs, default=0.0), LONGEST_RUN)
        least.append(max(whole, min(labels.width(heading) / 2, 3), 2) * EM + SIDES)
        most.append(max(least[-1], 0.0 if side else max(*widths, LEAST) * EM + SIDES))
        wanted.append(0.0 if side else min(max(sum(widths) / len(widths), max(widths) / 4, LEAST), MOST))
    left = room - sum(least)
    if left <= 0:
        return [room * width / sum(least) for width in least]
    return _shared(least, most, wanted, left)


def _em(text: str) -> float:
    """How wide a text may be."""
    return sum(SIGN if sign == "%" else NARROW if sign.isascii() else 1.0 for sign in text)


def _shared(least: list[float], most: list[float], wanted: list[float], left: float) -> list[float]:
    """Room shared by what columns want, none getting more than it can use; what is over goes to all alike."""
    sizes, growing = list(least), {place for place, want in enumerate(wanted) if want}
    while growing:
        part = left / sum(wanted[place] for place in growing)
        filled = [place for place in growing if sizes[place] + part * wanted[place] >= most[place]]
        if not filled:
            return [size + (part * wanted[place] if place in growing else 0) for place, size in enumerate(sizes)]
        for place in filled:
            left -= most[place] - sizes[place]
            sizes[place] = most[place]
        growing.difference_update(filled)
    return [size + left / len(sizes) for size in sizes]


# ---- the form


def budget(document: Any, result: Evaluation) -> None:
    """Every budget row with its amounts, exact, and the rate that counts."""
    rows = records(result.execution.items)
    columns = [column for column in BUDGET.columns if column.name in ALWAYS or _any(rows, column)]
    told = [
        [*(literal(row.get(column.name), column.kind) for column in columns), labels.percent(row["rate"])]
        for row in rows
    ]
    heads = [*(column.title for column in columns), form.RATE]
    _table(document, form.BUDGET_TABLE, heads, told, [*(_side(column) for column in columns), RIGHT])


def indicators(document: Any, result: Evaluation) -> None:
    """Every indicator as the office reports it, under its goal."""
    rows = [
        row
        | {
            "direction": row["direction"] if row["direction_why"] == GIVEN else "",  # as on file, not as inferred
            "actual": form.SEE_TEXT if row["actual"] == form.NO_FIGURE else row["actual"],
        }
        for row in records(result.indicators)
    ]
    columns = [
        column for column in map(INDICATORS.column, form.FORM_COLUMNS) if column.name in ALWAYS or _any(rows, column)
    ]
    goals = any(_goal(row) != ("目标", "") for row in rows)
    told: list[list[str]] = []
    before = ("", "")
    for number, row in enumerate(rows, start=1):
        if goals and _goal(row) != before:
            before = _goal(row)
            told.append(list(before))
        told.append([str(number), *(literal(row[column.name], column.kind) for column in columns)])
    heads = [form.NUMBER, *(form.SHOWN.get(column.name, column.title) for column in columns)]
    _table(document, form.INDICATOR_TABLE, heads, told, [CENTRE, *(_side(column) for column in columns)])


def blocks(document: Any, result: Evaluation) -> None:
    """The points that the document prints for parts of itself; nothing where it prints none."""
    rows = records(result.blocks)
    columns = [column for column in BLOCKS.columns if column.name == "name" or _any(rows, column)]
    told = [[literal(row[column.name], column.kind) for column in columns] for row in rows]
    if told:
        heads = [column.title for column in columns]
        _table(document, form.BLOCK_TABLE, heads, told, [_side(column) for column in columns])


def _table(
    document: Any, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], aligned: Sequence[str]
) -> None:
    caption(document, title)
    grid(document, heads, rows, measured(heads, rows, aligned, LENGTH), aligned)


def _goal(row: dict[str, Any]) -> tuple[str, str]:
    return f"目标{literal(row['goal_no'], 'count')}", literal(row["goal"], "text")


# ---- what the reviewers' document shows


def listing(document: Any, shown: Listing | None, title: str, *, across: bool = True) -> None:
    """A listing as a table under its caption; nothing where there is none."""
    if shown is None:
        return
    heads = list(shown.columns)
    aligned = [RIGHT if figures else "" for figures in shown.columns.values()]
    caption(document, f"{title}　{shown.caption}")
    grid(
        document, heads, shown.rows, measured(heads, shown.rows, aligned, LENGTH if across else WIDTH), aligned,
        across=across,
    )  # fmt: skip


def derivations(document: Any, result: Evaluation, title: str) -> None:
    """How each indicator was read and scored."""
    rows = records(result.indicators)
    if not rows:
        return
    told = [
        [
            str(place),
            labels.text(row["indicator"]),
            labels.percent(row["attainment"]),
            labels.points(row["points"]),
            labels.points(row["score"]),
            "\n".join(outcomes.derivation(row)[:READ_AND_SCORED]),
        ]
        for place, row in enumerate(rows, start=1)
    ]
    heads = [form.NUMBER, INDICATORS.column("indicator").title, "完成程度", "分值", "复算得分", "读法和得分依据"]
    _table(document, f"{title}　各项指标的读法和得分依据", heads, told, [CENTRE, "", RIGHT, RIGHT, RIGHT, ""])


def _any(rows: Iterable[dict[str, Any]], column: Column) -> bool:
    return any(not labels.missing(row.get(column.name)) for row in rows)


def _side(column: Column) -> str:
    if column.kind == "count" or column.name in ("category", "direction", "unit"):
        return CENTRE
    return RIGHT if column.kind in FIGURES else ""


def literal(value: Any, kind: str) -> str:
    """A value so that the importer reads the same again: texts as they stand, numbers with every digit."""
    if labels.missing(value):
        return ""
    if kind == "count":
        return str(int(value))
    if kind not in FIGURES:
        return str(value)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if kind == "points":
        return f"{exact:f}"
    return f"{exact:,.2f}" if exact == round(exact, 2) else f"{exact:,f}"
