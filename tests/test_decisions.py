"""What leaders have to decide, from tiny frames: thresholds at their edges, what is unknown decides nothing."""

from math import inf, nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.decisions import (
    AGAIN,
    COLUMNS,
    COMPLETE,
    DECISIONS,
    EVIDENCE,
    HAND_IN,
    IMPROVE,
    OVER,
    RESCORE,
    SHARED,
    UNSPENT,
    VERIFY,
    decisions,
)
from perfeval.analysis.officedecisions import matters
from perfeval.model.columns import names
from perfeval.model.errors import ParameterError

QUIET = {
    "year": 2024, "state": "已复算", "budget": 100.0, "executed": 95.0, "execution_rate": 0.95,
    "rows": 10, "partly": 0, "missed": 0, "declared": 0, "undecided": 0, "unfilled": 0,
    "score": 90.0, "score_low": 88.0, "score_high": 92.0, "declared_score": 90.0,
}  # fmt: skip
NO_FINDINGS = pd.DataFrame(columns=["severity", "subdistrict", "name", "title"])
NO_ROWS = pd.DataFrame(columns=["status", "common", "subdistrict", "name", "indicator", "lost"])


def scores(**offices: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([QUIET | {"subdistrict": id_, "name": f"{id_}街道"} | own for id_, own in offices.items()])


def rows(*missed: tuple[str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(missed, columns=["subdistrict", "common", "status", "lost"])
    return frame.assign(name=frame["subdistrict"] + "街道", indicator="指标" + frame["common"])


def of(table: pd.DataFrame, findings: pd.DataFrame = NO_FINDINGS, missed: pd.DataFrame = NO_ROWS, register=None):
    found = decisions(table, findings, missed, register)
    return list(found[["decision", "name", "figure"]].itertuples(index=False, name=None))


def test_nothing_is_decided_where_nothing_is_wrong() -> None:
    found = decisions(scores(a={}, b={}), NO_FINDINGS, NO_ROWS)
    assert found.empty
    assert tuple(found.columns) == COLUMNS
    assert names("decisions") == list(COLUMNS)
    assert set(map(str, found.dtypes)) == {"str"}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"execution_rate": 0.9, "executed": 90.0}, []),
        ({"execution_rate": 0.8999, "executed": 89.99}, [(UNSPENT, "a街道", "未支出10.01万元")]),
        ({"execution_rate": 1.0, "executed": 100.0}, []),
        ({"execution_rate": 1.2, "executed": 120.0}, [(OVER, "a街道", "超出20.00万元")]),
        ({"execution_rate": nan, "executed": nan}, []),
        ({"declared_score": 92.01}, []),
        ({"declared_score": 92.02}, [(RESCORE, "a街道", "自评92.02分")]),
        ({"declared_score": 87.9}, [(RESCORE, "a街道", "自评87.9分")]),
        ({"declared_score": nan}, []),
        ({"declared_score": 96.5, "possible": 80.0, "execution_rate": nan, "executed": nan}, []),
        ({"declared_score": 96.5, "possible": 40.0}, []),
        ({"undecided": 1}, []),
        ({"undecided": 1, "declared": 1}, [(EVIDENCE, "a街道", "10项中2项须补证据")]),
        ({"missed": 2}, []),
        ({"missed": 1, "partly": 2}, [(IMPROVE, "a街道", "3项未完成或部分完成")]),
        ({"state": "尚未填报", "execution_rate": 0.1, "score_low": nan, "score_high": nan},
         [(COMPLETE, "a街道", "没有得分")]),
        ({"unfilled": 4, "undecided": 4, "missed": 3, "declared_score": 99.0, "execution_rate": 0.5, "executed": 50.0},
         [(COMPLETE, "a街道", "10项中4项没有填报"), (UNSPENT, "a街道", "未支出50.00万元")]),
    ],
)  # fmt: skip
def test_the_thresholds_at_their_edges(own: dict[str, object], expected: list[tuple[str, str, str]]) -> None:
    assert of(scores(a=own, b={}, c={})) == expected


def test_grave_findings_are_counted_by_office_and_named_once_each() -> None:
    findings = pd.DataFrame(
        [
            ("P0", "b", "b街道", "甲"),
            ("P0", "a", "a街道", "乙"),
            ("P0", "b", "b街道", "甲"),
            ("P1", "a", "a街道", "丙"),
        ],
        columns=["severity", "subdistrict", "name", "title"],
    )
    found = decisions(scores(a={}, b={}), findings, NO_ROWS)
    assert found[["decision", "name", "figure", "why"]].to_numpy().tolist() == [
        [VERIFY, "b街道", "2处须核实", "甲"],
        [VERIFY, "a街道", "1处须核实", "乙"],
    ]


