"""The tidy frames that analysts work with, each column described once: what ``pe.columns("rows")`` shows.

Empty frames, dtypes, what lies in the store, headings and number formats of tables, and docs/columns.md all come from
here. Money is 万元, rates and attainment are ratios (1.0 = 100 %), scores are points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from perfeval.model import verdicts
from perfeval.model.errors import ParameterError, nearest
from perfeval.model.schema import CATEGORIES, DIRECTIONS, STATUSES

TEXT, ID, WORD, YEAR, COUNT, MONEY, RATE, POINTS, NUMBER, SHARE, FLAG = (
    "text", "id", "word", "year", "count", "money", "rate", "points", "number", "share", "flag",
)  # fmt: skip
KINDS = (TEXT, ID, WORD, YEAR, COUNT, MONEY, RATE, POINTS, NUMBER, SHARE, FLAG)
"""What a column's values are, and so how they are shown: text as printed; an id; a word of a vocabulary; a year; a
whole number; money (two decimals, thousands separated); a rate (a ratio shown as %); points; a number in a unit that
another column names; a share of certainty, 0…1; yes or no."""
STR, INT, WHOLE, FLOAT, BOOL, ORDERED = "str", "int64", "Int64", "float64", "bool", "category"
"""The dtypes: pandas' ``str``; whole numbers; whole numbers that may be missing; amounts; yes or no; a word of an
ordered vocabulary (:attr:`Column.values`, in that order)."""
SEVERITIES = ("P0", "P1", "P2")
ROLES = ("total", "half", "part", "source", "fund")
QUADRANTS = ("未用足、都完成", "用足、都完成", "未用足、有未完成", "用足、有未完成")
"""Money below or from the threshold, every indicator of the goal met or not."""
NO_QUADRANT = "不能判定"
TOTAL, LOSS = "total", "loss"
SURENESS = ("高", "中", "低")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tidy frame."""

    name: str
    title: str
    """Short Chinese heading."""
    meaning: str
    """One Chinese sentence."""
    dtype: str = STR
    kind: str = TEXT
    unit: str = ""
    values: tuple[str, ...] = ()
    """The words it may hold, in their order; empty where anything may stand."""


def _text(name: str, title: str, meaning: str, values: Sequence[str] = ()) -> Column:
    return Column(name, title, meaning, kind=WORD if values else TEXT, values=tuple(values))


def _word(name: str, title: str, meaning: str, values: Sequence[str]) -> Column:
    return Column(name, title, meaning, ORDERED, WORD, values=tuple(values))


def _money(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, FLOAT, MONEY, "万元")


def _rate(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, FLOAT, RATE, "比率（1.0＝100%）")


def _points(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, FLOAT, POINTS, "分")


def _count(name: str, title: str, meaning: str, unit: str = "项") -> Column:
    return Column(name, title, meaning, INT, COUNT, unit)


def _amount(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, FLOAT, NUMBER, "见 value_unit")


OFFICE = (
    Column("subdistrict", "街道编号", "街道的编号，即数据目录中的文件夹名", kind=ID),
    _text("name", "街道", "街道名录中的名称；未列入名录的为编号"),
    _text("district", "区县", "街道名录中的区县；未列的为空"),
)
PLACE = (*OFFICE, Column("year", "年度", "预算年度", INT, YEAR))
GOAL_NO = Column("goal_no", "目标序号", "年度目标的序号；没有的为缺失", WHOLE, COUNT)
CATEGORY = _word("category", "一级指标", "一级指标的类别", CATEGORIES)
INDICATOR = _text("indicator", "三级指标", "指标名称，照文件所列")
ROW = Column("row", "行", "在来源文件中的行号，标题为第1行", WHOLE, COUNT)
ORIGIN = (
    _text("file", "来源文件", "来源文件，从数据目录算起的路径"),
    ROW,
)
SYNTHETIC = Column("synthetic", "示例数据", "是否虚构的示例数据", BOOL, FLAG)

