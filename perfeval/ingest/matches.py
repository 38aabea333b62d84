"""``data/<subdistrict>/matches.csv``: what a person decided about indicators of two years, read, checked and written.

A decision that cannot be carried out is a warning: the indicators are then matched as if nothing had been decided.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.ingest.checks import parse_csv, typed
from perfeval.ingest.directory import MATCHES_FILE, leaves
from perfeval.ingest.problems import closest, problem, rows_text
from perfeval.ingest.tabular import read_bytes
from perfeval.ingest.writing import cell_text
from perfeval.model.data import Data, no_decisions
from perfeval.model.errors import PerfevalError, Problem
from perfeval.model.folding import key
from perfeval.model.reading import Rows, named_pair
from perfeval.model.schema import DECIDED_OTHER, MATCHES

NO_ROWS = "E104"
"""A list without decisions is in order."""
UNKNOWN_COLUMN = "W201"


def decided(
    root: Path, subdistrict: str, years: Mapping[int, pd.DataFrame], held: list[int]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The decisions on file for a sub-district (columns of ``Data.matches``; none without a file), and every problem.

    ``years`` are the typed indicator tables that were read, by year; ``held`` are all years on file. Decisions about
    years that were not read are kept and not checked.
    """
    path = root / subdistrict / MATCHES_FILE
    file = path.as_posix()
    if not path.exists():
        return no_decisions(), []
    if leaves(path, root):
        return no_decisions(), [problem("E502", "文件是通向数据目录之外的链接，未读取", file=file)]
    raw, problems = read_bytes(path, file)
    if raw is None:
        return no_decisions(), problems
    text, problems = parse_csv(raw, file)
    problems = [found for found in problems if found.code != NO_ROWS]
    if text.columns.empty:
        return no_decisions(), problems
    frame, wrong = typed(text, MATCHES, file)
    owner = pd.Series([subdistrict] * len(frame), index=frame.index, dtype="str")
    frame = pd.concat([owner.rename("subdistrict"), frame], axis=1)
    return frame, [*problems, *wrong, *_checked(frame, years, held)]


def matches_bytes(frame: pd.DataFrame) -> bytes:
    """The file of decisions (columns of :data:`~perfeval.model.schema.MATCHES`), under Chinese headings and with the
    mark by which spreadsheets know UTF-8: a person edits it there.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.title for column in MATCHES.columns])
    writer.writerows([cell_text(value) for value in row] for row in frame[MATCHES.names].itertuples(index=False))
    return out.getvalue().encode("utf-8-sig")


def write_matches(root: Path, subdistrict: str, frame: pd.DataFrame) -> Path:
    """Put the decisions in their place, in one step; ``OSError`` where the folder cannot be written to."""
    path = root / subdistrict / MATCHES_FILE
    new = path.with_name(f".{MATCHES_FILE}.new")
    try:
        new.write_bytes(matches_bytes(frame))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def undecided(doubtful: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Doubtful pairs of :class:`~perfeval.model.history.History` as lines that a person is to decide.

    ``indicators`` are those of all years; the goal of the earlier indicator is theirs.
    """
    goals = {
        (int(year), int(row)): str(goal)
        for year, row, goal in zip(indicators["year"], indicators["row"], indicators["goal"], strict=True)
    }
    lines = [
        {
            **{name: pair[name] for name in ("year", "indicator", "goal", "previous_year", "previous_indicator")},
            "previous_goal": goals[int(pair["previous_year"]), int(pair["previous_row"])],
            "decision": "",
            "note": f"{pair['kind']}，把握{pair['confidence']:.2f}：{pair['why']}",
        }
        for pair in doubtful.to_dict("records")
    ]
    return pd.DataFrame(list({_same_pair(line): line for line in lines}.values()), columns=MATCHES.names)


def merged(kept: pd.DataFrame, new: pd.DataFrame, *, replace: bool) -> tuple[pd.DataFrame, int]:
    """The list with the lines of ``new`` that it does not have, in the order of the years; how many were added.

    What a person decided stays; with ``replace`` undecided lines that are in doubt no longer go.
    """
    there = {_same_pair(line) for line in kept.to_dict("records")}
    added = new.loc[[_same_pair(line) not in there for line in new.to_dict("records")]]
    if replace:
        wanted = {_same_pair(line) for line in new.to_dict("records")}
        kept = kept.loc[[bool(line["decision"]) or _same_pair(line) in wanted for line in kept.to_dict("records")]]
    both = pd.concat([kept.astype(object), added.astype(object)], ignore_index=True)
    return both.sort_values(["year", "previous_year"], kind="stable"), len(added)


