"""What is due: a day told by hand, with a missed run, an overlap, a killed run and a wrong clock."""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perfeval.model.errors import PerfevalError
from perfeval.run import project, schedule, timetable
from perfeval.run.project import Project


def at(text: str) -> datetime:
    """A moment of this machine's wall clock."""
    return datetime.fromisoformat(text).astimezone()


@pytest.fixture
def place(tmp_path: Path) -> Project:
    table = timetable.read({"at": ["02:30", "14:00"], "days": "每天"})
    return replace(project.find(tmp_path), schedule=table)


def run(place: Project, now: str) -> str:
    """What ``perfeval run --due`` does at a moment: the moment it runs for, or nothing."""
    with schedule.turn(place):
        found = schedule.due(place, at(now))
        schedule.done(place, found)
    return f"{found.moment:%d %H:%M}" if found.moment else ""


def test_a_day(place: Project) -> None:
    """Asked every hour and more often, each moment is run for once; what was missed is made up for, once."""
    assert run(place, "2026-03-02T02:30") == "02 02:30", "on time"
    assert run(place, "2026-03-02T02:30:01") == "", "a second timer, a second later"
    assert run(place, "2026-03-02T03:30") == "", "the hourly look"
    assert run(place, "2026-03-02T13:59:59") == ""
    assert run(place, "2026-03-02T14:00:30") == "02 14:00", "half a minute late"
    assert run(place, "2026-03-03T15:00") == "03 14:00", "off all night and morning: one run for the two missed"
    assert run(place, "2026-03-03T15:01") == ""
    assert run(place, "2026-03-04T02:30") == "04 02:30"


def test_an_overlap_leaves_and_its_moment_is_made_up_for(place: Project) -> None:
    with schedule.turn(place):
        found = schedule.due(place, at("2026-03-02T13:50"))
        with pytest.raises(schedule.Overlapping, match="上一次定时运行还没有结束"), schedule.turn(place):
            pass
        schedule.done(place, found)
    assert run(place, "2026-03-02T14:20") == "02 14:00", "it passed while the run of 02:30 was at work"
    assert run(place, "2026-03-02T14:21") == ""


def test_a_run_that_was_killed_is_due_again(place: Project) -> None:
    with schedule.turn(place):
        assert schedule.due(place, at("2026-03-02T02:30")).moment == at("2026-03-02T02:30")
    assert run(place, "2026-03-02T03:30") == "02 02:30"


def test_what_is_said_of_a_moment(place: Project) -> None:
    run(place, "2026-03-02T02:30")
    found = schedule.due(place, at("2026-03-02T09:00"))
    assert (found.moment, found.last) == (None, at("2026-03-02T02:30"))
    assert found.following == at("2026-03-02T14:00")


def test_a_moment_is_the_same_in_every_zone(place: Project) -> None:
    run(place, "2026-03-02T02:30")
    assert schedule.due(place, at("2026-03-02T02:31").astimezone(UTC)).moment is None


def test_a_clock_that_ran_ahead_does_not_stop_the_runs(place: Project) -> None:
    run(place, "2099-01-01T02:30")
    assert run(place, "2026-03-02T02:30") == "02 02:30"
    assert run(place, "2026-03-02T02:31") == ""


def test_a_clock_set_back_a_little_repeats_nothing(place: Project) -> None:
    run(place, "2026-03-02T02:30:01")
    assert run(place, "2026-03-02T02:29:59") == ""
    assert run(place, "2026-03-02T02:30") == ""


@pytest.mark.parametrize("left", ["", "{", "[]", "null", '{"moment": 3}', '{"moment": "gestern"}', "{}"])
def test_a_note_that_cannot_be_read_counts_as_none(place: Project, left: str) -> None:
    place.outputs.mkdir()
    (place.outputs / schedule.NOTE).write_text(left, encoding="utf-8")
    assert run(place, "2026-03-02T02:30") == "02 02:30"
    assert run(place, "2026-03-02T02:30") == ""


def test_the_note_is_replaced_whole(place: Project) -> None:
    run(place, "2026-03-02T02:30")
    run(place, "2026-03-02T14:00")
    told = json.loads((place.outputs / schedule.NOTE).read_text(encoding="utf-8"))
    assert datetime.fromisoformat(told["moment"]) == at("2026-03-02T14:00")
    assert sorted(path.name for path in place.outputs.iterdir()) == [schedule.NOTE, schedule.LOCK]


def test_nothing_due_is_noted_as_nothing(place: Project) -> None:
    run(place, "2026-03-02T02:30")
    before = (place.outputs / schedule.NOTE).read_bytes()
    run(place, "2026-03-02T09:00")
    assert (place.outputs / schedule.NOTE).read_bytes() == before


def test_without_a_timetable_it_is_said_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(PerfevalError, match="没有［schedule］段"):
        schedule.due(project.find(tmp_path), datetime.now(UTC))


