"""Points per indicator row: the document's own weights, or the rule set's blocks shared out over their rows.

Equal rows have equal points where a row's score has decimals enough for the total to come out all the same; where it
has not (two decimals, 39 rows), points have the decimals of a score and what is left over goes to single rows, so that
they add up to 100 with the points of execution.
"""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from perfeval.analysis.rounding import allot, half_up, plain
from perfeval.model.results import Block, RuleSet
from perfeval.model.schema import TOTAL_ITEMS

FULL = Decimal(100)
TIE = ("category", "indicator", "goal_no", "goal", "subcategory", "target", "actual")
"""What decides which of several equal rows has the last unit: their content, never their order."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points per indicator row, in the order of the table, and how they came about."""

    each: list[Decimal]
    why: list[str]
    execution: Decimal
    notes: tuple[str, ...]

    @property
    def possible(self) -> Decimal:
        """Everything that could be had."""
        return self.execution + sum(self.each, Decimal(0))


def of_execution(budget: pd.DataFrame, column: str = "weight") -> Decimal | None:
    """The points (or, with ``declared_score``, the score) printed for execution; None where none is printed.

    Forms print them on the row of the total; where that has none, what the other rows print is added up.
    """
    if column not in budget.columns:
        return None
    given = budget[budget[column].notna()]
    total = given[given["item"].isin(TOTAL_ITEMS)]
    printed = [Decimal(str(value)) for value in (total.head(1) if len(total) else given)[column]]
    return sum(printed, Decimal(0)) if printed else None


def share_points(indicators: pd.DataFrame, ruleset: RuleSet, execution: Decimal | None = None) -> Points:
    """Points of each row: the document's own weights, else the rule set's.

    Takes columns category, weight (Decimal or None), with ``spread = "goals"`` also goal_no and goal. ``execution`` is
    the document's own weight of execution; it counts only together with weights of all rows. A block without rows gives
    its points to the others in proportion, unless a fallback of the rule set names what holds then.
    """
    weights = [None if pd.isna(weight) else weight for weight in indicators["weight"]]
    if weights and None not in weights:
        return _given([weight for weight in weights if weight is not None], ruleset, execution)
    notes = []
    if any(weight is not None for weight in weights):
        notes.append(f"文件只给出{sum(weight is not None for weight in weights)}项指标的分值，未全给，按规则统一分配")
    if execution is not None and execution != ruleset.execution:
        notes.append(f"文件所列预算执行{plain(execution)}分，指标未列分值，按规则计{plain(ruleset.execution)}分")
    shares: dict[int, tuple[Decimal, str]] = {}
    groups = _groups(indicators, apart=ruleset.spread == "goals")
    keys = list(groups)
    places = _places(ruleset, len(indicators))
    goals = allot(FULL - ruleset.execution, [Decimal(1)] * len(keys), keys, places)
    for goal, whole in zip(keys, goals, strict=True):
        found, said = _inside(indicators.iloc[groups[goal]], whole, ruleset, places)
        told = (
            f"{len(keys)}个目标均分，本目标{plain(half_up(whole, ruleset.row_places))}分；"
            if ruleset.spread == "goals"
            else ""
        )
        shares |= {groups[goal][place]: (points, told + why) for place, (points, why) in found.items()}
        notes += [f"{'有的目标' if told else ''}{note}" for note in said]
    ordered = [shares[place] for place in range(len(indicators))]
    each, why = [points for points, _ in ordered], [reason for _, reason in ordered]
    return Points(each, why, ruleset.execution, tuple(dict.fromkeys(notes)))


def _places(ruleset: RuleSet, rows: int) -> int | None:
    """The decimals shared points are cut to; None where rounding every row cannot move the total by half its unit."""
    slack = rows * Decimal(1).scaleb(-ruleset.row_places)
    return None if slack < Decimal(1).scaleb(-ruleset.total_places) else ruleset.row_places


def _inside(
    rows: pd.DataFrame, whole: Decimal, ruleset: RuleSet, cut: int | None
) -> tuple[dict[int, tuple[Decimal, str]], list[str]]:
    """``whole`` shared over rows by the blocks used: points and why by place among the rows, and notes."""
    category, ties = list(rows["category"]), _ties(rows)
    blocks, notes = holding(ruleset, set(category))
    used = [block for block in blocks if set(category) & set(block.categories)]
    empty = [block.title for block in blocks if block not in used]
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


def _ties(indicators: pd.DataFrame) -> list[tuple[str, ...]]:
    """What decides between equal rows, of each row."""
    cells = [list(indicators[column]) for column in TIE if column in indicators.columns]
    return [tuple("" if pd.isna(cell) else str(cell) for cell in row) for row in zip(*cells, strict=True)]


def _given(weights: list[Decimal], ruleset: RuleSet, printed: Decimal | None) -> Points:
    """The document's own weights; execution has its own too, or what they leave of 100."""
    total = sum(weights, Decimal(0))
    execution = printed if printed is not None else min(max(FULL - total, Decimal(0)), FULL)
    source = "" if printed is not None else "（100分减去指标分值）"
    notes = [f"分值按文件所列，指标合计{plain(total)}分，预算执行{plain(execution)}分{source}"]
    if execution != ruleset.execution:
        notes.append(f"所选规则的预算执行为{plain(ruleset.execution)}分，与文件分值不同，以文件为准")
    if total + execution != FULL:
        notes.append(f"文件所列分值合计{plain(total + execution)}分，不是100分，仍照文件计")
    return Points(weights, [f"文件所列分值{plain(weight)}分" for weight in weights], execution, tuple(notes))
