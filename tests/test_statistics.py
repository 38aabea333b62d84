"""Counting by code: the same figures as completion of the groups, whatever the keys look like."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.completion import completion, completion_rates
from perfeval.model.schema import CATEGORIES, STATUSES
from perfeval.model.verdicts import BASES, COUNTS

ROWS = [
    ("甲", 2021, "完成", "computed"),
    ("甲", 2021, "未完成", "computed"),
    ("甲", 2022, "完成", "computed"),
    ("乙", 2021, "无法判定", "none"),
    ("乙", 2021, "部分完成", "declared"),
    ("乙", 2021, "完成", "computed"),
    ("乙", 2021, "完成", "declared"),
]


def frame(rows: list[tuple[str, int, str, str]], *, coded: bool = False) -> pd.DataFrame:
    held = pd.DataFrame(rows, columns=["office", "year", "status", "basis"])
    held = held.astype({"office": "str", "year": "int64"})
    if coded:
        # categories in another order than the alphabet, and one that does not occur
        words = {"office": ["丙", "甲", "乙"], "status": STATUSES[::-1], "basis": BASES[::-1]}
        held = held.astype({name: pd.CategoricalDtype(list(each)) for name, each in words.items()})
    return held


@pytest.mark.parametrize("coded", [False, True])
def test_counts_by_hand(coded: bool) -> None:
    found = completion_rates(frame(ROWS, coded=coded), ["office", "year"]).astype({"office": "str"})
    counts = found.set_index(["office", "year"])[["rows", *COUNTS, "most"]]
    assert counts.loc[("甲", 2021)].tolist() == [2, 1, 0, 1, 0, 0, 1]
    assert counts.loc[("甲", 2022)].tolist() == [1, 1, 0, 0, 0, 0, 1]
    assert counts.loc[("乙", 2021)].tolist() == [4, 1, 1, 0, 1, 1, 3]
    assert len(counts) == 3
    assert found.set_index("year").loc[2022, ["low", "high"]].tolist() == [1, 1]
    assert found.set_index("office").loc["乙", ["low", "high"]].tolist() == [0.25, 0.75]


def test_keys_keep_their_type_and_order() -> None:
    found = completion_rates(frame(ROWS, coded=True), ["office"])
    assert found["office"].tolist() == ["甲", "乙"]
    assert isinstance(found["office"].dtype, pd.CategoricalDtype)


def test_slices_and_sparse_keys_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = completion_rates(frame(ROWS), ["office", "year"])
    monkeypatch.setattr("perfeval.analysis.completion.SLICE", 2)
    pd.testing.assert_frame_equal(completion_rates(frame(ROWS), ["office", "year"]), whole)
    monkeypatch.setattr("perfeval.analysis.completion.DENSE", 0)
    monkeypatch.setattr("perfeval.analysis.completion.ROOM", 0)
    pd.testing.assert_frame_equal(completion_rates(frame(ROWS), ["office", "year"]), whole)


def test_an_empty_frame_has_no_groups() -> None:
    found = completion_rates(frame([]), ["office", "year"])
    assert list(found.columns) == [
        "office",
        "year",
        "rows",
        "met",
        "partly",
        "missed",
        "declared",
        "undecided",
        "most",
        "low",
        "high",
    ]
    assert found.empty


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((None, 2021, "完成", "computed"), "office列有空值"),
        (("甲", 2021, "好", "computed"), "status列.*好"),
        (("甲", 2021, "完成", "听说"), "basis列.*听说"),
    ],
)
def test_a_missing_key_and_an_unknown_status_are_errors(row: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        completion_rates(frame([row]), ["office"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CATEGORIES),
            st.integers(2019, 2024),
            st.sampled_from(STATUSES),
            st.sampled_from(BASES),
        )
    )
)
def test_the_same_as_completion_of_each_group_and_the_groups_add_up(rows: list[tuple[str, int, str, str]]) -> None:
    held = frame(rows)
    found = completion_rates(held, ["office", "year"])
    columns = ["rows", *COUNTS, "most", "low", "high"]
    whole = held.assign(goal_no=1, goal="甲", category="产出", declared_status="", attainment=float("nan"))
    for row in found.to_dict("records"):
        of = whole["office"].eq(row["office"]) & whole["year"].eq(row["year"])
        assert [row[name] for name in columns] == completion(whole[of]).overall.loc[0, columns].tolist()
    assert found["rows"].sum() == len(rows)
    together = completion_rates(held, ["office"])
    for name in ("met", "most"):
        assert found.groupby("office")[name].sum().tolist() == together[name].tolist()
