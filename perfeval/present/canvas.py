"""Rows of a chart: one line of text over one bar or dot, so that no label can meet a mark whatever its length.

A chart of our own is 360 px wide: two stand side by side in the page's column or on paper, one fills a phone at its
natural size. On axes that a caller gives, the same is drawn to their measure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from perfeval.model import asked
from perfeval.model.errors import ParameterError, nearest
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.tally import UNFILLED
from perfeval.model.verdicts import CLAIMED
from perfeval.present import axes as axes_
from perfeval.present import columns, fonts, labels

P = ParamSpec("P")
R = TypeVar("R")

WIDTH, LINE, BAR, FOOT = 360, 44, 11, 28
"""Width of a chart, height of a line (text over bar), of its bar, and of an axis below: px."""
EDGE = 2
"""Around the lines, px."""
GAP = 1.2
"""Em between the two texts of a line."""
BASELINE, MIDDLE = 17 / LINE, 29 / LINE
"""Where in a line its text stands and its bar has its middle."""
DOT = 6.0
"""What a dot takes on either side, px."""

STYLES: dict[str, dict[str, Any]] = {
    MET: {"facecolor": fonts.MET, "edgecolor": fonts.MET},
    PARTLY: {"facecolor": fonts.PAPER, "edgecolor": fonts.DOUBT, "hatch": "////"},
    MISSED: {"facecolor": fonts.MISSED, "edgecolor": fonts.PAPER, "hatch": "xxx"},
    CLAIMED: {"facecolor": fonts.PAPER, "edgecolor": fonts.DOUBT, "hatch": "|||"},
    UNDECIDED: {"facecolor": fonts.PAPER, "edgecolor": fonts.SOFT, "hatch": "---"},
    UNFILLED: {"facecolor": fonts.PAPER, "edgecolor": fonts.SOFT},
}
"""Verdicts told apart by fill and hatch as well as by colour."""
STACKED = (MET, CLAIMED, UNDECIDED, UNFILLED, PARTLY, MISSED)
"""Their order in a bar: what is met, then what may be, so that the bar shows both bounds."""
OTHERS: tuple[dict[str, Any], ...] = (
    {"facecolor": fonts.NEUTRAL, "edgecolor": fonts.NEUTRAL},
    {"facecolor": fonts.TRACK, "edgecolor": fonts.SOFT},
    {"facecolor": fonts.PAPER, "edgecolor": fonts.NEUTRAL, "hatch": "////"},
    {"facecolor": fonts.PAPER, "edgecolor": fonts.SOFT, "hatch": "+++"},
)
"""Of parts that are no verdicts, in their order."""
colours = {verdict: style["edgecolor"] for verdict, style in STYLES.items()} | {MISSED: fonts.MISSED}
"""The colour of each verdict."""


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw in the style of the reports, whatever matplotlib is set to."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with fonts.theme():
            return draw(*args, **kwargs)

    return asked.takes()(drawn)


class Label(Text):
    """One line of text on its baseline, level, not clipped, with nothing around it.

    A page's drawing places it by its anchor: there it need not be measured, which for Chinese takes longer than drawing
    all else of a line.
    """

    def draw(self, renderer: Any) -> None:
        """Draw it."""
        svg: Any = getattr(renderer, "_renderer", renderer)  # what matplotlib puts around it for parts in pixels
        anchored = isinstance(svg, RendererSVG) and mpl.rcParams["svg.fonttype"] == "none"
        if not anchored:
            super().draw(renderer)
        elif self.get_visible() and self.get_text():
            svg.open_group("text", self.get_gid())
            pen = svg.new_gc()
            pen.set_foreground(self.get_color())
            x, y = self.get_transform().transform(self.get_position())
            svg.draw_text(pen, x, svg.height - y, self.get_text(), self.get_fontproperties(), 0.0, mtext=self)
            pen.restore()
            svg.close_group("text")

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        """Nothing: axes would give it one, which for all labels of a chart takes as long as to write them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Axes whose y counts lines from the top."""

    axes: Axes
    count: int
    width: float
    """Of the lines, px."""
    size: float
    """Of their text, px."""

    def text(self, place: int, name: str, value: str, paper: str = "") -> None:
        """The name at the left and the value at the right of a line, the name cut to the room the value leaves.

        Where lines run on behind them, both stand on ``paper`` of that colour.
        """
        room = self.width / self.size - labels.width(value) - GAP
        written = labels.shorten(name, room)
        left = self.write(0, place + BASELINE, written, paper)
        if written != labels.one_line(name):
            axes_.name_artist(left, name)
        self.write(1, place + BASELINE, value, paper, horizontalalignment="right")

    def write(self, x: float, y: float, shown: str, paper: str = "", **style: Any) -> Artist:
        """Text at a share of the width (0 left, 1 right) and at a line."""
        across = self.axes.get_yaxis_transform()
        if paper and shown:
            wide, high = labels.width(shown) * self.size / self.width, self.size / LINE
            ground = Rectangle((x * (1 - wide), y - 0.95 * high), wide, 1.25 * high, transform=across)
            ground.set(facecolor=paper, edgecolor="none", clip_on=False, zorder=4.5)
            self.axes.add_artist(ground)
        set_up: dict[str, Any] = {"transform": across, "verticalalignment": "baseline", "clip_on": False, "zorder": 5}
        return self.axes.add_artist(Label(x, y, shown, fontsize=self.size, **set_up | style))

    def bar(self, place: int, start: float, length: float, told: str = "", **style: Any) -> None:
        """A bar on a line, with a name for the pointer."""
        half = BAR / 2 / LINE
        drawn = Rectangle((start, middle(place) - half), length, 2 * half, linewidth=1, zorder=2, **style)
        self.axes.add_artist(drawn)
        if told:
            axes_.name_artist(drawn, told)

    def dot(self, place: int, at: float, colour: str, told: str = "", **style: Any) -> None:
        """A dot on a line."""
        given: dict[str, Any] = {"marker": "o", "markersize": 9, "linestyle": "none", "clip_on": False, "zorder": 3}
        drawn = self.axes.add_artist(Line2D([at], [middle(place)], color=colour, **given | style))
        if told:
            axes_.name_artist(drawn, told)

    def line(
        self, x: tuple[float, float], y: tuple[float, float], colour: str, width: float = 0.8, **style: Any
    ) -> None:
        """A straight line in the chart's own units."""
        self.axes.add_artist(Line2D(x, y, color=colour, linewidth=width, **{"zorder": 1} | style))

    def band(self, place: int) -> None:
        """A line of the chart set apart by its ground."""
        self.axes.add_artist(
            Rectangle(
                (0, place + 1 / LINE),
                1,
                1 - 3 / LINE,
                transform=self.axes.get_yaxis_transform(),
                facecolor=fonts.TRACK,
                edgecolor="none",
                zorder=0,
            )
        )

    def foot(self, *told: str, ends: tuple[str, str] | None = None) -> None:
        """A quiet axis below with a sentence, or with what stands at its two ends."""
        bottom = float(self.count)
        across = self.axes.get_yaxis_transform()
        self.axes.add_artist(
            Line2D([0, 1], [bottom] * 2, color=fonts.SOFT, linewidth=0.8, transform=across, clip_on=False)
        )
        if ends is not None:
            self.write(0, bottom + 18 / LINE, ends[0], color=fonts.SOFT)
            self.write(1, bottom + 18 / LINE, ends[1], color=fonts.SOFT, horizontalalignment="right")
        for number, line in enumerate(told):
            self.write(0, bottom + (18 + 17 * number) / LINE, line, color=fonts.SOFT)


