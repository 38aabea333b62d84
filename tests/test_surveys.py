"""Surveys: the share, its interval, and the printed satisfaction beside it."""

import math

import pandas as pd
import pytest
from findings_office import office
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.surveys import COLUMNS, survey_samples, surveys, wilson
from perfeval.model.schema import Survey

PLEASED = "办事群众满意度"


def one(survey: Survey, **cells: str) -> dict[str, object]:
    change = {PLEASED: cells} if cells else None
    return surveys(office(change, surveys=(survey,))).iloc[0].to_dict()


def test_the_share_and_its_interval() -> None:
    told = one(Survey(PLEASED, 200, 187, "2022-12-05", "窗口问卷"))
    assert (told["share"], told["row"], told["printed"], told["agrees"]) == (0.935, 7, 0.935, True)
    assert told["low"] == pytest.approx(0.8919, abs=1e-4)  # Wilson 95 % of 187 in 200
    assert told["high"] == pytest.approx(0.9616, abs=1e-4)
    assert told["why"] == "187÷200＝93.50%，完成值为93.5%，相符"


@pytest.mark.parametrize(
    ("actual", "agrees"),
    [("93.5%", True), ("94%", True), ("93.50%", True), ("93%", False), ("93.6%", False), ("100%", False)],
)
def test_the_printed_actual_agrees_at_its_own_precision(actual: str, agrees: bool) -> None:
    assert one(Survey(PLEASED, 200, 187), actual=actual)["agrees"] is agrees


@pytest.mark.parametrize(
    ("survey", "actual", "why"),
    [
        (Survey(PLEASED, None, None), "93.5%", "没有样本量或满意人数"),
        (Survey(PLEASED, 0, 0), "93.5%", "没有样本量或满意人数"),
        (Survey(PLEASED, 200, None), "93.5%", "没有样本量或满意人数"),
        (Survey(PLEASED, None, 187), "93.5%", "没有样本量或满意人数"),
        (Survey(PLEASED, 200, 187), "187人", "完成值“187人”不是百分比"),
        (Survey(PLEASED, 200, 187), "93%-94%", "完成值“93%-94%”不是百分比"),
        (Survey(PLEASED, 200, 201), "93.5%", "满意201人多于调查200人"),
        (Survey(PLEASED, 200, 187), "满意", "完成值“满意”不是百分比"),
        (Survey("商户满意率", 200, 187), "93.5%", "指标表里没有这项指标"),
    ],
)
def test_what_cannot_be_compared_says_why(survey: Survey, actual: str, why: str) -> None:
    told = one(survey, actual=actual)
    assert pd.isna(told["agrees"])
    assert why in str(told["why"])


def test_everybody_may_be_pleased() -> None:
    told = one(Survey(PLEASED, 200, 200), actual="100%")
    assert (told["share"], told["agrees"], told["why"]) == (1, True, "200÷200＝100.00%，完成值为100%，相符")
    assert one(Survey(PLEASED, 200, 180), actual="90%")["agrees"]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (PLEASED, 7),
        ("群众满意度", 7),  # in the indicator's name
        ("窗口办事群众满意度调查", 7),  # and holding it
        ("满意度", None),  # two could be meant
        ("受理便民事项", None),  # in a name, which asks for nobody's opinion
        ("", None),
    ],
)
def test_a_survey_is_of_the_one_indicator_that_it_can_mean(name: str, row: int | None) -> None:
    found = one(Survey(name, 200, 187))["row"]
    assert (None if pd.isna(found) else found) == row


def test_a_survey_finds_its_indicator_by_part_of_the_name() -> None:
    assert one(Survey("群众满意度", 200, 187))["row"] == 7
    assert survey_samples(office(surveys=(Survey("群众满意度", 200, 187),))) == {7: 200}
    assert pd.isna(one(Survey("满意度", 200, 187))["row"])  # two could be meant


def test_no_surveys_give_an_empty_table() -> None:
    told = surveys(office(surveys=()))
    assert (len(told), tuple(told.columns)) == (0, COLUMNS)


RESULT = office()


@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_the_share_and_stays_within_bounds(asked: int, data: st.DataObject) -> None:
    from dataclasses import replace

    pleased = data.draw(st.integers(0, asked))
    narrative = replace(RESULT.narrative, surveys=(Survey(PLEASED, asked, pleased),))
    told = surveys(replace(RESULT, narrative=narrative)).iloc[0]
    assert 0 <= told["low"] <= told["share"] <= told["high"] <= 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_stays_inside(pair: tuple[int, int]) -> None:
    met, rows = pair
    low, high = wilson(met, rows)
    assert 0 <= low <= met / rows <= high <= 1


def test_wilson_by_its_published_formula() -> None:
    bounds = [tuple(round(end, 4) for end in wilson(*pair)) for pair in ((37, 39), (0, 10), (5, 5))]
    assert bounds == [(0.8311, 0.9858), (0.0, 0.2775), (0.5655, 1.0)]
    assert all(math.isnan(end) for end in wilson(0, 0))
