"""Points a document prints: rows first, then the block around them, then the rule set; what is printed adds up."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis import rulesets
from perfeval.analysis.allotment import of_execution, places_of, share_points
from perfeval.analysis.judging import judge
from perfeval.analysis.printed import Goal, same_goal
from perfeval.analysis.scoring import GIVEN, score_rows, total
from perfeval.model.results import DECLARED
from perfeval.model.schema import BLOCKS

HUBEI, MOF = rulesets.preset("hubei"), rulesets.preset("mof2020")
PRESETS = [rulesets.preset(name) for name in rulesets.names()]
NAMES = ("goal_no", "goal", "category", "subcategory", "weight")


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Judged rows of (name, goal_no, category, weight), all met."""
    given_ = [
        {
            "indicator": name, "goal_no": goal, "goal": "", "category": kind, "subcategory": "", "target": "≥10件",
            "actual": "10件", "unit": "", "direction": "", "declared_met": "",
            "weight": None if weight is None else Decimal(str(weight)),
        }
        for name, goal, kind, weight in rows
    ]  # fmt: skip
    return judge(pd.DataFrame(given_).astype({"weight": object, "goal_no": "Int64"}))


def blocks(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Blocks of (name, goal_no, category, points, score)."""
    given_ = [
        (name, goal, "", kind, "", None if worth is None else Decimal(str(worth)), score)
        for name, goal, kind, worth, score in ((*row, None)[:5] for row in rows)
    ]
    return pd.DataFrame(given_, columns=BLOCKS.names, dtype=object).astype({"goal_no": "Int64"})


def numbers(points: object) -> list[float]:
    return [float(each) for each in points.each]  # type: ignore[attr-defined]


TWO_GOALS = table(
    ("甲", 1, "产出", None), ("乙", 1, "产出", None), ("丙", 1, "满意度", None), ("丁", 2, "产出", None), ("戊", 2, "效益", None)
)  # fmt: skip


def test_goals_have_their_printed_points_and_the_rule_set_shares_inside() -> None:
    points = share_points(TWO_GOALS, HUBEI, Decimal(20), blocks(("目标1", 1, "", 50), ("目标2", 2, "", 30)))
    assert numbers(points) == [12.5, 12.5, 25, 15, 15]
    assert points.possible == 100
    assert all(why.startswith(GIVEN) for why in points.why)
    assert "“目标1”50分" in points.notes[0]


def test_without_execution_what_the_blocks_leave_is_its() -> None:
    points = share_points(TWO_GOALS, HUBEI, None, blocks(("目标1", 1, "", 50), ("目标2", 2, "", 40)))
    assert points.execution == 10
    far = share_points(TWO_GOALS, HUBEI, None, blocks(("目标1", 1, "", 30), ("目标2", 2, "", 20)))
    assert far.execution == 20, "50 are more than execution can be: the rule set's"
    assert any("合计70分" in note for note in far.notes)


def test_categories_have_their_printed_points() -> None:
    found = blocks(("产出指标", None, "产出", 60), ("效益指标", None, "效益", 20), ("满意度指标", None, "满意度", 10))
    points = share_points(TWO_GOALS, MOF, None, found)
    assert numbers(points) == [20, 20, 10, 20, 20]
    assert points.execution == 10


def test_a_category_inside_a_goal_and_what_it_leaves() -> None:
    found = blocks(("目标1", 1, "", 50), ("产出指标", 1, "产出", 20), ("目标2", 2, "", 30))
    assert numbers(share_points(TWO_GOALS, HUBEI, Decimal(20), found)) == [10, 10, 30, 15, 15]


def test_rows_hold_before_their_block_and_the_difference_is_told() -> None:
    judged = table(("甲", None, "产出", 30), ("乙", None, "产出", 25), ("丙", None, "满意度", 35))
    points = share_points(judged, MOF, Decimal(10), blocks(("产出指标", None, "产出", 50)))
    assert numbers(points) == [30, 25, 35]
    assert any("“产出指标”50分" in note and "55分" in note for note in points.notes)


def test_the_row_without_a_weight_has_what_its_block_leaves() -> None:
    judged = table(("甲", None, "产出", 30), ("乙", None, "产出", None), ("丙", None, "满意度", 40))
    inside = share_points(judged, HUBEI, Decimal(10), blocks(("产出指标", None, "产出", 50)))
    assert numbers(inside) == [30, 20, 40]
    assert numbers(share_points(judged, HUBEI, Decimal(10))) == [30, 20, 40], "100 less 10 less 70"
    full = share_points(judged, HUBEI, Decimal(10), blocks(("产出指标", None, "产出", 30)))
    assert numbers(full) == [30, 0, 40]
    assert any("乙没有分值" in note for note in full.notes)


@pytest.mark.parametrize("kinds", [("产出", "产出", "产出"), ("产出", "产出", "满意度")])
@pytest.mark.parametrize("worth", ["12.5", "12.25", "40", "7"])
def test_a_block_comes_to_its_points_where_rows_are_rounded_more_coarsely(kinds: tuple[str, ...], worth: str) -> None:
    judged = table(*((name, 1, kind, None) for name, kind in zip("甲乙丙", kinds, strict=True)))
    points = share_points(judged, replace(MOF, row_places=0), Decimal(10), blocks(("目标1", 1, "", worth)))
    assert sum(points.each) == Decimal(worth)
    decimals = max(0, -int(Decimal(worth).normalize().as_tuple().exponent))
    assert all(-int(each.normalize().as_tuple().exponent) <= decimals for each in points.each)


@pytest.mark.parametrize("name", ["其中：甲一", "其中:甲一", "其中甲一"])
def test_a_sub_row_without_a_weight_is_part_of_the_row_above(name: str) -> None:
    judged = table(
        ("甲", None, "产出", 60),
        (name, None, "产出", None),
        ("其中：甲二", None, "产出", None),
        ("乙", None, "效益", 30),
    )
    points = share_points(judged, HUBEI, Decimal(10))
    assert numbers(points) == [60, 0, 0, 30]
    assert points.why[1] == "文件未单列分值，是上一项的一部分，不另计分"
    rows = score_rows(judged, points, HUBEI, DECLARED)
    assert total(rows, points, Decimal(1), HUBEI, DECLARED).total == 100


def test_a_sub_row_of_another_category_is_a_row_like_others() -> None:
    judged = table(("甲", None, "产出", 60), ("其中：满意率", None, "满意度", None))
    assert numbers(share_points(judged, HUBEI, Decimal(10))) == [60, 30]


def test_parts_beside_the_indicators_count_as_printed() -> None:
    found = blocks(("项目决策", None, "", 20, Decimal(18)), ("过程管理", None, "", 10, Decimal(10)))
    points = share_points(TWO_GOALS, HUBEI, Decimal(0), found)
    assert (sum(points.each), points.possible) == (70, 100)
    assert "“项目决策”等2项30分按文件所列得分28分计" in points.notes
    score = total(score_rows(TWO_GOALS, points, HUBEI, DECLARED), points, None, HUBEI, DECLARED)
    assert (score.total, score.possible, score.others, score.others_points) == (98, 100, 28, 30)


def test_a_part_without_a_score_is_not_counted_and_said() -> None:
    points = share_points(TWO_GOALS, HUBEI, Decimal(0), blocks(("项目决策", None, "", 20)))
    assert (sum(points.each), points.possible) == (80, 80)
    assert any("20分没有所列得分" in note for note in points.notes)


def test_blocks_that_fit_nothing_or_cross_are_told() -> None:
    found = blocks(
        ("成本指标", None, "成本", 10), ("目标1", 1, "", 40), ("目标2", 2, "", 30), ("产出", None, "产出", 55)
    )
    points = share_points(TWO_GOALS, HUBEI, Decimal(20), found)
    assert [sum(numbers(points)[:3]), sum(numbers(points)[3:])] == [40, 30]
    told = "；".join(points.notes)
    assert "“成本指标”10分没有所属的指标" in told
    assert "“产出”55分跨几个目标" in told


def test_two_blocks_of_one_category_add_up() -> None:
    found = blocks(("项目效益", None, "效益", 30), ("社会效益", None, "效益", 10))
    judged = table(("甲", None, "产出", None), ("乙", None, "效益", None))
    assert numbers(share_points(judged, HUBEI, Decimal(20), found)) == [40, 40]


KINDS = st.sampled_from(["产出", "效益", "满意度", "成本"])
ROWS = st.lists(st.tuples(st.integers(1, 3), KINDS, st.none() | st.integers(0, 30)), min_size=1, max_size=9)


@given(ROWS, st.lists(st.integers(0, 60), min_size=3, max_size=3), st.sampled_from(PRESETS))
def test_every_goal_comes_to_what_is_printed_for_it(drawn, worth, ruleset) -> None:
    judged = table(*((f"指标{at}", goal, kind, None) for at, (goal, kind, _) in enumerate(drawn)))
    found = blocks(*((f"目标{goal}", goal, "", worth[goal - 1]) for goal in (1, 2, 3)))
    points = share_points(judged, ruleset, Decimal(20), found)
    for goal in {goal for goal, _, _ in drawn}:
        assert sum(each for each, row in zip(points.each, drawn, strict=True) if row[0] == goal) == worth[goal - 1]


@given(ROWS, st.permutations(range(9)), st.sampled_from(PRESETS), st.integers(0, 100), st.integers(0, 100))
def test_the_order_of_rows_and_blocks_does_not_matter(drawn, order, ruleset, first, second) -> None:
    rows = [(f"指标{at}", goal, kind, weight) for at, (goal, kind, weight) in enumerate(drawn)]
    found = [
        ("目标1", 1, "", first),
        ("产出", 1, "产出", second),
        ("目标2", 2, "", second),
        ("满意度", None, "满意度", first),
    ]
    mixed = [rows[at] for at in order if at < len(rows)]
    straight = share_points(table(*rows), ruleset, None, blocks(*found))
    other = share_points(table(*mixed), ruleset, None, blocks(*found[::-1]))
    by_name = {row[0]: each for row, each in zip(mixed, other.each, strict=True)}
    assert [by_name[row[0]] for row in rows] == straight.each
    assert straight.execution == other.execution


@given(ROWS, st.sampled_from(PRESETS), st.none() | st.sampled_from([Decimal(10), Decimal(20)]))
def test_printed_weights_hold_and_nothing_is_below_zero(drawn, ruleset, execution) -> None:
    judged = table(*((f"指标{at}", goal, kind, weight) for at, (goal, kind, weight) in enumerate(drawn)))
    points = share_points(judged, ruleset, execution)
    for each, (_, _, weight) in zip(points.each, drawn, strict=True):
        assert each >= 0
        assert weight is None or each == weight
    given_ = [weight for _, _, weight in drawn if weight is not None]
    if given_ and len(given_) < len(drawn):
        assert points.possible == max(Decimal(100), sum(given_) + points.execution), "what is open takes what is left"


def money(*rows: tuple[str, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item", "weight", "declared_score"]).astype(object)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("年度资金总额", 10, 9), ("其中：财政拨款", 10, 9)], (10, 9)),
        ([("年度资金总额", None, None), ("其中：财政拨款", 10, 9), ("其他资金", None, None)], (10, 9)),
        ([("年度资金总额", None, None), ("其中：财政拨款", 10, 9), ("其他资金", 10, 10)], (10, 9)),
        ([("年度资金总额", None, None), ("财政拨款", 6, 5), ("其他资金", 4, 4)], (10, 9)),
        ([("财政拨款", 5, 5), ("其他资金", 5, 4)], (10, 9)),
        ([("本年项目支出", 10, 8), ("其中:财政拨款", 10, 8)], (10, 8)),
        ([("基本支出", 5, 5), ("项目支出", 5, 4)], (10, 9)),
    ],
)
def test_execution_counts_once(rows, expected) -> None:
    budget = money(*rows)
    assert (of_execution(budget), of_execution(budget, "declared_score")) == expected


def test_what_rules_share_unlike_is_no_remainder() -> None:
    judged = table(("甲", 1, "产出", 10), ("乙", 1, "产出", None), ("丙", 1, "满意度", None))
    points = share_points(judged, HUBEI, Decimal(20), blocks(("目标1", 1, "", 60)))
    assert len(set(points.each)) == 3
    assert "按规则的比例分" in points.why[1]
    assert not any("尾差" in why for why in points.why)
    alike = table(("甲", 1, "产出", 10), *((name, 1, "产出", None) for name in "乙丙丁"))
    shared = share_points(alike, HUBEI, Decimal(20), blocks(("目标1", 1, "", 20)))
    assert sum("尾差" in why for why in shared.why) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((1, "甲"), (1, "乙"), True), ((1, "甲"), (2, "甲"), False), ((1, "甲"), (None, "甲"), True),
        ((1, "甲"), (None, "乙"), False), ((None, "甲"), (None, "甲"), True), ((None, "甲"), (None, "乙"), False),
        ((None, ""), (None, ""), False), ((1, ""), (None, ""), False), ((0, ""), (0, "甲"), True), ((0, "甲"), (1, "甲"), False),
    ],
)  # fmt: skip
def test_goals_are_the_same_by_number_where_both_have_one_else_by_name(one: Goal, other: Goal, same: bool) -> None:
    assert same_goal(one, other) == same_goal(other, one) == same


@pytest.mark.parametrize(
    ("row", "total", "rows", "places"),
    [(2, 1, 9, None), (2, 1, 10, 2), (2, 2, 1, 2), (3, 1, 99, None), (3, 1, 100, 3), (1, 2, 1, 1), (2, 1, 0, None)],
)
def test_points_are_cut_where_rounding_every_row_could_move_the_total(
    row: int, total: int, rows: int, places: int | None
) -> None:
    assert places_of(replace(HUBEI, row_places=row, total_places=total), rows) == places