def add_undecided(
    root: Path, subdistrict: str, data: Data, doubtful: pd.DataFrame, *, replace: bool
) -> tuple[str | None, int]:
    """Write the doubtful pairs into the list on file, as :func:`merged`: the file, and the pairs added.

    ``data`` holds all years of the office. No file where there is nothing to write. Raises :class:`PerfevalError` where
    it has columns that writing would lose (with ``replace`` they go), or cannot be written.
    """
    path = f"{root.as_posix()}/{subdistrict}/{MATCHES_FILE}"
    lost = [
        one.column
        for one in data.problems
        if one.code == UNKNOWN_COLUMN and one.file.endswith(f"/{subdistrict}/{MATCHES_FILE}")
    ]
    if lost and not replace:
        listed = "、".join(f"“{column}”" for column in lost)
        raise PerfevalError(f"{path} 里有不认识的列{listed}，写入会丢失，没有写；确要删去请加 --replace")
    both, added = merged(data.matches[MATCHES.names], undecided(doubtful, data.indicators), replace=replace)
    if both.empty and data.matches.empty:
        return None, 0
    try:
        write_matches(root, subdistrict, both)
    except OSError as error:
        raise PerfevalError(f"无法写入 {path}：请检查文件是否正被其他程序打开、是否有权限") from error
    return path, added


def _same_pair(line: Mapping[Any, Any]) -> tuple[Any, ...]:
    """What makes two lines the same pair: years, names and goals, in whatever spelling."""
    names = ("indicator", "previous_indicator", "goal", "previous_goal")
    return int(line["year"]), int(line["previous_year"]), *(key(str(line[name])) for name in names)


def _checked(frame: pd.DataFrame, years: Mapping[int, pd.DataFrame], held: list[int]) -> Iterator[Problem]:
    rows = {
        year: ([str(name) for name in table["indicator"]], [str(goal) for goal in table["goal"]])
        for year, table in years.items()
    }
    taken: dict[tuple[int, int, str, int], int] = {}
    for said in frame.to_dict("records"):
        if any(pd.isna(said[name]) or not said[name] for name in ("year", "previous_year", "indicator")):
            continue  # reported already
        wrong = list(_years(said, held))
        yield from wrong
        if wrong or not {said["year"], said["previous_year"]} <= rows.keys() or not said["previous_indicator"]:
            continue
        before, after = rows[said["previous_year"]], rows[said["year"]]
        there, here = named_pair(before, after, said)
        yield from _found(said, "indicator", here, after)
        yield from _found(said, "previous_indicator", there, before)
        if len(there) == len(here) == 1 and said["decision"] not in ("", DECIDED_OTHER):
            yield from _second(said, taken, there[0], here[0])


def _years(said: Mapping[Any, Any], held: list[int]) -> Iterator[Problem]:
    """A year that is not on file, or two that do not follow one another on file."""
    for name in ("year", "previous_year"):
        if said[name] not in held:
            there = "、".join(map(str, held))
            yield _problem("W331", f"没有{said[name]}年度的数据，这一行不起作用；现有年度：{there}", said, name)
            return
    earlier = [year for year in held if year < said["year"]]
    if not earlier or earlier[-1] != said["previous_year"]:
        wanted = f"应为{earlier[-1]}" if earlier else "它之前没有其他年度"
        message = f"不是{said['year']}年度之前最近的一个年度（{wanted}），这一行不起作用"
        yield _problem("W331", message, said, "previous_year")


def _found(said: Mapping[Any, Any], name: str, places: list[int], rows: Rows) -> Iterator[Problem]:
    """A name that no row of the year has, or several."""
    year, goal = ("year", "goal") if name == "indicator" else ("previous_year", "previous_goal")
    if not places:
        elsewhere = said[goal] and any(key(other) == key(said[name]) for other in rows[0])
        where = f"目标“{said[goal]}”下" if elsewhere else ""
        close = "" if elsewhere else closest(said[name], rows[0])
        hint = f"；是否指“{close}”？" if close else ""
        yield _problem("W332", f"{said[year]}年度{where}没有这个指标，这一行不起作用{hint}", said, name)
    elif len(places) > 1:
        goals = "、".join(f"“{rows[1][place]}”" for place in places)
        message = f"{said[year]}年度有{len(places)}个同名指标（目标{goals}），这一行不起作用"
        yield _problem("W333", message, said, name)


def _second(
    said: Mapping[Any, Any], taken: dict[tuple[int, int, str, int], int], there: int, here: int
) -> Iterator[Problem]:
    """A row that an earlier line has matched already."""
    years = (int(said["year"]), int(said["previous_year"]))
    sides = [((*years, "indicator", here), "indicator"), ((*years, "previous_indicator", there), "previous_indicator")]
    for side, name in sides:
        if side in taken:
            yield _problem("W334", f"{rows_text([taken[side]])}已对应，这一行不起作用", said, name)
            return
    taken.update({side: int(said["row"]) for side, _ in sides})


def _problem(code: str, message: str, said: Mapping[Any, Any], name: str) -> Problem:
    label = MATCHES.column(name).label
    return problem(code, message, file=said["file"], row=int(said["row"]), column=label, value=said[name])
