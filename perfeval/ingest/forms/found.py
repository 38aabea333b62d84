"""What has been found so far while a form is read, and the small things every block needs: places, problems, labels."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.ingest.document import Block, Cell
from perfeval.ingest.forms.hints import without_hints
from perfeval.ingest.forms.layout import Layout, Sheet, letters
from perfeval.ingest.forms.vocabulary import (
    column,
    flat,
    is_empty,
    is_form_word,
    is_level,
    is_word,
    label,
    points,
    read_score,
    tidy,
    words,
)
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem


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
    labels: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """By kind of label: rank among the synonyms, value."""
    scores: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Total scores as printed: value, line, column."""
    reviewed: list[tuple[Decimal, int, int]] = field(default_factory=list)
    """Likewise the total a reviewer gives."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """Of goals and tail: goal, achieved, problems, measures …"""
    goal_no: int | None = None
    goal: str = ""
    begins: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def place(self, line: int, number: int = 0) -> str:
        """``自评表!C12``."""
        return self.sheet.lines[line].place(number)

    def say(self, code: str, message: str, line: int, number: int | None = None, value: object = "") -> None:
        """Note a problem at a line, and at a column of it."""
        at = self.sheet.lines[line]
        name = letters(number) if number is not None and at.shown else ""
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

    def block(self, text: str, line: int, number: int, beside: Decimal | None = None) -> None:
        """Keep the points that a block's name, or a cell beside it, carries; each block once."""
        worth = points(text)
        worth = beside if worth is None else worth
        if worth is not None:
            name = re.sub(r"[（(][^（）()]*[）)]|[0-9.]+\s*分", "", tidy(text)).strip("：: ")
            entry = Block(name, worth, None, self.place(line, number))
            if entry not in self.blocks:
                self.blocks.append(entry)


GOAL_TITLE = re.compile(
    r"^.{0,14}?(?:年度|长期|年|工作|绩效|总体|：|:)*\s*目标\s*(?:[（(]\s*(?=[^（()）分]*[）)]))?"
    r"([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?![0-9０-９]|\s*分)\s*[）)]?\s*"
    r"(?:[:：.、，,]?\s*[（(][^（()）]*[）)]\s*[:：.、，,]?\s*(.*)|(?:[:：、，,\s]|[.．](?![0-9０-９]))\s*(.*)|)$"
)
GOAL_NUMBER = r"目标\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*[:：.、]"
LISTED_GOAL = re.compile(rf"{GOAL_NUMBER}\s*(.*?)(?=[；;，,。\s]*(?:年度)?{GOAL_NUMBER}|$)")
CHINESE_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}


def goal_title(text: str) -> tuple[int, str] | None:
    """Number and name in ``年度绩效目标1（80分）`` or ``目标二：改善环境（40分）``; None for any other text."""
    found = GOAL_TITLE.match(tidy(text))
    if not found:
        return None
    name = next((part for part in found.groups()[1:] if part), "")
    return _whole(found[1]), _without_points(name)


def _whole(digits: str) -> int:
    """A goal's number from digits or Chinese numerals up to 99."""
    tens, ten, ones = digits.partition("十")
    if digits[0].isdigit():
        return int(digits)
    if ten:
        return CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0)
    return CHINESE_DIGITS.get(digits, 0)


def _without_points(name: str) -> str:
    return re.sub(r"\s*[（(][^（()）]*分[^（()）]*[）)]$", "", name).strip("：:；; ")


def new_goal(found: Found, text: str, line: int, number: int) -> bool:
    """Whether a cell is a goal's title; what follows then belongs to that goal.

    A title without a name (``年度目标2：（25分）``) has it in the cell beside it, or in the list of goals above.
    """
    title = goal_title(text)
    if title is None:
        return False
    goal_no, name = title
    worth = None
    if not name:
        name, worth = _beside(found.sheet, line, number)
    name = name or _listed_name(found, goal_no)
    if (goal_no, name) != (found.goal_no, found.goal):
        found.goal_no, found.goal = goal_no, name
        found.block(text, line, number, worth)
    return True


def _beside(sheet: Sheet, line: int, number: int) -> tuple[str, Decimal | None]:
    """The name and points of a goal in the cells to the right of its title, where nothing else stands there."""
    names: list[str] = []
    worth = None
    for at, cell in sheet.filled(line):
        if at <= number:
            continue
        given = points(cell.text) if points(cell.text) is not None else read_score(cell)[0]
        if column("indicators", cell.text) and (column("indicators", cell.text) or ("",))[0] not in POINTED:
            return "", None
        if given is not None and worth is None and len(flat(cell.text)) <= LONGEST_POINTS:
            worth = given
        elif not column("indicators", cell.text):
            names.append(cell.text)
            worth = points(cell.text) if worth is None else worth
    if len(names) != 1 or is_level(names[0]):
        return "", None
    return _without_points(tidy(names[0])), worth


POINTED = ("weight", "declared_score")
LONGEST_POINTS = 8
"""Characters of a cell that holds points and nothing else: ``（12.5分）``."""


