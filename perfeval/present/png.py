"""Matplotlib figures as small PNG images for mail and Word, which show no SVG; the same bytes on every run.

The drawings have few colours, so a palette of at most 256 keeps them a fifth of the size of a full-colour image.
"""

import struct
import zlib

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from perfeval.present import fonts
from perfeval.present.svg import drawable

DPI = 200
"""Sharp on paper at the natural width of a chart (360 px of 1/72 inch: 127 mm)."""
INCH = 0.0254
COLOURS = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def png(figure: Figure, dpi: int = DPI) -> bytes:
    """The figure on white as a palette PNG, its natural size in its header; 〓 stands for what the font lacks."""
    before = figure.dpi
    try:
        with fonts.theme(), drawable(figure):
            figure.set_dpi(dpi)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()  # type: ignore[no-untyped-call]
            drawn = np.asarray(canvas.buffer_rgba(), dtype=np.uint8)  # type: ignore[no-untyped-call]
    finally:
        figure.set_dpi(before)
    palette, indices = quantised(on_white(drawn))
    height, width = indices.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices])  # each row begins with its filter: none
    dots = round(dpi / INCH)
    return SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1)),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def on_white(pixels: Pixels) -> Pixels:
    """RGBA (height × width × 4) over a white page as RGB (height × width × 3)."""
    alpha = pixels[..., 3:].astype(np.uint16)
    return ((pixels[..., :3].astype(np.uint16) * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def quantised(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """A palette (colours × 3, at most 256) and the index of each pixel in it.

    Colours that differ only in their last bits become the one that is used most among them, so that the flat colours
    of a chart stay exactly what they are and only shades of edges move.
    """
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    colours, places, counts = np.unique(
        flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2], return_inverse=True, return_counts=True
    )
    groups = np.arange(len(colours))
    for bits in range(1, 8):
        if groups.max() < COLOURS:
            break
        mask = (0xFF << bits & 0xFF) * 0x010101
        groups = np.unique(colours & mask, return_inverse=True)[1]
    order = np.lexsort((colours, -counts))  # the most used colour of a group first
    first = order[np.unique(groups[order], return_index=True)[1]]
    chosen = colours[first]
    palette = np.stack([chosen >> 16, chosen >> 8 & 0xFF, chosen & 0xFF], axis=1).astype(np.uint8)
    return palette, groups[places].astype(np.uint8).reshape(pixels.shape[:2])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
