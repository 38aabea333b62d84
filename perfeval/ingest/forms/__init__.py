"""Official self-evaluation forms → documents: 项目支出绩效自评表, 部门整体绩效自评表, 复核表, by their headings.

Nothing depends on where a cell is: blocks are found by their heading rows, columns by their headings, and forms that
stand on one sheet are told apart by their titles and 项目名称. The words are in ``headings.toml``.
"""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from perfeval.ingest.checks import DTYPES
from perfeval.ingest.document import Cell, Content, Document, Grid, Paragraph, Place
from perfeval.ingest.forms.blocks import printed_blocks, take_execution
from perfeval.ingest.forms.closing import (
    PROJECT_CODE,
    WORDS,
    Reading,
    accounted,
    check_columns,
    check_totals,
    chosen,
    declared,
    head_year,
    is_department,
    loose,
    places,
    project_in,
    tally,
    unit_of,
    year_of,
)
from perfeval.ingest.forms.flattened import unflattened, unplaced
from perfeval.ingest.forms.found import Found, is_note, take_own_notes
from perfeval.ingest.forms.headings import usual_layout
from perfeval.ingest.forms.layout import (
    Layout,
    Sheet,
    heading_block,
    is_first_level,
    is_title,
    segments,
    sheet_of,
)
from perfeval.ingest.forms.leftovers import EDGE, FEWEST, LOOKED_FOR, looks_like_form, nothing, read_points
from perfeval.ingest.forms.money import read_details, read_more
from perfeval.ingest.forms.moneyshapes import read_budget, read_said
from perfeval.ingest.forms.rows import read_indicators, settle
from perfeval.ingest.forms.titles import is_goal_line, is_total, new_goal, read_goals, read_labels, read_total
from perfeval.ingest.forms.vocabulary import (
    OF_LAST,
    OTHER,
    apart,
    family,
    flat,
    is_level,
    is_number,
    is_word,
    label,
    points,
    tidy,
    words,
)
from perfeval.ingest.problems import problem
from perfeval.model.schema import BUDGET, INDICATORS, Issue, Narrative, Table

SPREADSHEETS = ("xlsx", "xls", "xlsb", "et", "ods")
OWN_SHEETS = ("填表说明", "示例（示例数据）")
"""Sheets of perfeval's own template beside the form; there is nothing in them to be told of."""


def recognise(content: Content) -> list[Document]:
    """Every official form in a file, in order; empty where there is none and nothing looks like one.

    A file that speaks of performance but has no heading row that is known gives one document without a family, with
    the headings that come nearest. Money is in 万元, exact; problems name sheet, row and column.
    """
    documents: list[Document] = []
    silent: list[Sheet] = []
    own = False
    for sheet in _sheets(content):
        found = readings(content.file, sheet)
        documents += [document for reading in found for document in _accounted(reading, content.container)]
        own = own or any(form.verbatim for reading in found for form in reading.found)
        if not found:
            silent.append(sheet)
    if not documents and content.container not in SPREADSHEETS:
        documents = _relaid(content)
        silent = [] if documents else silent  # all of them was laid out, and is in that account
    if not documents:
        return [nothing(content.file, sheet) for sheet in silent[:1] if looks_like_form(sheet)]
    for sheet in silent:
        noted = Found(content.file, sheet)
        lines = range(len(sheet.lines))
        if sheet.name and looks_like_form(sheet):
            noted.say("N656", "这张工作表里没有认出自评表，没有导入", next(at for at in lines if sheet.filled(at)))
            for line in lines:
                noted.drop(line)
            documents[0] = replace(documents[0], problems=(*documents[0].problems, *noted.problems))
        documents[0] = accounted(documents[0], tally(sheet, lines, [noted]).account(), content.container)
    skipped = [block for block in content.blocks if isinstance(block, Grid) and _skipped(block.sheet)]
    for grid in skipped:
        if not own or grid.sheet not in OWN_SHEETS:
            documents[0] = _without(documents[0], grid, content.container)
    return documents


