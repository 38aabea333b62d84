"""Number formats: each is shown as LibreOffice shows it, or the stored number is used and named."""

import csv
import datetime as dt
import io
import os
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.ingest.containers import parse_content
from perfeval.ingest.containers.formatcode import CHINESE_DATES
from perfeval.ingest.containers.shown import CellMaker, as_shown, columns_of, show
from perfeval.ingest.document import Cell, Document, Grid, letters_of
from perfeval.ingest.forms import recognise
from perfeval.ingest.forms.magnitude import magnitude
from perfeval.ingest.forms.vocabulary import is_number, read_amount, read_score
from perfeval.model.folding import legible

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
YUAN = '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ '

NUMBER_FORMATS = [
    "GENERAL", "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", "0.000%", "#%", "% 0", "0.0#", "#.##", ".00", "#", "000",
    "0000-00", "000-0000", "#,##0,", "0.00,,", '0.0,"千元"', "0\\.0000", '0\\.0,"万元"', "#\\.0000", "#,##0.0###",
    "#,###.##", "0.0?", "??0.0", "0‰", '0 "万 元"', "(0)", '0"a"0', '"—"', '0;"负"0;"零"', "0.0.0", '0.00"元"', "@",
    "[$¥-804]#,##0.00", "[$-804]0", "[$€-2] #,##0.00", "¥#,##0", "$0.00", '"第"0"次"', '≥0"人"', '"≥"0"%"', '0"%"',
    'General"人次"', "[Red]General;-General", "0.00E+00", "0E+0", "0.0E-0", "[Red]0", "[Color 5]0.0",
    "0;-0", "0.00;(0.00)", "#,##0_);(#,##0)", "#,##0.00_);[Red](#,##0.00)", "0.00_);[Red]\\(0.00\\)", '0;-0;"—"', "0;;",
    "0;-0;;@", ";;;", '0;-0;0;"约"@', ACCOUNTING, YUAN,
    '[>=10000]0.00,,"万%";0', '[<=1]0%;0"次"', '[<=100]0"次";[>=10000]0\\.00,"万";General', "[>=0]0;(0)", "[<0](0);0",
    '[>=100000000]0.00,,"百万";[>=10000]0\\.0,"万";0', '[=0]"无";0"件"', '[=1]"是";[=0]"否";0', '[>0]0;"-"',
    "[<=0](0);0", '[>0]0;[<0](0);"零"', "[<100]0;0.0", '[<>0]0.0;"—"', "[Red][<0]-0;0",
]  # fmt: skip
DATE_FORMATS = [
    "yyyy-mm-dd", "yyyy/m/d", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000", 'yyyy"年"m"月"d"日"', "yyyy年m月d日",
    'yyyy"年"mm"月"', '[$-804]yyyy"年"m"月"d"日";@', "h:mm", "hh:mm:ss", "h:mm:ss AM/PM", "mm:ss.0", "ss.000", "[h]:mm",
    "[h]:mm:ss", "[mm]:ss", "[ss]", '[hh]"小时"', "yy.m.d", 'm"月"d"日"', "mm/dd/yy", "d", "m/d h:mm", "m", "yyyy", "h",
    'h"时"mm"分"ss"秒"', "[h]", "hh:mm:ss.00", "s",
]  # fmt: skip
NUMBERS = [
    0, 1, -1, 0.5, -0.5, 0.9496, -0.001, 0.004, 13, -900, 98.765, 1234.5678, 9999, 10000, 12345678, 10000000, -10000000,
    123456789012, 0.0208333333333333, 45246, 45246.75, 59, 60, 61, 1.2345, 0.999999, 2958465, 36526.5,
]  # fmt: skip


