"""Reports in words → tables: the source report's rows, and the ways other offices write the same outline."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import offices
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest import store
from perfeval.ingest.containers import read_content
from perfeval.ingest.document import Content, Document, Paragraph
from perfeval.ingest.prose import recognise_prose
from perfeval.ingest.prose.free import LONGEST_TITLE, sections
from perfeval.ingest.prose.narrative import period, unread_note
from perfeval.ingest.prose.outline import Line, clean, heading_of, marked
from perfeval.ingest.prose.results import Speaker, read_result
from perfeval.model.schema import Issue

LITERAL = ["goal_no", "goal", "category", "indicator", "target", "actual", "declared_met"]


def read(lines: Sequence[str], file: str = "报告.txt") -> Document:
    content = Content(file, "txt", tuple(Paragraph(line, number) for number, line in enumerate(lines, start=1)))
    (document,) = recognise_prose(content)
    return document


def literal(document: Document) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in document.indicators[LITERAL].itertuples(index=False)]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def changed(old: str, new: str, lines: Sequence[str] | None = None) -> list[str]:
    """The example's lines with one text replaced wherever it stands; it must stand somewhere."""
    before = list(lines if lines is not None else offices.report())
    after = [line.replace(old, new) for line in before]
    assert after != before
    return after


@pytest.mark.parametrize("suffix", [".txt", ".docx"])
def test_the_rows_of_the_source_report(root: Path, tmp_path: Path, suffix: str) -> None:
    on_file = store.load(root / "data", "ronghua", 2022).indicators
    lines = offices.retold(root / "data" / "ronghua" / "2022" / "indicators.csv")
    write = offices.write_docx if suffix == ".docx" else offices.write_txt
    (document,) = recognise_prose(read_content(write(tmp_path / f"报告{suffix}", lines)))
    columns = [*LITERAL, "narrative", "source"]
    assert len(document.indicators) == 39
    pd.testing.assert_frame_equal(document.indicators[columns], on_file[columns])


@pytest.mark.parametrize("suffix", [".txt", ".docx"])
def test_a_report_of_another_office(tmp_path: Path, suffix: str) -> None:
    write = offices.write_docx if suffix == ".docx" else offices.write_txt
    (document,) = recognise_prose(read_content(write(tmp_path / f"报告{suffix}", offices.report())))
    assert literal(document) == offices.EXPECTED
    assert (document.unit, document.year) == (offices.UNIT, 2023)
    assert document.title == f"2023年度{offices.UNIT}部门整体绩效自评结果"
    assert document.confidence == 1
    assert codes(document) == []
    assert dict(document.begins)["绩效指标"] == "第44行"


def test_money_is_exact_and_in_the_order_of_the_form() -> None:
    budget = read(offices.report()).budget
    assert list(budget["item"]) == ["基本支出", "项目支出", "部门整体支出"]
    assert list(budget["adjusted"]) == [Decimal("1200.50"), Decimal("800.00"), Decimal("2000.50")]
    assert list(budget["executed"]) == [Decimal("1200.50"), Decimal("600.00"), Decimal("1800.50")]
    assert set(budget["opening"]) == {None}
    assert set(budget["source"]) == {"自评报告正文第9行"}


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("年初预算2,000.50万元，执行数20,005,000元，执行率为100%。", "executed", "2000.5"),
        ("年初预算0.20005亿元，实际支出2000.50万元。", "opening", "2000.5"),
        ("年初预算1,000万元，调整后预算2,000.5万元，执行数2,000.5万元。", "adjusted", "2000.5"),
    ],
)
def test_other_wordings_and_units_of_money(text: str, column: str, value: str) -> None:
    budget = read(offices.report(money=[text, text])[:40]).budget
    total = budget[budget["item"].eq("部门整体支出")].iloc[0]
    assert total[column] == Decimal(value)


