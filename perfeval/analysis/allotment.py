"""Points per indicator row: what the document prints first, then the rule set's blocks shared out over their rows.

What is printed closer to a row holds before what is printed around it: the row's own weight, the block of its category
or goal, the block around that, and only then the rule set.

A rule set's points shared out over the rows of its blocks.

Equal rows have equal points where a row's score has decimals enough for the total to come out all the same; where it
has not (two decimals, 39 rows), points have the decimals of a score and what is left over goes to single rows, so that
they add up to 100 with the points of execution.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pandas as pd

from perfeval.model.columns import records
from perfeval.model.data import PART, Part, Record, is_part, number, parts_of
from perfeval.model.results import ONE_FORM, no_blocks
from perfeval.model.rounding import allot, half_up, missing, plain
from perfeval.model.ruleset import Block, RuleSet
from perfeval.model.schema import SOURCE_ITEMS, TOTAL_ITEMS
from perfeval.model.verdicts import undecided

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


FULL = Decimal(100)
MOST_EXECUTION = Decimal(20)
"""Points that what blocks leave of 100 may be at most to be those of execution (财预〔2020〕10号: 10; Hubei: 20)."""
USUAL = (Decimal(10), Decimal(20))
"""Points of execution as rules give them: of two sources that print 10 each, both mean the same 10; 5 and 5 are 10."""
NONE = Decimal(0)
SHOWN = 3
"""Names of rows that a note lists."""
NO_POINTS = "文件未单列分值，是上一项的一部分，不另计分"


@dataclass(frozen=True, slots=True)
class Others:
    """Parts beside execution and indicators (项目决策、过程管理): they count with the score the document prints."""

    points: Decimal = NONE
    score: Decimal = NONE
    names: tuple[str, ...] = ()
    unscored: Decimal = NONE
    """Points of parts without a printed score: they are no one's, and not among what could be had."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points per indicator row, in the order of the table, and how they came about."""

    each: list[Decimal]
    why: list[str]
    execution: Decimal
    notes: tuple[str, ...]
    others: Others = field(default_factory=Others)
    printed: bool = False
    """Whether any of them are the document's own."""
    awaited: int = 0
    """Rows that nothing is filled in for yet."""
    undecided: tuple[int, ...] = ()
    """Places of the rows that nothing decides; those not filled in yet are among them."""

    @property
    def possible(self) -> Decimal:
        """Everything that could be had."""
        return self.execution + sum(self.each, NONE) + self.others.points


def of_execution(budget: pd.DataFrame, column: str = "weight") -> Decimal | None:
    """The points (or, with ``declared_score``, the score) printed for execution; None where none is printed.

    Forms print them on the row of the total; where that has none, what the other rows print is added up. What 其中 rows
    print is part of the row above them; where only they print any, the points that each of them repeats count once.
    """
    if column not in budget.columns:
        return None
    columns = [name for name in dict.fromkeys(("item", "weight", column)) if name in budget.columns]
    return execution_of(records(budget[columns]), column)


def execution_of(items: Sequence[Record], column: str = "weight") -> Decimal | None:
    """:func:`of_execution` of budget rows that are records already."""
    given = [row for row in items if not missing(row.get(column))]
    total = [row for row in given if row["item"] in TOTAL_ITEMS]
    own = [row for row in given if not _is_source(row["item"])]
    weights = {row["weight"] for row in given if not missing(row.get("weight"))}
    if total:
        given = total[:1]
    elif own:
        given = own
    elif len(given) > 1 and len(weights) == 1 and given[0].get("weight") in USUAL:
        given = given[:1]
    printed = [Decimal(str(row[column])) for row in given]
    return sum(printed, NONE) if printed else None


def _is_source(item: object) -> bool:
    """Whether a budget row only says where the total came from."""
    return is_part(item) or str(item).removeprefix(PART).lstrip("：: ") in SOURCE_ITEMS


