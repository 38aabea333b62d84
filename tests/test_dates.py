"""Dates, periods and deadlines."""

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
        ("9月上旬", "--09", "--09-10", False),
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
