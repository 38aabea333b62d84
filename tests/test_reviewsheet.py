"""The reviewers' sheet: its columns, what stands in them, and the way back into the tables."""

import csv
import dataclasses
from pathlib import Path

import findings_office
import openpyxl
import pytest

import perfeval as pe
from perfeval.deliver.reviewsheet import COLUMNS, HEADING_LINES, SHEET, WRITABLE, write_review_sheet
from perfeval.ingest import importing
from perfeval.model.schema import REVIEWED

TRAINING = "消防安全培训场次"


def sheet(path: Path):
    return openpyxl.load_workbook(path).worksheets[0]


def cells(path: Path) -> dict[str, dict[str, object]]:
    """The rows by indicator, each by heading."""
    found = sheet(path)
    headings = [cell.value for cell in found[3]]
    rows = [dict(zip(headings, row, strict=True)) for row in found.iter_rows(min_row=4, values_only=True)]
    return {str(row["三级指标"]): row for row in rows if row["三级指标"]}


def fill(path: Path, **entries: dict[str, object]) -> Path:
    """Enter reviewed figures as a person does; what the formulas give is left out."""
    book = openpyxl.load_workbook(path)
    found, headings = book.worksheets[0], list(COLUMNS)
    for row in found.iter_rows(min_row=4):
        for heading, value in entries.get(str(row[2].value), {}).items():
            row[headings.index(heading)].value = value
        for cell in row:
            if cell.data_type == "f":
                cell.value = None
    book.save(path)
    return path


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return write_review_sheet(tmp_path / "复核表.xlsx", findings_office.office())


def test_the_columns_are_the_reviewers(written: Path) -> None:
    found = sheet(written)
    assert found["A1"].value == "示例街道办事处2022年度部门整体绩效自评复核表"
    assert [cell.value for cell in found[3]] == [
        *("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重"),
        *("自评完成值", "自评得分", "复核完成值", "复核得分", "偏离度", "备注"),
    ]
    assert found["A4"].value == "年度绩效目标1：便民服务提质"


def test_targets_are_taken_apart_and_words_stay_words(written: Path) -> None:
    rows = cells(written)
    assert list(rows["受理便民事项件数"].values())[:9] == [
        *("产出指标", "数量", "受理便民事项件数", "≥", 1200, "件", 10, 1260, 10)
    ]
    assert [rows["便民事项按期办结率"][name] for name in ("指标性质", "指标值", "度量单位", "自评完成值")] == [
        *("≥", 98, "%", 0.986)
    ]
    assert rows["新服务大厅启用时间"]["指标值"] == "2022年9月底前"


def test_the_deviation_is_a_live_formula_with_its_result(written: Path, tmp_path: Path) -> None:
    formula = str(cells(written)[TRAINING]["偏离度"])
    assert formula.startswith("=IF(AND(ISNUMBER(H")
    reviewed = findings_office.office({TRAINING: {"reviewed_actual": "20场", "reviewed_score": "8"}})
    path = write_review_sheet(tmp_path / "b.xlsx", reviewed)
    found = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    row = next(row for row in found.iter_rows(min_row=4, values_only=True) if row[2] == TRAINING)
    assert row[9:12] == (20, 8, pytest.approx(20 / 25 - 1))


@pytest.mark.parametrize("text", ["=1+1", "+cmd|'/c calc'!A1", "@SUM(A1)", "https://example.com"])
def test_text_is_never_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    result = findings_office.office({TRAINING: {"actual": text, "subcategory": text, "review_note": text}})
    path = write_review_sheet(tmp_path / "x.xlsx", result)
    found = [cell for row in sheet(path).iter_rows() for cell in row if cell.value == text]
    assert len(found) == 3
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in found)


def test_equal_evaluations_give_equal_bytes(written: Path, tmp_path: Path) -> None:
    again = write_review_sheet(tmp_path / "again.xlsx", findings_office.office())
    assert again.read_bytes() == written.read_bytes()


def test_an_empty_office_has_a_sheet_too(tmp_path: Path) -> None:
    empty = findings_office.office(drop=[row[4] for row in findings_office.ROWS])
    assert cells(write_review_sheet(tmp_path / "empty.xlsx", empty)) == {}


