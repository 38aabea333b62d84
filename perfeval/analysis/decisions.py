"""What leaders have to decide about a district in one year: from tidy frames to one tidy frame, an action a row.

:func:`~perfeval.analysis.attention.attention` says which office to look at; this says what is to be done, by whom, and
the figure it rests on. The thresholds are the same. Everything comes from the public frames, so that an analyst can
leave rows out or change a threshold and see what becomes of the list.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.attention import MANY_LEAST, MANY_TIMES, UNDECIDED_SHARE
from perfeval.analysis.findings.deviations import OVERSPENT
from perfeval.analysis.findings.money import LOW_RATE
from perfeval.model import asked
from perfeval.model.columns import frame_of
from perfeval.model.districtyears import filled, whole
from perfeval.model.errors import ParameterError
from perfeval.model.peers import NO_DATA
from perfeval.model.rounding import money, percent, plain, points
from perfeval.model.schema import MISSED, PARTLY
from perfeval.model.verdicts import EVALUATED, PARTLY_FILLED

HAND_IN, COMPLETE, VERIFY, OVER = "催报", "退回补正", "核实", "核对执行数"
AGAIN, UNSPENT, RESCORE, EVIDENCE, SHARED, IMPROVE = (
    "连年未完成", "说明未支出", "重算自评分", "补充依据", "全区研究", "督促整改",
)  # fmt: skip
DECISIONS = {
    HAND_IN: "没有自评材料的街道，定报送期限",
    COMPLETE: "材料不能评价或没有填报完的街道，退回补正",
    VERIFY: "有须核实之处的街道，书面核实后再用其得分",
    OVER: "执行数超过预算数的，核对执行数和调整手续",
    AGAIN: "连续两年以上未完成的，研究是加大投入、调整目标，还是调减下年预算",
    UNSPENT: "执行率低于90%的，说明原因，作为下年安排的依据",
    RESCORE: "自评得分不在任何一套规则复算范围之内的，按规则重算",
    EVIDENCE: "两成以上指标须补证据的，补台账和可比的数据",
    SHARED: "几个街道都没有完成的指标，由区里研究共同原因",
    IMPROVE: "未完成的指标达到三项、又不少于各街道中位数两倍的，督促整改",
}
"""The decisions in their order, and what each asks for."""
_WEAK = "中发〔2018〕34号：绩效一般的督促改进，低效无效的削减或取消"
_RECOMPUTED = "财预〔2020〕10号：自评将实际完成值与年初目标值比较，总分为各项得分之和"
SOURCES = {
    HAND_IN: _RECOMPUTED,
    COMPLETE: _RECOMPUTED,
    VERIFY: "参照抽查复核规则（郫都区2026年第1、13条）：没有依据的不计分，报告数据须与底稿一致",
    OVER: "预算法：支出须以批准的预算为依据",
    AGAIN: _WEAK,
    UNSPENT: "四川自评表填报说明：执行率低于90%须说明原因；中发〔2018〕34号：长期沉淀的资金收回统筹",
    RESCORE: _RECOMPUTED,
    EVIDENCE: "参照抽查复核规则（郫都区2026年第1条）：没有依据的不计分",
    SHARED: "中发〔2018〕34号：绩效一般的督促改进",
    IMPROVE: _WEAK,
}
"""The rule that each follows from, with its source."""
TOGETHER = 3
"""Offices that must have missed an indicator before its cause is looked for in common."""
POINT = 0.01
"""Points: a declared total this near the recomputed range may be in it by rounding."""
COLUMNS = ("decision", "asks", "subdistrict", "name", "figure", "why", "source")

Item = tuple[str, float, str, str, str, str]
"""decision, place inside it (lower first), subdistrict, name, figure, why."""


@asked.takes(
    scores=["state", "subdistrict", "name", "execution_rate", "budget", "executed", "declared_score", "score_low",
            "score_high", "declared", "undecided", "rows", "partly", "missed"],
    findings=["severity", "subdistrict", "name", "title"],
    rows=["status", "common", "subdistrict", "name", "indicator", "lost"],
)  # fmt: skip
def decisions(
    scores: pd.DataFrame,
    findings: pd.DataFrame,
    rows: pd.DataFrame,
    register: pd.DataFrame | None = None,
    repeated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What is to be decided, the most urgent kind first and within a kind the largest figure.

    ``scores``, ``findings`` and ``rows`` are those of one year (``pe.scores``, ``pe.findings``, ``pe.rows``),
    ``register`` is ``pe.register`` of the same offices, without which nobody is missed, ``repeated`` the year's
    ``pe.repeated_failures``, without which nothing is known to be missed again. ``ParameterError`` for several
    years, and for ``repeated`` of another.

    Columns, all ``str``: decision (:data:`DECISIONS`), asks (what it asks for), subdistrict (id; empty where several
    offices are meant), name (the office, or all that are meant), figure (what it rests on), why, source (of the rule).

    >>> missing = {"subdistrict": ["a"], "name": ["甲街道"], "year": [2024], "on_file": [False],
    ...            "why": ["没有2024年度的数据"]}
    >>> none = pd.DataFrame(columns=["year", "severity", "status"])
    >>> decisions(none, none, none, pd.DataFrame(missing))[["decision", "name", "why"]].to_numpy().tolist()
    [['催报', '甲街道', '没有2024年度的数据']]
    """
    asked.frame(scores, "scores", ("year",))
    if scores["year"].nunique() > 1:
        raise ParameterError(f"scores 须只有一个年度，现有{'、'.join(map(str, sorted(set(scores['year']))))}")
    wanted = ("year", "subdistrict", "name", "indicator", "times")
    again = asked.frame(frame_of("repeated_failures") if repeated is None else repeated, "repeated", wanted)
    if other := sorted(set(again["year"]) - set(scores["year"])):
        raise ParameterError(f"repeated 须与 scores 同一年度，现有{'、'.join(map(str, other))}")
    items = list(_missing(register)) if register is not None else []
    items += [*_severe(findings), *_again(again)]
    if len(scores):
        rated = scores[scores["state"].eq(EVALUATED)]
        rated = rated.assign(declared_score=rated["declared_score"].where(whole(rated)))  # else out of other points
        items += _unrated(scores[~scores["state"].eq(EVALUATED)])
        items += _unfilled(rated[~filled(rated)])
        items += [item for row in rated.to_dict("records") for item in _of_money(row)]
        items += [item for row in rated[filled(rated)].to_dict("records") for item in _of_office(row)]
        items += _many(rated[filled(rated)])
    items += _shared(rows)
    order = list(DECISIONS)
    items.sort(key=lambda item: (order.index(item[0]), item[1], item[2], item[3]))
    found = [(kind, DECISIONS[kind], *rest, SOURCES[kind]) for kind, _, *rest in items]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="str")


