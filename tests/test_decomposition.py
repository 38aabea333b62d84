"""The change of a score, split: the parts add up exactly, and what did not change has no part."""

from decimal import Decimal
from fractions import Fraction
from math import isnan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from several_years import evaluated, exact, matched, row, ruled, years

from perfeval.analysis.counterfactual import FACTORS, decomposition, shapley
from perfeval.model.history import BROKEN, DECOMPOSITION_TYPES, UNSETTLED

PARTS = (*FACTORS, "other")


def split(evaluations, pairs=None) -> pd.Series:
    found = decomposition(evaluations, matched(evaluations, pairs)[1])
    assert len(found) == 1
    return found.iloc[0]


def parts(one: pd.Series) -> dict[str, float]:
    """The parts that are not nothing."""
    return {name: one[name] for name in PARTS if one[name] != 0}


BASE = [row("办件数", "≥100件", "80件"), row("办结率", "≥90%", "90%"), row("居民满意度", "≥90%", "90%", "满意度")]


def changed(place: int, **cells: str) -> list[dict[str, str]]:
    return [one | cells if n == place else one for n, one in enumerate(BASE)]


def test_only_an_actual_changed() -> None:
    # hubei: 产出 40 over two rows; 80 % of 20 are 16, 90 % are 18
    one = split(years(BASE, changed(0, actual="90件")))
    assert (one["before"], one["after"]) == (96.0, 98.0)
    assert parts(one) == {"actuals": 2.0}


def test_only_a_target_changed() -> None:
    # 80 ÷ 80 instead of 80 ÷ 100
    assert parts(split(years(BASE, changed(0, target="≥80件")))) == {"targets": 4.0}


def test_only_weights_changed() -> None:
    first = [one | {"weight": weight} for one, weight in zip(BASE, ("30", "30", "20"), strict=True)]
    second = [one | {"weight": weight} for one, weight in zip(BASE, ("10", "40", "30"), strict=True)]
    # 80 % of 30 lose 6, of 10 lose 2
    one = split(years(first, second, weight="20"))
    assert (one["before"], one["after"]) == (94.0, 98.0)
    assert parts(one) == {"weights": 4.0}


def test_only_printed_blocks_changed() -> None:
    # 办件数 has half of 产出: 80 % of 20 lose 4, of 30 lose 6
    def blocks(output: str) -> list[dict[str, str]]:
        return [{"name": "产出", "category": "产出", "weight": output}]

    evaluations = {
        2021: evaluated(2021, BASE, weight="20", blocks=blocks("40")),
        2022: evaluated(2022, BASE, weight="20", blocks=blocks("60")),
    }
    one = split(evaluations)
    assert (one["before"], one["after"]) == (96.0, 94.0)
    assert parts(one) == {"weights": -2.0}


def test_a_row_without_a_weight_among_others_has_the_same_points_in_every_mixture() -> None:
    first = [BASE[0] | {"weight": "30"}, BASE[1], BASE[2] | {"weight": "20"}]  # 办结率 has the 30 that are left
    second = [first[0], first[1] | {"actual": "45%"}, first[2]]
    one = split(years(first, second, weight="20"))
    assert (one["before"], one["after"]) == (94.0, 79.0)
    assert parts(one) == {"actuals": -15.0}


def test_a_part_beside_the_indicators_is_in_both_totals() -> None:
    beside = [{"name": "项目决策", "weight": "20", "declared_score": "15"}]
    evaluations = {
        year: evaluated(year, rows, weight="0", blocks=beside)
        for year, rows in ((2021, BASE), (2022, changed(0, actual="90件")))
    }
    one = split(evaluations)
    assert (one["before"], one["after"]) == (91.0, 93.0)
    assert parts(one) == {"actuals": 2.0}


def test_only_the_set_of_indicators_changed() -> None:
    # a third 产出 row, met: the missed one weighs 13.3333 instead of 20, 80 % of it are 10.6666
    more = [*BASE, row("培训场次", "≥10场", "10场")]
    one = split(years(BASE, more))
    assert one["after"] == pytest.approx(97.33)
    assert parts(one) == {"indicators": 1.33}
    fewer = split(years(more, BASE))
    assert parts(fewer) == {"indicators": -1.33}


def test_only_execution_changed() -> None:
    evaluations = {2021: evaluated(2021, BASE), 2022: evaluated(2022, BASE, executed="90")}
    assert parts(split(evaluations)) == {"execution": -2.0}


