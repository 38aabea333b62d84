"""Charts of many bodies at once: completion among control limits, and any two measures against each other.

Every point can be asked for its name with a pointer, and the alt text tells them; points that stand out are labelled.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from perfeval.model import asked
from perfeval.model.columns import records
from perfeval.model.peers import NO_ROWS, NOT_CERTAIN, WITHIN
from perfeval.present import axes as axes_
from perfeval.present import canvas, columns, fonts, labels
from perfeval.present.plot_years import Box, meet, scales

WIDTH, HEIGHT = 360, 270
"""Of a chart, px."""
BOX = (60, 42, 8, 12)
"""Its left, bottom, right and top margins, px."""
MOST = 12
"""Bodies a chart has as lines at most."""
NAMED = 6
"""Points labelled in the drawing at most; a pointer and the alt text name them all."""
TOLD = 12
"""Points that an alt text tells at most; the table beside a chart has them all."""
NAME_WIDTH = 8
"""Em of a label at most."""
AROUND = ((0, 13), (0, -13), (1, 0), (-1, 0), (1, 13), (-1, 13), (1, -13), (-1, -13))
"""Where a name can stand by its point: to the right or left of it, and px above or below."""
CLEAR, ROOM = 0.02, 0.06
"""Room above the highest and below the lowest rate, without and with a name there."""


# ---- among control limits


@asked.takes(
    offices=["rows", "completion_low", "completion_high", "zone"],
    limits=["rows", "low998", "low95", "high95", "high998"],
)
@canvas.styled
def funnel(
    offices: pd.DataFrame,
    limits: pd.DataFrame,
    label: str = "name",
    *,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
) -> Axes | None:
    """Completion against the number of indicators, from its lowest to its highest, among the control limits.

    ``offices``: a row each with ``label``, rows, completion_low, completion_high and zone; ``limits``: by rows low998,
    low95, high95, high998 (:attr:`~perfeval.model.peers.Peers.offices` and ``funnel``). A cross is outside at both
    ends, a hollow dot cannot be told. None where no office has an indicator.
    """
    held = records(offices[offices["zone"].ne(NO_ROWS)])
    if not held or limits.empty:
        return None
    axes = _new(ax)
    for low, high, colour in (("low998", "high998", fonts.TRACK), ("low95", "high95", fonts.LINE)):
        axes.fill_between(limits["rows"], limits[low], limits[high], color=colour, linewidth=0, step="mid", zorder=0)
    rows = offices["rows"].sum()
    ends = sorted({offices["met"].sum() / rows, offices["most"].sum() / rows}) if "most" in offices else []
    for overall in ends:
        axes.axhline(overall, color=fonts.SOFT, linewidth=0.8, zorder=1)
    outside = sorted(
        (row for row in held if row["zone"] not in (WITHIN, NOT_CERTAIN)), key=lambda row: row["completion_low"]
    )
    _points(axes, held, label)
    lowest = min([*limits["low998"].dropna(), *(row["completion_low"] for row in held)])
    clear = ROOM if outside else CLEAR
    axes.set_ylim(lowest - clear, 1 + clear)
    _names(axes, [(row["rows"], row["completion_low"], row[label]) for row in outside], apart=True)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: labels.percent(round(value, 4)) if value >= 0 else "")
    )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    _axis(axes, "指标数（项）", "指标完成率")
    told = "；".join(
        f"{labels.one_line(row[label])}{row['rows']}项完成"
        f"{labels.interval(row['completion_low'], row['completion_high'])}，{row['zone']}"
        for row in held[:TOLD]
    )
    whole = labels.interval(ends[0], ends[-1]) if ends else ""
    pooled = f"合计{whole}，" if whole else ""
    said = f"漏斗图，指标完成率对指标数，{pooled}内外两带为95%和99.8%控制限：{told}{_rest(held)}。"
    caption = title if title is not None else _funnel_title(held, outside, label)
    return axes_.tell(axes, caption, source, alt or said)


def _points(axes: Axes, held: list[dict[str, Any]], label: str) -> None:
    """The offices in the funnel: a dot, a cross outside the limits, hollow where that is open; a line where it has two
    ends."""
    for inside, hollow in ((True, False), (True, True), (False, False)):
        kind = [
            row
            for row in held
            if (row["zone"] in (WITHIN, NOT_CERTAIN)) == inside and (row["zone"] == NOT_CERTAIN) == hollow
        ]
        colour = fonts.NEUTRAL if inside else fonts.MISSED
        spans = [(row["rows"], row["completion_low"], row["completion_high"]) for row in kind]
        ranges = [(at, low, high) for at, low, high in spans if low < high]
        if ranges:
            across = [part for at, _, _ in ranges for part in (at, at, np.nan)]
            up = [part for _, low, high in ranges for part in (low, high, np.nan)]
            axes.plot(across, up, color=colour, linewidth=1, zorder=2)
        marks = [
            (row["rows"], end, _told(row, label))
            for row in kind
            for end in sorted({row["completion_low"], row["completion_high"]})
        ]
        look = {"color": fonts.PAPER if hollow else colour, "markeredgecolor": colour if hollow else fonts.PAPER}
        _mark(axes, marks, marker="o" if inside else "X", markersize=6 if inside else 8, **look)


def _told(row: dict[str, Any], label: str) -> str:
    span = labels.interval(row["completion_low"], row["completion_high"])
    return f"{labels.one_line(row[label])}：{row['rows']}项，{span}，{row['zone']}"


def _mark(axes: Axes, marks: Sequence[tuple[float, float, str]], **look: Any) -> None:
    """Points of one look, each with what it tells a pointer: one artist, so that the page has its shape once."""
    if marks:
        across, up, told = zip(*marks, strict=True)
        (drawn,) = axes.plot(across, up, linestyle="none", zorder=3, **look)
        axes_.name_artist(drawn, told)


def _funnel_title(held: list[dict[str, Any]], outside: list[dict[str, Any]], label: str) -> str:
    """Who is outside, else that nobody is; and of how many that is open."""
    open_ = sum(row["zone"] == NOT_CERTAIN for row in held)
    rest = f"{open_}个街道不能判定（空心）" if open_ else ""
    if outside:
        names = labels.listing([labels.one_line(row[label]) for row in outside], 2, "个")
        return f"{names}的完成率超出控制限" + (f"；{rest}" if rest else "")
    if open_ == len(held):
        return "各街道的完成率都不能判定是否超出控制限（空心）"
    return f"{'其余' if open_ else '各'}街道的完成率都在控制限之内，差别可能只是偶然" + (f"；{rest}" if rest else "")


# ---- one measure against another


@canvas.styled
def scatter(  # noqa: PLR0917  # the columns in the order in which one says them
    frame: pd.DataFrame,
    x: Any,
    y: Any,
    label: Any = "name",
    flag: Any = None,
    lines: tuple[float | None, float | None] = (None, None),
    *,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
) -> Axes | None:
    """A point a row: ``y`` over ``x``, both columns of figures; ``label`` names the point to a pointer.

    ``flag``: a column of yes and no, or a mask; what it picks is a cross with its name written (the first
    :data:`NAMED`). ``lines``: where to draw a line across, at an x and a y. Rows that lack a figure are not drawn and
    are counted in the source line. None where there is nothing to draw; ``ParameterError`` for an unknown column.
    """
    names, xs, ys = canvas.names(frame, label), canvas.numbers(frame, x), canvas.numbers(frame, y)
    marked = _flags(frame, flag)
    points = [
        (name, across, up, at)
        for name, across, up, at in zip(names, xs, ys, marked, strict=True)
        if across is not None and up is not None
    ]
    if not points:
        return None
    axes = _new(ax)
    across, up = (columns.shown(name, frame[name]) for name in (x, y))
    for at, draw in zip(lines, (axes.axvline, axes.axhline), strict=True):
        if at is not None:
            draw(at, color=fonts.SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for picked in (False, True):
        marks = [
            (left, high, f"{name}：{across.title}{across.write(left)}，{up.title}{up.write(high)}")
            for name, left, high, is_flagged in points
            if is_flagged == picked
        ]
        look = {"marker": "X", "markersize": 9} if picked else {"marker": "o", "markersize": 6.5}
        _mark(axes, marks, color=fonts.MISSED if picked else fonts.NEUTRAL, markeredgecolor=fonts.PAPER, **look)
    axes.margins(0.08)
    for axis, shown in ((axes.xaxis, across), (axes.yaxis, up)):
        axis.set_major_locator(MaxNLocator(nbins=4))
        axis.set_major_formatter(FuncFormatter(_ticks(shown)))
    _names(axes, [(left, high, name) for name, left, high, is_flagged in points if is_flagged])
    _axis(axes, across.heading, up.heading)
    rest = len(names) - len(points)
    foot = "；".join(filter(None, [source, f"另有{rest}个没有这两个数，未画" if rest else ""]))
    told = "；".join(f"{name}{across.write(left)}、{up.write(high)}" for name, left, high, _ in points[:TOLD])
    said = f"散点图，横轴{across.heading}，纵轴{up.heading}：{told}{_rest(points)}。"
    caption = title if title is not None else f"{up.title}与{across.title}"
    return axes_.tell(axes, caption, foot, alt or said)


def _ticks(shown: columns.Shown) -> Callable[[float, int], str]:
    """Values at an axis as the column's are written, without decimals that say nothing."""

    def written(value: float, _: int) -> str:
        if shown.write is columns.rate:
            return labels.percent(round(value, 4))
        return f"{round(value, 4):g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004  # longer needs separators

    return written


