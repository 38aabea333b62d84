"""Every family of official forms, by hand-written expected rows."""

from decimal import Decimal

import forms_example as forms
import pandas as pd
import pytest
from forms_example import content, grid

from perfeval.ingest.checks import DTYPES
from perfeval.ingest.document import Document
from perfeval.ingest.forms import recognise
from perfeval.model.schema import BUDGET, INDICATORS, Issue

LEVELS, VALUES = ["category", "subcategory", "indicator"], ["target", "actual", "unit"]
SHOWN = [*LEVELS, *VALUES, "weight", "declared_score", "reason", "source"]


def one(text: str) -> Document:
    """The only form of a sheet."""
    documents = recognise(content(text))
    assert len(documents) == 1
    return documents[0]


def table(frame: pd.DataFrame, columns: list[str]) -> list[str]:
    """Rows as text, cells separated by bars; the sheet is left out of places."""
    cells = frame[columns].map(lambda value: "" if value is None or value is pd.NA else str(value))
    return ["|".join(row).replace("自评表!", "") for row in cells.itertuples(index=False)]


def indicators(document: Document) -> list[str]:
    return table(document.indicators, SHOWN)


def budget(document: Document) -> list[str]:
    return table(document.budget, [*(name for name in BUDGET.names if name != "goal_no"), "source"])


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def lines(text: str) -> list[str]:
    """Expected rows, one a line."""
    return [line.strip() for line in text.strip().split("\n")]


