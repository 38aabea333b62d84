"""Numbers in Chinese characters."""

from decimal import Decimal

import pytest

from perfeval.model.numerals import arabic_shares, chinese, decimal


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
    assert decimal("9" * 19) is None
