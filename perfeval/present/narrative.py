"""Every sentence of the reports, from an :class:`Evaluation` to plain Chinese text.

The single source for the page, the Word report and the mail: no HTML here (with outcomes.py and sections.py beside it).
Sentences are short and neutral; they state the facts and the name of the rule, and say so where there are none.
"""

from collections import Counter
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import pandas as pd

from perfeval.model import verdicts
from perfeval.model.columns import records
from perfeval.model.peers import Peers
from perfeval.model.results import AGREES, DECLARED, OF_FULL, OF_WEIGHTS, STRICT, Evaluation, Score
from perfeval.model.rounding import half_up, plain
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import ALL_UNDECIDED, CLAIMED, EVALUATED, NOT_FILLED, WHY, WORD
from perfeval.present import labels

TITLE = "部门整体绩效自评报告"
SYNTHETIC = "示例数据：由程序虚构，不反映任何真实单位"
"""Stands on every page made from invented data."""
MEANING = {
    MET: MET,
    PARTLY: PARTLY,
    MISSED: MISSED,
    CLAIMED: "凭申报完成，没有可比的数据",
    UNDECIDED: "没有申报结果，无法判定",
}
NOTHING_KNOWN = {NOT_FILLED: "尚未填报完成值", ALL_UNDECIDED: "均无法判定"}
"""What is said of all indicators together where nothing is known of any."""
UNSTATED = "未说明"
FULL = 100
NOISE = 1e-9


class Clause(NamedTuple):
    """A piece of a sentence and what it is about: ``""``, ``miss`` (not met) or ``doubt`` (not verified)."""

    text: str
    tone: str = ""


def verdict(row: dict[str, Any]) -> str:
    """What is known of an indicator row (see :mod:`perfeval.model.verdicts`)."""
    return verdicts.verdict(str(row["status"]), str(row["basis"]))


def none(what: str) -> str:
    """What a section without data says: ``无。文件没有列出重点工作。``"""
    return f"无。文件没有列出{what}。"


# ---- title


class Place(Protocol):
    """An office with where it is: an evaluation, or its history."""

    @property
    def name(self) -> str: ...  # noqa: D102  # as in Evaluation
    @property
    def district(self) -> str: ...  # noqa: D102
    @property
    def city(self) -> str: ...  # noqa: D102


def full_name(result: Place) -> str:
    """City, district and name of the office, each once."""
    name = labels.one_line(result.name)
    for part in (result.district, result.city):
        if not labels.missing(part) and part not in name:
            name = f"{labels.one_line(part)}{name}"
    return name


def title(result: Evaluation) -> str:
    """The title of the page: office, year and kind of report."""
    return f"{full_name(result)} {result.year}年度{TITLE}"


def rules(title_of_rules: str) -> str:
    """The short name of a rule set: its title without the points in brackets."""
    return labels.one_line(title_of_rules).partition("（")[0]


# ---- the answer


def headline(result: Evaluation) -> str:
    """The answer in two or three sentences."""
    return "".join(clause.text for clause in headline_clauses(result))


def headline_clauses(result: Evaluation) -> tuple[Clause, ...]:
    """The answer in clauses, so that a page can mark what was missed."""
    if result.state in NOTHING_KNOWN:
        what = f"{len(result.indicators)}项指标{NOTHING_KNOWN[result.state]}"
        return Clause(f"{execution_clause(result)}，"), Clause(what, "doubt"), Clause(f"。{score_clause(result)}")
    clauses = [Clause(f"{execution_clause(result)}，{completion_clause(result)}")]
    missed = unmet_clause(result)
    clauses += [Clause("；"), Clause(missed, "miss"), Clause("。")] if missed else [Clause("。")]
    doubt = unverified_clause(result)
    clauses += [Clause(doubt, "doubt"), Clause("。")] if doubt else []
    impossible = [Clause(f"{one.sentence}。", "miss") for one in result.account(OF_FULL)]
    return (*clauses, Clause(score_clause(result)), *impossible)


def execution_clause(result: Evaluation) -> str:
    """Budget execution in a few words."""
    rate = result.execution.rate
    if rate is None:
        return "没有预算数据" if result.execution.items.empty else (result.execution.why or "执行率无法计算")
    if abs(rate - 1) < NOISE:
        return "预算全部执行"
    return f"预算执行率{labels.percent(rate)}{'（超出预算）' if rate > 1 else ''}"