def test_the_words() -> None:
    told = read(offices.report()).narrative
    assert (told.declared_score, str(told.declared_score)) == (Decimal("96.50"), "96.50")
    assert told.basis == "《关于开展绩效自评工作的通知》（示财〔2024〕8号）"
    assert told.summary == ("新建口袋公园3个",)
    assert told.key_tasks == ("推进社区治理", "改善辖区环境")
    assert told.problems == (
        Issue("矛盾纠纷化解率偏低", "主要原因是调解员人手不足"),
        Issue("绩效指标设置不够全面"),
    )
    assert told.measures == ("一方面充实调解队伍，提高矛盾纠纷化解率", "另一方面完善考核办法", "细化绩效指标")
    assert told.budget_linkage == ("编制预算时参考自评结果", "压减低效项目")
    assert [(stage.name, stage.start, stage.end) for stage in told.stages] == [
        ("准备", "2024-03-01", "2024-03-05"),
        ("实施", "2024-03-06", "2024-03-15"),
        ("提交", "", "2024-03-31"),
    ]
    assert told.stages[0].work == ("召开布置会", "制定方案")
    assert told.organisation == ("成立了自评工作小组", "制定工作方案")
    assert told.last_year == ("调整了两个项目的指标",)
    assert told.other_evidence == ()


def test_a_missed_target_has_its_reason_and_measure() -> None:
    rows = read(offices.report()).indicators
    missed = rows[rows["indicator"].eq("矛盾纠纷化解率")].iloc[0]
    assert missed["reason"] == "主要原因是调解员人手不足"
    assert missed["measure"] == "一方面充实调解队伍，提高矛盾纠纷化解率"
    assert set(rows.loc[rows["indicator"].ne("矛盾纠纷化解率"), "reason"]) == {""}


def test_a_problem_about_two_missed_targets_becomes_two() -> None:
    lines = changed("“矛盾纠纷化解率”未完成", "“矛盾纠纷化解率”“居民满意度”未完成")
    lines = changed("1.矛盾纠纷化解率偏低，", "1.矛盾纠纷化解率偏低；居民满意度不高，", lines)
    lines = changed("达到93.5%，圆满完成了年初目标值", "达到83.5%，未完成年初目标值", lines)
    document = read(lines)
    assert [issue.text for issue in document.narrative.problems][:2] == ["矛盾纠纷化解率偏低", "居民满意度不高"]
    assert "W706" not in codes(document)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_year(year: int) -> None:
    document = read(offices.report(year))
    assert (document.year, document.narrative.stages[0].start[:4]) == (year, str(year + 1))
    assert literal(document) == offices.EXPECTED


VARIATIONS = {
    "numbers 1.": [("①", "1."), ("②", "2.")],
    "numbers 1、": [("①", "1、"), ("②", "2、")],
    "numbers （1）": [("①", "（1）"), ("②", "（2）")],
    "no numbers": [("①", ""), ("②", "")],
    "half-width brackets": [("（年初目标值：", "(年初目标值:"), ("）。2023", ")。2023"), ("）。示例", ")。示例")],
    "年度目标值": [("年初目标值：", "年度目标值：")],
    "目标值": [("（年初目标值：", "（目标值：")],
    "年初目标：": [("（年初目标值：", "（年初目标：")],
    "no stop after the bracket": [("）。2023", "）2023"), ("）。示例", "）示例")],
    "space around": [("（年初目标值：", " （ 年初目标值： ")],
    "bookmark": [("①", "[bookmark: _GoBack]①")],
    "full-width space": [("①", "\u3000\u3000①")],
    "zero-width space": [("年初目标值", "年初\u200b目标值")],
    "stars": [("①", "①★")],
    "no stop at the end": [("完成年初目标。", "完成年初目标")],
    "marker after the goal": [("目标1：（1）", "目标1:(1)"), ("目标2：（1）", "目标二：(1)")],
    "heading without analysis": [("指标完成情况分析", "指标完成情况")],
    "level-1 numbering lost": [("一、自评结论", "自评结论"), ("（三）存在", "存在"), ("（四）下一步", "下一步")],
}