def share_points(
    indicators: pd.DataFrame, ruleset: RuleSet, execution: Decimal | None = None, blocks: pd.DataFrame | None = None
) -> Points:
    """Points of each row: printed ones first, the rule set's for the rest.

    Takes columns category, weight (Decimal or None), indicator, basis and, for printed blocks or ``spread = "goals"``,
    goal_no, goal and subcategory. ``blocks`` has the columns of :data:`~perfeval.model.schema.BLOCKS`. ``execution`` is
    the document's own weight of execution; it counts only together with points of indicators. A block of the rule set
    without rows gives its points to the others in proportion, unless a fallback names what holds then.
    """
    weights = [number(weight) for weight in indicators["weight"]]
    parts = parts_of(no_blocks() if blocks is None else blocks, indicators)
    given = parts or any(weight is not None for weight in weights)
    points = (
        _printed(indicators, ruleset, parts, weights, execution)
        if given
        else _unprinted(indicators, ruleset, execution)
    )
    return replace(points, undecided=undecided(indicators))


def _unprinted(indicators: pd.DataFrame, ruleset: RuleSet, execution: Decimal | None) -> Points:
    """Points of a document that prints none of its indicators'."""
    notes = []
    if execution is not None and execution != ruleset.execution:
        notes.append(f"文件所列预算执行{plain(execution)}分，指标未列分值，按规则计{plain(ruleset.execution)}分")
    places = places_of(ruleset, len(indicators))
    shares, said = shared(indicators, FULL - ruleset.execution, ruleset, places)
    ordered = [shares[place] for place in range(len(indicators))]
    each, why = [points for points, _ in ordered], [reason for _, reason in ordered]
    return Points(each, why, ruleset.execution, tuple(dict.fromkeys([*notes, *said])))


@dataclass(frozen=True, slots=True)
class _Node:
    """A printed block, or everything (no part), with the blocks inside it."""

    part: Part | None
    rows: frozenset[int]
    inside: tuple["_Node", ...]

    @property
    def own(self) -> list[int]:
        """The rows that are in no block inside."""
        return sorted(self.rows.difference(*(node.rows for node in self.inside)))


@dataclass(frozen=True, slots=True)
class _Sharing:
    """What is shared out, and what has been so far: points and reason by place of the row."""

    indicators: pd.DataFrame
    ruleset: RuleSet
    found: dict[int, tuple[Decimal, str]]
    notes: list[str]


def _printed(
    indicators: pd.DataFrame,
    ruleset: RuleSet,
    parts: list[Part],
    weights: list[Decimal | None],
    printed: Decimal | None,
) -> Points:
    """Points of a document that prints some: weights of rows, blocks of goals or categories, parts beside them."""
    others = _others(parts)
    found = {at: (weight, f"文件所列分值{plain(weight)}分") for at, weight in enumerate(weights) if weight is not None}
    sub = _sub_rows(indicators, weights) if found else []
    sharing = _Sharing(indicators, ruleset, found | dict.fromkeys(sub, (NONE, NO_POINTS)), [])
    blocks = [part for part in parts if part.of_indicators]
    nodes, left_out = _nested(blocks)
    root = _Node(None, frozenset(range(len(indicators))), nodes)
    given = _weighed(root, sharing)
    beside = others.points + others.unscored
    open_ = [at for at in root.own if at not in sharing.found]
    execution, source = _execution(printed, ruleset, FULL - given - beside, NONE if open_ else MOST_EXECUTION)
    listed = len(found)
    _share(root, FULL - execution - beside, sharing)
    ordered = [sharing.found[at] for at in range(len(indicators))]
    each, why = [points for points, _ in ordered], [reason for _, reason in ordered]
    notes = [
        *_summary(each, listed, len(sub), blocks, f"{plain(execution)}分{source}"),
        *_other_notes(others),
        *sharing.notes,
        *(f"{_quoted(part)}跨几个目标，已按目标的分值分配" for part in left_out),
        *_differing(blocks, each),
    ]
    if execution != ruleset.execution:
        notes.append(f"所选规则的预算执行为{plain(ruleset.execution)}分，与文件分值不同，以文件为准")
    whole = sum(each, NONE) + execution + beside
    if whole != FULL:
        one = ONE_FORM[0] <= whole <= ONE_FORM[1]
        ungraded = "，按得分和按得分率等级不同的不评等级" if one else "，不评等级"
        notes.append(f"文件所列分值合计{plain(whole)}分，不是100分，仍照文件计{ungraded}")
    return Points(each, why, execution, tuple(dict.fromkeys(notes)), others, printed=True)


