"""Workbooks written by the ingest layer: texts stay texts, equal content gives equal bytes, whole or not at all."""

import datetime as dt
import io
import os
import re
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.writer.excel import ExcelWriter

WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""The date every workbook bears: a true one would make equal workbooks differ."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""An underscore that a spreadsheet program would take for the start of an escaped character."""
LONGEST_TEXT = 32_767
"""Characters of a cell, in every spreadsheet program."""
FONT = "宋体"
THIN = Side(style="thin", color="808080")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAP = Alignment(vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
HEADING_FILL = PatternFill("solid", fgColor="DCE6F1")


def put_text(cell: Cell, text: str) -> None:
    """A text that no spreadsheet program takes for a formula or a number; characters that XML cannot hold are dropped.

    ``ValueError`` where it is longer than a cell can hold.
    """
    clean = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) > LONGEST_TEXT:
        raise ValueError(f"单元格文字超过{LONGEST_TEXT}个字符：{clean[:20]}…")
    if not clean:
        cell.value = None
        return
    cell.value = ESCAPED.sub("_x005F_", clean)
    cell.data_type = "s"
    cell.number_format = "@"
    if clean[0] in "=+-@":
        cell.quotePrefix = True


def put_number(cell: Cell, number: Decimal | float, number_format: str = "General") -> None:
    """A number; one of more digits than a spreadsheet keeps (15) is written as text, so that none is lost."""
    exact = Decimal(str(number))
    if Decimal(f"{float(exact):.15g}") == exact:
        cell.value = int(exact) if exact == exact.to_integral_value() else float(exact)
        cell.number_format = number_format
    else:
        put_text(cell, format(exact, "f"))


def font(bold: bool = False, size: int = 10, color: str = "000000") -> Font:
    """The one typeface of our workbooks."""
    return Font(name=FONT, size=size, bold=bold, color=color)


Results = Mapping[int, Mapping[str, str]]
"""Number of the sheet (from 1) → cell → what its formula gives: a number as text, or the empty string."""


def save(book: Workbook, path: str | Path, results: Results | None = None) -> Path:
    """Write the workbook under its name in one step; equal workbooks give equal bytes. ``OSError`` as from the system.

    ``results`` are stored with the formulas, as a spreadsheet program would: who reads the file without calculating
    finds them.
    """
    target = Path(path)
    buffer = io.BytesIO()
    book.properties.created = WRITTEN
    book.properties.creator = "perfeval"
    if results:
        book.calculation.fullCalcOnLoad = False  # what is computed need not be doubted by who reads it
    ExcelWriter(book, _Timeless(buffer, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False)).save()
    content = _undated(buffer.getvalue(), results or {})
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.partial")  # one that a killed program left is written over
    try:
        beside.write_bytes(content)
        os.replace(beside, target)  # noqa: PTH105  # Path.replace would do the same and say less
    finally:
        beside.unlink(missing_ok=True)
    return target


class _Timeless(zipfile.ZipFile):
    """An archive that does not ask the clock, which may show a year that no archive can hold (before 1980)."""

    def writestr(self, zinfo_or_arcname: zipfile.ZipInfo | str, data: bytes | str, *rest: Any) -> None:  # type: ignore[override]
        about = zinfo_or_arcname
        if isinstance(about, str):
            about = zipfile.ZipInfo(about, ZIP_DATE)
        super().writestr(about, data, *rest or (self.compression,))


def _undated(raw: bytes, results: Results) -> bytes:
    """The same archive with fixed dates inside and out, and the results of formulas."""
    sheets = {f"xl/worksheets/sheet{number}.xml": cells for number, cells in results.items()}
    stamp = WRITTEN.isoformat() + "Z"
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), part)
            if name in sheets:
                part = _with_results(part, sheets[name])
            about = zipfile.ZipInfo(name, ZIP_DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            new.writestr(about, part)
    return result.getvalue()


def _with_results(part: bytes, results: Mapping[str, str]) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        result = results.get(found[1].decode())
        if result is None:
            return found[0]
        kind = b"" if result else b' t="str"'
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (found[1], found[2], kind, found[3], result.encode())

    return re.sub(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v ?/></c>', fill, part.replace(b"<v></v>", b"<v/>"))


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name a sheet may have, not taken yet: without ``[]:*?/\\``, at most 31 characters."""
    base = re.sub(r"[\[\]:*?/\\']", "_", wanted)[:31].strip() or "表"
    name, number = base, 1
    known = {other.lower() for other in taken}
    while name.lower() in known:
        number += 1
        name = f"{base[: 30 - len(str(number))]}_{number}"
    return name
