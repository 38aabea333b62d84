"""How charts are drawn: one line of text over one bar or dot, so that no label can meet a mark whatever its length.

Charts are drawn 360 px wide: two stand side by side in the page's column or on paper, one fills a phone at its natural
size. Margins are fixed, so that the same data gives the same bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import CLAIMED
from perfeval.present import fonts, labels
from perfeval.present.svg import svg

P = ParamSpec("P")

WIDTH, LINE, BAR, FOOT = 360, 44, 11, 28
"""Width of a chart, height of a line (text over bar), of its bar, and of an axis below: px."""
GAP = 1.2
"""Em between the two texts of a line."""


STYLES: dict[str, dict[str, Any]] = {
    MET: {"facecolor": fonts.MET, "edgecolor": fonts.MET},
    PARTLY: {"facecolor": fonts.PAPER, "edgecolor": fonts.DOUBT, "hatch": "////"},
    MISSED: {"facecolor": fonts.MISSED, "edgecolor": fonts.PAPER, "hatch": "xxx"},
    CLAIMED: {"facecolor": fonts.PAPER, "edgecolor": fonts.DOUBT, "hatch": "|||"},
    UNDECIDED: {"facecolor": fonts.PAPER, "edgecolor": fonts.SOFT, "hatch": "---"},
}
"""Verdicts told apart by fill and hatch as well as by colour."""
STACKED = (MET, CLAIMED, UNDECIDED, PARTLY, MISSED)
"""Their order in a bar: what is met, then what may be, so that the bar shows both bounds."""
OPEN_MARKS = {CLAIMED: "竖纹为凭申报完成", UNDECIDED: "横纹为无法判定"}
"""How a bar marks what is open."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the sentence that is its title, and the sentence that tells its figures to those who cannot see it."""

    name: str
    """Keeps its ids apart from those of other charts of the page."""
    figure: Figure
    title: str
    alt: str

    def _repr_html_(self) -> str:
        return str(figure_html(self))

    def __repr__(self) -> str:
        return f"{self.title}\n{self.alt}"


def figure_html(chart: Chart) -> Markup:
    """The chart as ``<figure>`` with its title as caption; its text is read out once, as the alt text."""
    return figure_element(chart.figure, chart.title, chart.alt, chart.name)


def figure_element(figure: Figure, title: str, alt: str, name: str) -> Markup:
    """A drawing as ``<figure>``: caption, then the SVG as one image with its alt text."""
    opening = Markup('<svg role="img" aria-label="{}" ').format(alt)
    drawing = Markup(svg(figure, name).replace("<svg ", opening, 1))  # noqa: S704  # our own drawing, escaped by its writer
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(title, drawing)


def charts_html(charts: Sequence[Chart | None]) -> Markup:
    """The charts that have something to show, side by side where there is room."""
    shown = Markup("").join(figure_html(chart) for chart in charts if chart)
    return Markup('<div class="pair">{}</div>').format(shown) if shown else Markup("")


def styled(draw: Callable[P, Chart | None]) -> Callable[P, Chart | None]:
    """Draw in the style of the reports, whatever matplotlib is set to."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Chart | None:
        with fonts.theme():
            return draw(*args, **kwargs)

    return drawn


def lines(count: int, most: float, foot: int = 2) -> tuple[Figure, Axes]:
    """A figure of ``count`` lines over an axis from 0 to ``most``, with fixed margins; y counts lines from the top."""
    height = count * LINE + foot
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor="none")
    axes = figure.add_axes((2 / WIDTH, foot / height, 1 - 4 / WIDTH, 1 - foot / height))
    axes.set_xlim(0, most)
    axes.set_ylim(count, 0)
    axes.axis("off")
    return figure, axes


def middle(place: int) -> float:
    """Where a line's bar has its middle."""
    return place + 29 / LINE


def write(axes: Axes, x: float, y: float, shown: str, **style: Any) -> None:
    """Text at a share of the width (0 left, 1 right) and at a line."""
    axes.text(x, y, shown, transform=axes.get_yaxis_transform(), verticalalignment="baseline", **style)


def line_text(axes: Axes, place: int, name: str, value: str) -> None:
    """The name at the left and the value at the right of a line, the name cut to the room the value leaves.

    Both stand on paper white, so that a line that runs on behind them does not cross them.
    """
    room = (WIDTH - 4) / fonts.SIZE - labels.width(value) - GAP
    y = place + 17 / LINE
    paper = {"facecolor": fonts.PAPER, "edgecolor": "none", "pad": 1}
    write(axes, 0, y, labels.shorten(name, room), bbox=paper)
    write(axes, 1, y, value, horizontalalignment="right", bbox=paper)


def bar(axes: Axes, place: int, start: float, length: float, **style: Any) -> None:
    """A bar on a line."""
    half = BAR / 2 / LINE
    axes.add_patch(Rectangle((start, middle(place) - half), length, 2 * half, linewidth=1, **style))


def stack(axes: Axes, place: int, parts: Mapping[str, float]) -> None:
    """Lengths by verdict, one after the other on a line, each in its own style."""
    start = 0.0
    for verdict in STACKED:
        if parts.get(verdict):
            bar(axes, place, start, parts[verdict], **STYLES[verdict])
            start += parts[verdict]


