"""What leaders have to decide about one office: each kind where its rule applies, nothing from what is unknown."""

from dataclasses import replace

import example
import pytest
import stress

import perfeval as pe
from perfeval.analysis import officedecisions
from perfeval.analysis.officedecisions import FAR_BELOW, KINDS, SPENT, UNSPENT, matters
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
    assert again["matter"] == "信访积案化解率等2项连续两年未完成"
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
