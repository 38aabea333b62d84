"""How the runs of a Word document look, as far as that changes what is read: raised, struck out, hidden, symbol fonts.

A look comes from the run itself, its character style, the paragraph's style, the table's style and the document's
defaults (ECMA-376 part 1, 17.7.2); struck out and hidden are toggled by styles (17.7.3).

The automatic numbers of a Word document: ``一、``, ``（二）``, ``3.`` are not in its text but computed when shown.

Element names and number formats are those of ECMA-376 part 1, 17.9 and 17.18.59.

The names of the elements of a Word document, and of each what it is to a reader: a closed list.

Names are those of ECMA-376 part 1 (17, 22.1) with Microsoft's later ones. What is not here is not known, and whoever
meets it says so.
"""

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Literal
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.markedtext import HIDDEN, LOWERED, RAISED, STRUCK, is_symbol_font

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
    """Whether the numbers of all levels are shown as 1, 2, 3 whatever their own form (ECMA-376 part 1, 17.9.4)."""


@dataclass(slots=True)
class Numbering:
    """Counts through a document: :meth:`label` is asked once for each paragraph, in order."""

    lists: dict[str, list[Level]] = field(default_factory=dict)
    """By the id of the abstract list."""
    numbers: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    """Number id → abstract list, and levels that start anew at this number."""
    styles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Style id → (number id, level, style it is based on)."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
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
        counts = self._counts.setdefault(name, {})
        if depth in anew and (number, depth) not in self._started:
            self._started.add((number, depth))
            counts[depth] = anew[depth]
        else:
            counts[depth] = counts[depth] + 1 if counts.get(depth) else levels[depth].start
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        if levels[depth].form == "bullet":
            return ""
        text = levels[depth].text
        for at in range(depth + 1):
            count = counts.get(at) or levels[at].start
            form = "decimal" if levels[depth].legal else levels[at].form
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


OFF = {"0", "false", "off", "none"}
Kind = Literal["paragraph", "character", "table"]
KINDS: tuple[Kind, ...] = ("table", "paragraph", "character")


@dataclass(frozen=True, slots=True)
class Look:
    """What run properties say; None where they say nothing."""

    strike: bool | None = None
    double: bool | None = None
    hidden: bool | None = None
    vertical: str | None = None
    """superscript, subscript or baseline."""
    position: int | None = None
    """Half-points above the line."""
    size: int | None = None
    """Half-points."""
    font: str | None = None
    """The font of Latin letters and numbers of symbols."""

    def over(self, below: "Look") -> "Look":
        """This look where it says something, else the one below it."""
        if self is NOTHING:
            return below
        own = ((name, getattr(self, name)) for name in self.__slots__)
        return replace(below, **{name: said for name, said in own if said is not None})


NOTHING = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """A style as ``styles.xml`` gives it."""

    kind: str
    based_on: str
    look: Look


@dataclass(frozen=True)
class Looks:
    """The styles of a document; :meth:`of` is asked for each run."""

    styles: dict[str, Style] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    """Kind → the style of what names none."""
    defaults: Look = NOTHING
    _known: dict[tuple[str, str, str], Look] = field(default_factory=dict)

    def of(self, table: str, paragraph: str, run: Look, character: str) -> Look:
        """The look of a run; ``character`` and the like are style ids, empty where none is named."""
        named = (table, paragraph, character)
        if named not in self._known:
            self._known[named] = self._styled(named)
        return run.over(self._known[named])

    def _styled(self, named: tuple[str, str, str]) -> Look:
        chains = [self._chain(name or self.usual.get(kind, ""), kind) for kind, name in zip(KINDS, named, strict=True)]
        whole = self.defaults
        for look in chains:
            whole = look.over(whole)
        return replace(
            whole,
            strike=bool(self.defaults.strike) or sum(bool(look.strike) for look in chains) % 2 == 1,
            hidden=bool(self.defaults.hidden) or sum(bool(look.hidden) for look in chains) % 2 == 1,
        )

    def _chain(self, name: str, kind: str) -> Look:
        """A style over those it is based on."""
        look = NOTHING
        for _ in range(BASED_ON):
            style = self.styles.get(name)
            if style is None or style.kind != kind:
                break
            look, name = look.over(style.look), style.based_on
        return look


def looks(styles: Element | None) -> Looks:
    """From the root of ``styles.xml``."""
    found: dict[str, Style] = {}
    usual: dict[str, str] = {}
    defaults = NOTHING
    for part in styles if styles is not None else ():
        if local(part) == "docDefaults":
            defaults = read_look(child(child(part, "rPrDefault"), "rPr"))
        elif local(part) == "style":
            name, kind = value(part, "styleId"), value(part, "type") or "paragraph"
            found[name] = Style(kind, value(child(part, "basedOn")), read_look(child(part, "rPr")))
            if value(part, "default") not in {"", *OFF}:
                usual.setdefault(kind, name)
    return Looks(found, usual, defaults)


