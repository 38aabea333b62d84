"""A rule set's points shared out over the rows of its blocks.

Equal rows have equal points where a row's score has decimals enough for the total to come out all the same; where it
has not (two decimals, 39 rows), points have the decimals of a score and what is left over goes to single rows, so that
they add up to 100 with the points of execution.
"""

from collections.abc import Collection
from decimal import Decimal

import pandas as pd

from perfeval.model.results import Block, RuleSet
from perfeval.model.rounding import allot, half_up, plain

TIE = ("category", "indicator", "goal_no", "goal", "subcategory", "target", "actual")
"""What decides which of several equal rows has the last unit: their content, never their order."""

Shares = dict[int, tuple[Decimal, str]]
"""By place among the rows: points, and how they came about."""


def shared(
    indicators: pd.DataFrame,
    whole: Decimal,
    ruleset: RuleSet,
    places: int | None,
    beside: Collection[str] = (),
) -> tuple[Shares, list[str]]:
    """``whole`` shared over all rows by the rule set, by goals first where it says so; and notes.

    ``beside`` are the categories of rows that have points of their own already: their blocks are not missing.
    """
    found: Shares = {}
    notes: list[str] = []
    groups = _groups(indicators, apart=ruleset.spread == "goals")
    keys = list(groups)
    goals = allot(whole, [Decimal(1)] * len(keys), keys, places)
    for goal, points_of_goal in zip(keys, goals, strict=True):
        rows = indicators.iloc[groups[goal]]
        inside, said = _inside(rows, points_of_goal, ruleset, places, {*rows["category"], *beside})
        told = (
            f"{len(keys)}个目标均分，本目标{plain(half_up(points_of_goal, ruleset.row_places))}分；"
            if ruleset.spread == "goals"
            else ""
        )
        found |= {groups[goal][place]: (points, told + why) for place, (points, why) in inside.items()}
        notes += [f"{'有的目标' if told else ''}{note}" for note in said]
    return found, notes


def places_of(ruleset: RuleSet, rows: int) -> int | None:
    """The decimals shared points are cut to; None where rounding every row cannot move the total by half its unit."""
    slack = rows * Decimal(1).scaleb(-ruleset.row_places)
    return None if slack < Decimal(1).scaleb(-ruleset.total_places) else ruleset.row_places


def _inside(
    rows: pd.DataFrame, whole: Decimal, ruleset: RuleSet, cut: int | None, present: set[str]
) -> tuple[Shares, list[str]]:
    """``whole`` shared over rows by the blocks used: points and why by place among the rows, and notes."""
    category, ties = list(rows["category"]), ties_of(rows)
    blocks, notes = holding(ruleset, present)
    used = [block for block in blocks if set(category) & set(block.categories)]
    empty = [block.title for block in blocks if not present & set(block.categories)]
    if empty:
        notes.append(f"没有{'、'.join(empty)}指标，其分值按比例分给其余各块")
    found = {}
    parts = allot(whole, [block.points for block in used], range(len(used)), cut)
    for block, points in zip(used, parts, strict=True):
        places = [place for place, name in enumerate(category) if name in block.categories]
        keys = [ties[place] for place in places]
        shares = allot(points, [Decimal(1)] * len(places), keys, cut)
        for place, share in zip(places, shares, strict=True):
            extra = share - min(shares)
            rest = f"（除不尽，尾差{plain(extra)}分补在本项）" if extra else ""
            found[place] = (share, f"{block.title}{plain(half_up(points, 2))}分由{len(places)}项均分{rest}")
    return found, notes


def holding(ruleset: RuleSet, categories: set[str]) -> tuple[tuple[Block, ...], list[str]]:
    """The blocks that hold where only these categories have rows, and the note that says so for a fallback.

    Of several fallbacks that fit, the one that names the most absent categories holds.
    """
    fitting = [one for one in ruleset.fallbacks if not categories & set(one.absent)]
    if not fitting or not categories:
        return ruleset.blocks, []
    chosen = max(fitting, key=lambda one: len(one.absent))
    split = "、".join(f"{block.title}{plain(block.points)}分" for block in chosen.blocks)
    return chosen.blocks, [f"没有{'、'.join(chosen.absent)}指标，按规则改用{split}"]


def _groups(indicators: pd.DataFrame, *, apart: bool) -> dict[tuple[str, ...], list[int]]:
    """The places of the rows of each goal, by number and name (rows of no goal are together one); or all in one."""
    groups: dict[tuple[str, ...], list[int]] = {}
    goals = zip(indicators["goal_no"], indicators["goal"], strict=True) if apart else [()] * len(indicators)
    for place, goal in enumerate(goals):
        groups.setdefault(tuple("" if pd.isna(part) else str(part) for part in goal), []).append(place)
    return groups


def ties_of(indicators: pd.DataFrame) -> list[tuple[str, ...]]:
    """What decides between equal rows, of each row."""
    cells = [list(indicators[column]) for column in TIE if column in indicators.columns]
    return [tuple("" if pd.isna(cell) else str(cell) for cell in row) for row in zip(*cells, strict=True)]
