"""What goes wrong with official forms, and what must hold whatever their layout."""

from dataclasses import replace
from decimal import Decimal

import forms_example as forms
import pytest
from forms_example import content, grid
from hypothesis import given, settings
from hypothesis import strategies as st
from test_forms import FAMILIES, budget, codes, indicators, lines, one

from perfeval.ingest.document import EMPTY, Cell, Grid, Paragraph
from perfeval.ingest.forms import recognise
from perfeval.ingest.forms.flattened import _cells
from perfeval.ingest.forms.vocabulary import column, flat, indicator_name, level, read_amount, target_text, words

HEAD = "项目支出绩效自评表（2022年度）\n项目名称 | 绿化 | 实施单位 | 园林所\n"
COLUMNS = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施\n"
MONEY = "项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分\n"


def problem(document, code):
    """The only problem with a code, as (row, column, value)."""
    found = [wrong for wrong in document.problems if wrong.code == code]
    assert len(found) == 1, codes(document)
    return found[0].row, found[0].column, found[0].value


# ---- totals ----------------------------------------------------------------------------------------------------------


def test_a_total_that_does_not_add_up():
    text = HEAD + MONEY + " | 年度资金总额 | 65.66 | | 65.07 | 10 | 99% | 9\n" + COLUMNS
    text += "产出指标(50分) | 数量指标 | 指标1:参合人数 | 8755 | 8676 | 60 | 58 |\n"
    text += "效益指标 | 社会效益 | 看病难解决率 | 95% | 95% | 30 | 26 |\n总分 | | | | | 100 | 94"
    document = one(text)
    assert problem(document, "W657") == (8, "G", "94")
    scores = [*document.budget["declared_score"], *document.indicators["declared_score"]]
    assert (sum(scores), document.narrative.declared_score) == (93, 94)


def test_weights_of_110_with_execution():
    text = HEAD + MONEY + " | 年度资金总额 | 287 | 287 | 171 | 10 | 60% | 6\n" + COLUMNS
    text += "产出指标 | 成本指标 | 计划完成率 | 90% | 60% | 70 | 60 |\n"
    text += "满意度指标 | 满意度 | 满意度 | 90% | 90% | 30 | 30 |\n总分 | | | | | 100 | 90"
    document = one(text)
    assert problem(document, "W656")[2] == "110"
    assert [*document.budget["weight"], *document.indicators["weight"]] == [10, 70, 30]
    assert problem(document, "W657")[2] == "90"  # 96 with the 6 of execution


