"""Cells of our workbooks: texts stay texts, numbers keep every digit."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from perfeval.ingest.xlsxwriting import LONGEST_TEXT, put_number, put_text, sheet_name


def written(put, *what: object):
    """A cell as it is read from the file."""
    book = openpyxl.Workbook()
    put(book.active["A1"], *what)
    file = BytesIO()
    book.save(file)
    return openpyxl.load_workbook(file).active["A1"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "＝1+1", "1", "001", "2022-01-01", "TRUE", " =1", "甲\n乙"]
)
def test_a_text_stays_a_text_when_a_person_edits_its_cell(text: str) -> None:
    cell = written(put_text, text)
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert bool(cell.quotePrefix) == (text[0] in "=+-@")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲\x00\x0b乙", "甲乙"),
        ("", None),
        ("\x01", None),
        ("_x0041_", "_x005F_x0041_"),
    ],
)
def test_what_a_cell_cannot_hold_is_written_otherwise(text: str, held: str | None) -> None:
    book = openpyxl.Workbook()
    put_text(book.active["A1"], text)
    assert book.active["A1"].value == held


def test_a_text_is_as_long_as_a_cell_can_hold() -> None:
    assert len(written(put_text, "字" * LONGEST_TEXT).value) == LONGEST_TEXT == 2**15 - 1
    with pytest.raises(ValueError, match=r"32767个字符：字{20}…$"):
        written(put_text, "字" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize(
    ("number", "value", "kind"),
    [
        ("3", 3, "n"), ("3.00", 3, "n"), ("-0.5", -0.5, "n"), ("123456789012345", 123456789012345, "n"),
        ("0.123456789012345", 0.123456789012345, "n"), ("1234567890123456", 1234567890123456, "s"),
        ("1234567890123.456", "1234567890123.456", "s"), ("0.1234567890123456", "0.1234567890123456", "s"),
    ],
)  # fmt: skip
def test_a_number_keeps_every_digit(number: str, value: object, kind: str) -> None:
    cell = written(put_number, Decimal(number), "0.00")
    assert cell.data_type == kind
    assert cell.value == (str(value) if kind == "s" else value)
    assert cell.number_format == ("@" if kind == "s" else "0.00")


def test_names_of_sheets_are_legal_and_told_apart() -> None:
    assert sheet_name("甲/乙:丙", []) == "甲_乙_丙"
    assert sheet_name("  ", []) == "表"
    assert sheet_name("字" * 40, []) == "字" * 31
    assert sheet_name("Abc", ["abc"]) == "Abc_2"
    taken = ["字" * 31, "字" * 29 + "_2"]
    assert sheet_name("字" * 40, taken) == "字" * 29 + "_3"
    many = ["字" * 31, *(sheet_name("字" * 31, ["字" * 31, *(f"{'字' * 29}_{n}" for n in range(2, 10))]),)]
    assert many[1] == "字" * 28 + "_10"
