"""Files and folders → documents → what is on file."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import findings_office
import offices
import pandas as pd
import pytest
from forms_example import MOF, grid
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from perfeval.deliver.opinion import write_opinion
from perfeval.deliver.yearbook import write_yearbook
from perfeval.ingest import holdings, store
from perfeval.ingest.checks import parse_csv
from perfeval.ingest.document import Content, Document, Paragraph
from perfeval.ingest.filing import Outcome, every_problem, in_order
from perfeval.ingest.importing import (
    READY,
    REFUSED,
    SAME,
    WRITTEN,
    differences,
    find_subdistrict,
    import_files,
    recognised,
    write,
)
from perfeval.ingest.narrative import parse_narrative
from perfeval.ingest.writing import narrative_bytes, table_bytes
from perfeval.model.errors import NotOnFile, Problem
from perfeval.model.results import Evaluation
from perfeval.model.schema import INDICATORS, Issue, Narrative, Stage, Survey

DIRECTORY = (
    f"id,name,district,city,aliases\nshili,示例街道办事处,示例区,示例市,示例街\nlin,邻近街道办事处,示例区,示例市,{''}\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a directory of two sub-districts and nothing else."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "subdistricts.csv").write_text(DIRECTORY, encoding="utf-8")
    return folder


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return offices.write_txt(tmp_path / "2023报告.txt", offices.report())


def form(
    path: Path, project: str, rows: list[tuple[object, ...]], unit: str = "示例街道办事处", year: int = 2023
) -> Path:
    """A project form of the Ministry of Finance, filled in."""
    book = Workbook()
    sheet = book.active
    for row in (
        ("项目支出绩效自评表",),
        (f"（{year}年度）",),
        ("项目名称", project),
        ("主管部门", unit, "", "实施单位", unit),
        ("项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        ("", "年度资金总额", 100, 100, 80, 10, "80%", 8),
        ("", "其中：当年财政拨款", 100, 100, 80, "—", "80%", "—"),
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        *rows,
        ("总分", "", "", "", "", 100, 98, ""),
    ):
        sheet.append(row)
    book.save(path)
    return path


ROWS = [
    ("产出指标", "数量指标", "巡查次数", "≥50次", "52次", 50, 50, ""),
    ("效益指标", "社会效益指标", "投诉下降", "≥10%", "12%", 30, 30, ""),
    ("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%", "95%", 10, 10, ""),
]


def codes(documents: list[Document]) -> list[str]:
    return [problem.code for document in documents for problem in document.problems]


def test_a_report_becomes_files_that_load(report: Path, data: Path) -> None:
    documents = import_files([report], data_dir=data)
    assert [(document.subdistrict, document.year) for document in documents] == [("shili", 2023)]
    (outcome,) = write(documents, data)
    assert (outcome.status, outcome.rows) == (WRITTEN, {"budget.csv": 3, "indicators.csv": 5, "narrative.toml": 12})
    loaded = store.load(data)
    assert loaded.problems == ()
    pd.testing.assert_frame_equal(loaded.indicators[INDICATORS.names], documents[0].indicators[INDICATORS.names])
    assert list(loaded.budget["executed"]) == [Decimal("1200.50"), Decimal("600.00"), Decimal("1800.50")]
    assert loaded.narratives["shili", 2023] == documents[0].narrative
    assert sorted(path.name for path in data.iterdir()) == ["shili", "subdistricts.csv"]


def test_the_same_again_changes_nothing(report: Path, data: Path) -> None:
    write(import_files([report], data_dir=data), data)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in data.rglob("*.*")}
    documents = import_files([report], data_dir=data)
    assert differences(documents, data).empty
    assert [outcome.status for outcome in write(documents, data)] == [SAME]
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in data.rglob("*.*")} == before


def test_other_data_are_not_overwritten_without_being_asked(report: Path, data: Path) -> None:
    write(import_files([report], data_dir=data), data)
    budget = data / "shili" / "2023" / "budget.csv"
    budget.write_bytes(budget.read_bytes().replace(b"600.00", b"601.00"))
    mine = budget.read_bytes()
    documents = import_files([report], data_dir=data)
    (outcome,) = write(documents, data)
    assert (outcome.status, [problem.code for problem in outcome.problems]) == (REFUSED, ["E724"])
    assert outcome.differences.to_numpy().tolist() == [["budget.csv", "项目支出", "executed", "601", "600"]]
    assert budget.read_bytes() == mine
    (outcome,) = write(documents, data, replace=True)
    assert (outcome.status, outcome.rows) == (WRITTEN, {"budget.csv": 3})
    assert differences(documents, data).empty


def test_what_a_document_does_not_say_stays_on_file(report: Path, data: Path) -> None:
    write(import_files([report], data_dir=data), data)
    (document,) = import_files([report], data_dir=data)
    other = replace(document, narrative=Narrative(declared_score=Decimal(90)), budget=pd.DataFrame())
    assert differences([other], data)["key"].tolist() == ["declared_score"]
    write([other], data, replace=True)
    told = store.load(data).narratives["shili", 2023]
    assert told.declared_score == 90
    assert told.key_tasks == document.narrative.key_tasks
    assert len(store.load(data).budget) == 3


def test_rows_only_on_one_side_and_another_order_are_differences(report: Path, data: Path) -> None:
    documents = import_files([report], data_dir=data)
    write(documents, data)
    table = documents[0].indicators
    fewer = differences([replace(documents[0], indicators=table.iloc[:-1])], data)
    assert fewer[["on_file", "new"]].to_numpy().tolist() == [["有这一行", "（无）"]]
    turned = differences([replace(documents[0], indicators=table.iloc[::-1])], data)
    assert turned["on_file"].tolist() == ["行的顺序不同"]


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    offices.write_docx(folder / "b.docx", offices.report())
    (folder / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    (folder / "c.txt").write_text("会议纪要\n没有自评内容\n", encoding="utf-8")
    (folder / "~$b.docx").write_bytes(b"lock")
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "d.xlsx").mkdir()
    seen: list[str] = []
    documents = import_files([folder], data_dir=data, each=seen.append)
    assert [Path(file).name for file in seen] == ["a.xlsx", "b.docx", "c.txt"]
    by_name = {Path(document.file).name: document for document in documents}
    assert {name for name, document in by_name.items() if document.family} == {"b.docx"}
    assert codes([by_name["~$b.docx"], by_name[".DS_Store"]]) == ["N721", "N721"]
    assert codes([by_name["d.xlsx"]]) == ["E110"]
    assert codes([by_name["c.txt"]]) == ["E720"]
    assert codes([by_name["a.xlsx"]])[0][0] == "E"
    assert [outcome.status for outcome in write(documents, data)] == [WRITTEN]


def test_a_recogniser_that_fails_is_a_problem_of_its_file() -> None:
    def broken(content: Content) -> list[Document]:
        raise KeyError(content.file)

    (document,) = recognised(Content("x.txt", "txt"), [broken])
    assert codes([document]) == ["E727"]
    assert "KeyError" in document.problems[0].message


def test_words_that_say_other_figures_than_the_form_beside_them_are_named() -> None:
    said = ["某街道2022年度培训项目绩效自评报告", "一、基本情况", "项目全年预算数90万元，全年执行数81万元，执行率90%。",
            "二、自评结论", "自评得分98分。", "附件"]  # fmt: skip
    blocks = (*(Paragraph(text, number) for number, text in enumerate(said, start=1)), grid(MOF, "表1"))
    (document,) = recognised(Content("表.docx", "docx", blocks))
    assert document.narrative.declared_score == Decimal("98.2")
    (found,) = [one for one in document.problems if one.code == "W724"]
    figures = "全年预算数（万元）95.5、90；全年执行数（万元）85.95、81；自评得分98.2、98"
    assert f"两处写的数不同（采用的在前）：{figures}，请核对" in found.message


def test_of_two_kinds_in_one_file_the_surer_is_taken() -> None:
    def surely(content: Content) -> list[Document]:
        return [Document(content.file, "甲", 0.9)]

    def perhaps(content: Content) -> list[Document]:
        return [Document(content.file, "乙", 0.4)]

    (document,) = recognised(Content("x.docx", "docx"), [perhaps, surely])
    assert (document.family, codes([document])) == ("甲", ["W724"])


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path, report: Path, data: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "报告.txt").symlink_to(report)
    (folder / "别处").symlink_to(tmp_path, target_is_directory=True)
    documents = import_files([folder], data_dir=data)
    assert codes(documents) == ["W721", "W721", "E721"]
    assert not any(document.family for document in documents)


def test_a_path_that_is_not_there(data: Path) -> None:
    with pytest.raises(NotOnFile, match="没有文件或文件夹“没有这个"):
        import_files(["没有这个.docx"], data_dir=data)


def test_files_are_read_in_the_order_of_their_names_and_once(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "来件"
    (folder / "甲").mkdir(parents=True)
    for name in ("2.txt", "1.txt", "甲/0.txt"):
        offices.write_txt(folder / name, offices.report())
    documents = import_files([folder, folder / "1.txt"], data_dir=data)
    assert [Path(document.file).relative_to(folder).as_posix() for document in documents] == [
        "1.txt",
        "2.txt",
        "甲/0.txt",
    ]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("shili", "shili"),
        ("示例街道办事处", "shili"),
        ("示例街", "shili"),
        ("示例街道", "shili"),
        ("示例市示例区人民政府示例街道办事处", "shili"),
        ("示例区邻近街道办事处", "lin"),
        ("新示例街道办事处", ""),
        ("别的街道办事处", ""),
        ("", ""),
    ],
)
def test_the_sub_district_of_a_unit(data: Path, name: str, id_: str) -> None:
    assert find_subdistrict(name, data)[0] == id_


def test_an_office_of_another_district_is_not_meant(tmp_path: Path) -> None:
    listed = "id,name,district\nhere,兰亭街道办事处,甲区\nthere,兰亭街道办事处,乙区\nlone,鹤鸣街道办事处,乙区\n"
    (tmp_path / "subdistricts.csv").write_text(listed, encoding="utf-8")
    names = ["甲区兰亭街道办事处", "某市乙区兰亭街道", "甲区鹤鸣街道办事处", "乙区鹤鸣街道", "鹤鸣街道"]
    assert [find_subdistrict(name, tmp_path)[0] for name in names] == ["here", "there", "", "lone", "lone"]
    assert find_subdistrict("兰亭街道", tmp_path) == ("", "：here、there都叫这个名称，分不出是哪一个")


def test_an_unknown_unit_is_asked_for_and_then_listed(tmp_path: Path, data: Path) -> None:
    lines = [line.replace(offices.UNIT, "示例区新设街道办事处") for line in offices.report()]
    path = offices.write_txt(tmp_path / "报告.txt", lines)
    documents = import_files([path], data_dir=data)
    assert codes(documents) == ["E722"]
    assert write(documents, data) == []
    documents = import_files([path], subdistrict="xinshe", data_dir=data)
    assert [outcome.status for outcome in write(documents, data)] == [WRITTEN]
    assert (data / "subdistricts.csv").read_text(encoding="utf-8") == DIRECTORY + "xinshe,示例区新设街道办事处,,,\n"
    assert store.load(data, "xinshe", 2023).problems == ()


TWICE = [*ROWS, ROWS[0]]
"""Of two rows that are the same the loader takes neither."""
UNMENDED: dict[str, Callable[[Path, Path], list[Path]]] = {
    "E722": lambda place, _: [form(place / "表.xlsx", "巡查", TWICE, unit="没有列出的街道办事处")],
    "E723": lambda place, _: [without_year(form(place / "表.xlsx", "巡查", TWICE))],
    "E724": lambda place, data: [form(on_file(place / "表.xlsx", data), "巡查", TWICE)],
    "E725": lambda place, _: [
        form(place / "甲.xlsx", "部门整体支出", ROWS),
        form(place / "表.xlsx", "部门整体支出", TWICE),
    ],
    "E726": lambda place, _: [without_money(form(place / "表.xlsx", "巡查", TWICE))],
}
"""By what stops a document from being filed: files of which one also has a row that the loader refuses."""


def without_year(path: Path) -> Path:
    book = load_workbook(path)
    book.active["A2"] = None
    book.save(path)
    return path


def without_money(path: Path) -> Path:
    book = load_workbook(path)
    book.active.delete_rows(5, 3)
    book.save(path)
    return path


def on_file(path: Path, data: Path) -> Path:
    """A place for a form, of whose office and year another one is on file."""
    (outcome,) = write(import_files([form(path, "绿化", ROWS[::-1])], data_dir=data), data)
    assert outcome.status == WRITTEN
    return path


@pytest.mark.parametrize("code", UNMENDED)
def test_what_stops_a_document_hides_nothing_of_its_rows(code: str, tmp_path: Path, data: Path) -> None:
    documents = import_files(UNMENDED[code](tmp_path, data), data_dir=data)
    said = every_problem(documents, write(documents, data))
    (row,) = [problem for problem in said if problem.code == "E206"]
    assert code in {problem.code for problem in said}
    assert Path(row.file).name == "表.xlsx"
    assert row.row is not None
    assert "表" not in row.message, "said of the form, not of a table that is not on file"
    assert len(said) == len(set(said)), "each once"


def test_a_year_that_is_not_known_says_nothing_of_sound_rows(tmp_path: Path, data: Path) -> None:
    documents = import_files([without_year(form(tmp_path / "表.xlsx", "巡查", ROWS))], data_dir=data)
    assert codes(documents)[-1] == "E723"


def test_a_directory_in_gb18030_with_chinese_headings_stays_so(report: Path, data: Path) -> None:
    path = data / "subdistricts.csv"
    path.write_bytes("名称,编号\r\n邻近街道办事处,lin".encode("gb18030"))
    documents = import_files([report], subdistrict="shili", data_dir=data)
    write(documents, data)
    assert path.read_bytes().decode("gb18030") == f"名称,编号\r\n邻近街道办事处,lin\r\n{offices.UNIT},shili\r\n"
    assert holdings.resolve(data, offices.UNIT) == "shili"


def test_an_id_that_cannot_be_a_folder_is_refused(report: Path, data: Path) -> None:
    with pytest.raises(NotOnFile, match="不能作街道编号"):
        import_files([report], subdistrict="../别处", data_dir=data)


def test_a_data_folder_that_is_not_there_yet(report: Path, tmp_path: Path) -> None:
    data = tmp_path / "新" / "data"
    documents = import_files([report], subdistrict="shili", data_dir=data)
    assert [outcome.status for outcome in write(documents, data)] == [WRITTEN]
    assert store.load(data).problems == ()


def test_the_year_of_the_command_counts_and_a_conflict_is_said(report: Path, data: Path) -> None:
    documents = import_files([report], year=2021, subdistrict="lin", data_dir=data)
    assert (documents[0].year, documents[0].subdistrict) == (2021, "lin")
    assert codes(documents) == ["W722", "W722"]


def test_the_year_may_stand_in_the_file_name_only(tmp_path: Path, data: Path) -> None:
    undated = [line.replace("2023年度", "").replace("2023年", "") for line in offices.report()]
    named = offices.write_txt(tmp_path / "示例街道2023年自评.txt", undated)
    (document,) = import_files([named], data_dir=data)
    assert (document.year, "N723" in codes([document])) == (2023, True)
    unnamed = offices.write_txt(tmp_path / "自评.txt", undated)
    assert "E723" in codes(import_files([unnamed], data_dir=data))


@pytest.mark.parametrize(
    ("name", "said"),
    [("2023年自评表.xlsx", False), ("自评表.xlsx", False), ("2022-2024.xlsx", False), ("2024年自评表.xlsx", True)],
)
def test_a_name_with_another_year_than_the_file_is_said(tmp_path: Path, data: Path, name: str, said: bool) -> None:
    """Last year's file under this year's name is filed as last year's: the file counts, and somebody must look."""
    path = form(tmp_path / name, "巡查", ROWS)
    (document,) = import_files([path], data_dir=data)
    assert (document.year, "N728" in codes([document])) == (2023, said)
    assert "N728" not in codes(import_files([path], year=2023, data_dir=data)), "who gives the year has decided"


