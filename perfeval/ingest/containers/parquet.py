"""Parquet → one grid: the column names, then the rows."""

from perfeval.ingest.containers import apart
from perfeval.ingest.containers.shown import CellMaker, TooLarge
from perfeval.ingest.document import Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem


def read_parquet(raw: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """The table."""
    maker, heading, columns = CellMaker(), [], []
    try:
        for name, values in apart.pieces("parquet", raw):
            heading.append(Cell(name))
            columns.append([maker.cell(apart.value(one)) for one in values])
    except apart.Refused as error:
        return [], [error.problem(file)]
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    return ([Grid("", (tuple(heading), *zip(*columns, strict=True)))] if heading else []), []
