"""``narrative.toml`` → :class:`~perfeval.model.schema.Narrative`: keys, types and dates checked, problems collected.

The keys are the fields of the dataclasses in :mod:`perfeval.model.schema`; nothing is listed here a second time.
"""

import datetime
import re
import tomllib
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from perfeval.ingest.cells import half_width_text
from perfeval.ingest.problems import closest, problem
from perfeval.ingest.tabular import decode
from perfeval.model.errors import Problem
from perfeval.model.schema import Issue, Narrative, Stage, Survey

REQUIRED = {Stage: "name", Issue: "text", Survey: "indicator"}
DATES = {(Narrative, "signed_on"), (Stage, "start"), (Stage, "end"), (Survey, "date")}
EXPECTED = {str: "文字", Decimal: '数（如"98"或98.5）', int: "不小于0的整数"}
LINE = re.compile(r"at line (\d+)")
POINTS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")

Kind = typing.TypeVar("Kind")
Report = Callable[[str, str, str, object], None]
"""Takes code, message, key and value."""


def parse_narrative(raw: bytes, file: str) -> tuple[Narrative, list[Problem]]:
    """The narrative in a file's bytes, and every problem; what cannot be read is left at its default."""
    text, problems = decode(raw, file)
    if text is None:
        return Narrative(), problems
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Narrative(), [*problems, _syntax(error, text, file)]

    def report(code: str, message: str, key: str, value: object = "") -> None:
        problems.append(problem(code, message, file=file, column=key, value=value))

    narrative = _record(Narrative, table, "", report)
    for number, stage in enumerate(narrative.stages, start=1):
        if stage.start and stage.end and stage.end < stage.start:
            report("E404", f"结束日期早于开始日期{stage.start}", f"stages[{number}].end", stage.end)
    for number, survey in enumerate(narrative.surveys, start=1):
        if survey.respondents is not None and survey.satisfied is not None and survey.satisfied > survey.respondents:
            message = f"满意人数多于调查人数{survey.respondents}"
            report("W402", message, f"surveys[{number}].satisfied", survey.satisfied)
    return narrative, problems


def _syntax(error: Exception, text: str, file: str) -> Problem:
    """The syntax error with its line: tomllib names it only in the text of its message."""
    lines = text.split("\n")
    found = LINE.search(str(error))
    number = int(found[1]) if found else len(text.rstrip().split("\n"))
    message = f"文本第{number}行不符合TOML的写法" if found else "文件结尾处不完整：有引号或括号没有结束"
    return problem("E401", message, file=file, row=number, value=lines[number - 1].strip())


@cache
def _types(kind: type) -> dict[str, Any]:
    """The fields of a dataclass and their types."""
    return typing.get_type_hints(kind)


def _record(kind: type[Kind], table: Mapping[str, Any], path: str, report: Report) -> Kind:
    """A dataclass from a TOML table; keys that are unknown, missing or of the wrong type are reported."""
    types = _types(kind)  # type: ignore[arg-type]  # a class is hashable
    for key, value in table.items():
        if key not in types:
            close = closest(key, types)
            hint = f"，是否指“{close}”？" if close else f"，可用的键：{'、'.join(types)}"
            report("W401", f"不认识的键，内容已忽略{hint}", path + key, "" if isinstance(value, dict | list) else value)
    required = REQUIRED.get(kind)
    if required and not table.get(required):
        report("E405", "缺少这个键，或是空的", path + required, "")
    values: dict[str, Any] = {}
    for key in [name for name in types if name in table]:
        read = _date if (kind, key) in DATES else _value
        values[key] = read(table[key], types[key], path + key, report)
    if required:
        values.setdefault(required, "")
    make: Callable[..., Kind] = kind
    return make(**{key: value for key, value in values.items() if value is not None})


def _value(value: object, hint: Any, key: str, report: Report) -> Any:
    """The value as the field's type wants it; None where it cannot be."""
    if typing.get_origin(hint) is tuple:
        return _entries(value, typing.get_args(hint)[0], key, report)
    kind = next((part for part in (hint, *typing.get_args(hint)) if part in EXPECTED), str)
    if kind is str and isinstance(value, str):
        return value.strip()
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if kind is Decimal:
        number = _number(value)
        if number is not None or value == "":
            return number
    report("E402", f"应为{EXPECTED[kind]}", key, value)
    return None


def _number(value: object) -> Decimal | None:
    """A score as printed: text keeps its decimals, and TOML numbers do as well."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = half_width_text(str(value))
    return Decimal(text) if POINTS.fullmatch(text) else None


def _entries(value: object, kind: type, key: str, report: Report) -> Any:
    """A tuple of texts or of dataclasses."""
    wanted = "用方括号括起的文字列表" if kind is str else f"成组的条目，每条以[[{key}]]开头"
    if not isinstance(value, list):
        report("E402", f"应为{wanted}", key, value)
        return None
    entries: list[object] = []
    for number, entry in enumerate(value, start=1):
        place = f"{key}[{number}]"
        if kind is str and isinstance(entry, str):
            entries.append(entry.strip())
        elif kind is not str and isinstance(entry, dict):
            entries.append(_record(kind, entry, place + ".", report))
        else:
            report("E402", f"应为{wanted}", place, entry)
    return tuple(entries)


def _date(value: object, hint: Any, key: str, report: Report) -> str | None:  # noqa: ARG001  # one signature with _value
    """An ISO date from a TOML date or from text."""
    if value == "":
        return ""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value.strip()).isoformat()
        except ValueError:
            pass  # reported below, with everything else that is no date
    report("E403", "应为真实存在的日期，写成“年-月-日”", key, value)
    return None
