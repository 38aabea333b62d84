"""The reviewers' opinion as a Word document: objections, recomputed score, and how every row was read and scored.

It is a document of its own: the official report (:mod:`perfeval.deliver.officialword`) is the office's alone.
"""

from pathlib import Path
from typing import Any

from perfeval.deliver import wordlistings, wordstyle, wordtables
from perfeval.deliver.wordtext import Report
from perfeval.model.columns import records
from perfeval.model.reportform import OPINION, OPINION_ANNEX, Heading, blank, ended, numbered
from perfeval.model.results import Evaluation
from perfeval.present import answer, findings, labels, narrative, official, review, sections

SECTIONS = {"P0": "须核实的问题", "P1": "须改正或说明的问题", "P2": "形式问题"}
"""By severity, gravest first: what stands over the findings."""
PLACES_ALONE = "P2"
"""The severity of which only places are listed, not every fact."""


def write_opinion(path: str | Path, result: Evaluation) -> Path:
    """Write the reviewers' opinion of one sub-district-year; equal evaluations give equal bytes.

    Raises ``OSError`` where it cannot be written.
    """
    report = Report(result, official.title(result)[0], OPINION)
    for write in (_whole, _found, _kept, _scores, _reviewed, _signed, _annex):
        write(report)
    return wordstyle.save(report.document, Path(path))


def _whole(report: Report) -> None:
    """How many objections there are, and the two totals."""
    result = report.result
    report.heading(Heading(1, "总体意见"))
    counts = findings.counts(result)
    named = "，".join(f"{SECTIONS[severity]}{count}处" for severity, count in counts.items() if count)
    total = sum(counts.values())
    report.say(f"对照复核规则检查，发现{total}处问题：{named}。" if total else "对照复核规则检查，没有发现问题。")
    report.say(answer.headline(result))


def _found(report: Report) -> None:
    """The objections by severity and rule: where, what, and how to mend it."""
    rows = records(report.result.findings)
    for severity, title in SECTIONS.items():
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["severity"] == severity:
                groups.setdefault(str(row["code"]), []).append(row)
        if groups:
            report.heading(Heading(1, title))
        for number, (code, group) in enumerate(groups.items(), start=1):
            _rule(report, number, code, group)


def _rule(report: Report, number: int, code: str, group: list[dict[str, Any]]) -> None:
    first = group[0]
    notes = [code] + ([f"{len(group)}处"] if len(group) > 1 else [])
    notes += [f"把握{labels.one_line(first['sureness'])}"] if first["sureness"] != "高" else []
    report.lead(f"{numbered(2, number)}{labels.one_line(first['title'])}（{'，'.join(notes)}）")
    if first["severity"] == PLACES_ALONE and len(group) > 1:
        report.say(f"{'；'.join(findings.place(row) for row in group)}。")
    else:
        facts: dict[str, list[str]] = {}
        for row in group:
            facts.setdefault(ended(labels.one_line(row["fact"])), []).append(findings.place(row))
        report.listed(3, [f"{'；'.join(places)}：{fact}" for fact, places in facts.items()])
    report.say(f"建议：{ended(labels.one_line(first['advice']))}")


def _kept(report: Report) -> None:
    """What the office keeps, with its reasons."""
    rows = records(report.result.suppressed)
    if rows:
        report.heading(Heading(1, "单位已写明理由的事项"))
        report.listed(3, [f"{row['title']}（{row['code']}）：{ended(labels.one_line(row['reason']))}" for row in rows])


def _scores(report: Report) -> None:
    report.heading(Heading(1, "自评得分复算"))
    report.say(*narrative.scores(report.result))


def _reviewed(report: Report) -> None:
    """What the reviewers themselves have put on file: the sums, and each score that is another."""
    found = report.result.review
    if found is None:
        return
    report.heading(Heading(1, "自评得分与复核得分"))
    report.say(review.reviewed(report.result))
    other = records(found.rows[found.rows["difference"].fillna(0).ne(0)])
    if other:
        report.listed(3, [ended(wordlistings.two_scores(row)) for row in other])


def _signed(report: Report) -> None:
    report.document.add_paragraph()
    report.say(f"附件：{OPINION_ANNEX}")
    report.document.add_paragraph()
    report.signed(
        (blank("复核单位"), 2), (blank("复核人"), 2), (blank(f"复核日期，如{report.result.year + 1}年7月15日"), 2)
    )


def _annex(report: Report) -> None:
    """How the score comes about, by category, under other rules, row by row, and what it rests on."""
    result = report.result
    report.annexed(OPINION_ANNEX)
    wordtables.listing(report.document, wordlistings.categories(result), "表1")
    wordtables.listing(report.document, wordlistings.scores(result), "表2")
    wordtables.listing(report.document, wordlistings.reviewed(result), "表3")
    wordtables.derivations(report.document, result, "表3" if result.review is None else "表4")
    wordtables.caption(report.document, "数据来源和计分依据")
    for line in sections.provenance(result):
        report.document.add_paragraph(wordstyle.clean(line), style=wordstyle.NOTE)
