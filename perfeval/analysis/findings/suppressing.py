"""Findings that an office has looked at and keeps, each with its reason: ``suppressions.toml`` beside the tables.

Findings that follow from another are told with it: one fault is one thing to mend, under whichever rules it falls.

Which rule explains which stands in ``rules.toml`` (``explains``); here it is only decided whether both speak of the
same thing: a row in common, the same place, or a fault of the whole document.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from perfeval.analysis.findings.catalog import rule, rules
from perfeval.analysis.findings.context import bare_name
from perfeval.model.columns import records
from perfeval.model.data import Data
from perfeval.model.errors import PerfevalError, listed, nearest

PAIRED = ("C01", "C02", "C03", "C04", "C05", "C06", "C07")
"""Rules that speak of indicators only beside one another."""
_ROW = "行）"
"""How the place of a row, a goal or an item ends; the place of the whole document does not."""


def folded(found: pd.DataFrame) -> pd.DataFrame:
    """The findings that stand for themselves; the facts of these name what follows from them.

    Takes and gives the columns of :data:`~perfeval.model.results.FINDING_COLUMNS`. Suppressed findings are taken away
    before: what followed from one of them then stands for itself.
    """
    every = records(found)
    by_code: dict[str, list[int]] = {}
    for at, record in enumerate(every):
        by_code.setdefault(str(record["code"]), []).append(at)
    parents = _parents(every, by_code)
    following: dict[int, list[str]] = {}
    for at, record in enumerate(every):
        root = _root(parents, at)
        if root != at:
            following.setdefault(root, []).append(f"{record['code']} {record['title']}")
    if not following:
        return found
    facts = [
        f"{record['fact']}{_also(following[at])}" if at in following else record["fact"]
        for at, record in enumerate(every)
    ]
    told = found.assign(fact=pd.Series(facts, index=found.index, dtype=found["fact"].dtype))
    return told[[at not in parents for at in range(len(every))]].reset_index(drop=True)


def _parents(records: list[dict[Any, Any]], by_code: dict[str, list[int]]) -> dict[int, int]:
    """By finding that follows from another: which."""
    parents: dict[int, int] = {}
    explaining: dict[str, list[int]] = {}
    for one in rules():
        for code in one.explains:
            explaining.setdefault(code, []).extend(by_code.get(one.code, ()))
    for code, causes in explaining.items():
        by_row: dict[int, list[int]] = {}
        for cause in causes:
            for row in records[cause]["rows"]:
                by_row.setdefault(int(row), []).append(cause)
        for at in by_code.get(code, ()):
            found = _cause(records, at, causes, by_row)
            if found is not None and _root(parents, found) != at:
                parents[at] = found
    return parents


def _cause(records: list[dict[Any, Any]], at: int, causes: list[int], by_row: dict[int, list[int]]) -> int | None:
    """The finding that explains one: of its place or, both, of the whole document; or that it speaks of no row without.

    Of indicators that are the same or alike, one that is left alone is like nothing.
    """
    record = records[at]
    if record["rows"]:
        left = [row for row in record["rows"] if int(row) not in by_row]
        held = [cause for row in record["rows"] for cause in by_row.get(int(row), ())]
        return min(held) if held and len(left) <= (1 if record["code"] in PAIRED else 0) else None
    whole = _of_whole(record)
    alike = (cause for cause in causes if whole and _of_whole(records[cause]))
    same = (cause for cause in causes if records[cause]["place"] == record["place"])
    return next(same, next(alike, None))


def _root(parents: dict[int, int], at: int) -> int:
    while at in parents:
        at = parents[at]
    return at


def _of_whole(record: dict[Any, Any]) -> bool:
    """Whether a finding is about the whole document."""
    return not record["rows"] and pd.isna(record["row"]) and _ROW not in record["place"]


def _also(titles: list[str]) -> str:
    """``；由此还有：D01 未完成而没有偏差原因``."""
    counted = [
        f"{title}（{titles.count(title)}处）" if titles.count(title) > 1 else title for title in dict.fromkeys(titles)
    ]
    return f"；由此还有：{'、'.join(counted)}"


FILE = "suppressions.toml"
KEYS = {"code": str, "indicator": str, "goal_no": int, "reason": str}
KINDS = {str: "文字", int: "整数"}


@dataclass(frozen=True, slots=True)
class Suppression:
    """One finding, or several alike, that are known and kept."""

    code: str
    reason: str
    indicator: str = ""
    """Only for this indicator; empty for all."""
    goal_no: int | None = None
    """Only for this goal; None for all."""

    def __str__(self) -> str:
        goal = "" if self.goal_no is None else f" 目标{self.goal_no}"
        return f"{self.code}{goal}{f' {self.indicator}' if self.indicator else ''}（{self.reason}）"


class SuppressionError(PerfevalError):
    """The suppressions cannot be used; the text lists everything wrong with them."""


def parse(text: str, file: str = FILE) -> tuple[Suppression, ...]:
    """The suppressions in TOML text; :class:`SuppressionError` naming the file and every wrong entry."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SuppressionError(f"{file} 不是有效的TOML：{error}") from error
    entries = table.get("suppress", [])
    wrong = [f"不认识的键“{key}”，每条须以[[suppress]]开头" for key in table if key != "suppress"]
    if not isinstance(entries, list):
        wrong, entries = [*wrong, "suppress：每条须以[[suppress]]开头"], []
    for number, entry in enumerate(entries, start=1):
        wrong += [f"第{number}条：{message}" for message in _wrong(entry)]
    if wrong:
        raise SuppressionError(listed(f"{file} 有{len(wrong)}处错误", wrong))
    return tuple(Suppression(**{**entry, "code": rule(entry["code"]).code}) for entry in entries)


