"""The grammar of number formats (ECMA-376 part 1, 18.8.30 and 18.8.31, and what Chinese Excel and WPS add).

A format is a list of sections; each is read completely, or is UNKNOWN: whoever shows a number then says so. Not in the
grammar, on purpose: fractions (``# ?/?``), numerals of other scripts ([DBNum1], [NatNum1]), eras and Buddhist years,
engineering exponents, and grouping commas among literals (``#,##0!.0000``), which programs show differently.

Serial numbers of dates and times: what day they are, and how a date format writes it.

Excel counts days from 1900 with a 1900-02-29 that never was, or from 1904; the part of a day is the time.
"""

import datetime as dt
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache, lru_cache

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
    literals = grouped and not {"literal", "percent"}.isdisjoint(kinds[whole[0] : last_whole])
    decimals = sum(at > point for at in digits)
    if literals or decimals > MOST_DECIMALS or "percent" in inner:
        return Section(UNKNOWN)
    if "exponent" in kinds and not _scientific(kinds, digits, whole, trailing):
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


CHINESE_DATES = {
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Built-in format numbers that are dates in a Chinese Excel; openpyxl takes them for plain numbers."""

CONTEXT = Context(prec=400)
"""More significant digits than any number of a spreadsheet has."""
Date = dt.datetime | dt.date | dt.time | dt.timedelta
DAY = 86400
EXACT = 3
"""Decimals of a second that a serial number, of 15 digits, holds for certain."""
MICROSECOND = dt.timedelta(microseconds=1)
BEGINNING = dt.datetime.min  # noqa: DTZ901  # spreadsheets know no time zones
LEAP = 60
"""The serial that Excel shows as 1900-02-29, a day that never was; smaller ones are a day later than by the rule."""
BEFORE_1900, BEFORE_1904 = dt.date(1899, 12, 30).toordinal(), dt.date(1904, 1, 1).toordinal()
LAST_DAY = dt.date.max.toordinal()
MIDNIGHT = (0, 0, 0)
WEEKDAYS = "一二三四五六日"
CALENDAR = frozenset({"y", "m", "d", "weekday"})
CLOCK = frozenset({"h", "minute", "s", "elapsed", "part", "half"})
WORDS = re.compile(r"[^\W\d_TZ]")
"""Letters in a date format that are no mere separators."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A serial number taken apart."""

    year: int
    month: int
    day: int
    seconds: int
    """Of the whole serial number, all days included."""
    part: str
    """Decimals of the second."""
    weekday: int

    @property
    def clock(self) -> tuple[int, int, int]:
        """Hour, minute and second of the day."""
        minutes, second = divmod(self.seconds % DAY, 60)
        return minutes // 60, minutes % 60, second


def date_text(value: Date) -> str:
    """A date whose format is not known, as ISO."""
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, dt.datetime) and (value.hour, value.minute, value.second) != MIDNIGHT:
        return value.isoformat(" ")[:16]
    return value.isoformat()[:10]


def serial(value: Date, since_1904: bool = False) -> Decimal | None:
    """The serial number of a date; None before the first."""
    if isinstance(value, dt.timedelta):
        length = value
    elif isinstance(value, dt.time):
        length = dt.datetime.combine(dt.date.min, value) - BEGINNING
    else:
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        length = moment - BEGINNING - dt.timedelta(days=(BEFORE_1904 if since_1904 else BEFORE_1900) - 1)
        early = not since_1904 and dt.timedelta(days=1) < length < dt.timedelta(days=LEAP + 1)
        length -= dt.timedelta(days=early)
    return Decimal(length // MICROSECOND) / (DAY * 1_000_000) if length >= dt.timedelta() else None


def rounded(number: Decimal, places: int) -> Decimal:
    """Rounded half away from zero, as spreadsheets do."""
    return number.quantize(_last_place(places), ROUND_HALF_UP, CONTEXT)


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def moment_of(number: Decimal, section: Section, since_1904: bool) -> Moment | None:
    """The day and time of a serial number as a section shows it; None where there is none to be shown."""
    if number < 0 or number >= LAST_DAY:
        return None
    unit = 10**section.decimals
    if section.kinds & CLOCK:
        next_day = (int(rounded(number * DAY, EXACT)) // DAY + 1) * DAY * unit
        total = int(rounded(number * DAY * unit, 0))
        if "elapsed" not in section.kinds:
            total = min(total, next_day - 1)  # no date becomes the next one by rounding its seconds
    else:
        total = int(number) * DAY * unit
    seconds, part = divmod(total, unit)
    days = seconds // DAY
    shown = f"{part:0{section.decimals}}" if section.decimals else ""
    if since_1904:
        day = dt.date.fromordinal(days + BEFORE_1904) if days + BEFORE_1904 <= LAST_DAY else None
        return Moment(day.year, day.month, day.day, seconds, shown, day.weekday()) if day else None
    weekday = (days - 2) % 7  # as Excel counts, before March 1900 as well
    if days == LEAP:
        return Moment(1900, 2, 29, seconds, shown, weekday)
    ordinal = days + BEFORE_1900 + (days < LEAP)
    if ordinal > LAST_DAY or (not days and section.kinds & CALENDAR):
        return None  # Excel shows the day before 1900-01-01 as 1900-01-00
    day = dt.date.fromordinal(ordinal)
    return Moment(day.year, day.month, day.day, seconds, shown, weekday)


def dated(moment: Moment, section: Section) -> str:
    """A date or time piece by piece."""
    half = "half" in section.kinds
    return "".join(_dated_piece(moment, piece, half) for piece in section.pieces).strip()


def _dated_piece(moment: Moment, piece: Piece, half: bool) -> str:
    kind, width = piece.kind, len(piece.text)
    hour, minute, second = moment.clock
    numbers = {"d": moment.day, "m": moment.month, "minute": minute, "s": second}
    numbers["h"] = (hour % 12 or 12) if half else hour
    names = {
        "weekday": "星期" + WEEKDAYS[moment.weekday],
        "half": piece.text.split("/")[hour >= 12] if kind == "half" else "",  # noqa: PLR2004
        "part": f".{moment.part[: width - 1]}",
        "y": f"{moment.year:04}" if width > 2 or piece.text == "e" else f"{moment.year % 100:02}",  # noqa: PLR2004
    }
    if kind == "elapsed":
        return f"{moment.seconds // {'h': 3600, 'm': 60, 's': 1}[piece.text[0]]:0{width}}"
    if kind == "m" and width > 2:  # noqa: PLR2004
        return f"{moment.month}月"
    return f"{numbers[kind]:0{width}}" if kind in numbers else names.get(kind, piece.text)


def noted(moment: Moment, section: Section) -> str:
    """A date as it is noted: ISO where its format has no words, to the month where it has no day; else as shown."""
    words = any(piece.kind == "literal" and WORDS.search(piece.text) for piece in section.pieces)
    kinds = section.kinds & CALENDAR
    whole = kinds >= {"m", "d"} or kinds >= {"y", "d"}
    if words or not (whole or kinds >= {"y", "m"}):
        return dated(moment, section)
    if not whole:
        return f"{moment.year:04}-{moment.month:02}"
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    if moment.clock == MIDNIGHT or not section.kinds & CLOCK:
        return text
    hour, minute, second = moment.clock
    seconds = f":{second:02}" if second and "s" in section.kinds else ""
    return f"{text} {hour:02}:{minute:02}{seconds}"