ROWS = (
    *PLACE,
    GOAL_NO,
    _text("goal", "年度目标", "年度目标的名称"),
    CATEGORY,
    _text("subcategory", "二级指标", "二级指标，照文件所列"),
    INDICATOR,
    _text("target", "年度指标值", "目标值，照文件所列"),
    _text("actual", "实际完成值", "完成值，照文件所列"),
    _text("unit", "度量单位", "度量单位一栏，照文件所列"),
    _text("direction", "指标方向", "正向为越大越好，反向为越小越好；看不出的为空", DIRECTIONS),
    _amount("target_low", "目标下限", "读出的目标数值；目标是范围的为其下限，不是数值的为缺失"),
    _amount("target_high", "目标上限", "读出的目标数值；目标是范围的为其上限，不是数值的为缺失"),
    _amount("actual_value", "完成数值", "读出的完成数值，已换算为目标的单位；不是数值或不能换算的为缺失"),
    _text("value_unit", "数值单位", "target_low、target_high、actual_value 共同的单位；没有单位或没有数值的为空"),
    _rate("attainment", "完成率", "完成程度，未封顶；不能计算的为缺失，原因见 why"),
    _word("status", "结论", "凭申报完成：只有申报，没有可核对的数；无法判定不算完成也不算未完成", verdicts.VERDICTS),
    _text("why", "判定依据", "完成率和结论怎样得出，或为何不能得出"),
    _text("declared_status", "申报结论", "文件所列完成情况，读作这几种之一；没有填的为空", STATUSES),
    _points("points", "分值", "按计分规则分到的分"),
    _points("score", "得分", "复算得分（没有数可算的照申报）；不能复算总分的文件为缺失"),
    _points("lost", "失分", "分值减复算得分"),
    _points("strict_score", "严格得分", "严格口径的复算得分：没有数可算的不得分"),
    _points("declared_score", "自评得分", "文件所列得分；没有列的为缺失"),
    _text("derivation", "得分推导", "复算得分怎样得出，一句话"),
    _text("reason", "偏差原因", "照文件所列"),
    _text("measure", "改进措施", "照文件所列"),
    _text("evidence", "佐证材料", "照文件所列"),
    _text("narrative", "完成情况说明", "照文件所列"),
    _text("target_from", "目标取自", "目标取自单元格还是指标名称；没有目标的为空", ("单元格", "指标名称")),
    Column("weight", "所列分值", "文件所列分值；没有列的为缺失", FLOAT, POINTS, "分"),
    Column("common", "同类指标", "各街道同一指标的编号：类别、规范名称、计量和方向都同；看不出内容的为空", kind=ID),
    Column("track", "连续指标", "一个街道历年同一指标的编号（始于哪年第几项），口径变更另起；不知的为空", kind=ID),
    *ORIGIN,
    SYNTHETIC,
)  # fmt: skip

MONEY_COLUMNS = (
    *PLACE,
    _text("item", "预算项目", "预算项目，照文件所列"),
    GOAL_NO,
    _text("role", "性质", "total合计，half基本或项目支出，part其他，source来源，fund目标的资金；求和只取一种", ROLES),
    _money("opening", "年初预算数", "照文件所列；没有列的为缺失"),
    _money("adjusted", "全年预算数", "照文件所列；没有列的为缺失"),
    _money("executed", "全年执行数", "照文件所列；没有列的为缺失"),
    _money("budget", "预算数", "计算执行率所用的预算数：全年预算数，没有列的用年初预算数"),
    _text("denominator", "分母", "budget 是哪一个数；没有执行率的为空", ("全年预算数", "年初预算数")),
    _rate("rate", "执行率", "执行数÷预算数；不能计算的为缺失"),
    _money("unspent", "未执行数", "预算数减执行数"),
    *ORIGIN,
    SYNTHETIC,
)  # fmt: skip

