"""Findings for readers: grouped by severity and rule, as many words as the reader needs."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES
from perfeval.present import labels
from perfeval.present.narrative import records
from perfeval.present.tables import folded

MEANING = {"P0": "须先核实，否则结果不能成立", "P1": "须改正或说明", "P2": "形式问题，建议改正"}
"""By severity, gravest first."""
QUALITY = "附录二　数据质量"
"""The heading of the annual report under which its findings stand."""
ALL, FEW = 1_000_000, 3
_MOST = {"P0": ALL, "P1": FEW}
_KIND = re.compile(rf" · (?:{'|'.join(CATEGORIES)}) · ")
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


def grave(result: Evaluation) -> str:
    """The line under the answer where something must be looked into first; empty elsewhere."""
    count = counts(result)["P0"]
    return f"数据有{count}处须先核实（P0），见附录二。" if count else ""


def warning(result: Evaluation) -> Markup:
    """The same with a link to the place."""
    text = grave(result)
    link = Markup('<a href="#{}">附录二</a>').format(QUALITY)
    return (
        Markup('<p class="alert">{}</p>').format(link.join(map(Markup.escape, text.split("附录二"))))
        if text
        else Markup("")
    )


def brief(result: Evaluation) -> Markup:
    """For the annual report: P0 open with its facts, the rest folded by rule with places and how to mend it.

    Facts are told of P1 rules that speak up to :data:`FEW` times; more of the same would drown the page.
    """
    shown = Markup("").join(
        severity(level, rows, is_open=level == "P0", most=_MOST.get(level, 0))
        for level, rows in _by(result, "severity")
    )
    more = "只列出位置的，每一处的事实见复核底稿（perfeval run -r review），或用 perfeval lint 查看。"
    return shown + (Markup('<p class="mend">{}</p>').format(more) if len(result.findings) else Markup(""))


def full(result: Evaluation) -> Markup:
    """For reviewers: P0 and P1 open, P2 folded by rule."""
    return Markup("").join(
        severity(level, rows, is_open=level != "P2", advised=True) for level, rows in _by(result, "severity")
    )


def sentences(result: Evaluation) -> tuple[str, ...]:
    """Every finding on a line of its own."""
    return tuple(
        f"{row['severity']} {row['code']} {title}：{where}。{fact}"
        for row in records(result.findings)
        for title, where, fact in [[labels.one_line(row[name]) for name in ("title", "place", "fact")]]
    )


def place(row: Row) -> str:
    """Where a finding stands, without the name of the table, which is always that of the indicators."""
    return _FILE.sub(r"（\1）", labels.one_line(row["place"]))


def _by(result: Evaluation, column: str) -> list[tuple[str, list[Row]]]:
    return _grouped(records(result.findings), column)


def _grouped(rows: Iterable[Row], column: str) -> list[tuple[str, list[Row]]]:
    """Rows by a column, in the order in which its values first appear."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[column]), []).append(row)
    return list(groups.items())


def severity(level: str, rows: list[Row], *, is_open: bool, most: int = ALL, advised: bool = False) -> Markup:
    """A severity with its rules, open or folded; facts (else places alone) of rules that speak up to ``most`` times.

    With the advice in sight its heading is one of the reviewer's paper (h3), else one inside an appendix (h4).
    """
    groups = _grouped(rows, "code")
    rules = Markup("").join(_rule(code, group, is_open, len(group) <= most, advised) for code, group in groups)
    meaning = MEANING.get(level, "")
    heading = Markup("<h3>{}</h3>") if advised else Markup("<h4>{}</h4>")
    title = Markup("{}　{} <small>{}处</small>").format(labels.one_line(level), meaning, len(rows))
    return Markup('<section class="found">{}{}</section>').format(heading.format(title), rules)


def _rule(code: str, rows: list[Row], is_open: bool, facts: bool, advised: bool) -> Markup:
    """One rule: what it says, where and with which numbers, and how to mend it."""
    first = rows[0]
    notes = [f"把握{labels.one_line(first['sureness'])}"] if first["sureness"] != "高" else []
    notes += [f"{len(rows)}处"] if len(rows) > 1 else []
    aside = Markup(" <small>{}</small>").format("，".join(notes)) if notes else Markup("")
    head = Markup("<b>{}</b> {}{}").format(labels.one_line(code), labels.one_line(first["title"]), aside)
    items = Markup("<ul>{}</ul>").format(Markup("").join(map(_finding, rows)))
    if not facts:
        items = Markup('<p class="at">{}</p>').format("；".join(_KIND.sub(" · ", place(row)) for row in rows))
    advice = Markup('<p class="mend">改法：{}。</p>').format(labels.one_line(first["advice"]).rstrip("。"))
    if is_open:
        mend = advice if advised else folded("怎么改", advice)
        return Markup('<div class="rule"><p>{}</p>{}{}</div>').format(head, items, mend)
    return folded(head, items + advice)


def _finding(row: Row) -> Markup:
    """A fact with its place, which is not said twice."""
    fact = labels.one_line(row["fact"])
    named = {number for rows in _ROWS.findall(fact) for number in rows.split("、")}
    if row["rows"] and {str(number) for number in row["rows"]} <= named:
        return Markup("<li>{}</li>").format(fact)
    return Markup("<li>{} <small>{}</small></li>").format(fact, place(row))
