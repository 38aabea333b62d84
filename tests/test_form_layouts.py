"""Layouts that real forms have and no template shows: each once as drawn, and the kinds they stand for."""

from decimal import Decimal

import pytest
from forms_example import content, grid
from hypothesis import given
from hypothesis import strategies as st

from perfeval.ingest.containers.plaintext import lines_to_blocks, read_table, read_text
from perfeval.ingest.document import Cell, Content, Document, Grid, Paragraph
from perfeval.ingest.forms import recognise
from perfeval.ingest.forms.closing import flat_year
from perfeval.ingest.forms.found import numbered
from perfeval.ingest.forms.headings import layout_at
from perfeval.ingest.forms.layout import aligned, sheet_of
from perfeval.ingest.forms.titles import goal_title
from perfeval.ingest.forms.vocabulary import read_score, without_hints
from perfeval.ingest.prose.outline import lines_of


def one(text: str, sheet: str = "自评表") -> Document:
    """The only form of a sheet."""
    documents = recognise(content(grid(text, sheet)))
    assert len(documents) == 1
    return documents[0]


def column(document: Document, name: str) -> list[object]:
    return list(document.indicators[name])


def money(document: Document) -> list[tuple[object, ...]]:
    names = ["item", "adjusted", "executed", "weight", "declared_score"]
    return [tuple(row) for row in document.budget[names].itertuples(index=False)]


def said(document: Document, code: str) -> list[tuple[object, ...]]:
    """(row, column, value) of each problem of a code."""
    return [(found.row, found.column, found.value) for found in document.problems if found.code == code]


def codes(document: Document) -> set[str]:
    return {found.code for found in document.problems}


# ---- one row never decides a block's layout --------------------------------------------------------------------------
FLAT = """
部门整体绩效自评表（2022年度） | < | < | < | < | < | < | < | <
主管部门 | | 某区水务局 | | | | | 自评总分（分） | 38.5
绩效指标 | 指标名称 | 计量单位 | 指标性质 | 指标值 | 指标权重（分） | 全年完成值 | 指标得分（分） | 说明
 | 河道巡查完成率 | % | ≥ | 90 | 10 | 100 | 10 |
 | 清淤长度 | 公里 | ≥ | 28 | 10 | 28 | 10 |
{odd}
"""


@pytest.mark.parametrize("name", ["公众满意度", "数量", "社会效益", "12345", "成本", "服务对象满意度", "质量指标"])
def test_a_name_that_is_a_level_name_elsewhere_moves_no_block(name: str):
    document = one(FLAT.format(odd=f" | {name} | % | ≥ | 90 | 20 | 92 | 18.5 |"))
    assert column(document, "indicator") == ["河道巡查完成率", "清淤长度", name]
    assert column(document, "weight") == [10, 10, 20]
    assert column(document, "declared_score") == [10, 10, Decimal("18.5")]
    assert not said(document, "N651")


def test_such_a_row_alone_stays_under_its_headings():
    document = one(FLAT.replace("{odd}", "").split(" | 河道")[0] + " | 公众满意度 | % | ≥ | 90 | 20 | 92 | 18.5 |")
    assert column(document, "indicator") == ["公众满意度"]
    assert (column(document, "target"), column(document, "actual")) == (["≥90%"], ["92"])


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 5])
def test_one_heading_over_all_levels_moves_what_follows_by_the_columns_it_lacks(columns: int):
    head = ["绩效指标", *["<"] * (columns - 1), "年度指标值", "实际完成值", "分值", "得分"]
    row = [*["产出指标", "数量指标", "巡查次数", "", ""][: max(columns, 3)], "≥50次", "52次", "90", "89"]
    document = one(f"项目支出绩效自评表（2022年度）\n{' | '.join(head)}\n{' | '.join(row)}")
    names = ["category", "indicator", "target", "actual", "weight", "declared_score"]
    assert document.indicators[names].to_numpy().tolist() == [["产出", "巡查次数", "≥50次", "52次", 90, 89]]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("其他类 | | | | | |", []),  # a name for the rows below
        (" | 其他类 | | | | |", []),
        (" | | | 另行说明 | | |", [(4, "D", "另行说明")]),
        (" | | | | 另行说明 | |", [(4, "E", "另行说明")]),
    ],
)
def test_a_row_without_a_name_is_told_unless_it_names_a_level(row: str, told: list[tuple[object, ...]]):
    document = one(f"""
项目支出绩效自评表（2022年度） | < | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 巡查次数 | ≥50次 | 52次 | 90 | 90
{row}
效益指标 | 社会效益 | 满意户数 | ≥5户 | 6户 | 10 | 10
""")
    assert column(document, "indicator") == ["巡查次数", "满意户数"]
    assert said(document, "N651") == told


@pytest.mark.parametrize("name", ["预算执行率", "资金总额", "合计办结率"])
def test_a_scored_row_is_an_indicator_whatever_it_is_called(name: str):
    money_row = "预算执行情况（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 执行率权重 | 执行率得分 |\n"
    money_row += "^ | 年度总金额 | 90 | 90 | 81 | 90% | 10 | 9 |\n绩效指标 | 指标名称"
    document = one(
        FLAT.replace("绩效指标 | 指标名称", money_row).format(odd=f" | {name} | % | ≥ | 90 | 20 | 92 | 18.5 |")
    )
    assert column(document, "indicator") == ["河道巡查完成率", "清淤长度", name]
    assert money(document) == [("年度总金额", 90, 81, 10, 9)]


