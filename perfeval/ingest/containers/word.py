"""Word documents (.docx) → paragraphs and tables in order, as they read once all revisions are accepted.

The XML is walked directly: content controls, text boxes and nested tables, which a list of paragraphs and tables would
pass over, are part of the document, and a document with macros or in the strict form reads like any other.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from perfeval.ingest.containers.guard import root as root_of
from perfeval.ingest.containers.numbering import Numbering, child, local, numbering, value
from perfeval.ingest.document import EMPTY, Cell, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

MAX_PART = 64 * 1024 * 1024
"""Bytes of the document's text part; the longest report seen has under 3 MB."""
MAX_WIDTH = 200
"""Columns of a table; Word itself allows 63."""
NOISE = re.compile(r"\[bookmark:\s*[^\[\]]{0,60}\]|\u200b|\ufeff")
"""What conversions leave in the text."""
SYMBOLS = {"F0FE": "☑", "F052": "☑", "F053": "☒", "F0A8": "□", "F06F": "□", "F0A3": "□", "F0FC": "√", "F050": "√",
           "F0FD": "☒", "F0FB": "×", "F04F": "×"}  # fmt: skip
"""Tick boxes, which are characters of a symbol font (Wingdings, Wingdings 2)."""
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
THROUGH = {"r", "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml"}
THROUGH |= {"ruby", "rubyBase"}
"""Elements of a paragraph whose content is part of its text."""
AROUND = {"sdt", "sdtContent", "customXml", "ins", "moveTo"}
"""Elements around paragraphs, tables, rows and cells."""


def read_docx(raw: bytes, file: str) -> tuple[list[Grid | Paragraph], list[Problem]]:
    """Paragraphs with text and tables, in order; text boxes follow the paragraph that holds them.

    Tables are named ``表1``, ``表2`` …, a table within one ``表1-1``. Numbers of automatic lists are part of the text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            main = _main_part(archive)
            size = archive.getinfo(main).file_size
            if size > MAX_PART:
                return [], [problem("E601", f"正文有{size >> 20}MB，远大于真实的报告", file=file)]
            folder = main.rpartition("/")[0] + "/"
            root = root_of(archive.read(main))
            lists, styles = _part(archive, folder + "numbering.xml"), _part(archive, folder + "styles.xml")
            reader = _Reader(numbering(lists, styles))
            body = child(root, "body")
            blocks = list(reader.blocks(body if body is not None else root))
    except Exception as error:  # zipfile and expat raise many kinds on damaged input, deep nesting a RecursionError
        return [], [problem("E606", f"文档无法读取（{type(error).__name__}）", file=file)]
    problems = []
    if reader.deleted:
        message = f"有{reader.deleted}处修订删去了文字，按接受修订后的样子读取"
        problems.append(problem("N603", message, file=file, row=None))
    return blocks, problems


def _main_part(archive: zipfile.ZipFile) -> str:
    """The part the package names as its document."""
    if "_rels/.rels" in archive.namelist():
        for relation in root_of(archive.read("_rels/.rels")):
            if value(relation, "Type").endswith("/officeDocument"):
                target = value(relation, "Target").lstrip("/")
                if target in archive.namelist():
                    return target
    return "word/document.xml"


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of a part the document can be read without; None where it is missing or broken."""
    if name not in archive.namelist():
        return None
    try:
        return root_of(archive.read(name))
    except ParseError:
        return None


