"""Sheet 指标与得分: every indicator with target and actual as printed and as numbers, and its score as a formula."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.deliver.workbook import LONGEST_CELL, fit
from perfeval.deliver.yearbook import formulas
from perfeval.deliver.yearbook.cellformats import (
    BEFORE,
    CHANGED,
    HEAD_LINE,
    LARGEST,
    NUMBER,
    PROTECTED,
    RATE,
    ROWS,
    TOTALS,
    Forms,
    add_sheet,
    cell,
    check_entries,
    on,
    span,
    write_number,
    write_text,
)
from perfeval.deliver.yearbook.totals import BANDS
from perfeval.model.columns import records
from perfeval.model.reading import Reading
from perfeval.model.results import Evaluation
from perfeval.model.rounding import missing
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import UNDECIDED
from perfeval.present import labels
from perfeval.present.narrative import verdict

COLUMNS = {
    "年度目标": 18,
    "一级指标": 9,
    "二级指标": 9,
    "三级指标": 22,
    "目标值": 11,
    "实际完成值": 18,
    "方向": 6,
    "完成情况": 11,
    "目标数": 8,
    "实际数": 8,
    "单位": 6,
    "完成率": 8,
    "无数时的档次": 9,
    "档次来源": 6,
    "得分系数": 8,
    "分值": 8,
    "得分": 8,
    "失分": 8,
    "严格口径得分": 8,
    "自评得分": 8,
    "自评减复算": 8,
    "得分依据": 110,
}
"""Headings and widths."""
AS_WRITTEN = ("原目标值", "原实际完成值", "原得分依据", "原文字", "现目标值", "现实际完成值", CHANGED)
"""Hidden columns after them: texts as they were written, what two columns say now, and whether the row was changed."""
TEXTS = ("年度目标", "一级指标", "二级指标", "三级指标", "方向", "单位", "档次来源")
"""Columns that are nobody's to change: who takes the lock off and does so is told that the formulas do not follow."""
BETWEEN = "｜"
OPTIONAL = {"二级指标": "subcategory", "自评得分": "declared_score", "自评减复算": "declared_score"}
"""Columns that are left out where the document has nothing for them."""
SUMS = {"分值": "points", "得分": "score", "失分": "lost", "严格口径得分": "strict_score", "自评得分": "declared_score"}
SCORED = ("得分系数", "得分", "失分", "严格口径得分", "自评减复算")
"""What a form that is not evaluated has none of, not even 0."""
CELLS = ("目标数", "实际数", "完成率", "无数时的档次", "档次来源")
"""What the formulas of a row look at, in the order of :class:`.formulas.Cells`."""
FACTOR = "0.0000"
"""Format of the share of the points."""
NOTE = (
    "黄色的可以改：改了目标数、实际数、分值，或没有数时的档次，得分、汇总和图随之重算。"
    "得分＝分值×得分系数，四舍五入；改过的行写明原文和原来的依据。其余单元格锁定（没有密码）。打印不含得分依据。"
)
HINTS = {
    "目标数": "只填数，单位见“单位”一列：95%填95",
    "实际数": "只填数，单位见“单位”一列：95%填95",
    "完成率": "按期或达到的填100%，否则填0",
    "分值": "只填数",
    "自评得分": "只填数",
}
"""Of the yellow columns, what to type."""
NO_POINTS, NO_NUMBER = "分值不是数，没有计分。", "目标数或实际数不是数，没有用上。"
OVERWRITTEN = "有文字改过，得分仍按原来的方向、单位和目标数、实际数算。"


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the indicators stand: lines count from 0."""

    lines: range
    names: list[str]
    """With the hidden columns."""
    given: bool
    """Whether the points are those the document prints."""

    def span(self, name: str) -> str:
        """A column's cells, as seen from other sheets."""
        return on(ROWS, span(self.names, name, self.lines))


def add_rows(book: Any, forms: Forms, result: Evaluation) -> Rows:
    """Write the sheet; returns where the indicators stand."""
    found = records(result.indicators)
    empty = {heading for heading, name in OPTIONAL.items() if all(labels.missing(row[name]) for row in found)}
    columns = {heading: width for heading, width in COLUMNS.items() if heading not in empty}
    sheet = add_sheet(book, forms, ROWS, "指标与得分", note=NOTE, columns=columns)
    lines = range(HEAD_LINE + 1, HEAD_LINE + 1 + len(found))
    rows = Rows(lines, [*columns, *AS_WRITTEN], bool(found) and not any(missing(row["weight"]) for row in found))
    for line, row in zip(lines, found, strict=True):
        _texts(sheet, forms, rows, line, row)
        _numbers(sheet, forms, rows, line, row, ruleset=result.ruleset)
        _sentences(sheet, forms, rows, line, row)
    for heading, hint in HINTS.items():
        if heading in columns:
            place = rows.names.index(heading)
            check_entries(sheet, lines, range(place, place + 1), hint, least=0 if heading in SUMS else -LARGEST)
    if found:
        place = rows.names.index("无数时的档次")
        levels = {"validate": "list", "source": list(result.ruleset.levels)}
        sheet.data_validation(lines[0], place, lines[-1], place, levels)
    sheet.protect("", PROTECTED)
    sheet.set_column(len(columns), len(rows.names) - 1, None, None, {"hidden": True})
    _sums(sheet, forms, rows, result.indicators)
    sheet.freeze_panes(HEAD_LINE + 1, rows.names.index("三级指标") + 1)
    if found:
        sheet.autofilter(HEAD_LINE, 0, lines[-1], len(columns) - 1)
    sheet.print_area(0, 0, lines.stop, len(columns) - 2)
    return rows


