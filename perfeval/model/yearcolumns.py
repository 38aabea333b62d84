"""The tidy frames of several years and offices, each column described once (:mod:`perfeval.model.columns`)."""

from perfeval.model import verdicts
from perfeval.model.column import (
    BOOL,
    CATEGORY,
    COUNT,
    FLAG,
    FLOAT,
    GOAL_NO,
    ID,
    INDICATOR,
    INT,
    NUMBER,
    OFFICE,
    ORIGIN,
    PLACE,
    SHARE,
    SYNTHETIC,
    WHOLE,
    YEAR,
    Column,
    count,
    money,
    points,
    rate,
    text,
)
from perfeval.model.schema import DIRECTIONS, MISSED, PARTLY

QUADRANTS = ("未用足、都完成", "用足、都完成", "未用足、有未完成", "用足、有未完成")
"""Money below or from the threshold, every indicator of the goal met or not."""
NO_QUADRANT = "不能判定"
TARGETS = (
    *PLACE,
    Column("previous_year", "上一年度", "该指标在案的上一年度", INT, YEAR),
    Column("track", "连续指标", "一个街道历年同一指标的编号；口径变更另起一条，不作比较", kind=ID),
    CATEGORY,
    text("goal", "年度目标", "年度目标的名称"),
    INDICATOR,
    text("direction", "指标方向", "正向为越大越好，反向为越小越好；看不出的为空", DIRECTIONS),
    text("previous_target", "上年目标", "照文件所列"),
    text("previous_actual", "上年实际", "照文件所列"),
    text("target", "本年目标", "照文件所列"),
    text("actual", "本年实际", "照文件所列"),
    Column("previous_target_value", "上年目标数", "读出的数，已换算为本年目标的单位", FLOAT, NUMBER, "见 value_unit"),
    Column("previous_actual_value", "上年实际数", "读出的数，已换算为本年目标的单位", FLOAT, NUMBER, "见 value_unit"),
    Column("target_value", "本年目标数", "读出的数；不是数值的为缺失", FLOAT, NUMBER, "见 value_unit"),
    text("value_unit", "数值单位", "三个数共同的单位"),
    rate("previous_attainment", "上年完成程度", "上年实际与目标之比，未封顶"),
    text("previous_status", "上年结论", "上年的结论", verdicts.VERDICTS),
    text("status", "本年结论", "本年的结论", verdicts.VERDICTS),
    text("move", "与上年目标比", "本年目标比上年目标要求低、高还是相同", ("目标放宽", "目标提高", "未变", "无法比较")),
    text(
        "against",
        "与上年实际比",
        "本年目标的要求不及、等于还是优于上年实际",
        ("不及上年实际", "等于上年实际", "优于上年实际", "无法比较"),
    ),
    text(
        "kind",
        "判断",
        "放宽；未变而上年超额三成以上；未变而上年实际已超过一成以上；未变；提高；无法比较",
        ("目标放宽", "超额未调", "不及上年实际", "未变", "目标提高", "无法比较"),
    ),
    rate("already", "年初已达", "按上年实际，本年目标在年初已完成多少；没有数的为缺失"),
    count("exact_years", "恰好完成年数", "实际恰好等于目标的年数；再好也不可能的（如100%、0起）不算", "年"),
    count("years", "可比年数", "目标与实际都是数、可以比较的年数", "年"),
    text("why", "说明", "怎样得出"),
    *ORIGIN,
    SYNTHETIC,
)  # fmt: skip

SPENDING = (
    *PLACE,
    GOAL_NO,
    text("goal", "年度目标", "年度目标的名称"),
    money("budget", "预算数", "这个目标的资金的预算数；没有列或不全的为缺失"),
    money("executed", "执行数", "这个目标的资金的执行数；没有列或不全的为缺失"),
    rate("rate", "执行率", "执行数÷预算数"),
    count("rows", "指标数", "这个目标的指标数，等于以下五种结论之和"),
    count("met", "完成", "结论为完成的指标数"),
    count("partly", "部分完成", "结论为部分完成的指标数"),
    count("missed", "未完成", "结论为未完成的指标数"),
    count("declared", "凭申报完成", "结论为凭申报完成的指标数"),
    count("undecided", "无法判定", "结论为无法判定的指标数"),
    count("most", "最多完成", "最多可能完成的指标数"),
    rate("completion_low", "完成率下限", "凭申报和无法判定的都当作没有完成"),
    rate("completion_high", "完成率上限", "凭申报和无法判定的都当作完成"),
    text("quadrant", "象限", "执行率是否达到90%、指标是否都完成；说不准的为不能判定", (*QUADRANTS, NO_QUADRANT)),
    text("why", "说明", "不能判定的原因"),
    SYNTHETIC,
)

