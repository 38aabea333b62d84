"""Sheet 预算: the budget items with their rates, the whole unit, and the sums that must agree, all as formulas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from perfeval.deliver.yearbook import formulas
from perfeval.deliver.yearbook.cellformats import (
    BUDGET,
    CHANGED,
    HEAD_LINE,
    MONEY,
    NOTHING,
    PROTECTED,
    RATE,
    Forms,
    add_sheet,
    cell,
    check_entries,
    on,
    span,
    write_number,
    write_text,
    write_told,
)
from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.rounding import missing
from perfeval.model.schema import AMOUNTS, PROJECT
from perfeval.present import labels

COLUMNS = {"预算项目": 30, "类型": 10, "目标": 8, **dict.fromkeys(AMOUNTS.values(), 15), "执行率": 10, "结余": 14}
TEXT, BETWEEN = "原文字", "｜"
NAMES = [*COLUMNS, TEXT, CHANGED]
"""With the hidden columns."""
ROLES = {"total": "总额", "half": "两大类", "part": "分项", "source": "资金来源", "fund": "目标资金", "inside": "其中"}
"""What a budget item is of."""
IDENTITIES = {"基本支出": ("half", "total"), "各资金来源": ("source", "total"), "各目标资金": ("fund", PROJECT)}
"""Which items add up to which other, by how the text of a sum that must agree begins."""
CENT = "0.005"
"""Sums may differ by less than half a cent of 万元, as in the evaluation."""


@dataclass(frozen=True, slots=True)
class Money:
    """Where the figures of the budget stand: lines count from 0."""

    lines: range
    rate: str
    """The cell of the execution rate of the whole unit."""
    changed: str
    """The cells that say which items have been changed, as seen from other sheets."""


def add_budget(book: Any, forms: Forms, result: Evaluation) -> Money:
    """Write the sheet; returns where its figures stand."""
    note = "单位：万元。执行率＝全年执行数÷全年预算数；没有全年预算数的用年初预算数。黄色的数可以改，其余随之重算。"
    sheet = add_sheet(book, forms, BUDGET, "预算执行", note=note, columns=COLUMNS)
    items = records(result.execution.items)
    lines = range(HEAD_LINE + 1, HEAD_LINE + 1 + len(items))
    for line, item in zip(lines, items, strict=True):
        write_text(sheet, line, 0, labels.one_line(item["item"]), forms.text)
        write_text(sheet, line, 1, ROLES[item["role"]], forms.middle)
        goal = "" if missing(item["goal_no"]) else str(int(item["goal_no"]))
        write_text(sheet, line, 2, goal, forms.middle)
        for column, title in AMOUNTS.items():
            write_number(sheet, line, NAMES.index(title), item[column], forms.number(MONEY, "entry"))
        texts = (labels.one_line(item["item"]), ROLES[item["role"]], goal)
        write_text(sheet, line, NAMES.index(TEXT), BETWEEN.join(texts), None)
        now = f'&"{BETWEEN}"&'.join(cell(NAMES, name, line) for name in NAMES[: len(texts)])
        same = [formulas.as_before(cell(NAMES, title, line), item[column]) for column, title in AMOUNTS.items()]
        same += [f"EXACT({now},{cell(NAMES, TEXT, line)})"]
        sheet.write_formula(line, NAMES.index(CHANGED), f"=IF(AND({','.join(same)}),0,1)", None, 0)
        _rate(sheet, forms, line, item["rate"], item["unspent"])
    whole = lines.stop
    _whole(sheet, forms, whole, result, items=items, lines=lines)
    _identities(sheet, forms, whole + 2, result, items=items, lines=lines)
    sheet.freeze_panes(HEAD_LINE + 1, 1)
    check_entries(sheet, lines, range(3, 3 + len(AMOUNTS)), "填万元数，不带单位；没有的留空")
    sheet.set_column(len(COLUMNS), len(NAMES) - 1, None, None, {"hidden": True})
    sheet.protect("", PROTECTED)
    return Money(lines, cell(NAMES, "执行率", whole, fixed=True), on(BUDGET, span(NAMES, CHANGED, lines)))


def _rate(sheet: Any, forms: Forms, line: int, rate: Any, unspent: Any, *, kind: str = "") -> None:
    opening, adjusted, executed = (cell(NAMES, AMOUNTS[column], line) for column in ("opening", "adjusted", "executed"))
    base = f'IF(ISNUMBER({adjusted}),{adjusted},IF(ISNUMBER({opening}),{opening},"{NOTHING}"))'
    quotient = f'IF(OR({base}<=0,{executed}<0),"{NOTHING}",{executed}/{base})'
    found = f'=IF(AND(ISNUMBER({executed}),ISNUMBER({base})),{quotient},"{NOTHING}")'
    sheet.write_formula(line, NAMES.index("执行率"), found, forms.number(RATE, kind), _shown(rate))
    left = f'=IF(AND(ISNUMBER({executed}),ISNUMBER({base})),{base}-{executed},"{NOTHING}")'
    sheet.write_formula(line, NAMES.index("结余"), left, forms.number(MONEY, kind), _shown(unspent))


def _whole(
    sheet: Any, forms: Forms, line: int, result: Evaluation, *, items: Sequence[dict[str, Any]], lines: range
) -> None:
    """The whole unit: the printed total, else the sum of the kind of item that makes it up."""
    found = result.execution
    sheet.write_string(line, 0, "整个单位（计分用）", forms.sum)
    for place in (1, 2):
        sheet.write_blank(line, place, None, forms.sum)
    role = found.whole_of
    for column, title in AMOUNTS.items():
        value = _sum([item[column] for item in items if item["role"] == role][: 1 if role == "total" else None])
        formula = _parts(role, title, items, lines)
        form = forms.number(MONEY, "sum")
        sheet.write_formula(line, NAMES.index(title), f"={formula}" if formula else '=""', form, _shown(value, ""))
    unspent = None if found.budget is None or found.executed is None else found.budget - found.executed
    _rate(sheet, forms, line, found.rate, unspent, kind="sum")


def _parts(role: str, title: str, items: Sequence[dict[str, Any]], lines: range) -> str:
    """The sum of the items of a role, or the one item of that name; empty text where any amount is missing."""
    key = "item" if role == PROJECT else "role"
    there = [place for place, item in zip(lines, items, strict=True) if item[key] == role]
    if not there:
        return ""
    if role in ("total", PROJECT):
        one = cell(NAMES, title, there[0])
        return f'IF(ISNUMBER({one}),{one},"")'
    roles, amounts = span(NAMES, "类型", lines), span(NAMES, title, lines)
    counted = f'SUMPRODUCT(({roles}="{ROLES[role]}")*ISNUMBER({amounts}))'
    return f'IF({counted}={len(there)},SUMIFS({amounts},{roles},"{ROLES[role]}"),"")'


def _identities(
    sheet: Any, forms: Forms, line: int, result: Evaluation, *, items: Sequence[dict[str, Any]], lines: range
) -> None:
    """The sums that must agree: both sides, the difference and the verdict."""
    found = records(result.execution.identities)
    if not found:
        return
    for place, heading in enumerate(("左边", "右边", "相差", "结论"), start=3):
        sheet.write_string(line, place, heading, forms.head)
    sheet.merge_range(line, 0, line, 2, "应当相等的合计", forms.head)
    for place, row in enumerate(found, start=line + 1):
        text = row["identity"]
        sheet.merge_range(place, 0, place, 2, "", forms.text)
        write_told(sheet, place, 0, text, forms.text, kept=NAMES.index(TEXT))
        parts, whole = next(pair for start, pair in IDENTITIES.items() if text.startswith(start))
        title = next(title for title in AMOUNTS.values() if text.endswith(f"（{title}）"))
        form = forms.number(MONEY)
        sheet.write_formula(place, 3, f"={_parts(parts, title, items, lines)}", form, row["left"])
        sheet.write_formula(place, 4, f"={_parts(whole, title, items, lines)}", form, row["right"])
        left, right = f"D{place + 1}", f"E{place + 1}"
        both = f"AND(ISNUMBER({left}),ISNUMBER({right}))"
        sheet.write_formula(place, 5, f'=IF({both},ROUND({left}-{right},6),"{NOTHING}")', form, row["difference"])
        verdict = f'=IF({both},IF(ABS(N(F{place + 1}))<{CENT},"相符","不符"),"无法核对")'
        sheet.write_formula(place, 6, verdict, forms.middle, "相符" if row["holds"] else "不符")


def _sum(values: Sequence[Any]) -> float | None:
    return None if not values or any(map(missing, values)) else float(sum(values))


def _shown(value: Any, nothing: str = NOTHING) -> Any:
    return nothing if missing(value) else float(value)
