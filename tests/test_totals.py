"""Totals as documents print them, each explained by the account that closes, and what does not close or cannot be told.

Every account has a small form of its own; the same sentence stands in ``score``, in ``lint`` and on the page.
"""

import csv
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from several_years import evaluated, row
from small_form import document, table

import perfeval as pe
from perfeval.analysis import rulesets
from perfeval.analysis.totals import accounts
from perfeval.deliver.opinion import write_opinion
from perfeval.deliver.yearbook import write_yearbook
from perfeval.model.results import AGREES, DIFFERS, OF_FULL, OF_TOTAL, OF_WEIGHTS, UNCHECKED, Account
from perfeval.model.schema import BLOCKS, Narrative
from perfeval.present import answer, narrative

# A procurement project of a Hubei finance bureau, 2019: execution 60 %, 6 of 10 points, left out of the printed 90.
PROCUREMENT = [
    ("产出", "服务对象人数", "100人次", "100人次", "15", "15"),
    ("产出", "服务达标率", "80%", "80%", "20", "20"),
    ("产出", "完成时限", "2019年", "2019年", "15", "15"),
    ("成本", "计划完成率", "90%", "60%", "20", "10"),
    ("效益", "财政工作运行效率", "≥80%", "≥80%", "15", "15"),
    ("满意度", "受益群体满意度", "90%", "90%", "15", "15"),
]
# Medical insurance for poor households, 2020: execution 99 %, printed 9 of 10 points; printed total 94.
INSURANCE = [
    ("产出", "全县参合人数", "8755", "8676", "15", "13"),
    ("产出", "资金是否全部纳入医保统筹", "100%", "100%", "15", "15"),
    ("产出", "资金是否全部及时纳入", "100%", "100%", "10", "10"),
    ("成本", "配套资金每人每年", "75元", "75元", "10", "10"),
    ("效益", "是否解决建档立卡人员看病难贵问题", "95%", "95%", "30", "27"),
    ("满意度", "是否满意", "95%", "95%", "10", "9"),
]
# A fishing-ban project on the Hubei form, 2020: 20 + 20 + 10 + 10 + 40, all met, total 100.
FISHING = [
    ("产出", "补贴渔船数", "6", "6", "20", "20"),
    ("产出", "渔船补贴发放率", "100%", "100%", "10", "10"),
    ("产出", "12月底之前完成", "100%", "100%", "10", "10"),
    ("满意度", "退捕渔民抽样调查满意度", "90%", "≥90%", "40", "40"),
]
SPENT, FULLY = ("100", "100", "97.5", "", ""), ("100", "100", "100", "", "")


def plain_rows(*points: tuple[str, str]) -> list[tuple[str, ...]]:
    """Rows of (weight, score), all met."""
    return [("产出", f"第{n}类办件", "100件", "100件", *one) for n, one in enumerate(points)]


def of_total(result: pe.Evaluation) -> Account:
    [found] = result.account(OF_TOTAL)
    return found


NINETY = plain_rows(("50", "50"), ("40", "38"))  # 88 of 90
UNWEIGHED = plain_rows(("", "50"), ("", "38"))
FORMS = plain_rows(("50", "50"), ("40", "38"), ("60", "56"), ("30", "30"))  # 88 and 86, of 90 each
HUNDREDS = plain_rows(("25", "100"), ("25", "90"), ("40", "95"))  # 25 + 22.5 + 38 = 85.5
TYPED = plain_rows(("25", "6.25"), ("25", "6.25"), ("30", "9"), ("10", "1"))
BROKEN = plain_rows(("33.33", "33.33"), ("33.33", "33.33"), ("33.33", "33.33"))

