"""What users ask for: years, offices and words as they may be written, or one Chinese line saying what is wrong."""

import re
from collections.abc import Iterable
from operator import index
from pathlib import Path
from typing import Any

from perfeval.model.errors import ParameterError, nearest

Years = int | str | Iterable[int | str] | None
_SPAN = re.compile(r"\s*((?:19|20)[0-9]{2})年?度?\s*(?:(?:-|—|–|~|～|至|到)\s*((?:19|20)[0-9]{2})年?度?)?\s*")
_HOW = '须写作 2024、"2024"、"2022-2024"、range(2022, 2025) 或它们的列表'
_LONGEST = 40
_KINDS = {bool: "真假值", int: "整数", float: "小数", str: "文字", bytes: "字节", Path: "路径"}


def years(given: Years, parameter: str = "years") -> set[int] | range | None:
    """The years that are meant: those named, or a span, of which those on file count; None for all.

    :class:`ParameterError` for anything that is no year: 2024.0, True, "24", an empty list.

    >>> years("2024"), years("2022-2024"), years([2022, "2024"])
    ({2024}, range(2022, 2025), {2024, 2022})
    """
    if given is None or (isinstance(given, range) and given):
        return given
    if isinstance(given, str):
        return _spelt(given, parameter)
    if isinstance(given, Iterable) and not isinstance(given, bytes | dict) and not _is_table(given):
        found = {year for one in given for year in _several(one, parameter)}
        if not found:
            raise ParameterError(f"{parameter} 是空的：{_HOW}；不写即全部年度")
        return found
    return {_year(given, parameter)}


def one_year(given: int | str | None, parameter: str = "year") -> int | None:
    """The one year that is meant; :class:`ParameterError` for several, and for what is no year."""
    found = years(given, parameter) if given is None or isinstance(given, str) else {_year(given, parameter)}
    if found is None or len(found) == 1:
        return None if found is None else next(iter(found))
    raise ParameterError(f"{parameter} 须是一个年度，现为{kind(given)}")


def one_text(given: str | None, parameter: str) -> str | None:
    """A text that may be left out; :class:`ParameterError` for anything else."""
    if given is None or isinstance(given, str):
        return given
    raise ParameterError(f"{parameter} 须是一段文字，现为{kind(given)}")


def texts(given: Any, parameter: str) -> list[str] | None:
    """One text or several; None for all. :class:`ParameterError` for anything else, and for an empty list."""
    if given is None:
        return None
    if isinstance(given, str):
        return [given]
    if not isinstance(given, Iterable) or isinstance(given, bytes) or _is_table(given):
        raise ParameterError(f"{parameter} 须是文字或文字的列表，现为{kind(given)}")
    found = list(given)
    wrong = next((one for one in found if not isinstance(one, str)), None)
    if wrong is not None or not found:
        told = f"其中有{kind(wrong)}" if found else "现为空的列表；不写即全部"
        raise ParameterError(f"{parameter} 须是文字或文字的列表，{told}")
    return found


def folder(given: str | Path, parameter: str = "data_dir") -> str | Path:
    """A folder; :class:`ParameterError` for what is none."""
    if isinstance(given, str | Path):
        return given
    raise ParameterError(f"{parameter} 须是数据目录（文字或路径），现为{kind(given)}")


def among(given: Iterable[str] | None, known: Iterable[str], parameter: str) -> list[str] | None:
    """Words out of a list; :class:`ParameterError` naming the nearest for one that is not in it."""
    held, found = list(known), texts(given, parameter)
    for one in found or ():
        if one not in held:
            raise ParameterError(f"{parameter} 里没有“{one}”{nearest(one, held)}")
    return found


def kind(given: Any) -> str:
    """What a value is, in Chinese, and the value where it is short: ``小数2024.0``."""
    if _is_table(given):
        return f"数据表（{type(given).__name__}）"
    told = next((word for type_, word in _KINDS.items() if isinstance(given, type_)), "")
    text = f"“{given}”" if isinstance(given, str) else repr(given)
    shown = text if len(text) <= _LONGEST else ""
    if told or isinstance(given, list | tuple | dict | set | range):
        return f"{told or '列表'}{shown}"
    return f"{type(given).__name__}"


def _is_table(given: Any) -> bool:
    return type(given).__module__.split(".")[0] in {"pandas", "polars", "pyarrow"} and hasattr(given, "columns")


def _several(given: Any, parameter: str) -> Iterable[int]:
    if isinstance(given, str):
        return _spelt(given, parameter)
    return given if isinstance(given, range) else [_year(given, parameter)]


def _spelt(given: str, parameter: str) -> set[int] | range:
    found = _SPAN.fullmatch(given)
    if found is None:
        raise ParameterError(f"{parameter} 不是年度：{kind(given)}；{_HOW}")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise ParameterError(f"{parameter} 的起止年度颠倒：{kind(given)}")
    return range(first, last + 1) if found[2] else {first}


def _year(given: Any, parameter: str) -> int:
    try:
        if not isinstance(given, bool):
            return index(given)
    except TypeError:
        pass
    raise ParameterError(f"{parameter} 不是年度：{kind(given)}；{_HOW}")
