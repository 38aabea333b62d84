"""Official self-evaluation forms → documents: 项目支出绩效自评表, 部门整体绩效自评表, 复核表, by their headings.

Nothing depends on where a cell is: blocks are found by their heading rows, columns by their headings, and forms that
stand on one sheet are told apart by their titles and 项目名称. The words are in ``headings.toml``.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from perfeval.ingest.checks import DTYPES
from perfeval.ingest.document import Cell, Content, Document, Grid, Paragraph
from perfeval.ingest.forms.closing import check_totals, declared, is_department, unit_of, without_points, year_of
from perfeval.ingest.forms.details import read_details
from perfeval.ingest.forms.families import OTHER, family
from perfeval.ingest.forms.flattened import unflattened
from perfeval.ingest.forms.found import Found, is_goal_line, is_note, is_total, new_goal, read_labels, read_total
from perfeval.ingest.forms.goals import read_goals
from perfeval.ingest.forms.layout import Layout, Sheet, heading_block, sheet_of, usual_layout
from perfeval.ingest.forms.leftovers import read_points
from perfeval.ingest.forms.money import read_budget, read_more, settle
from perfeval.ingest.forms.rows import read_indicators
from perfeval.ingest.forms.segments import is_title, segments
from perfeval.ingest.forms.vocabulary import flat, is_level, is_number, is_word, label, level, tidy, words
from perfeval.ingest.problems import problem
from perfeval.model.narrative import Issue, Narrative
from perfeval.model.schema import BUDGET, INDICATORS, Table

SPREADSHEETS = ("xlsx", "xls", "xlsb", "et", "ods")
ABOUT = re.compile("绩效|自评")
"""A sheet without these words is of something else, and nothing needs to be said of it."""
LOOKED_FOR = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "全年预算数", "全年执行数")
FEWEST = 3
"""Cells that a row of the table has at least."""


def recognise(content: Content) -> list[Document]:
    """Every official form in a file, in order; empty where there is none and nothing looks like one.

    A file that speaks of performance but has no heading row that is known gives one document without a family, with
    the headings that come nearest. Money is in 万元, exact; problems name sheet, row and column.
    """
    documents: list[Document] = []
    silent: list[Sheet] = []
    for sheet in _sheets(content):
        found = _forms(content.file, sheet)
        documents += found
        if not found:
            silent.append(sheet)
    if not documents and content.container not in SPREADSHEETS:
        documents = _relaid(content)
    if not documents:
        return [_nothing(content.file, sheet) for sheet in silent[:1] if _looks_like_form(sheet)]
    for sheet in silent:
        if sheet.name and _looks_like_form(sheet):
            line = next(number for number in range(len(sheet.lines)) if sheet.filled(number))
            noted = Found(content.file, sheet)
            noted.say("N656", "这张工作表里没有认出自评表，没有导入", line)
            documents[0] = replace(documents[0], problems=(*documents[0].problems, *noted.problems))
    return documents


def _sheets(content: Content) -> list[Sheet]:
    """Each sheet of a workbook; the tables and paragraphs of a document or text together, as they follow each other."""
    blocks = [block for block in content.blocks if not (isinstance(block, Grid) and _skipped(block.sheet))]
    grids = [block for block in blocks if isinstance(block, Grid)]
    if content.container in SPREADSHEETS or (grids and len(grids) == len(blocks) and len({g.sheet for g in grids}) > 1):
        return [sheet_of(grid.sheet, [grid]) for grid in grids]
    return [sheet_of("", blocks)] if blocks else []


def _relaid(content: Content) -> list[Document]:
    """The form in a text that has lost its table, laid out again."""
    lines: list[str] = []
    for block in content.blocks:
        rows = [(Cell(block.text),)] if isinstance(block, Paragraph) else block.rows
        lines += [" | ".join(cell.text for cell in row) for row in rows]
    grid, left = unflattened(lines)
    if grid is None:
        return []
    documents = _forms(content.file, sheet_of(grid.sheet, [grid]))
    message = "表格的边框已丢失，按标题、指标级别和分值得分重排成表；空单元格无从辨认"
    warned = [problem("W660", message, file=content.file)]
    if left:
        message = f"有{len(left)}处文字归不进任何一行，没有导入"
        warned.append(problem("N651", message, file=content.file, value="、".join(left)))
    return [replace(document, problems=(*warned, *document.problems)) for document in documents]


def _skipped(name: str) -> bool:
    return any(word in name for word in words()["words"]["skipped_sheets"])


def _forms(file: str, sheet: Sheet) -> list[Document]:
    """The forms of a sheet. What a later one does not repeat (headings, year) holds on from the one before it."""
    layouts: dict[str, Layout] = {}
    found: list[Document] = []
    for first, stop in segments(sheet):
        form = Found(file, sheet, dict(layouts))
        if not _read(form, first, stop):
            continue
        for year in form.target_years[:-1]:
            earlier = Found(file, sheet, dict(layouts), target_year=year)
            _read(earlier, first, stop)
            found.append(replace(_document(earlier, first, stop), year=year))
        if form.target_years:
            form = Found(file, sheet, dict(layouts), target_year=form.target_years[-1])
            _read(form, first, stop)
        document = _document(form, first, stop)
        if form.target_year:
            document = replace(document, year=form.target_year)
        if found and form.layouts == layouts and document.family == OTHER:
            document = replace(document, family=found[-1].family, confidence=found[-1].confidence)
        if found and document.year is None:
            document = replace(document, year=found[-1].year)
        layouts = form.layouts
        found.append(document)
    return found


def _read(found: Found, first: int, stop: int) -> bool:
    """Read one form; whether it has an indicator table, or at least money under a title of a self-evaluation."""
    sheet = found.sheet
    head = [cell.text for line in range(first, min(first + 12, stop)) for _, cell in sheet.filled(line)]
    found.verbatim = any(mark in flat(text) for text in head for mark in words()["words"]["template"])
    found.department = is_department(found, first, stop)
    line = first
    while line < stop:
        line = _read_block(found, line, stop)
    settle(found)
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


def is_first_level(text: str) -> bool:
    """Whether a level name is of the first level: 产出指标, 效益指标, 满意度指标, 成本指标."""
    return re.fullmatch(r"(?:项目)?(?:产出|效益|满意度|成本)(?:指标)?", level(text)) is not None


def _read_other(found: Found, line: int) -> None:
    """A line outside the tables: a total, a goal's title, money without headings, labels with values; else nothing."""
    cells = found.sheet.filled(line)
    if read_more(found, line):
        return
    if is_total(found.sheet, line) == cells[0][0] and any(is_number(cell) for _, cell in cells):
        read_total(found, found.layouts.get("indicators", Layout("indicators", (), line)), line)
        return
    if is_note(cells[0][1].text) and not label(cells[0][1].text):
        return
    if is_goal_line(found.sheet, line) and new_goal(found, cells[0][1].text, line, cells[0][0]):
        return
    if not read_labels(found, line) and len(cells) >= FEWEST and any(is_number(cell) for _, cell in cells):
        found.say("N651", "这一行不在认出的任何一部分里，没有导入", line, cells[0][0], cells[0][1].text)