def test_the_row_of_execution_is_not_read_twice():
    money_row = "预算执行情况（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 执行率权重 | 执行率得分 |\n"
    money_row += "^ | 年度总金额 | 90 | 90 | 81 | 90% | 10 | 9 |\n绩效指标 | 指标名称"
    document = one(
        FLAT.replace("绩效指标 | 指标名称", money_row).format(odd=" | 预算执行率 | % | ≥ | 100 | 10 | 90 | 9 |")
    )
    assert column(document, "indicator") == ["河道巡查完成率", "清淤长度"]


LOST_CELL = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（2022年度） | < | < | < | < | < | < | <
项目名称 | 路灯维护 | | | | | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
{rows}
"""
RIGHT = [
    "产出指标 | 数量指标 | 修复路灯 | ≥50盏 | 52盏 | 30 | 30 |",
    " | 质量指标 | 亮灯率 | ≥98% | 99% | 20 | 20 |",
    "效益指标 | 社会效益指标 | 投诉下降 | ≥5% | 6% | 30 | 30 |",
    "满意度指标 | 服务对象满意度指标 | 居民满意度 | ≥90% | 91% | 10 | 9 |",
]


def test_rows_that_all_lost_a_cell_are_shifted():
    document = one(LOST_CELL.format(rows="\n".join(RIGHT)))
    assert column(document, "indicator") == ["修复路灯", "亮灯率", "投诉下降", "居民满意度"]
    assert column(document, "declared_score") == [30, 20, 30, 9]


@given(st.integers(0, 3))
def test_one_row_that_lost_a_cell_shifts_no_other(at: int):
    rows = [row if order == at else " | " + row.removesuffix(" |") for order, row in enumerate(RIGHT)]
    sheet = sheet_of("自评表", [grid(LOST_CELL.format(rows="\n".join(rows)))])
    layout = layout_at(sheet, 3, "indicators")
    assert aligned(sheet, layout, iter(range(4, 8))).shift == 0


def test_where_the_others_fit_either_way_one_row_decides_nothing():
    rows = "项目 | 年初预算数 | 全年预算数 | 全年执行数 | 备注\n甲 | | 90 | 90 |\n乙 | | 70 | 70 |\n丙 | | | 80 | 80"
    sheet = sheet_of("自评表", [grid(rows)])
    layout = layout_at(sheet, 0, "budget")
    assert aligned(sheet, layout, iter([3])).shift == 0
    assert aligned(sheet, layout, iter([1, 2, 3])).shift == 0
    assert aligned(sheet, layout, iter([3, 3, 1])).shift == 1


# ---- goals keep their names and points -------------------------------------------------------------------------------
GOALS = """
2022年度某街道部门整体绩效自评表 | < | < | < | < | < | <
{first} | | | | | |
年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
^ | 产出指标 | 数量指标 | 清运垃圾 | ≥2万吨 | 2.3万吨 | 30
{second}
年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
^ | 产出指标 | 数量指标 | 走访家庭 | ≥90户 | 95户 | 40
{third}
 | 效益指标 | 社会效益指标 | 就业人数 | ≥9人 | 9人 | 20
