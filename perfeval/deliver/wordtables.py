"""Tables of the Word report: the tables on file, which can be read back, and listings that follow from them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from perfeval.deliver.wordlistings import Listing
from perfeval.deliver.wordstyle import CAPTION, CELL, CELL_HEAD, LENGTH, WIDTH, clean
from perfeval.model import reportform as form
from perfeval.model.comparing import GIVEN
from perfeval.model.results import Evaluation
from perfeval.model.schema import AMOUNTS, BUDGET, INDICATORS, Column
from perfeval.present import labels, narrative, outcomes
from perfeval.present.narrative import records

ALWAYS = {"item", "opening", "adjusted", "executed", "category", "indicator", "target", "actual", "declared_met"}
"""Columns of the tables on file that are there even if they are empty: what a person may want to fill in."""
WEIGHTS = {
    "item": 26, "goal_no": 9, "category": 11, "subcategory": 13, "indicator": 24, "target": 15, "actual": 22, "unit": 8,
    "direction": 8, "weight": 8, "declared_score": 8, "declared_met": 14, **dict.fromkeys(AMOUNTS, 16),
    "reason": 24, "measure": 24, "narrative": 28, "evidence": 18, "reviewed_actual": 14, "reviewed_score": 9,
    "review_note": 18, "source": 14,
}  # fmt: skip
"""How wide columns are beside each other."""
COUNTED, VERDICT, PLACE = 13, 12, 10
"""Likewise of rates and recomputed scores, of verdicts, of row numbers."""
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
    if len(table._tbl.tr_lst) <= SHORT:
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


def listing(document: Any, shown: Listing | None, number: str, *, across: bool = True) -> None:
    """A listing as a table under its caption; nothing where there is none."""
    if shown is None:
        return
    caption(document, f"{number}　{shown.caption}")
    widths = [_width(heading, [row[place] for row in shown.rows]) for place, heading in enumerate(shown.columns)]
    sides = [RIGHT if figures else "" for figures in shown.columns.values()]
    grid(document, list(shown.columns), shown.rows, widths, sides, across=across)


NARROWEST, WIDEST = 5, 22


def _width(title: str, cells: Sequence[str]) -> float:
    """The share of a column by what stands in it; headings break over two lines."""
    widest = max([labels.width(title) / 2, *(labels.width(cell) for cell in cells)])
    return min(max(widest + 1, NARROWEST), WIDEST)


LEAST, MOST = 14, 40
READ_AND_SCORED = 2
"""Of a derivation's sentences the report shows how the row was read and scored, not the stricter basis."""


def _room(cells: Iterable[str]) -> float:
    """The share of a column of long texts: by how long they are on average."""
    widths = [labels.width(cell) for cell in cells]
    return min(max(2 * sum(widths) / max(len(widths), 1), LEAST), MOST)


# ---- the tables on file


def office(document: Any, result: Evaluation) -> None:
    """Unit, year and the report's own name."""
    caption(document, form.OFFICE_TABLE)
    row = [result.name, str(result.year), result.narrative.title]
    grid(document, [form.UNIT, form.YEAR, form.TITLE], [row], [40, 15, 70], ["", CENTRE, ""])


def budget(document: Any, result: Evaluation) -> None:
    """Every budget row with its amounts, exact, and the rate that counts."""
    rows = records(result.execution.items)
    columns = [column for column in BUDGET.columns if column.name in ALWAYS or _any(rows, column)]
    told = [
        [*(literal(row.get(column.name), column.kind) for column in columns), labels.percent(row["rate"])]
        for row in rows
    ]
    caption(document, form.BUDGET_TABLE)
    grid(
        document,
        [*(column.title for column in columns), form.RATE],
        told,
        [*(WEIGHTS[column.name] for column in columns), COUNTED],
        [*(_side(column) for column in columns), RIGHT],
    )


def indicators(document: Any, result: Evaluation) -> None:
    """Every indicator: what was wanted, reached, declared; verdict and recomputed score beside it."""
    rows = [
        row | {"direction": row["direction"] if row["direction_why"] == GIVEN else ""}  # as on file, not as inferred
        for row in records(result.indicators)
    ]
    columns = [
        column
        for column in map(INDICATORS.column, form.INDICATOR_COLUMNS)
        if column.name in ALWAYS or _any(rows, column)
    ]
    goals = any(_goal(row) != ("目标", "") for row in rows)
    told: list[list[str]] = []
    before = ("", "")
    for number, row in enumerate(rows, start=1):
        if goals and _goal(row) != before:
            before = _goal(row)
            told.append(list(before))
        cells = [literal(row[column.name], column.kind) for column in columns]
        told.append([str(number), *cells, narrative.verdict(row), labels.points(row["score"])])
    caption(document, form.INDICATOR_TABLE)
    grid(
        document,
        [form.NUMBER, *(column.title for column in columns), form.VERDICT, form.RECOMPUTED],
        told,
        [PLACE, *(WEIGHTS[column.name] for column in columns), VERDICT, PLACE],
        [CENTRE, *(_side(column) for column in columns), CENTRE, RIGHT],
    )


def _goal(row: dict[str, Any]) -> tuple[str, str]:
    return f"目标{literal(row['goal_no'], 'count')}", literal(row["goal"], "text")


def details(document: Any, result: Evaluation) -> None:
    """The long texts of the indicators that have any, by the row's number."""
    rows = records(result.indicators)
    columns = [column for column in map(INDICATORS.column, form.DETAILS) if _any(rows, column)]
    told = []
    for number, row in enumerate(rows, start=1):
        cells = [literal(row[column.name], column.kind) for column in columns]
        if any(cells):
            told.append([str(number), labels.text(row["indicator"]), *cells])
    caption(document, form.DETAIL_TABLE)
    grid(
        document,
        [form.NUMBER, INDICATORS.column("indicator").title, *(column.title for column in columns)],
        told,
        [PLACE, WEIGHTS["indicator"], *(_room(row[place] for row in told) for place in range(2, len(columns) + 2))],
        [CENTRE, "", *(_side(column) for column in columns)],
    )


def derivations(document: Any, result: Evaluation, number: str) -> None:
    """How each indicator was read and scored."""
    rows = records(result.indicators)
    if not rows:
        return
    caption(document, f"{number}　各项指标的读法和得分依据")
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
    heads = [form.NUMBER, INDICATORS.column("indicator").title, "完成程度", "分值", "得分", "读法和得分依据"]
    grid(document, heads, told, [PLACE, 26, COUNTED, PLACE, PLACE, 120], [CENTRE, "", RIGHT, RIGHT, RIGHT, ""])


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
