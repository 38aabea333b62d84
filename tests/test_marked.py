"""The workbook of problems: the list, and the copy with its cells marked."""

import io
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from test_template import laid_out

from perfeval.ingest import filing, importing
from perfeval.ingest.checks import typed
from perfeval.ingest.consistency import check_indicators
from perfeval.ingest.containers import parse_content, read_content
from perfeval.ingest.document import Cell, Content, Document, Grid, Paragraph
from perfeval.ingest.markedworkbook import LIST, _told_by_value, mark_documents, write_problems
from perfeval.ingest.problems import alike
from perfeval.model.errors import Problem
from perfeval.model.schema import INDICATORS


@pytest.fixture
def form(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评表"
    sheet["A1"] = "标题"
    sheet.merge_cells("A1:C1")
    sheet["A2"], sheet["B2"], sheet["C2"] = "项目支出", "三百", "=1+1"
    sheet["B2"].number_format = "@"
    sheet["D2"] = "=cmd|' /C calc'!A0"
    sheet.column_dimensions["A"].width = 33
    sheet.protection.sheet = True
    book.save(tmp_path / "甲.xlsx")
    return tmp_path / "甲.xlsx"


def bad(file: Path | str, **place: object) -> Problem:
    facts: dict[str, object] = {"code": "E203", "message": "不是数", "advice": "请只填数", "sheet": "自评表", "row": 2}
    return Problem(file=str(file), **{**facts, **place})  # type: ignore[arg-type]


def comments(path: Path) -> dict[str, str]:
    """Sheet and cell → comment."""
    book = openpyxl.load_workbook(path)
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if getattr(cell, "comment", None)
    }


def test_the_list_comes_first_and_has_every_problem(form: Path, tmp_path: Path) -> None:
    problems = [
        bad(form, column="B", value="三百"),
        bad(form, row=None, sheet="", code="N601", severity="提示", message="甲"),
    ]
    book = openpyxl.load_workbook(write_problems(tmp_path / "p.xlsx", form, problems))
    assert book.sheetnames == [LIST, "自评表"]
    rows = [[cell.value for cell in row] for row in book[LIST].iter_rows()]
    assert rows[0] == ["级别", "编号", "文件", "工作表", "行", "列", "原值", "说明", "建议"]
    assert rows[1] == ["错误", "E203", str(form), "自评表", 2, "B", "三百", "不是数", "请只填数"]
    assert rows[2][:5] == ["提示", "N601", str(form), None, None]
    assert book.active.title == LIST
    assert [{cell.font.b for cell in row} for row in book[LIST].iter_rows()] == [{True}, {False}, {False}]


def test_the_cell_is_filled_and_says_why(form: Path, tmp_path: Path) -> None:
    path = write_problems(tmp_path / "p.xlsx", form, [bad(form, column="B（全年预算数）")])
    assert comments(path) == {"自评表!B2": "错误 E203：不是数\n→ 请只填数"}
    sheet = openpyxl.load_workbook(path)["自评表"]
    assert sheet["B2"].fill.fgColor.rgb.endswith("F8CBAD")
    assert sheet["A2"].fill.fill_type is None
    assert sheet.column_dimensions["A"].width == 33
    assert not sheet.protection.sheet


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        ({"column": "B2"}, ["B2"]),
        ({"column": "全年预算数", "value": "三百"}, ["B2"]),
        ({"column": "executed（执行数）", "value": "没有这个值"}, ["A2", "B2"]),
        ({"row": 1, "column": "C"}, ["A1"]),
        ({"row": 1, "column": "B", "sheet": ""}, ["A1"]),
        ({"row": 99, "column": "B"}, []),
        ({"sheet": "别的表", "column": "B"}, []),
    ],
    ids=["cell", "value", "row", "merged", "only sheet", "no such row", "no such sheet"],
)
def test_where_a_problem_is_marked(form: Path, tmp_path: Path, place: dict[str, object], cells: list[str]) -> None:
    found = comments(write_problems(tmp_path / "p.xlsx", form, [bad(form, **place)]))
    assert sorted(found) == [f"自评表!{cell}" for cell in cells]


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (["2023", "甲", "2023年度", "2023"], [1, 4]),  # the value itself, rather than what names it
        (["2023"] * 3, [1, 2, 3]),
        (["2023"] * 4, []),  # too many to be the one
        (["甲", "2023年度表", "乙（2023年）", "编号12023"], [2, 3]),
        (["甲", "编号12023", "乙"], [2]),
        (["编号12023", "编号22023"], []),
        (["2023"] * 4 + ["编号12023"], []),
        (["甲"], []),
    ],
)
def test_a_problem_without_a_row_is_marked_where_its_value_stands(texts: list[str], marked: list[int]) -> None:
    sheet = openpyxl.Workbook().active
    for row, text in enumerate(texts, start=1):
        sheet.cell(row, 2, text)
    found = _told_by_value([("甲.xlsx", "自评表", sheet, 1)], bad("甲.xlsx", row=None, value="2023"))
    assert found == [(0, row, 2) for row in marked]


