"""``run``, ``plan``, ``status`` and ``history`` as operators meet them."""

import json
import os
from pathlib import Path

import light
import pytest

from perfeval.cli.progress import Progress, rest
from perfeval.run import locking
from perfeval.run.batch import Batch
from perfeval.run.outcome import DONE, FAILED, UNCHANGED, Report


def test_plan_run_status_and_history_tell_one_story(command, tmp_path: Path) -> None:
    folder = light.project(tmp_path / "项目", range(2021, 2023), wait=0)
    told = command("run", "--dry-run", cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "新增  ronghua 2021 light",
        "新增  ronghua 2022 light",
        "共2份报告，要生成2份：新增2份。",
    ]
    assert not (folder / "outputs").exists(), "a plan makes nothing"
    assert "台账里没有所问的报告" in command("status", cwd=folder).out

    (folder / "data" / "ronghua" / "2021" / "budget.csv").unlink()
    ran = command("run", cwd=folder)
    assert ran.code == 1
    assert "要生成2份报告（新增2份）" in ran.err
    assert "完成1份，失败1份；用时" in ran.out
    assert "失败的报告：\n  失败  荣华街道办事处 2021 light：" in ran.out
    assert "荣华街道办事处" in (folder / "outputs" / "index.html").read_text(encoding="utf-8"), "a leader knows no ids"
    assert "荣华街道办事处 2021 light" in command("status", cwd=folder).out
    assert "budget.csv" in ran.out

    status = command("status", cwd=folder).out
    assert "现在没有运行。" in status
    assert "共2份报告：完成1份，失败1份；最近一次" in status
    one = command("status", "-y", "2022", "--json", cwd=folder).json
    assert one["running"] is None
    assert [(row["period"], row["status"]) for row in one["reports"]] == [("2022", "完成")]

    assert "上次失败  ronghua 2021 light" in command("run", "--dry-run", cwd=folder).out
    plan = command("run", "--dry-run", "--json", cwd=folder).json
    assert (plan["to_make"], plan["counts"]) == (1, {"上次失败": 1, "未变": 1})

    history = command(
        "status", "--history", "--limit", "1", "-r", "light", "-s", "荣华街道办事处", "-y", "2022", "--json", cwd=folder
    ).json
    (run,) = history["runs"]
    assert (run["status"], run["reason"], run["attempts"]) == ("完成", "新增", 1)
    assert set(run["parts"]) == {"data", "notebook", "rules", "code"}
    assert set(run["outputs"]) == {"light.ipynb", "result.json", "light.html"}
    assert "pandas" in run["versions"]
    assert "（新增）" in command("status", "--history", cwd=folder).out


def test_a_failure_of_several_lines_is_told_on_one(process, tmp_path: Path) -> None:
    folder = light.project(tmp_path / "项目", range(2022, 2023), wait=0)
    notebook = folder / "notebooks" / "light.ipynb"
    told = json.loads(notebook.read_text(encoding="utf-8"))
    told["cells"][-1]["source"] = ["raise ValueError('第一处不符\\n  第二处不符')\n", *told["cells"][-1]["source"]]
    notebook.write_text(json.dumps(told), encoding="utf-8")
    ran = process("run", cwd=folder)
    assert ran.code == 1
    for out in (ran.out, process("status", cwd=folder).out, process("status", "--history", cwd=folder).out):
        told = [line for line in out.splitlines() if "处不符" in line]
        assert told, out
        assert all("ValueError：第一处不符 第二处不符" in line for line in told), out


def test_a_second_run_leaves_with_code_3_and_says_who_works_there(command, process, tmp_path: Path) -> None:
    folder = light.project(tmp_path / "项目", range(2022, 2023))
    with locking.held(folder / "outputs"):
        second = process("run", cwd=folder)
        assert f"现在进程{os.getpid()}（" in command("status", cwd=folder).out
        (folder / "outputs" / "ronghua").mkdir()
        plan = command("run", "--dry-run", cwd=folder)
        assert f"现在进程{os.getpid()}（" in plan.err, "what it makes is not broken off"
    assert second.code == 3
    assert f"报告目录 outputs 正由另一次运行使用：进程{os.getpid()}（" in second.err
    assert "--wait 分钟" in second.err
    assert "Traceback" not in second.err
    assert "3 同一报告目录有另一次运行" in "".join(command("--help").out.split("\n  "))


