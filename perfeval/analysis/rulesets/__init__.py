"""Rule sets: the presets beside this file, and the reading of any TOML text as one.

A rule set is data. Adding one means adding a TOML file with the keys :mod:`.checking` knows; it never needs Python.
"""

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from perfeval.analysis.rulesets.checking import line_of, number, wrong_with
from perfeval.model.errors import RuleSetError, listed, nearest
from perfeval.model.ruleset import Block, Fallback, Level, Over, RuleSet


def names() -> list[str]:
    """The names of the presets, sorted."""
    return list(_names())


@cache
def _names() -> tuple[str, ...]:
    entries = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in entries if name.endswith(".toml")))


@cache
def preset(name: str) -> RuleSet:
    """The preset of that name; :class:`RuleSetError` with the nearest name where there is none."""
    if name not in names():
        raise RuleSetError(f"没有名为“{name}”的计分规则{nearest(name, names())}")
    file = f"{name}.toml"
    return parse(name, resources.files(__name__).joinpath(file).read_text(encoding="utf-8"), file)


def parse(name: str, text: str, file: str) -> RuleSet:
    """A rule set from TOML text; :class:`RuleSetError` listing everything wrong with it, by file, line and key."""
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleSetError(f"计分规则 {file} 不是有效的TOML：{error}") from error
    wrong = wrong_with(table)
    if wrong:
        placed = [(line_of(text, place), message) for place, message in wrong]
        lines = [f"{f'第{line}行　' if line else ''}{message}" for line, message in placed]
        raise RuleSetError(listed(f"计分规则 {file} 有{len(wrong)}处错误", lines))
    return _ruleset(name, table)


def _ruleset(name: str, table: dict[str, Any]) -> RuleSet:
    grades = [(grade, number(lowest)) for grade, lowest in table.get("grades", {}).items()]
    over = table.get("over", {})
    return RuleSet(
        name=name,
        title=table["title"],
        source=table["source"],
        deviations=table.get("deviations", ""),
        execution=number(table["execution"]),
        blocks=_blocks(table["blocks"]),
        positive=table["formulas"]["positive"],
        reverse=table["formulas"]["reverse"],
        levels={
            status: Level(*(number(band[key]) for key in ("low", "high", "use")))
            for status, band in table["levels"].items()
        },
        row_places=table["rounding"]["row"],
        total_places=table["rounding"]["total"],
        grades=tuple(sorted(grades, key=lambda band: band[1], reverse=True)),
        equal=table["formulas"].get("equal", "B/A"),
        spread=table.get("spread", "pooled"),
        over=Over(over.get("mode", "ignore"), number(over.get("from", Over().start))),
        fallbacks=tuple(Fallback(tuple(one["absent"]), _blocks(one["blocks"])) for one in table.get("fallback", [])),
        share_places=table["rounding"].get("share"),
        called=table.get("called", ""),
    )


def _blocks(tables: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(Block(block["title"], number(block["points"]), tuple(block["categories"])) for block in tables)
