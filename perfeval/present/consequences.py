"""What a district's offices have to answer for, in sentences: what page, index and mail say alike.

Rows are those of ``pe.consequences`` and ``pe.repeated_failures``, as records or as the JSON of ``result.json``.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from perfeval.model.tally import GRAVE, UNPROVEN
from perfeval.model.verdicts import PARTLY_FILLED, WHY
from perfeval.present import labels

Row = Mapping[str, Any]
FEW = 4
"""Offices named in a sentence, and indicators named in a line; the tables have them all."""
AGAIN, MONEY, SUMS, UNMET, HYGIENE = "连年未完成", "预算执行", "合计不符", "未完成", "数据"
LINES = (AGAIN, MONEY, SUMS, UNMET, HYGIENE)
"""What a card says of an office, the gravest first."""


def office(name: Any) -> str:
    """An office as sentences call it: 办事处 says nothing where every one is one.

    >>> office("示例街道办事处"), office("办事处")
    ('示例街道', '办事处')
    """
    shown = labels.one_line(name)
    return shown.removesuffix("办事处") or shown


def summary(rows: Sequence[Row], listed: int) -> tuple[str, ...]:
    """The verdict on a district: who failed again, who left money without a word, whose totals are wrong; the scores as
    median and range over the offices that have one, n of ``listed``; the lowest and the most missed by name.
    """
    ordered = [row for row in rows if not labels.missing(row["order"])]
    if not ordered:
        return (f"{labels.several(listed, '个')}街道都没有可以评价的结果。",)
    compared = [row for row in ordered if not labels.missing(row["repeated"])]
    again = [row for row in compared if row["repeated"]]
    told = [
        _who(again, "有指标连续两年以上未完成"),
        _who([row for row in ordered if row["unexplained"]], "执行率低于90%而没有说明原因"),
        _who([row for row in ordered if row["sums"]], "合计不符"),
    ]
    facts = "；".join(filter(None, told))
    rated = [row for row in ordered if not labels.missing(row["execution_rate"])]
    absent = [*(["连年未完成"] * bool(compared)), *(["执行率偏低不说明原因"] * bool(rated)), "合计不符"]
    last = "和".join(("、".join(absent[:-1]), absent[-1])) if len(absent) > 1 else absent[-1]
    first = f"{facts}。" if facts else f"没有查明{last}的街道。"
    unknown = (
        (len(ordered) - len(compared), "没有上年可比的数据，不知是否连年未完成"),
        (len(ordered) - len(rated), "没有可以计算的执行率"),
    )
    seen = [f"{labels.several(count, '个')}街道{what}。" for count, what in unknown if count]
    return tuple(filter(None, (first, *seen, scores(ordered, listed), _worst(ordered))))


def _who(rows: Sequence[Row], what: str) -> str:
    """``两个街道（甲、乙）…``; empty where there is none."""
    if not rows:
        return ""
    names = "、".join(office(row["name"]) for row in rows[:FEW])
    return f"{labels.several(len(rows), '个')}街道（{names}{'等' if len(rows) > FEW else ''}）{what}"


def scores(rows: Sequence[Row], listed: int) -> str:
    """The scores as their median and range, and of how many offices of how many: a district has no score of its own."""
    held = [float(row["score"]) for row in rows if not labels.missing(row["score"])]
    if len(held) <= 1:
        return f"1/{listed}个街道有得分：{labels.score(held[0])}分。" if held else ""
    ends = f"从{labels.score(min(held))}分到{labels.score(max(held))}分"
    return f"{len(held)}/{listed}个街道的得分中位数{labels.score(median(held))}分，{ends}。"


def _worst(rows: Sequence[Row]) -> str:
    """Who has the lowest score, where that is certain, and who missed the most, by name: it may be one whose form is
    flawless."""
    if len(rows) == 1:
        return ""
    last = [office(row["name"]) for row in rows if row["lowest"]]
    most = max(int(row["unmet"]) for row in rows)
    many = [office(row["name"]) for row in rows if int(row["unmet"]) == most]
    each = "各" if len(many) > 1 else ""
    told = [f"得分最低的是{name}" for name in last]
    told += (
        [f"未完成和部分完成最多的是{labels.listing(many, FEW, '个')}（{each}{most}项）"]
        if most and len(many) < len(rows)
        else []
    )
    return f"{'，'.join(told)}。" if told else ""


def lines(row: Row, repeated: Iterable[Row], missed: Iterable[Row]) -> list[tuple[str, str]]:
    """What one office has to answer for, the gravest first: a heading of :data:`LINES` and a sentence each.

    ``repeated`` are its rows of ``pe.repeated_failures``, ``missed`` those of ``pe.rows`` that it missed this year.
    """
    again = list(repeated)
    known = {(one["row"], one["indicator"]) for one in again}  # what their file is called depends on who tells
    others = [one for one in missed if (one["row"], one["indicator"]) not in known]
    found = {
        AGAIN: _listed([f"{_fact(one)}已{one['times']}年" for one in again], len(again)),
        MONEY: _money(row),
        SUMS: f"{row['sums_told']}。" if row["sums"] else "",
        UNMET: _listed([_fact(one) for one in others], int(row["unmet"]) - len(again), "另有" if again else ""),
        HYGIENE: hygiene(row),
    }
    if labels.missing(row["order"]):
        found[HYGIENE] = f"{WHY[row['state']] or PARTLY_FILLED}。{found[HYGIENE]}"
    return [(heading, said) for heading, said in found.items() if said]


def _listed(facts: Sequence[str], count: int, begin: str = "") -> str:
    if not count:
        return ""
    more = "等" if count > min(len(facts), FEW) else ""
    return f"{begin}{labels.several(count)}：{'；'.join(facts[:FEW])}{more}。" if facts else f"{begin}{count}项。"


def _fact(row: Row) -> str:
    target = "" if labels.missing(row["target"]) else f"，目标{labels.one_line(row['target'])}"
    return f"{labels.one_line(row['indicator'])}（实际{labels.one_line(row['actual'])}{target}）"


def _money(row: Row) -> str:
    """A low execution, and whether a reason is given for it; that there is none to be computed."""
    if labels.missing(row["execution_rate"]):
        return "没有可以计算的执行率。"
    if not (row["low"] or row["unexplained"]):
        return ""
    said = f"执行率{labels.percent(row['execution_rate'])}，未支出{labels.money(row['unspent'])}万元"
    return f"{said}，{'没有说明原因' if row['unexplained'] else '是否说明了原因见其报告'}。"


def hygiene(row: Row) -> str:
    """What is wrong with the form alone, in one line; empty where nothing is. Sums are told above."""
    told = [
        f"{count}{unit}{word}"
        for count, unit, word in (
            (row["p0"], "处", GRAVE),
            (row["unverified"], "项", UNPROVEN),
            (row["p1"], "处", "须改正或说明"),
        )
        if count
    ]
    return f"{'另有' if row['sums'] else ''}{'，'.join(told)}。" if told else ""


def grave(row: Row) -> bool:
    """Whether an office has to answer for more than that something was missed this year."""
    return bool((row["repeated"] if not labels.missing(row["repeated"]) else 0) or row["unexplained"] or row["sums"])


def quiet(row: Row) -> bool:
    """Whether an office has nothing to answer for but, at most, its form: it is judged, and so is its execution."""
    known = not (labels.missing(row["order"]) or labels.missing(row["execution_rate"]))
    return known and not (grave(row) or row["unmet"] or row["low"])


def blameless(rows: Sequence[Row]) -> str:
    """What is said of the offices that are :func:`quiet`: not that all is met where nobody can tell; empty of none."""
    told = []
    for open_ in (False, True):
        names = [office(row["name"]) for row in rows if quiet(row) and bool(row["unverified"]) == open_]
        found = "没有查明未完成的指标（有须补证据的）" if open_ else "没有未完成的指标"
        who = f"{labels.listing(names, len(names), '个')}{'街道' if len(names) > 1 else ''}"
        told += [f"{who}{found}，执行率和合计没有查出问题。"] if names else []
    return "".join(told)


def figures(row: Row) -> str:
    """``得分97.62 · 执行率88.5% · 未完成和部分完成5/33项``"""
    judged = not labels.missing(row["order"])
    unmet = f"未完成和部分完成{row['unmet']}/{row['rows']}项" if judged else f"{row['rows']}项指标"
    return " · ".join((f"得分{labels.score(row['score'])}", f"执行率{labels.percent(row['execution_rate'])}", unmet))
