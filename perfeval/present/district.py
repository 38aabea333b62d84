"""A district in one year in sentences: what page, mail and ``result.json`` say alike, of a :class:`Peers` or frames.

Frames of offices have one row each and the columns of ``pe.scores``, with band, rank_low and rank_high of
:attr:`~perfeval.model.peers.Peers.offices` where an order is told. An order is told only as far as it holds.
"""

from typing import Any

import pandas as pd

from perfeval.model import rounding
from perfeval.model.columns import records
from perfeval.model.districtyears import DistrictYears
from perfeval.model.peers import NO_DATA, NO_ROWS, NOT_CERTAIN, NOT_LOADED, WITHIN, Peers
from perfeval.present import labels, narrative

TITLE = "全区绩效自评总览"
NUMERALS = "〇一二三四五六七八九"
LARGEST = 3
"""Offices with the most unspent money that are named."""
NAMED = 6
"""Items of a decision that its line names; the tables of its subject have them all."""
DECIMALS = 12
"""To which ratios are cut: 0.99 ÷ 1.1 is 0.9, not a little less."""
FEW = 4
"""Offices named in a sentence at most where a table has them all."""


def full_name(held: Peers | DistrictYears) -> str:
    """City and district."""
    city = labels.one_line(held.city) if not labels.missing(held.city) else ""
    return held.district if city in held.district else f"{city}{held.district}"


# ---- the answer


def headline(peers: Peers) -> tuple[str, ...]:
    """The answer in sentences, and the offices that are in none of its figures."""
    return *answer(peers), *absent(peers), *unevaluated(peers)


def answer(peers: Peers) -> tuple[str, ...]:
    """Money, which alone adds up; how many indicators were met; the scores as median and range; who needs attention."""
    count, money = len(peers.evaluations), peers.pooled
    said = [f"{labels.several(count, '个')}街道"]
    if money.rate is not None:
        of = f"其中{labels.several(len(money.offices), '个')}" if len(money.offices) < count else ""
        said.append(f"{of}合计预算执行率{labels.percent(money.rate)}")
    met, most, rows = (int(peers.offices[name].sum()) for name in ("met", "most", "rows"))
    span = f"{labels.span(met, most)}（{labels.interval(peers.completion_low, peers.completion_high)}）"
    said.append(f"{rows}项指标合计完成{span}" if rows else "没有列出绩效指标")
    sentences = ["，".join(said) + "。"]
    spread = _quartile(peers, "score")
    if spread:
        sentences.append(
            f"复算得分中位数{labels.score(spread['median'])}分，"
            f"从{labels.score(spread['low'])}分到{labels.score(spread['high'])}分{told_apart(peers)}。"
        )
    offices = sorted(set(peers.attention["subdistrict"]))
    sentences.append(
        f"{labels.several(len(offices), '个')}街道有{len(peers.attention)}件事需要先看。"
        if offices
        else "没有发现需要先看的事项。"
    )
    return tuple(sentences)


def told_apart(peers: Peers) -> str:
    """How many bands the scores make, as the end of a sentence on scores; nothing for a single office."""
    count = int(peers.offices["band"].max()) if len(peers.offices) > 1 else 0
    if not count:
        return ""
    return "，分不出先后" if count == 1 else f"，能分出先后的有{labels.several(count, '档')}"


def band(number: int) -> str:
    """``第一档``, ``第十二档``."""
    tens, ones = divmod(int(number), 10)
    if tens > len(NUMERALS) - 1:
        return f"第{number}档"
    told = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return f"第{told}{NUMERALS[ones] if ones else ''}档"


def ranks(offices: pd.DataFrame) -> list[str]:
    """The ranks each office can have, or the one it has under every rule set and basis; of rank_low and rank_high.

    >>> ranks(pd.DataFrame({"rank_low": [1, 3], "rank_high": [1, 7]}))
    ['1', '3—7']
    """
    return [labels.span(low, high, "") for low, high in zip(offices["rank_low"], offices["rank_high"], strict=True)]


def rate(part: float, whole: float) -> str:
    """A sum as a share of another, ``—`` where that is nothing.

    >>> rate(95.0, 100.0), rate(0.0, 0.0)
    ('95%', '—')
    """
    return labels.percent(part / whole if whole else None)


def bounds(least: int, most: int, whole: int) -> str:
    """A share that lies between two, ``—`` of nothing.

    >>> bounds(18, 37, 39), bounds(4, 4, 5), bounds(0, 0, 0)
    ('46.2%—94.9%', '80%', '—')
    """
    return labels.interval(least / whole, most / whole) if whole else labels.NONE


