"""When reports are due: the ［schedule］ of ``perfeval.toml``, and the moments it names.

Moments are naive: what the clock on this machine's wall shows, as the timers of every system understand them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from perfeval.model.errors import nearest

WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EVERY_DAY, WORKDAYS = "每天", "工作日"
DAYS = {EVERY_DAY: tuple(range(7)), WORKDAYS: tuple(range(5))} | {name: (number,) for number, name in enumerate(WEEK)}
"""What a day may be called, and its weekdays from Monday (0). 工作日 is Monday to Friday; public holidays are published
year by year, and a run on one of them does no harm."""
LAST_MONTHDAY = 28
"""The last day that every month has."""
MONTHDAY = re.compile(r"每月(\d{1,2})[日号]")
TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
LONGEST_GAP = 31
"""Days between two moments at most: from one month's day to the next month's."""
SETTINGS: dict[str, Any] = {"at": str | list, "days": str | list, "arguments": list}
"""What ［schedule］ may say, by kind."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """At what times, on which weekdays and days of the month, and with what arguments ``perfeval run`` is due."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    """From Monday, 0."""
    monthdays: tuple[int, ...] = ()
    """1 to 28; a day that is named either way is meant."""
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        """``每天 02:30``, ``周一、每月15日 08:00、20:00``."""
        whole = {DAYS[name]: [name] for name in (EVERY_DAY, WORKDAYS)}
        days = whole.get(self.weekdays) or [WEEK[number] for number in self.weekdays]
        days = days + [f"每月{number}日" for number in self.monthdays]
        return f"{'、'.join(days)} {'、'.join(f'{at:%H:%M}' for at in self.times)}"

    def previous(self, moment: datetime) -> datetime:
        """The last moment named, at or before ``moment``."""
        return max(one for back in range(LONGEST_GAP + 1) for one in self._on(moment, -back) if one <= moment)

    def following(self, moment: datetime) -> datetime:
        """The first moment named after ``moment``."""
        return min(one for ahead in range(LONGEST_GAP + 1) for one in self._on(moment, ahead) if one > moment)

    def _on(self, moment: datetime, away: int) -> list[datetime]:
        day: date = moment.date() + timedelta(days=away)
        meant = day.weekday() in self.weekdays or day.day in self.monthdays
        return [datetime.combine(day, at) for at in self.times] if meant else []


def wrong(given: Mapping[str, Any]) -> list[str]:
    """Everything wrong with what ［schedule］ says; keys and types are for the caller to check."""
    sound = {key: value for key, value in given.items() if key in SETTINGS and isinstance(value, SETTINGS[key])}
    found = [] if "at" in given else ['缺少 at（几点），如 at = "02:30"']
    found += [f"{key} 不能为空" for key in ("at", "days") if sound.get(key) == []]
    times = [one for one in _listed(sound.get("at", [])) if not _match(TIME, one)]
    found += [f"at 须是24小时制的时间，如“02:30”，现为“{one}”" for one in times]
    found += [_wrong_day(one) for one in _listed(sound.get("days", [])) if not any(_days(one))]
    for one in sound.get("arguments", []):
        if not isinstance(one, str):
            found.append(f"arguments 须是文字的列表，现有“{one}”")
        elif one.split("=")[0] in {"--due", "--log"}:
            found.append(f"arguments 里不须写“{one}”，定时运行时会自动加上")
    return [f"［schedule］{line}" for line in found]


def read(given: Mapping[str, Any]) -> Timetable:
    """The timetable of a ［schedule］ that has nothing wrong."""
    times = {time(int(match[1]), int(match[2])) for one in _listed(given["at"]) if (match := _match(TIME, one))}
    days = [_days(name) for name in _listed(given.get("days", EVERY_DAY))]
    return Timetable(
        times=tuple(sorted(times)),
        weekdays=tuple(sorted({number for week, _ in days for number in week})),
        monthdays=tuple(sorted({number for _, month in days for number in month})),
        arguments=tuple(given.get("arguments", ())),
    )


def _wrong_day(name: Any) -> str:
    if _match(MONTHDAY, name):
        return f"days 的“{name}”须在1日至{LAST_MONTHDAY}日之间（每个月都有的日子）"
    hint = nearest(str(name), [*DAYS, "每月1日"])
    return f"days 须是每天、工作日、周一至周日或每月几日，现为“{name}”{hint}"


def _days(name: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The weekdays and the days of the month that a name stands for; neither where it is no name of a day."""
    weekdays = DAYS.get(name.strip().replace("星期", "周"), ()) if isinstance(name, str) else ()
    month = _match(MONTHDAY, name)
    return weekdays, tuple(
        int(number) for number in (month.groups() if month else ()) if 1 <= int(number) <= LAST_MONTHDAY
    )


def _match(pattern: re.Pattern[str], value: Any) -> re.Match[str] | None:
    return pattern.fullmatch(value.strip()) if isinstance(value, str) else None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
