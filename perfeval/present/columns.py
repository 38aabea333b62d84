"""How a column of a frame is shown: its heading, its unit, and how its values are written and aligned."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from perfeval.model.columns import (
    COUNT,
    FLOAT,
    FRAMES,
    KINDS,
    MONEY,
    NUMBER,
    POINTS,
    RATE,
    SHARE,
    STORED,
    TEXT,
    YEAR,
    Column,
)
from perfeval.model.errors import ParameterError, nearest
from perfeval.model.rounding import half_up
from perfeval.present import labels

Writer = Callable[[Any], str]

FIGURES = (MONEY, RATE, POINTS, COUNT, NUMBER, SHARE)
"""Kinds that stand at the right with equal decimals."""
UNITS = {MONEY: "万元", POINTS: "分"}
"""What stands in a heading of these kinds."""
UNITED = re.compile(r"（(万元|亿元|元|分|%|个?百分点|项|个|件|年)）$")
"""The end of a heading that somebody gave with its unit: it needs no other."""
ORDINALS = ("goal_no", "row", "order")
"""Whole numbers that only name something: they are written as years are."""
SAME = {"ratio": RATE}
"""Another word for a kind."""
MOST_PLACES = 4
"""Decimals that a column of numbers of an unknown kind is given at most."""
WRITTEN = re.compile(r"[<−-]?(?!0\d)[\d,]+(\.\d+)?%?([—/][<−-]?[\d,]+(\.\d+)?%?)?(?P<unit>项|个|分|)")
"""A figure, a range or n/m as text; what begins with a zero is a number of something, not an amount."""
VAST = 1e13
"""Numbers from which on digits are not written out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column ready to be shown."""

    key: Any
    """The frame's own name for it; a tuple where columns have several levels."""
    title: str
    unit: str
    figures: bool
    values: pd.Series
    write: Writer
    kind: str = TEXT
    """One of :data:`~perfeval.model.columns.KINDS`."""

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    def texts(self) -> list[str]:
        """Every value as it is written."""
        return [self.write(value) for value in self.values.tolist()]


def shown(
    key: Any, values: pd.Series, title: str | None = None, kind: str | Writer | None = None, unit: str | None = None
) -> Shown:
    """A column with what is known of it by its name, or what its values tell.

    ``kind`` is one of :data:`~perfeval.model.columns.KINDS`, a documented column that it is shown like, or a function
    that writes a value; ``ParameterError`` for another word.
    """
    name = key[-1] if isinstance(key, tuple) else key
    told = guessed(values)
    known = documented(name, values, told)
    called = title or (known.title if known else heading(name))
    if callable(kind):
        return Shown(key, called, unit or "", told in FIGURES, values, kind, told)
    found = _asked(kind) if kind else kind_of(known, told)
    said = unit if unit is not None else unit_of(known, found) if known or kind else ""
    said = "" if title and UNITED.search(title) else said
    figures = found in FIGURES or (known is None and kind is None and _figures(values))
    return Shown(key, called, said, figures, values, writer(found, values), found)


def _asked(kind: str) -> str:
    """The kind that is meant: its name, or that of a documented column."""
    found = SAME.get(kind, kind)
    if found in KINDS:
        return found
    if found not in _named():
        raise ParameterError(f"没有“{kind}”这种写法{nearest(str(kind), [*KINDS, *_named()])}")
    return kind_of(_named()[found][0][1], TEXT)


def _figures(values: pd.Series) -> bool:
    """Whether texts are figures and ranges of figures already written, alike in their unit: they stand at the right."""
    held = [value for value in values.tolist() if isinstance(value, str) and value not in ("", labels.NONE)]
    found = [WRITTEN.fullmatch(value) for value in held]
    return bool(held) and all(found) and len({one["unit"] for one in found if one}) == 1