def extent(points: pd.Series) -> str:
    """From the lowest to the highest of some totals.

    >>> extent(pd.Series([98.5, 80.0])), extent(pd.Series(dtype="float64"))
    ('最低80分，最高98.5分', '没有得分')
    """
    known = points.dropna()
    return f"最低{labels.score(known.min())}分，最高{labels.score(known.max())}分" if len(known) else "没有得分"


def spread(low: pd.Series, high: pd.Series) -> str:
    """From the lowest to the highest of some completion rates, each between its ends.

    >>> spread(pd.Series([0.5, 0.8]), pd.Series([0.6, 1.0]))
    '最低50%—60%，最高80%—100%'
    """
    held = pd.DataFrame({"low": low, "high": high}).dropna()
    if held.empty:
        return "没有完成率"
    first, last = held.sort_values(["low", "high"]).iloc[0], held.sort_values(["high", "low"]).iloc[-1]
    return f"最低{labels.interval(*first)}，最高{labels.interval(*last)}"


def nothing_missed(offices: pd.DataFrame) -> str:
    """What is said where no row is known to be missed: that is not yet that all are met; of declared and undecided."""
    unknown = int((offices["declared"] + offices["undecided"]).sum())
    if unknown:
        return f"各街道没有查明未完成的指标，{unknown}项凭申报完成或无法判定。"
    return "各街道的指标全部完成。" if len(offices) else "没有可以比较的街道。"


def absent(peers: Peers) -> tuple[str, ...]:
    """The offices of the district that are not on file, and those whose data have errors, by name."""
    missing = [why.format(peers.year) for why in (NO_DATA, NOT_LOADED)]
    wrong = peers.failed[~peers.failed["why"].isin(missing)]
    told = []
    for rows, what in (
        *((peers.failed[peers.failed["why"].eq(why)], why) for why in missing),
        (wrong, "的数据有错误，没有评价"),
    ):
        names = list(rows["name"].map(labels.one_line))
        told += [f"{'、'.join(names)}{what}。"] if names else []
    return tuple(told)


def unevaluated(peers: Peers) -> tuple[str, ...]:
    """The offices on file that have no score, by the reason, and that no figure counts them."""
    told = []
    for why, rows in peers.unevaluated.groupby("why", sort=True):
        names = list(rows["name"].map(labels.one_line))
        counted = set(rows["subdistrict"]) <= set(peers.pooled.offices)
        what = "得分和完成率的比较" if counted else "本页的各项合计和比较"
        told.append(f"{'、'.join(names)}{why}，不计入{what}。")
    return tuple(told)


def _quartile(peers: Peers, measure: str) -> dict[str, Any]:
    found = [row for row in records(peers.quartiles) if row["measure"] == measure and row["n"]]
    return found[0] if found else {}


# ---- an order that holds, money, what to decide


def standing(offices: pd.DataFrame) -> tuple[str, ...]:
    """What can be said of the order of the scores: only what holds under every rule set and on both bases.

    Of name, band, rank_low and rank_high; nothing of fewer than two offices.
    """
    count = len(offices)
    if count <= 1:
        return ()
    fixed = offices[offices["rank_low"].eq(offices["rank_high"])].sort_values("rank_low")
    told = [f"{labels.one_line(row['name'])}第{int(row['rank_low'])}" for row in records(fixed)]
    sure = (
        f"名次不随规则和口径变化的有{len(told)}个：{'、'.join(told)}。"
        if told
        else "没有一个街道的名次不随规则和口径变化。"
    )
    last = offices.loc[offices["rank_high"].eq(count), "name"].map(labels.one_line).tolist()
    rest = "" if len(last) == 1 else f"可能居最后的有{labels.listing(last, FEW, '个')}街道，分不出先后。"
    bands = int(offices["band"].max())
    split = "各街道分不出先后。" if bands == 1 else f"能分出先后的有{labels.several(bands, '档')}，同一档内不排先后。"
    return tuple(filter(None, (split, sure, rest)))


