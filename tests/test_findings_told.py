"""What the rules of the findings say where they say it in another way: each sentence whole, as a reader judged it.

The usual sentence of each rule stands with its cases in ``test_findings_rules`` and at its limits in
``test_findings_limits``; here are the others: nothing in a cell, said once of all, another unit, another source.
"""

from decimal import Decimal

import pytest
from findings_office import (
    BUDGET_ROWS,
    COST,
    COUNT,
    FIRST,
    KNOWN,
    MENDED,
    ON_TIME,
    PLEASED,
    ROWS,
    SAFE,
    SECOND,
    TOLD,
    TRAINED,
    UNSCORED,
    WAIT,
    Office,
    added,
    as_told,
    cell,
    judged,
    office,
    said,
    spent,
)
from test_findings_limits import LIMITS
from test_findings_rules import CASES, HIDDEN

from perfeval.analysis.findings import findings
from perfeval.analysis.findings.years import beside
from perfeval.model.schema import Issue, Survey

ALL = [row[4] for row in ROWS]
TOTAL = BUDGET_ROWS[0]
REFUSED = "产权单位不同意进场施工"


def every(**values: str) -> Office:
    return lambda: office(every=values)


def without(column: str, **values: str) -> Office:
    """A form without a column, nothing of which is filled."""
    return lambda: office(every={column: ""} | values, without=(column,))


def before(name: str, **values: str) -> Office:
    """The clean office beside itself the year before, when one row was another."""
    return lambda: beside(office({name: values}).indicators.assign(year=2021), office())


def missed(*names: str, **values: str) -> Office:
    """Rows that reach a share of what is asked, with these cells; without points."""
    return lambda: office({name: {"actual": "50%"} | values for name in names}, every=UNSCORED, declared_score=None)


def twin(**values: str) -> dict[str, str]:
    """The training once more, under the other goal."""
    return {"goal_no": "1", "goal": FIRST, "indicator": TRAINED, "target": "≥24场", "actual": "25场"} | values


def execution(weight: float, score: float, *rows: tuple[str, ...]) -> Office:
    """An office whose execution row prints points and score."""
    return lambda: office(budget=list(rows) or BUDGET_ROWS, execution_points=(weight, score))


def goal(name: str, number: str, *rows: tuple[str, str]) -> list[dict[str, str]]:
    """Rows of a goal: category and name each."""
    return [{"goal_no": number, "goal": name, "category": category, "indicator": row} for category, row in rows]


def only(*rows: dict[str, str], **told: object) -> Office:
    """An office of these rows alone."""
    told = {"surveys": (), "key_tasks": (), "declared_score": None} | told
    return lambda: office(drop=ALL, add=list(rows), every=UNSCORED, **told)


