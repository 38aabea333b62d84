"""What a document hides is not read, in whatever container, and always named: visible beats hidden.

What a container doubted while reading, said at its place, for readers that use a whole document.

Forms say the doubts of the cells they take (:mod:`perfeval.ingest.forms.found`); prose is read as a whole.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from perfeval.ingest.document import EMPTY, UNCOMPUTED, Cell, Content, Grid, Paragraph, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

Merge = tuple[int, int, int, int]


def visible(content: Content) -> Content:
    """The content without hidden rows and columns; each that held something is a problem (W608) with what stood there.

    A merged range that begins under a hidden row or column and reaches out of it is still shown: its text moves to the
    first cell that is seen.
    """
    blocks: list[Grid | Paragraph] = []
    problems: list[Problem] = []
    for block in content.blocks:
        if isinstance(block, Grid) and (block.hidden_rows or block.hidden_columns):
            shown, found = _shown(block, content.file)
            blocks.append(shown)
            problems += found
        else:
            blocks.append(block)
    return replace(content, blocks=tuple(blocks), problems=(*content.problems, *problems))


def _shown(grid: Grid, file: str) -> tuple[Grid, list[Problem]]:
    rows = [list(row) for row in grid.rows]
    merges = [_unhide(rows, merge, grid) for merge in grid.merges]
    problems = []
    for row in sorted(grid.hidden_rows):
        if row < len(rows):
            texts = _emptied(rows, ((row, column) for column in range(len(rows[row]))))
            if texts:
                message = f"第{row + grid.first_row}行是隐藏的，没有读取（{_listed(texts)}）"
                problems.append(
                    problem("W608", message, file=file, sheet=grid.sheet, row=row + grid.first_row, value=texts[0])
                )
    for column in sorted(grid.hidden_columns):
        texts = _emptied(rows, ((row, column) for row in range(len(rows)) if column < len(rows[row])))
        if texts:
            letters = letters_of(column)
            message = f"{letters}列是隐藏的，没有读取（{_listed(texts)}）"
            problems.append(problem("W608", message, file=file, sheet=grid.sheet, column=letters, value=texts[0]))
    return replace(grid, rows=tuple(map(tuple, rows)), merges=tuple(merges),
                   hidden_rows=frozenset(), hidden_columns=frozenset()), problems  # fmt: skip


def _unhide(rows: list[list[Cell]], merge: Merge, grid: Grid) -> Merge:
    """Move the text of a merged range to its first cell that is seen; the range begins there."""
    top, left, bottom, right = merge
    seen_rows = [row for row in range(top, bottom + 1) if row not in grid.hidden_rows]
    seen_columns = [column for column in range(left, right + 1) if column not in grid.hidden_columns]
    if not seen_rows or not seen_columns or (seen_rows[0], seen_columns[0]) == (top, left):
        return merge
    if top < len(rows) and left < len(rows[top]):
        rows[seen_rows[0]][seen_columns[0]], rows[top][left] = rows[top][left], EMPTY
    return seen_rows[0], seen_columns[0], bottom, right


def _emptied(rows: list[list[Cell]], places: Iterable[tuple[int, int]]) -> list[str]:
    """Empty cells, and what stood in them."""
    texts = []
    for row, column in places:
        cell = rows[row][column]
        if cell.text.strip() or cell.origin == UNCOMPUTED:
            texts.append(cell.text or "没有算过的公式")
        rows[row][column] = EMPTY
    return texts


SHOWN = 3
"""Texts of a hidden row or column that its problem quotes."""


def _listed(texts: list[str]) -> str:
    quoted = "、".join(f"“{' '.join(text.split())[:20]}”" for text in texts[:SHOWN])
    return f"{quoted}等{len(texts)}格" if len(texts) > SHOWN else quoted


def doubts(content: Content, grids: Collection[Grid] | None = None) -> Iterator[Problem]:
    """The doubts of all paragraphs, and of the cells of ``grids`` (by default all of the content)."""
    for block in content.blocks:
        if isinstance(block, Paragraph):
            for code, message in block.doubts:
                yield problem(code, message, file=content.file, row=block.line, value=block.text)
        elif grids is None or block in grids:
            yield from _of_grid(block, content.file)


def _of_grid(grid: Grid, file: str) -> Iterator[Problem]:
    for row, cells in enumerate(grid.rows, start=grid.first_row):
        for column, cell in enumerate(cells):
            said = [("E604", "公式没有计算结果")] if cell.origin == UNCOMPUTED else cell.doubts
            for code, message in said:
                yield problem(
                    code, message, file=file, sheet=grid.sheet, row=row, column=letters_of(column), value=cell.text
                )