SCORES = (
    *PLACE,
    _text("state", "评价状态", "能否复算总分；只有“已复算”才有完成率、得分和等级", verdicts.STATES),
    _money("budget", "预算数", "整个单位的预算数，计算执行率所用；没有的为缺失"),
    _money("executed", "执行数", "整个单位的执行数；没有的为缺失"),
    _rate("execution_rate", "执行率", "执行数÷预算数；不能计算的为缺失"),
    _count("rows", "指标数", "指标行数，等于以下五种结论之和"),
    _count("met", "完成", "结论为完成的指标数"),
    _count("partly", "部分完成", "结论为部分完成的指标数"),
    _count("missed", "未完成", "结论为未完成的指标数"),
    _count("declared", "凭申报完成", "结论为凭申报完成的指标数"),
    _count("undecided", "无法判定", "结论为无法判定的指标数"),
    _count("most", "最多完成", "最多可能完成的指标数：完成、凭申报完成与无法判定之和"),
    _rate("completion_low", "完成率下限", "完成数÷指标数：凭申报和无法判定的都当作没有完成"),
    _rate("completion_high", "完成率上限", "最多完成数÷指标数：凭申报和无法判定的都当作完成"),
    _points("score", "复算得分", "所选计分规则的复算总分；不能复算的为缺失"),
    _points("strict", "严格得分", "同一规则的严格口径总分：没有数可算的不得分"),
    _points("declared_score", "申报得分", "文件所列总分；没有列的为缺失"),
    _points("score_low", "得分下限", "各套规则、两种口径的总分中最低的"),
    _points("score_high", "得分上限", "各套规则、两种口径的总分中最高的"),
    _text("grade", "等级", "复算总分的等级；规则没有等级或没有总分的为空"),
    _text("declared_grade", "申报等级", "文件所列等级；没有列的为空"),
    _points("possible", "满分", "能得的分：除非文件分值另有所指，为100"),
    _points("execution_points", "执行满分", "预算执行的分值"),
    _points("execution_score", "执行得分", "预算执行的复算得分"),
    _points("others_points", "其他部分满分", "执行和指标以外的部分（如项目决策）的分值，没有的为0"),
    _points("others_score", "其他部分得分", "执行和指标以外的部分的得分，照文件所列"),
    _count("p0", "P0问题", "审查提示中致命问题的个数", "处"),
    _count("p1", "P1问题", "审查提示中重要问题的个数", "处"),
    _count("p2", "P2问题", "审查提示中形式问题的个数", "处"),
    SYNTHETIC,
)

FINDINGS = (
    *PLACE,
    _word("severity", "级别", "P0致命，P1重要，P2形式", SEVERITIES),
    _text("code", "编码", "规则的编码，说明见 docs/findings.md"),
    _text("title", "问题", "规则的名称"),
    _text("place", "位置", "在文件中的位置"),
    _text("fact", "事实", "看到的情况"),
    _text("advice", "建议", "应当怎样改正"),
    Column("confidence", "把握", "规则判断的把握，0至1", FLOAT, SHARE),
    _text("sureness", "把握程度", "把握的高、中、低", SURENESS),
    GOAL_NO,
    ROW,
    SYNTHETIC,
)

REGISTER = (
    *PLACE,
    Column("on_file", "已有数据", "这一年的数据是否在案而且可用", BOOL, FLAG),
    _text("why", "原因", "没有或不可用的原因；可用而有须知道的，也在这里"),
)

SCORE_PARTS = (
    *PLACE,
    _text("part", "部分", "满分、预算执行、失分的指标、其他部分，最后为复算得分"),
    _text("kind", "性质", "total 起点和终点，loss 失分", (TOTAL, LOSS)),
    _points("points", "分", "起点和终点为总分，失分为负数"),
    _points("cumulative", "累计", "到这一部分为止的分；最后一行即复算得分"),
)

EVIDENCE = (
    GOAL_NO,
    CATEGORY,
    INDICATOR,
    Column("row", "行", "在指标表中的行号，标题为第1行", INT, COUNT),
    Column("number", "有数", "完成值里是否有数", BOOL, FLAG),
    _text("source", "依据", "完成值的依据；没有的为空"),
    Column("sample", "样本量", "调查的样本量；没有的为缺失", WHOLE, COUNT, "份"),
    _text("rating", "证据", "证据的评级，与是否完成无关", ("有数有据", "有数无据", "仅有叙述", "无")),
    _text("reason", "理由", "评级的理由"),
)

