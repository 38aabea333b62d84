"""The charts of a district: scores with their range over the rule sets, money, and the funnel of completion rates."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from perfeval.model.peers import NO_ROWS, NOT_CERTAIN, WITHIN, Peers
from perfeval.model.schema import PARTLY
from perfeval.present import drawing, fonts, labels
from perfeval.present.district import band, in_bands, told_apart
from perfeval.present.drawing import STYLES, Chart
from perfeval.present.narrative import records

MOST = 24
"""Offices a chart has at most; the table has them all."""
FUNNEL = 250
"""Height of the funnel plot, px."""
LEFT, BOTTOM, TOP = 38, 40, 12
"""Its margins, px."""
NAMED = 6
"""Offices outside the limits that are named in the plot at most."""


@drawing.styled
def scores(peers: Peers) -> Chart | None:
    """Each office's score as a dot in the range the rule sets give it, from the highest band down; the median as a
    line, and a rule between two bands."""
    rows = in_bands(peers)
    if not rows:
        return None
    median = _median(peers, "score")
    shown, rest = rows[:MOST], len(rows) - MOST
    low = min(row["score_low"] for row in shown)
    high = max(row["score_high"] for row in shown)
    room = max((high - low) * 0.05, 0.5)
    figure, axes = drawing.lines(len(shown), 1, foot=drawing.FOOT)
    axes.set_xlim(low - room, high + room)
    axes.plot([median, median], [0, len(shown)], color=fonts.SOFT, linewidth=1, linestyle=(0, (3, 3)))
    for place, row in enumerate(shown):
        span = f"{labels.points(row['score'])}（{labels.score(row['score_low'])}—{labels.score(row['score_high'])}）"
        drawing.line_text(axes, place, f"{band(row['band'])} {row['name']}", span)
        if place and row["band"] != shown[place - 1]["band"]:
            axes.axhline(place, color=fonts.LINE, linewidth=1)
        length = row["score_high"] - row["score_low"]
        drawing.bar(axes, place, row["score_low"], length, facecolor=fonts.TRACK, edgecolor=fonts.SOFT)
        drawing.dot(axes, place, row["score"], fonts.NEUTRAL)
    drawing.axis(axes, drawing.extent(labels.score(low), labels.score(high)) + "；虚线为中位数，横线分档")
    title = f"复算得分和各规则、口径下的范围{told_apart(peers)}；中位数{labels.score(median)}分"
    told = "；".join(
        f"{band(row['band'])}{labels.one_line(row['name'])}{labels.points(row['score'])}分，范围{labels.score(row['score_low'])}至{labels.score(row['score_high'])}分"
        for row in shown
    )
    return Chart("offices", figure, _left_out(title, rest), f"点图：{told}。")


def _median(peers: Peers, measure: str) -> float:
    found = peers.quartiles.loc[peers.quartiles["measure"].eq(measure), "median"]
    return float(found.iloc[0]) if len(found) else float("nan")


@drawing.styled
def execution(peers: Peers) -> Chart | None:
    """Each office's execution rate as a bar from zero, lowest first."""
    rows = [row for row in records(peers.offices) if not labels.missing(row["execution_rate"])]
    if not rows:
        return None
    rows.sort(key=lambda row: row["execution_rate"])
    shown, rest = rows[:MOST], len(rows) - MOST
    figure, axes = drawing.lines(len(shown), max(1.0, *(row["execution_rate"] for row in shown)))
    for place, row in enumerate(shown):
        rate = row["execution_rate"]
        drawing.line_text(axes, place, row["name"], f"{labels.money(row['executed'])} · {labels.percent(rate)}")
        drawing.bar(axes, place, 0, 1, facecolor=fonts.TRACK, edgecolor=fonts.TRACK)
        own = STYLES[PARTLY] if rate > 1 else {"facecolor": fonts.NEUTRAL, "edgecolor": fonts.NEUTRAL}
        drawing.bar(axes, place, 0, rate, **own)
    low, high = shown[0], rows[-1]
    title = f"执行率从{labels.percent(low['execution_rate'])}到{labels.percent(high['execution_rate'])}（执行数，万元）"
    told = "；".join(f"{labels.one_line(row['name'])}{labels.percent(row['execution_rate'])}" for row in shown)
    return Chart("spent", figure, _left_out(title, rest), f"条形图，各街道预算执行率：{told}。")


