"""Money beside results by goal: quadrants, what is open, missing money, unit costs."""

import math

import pandas as pd
import pytest
from several_years import evaluated, row

import perfeval as pe
from perfeval.analysis.spending import spending, unit_costs
from perfeval.model.columns import NO_QUADRANT, QUADRANTS, SPENDING, UNIT_COSTS

OFFICE = {"subdistrict": "shili", "name": "示例街道", "district": "示例区", "year": 2023, "synthetic": True}


def rows(*statuses: str, goal_no: int | None = 1, **cells: object) -> pd.DataFrame:
    base = OFFICE | {
        "goal_no": goal_no,
        "goal": "示例目标",
        "subcategory": "数量",
        "indicator": "培训场次",
        "track": "t",
        "common": "产出·培训场次·场",
    }
    amounts: dict[str, object] = {"actual_value": 20.0, "value_unit": "场"}
    return pd.DataFrame([base | amounts | cells | {"status": status} for status in statuses]).astype(
        {"goal_no": "Int64"}
    )


def money(*items: tuple[float, float], role: str = "fund", goal_no: int | None = 1) -> pd.DataFrame:
    held = [OFFICE | {"goal_no": goal_no, "role": role, "budget": of, "executed": done} for of, done in items]
    frame = pd.DataFrame(held, columns=[*OFFICE, "goal_no", "role", "budget", "executed"])
    return frame.astype({"goal_no": "Int64", "budget": "float64", "executed": "float64"})


@pytest.mark.parametrize(
    ("executed", "statuses", "quadrant"),
    [
        (89.9, ["完成", "完成"], QUADRANTS[0]),
        (90.0, ["完成", "完成"], QUADRANTS[1]),
        (50.0, ["完成", "部分完成"], QUADRANTS[2]),
        (100.0, ["未完成", "无法判定"], QUADRANTS[3]),
        (100.0, ["完成", "无法判定"], NO_QUADRANT),
        (100.0, ["凭申报完成"], NO_QUADRANT),
    ],
)
def test_a_goal_is_in_a_quadrant_only_where_that_is_certain(
    executed: float, statuses: list[str], quadrant: str
) -> None:
    told = spending(rows(*statuses), money((100, executed))).iloc[0]
    assert told["quadrant"] == quadrant
    assert (told["why"] == "") == (quadrant != NO_QUADRANT)
    assert told["rows"] == len(statuses)


def test_several_items_of_a_goal_count_together_and_only_whole() -> None:
    told = spending(rows("完成"), money((60, 30), (40, 30))).iloc[0]
    assert (told["budget"], told["executed"], told["rate"]) == (100, 60, 0.6)
    lacking = spending(rows("完成"), money((60, 30), (40, math.nan))).iloc[0]
    assert (lacking["quadrant"], lacking["why"]) == (NO_QUADRANT, "这个目标的预算数或执行数不全")


def test_money_that_is_not_the_goals_is_none_of_it() -> None:
    told = spending(rows("完成"), money((100, 95), role="total", goal_no=None)).iloc[0]
    assert (told["quadrant"], told["why"]) == (NO_QUADRANT, "预算没有列这个目标的资金")


def test_rows_without_a_goal_are_left_out_and_the_frames_keep_their_columns() -> None:
    for made, columns in ((spending, SPENDING), (unit_costs, UNIT_COSTS)):
        told = made(rows("完成", goal_no=None), money((100, 95)))
        assert told.empty
        assert list(told.columns) == [one.name for one in columns]


def test_a_unit_costs_what_its_goal_spent() -> None:
    told = unit_costs(rows("完成"), money((100, 95))).iloc[0]
    assert told["unit_cost"] == pytest.approx(95 * 10_000 / 20)
    assert (told["quantity"], told["unit"], told["why"]) == (20, "场", "")


@pytest.mark.parametrize(
    ("held", "spent", "why"),
    [
        (rows("完成", "完成"), money((100, 95)), "这个目标有2项数量指标，资金不能分到每一项"),
        (rows("未完成", actual_value=0.0), money((100, 95)), "完成数为0"),
        (rows("完成"), money((100, math.nan)), "这个目标的执行数不全"),
        (rows("完成"), money(), "预算没有列这个目标的资金"),
    ],
)
def test_no_unit_cost_without_its_reason(held: pd.DataFrame, spent: pd.DataFrame, why: str) -> None:
    told = unit_costs(held, spent)
    assert set(told["why"]) == {why}
    assert told["unit_cost"].isna().all()


def test_a_quantity_whose_actual_is_open_is_a_quantity_all_the_same() -> None:
    held = pd.concat([rows("完成"), rows("无法判定", actual_value=math.nan)], ignore_index=True)
    told = unit_costs(held, money((100, 95))).iloc[0]
    assert math.isnan(told["unit_cost"])
    assert told["why"] == "这个目标有2项数量指标，资金不能分到每一项"


@pytest.mark.parametrize(
    "cells", [{"value_unit": "%"}, {"value_unit": "元"}, {"subcategory": "质量"}, {"actual_value": math.nan}]
)
def test_shares_money_and_words_are_no_quantities(cells: dict[str, object]) -> None:
    assert unit_costs(rows("完成", **cells), money((100, 95))).empty


def test_frames_of_a_real_evaluation_are_taken() -> None:
    result = evaluated(2022, [row("培训场次", "≥20场", "25场", subcategory="数量")])
    assert len(spending(pe.rows(result), pe.money(result))) == 1
