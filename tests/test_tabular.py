"""CSV as text: encodings, quotes, row numbers."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest.checks import parse_csv
from perfeval.ingest.tabular import _byte, _mostly_utf8, read_bytes, read_table

TABLE = "item,adjusted\n基本支出,0012\n项目支出,7\n"


def codes(problems):
    return [found.code for found in problems]


def test_cells_stay_text_under_their_spreadsheet_rows():
    frame, problems = parse_csv(TABLE.encode(), "a.csv")
    assert problems == []
    assert frame.to_dict("list") == {"item": ["基本支出", "项目支出"], "adjusted": ["0012", "7"]}
    assert list(frame.index) == [2, 3]
    assert frame.index.name == "row"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_endings_give_the_same_table(encoding, ending):
    frame, problems = parse_csv(TABLE.replace("\n", ending).encode(encoding), "a.csv")
    pd.testing.assert_frame_equal(frame, parse_csv(TABLE.encode(), "a.csv")[0])
    assert codes(problems) == ([] if encoding.startswith("utf") else ["W101"])


def test_a_character_that_only_gb18030_has():
    frame, problems = parse_csv("item\n㐂𠀀街\n".encode("gb18030"), "a.csv")
    assert frame["item"].tolist() == ["㐂𠀀街"]
    assert codes(problems) == ["W101"]


def test_utf8_with_one_damaged_byte_is_not_taken_for_gb18030():
    damaged = TABLE.encode().replace("项目".encode(), "项目".encode()[:-1] + b"\xff")
    frame, (problem,) = parse_csv(damaged, "a.csv")
    assert frame.empty
    assert problem.code == "E101"
    assert "文本第3行第4个字节（0xE7）" in problem.message


def test_a_quoted_cell_with_line_breaks_is_one_row():
    frame, problems = parse_csv('item,reason\n一,"甲\n乙\r\n丙"\n二,丁\n'.encode(), "a.csv")
    assert problems == []
    assert frame["reason"].tolist() == ["甲\n乙\r\n丙", "丁"]
    assert list(frame.index) == [2, 3]


def test_headings_without_rows_are_columns_without_cells():
    assert read_table("甲,乙\n".encode(), "a.csv")[0].columns == {"甲": [], "乙": []}


def test_a_damaged_byte_is_told_by_its_line_and_its_place_there():
    for raw in (b"\n\xff", b"\xff", b"a\n\nb\xff", b"a\xff\n"):
        at = raw.index(b"\xff")
        line, place = raw[:at].count(b"\n") + 1, len(raw[:at].rpartition(b"\n")[2]) + 1
        assert _byte(raw, at) == f"文本第{line}行第{place}个字节（0xFF）"


def test_blank_rows_are_passed_over_and_counted():
    frame, problems = parse_csv("item,adjusted\n\n一,1\n,\n二,2\n,,\n".encode(), "a.csv")
    assert problems == []
    assert list(frame.index) == [3, 5]


def test_empty_cells_beyond_the_last_heading_do_no_harm_and_filled_ones_do():
    assert parse_csv("item,adjusted\n一,1,,\n".encode(), "a.csv")[1] == []
    (problem,) = parse_csv("item,adjusted\n一,1,,2\n".encode(), "a.csv")[1]
    assert (problem.code, problem.row, problem.value) == ("E105", 2, "2")


def test_an_empty_column_without_heading_is_left_out():
    frame, problems = parse_csv("item,,adjusted,\n一,,1,\n".encode(), "a.csv")
    assert problems == []
    assert list(frame.columns) == ["item", "adjusted"]


def test_tabs_separate_where_the_heading_has_no_comma():
    frame, problems = parse_csv("item\tadjusted\n一\t5,431.28\n".encode(), "a.tsv")
    assert problems == []
    assert frame["adjusted"].tolist() == ["5,431.28"]


def test_headings_of_rows_that_come_late_are_named_by_their_row():
    (problem, *_) = parse_csv("\n\n\u200bitem\n一\n".encode(), "a.csv")[1]
    assert (problem.code, problem.row, problem.column) == ("W102", 3, "item")


def test_rows_before_a_broken_quote_are_kept_and_the_break_is_named():
    frame, (problem,) = parse_csv('item,reason\n一,甲\n二,"乙\n三,丙\n'.encode(), "a.csv")
    assert frame["item"].tolist() == ["一"]
    assert (problem.code, problem.row) == ("E107", 3)


def test_files_are_named_as_given_and_may_be_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (problem,) = read_bytes("没有.csv", "没有.csv")[1]
    assert (problem.code, problem.file) == ("E110", "没有.csv")
    (tmp_path / "有.csv").write_text("item\n一\n", encoding="utf-8")
    assert read_bytes("有.csv", "有.csv") == ("item\n一\n".encode(), [])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    frame, problems = parse_csv(raw, "a.csv")
    assert len(frame) or problems


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_a_writer_writes_is_read_back(rows):
    rows = [["x" + first, *rest] for first, *rest in rows]
    written = io.StringIO()
    csv.writer(written).writerows([["一", "二", "三"], *rows])
    frame, problems = parse_csv(written.getvalue().encode(), "a.csv")
    assert problems == []
    assert frame.to_numpy().tolist() == rows


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "value", "message"),
    [
        ("甲,乙,甲\n1,2,3", "E106", 1, "甲", "", "标题“甲”出现了2次"),
        ("甲,甲,甲\n1,2,3", "E106", 1, "甲", "", "标题“甲”出现了3次"),
        ("甲,,乙\n1,,3\n4,5,6\n7,8,9", "E108", 3, "", "5", "第2列有内容但没有标题"),
        ("甲,乙\u200b\n1,2", "W102", 1, "乙", "", "第2列的标题含不可见字符（U+200B），已去掉"),
        ("\u2f00,乙\n1,2", "W102", 1, "一", "", "第1列的标题含形似汉字的部首（U+2F00），已换成汉字"),
        ("甲,乙,丙\n1,2", "E105", 2, "", "2", "这一行有2个单元格，标题有3个"),
        ("甲,乙\n1,2,,3", "E105", 2, "", "3", "这一行有4个单元格，标题有2个"),
        ("甲;乙\n1;2", "E109", 1, "", "甲;乙", "各列用分号隔开，应为英文逗号"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_in_its_place(
    text: str, code: str, row: int, column: str, value: str, message: str
) -> None:
    (found,) = read_table(text.encode(), "a.csv")[1]
    assert (found.code, found.row, found.column or "", found.value or "", found.message) == (
        code, row, column, value, message,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "mostly"), [(2, 1, True), (1, 1, False), (1, 2, False), (0, 0, False), (1, 0, True), (3, 2, True)]
)
def test_damaged_utf8_is_utf8_where_more_characters_are_whole_than_not(good: int, bad: int, mostly: bool) -> None:
    assert _mostly_utf8(b"abc," + "项".encode() * good + b"\xff" * bad) == mostly