def spending(spent: pd.DataFrame, low: float) -> tuple[str, ...]:
    """What was not spent, by whom, and whether the offices and the money say the same.

    Of name, budget, executed and unspent (万元, above zero where money is left); ``low`` is the rate below which a
    reason is asked for.
    """
    if spent.empty:
        return ("没有一个街道的预算数和执行数齐全，不能合计。",)
    left = spent[spent["unspent"] > 0].sort_values("unspent", ascending=False, kind="stable")
    over = spent[spent["unspent"] < 0]
    rates = (spent["executed"] / spent["budget"]).round(DECIMALS)
    whole = spent["executed"].sum() / spent["budget"].sum()
    below = int((rates < low).sum())
    told = [
        f"{labels.several(len(spent), '个')}街道预算合计{labels.money(spent['budget'].sum())}万元，"
        f"执行{labels.money(spent['executed'].sum())}万元，执行率{labels.percent(whole)}。"
    ]
    few = left.head(LARGEST)
    share = few["unspent"].sum() / left["unspent"].sum() if len(left) else 0.0
    most = below * 2 < len(spent)
    if len(left) > LARGEST:
        begin = "多数街道达到" if most and below else "各街道都达到" if not below else f"{below}个街道低于"
        told.append(
            f"{begin}{labels.percent(low)}，未支出的{labels.money(left['unspent'].sum())}万元里，"
            f"{labels.listing(list(few['name'].map(labels.one_line)), LARGEST, '个')}街道占{labels.percent(share)}。"
        )
    elif len(left):
        names = "、".join(f"{labels.one_line(row['name'])}{labels.money(row['unspent'])}万元" for row in records(left))
        told.append(f"未支出的有{names}。")
    if len(over):
        names = "、".join(
            f"{labels.one_line(row['name'])}{rounding.money(-row['unspent'])}万元" for row in records(over)
        )
        told.append(f"执行数超过预算数的有{names}。")
    return tuple(told)


def chance(offices: pd.DataFrame) -> str:
    """How many completion rates are beyond chance, and of how many that is open; of the column zone."""
    zones = offices["zone"]
    open_ = int(zones.eq(NOT_CERTAIN).sum())
    outside = offices.loc[~zones.isin([WITHIN, NOT_CERTAIN, NO_ROWS]), "name"].map(labels.one_line).tolist()
    said = f"{labels.listing(outside, FEW, '个')}的完成率在控制限之外。" if outside else ""
    said += "各街道的完成率都在控制限之内，差别可能只是偶然。" if zones.eq(WITHIN).all() and len(zones) else ""
    return said + (f"{open_}个街道凭申报完成或无法判定的指标多，不能判定在控制限之内还是之外。" if open_ else "")


def densest(counts: pd.DataFrame) -> str:
    """Where most was missed: the largest cell of a frame of counts, offices by their names down, categories across.

    >>> densest(pd.DataFrame({"产出": [3, 1], "效益": [0, 2]}, index=["甲街道", "乙街道"]))
    '没有完成的最集中在甲街道的产出类（3项）。'
    >>> densest(pd.DataFrame({"产出": [0]}, index=["甲街道"]))
    '没有查明未完成的指标。'
    """
    most = int(counts.to_numpy().max(initial=0)) if counts.size else 0
    if not most:
        return "没有查明未完成的指标。"
    cells = [(name, kind) for kind in counts for name, count in counts[kind].items() if count == most]
    told = [f"{labels.one_line(name)}的{kind}类" for name, kind in cells]
    return f"没有完成的最集中在{labels.listing(told, FEW, '处')}（{'各' if len(told) > 1 else ''}{most}项）。"


def asked(decisions: pd.DataFrame) -> tuple[str, ...]:
    """Each decision in one line with the offices it concerns and their figures (the frame of ``pe.decisions``)."""
    told = []
    for ask, rows in decisions.groupby("asks", sort=False):
        who = "；".join(_asked(row) for row in records(rows.head(NAMED)))
        unit = "个街道" if rows["subdistrict"].ne("").all() else "项"
        rest = f"；其余{len(rows) - NAMED}{unit}见本页各表" if len(rows) > NAMED else ""
        told.append(f"{ask}（{len(rows)}{unit}）：{who}{rest}。")
    return tuple(told)


def _asked(row: dict[str, Any]) -> str:
    """An office with its figure; of several offices their figure, which says how many."""
    name, figure = labels.one_line(row["name"]), labels.one_line(row["figure"])
    return f"{name}{figure}" if row["subdistrict"] else figure


def method(peers: Peers) -> tuple[str, ...]:
    """How far the comparison carries, and how its ranges and limits are made."""
    return (
        *map(narrative.sentence, peers.notes),
        "得分范围：同一份材料在每一套规则、两种口径下的最低和最高总分，无法判定的指标从都不得分到都得分；"
        "在每一种下都不低于、至少一种下高出0.01分以上，才算在前。",
        "完成率范围：把无法判定和凭申报完成的都算未完成，是下限；都算完成，是上限。",
        "控制限：以全区完成率为准，按指标数用二项分布算出（95%和99.8%）。",
    )
