"""Which column, row and unit a figure is read from, where a form has several that could be meant.

Each case is one of its kind: last year's columns, columns for levels and for parts of the money, sources as columns,
units in rows of their own, rows of another year. Office names are made up.
"""

import pytest
from forms_example import content, grid
from test_forms import codes, lines, table

from perfeval.ingest.document import Content, Document, Paragraph
from perfeval.ingest.forms import recognise

HEAD = (
    "项目支出绩效自评表（2023年度） | < | < | < | < | < | <\n项目名称 | 培训 | < | 实施单位 | 青松街道办事处 | < | <\n"
)
WHOLE_UNIT = (
    "部门整体支出绩效自评表（2023年度） | < | < | < | < | < | <\n部门名称 | 青松街道办事处 | < | < | < | < | <\n"
)
TABLE = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 培训场次 | ≥10场 | 11场 | 90 | 90
"""
ROW = "产出|数量|培训场次|≥10场|11场|90|90"


def read(text: str) -> list[Document]:
    return recognise(content(text))


def indicators(document: Document) -> list[str]:
    names = ["category", "subcategory", "indicator", "target", "actual", "weight", "declared_score"]
    return table(document.indicators, names)


def money(document: Document) -> list[str]:
    return table(document.budget, ["item", "opening", "adjusted", "executed", "weight", "declared_score"])


INDICATORS = {
    "last year's actuals before this year's": (
        """一级指标 | 二级指标 | 三级指标 | 2022年实际完成值 | 2023年指标值 | 2023年实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 调解件数 | 150件 | ≥160件 | 171件 | 60 | 60""",
        "产出|数量|调解件数|≥160件|171件|60|60",
    ),
    "years in headings below the year of the form": (
        """2023年度 | < | < | < | < | < | < | <
        一级指标 | 二级指标 | 三级指标 | 2022年实际完成值 | 2023年指标值 | 2023年实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 调解件数 | 150件 | ≥160件 | 171件 | 60 | 60""",
        "产出|数量|调解件数|≥160件|171件|60|60",
    ),
    "last year in words": (
        """一级指标 | 二级指标 | 三级指标 | 上年指标值 | 本年指标值 | 本年完成值 | 分值 | 得分
        产出指标 | 数量指标 | 调解件数 | 150件 | ≥160件 | 171件 | 60 | 60""",
        "产出|数量|调解件数|≥160件|171件|60|60",
    ),
    "years over pairs of columns": (
        """一级指标 | 二级指标 | 三级指标 | 2022年 | < | 2023年 | < | 分值 | 得分
        ^ | ^ | ^ | 指标值 | 完成值 | 指标值 | 完成值 | ^ | ^
        产出指标 | 数量指标 | 调解件数 | ≥150件 | 151件 | ≥160件 | 171件 | 60 | 60""",
        "产出|数量|调解件数|≥160件|171件|60|60",
    ),
    "last year and this over pairs of columns": (
        """一级指标 | 二级指标 | 三级指标 | 上年度 | < | 本年度 | < | 分值 | 得分
        ^ | ^ | ^ | 指标值 | 完成值 | 指标值 | 完成值 | ^ | ^
        产出指标 | 数量指标 | 调解件数 | ≥150件 | 151件 | ≥160件 | 171件 | 60 | 60""",
        "产出|数量|调解件数|≥160件|171件|60|60",
    ),
    "the target of the whole project and of the year": (
        """一级指标 | 二级指标 | 三级指标 | 总目标值 | 本年目标值 | 累计完成值 | 本年实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 建站 | ≥30处 | ≥10处 | 25处 | 11处 | 60 | 60""",
        "产出|数量|建站|≥10处|11处|60|60",
    ),
    "periods below one heading": (
        """一级指标 | 二级指标 | 三级指标 | 指标值 | < | 实际完成值 | 分值 | 得分
        ^ | ^ | ^ | 中期 | 年度 | ^ | ^ | ^
        产出指标 | 数量指标 | 建站 | ≥30处 | ≥10处 | 11处 | 60 | 60""",
        "产出|数量|建站|≥10处|11处|60|60",
    ),
    "points of every level": (
        """一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 得分
        产出指标 | 60 | 数量指标 | 40 | 培训场次 | 25 | ≥10场 | 11场 | 25
        ^ | ^ | ^ | ^ | 培训人数 | 15 | ≥100人 | 99人 | 14
        ^ | ^ | 质量指标 | 20 | 合格率 | 20 | ≥90% | 95% | 20""",
        """产出|数量|培训场次|≥10场|11场|25|25
        产出|数量|培训人数|≥100人|99人|15|14
        产出|质量|合格率|≥90%|95%|20|20""",
    ),
    "a target in several cells below one heading": (
        """一级指标 | 二级指标 | 三级指标 | 年度指标值 | < | < | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训场次 | ≥ | 10 | 场 | 11场 | 50 | 50
        效益指标 | 社会效益 | 就业率 | ≥ | 60% | | 62% | 40 | 40""",
        "产出|数量|培训场次|≥10场|11场|50|50\n效益|社会效益|就业率|≥60%|62%|40|40",
    ),
    "units in the headings": (
        """一级指标 | 二级指标 | 三级指标 | 年度指标值（万人次） | 实际完成值（人次） | 分值 | 得分
        产出指标 | 数量指标 | 服务人次 | 1.2 | 13500 | 50 | 50""",
        "产出|数量|服务人次|1.2万人次|13500人次|50|50",
    ),
    "units of targets and units of actuals": (
        """一级指标 | 三级指标 | 年度指标值 | 计量单位 | 实际完成值 | 计量单位 | 分值 | 得分
        产出指标 | 服务人次 | ≥1.2 | 万人次 | 13500 | 人次 | 50 | 50
        产出指标 | 就业率 | ≥60 | % | 62 | % | 40 | 40""",
        "产出||服务人次|≥1.2万人次|13500人次|50|50\n产出||就业率|≥60%|62|40|40",
    ),
    "three rows of headings": (
        """绩效指标 | < | < | 2023年 | < | < | < | 分值 | 得分
        一级指标 | 二级指标 | 三级指标 | 年初目标 | < | 完成情况 | < | ^ | ^
        ^ | ^ | ^ | 目标值 | 单位 | 完成值 | 单位 | ^ | ^
        产出指标 | 数量指标 | 培训场次 | ≥10 | 场 | 11 | 场 | 50 | 50""",
        "产出|数量|培训场次|≥10场|11|50|50",
    ),
    "a fourth level": (
        """一级指标 | 二级指标 | 三级指标 | 四级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训 | 培训场次 | ≥10场 | 11场 | 50 | 50
        ^ | ^ | ^ | 培训人数 | ≥100人 | 99人 | 10 | 10""",
        "产出|数量|培训场次|≥10场|11场|50|50\n产出|数量|培训人数|≥100人|99人|10|10",
    ),
    "levels in lines of their own": (
        """三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因
        一、产出指标（50分） | < | < | < | < | <
        （一）数量指标 | < | < | < | < | <
        培训场次 | ≥10场 | 11场 | 50 | 50 |
        二、效益指标（40分） | < | < | < | < | <
        （一）社会效益指标 | < | < | < | < | <
        就业率 | ≥60% | 62% | 40 | 40 |""",
        "产出|数量|培训场次|≥10场|11场|50|50\n效益|社会效益|就业率|≥60%|62%|40|40",
    ),
    "a name over two columns": (
        TABLE + "满意度指标 | 居民满意度 | < | ≥90% | 92% | 10 | 10",
        f"{ROW}\n满意度||居民满意度|≥90%|92%|10|10",
    ),
    "columns of plans and of what came of them": (
        """一级指标 | 三级指标 | 计量单位 | 上年实际 | 本年计划 | 本年实际 | 完成率 | 分值 | 得分
        产出指标 | 培训场次 | 场 | 8 | 10 | 11 | 110% | 50 | 50""",
        "产出||培训场次|10场|11|50|50",
    ),
    "the state at the end of the year": (
        """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 6月底完成值 | 12月底完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训场次 | ≥10场 | 4场 | 11场 | 50 | 50""",
        "产出|数量|培训场次|≥10场|11场|50|50",
    ),
    "a title that goes on": (
        f"""{TABLE}项目支出绩效自评表（续） | < | < | < | < | < | <
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 质量指标 | 合格率 | ≥90% | 95% | 10 | 10""",
        f"{ROW}\n产出|质量|合格率|≥90%|95%|10|10",
    ),
    "who filled it in": (
        f"{TABLE}总分 | < | < | < | < | 90 | 90\n经办人 | 李某 | 联系电话 | 13800000000 | 日期 | 2024.3.1 |",
        ROW,
    ),
}


@pytest.mark.parametrize("name", INDICATORS)
def test_indicators_are_read_from_this_years_columns_and_rows(name: str):
    text, expected = INDICATORS[name]
    (document,) = read(HEAD + text)
    assert indicators(document) == lines(expected)
    assert document.year == 2023


MONEY = {
    "last year's columns": (
        "资金（万元） | 上年预算数 | 上年执行数 | 全年预算数 | 全年执行数\n部门整体支出 | 900 | 880 | 1000 | 950",
        "部门整体支出||1000|950||",
    ),
    "columns of years": (
        "资金（万元） | 2022年决算数 | 2022年预算数 | 2023年预算数 | 2023年执行数\n部门整体支出 | 880 | 900 | 1000 | 950",
        "部门整体支出||1000|950||",
    ),
    "years over pairs of columns": (
        "资金（万元） | 2022年 | < | 2023年 | <\n^ | 预算数 | 执行数 | 预算数 | 执行数\n部门整体支出 | 900 | 880 | 1000 | 950",
        "部门整体支出||1000|950||",
    ),
    "rows of years": (
        """资金（万元） | 年度 | 预算数 | 执行数
        部门整体支出 | 2022年 | 900 | 880
        部门整体支出 | 2023年 | 1000 | 950""",
        "部门整体支出||1000|950||",
    ),
    "last year's row": (
        "资金（万元） | 预算数 | 执行数\n上年部门整体支出 | 900 | 880\n本年部门整体支出 | 1000 | 950",
        "部门整体支出||1000|950||",
    ),
    "sources over pairs of columns": (
        """任务名称 | 财政拨款（万元） | < | 其他资金（万元） | < | 合计（万元） | <
        ^ | 预算数 | 执行数 | 预算数 | 执行数 | 预算数 | 执行数
        社区治理 | 100 | 95 | 20 | 18 | 120 | 113""",
        "社区治理||120|113||",
    ),
    "parts below one heading": (
        """任务名称 | 全年预算数（万元） | < | < | 全年执行数（万元） | < | <
        ^ | 一般公共预算 | 政府性基金 | 小计 | 一般公共预算 | 政府性基金 | 小计
        社区治理 | 100 | 20 | 120 | 95 | 18 | 113""",
        "社区治理||120|113||",
    ),
    "sources as columns": (
        """项目资金（万元） | | 合计 | 当年财政拨款 | 上年结转资金 | 其他资金 | 分值 | 得分
        ^ | 全年预算数 | 50 | 40 | 8 | 2 | 10 | 9
        ^ | 全年执行数 | 45 | 36 | 8 | 1 | ^ | ^""",
        """部门整体支出||50|45|10|9
        当年财政拨款||40|36||
        上年结转资金||8|8||
        其他资金||2|1||""",
    ),
    "money carried over in a column": (
        "资金（万元） | 年初预算数 | 上年结转 | 全年执行数\n部门整体支出 | 1000 | 200 | 1140\n基本支出 | 600 | 0 | 600",
        "部门整体支出|1000|1200|1140||\n基本支出|600|600|600||",
    ),
    "a unit in a row of its own": (
        "资金 | 年初预算数 | 全年预算数 | 全年执行数\n^ | （元） | （元） | （元）\n部门整体支出 | 9000 | 10000 | 9500",
        "部门整体支出|0.9|1|0.95||",
    ),
    "a unit in a column of its own": (
        "资金 | 单位 | 年初预算数 | 全年预算数 | 全年执行数\n部门整体支出 | 元 | 9000 | 10000 | 9500",
        "部门整体支出|0.9|1|0.95||",
    ),
    "months below the year": (
        "资金（万元） | 预算数 | 执行数\n部门整体支出 | 100 | 95\n1月 | 50 | 45\n第二季度 | 50 | 50",
        "部门整体支出||100|95||",
    ),
    "amounts in one cell with their labels": (
        "项目资金（万元） | 全年预算数：100 | 全年执行数：95 | 执行率：95%",
        "部门整体支出||100|95||",
    ),
    "a total and parts with numbers before them": (
        "资金（万元） | 预算数 | 决算数\n一、基本支出 | 600 | 600\n（二）项目支出 | 500 | 445\n3.资金合计 | 1100 | 1045",
        "基本支出||600|600||\n项目支出||500|445||\n合计||1100|1045||",
    ),
    "the opening budget under another name": (
        "资金（万元） | 预算安排数 | 调整后预算数 | 实际支出数\n部门整体支出 | 56.8 | 60 | 57",
        "部门整体支出|56.8|60|57||",
    ),
    "a total under another name": (
        "资金（万元） | 年初预算数 | 全年预算数 | 全年执行数\n本级安排 | 30 | 40 | 37\n上级补助 | 20 | 20 | 20\n全部资金 | 50 | 60 | 57",
        "本级安排|30|40|37||\n上级补助|20|20|20||\n合计|50|60|57||",
    ),
    "a total with a word before it": (
        "资金（万元） | 年初预算数 | 全年预算数 | 全年执行数\n项目资金总额 | 50 | 60 | 57\n其中：上年结转（结余） | | 10 | 9",
        "合计|50|60|57||\n上年结转资金||10|9||",
    ),
}


@pytest.mark.parametrize("name", MONEY)
def test_money_is_read_from_this_years_columns_and_rows_in_its_unit(name: str):
    text, expected = MONEY[name]
    (document,) = read(f"{WHOLE_UNIT}{text}\n{TABLE}")
    assert money(document) == lines(expected)
    assert indicators(document) == [ROW]


@pytest.mark.parametrize(
    ("name", "code", "values"),
    [("a total under another name", "N674", ["全部资金"]), ("months below the year", "N673", ["1月", "第二季度"])],
)
def test_a_row_of_money_that_is_taken_otherwise_than_written_is_named(name: str, code: str, values: list[str]):
    (document,) = read(f"{WHOLE_UNIT}{MONEY[name][0]}\n{TABLE}")
    assert [value for _, _, value in said(document, code)] == values


def said(document: Document, code: str) -> list[tuple[object, ...]]:
    """(row, column, value) of each problem of a code."""
    return [(found.row, found.column, found.value) for found in document.problems if found.code == code]


def test_parts_of_the_money_without_their_sum_are_no_amount():
    """Neither 财政拨款 nor 其他资金 is what was spent; both are named, and the amount is empty."""
    text = """任务名称 | 全年预算数（万元） | < | 全年执行数（万元） | <
    ^ | 财政拨款 | 其他资金 | 财政拨款 | 其他资金
    社区治理 | 100 | 20 | 99 | 19
    """
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert money(document) == []
    assert said(document, "W672") == [
        (5, at, value) for at, value in zip("BCDE", ("100", "20", "99", "19"), strict=True)
    ]


def test_a_column_of_money_that_has_no_place_is_named():
    text = "资金（万元） | 本年预算 | 到账 | 全年预算数 | 全年执行数\n部门整体支出 | 90 | 80 | 100 | 95\n"
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert said(document, "N652") == [(4, "B", "90"), (4, "C", "80")]


def test_a_row_called_like_a_column_is_no_item():
    """全年执行数 as a row is no budget of anything, whatever stands over its figures."""
    text = "资金（万元） | 预算数 | 执行率\n全年执行数 | 45 | 90%\n"
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert (money(document), said(document, "W672")) == ([], [(4, "A", "全年执行数")])


@pytest.mark.parametrize(("adjusted", "noted"), [("112", False), ("100", False), ("130", True)])
def test_the_years_budget_may_have_the_money_carried_over_in_it_or_not(adjusted: str, noted: bool):
    text = (
        f"资金（万元） | 年初预算数 | 上年结转 | 全年预算数 | 全年执行数\n部门整体支出 | 100 | 12 | {adjusted} | 90\n"
    )
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert money(document) == [f"部门整体支出|100|{adjusted}|90||"]
    assert ("W670" in codes(document)) is noted


def test_what_was_carried_over_and_what_was_added_make_the_years_budget():
    text = """资金（万元） | 年初预算数 | 上年结转 | 年中追加 | 年中调减 | 全年执行数
    部门整体支出 | 800 | 30 | 20 | 30 | 820
    """
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert money(document) == ["部门整体支出|800|820|820||"]
    message = next(found.message for found in document.problems if found.code == "W670")
    assert message == "全年预算数按年初预算数800万元加上年结转30万元加预算调整数20万元加调减数-30万元，记为820万元"


@pytest.mark.parametrize("title", ["上年度绩效自评情况", "上年度（2022年）绩效自评情况"])
def test_last_years_table_below_is_a_form_of_its_own(title: str):
    this, last = read(f"{HEAD}{TABLE}{title}\n{TABLE.replace('11场', '7场')}")
    assert (this.year, indicators(this)) == (2023, [ROW])
    assert (last.year, indicators(last)) == (2022, [ROW.replace("11场", "7场")])


def test_only_last_years_actuals_are_no_actuals():
    text = TABLE.replace("实际完成值", "上年完成值")
    (document,) = read(HEAD + text)
    assert indicators(document) == [ROW.replace("11场", "")]
    assert "W671" in codes(document)


def test_points_of_levels_are_blocks():
    text, _ = INDICATORS["points of every level"]
    (document,) = read(HEAD + text)
    assert {(block.name, block.points) for block in document.blocks or ()} == {
        ("产出指标", 60),
        ("数量指标", 40),
        ("质量指标", 20),
    }


def test_a_label_beside_the_money_is_read():
    text = "项目绩效自评表（2023年度） | < | < | <\n项目名称 | 培训 | 预算数（万元） | 100 | 执行数（万元） | 95 | 得分 | 9.5\n"
    (document,) = read(text + TABLE)
    assert (document.title, money(document)) == ("培训", ["年度资金总额||100|95||9.5"])


@pytest.mark.parametrize("heading", ["2022年完成值", "上半年完成值"])
def test_a_column_of_another_year_or_period_is_read_for_want_of_this_years_and_named(heading: str):
    (document,) = read(HEAD + TABLE.replace("实际完成值", heading))
    assert indicators(document) == [ROW]
    assert said(document, "W674") == [(3, "E", "")]


def test_two_values_below_one_heading_are_named():
    text = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | < | 分值 | 得分
    产出指标 | 数量指标 | 培训场次 | ≥10场 | 4场 | 11场 | 50 | 50
    """
    (document,) = read(HEAD + text)
    assert said(document, "W667") == [(4, "F", "11场")]