def _document(found: Found, first: int, stop: int) -> Document:
    """The finished document of one form."""
    sheet = found.sheet
    texts = [cell.text for line in _edges(first, stop) for _, cell in sheet.filled(line)]
    name, share = family(texts)
    title = next((tidy(sheet.filled(line)[0][1].text) for line in range(first, stop) if is_title(sheet, line)), "")
    score = declared(found)
    if not found.verbatim:
        without_points(found)
    check_totals(found, score)
    money_only = found.verbatim and all(what != "指标" for what, _ in found.begins)
    if not found.indicators and not money_only:
        found.say("W659", "认出了自评表，但没有填写任何指标", first)
    grade = next((text for _, text in found.labels.get("grade", [])), "")
    narrative = Narrative(
        title=title,
        declared_score=score,
        declared_grade=grade,
        summary=tuple(found.texts.get("achieved", []) + found.texts.get("summary", [])),
        problems=tuple(Issue(text) for text in found.texts.get("problems", [])),
        measures=tuple(found.texts.get("measures", [])),
        other_evidence=tuple(found.texts.get("other_evidence", [])),
    )
    project = min(found.labels.get("project", [(0, "")]))[1]
    return Document(
        file=found.file,
        family=name,
        confidence=share,
        unit=unit_of(found, title),
        title=PROJECT_CODE.sub("", project) or _project_in(title),
        year=year_of(found, first, stop),
        budget=_frame(found.budget, BUDGET),
        indicators=_frame(found.indicators, INDICATORS),
        narrative=narrative,
        begins=tuple(found.begins),
        problems=tuple(found.problems),
        blocks=tuple(found.blocks),
    )


PROJECT_CODE = re.compile(r"^[0-9A-Z]{8,}\s*[-－—]\s*(?=.)")
"""The number that the budget system puts before a project's name."""


def _project_in(title: str) -> str:
    """The project in ``道路维护项目支出绩效自评复核表``; the whole title where it names none."""
    before = re.split(r"项目支出|绩效|自评", title)[0].strip()
    unnamed = not before or "整体" in before or re.fullmatch(r"[（(]?20[0-9]{2}\s*年度?[)）]?", before)
    return title if unnamed else before


EDGE = 150
"""Lines at either end of a form that are searched for a family's marks; between them are only more rows."""


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


def _looks_like_form(sheet: Sheet) -> bool:
    """Whether a sheet speaks of performance and has at least one row like a heading row."""
    rows = [sheet.filled(line) for line in range(min(len(sheet.lines), EDGE))]
    said = any(ABOUT.search(cell.text) for row in rows for _, cell in row)
    return said and any(len(row) >= FEWEST for row in rows)


NEAR = 0.6


def _nothing(file: str, sheet: Sheet) -> Document:
    """No form: what was looked for, and which headings come nearest."""
    columns = [*words()["indicators"]["columns"].values(), *words()["budget"]["columns"].values()]
    known = [name for names in columns for name in names]
    near = []
    for line in range(min(len(sheet.lines), EDGE)):
        for number, cell in sheet.filled(line):
            close = difflib.get_close_matches(flat(cell.text), known, n=1, cutoff=NEAR) if len(cell.text) < EDGE else []
            if close:
                near.append((line, number, f"“{tidy(cell.text)}”（像“{close[0]}”）"))
    noted = Found(file, sheet)
    shown = f"；相近的有：{'、'.join(dict.fromkeys(text for _, _, text in near[:6]))}" if near else "，也没有相近的标题"
    message = f"没有认出自评表：找不到有{'、'.join(LOOKED_FOR)}等标题的一行{shown}"
    if near:
        noted.say("E651", message, near[0][0], near[0][1])
        return Document(file, "", 0.0, problems=tuple(noted.problems))
    return Document(file, "", 0.0, problems=(problem("E651", message, file=file, sheet=sheet.name),))
