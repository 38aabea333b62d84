"""Text → blocks: CSV and TSV as one grid; lines of prose as paragraphs, runs of lines with cells as grids."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable

from perfeval.ingest.containers.shown import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, tidy
from perfeval.ingest.containers.word import NOISE
from perfeval.ingest.document import EMPTY, Cell, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.ingest.signatures import marked_wide, wide_encoding
from perfeval.ingest.tabular import decode
from perfeval.model.errors import Problem
from perfeval.model.folding import is_legible

DELIMITERS = {",": "英文逗号", "\t": "制表符", ";": "分号", "，": "全角逗号", "；": "全角分号", "|": "竖线"}
PIPE = re.compile(r"(?:^|\s)[|｜](?=\s|$)")
"""A cell border in text: a bar with space around it, so that a bar in a word is none."""
BORDER = re.compile(r"[\s|｜:+-]*")
"""A line that only draws a border, as Markdown has under its headings."""


def text_of(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text in UTF-8, GB18030 or UTF-16/32, and what is to be said of it."""
    encoding = wide_encoding(raw)
    if not encoding:
        return decode(raw, file)
    mark = marked_wide(raw)
    name = encoding.upper()[:6]
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        return None, [problem("E101", f"{name}文本有损坏（第{error.start + len(mark) + 1}个字节）", file=file)]
    if "\0" in text:
        return None, [problem("E102", "文件里有二进制内容（空字节）", file=file)]
    message = f"是{name}编码，已按该编码读入" if mark else f"看来是{name}编码（没有字节顺序标记），已按该编码读入"
    return text, [problem("W605", message, file=file)]


def read_table(raw: bytes, file: str) -> tuple[list[Grid | Paragraph], list[Problem]]:
    """A CSV or TSV as one grid, delimiter by content. Rows are counted as a spreadsheet counts them."""
    text, problems = text_of(raw, file)
    if text is None:
        return [], problems
    delimiter = _delimiter(text)
    if delimiter not in ",\t":
        message = f"各列用{DELIMITERS[delimiter]}隔开，已照此读入"
        problems.append(problem("N602", message, file=file))
    records, broken = _records(text, delimiter, file)
    if len(records) > MAX_ROWS or sum(map(len, records)) > MAX_CELLS:
        return [], [*problems, problem("E603", f"超过{MAX_ROWS:,}行或{MAX_CELLS:,}个单元格，未读取", file=file)]
    if records and max(map(len, records)) > MAX_COLUMNS:
        return [], [*problems, problem("E603", f"超过{MAX_COLUMNS}列，未读取", file=file)]
    grid = _grid(records, 1, as_it_is="\r" not in text.replace("\r\n", "\n") and is_legible(text))
    return ([grid] if grid else []), problems + broken


def _delimiter(text: str) -> str:
    """The sign that stands in most of the first lines, then most often."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]
    counts = {sign: (sum(sign in line for line in lines), sum(map(len, (line.split(sign) for line in lines))))
              for sign in DELIMITERS}  # fmt: skip
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best][0] else ","


def _records(text: str, delimiter: str, file: str) -> tuple[list[list[str]], list[Problem]]:
    """The records; where quotes are not in pairs they are read as plain characters."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), []
    except csv.Error:
        lines = text.splitlines()
        number = next((at for at, line in enumerate(lines, 1) if line.count('"') % 2), 1)
        message = "引号不成对，已把引号当作普通文字读入"
        wrong = problem("W606", message, file=file, row=number, value=lines[number - 1])
        return [line.split(delimiter) for line in lines], [wrong]


def _grid(records: list[list[str]], first_row: int, *, as_it_is: bool = False) -> Grid | None:
    """Rows of even width without empty ones at the end and columns empty throughout on the right.

    ``as_it_is``: nothing in the cells has to be made legible, which saves looking at each.
    """
    seen = _unchanged if as_it_is else tidy
    widths = [_filled(record) for record in records]
    width = max(widths, default=0)
    if not width:
        return None
    known = {"": EMPTY}  # long tables repeat themselves: equal cells are one object
    lines = []
    for record in records[: max(number for number, filled in enumerate(widths, start=1) if filled)]:
        cells = [known.get(text) or known.setdefault(text, Cell(seen(text))) for text in record[:width]]
        lines.append((*cells, *(EMPTY,) * (width - len(cells))))
    return Grid("", tuple(lines), (), first_row)