def test_filled_in_and_imported_only_the_reviewed_columns_change(command, workplace: Path) -> None:
    done = command("export", "--review-sheet", "复核表.xlsx", cwd=workplace)
    assert (done.code, done.err) == (0, "")
    assert "39项指标" in done.out
    path = workplace / "复核表.xlsx"
    entries = {"复核完成值": "4件", "复核得分": 1.1, "备注": "少一件的材料"}
    fill(path, 完成立案5件=entries)
    before = {file.name: file.read_bytes() for file in (workplace / "data/ronghua/2022").iterdir()}
    done = command("import", "复核表.xlsx", cwd=workplace)
    assert (done.code, "已写入  data/ronghua/2022：indicators.csv 39行" in done.out) == (0, True), done.out
    assert "未用0格" in done.out, "all that perfeval wrote itself is accounted for"
    assert not {"N652", "N661"} & set(done.out.split())
    after = {file.name: file.read_bytes() for file in (workplace / "data/ronghua/2022").iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"indicators.csv"}
    old, new = ([*csv.DictReader(raw["indicators.csv"].decode().splitlines())] for raw in (before, after))
    assert [{key: value for key, value in row.items() if key not in REVIEWED} for row in new] == old
    assert [new[0][name] for name in REVIEWED] == ["4件", "1.1", "少一件的材料"]
    assert not any(row[name] for row in new[1:] for name in REVIEWED)
    result = pe.evaluate(pe.load(workplace / "data"))
    assert (result.review.scored, result.review.reviewed) == (1, 1.1)
    again = command("import", "复核表.xlsx", cwd=workplace)
    assert "没有变化" in again.out


def test_more_points_than_there_are_is_said_once(command, workplace: Path) -> None:
    command("export", "--review-sheet", "复核表.xlsx", cwd=workplace)
    fill(workplace / "复核表.xlsx", 完成立案5件={"复核得分": 99})
    done = command("import", "复核表.xlsx", "--dry-run", cwd=workplace)
    (said,) = (line for line in done.out.splitlines() if "W314" in line)
    assert "复核得分大于该行的分值" in said, "of a weight that only the sheet has"
    table = workplace / "data" / "ronghua" / "2022" / "indicators.csv"
    text = table.read_text(encoding="utf-8").splitlines()
    heads = ["weight,declared_score,reviewed_score", *["1,1,99"] + ["1,1,"] * (len(text) - 2)]
    table.write_text(
        "\n".join(f"{line},{more}" for line, more in zip(text, heads, strict=True)) + "\n", encoding="utf-8"
    )
    checked = command("check", cwd=workplace)
    assert "列“reviewed_score（复核得分）” 值“99”：复核得分大于该行的分值1分" in checked.out + checked.err


def test_what_the_sheet_and_the_table_both_show_is_one_fault_at_the_cell_of_the_sheet(command, workplace: Path) -> None:
    """Where the office has points of its own, the loader finds what the reader of the sheet has found."""
    table = workplace / "data" / "ronghua" / "2022" / "indicators.csv"
    text = table.read_text(encoding="utf-8").splitlines()
    heads = ["weight", *["2.5"] * (len(text) - 1)]
    table.write_text(
        "\n".join(f"{line},{more}" for line, more in zip(text, heads, strict=True)) + "\n", encoding="utf-8"
    )
    command("export", "--review-sheet", "复核表.xlsx", cwd=workplace)
    fill(workplace / "复核表.xlsx", 完成立案5件={"复核得分": 99})
    done = command("import", "复核表.xlsx", "--dry-run", cwd=workplace)
    (said,) = (line for line in done.out.splitlines() if "W314" in line)
    assert "复核表.xlsx［自评复核表］" in said