@pytest.mark.parametrize("edits", VARIATIONS.values(), ids=VARIATIONS.keys())
def test_ways_of_writing_the_same(edits: list[tuple[str, str]]) -> None:
    lines = offices.report()
    for old, new in edits:
        lines = changed(old, new, lines)
    document = read(lines)
    assert literal(document) == offices.EXPECTED
    assert len(document.narrative.problems) == 2
    assert len(document.narrative.key_tasks) == 2


def test_goal_and_kind_on_two_lines_and_narrative_on_the_next() -> None:
    lines = [part for line in offices.report() for part in line.replace("：（1）产出", "：\n（1）产出").split("\n")]
    lines = [part for line in lines for part in line.replace("）。2023", "）。\n2023").split("\n")]
    assert literal(read(lines)) == offices.EXPECTED


def test_headings_of_sections_that_are_read_are_read_and_those_over_others_left() -> None:
    account = read(offices.report()).account
    assert account.cells == sum(bool(line) for line in offices.report()) == account.used + len(account.left)
    assert [text for _, text in account.left] == [
        "一、自评结论",
        "（二）部门整体绩效目标完成情况",
        "二、佐证材料",
        "（一）基本情况",
    ]


def test_goal_named_where_it_is_analysed() -> None:
    lines = [line for line in offices.report() if not line.startswith("年度目标")]
    lines = changed("目标1：（1）", "目标1：社区治理经费（1）", lines)
    lines = changed("目标2：（1）", "目标2：环境卫生经费。（1）", lines)
    assert literal(read(lines)) == offices.EXPECTED


@pytest.mark.parametrize(
    "title",
    [
        ["示例市示例区人民政府示例街道办事处2023年度部门整体绩效自评报告"],
        ["示例市示例区人民政府示例街道办事处", "关于2023年度部门整体支出绩效自评的报告"],
        ["关于示例市示例区人民政府示例街道办事处2023年度整体支出绩效自评情况的报告"],
        ["二〇二三年度示例市示例区人民政府示例街道办事处", "部门整体绩效自评结果"],
    ],
)
def test_other_titles(title: list[str]) -> None:
    document = read([*title, *offices.report()[2:]])
    assert (document.unit, document.year) == (offices.UNIT, 2023)
    assert document.title == "".join(title)
    assert literal(document) == offices.EXPECTED


def test_a_report_on_one_project() -> None:
    kept = [line for line in offices.report() if not line.startswith(("年度目标", "2.简要"))]
    lines = ["2023年度示例街道办事处环境卫生经费项目绩效自评结果", *kept[2:]]
    money = "2023年度项目总预算为200.00万元，实际执行金额为150.00万元，资金执行率为75%。"
    lines = [money if "部门整体支出总预算" in line else line for line in lines]
    lines = [line.replace("目标1：", "").replace("目标2：", "") for line in lines]
    document = read(lines)
    assert (document.family, document.unit) == ("项目绩效自评报告（武汉文字版）", "示例街道办事处")
    assert document.title == "环境卫生经费"
    assert document.budget[["item", "adjusted", "executed"]].to_numpy().tolist() == [
        ["年度资金总额", Decimal("200.00"), Decimal("150.00")]
    ]
    assert [row[3:] for row in literal(document)] == [row[3:] for row in offices.EXPECTED]
    assert document.indicators["goal_no"].isna().all()


def test_target_and_actual_side_by_side() -> None:
    lines = offices.report(
        analysis=[
            "目标1：",
            "①数量指标：议事会场次，年初目标值≥12场，实际完成值14场，完成年初目标。",
            "②质量指标：矛盾纠纷化解率（年初目标值：95%，实际完成值：90%），未完成年初目标。",
            "（2）满意度指标",
            "居民满意度：年度目标值为90%，全年实际完成值为93.5%。",
        ]
    )
    document = read(lines)
    assert [row[2:6] for row in literal(document)] == [row[2:6] for row in offices.EXPECTED[:3]]
    assert list(document.indicators["subcategory"]) == ["数量指标", "质量指标", ""]
    assert list(document.indicators["declared_met"]) == ["完成年初目标", "未完成年初目标", ""]


