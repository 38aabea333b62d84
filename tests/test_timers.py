"""What is given to systemd, cron and the Windows Task Scheduler."""

import shlex
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


def calendar(place: Project) -> list[str]:
    """The OnCalendar expressions of a project's timer."""
    timer = timers.texts(place, timers.SYSTEMD)[f"{timers.name(place)}.timer"]
    return [line.partition("=")[2] for line in timer.splitlines() if line.startswith("OnCalendar=")]


def test_systemd_is_told_local_moments(tmp_path: Path) -> None:
    assert calendar(at(tmp_path)) == [
        "Mon,Tue,Wed,Thu,Fri *-*-* 02:30:00",
        "*-*-01,15 02:30:00",
        "Mon,Tue,Wed,Thu,Fri *-*-* 14:00:00",
        "*-*-01,15 14:00:00",
    ]
    every_day = replace(at(tmp_path), schedule=timetable.read({"at": "02:30"}))
    assert calendar(every_day) == ["*-*-* 02:30:00"]
    on_the_first = replace(at(tmp_path), schedule=timetable.read({"at": "02:30", "days": "每月1日"}))
    assert calendar(on_the_first) == ["*-*-01 02:30:00"]


def test_units_name_absolute_paths_and_escape_what_systemd_would_read(tmp_path: Path) -> None:
    place = at(tmp_path)
    service, timer = timers.texts(place, timers.SYSTEMD).values()
    assert f"WorkingDirectory={tmp_path}/绩效 100%%$HOME\n" in service
    assert f'ExecStart="{sys.executable}" "-m" "perfeval.cli" "run" "--due" "--log" ' in service
    assert f'"{tmp_path}/绩效 100%%$$HOME/outputs/logs/schedule.log"\n' in service
    assert "Environment=PYTHONUTF8=1\n" in service
    assert "Persistent=true\n" in timer


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(not ANALYZE, reason="no systemd here to ask")
def test_systemd_itself_accepts_the_units(tmp_path: Path) -> None:
    place = at(tmp_path)
    for file, text in timers.texts(place, timers.SYSTEMD).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    units = [str(tmp_path / file) for file in timers.texts(place, timers.SYSTEMD)]
    done = subprocess.run([ANALYZE, "verify", "--man=no", *units], capture_output=True, encoding="utf-8", check=False)
    assert timers.name(place) not in done.stderr, done.stderr
    for one in calendar(place):
        assert subprocess.run([ANALYZE, "calendar", one], capture_output=True, check=False).returncode == 0


def test_cron_asks_every_hour_and_its_line_is_one_that_sh_reads_back(tmp_path: Path) -> None:
    place = at(tmp_path)
    first, title, line, last = timers.texts(place, timers.CRON)["crontab"].splitlines()
    assert [first, last] == timers.marks(place)
    assert title.startswith("# ")
    minutes, command = line.split(" * * * * ", 1)
    assert minutes == "0,30"
    assert "%" not in command.replace("\\%", ""), "to cron a bare % ends the command"
    words = shlex.split(command.replace("\\%", "%"))
    assert words[:4] == ["cd", str(place.root), "&&", "PYTHONUTF8=1"]
    assert words[4:] == timers.command(place)


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