ALIKE = (
    Column("group", "组", "雷同说明的组号，从1起", INT, ID),
    *PLACE,
    INDICATOR,
    Column("track", "连续指标", "一个街道历年同一指标的编号", kind=ID),
    _text("narrative", "完成情况说明", "说明的原文"),
    Column("likeness", "相近程度", "与组内第一条的相近程度，0至1；1为逐字相同", FLOAT, SHARE),
    _text("between", "雷同范围", "组内各条的关系", ("同一街道同一年", "同一街道各年", "几个街道")),
    *ORIGIN,
)

SAMPLING_PLAN = (
    Column("order", "次序", "风险由高到低", INT, COUNT),
    GOAL_NO,
    _text("goal", "年度目标", "年度目标的名称"),
    CATEGORY,
    INDICATOR,
    Column("row", "行", "在指标表中的行号，标题为第1行", INT, COUNT),
    _money("amount", "所涉资金", "目标资金中分到这一行的数；预算没有按目标列的为缺失"),
    Column("money", "资金因子", "资金的因子，至少为1", FLOAT, NUMBER),
    _text("found", "审查提示", "计入的审查提示的编码"),
    Column("findings", "提示因子", "审查提示的因子，至少为1", FLOAT, NUMBER),
    Column("heaping", "齐整因子", "同一目标内得分率相同的因子，至少为1", FLOAT, NUMBER),
    Column("risk", "风险", "三个因子的积", FLOAT, NUMBER),
    Column("draw", "抽签数", "由街道、年度和行号定的随机数，0至1，越大越先抽到", FLOAT, SHARE),
    Column("chosen", "抽查", "是否抽中", BOOL, FLAG),
    _text("why", "原因", "抽中的原因；没有抽中的为空", ("P0必查", "风险高", "随机")),
)

RECOMPUTATION = (
    GOAL_NO,
    _text("category", "一级指标", "一级指标的类别；预算执行和合计两行为空"),
    _text("indicator", "三级指标", "指标名称；另有预算执行、其他部分和合计"),
    ROW,
    _points("points", "分值", "按计分规则分到的分"),
    _points("declared", "自评得分", "文件所列得分；没有列的为缺失"),
    _points("score", "复算得分", "复算得分（没有数可算的照申报）"),
    _points("strict", "严格得分", "严格口径的复算得分"),
    _points("difference", "相差", "自评得分减复算得分；不到0.005分的为0，没有自评得分的为缺失"),
    _text("status", "结论", "完成情况；预算执行、其他部分和合计为空", STATUSES),
    _text("derivation", "得分推导", "复算得分怎样得出"),
)

DECOMPOSITION = (
    *PLACE,
    Column("previous_year", "上一年度", "与之比较的年度", INT, YEAR),
    _points("before", "上年得分", "上一年度的复算得分；没有的为缺失"),
    _points("after", "本年得分", "本年度的复算得分；没有的为缺失"),
    _points("targets", "目标的影响", "由目标值变化引起的分差"),
    _points("actuals", "完成的影响", "由完成值变化引起的分差"),
    _points("weights", "分值的影响", "由类别、目标和分值变化引起的分差"),
    _points("indicators", "增减指标的影响", "由新增、取消和口径变更引起的分差"),
    _points("execution", "执行的影响", "由预算执行变化引起的分差"),
    _points("other", "舍入", "各部分舍入后剩下的尾差；六项之和等于 after 减 before"),
    _text("why", "说明", "不能分解的原因，或须知道的其他情况"),
)