def _flags(frame: pd.DataFrame, flag: Any) -> list[bool]:
    if flag is None:
        return [False] * len(frame)
    held = canvas.column(frame, flag) if isinstance(flag, str) else pd.Series(flag)
    return [bool(one) for one in held.fillna(False).tolist()]


# ---- both


def _new(ax: Axes | None) -> Axes:
    axes = ax if ax is not None else axes_.new(WIDTH, HEIGHT, BOX, on=True)
    for side in axes.spines.values():
        side.set_visible(False)
    return axes


def _axis(axes: Axes, across: str, up: str) -> None:
    """Quiet axes: what they measure is written at their ends."""
    axes.tick_params(length=0, labelcolor=fonts.SOFT, labelsize=fonts.SIZE)
    axes.set_xlabel(across, color=fonts.SOFT, fontsize=fonts.SIZE, labelpad=2)
    axes.set_ylabel(up, color=fonts.SOFT, fontsize=fonts.SIZE, labelpad=4)


def _names(axes: Axes, points: Sequence[tuple[float, float, str]], *, apart: bool = False) -> None:
    """Names beside the first points, where they meet neither another's name or point nor the edge; ``apart``: rather
    above and below than beside. Points at one place have one label."""
    places: dict[tuple[float, float], list[str]] = {}
    for x, y, name in points:
        places.setdefault((x, y), []).append(labels.one_line(name))
    (left, right), (low, high), (across, up) = axes.get_xlim(), axes.get_ylim(), scales(axes)
    taken = [(px - 5, py - 5, px + 5, py + 5) for px, py in ((x * across, y * up) for x, y in places)]
    for (x, y), found in list(places.items())[:NAMED]:
        more = f"等{labels.several(len(found), '个')}" if len(found) > 1 else ""
        written = labels.shorten(found[0], NAME_WIDTH) + more
        width = labels.width(written) * fonts.SIZE
        tries = {}
        for dx, dy in sorted(AROUND, key=lambda at: (at[1] != 0) != apart):
            start = x * across + (8 if dx > 0 else -8 - width if dx < 0 else -width / 2)
            tries[dx, dy] = (start, y * up + dy - 5, start + width, y * up + dy + 10)
        at = min(
            tries, key=lambda one: _trouble(tries[one], taken, (left * across, low * up, right * across, high * up))
        )
        taken.append(tries[at])
        axes.annotate(
            written,
            (x, y),
            xytext=(8 * at[0], at[1] - 4),
            textcoords="offset points",
            horizontalalignment={1: "left", 0: "center", -1: "right"}[at[0]],
            zorder=4,
        )