@pytest.mark.parametrize(("weight", "score"), [("100", "98"), ("10", "99")])
def test_the_total_written_in_the_money_row(weight: str, score: str):
    text = HEAD + MONEY + f" | 年度资金总额 | 30 | 30 | 30 | {weight} | 100% | {score}\n" + COLUMNS
    document = one(text + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 |")
    assert problem(document, "W651")[2] == score
    assert document.narrative.declared_score == Decimal(score)
    assert document.budget["declared_score"][0] is None


def test_two_totals_that_differ():
    text = HEAD + "自评总分 | 95\n" + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 96 | 96 |\n"
    document = one(text + "总分 | | | | | 100 | 96")
    assert document.narrative.declared_score == 96
    assert "95（自评表!B3）、96（自评表!G6）" in next(p.message for p in document.problems if p.code == "W658")


def test_an_unfilled_total_row_is_no_score():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 100 | |\n总分 | | | | | 100 | |"
    assert one(text).narrative.declared_score is None


def test_an_execution_rate_under_output_is_an_indicator():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 预算执行率 | 100% | 83.5% | 20 | 18 |"
    assert indicators(one(text)) == ["产出|数量|预算执行率|100%|83.5%||20|18||C4"]


# ---- rows ------------------------------------------------------------------------------------------------------------


def test_rows_without_a_name_are_no_rows_and_are_reported_if_they_say_something():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n | | 指标2： | | | | |\n"
    text += " | 质量指标 | | | | | |\n | | …… | | | | |\n | 时效指标 | | 12月 | 11月 | 50 | 50 |"
    document = one(text)
    assert indicators(document) == ["产出|数量|植树|5棵|5棵||50|50||C4"]
    assert problem(document, "W673") == (8, "D", "12月")


def test_a_row_of_figures_outside_every_block_is_reported():
    text = HEAD + "甲 | 1 | 2 | 3\n" + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |"
    assert problem(one(text), "N651") == (3, "A", "甲")


@pytest.mark.parametrize(
    ("printed", "name", "marks"),
    [
        ("★★★新建产业路", "新建产业路", ("★★★",)),
        ("指标1：养护里程", "养护里程", ("指标1",)),
        ("★指标 2:养护", "养护", ("★", "指标2")),
        ("养护\n里程", "养护里程", ()),
        ("指标完成率", "指标完成率", ()),
        ("指标1：", "", ("指标1",)),
        ("……", "", ()),
        ("…", "", ()),
        ("—", "", ()),
        ("指标3", "", ()),
    ],
)
def test_names(printed: str, name: str, marks: tuple[str, ...]):
    found = indicator_name(printed)
    assert found.text == name
    assert tuple(mark.replace(" ", "") for mark in found.marks) == marks


def test_merged_scores_stay_on_the_first_row_and_merged_texts_hold_for_all():
    text = HEAD + "一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 得分\n"
    text += "效益指标 | 社会效益 | 查阅方便 | 范围扩大 | 已扩大 | 10\n^ | ^ | 文化发展 | ^ | ^ | ^"
    document = one(text)
    assert indicators(document) == lines(
        """效益|社会效益|查阅方便|范围扩大|已扩大|||10||C4
        效益|社会效益|文化发展|范围扩大|已扩大|||||得分与F4合并；C5"""
    )
    assert problem(document, "N653") == (5, "F", "")
    shared = [(wrong.row, wrong.column, wrong.value) for wrong in document.problems if wrong.code == "N669"]
    assert shared == [(5, "D", "范围扩大"), (5, "E", "已扩大")], "shown beside both, and said of the second"


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("实际完成值", "绩效指标没有“实际完成值”一栏"),
        ("年度指标值", "绩效指标没有“年度指标值”一栏"),
        ("年度指标值 实际完成值", "绩效指标没有“年度指标值”、“实际完成值”一栏"),
        ("全年执行数", "预算执行没有“全年执行数”一栏"),
        ("三级指标", "绩效指标没有“三级指标”一栏"),
        ("年初预算数", ""),
        ("偏差原因分析及改进措施", ""),
    ],
)
def test_a_column_without_which_nothing_can_be_judged_is_missed(without: str, said: str):
    """Deleted from a sheet, or called what nobody knows; a cell that is empty in its column is another thing."""
    money = [("项目资金（万元）", ""), ("", "年度资金总额"), ("年初预算数", "65.66"), ("全年预算数", "65.66"),
             ("全年执行数", "65.07"), ("分值", "10"), ("得分", "9")]  # fmt: skip
    table = [("一级指标", "产出指标"), ("二级指标", "数量指标"), ("三级指标", "植树"), ("年度指标值", "5棵"),
             ("实际完成值", ""), ("分值", "90"), ("得分", "80"), ("偏差原因分析及改进措施", "")]  # fmt: skip
    text = HEAD
    for block in (money, table):
        kept = [pair for pair in block if pair[0] not in without.split()]
        text += "".join(" | ".join(column) + "\n" for column in zip(*kept, strict=True))
    found = [wrong.message for wrong in one(text).problems if wrong.code == "W671"]
    assert [message.split("，")[0] for message in found] == ([said] if said else [])


def test_a_level_two_name_decides_where_level_one_is_only_carried_down():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n"
    text += " | 社会效益指标 | 出行 | ≥80% | 80% | 40 | 40 |\n | 成本指标 | 单价 | 5元 | 5元 | 10 | 10 |"
    document = one(text)
    assert [row.split("|")[0] for row in indicators(document)] == ["产出", "效益", "产出"]
    assert problem(document, "N654") == (5, "C", "出行")


def test_the_cost_category_since_2021():
    text = HEAD + COLUMNS + "成本指标 | 经济成本指标 | 总成本 | ≤5万元 | 5万元 | 20 | 20 |\n"
    text += "^ | 社会成本指标 | 扰民 | 0起 | 0起 | 5 | 5 |"
    assert [row[:7] for row in indicators(one(text))] == ["成本|经济成本", "成本|社会成本"]


def test_heading_rows_repeated_on_every_printed_page():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n" + COLUMNS
    text += "效益指标 | 社会效益指标 | 出行 | ≥80% | 80% | 50 | 50 |"
    assert len(indicators(one(text))) == 2