@pytest.mark.parametrize("name", ["~$自评表.xlsx", ".~自评表.xlsx", ".~lock.自评表.xlsx#"])
def test_the_lock_of_an_open_file_names_the_file(tmp_path: Path, data: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05Admin" + b" " * 159)
    (document,) = import_files([path], data_dir=data)
    (said,) = document.problems
    assert (said.code, "“自评表.xlsx”" in said.advice) == ("E720", True), str(said)


@pytest.mark.parametrize(
    ("unit", "said"), [("", "请在文件里填写单位名称"), ("另一街道办事处", "在subdistricts.csv里加上")]
)
def test_what_to_do_about_an_office_fits_what_the_file_says(tmp_path: Path, data: Path, unit: str, said: str) -> None:
    (document,) = import_files([form(tmp_path / "表.xlsx", "巡查", ROWS, unit=unit)], data_dir=data)
    (wrong,) = (one for one in document.problems if one.code == "E722")
    assert said in wrong.advice


def test_no_problem_names_a_file_that_is_not_there(tmp_path: Path, data: Path) -> None:
    """What the loader says of tables that are not on file yet is said of the file that was given."""
    lines = ["单位名称,示例街道办事处,年度,2023", "资金来源,年初预算数,全年预算数,全年执行数", "部门整体支出,9,9,9"]
    lines += ["一级指标,三级指标,年度指标值,实际完成值,分值,得分", "产出,培训场次,≥12场,13场,90,91"]
    path = offices.write_txt(tmp_path / "表.csv", lines)
    documents = import_files([path], data_dir=data)
    outcomes = write(documents, data, dry_run=True)
    found = every_problem(documents, outcomes)
    assert {"W314", "N501"} <= {one.code for one in found}
    assert [one for one in found if not Path(one.file).exists()] == []


@pytest.mark.parametrize(
    ("write_", "name", "what", "instead"),
    [
        (write_yearbook, "复算表.xlsx", "复算表", "请改自评表"),
        (write_opinion, "复核意见.docx", "复核意见", "复核表"),
    ],
)
def test_what_perfeval_concludes_is_not_taken_for_what_an_office_says(
    tmp_path: Path, data: Path, write_: Callable[[Path, Evaluation], Path], name: str, what: str, instead: str
) -> None:
    """Read as an office's paper, an objection would become the office's own problem, and a sum an indicator."""
    path = write_(tmp_path / name, findings_office.office())
    (document,) = import_files([path], subdistrict="shili", year=2023, data_dir=data)
    (wrong,) = document.problems
    assert (document.family, wrong.code) == ("", "E730")
    assert what in wrong.message
    assert instead in wrong.advice
    assert write([document], data) == []


def test_projects_become_goals_in_the_order_of_the_files(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "项目"
    folder.mkdir()
    form(folder / "2.xlsx", "环境卫生经费", ROWS[:2])
    form(folder / "1.xlsx", "社区治理经费", ROWS)
    documents = import_files([folder], data_dir=data)
    (outcome,) = write(documents, data)
    assert outcome.status == WRITTEN, outcome.problems
    loaded = store.load(data)
    goals = loaded.indicators[["goal_no", "goal", "indicator"]].astype("str").to_numpy().tolist()
    assert goals == [
        ["1", "社区治理经费", "巡查次数"],
        ["1", "社区治理经费", "投诉下降"],
        ["1", "社区治理经费", "居民满意度"],
        ["2", "环境卫生经费", "巡查次数"],
        ["2", "环境卫生经费", "投诉下降"],
    ]
    money = loaded.budget[["item", "goal_no", "executed"]].astype("str").to_numpy().tolist()
    assert money == [["社区治理经费", "1", "80"], ["环境卫生经费", "2", "80"]]
    assert loaded.narratives["shili", 2023].declared_score is None
    assert [problem.code for problem in outcome.problems][:3] == ["N725", "N725", "N726"]


def test_two_formats_of_one_report_are_one(tmp_path: Path, data: Path) -> None:
    one = offices.write_txt(tmp_path / "报告.txt", offices.report())
    two = offices.write_docx(tmp_path / "报告.docx", offices.report())
    documents = import_files([one, two], data_dir=data)
    assert len(documents) == 2
    (outcome,) = write(documents, data)
    assert (outcome.status, outcome.rows["indicators.csv"]) == (WRITTEN, 5)
    assert [(problem.code, problem.file) for problem in outcome.problems] == [("N724", two.as_posix())]


def test_projects_beside_a_report_of_the_whole_unit_follow_its_goals(tmp_path: Path, report: Path, data: Path) -> None:
    documents = import_files([report, form(tmp_path / "项目.xlsx", "巡查经费", ROWS[:1])], data_dir=data)
    (outcome,) = write(documents, data)
    assert outcome.status == WRITTEN
    assert "W723" in [problem.code for problem in outcome.problems]
    loaded = store.load(data)
    assert loaded.indicators["goal_no"].tolist() == [1, 1, 1, 2, 2, 3]
    assert loaded.budget[["item", "goal_no"]].astype("str").to_numpy().tolist()[-1] == ["巡查经费", "3"]
    assert loaded.narratives["shili", 2023].declared_score == Decimal("96.5")


def test_a_dry_run_checks_and_writes_nothing(tmp_path: Path, report: Path, data: Path) -> None:
    before = sorted(data.rglob("*"))
    (outcome,) = write(import_files([report], data_dir=data), data, dry_run=True)
    assert (outcome.status, outcome.rows["indicators.csv"]) == (READY, 5)
    twice = offices.report(analysis=[*offices.indicators()[:2], offices.indicators()[1].replace("14场", "15场")])
    documents = import_files([offices.write_txt(tmp_path / "重复.txt", twice)], data_dir=data)
    (outcome,) = write(documents, data, dry_run=True)
    assert (outcome.status, outcome.problems[0].code) == (REFUSED, "E206")
    assert sorted(data.rglob("*")) == before


def test_two_different_reports_of_one_year_are_refused(tmp_path: Path, report: Path, data: Path) -> None:
    other = [line.replace("议事会场次为14场", "议事会场次为15场") for line in offices.report()]
    documents = import_files([report, offices.write_txt(tmp_path / "另一份.txt", other)], data_dir=data)
    (outcome,) = write(documents, data)
    assert (outcome.status, [problem.code for problem in outcome.problems]) == (REFUSED, ["E725"])
    assert not (data / "shili").exists()


def test_a_report_without_money_is_not_filed(tmp_path: Path, data: Path) -> None:
    lines = [line for line in offices.report() if "万元" not in line]
    documents = import_files([offices.write_txt(tmp_path / "报告.txt", lines)], data_dir=data)
    (outcome,) = write(documents, data)
    assert [problem.code for problem in outcome.problems] == ["E726"]
    assert sorted(path.name for path in data.iterdir()) == ["subdistricts.csv"]


def test_what_the_loader_would_refuse_is_not_written(tmp_path: Path, data: Path) -> None:
    twice = [*offices.indicators()[:2], *offices.indicators()[1:2]]
    twice[2] = twice[2].replace("14场", "15场")
    documents = import_files([offices.write_txt(tmp_path / "报告.txt", offices.report(analysis=twice))], data_dir=data)
    (outcome,) = write(documents, data)
    assert (outcome.status, outcome.problems[0].code) == (REFUSED, "E206")
    assert outcome.problems[0].file == (tmp_path / "报告.txt").as_posix(), "where it was read from"
    assert sorted(path.name for path in data.iterdir()) == ["subdistricts.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_nothing_is_written_through_a_link_that_leaves_the_data_folder(
    tmp_path: Path, report: Path, data: Path
) -> None:
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    (data / "shili").symlink_to(elsewhere, target_is_directory=True)
    (outcome,) = write(import_files([report], data_dir=data), data)
    assert [problem.code for problem in outcome.problems] == ["E502"]
    assert list(elsewhere.iterdir()) == []


def test_a_file_that_cannot_be_replaced_leaves_everything_as_it_was(report: Path, data: Path) -> None:
    write(import_files([report], data_dir=data), data)
    folder = data / "shili" / "2023"
    (folder / "budget.csv").write_bytes((folder / "budget.csv").read_bytes().replace(b"600.00", b"601.00"))
    (folder / "narrative.toml").unlink()
    (folder / "narrative.toml").mkdir()
    (folder / "narrative.toml" / "x").write_bytes(b"")
    before = (folder / "budget.csv").read_bytes()
    (outcome,) = write(import_files([report], data_dir=data), data, replace=True)
    assert (outcome.status, [problem.code for problem in outcome.problems]) == (REFUSED, ["E728"])
    assert (folder / "budget.csv").read_bytes() == before


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20).map(str.strip)
NAME = TEXT.filter(bool)
LIST = st.lists(TEXT, max_size=3).map(tuple)
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 1))
STAGES = st.tuples(NAME, DAYS, st.integers(0, 30), st.booleans(), LIST).map(
    lambda told: Stage(
        told[0], "" if told[3] else told[1].isoformat(), (told[1] + timedelta(days=told[2])).isoformat(), told[4]
    )
)
SURVEYS = st.tuples(NAME, st.integers(0, 99), DAYS, TEXT).map(
    lambda told: Survey(told[0], told[1] + 1, told[1], told[2].isoformat(), told[3])
)
NARRATIVES = st.builds(
    Narrative,
    title=TEXT,
    declared_score=st.none() | st.decimals(0, 100, places=2),
    declared_grade=TEXT,
    basis=TEXT,
    key_tasks=LIST,
    problems=st.lists(st.builds(Issue, NAME, TEXT), max_size=2).map(tuple),
    measures=LIST,
    stages=st.lists(STAGES, max_size=2).map(tuple),
    surveys=st.lists(SURVEYS, max_size=2).map(tuple),
    sources=LIST,
)


