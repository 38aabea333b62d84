"""The Word report that perfeval writes → the tables and words it was made from, with what was changed in it by hand.

Nothing is guessed: the tables of annex 1 are found by their captions, the sections by their headings, both in
:mod:`perfeval.model.reportform`. A document without them is left to the other recognisers.

Single entries of the Word report that perfeval writes: a problem with its cause, a stage, a survey.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import empty, typed
from perfeval.ingest.directory import Unit, file_of
from perfeval.ingest.document import Account, Content, Document, Grid, Paragraph
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.narrative import period
from perfeval.ingest.tabular import read_bytes
from perfeval.ingest.visible import doubts
from perfeval.model import reportform as form
from perfeval.model.errors import Problem
from perfeval.model.schema import BUDGET, INDICATORS, ORIGIN, Issue, Narrative, Stage, Survey, Table

DAY = r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日"
STAGE = re.compile(
    rf"(?P<name>.+?)\s*[（(](?P<when>—|{DAY}\s*(?:[—–－~～至到-]+\s*{DAY}|前|起)?)[）)](?:[：:](?P<work>.*))?",
    re.DOTALL,
)
SURVEY = re.compile(
    rf"(?P<indicator>.+?)的调查：(?P<method>.*)，(?P<date>时间未说明|{DAY})，"
    r"(?:样本量未说明|(?P<respondents>[0-9]+)人答卷)(?:，(?P<satisfied>[0-9]+)人满意)?",
    re.DOTALL,
)
UNKNOWN_METHOD = "方式未说明"
STOPS = "。；; "


def told(text: str) -> str:
    """An entry on one line and without the full stop at its end."""
    return " ".join(text.split()).rstrip(STOPS)


def read_issue(text: str) -> Issue:
    """``指标过多。原因：只设了效益指标`` → a problem and its cause."""
    problem, _, cause = text.partition(f"。{form.CAUSE}")
    return Issue(told(problem), told(cause))


def read_stage(text: str) -> Stage | None:
    """``前期准备（2023年6月5日—2023年6月9日）：成立小组；制定方案`` → a stage; None where it is not written so."""
    found = STAGE.fullmatch(text)
    if found is None:
        return None
    start, end, wrong = ("", "", "") if found["when"] == "—" else period(found["when"], None)
    if wrong:
        return None
    work = tuple(told(part) for part in (found["work"] or "").split("；") if told(part))
    return Stage(found["name"], start, end, work)


def read_survey(text: str) -> Survey | None:
    """``满意度的调查：入户，2022年11月8日，200人答卷，176人满意`` → a survey; None for any other text."""
    found = SURVEY.fullmatch(text)
    if found is None:
        return None
    day = "" if found["date"].startswith("时间") else period(found["date"], None)[0]
    counts = {name: int(found[name]) if found[name] else None for name in ("respondents", "satisfied")}
    return Survey(
        found["indicator"], date=day, method="" if found["method"] == UNKNOWN_METHOD else found["method"], **counts
    )


FAMILY = "部门整体绩效自评报告（perfeval格式）"
NARRATIVE = "narrative.toml"
SCORE = re.compile(r"自评得分\s*(?P<score>[0-9]{1,4}(?:\.[0-9]{1,6})?)\s*分")
UNSCORED = "没有列出自评总分"
GRADE = re.compile(r"自评等级为(?P<grade>.+)")
LISTS = ("summary", "measures", "budget_linkage", "key_tasks", "last_year", "organisation")
"""Sections that are lists of texts, by the field of the narrative."""
NEEDED = (form.OFFICE_TABLE, form.BUDGET_TABLE, form.INDICATOR_TABLE)
"""Tables without which there is no report; the one of long texts may have been empty and taken out."""
LOADERS = {"W202", "W203"}
"""What the loader says of the data on file in any case."""
CAPTION = re.compile(r"附表[0-9]*|\s")


@dataclass
class _Read:
    """A report as it is read."""

    file: str
    sections: dict[str, list[str]] = field(default_factory=dict)
    """Paragraphs by what their section is read as."""
    grids: dict[str, Grid] = field(default_factory=dict)
    """Tables of annex 1 by caption, without its number."""
    others: list[tuple[form.Heading | None, Paragraph]] = field(default_factory=list)
    """Paragraphs that are not read, with the heading they stand under."""
    problems: list[Problem] = field(default_factory=list)

    def say(self, code: str, message: str, grid: Grid | None = None, row: int | None = None, value: str = "") -> None:
        sheet = "" if grid is None else grid.sheet
        self.problems.append(problem(code, message, file=self.file, sheet=sheet, row=row, value=value))


def recognise_report(content: Content) -> list[Document]:
    """The report in a document that bears the mark, or has its tables under their captions; none in any other.

    Problems: E705 a table of annex 1 is missing, W710 rows of the two indicator tables that do not fit together,
    W711 no total where it should stand, N705 sentences that follow from the tables; those of a table on file.
    """
    marked = any(isinstance(block, Paragraph) and form.MARK in _squeezed(block.words) for block in content.blocks)
    read = _read(content)
    missing = [caption for caption in NEEDED if _table(read, caption) is None]
    if missing and not (marked and any(isinstance(block, Grid) for block in content.blocks)):
        return []
    office = next(iter(_rows(_table(read, form.OFFICE_TABLE))), (0, {}))[1]
    budget = _frame(read, form.BUDGET_TABLE, BUDGET, _rows(_table(read, form.BUDGET_TABLE)))
    indicators = _frame(read, form.INDICATOR_TABLE, INDICATORS, _indicators(read))
    for caption in missing:
        read.say("E705", f"报告带有“{form.MARK}”字样，却没有“{caption}”")
    narrative = _narrative(read, office.get(form.TITLE, ""))
    indicators = _with_reasons(read, indicators, set(content.kept.split()))
    read.say("N705", "正文中由附表算出的语句没有读入")
    year = office.get(form.YEAR, "").strip().removesuffix("年度").removesuffix("年")
    read.problems += doubts(content, read.grids.values())
    return [
        Document(
            file=content.file,
            family=FAMILY,
            confidence=1.0,
            unit=office.get(form.UNIT, ""),
            title=narrative.title,
            year=int(year) if year.isdecimal() else None,
            budget=budget.assign(source=_places(read, form.BUDGET_TABLE, budget)),
            indicators=indicators.drop(columns=list(ORIGIN)),
            narrative=narrative,
            begins=tuple((caption, grid.sheet) for caption, grid in read.grids.items()),
            problems=tuple(read.problems),
            account=_account(content, read),
        )
    ]


def _account(content: Content, read: _Read) -> Account:
    """What became of the cells and paragraphs: what follows from the tables is named by N705, or by W730."""
    paragraphs = sum(isinstance(block, Paragraph) for block in content.blocks)
    grids = [block for block in content.blocks if isinstance(block, Grid)]
    cells = sum(bool(cell.text.strip()) for grid in grids for row in grid.rows for cell in row)
    taken = sum(_taken(grid) for grid in read.grids.values())
    used = taken + paragraphs - len(read.others)
    return Account(cells + paragraphs, used, cells + paragraphs - used)


def _taken(grid: Grid) -> int:
    """The cells with text of a table of annex 1 that are read: all but the columns that follow from the others."""
    computed = {at for at, cell in enumerate(grid.rows[0]) if _squeezed(cell.text) in form.COMPUTED}
    return sum(bool(cell.text.strip()) for row in grid.rows for at, cell in enumerate(row) if at not in computed)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _caption(text: str) -> str:
    """A caption without its number, which may have been changed."""
    return CAPTION.sub("", text)


def _read(content: Content) -> _Read:
    """The paragraphs by section and the tables by caption."""
    read = _Read(content.file)
    wanted = {_caption(text) for text in form.TABLES}
    key = before = ""
    under: form.Heading | None = None
    for block in content.blocks:
        if isinstance(block, Grid):
            if _caption(before) in wanted:
                read.grids.setdefault(_caption(before), block)
            before = ""
            continue
        heading = _heading(block.words)
        if heading is not None:
            under, key = heading, heading.reads
        elif _counts(read, key, block.words.strip()):
            read.sections.setdefault(key, []).append(block.words.strip())
        else:
            read.others.append((under, block))
        before = block.words
    return read


def _counts(read: _Read, key: str, text: str) -> bool:
    """Whether a paragraph of a section is read: no caption of a figure, and of two sections only some."""
    if key == "score":
        return key not in read.sections  # the headline after it follows from the tables
    if key == "sources":
        return text.startswith(form.SOURCE)
    return bool(key) and not form.FIGURE.match(text)


def _heading(text: str) -> form.Heading | None:
    """The heading a paragraph is; its number may be another one."""
    bare = form.SECTION.sub("", text.strip(), count=1) if form.SECTION.match(text.strip()) else None
    for heading in form.HEADINGS:
        said = text.strip() if not heading.level else bare
        if said is not None and _squeezed(said) == _squeezed(heading.text):
            return heading
    return None


# ---- tables


def _table(read: _Read, caption: str) -> Grid | None:
    return read.grids.get(_caption(caption))


def _rows(grid: Grid | None) -> list[tuple[int, dict[str, str]]]:
    """The rows that hold anything, by number: heading → text; a merged cell says it in each of its rows."""
    if grid is None or not grid.rows:
        return []
    over = {
        (row, left): grid.rows[top][left].text
        for top, left, bottom, _ in grid.merges
        for row in range(top + 1, bottom + 1)
    }
    headings = [_squeezed(cell.text) for cell in grid.rows[0]]
    found = []
    for number, row in enumerate(grid.rows[1:], start=1):
        cells = [over.get((number, place), cell.text).strip() for place, cell in enumerate(row)]
        if any(cells):
            named = zip(headings, cells, strict=True)
            found.append((number + grid.first_row, {heading: cell for heading, cell in named if heading}))
    return found


def _indicators(read: _Read) -> list[tuple[int, dict[str, str]]]:
    """The rows of the indicators with their goals and long texts."""
    grid = _table(read, form.INDICATOR_TABLE)
    details = _details(read)
    goals = dict.fromkeys((INDICATORS.column(name).title for name in form.GOAL_COLUMNS), "")
    rows: list[tuple[int, dict[str, str]]] = []
    for number, row in _rows(grid):
        first, *rest = row.values()
        title = form.GOAL_ROW.fullmatch(_squeezed(first))
        if title and not any(rest[1:]):
            goals = dict(zip(goals, (title["number"], rest[0] if rest else ""), strict=True))
            continue
        place = row.pop(form.NUMBER, "")
        said = details.pop(place, None) if place else None
        name = INDICATORS.column("indicator").title
        if said is not None and said[1].get(name) != row.get(name):
            message = f"附表4中序号{place}的指标是“{said[1].get(name, '')}”，附表3中是“{row.get(name, '')}”，按序号对应"
            read.say("W710", message, grid, number, row.get(name, ""))
        rows.append((number, {**goals, **({} if said is None else said[1]), **row}))
    for place, (number, left) in details.items():
        value = "；".join(filter(None, left.values()))
        read.say("W710", f"附表3没有序号{place}，这一行没有读入", _table(read, form.DETAIL_TABLE), number, value)
    return rows


def _details(read: _Read) -> dict[str, tuple[int, dict[str, str]]]:
    """The rows of long texts by the number of their indicator."""
    grid = _table(read, form.DETAIL_TABLE)
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for number, row in _rows(grid):
        place = row.pop(form.NUMBER, "")
        if place in found:
            read.say("W710", f"附表4里序号{place}有两行，只读第一行", grid, number, place)
        else:
            found[place] = (number, row)
    return found


def _frame(read: _Read, caption: str, table: Table, rows: list[tuple[int, dict[str, str]]]) -> pd.DataFrame:
    """Rows as a typed table; what is wrong with them is said at their place."""
    if not rows:
        return empty(table)
    index = pd.Index([number for number, _ in rows], name="row", dtype="int64")
    text = pd.DataFrame([row for _, row in rows], index=index, dtype="str").fillna("")
    frame, problems = typed(text.drop(columns=list(form.COMPUTED), errors="ignore"), table, read.file)
    sheet = read.grids[_caption(caption)].sheet
    read.problems += [replace(found, sheet=sheet) for found in problems if found.code not in LOADERS]
    return frame


def _places(read: _Read, caption: str, frame: pd.DataFrame) -> list[str]:
    grid = _table(read, caption)
    return [f"{grid.sheet}第{row}行" for row in frame["row"]] if grid is not None else []


# ---- what was written by hand where the report follows from its tables


def _by_hand(read: _Read, written: set[str]) -> list[tuple[form.Heading | None, Paragraph]]:
    """The paragraphs outside the sections that are read which are not as they were written."""
    return [(under, block) for under, block in read.others if form.fingerprint(block.words) not in written]


REASONED = re.compile(
    rf"(?P<before>.*?){form.CAUSE}(?P<reason>.*?)[。；;]*\s*(?:{form.REMEDY}(?P<measure>.*?))?[。；;]*", re.DOTALL
)
"""A sentence on an indicator that was not met: ``…，失0.5分。原因：下雨。措施：改期。``"""


def _with_reasons(read: _Read, indicators: pd.DataFrame, written: set[str]) -> pd.DataFrame:
    """The rows with the reasons and measures that were written into the text; every other change is named (W730).

    ``written`` are the fingerprints of the paragraphs as they were written. A report that lost them (another program
    wrote it anew, or an older perfeval) tells reasons and measures that annex 1 does not have, and no other change.
    """
    rows = indicators.copy()
    for under, block in _by_hand(read, written):
        at = _row_of(block.words, rows) if under == form.UNMET else None
        found = REASONED.fullmatch(block.words.strip())
        if at is None or found is None:
            if written:
                _named(read, block)
            continue
        ends = (rows[column].iloc[at] for column in ("reason", "measure"))
        cause, remedy = (f"{' '.join(str(end).split()).rstrip('。；;') or form.BLANK}。" for end in ends)
        if written and form.fingerprint(f"{found['before']}{form.CAUSE}{cause}{form.REMEDY}{remedy}") not in written:
            _named(read, block)
        for column in ("reason", "measure"):
            said = told(found[column] or "")
            if said and said not in form.UNSTATED and said != told(rows[column].iloc[at]):
                _take_words(read, rows, (at, column), said, block)
    return rows


def _named(read: _Read, block: Paragraph) -> None:
    message = "正文里新写或改写的语句没有读入；指标和金额请改在附表里，问题和措施请写在各自的一节"
    read.say("W730", message, row=block.line, value=block.words)


def _row_of(text: str, rows: pd.DataFrame) -> int | None:
    """The row of the indicator a sentence begins with: ``（1）清运率（目标2）未完成：…``."""
    bare = form.SECTION.sub("", text.strip(), count=1)
    named = []
    for at, (name, goal) in enumerate(zip(rows["indicator"], rows["goal_no"], strict=True)):
        shown = " ".join(name.split())
        of_goal = f"{shown}（" if pd.isna(goal) else f"{shown}（目标{goal}"
        if shown and bare.startswith(of_goal):
            named.append((len(shown), at))
    return max(named)[1] if named else None


def _take_words(read: _Read, rows: pd.DataFrame, cell: tuple[int, str], said: str, block: Paragraph) -> None:
    """A reason or measure of the text for a row of annex 1 that has none."""
    at, column = cell
    title, name = INDICATORS.column(column).title, rows["indicator"].iloc[at]
    if rows[column].iloc[at]:
        message = f"正文写的“{name}”的{title}与附表4不同，按附表4读入"
        read.say("W731", message, row=block.line, value=said)
    else:
        rows.loc[rows.index[at], column] = said
        read.say("N730", f"“{name}”的{title}取自正文", row=block.line, value=said)


# ---- words


def _narrative(read: _Read, title: str) -> Narrative:
    """What the sections say."""
    score, grade = _score(read)
    words = {name: tuple(_entries(read.sections.get(name, ()))) for name in LISTS}
    evidence = [(line, read_survey(line)) for line in _entries(read.sections.get("evidence", ()))]
    stages = [(line, read_stage(line)) for line in _entries(read.sections.get("stages", ()))]
    for line, stage in stages:
        if stage is None:
            read.say("W711", "自评工作的阶段应写成“名称（日期）：工作。”，没有读入", value=line)
    notices = [line for line in read.sections.get("organisation", ()) if line.startswith(form.NOTICE)]
    sources = (line for line in read.sections.get("sources", ()) if line.startswith(form.SOURCE))
    return Narrative(
        title=title,
        declared_score=score,
        declared_grade=grade,
        basis=told(notices[0].removeprefix(form.NOTICE)) if notices else "",
        problems=tuple(read_issue(line) for line in _entries(read.sections.get("problems", ()))),
        stages=tuple(stage for _, stage in stages if stage is not None),
        surveys=tuple(survey for _, survey in evidence if survey is not None),
        other_evidence=tuple(line for line, survey in evidence if survey is None),
        sources=tuple(told(line.removeprefix(form.SOURCE)) for line in sources),
        **words,
    )


def _score(read: _Read) -> tuple[Decimal | None, str]:
    """The total and the grade the office gives itself."""
    line = next(iter(read.sections.get("score", ())), "")
    score, grade = SCORE.search(line), GRADE.search(line)
    if score is None and UNSCORED not in line:
        read.say("W711", f"“{form.SCORE.text}”一节读不出“自评得分……分”", value=line)
    return (Decimal(score["score"]) if score else None), (told(grade["grade"]) if grade else "")


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """The entries of a list without their numbers; none where the section says that there is nothing."""
    for line in lines:
        bare = form.ITEM.sub("", line, count=1) if form.ITEM.match(line) else line
        nothing = bare == line and (line.startswith(form.NOTHING) or told(line) == told(form.NOTHING))
        if told(bare) and not nothing and not (bare == line and line.startswith(form.NOTICE)):
            yield told(bare)


# ---- beside what is on file


def settled(document: Document, root: Path, unit: Unit) -> Document:
    """The words of a report as they are on file wherever the report says the same.

    A report ends every entry with a full stop and keeps it on one line; that alone is no change.
    """
    path = file_of(root, unit, NARRATIVE)
    raw = read_bytes(path, path.as_posix())[0] if document.family == FAMILY and path.exists() else None
    if raw is None:
        return document
    kept = parse_narrative(raw, path.as_posix())[0]
    same = {
        name: _as_on_file(getattr(document.narrative, name), getattr(kept, name))
        for name in (entry.name for entry in fields(Narrative))
    }
    return replace(document, narrative=replace(document.narrative, **same))


def _as_on_file(new: Any, old: Any) -> Any:
    """What is on file where it says the same, else the new; lists entry by entry."""
    if isinstance(new, tuple):
        pairs = zip(new, (*old, *new[len(old) :]), strict=False)
        return tuple(_as_on_file(one, other) for one, other in pairs)
    if isinstance(new, str):
        return old if isinstance(old, str) and told(old) == told(new) else new
    if new is None or isinstance(new, Decimal | int):
        return new
    names = [entry.name for entry in fields(new)]
    return replace(new, **{name: _as_on_file(getattr(new, name), getattr(old, name)) for name in names})