def documented(name: Any, values: pd.Series, told: str) -> Column | None:
    """The documented column of a name that can hold such values, which seem to be ``told``; None where there is none.

    Whole numbers are amounts only under the names of the great frames: what an analyst counts may well be called
    ``indicators`` or ``found``.
    """
    whole = pd.api.types.is_integer_dtype(values.dtype)
    for place, one in _named().get(name, ()) if isinstance(name, str) else ():
        if (fits(one.kind, told) and (place in STORED or not whole or one.dtype != FLOAT)) or values.isna().all():
            return one
    return None


@cache
def _named() -> dict[str, list[tuple[str, Column]]]:
    """By name: the frames that have such a column, and what each says of it."""
    found: dict[str, list[tuple[str, Column]]] = {}
    for place, columns in FRAMES.items():
        for one in columns:
            found.setdefault(one.name, []).append((place, one))
    return found


def kind_of(known: Column | None, told: str) -> str:
    """The kind a column is shown as: what is documented of it, else what its values seem to be."""
    if known is None:
        return told
    return YEAR if known.name in ORDINALS else known.kind if known.kind in (*FIGURES, YEAR) else TEXT


def unit_of(known: Column | None, kind: str) -> str:
    """The unit that stands in a heading; none where another column names it, or the values show it (%, 项)."""
    if known is not None and known.kind == kind == NUMBER and not known.unit.startswith("见"):
        return known.unit
    return UNITS.get(kind, "")


def heading(name: Any) -> str:
    """A column's own name as a heading."""
    return labels.one_line(name) if not _nothing(name) else "（无名）"


def fits(kind: str, told: str) -> bool:
    """Whether values can be what a column of their name is: an analyst's ``score`` may be words, and what one frame
    counts may be points in another."""
    if kind in (COUNT, YEAR):
        return told == COUNT
    return told != TEXT if kind in FIGURES else told == TEXT


