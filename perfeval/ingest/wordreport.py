"""The Word report that perfeval writes → the tables and words it was made from, with what was changed in it by hand.

Nothing is guessed: the form of the annex is found by the captions of its tables, the sections by their headings, both
in :mod:`perfeval.model.reportform`; what no page shows is in a part of the file. A document without that part is left
to the other recognisers, which read it as any office's report.

Single entries of the report: a problem with its cause, a stage, a survey.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import empty, typed
from perfeval.ingest.directory import Unit, file_of
from perfeval.ingest.document import Account, Block, Content, Document, Grid, Paragraph
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.narrative import period
from perfeval.ingest.tabular import read_bytes
from perfeval.ingest.visible import doubts
from perfeval.ingest.wordhand import told_of, with_hand
from perfeval.model import numerals
from perfeval.model import reportform as form
from perfeval.model.errors import Problem
from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS, ORIGIN, Issue, Narrative, Stage, Survey, Table

DAY = r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日"
STAGE = re.compile(
    rf"(?P<name>.+?)\s*[（(](?P<when>{form.BLANK.pattern}|—|{DAY}\s*(?:[—–－~～至到-]+\s*{DAY}|前|起)?)[）)](?:[：:](?P<work>.*))?",
    re.DOTALL,
)
SURVEY = re.compile(
    rf"(?P<indicator>.+?)的调查：(?P<method>.*)，(?P<date>{form.BLANK.pattern}|{DAY})，"
    rf"(?:{form.BLANK.pattern}|(?P<respondents>[0-9]+)人答卷)(?:，(?P<satisfied>[0-9]+)人满意)?",
    re.DOTALL,
)
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
    open_ = found["when"] == "—" or form.BLANK.fullmatch(found["when"])
    start, end, wrong = ("", "", "") if open_ else period(found["when"], None)
    if wrong:
        return None
    work = tuple(told(part) for part in (found["work"] or "").split("；") if told(part))
    return Stage(found["name"], start, end, work)


def read_survey(text: str) -> Survey | None:
    """``满意度的调查：入户，2022年11月8日，200人答卷，176人满意`` → a survey; None for any other text."""
    found = SURVEY.fullmatch(text)
    if found is None:
        return None
    day = "" if form.BLANK.fullmatch(found["date"]) else period(found["date"], None)[0]
    method = "" if form.BLANK.fullmatch(found["method"]) else found["method"]
    counts = {name: int(found[name]) if found[name] else None for name in ("respondents", "satisfied")}
    return Survey(found["indicator"], date=day, method=method, **counts)


FAMILY = "部门整体绩效自评报告（perfeval格式）"
NARRATIVE = "narrative.toml"
SCORE = re.compile(r"自评得分\s*(?P<score>[0-9]{1,4}(?:\.[0-9]{1,6})?)\s*分")
GRADE = re.compile(r"自评等级为(?P<grade>.+)")
LISTS = ("summary", "measures", "budget_linkage", "key_tasks", "last_year")
"""Sections that are lists of texts, by the field of the narrative."""
CODES_OF_LOADER = {"W202", "W203"}
"""What the loader says of the data on file in any case."""
TITLES = {title: name for name, title in form.SHOWN.items()}
"""Headings of the form that are not those of the tables on file → the column."""


@dataclass
class _Read:
    """A report as it is read."""

    file: str
    kept: form.Kept
    sections: dict[str, list[str]] = field(default_factory=dict)
    """Paragraphs by what their section is read as."""
    grids: dict[str, Grid] = field(default_factory=dict)
    """Tables of the form by caption."""
    numbers: list[str] = field(default_factory=list)
    """Of each indicator row of the form its number, which ties it to what the file kept."""
    others: list[tuple[form.Heading | None, Paragraph]] = field(default_factory=list)
    """Paragraphs that are not read, with the heading they stand under."""
    foreign: list[Grid] = field(default_factory=list)
    """Tables that are none of the form's."""
    problems: list[Problem] = field(default_factory=list)

    def say(self, code: str, message: str, grid: Grid | None = None, row: int | None = None, value: str = "") -> None:
        sheet = "" if grid is None else grid.sheet
        self.problems.append(problem(code, message, file=self.file, sheet=sheet, row=row, value=value))


