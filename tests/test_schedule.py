"""What is due: a day told by hand, with a missed run, an overlap, a killed run and a wrong clock."""

import json
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


def test_the_resident_timer_looks_at_every_moment_and_every_hour(place: Project) -> None:
    from perfeval.run import serving

    seen, now = [], at("2026-03-02T00:10")
    for _ in range(16):
        now = serving.following(place.schedule, now)
        seen.append(f"{now:%H:%M}")
    assert seen[:4] == ["01:10", "02:10", "02:30", "03:30"]
    assert seen[13:] == ["13:30", "14:00", "15:00"]
    moments = serving.Moments(place.schedule)
    assert moments.get_next_fire_time(None, at("2026-03-02T02:10")) == at("2026-03-02T02:30")
    assert moments.get_next_fire_time(at("2026-03-02T02:30"), at("2026-03-02T09:00")) == at("2026-03-02T03:30")
    assert at("2026-03-02T03:30") - at("2026-03-02T02:30") == timedelta(hours=1)


def test_a_moment_that_comes_during_a_run_is_run_for_right_after_it(place: Project) -> None:
    """The run is a program that completes first a moment long past, as one would that ran over the next moment."""
    import sys

    from perfeval.run import serving

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
    now = datetime.now(UTC)
    last = schedule.due(place, now).moment
    moments = [(last - timedelta(days=2)).isoformat(), last.isoformat()]
    place.outputs.mkdir()
    command = [sys.executable, str(work), str(place.outputs / schedule.NOTE), *moments]
    said: list[str] = []
    serving.Runner(place, said.append, command).look()
    assert (place.root / "runs.txt").read_text().split() == ["run", "run"]
