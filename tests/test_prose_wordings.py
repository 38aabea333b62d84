"""Reports in words of any outline: what they certainly say is read, every other figure is named."""

import importlib.util
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import offices
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest import store
from perfeval.ingest.containers import read_content
from perfeval.ingest.document import Content, Document, Paragraph
from perfeval.ingest.importing import recognised, settled, write
from perfeval.ingest.prose import recognise_prose
from perfeval.ingest.prose.narrative import texts
from perfeval.ingest.prose.outline import Line, Part, clean, lines_of, marked
from perfeval.ingest.prose.results import Speaker
from perfeval.ingest.prose.wordings import Sentences
from perfeval.model.schema import Issue

UNIT = "示例市甲区清河街道办事处"
HEAD = [f"{UNIT}2022年度部门整体支出绩效自评报告", "自评总得分97.2分，等级为“优”。"]
MONEY = "2022年全年预算数2000万元，执行数1900万元，执行率95%。"


def content(lines: Sequence[str]) -> Content:
    return Content("报告.txt", "txt", tuple(Paragraph(line, at) for at, line in enumerate(lines, start=1)))


def read(lines: Sequence[str]) -> Document:
    (document,) = recognise_prose(content(lines))
    return document


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def rows(document: Document, *columns: str) -> list[tuple[str, ...]]:
    names = list(columns or ("indicator", "target", "actual"))
    return [tuple(map(str, row)) for row in document.indicators[names].itertuples(index=False)]


def money(document: Document) -> dict[tuple[str, str], Decimal]:
    return {
        (row["item"], column): row[column]
        for row in document.budget.to_dict("records")
        for column in ("opening", "adjusted", "executed")
        if row[column] is not None
    }


def said(sentence: str, *, counts: bool = False) -> list[tuple[str, str, str]]:
    """What is read of one sentence."""
    found = Sentences(Speaker(UNIT, 2022), 2022, counts=counts).read(marked(sentence, 1))
    return [(one.name, one.target, one.actual) for one in found]


DISCLOSED = [
    "示例市文化和体育局2021年度部门决算",
    "十三、预算绩效情况说明",
    "文化服务项目绩效自评综述：根据年初设定的绩效目标，项目自评得分98分，自评结论为“优”。项目全年预算数为1,050万元，"
    "执行数为1040万元，完成预算的99.05%。项目绩效目标完成情况：一是送书下乡1165册次，送戏下乡197场，参与群众20多万人次；"
    "二是新建文化礼堂67家；三是场馆免费开放。发现的主要问题：基层文化队伍力量薄弱。下一步改进措施：加强队伍培训。",
]


def test_the_paragraph_in_an_offices_accounts() -> None:
    document = read(DISCLOSED)
    assert (document.unit, document.year, document.title) == ("示例市文化和体育局", 2021, "文化服务")
    assert money(document) == {
        ("年度资金总额", "adjusted"): Decimal(1050),
        ("年度资金总额", "executed"): Decimal(1040),
    }
    assert (document.narrative.declared_score, document.narrative.declared_grade) == (Decimal(98), "优")
    assert rows(document) == [
        ("送书下乡", "", "1165册次"),
        ("送戏下乡", "", "197场"),
        ("参与群众", "", "20多万人次"),
        ("新建文化礼堂", "", "67家"),
    ]
    assert document.indicators["narrative"].iloc[3] == "二是新建文化礼堂67家"
    assert set(document.indicators["source"]) == {"自评报告正文第3行"}
    assert document.narrative.problems == (Issue("基层文化队伍力量薄弱"),)
    assert document.narrative.measures == ("加强队伍培训",)
    assert "三馆" not in str(document.narrative.summary)
    assert "场馆免费开放" in document.narrative.summary
    assert codes(document) == ["W714", "N706", "N703"]
    assert document.places["indicators", 0, "actual"].row == 3


