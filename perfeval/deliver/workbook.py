"""Workbooks for people: text stays text, the same content gives the same bytes."""

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from perfeval.present import labels

EPOCH = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  # a fixed date in the file's properties; workbooks know no zones
"""What a workbook says of when it was made: nothing."""
TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FINDINGS = {
    "severity": ("级别", 6),
    "code": ("编号", 7),
    "title": ("问题", 26),
    "place": ("位置", 44),
    "fact": ("事实", 60),
    "advice": ("建议", 44),
    "sureness": ("把握", 6),
    "confidence": ("把握值", 8),
    "subdistrict": ("街道", 12),
    "year": ("年度", 7),
}
"""Columns of the findings' sheet in the reviewers' order: heading and width."""
SUPPRESSED = {"reason": ("保留理由", 40)}
EM, LINE, HIGHEST = 2.25, 14.5, 409
"""Width of a full-width character in units of a column's width; height of a line of text and most of a row, points."""
FULL = 0.9
"""How full a line of wrapped text is: long words go to the next line."""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no part of a workbook can hold."""
LONGEST_CELL = 32_767
"""Characters a cell of a workbook holds."""


def write_findings(path: str | Path, found: pd.DataFrame, suppressed: pd.DataFrame, unused: list[str]) -> Path:
    """Write findings as a workbook with sheets 问题清单, 已说明 (suppressed, with reasons) and 未用上的说明.

    Takes the columns of ``findings`` with subdistrict and year; the last two sheets are left out where empty. Whatever
    the data hold is written as text, never as a formula or a link. Raises ``OSError`` where it cannot be written.
    """
    target = Path(path)
    with opened(target) as book:
        write_sheet(book, "问题清单", found, FINDINGS)
        if len(suppressed):
            write_sheet(book, "已说明", suppressed, {**FINDINGS, **SUPPRESSED})
        if unused:
            frame = pd.DataFrame({"unused": unused})
            write_sheet(book, "未用上的说明", frame, {"unused": ("suppressions.toml 中没有对应问题的条目", 80)})
    return target


class _Sheet(Worksheet):  # type: ignore[misc]  # it ships no types
    """A sheet that opens whatever a formula's value holds: the library escapes controls in texts, but not in these."""

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> Any:
        kept = NOT_XML.sub("", value) if isinstance(value, str) else value
        return super()._write_formula(row, col, formula, cell_format, kept)


@contextmanager
def opened(path: Path, **properties: str) -> Iterator[Any]:
    """A workbook that takes its place when it is whole; nothing in it becomes a formula, a link or a number by itself.

    ``properties`` are those of the file, such as ``title``. Raises ``OSError`` where the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with xlsxwriter.Workbook(str(partial), TEXT) as book:
            book.worksheet_class = _Sheet
            book.set_properties(
                {"created": EPOCH, **{name: NOT_XML.sub("", text) for name, text in properties.items()}}
            )
            yield book
        partial.replace(path)
    except FileCreateError as error:
        raise OSError(f"{path.name} cannot be written: {error}") from error
    finally:
        partial.unlink(missing_ok=True)


def write_sheet(book: Any, title: str, frame: pd.DataFrame, columns: Mapping[str, tuple[str, int]]) -> None:
    """A sheet of a frame's ``columns`` (name → heading and width), as far as it has them, for reading and printing."""
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    shown = [name for name in columns if name in frame.columns]
    for place, name in enumerate(shown):
        heading, width = columns[name]
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
        for line, value in enumerate(frame[name], start=1):
            _write(sheet, line, place, value, plain)
    for line, row in enumerate(frame[shown].to_numpy(dtype=object), start=1):
        fit(sheet, line, [(columns[name][1], value) for name, value in zip(shown, row, strict=True)])
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(shown) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def fit(sheet: Any, line: int, texts: Iterable[tuple[float, Any]]) -> None:
    """A height that shows each text whole in a column of its width: programs fit rows to text only when edited."""
    sheet.set_row(line, height(texts))


def height(texts: Iterable[tuple[float, Any]]) -> float:
    """Points that show each text whole in a column of its width."""
    lines = [math.ceil(labels.width(str(text)) / (width / EM * FULL - 0.3)) for width, text in texts]
    return min(LINE * max([1, *lines]) + 2, HIGHEST)


def _write(sheet: Any, line: int, place: int, value: object, form: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value):
        sheet.write_number(line, place, value, form)
    else:
        text = "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]  # a scalar
        sheet.write_string(line, place, text[:LONGEST_CELL], form)
