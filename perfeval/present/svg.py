"""Matplotlib figures as lean inline SVG with real text, the same bytes on every run.

Matplotlib's SVG is a document of its own: inside a page its ids would meet those of other charts and its style sheet
would reach the whole page. What is kept is the drawing; text stays text, in the reader's fonts.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from xml.etree import ElementTree as ET

from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from perfeval.present import fonts, hatches
from perfeval.present.fontfile import FAMILY

XLINK = "{http://www.w3.org/1999/xlink}href"
DROPPED = ("metadata", "style")
_REFERENCE = re.compile(r"#([\w-]+)")
_LONG = re.compile(r"-?\d+\.\d{3,}")
HOVER = "hover:"
"""A group id that begins so is the name its artist shows to a pointer; of several points, one after the other with
:data:`BETWEEN` between them."""
BETWEEN = "\u2028"
NOTHING = ("stroke-linejoin: miter", "stroke-linecap: butt", "text-anchor: start", "stroke-dashoffset: 0")
"""What would be so without being said."""


def svg(figure: Figure, name: str) -> str:
    """The figure as an ``<svg>`` element for a page; ``name`` keeps its ids apart from those of other charts.

    What the charts' font lacks is measured as 〓 and written as itself: the reader's own fonts may have it.
    """
    buffer = io.StringIO()
    with fonts.theme(), drawable(figure) as told:
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})  # type: ignore[no-untyped-call]
    root = ET.fromstring(buffer.getvalue())  # noqa: S314  # matplotlib's own output, not a user's
    _tell(root, told)
    _clean(root)
    _drop_background(root)
    _answer(root)
    hatches.draw(root)
    for path in root.iter("path"):
        path.set("d", _line(path.get("d", "").split()))
    _colour(root)
    _name(root, name)
    _share(root)
    _flatten(root)
    _share(root)
    width, height = (round(inches * 72) for inches in figure.get_size_inches())
    root.attrib.clear()
    root.attrib |= {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    family = ",".join(f"'{font}'" if " " in font else font for font in (FAMILY, *fonts.FALLBACKS))
    root.set("style", f"font-family:{family};font-size:{fonts.SIZE:g}px;stroke-linejoin:round;fill:var(--ink)")
    return ET.tostring(root, encoding="unicode")


def stood_in(figure: Figure, *texts: str) -> str:
    """Which characters 〓 stands for in a picture of the figure with these texts about it, by their code points; empty
    where it stands for none.
    """
    lost = fonts.lacking(
        "".join([*(artist.get_text() for artist in _texts(figure, ()) if artist.get_visible()), *texts])
    )
    return f"〓代替字库没有的字：{'、'.join(f'U+{ord(mark):04X}' for mark in lost)}" if lost else ""


@contextmanager
def drawable(figure: Figure) -> Iterator[dict[str, str]]:
    """The figure with only characters that the charts' font has, for the length of a block.

    Gives the texts that were changed, as pages tell them, by the group id that each is drawn under.
    """
    off = {axis for axes in figure.axes if not axes.axison for axis in (axes.xaxis, axes.yaxis)}
    artists = [(artist, artist.get_text()) for artist in _texts(figure, off)]
    changed = [(artist, said) for artist, said in artists if fonts.drawn(said) != said]
    told = {f"told-{place}": fonts.told(said) for place, (_, said) in enumerate(changed)}
    before = [artist.get_gid() for artist, _ in changed]
    for group, (artist, said) in zip(told, changed, strict=True):
        artist.set_text(fonts.drawn(said))
        artist.set_gid(group)
    try:
        yield told
    finally:
        for own, (artist, said) in zip(before, changed, strict=True):
            artist.set_text(said)
            artist.set_gid(own)


def _texts(figure: Figure, unseen: Collection[Artist]) -> Iterator[Text]:
    """Every text of a figure but those of axes that are switched off: looking for these would make their ticks."""
    waiting = list(figure.get_children())
    while waiting:
        artist = waiting.pop()
        if isinstance(artist, Text):
            yield artist
        if artist not in unseen:
            waiting.extend(artist.get_children())


def _tell(root: ET.Element, told: Mapping[str, str]) -> None:
    """Put the real characters where their stand-ins were drawn, line by line."""
    for group in root.iter():
        real = told.get(group.get("id", ""))
        texts = [] if real is None else [element for element in group.iter() if element.tag.endswith("}text")]
        for text, line in zip(texts, real.split("\n") if real else (), strict=False):
            text.text = line


def _clean(element: ET.Element) -> None:
    """Without namespaces, metadata and style sheets; short numbers, no styles that say nothing."""
    for child in list(element):
        if child.tag.rpartition("}")[2] in DROPPED:
            element.remove(child)
        else:
            _clean(child)
    element.tag = element.tag.rpartition("}")[2]
    element.tail = None
    if element.tag != "text":
        element.text = None
    if XLINK in element.attrib:
        element.set("href", element.attrib.pop(XLINK))
    if "style" in element.attrib:
        said = [part.strip() for part in element.attrib.pop("style").split(";")]
        said = [part for part in said if part and not part.startswith("font") and part not in NOTHING]
        if said:
            element.set("style", ";".join(part.replace(": ", ":") for part in said))
    for key, value in element.attrib.items():
        if key in ("d", "x", "y", "width", "height", "transform", "points"):
            short = _LONG.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
            element.set(key, " ".join(short.split()))
    if element.get("transform", "").startswith("rotate(-0"):
        del element.attrib["transform"]


def _line(parts: list[str]) -> str:
    """The data of a path: what goes on straight says so once, and a point that stands where the last one does goes.

    >>> _line("M -0 6 L -0 6 L 4 6 L 4 6 z".split()), _line("M 1 1 L 1 1".split())
    ('M0 6 4 6z', 'M1 1 1 1')
    """
    plain = [part if part != "-0" else "0" for part in parts]
    commands = set(filter(str.isalpha, plain))
    if not commands <= {"M", "L", "z"} or plain.count("M") != 1:
        return " ".join(plain)
    numbers = [part for part in plain if not part.isalpha()]
    pairs = [" ".join(numbers[at : at + 2]) for at in range(0, len(numbers), 2)]
    points = [pair for at, pair in enumerate(pairs) if not at or pair != pairs[at - 1]]
    points += pairs[-1:] if len(points) == 1 < len(pairs) else []  # a dot
    return f"M{' '.join(points)}{'z' if 'z' in commands else ''}"


VARIABLES = {
    fonts.INK: "ink",
    fonts.SOFT: "soft",
    fonts.LINE: "line",
    fonts.PAPER: "paper",
    fonts.TRACK: "track",
    fonts.MET: "met",
    fonts.MISSED: "miss",
    fonts.DOUBT: "doubt",
    fonts.NEUTRAL: "neutral",
}
"""The palette's colours, and the variables of the style sheet that stand for them, light or dark."""
_COLOUR = re.compile(r"(fill|stroke):\s*(#[0-9a-f]{6})")


