"""The official report as a Word document: its outline, the headings of its tables, and the mark it is known by.

What is written by :mod:`perfeval.deliver.word` is read back by :mod:`perfeval.ingest.wordreport`. Each fact has one
place that counts: budget and indicators the tables of annex 1, everything said in words its section of the text. All
else in the report follows from these and is not read.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from perfeval.model.schema import INDICATORS, REVIEWED

MARK = "perfeval自评报告（第1版）"
"""Stands over the tables of annex 1; by it the importer knows the report."""
NOTE = (
    f"本报告按{MARK}的格式写成，修改后可以重新导入：预算和指标以附表1至附表4为准，总分、问题、措施等文字以正文各节为准；"
    "正文中由附表算出的语句导入时不读。"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the report."""

    level: int
    """1 一、 2 （一） 3 1． 4 （1）; 0 for an annex, which is not numbered."""
    text: str
    reads: str = ""
    """What the importer takes from the text below it; empty where it takes nothing."""


CONCLUSION = Heading(1, "自评结论")
SCORE = Heading(2, "部门整体绩效自评得分", "score")
COMPLETION = Heading(2, "部门整体绩效目标完成情况")
EXECUTION = Heading(3, "执行率情况")
MET = Heading(3, "完成的绩效目标")
MET_GOALS = Heading(4, "各目标完成情况")
SUMMARY = Heading(4, "主要工作成效", "summary")
UNMET = Heading(3, "未完成的绩效目标")
PROBLEMS = Heading(2, "存在的问题和原因", "problems")
NEXT = Heading(2, "下一步改进措施")
MEASURES = Heading(3, "改进措施", "measures")
LINKAGE = Heading(3, "拟与预算安排相结合情况", "budget_linkage")
SUPPORT = Heading(1, "佐证材料")
BASICS = Heading(2, "基本情况")
SPENDING_TASKS = Heading(3, "部门支出情况以及当年重点工作")
SPENDING = Heading(4, "部门支出情况")
TASKS = Heading(4, "当年重点工作", "key_tasks")
GOALS = Heading(3, "年度部门整体绩效目标")
WORK = Heading(2, "部门自评工作开展情况")
ORGANISATION = Heading(3, "依据和组织", "organisation")
STAGES = Heading(3, "工作阶段", "stages")
ANALYSIS = Heading(2, "绩效目标完成情况分析")
MONEY_ANALYSIS = Heading(3, "预算执行情况分析")
GOAL_ANALYSIS = Heading(3, "各项绩效指标完成情况")
LAST_YEAR = Heading(2, "上年度部门整体自评结果应用情况", "last_year")
EVIDENCE = Heading(2, "其他佐证材料", "evidence")
ANNEX_DATA = Heading(0, "附件1　自评数据表")
ANNEX_SCORES = Heading(0, "附件2　计分说明")
BASIS = Heading(0, "数据来源和计分依据", "sources")
HEADINGS = (
    CONCLUSION, SCORE, COMPLETION, EXECUTION, MET, MET_GOALS, SUMMARY, UNMET, PROBLEMS, NEXT, MEASURES, LINKAGE,
    SUPPORT, BASICS, SPENDING_TASKS, SPENDING, TASKS, GOALS, WORK, ORGANISATION, STAGES, ANALYSIS, MONEY_ANALYSIS,
    GOAL_ANALYSIS, LAST_YEAR, EVIDENCE, ANNEX_DATA, ANNEX_SCORES, BASIS,
)  # fmt: skip
"""In the order of the report."""

NOTHING = "无。"
"""How a section begins that has nothing: ``无。文件没有列出重点工作。``"""
SOURCE, NOTICE, CAUSE, REMEDY = "数据出处：", "依据：", "原因：", "措施："
"""What stands before a data source, before the notice that asked for the evaluation, before a cause, and a measure."""
BLANK = "【请填写】"
"""Where a person is to write the reason or measure of an indicator that was not met."""
UNSTATED = ("未说明", BLANK)
"""What stands there where there is none."""

# ---- tables of annex 1, by their captions
OFFICE_TABLE, BUDGET_TABLE, INDICATOR_TABLE, DETAIL_TABLE = (
    "附表1　单位和年度",
    "附表2　预算执行情况（万元）",
    "附表3　绩效指标完成情况",
    "附表4　绩效指标说明",
)
TABLES = (OFFICE_TABLE, BUDGET_TABLE, INDICATOR_TABLE, DETAIL_TABLE)
FIGURE = re.compile(r"图[0-9]+\s")
"""How the caption of a figure begins; it is not part of the section it stands in."""
UNIT, YEAR, TITLE = "单位名称", "年度", "报告名称"
"""Headings of the first table."""
NUMBER = "序号"
"""Heading of the column that ties the rows of the two indicator tables together."""
RATE, VERDICT, RECOMPUTED = "执行率", "判定", "复算得分"
COMPUTED = (RATE, VERDICT, RECOMPUTED)
"""Headings of columns that follow from the others; they are not read."""
DETAILS = ("reason", "measure", "narrative", "evidence", *REVIEWED, "source")
"""Columns of the indicators that stand in the table of long texts."""
GOAL_COLUMNS = ("goal_no", "goal")
"""Columns that stand in a row of their own over the indicators of a goal."""
INDICATOR_COLUMNS = tuple(name for name in INDICATORS.names if name not in (*DETAILS, *GOAL_COLUMNS))
GOAL_ROW = re.compile(r"目标(?P<number>[0-9]*)")
"""First cell of such a row: ``目标4``, or ``目标`` for one without a number; its name stands in the second."""

HAN = "一二三四五六七八九十"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
ITEM = re.compile(rf"[0-9]{{1,3}}．|（[0-9]{{1,3}}）|[{CIRCLED}]")
"""The number before an entry of a list."""
SECTION = re.compile(rf"[{HAN}]{{1,3}}、|（[{HAN}]{{1,3}}）|{ITEM.pattern}")
"""The number before a heading."""


FINGERPRINTS = "urn:perfeval:paragraphs"
"""Namespace of the part of the file that holds the fingerprints of its paragraphs, as they were written."""


def fingerprint(text: str) -> str:
    """What tells a paragraph from every other, whatever its number and spaces."""
    bare = re.sub(r"\s", "", SECTION.sub("", text.strip(), count=1))
    return hashlib.sha256(bare.encode()).hexdigest()[:12]


def fingerprints(texts: Iterable[str]) -> str:
    """Of all paragraphs, as the part of the file holds them."""
    return " ".join(sorted({fingerprint(text) for text in texts if text.strip()}))


def numbered(level: int, number: int) -> str:
    """The number of a heading or of an entry of a list: 一、 （一） 1． （1） ① by level, from 1."""
    if level <= 2:  # noqa: PLR2004  # Chinese numerals
        tens, ones = divmod(number, 10)
        said = ("" if tens < 2 else HAN[tens - 1]) + ("十" if tens else "") + (HAN[ones - 1] if ones else "")  # noqa: PLR2004
        return f"{said}、" if level == 1 else f"（{said}）"
    circled = level > 4 and number <= len(CIRCLED)  # noqa: PLR2004  # levels 1． and （1） come before it
    return f"{number}．" if level == 3 else CIRCLED[number - 1] if circled else f"（{number}）"  # noqa: PLR2004
