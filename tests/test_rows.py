"""Tidy frames: what stands in them, their dtypes, and the ids by which rows of offices and years belong together."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from several_years import OFFICE, evaluated, on_file, row

import perfeval as pe
from perfeval.analysis.rows import tidy
from perfeval.analysis.rows.identity import common_ids, track_ids
from perfeval.model import columns
from perfeval.model.errors import ParameterError
from perfeval.model.schema import STATUSES, UNDECIDED
from perfeval.model.verdicts import BASES, WORD

ROWS = [
    row("培训场次", "≥12场", "13场", weight="20", declared_score="20"),
    row("办结率", "≥95%", "90%", weight="30", declared_score="30", reason="人手不足"),
    row("政策宣传", "完成", "开展了宣传", declared_met="完成"),
    row("走访户数", "300户", "", category="效益"),
    row("改造面积", "1.5万平方米", "16000平方米", category="效益"),
    row("安全检查", "20次", "≥3家", category="满意度"),
]


@pytest.fixture(scope="module")
def result() -> pe.Evaluation:
    return evaluated(2023, ROWS)


def test_every_frame_has_its_declared_columns_and_dtypes_with_rows_and_without(result: pe.Evaluation) -> None:
    for name in columns.STORED:
        frame, declared = getattr(pe, name)(result), columns.described(name)
        assert [str(dtype) for dtype in frame.dtypes] == [one.dtype for one in declared]
        pd.testing.assert_series_equal(columns.frame_of(name).dtypes, frame.dtypes)
        assert list(frame.columns) == [one.name for one in declared]


def test_a_row_holds_what_is_printed_what_was_read_and_what_came_of_it(result: pe.Evaluation) -> None:
    frame = pe.rows(result)
    assert frame.loc[1, ["indicator", "target", "actual", "target_low", "actual_value", "value_unit", "reason"]].tolist() == [
        "办结率", "≥95%", "90%", 95.0, 90.0, "%", "人手不足",
    ]  # fmt: skip
    assert frame["status"].tolist() == ["完成", "未完成", "凭申报完成", "无法判定", "完成", "无法判定"]
    assert frame.loc[2, "why"].endswith("；申报“完成”")
    assert frame["file"].unique().tolist() == [f"{OFFICE}/2023/indicators.csv"]
    assert frame["row"].tolist() == [2, 3, 4, 5, 6, 7]


def test_declared_minus_recomputed_is_a_plain_difference(result: pe.Evaluation) -> None:
    difference = pe.rows(result).eval("declared_score - score")
    assert difference.dtype == "float64"
    assert difference[0] == 0
    assert difference[1] > 0
    assert math.isnan(difference[2])


def test_amounts_stand_in_one_unit_or_not_at_all(result: pe.Evaluation) -> None:
    read = pe.rows(result)[["target_low", "target_high", "actual_value", "value_unit"]]
    assert read.loc[4].tolist() == [15000.0, 15000.0, 16000.0, "平方米"]
    assert read.loc[5, ["target_low", "value_unit"]].tolist() == [20.0, "次"]
    assert math.isnan(read.loc[5, "actual_value"])  # 3家 is nothing in 次
    assert read.loc[2].isna().tolist() == [True, True, True, False]


def test_a_word_beside_an_amount_is_no_zero_in_its_unit() -> None:
    frame = pe.rows(evaluated(2023, [row("辖区无暴露垃圾", "96%", "无暴露垃圾", declared_met="完成")]))
    assert math.isnan(frame.loc[0, "actual_value"])


def test_scores_say_what_the_evaluation_says(result: pe.Evaluation) -> None:
    one = pe.scores(result).iloc[0]
    assert (one["score"], one["strict"], one["state"]) == (result.score, result.scores["strict"].total, "已复算")
    assert one[["met", "partly", "missed", "declared", "undecided"]].sum() == one["rows"] == len(ROWS)
    assert one["score_low"] <= one["score"] <= one["score_high"]
    assert one["possible"] == one["execution_points"] + one["others_points"] + pe.rows(result)["points"].sum().round(2)


def test_what_is_not_evaluated_has_no_figures() -> None:
    one = pe.scores(evaluated(2023, [row("培训场次", "≥12场", "")])).iloc[0]
    assert one["state"] == "尚未填报"
    assert one[["score", "strict", "score_low", "completion_low", "completion_high"]].isna().all()


def test_categoricals_are_ordered_from_good_to_bad(result: pe.Evaluation) -> None:
    status = pe.rows(result)["status"]
    assert status.cat.ordered
    assert list(status.cat.categories) == ["完成", "部分完成", "未完成", "凭申报完成", "无法判定"]
    assert pe.findings(result)["severity"].cat.ordered


def test_findings_and_money_belong_to_their_office(result: pe.Evaluation) -> None:
    assert len(pe.findings(result)) == len(result.findings)
    money = pe.money(result)
    assert money.loc[0, ["subdistrict", "item", "role", "budget", "executed", "rate"]].tolist() == [
        OFFICE, "部门整体支出", "total", 100.0, 100.0, 1.0,
    ]  # fmt: skip


def test_tracks_come_from_several_years_only(result: pe.Evaluation) -> None:
    assert set(pe.rows(result)["track"]) == {""}


def test_track_ids_name_the_row_they_begin_with() -> None:
    whole = track_ids("s", {2021: ["x", "y"], 2022: ["y", "z"], 2023: ["z", "x"]})
    assert whole[2023] == ["s-2022-002", "s-2021-001"]
    later = track_ids("s", {2022: ["y", "z"], 2023: ["z", "x"]})
    assert later[2023] == ["s-2022-002", "s-2023-002"]  # the same, or another id: never one of something else


def ids(*rows: dict[str, str]) -> list[str]:
    return common_ids(evaluated(2023, rows).indicators)


def test_offices_share_an_id_where_they_mean_the_same() -> None:
    ours = ids(row("培训场次≥12场", "", "13场"), row("（1）办结率", "≥95%", "96%"))
    theirs = ids(row("办结率", "100%", "96%"), row("培训场次", "20次", "20次"))
    assert ours == theirs[::-1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row("办结率", "≥95%", "96%"), row("办结率", "≥95%", "96%", category="效益")),
        (row("走访", "300户", "300户"), row("走访", "300人", "300人")),
        (row("补贴标准", "100元", "100元"), row("补贴标准", "100元/人", "100元/人")),
        (row("投诉量", "≤5件", "3件"), row("投诉量", "≥5件", "6件", direction="正向")),
        (row("收入", "增长5%", "增长6%"), row("收入", "5%", "6%")),
        (row("宣传", "完成", "完成"), row("宣传", "12场", "12场")),
        (row("满意度", "≥90%", "95%", goal="养老"), row("满意度", "≥90%", "95%", goal="环境")),
    ],
)  # fmt: skip
def test_unlike_things_share_no_id(one: dict[str, str], other: dict[str, str]) -> None:
    assert ids(one) != ids(other)


def test_a_name_that_stands_several_times_is_told_apart_by_its_goal() -> None:
    found = ids(row("巡查到位率", "100%", "100%", goal="河道"), row("巡查到位率", "100%", "100%", goal="公园"))
    assert len(set(found)) == 2
    assert ids(row("满意度", "≥90%", "95%", goal="")) == [""]


def test_rows_of_one_office_that_are_alike_in_all_but_the_target_or_in_all_never_share_an_id() -> None:
    twice = row("清运垃圾", "≥12次", "13次", goal="环境", subcategory="数量指标")
    numbered = [twice | {"goal_no": number} for number in "123"]
    found = ids(numbered[0], numbered[1] | {"target": "≥20次"}, numbered[2])
    assert len(set(found)) == 3
    assert [one.partition("第")[2] for one in found] == ["1项", "", "2项"]
    assert ids(twice) == ids(twice | {"target": "≥20次"}), "alone, an indicator's target is no part of what it is"


@settings(max_examples=20)  # each example is read and judged
@given(st.lists(st.builds(row, *map(st.sampled_from, (["办结率", "办结率。", "满意度"], ["≥9件", "9件", ""], ["9件", ""])),
                          goal=st.sampled_from(["甲", "乙"]), subcategory=st.sampled_from(["", "数量"])), min_size=1, max_size=6))  # fmt: skip
def test_no_two_rows_of_an_office_and_year_share_an_id(rows: list[dict[str, str]]) -> None:
    found = ids(*(one | {"goal_no": str(number)} for number, one in enumerate(rows, start=1)))
    assert len(set(found)) == len(rows)


def test_columns_are_described_where_one_looks() -> None:
    for name in columns.FRAMES:
        told = pe.columns(name)
        assert told.columns.tolist() == ["name", "title", "meaning", "unit", "dtype", "values"]
        assert told["name"].is_unique
        assert told[["title", "meaning"]].ne("").all(axis=None)
        assert {one.kind for one in columns.described(name)} <= set(columns.KINDS)
    with pytest.raises(ParameterError, match=r"没有名为“row”的表，是否指“rows”？"):
        pe.columns("row")


def test_nothing_loaded_is_an_empty_frame_that_counts() -> None:
    empty = columns.frame_of("rows")
    assert empty.eval("declared_score - score").empty
    assert empty.groupby("status", observed=False).size().sum() == 0
    assert on_file(2023, []).indicators.empty


@pytest.mark.parametrize("computed", STATUSES)
@pytest.mark.parametrize("basis", BASES)
def test_the_printed_word_is_told_where_it_alone_decided(basis: str, computed: str) -> None:
    alone = basis == WORD and computed == UNDECIDED
    assert tidy._why("单位不同", basis, computed, "已 \n完成") == "单位不同" + "；申报“已 完成”" * alone
