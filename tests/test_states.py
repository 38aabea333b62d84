"""Filled in, half filled in, not filled in, undecidable: what is evaluated, and what is said where nothing is."""

import json
from dataclasses import replace
from decimal import Decimal

import notebook_cells
import pandas as pd
import pytest
import years_cells
from hypothesis import given, settings
from hypothesis import strategies as st
from several_years import evaluated, row

import perfeval as pe
from perfeval.analysis.consequences import consequences
from perfeval.analysis.evaluation import history as gathered
from perfeval.analysis.movements import year_totals
from perfeval.analysis.peers import compare
from perfeval.model.districtyears import whole
from perfeval.model.history import History
from perfeval.model.results import UNCHECKED
from perfeval.model.schema import Narrative
from perfeval.model.verdicts import ALL_UNDECIDED, EVALUATED, NO_INDICATORS, NOT_FILLED, WHY
from perfeval.present import answer, keyfigures, letters, narrative, outcomes, style, trend
from perfeval.present.consequences import HYGIENE, lines

BLANKS = ["", "—", "/", "待填"]
MISSED, MET = row("化解率", "100%", "90%"), row("培训人次", "≥100人次", "120人次")


def waiting(actual: str = "", **cells: str) -> list[dict[str, str]]:
    return [row("办结率", "100%", actual, **cells), row("办件数", "≥100件", actual, "满意度", **cells)]


@pytest.mark.parametrize("actual", BLANKS)
@pytest.mark.parametrize("total", [None, Decimal(0), Decimal("0.00")])
def test_targets_only_are_not_filled_in(actual: str, total: Decimal | None) -> None:
    one = evaluated(2024, waiting(actual), narrative=Narrative(declared_score=total), executed="")
    assert (one.state, one.score, one.grade, one.unfilled) == (NOT_FILLED, None, "", 2)
    assert one.alternatives[["declared", "strict"]].isna().all(axis=None)
    assert set(one.alternatives["grade"]) == {""}
    assert one.indicators[["score", "lost", "strict_score"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("rows", "state", "unfilled"),
    [
        ([], NO_INDICATORS, 0),
        (waiting("见附件"), ALL_UNDECIDED, 0),
        (waiting("", declared_score="0"), ALL_UNDECIDED, 0),
        (waiting("", declared_met="完成"), EVALUATED, 0),
        ([*waiting(), MET], EVALUATED, 2),
        ([*waiting(), row("制度", "完善", "见附件")], ALL_UNDECIDED, 2),
        ([row("事故起数", "≤0起", "无")], EVALUATED, 0),  # a stand-in that decides
    ],
)
def test_states(rows: list[dict[str, str]], state: str, unfilled: int) -> None:
    one = evaluated(2024, rows)
    assert (one.state, one.unfilled) == (state, unfilled)
    assert (one.score is None) == (state != EVALUATED)


def test_a_printed_total_over_an_empty_table_is_not_called_not_filled_in() -> None:
    one = evaluated(2024, waiting(), narrative=Narrative(declared_score=Decimal(95), declared_grade="优"))
    assert (one.state, one.grade, one.narrative.declared_grade) == (ALL_UNDECIDED, "", "优")
    assert answer.score_clause(one) == "自评95分，不能复算总分。"
    assert [account.state for account in one.accounts] == [UNCHECKED]
    assert narrative.reproduction(one) == "文件自评95分，各项均无法判定，不能复算总分。"
    assert "P08" not in set(one.findings["code"]), "no rule set gives a total that could be compared"


def test_a_row_that_was_reviewed_is_not_empty() -> None:
    one = evaluated(2024, waiting())
    assert one.state == NOT_FILLED
    for cells in ({"reviewed_actual": ["95%", ""]}, {"reviewed_score": [Decimal(3), None]}):
        assert replace(one, indicators=one.indicators.assign(**cells)).state == ALL_UNDECIDED


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["95%", "见附件", *BLANKS]), min_size=0, max_size=4))
def test_a_total_is_there_exactly_where_something_is_decided(actuals: list[str]) -> None:
    one = evaluated(2024, [row(f"第{n}项率", "100%", actual) for n, actual in enumerate(actuals)])
    assert (one.score is not None) == ("95%" in actuals)
    assert one.unfilled == sum(actual in BLANKS for actual in actuals)
    assert (one.state == NOT_FILLED) == (bool(actuals) and set(actuals) <= set(BLANKS))