TARGETS = (
    *PLACE,
    Column("previous_year", "上一年度", "该指标在案的上一年度", INT, YEAR),
    Column("track", "连续指标", "一个街道历年同一指标的编号；口径变更另起一条，不作比较", kind=ID),
    CATEGORY,
    _text("goal", "年度目标", "年度目标的名称"),
    INDICATOR,
    _text("direction", "指标方向", "正向为越大越好，反向为越小越好；看不出的为空", DIRECTIONS),
    _text("previous_target", "上年目标", "照文件所列"),
    _text("previous_actual", "上年实际", "照文件所列"),
    _text("target", "本年目标", "照文件所列"),
    _text("actual", "本年实际", "照文件所列"),
    Column("previous_target_value", "上年目标数", "读出的数，已换算为本年目标的单位", FLOAT, NUMBER, "见 value_unit"),
    Column("previous_actual_value", "上年实际数", "读出的数，已换算为本年目标的单位", FLOAT, NUMBER, "见 value_unit"),
    Column("target_value", "本年目标数", "读出的数；不是数值的为缺失", FLOAT, NUMBER, "见 value_unit"),
    _text("value_unit", "数值单位", "三个数共同的单位"),
    _rate("previous_attainment", "上年完成率", "上年的完成程度，未封顶"),
    _text("previous_status", "上年结论", "上年的结论", verdicts.VERDICTS),
    _text("status", "本年结论", "本年的结论", verdicts.VERDICTS),
    _text("move", "与上年目标比", "本年目标比上年目标要求低、高还是相同", ("目标放宽", "目标提高", "未变", "无法比较")),
    _text(
        "against",
        "与上年实际比",
        "本年目标的要求低于、等于还是高于上年实际",
        ("低于上年实际", "等于上年实际", "高于上年实际", "无法比较"),
    ),
    _text(
        "kind",
        "判断",
        "放宽；未变而上年超额三成以上；未变而上年实际已超过一成以上；未变；提高；无法比较",
        ("目标放宽", "超额未调", "低于上年实际", "未变", "目标提高", "无法比较"),
    ),
    _rate("already", "年初已达", "按上年实际，本年目标在年初已完成多少；没有数的为缺失"),
    _count("exact_years", "恰好完成年数", "实际恰好等于目标的年数；再好也不可能的（如100%、0起）不算", "年"),
    _count("years", "可比年数", "目标与实际都是数、可以比较的年数", "年"),
    _text("why", "说明", "怎样得出"),
    *ORIGIN,
    SYNTHETIC,
)  # fmt: skip

SPENDING = (
    *PLACE,
    GOAL_NO,
    _text("goal", "年度目标", "年度目标的名称"),
    _money("budget", "预算数", "这个目标的资金的预算数；没有列或不全的为缺失"),
    _money("executed", "执行数", "这个目标的资金的执行数；没有列或不全的为缺失"),
    _rate("rate", "执行率", "执行数÷预算数"),
    _count("rows", "指标数", "这个目标的指标数，等于以下五种结论之和"),
    _count("met", "完成", "结论为完成的指标数"),
    _count("partly", "部分完成", "结论为部分完成的指标数"),
    _count("missed", "未完成", "结论为未完成的指标数"),
    _count("declared", "凭申报完成", "结论为凭申报完成的指标数"),
    _count("undecided", "无法判定", "结论为无法判定的指标数"),
    _count("most", "最多完成", "最多可能完成的指标数"),
    _rate("completion_low", "完成率下限", "凭申报和无法判定的都当作没有完成"),
    _rate("completion_high", "完成率上限", "凭申报和无法判定的都当作完成"),
    _text("quadrant", "象限", "执行率是否达到90%、指标是否都完成；说不准的为不能判定", (*QUADRANTS, NO_QUADRANT)),
    _text("why", "说明", "不能判定的原因"),
    SYNTHETIC,
)

UNIT_COSTS = (
    *PLACE,
    GOAL_NO,
    _text("goal", "年度目标", "年度目标的名称"),
    Column("track", "连续指标", "一个街道历年同一指标的编号", kind=ID),
    INDICATOR,
    Column("quantity", "完成数量", "数量指标的完成数", FLOAT, NUMBER, "见 unit"),
    _text("unit", "计量单位", "数量的单位"),
    _money("executed", "执行数", "这个目标的资金的执行数"),
    Column("unit_cost", "单位成本", "目标的执行数÷完成数量；不能算的为缺失", FLOAT, NUMBER, "元"),
    _text("why", "说明", "不能算的原因"),
    SYNTHETIC,
)

MEASURES = ("execution_rate", "completion_rate", "score")

