"""Reads a file with a library that takes what it finds (.xlsb with python-calamine, .parquet with pyarrow, a workbook
that is to be marked with openpyxl, lxml and Pillow) from standard input, and prints it as JSON, a line a piece: a
program of its own.

What such a library does to a file that is damaged or means harm (abort, never end, ask for any amount of memory) ends
this process, not the one that imports: a batch, a kernel or a command line goes on, and names the file. Imports nothing
of perfeval: it is run by its path.
"""

import base64
import datetime as dt
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

MEMORY = 512 << 20
"""Bytes that this process may write to, where the system can limit them."""
MOST = 128 << 20
"""Bytes of what is told: whoever asks has to hold it."""
MAX_CELLS, MAX_ROWS, MAX_COLUMNS = 3_000_000, 200_000, 512
"""As the other containers have them."""


def main() -> None:
    """Tell what is in the file; the last line says how that ended (``""`` where all is told)."""
    limit_memory()
    told = 0
    try:
        for piece in READERS[sys.argv[1]](sys.stdin.buffer.read()):
            line = json.dumps(piece, ensure_ascii=False).encode() + b"\n"
            told += len(line)
            if told > MOST:
                raise OverflowError(f"内容超过{MOST >> 20}MB")
            sys.stdout.buffer.write(line)
        end = ["", ""]
    except OverflowError as error:
        end = ["large", str(error)]
    except MemoryError:
        end = ["large", "内容超过可用的内存"]
    except PermissionError:
        end = ["password", ""]
    except Exception as error:  # the libraries' own kinds, and what they let through
        end = ["broken", type(error).__name__]
    sys.stdout.buffer.write(json.dumps({"end": end}, ensure_ascii=False).encode())


def limit_memory() -> None:
    """Where the system knows how."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # not on Windows

        of = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(of, (MEMORY, MEMORY))


def workbook(raw: bytes) -> Iterator[Any]:
    """Each worksheet: its name and whether it is shown; then its rows with content; then its merged ranges."""
    import python_calamine as calamine  # noqa: PLC0415  # one of the two is needed

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except calamine.PasswordError as error:
        raise PermissionError from error
    cells = 0
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        shown = about.visible == calamine.SheetVisibleEnum.Visible
        yield {"sheet": about.name, "shown": shown}
        sheet = book.get_sheet_by_index(index) if shown else None
        for number, values in enumerate(sheet.iter_rows() if sheet else (), start=1):
            line = [(column, packed(value)) for column, value in enumerate(values) if value not in {"", None}]
            cells += len(line)
            if cells > MAX_CELLS:
                raise OverflowError(f"有内容的单元格超过{MAX_CELLS:,}个")
            if line:
                yield [number, line]
        if sheet:
            yield {"merges": [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]}


def table(raw: bytes) -> Iterator[Any]:
    """Each column of a Parquet file: its name and its values."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # 50 MB

    source = pq.ParquetFile(io.BytesIO(raw))
    about = source.metadata
    if about.num_rows > MAX_ROWS or about.num_rows * about.num_columns > MAX_CELLS or about.num_columns > MAX_COLUMNS:
        most = f"最多{MAX_ROWS:,}行、{MAX_COLUMNS}列"
        raise OverflowError(f"有{about.num_rows:,}行、{about.num_columns}列，{most}")
    for name, column in zip(source.schema_arrow.names, source.read(use_threads=False).columns, strict=True):
        yield [name, [packed(value) for value in column.to_pylist()]]


def copy(raw: bytes) -> Iterator[Any]:
    """A workbook as openpyxl writes it again: values for formulas, and nothing that acts, checks or is locked."""
    from openpyxl import load_workbook  # noqa: PLC0415  # one of the three is needed

    warnings.simplefilter("ignore")  # of extensions that the copy does without
    book: Any = load_workbook(io.BytesIO(raw), data_only=True, keep_links=False)
    book.security = None
    for name in list(book.defined_names):
        del book.defined_names[name]
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise OverflowError(f"单元格超过{MAX_CELLS:,}个")
        sheet.protection.sheet = False
        sheet.data_validations.dataValidation = []
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        sheet._images = []  # whoever opens the copy would have to decode them
        for row in sheet.iter_rows():
            for cell in row:
                if getattr(cell, "hyperlink", None) is not None:
                    cell.hyperlink = None
    whole = io.BytesIO()
    book.save(whole)
    yield base64.b64encode(whole.getvalue()).decode()


READERS: dict[str, Callable[[bytes], Iterator[Any]]] = {"xlsb": workbook, "parquet": table, "copy": copy}


def packed(value: Any) -> Any:
    """A value as JSON holds it: itself, or its kind and a text or number."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.timedelta):
        return "timedelta", value.total_seconds()
    for kind in (dt.datetime, dt.date, dt.time):
        if isinstance(value, kind):
            return kind.__name__, value.isoformat()
    if isinstance(value, list | dict):
        raise TypeError("nested")
    return ("Decimal" if isinstance(value, Decimal) else "str"), str(value)


if __name__ == "__main__":
    main()
