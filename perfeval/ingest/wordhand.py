"""What a person wrote by hand into the sentences of perfeval's Word report: taken where it has a place, else named.

A sentence says more than the form: the narrative of an indicator and its evidence count in the text; causes and
measures where the form has none. Values count in the form alone, and what the text says otherwise is named.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from perfeval.ingest.document import Paragraph
from perfeval.ingest.problems import problem
from perfeval.model import reportform as form
from perfeval.model.errors import Problem
from perfeval.model.reportform import Statement, bare
from perfeval.model.schema import INDICATORS


class Read(Protocol):
    """A report as it is read."""

    file: str
    kept: form.Kept
    others: list[tuple[form.Heading | None, Paragraph]]
    numbers: list[str]
    problems: list[Problem]


def with_hand(read: Read, indicators: pd.DataFrame) -> pd.DataFrame:
    """The rows with what was written into the sentences about them; every other change is named (W730).

    Problems: N730 words taken from the text, W731 words of the text that are not the form's, W730 all else.
    """
    rows = indicators.copy()
    goal = ""
    edited: list[Statement] = []
    for under, block in read.others:
        found = form.GOAL_LINE.fullmatch(block.words.strip())
        goal = block.words.strip() if found and under == form.GOAL_ANALYSIS else goal
        if form.fingerprint(block.words) in read.kept.written:
            continue
        if under == form.UNMET and _reasons(read, rows, block):
            continue
        said = _statement(read, rows, goal, block) if under == form.GOAL_ANALYSIS else None
        if said is not None:
            edited.append(said)
            continue
        if _signatures(block):
            message = "填报人、审核人等签名和填报日期没有读入"
            _say(read, "N731", message, block)
            continue
        if not form.ONLY_BLANK.fullmatch(block.words.strip()):
            message = "正文里新写或改写的语句没有读入；指标和金额请改在附件里，问题和措施请写在各自的一节"
            _say(read, "W730", message, block)
    _deleted(read, edited)
    return rows


def _deleted(read: Read, edited: Iterable[Statement]) -> None:
    """Name the indicators that are still in the form, and whose sentence is gone from the text."""
    there = Counter(form.fingerprint(block.words) for _, block in read.others)
    there.update(form.fingerprint_of_entry(one.sentence) for one in edited)
    for number, one in enumerate(read.kept.statements, start=1):
        mark = form.fingerprint_of_entry(one.sentence)
        there[mark] -= 1
        if there[mark] < 0 and str(number) in read.numbers:
            message = f"正文里没有“{one.name}”的完成情况这一句了，数据里的说明没有删去"
            read.problems.append(problem("W730", message, file=read.file, value=one.sentence))


def told_of(paragraphs: Iterable[tuple[form.Heading | None, Paragraph]]) -> dict[tuple[str, str], list[dict[str, str]]]:
    """What sentences on indicators tell, by the number of the goal and the name: narrative and evidence of each."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    goal = ""
    for _, block in paragraphs:
        heading = form.GOAL_LINE.fullmatch(block.words.strip())
        goal = heading["number"] if heading else goal
        text = form.unnumbered(block.words)
        name, opened, _ = text.partition(f"（{form.WANTED}")
        said = Statement(name, "", "", form.ANY_STATUS).reread(text) if opened else None
        if said is not None:
            told = "" if form.BLANK.search(said.told) else said.told.removeprefix(_value(said))
            told = "" if told.startswith(form.REACHED) else told
            kept = {"narrative": told, "evidence": said.evidence}
            found.setdefault((goal, name), []).append({key: text for key, text in kept.items() if text})
    return found


def _say(read: Read, code: str, message: str, block: Paragraph, value: str | None = None) -> None:
    shown = block.words if value is None else value
    read.problems.append(problem(code, message, file=read.file, row=block.line, value=shown))


def _signatures(block: Paragraph) -> bool:
    """Whether a paragraph is the line of those who sign the form."""
    said = "".join(block.words.split())
    places = [said.find(label) for label in form.SIGNERS]
    return min(places) >= 0 and places == sorted(places)


# ---- indicators that were not met


