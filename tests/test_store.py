"""What is on file, and loading it."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from perfeval.ingest import holdings, store
from perfeval.ingest.directory import directory, state
from perfeval.model.errors import DataError, NotOnFile, ParameterError
from perfeval.model.schema import BUDGET, INDICATORS, ORIGIN, OWNER, TABLES, Issue, Narrative, Stage, Survey

ROOT = Path(__file__).parents[1]
BUDGET_FILE = "item,adjusted,executed\n基本支出,1,1\n项目支出,2,2\n部门整体支出,3,3\n"
INDICATOR_FILE = "goal_no,goal,category,indicator,target,actual\n1,甲,产出,一,100%,100%\n"


@pytest.fixture
def filed(tmp_path, monkeypatch):
    """Two sub-districts, three years, in the working directory; only the first is listed with an alias."""
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    for name, year in (("ronghua", 2021), ("ronghua", 2022), ("汉正", 2022)):
        folder = data / name / str(year)
        folder.mkdir(parents=True)
        (folder / "budget.csv").write_text(BUDGET_FILE, encoding="utf-8")
        (folder / "indicators.csv").write_text(INDICATOR_FILE, encoding="utf-8")
    (data / "ronghua/2022/narrative.toml").write_text('declared_score = "98"\n', encoding="utf-8")
    text = "id,name,aliases\nronghua,荣华街道办事处,荣华街；荣华街道\n汉正,汉正街道办事处,\nyijia,易家街道办事处,\n"
    (data / "subdistricts.csv").write_text(text, encoding="utf-8")
    return data


def test_the_source_report_is_on_file_without_a_doubt(monkeypatch):
    monkeypatch.chdir(ROOT)
    data = store.load("data", subdistrict="ronghua", years=2022)
    assert data.problems == ()
    assert store.check("data") == []
    rows = data.indicators
    assert len(rows) == 39
    assert rows["category"].value_counts().to_dict() == {"产出": 29, "效益": 6, "满意度": 4}
    assert rows.groupby("goal_no").size().to_dict() == dict(
        zip(range(1, 13), [4, 3, 5, 6, 1, 4, 2, 1, 3, 2, 3, 5], strict=True)
    )
    assert rows["goal"].nunique() == 12
    missed = rows[rows["declared_met"].str.startswith("未")]
    assert missed["indicator"].tolist() == ["信访积案化解率", "消防隐患整治率99%"]
    assert missed["goal_no"].tolist() == [4, 4]
    assert (missed[["reason", "measure"]] != "").all(axis=None)
    assert len(rows) - len(missed) == 37
    assert rows["source"].str.fullmatch(r"自评报告正文第\d+行").all()
    assert data.budget["executed"].tolist() == [Decimal("2033.69"), Decimal("3397.59"), Decimal("5431.28")]
    assert data.budget["adjusted"].tolist() == data.budget["executed"].tolist()
    assert data.budget["opening"].tolist() == [None] * 3


def test_the_source_reports_narrative(monkeypatch):
    monkeypatch.chdir(ROOT)
    narrative = store.load("data", "荣华街", 2022).narratives["ronghua", 2022]
    assert str(narrative.declared_score) == "98"
    assert "硚财〔2023〕9号" in narrative.basis
    assert len(narrative.key_tasks) == 9
    assert [(stage.start, stage.end) for stage in narrative.stages] == [
        ("2023-06-05", "2023-06-09"),
        ("2023-06-12", "2023-06-16"),
        ("2023-06-19", "2023-06-30"),
        ("2023-07-03", "2023-07-07"),
        ("", "2023-07-15"),
    ]
    assert [bool(issue.cause) for issue in narrative.problems] == [False, True, True, True]
    assert narrative.other_evidence == ("无",)


def test_the_guide_to_the_data_names_every_column_and_key():
    guide = (ROOT / "data/README.md").read_text(encoding="utf-8")
    columns = [column for kind in TABLES.values() for column in kind.columns]
    keys = [field.name for kind in (Narrative, Issue, Stage, Survey) for field in fields(kind)]
    assert [column.label for column in columns if f"`{column.name}`" not in guide or column.title not in guide] == []
    assert [key for key in keys if f"`{key}`" not in guide and f"[[{key}]]" not in guide] == []


def test_the_catalog_lists_what_is_there(filed):
    expected = {
        "subdistrict": ["ronghua", "ronghua", "汉正"],
        "year": [2021, 2022, 2022],
        "name": ["荣华街道办事处", "荣华街道办事处", "汉正街道办事处"],
        "files": [
            ("budget.csv", "indicators.csv"),
            ("budget.csv", "indicators.csv", "narrative.toml"),
            ("budget.csv", "indicators.csv"),
        ],
    }
    assert store.catalog("data").to_dict("list") == expected
    pd.testing.assert_frame_equal(store.catalog(filed), store.catalog("data"))


def test_an_empty_folder_has_an_empty_catalog_and_nothing_to_load(tmp_path):
    assert store.catalog(tmp_path).empty
    with pytest.raises(NotOnFile, match="没有任何街道的数据"):
        store.load(tmp_path)
    with pytest.raises(NotOnFile, match="没有数据目录"):
        store.catalog(tmp_path / "别处")


@pytest.mark.usefixtures("filed")
def test_frames_have_owner_and_origin():
    data = store.load("data")
    assert list(data.budget.columns) == [*OWNER, *BUDGET.names, *ORIGIN]
    assert list(data.indicators.columns) == [*OWNER, *INDICATORS.names, *ORIGIN]
    assert data.budget[["subdistrict", "year"]].drop_duplicates().to_numpy().tolist() == [
        ["ronghua", 2021],
        ["ronghua", 2022],
        ["汉正", 2022],
    ]
    assert data.budget["file"].iloc[-1] == "data/汉正/2022/budget.csv"
    assert data.budget["row"].tolist() == [2, 3, 4] * 3
    assert data.indicators["target"].tolist() == ["100%"] * 3
    assert not data.indicators.drop(columns=["weight", "declared_score", "reviewed_score"]).isna().any(axis=None)
    assert data.sources["file"].tolist()[:3] == [
        "data/ronghua/2021/budget.csv",
        "data/ronghua/2021/indicators.csv",
        "data/ronghua/2022/budget.csv",
    ]
    assert data.sources["rows"].tolist() == [3, 1, 3, 1, 1, 3, 1]
    assert data.sources["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert [problem.code for problem in data.problems] == ["N501", "N501"]


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize("name", ["ronghua", "荣华街道办事处", "荣华街", "荣华街道"])
def test_a_sub_district_has_several_names(name):
    assert holdings.resolve("data", name) == "ronghua"
    assert set(store.load("data", subdistrict=name).budget["subdistrict"]) == {"ronghua"}


@pytest.mark.usefixtures("filed")
def test_several_may_be_asked_for():
    data = store.load("data", subdistrict=["汉正", "荣华街"], years=[2022])
    assert data.sources[["subdistrict", "year"]].drop_duplicates().to_numpy().tolist() == [
        ["ronghua", 2022],
        ["汉正", 2022],
    ]
    assert list(data.narratives) == [("ronghua", 2022), ("汉正", 2022)]


@pytest.mark.usefixtures("filed")
def test_what_the_catalog_gives_can_be_asked_for():
    for subdistrict, year in store.catalog("data")[["subdistrict", "year"]].itertuples(index=False):
        assert len(store.load("data", subdistrict, year).budget) == 3
    assert len(store.load("data", years=store.catalog("data")["year"]).budget) == 9


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"subdistrict": "rongua"}, "没有名为“rongua”的街道，是否指“ronghua”？"),
        ({"subdistrict": "../data/ronghua"}, "没有名为“../data/ronghua”的街道"),
        ({"subdistrict": "."}, "没有名为“.”的街道"),
        ({"subdistrict": "yijia"}, "街道“yijia”没有任何年度的数据"),
        ({"years": 2032}, "没有2032年度的数据；现有年度：2021、2022"),
        ({"years": [2022, 2032]}, "没有2032年度的数据"),
        ({"subdistrict": ["ronghua", "汉正"], "years": 2021}, "街道“汉正”没有2021年度的数据；现有年度：2022"),
    ],
)
def test_what_is_not_on_file_is_named_with_what_is(asked, told):
    for function in (store.load, store.check):
        with pytest.raises(NotOnFile) as raised:
            function("data", **asked)
        assert told in str(raised.value)


def test_a_district_in_the_place_of_an_office_is_told_its_option(filed):
    (filed / "subdistricts.csv").write_text("id,name,district\nronghua,荣华街道办事处,硚口区\n", encoding="utf-8")
    with pytest.raises(NotOnFile, match=r"^“硚口区”是区县，不是街道；命令里请用 --district 硚口区$"):
        store.load("data", "硚口区")


@pytest.mark.parametrize("age", [0, 3600], ids=["just written", "settled"])
def test_a_change_of_the_directory_is_seen_by_the_next_load(filed, age):
    path = filed / "subdistricts.csv"
    text = path.read_text(encoding="utf-8")
    for number, name in enumerate(("荣华街道办事处", "甲乙街道办事处", "丙丁街道办事处")):  # as many bytes each time
        path.write_text(text.replace("荣华街道办事处", name), encoding="utf-8")
        if age:
            os.utime(path, (time.time(), time.time() - age + number))
        data = store.load("data", "ronghua", 2022)
        assert data.subdistricts["name"].tolist() == [name, "汉正街道办事处", "易家街道办事处"]
        assert holdings.resolve("data", name) == "ronghua"
        assert holdings.names("data")["ronghua"] == name
    path.unlink()
    assert store.load("data", "ronghua", 2022).subdistricts["name"].tolist() == ["ronghua"]
    path.write_text("id,name\nronghua,\n", encoding="utf-8")
    with pytest.raises(DataError, match="E202"):
        store.load("data", "ronghua", 2022)


@pytest.mark.usefixtures("filed")
def test_what_is_done_to_loaded_data_stays_there():
    first = store.load("data", "ronghua", 2022)
    first.subdistricts.loc[0, "name"] = "改过"
    first.subdistricts["city"] = "改过"
    found = store.subdistricts("data")
    found["id"] = "改过"
    again = store.load("data", "ronghua", 2022)
    assert again.subdistricts["name"].tolist() == ["荣华街道办事处", "汉正街道办事处", "易家街道办事处"]
    assert again.subdistricts["id"].tolist() == ["ronghua", "汉正", "yijia"]
    assert set(again.subdistricts["city"]) == {""}
    assert again.problems == first.problems
    assert store.subdistricts("data")["id"].tolist() == ["ronghua", "汉正", "yijia"]


@pytest.mark.usefixtures("filed")
def test_a_directory_that_could_not_be_opened_is_tried_again():
    path = Path("data/subdistricts.csv")
    os.utime(path, (time.time(), time.time() - 3600))

    def locked(_):
        raise PermissionError(13, "Permission denied")  # as where a spreadsheet program holds the file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", locked)
        assert [problem.code for problem in directory(Path("data")).problems] == ["E110"]
    assert directory(Path("data")).problems == ()
    assert len(store.subdistricts("data")) == 3


def test_the_state_of_a_file_is_told_only_when_its_time_can_tell(tmp_path):
    path = tmp_path / "文件"
    path.write_text("甲", encoding="utf-8")
    now = time.time()
    told = []
    for moment in (now - 3600, now - 3601, now - 3600 + 1e-6, now, now + 3600):  # the last: another machine's clock
        os.utime(path, (now, moment))
        told.append(state(path))
    assert told[3:] == [None, None]
    assert None not in told[:3]
    assert len(set(told[:3])) == 3


@pytest.mark.usefixtures("filed")
def test_the_same_relative_path_in_another_folder_is_another_list(tmp_path, monkeypatch):
    store.load("data", "ronghua")
    other = tmp_path / "另一处/data"
    shutil.copytree("data/ronghua", other / "ronghua")
    (other / "subdistricts.csv").write_text("id,name\nronghua,别名街道\n", encoding="utf-8")
    monkeypatch.chdir(other.parent)
    assert store.load("data", "ronghua").subdistricts["name"].tolist() == ["别名街道"]


def test_errors_of_every_file_are_raised_at_once(filed):
    (filed / "ronghua/2021/budget.csv").write_text("item,executed\n基本支出,x\n", encoding="utf-8")
    (filed / "汉正/2022/indicators.csv").unlink()
    with pytest.raises(DataError) as raised:
        store.load("data")
    assert [problem.code for problem in raised.value.problems if problem.code[0] == "E"] == ["E203", "E501"]
    assert len(store.load("data", years=2022, subdistrict="ronghua").budget) == 3


def test_a_sub_district_that_is_not_listed_goes_by_its_id(filed):
    (filed / "subdistricts.csv").unlink()
    data = store.load("data", subdistrict="汉正")
    assert data.subdistricts.to_dict("records") == [
        {"id": "汉正", "name": "汉正", "district": "", "city": "", "aliases": "", "synthetic": ""}
    ]
    assert [problem.code for problem in data.problems] == ["W501", "N501"]


def test_an_alias_of_two_finds_neither(filed):
    with (filed / "subdistricts.csv").open("a", encoding="utf-8") as file:
        file.write("another,另一街道,荣华街\n")
    with pytest.raises(NotOnFile, match="同时指几个街道：another、ronghua"):
        holdings.resolve("data", "荣华街")


def test_a_fingerprint_depends_on_what_feeds_a_year_and_on_nothing_else(filed, tmp_path):
    before = holdings.fingerprint("data", "ronghua", 2022)
    shutil.copytree(filed, tmp_path / "另一处")
    assert holdings.fingerprint(tmp_path / "另一处", "ronghua", 2022) == before
    (filed / "ronghua/2021/budget.csv").write_text("", encoding="utf-8")
    (filed / "ronghua/2022/原件.txt").write_text("", encoding="utf-8")
    with (filed / "subdistricts.csv").open("a", encoding="utf-8") as file:
        file.write("another,另一街道,\n")
    assert holdings.fingerprint("data", "ronghua", 2022) == before
    seen = {before}
    for change in (
        lambda: (filed / "ronghua/2022/budget.csv").write_text(BUDGET_FILE.replace("3,3", "3,2"), encoding="utf-8"),
        (filed / "ronghua/2022/narrative.toml").unlink,
        lambda: (filed / "subdistricts.csv").write_text("id,name\nronghua,荣华街\n", encoding="utf-8"),
    ):
        change()
        seen.add(holdings.fingerprint("data", "ronghua", 2022))
    assert len(seen) == 4
    with pytest.raises(NotOnFile):
        holdings.fingerprint("data", "ronghua", 2032)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_out_of_the_data_folder_are_refused(filed, tmp_path):
    outside = tmp_path / "外面"
    shutil.move(filed / "汉正", outside)
    (filed / "汉正").symlink_to(outside)
    (filed / "ronghua/2023").symlink_to(outside / "2022")
    (filed / "ronghua/2021/budget.csv").unlink()
    (filed / "ronghua/2021/budget.csv").symlink_to(outside / "2022/budget.csv")
    found = store.check("data")
    assert [(problem.code, problem.file) for problem in found if problem.code == "E502"] == [
        ("E502", "data/ronghua/2023"),
        ("E502", "data/汉正"),
        ("E502", "data/ronghua/2021/budget.csv"),
    ]
    assert store.catalog("data")["files"].tolist()[0] == ("indicators.csv",)
    with pytest.raises(DataError, match="E502 data/汉正"):
        store.load("data", subdistrict="汉正")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_inside_the_data_folder_and_a_linked_data_folder_are_fine(filed, tmp_path):
    (filed / "ronghua/2023").symlink_to(filed / "ronghua/2022")
    (tmp_path / "链接").symlink_to(filed)
    data = store.load(tmp_path / "链接", "ronghua", 2023)
    assert len(data.budget) == 3


def test_importing_the_store_loads_pandas_and_nothing_heavier():
    heavy = ["matplotlib", "papermill", "nbconvert", "openpyxl", "docx", "jinja2", "click"]
    program = f"import sys, perfeval.ingest.store; print(sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_range_of_years_means_those_on_file(tmp_path):
    for year in (2020, 2022):
        (tmp_path / "a" / str(year)).mkdir(parents=True)
        (tmp_path / "a" / str(year) / "budget.csv").write_text("item,executed\n基本支出,1\n", encoding="utf-8")
        (tmp_path / "a" / str(year) / "indicators.csv").write_text("category,indicator\n产出,甲\n", encoding="utf-8")
    assert sorted(set(store.load(tmp_path, "a", range(2019, 2023)).budget["year"])) == [2020, 2022]
    with pytest.raises(NotOnFile, match="2021"):
        store.load(tmp_path, "a", [2020, 2021])
    with pytest.raises(NotOnFile, match="2023、2024"):
        store.load(tmp_path, "a", range(2023, 2025))
    with pytest.raises(ParameterError, match=r"years 是空的：range\(2022, 2020\) 里没有年度，起止颠倒了？"):
        store.load(tmp_path, "a", range(2022, 2020))


@pytest.mark.usefixtures("filed")
def test_packed_data_of_an_earlier_release_are_named_and_taken_for_no_office():
    part = Path("data/packed/part=0b")
    part.mkdir(parents=True)
    (part.parent / "index.parquet").write_bytes(b"PAR1")
    named = [problem for problem in store.check("data") if problem.code == "W503"]
    assert [problem.file for problem in named] == ["data/packed"]
    assert "不再读取" in named[0].message
    assert "packed" not in set(store.catalog("data")["subdistrict"])
    with pytest.raises(NotOnFile):
        store.load("data", "packed")