def _accounted(reading: Reading, container: str) -> list[Document]:
    """The documents of a form, the first with the account of its cells."""
    first, *others = reading.documents
    return [accounted(first, reading.tally().account(), container), *others]


def _without(document: Document, grid: Grid, container: str) -> Document:
    """The document with a note of a sheet that only explains or shows how to fill the form in."""
    sheet = sheet_of(grid.sheet, [grid])
    noted = Found(document.file, sheet)
    for line in range(len(sheet.lines)):
        noted.drop(line)
    counted = tally(sheet, range(len(sheet.lines)), [noted]).account()
    message = f"工作表“{grid.sheet}”是说明、示例或选项，没有读取"
    said = problem("N662", message, file=document.file, sheet=grid.sheet)
    return accounted(replace(document, problems=(*document.problems, said)), counted, container)


def _sheets(content: Content) -> list[Sheet]:
    """Each sheet of a workbook; the tables and paragraphs of a document or text together, as they follow each other."""
    blocks = [block for block in content.blocks if not (isinstance(block, Grid) and _skipped(block.sheet))]
    grids = [block for block in blocks if isinstance(block, Grid)]
    bare = grids and len(grids) == len(blocks) and len({g.sheet for g in grids}) > 1 and content.container not in WORDS
    if content.container in SPREADSHEETS or bare:
        return [sheet_of(grid.sheet, [grid]) for grid in grids]
    return [sheet_of("", blocks)] if blocks else []


def _relaid(content: Content) -> list[Document]:
    """The form in a text that has lost its table, laid out again."""
    lines: list[str] = []
    at: list[Place] = []
    for block in content.blocks:
        rows = [(Cell(block.words),)] if isinstance(block, Paragraph) else block.rows
        lines += [" | ".join(cell.text for cell in row) for row in rows]
        first = block.line if isinstance(block, Paragraph) else block.first_row
        sheet = "" if isinstance(block, Paragraph) else block.sheet
        at += [Place(sheet, first + number) for number in range(len(rows))]
    grid, left = unflattened(lines)
    if grid is None:
        return []
    found = readings(content.file, sheet_of(grid.sheet, [grid]))
    documents = [document for reading in found for document in _accounted(reading, content.container)]
    message = "表格的边框已丢失，按标题、指标级别和分值得分重排成表；空单元格无从辨认"
    warned = [problem("W660", message, file=content.file)]
    if left:
        message = f"有{len(left)}处文字归不进任何一行，没有导入"
        warned.append(problem("N651", message, file=content.file, value="、".join(left)))
    if documents:
        rest = [(at[line], text) for line, text in unplaced(lines, grid)]
        documents[0] = accounted(documents[0], loose(rest, left), content.container)
    return [replace(document, problems=(*warned, *document.problems)) for document in documents]


def _skipped(name: str) -> bool:
    return any(word in name for word in words()["words"]["skipped_sheets"])


def readings(file: str, sheet: Sheet) -> list[Reading]:
    """The forms of a sheet. What a later one does not repeat (headings, year) holds on from the one before it."""
    layouts: dict[str, Layout] = {}
    found: list[Reading] = []
    before: list[int] = []
    for first, stop in segments(sheet):
        year = head_year(Found(file, sheet), first, stop)
        if year is None and found:
            year = _following(sheet, first, found[-1].documents[-1].year)
        form = Found(file, sheet, dict(layouts), year=year)
        if not _read(form, first, stop):
            (found[-1].lines if found else before).extend(range(first, stop))
            continue
        forms = []
        for of_year in form.target_years:
            forms.append(Found(file, sheet, dict(layouts), year=year, target_year=of_year))
            _read(forms[-1], first, stop)
        forms = forms or [form]
        documents = [_dated(_document(one, first, stop), one.target_year) for one in forms]
        last, earlier = documents[-1], found[-1].documents[-1] if found else None
        if earlier and forms[-1].layouts == layouts and last.family == OTHER:
            last = replace(last, family=earlier.family, confidence=earlier.confidence)
        if earlier and last.year is None:
            last = replace(last, year=year)
        layouts = forms[-1].layouts
        found.append(Reading([*documents[:-1], last], forms, [*before, *range(first, stop)]))
        before = []
    return found