def test_an_indicator_missed_by_three_offices_is_the_districts_matter() -> None:
    two = [("a", "x", "未完成", 1.0), ("b", "x", "部分完成", 0.5), ("b", "x", "未完成", 1.0)]
    assert of(scores(a={}, b={}), missed=rows(*two)) == []
    three = rows(*two, ("c", "x", "未完成", nan), ("d", "y", "无法判定", nan), ("d", "x", "无法判定", nan))
    unknown = rows(*((name, "", "未完成", 1.0) for name in "abcd"))
    assert of(scores(a={}), missed=unknown) == []  # nobody can tell what indicator that is
    (found,) = decisions(scores(a={}), NO_FINDINGS, three).to_dict("records")
    assert (found["decision"], found["subdistrict"], found["figure"]) == (SHARED, "", "指标x：3个街道")
    assert found["name"] == "a街道、b街道、c街道"
    assert found["why"] == "共失2.5分（4行中3行有得分）"


def test_what_is_to_be_completed_comes_by_office_whatever_is_wrong_with_it() -> None:
    register = pd.DataFrame(
        [("b", False, "budget.csv 第2行 不是数", 2024)], columns=["subdistrict", "on_file", "why", "year"]
    ).assign(name="b街道")
    table = scores(a={"state": "尚未填报"}, c={"state": "尚未填报"})
    assert [one[:2] for one in of(table, register=register)] == [
        (COMPLETE, "a街道"), (COMPLETE, "b街道"), (COMPLETE, "c街道"),
    ]  # fmt: skip


def test_who_handed_nothing_in_comes_first_and_only_from_the_register() -> None:
    register = pd.DataFrame(
        [("a", True, ""), ("y", False, "budget.csv 第2行 不是数"), ("z", False, "没有2024年度的数据")],
        columns=["subdistrict", "on_file", "why"],
    ).assign(year=2024, name=lambda frame: frame["subdistrict"] + "街道")
    table = scores(a={"execution_rate": 0.5, "executed": 50.0})
    assert [one[:2] for one in of(table, register=register)] == [
        (HAND_IN, "z街道"),
        (COMPLETE, "y街道"),
        (UNSPENT, "a街道"),
    ]
    assert [one[:2] for one in of(table)] == [(UNSPENT, "a街道")]


def failures(*held: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(held, columns=["subdistrict", "indicator", "times"])
    return frame.assign(year=2024, name=frame["subdistrict"] + "街道")


def test_what_an_office_misses_year_after_year_is_one_decision_before_its_money() -> None:
    table = scores(a={"execution_rate": 0.5, "executed": 50.0}, b={}, c={"execution_rate": 1.2, "executed": 120.0})
    again = failures(("a", "巡查次数", 2), ("b", "办结率", 3), ("b", "培训场次", 2))
    found = decisions(table, NO_FINDINGS, NO_ROWS, repeated=again)
    assert found[["decision", "name", "figure", "why"]].iloc[1:3].to_numpy().tolist() == [
        [AGAIN, "b街道", "2项连年未完成", "办结率已3年、培训场次已2年"],
        [AGAIN, "a街道", "1项连年未完成", "巡查次数已2年"],
    ]
    assert found["decision"].tolist() == [OVER, AGAIN, AGAIN, UNSPENT]
    told = found.loc[found["decision"].eq(AGAIN), ["asks", "source"]].drop_duplicates()
    assert told.to_numpy().tolist() == [[DECISIONS[AGAIN], matters()["连年未完成"].source]]
    assert matters()["连年未完成"].asks in DECISIONS[AGAIN]
    assert AGAIN not in set(decisions(table, NO_FINDINGS, NO_ROWS)["decision"])  # nothing is known of other years


def test_failures_of_another_year_and_other_frames_are_refused() -> None:
    with pytest.raises(ParameterError, match="repeated 须与 scores 同一年度，现有2023"):
        decisions(scores(a={}), NO_FINDINGS, NO_ROWS, repeated=failures(("a", "甲", 2)).assign(year=2023))
    with pytest.raises(ParameterError, match="repeated 缺少列times"):
        decisions(scores(a={}), NO_FINDINGS, NO_ROWS, repeated=failures(("a", "甲", 2)).drop(columns="times"))


def test_several_years_are_refused() -> None:
    with pytest.raises(ParameterError, match="须只有一个年度，现有2023、2024"):
        decisions(scores(a={}, b={"year": 2023}), NO_FINDINGS, NO_ROWS)


@given(
    st.lists(
        st.tuples(st.floats(0, 2), st.floats(80, 100), st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=6
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_offices_does_not_matter(offices, random) -> None:
    table = scores(**{
        f"o{place}": {"execution_rate": rate, "executed": 100 * rate, "declared_score": own, "missed": missed, "undecided": open_}
        for place, (rate, own, missed, open_) in enumerate(offices)
    })  # fmt: skip
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    found = decisions(table, NO_FINDINGS, NO_ROWS)
    pd.testing.assert_frame_equal(found, decisions(shuffled, NO_FINDINGS, NO_ROWS))
    places = found["decision"].map(list(DECISIONS).index)
    assert places.is_monotonic_increasing
    assert not found.isin([nan, inf, "nan", "inf"]).any(axis=None)
