"""Packed data: loading them is loading the folders they were packed from."""

import importlib.util
import os
import shutil
import time
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import perfeval as pe
from perfeval.ingest import packed, store
from perfeval.ingest.packing import pack
from perfeval.model.data import Data
from perfeval.model.errors import DataError, NotOnFile, PerfevalError

ROOT = Path(__file__).parents[1]
INDICATORS = (
    "goal_no,goal,category,indicator,target,actual,weight,declared_score,declared_met\n"
    "1,甲,产出,办件数,100件,98件,50.0,49.00,未完成\n,,满意度,满意率,90%,,30,,完成\n"
)
NARRATIVE = 'declared_score = "98.0"\nmeasures = ["一", "二"]\n\n[[problems]]\ntext = "偏低"\ncause = "人手"\n'
SUPPRESSION = '[[suppress]]\ncode = "M03"\nreason = "没有"\n'


@pytest.fixture
def filed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three offices: two years and a decision, one that is not listed and whose file is GB18030, the report on file."""
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    for name, year in (("b", 2021), ("b", 2022), ("汉正", 2022)):
        folder = data / name / str(year)
        folder.mkdir(parents=True)
        amounts = "部门整体支出,120.50,1.1E2\n" if year == 2022 else "部门整体支出,100,\n"
        (folder / "budget.csv").write_text(
            f"item,adjusted,executed\n{amounts}".replace("1.1E2", "110"), encoding="utf-8"
        )
        (folder / "indicators.csv").write_text(INDICATORS, encoding="gb18030" if name == "汉正" else "utf-8")
    (data / "b/2022/narrative.toml").write_text(NARRATIVE, encoding="utf-8")
    (data / "b/2022/suppressions.toml").write_text(SUPPRESSION, encoding="utf-8")
    (data / "b/matches.csv").write_text(
        "year,previous_year,indicator,previous_indicator,decision\n2022,2021,办件数,满意率,不同\n", encoding="utf-8"
    )
    shutil.copytree(ROOT / "data/ronghua", data / "ronghua")
    (data / "subdistricts.csv").write_text(
        "id,name,district,aliases\nb,乙街道,示例区,乙街\nronghua,荣华街道,示例区,\n", encoding="utf-8"
    )
    return data


def same(one: Data, other: Data) -> None:
    """Everything is alike but where the sources lie."""
    for name in ("budget", "indicators", "subdistricts", "matches"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_frame_equal(one.sources.drop(columns="file"), other.sources.drop(columns="file"))
    assert one.narratives == other.narratives
    assert one.suppressions == other.suppressions
    assert sorted(map(str, one.problems)) == sorted(map(str, other.problems))
    assert one.columns == other.columns
    for column in ("adjusted", "executed"):
        assert list(map(repr, one.budget[column])) == list(map(repr, other.budget[column]))  # 120.50 stays 120.50


def moved(filed: Path) -> None:
    """Pack into another folder and put that in the place of the first, so that names are alike."""
    pack("data", "elsewhere")
    filed.rename(filed.with_name("folders"))
    Path("elsewhere").rename(filed)


@pytest.mark.parametrize(
    ("names", "years"),
    [(None, None), ("b", None), (["乙街", "汉正"], 2022), ("ronghua", 2022), ("b", range(2020, 2030))],
)
def test_the_law_packing_changes_nothing(filed: Path, names, years) -> None:
    before = store.load("data", names, years)
    moved(filed)
    assert not list(filed.rglob("indicators.csv"))
    same(store.load("data", names, years), before)


def test_catalog_names_and_fingerprints_are_the_same(filed: Path) -> None:
    held = store.catalog("data")
    prints = [
        store.fingerprint("data", name, year) for name, year in held[["subdistrict", "year"]].itertuples(index=False)
    ]
    both = store.fingerprint_office("data", "b", [2021, 2022])
    moved(filed)
    pd.testing.assert_frame_equal(store.catalog("data"), held)
    assert [
        store.fingerprint("data", name, year) for name, year in held[["subdistrict", "year"]].itertuples(index=False)
    ] == prints
    assert store.fingerprint_office("data", "b", [2021, 2022]) == both
    assert [store.resolve("data", name) for name in ("汉正", "乙街", "ronghua")] == ["汉正", "b", "ronghua"]
    with pytest.raises(NotOnFile, match="没有2019年度"):
        store.load("data", "b", 2019)
    with pytest.raises(NotOnFile, match="没有2019年度"):
        store.fingerprint("data", "b", 2019)


def test_an_evaluation_is_the_same_and_its_provenance_names_the_packed_file(filed: Path) -> None:
    before = pe.evaluate(store.load("data", "b", 2022))
    moved(filed)
    after = pe.evaluate(store.load("data", "b", 2022))
    pd.testing.assert_frame_equal(after.indicators, before.indicators)
    pd.testing.assert_frame_equal(after.findings, before.findings)
    assert after.scores == before.scores
    assert after.problems == before.problems
    part = f"data/packed/part={packed.part_of('b')}"
    assert after.provenance["file"].tolist() == [
        f"{part}/budget.parquet", f"{part}/indicators.parquet", f"{part}/texts.parquet", f"{part}/texts.parquet",
    ]  # fmt: skip
    assert after.provenance["sha256"].tolist() == before.provenance["sha256"].tolist()


def test_a_rule_set_of_ones_own_is_found_beside_packed_data(filed: Path) -> None:
    text = (ROOT / "perfeval/analysis/rulesets/hubei.toml").read_text(encoding="utf-8")
    filed.with_name("ours.toml").write_text(text, encoding="utf-8")
    pack("data", "data")
    shutil.rmtree(filed / "b")
    assert pe.evaluate(store.load("data", "b", 2022), "ours.toml").ruleset.name == "ours.toml"


@pytest.mark.usefixtures("filed")
def test_warnings_are_packed_and_come_back() -> None:
    assert any("GB18030" in str(found) for found in store.load("data", "汉正").problems)
    pack("data", "there")
    found = [str(one) for one in store.load("there", "汉正").problems if one.code == "W101"]
    assert len(found) == 1
    assert "there/汉正/2022/indicators.csv" in found[0]


def test_a_folder_goes_before_what_is_packed_and_says_so(filed: Path) -> None:
    pack("data", "data")
    table = filed / "b/2022/budget.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("110", "111"), encoding="utf-8")
    data = store.load("data", "b", 2022)
    assert data.budget["executed"].tolist() == [Decimal(111)]
    assert [one.file for one in data.problems if one.code == "N502"] == ["data/b/2021", "data/b/2022"]
    assert len(store.catalog("data")) == 4


def test_errors_are_all_told_and_nothing_is_written(filed: Path) -> None:
    (filed / "b/2021/budget.csv").unlink()
    (filed / "汉正/2022/indicators.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        pack("data", "there")
    assert {one.code for one in caught.value.problems} >= {"E501", "E103"}
    assert list(Path("there").iterdir()) == []


def test_packed_data_are_replaced_only_when_asked(filed: Path) -> None:
    pack("data", "data")
    with pytest.raises(PerfevalError, match="--replace"):
        pack("data", "data")
    shutil.rmtree(filed / "ronghua")
    assert pack("data", "data", replace=True)["subdistrict"].tolist() == ["b", "b", "汉正"]
    assert store.check("data", "b") != []
    assert sorted(path.name for path in filed.iterdir()) == ["b", "packed", "subdistricts.csv", "汉正"]


@pytest.mark.parametrize("age", [0, 3600], ids=["just written", "settled"])
def test_data_packed_anew_are_seen_by_the_next_load(filed: Path, age: int) -> None:
    folders = filed.with_name("folders")
    shutil.copytree(filed, folders)
    for number, (year, executed) in enumerate([(2022, 110), (2022, 111), (2023, 111)]):
        table = folders / "b/2022/budget.csv"
        if table.exists():
            table.write_text(f"item,adjusted,executed\n部门整体支出,120.50,{executed}\n", encoding="utf-8")
        if year != 2022:
            (folders / "b/2022").rename(folders / f"b/{year}")
            (folders / "b/matches.csv").unlink()
        pack(folders, "there", replace=True)
        index = Path("there/packed/index.parquet")
        if age:
            os.utime(index, (time.time(), time.time() - age + number))
        data = store.load("there", "b")
        assert data.budget["executed"].tolist() == [None, Decimal(executed)]
        assert data.budget["year"].tolist() == [2021, year]
        assert data.sources["year"].unique().tolist() == [2021, year]
        assert len(store.catalog("there")) == 4


def test_a_part_that_lacks_a_column_is_named(filed: Path) -> None:
    moved(filed)
    part = filed / f"packed/part={packed.part_of('b')}/texts.parquet"
    pd.read_parquet(part).drop(columns="text").to_parquet(part, index=False)
    with pytest.raises(DataError, match=r"E110 .*texts\.parquet.*请重新打包"):
        store.load("data", "b")


def test_a_damaged_or_missing_part_is_named(filed: Path) -> None:
    moved(filed)
    part = filed / f"packed/part={packed.part_of('b')}"
    (part / "budget.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(DataError, match=r"part=.*/budget\.parquet.*请重新打包"):
        store.load("data", "b")
    assert [one.code for one in store.check("data", "b")] == ["E110"]
    (part / "budget.parquet").unlink()
    with pytest.raises(DataError, match=r"budget\.parquet"):
        store.load("data", "b")


@pytest.mark.usefixtures("filed")
def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pack("data", "there")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find(name))
    with pytest.raises(DataError, match=r"perfeval\[parquet\]"):
        store.load("there", "b")
    with pytest.raises(DataError, match=r"perfeval\[parquet\]"):
        pack("data", "other")
    assert store.load("data", "b").problems is not None  # folders need no pyarrow


def test_row_groups_are_left_unread_by_their_statistics(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"subdistrict": [f"s{n:05}" for n in range(3 * packed.GROUP)], "year": 2022, "file": "x", "text": "y"}
    )
    packed._write(tmp_path / "texts.parquet", rows)
    about = packed.pyarrow_parquet("").ParquetFile(tmp_path / "texts.parquet").metadata
    assert packed._groups(about, None) == [0, 1, 2]
    assert packed._groups(about, {f"s{packed.GROUP:05}"}) == [1]
    assert packed._groups(about, {"s00000", "s05999"}) == [0, 2]
    read = packed._read(tmp_path, tmp_path / "texts.parquet", {"s00007"}, packed.TEXT_TYPES)
    assert read.column("subdistrict").to_pylist() == ["s00007"]


def test_no_office_can_be_called_like_the_folder_of_packed_data(filed: Path) -> None:
    (filed / "subdistricts.csv").write_text("id,name\npacked,示例街道\n", encoding="utf-8")
    assert "E503" in {one.code for one in store.check("data", "b")}
