"""Points in brackets as a scored tree: levels with the points they are worth and were given, indicators below them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.ingest.problems import problem
from perfeval.ingest.prose.indicators import kind_of
from perfeval.ingest.prose.outline import words
from perfeval.ingest.prose.wordings import Stated
from perfeval.model.errors import Problem
from perfeval.model.schema import SATISFACTION


@dataclass(slots=True)
class Scored:
    """A scored tree, level by level."""

    leaves: list[tuple[Stated, str, str]] = field(default_factory=list)
    """Indicators of a kind, with category and subcategory."""
    levels: list[tuple[Stated, str, str]] = field(default_factory=list)
    """Levels with category and subcategory; both empty for one that is no kind of indicators, outermost only."""
    others: list[Stated] = field(default_factory=list)
    """Scores below levels that are no kind of indicators: 项目决策, 过程管理."""
    problems: list[Problem] = field(default_factory=list)


def scored_tree(stated: Iterable[Stated], file: str) -> Scored:
    """Levels and leaves: a level is known by its name, or by what follows being deeper and worth as much together."""
    nodes = list(stated)
    tree = Scored()
    place = ("", "")
    kind = True
    inside: set[int] = set()
    for number, node in enumerate(nodes):
        found = level_kind(node.name)
        below = _below(nodes, number)
        if Decimal(node.score) > Decimal(node.weight):
            message = f"{node.name}得{node.score}分，超过满分{node.weight}分"
            tree.problems.append(problem("W713", message, file=file, row=node.line.number, value=node.score))
        if found is not None and found[0] == SATISFACTION and not below and not node.name.endswith("指标"):
            tree.leaves.append((node, *found))
        elif found is None and not _adds_up(node, below):
            if kind:
                tree.leaves.append((node, *place))
            else:
                tree.others.append(node)
        else:
            under = {id(one) for one in _subtree(nodes, number)}
            mixed = any(id(one) in under and (level_kind(one.name) or ("",))[0] for one in nodes)
            if found is not None and (found[0] or not (mixed or id(node) in inside)):
                tree.levels.append((node, *found))
            inside |= under if found is not None and not found[0] else set()
            tree.problems += _sums(node, below, file)
            if found is not None:
                place, kind = (found, True) if found[0] else (("", ""), False)
    return tree


def level_kind(name: str) -> tuple[str, str] | None:
    """Category and subcategory of a level by its name; both empty for a level that is no kind of indicators."""
    bare = re.sub(r"(?:指标|情况|方面|部分)+$", "", name)
    kind = kind_of(f"{bare}指标")
    if kind is not None:
        return kind[0], kind[1]
    return ("", "") if re.fullmatch(words()["levels"]["other"], bare) else None


def _below(nodes: list[Stated], number: int) -> list[Stated]:
    """The nodes right below a node: of the next deeper level, or behind ``其中：`` on its own line."""
    node = nodes[number]
    found: list[Stated] = []
    for other in nodes[number + 1 :]:
        if other.line == node.line:
            if not found and not re.search("其中|包括|[:：]", _between(node, other)):
                return []
            found.append(other)
        elif not other.line.level > node.line.level > 0 or (found and found[0].line == node.line):
            break
        elif not found or other.line.level == found[0].line.level:
            found.append(other)
    return found


def _subtree(nodes: list[Stated], number: int) -> Iterator[Stated]:
    """All nodes below a node."""
    for one in _below(nodes, number):
        yield one
        yield from _subtree(nodes, next(at for at, node in enumerate(nodes) if node is one))


def _adds_up(node: Stated, below: list[Stated]) -> bool:
    """Whether nodes are together worth what the one above them is."""
    return bool(below) and sum((Decimal(one.weight) for one in below), Decimal(0)) == Decimal(node.weight)


def _between(node: Stated, other: Stated) -> str:
    return node.line.text[node.spans[-1].end : other.spans[0].start]


def _sums(node: Stated, below: list[Stated], file: str) -> Iterator[Problem]:
    """Scores below a level that do not add up to its own."""
    total = sum((Decimal(one.score) for one in below), Decimal(0))
    if _adds_up(node, below) and total != Decimal(node.score):
        message = f"{node.name}得{node.score}分，下面各项合计{total}分"
        yield problem("W713", message, file=file, row=node.line.number, value=node.score)
