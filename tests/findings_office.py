"""A clean self-evaluation of a fictional office: two goals, weights, numbers, reasons, surveys. Nothing to object to.

Tests change single cells of it and look at what is found. Every figure can be checked by hand: weights 90 + 10, one
indicator missed (90 % of 95 %: 9.47 of 10 points), execution 1,190.00 of 1,250.00 万元 (9.52 points), total 98.99.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

import perfeval as pe
from perfeval.analysis.totals import accounts
from perfeval.ingest.checks import typed
from perfeval.model.data import Data
from perfeval.model.schema import BUDGET, INDICATORS, SUBDISTRICTS, Issue, Narrative, Survey, Table

FIRST, SECOND = "便民服务提质", "平安社区创建"
HEAD = ("goal_no", "goal", "category", "subcategory", "indicator", "target", "actual", "weight", "declared_score")
# The rows of the table in order; tests name them by the indicator.
ROWS = [
    ("1", FIRST, "产出", "数量", "受理便民事项件数", "≥1200件", "1260件", "10", "10"),
    ("1", FIRST, "产出", "质量", "便民事项按期办结率", "≥98%", "98.6%", "10", "10"),
    ("1", FIRST, "产出", "时效", "新服务大厅启用时间", "2022年9月底前", "2022年9月15日", "5", "5"),
    ("1", FIRST, "成本", "经济成本", "服务大厅改造费用", "≤45万元", "44.2万元", "5", "5"),
    ("1", FIRST, "效益", "社会效益", "居民办事平均等候时间", "≤15分钟", "12分钟", "10", "10"),
    ("1", FIRST, "满意度", "服务对象满意度", "办事群众满意度", "≥90%", "93.5%", "5", "5"),
    ("2", SECOND, "产出", "数量", "消防安全培训场次", "≥24场", "25场", "10", "10"),
    ("2", SECOND, "产出", "质量", "消防隐患整治率", "≥95%", "90%", "10", "9.47"),
    ("2", SECOND, "产出", "时效", "隐患交办及时率", "≥90%", "92%", "5", "5"),
    ("2", SECOND, "效益", "社会效益", "居民消防知识知晓率", "≥80%", "84%", "15", "15"),
    ("2", SECOND, "满意度", "服务对象满意度", "居民安全感满意度", "≥85%", "88.25%", "5", "5"),
]
COUNT, ON_TIME, OPENED, COST, WAIT, PLEASED = (row[4] for row in ROWS[:6])
TRAINED, MENDED, HANDED, KNOWN, SAFE = (row[4] for row in ROWS[6:])
UNSCORED = {"weight": "", "declared_score": ""}
Office = Callable[[], pe.Evaluation]
TEXTS = {
    "受理便民事项件数": {"evidence": "便民平台年报", "narrative": "全年线上线下受理"},
    "便民事项按期办结率": {"evidence": "便民平台年报", "narrative": "1242件按期办结"},
    "新服务大厅启用时间": {"evidence": "启用公告", "narrative": "九月中旬启用"},
    "服务大厅改造费用": {"evidence": "结算审核单", "narrative": "结算金额低于概算"},
    "居民办事平均等候时间": {"evidence": "叫号系统统计", "narrative": "较上年缩短"},
    "办事群众满意度": {"evidence": "问卷汇总表", "narrative": "窗口随机发放问卷"},
    "消防安全培训场次": {"evidence": "培训签到册", "narrative": "每月两场以上"},
    "消防隐患整治率": {
        "reason": "产权单位不同意进场施工",
        "measure": "2023年6月底前督促施工",
        "evidence": "隐患台账",
        "narrative": "排查20处，其中2处未整改",
    },
    "隐患交办及时率": {"evidence": "交办单", "narrative": "以交办单时间计算"},
    "居民消防知识知晓率": {"evidence": "抽样测试报告", "narrative": "抽样测试得出"},
    "居民安全感满意度": {"evidence": "问卷汇总表", "narrative": "入户问卷"},
}
ADDED = {
    "goal_no": "2",
    "goal": SECOND,
    "category": "产出",
    "subcategory": "数量",
    "indicator": "夜间巡逻次数",
    "target": "≥100次",
    "actual": "104次",
    "evidence": "巡逻记录",
    "narrative": "按班次记录",
}
"""What an added row has where the test does not say otherwise."""
BUDGET_ROWS = [
    ("部门整体支出", "", "1200", "1250", "1190"),
    ("基本支出", "", "750", "750", "750"),
    ("项目支出", "", "450", "500", "440"),
    (FIRST, "1", "250", "280", "240"),
    (SECOND, "2", "200", "220", "200"),
]
NARRATIVE = Narrative(
    title="2022年度示例街道办事处部门整体绩效自评",
    declared_score=Decimal("98.99"),
    declared_grade="优",
    summary=("受理便民事项1260件", "新服务大厅启用"),
    key_tasks=("便民服务大厅改造", "平安社区创建"),
    problems=(Issue("消防隐患整治率90%，没有达到95%", "两处隐患的产权单位不同意进场施工"),),
    measures=("2023年6月底前督促产权单位完成两处隐患的施工",),
    surveys=(
        Survey("办事群众满意度", 1000, 935, "2022-12-05", "窗口问卷"),
        Survey("居民安全感满意度", 2000, 1765, "2022-11-20", "入户问卷"),
    ),
)


def office(
    change: dict[str, dict[str, str]] | None = None,
    *,
    add: list[dict[str, str]] | None = None,
    drop: list[str] | None = None,
    every: dict[str, str] | None = None,
    budget: list[tuple[str, ...]] | None = None,
    execution_points: tuple[float, float] | None = None,
    ruleset: Any = "mof2020",
    without: tuple[str, ...] = (),
    **told: Any,
) -> pe.Evaluation:
    """The clean office, evaluated, with cells changed (by indicator), rows added or dropped, every row given the same
    cells, another budget (item, goal_no, opening, adjusted, executed, weight, score), points and score of the execution row,
    another rule set, columns that the document does not have, or other fields of the narrative."""
    rows = [dict(zip(HEAD, row, strict=True)) | TEXTS[row[4]] for row in ROWS]
    known = {row["indicator"] for row in rows}
    assert {*(change or {}), *(drop or [])} <= known, "no such indicator"
    rows = [
        row | (every or {}) | (change or {}).get(row["indicator"], {})
        for row in rows
        if row["indicator"] not in (drop or [])
    ]
    rows += [ADDED | row for row in add or []]
    text = pd.DataFrame([dict.fromkeys(INDICATORS.names, "") | row for row in rows], columns=INDICATORS.names)
    lines = [
        dict.fromkeys(BUDGET.names, "") | dict(zip(BUDGET.names, row, strict=False))
        for row in (BUDGET_ROWS if budget is None else budget)
    ]
    amounts = pd.DataFrame(lines, columns=BUDGET.names)
    place = pd.DataFrame(
        [("shili", "示例街道办事处", "示例区", "示例市", "", "")], columns=SUBDISTRICTS.names, index=[2]
    )
    source = ("shili", 2022, "indicators.csv", len(rows), "0" * 64)
    data = Data(
        budget=_table(amounts, BUDGET),
        indicators=_table(text, INDICATORS),
        subdistricts=typed(place, SUBDISTRICTS, "")[0],
        narratives={("shili", 2022): replace(NARRATIVE, **told)},
        sources=pd.DataFrame([source], columns=["subdistrict", "year", "file", "rows", "sha256"]),
        columns={
            (table.name, "shili", 2022): frozenset(table.names) - frozenset(without) for table in (BUDGET, INDICATORS)
        },
    )
    result = pe.evaluate(data, ruleset)
    if execution_points is None:
        return result
    items = result.execution.items.head(1).assign(weight=execution_points[0], declared_score=execution_points[1])
    scored = replace(result, execution=replace(result.execution, items=items))
    return replace(scored, accounts=accounts(scored))


def _table(text: pd.DataFrame, table: Table) -> pd.DataFrame:
    frame, problems = typed(text.set_axis(range(2, len(text) + 2)), table, f"data/shili/2022/{table.name}.csv")
    assert not problems, problems
    frame.insert(0, "subdistrict", "shili")
    frame.insert(1, "year", 2022)
    return frame


def cell(name: str, /, **values: str) -> Office:
    """The clean office with some cells of one row changed."""
    return lambda: office({name: values})


def added(*rows: dict[str, str], **told: object) -> Office:
    """The clean office, its weights gone, with rows added."""
    return lambda: office(add=list(rows), every=UNSCORED, declared_score=None, **told)


def said(**told: object) -> Office:
    """The clean office with other texts."""
    return lambda: office(**told)


def spent(*rows: tuple[str, ...], **told: object) -> Office:
    """The clean office with another budget."""
    return lambda: office(budget=list(rows), **told)


with (Path(__file__).parent / "golden" / "findings_told.csv").open(encoding="utf-8", newline="") as _file:
    TOLD = list(csv.DictReader(_file))
"""What is found in the offices that tests make, whole: severity, place, confidence and fact, as a reader judged them.

Where a rule says something else on purpose, read the sentence that the test shows and put it there.
"""


def as_told(case: str, found: pd.DataFrame) -> list[dict[str, str]]:
    """Findings as ``TOLD`` has them."""
    shown = found[["severity", "place", "confidence", "fact"]].astype(str)
    return [{"case": case, **{str(name): str(cell) for name, cell in row.items()}} for row in shown.to_dict("records")]


def judged(case: str) -> list[dict[str, str]]:
    """What has to be found in a case."""
    return [row for row in TOLD if row["case"] == case]
