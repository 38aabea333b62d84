"""What commands propose works when it is pasted, what they name is there, and a fault is told once, on one line."""

import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from perfeval.cli.helppage import width
from perfeval.model.errors import listed, pasted
from perfeval.run import project


@pytest.fixture
def place(command, tmp_path: Path) -> Path:
    """A new project in a folder with spaces and brackets, with a blank form in a folder of its own."""
    command("new", "我的 项目（一）", cwd=tmp_path)
    folder = tmp_path / "我的 项目（一）"
    (folder / "收到的 表").mkdir()
    command("export", "表.xlsx", "--template", "-y", "2025", cwd=folder / "收到的 表")
    return folder


def codes(out: str) -> list[str]:
    """The codes of a printed table of problems."""
    lines = out.partition("\n问题：")[2].splitlines()
    return [line.split()[1] for line in lines if line.split()[:1] in (["错误"], ["警告"], ["提示"])]


@pytest.mark.parametrize("word", ["data-demo", "我的项目", "我的 项目", "it's", "a&b", "$HOME", "（一）"])
def test_a_word_is_taken_as_it_is(word: str) -> None:
    assert shlex.split(f"cd {pasted(word)}") == ["cd", word]
    assert (pasted(word) == word) == (word in ("data-demo", "我的项目"))


def test_a_new_project_proposes_what_works(command, tmp_path: Path) -> None:
    said = command("new", "我的 项目", cwd=tmp_path).out
    there, *proposed = (shlex.split(line) for line in said.splitlines() if line.startswith("  "))
    assert there == ["cd", "我的 项目"]
    for words in proposed:
        if words != ["perfeval", "lab"]:
            assert command(*words[1:], cwd=tmp_path / there[1]).code == 0, words


def test_a_report_that_is_not_made_names_the_command_that_makes_it(command, workplace: Path) -> None:
    own = "我的 年报"
    (workplace / "notebooks" / "annual.ipynb").rename(workplace / "notebooks" / f"{own}.ipynb")
    said = command("export", "报告.pdf", "-s", "ronghua", "-y", "2022", "-r", own, cwd=workplace).err
    words = shlex.split(said.partition("先运行 ")[2])
    assert words == ["perfeval", "run", "-s", "ronghua", "-y", "2022", "-r", own]
    assert command(*words[1:], "--dry-run", cwd=workplace).code == 0


def test_an_empty_project_says_that_nothing_is_there(command, place: Path) -> None:
    assert command("list", cwd=place).out.splitlines()[:2] == ["数据", "  （还没有）"]


def test_places_in_the_project_are_named_from_where_one_stands(command, place: Path) -> None:
    said = command("import", "表.xlsx", "-s", "shili", "--dry-run", cwd=place / "收到的 表").out
    assert "未写入  ../data/shili/2025" in said
    assert place.as_posix() not in said


def test_a_place_outside_the_project_is_named_whole(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place / "收到的 表")
    assert project.shown(place / "data") == "../data"
    assert project.shown(place / "收到的 表" / "表.xlsx") == "表.xlsx"
    assert project.shown(place.parent / "elsewhere") == (place.parent / "elsewhere").as_posix()
    monkeypatch.chdir(place.parent)
    assert project.shown(place / "data") == "我的 项目（一）/data"


def test_an_empty_form_is_told_once_and_at_its_sheet(command, place: Path) -> None:
    said = command("import", "表.xlsx", "-s", "shili", "--dry-run", cwd=place / "收到的 表").out
    assert codes(said) == ["E726"]
    assert "表.xlsx［自评表］ 第1行" in said
    assert codes(command("import", "表.xlsx", "--dry-run", cwd=place / "收到的 表").out) == ["E722", "W659"]


def filled(path: Path, unit: str, **cells: object) -> Path:
    """The example form (fictional), of a unit, with some cells otherwise."""
    book = load_workbook(path)
    sheet = book["自评表"]
    sheet["B3"] = unit
    given = {"C7": 100, "D7": 110, "E7": 105, "C8": 40, "D8": 50, "E8": 48, "C9": 60, "D9": 60, "E9": 57}
    rows = [("产出", "整治街巷数", "≥12条", "14条", 50), ("效益", "投诉下降率", "≥10%", "12%", 50)]
    for line, (category, name, target, actual, points) in enumerate(rows, start=18):
        given |= {f"C{line}": category, f"E{line}": name, f"F{line}": target, f"I{line}": actual, f"J{line}": points}
    for cell, value in {**given, **cells}.items():
        sheet[cell] = value
    book.save(path)
    return path


