"""What may be wrong with a rule-set file: every fault with its place, all at once.

Where a key stands in a TOML text: tomllib tells values, not lines, and a user needs the line.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from perfeval.model.errors import nearest
from perfeval.model.schema import CATEGORIES, MET, MISSED, PARTLY

Place = tuple[str | int, ...]
"""A key's way from the top: ``("blocks", 1, "points")``, ``("levels", "完成")``, ``("execution",)``."""

_HEADING = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r'^\s*(?:"([^"]*)"|\'([^\']*)\'|([\w-]+))\s*=')


def line_of(text: str, place: Place) -> int | None:
    """The line (from 1) of the deepest part of ``place`` that has one; None where nothing of it is there."""
    known = _lines(text)
    for depth in range(len(place), 0, -1):
        if place[:depth] in known:
            return known[place[:depth]]
    return None


def _lines(text: str) -> dict[Place, int]:
    """The line of every heading, of every key below one, and of every ``[[heading]]`` by its number."""
    known: dict[Place, int] = {}
    section: Place = ()
    counts: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        heading, key = _HEADING.match(content), _KEY.match(content)
        if heading:
            name = heading[1].strip("\"'")
            section = (name,)
            known.setdefault(section, line)
            if content.lstrip().startswith("[["):
                section = (name, counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
            known.setdefault(section, line)
        elif key:
            known.setdefault((*section, next(part for part in key.groups() if part is not None)), line)
    return known


FORMULAS = {"positive": ("B/A",), "reverse": ("A/B", "2A"), "equal": ("B/A", "deviation", "exact")}
"""Formulas by direction. ``2A`` falls linearly from full points at the target to none at twice the target;
``deviation`` gives 1 − |B−A|/A, ``exact`` everything or nothing."""
SPREADS = ("pooled", "goals")
OVERS = ("ignore", "annotate", "deduct")
BLOCK = {"title", "points", "categories"}
TABLES = {"formulas": dict, "levels": dict, "rounding": dict, "grades": dict, "over": dict}
LISTS = ("blocks", "fallback")
TEXTS = ("title", "called", "source", "deviations")
NEEDED = {"title", "source", "execution", "blocks", "formulas", "levels", "rounding"}
KEYS = {*NEEDED, *TABLES, *LISTS, *TEXTS, "spread"}
FULL = Decimal(100)
MOST_PLACES = 6

Fault = tuple[Place, str]


def number(value: Any) -> Decimal:
    """The exact value of a TOML number."""
    return Decimal(str(value))


def wrong_with(table: dict[str, Any]) -> list[Fault]:
    """Everything wrong with a parsed rule-set file: where, and what is expected there."""
    wrong: list[Fault] = [((key,), f"不认识的键“{key}”{nearest(key, KEYS)}") for key in sorted(table.keys() - KEYS)]
    wrong += [((), f"缺少键“{key}”") for key in sorted(NEEDED - table.keys())]
    wrong += [((key,), f"{key}：须是文字") for key in TEXTS if not isinstance(table.get(key, ""), str)]
    wrong += [((key,), f"{key}：不能空着") for key in ("title", "source") if not str(table.get(key, "有")).strip()]
    wrong += [((key,), f"{key}：须是一段［{key}］") for key in TABLES if not isinstance(table.get(key, {}), dict)]
    wrong += [
        ((key,), f"{key}：须是一段或几段［［{key}］］")
        for key in LISTS
        if not isinstance(table.get(key, []), list) or not all(isinstance(one, dict) for one in table.get(key, []))
    ]
    bad = {place[0] for place, _ in wrong if place}
    for part, check in CHECKS.items():
        if part in table and part not in bad:
            wrong += check(table)
    return wrong


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and number(value).is_finite()
    except InvalidOperation:
        return False


def _execution(table: dict[str, Any]) -> Iterator[Fault]:
    if not _points(table["execution"]):
        yield ("execution",), f"execution：须是0到100的数，现为“{table['execution']}”"


def _points(value: Any) -> bool:
    return _is_number(value) and 0 <= number(value) <= FULL


def _blocks(table: dict[str, Any]) -> Iterator[Fault]:
    yield from _split(table, table["blocks"], ("blocks",), "blocks", CATEGORIES)


def _fallback(table: dict[str, Any]) -> Iterator[Fault]:
    seen: list[set[str]] = []
    for place, one in enumerate(table["fallback"]):
        here: Place = ("fallback", place)
        blocks = one.get("blocks")
        if one.keys() != {"absent", "blocks"} or not isinstance(blocks, list) or not _known(one["absent"]):
            yield here, f"fallback：须写 absent（{'、'.join(CATEGORIES)}中的几类）和 blocks 两项"
            continue
        left = tuple(category for category in CATEGORIES if category not in one["absent"])
        if set(one["absent"]) in seen:
            absent = "、".join(category for category in CATEGORIES if category in one["absent"])
            yield here, f"fallback：两段都是没有{absent}时用的"
        seen.append(set(one["absent"]))
        yield from _split(table, blocks, (*here, "blocks"), f"fallback（没有{'、'.join(one['absent'])}）", left)


def _known(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(category in CATEGORIES for category in value)


def _split(
    table: dict[str, Any], blocks: list[Any], here: Place, title: str, categories: tuple[str, ...]
) -> Iterator[Fault]:
    """Blocks that are whole, give every category to exactly one of them, and add up to 100 with execution."""
    shapeless = list(_shapeless(blocks, here, title))
    yield from shapeless
    if shapeless:
        return
    for place, block in enumerate(blocks):
        for category in block["categories"]:
            if category not in categories:
                hint = nearest(str(category), categories)
                yield (*here, place, "categories"), f"{title}：不认识的类别“{category}”{hint}"
    given = [category for block in blocks for category in block["categories"]]
    for category in categories:
        if given.count(category) != 1:
            yield here, f"{title}：类别“{category}”须恰好归入一块，现为{given.count(category)}块"
    if _points(table.get("execution")):
        total = number(table["execution"]) + sum(number(block["points"]) for block in blocks)
        if total != FULL:
            yield here, f"{title}：execution 与各块 points 合计须为100，现为{total}"


def _shapeless(blocks: list[Any], here: Place, title: str) -> Iterator[Fault]:
    """Blocks without title, points or categories, or with points that are no number."""
    for place, block in enumerate(blocks):
        if (
            not isinstance(block, dict)
            or block.keys() != BLOCK
            or not isinstance(block["title"], str)
            or not isinstance(block["categories"], list)
        ):
            yield (*here, place), f"{title}：每块须写 title、points、categories 三项"
        elif not _is_number(block["points"]) or number(block["points"]) < 0:
            wanted = "points：须是不小于0的数"
            yield (*here, place, "points"), f"{title}“{block['title']}”.{wanted}，现为“{block['points']}”"


def _formulas(table: dict[str, Any]) -> Iterator[Fault]:
    formulas = table["formulas"]
    for key in ("positive", "reverse"):
        if key not in formulas:
            yield ("formulas",), f"formulas：缺少“{key}”"
    for key, value in formulas.items():
        if key not in FORMULAS:
            yield ("formulas", key), f"formulas：不认识的键“{key}”{nearest(key, FORMULAS)}"
        elif value not in FORMULAS[key]:
            yield ("formulas", key), f"formulas.{key}：须是{'、'.join(FORMULAS[key])}之一，现为“{value}”"


def _levels(table: dict[str, Any]) -> Iterator[Fault]:
    levels, statuses = table["levels"], (MET, PARTLY, MISSED)
    bands: dict[str, tuple[Decimal, Decimal]] = {}
    for status in statuses:
        if status not in levels:
            yield ("levels",), f"levels：缺少“{status}”档"
    for status, band in levels.items():
        here = ("levels", status)
        if status not in statuses:
            yield here, f"levels：不认识的档次“{status}”{nearest(status, statuses)}"
        elif (
            not isinstance(band, dict)
            or band.keys() != {"low", "high", "use"}
            or not all(map(_is_number, band.values()))
        ):
            yield here, f"levels“{status}”：须写 low、high、use 三个数"
        elif not 0 <= number(band["low"]) <= number(band["use"]) <= number(band["high"]) <= 1:
            yield here, f"levels“{status}”：须满足 0 ≤ low ≤ use ≤ high ≤ 1"
        else:
            bands[status] = number(band["low"]), number(band["high"])
    for better, worse in pairwise(status for status in statuses if status in bands):
        if bands[worse][1] > bands[better][0]:
            low, high = bands[better][0], bands[worse][1]
            yield ("levels", worse), f"levels：“{worse}”的high（{high}）高于“{better}”的low（{low}）"


def _rounding(table: dict[str, Any]) -> Iterator[Fault]:
    rounding, known = table["rounding"], ("row", "total", "share")
    for key in rounding.keys() - {*known}:
        yield ("rounding", key), f"rounding：不认识的键“{key}”{nearest(key, known)}"
    for key in known:
        value = rounding.get(key, 0 if key == "share" else None)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_PLACES:
            yield ("rounding", key), f"rounding.{key}：须是0到{MOST_PLACES}的整数"


def _grades(table: dict[str, Any]) -> Iterator[Fault]:
    grades = table["grades"]
    for grade, lowest in grades.items():
        if not _points(lowest):
            yield ("grades", grade), f"grades“{grade}”：须是0到100的数"
    if grades and all(map(_points, grades.values())) and min(map(number, grades.values())) != 0:
        yield ("grades",), "grades：最低一档须从0起"
    first: dict[Any, str] = {}
    for grade, lowest in grades.items():
        if _points(lowest) and first.setdefault(number(lowest), grade) != grade:
            yield ("grades", grade), f"grades：“{first[number(lowest)]}”和“{grade}”的最低分都是{lowest}"


def _over(table: dict[str, Any]) -> Iterator[Fault]:
    over = table["over"]
    for key in over.keys() - {"mode", "from"}:
        yield ("over", key), f"over：不认识的键“{key}”{nearest(key, ('mode', 'from'))}"
    if over.get("mode", "ignore") not in OVERS:
        yield ("over", "mode"), f"over.mode：须是{'、'.join(OVERS)}之一，现为“{over['mode']}”"
    if "from" in over and "mode" not in over:
        yield ("over", "from"), "over：写了from，没有写mode（annotate 或 deduct），from不起作用"
    start = over.get("from", 2)
    if not _is_number(start) or number(start) < 1:
        yield ("over", "from"), f"over.from：须是不小于1的数（1.3 即130%），现为“{start}”"


def _spread(table: dict[str, Any]) -> Iterator[Fault]:
    if table["spread"] not in SPREADS:
        yield ("spread",), f"spread：须是{'、'.join(SPREADS)}之一，现为“{table['spread']}”"


CHECKS = {
    "execution": _execution,
    "blocks": _blocks,
    "fallback": _fallback,
    "formulas": _formulas,
    "levels": _levels,
    "rounding": _rounding,
    "grades": _grades,
    "over": _over,
    "spread": _spread,
}
