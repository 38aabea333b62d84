"""What has been found so far while a form is read, and the small things every block needs: places, problems, labels.

Numbers before names: taken off only where one follows another, so that 12345热线 and 1+N制度 keep their digits.

Scores out of 100 beside those converted by the weight: 单项指标得分 and 单项指标折算得分.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from perfeval.ingest.document import EMPTY, FORMULA, TYPED, UNCOMPUTED, WRONG, Block, Cell, Place, letters_of
from perfeval.ingest.forms.layout import Layout, Sheet, Span
from perfeval.ingest.forms.vocabulary import (
    column,
    flat,
    is_empty,
    points,
    tidy,
    without_hints,
    words,
)
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

ENDED = {
    "goal": ("goal", "table", "level1", "level2"),
    "table": ("table", "level1", "level2"),
    "level1": ("level1", "level2"),
    "level2": ("level2",),
    "execution": (),
    "other": (),
}
"""By kind of block: what ends where one of that kind begins, with points or without."""
At = tuple[int, int]
"""A cell of a sheet: line and column, from 0."""


class Labelled(NamedTuple):
    """What stands beside a label."""

    rank: int
    """Of the label among its synonyms."""
    text: str
    at: At
    label: At
    """Where the label itself is."""


@dataclass
class Found:
    """A form that is being read; the only thing here that changes."""

    file: str
    sheet: Sheet
    layouts: dict[str, Layout] = field(default_factory=dict)
    """By block: the last layout seen on this sheet, for tables that do not repeat their headings."""
    verbatim: bool = False
    """perfeval's own template: every cell says everything, nothing is inherited, joined or stripped."""
    department: bool = False
    """The whole unit's form, not one project's."""
    year: int | None = None
    """The year the form is of, as its head says before anything is read: it decides which columns are this year's."""
    target_year: int | None = None
    """The year whose targets are read, where targets of several years stand side by side."""
    target_years: list[int] = field(default_factory=list)
    budget: list[dict[str, object]] = field(default_factory=list)
    indicators: list[dict[str, object]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    """Points of whole parts, as they are met."""
    kinds: list[str] = field(default_factory=list)
    """Of each block what it stands at: ``goal``, ``level1``, ``level2``, ``table`` (all indicators of a table),
    ``execution``, or ``other`` (content that is no indicators)."""
    held: dict[str, int | None] = field(default_factory=dict)
    """By kind: the block that the rows read next belong to."""
    labels: dict[str, list[Labelled]] = field(default_factory=dict)
    """By kind of label."""
    scores: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Total scores as printed: value, line, column."""
    reviewed: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Likewise the total a reviewer gives."""
    weights: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Total points as printed in the same rows."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """Of goals and tail: goal, achieved, problems, measures …"""
    texts_at: dict[str, list[At]] = field(default_factory=dict)
    """Where each of them stands."""
    goal_no: int | None = None
    goal: str = ""
    begins: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    narrative: dict[str, list[At]] = field(default_factory=dict)
    """Where each field of the narrative was read, entry by entry."""
    taken: set[At] = field(default_factory=set)
    """The cells that were used."""
    headings: set[At] = field(default_factory=set)
    """Of these the ones that only say what others mean: headings, labels, level names."""
    named: set[At] = field(default_factory=set)
    """The cells that a problem names, used or not."""

    def take(self, line: int, number: int, *, heading: bool = False) -> None:
        """Count a cell as used, once, and say what must be told of whoever uses it; an empty cell counts for nothing.

        Of a merged range the cell that is written in counts.
        """
        at = (line, number)
        at = self.sheet.owners.get(at, at) if self.sheet.owners else at
        self._take(at, self.sheet.cell(*at), heading=heading)

    def _take(self, at: At, cell: Cell, *, heading: bool) -> None:
        if at in self.taken:
            if not heading:
                self.headings.discard(at)
            return
        plain = not cell.doubts and cell.origin in (TYPED, FORMULA)
        if plain and (not cell.text or cell.text.isspace()):
            return
        self.taken.add(at)
        if heading:
            self.headings.add(at)
        if not plain:
            self._tell(cell, *at)

    def _tell(self, cell: Cell, line: int, number: int) -> None:
        if cell.origin == UNCOMPUTED:
            self.say("E604", "公式没有计算结果", line, number)
        elif cell.origin == WRONG:
            self.say("W604", "公式出错，没有值", line, number, cell.text)
        for code, message in cell.doubts:
            self.say(code, message, line, number, cell.text)

    def field(self, layout: Layout, line: int, name: str, cells: dict[str, At] | None = None) -> tuple[Cell, int, int]:
        """What stands in a field, as :meth:`Layout.at`, taken; ``cells`` keeps where it was read."""
        if name not in layout.by_field:
            return EMPTY, -1, line
        found = cell, number, written = layout.at(self.sheet, line, name)
        if number >= 0:
            at = (written, number)
            if cell is not EMPTY:
                self._take(at, cell, heading=False)
            if cells is not None:
                cells[name] = at
        return found

    def used(self, line: int, number: int) -> bool:
        """Whether a cell, or the one it is merged with, was taken or is named by a problem."""
        at = self.sheet.owners.get((line, number), (line, number))
        return at in self.taken or at in self.named

    def drop(self, line: int) -> None:
        """Count a line's cells as named: a problem has said that this line is not imported."""
        at = self.sheet.lines[line]
        self.named.update((line, number) for number, _ in at.filled)
        self.named.update((line, number) for number in at.unread)

    def keep(self, name: str, value: str, line: int, number: int) -> None:
        """Keep a text of the goals or the tail, and where it stands."""
        self.texts.setdefault(name, []).append(value)
        self.texts_at.setdefault(name, []).append((line, number))
        self.take(line, number)

    def place(self, line: int, number: int = 0) -> str:
        """``自评表!C12``."""
        return self.sheet.lines[line].place(number)

    def say(self, code: str, message: str, line: int, number: int | None = None, value: object = "") -> None:
        """Note a problem at a line, and at a column of it."""
        at = self.sheet.lines[line]
        name = letters_of(number) if number is not None and at.table else ""
        if number is not None:
            self.named.add((line, number))
        self.problems.append(
            problem(code, message, file=self.file, sheet=at.sheet, row=at.number, column=name, value=value)
        )

    def content(self, text: str, line: int, number: int | None = None) -> str:
        """What was written into a cell, without the form's own hints; those are named, and are nothing else."""
        kept, hints = without_hints(text)
        for hint in hints:
            self.say("N665", "是填写提示，不是填写的内容，没有导入", line, number, hint)
        return kept

    def begin(self, what: str, line: int) -> None:
        """Note where a part begins."""
        cells = self.sheet.filled(line)
        self.begins.append((what, self.place(line, cells[0][0] if cells else 0)))

    def block(self, kind: str, text: str, line: int, number: int, beside: Decimal | None = None) -> None:
        """Keep the points that a block's name, or a cell beside it, carries; one of the same kind ends there."""
        self.held = {name: at for name, at in self.held.items() if name not in ENDED[kind]}
        worth = points(text)
        worth = beside if worth is None else worth
        if worth is None:
            return
        name = re.sub(r"[（(][^（）()]*[）)]|[0-9.]+\s*分", "", tidy(text)).strip("：: ")
        self.keep_block(kind, Block(name, worth, None, self.place(line, number)), line, number)

    def keep_block(self, kind: str, entry: Block, line: int, number: int) -> None:
        """Keep a block as read from a cell; a cell that is met again is the same block."""
        at = self.sheet.lines[line]
        entry = replace(entry, at=Place(at.sheet, at.number, number if at.table else -1))
        if kind in ("goal", "level1"):
            entry = replace(entry, goal_no=self.goal_no, goal=self.goal)
        if entry not in self.blocks:
            self.blocks.append(entry)
            self.kinds.append(kind)
        self.held[kind] = self.blocks.index(entry)


def cells_of(row: dict[str, object]) -> dict[str, At]:
    """Where the values of a row were read, by column."""
    cells: dict[str, At] = row["cells"]  # type: ignore[assignment]  # every row has them
    return cells


def is_note(text: str) -> bool:
    """``注：…``, ``填表人：…``: what stands below a form and is no part of it."""
    start = flat(text)[:12]
    return any(re.match(rf"{word}(?:$|[:0-9]|\()", start) for word in words()["words"]["notes"])


OWN_NOTES = ("注：请填粗线框内", "注：偏离度＝", "注：预算执行不在本表", "注：文件没有写明的")
"""How the notes begin that perfeval itself puts below its sheet for reviewers."""


def is_own(sheet: Sheet) -> bool:
    """Whether perfeval has written it: then the deviations are its own formulas, and say nothing of the reviewer's."""
    return any(cell.text.startswith(OWN_NOTES) for line in sheet.lines for _, cell in line.filled)


def take_own_notes(found: Found, lines: range) -> None:
    """Count the notes that perfeval has written as what they are: no words of the reviewer's."""
    for line in lines:
        for number, cell in found.sheet.filled(line):
            if cell.text.startswith(OWN_NOTES):
                found.take(line, number, heading=True)


STYLES = (
    re.compile(r"([0-9]{1,2})\s*[.．](?!\s*$)\s*"),
    re.compile(r"([0-9]{1,2})\s*、\s*"),
    re.compile(r"[（(]\s*([0-9]{1,2})\s*[）)]\s*[、.]?\s*"),
    re.compile(r"([①-⑳])\s*[、.]?\s*"),
)


def numbered(names: Sequence[str]) -> dict[int, str]:
    """The numbers before names that follow one another (1. 2. 3., again from 1 in a next group), by place.

    What looks like a number is one only beside another: 1 before 2, or one more than the last. Where every name goes on
    with a digit (1.5米宽道路, 2.5米宽道路) they are no numbers.
    """
    found: dict[int, str] = {}
    for style in STYLES:
        heads = [
            (at, match) for at, name in enumerate(names) if (match := style.match(name)) and match.end() < len(name)
        ]
        values = [_value(match[1]) for _, match in heads]
        if len(heads) <= 1 or all(names[at][match.end()].isdigit() for at, match in heads):
            continue
        follows = [value == values[order - 1] + 1 if order else False for order, value in enumerate(values)]
        counted = any(follows[order] and values[order - 1] == 1 for order in range(1, len(values)))
        if counted and all(value == 1 or after for value, after in zip(values, follows, strict=True)):
            found |= {at: match[0] for at, match in heads}
    return found


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else ord(digits) - ord("①") + 1


def without_numbers(found: Found, first: int, line: int) -> None:
    """Take the numbers off the names of a block, where they count its rows; they stay in the source."""
    rows = [] if found.verbatim else found.indicators[first:]
    numbers = numbered([str(row["indicator"]) for row in rows])
    for at, number in numbers.items():
        rows[at]["indicator"] = str(rows[at]["indicator"])[len(number) :].strip()
        rows[at]["source"] = f"{number.strip()}；{rows[at]['source']}"
    if numbers:
        shown = "、".join(number.strip() for number in numbers.values())
        message = f"{len(numbers)}条指标名称前的编号（{shown}）没有作为名称的一部分"
        found.say("N668", message, line)


CONVERTED = "折算"


def is_percent(layout: Layout, span: Span) -> bool:
    """Whether a column holds scores out of 100 whose converted ones stand in another; they are kept in the source."""
    converted, known = layout.of("declared_score"), column("indicators", span.heading)
    beside = converted is not None and CONVERTED in converted.heading and CONVERTED not in span.heading
    return beside and not span.field and known is not None and known[0] == "declared_score"


def percent_score(sheet: Sheet, layout: Layout, line: int) -> tuple[Cell | None, int]:
    """The score out of 100 of a row, where it has one, and its column."""
    for span in layout.spans:
        if is_percent(layout, span):
            where = span.first + layout.shift
            cell = sheet.cell(line, where)
            return (None, where) if is_empty(cell.text) else (cell, where)
    return None, -1


def weights_as_percents(found: Found, percents: list[tuple[int, int, bool]]) -> None:
    """Say so where the scores out of 100 are the weights, row by row: every converted score is then far too small."""
    if len(percents) > 1 and all(alike for _, _, alike in percents):
        line, where, _ = percents[0]
        message = f"{len(percents)}条指标的单项得分（百分制）都与权重相同，疑似填的是分值；折算得分照原件导入"
        found.say("W666", message, line, where, found.sheet.cell(line, where).text)
