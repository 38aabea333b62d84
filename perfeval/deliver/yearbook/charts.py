"""Sheet 图表: charts of the workbook's own kind, over small tables that are formulas on the other sheets."""

from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from perfeval.deliver.yearbook.budget import NAMES
from perfeval.deliver.yearbook.cellformats import BUDGET, CHANGED, ROWS, Forms, add_sheet, cell, on, write_text
from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES, MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import CLAIMED, WHY
from perfeval.present import labels
from perfeval.present.narrative import verdict

if TYPE_CHECKING:
    from perfeval.deliver.yearbook.budget import Money
    from perfeval.deliver.yearbook.rows import Rows

NONE_LOST = "各项指标都没有失分。"
MOST = 12
"""Bars of a chart; the sheets have all rows."""
VERDICTS = {MET: "#2F6F62", PARTLY: "#C9A94B", MISSED: "#B3372B", CLAIMED: "#9AA5AD", UNDECIDED: "#D9DEE2"}
"""Verdicts in the order of a bar, with colours that also differ in lightness."""
BUDGETED, SPENT, LOST = "#C3CCD3", "#23527C", "#B3372B"
FONT = {"name": "宋体", "size": 9}
LABELS_WIDTH, COUNTS_WIDTH = 26, 11
LEAST_LINES, LINE_HEIGHT, FRAME = 3, 26, 110
WIDTH = 640
ROW_HEIGHT = 20
"""Pixels of a row of the sheet, to leave room for a chart."""
CHARS = 22
LABELS_PLACE = 20
"""A hidden column: names as they fit a chart."""


def add_charts(book: Any, forms: Forms, result: Evaluation, money: "Money", rows: "Rows") -> None:
    """Write the sheet: execution by item, completion by category, points lost; each only where there is something."""
    sheet = add_sheet(book, forms, "图表", "图表", note="图下是所用的数，取自前面各表。", columns={})
    sheet.set_column(0, 0, LABELS_WIDTH)
    sheet.set_column(1, len(VERDICTS), COUNTS_WIDTH)
    sheet.set_column(LABELS_PLACE, LABELS_PLACE, None, None, {"hidden": True})
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)  # a chart must not be cut by the end of a page
    sheet.repeat_rows(0, 1)
    line = _execution(book, sheet, forms, 2, result, money=money)
    line = _completion(book, sheet, forms, line, result, rows=rows)
    _lost(book, sheet, forms, line, result, rows=rows)


def _execution(book: Any, sheet: Any, forms: Forms, line: int, result: Evaluation, *, money: "Money") -> int:
    """Budget and outturn of each item."""
    items = [
        (place, item)
        for place, item in zip(money.lines, records(result.execution.items), strict=True)
        if not labels.missing(item["executed"])
    ][:MOST]
    if not items:
        return line
    top, data = line, line + _room(len(items) * 2)
    _heads(sheet, forms, data, ("预算项目", "预算数", "执行数", "执行率"))
    for offset, (place, item) in enumerate(items, start=1):
        changed, name = (on(BUDGET, cell(NAMES, heading, place)) for heading in (CHANGED, NAMES[0]))
        _label(sheet, forms, data + offset, labels.shorten(item["item"], CHARS), changed=changed, name=name)
        opening, adjusted, executed, rate = (
            on(BUDGET, cell(NAMES, name, place)) for name in ("年初预算数", "全年预算数", "全年执行数", "执行率")
        )
        budget = item["adjusted"] if not labels.missing(item["adjusted"]) else item["opening"]
        found = f"=IF(ISNUMBER({adjusted}),{adjusted},N({opening}))"
        sheet.write_formula(data + offset, 1, found, forms.number("#,##0.00"), _number(budget))
        sheet.write_formula(data + offset, 2, f"={executed}", forms.number("#,##0.00"), _number(item["executed"]))
        sheet.write_formula(data + offset, 3, f"={rate}", forms.number("0.00%"), _number(item["rate"], "—"))
    chart = book.add_chart({"type": "bar"})
    for column, colour in ((1, BUDGETED), (2, SPENT)):
        chart.add_series(
            {
                "name": [sheet.name, data, column],
                "categories": [sheet.name, data + 1, 0, data + len(items), 0],
                "values": [sheet.name, data + 1, column, data + len(items), column],
                "fill": {"color": colour},
                "gap": 60,
                "overlap": -5,
                "data_labels": {"value": True, "num_format": "#,##0.00", "font": FONT},
            }
        )
    _place(sheet, chart, top, "各项目预算数与执行数（万元）", len(items) * 2)
    return data + len(items) + 2


