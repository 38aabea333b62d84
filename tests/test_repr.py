"""What a notebook shows of the great values: who, when and how much, never their tables."""

import dataclasses

import pytest
from several_years import evaluated, on_file, row

from perfeval.analysis.evaluation import history
from perfeval.analysis.peers import compare
from perfeval.model.schema import spell_years

ROWS = (row("新建口袋公园", "≥3个", "2个"), row("道路整治率", "≥95%", "96%"))
LONGEST = 120


@pytest.mark.parametrize(
    ("years", "said"),
    [([], ""), ([2023], "2023年"), ([2021, 2023, 2022, 2022], "2021—2023年"), ([2020, 2022], "2020、2022年")],
)
def test_years_in_a_few_words(years: list[int], said: str) -> None:
    assert spell_years(years) == said


def test_an_evaluation_says_its_score_and_what_was_missed() -> None:
    shown = repr(evaluated(2021, ROWS))
    assert shown.startswith("<Evaluation 示例街道2021年度：复算")
    assert "2项指标，1项未完成或部分完成" in shown
    assert len(shown) < LONGEST


def test_an_evaluation_without_a_total_says_why() -> None:
    assert "没有绩效指标，不能复算总分" in repr(evaluated(2021, ()))


def test_a_history_says_every_score() -> None:
    shown = repr(history({year: evaluated(year, ROWS) for year in (2021, 2022)}))
    assert shown.startswith("<History 示例街道2021—2022年：复算2021年")
    assert "4项次指标" in shown
    assert len(shown) < LONGEST
    assert "没有复算得分" in repr(history({2021: evaluated(2021, ())}))


def test_peers_say_how_many() -> None:
    one = dataclasses.replace(evaluated(2021, ROWS), district="示例区")
    other = dataclasses.replace(one, subdistrict="other", name="另一\n街道")
    shown = repr(
        compare([one, other], one.ruleset, district="示例区", year=2021, failed=[("third", "第三街道", "没有数据")])
    )
    assert shown.startswith("<Peers 示例区2021年度：2个单位可比")
    assert "1个未能评价" in shown
    assert len(shown) < LONGEST


def test_data_say_who_and_when() -> None:
    data = on_file(2021, ROWS)
    assert repr(data) == "<Data 示例街道2021年：2项指标，1行预算，0条问题>"
    assert repr(dataclasses.replace(data, sources=data.sources.iloc[:0])).startswith("<Data 0个单位：")


def test_what_follows_from_the_rows_is_worked_out_once() -> None:
    result = evaluated(2021, ROWS)
    assert result.unmet is result.unmet
    assert result.unverified is result.unverified
    fewer = dataclasses.replace(result, indicators=result.indicators.iloc[1:])
    assert (len(result.unmet), len(fewer.unmet)) == (1, 0)
