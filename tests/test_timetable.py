"""［schedule］ of perfeval.toml: what it may say, and the moments it names."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.ingest.locating import SettingsError
from perfeval.run import project, timetable
from perfeval.run.timetable import Timetable


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def read(tmp_path: Path, text: str) -> Timetable | None:
    file = tmp_path / "perfeval.toml"
    file.write_text(text, encoding="utf-8")
    return project.read(file).schedule


def test_a_time_alone_means_every_day(tmp_path: Path) -> None:
    assert read(tmp_path, '[schedule]\nat = "2:30"\n') == Timetable((time(2, 30),), (0, 1, 2, 3, 4, 5, 6))


def test_days_are_named_as_people_name_them(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        '[schedule]\nat = ["20:00", "08：00"]\ndays = ["周四", "星期一", "每月15日"]\narguments = ["--year", "2022"]\n',
    )
    assert table == Timetable((time(8), time(20)), (0, 3), (15,), ("--year", "2022"))
    assert str(table) == "周一、周四、每月15日 08:00、20:00"


@pytest.mark.parametrize(
    ("days", "said"), [("每天", "每天"), ("工作日", "工作日"), ("周日", "周日"), ("每月1日", "每月1日")]
)
def test_a_timetable_reads_as_it_was_written(days: str, said: str) -> None:
    assert str(timetable.read({"at": "02:30", "days": days})) == f"{said} 02:30"


def test_no_section_no_timetable(tmp_path: Path) -> None:
    assert read(tmp_path, '[paths]\ndata = "data"\n') is None


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    text = (
        '[schedule]\nat = ["25:00", 3, "02:30"]\ndays = ["周八", "每月31日", 1]\n'
        'arguments = [1, "--due", "--log=x"]\nday = "每天"\n'
    )
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert "9处错误" in message
    assert "不认识的设置“day”，是否指“days”？" in message
    assert "如“02:30”，现为“25:00”" in message
    assert "如“02:30”，现为“3”" in message
    assert "现为“周八”，是否指“周" in message
    assert "“每月31日”须在1日至28日之间" in message
    assert "现为“1”" in message
    assert "arguments 须是文字的列表，现有“1”" in message
    assert "不须写“--due”" in message
    assert "不须写“--log=x”" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule]\n", "缺少 at"),
        ("[schedule]\nat = 3\n", "at 须是文字或列表，现为“3”"),
        ("[schedule]\nat = []\n", "at 不能为空"),
        ('[schedule]\nat = "02:30"\ndays = []\n', "days 不能为空"),
    ],
)
def test_what_is_missing_or_of_another_kind_is_said_once(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match="有1处错误") as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_moments_of_a_week() -> None:
    """2026-03-02 is a Monday."""
    table = timetable.read({"at": "02:30", "days": "工作日"})
    assert table.previous(at("2026-03-02T02:30")) == at("2026-03-02T02:30"), "the moment itself has come"
    assert table.previous(at("2026-03-02T02:29:59")) == at("2026-02-27T02:30"), "before it: Friday"
    assert table.following(at("2026-03-02T02:30")) == at("2026-03-03T02:30")
    assert table.following(at("2026-03-06T02:30")) == at("2026-03-09T02:30"), "after Friday: Monday"


def test_moments_of_months() -> None:
    table = timetable.read({"at": ["08:00", "20:00"], "days": ["每月1日", "每月15日"]})
    assert table.previous(at("2026-03-01T07:59")) == at("2026-02-15T20:00")
    assert table.following(at("2025-12-15T20:00")) == at("2026-01-01T08:00"), "over the end of the year"
    assert timetable.read({"at": "00:00", "days": "每月1日"}).following(at("2026-01-01T00:00")) == at(
        "2026-02-01T00:00"
    )


@given(
    st.lists(st.times(), min_size=1, max_size=3),
    st.sets(st.integers(0, 6)),
    st.sets(st.integers(1, 28)),
    st.datetimes(at("2000-01-01"), at("2100-01-01")),
)
def test_between_previous_and_following_there_is_nothing(
    times: list[time], week: set[int], month: set[int], now: datetime
) -> None:
    table = Timetable(tuple(times), tuple(sorted(week)), tuple(sorted(month or {1})))
    before, after = table.previous(now), table.following(now)
    assert before <= now < after
    assert table.following(before) == after
    assert table.previous(after - timedelta.resolution) == before
