"""Titles of goals: their numbers, names and points, wherever on the line these stand."""

import re
from decimal import Decimal

from perfeval.ingest.document import WRONG
from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.layout import Layout, Sheet
from perfeval.ingest.forms.vocabulary import column, flat, is_level, points, read_score, tidy

GOAL_TITLE = re.compile(
    r"^.{0,14}?(?:年度|长期|年|工作|绩效|总体|：|:)*\s*目标\s*(?:[（(]\s*(?=[^（()）分]*[）)]))?"
    r"([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?![0-9０-９]|\s*分)\s*[）)]?\s*"
    r"(?:[:：.、，,]?\s*[（(][^（()）]*[）)]\s*[:：.、，,]?\s*(.*)|(?:[:：、，,\s]|[.．](?![0-9０-９]))\s*(.*)|)$"
)
GOAL_NUMBER = r"目标\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*[:：.、]"
LISTED_GOAL = re.compile(rf"{GOAL_NUMBER}\s*(.*?)(?=[；;，,。\s]*(?:年度)?{GOAL_NUMBER}|$)")
SCORED_TITLE = re.compile(
    r"^(?:第?(?:[（(]\s*)?(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳])\s*(?:[)）]|[项个]?(?:年度|绩效)*目标|[、.．:：])"
    r"|(?:年度|绩效|总体)*目标\s*(?P<ringed>[①-⑳])|(?:年度|重点|主要|工作)*任务\s*(?P<task>[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳]))"
    r"\s*[:：、.．]?\s*(?P<name>.{3,}?)\s*[（(]\s*[0-9]{1,3}(?:\.[0-9]{1,2})?\s*分\s*[)）]$"
)
"""Numbered titles that say no 目标 before their number: they carry the points of a goal."""
NO_GOAL = re.compile("指标|决策|过程|管理|投入|执行|预算|资金|自评|得分|产出|效益|效果|满意|成本|完成情况")
RINGED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}


def goal_title(text: str) -> tuple[int, str] | None:
    """Number and name in ``年度绩效目标1（80分）`` or ``目标二：改善环境（40分）``; None for any other text."""
    found = GOAL_TITLE.match(tidy(text))
    if not found:
        return _scored_title(tidy(text))
    name = next((part for part in found.groups()[1:] if part), "")
    return _whole(found[1]), _without_points(name)


def _scored_title(text: str) -> tuple[int, str] | None:
    """``第一项目标：建公园（50分）``, ``任务2：…（20分）``, ``（一）建公园（50分）``; no names of levels or blocks."""
    found = SCORED_TITLE.match(text)
    if not found or NO_GOAL.search(found["name"]) or is_level(found["name"]):
        return None
    return _whole(found["number"] or found["ringed"] or found["task"]), found["name"].strip("：:；; ")


def _whole(digits: str) -> int:
    """A goal's number from digits or Chinese numerals up to 99."""
    tens, ten, ones = digits.partition("十")
    if digits.isdecimal():
        return int(digits)
    if digits in RINGED:
        return RINGED.index(digits) + 1
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
    found.take(line, number)
    goal_no, name = title
    worth = None
    if not name:
        name, worth = _name_beside(found.sheet, line, number)
        for at, _ in found.sheet.filled(line) if name else ():
            found.take(line, at) if at > number else None
    name = name or _listed_name(found, goal_no)
    if (goal_no, name) != (found.goal_no, found.goal):
        found.goal_no, found.goal = goal_no, name
        found.block("goal", text, line, number, worth)
    return True


def _name_beside(sheet: Sheet, line: int, number: int) -> tuple[str, Decimal | None]:
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
    return len(cells) == 1 or bool(_name_beside(sheet, line, cells[0][0])[0]) or len(cells) <= 2  # noqa: PLR2004


def goal_number(found: Found, layout: Layout, line: int, cells: dict[str, At]) -> int | None:
    """The number of the goal in a column of its own; what is no whole number is reported."""
    cell, number, written = found.field(layout, line, "goal_no", cells)
    value, why = read_score(cell)
    if (why or (value is not None and value != int(value))) and cell.origin != WRONG:
        found.say("W652", "目标序号不是整数，已留空", written, number, cell.text)
        return None
    return None if value is None else int(value)