def on_file(data: Data, subdistrict: str, year: int) -> tuple[Suppression, ...]:
    """The suppressions on file for a sub-district-year; :class:`SuppressionError` as of :func:`parse`."""
    text = data.suppressions.get((subdistrict, year), "")
    return parse(text, file_of(data, subdistrict, year)) if text else ()


def file_of(data: Data, subdistrict: str, year: int) -> str:
    """The file that the suppressions of a sub-district-year were read from."""
    own = data.sources["subdistrict"].eq(subdistrict) & data.sources["year"].eq(year)
    return next((file for file in data.sources.loc[own, "file"] if file.endswith(FILE)), FILE)


def apply(
    found: pd.DataFrame, indicators: pd.DataFrame, suppressions: Sequence[Suppression]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Suppression]]:
    """(what is left, what is suppressed with its reason in a column ``reason``, suppressions that fit nothing).

    Takes the findings and the evaluation's indicator table (columns row, indicator).
    """
    names = {int(row): bare_name(name) for row, name in zip(indicators["row"], indicators["indicator"], strict=True)}
    reasons, used = [], set()
    for record in records(found):
        fitting = [one for one in suppressions if _fits(one, record, names)]
        used |= set(fitting)
        reasons.append(fitting[0].reason if fitting and _covered(fitting, record, names) else "")
    marked = found.assign(reason=pd.Series(reasons, index=found.index, dtype="str"))
    kept = marked["reason"].eq("")
    left = found[kept].reset_index(drop=True)
    return left, marked[~kept].reset_index(drop=True), [one for one in suppressions if one not in used]


def _wrong(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return ["须写code和reason两项"]
    wrong = [f"不认识的键“{key}”{nearest(key, KEYS)}" for key in entry if key not in KEYS]
    wrong += [
        f"{key}须是{KINDS[KEYS[key]]}，现为“{value}”"
        for key, value in entry.items()
        if key in KEYS and (not isinstance(value, KEYS[key]) or isinstance(value, bool))
    ]
    wrong += [f"缺少{key}" for key in ("code", "reason") if not entry.get(key) or not str(entry[key]).strip()]
    if isinstance(entry.get("code"), str) and entry["code"]:
        try:
            rule(entry["code"])
        except PerfevalError as error:
            wrong.append(str(error))
    return wrong


def _covered(fitting: Sequence[Suppression], record: dict[Any, Any], names: dict[int, str]) -> bool:
    """Whether nothing is left of a finding: of one about several indicators, none that is not named.

    Of indicators that are like one another, one that is left alone is like nothing.
    """
    if any(not one.indicator for one in fitting):
        return True
    concerned = {names.get(row) for row in record["rows"]}
    left = concerned - {bare_name(one.indicator) for one in fitting}
    return len(left) <= (1 if record["code"] in PAIRED else 0)


def _fits(one: Suppression, record: dict[Any, Any], names: dict[int, str]) -> bool:
    if one.code != record["code"]:
        return False
    if one.goal_no is not None and (pd.isna(record["goal_no"]) or int(record["goal_no"]) != one.goal_no):
        return False
    return not one.indicator or bare_name(one.indicator) in {names.get(row) for row in record["rows"]}