总分 | | | | | | 90
"""
TITLES = {
    "beside": ["年度目标1：（30分） | 市容环境", "年度目标2：（40分） | 民生服务", "年度目标3：（20分） | 稳岗就业"],
    "own cell": ["年度目标1：市容环境（30分）", "年度目标2：民生服务（40分）", "年度目标3：稳岗就业（20分）"],
    "after a blank": ["年度目标1 市容环境（30分）", "年度目标2 民生服务（40分）", "年度目标3 稳岗就业（20分）"],
    "after points": ["目标一（30分）市容环境", "目标二（40分）民生服务", "目标三（20分）稳岗就业"],
    "points apart": ["年度目标1 | 市容环境 | 30分", "年度目标2 | 民生服务 | 40分", "年度目标3 | 稳岗就业 | 20分"],
    "points with the name": [
        "目标（一） | 市容环境（30分）",
        "目标（二） | 民生服务（40分）",
        "目标（三） | 稳岗就业（20分）",
    ],
}


@pytest.mark.parametrize("titles", TITLES.values(), ids=TITLES)
def test_every_goal_keeps_its_name_and_points(titles: list[str]):
    document = one(GOALS.format(first=titles[0], second=titles[1], third=titles[2]))
    assert column(document, "goal") == ["市容环境", "民生服务", "稳岗就业"]
    assert list(document.indicators["goal_no"]) == [1, 2, 3]
    assert [block.points for block in document.blocks] == [30, 40, 20]
    assert column(document, "indicator") == ["清运垃圾", "走访家庭", "就业人数"]


def test_a_goal_without_a_name_takes_that_of_the_list_above():
    listed = "年度总体目标 | 年度目标1：市容环境；年度目标2：民生服务 | < | < | < | < | <\n年度目标1（30分）"
    document = one(GOALS.format(first=listed, second="年度目标2（40分）", third="年度目标3（20分）"))
    assert column(document, "goal")[:2] == ["市容环境", "民生服务"]


def test_titles_in_the_heading_row_keep_points_and_categories():
    text = """
    2020年度监测项目自评表 | < | < | < | < | < | <
    项目名称 | 监测 | | | | |
    年度绩效目标1（40分） | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
    ^ | 产出指标（30分） | 质量指标 | 合格率 | 100% | 100% | 30
    ^ | 效益指标（10分） | 满意度指标 | 用户满意度 | 98% | 98% | 9.6
    年度绩效目标2（40分） | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
    ^ | 产出指标（40分） | 质量指标 | 整编率 | 100% | 100% | 40"""
    document = one(text)
    assert [(block.name, block.points) for block in document.blocks] == [
        ("年度绩效目标1", 40), ("产出指标", 30), ("效益指标", 10), ("年度绩效目标2", 40), ("产出指标", 40),
    ]  # fmt: skip
    assert column(document, "goal") == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("目标1.5万元", None), ("完成目标3个", None), ("目标达标率", None), ("绩效目标20分", None), ("年度目标（23分）", None),
        ("目标十二：绿化", (12, "绿化")), ("年度目标１：养老", (1, "养老")), ("目标1：建3个站（20分）", (1, "建3个站")),
    ],
)  # fmt: skip
def test_what_is_a_goals_title(text: str, goal: tuple[int, str] | None):
    assert goal_title(text) == goal


# ---- 其中 ------------------------------------------------------------------------------------------------------------
PARTS = """
绩效目标自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
项目名称 | 种养补贴 | | | | | |
资金情况（万元） | | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分 |
^ | 年度资金总额： | 9 | 9 | 10 | 100% | 10 |
^ | 其中：本年财政拨款 | 6 | 6 | {one} | 100% | {one} |
^ | 其他资金 | 3 | 3 | {two} | 100% | {two} |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 全年实际值 | 得分
^ | 产出指标（60分） | 数量指标 | ★补助面积 | 60 | 30亩 | 30亩 | 60
^ | ^ | ^ | 其中桃树 | | 10亩 | 10亩 |
^ | ^ | ^ | 其中：苹果树 | | 20亩 | 20亩 |
^ | 效益指标（30分） | 社会效益指标 | 受益人口 | 30 | 90人 | 90人 | 30
总分 | | | | 100 | | | 100
"""


@pytest.mark.parametrize(("one_part", "two"), [("10", ""), ("10", "10"), ("6", "4"), ("", "")])
def test_parts_count_no_points_a_second_time(one_part: str, two: str):
    document = one(PARTS.format(one=one_part, two=two))
    assert [row[3] for row in money(document)] == [10, None, None]
    assert column(document, "weight") == [60, 0, 0, 30]
    assert not codes(document) & {"W656", "W657"}
    assert len(said(document, "N666")) == 2 + sum(bool(part) for part in (one_part, two))


def test_parts_of_an_indicator_that_repeat_its_points_count_none():
    text = PARTS.format(one="", two="").replace("其中桃树 | |", "其中桃树 | 20 |")
    text = text.replace("10亩 |\n", "10亩 | 20\n")
    document = one(text)
    assert column(document, "weight") == [60, 0, 0, 30]
    assert column(document, "declared_score") == [60, None, None, 30]
    assert not codes(document) & {"W656", "W657"}
    assert said(document, "N666")[-1] == (10, "E", "其中桃树")


def test_the_total_of_the_form_in_the_row_of_money_is_no_points_of_execution():
    document = one(PARTS.format(one="", two="").replace("| 10 | 100% | 10 |", "| 100 | 100% | 93 |"))
    assert [row[3] for row in money(document)] == [None, None, None]
    assert said(document, "W651") == [(5, "G", "93")]


def test_parts_that_divide_the_points_of_the_total_count_none():
    document = one(PARTS.format(one="6", two="4").replace("其他资金", "自筹部分"))
    assert [row[3] for row in money(document)] == [10, None, None]


def test_rows_without_points_beside_a_full_hundred_have_none():
    plain = PARTS.format(one="", two="").replace("其中桃树", "桃树").replace("其中：苹果树", "——苹果树")
    document = one(plain)
    assert column(document, "weight") == [60, 0, 0, 30]
    assert not codes(document) & {"W656", "W657"}
    assert said(document, "N666") == [(10, "", "桃树")]


def test_a_row_without_points_stays_so_where_points_are_missing():
    plain = PARTS.format(one="", two="").replace("其中桃树", "桃树").replace("| 30 | 90人", "| 20 | 90人")
    assert column(one(plain), "weight") == [60, None, 0, 20]


def test_points_that_do_not_fit_the_total_stay_and_are_reported():
    document = one(PARTS.format(one="", two="7").replace("其他资金", "自筹部分"))
    assert [row[3] for row in money(document)] == [10, None, 7]
    assert "W656" in codes(document)


@pytest.mark.parametrize("label", ["完成情况", "实现情况", "实际完成情况"])
def test_what_was_achieved_may_have_its_label_on_the_goals_line(label: str):
    document = one(f"""
    2021年度项目支出绩效自评表
    项目名称 | 水渠
    年度绩效目标 | 修建水渠 | | {label} | 已建成
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 水渠 | 5公里 | 5公里 | 100 | 98""")
    assert (document.narrative.summary, column(document, "goal")) == (("已建成",), ["修建水渠"])


@pytest.mark.parametrize(
    "titles",
    [
        ["第一项目标：建公园（40分）", "第二项目标：养绿地（60分）"],
        ["目标① 建公园（40分）", "目标② 养绿地（60分）"],
        ["任务1：建公园（40分）", "任务2：养绿地（60分）"],
        ["（一）建公园（40分）", "（二）养绿地（60分）"],
        ["年度目标（40分） | 建公园", "年度目标（60分） | 养绿地"],
    ],
)
def test_goals_under_other_titles_keep_names_and_points(titles: list[str]):
    heads = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
    row = "产出指标 | 数量指标 | 数量{} | 5棵 | 5棵 | {} | {}"
    parts = [f"{title}\n{heads}\n{row.format(at, *2 * [20 * at + 20])}" for at, title in enumerate(titles, start=1)]
    document = one("2021年度项目支出绩效自评表\n项目名称 | 绿化\n" + "\n".join(parts))
    assert [*zip(column(document, "goal_no"), column(document, "goal"), strict=True)] == [(1, "建公园"), (2, "养绿地")]
    assert [block.points for block in document.blocks if block.points] == [40, 60]


@pytest.mark.parametrize("title", ["一、产出指标（50分）", "（一）项目决策（20分）", "（二）预算执行情况（10分）"])
def test_other_parts_with_numbers_and_points_are_no_goals(title: str):
    document = one(f"""
    2021年度项目支出绩效自评表
    项目名称 | 绿化
    {title}
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 100 | 98""")
    assert column(document, "goal") == [""]


# ---- hints -----------------------------------------------------------------------------------------------------------
HINTED = """
部门预算项目支出绩效自评表（2023年度） | < | < | < | < | < | < | <
项目名称 | 工资性支出 | | | 实施单位 | 请填写单位全称 | |
项目基本情况 | 1.项目年度目标完成情况 | < | 项目年度目标 | < | 年度目标完成情况 | < | <
^ | ^ | ^ | 保障工资及时发放 | < | 说明任务的完成情况（100字以内） | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 权重 | 得分
^ | 产出指标 | 数量指标 | 发放率 | 100% | ____ | 60 |
^ | 效益指标 | 社会效益指标 | 保障率 | 100% | 100% | 30 | 30
^ | 满意度指标 | 满意度指标 | 请填写指标名称 | | | |
评价结论 | （自评总分及成效，200字以内） | < | < | < | < | < | <
存在问题 | （200字以内）资金支付慢 | < | < | < | < | < | <
改进措施 | “xxx” | < | < | < | < | < | <
"""


def test_hints_and_headings_are_no_content_and_are_named():
    document = one(HINTED)
    assert column(document, "goal") == ["保障工资及时发放"] * 2
    assert (column(document, "indicator"), column(document, "actual")) == (["发放率", "保障率"], ["", "100%"])
    assert [issue.text for issue in document.narrative.problems] == ["资金支付慢"]
    assert (document.narrative.summary, document.narrative.measures, document.unit) == ((), (), "")
    assert {value for _, _, value in said(document, "N665")} == {
        "请填写单位全称", "说明任务的完成情况（100字以内）", "____", "请填写指标名称", "（自评总分及成效，200字以内）", "（200字以内）", "“xxx”",
    }  # fmt: skip
    assert len(said(document, "N665")) == 7


@pytest.mark.parametrize(
    "text",
    [
        "（200字以内）", "【不超过500字】", "请填写存在的主要问题", "请简要说明", "填写说明：逐条列出", "____", "xxx", "×××", "XX", "“XXX”", "单击此处输入文字。",
        "此处填写完成情况", "（如：新建道路）", "必填", "简述项目内容（不超过300字）", "选择一项。", "200字以内", "（请逐条说明）",
        "（如有，请说明）", "填写单位实际情况", "例：完成道路维修5公里", "*必填项", "（根据年初预算批复填写）", "（概括说明项目完成情况）",
        "参照年初绩效目标申报表填写", "（对照目标逐条说明）", "从数量、质量、时效等方面概述完成情况", "如：保障工资发放",
    ],
)  # fmt: skip
def test_hints(text: str):
    assert without_hints(text) == ("", (text,))


@pytest.mark.parametrize(
    "text",
    [
        "（效果显著）", "请示办理及时率", "填报及时率", "说明：天气原因", "对照方案全部完成", "XX街道办事处", "*", "……", "500字稿件12篇", "从严控制支出",
        "填写不规范", "填写内容不完整", "按照要求填写了台账",
        "（已补充说明）", "（见附件说明）", "对照检查，发现填报不及时", "请上级增加预算", "完成培训500人次（含线上）", "无", "描述准确率", "≥200字", "（说明：雨季停工）",
    ],
)  # fmt: skip
def test_no_hints(text: str):
    assert without_hints(text) == (text, ())


@given(st.text(alphabet="甲乙丙丁。，0123456789%≥", max_size=20))
def test_a_hint_beside_content_leaves_the_content(rest: str):
    text = f"甲{rest}"
    assert without_hints(f"（200字以内）{text}")[0] == text
    assert without_hints(f"{text}（不超过200字）")[0] == text


# ---- the year --------------------------------------------------------------------------------------------------------
YEARS = """
{title} | < | < | < | < | <
{head}
项目名称 | {project} | | | |
绩效指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分
产出指标 | 数量指标 | 建站数 | 3个 | 3个 | 10
效益指标 | 社会效益指标 | 受益人数 | 90人 | 90人 | 20
"""


@pytest.mark.parametrize(
    ("title", "head", "project", "year"),
    [
        ("项目支出绩效自评表（2021年）", "", "公用经费", 2021),
        ("2021 年度项目支出绩效自评表", "填报日期：2022年3月10日", "公用经费", 2021),
        ("二〇二一年度项目支出绩效自评表", "", "公用经费", 2021),
        ("（2021）年度项目支出绩效自评表", "", "公用经费", 2021),
        ("二○二一年项目支出绩效自评表", "", "公用经费", 2021),
        ("项目支出绩效自评表", "（二O二一年度）", "公用经费", 2021),
        ("项目支出绩效自评表", "2021年", "2019年度农水项目", 2021),
        ("项目支出绩效自评表（2021年）", "", "2019年度农水项目", 2021),
        ("项目支出绩效自评表", "年度 | 2021", "公用经费", 2021),
        ("项目支出绩效自评表", "填报日期：2022年3月10日", "公用经费", None),
        ("项目支出绩效自评表", "鄂财绩发〔2022〕3号", "公用经费", None),
        ("项目支出绩效自评表", "批复文号 | 财预(2022)15号", "公用经费", None),
        ("项目支出绩效自评表", "项目起止时间 | 2020年度至2022年度", "公用经费", None),
        ("2021年项目支出绩效自评表", "", "公用经费", 2021),
        ("项目支出绩效自评表", "", "2020年度卫片执法", None),
        ("2021—2022年度项目支出绩效自评表", "", "公用经费", None),
        ("2021—2022年度项目支出绩效自评表", "年度 | 2022", "公用经费", 2022),
        ("项目支出绩效自评表", "自评年份 | 2021", "公用经费", 2021),
        ("项目支出绩效自评表", "预算年度 | 2021年1月1日至2021年12月31日", "公用经费", 2021),
        ("项目支出绩效自评表", "预算年度 | 2021年1月1日至2022年12月31日", "公用经费", None),
        ("项目支出绩效自评表", "2021年1-12月", "公用经费", 2021),
    ],
)
def test_the_year_of_a_form(title: str, head: str, project: str, year: int | None):
    document = one(YEARS.format(title=title, head=head, project=project))
    assert document.year == year
    assert ("W665" in codes(document)) == ("—" in title and year is None)


@given(st.integers(2000, 2099))
def test_years_in_chinese_numerals(year: int):
    written = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert flat_year(f"{written}年度") == f"{year}年度"


# ---- money -----------------------------------------------------------------------------------------------------------
PAIRED = """
某区财政支出项目绩效自评报告（2016年度） | < | < | < | < | < | < | <
项目名称 | 联络站 | | | | | |
计划安排资金（万元） | 48 | 实际到位资金（万元） | 48 | 实际支出（万元） | 46.5 | 结余（万元） | 1.5
其中：中央财政 | | | | | | |
{part} | 40 | | 40 | | 39.5 | | 0.5
乡镇自筹 | 8 | | 8 | | 7 | | 1
{details}
一级指标 | 二级指标 | 指标内容 | 指标值 | 实际完成值 | 说明
产出指标 | 数量指标 | 建站数 | 16个 | 16个 |
"""


@pytest.mark.parametrize("part", ["县财政", "区财政", "市财政", "县市区财政", "其中：县级财政资金"])
def test_amounts_beside_their_labels_are_kept_for_every_source(part: str):
    document = one(PAIRED.format(part=part, details=""))
    assert money(document) == [
        ("年度资金总额", 48, Decimal("46.5"), None, None),
        (part.removeprefix("其中："), 40, Decimal("39.5"), None, None),
        ("乡镇自筹", 8, 7, None, None),
    ]


def test_sources_of_money_down_to_the_township():
    text = """
    财政支出项目绩效自评表（2016年度） | < | < | < | <
    项目名称 | 联络站 | | |
    资金来源 | 计划安排（万元） | 实际到位 | 实际使用（万元） | 结余
    县财政 | 40 | 40 | 39.5 | 0.5
    乡镇 | 8 | 8 | 7 | 1
    合计 | 48 | 48 | 46.5 | 1.5
    一级指标 | 二级指标 | 指标内容 | 指标值 | 实际完成值
    产出指标 | 数量指标 | 建站数 | 16个 | 16个"""
    amounts = [("县财政", 40, Decimal("39.5")), ("乡镇", 8, 7), ("合计", 48, Decimal("46.5"))]
    assert [row[:3] for row in money(one(text))] == amounts


DETAILS = """二、支出明细情况
{heads}
办公费 | 9.5 | 记-12号 |
印刷费 | 37 | 记-15号 |
支出合计 | {total} | |
三、绩效情况"""


@pytest.mark.parametrize(
    "heads",
    [
        "支出内容 | 实际支出数（万元） | 会计凭证号 | 备注",
        "费用名称 | 支出金额 | 凭证号 | 备注",
        "经济科目 | 实际支出 | 日期 | 收款单位",
        "支出项目 | 支出数 | 说明 | ",
    ],
)
def test_spending_details_are_no_budget(heads: str):
    document = one(PAIRED.format(part="县财政", details=DETAILS.format(heads=heads, total="46.5")))
    assert money(document)[3:] == [("办公费", None, Decimal("9.5"), None, None), ("印刷费", None, 37, None, None)]
    assert len(said(document, "N667")) == 1
    assert "W669" not in codes(document)
    assert column(document, "indicator") == ["建站数"]


def test_details_that_do_not_add_up_are_reported():
    details = DETAILS.format(heads="支出内容 | 实际支出数（万元） | 会计凭证号 | 备注", total="50")
    assert said(one(PAIRED.format(part="县财政", details=details)), "W669") == [(11, "B", "50")]


# ---- department or project -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("title", "head", "item"),
    [
        ("2022年度项目支出绩效自评表", "项目名称 | 养老 | | 所属 | 部门整体支出", "年度资金总额"),
        ("2022年度整体支出中的项目绩效自评表", "项目名称 | 养老", "年度资金总额"),
        ("2022年度项目支出绩效自评表", "填报依据 | 部门整体支出管理办法", "年度资金总额"),
        ("2022年度部门整体支出绩效自评表", "单位名称 | 某局", "部门整体支出"),
        ("2022年度某街道整体绩效自评表", "单位名称 | 某街道办事处", "部门整体支出"),
    ],
)
def test_whose_money_an_unnamed_row_is(title: str, head: str, item: str):
    text = f"""
    {title} | < | < | < | < | <
    {head}
    预算执行情况（万元） | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分
    ^ | | 100 | 98 | 98% | 9.8
    绩效指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分
    产出指标 | 数量指标 | 建站数 | 3个 | 3个 | 10"""
    assert money(one(text))[0][0] == item


# ---- categories ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("second", ["成本指标", "经济成本指标", "成本", "成本控制指标"])
@pytest.mark.parametrize("merged", ["^", ""])
def test_costs_below_outputs_stay_there(second: str, merged: str):
    text = f"""
    项目支出绩效自评表（2022年度） | < | < | < | < | < | <
    项目名称 | 绿化 | | | | |
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 种树 | 90棵 | 91棵 | 40 | 40
    {merged} | {second} | 每棵成本 | ≤90元 | 88元 | 20 | 20
    效益指标 | 生态效益指标 | 绿化率 | ≥30% | 31% | 30 | 30"""
    document = one(text)
    assert column(document, "category") == ["产出", "产出", "效益"]
    assert "成本" in str(column(document, "subcategory")[1])


# ---- scores of 100, and reviewers ------------------------------------------------------------------------------------
CONVERTED = """
预算项目绩效自评表（2020年度） | < | < | < | < | < | <
项目名称 | 高龄津贴 | | | | |
一级指标 | 二级指标 | 三级指标 | 预期指标值 | 单项指标实际完成值 | 自评得分 | < | <
^ | ^ | ^ | ^ | ^ | 单项指标得分 | 权重占比（%） | 单项指标折算得分
产出指标 | 质量指标 | 覆盖率 | ≥98% | 100% | {first} | 60 | {one}
满意度指标 | 服务对象满意度指标 | 满意度 | ≥95% | 96% | {second} | 40 | {two}
合计 | | | | | | 100 | {total}
"""


def test_weights_typed_as_scores_of_100_are_named_and_kept():
    document = one(CONVERTED.format(first="60", one="36", second="40", two="16", total="52"))
    assert column(document, "weight") == [60, 40]
    assert column(document, "declared_score") == [36, 16]
    assert column(document, "source") == ["单项指标得分60；自评表!C5", "单项指标得分40；自评表!C6"]
    assert said(document, "W666") == [(5, "F", "60")]
    assert not said(document, "N652")


def test_one_score_that_equals_its_weight_is_no_pattern():
    text = CONVERTED.format(first="60", one="36", second="", two="16", total="52")
    assert "W666" not in codes(one(text))


def test_scores_of_100_that_are_scores_are_kept_without_a_word():
    document = one(CONVERTED.format(first="100", one="60", second="90", two="36", total="96"))
    assert column(document, "declared_score") == [60, 36]
    assert "W666" not in codes(document)
    assert column(document, "source")[1] == "单项指标得分90；自评表!C6"


REVIEWED = """
2022年度项目绩效再评价表 | < | < | < | < | < | < | <
项目名称 | 托育 | | | | | |
{heads}
产出指标 | 数量指标 | 托位数 | ≥30个 | 31个 | 20 | 28个 | 18
效益指标 | 社会效益指标 | 入托率 | ≥80% | 85% | 30 | 80% | 25.5
合计 | | | | | 50 | | {total}
"""
ONE_LINE = "一级指标 | 二级指标 | 三级指标 | 指标值 | {} | {} | {} | {}"
TWO_LINES = """一级指标 | 二级指标 | 三级指标 | 指标值 | {} | < | {} | <
^ | ^ | ^ | ^ | 完成值 | 得分 | 完成值 | 得分"""


@pytest.mark.parametrize(
    "heads",
    [
        ONE_LINE.format("自评完成值", "自评得分", "再评价完成值", "再评价得分"),
        ONE_LINE.format("实际完成值", "自评分", "复核值", "复核评分"),
        ONE_LINE.format("实际完成值", "自评得分", "审核完成值", "财政审核评分"),
        ONE_LINE.format("自评实际完成值", "自评得分", "第三方复核完成值", "第三方复核得分"),
        TWO_LINES.format("自评", "再评价"),
        TWO_LINES.format("单位自评情况", "财政复核情况"),
    ],
)
def test_a_reevaluation_has_both_scores_and_both_values(heads: str):
    document = one(REVIEWED.format(heads=heads, total="43.5"))
    assert column(document, "actual") == ["31个", "85%"]
    assert column(document, "declared_score") == [20, 30]
    assert column(document, "reviewed_actual") == ["28个", "80%"]
    assert column(document, "reviewed_score") == [18, Decimal("25.5")]
    assert document.narrative.declared_score == 50
    assert not said(document, "W657")


@pytest.mark.parametrize("who", ["财政复核", "第三方复审", "专家评审", "财政抽评"])
def test_a_reevaluation_below_two_heads_keeps_the_points(who: str):
    document = one(f"""
    2022年度项目支出绩效自评复核表 | < | < | < | < | < | < | < | < | <
    项目名称 | 绿化 | | | | | | | |
    一级指标 | 二级指标 | 三级指标 | 指标值 | 单位自评 | < | < | {who} | < | <
     | | | | 完成值 | 分值 | 得分 | 完成值 | 得分 | 扣分理由
    产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 60 | 60 | 4棵 | 48 | 少一棵
    效益指标 | 社会效益 | 成活率 | 95% | 96% | 40 | 38 | 96% | 38 |
    总分 | | | | | 100 | 98 | | 86 |""")
    for name, values in (("weight", [60, 40]), ("declared_score", [60, 38]), ("reviewed_score", [48, 38])):
        assert column(document, name) == values
    assert column(document, "reviewed_actual") == ["4棵", "96%"]
    assert column(document, "review_note") == ["少一棵", ""]
    assert document.account.left == ()


def test_a_reviewers_total_that_does_not_add_up_is_reported():
    heads = ONE_LINE.format("自评完成值", "自评得分", "再评价完成值", "再评价得分")
    assert said(one(REVIEWED.format(heads=heads, total="45")), "W657") == [(6, "H", "45")]


# ---- totals and choices that cannot be read --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "named"),
    [("一百零二", True), ("见附件", True), ("98分", False), ("九十八", True), ("优", False), ("", False)],
)
def test_a_total_that_is_no_number_is_named(total: str, named: bool):
    text = YEARS.format(title="2021年度项目支出绩效自评表", head=f"自评总分 | {total}", project="公用经费")
    document = one(text)
    assert said(document, "W663") == ([(2, "B", total)] if named else [])
    assert document.narrative.declared_score == (98 if total == "98分" else None)


TOTALS = [
    ("98分", "98"),
    ("98", "98"),
    ("98.5%", "98.5"),
    ("98（优）", "98"),
    ("优（98分）", "98"),
    ("98分，较上年提高2分", "98"),
    ("满分100分，自评98分", "98"),
    ("98/100", "98"),
    ("2022年度98分", None),
    ("得分率98%，97分", None),
    ("较上年提高2分，98分", None),
    ("1. 98分", None),
    ("约98", None),
    ("95-98", None),
    ("98,5", None),
    ("1000", None),
    ("-5", None),
]


@pytest.mark.parametrize(("total", "score"), TOTALS)
@pytest.mark.parametrize("above", [True, False])
def test_a_total_is_the_number_that_is_meant_or_is_named(total: str, score: str | None, above: bool):
    table = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | |"""
    line = f"自评总分 | {total}"
    head = "2021年度项目支出绩效自评表\n项目名称 | 绿化\n"
    document = one(head + (f"{line}\n{table}" if above else f"{table}\n{line}"))
    assert document.narrative.declared_score == (None if score is None else Decimal(score))
    assert [value for *_, value in said(document, "W663")] == ([] if score else [total])


