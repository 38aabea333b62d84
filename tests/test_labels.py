"""Labels: doctests hold the examples, hypothesis the laws."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model import rounding
from perfeval.present import columns, labels


def test_the_examples_in_the_docstrings_hold() -> None:
    found = doctest.testmod(labels)
    assert found.attempted > 20
    assert found.failed == 0
    assert doctest.testmod(rounding).failed == 0


@given(st.floats(min_value=0, max_value=3, allow_nan=False))
def test_a_percentage_is_near_its_ratio_and_has_at_most_one_decimal(ratio: float) -> None:
    shown = labels.percent(ratio)
    assert shown.endswith("%")
    assert abs(float(shown[:-1]) - ratio * 100) <= 0.15
    assert len(shown[:-1].partition(".")[2]) <= 1
    assert not shown.endswith(".0%")


@given(st.floats(min_value=0.9, max_value=1.1, allow_nan=False))
def test_only_everything_is_100_percent(ratio: float) -> None:
    shown = labels.percent(ratio)
    if abs(ratio - 1) > 1e-8:
        assert shown != "100%"
        assert (float(shown[:-1]) > 100) == (ratio > 1)


@pytest.mark.parametrize(
    ("ratio", "shown"), [(0.99949, "99.9%"), (0.9999999999999999, "100%"), (1e-5, "0.1%"), (0.1 + 0.2, "30%")]
)
def test_percentages_at_the_edges(ratio: float, shown: str) -> None:
    assert labels.percent(ratio) == shown


@pytest.mark.parametrize("nothing", [-0.0, -1e-12])
def test_nothing_has_no_sign(nothing: float) -> None:
    shown = [write(nothing) for write in (labels.points, labels.money, labels.signed, labels.percent)]
    assert [*shown, columns.points(nothing), columns.money(nothing), columns.rate(nothing)] == [
        *("0.00", "0.00", "0.00", "0%"),
        *("0.00", "0.00", "0.0%"),
    ]


def test_a_trace_keeps_its_sign() -> None:
    assert (labels.points(-0.004), labels.signed(-0.004), labels.money(-0.004)) == ("−<0.01", "−<0.01", "0.00")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_reads_back(amount) -> None:
    assert labels.money(float(amount)).replace(",", "") == f"{amount:.2f}"


@given(st.dates(min_value=date(2000, 1, 1)), st.dates(min_value=date(2000, 1, 1)))
def test_dates_name_both_ends(start: date, end: date) -> None:
    shown = labels.dates(start.isoformat(), end.isoformat())
    assert shown.startswith(f"{start.month}月{start.day}日")
    assert shown.endswith(f"{end.month}月{end.day}日")


@given(st.text(), st.floats(min_value=2, max_value=40))
def test_shortened_text_fits_and_is_the_beginning(text: str, most: float) -> None:
    shown = labels.shorten(text, most)
    assert labels.width(shown) <= most
    assert labels.one_line(text).startswith(shown.removesuffix("…"))


@given(st.lists(st.sampled_from(["甲", "乙", "丙"]), min_size=2, max_size=20), st.integers(1, 5))
def test_a_listing_gives_the_number(names: list[str], most: int) -> None:
    shown = labels.listing(names, most)
    assert shown.endswith(labels.several(len(names)))
    assert ("等" in shown) == (len(names) > most)
