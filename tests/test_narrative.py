"""Sentences: golden texts on the hand-written example, and what they say when there is little or nothing."""

from dataclasses import replace

import example
import pandas as pd
import pytest

from perfeval.analysis.completion import completion
from perfeval.model.results import Evaluation
from perfeval.model.schema import Narrative, Stage, Survey
from perfeval.present import answer, narrative, official, outcomes, sections


def rows(*keep: int) -> pd.DataFrame:
    return example.indicators().iloc[list(keep)].reset_index(drop=True)


def of(indicators: pd.DataFrame, **changes: object) -> Evaluation:
    """The example with other rows, counted."""
    return example.evaluation(indicators=indicators, completion=completion(indicators), **changes)


def test_a_name_that_stands_twice_gets_its_goal() -> None:
    twice = pd.concat([rows(3), rows(3).assign(goal_no=3)], ignore_index=True)
    assert narrative.unmet_names(example.evaluation(indicators=twice), "未完成") == [
        "背街小巷整治（目标2）",
        "背街小巷整治（目标3）",
    ]


def test_overspending_and_missing_rates_are_named() -> None:
    over = example.evaluation(execution=replace(example.execution(), rate=1.0003))
    assert answer.execution_clause(over) == "预算执行率100.1%（超出预算）"
    none = example.evaluation(
        execution=replace(example.execution(), rate=None, why="没有列出全年执行数，执行率无法计算")
    )
    assert answer.execution_clause(none) == "没有列出全年执行数，执行率无法计算"
    assert narrative.execution(none)[0] == "没有列出全年执行数，执行率无法计算。"


def test_scores_tell_parts_rule_sets_and_bases() -> None:
    assert narrative.scores(example.evaluation()) == (
        "按湖北（执行20 · 产出40 · 效益与满意度40）复算81.04分，复算等级为良：预算执行19.04分，绩效指标62分。",
        "文件自评81.0分。四舍五入后得这一分数的规则：均分（81.04）、湖北（81.04）；得不到的：财政部2020（84.02）。",
        "8项指标中有1项由目标值和实际值不足以判定，按申报的完成情况计分（申报口径）；这些指标不计分时（严格口径）为71.04分。",
        "块内各项均分。",
    )


@pytest.mark.parametrize(
    ("same", "said"),
    [
        (True, "文件自评81.0分。所列规则四舍五入后都得这一分数："),
        (False, "文件自评81.0分。所列规则都不能得出这一分数："),
        (None, "文件自评81.0分。无法判定的指标若得分，可能得这一分数的：财政部2020（84.02）、"),
        (
            [None, True, False],
            "得这一分数的规则：均分（81.04）；无法判定的指标若得分，可能得这一分数的：财政部2020（84.02）；得不到的：湖北",
        ),
    ],
)
def test_reproduction_when_all_or_none_agree_or_nobody_can_tell(same: object, said: str) -> None:
    base = example.evaluation()
    rows = base.alternatives.assign(reproduces=pd.Series(same, index=base.alternatives.index, dtype=object))
    assert said in narrative.reproduction(replace(base, alternatives=rows))


def test_execution_names_each_item_and_the_sums() -> None:
    assert narrative.execution(example.evaluation()) == (
        "2022年度部门整体支出全年预算数1,250.00万元，全年执行数1,190.00万元，执行率95.2%。",
        "基本支出：全年预算数750.00万元，执行750.00万元，执行率100%。",
        "项目支出：全年预算数500.00万元，执行440.00万元，执行率88%。",
        "表内合计关系核对一项，到分相符。",
    )


def test_one_half_alone_is_not_called_the_whole_units() -> None:
    found = example.execution()
    half = found.items[found.items["role"].eq("half")].head(1)
    result = example.evaluation(execution=replace(found, items=half, budget=850.5, executed=850.5, rate=1.0))
    said = narrative.execution(result)[0]
    assert "年度基本支出全年预算数850.50万元" in said
    assert said.endswith("文件只列出基本支出，没有列出部门整体支出。")
    assert "部门整体支出全年预算数850.50" not in official.execution(result)


def test_a_sum_that_does_not_hold_is_told_with_both_sides() -> None:
    wrong = example.execution().identities.assign(right=1249.0, difference=1.0, holds=False)
    said = narrative.identities(example.evaluation(execution=replace(example.execution(), identities=wrong)))
    assert (
        said
        == "表内合计关系有一项不符：基本支出＋项目支出＝部门整体支出（全年预算数）相差1.00万元（1,250.00与1,249.00）。"
    )