def test_points_that_are_no_number():
    text = HEAD + COLUMNS + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50分 | 满分 |"
    document = one(text)
    assert problem(document, "W652") == (4, "G", "满分")
    assert list(document.indicators["weight"]) == [50]


def test_a_form_that_was_not_filled_in():
    document = one(HEAD + COLUMNS + "产出指标 | 数量指标 | 指标1： | | | | |\n | | …… | | | | |")
    assert codes(document) == ["W659"]
    assert document.indicators.empty


# ---- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("150万", "万元", "150"),
        ("1500000元", "万元", "150"),
        ("0.5亿元", "元", "5000"),
        ("72,890.50", "元", "7.28905"),
        ("1,234.5", "", "1234.5"),
        ("０．５", "万元", "0.5"),
    ],
)
def test_money_in_its_own_unit(text: str, unit: str, amount: str):
    assert read_amount(Cell(text), unit) == (Decimal(amount), "")


def test_stored_places_that_the_number_format_hides_are_kept():
    assert read_amount(Cell("7.29", Decimal("7.28905")), "万元") == (Decimal("7.28905"), "")
    assert str(read_amount(Cell("7.20", Decimal("7.2")), "万元")[0]) == "7.20"


def test_yuan_under_a_heading_of_wanyuan_is_noticed_and_not_changed():
    text = HEAD + MONEY + " | 年度资金总额 | 30 | 30 | 298500 | 10 | 99.5% | 9.95\n" + COLUMNS
    document = one(text + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 |")
    assert problem(document, "W303") == (4, "E", "298500")
    assert list(document.budget["executed"]) == [298500]


@pytest.mark.parametrize(
    ("executed", "yuan"),
    [
        ("149999.99", False),
        ("150000", True),
        ("600000", True),
        ("600000.01", False),
        ("999999.99", False),
        ("1000000", True),
    ],
)
def test_an_amount_is_taken_for_yuan_from_5000_to_20000_times_the_others(executed: str, yuan: bool):
    text = HEAD + MONEY + f" | 年度资金总额 | 30 | 30 | {executed} | 10 | 99.5% | 9.95\n" + COLUMNS
    document = one(text + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 |")
    assert ("W303" in codes(document)) == yuan


ROW = "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 |"
NO_UNIT = MONEY.replace("（万元）", "")


@pytest.mark.parametrize(
    ("head", "after"),
    [
        (HEAD + " | | | 单位：元\n" + NO_UNIT, ""),
        (HEAD + " | | | 金额单位：人民币元\n" + NO_UNIT, ""),
        (HEAD + NO_UNIT, "\n注：金额单位为元"),
        (HEAD.replace("（2022年度）", "（2022年度，单位：元）") + NO_UNIT, ""),
    ],
    ids=["above", "renminbi", "in a note below", "in the title"],
)
def test_the_unit_of_money_is_read_wherever_it_stands(head: str, after: str):
    document = one(head + " | 年度资金总额 | 300000 | 300000 | 298500 | 10 | 99.5% | 9.95\n" + COLUMNS + ROW + after)
    assert list(document.budget["executed"]) == [Decimal("29.85")]


@pytest.mark.parametrize(
    ("head", "executed", "said"),
    [
        (HEAD + NO_UNIT, "298500", True),
        (HEAD + NO_UNIT, "298500元", False),
        (HEAD + NO_UNIT, "2985", False),
        (HEAD + MONEY, "298500", False),
        (HEAD + " | | | 单位：元\n" + MONEY, "29.85", True),
    ],
    ids=["large without unit", "unit in the cell", "small", "unit in the heading", "two units"],
)
def test_a_unit_that_is_not_certain_is_named(head: str, executed: str, said: bool):
    text = head + f" | 年度资金总额 | {executed} | {executed} | {executed} | 10 | 100% | 10\n" + COLUMNS + ROW
    assert ("W668" in codes(one(text))) is said


@pytest.mark.parametrize(
    ("opening", "change", "adjusted", "said"),
    [
        ("1000", "200", "1200", True),
        ("1000", "-200", "800", True),
        ("1000", "0", "1000", False),
        ("1000", "1200", "", True),
    ],
)
def test_the_year_s_budget_from_its_change(opening: str, change: str, adjusted: str, said: bool):
    money = MONEY.replace("全年预算数", "预算调整数") + f" | 年度资金总额 | {opening} | {change} | 700 | 10 | | 9\n"
    document = one(HEAD + money + COLUMNS + ROW)
    assert budget(document)[0].split("|")[2] == adjusted
    assert ("W670" in codes(document)) is said


def test_two_years_in_a_title_are_no_year():
    text = HEAD.replace("（2022年度）", "（2022年度）（2023年度填报）") + MONEY + COLUMNS + ROW
    document = one(text)
    assert "W665" in codes(document)
    assert document.year is None


@pytest.mark.parametrize(
    ("heading", "value", "said_"),
    [("序号", "1", []), ("序号", "甲1", ["N661"]), ("备查数", "1", ["N652"]), ("备查数", "甲1", ["N652"])],
)
def test_a_column_without_a_place_is_named_but_for_numbers_of_rows(heading: str, value: str, said_: list[str]):
    text = HEAD + MONEY + " | 年度资金总额 | 30 | 30 | 30 | 10 | 100% | 10\n"
    text += f"一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | {heading}\n"
    assert codes(one(f"{text}产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 | {value}")) == said_


def test_words_in_a_money_cell():
    text = HEAD + MONEY + " | 年度资金总额 | 待定 | 30 | 30 | 10 | 100% | 10\n" + COLUMNS
    document = one(text + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 90 | 90 |")
    assert problem(document, "W653") == (4, "C", "待定")
    assert budget(document) == ["年度资金总额||30|30|10|10|C4"]


def test_basic_and_project_expenditure_in_the_head_of_a_whole_unit():
    text = "2022年度部门整体绩效自评表\n单位名称 | 街道办\n基本支出总额 | 2033.69 | 项目支出总额 | 3397.59\n"
    text += "预算执行情况（万元）（20分） | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分*执行率）\n"
    text += " | 部门整体支出总额 | 5431.28 | 5431.28 | 100% | 20\n"
    text += "年度目标1（80分） | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分\n"
    text += " | 产出指标 | 数量指标 | 立案 | 5件 | 5件 | 80\n总分 | 100"
    document = one(text)
    assert budget(document) == lines(
        """部门整体支出||5431.28|5431.28|20|20|C5
        基本支出||2033.69||||A3
        项目支出||3397.59||||A3"""
    )
    assert document.narrative.declared_score == 100


# ---- layouts ---------------------------------------------------------------------------------------------------------


def test_several_projects_on_one_page_some_without_headings():
    text = "财政局2019年度项目支出绩效自评表\n" + "项目名称 | 购买服务\n" + MONEY
    text += "年度资金总额 | 287 | 287 | 171 | 10 | 60% | 6\n" + COLUMNS
    text += "产出指标 | 数量指标 | 服务人数 | 100人次 | 100人次 | 90 | 90 |\n总分 | | | | | 100 | 96\n"
    text += "== 表2\n项目名称 | 政务管理\n年度资金总额 | 202 | 202 | 100 | 10 | 50% | 5\n"
    text += "其中:当年财政拨款 | 202 | 202 | 100\n"
    text += "产出指标 | 质量指标 | 合格率 | 90% | 60% | 90 | 40 | 延至下年\n总分 | | | | | 100 | 45"
    first, second = recognise(content(text))
    assert (first.title, second.title, second.year, second.unit) == ("购买服务", "政务管理", 2019, "")
    assert first.unit == "财政局"
    assert second.family == first.family == "财政部通用格式"
    assert indicators(second) == ["产出|质量|合格率|90%|60%||90|40|延至下年|C12"]
    assert budget(second) == ["年度资金总额|202|202|100|10|5|B10", "当年财政拨款|202|202|100|||B11"]
    assert [document.narrative.declared_score for document in (first, second)] == [96, 45]


def test_cells_shifted_against_their_headings():
    text = HEAD + MONEY + "年度资金总额: | 90 | 95 | 95 | 10 | 100% | 10\n绩效指标 | " + COLUMNS
    text += "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n | 质量指标 | 成活率 | 95% | 96% | 40 | 40 |\n"
    text += "总分 | | | | | 100 | 100"
    document = one(text)
    assert budget(document) == ["年度资金总额|90|95|95|10|10|B4"]
    assert indicators(document) == lines(
        """产出|数量|植树|5棵|5棵||50|50||C6
        产出|质量|成活率|95%|96%||40|40||C7"""
    )


def test_levels_without_headings_of_their_own():
    text = HEAD + "绩效指标 | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 分值 | 得分\n"
    text += "产出指标 | 数量指标 | 经费 | ﹦ | 72890 | 元 | 72890 | 10.00 | 9.00\n"
    text += " | 质量指标 | 合格率 | ﹦ | 100 | % | 100 | 20 | 19"
    assert indicators(one(text)) == lines(
        """产出|数量|经费|=72890元|72890|元|10.00|9.00||C4
        产出|质量|合格率|=100%|100|%|20|19||C5"""
    )


def test_a_table_that_has_lost_its_heading_row():
    text = HEAD + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n"
    text += " | 质量指标 | 成活率 | 95% | 90% | 50 | 45 | 干旱\n总分 | 100 | 95"
    document = one(text)
    assert problem(document, "W654")[:2] == (3, "A")
    assert indicators(document) == lines(
        """产出|数量|植树|5棵|5棵||50|50||C3
        产出|质量|成活率|95%|90%||50|45|干旱|C4"""
    )


def test_a_word_document_with_its_title_in_a_paragraph():
    table = replace(grid(forms.MOF.split("\n", 3)[3]), sheet="表1")
    file = content(Grid("", ()), container="docx")
    paragraphs = (Paragraph("项目支出绩效自评表", 1), Paragraph("（2022年度）", 2))
    document = recognise(replace(file, blocks=(*paragraphs, table, Paragraph("填表人：李", 3))))[0]
    assert (document.year, document.family, len(document.indicators)) == (2022, "财政部通用格式", 5)
    assert document.indicators["source"][0] == "指标1；表1!D11"


def test_perfeval_template_is_taken_word_for_word():
    text = "部门整体支出绩效自评表\nperfeval自评表模板（第1版）\n单位名称 | 街道办 | 年度 | 2022 | 自评总分 | 98\n"
    text += "一、预算执行情况（单位：万元）\n"
    text += "目标序号 | 预算项目 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分 | 执行率\n"
    text += " | 其中：合计 | | 5 | 4 | 10 | 8 | 80%\n2 | 产出指标 | | 1 | | | |\n二、绩效指标完成情况\n"
    text += "目标序号 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 度量单位 | 指标方向 | "
    text += "实际完成值 | 分值 | 得分 | 申报完成情况 | 偏差原因分析 | 改进措施 | 完成情况说明 | 佐证材料 | 原始出处\n"
    text += "1 | 绿化 | 产出 | 数量指标 | ★指标1：合计 | 5 | 棵 | 正向 | 5 | 50 | 50 | 完成 | 无 | | | | 正文第3行\n"
    text += " | | 满意度 | | 总分 | | | | | 40 | 40 | | | | | |"
    document = one(text)
    rows = document.indicators
    assert (document.family, document.unit, document.year) == ("perfeval模板", "街道办", 2022)
    assert list(rows["indicator"]) == ["★指标1：合计", "总分"]
    assert list(rows["target"]) == ["5", ""]
    assert (list(rows["subcategory"]), list(rows["goal"])) == (["数量指标", ""], ["绿化", ""])
    assert (rows["reason"][0], rows["source"][0], rows["direction"][0]) == ("无", "正文第3行", "正向")
    assert budget(document) == ["其中：合计||5|4|10|8|C6", "产出指标||1||||C7"]
    assert list(document.budget["goal_no"].fillna(0)) == [0, 2]


FLAT_ROWS = [line.rsplit("|", 1)[0] for line in FAMILIES["MOF"][2].split("\n")]


@pytest.mark.parametrize("one_line", [False, True])
def test_a_table_that_has_lost_its_borders_is_laid_out_again(one_line: bool):
    cells = [[cell.text for cell in row if cell.text] for row in grid(forms.MOF).rows]
    lines_of_page = [text for row in cells for text in (*row, "||||")]
    page = [" ".join(text for row in cells for text in row)] if one_line else lines_of_page
    blocks = tuple(Paragraph(text, number) for number, text in enumerate(page, start=1))
    document = recognise(replace(content(container="txt"), blocks=blocks))[0]
    assert [row.rsplit("|", 1)[0] for row in indicators(document)] == [row.strip() for row in FLAT_ROWS]
    assert budget(document)[0].startswith("年度资金总额|90|95.5|85.95|10|9|")
    assert (document.title, document.unit, document.year) == ("道路养护", "区养护中心", 2022)
    assert (document.narrative.declared_score, codes(document)) == (Decimal("98.2"), ["W660", "N661"])


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("效益 指标", ["效益指标"]), ("产出 效益 指标 甲", ["产出", "效益指标", "甲"]), ("指标 甲", ["指标", "甲"]),
        ("产出 三级指标 指标", ["产出", "三级指标", "指标"]), ("|甲||乙 ", ["甲", "乙"]),
    ],
)  # fmt: skip
def test_a_heading_torn_apart_before_its_last_word_is_one_cell_again(line: str, cells: list[str]):
    assert _cells([line]) == cells


def test_what_cannot_be_laid_out_again_is_named():
    page = "项目支出绩效自评表 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 产出指标 数量指标 植树 5棵 5棵 50 50 "
    page += "质量指标 成活率 95% 合计 50 50"
    document = recognise(replace(content(container="txt"), blocks=(Paragraph(page, 1),)))[0]
    assert indicators(document) == ["产出|数量|植树|5棵|5棵||50|50||重排的表!C3"]
    assert problem(document, "N651")[2] == "成活率、95%"


def test_costs_are_a_level_of_their_own_only_over_kinds_of_costs():
    page = "项目支出绩效自评表 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 产出指标 数量指标 植树 5棵 5棵 30 30 "
    page += "成本指标 单价 ≤5元 4元 20 20 成本指标 经济成本指标 总价 ≤25元 20元 40 40 合计 90 90"
    document = recognise(replace(content(container="txt"), blocks=(Paragraph(page, 1),)))[0]
    assert [row.split("|")[:3] for row in indicators(document)] == [
        ["产出", "数量", "植树"],
        ["产出", "成本", "单价"],
        ["成本", "经济成本", "总价"],
    ]


@pytest.mark.parametrize(("above", "belongs"), [("附表2 | 某局", True), ("某局 | 附表2", False)])
def test_what_stands_over_the_second_form_is_told_by_its_first_cell(above: str, belongs: bool):
    form = """年度资金总额绩效自评表 | < | < | < | < | <
项目名称 | {name} | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值
产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50
"""
    second = recognise(content(form.format(name="植树") + f"{above} | | | |\n" + form.format(name="养路")))[1]
    told = [found.message for found in second.problems if found.code == "N661"]
    assert any("某局" in message for message in told) == belongs


def test_targets_of_two_years_side_by_side_are_two_documents():
    text = "一级 | 二级 | 三级指标 | 2023 指标值及单位 | 2024 指标值 | 绩效标准\n"
    text += "产出 | 数量 | 配备车辆 | 10辆 | 12辆 | 计划标准\n | 质量 | 空气质量 | 优良 | 优 |\n满意度 | | 满意度 | ≥90% | 91% |"
    first, second = recognise(content(text))
    assert [document.year for document in (first, second)] == [2023, 2024]
    assert list(first.indicators["target"]) == ["10辆", "优良", "≥90%"]
    assert list(second.indicators["target"]) == ["12辆", "优", "91%"]
    assert [document.family for document in (first, second)] == ["绩效目标表", "绩效目标表"]


def test_a_whole_units_form_with_its_tasks_and_its_own_level_names():
    text = """部门整体支出绩效自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
部门（单位）名称 | 某区民政局 | < | < | < | < | < | <
年度主要任务完成情况 | 任务名称 | 完成情况 | < | 预算数（万元） | < | 执行数（万元） | <
^ | ^ | ^ | ^ | 总额 | 财政拨款 | 总额 | 财政拨款
^ | 养老服务 | 建成3个中心 | < | 300 | 300 | 290 | 290
^ | 金额合计 | < | < | 300 | 300 | 290 | 290
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 目标1：保障基本民生 | < | < | 已保障 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 权重（分） | 自评得分（分）
^ | 履职效能 | 整体工作完成 | 养老中心数 | ≥3个 | 3个 | 60 | 60
^ | 社会效应 | 社会效益 | 就业 | ≥20人 | 25人 | 30 | 30
^ | 服务对象满意度 | 公众满意度 | 老人满意度 | ≥95% | 94% | 10 | 9
自评得分：99分 | < | < | < | 自评等级：优 | < | < | <"""
    document = one(text)
    assert document.family == "财政部部门整体格式"
    assert budget(document) == ["养老服务||300|290|||E6", "合计||300|290|||E7"]
    assert [row.split("|")[0] for row in indicators(document)] == ["产出", "效益", "满意度"]
    assert set(document.indicators["goal"]) == {"目标1：保障基本民生"}
    assert (document.narrative.declared_score, document.narrative.declared_grade) == (99, "优")
    assert document.unit == "某区民政局"


def test_names_merged_over_two_columns_subtotals_and_codes():
    text = """项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | < | 51010022R000000123-社区服务 | < | < | < | < | <
年度目标完成情况 | 年度目标 | < | < | 目标实际完成情况概述 | < | < | <
^ | 服务居民 | < | < | 已服务 | < | < | <
一级指标 | 二级指标 | 三级指标 | < | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 服务场次 | < | 12场 | 12场 | 60.00 | 60.00
小计 | < | < | < | | | 60 | 60
满意度 | 满意度指标 | 满意度 | < | ≥90% | 89% | 40.00 | 39.50
总分 | < | < | < | < | < | 100.00 | 99.50"""
    document = one(text)
    assert indicators(document) == lines(
        """产出|数量|服务场次|12场|12场||60.00|60.00||C6
        满意度|满意度|满意度|≥90%|89%||40.00|39.50||C8"""
    )
    assert (document.title, document.narrative.declared_score) == ("社区服务", Decimal("99.50"))
    assert (document.indicators["goal"][0], document.narrative.summary) == ("服务居民", ("已服务",))


def test_a_table_of_scores_without_targets():
    text = HEAD + "一级指标 | 二级指标 | 三级指标 | 分值 | 评分标准 | 自评得分 | 扣分原因\n"
    text += (
        "投入（10） | 目标设定 | 目标合理性 | 10 | 合理 | 9 | 未量化\n效果（90） | 履职效益 | 出行 | 90 | 酌情 | 90 |"
    )
    assert indicators(one(text)) == lines(
        """产出|目标设定|目标合理性||||10|9|未量化|C4
        效益|履职效益|出行||||90|90||C5"""
    )


def test_an_indicator_that_is_called_like_a_level_is_not_taken_for_a_shift():
    text = HEAD + "一级指标 | 三级指标 | 指标值 | 完成值\n效益指标 | 满意度指标 | 优 | 优\n产出指标 | 数量 | 好 | 好"
    assert indicators(one(text)) == ["效益||满意度指标|优|优|||||B4", "产出||数量|好|好|||||B5"]


def test_a_line_merged_across_the_table_is_no_indicator():
    text = (
        HEAD
        + COLUMNS
        + "产出指标 | 数量指标 | 植树 | 5棵 | 5棵 | 50 | 50 |\n以下为其他部分 | < | < | < | < | < | < | <\n"
    )
    document = one(text + "效益指标 | 社会效益 | 出行 | ≥80% | 80% | 50 | 50 |")
    assert [row.split("|")[2] for row in indicators(document)] == ["植树", "出行"]


def test_perfevals_own_tables_are_read_as_they_stand():
    rows = "goal_no | goal | category | subcategory | indicator | target | actual | weight | reason\n"
    rows += "1 | 绿化 | 产出 | | ★植树 | 5棵 | 5棵 | 50 | 无\n | | 效益 | | 出行 | 好 | 好 | 50 |"
    document = recognise(content(grid(rows, ""), container="csv"))[0]
    assert (document.family, codes(document)) == ("perfeval表格", [])
    assert list(document.indicators["indicator"]) == ["★植树", "出行"]
    assert list(document.indicators["goal_no"].fillna(0)) == [1, 0]
    assert list(document.indicators["reason"]) == ["无", ""]
    money = "item | opening | adjusted | executed\n基本支出 | | 2033.69 | 2033.69\n部门整体支出 | | 5431.28 | 5431.28"
    document = recognise(content(grid(money, ""), container="csv"))[0]
    assert budget(document) == ["基本支出||2033.69|2033.69|||第2行", "部门整体支出||5431.28|5431.28|||第3行"]
    assert codes(document) == []


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "unit", "target"),
    [
        ("≥", "735", "人次", "≥735人次"),
        ("=", "5", "个", "=5个"),
        ("﹦", "100", "%", "=100%"),
        (">=", "95", "百分比", "≥95%"),
        ("大于等于", "95%", "%", "≥95%"),
        ("≤", "≤780", "元/生/年", "≤780元/生/年"),
        ("定性", "优", "级", "优"),
        ("定量指标", "2200篇", "篇", "2200篇"),
        ("定量", "100", "", "100"),
        ("", "", "个", ""),
        ("≥", "—", "个", "—"),
    ],
)
def test_targets_of_three_columns(operator: str, value: str, unit: str, target: str):
    assert target_text(operator, value, unit)[0] == target