def soffice() -> str:
    """LibreOffice; without it the test is left out, unless the machine promises to have it."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("PERFEVAL_REQUIRE_OFFICE") != "1":
        pytest.skip("LibreOffice is not on this machine")
    assert found, "PERFEVAL_REQUIRE_OFFICE is set, but there is no soffice on PATH"
    return found


def shown_by_office(folder: Path, formats: list[str]) -> list[list[str]]:
    """Every number under every format, as LibreOffice writes the sheet to CSV: a row for each format."""
    book = openpyxl.Workbook()
    for row, number_format in enumerate(formats, start=1):
        for column, number in enumerate(NUMBERS, start=1):
            book.active.cell(row, column, number).number_format = number_format
    book.save(folder / "book.xlsx")
    command = [soffice(), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to"]
    command += ["csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true", "--outdir", str(folder)]
    command.append(str(folder / "book.xlsx"))
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with (folder / "book.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))


def bare(text: str) -> str:
    """Without padding, and with the two points as this project writes them: no ``.5``, no ``13.``."""
    text = re.sub(r"(?<![0-9])\.(?=[0-9])", "0.", re.sub(r"\s", "", text))
    return re.sub(r"(?<=[0-9])\.(?![0-9])", "", text)


def test_numbers_are_shown_as_the_office_shows_them(tmp_path: Path) -> None:
    rows = shown_by_office(tmp_path, NUMBER_FORMATS)
    unlike, unsure = [], set()
    for number_format, row in zip(NUMBER_FORMATS, rows, strict=True):
        for number, office in zip(NUMBERS, row, strict=True):
            mine = as_shown(Decimal(str(number)), number_format)
            if mine is None:
                unsure.add(number_format)
            elif bare(mine) != bare(office):
                unlike.append((number_format, number, office, mine))
    assert unlike == []
    assert unsure == {
        "0.0.0",  # two points: no program's own
        # negative numbers in a section that is not for them alone: LibreOffice drops the sign, Excel keeps it
        '[>=10000]0.00,,"万%";0', '[>=100000000]0.00,,"百万";[>=10000]0\\.0,"万";0', '[=0]"无";0"件"', '[=1]"是";[=0]"否";0',
        '[>0]0;"-"',  # LibreOffice shows a 0 by the first section, Excel by the second
    }  # fmt: skip


def test_dates_are_shown_as_the_office_shows_them(tmp_path: Path) -> None:
    rows = shown_by_office(tmp_path, DATE_FORMATS)
    unlike = []
    for number_format, row in zip(DATE_FORMATS, rows, strict=True):
        for number, office in zip(NUMBERS, row, strict=True):
            mine = as_shown(Decimal(str(number)), number_format)
            dated = re.search("[yd]|^m$|/d|月", number_format)
            if number < 0 or number > 2958465 or (dated and number < 1):
                assert mine is None, "Excel shows #####, or the day 0 of January 1900"
            elif (dated and number < 61) or office == "#FMT":
                assert mine is not None  # LibreOffice counts from 1899-12-30, Excel knows a 1900-02-29
            elif bare(mine or "") != office.replace(" ", "") and number not in SECONDS:
                unlike.append((number_format, number, office, mine))
    assert unlike == []


SECONDS = (0.004, 1.2345, 1234.5678)
"""Seconds that LibreOffice cuts off and Excel rounds: 0:05:45.6, 5:37:40.8."""


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        ("13", "Standard", "13"),
        ("13", 'G/通用格式"分"', "13分"),
        ("13", "[红色]0.0", "13.0"),
        ("10000000", "0!.0000", "1000.0000"),
        ("5000", "#!.0000", "0.5000"),
        ("13", '0.##"次"', "13次"),
        ("0.5", ".0", "0.5"),
        ("125123", "0.00E+00", "125123"),
        ("0.123456789012345", "General", "0.123456789012345"),
    ],
)
def test_numbers_that_are_written_in_a_way_of_their_own(number: str, number_format: str, text: str) -> None:
    """LibreOffice does not know the Chinese names and the ``!``; the others say the same, and are read more surely."""
    shown = show(Decimal(number), number_format)
    assert (shown.text, shown.dated, shown.doubts) == (text, False, ())


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        ("45246", "yyyy-mm-dd hh:mm:ss.000", "2023-11-16"),
        ("45246.75", "yyyy/mm/dd\\ hh:mm:ss.00", "2023-11-16 18:00"),
        ("45246.75", "yyyy-mm-dd", "2023-11-16"),
        ("45246", "mm-dd-yy", "2023-11-16"),
        ("45246", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2023-11-16"),
        ("45246", "mmm-yy", "2023-11"),
        ("45246", "yyyy", "2023"),
        ("45246", "m/d", "2023-11-16"),
        ("45246", "aaaa", "星期四"),
        ("45246", 'e"年"m"月"', "2023年11月"),
        ("45246", '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "2023年11月16日"),
        ("45246", '"截至"yyyy-mm-dd', "截至2023-11-16"),
        ("45246", 'yy"年"m"月"d"日"', "23年11月16日"),
        ("45246", '[$-4010804]yyyy"年"m"月"d"日"', "2023年11月16日"),
        ("45246.999995", "yyyy-mm-dd hh:mm", "2023-11-16 23:59"),
        ("0.0208333333333333", "h:mm", "0:30"),
        ("0.520833333333333", '上午/下午h"时"mm"分"', "下午12时30分"),
        ("1.5", "[h]:mm", "36:00"),
        ("1.5", "[mm]:ss", "2160:00"),
        ("0.0001", "[ss]", "09"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("60", "yyyy-mm-dd", "1900-02-29"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("2958465", "yyyy-mm-dd", "9999-12-31"),
    ],
)
def test_dates(number: str, number_format: str, text: str) -> None:
    shown = show(Decimal(number), number_format)
    assert (shown.text, shown.dated, shown.doubts) == (text, True, ())


def test_dates_of_a_workbook_that_counts_from_1904() -> None:
    assert show(Decimal(0), "yyyy-mm-dd", since_1904=True).text == "1904-01-01"
    assert show(Decimal(43784), "yyyy-mm-dd aaaa", since_1904=True).text == "2023-11-16"
    maker = CellMaker(since_1904=True)
    assert maker.cell(dt.datetime.fromisoformat("2023-11-16T08:00"), 'm"月"d"日"h"时"').text == "11月16日8时"


@pytest.mark.parametrize(
    ("number", "number_format", "code", "text"),
    [
        ("0.98", "# ?/?", "W603", "0.98"),
        ("13", "[DBNum1]0", "W603", "13"),
        ("13", "[NatNum1]0", "W603", "13"),
        ("13", "0x", "W603", "13"),
        ("13", '0"次', "W603", "13"),
        ("13", "[Red 0", "W603", "13"),
        ("13", "##0.0E+0", "W603", "13"),
        ("13", "#,##0.0E+0", "W603", "13"),
        ("13", "0.0,E+0", "W603", "13"),
        ("0.5", "0%0", "W603", "0.5"),
        ("0.5", "0.0%0", "W603", "0.5"),
        ("0.5", "0%%", "W603", "0.5"),
        ("45246", "[$-4020804]yyyy-m-d", "W603", "2023-11-16"),
        ("10000000", "#,##0!.0000", "W603", "10000000"),
        ("50", '[>100]0"多";[<10]0"少"', "W603", "50"),
        ("50", '[>100]0"多";0"中";0"少"', "W603", "50"),
        ("50", '[>100]0"多";0"中";[<10]0"少"', "W603", "50"),
        ("50", '[>100]0"多";[<10]0"少";[>20]0"中"', "W603", "50"),
        ("50", '0"多";[<10]0"少"', "W603", "50"),
        ("-5", '[>=10000]0.00,"万";0', "W603", "-5"),
        ("13", '0"元 "d', "W603", "13"),
        ("1" + 400 * "0", "0", "W603", "1" + 400 * "0"),
        ("45246", "[$-411]ggge", "W603", "45246"),
        ("45246", "[$-411]ggge-m-d", "W603", "2023-11-16"),
        ("-5", "yyyy-mm-dd", "W620", "-5"),
        ("2958466", "yyyy-mm-dd", "W620", "2958466"),
        ("0.5", "yyyy-mm-dd", "W620", "0.5"),
        ("-0.5", "[h]:mm", "W620", "-0.5"),
        ("5", ";;;", "W620", ""),
        ("0", "0;-0;;@", "W620", ""),
        ("5", '"已完成"', "W620", "已完成"),
    ],
)
def test_what_is_not_shown_for_certain_is_named(number: str, number_format: str, code: str, text: str) -> None:
    cell = CellMaker().cell(Decimal(number), number_format)
    assert cell.text == text
    ((said, message),) = cell.doubts
    assert said == code
    assert number_format in message
    assert number[:5] in message


def test_a_zero_shown_as_a_dash_is_no_doubt() -> None:
    assert CellMaker().cell(0, '0;-0;"—"') == Cell("—", Decimal(0), '0;-0;"—"')


@pytest.mark.parametrize(
    ("number_format", "text", "code"),
    [
        ("@", "甲", ""),
        ("0;-0", "甲", ""),
        ('0;-0;0;"约"@', "约甲", ""),
        (ACCOUNTING, "甲", ""),
        (";;;", "", "W620"),
        ('0;0;0;"无"', "无", "W620"),
        ("0;0;0;0", "甲", "W603"),
    ],
)
def test_texts_under_number_formats(number_format: str, text: str, code: str) -> None:
    cell = CellMaker().cell("甲", number_format)
    assert cell.text.strip() == text
    assert [said for said, _ in cell.doubts] == ([code] if code else [])


def test_odd_values() -> None:
    maker = CellMaker()
    assert maker.cell(float("nan"), "0%").text == "nan"
    assert maker.cell(float("inf"), "yyyy").text == "inf"
    assert maker.cell(True, "0%").text == "TRUE"
    assert maker.cell(dt.time(0, 30), "h:mm").text == "0:30"
    assert maker.cell(dt.timedelta(hours=36), "[h]:mm").text == "36:00"
    assert maker.cell(dt.timedelta(hours=70, minutes=5)).text == "70:05"
    assert maker.cell(dt.timedelta(minutes=61, seconds=7)).text == "1:01:07"
    assert maker.cell(dt.datetime.fromisoformat("1900-01-13"), "Standard").text == "13"
    assert maker.cell(dt.datetime.fromisoformat("1900-01-13")).text == "1900-01-13"
    assert maker.cell(dt.date(1500, 1, 1), "yyyy-mm-dd").text == "1500-01-01"


PIECES = st.sampled_from(
    [*"0#?.,;%@/-+_*!\\\"[]()eEymdhsaAPgb 元", "General", "yyyy", "mm", '"次"', "[Red]", "[>=1]", "[<0]", "[h]", "AM/PM",
     "ss.000", "E+00", "[DBNum1]", "[$-804]", "[$¥-804]", "上午/下午", "aaaa"]
)  # fmt: skip
FORMATS = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=12))
ANY_NUMBER = st.one_of(
    st.integers(), st.floats(), st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(NUMBERS)
)


@given(FORMATS, ANY_NUMBER, st.booleans())
def test_any_format_shows_any_number_or_says_why_not(
    number_format: str, number: float | Decimal, since_1904: bool
) -> None:
    cell = CellMaker(since_1904).cell(number, number_format)
    assert cell.text or cell.doubts
    assert all(message for _, message in cell.doubts)
    if any(code == "W603" for code, _ in cell.doubts) and cell.number is not None:
        assert Decimal(cell.text) == cell.number


@given(FORMATS, st.text(max_size=10))
def test_any_format_shows_any_text(number_format: str, text: str) -> None:
    cell = CellMaker().cell(text, number_format)
    assert cell.doubts or "".join(legible(text).split()) in "".join(cell.text.split())


# ---- money, points, and what rounding hides --------------------------------------------------------------------------


def made(number: str, number_format: str) -> Cell:
    return CellMaker().cell(Decimal(number), number_format)


@pytest.mark.parametrize(
    ("number", "number_format", "unit", "amount"),
    [
        ("-900", "#,##0_);(#,##0)", "万元", "-900"),
        ("-900", '0;"▲"0', "万元", "-900"),
        ("-900.456", "#,##0.00_);[Red]\\(#,##0.00\\)", "万元", "-900.456"),
        ("899.996", "0.00", "万元", "899.996"),
        ("10000000", "0\\.0000", "万元", "1000"),
        ("12345678", '0\\.0,"万元"', "元", "1234.5678"),
        ("12345", '0.0,"千元"', "万元", "1.2345"),
        ("12345678", "0.00,,", "", "12.345678"),
        ("12.345", '0"万元"', "元", "12.345"),
        ("1234.5", YUAN, "元", "0.12345"),
        ("0", ACCOUNTING, "万元", "0"),
        ("0", '0;-0;"—"', "万元", "0"),
        ("1234.5", ACCOUNTING, "万元", "1234.5"),
        ("125123", "0.00E+00", "元", "12.5123"),
        ("0.5", ".00", "亿元", "5000"),
        ("5000", "#\\.0000", "万元", "0.5"),
        ("900", "# ?/?", "万元", "900"),
    ],
)
def test_money_is_the_stored_number_in_the_scale_that_is_shown(
    number: str, number_format: str, unit: str, amount: str
) -> None:
    found, why = read_amount(made(number, number_format), unit)
    assert (found, why) == (Decimal(amount), "")
    assert number == "0" or is_number(made(number, number_format))


@pytest.mark.parametrize(
    ("number", "number_format", "why"),
    [
        ("10000000", '[>=10000]0.00,,"万%";0', "不是金额（存储的是10000000）"),
        ("13", '"第"0"次"', "不是金额（存储的是13）"),
        ("13", "[$$-409]0", "不是金额（存储的是13）"),
        ("1000", "0.00,,,,", "显示为0.00，存储的是1000，看不出以什么为单位"),
        ("5", '"—"', ""),
        ("5", ";;;", ""),
    ],
)
def test_what_is_no_amount_for_certain_is_none(number: str, number_format: str, why: str) -> None:
    assert read_amount(made(number, number_format), "万元") == (None, why)


@pytest.mark.parametrize(
    ("number", "number_format", "points"),
    [("9.96", "0", "9.96"), ("0.1", "0%", "10"), ("0.1049", "0%", "10.49"), ("-0.5", "0.0_);(0.0)", "-0.5"),
     ("10", '0"分"', "10"), ("0", '0;-0;"-"', "0")],
)  # fmt: skip
def test_points_are_the_stored_number_in_the_scale_that_is_shown(number: str, number_format: str, points: str) -> None:
    assert read_score(made(number, number_format)) == (Decimal(points), "")


@pytest.mark.parametrize(
    ("text", "stored", "exact"),
    [
        ("0%", "0.004", "0.4"),
        ("0%", "0.3", "0.3"),  # kept as per cent: 30 would not be shown as 0
        ("0%", "3", None),
        ("0", "0.3", "0.3"),
        ("0", "3", None),
        ("30%", "0.3", "30"),
        ("30%", "30", "30"),
        ("1%", "1", "1"),
        ("1%", "0.01", "1"),
    ],
)
def test_a_nought_is_of_one_or_of_a_hundred_only(text: str, stored: str, exact: str | None) -> None:
    found = magnitude(Cell(text, Decimal(stored)))
    assert (None if found is None else found.exact) == (None if exact is None else Decimal(exact))


def test_the_scale_is_found_without_the_format() -> None:
    found = magnitude(Cell("第2季度1000.0000万元", Decimal("10000000.4")))
    assert found is not None
    assert (found.exact, found.rounded) == (Decimal("1000.00004"), True)
    assert magnitude(Cell("13次", Decimal(12))) is None
    assert magnitude(Cell("3次3", Decimal(3))) is None, "either may be it"


@given(st.integers(-(10**9), 10**9), st.sampled_from(["0", "0.00", "#,##0.0", "0%", "0\\.0000", "0.000,", '0"万元"']))
def test_an_amount_is_never_further_from_what_is_shown_than_rounding(thousandths: int, number_format: str) -> None:
    cell = made(str(Decimal(thousandths) / 1000), number_format)
    found = magnitude(cell)
    digits = re.search(r"[0-9,]+(\.[0-9]+)?", cell.text)
    assert digits
    shown = Decimal(digits[0].replace(",", ""))
    if found is None:
        assert shown == 0
    else:
        assert abs(abs(found.exact) - shown) <= Decimal("0.5").scaleb(shown.as_tuple().exponent)


# ---- whole workbooks -------------------------------------------------------------------------------------------------


def form(money: list[object], rows: list[tuple[str, object, object]]) -> Document:
    """A self-evaluation sheet; values may be (number, format)."""
    lines: list[list[object]] = [
        ["桐溪街道办事处2023年度部门整体支出绩效自评表"],
        ["单位名称：桐溪街道办事处"],
        ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["部门整体支出", *money, 10, (0.9, "0%"), 9],
        ["基本支出", *money],
        ["项目支出", *money],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
        *(["产出指标", "数量指标", name, target, actual, 45, 45] for name, target, actual in rows),
        ["总分", None, None, None, None, 100, 99],
    ]
    book = openpyxl.Workbook()
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            number, number_format = value if isinstance(value, tuple) else (value, "General")
            book.active.cell(row, column, number).number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    (document,) = recognise(parse_content(buffer.getvalue(), "表.xlsx"))
    return document


def said(document: Document, code: str) -> list[tuple[str, int | None, str]]:
    return [(found.message, found.row, found.column) for found in document.problems if found.code == code]


def test_money_in_a_column_of_wanyuan_that_is_kept_in_yuan() -> None:
    document = form([(10000000, "0\\.0000"), (10000000, "0!.0000"), (-9000001, "0\\.0000_);\\(0\\.0000\\)")], [])
    assert (
        document.budget[["opening", "adjusted", "executed"]].to_numpy().tolist()
        == [[1000, 1000, Decimal("-900.0001")]] * 3
    )


def test_an_amount_with_an_unknown_unit_is_no_item_and_moves_no_column() -> None:
    odd = '[>=10000]0.00,,"万%";0'
    document = form([(10000000, odd), (10000000, odd), (9000000, odd)], [("活动", "≥12次", (13, '[<=1]0%;0"次"'))])
    assert document.budget["item"].tolist() == ["部门整体支出"], "rows without any amount say nothing"
    assert document.budget[["opening", "adjusted", "executed"]].isna().all(axis=None)
    assert document.budget[["weight", "declared_score"]].to_numpy().tolist() == [[10, 9]]
    assert [place for _, *place in said(document, "W653")] == [[row, letter] for row in (4, 5, 6) for letter in "BCD"]
    assert "存储的是10000000" in said(document, "W653")[0][0]
    assert document.indicators["actual"].tolist() == ["13次"]


def test_display_rounding_that_decides_is_named() -> None:
    rows: list[tuple[str, object, object]] = [
        ("办结率", "≥95%", (0.9496, "0%")),
        ("好评率", "≥95%", (0.9546, "0%")),
        ("差错率", "≤5%", (0.0504, "0%")),
        ("活动次数", (12.4, '"≥"0"次"'), (12.3, '0.0"次"')),
        ("宣传次数", "≥12次", (11.9999, "0")),
    ]
    document = form([1000, 1000, (899.996, "0.00")], rows)
    assert document.budget["executed"].tolist() == [Decimal("899.996")] * 3
    assert document.indicators["actual"].tolist() == ["95%", "95%", "5%", "12.3次", "12"]
    assert said(document, "W621") == [
        ("显示95%，存储94.96%，按目标≥95%判定不同（按显示值完成，按存储值未完成）；按显示值读入", 8, "E"),
        ("显示5%，存储5.04%，按目标≤5%判定不同（按显示值完成，按存储值未完成）；按显示值读入", 10, "E"),
        ("目标值显示≥12次，存储≥12.4次，判定不同（按显示值完成，按存储值未完成）；按显示值读入", 11, "E"),
        ("显示12，存储11.9999，按目标≥12次判定不同（按显示值完成，按存储值未完成）；按显示值读入", 12, "E"),
    ]


def test_a_minus_that_the_format_does_not_show_is_named_where_it_decides() -> None:
    rows: list[tuple[str, object, object]] = [
        ("活动次数", "≥12次", (-13, "0;0")),
        ("宣传次数", "≥12次", (-13, '0"次";[Red]0"次"')),
        ("培训次数", "≥12次", (-13.4, "0;0")),
        ("走访次数", "≥12次", (13, "0;0")),
        ("调解次数", "≥12次", (-13, "0_);(0)")),
        ("帮扶次数", "≥12次", (-13, "0")),
    ]
    document = form([1000, 1000, 900], rows)
    assert document.indicators["actual"].tolist() == ["13", "13次", "13", "13", "(13)", "-13"]
    judged = "按目标≥12次判定不同（按显示值完成，按存储值未完成）；按显示值读入"
    assert said(document, "W621") == [
        (f"显示13，存储-13，{judged}", 8, "E"),
        (f"显示13次，存储-13次，{judged}", 9, "E"),
        (f"显示13，存储-13.4，{judged}", 10, "E"),
    ]


def test_dates_and_times_in_a_workbook() -> None:
    rows: list[tuple[str, object, object]] = [
        ("完成时间", "2023年12月底前", (45246, "yyyy-mm-dd hh:mm:ss.000")),
        ("响应时间", "≤1小时", (0.0208333333333333, "h:mm")),
        ("次数", "≥12次", (13, "Standard")),
    ]
    document = form([1000, 1000, 900], rows)
    assert document.indicators["actual"].tolist() == ["2023-11-16", "0:30", "13"]


def test_a_workbook_keeps_the_doubts_of_its_cells() -> None:
    book = openpyxl.Workbook()
    book.active["B2"], book.active["B3"] = 0.98, 5
    book.active["B2"].number_format, book.active["B3"].number_format = "# ?/?", ";;;"
    buffer = io.BytesIO()
    book.save(buffer)
    (grid,) = parse_content(buffer.getvalue(), "表.xlsx").blocks
    assert isinstance(grid, Grid)
    assert [[code for code, _ in grid.rows[row][1].doubts] for row in (1, 2)] == [["W603"], ["W620"]]


def test_built_in_dates_of_a_chinese_excel_have_their_numbers() -> None:
    assert set(CHINESE_DATES) == {*range(27, 37), *range(50, 59)}  # ECMA-376 part 1, 18.8.30, zh-cn
    assert CHINESE_DATES[35] == CHINESE_DATES[56]
    assert {CHINESE_DATES[number] for number in (27, 36, 50, 52, 57)} == {'yyyy"年"m"月"'}
    assert {CHINESE_DATES[number] for number in (28, 29, 51, 53, 54, 58)} == {'m"月"d"日"'}


@pytest.mark.parametrize(
    ("form", "shown"),
    [("0", ["1", "0", "-1"]), ('0;"负"0', ["1", "0", "负1"]), ('0;"负"0;"零"', ["1", "零", "负1"])],
)
def test_a_section_is_for_more_than_nothing_for_less_and_for_nothing(form: str, shown: list[str]) -> None:
    assert [as_shown(Decimal(number), form) for number in (1, 0, -1)] == shown


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        ("1234", "0.0E-0", "1.2E3"), ("1234", "0.0E+0", "1.2E+3"),
        ("0.0012", "0.0E-0", "1.2E-3"), ("0.0012", "0.0E+00", "1.2E-03"),
    ],
)  # fmt: skip
def test_an_exponent_shows_a_plus_where_its_format_has_one(number: str, form: str, shown: str) -> None:
    assert as_shown(Decimal(number), form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [('[>100]0"多";[<10]0"少";0"中"', ["101多", "100中", "10中", "9少"]), ('[>=10]0"多";0"少"', ["101多", "100多", "10多", "9少"])],
)  # fmt: skip
def test_a_section_is_of_the_numbers_that_its_condition_lets_in_and_the_last_of_the_rest(
    form: str, shown: list[str]
) -> None:
    assert [as_shown(Decimal(number), form) for number in (101, 100, 10, 9)] == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ('[<0]0"负";0', "5负"), ('[<=0]0"负";0', "5负"), ('[<-3]0"低";0', None), ('[<10]0"少";0', "-5少"),
        ('[<=10]0"少";0', "-5少"), ('[>-10]0"多";0', "-5多"), ('[>=-5]0"多";0', "-5多"), ('[=-5]0"等";0', None),
        ('[<>0]0"非";0', "-5非"), ('[>0]0"正";0"负"', "5负"), ('[>=0]0"正";0"负"', "5负"), ('[>10]0"正";0"负"', None),
        ('[=0]0"零";0"负"', None), ('[>100]0"多";[<10]0"少";0', None), ('[>100]0"多";[<=0]0"负";0', "5负"),
        ('[>100]0"多";[<-3]0"低";0', None), ('[>0]0"多";[=0]0"零";0"负"', None),
    ],
)  # fmt: skip
def test_a_negative_number_has_its_sign_but_where_its_section_takes_only_such(form: str, shown: str | None) -> None:
    cell = CellMaker().cell(Decimal(-5), form)
    assert (cell.text if not cell.doubts else None) == shown


def test_a_zero_under_a_condition_is_shown_where_programs_agree() -> None:
    found = {form: CellMaker().cell(Decimal(0), form) for form in ('[>0]0;"—"', '[>=0]0"正";"—"', '[>1]0;"—"')}
    assert [cell.text for cell in found.values()] == ["0", "0正", "—"]
    assert [[code for code, _ in cell.doubts] for cell in found.values()] == [["W603"], [], []]


@given(st.integers(0, 20_000))
def test_letters_of_a_column_are_its_number(number: int) -> None:
    assert columns_of(letters_of(number)) == number


def test_columns_have_letters_as_in_a_spreadsheet() -> None:
    assert [columns_of(letters) for letters in ("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA")] == [
        0,
        25,
        26,
        51,
        52,
        701,
        702,
    ]
