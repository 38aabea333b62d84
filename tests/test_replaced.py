"""What an import replaces is kept, and brought back by ``perfeval import --undo``."""

import errno
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from perfeval.ingest import filing, replaced, store
from perfeval.ingest.directory import Unit
from perfeval.ingest.document import Document, Place
from perfeval.ingest.writing import together
from perfeval.model.errors import NotOnFile
from perfeval.model.schema import BUDGET, INDICATORS, Narrative


def document(executed: str, *, words: bool = True, year: int = 2023, **more: object) -> Document:
    budget = pd.DataFrame([{"item": "部门整体支出", "adjusted": Decimal(100), "executed": Decimal(executed)}])
    rows = pd.DataFrame([{"category": "产出", "indicator": "巡查次数", "target": "≥50次", "actual": "52次"}])
    narrative = Narrative(declared_score=Decimal(98)) if words else Narrative()
    return Document(
        file="甲.xlsx", family="财政部通用格式", confidence=1.0, subdistrict="shili", year=year,
        budget=budget.reindex(columns=[*BUDGET.names, "source"]).astype({"goal_no": "Int64"}),
        indicators=rows.reindex(columns=INDICATORS.names, fill_value="").assign(
            goal_no=pd.array([None], dtype="Int64"), weight=None, declared_score=None, reviewed_score=None
        ),
        narrative=narrative, **more,
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "subdistricts.csv").write_text("id,name\nshili,示例街道办事处\n", encoding="utf-8")
    return tmp_path


def state(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "shili" / "2023").iterdir()}


def test_replaced_files_are_kept_and_come_back_to_the_byte(data: Path) -> None:
    (first,) = filing.write([document("90")], data)
    before = state(data)
    assert first.kept == ""
    (second,) = filing.write([document("80")], data, replace=True)
    after = state(data)
    assert before != after
    assert {path.name: path.read_bytes() for path in Path(second.kept).iterdir()} == before
    (back,) = replaced.bring_back(data)
    assert (back.unit, state(data)) == (Unit("shili", 2023), before)
    replaced.bring_back(data)
    assert state(data) == after, "twice changes nothing"
    assert store.check(data) == []


def test_the_last_import_is_brought_back_though_the_clock_was_set_back_or_folders_are_gone(data: Path) -> None:
    filing.write([document("90")], data)
    (first,) = filing.write([document("80")], data, replace=True)
    kept = data / replaced.FOLDER
    (kept / Path(first.kept).relative_to(kept).parts[0]).rename(kept / "29991231-235959-002")
    before = state(data)
    filing.write([document("70")], data, replace=True)
    assert sorted(path.name for path in kept.iterdir()) == ["29991231-235959-002", "29991231-235959-003"]
    replaced.bring_back(data)
    assert state(data) == before


def test_a_file_that_was_not_there_before_goes_again(data: Path) -> None:
    filing.write([document("90", words=False)], data)
    filing.write([document("80")], data, replace=True)
    assert "narrative.toml" in state(data)
    replaced.bring_back(data)
    assert sorted(state(data)) == ["budget.csv", "indicators.csv"]
    replaced.bring_back(data)
    assert "narrative.toml" in state(data)


def test_one_year_is_brought_back_alone(data: Path) -> None:
    for executed in ("90", "80"):
        filing.write([document(executed), document(executed, year=2024)], data, replace=True)
    (back,) = replaced.bring_back(data, "shili", 2024)
    assert back.unit.year == 2024
    budget = store.load(data).budget.set_index("year")["executed"]
    assert budget.to_dict() == {2023: Decimal(80), 2024: Decimal(90)}
    with pytest.raises(NotOnFile, match="2025年度的可以恢复的数据"):
        replaced.bring_back(data, "shili", 2025)


def test_dry_runs_and_refusals_keep_nothing(data: Path) -> None:
    filing.write([document("90")], data)
    filing.write([document("80")], data, replace=True, dry_run=True)
    filing.write([document("80")], data)
    broken = document("80")
    broken.indicators.loc[0, "category"] = "没有这一类"
    filing.write([broken], data, replace=True)
    assert not (data / replaced.FOLDER).exists()
    with pytest.raises(NotOnFile):
        replaced.bring_back(data)


