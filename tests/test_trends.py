"""Trends of a few yearly values: verdicts, their reasons, and what is never claimed."""

import csv
from decimal import Decimal
from math import isnan, nan
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.judging import judge
from perfeval.analysis.movements import trends as district_trends
from perfeval.analysis.series import amount, followed
from perfeval.analysis.trends import verdicts, year_on_year
from perfeval.model.history import AT_CEILING, IMPROVING, STEADY, TREND_TYPES, UNCERTAIN, WORSENING, YEAR_ON_YEAR_TYPES
from perfeval.model.reading import read_pair
from perfeval.model.schema import INDICATORS

COMPLETION = {"completion_low": nan, "completion_high": nan}


def trends(held: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    return verdicts(followed(held, indicators))


def summary(rates: list[float], first: int = 2019, scores: list[float] | None = None) -> pd.DataFrame:
    years = range(first, first + len(rates))
    return pd.DataFrame({"year": years, "execution_rate": rates, **COMPLETION, "score": scores or nan})


def rows(*given: tuple[int, str, str], name: str = "办件数", track: str = "T01", **cells: str) -> pd.DataFrame:
    """(year, target, actual) of one indicator."""
    blank = dict.fromkeys(INDICATORS.names, "")
    if not given:
        return pd.DataFrame(columns=["track", "year", "attainment", *blank])
    table = [
        blank | {"year": year, "indicator": name, "target": target, "actual": actual} | cells
        for year, target, actual in given
    ]
    return judge(pd.DataFrame(table)).assign(track=track)


def of(values: list[float], first: int = 2019, key: str = "execution_rate") -> pd.Series:
    return trends(summary(values, first), rows()).set_index("series").loc[key]


def track(*given: tuple[int, str, str], **cells: str) -> pd.Series:
    return trends(summary([]), rows(*given, **cells)).set_index("series").loc["T01"]


def test_five_years_rising_throughout_are_an_improvement() -> None:
    one = of([0.80, 0.84, 0.86, 0.90, 0.95])
    # ten pairs, all rising; 2 of 120 orders; slopes 4, 2, 4, 5 / 3, 3, 4.5 / 10÷3, 11÷3 / 3.75: the median of the ten
    # is (11÷3 + 3.75) ÷ 2 = 3.708
    assert (one["verdict"], one["s"], one["n"], one["good"]) == (IMPROVING, 10, 5, 1)
    assert one["p"] == pytest.approx(1 / 60)
    assert one["slope"] == pytest.approx(0.0370833, abs=1e-6)
    assert (one["slope_low"], one["slope_high"]) == pytest.approx((0.02, 0.05))
    assert one["change"] == pytest.approx(0.15)
    assert one["why"] == (
        "2019—2023年5个年度值，由80%到95%，相差＋15个百分点，上升趋势显著（精确p=0.017），"
        "每年约上升3.71个百分点（各年间＋2个百分点至＋5个百分点）。"
    )


def many(*courses: list[float]) -> pd.DataFrame:
    """Trends of several indicators, each given by its attainment of 100 件 in five years or more."""
    tables = [
        rows(
            *[(2019 + n, "≥100件", f"{round(value * 100)}件") for n, value in enumerate(course)], track=f"T{place:02d}"
        )
        for place, course in enumerate(courses)
    ]
    return trends(summary([]), pd.concat(tables)).set_index("series").filter(like="T", axis=0)


RISING, WAVERING = [0.60, 0.65, 0.70, 0.75, 0.80], [0.6, 0.9, 0.5, 0.8, 0.7]


def test_one_rise_among_many_tests_is_not_called() -> None:
    # 1/60 of one series; five with four others: 5 ÷ 60 = 0.083; eight rises of ten: 10 ÷ 8 ÷ 60 = 0.0208
    alone = many(RISING).loc["T00"]
    assert (alone["verdict"], alone["adjusted"]) == (IMPROVING, pytest.approx(1 / 60))
    among = many(RISING, *[WAVERING] * 4).loc["T00"]
    assert (among["verdict"], among["p"], among["adjusted"]) == (
        UNCERTAIN,
        pytest.approx(1 / 60),
        pytest.approx(5 / 60),
    )
    assert "单看这一条像是上升（精确p=0.017，校正后0.083），与同时检验的各条一起看可能只是偶然" in among["why"]
    most = many(*[RISING] * 8, *[WAVERING] * 2)
    assert most["verdict"].tolist() == [IMPROVING] * 8 + [UNCERTAIN] * 2
    assert most["adjusted"].iloc[0] == pytest.approx(10 / 8 / 60)


def test_what_no_test_decides_is_not_in_the_family() -> None:
    full, short = [0.7, 0.8, 1.0, 1.0, 1.0], [0.7, 0.8, 0.9]
    found = many(RISING, full, full, short)
    assert found["adjusted"].isna().tolist() == [False, True, True, True]
    assert found.loc["T00", "verdict"] == IMPROVING


def test_the_same_falling_is_worse() -> None:
    assert of([0.95, 0.90, 0.86, 0.84, 0.80])["verdict"] == WORSENING


@given(st.lists(st.floats(0, 0.99), min_size=1, max_size=4))
def test_up_to_four_years_are_only_described(values: list[float]) -> None:
    one = of(values)
    assert one["verdict"] == UNCERTAIN
    assert one["why"].startswith("年份不足，仅作描述：")
    assert "显著" not in one["why"]
    assert all(isnan(one[column]) for column in ("s", "p", "slope", "slope_low", "slope_high"))


def test_a_rate_just_below_all_of_it_is_not_told_as_all() -> None:
    assert "由89.99%到99.99%" in of([0.899996, 0.99995])["why"]


def test_a_rate_at_its_ceiling_is_no_trend() -> None:
    assert of([1.0] * 6)["verdict"] == AT_CEILING
    assert "2019—2024年6个年度值都已达上限（100%）" in of([1.0] * 6)["why"]
    risen = of([0.90, 0.95, 1.0, 1.0, 1.0])
    assert risen["verdict"] == AT_CEILING
    assert "2021—2023年3个" in risen["why"]
    assert of([0.97, 1.0, 1.0, 1.0])["verdict"] == AT_CEILING
    assert of([1.0, 1.0])["verdict"] == UNCERTAIN
    assert of([1.0, 1.0, 1.0, 1.0, 0.9])["verdict"] != AT_CEILING
    assert trends(summary([nan] * 3, scores=[100.0] * 3), rows()).set_index("series").loc["score", "verdict"] == (
        AT_CEILING
    )


def test_without_a_trend_close_values_are_steady_and_distant_ones_open() -> None:
    close, apart = of([0.95, 0.93, 0.96, 0.94, 0.95]), of([0.95, 0.60, 0.96, 0.70, 0.95])
    assert (close["verdict"], apart["verdict"]) == (STEADY, UNCERTAIN)
    # quartiles of five are the second and the fourth of the sorted values: 94 and 95; 70 and 95
    assert "最高与最低相差3个百分点，居中一半相差1个百分点，不超过5个百分点" in close["why"]
    assert "最高与最低相差36个百分点，居中一半相差25个百分点，起伏较大" in apart["why"]
    assert of([0.90, 0.95, 0.90, 0.95, 0.90])["verdict"] == STEADY  # exactly five 百分点, binary arithmetic aside
    assert of([0.7] * 5)["verdict"] == STEADY
    odd = of([0.95, 0.96, 0.70, 0.95, 0.96])  # one odd year: no trend, but not steady either
    assert odd["verdict"] == UNCERTAIN
    assert "居中一半相差1个百分点，但2021年远离其余各年" in odd["why"]
    assert of([0.95, 0.96, 0.89, 0.95, 0.96])["verdict"] == STEADY  # 7.5 百分点 around the middle half


def test_two_ties_are_not_called_significant() -> None:
    one = of([0.90, 0.90, 0.92, 0.92, 0.93])  # an approximation says 0.037; 2 of 30 distinct orders are 0.067
    assert one["p"] == pytest.approx(1 / 15)
    assert one["verdict"] == STEADY


def test_missing_years_are_said_and_count_by_their_distance() -> None:
    table = summary([0.80, 0.82, nan, 0.86, 0.88, 0.90])
    one = trends(table[table["year"] != 2020], rows()).set_index("series").loc["execution_rate"]
    assert one["years"] == (2019, 2022, 2023, 2024)
    assert "2021年没有可比的数值，未计入；缺2020年。" in one["why"]  # nothing is computed by it
    more = trends(pd.concat([table, summary([0.96], 2027)]), rows()).set_index("series").loc["execution_rate"]
    assert (more["slope"], more["slope_low"], more["slope_high"]) == pytest.approx((0.02, 0.02, 0.02))
    assert "缺2025年、2026年" in more["why"]


def test_scores_are_points_and_close_within_half_a_grade() -> None:
    table = summary([nan] * 5, scores=[90.0, 94.5, 91.0, 95.0, 90.5])
    one = trends(table, rows()).set_index("series").loc["score"]
    assert (one["unit"], one["verdict"]) == ("分", STEADY)
    assert "由90分到90.5分，相差＋0.5分" in one["why"]


def test_an_indicator_is_followed_by_its_attainment() -> None:
    one = track(*[(2019 + n, "≥100件", f"{actual}件") for n, actual in enumerate([80, 85, 90, 95, 99])])
    assert (one["title"], one["unit"], one["good"], one["verdict"]) == ("办件数（目标完成率）", "%", 1, IMPROVING)
    assert one["values"] == pytest.approx((0.80, 0.85, 0.90, 0.95, 0.99))


def test_which_way_is_good_is_applied_once_for_a_reverse_indicator() -> None:
    # A ÷ B with A = 5: fewer complaints attain more
    fewer = track(*[(2019 + n, "≤5件", f"{actual}件") for n, actual in enumerate([10, 9, 8, 7, 6])], name="投诉件数")
    assert fewer["values"] == pytest.approx((0.5, 5 / 9, 0.625, 5 / 7, 5 / 6))
    assert (fewer["good"], fewer["verdict"]) == (1, IMPROVING)
    # without a target there is no attainment: the actual itself, of which less is better
    bare = track(*[(2019 + n, "", f"{actual}件") for n, actual in enumerate([10, 9, 8, 7, 6])], name="投诉件数")
    assert (bare["title"], bare["unit"], bare["good"], bare["verdict"]) == ("投诉件数", "件", -1, IMPROVING)
    assert bare["values"] == (10, 9, 8, 7, 6)


def test_an_actual_without_a_good_way_is_not_judged() -> None:
    given = [(2019 + n, "", f"{actual}件") for n, actual in enumerate([10, 9, 8, 7, 6])]
    one = track(*given, direction="等于")
    assert (one["good"], one["verdict"]) == (0, UNCERTAIN)
    assert "升降哪个为好不明" in one["why"]


def test_actuals_are_put_into_one_unit_and_other_kinds_left_out() -> None:
    one = track((2020, "", "0.5万人"), (2021, "", "6000人"), (2022, "", "增长8%"), (2023, "", "7000人"))
    assert (one["years"], one["values"], one["unit"]) == ((2020, 2021, 2023), (5000, 6000, 7000), "人")
    assert "2022年没有可比的数值，未计入" in one["why"]


def test_a_decimal_beside_rates_is_no_rate_of_under_one_per_cent() -> None:
    given = [(2021, "", "96%"), (2022, "", "0.96"), (2023, "", "97%"), (2024, "", "0")]
    one = track(*given[:3], name="合格率")
    assert (one["years"], one["values"]) == ((2021, 2023), pytest.approx((0.96, 0.97)))
    last = track(*given[:2], name="合格率")
    assert (last["years"], last["values"]) == ((2022,), (0.96,))
    nothing = track(given[0], given[3], name="差错率", direction="反向")
    assert nothing["values"] == (96, 0)  # nothing is nothing, with a unit or without


def test_where_the_target_moves_the_actual_is_followed() -> None:
    # the actual improves every year, the target faster: attainment falls from 90 ÷ 90 to 94 ÷ 98
    one = track(*[(2019 + n, f"≥{90 + 2 * n}%", f"{90 + n}%") for n in range(5)], name="垃圾清运率")
    assert (one["title"], one["s"], one["good"], one["verdict"]) == ("垃圾清运率", 10, 1, IMPROVING)
    assert one["values"] == pytest.approx((0.90, 0.91, 0.92, 0.93, 0.94))
    assert "目标值在2020年、2021年、2022年、2023年有变动，因此看实际值，不看完成率" in one["why"]
    # a loosened target is no improvement: the actual goes on as it was
    eased = track(*[(2019 + n, f"≥{20 - 2 * n}场", "16场") for n in range(5)], name="培训场次")
    assert eased["verdict"] == STEADY
    slower = track(*[(2019 + n, f"≤{10 + n}天", f"{10 + 2 * n}天") for n in range(5)], name="平均等候时间")
    assert (slower["good"], slower["verdict"]) == (-1, WORSENING)
    # met to the point each year, as the plan grows
    planned = track(*[(2019 + n, f"≥{20 + n}户", f"{20 + n}户") for n in range(5)], name="改造户数")
    assert planned["verdict"] == AT_CEILING
    assert "5个年度值都已达上限（都恰好完成目标）" in planned["why"]
    # an amount to be hit has no good direction of its own: nothing can be told
    hit = track(*[(2019 + n, f"{10 + n}人", f"{9 - n}人") for n in range(5)], name="编制人数", direction="等于")
    assert (hit["verdict"], hit["s"]) == (UNCERTAIN, -10)


def test_an_actual_stuck_at_all_there_is_has_reached_its_ceiling_whatever_the_target() -> None:
    one = track(*[(2019 + n, f"≥{90 + 2 * n}%", "100%") for n in range(5)], name="垃圾清运率")
    assert one["verdict"] == AT_CEILING
    assert "（100%）" in one["why"]
    kept = track(*[(2019 + n, "≥90%", "100%") for n in range(5)], name="垃圾清运率")
    assert "（实际值100%）" in kept["why"]
    growth = track(*[(2019 + n, f"≥{90 + 2 * n}%", "100%") for n in range(5)], name="税收增长率")
    assert growth["verdict"] != AT_CEILING


def test_a_reverse_rate_is_at_its_best_at_nothing_and_not_at_a_hundred() -> None:
    worst = track(*[(2019 + n, "完成", "100%") for n in range(5)], name="赴省重访率")
    best = track(*[(2019 + n, "", "0%") for n in range(5)], name="赴省重访率")
    assert (worst["good"], worst["verdict"]) == (-1, STEADY)
    assert (best["good"], best["verdict"]) == (-1, AT_CEILING)
    assert "已达下限（0%）" in best["why"]


def test_a_trifle_is_not_called_worse_however_regular() -> None:
    table = summary([nan] * 6, scores=[97.24, 97.2, 97.1, 97.0, 96.9, 96.8])  # 0.44 points in six years
    one = trends(table, rows()).set_index("series").loc["score"]
    assert (one["verdict"], one["p"] < 0.05) == (STEADY, True)
    assert "最高与最低只相差0.44分" in one["why"]
    assert of([0.94, 0.942, 0.943, 0.944, 0.946])["verdict"] == IMPROVING


def test_words_have_no_series_and_say_so() -> None:
    one = track((2021, "改善", "明显改善"), (2022, "改善", "明显改善"), name="市容环境")
    assert (one["title"], one["n"], one["values"], one["verdict"]) == ("市容环境", 0, (), UNCERTAIN)
    assert one["first_year"] is pd.NA
    assert "没有可比的数值" in one["why"]


def test_year_on_year_takes_the_last_year_with_a_value() -> None:
    found = year_on_year(followed(summary([0.95, nan, 0.97]), rows((2020, "10件", "9件"), (2021, "10件", "10件"))))
    assert found.to_dict("records") == [
        {"series": "execution_rate", "year": 2021, "previous_year": 2019, "value": 0.97, "previous": 0.95, "change": 0.02},
        {"series": "T01", "year": 2021, "previous_year": 2020, "value": 1.0, "previous": 0.9, "change": 0.1},
    ]  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_yearly_changes_add_up_to_the_whole_change(values: list[float]) -> None:
    yearly = year_on_year(followed(summary(values), rows()))["change"].sum()
    assert yearly == pytest.approx(of(values)["change"], abs=1e-9)


@given(st.lists(st.floats(0.0, 0.99), min_size=5, max_size=8))
def test_turning_time_round_turns_the_verdict_round(values: list[float]) -> None:
    turned = {IMPROVING: WORSENING, WORSENING: IMPROVING, STEADY: STEADY, UNCERTAIN: UNCERTAIN}
    assert of(values[::-1])["verdict"] == turned[of(values)["verdict"]]


def test_empty_frames_have_their_columns_and_types() -> None:
    empty = year_on_year(followed(summary([]), rows()))
    assert list(empty.columns) == list(YEAR_ON_YEAR_TYPES)
    assert list(trends(summary([]), rows()).columns) == list(TREND_TYPES)
    assert {name: str(kind) for name, kind in empty.dtypes.items()} == YEAR_ON_YEAR_TYPES


def completed(low: list[float], high: list[float]) -> pd.Series:
    held = summary([nan] * len(low)).assign(completion_low=low, completion_high=high)
    return trends(held, rows()).set_index("series").loc["completion_rate"]


def test_a_completion_without_open_rows_is_followed_as_it_is() -> None:
    found = completed([0.5, 0.6, 0.7, 0.8, 0.9], [0.5, 0.6, 0.7, 0.8, 0.9])
    assert (found["title"], found["upper"], found["verdict"]) == ("指标完成率", (), IMPROVING)


def test_a_course_of_the_completion_is_only_said_if_the_open_rows_cannot_undo_it() -> None:
    rising, falling, full = [0.5, 0.6, 0.7, 0.8, 0.9], [0.95, 0.9, 0.85, 0.8, 0.75], [1.0] * 5
    certain = completed(rising, [value + 0.05 for value in rising])
    assert certain["verdict"] == IMPROVING
    assert "最多由55%到95%" in certain["why"]
    # more was shown by data, yet all of it may have been met in every year
    found = completed(rising, full)
    assert (found["verdict"], found["title"]) == (UNCERTAIN, "指标完成率（须补证据的只计入上限）")
    assert "最多由100%到100%，按最多计则为“已达上限”，结论随之而变" in found["why"]
    assert completed(falling, full)["verdict"] == UNCERTAIN
    assert completed([0.2] * 5, [0.2 + step for step in (0.1, 0.2, 0.3, 0.4, 0.5)])["verdict"] == UNCERTAIN


def test_what_is_only_declared_has_not_reached_the_ceiling() -> None:
    assert completed([0.0] * 5, [1.0] * 5)["verdict"] == UNCERTAIN


def test_a_change_is_no_amount_of_its_own_kind() -> None:
    grown, plain = (read_pair("营业收入", "≥5%", actual) for actual in ("增长6%", "6%"))
    assert [amount(one) for one in (grown, plain)] == [(Decimal(6), "%", "增长"), (Decimal(6), "%", "")]


def test_a_figure_below_zero_is_no_share_of_its_target() -> None:
    """A growth of −3 % for a target of −5 % is no 100 %, and three of them are no ceiling."""
    one = track((2021, "≥-5%", "-3%"), (2022, "≥-5%", "-1%"), (2023, "≥-5%", "2%"), name="税收增长率")
    assert one["title"] == "税收增长率"
    assert one["values"] == pytest.approx((-0.03, -0.01, 0.02))
    assert one["verdict"] == UNCERTAIN
    assert "由-3%到2%，相差＋5个百分点" in one["why"]


def test_one_amount_in_another_unit_is_no_other_target() -> None:
    one = track((2021, "≤5‰", "4‰"), (2022, "≤0.5%", "0.6%"), name="事故发生率")
    assert one["title"] == "事故发生率（目标完成率）"
    assert "变动" not in one["why"]
    assert "有变动" in track((2021, "≤5‰", "4‰"), (2022, "≤5%", "0.6%"), name="事故发生率")["why"]


def test_a_rate_per_month_is_not_followed_beside_a_total() -> None:
    one = track((2021, "≤2万元/月", "2万元/月"), (2022, "≤24万元", "23万元"), name="运维费用")
    assert "相差＋210000" not in one["why"]
    assert one["title"] == "运维费用（目标完成率）"


def test_marks_out_of_five_are_not_followed_beside_a_rate() -> None:
    one = track((2021, "≥90%", "92%"), (2022, "≥85%", "88%"), (2023, "≥4.5", "4.6"), name="设施完好率")
    assert one["title"] == "设施完好率（目标完成率）"


def test_a_change_too_small_for_two_decimals_is_not_told_as_none() -> None:
    assert "相差＋0.004个百分点" in of([0.89996, 0.9])["why"]
    small = track((2021, "≤0.002%", "0.001%"), (2022, "≤0.003%", "0.0012%"), name="差错率")
    assert "由0.001%到0.0012%，相差＋0.0002个百分点" in small["why"]


def test_rates_of_other_budgets_are_no_trend() -> None:
    table = summary([0.80, 0.84, 0.86, 0.90, 0.95]).assign(basis=["", "", "", "", "按年初预算"])
    one = trends(table, rows()).set_index("series").loc["execution_rate"]
    assert one["verdict"] == UNCERTAIN
    assert "各年的执行率不是同一口径，不判断趋势；2023年的执行率按年初预算，与其余年度不是同一口径。" in one["why"]
    alike = trends(table.assign(basis="按年初预算"), rows()).set_index("series").loc["execution_rate"]
    assert (alike["verdict"], "口径" in alike["why"]) == (IMPROVING, False)


def test_a_score_that_may_be_higher_is_followed_at_both_ends() -> None:
    """Rows that nobody can judge earn nothing: a fall by them alone is none that is known."""
    table = summary([nan] * 5, scores=[98.0, 96.0, 94.0, 92.0, 80.0])
    fallen = table.assign(score_most=[98.0, 96.0, 94.0, 92.0, 100.0])
    one = trends(fallen, rows()).set_index("series").loc["score"]
    assert one["title"] == "复算得分（无法判定的只计入上限）"
    assert one["upper"] == (98.0, 96.0, 94.0, 92.0, 100.0)
    assert one["verdict"] == UNCERTAIN
    assert "无法判定的指标都完成的话，最多由98分到100分，按最多计则为“平稳”，结论随之而变" in one["why"]
    assert trends(table, rows()).set_index("series").loc["score", "verdict"] == WORSENING


def test_a_ceiling_that_is_passed_is_told_with_what_it_is() -> None:
    assert "2019—2021年3个年度值都已达上限（100%，2021年为109%）" in of([1.01, 1.05, 1.09])["why"]
    full = district_trends(
        pd.DataFrame(
            {
                "subdistrict": "甲", "name": "甲", "district": "示例区", "year": [2019, 2020, 2021], "execution_rate": nan,
                "completion_low": nan, "completion_high": nan, "score": 100.0,
            }
        )
    )  # fmt: skip
    assert full.set_index("series").loc["score", "why"] == "2019—2021年3个年度值都已达上限（100分），不作升降判断。"


def test_alike_at_both_ends_may_still_have_moved_between_them() -> None:
    wide = {"completion_low": 0.6, "completion_high": 0.9}
    table = summary([0.9] * 5).assign(**wide)
    one = trends(table, rows()).set_index("series").loc["completion_rate"]
    assert (one["verdict"], "各年可能不同，结论随之而变" in one["why"]) == (UNCERTAIN, True)
    narrow = trends(table.assign(completion_high=0.602), rows()).set_index("series").loc["completion_rate"]
    assert narrow["verdict"] == STEADY


with (Path(__file__).parent / "golden" / "trends_told.csv").open(encoding="utf-8", newline="") as _file:
    COURSES = list(csv.DictReader(_file))


@pytest.mark.parametrize("told", COURSES, ids=lambda told: f"{told['series']} {told['values'][:40]} {told['upper']}")
def test_a_course_is_told_as_a_reader_judged(told: dict[str, str]) -> None:
    """Courses on both sides of each limit, and the verdict and the whole sentence on each: trends_told.csv."""
    values, upper = ([float(value) for value in told[side].split()] for side in ("values", "upper"))
    if told["series"] == "T01":
        found = track(*[(2019 + n, "", f"{value:g}件") for n, value in enumerate(values)], name="投诉件数")
    elif told["series"] == "completion_rate":
        found = completed(values, upper)
    elif told["series"] == "score":
        held = summary([nan] * len(values), scores=values)
        held = held.assign(score_most=upper) if upper else held
        found = trends(held, rows()).set_index("series").loc["score"]
    else:
        found = of(values)
    assert (found["verdict"], found["why"]) == (told["verdict"], told["why"])
