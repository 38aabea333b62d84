"""Scores: the source report's totals, the formulas, and the laws they obey."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis import rulesets
from perfeval.analysis.judging import judge
from perfeval.analysis.scoring import half_up, reproduces, score_rows, share_points, total
from perfeval.model.results import DECLARED, STRICT
from perfeval.model.schema import CATEGORIES

HUBEI, MOF, FLAT = (rulesets.preset(name) for name in ("hubei", "mof2020", "flat"))


def rows(*given: dict) -> pd.DataFrame:
    """Judged indicator rows; what is not given is empty."""
    blank = {"indicator": "办件数", "category": "产出", "target": "", "actual": "", "unit": "", "direction": "",
             "declared_met": "", "weight": None}  # fmt: skip
    frame = pd.DataFrame([blank | row for row in given], columns=list(blank))
    return judge(frame.astype({"weight": object}))


def scored(judged: pd.DataFrame, ruleset=FLAT, basis: str = DECLARED) -> pd.DataFrame:
    return score_rows(judged, share_points(judged, ruleset), ruleset, basis)


@pytest.mark.parametrize(("name", "expected"), [("flat", 97.96), ("hubei", 97.86), ("mof2020", 97.33)])
def test_the_source_reports_totals(ronghua, name: str, expected: float) -> None:
    found = ronghua.alternatives.set_index("ruleset").loc[name]
    assert found["declared"] == expected


def test_which_rule_sets_reproduce_the_printed_98(ronghua) -> None:
    found = ronghua.alternatives.set_index("ruleset")["reproduces"]
    assert {name: bool(found[name]) for name in ("flat", "hubei", "mof2020")} == {
        "flat": True,
        "hubei": True,
        "mof2020": False,
    }
    assert ronghua.declared_score == 98


def test_the_hidden_target_is_read_from_the_name(ronghua) -> None:
    row = ronghua.unmet.set_index("indicator").loc["消防隐患整治率99%"]
    assert row["target_from"] == "指标名称"
    assert row["attainment"] == pytest.approx(70 / 99)
    assert "99" in row["derivation"]
    assert "70" in row["derivation"]


def test_what_is_shown_adds_up_to_the_cent(ronghua) -> None:
    for basis, column in ((DECLARED, "score"), (STRICT, "strict_score")):
        shown = sum(Decimal(str(value)) for value in ronghua.indicators[column])
        found = ronghua.scores[basis]
        assert half_up(shown + Decimal(str(found.execution)), 2) == Decimal(str(found.total))


def test_strict_gives_no_credit_to_what_rests_on_the_printed_status_and_names_it(ronghua) -> None:
    alone = ronghua.indicators[ronghua.indicators["basis"].eq("declared")]
    assert len(alone) > 0
    assert alone["strict_score"].eq(0).all()
    assert alone["strict_derivation"].str.contains("严格口径不计分").all()
    assert alone["score"].gt(0).all()
    assert alone["derivation"].str.contains("按申报“").all()


@pytest.mark.parametrize(
    ("ruleset", "target", "actual", "direction", "share"),
    [
        (FLAT, "100件", "80件", "", "0.8"),
        (FLAT, "100件", "130件", "", "1"),
        (FLAT, "≤10", "20", "", "0.5"),
        (FLAT, "≤10", "8", "", "1"),
        (FLAT, "0起", "0起", "反向", "1"),
        (FLAT, "0起", "1起", "反向", "0"),
        (FLAT, "≥90%", "45%", "", "0.5"),
        (FLAT, "达成预期指标", "部分达成预期指标并具有一定效果", "", "0.65"),
        (MOF, "达成预期指标", "部分达成预期指标并具有一定效果", "", "0.7"),
    ],
)
def test_formulas(ruleset, target: str, actual: str, direction: str, share: str) -> None:
    judged = rows({"target": target, "actual": actual, "direction": direction, "weight": Decimal(10)})
    assert scored(judged, ruleset)["score"].iloc[0] == Decimal(share) * 10


@pytest.mark.parametrize(("actual", "points"), [("11", "9.00"), ("15", "5.00"), ("20", "0"), ("40", "0"), ("9", "10")])
def test_reverse_linear_to_twice_the_target(actual: str, points: str) -> None:
    text = GOOD_2A
    linear = rulesets.parse("linear", text, "linear.toml")
    judged = rows({"target": "≤10", "actual": actual, "weight": Decimal(10)})
    assert scored(judged, linear)["score"].iloc[0] == Decimal(points)


GOOD_2A = """
title = "线性"
source = "自评表模块规则"
execution = 10
blocks = [{ title = "全部", points = 90, categories = ["产出", "效益", "满意度", "成本"] }]
formulas = { positive = "B/A", reverse = "2A" }
rounding = { row = 2, total = 2 }
[levels]
"完成" = { low = 0.8, high = 1.0, use = 1.0 }
"部分完成" = { low = 0.6, high = 0.8, use = 0.7 }
"未完成" = { low = 0.0, high = 0.6, use = 0.0 }
"""


def test_the_documents_own_weights_win() -> None:
    judged = rows(
        {"target": "1", "actual": "1", "weight": Decimal(60)}, {"target": "2", "actual": "1", "weight": Decimal(30)}
    )
    points = share_points(judged, HUBEI)
    assert (points.each, points.execution, points.possible) == ([60, 30], 10, 100)
    found = total(score_rows(judged, points, HUBEI, DECLARED), points, Decimal("0.5"), HUBEI, DECLARED)
    assert found.total == 5 + 60 + 15
    assert any("以文件为准" in note for note in points.notes)


def test_a_block_without_rows_gives_its_points_to_the_others() -> None:
    judged = rows({"category": "产出"}, {"category": "效益"}, {"category": "效益"})
    points = share_points(judged, MOF)
    assert [half_up(each, 4) for each in points.each] == [Decimal("56.2500"), Decimal("16.8750"), Decimal("16.8750")]
    assert "没有满意度指标" in points.notes[0]


def test_nothing_printed_and_nothing_computable_earns_nothing_and_says_so() -> None:
    found = scored(rows({"target": "有效控制", "actual": "正在推进"}))
    assert found["score"].iloc[0] == 0
    assert "不计分" in found["derivation"].iloc[0]


def test_no_execution_rate_no_execution_points() -> None:
    judged = rows({"target": "1", "actual": "1"})
    points = share_points(judged, HUBEI)
    assert total(score_rows(judged, points, HUBEI, DECLARED), points, None, HUBEI, DECLARED).execution == 0


@given(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=45), st.sampled_from([HUBEI, MOF, FLAT]))
def test_shares_add_up_to_100(categories: list[str], ruleset) -> None:
    points = share_points(pd.DataFrame({"category": categories, "weight": None}, dtype=object), ruleset)
    assert half_up(points.possible, 12) == 100


@given(st.integers(1, 1000), st.integers(0, 3000), st.integers(0, 3000), st.sampled_from([HUBEI, MOF, FLAT]))
def test_more_is_never_worse_for_a_positive_row_and_never_better_for_a_reverse_one(
    a: int, b: int, c: int, ruleset
) -> None:
    less, more = sorted((b, c))
    for operator, better in (("≥", more), ("≤", less)):
        worse = less if better == more else more
        judged = rows(
            {"target": f"{operator}{a}件", "actual": f"{better}件"},
            {"target": f"{operator}{a}件", "actual": f"{worse}件"},
        )
        found = scored(judged, ruleset)
        assert found["score"].iloc[0] >= found["score"].iloc[1]
        assert (found["score"] >= 0).all()
        assert (found["score"] <= found["points"]).all()


@given(st.permutations(range(5)))
def test_the_order_of_rows_does_not_change_the_total(order: list[int]) -> None:
    given = [
        {"category": "产出", "target": "100%", "actual": "30%"},
        {"category": "产出", "target": "完成", "actual": "已完成"},
        {"category": "效益", "target": "≥3件", "actual": "2件"},
        {"category": "满意度", "target": "90%", "actual": "95%"},
        {"category": "满意度", "target": "良好", "actual": "说明另附", "declared_met": "完成"},
    ]
    judged = rows(*(given[place] for place in order))
    points = share_points(judged, HUBEI)
    found = total(score_rows(judged, points, HUBEI, DECLARED), points, Decimal(1), HUBEI, DECLARED)
    straight = rows(*given)
    points = share_points(straight, HUBEI)
    assert found == total(score_rows(straight, points, HUBEI, DECLARED), points, Decimal(1), HUBEI, DECLARED)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("0.125", 2, "0.13"), ("2.5", 0, "3"), ("-0.005", 2, "-0.01"), ("1.00494", 2, "1.00")],
)
def test_half_up(value: str, places: int, expected: str) -> None:
    assert half_up(Decimal(value), places) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "printed", "same"),
    [(97.5, "98", True), (97.49, "98", False), (97.96, "98.0", True), (97.94, "98.0", False)],
)
def test_reproduces_rounds_to_the_printed_decimals(value: float, printed: str, same: bool) -> None:
    assert reproduces(value, Decimal(printed)) is same