@pytest.mark.parametrize("text", ["自评总得分为98分", "自评得分：98分", "自评总分 | 98 | 分"])
def test_a_total_below_the_indicators_is_no_indicator(text: str):
    document = one(f"""
    2021年度项目支出绩效自评表
    项目名称 | 绿化
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 100 | 98
    {text}""")
    assert (document.narrative.declared_score, column(document, "indicator")) == (98, ["植树"])


@pytest.mark.parametrize(
    ("met", "named"),
    [("不知道", True), ("待定", True), ("完成", False), ("基本达标", False), ("是", False), ("√", False)],
)
def test_a_claim_that_says_nothing_is_named(met: str, named: bool):
    text = f"""
    2021年度项目支出绩效自评表 | < | < | < | < | <
    项目名称 | 托育 | | | |
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 是否完成
    产出指标 | 数量指标 | 建站数 | 3个 | 3个 | {met}"""
    document = one(text)
    assert column(document, "declared_met") == [met]
    assert bool(said(document, "W664")) == named


def test_a_row_of_the_template_without_a_name_is_named_where_it_lacks_one():
    text = """
    部门整体支出绩效自评表
    perfeval自评表模板（第1版）
    单位名称 | 某街道 | 年度 | 2024 | 自评总分 | 一百零二
    二、绩效指标完成情况
    目标序号 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 申报完成情况
    1 | 环境 | 产出 | 数量 | 清运次数 | 100次 | 90次 | 10 | 9 | 不知道
    1 | 环境 | 产量 | 数量 | | 100% | x | 1 | 1 | 完成"""
    document = one(text)
    assert said(document, "W663") == [(3, "F", "一百零二")]
    assert said(document, "W664") == [(6, "J", "不知道")]
    assert said(document, "N651") == [(7, "E", "")]
    assert said(document, "W655") == [(7, "C", "产量")]