@pytest.mark.parametrize("notebook", ["annual", "review"])
@pytest.mark.parametrize("state", [NOT_FILLED, ALL_UNDECIDED])
def test_no_page_of_a_form_not_filled_in_has_a_score_or_a_grade(
    notebook: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(style.REPORT, "1")
    one = evaluated(2024, waiting("" if state == NOT_FILLED else "见附件"))
    assert one.state == state
    ran = notebook_cells.run(notebook, one)
    assert WHY[state] in ran.page
    for never in ("0.00分", "得0分", "复算等级", "nan", "None", "失分在", "没有未完成", "瀑布图"):
        assert never not in ran.page, never
    assert not [cell for cell in ("scores", "rulesets", "score-blocks") if "<figure" in ran.html(cell)]


def test_what_is_said_of_a_form_not_filled_in() -> None:
    one = evaluated(2024, waiting())
    assert answer.headline(one) == "2项指标尚未填报，只有目标值，未作评价。"
    assert narrative.scores(one) == ("文件没有列出自评总分；尚未填报完成值，未作评价。",)
    assert outcomes.completion(one) == "2项指标尚未填报完成值，未作评价。"
    assert outcomes.unmet(one) == ("尚未填报完成值，未作评价。",)
    assert (answer.met_of_all(one), answer.met_note(one)) == ("—", "尚未填报2项")


def test_the_figures_and_the_mail_have_none() -> None:
    found = keyfigures.record(evaluated(2024, waiting())).figures
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["state"], found["score"], found["grade"]) == (NOT_FILLED, None, "")
    assert {basis: one["total"] for basis, one in found["scores"].items()} == {"declared": None, "strict": None}
    assert [one["score"] for one in found["indicators"]] == [None, None]
    letter = letters.letter("annual", found, number="1")
    assert letter.subject == "示例街道2024年度绩效自评：尚未填报完成值，未作评价，1处须核实"
    facts = {fact.title: (fact.value, fact.note) for fact in letter.facts}
    assert facts["复算得分"] == ("—", "没有自评总分 · 尚未填报完成值，未作评价")
    assert facts["完成"] == ("—", "尚未填报完成值，未作评价")
    assert letter.chart is None


def test_one_finding_says_so() -> None:
    one = evaluated(2024, waiting("", weight="25"), narrative=Narrative(declared_score=Decimal(0)), executed="")
    codes = list(one.findings["code"])
    assert codes.count("A04") == 1
    assert not [code for code in codes if code != "A04" and code[0] in "ADEP"]
    half = evaluated(2024, [*waiting("", weight="25"), MET | {"weight": "25"}])
    assert "P01" in set(half.findings["code"])


@pytest.mark.parametrize(
    ("weight", "grade", "said"),
    [
        ("5", "优", "1项指标无法判定，复算按不得分计；都完成的话总分最多100分"),
        ("15", "", "1项指标无法判定，复算按不得分计；都完成的话总分最多100分，等级因此可能不同，不评等级"),
        ("45", "", "1项指标无法判定，复算按不得分计；都完成的话总分最多100分，等级因此可能不同，不评等级"),
    ],
)
def test_a_grade_does_not_hang_on_what_nobody_can_judge(weight: str, grade: str, said: str) -> None:
    rows = [row("培训人次", "≥100人次", "120人次", weight=str(90 - int(weight)))]
    one = evaluated(2024, [*rows, row("制度", "完善", "见附件", weight=weight)], weight="10")
    assert (one.grade, one.scores["declared"].undecided, said in one.notes) == (grade, float(weight), True)
    assert "（无法判定的1项按不得分计）" in answer.headline(one)
    assert ("不评等级" in narrative.score_parts(one)) == (not grade)


def test_where_every_row_is_decided_nothing_is_said_of_undecided_ones() -> None:
    one = evaluated(2024, [MET, MISSED, row("制度", "完善", "见附件", declared_met="完成")])
    assert (one.scores["declared"].undecided, "按不得分计" in answer.headline(one)) == (0, False)


HALF = [*waiting(), MET, MISSED]


def test_a_half_filled_form_is_evaluated_and_says_how_many_are_not() -> None:
    one = evaluated(2024, HALF)
    assert one.score is not None
    assert "（尚未填报完，其中2项没有填完成值，按不得分计）" in answer.headline(one)
    assert "4项指标中有2项尚未填报，复算按不得分计，总分只反映已填报的部分，不评等级" in one.notes


@pytest.mark.parametrize("filled", [1, 37, 38])
def test_a_total_of_a_form_not_filled_in_to_the_end_has_no_grade_and_stands_beside_no_other(filled: int) -> None:
    rows = [row(f"第{n}项办结率", "100%", "100%" if n < filled else "") for n in range(39)]
    one = evaluated(2024, rows, narrative=Narrative(declared_score=Decimal(98)))
    whole = evaluated(2024, [row(f"第{n}项办结率", "100%", "100%") for n in range(39)])
    assert (whole.grade, one.grade, one.scores["declared"].awaited) == ("优", "", 39 - filled)
    assert set(one.alternatives["grade"]) == {""}
    left = f"尚有{39 - filled}项没有填报，总分只反映已填报的部分"
    assert one.beside_no_other == left
    peers = compare([one, replace(whole, subdistrict="other")], one.ruleset, year=2024)
    assert peers.offices["subdistrict"].to_list() == ["other"]
    assert peers.unevaluated["why"].to_list() == [f"{left}，不能与其他街道比较"]
    assert "尚未填报完" in narrative.reproduction(one)
    assert "不能与自评比较" in answer.headline(one)
    assert gathered({2024: one}).summary["score"].isna().all()
    assert f"2024年{left}，得分不与其他年度和自评比较。" in trend.left_out(gathered({2024: one}))