class _Reader:
    """Counts paragraphs, tables and deletions of one document."""

    def __init__(self, numbers: Numbering) -> None:
        self._numbers = numbers
        self._paragraphs = 0
        self._tables = 0
        self.deleted = 0

    def blocks(self, parent: Element) -> Iterator[Grid | Paragraph]:
        """What the children of an element hold, in order."""
        for element in parent:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                self._tables += 1
                yield from self._table(element, f"表{self._tables}")
            elif name in AROUND:
                yield from self.blocks(element)
            elif name in {"del", "moveFrom"}:
                self.deleted += 1
            elif name == "AlternateContent":
                yield from self.blocks(_choice(element))

    def _paragraph(self, element: Element) -> Iterator[Grid | Paragraph]:
        self._paragraphs += 1
        line = self._paragraphs
        boxes: list[Element] = []
        text = self._whole_text(element, boxes)
        if text:
            yield Paragraph(text, line)
        for box in boxes:
            yield from self.blocks(box)

    def _whole_text(self, element: Element, boxes: list[Element]) -> str:
        """The text of a paragraph with its number."""
        text = NOISE.sub("", self._text(element, boxes)).strip()
        label = self._numbers.label(child(element, "pPr"))
        return f"{label}{text}" if text else ""

    def _text(self, element: Element, boxes: list[Element]) -> str:
        """The text within; elements of text boxes are added to ``boxes``."""
        pieces = []
        for part in element:
            name = local(part)
            if name == "t":
                pieces.append(part.text or "")
            elif name in SIGNS:
                pieces.append(SIGNS[name])
            elif name == "sym":
                pieces.append(SYMBOLS.get(value(part, "char").upper(), ""))
            elif name == "r" and _unseen(part):
                continue
            elif name in THROUGH:
                pieces.append(self._text(part, boxes))
            elif name in {"del", "moveFrom"}:
                self.deleted += 1
            elif name == "AlternateContent":
                pieces.append(self._text(_choice(part), boxes))
            elif name in {"drawing", "pict", "object", "shape"}:
                boxes += [box for box in part.iter() if local(box) == "txbxContent"]
        return "".join(pieces)

    def _table(self, table: Element, name: str) -> Iterator[Grid | Paragraph]:
        """The table, then what its cells hold besides text."""
        rows: list[list[Cell]] = []
        spans = _Spans()
        inner: list[Element] = []
        for number, row in enumerate(_inside(table, "tr")):
            cells = [EMPTY] * _number(child(child(row, "trPr"), "gridBefore"), 0)
            for cell in _inside(row, "tc"):
                width = _number(child(child(cell, "tcPr"), "gridSpan"), 1)
                if len(cells) + width > MAX_WIDTH:
                    raise ValueError("table width")
                continued = spans.add(number, len(cells), width, child(child(cell, "tcPr"), "vMerge"))
                text = self._cell_text(cell, inner)
                cells += [EMPTY if continued else Cell(text), *[EMPTY] * (width - 1)]
            rows.append(cells)
        width = max((len(row) for row in rows), default=0)
        if width:
            even = tuple(tuple(row + [EMPTY] * (width - len(row))) for row in rows)
            yield Grid(name, even, spans.merges())
        tables = 0
        for element in inner:
            if local(element) == "tbl":
                tables += 1
                yield from self._table(element, f"{name}-{tables}")
            else:
                yield from self.blocks(element)

    def _cell_text(self, cell: Element, inner: list[Element]) -> str:
        """The paragraphs of a cell, one a line; tables and text boxes in it are added to ``inner``."""
        lines = []
        for part in cell:
            name = local(part)
            if name == "p":
                lines.append(self._whole_text(part, inner))
            elif name == "tbl":
                inner.append(part)
            elif name in AROUND:
                lines.append(self._cell_text(part, inner))
        return "\n".join(line for line in lines if line)


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also where a content control stands around them; deleted rows are none."""
    for part in element:
        if local(part) == name:
            if name == "tr" and child(child(part, "trPr"), "del") is not None:
                continue
            yield part
        elif local(part) in AROUND:
            yield from _inside(part, name)


def _number(element: Element | None, otherwise: int) -> int:
    """The number an element gives, within what a table can have."""
    text = value(element)
    return min(int(text), MAX_WIDTH) if text.isdecimal() and len(text) < 10 and int(text) else otherwise  # noqa: PLR2004


class _Spans:
    """Merged ranges of a table as its cells are met, row by row."""

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []
        self._open: dict[int, list[int]] = {}

    def add(self, row: int, column: int, width: int, down: Element | None) -> bool:
        """Note a cell; whether it continues the cell above, so that its own text is not shown."""
        above = self._open.get(column)
        if down is not None and value(down) != "restart" and above is not None and above[2] == row - 1:
            above[2] = row
            return True
        found = [row, column, row, column + width - 1]
        self._ranges.append(found)
        self._open.pop(column, None)
        if down is not None:
            self._open[column] = found
        return False

    def merges(self) -> tuple[tuple[int, int, int, int], ...]:
        """Ranges of more than one cell, sorted."""
        wide = [(top, left, bottom, right) for top, left, bottom, right in self._ranges]
        return tuple(sorted(found for found in wide if found[0] < found[2] or found[1] < found[3]))


def _choice(element: Element) -> Element:
    """The first of the alternatives: they say the same in forms for newer and older programs."""
    return next(iter(element), element)


def _unseen(run: Element) -> bool:
    """Whether a run is formatted as hidden."""
    hidden = child(child(run, "rPr"), "vanish")
    return hidden is not None and value(hidden) not in {"0", "false", "off"}
