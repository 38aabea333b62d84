"""Parquet → one grid: the column names, then the rows."""

import io

from perfeval.ingest.containers.shown import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, CellMaker
from perfeval.ingest.document import Cell, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

MAX_DECODED = 512 * 1024 * 1024
"""Bytes of all columns as the file itself states them."""


def read_parquet(raw: bytes, file: str) -> tuple[list[Grid], list[Problem]]:
    """The table."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # 50 MB, for few documents

    try:
        source = pq.ParquetFile(io.BytesIO(raw))
        about = source.metadata
        decoded = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        many = about.num_rows > MAX_ROWS or about.num_rows * about.num_columns > MAX_CELLS
        if many or decoded > MAX_DECODED or about.num_columns > MAX_COLUMNS:
            message = f"有{about.num_rows:,}行、{about.num_columns}列，最多{MAX_ROWS:,}行、{MAX_COLUMNS}列"
            return [], [problem("E603", message, file=file)]
        table = source.read()
        maker = CellMaker()
        columns = [[maker.cell(value) for value in column.to_pylist()] for column in table.columns]
        heading = tuple(Cell(str(name)) for name in table.column_names)
    except Exception as error:  # pyarrow raises its own kinds, OSError and more on damaged input
        return [], [problem("E606", f"文件无法读取（{type(error).__name__}）", file=file)]
    return ([Grid("", (heading, *zip(*columns, strict=True)))] if heading else []), []