# ---- numbers before names --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("names", "bare"),
    [
        (["1.12345热线办结率", "2.走访户数"], ["12345热线办结率", "走访户数"]),
        (["1.5G基站数", "2.24小时自助机", "3.绿化"], ["5G基站数", "24小时自助机", "绿化"]),
        (["1、甲", "2、乙", "1、丙"], ["甲", "乙", "丙"]),
        (["（1）甲", "（2）乙"], ["甲", "乙"]),
        (["①甲", "②乙", "③丙"], ["甲", "乙", "丙"]),
        (["12345热线办结率", "1+N制度数", "5G基站", "24小时自助", "2023年项目"], None),
        (["1.5米宽道路", "2.5米宽道路"], None),
        (["1.甲"], None),
        (["1.甲", "3.乙"], None),
        (["3.甲", "4.乙"], None),
        (["1.甲", "1.乙"], None),
        (["12.甲", "乙"], None),
    ],
)
def test_numbers_are_taken_off_only_where_they_count(names: list[str], bare: list[str] | None):
    found = numbered(names)
    assert [name[len(found.get(at, "")) :] for at, name in enumerate(names)] == (bare or names)


def test_numbered_names_of_a_form_keep_their_numbers_in_the_source():
    text = """
    2021年度项目支出绩效自评表 | < | < | < | <
    项目名称 | 热线 | | |
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值
    产出指标 | 数量指标 | 1.12345热线办结率 | 100% | 99%
    ^ | ^ | 2.走访户数 | 90户 | 91户"""
    document = one(text)
    assert column(document, "indicator") == ["12345热线办结率", "走访户数"]
    assert column(document, "source") == ["1.；自评表!C4", "2.；自评表!C5"]
    assert len(said(document, "N668")) == 1


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (["1.12345热线", "2.走访"], ["12345热线", "走访"]),
        (["1.走访", "2.12345热线"], ["走访", "12345热线"]),
        (["1.5万元已拨付", "其他"], ["1.5万元已拨付", "其他"]),
        (["3.5公里", "2.走访"], ["3.5公里", "走访"]),
    ],
)
def test_numbers_of_lines_of_prose(lines: list[str], texts: list[str]):
    blocks = tuple(Paragraph(line, number) for number, line in enumerate(lines, 1))
    assert [line.text for line in lines_of(Content("a.txt", "txt", blocks))] == texts  # type: ignore[union-attr]