CLOSING = {
    "rows and execution as printed": (NINETY, ("100", "100", "100", "10", "10"), "98", "＝指标得分88分＋预算执行得分10分"),
    "rounded to the decimals printed": (
        NINETY, ("100", "100", "97.5", "10", "9.75"), "98", "，指标得分88分＋预算执行得分9.75分＝97.75分，四舍五入后相符"),
    "the rest of the weights": (
        NINETY, SPENT, "97.75", "＝指标得分88分＋预算执行9.75分（文件未列执行得分，按余下的10分×执行率97.5%）"),
    "the rest of the weights, all spent": (
        NINETY, FULLY, "98", "＝指标得分88分＋预算执行10分（文件未列执行得分，按余下的10分×执行率100%）"),
    "the printed points of execution": (
        NINETY, ("100", "100", "97.5", "10", ""), "97.8",
        "，指标得分88分＋预算执行9.75分＝97.75分（文件未列执行得分，按分值10分×执行率97.5%），四舍五入后相符"),
    "no weights, ten points": (
        UNWEIGHED, SPENT, "97.75", "＝指标得分88分＋预算执行9.75分（文件未列执行得分，按10分×执行率97.5%）"),
    "no weights, twenty points": (
        plain_rows(("", "40"), ("", "39.6")), FULLY, "99.6",
        "＝指标得分79.6分＋预算执行20分（文件未列执行得分，按20分×执行率100%）"),
    "execution left out of 90": (NINETY, SPENT, "88", "＝指标得分88分（没有计入预算执行，满分90分）"),
    "execution left out of 80": (
        FISHING, ("1", "1", "1", "", ""), "80", "＝指标得分80分（没有计入预算执行，满分80分）"),
    "indicators out of 100": (plain_rows(("60", "55"), ("40", "40")), SPENT, "95", "＝指标得分95分"),
    "rows of no points beside": (
        [*NINETY, ("产出", "其中甲类", "5件", "5件", "0", "")], FULLY, "98",
        "＝指标得分88分＋预算执行10分（文件未列执行得分，按余下的10分×执行率100%）"),
    "a score out of 100, converted": (
        HUNDREDS, FULLY, "95.5",
        "＝指标得分85.5分＋预算执行10分（单项得分是百分制，按分值折算；文件未列执行得分，按余下的10分×执行率100%）"),
    "execution converted as well": (
        HUNDREDS, ("100", "100", "100", "10", "100"), "95.5",
        "＝指标得分85.5分＋预算执行得分10分（单项得分是百分制，按分值折算）"),
    "the weight typed as the score": (
        TYPED, ("100", "100", "100", "10", "1"), "23.5",
        "＝指标得分22.5分＋预算执行得分1分（每项得分都是分值×分值÷100，疑把分值当作百分制得分填写）"),
    "scores rounded before adding": (
        BROKEN, ("100", "100", "100", "", ""), "100", "，指标得分99.99分，四舍五入后相符"),
    "whole total of whole rows and a broken rate": (
        NINETY, SPENT, "98",
        "，指标得分88分＋预算执行9.75分＝97.75分（文件未列执行得分，按余下的10分×执行率97.5%），四舍五入后相符"),
    "a rest that the decimals show": (
        plain_rows(("30", "26.67"), ("30", "26.67"), ("30", "26.67")), ("100", "100", "100", "10", "10"), "90.00",
        "，指标得分80.01分＋预算执行得分10分＝90.01分，相差0.01分，是各项得分先四舍五入再相加的尾差"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSING)
def test_what_closes_is_explained_and_never_called_wrong(name: str) -> None:
    rows, budget, total, said = CLOSING[name]
    result = document(rows, budget, total)
    found = of_total(result)
    assert (found.state, found.sentence) == (AGREES, f"自评得分{found.printed.normalize():f}分{said}")
    assert "P02" not in set(result.findings["code"])


@pytest.mark.parametrize("name", CLOSING)
def test_one_and_a_half_points_off_closes_by_no_account(name: str) -> None:
    rows, budget, total, _ = CLOSING[name]
    found = of_total(document(rows, budget, str(Decimal(total) - Decimal("1.53"))))
    assert found.state == DIFFERS, found.sentence
    assert "自评低" in found.sentence or "自评高" in found.sentence


GOALS = (2, 2)
FUNDS = (("100", "100", "100", "10", "10"), ("300", "300", "300", "10", "10"))  # 98 and 96
OVER_GOALS = {
    "the plain sum of two forms": ("194", "＝指标得分174分＋预算执行得分20分"),
    "their mean": ("97", "＝2个目标得分的平均（目标1“目标甲1”98分、目标2“目标甲2”96分）"),
    "weighted by money": ("96.5", "＝2个目标得分按预算数加权（目标1“目标甲1”98分、目标2“目标甲2”96分）"),
}


@pytest.mark.parametrize("name", OVER_GOALS)
def test_each_goal_a_form_of_its_own(name: str) -> None:
    total, said = OVER_GOALS[name]
    result = document(FORMS, (), total, goals=GOALS, funds=FUNDS)
    assert (of_total(result).state, of_total(result).sentence) == (AGREES, f"自评得分{total}分{said}")
    [weights] = result.account(OF_WEIGHTS)
    assert (weights.state, weights.sentence) == (AGREES, "分值合计200分，2个目标各自计满100分")
    assert not result.account(OF_FULL)
    assert not {"P01", "P02", "P13"} & set(result.findings["code"])


def test_forms_that_leave_execution_its_ten_points_add_up() -> None:
    funds = tuple((*fund[:3], "", "") for fund in FUNDS)
    result = document(FORMS, (), "97", goals=GOALS, funds=funds)
    assert of_total(result).sentence.startswith("自评得分97分＝2个目标得分的平均")
    [weights] = result.account(OF_WEIGHTS)
    assert weights.state == AGREES


def test_execution_of_the_whole_counts_in_each_goal() -> None:
    result = document(FORMS, ("100", "100", "97.5", "10", "9.75"), "96.8", goals=GOALS)
    assert of_total(result).sentence == (
        "自评得分96.8分，2个目标得分的平均＝96.75分（目标1“目标甲1”97.75分、目标2“目标甲2”95.75分），四舍五入后相符"
    )
    [weights] = result.account(OF_WEIGHTS)
    assert weights.state == AGREES


def test_the_rate_of_the_whole_holds_for_each_goal_where_none_has_money_of_its_own() -> None:
    said = of_total(document(FORMS, SPENT, "96.75", goals=GOALS)).sentence
    assert said == "自评得分96.75分＝2个目标得分的平均（目标1“目标甲1”97.75分、目标2“目标甲2”95.75分）"
    own = document(FORMS, SPENT, "96.75", goals=GOALS, funds=(("100", "100", "97.5", "", ""),))
    assert of_total(own).state == UNCHECKED, "of the other goal no rate is known"


def test_forms_without_weights_are_told_by_their_scores() -> None:
    rows = [(*row[:4], "", row[5]) for row in FORMS]
    result = document(rows, (), "97", goals=GOALS, funds=FUNDS)
    assert of_total(result).sentence.startswith("自评得分97分＝2个目标得分的平均")


def test_the_form_whose_weights_are_wrong_is_named() -> None:
    rows = [*FORMS[:3], (*FORMS[3][:4], "40", "30")]
    [wrong] = document(rows, (), None, goals=GOALS, funds=FUNDS).account(OF_WEIGHTS)
    assert wrong.state == DIFFERS
    assert wrong.sentence == "目标2“目标甲2”：指标分值100分＋预算执行10分＝110分，应为100分"


def blocks(*parts: tuple[str, str, str, str]) -> pd.DataFrame:
    """Printed blocks: name, category, weight, score."""
    rows = [dict(zip(("name", "category", "weight", "declared_score"), part, strict=True)) for part in parts]
    frame = table(rows, BLOCKS)
    return frame.drop(columns=["subdistrict", "year"])


def test_scores_of_printed_parts_stand_for_rows_that_have_none() -> None:
    rows = [(*row[:4], "", "") for row in FISHING]
    plain = document(rows, ("1", "1", "1", "20", "20"), "98")
    assert of_total(plain).state == UNCHECKED
    held = replace(plain, blocks=blocks(("产出指标", "产出", "40", "39"), ("满意度指标", "满意度", "40", "39")))
    total, weights = accounts(held)
    assert (total.state, total.sentence) == (AGREES, "自评得分98分＝各一级指标得分78分＋预算执行得分20分")
    assert (weights.state, weights.sentence) == (AGREES, "分值合计100分＝指标分值80分＋预算执行20分")


def test_a_part_that_no_row_belongs_to_is_added() -> None:
    result = document(plain_rows(("60", "55")), ("1", "1", "1", "10", "10"), "94")
    assert of_total(result).sentence == "只列出70分的项目，自评得分94分无法核对"
    total, weights = accounts(replace(result, blocks=blocks(("项目决策", "", "30", "29"))))
    assert (total.state, total.sentence) == (AGREES, "自评得分94分＝指标得分55分＋项目决策29分＋预算执行得分10分")
    assert weights.state == AGREES


def test_weights_of_110_and_execution_left_out_of_the_total() -> None:
    result = document(PROCUREMENT, ("287", "287", "171", "10", "6"), "90")
    total, weights = result.accounts
    assert (total.state, total.omits) == (AGREES, True)
    assert total.sentence == "自评得分90分＝指标得分90分，漏加预算执行得分6分"
    assert (weights.state, weights.sentence) == (DIFFERS, "指标分值100分＋预算执行10分＝110分，应为100分")
    assert result.findings.set_index("code").loc["P02", "fact"] == total.sentence  # the office forgot six points
    assert result.score == 99.29  # 10 × 171/287 = 5.9582, 20 × 60/90 = 13.3333, and 80 in full
    assert result.scores["declared"].possible == 110
    assert any("合计110分，不是100分" in note for note in result.notes)


def test_printed_rows_of_93_under_a_total_of_94_and_a_formula_of_99_77() -> None:
    result = document(INSURANCE, ("65.66", "", "65.07", "10", "9"), "94")
    total, weights = result.accounts
    assert (total.state, total.computed) == (DIFFERS, 93)
    assert total.sentence == "自评得分94分，指标得分84分＋预算执行得分9分＝93分，自评高1分"
    assert weights.state == AGREES
    assert result.score == 99.77


@pytest.mark.parametrize("printed", [("20", "20"), ("", "")])
def test_the_hubei_form_recomputes_to_100(printed: tuple[str, str]) -> None:
    result = document(FISHING, ("1.56", "1.56", "1.56", *printed), "100")
    assert (result.score, result.scores["declared"].execution) == (100, 20)
    assert [one.state for one in result.accounts] == [AGREES, AGREES]


@pytest.mark.parametrize("name", rulesets.names())
def test_where_all_weights_are_given_every_preset_with_the_same_formula_agrees(name: str) -> None:
    assert document(FISHING, ("1.56", "1.56", "1.56", "20", "20"), "100", name).score == 100


@pytest.mark.parametrize(("weight", "wrong"), [("100", True), ("91", True), ("90", False)])
def test_points_of_some_rows_beyond_100_are_said_though_others_print_none(weight: str, wrong: bool) -> None:
    rows = [row("培训人次", "≥100人次", "120人次", weight=weight), row("合格率", "≥90%", "95%", "效益")]
    result = evaluated(2024, rows, weight="10")
    said = f"已列出的指标分值{weight}分＋预算执行10分＝{int(weight) + 10}分，已超过100分，另有1项没有分值"
    assert [one.sentence for one in result.account(OF_WEIGHTS)] == ([said] if wrong else [])
    assert ("P01" in set(result.findings["code"])) is wrong


def test_nothing_printed_nothing_said() -> None:
    rows = [(*row[:4], "", "") for row in FISHING]
    assert not document(rows, ("1", "1", "1", "", ""), None).accounts


UNTOLD = {
    "only part of the points is listed": (
        plain_rows(("20", "20"), ("20", "20")), ("100", "100", "79", "10", "7.9"), "97.9", "只列出50分的项目"),
    "a part, and execution without a score": (
        plain_rows(("10", "9"), ("10", "10")), ("30", "30", "30", "10", ""), "99", "只列出30分的项目"),
    "rows without any score": (plain_rows(("45", ""), ("45", "")), SPENT, "98", "2项指标都没有得分"),
    "rows without weights and scores": (plain_rows(("", ""), ("", "")), SPENT, "98", "2项指标都没有分值和得分"),
    "one row without a score": (plain_rows(("50", "50"), ("40", "")), SPENT, "98", "2项指标中1项没有得分"),
    "execution neither scored nor told": (
        NINETY, (), "97", "指标得分88分，预算执行的得分和执行率都没有列出"),
    "no rows at all": ([], SPENT, "98", "没有列出指标的分值和得分"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_checked_is_neither_right_nor_wrong(name: str) -> None:
    rows, budget, total, why = UNTOLD[name]
    result = document(rows, budget, total)
    assert (of_total(result).state, of_total(result).sentence) == (UNCHECKED, f"{why}，自评得分{total}分无法核对")
    assert "P02" not in set(result.findings["code"])


def test_what_is_missing_can_only_add() -> None:
    found = of_total(document(plain_rows(("50", "50"), ("40", "")), SPENT, "45"))
    assert (found.state, found.sentence) == (DIFFERS, "自评得分45分，已列出的得分合计50分，自评低5分")


@pytest.mark.parametrize(("total", "more"), [("98", "3"), ("96", "1")])
def test_weights_of_100_leave_execution_no_points_to_be_missing(total: str, more: str) -> None:
    found = of_total(document(plain_rows(("60", "55"), ("40", "40")), (), total))
    assert (found.state, found.sentence) == (DIFFERS, f"自评得分{total}分，指标得分95分，自评高{more}分")


def test_missing_points_do_not_excuse_more_than_they_are_worth() -> None:
    found = of_total(document(plain_rows(("40", "20"), ("30", "20")), ("1", "1", "1", "10", "10"), "97"))
    assert found.state == DIFFERS  # 50 of 80, and 20 points not listed: 70 at most


def test_execution_in_full_though_less_was_spent_does_not_close() -> None:
    found = of_total(document(NINETY, SPENT, "98.00"))
    assert (found.state, found.sentence) == (
        DIFFERS,
        "自评得分98分，指标得分88分＋预算执行9.75分＝97.75分（文件未列执行得分，按余下的10分×执行率97.5%），自评高0.25分",
    )


@pytest.mark.parametrize(("total", "impossible"), [("102.64", True), ("100.01", True), ("100", False), ("99.9", False)])
def test_more_than_can_be_had_is_said_first(total: str, impossible: bool) -> None:
    result = document(plain_rows(("50", "50"), ("40", "42.64")), ("1", "1", "1", "10", "10"), total)
    said = f"自评总分{total}分超过满分100分，不可能成立"
    assert [one.sentence for one in result.account(OF_FULL)] == ([said] if impossible else [])
    assert (said in answer.headline(result)) is impossible
    assert ("P13" in set(result.findings["code"])) is impossible


def test_two_forms_cannot_have_more_than_200() -> None:
    [over] = document(FORMS, (), "204", goals=GOALS, funds=FUNDS).account(OF_FULL)
    assert over.sentence == "自评总分204分超过满分200分，不可能成立"


def test_page_and_findings_say_the_same_sentence() -> None:
    result = document(INSURANCE, ("65.66", "", "65.07", "10", "9"), "94")
    said = of_total(result).sentence
    assert f"{said}。" in narrative.scores(result)
    assert result.findings.set_index("code").loc["P02", "fact"] == said
    assert f"{said}。" in repr(pe.show.words(*pe.words.scores(result)))
    assert said in str(pe.show.record(result).figures["accounts"])


def test_word_and_workbook_say_it_too(tmp_path: Path) -> None:
    result = document(INSURANCE, ("65.66", "", "65.07", "10", "9"), "94")
    said = of_total(result).sentence
    report = docx.Document(str(write_opinion(tmp_path / "a.docx", result)))
    assert any(said in paragraph.text for paragraph in report.paragraphs)
    book = openpyxl.load_workbook(write_yearbook(tmp_path / "a.xlsx", result), data_only=True)
    assert any(said in str(cell) for row in book["得分汇总"].values for cell in row)
    told = [cell for row in book["不同规则"].values for cell in row if isinstance(cell, str)]
    assert "自评低5.77分" in told
    assert "不符" not in told


def test_a_rest_of_rounding_is_never_shown_as_points() -> None:
    found = document(FISHING, ("1", "1", "1", "20", "20"), "100").scores["declared"]
    split = narrative.split(replace(found, execution=19.5416, indicators=77.8144, total=97.36))
    assert split == "预算执行19.54分，绩效指标77.81分（舍入后相加与总分差0.01分）"
    assert narrative.split(replace(found, execution=20, indicators=80.0002, total=100)) == "预算执行20分，绩效指标80分"
    assert narrative.split(replace(found, execution=20, indicators=79.9999, total=100)) == "预算执行20分，绩效指标80分"


def test_totals_out_of_other_points_are_not_compared() -> None:
    result = document(plain_rows(("10", "9"), ("10", "10")), ("30", "30", "30", "10", "10"), "99")
    assert narrative.against_declared(result, result.score, 30.0, False) == "所列分值30分，不能与自评比较"
    assert "不能与之比较" in narrative.reproduction(result)


@pytest.mark.parametrize(
    "name", ["the rest of the weights", "a score out of 100, converted", "the weight typed as the score"]
)
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    rows, budget, total, _ = CLOSING[name]
    said = {of_total(document(list(order), budget, total)).sentence for order in list(permutations(rows))[:6]}
    assert len(said) == 1


@pytest.fixture(scope="module")
def base() -> pe.Evaluation:
    return document(NINETY, ("100", "100", "100", "10", "10"), "98")


def with_points(
    base: pe.Evaluation, rows: list[tuple[Decimal, Decimal]], execution: Decimal, total: Decimal
) -> Account:
    """The account of other printed points, without scoring anything anew."""
    frame = pd.DataFrame(rows, columns=["weight", "declared_score"], dtype=object)
    frame = frame.assign(goal_no=pd.NA, goal="", category="产出", subcategory="")
    items = base.execution.items.assign(weight=10.0, declared_score=float(execution))
    told = replace(base, indicators=frame, execution=replace(base.execution, items=items))
    return of_total(replace(told, accounts=accounts(replace(told, narrative=Narrative(declared_score=total)))))


SCORED = st.lists(st.tuples(st.integers(2, 20), st.integers(0, 20)), min_size=1, max_size=8).map(
    lambda rows: [(Decimal(weight), Decimal(min(weight, score))) for weight, score in rows]
)


@given(rows=SCORED, execution=st.integers(2, 10), off=st.integers(1, 40), scale=st.sampled_from(["1", "0.1", "0.5"]))
def test_the_sum_closes_in_any_order_and_scale_and_a_total_beside_it_does_not(
    base: pe.Evaluation, rows: list[tuple[Decimal, Decimal]], execution: int, off: int, scale: str
) -> None:
    by = Decimal(scale)
    scaled = [(weight * by, score * by) for weight, score in rows]
    earned = Decimal(execution) * by
    whole = sum((score for _, score in scaled), earned)
    said = {with_points(base, one, earned, whole).sentence for one in (scaled, scaled[::-1], sorted(scaled))}
    assert len(said) == 1
    assert with_points(base, scaled, earned, whole).state == AGREES
    beside = whole + off + Decimal("0.57")  # more than any rounding rest
    assert with_points(base, scaled, earned, beside).state != AGREES


def test_execution_weight_alone_does_not_move_the_rule_set() -> None:
    rows = [(*row[:4], "", "") for row in FISHING]
    result = document(rows, ("1", "1", "1", "10", "10"), None)
    assert result.scores["declared"].execution == 20
    assert any("文件所列预算执行10分，指标未列分值，按规则计20分" in note for note in result.notes)


with (Path(__file__).parent / "golden" / "totals_told.csv").open(encoding="utf-8", newline="") as _file:
    TOLD = list(csv.DictReader(_file))


@pytest.mark.parametrize("case", TOLD, ids=lambda case: " ".join(filter(None, list(case.values())[:5])))
def test_what_is_told_of_a_form_s_totals(case: dict[str, str]) -> None:
    """Every account, whole: rows of weight/score, the money row, the printed total, rows of each goal and its money."""

    def cells(text: str) -> tuple[str, ...]:
        return tuple("" if cell == "-" else cell for cell in text.split())

    rows = plain_rows(*(tuple(row.split("/")) for row in case["rows"].split(" ") if row))
    found = document(
        rows,
        cells(case["money"]),
        case["total"] or None,
        goals=tuple(map(int, case["goals"].split())),
        funds=tuple(cells(fund) for fund in case["funds"].split(";") if fund),
    )
    assert " / ".join(f"{one.state}：{one.sentence}" for one in found.accounts) == case["told"]
