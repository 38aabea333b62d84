"""Every sentence of the reports, from an :class:`Evaluation` to plain Chinese text.

The single source for the page, the Word report and the mail: no HTML here (with outcomes.py and sections.py beside it).
Sentences are short and neutral; they state the facts and the name of the rule, and say so where there are none.
"""

from collections import Counter
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import pandas as pd

from perfeval.model import fiction, verdicts
from perfeval.model.columns import records
from perfeval.model.peers import Peers
from perfeval.model.results import AGREES, DECLARED, OF_WEIGHTS, STRICT, Evaluation, Score
from perfeval.model.rounding import half_up, plain
from perfeval.model.schema import TOTAL, UNDECIDED
from perfeval.model.verdicts import EVALUATED, PARTLY_FILLED, WHY, WORD
from perfeval.present import labels

TITLE = "部门整体绩效自评报告"
SYNTHETIC = fiction.FICTIONAL
"""Stands on every page made from invented data."""
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


# ---- what was missed


def unmet_names(result: Evaluation, *statuses: str) -> list[str]:
    """Names of the indicators of these statuses, most points lost first; with the goal where a name stands twice."""
    unmet = result.unmet[["status", "indicator", "target_from", "goal_no"]]
    rows = [row for row in records(unmet) if row["status"] in statuses]
    names = [labels.indicator(row["indicator"], row["target_from"]) for row in rows]
    twice = {name for name, times in Counter(names).items() if times > 1}
    return [
        f"{name}（{labels.goal(row['goal_no'])}）" if name in twice else name
        for name, row in zip(names, rows, strict=True)
    ]


def withheld(result: Evaluation) -> str:
    """Why there is no recomputed total, in a sentence; empty where there is one."""
    return "" if result.state == EVALUATED else f"{WHY[result.state]}。"


def rests_on(result: Evaluation | Peers) -> str:
    """What stands under the title of a page: the rule set and the number by which the page is found."""
    whose = result.district if isinstance(result, Peers) else result.subdistrict
    return f"规则：{labels.one_line(result.ruleset.title)}；编号：{whose}-{result.year}"


# ---- scores


def scores(result: Evaluation) -> tuple[str, ...]:
    """The total and its parts, how the printed total comes about, which rule sets give it, both bases, and what had to
    be assumed."""
    if result.state != EVALUATED:
        notes = (sentence(note) for note in result.notes if note != WHY[result.state])
        return _declared(result), *accounts(result), *notes
    return (
        score_parts(result),
        *accounts(result),
        reproduction(result),
        bases(result),
        *assumptions(result),
    )


def assumptions(result: Evaluation) -> tuple[str, ...]:
    """What the scoring had to assume, in sentences."""
    return tuple(f"{note.rstrip('。')}。" for note in result.notes)


def _declared(result: Evaluation) -> str:
    printed = result.narrative.declared_score
    own = "文件没有列出自评总分" if printed is None else f"自评{labels.as_printed(printed)}分"
    return f"{own}；{withheld(result)}"


def score_parts(result: Evaluation) -> str:
    """The total under the chosen rule set, and its two parts."""
    score = result.scores["declared"]
    grade = f"，复算等级为{score.grade}" if score.grade else "，不评等级"
    possible = f"（{out_of(result)}）" if out_of(result) else ""
    whole = f"按{labels.one_line(result.ruleset.title)}复算{labels.score(score.total)}分"
    return f"{whole}{possible}{grade}：{split(score)}。"


def out_of(result: Evaluation) -> str:
    """``满分80分`` where the total is not of 100, ``尚未填报完`` where rows wait to be filled in, else empty.

    Wherever a total is told alone this is too.
    """
    score = result.scores[DECLARED]
    if result.score is None:
        return ""
    whole = "" if round(score.possible, 2) == FULL else f"满分{labels.score(score.possible)}分"
    return "，".join(filter(None, (whole, PARTLY_FILLED if score.awaited else "")))


def no_comparison(result: Evaluation, possible: float) -> str:
    """Why a total out of so many points is not compared with the declared one; of those that are not ``comparable``."""
    score = result.scores[DECLARED]
    of = f"{'满分' if score.unscored else '所列分值'}{labels.score(possible)}分"
    return PARTLY_FILLED if score.awaited else of


