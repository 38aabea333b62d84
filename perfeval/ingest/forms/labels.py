"""Labels with the values beside them, and total rows."""

import re
from decimal import Decimal

from perfeval.ingest.document import EMPTY, Cell
from perfeval.ingest.forms.found import At, Found, Labelled
from perfeval.ingest.forms.layout import Layout, Sheet, is_unread
from perfeval.ingest.forms.vocabulary import (
    column,
    guess,
    is_empty,
    is_form_word,
    is_word,
    label,
    read_score,
    tidy,
    words,
)
from perfeval.model.folding import half_width

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