def _missing(register: pd.DataFrame) -> Iterator[Item]:
    for row in register[~register["on_file"].astype(bool)].to_dict("records"):
        nothing = row["why"] == NO_DATA.format(row["year"])
        kind, figure = (HAND_IN, "没有材料") if nothing else (COMPLETE, "数据有错误")
        yield kind, 0, row["subdistrict"], row["name"], figure, row["why"]


def _unrated(scores: pd.DataFrame) -> Iterator[Item]:
    for row in scores.to_dict("records"):
        yield COMPLETE, 0, row["subdistrict"], row["name"], "没有得分", row["state"]


def _unfilled(scores: pd.DataFrame) -> Iterator[Item]:
    for row in scores.to_dict("records"):
        left = f"{int(row['rows'])}项中{int(row['unfilled'])}项没有填报"
        yield COMPLETE, 1, row["subdistrict"], row["name"], left, PARTLY_FILLED


def _severe(findings: pd.DataFrame) -> Iterator[Item]:
    severe = findings[findings["severity"].eq("P0")]
    for (subdistrict, name), group in severe.groupby(["subdistrict", "name"], sort=True) if len(severe) else ():
        titles = "、".join(dict.fromkeys(group["title"]))
        yield VERIFY, -len(group), str(subdistrict), str(name), f"{len(group)}处须核实", titles


