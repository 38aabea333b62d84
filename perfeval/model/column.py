"""A column of a tidy frame: what it is called and means, its dtype, and how its values are shown.

The frames themselves stand in :mod:`perfeval.model.columns` and :mod:`perfeval.model.yearcolumns`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from perfeval.model.schema import CATEGORIES

TEXT, ID, WORD, YEAR, COUNT, MONEY, RATE, POINTS, NUMBER, SHARE, FLAG = (
    "text", "id", "word", "year", "count", "money", "rate", "points", "number", "share", "flag",
)  # fmt: skip
KINDS = (TEXT, ID, WORD, YEAR, COUNT, MONEY, RATE, POINTS, NUMBER, SHARE, FLAG)
"""What a column's values are, and so how they are shown: text as printed; an id; a word of a vocabulary; a year; a
whole number; money (two decimals, thousands separated); a rate (a ratio shown as %); points; a number in a unit that
another column names; a share of certainty, 0…1; yes or no."""
STR, INT, WHOLE, FLOAT, BOOL, ORDERED = "str", "int64", "Int64", "float64", "bool", "category"
"""The dtypes: pandas' ``str``; whole numbers; whole numbers that may be missing; amounts; yes or no; a word of an
ordered vocabulary (:attr:`Column.values`, in that order)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tidy frame."""

    name: str
    title: str
    """Short Chinese heading."""
    meaning: str
    """One Chinese sentence."""
    dtype: str = STR
    kind: str = TEXT
    unit: str = ""
    values: tuple[str, ...] = ()
    """The words it may hold, in their order; empty where anything may stand."""


def text(name: str, title: str, meaning: str, values: Sequence[str] = ()) -> Column:
    """Text, or a word of these values."""
    return Column(name, title, meaning, kind=WORD if values else TEXT, values=tuple(values))


def word(name: str, title: str, meaning: str, values: Sequence[str]) -> Column:
    """A word of an ordered vocabulary."""
    return Column(name, title, meaning, ORDERED, WORD, values=tuple(values))


def money(name: str, title: str, meaning: str) -> Column:
    """An amount of money."""
    return Column(name, title, meaning, FLOAT, MONEY, "万元")


def rate(name: str, title: str, meaning: str) -> Column:
    """A ratio."""
    return Column(name, title, meaning, FLOAT, RATE, "比率（1.0＝100%）")


def points(name: str, title: str, meaning: str) -> Column:
    """Points."""
    return Column(name, title, meaning, FLOAT, POINTS, "分")


def count(name: str, title: str, meaning: str, unit: str = "项") -> Column:
    """A whole number."""
    return Column(name, title, meaning, INT, COUNT, unit)


def amount(name: str, title: str, meaning: str) -> Column:
    """A number in the unit of its row."""
    return Column(name, title, meaning, FLOAT, NUMBER, "见 value_unit")


OFFICE = (
    Column("subdistrict", "街道编号", "街道的编号，即数据目录中的文件夹名", kind=ID),
    text("name", "街道", "街道名录中的名称；未列入名录的为编号"),
    text("district", "区县", "街道名录中的区县；未列的为空"),
)
PLACE = (*OFFICE, Column("year", "年度", "预算年度", INT, YEAR))
GOAL_NO = Column("goal_no", "目标序号", "年度目标的序号；没有的为缺失", WHOLE, COUNT)
CATEGORY = word("category", "一级指标", "一级指标的类别", CATEGORIES)
INDICATOR = text("indicator", "三级指标", "指标名称，照文件所列")
ROW = Column("row", "行", "在来源文件中的行号，标题为第1行", WHOLE, COUNT)
ORIGIN = (
    text("file", "来源文件", "来源文件，从数据目录算起的路径"),
    ROW,
)
SYNTHETIC = Column("synthetic", "示例数据", "是否虚构的示例数据", BOOL, FLAG)
