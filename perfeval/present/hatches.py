"""Hatches of drawings as lines: browsers print an SVG pattern as a picture in pixels, which takes a hundred times the
room of its lines and is blurred on paper.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

TILE = 72
"""After so many px a pattern of matplotlib's comes again."""
_FILL = re.compile(r"fill:url\(#([\w-]+)\)")
_SEGMENT = re.compile(r"M (\S+) (\S+) L (\S+) (\S+) ?")
_RECTANGLE = re.compile(r"M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 z")


class Box(NamedTuple):
    """A rectangle on the drawing, px."""

    left: float
    right: float
    top: float
    bottom: float


def draw(root: ET.Element) -> None:
    """Replace the patterns that fill rectangles by a plain ground with lines over it.

    What is in another shape, and a pattern of more than lines (dots, stars), keeps its pattern.
    """
    patterns = {pattern.attrib["id"]: pattern for pattern in root.iter("pattern")}
    if not patterns:
        return
    for parent in list(root.iter()):
        for child in list(parent):
            found = _FILL.search(child.get("style", ""))
            if found is not None and (lines := _hatch(child, patterns[found[1]])) is not None:
                parent.insert(list(parent).index(child) + 1, lines)
    left = {name for element in root.iter() for name in _FILL.findall(element.get("style", ""))}
    for definitions in list(root.iter("defs")):
        for pattern in definitions.findall("pattern"):
            if pattern.get("id") not in left:
                definitions.remove(pattern)


def _hatch(shape: ET.Element, pattern: ET.Element) -> ET.Element | None:
    """The lines of a pattern over a rectangle, which is left with the pattern's ground; None for what is no such."""
    ground, ink = pattern
    corners, tile = _RECTANGLE.fullmatch(shape.get("d", "")), ink.get("d", "")
    if corners is None or _SEGMENT.sub("", tile):
        return None
    across, down = sorted(map(float, corners.group(1, 3))), sorted(map(float, corners.group(2, 4)))
    shape.set("style", _FILL.sub(f"fill:{ground.get('fill', 'none')}", shape.get("style", "")))
    lines = ET.Element("path", d=_path(tile, Box(*across, *down)))
    lines.set("style", ";".join(part for part in ink.get("style", "").split(";") if part.startswith("stroke")))
    if "clip-path" in shape.attrib:
        lines.set("clip-path", shape.attrib["clip-path"])
    return lines


def _path(tile: str, box: Box) -> str:
    """Lines as a path, each from where the one before it ends: so it is shortest."""
    said, at = "", (0.0, 0.0)
    for start, end in _crossing(tile, box):
        said += f"{'m' if said else 'M'}{_step(at, start)}l{_step(start, end)}"
        at = end
    return said


def _step(start: tuple[float, float], end: tuple[float, float]) -> str:
    across, down = (f"{round(there - here, 1):g}" for here, there in zip(start, end, strict=True))
    return f"{across}{'' if down.startswith('-') else ' '}{down}"


def _crossing(tile: str, box: Box) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Where each line of a pattern enters a rectangle and where it leaves it."""
    for steep, offset in _families(tile):
        if steep is None:
            for x in _within(offset, box.left, box.right):
                yield _rounded(x, box.top), _rounded(x, box.bottom)
            continue
        reach = sorted((-steep * box.left, -steep * box.right))
        for level in _within(offset, box.top + reach[0], box.bottom + reach[1]):
            ends = sorted((y - level) / steep for y in (box.top, box.bottom)) if steep else (box.left, box.right)
            start, end = max(box.left, ends[0]), min(box.right, ends[1])
            if start < end:
                yield _rounded(start, steep * start + level), _rounded(end, steep * end + level)


def _families(tile: str) -> list[tuple[int | None, float]]:
    """The lines of a pattern's tile, each once: how many px it goes down for one to the right (None: it is upright),
    and where it crosses the drawing's edge.
    """
    found: set[tuple[int | None, float]] = set()
    for x, y, to_x, to_y in (map(float, segment) for segment in _SEGMENT.findall(tile)):
        if x == to_x:
            found.add((None, round(x % TILE, 2)))
        else:
            steep = round((to_y - y) / (to_x - x))
            found.add((steep, round((y - steep * x) % TILE, 2) % TILE))
    return sorted(found, key=lambda line: (line[0] is None, line[0] or 0, line[1]))


def _within(offset: float, low: float, high: float) -> Iterator[float]:
    """Every place between two that is a whole number of tiles from an offset."""
    first = math.ceil((low - offset) / TILE)
    last = math.floor((high - offset) / TILE)
    return (offset + TILE * number for number in range(first, last + 1))


def _rounded(x: float, y: float) -> tuple[float, float]:
    return round(x, 1), round(y, 1)