def _completion(book: Any, sheet: Any, forms: Forms, line: int, result: Evaluation, *, rows: "Rows") -> int:
    """How many indicators of each category have which verdict."""
    found = records(result.indicators)
    categories = [name for name in CATEGORIES if any(row["category"] == name for row in found)]
    if not categories:
        return line
    top, data = line, line + _room(len(categories))
    _heads(sheet, forms, data, ("一级指标", *VERDICTS))
    kinds, verdicts = rows.span("一级指标"), rows.span("完成情况")
    for offset, category in enumerate(categories, start=1):
        write_text(sheet, data + offset, 0, category, forms.text)
        for column, name in enumerate(VERDICTS, start=1):
            count = sum(row["category"] == category and verdict(row) == name for row in found)
            formula = f'=COUNTIFS({kinds},"{category}",{verdicts},"{name}")'
            sheet.write_formula(data + offset, column, formula, forms.number("0"), count)
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, (name, colour) in enumerate(VERDICTS.items(), start=1):
        chart.add_series(
            {
                "name": [sheet.name, data, column],
                "categories": [sheet.name, data + 1, 0, data + len(categories), 0],
                "values": [sheet.name, data + 1, column, data + len(categories), column],
                **_fill(name, colour),
                "gap": 60,
                "data_labels": {"value": True, "num_format": "0;;", "font": {**FONT, **_ink(colour)}},
            }
        )
    _place(sheet, chart, top, "各类指标的完成情况（项）", len(categories))
    return data + len(categories) + 2


def _fill(name: str, colour: str) -> dict[str, Any]:
    """Plain, and hatched where a verdict rests on the office's word."""
    if name != CLAIMED:
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": "light_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}}


def _lost(book: Any, sheet: Any, forms: Forms, line: int, result: Evaluation, *, rows: "Rows") -> None:
    """The indicators that lose points, most first."""
    losing = sorted(
        ((place, row) for place, row in zip(rows.lines, records(result.indicators), strict=True) if row["lost"] > 0),
        key=lambda pair: -pair[1]["lost"],
    )[:MOST]
    if not losing:
        if result.score is None:
            sheet.write_string(line, 0, f"{WHY[result.state]}。", forms.note)
        else:
            now = f'=IF(SUM({rows.span("失分")})>0,"改动以后有指标失分，见“{ROWS}”。","{NONE_LOST}")'
            sheet.write_formula(line, 0, now, forms.note, NONE_LOST)
        return
    top, data = line, line + _room(len(losing))
    _heads(sheet, forms, data, ("失分的指标", "失分"))
    for offset, (place, row) in enumerate(losing, start=1):
        name = f"{labels.shorten(row['indicator'], CHARS - 6)}{_goal(row['goal_no'])}"
        changed, now = (on(ROWS, cell(rows.names, heading, place)) for heading in (CHANGED, "三级指标"))
        _label(sheet, forms, data + offset, name, changed=changed, name=now)
        formula = f"={on(ROWS, cell(rows.names, '失分', place))}"
        sheet.write_formula(data + offset, 1, formula, forms.number(forms.points), float(row["lost"]))
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [sheet.name, data, 1],
            "categories": [sheet.name, data + 1, 0, data + len(losing), 0],
            "values": [sheet.name, data + 1, 1, data + len(losing), 1],
            "fill": {"color": LOST},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00", "font": FONT},
        }
    )
    chart.set_legend({"none": True})
    _place(sheet, chart, top, f"原来失分最多的{len(losing)}项指标（分）", len(losing))


def _label(sheet: Any, forms: Forms, line: int, label: str, *, changed: str, name: str) -> None:
    """What a bar is of: the short name, and once the row has been changed the name that stands there now."""
    write_text(sheet, line, LABELS_PLACE, label, None)
    kept = f"${xl_col_to_name(LABELS_PLACE)}${line + 1}"
    sheet.write_formula(line, 0, f"=IF({changed}=0,{kept},{name})", forms.text, label)


def _goal(goal_no: Any) -> str:
    return "" if labels.missing(goal_no) else f"（目标{int(goal_no)}）"


def _number(value: Any, nothing: Any = 0) -> Any:
    return nothing if labels.missing(value) else float(value)


def _ink(colour: str) -> dict[str, str]:
    """White on dark bars, black on light ones."""
    dark = sum(int(colour[place : place + 2], 16) for place in (1, 3, 5)) < 3 * 128
    return {"color": "#FFFFFF" if dark else "#1D2327"}


def _heads(sheet: Any, forms: Forms, line: int, headings: tuple[str, ...]) -> None:
    for place, heading in enumerate(headings):
        sheet.write_string(line, place, heading, forms.head)


def _height(lines: int) -> int:
    return FRAME + LINE_HEIGHT * max(lines, LEAST_LINES)


def _room(lines: int) -> int:
    """Rows of the sheet a chart covers."""
    return _height(lines) // ROW_HEIGHT + 2


def _place(sheet: Any, chart: Any, line: int, title: str, lines: int) -> None:
    chart.set_title({"name": title, "name_font": {**FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": "#B5BEC5"}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    if len(chart.series) > 1:
        chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": WIDTH, "height": _height(lines)})
    sheet.insert_chart(line, 0, chart, {"object_position": 2, "description": title})
