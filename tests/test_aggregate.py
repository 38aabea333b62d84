"""Aggregate, then score: values add up or are averaged by money, and are scored once."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis import rulesets
from perfeval.analysis.allotment import share_points
from perfeval.analysis.district import _called, aggregate
from perfeval.analysis.judging import judge
from perfeval.analysis.scoring import score_rows
from perfeval.model.results import DECLARED
from perfeval.model.schema import INDICATORS

HUBEI = rulesets.preset("hubei")
EVEN = {"甲": Decimal(10), "乙": Decimal(10)}


def frame(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """(sub-unit, target, actual) of one and the same indicator."""
    blank = dict.fromkeys(INDICATORS.names, "") | {
        "goal_no": 1,
        "category": "产出",
        "indicator": "办件数",
        "weight": None,
    }
    table = [blank | {"unit_id": unit, "target": target, "actual": actual} for unit, target, actual in rows]
    return pd.DataFrame(table).astype({"weight": object})


def share(judged: pd.DataFrame) -> list[Decimal]:
    """Score of each row out of 10."""
    judged = judged.assign(weight=pd.Series([Decimal(10)] * len(judged), index=judged.index, dtype=object))
    return list(score_rows(judged, share_points(judged, HUBEI), HUBEI, DECLARED)["score"])


def test_the_trap_aggregating_first_differs_as_soon_as_a_cap_bites() -> None:
    units = frame(("甲", "100件", "200件"), ("乙", "100件", "50件"))
    assert share(aggregate(units, EVEN, HUBEI)) == [10]
    assert sum(share(judge(units))) / 2 == Decimal("7.5")


def test_without_a_cap_both_ways_agree() -> None:
    units = frame(("甲", "100件", "80件"), ("乙", "100件", "50件"))
    assert share(aggregate(units, EVEN, HUBEI)) == [Decimal("6.5")]
    assert sum(share(judge(units))) / 2 == Decimal("6.5")


def test_absolute_values_add_up_and_the_row_says_how() -> None:
    row = aggregate(frame(("甲", "100件", "90件"), ("乙", "300件", "270件")), EVEN, HUBEI).iloc[0]
    assert (row["target"], row["actual"], row["attainment"]) == ("400件", "360件", 0.9)
    assert "2个单位累加：目标100＋300＝400件，实际90＋270＝360件" in row["attainment_why"]


def test_relative_values_are_averaged_by_money() -> None:
    money = {"甲": Decimal(30), "乙": Decimal(10)}
    row = aggregate(frame(("甲", "≥90%", "80%"), ("乙", "≥90%", "100%")), money, HUBEI).iloc[0]
    assert row["reading"].b == 85
    assert "(80×30＋100×10)÷40＝85%" in row["attainment_why"]


def test_qualitative_levels_are_averaged_by_money() -> None:
    money = {"甲": Decimal(30), "乙": Decimal(10)}
    units = frame(("甲", "达成预期指标", "达成预期指标"), ("乙", "达成预期指标", "部分达成预期指标并具有一定效果"))
    found = aggregate(units, money, HUBEI)
    assert share(found) == [Decimal("9.125")]  # (100%×30 + 65%×10) ÷ 40
    assert (found["status"].iloc[0], found["basis"].iloc[0]) == ("部分完成", "computed")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("甲", "100件", ""), ("乙", "100件", "50件")], "甲：未填实际完成值，无法汇总"),
        ([("甲", "100件", "90件"), ("乙", "90%", "50%")], "目标单位、方向或性质不一致"),
        ([("甲", "100件", "90件"), ("甲", "100件", "80件")], "一个单位有两行同名指标"),
    ],
)
def test_what_cannot_be_put_together_says_why(rows, said: str) -> None:
    row = aggregate(frame(*rows), EVEN, HUBEI).iloc[0]
    assert (row["status"], row["basis"]) == ("无法判定", "none")
    assert said in row["attainment_why"]


@pytest.mark.parametrize("money", [{"甲": Decimal(10)}, {"甲": Decimal(10), "乙": Decimal(-1)}])
def test_every_unit_needs_money(money) -> None:
    with pytest.raises(ValueError, match="资金额"):
        aggregate(frame(("甲", "1件", "1件"), ("乙", "1件", "1件")), money, HUBEI)


def test_who_spent_nothing_counts_in_sums_and_weighs_nothing_in_averages() -> None:
    money = {"甲": Decimal(30), "乙": Decimal(0)}
    added = aggregate(frame(("甲", "100件", "90件"), ("乙", "300件", "0件")), money, HUBEI).iloc[0]
    assert (added["target"], added["actual"]) == ("400件", "90件")
    averaged = aggregate(frame(("甲", "≥90%", "80%"), ("乙", "≥90%", "100%")), money, HUBEI).iloc[0]
    assert averaged["reading"].b == 80


@pytest.mark.parametrize(("target", "actual"), [("≥90%", "100%"), ("达成预期指标", "达成预期指标")])
def test_where_nobody_spent_anything_there_is_no_average(target: str, actual: str) -> None:
    nothing = {"甲": Decimal(0), "乙": Decimal(0)}
    row = aggregate(frame(("甲", target, actual), ("乙", target, actual)), nothing, HUBEI).iloc[0]
    assert row["status"] == "无法判定"
    assert "执行数都是0" in row["attainment_why"]


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 900)), min_size=2, max_size=5), st.randoms())
def test_aggregating_is_never_below_scoring_apart_by_target_and_order_does_not_matter(pairs, random) -> None:
    rows = [(f"单位{n}", f"{a}件", f"{b}件") for n, (a, b) in enumerate(pairs)]
    money = {unit: Decimal(1) for unit, _, _ in rows}
    together = share(aggregate(frame(*rows), money, HUBEI))
    apart = sum(min(Decimal(b) / a, Decimal(1)) * a for a, b in pairs) / sum(a for a, _ in pairs) * 10
    assert together[0] >= apart - Decimal("0.0001")
    random.shuffle(rows)
    assert share(aggregate(frame(*rows), money, HUBEI)) == together


def test_an_office_is_called_by_its_name_and_by_its_id_where_the_name_is_missing_or_another_s_too() -> None:
    names = {"a": "甲街道", "b": "乙街道", "c": "乙街道", "d": ""}
    assert _called(names) == {"a": "甲街道", "b": "乙街道b", "c": "乙街道c", "d": "d"}