def test_a_redefined_indicator_is_one_gone_and_one_come() -> None:
    after = changed(0, target="≥95%", actual="95%", indicator="办件满意率")
    one = split(years(BASE, after), {2022: {0: (0, BROKEN), 1: 1, 2: 2}})
    assert parts(one) == {"indicators": 4.0}


def test_two_changes_share_what_they_do_together_by_the_mean_of_both_orders() -> None:
    # 20 points × share: before 80/100, after 90/90. Target first: 80/90 − 80/100, then 90/90 − 80/90;
    # actual first: 90/100 − 80/100, then 90/90 − 90/100. As totals: 96, 97.78 (target only), 98 (actual only), 100.
    # Targets: ((97.78 − 96) + (100 − 98)) ÷ 2 = 1.89; actuals: ((98 − 96) + (100 − 97.78)) ÷ 2 = 2.11
    one = split(years(BASE, changed(0, target="≥90件", actual="90件")))
    assert parts(one) == {"targets": 1.89, "actuals": 2.11}


def test_what_rounding_the_parts_leaves_over_is_shown() -> None:
    # Totals 96, 97.78 (≥90件 only), 98.4 (92件 only), 100 (both, capped): targets (1.78 + 1.60) ÷ 2 = 1.69,
    # actuals (2.40 + 2.22) ÷ 2 = 2.31. With execution from 20 to 19.99 besides (additive): −0.01.
    after = changed(0, target="≥90件", actual="92件")
    evaluations = {2021: evaluated(2021, BASE), 2022: evaluated(2022, after, budget="10000", executed="9995")}
    assert parts(split(evaluations)) == {"targets": 1.69, "actuals": 2.31, "execution": -0.01}
    # 83件 of ≥93件: 96, 97.20 (80÷93), 96.60 (83÷100), 97.85 (83÷93): 1.225 and 0.625 are rounded up both
    one = split(years(BASE, changed(0, target="≥93件", actual="83件")))
    assert parts(one) == {"targets": 1.23, "actuals": 0.63, "other": -0.01}


def test_a_pair_that_cannot_be_compared_across_years_counts_as_actuals() -> None:
    # 80件 beside a word, 完成 beside a number: the shares of each year's own actual stand
    one = split(years(BASE, changed(0, target="完成", actual="完成")))
    assert parts(one) == {"actuals": 4.0}


def test_a_unit_column_stays_with_its_own_numbers() -> None:
    before, after = (
        changed(0, target="5", actual="4", unit="万元"),
        changed(0, target="50000", actual="40000", unit="元"),
    )
    one = split(years([one | {"indicator": "集体经济收入"} if n == 0 else one for n, one in enumerate(before)],
                      [one | {"indicator": "集体经济收入"} if n == 0 else one for n, one in enumerate(after)]))  # fmt: skip
    assert one["before"] == one["after"] == 96.0
    assert parts(one) == {}


def test_deadlines_are_compared_inside_their_own_year() -> None:
    before = changed(0, indicator="竣工时间", target="2021年10月底前", actual="2021年9月20日")
    after = changed(0, indicator="竣工时间", target="2022年6月底前", actual="2022年9月20日")
    # the same day of the year; the deadline moved before it
    assert parts(split(years(before, after))) == {"targets": -20.0}


def test_a_larger_set_shares_the_points_there_are() -> None:
    first = [one | {"weight": "40"} for one in BASE[:2]]
    third, fourth = row("知晓率", "≥80%", "80%"), row("居民满意度", "≥90%", "45%", "满意度")
    second = [one | {"weight": "20"} for one in (*BASE[:2], third, fourth)]
    one = split(years(first, second, weight="20"))
    # 20 + 32 + 40 = 92; 20 + 16 + 20 + 20 + 10 = 86. Only the weights: 20 and 20 of the two rows there are, out of 80
    # as 40 and 40: 92. Only the set: 40, 40, 20, 20 out of 80 as 26.67, 26.67, 13.33, 13.33: 88.
    # Weights ((92 − 92) + (86 − 88)) ÷ 2, indicators ((88 − 92) + (86 − 92)) ÷ 2
    assert (one["before"], one["after"]) == (92.0, 86.0)
    assert parts(one) == {"weights": -1.0, "indicators": -5.0}


