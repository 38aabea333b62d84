"""Serial numbers of dates and times: what day they are, and how a date format writes it.

Excel counts days from 1900 with a 1900-02-29 that never was, or from 1904; the part of a day is the time.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from perfeval.ingest.containers.formatcode import Piece, Section

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
        early = not since_1904 and dt.timedelta(days=1) < length <= dt.timedelta(days=LEAP)
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
