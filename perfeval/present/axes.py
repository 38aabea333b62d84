"""Axes that show themselves: an SVG figure with its title as caption, its source line, and its figures for those who
cannot see it.

A chart of :mod:`perfeval.present.plot` is matplotlib, drawn on a figure that pyplot does not know, so that a notebook
shows it once. What an analyst changes (title, limits, colours, more artists) is what is shown and saved.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from perfeval.model import asked, fiction
from perfeval.model.errors import ParameterError
from perfeval.present import fonts, labels
from perfeval.present.pieces import Html
from perfeval.present.svg import BETWEEN, HOVER, drawable, stood_in, svg

PX = 72
"""Pixels an inch: charts are drawn at their natural size on the page."""
FORMATS = (".png", ".svg", ".pdf")
TITLE_SIZE, SOURCE_SIZE = 15.0, 11.0
MARGIN = 12
"""Around a saved chart, px."""


class ChartAxes(Axes):
    """Axes with a source line and a text that tells their figures; ``ax.set_title`` is the caption."""

    name = "perfeval"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.source = ""
        self.alt = ""
        self.drawn = -1
        """How many artists the chart had when its figures were told."""
        super().__init__(*args, **kwargs)

    def told(self) -> str:
        """What is read out in place of the drawing."""
        caption = title_of(self)
        if not self.alt:
            return f"图：{caption}" if caption else "图"
        added = self.drawn not in (-1, len(self.get_children()))
        return f"{self.alt.rstrip('。')}。图上另有后加的内容。" if added else self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        shown = chart_html(self)
        return shown._repr_mimebundle_(include, exclude) if shown else {"text/plain": repr(self)}


class BareAxes(ChartAxes):
    """Axes that are switched off. matplotlib makes four ticks of any while it makes them, only to tell the ticks what
    they would look like, which takes longer than all bars of a chart; here they are made should somebody switch the
    axes on.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.complete = False
        super().__init__(*args, **kwargs)
        self.complete = True
        self._have_ticks()

    def clear(self) -> None:
        """As all axes are cleared."""
        axes: list[Any] = [self.xaxis, self.yaxis]
        for axis in axes:
            axis.majorTicks, axis.minorTicks, axis.reset_ticks = [], [], list
        super().clear()
        self.set_axis_off()
        if self.complete:
            self._have_ticks()

    def _have_ticks(self) -> None:
        """From now on, whoever asks for ticks has them."""
        axes: list[Any] = [self.xaxis, self.yaxis]
        for axis in axes:
            del axis.majorTicks, axis.minorTicks, axis.reset_ticks


def new(width: float, height: float, box: tuple[float, float, float, float], *, on: bool = False) -> ChartAxes:
    """Axes on a figure of their own, in px, switched off unless they are to be ``on``; ``box`` is left, bottom, right
    and top margin in px."""
    left, bottom, right, top = box
    figure = Figure(figsize=(width / PX, height / PX), dpi=PX, facecolor="none")
    place = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    made = figure.add_axes(place, axes_class=ChartAxes if on else BareAxes)
    made.set_facecolor("none")
    if not isinstance(made, ChartAxes):
        raise TypeError(type(made).__name__)
    return made


def tell(axes: Axes, title: str, source: str, alt: str) -> Axes:
    """Give a chart its title, source line and alt text; plain axes take the title alone."""
    if isinstance(axes, ChartAxes):
        axes.source, axes.alt = source, alt
        axes.set_title(title)
        axes.drawn = len(axes.get_children())
    elif title:
        axes.set_title(title)
    return axes


def name_artist(artist: Artist, told: str | Sequence[str]) -> None:
    """The name that a pointer over an artist shows, or one for each point of a scatter."""
    texts = [told] if isinstance(told, str) else list(told)
    artist.set_gid(HOVER + BETWEEN.join(fonts.told(labels.one_line(one)) for one in texts))


def title_of(axes: Axes) -> str:
    """The title of a chart: its figure's, where it has one, else its own."""
    figure = axes.get_figure(root=True)
    whole = figure.get_suptitle() if figure is not None else ""
    return whole or next(filter(None, (axes.get_title(loc) for loc in ("left", "center", "right"))), "")


@contextmanager
def untitled(axes: Axes) -> Iterator[None]:
    """Without the title in the drawing, for the length of a block: it stands above it."""
    figure = axes.get_figure(root=True)
    hidden: list[Text] = []
    if figure is not None and figure.get_suptitle():
        hidden = [figure._suptitle]  # type: ignore[attr-defined]  # there is no public way to it
    else:
        hidden = [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]  # likewise
    said = [text.get_text() for text in hidden]
    for text in hidden:
        text.set_text("")  # were it only invisible, ticks would be made to see whether they reach it
    try:
        yield
    finally:
        for text, before in zip(hidden, said, strict=True):
            text.set_text(before)


