"""Drawings of a Word document: the text boxes in them, and what else is seen and cannot be read.

Equations of a Word document (Office MathML) as one line of text: ``≥95%``, ``49/50``.

What one line cannot say for certain is said to be so. Names are those of ECMA-376 part 1, 22.1.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.markedtext import LENGTH, POWERS, quoted
from perfeval.ingest.containers.wordlooks import GONE, INVISIBLE, OFF, child, has_text, short, value
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


Say = Callable[[str, str], None]
"""Takes a doubt's code and message."""
RunText = Callable[[Element], str]
"""Reads a run of an equation."""

_THROUGH = "m:oMath m:oMathPara m:e m:box m:num m:den m:sub m:sup m:fName m:deg m:lim ins moveTo"
THROUGH = frozenset(_THROUGH.split())
"""Parts that are read one after the other."""
DOUBTED = {"m:nary": "求和或积分", "m:limLow": "下限", "m:limUpp": "上限", "m:acc": "加符号的字", "m:bar": "加横线的字",
           "m:groupChr": "成组符号", "m:m": "矩阵", "m:sPre": "左上下标", "m:rad": "根式", "m:borderBox": "加框的式子",
           "m:phant": "不显示的式子"}  # fmt: skip
"""What loses its meaning on one line."""
ATOM = re.compile(r"[0-9.,%]+|[^\W\d_]+")


def equation(element: Element, run: RunText, say: Say) -> str:
    """The text of an equation, or of a part of one; ``run`` reads its runs, ``say`` takes doubts (W615)."""
    return "".join(_part(part, run, say) for part in element)


def _part(element: Element, run: RunText, say: Say) -> str:
    name = short(element.tag)
    if name in {"m:r", "r"}:
        return run(element)
    if name in READERS:
        return READERS[name](element, run, say)
    if name in DOUBTED:
        text = equation(element, run, say)
        say("W615", f"公式里有{DOUBTED[name]}，读作{quoted(text)}")
        return text
    if name in THROUGH:
        return equation(element, run, say)
    if name not in GONE and name not in INVISIBLE and not name.endswith("Pr") and has_text(element):
        say("W615", f"公式里有不认识的部分（{name}），没有读取：{quoted(''.join(element.itertext()))}")
    return ""


def _of(element: Element, name: str, run: RunText, say: Say) -> str:
    """The text of the child of that name."""
    part = next((part for part in element if short(part.tag) == name), None)
    return "" if part is None else equation(part, run, say)


def _fraction(element: Element, run: RunText, say: Say) -> str:
    above, below = _of(element, "m:num", run, say), _of(element, "m:den", run, say)
    text = f"{_atom(above)}/{_atom(below)}"
    if value(child(child(element, "fPr"), "type")) == "noBar":
        say("W615", f"公式里有上下两行，读作{quoted(text)}")
    return text


def _atom(text: str) -> str:
    return text if ATOM.fullmatch(text) else f"({text})"


def _power(element: Element, run: RunText, say: Say) -> str:
    base, raised = _of(element, "m:e", run, say), _of(element, "m:sup", run, say)
    if LENGTH.search(base) and raised.strip() in POWERS:
        return base + POWERS[raised.strip()]
    text = f"{base}^{_atom(raised)}"
    say("W615", f"公式里有上标，读作{quoted(text)}")
    return text


def _index(element: Element, run: RunText, say: Say) -> str:
    base, index = _of(element, "m:e", run, say), _of(element, "m:sub", run, say)
    if base[-1:].isalpha() and base.isascii():
        return base + index
    say("W615", f"公式里有下标，读作{quoted(f'{base}_{index}')}")
    return f"{base}_{index}"


def _both(element: Element, run: RunText, say: Say) -> str:
    parts = [_of(element, name, run, say) for name in ("m:e", "m:sub", "m:sup")]
    text = f"{parts[0]}_{parts[1]}^{parts[2]}"
    say("W615", f"公式里有上下标，读作{quoted(text)}")
    return text


def _brackets(element: Element, run: RunText, say: Say) -> str:
    signs = child(element, "dPr")
    left, between, right = (
        usual if (own := child(signs, name)) is None else value(own)
        for name, usual in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
    )
    parts = [equation(part, run, say) for part in element if short(part.tag) == "m:e"]
    return left + between.join(parts) + right


def _lines(element: Element, run: RunText, say: Say) -> str:
    return "\n".join(equation(part, run, say) for part in element if short(part.tag) == "m:e")


READERS: dict[str, Callable[[Element, RunText, Say], str]] = {
    "m:f": _fraction,
    "m:sSup": _power,
    "m:sSub": _index,
    "m:sSubSup": _both,
    "m:d": _brackets,
    "m:eqArr": _lines,
    "m:func": equation,
}