def test_a_half_filled_form_is_no_part_of_a_districts_median_nor_called_evaluated() -> None:
    half, whole_ = evaluated(2024, HALF), evaluated(2024, [MET, MISSED])
    scores = pd.concat([pe.scores(half), pe.scores(whole_).assign(subdistrict="other")], ignore_index=True)
    (last, _) = year_totals(scores).to_dict("records")
    assert (last["offices"], last["scored"], last["score_median"]) == (1, 1, whole_.score)
    told = consequences(scores, pe.findings(half), pe.rows(half)).set_index("subdistrict").loc[half.subdistrict]
    said = dict(lines(told.to_dict(), [], []))
    assert said[HYGIENE].startswith("尚未填报完。")


def test_the_page_the_index_the_log_and_the_mail_mark_the_total_of_a_half_filled_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(style.REPORT, "1")
    one = evaluated(2024, HALF)
    page = notebook_cells.run("annual", one).page
    assert "尚未填报完" in page
    assert "不评等级" in page
    assert "失分54.67分，在尚未填报的2项" in page
    found = keyfigures.record(one).figures
    assert (found["score_of"], found["grade"], found["unfilled"]) == ("尚未填报完", "", 2)
    letter = letters.letter("annual", found, number="1")
    assert "（尚未填报完）" in letter.subject
    facts = {fact.title: fact.note for fact in letter.facts}
    assert facts["复算得分"] == "没有自评总分 · 尚未填报完"
    scores = pe.scores(one)
    assert scores[["unfilled", "grade"]].to_numpy().tolist() == [[2, ""]]
    assert not whole(scores).any()


@pytest.mark.parametrize(
    ("weight", "grade", "why"),
    [
        ("90", "优", ""),
        ("90.5", "优", ""),
        ("70", "", "所列分值共80分的项目，不能与其他街道比较"),  # 80 of 80: 良 by points, 优 by share
        ("100", "优", "所列分值共110分的项目，不能与其他街道比较"),
        ("60", "", "只列出70分的项目，不能与其他街道比较"),
        ("190", "", "列出几份表共200分的项目，不能与其他街道比较"),
    ],
)
def test_points_of_part_of_a_form_or_of_several_have_no_grade_and_stand_beside_no_other_office(
    weight: str, grade: str, why: str
) -> None:
    one = evaluated(2024, [row("培训人次", "≥100人次", "120人次", weight=weight)], weight="10")
    assert one.grade == grade
    peers = compare([one], one.ruleset, year=2024)
    assert peers.unevaluated["why"].to_list() == ([why] if why else [])
    assert len(peers.offices) == (0 if why else 1)


def shown_years(history: History) -> dict[str, object]:
    """What the cells of the trend report show of a history."""
    return years_cells.run(notebook_cells.NOTEBOOKS / "trend.ipynb", data=None, history=history, subdistrict="shili")


def test_a_year_not_filled_in_is_in_no_trend_and_named() -> None:
    tables = {2019 + n: [MISSED, row("办件数", "≥100件", f"{80 + n}件")] for n in range(5)}
    years = {year: evaluated(year, rows) for year, rows in tables.items()}
    without = gathered(years)
    history = gathered(years | {2024: evaluated(2024, waiting(), executed="0")})
    both = [
        one.trends.set_index("series").loc[["execution_rate", "completion_rate", "score"]] for one in (without, history)
    ]
    kept = ["values", "years", "verdict", "p", "adjusted"]
    pd.testing.assert_frame_equal(both[1][kept], both[0][kept])
    assert "2024年没有可比的数值，未计入" in both[1].loc["score", "why"]
    last = history.summary.iloc[-1]
    assert (last["state"], last["grade"], last[["score", "completion_low"]].isna().all()) == (NOT_FILLED, "", True)
    said = "".join(trend.headline(history))
    assert "2024年尚未填报完成值，未作评价，不计入得分和完成率的比较。" in said
    # what was missed up to the last year that is filled in is still missed, and the year is named
    assert "化解率、办件数两项指标到2023年连续两年以上未完成。" in said
    assert history.decomposition["why"].iloc[-1] == "2024年尚未填报完成值，未作评价，没有可比的得分"
    text = years_cells.page(shown_years(history))
    assert "nan" not in text
    assert "差<" not in text


def test_a_history_of_nothing_but_targets_can_be_shown() -> None:
    history = gathered({2024: evaluated(2024, waiting(), executed="")})
    assert "NA>" not in years_cells.page(shown_years(history))
    assert (
        trend.headline(history)[0]
        == "预算执行率没有可比的年度数值；指标完成率没有可比的年度数值；复算得分没有可比的年度数值。"
    )
    assert json.dumps(keyfigures.record(history).figures, allow_nan=False)


@pytest.mark.parametrize("rows", [[], waiting(), waiting("见附件")])
def test_the_reviewer_is_told_too(rows: list[dict[str, str]]) -> None:
    one = evaluated(2024, rows)
    whole = pe.recomputation(one).iloc[-1]
    assert whole[["score", "strict"]].isna().all()
    assert whole["derivation"] == WHY[one.state]
    assert len(pe.sampling_plan(one)) == len(rows)
