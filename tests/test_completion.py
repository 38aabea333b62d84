"""Completion: what is known to be met, what is known not to be, and the bounds of the rest."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis.completion import _places, completion, verdicts
from perfeval.analysis.judging import judge
from perfeval.model.schema import CATEGORIES, STATUSES
from perfeval.model.verdicts import BASES, COUNTS, VERDICTS, verdict

ROW = st.tuples(
    st.integers(1, 3),
    st.sampled_from(CATEGORIES),
    st.sampled_from(STATUSES),
    st.sampled_from(BASES),
    st.one_of(st.none(), st.floats(0, 3)),
)
COUNTED = ["rows", *COUNTS, "most", "declared_met", "computed"]


def judged(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["goal_no", "category", "status", "basis", "attainment"])
    return frame.assign(goal="目标" + frame["goal_no"].astype(str), declared_status="完成").astype(
        {"attainment": float}
    )


def read(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Judged rows of (target, actual, printed status)."""
    names = ["target", "actual", "declared_met"]
    frame = pd.DataFrame(rows, columns=names).assign(indicator="道路养护", unit="", direction="")
    return judge(frame.assign(goal_no=1, goal="甲", category="产出"))


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (("≥95%", "96%", ""), "完成"),
        (("≥95%", "94%", "完成"), "未完成"),
        (("2023年6月底前", "2023年5月", "未完成"), "完成"),
        (("优", "优", ""), "完成"),
        # the office's word alone: in the column for it, or in the actual of a number or a date
        (("≥95%", "已按计划推进", "完成"), "凭申报完成"),
        (("≥95%", "达成预期指标", ""), "凭申报完成"),
        (("≥95%", "达成预期指标", "完成"), "凭申报完成"),
        (("2023年6月底前", "按时完成", "完成"), "凭申报完成"),
        # an admission is believed
        (("≥95%", "已按计划推进", "未完成"), "未完成"),
        (("≥95%", "已按计划推进", "部分完成"), "部分完成"),
        (("≥95%", "部分达成预期指标并具有一定效果", "完成"), "部分完成"),
        (("≥95%", "已按计划推进", ""), "无法判定"),
        (("≥95%", "", "其他"), "无法判定"),
        (("", "", ""), "无法判定"),
    ],
)
def test_what_is_known_of_a_row(row: tuple[str, str, str], known: str) -> None:
    assert verdicts(read(row)).tolist() == [known]


def test_every_status_on_every_basis_has_one_verdict() -> None:
    found = {pair: verdict(*pair) for pair in product(STATUSES, BASES)}
    assert set(found.values()) == set(VERDICTS)
    assert all(known == status for (status, _), known in found.items() if status != "完成")
    for wrong in (("好", "computed"), ("完成", "好")):
        with pytest.raises(ValueError, match="好"):
            verdict(*wrong)


def test_counts_by_hand() -> None:
    found = completion(
        judged(
            [
                (2, "产出", "完成", "computed", 1.2),
                (1, "产出", "未完成", "computed", 0.3),
                (1, "满意度", "无法判定", "none", None),
                (1, "产出", "部分完成", "declared", None),
                (1, "产出", "完成", "declared", None),
            ]
        )
    )
    assert found.overall.loc[0, COUNTED].tolist() == [5, 1, 1, 1, 1, 1, 3, 5, 2]
    assert found.overall.loc[0, ["low", "high"]].tolist() == [0.2, 0.6]
    assert found.overall.loc[0, "attainment"] == pytest.approx((1 + 0.3) / 2)
    assert found.by_goal[["goal_no", "rows", "met", "most"]].to_numpy().tolist() == [[1, 4, 0, 2], [2, 1, 1, 1]]
    assert found.by_category["category"].tolist() == ["产出", "满意度"]


def test_where_everything_is_decided_the_bounds_are_one_figure() -> None:
    overall = completion(read(("≥95%", "96%", ""), ("≥95%", "90%", ""))).overall.loc[0]
    assert (overall["low"], overall["high"], overall["most"]) == (0.5, 0.5, 1)


def test_no_rows_have_no_completion() -> None:
    overall = completion(judged([])).overall.loc[0]
    assert overall[COUNTED].eq(0).all()
    assert overall[["low", "high", "attainment"]].isna().all()


@given(st.lists(ROW, max_size=12))
def test_parts_add_up_and_the_bounds_hold_the_declared_rate(rows: list[tuple]) -> None:
    found = completion(judged(rows))
    for part in (found.by_goal, found.by_category):
        assert part[COUNTED].sum().tolist() == found.overall.loc[0, COUNTED].tolist()
    overall = found.overall.loc[0]
    assert overall[list(COUNTS)].sum() == overall["rows"] == len(rows)
    assert overall["most"] == overall["rows"] - overall["partly"] - overall["missed"]
    if rows:
        declared = sum(row[2] == "完成" for row in rows) / len(rows)
        assert 0 <= overall["low"] <= declared <= overall["high"] <= 1
        assert (overall["low"] == overall["high"]) == (overall["declared"] + overall["undecided"] == 0)


@given(st.lists(ROW, min_size=1, max_size=12), st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[tuple], random) -> None:
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(completion(judged(rows)).by_goal, completion(judged(shuffled)).by_goal)


def test_the_rows_that_cannot_be_verified_are_those_that_are_counted_as_open(ronghua: pe.Evaluation) -> None:
    overall = ronghua.completion.overall.loc[0]
    assert len(ronghua.unverified) == overall["declared"] + overall["undecided"]


def test_ronghua_has_18_to_37_of_39(ronghua: pe.Evaluation) -> None:
    overall = ronghua.completion.overall.loc[0]
    assert overall[COUNTED].tolist() == [39, 18, 0, 2, 19, 0, 37, 37, 20]
    assert len(ronghua.completion.by_goal) == 12
    by_category = ronghua.completion.by_category.set_index("category")["rows"]
    assert by_category.to_dict() == {"产出": 29, "效益": 6, "满意度": 4}


@pytest.mark.parametrize("kept", [True, False])
def test_a_word_that_is_not_in_its_vocabulary_is_named(kept: bool) -> None:
    words = pd.Series(["效益", "产出", "效益"], name="category")
    known = words.astype("category") if kept else words
    assert _places(known, ["产出", "成本", "效益"]).tolist() == [2, 0, 2]
    with pytest.raises(ValueError, match=r"^category列有空值或不认识的值：效益$"):
        _places(known, ["产出", "成本"])
    with pytest.raises(ValueError, match=r"^category列有空值或不认识的值：空值$"):
        _places(known.where([True, False, True]), ["产出", "成本", "效益"])
