"""The sentences of the official report: what the office itself says, in its own words and nobody else's.

No verdict of perfeval, no recomputed score and no objection is told here: they belong to the reviewers. Where the
office has said nothing there is a place to fill in (:func:`~perfeval.model.reportform.blank`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from perfeval.model.columns import records
from perfeval.model.reportform import (
    CAUSE,
    NO_FIGURE,
    NOTICE,
    NOTICE_END,
    REACHED,
    WANTED,
    Statement,
    bare,
    blank,
    ended,
)
from perfeval.model.reportform import unmet as form_unmet
from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES, MET, MISSED, PARTLY, Issue, Stage, Survey
from perfeval.present import labels
from perfeval.present.narrative import Place, full_name

Row = dict[str, Any]
TITLE = "部门整体绩效自评结果"
GOVERNMENT = "人民政府"
OFFICE, STREET = "街道办事处", "街道"
GOVERNED = ("区", "县", "市", "旗")
ZONES = ("开发区", "新区", "管理区", "示范区", "高新区", "园区")
"""Districts that are run by a committee and have no government."""
STATUS = {MET: "完成年初目标", PARTLY: "部分完成年初目标", MISSED: "未完成年初目标"}
"""What is said of a status where the office has no sentence of its own for it."""
FEW = 5
"""Indicators that are named in a sentence; of more only their number is said."""


# ---- name, title, score


def legal_name(result: Place) -> str:
    """The office's legal name: a sub-district office is that of its district's government.

    ``武汉市`` ``硚口区`` ``荣华街道办事处`` → ``武汉市硚口区人民政府荣华街道办事处``; other names stay as they are.
    """
    name, district = full_name(result), labels.one_line(result.district)
    if name.endswith(STREET):
        name += OFFICE.removeprefix(STREET)
    governed = district.endswith(GOVERNED) and not district.endswith(ZONES)
    before, found, after = name.partition(district)
    if not governed or not found or GOVERNMENT in name or not after.endswith(OFFICE):
        return name
    return f"{before}{district}{GOVERNMENT}{after}"


def title(result: Evaluation) -> tuple[str, str]:
    """The two lines of the title, as the form prescribes them."""
    return f"{result.year}年度{legal_name(result)}", TITLE


def score(result: Evaluation) -> str:
    """The total and the grade the office gives itself."""
    printed, grade = result.narrative.declared_score, labels.one_line(result.narrative.declared_grade)
    graded = "" if labels.missing(result.narrative.declared_grade) else f"，自评等级为{grade}"
    total = blank("自评得分") if printed is None else labels.as_printed(printed)
    return f"“{result.year}年度{legal_name(result)}部门整体”绩效自评得分{total}分{graded}。"


# ---- money


def execution(result: Evaluation) -> str:
    """Budget, outturn and rate of the whole office and of its two halves."""
    rows = records(result.execution.items)
    whole = next((row for row in rows if row["role"] == "total"), None)
    halves = [row for row in rows if row["role"] == "half"]
    if not rows:
        return f"{result.year}年度部门整体支出{blank('全年预算数、全年执行数和执行率，分基本支出和项目支出')}。"
    found = result.execution
    if whole is None and found.rate is not None and not found.alone:  # the sum of the halves
        figures = f"{found.denominator}{_money(found.budget)}，全年执行数{_money(found.executed)}，"
        said = f"{figures}执行率{labels.percent(found.rate)}"
    else:
        said = _amounts(whole) if whole is not None else blank("全年预算数、全年执行数和执行率")
    parts = "；".join(f"{labels.one_line(row['item'])}{_amounts(row)}" for row in halves)
    return f"{result.year}年度部门整体支出{said}。{f'其中，{parts}。' if parts else ''}"


def other_money(result: Evaluation) -> tuple[str, ...]:
    """Where the money came from, and the money of goals and projects."""
    rows = records(result.execution.items)
    said = []
    for name, roles in (("资金来源", ("source",)), ("各项支出", ("part", "fund", "inside"))):
        told = [f"{labels.one_line(row['item'])}{_amounts(row)}" for row in rows if row["role"] in roles]
        said += [f"{name}：{'；'.join(told)}。"] if told else []
    return tuple(said)


def _amounts(row: Row) -> str:
    """``年初预算数1,200.00万元，全年预算数1,250.00万元，全年执行数1,190.00万元，执行率95.2%``"""
    told = [(name, row[key]) for name, key in (("年初预算数", "opening"), ("全年预算数", "adjusted"))]
    said = [f"{name}{_money(value)}" for name, value in told if not labels.missing(value)]
    said = said or [blank("全年预算数")]
    said.append(f"全年执行数{blank('金额') if labels.missing(row['executed']) else _money(row['executed'])}")
    said += [] if labels.missing(row["rate"]) else [f"执行率{labels.percent(row['rate'])}"]
    return "，".join(said)


def _money(value: Any) -> str:
    return f"{labels.money(value)}万元"


# ---- indicators


def conclusion(row: Row) -> str:
    """Whether the office met an indicator: by its own word, else by its figures; empty where neither says so."""
    if row["declared_status"] in STATUS:
        return str(row["declared_status"])
    said_nothing = labels.missing(row["declared_met"])
    return str(row["computed_status"]) if said_nothing and row["computed_status"] in STATUS else ""


def statements(result: Evaluation) -> list[Statement]:
    """What the text says of each indicator, in their order."""
    return [statement(row) for row in records(result.indicators)]


def statement(row: Row) -> Statement:
    """What the text says of an indicator; causes and measures of those that were not met stand elsewhere."""
    status = _status(row)
    told = _told(row)
    if not told:
        told = blank("实际完成情况") if status else blank("实际完成情况，是否完成年初目标")
    elif not status:
        status = blank("是否完成年初目标")
    if told.endswith(status):
        told, status = bare(told.removesuffix(status)) or told, status if bare(told.removesuffix(status)) else ""
    elsewhere = conclusion(row) in (PARTLY, MISSED)
    said = {name: "" if elsewhere else _bare(row[name]) for name in ("reason", "measure")}
    return Statement(_name(row), _target(row), told, status, **said, evidence=_bare(row["evidence"]))


def _status(row: Row) -> str:
    """The office's own sentence, else the usual one; a bare 完成 or 是 is no sentence."""
    printed = _bare(row["declared_met"])
    if "目标" in printed or (printed and row["declared_status"] not in STATUS):
        return printed
    return STATUS.get(conclusion(row), "")


