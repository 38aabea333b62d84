"""What is chosen in the workbench, as a query of pandas and as a Chinese sentence.

A choice is a plain mapping, as the script sends it and a view is saved:

- ``filters``: conditions that must all hold, each ``{"column", "op", "value"}`` with an op of :data:`OPERATORS`;
- ``search``: a text that one of the columns :data:`SEARCHED` must hold;
- ``sort``: ``{"column", "down"}``, the first the strongest; what is missing comes last;
- ``columns`` (shown), ``compare`` (ids of offices side by side), ``level`` (of the heat map) and ``picked``
  (``{"file", "row"}`` of the row looked at): of the views, not of what is chosen.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import pandas as pd

from perfeval.model.errors import PerfevalError, nearest
from perfeval.present import labels
from perfeval.workbench.packing import RATIO, TEXT, kind_of, title_of

OPERATORS = {
    "in": "为",
    "eq": "等于",
    "contains": "包含",
    "lacks": "不含",
    "ge": "≥",
    "le": "≤",
    "empty": "为空",
    "filled": "不为空",
}
"""Conditions and how they are said. A row whose cell is missing meets only ``empty`` and ``lacks``."""
BARE, OF_NUMBERS, OF_TEXT = ("empty", "filled"), ("ge", "le"), ("contains", "lacks")
SEARCHED = ("name", "district", "goal", "subcategory", "indicator", "target", "actual", "reason", "measure")
"""Columns the search of the whole table looks into, as far as a frame has them."""
IDS = {"subdistrict": "name", "track": "indicator"}
"""Columns of ids, and the names they are said by."""
WORDS = {True: "是", False: "否"}
"""How a column of truth values is said, and asked for."""
KEYS = ("filters", "search", "sort", "columns", "compare", "level", "picked")
Choice = Mapping[str, Any]


def checked(choice: object, frame: pd.DataFrame) -> dict[str, Any]:
    """A choice that fits the frame; :class:`PerfevalError` names what does not: unknown columns, wrong conditions."""
    if not isinstance(choice, Mapping):
        raise PerfevalError("选择须是一组键和值")
    wrong = [f"不认识的内容“{key}”{nearest(str(key), KEYS)}" for key in choice if key not in KEYS]
    filters, sort = choice.get("filters") or [], choice.get("sort") or []
    for each in (*filters, *sort) if isinstance(filters, list) and isinstance(sort, list) else ({},):
        name = each.get("column") if isinstance(each, Mapping) else None
        if name not in frame.columns:
            wrong.append(f"没有列“{name}”{nearest(str(name), map(str, frame.columns))}")
    wrong += [text for each in filters if not wrong and (text := _unsound(each, frame))]
    if not isinstance(choice.get("search") or "", str):
        wrong.append("search 须是文字")
    if wrong:
        raise PerfevalError("；".join(wrong))
    return {key: value for key, value in choice.items() if value}


def _unsound(condition: Choice, frame: pd.DataFrame) -> str:
    op, value, name = condition.get("op"), condition.get("value"), str(condition["column"])
    numeric, truth = kind_of(name, frame[name]) != TEXT, _is_truth(frame[name])
    if op not in OPERATORS:
        return f"不认识的条件“{op}”{nearest(str(op), OPERATORS)}"
    if op in OF_NUMBERS and not (numeric and _is_number(value)):
        return f"列“{name}”的条件“{OPERATORS[op]}”须是数，现为“{value}”"
    if op in OF_TEXT and (numeric or truth or not isinstance(value, str)):
        return f"列“{name}”的条件“{OPERATORS[op]}”须是文字，现为“{value}”"
    wanted = value if isinstance(value, list) else [value]
    if op in ("in", "eq") and truth and not set(wanted) <= set(WORDS.values()):
        return f"列“{name}”的值须是“是”或“否”，现为“{value}”"
    if op in ("in", "eq") and not all(_is_number(one) if numeric else isinstance(one, str) for one in wanted):
        return f"列“{name}”的值须是{'数' if numeric else '文字'}，现为“{value}”"
    return ""


def _is_truth(column: pd.Series) -> bool:
    return bool(pd.api.types.is_bool_dtype(column.dtype))


def narrowed(values: Mapping[str, Any], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Conditions for values by column; :class:`PerfevalError` names a value no row has, and the nearest that one has.

    >>> narrowed({"status": "完成"}, pd.DataFrame({"status": ["完成"]}))
    [{'column': 'status', 'op': 'in', 'value': ['完成']}]
    """
    found, wrong = [], []
    for name, given in values.items():
        wanted = [WORDS.get(one, one) if isinstance(one, bool) else one for one in _listed(given)]
        found.append({"column": name, "op": "in", "value": wanted})
        if name not in frame.columns or _unsound(found[-1], frame):
            continue  # which is said of every choice
        held = _held(frame[name])
        absent = [one for one in wanted if one not in held]
        wrong += [f"列“{name}”里没有“{one}”{nearest(str(one), map(str, held))}" for one in absent]
    if wrong:
        raise PerfevalError("；".join(wrong))
    return found


