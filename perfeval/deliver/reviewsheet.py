"""The reviewers' sheet (自评复核表): the office's figures beside empty cells for what the review finds.

The columns and their order are those of the forms reviewers publish; ``perfeval import`` reads the sheet back and puts
the reviewed actual, score and note on the rows on file.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from perfeval.deliver.workbook import LONGEST_CELL, height, opened
from perfeval.model.results import Evaluation
from perfeval.model.rounding import missing
from perfeval.model.values import Value, read
from perfeval.present import labels, narrative

SHEET = "自评复核表"
COLUMNS = {
    "一级指标": 9,
    "二级指标": 11,
    "三级指标": 26,
    "指标性质": 8,
    "指标值": 14,
    "度量单位": 8,
    "权重": 8,
    "自评完成值": 24,
    "自评得分": 9,
    "复核完成值": 18,
    "复核得分": 9,
    "偏离度": 9,
    "备注": 28,
}
"""The reviewers' columns in their order, with widths."""
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "": ""}
WORDS = "定性"
"""What stands under 指标性质 for a target without a number."""
PERCENT = "%"
ANY = "General"
SHARES = ("0%", "0.0%", "0.00%")
"""Formats of percentages by their decimals."""
COMPARED = ("自评完成值", "复核完成值", "自评得分", "复核得分")
FILLED_IN = ("复核完成值", "复核得分", "备注")
"""What the reviewer fills in."""
NUMBERS = {"权重": "0.00", "自评得分": "0.00", "复核得分": "0.00", "偏离度": "0.0%"}
HEADING_LINES = 3
"""Title, office and year, and the column headings."""
TITLE_HEIGHT, FACTS_HEIGHT, HEAD_HEIGHT, GOAL_HEIGHT, TOTAL_HEIGHT, NOTE_HEIGHT = 30, 22, 32, 20, 24, 15
"""Points."""
TITLE_SIZE, TEXT_SIZE = 16, 10
"""Points of the title's characters and of all others."""
WRITABLE = 40
"""Points: the least height of a row, so that on paper there is room for a pen in it."""
SIGNED = ("复核人", "复核日期")
"""What the reviewer writes beside office and year."""
PAGE = (11.69, 8.27)
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
"""A4 across, inches; the margins."""
PIXELS, DPI, POINTS = (7, 5), 96, 72
"""Of a column: pixels for each unit of its width, and beside them; pixels and points of an inch."""
SLACK = 0.95
"""How much of a page is used: programs measure a little differently."""


def write_review_sheet(path: str | Path, result: Evaluation) -> Path:
    """Write the sheet of one sub-district-year: goal titles, one row per indicator, a total, how to fill it in.

    The reviewed cells and notes hold what is on file, else nothing. Weights and self-scores are those of the document,
    else the recomputed ones, which is said below the table. 偏离度 is a formula: reviewed ÷ own − 1, of the actuals
    where both are numbers, else of the scores. Whatever the data hold is written as text, never as a formula or link.
    Equal evaluations give equal bytes. Raises ``OSError`` where the file cannot be written.
    """
    target = Path(path)
    with opened(target, title=_title(result)) as book:
        sheet = book.add_worksheet(SHEET)
        forms = _formats(book)
        _head(sheet, forms, result)
        last, heights = _body(sheet, forms, result)
        _notes(sheet, forms, result, last)
        _page(sheet, heights, sum(_head_heights(result)))
    return target


def _title(result: Evaluation) -> str:
    return f"{labels.one_line(result.name)}{result.year}年度部门整体绩效自评复核表"


