"""Labels: how a value is written for readers.

Small callables from a value to Chinese text. Ratios come in as 1.0 = 100 %, money in 万元, scores in points.
What is missing is written ``—``; why it is missing is said elsewhere.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any

from perfeval.model import names, rounding
from perfeval.model.rounding import half_up, plain

NONE = "—"
missing = rounding.missing
"""Whether there is nothing to show."""
CENT, TENTH = Decimal("0.01"), Decimal("0.1")
NOISE = 1e-9
"""A ratio closer than this to 0 or 1 is meant to be it: the rest is binary arithmetic."""

DIGITS = "零一两三四五六七八九十"


def text(value: Any) -> str:
    """The value as text without surrounding space; ``—`` where there is none.

    >>> text(" 完成 "), text(None)
    ('完成', '—')
    """
    return NONE if missing(value) else str(value).strip()


def number(value: Any, places: int = 2) -> str:
    """A number with thousands separators, rounded half up.

    >>> number(2.345), number(1234.5, 0)
    ('2.35', '1,235')
    """
    if missing(value):
        return NONE
    return f"{half_up(Decimal(str(value)), places):,}"


def money(value: Any) -> str:
    """An amount of 万元 with two decimals, without its unit.

    >>> money(5431.28), money(0), money(float("nan"))
    ('5,431.28', '0.00', '—')
    """
    return number(value)


def percent(ratio: Any) -> str:
    """A ratio as a percentage with at most one decimal. What is not exactly 0 or 100 % is never written so, nor what is
    below 60, 80 or 90 % as if it were not (:func:`~perfeval.model.rounding.per_cent`).

    >>> [percent(x) for x in (1, 0.9487, 0.9997, 1.0003, 0.0002, 0, 0.8998, None)]
    ['100%', '94.9%', '99.9%', '100.1%', '0.1%', '0%', '89.9%', '—']
    """
    return NONE if missing(ratio) else rounding.percent(Decimal(str(float(ratio))), 1)


def points(value: Any) -> str:
    """Points for a column of a table: two decimals, trailing zeros kept. A trace is not written as nothing.

    >>> points(1.37931), points(98), points(0.001), points(None)
    ('1.38', '98.00', '<0.01', '—')
    """
    if not missing(value) and NOISE < abs(float(value)) < float(CENT / 2):
        return f"{'−' * (value < 0)}<0.01"
    return number(value)


def score(value: Any) -> str:
    """Points for a sentence: at most two decimals.

    >>> score(97.86), score(98.0), score(None)
    ('97.86', '98', '—')
    """
    shown = points(value)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def signed(value: Any) -> str:
    """A gain or loss of points, with its sign.

    >>> signed(1.5), signed(-0.25), signed(0), signed(None)
    ('＋1.50', '−0.25', '0.00', '—')
    """
    if missing(value):
        return NONE
    return f"{'＋' if value > NOISE else '−' if value < -NOISE else ''}{points(abs(value))}"


def as_printed(value: Decimal | None) -> str:
    """A total as the document prints it: 98 and 98.0 stay what they are.

    >>> as_printed(Decimal("98.0")), as_printed(None)
    ('98.0', '—')
    """
    return NONE if value is None else f"{value:f}"


def change(now: Any, before: Any) -> str:
    """The change of a rate, in percentage points.

    >>> change(0.95, 0.9), change(0.9, 0.953), change(1, 1), change(1, None)
    ('提高5个百分点', '下降5.3个百分点', '持平', '—')
    """
    if missing(now) or missing(before):
        return NONE
    difference = (Decimal(str(float(now))) - Decimal(str(float(before)))) * 100
    if abs(float(difference)) < NOISE:
        return "持平"
    shown = half_up(abs(difference), 1) or TENTH
    return f"{'提高' if difference > 0 else '下降'}{plain(shown)}个百分点"


def count(value: Any, unit: str = "项") -> str:
    """A count with its unit.

    >>> count(39), count(1200, "个"), count(None)
    ('39项', '1,200个', '—')
    """
    return NONE if missing(value) else f"{int(value):,}{unit}"


def several(value: int, unit: str = "项") -> str:
    """A count as it is said in a sentence: words up to ten, figures beyond.

    >>> several(2), several(1), several(12)
    ('两项', '一项', '12项')
    """
    return f"{DIGITS[value]}{unit}" if 0 <= value < len(DIGITS) else f"{value}{unit}"


def interval(low: Any, high: Any) -> str:
    """A range of ratios, both ends with equal decimals but 0 and 100 %; one figure where both are
    written alike.

    >>> interval(0.8311, 0.9858), interval(0.8462, 0.86), interval(0.2, 0.2), interval(0.2, None)
    ('83.1%—98.6%', '84.6%—86.0%', '20%', '—')
    >>> interval(0.9141, 0.9144), interval(0.462, 1)
    ('91.4%', '46.2%—100%')
    """
    if missing(low) or missing(high):
        return NONE
    ends = [percent(low), percent(high)]
    if ends[0] == ends[1]:
        return ends[0]
    if any("." in end for end in ends):
        ends = [end if "." in end or end in ("0%", "100%") else f"{end[:-1]}.0%" for end in ends]
    return "—".join(ends)


def span(least: Any, most: Any, unit: str = "项") -> str:
    """A range of counts; one figure where it has one end.

    >>> span(18, 37), span(5, 5), span(18, 37, "")
    ('18—37项', '5项', '18—37')
    """
    return count(least, unit) if least == most else f"{count(least, '')}—{count(most, unit)}"


def read_date(iso: str) -> date | None:
    """The date of an ISO text; None where it is none.

    >>> read_date("2023-06-05"), read_date("6月")
    (datetime.date(2023, 6, 5), None)
    """
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def day(iso: str, *, years: bool = False) -> str:
    """An ISO date as 月日, or as 年月日; other text stays as it is.

    >>> day("2023-06-05"), day("2023-06-05", years=True), day("6月上旬"), day("")
    ('6月5日', '2023年6月5日', '6月上旬', '—')
    """
    found = read_date(iso)
    return text(iso) if found is None else f"{f'{found.year}年' if years else ''}{found.month}月{found.day}日"


def dates(start: str, end: str, *, years: bool = False) -> str:
    """A span of dates, each with its year if asked for; with only an end, ``…前``.

    >>> dates("2023-06-05", "2023-06-09"), dates("", "2023-07-15"), dates("2023-07-01", ""), dates("", "")
    ('6月5日—6月9日', '7月15日前', '7月1日起', '—')
    """
    if missing(start):
        return NONE if missing(end) else f"{day(end, years=years)}前"
    if missing(end):
        return f"{day(start, years=years)}起"
    return day(start, years=years) if start == end else f"{day(start, years=years)}—{day(end, years=years)}"


def indicator(name: Any, target_from: Any = "") -> str:
    """An indicator's name; a target that was read from the end of it is left out, for it is shown on its own.

    >>> indicator("整治率99%", "指标名称"), indicator("整治率99%", "单元格"), indicator("完成立案5件", "指标名称")
    ('整治率', '整治率99%', '完成立案5件')
    """
    return names.shown_name(one_line(name), str(target_from))


def goal(goal_no: Any, name: Any = "") -> str:
    """A goal as it is referred to.

    >>> goal(4, "基层公共安全经费"), goal(4), goal(None, "环境治理"), goal(None)
    ('目标4　基层公共安全经费', '目标4', '环境治理', '未列目标')
    """
    number_part = "" if missing(goal_no) else f"目标{int(goal_no)}"
    return "　".join(part for part in (number_part, "" if missing(name) else one_line(name)) if part) or "未列目标"


def one_line(value: Any) -> str:
    """Text on one line: every run of white space becomes one space.

    >>> one_line(" 甲\\n 乙 ")
    '甲 乙'
    """
    return " ".join(text(value).split())


def width(value: str) -> float:
    """About how wide text is, in em: full-width characters 1, others a little over half, what is not seen nothing.

    >>> width("完成"), round(width("100%"), 2), width("完\u200b成")
    (2.0, 2.32, 2.0)
    """
    return float(sum(map(_em, value)))


@lru_cache(maxsize=4096)
def _em(mark: str) -> float:
    if unicodedata.category(mark) in ("Cf", "Mn", "Me"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(mark) in "WFA" else 0.58


def shorten(value: Any, most: float) -> str:
    """Text on one line, at most ``most`` em wide, cut with an ellipsis.

    >>> shorten("转业未安置志愿兵安置经费", 8), shorten("环卫", 8)
    ('转业未安置志愿…', '环卫')
    """
    shown = one_line(value)
    if width(shown) <= most:
        return shown
    fitting = sum(1 for so_far in accumulate(map(_em, shown)) if so_far + 1 <= most)
    return f"{shown[:fitting].rstrip()}…"


def listing(names: Sequence[str], most: int = 3, unit: str = "项") -> str:
    """Names in a sentence, with their number where there are several.

    >>> listing(["甲"]), listing(["甲", "乙"]), listing(["甲", "乙", "丙", "丁", "戊"])
    ('甲', '甲、乙两项', '甲、乙、丙等五项')
    """
    if len(names) <= 1:
        return "".join(names)
    return f"{'、'.join(names[:most])}{'等' if len(names) > most else ''}{several(len(names), unit)}"