def _held(column: pd.Series) -> set[Any]:
    """The values a column may hold: of a vocabulary all its words, though no row has one."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return set(column.cat.categories)
    return set(WORDS.values()) if _is_truth(column) else set(column.dropna())


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple | set | range) else [given]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def query(choice: Choice, frame: pd.DataFrame) -> str:
    """The conditions and the search as text for ``frame.query``; empty where everything is chosen.

    >>> query({"filters": [{"column": "year", "op": "ge", "value": 2022}]}, pd.DataFrame({"year": [2021, 2022]}))
    'year >= 2022'
    """
    parts = [_condition(each, frame) for each in choice.get("filters") or ()]
    if choice.get("search"):
        there = [_holds(name, choice["search"]) for name in SEARCHED if name in frame.columns]
        parts.append(f"({' or '.join(there)})" if there else "index != index")
    return " and ".join(parts)


def _condition(condition: Choice, frame: pd.DataFrame) -> str:
    name, op, value = str(condition["column"]), condition["op"], condition.get("value")
    text = kind_of(name, frame[name]) == TEXT
    if _is_truth(frame[name]) and op in ("in", "eq"):
        wanted = value if isinstance(value, list) else [value]
        return f"{name} in {[truth for truth, word in WORDS.items() if word in wanted]!r}"
    if op == "in":
        return f"{name} in {list(value or ())!r}"
    if op in ("empty", "filled"):
        empty = f"({name}.isna() or {name} == '')" if text else f"{name}.isna()"
        return empty if op == "empty" else f"not {empty}"
    if op == "lacks":
        return f"not {_holds(name, str(value))}"
    return (
        _holds(name, str(value))
        if op == "contains"
        else f"{name} {({'eq': '==', 'ge': '>=', 'le': '<='})[op]} {value!r}"
    )


def _holds(name: str, text: str) -> str:
    return f"{name}.str.contains({text!r}, case=False, regex=False, na=False)"


def select(choice: Choice, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that are chosen, in the order they are sorted in; columns as they are."""
    asked = query(choice, frame)
    rows = frame.query(asked, engine="python") if asked else frame
    sort = choice.get("sort") or ()
    if sort:
        names, up = [each["column"] for each in sort], [not each.get("down") for each in sort]
        rows = rows.sort_values(names, ascending=up, kind="stable", na_position="last")
    return rows


def sentence(choice: Choice, frame: pd.DataFrame) -> str:
    """The same for readers: ``街道为甲街道；完成率≥90%；查找“清运”``; ``全部`` where everything is chosen."""
    parts = [_said(each, frame) for each in choice.get("filters") or ()]
    if choice.get("search"):
        parts.append(f"查找“{choice['search']}”")
    return "；".join(parts) or "全部"


def _said(condition: Choice, frame: pd.DataFrame) -> str:
    name, op, value = str(condition["column"]), condition["op"], condition.get("value")
    values = [] if op in BARE else value if isinstance(value, list) else [value]
    if name in IDS and IDS[name] in frame.columns:  # an id is said as the name of what it is of
        names = dict(zip(frame[name], frame[IDS[name]], strict=True))
        values, name = [names.get(one, one) for one in values], IDS[name]
    ratio = kind_of(name, frame[name]) == RATIO
    shown = (labels.percent(one) if ratio else str(one) or "（空）" for one in values)
    return f"{title_of(name)}{OPERATORS[op]}{'、'.join(shown)}"
