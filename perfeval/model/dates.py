"""Dates, periods and deadlines: read to ISO-like ends, written back, and compared by the end of the period.

A date is written as far as it is known: ``2022``, ``2022-12``, ``2022-12-31``; without a year ``--12``, ``--12-31``.
"""

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache

from perfeval.model.folding import one_of, vocabulary
from perfeval.model.numerals import chinese

_WORDS = vocabulary("words")["dates"]
FIRST_YEAR, LAST_YEAR = 1949, 2100
_YEAR = r"(?:(?P<year>[0-9]{4}|[0-9]{2}(?=年(?:度)?[0-9一二三四第上下底末全]))(?:年度|年))"
_NEEDS_YEAR = ("底", "末", "内", "期间", "终")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAYS = {"上旬": 10, "中旬": 20, "初": 10}
_FIRST_DAYS = {"上旬": "1", "初": "1", "中旬": "11", "下旬": "21"}
_THIS_YEAR = ("当年", "本年度", "本年", "今年", "该年", "年度")
_POINT = re.compile(
    rf"{_YEAR}?(?:{one_of(_THIS_YEAR)})?"
    r"(?:第?(?P<quarter>[一二三四1-4])(?:个)?季度(?P<quarter_end>底|末)?|(?P<half>上半年|下半年)"
    r"|(?P<month>[0-9]{1,2})月(?:份)?(?:(?P<day>[0-9]{1,2})[日号]?(?![0-9])|(?P<third>上旬|中旬|下旬|底|末|初|中))?"
    r"|(?P<whole>年底|年末|年终|全年|年内|底|末|内|期间|全年度|终)|)"
)
_ISO = re.compile(r"(?P<year>[0-9]{4})([./-])(?P<month>[0-9]{1,2})(?:\2(?P<day>[0-9]{1,2}))?(?![0-9])[日月]?")
_COMPACT = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_SEPARATOR = re.compile(r"(?:-|~|—|至|到)+")
_BEFORE = re.compile(rf"^(?:(?:{one_of(_WORDS['before'])})[:为]?)+")
_BY = re.compile(rf"(?:{one_of(_WORDS['by'])})")
_PRIOR = re.compile("(?:之|以)?前")
_AFTER = re.compile(rf"(?:{one_of(_WORDS['by'])})?(?:(?:并且?)?(?:{one_of(_WORDS['after'])})){{0,3}}")
_BARE_SPAN = re.compile(
    r"(?:(?P<year>[0-9]{4})年)?(?P<first>[0-9]{1,2})(?=(?:-|~|—|至|到)[0-9]{1,2}月)|(?P<years>[0-9]{4})(?=(?:-|~|—|至|到)[0-9]{4}年)"
)
_TO_ITS_END = ("底", "末", "终")
_DAY = re.compile(r"[0-9]月(?:份)?[0-9]{1,2}[日号]?$|[0-9]{4}([./-])[0-9]{1,2}\1[0-9]{1,2}日?$|[0-9]{8}$")
_CHINESE_PART = re.compile(r"[零〇一二三四五六七八九十]{1,4}(?=[年月日号])")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Period:
    """From the start of ``start`` to the end of ``end``; ``by`` where the text says 前, 内 or ≤."""

    start: str
    end: str
    by: bool = False
    unclear: bool = False
    """Before a whole month, quarter, year (6月前): the end of it, or its beginning."""


@lru_cache(maxsize=4096)
def period(text: str) -> Period | None:
    """The period a folded text states, or None where it states none or one that does not exist."""
    if len(text) > LONGEST:
        return None
    text = _CHINESE_PART.sub(lambda found: _number(found[0]), text)
    lead = _BEFORE.match(text)
    rest = text[lead.end() :] if lead else text
    first = _point(rest)
    if first is None:
        return None
    start, used = first
    end, rest = start, rest[used:]
    separator = _SEPARATOR.match(rest)
    second = _point(rest[separator.end() :], inherit=start[0]) if separator else None
    if separator and second is None and not rest.startswith("到"):  # 12月底到位 is no span
        return None
    if separator and second is not None:
        if _last(second[0][1]) < _last(start[1]):
            return None
        end, rest = second[0], rest[separator.end() + second[1] :]
    tail = _AFTER.fullmatch(rest)
    if tail is None:
        return None
    by = bool(_BY.match(rest)) or (lead is not None and _BY.search(lead[0]) is not None)
    said = text[: len(text) - len(rest)]
    unclear = _PRIOR.match(rest) is not None and not said.endswith(_TO_ITS_END) and not _DAY.search(said)
    return Period(start[0], end[1], by, unclear)


def _point(text: str, inherit: str = "") -> tuple[tuple[str, str], int] | None:
    """(start, end) of the date or period the text begins with, and how many characters it took."""
    compact = _COMPACT.match(text) if len(text) >= len("20221231") else None
    iso = compact or _ISO.match(text)
    if iso:
        found = _written(iso["year"], iso["month"], iso["day"] or "")
        return ((found, found), iso.end()) if found else None
    span = _BARE_SPAN.match(text)
    if span and span["years"]:  # 2022-2023年: the sign stands only once
        return (span["years"], span["years"]), span.end()
    if span:
        found = _written(span["year"] or "", span["first"], "")
        return ((found, found), span.end()) if found else None
    point = _POINT.match(text)
    if not point or not point[0]:
        return None
    year = point["year"] or (inherit[:4] if inherit[:1].isdigit() else "")
    year = f"20{year}" if len(year) == len("22") else year
    if year and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    ends = _ends(point, year)
    return (ends, point.end()) if ends else None


