"""The answer of one office's year: one sentence, the figures beside it, what must be proven; little or nothing on file."""

from dataclasses import replace
from decimal import Decimal

import example
import findings_office
import pandas as pd
import pytest
import stress
from several_years import evaluated, row

import perfeval as pe
from perfeval.analysis.completion import completion
from perfeval.model.reading import read_pair
from perfeval.model.results import FINDING_COLUMNS, Evaluation
from perfeval.present import answer, narrative, outcomes


def of(indicators: pd.DataFrame, **changes: object) -> Evaluation:
    """The example with other rows, counted."""
    return example.evaluation(indicators=indicators, completion=completion(indicators), **changes)


def rows(*keep: int) -> pd.DataFrame:
    return example.indicators().iloc[list(keep)].reset_index(drop=True)


def test_the_headline_says_it_all_in_one_sentence() -> None:
    said = answer.headline(example.evaluation())
    assert said == (
        "预算执行率95.2%，8项指标完成3项、部分完成1项（政务公开）、未完成2项（背街小巷整治、隐患整改率）、凭申报完成1项、"
        "无法判定1项；自评81.0分，按“湖北”规则复算81.04分，与自评基本一致。"
    )
    assert said.count("。") == 1


def test_what_was_missed_and_what_is_in_doubt_are_marked() -> None:
    tones = {clause.text: clause.tone for clause in answer.headline_clauses(example.evaluation())}
    assert tones["未完成2项（背街小巷整治、隐患整改率）"] == tones["部分完成1项（政务公开）"] == "miss"
    assert tones["凭申报完成1项"] == tones["无法判定1项"] == "doubt"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ((0, 4, 6), "预算执行率95.2%，3项指标全部完成；"),
        ((0,), "预算执行率95.2%，仅有的1项指标完成；"),
        ((3, 5), "2项指标全部未完成；"),
        ((1,), "仅有的1项指标凭申报完成；"),
        ((1, 3), "2项指标完成0项、未完成1项（背街小巷整治）、凭申报完成1项；"),
    ],
)
def test_one_verdict_alone_and_none_met(kept: tuple[int, ...], said: str) -> None:
    assert said in answer.headline(of(rows(*kept)))


def test_more_than_three_missed_are_not_named_and_long_names_are_cut() -> None:
    many = pd.concat([rows(3).assign(indicator=name) for name in ("甲", "乙", "丙", "丁")], ignore_index=True)
    assert "4项指标全部未完成；" in answer.headline(of(many))
    assert "甲" not in answer.headline(of(many))
    long = rows(0, 3).assign(indicator="长" * 60)
    assert f"未完成1项（{'长' * 23}…）" in answer.headline(of(long))


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("81.04", "，与自评一致。"),
        ("81.9", "，与自评基本一致。"),
        ("82.04", "，比自评低1分。"),
        ("80", "，比自评高1.04分。"),
        (None, "文件没有列出自评总分，按“湖北”规则复算81.04分"),
    ],
)
def test_the_recomputed_total_beside_the_printed_one(declared: str | None, said: str) -> None:
    printed = None if declared is None else Decimal(declared)
    result = of(rows(0, 3), narrative=replace(example.NARRATIVE, declared_score=printed))
    assert said in answer.headline(result)


def test_a_total_above_what_can_be_had_is_called_impossible() -> None:
    said = answer.headline(stress.evaluation("above"))
    assert "自评总分108.5分超过满分100分，不可能成立，按湖北省规定复算91.25分" in said
    assert "比自评" not in said


def test_what_must_be_cleared_up_is_counted_in_the_sentence() -> None:
    found = pd.DataFrame(
        [
            (code, level, "题", "处", "事", "改", 0.9, "高", 1, 2, (2,))
            for code, level in (("A09", "P0"), ("T01", "P1"))
        ],
        columns=list(FINDING_COLUMNS),
    )
    assert answer.headline(example.evaluation(findings=found)).endswith("；有1处须核实。")
    assert "须核实" not in answer.headline(example.evaluation(findings=found.iloc[1:]))


def test_nothing_filled_in_has_no_score_and_no_verdict() -> None:
    said = answer.headline(stress.evaluation("targets"))
    assert said == "4项指标尚未填报，只有目标值，未作评价；没有列出全年执行数，执行率无法计算。"
    one = stress.evaluation("targets")
    assert (answer.met_of_all(one), answer.met_note(one)) == ("—", "尚未填报4项")
    assert (answer.unproven_of_all(one), answer.unproven(one)) == ("—", "4项指标尚未填报，填报时一并附台账。")