def _others(parts: Sequence[Part]) -> Others:
    """The parts beside the indicators; without a printed score they are no one's."""
    beside = [part for part in parts if not part.of_indicators]
    scored = [(part, part.score) for part in beside if part.score is not None]
    return Others(
        points=sum((part.points for part, _ in scored), NONE),
        score=sum((score for _, score in scored), NONE),
        names=tuple(part.name for part, _ in scored),
        unscored=sum((part.points for part in beside if part.score is None), NONE),
    )


def _other_notes(others: Others) -> Iterator[str]:
    if others.names:
        name = f"“{others.names[0]}”" + (f"等{len(others.names)}项" if len(others.names) > 1 else "")
        yield f"{name}{plain(others.points)}分按文件所列得分{plain(others.score)}分计"
    if others.unscored:
        yield f"指标和预算执行以外的{plain(others.unscored)}分没有所列得分，未计入总分和满分"


def _sub_rows(indicators: pd.DataFrame, weights: Sequence[Decimal | None]) -> list[int]:
    """The 其中 rows without points of their own below a row of the same goal and category that has some."""
    names = ("goal_no", "goal", "category")
    kinds = list(zip(*(map(str, indicators[name].tolist()) for name in names if name in indicators), strict=True))
    found = []
    above: int | None = None
    called = indicators["indicator"] if "indicator" in indicators else [""] * len(indicators)
    for at, name in enumerate(called):
        if not is_part(name):
            above = at
        elif weights[at] is None and above is not None and weights[above] is not None and kinds[at] == kinds[above]:
            found.append(at)
    return found


def _nested(blocks: Sequence[Part]) -> tuple[tuple[_Node, ...], list[Part]]:
    """Blocks inside blocks, and those that cross one further out: they say nothing of how that is divided."""
    kept: list[Part] = []
    crossing: list[Part] = []
    for part in blocks:  # outermost first
        clear = all(part.rows <= other.rows or not part.rows & other.rows for other in kept)
        (kept if clear else crossing).append(part)
    return _inner(kept), crossing


def _inner(parts: Sequence[Part]) -> tuple[_Node, ...]:
    """The outermost of these, each with those inside it; of two with the same rows the first holds the other."""
    nodes = []
    left = sorted(parts, key=lambda part: (-len(part.rows), part.rank))
    while left:
        part = left.pop(0)
        inside = [other for other in left if other.rows and other.rows <= part.rows]
        left = [other for other in left if other not in inside]
        nodes.append(_Node(part, part.rows, _inner(inside)))
    return tuple(nodes)


def _weighed(node: _Node, sharing: _Sharing) -> Decimal:
    """The points that are printed in a node: of its own rows and of the blocks inside, of which rows come first."""
    own = sum((sharing.found[at][0] for at in node.own if at in sharing.found), NONE)
    return own + sum((_worth(inner, sharing) for inner in node.inside), NONE)


def _worth(node: _Node, sharing: _Sharing) -> Decimal:
    """What a block comes to: its points, or what is printed in it where that is more."""
    points = node.part.points if node.part is not None else NONE
    return max(points, _weighed(node, sharing))


def _execution(printed: Decimal | None, ruleset: RuleSet, left: Decimal, most: Decimal) -> tuple[Decimal, str]:
    """Points of execution, and what they follow from: printed, or what everything else leaves of 100, up to ``most``.

    Beyond that, as where rows are still open, the rule set's, but no more than is left.
    """
    if printed is not None:
        return printed, ""
    if most and left <= most:
        return max(left, NONE), "（100分减去指标分值）"
    return min(ruleset.execution, max(left, NONE)), "（按规则）"