def split(score: Score) -> str:
    """The parts of a total at two decimals, and what rounding them has lost where they do not add up to it."""
    named = {"绩效指标": score.indicators}
    if not score.unscored:
        named = {"预算执行": score.execution, **named}  # else neither earned nor lost
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
    score = result.scores[DECLARED]
    return score.of_one_form or (declared is not None and declared > FULL and not score.awaited)


def against_declared(result: Evaluation, recomputed: float, possible: float, same: bool | None) -> str:
    """How a total recomputed out of so many points stands to the printed one; another matter than whether that adds up.

    Where the document prints the points of only part of a form, or of several, the two are not out of the same points.
    """
    declared = result.narrative.declared_score
    if declared is None:
        return "未申报"
    if result.state != EVALUATED:
        return WHY[result.state]
    if not comparable(result):
        return f"{no_comparison(result, possible)}，不能与自评比较"
    gap = declared - Decimal(str(recomputed))
    if not gap:
        return "与自评相同"
    if same:
        return "四舍五入后与自评相同"
    return f"自评{'高' if gap > 0 else '低'}{labels.score(abs(gap))}分"


def reproduction(result: Evaluation) -> str:
    """Which rule sets give the printed total once rounded to its decimals."""
    printed = result.narrative.declared_score
    if printed is None:
        return "文件没有列出自评总分，无从比较。"
    if result.state != EVALUATED:
        return f"文件自评{labels.as_printed(printed)}分，{withheld(result)}"
    if not comparable(result):
        why = no_comparison(result, result.scores[DECLARED].possible)
        return f"文件自评{labels.as_printed(printed)}分，{why}，复算的总分不能与之比较。"
    return f"文件自评{labels.as_printed(printed)}分。{_given(result)}"


def _given(result: Evaluation) -> str:
    """Which rule sets give the printed total, which may if undecided rows earned some points, and which do not."""
    found: dict[bool | None, list[str]] = {True: [], None: [], False: []}
    for row in records(result.alternatives):
        given = None if labels.missing(row["reproduces"]) else bool(row["reproduces"])
        found[given].append(f"{rules(row['title'])}（{labels.points(row['declared'])}）")
    same, open_, other = ("、".join(names) for names in found.values())
    if not same and not open_:
        return f"所列规则都不能得出这一分数：{other}。"
    if same and not open_ and not other:
        return f"所列规则四舍五入后都得这一分数：{same}，因此自评得分不能说明用的是哪种规则。"
    told = {
        "四舍五入后得这一分数的规则": same,
        "无法判定的指标若得分，可能得这一分数的": open_,
        "得不到的": other,
    }
    return f"{'；'.join(f'{what}：{names}' for what, names in told.items() if names)}。"


def by_possible(alternatives: pd.DataFrame) -> str:
    """Totals of rule sets that are not out of the same points, each beside what it is of.

    ``满分80分的得68.00分，满分90分的得76.50分，满分不同，不能相互比较``
    """
    told, given = [], alternatives.dropna(subset="declared")
    for possible, totals in given.groupby(given["possible"].round(2))["declared"]:
        low, high = labels.points(totals.min()), labels.points(totals.max())
        told.append(f"满分{labels.score(possible)}分的得{low if low == high else f'{low}至{high}'}分")
    return f"{'，'.join(told)}，满分不同，不能相互比较"


def ruleset_range(result: Evaluation) -> str:
    """Between which totals the rule sets lie; empty where there is no total."""
    totals = result.alternatives["declared"].dropna()
    if totals.empty:
        return ""
    if len(result.same_points) < len(totals):
        return f"{labels.several(len(totals), '套')}规则复算的总分：{by_possible(result.alternatives)}。"
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
    alone = found.alone
    whole = (
        f"{result.year}年度{alone or TOTAL}{found.denominator}{labels.money(found.budget)}万元，"
        f"全年执行数{labels.money(found.executed)}万元，执行率{labels.percent(found.rate)}。"
        f"{f'文件只列出{alone}，没有列出{TOTAL}。' * bool(alone)}"
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
        f"{row['identity']}相差{labels.money(abs(row['difference']))}万元（{labels.money(row['left'])}与{labels.money(row['right'])}）"
        for row in wrong
    ]
    return f"表内合计关系有{labels.several(len(wrong))}不符：{'；'.join(told)}。"


def sentence(value: Any) -> str:
    """Text from the document as a sentence; 未说明 where there is none."""
    return f"{UNSTATED}。" if labels.missing(value) else f"{labels.one_line(value).rstrip('。；;')}。"