def test_a_direction_in_the_operator_column():
    assert target_text("反向指标", "5", "起") == ("5起", "反向")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("产出指标(50分)", "产出"),
        ("产出指标40分", "产出"),
        ("数量指标15分", "数量"),
        ("服务对象满意度指标（等）", "服务对象满意度"),
        ("社会 效益\n指标", "社会效益"),
        ("一、产出指标", "产出"),
        ("产出数量", "产出数量"),
        ("指标", "指标"),
    ],
)
def test_level_names(printed: str, name: str):
    assert level(printed) == name


def test_no_synonym_has_two_meanings_in_a_block():
    for block in ("indicators", "budget", "points", "goals"):
        names = [name for field in words()[block]["columns"].values() for name in field]
        assert len(names) == len(set(names)), block


# ---- laws ------------------------------------------------------------------------------------------------------------

BODY = [
    ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值", "分值", "得分", "原因"],
    ["产出指标（50分）", "数量指标", "指标1：巡查", "≥", "735", "人次", "735", "20", "20", ""],
    ["产出指标（50分）", "质量指标", "★合格率", "=", "100", "%", "98", "30", "29", "返工"],
    ["效益指标", "社会效益指标", "责停率", "定性", "明显", "", "明显", "30", "30", ""],
    ["满意度指标", "服务对象满意度指标", "满意度", "≥", "95", "%", "96", "10", "10", ""],
    ["总分", "", "", "", "", "", "", "90", "89", ""],
]
EXPECTED = [
    "产出|数量|巡查|≥735人次|735|人次|20|20|",
    "产出|质量|合格率|=100%|98|%|30|29|返工",
    "效益|社会效益|责停率|明显|明显||30|30|",
    "满意度|服务对象满意度|满意度|≥95%|96|%|10|10|",
]


