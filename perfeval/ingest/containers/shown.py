"""A stored value and its number format → the text a reader of the spreadsheet sees.

Formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31. Colours, conditions, padding and fractions are left out; a
number whose format is not understood is shown in full, so that nothing is lost.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

GENERAL = "General"
CHINESE_DATES = {
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: 'h"时"mm"分"',
    56: 'h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Built-in format numbers that are dates in a Chinese Excel; openpyxl takes them for plain numbers."""

PIECE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|G/通用格式|[#0?][#0?,.]*|.', re.DOTALL)
DATE_PIECE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|(?i:AM/PM|A/P|y+|m+|d+|h+|s+|e+|aaaa?)|.', re.DOTALL)
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no time zones
EXACT_DIGITS = 27
"""What Decimal rounds without an error; longer numbers are shown in full."""
LAST_SERIAL = 2958466
"""One past 9999-12-31."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One section of a number format."""

    before: str = ""
    after: str = ""
    digits: str = ""
    """The ``#,##0.00`` of it; empty where the number itself is not shown, ``General`` where it is shown in full."""
    percent: bool = False


def exact(value: float) -> Decimal:
    """The number a spreadsheet means: 15 significant digits, without what binary fractions add."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


def plain_number(number: Decimal) -> str:
    """All digits, without an exponent and without zeros at the end of decimals."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_text(number: Decimal, number_format: str) -> str:
    """The number as shown under a format: ``100%``, ``5,431.28``, ``≥12人``."""
    sections = _sections(number_format)
    numeric = [section for section in sections[:3] if "@" not in section] or [GENERAL]
    index = 0
    if number < 0 and len(numeric) > 1:
        index = 1
    elif number == 0 and len(numeric) > 2:  # noqa: PLR2004
        index = 2
    pattern = _pattern(numeric[index])
    shown = _digits(abs(number), pattern)
    minus = "-" if number < 0 and index == 0 and re.search("[1-9]", shown) else ""
    return f"{minus}{pattern.before}{shown}{pattern.after}".strip()


def date_text(value: dt.datetime | dt.date | dt.time | dt.timedelta, number_format: str) -> str:
    """A date: as shown where its format has 年, 月 or 日; else ISO, to the month where the format has no day."""
    if isinstance(value, dt.timedelta):
        return _hours(value)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    pieces = [piece for piece in DATE_PIECE.findall(_sections(number_format)[0]) if not piece.startswith("[")]
    if any(sign in number_format for sign in "年月日"):
        return _chinese_date(moment, pieces)
    letters = {piece[0].lower() for piece in pieces}
    if "d" not in letters and letters & {"y", "e"} and "m" in letters:
        return moment.strftime("%Y-%m")
    clock = (moment.hour, moment.minute, moment.second)
    return moment.strftime("%Y-%m-%d" if clock == (0, 0, 0) else "%Y-%m-%d %H:%M")


def serial_date(number: float | Decimal, since_1904: bool = False) -> dt.datetime | None:
    """The date of a serial number; None outside the range that spreadsheets know."""
    days = float(number) + (1462 if since_1904 else 0)
    return EPOCH + dt.timedelta(days=days) if 1 <= days < LAST_SERIAL else None


@lru_cache(maxsize=1000)
def is_date(number_format: str) -> bool:
    """Whether a number under this format is a date or time."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", number_format.split(";", maxsplit=1)[0])
    return bool(re.search(r"(?i)[ymdhs]", bare.replace(GENERAL, ""))) and not re.search("[#0?]{2}|^[#0]", bare)


@lru_cache(maxsize=1000)
def _sections(number_format: str) -> tuple[str, ...]:
    """The sections for positive numbers, negative ones, zero and text."""
    sections = [""]
    for piece in re.findall(r'"[^"]*"|\\.|.', number_format, re.DOTALL):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return tuple(sections[:4])


@lru_cache(maxsize=1000)
def _pattern(section: str) -> Pattern:
    before, after, digits, percent = "", "", "", False
    for piece in PIECE.findall(section):
        if piece[0] in "#0?" or piece in {GENERAL, "G/通用格式"}:
            digits = digits or (GENERAL if piece[0] == "G" else piece)
            continue
        literal = _literal(piece)
        percent = percent or piece == "%"
        if digits:
            after += literal
        else:
            before += literal
    if "E+" in section or "E-" in section or "/" in re.sub(r'"[^"]*"|G/通用格式', "", section):
        return Pattern(digits=GENERAL, percent=percent, after="%" if percent else "")
    if section.strip() == "" or section == "@":
        return Pattern(digits=GENERAL)
    return Pattern(before, after, digits, percent)


def _literal(piece: str) -> str:
    """What a piece of a format prints: quoted and escaped text, the currency of ``[$¥-804]``, other characters."""
    if piece[0] == '"':
        return piece[1:-1]
    if piece[0] == "[":
        currency = re.match(r"\[\$([^\]-]*)", piece)
        return currency[1] if currency else ""
    if piece[0] in "_*":
        return ""
    return piece[1:] if piece[0] == "\\" and len(piece) > 1 else piece


def _digits(number: Decimal, pattern: Pattern) -> str:
    if pattern.percent:
        number = number * 100
    if not pattern.digits:
        return ""
    if pattern.digits == GENERAL:
        return plain_number(number)
    whole, _, decimals = pattern.digits.partition(".")
    scaled = len(whole) - len(whole.rstrip(",")) if not decimals else len(decimals) - len(decimals.rstrip(","))
    number = number / 1000**scaled
    places = len(decimals.rstrip(","))
    rounded = number
    if number.adjusted() + places < EXACT_DIGITS:
        rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = format(rounded, ",f" if "," in whole.rstrip(",") else "f")
    optional = places - len(decimals.rstrip(",").rstrip("#?"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    integer, point, rest = text.partition(".")
    needed = whole.count("0")
    integer = integer.zfill(needed) if "," not in integer else integer
    return f"{'' if integer == '0' and not needed and rest else integer}{point if rest else ''}{rest}"


def _hours(value: dt.timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _chinese_date(moment: dt.datetime, pieces: list[str]) -> str:
    text, hours = "", False
    for piece in pieces:
        letter = piece[0].lower()
        if letter in "ye" and piece.lower().strip("ye") == "":
            text += f"{moment.year % 100:02}" if piece.lower() == "yy" else str(moment.year)
        elif letter == "m" and set(piece.lower()) == {"m"}:
            number = moment.minute if hours else moment.month
            text += f"{number:02}" if len(piece) == 2 else str(number)  # noqa: PLR2004
        elif letter in "dhs" and set(piece.lower()) == {letter}:
            number = {"d": moment.day, "h": moment.hour, "s": moment.second}[letter]
            text += f"{number:02}" if len(piece) == 2 else str(number)  # noqa: PLR2004
        else:
            text += "" if piece == "@" else _literal(piece)
        hours = hours or letter == "h"
    return text.strip()