def test_figures_beyond_the_headings_of_the_money_are_named():
    """1,200 without quotes in a file of commas is two cells, and all that follow stand one column too far."""
    text = "资金（万元） | 年初预算数 | 全年预算数 | 全年执行数\n部门整体支出 | 1 | 200 | 1 | 200 | 1 | 140\n"
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert said(document, "W672") == [(4, "E", "200")]


def test_a_row_with_points_but_no_name_is_a_warning():
    text = TABLE + "^ | ^ | ^ | ≥500人 | 480人 | 10 | 9\n | | | 第一季度 | | |"
    (document,) = read(HEAD + text)
    assert said(document, "W673") == [(5, "D", "≥500人")]
    assert said(document, "N651") == [(6, "D", "第一季度")]


def test_levels_that_contradict_each_other_are_named():
    text = TABLE + "^ | 社会效益指标 | 就业率 | ≥60% | 62% | 10 | 10"
    (document,) = read(HEAD + text)
    assert indicators(document)[1] == "产出|社会效益|就业率|≥60%|62%|10|10"
    assert said(document, "N654") == [(5, "C", "就业率")]


UNITS = {
    "beside its label": ("金额单位 | 元 | | |", "资金", "部门整体支出"),
    "far above": ("单位：元 |" + "\n概况 | 说明" * 14, "资金", "部门整体支出"),
    "after a stroke": ("", "资金（单位/元）", "部门整体支出"),
    "behind the item": ("", "资金", "部门整体支出（元）"),
    "of a hundred": ("", "资金（百元）", "部门整体支出"),
}


