"""What is given to systemd, cron and the Windows Task Scheduler."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from perfeval.model.errors import PerfevalError
from perfeval.run import project, timers, timetable
from perfeval.run.project import Project

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def at(tmp_path: Path, folder: str = "绩效 100%$HOME") -> Project:
    """A project in a folder whose name every system reads in its own way."""
    (tmp_path / folder).mkdir(exist_ok=True)
    table = timetable.read({"at": ["02:30", "14:00"], "days": ["工作日", "每月1日", "每月15日"]})
    return replace(project.find(tmp_path / folder), schedule=table)


def test_the_same_project_gives_the_same_texts_and_another_other_names(tmp_path: Path) -> None:
    here, there = at(tmp_path), at(tmp_path, "b")
    for kind in timers.KINDS:
        assert timers.texts(here, kind) == timers.texts(here, kind)
    assert timers.name(here) != timers.name(there)


def calendar(place: Project) -> str:
    """The OnCalendar expression of a project's timer."""
    timer = timers.texts(place, timers.SYSTEMD)[f"{timers.name(place)}.timer"]
    return next(line.partition("=")[2] for line in timer.splitlines() if line.startswith("OnCalendar="))


def test_systemd_asks_every_hour_and_as_soon_as_the_timer_is_there(tmp_path: Path) -> None:
    """Persistent= would make up for what was not asked, and not for what was asked and not completed."""
    timer = timers.texts(at(tmp_path), timers.SYSTEMD)[f"{timers.name(at(tmp_path))}.timer"]
    assert calendar(at(tmp_path)) == "*-*-* *:0,30:00"
    assert "OnActiveSec=1min\n" in timer
    assert "工作日、每月1日、每月15日 02:30、14:00" in timer, "the moments that are meant"


def test_units_name_absolute_paths_and_escape_what_systemd_would_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "<+08>-8")
    place = at(tmp_path)
    service = timers.texts(place, timers.SYSTEMD)[f"{timers.name(place)}.service"]
    assert f"WorkingDirectory={tmp_path}/绩效 100%%$HOME/.\n" in service
    assert f'ExecStart="{sys.executable}" "-m" "perfeval.cli" "run" "--due" "--log" ' in service
    assert f'"{tmp_path}/绩效 100%%$$HOME/outputs/logs/schedule.log"\n' in service
    assert 'Environment=PYTHONUTF8=1 "TZ=<+08>-8"\n' in service


@pytest.mark.parametrize("folder", ["评估 ", "评估\\"], ids=["space", "backslash"])
def test_a_folder_whose_name_ends_as_no_line_of_a_unit_may(tmp_path: Path, folder: str) -> None:
    """A unit's line loses the blanks at its end, and goes on after a backslash there."""
    service = timers.texts(at(tmp_path, folder), timers.SYSTEMD)[f"{timers.name(at(tmp_path, folder))}.service"]
    assert f"WorkingDirectory={tmp_path}/{folder}/.\n" in service


@pytest.mark.parametrize("kind", [timers.SYSTEMD, timers.CRON])
def test_a_zone_of_ones_own_is_the_runs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Moments are shown in it when the timer is installed; without it a run would wait for the machine's 02:30."""
    monkeypatch.delenv("TZ", raising=False)
    assert "TZ=" not in "".join(timers.texts(at(tmp_path), kind).values())
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert "TZ=Asia/Shanghai" in "".join(timers.texts(at(tmp_path), kind).values())
    monkeypatch.setenv("TZ", "a\nb")
    with pytest.raises(PerfevalError, match="控制字符"):
        timers.texts(at(tmp_path), kind)


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(not ANALYZE, reason="no systemd here to ask")
@pytest.mark.parametrize("folder", ["绩效 100%$HOME", "评估 ", "评估\\"], ids=["signs", "space", "backslash"])
def test_systemd_itself_accepts_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    programs = tmp_path / "a$HOME 100%h"
    programs.mkdir()
    (programs / "python").symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    place = at(tmp_path, folder)
    for file, text in timers.texts(place, timers.SYSTEMD).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    units = [str(tmp_path / file) for file in timers.texts(place, timers.SYSTEMD)]
    done = subprocess.run([ANALYZE, "verify", "--man=no", *units], capture_output=True, encoding="utf-8", check=False)
    assert timers.name(place) not in done.stderr, done.stderr
    assert subprocess.run([ANALYZE, "calendar", calendar(place)], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
def test_cron_asks_every_hour_and_its_line_is_one_that_sh_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any %, which every cron reads in its own way: to most it ends the command, to one \\% is no % either."""
    python = tmp_path / "程序 100%" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\npwd\nfor one in "$TZ" "$PYTHONUTF8" "$@"; do echo "$one"; done\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("TZ", "<+08>-8")
    place = at(tmp_path, "q\"uo't 100%%$HOME")
    first, title, line, last = timers.texts(place, timers.CRON)["crontab"].splitlines()
    assert [first, last] == timers.marks(place)
    assert title.startswith("# ")
    minutes, command = line.split(" * * * * ", 1)
    assert minutes == "0,30"
    assert "%" not in command
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, encoding="utf-8", env={}, check=True)
    assert done.stdout.splitlines() == [str(place.root), "<+08>-8", "1", *timers.command(place)[1:]]


def test_the_windows_task_says_when_and_what(tmp_path: Path) -> None:
    place = at(tmp_path)
    ((file, text),) = timers.texts(place, timers.WINDOWS).items()
    assert file == f"{timers.name(place)}.xml"
    task = ET.fromstring(text.encode("utf-16"))  # noqa: S314  # our own
    starts = [one.text for one in task.findall(".//t:StartBoundary", TASK)]
    assert starts == ["2020-01-01T02:30:00"] * 2 + ["2020-01-01T14:00:00"] * 2
    week = task.find(".//t:DaysOfWeek", TASK)
    assert [day.tag.split("}")[1] for day in week] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert [day.text for day in task.find(".//t:DaysOfMonth", TASK)] == ["1", "15"]
    assert len(task.find(".//t:Months", TASK)) == 12
    assert task.find(".//t:StartWhenAvailable", TASK).text == "true"
    assert task.find(".//t:MultipleInstancesPolicy", TASK).text == "IgnoreNew"
    assert task.find(".//t:Command", TASK).text == sys.executable
    assert task.find(".//t:WorkingDirectory", TASK).text == str(place.root)
    said = task.find(".//t:Arguments", TASK).text
    assert said == f'-X utf8 -m perfeval.cli run --due --log "{place.root}/outputs/logs/schedule.log"'


def test_a_folder_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PerfevalError, match="控制字符"):
        timers.texts(at(tmp_path, "a\nExecStart=b"), timers.SYSTEMD)


def test_without_a_timetable_there_is_nothing_to_install(tmp_path: Path) -> None:
    with pytest.raises(PerfevalError, match="没有［schedule］段"):
        timers.texts(project.find(tmp_path), timers.CRON)
