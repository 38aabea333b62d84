"""What a mail says of a report, by kind of report: subject, figures, what needs attention, one chart.

Everything comes from the report's ``result.json``; nothing is computed again. What is absent there is said to be.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from perfeval.model.schema import CATEGORIES, MISSED, PARTLY
from perfeval.model.verdicts import COUNTS, VERDICTS, verdict
from perfeval.present import fonts, labels, plot
from perfeval.present.axes import ChartAxes
from perfeval.present.narrative import TITLE

Figures = Mapping[str, Any]
SYNTHETIC = "示例数据"
"""Stands over everything made from invented data."""
CORRECTION = "更正"
ABSENT = "未列出"
MOST_ITEMS, FEW = 8, 5
"""What a mail lists of indicators not met, and of findings: the rest is in the report, and clients clip long mails."""
LONGEST, LONGEST_NAME = 240, 60
"""Characters of a sentence and of a name from the data that a mail shows."""
GRAVE = "P0"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with what it is and what to know with it."""

    title: str
    value: str
    note: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs attention: a sign, its name, and lines about it."""

    sign: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence, and items."""

    heading: str
    items: tuple[Item, ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it has a form."""

    subject: str
    """Of the mail: the essential in one line."""
    kind: str
    """Of the report: 部门整体绩效自评报告."""
    name: str
    when: str
    lead: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    chart: ChartAxes | None
    synthetic: bool
    correction: str
    """What is corrected, in a sentence; empty in a first mail."""
    number: str
    """By which the report is found again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the mails of one report say."""

    title: str
    essential: Callable[[Figures], str]
    lead: Callable[[Figures], str]
    facts: Callable[[Figures], tuple[Fact, ...]]
    sections: Callable[[Figures], tuple[Section, ...]]
    chart: Callable[[Figures], ChartAxes | None]


def letter(report: str, figures: Figures, *, number: str, correction: str = "") -> Letter:
    """What a mail says of a report; ``KeyError`` for a report that no mail is known for (see :data:`KINDS`)."""
    kind = KINDS[report]
    synthetic = bool(figures.get("synthetic"))
    marks = [f"【{mark}】" for mark, there in ((CORRECTION, correction), (SYNTHETIC, synthetic)) if there]
    name, when = clean(figures.get("name"), LONGEST_NAME), f"{clean(figures.get('year'))}年度"
    return Letter(
        subject=f"{''.join(marks)}{name}{when}{kind.essential(figures)}",
        kind=clean(_said(figures, "title")) if _said(figures, "title") else kind.title,
        name=name,
        when=when,
        lead=kind.lead(figures),
        facts=kind.facts(figures),
        sections=tuple(section for section in kind.sections(figures) if section.items or section.said),
        chart=kind.chart(figures),
        synthetic=synthetic,
        correction=clean(correction) if correction else "",
        number=clean(number),
    )


GONE = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Categories of characters that no header may hold; one newer than this Python is of no category to it, and stays."""


def clean(value: Any, most: int = LONGEST) -> str:
    """Text from the data on one line, cut where it is long, without control, direction and private characters.

    ``=?`` would begin an encoded word in a header; a full-width mark takes the place of the other.

    >>> clean("甲\\r\\nBcc: 乙"), clean("a\\u202eb"), clean("=?utf-8?q?x?="), clean(None)
    ('甲 Bcc: 乙', 'ab', '=？utf-8?q?x？=', '—')
    """
    line = labels.one_line(value)
    kept = "".join(mark for mark in line if unicodedata.category(mark) not in GONE and not fonts.BARE.match(mark))
    kept = kept.replace("=?", "=？").replace("?=", "？=")
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def _said(figures: Figures, name: str) -> Any:
    return (figures.get("said") or {}).get(name)


def _number(value: Any, unit: str = "") -> str:
    return ABSENT if labels.missing(value) else f"{value:,}{unit}"


def _points(value: Any) -> str:
    return ABSENT if labels.missing(value) else labels.score(value)


# ---- one office, one year


def _annual_essential(figures: Figures) -> str:
    score = figures.get("score")
    if figures.get("why"):
        return f"绩效自评：{clean(figures['why'])}，{_grave(figures)}"
    told = "复算得分未列出" if labels.missing(score) else f"复算{labels.score(score)}分"
    return f"绩效自评：{told}，{_missed(figures)}，{_grave(figures)}"


def _missed(figures: Figures) -> str:
    rows = figures.get("unmet")
    if rows is None:
        return "未完成项数未列出"
    parts = [
        f"{count}项{status}" for status in (MISSED, PARTLY) if (count := sum(row["status"] == status for row in rows))
    ]
    overall = _overall(figures)
    parts += [f"{count}项{COUNTS[name]}" for name in ("declared", "undecided") if (count := overall.get(name))]
    return "、".join(parts) or "没有未完成指标"


def _overall(figures: Figures) -> Mapping[str, Any]:
    """The counts of all indicators; empty where the report left none."""
    return (figures.get("completion") or {}).get("overall") or {}


def _grave(figures: Figures) -> str:
    count = _fatal(figures)
    if count is None:
        return "检查结果未列出"
    return f"{count}处须核实" if count else "没有须核实的问题"


def _fatal(figures: Figures) -> int | None:
    found = figures.get("findings_by_severity")
    return None if found is None else int(found.get(GRAVE, 0))


def _lead(figures: Figures) -> str:
    return clean(_said(figures, "headline") or "报告没有留下结论的语句，见附件。", 600)


def _annual_facts(figures: Figures) -> tuple[Fact, ...]:
    overall = _overall(figures)
    rate = (figures.get("execution") or {}).get("rate")
    rows, fatal = overall.get("rows"), _fatal(figures)
    declared, grade = figures.get("declared_score"), clean(figures.get("grade") or "")
    notes = ["没有自评总分" if labels.missing(declared) else f"自评{labels.score(declared)}分"]
    notes += [f"复算等级{grade}"] if grade and grade != labels.NONE else []
    why = clean(figures["why"]) if figures.get("why") else ""
    notes += [why] if why else []
    done = labels.NONE if why else ABSENT
    if rows and not why:
        done = f"{overall['met']} / {rows}"
    return (
        Fact("复算得分", labels.NONE if why else _points(figures.get("score")), " · ".join(notes)),
        Fact("完成", done, why or _missed(figures), bad=bool(figures.get("unmet"))),
        Fact("须核实", _number(fatal, "处"), "核实之前得分不能采用", bad=bool(fatal)),
        Fact("预算执行率", ABSENT if rate is None else labels.percent(rate), "全年执行数 / 预算数"),
    )


def _annual_sections(figures: Figures) -> tuple[Section, ...]:
    rows = _said(figures, "unmet_rows") or []
    items = [
        Item(
            "×" if row["status"] == MISSED else "半",
            f"{clean(row['name'], LONGEST_NAME)}（{clean(row['status'])}）",
            (
                clean(row["goal"], LONGEST_NAME),
                clean(row["figures"]),
                f"原因：{clean(row['reason'])}",
                f"措施：{clean(row['measure'])}",
            ),
        )
        for row in rows[:MOST_ITEMS]
    ]
    unmet = Section("未完成的指标", tuple(items), _more(clean(_said(figures, "unmet") or ""), len(rows) - MOST_ITEMS))
    grave = [row for row in figures.get("findings") or [] if row["severity"] == GRAVE]
    found = [
        Item("!", f"{clean(row['code'])}　{clean(row['title'])}", (clean(row["fact"]), f"位置：{clean(row['place'])}"))
        for row in grave[:FEW]
    ]
    summary = clean(_said(figures, "findings") or "")
    return unmet, Section("须核实的问题", tuple(found), _more(summary, len(grave) - FEW))


def _more(said: str, rest: int) -> str:
    """The sentence, and that there is more than is listed."""
    text = "" if said == labels.NONE else said
    return f"{text}以下未列出的{rest}处见附件。" if rest > 0 else text


def _annual_chart(figures: Figures) -> ChartAxes | None:
    rows = figures.get("indicators") or []
    if figures.get("why") or not rows:
        return None
    known = pd.Categorical([verdict(row["status"], row["basis"]) for row in rows], VERDICTS)
    categories = pd.Categorical([row["category"] for row in rows], CATEGORIES)
    drawn = plot.stacked(pd.crosstab(categories, known))
    return drawn if isinstance(drawn, ChartAxes) else None


# ---- a whole district, one year


def _overview_essential(figures: Figures) -> str:
    median, lowest = figures.get("score"), figures.get("lowest_score")
    told = "得分中位数未列出" if labels.missing(median) else f"得分中位数{labels.score(median)}分"
    low = "" if labels.missing(lowest) else f"（最低{labels.score(lowest)}分）"
    offices = "街道数未列出" if figures.get("offices") is None else f"{len(figures['offices']):,}个街道"
    return f"绩效自评总览：{offices}，{told}{low}，{_missed(figures)}，{_grave(figures)}"


def _overview_facts(figures: Figures) -> tuple[Fact, ...]:
    offices, unmet, fatal = figures.get("offices"), figures.get("unmet"), _fatal(figures)
    failed = len(figures.get("failed") or [])
    rate = (figures.get("execution") or {}).get("rate")
    low, high = (_points(figures.get(name)) for name in ("lowest_score", "highest_score"))
    return (
        Fact("得分中位数", _points(figures.get("score")), f"从{low}到{high}分"),
        Fact("未完成指标", _number(None if unmet is None else len(unmet), "项"), "含部分完成", bad=bool(unmet)),
        Fact("须核实", _number(fatal, "处"), "核实之前得分不能采用", bad=bool(fatal)),
        Fact(
            "预算执行率",
            ABSENT if rate is None else labels.percent(rate),
            f"{_number(None if offices is None else len(offices), '个街道')}合计"
            + (f"，{failed}个没有评价" if failed else ""),
        ),
    )


def _overview_sections(figures: Figures) -> tuple[Section, ...]:
    rows = figures.get("attention") or []
    items = [
        Item("!", clean(row["name"], LONGEST_NAME), (f"{clean(row['kind'])}：{clean(row['what'])}", clean(row["why"])))
        for row in rows[:MOST_ITEMS]
    ]
    return (Section("需要先看", tuple(items), _more("", len(rows) - MOST_ITEMS)),)


KINDS: dict[str, Kind] = {
    "annual": Kind(TITLE, _annual_essential, _lead, _annual_facts, _annual_sections, _annual_chart),
    "overview": Kind(
        "全区绩效自评总览", _overview_essential, _lead, _overview_facts, _overview_sections, lambda _: None
    ),
}
"""By report: what its mails say. A report that is not here is not sent."""
