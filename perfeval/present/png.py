"""Matplotlib figures as small PNG images for mail and Word, which show no SVG; the same bytes on every run.

The drawings have few colours, so a palette keeps them a fifth of the size of a full-colour image. Pillow's own palettes
are as small but move the flat colours, which are what a chart says; so the palette is ours and the file Pillow's.
"""

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from perfeval.present import fonts
from perfeval.present.axes import PX, broken, untitled
from perfeval.present.svg import drawable, stood_in

DPI = 200
"""Sharp on paper at the natural width of a chart (360 px of 1/72 inch: 127 mm)."""
LINE = 17
"""Height of a line below a chart, px."""
COLOURS, FLAT = 256, 16
"""The most a palette may have, and how many of the most used colours stay exactly what they are."""
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def png(figure: Figure, dpi: int = DPI) -> bytes:
    """The figure on white as a palette PNG, its natural size in its header; 〓 stands for what the font lacks, and a
    line below says for which characters.
    """
    pixels = _drawn(figure, dpi)
    told = stood_in(figure)
    if told:
        pixels = np.vstack([pixels, _drawn(_below(told, figure.get_figwidth()), dpi)[:, : pixels.shape[1]]])
    palette, indices = quantised(on_white(pixels))
    image, out = Image.fromarray(indices), io.BytesIO()
    image.putpalette(palette.tobytes())
    image.save(out, "PNG", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def _below(told: str, width: float) -> Figure:
    """A sentence as a figure so many inches wide."""
    lines = broken(told, width * PX / fonts.SIZE - 1)
    figure = Figure(figsize=(width, len(lines) * LINE / PX), facecolor="none")
    for place, line in enumerate(lines):
        figure.text(0, 1 - (place + 0.7) / len(lines), line, color=fonts.SOFT)
    return figure


def _drawn(figure: Figure, dpi: int) -> Pixels:
    """The figure's pixels, RGBA."""
    before = figure.dpi
    try:
        with fonts.theme(), drawable(figure):
            figure.set_dpi(dpi)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()  # type: ignore[no-untyped-call]
            return np.asarray(canvas.buffer_rgba(), dtype=np.uint8).copy()  # type: ignore[no-untyped-call]
    finally:
        figure.set_dpi(before)


def chart_png(axes: Axes, dpi: int = DPI) -> bytes:
    """A chart of :mod:`perfeval.present.plot` likewise, without its title: what it is put into says that."""
    figure = axes.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise TypeError(f"no chart of its own: {axes}")
    with untitled(axes):
        return png(figure, dpi)


def on_white(pixels: Pixels) -> Pixels:
    """RGBA (height × width × 4) over a white page as RGB (height × width × 3)."""
    drawn = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB"))


def quantised(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """A palette (colours × 3, at most 256) and the index of each pixel in it.

    The most used colours stay; of the others, the shades of edges, those that differ only in their last bits become the
    one that is used most among them.
    """
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    colours, places, counts = np.unique(
        flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2], return_inverse=True, return_counts=True
    )
    order = np.lexsort((colours, -counts))  # the most used first
    for bits in range(4, 8):
        groups = colours[order] & (0xFF << bits & 0xFF) * 0x010101
        groups[:FLAT] = colours[order[:FLAT]] | 1 << 24
        _, first, numbers = np.unique(groups, return_index=True, return_inverse=True)
        if len(first) <= COLOURS:
            break
    chosen = colours[order[first]]
    palette = np.stack([chosen >> 16, chosen >> 8 & 0xFF, chosen & 0xFF], axis=1).astype(np.uint8)
    numbered = np.empty(len(colours), np.uint8)
    numbered[order] = numbers
    return palette, numbered[places].reshape(pixels.shape[:2])
