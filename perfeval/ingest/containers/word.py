"""Word documents (.docx) → paragraphs and tables in order, as they read once all revisions are accepted.

The XML is walked directly: content controls, text boxes and nested tables, which a list of paragraphs and tables would
pass over, are part of the document, and a document with macros or in the strict form reads like any other. Nothing is
passed over in silence: what is not in the lists of :mod:`~perfeval.ingest.containers.wordlooks` is named.

The parts of a Word document's package: the main one, notes, headers and footers.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from perfeval.ingest.containers.comments import unread_comments
from perfeval.ingest.containers.drawings import PICTURE, alternative, text_in
from perfeval.ingest.containers.guard import root as root_of
from perfeval.ingest.containers.markedtext import quoted
from perfeval.ingest.containers.wordlooks import (
    GONE,
    INVISIBLE,
    LAYOUT,
    OFF,
    UNREAD,
    Numbering,
    child,
    has_text,
    known,
    local,
    looks,
    numbering,
    short,
    value,
)
from perfeval.ingest.containers.wordruns import Runs, is_prompt
from perfeval.ingest.containers.wordtables import Line, Table, finished, properties
from perfeval.ingest.document import EMPTY, Cell, Doubt, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem
from perfeval.model.fiction import FICTIONAL


def main_part(archive: zipfile.ZipFile) -> str:
    """The part the package names as its document."""
    if "_rels/.rels" in archive.namelist():
        for relation in root_of(archive.read("_rels/.rels")):
            if value(relation, "Type").endswith("/officeDocument"):
                target = value(relation, "Target").lstrip("/")
                if target in archive.namelist():
                    return target
    return "word/document.xml"


def read_part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of a part the document can be read without; None where it is missing or broken."""
    if name not in archive.namelist():
        return None
    try:
        return root_of(archive.read(name))
    except ParseError:
        return None


def read_notes(part: Element | None) -> dict[str, str]:
    """The texts of footnotes or endnotes by their ids."""
    return {value(note, "id"): text_in(note) for note in (part if part is not None else ())}


def edges(archive: zipfile.ZipFile, folder: str) -> Iterator[str]:
    """The texts of headers and footers."""
    for name in archive.namelist():
        if re.fullmatch(rf"{re.escape(folder)}(?:header|footer)[0-9]*\.xml", name):
            part = read_part(archive, name)
            if part is not None:
                yield text_in(part)


MAX_PART = 64 * 1024 * 1024
"""Bytes of the document's text part; the longest report seen has under 3 MB."""
NOISE = re.compile(r"\[bookmark:\s*[^\[\]]{0,60}\]|\u200b|\ufeff")
"""What conversions leave in the text."""
AROUND = LAYOUT | {"sdt"}
"""Elements around paragraphs, tables, rows and cells."""
PAGE_NUMBER = re.compile(r"[\s0-9第页共/／\-—–－.·,，]*")
QUOTED = 3
"""Headers and footers that a problem quotes."""

Say = Callable[[str, str], None]
"""Takes a problem's code and message."""