FAMILIES = {
    "MOF": (
        "财政部通用格式",
        """年度资金总额|90|95.5|85.95|10|9|D6
        当年财政拨款|90|90|80.45|||D7
        上年结转资金||5.5|5.5|||D8""",
        """产出|数量|养护里程|≥50公里|48公里||20|19.2|两公里改线，明年完成|指标1；D13
        产出|质量|验收合格率|100%|100%||15|15||★；D16
        产出|时效|完成时限|2022年12月底前|2022年11月||15|15||D17
        效益|社会效益|通行保障率|≥95%|97%||30|30||D20
        满意度|服务对象满意度|居民满意度|≥90%|92%||10|10||D21""",
        ("区养护中心", "道路养护", 2022, "98.2"),
    ),
    "LETTERS": (
        "A/B字母式（衔接资金）",
        """年度资金总额||300|300|10|10|D5
        财政衔接资金||300|300|||D6""",
        """产出|数量|新建产业路|≥3.5公里|3.5公里||30|30||★★★；C8
        产出|质量|验收合格率|100%|100%||30|30||C9
        效益|社会效益|受益脱贫户人口数|≥1000人|≥1000人||20|20||C10
        满意度|服务对象满意度|受益群众满意度|≥95%|90%||10|9|宣传不够，加强宣传|C11""",
        ("县农业农村局", "产业路建设", 2021, "99"),
    ),
    "EARLY": (
        "2016年早期格式",
        "年度资金总额|20||19|10|9.5|D4",
        """产出|数量|购置图书|4000册|4100册||50|50||C6
        效益|社会效益|借阅人次|2万人次|1.8万人次||30|27|闭馆维修一个月|C7
        满意度|满意度|读者满意度|90%|95%||10|10||C8""",
        ("县图书馆", "图书购置", 2016, "96.5"),
    ),
    "HUBEI": (
        "湖北格式",
        "年度财政资金总额||50.00|45.00|20|18|D7",
        """产出|数量|开展活动场次|≥12场|13场|||20||D9
        产出|数量|参加人数|≥600人|640人|||||得分与G9合并；D10
        产出|质量|活动按计划完成率|100%|100%|||20||D11
        满意度|满意度|居民满意度|≥90%|≥95%|||10||D12
        产出|数量|修缮活动室|3间|2间|||18||D14
        效益|社会效益|场地使用率|80%|80%|||10||D15""",
        ("青山路街道办事处", "社区活动", 2022, "96"),
    ),
    "WUHAN": (
        "武汉区级格式（不计分）",
        """一般预算内拨款||120|118.5|||D4
        合计||120|118.5|||D5""",
        """产出|产出数量|购置垃圾车|4辆|4辆|||||C8
        产出|产出质量|设备合格率|100%|100%|||||C9
        产出|产出时效|到货时间|2021年6月|2021年8月||||厂家延期，今后提前下单|C10
        产出|产出成本|购置成本|≤120万元|118.5万元|||||C11
        效益|社会效益|垃圾清运率|100%|100%|||||C12
        满意度|服务对象满意度|居民满意度|≥85%|88%|||||C13""",
        ("区环卫所", "环卫设备", 2021, ""),
    ),
    "GUANGSHUI": (
        "广水格式",
        """年度资金总额||309|309|||B5
        省、地||100||||C5
        本级||209||||D5""",
        """产出|数量|养护里程|300公里|300公里|||15||C13
        产出|质量|验收合格率|100%|96%|||22||C14
        效益|社会效益|通行率|98%|98%|||45||C15""",
        ("市公路段", "乡村道路", None, "96"),
    ),
    "YUNNAN": (
        "云南格式（公开14表）",
        "年度资金总额|7.29|7.29|7.28905|10.00|10.00|D5",
        """产出|数量|巡查人次|≥735人次|735|人次|20.00|20.00||C8
        产出|数量|执法车辆|=5个|5|个|10|10||C9
        产出|质量|项目验收合格率|=100%|100|%|20|19||C10
        效益|社会效益|违法行为责停率|≥95%|95|百分比|20|20||C11
        效益|生态效益|环境质量|优|优|级|10|10||C12
        满意度|服务对象满意度|满意度|≥95%|96|%|10|10||C13""",
        ("古城分局", "执法补助", 2020, "99"),
    ),
    "SICHUAN": (
        "四川格式",
        """总额|100.00|80.00|78.00|10|9.75|D4
        财政资金|100.00|80.00|78.00|||D5
        财政专户管理资金|0.00|0.00|0.00|||D6""",
        """产出|数量|服务学生人数|≥1200人|1180|人|40|38|转学|D8
        产出|成本|生均成本|≤780元/生/年|650|元/生/年|20|20||D9
        效益|社会效益|家长负担减轻|显著|显著||20|20||D10
        满意度|服务对象满意度|家长满意度|≥90%|93|%|10|10||D11""",
        ("第三小学", "中小学课后服务", 2022, "97.75"),
    ),
    "SICHUAN_OLD": (
        "四川旧格式（不计分）",
        """年度资金总额||100|98.5|||A4
        财政拨款||80|80|||A5
        其他资金||20|18.5|||A6""",
        """产出|数量|改造户数|500户|500户|||||C10
        产出|时效|完成时间|2019年12月|2019年12月|||||C11
        效益|社会效益|卫生厕所普及率|85%|86%|||||C12
        满意度|满意度|农户满意度|≥90%|95%|||||C13""",
        ("县农业农村局", "农村厕所改造", 2019, ""),
    ),
    "CHONGQING": (
        "重庆格式",
        "部门整体支出|900|1000|760|10|7.6|B4",
        """产出||公用经费控制率|100%|97%|%|20|20||B8
        产出||管理制度健全性|高|高||20|20||B9
        产出||播发稿件数量|2200篇|2859篇|篇|40|40||年初指标值2000；B10
        满意度||受众满意度|90%|95%|%|10|10||B11""",
        ("区委宣传部", "部门整体绩效自评表", None, "97.6"),
    ),
    "CHONGQING_NEW": (
        "重庆新格式",
        "年度资金总额|30|30|30|10|10|B4",
        """产出||演出场次|≥40场|44|场|50|50||A6
        满意度||群众满意率|≥90%|88|%|40|38|偏远村场次少|A7""",
        ("区文旅委", "文化下乡", 2023, "98"),
    ),
    "HEBEI": (
        "河北格式",
        "年度资金总额|30|32|32|10||C4",
        """产出|数量|检测批次|≥200批次|210批次||50|50||C7
        效益|可持续影响|可持续|可持续|可持续||30|29||C8
        满意度|服务对象满意度|服务对象满意度|≥90%|100%||10|10||C9""",
        ("县市场监管局", "商品质量检测经费", 2021, "99"),
    ),
    "HEBEI_COUNTY": (
        "河北县级折算格式",
        "年度资金总额||46|40.5|||B4",
        """产出|数量|补助人数|=42人|42|人|50|50||单项指标得分100；C9
        效益|社会效益|村级运转率|≥95%|95|%|30|30||单项指标得分100；C10
        满意度|满意度|村干部满意度|≥90%|85|%|20|18.8||单项指标得分94；C11""",
        ("镇政府", "村级补助", 2022, ""),
    ),
    "HUNAN": (
        "湖南格式（不计分）",
        """年度资金总额||565|565|||D4
        中央、省、市补助||500|500|||D5
        县级资金||65|65|||D6""",
        """产出|数量|改造户数|230户|228户||||两户外迁|C8
        效益|社会效益|住房安全率|100%|100%|||||C9
        满意度|服务对象满意度|农户满意度|≥90%|96%|||||C10""",
        ("县住建局", "危房改造", 2021, ""),
    ),
    "YINCHUAN": (
        "银川格式",
        "资金总额|200|180|171|||C4",
        """产出|立项|立项依据充分性|充分|充分||10|10||C6
        产出|资金管理|资金到位率|100%|95%||25|24||C7
        产出|数量|分类小区数|60个|63个||30|30||C8
        满意度|满意度|居民满意度|≥85%|86%||35|35||C9""",
        ("区环卫局", "垃圾分类", 2020, "99"),
    ),
    "REVIEW": (
        "自评复核表",
        "年度资金总额||||10|9.85|C4",
        """产出|数量|活动场次|≥17场次|17|场次|40|40||C5
        产出|质量|活动完成率|≥95%|100|%|20|20||C6
        效益|社会效益|受益老人人数|≥300人|310|人|20|20||C7
        满意度|服务对象满意度|老人满意度|≥95%|96|%|10|10||C8""",
        ("", "老年活动", None, "99.85"),
    ),
    "REEVALUATION": (
        "绩效再评价表",
        "",
        """产出|数量|维修水库|≥22个|已完成|||50||C4
        产出|质量|验收合格率|≥95.00%|未完成|||30||C5
        满意度|服务对象满意度|满意度|≥95.00%|已完成|||20||C6""",
        ("", "水利设施维修", 2022, ""),
    ),
    "TARGETS": (
        "绩效目标表",
        "",
        """产出|数量|服务配备车辆数|10辆||||||C4
        产出|成本|控制在预算成本内|250万||||||C5
        满意度||市民满意度|≥90%||||||C6""",
        ("", "雾炮车降尘服务", 2024, ""),
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_gives_its_rows(name: str):
    family, money, rows, (unit, title, year, score) = FAMILIES[name]
    document = one(getattr(forms, name))
    assert (document.family, document.confidence) == (family, 1.0)
    assert budget(document) == (lines(money) if money else [])
    assert indicators(document) == lines(rows)
    assert (document.unit, document.title, document.year) == (unit, title, year)
    assert document.narrative.declared_score == (Decimal(score) if score else None)


def test_frames_have_the_columns_and_types_of_the_schema():
    document = one(forms.MOF)
    assert list(document.budget.columns) == [*BUDGET.names, "source"]
    assert list(document.indicators.columns) == INDICATORS.names
    for column in INDICATORS.columns:
        assert str(document.indicators[column.name].dtype).lower() == DTYPES[column.kind].lower(), column.name
    assert all(isinstance(value, Decimal) for value in document.indicators["weight"])


def test_where_parts_begin_is_said():
    begins = one(forms.MOF).begins
    assert begins == (("预算", "自评表!A5"), ("目标", "自评表!A10"), ("指标", "自评表!A12"))


def test_goal_and_what_was_achieved():
    document = one(forms.MOF)
    assert set(document.indicators["goal"]) == {"养护道路50公里，保障通行"}
    assert document.narrative.summary == ("已养护48公里",)


def test_hubei_goals_are_numbered_and_named():
    document = one(forms.HUBEI)
    assert list(document.indicators["goal_no"]) == [1, 1, 1, 1, 2, 2]
    assert list(document.indicators["goal"]) == ["", "", "", "", "改善场地", "改善场地"]


def test_guangshui_goal_is_numbered_and_has_its_text():
    document = one(forms.GUANGSHUI)
    assert set(document.indicators["goal_no"]) == {1}
    assert set(document.indicators["goal"]) == {"1.养护道路300公里"}


def test_tail_goes_to_the_narrative():
    narrative = one(forms.HUBEI).narrative
    assert narrative.problems == (Issue("一间活动室产权未明"),)
    assert narrative.measures == ("与业主协商，明年修缮",)
    narrative = one(forms.SICHUAN).narrative
    assert narrative.summary == ("自评97.75分，项目完成较好",)
    assert (narrative.problems, narrative.measures) == ((Issue("学生转学"),), ("按学期调整目标",))
    assert one(forms.YUNNAN).narrative.declared_grade == "优"


def test_points_in_headings_and_level_names_are_kept():
    document = one(forms.HUBEI)
    found = {(block.name, str(block.points), block.place) for block in document.blocks or ()}
    assert {("年度绩效目标1", "50", "自评表!A8"), ("产出指标", "40", "自评表!B9")} <= found
    assert "预算执行情况" not in {name for name, _, _ in found}  # its 20 points are on the money's row
    assert document.budget["weight"].dropna().tolist() == [Decimal(20)]
    sichuan = one(forms.SICHUAN)  # all its indicators together are no goal and no category
    assert "绩效指标" not in {block.name for block in sichuan.blocks or ()}
    assert "W681" not in {found.code for found in sichuan.problems}  # its rows add up to them


def test_scores_of_decision_and_management_are_blocks():
    document = one(forms.GUANGSHUI)
    own = [(block.name, block.points, block.score) for block in document.blocks if block.score is not None]
    assert own == [("项目决策·决策依据", 2, 2), ("项目管理·财务制度", 6, 5), ("项目管理·运行监管", 7, 7)]
    note = next(problem for problem in document.problems if problem.code == "N657")
    assert "决策依据、财务制度、运行监管" in note.message
    assert "W657" not in codes(document)  # 14 + 82 = 96


SCORED = [name for name, (*_, (*_, score)) in FAMILIES.items() if score and name != "HEBEI"]  # 99 is all it prints


@pytest.mark.parametrize("name", SCORED)
def test_declared_totals_can_be_recomputed(name: str):
    document = one(getattr(forms, name))
    scores = [*document.budget["declared_score"], *document.indicators["declared_score"]]
    scores += [block.score for block in document.blocks]
    assert sum(score for score in scores if score is not None) == document.narrative.declared_score


def test_columns_without_a_place_are_reported_once():
    problems = [problem for problem in one(forms.REVIEW).problems if problem.code == "N652"]
    assert [(problem.row, problem.column) for problem in problems] == [(4, "L")]
    assert "“偏离度”" in problems[0].message
    assert problems[0].sheet == "自评表"


def test_remarks_and_completion_words_have_their_columns():
    reviewed = one(forms.REVIEW).indicators
    assert list(reviewed["review_note"]) == ["五场无签到表", "", "", "无调查问卷"]
    assert not reviewed["narrative"].any()
    assert list(reviewed["reviewed_actual"]) == ["12", "100", "310", "无"]
    assert [str(score) for score in reviewed["reviewed_score"]] == ["28", "20", "20", "0"]
    assert list(one(forms.HEBEI_COUNTY).indicators["declared_met"]) == ["已完成", "已完成", "未完成"]


def test_levels_outside_the_four_categories_are_reported():
    problems = [problem for problem in one(forms.YINCHUAN).problems if problem.code == "W655"]
    assert [(problem.row, problem.value) for problem in problems] == [(6, "项目决策"), (7, "项目管理")]


def test_an_execution_rate_without_amounts_is_reported():
    problems = [problem for problem in one(forms.REVIEW).problems if problem.code == "N655"]
    assert [(problem.row, problem.column, problem.value) for problem in problems] == [(4, "H", "98.5%")]


def test_several_sheets_are_several_documents():
    second = forms.HUBEI.replace("社区活动", "环境整治")
    summary = "项目名称 | 自评得分 | 复核得分 | 偏差 | 主要偏差原因\n环境整治 | 96 | 90 | 6 | 绩效佐证不足"
    documents = recognise(content(grid(forms.MOF, "一"), grid(second, "二"), grid(summary, "汇总")))
    assert [document.title for document in documents] == ["道路养护", "环境整治"]
    assert [problem.code for problem in documents[0].problems] == ["N656", "N661"]
    assert documents[0].problems[0].sheet == "汇总"
    assert documents[0].account.named == 10  # N656 is said of all of that sheet


def test_examples_and_instructions_are_passed_over():
    documents = recognise(content(grid(forms.MOF, "自评表"), grid(forms.MOF, "示例（示例数据）")))
    assert len(documents) == 1
    assert codes(documents[0]) == ["N662", "N661"]  # beside a form of another's, what is passed over is named
    assert documents[0].account.named == documents[0].account.used + len(documents[0].account.left)


def test_a_csv_says_places_by_line():
    document = recognise(content(grid(forms.HUNAN.replace("^", "").replace("<", ""), ""), container="csv"))[0]
    assert list(document.indicators["source"]) == ["第8行", "第9行", "第10行"]


def test_nothing_to_recognise_gives_nothing():
    assert recognise(content("日期 | 收入 | 支出\n一月 | 5 | 3")) == []
    assert recognise(content(container="txt")) == []


def test_unknown_headings_are_named_with_the_nearest():
    document = recognise(content("绩效情况 | |\n指标的名字 | 年度指标价 | 实际完成的值\n养护 | 5 | 5"))[0]
    assert (document.family, document.confidence) == ("", 0.0)
    assert [problem.code for problem in document.problems] == ["E651"]
    assert "“年度指标价”（像“年度指标值”）" in document.problems[0].message
    assert "三级指标" in document.problems[0].message
    assert (document.problems[0].row, document.problems[0].column) == (2, "A")


def test_where_no_heading_comes_near_that_is_said():
    (document,) = recognise(content("绩效情况 | |\n甲 | 乙 | 丙\n养护 | 5 | 5"))
    (problem,) = document.problems
    assert (problem.code, problem.row, problem.sheet) == ("E651", None, "自评表")
    assert problem.message.endswith("，也没有相近的标题")


OWN = """
{title} | < | < | < | < | < | <
{labels}
资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | | |
项目支出 | 100 | 100 | 95 | | |
{heads}
产出 | 整治条数 | {first} | 50 | 50
效益 | 知晓率 | {second} | 40 | 40
"""
LAST_YEAR = OWN.format(
    title="2024年度青枫街道办事处部门整体支出绩效自评表",
    labels="主管部门 | 青枫街道办事处 | 实施单位 | 青枫街道办事处 | | |",
    heads="一级指标 | 三级指标 | 年度指标值 | 2023年完成值 | 2024年完成值 | 分值 | 得分",
    first="≥12条 | 10条 | 13条",
    second="≥90% | 95% | 92%",
)


def test_a_column_of_another_year_is_called_that_and_no_question():
    document = one(LAST_YEAR)
    assert list(document.indicators["actual"]) == ["13条", "92%"]
    (said,) = [problem for problem in document.problems if problem.code in ("N652", "W667")]
    assert (said.code, said.message) == (
        "N652",
        "“2023年完成值”一列是2023年的，只读了E列“2024年完成值”，没有导入",
    )


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2024年度青枫街道办事处部门整体支出绩效自评表", "青枫街道办事处"),
        ("2024年青枫街道办事处绩效自评表", "青枫街道办事处"),
        ("2024年度甲市乙区财政局项目支出绩效自评表", "甲市乙区财政局"),
        ("青枫街道办事处2024年度绩效自评表", "青枫街道办事处"),
        ("2024年度背街小巷整治项目支出绩效自评表", ""),
        ("2024年度便民服务中心建设项目绩效自评表", ""),
        ("2024年度办事处物业管理项目绩效自评表", ""),
        ("2024年度部门整体支出绩效自评表", ""),
    ],
)
def test_the_office_in_the_title_is_the_unit_where_no_label_names_one(title: str, unit: str):
    labels = "主要负责人 | 甲 | 联系电话 | 1 | | |"
    text = OWN.format(
        title=title,
        labels=labels,
        heads="一级指标 | 三级指标 | 指标值 | 年末完成值 | 备注 | 分值 | 得分",
        first="≥12条 | 13条 | ",
        second="≥90% | 92% | ",
    )
    assert one(text).unit == unit


@pytest.mark.parametrize(("other", "left"), [("青枫街道办事处", []), ("某区财政局", ["主管部门", "某区财政局"])])
def test_a_label_that_names_the_same_unit_again_is_not_left_over(other: str, left: list[str]):
    document = one(LAST_YEAR.replace("主管部门 | 青枫街道办事处", f"主管部门 | {other}"))
    assert document.unit == "青枫街道办事处"
    assert [
        text for text in ("主管部门", "某区财政局") if any(text in one.message for one in document.problems)
    ] == left


@pytest.mark.parametrize("heading", ["指标符号", "目标符号", "计算符号"])
def test_an_operator_with_a_column_of_its_own_belongs_to_the_target(heading: str):
    text = OWN.format(
        title="2024年度青枫街道办事处绩效自评表",
        labels="单位名称 | 青枫街道办事处 | | | | |",
        heads=f"一级指标 | 三级指标 | {heading} | 指标值 | 实际完成值 | 分值 | 得分",
        first="≤ | 12条 | 13条",
        second="≥ | 90% | 92%",
    )
    assert list(one(text).indicators["target"]) == ["≤12条", "≥90%"]
