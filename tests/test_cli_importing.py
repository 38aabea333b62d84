"""``perfeval import`` and ``perfeval template`` as their users meet them."""

import json
from pathlib import Path

import offices
import pytest
from openpyxl import load_workbook

from perfeval.cli.importing import width


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with a directory, no data, and a report of the example office."""
    folder = tmp_path / "项目"
    (folder / "data").mkdir(parents=True)
    (folder / "perfeval.toml").write_text("", encoding="utf-8")
    (folder / "data" / "subdistricts.csv").write_text(
        "id,name,district,city,aliases\nshili,示例街道办事处,示例区,示例市,\n", encoding="utf-8"
    )
    offices.write_docx(folder / "报告.docx", offices.report())
    return folder


def filed(place: Path) -> list[str]:
    return sorted(path.relative_to(place / "data").as_posix() for path in (place / "data").rglob("*") if path.is_file())


FILES = ["shili/2023/budget.csv", "shili/2023/indicators.csv", "shili/2023/narrative.toml", "subdistricts.csv"]


def test_a_report_is_shown_checked_and_written(command, place: Path) -> None:
    done = command("import", "报告.docx", cwd=place)
    assert (done.code, done.err) == (0, "")
    for part in (
        "识别为：部门整体绩效自评报告（武汉文字版），把握100%",
        "（shili）2023；自评得分96.50",
        "自评得分 第5行",
        "1,800.50",
        "指标5个（产出3、效益1、满意度1）",
        "矛盾纠纷化解率",
        "没有发现问题。",
        "已写入  data/shili/2023：budget.csv 3行、indicators.csv 5行、narrative.toml 12项",
    ):
        assert part in done.out, part
    assert filed(place) == FILES
    again = command("import", "报告.docx", "--into", "data", cwd=place)
    assert (again.code, "没有变化  data/shili/2023" in again.out) == (0, True)


def test_the_preview_lines_up(command, place: Path) -> None:
    lines = command("import", "报告.docx", "--dry-run", "--into", "data", cwd=place).out.splitlines()
    start = next(number for number, line in enumerate(lines) if "年度指标值" in line)
    begins = {
        width(line[: line.index(text)])
        for line, text in zip(
            [lines[start], *lines[start + 2 : start + 4]], ["年度指标值", "≥12场", "95%"], strict=True
        )
    }
    assert len(begins) == 1


def test_a_dry_run_writes_nothing(command, place: Path) -> None:
    done = command("import", "报告.docx", "--dry-run", "--into", "data", cwd=place)
    assert done.code == 0
    assert "可写入  data/shili/2023" in done.out
    assert "没有写入任何文件" in done.out
    assert filed(place) == ["subdistricts.csv"]


def test_differing_data_are_shown_and_kept_unless_replace_is_given(command, place: Path) -> None:
    command("import", "报告.docx", "--into", "data", cwd=place)
    budget = place / "data" / "shili" / "2023" / "budget.csv"
    budget.write_bytes(budget.read_bytes().replace(b"600.00", b"650.00"))
    mine = budget.read_bytes()
    for arguments, code in ((("--dry-run",), 0), ((), 1)):
        done = command("import", "报告.docx", *arguments, "--into", "data", cwd=place)
        assert done.code == code
        assert "与现有数据有1处不同" in done.out
        assert ("正式导入须加 --replace" in done.out) == (arguments == ("--dry-run",))
        row = next(line for line in done.out.splitlines() if "budget.csv" in line and "executed（" in line)
        assert row.split() == ["budget.csv", "项目支出", "executed（全年执行数）", "650", "600"]
        assert budget.read_bytes() == mine
    assert "E724" in done.out
    done = command("import", "报告.docx", "--replace", "--into", "data", cwd=place)
    assert (done.code, b"600.00" in budget.read_bytes()) == (0, True)


def test_json_for_programs(command, place: Path) -> None:
    done = command("import", "报告.docx", "--json", "--dry-run", "--into", "data", cwd=place)
    (document,) = done.json["documents"]
    assert {
        "file",
        "family",
        "subdistrict",
        "year",
        "declared_score",
        "budget",
        "indicators",
        "narrative",
        "problems",
    } <= (document.keys())
    assert (document["file"], document["subdistrict"], document["year"]) == ("报告.docx", "shili", 2023)
    assert document["declared_score"] == 96.5
    assert document["budget"][1] == {
        "item": "项目支出",
        "goal_no": None,
        "opening": None,
        "adjusted": 800,
        "executed": 600,
        "weight": None,
        "declared_score": None,
        "source": "自评报告正文第9行",
    }
    assert [row["indicator"] for row in document["indicators"]] == [row[3] for row in offices.EXPECTED]
    assert document["indicators"][0]["goal_no"] == 1
    assert document["narrative"]["stages"][0]["start"] == "2024-03-01"
    assert [(outcome["status"], outcome["folder"]) for outcome in done.json["written"]] == [
        ("可写入", "data/shili/2023")
    ]


def test_a_file_of_a_known_office_makes_no_new_one(command, place: Path) -> None:
    directory = (place / "data" / "subdistricts.csv").read_bytes()
    for arguments in ((), ("--dry-run",)):
        done = command("import", "报告.docx", "-s", "示列", *arguments, "--into", "data", cwd=place)
        assert done.code == 1
        assert "E729" in done.out
        assert "示例街道办事处”（shili）" in done.out
    assert (place / "data" / "subdistricts.csv").read_bytes() == directory
    assert not (place / "data" / "示列").exists()


def test_a_new_office_that_looks_like_one_on_file_is_doubted(command, place: Path) -> None:
    lines = [line.replace(offices.UNIT, "另一街道办事处") for line in offices.report()]
    offices.write_txt(place / "另一.txt", lines)
    for arguments in (("--dry-run",), ()):
        done = command("import", "另一.txt", "-s", "shilli", *arguments, "--into", "data", cwd=place)
        assert done.code == 0
        assert "W726" in done.out
        assert "是否指“shili”" in done.out
    assert "W726" not in command("import", "另一.txt", "-s", "shilli", "--into", "data", cwd=place).out


def test_an_unknown_office_is_asked_for(command, place: Path) -> None:
    lines = [line.replace(offices.UNIT, "另一街道办事处") for line in offices.report()]
    offices.write_txt(place / "另一.txt", lines)
    done = command("import", "另一.txt", "--into", "data", cwd=place)
    assert done.code == 1
    assert "E722" in done.out
    assert "--subdistrict" in done.out
    done = command("import", "另一.txt", "--subdistrict", "lingyi", "--into", "data", cwd=place)
    assert (done.code, "已写入  data/lingyi/2023" in done.out) == (0, True)
    assert "lingyi,另一街道办事处" in (place / "data" / "subdistricts.csv").read_text(encoding="utf-8")


def test_a_folder_with_a_bad_file_writes_the_good_one_and_says_so(command, place: Path) -> None:
    folder = place / "来件"
    folder.mkdir()
    (place / "报告.docx").rename(folder / "报告.docx")
    (folder / "损坏.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "~$报告.docx").write_bytes(b"")
    done = command("import", "来件", "--into", "data", cwd=place)
    assert done.code == 1
    for part in ("来件/损坏.xlsx\n  未识别", "来件/~$报告.docx\n  已跳过", "N721", "已写入  data/shili/2023"):
        assert part in done.out, part
    assert "Traceback" not in done.out + done.err
    assert filed(place) == FILES


def test_nothing_recognised(command, place: Path) -> None:
    (place / "纪要.txt").write_text("会议纪要\n", encoding="utf-8")
    done = command("import", "纪要.txt", "--into", "data", cwd=place)
    assert (done.code, "E720" in done.out) == (1, True)
    assert filed(place) == ["subdistricts.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "缺少参数"),
        (("import", "没有.docx"), "没有文件或文件夹“没有.docx”"),
        (("import", "报告.docx", "--year", "22"), "年度须是1990至2100之间的四位数"),
        (("import", "报告.docx", "--subdistrict", "a/b"), "不能作街道编号"),
        (("import", "报告.docx", "--dry"), "没有选项“--dry”"),
        (("export", "--template", "模板.xls"), "文件名须以.xlsx结尾"),
        (("export", "--template", "没有的/模板.xlsx"), "没有文件夹“没有的”"),
    ],
)
def test_a_wrong_command_line(command, place: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command(*arguments, cwd=place)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert filed(place) == ["subdistricts.csv"]


def test_problems_as_a_workbook(command, place: Path) -> None:
    import openpyxl

    lines = [line.replace("资金执行率为75%", "资金执行率为80%") for line in offices.report()]
    offices.write_txt(place / "报告.txt", lines)
    done = command("import", "报告.txt", "--problems", "问题.xlsx", "--into", "data", cwd=place)
    assert (done.code, "W702" in done.out) == (0, True)
    book = openpyxl.load_workbook(place / "问题.xlsx")
    texts = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert "W702" in texts


def test_a_template_is_written_once_and_read_back(command, place: Path) -> None:
    done = command("export", "--template", "模板.xlsx", "--year", "2024", cwd=place)
    assert (done.code, "已生成模板：模板.xlsx" in done.out) == (0, True)
    again = command("export", "--template", "模板.xlsx", cwd=place)
    assert (again.code, "已经存在" in again.err) == (2, True)
    blank = command("import", "模板.xlsx", "--subdistrict", "shili", "--into", "data", cwd=place)
    assert blank.code == 1
    assert filed(place) == ["subdistricts.csv"]


def test_help_is_chinese(command) -> None:
    for name in ("import", "export"):
        done = command(name, "--help")
        assert done.code == 0
        assert f"用法：perfeval {name}" in done.out
        for english in ("Usage", "Options", "PATHS", "Show this"):
            assert english not in done.out


def test_the_account_is_printed_and_in_the_json(command, place: Path) -> None:
    rows = ["2022年度项目支出绩效自评表", "项目名称,绿化", "实施单位,示例街道办事处", "联系电话,12345678",
            "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分", "产出指标,数量指标,植树,≥5棵,6棵,100,100"]  # fmt: skip
    (place / "表.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    shown = command("import", "表.csv", "--dry-run", cwd=place).out
    assert "单元格：认出21格，用19格，未用2格" in shown
    assert "认出21格，未用2格：第4行第1列“联系电话”、第4行第2列“12345678”" in shown
    found = json.loads(command("import", "表.csv", "--dry-run", "--json", cwd=place).out)["documents"][0]["account"]
    assert (found["cells"], found["used"], found["named"]) == (21, 19, 0)
    assert found["left"][1] == {"sheet": "", "row": 4, "column": 1, "text": "12345678"}


def _filled_template(command, place: Path, rows: list[list[object]], total: object = "") -> None:
    """A template with rows of indicators: goal number, goal, level 1, name, points, score."""
    command("export", "--template", "表.xlsx", "--year", "2023", cwd=place)
    book = load_workbook(place / "表.xlsx")
    sheet = book["自评表"]
    sheet["B3"], sheet["F3"] = "示例街道办事处", total
    for column, value in zip("DE", (100, 90), strict=True):
        sheet[f"{column}7"] = value
    for at, row in enumerate(rows, start=18):
        for column, value in zip("ABCEFIJK", row, strict=True):
            sheet[f"{column}{at}"] = value
    book.save(place / "表.xlsx")


def test_what_is_said_of_a_whole_column_is_marked_in_the_form_and_names_its_rows(command, place: Path) -> None:
    rows = [
        [1, "整治", "产出", "清运", "≥9次", "9次", 10, 10],
        [1, "绿化", "效益", "绿地", "≥9亩", "9亩", 20, 20],
    ]
    _filled_template(command, place, rows)
    said = command("import", "表.xlsx", "--dry-run", "--problems", "问题.xlsx", cwd=place).out
    assert "indicators.csv 列" not in said, "a file that is not there yet"
    assert "“整治”（第18行）、“绿化”（第19行）" in said
    sheet = load_workbook(place / "问题.xlsx")["自评表"]
    marked = {cell.coordinate: cell.comment.text[3:7] for line in sheet.iter_rows() for cell in line if cell.comment}
    assert marked == {"J18": "W312", "B19": "W321"}


def test_a_wrong_sum_of_points_is_said_once_and_marked_at_the_points(command, place: Path) -> None:
    _filled_template(command, place, [[1, "整治", "产出", "清运", "≥9次", "9次", 30, 30]])
    book = load_workbook(place / "表.xlsx")
    book["自评表"]["F7"], book["自评表"]["G7"] = 10, 9
    book.save(place / "表.xlsx")
    command("import", "表.xlsx", "--dry-run", "--problems", "问题.xlsx", cwd=place)
    sheet = load_workbook(place / "问题.xlsx")["自评表"]
    marked = {cell.coordinate: cell.comment.text[3:7] for line in sheet.iter_rows() for cell in line if cell.comment}
    assert marked == {"J17": "W656"}


def test_why_nothing_was_written_is_said_once(command, place: Path) -> None:
    _filled_template(
        command, place, [[1, "整治", level, f"清运{level}", "9次", "9次", 30, 30] for level in ("甲", "乙")]
    )
    refused = next(line for line in command("import", "表.xlsx", cwd=place).out.splitlines() if "未写入" in line)
    assert refused == "未写入  data/shili/2023：应为产出、效益、满意度、成本之一"