def _told(row: Row) -> str:
    """The office's narrative, with the value before it where it does not say it."""
    narrative, actual = _bare(row["narrative"]), actual_of(row)
    if not actual or (narrative and _within(actual, narrative)):
        return narrative
    return f"{REACHED}{actual}{f'。{narrative}' if narrative else ''}"


def _within(actual: str, narrative: str) -> bool:
    """Whether a narrative says a value, which may be abridged (``……``)."""
    whole = "".join(narrative.split())
    return all("".join(part.split()) in whole for part in actual.split("……"))


def actual_of(row: Row) -> str:
    """The value as printed, with its unit; empty where a document reports in words alone."""
    return "" if row["actual"] == NO_FIGURE else _with_unit(row, "actual")


def _target(row: Row) -> str:
    return _with_unit(row, "target") or blank("年初目标值")


def _with_unit(row: Row, name: str) -> str:
    value, unit = _bare(row[name]), _bare(row["unit"])
    return f"{value}{unit}" if value and value[-1].isdigit() and unit else value


def _bare(value: Any) -> str:
    return "" if labels.missing(value) else bare(str(value))


def _name(row: Row) -> str:
    return labels.one_line(row["indicator"])


def met(result: Evaluation) -> str:
    """How many indicators the office met, where it is known of all; else nothing but how many there are."""
    rows = records(result.indicators)
    goals = len({(str(row["goal_no"]), row["goal"]) for row in rows if _has_goal(row)})
    whole = f"{goals}个年度目标共设{len(rows)}项绩效指标" if goals else f"共设{len(rows)}项绩效指标"
    found = Counter(map(conclusion, rows))
    if not rows:
        return blank("年度绩效目标、各项绩效指标的年初目标值和完成情况")
    if found[""]:
        return f"{whole}，具体情况如下："
    counted = ((MET, "完成"), (PARTLY, "部分完成"), (MISSED, "未完成"))
    said = "，".join(f"{word}{found[status]}项" for status, word in counted if found[status])
    return f"{whole}，{said}。具体情况如下："


def unmet(result: Evaluation) -> tuple[str, tuple[str, ...]]:
    """Which indicators were not met, in a sentence, and of each target, actual, cause and measure."""
    rows = records(result.indicators)
    missed = [row for status in (MISSED, PARTLY) for row in rows if conclusion(row) == status]
    open_ = sum(not conclusion(row) for row in rows)
    if not missed:
        if open_ or not rows:
            return blank("未完成的绩效目标及其原因；没有的写“无”"), ()
        return "年初设定的绩效目标均已完成，没有未完成的绩效目标。", ()
    if len(missed) > FEW:
        first = f"下列{len(missed)}项指标未完成或部分完成年初目标值："
        if all(conclusion(row) == MISSED for row in missed):
            first = f"下列{len(missed)}项指标未完成年初目标值："
    else:
        said = []
        for status, word in ((MISSED, "未完成"), (PARTLY, "部分完成")):
            names = [
                f"“{name}”" for name, row in zip(_told_apart(missed), missed, strict=True) if conclusion(row) == status
            ]
            said += [f"{'、'.join(names)}{word}年初目标值"] if names else []
        first = f"{'；'.join(said)}。"
    return first, tuple(map(_unmet, missed))