def guessed(values: pd.Series) -> str:
    """The kind that values of an unknown column seem to be."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return TEXT
    if pd.api.types.is_integer_dtype(values.dtype):
        return COUNT
    if pd.api.types.is_float_dtype(values.dtype):
        return COUNT if _whole(values) else NUMBER
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_object_dtype(values.dtype):
        return TEXT
    held = [value for value in values.tolist() if not _nothing(value)]
    return NUMBER if held and all(map(_numeric, held)) else TEXT


def _whole(values: pd.Series) -> bool:
    """Whether amounts are all whole: counts, it may be, that a missing one has made amounts of."""
    held = [float(value) for value in values.tolist() if not labels.missing(value)]
    return bool(held) and all(map(float.is_integer, held))


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def writer(kind: str, values: Iterable[Any]) -> Writer:
    """How values of one of :data:`~perfeval.model.columns.KINDS` are written, all with equal decimals."""
    if kind in (NUMBER, SHARE):
        return partial(_number, places=places(values))
    return {MONEY: money, RATE: rate, POINTS: points, COUNT: count, YEAR: year}.get(kind, text)


def places(values: Iterable[Any]) -> int:
    """The decimals that show every one of some numbers, at most :data:`MOST_PLACES`; two where that is not enough.

    >>> places([1.0, 2.5]), places([1, 2]), places([1 / 3])
    (1, 0, 2)
    """
    held = [float(value) for value in values if _finite(value)]
    for wanted in range(MOST_PLACES + 1):
        if all(abs(round(value, wanted) - value) < 1e-9 * max(1.0, abs(value)) for value in held):
            return wanted
    return 2 if all(abs(value) >= 0.1 for value in held if value) else MOST_PLACES  # noqa: PLR2004  # 0.01 of it is nothing


def _finite(value: Any) -> bool:
    return not _nothing(value) and _numeric_like(value) and abs(float(value)) != float("inf")


def _numeric_like(value: Any) -> bool:
    return _numeric(value) or hasattr(value, "dtype")


def _nothing(value: Any) -> bool:
    return (
        not isinstance(value, list | tuple | set | frozenset | dict)
        and pd.api.types.is_scalar(value)
        and (labels.missing(value))
    )


def _vast(value: Any) -> str | None:
    """What no figure of an office is, infinite or beyond all digits, as it is written; None for any other number."""
    if not _numeric(value) or abs(value) < VAST:
        return None
    return minus("∞" if value > 0 else "-∞") if abs(float(value)) == float("inf") else minus(f"{float(value):.3g}")


def _number(value: Any, places: int) -> str:
    if _nothing(value):
        return labels.NONE
    return _vast(value) or minus(labels.number(value, places))


def minus(written: str) -> str:
    """A number with a real minus.

    >>> minus("-1.50")
    '−1.50'
    """
    return f"−{written[1:]}" if written.startswith("-") else written


def money(value: Any) -> str:
    """万元 with separators and two decimals.

    >>> money(1234.5), money(None)
    ('1,234.50', '—')
    """
    return _number(value, 2)


def count(value: Any) -> str:
    """A whole number with separators; one that is not whole keeps its decimals.

    >>> count(1200), count(2.5)
    ('1,200', '2.5')
    """
    return _number(value, 0 if not _finite(value) or float(value).is_integer() else places([value]))


def year(value: Any) -> str:
    """A number that only names something: without separators.

    >>> year(2022), year(2022.0), year(None)
    ('2022', '2022', '—')
    """
    if not _nothing(value) and isinstance(value, float) and value.is_integer():
        return str(int(value))
    return text(value)


def points(value: Any) -> str:
    """Points with two decimals; a trace is not written as nothing.

    >>> points(1.5), points(-0.5), points(0.001)
    ('1.50', '−0.50', '<0.01')
    """
    return _number(value, 2) if _nothing(value) or _vast(value) else minus(labels.points(value))


def rate(ratio: Any) -> str:
    """A ratio as a percentage with one decimal; what is not exactly 0 or 100 % is never written so.

    >>> [rate(x) for x in (1, 0.9487, 0.9997, 0, None)]
    ['100.0%', '94.9%', '99.9%', '0.0%', '—']
    """
    if _nothing(ratio) or _vast(ratio):
        return _number(ratio, 1)
    written = labels.percent(ratio).rstrip("%")
    return minus(f"{half_up(Decimal(written), 1):,}%")


def text(value: Any) -> str:
    """Anything else: 是 and 否, dates as ISO has them, lists with 、.

    >>> text(True), text(["甲", "乙"]), text(pd.Timestamp("2024-01-05")), text(None)
    ('是', '甲、乙', '2024-01-05', '—')
    """
    if isinstance(value, list | tuple | set | frozenset):
        return (
            "、".join(map(text, sorted(value, key=str) if isinstance(value, set | frozenset) else value)) or labels.NONE
        )
    if _nothing(value):
        return labels.NONE
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value == pd.Timestamp(value).normalize() else value.isoformat(" ", "minutes")
    return str(value).strip() or labels.NONE


def frame_columns(frame: pd.DataFrame) -> Sequence[tuple[Any, Callable[[], pd.Series]]]:
    """What of a frame is shown: its index where it says something, then its columns, whatever they are called; each
    with what gives its values, for of many columns a few are wanted."""
    index = frame.index
    leading: list[tuple[Any, Callable[[], pd.Series]]] = []
    for level in range(index.nlevels):
        name = index.names[level]
        values = index.get_level_values(level)
        numbered = name is None and index.nlevels == 1 and pd.api.types.is_integer_dtype(values.dtype)
        if not numbered:
            leading.append(("" if name is None else name, partial(pd.Series, values, index=range(len(frame)))))
    return leading + [(key, partial(_column, frame, place)) for place, key in enumerate(frame.columns.tolist())]


def _column(frame: pd.DataFrame, place: int) -> pd.Series:
    values = frame.iloc[:, place]
    return pd.Series(values.array, name=values.name, copy=False)


def marked(written: str) -> Markup:
    """Text from data for a cell, line breaks kept."""
    lines = written.splitlines()
    return Markup("<br>").join(lines) if len(lines) > 1 else escape(written)
