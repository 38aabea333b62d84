"""What a rule may say: no more than the data allow, at its limit and just beside it; and what it must not pass over."""

from decimal import Decimal

import pytest
from findings_office import (
    COST,
    COUNT,
    FIRST,
    MENDED,
    NARRATIVE,
    PLEASED,
    ROWS,
    TRAINED,
    WAIT,
    Office,
    added,
    cell,
    office,
    said,
    spent,
)

from perfeval.analysis.findings import findings
from perfeval.model.schema import Issue, Survey


def another(indicator: str, target: str, actual: str, category: str = "产出", **told: str) -> Office:
    """The clean office with one more row."""
    return added({"category": category, "indicator": indicator, "target": target, "actual": actual, **told})


def again(actual: str) -> Office:
    """The trainings a second time, with another result."""
    return another(TRAINED, "≥24场", actual, goal_no="1", goal=FIRST)


def level(actual: str, score: str) -> Office:
    """Ten points for an effect told in words."""
    return cell(WAIT, target="明显改善", actual=actual, declared_score=score)


def asked(respondents: int, satisfied: int, of: str = PLEASED) -> Office:
    return said(surveys=(Survey(of, respondents, satisfied), NARRATIVE.surveys[1]))


def out_of(weight: str, score: str, grade: str) -> Office:
    """A form whose first row has other points, with this total and grade."""
    return lambda: office({COUNT: {"weight": weight}}, declared_score=Decimal(score), declared_grade=grade)


def scored(score: str, weight: str = "10", executed: str = "800", *others: tuple[str, ...]) -> Office:
    """800 of an adjusted 1,000 and an opening 1,600 executed, with points and a score printed on the row."""
    return spent(("部门整体支出", "", "1600", "1000", executed, weight, score), *others)


SATISFIED = {"category": "满意度", "subcategory": "服务对象满意度"}
PARTLY, MISSED = "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差"

# (code, office, whether it is found)
HELD: list[tuple[str, Office, bool]] = [
    # what comes in is not paid out
    ("T08", another("争取社会捐助费用", "≥5万元", "6万元"), False),
    ("T08", another("社会捐助费用", "≥5万元", "6万元"), True),
    ("S08", another("招商引资金额", "≥500万元", "510万元", subcategory="数量"), False),
    ("S08", another("困难救助金额", "≥500万元", "510万元", subcategory="数量"), True),
    # nobody is satisfied by being counted
    ("S06", another("满意度调查次数", "≥2次", "2次"), False),
    ("S06", another("商户满意度", "≥90%", "92%"), True),
    ("S06", another("居民培训场次", "≥2场", "2场", **SATISFIED), True),
    ("S06", another("商户满意度", "≥90%", "92%", **SATISFIED), False),
    ("E01", another("满意度调查次数", "≥2次", "2次", evidence="", narrative=""), False),
    ("E01", another("商户满意度", "≥90%", "92%", evidence="", narrative="", **SATISFIED), True),
    # all there is
    *(("T11", another(f"垃圾{name}", "≥120%", "121%"), True) for name in ("清运率", "处置率", "处理率")),
    *(
        ("A06", another(name, "≥95%", "121%"), True)
        for name in ("热线答复率", "工单回复率", "设施完好率", "公众普及率")
    ),
    *(("A06", another(name, "≥95%", "121%"), False) for name in ("税收完成率", "床位使用率", "收入增长率")),
    # units that count other things
    ("A05", cell(TRAINED, actual="800人"), True),
    ("A05", cell(TRAINED, actual="800本"), True),
    ("A05", cell(TRAINED, actual="25次"), False),
    ("A05", cell(TRAINED, actual="25个"), False),
    ("A05", cell(TRAINED, target="≥800户", actual="810人"), False),
    ("A05", cell(MENDED, actual="1.05"), True),
    ("A05", cell(MENDED, actual="92"), False),
    ("A05", cell(MENDED, actual="0.92"), False),
    ("A05", cell(TRAINED, target="12", actual="100%"), True),
    ("A05", cell(TRAINED, target="≥12", actual="0.5"), True),
    ("A05", cell(TRAINED, target="≥0.95", actual="92"), False),  # A12 has it
    ("A05", cell(TRAINED, target="24", actual="25"), False),
    ("C01", again("25次"), False),
    ("C01", again("26次"), True),
    ("C01", again("25%"), True),
    # the yardstick
    *(
        ("A11", cell(TRAINED, narrative=f"年中{told}，改为按季"), True)
        for told in ("调整考核口径", "口径变更", "调整了考核目标")
    ),
    *(
        ("A11", cell(TRAINED, narrative=f"全年{told}，每月两场"), False)
        for told in ("没有目标调整", "未作口径调整", "无指标调整", "调整考核组人员")
    ),
    # a total that the text itself gives
    ("C10", cell(MENDED, narrative="全部20处中有5处未整改"), True),
    ("C10", cell(MENDED, narrative="排查的20处隐患中，2处未整改"), False),
    ("C10", cell(MENDED, narrative="20处隐患里仍有3处未整改"), True),
    ("C10", cell(MENDED, narrative="20户中有2处未整改"), False),
    # more is more than, but all the points by the formula
    *(("P04", cell(COUNT, target=f"{sign}1200件", actual="1200件"), False) for sign in ("＞", "≥")),
    ("P04", cell(COUNT, target="＞1200件", actual="1199件"), True),
    ("P04", cell(COST, target="＜45万元", actual="45万元"), False),
    ("P04", cell(COST, target="＜45万元", actual="45.01万元"), True),
    ("P03", cell(COUNT, target="＞1200件", actual="1200件", declared_score="8"), False),
    # words leave a band
    ("P03", level(PARTLY, "0"), False),
    ("P03", level("明显改善", "10"), False),
    # grades of a whole that is not 100
    ("P11", out_of("30", "92", "良"), False),  # 92 of 110 with execution is 83.6 %
    ("P11", out_of("30", "92", "优"), False),
    ("P11", out_of("30", "92", "中"), True),
    ("P11", out_of("30", "99", "良"), True),
    ("P11", out_of("30", "98.99", "良"), False),
    ("P11", out_of("10", "92", "良"), True),
    ("P11", out_of("10", "89.99", "优"), True),
    ("P11", out_of("10", "90", "优"), False),
    # the score of execution: 8 of 10 by the adjusted budget, 5 by the opening one, and 5 % of the points beside
    *(("P03", scored(score), score in ("10", "8.51", "7.49")) for score in ("10", "8.51", "8.5", "7.5", "7.49")),
    *(("P03", scored(score), score in ("5.51", "4.49", "0")) for score in ("5.51", "5.5", "4.5", "4.49", "0")),
    *(("P03", scored(score, "1"), score == "0.91") for score in ("0.91", "0.9")),
    ("P03", scored("10", executed="1200"), False),  # more than all is all
    ("P03", scored("9.4", executed="1200"), True),
    ("P03", scored("10", executed=""), False),
    ("P03", scored("12"), False),
    ("P06", scored("12"), True),
    ("P06", scored("10.01"), True),
    ("P06", scored("10"), False),
    ("P06", spent(("部门整体支出", "", "1600", "1000", "800"), ("当年财政拨款", "", "", "", "", "10", "8")), False),
    (
        "P03",
        spent(("部门整体支出", "", "1600", "1000", "800"), ("当年财政拨款", "", "700", "700", "700", "10", "8")),
        False,
    ),
    (
        "P03",
        spent(("部门整体支出", "", "1600", "1000", "800"), ("当年财政拨款", "", "700", "700", "700", "10", "10")),
        False,
    ),
    (
        "P03",
        spent(("部门整体支出", "", "1600", "1000", "800"), ("当年财政拨款", "", "700", "700", "700", "10", "9")),
        True,
    ),
    # a survey that cannot be
    ("E03", asked(100, 101), True),
    ("E03", asked(100, 101, "社区商户满意度"), True),
    ("E03", lambda: office({PLEASED: {"actual": "100%"}}, surveys=(Survey(PLEASED, 100, 100),)), False),
]


