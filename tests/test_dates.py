"""Dates, periods and deadlines."""

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.dates import Period, in_time, period, spelt
from perfeval.model.folding import fold
from perfeval.model.reading import read_pair
from perfeval.model.schema import UNDECIDED
from perfeval.model.values import read


@pytest.mark.parametrize(
    ("text", "start", "end", "by"),
    [
        ("2022年", "2022", "2022", False),
        ("2022年度", "2022", "2022", False),
        ("2022年12月", "2022-12", "2022-12", False),
        ("2021年12月完成", "2021-12", "2021-12", False),
        ("2022年12月31日前", "2022-12-31", "2022-12-31", True),
        ("2022.12.31", "2022-12-31", "2022-12-31", False),
        ("2021/12/31", "2021-12-31", "2021-12-31", False),
        ("2022-6-5", "2022-06-05", "2022-06-05", False),
        ("20221231", "2022-12-31", "2022-12-31", False),
        ("12月底之前完成", "--12", "--12", True),
        ("年底前", "--12", "--12", True),
        ("2022年底", "2022-12", "2022-12", False),
        ("年内", "--01", "--12", False),
        ("2022年12月31日前完成支付", "2022-12-31", "2022-12-31", True),
        ("第四季度", "--10", "--12", False),
        ("2022年第四季度", "2022-10", "2022-12", False),
        ("上半年", "--01", "--06", False),
        ("2023.07-2024.01", "2023-07", "2024-01", False),
        ("2021年1月-12月", "2021-01", "2021-12", False),
        ("2021年1-12月", "2021-01", "2021-12", False),
        ("2022年1月1日至2022年12月31日", "2022-01-01", "2022-12-31", False),
        ("2022-2023年", "2022", "2023", False),
        ("十二月底", "--12", "--12", False),
        ("二〇二二年十二月", "2022-12", "2022-12", False),
        ("22年12月底前", "2022-12", "2022-12", True),
        ("不晚于6月30日", "--06-30", "--06-30", True),
        ("9月上旬", "--09-01", "--09-10", False),
    ],
)
def test_periods(text: str, start: str, end: str, by: bool) -> None:
    assert period(fold(text)) == Period(start, end, by)


@pytest.mark.parametrize(
    "text",
    ["2022.13", "13月", "2月30日", "2021年2月29日", "12个月", "22年", "2022", "底", "2023年至2022年", "100%", ""],
)
def test_what_is_no_date(text: str) -> None:
    assert period(fold(text)) is None


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("2022年12月31日前", "2022年12月31日", True),
        ("2022年12月31日前", "2022年12月", True),
        ("2022年12月31日前", "2023年1月1日", False),
        ("2019年", "2020年", False),
        ("2022年6月", "2022年", None),
        ("年底前", "12月20日", True),
        ("年底前", "2022年11月", True),
        ("6月底前", "2022年7月", False),
        ("2023.07-2024.01", "2023.07-2024.02", False),
        ("第四季度", "2022年12月", True),
    ],
)
def test_deadlines_are_kept_by_the_end_of_the_period(target: str, actual: str, met: bool | None) -> None:
    due, done = period(target), period(actual)
    assert due is not None
    assert done is not None
    assert in_time(due, done) is met


@pytest.mark.parametrize("actual", ["6月中旬", "二季度", "上半年"])
def test_a_period_beside_a_day_within_it_is_too_coarse(actual: str) -> None:
    assert read_pair("完成时间", "6月12日前", actual).status == UNDECIDED


@given(st.dates(), st.dates())
def test_what_is_spelt_is_read_back(one, other) -> None:
    start, end = (day.isoformat() for day in sorted((one, other)))
    found = period(spelt(start, end))
    if one.year >= 1949 and other.year >= 1949 and max(one, other).year <= 2100:
        assert found == Period(start, end)


@pytest.mark.parametrize(("first", "last", "names"), [(1, 3, "一1"), (4, 6, "二2"), (7, 9, "三3"), (10, 12, "四4")])
def test_a_quarter_is_its_three_months_however_it_is_written(first: int, last: int, names: str) -> None:
    for name in names:
        found = read(f"2022年第{name}季度")
        assert (found.start, found.end) == (f"2022-{first:02}", f"2022-{last:02}")