def test_an_own_score_that_was_typed_over_is_said_and_not_taken(command, workplace: Path) -> None:
    """A score in the wrong column was neither the office's nor the reviewer's, and nobody heard of it."""
    table = workplace / "data" / "ronghua" / "2022" / "indicators.csv"
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    scored = [f"{head},weight,declared_score", *(f"{line},2.5,2.333" for line in lines)]
    table.write_text("\n".join(scored) + "\n", encoding="utf-8")
    command("export", "--review-sheet", "复核表.xlsx", cwd=workplace)
    fill(workplace / "复核表.xlsx", 完成立案5件={"复核得分": 2})
    assert "W727" not in command("import", "复核表.xlsx", "--dry-run", cwd=workplace).out
    fill(workplace / "复核表.xlsx", 信访积案化解率={"自评得分": 1})
    done = command("import", "复核表.xlsx", cwd=workplace)
    (said,) = (line for line in done.out.splitlines() if "W727" in line)
    assert "表里的自评得分是1.00，已有数据是2.333，没有写入" in said
    assert "［自评复核表］" in said
    assert table.read_text(encoding="utf-8").count("2.333") == len(lines)


def test_what_the_office_stated_and_the_sheet_has_otherwise_is_said(command, workplace: Path) -> None:
    """A review of 25% is none of the 30% that the office has put on file since."""
    path = workplace / "复核表.xlsx"
    command("export", "--review-sheet", path.name, cwd=workplace)
    fill(path, 信访积案化解率={"自评完成值": 0.25, "复核得分": 0.2}, 网格案结率={"复核得分": 1})
    done = command("import", path.name, "--dry-run", cwd=workplace)
    (said,) = (line for line in done.out.splitlines() if "W727" in line)
    assert "表里的实际完成值是25%，已有数据是30%，没有写入" in said
    assert "［自评复核表］" in said
    assert "重新导出复核表" in said


def test_a_share_is_filled_in_as_a_share(written: Path) -> None:
    """Beside 95% a reviewer types 90% or 90; in a cell of no format the 0.9 of another hand would be no percentage."""
    found = sheet(written)
    headings = [cell.value for cell in found[3]]
    own, seen = headings.index("自评完成值"), headings.index("复核完成值")
    rows = [row for row in found.iter_rows(min_row=4) if row[2].value and row[headings.index("权重")].value]
    formats = {(row[own].number_format.endswith("%"), row[seen].number_format) for row in rows}
    assert formats == {(True, "0.00%"), (False, "General")}


def test_other_reviewed_figures_on_file_are_not_overwritten_unasked(workplace: Path, tmp_path: Path) -> None:
    data = workplace / "data"
    path = tmp_path / "复核表.xlsx"
    for score, replace, status in ((1.1, False, "已写入"), (0.9, False, "未写入"), (0.9, True, "已写入")):
        write_review_sheet(path, pe.evaluate(pe.load(data)))
        fill(path, 网格案结率={"复核得分": score})
        outcome = importing.write(importing.import_files([path], data_dir=data), data, replace=replace)[0]
        assert outcome.status == status
    assert pe.evaluate(pe.load(data)).review.reviewed == 0.9


