"""Moves larger than their range, trends of several offices tested together, and lines that go on over a definition."""

import math
from typing import Any

import pandas as pd
import pytest
from several_years import row, years

import perfeval as pe
from perfeval.analysis.evaluation import history as gathered
from perfeval.analysis.movements import LEAST, movers, score_changes, trends, year_totals
from perfeval.model.columns import MOVERS, TRENDS


def office(name: str, *yearly: dict[str, float], first: int = 2020) -> pd.DataFrame:
    base: dict[str, Any] = {"execution_rate": 0.95, "completion_low": 0.9, "completion_high": 0.9, "score": 95.0}
    held = [
        {
            "subdistrict": name,
            "name": name,
            "district": "示例区",
            "year": first + n,
            "synthetic": True,
            "state": "已复算",
        }
        | (base | {"strict": (base | one)["score"], "undecided_points": 0.0} | one)
        for n, one in enumerate(yearly)
    ]
    return pd.DataFrame(held)


def moved(measure: str, *yearly: dict[str, float]) -> Any:
    told = movers(office("甲", *yearly))
    return told[told["measure"].eq(measure)].iloc[-1]


def test_a_completion_moves_only_beyond_what_is_open() -> None:
    sure = moved(
        "completion_rate",
        {"completion_low": 0.5, "completion_high": 0.6},
        {"completion_low": 0.9, "completion_high": 0.95},
    )
    assert sure["moved"]
    assert (sure["change_low"], sure["change_high"]) == (pytest.approx(0.3), pytest.approx(0.45))
    unsure = moved(
        "completion_rate",
        {"completion_low": 0.5, "completion_high": 0.8},
        {"completion_low": 0.7, "completion_high": 0.9},
    )
    assert not unsure["moved"]
    assert unsure["why"] == "升降随口径而不同"
    edge = moved(
        "completion_rate",
        {"completion_low": 0.5, "completion_high": 0.6},
        {"completion_low": 0.6, "completion_high": 0.7},
    )
    assert (edge["moved"], edge["why"]) == (False, "升降随口径而不同"), "it may not have moved at all"
    wide = moved(
        "completion_rate",
        {"completion_low": 0.5, "completion_high": 0.6},
        {"completion_low": 0.62, "completion_high": 0.9},
    )
    assert (wide["moved"], wide["why"]) == (False, "变动不大于其不确定的范围")


def test_a_score_moves_only_where_both_bases_say_so() -> None:
    assert moved("score", {"score": 90, "strict": 90}, {"score": 93, "strict": 92.5})["moved"]
    assert not moved("score", {"score": 90, "strict": 90}, {"score": 93, "strict": 89})["moved"]


def test_a_score_moves_only_where_undecided_rows_cannot_undo_it() -> None:
    found = moved("score", {"score": 80.0, "undecided_points": 3.0}, {"score": 90.0, "undecided_points": 1.0})
    assert (found["moved"], found["change_low"], found["change_high"]) == (True, 7, 11)
    lost = moved("score", {"score": 90.0}, {"score": 80.0, "undecided_points": 10.0})
    assert (lost["moved"], lost["why"]) == (False, "升降随口径而不同")
    assert (lost["change_low"], lost["change_high"]) == (-10, 0)


def test_a_trifle_is_no_move() -> None:
    trifle = moved("execution_rate", {"execution_rate": 0.95}, {"execution_rate": 0.953})
    assert (trifle["moved"], trifle["why"]) == (False, "变动很小")
    assert moved("execution_rate", {"execution_rate": 0.95}, {"execution_rate": 0.95 + LEAST["execution_rate"]})[
        "moved"
    ]


def test_a_missing_year_makes_no_pair_and_columns_are_documented() -> None:
    told = movers(office("甲", {"score": math.nan, "strict": math.nan}, {"score": 95}))
    assert set(told["measure"]) == {"execution_rate", "completion_rate"}
    assert list(told.columns) == [one.name for one in MOVERS]
    assert movers(office("甲", {})).empty


def test_trends_say_nothing_under_five_years() -> None:
    told = trends(office("甲", *({"score": 80.0 + n} for n in range(4))))
    assert list(told.columns) == [one.name for one in TRENDS]
    assert told.set_index("series").loc["score", "verdict"] == "无法判断"


