"""What a container doubted while reading, said at its place, for readers that use a whole document.

Forms say the doubts of the cells they take (:mod:`perfeval.ingest.forms.found`); prose is read as a whole.
"""

from collections.abc import Collection, Iterator

from perfeval.ingest.document import UNCOMPUTED, Content, Grid, Paragraph, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem


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
