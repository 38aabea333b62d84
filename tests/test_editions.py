"""A project that the first edition made opens in this one: its data, settings, ledger and notebooks."""

import json
import shutil
from pathlib import Path

import pytest

import perfeval as pe
from perfeval.run import editions, project
from perfeval.run.contract import fitted, read

KEPT = Path(__file__).parent / "made_with_0.1"
"""Made by perfeval 0.1: ``demo --subdistricts 1 --years 2022-2023 --seed 3``, then ``run``; pages left out."""
OLD = ("annual", "explore", "overview", "review", "trend")
NEW = ("district", "questions")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT, tmp_path / "项目"))


def edit(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": "# 我加的"})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_its_data_settings_and_runs_are_read(old: Path, command) -> None:
    told = command("status", "--history", cwd=old).out.splitlines()
    runs = [line.split("  ")[1] for line in told if line.startswith("20")]
    assert runs == ["完成", "完成", "失败", "失败", "完成"]
    assert len(pe.rows(old / "data")) == len(pe.load(old / "data").indicators) == 75
    place = project.read(old / "perfeval.toml")
    assert (place.schedule.arguments, place.reports) == (("--year", "2023"), ("annual", "trend", "overview"))


def test_old_notebooks_are_told_by_check_and_run_and_nothing_is_made(old: Path, command) -> None:
    checked = command("check", cwd=old)
    assert checked.code == 1
    assert [line.split("：")[0] for line in checked.out.splitlines() if "E5" in line] == [
        f"错误 E520 notebooks/{name}.ipynb" for name in ("annual", "overview", "trend")
    ]
    run = command("run", cwd=old)
    assert run.code == 2
    assert "annual（0.1版）、overview（0.1版）、trend（0.1版）；请执行 perfeval upgrade" in run.err
    assert not list(old.glob("outputs/**/*.html"))


def test_upgrade_replaces_them_and_its_reports_are_made(old: Path, process) -> None:
    done = process("upgrade", "--json", cwd=old)
    told = json.loads(done.out)
    assert (told["written"], told["changed"]) == (sorted([*OLD, *NEW]), [])
    assert "annual" in told["fitted"], "its defaults name this project's office"
    assert "错误0处" in process("check", cwd=old).out
    made = process("run", "-r", "annual", "-r", "trend", cwd=old)
    assert (made.code, len(list(old.glob("outputs/**/*.html")))) == (0, 4), made.out + made.err
    assert "程序变化" in made.err
    assert process("upgrade", cwd=old).out.startswith("笔记本不用换。")


def test_what_somebody_has_changed_is_left_or_kept_aside(old: Path, command) -> None:
    mine = old / "notebooks" / "annual.ipynb"
    edit(mine)
    (old / "notebooks" / "own.ipynb").write_bytes((KEPT / "notebooks" / "trend.ipynb").read_bytes())
    before = mine.read_bytes()
    done = command("upgrade", cwd=old)
    assert "有改动、没有换的：annual；要换的，加 --replace" in done.out
    assert mine.read_bytes() == before
    for number in ("", "2"):
        edit(mine)
        before = mine.read_bytes()
        assert "有改动的（annual）原样留作 .ipynb.bak" in command("upgrade", "--replace", cwd=old).out
        assert mine.with_name(f"annual.ipynb.bak{number}").read_bytes() == before
        assert editions.fingerprint(read(mine)) == editions.fingerprint(read(editions.brought() / "annual.ipynb"))
    assert (old / "notebooks" / "own.ipynb").exists()


def test_a_notebook_of_ones_own_defaults_is_still_recognised() -> None:
    text = (KEPT / "notebooks" / "annual.ipynb").read_text(encoding="utf-8")
    assert editions.earlier(json.loads(fitted(text, {"year": 1999}))) == "0.1"


@pytest.mark.parametrize("name", sorted(path.stem for path in editions.brought().glob("*.ipynb")))
def test_what_this_edition_brings_along_is_none_of_an_earlier_one(name: str) -> None:
    assert editions.earlier(read(editions.brought() / f"{name}.ipynb")) == ""


def test_a_project_begun_inside_an_old_one_gets_the_present_notebooks(old: Path, command) -> None:
    assert command("new", "新的", cwd=old).code == 0
    assert all(not editions.earlier(read(path)) for path in (old / "新的" / "notebooks").glob("*.ipynb"))