MOVERS = (
    *PLACE,
    Column("previous_year", "上一年度", "与之比较的年度", INT, YEAR),
    _text("measure", "指标", "execution_rate执行率，completion_rate完成率（能判定完成的），score复算得分", MEASURES),
    Column("previous", "上年", "上一年度的值；率为比率", FLOAT, NUMBER),
    Column("value", "本年", "本年度的值；率为比率", FLOAT, NUMBER),
    Column("change", "变动", "本年减上年", FLOAT, NUMBER),
    Column("change_low", "变动下限", "变动最少是多少：无法判定的和两种口径都算上", FLOAT, NUMBER),
    Column("change_high", "变动上限", "变动最多是多少", FLOAT, NUMBER),
    Column("moved", "确有变动", "变动是否大于其不确定的范围", BOOL, FLAG),
    _text("why", "说明", "不算变动的原因"),
    SYNTHETIC,
)

TRENDS = (
    *OFFICE,
    _text("series", "序列", "execution_rate执行率，completion_rate完成率（能判定完成的），score复算得分", MEASURES),
    _text("title", "名称", "序列的名称"),
    _count("n", "年数", "有数的年数", "年"),
    Column("first_year", "首年", "第一个有数的年度", WHOLE, YEAR),
    Column("last_year", "末年", "最后一个有数的年度", WHOLE, YEAR),
    Column("first", "首年值", "率为比率", FLOAT, NUMBER),
    Column("last", "末年值", "率为比率", FLOAT, NUMBER),
    Column("change", "变动", "末年减首年", FLOAT, NUMBER),
    _text("verdict", "判断", "五年以下不作判断", ("改善", "恶化", "平稳", "已达上限", "无法判断")),
    _text("why", "依据", "判断怎样得出"),
    Column("p", "p值", "单独检验的精确p值；没有检验的为缺失", FLOAT, SHARE),
    Column("adjusted", "校正p值", "全部街道、全部序列一起校正后的p值；没有检验的为缺失", FLOAT, SHARE),
)

GROUPS = ("全部在案", "同口径组")

YEAR_TOTALS = (
    Column("year", "年度", "预算年度", INT, YEAR),
    _text("group", "范围", "全部在案的街道，或每年都在案、都能复算的街道（同口径组，逐年可比）", GROUPS),
    _count("offices", "街道数", "能复算的街道数，得分和完成率只算它们", "个"),
    _count("listed", "在案街道数", "在案的街道数", "个"),
    _count("money_offices", "有资金数的", "预算数和执行数都有的街道数，资金只算它们", "个"),
    _money("budget", "预算数", "各街道预算数之和"),
    _money("executed", "执行数", "各街道执行数之和"),
    _rate("execution_rate", "执行率", "执行数之和÷预算数之和（按资金加权，不是各街道执行率的平均）"),
    _count("rows", "指标数", "各街道指标数之和"),
    _count("met", "完成", "各街道完成的指标数之和"),
    _count("most", "最多完成", "各街道最多完成的指标数之和"),
    _rate("completion_low", "完成率下限", "完成数÷指标数"),
    _rate("completion_high", "完成率上限", "最多完成数÷指标数"),
    _points("score_low", "最低得分", "复算得分最低的"),
    _points("score_median", "得分中位数", "复算得分的中位数"),
    _points("score_high", "最高得分", "复算得分最高的"),
)

LINEAGE = (
    *ROWS,
    Column("line", "指标沿革", "同一指标历年的编号，跨口径变更也相连；其中 track 各段才可比", kind=ID),
    Column("broken", "口径变更", "这一年的口径是否与上一年不同", BOOL, FLAG),
)

DECISIONS = (
    _text("decision", "事项", "要做的决定，急的在前"),
    _text("asks", "要求", "这项决定要求什么"),
    *OFFICE[:2],
    _text("figure", "依据", "所依据的数；涉及几个街道的，街道编号为空"),
    _text("why", "说明", "数从哪里来，或与什么相比"),
)

