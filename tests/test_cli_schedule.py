"""``perfeval schedule`` and ``perfeval run --due``, as their users and their timers run them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock

from perfeval.run import ledger, schedule, timers
from perfeval.run.project import find

SECTION = '\n[schedule]\nat = "02:30"\narguments = ["--year", "2022", "--json"]\n'
LIGHT = {"application/vnd.perfeval.result": '{"name": "荣华", "period": "2022年度"}'}


@pytest.fixture
def scheduled(workplace: Path) -> Path:
    """A project with a schedule and a notebook that takes no time."""
    with (workplace / "perfeval.toml").open("a", encoding="utf-8") as file:
        file.write(SECTION)
    notebook = nbformat.read(workplace / "notebooks" / "annual.ipynb", as_version=4)
    keep = [cell for cell in notebook.cells if cell.id == "parameters"]
    keep.append(
        nbformat.v4.new_code_cell(f"from IPython.display import display\ndisplay({LIGHT!r}, raw=True)", id="all")
    )
    notebook.cells = keep
    nbformat.write(notebook, workplace / "notebooks" / "annual.ipynb")
    return workplace


def runs(place: Path) -> list[tuple[str, str]]:
    with ledger.reading(find(place).outputs) as book:
        return [(run.period, run.status) for run in ledger.history(book)]


def test_a_due_run_runs_once_and_a_repeated_timer_nothing(scheduled: Path, command, process) -> None:
    log = scheduled / "outputs" / timers.LOG
    first = process("run", "--due", "--force", "--log", str(log), cwd=scheduled)
    assert (first.code, first.out, first.err) == (0, "", ""), "everything is in the log"
    told = log.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"== \d{4}-\d\d-\d\d \d\d:\d\d 定时运行（应于\d{4}-\d\d-\d\d 02:30） ==", told[0])
    assert next(json.loads(line).get("status") for line in told if line.startswith("{")) == "完成", (
        "--json, as scheduled"
    )
    assert told[-1].endswith("结束，退出码0 ==")
    again = process("run", "--due", "--force", "--log", str(log), cwd=scheduled)
    assert (again.code, again.out, again.err) == (0, "", "")
    assert log.read_text(encoding="utf-8").splitlines() == told, "a timer that asks every hour leaves no line each"
    assert runs(scheduled) == [("2022", "完成")]
    asked = command("run", "--due", cwd=scheduled)
    assert re.search(r"还没到时间，下次\d{4}-\d\d-\d\d 02:30", asked.err)
    shown = command("schedule", "show", "--using", "cron", "--json", cwd=scheduled).json
    assert (shown["due"], shown["timetable"]) == (None, "每天 02:30")
    assert datetime.fromisoformat(shown["next"]) - datetime.fromisoformat(shown["last"]) == timedelta(days=1)


def test_an_overlapping_timer_leaves_quietly(scheduled: Path, process) -> None:
    outputs = scheduled / "outputs"
    outputs.mkdir()
    with FileLock(outputs / schedule.LOCK):
        done = process("run", "--due", cwd=scheduled)
    assert (done.code, done.out) == (0, "")
    assert "上一次定时运行还没有结束" in done.err
    assert not (outputs / "ledger.sqlite").exists()


def test_a_run_that_cannot_start_stays_due(scheduled: Path, process) -> None:
    (scheduled / "notebooks" / "annual.ipynb").unlink()
    log = scheduled / "outputs" / timers.LOG
    done = process("run", "--due", "--log", str(log), cwd=scheduled)
    assert done.code == 2
    assert "没有名为“annual”的报告" in log.read_text(encoding="utf-8")
    assert not (scheduled / "outputs" / schedule.NOTE).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('["--yaer", "2022"]', "没有选项“--yaer”"),
        ('["--year", "今年"]', "arguments 不是 perfeval run 的选项"),
        ('["--help"]', "--help"),
    ],
)
def test_arguments_are_checked_before_anything_is_installed(
    scheduled: Path, command, arguments: str, said: str
) -> None:
    settings = scheduled / "perfeval.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('["--year", "2022", "--json"]', arguments), "utf-8"
    )
    done = command("schedule", "install", "--using", "cron", cwd=scheduled)
    assert done.code == 2
    assert said in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals and zones of another kind")
def test_the_resident_timer_catches_up_waits_for_its_moment_and_leaves_cleanly(scheduled: Path) -> None:
    """The clock on the wall is set by TZ so that 02:30 comes half a minute after the start."""
    now = datetime.now(UTC)
    ahead = timedelta(hours=2, minutes=29, seconds=30) - timedelta(
        hours=now.hour, minutes=now.minute, seconds=now.second
    )
    seconds = round(ahead.total_seconds())
    sign, (hours, rest) = "-" if seconds >= 0 else "+", divmod(abs(seconds), 3600)
    zone = f"TST{sign}{hours}:{rest // 60:02}:{rest % 60:02}"
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "perfeval.cli", "schedule", "serve"],
        cwd=scheduled,
        env={**os.environ, "TZ": zone, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    log, moments = scheduled / "outputs" / timers.LOG, []
    until = time.monotonic() + 240
    try:
        while len(moments) < 2 or log.read_text(encoding="utf-8").count("结束，退出码0 ==") < 2:
            assert process.poll() is None
            assert time.monotonic() < until, moments
            time.sleep(0.2)
            if log.is_file():
                moments = re.findall(r"应于(\S+ \S+)）", log.read_text(encoding="utf-8"))
    except BaseException:
        process.kill()
        process.communicate()
        raise
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert told.splitlines()[0].startswith("按时运行：每天 02:30")
    assert told.splitlines()[-1] == "已结束。"
    first, second = (datetime.fromisoformat(moment) for moment in moments)
    assert second - first == timedelta(days=1), "yesterday's, missed, and then today's"
    assert runs(scheduled) == [("2022", "完成")], "the second found everything unchanged"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_ending_the_resident_timer_ends_its_run(scheduled: Path) -> None:
    notebook = scheduled / "notebooks" / "annual.ipynb"
    slow = "import time, pathlib; pathlib.Path('begun').touch(); time.sleep(600)\\nfrom IPython"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("from IPython", slow, 1), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "perfeval.cli", "schedule", "serve"],
        cwd=scheduled,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    until = time.monotonic() + 60
    while not (scheduled / "begun").exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "退出码130" in told
    assert runs(scheduled) == [("2022", "中断")]
    assert not (scheduled / "outputs" / schedule.NOTE).exists(), "it is still due"


def test_an_extra_that_is_not_installed_is_named(
    scheduled: Path, process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shadow = "raise ModuleNotFoundError('No module named distributed', name='distributed')\n"
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "distributed.py").write_text(shadow, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'shadow'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    done = process("run", "--scheduler", "tcp://127.0.0.1:1", cwd=scheduled)
    assert done.code == 2
    assert 'pip install "perfeval[cluster]"' in done.err
    assert "Traceback" not in done.err
