"""Tables and narrative → the bytes of ``budget.csv``, ``indicators.csv``, ``blocks.csv`` and ``narrative.toml``.

What the loader reads back: UTF-8, line feeds, columns in the order of the schema. The same input gives the same bytes.

Several documents of one sub-district-year → one: each project becomes goals of its own, in file order.
"""

import csv
import datetime
import io
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.ingest.directory import Unit
from perfeval.ingest.document import Block, Document, Place
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem
from perfeval.model.rounding import missing
from perfeval.model.schema import BASIC, BUDGET, INDICATORS, PROJECT, SOURCE_ITEMS, TOTAL, TOTAL_ITEMS, Narrative, Table

ALWAYS = {
    "budget": ("item", "opening", "adjusted", "executed"),
    "indicators": (
        "goal_no", "goal", "category", "indicator", "target", "actual",
        "declared_met", "reason", "measure", "narrative", "source",
    ),
    "blocks": ("name", "goal_no", "goal", "category", "subcategory", "weight", "declared_score"),
    "subdistricts": ("id", "name", "district", "city", "aliases"),
}  # fmt: skip
"""Columns that are written even where they are empty and nothing is known of a document: what a person looks at."""
DAYS = {"start", "end", "date", "signed_on"}
"""Keys whose value is a date."""


