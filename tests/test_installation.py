"""Putting timers in and taking them out: real files, and programs that stand in for the system's."""

import os
import shutil
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from perfeval.run import project, timers, timetable
from perfeval.run.project import Project
from perfeval.run.timers import ABSENT, CRON, OUTDATED, PRESENT, SYSTEMD, WINDOWS, TimerError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that stand in are shell scripts")

CRONTAB = """\
#!/bin/sh
# As Debian's: one file a user, "no crontab for" on stderr where there is none, refuses what does not end its last line.
table="$TABLE"
case "$1" in
    -l) if [ -f "$table" ]; then cat "$table"; else echo "no crontab for $USER" >&2; exit 1; fi ;;
    -) cat > "$table.new"
       if [ -s "$table.new" ] && [ -n "$(tail -c 1 "$table.new")" ]; then
           echo 'new crontab file is missing newline before EOF, can'"'"'t install.' >&2; exit 1
       fi
       mv "$table.new" "$table"; echo written >> "$table.log" ;;
    *) echo "usage error" >&2; exit 1 ;;
esac
"""
SYSTEMCTL = """\
#!/bin/sh
# What a user's systemd keeps of it: links of what is enabled, and what it was told.
units="$XDG_CONFIG_HOME/systemd/user"
echo "$*" >> "$TOLD"
[ "$1" = --user ] || exit 1
case "$2" in
    show-environment|daemon-reload|restart|reset-failed) ;;
    enable) [ -f "$units/$3" ] || { echo "Unit $3 does not exist." >&2; exit 1; }
        mkdir -p "$units/timers.target.wants"; ln -sf "$units/$3" "$units/timers.target.wants/$3" ;;
    disable) rm -f "$units/timers.target.wants/$4" ;;
    is-enabled) [ -L "$units/timers.target.wants/$3" ] ;;
    is-active) [ ! -e "$TOLD.stopped" ] ;;
    *) exit 1 ;;
esac
"""
SCHTASKS = """\
#!/bin/sh
case "$1" in
    /Query) [ -f "$TASKS/$3" ] ;;
    /Create) [ "$4" = /XML ] && [ "$6" = /F ] && cp "$5" "$TASKS/$3" ;;
    /Delete) rm "$TASKS/$3" ;;
esac
"""
OTHERS = b"MAILTO=ops\n\n# \xcd\xf8\xd5\xbe backup\n5 4 * * 1\t/usr/bin/backup --to=100\\% \n"
"""Somebody's own lines, one of them no UTF-8."""


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(stat.S_IRWXU)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project, and a system that has none of the three."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("cat", "mv", "tail", "rm", "ln", "mkdir", "cp"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name, file in {"TABLE": "table", "TOLD": "told", "TASKS": "tasks"}.items():
        monkeypatch.setenv(name, str(tmp_path / file))
    (tmp_path / "街道").mkdir()
    table = timetable.read({"at": "02:30", "days": "工作日"})
    return replace(project.find(tmp_path / "街道"), schedule=table)


def later(place: Project) -> Project:
    return replace(place, schedule=timetable.read({"at": "03:45"}))


def test_cron_gets_our_lines_once_and_keeps_every_byte_of_others(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "crontab", CRONTAB)
    table = tmp_path / "table"
    table.write_bytes(OTHERS)
    assert timers.state(place, CRON) == ABSENT
    for _ in range(2):
        assert timers.install(place, CRON) == ["crontab"]
        assert table.read_bytes() == OTHERS + timers.texts(place, CRON)["crontab"].encode()
    assert (tmp_path / "table.log").read_text() == "written\n", "what stands is not written again"
    assert timers.state(place, CRON) == PRESENT
    with table.open("ab") as file:
        file.write(b"0 0 * * * later\n")
    assert timers.state(later(place), CRON) == OUTDATED
    timers.install(later(place), CRON)
    assert table.read_bytes() == OTHERS + timers.texts(later(place), CRON)["crontab"].encode() + b"0 0 * * * later\n"
    assert timers.remove(place, CRON)
    assert table.read_bytes() == OTHERS + b"0 0 * * * later\n"
    assert not timers.remove(place, CRON)


def test_cron_without_a_table_gets_one(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "crontab", CRONTAB)
    assert not timers.remove(place, CRON)
    assert not (tmp_path / "table").exists()
    timers.install(place, CRON)
    assert (tmp_path / "table").read_text(encoding="utf-8") == timers.texts(place, CRON)["crontab"]


def test_a_table_whose_last_line_does_not_end_is_ended(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "crontab", CRONTAB)
    (tmp_path / "table").write_bytes(b"0 0 * * * mine")
    timers.install(place, CRON)
    assert (tmp_path / "table").read_bytes().startswith(b"0 0 * * * mine\n# >>>")


def test_two_projects_do_not_touch_each_others_lines(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "crontab", CRONTAB)
    other = replace(place, root=tmp_path / "other")
    timers.install(place, CRON)
    timers.install(other, CRON)
    timers.remove(place, CRON)
    assert (tmp_path / "table").read_text(encoding="utf-8") == timers.texts(other, CRON)["crontab"]


@pytest.mark.parametrize("kept", [[0], [1], [1, 0], [0, 0, 1]], ids=str)
def test_marks_that_do_not_match_are_left_alone(place: Project, tmp_path: Path, kept: list[int]) -> None:
    program(tmp_path / "tools", "crontab", CRONTAB)
    broken = "".join(f"{timers.marks(place)[one]}\n0 0 * * * mine\n" for one in kept)
    (tmp_path / "table").write_text(broken)
    for change in (timers.install, timers.remove):
        with pytest.raises(TimerError, match="不成对，没有改动"):
            change(place, CRON)
    assert (tmp_path / "table").read_text() == broken