@pytest.mark.parametrize(("code", "make", "found"), HELD, ids=[f"{code}-{at}" for at, (code, _, _) in enumerate(HELD)])
def test_a_rule_says_what_the_data_allow(code: str, make: Office, found: bool) -> None:
    facts = findings(make(), select=[code])["fact"].to_list()
    assert bool(facts) == found, facts


FACTS = [
    (
        "P03",
        level(PARTLY, "8.5"),
        "目标明显改善，完成部分达成年度指标并具有一定效果，部分完成的定性指标得分应低于分值的80%（8分），自评8.5分",
    ),
    (
        "P03",
        level(MISSED, "6"),
        "目标明显改善，完成未达成年度指标且效果较差，未完成的定性指标得分应低于分值的60%（6分），自评6分",
    ),
    ("P11", out_of("30", "92", "中"), "自评得分92分，按90、80、60分档应为“优”或“良”（按得分率），申报为“中”"),
    ("P11", out_of("10", "92", "良"), "自评得分92分，按90、80、60分档应为“优”，申报为“良”"),
    ("P03", scored("9"), "预算执行：10×80.00%＝8.00分，自评9分"),
    ("P06", scored("10.5"), "预算执行：分值10分，自评10.5分"),
    ("E03", asked(100, 101), "满意101人多于调查100人，满意度无法计算"),
    ("C10", cell(MENDED, narrative="全部20处中有5处未整改"), "20处中5处未完成，完成率应为75%，完成值为90%"),
    ("A05", cell(TRAINED, actual="800人"), "目标是≥24场，完成值是800人，单位不能换算"),
    (
        "A03",
        cell(TRAINED, actual="前期24场，后期20场"),
        "目标是≥24场，完成值“前期24场，后期20场”里的数没有一个看得出是完成值",
    ),
    ("A03", cell(TRAINED, actual="按计划举办"), "目标是≥24场，完成值“按计划举办”没有数"),
    ("D06", said(problems=(Issue("窗口力量不足"),)), "目标≥95%，完成90%（未完成），所列1条问题没有一条写明这项指标"),
]


@pytest.mark.parametrize(("code", "make", "fact"), FACTS, ids=[f"{code}-{at}" for at, (code, _, _) in enumerate(FACTS)])
def test_a_fact_says_it_exactly(code: str, make: Office, fact: str) -> None:
    assert findings(make(), select=[code])["fact"].to_list() == [fact]


def test_a_total_of_several_forms_has_the_grade_of_its_share() -> None:
    doubled = {row[4]: {"weight": str(int(row[7]) * 2)} for row in ROWS}  # 180 points in two goals
    assert findings(office(doubled, declared_score=Decimal(153), declared_grade="良"), select=["P11"]).empty
    assert len(findings(office(doubled, declared_score=Decimal(153), declared_grade="中"), select=["P11"]))