def test_several_lines_of_one_paragraph_keep_its_number() -> None:
    document = read(["\n".join(offices.report())])
    assert literal(document) == offices.EXPECTED
    assert set(document.indicators["source"]) == {"自评报告正文第1行"}


def test_a_table_in_place_of_the_lines(tmp_path: Path) -> None:
    head = ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "未完成原因及改进措施"]
    rows = [
        head,
        ["产出指标", "数量指标", "议事会场次", "≥12场", "14场", ""],
        ["", "质量指标", "矛盾纠纷化解率", "95%", "90%", "人手不足"],
        ["满意度指标", "", "居民满意度", "90%", "93.5%", ""],
    ]
    at = "2.绩效目标完成情况分析"
    path = offices.write_docx(tmp_path / "报告.docx", offices.report(analysis=[]), rows, at)
    (document,) = recognise_prose(read_content(path))
    found = document.indicators[["category", "subcategory", "indicator", "target", "actual", "reason"]]
    assert found.to_numpy().tolist() == [
        ["产出", "数量指标", "议事会场次", "≥12场", "14场", ""],
        ["产出", "质量指标", "矛盾纠纷化解率", "95%", "90%", "人手不足"],
        ["满意度", "", "居民满意度", "90%", "93.5%", ""],
    ]
    assert document.indicators["source"].iloc[0].startswith("表1!")


@pytest.mark.parametrize(
    ("name", "said", "actual", "declared"),
    [
        ("X率", "示例街道办事处X率100%，完成年初目标。", "100%", "完成年初目标"),
        (
            "考核",
            "2023年度示例街道办事处考核100%合格，较好地完成了年度绩效目标。",
            "100%合格",
            "较好地完成了年度绩效目标",
        ),
        ("培训99%", "培训率为98.5%，未达到年初目标值。", "98.5%", "未达到年初目标值"),
        ("培训人次", "本单位共培训约1,200人次，已完成。", "共培训约1,200人次", "已完成"),
        ("公园", "新建公园2个，种树300棵，完成年初目标。", "种树300棵", "完成年初目标"),
        ("公园", "新建公园，绿化道路，完成年初目标。", "（无数值，仅叙述）", "完成年初目标"),
        ("事故", "全街道无重大事故，完成年初目标。", "无重大事故", "完成年初目标"),
        ("道路维修", "道路按时维修，完成年初目标。", "按时维修", "完成年初目标"),
        ("参与人数", "参与人数完成年初目标值。", "参与人数完成年初目标值", "完成年初目标值"),
        ("完成率", "完成率80%，未完成年初目标，原因是资金不足。", "80%", "未完成年初目标"),
        ("满意度", "满意度为优，完成年初目标。", "优", "完成年初目标"),
        ("覆盖率", "开展宣传。覆盖率为100%，居民反映良好，完成年初目标。", "100%", "完成年初目标"),
        ("宣传", "", "", ""),
    ],
)
def test_value_and_status_of_a_sentence(name: str, said: str, actual: str, declared: str) -> None:
    reading = read_result(name, said, Speaker(offices.UNIT, 2023))
    assert (reading.actual, reading.declared) == (actual, declared)


def test_a_cause_on_the_line_itself() -> None:
    reading = read_result("率", "率80%，未完成年初目标，原因是资金不足。", Speaker(offices.UNIT, 2023))
    assert (reading.reason, reading.narrative) == ("原因是资金不足", "率80%")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6月5日至6月9日", ("2023-06-05", "2023-06-09", "")),
        ("6月5日—9日", ("2023-06-05", "2023-06-09", "")),
        ("2024年12月30日至2025年1月3日", ("2024-12-30", "2025-01-03", "")),
        ("7月15日前", ("", "2023-07-15", "")),
        ("7月15日起", ("2023-07-15", "", "")),
        ("7月15日", ("2023-07-15", "2023-07-15", "")),
        ("6月31日至7月2日", ("", "", "不是真实的日期，或不知道是哪一年")),
        ("6月上旬", ("", "", "读不出哪一天，须人工补上")),
    ],
)
def test_dates_of_stages(text: str, expected: tuple[str, str, str]) -> None:
    assert period(text, 2023) == expected


