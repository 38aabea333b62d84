"""A stored value and its number format → the text a reader of the spreadsheet sees, or a doubt.

What :mod:`~perfeval.ingest.containers.formatcode` understands is shown exactly as Excel and LibreOffice show it; of
anything else the stored number is used in full, and the doubt says so. Some things are written in a way of their own,
because they mean the same and are read more surely: dates without words as ISO (``11/16/23`` → ``2023-11-16``),
numerals of other scripts in dates as ordinary ones, numbers in scientific notation in full, a 0 before a point without
one (0.5 under ``.0``), and no point without decimals after it (13 under ``0.#``, in Excel ``13.``). Padding (``_)``,
``?``, ``*``) is left out.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from perfeval.ingest.containers.formatcode import (
    DATE,
    GENERAL_NUMBER,
    LITERAL,
    NUMBER,
    UNKNOWN,
    Piece,
    Section,
    parse,
    section_for,
)
from perfeval.ingest.document import Doubt

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

Date = dt.datetime | dt.date | dt.time | dt.timedelta
DIGITS = 400
"""Significant digits that rounding works with: more than any number a spreadsheet holds has."""
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
CLOCK = frozenset({"h", "minute", "s", "elapsed", "part", "half"})
BARE_POINT = re.compile(r"(?<![0-9])\.(?=[0-9])")
GROUPS = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")
WORDS = re.compile(r"[^\W\d_TZ]")
"""Letters in a date format that are no mere separators."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored number as its format shows it."""

    text: str
    dated: bool = False
    """It is a date or time, and no number."""
    doubts: tuple[Doubt, ...] = ()


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