def _share(node: _Node, whole: Decimal, sharing: _Sharing) -> None:
    """Give every row of a node that has none its points, of what is printed for the node."""
    left = whole - _weighed(node, sharing)
    open_ = [at for at in node.own if at not in sharing.found]
    for inner in node.inside:
        _share(inner, inner.part.points if inner.part is not None else NONE, sharing)
    if not open_:
        return
    where = "100分除去预算执行等" if node.part is None else _quoted(node.part)
    if left <= 0:
        for at in open_:
            sharing.found[at] = (NONE, f"文件未列本项分值，{where}已由其他各项分完，计0分")
        names = "、".join(_names(sharing.indicators, open_))
        sharing.notes.append(f"{names}没有分值，{where}已由其他各项分完，计0分")
        return
    rest = f"余{plain(left)}分" if left != whole or node.part is None else ""
    how = f"文件未列本项分值，{where}{rest}" if rest else f"文件所列{where}"
    for at, (points, why) in _by_rules(node, open_, left, sharing).items():
        sharing.found[at] = (points, f"{how}，{why}，本项{plain(points)}分")


def _by_rules(node: _Node, open_: list[int], left: Decimal, sharing: _Sharing) -> Shares:
    """Share ``left`` over the open rows in proportion to what the rule set would give them beside the weighed ones;
    inside one category they are alike."""
    ruleset, indicators = sharing.ruleset, sharing.indicators
    places = max(ruleset.row_places, -int(left.normalize().as_tuple().exponent))
    beside = {str(indicators["category"].iloc[at]) for at in node.rows}
    if len(beside) > 1 and len(open_) == len(node.own):
        shares, notes = shared(indicators.iloc[open_], left, ruleset, places, beside)
        told = "" if node.part is None else f"“{node.part.name}”内"
        sharing.notes.extend(told + note for note in notes)
        return {open_[place]: share for place, share in shares.items()}
    rows = indicators.iloc[node.own]
    ruled, _ = shared(rows, left, ruleset, None, beside)
    alike = len(beside) == 1
    own = [node.own.index(at) for at in open_]
    parts = [Decimal(1) if alike else ruled[place][0] for place in own]
    ties = ties_of(rows)
    each = allot(left, parts, [ties[place] for place in own], places)
    how = f"由{len(open_)}项{'均分' if alike else '按规则的比例分'}" if len(open_) > 1 else "归这一项"
    least = min(each)
    rests = [
        f"（除不尽，尾差{plain(points - least)}分补在本项）" if alike and points != least else "" for points in each
    ]
    return {at: (points, how + rest) for at, points, rest in zip(open_, each, rests, strict=True)}


def _quoted(part: Part) -> str:
    """A block as sentences name it: its name may end in a number."""
    return f"“{part.name}”{plain(part.points)}分"


def _names(indicators: pd.DataFrame, places: Sequence[int]) -> list[str]:
    names = [str(indicators["indicator"].iloc[at]) for at in places] if "indicator" in indicators else []
    return names if len(names) <= SHOWN else [*names[:SHOWN], f"等{len(names)}项"]


def _summary(each: Sequence[Decimal], listed: int, parts: int, blocks: Sequence[Part], execution: str) -> Iterator[str]:
    """How the points came about, in one sentence or two."""
    total, rest = plain(sum(each, NONE)), len(each) - listed - parts
    named = "、".join(_quoted(part) for part in blocks if part.rows)
    if not rest:
        yield f"分值按文件所列，指标合计{total}分，预算执行{execution}"
    elif listed:
        yield f"文件列出{listed}项指标的分值，照用；其余{rest}项分余下的分值；指标合计{total}分，预算执行{execution}"
    else:
        yield f"分值按文件所列的{named or '其他部分'}分配，各块之内按规则；指标合计{total}分，预算执行{execution}"
    if parts:
        yield f"{parts}个其中项没有单列分值，是上一项的一部分，不另计分"


def _differing(blocks: Sequence[Part], each: Sequence[Decimal]) -> Iterator[str]:
    """Blocks whose rows came to other points, and blocks without rows."""
    for part in blocks:
        total = sum((each[at] for at in part.rows), NONE)
        if not part.rows:
            yield f"文件所列{_quoted(part)}没有所属的指标，没有分给任何一行"
        elif total != part.points:
            yield f"文件所列{_quoted(part)}，所属各项的分值合计{plain(total)}分，按各项的分值计"
