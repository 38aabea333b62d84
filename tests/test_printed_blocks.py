"""Points printed for goals, categories and other parts: from the form into blocks.csv, and back."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from forms_example import content, grid

import perfeval as pe
from perfeval.cli import perfeval
from perfeval.ingest import filing, holdings, replaced, store
from perfeval.ingest.document import Block, Content, Document, Paragraph
from perfeval.ingest.forms import recognise
from perfeval.ingest.importing import settled
from perfeval.ingest.prose import recognise_prose
from perfeval.ingest.writing import together
from perfeval.model.data import rank_of

FORM = """
部门整体绩效自评表（2022年度） | < | < | < | < | <
单位名称 | 示例街道办事处 | < | < | < | <
预算执行情况（20分） | | 预算数 | 执行数 | 执行率 | 得分
部门整体支出 | | 100 | 100 | 100% | 20
年度目标1：管好市容（{first}分） | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 得分
产出指标（20分） | 数量指标 | 巡查次数 | ≥50次 | 52次 | 10
^ | 质量指标 | 巡查到位率 | ≥95% | 96% | 10
效益指标 | 社会效益指标 | 投诉下降率 | ≥5% | 6% | 30
年度目标2：办好民生（30分） | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 得分
产出指标 | 数量指标 | 培训人次 | ≥200人次 | 210人次 | 30
"""


def form(first: int = 50, text: str = FORM) -> Document:
    (document,) = recognise(content(grid(text.format(first=first))))
    return settled(document, "shili", 2022, Path("nowhere"))


def scopes(document: Document) -> list[tuple[object, ...]]:
    return [
        (block.goal_no, block.goal, block.category, block.subcategory, block.points) for block in document.blocks or ()
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    root.mkdir()
    (root / "subdistricts.csv").write_text("id,name\nshili,示例街道办事处\n", encoding="utf-8")
    return root


def test_a_block_is_worth_the_rows_below_it() -> None:
    assert scopes(form()) == [
        (1, "管好市容", "", "", 50),
        (1, "管好市容", "产出", "", 20),
        (2, "办好民生", "", "", 30),
    ]
    assert form().budget["weight"].tolist() == [20]


def test_a_category_that_holds_rows_of_another_is_no_block_and_is_named() -> None:
    mixed = FORM.replace("产出指标（20分）", "效益指标（50分）").replace("质量指标", "服务对象满意度指标")
    document = form(text=mixed.replace("效益指标 | 社会", "^ | 社会"))
    assert scopes(document) == [(1, "管好市容", "", "", 50), (2, "办好民生", "", "", 30)]
    assert [(one.row, one.value) for one in document.problems if one.code == "W681"] == [(7, "50")]


def test_they_are_filed_scored_and_come_back_with_undo(data: Path) -> None:
    (written,) = filing.write([form()], data)
    assert (written.status, written.rows["blocks.csv"], written.problems) == (filing.WRITTEN, 3, ())
    before = (data / "shili/2022/blocks.csv").read_bytes()
    loaded = store.load(data)
    assert loaded.blocks["weight"].tolist() == [50, 20, 30]
    result = pe.evaluate(loaded, "hubei")
    assert result.indicators["points"].tolist() == [10, 10, 30, 30]
    assert result.blocks["name"].tolist() == ["年度目标1：管好市容", "产出指标", "年度目标2：办好民生"]
    assert "blocks.csv" in "".join(result.provenance["file"])
    marked = holdings.fingerprint(data, "shili", 2022)
    (again,) = filing.write([form()], data)
    assert again.status == filing.SAME
    (changed,) = filing.write([form(40)], data, replace=True)
    assert list(changed.rows) == ["blocks.csv"]
    assert holdings.fingerprint(data, "shili", 2022) != marked
    replaced.bring_back(data)
    assert ((data / "shili/2022/blocks.csv").read_bytes(), holdings.fingerprint(data, "shili", 2022)) == (
        before,
        marked,
    )


def test_blocks_of_what_is_replaced_do_not_stay(data: Path) -> None:
    filing.write([form()], data)
    bare = FORM.replace("（{first}分）", "").replace("（30分）", "").replace("（20分）", "")
    filing.write([form(text=bare)], data, replace=True)
    assert store.load(data).blocks.empty
    assert not [one for one in store.check(data) if "blocks" in one.file]


def test_two_projects_become_goals_with_their_blocks() -> None:
    text = FORM.replace("部门整体支出", "年度资金总额")
    projects = [
        replace(form(text=text.replace("52次", f"{number}次")), family="其他格式", title=title)
        for number, title in ((51, "市容项目"), (53, "民生项目"))
    ]
    (merged,) = together(projects).values()
    assert [block.goal_no for block in merged.blocks or ()] == [1, 1, 2, 3, 3, 4]
    rows = merged.indicators
    known = set(zip(rows["goal_no"], rows["goal"], strict=True))
    assert all((block.goal_no, block.goal) in known for block in merged.blocks or ())


def test_a_part_of_no_goal_of_a_project_is_named_and_left_out() -> None:
    decision = Block("项目决策", Decimal(20), Decimal(18), "")
    text = FORM.replace("部门整体支出", "年度资金总额")
    first, second = (
        replace(form(text=text.replace("52次", f"{number}次")), family="其他格式", title=title)
        for number, title in ((51, "市容项目"), (53, "民生项目"))
    )
    (merged,) = together([replace(first, blocks=(*(first.blocks or ()), decision)), second]).values()
    told = [one.message for one in merged.problems if one.code == "W680"]
    assert told == ["几个项目合在一起，只写各目标的分值块，未写项目决策的分值和得分"]
    assert "项目决策" not in {block.name for block in merged.blocks or ()}


def test_what_the_loader_says_of_blocks(data: Path) -> None:
    filing.write([form()], data)
    path = data / "shili/2022/blocks.csv"
    path.write_text(
        "名称,目标序号,年度目标,一级指标,二级指标,分值,得分\n"
        "目标九,9,,,,10,\n产出,,,产出,,40,\n空,,,效益,,,\n项目决策,,,,,5,\n负,,,满意度,,-5,\n产出,,,产出,,40,\n错,,,产值,,5,\n",
        encoding="utf-8",
    )
    found = {(one.code, one.row) for one in store.check(data) if one.file.endswith("blocks.csv")}
    assert {("W316", 2), ("W318", 4), ("N316", 5), ("E208", 6), ("E207", 7)} <= found
    assert any(row == 8 and code.startswith("E") for code, row in found)


def test_a_difference_to_the_rows_is_said_at_the_cell_of_the_form(data: Path) -> None:
    (outcome,) = filing.write([form(text=WEIGHED)], data, dry_run=True)
    (found,) = [one for one in outcome.problems if one.code == "W317"]
    assert (found.sheet, found.row, found.column) == ("自评表", 6, "A")


WEIGHED = """
部门整体绩效自评表（2022年度） | < | < | < | < | < | <
单位名称 | 示例街道办事处 | < | < | < | < | <
预算情况 | 预算数 | 执行数 | 执行率 | 分值 | 得分 | <
部门整体支出 | 100 | 100 | 100% | 10 | 10 | <
一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 分值 | 得分
产出指标（60分） | 数量指标 | 巡查次数 | ≥50次 | 52次 | 50 | 50
效益指标（40分） | 社会效益指标 | 投诉下降率 | ≥5% | 6% | 40 | 40
"""


def test_a_preview_shows_them(data: Path, tmp_path: Path) -> None:
    text = tmp_path / "表.txt"
    text.write_text("\n".join(line.replace(" | ", "\t") for line in PLAIN.strip().splitlines()), encoding="utf-8")
    options = ["import", str(text), "-s", "shili", "-y", "2022", "--into", str(data), "--dry-run"]
    shown = CliRunner().invoke(perfeval, options).output
    assert "分值块" in shown
    answer = json.loads(CliRunner().invoke(perfeval, [*options, "--json"]).stdout)
    assert [block["weight"] for block in answer["documents"][0]["blocks"]] == [50, 40]


PLAIN = WEIGHED.replace(" | <", "").replace("60分", "50分")


def test_a_scored_tree_in_words_keeps_its_levels() -> None:
    lines = [
        "示例街道办事处2022年度部门整体支出绩效自评报告", "全年预算数100万元，执行数90万元。", "自评得分96分，等级为优。",
        "（一）决策情况（20分，得18分）", "1.决策过程（10分，得8分）", "2.决策管理（10分，得10分）",
        "（二）产出情况（50分，得50分）", "1.巡查次数（50分，得50分）", "（三）效益情况（30分，得28分）", "1.投诉下降率（30分，得28分）",
    ]  # fmt: skip
    found = recognise_prose(
        Content("a.txt", "txt", tuple(Paragraph(line, at) for at, line in enumerate(lines, start=1)))
    )
    assert [(block.name, block.category, block.points, block.score) for block in found[0].blocks or ()] == [
        ("决策", "", Decimal(20), Decimal(18)),
        ("产出", "产出", Decimal(50), Decimal(50)),
        ("效益", "效益", Decimal(30), Decimal(28)),
    ]


@pytest.mark.parametrize(
    ("goal_no", "goal", "category", "subcategory", "rank"),
    [
        (1, "甲", "", "", 0),
        (None, "甲", "产出", "", 1),
        (1, "", "产出", "数量指标", 2),
        (None, "", "产出", "", 3),
        (None, "", "产出", "数量指标", 4),
        (None, "", "", "", -1),
    ],
)
def test_a_printed_block_is_of_a_goal_a_category_or_a_part_of_it(
    goal_no: int | None, goal: str, category: str, subcategory: str, rank: int
) -> None:
    assert rank_of({"goal_no": goal_no, "goal": goal, "category": category, "subcategory": subcategory}) == rank