def _told_apart(rows: list[Row]) -> list[str]:
    """The names of indicators; with the goal where several are called the same."""
    times = Counter(map(_name, rows))
    return [f"{_name(row)}（{labels.goal(row['goal_no'])}）" if times[_name(row)] > 1 else _name(row) for row in rows]


def _unmet(row: Row) -> str:
    """One indicator that was not met: ``信访积案化解率（目标4）：年初目标值：100%，…。原因：…。措施：…。``"""
    goal = "" if labels.missing(row["goal_no"]) else f"（{labels.goal(row['goal_no'])}）"
    actual = actual_of(row)
    figures = "，".join(filter(None, (f"{WANTED}{_target(row)}", f"{REACHED}{actual}" if actual else "")))
    return form_unmet(f"{_name(row)}{goal}：{figures}。", _bare(row["reason"]), _bare(row["measure"]))


def goals(result: Evaluation) -> tuple[str, ...]:
    """The year's goals by number and name."""
    rows = [row for row in records(result.completion.by_goal) if _has_goal(row)]
    return tuple(f"年度{goal_name(row)}" for row in rows)


def goal_name(row: Row) -> str:
    """``目标4：基层公共安全经费``; of a goal without number its name, without name its number."""
    number = "" if labels.missing(row["goal_no"]) else f"目标{int(row['goal_no'])}"
    name = "" if labels.missing(row["goal"]) else labels.one_line(row["goal"])
    return "：".join(filter(None, (number or "目标", name)))


def _has_goal(row: Row) -> bool:
    return not (labels.missing(row["goal_no"]) and labels.missing(row["goal"]))


def by_goal(result: Evaluation) -> Iterator[tuple[str, list[tuple[str, list[Statement]]]]]:
    """Goal by goal its heading (empty without a goal) and, by category, the statements on its indicators."""
    groups: dict[str, list[Row]] = {}
    for row in records(result.indicators):
        groups.setdefault(goal_name(row) if _has_goal(row) else "", []).append(row)
    for name, rows in groups.items():
        found = [(one, [statement(row) for row in rows if row["category"] == one]) for one in CATEGORIES]
        yield name, [(category, said) for category, said in found if said]


# ---- words


def problems(issues: Iterable[Issue]) -> tuple[str, ...]:
    """The problems the office names, with their causes."""
    return tuple(f"{ended(one.text)}{f'{CAUSE}{ended(one.cause)}' if _bare(one.cause) else ''}" for one in issues)


def told(lines: Iterable[str]) -> tuple[str, ...]:
    """Entries of a list as sentences."""
    return tuple(ended(line) for line in lines if bare(line))


def together(lines: Iterable[str]) -> str:
    """Entries of a list in one sentence; empty where there are none."""
    said = "；".join(filter(None, map(bare, lines)))
    return ended(said) if said else ""


def notice(basis: str) -> str:
    """The notice the evaluation was made under."""
    return f"{NOTICE}{bare(basis) or blank('布置自评工作的通知名称和文号')}{NOTICE_END}。"


def stage(found: Stage) -> str:
    """One stage of the evaluation: ``前期准备（2023年6月5日—2023年6月9日）：成立小组；制定方案。``"""
    work = "；".join(bare(line) for line in found.work)
    when = labels.dates(found.start, found.end, years=True)
    when = blank("起止日期") if when == labels.NONE else when
    return f"{labels.one_line(found.name)}（{when}）{f'：{work}' if work else ''}。"


def survey(found: Survey) -> str:
    """One satisfaction survey: ``群众满意度的调查：入户问卷，2022年11月8日，200人答卷，176人满意。``"""
    parts = [
        labels.one_line(found.method) if found.method else blank("调查方式"),
        labels.day(found.date, years=True) if found.date else blank("调查时间"),
        blank("样本量") if found.respondents is None else f"{found.respondents}人答卷",
        *([] if found.satisfied is None else [f"{found.satisfied}人满意"]),
    ]
    return f"{labels.one_line(found.indicator)}的调查：{'，'.join(parts)}。"