def test_a_ledger_of_a_newer_version_is_refused_with_code_2(command, tmp_path: Path) -> None:
    import sqlite3

    folder = light.project(tmp_path / "项目", range(2022, 2023))
    (folder / "outputs").mkdir()
    book = sqlite3.connect(folder / "outputs" / "ledger.sqlite")
    book.execute("pragma user_version = 9")
    book.close()
    for words in (["run"], ["run", "--dry-run"], ["status"], ["status", "--history"]):
        done = command(*words, cwd=folder)
        assert (done.code, "第9版" in done.err) == (2, True), words


def report(name: str, status: str, **more: object) -> Report:
    return Report("annual", name, "2022", status, Path("outputs"), **more)


def test_the_summary_names_the_failed_and_the_slowest(capsys: pytest.CaptureFixture[str]) -> None:
    failed = report("甲", FAILED, error="单元格“load”出错：NotOnFile", seconds=4.0)
    made = [
        report(name, DONE, seconds=seconds, listed={"score": 90}) for name, seconds in (("乙", 1), ("丙", 3), ("丁", 2))
    ]
    with Progress(as_json=False) as seen:
        seen.summary(Batch((failed, *made, report("戊", UNCHANGED))), "outputs/index.html", left=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("完成3份，未变1份，失败1份，没有做2份；用时")
    assert lines[1:4] == [
        "失败的报告：",
        "  失败  甲 2022 年度自评报告：单元格“load”出错：NotOnFile",
        "最慢的：甲 2022 年度自评报告 4.0秒；丙 2022 年度自评报告 3.0秒；丁 2022 年度自评报告 2.0秒",
    ]
    assert lines[4] == "目录：outputs/index.html"


def test_failures_that_stand_right_above_are_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    failed = report("甲", FAILED, error="磁盘已满")
    with Progress(as_json=False) as seen:
        seen.total = 1
        seen.report(failed)
        seen.summary(Batch((failed, report("戊", UNCHANGED))), "outputs/index.html")
    assert capsys.readouterr().out.count("磁盘已满") == 1


def test_json_lines_end_with_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    made, stands = report("乙", DONE, seconds=1.25, reason="新增"), report("戊", UNCHANGED, reason="未变")
    with Progress(as_json=True) as seen:
        for one in (stands, made):
            seen.report(one)
        seen.summary(Batch((made, stands)), "outputs/index.html")
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["subject"], one["status"], one["reason"]) for one in told[:2]] == [
        ("戊", "未变", "未变"),
        ("乙", "完成", "新增"),
    ]
    totals = told[2]["summary"]
    assert {name: totals[name] for name in ("done", "skipped", "failed", "left")} == {
        "done": 1,
        "skipped": 1,
        "failed": 0,
        "left": 0,
    }
    assert totals["slowest"] == [{"report": "annual", "subject": "乙", "period": "2022", "seconds": 1.25}]


def test_a_log_says_how_long_the_rest_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    progress = Progress(as_json=False)
    progress.total = 3
    for _ in range(2):
        progress.first -= 600  # so long ago, so many: what is left takes as long as one of them
        progress.report(Report("light", "ronghua", "2022", DONE, tmp_path))
    said = capsys.readouterr().out.splitlines()
    assert [line.partition("］")[0] for line in said] == ["［1/3，约剩20分0秒", "［2/3，约剩10分0秒"]
    progress.report(Report("light", "ronghua", "2022", DONE, tmp_path))
    assert capsys.readouterr().out.startswith("［3/3］")


@pytest.mark.parametrize(
    ("total", "ended", "left"), [(3, 1, 0), (4, 4, 0), (5, 1, 600), (15, 1, 1800), (15, 3, 1800), (16, 8, 600)]
)
def test_reports_that_are_made_at_a_time_are_ready_at_a_time(total: int, ended: int, left: int) -> None:
    """Ten minutes into a run of four at a time: it was said that 14 more take 14 times as long as the first."""
    assert rest(600.0, ended, total, 4) == left


def test_the_score_in_the_log_is_rounded_as_on_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    progress = Progress(as_json=False)
    progress.total = 1
    page = tmp_path / "light.html"
    page.touch()
    progress.report(Report("light", "示例区", "2024", DONE, tmp_path, listed={"score": 89.625}))
    assert "复算89.63分" in capsys.readouterr().out
    told = {"score": 89.625, "score_of": "各街道中位数"}
    progress.report(Report("light", "示例区", "2024", DONE, tmp_path, listed=told))
    assert "复算89.63分（各街道中位数）" in capsys.readouterr().out