def _unchanged(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text


def _filled(record: list[str]) -> int:
    """Cells up to the last with content."""
    width = len(record)
    while width and not record[width - 1].strip():
        width -= 1
    return width


def read_text(raw: bytes, file: str) -> tuple[list[Grid | Paragraph], list[Problem]]:
    """Lines as paragraphs; lines that follow one another as the rows of a table are a grid, a line a row.

    Cells are separated by bars between spaces, by tabs (pasted from a spreadsheet) or by blanks in columns.
    """
    text, problems = text_of(raw, file)
    if text is None:
        return [], problems
    return lines_to_blocks(tidy(text)), problems


def lines_to_blocks(text: str) -> list[Grid | Paragraph]:
    """As :func:`read_text`, from text with ``\\n`` at the end of lines."""
    blocks: list[Grid | Paragraph] = []
    lines = [NOISE.sub("", line).rstrip() for line in text.split("\n")]
    at = 0
    while at < len(lines):
        end, made = at + 1, list[Grid]()
        for is_row, grid in TABLES:
            if is_row(lines[at]):
                end = _end_of_run(lines, at, is_row)
                made = grid(lines[at:end], at + 1)
                break
        blocks += made or [
            Paragraph(lines[number].strip(), number + 1) for number in range(at, end) if lines[number].strip()
        ]
        at = end
    return blocks


def _end_of_run(lines: list[str], at: int, is_row: Callable[[str], bool]) -> int:
    """The line after a table that begins at a line: rows of one cell, and empty ones, stand between others."""
    end = at + 1
    opened = lines[at].count('"') % 2 if is_row is is_tabbed else 0
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if is_row(line) or (opened and number - end < LONGEST_CELL):
            end = number + 1
            opened = (opened + line.count('"')) % 2 if is_row is is_tabbed else 0
        elif number - end >= BETWEEN or len(line.strip()) > LONGEST_ALONE or "。" in line or is_row is is_barred:
            break
    return end


BETWEEN, LONGEST_ALONE, LONGEST_CELL = 2, 30, 20
"""Rows of a single cell between two others, and its characters; lines of a quoted cell."""


def is_barred(line: str) -> bool:
    """A row of a table drawn with bars, or its border."""
    return PIPE.search(line) is not None or ("|" in line and BORDER.fullmatch(line) is not None)


def is_tabbed(line: str) -> bool:
    """A row of cells separated by tabs; a tab that only indents a line separates nothing."""
    return "\t" in line.strip()


def is_aligned(line: str) -> bool:
    """A row of at least three cells with blanks between them."""
    return len(GAP.split(line.strip())) >= FEWEST_CELLS


GAP = re.compile(r"[ \u3000\u00a0]{2,}")
FEWEST_CELLS = 3
FEWEST_ALIGNED = 3
"""Rows with cells in columns that make a table: fewer are a line with gaps in it."""


def _tab_grid(lines: list[str], first_row: int) -> list[Grid]:
    """A grid of lines with tabs, as a spreadsheet pastes them; none where they only number or end lines of text.

    A row stands at the line where it begins: below one of several lines are empty rows.
    """
    text = "\n".join(lines)
    records, _ = _records(text, "\t", "") if '"' in text else ([line.split("\t") for line in lines], [])
    rows = [row for record in records for row in (record, *[[]] * sum(cell.count("\n") for cell in record))]
    widest = max(map(len, rows))
    if sum(is_tabbed(line) for line in lines) < 2 or widest < FEWEST_CELLS:  # noqa: PLR2004  # a table has two rows
        return []
    grid = _grid(rows, first_row)
    return [grid] if grid else []


def _aligned_grid(lines: list[str], first_row: int) -> list[Grid]:
    """A grid of lines whose cells stand in columns: a row by the columns at which its cells begin, else in order."""
    if sum(is_aligned(line) for line in lines) < FEWEST_ALIGNED:
        return []
    rows = [_starts(line) for line in lines]
    columns = [start for start, _ in max(rows, key=len)]
    cells = [[""] * len(columns) for _ in rows]
    for row, parts in zip(cells, rows, strict=True):
        places = [_nearest(columns, start) for start, _ in parts]
        placed = None not in places and len(set(places)) == len(places)
        for order, ((_, text), at) in enumerate(zip(parts, places, strict=True)):
            row[at if placed and at is not None else order] = text
    grid = _grid(cells, first_row)
    return [grid] if grid else []


def _starts(line: str) -> list[tuple[int, str]]:
    """The cells of a line and where each begins, Chinese characters being two columns wide."""
    found, at = [], 0
    for part in re.split(rf"({GAP.pattern})", line):
        if part.strip():
            found.append((at + _width(part) - _width(part.lstrip()), part.strip()))
        at += _width(part)
    return found


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _nearest(columns: list[int], start: int) -> int | None:
    """The column that begins where a cell does, or beside it."""
    return next((number for number, column in enumerate(columns) if abs(column - start) <= 1), None)


def _pipe_grid(lines: list[str], first_row: int) -> list[Grid]:
    """A grid of lines with bars; bars at both ends of every line are its frame, else they border empty cells."""
    framed = all(line[0] in "|｜" and line[-1] in "|｜" for line in lines)
    rows = [[] if BORDER.fullmatch(line) else [part.strip() for part in PIPE.split(line)] for line in lines]
    known = {"": EMPTY}
    cells = [
        [known.get(part) or known.setdefault(part, Cell(part)) for part in (row[1:-1] if framed else row)]
        for row in rows
    ]
    width = max(map(len, cells))
    return [Grid("", tuple(tuple(row + [EMPTY] * (width - len(row))) for row in cells), (), first_row)] if width else []


TABLES: tuple[tuple[Callable[[str], bool], Callable[[list[str], int], list[Grid]]], ...] = (
    (is_barred, _pipe_grid), (is_tabbed, _tab_grid), (is_aligned, _aligned_grid),
)  # fmt: skip
"""What a row of a table looks like, and what makes a grid of such rows; tried in this order."""
