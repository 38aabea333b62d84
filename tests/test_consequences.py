"""Whose consequences are the gravest, from tiny frames: each kind before the next, ties, and what is not known."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.consequences import SUMS, consequences, repeated_failures
from perfeval.model.columns import frame_of, names
from perfeval.model.errors import ParameterError

QUIET = {
    "year": 2024, "state": "已复算", "unfilled": 0, "budget": 100.0, "executed": 95.0, "execution_rate": 0.95,
    "rows": 10, "partly": 0, "missed": 0, "declared": 0, "undecided": 0, "score": 90.0,
    "score_low": 90.0, "score_high": 90.0,
}  # fmt: skip
WORDS = {
    "district": "示例区", "goal_no": 1, "goal": "目标", "category": "产出", "indicator": "指标", "target": "10件",
    "actual": "9件", "reason": "", "measure": "", "file": "a.csv",
}  # fmt: skip


def scores(**offices: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(
        [QUIET | {"subdistrict": one, "name": f"{one}街道", "district": "示例区"} | own for one, own in offices.items()]
    )


def rows(*of: tuple[str, str, int, str, float]) -> pd.DataFrame:
    """Office, track, year, status, points lost."""
    told = [
        {
            "subdistrict": one,
            "name": f"{one}街道",
            "track": track,
            "year": year,
            "status": status,
            "lost": lost,
            "row": n,
        }
        for n, (one, track, year, status, lost) in enumerate(of, start=2)
    ]
    return pd.DataFrame([WORDS | row for row in told], columns=[*WORDS, *(told or [dict.fromkeys(KEYS)])[0]])


KEYS = ("subdistrict", "name", "track", "year", "status", "lost", "row")


def findings(*of: tuple[str, str]) -> pd.DataFrame:
    """Office and code."""
    told = [(one, code, f"问题{code}", "P0" if code in ("M01", "P02", "A04") else "P1") for one, code in of]
    return pd.DataFrame(told, columns=["subdistrict", "code", "title", "severity"])


def order(table: pd.DataFrame, found: pd.DataFrame | None = None, seen: pd.DataFrame | None = None):
    told = consequences(table, findings() if found is None else found, rows() if seen is None else seen)
    return [
        (one, None if pd.isna(place) else int(place))
        for one, place in zip(told["subdistrict"], told["order"], strict=True)
    ]


def test_an_empty_district_has_every_column() -> None:
    found = consequences(frame_of("scores"), frame_of("findings"), frame_of("rows"))
    assert list(found.columns) == names("consequences")
    assert found.empty


def test_each_kind_comes_before_the_next() -> None:
    """The least of one kind outweighs the most of all that follow."""
    table = scores(
        e={"declared": 10},
        d={"missed": 9},
        c={},
        b={"execution_rate": 0.89},
        a={"missed": 1},
    )
    seen = rows(("a", "a1", 2023, "未完成", 1.0), ("a", "a1", 2024, "部分完成", 0.1), ("b", "b1", 2023, "完成", 0.0))
    found = findings(("b", "M06"), ("c", "P02"), *[("d", code) for code in ("A04", "A04")], *[("e", "A04")] * 9)
    assert order(table, found, seen) == [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]


@pytest.mark.parametrize("code", SUMS)
def test_every_sum_that_cannot_be_counts(code: str) -> None:
    told = consequences(scores(a={}, b={}), findings(("b", code)), rows())
    assert told["subdistrict"].tolist() == ["b", "a"]
    assert told.loc[0, ["sums", "sums_told", "p0", "p1"]].tolist() == [1, f"问题{code}", 0, 0]


def test_offices_alike_share_their_place() -> None:
    assert order(scores(a={}, c={"missed": 2}, b={}, d={"missed": 2})) == [("c", 1), ("d", 1), ("a", 3), ("b", 3)]


@pytest.mark.parametrize(
    ("low", "high", "lowest"),
    [(80.0, 85.0, True), (80.0, 89.98, True), (80.0, 89.99, False), (80.0, 95.0, False), (95.0, 96.0, False)],
)
def test_an_office_is_the_lowest_only_if_all_its_range_is_below_all_others(low, high, lowest: bool) -> None:
    own = {"score": low, "score_low": low, "score_high": high}
    told = consequences(scores(a={"score_low": 90.0}, b=own, c={"score": None}), findings(), rows())
    assert told.set_index("subdistrict")["lowest"].to_dict() == {"a": low > 90, "b": lowest, "c": False}


def test_of_a_single_office_nothing_is_the_lowest() -> None:
    assert not consequences(scores(a={}), findings(), rows())["lowest"].any()


def test_a_low_rate_with_a_reason_is_no_consequence() -> None:
    table = scores(a={"execution_rate": 0.2}, b={"execution_rate": 0.89}, c={"execution_rate": 0.7})
    assert order(table, findings(("b", "M06"), ("c", "M06"))) == [("c", 1), ("b", 2), ("a", 3)]


def test_who_cannot_be_judged_has_no_place_and_stands_last() -> None:
    table = scores(a={"state": "尚未填报", "undecided": 10, "execution_rate": 0.0}, b={}, c={"state": "均无法判定"})
    assert order(table, findings(("a", "M06"))) == [("b", 1), ("a", None), ("c", None)]
    assert order(scores(a={"unfilled": 1}, b={})) == [("b", 1), ("a", None)]


def test_a_budget_of_nothing_is_no_execution_of_nothing() -> None:
    nothing = {"budget": 0.0, "executed": 0.0, "execution_rate": float("nan")}
    told = consequences(scores(a=nothing, b={}), findings(), rows())
    assert told["order"].tolist() == [1, 1]
    assert told["unexplained"].tolist() == [False, False]
    assert told["execution_rate"].isna().tolist() == [True, False]


def test_what_the_year_before_does_not_say_is_not_nothing() -> None:
    seen = rows(("b", "b1", 2023, "完成", 0.0), ("c", "c1", 2023, "无法判定", 0.0), ("d", "d1", 2022, "未完成", 1.0))
    told = consequences(scores(a={}, b={}, c={}, d={}), findings(), seen).set_index("subdistrict")
    assert told["repeated"].isna().to_dict() == {"a": True, "b": False, "c": True, "d": True}
    assert told.loc["b", ["repeated", "longest"]].tolist() == [0, 0]
    assert told.index.tolist() == ["b", "a", "c", "d"]


def test_a_run_ends_where_a_year_is_missing_met_or_open() -> None:
    seen = rows(
        *[("a", "a1", year, "未完成", 1.0) for year in (2020, 2021, 2022, 2023, 2024)],
        *[("a", "a2", year, "未完成", 1.0) for year in (2021, 2023, 2024)],
        *[("a", "a3", year, status, 1.0) for year, status in ((2022, "未完成"), (2023, "完成"), (2024, "未完成"))],
        *[("a", "a4", year, status, 1.0) for year, status in ((2023, "无法判定"), (2024, "未完成"))],
        *[("a", "a5", year, "未完成", 1.0) for year in (2023, 2024, 2025)],
        ("a", "", 2023, "未完成", 1.0),
        ("a", "", 2024, "未完成", 1.0),
    )
    told = repeated_failures(seen, 2024)
    assert told[["track", "since", "times"]].to_numpy().tolist() == [["a1", 2020, 5], ["a2", 2023, 2], ["a5", 2023, 2]]
    assert list(told.columns) == names("repeated_failures")
    pd.testing.assert_frame_equal(repeated_failures(seen, "2024"), told)
    for none in (None, 2024.0, "去年"):
        with pytest.raises(ParameterError, match="year 不是年度"):
            repeated_failures(seen, none)


def test_the_longest_run_stands_first_then_the_most_points_then_the_order_of_offices_and_rows() -> None:
    lost = {"b2": 1.0, "b1": 1.0, "a1": 1.0, "c1": 2.0, "d1": 0.5}
    first = {"d1": 2021}
    seen = rows(
        *[
            (track[0], track, year, "未完成", points)
            for track, points in lost.items()
            for year in range(first.get(track, 2023), 2025)
        ]
    )
    seen["row"] = [{"b1": 3, "b2": 9}.get(track, 5) for track in seen["track"]]
    assert repeated_failures(seen, 2024)["track"].tolist() == ["d1", "c1", "a1", "b1", "b2"]


def test_two_years_are_refused() -> None:
    with pytest.raises(ParameterError, match="scores 须只有一个年度，现有2023、2024"):
        consequences(scores(a={}, b={"year": 2023}), findings(), rows())


OFFICE = st.fixed_dictionaries(
    {
        "missed": st.integers(0, 2),
        "declared": st.integers(0, 2),
        "execution_rate": st.sampled_from([0.5, 0.95, float("nan")]),
        "state": st.sampled_from(["已复算", "已复算", "尚未填报", "没有绩效指标"]),
    }
)


@given(st.lists(OFFICE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_offices_not_of_their_rows(offices: list[dict[str, object]], random) -> None:
    named = {f"s{n}": one for n, one in enumerate(offices)}
    held = findings(*[(one, "M06") for one, own in named.items() if own["execution_rate"] == 0.5])
    shuffled = list(named.items())
    random.shuffle(shuffled)
    told = order(scores(**named), held)
    assert order(scores(**dict(shuffled)), held) == told
    places = [place for _, place in told if place is not None]
    assert places == sorted(places)
    assert len(told) == len(named)
    assert sum(place is None for _, place in told) == sum(one["state"] != "已复算" for one in offices)