def recognise_report(content: Content) -> list[Document]:
    """The report in a file that holds what perfeval kept in it; none in any other.

    Problems: E705 a table of the form is missing, W710 rows of the form that do not fit what the file kept of them,
    W711 no total where it should stand, N705 sentences that follow from the tables; those of a table on file.
    """
    kept = form.kept(content.kept) or _restored(content)
    if kept is None or not any(isinstance(block, Grid) for block in content.blocks):
        return []
    read = _read(content, kept)
    if form.kept(content.kept) is None:
        message = (
            "文件里看不见的部分没有了（用别的程序另存过）：原始出处、复核情况没有读入，完成情况说明和佐证材料取自正文"
        )
        read.say("W732", message)
    budget = _frame(read, form.BUDGET_TABLE, BUDGET, _rows(read.grids.get(form.BUDGET_TABLE)))
    indicators = _frame(read, form.INDICATOR_TABLE, INDICATORS, _indicators(read))
    for caption in form.TABLES:
        if caption not in read.grids:
            read.say("E705", f"报告的附件里没有“{caption}”一表")
    narrative = _narrative(read)
    indicators = with_hand(read, indicators)
    for grid in read.foreign:
        cells = [cell.text.strip() for row in grid.rows for cell in row if cell.text.strip()]
        message = f"正文里的一张表（{len(grid.rows)}行）不是附件的表，没有读入；数据请填在附件里"
        read.say("W730", message, grid, grid.first_row, "、".join(cells))
    read.say("N705", "正文中由附件算出的语句没有读入")
    read.problems += doubts(content, read.grids.values())
    return [
        Document(
            file=content.file,
            family=FAMILY,
            confidence=1.0,
            unit=kept.unit,
            title=narrative.title,
            year=kept.year,
            budget=budget.assign(source=_places(read, form.BUDGET_TABLE, budget)),
            indicators=indicators.drop(columns=list(ORIGIN)),
            narrative=narrative,
            blocks=_blocks(read),
            begins=tuple((caption, grid.sheet) for caption, grid in read.grids.items()),
            problems=tuple(read.problems),
            account=_account(content, read),
        )
    ]


SPEAKS = re.compile(r"单位名称：(?P<unit>\S+)")
YEAR = re.compile(rf"(?P<year>20[0-9]{{2}})年度{form.FORM}")


def _restored(content: Content) -> form.Kept | None:
    """What a file kept, as far as its pages tell it, where another program has dropped it; None for other documents."""
    lines = [block.words.strip() for block in content.blocks if isinstance(block, Paragraph)]
    unit = next(filter(None, map(SPEAKS.match, lines)), None)
    year = next(filter(None, map(YEAR.fullmatch, lines)), None)
    read = _read(content, form.Kept())
    grid = read.grids.get(form.INDICATOR_TABLE)
    if unit is None or year is None or grid is None or "score" not in read.sections:
        return None
    heads = [_squeezed(cell.text) for cell in grid.rows[0]]
    name = INDICATORS.column("indicator").title
    if name not in heads or form.NUMBER not in heads:
        return None
    told = told_of([(under, block) for under, block in read.others if under == form.GOAL_ANALYSIS])
    rows, goal = [], ""
    for row in grid.rows[1:]:
        cells = [cell.text.strip() for cell in row]
        title = form.GOAL_ROW.fullmatch(_squeezed(cells[0]))
        if title:
            goal = title["number"]
        elif cells[heads.index(form.NUMBER)]:
            found = told.get((goal, " ".join(cells[heads.index(name)].split())), [])
            rows.append({"indicator": cells[heads.index(name)], **(found.pop(0) if found else {})})
    written = form.fingerprints(lines)
    return form.Kept(unit["unit"], int(year["year"]), rows=tuple(rows), written=written)


def _account(content: Content, read: _Read) -> Account:
    """What became of the cells and paragraphs: what follows from the tables is named by N705, or by W730."""
    paragraphs = sum(isinstance(block, Paragraph) for block in content.blocks)
    grids = [block for block in content.blocks if isinstance(block, Grid)]
    cells = sum(bool(cell.text.strip()) for grid in grids for row in grid.rows for cell in row)
    taken = sum(_taken(grid) for grid in read.grids.values())
    used = taken + paragraphs - len(read.others)
    return Account(cells + paragraphs, used, cells + paragraphs - used)