def _following(sheet: Sheet, first: int, earlier: int | None) -> int | None:
    """The year of a form that does not say its own, below another one: the same, or the year before (上年度…)."""
    cells = sheet.filled(first)
    before = earlier is not None and cells and apart(cells[0][1].text, earlier) == OF_LAST
    return earlier - 1 if before and earlier else earlier


def _dated(document: Document, year: int | None) -> Document:
    return replace(document, year=year) if year else document


def _read(found: Found, first: int, stop: int) -> bool:
    """Read one form; whether it has an indicator table, or at least money under a title of a self-evaluation."""
    sheet = found.sheet
    for line in range(first, min(first + 12, stop)):
        for number, cell in sheet.filled(line):
            if any(mark in flat(cell.text) for mark in words()["words"]["template"]):
                found.verbatim = True
                found.take(line, number, heading=True)
    found.department = is_department(found, first, stop)
    line = first
    while line < stop:
        line = _read_block(found, line, stop)
    settle(found)
    take_execution(found)
    if found.indicators:
        return True
    opened = any(what == "指标" for what, _ in found.begins)
    titled = found.verbatim or any(is_title(sheet, number) for number in range(first, stop))
    return opened or (bool(found.budget) and titled)


def _read_block(found: Found, line: int, stop: int) -> int:
    """Read what begins at a line; returns the line after it."""
    sheet = found.sheet
    cells = sheet.filled(line)
    if not cells:
        return line + 1
    kind = heading_block(sheet, line)
    if kind:
        return READERS[kind](found, line, stop)
    layout = _row_layout(found, line)
    if layout:
        return max(line + 1, read_indicators(found, line, stop, layout))
    _read_other(found, line)
    return line + 1


READERS: dict[str, Callable[[Found, int, int], int]] = {
    "budget": read_budget,
    "details": read_details,
    "indicators": read_indicators,
    "points": read_points,
    "goals": read_goals,
}
"""By block: what reads it from its heading row on, and returns the line after it."""


def _row_layout(found: Found, line: int) -> Layout | None:
    """The layout for a row of the table that has no heading row of its own, or None for other lines."""
    cells = found.sheet.filled(line)
    levels = [number for number, cell in cells[:2] if is_level(cell.text) and not is_word("block", cell.text)]
    if not levels or len(cells) < FEWEST or label(cells[0][1].text):
        return None
    if "indicators" in found.layouts:
        return found.layouts["indicators"]
    named = flat(cells[0][1].text).endswith("指标") and any(is_number(cell) for _, cell in cells)
    if not named:
        return None
    first = levels[0] - 1 if levels[0] > 0 else 0
    titles = "、".join(LOOKED_FOR[:4])
    found.say("W654", f"没有标题行（{titles}…），按财政部通用格式的列序读入", line, levels[0], cells[0][1].text)
    found.begin("指标", line)
    return usual_layout(first if not is_first_level(cells[0][1].text) else levels[0], line)


