"""Two rates against one another in four quadrants: money spent and targets met."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from perfeval.model.columns import QUADRANTS
from perfeval.present import axes as axes_
from perfeval.present import canvas, columns, fonts, labels
from perfeval.present.canvas import WIDTH, styled
from perfeval.present.plot_years import PAPER, SMALL, meet, span

PLOT = 340
"""Height of the quadrants, px."""
LABELLED = 10
"""Points of the quadrants that are named at most; all answer the pointer."""
BESIDE = (
    *((ha, dx, dy) for dy in (0, 11, -11) for ha, dx in (("left", 8), ("right", -8))),
    ("center", 0, 13),
    ("center", 0, -13),
)
"""Where a name can stand by its point, the best first: alignment, and px from the point."""
USUAL = (0.9, 1.0)
"""The thresholds that :data:`~perfeval.model.columns.QUADRANTS` speaks of."""
TOLD = 24
"""Points that the text read out in place of the drawing names, the lowest first; each has its name for the pointer."""


@styled
def quadrants(
    frame: pd.DataFrame,
    x: Any,
    y: Any,
    label: Any,
    *,
    low: Any = None,
    high: Any = None,
    lines: tuple[float, float] = USUAL,
    names: Sequence[str] | None = None,
    floor: float | None = None,
    most: int = LABELLED,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
) -> Axes | None:
    """Points of two rates with the four quadrants that ``lines`` (thresholds of x and y) make, named in the corners.

    ``names``: top left, top right, bottom left, bottom right. Without: 用足、都完成 and so on where the thresholds are
    90% of the money and all indicators, else the thresholds themselves (横不到85%、纵到90%).
    ``low`` and ``high``: what y can be at least and most; where they differ a bar is drawn from one to the other, in
    the colour of what is missed where even the most is below the threshold, in that of doubt else. The ``most`` points
    farthest from where both are reached are named, all answer the pointer; who lacks one of the two is counted in the
    note. None where nobody has both.
    """
    called = canvas.names(frame, label)
    across, up = canvas.numbers(frame, x), canvas.numbers(frame, y)
    lowest = canvas.numbers(frame, low) if low is not None else up
    highest = canvas.numbers(frame, high) if high is not None else up
    points = [
        (name, a, (least if least is not None else b), (greatest if greatest is not None else b))
        for name, a, b, least, greatest in zip(called, across, up, lowest, highest, strict=True)
        if a is not None and (b is not None or (least is not None and greatest is not None))
    ]
    whole = [(name, a, float(b), float(c)) for name, a, b, c in points if b is not None and c is not None]
    if not whole:
        return None
    first, second = (columns.shown(given, canvas.column(frame, given)) for given in (x, y))
    starts = span([*(a for _, a, _, _ in whole), lines[0]], floor or 0.3, max(1.0, *(a for _, a, _, _ in whole)))
    rises = span([value for _, _, b, c in whole for value in (b, c)] + [lines[1]], floor or 0.3, 1.0)
    made = ax if ax is not None else axes_.new(WIDTH, PLOT, (8, 46, 8, 22))
    made.axis("off")
    made.set_xlim(starts[0], starts[1] + (starts[1] - starts[0]) * 0.04)
    made.set_ylim(rises[0] - (rises[1] - rises[0]) * 0.06, rises[1] + (rises[1] - rises[0]) * 0.12)
    _corners(made, lines, names if names is not None else _quadrants(lines))
    open_ = 0
    for name, a, b, c in whole:
        ranged = c > b + labels.NOISE
        open_ += ranged
        says = f"{name}：{first.title}{columns.rate(a)}，{second.title}{labels.interval(b, c)}"
        bad = a >= lines[0] - labels.NOISE and c < lines[1] - labels.NOISE
        if ranged:
            (drawn,) = made.plot(
                [a, a],
                [b, c],
                color=fonts.MISSED if bad else fonts.DOUBT,
                linewidth=2,
                marker="_",
                markersize=8,
                zorder=3,
                clip_on=False,
            )
        else:
            (drawn,) = made.plot(
                [a],
                [b],
                marker="o",
                markersize=7,
                color=fonts.MISSED if bad else fonts.NEUTRAL,
                alpha=0.8,
                linestyle="none",
                zorder=3,
                clip_on=False,
            )
        axes_.name_artist(drawn, says)
    named = _names(made, whole, lines, most)
    missing = len(called) - len(whole)
    notes = [
        f"横：{first.title}{columns.rate(starts[0])}至{columns.rate(starts[1])}；纵：{second.title}{columns.rate(rises[0])}至{columns.rate(rises[1])}"
    ]
    rest = [f"竖条为完成率可能的范围{open_}个" if open_ else "", f"{missing}个缺数未画" if missing else ""]
    rest += [f"标名{named}个，其余{len(whole) - named}个可指" if named < len(whole) else ""]
    notes += ["；".join(filter(None, rest))]
    for place, note in enumerate(filter(None, notes)):
        made.annotate(
            note,
            (0, 0),
            xycoords="axes fraction",
            xytext=(0, -20 - 16 * place),
            textcoords="offset points",
            color=fonts.SOFT,
            fontsize=SMALL,
            annotation_clip=False,
        )
    poorest = sorted(whole, key=lambda point: (point[3], point[2], point[1]))[:TOLD]
    told = "；".join(f"{name}{columns.rate(a)}、{labels.interval(b, c)}" for name, a, b, c in poorest)
    told += f"；其余{len(whole) - TOLD}个的{second.title}更高" if len(whole) > TOLD else ""
    caption = title if title is not None else f"{first.title}与{second.title}"
    return axes_.tell(made, caption, source, alt or f"象限图，横为{first.title}，纵为{second.title}：{told}。")


def _quadrants(lines: tuple[float, float]) -> tuple[str, ...]:
    """What stands in the corners where the caller names nothing: no more than the thresholds say."""
    if tuple(lines) == USUAL:
        return QUADRANTS
    wide, high = (f"{100 * line:g}%" for line in lines)
    return tuple(f"横{a}{wide}、纵{b}{high}" for b in ("到", "不到") for a in ("不到", "到"))


def _corners(ax: Axes, lines: tuple[float, float], names: Sequence[str]) -> None:
    ax.axvline(lines[0], color=fonts.SOFT, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    ax.axhline(lines[1], color=fonts.SOFT, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    corners = ((0, 1, "left", "top"), (1, 1, "right", "top"), (0, 0, "left", "bottom"), (1, 0, "right", "bottom"))
    for (x, y, ha, va), name in zip(corners, names, strict=True):
        ax.text(
            x, y, name, transform=ax.transAxes, ha=ha, va=va, fontsize=SMALL, color=fonts.SOFT, zorder=5, bbox=PAPER
        )


def _names(ax: Axes, points: Sequence[tuple[str, float, float, float]], lines: tuple[float, float], most: int) -> int:
    """Names beside the points that are farthest from both being reached, where they meet no point, range or name,
    and no threshold where that can be; how many."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    wide, high = WIDTH - 16.0, PLOT - 68.0

    def place(a: float, b: float) -> tuple[float, float]:
        return (a - x0) / (x1 - x0) * wide, (b - y0) / (y1 - y0) * high

    taken = []
    for _, a, b, c in points:  # a point, or all of its range
        (px, bottom), (_, top) = place(a, b), place(a, c)
        taken.append((px - 5, bottom - 5, px + 5, top + 5))
    taken += [
        (0, high - 16, 110, high),
        (wide - 110, high - 16, wide, high),
        (0, 0, 110, 16),
        (wide - 110, 0, wide, 16),
    ]
    upright, level = place(lines[0], lines[1])
    thresholds = [(upright - 1, 0.0, upright + 1, high), (0.0, level - 1, wide, level + 1)]
    order = sorted(points, key=lambda one: min(one[1] - lines[0], 0) + min(one[2] - lines[1], 0))
    named = 0
    for name, a, b, c in order[:most]:
        px, py = place(a, (b + c) / 2)
        short = labels.shorten(name, 130 / SMALL)
        width = labels.width(short) * SMALL + 8
        free = []
        for ha, dx, dy in BESIDE:
            left = px + dx - {"left": 0, "right": width, "center": width / 2}[ha]
            box = (left, py + dy - 7, left + width, py + dy + 7)
            inside = box[0] >= 0 and box[2] <= wide and box[1] >= 0 and box[3] <= high
            if inside and not any(meet(box, other) for other in taken):
                free.append((sum(meet(box, line) for line in thresholds), ha, dx, dy, box))
        if free:
            _, ha, dx, dy, box = min(free, key=lambda one: one[0])
            ax.annotate(
                short,
                (a, (b + c) / 2),
                xytext=(dx, dy),
                textcoords="offset points",
                ha=ha,
                va="center",
                fontsize=SMALL,
                zorder=4,
                bbox=PAPER,
            )
            taken.append(box)
            named += 1
    return named