@pytest.mark.parametrize("name", UNITS)
def test_the_unit_of_money_is_found_wherever_it_is_written(name: str):
    above, heading, item = UNITS[name]
    figure = "100" if name == "of a hundred" else "10000"
    text = f"{WHOLE_UNIT}{above}\n{heading} | 全年预算数 | 全年执行数\n{item} | {figure} | {figure}\n"
    (document,) = read(text + TABLE)
    assert money(document) == ["部门整体支出||1|1||"]


@pytest.mark.parametrize(
    "headings", ["全年预算数/元 | 全年执行数/元", "全年预算数 元 | 全年执行数 元", "全年预算数元 | 全年执行数元"]
)
def test_a_unit_behind_a_heading_is_no_part_of_it(headings: str):
    (document,) = read(f"{WHOLE_UNIT}资金 | {headings}\n部门整体支出 | 10000 | 9000\n{TABLE}")
    assert money(document) == ["部门整体支出||1|0.9||"]


def test_scores_beside_one_another_are_each_read_by_its_label():
    (document,) = read(f"{HEAD}自评得分 | 90 | 自评等级 | 优 | 复核得分 | 85 |\n{TABLE}")
    assert (document.narrative.declared_score, document.narrative.declared_grade) == (90, "优")


def test_a_table_that_goes_on_in_fewer_columns_is_not_read_shifted():
    """Of a Word document: the second table has no headings and lacks a column; ≥60% is no name of an indicator."""
    going_on = grid("效益指标 | 就业率 | ≥60% | 62% | 40 | 40", "表2")
    whole = Content("表.docx", "docx", (Paragraph("附件", 1), grid(HEAD + TABLE, "表1"), going_on))
    (document,) = recognise(whole)
    assert indicators(document) == [ROW]
    assert said(document, "W675") == [(1, "C", "≥60%")]
    assert [found.row for found in document.problems if found.code == "W654"] == [1]