@drawing.styled
def funnel(peers: Peers) -> Chart | None:
    """Completion against number of indicators, from its lowest to its highest, with control limits around the pooled
    one; an office is outside where it is at both ends."""
    rows = [row for row in records(peers.offices) if row["zone"] != NO_ROWS]
    if not rows or peers.funnel.empty:
        return None
    figure = Figure(figsize=(drawing.WIDTH / 72, FUNNEL / 72), dpi=72, facecolor="none")
    width = drawing.WIDTH
    axes = figure.add_axes((LEFT / width, BOTTOM / FUNNEL, 1 - (LEFT + 6) / width, 1 - (BOTTOM + TOP) / FUNNEL))
    axes.set_frame_on(False)
    limits = peers.funnel
    for low, high, colour in (("low998", "high998", fonts.TRACK), ("low95", "high95", fonts.LINE)):
        axes.fill_between(limits["rows"], limits[low], limits[high], color=colour, linewidth=0, step="mid")
    for overall in {peers.completion_low, peers.completion_high}:
        axes.axhline(overall, color=fonts.SOFT, linewidth=0.8)
    outside = [row for row in rows if row["zone"] not in (WITHIN, NOT_CERTAIN)]
    outside.sort(key=lambda row: row["completion_low"])
    for row in rows:
        _office(axes, row)
    middle = float(np.mean(axes.get_xlim()))
    for row in outside[:NAMED]:
        right = row["rows"] > middle
        axes.annotate(
            labels.shorten(row["name"], 8),
            (row["rows"], row["completion_low"]),
            xytext=(-8 if right else 8, -4),
            textcoords="offset points",
            horizontalalignment="right" if right else "left",
        )
    low = min([peers.completion_low, *limits["low998"], *(row["completion_low"] for row in rows)])
    axes.set_ylim(max(0.0, low - 0.03), 1.02)
    axes.tick_params(length=0, labelcolor=fonts.SOFT, labelsize=fonts.SIZE)
    ticks = [tick / 10 for tick in range(int(np.ceil(max(0.0, low - 0.03) * 10)), 11)]
    axes.set_yticks(ticks, [labels.percent(tick) for tick in ticks])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_xlabel("指标数（项）", color=fonts.SOFT, fontsize=fonts.SIZE, labelpad=2)
    told = "；".join(
        f"{labels.one_line(row['name'])}{row['rows']}项完成"
        f"{labels.interval(row['completion_low'], row['completion_high'])}，{row['zone']}"
        for row in rows[:MOST]
    )
    whole = labels.interval(peers.completion_low, peers.completion_high)
    alt = f"漏斗图，指标完成率对指标数，全区{whole}，深浅两带为95%和99.8%控制限：{told}。"
    return Chart("funnel", figure, _funnel_title(rows, outside), alt)


def _office(axes: Axes, row: dict[str, Any]) -> None:
    """An office in the funnel: a dot, a cross outside the limits, hollow where that is open; a line where it has two
    ends."""
    zone, ends = row["zone"], [row["completion_low"], row["completion_high"]]
    inside = zone in (WITHIN, NOT_CERTAIN)
    colour = fonts.NEUTRAL if inside else fonts.MISSED
    axes.plot([row["rows"]] * 2, ends, color=colour, linewidth=1)
    axes.plot(
        [row["rows"]] * 2,
        ends,
        marker="o" if inside else "X",
        markersize=6 if inside else 8,
        color=fonts.PAPER if zone == NOT_CERTAIN else colour,
        markeredgecolor=colour if zone == NOT_CERTAIN else fonts.PAPER,
        linestyle="none",
    )


def _funnel_title(rows: list[dict[str, Any]], outside: list[dict[str, Any]]) -> str:
    """Who is outside, else that nobody is; and of how many that is open."""
    open_ = sum(row["zone"] == NOT_CERTAIN for row in rows)
    rest = f"{open_}个街道不能判定（空心）" if open_ else ""
    if outside:
        names = labels.listing([labels.one_line(row["name"]) for row in outside], 2, "个")
        return f"{names}的完成率超出控制限" + (f"；{rest}" if rest else "")
    if open_ == len(rows):
        return "各街道的完成率都不能判定是否超出控制限（空心）"
    return f"{'其余' if open_ else '各'}街道的完成率都在控制限之内，差别可能只是偶然" + (f"；{rest}" if rest else "")


def _left_out(title: str, rest: int) -> str:
    return title if rest <= 0 else f"{title}；另有{rest}个街道见表"
