"""What has been found so far while a form is read, and the small things every block needs: places, problems, labels."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from perfeval.ingest.document import EMPTY, FORMULA, TYPED, UNCOMPUTED, WRONG, Block, Cell
from perfeval.ingest.forms.layout import Layout, Sheet, is_unread, letters
from perfeval.ingest.forms.vocabulary import flat, is_empty, is_word, label, points, read_score, tidy, words
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

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
    target_year: int | None = None
    """The year whose targets are read, where targets of several years stand side by side."""
    target_years: list[int] = field(default_factory=list)
    budget: list[dict[str, object]] = field(default_factory=list)
    indicators: list[dict[str, object]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, list[Labelled]] = field(default_factory=dict)
    """By kind of label."""
    scores: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Total scores as printed: value, line, column."""
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
        name = letters(number) if number is not None and at.table else ""
        if number is not None:
            self.named.add((line, number))
        self.problems.append(
            problem(code, message, file=self.file, sheet=at.sheet, row=at.number, column=name, value=value)
        )

    def begin(self, what: str, line: int) -> None:
        """Note where a part begins."""
        cells = self.sheet.filled(line)
        self.begins.append((what, self.place(line, cells[0][0] if cells else 0)))

    def block(self, text: str, line: int, number: int) -> None:
        """Keep the points that a block's name carries; each block once."""
        worth = points(text)
        if worth is not None:
            name = re.sub(r"[（(][^（）()]*[）)]|[0-9.]+\s*分", "", tidy(text)).strip("：: ")
            entry = Block(name, worth, None, self.place(line, number))
            if entry not in self.blocks:
                self.blocks.append(entry)


GOAL_TITLE = re.compile(
    r"^.{0,14}?(?:年度|长期|年|工作|绩效|总体|：|:)*\s*目标\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*"
    r"(?:[（(][^（）()]*[）)])?\s*(?:[:：.、，,]\s*(.*))?$"
)
CHINESE_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}


def goal_title(text: str) -> tuple[int, str] | None:
    """Number and name in ``年度绩效目标1（80分）`` or ``目标二：改善环境（40分）``; None for any other text."""
    found = GOAL_TITLE.match(tidy(text))
    if not found:
        return None
    digits = found[1]
    tens, ten, ones = digits.partition("十")
    if digits[0].isdigit():
        number = int(digits)
    elif ten:
        number = CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0)
    else:
        number = CHINESE_DIGITS.get(digits, 0)
    return number, re.sub(r"\s*[（(][^（）()]*分[^（）()]*[）)]$", "", found[2] or "")


def new_goal(found: Found, text: str, line: int, number: int) -> bool:
    """Whether a cell is a goal's title; what follows then belongs to that goal."""
    title = goal_title(text)
    if title is None:
        return False
    found.take(line, number)
    if title != (found.goal_no, found.goal):
        found.goal_no, found.goal = title
        found.block(text, line, number)
    return True


def goal_number(found: Found, layout: Layout, line: int, cells: dict[str, At]) -> int | None:
    """The number of the goal in a column of its own; what is no whole number is reported."""
    cell, number, written = found.field(layout, line, "goal_no", cells)
    value, why = read_score(cell)
    if (why or (value is not None and value != int(value))) and cell.origin != WRONG:
        found.say("W652", "目标序号不是整数，已留空", written, number, cell.text)
        return None
    return None if value is None else int(value)


def is_note(text: str) -> bool:
    """``注：…``, ``填表人：…``: what stands below a form and is no part of it."""
    start = flat(text)[:12]
    return any(re.match(rf"{word}(?:$|[:0-9]|\()", start) for word in words()["words"]["notes"])


TAIL = ("problems", "measures", "summary", "other_evidence")
HEAD = ("project", "unit", "year", "grade", "other")


def read_labels(found: Found, line: int) -> bool:
    """Take the labels of a line with the values beside them; whether there were any."""
    cells = found.sheet.filled(line)
    taken = 0
    for order, (number, cell) in enumerate(cells):
        kind, value, where = label(cell.text), EMPTY, number
        if kind is None:
            name, colon, text = _split(cell.text)
            kind, value = label(name) if colon else None, Cell(text)
        else:
            where, value = _beside(found.sheet, line, number, cells[order + 1 : order + 2])
        if kind is not None:
            taken += 1
            text = value.words if kind[0] in ("goal", *TAIL) else value.text
            _take(found, kind, tidy(text), (line, where), (line, number))
            if kind[0] == "goal" and order + 2 < len(cells) and not found.texts.get("achieved"):
                found.keep("achieved", tidy(cells[order + 2][1].words), line, cells[order + 2][0])
    return taken > 0