FRAMES: dict[str, tuple[Column, ...]] = {
    "rows": ROWS,
    "money": MONEY_COLUMNS,
    "scores": SCORES,
    "findings": FINDINGS,
    "register": REGISTER,
    "score_parts": SCORE_PARTS,
    "evidence": EVIDENCE,
    "alike": ALIKE,
    "sampling_plan": SAMPLING_PLAN,
    "recomputation": RECOMPUTATION,
    "decisions": DECISIONS,
    "decomposition": DECOMPOSITION,
    "targets": TARGETS,
    "spending": SPENDING,
    "unit_costs": UNIT_COSTS,
    "movers": MOVERS,
    "trends": TRENDS,
    "year_totals": YEAR_TOTALS,
    "lineage": LINEAGE,
}
"""Every documented frame by the name of the function that returns it."""
STORED = ("rows", "money", "scores", "findings")
"""The frames that lie in the store."""
DESCRIPTION = ("name", "title", "meaning", "unit", "dtype", "values")


def described(frame: str) -> tuple[Column, ...]:
    """The columns of a documented frame; :class:`ParameterError` for another name."""
    if not isinstance(frame, str) or frame not in FRAMES:
        raise ParameterError(f"没有名为“{frame}”的表{nearest(str(frame), FRAMES)}；现有：{'、'.join(FRAMES)}")
    return FRAMES[frame]


def names(frame: str) -> list[str]:
    """The column names of a documented frame, in order."""
    return [column.name for column in described(frame)]


def columns(frame: str) -> pd.DataFrame:
    """What the columns of a frame mean: name, title (Chinese heading), meaning, unit, dtype, values (joined by 、).

    ``frame`` is the name of the function that returns it: rows, money, scores, findings, register, score_parts,
    evidence, alike, sampling_plan, recomputation, decomposition, targets, spending, unit_costs, movers, trends,
    year_totals, lineage. :class:`ParameterError` for any other.

    >>> columns("scores").set_index("name").loc["budget", ["unit", "dtype"]].tolist()
    ['万元', 'float64']
    """
    told = [(one.name, one.title, one.meaning, one.unit, one.dtype, "、".join(one.values)) for one in described(frame)]
    return pd.DataFrame(told, columns=list(DESCRIPTION), dtype="str")


@cache
def column(name: str) -> Column | None:
    """The column of that name in the first frame that has one (rows before scores before findings); None for others.

    What a heading is shown as where a frame's columns have been chosen and joined.
    """
    return next((one for columns in FRAMES.values() for one in columns if one.name == name), None)


def frame_of(frame: str, records: Mapping[str, Any] | Iterable[Any] = ()) -> pd.DataFrame:
    """A documented frame with exactly its columns and dtypes.

    ``records`` are columns by name (all of them), or rows (mappings, or tuples in the order of the columns).
    """
    held = described(frame)
    if isinstance(records, Mapping):
        return pd.DataFrame({one.name: typed(records[one.name], one) for one in held})
    rows = list(records)
    if rows and isinstance(rows[0], Mapping):
        return pd.DataFrame({one.name: typed([row[one.name] for row in rows], one) for one in held})
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(held)
    return pd.DataFrame({one.name: typed(list(cell), one) for one, cell in zip(held, cells, strict=True)})


def typed(values: Any, one: Column) -> pd.Series:
    """Values as a column of their dtype. In an ordered vocabulary, what is no word of it is missing."""
    if one.dtype == ORDERED:
        return pd.Series(pd.Categorical(values, categories=pd.Index(one.values, dtype="str"), ordered=True))
    if one.dtype == FLOAT:
        return pd.Series(pd.array([_float(value) for value in values], dtype="float64"))
    if one.dtype == WHOLE:
        held = [pd.NA if value is None or value != value else value for value in _bare(values)]  # noqa: PLR0124  # NaN
        return pd.Series(pd.array(held, dtype="Int64"))
    return pd.Series(list(values), dtype=one.dtype)


def _bare(values: Any) -> list[Any]:
    return [None if value is pd.NA else value for value in values]


def _float(value: Any) -> float:
    return float("nan") if value is None or value is pd.NA else float(value)