def chart_html(given: Any) -> Html | None:
    """A chart as a piece: Axes, or a whole matplotlib Figure; None for what is neither."""
    if isinstance(given, Figure):
        if not given.axes:
            return None
        given = next((axes for axes in given.axes if isinstance(axes, ChartAxes)), given.axes[0])
    if not isinstance(given, Axes):
        return None
    figure = given.get_figure(root=True)
    if not isinstance(figure, Figure):
        return None
    caption, source = title_of(given), getattr(given, "source", "")
    told = given.told() if isinstance(given, ChartAxes) else f"图：{caption}" if caption else "图"
    with untitled(given):
        name = "c" + hashlib.sha256(f"{caption}\n{told}".encode()).hexdigest()[:8]
        drawn = svg(figure, name)
    opening = Markup('<svg role="img" aria-label="{}" ').format(told)
    shown = Markup(drawn.replace("<svg ", opening, 1))  # noqa: S704  # our own drawing, escaped by its writer
    head = Markup("<figcaption>{}</figcaption>").format(caption) if caption else Markup("")
    foot = Markup('<p class="source">{}</p>').format(source) if source else Markup("")
    width = round(figure.get_figwidth() * PX * 1.1)
    frame = Markup('<figure style="max-width:{}px">{}{}{}</figure>').format(width, head, shown, foot)
    return Html(str(frame), "\n".join(filter(None, [caption, told, source])))


# ---- saving


def save(axes: Axes | None, path: str | Path, dpi: int = 300) -> Path:
    """Write a chart with its title above and its source line below, black on white; .png, .svg or .pdf.

    Where fictional data were read the line says so first (:mod:`perfeval.model.fiction`).
    ``ParameterError`` for another ending, a folder that is not there, and what is no chart: None, as there is where a
    chart had nothing to show. The chart stays as it was.
    """
    if not isinstance(axes, Axes):
        told = "没有图可存：数据里没有可画的" if axes is None else f"只能存图，不能存{asked.kind(axes)}"
        raise ParameterError(told)
    target = Path(path)
    if not target.parent.is_dir():
        raise ParameterError(f"没有“{target.parent}”这个目录，图没有存")
    if target.suffix.lower() not in FORMATS:
        raise ParameterError(f"图只能存为{'、'.join(FORMATS)}，不能存为“{target.name}”")
    figure = axes.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise ParameterError("这张图不在一个完整的画布上，不能单独保存")
    kind = target.suffix.lower().removeprefix(".")
    metadata: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {"Software": None})
    title, source = title_of(axes), getattr(axes, "source", "")
    foot = "；".join(filter(None, [fiction.mark(), source, stood_in(figure, title, source)]))
    with fonts.theme(), untitled(axes), _framed(figure, title, foot), drawable(figure), fonts.outlined():
        figure.savefig(target, dpi=dpi, facecolor=fonts.PAPER, format=kind, metadata=metadata)
    return target


@contextmanager
def _framed(figure: Figure, title: str, source: str) -> Iterator[None]:
    """The figure larger by its title, its source line and a margin, for the length of a block."""
    width, height = (inches * PX for inches in figure.get_size_inches())
    measure = width / TITLE_SIZE
    above, below = broken(title, measure), broken(source, width / SOURCE_SIZE)
    head = len(above) * TITLE_SIZE * 1.4 + (MARGIN / 2 if above else 0)
    foot = len(below) * SOURCE_SIZE * 1.5 + (MARGIN / 2 if below else 0)
    whole, high = width + 2 * MARGIN, height + head + foot + 2 * MARGIN
    before = [(axes, axes.get_position(original=True)) for axes in figure.axes]
    texts: list[Text] = []
    try:
        figure.set_size_inches(whole / PX, high / PX)
        for axes, box in before:
            place = (
                (MARGIN + box.x0 * width) / whole,
                (MARGIN + foot + box.y0 * height) / high,
                box.width * width / whole,
                box.height * height / high,
            )
            axes.set_position(place)
        for number, line in enumerate(above):
            y = 1 - (MARGIN + (number + 0.8) * TITLE_SIZE * 1.4) / high
            texts.append(figure.text(MARGIN / whole, y, line, fontsize=TITLE_SIZE, color=fonts.INK))
        for number, line in enumerate(reversed(below)):
            y = (MARGIN + number * SOURCE_SIZE * 1.5) / high
            texts.append(figure.text(MARGIN / whole, y, line, fontsize=SOURCE_SIZE, color=fonts.SOFT))
        yield
    finally:
        for text in texts:
            text.remove()
        figure.set_size_inches(width / PX, height / PX)
        for axes, box in before:
            axes.set_position(box)


def broken(text: str, measure: float) -> list[str]:
    """Text in lines at most so many em wide; Chinese may break anywhere but before a closing mark and after an opening.

    >>> broken("预算全部执行，两项指标未完成", 7)
    ['预算全部执行，', '两项指标未完成']
    >>> broken("新增就业人数（人）", 7)
    ['新增就业人数', '（人）']
    """
    lines, line = [], ""
    for mark in labels.one_line(text) if text else "":
        if line and labels.width(line + mark) > measure and mark not in "，。；：、）”":
            kept = line.rstrip("（“《") or line
            lines.append(kept)
            line = line[len(kept) :]
        line += mark
    return [*lines, line] if line else lines
