"""The automatic numbers of a Word document: ``一、``, ``（二）``, ``3.`` are not in its text but computed when shown.

Element names and number formats are those of ECMA-376 part 1, 17.9 and 17.18.59.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree.ElementTree import Element

DIGITS = "零一二三四五六七八九"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LEVELS = 9
MOST_LETTERS = 780
"""Counted in letters (30 times z); Word goes on, and nobody reads it."""
BASED_ON = 20
"""Styles followed upwards before the chain is taken for a circle."""


@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: Element) -> str:
    """The element's name without its namespace: transitional and strict documents differ only in that."""
    return _bare(element.tag)


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    if element is not None:
        for part in element:
            if _bare(part.tag) == name:
                return part
    return None


def value(element: Element | None, name: str = "val") -> str:
    """The attribute of that name, whatever its namespace; empty where there is none."""
    if element is None:
        return ""
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


@dataclass(slots=True)
class Level:
    """One level of a list."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    """Whether the numbers of the levels above are shown as 1, 2, 3 whatever their own form."""


@dataclass(slots=True)
class Numbering:
    """Counts through a document: :meth:`label` is asked once for each paragraph, in order."""

    lists: dict[str, list[Level]] = field(default_factory=dict)
    """By the id of the abstract list."""
    numbers: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    """Number id → abstract list, and levels that start anew at this number."""
    styles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Style id → (number id, level, style it is based on)."""
    _counts: dict[str, list[int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def label(self, properties: Element | None) -> str:
        """The number a paragraph with these properties shows; empty where it shows none."""
        number, depth = self._place(properties)
        if number not in self.numbers:
            return ""
        name, anew = self.numbers[number]
        levels = self.lists.get(name, [])
        if depth >= len(levels):
            return ""
        counts = self._counts.setdefault(name, [0] * LEVELS)
        if depth in anew and (number, depth) not in self._started:
            self._started.add((number, depth))
            counts[depth] = anew[depth]
        else:
            counts[depth] = counts[depth] + 1 if counts[depth] else levels[depth].start
        counts[depth + 1 :] = [0] * (LEVELS - depth - 1)
        if levels[depth].form == "bullet":
            return ""
        text = levels[depth].text
        for at in range(depth + 1):
            count = counts[at] or (levels[at].start if at < len(levels) else 1)
            form = "decimal" if levels[depth].legal and at < depth else levels[at].form
            text = text.replace(f"%{at + 1}", counted(count, form))
        return text

    def _place(self, properties: Element | None) -> tuple[str, int]:
        """Number id and level, from the paragraph itself or else from its style."""
        own = child(properties, "numPr")
        number, level = value(child(own, "numId")), value(child(own, "ilvl"))
        style = value(child(properties, "pStyle"))
        for _ in range(BASED_ON):
            if (number and level) or style not in self.styles:
                break
            style_number, style_level, style = self.styles[style]
            number, level = number or style_number, level or style_level
        return number, depth if (depth := _small(level, 0)) < LEVELS else 0


def numbering(lists: Element | None, styles: Element | None) -> Numbering:
    """From the roots of ``numbering.xml`` and ``styles.xml``."""
    found = Numbering()
    for part in lists if lists is not None else ():
        if local(part) == "abstractNum":
            found.lists[value(part, "abstractNumId")] = _levels(part)
        elif local(part) == "num":
            changes = [change for change in part if local(change) == "lvlOverride"]
            starts = {_small(value(change, "ilvl"), 0): child(change, "startOverride") for change in changes}
            anew = {at: _small(value(start), 1) for at, start in starts.items() if start is not None}
            found.numbers[value(part, "numId")] = (value(child(part, "abstractNumId")), anew)
    _name_styles(found, styles)
    for part in lists if lists is not None else ():  # a list that only names a style has the levels of that style's
        style = value(child(part, "numStyleLink"))
        if local(part) == "abstractNum" and style in found.styles:
            real, _ = found.numbers.get(found.styles[style][0], ("", {}))
            found.lists[value(part, "abstractNumId")] = found.lists.get(real, [])
    return found


def _name_styles(found: Numbering, styles: Element | None) -> None:
    for part in styles if styles is not None else ():
        if local(part) == "style":
            own = child(child(part, "pPr"), "numPr")
            place = (value(child(own, "numId")), value(child(own, "ilvl")), value(child(part, "basedOn")))
            found.styles[value(part, "styleId")] = place


def _small(text: str, otherwise: int) -> int:
    """A count as documents have them; a damaged one may name any number."""
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise  # noqa: PLR2004


def _levels(part: Element) -> list[Level]:
    levels = [Level() for _ in range(LEVELS)]
    for level in part:
        at = value(level, "ilvl")
        if local(level) == "lvl" and at.isdecimal() and _small(at, LEVELS) < LEVELS:
            legal = child(level, "isLgl")
            form, text = value(child(level, "numFmt")) or "decimal", value(child(level, "lvlText"))
            shown_legal = legal is not None and value(legal) not in {"0", "false", "off"}
            levels[int(at)] = Level(form, text, _small(value(child(level, "start")), 1), shown_legal)
    return levels


def counted(number: int, form: str) -> str:
    """A count in a number format: ``counted(12, "chineseCounting")`` is ``十二``."""
    if form.startswith(("chinese", "japanese", "taiwaneseCounting")) and 0 < number < 100:  # noqa: PLR2004
        tens, ones = divmod(number, 10)
        return f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"
    if form.startswith("decimalEnclosedCircle") and 0 < number <= len(CIRCLED):
        return CIRCLED[number - 1]
    if form in {"lowerLetter", "upperLetter"} and number <= MOST_LETTERS:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"}:
        text, left = "", min(number, 4000)
        for size, sign in ROMAN:
            text += sign * (left // size)
            left %= size
        return text.upper() if form == "upperRoman" else text
    if form == "none":
        return ""
    return f"{number:02}" if form == "decimalZero" else str(number)