def _again(repeated: pd.DataFrame) -> Iterator[Item]:
    """An office's failures of at least two years together: more money, another target or less is one decision."""
    for (subdistrict, name), group in repeated.groupby(["subdistrict", "name"], sort=True) if len(repeated) else ():
        told = "、".join(f"{row['indicator']}已{row['times']}年" for row in group.to_dict("records"))
        yield AGAIN, -len(group), str(subdistrict), str(name), f"{len(group)}项连年未完成", told


def _of_money(row: dict[Any, Any]) -> Iterator[Item]:
    """What follows from what an office spent; nothing from a rate that is missing."""
    who = (row["subdistrict"], row["name"])
    rate, left = row["execution_rate"], row["budget"] - row["executed"]
    if rate > OVERSPENT:
        yield OVER, left, *who, f"超出{money(round(-left, 8))}万元", f"执行率{_percent(rate)}"
    elif rate < LOW_RATE:
        yield UNSPENT, -left, *who, f"未支出{money(left)}万元", f"执行率{_percent(rate)}"


def _of_office(row: dict[Any, Any]) -> Iterator[Item]:
    """What follows from an office's own score and indicators; nothing from a figure that is missing."""
    who = (row["subdistrict"], row["name"])
    own, low, high = row["declared_score"], row["score_low"], row["score_high"]
    away = max(low - own, own - high)
    if away > POINT + 1e-9:
        between = (
            f"各规则、口径复算{_points(low)}—{_points(high)}分" if high > low else f"各规则、口径都复算{_points(low)}分"
        )
        yield RESCORE, -away, *who, f"自评{_points(own)}分", between
    open_ = int(row["declared"] + row["undecided"])
    share = open_ / row["rows"] if row["rows"] else 0.0
    if share >= UNDECIDED_SHARE:
        parts = f"凭申报完成{int(row['declared'])}项，无法判定{int(row['undecided'])}项"
        yield EVIDENCE, -share, *who, f"{int(row['rows'])}项中{open_}项须补证据", parts


def _many(rated: pd.DataFrame) -> Iterator[Item]:
    unmet = rated["partly"] + rated["missed"]
    median = unmet.median()
    for row, count in zip(rated.to_dict("records"), unmet, strict=True):
        if count >= max(MANY_LEAST, MANY_TIMES * median):
            yield (
                IMPROVE,
                -count,
                row["subdistrict"],
                row["name"],
                f"{count}项未完成或部分完成",
                f"各街道的中位数是{median:g}项",
            )


def _shared(rows: pd.DataFrame) -> Iterator[Item]:
    missed = rows[rows["status"].isin([PARTLY, MISSED])]
    missed = missed[missed["common"].ne("")] if len(missed) else missed  # what it is, nobody can tell
    for _, group in missed.groupby("common", sort=True) if len(missed) else ():
        names = group.drop_duplicates("subdistrict")["name"]
        if len(names) >= TOGETHER:
            indicator = group["indicator"].iloc[0]
            yield SHARED, -len(names), "", "、".join(names), f"{indicator}：{len(names)}个街道", _lost(group["lost"])


def _lost(lost: pd.Series) -> str:
    """The points that rows lost, and of how many of them that is known."""
    known = lost.dropna()
    of = "" if len(known) == len(lost) else f"（{len(lost)}行中{len(known)}行有得分）"
    return f"共失{_points(known.sum())}分{of}" if len(known) else "失分未知"


def _points(value: float) -> str:
    return plain(Decimal(points(value)))


def _percent(share: float) -> str:
    return percent(Decimal(str(share)))