def test_a_table_that_cannot_be_read_is_not_taken_for_an_empty_one(place: Project, tmp_path: Path) -> None:
    text = '#!/bin/sh\n[ "$1" = -l ] && { echo "you are not allowed" >&2; exit 1; }\n/bin/cat > "$TABLE"\n'
    program(tmp_path / "tools", "crontab", text)
    with pytest.raises(TimerError, match="crontab -l 失败，没有改动：you are not allowed"):
        timers.install(place, CRON)
    assert not (tmp_path / "table").exists()


def test_systemd_gets_two_units_and_loses_just_them(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "systemctl", SYSTEMCTL)
    units = tmp_path / "config" / "systemd" / "user"
    units.mkdir(parents=True)
    (units / "other.timer").write_text("[Timer]\n")
    assert timers.usable() == [SYSTEMD]
    assert timers.state(place, SYSTEMD) == ABSENT
    for _ in range(2):
        timers.install(place, SYSTEMD)
        for file, text in timers.texts(place, SYSTEMD).items():
            assert (units / file).read_text(encoding="utf-8") == text
    timer = f"{timers.name(place)}.timer"
    told = (tmp_path / "told").read_text().splitlines()
    service = f"{timers.name(place)}.service"
    assert told[-4:] == [
        "--user daemon-reload",
        f"--user enable {timer}",
        f"--user restart {timer}",
        f"--user reset-failed {service}",
    ]
    assert timers.state(place, SYSTEMD) == PRESENT
    assert timers.state(later(place), SYSTEMD) == OUTDATED
    (tmp_path / "told.stopped").touch()
    assert timers.state(place, SYSTEMD) == OUTDATED, "there, but stopped"
    (tmp_path / "told.stopped").unlink()
    (units / "timers.target.wants" / timer).unlink()
    assert timers.state(place, SYSTEMD) == OUTDATED, "there, but not enabled"
    assert timers.remove(place, SYSTEMD)
    assert [path.name for path in units.iterdir() if path.is_file()] == ["other.timer"]
    assert not timers.remove(place, SYSTEMD)


def test_windows_is_given_utf16(place: Project, tmp_path: Path) -> None:
    program(tmp_path / "tools", "schtasks", SCHTASKS)
    (tmp_path / "tasks").mkdir()
    assert timers.state(place, WINDOWS) == ABSENT
    timers.install(place, WINDOWS)
    given = (tmp_path / "tasks" / timers.name(place)).read_bytes()
    assert given[:2] in {b"\xff\xfe", b"\xfe\xff"}
    ((_, text),) = timers.texts(place, WINDOWS).items()
    assert given.decode("utf-16").replace("\r\n", "\n") == text
    assert timers.state(place, WINDOWS) == PRESENT
    assert timers.remove(place, WINDOWS)
    assert os.listdir(tmp_path / "tasks") == []  # noqa: PTH208  # names only


def test_the_best_timer_there_is_is_taken(place: Project, tmp_path: Path) -> None:
    with pytest.raises(TimerError, match="perfeval schedule serve"):
        timers.best()
    program(tmp_path / "tools", "crontab", CRONTAB)
    assert timers.best() == CRON
    program(tmp_path / "tools", "systemctl", '#!/bin/sh\necho "Failed to connect to bus" >&2\nexit 1\n')
    assert timers.best() == CRON, "a systemctl alone is no user instance"
    program(tmp_path / "tools", "systemctl", SYSTEMCTL)
    assert timers.best() == SYSTEMD
    assert place.root.is_dir()


def test_a_user_instance_is_found_after_su_and_sudo(
    place: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not say where it listens; its timer would be taken for absent, and another one installed beside it."""
    program(tmp_path / "tools", "systemctl", SYSTEMCTL.replace("[ ", '[ "$XDG_RUNTIME_DIR" = "$LISTENS" ] && [ ', 1))
    listens = tmp_path / str(os.getuid())
    monkeypatch.setenv("LISTENS", str(listens))
    monkeypatch.setattr(timers, "RUNTIME", tmp_path)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert timers.usable() == []
    listens.mkdir()
    assert timers.usable() == [SYSTEMD]
    assert place.root.is_dir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert timers.usable() == [], "what is said stands"


def test_a_user_who_does_not_linger_is_told(place: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "zhang")
    assert place.root.is_dir()
    assert timers.caveat(SYSTEMD).endswith("loginctl enable-linger zhang"), "there may be no loginctl to ask"
    for said, told in (("no", "loginctl enable-linger zhang"), ("yes", "")):
        program(tmp_path / "tools", "loginctl", f'#!/bin/sh\n[ "$2" = zhang ] && echo Linger={said}\n')
        assert timers.caveat(SYSTEMD).endswith(told)
        assert bool(timers.caveat(SYSTEMD)) == (said == "no")
    assert not timers.caveat(CRON)


def test_what_the_system_says_is_passed_on(place: Project, tmp_path: Path) -> None:
    with pytest.raises(TimerError, match="本机没有 crontab"):
        timers.install(place, CRON)
    program(tmp_path / "tools", "systemctl", '#!/bin/sh\necho "Access denied" >&2\nexit 1\n')
    with pytest.raises(TimerError, match="systemctl --user daemon-reload 失败：Access denied"):
        timers.install(place, SYSTEMD)
