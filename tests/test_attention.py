"""What of a district needs attention, from tiny frames: limits at their edges, and the worst first."""

import example
import pandas as pd
import pytest

from perfeval.analysis.attention import COLUMNS, attention
from perfeval.model.peers import (
    MANY_UNMET,
    NOT_EVALUATED,
    OUTSIDE,
    OVERSPENT,
    SEVERE,
    UNDECIDABLE,
    UNDERSPENT,
    UNREPRODUCED,
    ZONES,
)

QUIET = {
    "zone": "", "met": 9, "most": 9, "rows": 10, "completion_low": 0.9, "completion_high": 0.9, "execution_rate": 0.95,
    "budget": 100.0, "executed": 95.0, "declared_score": 90.0, "reproduced_by": "flat", "score": 90.0, "score_low": 89.0,
    "score_high": 91.0, "declared": 0, "undecided": 0, "unmet": 1,
}  # fmt: skip


def listed(**offices: dict[str, object]) -> list[tuple[str, str]]:
    table = pd.DataFrame([QUIET | {"subdistrict": id_, "name": f"{id_}街道"} | own for id_, own in offices.items()])
    found = attention(table, pd.DataFrame(columns=["subdistrict", "name", "why"]), {}, (0.9, 0.9))
    return list(found[["kind", "subdistrict"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("own", "kinds"),
    [
        ({}, []),
        ({"execution_rate": 0.9}, []),
        ({"execution_rate": 0.8999}, [UNDERSPENT]),
        ({"execution_rate": 1.0}, []),
        ({"execution_rate": 1.0001}, [OVERSPENT]),
        ({"execution_rate": float("nan")}, []),
        ({"undecided": 1}, []),
        ({"undecided": 1, "declared": 1}, [UNDECIDABLE]),
        ({"unmet": 2}, []),
        ({"unmet": 3}, [MANY_UNMET]),
        ({"undecided": 1, "rows": 5}, [UNDECIDABLE]),
        ({"undecided": 1, "rows": 6}, []),
        ({"undecided": 0, "rows": 0}, []),
        ({"reproduced_by": ""}, [UNREPRODUCED]),
        ({"reproduced_by": "", "declared_score": float("nan")}, []),
    ],
)
def test_limits_at_their_edges(own: dict[str, object], kinds: list[str]) -> None:
    assert listed(a=own, b={}, c={}) == [(kind, "a") for kind in kinds]


def test_of_one_kind_the_worst_comes_first() -> None:
    def order(name: str, *values: float) -> str:
        return "".join(who for _, who in listed(**{id_: {name: v} for id_, v in zip("abc", values, strict=True)}))

    assert order("execution_rate", 1.1, 1.3, 1.2) == "bca"
    assert order("execution_rate", 0.5, 0.3, 0.4) == "bca"
    assert order("undecided", 3, 9, 5) == "bca"
    offices = {id_: {"unmet": many} for id_, many in zip("abcdefg", (5, 9, 7, 1, 1, 1, 1), strict=True)}
    assert "".join(who for _, who in listed(**offices)) == "bca"
    apart = {id_: {"reproduced_by": "", "declared_score": 90 + by} for id_, by in zip("abc", (2, -9, 5), strict=True)}
    assert "".join(who for _, who in listed(**apart)) == "bca"


def told(own: dict[str, object], *, overall: tuple[float, float] = (0.8, 0.8)) -> tuple[str, str, str]:
    """Kind, what and why of the only item about an office."""
    table = pd.DataFrame([QUIET | {"subdistrict": "a", "name": "甲街道"} | own])
    [item] = attention(table, pd.DataFrame(columns=["subdistrict", "name", "why"]), {}, overall).to_dict("records")
    assert (item["subdistrict"], item["name"]) == ("a", "甲街道")
    return item["kind"], item["what"], item["why"]


@pytest.mark.parametrize(
    ("zone", "high"), [("低于99.8%界限", False), ("低于95%界限", False), ("高于95%界限", True), ("高于99.8%界限", True)]
)
def test_why_more_than_others_may_be_no_praise(zone: str, high: bool) -> None:
    assert zone in ZONES
    kind, what, why = told({"zone": zone})
    assert (kind, what) == (OUTSIDE, f"完成率{zone}：10项中完成9项，90%")
    said = "全区合计80%，差别超出指标项数所能解释的范围"
    assert why == (f"{said}；指标偏易或申报偏高时也会如此，核对目标值和佐证材料" if high else said)


def test_what_is_open_is_told_as_bounds() -> None:
    own = {"zone": "低于95%界限", "met": 3, "most": 4, "completion_low": 0.3, "completion_high": 0.4}
    _, what, why = told(own, overall=(0.7, 0.8))
    assert what == "完成率低于95%界限：10项中完成3—4项，30%—40%"
    assert why.startswith("全区合计70%—80%，")


@pytest.mark.parametrize(
    ("own", "what", "why"),
    [
        ({"execution_rate": 1.2, "executed": 120.0}, "执行率120%", "预算100.00万元，执行120.00万元；执行数不应超过预算数，核对口径或调整手续"),
        ({"execution_rate": 0.5, "executed": 50.0}, "执行率50%", "预算100.00万元，执行50.00万元；低于90%的须说明原因"),
        ({"reproduced_by": "", "declared_score": 95.5}, "自评95.5分", "各套规则的复算在89—91分之间，没有一套得出自评得分"),
        ({"declared": 1, "undecided": 2}, "3项须补证据（30%）", "10项中1项凭申报完成、2项无法判定，没有可比的数据"),
        ({"undecided": 2}, "2项须补证据（20%）", "10项中2项无法判定，没有可比的数据"),
        ({"unmet": 3, "zone": "界内"}, "3项未完成或部分完成", "全区各街道的中位数是1项"),
    ],
)  # fmt: skip
def test_each_item_says_what_and_why(own: dict[str, object], what: str, why: str) -> None:
    if "unmet" in own:
        others = {id_: {} for id_ in "bc"}
        table = [QUIET | {"subdistrict": id_, "name": id_} | one for id_, one in {"a": own, **others}.items()]
        found = attention(pd.DataFrame(table), pd.DataFrame(columns=["subdistrict", "name", "why"]), {}, (0.8, 0.8))
        assert found[["what", "why"]].to_numpy().tolist() == [[what, why]]
    else:
        assert told(own)[1:] == (what, why)


@pytest.mark.parametrize(("others", "many", "listed_"), [(2, 3, False), (2, 4, True), (3, 5, False), (3, 6, True)])
def test_many_are_twice_the_median_of_the_district(others: int, many: int, listed_: bool) -> None:
    offices = {id_: {"unmet": count} for id_, count in zip("abc", (many, others, others), strict=True)}
    assert listed(**offices) == ([(MANY_UNMET, "a")] if listed_ else [])


def test_outside_the_limits_those_far_below_come_first() -> None:
    zones = ("高于95%界限", "低于99.8%界限", "高于99.8%界限", "低于95%界限", "界内")
    assert (
        "".join(who for _, who in listed(**{i: {"zone": zone} for i, zone in zip("abcde", zones, strict=True)}))
        == "bdca"
    )


def test_grave_findings_and_offices_without_a_result_come_before_all() -> None:
    grave = [
        {"severity": "P0", "title": "甲", "place": "第2行", "fact": "事实一"},
        {"severity": "P1", "title": "丙", "place": "", "fact": "小事"},
        {"severity": "P0", "title": "乙", "place": "", "fact": "事实二"},
        {"severity": "P0", "title": "甲", "place": "", "fact": "事实三"},
    ]
    results = {
        "a": example.evaluation(findings=pd.DataFrame(grave[2:3])),
        "b": example.evaluation(findings=pd.DataFrame(grave)),
        "c": example.evaluation(findings=pd.DataFrame(grave[1:2])),
    }
    failed = pd.DataFrame(
        [("x", "子街道", "缺表", "已填报"), ("y", "丑街道", "没有文件", None)],
        columns=["subdistrict", "name", "why", "state"],
    )
    found = attention(pd.DataFrame(columns=[*QUIET, "subdistrict", "name"]), failed, results, (0.8, 0.8))
    assert tuple(found.columns) == COLUMNS
    assert found[["kind", "subdistrict", "what", "why"]].to_numpy().tolist() == [
        [NOT_EVALUATED, "x", "没有评价结果：已填报", "缺表"],
        [NOT_EVALUATED, "y", "没有评价结果", "没有文件"],
        [SEVERE, "b", "3处：甲（2处）、乙", "第2行：事实一；另有2处，见其年度报告"],
        [SEVERE, "a", "1处：乙", "事实二"],
    ]