def completion_clause(result: Evaluation) -> str:
    """How many indicators there are and how many are met; how many are printed as met where that is another figure."""
    overall = records(result.completion.overall)[0]
    rows, printed = int(overall["rows"]), int(overall["declared_met"])
    if not rows:
        return "没有列出绩效指标"
    if not any(text not in ("", UNDECIDED) for text in result.indicators["declared_status"]):
        return f"{counted(overall)}（文件未列完成情况）"
    said = "" if printed == overall["met"] + overall["declared"] else f"（文件申报完成{printed}项）"
    return f"{counted(overall)}{said}"


def counted(row: dict[str, Any]) -> str:
    """How many of the indicators of a row of :class:`~perfeval.model.results.Completion` are met.

    全部完成 is only said where data show it; what rests on the office's word is said to.
    """
    rows, met = row["rows"], row["met"]
    if met == rows:
        return f"{rows}项指标全部完成"
    if row["declared"] and met + row["declared"] == rows:
        return f"{rows}项指标均申报完成，{backed(met)}"
    return f"{rows}项指标完成{labels.span(met, row['most'])}"


def backed(count: int) -> str:
    """How many of some rows said to be met are known to be."""
    return f"{f'其中{count}项' if count else '没有一项'}有数据可核"


def breakdown(row: dict[str, Any]) -> str:
    """The counts behind it, without those that are none: ``能判定完成18项、未完成2项、凭申报完成19项（…）``."""
    told = (
        ("met", "能判定完成", ""),
        ("partly", PARTLY, ""),
        ("missed", MISSED, ""),
        ("declared", CLAIMED, "（未附可比数据）"),
        ("undecided", UNDECIDED, ""),
    )
    parts = [f"{word}{labels.count(row[name])}{note}" for name, word, note in told if row[name] or name == "met"]
    return "、".join(parts)


def unmet_clause(result: Evaluation, most: int = 3) -> str:
    """The indicators that were missed or met in part, by name; empty where there are none."""
    parts = []
    for status in (MISSED, PARTLY):
        names = unmet_names(result, status)
        if names:
            parts.append(f"{labels.listing(names, most)}{status}")
    return "，".join(parts)


def unmet_names(result: Evaluation, *statuses: str) -> list[str]:
    """Names of the indicators of these statuses, most points lost first; with the goal where a name stands twice."""
    rows = [row for row in records(result.unmet) if row["status"] in statuses]
    names = [labels.indicator(row["indicator"], row["target_from"]) for row in rows]
    twice = {name for name, times in Counter(names).items() if times > 1}
    return [
        f"{name}（{labels.goal(row['goal_no'])}）" if name in twice else name
        for name, row in zip(names, rows, strict=True)
    ]


def unverified_clause(result: Evaluation) -> str:
    """How many rows rest on the office's word alone, and how many nothing decides; empty where all are known."""
    overall = records(result.completion.overall)[0]
    parts = []
    if overall["declared"]:
        every = overall["declared"] == overall["rows"]
        parts.append(f"{'全部指标' if every else labels.count(overall['declared'])}凭申报完成，没有可比的数据")
    if overall["undecided"]:
        parts.append(f"{labels.count(overall['undecided'])}没有申报结果，无法判定")
    return "，".join(parts)


def score_clause(result: Evaluation) -> str:
    """Declared and recomputed total."""
    printed = result.narrative.declared_score
    declared = "文件没有列出自评总分" if printed is None else f"申报{labels.as_printed(printed)}分"
    if result.state != EVALUATED:
        return f"{declared}；{withheld(result)}"
    left = f"（{result.unfilled}项尚未填报，按不得分计）" if result.unfilled else ""
    return f"{declared}，按{rules(result.ruleset.title)}规则复算{labels.score(result.score)}分{left}。"


def withheld(result: Evaluation) -> str:
    """Why there is no recomputed total, in a sentence; empty where there is one."""
    return "" if result.state == EVALUATED else f"{WHY[result.state]}。"


# ---- the figures to be seen first


def rests_on(result: Evaluation | Peers) -> str:
    """What stands under the title of a page: the rule set and the number by which the page is found."""
    whose = result.district if isinstance(result, Peers) else result.subdistrict
    return f"规则：{labels.one_line(result.ruleset.title)}；编号：{whose}-{result.year}"


def score_note(result: Evaluation, *, strict: bool = False) -> str:
    """What stands beside the recomputed total: the declared one, and the grade or the strict total, or why there is no
    total.

    >>> score_note(result)  # doctest: +SKIP
    '申报98分，复算等级优'
    """
    printed = result.narrative.declared_score
    declared = "未申报总分" if printed is None else f"申报{labels.as_printed(printed)}分"
    rest = f"复算等级{result.grade}" if result.grade else ""
    if strict:
        rest = f"严格口径{labels.points(result.scores[STRICT].total)}分"
    if result.score is None:
        rest = WHY[result.state]
    return "，".join(filter(None, (declared, rest)))


