"""Sheet 得分汇总: execution, categories, total and grade as formulas, the strict basis and the printed total beside."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfeval.deliver.yearbook import formulas
from perfeval.deliver.yearbook.cellformats import (
    BUDGET,
    HEAD_LINE,
    PROTECTED,
    RATE,
    TOTALS,
    Forms,
    add_sheet,
    on,
    write_number,
    write_told,
)
from perfeval.model.results import BASES, DECLARED, Evaluation
from perfeval.model.rounding import half_up, missing
from perfeval.model.schema import CATEGORIES, UNDECIDED
from perfeval.model.verdicts import PARTLY_FILLED, WHY
from perfeval.present import labels, narrative

if TYPE_CHECKING:
    from perfeval.deliver.yearbook.budget import Money
    from perfeval.deliver.yearbook.rows import Rows

COLUMNS = {"项目": 24, "分值": 11, "得分": 11, "严格口径": 11, "说明": 62}
LEVELS_LINE = HEAD_LINE + 2
"""Where the levels start; they and the grades stand to the right of the totals, so that neither moves the other."""
LEVELS_PLACE, GRADES_PLACE = 6, 9
BANDS = "$G$5:$H$7"
"""The levels and the shares they earn."""
LONGEST_LITERAL = 250
"""Characters of a text that a formula may hold."""
FULL = 100
SUMMED = "0.00"
"""How sums of rounded rows are shown: 80.0002 of 80 is a rest of rounding, not points."""
SCORES = {"得分": DECLARED, "严格口径": "strict"}


TEXTS_PLACE = 12
"""A hidden column: texts as they were written, on top whether the rule set, and any yellow cell, has been changed."""
RULES_CHANGED, CHANGED = "$M$1", "$M$2"
DECLARED_LINE = "自评得分"


@dataclass(frozen=True, slots=True)
class Totals:
    """Where the total stands."""

    total: str
    """The cell of the total on the declared basis."""
    declared: str
    """The cell of the total that the document prints."""


def add_totals(book: Any, forms: Forms, result: Evaluation, money: "Money", rows: "Rows") -> Totals:
    """Write the sheet; returns where the total stands."""
    note = "由“预算”和“指标与得分”两表汇总；严格口径：仅凭申报、或目标要有数而实际只写文字的指标，不计分。"
    sheet = add_sheet(book, forms, TOTALS, "得分汇总", note=note, columns=COLUMNS)
    write_told(sheet, 0, 1, _rules(result), forms.note, kept=TEXTS_PLACE + 1, changes=RULES_CHANGED)
    line = HEAD_LINE + 1
    points = _execution_points(result)
    sheet.write_string(line, 0, "预算执行", forms.text)
    rate, left_out = on(BUDGET, money.rate), result.scores[DECLARED].unscored
    if left_out:  # until there is a rate, nobody can earn or lose them
        sheet.write_formula(line, 1, f"=IF(ISNUMBER({rate}),{points},0)", forms.number(forms.points), 0)
    else:
        write_number(sheet, line, 1, points, forms.number(forms.points, "entry"))
    formula = formulas.execution(f"$B${line + 1}", rate, result.ruleset.row_places)
    for place, basis in enumerate(BASES, start=2):
        sheet.write_formula(line, place, formula, forms.number(forms.points), result.scores[basis].execution)
    _execution_said(sheet, forms, line, result, rate)
    if result.scores[DECLARED].others_points:
        line += 1
        _others(sheet, forms, line, result)
    first = line = line + 1
    for category in [name for name in CATEGORIES if (result.indicators["category"] == name).any()]:
        _category(sheet, forms, line, category, result=result, rows=rows)
        line += 1
    _sum(sheet, forms, line, result, first=first)
    _total(sheet, forms, line + 1, result)
    _levels(sheet, forms, result)
    known = [f"ISNUMBER({rate})"] if left_out else []
    if result.scores[DECLARED].awaited:
        waiting = int(result.indicators["status"].eq(UNDECIDED).sum()) - result.unfilled
        known += [f'COUNTIFS({rows.span("完成情况")},"{UNDECIDED}")<={waiting}']
    open_ = f'SUMIFS({rows.span("分值")},{rows.span("完成情况")},"{UNDECIDED}")' * bool(
        result.scores[DECLARED].undecided
    )
    _grades(sheet, forms, line + 2, result, known=known, open_=open_)
    _printed(sheet, forms, line + 3, result, line + 1)
    _changes(sheet, result, printed=line + 3)
    sheet.set_column(TEXTS_PLACE, TEXTS_PLACE + 1, None, None, {"hidden": True})
    sheet.freeze_panes(HEAD_LINE + 1, 1)
    sheet.protect("", PROTECTED)
    return Totals(f"$C${line + 2}", f"$C${line + 4}")


def _rules(result: Evaluation) -> str:
    return labels.one_line(result.ruleset.title)


def _changes(sheet: Any, result: Evaluation, *, printed: int) -> None:
    """Whether the yellow cells still hold what was written: those of the rule set, and all of them."""
    rules, score = result.ruleset, result.scores[DECLARED]
    cells: list[tuple[str, Any]] = [(f"$B${HEAD_LINE + 2}", _execution_points(result))]
    if score.others_points:
        cells += [(f"$B${HEAD_LINE + 3}", score.others_points)]
    cells += [(f"$H${line + 1}", band.use) for line, band in enumerate(rules.levels.values(), start=LEVELS_LINE)]
    cells += [(f"$J${line + 1}", lowest) for line, (_, lowest) in enumerate(rules.grades[::-1], start=LEVELS_LINE)]
    others = [(f"$C${printed + 1}", result.declared_score)]
    if score.others_points:
        others += [(f"${'ABCD'[at]}${HEAD_LINE + 3}", result.scores[one].others) for at, one in enumerate(BASES, 2)]
    same, rest = (",".join(formulas.as_before(*pair) for pair in pairs) for pairs in (cells, others))
    sheet.write_formula(0, TEXTS_PLACE, f"=IF(AND({same}),0,1)", None, 0)
    sheet.write_formula(1, TEXTS_PLACE, f"=IF(AND({RULES_CHANGED}=0,{rest}),0,1)", None, 0)


def _execution_said(sheet: Any, forms: Forms, line: int, result: Evaluation, rate: str) -> None:
    """How the points of execution come about, with the rate as it is now."""
    known = result.execution.rate
    why = formulas.text_literal(f"分值×执行率；{result.execution.why}"[:LONGEST_LITERAL])
    formula = f'=IF(ISNUMBER({rate}),"分值×执行率；执行率"&TEXT({rate},"0.00%")&"，最多按100%计",{why})'
    said = (
        f"执行率{half_up(Decimal(str(known)) * 100, 2)}%，最多按100%计" if known is not None else result.execution.why
    )
    sheet.write_formula(line, 4, formula, forms.text, f"分值×执行率；{said}")


def _execution_points(result: Evaluation) -> Decimal:
    """What is left of everything that could be had after the rows and the parts beside them."""
    each = sum((Decimal(str(points)) for points in result.indicators["points_exact"]), Decimal(0))
    score = result.scores[DECLARED]
    return round(
        Decimal(str(score.possible)) + Decimal(str(score.unscored)) - Decimal(str(score.others_points)) - each, 6
    )


def _others(sheet: Any, forms: Forms, line: int, result: Evaluation) -> None:
    """The parts beside execution and indicators, with the score that the document prints."""
    sheet.write_string(line, 0, "其他部分", forms.text)
    write_number(sheet, line, 1, result.scores[DECLARED].others_points, forms.number(forms.points, "entry"))
    for place, basis in enumerate(BASES, start=2):
        write_number(sheet, line, place, result.scores[basis].others, forms.number(forms.points, "entry"))
    sheet.write_string(line, 4, "项目决策一类，照文件所列得分", forms.text)


def _category(sheet: Any, forms: Forms, line: int, category: str, *, result: Evaluation, rows: "Rows") -> None:
    found = result.indicators[result.indicators["category"] == category]
    sheet.write_string(line, 0, f"{category}指标", forms.text)
    columns = {"分值": "points_exact", "得分": "score", "严格口径得分": "strict_score"}
    for place, (heading, column) in enumerate(columns.items(), start=1):
        if result.score is None and column != "points_exact":
            sheet.write_string(line, place, labels.NONE, forms.middle)
            continue
        formula = f'=SUMIFS({rows.span(heading)},{rows.span("一级指标")},"{category}")'
        value = sum((Decimal(str(one)) for one in found[column]), Decimal(0))
        sheet.write_formula(line, place, formula, forms.number(SUMMED), float(value))
    sheet.write_string(line, 4, f"{len(found)}项，各项得分之和，显示到两位小数", forms.text)


def _sum(sheet: Any, forms: Forms, line: int, result: Evaluation, *, first: int) -> None:
    sheet.write_string(line, 0, "指标合计", forms.sum)
    points = sum((Decimal(str(one)) for one in result.indicators["points_exact"]), Decimal(0))
    values = (float(points), *(result.scores[basis].indicators for basis in BASES))
    for place, value in enumerate(values, start=1):
        if value is None:
            sheet.write_string(line, place, labels.NONE, forms.sum)
            continue
        letter = "ABCD"[place]
        formula = f"=SUM({letter}{first + 1}:{letter}{line})" if line > first else "=0"
        sheet.write_formula(line, place, formula, forms.number(SUMMED, "sum"), value)
    sheet.write_string(line, 4, "不含预算执行", forms.sum)


def _total(sheet: Any, forms: Forms, line: int, result: Evaluation) -> None:
    """The total: execution and the rows above, rounded."""
    places = result.ruleset.total_places
    sheet.write_string(line, 0, "总分", forms.sum)
    others = bool(result.scores[DECLARED].others_points)
    parts = {
        letter: [f"{letter}{HEAD_LINE + 2}", *([f"{letter}{HEAD_LINE + 3}"] * others), f"{letter}{line}"]
        for letter in "BCD"
    }
    possible = result.scores[DECLARED].possible
    sheet.write_formula(line, 1, f"=ROUND(SUM({','.join(parts['B'])}),2)", forms.number("0.00", "sum"), possible)
    for place, basis in enumerate(BASES, start=2):
        if result.score is None:
            sheet.write_string(line, place, "未作评价", forms.sum)
            continue
        letter = "ABCD"[place]
        formula = f"=ROUND(SUM({','.join(parts[letter])}),{places})"
        sheet.write_formula(line, place, formula, forms.number(forms.total, "sum"), result.scores[basis].total)
    added = "预算执行＋其他部分＋指标合计" if others else "预算执行＋指标合计"
    said = f"{added}，四舍五入到{places}位小数"
    sheet.write_string(line, 4, said if result.score is not None else WHY[result.state], forms.sum)


def _levels(sheet: Any, forms: Forms, result: Evaluation) -> None:
    """The shares a level earns; the formulas of the rows look here."""
    sheet.set_column(LEVELS_PLACE - 1, LEVELS_PLACE - 1, 3)
    sheet.set_column(LEVELS_PLACE, LEVELS_PLACE + 1, 10)
    sheet.write_string(HEAD_LINE + 1, LEVELS_PLACE, "定性档次", forms.head)
    sheet.write_string(HEAD_LINE + 1, LEVELS_PLACE + 1, "得分系数", forms.head)
    for line, (status, band) in enumerate(result.ruleset.levels.items(), start=LEVELS_LINE):
        sheet.write_string(line, LEVELS_PLACE, status, forms.middle)
        sheet.write_number(line, LEVELS_PLACE + 1, float(band.use), forms.number(RATE, "entry"))


def _grades(sheet: Any, forms: Forms, line: int, result: Evaluation, *, known: list[str], open_: str) -> None:
    """The grade of both totals, looked up among the lowest scores of each; none until what must be ``known`` is.

    Nor is there one that would be another with the points that are ``open_``, or by the share of what could be had.
    """
    grades = result.ruleset.grades[::-1]
    if not grades:
        sheet.write_string(line, 0, "复算等级", forms.text)
        for place in (1, 2, 3):
            sheet.write_blank(line, place, None, forms.text)
        sheet.write_string(line, 4, "所选规则不评级", forms.text)
        return
    sheet.set_column(GRADES_PLACE - 1, GRADES_PLACE - 1, 3)
    sheet.set_column(GRADES_PLACE, GRADES_PLACE + 1, 8)
    sheet.write_string(HEAD_LINE + 1, GRADES_PLACE, "最低分", forms.head)
    sheet.write_string(HEAD_LINE + 1, GRADES_PLACE + 1, "等级", forms.head)
    for place, (grade, lowest) in enumerate(grades, start=LEVELS_LINE):
        sheet.write_number(place, GRADES_PLACE, float(lowest), forms.number("0.##", "entry"))
        sheet.write_string(place, GRADES_PLACE + 1, grade, forms.middle)
    top, end = LEVELS_LINE + 1, LEVELS_LINE + len(grades)
    sheet.write_string(line, 0, "复算等级", forms.text)
    sheet.write_blank(line, 1, None, forms.text)
    for place, basis in enumerate(BASES, start=2):
        if result.score is None:
            sheet.write_string(line, place, labels.NONE, forms.middle)
            continue
        totals = [f"{'ABCD'[place]}{line}", *([f"({'ABCD'[place]}{line}+{open_})"] if open_ else [])]
        if result.scores[DECLARED].possible != FULL:
            totals += [f"{total}*{FULL}/$B{line}" for total in totals]
        grade, *others = (
            f'IFERROR(LOOKUP({total},$J${top}:$J${end},$K${top}:$K${end}),"{labels.NONE}")' for total in totals
        )
        must = ",".join([*known, *(f"{grade}={other}" for other in others)])
        formula = f'=IF(AND({must}),{grade},"")' if must else f"={grade}"
        sheet.write_formula(line, place, formula, forms.middle, result.scores[basis].grade)
    waiting = f"；{PARTLY_FILLED}的不评等级" if result.scores[DECLARED].awaited else ""
    sheet.write_string(line, 4, f"总分在右表中所在的档{waiting}", forms.text)


def _printed(sheet: Any, forms: Forms, line: int, result: Evaluation, total: int) -> None:
    """The total the document prints, and what it is more than the recomputed ones."""
    sheet.write_string(line, 0, DECLARED_LINE, forms.text)
    sheet.write_blank(line, 1, None, forms.text)
    write_number(sheet, line, 2, result.declared_score, forms.number(forms.total, "entry"))
    sheet.write_blank(line, 3, None, forms.text)
    said = "".join(narrative.accounts(result)) or "文件所写"
    said = said if not missing(result.declared_score) else "文件没有写总分"
    write_told(sheet, line, 4, said, forms.text, kept=TEXTS_PLACE)
    if result.score is None:
        return
    sheet.write_string(line + 1, 0, "自评减复算", forms.text)
    sheet.write_blank(line + 1, 1, None, forms.text)
    for place, basis in enumerate(BASES, start=2):
        none = missing(result.declared_score)
        gap = "" if none else float(Decimal(str(result.declared_score)) - Decimal(str(result.scores[basis].known)))
        formula = f'=IF(ISNUMBER($C${line + 1}),ROUND($C${line + 1}-{"ABCD"[place]}{total + 1},6),"")'
        sheet.write_formula(line + 1, place, formula, forms.number(f"+{forms.total};-{forms.total};0"), gap)
    sheet.write_string(line + 1, 4, "大于0：自评高于复算", forms.text)