@pytest.mark.parametrize(
    ("sentence", "score"),
    [
        ("综合评分为97分。", "97"),
        ("自评总分(分)97.6", "97.6"),
        ("自评总分: 95", "95"),
        ("本次自评得分：98.50分，等级为优。", "98.50"),
        ("满分100分，绩效自评得分为92分。", "92"),
    ],
)
def test_the_declared_score_as_printed(sentence: str, score: str) -> None:
    lines = [sentence if "绩效自评得分96" in line else line for line in offices.report()]
    told = read(lines).narrative
    assert str(told.declared_score) == score
    assert told.declared_grade == ("优" if "优" in sentence else "")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("（年初目标值：95%）。", "（年初目标值：95%。", "W703"),
        ("。2023年度示例街道办事处议事会场次为14场，完成年初目标。", "", "W704"),
        ("为14场，完成年初目标。", "为14场。", "N704"),
        ("（3月1日至3月5日）", "（2月30日至3月5日）", "W705"),
        ("“矛盾纠纷化解率”未完成年初目标值", "“居民满意度”未完成年初目标值", "W706"),
        ("年度目标2：环境卫生经费", "年度目标3：环境卫生经费", "W707"),
        ("编制预算时参考自评结果。压减低效项目。", "本年度绩效自评得分为88分。", "W709"),
        ("新建口袋公园3个。", "成绩显著。", "N702"),
        ("（一）基本情况", "（一）基本情况\n本街道位于示例区东部。", "N703"),
        ("目标1：（1）产出指标完成情况分析", "目标1：", "E704"),
    ],
)
def test_what_is_to_be_said_of_a_report(old: str, new: str, code: str) -> None:
    document = read(changed(old, new))
    assert code in codes(document)
    problem = next(problem for problem in document.problems if problem.code == code)
    assert problem.file == "报告.txt"
    assert problem.row or code == "W707"


def test_money_that_differs_where_it_is_repeated() -> None:
    lines = offices.report(money=[offices.totals(), offices.totals(basic="1,200.05")])
    problem = next(problem for problem in read(lines).problems if problem.code == "W701")
    assert (problem.row, problem.value) == (27, "1,200.05万元")
    assert "第9行为1,200.50万元" in problem.message


def test_a_printed_rate_that_does_not_follow() -> None:
    lines = changed("资金执行率为75%", "资金执行率为80%")
    problem = next(problem for problem in read(lines).problems if problem.code == "W702")
    assert "应为75.00%" in problem.message


def test_every_paragraph_is_read_or_named() -> None:
    lines = offices.report()
    lines.insert(24, "本街道辖6个社区。")
    lines.insert(4, "自评概述一段。")
    problem = next(problem for problem in read(lines).problems if problem.code == "N703")
    assert "第5、26行" in problem.message


def test_paragraphs_that_follow_each_other_are_named_as_ranges() -> None:
    (problem,) = unread_note([14, 5, 6, 7, 9, 10, 12, 13, 14], "报告.docx", "自评概述")
    assert (problem.row, problem.message) == (5, "8个段落没有读入（第5—7、9、10、12—14行）")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["会议纪要", "一、基本情况", "本次会议研究了绩效工作。"],
        ["一、存在的问题", "1.没有", "二、改进措施", "1.没有", "三、重点工作", "1.没有"],
    ],
)
def test_other_texts_are_not_recognised(lines: list[str]) -> None:
    content = Content("x.txt", "txt", tuple(Paragraph(line, number) for number, line in enumerate(lines, start=1)))
    assert recognise_prose(content) == []


