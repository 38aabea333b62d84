"""Numbers in Chinese characters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.numerals import LONGEST, arabic_shares, chinese, decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("两", "2"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百二十三", "123"),
        ("一千零五", "1005"),
        ("三万", "30000"),
        ("三万零五", "30005"),
        ("一亿二千万", "120000000"),
        ("二〇二二", "2022"),
        ("三点五", "3.5"),
        ("壹佰", "100"),
    ],
)
def test_chinese_numbers(text: str, number: str) -> None:
    assert chinese(text) == Decimal(number)


@pytest.mark.parametrize("text", ["三万五", "一百二", "万", "百千", "一般", "", "点五", "三点"])
def test_what_is_no_certain_number(text: str) -> None:
    assert chinese(text) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("百分之九十五", "95%"),
        ("百分之95.5", "95.5%"),
        ("千分之三", "3‰"),
        ("九成", "90%"),
        ("九成五", "95%"),
        ("三成立", "三成立"),
        ("1个半月", "1.5个月"),
        ("半年内", "6个月内"),
        ("上半年", "上半年"),
    ],
)
def test_shares(text: str, written: str) -> None:
    assert arabic_shares(text) == written


def test_a_code_is_no_amount() -> None:
    assert decimal("1,234.5") == Decimal("1234.5")
    assert decimal("9" * LONGEST) == Decimal(10**18 - 1)
    assert decimal("9" * 19) is None
    assert arabic_shares(f"百分之{'9' * 19}") == f"百分之{'9' * 19}"


PLAIN, FORMAL = ("零一二三四五六七八九", "十百千"), ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")


def in_characters(number: int, characters: tuple[str, str] = PLAIN) -> str:
    """A number up to 99,999,999 as it is said: 10,305 is 一万零三百零五."""
    digits, tens = characters
    if number >= 10**4:
        above, below = divmod(number, 10**4)
        zero = digits[0] if 0 < below < 1000 else ""
        return f"{in_characters(above, characters)}万{zero}{in_characters(below, characters) if below else ''}"
    said = ""
    for place, digit in enumerate(f"{number:04d}"):
        unit = ("", *tens)[3 - place]
        said += f"{digits[int(digit)]}{unit}" if digit != "0" else digits[0]
    while digits[0] * 2 in said:
        said = said.replace(digits[0] * 2, digits[0])
    return said.strip(digits[0])


@given(st.integers(10, 99_999_999) | st.sampled_from([10, 11, 100, 110, 1000, 1001, 1010, 10**4, 10**5, 10**7]))
def test_a_number_said_in_characters_reads_back(number: int) -> None:
    for characters in (PLAIN, FORMAL):
        assert chinese(in_characters(number, characters)) == number
        assert arabic_shares(f"百分之{in_characters(number, characters)}") == f"{number}%"


@pytest.mark.parametrize(
    "text", ["十百", "百百", "三十十", "十千", "一百二千", "三四", "三四五百", "一万亿点", "百一般"]
)
def test_units_that_rise_within_a_number_are_none(text: str) -> None:
    assert chinese(text) is None
