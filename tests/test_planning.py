"""The plan: why each report would be made, part by part; no kernel is needed to know."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import light
import pytest

from perfeval.model.errors import NotOnFile
from perfeval.run import ledger, planning, project
from perfeval.run.outcome import CUT, DONE, FAILED, Report, files, settle
from perfeval.run.planning import inputs, plan
from perfeval.run.project import Project


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """A project with one report, made as the plan says from what is there."""
    found = project.find(light.project(tmp_path / "项目", range(2022, 2023)))
    made(found)
    return found


def made(place: Project, status: str = DONE) -> None:
    """Note the report as made from what is there now; its files say nothing."""
    (task,) = plan(place)
    where = task.folder(place)
    where.mkdir(parents=True, exist_ok=True)
    for name in files("light"):
        (where / name).write_text(name, encoding="utf-8")
    with ledger.opened(place.outputs) as book:
        run = ledger.begin(book, task.key, task.reason, task.origin, {})
        outputs = settle(where, files("light")) if status == DONE else {}
        ledger.end(book, run, Report(*task.key, status, where, outputs=outputs, listed={"score": 1.5}))


def reason(place: Project, **asked: object) -> str:
    (task,) = plan(place, **asked)
    assert task.fresh == (task.reason == "未变")
    return task.reason


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_new_unchanged_and_forced(place: Project) -> None:
    assert reason(replace(place, outputs=place.root / "elsewhere")) == "新增"
    assert not (place.root / "elsewhere").exists(), "a plan makes nothing"
    assert reason(place) == reason(place, verify=True) == "未变"
    assert plan(place)[0].listed == {"score": 1.5}
    assert reason(place, force=True) == "强制"


def test_each_part_that_changed_is_named(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(place.data / "ronghua" / "2022" / "budget.csv", "2033.69", "2033.70")
    assert reason(place) == "数据变化"
    edit(place.notebook("light"), "time.sleep", "time.sleep  ")
    assert reason(place) == "数据变化、笔记本变化"
    assert reason(place, ruleset="flat") == "数据变化、笔记本变化、规则变化"
    made(place)
    assert reason(place) == "未变"
    monkeypatch.setattr(planning, "code", lambda: "another version")
    assert reason(place) == "程序变化"


def test_a_rule_set_of_ones_own_is_what_its_file_says(place: Project) -> None:
    (place.root / "own.toml").write_text("a", encoding="utf-8")
    own = replace(place, ruleset="own.toml")
    assert reason(own) == "规则变化"
    made(own)
    (place.root / "own.toml").write_text("b", encoding="utf-8")
    assert reason(own) == "规则变化"


@pytest.mark.parametrize(("status", "said"), [(FAILED, "上次失败"), (CUT, "上次中断"), ("", "上次中断")])
def test_what_did_not_end_well_is_tried_again(place: Project, status: str, said: str) -> None:
    made(place, status)
    assert reason(place) == said
    edit(place.data / "ronghua" / "2022" / "budget.csv", "2033.69", "2033.70")
    assert reason(place) == f"数据变化、{said}"


def test_outputs_that_somebody_changed_are_made_again(place: Project) -> None:
    (page,) = place.outputs.rglob("light.html")
    page.write_text("another page", encoding="utf-8")
    assert reason(place) == "输出被改动"
    page.unlink()
    assert reason(place) == "输出被改动"


def test_new_times_are_no_change_and_are_noted(place: Project) -> None:
    (before,) = plan(place)
    os.utime(place.data / "ronghua" / "2022" / "budget.csv", ns=(1, 1))
    (task,) = plan(place)
    assert (task.reason, task.restamped > 0, before.restamped) == ("未变", True, 0)
    with ledger.opened(place.outputs) as book:
        ledger.restamp(book, {task.restamped: task.origin.stamp})
    assert plan(place)[0].restamped == 0


def test_a_change_that_keeps_size_and_time_needs_verify(place: Project) -> None:
    budget = place.data / "ronghua" / "2022" / "budget.csv"
    time = budget.stat().st_mtime_ns
    edit(budget, "2033.69", "2033.70")
    os.utime(budget, ns=(time, time))
    assert reason(place) == "未变"
    assert reason(place, verify=True) == "数据变化"


def test_other_offices_are_no_part_of_a_report(place: Project) -> None:
    edit(place.data / "subdistricts.csv", "\n", "\nshili,示例街道,示例区,示例市,\n")
    lines = (place.data / "subdistricts.csv").read_text(encoding="utf-8").splitlines()
    (place.data / "subdistricts.csv").write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    assert reason(place) == "未变"


def test_inputs_are_hashed_file_by_file(place: Project) -> None:
    (task,) = plan(place)
    hashed = inputs(place.data, task.about)
    assert sorted(hashed) == [f"ronghua/2022/{name}" for name in ("budget.csv", "indicators.csv", "narrative.toml")]
    assert {len(sha) for sha in hashed.values()} == {64}


def test_planning_loads_nothing_that_runs_notebooks(place: Project) -> None:
    heavy = ["papermill", "nbformat", "nbclient", "nbconvert", "jupyter_client", "matplotlib", "IPython"]
    code = (
        "import sys, json; from perfeval.run.planning import plan; from perfeval.run import project;"
        f"plan(project.find()); print(json.dumps([name for name in {heavy!r} if name in sys.modules]))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=place.root, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == []


def test_a_report_of_a_year_is_made_again_when_the_year_before_changes(tmp_path: Path) -> None:
    place = project.find(light.project(tmp_path / "项目", range(2021, 2023)))

    def taken() -> dict[str, str]:
        return {task.about.period: task.origin.data for task in plan(place)}

    first = taken()
    edit(place.data / "ronghua" / "2021" / "budget.csv", "2033.69", "2033.70")
    second = taken()
    assert first["2021"] != second["2021"]
    assert first["2022"] != second["2022"]
    edit(place.data / "ronghua" / "2022" / "budget.csv", "2033.69", "2033.70")
    assert taken()["2021"] == second["2021"]
    about = {task.about.period: task.about for task in plan(place)}
    assert (about["2021"].before, about["2022"].before) == ((), (("ronghua", 2021),))
    assert "ronghua/2021/budget.csv" in inputs(place.data, about["2022"])


def test_a_districts_report_of_a_year_looks_back_at_all_its_years(tmp_path: Path) -> None:
    folder = light.project(tmp_path / "项目", range(2020, 2023))
    other = folder / "data" / "other"
    shutil.copytree(folder / "data" / "ronghua", other)
    (folder / "data" / "subdistricts.csv").write_text(
        "id,name,district\nronghua,甲,区\nother,乙,区\n", encoding="utf-8"
    )
    overview = (
        (folder / "notebooks" / "light.ipynb").read_text(encoding="utf-8").replace("subdistrict: str", "district: str")
    )
    (folder / "notebooks" / "all.ipynb").write_text(overview, encoding="utf-8")
    place = project.find(folder)
    before = {task.about.period: task for task in plan(place, "all")}
    assert before["2022"].about.before == tuple((name, year) for name in ("other", "ronghua") for year in (2020, 2021))
    edit(other / "2020" / "budget.csv", "2033.69", "2033.70")
    after = {task.about.period: task for task in plan(place, "all")}
    assert [before[year].origin.data != after[year].origin.data for year in ("2020", "2021", "2022")] == [True] * 3


def test_of_several_reports_one_without_anything_to_compare_is_left_out_and_named(tmp_path: Path) -> None:
    folder = light.project(tmp_path / "项目", range(2021, 2023))
    light_ = (folder / "notebooks" / "light.ipynb").read_text(encoding="utf-8")
    years = light_.replace('"year: int\\n",', '"first_year: int\\n", "last_year: int\\n",')
    (folder / "notebooks" / "years.ipynb").write_text(years, encoding="utf-8")
    place, left = project.find(folder), []
    assert [task.key[0] for task in plan(place, ["light", "years"], years=2022, leave=left.append)] == ["light"]
    assert left == ["“years”没有可比的数据：所选的范围里须有两个以上年度（-y 多次给出，或不写即全部年度）"]
    assert len(plan(place, ["light", "years"], leave=left.append)) == 3
    assert len(left) == 1
    for asked, told in ((["light", "years"], None), ("years", left.append)):
        with pytest.raises(NotOnFile, match="“years”没有可比的数据"):
            plan(place, asked, years=2022, leave=told)