def _words(row: dict[str, Any]) -> dict[str, Any]:
    """What an indicator is, by heading."""
    return {
        "年度目标": labels.goal(row["goal_no"], row["goal"]),
        "一级指标": row["category"],
        "二级指标": row["subcategory"],
        "三级指标": row["indicator"],
        "方向": row["direction"],
    }


def _texts(sheet: Any, forms: Forms, rows: Rows, line: int, row: dict[str, Any]) -> None:
    """What the document says, as text."""
    cells = _words(row) | {
        "原目标值": row["target"],
        "原实际完成值": row["actual"],
        "原得分依据": row["derivation"],
    }
    for heading, value in cells.items():
        if heading in rows.names:
            write_text(sheet, line, rows.names.index(heading), value, forms.text)
    shown = {heading.removeprefix("原"): str(value) for heading, value in cells.items() if not missing(value)}
    for heading in [name for name in ("目标值", "实际完成值") if name in shown and row["reading"].b is not None]:
        shown[heading] = f"{shown[heading]}（原文：{shown[heading]}）"  # as long as it may become
    fit(sheet, line, [(COLUMNS[heading], value) for heading, value in shown.items()])


def _sentences(sheet: Any, forms: Forms, rows: Rows, line: int, row: dict[str, Any]) -> None:
    """What the document says, as formulas: of a number that has been changed they say the new one, and the text."""
    names = rows.names
    at = {name: cell(names, name, line) for name in names}
    reading: Reading = row["reading"]
    known = reading.a if reading.a is not None else _bare(reading)
    moving = reading.b is not None and formulas.target(reading, formulas.Cells(*("A1",) * 5)) is not None
    same = {
        "目标数": "TRUE" if moving else formulas.as_before(at["目标数"], known),
        "实际数": formulas.as_before(at["实际数"], reading.b),
    }
    for number, heading in (("目标数", "目标值"), ("实际数", "实际完成值")):
        text = at[f"原{heading}"]
        now = f'{at[number]}&{at["单位"]}&"（原文："&{text}&"）"'
        said = _text(row["target" if number == "目标数" else "actual"])
        sheet.write_formula(line, names.index(f"现{heading}"), f'=IF({same[number]},{text}&"",{now})', None, said)
        sheet.write_formula(line, names.index(heading), f'={at[f"现{heading}"]}&""', forms.text, said)
    texts = [name for name in TEXTS if name in names]
    joined = f'&"{BETWEEN}"&'.join(at[name] for name in texts)
    kept = [f"EXACT({joined},{at['原文字']})"]
    kept += [f'EXACT({at[heading]}&"",{at[f"现{heading}"]}&"")' for heading in ("目标值", "实际完成值")]
    level = formulas.text_literal(_level(reading, row)[0])
    scored = not missing(row["score"])
    unchanged = [
        *kept,
        *same.values(),
        f'{at["无数时的档次"]}&""={level}',
        formulas.as_before(at["分值"], row["points_exact"]),
        *([formulas.as_before(at["得分"], row["score"])] if scored else []),  # by the levels' shares on another sheet
        *([formulas.as_before(at["完成率"], reading.attainment)] if reading.attainment is not None else []),
        *([formulas.as_before(at["自评得分"], row["declared_score"])] if "自评得分" in at else []),
    ]
    sheet.write_formula(line, names.index(CHANGED), f"=IF(AND({','.join(unchanged)}),0,1)", None, 0)
    text = at["原得分依据"]
    points = (
        f'IF(ISNUMBER({at["得分"]}),"改后：得"&TEXT({at["得分"]},"0.00##")&"分。","{NO_POINTS}")&' if scored else ""
    )
    typed = f'IF(OR(ISTEXT({at["目标数"]}),ISTEXT({at["实际数"]})),"{NO_NUMBER}","")&'
    formula = (
        f'=IF({at[CHANGED]}=0,{text}&"",{points}{typed}IF(AND({",".join(kept)}),"","{OVERWRITTEN}")&"{BEFORE}"&{text})'
    )
    sheet.write_formula(line, names.index("得分依据"), formula, forms.text, _text(row["derivation"]))


def _text(value: Any) -> str:
    return "" if missing(value) else str(value)[:LONGEST_CELL]