def execution_note(result: Evaluation) -> str:
    """What stands beside the rate of execution: the two amounts, or why there is no rate."""
    spent = result.execution
    if spent.rate is None:
        return spent.why
    return f"{labels.money(spent.executed)} / {labels.money(spent.budget)} 万元"


def met_of_all(result: Evaluation) -> str:
    """How many indicators are met, of how many: ``18—37 / 39``; ``—`` where nothing is known of any."""
    overall = records(result.completion.overall)[0]
    if not overall["rows"] or result.state in NOTHING_KNOWN:
        return labels.NONE
    return f"{labels.span(overall['met'], overall['most'], '')} / {overall['rows']}"


def met_note(result: Evaluation) -> str:
    """What stands beside it: the rate or its bounds, or why there is none."""
    overall = records(result.completion.overall)[0]
    if not overall["rows"]:
        return "没有指标"
    if result.state in NOTHING_KNOWN:
        return f"{overall['rows']}项指标{NOTHING_KNOWN[result.state]}"
    return labels.interval(overall["low"], overall["high"])


# ---- scores


def scores(result: Evaluation) -> tuple[str, ...]:
    """The total and its parts, how the printed total comes about, which rule sets give it, both bases, and what had to
    be assumed."""
    if result.state != EVALUATED:
        notes = (sentence(note) for note in result.notes if note != WHY[result.state])
        return score_clause(result), *accounts(result), *notes
    return (
        score_parts(result),
        *accounts(result),
        reproduction(result),
        bases(result),
        *(f"{note.rstrip('。')}。" for note in result.notes),
    )


def score_parts(result: Evaluation) -> str:
    """The total under the chosen rule set, and its two parts."""
    score = result.scores["declared"]
    grade = f"，复算等级为{score.grade}" if score.grade else "，该规则不评等级"
    possible = "" if abs(score.possible - 100) < 0.005 else f"（满分{labels.score(score.possible)}分）"  # noqa: PLR2004  # as shown
    whole = f"按{labels.one_line(result.ruleset.title)}复算{labels.score(score.total)}分"
    return f"{whole}{possible}{grade}：{split(score)}。"


def split(score: Score) -> str:
    """The parts of a total at two decimals, and what rounding them has lost where they do not add up to it."""
    named = {"预算执行": score.execution, "绩效指标": score.indicators}
    named |= {"其他部分照文件": score.others} if score.others_points else {}
    parts = {name: half_up(Decimal(str(value)), 2) for name, value in named.items()}
    rest = abs(half_up(Decimal(str(score.total)), 2) - sum(parts.values()))
    lost = f"（舍入后相加与总分差{plain(rest)}分）" if rest else ""
    return "，".join(f"{name}{labels.score(value)}分" for name, value in parts.items()) + lost


def accounts(result: Evaluation) -> tuple[str, ...]:
    """How the printed total comes about, or that it does not, or cannot be checked; weights only if they are wrong."""
    told = [one for one in result.accounts if one.what != OF_WEIGHTS or one.state != AGREES]
    return tuple(f"{one.sentence}。" for one in told)


def comparable(result: Evaluation) -> bool:
    """Whether a declared total, out of 100, and the recomputed one are out of the same points, or nearly so."""
    declared = result.narrative.declared_score
    return result.scores[DECLARED].of_one_form or (declared is not None and declared > FULL)


def against_declared(result: Evaluation, recomputed: float, same: bool | None) -> str:
    """How a recomputed total stands to the printed one; another matter than whether the printed one adds up.

    Where the document prints the points of only part of a form, or of several, the two are not out of the same points.
    """
    declared, most = result.narrative.declared_score, result.scores[DECLARED].possible
    if declared is None:
        return "未申报"
    if result.state != EVALUATED:
        return WHY[result.state]
    if not comparable(result):
        return f"所列分值{labels.score(most)}分，不能与申报比较"
    gap = declared - Decimal(str(recomputed))
    if not gap:
        return "与申报相同"
    if same:
        return "四舍五入后与申报相同"
    return f"申报{'高' if gap > 0 else '低'}{labels.score(abs(gap))}分"


