"""What users ask for: years, offices, words and frames, or one Chinese line saying what is wrong with them."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import BoundArguments, Parameter, Signature, signature
from operator import index
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from perfeval.model.errors import ParameterError, nearest

Years = int | str | Iterable[int | str] | None
_SPAN = re.compile(r"\s*((?:19|20)[0-9]{2})年?度?\s*(?:(?:-|—|–|~|～|至|到)\s*((?:19|20)[0-9]{2})年?度?)?\s*")
_HOW = '须写作 2024、"2024"、"2022-2024"、range(2022, 2025) 或它们的列表'
_LONGEST = 40
Made = TypeVar("Made", bound=Callable[..., Any])
_OURS = ("pandas", "perfeval")
"""Whose classes :func:`takes` checks: a number or a text may be given in many ways."""
_RESULTS = {
    "Evaluation": "pe.evaluate() 的结果", "History": "pe.history() 的结果", "Peers": "pe.peers() 的结果",
    "DistrictYears": "pe.district_years() 的结果", "Data": "pe.load() 的结果", "Project": "项目",
    "DataFrame": "数据表（DataFrame）", "Series": "一列数据（Series）", "str": "文字", "Path": "路径",
    "NoneType": "None",
}  # fmt: skip
_FRAMES = ("findings", "money", "register", "rows", "scores")
"""Frames that the function of their name gives."""
_SOME = 8
_KEYS = {"scores": ("subdistrict", "year"), "rows": ("subdistrict", "year", "file", "row")}
"""What a row of a frame is of; by these columns it is there once."""
_WHAT = {"scores": "得分", "rows": "一项指标"}
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
            turned = f"{given!r} 里没有年度，起止颠倒了？" if isinstance(given, range) else f"{_HOW}；不写即全部年度"
            raise ParameterError(f"{parameter} 是空的：{turned}")
        return found
    return {_year(given, parameter)}


def one_year(given: int | str | None, parameter: str = "year") -> int | None:
    """The one year that is meant; :class:`ParameterError` for several, and for what is no year."""
    found = years(given, parameter) if given is None or isinstance(given, str) else {_year(given, parameter)}
    if found is None or len(found) == 1:
        return None if found is None else next(iter(found))
    raise ParameterError(f"{parameter} 须是一个年度，现为{kind(given)}")


def the_year(given: int | str, parameter: str = "year") -> int:
    """The year that is meant; :class:`ParameterError` for anything else, and for none."""
    found = one_year(given, parameter)
    return _year(None, parameter) if found is None else found


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


def named(function: Made) -> Made:
    """A function that says in Chinese which argument it lacks, or does not have (with the nearest that it has)."""
    declared = signature(function)

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _bound(declared, function.__name__, args, kwargs)
        return function(*args, **kwargs)

    return cast(Made, guarded)


def _bound(declared: Signature, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BoundArguments:
    """The arguments by name; :class:`ParameterError` where they are not those of the function."""
    try:
        return declared.bind(*args, **kwargs)
    except TypeError as error:
        there = declared.parameters
        unknown = next((name for name in kwargs if name not in there), None)
        if unknown is not None:
            raise ParameterError(f"{function} 没有参数 {unknown}{nearest(unknown, there)}") from None
        placed = [name for name, one in there.items() if one.kind is not Parameter.KEYWORD_ONLY]
        lacking = [
            name for name, one in there.items()
            if one.default is Parameter.empty and name not in kwargs and name not in placed[: len(args)]
        ]  # fmt: skip
        told = f"还要参数 {'、'.join(lacking)}" if lacking else f"的参数是 {'、'.join(there)}，所给的不符"
        raise ParameterError(f"{function} {told}") from error


def takes(**frames: Iterable[str]) -> Callable[[Made], Made]:
    """A function whose arguments are what they are declared to be, and whose frames have the columns it needs.

    Each argument annotated with a class of pandas or perfeval must be of it; those named here must be frames with these
    columns. Else :class:`ParameterError` says what is missing and what was given.

    >>> @takes(rows=["track", "year"])
    ... def years(rows): return sorted(rows["year"])
    """
    needed = {name: list(columns) for name, columns in frames.items()}

    def guard(function: Made) -> Made:
        declared = signature(function)
        wanted = {name: kinds for name, one in declared.parameters.items() if (kinds := _classes(one.annotation))}

        @wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            for name, given in _bound(declared, function.__name__, args, kwargs).arguments.items():
                if name in wanted and not isinstance(given, wanted[name]):
                    said = "或".join(dict.fromkeys(_RESULTS.get(one.__name__, one.__name__) for one in wanted[name]))
                    raise ParameterError(f"{name} 须是{said}，现为{kind(given)}")
                if name in needed:
                    frame(given, name, needed[name])
            return function(*args, **kwargs)

        return cast(Made, guarded)

    return guard


def _classes(annotation: Any) -> tuple[type, ...]:
    """The classes of an annotation that is checked; empty for any other."""
    found = get_args(annotation) or (annotation,)
    if not all(isinstance(one, type) for one in found):
        return ()
    return found if any(one.__module__.split(".")[0] in _OURS for one in found) else ()


def frame(given: Any, parameter: str, columns: Iterable[str]) -> Any:
    """A frame with these columns; :class:`ParameterError` names all that are missing, and what there is."""
    where = f"请用 pe.{parameter}() 的表" if parameter in _FRAMES else ""
    if not _is_table(given) or not hasattr(given, "loc"):
        raise ParameterError(f"{parameter} 须是数据表，现为{kind(given)}{where and f'；{where}'}")
    held = [str(name) for name in given.columns]
    lacking = [name for name in columns if name not in given.columns]
    if lacking:
        some = "、".join(held[:_SOME]) + "等" * (len(held) > _SOME)
        there = f"现有{some}{len(held)}列" if held else "现在没有列"
        raise ParameterError(f"{parameter} 缺少列{'、'.join(lacking)}：{where and f'{where}，'}{there}")
    _once(given, parameter)
    return given


def _once(given: Any, parameter: str) -> None:
    """Refuse a frame that holds something twice, as two loads put together do: every sum of it would be double."""
    key = [name for name in _KEYS.get(parameter, ()) if name in given.columns]
    if not key or len(key) < len(_KEYS[parameter]):
        return
    twice = given[given.duplicated(key)]
    if len(twice):
        first = "、".join(str(twice[name].iloc[0]) for name in key)
        raise ParameterError(
            f"{parameter} 有{len(twice)}行重复（如{first}）：同一街道同一年度的{_WHAT[parameter]}只能有一行"
        )


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