def _ends(point: re.Match[str], year: str) -> tuple[str, str] | None:  # noqa: PLR0911 - one return a case
    head = year or "-"
    if point["quarter"]:
        last = _QUARTERS[point["quarter"]] * 3
        first = last if point["quarter_end"] else last - 2
        return f"{head}-{first:02d}", f"{head}-{last:02d}"
    if point["half"]:
        return (f"{head}-01", f"{head}-06") if point["half"] == "上半年" else (f"{head}-07", f"{head}-12")
    if point["month"]:
        third = point["third"] or ""
        day = point["day"] or (str(_DAYS[third]) if third in _DAYS else "")
        end = _written(year, point["month"], day)
        start = _written(year, point["month"], _FIRST_DAYS.get(third, "")) if third else end
        if third in ("底", "末", "中"):
            start = end
        return (start, end) if start and end else None
    if point["whole"] in _NEEDS_YEAR and not year and not point[0].startswith(_THIS_YEAR):
        return None
    if point["whole"] in ("年底", "年末", "年终", "底", "末", "终"):
        return f"{head}-12", f"{head}-12"
    if year:
        return year, year
    return ("--01", "--12") if point["whole"] or point[0] in _THIS_YEAR[:4] else None


def _written(year: str, month: str, day: str) -> str:
    """The ISO-like text, or empty where there is no such date."""
    if not 1 <= int(month) <= 12 or (year and not FIRST_YEAR <= int(year) <= LAST_YEAR):  # noqa: PLR2004
        return ""
    if day and not 1 <= int(day) <= calendar.monthrange(int(year or 2024), int(month))[1]:
        return ""
    text = f"{year or '-'}-{int(month):02d}"
    return f"{text}-{int(day):02d}" if day else text


def _number(text: str) -> str:
    found = chinese(text)
    return text if found is None else f"{found:f}"


def spelt(start: str, end: str) -> str:
    """A period in words that :func:`period` reads back: ``2023年7月至2024年1月``."""
    return _spelt(start) if start == end else f"{_spelt(start)}至{_spelt(end)}"


def _spelt(date: str) -> str:
    year, month, day = _pieces(date)
    return f"{year}年" * bool(year) + f"{month}月" * bool(month) + f"{day}日" * bool(day)


def _pieces(date: str) -> tuple[int, int, int]:
    parts = date.replace("--", "0-", 1).split("-") if date.startswith("--") else date.split("-")
    numbers = [int(part) for part in parts] + [0, 0]
    return numbers[0], numbers[1], numbers[2]


def _last(date: str) -> tuple[int, int, int]:
    """The last day of a period, with year 0 where none is written."""
    year, month, day = _pieces(date)
    month = month or 12
    return year, month, day or calendar.monthrange(year or 2024, month)[1]


def _first(date: str) -> tuple[int, int, int]:
    year, month, day = _pieces(date)
    return year, month or 1, day or 1


def is_span(text: str) -> bool:
    """Whether a folded text names two ends (1月至6月), not one date or period (二季度, 6月中旬)."""
    return _SEPARATOR.search(text) is not None


def in_time(target: Period, actual: Period, *, span: bool = True) -> bool | None:
    """Whether the actual's end is not after the target's; None where the actual is too coarse to tell.

    Before a whole month (6月前) is by its end or before its beginning: in it nobody can tell. By a day (11月前) the
    actual may have been done on any day until then.

    Where one of them has no year, both are taken to be of the same one. ``span``: the actual names two ends, and the
    last is when it was done; of one period (二季度, 6月中旬) it may be any day.
    """
    due, done, begun = _last(target.end), _last(actual.end), _first(actual.start)
    if not (due[0] and done[0]):
        due, done, begun = (0, *due[1:]), (0, *done[1:]), (0, *begun[1:])
    if target.unclear and (target.start, target.end) != (actual.start, actual.end):
        first = _first(target.start)
        if not due[0]:
            first = (0, *first[1:])
        if done < first:
            return True
        return False if begun > due else None
    if target.unclear and not actual.unclear:
        return None
    if done <= due:
        return True
    if actual.by:
        return None
    coarse = (actual.start == actual.end or not span) and begun <= due
    return None if coarse else False


WINTER = (3, 10)
"""Until which month a report may tell of what came late, and from which on a deadline is missed in the next year."""


def perhaps_next_year(due: str, done: str) -> bool:
    """Whether a date without a year may as well be of the year after a deadline (:attr:`Period.end`).

    >>> perhaps_next_year("--12", "--01-05"), perhaps_next_year("--12", "--04"), perhaps_next_year("--06", "--01-05")
    (True, False, False)
    """
    months = [int(end.lstrip("-").split("-")[not end.startswith("--")]) for end in (due, done) if end.count("-")]
    return done.startswith("--") and len(months) > 1 and months[1] <= WINTER[0] and months[0] >= WINTER[1]