def read_look(properties: Element | None) -> Look:
    """What run properties (``w:rPr``) say."""
    said: dict[str, object] = {}
    for part in properties if properties is not None else ():
        name = local(part)
        if name in TOGGLES:
            said[TOGGLES[name]] = value(part) not in OFF
        elif name == "vertAlign":
            said["vertical"] = value(part)
        elif name in {"position", "sz"}:
            said["position" if name == "position" else "size"] = _whole(value(part))
        elif name == "rFonts":
            font = next(filter(None, (value(part, key) for key in ("ascii", "hAnsi"))), "")
            said["font"] = font or None
    return _look(tuple(said.items())) if said else NOTHING


TOGGLES = {"strike": "strike", "dstrike": "double", "vanish": "hidden"}
"""``webHidden`` hides in a browser only; ``specVanish`` comes with ``vanish``."""


@cache
def _whole(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 6 else None  # noqa: PLR2004


def _look(said: tuple[tuple[str, object], ...]) -> Look:
    return Look(**dict(said))  # type: ignore[arg-type]  # the names are those of the fields


def mark_of(look: Look, usual: Look) -> str:
    """The mark of a run; ``usual`` is how the paragraph's plain runs look."""
    if look.hidden:
        return HIDDEN
    if look.strike or look.double:
        return STRUCK
    if look.vertical in {"superscript", "subscript"}:
        return RAISED if look.vertical == "superscript" else LOWERED
    shift = (look.position or 0) - (usual.position or 0)
    smaller = (look.size or 0) < (usual.size or DEFAULT_SIZE) and look.size is not None
    return (RAISED if shift > 0 else LOWERED) if shift and smaller else ""


DEFAULT_SIZE = 20
"""Half-points of a document that says nothing."""


def symbol_font(look: Look) -> str:
    """The symbol font a run is set in, or the empty string."""
    return look.font if look.font and is_symbol_font(look.font) else ""


SEPARATORS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""Elements of a run that stand for a character."""

_LAYOUT = "hyperlink ins moveTo smartTag sdtContent customXml ruby rubyBase dir bdo conflictIns m:oMathPara"
LAYOUT = frozenset(_LAYOUT.split())
"""Containers to go through."""

GONE = frozenset({"del", "moveFrom", "conflictDel"})
"""What is gone once the revisions are accepted."""

_INVISIBLE = """
    pPr rPr tblPr tblGrid tblPrEx trPr tcPr sectPr sdtPr sdtEndPr smartTagPr customXmlPr rubyPr rt fldData ffData
    proofErr permStart permEnd bookmarkStart bookmarkEnd softHyphen lastRenderedPageBreak annotationRef footnoteRef
    endnoteRef separator continuationSeparator commentReference commentRangeStart commentRangeEnd
    moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd
    customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd
    customXmlMoveToRangeStart customXmlMoveToRangeEnd customXmlConflictInsRangeStart customXmlConflictInsRangeEnd
    customXmlConflictDelRangeStart customXmlConflictDelRangeEnd delText delInstrText instrText pgNum
    background docGrid cnfStyle m:oMathParaPr
"""
INVISIBLE = frozenset(_INVISIBLE.split())
"""What shows nothing of its own, or (``pgNum``, the page's number) nothing that is part of the text."""

COMPUTED = {"dayShort": "日", "dayLong": "日", "monthShort": "月", "monthLong": "月", "yearShort": "年",
            "yearLong": "年"}  # fmt: skip
"""Parts of today's date, which Word writes when the document is opened."""

UNREAD = {"altChunk": "嵌入的另一份文档", "subDoc": "子文档", "contentPart": "墨迹", "control": "控件"}
"""What is shown and not read, by the name that a reader knows it by."""

BLOCKS = frozenset({"p", "tbl", "tr", "tc"})
"""Paragraphs, tables, rows and cells: read where they belong."""

_READ = """
    t r sym symEx fldChar fldSimple sdt AlternateContent drawing pict object footnoteReference endnoteReference m:oMath
"""
READ = frozenset(_READ.split())
"""What :mod:`~perfeval.ingest.containers.wordruns` has a way of its own for."""

PREFIXES = (("/math", "m:"), ("drawingml", "a:"), ("office/drawing/", "a:"), ("schemas-microsoft-com:vml", "v:"),
            ("schemas-microsoft-com:office:", "o:"))  # fmt: skip
WORD = ("wordprocessingml", "office/word/", "markup-compatibility")


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """A tag by its short name: Word's own bare, those of equations ``m:``, of drawings ``a:``, others ``?:``.

    Transitional and strict documents, and Word's later additions, differ only in the namespace.
    """
    space, _, name = tag.rpartition("}")
    if not space or any(part in space for part in WORD):
        return name
    return next((prefix for part, prefix in PREFIXES if part in space), "?:") + name


def has_text(element: Element) -> bool:
    """Whether there is any text in an element."""
    return any(part.strip() for part in element.itertext())


def known(name: str) -> bool:
    """Whether a short name is in the list."""
    lists = (SEPARATORS, LAYOUT, GONE, INVISIBLE, COMPUTED, UNREAD, BLOCKS, READ)
    return any(name in names for names in lists)
