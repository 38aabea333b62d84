"""One cell of text → one value: money, points, counts, choices, dates and mail addresses.

Each reader returns the value, or None and the Chinese reason why there is none. An empty cell is None without a reason.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from perfeval.ingest.problems import closest
from perfeval.model.addresses import read_address
from perfeval.model.folding import half_width, legible
from perfeval.model.schema import Column

NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,20})?")
"""Up to 15 digits before the point: what a spreadsheet holds, and what exact sums stay exact with."""
NOT_NUMBERS = (
    (re.compile(r"[-—/\\*]+|无"), "占位符不是数"),
    (re.compile(rf"[¥￥]?\s*{NUMBER.pattern}\s*[百千万亿元分点%‰]*"), "不要写单位：单位（{unit}）已在标题里，应只填数"),
    (re.compile(r"[+-]?[0-9,]{16,}(\.[0-9]+)?|.*\.[0-9]{21,}"), "位数过多，超过电子表格能准确保存的15位"),
    (re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+"), "是科学计数法，有效数字可能已丢失，应填完整的数"),
    (re.compile(r"[+-]?[0-9,]+(\.[0-9]+)?"), "千分位逗号的位置不对，应如5,431.28"),
    (re.compile(r".*", re.DOTALL), "应为数（{unit}），如5431.28"),
)
"""What stands in number cells instead of numbers, and what to say to it; the last fits everything."""
DATE = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")
"""A day as people and spreadsheets write it."""
COUNT = re.compile(r"[0-9]{1,9}(\.0+)?")
"""Spreadsheets write whole numbers with ``.0`` where the column has empty cells."""

Read = tuple[object, str]


def half_width_text(text: str) -> str:
    """The text in half-width characters, without surrounding space and what cannot be seen."""
    return half_width(text).replace("−", "-").strip()


def read_number(text: str, unit: str) -> tuple[Decimal | None, str]:
    """An exact number; thousands separators and full-width digits are understood, ``unit`` is for the messages."""
    cell = half_width_text(text)
    if not cell:
        return None, ""
    if NUMBER.fullmatch(cell):
        return Decimal(cell.replace(",", "")), ""
    return None, next(why for form, why in NOT_NUMBERS if form.fullmatch(cell)).format(unit=unit)


def read_money(text: str, column: Column) -> Read:  # noqa: ARG001  # one signature for every kind
    """万元."""
    return read_number(text, "万元")


def read_points(text: str, column: Column) -> Read:  # noqa: ARG001
    """Points of a score."""
    return read_number(text, "分")


def read_count(text: str, column: Column) -> Read:  # noqa: ARG001
    """A whole number from 0."""
    cell = half_width_text(text)
    if not cell:
        return None, ""
    return (int(cell.split(".")[0]), "") if COUNT.fullmatch(cell) else (None, "应为整数")


def read_choice(text: str, column: Column) -> Read:
    """One of the column's choices; the empty string where the cell is empty."""
    cell = half_width_text(text)
    if not cell or cell in column.choices:
        return cell, ""
    return "", f"应为{'、'.join(column.choices)}之一{_hint(cell, column.choices)}"


def read_text(text: str, column: Column) -> Read:  # noqa: ARG001
    """The text as a reader sees it, without surrounding space."""
    return legible(text).strip(), ""


def read_day(text: str, column: Column) -> Read:  # noqa: ARG001
    """A day as ISO text; the empty string where the cell is empty."""
    cell = half_width_text(text)
    if not cell:
        return "", ""
    found = DATE.fullmatch(cell)
    try:
        return (date(*map(int, found.groups())).isoformat(), "") if found else ("", "应为日期，如2026-01-01")
    except ValueError:
        return "", "没有这一天"


def read_mailbox(text: str, column: Column) -> Read:  # noqa: ARG001
    """A mail address; the empty string where the cell is empty."""
    return read_address(text) if text.strip() else ("", "")


READERS: dict[str, tuple[Callable[[str, Column], Read], str]] = {
    "money": (read_money, "E203"),
    "points": (read_points, "E203"),
    "count": (read_count, "E204"),
    "choice": (read_choice, "E205"),
    "date": (read_day, "E209"),
    "address": (read_mailbox, "E210"),
    "text": (read_text, ""),
}
"""By kind of column: its reader, and the code of what it cannot read."""


def _hint(name: str, choices: tuple[str, ...]) -> str:
    """``，是否指“产出”？`` where one choice is part of what is written, or close to it."""
    inside = [choice for choice in choices if choice in name]
    close = inside[0] if len(inside) == 1 else closest(name, choices)
    return f"，是否指“{close}”？" if close else ""