def test_nothing_on_file_or_nothing_decided() -> None:
    empty = example.empty()
    assert answer.headline(empty) == "没有预算数据，没有列出绩效指标；文件没有列出自评总分，不能复算总分。"
    assert answer.score_note(empty) == "没有自评总分，没有绩效指标，不能复算总分"
    assert answer.execution_note(empty) == "没有列出预算数，执行率无法计算"
    assert (answer.met_of_all(empty), answer.met_note(empty)) == ("—", "没有绩效指标")
    said = answer.headline(stress.evaluation("undecided"))
    assert said == "预算执行率96.2%，3项指标全部无法判定；自评96.5分，不能复算总分；有1处须核实。"


def test_a_grade_that_undecided_rows_could_change_is_none_and_the_figure_says_what_it_could_be() -> None:
    many = stress.evaluation("many")  # 12 of 120 rows are undecided, all of 满意度
    score = many.scores["declared"]
    assert (score.total, score.undecided, score.grade) == (70.75, 20.0, "")
    assert answer.score_note(many) == "自评96.5分，无法判定的都完成则最多90.75分"
    assert many.score_range == (60.75, 94.34)  # 严格口径 of 湖北; 重庆 with its 9 points of 满意度


@pytest.mark.parametrize(("possible", "told"), [(100.0, ""), (101.0, "满分101分"), (99.5, "满分99.5分")])
def test_a_total_of_nearly_100_points_says_of_how_many_it_is(possible: float, told: str) -> None:
    one = example.evaluation()
    score = replace(one.scores["declared"], possible=possible)
    one = replace(one, scores=one.scores | {"declared": score})
    assert f"复算81.04分{f'（{told}）' * bool(told)}，与自评基本一致" in answer.headline(one)
    assert answer.score_note(one) == "，".join(filter(None, ("自评81.0分", told, "复算等级良")))


@pytest.mark.parametrize("name", ["zero", "blankmoney"])
def test_execution_without_a_rate_is_no_zero(name: str) -> None:
    one = stress.evaluation(name)
    score = one.scores["declared"]
    assert (one.grade, score.possible, score.total, score.unscored) == ("", 80.0, 68.0, 20.0)
    assert "预算执行不计分，其余按湖北省规定复算68分（满分80分）" in answer.headline(one)
    assert "0%" not in answer.headline(one)
    assert answer.score_note(one) == "自评96.5分，满分80分，预算执行不计分"
    assert narrative.out_of(one) == "满分80分", "for the index and the run's log, which tell the total alone"
    assert narrative.out_of(stress.evaluation("many")) == ""


def test_the_figures_to_be_seen_first_have_their_notes() -> None:
    one = example.evaluation()
    assert answer.score_note(one) == "自评81.0分，复算等级良"
    assert answer.execution_note(one) == "1,190.00 / 1,250.00 万元"
    assert (answer.met_of_all(one), answer.met_note(one)) == (
        "3 / 8",
        "部分完成1项、未完成2项、凭申报完成1项、无法判定1项",
    )
    assert (answer.unproven_of_all(one), answer.unproven_note(one)) == ("2项", "凭申报完成1项、无法判定1项")


def test_what_must_be_proven_says_what_is_to_be_handed_in() -> None:
    assert answer.unproven(example.evaluation()) == (
        "1项只写已完成、未附数据（凭申报完成），建议补台账；1项没有写结果或结果不能与目标比较（无法判定），建议补报结果和依据。"
    )
    assert answer.unproven(of(rows(0))) == "没有须补证据的指标，各项都有数据可核。"
    bare = findings_office.office(every={"evidence": ""}, surveys=())
    assert "E05" in set(bare.findings["code"])
    assert "没有写佐证材料" in answer.unproven(bare), "not that all can be checked, while the findings ask for evidence"