@given(NARRATIVES)
@settings(max_examples=80, deadline=None)
def test_a_narrative_reads_back_as_it_was_written(narrative: Narrative) -> None:
    back, problems = parse_narrative(narrative_bytes(narrative), "narrative.toml")
    assert (back, problems) == (narrative, [])


@given(st.lists(st.tuples(NAME, TEXT, TEXT), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_table_reads_back_as_it_was_written(rows: list[tuple[str, str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["indicator", "target", "actual"]).reindex(
        columns=INDICATORS.names, fill_value=""
    )
    text, problems = parse_csv(table_bytes(frame, INDICATORS), "indicators.csv")
    assert problems == []
    assert text[["indicator", "target", "actual"]].to_numpy().tolist() == [list(row) for row in rows]


NOTHING_NEW = pd.DataFrame()
BAD, DOUBTFUL = Problem("E203", "不是数"), Problem("W312", "可疑", severity="警告")


def test_what_filing_says_again_is_listed_once_and_what_it_adds_last() -> None:
    documents = [Document("甲.xlsx", "模板", 1, problems=(DOUBTFUL, DOUBTFUL))]
    outcomes = [Outcome("shili", 2022, REFUSED, "data/shili/2022", problems=(BAD, DOUBTFUL), differences=NOTHING_NEW)]
    assert every_problem(documents, outcomes) == [DOUBTFUL, DOUBTFUL, BAD]


@pytest.mark.parametrize(
    ("family", "status", "problems", "fine"),
    [
        ("模板", WRITTEN, [], True),
        ("模板", SAME, [DOUBTFUL], True),
        ("模板", READY, [BAD], False),
        ("模板", REFUSED, [], False),
        ("", WRITTEN, [], False),
    ],
)
def test_something_is_left_to_mend(family: str, status: str, problems: list[Problem], fine: bool) -> None:
    outcome = Outcome("shili", 2022, status, "data/shili/2022", differences=NOTHING_NEW)
    assert in_order([Document("乙.txt", "", 0), Document("甲.xlsx", family, 1)], [outcome], problems) is fine
