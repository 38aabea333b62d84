"""A small evaluation written by hand: a fictional office, 8 indicators over 3 goals, one of each verdict.

Every figure can be checked in the head: outputs 4 × 10 points, outcomes and satisfaction 4 × 10, execution 20.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.completion import completion as counted
from perfeval.model.errors import NOTE, WARNING, Problem
from perfeval.model.reading import read_pair
from perfeval.model.results import Completion, Evaluation, Execution, Score
from perfeval.model.ruleset import Block, Level, RuleSet
from perfeval.model.schema import Issue, Narrative, Stage, Survey

NAN = float("nan")

RULES = RuleSet(
    name="hubei",
    title="湖北（执行20 · 产出40 · 效益与满意度40）",
    source="自评表填报说明",
    deviations="块内均分",
    execution=Decimal(20),
    blocks=(Block("产出", Decimal(40), ("产出", "成本")), Block("效益和满意度", Decimal(40), ("效益", "满意度"))),
    positive="B/A",
    reverse="A/B",
    levels={"部分完成": Level(Decimal("0.5"), Decimal("0.8"), Decimal("0.65"))},
    row_places=4,
    total_places=2,
    grades=(("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))),
)

GOALS = {1: "便民服务", 2: "环境治理", 3: "平安建设"}

# goal_no, category, indicator, target, actual, attainment, computed status, printed status, basis, score, strict score
ROWS = [
    (1, "产出", "受理便民事项", "≥1,200件", "1,260件", 1.05, "完成", "完成", "computed", 10, 10),
    (1, "产出", "窗口人员培训", "完成", "组织了培训", NAN, "无法判定", "完成", "declared", 10, 0),
    (
        1,
        "产出",
        "政务公开",
        "及时公开",
        "部分达成预期指标并具有一定效果",
        NAN,
        "部分完成",
        "部分完成",
        "computed",
        6.5,
        6.5,
    ),
    (2, "产出", "背街小巷整治", "20条", "15条", 0.75, "未完成", "未完成", "computed", 7.5, 7.5),
    (2, "效益", "垃圾及时清运率", "96%", "97%", 97 / 96, "完成", "完成", "computed", 10, 10),
    (3, "效益", "隐患整改率95%", "完成", "76%", 0.8, "未完成", "未完成", "computed", 8, 8),
    (3, "满意度", "群众满意度", "≥90%", "93.5%", 93.5 / 90, "完成", "完成", "computed", 10, 10),
    (3, "满意度", "热线回访满意率", "100%", "", NAN, "无法判定", "", "none", 0, 0),
]


def indicators() -> pd.DataFrame:
    """The eight indicator rows with all derived columns."""
    rows = []
    for place, (
        goal_no,
        category,
        name,
        target,
        actual,
        attainment,
        computed,
        printed,
        basis,
        score,
        strict,
    ) in enumerate(ROWS):
        in_name = name.endswith("95%")
        rows.append(
            {
                "subdistrict": "shili",
                "year": 2022,
                "goal_no": goal_no,
                "goal": GOALS[goal_no],
                "category": category,
                "subcategory": "",
                "indicator": name,
                "target": target,
                "actual": actual,
                "unit": "",
                "weight": None,
                "declared_score": None,
                "declared_met": {"完成": "完成年初目标", "未完成": "未完成年初目标"}.get(printed, printed),
                "reason": "3条涉及产权纠纷\n2条在下年实施" if name == "背街小巷整治" else "",
                "measure": "协调产权单位，2023年6月底前完成" if name == "背街小巷整治" else "",
                "evidence": "",
                "narrative": f"2022年{name}情况说明",
                "source": f"自评报告第{place + 10}行",
                "file": "data/shili/2022/indicators.csv",
                "row": place + 2,
                "target_read": "＝95%" if in_name else target,
                "actual_read": actual or "未填",
                "target_from": "指标名称" if in_name else "单元格",
                "direction": "正向",
                "direction_why": "名称以“率”结尾，越高越好",
                "attainment": attainment,
                "attainment_why": "实际值÷目标值" if attainment > 0 else "目标“完成”没有可比的数",
                "computed_status": computed,
                "declared_status": printed,
                "status": computed if basis == "computed" else printed or "无法判定",
                "basis": basis,
                "reading": read_pair(name, target, actual),
                "points": 10.0,
                "score": float(score),
                "lost": 10.0 - score,
                "derivation": f"{name}得{score}分",
                "strict_score": float(strict),
                "strict_derivation": f"{name}得{strict}分",
            }
        )
    return pd.DataFrame(rows)


def completion() -> Completion:
    """What the eight rows come to."""
    return counted(indicators())


ITEM_COLUMNS = [
    "item",
    "goal_no",
    "role",
    "opening",
    "adjusted",
    "executed",
    "rate_opening",
    "rate_adjusted",
    "rate",
    "denominator",
    "unspent",
    "file",
    "row",
]


def execution() -> Execution:
    """1,190.00 of 1,250.00 万元."""
    file = "data/shili/2022/budget.csv"
    items = [
        (
            "部门整体支出",
            pd.NA,
            "total",
            1200.0,
            1250.0,
            1190.0,
            1190 / 1200,
            0.952,
            0.952,
            "全年预算数",
            60.0,
            file,
            2,
        ),
        ("基本支出", pd.NA, "half", 750.0, 750.0, 750.0, 1.0, 1.0, 1.0, "全年预算数", 0.0, file, 3),
        ("项目支出", pd.NA, "half", 450.0, 500.0, 440.0, 440 / 450, 0.88, 0.88, "全年预算数", 60.0, file, 4),
    ]
    identities = pd.DataFrame(
        [("基本支出＋项目支出＝部门整体支出（全年预算数）", 1250.0, 1250.0, 0.0, True)],
        columns=["identity", "left", "right", "difference", "holds"],
    )
    return Execution(pd.DataFrame(items, columns=ITEM_COLUMNS), 0.952, 1250.0, 1190.0, "全年预算数", identities)


def no_execution() -> Execution:
    """A document without a budget."""
    return Execution(
        pd.DataFrame(columns=ITEM_COLUMNS),
        None,
        None,
        None,
        "",
        pd.DataFrame(columns=["identity", "left", "right", "difference", "holds"]),
        "没有列出预算数，执行率无法计算",
    )


NARRATIVE = Narrative(
    title="2022年度示例街道办事处部门整体绩效自评结果",
    declared_score=Decimal("81.0"),
    basis="财绩〔2023〕1号通知",
    summary=("新建便民服务点2处",),
    key_tasks=("老旧小区改造", "基层治理"),
    problems=(Issue("部分指标未量化", "编制时没有设数值"), Issue("整治进度滞后")),
    measures=("补设数量指标",),
    budget_linkage=("结果用于下年预算编制",),
    stages=(
        Stage("准备", "2023-06-05", "2023-06-09", ("成立小组", "制定方案")),
        Stage("分析", "2023-06-12", "2023-06-30"),
        Stage("提交报告", "", "2023-07-15"),
    ),
    organisation=("成立自评工作小组",),
    surveys=(Survey("群众满意度", 200, 187, "2022-12-05", "入户问卷"),),
    last_year=("增设两个目标",),
    sources=("示例文件",),
)

PROBLEMS = (
    Problem(
        "W201",
        "同一指标在两个目标下的数值不同",
        "核对后改正",
        WARNING,
        "data/shili/2022/indicators.csv",
        "",
        7,
        "actual（实际完成值）",
        "76%",
    ),
    Problem(
        "N301",
        "目标值“完成”不可衡量",
        "改用数值",
        NOTE,
        "data/shili/2022/indicators.csv",
        "",
        3,
        "target（年度指标值）",
        "完成",
    ),
)


def evaluation(**changes: Any) -> Evaluation:
    """The example; any field can be replaced."""
    alternatives = pd.DataFrame(
        [
            ("flat", "均分（执行20 · 其余80由全部指标均分）", 81.04, 71.04, 0.0, 100.0, "良", True, "81.0"),
            ("hubei", RULES.title, 81.04, 71.04, 0.0, 100.0, "良", True, "81.0"),
            (
                "mof2020",
                "财政部2020（执行10 · 产出50 · 效益30 · 满意度10）",
                84.02,
                71.52,
                0.0,
                100.0,
                "良",
                False,
                "81.0",
            ),
        ],
        columns=["ruleset", "title", "declared", "strict", "undecided", "possible", "grade", "reproduces", "printed"],
    ).sort_values("declared", ascending=False, kind="stable", ignore_index=True)
    result = Evaluation(
        subdistrict="shili",
        name="示例街道办事处",
        district="示例区",
        city="示例市",
        year=2022,
        ruleset=RULES,
        execution=execution(),
        completion=completion(),
        indicators=indicators(),
        scores={
            "declared": Score("hubei", RULES.title, "declared", 19.04, 62.0, 81.04, 100.0, "良"),
            "strict": Score("hubei", RULES.title, "strict", 19.04, 52.0, 71.04, 100.0, "中"),
        },
        alternatives=alternatives,
        narrative=NARRATIVE,
        declared_score=81.0,
        provenance=pd.DataFrame(
            [("data/shili/2022/indicators.csv", 8, "ab" * 32), ("data/shili/2022/budget.csv", 3, "cd" * 32)],
            columns=["file", "rows", "sha256"],
        ),
        problems=PROBLEMS,
        version="0.1.0",
        notes=("块内各项均分",),
    )
    return replace(result, **changes)


def empty() -> Evaluation:
    """An office of which nothing is on file but its name."""
    score = Score("hubei", RULES.title, "declared", 0.0, None, None, 20.0, "")
    return evaluation(
        execution=no_execution(),
        completion=counted(indicators().head(0)),
        indicators=indicators().head(0),
        narrative=Narrative(),
        declared_score=None,
        scores={"declared": score, "strict": replace(score, basis="strict")},
        problems=(),
        notes=(),
        alternatives=evaluation().alternatives.assign(
            declared=NAN, strict=NAN, undecided=NAN, grade="", reproduces=None, printed=""
        ),
        provenance=pd.DataFrame(columns=["file", "rows", "sha256"]),
    )


HOSTILE = "<script>alert('x')</script>&\"甲\"\n乙 $a_1$ =1+1"
"""A name as no one should write it."""


def hostile(text: str = HOSTILE) -> Evaluation:
    """The example with every text from the data replaced by a hostile one."""
    base = evaluation()
    text_columns = [
        "goal",
        "indicator",
        "target",
        "actual",
        "declared_met",
        "reason",
        "measure",
        "evidence",
        "narrative",
        "source",
        "file",
        "target_read",
        "actual_read",
        "direction",
        "direction_why",
        "attainment_why",
        "derivation",
        "strict_derivation",
        "subcategory",
        "unit",
    ]
    rows = base.indicators.assign(**dict.fromkeys(text_columns, text))
    spent = replace(
        base.execution,
        items=base.execution.items.assign(item=text, file=text, denominator=text),
        identities=base.execution.identities.assign(identity=text),
        denominator=text,
        why=text,
    )
    counted = replace(base.completion, by_goal=base.completion.by_goal.assign(goal=text))
    words = replace(
        NARRATIVE,
        title=text,
        declared_grade=text,
        basis=text,
        summary=(text,),
        key_tasks=(text,),
        problems=(Issue(text, text),),
        measures=(text,),
        budget_linkage=(text,),
        organisation=(text,),
        stages=(
            Stage(text, "2023-06-05", "2023-06-09", (text,)),
            Stage(text, text, text),
            Stage(text, "", "2023-07-01"),
        ),
        surveys=(Survey(text, 1, 1, text, text),),
        last_year=(text,),
        other_evidence=(text,),
        sources=(text,),
    )
    rules = replace(RULES, title=text, source=text, deviations=text, name=text)
    return replace(
        base,
        subdistrict=text,
        name=text,
        district=text,
        city=text,
        ruleset=rules,
        execution=spent,
        completion=counted,
        indicators=rows,
        narrative=words,
        alternatives=base.alternatives.assign(title=text, ruleset=text, grade=text, printed=text),
        provenance=base.provenance.assign(file=text, sha256=text),
        version=text,
        notes=(text,),
        problems=(Problem(text, text, text, text, text, text, 2, text, text),),
    )