def reproduction(result: Evaluation) -> str:
    """Which rule sets give the printed total once rounded to its decimals."""
    printed = result.narrative.declared_score
    if printed is None:
        return "文件没有列出自评总分，无从比较。"
    if result.state != EVALUATED:
        return f"文件申报{labels.as_printed(printed)}分，{withheld(result)}"
    if not comparable(result):
        most = labels.score(result.scores[DECLARED].possible)
        return f"文件申报{labels.as_printed(printed)}分，所列分值{most}分，复算的总分不能与之比较。"
    rows = records(result.alternatives)
    same = [f"{rules(row['title'])}（{labels.points(row['declared'])}）" for row in rows if row["reproduces"]]
    other = [f"{rules(row['title'])}（{labels.points(row['declared'])}）" for row in rows if not row["reproduces"]]
    shown = f"文件申报{labels.as_printed(printed)}分。"
    if not same:
        return f"{shown}所列规则都不能得出这一分数：{'、'.join(other)}。"
    if not other:
        return f"{shown}所列规则四舍五入后都得这一分数：{'、'.join(same)}，因此申报分数不能说明用的是哪种规则。"
    return f"{shown}四舍五入后得这一分数的规则：{'、'.join(same)}；得不到的：{'、'.join(other)}。"


def ruleset_range(result: Evaluation) -> str:
    """Between which totals the rule sets lie; empty where there is no total."""
    totals = result.alternatives["declared"].dropna()
    if totals.empty:
        return ""
    low, high = totals.min(), totals.max()
    if high - low < NOISE:
        return f"{labels.several(len(totals), '套')}规则复算的总分都是{labels.points(low)}分。"
    return (
        f"{labels.several(len(totals), '套')}规则复算的总分在{labels.points(low)}至{labels.points(high)}分之间，"
        f"相差{labels.points(high - low)}分。"
    )


def bases(result: Evaluation) -> str:
    """The total on both bases, how many rows rest on the printed status alone, and how many on words for a figure."""
    if result.state != EVALUATED:
        return withheld(result)
    worded = len(worded_rows(result))
    resting = int(result.indicators["basis"].eq(WORD).sum()) - worded
    if not resting and not worded:
        return "没有指标仅凭申报计分，申报口径与严格口径的总分相同。"
    told = [f"{resting}项由目标值和实际值不足以判定，按申报的完成情况计分"] if resting else []
    told += [f"{worded}项的目标要有数或时间，实际只写文字，按文字计分"] if worded else []
    return (
        f"{len(result.indicators)}项指标中有{'；有'.join(told)}（申报口径）；"
        f"这些指标不计分时（严格口径）为{labels.score(result.scores[STRICT].total)}分。"
    )


def worded_rows(result: Evaluation) -> pd.DataFrame:
    """The rows judged by words where a number or a date was wanted: they earn nothing on the strict basis."""
    rows = result.indicators
    return rows[rows["computed_status"].ne(UNDECIDED) & rows["basis"].eq(WORD)]


# ---- execution


def execution(result: Evaluation) -> tuple[str, ...]:
    """Budget, outturn and rate of the whole unit and of each item, then the sums that do not hold."""
    found = result.execution
    if found.items.empty:
        return (none("预算执行数据"),)
    whole = (
        f"{result.year}年度部门整体支出{found.denominator}{labels.money(found.budget)}万元，"
        f"全年执行数{labels.money(found.executed)}万元，执行率{labels.percent(found.rate)}。"
    )
    first = whole if found.rate is not None else f"{found.why.rstrip('。') or '执行率无法计算'}。"
    items = [row for row in records(found.items) if row["role"] != "total"]
    return (first, *(execution_item(row) for row in items), identities(result))


def execution_item(row: dict[str, Any]) -> str:
    """One budget item in a sentence."""
    name, budget = labels.one_line(row["item"]), _amount(_first(row["adjusted"], row["opening"]))
    executed = _amount(row["executed"])
    if labels.missing(row["rate"]):
        return f"{name}：执行率无法计算（预算数{budget}，执行数{executed}）。"
    return f"{name}：{row['denominator']}{budget}，执行{executed}，执行率{labels.percent(row['rate'])}。"


def _first(*values: Any) -> Any:
    return next((value for value in values if not labels.missing(value)), None)


def _amount(value: Any) -> str:
    return "未列" if labels.missing(value) else f"{labels.money(value)}万元"


def identities(result: Evaluation) -> str:
    """Whether the sums agree to the cent."""
    rows = records(result.execution.identities)
    if not rows:
        return "表内没有可以核对的合计关系。"
    wrong = [row for row in rows if not row["holds"]]
    if not wrong:
        return f"表内合计关系核对{labels.several(len(rows))}，到分相符。"
    told = [
        f"{row['identity']}相差{labels.money(row['difference'])}万元（{labels.money(row['left'])}与{labels.money(row['right'])}）"
        for row in wrong
    ]
    return f"表内合计关系有{labels.several(len(wrong))}不符：{'；'.join(told)}。"


def sentence(value: Any) -> str:
    """Text from the document as a sentence; 未说明 where there is none."""
    return f"{UNSTATED}。" if labels.missing(value) else f"{labels.one_line(value).rstrip('。；;')}。"