# Text; its first and last day as far as they are known; whether it is a deadline, and one that leaves its end open.
PERIODS = """
2022年|2022|2022|
2022年度|2022|2022|
2022年底|2022-12|2022-12|
2022年末|2022-12|2022-12|
2022年终|2022-12|2022-12|
2022年初|||
年底|--12|--12|
年末|--12|--12|
年内|--01|--12|
全年|--01|--12|
当年|--01|--12|
本年|--01|--12|
本年度|--01|--12|
今年|--01|--12|
今年内|--01|--12|
年度内|--01|--12|
1989年|1989|1989|
1990年|1990|1990|
2099年|2099|2099|
2100年|2100|2100|
22年|||
22年6月|2022-06|2022-06|
89年6月|2089-06|2089-06|
2022年1月|2022-01|2022-01|
2022年12月|2022-12|2022-12|
2022年13月|||
2022年0月|||
13月|||
1月|--01|--01|
12月|--12|--12|
2022年6月底|2022-06|2022-06|
6月底|--06|--06|
6月末|--06|--06|
6月中|--06|--06|
6月中旬|--06-11|--06-20|
6月上旬|--06-01|--06-10|
6月下旬|--06-21|--06|
6月初|--06-01|--06-10|
2022年2月上旬|2022-02-01|2022-02-10|
2022年2月中旬|2022-02-11|2022-02-20|
2022年2月下旬|2022-02-21|2022-02|
2月下旬|--02-21|--02|
2022年2月28日|2022-02-28|2022-02-28|
2022年2月29日|||
2020年2月29日|2020-02-29|2020-02-29|
2月29日|--02-29|--02-29|
2月30日|||
6月30日|--06-30|--06-30|
6月31日|||
2022年6月0日|||
6月1日|--06-01|--06-01|
6月1号|--06-01|--06-01|
一季度|--01|--03|
第一季度|--01|--03|
二季度|--04|--06|
三季度|--07|--09|
四季度|--10|--12|
第四季度|--10|--12|
五季度|||
一季度末|--03|--03|
四季度末|--12|--12|
2022年一季度|2022-01|2022-03|
2022年第三季度末|2022-09|2022-09|
2022年四季度底|2022-12|2022-12|
1季度|--01|--03|
上半年|--01|--06|
下半年|--07|--12|
2022年上半年|2022-01|2022-06|
2022年下半年|2022-07|2022-12|
2022-06-30|2022-06-30|2022-06-30|
2022-6-30|2022-06-30|2022-06-30|
2022/6/30|2022-06-30|2022-06-30|
2022.6.30|2022-06-30|2022-06-30|
2022.06|2022-06|2022-06|
2022-13-01|||
2022-02-30|||
20221231|2022-12-31|2022-12-31|
20221301|||
20220230|||
2022123|||
2022-06|2022-06|2022-06|
1-6月|--01|--06|
1月-6月|--01|--06|
1月至6月|--01|--06|
1—12月|--01|--12|
3月15日-6月30日|--03-15|--06-30|
2022年3月-6月|2022-03|2022-06|
2022年3月至2023年6月|2022-03|2023-06|
2022年6月至3月|||
6月至3月|||
2022-2023年|2022|2023|
2023-2022年|||
2022年至2023年|2022|2023|
2022年11月至12月|2022-11|2022-12|
2022.01-2022.12|2022-01|2022-12|
6月前|--06|--06|by unclear
6月底前|--06|--06|by
6月30日前|--06-30|--06-30|by
6月以前|--06|--06|by unclear
6月之前|--06|--06|by unclear
2022年前|2022|2022|by unclear
2022年6月前|2022-06|2022-06|by unclear
2022年底前|2022-12|2022-12|by
上半年前|--01|--06|by unclear
三季度前|--07|--09|by unclear
三季度末前|--09|--09|by
不晚于6月|--06|--06|by
于6月底前|--06|--06|by
在6月30日前完成|--06-30|--06-30|by
截至6月|--06|--06|
截止2022年底|2022-12|2022-12|by
6月内|--06|--06|by
6月完成|--06|--06|
6月底完成|--06|--06|
12月底到位|--12|--12|
六月|--06|--06|
十二月|--12|--12|
六月三十日|--06-30|--06-30|
二〇二二年六月|2022-06|2022-06|
二○二二年|2022|2022|
十二月三十一日前|--12-31|--12-31|by
6月30日以后|||
6月后|||
该年|||
年度|||
1948年6月|||
1949年6月|1949-06|1949-06|
2100年6月|2100-06|2100-06|
2101年6月|||
2101年|||
1948年|||
1949年|1949|1949|
2022年6月1日|2022-06-01|2022-06-01|
2022年6月31日|||
30年底|2030-12|2030-12|
2022年第四季度前|2022-10|2022-12|by unclear
"""


@pytest.mark.parametrize("line", PERIODS.strip().splitlines())
def test_every_way_of_writing_a_period(line: str) -> None:
    text, start, end, kind = line.split("|")
    found = period(fold(text))
    assert found == (Period(start, end, "by" in kind, "unclear" in kind) if start else None)
    if found is not None:
        assert period(spelt(start, end)) == Period(start, end), "what is told of it reads as the same"


WITHIN_A_YEAR = [line.split("|")[:3] for line in PERIODS.strip().splitlines() if line.split("|")[1][:5] == "2022-"]


@pytest.mark.parametrize("due", WITHIN_A_YEAR, ids=lambda one: one[0])
def test_what_was_done_within_a_period_is_in_time_if_each_of_its_days_is(due: list[str]) -> None:
    def days(start: str, end: str) -> tuple[str, str]:
        begin = start if start.count("-") == 2 else f"{start}-01"
        last = end if end.count("-") == 2 else f"{end}-{calendar.monthrange(2022, int(end[5:7]))[1]}"
        return begin, last

    for _, start, end in WITHIN_A_YEAR:
        begun, done = days(start, end)
        latest = days(due[1], due[2])[1]
        met = True if done <= latest else False if begun > latest else None
        assert in_time(Period(due[1], due[2]), Period(start, end), span=False) == met, (due, start, end)


def test_a_text_of_more_than_forty_characters_is_no_date() -> None:
    for text, found in (("截至" * 16 + "2022年06月", Period("2022-06", "2022-06")), ("截至" * 17 + "2022年6月", None)):
        assert len(text) in (40, 41)
        assert period(text) == found