def dot(axes: Axes, place: int, at: float, colour: str) -> None:
    """A dot on a line."""
    axes.plot([at], [middle(place)], marker="o", markersize=9, color=colour, linestyle="none", clip_on=False)


def axis(axes: Axes, told: str) -> None:
    """A quiet axis below, with a sentence of where it begins and ends."""
    bottom = axes.get_ylim()[0]
    axes.plot(
        [0, 1], [bottom, bottom], color=fonts.SOFT, linewidth=0.8, transform=axes.get_yaxis_transform(), clip_on=False
    )
    write(axes, 0, bottom + 18 / LINE, told, color=fonts.SOFT)


def extent(low: str, high: str) -> str:
    """What an axis of points spans, and that it does not begin at 0 where it does not.

    >>> extent("94.5", "100"), extent("0.00", "90.00")
    ('横轴从94.5到100分，不从0起', '横轴从0.00到90.00分')
    """
    return f"横轴从{low}到{high}分{'，不从0起' if low.strip('0.') else ''}"


def time_axis(axes: Axes, first: int, last: int) -> None:
    """An axis of days (ordinals) with its first and last date."""
    low, high = axes.get_xlim()
    bottom = axes.get_ylim()[0]
    axes.plot([low, high], [bottom, bottom], color=fonts.SOFT, linewidth=0.8, clip_on=False)
    for day, side in ((first, "left"), (last, "right")):
        found = date.fromordinal(day)
        axes.plot([day, day], [bottom, bottom - 5 / LINE], color=fonts.SOFT, linewidth=0.8, clip_on=False)
        write(
            axes,
            (day - low) / (high - low),
            bottom + 18 / LINE,
            f"{found.month}月{found.day}日",
            color=fonts.SOFT,
            horizontalalignment=side,
        )


STRIP = 150
"""Height of a chart of yearly values, px."""
ENDS = 30
"""Room at both ends of its years, px, so that the first and last labels stay inside."""
CROWDED = 7
"""Yearly values from which only the first, last, highest and lowest are labelled."""


def yearly(
    years: Sequence[int], values: Sequence[float], write_value: Callable[[float], str], upper: Sequence[float] = ()
) -> Figure:
    """Yearly values as labelled dots on a line, at their real distances; the axis spans the values, not zero.

    ``upper`` is what the values can be at most: the band between is hatched, its upper edge labelled at both ends.
    """
    figure = Figure(figsize=(WIDTH / 72, STRIP / 72), dpi=72, facecolor="none")
    axes = figure.add_axes((ENDS / WIDTH, 44 / STRIP, 1 - 2 * ENDS / WIDTH, 1 - 72 / STRIP))
    axes.axis("off")
    low, high = min(values), max(values)
    top = max([high, *upper])
    room = (top - low) * 0.08 or 1
    axes.set_ylim(low - room, top + room)
    span = years[-1] - years[0]
    axes.set_xlim(years[0] - (0 if span else 1), years[-1] + (0 if span else 1))
    if upper:
        open_ = STYLES[CLAIMED] | {"facecolor": "none"}
        axes.fill_between(years, values, upper, linewidth=0.8, clip_on=False, **open_)
        for place in {0, len(years) - 1}:
            if write_value(upper[place]) != write_value(values[place]):
                _label(axes, (years[place], upper[place]), write_value(upper[place]), 8, color=fonts.SOFT)
    axes.plot(years, values, color=fonts.NEUTRAL, linewidth=1.6, clip_on=False)
    axes.plot(years, values, color=fonts.NEUTRAL, marker="o", markersize=6, linestyle="none", clip_on=False)
    told = range(len(years)) if len(years) < CROWDED else {0, len(years) - 1, values.index(low), values.index(high)}
    for place, (year, value) in enumerate(zip(years, values, strict=True)):
        if place in told:
            below = _lower(values, place) or (bool(upper) and write_value(upper[place]) != write_value(value))
            paper = {"bbox": {"facecolor": fonts.PAPER, "edgecolor": "none", "pad": 0.5}} if upper else {}
            _label(axes, (year, value), write_value(value), -18 if below else 8, **paper)
        if place in told or len(years) < 2 * CROWDED:
            bottom = axes.get_ylim()[0]
            _label(axes, (year, bottom), str(year), -38, color=fonts.SOFT)
    return figure


def _label(axes: Axes, at: tuple[float, float], shown: str, above: int, **style: Any) -> None:
    """Text so many points above a value."""
    axes.annotate(
        shown,
        at,
        xytext=(0, above),
        textcoords="offset points",
        horizontalalignment="center",
        annotation_clip=False,
        **style,
    )


def _lower(values: Sequence[float], place: int) -> bool:
    """Whether a value is no higher than its neighbours, so that its label is clear of the line only underneath."""
    beside = [values[near] for near in (place - 1, place + 1) if 0 <= near < len(values)]
    return bool(beside) and values[place] <= min(beside) and values[place] < max(beside)
