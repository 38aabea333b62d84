"""Reads an .xlsb from standard input with python-calamine, and prints its sheets as JSON: a program of its own.

What the library's native code does to a damaged file (it may abort, or ask for any amount of memory) ends this process,
not the import. Imports nothing of perfeval: it is run by its path.
"""

import datetime as dt
import io
import json
import sys
from typing import Any

import python_calamine as calamine

MEMORY = 1 << 30
"""Bytes of address space, where the system can limit it."""
MAX_CELLS = 3_000_000


def main() -> None:
    """Print the workbook, or why it could not be read."""
    limit_memory()
    try:
        answer: dict[str, Any] = {"sheets": sheets(sys.stdin.buffer.read())}
    except calamine.PasswordError:
        answer = {"error": "password"}
    except OverflowError:
        answer = {"error": "large"}
    except Exception as error:  # the library's own kinds, and what it lets through
        answer = {"error": type(error).__name__}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def limit_memory() -> None:
    """Where the system knows how."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def sheets(raw: bytes) -> list[dict[str, Any]]:
    """Each worksheet: name, whether it is shown, rows with content, merged ranges; ``OverflowError`` of too much."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    found, cells = [], 0
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        shown = about.visible == calamine.SheetVisibleEnum.Visible
        rows: list[tuple[int, list[tuple[int, str, Any]]]] = []
        sheet = book.get_sheet_by_index(index) if shown else None
        for number, values in enumerate(sheet.iter_rows() if sheet else (), start=1):
            line = [(column, *packed(value)) for column, value in enumerate(values) if value not in {"", None}]
            cells += len(line)
            if cells > MAX_CELLS:
                raise OverflowError
            if line:
                rows.append((number, line))
        merges = [(*first, *last) for first, last in (sheet.merged_cell_ranges or ())] if sheet else []
        found.append({"name": about.name, "shown": shown, "rows": rows, "merges": merges})
    return found


def packed(value: Any) -> tuple[str, Any]:
    """The kind of a value and what JSON can hold of it."""
    if isinstance(value, bool | int | float | str):
        return "", value
    if isinstance(value, dt.timedelta):
        return "timedelta", value.total_seconds()
    return type(value).__name__, value.isoformat()


if __name__ == "__main__":
    main()