def test_the_tests_of_all_offices_are_adjusted_together() -> None:
    rising = [{"score": 70.0 + 4 * n} for n in range(5)]
    shaken = [{"score": 80.0 + 5 * (n % 3)} for n in range(5)]
    alone = trends(office("甲", *rising)).query("series == 'score'").iloc[0]
    among = trends(pd.concat([office("甲", *rising), *(office(f"乙{n}", *shaken) for n in range(9))]))
    told = among.query("series == 'score' and subdistrict == '甲'").iloc[0]
    assert alone["p"] == told["p"]
    assert told["adjusted"] > alone["adjusted"]
    assert (alone["verdict"], told["verdict"]) == ("改善", "无法判断")


def test_a_line_goes_on_where_a_definition_changed_and_says_so() -> None:
    history = gathered(
        years([row("宣传活动", "≥5场", "6场")], [row("宣传活动", "≥90%", "92%")], [row("宣传活动", "≥90%", "95%")])
    )
    told = pe.lineage(history)
    assert told["track"].nunique() == 2
    assert told["line"].nunique() == 1
    assert told["broken"].tolist() == [False, True, False]
    assert list(told.columns)[:-2] == list(pe.rows(history).columns)


def test_lines_of_a_single_year_are_its_rows() -> None:
    told = pe.lineage(gathered(years([row("甲率", "≥5%", "6%"), row("乙率", "≥5%", "6%")])))
    assert told["line"].nunique() == 2
    assert not told["broken"].any()


def test_money_in_a_form_that_is_not_filled_in_is_not_the_years() -> None:
    # half a year's execution beside whole ones would be told as a fall of the district
    counts = {"budget": 100.0, "executed": 95.0, "rows": 4, "met": 4, "most": 4}
    half = counts | {"executed": 40.0, "execution_rate": 0.4, "state": "尚未填报", "score": math.nan}
    scores = pd.concat([office("甲", counts, counts), office("乙", counts, half)], ignore_index=True)
    last = year_totals(scores).query("year == 2021 and group == '全部在案'").iloc[0]
    assert (last["money_offices"], last["listed"], last["budget"], last["executed"]) == (1, 2, 100, 95)
    told = movers(scores)
    assert told.loc[told["measure"].eq("execution_rate"), "subdistrict"].tolist() == ["甲"]


def test_a_form_with_rows_left_to_fill_in_has_no_completion_to_stand_beside_others() -> None:
    counts = {"budget": 100.0, "executed": 95.0, "rows": 4, "met": 4, "most": 4, "possible": 100.0, "unfilled": 0}
    half = counts | {"met": 1, "most": 3, "completion_low": 0.25, "completion_high": 0.75, "unfilled": 2}
    scores = pd.concat([office("甲", counts, counts), office("乙", counts, half)], ignore_index=True)
    last = year_totals(scores).query("year == 2021 and group == '全部在案'").iloc[0]
    assert (last["offices"], last["money_offices"], last["listed"]) == (1, 2, 2)
    assert (last["rows"], last["met"], last["most"], last["completion_low"]) == (4, 4, 4, 1)
    cohort = year_totals(scores).query(
        "group == '同口径组'"
    )  # 乙's 4 rows of the first year would be lost in the second
    assert cohort[["offices", "rows"]].to_numpy().tolist() == [[1, 4], [1, 4]]
    shown = pe.comparable(scores)
    assert shown[["completion_low", "completion_high", "score"]].isna().all(axis=1).tolist() == [False] * 3 + [True]
    told = movers(scores)
    assert told.loc[told["measure"].eq("completion_rate"), "subdistrict"].tolist() == ["甲"]
    told = trends(scores).set_index(["subdistrict", "series"])["n"]
    assert told["甲", "completion_rate"] == 2
    assert told["乙", "completion_rate"] == 1


def test_who_has_no_rate_in_a_year_is_in_no_years_total_of_the_cohort() -> None:
    counts = {"budget": 100.0, "executed": 95.0, "rows": 4, "met": 4, "most": 4, "possible": 100.0}
    none = counts | {"budget": 0.0, "executed": 0.0, "execution_rate": math.nan, "score": 85.0, "possible": 90.0}
    scores = pd.concat([office("甲", counts, counts), office("乙", none, counts)], ignore_index=True)
    told = year_totals(scores).query("group == '同口径组'")
    assert told["budget"].tolist() == told["budget"].tolist() == [100, 100]
    assert told["score_median"].tolist() == [95, 95]
    assert pe.comparable(scores)["score"].isna().tolist() == [False, False, True, False]