def _listed_name(found: Found, goal_no: int) -> str:
    """The name of a goal in the list of goals above the indicators: ``目标1：…；目标2：…``."""
    for text in found.texts.get("goal", []):
        for listed in LISTED_GOAL.finditer(text):
            if _whole(listed[1]) == goal_no:
                return _without_points(listed[2].strip("；;，,。 "))
    return ""


def is_goal_line(sheet: Sheet, line: int) -> bool:
    """Whether a line holds a goal's title and nothing but its name and points."""
    cells = sheet.filled(line)
    if not cells or goal_title(cells[0][1].text) is None:
        return False
    return len(cells) == 1 or bool(_beside(sheet, line, cells[0][0])[0]) or len(cells) <= 2  # noqa: PLR2004


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
        kind, text, where = label(cell.text), "", number
        if kind is None:
            name, colon, text = _split(cell.text)
            kind = label(name) if colon else None
        elif order + 1 < len(cells) and not is_form_word(cells[order + 1][1].text):
            where, text = cells[order + 1][0], cells[order + 1][1].text
        if kind is not None:
            taken += 1
            _take(found, kind, text, line, where)
            if kind[0] == "goal" and order + 2 < len(cells) and not found.texts.get("achieved"):
                after, beside = cells[order + 2]
                achieved = "" if is_form_word(beside.text) else found.content(tidy(beside.text), line, after)
                found.texts["achieved"] = [achieved] if achieved else []
    return taken > 0


def leads(text: str) -> str:
    """The kind of label a text begins with: ``自评得分：98分`` → score; empty for any other text."""
    known = label(text) or label(_split(text)[0])
    return known[0] if known else ""


def _split(text: str) -> tuple[str, str, str]:
    """``单位名称：农业科`` → label, colon, value."""
    found = re.match(r"\s*([^:：]{2,16})([:：])(.*)", text, re.DOTALL)
    return (found[1], found[2], found[3]) if found else (text, "", "")


def _take(found: Found, kind: tuple[str, int], text: str, line: int, number: int) -> None:
    """Keep one label's value."""
    name, rank = kind
    value = found.content(tidy(text), line, number)
    if name in ("score", "reviewed"):
        _take_total(found, kind, value, line, number)
    elif name in TAIL:
        if not is_empty(value):
            found.texts.setdefault(name, []).append(value)
    elif name == "goal":
        if not is_empty(value) and not found.texts.get("goal"):
            found.texts.setdefault("goal", []).append(value)
    elif name in ("basic", "projects"):
        found.labels.setdefault(name, []).append((line, value))
    elif not is_empty(value):
        found.labels.setdefault(name, []).append((rank, value))


def _take_total(found: Found, kind: tuple[str, int], value: str, line: int, number: int) -> None:
    """Keep a total score; a grade in its place is a grade, and words are reported."""
    total = re.search(r"[0-9]{1,3}(?:\.[0-9]{1,4})?", flat(value))
    if total:
        (found.scores if kind[0] == "score" else found.reviewed).append((Decimal(total[0]), line, number))
    elif value in words()["words"]["grades"]:
        found.labels.setdefault("grade", []).append((kind[1], value))
    elif not is_empty(value) and not column("indicators", value):
        found.say("W667", f"“{value}”不是数，没有导入", line, number, value)


def is_total(sheet: Sheet, line: int) -> int | None:
    """The column of 总分, 合计, 自评总分 … where it is among the first texts of a line."""
    return next((number for number, cell in sheet.filled(line) if is_word("total", cell.text)), None)


def read_total(found: Found, layout: Layout, line: int) -> None:
    """A total row: the score under its heading, or the last number of the row, and a grade beside it."""
    cells = found.sheet.filled(line)
    score, number, _ = layout.at(found.sheet, line, "declared_score")
    weight, _, _ = layout.at(found.sheet, line, "weight")
    numbers = [(where, cell) for where, cell in cells if read_score(cell)[0] is not None]
    for _, cell in cells:
        if cell.text.strip() in words()["words"]["grades"]:
            found.labels.setdefault("grade", []).append((0, cell.text.strip()))
    reviewed, where, _ = layout.at(found.sheet, line, "reviewed_score")
    given = read_score(reviewed)[0]
    if given is not None:
        found.reviewed.append((given, line, where))
        numbers = [(at, cell) for at, cell in numbers if at != where]
    if read_score(score)[1]:
        found.say("W667", f"自评总分“{tidy(score.text)}”不是数，没有导入", line, number, score.text)
    if read_score(score)[0] is not None:
        chosen: tuple[int, Cell] | None = (number, score)
    elif len(numbers) == 1 and layout.has("declared_score") and numbers[0][1] is weight:
        chosen = None  # only the sum of the points: the form was not filled in
    else:
        chosen = numbers[-1] if numbers else None
    if chosen:
        total = read_score(chosen[1])[0]
        if total is not None:
            found.scores.append((total, line, chosen[0]))