def rows(count: int, low: float, high: float, ax: Axes | None, *, notes: int = 0, inset: float = 0) -> Rows:
    """Lines over an axis from ``low`` to ``high``, with room for so many notes below it; on ``ax`` if one is given.

    ``inset``: how far, px, the ends of the axis stand inside the chart: a dot at one of them is drawn whole.
    """
    foot = FOOT + 17 * (notes - 1) if notes else EDGE
    if ax is None:
        ax = axes_.new(WIDTH, count * LINE + foot, (EDGE, 0, EDGE, 0))
        width, size = float(WIDTH - 2 * EDGE), fonts.SIZE
    else:
        box, dpi = ax.get_window_extent(), _dpi(ax)
        width = box.width / dpi * axes_.PX
        line = box.height / dpi * axes_.PX / (count + foot / LINE)
        size = fonts.SIZE * min(1.0, max(0.6, line / LINE))
    room = (high - low) * inset / max(width - 2 * inset, 1)
    ax.set_xlim(low - room, high + room)
    ax.set_ylim(count + foot / LINE, 0)
    ax.axis("off")
    return Rows(ax, count, width, size)


def _dpi(ax: Axes) -> float:
    figure = ax.get_figure(root=True)
    return float(figure.dpi) if isinstance(figure, Figure) else float(axes_.PX)


def middle(place: int) -> float:
    """Where a line's bar has its middle."""
    return place + MIDDLE


def stack(lines: Rows, place: int, parts: Mapping[str, float], styles: Mapping[str, Mapping[str, Any]]) -> None:
    """Lengths one after the other on a line, each in its own style."""
    start = 0.0
    for name, style in styles.items():
        length = float(parts.get(name, 0) or 0)
        if length > 0:
            lines.bar(place, start, length, **style)
            start += length


# ---- what a chart is told


def column(frame: pd.DataFrame | pd.Series, name: Any) -> pd.Series:
    """A column of a frame, or a level of its index; ``ParameterError`` where there is none of the name."""
    held = frame.to_frame() if isinstance(frame, pd.Series) else frame
    there = columns.frame_columns(held)
    for key, values in there:
        if key == name:
            return values().rename(name)
    raise ParameterError(f"表里没有“{name}”这一列{nearest(str(name), [str(key) for key, _ in there])}")


def numbers(frame: pd.DataFrame | pd.Series, name: Any) -> list[float | None]:
    """A column's figures, None for what is missing; ``ParameterError`` where they are none."""
    values = column(frame, name)
    try:
        found = pd.to_numeric(values).astype("float64").tolist()
    except (TypeError, ValueError) as wrong:
        raise ParameterError(f"“{name}”这一列不全是数，不能画成长短") from wrong
    return [value if value == value and abs(value) != float("inf") else None for value in found]  # noqa: PLR0124  # not NaN


def names(frame: pd.DataFrame | pd.Series, name: Any) -> list[str]:
    """A column's values as the names of lines."""
    return [labels.one_line(columns.text(value)) for value in column(frame, name).tolist()]


def limit(line: float | tuple[float, str] | None, write: columns.Writer) -> tuple[float, str] | None:
    """A line to be drawn and what it is called."""
    if line is None:
        return None
    return (line[0], line[1]) if isinstance(line, tuple) else (line, write(line))