def test_several_projects_of_one_disclosure_are_documents_of_their_own() -> None:
    second = DISCLOSED[2].replace("文化服务项目", "2.体育设施项目").replace("1,050", "100").replace("1040", "99.05")
    between = "14.政府采购支出情况说明"
    lines = [
        *DISCLOSED,
        second.replace("送书下乡1165册次，", ""),
        "十四、其他重要事项",
        "机关运行经费120万元。",
        between,
    ]
    documents = recognise_prose(content(lines))
    assert [document.title for document in documents] == ["文化服务", "体育设施"]
    assert [len(document.indicators) for document in documents] == [4, 3]
    assert [document.budget["adjusted"].iloc[0] for document in documents] == [Decimal(1050), Decimal(100)]
    assert sum(document.account.cells for document in documents) == len(lines)
    assert "机关运行经费120万元。" in [text for _, text in documents[0].account.left]


def test_money_elsewhere_in_the_accounts_is_not_the_projects() -> None:
    lines = [DISCLOSED[0], "五、支出决算情况", "年初预算3000万元，支出决算3100万元。", *DISCLOSED[1:]]
    assert set(money(read(lines)).values()) == {Decimal(1050), Decimal(1040)}


def test_a_departments_report_without_indicators() -> None:
    document = read(
        [
            "示例市乙区柳溪街道2020年度部门整体支出绩效评价报告",
            "一、部门概况",
            "内设7个办公室，编制50人（行政13人，事业37人）。",
            "二、部门整体支出管理及使用情况",
            "2020年年初预算2345.6万元，调整后预算2876.54万元，实际支出2850.12万元，其中：基本支出1543.2万元，项目支出1306.92万元。",
            "三、绩效评价结论",
            "自评得分95.5分，等级为优。",
            "四、存在的主要问题",
            "预算编制精准度不够。",
            "五、改进措施",
            "提高预算编制质量。",
        ]
    )
    assert (document.unit, document.year) == ("示例市乙区柳溪街道", 2020)
    assert money(document) == {
        ("基本支出", "executed"): Decimal("1543.2"),
        ("项目支出", "executed"): Decimal("1306.92"),
        ("部门整体支出", "opening"): Decimal("2345.6"),
        ("部门整体支出", "adjusted"): Decimal("2876.54"),
        ("部门整体支出", "executed"): Decimal("2850.12"),
    }
    assert (document.narrative.declared_score, document.narrative.declared_grade) == (Decimal("95.5"), "优")
    assert document.narrative.problems == (Issue("预算编制精准度不够"),)
    assert document.narrative.measures == ("提高预算编制质量",)
    assert len(document.indicators) == 0
    assert codes(document) == ["N706", "W717", "N703"]
    assert "（第2—4、6行）" in document.problems[-1].message
    assert "内设7个办公室，编制50人（行政13人，事业37人）。" in [text for _, text in document.account.left]


def test_a_year_without_indicators_is_filed_with_what_it_has(tmp_path: Path) -> None:
    lines = [*HEAD, MONEY, "存在的问题", "1.绩效目标不细。", "改进措施", "1.细化目标。"]
    path = offices.write_txt(tmp_path / "报告.txt", lines)
    documents = [settled(one, "qinghe", None, tmp_path / "data") for one in recognised(read_content(path))]
    (outcome,) = write(documents, tmp_path / "data")
    assert outcome.status == "已写入"
    assert outcome.rows == {"budget.csv": 1, "narrative.toml": outcome.rows["narrative.toml"], "indicators.csv": 0}
    loaded = store.load(tmp_path / "data", "qinghe", 2022)
    assert len(loaded.indicators) == 0
    assert list(loaded.budget["executed"]) == [Decimal(1900)]
    assert [problem.code for problem in loaded.problems] == ["W718"]


