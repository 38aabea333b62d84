"""Counting by code: the same figures as completion of the groups, whatever the keys look like."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis import statistics
from perfeval.analysis.statistics import completion_rates, execution_rates
from perfeval.model.schema import CATEGORIES, STATUSES

ROWS = [
    ("甲", 2021, "完成"),
    ("甲", 2021, "未完成"),
    ("甲", 2022, "完成"),
    ("乙", 2021, "无法判定"),
    ("乙", 2021, "部分完成"),
    ("乙", 2021, "完成"),
]


def frame(rows: list[tuple[str, int, str]], *, coded: bool = False) -> pd.DataFrame:
    held = pd.DataFrame(rows, columns=["office", "year", "status"]).astype({"office": "str", "year": "int64"})
    if coded:
        # categories in another order than the alphabet, and one that does not occur
        offices = pd.CategoricalDtype(["丙", "甲", "乙"])
        held = held.astype({"office": offices, "status": pd.CategoricalDtype(list(reversed(STATUSES)))})
    return held


@pytest.mark.parametrize("coded", [False, True])
def test_counts_by_hand(coded: bool) -> None:
    found = completion_rates(frame(ROWS, coded=coded), ["office", "year"]).astype({"office": "str"})
    counts = found.set_index(["office", "year"])[["rows", "met", "partly", "missed", "undecided"]]
    assert counts.loc[("甲", 2021)].tolist() == [2, 1, 0, 1, 0]
    assert counts.loc[("甲", 2022)].tolist() == [1, 1, 0, 0, 0]
    assert counts.loc[("乙", 2021)].tolist() == [3, 1, 1, 0, 1]
    assert len(counts) == 3
    assert found["rate"].tolist() == (found["met"] / found["rows"]).tolist()
    # Wilson for 1 of 1: 1 / (1 + 1.96²) = 0.2065
    assert found.loc[found["year"].eq(2022), "low"].item() == pytest.approx(0.2065, abs=1e-4)


def test_keys_keep_their_type_and_order() -> None:
    found = completion_rates(frame(ROWS, coded=True), ["office"])
    assert found["office"].tolist() == ["甲", "乙"]
    assert isinstance(found["office"].dtype, pd.CategoricalDtype)


def test_slices_and_sparse_keys_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = completion_rates(frame(ROWS), ["office", "year"])
    monkeypatch.setattr(statistics, "SLICE", 2)
    pd.testing.assert_frame_equal(completion_rates(frame(ROWS), ["office", "year"]), whole)
    monkeypatch.setattr(statistics, "DENSE", 0)
    monkeypatch.setattr(statistics, "ROOM", 0)
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
        "undecided",
        "rate",
        "low",
        "high",
    ]
    assert found.empty


@pytest.mark.parametrize(("row", "said"), [((None, 2021, "完成"), "office列有空值"), (("甲", 2021, "好"), "好")])
def test_a_missing_key_and_an_unknown_status_are_errors(row: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        completion_rates(frame([row]), ["office"])


@given(st.lists(st.tuples(st.sampled_from(CATEGORIES), st.integers(2019, 2024), st.sampled_from(STATUSES))))
def test_the_same_as_grouping(rows: list[tuple[str, int, str]]) -> None:
    held = frame(rows)
    found = completion_rates(held, ["office", "year"])
    grouped = held.assign(met=held["status"].eq("完成")).groupby(["office", "year"])["met"].agg(["size", "sum"])
    assert found["rows"].tolist() == grouped["size"].tolist()
    assert found["met"].tolist() == grouped["sum"].tolist()
    assert found["office"].tolist() == grouped.index.get_level_values(0).tolist()


def test_money_is_summed_before_it_is_divided_and_what_is_missing_is_told() -> None:
    money = pd.DataFrame(
        {"district": ["东", "东", "东", "西"], "budget": [100, 300, np.nan, 0], "executed": [50, 300, 9, 0]},
        dtype=object,
    ).astype({"district": "str", "budget": "float64", "executed": "float64"})
    found = execution_rates(money, ["district"])
    assert found.loc[0, ["offices", "left_out", "budget", "executed", "rate"]].tolist() == [2, 1, 400, 350, 0.875]
    assert found.loc[1, ["offices", "left_out"]].tolist() == [1, 0]
    assert np.isnan(found.loc[1, "rate"])