def _formats(book: Any) -> dict[str, Any]:
    boxed = {"border": 1, "valign": "top", "text_wrap": True, "font_size": 10, "font_name": "宋体"}
    entry = {"bg_color": "#FFF9E5", "locked": False, "left": 2, "right": 2}  # seen in black and white too
    return {
        "title": book.add_format(
            {
                "bold": True,
                "font_name": "宋体",
                "font_size": TITLE_SIZE,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        "plain": book.add_format({"font_size": 10, "font_name": "宋体", "valign": "vcenter"}),
        "right": book.add_format({"font_size": 10, "font_name": "宋体", "valign": "vcenter", "align": "right"}),
        "fitted": book.add_format({"font_size": 10, "font_name": "宋体", "valign": "vcenter", "text_wrap": True}),
        "line": book.add_format({"bottom": 1}),
        "head": book.add_format({**boxed, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#EEF1F3"}),
        "goal": book.add_format({**boxed, "bold": True}),
        "text": book.add_format(boxed),
        "input": book.add_format({**boxed, **entry}),
        "note": book.add_format(
            {"font_size": 9, "font_name": "宋体", "font_color": "#5B6670", "text_wrap": True, "valign": "top"}
        ),
        **{
            f"{form} {shade}": book.add_format(
                {**boxed, "align": "center", "num_format": form, **(entry if shade else {})}
            )
            for form in dict.fromkeys((*NUMBERS.values(), *SHARES, ANY))
            for shade in ("", "input")
        },
    }


def _head(sheet: Any, forms: dict[str, Any], result: Evaluation) -> None:
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "", forms["title"])
    sheet.write_string(0, 0, _title(result), forms["title"])
    facts = {"单位名称": narrative.full_name(result), "年度": str(result.year)}
    tall = _head_heights(result)
    sheet.set_row(0, tall[0])
    sheet.set_row(1, tall[1])
    for place, (label, value) in zip((0, 5), facts.items(), strict=True):
        sheet.write_string(1, place, label, forms["plain"])
        if label == "单位名称":
            sheet.merge_range(1, place + 1, 1, place + 4, "", forms["fitted"])
        sheet.write_string(1, place + 1, value, forms["fitted"])
    for place, label in zip((7, 10), SIGNED, strict=True):
        sheet.write_string(1, place, f"{label}：", forms["right"])
        sheet.merge_range(1, place + 1, 1, place + 2, "", forms["line"])
    for place, (heading, width) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, heading, forms["head"])
    sheet.set_row(2, HEAD_HEIGHT)


def _head_heights(result: Evaluation) -> tuple[float, float]:
    """Points that show the title and the office's name whole, however long they are."""
    widths = list(COLUMNS.values())
    title = height([(sum(widths) * TEXT_SIZE / TITLE_SIZE, _title(result))]) * TITLE_SIZE / TEXT_SIZE
    name = height([(sum(widths[1:5]), narrative.full_name(result))])
    return max(TITLE_HEIGHT, title), max(FACTS_HEIGHT, name)


def _body(sheet: Any, forms: dict[str, Any], result: Evaluation) -> tuple[int, list[tuple[float, bool]]]:
    """The rows from the fourth line on; returns the line after the total, and of each line its height and whether it
    must stay with the next."""
    line, titled, lines = HEADING_LINES, False, []
    heights: list[tuple[float, bool]] = []
    before: tuple[Any, Any] | None = None
    for record in result.indicators.to_dict("records"):
        goal = (record["goal_no"], record["goal"])
        if not pd.isna(record["goal_no"]) and goal != before:
            name = labels.one_line(record["goal"]) if record["goal"] else ""
            sheet.merge_range(line, 0, line, len(COLUMNS) - 1, "", forms["goal"])
            title = f"年度绩效目标{int(record['goal_no'])}{f'：{name}' if name else ''}"
            sheet.write_string(line, 0, title[:LONGEST_CELL], forms["goal"])
            tall = max(GOAL_HEIGHT, height([(sum(COLUMNS.values()), title)]))
            sheet.set_row(line, tall)
            heights.append((tall, True))
            line, titled = line + 1, True
        before = goal
        heights.append((_row(sheet, forms, line, record), False))
        lines.append(line)
        line += 1
    if lines:
        heights[-1] = heights[-1][0], True  # the total is not alone on a page
        _total(sheet, forms, range(lines[0], line), _sums(result.indicators))
        heights.append((TOTAL_HEIGHT, False))
        sheet.freeze_panes(HEADING_LINES, 3)
    return (line + 1 if lines or titled else line), heights


def _row(sheet: Any, forms: dict[str, Any], line: int, record: dict[Any, Any]) -> float:
    """Write an indicator; returns the height of its row."""
    said = str(record["unit"])
    sign, value, unit = _target(read(str(record["target"]), said), said)
    actual, seen = read(str(record["actual"]), said), read(str(record.get("reviewed_actual", "")), said)
    share = actual.unit == PERCENT and actual.low is not None and _places(actual.low) < len(SHARES)
    counted = unit or (PERCENT if share else "")
    own = record["declared_score"] if not missing(record["declared_score"]) else record["score"]
    cells: dict[str, Any] = {
        "一级指标": f"{record['category']}指标",
        "二级指标": record["subcategory"],
        "三级指标": record["indicator"],
        "指标性质": sign,
        "指标值": value,
        "度量单位": unit,
        "权重": record["weight"] if not missing(record["weight"]) else record["points"],
        "自评完成值": _counted(actual, counted),
        "自评得分": own,
        "复核完成值": _counted(seen, counted),
        "复核得分": record.get("reviewed_score"),
        "备注": record.get("review_note", ""),
    }
    names = list(COLUMNS)
    for heading, found in cells.items():
        shade = "input" if heading in FILLED_IN else ""
        shown, form = _share(found) if _is_share(found, counted, heading) else (found, NUMBERS.get(heading, ANY))
        place = names.index(heading)
        if _is_number(shown):
            sheet.write_number(line, place, float(shown), forms[f"{form} {shade}"])
        else:
            text = "" if missing(found) else str(found)
            empty = heading == "复核完成值" and not text and _is_share(cells["自评完成值"], counted, heading)
            written = forms[f"{SHARES[-1]} {shade}"] if empty else forms[shade or "text"]
            sheet.write_string(line, place, text[:LONGEST_CELL], written)
    result = _deviation(cells)
    sheet.write_formula(line, names.index("偏离度"), _formula(line), forms[f"{NUMBERS['偏离度']} "], result)
    tall = max(WRITABLE, height((COLUMNS[heading], found) for heading, found in cells.items() if not missing(found)))
    sheet.set_row(line, tall)
    return tall


def _formula(line: int) -> str:
    """Reviewed ÷ own − 1: of the actuals where both are numbers, else of the scores; — until filled in."""
    names = list(COLUMNS)
    own, seen, score, reviewed = (f"{xl_col_to_name(names.index(name))}{line + 1}" for name in COMPARED)
    by_score = f'IF(AND(ISNUMBER({score}),ISNUMBER({reviewed})),IF({score}=0,"—",{reviewed}/{score}-1),"—")'
    return f'=IF(AND(ISNUMBER({own}),ISNUMBER({seen})),IF({own}=0,"—",{seen}/{own}-1),{by_score})'


def _deviation(cells: dict[str, Any]) -> float | str:
    """What the formula gives, for programs that do not calculate."""
    values = [float(cells[name]) if _is_number(cells[name]) else None for name in COMPARED]
    for own, reviewed in (values[:2], values[2:]):
        if own is not None and reviewed is not None:
            return reviewed / own - 1 if own else labels.NONE
    return labels.NONE


def _target(target: Value, unit: str) -> tuple[str, Any, str]:
    """指标性质, 指标值 and 度量单位 of a target: its parts where it is one exact number, else the text as printed."""
    number = _counted(target, unit or target.unit)
    if isinstance(number, str):
        return (WORDS if target.kind in ("word", "level", "text") else "", number, unit)
    return SIGNS.get(target.operator, ""), number, target.unit or unit


def _counted(value: Value, unit: str) -> Decimal | str:
    """The number of a cell that is nothing but a number in the row's unit or a percentage; else the text as printed."""
    text = value.raw.replace(",", "").replace("，", "").replace("％", "%").strip(" ≥≤=＝<>＜＞")
    bare = text.removesuffix(value.unit).strip()
    exact = value.kind == "number" and value.low is not None and bare == f"{value.low:f}"
    return value.low if exact and value.low is not None and value.unit in ("", unit) else value.raw


def _is_share(found: Any, unit: str, heading: str) -> bool:
    """Whether an actual is a percentage: it is written as such, the target as a number with its unit beside it."""
    return unit == PERCENT and heading in COMPARED[:2] and isinstance(found, Decimal) and _places(found) < len(SHARES)


def _share(found: Decimal) -> tuple[Decimal, str]:
    """A percentage as a workbook holds it, and its format."""
    return found / 100, SHARES[_places(found)]


def _places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int | float) and not missing(value)


def _sums(rows: pd.DataFrame) -> dict[str, float]:
    """What the formulas of the total give."""
    weights = rows["weight"].where(rows["weight"].notna(), rows["points"])
    scores = rows["declared_score"].where(rows["declared_score"].notna(), rows["score"])
    reviewed = rows.get("reviewed_score", pd.Series(dtype="object")).dropna()
    own = float(scores.astype("float64").sum(min_count=1))
    sums = {"权重": float(weights.astype("float64").sum())} | ({} if missing(own) else {"自评得分": own})
    return sums | ({"复核得分": float(reviewed.astype("float64").sum())} if len(reviewed) else {})


def _total(sheet: Any, forms: dict[str, Any], rows: range, sums: dict[str, float]) -> None:
    names, line = list(COLUMNS), rows.stop
    sheet.set_row(line, TOTAL_HEIGHT)
    sheet.write_string(line, 0, "合计", forms["goal"])
    for place, name in enumerate(names[1:], start=1):
        if name in ("权重", "自评得分", "复核得分"):
            letter = xl_col_to_name(place)
            cells = f"{letter}{rows.start + 1}:{letter}{rows.stop}"
            formula = f'=IF(COUNT({cells})=0,"—",SUM({cells}))'
            sheet.write_formula(line, place, formula, forms[f"{NUMBERS[name]} "], sums.get(name, labels.NONE))
        else:
            sheet.write_blank(line, place, None, forms["goal"])


def _notes(sheet: Any, forms: dict[str, Any], result: Evaluation, line: int) -> None:
    own = result.indicators["declared_score"].notna()
    scores = result.scores["declared"]
    notes = [
        "注：请填粗线框内的三列（屏幕上为黄色）；填好后用 perfeval import 读回，只写入复核完成值、复核得分和备注。",
        "注：偏离度＝复核完成值÷自评完成值－1；两者不都是数的，为复核得分÷自评得分－1。",
        f"注：预算执行不在本表，按执行率复算得{labels.score(scores.execution)}分。",
    ]
    if not own.all():
        title = labels.one_line(result.ruleset.title)
        notes.append(f"注：文件没有写明的权重和自评得分，按{title}由申报情况复算。")
    for offset, note in enumerate(notes):
        sheet.set_row(line + offset, NOTE_HEIGHT)
        sheet.merge_range(line + offset, 0, line + offset, len(COLUMNS) - 1, "", forms["note"])
        sheet.write_string(line + offset, 0, note, forms["note"])


def _page(sheet: Any, heights: list[tuple[float, bool]], head: float) -> None:
    """A4 across, in black and white, one page wide; pages begin where rows of this scale would end."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(**MARGINS)
    wide = sum(PIXELS[0] * width + PIXELS[1] for width in COLUMNS.values()) / DPI
    scale = (PAGE[0] - MARGINS["left"] - MARGINS["right"]) / wide
    room = SLACK * (PAGE[1] - MARGINS["top"] - MARGINS["bottom"]) * POINTS / scale
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks(_breaks(heights, head, room))
    sheet.print_black_and_white()
    sheet.center_horizontally()
    sheet.repeat_rows(HEADING_LINES - 1)
    sheet.set_footer("&L复核人：　　　　　　　　日期：&R第&P页，共&N页")


def _breaks(heights: list[tuple[float, bool]], head: float, room: float) -> list[int]:
    """The lines before which a page begins: no goal's title stands at the end of one, nor the total alone."""
    breaks, used = [], head + HEAD_HEIGHT
    place = 0
    while place < len(heights):
        end = place
        while heights[end][1] and end + 1 < len(heights):
            end += 1
        block = sum(tall for tall, _ in heights[place : end + 1])
        if used + block > room:
            breaks.append(HEADING_LINES + place)
            used = float(HEAD_HEIGHT)
        used += block
        place = end + 1
    return breaks
