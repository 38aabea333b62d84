"""The grammar of number formats (ECMA-376 part 1, 18.8.30 and 18.8.31, and what Chinese Excel and WPS add).

A format is a list of sections; each is read completely, or is UNKNOWN: whoever shows a number then says so. Not in the
grammar, on purpose: fractions (``# ?/?``), numerals of other scripts ([DBNum1], [NatNum1]), eras and Buddhist years,
engineering exponents, and grouping commas among literals (``#,##0!.0000``), which programs show differently.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
NUMBER, GENERAL_NUMBER, DATE, LITERAL, TEXT, UNKNOWN = "number", "general", "date", "literal", "text", "unknown"
"""What a section shows: a number by placeholders, in full, a date or time, fixed text, the cell's text; or unclear."""

TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"
    | [\\!](?P<escaped>.)
    | [_*](?P<space>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式|通用格式)
    | (?P<half>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-]0+)
    | (?P<second>s+)(?P<part>\.0+)?
    | (?P<date>y+|m+|d+|h+|e+|a{3,4}|b+|g+)
    | (?P<digit>[0#?])
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|;|.', re.DOTALL)
ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+(?:E[+-]?[0-9]+)?)", re.IGNORECASE)
COLOUR = re.compile(
    r"(?i:black|white|red|green|blue|yellow|magenta|cyan|color ?[0-9]+)"
    "|(?:黑|白|红|绿|蓝|黄|洋红|品红|青|蓝绿)色?|颜色 ?[0-9]+"
)
LOCALE = re.compile(r"\$([^-\]]*)(?:-(?:([0-9A-Fa-f]{1,8})|[a-zA-Z]{1,3}(?:-[A-Za-z0-9]+)*)(?:,[0-9]+)?)?")
"""Currency and language; of eight digits the first two choose the numerals and the next two a calendar."""
NUMERALS = re.compile("DBNum[1-4]", re.IGNORECASE)
CHARACTERS = frozenset(" $-+/():^&'~{}<>=,.%")
"""ASCII that stands for itself without quotes."""
NAMES = re.compile(r"m{3,}|d{3,}|a+", re.IGNORECASE)
MOST_DECIMALS = 30
MOST_PARTS = len(".000")
COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a section."""

    kind: str
    """``literal``, ``digit``, ``point``, ``percent``, ``comma``, ``exponent``, ``general``, ``text``, ``half`` (of the
    day), ``elapsed``, ``part`` (of a second), ``numerals``, or of dates ``y m d h s minute weekday odd``."""
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    condition: tuple[str, Decimal] | None = None
    scale: int = 0
    """Powers of ten that the section takes off the number: 3 for each comma at the end, -2 for a percentage."""
    decimals: int = 0
    grouped: bool = False
    kinds: frozenset[str] = field(init=False, compare=False)
    """Of its pieces."""
    left: tuple[Piece, ...] = field(init=False, compare=False)
    right: tuple[Piece, ...] = field(init=False, compare=False)
    """Before and behind the point."""

    def __post_init__(self) -> None:
        point = next((at for at, piece in enumerate(self.pieces) if piece.kind == "point"), len(self.pieces))
        object.__setattr__(self, "kinds", frozenset(piece.kind for piece in self.pieces))
        object.__setattr__(self, "left", self.pieces[:point])
        object.__setattr__(self, "right", self.pieces[point + 1 :])

    def holds(self, number: Decimal) -> bool:
        """Whether the condition lets a number in."""
        return self.condition is None or COMPARE[self.condition[0]](number, self.condition[1])


@dataclass(frozen=True, slots=True)
class Format:
    """A whole number format."""

    sections: tuple[Section, ...]
    """For numbers; at least one."""
    text: Section | None = None
    """For text, where the format says how to show it."""
    conditional: bool = False
    """A section has a condition."""


@lru_cache(maxsize=4096)
def parse(number_format: str) -> Format:
    """The sections of a number format."""
    if number_format.strip().lower() in {"", "general", "standard", "@"}:
        return Format((Section(GENERAL_NUMBER, (Piece("general", ""),)),))
    texts = _split(number_format)
    sections = [_section(text) for text in texts[:4]]
    text = sections.pop() if len(sections) == 4 or sections[-1].kind == TEXT else None  # noqa: PLR2004
    if len(texts) > 4 or any(section.kind == TEXT for section in sections) or not sections:  # noqa: PLR2004
        sections = [Section(UNKNOWN)]
    return Format(tuple(sections), text, any(section.condition for section in sections))


def _split(number_format: str) -> list[str]:
    sections = [""]
    for piece in SECTION.findall(number_format):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections


def _section(text: str) -> Section:
    pieces: list[Piece] = []
    condition: tuple[str, Decimal] | None = None
    known = True
    for found in TOKEN.finditer(text):
        if found["bracket"] is not None:
            limit = _condition(found["bracket"])
            piece = None if limit else _bracket(found["bracket"])
            known = known and (limit is None or condition is None) and (piece is None or piece.kind != "odd")
            condition = limit or condition
            pieces += [piece] if piece else []
        else:
            pieces += _pieces(found)
    return replace(_settled(pieces, known), condition=condition)


def _condition(bracket: str) -> tuple[str, Decimal] | None:
    found = CONDITION.fullmatch(bracket.strip())
    try:
        return (found[1], Decimal(found[2])) if found else None
    except InvalidOperation:
        return None


def _bracket(bracket: str) -> Piece | None:
    if ELAPSED.fullmatch(bracket):
        return Piece("elapsed", bracket.lower())
    if COLOUR.fullmatch(bracket):
        return None
    if NUMERALS.fullmatch(bracket):
        return Piece("numerals", bracket)
    locale = LOCALE.fullmatch(bracket)
    if not locale:
        return Piece("odd", bracket)
    numerals, calendar = divmod(int(locale[2] or "0", 16) >> 16, 256)
    if numerals > 1 or calendar > 1:
        return Piece("odd" if calendar > 1 else "numerals", bracket)
    return Piece("literal", locale[1]) if locale[1] else None


def _pieces(found: re.Match[str]) -> list[Piece]:  # noqa: PLR0911 - one return a kind of token
    kind = found.lastgroup or ""
    text = found[kind]
    match kind:
        case "quoted" | "escaped":
            return [Piece("literal", text)] if text else []
        case "space":
            return []
        case "second" | "part":
            part = found["part"] or ""
            kind = "part" if len(part) <= MOST_PARTS else "odd"
            return [Piece("s", found["second"].lower()), *([Piece(kind, part)] if part else [])]
        case "date":
            return [Piece(_letter(text.lower()), text.lower())]
        case "other":
            return [_other(text)]
        case "half" | "general" | "exponent":
            return [Piece(kind, text)]
        case _:
            return [Piece("digit", text)]


def _letter(text: str) -> str:
    if text[0] == "a":
        return "weekday"
    if text[0] == "d" and len(text) > 2:  # noqa: PLR2004
        return "weekday" if len(text) <= 4 else "odd"  # noqa: PLR2004
    if text[0] in "bg" or len(text) > {"y": 4, "e": 4, "m": 5, "d": 4, "h": 2}[text[0]]:
        return "odd"
    return "y" if text[0] == "e" else text[0]


def _other(text: str) -> Piece:
    known = {"@": "text", ".": "point", ",": "comma", "%": "percent", "/": "slash"}
    if text in known:
        return Piece(known[text], text)
    return Piece("literal" if not text.isascii() or text in CHARACTERS else "odd", text)


DATES = frozenset({"y", "m", "d", "h", "s", "weekday", "elapsed", "half"})


def _settled(pieces: list[Piece], known: bool) -> Section:
    """What a section shows, from what its pieces are."""
    kinds = {piece.kind for piece in pieces}
    dated = kinds & DATES
    if dated and not kinds & {"digit", "general", "exponent", "text"}:
        return _dated(pieces, known)
    if dated or not known or kinds & {"odd", "numerals"}:
        return Section(UNKNOWN)
    if "text" in kinds:
        return Section(TEXT if not kinds & {"digit", "general"} else UNKNOWN, _plain(pieces))
    if "general" in kinds:
        alone = sum(piece.kind == "general" for piece in pieces) == 1 and not kinds & {"digit", "percent", "exponent"}
        return Section(GENERAL_NUMBER if alone else UNKNOWN, _plain(pieces))
    if "digit" not in kinds:
        return Section(UNKNOWN) if "exponent" in kinds else Section(LITERAL, _plain(pieces))
    return _numeric(pieces)


LITERALS = {"point", "comma", "slash", "percent"}


def _plain(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Signs that mean nothing here stand for themselves."""
    return tuple(Piece("literal", piece.text) if piece.kind in LITERALS else piece for piece in pieces)


def _dated(pieces: list[Piece], known: bool) -> Section:
    """A date or time: an m beside hours or seconds is minutes. What is not known of it is left as ``odd``."""
    at = [place for place, piece in enumerate(pieces) if piece.kind in DATES - {"weekday", "half"}]
    found = list(_plain(pieces))  # numerals of another script say the same date: ordinary ones are used
    for order, place in enumerate(at):
        if pieces[place].kind != "m" or len(pieces[place].text) > 2:  # noqa: PLR2004
            continue
        before = pieces[at[order - 1]] if order else None
        after = pieces[at[order + 1]] if order + 1 < len(at) else None
        hours = before is not None and (before.kind == "h" or (before.kind == "elapsed" and before.text[0] == "h"))
        if hours or (after is not None and (after.kind == "s" or after.text[0] == "s")):
            found[place] = Piece("minute", pieces[place].text)
    decimals = max((len(piece.text) - 1 for piece in pieces if piece.kind == "part"), default=0)
    if not known and not any(piece.kind == "odd" for piece in found):
        found.append(Piece("odd", ""))
    return Section(DATE, tuple(piece for piece in found if piece.kind != "numerals"), decimals=decimals)


def _numeric(pieces: list[Piece]) -> Section:
    """A number by placeholders: where its point is, which commas group and which scale."""
    digits = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    points = [at for at, piece in enumerate(pieces) if piece.kind == "point"]
    kinds = [piece.kind for piece in pieces]
    if len(points) > 1 or "slash" in kinds or kinds.count("percent") > 1 or kinds.count("exponent") > 1:
        return Section(UNKNOWN)
    point = points[0] if points else len(pieces)
    whole = [at for at in digits if at < point]
    last_whole = whole[-1] if whole else -1
    trailing, grouped = 0, False
    commas = [at for at, kind in enumerate(kinds) if kind == "comma"]
    for at in commas:
        if whole and whole[0] < at < last_whole:
            grouped = True
        elif _follows(pieces, at, (last_whole, digits[-1])):
            trailing += 1
        else:
            return Section(UNKNOWN)
    inner = kinds[digits[0] : digits[-1]]
    literals = any(kind in {"literal", "percent"} for kind in kinds[whole[0] : last_whole]) if whole else False
    decimals = sum(at > point for at in digits)
    if (grouped and literals) or decimals > MOST_DECIMALS or "percent" in inner:
        return Section(UNKNOWN)
    if "exponent" in kinds and not _scientific(kinds, digits, whole, trailing + grouped):
        return Section(UNKNOWN)
    percent = "percent" in kinds
    kept = [Piece("literal", piece.text) if piece.kind == "percent" else piece for piece in pieces]
    shown = tuple(piece for piece in kept if piece.kind != "comma")
    return Section(NUMBER, shown, None, 3 * trailing - 2 * percent, decimals, grouped)


def _follows(pieces: list[Piece], at: int, places: tuple[int, int]) -> bool:
    """Whether a comma directly follows the last placeholder, or other commas that do."""
    while at > 0 and pieces[at].kind == "comma":
        at -= 1
    return at in places


def _scientific(kinds: list[str], digits: list[int], whole: list[int], commas: int) -> bool:
    """``0.00E+00``: one digit before the point, and the exponent directly after the last one."""
    return len(whole) == 1 and not commas and "percent" not in kinds and kinds.index("exponent") == digits[-1] + 1
