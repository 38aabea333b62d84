"""Problems as a workbook: a list of all, and a copy of what was read with the offending cells marked.

The copy holds values only: a formula of the original is never written again, and no text becomes one.
"""

import base64
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string

from perfeval.ingest.containers import apart, read_content
from perfeval.ingest.containers.guard import unsafe
from perfeval.ingest.containers.sniff import kind_of, suffix_of
from perfeval.ingest.document import Content, Document, Grid, Paragraph, letters_of
from perfeval.ingest.xlsxwriting import BOX, CENTRED, HEADING_FILL, WRAP, font, put_number, put_text, save, sheet_name
from perfeval.model.errors import ERROR, WARNING, Problem

LIST = "问题清单"
COLUMNS = (
    ("级别", 7),
    ("编号", 8),
    ("文件", 24),
    ("工作表", 14),
    ("行", 7),
    ("列", 16),
    ("原值", 24),
    ("说明", 50),
    ("建议", 44),
)
"""Headings of the list and their widths in characters."""
COLOURS = {ERROR: "F8CBAD", WARNING: "FFE699"}
"""Fill by severity; the comment says in words what the colour says."""
NOTE_COLOUR = "DDEBF7"
LETTERS = re.compile(r"([A-Z]{1,3})(?:[0-9]+)?(?![A-Za-z0-9_])")
"""A column as a spreadsheet names it, or a cell, at the start of a problem's column."""
COMMENT = 1_500
"""Characters of a comment; what is cut there stands in the list."""
MARKED = 2_000
"""Cells marked in one workbook; the list has all."""

LEFT = "N661"
"""Says of all cells that were left out how many there are; each of them is marked."""
LEFT_OUT = "这一格没有读入"
SEVERAL = 3
"""Cells that may be meant by a problem that names no row, but what is written there."""

Source = Content | str | Path


def write_problems(
    path: str | Path,
    sources: Source | Iterable[Source],
    problems: Iterable[Problem],
    marked: Iterable[Problem] | None = None,
) -> Path:
    """Write the list of problems as first sheet, then the sheets they are in with their cells filled and commented.

    Of a single .xlsx given by its path the copy keeps the look, but no pictures; of everything else the texts are
    copied, a sheet for each grid, and one for the paragraphs of a file. A problem is marked where its file, sheet
    and row are in the copy: in its column if that begins with a letter of the spreadsheet, else where its value
    stands, else in the whole row; one that names no row where its value stands, if that is in few cells. ``marked``
    takes the place of the problems in the copy, not in the list. Equal arguments give equal bytes; ``OSError`` as
    the system raises it.
    """
    found = list(problems)
    given = [sources] if isinstance(sources, Content | str | Path) else list(dict.fromkeys(sources))
    book = _copy(given[0]) if len(given) == 1 and not isinstance(given[0], Content) else None
    if book is not None:
        places = [("", sheet.title, sheet, 1) for sheet in book.worksheets]
    else:
        book = Workbook()
        book.remove(book.worksheets[0])
        places = [place for source in given for place in _texts(book, source)]
    _mark(places, found if marked is None else list(marked))
    _list(book, found)
    return save(book, path)


def mark_documents(path: str | Path, documents: Iterable[Document], problems: Iterable[Problem]) -> Path:
    """The workbook of problems over the files that documents were read from; what is no file is in the list only."""
    read, found = list(documents), list(problems)
    files = dict.fromkeys(document.file for document in read)
    return write_problems(path, [file for file in files if Path(file).is_file()], found, [*_one_by_one(read, found)])


