"""Offices at the edge of a rule: what is printed of them must not contradict what is said of them."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import stress
from years_cells import page, run

import perfeval as pe
from perfeval.deliver.yearbook import write_yearbook
from perfeval.model.columns import records
from perfeval.present import answer, consequences, district, keyfigures, labels, letters, outcomes, plot_grids

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
    assert peers.pooled.executed == 1000, "no rate, so no part of the rate of all"
    assert peers.total is not None
    assert peers.total.offices == ("full",)
    assert any(note.startswith("back街道办事处全年执行数为负，执行率无法计算") for note in peers.notes)


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


def test_the_overview_counts_only_the_repeated_failures_that_it_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    """An office without a rate is not compared: what it missed again is on its card, not in the table."""
    rows, none = [stress.MET, stress.MISSED], spent("0.00", "0.00")
    offices = {
        "a": stress.Office("甲街道办事处", rows, none, before=rows),
        "b": stress.Office("乙街道办事处", rows, spent("100.00", "95.00"), before=rows),
    }
    monkeypatch.setattr(stress, "OFFICES", offices)
    data = stress.write(tmp_path / "data")
    cells = run(root / "notebooks" / "overview.ipynb", district=stress.DISTRICT, year=YEAR, data_dir=str(data))
    assert "各街道未完成和部分完成的1项，其中1项连续两年以上" in page({"unmet": cells["unmet"]})


def years(at: Path, monkeypatch: pytest.MonkeyPatch) -> pe.DistrictYears:
    """Three offices in two years; of the last, nobody can judge one, and another has listed points of two forms."""
    rows = [(*stress.MET, "40"), (*stress.MISSED, "40")]
    open_ = [(*stress.named(stress.OPEN, f"满意度{one}"), "40") for one in "甲乙"]
    monkeypatch.setattr(stress, "INDICATORS", (*stress.INDICATORS, "weight"))
    double = [(*cells[:-1], "100") for cells in rows]
    offices = {
        "a": stress.Office("甲街道办事处", rows, spent("100.00", "95.00"), before=rows),
        "b": stress.Office("乙街道办事处", open_, spent("100.00", "95.00"), before=rows),
        "c": stress.Office("丙街道办事处", double, spent("100.00", "95.00"), before=rows),
    }
    monkeypatch.setattr(stress, "OFFICES", offices)
    data = stress.write(at / "data")
    return pe.district_years(data, district=stress.DISTRICT, years=range(stress.BEFORE, YEAR + 1))


def test_the_figures_of_a_district_count_each_office_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail once told a sum of as many offices as there are office-years."""
    held = years(tmp_path, monkeypatch)
    figures = keyfigures.record(held).figures
    overall = figures["completion"]["overall"]
    assert (overall["rows"], overall["met"], overall["undecided"]) == (4, 2, 0)
    assert overall["low"] == overall["met"] / overall["rows"]
    (fact,) = [one for one in letters.letter("district", figures, number="1").facts if one.title == "预算执行率"]
    assert fact.note.startswith("2/3个街道合计")
    assert "一个每年都在案、都能复算" not in figures["headline"]
    assert "两个每年都在案、都能复算（同口径组）" in figures["headline"]


def test_the_mail_says_whose_money_is_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = years(tmp_path, monkeypatch)
    assert len(held.cohort) == 2
    peers = pe.peers(tmp_path / "data", district=stress.DISTRICT, year=YEAR)
    assert (list(peers.offices["subdistrict"]), peers.pooled.offices) == (["a"], ("a", "c"))
    figures = keyfigures.record(peers).figures
    (fact,) = [one for one in letters.letter("overview", figures, number="1").facts if one.title == "预算执行率"]
    assert fact.note.startswith("2/3个街道合计")


@pytest.mark.parametrize("nothing", ["", "无", "/", "—", " 无。"])
def test_what_stands_for_nothing_is_no_reason_and_no_measure(nothing: str) -> None:
    row = {"indicator": "甲", "target_from": "单元格", "reason": nothing, "measure": nothing}
    missed = pd.DataFrame([row, row | {"indicator": "乙", "reason": "选址未定", "measure": "下年完成"}])
    assert outcomes.without_measure(missed) == "没有完成的两项指标中，甲没有写改进措施。"
    assert outcomes.without_reason(missed, "没有完成的") == "没有完成的两项，其中一项没有写原因。"


def test_the_screen_of_what_is_not_known_does_not_say_that_nothing_was_missed() -> None:
    shown = stress.evaluation("claimed")._repr_html_()
    assert "没有未完成的指标" not in shown
    assert "没有查明未完成的指标；3项须补证据" in shown


def test_money_with_more_decimals_is_rounded_in_every_sentence_as_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2.675 is a little less in binary arithmetic: printed by format, it became 2.67 beside the page's 2.68."""
    data = folder(tmp_path, monkeypatch, low=("10.00", "2.675"))
    peers = pe.peers(data, district=stress.DISTRICT, year=YEAR)
    (result,) = peers.evaluations.values()
    assert labels.money(result.execution.executed) == "2.68"
    assert "执行2.68万元，未支出7.33万元" in pe.office_decisions(result)["basis"][0]
    assert any("执行2.68万元" in why for why in peers.attention["why"])


def test_the_workbook_writes_the_rate_as_its_formula_would(tmp_path: Path) -> None:
    """96.125 % to two decimals: a spreadsheet says 96.13, rounding half to even said 96.12 until somebody changed a cell.

    With one decimal 89.96 % stood as the 90.0 % that it does not reach."""
    result = stress.evaluation("single")
    execution = replace(result.execution, rate=0.96125)
    file = write_yearbook(tmp_path / "a.xlsx", replace(result, execution=execution))
    sheet = openpyxl.load_workbook(file, data_only=True)["得分汇总"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if "分值×执行率" in str(cell.value)]
    assert said == ["分值×执行率；执行率96.13%，最多按100%计"]
    book = openpyxl.load_workbook(file)
    formats = {cell.number_format for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "0.00%" in formats
    assert "0.0%" not in formats
