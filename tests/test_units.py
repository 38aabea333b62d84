"""Units: one spelling, and only certain conversions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.folding import vocabulary
from perfeval.model.units import Column, align, column, dimension, is_unit, normal_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("百分比", "%"),
        ("名", "人"),
        ("KM", "公里"),
        ("㎡", "平方米"),
        ("M", "M"),
        ("月", "个月"),
        ("元/人*月", "元/人·月"),
        ("元/月/人", "元/人·月"),
        ("元每生每年", "元/生·年"),
        ("元/生/年", "元/生·年"),
        ("人·天", "人·天"),
        ("每月", "/月"),
        ("册次", "册次"),
    ],
)
def test_spellings(text: str, unit: str) -> None:
    assert normal_unit(text) == unit
    assert normal_unit(unit) == unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("万元", Column("元", Decimal(10000))),
        ("亿元", Column("元", Decimal(10**8))),
        ("万亿元", Column("元", Decimal(1_000_000_000_000))),
        ("千亿元", Column("元", Decimal(100_000_000_000))),
        ("百亿元", Column("元", Decimal(10_000_000_000))),
        ("十亿元", Column("元", Decimal(1_000_000_000))),
        ("千万元", Column("元", Decimal(10_000_000))),
        ("百万元", Column("元", Decimal(1_000_000))),
        ("十万元", Column("元", Decimal(100_000))),
        ("（个）", Column("个")),
        ("百分比", Column("%")),
        ("千克", Column("公斤")),
        ("定性", Column()),
        ("/", Column()),
        ("", Column()),
    ],
)
def test_unit_columns(text: str, expected: Column) -> None:
    assert column(text) == expected


@pytest.mark.parametrize(
    ("a_unit", "b", "b_unit", "converted"),
    [
        ("元", "3", "元", "3"),
        ("亩", "2", "公顷", "30"),
        ("米", "1.5", "公里", "1500"),
        ("吨", "500", "公斤", "0.5"),
        ("%", "5", "‰", "0.5"),
        ("分钟", "0.5", "小时", "30"),
        ("年", "18", "个月", "1.5"),
        ("人", "5", "", "5"),
        ("", "5", "件", "5"),
        ("元/人·月", "3", "元", "3"),
        ("元/人·月", "5", "元", None),
        ("次/年", "5", "次", "5"),
        ("次/人", "5", "次", None),
        ("次", "5", "次/年", "5"),
        ("人", "5", "人次", None),
        ("%", "5", "件", None),
        ("工作日", "5", "天", None),
        ("个月", "30", "天", None),
        ("次", "5", "次/月", None),
        ("元/人", "5", "元/户", None),
    ],
)
def test_only_certain_conversions(a_unit: str, b: str, b_unit: str, converted: str | None) -> None:
    found = align(Decimal(1), a_unit, Decimal(b), b_unit)
    assert found.b == (None if converted is None else Decimal(converted))
    assert bool(found.reason) == (converted is None)


def test_every_unit_of_the_list_is_one_and_keeps_its_spelling() -> None:
    listed = vocabulary("units")
    for unit in listed["list"]["known"]:
        assert is_unit(unit), unit
        assert normal_unit(normal_unit(unit)) == normal_unit(unit), unit
    for factors in listed["dimension"].values():
        assert all(normal_unit(unit) == unit for unit in factors), factors


@given(
    st.sampled_from([unit for factors in vocabulary("units")["dimension"].values() for unit in factors]),
    st.sampled_from([unit for factors in vocabulary("units")["dimension"].values() for unit in factors]),
    st.integers(1, 10**6).map(Decimal),
)
def test_there_and_back(one: str, other: str, number: Decimal) -> None:
    there = align(Decimal(1), one, number, other).b
    assert (there is None) == (dimension(one) != dimension(other))
    if there is not None:
        back = align(Decimal(1), other, there, one).b
        assert back is not None
        assert abs(back - number) <= number * Decimal("1e-20")