def test_files_that_cannot_be_put_back_stay_as_they_are(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.old").write_text(name)
        (tmp_path / f"{name}.new").write_text(f"{name} new")
    (tmp_path / "stage").mkdir()
    moves = [(tmp_path / "a.new", tmp_path / "a.old"), (tmp_path / "没有.new", tmp_path / "b.old")]
    with pytest.raises(OSError) as caught:  # noqa: PT011  # the kind is asserted below
        replaced.move(moves, tmp_path / "stage")
    assert caught.value.errno == errno.ENOENT
    assert [(tmp_path / f"{name}.old").read_text() for name in ("a", "b")] == ["a", "b"]


def test_two_imports_in_one_second_are_kept_apart(data: Path) -> None:
    for executed in ("90", "80", "70", "60"):
        filing.write([document(executed)], data, replace=True)
    assert len(list((data / replaced.FOLDER).iterdir())) == 3
    replaced.bring_back(data)
    assert store.load(data).budget["executed"].tolist() == [Decimal(70)]


def test_what_the_loader_says_points_at_the_cell_it_was_read_from(data: Path) -> None:
    places = {
        ("budget", 0, "executed"): Place("自评表", 5, 4),
        ("indicators", 0, "indicator"): Place("自评表", 9, 2),
        ("indicators", 0, "category"): Place("自评表", 8, 0),
    }
    one = document("101", places=places)
    one.indicators.loc[0, "category"] = "没有这一类"
    (outcome,) = filing.write([one], data)
    told = {found.code: (found.file, found.sheet, found.row, found.column) for found in outcome.problems}
    assert told["W302"] == ("甲.xlsx", "自评表", 5, "E")
    assert told["E205"] == ("甲.xlsx", "自评表", 8, "A")


def test_places_follow_their_rows_when_projects_are_put_together() -> None:
    def project(file: str, title: str) -> Document:
        places = {("budget", 0, "executed"): Place("表", 3, 4), ("indicators", 0, "actual"): Place("表", 9, 4)}
        one = document("90", places=places)
        one.budget.loc[0, "item"] = "年度资金总额"
        return Document(**{name: getattr(one, name) for name in one.__slots__} | {"file": file, "title": title})

    (whole,) = together([project("甲.xlsx", "甲项目"), project("乙.xlsx", "乙项目")]).values()
    assert {key: (place.file, place.row) for key, place in whole.places.items()} == {
        ("budget", 0, "executed"): ("甲.xlsx", 3),
        ("indicators", 0, "actual"): ("甲.xlsx", 9),
        ("budget", 1, "executed"): ("乙.xlsx", 3),
        ("indicators", 1, "actual"): ("乙.xlsx", 9),
    }


def test_the_command_keeps_tells_and_brings_back(command, tmp_path: Path) -> None:
    import offices

    (tmp_path / "perfeval.toml").write_text("", encoding="utf-8")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "subdistricts.csv").write_text("id,name\nshili,示例街道办事处\n", encoding="utf-8")
    offices.write_docx(tmp_path / "报告.docx", offices.report())
    command("import", "报告.docx", cwd=tmp_path)
    budget = folder / "shili" / "2023" / "budget.csv"
    mine = budget.read_bytes().replace(b"600.00", b"601.00")
    budget.write_bytes(mine)
    done = command("import", "报告.docx", "--replace", cwd=tmp_path)
    assert "原有数据留在 data/.replaced/" in done.out
    assert budget.read_bytes() != mine
    back = command("import", "--undo", "-s", "示例街道办事处", cwd=tmp_path)
    assert (back.code, "已恢复  data/shili/2023" in back.out) == (0, True)
    assert budget.read_bytes() == mine
    assert command("import", cwd=tmp_path).code == 2
    assert command("import", "报告.docx", "--undo", cwd=tmp_path).code == 2