def _reasons(read: Read, rows: pd.DataFrame, block: Paragraph) -> bool:
    """Take cause and measure of a sentence on an indicator that was not met; whether nothing else of it was changed."""
    found = form.REASONED.fullmatch(block.words.strip())
    at = _row_of(form.unnumbered(block.words), rows)
    if at is None or found is None:
        return False
    ends = [bare(rows[column].iloc[at]) for column in ("reason", "measure")]
    for column in ("reason", "measure"):
        said = bare(found[column] or "")
        if said and not form.BLANK.search(said) and said != bare(rows[column].iloc[at]):
            _take(read, rows, (at, column), said, block)
    return form.fingerprint(form.unmet(found["before"], *ends)) in read.kept.written


def _row_of(text: str, rows: pd.DataFrame) -> int | None:
    """The row of the indicator a sentence begins with: ``清运率（目标2）：…``."""
    named = []
    for at, (name, goal) in enumerate(zip(rows["indicator"], rows["goal_no"], strict=True)):
        shown = " ".join(name.split())
        of_goal = f"{shown}：" if pd.isna(goal) else f"{shown}（目标{goal}"
        if shown and text.startswith(of_goal):
            named.append((len(shown), at))
    return max(named)[1] if named else None


def _take(read: Read, rows: pd.DataFrame, cell: tuple[int, str], said: str, block: Paragraph) -> None:
    """A cause or measure of the text for a row of the form that has none."""
    at, column = cell
    if rows[column].iloc[at]:
        title, name = INDICATORS.column(column).title, rows["indicator"].iloc[at]
        _say(read, "W731", f"正文写的“{name}”的{title}与附件不同，按附件读入", block, said)
    else:
        _write(read, rows, cell, said, block)


def _write(read: Read, rows: pd.DataFrame, cell: tuple[int, str], said: str, block: Paragraph) -> None:
    """Words that count in the text."""
    at, column = cell
    title, name = INDICATORS.column(column).title, rows["indicator"].iloc[at]
    rows.loc[rows.index[at], column] = said
    _say(read, "N730", f"“{name}”的{title}取自正文", block, said)


# ---- every indicator


def _statement(read: Read, rows: pd.DataFrame, goal: str, block: Paragraph) -> Statement | None:
    """Take what a sentence on an indicator now says; the statement as it was written, None where it cannot be read."""
    at, old = _counterpart(read, rows, goal, form.unnumbered(block.words))
    new = None if old is None else old.reread(form.unnumbered(block.words))
    if at is None or old is None or new is None:
        return None
    name = rows["indicator"].iloc[at]
    for was, now, column in ((old.target, new.target, "target"), (old.status, new.status, "declared_met")):
        if was != now and not form.BLANK.search(now):
            title = INDICATORS.column(column).title
            _say(read, "W731", f"正文写的“{name}”的{title}与附件不同，按附件读入", block, now or "（删去）")
    if new.told != old.told and not form.BLANK.search(new.told):
        _write(read, rows, (at, "narrative"), new.told.removeprefix(_value(old)), block)
    if new.evidence != old.evidence:
        _write(read, rows, (at, "evidence"), new.evidence, block)
    for column in ("reason", "measure"):
        if getattr(new, column) != getattr(old, column):
            _take(read, rows, (at, column), getattr(new, column), block)
    return old


def _value(statement: Statement) -> str:
    """``实际完成值：30%。``, where the sentence begins so and a narrative follows: it is the form's."""
    value, found, _ = statement.told.partition("。")
    return value + found if found and value.startswith(form.REACHED) else ""


def _counterpart(read: Read, rows: pd.DataFrame, goal: str, text: str) -> tuple[int | None, Statement | None]:
    """The row and the statement that a sentence under a goal is about; where several begin so, the one that is gone."""
    found = []
    for number, one in enumerate(read.kept.statements, start=1):
        at = read.numbers.index(str(number)) if str(number) in read.numbers else None
        if at is not None and text.startswith(f"{one.name}（{form.WANTED}") and _under(goal, rows["goal_no"].iloc[at]):
            found.append((at, one))
    if len(found) > 1:
        there = {form.fingerprint(block.words) for _, block in read.others}
        found = [(at, one) for at, one in found if form.fingerprint(one.sentence) not in there]
    return found[0] if len(found) == 1 else (None, None)


def _under(goal: str, number: object) -> bool:
    """Whether a row is of the goal with this heading; a heading without a number tells nothing."""
    found = form.GOAL_LINE.fullmatch(goal)
    return found is None or not found["number"] or str(number) == found["number"]