def _read_other(found: Found, line: int) -> None:
    """A line outside the tables: a total, a goal's title, money without headings, labels with values; else nothing."""
    cells = found.sheet.filled(line)
    if read_more(found, line) or read_said(found, line):
        return
    alone = not any((label(cell.text) or ("",))[0] in ("reviewed", "score", "grade") for _, cell in cells[1:])
    if is_total(found.sheet, line) == cells[0][0] and any(is_number(cell) for _, cell in cells) and alone:
        read_total(found, found.layouts.get("indicators", Layout("indicators", (), line)), line)
        return
    if len(cells) == 1 and (is_word("block", cells[0][1].text) or points(cells[0][1].text) is not None):
        found.take(line, cells[0][0], heading=True)
    if is_note(cells[0][1].text) and not label(cells[0][1].text):
        return
    if is_goal_line(found.sheet, line) and new_goal(found, cells[0][1].text, line, cells[0][0]):
        return
    if not read_labels(found, line) and len(cells) >= FEWEST and any(is_number(cell) for _, cell in cells):
        found.say("N651", "这一行不在认出的任何一部分里，没有导入", line, cells[0][0], cells[0][1].text)
        found.drop(line)


REVIEW_SHEET = "自评复核表"
"""The family of perfeval's own sheet for reviewers."""


def _document(found: Found, first: int, stop: int) -> Document:
    """The finished document of one form."""
    sheet = found.sheet
    texts = [cell.text for line in _edges(first, stop) for _, cell in sheet.filled(line)]
    name, share = family(texts)
    titled = next(((line, *sheet.filled(line)[0]) for line in range(first, stop) if is_title(sheet, line)), None)
    title = tidy(titled[2].text) if titled else ""
    if titled:
        found.take(*titled[:2])
        found.narrative["title"] = [titled[:2]]
    score = declared(found)
    check_totals(found, score)
    check_columns(found)
    take_own_notes(found, range(first, stop))
    if name == REVIEW_SHEET and all(row["weight"] is None for row in found.budget):
        score = None  # of the indicators alone, for the sheet has no row of execution: no total of the office
    money_only = found.verbatim and all(what != "指标" for what, _ in found.begins)
    if not found.indicators and not money_only:
        found.say("W659", "认出了自评表，但没有填写任何指标", first)
    graded, named = found.labels.get("grade", []), found.labels.get("project", [])
    grade = chosen(found, graded[0]) if graded else ""
    project = chosen(found, min(named)) if named else ""
    found.narrative |= {
        "declared_score": [at[1:] for at in found.scores[-1:]],
        "declared_grade": [entry.at for entry in graded[:1]],
        "summary": [*found.texts_at.get("achieved", []), *found.texts_at.get("summary", [])],
        **{name: found.texts_at.get(name, []) for name in ("problems", "measures", "other_evidence")},
    }
    narrative = Narrative(
        title=title,
        declared_score=score,
        declared_grade=grade,
        summary=tuple(found.texts.get("achieved", []) + found.texts.get("summary", [])),
        problems=tuple(Issue(text) for text in found.texts.get("problems", [])),
        measures=tuple(found.texts.get("measures", [])),
        other_evidence=tuple(found.texts.get("other_evidence", [])),
    )
    unit, year = unit_of(found, title), year_of(found, first, stop)
    blocks = None if found.verbatim else printed_blocks(found)
    return Document(
        file=found.file,
        family=name,
        confidence=share,
        unit=unit,
        title=PROJECT_CODE.sub("", project) or project_in(title),
        year=year,
        budget=_frame(found.budget, BUDGET),
        indicators=_frame(found.indicators, INDICATORS),
        narrative=narrative,
        begins=tuple(found.begins),
        problems=tuple(found.problems),
        blocks=blocks,
        places=places(found),
    )


def _edges(first: int, stop: int) -> list[int]:
    return [*range(first, min(stop, first + EDGE)), *range(max(first + EDGE, stop - EDGE), stop)]


def _frame(rows: list[dict[str, object]], table: Table) -> pd.DataFrame:
    """Rows as a frame with the columns of a table, and ``source``."""
    names = list(dict.fromkeys([*table.names, "source"]))
    kinds = {column.name: column.kind for column in table.columns}
    data = {}
    for name in names:
        kind = kinds.get(name, "text")
        values = [row.get(name, None if kind in ("money", "points", "count") else "") for row in rows]
        data[name] = pd.Series(values, dtype=DTYPES[kind])
    return pd.DataFrame(data, columns=names)