def test_unmet_rows_have_cause_and_measure_or_say_that_they_have_none() -> None:
    assert outcomes.unmet(example.evaluation())[:3] == (
        "未完成2项、部分完成1项，共失8分。",
        "政务公开（目标1）部分完成：实际部分达成预期指标并具有一定效果，目标及时公开，失3.5分。原因：未说明。措施：未说明。",
        "背街小巷整治（目标2）未完成：实际15条，目标20条，失2.5分。原因：3条涉及产权纠纷 2条在下年实施。"
        "措施：协调产权单位，2023年6月底前完成。",
    )
    assert "目标＝95%（见指标名称）" in outcomes.unmet(example.evaluation())[3]
    assert outcomes.unmet(of(rows(0))) == ("没有未完成的指标。",)


def test_sections_repeat_the_document() -> None:
    result = example.evaluation()
    assert sections.problems(result) == ("部分指标未量化。原因：编制时没有设数值。", "整治进度滞后。")
    assert sections.stages(result) == (
        "准备（6月5日—6月9日）：成立小组；制定方案。",
        "分析（6月12日—6月30日）。",
        "提交报告（7月15日前）。",
    )
    assert sections.other_evidence(result) == ("群众满意度的调查：入户问卷，12月5日，200人答卷，187人满意。",)
    assert sections.organisation(result) == ("依据：财绩〔2023〕1号通知。", "成立自评工作小组。")
    assert sections.provenance(result)[-1] == "计算程序：perfeval 0.1.0。"


def test_a_survey_says_what_it_does_not_say() -> None:
    assert sections.survey(Survey("满意度")) == "满意度的调查：方式未说明，时间未说明，样本量未说明。"
    assert sections.stage(Stage("总结")) == "总结（—）。"


@pytest.mark.parametrize(
    "section", ["problems", "measures", "budget_linkage", "key_tasks", "goals", "stages", "last_year", "other_evidence"]
)
def test_a_section_without_data_says_so(section: str) -> None:
    (said,) = getattr(sections, section)(example.empty())
    assert said.startswith("无。文件没有列出")


def test_the_office_is_named_in_full_and_once() -> None:
    assert narrative.full_name(example.evaluation()) == "示例市示例区示例街道办事处"
    assert (
        narrative.full_name(example.evaluation(name="示例市示例区人民政府示例街道办事处"))
        == "示例市示例区人民政府示例街道办事处"
    )
    assert narrative.title(example.evaluation(city="", district=None)) == "示例街道办事处 2022年度部门整体绩效自评报告"


def test_no_sentence_holds_html_or_a_bare_nan() -> None:
    for result in (example.evaluation(), example.empty(), example.evaluation(narrative=Narrative())):
        said = [
            answer.headline(result),
            answer.unproven(result),
            *answer.score_words(result),
            *narrative.scores(result),
            *narrative.execution(result),
            *outcomes.met(result),
            *outcomes.unmet(result),
            *sections.data_quality(result),
            *sections.provenance(result),
        ]
        for sentence in said:
            assert sentence.endswith("。"), sentence
            assert not {"nan", "None", "<", "NaT"} & set(sentence.split()), sentence
            assert "nan" not in sentence
            assert "None" not in sentence


def test_goals_without_a_number_are_told_too() -> None:
    blank = example.indicators().assign(goal_no=pd.NA, goal="")
    assert outcomes.met(of(blank))[1].startswith("未列目标：8项指标，完成3项、")


def test_the_range_over_rule_sets_is_said_in_points() -> None:
    one = example.evaluation()
    assert narrative.ruleset_range(one) == "三套规则复算的总分在81.04至84.02分之间，相差2.98分。"
    same = replace(one, alternatives=one.alternatives.assign(declared=97.6))
    assert narrative.ruleset_range(same) == "三套规则复算的总分都是97.60分。"


def test_rows_without_measure_or_reason_are_named() -> None:
    missed = example.evaluation().unmet
    assert outcomes.without_measure(missed) == "没有完成的三项指标中，政务公开、隐患整改率两项没有写改进措施。"
    assert outcomes.without_measure(missed[missed["measure"].ne("")]) == "没有完成的一项指标都写了改进措施。"
    assert outcomes.without_reason(missed, "没有完成的") == "没有完成的三项，其中两项没有写原因。"
    assert outcomes.without_measure(missed.head(0)) == outcomes.without_reason(missed.head(0), "没有完成的") == ""