CASE: dict[str, tuple[str, Office]] = {
    # targets
    "words that should be a number": ("T01", cell(COUNT, target="逐步增加", actual="逐步增加")),
    "words for satisfaction": ("T01", cell(SAFE, target="比较满意", actual="比较满意")),
    "a sentence of more than 30 characters": ("T01", cell(COUNT, target="按照上级要求和群众需要" * 3, actual="1260件")),
    "no row has a target": ("T04", every(target="")),
    "a form without targets": ("T04", without("target")),
    "a dash for a target": ("T04", cell(TRAINED, target="—")),
    "four rows without": ("T04", lambda: office({name: {"target": ""} for name in (TRAINED, COUNT, WAIT, KNOWN)})),
    "a count under a rate": ("T05", cell(MENDED, target="≥24场", actual="25场")),
    "a word for a share under an assessment": (
        "T07",
        added({"indicator": "社区工作者考核", "target": "100%合格", "actual": "100%合格"}),
    ),
    "more of what is bad": ("T08", added({"indicator": "重复投诉率", "target": "≥5%", "actual": "6%"})),
    "a cost outside its category": ("T08", added({"indicator": "大厅改造费用", "target": "≥5万元", "actual": "6万元"})),
    "a cost by its subcategory": (
        "T08",
        added({"indicator": "大厅改造", "subcategory": "经济成本", "target": "≥5万元", "actual": "6万元"}),
    ),
    "a cost that may rise": ("T14", before(COST, target="≤40万元", actual="39万元")),
    "a rate that may fall": ("T14", before(KNOWN, target="≥90%", actual="70%")),
    # actuals
    "part of a name": ("A02", added({"indicator": "应急演练组织", "target": "完成", "actual": "组织应急"})),
    "no row has an actual": ("A04", every(actual="", reason="")),
    "a form without actuals": ("A04", without("actual", reason="")),
    "a dash for an actual": ("A04", cell(TRAINED, actual="—", declared_score="9")),
    "nothing, declared as met": (
        "A04",
        added({"indicator": "台账管理次数", "target": "≥5次", "actual": "", "declared_met": "完成"}),
    ),
    "neither target nor actual": ("A04", added({"indicator": "台账管理次数", "target": "", "actual": ""})),
    "counts of two kinds": ("A05", cell(TRAINED, target="≥24场", actual="25人")),
    "full marks for the worst": (
        "A09",
        lambda: office({KNOWN: {"indicator": "赴省重访率", "target": "完成", "actual": "100%"}}),
    ),
    "a changed yardstick in the actual": ("A11", cell(TRAINED, actual="25场，下半年考核目标调整")),
    "its own sentence alone": ("A11", cell(TRAINED, narrative="每月两场以上；下半年考核目标调整。按季统计")),
    "twenty times a rate": ("A12", added({"indicator": "新技术应用率", "target": "≥1%", "actual": "20%"})),
    "just over ten times a rate": ("A12", added({"indicator": "新技术应用率", "target": "≥1%", "actual": "10.01%"})),
    "less than a hundredth of a rate": (
        "A12",
        added({"indicator": "新技术应用率", "target": "≥100%", "actual": "0.99%"}),
    ),
    # consistency
    "counted twice in the same words": (
        "C04",
        lambda: office(
            {TRAINED: {"narrative": "按月组织消防安全培训"}},
            add=[twin(narrative="按月组织消防安全培训")],
            every=UNSCORED,
            declared_score=None,
        ),
    ),
    "counted twice in the same few words": (
        "C04",
        lambda: office(
            {TRAINED: {"narrative": "按月组织培训"}},
            add=[twin(narrative="按月组织培训")],
            every=UNSCORED,
            declared_score=None,
        ),
    ),
    **{
        f"a name written in two ways, {code}": (
            code,
            lambda category=category, target=target, actual=actual: office(
                add=[
                    {"indicator": "灯柱数量", "target": "≥10根", "actual": "11根"},
                    {
                        "goal_no": "1",
                        "goal": FIRST,
                        "category": category,
                        "indicator": "灯柱数量（新）",
                        "target": target,
                        "actual": actual,
                    },
                ],
                every=UNSCORED,
                declared_score=None,
            ),
        )
        for code, category, target, actual in (
            ("C01", "产出", "≥10根", "9根"),
            ("C02", "产出", "≥11根", "11根"),
            ("C03", "效益", "≥10根", "11根"),
            ("C04", "产出", "≥10根", "11根"),
        )
    },
    "words of two verdicts": (
        "C01",
        added(
            {"indicator": "灯柱养护", "target": "良好", "actual": "良好"},
            {"indicator": "灯柱养护", "target": "良好", "actual": "较差", "goal_no": "1", "goal": FIRST},
        ),
    ),
    "rows without goals": (
        "C02",
        only(
            {"goal_no": "", "goal": "", "indicator": "灯柱数量", "target": "≥10场", "actual": "11场"},
            {"goal_no": "", "goal": "", "category": "效益", "indicator": "灯柱数量", "target": "", "actual": "11场"},
        ),
    ),
    "another's text word for word": (
        "C06",
        lambda: office({name: {"narrative": "受理便民事项的件数比上年增加"} for name in (COUNT, KNOWN)}),
    ),
    "what is left of a whole": (
        "C10",
        cell(MENDED, actual="90%", declared_score="9.47", narrative="20处隐患中有1处未完成整改"),
    ),
    "what is left of a whole, at its precision": (
        "C10",
        cell(MENDED, actual="66.6%", declared_score="7.01", narrative="3处中1处未完成整改"),
    ),
    "what is left in the reason": (
        "C10",
        cell(MENDED, actual="70%", declared_score="7.37", narrative="", reason="还有2处隐患未整改，产权单位不同意"),
    ),
    # deviations
    "a dash for a reason": ("D01", cell(MENDED, reason="—")),
    "a form without reasons": ("D01", missed(MENDED, ON_TIME, reason="")),
    "no column for reasons, told once": (
        "D01",
        lambda: office(
            {MENDED: {"actual": "50%"}, KNOWN: {"actual": "50%"}},
            every={"reason": "", **UNSCORED},
            without=("reason",),
            problems=(),
            measures=(),
            declared_score=None,
        ),
    ),
    "one empty reason for two": ("D02", missed(MENDED, KNOWN, reason="未完成目标")),
    "it says that it says no reason": ("D02", cell(MENDED, reason="原因不明，待查")),
    "a target of nothing": (
        "D02",
        added({"indicator": "台账管理率", "target": "", "actual": "", "reason": "未完成目标"}),
    ),
    "money for a measure": (
        "D03",
        lambda: office({MENDED: {"measure": "补足资金缺口"}}, budget=[("部门整体支出", "", "1000", "1000", "1000")]),
    ),
    "the name for a target": ("D04", added({"indicator": "夜间巡逻100次", "target": "", "actual": "150次"})),
    "two that are missed": (
        "D07",
        lambda: office(
            {name: {"actual": "50%", "declared_score": ""} for name in (MENDED, KNOWN)}, problems=(Issue("无"),)
        ),
    ),
    # evidence
    "words for satisfaction without a survey": (
        "E01",
        lambda: office({PLEASED: {"actual": "满意", "evidence": "", "narrative": ""}}, surveys=()),
    ),
    "few asked, nobody knows how satisfied": ("E02", said(surveys=(Survey(PLEASED, 29, None),))),
    "few asked of what is not in the table": ("E02", said(surveys=(Survey("商户满意度", 29, 20),))),
    "more satisfied than asked": ("E03", said(surveys=(Survey("商户满意度", 100, 101),))),
    "no evidence, some without a number": (
        "E05",
        lambda: office({WAIT: {"actual": "明显缩短"}}, every={"evidence": ""}, surveys=()),
    ),
    # structure
    "a document without benefits": ("S02", lambda: office(drop=[WAIT, KNOWN], every=UNSCORED)),
    "a document with outputs alone": ("S02", lambda: office(drop=[WAIT, KNOWN, PLEASED, SAFE, COST], every=UNSCORED)),
    "a document of one goal without outputs": ("S02", only(*goal(SECOND, "2", ("效益", "居民知晓率")))),
    "a document without satisfaction": ("S03", lambda: office(drop=[PLEASED, SAFE], every=UNSCORED, surveys=())),
    "a form without subcategories": ("S05", without("subcategory")),
    "no satisfaction filed as one": ("S06", cell(SAFE, indicator="居民参与人数")),
    "work filed as a benefit": ("S07", cell(WAIT, indicator="宣传培训场次", target="≥5场", actual="6场")),
    "goals named after people": (
        "S09",
        only(
            *goal("便民经费", "1", ("产出", "巡逻次数")),
            *goal("社区工作者", "2", ("产出", "走访次数")),
            *goal("协管员", "3", ("产出", "检查次数")),
        ),
    ),
    # scores
    "points of a goal": ("P01", only(*({**row, "weight": "30"} for row in goal(FIRST, "1", ("产出", "巡逻次数"))))),
    "execution scored by nothing": ("P03", execution(10, 8)),
    "execution with more than there is": ("P06", execution(10, 10.01)),
    "no actual, a reason, full marks": ("P04", cell(KNOWN, actual="", reason="测试机构未到位", measure="补测")),
    "a grade of half a form": (
        "P11",
        lambda: office(every=UNSCORED, budget=[], declared_score=Decimal("76"), declared_grade="差"),
    ),
    "a total that no rule gives": ("P08", lambda: office(every=UNSCORED, declared_score=Decimal("76.5"))),
    # money
    "sums of nothing": ("M01", spent(("部门整体支出", "", "0", "0", "0"), *BUDGET_ROWS[1:3])),
    "two columns of a sum": ("M01", spent(TOTAL, *BUDGET_ROWS[1:2], ("项目支出", "", "440", "500", "430"))),
    "more than the opening budget": ("M05", spent(("部门整体支出", "", "1200", "", "1251"))),
    "a low rate of the opening budget": ("M06", spent(("部门整体支出", "", "1200", "", "1000"))),
    "nothing to divide by": ("M08", spent(("部门整体支出", "", "0", "0", "0"))),
    "no budget at all": ("M08", spent()),
    # texts
    "all of one kind": (
        "X01",
        said(problems=(Issue("多数项目只设效益指标"), Issue("多数项目只设产出指标"), Issue("效益指标过多"))),
    ),
    "claims of targets": (
        "X01",
        lambda: office({COUNT: {"target": "完成"}}, problems=(Issue("指标均已量化"), Issue("精简预算执行类指标"))),
    ),
    "two claims in one sentence": (
        "X01",
        lambda: office({COUNT: {"target": "完成"}}, summary=("指标均已量化，所有指标均已完成",)),
    ),
    "a hint in a text": ("X03", said(summary=("此处填写主要成绩" + "的说明" * 20,))),
    "a hint in a row": ("X03", cell(COUNT, narrative="请填写" + "说明" * 20)),
    "a stand-in": ("X03", cell(COUNT, narrative="完成**件")),
    "misspelt in a text": ("X04", said(summary=("窗口台帐齐全",))),
    "another office in a row": ("X05", cell(COUNT, narrative="由邻水街道办事处转办")),
    "two other offices in a text": ("X05", said(summary=("邻水街道办事处和远山镇人民政府参加",))),
}


@pytest.mark.parametrize("case", CASE)
def test_a_rule_says_it_as_a_reader_judged(case: str) -> None:
    code, make = CASE[case]
    assert as_told(case, findings(make(), select=[code])) == judged(case)


def test_no_sentence_is_judged_that_no_test_asks_for() -> None:
    hidden = {" ".join(case) for case in HIDDEN}
    limits = {f"{limit} {at}" for limit, cases in LIMITS.items() for at in range(len(cases))}
    assert {row["case"] for row in TOLD} <= {*CASES, *CASE, *hidden, *limits}
    assert set(CASE) <= {row["case"] for row in TOLD}, "a rule is silent"
