"""Findings for readers: grouped by severity and rule, as many words as the reader needs."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.present import labels
from perfeval.present.tables import folded

MEANING = {"P0": "须核实，核实之前得分不能采用", "P1": "须改正或说明", "P2": "形式问题，建议改正"}
"""By severity, gravest first."""
_ROWS = re.compile(r"第([0-9、]+)行")
_FILE = re.compile(r"（\S+?\.csv (第[^）]*)）")
Row = dict[str, Any]


def counts(result: Evaluation) -> dict[str, int]:
    """How many findings there are of each severity."""
    seen = Counter(result.findings["severity"])
    return {level: seen[level] for level in MEANING}


def summary(result: Evaluation) -> str:
    """How many findings there are, in a sentence."""
    seen, kept = counts(result), records(result.suppressed)
    reasons = "；".join(f"{row['code']} {row['title']}（{labels.one_line(row['reason'])}）" for row in kept)
    known = f"另有{len(kept)}处单位已写明理由：{reasons}。" if kept else ""
    if not any(seen.values()):
        return f"按复核规则检查，没有{'其他' if kept else '发现'}问题。{known}"
    listed = "、".join(f"{level}（{MEANING[level]}）{count}处" for level, count in seen.items() if count)
    return f"按复核规则检查，发现{sum(seen.values())}处问题：{listed}。{known}"


def place(row: Row) -> str:
    """Where a finding stands, without the name of the table, which is always that of the indicators."""
    return _FILE.sub(r"（\1）", labels.one_line(row["place"]))


def _grouped(rows: Iterable[Row], column: str) -> list[tuple[str, list[Row]]]:
    """Rows by a column, in the order in which its values first appear."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[column]), []).append(row)
    return list(groups.items())


def severity(level: str, rows: list[Row], *, is_open: bool) -> Markup:
    """A severity with its rules, open or folded: what each says, where and with which numbers, how to mend it."""
    rules = Markup("").join(_rule(code, group, is_open=is_open) for code, group in _grouped(rows, "code"))
    title = Markup("{}　{} <small>{}处</small>").format(labels.one_line(level), MEANING.get(level, ""), len(rows))
    return Markup('<section class="found"><h3>{}</h3>{}</section>').format(title, rules)


def _rule(code: str, rows: list[Row], *, is_open: bool) -> Markup:
    first = rows[0]
    notes = [f"把握{labels.one_line(first['sureness'])}"] if first["sureness"] != "高" else []
    notes += [f"{len(rows)}处"] if len(rows) > 1 else []
    aside = Markup(" <small>{}</small>").format("，".join(notes)) if notes else Markup("")
    head = Markup("<b>{}</b> {}{}").format(labels.one_line(code), labels.one_line(first["title"]), aside)
    items = Markup("<ul>{}</ul>").format(Markup("").join(map(_finding, rows)))
    advice = Markup('<p class="mend">改法：{}。</p>').format(labels.one_line(first["advice"]).rstrip("。"))
    if is_open:
        return Markup('<div class="rule"><p>{}</p>{}{}</div>').format(head, items, advice)
    return folded(head, items + advice)


def _finding(row: Row) -> Markup:
    """A fact with its place, which is not said twice."""
    fact = labels.one_line(row["fact"])
    named = {number for rows in _ROWS.findall(fact) for number in rows.split("、")}
    if row["rows"] and {str(number) for number in row["rows"]} <= named:
        return Markup("<li>{}</li>").format(fact)
    return Markup("<li>{} <small>{}</small></li>").format(fact, place(row))
