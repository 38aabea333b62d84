"""The texts by which a system's own timer starts scheduled runs: systemd units, a cron line, a Windows task.

All of them start the same command, which does nothing unless something is due. The same project gives the same texts.
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from datetime import time
from xml.etree import ElementTree as ET

from perfeval.model.errors import PerfevalError
from perfeval.run import schedule
from perfeval.run.project import Project
from perfeval.run.timetable import Timetable

SYSTEMD, CRON, WINDOWS = "systemd", "cron", "windows"
KINDS = (SYSTEMD, CRON, WINDOWS)
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_HALF = ("January", "February", "March", "April", "May", "June")
MONTHS = (*FIRST_HALF, "July", "August", "September", "October", "November", "December")
TASK_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
LONG_AGO = "2020-01-01"
"""From when a Windows task counts; any past day will do."""
STARTS_AN_HOUR = 5
"""A run that is killed again and again is started no more often than this; then the next moment is waited for."""


def name(place: Project) -> str:
    """What the project's timer is called: ``perfeval-`` and eight characters that stand for its folder."""
    return f"perfeval-{hashlib.sha256(os.fsencode(place.root)).hexdigest()[:8]}"


def command(place: Project) -> list[str]:
    """What a timer starts, in the project's folder: a run of what is due, its words appended to the log."""
    parts = [sys.executable, "-m", "perfeval.cli", "run", "--due", "--log", str(place.outputs / schedule.LOG)]
    if any(re.search(r"[\0-\x1f]", part) for part in (*parts, str(place.root))):
        raise PerfevalError("项目或程序的路径里有换行等控制字符，不能写进定时器；请改名后再试")
    return parts


def texts(place: Project, kind: str) -> dict[str, str]:
    """File name → text of all that would be installed. Raises :class:`PerfevalError` without a ［schedule］."""
    table = schedule.timetable(place)
    if kind == SYSTEMD:
        return {f"{name(place)}.service": _service(place, table), f"{name(place)}.timer": _timer(place, table)}
    if kind == CRON:
        return {"crontab": _lines(place, table)}
    return {f"{name(place)}.xml": _task(place, table)}


def _title(place: Project) -> str:
    return f"perfeval 定时生成报告（{place.root.name}）"


def _plain(text: str) -> str:
    """Text in a systemd unit, where % begins a specifier."""
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """One word of a systemd command line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_plain(escaped)}"'


def _service(place: Project, table: Timetable) -> str:
    """Killed, it is started again after a minute; told to stop, it may finish what it is at."""
    return f"""\
[Unit]
Description={_plain(_title(place))}
StartLimitIntervalSec=1h
StartLimitBurst={STARTS_AN_HOUR + len(table.times)}

[Service]
Type=simple
WorkingDirectory={_plain(str(place.root))}
Environment=PYTHONUTF8=1
ExecStart={" ".join(map(_word, command(place)))}
KillSignal=SIGINT
KillMode=mixed
TimeoutStopSec=60
Restart=on-abnormal
RestartSec=60
"""


def _timer(place: Project, table: Timetable) -> str:
    """``Persistent``: what was missed while the machine was off is made up for."""
    lines = "".join(f"OnCalendar={one}\n" for one in calendar(table))
    return f"""\
[Unit]
Description={_plain(_title(place))}

[Timer]
{lines}Persistent=true

[Install]
WantedBy=timers.target
"""


def calendar(table: Timetable) -> list[str]:
    """The timetable as systemd's OnCalendar expressions, in local time."""
    found = []
    for at in table.times:
        if table.weekdays:
            week = ",".join(ENGLISH[number][:3] for number in table.weekdays)
            found.append(f"{'' if len(table.weekdays) == len(ENGLISH) else f'{week} '}*-*-* {at:%H:%M}:00")
        if table.monthdays:
            found.append(f"*-*-{','.join(f'{number:02}' for number in table.monthdays)} {at:%H:%M}:00")
    return found


def marks(place: Project) -> tuple[str, str]:
    """The lines of a crontab between which everything is ours."""
    return f"# >>> {name(place)} >>>", f"# <<< {name(place)} <<<"


def _lines(place: Project, table: Timetable) -> str:
    """cron forgets what it missed, so it asks every hour; that costs a second and does nothing unless something is due.

    A % would end the command.
    """
    minutes = ",".join(str(minute) for minute in sorted({at.minute for at in table.times}))
    line = f"cd {shlex.quote(str(place.root))} && PYTHONUTF8=1 {shlex.join(command(place))}".replace("%", "\\%")
    first, last = marks(place)
    return (
        f"{first}\n"
        f"# {_title(place)}：{table}。每小时看一次，到时间或须补上错过的一次才运行。\n"
        f"{minutes} * * * * {line}\n"
        f"{last}\n"
    )


def _task(place: Project, table: Timetable) -> str:
    """The task as XML, to be kept in UTF-16; it needs no administrator and runs while its user is logged on."""
    task = ET.Element("Task", version="1.2", xmlns=TASK_SPACE)
    ET.SubElement(ET.SubElement(task, "RegistrationInfo"), "Description").text = _title(place)
    triggers = ET.SubElement(task, "Triggers")
    for at in table.times:
        if table.weekdays:
            week = _trigger(triggers, at, "ScheduleByWeek")
            ET.SubElement(week, "WeeksInterval").text = "1"
            days = ET.SubElement(week, "DaysOfWeek")
            for number in table.weekdays:
                ET.SubElement(days, ENGLISH[number])
        if table.monthdays:
            month = _trigger(triggers, at, "ScheduleByMonth")
            days = ET.SubElement(month, "DaysOfMonth")
            for number in table.monthdays:
                ET.SubElement(days, "Day").text = str(number)
            months = ET.SubElement(month, "Months")
            for one in MONTHS:
                ET.SubElement(months, one)
    principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", id="Author")
    ET.SubElement(principal, "LogonType").text = "InteractiveToken"
    ET.SubElement(principal, "RunLevel").text = "LeastPrivilege"
    settings = ET.SubElement(task, "Settings")
    for key, value in {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "StartWhenAvailable": "true",
        "ExecutionTimeLimit": "PT0S",
    }.items():
        ET.SubElement(settings, key).text = value
    execute = ET.SubElement(ET.SubElement(task, "Actions", Context="Author"), "Exec")
    python, *arguments = command(place)
    ET.SubElement(execute, "Command").text = python
    ET.SubElement(execute, "Arguments").text = subprocess.list2cmdline(["-X", "utf8", *arguments])
    ET.SubElement(execute, "WorkingDirectory").text = str(place.root)
    ET.indent(task)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ET.tostring(task, encoding="unicode")}\n'


def _trigger(triggers: ET.Element, at: time, kind: str) -> ET.Element:
    trigger = ET.SubElement(triggers, "CalendarTrigger")
    ET.SubElement(trigger, "StartBoundary").text = f"{LONG_AGO}T{at:%H:%M}:00"
    return ET.SubElement(trigger, kind)
