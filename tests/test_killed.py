"""Killed at any moment, a batch loses nothing: the next run finishes the rest, and what stands is as if undisturbed."""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from light import driver, left, project

from perfeval.run import ledger
from perfeval.run.outcome import CUT, DONE, FAILED, digest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

YEARS = range(2015, 2023)
KILLS = 6
IN_FLIGHT = 4
"""Two for each of two jobs."""


def lines(process, count: int) -> None:
    for _ in range(count):
        process.stdout.readline()


def finished(process) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def runs(folder: Path) -> list[ledger.Run]:
    with ledger.reading(folder / "outputs") as book:
        return list(ledger.history(book))


def gone(processes: list[psutil.Process]) -> bool:
    """Whether these processes end, in their own time."""
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_driver_killed_at_random_points_loses_nothing_and_repeats_little(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    folder = project(tmp_path / "项目", YEARS)
    undisturbed = driver(folder, "--outputs", "undisturbed")
    assert finished(undisturbed)[0] == 0
    whole = left(folder / "undisturbed")
    chance = random.Random(20221231)  # noqa: S311  # a seed, so that a failure can be repeated
    for _ in range(KILLS):
        process = driver(folder)
        lines(process, chance.randrange(2))
        time.sleep(chance.uniform(0, 1.2))
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        finished(process)
        assert gone(below), "processes and server end with their driver"
        there = {name: content for name, content in left(folder / "outputs").items() if name.startswith("ronghua/")}
        half = [name for name, content in there.items() if ".making-" not in name and content != whole[name]]
        assert not half, "a file is whole or not there"
    code, _, err = finished(driver(folder))
    assert (code, "Traceback" in err) == (0, False), err

    assert left(folder / "outputs") == whole
    assert len(left(folder / "outputs")) == 3 * len(YEARS) + 1
    assert not list(folder.glob("outputs/**/.making-*"))

    done = Counter(run.period for run in runs(folder) if run.status == DONE)
    record_property("times killed", KILLS)
    record_property("reports begun, of which made", f"{len(runs(folder))}, {done.total()} of {len(YEARS)}")
    assert done == Counter(str(year) for year in YEARS), "every report is noted, none was made twice"
    assert {run.status for run in runs(folder)} <= {DONE, CUT}
    assert len(runs(folder)) <= len(YEARS) + KILLS * IN_FLIGHT
    for run in runs(folder):
        for name, written in run.outputs.items():
            assert digest(folder / "outputs" / "ronghua" / run.period / "light" / name) == written.sha256


def test_a_killed_kernel_fails_its_report_only_and_the_next_run_makes_it(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2023), wait=2.5)
    (folder / "begun").mkdir()
    process = driver(folder)
    begun: list[Path] = []
    while not begun and process.poll() is None:  # what is lost before its first cell is started again
        time.sleep(0.05)
        begun = list(folder.glob("begun/*"))
    psutil.Process(int(begun[0].name)).kill()
    code, out, err = finished(process)
    assert (code, "Traceback" in err) == (1, False), err
    assert out.count("完成  ronghua") == 2
    assert "失败的报告：" in out
    assert "内核" in out.split("失败的报告：")[1]
    again, out, _ = finished(driver(folder))
    assert again == 0, out
    assert "完成1份，未变2份" in out
    assert runs(folder)[0].reason == "上次失败"


@pytest.mark.usefixtures("hangup")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_its_kernels_and_says_what_is_left(tmp_path: Path, sent: signal.Signals) -> None:
    folder = project(tmp_path / "项目", YEARS, wait=0.5)
    process = driver(folder)
    lines(process, 1)
    below = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(sent)
    code, out, err = finished(process)
    assert (code, "Traceback" in err) == (130, False), err
    assert gone(below)
    made = sum(run.status == DONE for run in runs(folder))
    assert 0 < made < len(YEARS)
    assert f"已中断：还有{len(YEARS) - made}份报告没有做" in err
    assert f"没有做{len(YEARS) - made}份" in out
    assert {run.status for run in runs(folder)} == {DONE, CUT}
    assert not list(folder.glob("outputs/**/.making-*"))
    assert finished(driver(folder))[0] == 0
    assert Counter(run.period for run in runs(folder) if run.status == DONE) == Counter(map(str, YEARS))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_single_report_ends_with_the_command_that_makes_it(tmp_path: Path, sent: signal.Signals) -> None:
    folder = project(tmp_path / "项目", range(2022, 2023), wait=60)
    begun = folder / "begun"
    begun.mkdir()
    process = driver(folder)
    until = time.monotonic() + 60
    while not any(begun.iterdir()):
        assert time.monotonic() < until
        time.sleep(0.05)
    below = psutil.Process(process.pid).children(recursive=True)
    assert [str(one.pid) for one in below] == [one.name for one in begun.iterdir()]
    process.send_signal(sent)
    code, _, err = finished(process)
    assert gone(below)
    assert "Traceback" not in err
    if sent != signal.SIGKILL:
        assert code == 130
        assert "已中断：还有1份报告没有做" in err
        assert [run.status for run in runs(folder)] == [CUT]


@pytest.mark.parametrize("after", [0.2, 0.8, 1.6, 3.0])
def test_ctrl_c_in_a_terminal_reaches_all_and_ends_all_quietly(tmp_path: Path, after: float) -> None:
    """A terminal interrupts every process of the group, the server too while it still imports."""
    folder = project(tmp_path / "项目", YEARS, wait=0.5)
    ready = "import os; os.setsid(); print('ready', flush=True)"
    process = driver(folder, before=f"{ready}; import signal; signal.signal(2, signal.default_int_handler)")
    lines(process, 1)
    time.sleep(after)
    below = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    code, _, err = finished(process)
    assert gone(below)
    assert err.count("Traceback") <= (code != 130), "only of a program that was not yet at it"
    assert finished(driver(folder))[0] == 0
    assert Counter(run.period for run in runs(folder) if run.status == DONE) == Counter(map(str, YEARS))


def test_a_full_disk_fails_what_does_not_fit_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2023), big=(2021,))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))"
    code, out, err = finished(driver(folder, before=limit))
    assert (code, "Traceback" in err) == (1, False), err
    assert "文件太大" in out
    assert "完成2份，失败1份" in out
    assert not list(folder.glob("outputs/ronghua/2021/light/*"))
    assert [run.status for run in runs(folder) if run.period == "2021"] == [FAILED]
    assert finished(driver(folder))[0] == 0
    assert len(left(folder / "outputs")) == 3 * 3 + 1


def test_a_ledger_that_cannot_be_written_stops_the_run_with_a_clear_text(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2023))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))"
    code, _, err = finished(driver(folder, before=limit))
    assert (code, "Traceback" in err) == (2, False), err
    assert "台账 outputs/ledger.sqlite 不能读写" in err
    assert finished(driver(folder))[0] == 0


def test_a_mixture_of_two_runs_is_made_anew(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2021, 2023))
    assert finished(driver(folder))[0] == 0
    before = left(folder / "outputs")
    page = folder / "outputs" / "ronghua" / "2021" / "light" / "light.html"
    page.write_bytes(page.read_bytes().replace(b"2021", b"2020"))
    code, out, _ = finished(driver(folder, "--json"))
    assert code == 0
    said = [json.loads(line) for line in out.splitlines()]
    assert [(one["period"], one["status"], one["reason"]) for one in said[:-1]] == [
        ("2022", "未变", "未变"),
        ("2021", "完成", "输出被改动"),
    ]
    assert said[-1]["summary"]["done"] == 1
    assert left(folder / "outputs") == before
