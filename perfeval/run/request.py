"""Parameters files: one report asked for in a small TOML file, as the exploring notebook saves it."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from perfeval.model.errors import NotOnFile, ParameterError, listed, nearest
from perfeval.model.scratch import write_whole
from perfeval.run.contract import Value


@dataclass(frozen=True, slots=True)
class Request:
    """One report asked for: ``report`` and what names its subject and years; empty and 0 where nothing is said."""

    report: str
    subdistrict: str = ""
    district: str = ""
    year: int = 0
    first_year: int = 0
    last_year: int = 0
    ruleset: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Of the notebook's own."""

    def years(self, held: set[int]) -> tuple[int, ...]:
        """The years asked for: the one, or those on file (``held``) from the first to the last; empty for all.

        Raises :class:`NotOnFile` where none is on file from the first to the last.
        """
        if self.year:
            return (self.year,)
        if not self.first_year and not self.last_year:
            return ()
        found = tuple(sorted(year for year in held if self.first_year <= year <= (self.last_year or year)))
        if not found:
            raise NotOnFile(f"从{self.first_year or '最早'}到{self.last_year or '最近'}年没有数据")
        return found


def write(path: Path, request: Request) -> None:
    """Write a parameters file, whole or not at all; its folder is made."""
    lines = ["# perfeval 的报告参数：perfeval run --parameters 本文件"]
    asked = asdict(request)
    own = asked.pop("parameters")
    lines += [_line(name, value) for name, value in asked.items() if value]
    lines += ["", "[parameters]", *(_line(name, value) for name, value in own.items())] if own else []
    write_whole(path, ("\n".join(lines) + "\n").encode())


def _line(name: str, value: Value) -> str:
    called = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
    return f"{called} = {json.dumps(value, ensure_ascii=False)}"


def read(path: Path) -> Request:
    """The request in a parameters file; :class:`ParameterError` lists everything that is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ParameterError(f"参数文件 {path.name} 不能读取：{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParameterError(f"参数文件 {path.name} 不是有效的UTF-8编码TOML：{error}") from error
    wrong = _wrong(table)
    if wrong:
        raise ParameterError(listed(f"参数文件 {path.name} 有{len(wrong)}处错误", wrong))
    return Request(**table)


def _wrong(table: Mapping[str, Any]) -> list[str]:
    kinds = {field.name: field.type for field in fields(Request)}
    wrong = [f"不认识的参数“{name}”{nearest(name, kinds)}" for name in table if name not in kinds]
    for name, value in table.items():
        if kinds.get(name) is int and (not isinstance(value, int) or isinstance(value, bool)):
            wrong.append(f"{name} 须是年份，现为“{value}”")
        elif kinds.get(name) is str and not isinstance(value, str):
            wrong.append(f"{name} 须是文字，现为“{value}”")
    own = table.get("parameters", {})
    if not isinstance(own, dict):
        wrong.append(f"parameters 须是段落［parameters］，现为“{own}”")
    else:
        unfit = {name: value for name, value in own.items() if not isinstance(value, str | int | float)}
        wrong += [f"［parameters］{name} 须是文字、数或 true、false，现为“{value}”" for name, value in unfit.items()]
    if not table.get("report"):
        wrong.append("缺少 report（报告名称，如 annual）")
    if "year" in table and {"first_year", "last_year"} & table.keys():
        wrong.append("year 与 first_year、last_year 只能给一种")
    if {"subdistrict", "district"} <= table.keys():
        wrong.append("subdistrict 与 district 只能给一种")
    return wrong
