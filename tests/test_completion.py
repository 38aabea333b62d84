"""Completion counts and Wilson's interval."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.completion import completion, wilson
from perfeval.model.schema import CATEGORIES, STATUSES

ROW = st.tuples(
    st.integers(1, 3), st.sampled_from(CATEGORIES), st.sampled_from(STATUSES), st.one_of(st.none(), st.floats(0, 3))
)


def judged(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["goal_no", "category", "status", "attainment"])
    return frame.assign(goal="目标" + frame["goal_no"].astype(str), declared_status="完成").astype(
        {"attainment": float}
    )


def test_counts_by_hand() -> None:
    found = completion(
        judged(
            [
                (2, "产出", "完成", 1.2),
                (1, "产出", "未完成", 0.3),
                (1, "满意度", "无法判定", None),
                (1, "产出", "部分完成", None),
            ]
        )
    )
    assert found.overall.loc[0, ["rows", "met", "partly", "missed", "undecided", "computed"]].tolist() == [
        4,
        1,
        1,
        1,
        1,
        2,
    ]
    assert found.overall.loc[0, "rate"] == 0.25
    assert found.overall.loc[0, "attainment"] == pytest.approx((1 + 0.3) / 2)
    assert found.by_goal[["goal_no", "rows", "met"]].to_numpy().tolist() == [[1, 3, 0], [2, 1, 1]]
    assert found.by_category["category"].tolist() == ["产出", "满意度"]


@given(st.lists(ROW, max_size=12))
def test_parts_add_up_and_nothing_undecided_counts_as_met(rows: list[tuple]) -> None:
    found = completion(judged(rows))
    counts = ["rows", "met", "partly", "missed", "undecided", "computed"]
    for part in (found.by_goal, found.by_category):
        assert part[counts].sum().tolist() == found.overall.loc[0, counts].tolist()
    assert found.overall.loc[0, ["met", "partly", "missed", "undecided"]].sum() == len(rows)


@given(st.lists(ROW, min_size=1, max_size=12), st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[tuple], random) -> None:
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(completion(judged(rows)).by_goal, completion(judged(shuffled)).by_goal)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_stays_inside(pair: tuple[int, int]) -> None:
    met, rows = pair
    found = wilson(pd.Series([met]), pd.Series([rows])).loc[0]
    assert 0 <= found["low"] <= met / rows <= found["high"] <= 1


def test_wilson_by_its_published_formula() -> None:
    found = wilson(pd.Series([37, 0, 5, 0]), pd.Series([39, 10, 5, 0]))
    assert found.round(4).to_numpy().tolist()[:3] == [[0.8311, 0.9858], [0.0, 0.2775], [0.5655, 1.0]]
    assert np.isnan(found.loc[3]).all()


def test_ronghua_has_39_indicators_37_printed_as_met(ronghua) -> None:
    overall = ronghua.completion.overall.loc[0]
    assert overall[["rows", "met", "missed", "declared_met"]].tolist() == [39, 37, 2, 37]
    assert len(ronghua.completion.by_goal) == 12
    by_category = ronghua.completion.by_category.set_index("category")["rows"]
    assert by_category.to_dict() == {"产出": 29, "效益": 6, "满意度": 4}