def read_docx(raw: bytes, file: str) -> tuple[list[Grid | Paragraph], list[Problem]]:
    """Paragraphs with text and tables, in order; text boxes follow the paragraph that holds them.

    Tables are named ``表1``, ``表2`` …, a table within one ``表1-1``. Numbers of automatic lists are kept beside the
    text. What is doubtful about a cell or a paragraph is kept with it; the problems are about all else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            main = main_part(archive)
            size = archive.getinfo(main).file_size
            if size > MAX_PART:
                return [], [problem("E601", f"正文有{size >> 20}MB，远大于真实的报告", file=file)]
            folder = main.rpartition("/")[0] + "/"
            root = root_of(archive.read(main))
            lists, styles = read_part(archive, folder + "numbering.xml"), read_part(archive, folder + "styles.xml")
            notes = {kind: read_notes(read_part(archive, f"{folder}{kind}s.xml")) for kind in ("footnote", "endnote")}
            runs = Runs(looks(styles), lambda kind, number: notes[kind].get(number, ""))
            reader = _Reader(file, numbering(lists, styles), runs)
            body = child(root, "body")
            blocks = list(reader.blocks(body if body is not None else root))
            reader.edges(edges(archive, folder))
            reader.problems += unread_comments(archive, file)
    except Exception as error:  # zipfile and expat raise many kinds on damaged input, deep nesting a RecursionError
        return [], [problem("E606", f"文档无法读取（{type(error).__name__}）", file=file)]
    return blocks, reader.told()


@dataclass
class _Reader:
    """Counts paragraphs and tables of one document, and keeps what is to be said of it."""

    file: str
    numbers: Numbering
    runs: Runs
    paragraphs: int = 0
    tables: int = 0
    problems: list[Problem] = field(default_factory=list)
    drawings: list[tuple[str, int]] = field(default_factory=list)
    """Pictures and the like outside tables, and their paragraphs."""

    def told(self) -> list[Problem]:
        """The problems of the whole document."""
        found = list(self.problems)
        if self.runs.deleted:
            message = f"有{self.runs.deleted}处修订删去了文字，按接受修订后的样子读取"
            found.append(problem("N603", message, file=self.file, row=None))
        for thing in dict.fromkeys(thing for thing, _ in self.drawings):
            where = [number for name, number in self.drawings if name == thing]
            places = "、".join(map(str, where[:12])) + ("…" if len(where) > 12 else "")  # noqa: PLR2004
            message = f"正文里有{len(where)}处{thing}没有读取（第{places}段）"
            found.append(problem("N614", message, file=self.file, row=where[0]))
        return found

    def edges(self, texts: Iterable[str]) -> None:
        """Name what stands in headers and footers besides page numbers and our own mark of fictional data."""
        told = (text for text in texts if text != FICTIONAL and not PAGE_NUMBER.fullmatch(text))
        read = list(dict.fromkeys(told))
        if read:
            message = f"页眉页脚没有读取：{'、'.join(map(quoted, read[:QUOTED]))}{'等' if len(read) > QUOTED else ''}"
            self.problems.append(problem("N612", message, file=self.file))

    def _say(self, code: str, message: str, sheet: str = "", row: int | None = None) -> None:
        self.problems.append(problem(code, message, file=self.file, sheet=sheet, row=row))

    # ---- paragraphs

    def blocks(self, parent: Element) -> Iterator[Grid | Paragraph]:
        """What the children of an element hold, in order; paragraphs whose mark is gone run on into the next."""
        line: Line | None = None
        for element in self._parts(parent, {"p", "tbl", "m:oMath"}, self._said_in_body):
            if short(element.tag) == "tbl":
                if line is not None:
                    yield from self._paragraph(line, "")
                    line = None
                self.tables += 1
                yield from self._table(element, f"表{self.tables}")
                continue
            self.paragraphs += 1
            line = line or Line()
            label = self._read(element, line)
            if not line.runs_on:
                yield from self._paragraph(line, label)
                line = None
        if line is not None:
            yield from self._paragraph(line, "")

    def _read(self, paragraph: Element, line: Line) -> str:
        """Add a paragraph to a line; returns its list number."""
        about = child(paragraph, "pPr")
        self.runs.read(paragraph, about, line)
        line.runs_on = about is not None and _runs_on(about)
        return "" if about is None or line.runs_on else self.numbers.label(about)

    def _said_in_body(self, code: str, message: str) -> None:
        self._say(code, f"第{self.paragraphs}段后：{message}", row=self.paragraphs or None)

    def _paragraph(self, line: Line, label: str) -> Iterator[Grid | Paragraph]:
        number = self.paragraphs
        text, doubts = _cleaned(line)
        self.drawings += [(thing, number) for thing in line.drawings]
        if text:
            yield Paragraph(text, number, _before(label, text), tuple(doubts))
        else:  # nobody reads an empty paragraph
            for code, message in doubts:
                self._say(code, message, row=number)
        for box in line.boxes:
            yield from self.blocks(box)

    def _parts(self, parent: Element, wanted: set[str], say: Say) -> Iterator[Element]:
        """The children of some names, also where a content control stands around them; what is neither is named."""
        for part in parent:
            name = short(part.tag)
            if name in wanted:
                yield part
            elif name in AROUND:
                prompts = name == "sdt" and is_prompt(part)
                self.runs.placeholder += prompts
                yield from self._parts(part, wanted, say)
                self.runs.placeholder -= prompts
            elif name == "AlternateContent":
                chosen, doubt = alternative(part)
                if doubt:
                    say("W617", doubt)
                yield from self._parts(chosen, wanted, say)
            elif name in GONE:
                self.runs.deleted += 1
            elif name not in INVISIBLE:
                _name_unread(part, name, say)

    # ---- tables

    def _table(self, element: Element, name: str) -> Iterator[Grid | Paragraph]:
        """The table, then what its cells hold besides text."""
        table = Table(name)
        style = value(child(child(element, "tblPr"), "tblStyle"))
        inner: list[Element] = []

        def said_in_table(code: str, message: str) -> None:
            self._say(code, message, sheet=name, row=len(table.rows) + 1)

        for row in self._parts(element, {"tr"}, said_in_table):
            about = child(row, "trPr")
            if about is not None and (child(about, "del") is not None or child(about, "moveFrom") is not None):
                self.runs.deleted += 1
                continue
            table.begin(about)
            for cell in self._parts(row, {"tc"}, said_in_table):
                own = properties(child(cell, "tcPr"))
                if own.deleted:
                    self.runs.deleted += 1
                    table.delete()
                else:
                    table.add(self._cell(cell, style, inner), own)
            table.end()
        grid = table.grid()
        if grid is not None:
            yield grid
        tables = 0
        for part in inner:
            if short(part.tag) == "tbl":
                tables += 1
                yield from self._table(part, f"{name}-{tables}")
            else:
                yield from self.blocks(part)

    def _cell(self, cell: Element, style: str, inner: list[Element]) -> Cell:
        """The paragraphs of a cell, one a line; tables and text boxes in it are added to ``inner``."""
        read = _CellText()
        line: Line | None = None
        for part in self._parts(cell, {"p", "tbl", "m:oMath"}, read.say):
            if short(part.tag) == "tbl":
                inner.append(part)
                if text_in(part):
                    read.say("W617", f"单元格里嵌套了表格，另行读出：{quoted(text_in(part))}")
                continue
            line = line or Line(style)
            label = self._read(part, line)
            if not line.runs_on:
                read.close(line, label, inner)
                line = None
        if line is not None:
            read.close(line, "", inner)
        return read.cell()


@dataclass(slots=True)
class _CellText:
    """What has been read of a cell: its lines, their list numbers, its doubts."""

    lines: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def say(self, code: str, message: str) -> None:
        """Note a doubt."""
        self.doubts.append((code, message))

    def close(self, line: Line, label: str, inner: list[Element]) -> None:
        """Add a line that has ended."""
        text, said = _cleaned(line)
        self.lines.append(text)
        self.labels.append(_before(label, text))
        self.doubts += said
        for box in line.boxes:
            inner.append(box)
            if text_in(box):
                self.say("W617", f"单元格里有文本框，文字读在表格之后：{quoted(text_in(box))}")
        for thing in line.drawings:
            if thing != PICTURE or line.inline or not text:
                self.say("W617", f"单元格里有{thing}，里面的内容没有读取")

    def cell(self) -> Cell:
        """The cell; its empty paragraphs show no numbers, unless there is nothing else."""
        text = "\n".join(line for line in self.lines if line)
        if not text and not self.doubts and not any(self.labels):
            return EMPTY
        numbered = ""
        if any(self.labels):
            pairs = zip(self.labels, self.lines, strict=True)
            numbered = "\n".join(shown for label, line in pairs if (shown := label + line) and (line or not text))
        return Cell(text, numbered="" if numbered == text else numbered, doubts=tuple(dict.fromkeys(self.doubts)))


def _cleaned(line: Line) -> tuple[str, list[Doubt]]:
    text, doubts = finished(line)
    return (text.strip() if text.isascii() and "[" not in text else NOISE.sub("", text).strip()), doubts


def _before(label: str, text: str) -> str:
    """A list number as it stands before a text: kept apart from digits, which it would run into."""
    apart = label and text[:1].isdecimal() and re.search(r"[0-9０-９.．]$", label)
    return f"{label} " if apart else label


def _runs_on(about: Element) -> bool:
    """Whether the mark of a paragraph is deleted or hidden, so that the next one goes on in the same line."""
    mark = child(about, "rPr")
    if mark is None:
        return False
    names = {local(part): value(part) for part in mark}
    return bool({"del", "moveFrom"} & names.keys()) or names.get("vanish", "0") not in OFF


def _name_unread(part: Element, name: str, say: Say) -> None:
    """Name an element that is not read here, unless nothing would be seen of it."""
    if name in UNREAD:
        say("W617", f"{UNREAD[name]}没有读取")
    elif has_text(part):
        say("W617", f"有不认识的内容（{name.removeprefix('?:')}），没有读取：{quoted(''.join(part.itertext()))}")
    elif not known(name) and not name.startswith("?:"):
        say("W617", f"有不认识的内容（{name}），没有读取")