def test_a_cell_over_target_and_actual_is_named():
    (document,) = read(HEAD + TABLE + "效益指标 | 社会效益 | 出行 | 显著提升 | < | 10 | 10")
    assert indicators(document)[1] == "效益|社会效益|出行|显著提升||10|10"
    assert said(document, "N669") == [(5, "E", "显著提升")]


def test_the_tables_of_a_document_without_any_words_between_them_are_one_form():
    head = grid(HEAD, "表1")
    rows = grid("产出指标 | 质量指标 | 合格率 | ≥90% | 95% | 10 | 10", "表3")
    whole = Content("表.docx", "docx", (head, grid(TABLE, "表2"), rows))
    (document,) = recognise(whole)
    assert (document.title, document.year) == ("培训", 2023)
    assert indicators(document) == [ROW, "产出|质量|合格率|≥90%|95%|10|10"]


def test_a_row_that_is_the_sum_of_the_others_by_chance_keeps_its_name():
    text = "任务名称 | 预算数（万元） | 执行数（万元）\n宣传 | 10 | 10\n培训 | 10 | 10\n慰问 | 20 | 20\n"
    (document,) = read(WHOLE_UNIT + text + TABLE)
    assert money(document) == ["宣传||10|10||", "培训||10|10||", "慰问||20|20||"]
    assert said(document, "W676") == [(6, "A", "慰问")]
