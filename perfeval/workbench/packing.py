"""Frames as the workbench's script takes them: column by column, text once a word, so that 20,000 rows open at once.

Every number goes over as Python prints it, so that the script's sums are Python's; what is missing is null, never 0.
"""

import gzip
import json
import math
from typing import Any

import pandas as pd

from perfeval.model import columns
from perfeval.model.errors import PerfevalError

MOST = 300_000
"""Rows the workbench takes: a browser's window has no room for more. More is refused, never cut."""
RATIO, NUMBER, WHOLE, TEXT, YEAR = "ratio", "number", "whole", "text", "year"
LEFT_OUT = ("synthetic",)
"""Columns that do not go over: a banner says it of all."""


def kind_of(name: str, column: pd.Series) -> str:
    """How a column is written, sorted and filtered: ``ratio`` (as %), ``number``, ``whole``, ``year`` or ``text``."""
    known = columns.column(name)
    if known is not None and known.kind == columns.YEAR:
        return YEAR
    if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        return TEXT
    if known is not None and known.kind == columns.RATE:
        return RATIO
    return WHOLE if pd.api.types.is_integer_dtype(column.dtype) else NUMBER


def title_of(name: str) -> str:
    """The Chinese heading of a column; its name where it is of nobody's vocabulary."""
    known = columns.column(name)
    return name if known is None else known.title


def pack(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as ``{"n": rows, "columns": [{name, title, meaning, kind, …}]}``.

    A column of text has ``words`` (each once, an ordered categorical in its order) and ``codes`` (their places, −1 for
    what is missing); others have ``values``. Raises :class:`PerfevalError` beyond :data:`MOST` rows.
    """
    if len(frame) > MOST:
        raise PerfevalError(
            f"有{len(frame):,}行，工作台最多容纳{MOST:,}行：请用 district、subdistrict 或 years 缩小范围"
        )
    kept = [name for name in frame.columns if name not in LEFT_OUT]
    return {"n": len(frame), "columns": [_column(str(name), frame[name]) for name in kept]}


def _column(name: str, column: pd.Series) -> dict[str, Any]:
    kind, known = kind_of(name, column), columns.column(name)
    packed: dict[str, Any] = {"name": name, "title": title_of(name), "kind": kind}
    if known is not None:
        packed["meaning"] = known.meaning
        if known.kind in (columns.MONEY, columns.POINTS):
            packed["places"] = 2
    if kind != TEXT:
        return {**packed, "values": [_number(value, kind) for value in column.tolist()]}
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, words = column.cat.codes.to_numpy(), column.cat.categories
        packed["ordered"] = bool(column.dtype.ordered)
    else:
        codes, words = pd.factorize(column, sort=False)
        if words.dtype == bool:
            words = words.map({True: "是", False: "否"})
    return {**packed, "codes": codes.tolist(), "words": [str(word) for word in words]}


def _number(value: Any, kind: str) -> float | int | None:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return float(value) if kind in (RATIO, NUMBER) else int(value)


def as_json(value: Any) -> str:
    """JSON for a script, also inside a page: neither a tag nor a line separator of JavaScript is in it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def squeezed(value: Any) -> bytes:
    """The same as gzip, without a clock in it."""
    return gzip.compress(as_json(value).encode(), compresslevel=6, mtime=0)
