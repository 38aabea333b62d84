"""Scores: the source report's totals, the formulas, and the laws they obey."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis import rulesets
from perfeval.analysis.allotment import of_execution, share_points
from perfeval.analysis.judging import judge
from perfeval.analysis.scoring import reproduces, score_rows, total, total_of
from perfeval.model.results import BASES, DECLARED, STRICT, Score
from perfeval.model.rounding import half_up, plain
from perfeval.model.ruleset import Over
from perfeval.model.schema import CATEGORIES

HUBEI, MOF, FLAT, COST, FASP2, CHONGQING, SICHUAN = (
    rulesets.preset(name) for name in ("hubei", "mof2020", "flat", "mof2021cost", "fasp2", "chongqing", "sichuan")
)
PRESETS = [rulesets.preset(name) for name in rulesets.names()]
SPREAD = [replace(rules, spread="goals") for rules in PRESETS]


def rows(*given: dict) -> pd.DataFrame:
    """Judged indicator rows; what is not given is empty."""
    blank = {"indicator": "办件数", "goal_no": 1, "goal": "", "category": "产出", "target": "", "actual": "", "unit": "", "direction": "",
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


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(CATEGORIES)), min_size=1, max_size=45),
    st.sampled_from(PRESETS + SPREAD),
)
def test_shares_add_up_to_100_as_shown(rows_of, ruleset) -> None:
    frame = pd.DataFrame(
        {"goal_no": [goal for goal, _ in rows_of], "goal": "", "category": [name for _, name in rows_of],
         "weight": pd.Series([None] * len(rows_of), dtype=object), "basis": "computed"}
    )  # fmt: skip
    points = share_points(frame, ruleset)
    assert half_up(points.possible, 12) == 100
    shown = [half_up(each, ruleset.row_places) for each in points.each]
    assert half_up(sum(shown, points.execution), ruleset.total_places) == 100
    if ruleset.row_places == 2:
        assert shown == points.each


def test_no_rows_no_points() -> None:
    for ruleset in (HUBEI, SPREAD[0]):
        assert share_points(rows(), ruleset).each == []


PAIRS = st.tuples(
    st.integers(1, 3), st.sampled_from(CATEGORIES), st.sampled_from(["≥", "≤", ""]), st.integers(0, 60), st.integers(0, 90),
    st.sampled_from(["", "完成", "未完成"]),
)  # fmt: skip


@settings(max_examples=25)
@given(
    st.lists(PAIRS, min_size=1, max_size=6),
    st.sampled_from(PRESETS + SPREAD),
    st.decimals(0, 1, places=4),
    st.randoms(),
)
def test_laws_of_every_preset(pairs, ruleset, rate: Decimal, random) -> None:
    """Bounds, the sum to the cent, strict at most declared, and no row knows its place."""
    table = [
        {"goal_no": goal, "category": category, "target": f"{operator}{a}件", "actual": f"{b}件" if b else "说明另附",
         "declared_met": said}
        for goal, category, operator, a, b, said in pairs
    ]  # fmt: skip

    def totals(of: list[dict]) -> list:
        judged = rows(*of)
        points = share_points(judged, ruleset)
        found = []
        for basis in BASES:
            scores = score_rows(judged, points, ruleset, basis)
            assert all(0 <= score <= most for score, most in zip(scores["score"], scores["points"], strict=True))
            assert all(
                f"得{plain(score)}分" in text for score, text in zip(scores["score"], scores["derivation"], strict=True)
            )
            whole = total(scores, points, rate, ruleset, basis)
            shown = sum(scores["score"], Decimal(0)) + Decimal(str(whole.execution))
            assert half_up(shown, ruleset.total_places) == Decimal(str(whole.total))
            assert 0 <= whole.total <= 100
            found.append(whole)
        assert found[1].total <= found[0].total
        return found

    straight = totals(table)
    random.shuffle(table)
    assert totals(table) == straight


@pytest.mark.parametrize("ruleset", PRESETS, ids=rulesets.names())
def test_everything_met_is_100(ruleset) -> None:
    judged = rows(*({"category": name, "target": "1件", "actual": "1件"} for name in CATEGORIES for _ in range(7)))
    points = share_points(judged, ruleset)
    assert total(score_rows(judged, points, ruleset, DECLARED), points, Decimal(1), ruleset, DECLARED).total == 100


def spread_points(ruleset, *categories: str) -> list[Decimal]:
    return [half_up(each, 2) for each in share_points(rows(*({"category": name} for name in categories)), ruleset).each]


@pytest.mark.parametrize(
    ("ruleset", "categories", "points"),
    [
        (COST, ("成本", "产出", "效益", "满意度"), [20, 40, 20, 10]),
        (COST, ("产出", "效益", "满意度"), [50, 30, 10]),
        (COST, ("成本", "产出", "效益"), [20, 40, 30]),
        (COST, ("产出", "效益"), [50, 40]),
        (SICHUAN, ("产出", "效益"), [60, 30]),
        (SICHUAN, ("产出", "产出", "产出", "产出"), [Decimal("22.5")] * 4),
        (CHONGQING, ("产出", "效益", "效益"), [30, 30, 30]),
    ],
)
def test_points_over_the_categories_used(ruleset, categories, points) -> None:
    assert spread_points(ruleset, *categories) == points


@pytest.mark.parametrize(("name", "expected"), [("hubei", 98.56), ("flat", 98.90)])
def test_equal_points_per_goal_on_the_source_report(root, name: str, expected: float) -> None:
    goals = replace(rulesets.preset(name), spread="goals")
    result = pe.evaluate(pe.load(root / "data", subdistrict="ronghua", years=2022), goals)
    assert result.score == expected
    assert "12个目标均分" in result.indicators["derivation"].iloc[0]


@pytest.mark.parametrize(
    ("mode", "actual", "score", "said"),
    [
        ("ignore", "150件", "10", ""),
        ("annotate", "150件", "10", "完成率150%，超过130%，须说明原因"),
        ("annotate", "130件", "10", ""),
        ("deduct", "150件", "8", "超过130%部分扣减，计80%"),
        ("deduct", "130件", "10", ""),
        ("deduct", "900件", "0", "计0%"),
    ],
)
def test_over_achievement(mode: str, actual: str, score: str, said: str) -> None:
    rules = replace(HUBEI, over=Over(mode))
    found = scored(rows({"target": "≥100件", "actual": actual, "weight": Decimal(10)}), rules).iloc[0]
    assert found["score"] == Decimal(score)
    assert said in found["derivation"]
    assert said or "超过" not in found["derivation"]


@pytest.mark.parametrize("mode", ["annotate", "deduct"])
def test_far_below_a_ceiling_is_not_over_achievement(mode: str) -> None:
    found = scored(rows({"target": "≤10起", "actual": "2起", "weight": Decimal(10)}), replace(HUBEI, over=Over(mode)))
    assert found["score"].iloc[0] == 10


@pytest.mark.parametrize(
    ("equal", "actual", "score"),
    [
        ("B/A", "12", 10),
        ("deviation", "12", 8),
        ("exact", "12", 0),
        ("exact", "10", 10),
        ("B/A", "8", 8),
        ("deviation", "25", 0),
    ],
)
def test_formulas_of_equal(equal: str, actual: str, score: int) -> None:
    judged = rows({"target": "10件", "actual": f"{actual}件", "direction": "等于", "weight": Decimal(10)})
    assert scored(judged, replace(HUBEI, equal=equal))["score"].iloc[0] == score


@pytest.mark.parametrize(
    ("equal", "actual", "score"),
    [("deviation", "14", 6), ("deviation", "13", 7), ("exact", "14", 0), ("B/A", "14", 9), ("B/A", "13", 10)],
)
def test_over_achievement_takes_off_no_less_than_the_formula(equal: str, actual: str, score: int) -> None:
    judged = rows({"target": "10件", "actual": f"{actual}件", "direction": "等于", "weight": Decimal(10)})
    assert scored(judged, replace(HUBEI, equal=equal, over=Over("deduct")))["score"].iloc[0] == score


@pytest.mark.parametrize(
    ("target", "actual", "direction", "score"),
    [("≤10", "11", "", "9"), ("≤10", "15", "", "5"), ("≤10", "20", "", "0"), ("0起", "1起", "等于", "0"), ("0起", "0起", "等于", "10"),
     ("≤0起", "0起", "", "10"), ("≤0起", "1起", "", "0"), ("≥3件", "2件", "", "6.67"), ("10件", "12件", "等于", "10")],
)  # fmt: skip
def test_the_platforms_rule_as_executed(target: str, actual: str, direction: str, score: str) -> None:
    judged = rows({"target": target, "actual": actual, "direction": direction, "weight": Decimal(10)})
    assert scored(judged, FASP2)["score"].iloc[0] == Decimal(score)


@pytest.mark.parametrize(("rate", "points"), [("0.76", 7.6), ("0.7927", 7.93)])
def test_chongqing_execution(rate: str, points: float) -> None:
    judged = rows({"target": "1", "actual": "1"})
    shared = share_points(judged, CHONGQING)
    found = total(score_rows(judged, shared, CHONGQING, DECLARED), shared, Decimal(rate), CHONGQING, DECLARED)
    assert (found.execution, found.total) == (points, 90 + points)


def test_chongqing_rounds_the_coefficient_before_it_multiplies() -> None:
    found = scored(rows({"target": "≥3件", "actual": "2件", "weight": Decimal(90)}), CHONGQING).iloc[0]
    assert found["score"] == Decimal("60.00")  # 90 × 66.67 % = 60.003
    assert "得分系数66.67%" in found["derivation"]


@pytest.mark.parametrize(
    ("given", "printed", "execution", "said"),
    [
        (["60", "40"], "10", 10, "合计110分，不是100分"),
        (["60", "30"], None, 10, "100分减去指标分值"),
        (["60", "40"], None, 0, ""),
        (["10", "20"], None, 20, "合计50分，不是100分，仍照文件计，不评等级"),
        (["60", "20"], "20", 20, ""),
    ],
)
def test_the_documents_points_of_execution(given: list[str], printed: str | None, execution: int, said: str) -> None:
    judged = rows(*({"target": "1", "actual": "1", "weight": Decimal(weight)} for weight in given))
    points = share_points(judged, HUBEI, None if printed is None else Decimal(printed))
    assert points.execution == execution
    assert said in "；".join(points.notes)


def test_the_row_of_the_total_says_what_execution_weighs() -> None:
    budget = pd.DataFrame({"item": ["其中：财政拨款", "年度资金总额"], "weight": [Decimal(10), Decimal(10)]})
    assert of_execution(budget) == 10
    assert of_execution(budget.assign(item="甲项目")) == 20
    assert of_execution(budget.assign(weight=None)) is None


@given(st.integers(1, 1000), st.integers(0, 3000), st.integers(0, 3000), st.sampled_from(PRESETS))
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


@pytest.mark.parametrize("ruleset", PRESETS, ids=[rules.name for rules in PRESETS])
def test_a_grade_begins_at_its_lowest_score(ruleset) -> None:
    points = share_points(rows({"target": "≥10件", "actual": "10件"}), ruleset)
    below = ""
    for grade, lowest in reversed(ruleset.grades):
        just = lowest - Decimal(1).scaleb(-ruleset.total_places)
        given = [total_of(earned, points, Decimal(0), ruleset, DECLARED).grade for earned in (just, lowest)]
        assert given == [below, grade]
        below = grade


@pytest.mark.parametrize(("possible", "one"), [(79.99, False), (80, True), (150, True), (150.01, False)])
def test_points_of_one_form_are_80_to_150(possible: float, one: bool) -> None:
    points = share_points(rows({"target": "≥10件", "actual": "10件"}), FLAT)
    found = total_of(Decimal(95), points, Decimal(1), FLAT, DECLARED)
    assert replace(found, possible=possible).of_one_form is one


@pytest.mark.parametrize(
    ("weight", "earned", "grade"),
    [
        ("90", "89.99", "良"),
        ("90", "90", "优"),
        ("100", "95", ""),  # 95 of 110 points: 优 by points, 良 by share
        ("100", "99", "优"),
        ("75", "80", ""),  # 80 of 85
        ("75", "60", "中"),
        ("89.99", "89.995", "优"),
        ("89.99", "89.991", "良"),
    ],
)
def test_of_weights_that_do_not_add_up_to_100_a_grade_is_given_where_points_and_share_agree(
    weight: str, earned: str, grade: str
) -> None:
    points = share_points(rows({"target": "≥10件", "actual": "10件", "weight": weight}), FLAT, Decimal(10))
    assert total_of(Decimal(earned), points, Decimal(0), FLAT, DECLARED).grade == grade


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("0.125", 2, "0.13"), ("2.5", 0, "3"), ("-0.005", 2, "-0.01"), ("1.00494", 2, "1.00")],
)
def test_half_up(value: str, places: int, expected: str) -> None:
    assert half_up(Decimal(value), places) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "undecided", "printed", "same"),
    [
        (97.5, 0, "98", True),
        (97.49, 0, "98", False),
        (97.96, 0, "98.0", True),
        (97.94, 0, "98.0", False),
        (90, 8, "98", None),  # with what nothing decides it may be
        (90, 8, "90", True),
        (90, 7.49, "98", False),
        (90, 7.5, "98", None),
        (98.6, 1.4, "98", False),  # and may only be more
        (None, 0, "98", None),
        (98, 0, None, None),
    ],
)
def test_reproduces_rounds_to_the_printed_decimals(
    value: float | None, undecided: float, printed: str | None, same: bool | None
) -> None:
    score = Score("flat", "", DECLARED, 20, value, value, 100, "", undecided=undecided)
    assert reproduces(score, None if printed is None else Decimal(printed)) is same


def test_what_nothing_decides_may_add_no_more_than_there_is() -> None:
    judged = rows(*[{"target": "1件", "actual": "1件"}] * 28, {"target": "≥90%", "actual": "见附件"})
    points = share_points(judged, HUBEI)
    assert points.undecided == (28,)
    earned = sum(score_rows(judged, points, HUBEI, DECLARED)["score"], Decimal(0))
    found = total_of(earned, points, Decimal(1), HUBEI, DECLARED)
    assert (found.total, found.undecided, found.most) == (97.24, 2.76, 100)
    rounded_up = total_of(earned + Decimal("0.01"), points, Decimal(1), HUBEI, DECLARED)
    assert (rounded_up.total, rounded_up.undecided, rounded_up.most) == (97.25, 2.75, 100)


def test_a_year_without_indicators_has_no_recomputed_total_to_compare(command, tmp_path) -> None:
    folder = tmp_path / "data" / "甲" / "2023"
    folder.mkdir(parents=True)
    (tmp_path / "perfeval.toml").write_text("", encoding="utf-8")
    (tmp_path / "data" / "subdistricts.csv").write_text("id,name\n甲,甲街道办事处\n", encoding="utf-8")
    (folder / "budget.csv").write_text("item,adjusted,executed\n部门整体支出,100,99\n", encoding="utf-8")
    (folder / "indicators.csv").write_text("category,indicator,target,actual\n", encoding="utf-8")
    (folder / "narrative.toml").write_text("declared_score = 95.5\n", encoding="utf-8")
    told = command("score", cwd=tmp_path).out
    assert "没有绩效指标，不能复算总分" in told
    assert "不符" not in told
    assert "差" not in told
