"""What a mail says of a report, by kind of report: subject, figures, what needs attention, one chart.

Everything comes from the report's ``result.json``; nothing is computed again. What is absent there is said to be.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from perfeval.model.schema import CATEGORIES, MISSED, PARTLY, UNDECIDED
from perfeval.model.tally import GRAVE, UNFILLED, Tally, counted, tally
from perfeval.model.verdicts import CLAIMED, COUNTS, NOT_FILLED, VERDICTS, verdict
from perfeval.present import consequences, fonts, labels, plot
from perfeval.present.axes import ChartAxes
from perfeval.present.narrative import TITLE
from perfeval.present.review import REVIEW_TITLE

Figures = Mapping[str, Any]
SYNTHETIC = "示例数据"
"""Stands over everything made from invented data."""
CORRECTION = "更正"
ABSENT = "未列出"
MOST_ITEMS, FEW, WORST = 5, 3, 3
"""What a mail lists of indicators not met, of decisions and repeated failures, and of offices: the rest is in the
report, and clients clip long mails."""
LONGEST, LONGEST_NAME = 240, 60
"""Characters of a sentence and of a name from the data that a mail shows."""
P0 = "P0"
SEVERITIES = {P0: GRAVE, "P1": "须改正或说明", "P2": "建议改正"}
DECIDE = "需研究决定"


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
    facts: Callable[[Figures], tuple[Fact, ...]]
    sections: Callable[[Figures], tuple[Section, ...]]
    chart: Callable[[Figures], ChartAxes | None]


def letter(report: str, figures: Figures, *, number: str, correction: str = "") -> Letter:
    """What a mail says of a report: of one of :data:`KINDS` all that its first screen says, of another its headline."""
    kind = kind_of(report)
    synthetic = bool(figures.get("synthetic"))
    marks = [f"【{mark}】" for mark, there in ((CORRECTION, correction), (SYNTHETIC, synthetic)) if there]
    name, when = clean(figures.get("name"), LONGEST_NAME), _when(figures)
    return Letter(
        subject=f"{''.join(marks)}{name}{when}{kind.essential(figures)}",
        kind=clean(_said(figures, "title")) if _said(figures, "title") else kind.title,
        name=name,
        when=when,
        lead=_lead(figures),
        facts=kind.facts(figures),
        sections=tuple(section for section in kind.sections(figures) if section.items or section.said),
        chart=kind.chart(figures),
        synthetic=synthetic,
        correction=clean(correction) if correction else "",
        number=clean(number),
    )


GONE = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Categories of characters that no header may hold; one newer than this Python is of no category to it, and stays."""


def kind_of(report: str) -> Kind:
    """What the mails of a report say; one with parameters (``top@most=20``) is one of its notebook's."""
    return KINDS.get(report.partition("@")[0], OTHER)


def _when(figures: Figures) -> str:
    """``2024年度``; of a report of several years the span of them."""
    years = figures.get("years") or [figures.get("year")]
    return f"{clean(years[0])}年度" if len(years) == 1 else f"{clean(years[0])}—{clean(years[-1])}年"


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


# ---- what several kinds of report say alike


def _missed(figures: Figures) -> str:
    held = _known(figures)
    if held is None:
        return "未完成项数未列出"
    words = held.words
    order = (MISSED, PARTLY, CLAIMED, UNDECIDED, UNFILLED)
    return "、".join(f"{words[word]}项{word}" for word in order if word in words) or "没有未完成指标"


def _known(figures: Figures) -> Tally | None:
    """The counts; of a report made before they were kept, those of what was not met."""
    held, unmet = _tally(figures), figures.get("unmet")
    return held if held or unmet is None else tally(row["status"] for row in unmet)


def _tally(figures: Figures) -> Tally | None:
    """The counts of all indicators; None where the report left none, or not all."""
    overall = (figures.get("completion") or {}).get("overall") or {}
    known = all(overall.get(name) is not None for name in COUNTS)
    return counted(overall, filled=figures.get("state") != NOT_FILLED) if known else None


def _grave(figures: Figures) -> str:
    count = _fatal(figures)
    if count is None:
        return "检查结果未列出"
    return f"{count}处{GRAVE}" if count else f"没有{GRAVE}的问题"


def _fatal(figures: Figures) -> int | None:
    found = figures.get("findings_by_severity")
    return None if found is None else int(found.get(P0, 0))


def _lead(figures: Figures) -> str:
    return clean(_said(figures, "headline") or figures.get("headline") or "报告没有留下结论的语句，见附件。", 600)


def _more(said: str, rest: int) -> str:
    """The sentence, and that there is more than is listed."""
    text = "" if said == labels.NONE else said
    return f"{text}以下未列出的{rest}项见附件。" if rest > 0 else text