def _beside(sheet: Sheet, line: int, number: int, following: tuple[tuple[int, Cell], ...]) -> tuple[int, Cell]:
    """Where the value of a label stands, and the value: in the next cell with anything in it, unless that is a label.

    Of a value that could not be read there is no text.
    """
    after, cell = following[0] if following else (len(sheet.lines[line].cells), EMPTY)
    unread = next((at for at in sheet.lines[line].unread if number < at < after), None)
    if unread is not None:
        return unread, EMPTY
    return (after, cell) if cell.text and not label(cell.text) else (number, EMPTY)


def leads(text: str) -> str:
    """The kind of label a text begins with: ``自评得分：98分`` → score; empty for any other text."""
    known = label(text) or label(_split(text)[0])
    return known[0] if known else ""


def _split(text: str) -> tuple[str, str, str]:
    """``单位名称：农业科`` → label, colon, value."""
    found = re.match(r"\s*([^:：]{2,16})([:：])(.*)", text, re.DOTALL)
    return (found[1], found[2], found[3]) if found else (text, "", "")


def _take(found: Found, kind: tuple[str, int], value: str, at: At, label_at: At) -> None:
    """Keep one label's value."""
    name, rank = kind
    if name not in ("score", "goal", *TAIL):
        if is_empty(value):
            found.take(*label_at, heading=True)
        if not is_empty(value) or name in ("basic", "projects"):
            found.labels.setdefault(name, []).append(Labelled(rank, value, at, label_at))
        if name != "other" and is_unread(found.sheet.cell(*at)):
            found.take(*at)
        return
    if name == "goal" and found.texts.get("goal"):
        return
    found.take(*label_at, heading=True)
    if name == "score":
        found.take(*at, heading=at == label_at)
        _take_score(found, value, *at)
    elif not is_empty(value):
        found.keep(name, value, *at)
    else:
        found.take(*at, heading=True)


def _take_score(found: Found, value: str, line: int, number: int) -> None:
    """Keep a total beside its label; what cannot be read is reported."""
    total = re.search(r"[0-9]{1,3}(?:\.[0-9]{1,4})?", flat(value))
    if total:
        found.take(line, number)
        found.scores.append((Decimal(total[0]), line, number))
    elif not is_empty(value):
        found.say("W663", "自评总分不是分数，已留空", line, number, value)


def is_total(sheet: Sheet, line: int) -> int | None:
    """The column of 总分, 合计, 自评总分 … where it is among the first texts of a line."""
    return next((number for number, cell in sheet.filled(line) if is_word("total", cell.text)), None)


def read_total(found: Found, layout: Layout, line: int) -> None:
    """A total row: the score under its heading, or the last number of the row, and a grade beside it."""
    cells = found.sheet.filled(line)
    named = is_total(found.sheet, line)
    if named is not None:
        found.take(line, named, heading=True)
    for where, cell in cells:
        if _is_grade(cell):
            found.labels.setdefault("grade", []).append(Labelled(0, cell.text.strip(), (line, where), (line, where)))
    weight, at, _ = layout.at(found.sheet, line, "weight")
    chosen = _total(found, layout, line)
    total = read_score(chosen[1])[0] if chosen else None
    if chosen and total is not None:
        found.take(line, chosen[0])
        found.scores.append((total, line, chosen[0]))
    worth = read_score(weight)[0]
    if worth is not None and (chosen is None or chosen[0] != at):
        found.weights.append((worth, line, at))


def _total(found: Found, layout: Layout, line: int) -> tuple[int, Cell] | None:
    """Column and cell of the score in a total row; None where it was not filled in, or cannot be read."""
    score, number, _ = layout.at(found.sheet, line, "declared_score")
    weight, _, _ = layout.at(found.sheet, line, "weight")
    numbers = [(where, cell) for where, cell in found.sheet.filled(line) if read_score(cell)[0] is not None]
    if read_score(score)[0] is not None:
        return number, score
    unread = [number] if is_unread(score) else [] if layout.has("declared_score") else found.sheet.lines[line].unread
    if unread:
        for at in unread:
            found.take(line, at)
        return None
    if not is_empty(score.text) and number != is_total(found.sheet, line) and not _is_grade(score):
        found.say("W663", "自评总分不是分数，已留空", line, number, score.text)
        return None
    if len(numbers) == 1 and layout.has("declared_score") and numbers[0][1] is weight:
        return None  # only the sum of the points: the form was not filled in
    return numbers[-1] if numbers else None


def _is_grade(cell: Cell) -> bool:
    return cell.text.strip() in words()["words"]["grades"]
