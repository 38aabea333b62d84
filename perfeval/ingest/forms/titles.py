"""Titles of goals: their numbers, names and points, wherever on the line these stand.

Labels with the values beside them, and total rows.

The goals of a form: 年度总体目标 with 预期目标 and 实际完成情况.
"""

import re
from decimal import Decimal
from itertools import pairwise

from perfeval.ingest.document import EMPTY, WRONG, Cell
from perfeval.ingest.forms.found import At, Found, Labelled, is_note
from perfeval.ingest.forms.headings import layout_at
from perfeval.ingest.forms.layout import Layout, Sheet, heading_block, is_unread
from perfeval.ingest.forms.vocabulary import (
    column,
    field_of,
    flat,
    guess,
    indicator_name,
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
from perfeval.model.folding import half_width

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
        named = field_of("indicators", cell.text)
        if named and named not in POINTED:
            return "", None
        if given is not None and worth is None and len(flat(cell.text)) <= LONGEST_POINTS:
            worth = given
        elif not named:
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
    return len(cells) <= 2 or bool(_name_beside(sheet, line, cells[0][0])[0])  # noqa: PLR2004  # it, and its points


def goal_number(found: Found, layout: Layout, line: int, cells: dict[str, At]) -> int | None:
    """The number of the goal in a column of its own; what is no whole number is reported."""
    cell, number, written = found.field(layout, line, "goal_no", cells)
    value, why = read_score(cell)
    if (why or (value is not None and value != int(value))) and cell.origin != WRONG:
        found.say("W652", "目标序号不是整数，已留空", written, number, cell.text)
        return None
    return None if value is None else int(value)


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
            if kind[0] == "goal" and not found.texts.get("achieved"):
                _take_achieved(found, line, cells[order + 2 : order + 4])
    return taken > 0


def _take_achieved(found: Found, line: int, cells: tuple[tuple[int, Cell], ...]) -> None:
    """What was achieved, in the cell after the goal's text, or after its own label: 完成情况."""
    if not cells:
        return
    if (guess("goals", cells[0][1].text) or ("", 0))[0] == "achieved" and len(cells) > 1:
        found.take(line, cells[0][0], heading=True)
        cells = cells[1:]
    at, cell = cells[0]
    achieved = "" if is_form_word(cell.text) else found.content(tidy(cell.words), line, at)
    if achieved:
        found.keep("achieved", achieved, line, at)


def _beside(sheet: Sheet, line: int, number: int, following: tuple[tuple[int, Cell], ...]) -> tuple[int, Cell]:
    """Where the value of a label stands, and the value: in the next cell with anything in it, unless that is a label.

    Of a value that could not be read there is no text.
    """
    after, cell = following[0] if following else (len(sheet.lines[line].cells), EMPTY)
    unread = next((at for at in sheet.lines[line].unread if number < at < after), None)
    if unread is not None:
        return unread, EMPTY
    return (after, cell) if cell.text and not is_form_word(cell.text) else (number, EMPTY)


def leads(text: str) -> str:
    """The kind of label a text begins with: ``自评得分：98分`` → score; empty for any other text."""
    known = label(text) or label(_split(text)[0])
    return known[0] if known else ""


def _split(text: str) -> tuple[str, str, str]:
    """``单位名称：农业科``, ``自评总得分为98分`` → label, colon, value."""
    found = re.match(r"\s*([^:：]{2,16})([:：])(.*)", text, re.DOTALL) or SAID_TOTAL.match(text)
    return (found[1], found[2], found[3]) if found else (text, "", "")


SAID_TOTAL = re.compile(r"\s*(\S{0,4}(?:总分|得分))\s*(为|是|共计)\s*([0-9０-９].*)", re.DOTALL)
TOTAL = re.compile(
    r"(?:满分(?:为)?100分?[,;、。]?)?(?:(?:自评|综合|最终|实际)*(?:总分|得分|总得分|自评)[:为是]?\s*)?"
    r"([0-9]{1,3}(?:\.[0-9]{1,4})?)(?:\s*[分%]|(?=$|/100|\())(?:$|/100分?$|[,;。、(].*)"
    r"|(?:优秀?|良好?|中|差|合格|不合格)[,(;、]?\s*([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*分?\)?",
    re.DOTALL,
)
"""A total score beside its label: the number alone, or with words that leave no doubt which number it is."""


MOST = 200
"""More points than any form has, additional ones included."""


def total_score(text: str) -> Decimal | None:
    """The score in ``98分``, ``98（优）``, ``满分100分，自评98分``; None where it is not certain which number it is."""
    found = TOTAL.fullmatch(half_width(text).strip())
    score = Decimal(found[1] or found[2]) if found else None
    return score if score is not None and score <= MOST else None


def _take(found: Found, kind: tuple[str, int], value: str, at: At, label_at: At) -> None:
    """Keep one label's value."""
    name, rank = kind
    value = found.content(value, *at)
    if name not in ("score", "reviewed", "goal", *TAIL):
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
    if name in ("score", "reviewed"):
        found.take(*at, heading=at == label_at)
        _take_total(found, kind, value, at, label_at)
    elif not is_empty(value):
        found.keep(name, value, *at)
    else:
        found.take(*at, heading=True)


def _take_total(found: Found, kind: tuple[str, int], value: str, at: At, label_at: At) -> None:
    """Keep a total score; a grade in its place is a grade, and words are reported."""
    total = total_score(value)
    if total is not None:
        found.take(*at)
        (found.scores if kind[0] == "score" else found.reviewed).append((total, *at))
    elif value in words()["words"]["grades"]:
        found.labels.setdefault("grade", []).append(Labelled(kind[1], value, at, label_at))
    elif not is_empty(value) and not column("indicators", value):
        found.say("W663", "自评总分不是分数，已留空", *at, value)


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
    said = len(found.problems)
    chosen = _total(found, layout, line)
    if chosen is None and len(found.problems) == said:
        chosen = _in_words(found, line)
    total = total_score(chosen[1].text) if chosen and chosen[1].number is None else None
    total = read_score(chosen[1])[0] if chosen and total is None else total
    if chosen and total is not None and not 0 <= total <= MOST:
        found.say("W663", "自评总分不是分数，已留空", line, chosen[0], chosen[1].text)
    elif chosen and total is not None:
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
    reviewed, where, _ = layout.at(found.sheet, line, "reviewed_score")
    given = read_score(reviewed)[0]
    if given is not None:
        found.reviewed.append((given, line, where))
        numbers = [(at, cell) for at, cell in numbers if at != where]
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


def _in_words(found: Found, line: int) -> tuple[int, Cell] | None:
    """The score of a total row that stands there with words (``98分（优）``); words without any are reported."""
    rest = [
        (at, cell)
        for at, cell in found.sheet.filled(line)
        if not (
            is_word("total", cell.text) or is_empty(cell.text) or _is_grade(cell) or read_score(cell)[0] is not None
        )
    ]
    for at, cell in rest:
        if total_score(cell.text) is not None:
            return at, cell
    if rest and not any(read_score(cell)[0] is not None for _, cell in found.sheet.filled(line)):
        found.say("W663", "自评总分不是分数，已留空", line, rest[0][0], rest[0][1].text)
    return None


def _is_grade(cell: Cell) -> bool:
    return cell.text.strip() in words()["words"]["grades"]


FIELDS = ("goal", "goal_adjusted", "achieved")


def read_goals(found: Found, line: int, stop: int) -> int:
    """Read the goals whose heading row is ``line``; returns the line after them."""
    sheet = found.sheet
    layout = layout_at(sheet, line, "goals")
    found.begin("目标", line)
    for number, cell in sheet.filled(line):
        if is_form_word(cell.text):
            found.take(line, number, heading=True)
    beside = _read_beside(found, line)
    line += 1
    while not beside and line < stop and not _ends(found, line):
        texts = {name: layout.at(sheet, line, name) for name in FIELDS if layout.has(name)}
        if not any(cell.text for cell, _, _ in texts.values()):
            rest = [(cell, number, line) for number, cell in sheet.filled(line) if not label(cell.text)]
            texts = {**dict(zip(("goal", "achieved"), rest, strict=False))} if rest else texts
        for field_name, (cell, number, written) in texts.items():
            _keep(found, field_name, cell, written, number)
        for number, cell in sheet.filled(line):
            if label(cell.text):
                found.take(line, number, heading=True)
        line += 1
    return line


def _read_beside(found: Found, line: int) -> bool:
    """Keep what stands beside its heading on the heading's own line; whether anything does."""
    beside = False
    for (at, name), (number, value) in pairwise(found.sheet.filled(line)):
        known = label(name.text)
        field = column("goals", name.text) or (known if known and known[0] == "goal" else None)
        if field and not is_form_word(value.text):
            found.block("goal", name.text, line, at)
            if not (field[0] == "goal" and _next_goal(found, value, line, number)):
                _keep(found, field[0], value, line, number)
            beside = True
    return beside


def _next_goal(found: Found, value: Cell, line: int, number: int) -> bool:
    """Open a goal of its own where one without a number follows the indicators of another; both are numbered."""
    text = found.content(tidy(value.words), line, number)
    if not found.indicators or not text or is_empty(text) or found.texts.get("goal") == [text]:
        return False
    if found.goal_no is None:
        for row in found.indicators:
            row["goal_no"] = 1
    found.goal_no, found.goal = (found.goal_no or 1) + 1, text
    found.take(line, number)
    return True


def _ends(found: Found, line: int) -> bool:
    cells = [cell for _, cell in found.sheet.filled(line)]
    if not cells:
        return False
    first = cells[0].text
    known = label(first)
    other = (known is not None and known[0] not in ("goal", "year")) or is_note(first) or is_word("block", first)
    block = other or is_total(found.sheet, line) is not None or bool(heading_block(found.sheet, line))
    title = goal_title(first)
    opens = line + 1 < len(found.sheet.lines) and heading_block(found.sheet, line + 1) == "indicators"
    titled = title is not None and (len(cells) == 1 or points(first) is not None or (not title[1] and opens))
    return block or titled or any(is_level(cell.text) and cell.text.strip().endswith("指标") for cell in cells[:3])


def _keep(found: Found, field: str, cell: Cell, line: int, number: int) -> None:
    """Keep a goal or what was achieved; fillers, hints and headings are nothing."""
    value = tidy(cell.words)
    if is_unread(cell):
        found.take(line, number)
    repeated = (line, number) in found.texts_at.get("goal" if field == "goal_adjusted" else field, [])
    if repeated or is_empty(value) or not indicator_name(value).text:
        return
    value = found.content(value, line, number)
    if not value or is_form_word(value):
        return
    if field == "goal_adjusted":
        for at in found.texts_at.pop("goal", []):
            found.taken.discard(at)  # what the adjusted goal stands for now
        found.texts.pop("goal", None)
        found.keep("goal", value, line, number)
    elif field in ("goal", "achieved"):
        found.keep(field, value, line, number)