def table_bytes(frame: pd.DataFrame, table: Table, columns: Collection[str] | None = None) -> bytes:
    """The CSV of a typed table: the columns the document has, and those others of the schema that hold anything.

    A column that is not in the file says that the document has none; where ``columns`` is not given, the usual ones
    are written.
    """
    kept = ALWAYS[table.name] if columns is None else columns
    texts = {name: [cell_text(value) for value in frame[name]] for name in table.names if name in frame.columns}
    names = [
        column.name
        for column in table.columns
        if column.required or column.name in kept or any(texts.get(column.name, ()))
    ]
    rows = zip(*(texts.get(name, [""] * len(frame)) for name in names), strict=True)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def cell_text(value: object) -> str:
    """A cell as the CSV holds it: numbers without exponent, empty where there is nothing."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124  # NaN
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def narrative_bytes(narrative: Narrative) -> bytes:
    """The TOML of a narrative; only what it says. Texts are stripped, as they are when read."""
    flat, groups = [], []
    for field in fields(narrative):
        value = getattr(narrative, field.name)
        if value in (field.default, ()):
            continue
        if not isinstance(value, tuple):
            flat.append(f"{field.name} = {_scalar(field.name, value)}\n")
        elif isinstance(value[0], str):
            flat.append(f"{field.name} = {_list(value)}\n")
        else:
            groups += [_group(field.name, entry) for entry in value]
    return "\n".join([*flat, *groups]).encode("utf-8")


def _group(name: str, entry: object) -> str:
    """``[[stages]]`` and its keys."""
    lines = [f"[[{name}]]\n"]
    for field in fields(entry):  # type: ignore[arg-type]  # the entries of a narrative are dataclasses
        value = getattr(entry, field.name)
        if isinstance(value, tuple):
            lines += [f"{field.name} = {_list(value)}\n"] if value else []
        elif value not in ("", None):
            lines.append(f"{field.name} = {_scalar(field.name, value)}\n")
    return "".join(lines)


def _scalar(name: str, value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if name in DAYS:
        return datetime.date.fromisoformat(str(value)).isoformat()
    return _quoted(format(value, "f") if isinstance(value, Decimal) else str(value))


def _list(texts: Iterable[object]) -> str:
    """One text a line, so that a change of one is a change of one line."""
    return "[\n" + "".join(f"    {_quoted(str(text))},\n" for text in texts) + "]"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    plain = text.strip().replace("\r\n", "\n")
    return '"' + "".join(escapes.get(sign, sign if _printable(sign) else f"\\u{ord(sign):04X}") for sign in plain) + '"'


def _printable(sign: str) -> bool:
    """Whether TOML takes the character as it is (control characters it does not)."""
    return ord(sign) >= 0x20 and sign != "\x7f"  # noqa: PLR2004


def together(documents: Iterable[Document]) -> dict[Unit, Document]:
    """One document for each sub-district-year, in the order in which they first appear.

    Documents of no family, or without sub-district or year, are left out. A document that says the same as one before
    is dropped (N724); two of the whole unit that differ are an error (E725). Of each project's money the total becomes
    one item named after the project; its sources are not kept (N725), because they would be counted twice.
    """
    groups: dict[Unit, list[Document]] = {}
    for document in documents:
        if document.family and document.subdistrict and document.year is not None:
            groups.setdefault(Unit(document.subdistrict, document.year), []).append(document)
    return {unit: _merged(group) for unit, group in groups.items()}


def is_whole(document: Document) -> bool:
    """Whether a document is about the whole unit rather than a project."""
    items = set(document.budget["item"]) if "item" in document.budget else set()
    return bool(items & {BASIC, PROJECT, TOTAL}) or "整体" in document.family + document.title


def _merged(group: list[Document]) -> Document:
    kept: list[Document] = []
    problems: list[Problem] = []
    for document in group:
        same = next((other for other in kept if _facts(other) == _facts(document)), None)
        if same is not None:
            message = f"与{same.file}的内容相同，只用一份"
            problems.append(problem("N724", message, file=document.file))
        else:
            kept.append(document)
    if len(kept) == 1:
        return _with_places(replace(kept[0], problems=(*kept[0].problems, *problems)))
    whole = [document for document in kept if is_whole(document)]
    for other in whole[1:]:
        message = f"与{whole[0].file}都是{other.year}年度的整体自评，内容不同"
        problems.append(problem("E725", message, file=other.file))
    projects = [document for document in kept if not is_whole(document)]
    if whole and projects:
        message = f"既有整体自评，又有{len(projects)}份项目自评；项目接在整体的目标后面，指标可能重复"
        problems.append(problem("W723", message, file=whole[0].file))
    budgets, indicators = [document.budget for document in whole[:1]], [document.indicators for document in whole[:1]]
    places = [(document, document.budget.index, document.indicators.index) for document in whole[:1]]
    last = _last_goal(whole[0]) if whole else 0
    blocks = [_placed(whole[0].blocks or (), whole[0])] if whole else []
    for project in projects:
        before = last
        budget, rows, last, notes = _as_goals(project, last)
        own, said = _blocks_as_goals(project, rows, before + 1)
        blocks.append(own)
        notes += said
        places.append((project, budget.index, rows.index))
        budgets.append(budget)
        indicators.append(rows)
        problems += notes
    scored = [
        f"{document.narrative.declared_score}" for document in kept if document.narrative.declared_score is not None
    ]
    if scored and not whole:
        message = f"{len(kept)}个项目各有自评总分（{'、'.join(scored)}），年度总分未写"
        problems.append(problem("N726", message, file=kept[0].file))
    head = (whole or kept)[0]
    together_ = replace(
        head,
        budget=_stacked(budgets, [*BUDGET.names, "source"]),
        indicators=_stacked(indicators, INDICATORS.names),
        narrative=_narrative(kept)
        if whole
        else replace(_narrative(kept), title="", declared_score=None, declared_grade=""),
        problems=(*(found for document in kept for found in document.problems), *problems),
        blocks=tuple(block for own in blocks for block in own)
        if any(document.blocks is not None for document in kept)
        else None,
        places=_places(places),
    )
    return _with_places(together_)


def _with_places(document: Document) -> Document:
    """The document with the places of its blocks among those of its tables."""
    cells = {
        ("blocks", at, "weight"): block.at for at, block in enumerate(document.blocks or ()) if block.at is not None
    }
    return replace(document, places=document.places | cells)


def _placed(blocks: Iterable[Block], document: Document) -> list[Block]:
    """Blocks whose place names the file, for they stand beside those of others."""
    return [
        block if block.at is None else replace(block, at=replace(block.at, file=block.at.file or document.file))
        for block in blocks
    ]


def _blocks_as_goals(project: Document, rows: pd.DataFrame, first: int) -> tuple[list[Block], list[Problem]]:
    """A project's blocks as those of its goals, of which ``rows`` are the indicators and ``first`` the first.

    What is of no goal of a project's (项目决策, a category over several goals) would be of the whole year's, and is
    left out (W680).
    """
    order = dict(zip(project.indicators["goal_no"].array, rows["goal_no"].array, strict=True)) if len(rows) else {}
    names = dict(zip(rows["goal_no"].array, rows["goal"].array, strict=True)) if len(rows) else {}
    kept: list[Block] = []
    left: list[Block] = []
    for block in _placed(project.blocks or (), project):
        own_goal = block.goal_no is not None or block.goal != ""
        if not own_goal and (len(order) > 1 or not block.category):
            left.append(block)
            continue
        goal_no = next((new for old, new in order.items() if not missing(old) and old == block.goal_no), first)
        kept.append(replace(block, goal_no=int(goal_no), goal=str(names.get(goal_no, ""))))
    notes = []
    if left:
        message = f"几个项目合在一起，只写各目标的分值块，未写{'、'.join(block.name for block in left)}的分值和得分"
        notes.append(problem("W680", message, file=project.file))
    return kept, notes


def _places(parts: list[tuple[Document, pd.Index, pd.Index]]) -> dict[tuple[str, int, str], Place]:
    """Where the values of the stacked rows were read from; of each document the rows of its tables that were kept."""
    found: dict[tuple[str, int, str], Place] = {}
    below = {"budget": 0, "indicators": 0}
    for document, budget, indicators in parts:
        for table, rows in (("budget", budget), ("indicators", indicators)):
            moved = {int(row): below[table] + at for at, row in enumerate(rows)}
            own = {key: place for key, place in document.places.items() if key[0] == table and key[1] in moved}
            found |= {
                (table, moved[row], column): replace(place, file=place.file or document.file)
                for (_, row, column), place in own.items()
            }
            below[table] += len(rows)
    return found


def _facts(document: Document) -> tuple[Any, ...]:
    """What a document says, without where."""
    frames = (document.budget, document.indicators)
    said = [
        frame.drop(columns=["source", "narrative"], errors="ignore").astype("str").values.tolist() for frame in frames
    ]
    return (*said, document.narrative.declared_score, document.title if not is_whole(document) else "")


def _last_goal(document: Document) -> int:
    numbers = document.indicators.get("goal_no", pd.Series(dtype="Int64"))
    return max((int(number) for number in numbers.dropna()), default=0)


def _as_goals(project: Document, last: int) -> tuple[pd.DataFrame, pd.DataFrame, int, list[Problem]]:
    """A project's money and indicators as goals after ``last``; the last goal used, and what was left out."""
    rows = project.indicators.copy()
    title = project.title or next((name for name in rows.get("goal", []) if name), "")
    own = [None if pd.isna(number) else int(number) for number in rows["goal_no"]] if len(rows) else []
    order = {number: last + at for at, number in enumerate(dict.fromkeys(own), start=1)}
    if len(rows):
        rows["goal_no"] = pd.array([order[number] for number in own], dtype="Int64")
        rows["goal"] = [_goal_name(title, name, len(order)) for name in rows["goal"]]
    first = last + 1
    budget = project.budget.copy()
    notes: list[Problem] = []
    if len(budget):
        bare = budget["item"].str.removeprefix("其中").str.lstrip("：: ")
        source = bare.isin(SOURCE_ITEMS if bare.isin(TOTAL_ITEMS).any() else ())
        if source.any():
            left = "、".join(bare[source])
            notes.append(
                problem("N725", f"几个项目合在一起，只写每个项目的总额，未写资金来源：{left}", file=project.file)
            )
        budget = budget[~source].copy()
        total = bare[~source].isin(TOTAL_ITEMS)
        budget["item"] = [
            title or item if whole else f"{title}：{item}" for item, whole in zip(budget["item"], total, strict=True)
        ]
        budget["goal_no"] = pd.array([first] * len(budget), dtype="Int64")
    return budget, rows, last + max(len(order), 1), notes


def _goal_name(title: str, name: str, goals: int) -> str:
    """The project's name; before the goal's own where it has several."""
    if not title or not name or name == title:
        return title or name
    return f"{title}：{name}" if goals > 1 else title


def _stacked(frames: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Frames one below the other with these columns; those without rows are left out."""
    filled = [frame.reindex(columns=columns) for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _narrative(documents: Iterable[Document]) -> Narrative:
    """Lists one after the other, each entry once; of single values the first."""
    said: dict[str, Any] = {}
    for document in documents:
        for entry in fields(Narrative):
            value = getattr(document.narrative, entry.name)
            if isinstance(value, tuple):
                said[entry.name] = tuple(dict.fromkeys((*said.get(entry.name, ()), *value)))
            elif value != entry.default:
                said.setdefault(entry.name, value)
    return Narrative(**said)
