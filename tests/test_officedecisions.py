"""What leaders have to decide about one office: each kind where its rule applies, nothing from what is unknown."""

from dataclasses import replace
from decimal import Decimal

import example
import pandas as pd
import pytest
import stress

import perfeval as pe
from perfeval.analysis import officedecisions
from perfeval.analysis.officedecisions import AGAIN, FAR_BELOW, GAP, KINDS, SPENT, UNSPENT, VERIFY, matters
from perfeval.model.columns import names
from perfeval.model.results import Evaluation

EXPECTED = {
    "targets": ["限期填报"],
    "undecided": ["退回补报"],
    "above": ["退回重报", "钱已支出而目标未完成"],
    "zero": ["资金未列明"],
    "blankmoney": ["资金未列明"],
    "overspent": ["核对超支", "钱已支出而目标未完成", "得分不一致"],
    "repeated": ["连年未完成", "资金结余", "得分不一致"],
    "unspent": ["资金结余", "得分不一致"],
    "silent": ["钱已支出而目标未完成"],
    "single": [],
    "allmet": [],
    "claimed": [],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_office_of_the_stress_set_has_its_decisions(name: str) -> None:
    found = pe.office_decisions(stress.evaluation(name))
    assert found["decision"].to_list() == EXPECTED[name]
    assert list(found.columns) == names("office_decisions")
    assert found["source"].str.len().gt(0).all()
    assert not found["basis"].str.contains("nan|None").any()


def test_every_kind_has_its_rule_and_they_come_in_order() -> None:
    assert tuple(matters()) == KINDS
    for name in stress.OFFICES:
        kinds = [KINDS.index(kind) for kind in pe.office_decisions(stress.evaluation(name))["decision"]]
        assert kinds == sorted(set(kinds))


def test_a_repeated_failure_names_both_years_and_is_no_other_decision() -> None:
    found = pe.office_decisions(stress.evaluation("repeated")).set_index("decision")
    again = found.loc["连年未完成"]
    assert again["matter"] == "信访积案化解率等2项连续两年以上未完成"
    assert "信访积案化解率（上年40%，本年30%，目标100%）" in again["basis"]
    assert FAR_BELOW not in found.index, "it is named once"
    assert "中发〔2018〕34号" in again["source"]
    alone = replace(stress.evaluation("repeated"), targets=stress.evaluation("repeated").targets.head(0))
    assert FAR_BELOW in pe.office_decisions(alone)["decision"].to_list(), "without the year before nothing is repeated"


def of_rate(rate: float) -> Evaluation:
    spent = replace(example.execution(), rate=rate, executed=1250.0 * rate)
    return example.evaluation(execution=spent)


@pytest.mark.parametrize(("rate", "kind"), [(0.8999, UNSPENT), (0.9, None), (1.0, None), (1.0003, "核对超支")])
def test_money_at_its_edges(rate: float, kind: str | None) -> None:
    found = pe.office_decisions(of_rate(rate))["decision"].to_list()
    assert [one for one in found if one in (UNSPENT, "核对超支")] == ([kind] if kind else [])


@pytest.mark.parametrize(("attainment", "kind"), [(0.5999, FAR_BELOW), (0.6, SPENT), (0.8519, SPENT), (0.86, None)])
def test_attainment_at_its_edges(attainment: float, kind: str | None) -> None:
    base = example.evaluation()  # execution 95.2 %
    rows = base.indicators.assign(
        attainment=base.indicators["attainment"].where(base.indicators["row"].ne(5), attainment)
    )
    rows = rows[rows["row"].isin([2, 5])]
    found = pe.office_decisions(replace(base, indicators=rows))["decision"].to_list()
    assert [one for one in found if one in (FAR_BELOW, SPENT)] == ([kind] if kind else [])


def test_nearly_all_is_not_all() -> None:
    assert [officedecisions._share(rate) for rate in (0.99999, 1.0, 1.00001)] == ["99.9%", "100%", "100.1%"]
    assert officedecisions._share(0.7024) == "70.2%"


@pytest.mark.parametrize(("many", "more"), [(2, ""), (3, ""), (4, "等4项")])
def test_as_many_are_named_as_are_left_without_a_count(many: int, more: str) -> None:
    given = {"actual": "30%", "target": "100%", "target_from": "单元格"}
    rows = [{"row": n, "indicator": name, **given} for n, name in enumerate("甲乙丙丁")]
    told = officedecisions._listed(rows[:many])
    assert told == "、".join(f"{name}（实际30%，目标100%）" for name in "甲乙丙"[:many]) + more


@pytest.mark.parametrize(
    ("rate", "matter", "basis"),
    [
        (0.8, "250.00万元未支出", "执行1,000.00万元，未支出250.00万元（执行率80%）"),
        (1.1, "超出预算125.00万元", "执行1,375.00万元，超出预算125.00万元（执行率110%）"),
    ],
)
def test_what_was_not_spent_or_spent_beyond_is_said_in_money(rate: float, matter: str, basis: str) -> None:
    told = pe.office_decisions(of_rate(rate)).iloc[0]
    assert (told["matter"], told["basis"]) == (matter, f"全年预算数1,250.00万元，{basis}")


@pytest.mark.parametrize(("more", "told"), [("0.99", False), ("1", False), ("1.01", True)])
def test_a_declared_total_is_told_beyond_a_point_above_all_rule_sets(more: str, told: bool) -> None:
    base = example.evaluation()
    own = Decimal("84.02") + Decimal(more)  # the highest of the rule sets, and what is above it
    narrative = replace(base.narrative, declared_score=own)
    declared = replace(base, narrative=narrative, declared_score=float(own))
    found = pe.office_decisions(declared).set_index("decision")["basis"].to_dict()
    assert found.get(GAP) == (f"自评{own}分，各套规则复算在81.04至84.02分之间" if told else None)
    same = replace(declared, alternatives=base.alternatives.assign(declared=80.0))
    assert pe.office_decisions(same).set_index("decision").loc[GAP, "basis"] == f"自评{own}分，各套规则复算都是80.00分"


@pytest.mark.parametrize(("year", "again"), [(2023, True), (2022, False)])
def test_a_failure_is_repeated_where_the_year_just_before_had_it(year: int, again: bool) -> None:
    base = stress.evaluation("repeated")
    found = pe.office_decisions(replace(base, targets=base.targets.assign(previous_year=year)))["decision"].to_list()
    assert (AGAIN in found, FAR_BELOW in found) == (again, not again)


@pytest.mark.parametrize("name", ["previous_status", "status"])
def test_a_failure_of_one_year_alone_is_not_repeated(name: str) -> None:
    base = stress.evaluation("repeated")
    met = replace(base, targets=base.targets.assign(**{name: "完成"}))
    assert AGAIN not in pe.office_decisions(met)["decision"].to_list()


@pytest.mark.parametrize(("many", "more"), [(1, ""), (3, ""), (4, "等4类")])
def test_grave_findings_are_named_by_their_kinds(many: int, more: str) -> None:
    rows = [{"code": f"X{n}", "severity": "P0", "title": name} for n, name in enumerate("甲乙丙丁"[:many])]
    base = example.evaluation()
    found = pe.office_decisions(replace(base, findings=pd.DataFrame([*rows, rows[0]]))).set_index("decision")
    assert found.loc[VERIFY, ["matter", "basis"]].tolist() == [f"{many + 1}处须核实", "、".join("甲乙丙"[:many]) + more]
    mild = base.findings.reindex(columns=["code", "severity", "title"]).head(0)
    assert VERIFY not in pe.office_decisions(replace(base, findings=mild))["decision"].to_list()


@pytest.mark.parametrize(
    ("name", "many", "told"),
    [("甲" * 20, 1, "甲" * 20), ("甲" * 21, 1, "甲" * 20 + "…"), ("甲 乙\n丙", 2, "甲 乙 丙等2项")],
)
def test_the_first_is_named_shortly_and_the_rest_counted(name: str, many: int, told: str) -> None:
    assert officedecisions._names([{"indicator": name, "target_from": "单元格"}] * many) == told


@pytest.mark.parametrize(
    ("actual", "source", "before", "told"),
    [
        ("30%", "单元格", None, "甲（实际30%，目标100%）"),
        ("", "单元格", None, "甲（实际未填，目标100%）"),
        ("30%", "默认", None, "甲（实际30%，目标＝100%）"),
        ("30%", "单元格", "20%", "甲（上年20%，本年30%，目标100%）"),
        ("", "单元格", "", "甲（上年未填，本年未填，目标100%）"),
    ],
)
def test_a_row_is_told_with_both_years(actual: str, source: str, before: str | None, told: str) -> None:
    row = {"indicator": "甲", "actual": actual, "target": "100%", "target_read": "＝100%", "target_from": source}
    assert officedecisions._told(row, None if before is None else {"previous_actual": before}) == told


@pytest.mark.parametrize(
    ("now", "before", "year", "again"),
    [
        ("未完成", "未完成", 2021, True), ("部分完成", "未完成", 2021, True), ("未完成", "部分完成", 2021, True),
        ("完成", "未完成", 2021, False), ("未完成", "完成", 2021, False), ("未完成", "无法判定", 2021, False),
        ("未完成", "未完成", 2020, False), ("无法判定", "未完成", 2021, False),
    ],
)  # fmt: skip
def test_a_row_is_missed_again_where_it_was_in_both_calendar_years(
    now: str, before: str, year: int, again: bool
) -> None:
    targets = pd.DataFrame([{"row": 3, "status": now, "previous_status": before, "previous_year": year}])
    found = officedecisions._missed_before(replace(example.evaluation(), year=2022, targets=targets))
    assert list(found) == ([3] if again else [])


@pytest.mark.parametrize(
    ("status", "before", "year", "again"),
    [
        ("未完成", "未完成", 2021, True),
        ("未完成", "部分完成", 2021, True),
        ("部分完成", "未完成", 2021, True),
        ("未完成", "完成", 2021, False),
        ("完成", "未完成", 2021, False),
        ("未完成", "无法判定", 2021, False),
        ("未完成", "未完成", 2020, False),  # the year between is not on file
    ],
)
def test_missed_again_is_what_was_missed_in_this_year_and_in_the_one_before(
    status: str, before: str, year: int, again: bool
) -> None:
    base = example.evaluation()
    held = pd.DataFrame([{"row": 5, "status": status, "previous_status": before, "previous_year": year}])
    assert base.year == 2022
    assert set(officedecisions._missed_before(replace(base, targets=held))) == ({5} if again else set())