def test_problems_of_one_cell_share_its_comment(form: Path, tmp_path: Path) -> None:
    second = bad(form, column="C", row=1, code="W301", severity="警告", message="不符")
    found = comments(write_problems(tmp_path / "p.xlsx", form, [bad(form, row=1, column="A"), second]))
    assert found == {"自评表!A1": "错误 E203：不是数\n→ 请只填数\n警告 W301：不符\n→ 请只填数"}


def test_nothing_in_it_is_a_formula(form: Path, tmp_path: Path) -> None:
    evil = bad(form, message='=HYPERLINK("x")', advice="+1", value="@x", column="-1")
    book = openpyxl.load_workbook(write_problems(tmp_path / "p.xlsx", form, [evil]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("x")' in [cell.value for cell in cells]


def test_of_other_files_the_text_is_copied(tmp_path: Path) -> None:
    table = parse_content("指标,值\n=1+1,三百\n".encode(), "甲.csv")
    report = parse_content("第一段\n\n产出 | 甲\n效益 | 乙\n末段\n".encode(), "乙.txt")
    problems = [
        bad("甲.csv", sheet="", column="值", value="三百"),
        bad("乙.txt", sheet="", row=5, column=""),
        bad("乙.txt", sheet="", row=4, column="B"),
    ]
    path = write_problems(tmp_path / "p.xlsx", [table, report], problems)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [LIST, "甲", "乙", "乙（文字）"]
    assert [cell.value for cell in book["甲"][2]] == ["=1+1", "三百"]
    assert book["甲"]["A2"].data_type == "s"
    assert set(comments(path)) == {"甲!B2", "乙!B4", "乙（文字）!A5"}


def test_an_unreadable_file_still_gives_the_list(tmp_path: Path) -> None:
    bomb = tmp_path / "坏.xlsx"
    bomb.write_bytes(b"PK\x03\x04 broken")
    content = read_content(bomb)
    book = openpyxl.load_workbook(write_problems(tmp_path / "p.xlsx", bomb, content.problems))
    assert book.sheetnames == [LIST]
    assert book[LIST]["B2"].value == "E606"


def test_the_same_problems_give_the_same_bytes(form: Path, tmp_path: Path) -> None:
    first = write_problems(tmp_path / "p.xlsx", form, [bad(form, column="B")]).read_bytes()
    assert write_problems(tmp_path / "q.xlsx", form, [bad(form, column="B")]).read_bytes() == first
    assert openpyxl.load_workbook(io.BytesIO(first))["自评表"]["B2"].value == "三百"


def test_the_original_is_left_as_it_is(form: Path, tmp_path: Path) -> None:
    before = form.read_bytes()
    write_problems(tmp_path / "p.xlsx", form, [bad(form, column="B")])
    assert form.read_bytes() == before


def test_the_files_of_documents_are_marked_and_what_is_no_file_is_listed(form: Path, tmp_path: Path) -> None:
    documents = [Document(str(form), "", 0), Document(str(form), "", 0), Document("没有/的.xlsx", "", 0)]
    problems = [bad(form, column="B", value="三百"), bad("没有/的.xlsx", sheet="", row=None)]
    path = mark_documents(tmp_path / "p.xlsx", documents, problems)
    assert list(comments(path)) == ["自评表!B2"]
    assert [row[2].value for row in openpyxl.load_workbook(path)[LIST].iter_rows(min_row=2)] == [
        str(form),
        "没有/的.xlsx",
    ]


def test_each_cell_left_out_is_marked_and_a_year_where_it_stands(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "自评表"
    for row in (["２０２３年度项目支出绩效自评表"], ["主管部门", "示例市某局"], *FORM[1:4]):
        book.active.append(row)
    for row in FORM[4:]:
        book.active.append([str(cell).replace("不知道", "60次") for cell in row])
    book.save(tmp_path / "a.xlsx")
    documents = importing.import_files(
        [tmp_path / "a.xlsx"], subdistrict="shili", year=2022, data_dir=tmp_path / "data"
    )
    problems = filing.every_problem(documents, importing.write(documents, tmp_path / "data", dry_run=True))
    assert {"N661", "W722"} <= {one.code for one in problems}
    marked = comments(mark_documents(tmp_path / "p.xlsx", documents, problems))
    left = {f"自评表!{chr(65 + at.column)}{at.row}" for at, _ in documents[0].account.left}
    assert left == {cell for cell, text in marked.items() if text.startswith("提示 N661：这一格没有读入")}
    assert {"自评表!A2", "自评表!B2"} <= left
    assert marked["自评表!A1"].startswith("警告 W722")


def test_problems_that_say_the_same_are_together_errors_first() -> None:
    first, second = bad("甲", row=2), bad("乙", row=3)
    other, note = bad("甲", message="不是年"), bad("甲", code="N601", severity="提示")
    assert alike([note, first, other, second]) == [[first, second], [other], [note]]
    assert alike([]) == []


FORM = [
    ["2022年度项目支出绩效自评表"],
    ["单位名称", "示例街道办事处"],
    ["资金来源", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["部门整体支出", "一百零二", 100, 120, 10, "80%", 9],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标", "数量指标", "巡查次数", "≥50次", "不知道", 50, "五十", ""],
    ["产出指标", "质量指标", "合格率", "≥95%", "一百零二", 10, 12, ""],
    ["效益指标", "社会效益指标", "投诉下降率", "≥10%", 0.12, "=5+5", 10, ""],
    ["满意度指标", "满意度指标", "居民满意度", "≥90%", "95%", "三十", 9, ""],
    ["总分", "", "", "", "", 100, "97.05分", ""],
]


def test_every_problem_is_marked_at_its_cell_also_beside_a_formula_without_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "自评表"
    for row in FORM:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    documents = importing.import_files(
        [tmp_path / "a.xlsx"], subdistrict="shili", year=2022, data_dir=tmp_path / "data"
    )
    outcomes = importing.write(documents, tmp_path / "data", dry_run=True)
    problems = filing.every_problem(documents, outcomes)
    marked = comments(mark_documents(tmp_path / "p.xlsx", documents, problems))
    assert {cell.partition("!")[2]: text.split("：")[0] for cell, text in marked.items()} == {
        "B4": "警告 W653",  # 一百零二 is no amount
        "D4": "警告 W302",  # more spent than there was
        "F4": "警告 W661",
        "E6": "警告 W315",  # 不知道
        "G6": "警告 W652",
        "E7": "警告 W315",  # 一百零二 without a unit
        "G7": "警告 W314",  # 12 of 10 points
        "F8": "错误 E604",  # never computed
        "F9": "警告 W652",
        "F10": "警告 W656",
        "G10": "警告 W657",
    }
    assert len([one for one in problems if one.row is not None]) == len(marked)
    assert "读不出，没有计入" in marked["自评表!G10"]


@pytest.mark.parametrize(
    ("actual", "known"),
    [
        ("不知道", False),
        ("不详。", False),
        ("尚不明确", False),
        ("未统计", False),
        ("待定", False),
        ("同上", False),
        ("？？", False),
        ("N/A", False),
        ("约五十", False),
        ("无", True),
        ("——", True),
        ("不了解政策的群众由社区上门讲解", True),
        ("一百零二", False),
        ("一百零二次", True),
        ("合格", True),
        ("组织了培训", True),
        ("", True),
    ],
)
def test_a_value_that_says_nothing_is_no_value(actual: str, known: bool) -> None:
    text = {"category": "产出", "indicator": "巡查次数", "target": "≥50次", "actual": actual}
    frame = pd.DataFrame([text], columns=INDICATORS.names, dtype="str").fillna("")
    frame.index = pd.Index([2], name="row")
    said = check_indicators(typed(frame, INDICATORS, "")[0], "")
    assert ([one.code for one in said if one.value == actual and actual] == []) == known


@pytest.mark.parametrize("spread", ["merged", "far"])
def test_a_sheet_merged_from_end_to_end_is_marked_in_texts(tmp_path: Path, spread: str) -> None:
    """openpyxl would make a cell of each of 17 billion places."""
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "指标"
    if spread == "far":
        book.active["XFD1048576"] = 1
    book.save(path)
    if spread == "merged":
        part = "xl/worksheets/sheet1.xml"
        with ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        parts[part] = parts[part].replace(b"</sheetData>", merged)
        with ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    write_problems(tmp_path / "问题.xlsx", path, [])
    made = openpyxl.load_workbook(tmp_path / "问题.xlsx")
    assert made.worksheets[1]["A1"].value == "指标"
    assert made.worksheets[1].max_row < 9


# ---- how the copy of texts looks, and where a problem is marked in it ------------------------------------------------


def texts(*rows: str, sheet: str = "", first_row: int = 1, merges: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    """A grid of one letter a cell; a blank is an empty cell."""
    return Grid(sheet, tuple(tuple(Cell(sign.strip()) for sign in row) for row in rows), merges, first_row)


def test_the_list_and_the_texts_look_as_they_were_laid_out(tmp_path: Path) -> None:
    grids = (texts("甲乙", "丙 ", sheet="表1", first_row=3, merges=((0, 0, 1, 0),)), texts("丁"))
    content = Content("夹/报告.docx", "docx", (*grids, Paragraph("一段", 1, "一、"), Paragraph("长" * 40_000, 4)))
    said = {"错误": ("表1", 3, "A"), "警告": ("表1", 4, "B"), "提示": ("", 4, "")}
    problems = [
        bad(content.file, severity=severity, sheet=sheet, row=row, column=column, message=severity)
        for severity, (sheet, row, column) in said.items()
    ]
    path = write_problems(tmp_path / "p.xlsx", content, [*problems, replace(problems[0], row=None)])
    golden = Path(__file__).parent / "golden" / "marked.txt"
    notes = "".join(f"注 {cell} {text}\n" for cell, text in comments(path).items()).replace("\n→", "→")
    assert laid_out(path) + notes == golden.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(path)
    assert (book.sheetnames, book["报告"]["A1"].value) == ([LIST, "表1", "报告", "报告（文字）"], "丁")
    assert [book["报告（文字）"][f"A{row}"].value for row in (1, 2, 4)] == ["一、一段", None, "长" * 32_000 + "…"]
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, False, False, False]
    assert book[LIST].auto_filter.ref == "A1:I5"
    assert [cell.value for cell in book[LIST]["E"]] == ["行", 3, 4, 4, None]


@pytest.mark.parametrize(
    ("place", "marked"),
    [
        ({"row": 2, "column": "B"}, []),  # above the table
        ({"row": 3, "column": "B"}, ["表1!B3"]),
        ({"row": 5, "column": "B"}, ["表1!A5"]),  # merged with the cell to its left
        ({"row": 6, "column": "B"}, []),  # below it
        ({"row": 3, "column": "D"}, ["表1!D3"]),  # one beside the table
        ({"row": 3, "column": "E"}, ["表1!A3", "表1!B3", "表1!C3"]),  # that is no column of it
        ({"row": 3, "column": "B5"}, ["表1!B3"]),
        ({"row": 3, "column": "Bx", "value": "丙"}, ["表1!C3"]),
        ({"row": 3, "column": "得分", "value": "乙…"}, ["表1!B3"]),
        ({"row": 3, "column": "", "value": "无"}, ["表1!A3", "表1!B3", "表1!C3"]),
        ({"row": 4, "column": "", "value": "丙"}, ["表1!A4"]),  # an empty row
        ({"row": 3, "column": "B", "sheet": ""}, ["表1!B3"]),  # the only one of its file
        ({"row": 3, "column": "B", "sheet": "表2"}, []),
        ({"row": 3, "column": "B", "file": "别的"}, []),
    ],
)
def test_a_problem_is_marked_in_the_texts_of_its_sheet_alone(
    tmp_path: Path, place: dict[str, object], marked: list[str]
) -> None:
    content = Content(
        "报告", "docx", (texts("甲乙丙", "   ", "丁 戊", sheet="表1", first_row=3, merges=((2, 0, 2, 1),)),)
    )
    whole = {"file": "报告", "sheet": "表1"} | place
    path = write_problems(tmp_path / "p.xlsx", content, [bad(**whole)])  # type: ignore[arg-type]
    assert [*comments(path)] == marked


def test_a_sheet_that_is_not_named_is_none_of_two(tmp_path: Path) -> None:
    content = Content("报告", "docx", (texts("甲", sheet="表1"), texts("乙", sheet="表2")))
    path = write_problems(tmp_path / "p.xlsx", content, [bad("报告", sheet="", row=1), bad("报告", sheet="表2", row=1)])
    assert [*comments(path)] == ["表2!A1"]


@pytest.mark.parametrize(("length", "cut"), [(1484, False), (1485, True)])
def test_a_comment_has_1500_characters_at_most(tmp_path: Path, length: int, cut: bool) -> None:
    content = Content("报告", "docx", (texts("甲", sheet="自评表"),))
    path = write_problems(tmp_path / "p.xlsx", content, [bad("报告", row=1, message="长" * length, advice="改" * 5)])
    (text,) = comments(path).values()
    whole = f"错误 E203：{'长' * length}\n→ {'改' * 5}"
    assert text == (whole[:1500] + "…" if cut else whole)


@pytest.mark.parametrize(("alike", "marked"), [(3, 3), (4, 0)])
def test_a_value_that_stands_in_more_than_three_cells_is_marked_in_none(
    tmp_path: Path, alike: int, marked: int
) -> None:
    content = Content("报告", "docx", (texts("甲" * alike + "乙", sheet="自评表"),))
    path = write_problems(tmp_path / "p.xlsx", content, [bad("报告", row=None, value="甲")])
    assert len(comments(path)) == marked