def _findings(figures: Figures) -> Section:
    """The findings in one line: they are about the form, and the report lists them."""
    found = figures.get("findings_by_severity") or {}
    parts = [f"{found[level]}处{word}" for level, word in SEVERITIES.items() if found.get(level)]
    return Section("数据质量", (), f"按复核规则检查，{'、'.join(parts) or '没有发现问题'}。" if found else "")


# ---- one office, one year


def _annual_essential(figures: Figures) -> str:
    score = figures.get("score")
    if figures.get("why"):
        return f"绩效自评：{clean(figures['why'])}，{_grave(figures)}"
    of = f"（{clean(figures['score_of'])}）" if figures.get("score_of") else ""
    told = "复算得分未列出" if labels.missing(score) else f"复算{labels.score(score)}分{of}"
    return f"绩效自评：{told}，{_missed(figures)}，{_grave(figures)}"


def _annual_facts(figures: Figures) -> tuple[Fact, ...]:
    held, fatal = _tally(figures), _fatal(figures)
    spent = figures.get("execution") or {}
    rate = spent.get("rate")
    why_none, basis = (clean(spent[name]) if spent.get(name) else "" for name in ("why", "basis"))
    declared, grade = figures.get("declared_score"), clean(figures.get("grade") or "")
    notes = ["没有自评总分" if labels.missing(declared) else f"自评{labels.score(declared)}分"]
    notes += [f"复算等级{grade}"] if grade and grade != labels.NONE else []
    notes += [clean(figures[name]) for name in ("score_of", "score_most") if figures.get(name)]
    why = clean(figures["why"]) if figures.get("why") else ""
    notes += [why] if why else []
    done = labels.NONE if why else ABSENT
    if held and held.rows and not why:
        done = f"{held.met} / {held.rows}"
    return (
        Fact("复算得分", labels.NONE if why else _points(figures.get("score")), " · ".join(notes)),
        Fact("完成", done, why or _missed(figures), bad=bool(figures.get("unmet"))),
        Fact(GRAVE, _number(fatal, "处"), "核实之前得分不能采用", bad=bool(fatal)),
        Fact(
            "预算执行率",
            labels.NONE if rate is None and why_none else ABSENT if rate is None else labels.percent(rate),
            why_none if rate is None and why_none else f"全年执行数 / 预算数{f'，{basis}' * bool(basis)}",
        ),
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
    proven = Section("须补证据", (), clean(_said(figures, "unproven") or ""))
    return unmet, _decisions(figures.get("decisions")), proven, _findings(figures)


def _decisions(rows: Sequence[Mapping[str, Any]] | None) -> Section:
    """What is to be decided, the most urgent first: the facts, what is asked, the source of the rule."""
    if rows is None:
        return Section(DECIDE, ())
    items = [
        Item(
            str(number),
            clean(row["matter"], LONGEST_NAME),
            (
                f"{clean(row['basis']).rstrip('。')}。{clean(row['asks']).rstrip('。')}。",
                f"依据：{clean(row['source'])}",
            ),
        )
        for number, row in enumerate(rows[:FEW], start=1)
    ]
    said = "" if rows else "按现有数据，没有需要研究决定的事项。"
    return Section(DECIDE, tuple(items), _more(said, len(rows) - FEW))


def _annual_chart(figures: Figures) -> ChartAxes | None:
    rows = figures.get("indicators") or []
    if figures.get("why") or not rows:
        return None
    known = pd.Categorical([verdict(row["status"], row["basis"]) for row in rows], VERDICTS)
    categories = pd.Categorical([row["category"] for row in rows], CATEGORIES)
    drawn = plot.stacked(pd.crosstab(categories, known))
    return drawn if isinstance(drawn, ChartAxes) else None


# ---- one office, several years


def _trend_essential(figures: Figures) -> str:
    again = [row for row in figures.get("repeated") or [] if row.get("standing")]
    told = f"{len(again)}项连年未完成" if again else "没有已知连年未完成的指标"
    return f"历年绩效自评：{told}，末年{_missed(figures)}"


def _trend_facts(figures: Figures) -> tuple[Fact, ...]:
    """Those of the last year, which they name."""
    year = f"{figures['year']}年" if figures.get("year") else ""
    return tuple(replace(fact, title=f"{year}{fact.title}") for fact in _annual_facts(figures))


def _trend_sections(figures: Figures) -> tuple[Section, ...]:
    again = [row for row in figures.get("repeated") or [] if row.get("standing")]
    items = [
        Item(
            "×",
            f"{clean(row['indicator'], LONGEST_NAME)}（连续{len(row['years'])}年）",
            tuple(
                f"{word}：{clean(said)}"
                for word, told in (("原因", row.get("reasons")), ("措施", row.get("measures")))
                if told and (said := next((text for text in reversed(told) if text), ""))
            ),
        )
        for row in again[:MOST_ITEMS]
    ]
    none = "" if again else "到末年没有已知连续两年以上未完成的指标。"
    return Section("连年未完成", tuple(items), _more(none, len(again) - MOST_ITEMS)), _findings(figures)


# ---- a whole district


def _overview_essential(figures: Figures) -> str:
    median, lowest = figures.get("score"), figures.get("lowest_score")
    told = "得分中位数未列出" if labels.missing(median) else f"得分中位数{labels.score(median)}分"
    low = "" if labels.missing(lowest) else f"（最低{labels.score(lowest)}分）"
    offices = "街道数未列出" if figures.get("offices") is None else f"{len(figures['offices']):,}个街道"
    again = _repeated(figures)
    years = f"，{len(again)}项连年未完成" if again else ""
    return f"绩效自评总览：{offices}，{told}{low}，{_missed(figures)}{years}，{_grave(figures)}"


def _overview_facts(figures: Figures) -> tuple[Fact, ...]:
    held, fatal, money = _known(figures), _fatal(figures), figures.get("execution") or {}
    failed = len(figures.get("failed") or [])
    rate, offices = money.get("rate"), money.get("offices")
    of = "街道数未列出" if offices is None else f"{offices}/{money['listed']}个街道合计"
    low, high = (_points(figures.get(name)) for name in ("lowest_score", "highest_score"))
    return (
        Fact("得分中位数", _points(figures.get("score")), f"从{low}到{high}分"),
        Fact("未完成和部分完成", _number(held and held.unmet, "项"), _beside(held), bad=bool(held and held.unmet)),
        Fact(GRAVE, _number(fatal, "处"), "核实之前得分不能采用", bad=bool(fatal)),
        Fact(
            "预算执行率",
            ABSENT if rate is None else labels.percent(rate),
            of + (f"，{failed}个没有评价" if failed else ""),
        ),
    )


def _beside(held: Tally | None) -> str:
    """Of what the number of those not met consists, and what stands beside it, uncounted."""
    words = held.words if held else {}
    parts = [f"{words[word]}项{word}" for word in (MISSED, PARTLY) if word in words]
    rest = [f"{words[word]}项{word}" for word in (CLAIMED, UNDECIDED, UNFILLED) if word in words]
    return "，".join([*(["、".join(parts)] if len(parts) > 1 else []), *([f"另有{'、'.join(rest)}"] if rest else [])])


def _overview_sections(figures: Figures) -> tuple[Section, ...]:
    rows = figures.get("consequences")
    if rows is None:  # made before they were kept
        return _attention(figures), _findings(figures)
    return (*_worst(figures, rows), _again(figures, rows), _unexplained(rows), _left(figures), _findings(figures))


def _attention(figures: Figures) -> Section:
    rows = figures.get("attention") or []
    items = [
        Item("!", clean(row["name"], LONGEST_NAME), (f"{clean(row['kind'])}：{clean(row['what'])}", clean(row["why"])))
        for row in rows[:MOST_ITEMS]
    ]
    return Section("需要先看", tuple(items), _more("", len(rows) - MOST_ITEMS))


def _worst(figures: Figures, rows: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The offices with the most to answer for, with all of it; their order is the page's."""
    loud = [row for row in rows if row["order"] is not None and not consequences.quiet(row)]
    items = [
        Item(
            "!",
            clean(row["name"], LONGEST_NAME),
            (
                consequences.figures(row),
                *(f"{heading}：{clean(said)}" for heading, said in _answers(figures, row)),
            ),
        )
        for row in loud[:WORST]
    ]
    heading = f"后果最重的{labels.several(len(items), '个')}街道" if len(items) > 1 else "要回答的街道"
    none = "" if loud else "没有查明有未完成的指标、偏低的执行率或不符的合计的街道。"
    rest = len(loud) - len(items)
    return (Section(heading, tuple(items), none or (f"另有{rest}个街道见附件。" if rest else "")),)


def _answers(figures: Figures, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    own = [
        [one for one in figures.get(name) or [] if one["subdistrict"] == row["subdistrict"]]
        for name in ("repeated", "unmet")
    ]
    return consequences.lines(row, *own)


def _repeated(figures: Figures) -> list[Mapping[str, Any]]:
    """The failures repeated for years, of the offices that the report judges: its sentences count no others."""
    left = {row["subdistrict"] for row in figures.get("consequences") or [] if row["order"] is None}
    return [row for row in figures.get("repeated") or [] if row["subdistrict"] not in left]


def _again(figures: Figures, rows: Sequence[Mapping[str, Any]]) -> Section:
    """The failures repeated for years, the longest first; and of how many offices nobody can know."""
    held = _repeated(figures)
    items = [
        Item(
            "×",
            f"{clean(row['indicator'], LONGEST_NAME)}（连续{row['times']}年）",
            (f"{clean(row['name'], LONGEST_NAME)}：实际{clean(row['actual'])}，目标{clean(row['target'])}",),
        )
        for row in held[:FEW]
    ]
    unseen = sum(row["order"] is not None and row["repeated"] is None for row in rows)
    more = f"，先列{FEW}项，其余见附件" if len(held) > FEW else ""
    said = f"共{len(held)}项{more}。" if held else "没有已知连续两年以上未完成的指标。"
    said += f"{unseen}个街道没有上年可比的数据。" if unseen else ""
    return Section("连年未完成", tuple(items), said)


def _unexplained(rows: Sequence[Mapping[str, Any]]) -> Section:
    """Who executed little and gives no reason; and of how many offices nobody can know."""
    held = [row for row in rows if row["unexplained"]]
    told = [
        f"{clean(row['name'], LONGEST_NAME)}{labels.percent(row['execution_rate'])}"
        f"（未支出{labels.money(row['unspent'])}万元）"
        for row in held[:MOST_ITEMS]
    ]
    more = f"等{len(held)}个街道" if len(held) > MOST_ITEMS else ""
    rated = [row["execution_rate"] is not None for row in rows if row["order"] is not None]
    unseen = rated.count(False)
    low = sum(bool(row["low"]) and not row["unexplained"] for row in rows)
    told = [f"{'、'.join(told)}{more}"] if held else ["没有查明的" if low else "没有"] if any(rated) else []
    said = "；".join([*told, *([f"{low}个街道低于90%，是否说明了原因见其报告"] if low else [])])
    said += "。" if said else ""
    said += f"{unseen}个街道没有可以计算的执行率。" if unseen else ""
    return Section("执行率低于90%而没有说明原因", (), said)


def _left(figures: Figures) -> Section:
    """Who is in none of the figures, and why."""
    out = [*(figures.get("failed") or []), *(figures.get("unevaluated") or [])]
    told = [f"{clean(row['name'], LONGEST_NAME)}：{clean(row['why'])}" for row in out[:MOST_ITEMS]]
    more = f"；等{len(out)}个" if len(out) > MOST_ITEMS else ""
    return Section("没有算进来的街道", (), f"{'；'.join(told)}{more}。" if out else "")


def _district_essential(figures: Figures) -> str:
    median = figures.get("score")
    told = "得分中位数未列出" if labels.missing(median) else f"末年得分中位数{labels.score(median)}分"
    of = "" if figures.get("judged") is None else f"{figures['judged']}个街道"
    return f"历年绩效自评：{told}，末年{of}{_missed(figures)}"


def _district_sections(figures: Figures) -> tuple[Section, ...]:
    out = figures.get("missing") or []
    told = [f"{clean(row['name'], LONGEST_NAME)}{row['year']}年（{clean(row['why'])}）" for row in out[:MOST_ITEMS]]
    more = f"等{len(out)}个" if len(out) > MOST_ITEMS else ""
    gaps = Section("没有可用数据的街道年度", (), f"{'、'.join(told)}{more}。" if out else "")
    return gaps, _findings(figures)


def _no_chart(_: Figures) -> None:
    return None


KINDS: dict[str, Kind] = {
    "annual": Kind(TITLE, _annual_essential, _annual_facts, _annual_sections, _annual_chart),
    "overview": Kind("全区绩效自评总览", _overview_essential, _overview_facts, _overview_sections, _no_chart),
    "trend": Kind("历年绩效自评", _trend_essential, _trend_facts, _trend_sections, _no_chart),
    "district": Kind("全区历年绩效自评", _district_essential, _overview_facts, _district_sections, _no_chart),
    "review": Kind(
        REVIEW_TITLE,
        lambda figures: f"{REVIEW_TITLE}：{_grave(figures)}，{_missed(figures)}",
        _annual_facts,
        lambda figures: (_findings(figures), *_annual_sections(figures)[:-1]),
        _no_chart,
    ),
}
"""By report: what its mails say."""
OTHER = Kind("报告", lambda _: "报告", lambda _: (), lambda figures: (_findings(figures),), _no_chart)
"""What the mail of a report from somebody's own notebook says: its headline, and that the rest is attached."""