def test_a_scored_tree() -> None:
    document = read(
        [
            *HEAD[:1],
            "综合得分93分，等级为优。",
            MONEY,
            "三、指标分析",
            "（一）决策情况（满分20分，实得18分）",
            "1.项目立项（10分，得10分）",
            "2.绩效目标（10分，得8分）",
            "（二）过程情况（满分20分，实得19分）",
            "1.资金使用合规性（20分，得19分）",
            "（三）产出情况（满分30分，实得28分）",
            "1.数量指标（15分，得15分）",
            "（1）培训人次（5分，得5分）。计划培训100人次，实际培训120人次。",
            "（2）巡查次数分值10分，得10分。年初目标值≥50次，实际完成60次。",
            "2.质量指标（15分，得14分）",
            "（1）验收合格率（15分）得14分。",
            "（四）效益情况（满分30分，实得28分）",
            "1.社会效益指标（20分，得19分）",
            "（1）居民安全感（满分20分，实得19分）",
            "2.服务对象满意度（10分，得9分）",
        ]
    )
    columns = ("category", "subcategory", "indicator", "target", "actual", "weight", "declared_score")
    assert rows(document, *columns) == [
        ("产出", "数量指标", "培训人次", "100人次", "120人次", "5", "5"),
        ("产出", "数量指标", "巡查次数", "≥50次", "60次", "10", "10"),
        ("产出", "质量指标", "验收合格率", "", "", "15", "14"),
        ("效益", "社会效益指标", "居民安全感", "", "", "20", "19"),
        ("满意度", "", "服务对象满意度", "", "", "10", "9"),
    ]
    points = {block.name: (block.points, block.score) for block in document.blocks}
    assert points["决策"] == (Decimal(20), Decimal(18))
    assert points["产出"] == (Decimal(30), Decimal(28))
    (named,) = [problem for problem in document.problems if problem.code == "N708"]
    assert "资金使用合规性（20分，得19分）" in named.message
    (wrong,) = [problem for problem in document.problems if problem.code == "W713"]
    assert (wrong.row, "下面各项合计29分" in wrong.message) == (10, True)


def test_more_points_than_there_are() -> None:
    document = read([*HEAD, MONEY, "产出指标", "1.培训人次（5分，得6分）"])
    assert "W713" in codes(document)


def test_a_table_of_three_columns_whose_money_stands_in_the_prose() -> None:
    lines = [
        "示例市民政局养老服务项目支出绩效自评报告（2023年度）",
        "养老服务项目2023年预算安排资金500万元，实际使用480万元，资金使用率96%。项目自评得分94分。",
        "指标 | 目标 | 完成",
        "新建养老服务站 | 5个 | 5个",
        "助餐服务 | ≥1万人次 | 1.2万人次",
        "老人满意度 | ≥90% | 93%",
        "存在问题：部分站点使用率不高。",
        "改进措施：加强宣传。",
    ]
    from perfeval.ingest.containers.plaintext import lines_to_blocks

    (document,) = recognise_prose(Content("报告.txt", "txt", tuple(lines_to_blocks("\n".join(lines)))))
    assert rows(document) == [
        ("新建养老服务站", "5个", "5个"),
        ("助餐服务", "≥1万人次", "1.2万人次"),
        ("老人满意度", "≥90%", "93%"),
    ]
    assert list(document.indicators["category"]) == ["产出", "产出", "满意度"]
    assert (document.unit, document.title, document.year) == ("示例市民政局", "养老服务", 2023)
    assert set(money(document).values()) == {Decimal(500), Decimal(480)}
    assert document.narrative.problems == (Issue("部分站点使用率不高"),)
    assert document.account.left == ()