def test_a_scores_change_is_told_by_its_parts_which_add_up_to_it() -> None:
    """19 of 20 for execution, then 20; a goes from 3 to 5, b (4 points) is dropped, c (1) and one without a track (2) are new."""
    scores = office("甲", {"score": 26.0}, {"score": 28.0}, {"score": 99.0}).assign(execution_score=[19.0, 20.0, 20.0])
    scores.loc[2, "state"] = "尚未填报"
    told = [("a", 2020, 3.0), ("b", 2020, 4.0), ("a", 2021, 5.0), ("c", 2021, 1.0), ("", 2021, 2.0)]
    rows = pd.DataFrame(told, columns=["track", "year", "score"]).assign(subdistrict="甲")
    found = score_changes(scores, rows)
    assert found[["previous_year", "year", "before", "after"]].to_numpy().tolist() == [[2020, 2021, 26, 28]]
    assert found[["execution", "kept", "gone", "others", "change"]].to_numpy().tolist() == [[1, 2, -1, 0, 2]]
    assert score_changes(scores.head(1), rows).empty


def test_a_year_without_a_rate_of_execution_earns_nothing_for_it() -> None:
    scores = office("甲", {"score": 3.0}, {"score": 22.0}).assign(execution_score=[math.nan, 19.0])
    rows = pd.DataFrame({"track": ["a", "a"], "year": [2020, 2021], "score": [3.0, 3.0], "subdistrict": "甲"})
    assert score_changes(scores, rows)[["execution", "others", "change"]].to_numpy().tolist() == [[19, 0, 19]]


def test_a_completion_of_a_form_that_waits_stands_beside_no_other() -> None:
    scores = office("甲", {"unfilled": 0}, {"unfilled": 2, "completion_low": 0.5}).assign(possible=100.0)
    told = pe.comparable(scores)
    assert told["completion_low"].isna().tolist() == [False, True]
    assert told["score"].isna().tolist() == [False, True]


def test_rates_of_other_budgets_do_not_move() -> None:
    told = movers(office("甲", {"execution_rate": 0.6}, {"execution_rate": 0.9}).assign(basis=["", "只有项目支出"]))
    one = told.set_index("measure").loc["execution_rate"]
    assert (one["moved"], one["why"]) == (False, "两年的执行率不是同一口径")


@pytest.mark.parametrize(("undecided", "verdict"), [(0.0, "改善"), (20.0, "无法判断")])
def test_scores_that_may_all_be_as_high_as_the_last_do_not_rise(undecided: float, verdict: str) -> None:
    years = [{"score": 70.0 + 2 * at, "undecided_points": undecided} for at in range(6)]
    told = trends(office("甲", *years)).set_index("series").loc["score"]
    assert told["verdict"] == verdict


def test_a_form_that_is_half_filled_in_is_in_no_years_total_of_the_cohort() -> None:
    counts = {"budget": 100.0, "executed": 95.0, "rows": 4, "met": 4, "most": 4, "possible": 100.0, "unfilled": 0}
    half = counts | {"met": 2, "unfilled": 2, "completion_low": 0.5, "completion_high": 1.0}
    scores = pd.concat([office("甲", counts, counts), office("乙", counts, half)], ignore_index=True)
    group = year_totals(scores).query("group == '同口径组'")
    assert group[["offices", "rows", "met"]].to_numpy().tolist() == [[1, 4, 4], [1, 4, 4]]
    told = trends(scores).set_index(["subdistrict", "series"])["n"]
    assert (told["甲", "completion_rate"], told["乙", "completion_rate"]) == (2, 1)


def test_a_total_of_which_nothing_is_open_may_be_no_higher() -> None:
    """Also where it is not said how many points are open (a store of an earlier edition)."""
    held = office("甲", *({"score": 80.0 + 2 * n, "undecided_points": math.nan} for n in range(5)))
    told = trends(held).set_index("series").loc["score"]
    assert (told["verdict"], "最多" in told["why"]) == ("改善", False)
    opened = office("甲", *({"score": 80.0 + 2 * n, "undecided_points": 1.0} for n in range(5)))
    assert "最多由81分到89分" in trends(opened).set_index("series").loc["score", "why"]
    assert trends(opened.drop(columns="undecided_points")).equals(trends(held))