class Clock:
    """A stop event that never waits: each wait moves the clock on by a minute, and at the end it says stop."""

    def __init__(self, now: datetime, until: datetime) -> None:
        self.now, self.until = now, until

    def is_set(self) -> bool:
        return self.now >= self.until

    def wait(self, _: float) -> bool:
        self.now += timedelta(minutes=1)
        return self.is_set()


def serve(place: Project, command: list[str], start: str, end: str) -> list[str]:
    """The moments at which the resident timer started something, by a clock that goes as fast as it can be asked."""
    clock, said = Clock(at(start), at(end)), []
    schedule.serve(place, command, lambda line: said.append((f"{clock.now:%d %H:%M}", line)), clock, lambda: clock.now)
    return [f"{when} {line.split('（')[1]}" for when, line in said if "开始" in line]


def test_the_resident_timer_looks_at_every_moment_and_every_hour(place: Project) -> None:
    """The program completes nothing, so that every look starts it again."""
    seen = serve(place, [sys.executable, "-SIc", "raise SystemExit(2)"], "2026-03-02T00:10", "2026-03-02T15:30")
    assert seen[:5] == [
        "02 00:10 应于2026-03-01 14:00）",
        "02 01:10 应于2026-03-01 14:00）",
        "02 02:10 应于2026-03-01 14:00）",
        "02 02:30 应于2026-03-02 02:30）",
        "02 03:30 应于2026-03-02 02:30）",
    ]
    assert [line[3:8] for line in seen[-3:]] == ["13:30", "14:00", "15:00"]


def completing(place: Project, moments: list[str]) -> list[str]:
    """A program that completes one of the moments each time it is started."""
    work = place.root / "work.py"
    work.write_text(
        "import json, sys, pathlib\n"
        "note, *moments = sys.argv[1:]\n"
        "done = pathlib.Path('runs.txt')\n"
        "count = len(done.read_text().splitlines()) if done.exists() else 0\n"
        "done.open('a').write('run\\n')\n"
        "pathlib.Path(note).write_text(json.dumps({'moment': moments[count]}))\n",
        encoding="utf-8",
    )
    place.outputs.mkdir(exist_ok=True)
    return [sys.executable, str(work), str(place.outputs / schedule.NOTE), *(at(one).isoformat() for one in moments)]


def test_the_resident_timer_runs_once_for_each_moment(place: Project) -> None:
    moments = ["2026-03-01T14:00", "2026-03-02T02:30", "2026-03-02T14:00"]
    seen = serve(place, completing(place, moments), "2026-03-02T00:10", "2026-03-02T23:30")
    assert [line[:8] for line in seen] == ["02 00:10", "02 02:30", "02 14:00"]


def test_a_moment_that_comes_during_a_run_is_run_for_right_after_it(place: Project) -> None:
    """Each run takes three hours by this clock."""
    schedule.done(place, schedule.Due(at("2026-03-01T14:00"), at("2026-03-02T02:30"), None))
    command, ran = completing(place, ["2026-03-02T02:30", "2026-03-02T14:00"]), place.root / "runs.txt"
    clock, said = Clock(at("2026-03-02T13:50"), at("2026-03-02T16:00")), []

    def now() -> datetime:
        return clock.now + timedelta(hours=3) * (len(ran.read_text().splitlines()) if ran.exists() else 0)

    schedule.serve(place, command, said.append, clock, now)
    assert [line[11:16] + line[-7:-1] for line in said if "开始" in line] == ["13:50 02:30", "16:50 14:00"]


def test_a_run_that_completed_nothing_is_not_started_again_at_once(place: Project) -> None:
    seen = serve(place, completing(place, ["2026-02-27T14:00"]), "2026-03-02T00:10", "2026-03-02T00:20")
    assert seen == ["02 00:10 应于2026-03-01 14:00）"]


def test_the_resident_timer_outlives_what_it_cannot_start(place: Project) -> None:
    clock, said = Clock(at("2026-03-02T00:10"), at("2026-03-02T02:35")), []
    schedule.serve(place, [str(place.root / "gone")], said.append, clock, lambda: clock.now)
    assert [line[11:16] for line in said if "没有开始" in line] == ["00:10", "01:10", "02:10", "02:30"]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone is not a process's to set")
@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_where_clocks_are_set_forward_or_back_there_is_one_run_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, hours: int
) -> None:
    """02:30 is not there on the one day and comes twice on the other."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        place = replace(project.find(tmp_path), schedule=timetable.read({"at": "02:30"}))
        midnight = at(f"{day}T00:00")
        assert at(f"{day}T23:59") - midnight > timedelta(hours=hours - 1)
        run(place, (midnight - timedelta(hours=1)).isoformat())
        moments = [midnight + timedelta(minutes=minutes) for minutes in range(1, hours * 60 - 1, 10)]
        seen = [said for now in moments if (said := run(place, now.isoformat()))]
        assert len(seen) == 1
        assert seen[0].startswith(day[-2:])
    finally:
        monkeypatch.undo()
        time.tzset()