def _taken(grid: Grid) -> int:
    """The cells with text of a table of the form that are read: all but the columns that follow from the others."""
    computed = {at for at, cell in enumerate(grid.rows[0]) if _squeezed(cell.text) in form.COMPUTED}
    return sum(bool(cell.text.strip()) for row in grid.rows for at, cell in enumerate(row) if at not in computed)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _read(content: Content, kept: form.Kept) -> _Read:
    """The paragraphs by section and the tables by caption."""
    read = _Read(content.file, kept)
    key = before = ""
    under: form.Heading | None = None
    for block in content.blocks:
        if isinstance(block, Grid):
            read.foreign += [block] if before not in (*form.TABLES, form.BLOCK_TABLE) or before in read.grids else []
            if before in (*form.TABLES, form.BLOCK_TABLE):
                read.grids.setdefault(before, block)
            before = ""
            continue
        heading = _heading(block.words)
        if heading is not None:
            under, key = heading, heading.reads
        elif key and not (key == "score" and key in read.sections) and not _annexed(block.words):
            read.sections.setdefault(key, []).append(block.words.strip())
        elif _signed_on(block.words):
            key = ""
            read.sections["signed"] = [_signed_on(block.words)]
        else:
            key = ""
            read.others.append((under, block))
        before = _squeezed(block.words)
    return read


def _signed_on(text: str) -> str:
    """The ISO date of a paragraph that is nothing but a day; empty for any other."""
    found = form.SIGNED_ON.fullmatch(_squeezed(text))
    year, month, day = (
        (numerals.chinese(part) or numerals.decimal(part) or 0 for part in found.groups()) if found else (0, 0, 0)
    )
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _annexed(text: str) -> bool:
    """Whether a paragraph names the annex: the last section ends before it."""
    return text.strip().startswith(f"{form.ANNEX.text}：")


def _heading(text: str) -> form.Heading | None:
    """The heading a paragraph is; its number may be another one."""
    bare = form.unnumbered(text)
    numbered = bare != text.strip()
    for heading in form.HEADINGS:
        if bool(heading.level) == numbered and _squeezed(bare) == _squeezed(heading.text):
            return heading
    return None


# ---- tables


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
    """The rows of the indicators with their goals and what the file kept of them."""
    grid = read.grids.get(form.INDICATOR_TABLE)
    kept = {str(number): row for number, row in enumerate(read.kept.rows, start=1)}
    goals = dict.fromkeys((INDICATORS.column(name).title for name in form.GOAL_COLUMNS), "")
    rows: list[tuple[int, dict[str, str]]] = []
    seen: set[str] = set()
    for number, row in _rows(grid):
        first, *rest = row.values()
        title = form.GOAL_ROW.fullmatch(_squeezed(first))
        if title and not any(rest[1:]):
            goals = dict(zip(goals, (title["number"], rest[0] if rest else ""), strict=True))
            continue
        place = row.pop(form.NUMBER, "")
        said = {} if place in seen else kept.get(place, {})
        if place and place in seen:
            read.say("W710", f"序号{place}有两行，说明和佐证材料只接在第一行", grid, number, place)
        elif place and place not in kept:
            read.say("W710", f"序号{place}写出报告时没有，这一行没有说明和佐证材料", grid, number, place)
        read.numbers.append("" if place in seen else place)
        seen.add(place)
        named = {TITLES.get(heading, heading): cell for heading, cell in row.items()}
        rows.append((number, {**goals, **_joined(read, said, named, place, number)}))
    for place, left in kept.items():
        if place not in seen and grid is not None:
            message = f"附件里没有序号{place}（{left.get('indicator', '')}），这项指标没有读入"
            read.say("W710", message, grid, None, left.get("indicator", ""))
    return rows


def _joined(read: _Read, said: Mapping[str, str], row: dict[str, str], place: str, number: int) -> dict[str, str]:
    """A row of the form with what the file kept of it."""
    name = next((row[key] for key in (INDICATORS.column("indicator").title, "indicator") if key in row), "")
    if said and said.get("indicator") != name:
        message = f"序号{place}的指标是“{name}”，写出报告时是“{said.get('indicator', '')}”，说明和佐证材料按序号对应"
        read.say("W710", message, read.grids[form.INDICATOR_TABLE], number, name)
    kept = {key: text for key, text in said.items() if key != "indicator"}
    actual = INDICATORS.column("actual").title
    if _squeezed(row.get(actual, "")) == form.SEE_TEXT:
        row = {**row, actual: form.NO_FIGURE}
    return {**kept, **row}


def _frame(read: _Read, caption: str, table: Table, rows: list[tuple[int, dict[str, str]]]) -> pd.DataFrame:
    """Rows as a typed table; what is wrong with them is said at their place."""
    if not rows:
        return empty(table)
    index = pd.Index([number for number, _ in rows], name="row", dtype="int64")
    text = pd.DataFrame([row for _, row in rows], index=index, dtype="str").fillna("")
    frame, problems = typed(text.drop(columns=list(form.COMPUTED), errors="ignore"), table, read.file)
    sheet = read.grids[caption].sheet
    read.problems += [replace(found, sheet=sheet) for found in problems if found.code not in CODES_OF_LOADER]
    return frame


