"""One cell of text → one value: money, points, counts, choices, dates and mail addresses.

Each reader returns the value, or None and the Chinese reason why there is none. An empty cell is None without a reason.

The cells of a table by its schema: headings, required cells, kinds, keys; all problems collected.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from perfeval.ingest.problems import closest, problem
from perfeval.model.errors import Problem
from perfeval.model.folding import half_width, legible
from perfeval.model.mailing import read_address
from perfeval.model.schema import Column, Table

NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,20})?")
"""Up to 15 digits before the point: what a spreadsheet holds, and what exact sums stay exact with."""
NOT_NUMBERS = (
    (re.compile(r"[-—/\\*]+|无"), "占位符不是数"),
    (re.compile(rf"[¥￥]?\s*{NUMBER.pattern}\s*[百千万亿元分点%‰]*"), "不要写单位：单位（{unit}）已在标题里，应只填数"),
    (re.compile(r"[+-]?[0-9,]{16,}(\.[0-9]+)?|.*\.[0-9]{21,}"), "位数过多，超过电子表格能准确保存的15位"),
    (re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+"), "是科学计数法，有效数字可能已丢失，应填完整的数"),
    (re.compile(r"[+-]?[0-9,]+(\.[0-9]+)?"), "千分位逗号的位置不对，应如5,431.28"),
    (re.compile(r".*", re.DOTALL), "应为数（{unit}），如{example}"),
)
"""What stands in number cells instead of numbers, and what to say to it; the last fits everything."""
EXAMPLES = {"万元": "5431.28", "分": "9.5"}
"""By unit: such a number."""
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
    return None, next(why for form, why in NOT_NUMBERS if form.fullmatch(cell)).format(
        unit=unit, example=EXAMPLES[unit]
    )


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


PLACES = 2
"""Decimal places money in 万元 is usually printed with."""


def values(
    text: Mapping[str, list[str]], rows: Sequence[int], table: Table, file: str
) -> tuple[dict[str, list[Any]], list[Problem]]:
    """The values of a table's columns, one for each of ``rows``, and the problems in the order columns, cells (by row),
    keys. ``text`` has the cells under the headings of the file; what could not be read is empty.
    """
    found, problems = _match(list(text), table, file)
    read: dict[str, list[Any]] = {}
    doubts: list[Problem] = []
    for column in table.columns:
        there = column.name in found
        cells = text[found[column.name]] if there else [""] * len(rows)
        read[column.name], wrong = _cells(cells, column, file, rows)
        doubts += wrong if there else []
    doubts.sort(key=lambda doubt: doubt.row or 0)
    return read, [*problems, *doubts, *_repeated(read, rows, table, file)]


def known(headings: Iterable[str], table: Table) -> frozenset[str]:
    """The columns of a table that have a heading, by name or title."""
    names = {alias: column.name for column in table.columns for alias in (column.name, column.title)}
    return frozenset(names[heading] for heading in headings if heading in names)


def _match(headings: list[str], table: Table, file: str) -> tuple[dict[str, str], list[Problem]]:
    """Which heading is which column (by name or title), and what is unknown, twice there or missing."""
    known = {alias: column for column in table.columns for alias in (column.name, column.title)}
    found: dict[str, str] = {}
    problems, unknown = [], []
    for heading in headings:
        column = known.get(heading)
        if column is None:
            unknown.append(heading)
        elif column.name in found:
            message = f"标题“{found[column.name]}”和“{heading}”是同一列"
            problems.append(problem("E106", message, file=file, row=1, column=column.label))
        else:
            found[column.name] = heading
    free = [alias for alias, column in known.items() if column.name not in found]
    for heading in unknown:
        close = closest(heading, free)
        hint = f"，是否指“{close}”？" if close else ""
        message = f"{table.title}表没有这一列，内容已忽略{hint}"
        problems.append(problem("W201", message, file=file, row=1, column=heading))
    for column in table.columns:
        if column.required and column.name not in found:
            close = closest(column.title, unknown) or closest(column.name, unknown)
            hint = f"；标题“{close}”是否就是这一列？" if close else f"；现有的标题：{'、'.join(headings)}"
            problems.append(problem("E201", f"缺少必需的列{hint}", file=file, row=1, column=column.label))
    return found, problems


def _cells(cells: list[str], column: Column, file: str, rows: Sequence[int]) -> tuple[list[object], list[Problem]]:
    """The values of a column's cells and what is wrong with them; cells that are alike and in order are read once."""
    values: list[object] = []
    problems: list[Problem] = []
    known: dict[str, object] = {}
    if column.kind == "text":  # nothing can be wrong with a text but that it is missing
        known = {cell: cell.strip() for cell in set(cells) if not column.required or cell.strip()}
    for row, cell in zip(rows, cells, strict=True):
        if cell not in known:
            value, wrong = _cell(cell, column, file, row)
            problems += wrong
            if wrong:
                values.append(value)
                continue
            known[cell] = value
        values.append(known[cell])
    return values, problems


def _cell(cell: str, column: Column, file: str, row: int) -> tuple[object, list[Problem]]:
    """The value of a cell and what is wrong with it."""
    read, code = READERS[column.kind]
    value, why = read(cell, column)
    text = cell.strip()
    if why:
        return value, [problem(code, why, file=file, row=row, column=column.label, value=text)]
    if column.required and not value:
        return value, [problem("E202", "必填，不能为空", file=file, row=row, column=column.label)]
    doubts = _doubts(value, column) if isinstance(value, Decimal) else ()
    return value, [problem(code, why, file=file, row=row, column=column.label, value=text) for code, why in doubts]


def _doubts(number: Decimal, column: Column) -> Iterator[tuple[str, str]]:
    """What is odd about a number that can be read: code and message."""
    if column.kind == "points" and number < 0:
        yield "E208", f"{column.title}不能小于0"
    if column.kind == "money" and number < 0:
        yield "W202", "金额为负"
    if column.kind == "money" and round(number, PLACES) != number:
        yield "W203", f"万元金额的小数超过{PLACES}位"


def _repeated(values: dict[str, list[object]], rows: Sequence[int], table: Table, file: str) -> Iterator[Problem]:
    """Rows whose key was there before: wholly alike, or different in what is not the key."""
    first: dict[tuple[object, ...], tuple[int, tuple[object, ...]]] = {}
    required = {name for name in table.key if table.column(name).required}
    keys = list(zip(*(values[name] for name in table.key), strict=True))
    if len(set(keys)) == len(keys):
        return
    records = zip(*values.values(), strict=True)
    for row, key, record in zip(rows, keys, records, strict=True):
        if any(not part for name, part in zip(table.key, key, strict=True) if name in required):
            continue  # nothing to tell rows apart by; the empty cell is reported already
        earlier, before = first.setdefault(key, (row, record))
        if earlier == row:
            continue
        value = "｜".join(str(part) for part in key if part not in ("", None))
        if record == before:
            yield problem("E207", f"与第{earlier}行完全相同", file=file, row=row, value=value)
        else:
            titles = "、".join(table.column(name).title for name in table.key)
            yield problem("E206", f"与第{earlier}行重复（{titles}全部相同）", file=file, row=row, value=value)
