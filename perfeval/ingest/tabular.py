"""CSV and TSV as text: encodings, quotes, headings and row numbers; no cell is interpreted.

Row numbers are those of a spreadsheet: the heading is row 1, and each record is one row even if a quoted cell of it
contains line breaks. Rows without any content are passed over, and still counted.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from perfeval.ingest.problems import problem
from perfeval.ingest.signatures import binary, decodes, empty, foreign, scrambled, shield
from perfeval.model.errors import Problem, reason
from perfeval.model.folding import legible

WIDE_SPACES = re.compile("[\u3000\u00a0\u2000-\u200a\u202f\u205f]")
"""Full-width, no-break and typographic spaces: never part of a heading."""

BINARY = {
    b"PK\x03\x04": "这是Excel（.xlsx）等压缩格式的文件",
    b"\xd0\xcf\x11\xe0": "这是旧版Excel（.xls）或Word文件",
    b"%PDF": "这是PDF文件",
    b"\xff\xfe\0\0": "这是UTF-32编码的文本",
    b"\0\0\xfe\xff": "这是UTF-32编码的文本",
    b"\xff\xfe": "这是UTF-16编码的“Unicode文本”",
    b"\xfe\xff": "这是UTF-16编码的“Unicode文本”",
}
"""First bytes of what offices mistake for CSV."""

OTHER_DELIMITERS = {"，": "全角逗号", ";": "分号", "；": "全角分号", "|": "竖线"}

Record = tuple[int, list[str]]
"""Spreadsheet row, cells."""


def read_bytes(path: str | Path, file: str) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a file, or None and the problem that kept it from being read."""
    if Path(path).is_dir():
        advice = "请移走这个文件夹，放入同名的文件"
        return None, [problem("E110", "应为文件，却是文件夹", file=file, advice=advice)]
    try:
        return Path(path).read_bytes(), []
    except OSError as error:
        return None, [problem("E110", f"文件无法打开：{reason(error)[0]}", file=file)]


@dataclass(frozen=True, slots=True)
class Text:
    """A table as text. One that cannot be read as a table at all has no headings."""

    headings: list[str] = field(default_factory=list)
    """Those of the file, each once."""
    rows: list[int] = field(default_factory=list)
    """Of the spreadsheet."""
    cells: list[list[str]] = field(default_factory=list)
    """Row by row, one for each heading."""

    @property
    def columns(self) -> dict[str, list[str]]:
        """The cells by heading."""
        columns = zip(*self.cells, strict=True) if self.cells else ((),) * len(self.headings)
        return {heading: list(column) for heading, column in zip(self.headings, columns, strict=True)}


def read_table(raw: bytes, file: str) -> tuple[Text, list[Problem]]:
    """One table from a file's bytes, and every problem; ``file`` is what problems call it.

    Nothing is raised for what a file contains.
    """
    text, problems = decode(raw, file)
    if text is None:
        return Text(), problems
    records, broken = _records(text, file)
    problems += broken
    filled = [(row, cells) for row, cells in records if "".join(cells).strip()]
    if not filled:
        return Text(), problems or [problem("E103", "文件是空的", file=file)]
    (row, heading), *body = filled
    names, wrong = _headings(heading, row, file)
    problems += wrong
    if not body and not broken:
        problems.append(problem("E104", "只有标题，没有数据行", file=file))
    rows, ragged = _even(body, len(names), file)
    problems += ragged
    return _named_columns(names, rows, file, problems)


def decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file in UTF-8 (with or without byte-order mark) or GB18030, and what is to be said of it."""
    wrong = _no_text(raw, file)
    if wrong:
        return None, wrong
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw):
            return None, [problem("E101", f"UTF-8文本有损坏：{_byte(raw, error.start)}无法解读", file=file)]
    try:
        return raw.decode("gb18030"), [problem("W101", "不是UTF-8编码，已按GB18030读入", file=file)]
    except UnicodeDecodeError as error:
        message = f"既不是UTF-8也不是GB18030编码：{_byte(raw, error.start)}无法解读"
        return None, [problem("E101", message, file=file)]


def _no_text(raw: bytes, file: str) -> list[Problem]:
    """Why these bytes are not text, before any encoding is tried: GB18030 has characters for most bytes."""
    other = foreign(raw)
    named = next((text for start, text in BINARY.items() if raw.startswith(start)), other and f"这是{other.name}")
    if shield(raw) is not None:
        code, message = "E612", "内容是密文：可能被文档加密软件加密"
    elif named:
        code, message = "E102", named
    elif empty(raw):
        code, message = "E615", "文件里全是空字节，没有内容"
    elif binary(raw) and not decodes(raw, "utf-8"):
        chaos = scrambled(raw)
        code, message = (
            ("E613", "未知的二进制内容，可能被文档加密软件加密") if chaos else ("E614", "未知的二进制内容，不是文本")
        )
    elif b"\0" in raw:
        code, message = "E102", "文件里有二进制内容（空字节）"
    else:
        return []
    return [problem(code, message, file=file)]


def _byte(raw: bytes, at: int) -> str:
    """Which byte, for people: line and place in the line, from 1."""
    line, start = raw.count(b"\n", 0, at) + 1, raw.rfind(b"\n", 0, at)
    return f"文本第{line}行第{at - start}个字节（0x{raw[at]:02X}）"


def _mostly_utf8(raw: bytes) -> bool:
    """Whether this is UTF-8 with damage rather than GB18030, which would read the damaged text as other characters."""
    text = raw.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - wrong > wrong


def _records(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The records with their spreadsheet rows, up to where the quotes break."""
    first = re.sub(r"(?s)[\r\n].*", "", text.lstrip())
    delimiter = "\t" if "\t" in first and "," not in first else ","
    if delimiter not in first:
        other = next((title for sign, title in OTHER_DELIMITERS.items() if sign in first), "")
        if other:
            return [], [problem("E109", f"各列用{other}隔开，应为英文逗号", file=file, row=1, value=first)]
    records: list[Record] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records.extend(enumerate(reader, start=1))
    except csv.Error:
        start = len(records) + 1
        message = f"引号不成对：从这一行开始的单元格没有正确结束（读到文本第{reader.line_num}行）"
        return records, [problem("E107", message, file=file, row=start)]
    return records, []


def _headings(heading: list[str], row: int, file: str) -> tuple[list[str], list[Problem]]:
    """The headings without what cannot be seen."""
    names, problems = [], []
    for number, text in enumerate(heading, start=1):
        name = WIDE_SPACES.sub("", legible(text)).strip()
        unseen = sorted({sign for sign in text if not legible(sign) or WIDE_SPACES.match(sign)})
        alike = sorted({sign for sign in text if legible(sign) not in {"", sign}} - set(unseen))
        for signs, kind, done in ((unseen, "不可见字符", "去掉"), (alike, "形似汉字的部首", "换成汉字")):
            if signs:
                listed = "、".join(f"U+{ord(sign):04X}" for sign in signs)
                message = f"第{number}列的标题含{kind}（{listed}），已{done}"
                problems.append(problem("W102", message, file=file, row=row, column=name))
        names.append(name)
    for name, count in Counter(names).items():
        if name and count > 1:
            problems.append(problem("E106", f"标题“{name}”出现了{count}次", file=file, row=row, column=name))
    return names, problems


def _even(body: list[Record], width: int, file: str) -> tuple[list[Record], list[Problem]]:
    """The rows that have one cell for each heading (empty cells beyond the last heading do no harm)."""
    rows, problems = [], []
    for row, cells in body:
        if len(cells) == width:
            rows.append((row, cells))
        elif len(cells) < width or any(cell.strip() for cell in cells[width:]):
            last = next((cell for cell in reversed(cells) if cell.strip()), "")
            message = f"这一行有{len(cells)}个单元格，标题有{width}个"
            problems.append(problem("E105", message, file=file, row=row, value=last))
        else:
            rows.append((row, cells[:width]))
    return rows, problems


def _named_columns(
    names: list[str], rows: list[Record], file: str, problems: list[Problem]
) -> tuple[Text, list[Problem]]:
    """The table of the columns that have a heading; the first of two with the same one."""
    for number, name in enumerate(names):
        found = None if name else next(((row, cells[number]) for row, cells in rows if cells[number].strip()), None)
        if found:
            message = f"第{number + 1}列有内容但没有标题"
            problems.append(problem("E108", message, file=file, row=found[0], value=found[1]))
    keep = [number for number, name in enumerate(names) if name and names.index(name) == number]
    headings = [names[number] for number in keep]
    cells = [row for _, row in rows] if len(keep) == len(names) else [[row[n] for n in keep] for _, row in rows]
    return Text(headings, [row for row, _ in rows], cells), problems