def _places(read: _Read, caption: str, frame: pd.DataFrame) -> list[str]:
    grid = read.grids.get(caption)
    return [f"{grid.sheet}第{row}行" for row in frame["row"]] if grid is not None else []


def _blocks(read: _Read) -> tuple[Block, ...] | None:
    """The printed points of parts; None for a report without a table of them, which says nothing of those on file."""
    if form.BLOCK_TABLE not in read.grids:
        return None
    frame = _frame(read, form.BLOCK_TABLE, BLOCKS, _rows(read.grids[form.BLOCK_TABLE]))
    places = _places(read, form.BLOCK_TABLE, frame)
    found = []
    for row, place in zip(frame.to_dict("records"), places, strict=True):
        number = None if pd.isna(row["goal_no"]) else int(row["goal_no"])
        goal, category, under = (str(row[name]) for name in ("goal", "category", "subcategory"))
        name, points, score = str(row["name"]), row["weight"], row["declared_score"]
        found.append(Block(name, points, score, place, number, goal, category, under))
    return tuple(found)


# ---- words


def _narrative(read: _Read) -> Narrative:
    """What the sections say."""
    score, grade = _score(read)
    words = {name: tuple(_entries(read.sections.get(name, ()))) for name in LISTS}
    evidence = [(line, read_survey(line)) for line in _entries(read.sections.get("evidence", ()))]
    basis, organisation, stages = _work(read)
    return Narrative(
        title=read.kept.title,
        declared_score=score,
        declared_grade=grade,
        basis=basis,
        problems=tuple(read_issue(line) for line in _entries(read.sections.get("problems", ()))),
        organisation=organisation,
        stages=stages,
        surveys=tuple(survey for _, survey in evidence if survey is not None),
        other_evidence=tuple(line for line, survey in evidence if survey is None),
        signed_on=next(iter(read.sections.get("signed", ())), ""),
        sources=read.kept.sources,
        **words,
    )


def _work(read: _Read) -> tuple[str, tuple[str, ...], tuple[Stage, ...]]:
    """The notice, who carried the evaluation out, and its stages: what is numbered, or written as one."""
    basis, stages = "", []
    organisation: list[str] = []
    for line in read.sections.get("work", ()):
        notice = told(line).removeprefix(form.NOTICE).removesuffix(form.NOTICE_END)
        if not basis and line.startswith(form.NOTICE) and told(line).endswith(form.NOTICE_END):
            basis = "" if form.BLANK.fullmatch(notice) else notice
            continue
        for entry in _entries([line]):
            stage = read_stage(entry)
            if stage is not None:
                stages.append(stage)
            elif form.STAGE_NUMBER.match(line):
                read.say("W711", "自评工作的阶段应写成“名称（日期）：工作。”，没有读入", value=line)
            elif read.kept.organisation and form.fingerprint(line) in read.kept.written:
                organisation += read.kept.organisation
            else:
                organisation += filter(None, map(told, entry.split("；")))
    return basis, tuple(organisation), tuple(stages)


def _score(read: _Read) -> tuple[Decimal | None, str]:
    """The total and the grade the office gives itself."""
    line = next(iter(read.sections.get("score", ())), "")
    score, grade = SCORE.search(line), GRADE.search(line)
    if score is None and not form.BLANK.search(line):
        read.say("W711", f"“{form.SCORE.text}”一节读不出“自评得分……分”", value=line)
    return (Decimal(score["score"]) if score else None), (told(grade["grade"]) if grade else "")


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """The entries of a list without their numbers; none of what is still to be filled in."""
    for line in lines:
        entry = told(form.ITEM.sub("", line, count=1) if form.ITEM.match(line) else line)
        if entry and not form.ONLY_BLANK.fullmatch(entry):
            yield entry


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
    lost = [name for name in form.SECTIONS if getattr(kept, name) and not getattr(document.narrative, name)]
    said = [f"“{form.SECTIONS[name].text}”一节里没有内容，数据里原有的没有删去" for name in lost]
    problems = tuple(problem("W733", message, file=document.file) for message in said)
    told = replace(document.narrative, **same)
    return replace(document, narrative=told, problems=(*document.problems, *problems))


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
