"""Putting a project's timer into the system, taking it out again, and telling whether it is there."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfeval.model.errors import PerfevalError
from perfeval.run import timers
from perfeval.run.project import Project
from perfeval.run.timers import CRON, SYSTEMD, WINDOWS

ABSENT, PRESENT, OUTDATED = "未安装", "已安装", "与现在的设置不一致，须重新安装"
"""What :func:`state` says."""
NONE = "本机没有可用的定时器：没有systemd用户实例，也没有crontab；可运行 perfeval schedule serve，由它自己按时运行"
PATIENCE_SECONDS = 60
NO_CRONTAB = ("no crontab", "no such file", "can't open")
"""What the usual crons say where a user has no table yet. Anything else is an error, or a table would be lost."""


class TimerError(PerfevalError):
    """The system's timer could not be read or changed."""


def usable() -> list[str]:
    """The kinds of timer this machine lets this user have, the best first."""
    found = []
    if sys.platform == "win32":
        return [WINDOWS]
    if shutil.which("systemctl") and _run(["systemctl", "--user", "show-environment"]).returncode == 0:
        found.append(SYSTEMD)
    if shutil.which("crontab"):
        found.append(CRON)
    return found


def best() -> str:
    """The kind to use; :class:`TimerError` where there is none."""
    for kind in usable():
        return kind
    raise TimerError(NONE)


def state(place: Project, kind: str) -> str:
    """Whether the timer is there as the settings now say; of a Windows task, only whether it is there."""
    return SYSTEMS[kind].state(place)


def install(place: Project, kind: str) -> list[str]:
    """Put the timer in, in place of an earlier one; returns where. Doing it twice changes nothing."""
    return SYSTEMS[kind].install(place)


def remove(place: Project, kind: str) -> bool:
    """Take out what :func:`install` put in and nothing else; False where there was nothing."""
    return SYSTEMS[kind].remove(place)


def units_folder() -> Path:
    """Where a user's own systemd units are."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"


def _units_state(place: Project) -> str:
    known = {units_folder() / file: text for file, text in timers.texts(place, SYSTEMD).items()}
    there = [file for file in known if file.is_file()]
    if not there:
        return ABSENT
    same = len(there) == len(known) and all(file.read_text(encoding="utf-8") == known[file] for file in known)
    enabled = _run(["systemctl", "--user", "is-enabled", f"{timers.name(place)}.timer"]).returncode == 0
    return PRESENT if same and enabled else OUTDATED


def _units_install(place: Project) -> list[str]:
    folder = units_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in timers.texts(place, SYSTEMD).items():
        partial = folder / f".{file}.partial"
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(folder / file)
    _must(["systemctl", "--user", "daemon-reload"])
    _must(["systemctl", "--user", "enable", f"{timers.name(place)}.timer"])
    _must(["systemctl", "--user", "restart", f"{timers.name(place)}.timer"])
    return [str(folder / file) for file in timers.texts(place, SYSTEMD)]


def _units_remove(place: Project) -> bool:
    files = [units_folder() / f"{timers.name(place)}.{ending}" for ending in ("timer", "service")]
    there = [file for file in files if file.exists()]
    if there:
        _must(["systemctl", "--user", "disable", "--now", files[0].name])
        for file in there:
            file.unlink()
        _must(["systemctl", "--user", "daemon-reload"])
    return bool(there)


def _cron_state(place: Project) -> str:
    _, ours, _ = _cut(place, _crontab())
    if not ours:
        return ABSENT
    return PRESENT if ours == timers.texts(place, CRON)["crontab"] else OUTDATED


def _cron_install(place: Project) -> list[str]:
    text = _crontab()
    before, ours, after = _cut(place, text)
    if not ours and before and not before.endswith("\n"):
        before += "\n"
    _write_crontab(f"{before}{timers.texts(place, CRON)['crontab']}{after}", text)
    return ["crontab"]


def _cron_remove(place: Project) -> bool:
    text = _crontab()
    before, ours, after = _cut(place, text)
    _write_crontab(f"{before}{after}", text)
    return bool(ours)


def _crontab() -> str:
    """The user's crontab, whatever bytes are in it."""
    listed = _run(["crontab", "-l"])
    if listed.returncode == 0:
        return listed.stdout
    if any(words in listed.stderr.lower() for words in NO_CRONTAB):
        return ""
    raise TimerError(f"crontab -l 失败，没有改动：{listed.stderr.strip()}")


def _write_crontab(text: str, before: str) -> None:
    if text != before:
        _must(["crontab", "-"], text)


def _cut(place: Project, text: str) -> tuple[str, str, str]:
    """A crontab before, between and after our marks; the lines with the marks are ours."""
    lines = text.splitlines(keepends=True)
    found = [[at for at, line in enumerate(lines) if line.rstrip("\r\n") == mark] for mark in timers.marks(place)]
    if found == [[], []]:
        return text, "", ""
    if [len(one) for one in found] != [1, 1] or found[0] > found[1]:
        first, last = timers.marks(place)
        raise TimerError(f"crontab 里perfeval的标记行不成对，没有改动；请用 crontab -e 整理“{first}”与“{last}”")
    start, end = found[0][0], found[1][0] + 1
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


def _task_state(place: Project) -> str:
    return PRESENT if _run(["schtasks", "/Query", "/TN", timers.name(place)]).returncode == 0 else ABSENT


def _task_install(place: Project) -> list[str]:
    ((file, text),) = timers.texts(place, WINDOWS).items()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / file).write_text(text, encoding="utf-16")
        _must(["schtasks", "/Create", "/TN", timers.name(place), "/XML", str(Path(folder) / file), "/F"])
    return [timers.name(place)]


def _task_remove(place: Project) -> bool:
    there = _task_state(place) == PRESENT
    if there:
        _must(["schtasks", "/Delete", "/TN", timers.name(place), "/F"])
    return there


@dataclass(frozen=True, slots=True)
class System:
    """How one system's timers are handled."""

    state: Callable[[Project], str]
    install: Callable[[Project], list[str]]
    remove: Callable[[Project], bool]


SYSTEMS = {
    SYSTEMD: System(_units_state, _units_install, _units_remove),
    CRON: System(_cron_state, _cron_install, _cron_remove),
    WINDOWS: System(_task_state, _task_install, _task_remove),
}


def _run(command: list[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
    """A program of the system, asked in English; bytes that are no UTF-8 go through as they came."""
    try:
        return subprocess.run(  # noqa: S603  # our own words and names, and no shell
            [shutil.which(command[0]) or command[0], *command[1:]],
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "LC_ALL": "C"},
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise TimerError(f"本机没有 {command[0]}；perfeval schedule show 可看出能用哪种定时器") from error
    except subprocess.TimeoutExpired as error:
        raise TimerError(f"{command[0]} {PATIENCE_SECONDS}秒没有应答") from error


def _must(command: list[str], given: str | None = None) -> None:
    done = _run(command, given)
    if done.returncode:
        why = (done.stderr or done.stdout).strip().encode("utf-8", "replace").decode()
        raise TimerError(f"{' '.join(command)} 失败：{why}")
