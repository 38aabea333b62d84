"""Drawings of a Word document: the text boxes in them, and what else is seen and cannot be read."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.marks import quoted
from perfeval.ingest.containers.numbering import value
from perfeval.ingest.containers.wordlooks import OFF
from perfeval.ingest.containers.wordnames import short
from perfeval.ingest.document import Doubt

PICTURE, CHART, DIAGRAM, OBJECT = "图片", "图表", "SmartArt图形", "嵌入的对象"
THINGS = {"a:pic": PICTURE, "v:imagedata": PICTURE, "a:chart": CHART, "a:relIds": DIAGRAM, "o:OLEObject": OBJECT,
          "objectEmbed": OBJECT, "objectLink": OBJECT, "control": "控件", "contentPart": "墨迹"}  # fmt: skip
TEXTS = {"t", "m:t", "a:t"}


@dataclass(slots=True)
class Drawn:
    """What a drawing holds."""

    boxes: list[Element] = field(default_factory=list)
    """Contents of text boxes (``w:txbxContent``), outermost only."""
    things: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    inline: bool = False
    """Whether it stands in the line like a letter."""


def drawn(element: Element) -> Drawn:
    """What a ``w:drawing``, ``w:pict`` or ``w:object`` holds."""
    found = Drawn()
    _look(element, found)
    if OBJECT in found.things:
        found.things = [thing for thing in found.things if thing != PICTURE]  # the object's own image
        found.inline = True
    return found


def _look(element: Element, found: Drawn) -> None:
    for part in element:
        name = short(part.tag)
        if name == "txbxContent":
            found.boxes.append(part)
        elif name == "AlternateContent":
            chosen, doubt = alternative(part)
            found.doubts += [("W617", doubt)] if doubt else []
            _look(chosen, found)
        elif name in {"a:inline", "a:anchor"} and _hidden(part):
            text = "".join(part.itertext())
            found.doubts += [("W612", f"隐藏的图形里的文字{quoted(text)}没有读取")] if text.strip() else []
        else:
            _one(part, name, found)
            _look(part, found)


def _one(part: Element, name: str, found: Drawn) -> None:
    if name in THINGS:
        found.things.append(THINGS[name])
    elif name == "a:t" and (part.text or "").strip():
        found.doubts.append(("W617", f"图形里的文字{quoted(part.text or '')}没有读取"))
    elif name == "v:textpath" and value(part, "string").strip():
        found.doubts.append(("W617", f"艺术字{quoted(value(part, 'string'))}没有读取"))
    elif name == "a:inline":
        found.inline = True


def _hidden(part: Element) -> bool:
    return any(short(one.tag) == "a:docPr" and value(one, "hidden") not in {"", *OFF} for one in part)


def alternative(element: Element) -> tuple[Element, str]:
    """Of the forms of one content (``mc:AlternateContent``) the first that holds anything, and a doubt.

    They are for newer and older programs and say the same; where their texts differ, that is said.
    """
    texts = [(text_in(part), part) for part in element]
    holding = [(text, part) for text, part in texts if text] or [
        ("", part) for _, part in texts if any(short(one.tag) in {*THINGS, "symEx"} for one in part.iter())
    ]
    if not holding:
        return next(iter(element), element), ""
    text, chosen = holding[0]
    other = next((other for other, _ in holding[1:] if other != text), "")
    return chosen, f"同一内容有两种写法：{quoted(text)}和{quoted(other)}，读作前者" if other else ""


def text_in(element: Element) -> str:
    """The text in a part of a document, without blanks."""
    return "".join(_words(element))


def _words(element: Element) -> list[str]:
    """The texts in an element without blanks; of alternatives within it only the first."""
    found = []
    for part in element:
        name = short(part.tag)
        if name in TEXTS:
            found.append("".join((part.text or "").split()))
        elif name == "AlternateContent":
            found += next(filter(any, map(_words, part)), [])
        else:
            found += _words(part)
    return found