@pytest.mark.parametrize(
    "head", [["指标", "目标", "完成"], ["三级指标", "年度指标值", "实际完成值"], ["考核指标", "年度目标", "完成情况"]]
)
def test_a_bare_table_in_a_report_does_not_put_its_sentences_aside(tmp_path: Path, head: list[str]) -> None:
    table = [head, ["新建口袋公园", "3个", "3个"], ["走访群众", "500人次", "480人次"]]
    lines = [*HEAD, MONEY, "指标完成情况如下表：", "存在的问题：目标不细。", "改进措施：细化目标。"]
    path = offices.write_docx(tmp_path / "报告.docx", lines, table, "指标完成情况如下表：")
    (document,) = recognised(read_content(path))
    assert rows(document) == [("新建口袋公园", "3个", "3个"), ("走访群众", "500人次", "480人次")]
    assert set(money(document).values()) == {Decimal(2000), Decimal(1900)}
    assert [text for _, text in document.account.left] == ["指标完成情况如下表："]
    assert document.account.cells == len(lines) + 9


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("建成农田1.2万亩（年度指标值≥1.2万亩），完成率100%。", [("建成农田", "≥1.2万亩", "1.2万亩")]),
        ("受益农户3200户（指标值≥3000户），带动就业150人。", [("受益农户", "≥3000户", "3200户")]),
        ("受益农户（指标值≥3000户），带动就业150人。", []),
        ("受益农户（指标值≥3000户）。受益农户3200户，带动就业150人。", [("受益农户", "≥3000户", "3200户")]),
        ("按时完成率目标100%、实际100%。", [("按时完成率", "100%", "100%")]),
    ],
)
def test_a_figure_beside_a_bracketed_target(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(read([*HEAD, MONEY, "存在的问题：目标不细。", "产出指标", sentence])) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("居民满意度（目标≥95%，实际98%）。", [("居民满意度", "≥95%", "98%")]),
        ("道路养护（目标值：12公里；完成值：10公里）", [("道路养护", "12公里", "10公里")]),
        ("居民满意度达到93%（目标值≥90%）", [("居民满意度", "≥90%", "93%")]),
        ("背街小巷整治，年初目标值≥12条，2022年度清河街道办事处实际完成14条，完成年初目标。", [("背街小巷整治", "≥12条", "14条")]),
        ("群防群治机制，年初目标值健全，实际完成基本健全。", [("群防群治机制", "健全", "基本健全")]),
        ("整治完成时间目标值11月底前，实际完成2022年11月20日。", [("整治完成时间", "11月底前", "2022年11月20日")]),
        ("计划开展培训10次，实际开展12次。", [("开展培训", "10次", "12次")]),
        ("培训计划10次，仅完成8次，未完成年初目标。", [("培训", "10次", "8次")]),
        ("消防检查应检100家，实检98家。", [("消防检查", "100家", "98家")]),
        ("应发放低保金1200人，实际发放1200人。", [("发放低保金", "1200人", "1200人")]),
        ("改造小区实际完成5个，年初目标5个。", [("改造小区", "5个", "5个")]),
        ("实际完成培训12次（目标10次）。", [("培训", "10次", "12次")]),
        ("甲街整治率、乙街整治率目标值分别为≥95%、≥90%，实际完成值分别为98%、92%。", [("甲街整治率", "≥95%", "98%"), ("乙街整治率", "≥90%", "92%")]),
        ("甲率目标值≥95%，实际98%，乙率目标值≥90%，实际85%。", [("甲率", "≥95%", "98%"), ("乙率", "≥90%", "85%")]),
        ("河道清淤：计划清淤15公里，实际清淤16.5公里，目标完成率110%。", [("河道清淤", "15公里", "16.5公里")]),
        ("水质监测：全年监测48次（目标48次）。", [("水质监测", "48次", "48次")]),
        ("补贴标准目标值300元/人·月，实际完成值300元/人·月。", [("补贴标准", "300元/人·月", "300元/人·月")]),
        ("垃圾清运，目标值第1、2类各3吨，实际完成值各3吨。", [("垃圾清运", "第1、2类各3吨", "各3吨")]),
        ("12345热线办结率，目标值100%，实际98.7%。", [("12345热线办结率", "100%", "98.7%")]),
        ("垃圾分类率目标值95%，实际96%，较上年提高3个百分点。", [("垃圾分类率", "95%", "96%")]),
        ("清运垃圾计划1,200吨，实际完成1,250吨。", [("清运垃圾", "1,200吨", "1,250吨")]),
    ],
)  # fmt: skip
def test_wordings_of_target_and_actual(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "投诉件数比上年下降12%，其中重复投诉3件。",
        "满意度同比提高3个百分点，达到历年最高。",
        "未完成10次培训的目标。",
        "尚有12处隐患未整改。",
        "第3次会议召开，2021年完成10次。",
        "根据示财〔2022〕15号文件第3条，设置指标12个。",
        "计划培训10次，实际发放宣传册500份。",
        "培训完成率为110%（目标100人次，实际110人次）。",
        "我街道高度重视，目标值≥95%，实际98%。",
        "甲、乙、丙分别为3个、5个。",
        "甲率、乙率目标值分别为95%、96%、97%，实际98%。",
        "目标值≥95%的群众安全感，实际为96%。",
        "下年计划改造小区5个，力争完成8个。",
        "信访办结率由上年的90%提高到98%。",
        "低保救助应保尽保，实际救助320人。",
        "完成年初预算的98%，占全年支出的12%。",
        "清运垃圾计划1200吨，占全区的12%。",
    ],
)
def test_what_is_not_certain_is_not_read(sentence: str) -> None:
    assert [row for row in said(sentence, counts=False) if row[1] and row[2]] == []
    document = read([*HEAD, MONEY, "一、指标完成情况", f"1.{sentence}", "2.甲率目标值≥95%，实际98%。"])
    assert rows(document) == [("甲率", "≥95%", "98%")]