def test_a_form_filed_under_another_office_is_told_once(command, place: Path) -> None:
    folder = place / "收到的 表"
    path = filled(folder / "表.xlsx", "示例街道办事处")
    assert command("import", path.name, "-s", "shili", cwd=folder).code == 0
    assert codes(command("import", path.name, "-s", "lin", "--dry-run", cwd=folder).out) == ["E729"]
    directory = place / "data" / "subdistricts.csv"
    directory.write_text(directory.read_text(encoding="utf-8") + "lin,邻近街道办事处,,,,\n", encoding="utf-8")
    assert codes(command("import", path.name, "-s", "lin", "--dry-run", cwd=folder).out) == ["W722"]
    text = directory.read_text(encoding="utf-8")
    first = text.splitlines()[1]
    directory.write_text(f"{text}{first.replace('shili', 'mo')}\n", encoding="utf-8")
    assert "W504" in codes(command("import", path.name, "-s", "lin", "--dry-run", cwd=folder).out)


def test_every_indicator_is_counted_whatever_its_category(command, place: Path) -> None:
    folder = place / "收到的 表"
    filled(folder / "表.xlsx", "示例街道办事处", C18="产出类别")
    said = command("import", "表.xlsx", "-s", "shili", "--dry-run", cwd=folder).out
    assert "指标2个（效益1、其他1）" in said
    assert "产出类别" in said


def test_a_year_that_is_none_is_not_said_to_be_missing(command, place: Path) -> None:
    folder = place / "收到的 表"
    filled(folder / "表.xlsx", "示例街道办事处", D3=25)
    said = command("import", "表.xlsx", "-s", "shili", "--dry-run", cwd=folder).out
    assert "没有读出是哪个年度" in said
    assert "没有写年度" not in said


def test_one_fault_takes_one_line_and_several_one_each() -> None:
    assert listed("有1处错误", ["甲"]) == "有1处错误：甲"
    assert listed("有2处错误", iter(["甲", "乙"])) == "有2处错误：\n  甲\n  乙"


@pytest.mark.parametrize(
    "words",
    [("run", "-r", "annual", "-p", "most", "3", "--dry-run"), ("schedule", "show"), ("status", "--limit", "3")],
)
def test_an_error_is_one_line(command, workplace: Path, words: tuple[str, ...]) -> None:
    done = command(*words, cwd=workplace)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err


def test_the_answer_of_explain_lines_up(command) -> None:
    lines = command("explain", "--target", "≥80%", "--actual", "72%").out.splitlines()
    assert {width(line[: len(line) - len(line.split(maxsplit=1)[1])]) for line in lines} == {8}


def test_a_category_is_read_as_people_write_it_and_an_empty_one_is_not_guessed_from_above(command, place: Path) -> None:
    folder = place / "收到的 表"
    filled(folder / "表.xlsx", "示例街道办事处", C18="产出指标", C19=None, D19="社会效益指标")
    said = command("import", "表.xlsx", "-s", "shili", cwd=folder).out
    assert "指标2个（产出1、效益1）" in said
    assert codes(said) == ["N654"]
    assert "第19行" in said
    filled(folder / "表.xlsx", "示例街道办事处", C18="产出和效益")
    assert "E205" in codes(command("import", "表.xlsx", "-s", "lin", "--dry-run", cwd=folder).out)


def test_the_sum_of_a_review_sheet_is_no_total_of_the_office(command, place: Path, workplace: Path) -> None:
    command("export", "复核表.xlsx", "--review-sheet", "-s", "ronghua", "-y", "2022", cwd=workplace)
    book = load_workbook(workplace / "复核表.xlsx")
    sheet = book["自评复核表"]
    headings = {cell.value: cell.column for cell in sheet[3]}
    last = next(row for row in range(4, sheet.max_row) if sheet.cell(row, 1).value == "合计")
    for name, value in (("权重", 80), ("自评得分", 79), ("复核得分", 78)):
        sheet.cell(last, headings[name]).value = value
    for (cell,) in sheet.iter_rows(4, last - 1, headings["偏离度"], headings["偏离度"]):
        if isinstance(cell, Cell):  # not the part of a merged one
            cell.value = None
    book.save(workplace / "复核表.xlsx")
    for cwd in (workplace, place):
        said = command(
            "import", str(workplace / "复核表.xlsx"), "-s", "ronghua", "-y", "2022", "--dry-run", cwd=cwd
        ).out
        assert "识别为：自评复核表" in said
        assert "自评得分79" not in said


def test_a_file_that_is_not_there_is_said_in_chinese(command, workplace: Path) -> None:
    said = command("run", "--parameters", "没有.toml", cwd=workplace).err
    assert "不存在，或刚被删除、改名" in said
    assert "No such" not in said


@pytest.mark.parametrize("words", [("check",), ("run",), ("lint",), ("score",)])
def test_without_data_one_is_told_the_command_that_brings_some(command, place: Path, words: tuple[str, ...]) -> None:
    done = command(*words, cwd=place)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "perfeval import" in done.err
