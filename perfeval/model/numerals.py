"""Numbers as they are written: grouped, with 万 and 亿, and in Chinese characters."""

import math
import re
from decimal import Decimal

LONGEST = 18
"""Digits beyond which a number is a code or a mistake, not an amount."""

_DIGITS = {character: value for value, characters in enumerate(
    ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for character in characters}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
CHINESE = "".join([*_DIGITS, *_TENS, *_MYRIADS])
"""Characters a Chinese number is made of."""

_CHINESE_RUN = rf"[{CHINESE}]{{1,20}}(?:点[{''.join(_DIGITS)}]{{1,6}})?"
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|(?<![0-9.])\.[0-9]+"
NUMBER = re.compile(ARABIC)
_PARTS = re.compile(rf"(百|千|万)分之({_CHINESE_RUN}|{ARABIC})")
_TENTHS = re.compile(
    r"(?<![一二三四五六七八九十百0-9])([一二三四五六七八九])成([一二三四五六七八九])?(?![立员果效品本就绩都长为功])"
)
_AND_A_HALF = re.compile(r"(?<![0-9.])([0-9]{1,3}|[一两二三四五六七八九])个半(月|小时)")
_HALF_HOUR = re.compile("(?<![0-9一-龥])半个?小时")
_HALF_YEAR = re.compile(r"(?<![上下后前大一])半年(?=[内以之]|$)")
CHINESE_NUMBER = re.compile(_CHINESE_RUN)
_COLLOQUIAL = re.compile(rf"[百佰千仟万亿][{''.join(_DIGITS)}]$(?<![零〇])|[{''.join(_DIGITS)}]{{2}}(?<![零〇].)")
"""三万五 may be 35,000 or a slip, 十一二 eleven or twelve; 三万零五 may not."""
_PART_SIGNS = {"百": "%", "千": "‰", "万": "‱"}


def decimal(text: str) -> Decimal | None:
    """An Arabic number as written, grouping commas left out; None where it is too long to be an amount."""
    plain = text.replace(",", "")
    return Decimal(plain) if len(plain) <= LONGEST else None


def chinese(text: str) -> Decimal | None:  # noqa: PLR0911 - one return a case
    """A number in Chinese characters (``一百二十三`` 123, ``二〇二二`` 2022, ``三点五`` 3.5), or None."""
    whole, point, fraction = text.partition("点")
    if point:
        head, digits = chinese(whole), _run(fraction)
        return None if head is None or not digits else head + Decimal(f"0.{digits}")
    digits = _run(whole)
    if digits:
        return Decimal(digits) if len(digits) != len("三四") or "0" in digits else None  # 三四场 is three or four
    if _COLLOQUIAL.search(whole):
        return None
    total = section = digit = 0
    last = math.inf
    for character in whole:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        if character in _TENS:
            step = _TENS[character]
            if step >= last:
                return None
            section += (digit or 1) * step
            last = step
        elif character in _MYRIADS:
            if not section + digit:
                return None
            step = _MYRIADS[character]
            total = (total + section + digit) * step if character == "亿" else total + (section + digit) * step
            section, last = 0, math.inf
        else:
            return None
        digit = 0
    return Decimal(total + section + digit) if whole else None


def arabic_shares(text: str) -> str:
    """百分之九十五 → 95%, 千分之三 → 3‰, 九成 → 90%, 九成五 → 95%; everything else as it is."""

    def share(found: re.Match[str]) -> str:
        number = NUMBER.fullmatch(found[2])
        value = decimal(found[2]) if number else chinese(found[2])
        return found[0] if value is None else f"{value:f}{_PART_SIGNS[found[1]]}"

    def tenths(found: re.Match[str]) -> str:
        return f"{_DIGITS[found[1]]}{_DIGITS.get(found[2] or '', 0)}%"

    def half(found: re.Match[str]) -> str:
        return f"{_DIGITS.get(found[1], found[1])}.5个{found[2]}"

    text = _HALF_HOUR.sub("30分钟", text)
    return _AND_A_HALF.sub(half, _HALF_YEAR.sub("6个月", _TENTHS.sub(tenths, _PARTS.sub(share, text))))


def _run(text: str) -> str:
    """The digits of a number spelt digit by digit (二〇二二); empty if it is not."""
    return "".join(str(_DIGITS[c]) for c in text) if text and all(c in _DIGITS for c in text) else ""