def laid(rows: list[list[str]], above: int = 0, left: int = 0) -> Grid:
    """Rows as a sheet, with blank rows above and blank columns to the left."""
    width = max(map(len, rows)) + left
    blank = (EMPTY,) * width
    cells = [(*[EMPTY] * left, *[Cell(text) if text else EMPTY for text in row]) for row in rows]
    return Grid("自评表", (*[blank] * above, *[(*row, *[EMPTY] * (width - len(row))) for row in cells]))


def rows_of(sheet: Grid) -> list[str]:
    document = recognise(content(sheet))[0]
    assert document.narrative.declared_score == 89
    return [row.rsplit("|", 1)[0] for row in indicators(document)]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(BODY[0]))))
def test_the_order_of_columns_does_not_matter(order: list[int]):
    assert rows_of(laid([[row[number] for number in order] for row in BODY])) == EXPECTED


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.integers(0, 4), st.sets(st.integers(0, len(BODY)), max_size=3))
def test_blank_rows_and_columns_do_not_matter(above: int, left: int, between: set[int]):
    rows = [row for number, line in enumerate(BODY) for row in ([[""]] * (number in between) + [line])]
    assert rows_of(laid(rows, above, left)) == EXPECTED


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SPOIL = st.sampled_from(
    [
        lambda text: text,
        " ".join,
        "\n".join,
        lambda text: text.translate(WIDE),
        lambda text: text + "：",
        lambda text: text + "（分）",
        lambda text: text + "(A)",
        lambda text: "\u3000" + text + "\u200b",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SPOIL, min_size=len(BODY[0]), max_size=len(BODY[0])))
def test_spaces_width_and_brackets_in_headings_do_not_matter(spoilt):
    heading = [change(text) for change, text in zip(spoilt, BODY[0], strict=True)]
    assert rows_of(laid([heading, *BODY[1:]])) == EXPECTED


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from([text for row in BODY for text in row]),
                st.sampled_from((forms.HUBEI + forms.REVIEW + forms.MOF).replace("\n", "|").split("|")),
                st.text(max_size=8),
            ),
            max_size=9,
        ),
        max_size=14,
    )
)
def test_no_sheet_makes_it_fail(rows):
    if any(rows):
        found = recognise(content(laid([[cell.strip() for cell in row] for row in rows if row])))
        assert all(document.file and (document.family or document.problems) for document in found)


def test_synonyms_are_found_as_they_are_listed():
    for block in ("indicators", "budget"):
        for field, names in words()[block]["columns"].items():
            assert {column(block, name)[0] for name in names} == {field}
            assert all(flat(name) == name for name in names)
