"""A project's timer in the system's own: its texts, whether it is there, putting it in and taking it out again.

All timers start the same command, which does nothing unless something is due. What each system is given and asked is
data (``timers.toml``); the same project gives the same texts.
"""

import getpass
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from perfeval.model import scratch
from perfeval.model.errors import PerfevalError
from perfeval.run.project import Project
from perfeval.run.schedule import timetable
from perfeval.run.timetable import Timetable

LOG = "logs/schedule.log"
"""What scheduled runs say, in the outputs folder."""
SYSTEMD, CRON, WINDOWS = KINDS = ("systemd", "cron", "windows")
SYSTEMS = tomllib.loads(resources.files(__package__).joinpath("timers.toml").read_text(encoding="utf-8"))
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STARTS_AN_HOUR = 5
"""A run that is killed again and again is started no more often than this; then the next moment is waited for."""
ABSENT, PRESENT, OUTDATED = "未安装", "已安装", "与现在的设置不一致，须重新安装"
"""What :func:`state` says."""
NONE = "本机没有可用的定时器：没有systemd用户实例，也没有crontab；可运行 perfeval schedule serve，由它自己按时运行"
PATIENCE_SECONDS = 60
RUNTIME = Path("/run/user")
"""Where systemd has a folder for each user who is logged on or lingers."""
NO_CRONTAB = ("no crontab", "no such file", "can't open")
"""What the usual crons say where a user has no table yet. Anything else is an error, or a table would be lost."""


class TimerError(PerfevalError):
    """The system's timer could not be read or changed."""


def name(place: Project) -> str:
    """What the project's timer is called: ``perfeval-`` and eight characters that stand for its folder."""
    return f"perfeval-{hashlib.sha256(os.fsencode(place.root)).hexdigest()[:8]}"


def command(place: Project) -> list[str]:
    """What a timer starts, in the project's folder: a run of what is due, its words appended to the log."""
    parts = [sys.executable, "-m", "perfeval.cli", "run", "--due", "--log", str(place.outputs / LOG)]
    if any(re.search(r"[\0-\x1f]", part) for part in (*parts, str(place.root), os.environ.get("TZ", ""))):
        raise PerfevalError("项目或程序的路径（或TZ）里有换行等控制字符，不能写进定时器；请改名后再试")
    return parts


def texts(place: Project, kind: str) -> dict[str, str]:
    """File name → text of all that would be installed. Raises :class:`PerfevalError` without a ［schedule］.

    Where whoever installs a timer has a zone of their own (``TZ``), its runs are given it: their moments are in it.
    """
    table, (python, *words) = timetable(place), command(place)
    title, root, zone = f"perfeval 定时生成报告（{place.root.name}）", str(place.root), os.environ.get("TZ")
    if kind == SYSTEMD:  # in its units % begins a specifier
        line = " ".join([_quoted(python), *(_quoted(word).replace("$", "$$") for word in words)])
        zone = "" if zone is None else _quoted(f"TZ={zone}")
        title, root, line, zone = (text.replace("%", "%%") for text in (title, root, line, zone))
    elif kind == CRON:  # to most a bare % ends the command, and \% is one; busybox's leaves both as they are
        line = ("" if zone is None else f"TZ={_bare(zone)} ") + " ".join(map(_bare, [python, *words]))
        root = _bare(root)
    else:
        title, root, line = map(escape, (title, root, subprocess.list2cmdline(words)))
    known = {"title": title, "root": root, "command": line, "python": escape(python), "timetable": str(table)}
    known["minutes"] = ",".join(map(str, sorted({at.minute for at in table.times})))
    known |= {"starts": str(STARTS_AN_HOUR + len(table.times)), "name": name(place), "zone": zone or ""}
    known["moments"] = _triggers(table) if kind == WINDOWS else ""
    return {file: Template(text).substitute(known) for file, text in _files(place, kind).items()}


def _files(place: Project, kind: str) -> dict[str, str]:
    return {Template(file).substitute(name=name(place)): text for file, text in SYSTEMS[kind]["files"].items()}


def _quoted(word: str) -> str:
    """One word of a unit as it stands; where $ begins a variable, as in a command's words, it must be doubled."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bare(word: str) -> str:
    """One word of a shell's command line that has no % itself."""
    return shlex.quote(word).replace("%", """'"$(printf '\\045')"'""")


def _triggers(table: Timetable) -> str:
    """The timetable as the triggers of a Windows task, in local time."""
    week = "".join(f"          <{ENGLISH[day]} />\n" for day in table.weekdays)
    month = "".join(f"          <Day>{day}</Day>\n" for day in table.monthdays)
    texts = [(SYSTEMS[WINDOWS]["week"], week)] * bool(table.weekdays)
    texts += [(SYSTEMS[WINDOWS]["month"], month)] * bool(table.monthdays)
    return "".join(Template(text).substitute(at=f"{at:%H:%M}", days=days) for at in table.times for text, days in texts)


def usable() -> list[str]:
    """The kinds of timer this machine lets this user have, the best first."""
    if sys.platform == "win32":
        return [WINDOWS]
    user_instance = shutil.which("systemctl") and not _call(SYSTEMS[SYSTEMD]["usable"]).returncode
    return [SYSTEMD] * bool(user_instance) + [CRON] * bool(shutil.which("crontab"))


def best() -> str:
    """The kind to use; :class:`TimerError` where there is none."""
    for kind in usable():
        return kind
    raise TimerError(NONE)


