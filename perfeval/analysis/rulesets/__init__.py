"""Rule sets: the presets beside this file, and the reading of any TOML text as one.

A rule set is data. Adding one means adding a TOML file with the keys of :func:`parse`; it never needs Python.
"""

import tomllib
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

from perfeval.model.errors import RuleSetError, nearest
from perfeval.model.results import Block, Level, RuleSet
from perfeval.model.schema import CATEGORIES, MET, MISSED, PARTLY

FORMULAS = {"positive": ("B/A",), "reverse": ("A/B", "2A")}
"""Formulas by direction; ``2A`` falls linearly from full points at the target to none at twice the target."""

KEYS = {"title", "source", "deviations", "execution", "blocks", "formulas", "levels", "rounding", "grades"}
FULL = Decimal(100)
MOST_PLACES = 6


def names() -> list[str]:
    """The names of the presets, sorted."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in resources.files(__name__).iterdir()
        if entry.name.endswith(".toml")
    )


def preset(name: str) -> RuleSet:
    """The preset of that name; :class:`RuleSetError` with the nearest name where there is none."""
    if name not in names():
        raise RuleSetError(f"没有名为“{name}”的计分规则{nearest(name, names())}")
    file = f"{name}.toml"
    return parse(name, resources.files(__name__).joinpath(file).read_text(encoding="utf-8"), file)


def parse(name: str, text: str, file: str) -> RuleSet:
    """A rule set from TOML text; :class:`RuleSetError` listing everything wrong with it, by key, and the file."""
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleSetError(f"计分规则 {file} 不是有效的TOML：{error}") from error
    wrong = [f"不认识的键“{key}”{nearest(key, KEYS)}" for key in sorted(table.keys() - KEYS)]
    wrong += [f"缺少键“{key}”" for key in sorted(KEYS - {"deviations", "grades"} - table.keys())]
    if not wrong:
        wrong = [*_wrong_points(table), *_wrong_formulas(table), *_wrong_levels(table), *_wrong_rest(table)]
    if wrong:
        raise RuleSetError(f"计分规则 {file} 有{len(wrong)}处错误：\n" + "\n".join(f"  {line}" for line in wrong))
    grades = [(grade, _number(lowest)) for grade, lowest in table.get("grades", {}).items()]
    return RuleSet(
        name=name,
        title=table["title"],
        source=table["source"],
        deviations=table.get("deviations", ""),
        execution=_number(table["execution"]),
        blocks=tuple(
            Block(block["title"], _number(block["points"]), tuple(block["categories"])) for block in table["blocks"]
        ),
        positive=table["formulas"]["positive"],
        reverse=table["formulas"]["reverse"],
        levels={
            status: Level(*(_number(band[key]) for key in ("low", "high", "use")))
            for status, band in table["levels"].items()
        },
        row_places=table["rounding"]["row"],
        total_places=table["rounding"]["total"],
        grades=tuple(sorted(grades, key=lambda band: band[1], reverse=True)),
    )


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and _number(value).is_finite()
    except InvalidOperation:
        return False


def _wrong_points(table: dict[str, Any]) -> list[str]:
    """Points must be positive, add up to 100 with execution, and give every category to exactly one block."""
    blocks = table["blocks"]
    shaped = isinstance(blocks, list) and all(
        isinstance(block, dict) and {"title", "points", "categories"} == block.keys() for block in blocks
    )
    if not shaped:
        return ["blocks：每块须写 title、points、categories 三项"]
    wrong = [
        f"{key}：须是不小于0的数，现为“{value}”"
        for key, value in [
            ("execution", table["execution"]),
            *((f"blocks“{block['title']}”.points", block["points"]) for block in blocks),
        ]
        if not _is_number(value) or _number(value) < 0
    ]
    given = [category for block in blocks for category in block["categories"]]
    wrong += [
        f"blocks：不认识的类别“{category}”{nearest(category, CATEGORIES)}"
        for category in given
        if category not in CATEGORIES
    ]
    wrong += [
        f"blocks：类别“{category}”须恰好归入一块，现为{given.count(category)}块"
        for category in CATEGORIES
        if given.count(category) != 1
    ]
    if not wrong:
        total = _number(table["execution"]) + sum(_number(block["points"]) for block in blocks)
        if total != FULL:
            wrong.append(f"分值：execution 与各块 points 合计须为100，现为{total}")
    return wrong


def _wrong_formulas(table: dict[str, Any]) -> list[str]:
    formulas = table["formulas"]
    wrong = [f"formulas：缺少“{key}”" for key in FORMULAS if key not in formulas]
    for key, value in formulas.items():
        if key not in FORMULAS:
            wrong.append(f"formulas：不认识的键“{key}”{nearest(key, FORMULAS)}")
        elif value not in FORMULAS[key]:
            wrong.append(f"formulas.{key}：须是{'、'.join(FORMULAS[key])}之一，现为“{value}”")
    return wrong


def _wrong_levels(table: dict[str, Any]) -> list[str]:
    levels = table["levels"]
    wrong = [f"levels：缺少“{status}”档" for status in (MET, PARTLY, MISSED) if status not in levels]
    for status, band in levels.items():
        if status not in (MET, PARTLY, MISSED):
            wrong.append(f"levels：不认识的档次“{status}”{nearest(status, (MET, PARTLY, MISSED))}")
        elif (
            not isinstance(band, dict)
            or band.keys() != {"low", "high", "use"}
            or not all(map(_is_number, band.values()))
        ):
            wrong.append(f"levels“{status}”：须写 low、high、use 三个数")
        elif not 0 <= _number(band["low"]) <= _number(band["use"]) <= _number(band["high"]) <= 1:
            wrong.append(f"levels“{status}”：须满足 0 ≤ low ≤ use ≤ high ≤ 1")
    return wrong


def _wrong_rest(table: dict[str, Any]) -> list[str]:
    rounding, grades = table["rounding"], table.get("grades", {})
    wrong = [
        f"rounding.{key}：须是0到{MOST_PLACES}的整数"
        for key in ("row", "total")
        if not (isinstance(rounding.get(key), int) and 0 <= rounding[key] <= MOST_PLACES)
    ]
    wrong += [
        f"{key}：须是文字" for key in ("title", "source", "deviations") if not isinstance(table.get(key, ""), str)
    ]
    wrong += [
        f"grades“{grade}”：须是0到100的数"
        for grade, lowest in grades.items()
        if not _is_number(lowest) or not 0 <= _number(lowest) <= FULL
    ]
    if grades and not wrong and min(map(_number, grades.values())) != 0:
        wrong.append("grades：最低一档须从0起")
    return wrong