# ---- text with cells in it -------------------------------------------------------------------------------------------
CELLS = st.text(alphabet="甲乙指标0123456789%≥.", max_size=6)


def cells_of(grids: list[Grid | Paragraph]) -> list[list[str]]:
    rows = [[cell.text for cell in row] for grid in grids if isinstance(grid, Grid) for row in grid.rows]
    return [_cut(row) for row in rows]


def _cut(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


@given(st.lists(st.lists(CELLS, min_size=3, max_size=6).filter(lambda row: row[0] and row[-1]), min_size=2, max_size=8))
def test_a_pasted_table_has_the_cells_of_the_same_table_as_csv(rows: list[list[str]]):
    pasted, _ = read_text("\n".join("\t".join(row) for row in rows).encode(), "a.txt")
    listed, _ = read_table("\n".join(",".join(row) for row in rows).encode(), "a.csv")
    assert cells_of(pasted) == cells_of(listed) == [_cut(row) for row in rows]


MIXED = """2022年度项目支出绩效自评表
项目名称\t\t营养餐\t\t实施单位\t\t某学校
项目资金（元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t\t38000\t38000\t10\t100%\t10
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t"说明
第二行"
产出指标\t数量指标\t受助人数\t≥735人\t735人\t50\t50
\t生态效益指标
效益指标
\t社会效益指标\t知晓率\t≥95%\t98%\t40\t40

总分\t\t\t\t\t100\t100
以上情况属实。单位将继续加强资金管理，提高资金使用效益，做好营养改善工作。"""


def test_a_table_in_the_midst_of_text():
    blocks = lines_to_blocks(MIXED)
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Grid", "Paragraph"]
    document = recognise(Content("a.txt", "txt", tuple(blocks)))[0]
    assert (document.year, document.title, document.unit) == (2022, "营养餐", "某学校")
    assert column(document, "indicator") == ["受助人数", "知晓率"]
    assert column(document, "category") == ["产出", "效益"]
    assert money(document) == [("年度资金总额", Decimal("3.8"), Decimal("3.8"), 10, 10)]
    assert document.narrative.declared_score == 100


@pytest.mark.parametrize(
    "text",
    [
        "一、基本情况\t3\n二、绩效情况\t5",
        "1.\t加强管理\n2.\t加快支付",
        "\t一是加强管理\n\t二是加快支付",
        "单位：甲    日期：2022年",
    ],
)
def test_tabs_and_blanks_in_prose_are_no_tables(text: str):
    assert all(isinstance(block, Paragraph) for block in lines_to_blocks(text))
    assert [block.text for block in lines_to_blocks(text) if isinstance(block, Paragraph)] == [
        line.strip() for line in text.split("\n")
    ]


ALIGNED = """2022年度项目支出绩效自评表
项目名称  路灯维护  实施单位  某街道
一级指标    二级指标        三级指标    年度指标值  实际完成值  分值  得分
产出指标    数量指标        修灯数      ≥50盏       52盏        50    50
            质量指标        亮灯率      ≥98%        99%         20    20
效益指标    社会效益指标    投诉下降    ≥5%                     20    18"""


def test_cells_in_columns_of_blanks():
    document = recognise(Content("a.txt", "txt", tuple(lines_to_blocks(ALIGNED))))[0]
    assert column(document, "indicator") == ["修灯数", "亮灯率", "投诉下降"]
    assert column(document, "actual") == ["52盏", "99%", ""]
    assert column(document, "declared_score") == [50, 20, 18]
    assert document.title == "路灯维护"


def test_blocks_are_told_once():
    document = one(
        GOALS.format(
            first="年度目标1：（30分） | 市容环境",
            second="年度目标2：（40分） | 民生",
            third="年度目标3：（20分） | 稳岗",
        )
    )
    assert document.blocks is not None
    assert [(block.name, block.points, block.place) for block in document.blocks].count(
        ("年度目标1", Decimal(30), "自评表!A2")
    ) == 1
    assert [block.goal for block in document.blocks] == ["市容环境", "民生", "稳岗"]


TWICE = """
项目支出绩效自评表（2022年度） | < | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 巡查次数 | ≥50次 | 52次 | {second} | 90 | 90
"""


def test_two_columns_of_one_meaning_that_differ_are_a_question():
    document = one(TWICE.format(second="25次"))
    assert column(document, "actual") == ["52次"]
    assert said(document, "W667") == [(3, "F", "25次")]
    same = one(TWICE.format(second="52次"))
    assert "W667" not in codes(same)
    assert said(same, "N652") == [(3, "F", "52次")]


@pytest.mark.parametrize(("text", "number", "points"), [("1800%", "18", None), ("18%", "0.18", 18), ("100%", "1", 100)])
def test_points_above_a_hundred_percent_are_no_points(text: str, number: str, points: int | None):
    found, why = read_score(Cell(text, Decimal(number), "0%"))
    assert (found, bool(why)) == (points, points is None)


def test_a_category_that_nobody_knows_is_named_in_the_first_column_too():
    body = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n{} | 清运次数 | ≥100次 | 101次 | 90 | 90"
    assert said(one(body.format("项目决策 | 项目立项")), "W655") == [(2, "A", "项目决策")]
    assert said(one(body.format("项目决策 | 数量指标")), "W655") == []
