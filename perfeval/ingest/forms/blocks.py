"""The blocks of points of a form once it is read: what each is worth is known by the rows that were read below it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from perfeval.ingest.document import Block
from perfeval.ingest.forms.found import Found
from perfeval.ingest.forms.vocabulary import category, level

Row = dict[str, object]
GOAL = ("goal_no", "goal")
SCOPES = {
    "goal": (GOAL,),
    "table": (GOAL,),
    "level1": (("category",), (*GOAL, "category"), ("category", "subcategory"), (*GOAL, "category", "subcategory")),
    "level2": (("category", "subcategory"), (*GOAL, "category", "subcategory"), ("category",), (*GOAL, "category")),
}
"""By kind of block: what its rows may have in common, and no others have; the first that fits is what it is worth."""


def take_execution(found: Found) -> None:
    """Put points that stand at the heading of the money (预算执行情况（20分）) to the total, where no row has any."""
    for block, kind in zip(found.blocks, found.kinds, strict=True):
        if kind == "execution" and found.budget and all(row["weight"] is None for row in found.budget):
            found.budget[0]["weight"] = block.points


def printed_blocks(found: Found) -> tuple[Block, ...]:
    """The blocks that are worth certain rows, or are no indicators; what cannot be told apart so is reported (W681).

    A block that stands twice, as on every page of a long table, is one. Points of execution are on the money's row.
    """
    kept: dict[tuple[object, ...], Block] = {}
    unclear: list[tuple[Block, list[Row]]] = []
    for block, kind, rows in _with_rows(found):
        scoped = block if kind == "other" else _scoped(block, kind, rows, found.indicators)
        if scoped is None or kept.setdefault(scoped.key, scoped).points != scoped.points:
            unclear.append((block, rows))
    for block, rows in unclear:
        _say_unclear(found, block, rows)
    return tuple(kept.values())


def _with_rows(found: Found) -> Iterator[tuple[Block, str, list[Row]]]:
    """Every block but those of execution with its kind and the rows read below it; of alike ones the first, with
    all."""
    places: dict[tuple[str, tuple[object, ...]], list[int]] = {}
    for at, (block, kind) in enumerate(zip(found.blocks, found.kinds, strict=True)):
        whose = (at,) if kind == "other" else _goal_of(found, kind, at)
        places.setdefault((kind, (block.name, block.points, block.score, *whose)), []).append(at)
    for (kind, _), alike in places.items():
        if kind != "execution":
            rows = [row for row in found.indicators if _below(row, kind) in alike]
            yield found.blocks[alike[0]], kind, rows


def _below(row: Row, kind: str) -> int | None:
    held = row.get("blocks")
    return held.get(kind) if isinstance(held, dict) else None


def _goal_of(found: Found, kind: str, at: int) -> tuple[object, ...]:
    """The goal of the first row below a block; its own place where there is none."""
    row = next((row for row in found.indicators if _below(row, kind) == at), None)
    return (at,) if row is None else tuple(row[name] for name in GOAL)


def _scoped(block: Block, kind: str, rows: list[Row], every: list[Row]) -> Block | None:
    """The block with what exactly its rows have in common; None where other rows have that too, or they differ."""
    if not rows:
        of_level = category(level(block.name)) if kind == "level1" else ""
        goal = kind == "goal" and (block.goal_no is not None or block.goal != "")
        return replace(block, category=of_level) if of_level or goal else None
    for names in SCOPES[kind]:
        common = {tuple(row[name] for name in names) for row in rows}
        scope = dict(zip(names, next(iter(common)), strict=True))
        if len(common) == 1 and _says(scope, names) and len(_having(scope, every)) == len(rows):
            return _of(block, scope)
    return None


def _of(block: Block, scope: Row) -> Block:
    """The block as one of a goal, a category and a subcategory, where the scope names them."""
    number = scope.get("goal_no")
    goal, of_category, subcategory = (str(scope.get(name) or "") for name in ("goal", "category", "subcategory"))
    goal_no = number if isinstance(number, int) else None
    return replace(block, goal_no=goal_no, goal=goal, category=of_category, subcategory=subcategory)


def _says(scope: Row, names: Iterable[str]) -> bool:
    """Whether a scope names something of each kind: a goal by number or name, a category, a subcategory."""
    wanted = [name for name in names if name not in GOAL]
    goal = not set(GOAL) & set(names) or any(scope[name] not in (None, "") for name in GOAL)
    return goal and all(scope[name] for name in wanted)


def _having(scope: Row, rows: list[Row]) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in scope.items())]


def _say_unclear(found: Found, block: Block, rows: list[Row]) -> None:
    """Report points that were not kept, where the rows do not have points of their own that add up to them."""
    weights = [value for row in rows if isinstance(value := row["weight"], Decimal)]
    if block.at is None or (rows and len(weights) == len(rows) and sum(weights, Decimal(0)) == block.points):
        return
    line = next(
        at for at, one in enumerate(found.sheet.lines) if (one.sheet, one.number) == (block.at.sheet, block.at.row)
    )
    message = f"“{block.name}”{block.points}分不是一个目标、一级指标或二级指标的全部指标的分值，没有记入分值块"
    found.say("W681", message, line, max(block.at.column, 0), block.points)
