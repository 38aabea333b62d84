"""What became of every paragraph and cell of a written report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from perfeval.ingest.document import Account, Content, Document, Grid, Paragraph, Place
from perfeval.ingest.problems import problem
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
        own = [block for block in content.blocks if _is_used(block, lines - told, grids)]
        cells = sum(len(list(_cells(block))) for block in own)
        named, left = _rest(documents, used, content) if number == 0 else (0, ())
        account = Account(cells + named + len(left), cells, named, left)
        finished.append(replace(document, account=account))
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


def _is_used(block: Grid | Paragraph, lines: set[int], grids: Sequence[Grid]) -> bool:
    if isinstance(block, Grid):
        return any(block is grid for grid in grids)
    return bool(block.words.strip()) and block.line in lines


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
        if _is_used(block, lines, grids):
            continue
        if isinstance(block, Paragraph) and block.line in pointed and block.words.strip():
            named += 1
        else:
            left += _cells(block)
    return named, tuple(left)


def _cells(block: Grid | Paragraph) -> Iterator[tuple[Place, str]]:
    """The cells of a block that have content."""
    if isinstance(block, Paragraph):
        if block.words.strip():
            yield Place(row=block.line), block.words.strip()
        return
    for number, row in enumerate(block.rows):
        for column, cell in enumerate(row):
            if cell.words.strip():
                yield Place(block.sheet, number + block.first_row, column), cell.words.strip()
