"""Tables of a Word document as grids: spans, merges, and what revisions of cells do to a row.

What has been read of a paragraph of a Word document while its runs go by: pieces with marks, and open fields.
"""

from collections import Counter
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.markedtext import Piece, joined, quoted
from perfeval.ingest.containers.wordlooks import OFF, child, local, value
from perfeval.ingest.document import EMPTY, Cell, Doubt, Grid

MAX_WIDTH = 200
"""Columns of a table; Word itself allows 63."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What is said of a cell."""

    width: int = 1
    """Columns it spans."""
    down: str = ""
    """``restart`` where a range merged downwards begins, ``continue`` where it goes on."""
    across: str = ""
    """Likewise to the right, in the way of old documents."""
    deleted: bool = False


PLAIN = Properties()


def properties(about: Element | None) -> Properties:
    """From a cell's properties (``w:tcPr``); a tracked change of merging counts as accepted."""
    if about is None:
        return PLAIN
    width, down, across, deleted = 1, "", "", False
    for part in about:
        name = local(part)
        if name == "gridSpan":
            width = number(part, 1)
        elif name in {"vMerge", "hMerge"}:
            state = "restart" if value(part) == "restart" else "continue"
            down, across = (state, across) if name == "vMerge" else (down, state)
        elif name == "cellMerge":
            down = {"cont": "continue", "rest": "restart"}.get(value(part, "vMerge"), down)
        elif name == "cellDel":
            deleted = True
    return Properties(width, down, across, deleted)


def number(element: Element | None, otherwise: int) -> int:
    """The number an element gives, within what a table can have."""
    text = value(element)
    return min(int(text), MAX_WIDTH) if text.isdecimal() and len(text) < 10 and int(text) else otherwise  # noqa: PLR2004