def test_every_sentence_with_figures_that_were_left_is_named() -> None:
    document = read(
        [*HEAD, MONEY, "一、指标完成情况", "1.居民满意度90%以上，群众评价92%。", "2.办结率由90%提高到98%。"]
    )
    (named,) = [problem for problem in document.problems if problem.code == "N707"]
    assert "第5行“居民满意度90%以上，群众评价92%”" in named.message
    assert "第6行“办结率由90%提高到98%”" in named.message


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("新建礼堂67家，队伍培训214期", [("新建礼堂", "", "67家"), ("队伍培训", "", "214期")]),
        ("新建服务站、改造小区分别为3个、5个", [("新建服务站", "", "3个"), ("改造小区", "", "5个")]),
        ("垃圾清运率达到100%", [("垃圾清运率", "", "100%")]),
        ("新建礼堂67家，比上年增加3家", [("新建礼堂", "", "67家")]),
        ("投入资金120万元", []),
        ("在职50人，退休44人", []),
        ("共设置12个指标", []),
        ("占全区总数的12%", []),
        ("其中新建3家", []),
    ],
)
def test_counts_of_what_was_achieved(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(sentence, counts=True) == expected


WHOLE, BASIC, PROJECT = "部门整体支出", "基本支出", "项目支出"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年年初部门预算1500万元，全年预算1700万元，支出决算1650万元。",
         {(WHOLE, "opening"): "1500", (WHOLE, "adjusted"): "1700", (WHOLE, "executed"): "1650"}),
        ("全年预算数、执行数分别为0.2亿元、19,000,000元。", {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
        ("2022年决算支出1650.5万元。其中基本支出950.5万元，占57.6%；项目支出700万元，占42.4%。",
         {(WHOLE, "executed"): "1650.5", (BASIC, "executed"): "950.5", (PROJECT, "executed"): "700"}),
        ("年初预算2000万元，其中：基本支出1200万元，项目支出800万元；实际支出1900万元。",
         {(WHOLE, "opening"): "2000", (BASIC, "opening"): "1200", (PROJECT, "opening"): "800", (WHOLE, "executed"): "1900"}),
        ("年初预算2000万元，其中：基本支出1200万元，项目支出800万元，实际支出1900万元。",
         {(WHOLE, "opening"): "2000", (BASIC, "opening"): "1200", (PROJECT, "opening"): "800"}),
        ("部门预算总额2100万元（其中：基本支出1200万元，项目支出900万元），调整后预算2000万元，实际执行1900万元。",
         {(WHOLE, "adjusted"): "2000", (BASIC, "adjusted"): "1200", (PROJECT, "adjusted"): "900", (WHOLE, "executed"): "1900"}),
        ("资金到位2000万元，到位率100%，实际支出1900万元，结余100万元。", {(WHOLE, "executed"): "1900"}),
        ("三公经费预算20万元，执行19万元。全年预算数2000万元，执行数1900万元。", {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
        ("全年预算数2000万元，执行数1900万元，比上年增加30万元，年末结转50万元，其中三公经费12万元。",
         {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
        ("2021年执行数1800万元。2022年全年预算数2000万元，执行数1900万元。",
         {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
        ("全年预算数2000万元，执行数1900万元。环卫经费预算200万元，执行190万元。",
         {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
        ("全年预算数2000万元，执行数1900万元。基本支出执行数1200万元（其中：人员经费1000万元，公用经费200万元）。",
         {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900", (BASIC, "executed"): "1200"}),
        ("本年收入2100万元，全年预算数2000万元，全年执行数1900万元。", {(WHOLE, "adjusted"): "2000", (WHOLE, "executed"): "1900"}),
    ],
)  # fmt: skip
def test_wordings_of_money(text: str, expected: dict[tuple[str, str], str]) -> None:
    assert money(read([*HEAD, text])) == {key: Decimal(value) for key, value in expected.items()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("全年预算数2000万元，执行数1900万元，完成预算的80%。", "W702"),
        ("年初预算2500万元，全年预算数2000万元，执行数1900万元，完成年初预算的95%。", "W702"),
        ("全年预算数2000万元，执行数1900万元，其中：基本支出1000万元，项目支出800万元。", "W712"),
        ("全年预算数2000万元，执行数1900万元。全年执行数1800万元。", "W701"),
    ],
)
def test_money_that_does_not_agree(text: str, code: str) -> None:
    assert codes(read([*HEAD, text])).count(code) == 1


def test_rates_of_another_base_are_checked_against_it() -> None:
    text = "年初预算2500万元，全年预算数2000万元，执行数1900万元，完成年初预算的76%，完成全年预算的95%。"
    assert "W702" not in codes(read([*HEAD, text]))


@pytest.mark.parametrize(
    ("text", "score", "grade"),
    [
        ("项目自评得分98分，自评结论为“优”。", "98", "优"),
        ("经综合评价，综合得分为92.5分，评定等级：良。", "92.5", "良"),
        ("自评总分100分，自评得分95分。", "95", ""),
        ("自评总得分（满分100分）为96分，等级为“优秀”。", "96", "优秀"),
        ("绩效评价得分93.75分，评价等级为良好。", "93.75", "良好"),
        ("自评得分：预算执行10分，产出49分，效益29分，满意度10分，合计98分，评价等级为优秀。", "98", "优秀"),
        ("12个项目平均自评得分90分，部门自评得分95分。", "95", ""),
        ("预算执行率自评得分10分，综合得分95分。", "95", ""),
        ("2021年自评得分90分，2022年自评得分95分。", "95", ""),
        ("自评得分90分以上的项目5个，综合得分95分。", "95", ""),
    ],
)
def test_wordings_of_the_score(text: str, score: str, grade: str) -> None:
    told = read([HEAD[0], text, MONEY]).narrative
    assert (str(told.declared_score), told.declared_grade) == (score, grade)


@pytest.mark.parametrize(
    "heading",
    [
        "存在的问题及原因",
        "存在的问题及原因分析",
        "存在问题",
        "存在的困难和问题",
        "主要问题和不足",
        "评价发现的主要问题",
    ],
)
@pytest.mark.parametrize(
    "after", ["下一步改进措施", "有关建议", "下一步打算", "改进措施及建议", "整改措施", "相关建议"]
)
def test_free_headings_of_problems_and_measures(heading: str, after: str) -> None:
    document = read(
        [
            *HEAD,
            MONEY,
            f"四、{heading}",
            "（一）目标不细。",
            "（二）人手不足，主要原因是编制少。",
            f"五、{after}",
            "一是细化目标；二是增加人手。",
        ]
    )
    assert document.narrative.problems == (Issue("目标不细"), Issue("人手不足", "主要原因是编制少"))
    assert document.narrative.measures == ("细化目标", "增加人手")


@pytest.mark.parametrize(
    ("title", "unit", "year"),
    [
        ("二〇二一年度示例县石桥镇人民政府部门整体支出绩效自评报告", "示例县石桥镇人民政府", 2021),
        ("示例县石桥镇人民政府2021年度部门整体支出绩效评价报告", "示例县石桥镇人民政府", 2021),
        ("示例县石桥镇人民政府部门整体支出绩效自评报告（2021年度）", "示例县石桥镇人民政府", 2021),
        ("示例县石桥镇人民政府2021 年部门整体绩效自评报告", "示例县石桥镇人民政府", 2021),
    ],
)
def test_unit_and_year_of_the_title(title: str, unit: str, year: int) -> None:
    document = read([title, "自评得分95分。", "全年预算数20万元，执行数19万元。"])
    assert (document.unit, document.year) == (unit, year)


def test_the_kind_of_an_indicator_is_the_one_named_last() -> None:
    document = read(
        [
            *HEAD, MONEY, "（一）产出指标", "1.数量指标。新建公厕目标值3座，实际完成3座；硬化道路计划5公里，实际完成4.2公里。",
            "（二）效益指标", "社会效益：出行条件目标值改善，实际完成明显改善。", "（三）其他", "群众满意度目标值≥90%，实际92%。",
        ]
    )  # fmt: skip
    assert rows(document, "category", "subcategory", "indicator") == [
        ("产出", "数量指标", "新建公厕"),
        ("产出", "数量指标", "硬化道路"),
        ("效益", "社会效益指标", "出行条件"),
        ("满意度", "", "群众满意度"),
    ]
    assert "W714" not in codes(document)


def test_headings_that_go_on_with_their_text() -> None:
    lines = ["（一）产出目标实现情况。甲率目标值95%，实际98%。", "（二）满意度情况。满意度目标值90%，实际94%。"]
    document = read(
        [*HEAD, MONEY, *lines, "四、问题及建议", "（一）存在的问题。预算不细。", "（二）改进建议。细化预算。"]
    )
    assert rows(document, "category", "indicator") == [("产出", "甲率"), ("满意度", "满意度")]
    assert "N707" not in codes(document)
    assert (document.narrative.problems, document.narrative.measures) == ((Issue("预算不细"),), ("细化预算",))


def test_goals_in_the_text() -> None:
    lines = [
        "目标1：城市管理",
        "甲率目标值≥95%，实际98%。",
        "安全检查（10分，得9分）",
        "目标二：社区治理",
        "甲率目标值≥90%，实际91%。",
    ]
    assert rows(read([*HEAD, MONEY, *lines]), "goal_no", "goal", "indicator") == [
        ("1", "城市管理", "甲率"),
        ("2", "社区治理", "甲率"),
        ("1", "城市管理", "安全检查"),
    ]


def test_an_indicator_said_twice() -> None:
    same = read([*HEAD, MONEY, "甲率目标值≥95%，实际98%。", "甲率目标值≥95%，实际98%。"])
    other = read([*HEAD, MONEY, "甲率目标值≥95%，实际98%。", "甲率目标值≥95%，实际89%。"])
    assert (len(same.indicators), "W716" in codes(same)) == (1, False)
    assert (rows(other), "W716" in codes(other)) == ([("甲率", "≥95%", "98%")], True)


@pytest.mark.parametrize(
    ("rate", "follows"),
    [("33", True), ("34", False), ("33.3", True), ("33.4", False), ("33.33", True), ("33.30", False), ("33.36", False)],
)
def test_a_completion_rate_follows_as_exactly_as_it_is_printed(rate: str, follows: bool) -> None:
    found = read([*HEAD, MONEY, f"道路计划3,000米，实际完成1,000米，完成率{rate}%。"])
    assert ("W715" not in codes(found)) is follows


@pytest.mark.parametrize(
    "text",
    [
        ["关于做好绩效自评工作的通知", "自评得分低于60分的项目不再安排预算。", "上年共自评项目300个，涉及资金12亿元。"],
        ["会议纪要", "自评得分98分。"],
        ["2022年工作总结", "全年预算数2000万元，执行数1900万元。新建公园3个。"],
    ],
)
def test_texts_that_are_no_self_evaluation(text: list[str]) -> None:
    assert recognise_prose(content(text)) == []


def test_list_numbers_before_numbers() -> None:
    lines = [
        line
        for line in lines_of(
            content(["4.甲", "5.乙", "6.12345热线办结率", "7.5万人参与", "1.12345热线接通率", "1.5万人参与"])
        )
        if hasattr(line, "text")
    ]
    assert [line.text for line in lines] == [
        "甲",
        "乙",
        "12345热线办结率",
        "7.5万人参与",
        "12345热线接通率",
        "1.5万人参与",
    ]


# The outline of Wuhan's districts with other wordings of its indicator lines.


@pytest.mark.parametrize(
    "line",
    [
        "①议事会场次，年初目标值≥12场，2023年度示例街道办事处实际完成14场，完成年初目标。",
        "①议事会场次（目标值≥12场，实际14场），完成年初目标。",
        "①议事会场次（年初目标值：≥12场；完成值：14场），完成年初目标。",
        "①议事会场次达到14场（年初目标值：≥12场）。",
        "1.议事会场次：目标≥12场，完成14场，完成年初目标。",
    ],
)
def test_wordings_in_the_outline(line: str) -> None:
    document = read(offices.report(analysis=["目标1：（1）产出指标完成情况分析", line, "2.其他工作有序推进，共12项。"]))
    assert rows(document) == [("议事会场次", "≥12场", "14场")]
    assert rows(document, "goal_no", "category") == [("1", "产出")]


def test_two_indicators_on_one_line_of_the_outline() -> None:
    line = "①甲率（年初目标值：95%），实际98%；乙率（年初目标值：90%），实际85%。"
    document = read(offices.report(analysis=["目标1：（1）产出指标完成情况分析", line]))
    assert rows(document) == [("甲率", "95%", "98%"), ("乙率", "90%", "85%")]


# Laws.


def benchmark() -> ModuleType:
    path = Path(__file__).parents[1] / "benchmarks" / "wordings.py"
    spec = importlib.util.spec_from_file_location("wordings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_reports_are_read_and_their_accounts_close(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    wordings = benchmark()
    monkeypatch.setitem(sys.modules, "wordings", wordings)
    tally: dict[tuple[str, str], object] = {}
    for truth in wordings.reports(40, seed):
        document = wordings.read(truth)
        wordings.judge(truth, document, tally)
        account = document.account
        assert account.cells == account.used + account.named + len(account.left) == len(truth.lines)
    for kind, one in wordings.totals(tally).items():
        recall, precision = wordings.rates(one)
        assert (recall >= 0.9, precision >= 0.98) == (True, True), kind


PIECES = [
    *HEAD, MONEY, *DISCLOSED, "（", "）", "：", "，", "。", "一是", "1.", "目标值", "实际", "计划", "分别为", "95%", "10分", "得9分",
    "完成率", "甲率", "≥", "万元", "年初预算", "其中：", "基本支出", "项目支出", "存在的问题：", "改进措施：", "应", "实",
    "指标完成情况", "产出指标（20分，得18分）", "、",
    "300元/人·月", "1、2", "一是", "①", "12.5", "1,200人次", "（1）", "目标", "完成",
]  # fmt: skip


@given(st.lists(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=6), max_size=14))
@settings(max_examples=150, deadline=None)
def test_no_text_is_too_odd_and_every_account_closes(lines: list[list[str]]) -> None:
    text = content(["".join(line) for line in lines])
    documents = recognise_prose(text)
    filled = sum(bool(block.text.strip()) for block in text.blocks if isinstance(block, Paragraph))
    for document in documents:
        account = document.account
        assert account.cells == account.used + account.named + len(account.left)
        for column in ("target", "actual"):  # nothing is read that does not stand there
            for value, source in zip(document.indicators[column], document.indicators["source"], strict=True):
                line = "".join(lines[int(source.removeprefix("自评报告正文第").removesuffix("行")) - 1])
                assert clean(value) in clean(line) or value == "（无数值，仅叙述）" or "……" in value
    assert sum(document.account.cells for document in documents) in {0, filled}


@pytest.mark.parametrize(("length", "read_"), [(2, True), (40, True), (41, False)])
def test_a_name_has_from_two_to_forty_characters(length: int, read_: bool) -> None:
    name = ("窗口受理群众诉求事项并且及时回访办理结果再次核查满意情况公布全部街道社区网格人员" * 2)[-length:]
    assert said(f"{name}，年初目标值90件，实际完成92件") == ([(name, "90件", "92件")] if read_ else [])


def test_where_each_part_begins_is_said_once() -> None:
    lines = [*HEAD, MONEY, "办结率，年初目标值90%，实际完成92%。", "知晓率，年初目标值80%，实际完成82%。", HEAD[1]]
    begins = read(lines).begins
    assert [what for what, _ in begins] == ["预算执行", "自评得分", "绩效指标"]
    assert [where for _, where in begins] == ["第3行", "第2行", "第4行"]


@pytest.mark.parametrize(
    ("key", "lines", "kept"),
    [
        ("problems", ["无。"], ["无。"]),  # that there is none is said
        ("problems", ["无。", "资金不足"], ["资金不足"]),
        ("problems", ["一是资金不足；二是人手不足。"], ["资金不足；", "人手不足。"]),
        ("measures", ["无。"], []),
        ("met", ["无。", "一是资金到位；二是人手到位。"], ["一是资金到位；二是人手到位。"]),
    ],
)
def test_a_section_that_only_says_there_is_nothing(key: str, lines: list[str], kept: list[str]) -> None:
    part = Part(key, None, tuple(Line(text, number) for number, text in enumerate(lines, start=1)))
    assert [line.text for line in texts([part], key)] == kept
