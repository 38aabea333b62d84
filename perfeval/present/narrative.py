"""Every sentence of the reports, from an :class:`Evaluation` to plain Chinese text.

The single source for the page, the Word report and the mail: no HTML here (with outcomes.py and sections.py beside it).
Sentences are short and neutral; they state the facts and the name of the rule, and say so where there are none.
"""

from collections import Counter
from typing import Any, NamedTuple, Protocol

import pandas as pd

from perfeval.model.results import STRICT, Evaluation
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.present import labels

TITLE = "部门整体绩效自评报告"
SYNTHETIC = "示例数据：由程序虚构，不反映任何真实单位"
"""Stands on every page made from invented data."""
DECLARED_ONLY = "仅凭申报"
"""How a row is shown whose printed status is 完成 while target and actual decide nothing."""

VERDICTS = (MET, PARTLY, MISSED, DECLARED_ONLY, UNDECIDED)
MEANING = {
    MET: MET,
    PARTLY: PARTLY,
    MISSED: MISSED,
    DECLARED_ONLY: "申报为完成，依数据无法判定",
    UNDECIDED: "没有申报结果，无法判定",
}
UNSTATED = "未说明"
NOISE = 1e-9


class Clause(NamedTuple):
    """A piece of a sentence and what it is about: ``""``, ``miss`` (not met) or ``doubt`` (not verified)."""

    text: str
    tone: str = ""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries keyed by column name."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.to_numpy(dtype=object)]  # much faster than to_dict


def verdict(row: dict[str, Any]) -> str:
    """How an indicator row is shown: its status, or 仅凭申报 where it is printed as met and nothing supports it."""
    doubtful = row["status"] == MET and row["computed_status"] == UNDECIDED
    return DECLARED_ONLY if doubtful else str(row["status"])


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
    clauses = [Clause(f"{execution_clause(result)}，{completion_clause(result)}")]
    missed = unmet_clause(result)
    clauses += [Clause("；"), Clause(missed, "miss"), Clause("。")] if missed else [Clause("。")]
    doubt = unverified_clause(result)
    clauses += [Clause(doubt, "doubt"), Clause("。")] if doubt else []
    return (*clauses, Clause(score_clause(result)))


def execution_clause(result: Evaluation) -> str:
    """Budget execution in a few words."""
    rate = result.execution.rate
    if rate is None:
        return "没有预算数据" if result.execution.items.empty else (result.execution.why or "执行率无法计算")
    if abs(rate - 1) < NOISE:
        return "预算全部执行"
    return f"预算执行率{labels.percent(rate)}{'（超出预算）' if rate > 1 else ''}"


def completion_clause(result: Evaluation) -> str:
    """How many indicators there are and how many are met, as printed and as computed where the two differ."""
    overall = records(result.completion.overall)[0]
    rows, printed, met = int(overall["rows"]), int(overall["declared_met"]), int(overall["met"])
    if not rows:
        return "没有列出绩效指标"
    if not any(text not in ("", UNDECIDED) for text in result.indicators["declared_status"]):
        return f"{rows}项指标（未列完成情况）按数据完成{met}项"
    if printed == met:
        return f"{rows}项指标全部申报完成" if printed == rows else f"{rows}项指标申报完成{printed}项"
    return f"{rows}项指标申报完成{printed}项，按数据完成{met}项"


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
    """How many rows rest on the printed status alone, and how many cannot be judged at all; empty where none do."""
    bases = Counter(result.unverified["basis"])
    parts = []
    if bases["declared"]:
        every = bases["declared"] == len(result.indicators)
        parts.append(f"{'全部指标' if every else labels.count(bases['declared'])}仅凭申报，数据不足以判定")
    if bases["none"]:
        parts.append(f"{labels.count(bases['none'])}没有申报结果，无法判定")
    return "，".join(parts)


def score_clause(result: Evaluation) -> str:
    """Declared and recomputed total."""
    printed = result.narrative.declared_score
    declared = "文件没有列出自评总分" if printed is None else f"申报{labels.as_printed(printed)}分"
    if not result.recomputable:
        return f"{declared}；没有绩效指标，不能复算总分。"
    return f"{declared}，按{rules(result.ruleset.title)}规则复算{labels.score(result.score)}分。"


# ---- scores


def scores(result: Evaluation) -> tuple[str, ...]:
    """The total and its parts, which rule sets give the printed total, both bases, and what had to be assumed."""
    return (
        score_parts(result),
        reproduction(result),
        bases(result),
        *(f"{note.rstrip('。')}。" for note in result.notes),
    )


def score_parts(result: Evaluation) -> str:
    """The total under the chosen rule set, and its two parts."""
    score = result.scores["declared"]
    grade = f"，等级为{score.grade}" if score.grade else "，该规则不评等级"
    possible = "" if abs(score.possible - 100) < 0.005 else f"（满分{labels.score(score.possible)}分）"  # noqa: PLR2004  # as shown
    parts = f"预算执行{labels.score(score.execution)}分，绩效指标{labels.score(score.indicators)}分"
    if score.others_points:
        parts += f"，其他部分照文件{labels.score(score.others)}分"
    return f"按{labels.one_line(result.ruleset.title)}复算{labels.score(score.total)}分{possible}{grade}：{parts}。"


def reproduction(result: Evaluation) -> str:
    """Which rule sets give the printed total once rounded to its decimals."""
    printed = result.narrative.declared_score
    if printed is None:
        return "文件没有列出自评总分，无从比较。"
    rows = records(result.alternatives)
    same = [f"{rules(row['title'])}（{labels.points(row['declared'])}）" for row in rows if row["reproduces"]]
    other = [f"{rules(row['title'])}（{labels.points(row['declared'])}）" for row in rows if not row["reproduces"]]
    shown = f"文件申报{labels.as_printed(printed)}分。"
    if not same:
        return f"{shown}所列规则都不能得出这一分数：{'、'.join(other)}。"
    if not other:
        return f"{shown}所列规则四舍五入后都得这一分数：{'、'.join(same)}，因此申报分数不能说明用的是哪种规则。"
    return f"{shown}四舍五入后得这一分数的规则：{'、'.join(same)}；得不到的：{'、'.join(other)}。"


def bases(result: Evaluation) -> str:
    """The total on both bases, and how many rows rest on the printed status alone."""
    resting = Counter(result.unverified["basis"])["declared"]
    if result.indicators.empty:
        return "没有绩效指标，两种口径没有区别。"
    if not resting:
        return "没有指标仅凭申报计分，申报口径与严格口径的总分相同。"
    return (
        f"{len(result.indicators)}项指标中有{resting}项由目标值和实际值不足以判定，按申报的完成情况计分（申报口径）；"
        f"这些指标不计分时（严格口径）为{labels.score(result.scores[STRICT].total)}分。"
    )


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
