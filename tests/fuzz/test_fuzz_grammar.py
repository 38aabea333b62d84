"""Laws of the grammar of targets and actuals, on texts put together from its own words; ``make fuzz`` tries 100,000."""

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from perfeval.model.folding import vocabulary
from perfeval.model.reading import Reading, read_pair, read_status
from perfeval.model.schema import DEADLINE, MET, MISSED, PARTLY, REVERSE, STATUSES, UNDECIDED
from perfeval.model.values import KINDS, Value, describe, normal, read

EXAMPLES = int(os.environ.get("PERFEVAL_FUZZ", "0")) or 100
"""Of each law."""
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
CORPUS = Path(__file__).with_name("cells.txt").read_text(encoding="utf-8").splitlines()
"""Cells that once broke a law, and real ones of every kind."""


def words(part: Any) -> Iterator[str]:
    """Every word of a vocabulary file."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from words([key, value])
    elif isinstance(part, list):
        for one in part:
            yield from words(one)


VOCABULARY = sorted({word for name in ("words", "units") for word in words(vocabulary(name)) if 0 < len(word) <= 8})
SIGNS = list("0123456789.,，%‰≥≤<>=＝~-—（）()万亿千百十个/·、；;:： \t年月日前后第无未不约 \u200b①²½▲*×√○")
NUMBERS = st.one_of(
    st.integers(0, 10**7).map(str),
    st.decimals(0, 10**5, places=2).map(str),
    st.integers(1, 999).map(lambda n: f"{n},000"),
    st.sampled_from(["一百二十", "两千", "九成五", "百分之九十", "1.6万", "2023", "12", "0", "100", "1e5", "١٢"]),
)
TOKENS = st.one_of(NUMBERS, st.sampled_from(VOCABULARY), st.sampled_from(SIGNS), st.characters())
CELLS = st.one_of(
    st.lists(TOKENS, max_size=7).map("".join),
    st.sampled_from(CORPUS),
    st.builds(
        lambda cell, at, token: cell[:at] + token + cell[at:], st.sampled_from(CORPUS), st.integers(0, 9), TOKENS
    ),
)
NAMES = st.lists(
    st.sampled_from(VOCABULARY) | st.sampled_from(["率", "次数", "投诉", "成本", "时间", "人"]), max_size=4
).map("".join)
UNITS = st.sampled_from(["", "%", "万元", "个", "人次", "天", "定性", "平方米", "元/人·月"])


def said(value: Value) -> Value:
    return replace(value, raw="")


def verdict(one: Reading) -> tuple[Any, ...]:
    return one.status, one.attainment, one.direction, one.level, one.a, one.b


@fuzzed
@given(NAMES, CELLS, CELLS, UNITS)
def test_every_pair_is_read_and_what_cannot_be_read_decides_nothing(
    name: str, target: str, actual: str, unit: str
) -> None:
    found = read_pair(name, target, actual, unit=unit)
    assert found.status in STATUSES
    assert found.why
    assert found.direction_why
    assert (found.a is None) == (found.b is None)
    assert found.attainment is None or (found.attainment >= 0 and found.attainment.is_finite())
    assert found.target.kind in KINDS
    assert describe(found.target)
    assert describe(found.actual)
    assert read_status(target) in ("", *STATUSES)
    if "unread" in (found.target.kind, found.actual.kind) or found.actual.kind == "placeholder":
        assert (found.status, found.attainment, found.level) == (UNDECIDED, None, "")
    if found.attainment is not None and found.level not in (PARTLY,):
        assert found.status in (MET, MISSED)


@fuzzed
@given(CELLS, UNITS)
@example("100001000010000", "万元")
@example("0.01名次", "")
def test_what_is_printed_reads_as_what_was_read(text: str, unit: str) -> None:
    found = read(text, unit)
    assert found.raw == text
    beside = unit if found.kind == "unread" else ""  # a number may be too long only once the column has multiplied it
    assert said(read(normal(found), beside)) == said(found)
    if found.kind in ("number", "range"):
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.high


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def narrow(text: str) -> str:
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)


@fuzzed
@given(NAMES, CELLS, CELLS, UNITS)
def test_width_and_spaces_around_and_what_cannot_be_seen_change_no_judgement(
    name: str, target: str, actual: str, unit: str
) -> None:
    plain = verdict(read_pair(name, target, actual, unit=unit))
    for form in (
        wide,
        narrow,
        lambda text: f"\u3000{text} \t",
        lambda text: "\u200b".join(["", *text, ""]),
        lambda text: f"\ufeff{text}\n",
    ):
        assert verdict(read_pair(name, form(target), form(actual), unit=unit)) == plain, form(target)


OPERATORS = st.sampled_from(["", "≥", ">", "≤", "<", "=", "不低于", "不超过", "约"])
EXPLICIT = st.sampled_from(["%", "件", "人次", "万元", "元", "天", "个工作日", "平方米", "万人次", "‰", "次/月", "名"])
AMOUNTS = st.decimals(0, 10**6, places=2) | st.integers(0, 300).map(Decimal)


@fuzzed
@given(NAMES, OPERATORS, AMOUNTS, AMOUNTS, AMOUNTS, EXPLICIT)
def test_a_better_actual_never_attains_less(
    name: str, operator: str, target: Decimal, one: Decimal, other: Decimal, unit: str
) -> None:
    first, second = (read_pair(name, f"{operator}{target}{unit}", f"{value}{unit}") for value in (one, other))
    assume(UNDECIDED not in (first.status, second.status))
    assume(one and other)  # nothing can be divided by no accidents: met in full, whatever the ratio of one accident is
    assert first.direction == second.direction
    worse, better = (first, second) if one <= other else (second, first)
    if first.direction in (REVERSE, DEADLINE):
        worse, better = better, worse
    assert worse.attainment is not None
    assert better.attainment is not None
    assert worse.attainment <= better.attainment
    assert (worse.status, better.status) != (MET, MISSED)


@fuzzed
@given(
    NAMES, AMOUNTS, AMOUNTS, st.sampled_from([("万元", "元", 10**4), ("万人次", "人次", 10**4), ("公里", "米", 1000)])
)
def test_the_unit_it_is_written_in_decides_nothing(
    name: str, target: Decimal, actual: Decimal, pair: tuple[str, str, int]
) -> None:
    large, small, times = pair
    first = read_pair(name, f"≥{target}{large}", f"{actual}{large}")
    second = read_pair(name, f"≥{target}{large}", f"{actual * times}{small}")
    assert (first.status, first.attainment) == (second.status, second.attainment)