def state(place: Project, kind: str) -> str:
    """Whether the timer is there as the settings now say; of a Windows task, only whether it is there."""
    wanted, kept = texts(place, kind), _kept(place, kind)
    same = kind == WINDOWS or kept == wanted
    on = kind != SYSTEMD or not any(_call(line, name=name(place)).returncode for line in SYSTEMS[SYSTEMD]["state"])
    return ABSENT if not kept else PRESENT if same and on else OUTDATED


def install(place: Project, kind: str) -> list[str]:
    """Put the timer in, in place of an earlier one; returns where. Doing it twice changes nothing."""
    wanted = texts(place, kind)
    if kind == CRON:
        _crontab(place, wanted["crontab"])
        return ["crontab"]
    with scratch.folder() as own:
        folder = units_folder() if kind == SYSTEMD else own
        for file, text in wanted.items():
            scratch.write_whole(folder / file, text.encode("utf-8" if kind == SYSTEMD else "utf-16"))
        _do("install", place, kind, folder)
    return [str(folder / file) for file in wanted] if kind == SYSTEMD else [name(place)]


def remove(place: Project, kind: str) -> bool:
    """Take out what :func:`install` put in and nothing else; False where there was nothing."""
    kept = _kept(place, kind)
    if kind == CRON:
        _crontab(place, "")
    elif kept:
        _do("remove", place, kind)
        for file in kept if kind == SYSTEMD else ():
            (units_folder() / file).unlink()
        _do("forget", place, kind)
    return bool(kept)


def caveat(kind: str) -> str:
    """What an administrator has to do before a timer of this kind runs while its user is logged off; else nothing."""
    user = getpass.getuser() if kind == SYSTEMD else ""
    if not user or (shutil.which("loginctl") and "=yes" in _call(SYSTEMS[SYSTEMD]["lingers"], user=user).stdout):
        return ""
    return f"没有登录时也要运行的，请管理员执行一次：loginctl enable-linger {user}"


def units_folder() -> Path:
    """Where a user's own systemd units are."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"


def _kept(place: Project, kind: str) -> dict[str, str]:
    """What is there of ours, by name of file; of a Windows task no more than that it is there."""
    if kind == CRON:
        return {"crontab": ours} if (ours := _crontab(place)) else {}
    if kind == WINDOWS:
        return {} if _call(SYSTEMS[WINDOWS]["state"], name=name(place)).returncode else {name(place): ""}
    units = [units_folder() / file for file in _files(place, SYSTEMD)]
    return {unit.name: unit.read_text(encoding="utf-8") for unit in units if unit.is_file()}


def _crontab(place: Project, new: str | None = None) -> str:
    """Our lines of the user's crontab, whatever bytes are in it; ``new`` lines take their place."""
    listed = _call("crontab -l")
    if listed.returncode and not any(words in listed.stderr.lower() for words in NO_CRONTAB):
        raise TimerError(f"crontab -l 失败，没有改动：{listed.stderr.strip()}")
    text = "" if listed.returncode else listed.stdout
    before, ours, after = _cut(text, marks(place))
    if new and not ours and before and not before.endswith("\n"):
        before += "\n"
    if new is not None and text != f"{before}{new}{after}":
        _must("crontab -", given=f"{before}{new}{after}")
    return ours


def marks(place: Project) -> list[str]:
    """The two lines of a crontab between which everything is ours."""
    lines = SYSTEMS[CRON]["files"]["crontab"].splitlines()
    return [Template(line).substitute(name=name(place)) for line in (lines[0], lines[-1])]


def _cut(text: str, ends: list[str]) -> tuple[str, str, str]:
    """A crontab before, between and after our marks; the lines with the marks are ours."""
    lines = text.splitlines(keepends=True)
    at = [number for number, line in enumerate(lines) if line.rstrip("\r\n") in ends]
    if not at:
        return text, "", ""
    if [lines[number].rstrip("\r\n") for number in at] != ends:
        raise TimerError(f"crontab 里perfeval的标记行不成对，没有改动；请用 crontab -e 整理“{'”与“'.join(ends)}”")
    return "".join(lines[: at[0]]), "".join(lines[at[0] : at[1] + 1]), "".join(lines[at[1] + 1 :])


def _do(what: str, place: Project, kind: str, folder: Path = Path()) -> None:
    for line in SYSTEMS[kind][what]:
        _must(line, name=name(place), file=str(folder / f"{name(place)}.xml"))


def _must(line: str, given: str | None = None, **known: str) -> None:
    done = _call(line, given, **known)
    if done.returncode:
        why = (done.stderr or done.stdout).strip().encode("utf-8", "replace").decode()
        raise TimerError(f"{Template(line).substitute(known)} 失败：{why}")


def _listening() -> dict[str, str]:
    """Where the user's systemd listens, which su and sudo do not say."""
    if sys.platform != "win32" and (folder := RUNTIME / str(os.getuid())).is_dir():
        return {"XDG_RUNTIME_DIR": str(folder)}
    return {}


def _call(line: str, given: str | None = None, **known: str) -> subprocess.CompletedProcess[str]:
    """A program of the system, asked in English; bytes that are no UTF-8 go through as they came."""
    program, *words = [Template(word).substitute(known) for word in line.split()]
    try:
        return subprocess.run(  # noqa: S603  # our own words and names, and no shell
            [shutil.which(program) or program, *words],
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**_listening(), **os.environ, "LC_ALL": "C"},
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise TimerError(f"本机没有 {program}；perfeval schedule show 可看出能用哪种定时器") from error
    except subprocess.TimeoutExpired as error:
        raise TimerError(f"{program} {PATIENCE_SECONDS}秒没有应答") from error
