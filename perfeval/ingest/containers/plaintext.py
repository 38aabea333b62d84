"""Text → blocks: CSV and TSV as one grid; lines of prose as paragraphs, runs of lines with `` | `` as grids."""

import csv
import io
import re

from perfeval.ingest.containers.cellmaker import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, tidy
from perfeval.ingest.containers.word import NOISE
from perfeval.ingest.document import EMPTY, Cell, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.ingest.signatures import marked_wide, wide_encoding
from perfeval.ingest.tabular import decode
from perfeval.model.errors import Problem

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
    grid = _grid(records, 1)
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


def _grid(records: list[list[str]], first_row: int) -> Grid | None:
    """Rows of even width without empty ones at the end and columns empty throughout on the right."""
    widths = [_filled(record) for record in records]
    width = max(widths, default=0)
    if not width:
        return None
    known = {"": EMPTY}  # long tables repeat themselves: equal cells are one object
    lines = []
    for record in records[: max(number for number, filled in enumerate(widths, start=1) if filled)]:
        cells = [known.get(text) or known.setdefault(text, Cell(tidy(text))) for text in record[:width]]
        lines.append((*cells, *(EMPTY,) * (width - len(cells))))
    return Grid("", tuple(lines), (), first_row)


def _filled(record: list[str]) -> int:
    """Cells up to the last with content."""
    width = len(record)
    while width and not record[width - 1].strip():
        width -= 1
    return width


def read_text(raw: bytes, file: str) -> tuple[list[Grid | Paragraph], list[Problem]]:
    """Lines with text as paragraphs; consecutive lines with a bar between spaces are one grid, a line a row."""
    text, problems = text_of(raw, file)
    if text is None:
        return [], problems
    return lines_to_blocks(tidy(text)), problems


def lines_to_blocks(text: str) -> list[Grid | Paragraph]:
    """As :func:`read_text`, from text with ``\\n`` at the end of lines."""
    blocks: list[Grid | Paragraph] = []
    run: list[str] = []
    for number, raw_line in enumerate([*text.split("\n"), ""], start=1):
        line = NOISE.sub("", raw_line).rstrip()
        if PIPE.search(line) or (run and "|" in line and BORDER.fullmatch(line)):
            run.append(line)
            continue
        if run:
            blocks += _pipe_grid(run, number - len(run))
            run = []
        if line.strip():
            blocks.append(Paragraph(line.strip(), number))
    return blocks


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