UNIT_COSTS = (
    *PLACE,
    GOAL_NO,
    text("goal", "年度目标", "年度目标的名称"),
    Column("track", "连续指标", "一个街道历年同一指标的编号", kind=ID),
    INDICATOR,
    Column("common", "同类指标", "各街道同一指标的编号；看不出内容的为空", kind=ID),
    Column("quantity", "完成数量", "数量指标的完成数", FLOAT, NUMBER, "见 unit"),
    text("unit", "计量单位", "数量的单位"),
    money("executed", "执行数", "这个目标的资金的执行数"),
    Column("unit_cost", "单位成本", "目标的执行数÷完成数量；不能算的为缺失", FLOAT, NUMBER, "元"),
    text("why", "说明", "不能算的原因"),
    SYNTHETIC,
)

MEASURES = ("execution_rate", "completion_rate", "score")

MOVERS = (
    *PLACE,
    Column("previous_year", "上一年度", "与之比较的年度", INT, YEAR),
    text(
        "measure", "指标", "execution_rate执行率，completion_rate完成率（须补证据的不算完成），score复算得分", MEASURES
    ),
    Column("previous", "上年", "上一年度的值；率为比率", FLOAT, NUMBER),
    Column("value", "本年", "本年度的值；率为比率", FLOAT, NUMBER),
    Column("change", "变动", "本年减上年", FLOAT, NUMBER),
    Column("change_low", "变动下限", "变动最少是多少：无法判定的和两种口径都算上", FLOAT, NUMBER),
    Column("change_high", "变动上限", "变动最多是多少", FLOAT, NUMBER),
    Column("moved", "确有变动", "变动是否大于其不确定的范围", BOOL, FLAG),
    text("why", "说明", "不算变动的原因"),
    SYNTHETIC,
)

SCORE_CHANGES = (
    *PLACE,
    Column("previous_year", "上一年度", "与之比较的年度：在案、能复算的上一年", INT, YEAR),
    points("before", "上年得分", "上一年度的复算得分"),
    points("after", "本年得分", "本年度的复算得分"),
    points("execution", "预算执行", "预算执行得分之差"),
    points("kept", "延续的指标", "两年都有的指标，得分之差"),
    points("gone", "增减的指标", "本年新有的指标的得分，减上年有而本年没有的"),
    points("others", "其他部分", "其余：执行、指标以外的部分和舍入；四项之和等于变动"),
    points("change", "变动", "本年得分减上年得分"),
)

TRENDS = (
    *OFFICE,
    text(
        "series", "序列", "execution_rate执行率，completion_rate完成率（须补证据的不算完成），score复算得分", MEASURES
    ),
    text("title", "名称", "序列的名称"),
    count("n", "年数", "有数的年数", "年"),
    Column("first_year", "首年", "第一个有数的年度", WHOLE, YEAR),
    Column("last_year", "末年", "最后一个有数的年度", WHOLE, YEAR),
    Column("first", "首年值", "率为比率", FLOAT, NUMBER),
    Column("last", "末年值", "率为比率", FLOAT, NUMBER),
    Column("change", "变动", "末年减首年", FLOAT, NUMBER),
    text("verdict", "判断", "五年以下不作判断", ("改善", "恶化", "平稳", "已达上限", "无法判断")),
    text("why", "依据", "判断怎样得出"),
    Column("p", "p值", "单独检验的精确p值；没有检验的为缺失", FLOAT, SHARE),
    Column("adjusted", "校正p值", "全部街道、全部序列一起校正后的p值；没有检验的为缺失", FLOAT, SHARE),
)

