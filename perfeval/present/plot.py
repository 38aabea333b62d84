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
from perfeval.present.plot_rows import bars, dots, nearly_equal, stacked, timeline, waterfall

__all__ = [
    "ChartAxes",
    "bars",
    "colours",
    "dots",
    "name_artist",
    "nearly_equal",
    "save",
    "stacked",
    "theme",
    "timeline",
    "title_of",
    "waterfall",
]


def theme() -> None:
    """Let matplotlib draw Chinese: done on import, and to be done again after ``plt.style.use``."""
    fonts.register()


theme()