@pytest.mark.parametrize(
    ("target", "actual", "claimed", "undecided"),
    [
        (
            "",
            "1743户次",
            "没有可比的目标值、按所报的完成计（凭申报完成），建议补目标值",
            "没有可比的目标值（无法判定），建议补目标值",
        ),
        (
            "≥9场",
            "12人",
            "所报的数不能与目标比较、按所报的完成计（凭申报完成），建议核对目标值和完成值",
            "所报的数不能与目标比较（无法判定），建议核对目标值和完成值",
        ),
        (
            "≥9场",
            "完成",
            "只写已完成、未附数据（凭申报完成），建议补台账",
            "没有写结果或结果不能与目标比较（无法判定），建议补报结果和依据",
        ),
    ],
)
def test_what_a_row_lacks_is_asked_for(target: str, actual: str, claimed: str, undecided: str) -> None:
    row = rows(0).assign(reading=[read_pair("检查次数", target, actual)])
    assert answer.unproven(of(row.assign(status="完成", basis="declared"))) == f"1项{claimed}。"
    assert answer.unproven(of(row.assign(status="无法判定", basis="none"))) == f"1项{undecided}。"


def test_the_total_is_told_to_leaders_without_codes_or_terms() -> None:
    said = answer.score_words(example.evaluation())
    assert said == (
        "按“湖北”规则复算81.04分，复算等级为良：预算执行19.04分，绩效指标62分。",
        "按其他两套规则复算在81.04至84.02分之间，自评81.0分不在此之内。",
        "只认有数据可核的、凭申报完成的不计分，得71.04分。",
    )
    assert not any("口径" in one for name in stress.OFFICES for one in answer.score_words(stress.evaluation(name)))


def test_completion_is_counts_and_a_range_of_the_rate() -> None:
    assert outcomes.completion(example.evaluation()) == (
        "8项指标中，完成3项、部分完成1项、未完成2项、凭申报完成1项、无法判定1项，完成率在37.5%至62.5%之间；"
        "能算出完成程度的5项平均为91%。"
    )
    assert outcomes.met(example.evaluation())[1:] == (
        "目标1　便民服务：3项指标，完成1项、部分完成1项、凭申报完成1项。",
        "目标2　环境治理：2项指标，完成1项、未完成1项。",
        "目标3　平安建设：3项指标，完成1项、未完成1项、无法判定1项。",
    )


def test_all_is_never_said_to_be_met_where_that_is_only_declared() -> None:
    for kept in ((0, 1, 4, 6), (1,)):
        result = of(rows(*kept))
        assert outcomes.unmet(result) == ("没有查明未完成的指标；1项须补证据，是否完成不能确认。",)
        everything = [answer.headline(result), outcomes.completion(result), *outcomes.met(result)]
        assert not any(word in text for text in everything for word in ("指标全部完成。", "指标全部完成；", "为100%；"))
    assert outcomes.met(of(rows(0, 1, 4, 6))) == (
        "3个年度目标中，2个目标的指标全部完成，1个目标的指标全部完成或凭申报完成。",
    )


def test_no_goal_is_counted_where_none_is_listed() -> None:
    one = evaluated(2024, [row("办结率", "100%", "90%") | {"goal": "", "goal_no": ""}])
    assert outcomes.met(one)[0] == "文件没有列出年度目标。"
    assert outcomes.met(one)[1].startswith("未列目标：1项指标，完成0项、未完成1项")


def test_a_printed_total_over_an_empty_table() -> None:
    one = evaluated(2024, [row("办结率", "100%", "见附件")])
    assert answer.score_clause(one) == "文件没有列出自评总分，不能复算总分。"


def test_totals_out_of_different_points_make_no_range() -> None:
    one = stress.evaluation("zero")
    said = "按其他六套规则复算，满分80分的得68.00分，满分90分的得76.50分，满分不同，不能相互比较。"
    assert said in answer.score_words(one)
    assert narrative.ruleset_range(one).startswith("七套规则复算的总分：满分80分的得68.00分，满分90分的得76.50分")
    assert set(one.same_points["ruleset"]) == {"hubei", "flat"}
    row = one.alternatives.set_index("ruleset").loc["mof2020"]
    assert narrative.against_declared(one, row["declared"], row["possible"], False) == "满分90分，不能与自评比较"


@pytest.mark.parametrize("name", ["zero", "blankmoney", "many", "targets"])
def test_the_ends_of_the_totals_are_of_the_points_beside_them(name: str) -> None:
    one = pe.scores(stress.evaluation(name)).iloc[0]
    if name == "targets":
        assert one[["score_low", "score_high"]].isna().all()
    else:
        assert one["score_low"] <= one["score"] <= one["score_high"] <= one["possible"]
        assert (one["score_high"] == one["score"]) == (one["possible"] == 80)