def test_a_row_without_a_counterpart_is_reported(workplace: Path, tmp_path: Path) -> None:
    path = write_review_sheet(tmp_path / "复核表.xlsx", pe.evaluate(pe.load(workplace / "data")))
    fill(path, 网格案结率={"三级指标": "网格结案率（改）", "复核得分": 1})
    outcome = importing.write(importing.import_files([path], data_dir=workplace / "data"), workplace / "data")[0]
    assert [problem.code for problem in outcome.problems] == ["W725"]
    assert "网格结案率（改）" in outcome.problems[0].message


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "--review-sheet", "复核表.csv"), "复核表须是.xlsx文件"),
        (("export", "--review-sheet", "复核表.xlsx", "-y", "2032"), "没有2032年度的数据"),
        (("export", "--review-sheet", "没有/复核表.xlsx"), "无法写入"),
        (("export", "--review-sheet"), "缺少参数"),
    ],
)
def test_what_cannot_be_written_is_said(command, workplace: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command(*arguments, cwd=workplace)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_an_existing_sheet_is_kept(command, workplace: Path) -> None:
    (workplace / "复核表.xlsx").write_bytes(b"mine")
    done = command("export", "--review-sheet", "复核表.xlsx", cwd=workplace)
    assert (done.code, "已经存在" in done.err) == (2, True)
    assert (workplace / "复核表.xlsx").read_bytes() == b"mine"


def test_on_paper_names_are_whole_a_pen_finds_room_and_goals_stay_with_their_rows(tmp_path: Path) -> None:
    names = [
        f"第{number}项便民服务事项（含老旧小区改造、社区养老服务、困难群众帮扶、环境卫生整治等）按期办结率"
        for number in range(40)
    ]
    rows = [
        {"goal_no": str(number // 4 + 1), "goal": f"目标{number // 4 + 1}", "category": "产出", "indicator": name,
         "target": "≥95%", "actual": "97%"}
        for number, name in enumerate(names)
    ]  # fmt: skip
    result = findings_office.office(drop=[row[4] for row in findings_office.ROWS], add=rows)
    book = openpyxl.load_workbook(write_review_sheet(tmp_path / "a.xlsx", result))
    shown = book[SHEET]
    first = HEADING_LINES + 1
    indicators = [row for row in range(first, shown.max_row) if str(shown.cell(row, 3).value or "").startswith("第")]
    assert len(indicators) == 40
    for row in indicators:
        assert shown.row_dimensions[row].height >= max(WRITABLE, 3 * 14)  # 45 characters in a column of 11
        assert shown.cell(row, 3).alignment.wrap_text
    breaks = [one.id for one in shown.row_breaks.brk]
    goals = [row for row in range(first, shown.max_row) if str(shown.cell(row, 1).value).startswith("年度绩效目标")]
    assert len(breaks) >= 3
    assert not set(goals) & set(breaks), "a page never ends with the title of a goal"
    used = [sum(shown.row_dimensions[row].height or 15 for row in range(start + 1, end + 1))
            for start, end in zip([0, *breaks], [*breaks, shown.max_row], strict=True)]  # fmt: skip
    assert max(used) < 2 * min(used[:-1])
    assert shown.print_options.horizontalCentered
    assert (shown.page_setup.blackAndWhite, shown.page_setup.fitToHeight) == (True, 0)
    said = {str(cell.value) for cell in shown[2]}
    assert {"复核人：", "复核日期："} <= said
    input_cell = shown.cell(indicators[0], list(COLUMNS).index("复核完成值") + 1)
    assert (input_cell.border.left.style, input_cell.border.right.style) == ("medium", "medium")


def test_who_reviewed_and_when_disturbs_nothing(command, workplace: Path) -> None:
    assert command("export", "r.xlsx", "--review-sheet", "-s", "ronghua", cwd=workplace).code == 0
    book = openpyxl.load_workbook(workplace / "r.xlsx")
    shown = book[SHEET]
    for label, value in (("复核人：", "张三"), ("复核日期：", "2023年7月20日")):
        place = next(cell.column for cell in shown[2] if cell.value == label)
        shown.cell(2, place + 1).value = value
    book.save(workplace / "r.xlsx")
    fill(workplace / "r.xlsx", 信访积案化解率={"复核得分": 0.3})
    done = command("import", "r.xlsx", "-s", "ronghua", "-y", "2022", "--json", "--dry-run", cwd=workplace)
    assert done.code == 0, done.err
    assert '"reviewed_score"' in done.out
    assert "错误" not in done.out


def test_a_long_name_is_whole_at_the_head_and_the_pages_know_it(tmp_path: Path) -> None:
    long = dataclasses.replace(
        findings_office.office(), name=f"{'进一步改进辖区内老旧小区居住环境' * 4}街道办事处", district="", city=""
    )
    short, tall = (
        openpyxl.load_workbook(write_review_sheet(tmp_path / f"{place}.xlsx", result))[SHEET]
        for place, result in enumerate((findings_office.office(), long))
    )
    assert [tall.row_dimensions[row].height > short.row_dimensions[row].height for row in (1, 2, 3)] == [
        True,
        True,
        False,
    ]
    for place in ("A1", "B2"):
        assert tall[place].alignment.wrap_text
        assert not tall[place].alignment.shrink_to_fit
