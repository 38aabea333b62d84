"""Charts that notebooks draw: each takes a frame and the names of its columns and returns matplotlib Axes.

``from perfeval import plot`` also lets an analyst's own matplotlib draw Chinese. Every chart takes ``ax=`` (any
matplotlib axes), ``title=`` (what it shows, in a sentence), ``source=`` and ``alt=``; without ``ax`` it makes axes that
a notebook shows with all of these, in the colours of the page or of JupyterLab, light or dark. ``ax.set_title`` and
whatever else is done to them is shown and saved. A chart that has nothing to show is None, which every ``show`` piece
takes.
"""

from perfeval.present import fonts
from perfeval.present.axes import ChartAxes, name_artist, save, title_of
from perfeval.present.canvas import colours
from perfeval.present.plot_grids import heat, multiples
from perfeval.present.plot_offices import ends, funnel, scatter, unlisted
from perfeval.present.plot_quadrants import quadrants
from perfeval.present.plot_rows import bars, dots, nearly_equal, stacked, timeline, waterfall
from perfeval.present.plot_years import lines, lollipop, slope

__all__ = [
    "ChartAxes",
    "bars",
    "colours",
    "dots",
    "ends",
    "funnel",
    "heat",
    "lines",
    "lollipop",
    "multiples",
    "name_artist",
    "nearly_equal",
    "quadrants",
    "save",
    "scatter",
    "slope",
    "stacked",
    "theme",
    "timeline",
    "title_of",
    "unlisted",
    "waterfall",
]


def theme() -> None:
    """Let matplotlib draw Chinese; ``from perfeval import plot`` does so, and it is to be done again after
    ``plt.style.use``.
    """
    fonts.register()
