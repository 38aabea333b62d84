"""Offices at the edge of a rule: what is printed of them must not contradict what is said of them."""

from pathlib import Path

import pandas as pd
import pytest
import stress

import perfeval as pe
from perfeval.model.columns import records
from perfeval.present import answer, consequences, district, labels, plot_grids

YEAR = stress.YEAR


def spent(budget: str, executed: str) -> list[stress.Cells]:
    return [("部门整体支出", budget, budget, executed)]


def folder(at: Path, monkeypatch: pytest.MonkeyPatch, **money: tuple[str, str]) -> Path:
    """Offices that differ in nothing but their money."""
    rows = [stress.MET, stress.MISSED]
    offices = {name: stress.Office(f"{name}街道办事处", rows, spent(*amounts)) for name, amounts in money.items()}
    monkeypatch.setattr(stress, "OFFICES", offices)
    return stress.write(at / "data")


def test_a_rate_just_below_a_line_is_never_printed_as_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder(tmp_path, monkeypatch, low=("1000.00", "899.96"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    scores, findings = pe.scores(peers), pe.findings(peers)
    (result,) = peers.evaluations.values()
    answers = pe.consequences(scores, findings, pe.rows(peers).assign(track=""))
    told = [
        answer.headline(result),
        *pe.office_decisions(result)["basis"],
        *findings.loc[findings["code"].eq("M06"), "fact"],
        *peers.attention["what"],
        *pe.decisions(scores, findings, pe.rows(peers))["why"],
        *(said for row in records(answers) for _, said in consequences.lines(row, (), ())),
    ]
    rates = [one for one in told if "执行率" in one]
    assert len(rates) >= 6
    assert not [one for one in rates if "90%" in one or "90.0%" in one]
    assert all("89.9" in one for one in rates)


def test_what_is_at_the_line_or_a_little_above_is_printed_as_ever() -> None:
    assert [labels.percent(one) for one in (0.9, 0.9004, 0.8996, 0.7999, 0.59999, 0.69999)] == [
        "90%", "90%", "89.9%", "79.9%", "59.9%", "70%",
    ]  # fmt: skip
    assert [plot_grids.whole_percent(one) for one in (0.9, 0.897, 0.904)] == ["90", "89", "90"]


def test_whoever_executed_exactly_90_percent_is_not_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.99 ÷ 1.1 is a little less than 0.9 in binary arithmetic."""
    data = folder(tmp_path, monkeypatch, a=("1.10", "0.99"), b=("1", "0.5"), c=("1", "0.95"), d=("1", "0.96"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    money = pe.funded(pe.scores(peers))
    told = district.spending(money.assign(unspent=money["budget"] - money["executed"]), pe.thresholds.LOW_RATE)
    assert told[1].startswith("多数街道达到90%")
    assert int((money["execution_rate"] < pe.thresholds.LOW_RATE).sum()) == 1


def test_the_sentence_on_money_counts_by_exact_rates() -> None:
    names = ["甲", "乙", "丙", "丁"]
    money = pd.DataFrame({"name": names, "budget": [1.1] * 4, "executed": [0.99] * 4})
    told = district.spending(money.assign(unspent=money["budget"] - money["executed"]), 0.9)
    assert told[1].startswith("各街道都达到90%")


def test_a_goal_at_90_percent_has_used_its_money() -> None:
    place = {"subdistrict": "a", "year": YEAR, "goal_no": 1}
    rows = pd.DataFrame([place | {"name": "甲", "district": "区", "goal": "目标", "status": "完成", "synthetic": True}])
    money = pd.DataFrame([place | {"role": "fund", "budget": 1.1, "executed": 0.99}])
    found = pe.spending(rows.astype({"goal_no": "Int64"}), money.astype({"goal_no": "Int64"}))
    assert found["quadrant"].to_list() == ["用足、都完成"]


def test_a_trace_of_overspending_is_not_told_as_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder(tmp_path, monkeypatch, over=("1000.00", "1000.004"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    (result,) = peers.evaluations.values()
    scores = pe.scores(peers)
    held = pe.funded(scores)
    told = [
        *pe.office_decisions(result)["matter"],
        *pe.office_decisions(result)["basis"],
        *pe.decisions(scores, pe.findings(peers), pe.rows(peers))["figure"],
        *district.spending(held.assign(unspent=held["budget"] - held["executed"]), 0.9),
    ]
    over = [one for one in told if "超" in one]
    assert len(over) >= 4
    assert all("不到0.01万元" in one for one in over)
    assert peers.attention.loc[peers.attention["kind"].eq("执行率超过100%"), "what"].to_list() == ["执行率100.01%"]


def test_money_below_zero_does_not_end_the_district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder(tmp_path, monkeypatch, back=("1000.00", "-5.00"), full=("1000.00", "1000.00"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    assert peers.pooled.executed == 995
    assert peers.total is not None
    assert peers.total.offices == ("full",)
    assert any("back街道办事处的执行数小于0" in note for note in peers.total.notes)


def test_without_a_year_before_nobody_is_said_not_to_fail_for_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder(tmp_path, monkeypatch, a=("100.00", "100.00"), b=("0.00", "0.00"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    answers = pe.consequences(pe.scores(peers), pe.findings(peers), pe.rows(peers).assign(track=""))
    said = consequences.summary(records(answers), 2)
    assert said[:3] == (
        "没有查明执行率偏低不说明原因和合计不符的街道。",
        "两个街道没有上年可比的数据，不知是否连年未完成。",
        "一个街道没有可以计算的执行率。",
    )


def test_totals_of_several_forms_or_of_half_a_one_stand_beside_no_other() -> None:
    office = {"name": "甲", "district": "区", "year": YEAR, "state": "已复算", "budget": 1.0, "executed": 1.0}
    office |= {"execution_rate": 1.0, "rows": 1, "met": 1, "most": 1}
    rows = [
        office | {"subdistrict": name, "score": score, "possible": possible}
        for name, score, possible in (("a", 90.0, 100.0), ("b", 170.0, 200.0), ("c", 30.0, 40.0))
    ]
    totals = pe.year_totals(pd.DataFrame(rows))
    assert totals["score_low"].to_list() == totals["score_high"].to_list() == [90.0, 90.0]


def test_a_score_without_execution_is_not_where_a_change_began() -> None:
    place = {"subdistrict": "a", "name": "甲", "district": "区", "state": "已复算"}
    none = float("nan")
    scores = pd.DataFrame([
        place | {"year": 2022, "score": 78.0, "execution_score": 0.0, "execution_rate": none, "possible": 80.0},
        place | {"year": 2023, "score": 96.0, "execution_score": 18.0, "execution_rate": 0.9, "possible": 100.0},
        place | {"year": 2024, "score": 98.0, "execution_score": 20.0, "execution_rate": 1.0, "possible": 100.0},
    ])  # fmt: skip
    rows = pd.DataFrame(
        [{"subdistrict": "a", "year": year, "track": "t", "score": 78.0} for year in (2022, 2023, 2024)]
    )
    found = pe.score_changes(scores, rows)
    assert found[["previous_year", "year", "change"]].to_numpy().tolist() == [[2023, 2024, 2.0]]
