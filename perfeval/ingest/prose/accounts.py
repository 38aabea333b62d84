"""What became of every paragraph and cell of a written report."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfeval.ingest.document import Account, Content, Document, Grid, Paragraph, Place
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.indicators import read_cells
from perfeval.model.errors import Problem

Used = tuple[set[int], Sequence[Grid]]
"""Numbers of the paragraphs, and the tables, that a document was read from."""


def accounted(documents: Sequence[Document], used: Sequence[Used], content: Content) -> list[Document]:
    """The documents with their accounts; what none was read from is left, and stands in the first one's.

    A paragraph that problems point at, and nothing was read from, is named. A paragraph that two documents stand in is
    counted with the first.
    """
    told: set[int] = set()
    finished: list[Document] = []
    for number, (document, (lines, grids)) in enumerate(zip(documents, used, strict=True)):
        cells = sum(len(_read(block, lines - told, grids)) for block in content.blocks)
        named, left = _rest(documents, used, content) if number == 0 else (0, ())
        finished.append(replace(document, account=Account(cells + named + len(left), cells, named, left)))
        told |= lines
    return finished


def unread_note(numbers: Iterable[int], file: str, text: str) -> list[Problem]:
    """The note that names the paragraphs nothing was read from, runs of them as ranges; none where all were read."""
    listed = sorted(set(numbers))
    if not listed:
        return []
    runs: list[list[int]] = []
    for number in listed:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = "、".join(f"{run[0]}—{run[-1]}" if len(run) >= SHORTEST_RUN else "、".join(map(str, run)) for run in runs)
    message = f"{len(listed)}个段落没有读入（第{shown}行）"
    return [problem("N703", message, file=file, row=listed[0], value=text)]


SHORTEST_RUN = 3


def _read(block: Grid | Paragraph, lines: set[int], grids: Sequence[Grid]) -> list[tuple[Place, str]]:
    """What of a block was read."""
    if isinstance(block, Paragraph):
        return _cells(block) if block.line in lines else []
    if not any(block is grid for grid in grids):
        return []
    read = read_cells(block)
    return [cell for cell in _cells(block) if ((cell[0].row or 0) - block.first_row, cell[0].column) in read]


def _rest(
    documents: Sequence[Document], used: Sequence[Used], content: Content
) -> tuple[int, tuple[tuple[Place, str], ...]]:
    """How many paragraphs that were not read a problem points at, and the other paragraphs and cells."""
    lines = {line for numbers, _ in used for line in numbers}
    grids = [grid for _, tables in used for grid in tables]
    pointed = {one.row for document in documents for one in document.problems if one.code != "N703" and not one.sheet}
    named = 0
    left: list[tuple[Place, str]] = []
    for block in content.blocks:
        read = set(_read(block, lines, grids))
        rest = [cell for cell in _cells(block) if cell not in read]
        if isinstance(block, Paragraph) and block.line in pointed:
            named += len(rest)
        else:
            left += rest
    return named, tuple(left)


def _cells(block: Grid | Paragraph) -> list[tuple[Place, str]]:
    """The cells of a block that have content."""
    if isinstance(block, Paragraph):
        return [(Place(row=block.line), block.words.strip())] if block.words.strip() else []
    return [
        (Place(block.sheet, number + block.first_row, column), cell.words.strip())
        for number, row in enumerate(block.rows)
        for column, cell in enumerate(row)
        if cell.words.strip()
    ]