PIECES = [
    *offices.report(),
    "（",
    "）",
    "目标",
    "（年初目标值：",
    "①",
    "1.",
    "一、",
    "《",
    "〔2023〕",
    "万元",
    "99999月99日前）。",
    "：",
    "%",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_is_too_odd(lines: list[str]) -> None:
    content = Content("x.txt", "txt", tuple(Paragraph(line, number) for number, line in enumerate(lines, start=1)))
    for document in recognise_prose(content):
        assert set(document.indicators["source"]) <= {f"自评报告正文第{number}行" for number in range(len(lines) + 1)}


def test_a_table_of_contents_is_passed_over() -> None:
    lines = offices.report()
    lines[3:3] = ["一、自评结论\t1", "（三）存在的问题和原因……2", "二、佐证材料........3"]
    document = read(lines)
    assert literal(document) == offices.EXPECTED
    assert len(document.narrative.problems) == 2


@pytest.mark.parametrize(
    ("text", "level", "rest"),
    [
        ("一、自评结论", 1, "自评结论"),
        ("（二）概况", 2, "概况"),
        ("3.预算", 3, "预算"),
        ("1.5万人参与", 0, "1.5万人参与"),
        ("(4)措施", 4, "措施"),
        ("⑤绿化", 5, "绿化"),
        ("一是加强管理", 6, "加强管理"),
        ("2022年度报告", 0, "2022年度报告"),
        ("12345热线", 0, "12345热线"),
    ],
)
def test_numbers_before_lines(text: str, level: int, rest: str) -> None:
    line = marked(text, 1)
    assert (line.level, line.text) == (level, rest)


def test_artefacts_of_word_are_taken_off() -> None:
    assert clean("[bookmark: _GoBack]\u3000绩效\u200b自评 \u00a0 得分 ") == "绩效自评 得分"


def test_what_a_container_doubted_is_said_of_prose_at_its_place() -> None:
    lines = [*offices.report()]
    blocks = [Paragraph(text, number) for number, text in enumerate(lines, start=1)]
    blocks[6] = replace(blocks[6], doubts=(("W610", "上标“1”当作注释符号，没有算作正文"),))
    (document,) = recognise_prose(Content("报告.docx", "docx", tuple(blocks)))
    assert [(one.code, one.row) for one in document.problems if one.code == "W610"] == [("W610", 7)]


@pytest.mark.parametrize("torn", [(), (7,), (7, 12), (2, 7, 12)])
def test_a_title_stands_on_up_to_three_lines(torn: tuple[int, ...]) -> None:
    title = "示例街道办事处2022年度部门整体绩效自评报告"
    cuts = [0, *torn, len(title)]
    parts = [title[begin:end] for begin, end in pairwise(cuts)]
    head = heading_of([Line(text, number) for number, text in enumerate([*parts, "一、基本情况。"], start=1)])
    whole = len(parts) <= 3
    assert head.title == (title if whole else "街道办事处2022年度部门整体绩效自评报告"), parts
    assert head.taken == frozenset(range(1 if whole else 2, len(parts) + 1))


@pytest.mark.parametrize(
    ("level", "text", "ends"),
    [
        (1, "党建工作情况", True),
        (2, "党建工作情况", True),
        (3, "党建工作情况", False),  # of a list inside the section
        (0, "党建工作情况", False),
        (2, "字" * LONGEST_TITLE, True),
        (2, "字" * (LONGEST_TITLE + 1), False),
        (2, "完成12项", False),
        (2, "进度慢。", False),
    ],
)
def test_a_section_ends_at_the_next_title_of_its_level(level: int, text: str, ends: bool) -> None:
    before = [Line("存在的问题", 1, 2), Line("进度慢", 2)]
    found = sections([*before, Line(text, 3, level), Line("支部活动正常", 4)])
    assert [part.key for part in found] == (["", "problems", ""] if ends else ["", "problems"])
    assert [line.text for line in found[-1].body][-2:] == [text, "支部活动正常"]


def test_a_report_without_a_title_names_its_office_in_its_text() -> None:
    line = "2023年度示例市示例区人民政府示例街道办事处部门整体支出情况报告如下。"
    document = read([line, *offices.report()[2:]])
    assert (document.unit, document.year) == (offices.UNIT, 2023)