def _one_by_one(documents: Sequence[Document], problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, and in place of one that tells of all cells left out, one for each of them."""
    for one in problems:
        left = [at for document in documents if document.file == one.file for at, _ in document.account.left]
        if one.code != LEFT or not left:
            yield one
            continue
        for at in left:
            column = letters_of(at.column) if at.column >= 0 else ""
            yield replace(one, sheet=at.sheet, row=at.row, column=column, value="", message=LEFT_OUT)


def _copy(source: Source) -> Any | None:
    """The workbook with values for formulas and without pictures, or None where the file is none that can be copied."""
    path = Path(str(source))
    content = read_content(path)
    if content.container not in {"xlsx", "et"} or not content.blocks:
        return None
    raw = path.read_bytes()
    if kind_of(raw, suffix_of(path.name)) != "xlsx" or unsafe(raw, path.name):
        return None
    try:
        (made,) = apart.pieces("copy", raw)
    except apart.Refused:  # openpyxl cannot build styles that some programs write; the texts are copied then
        return None
    return load_workbook(io.BytesIO(base64.b64decode(made)))


def _texts(book: Any, source: Source) -> list[tuple[str, str, Any, int]]:
    """Copy the grids and paragraphs of a file; returns file, sheet, the copy, and the first row's number."""
    content = source if isinstance(source, Content) else read_content(source)
    places = []
    lines = [block for block in content.blocks if isinstance(block, Paragraph)]
    for block in content.blocks:
        if isinstance(block, Grid):
            title = block.sheet or Path(content.file).stem
            sheet = book.create_sheet(sheet_name(title, [LIST, *book.sheetnames]))
            for number, row in enumerate(block.rows, start=block.first_row):
                for column, cell in enumerate(row, start=1):
                    if cell.text:
                        put_text(sheet.cell(number, column), _fitting(cell.text))
            for top, left, bottom, right in block.merges:
                sheet.merge_cells(start_row=top + block.first_row, end_row=bottom + block.first_row,
                                  start_column=left + 1, end_column=right + 1)  # fmt: skip
            places.append((content.file, block.sheet, sheet, block.first_row))
    if lines:
        sheet = book.create_sheet(sheet_name(f"{Path(content.file).stem}（文字）", [LIST, *book.sheetnames]))
        sheet.column_dimensions["A"].width = 110
        for line in lines:
            put_text(sheet.cell(line.line, 1), _fitting(line.words))
            sheet.cell(line.line, 1).alignment = WRAP
        places.append((content.file, "", sheet, 1))
    return places


def _fitting(text: str) -> str:
    return text if len(text) <= 32_000 else text[:32_000] + "…"  # noqa: PLR2004


def _mark(places: Sequence[tuple[str, str, Any, int]], problems: Sequence[Problem]) -> None:
    """Fill and comment the cells of each problem; several problems of a cell share a comment."""
    by_cell: dict[tuple[int, int, int], list[Problem]] = {}
    for problem in problems:
        for cell in _cells(places, problem):
            by_cell.setdefault(cell, []).append(problem)
    for (index, row, column), found in list(by_cell.items())[:MARKED]:
        cell = places[index][2].cell(row, column)
        worst = min(found, key=lambda one: (one.severity != ERROR, one.severity != WARNING))
        cell.fill = PatternFill("solid", fgColor=COLOURS.get(worst.severity, NOTE_COLOUR))
        text = "\n".join(f"{one.severity} {one.code}：{one.message}\n→ {one.advice}" for one in found)
        cell.comment = Comment(text if len(text) <= COMMENT else text[:COMMENT] + "…", "perfeval", 220, 340)


def _cells(places: Sequence[tuple[str, str, Any, int]], problem: Problem) -> list[tuple[int, int, int]]:
    """Where a problem is marked: which of the copies, row and column."""
    if problem.row is None:
        return _told_by_value(places, problem)
    index = _place(places, problem)
    if index is None:
        return []
    sheet = places[index][2]
    cells = {_first_of_merge(sheet, problem.row, column) for column in _columns(sheet, problem)}
    return [(index, *cell) for cell in sorted(cells)]


def _told_by_value(places: Sequence[tuple[str, str, Any, int]], problem: Problem) -> list[tuple[int, int, int]]:
    """The cells that are the value of a problem without a row, else those that name it as a year, else the only one."""
    if not problem.value or not problem.file:
        return []
    value = re.escape(problem.value)
    ways = [re.compile(way) for way in (rf"\A{value}\Z", rf"{value}年度|[（(]{value}年[）)]", value)]
    holding: list[list[tuple[int, int, int]]] = [[] for _ in ways]
    for index, (file, title, sheet, _) in enumerate(places):
        if file in {"", problem.file} and problem.sheet in {"", title}:
            for row in sheet.iter_rows():
                for cell in row:
                    text = unicodedata.normalize("NFKC", str(cell.value or "")).strip()
                    found = next((at for at, way in enumerate(ways) if way.search(text)), None)
                    if found is not None:
                        holding[found].append((index, cell.row, cell.column))
    exact, year, other = holding
    few, most = (exact or year, SEVERAL) if exact or year else (other, 1)
    return few if len(few) <= most else []


def _place(places: Sequence[tuple[str, str, Any, int]], problem: Problem) -> int | None:
    """Which of the copies holds the problem's row; one that names no sheet may lie in the only one of its file."""
    mine = [index for index, place in enumerate(places) if place[0] in {"", problem.file}]
    for index in mine:
        _, title, sheet, first = places[index]
        named = title == problem.sheet or (not problem.sheet and len(mine) == 1)
        if named and problem.row is not None and first <= problem.row <= sheet.max_row:
            return index
    return None


def _columns(sheet: Any, problem: Problem) -> list[int]:
    """The columns (from 1) of a problem in its row."""
    named = LETTERS.match(problem.column)
    if named and column_index_from_string(named[1]) <= max(sheet.max_column, 1) + 1:
        return [column_index_from_string(named[1])]
    cells = {column: str(sheet.cell(problem.row, column).value or "") for column in range(1, sheet.max_column + 1)}
    wanted = problem.value.rstrip("…")
    exact = [column for column, text in cells.items() if wanted and " ".join(text.split()).startswith(wanted)]
    filled = [column for column, text in cells.items() if text]
    return exact[:1] or filled or [1]


def _first_of_merge(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """The cell, or the first of the merged range it lies in: only that can be written to."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return merged.min_row, merged.min_col
    return row, column


def _list(book: Any, problems: Sequence[Problem]) -> None:
    """The first sheet: every problem, a row each."""
    sheet = book.create_sheet(sheet_name(LIST, book.sheetnames), 0)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    for column, (heading, width) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, column)
        put_text(cell, heading)
        cell.font, cell.alignment, cell.border, cell.fill = font(bold=True), CENTRED, BOX, HEADING_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    for row, one in enumerate(problems, start=2):
        texts = (one.severity, one.code, one.file, one.sheet, "", one.column, one.value, one.message, one.advice)
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            put_text(cell, _fitting(text))
            cell.border, cell.alignment, cell.font = BOX, WRAP, font()
        if one.row is not None:
            put_number(sheet.cell(row, 5), one.row, "0")
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=COLOURS.get(one.severity, NOTE_COLOUR))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:I{len(problems) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