def _numbers(sheet: Any, forms: Forms, rows: Rows, line: int, row: dict[str, Any], *, ruleset: RuleSet) -> None:
    """The numbers and formulas of one indicator, each formula with the evaluation's result as its value."""
    names, places = rows.names, ruleset.row_places
    own = formulas.Cells(*(cell(names, name, line) for name in CELLS))
    share, points, score = (cell(names, name, line) for name in ("得分系数", "分值", "得分"))
    reading: Reading = row["reading"]
    stands, said = _level(reading, row)
    known = reading.a if reading.a is not None else _bare(reading)
    moving = formulas.target(reading, own) if reading.b is not None else None
    entry = forms.number(NUMBER, "entry")
    if moving is not None:
        sheet.write_formula(line, names.index("目标数"), moving, forms.number(NUMBER), float(reading.a or 0))
    else:
        write_number(sheet, line, names.index("目标数"), known, entry)
    write_number(sheet, line, names.index("实际数"), reading.b, entry)
    write_text(sheet, line, names.index("单位"), reading.target.unit if known is not None else "", forms.middle)
    place, form = names.index("完成率"), forms.number(RATE)
    ratio = "" if reading.attainment is None else float(reading.attainment)
    if reading.attainment is not None and reading.a is None:
        sheet.write_number(line, place, ratio, forms.number(RATE, "entry"))
    else:
        sheet.write_formula(line, place, formulas.attainment(reading, own), form, ratio)
    write_text(sheet, line, names.index("无数时的档次"), stands, forms.entry)
    write_text(sheet, line, names.index("档次来源"), said, forms.middle)
    texts = _words(row) | {"单位": reading.target.unit if known is not None else "", "档次来源": said}
    joined = BETWEEN.join(_text(texts[name]) for name in TEXTS if name in names)
    write_text(sheet, line, names.index("原文字"), joined, None)
    write_number(sheet, line, names.index("分值"), row["points_exact"], forms.number(forms.points, "entry"))
    bands = on(TOTALS, BANDS)
    full = Decimal(str(row["points"]))
    shown: dict[str, tuple[str, Any, Any]] = {
        "完成情况": (formulas.status(reading, own), forms.middle, verdict(row)),
        "得分系数": (
            formulas.share(reading, ruleset, own, bands),
            forms.number(FACTOR),
            row["share"],
        ),
        "得分": (
            formulas.score(points, share, places, given=rows.given),
            forms.number(forms.points),
            row["score"],
        ),
        "失分": (
            formulas.lost(points, score, places, given=rows.given),
            forms.number(forms.points),
            "" if missing(row["score"]) else full - Decimal(str(row["score"])),
        ),
        "严格口径得分": (
            formulas.strict(points, share, own, places, given=rows.given),
            forms.number(forms.points),
            row["strict_score"],
        ),
    }
    if "自评得分" in names:
        declared, printed = cell(names, "自评得分", line), row["declared_score"]
        write_number(sheet, line, names.index("自评得分"), printed, forms.number(forms.points, "entry"))
        gap = "" if missing(printed) or missing(row["score"]) else Decimal(str(printed)) - Decimal(str(row["score"]))
        shown["自评减复算"] = (
            f'=IF(AND(ISNUMBER({declared}),ISNUMBER({score})),ROUND({declared}-{score},6),"")',
            forms.number(forms.points),
            gap,
        )
    for heading, (formula, look, value) in shown.items():
        if missing(row["score"]) and heading in SCORED:  # nothing is scored in a form that is not evaluated
            sheet.write_string(line, names.index(heading), labels.NONE, forms.middle)
            continue
        sheet.write_formula(
            line, names.index(heading), formula, look, value if isinstance(value, str) else float(value)
        )


def _level(reading: Reading, row: dict[str, Any]) -> tuple[str, str]:
    """The level that counts where there are no numbers, and where it comes from."""
    if reading.level and reading.attainment is None:
        return reading.level, formulas.PRINTED if reading.unmeasured else formulas.WORDS
    printed = row["declared_status"]
    return (printed, formulas.PRINTED) if printed not in ("", UNDECIDED) else ("", "")


def _bare(reading: Reading) -> Decimal | None:
    """The number of a target whose actual has none yet: enter one, and it counts."""
    plain = reading.target.kind == "number" and reading.direction and reading.attainment is None
    return reading.target.low if plain else None


def _sums(sheet: Any, forms: Forms, rows: Rows, indicators: pd.DataFrame) -> None:
    line = rows.lines.stop
    shown = rows.names[: -len(AS_WRITTEN) - 1]
    for place, heading in enumerate(shown):
        if heading in SUMS:
            column = "points_exact" if heading == "分值" else SUMS[heading]
            known = [Decimal(str(one)) for one in indicators[column] if not missing(one)]
            if len(indicators) and not known:
                sheet.write_string(line, place, labels.NONE, forms.sum)
                continue
            value = sum(known, Decimal(0))
            formula = f"=SUM({span(rows.names, heading, rows.lines)})"
            sheet.write_formula(line, place, formula, forms.number("0.00", "sum"), float(value))
        else:
            sheet.write_blank(line, place, None, forms.sum)
    sheet.write_string(line, 0, "合计", forms.sum)
