"""How the runs of a Word document look, as far as that changes what is read: raised, struck out, hidden, symbol fonts.

A look comes from the run itself, its character style, the paragraph's style, the table's style and the document's
defaults (ECMA-376 part 1, 17.7.2); struck out and hidden are toggled by styles (17.7.3).
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.marks import HIDDEN, LOWERED, RAISED, STRUCK
from perfeval.ingest.containers.numbering import BASED_ON, child, local, value
from perfeval.ingest.containers.symbols import is_symbol_font

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