def _colour(root: ET.Element) -> None:
    """The palette's colours by the page's variables, so that a chart follows it into the dark.

    Only styles know variables; what is filled by an attribute is given one, and text without any is of the whole
    drawing's ink, which is said once.
    """
    for element in root.iter():
        own = element.attrib.pop("fill", None)
        said = [element.get("style", ""), f"fill:{own}" if own else ""]
        style = ";".join(filter(None, said))
        if element.tag == "text":
            style = ";".join(part for part in style.split(";") if part.replace(" ", "") != f"fill:{fonts.INK}")
            element.attrib.pop("style", None)
        if style:
            element.set("style", _COLOUR.sub(_variable, style))


def _variable(found: re.Match[str]) -> str:
    colour = fonts.INK if found[2] == "#000000" else found[2]
    return f"{found[1]}:var(--{VARIABLES[colour]})" if colour in VARIABLES else f"{found[1]}:{colour}"


def _answer(root: ET.Element) -> None:
    """Names for the pointer, from the group ids that hold them."""
    for group in list(root.iter("g")):
        names = group.get("id", "")
        if not names.startswith(HOVER):
            continue
        del group.attrib["id"]
        texts = names.removeprefix(HOVER).split(BETWEEN)
        points = [element for element in group.iter() if element.tag in ("use", "path")]
        drawn = [point for point in points if point not in _inside(group, "defs")]
        if len(texts) == len(drawn) > 1:
            for point, text in zip(drawn, texts, strict=True):
                ET.SubElement(point, "title").text = text
        else:
            title = ET.Element("title")
            title.text = "；".join(texts)
            group.insert(0, title)


def _inside(group: ET.Element, tag: str) -> set[ET.Element]:
    return {element for outer in group.iter(tag) for element in outer.iter()}


def _drop_background(root: ET.Element) -> None:
    """Without the figure's own frame, which is transparent."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "path" and child.get("style") == "fill:none":
                parent.remove(child)


def _name(root: ET.Element, name: str) -> None:
    """Only ids that are referred to, each with the chart's name before it."""
    ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
    used: set[str] = set()
    short = {known: f"{place:x}" for place, known in enumerate(sorted(ids))}
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            found = {known for known in _REFERENCE.findall(value) if known in ids}
            if found and key != "id":
                used |= found
                element.set(
                    key,
                    _REFERENCE.sub(lambda match: f"#{name}-{short[match[1]]}" if match[1] in ids else match[0], value),
                )
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.set("id", f"{name}-{short[own]}")


def _flatten(element: ET.Element) -> None:
    """Groups that only group are replaced by what they hold."""
    for child in list(element):
        _flatten(child)
    flat: list[ET.Element] = []
    for child in element:
        if child.tag == "g" and not child.attrib and child.find("title") is None:
            flat.extend(child)
        elif child.tag == "defs" and not len(child):
            continue
        else:
            flat.append(child)
    element[:] = flat


def _share(root: ET.Element) -> None:
    """What all the points of a group have in common, said once."""
    for group in root.iter("g"):
        styles = {point.get("style", "") for point in group}
        if len(group) > 1 and len(styles) == 1 and "style" not in group.attrib and all(p.tag == "use" for p in group):
            (style,) = styles
            for point in group:
                point.attrib.pop("style", None)
            if style:
                group.set("style", style)
