"""One folding for headings, items, names and values: what is seen decides, and no sign makes another number."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.ingest.cells import half_width_text, read_number
from perfeval.ingest.checks import parse_csv
from perfeval.ingest.forms.vocabulary import column, flat, tidy
from perfeval.ingest.prose.outline import clean
from perfeval.model import names
from perfeval.model.folding import fold, half_width, key, legible
from perfeval.model.reading import read_pair
from perfeval.model.schema import STATUSES
from perfeval.model.values import read

ODD = st.text(
    st.sampled_from(
        "0123456789.%()（）▲△-—–−负 ²³¹₂½⅓①㈠㋀㏠㎡㎥m米次件≥≤＝=>＜*＊\u200b\u00a0\u3000\u00ad⾏⽀⻅…、，"
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("全年执⾏数", "全年执行数"),
        ("部门整体⽀出", "部门整体支出"),
        ("⽬标⼀", "目标一"),
        ("⻅效⻓⻚⻛⻋⻢⻔⻘⻝⻬⺠⺟", "见效长页风车马门青食齐民母"),
        ("執\uf9f7", "執立"),
        ("满\u200b意\ufeff度\u00ad", "满意度"),
        ("指标(cid:123)甲", "指标甲"),
        ("甲\u2028乙", "甲\n乙"),
        ("13¹次 （５%）　甲", "13¹次 （５%）　甲"),
    ],
)
def test_what_cannot_be_seen_is_gone_and_radicals_are_the_characters_they_look_like(written: str, seen: str) -> None:
    assert legible(written) == seen


def test_every_radical_but_strokes_becomes_an_ordinary_character() -> None:
    radicals = [chr(code) for code in range(0x2E80, 0x2FE0) if unicodedata.name(chr(code), "")]
    assert {sign for sign in radicals if legible(sign) == sign} == set("\u2e80\u2e82\u2e83\u2e97")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("100㎡", "100"),
        ("3½小时", "3.5"),
        ("３½小时", "3.5"),
        ("¾", "0.75"),
        ("12\u200b3次", "123"),
        ("９８．５％", "98.5"),
    ],
)
def test_numbers_are_read_as_they_are_seen(written: str, number: str) -> None:
    assert read(written).low == Decimal(number)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (".5%", "0.5"),
        ("≥.95", "0.95"),
        ("．98", "0.98"),
        ("-.5%", "-0.5"),
        ("、.5", "0.5"),
        ("...5%", "5"),
        ("…5%", "5"),
    ],
)
def test_a_number_that_begins_with_its_point_keeps_it(written: str, number: str) -> None:
    assert read(written).low == Decimal(number)


@pytest.mark.parametrize("written", ["13¹次", "5³", "10⁴元", "95%¹", "3⅓", "12㋀", "13₁次", "²98%"])
def test_a_raised_figure_never_joins_the_number(written: str) -> None:
    found = read(written)
    assert found.kind in {"unread", "text"} or found.low in {Decimal(13), Decimal(95), Decimal(98)}


@pytest.mark.parametrize(
    "written",
    ["（5.2%）", "(5.2%)", "(5.2)%", "【5.2%】", "▲5.2%", "△5.2", "▼5.2%", "↓5.2%", "5.2%↓", "—5.2%", "5.2-", "¥(900)",
     "（900）", "5.2%（负）", "5.2万元（减少）", "≥▲5.2%", "亏损5万元", "(5.2万元)", "(98分)"],
)  # fmt: skip
def test_what_may_be_negative_is_not_read_as_positive(written: str) -> None:
    found = read(written)
    assert (found.kind, found.low) == ("unread", None), "可能是负数"
    assert "可能是负数" in found.reason


@pytest.mark.parametrize(
    "written", ["-5.2%", "－5.2%", "−5.2%", "–5.2%", "﹣5.2%", "负5.2%", "为负5.2%", "(-5.2%)", "≥-5.2%"]
)
def test_a_minus_in_any_spelling_is_one(written: str) -> None:
    assert read(written).low == Decimal("-5.2")


def test_a_negative_growth_is_a_fall() -> None:
    assert read("负增长5.2%").word == "下降"


@pytest.mark.parametrize("written", ["(≥95%)", "（95%以上）", "★95%", "●≥95%", "(95%以内)"])
def test_brackets_around_a_bound_and_marks_before_a_value_still_say_nothing(written: str) -> None:
    assert read(written).low == Decimal(95)


def test_a_negative_looking_actual_is_never_met() -> None:
    judged = read_pair("居民收入增长率", "≥5%", "▲5.2%")
    assert judged.status not in {"完成", "未完成"}
    assert read_pair("居民收入增长率", "≥5%", "(5.2%)").status == judged.status


@pytest.mark.parametrize("name", ["培训人次（＝≥**人）", "甲（=<*人）", "甲（<>**）", "甲(≥≤*)", "甲(><**个)"])
def test_no_hint_in_a_name_stops_the_read_pair(name: str) -> None:
    assert names.hinted_operator(name) in {"", ">=", "<=", ">", "<", "="}
    read_pair(name, "1200人", "1300人")


@given(ODD, ODD, ODD)
def test_no_text_makes_the_reading_fail(name: str, target: str, actual: str) -> None:
    assert read_pair(name, target, actual).status in STATUSES


@given(st.text(max_size=30) | ODD)
def test_each_folding_changes_nothing_the_second_time(text: str) -> None:
    for folding in (legible, half_width, fold):
        once = folding(text)
        assert folding(once) == once


def test_headings_items_and_cells_use_the_same_folding() -> None:
    assert flat("⽀出 （⽉）\u200b") == "支出(月)"
    assert column("budget", "全年执⾏数（万元）") == column("budget", "全年执行数（万元）")
    assert tidy("部门整体⽀出\u200b") == "部门整体支出"
    assert clean("⽀出\u00ad\u3000合计") == "支出 合计"
    assert half_width_text("１２３\u200b４") == "1234"
    assert read_number("5²", "万元")[0] is None
    assert key("⽀出合计") == key("支出合计")


def test_a_table_with_radicals_in_its_headings_is_that_table() -> None:
    frame, problems = parse_csv("项⽬,全年执⾏数\n甲,1\n".encode(), "a.csv")
    assert list(frame.columns) == ["项目", "全年执行数"]
    assert [one.code for one in problems] == ["W102", "W102"]