def test_rule_sets_are_not_mixed() -> None:
    evaluations = years(BASE, BASE)
    one = split({2021: evaluations[2021], 2022: ruled(evaluations[2022], "flat")})
    assert all(isnan(one[name]) for name in PARTS)
    assert "计分规则不同" in one["why"]


def test_a_year_without_indicators_or_without_a_rate_says_so() -> None:
    assert "2022年没有绩效指标，不能复算总分" in split(years(BASE, []))["why"]
    one = split({2021: evaluated(2021, BASE), 2022: evaluated(2022, BASE, executed="")})
    assert all(isnan(one[name]) for name in PARTS)  # 80 of 80 is no fall from 100
    assert "2022年没有列出全年执行数，执行率无法计算，预算执行不计分，没有可比的得分" in one["why"]


def test_a_gap_between_years_is_said_and_one_year_has_no_row() -> None:
    evaluations = {2019: evaluated(2019, BASE), 2022: evaluated(2022, BASE)}
    assert "2019年与2022年之间没有数据" in split(evaluations)["why"]
    empty = decomposition({2019: evaluations[2019]}, matched({2019: evaluations[2019]})[1])
    assert {name: str(kind) for name, kind in empty.dtypes.items()} == DECOMPOSITION_TYPES


@given(st.lists(st.decimals(0, 100, places=2), min_size=8, max_size=8))
def test_shapley_is_efficient_and_symmetric(values: list[Decimal]) -> None:
    found = shapley(values)
    assert sum(found) == Fraction(values[-1]) - Fraction(values[0])
    # factor 0 by hand: 1/3 alone, 1/6 after each other one, 1/3 after both
    v = [Fraction(value) for value in values]
    assert found[0] == (v[1] - v[0]) / 3 + (v[3] - v[2]) / 6 + (v[5] - v[4]) / 6 + (v[7] - v[6]) / 3


CELL = st.tuples(
    st.sampled_from(["≥100件", "≥90件", "≤5件", "95%", "完成", ""]),
    st.sampled_from(["120件", "85件", "7件", "91%", "完成", "部分完成", "—"]),
    st.sampled_from(["产出", "效益", "满意度"]),
    st.sampled_from(["", "7", "12.5"]),
)


@settings(max_examples=12)
@given(
    st.lists(CELL, min_size=1, max_size=4),
    st.lists(CELL, min_size=1, max_size=4),
    st.integers(0, 3),
    st.sampled_from(["hubei", "flat", "fasp2"]),
)
def test_the_parts_add_up_to_the_last_decimal(first, second, kept: int, ruleset: str) -> None:
    tables = [
        [row(f"指标{n}甲", target, actual, category, weight=weight) for n, (target, actual, category, weight) in enumerate(cells)]
        for cells in (first, second)
    ]  # fmt: skip
    evaluations = years(*tables, ruleset=ruleset)
    one = split(evaluations, {2022: {n: n for n in range(min(kept, len(first), len(second)))}})
    assert "不一致" not in one["why"]
    if any(each.beside_no_other for each in evaluations.values()):
        assert "没有可比的得分" in one["why"]
        assert all(isnan(one[name]) for name in PARTS)
        return
    assert sum(exact(one[name]) for name in PARTS) == exact(one["after"]) - exact(one["before"])
    assert abs(one["other"]) <= 0.025


def test_what_is_not_known_of_either_total_is_said() -> None:
    one = split(years(BASE, changed(0, actual="见附件")))
    assert one["why"] == "2022年有指标无法判定，按不得分计，都完成的话最多100分，变化随之不同"
    basis = split({2021: evaluated(2021, BASE), 2022: evaluated(2022, BASE, budget="", opening="100")})
    assert basis["why"] == "2022年的执行率按年初预算，两年不是同一口径"
    unsettled = split(years(BASE, BASE), {2022: {0: (0, UNSETTLED), 1: 1, 2: 2}})
    assert unsettled["why"] == "1项指标是否与上年同一待判定，计入指标增减"


def test_totals_out_of_other_points_are_not_split() -> None:
    more = [one | {"weight": weight} for one, weight in zip(BASE, ("40", "40", "30"), strict=True)]
    one = split(years(BASE, more))
    assert all(isnan(one[name]) for name in PARTS)
    assert "分，不是100分，没有可比的得分" in one["why"]
