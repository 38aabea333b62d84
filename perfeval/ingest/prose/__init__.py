"""A self-evaluation written as a report → Documents: the outline of Wuhan's districts, and texts of any outline.

The outline: 一、自评结论（得分、执行率、完成和未完成的目标、问题、措施）; 二、佐证材料（支出、重点工作、
年度目标、自评阶段、逐项指标、上年度结果应用、其他）. Sections are found by their headings, in any numbering or
none; the text stays the report's own. Reports on one project follow the same outline. Other texts are read by
:mod:`perfeval.ingest.prose.free`; the paragraphs in an office's accounts, one by one, as documents of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfeval.ingest.document import Content, Document, Grid
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.frames import frame, places_of
from perfeval.ingest.prose.free import ABOUT, ENOUGH, Free, line_of, read_free
from perfeval.ingest.prose.narrative import accounted, unread_note
from perfeval.ingest.prose.outline import Head, Line, heading_key, heading_of, lines_of
from perfeval.ingest.prose.wuhan import outlined
from perfeval.ingest.visible import doubts
from perfeval.model.schema import BUDGET, INDICATORS

FREE_FAMILY, FREE_PROJECT, DISCLOSED = (
    "部门整体绩效自评报告（文字）",
    "项目绩效自评报告（文字）",
    "绩效自评综述（决算公开）",
)
DISCLOSURE = re.compile(
    r"(?:^|(?<=[。；;\s]))(?:[0-9一二三四五六七八九十]{1,3}[.、．]|[（(][0-9一二三四五六七八九十]{1,3}[）)])?\s*"
    r"(?P<title>[^。；：:，\s]{2,40}?)(?:支出)?绩效(?:自评|评价)(?:结果|情况)?(?:综述|结论|概述|报告|情况|结果)?[:：]"
)
"""How the paragraph on one project begins in an office's accounts."""
SURE, BESIDE = 0.1, 0.2
"""Confidence for each kind of content in a text of another outline: a form that is recognised comes before. A bare
table of indicators is no form where the money stands in the sentences beside it: all is read, not the table alone."""


def recognise_prose(content: Content) -> list[Document]:
    """The self-evaluations a text holds: none where it has neither the outline nor two kinds of their content.

    Budget and indicators have the types of :func:`perfeval.ingest.checks.typed`; every line that was not read is named
    in a note. Problems: E704 an indicator of no kind; W701 amounts and W702 rates that disagree; W703–W716, N702–N708.
    """
    documents = _recognised(content)
    if documents:
        said = (*doubts(content), *documents[0].problems)
        documents[0] = replace(documents[0], problems=tuple(dict.fromkeys(said)))
    return documents


def _recognised(content: Content) -> list[Document]:
    entries = list(lines_of(content))
    report = outlined(entries, content)
    if report is not None:
        return [report]
    lines = [entry for entry in entries if isinstance(entry, Line)]
    head = heading_of(lines)
    if not any(ABOUT.search(line.text) for line in lines):
        return []
    found = list(_disclosed(entries, head, content.file))
    if not found:
        whole = read_free(entries, head, content.file)
        kind = FREE_PROJECT if head.project else FREE_FAMILY
        found = [(whole, head, kind)] if whole.contents >= ENOUGH else []
    documents = [_free_document(free, own, kind, content) for free, own, kind in found]
    documents = accounted(documents, [_used_of(free) for free, _, _ in found], content)
    if documents:
        left = [(place.row, text) for place, text in documents[0].account.left if not place.sheet and place.column < 0]
        note = unread_note((row for row, _ in left if row), content.file, left[0][1] if left else "")
        documents[0] = replace(documents[0], problems=(*documents[0].problems, *note))
    return documents


def _disclosed(entries: list[Line | Grid], head: Head, file: str) -> Iterator[tuple[Free, Head, str]]:
    """Each paragraph on a project in an office's accounts, up to the next one or the next chapter."""
    segments: list[tuple[str, list[Line | Grid]]] = []
    running = False
    for entry in entries:
        if isinstance(entry, Grid):
            continue
        begins = list(DISCLOSURE.finditer(entry.text))
        if not begins and running and 0 < entry.level <= CHAPTER and heading_key(entry) is None:
            running = False
        before = entry.text[: begins[0].start()] if begins else entry.text
        if running and before.strip():
            segments[-1][1].append(replace(entry, text=before.strip()))
        for number, begin in enumerate(begins):
            stop = begins[number + 1].start() if number + 1 < len(begins) else len(entry.text)
            rest = entry.text[begin.end() : stop].strip()
            segments.append((begin["title"], [Line(rest, entry.number)] if rest else []))
            running = True
    for title, lines in segments:
        whole = "整体" in title or re.fullmatch(r"20[0-9]{2}年?度?", title) is not None
        own = replace(
            head, project="" if whole else title.removesuffix("项目").strip('“”"《》'), title=f"{title}绩效自评综述"
        )
        free = read_free(lines, own, file)
        if free.contents >= ENOUGH and (free.totals.rows or free.score.score is not None):
            yield free, own, DISCLOSED


CHAPTER = 2


def _free_document(free: Free, head: Head, family: str, content: Content) -> Document:
    """The document of a text of any outline, marked as read from prose."""
    problems = sorted(free.problems, key=lambda one: one.row or 0)
    rows = f"{len(free.rows)}条指标、{len(free.totals.rows)}行金额"
    message = f"从文字叙述中读出{rows}，指标的原句在“完成情况说明”一列，请核对"
    first = next((line_of(row) for row in [*free.rows, *free.totals.rows]), None)
    problems.append(problem("N706", message, file=content.file, row=first))
    if not free.rows:
        message = "报告里没有读到绩效指标，只有金额、得分和文字部分"
        problems.append(problem("W717", message, file=content.file, row=first))
    return Document(
        file=content.file,
        family=family,
        confidence=round(SURE * free.contents + (BESIDE if free.beside_table else 0), 2),
        unit=head.unit,
        title=head.project or head.title,
        year=head.year,
        budget=frame(free.totals.rows, BUDGET),
        indicators=frame(free.rows, INDICATORS),
        narrative=free.narrative,
        begins=_free_begins(free),
        problems=tuple(problems),
        places=places_of(free.totals.rows, free.rows),
        blocks=free.blocks,
    )


def _free_begins(free: Free) -> tuple[tuple[str, str], ...]:
    """Where money, score and indicators were found."""
    found = [("预算执行", row["source"]) for row in free.totals.rows[:1]]
    found += [("自评得分", span.line.place) for span in free.score.spans[:1]]
    found += [("绩效指标", row["source"]) for row in free.rows[:1]]
    return tuple((what, where.removeprefix("自评报告正文")) for what, where in found)


def _used_of(free: Free) -> tuple[set[int], list[Grid]]:
    """The lines and tables a text was read from."""
    return {span.line.number for span in free.spans} | {line.number for line in free.whole}, free.grids
