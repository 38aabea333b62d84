"""Tables and narrative → the bytes of ``budget.csv``, ``indicators.csv``, ``blocks.csv`` and ``narrative.toml``.

What the loader reads back: UTF-8, line feeds, columns in the order of the schema. The same input gives the same bytes.
"""

import csv
import datetime
import io
from collections.abc import Collection, Iterable
from dataclasses import fields
from decimal import Decimal

import pandas as pd

from perfeval.model.narrative import Narrative
from perfeval.model.schema import Table

ALWAYS = {
    "budget": ("item", "opening", "adjusted", "executed"),
    "indicators": (
        "goal_no", "goal", "category", "indicator", "target", "actual",
        "declared_met", "reason", "measure", "narrative", "source",
    ),
    "blocks": ("name", "goal_no", "goal", "category", "subcategory", "weight", "declared_score"),
    "subdistricts": ("id", "name", "district", "city", "aliases"),
}  # fmt: skip
"""Columns that are written even where they are empty and nothing is known of a document: what a person looks at."""
DAYS = {"start", "end", "date"}
"""Keys whose value is a date."""


def table_bytes(frame: pd.DataFrame, table: Table, columns: Collection[str] | None = None) -> bytes:
    """The CSV of a typed table: the columns the document has, and those others of the schema that hold anything.

    A column that is not in the file says that the document has none; where ``columns`` is not given, the usual ones
    are written.
    """
    kept = ALWAYS[table.name] if columns is None else columns
    texts = {name: [cell_text(value) for value in frame[name]] for name in table.names if name in frame.columns}
    names = [
        column.name
        for column in table.columns
        if column.required or column.name in kept or any(texts.get(column.name, ()))
    ]
    rows = zip(*(texts.get(name, [""] * len(frame)) for name in names), strict=True)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def cell_text(value: object) -> str:
    """A cell as the CSV holds it: numbers without exponent, empty where there is nothing."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124  # NaN
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def narrative_bytes(narrative: Narrative) -> bytes:
    """The TOML of a narrative; only what it says. Texts are stripped, as they are when read."""
    flat, groups = [], []
    for field in fields(narrative):
        value = getattr(narrative, field.name)
        if value in (field.default, ()):
            continue
        if not isinstance(value, tuple):
            flat.append(f"{field.name} = {_scalar(field.name, value)}\n")
        elif isinstance(value[0], str):
            flat.append(f"{field.name} = {_list(value)}\n")
        else:
            groups += [_group(field.name, entry) for entry in value]
    return "\n".join([*flat, *groups]).encode("utf-8")


def _group(name: str, entry: object) -> str:
    """``[[stages]]`` and its keys."""
    lines = [f"[[{name}]]\n"]
    for field in fields(entry):  # type: ignore[arg-type]  # the entries of a narrative are dataclasses
        value = getattr(entry, field.name)
        if isinstance(value, tuple):
            lines += [f"{field.name} = {_list(value)}\n"] if value else []
        elif value not in ("", None):
            lines.append(f"{field.name} = {_scalar(field.name, value)}\n")
    return "".join(lines)


def _scalar(name: str, value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if name in DAYS:
        return datetime.date.fromisoformat(str(value)).isoformat()
    return _quoted(format(value, "f") if isinstance(value, Decimal) else str(value))


def _list(texts: Iterable[object]) -> str:
    """One text a line, so that a change of one is a change of one line."""
    return "[\n" + "".join(f"    {_quoted(str(text))},\n" for text in texts) + "]"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    plain = text.strip().replace("\r\n", "\n")
    return '"' + "".join(escapes.get(sign, sign if _printable(sign) else f"\\u{ord(sign):04X}") for sign in plain) + '"'


def _printable(sign: str) -> bool:
    """Whether TOML takes the character as it is (control characters it does not)."""
    return ord(sign) >= 0x20 and sign != "\x7f"  # noqa: PLR2004