def exact(value: float | Decimal) -> Decimal:
    """The number a spreadsheet means: 15 significant digits, without what binary fractions add."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


def plain_number(number: Decimal) -> str:
    """All digits, without an exponent and without zeros at the end of decimals."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(number: Decimal, number_format: str, since_1904: bool = False) -> Shown:
    """A stored number under a format, in the notation described above."""
    section, _ = section_for(number, parse(number_format))
    plain = plain_number(number)
    if section is None or section.kind == UNKNOWN:
        return Shown(plain, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{plain}"),))
    if section.kind == DATE:
        return _show_date(number, number_format, section, since_1904)
    if any(piece.kind == "exponent" for piece in section.pieces):
        return Shown(plain)
    text = as_shown(number, number_format, since_1904) or ""
    if not text:
        return Shown("", doubts=(("W620", f"存储的是{plain}，按数字格式“{number_format}”什么也不显示，作空白读入"),))
    if section.kind == LITERAL and number:
        return Shown(text, doubts=(("W620", f"存储的是{plain}，按数字格式“{number_format}”显示为“{text}”"),))
    return Shown(text)


def _show_date(number: Decimal, number_format: str, section: Section, since_1904: bool) -> Shown:
    """A date or time; what has no date is its number, with a doubt."""
    moment = _moment(number, section, since_1904)
    plain = plain_number(number)
    if moment is None:
        why = f"存储的数{plain}不是数字格式“{number_format}”能显示的日期或时间（显示为#####），用存储的数"
        return Shown(plain, doubts=(("W620", why),))
    if not any(piece.kind == "odd" for piece in section.pieces):
        return Shown(_noted(moment, section), dated=True)
    if not _has(section, "y", "d"):
        return Shown(plain, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{plain}"),))
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return Shown(text, True, (("W603", f"日期格式“{number_format}”不会算，存储的数{plain}读作{text}"),))


def show_text(text: str, number_format: str) -> Shown:
    """A text under a format: most show it as it is, some put words around it, some hide it."""
    section = parse(number_format).text
    if section is None or not text:
        return Shown(text)
    if section.kind in {UNKNOWN, NUMBER, DATE, GENERAL_NUMBER}:
        return Shown(text, doubts=(("W603", f"数字格式“{number_format}”怎样显示文字不会算，用存储的文字"),))
    shown = "".join(text if piece.kind == "text" else piece.text for piece in section.pieces)
    if any(piece.kind == "text" for piece in section.pieces):
        return Shown(shown)
    hidden = " ".join(text.split())[:20]
    return Shown(shown, doubts=(("W620", f"存储的是“{hidden}”，按数字格式“{number_format}”显示为“{shown}”"),))


def date_text(value: Date) -> str:
    """A date whose format is not known, as ISO."""
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    midnight = not isinstance(value, dt.datetime) or (value.hour, value.minute, value.second) == MIDNIGHT
    return value.isoformat()[:10] if midnight else value.isoformat(" ")[:16]


def serial(value: Date, since_1904: bool = False) -> Decimal | None:
    """The serial number of a date; None before the first."""
    if isinstance(value, dt.timedelta):
        length = value
    elif isinstance(value, dt.time):
        length = dt.datetime.combine(dt.date.min, value) - BEGINNING
    else:
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        length = moment - BEGINNING - dt.timedelta(days=(BEFORE_1904 if since_1904 else BEFORE_1900) - 1)
        early = not since_1904 and dt.timedelta(days=1) < length <= dt.timedelta(days=LEAP)
        length -= dt.timedelta(days=early)
    return Decimal(length // MICROSECOND) / (DAY * 1_000_000) if length >= dt.timedelta() else None


def as_shown(number: Decimal, number_format: str, since_1904: bool = False) -> str | None:
    """What the spreadsheet itself shows, padding aside; None where that is not known."""
    section, minus = section_for(number, parse(number_format))
    if section is None or section.kind == UNKNOWN:
        return None
    if section.kind == DATE:
        moment = _moment(number, section, since_1904)
        return _dated(moment, section) if moment else None
    if section.kind in {GENERAL_NUMBER, LITERAL}:
        minus = minus and section.kind == GENERAL_NUMBER
        shown = plain_number(abs(number))
        body = "".join(shown if piece.kind == "general" else piece.text for piece in section.pieces)
    else:
        with localcontext() as context:
            context.prec = DIGITS
            scientific = any(piece.kind == "exponent" for piece in section.pieces)
            minus = minus and (scientific or _rounded(number.scaleb(-section.scale), section.decimals) != 0)
            body = _number(abs(number), section)
    return f"{'-' if minus else ''}{body}".strip() if body.strip() else ""


def _number(number: Decimal, section: Section) -> str:
    """A number by its placeholders."""
    pieces, exponent = section.pieces, 0
    form = next((piece.text for piece in pieces if piece.kind == "exponent"), "")
    if form:
        exponent = number.adjusted() if number else 0
        exponent += _rounded(number.scaleb(-exponent), section.decimals) >= 10  # noqa: PLR2004  # 9.99 → 1.0E+01
        sign = "-" if exponent < 0 else "+" if form[1] == "+" else ""
        power = Piece("literal", f"E{sign}{abs(exponent):0{len(form) - 2}}")
        pieces = tuple(power if piece.kind == "exponent" else piece for piece in pieces)
    rounded = _rounded(number.scaleb(-exponent - section.scale), section.decimals)
    whole, _, decimals = format(rounded, "f").partition(".")
    point = next((at for at, piece in enumerate(pieces) if piece.kind == "point"), len(pieces))
    left = _whole("" if whole == "0" else whole, pieces[:point], section.grouped)
    right = _decimals(decimals, pieces[point + 1 :])
    return BARE_POINT.sub("0.", f"{left}{'.' if right[:1].isdigit() else ''}{right}")


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _whole(digits: str, pieces: tuple[Piece, ...], grouped: bool) -> str:
    """The digits before the point, from right to left over all placeholders; the first takes all that are left."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    if not places:
        return "".join(piece.text for piece in pieces) + digits
    zero = next((order for order, at in enumerate(places) if pieces[at].text == "0"), len(places))
    digits = digits.zfill(len(places) - zero)
    if grouped:
        digits = GROUPS.sub(",", digits)
        filled = dict.fromkeys(places, "")
    else:
        filled = {}
        for at in reversed(places[1:]):
            digits, filled[at] = digits[:-1], digits[-1:]
    filled[places[0]] = digits
    return "".join(filled.get(at, piece.text) for at, piece in enumerate(pieces))


def _decimals(digits: str, pieces: tuple[Piece, ...]) -> str:
    """The digits behind the point; zeros at the end are shown only where the format has zeros."""
    places = [piece.text for piece in pieces if piece.kind == "digit"]
    shown = list(digits[: len(places)])
    while shown and shown[-1] == "0" and places[len(shown) - 1] != "0":
        shown.pop()
    found, at = "", 0
    for piece in pieces:
        if piece.kind == "digit":
            found += shown[at] if at < len(shown) else ""
            at += 1
        else:
            found += piece.text
    return found


def _moment(number: Decimal, section: Section, since_1904: bool) -> Moment | None:
    """The day and time of a serial number as a section shows it; None where there is none to be shown."""
    if number < 0 or number >= LAST_DAY:
        return None
    unit = 10**section.decimals
    next_day = (int(_rounded(number * DAY, EXACT)) // DAY + 1) * DAY * unit
    total = int(_rounded(number * DAY * unit, 0))
    if not _has(section, "elapsed"):
        total = min(total, next_day - 1)  # no date becomes the next one by rounding its seconds
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
    if ordinal > LAST_DAY or (not days and _has_date(section)):
        return None  # Excel shows the day before 1900-01-01 as 1900-01-00
    day = dt.date.fromordinal(ordinal)
    return Moment(day.year, day.month, day.day, seconds, shown, weekday)


def _has(section: Section, *kinds: str) -> bool:
    found = {piece.kind for piece in section.pieces}
    return all(kind in found for kind in kinds)


def _has_date(section: Section) -> bool:
    return any(piece.kind in {"y", "m", "d", "weekday"} for piece in section.pieces)


def _dated(moment: Moment, section: Section) -> str:
    """A date or time piece by piece."""
    half = any(piece.kind == "half" for piece in section.pieces)
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


def _noted(moment: Moment, section: Section) -> str:
    """A date as it is noted: ISO where its format has no words, to the month where it has no day; else as shown."""
    words = any(piece.kind == "literal" and WORDS.search(piece.text) for piece in section.pieces)
    whole = _has(section, "m", "d") or _has(section, "y", "d")
    if words or not (whole or _has(section, "y", "m")):
        return _dated(moment, section)
    if not whole:
        return f"{moment.year:04}-{moment.month:02}"
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    if moment.clock == MIDNIGHT or not any(piece.kind in CLOCK for piece in section.pieces):
        return text
    hour, minute, second = moment.clock
    seconds = f":{second:02}" if second and _has(section, "s") else ""
    return f"{text} {hour:02}:{minute:02}{seconds}"