def _trouble(box: Box, taken: Sequence[Box], whole: Box) -> float:
    """How badly a name would stand there: px beyond the edges, and whom it meets."""
    beyond = (
        max(whole[0] - box[0], 0) + max(whole[1] - box[1], 0) + max(box[2] - whole[2], 0) + max(box[3] - whole[3], 0)
    )
    return round(beyond, 3) + 100 * sum(meet(box, other) for other in taken)


def _rest(held: Sequence[Any]) -> str:
    return f"；其余{len(held) - TOLD}个见表" if len(held) > TOLD else ""


# ---- of many, the first and the last


@asked.takes()
def ends(frame: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """Of more than ``most`` rows the first and the last, half each, for a chart; the table beside it has them all.

    >>> ends(pd.DataFrame({"name": list("abcde")}), most=4)["name"].tolist()
    ['a', 'b', 'd', 'e']
    """
    half = most // 2
    return frame if len(frame) <= most else pd.concat([frame.head(half), frame.tail(half)])


@asked.takes()
def unlisted(frame: pd.DataFrame, most: int = MOST) -> str:
    """How many rows :func:`ends` leaves out, for the source line of the chart; empty where it leaves out none.

    >>> unlisted(pd.DataFrame({"name": list("abcde")}), most=4)
    '只画首尾各2个，其余1个未列'
    """
    half, rest = most // 2, len(frame) - most // 2 * 2
    return f"只画首尾各{half}个，其余{rest}个未列" if len(frame) > most else ""