@dataclass
class Table:
    """A table as its cells are met, row by row."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    _row: list[Cell] = field(default_factory=list)
    _after: int = 0
    _deleted: int | None = None
    _ranges: list[list[int]] = field(default_factory=list)
    _open: dict[int, list[int]] = field(default_factory=dict)
    """Column → the range merged downwards that may go on there."""
    _covered: list[tuple[list[int], str]] = field(default_factory=list)
    """Texts of cells that a merged range covers, by range."""
    _shortened: dict[int, int] = field(default_factory=dict)
    """Row → the column its first deleted cell stood in."""
    _widths: list[int] = field(default_factory=list)

    def begin(self, about: Element | None) -> None:
        """Begin a row with these properties (``w:trPr``)."""
        self._row = [EMPTY] * number(child(about, "gridBefore"), 0)
        self._after = number(child(about, "gridAfter"), 0)
        self._deleted = None
        hidden = child(about, "hidden")
        if hidden is not None and value(hidden) not in OFF:
            self.hidden.add(len(self.rows))

    def delete(self) -> None:
        """Note that a cell of the row is deleted: the ones after it move up."""
        self._deleted = len(self._row) if self._deleted is None else self._deleted

    def add(self, cell: Cell, own: Properties) -> None:
        """Add a cell to the row."""
        if len(self._row) + own.width > MAX_WIDTH:
            raise ValueError("table width")
        owner = self._owner(own)
        if owner is not None and cell.text:
            self._covered.append((owner, cell.text))
        self._row += [EMPTY if owner is not None else cell, *[EMPTY] * (own.width - 1)]

    def _owner(self, own: Properties) -> list[int] | None:
        """The merged range that covers a cell; None for a cell of its own, which begins one."""
        row, column = len(self.rows), len(self._row)
        above = self._open.get(column)
        if own.down == "continue" and above is not None and above[2] >= row - 1:
            above[2] = row
            return above
        before = self._ranges[-1] if self._ranges else None
        if own.across == "continue" and before is not None and before[0] == row and before[3] == column - 1:
            before[3] += own.width
            return before
        found = [row, column, row, column + own.width - 1]
        self._ranges.append(found)
        self._open.pop(column, None)
        if own.down:
            self._open[column] = found
        return None

    def end(self) -> None:
        """End the row; one whose cells are all deleted is none."""
        if self._deleted is not None:
            if not self._row:
                self.hidden.discard(len(self.rows))
                return
            self._shortened[len(self.rows)] = self._deleted
        self._widths.append(len(self._row) + self._after)
        self.rows.append(self._row)

    def grid(self) -> Grid | None:
        """The table with rows of equal width; None where it has no cells."""
        width = max((len(row) for row in self.rows), default=0)
        if not width:
            return None
        rows = [row + [EMPTY] * (width - len(row)) for row in self.rows]
        for row, column in self._shortened.items():
            self._doubt_shift(rows[row], row, column)
        for (top, left, _, _), text in self._covered:
            doubt = "W616", f"合并单元格里被遮住的文字{quoted(text)}没有读取"
            rows[top][left] = rows[top][left]._replace(doubts=(*rows[top][left].doubts, doubt))
        wide = [(top, left, bottom, right) for top, left, bottom, right in self._ranges]
        merges = tuple(sorted(found for found in wide if found[0] < found[2] or found[1] < found[3]))
        return Grid(self.name, tuple(map(tuple, rows)), merges, hidden_rows=frozenset(self.hidden))

    def _doubt_shift(self, row: list[Cell], at: int, column: int) -> None:
        """Where a row is shorter than the others by its deleted cells, those after them may stand in wrong columns."""
        others = Counter(width for other, width in enumerate(self._widths) if other not in self._shortened)
        if not others or self._widths[at] == others.most_common(1)[0][0]:
            return
        doubt = "W616", "本行有修订删去的单元格，这一格左移了，可能与标题对不上"
        for number_, cell in enumerate(row[column:], start=column):
            if cell.text:
                row[number_] = cell._replace(doubts=(*cell.doubts, doubt))


@dataclass(slots=True)
class Field:
    """An open field: between its begin and its end."""

    data: Element | None
    shown: bool
    """Whether it stands where text is shown: not in the instruction of another."""
    stale: bool
    at: int
    """Pieces of the line before its result."""
    instruction: str = ""
    dropped: str = ""
    """Text in the instruction, which nobody sees."""
    result: bool = False


@dataclass(slots=True)
class Line:
    """What has been read of a paragraph, or of several that run on into each other."""

    table: str = ""
    style: str = ""
    """Ids of the styles of the table and of the paragraph."""
    pieces: list[Piece] = field(default_factory=list)
    doubts: dict[Doubt, None] = field(default_factory=dict)
    """In order, each once."""
    boxes: list[Element] = field(default_factory=list)
    """Contents of text boxes."""
    drawings: list[str] = field(default_factory=list)
    """Pictures, charts and the like, by what a reader calls them."""
    inline: bool = False
    """Whether one of them stands in the line like a letter."""
    fields: list[Field] = field(default_factory=list)
    runs_on: bool = False
    """Whether the next paragraph goes on in it."""
    mark: str = ""
    font: str = ""
    """Of the run that is read."""

    def put(self, text: str) -> None:
        """Add text with the mark of its run."""
        if self.fields and not (self.fields[-1].shown and self.fields[-1].result):
            self.fields[-1].dropped += text
        elif text:
            self.pieces.append((text, self.mark))

    def say(self, code: str, message: str) -> None:
        """Note a doubt, unless what it is about is not shown."""
        if not self.fields or self.fields[-1].result:
            self.doubts[code, message] = None


def finished(line: Line) -> tuple[str, list[Doubt]]:
    """The text of a line and its doubts, once its paragraph has ended."""
    while line.fields:
        open_field = line.fields.pop()
        lost = open_field.dropped if open_field.shown and not open_field.result else ""
        if lost.strip():
            line.say("W614", f"域没有结束，其中的文字没有读取：{quoted(lost)}")
    if not any(mark for _, mark in line.pieces):
        return "".join(text for text, _ in line.pieces), [*line.doubts]
    text, doubts = joined(line.pieces)
    return text, [*line.doubts, *doubts]
