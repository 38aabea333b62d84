"""What stands between a file and the tables: its content as cells and paragraphs, and what was recognised in it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from perfeval.model.errors import Problem
from perfeval.model.schema import BLOCKS, Narrative

TYPED, FORMULA, UNCOMPUTED, WRONG = "typed", "formula", "uncomputed", "wrong"
"""Where a cell's value comes from: typed in; a formula with its result; a formula whose result was never computed (the
cell then has no text and no number); a formula that ends in an error value (``#DIV/0!``, which is its text)."""

Doubt = tuple[str, str]
"""A problem's code and its message, without the place: raised by whoever uses what it is about."""


class Cell(NamedTuple):
    """One cell as a reader of the document sees it. A tuple, for a long table makes hundreds of thousands of them."""

    text: str = ""
    """As shown: a 1 formatted ``0%`` is ``100%``, a date is ``2022-12-31``; text cells keep leading zeros.

    Without what is no part of the value: automatic list numbers, struck-out and hidden text, note marks.
    """
    number: Decimal | None = None
    """The stored number, where the cell holds one."""
    number_format: str = ""
    """The spreadsheet's number format, where the container has one."""
    origin: str = TYPED
    """:data:`TYPED`, :data:`FORMULA`, :data:`UNCOMPUTED` or :data:`WRONG`."""
    numbered: str = ""
    """The text with its automatic list numbers (``1.按时发放``), where it has any: for words, never for values."""
    doubts: tuple[Doubt, ...] = ()
    """What whoever uses this cell must be told."""

    @property
    def words(self) -> str:
        """The text as words, with automatic list numbers."""
        return self.numbered or self.text


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet, or a table of a Word document or text: rows of equal width."""

    sheet: str
    """Name of the sheet; of a Word table ``表1``, ``表2`` …; empty for CSV and text."""
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges as (first row, first column, last row, last column), from 0; only the first cell has text."""
    first_row: int = 1
    """Row number, as the document counts, of ``rows[0]``."""
    hidden_rows: frozenset[int] = frozenset()
    """Rows (from 0) that the document hides; their cells are still in ``rows`` until :mod:`perfeval.ingest.visible`."""
    hidden_columns: frozenset[int] = frozenset()
    """Likewise columns."""

    def place(self, row: int, column: int) -> str:
        """Where a cell is, as a spreadsheet says it (``B7``); row and column from 0."""
        return f"{letters_of(column)}{row + self.first_row}"


def letters_of(column: int) -> str:
    """The spreadsheet's name of a column from 0: ``A`` … ``Z``, ``AA``."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a Word document or a line of text."""

    text: str
    line: int
    """From 1: line of the text file, or number of the paragraph in the document."""
    label: str = ""
    """The automatic list number before it (``一、``), which is no part of the text."""
    doubts: tuple[Doubt, ...] = ()
    """What is to be said of reading it."""

    @property
    def words(self) -> str:
        """The paragraph as shown, with its automatic number."""
        return self.label + self.text


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands, as problems say it and as a copy of the file can be marked."""

    sheet: str = ""
    """Of a workbook its sheet, of a Word document ``表1`` or empty for a paragraph."""
    row: int | None = None
    """As the document counts, from 1."""
    column: int = -1
    """From 0; -1 for the whole row."""
    file: str = ""
    """Empty: the document's own."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the cells (and paragraphs) of a document that have content: none is lost without a word."""

    cells: int = 0
    """Cells with content."""
    used: int = 0
    """Of these: read into a table, the narrative, a heading or label that said what others mean."""
    named: int = 0
    """Of these: named by a problem, and not used."""
    left: tuple[tuple[Place, str], ...] = ()
    """The rest, one by one: where, and the text. ``cells == used + named + len(left)``."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a file contains, in order, before anything is understood."""

    file: str
    """As the user named it, with forward slashes."""
    container: str
    """By content: xlsx, xls, xlsb, et, ods, csv, tsv, docx, doc, wps, txt or parquet."""
    blocks: tuple[Grid | Paragraph, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What is to be said of reading it: encodings, wrong suffixes, and why nothing could be read."""
    kept: str = ""
    """What perfeval put into its own Word report for reading it back, and no page shows."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a form that carries points of its own: ``产出指标（50分）``, ``年度绩效目标1（80分）``, 项目决策."""

    name: str
    """As printed, without the points."""
    points: Decimal | None
    score: Decimal | None
    """What it was given, where that is not the sum of indicator rows."""
    place: str
    goal_no: int | None = None
    goal: str = ""
    category: str = ""
    subcategory: str = ""
    """What it is worth, as the indicator rows below it say it; all empty for a part that is no indicators."""
    at: Place | None = None
    """The cell it was read from."""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it a block of its own."""
        return self.name, self.goal_no, self.goal, self.category, self.subcategory


@dataclass(frozen=True, slots=True)
class Document:
    """One self-evaluation recognised in a file; a file may hold several."""

    file: str
    family: str
    """Which template it follows, in Chinese; empty where none was recognised."""
    confidence: float
    """0…1: the share of the family's marks that were found."""
    subdistrict: str = ""
    """The id, where the unit's name is one of the directory's; else empty."""
    unit: str = ""
    """The spending unit's name as the document gives it."""
    title: str = ""
    """The project's or report's name."""
    year: int | None = None
    budget: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Columns of schema.BUDGET (money exact Decimal, 万元) and ``source``: the place it was read from."""
    indicators: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Columns of schema.INDICATORS; ``source`` is the place, like ``自评表!C12`` or ``第66行``."""
    narrative: Narrative = field(default_factory=Narrative)
    """With the declared score as printed."""
    begins: tuple[tuple[str, str], ...] = ()
    """(what, where) of each part that was recognised, for people."""
    problems: tuple[Problem, ...] = ()
    account: Account = Account()
    """Of the part of the file this document was read from; a file's documents together account for all of it."""
    places: dict[tuple[str, int, str], Place] = field(default_factory=dict)
    """(``budget``, ``indicators`` or ``blocks``, row from 0, column of the schema) → the cell a value was read from;
    and (``narrative``, 0, field)."""
    blocks: tuple[Block, ...] | None = None
    """Points that stand in headings and level names, and scores of parts that are no indicators; None for a document
    that has no place for them, and so says nothing of those on file."""

    def blocks_frame(self) -> pd.DataFrame:
        """The blocks with the columns of schema.BLOCKS."""
        rows = [(*block.key, block.points, block.score) for block in self.blocks or ()]
        return pd.DataFrame(rows, columns=BLOCKS.names, dtype=object).astype({"goal_no": "Int64"})