REPEATED_FAILURES = (
    *PLACE,
    Column("since", "起始年度", "连续未完成从哪一年起", INT, YEAR),
    count("times", "连续年数", "到本年为止连续几年未完成或部分完成", "年"),
    GOAL_NO,
    text("goal", "年度目标", "年度目标的名称"),
    CATEGORY,
    INDICATOR,
    text("target", "目标值", "本年的，照文件所列"),
    text("actual", "完成值", "本年的，照文件所列"),
    text("status", "结论", "本年是未完成还是部分完成", (PARTLY, MISSED)),
    points("lost", "失分", "本年分值减复算得分；没有得分的为缺失"),
    text("reason", "偏差原因", "本年的，照文件所列"),
    text("measure", "改进措施", "本年的，照文件所列"),
    Column("track", "连续指标", "一个街道历年同一指标的编号；口径变更另起一条，不作比较", kind=ID),
    *ORIGIN,
)

CONSEQUENCES = (
    Column("order", "先后", "1为后果最重的；各项都相同的并列；不能评价的为缺失", WHOLE, COUNT),
    *PLACE,
    text("state", "评价状态", "能否复算总分；只有“已复算”的排先后", verdicts.STATES),
    Column("repeated", "连年未完成", "上年和本年都未完成的指标数；上年没有可比数据的为缺失", WHOLE, COUNT, "项"),
    Column("longest", "最长年数", "其中连续最久的年数；没有的为0；上年没有可比数据的为缺失", WHOLE, COUNT, "年"),
    Column("low", "执行偏低", "执行率低于90%；没有执行率的为否", BOOL, FLAG),
    Column("unexplained", "执行偏低无原因", "执行率低于90%而没有说明原因（M06）", BOOL, FLAG),
    rate("execution_rate", "执行率", "执行数÷预算数；不能计算的为缺失"),
    money("unspent", "未支出", "预算数减执行数；没有的为缺失"),
    count("sums", "合计不符", "资金、分值、总分不能成立的处数（M01、M05、P01、P02、P13）", "处"),
    text("sums_told", "不符之处", "这些问题的名称；没有的为空"),
    count("unmet", "未完成", "未完成和部分完成的指标数"),
    points("lost", "失分", "这些指标失分之和，只计有得分的"),
    count("p0", "其他P0问题", "合计、执行以外的致命问题的处数", "处"),
    count("unverified", "须补证据", "凭申报完成和无法判定的指标数"),
    count("p1", "其他P1问题", "合计、执行以外的重要问题的处数", "处"),
    count("rows", "指标数", "指标行数"),
    points("score", "复算得分", "所选计分规则的复算总分；不能复算、或没有执行率而不能比较的为缺失"),
    Column(
        "lowest", "得分最低", "得分的范围整个低于其他各街道的：换规则、换口径、无法判定的怎样算，都是最低", BOOL, FLAG
    ),
)

GROUPS = ("全部在案", "同口径组")

YEAR_TOTALS = (
    Column("year", "年度", "预算年度", INT, YEAR),
    text(
        "group",
        "范围",
        "全部在案的街道，或每年都在案、都能复算、都已填报完、都有执行率的街道（同口径组，逐年可比）",
        GROUPS,
    ),
    count("offices", "街道数", "能复算、已经填报完的街道数，完成率只算它们", "个"),
    count("listed", "在案街道数", "在案的街道数", "个"),
    count("money_offices", "有资金数的", "能复算、预算数和执行数都有的街道数，资金只算它们", "个"),
    money("budget", "预算数", "各街道预算数之和"),
    money("executed", "执行数", "各街道执行数之和"),
    rate("execution_rate", "执行率", "执行数之和÷预算数之和（按资金加权，不是各街道执行率的平均）"),
    count("rows", "指标数", "各街道指标数之和"),
    count("met", "完成", "各街道完成的指标数之和"),
    count("most", "最多完成", "各街道最多完成的指标数之和"),
    rate("completion_low", "完成率下限", "完成数÷指标数"),
    rate("completion_high", "完成率上限", "最多完成数÷指标数"),
    count("scored", "有可比得分的街道", "填报完、满分100分的街道数，得分只算它们", "个"),
    points("score_low", "最低得分", "复算得分最低的"),
    points("score_median", "得分中位数", "复算得分的中位数"),
    points("score_high", "最高得分", "复算得分最高的"),
)
