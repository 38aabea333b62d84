"""The outline of Wuhan's districts: sections and indicator lines of the known kinds → Document."""

import re

from perfeval.ingest.document import Content, Document, Grid
from perfeval.ingest.problems import problem
from perfeval.ingest.prose import narrative as said
from perfeval.ingest.prose.frames import frame, places_of
from perfeval.ingest.prose.indicators import Found, goal_names, read_indicators
from perfeval.ingest.prose.money import Declared, declared, missed, of_project, read_totals, unread
from perfeval.ingest.prose.narrative import accounted, unread_note
from perfeval.ingest.prose.outline import Head, Line, Part, heading_of, parts, words
from perfeval.ingest.prose.results import Speaker
from perfeval.model.errors import Problem
from perfeval.model.schema import BUDGET, INDICATORS, MISSED, Narrative

FAMILY, PROJECT_FAMILY = "部门整体绩效自评报告（武汉文字版）", "项目绩效自评报告（武汉文字版）"
ENOUGH = 3
"""Parts of the outline that must be there for a text to be such a report."""
STRICT = {"goals", "analysis", "unmet", "work"}
"""Parts that no other outline has."""
WHOLE = {"met", "unmet", "tasks", "problems", "measures", "linkage", "last_year", "other", "work", "score"}
"""Parts that are read as words, as a whole."""


def outlined(entries: list[Line | Grid], content: Content) -> Document | None:
    """The report in the outline of Wuhan's districts, with its indicators; None where the text is none."""
    lines = [entry for entry in entries if isinstance(entry, Line)]
    outline = parts(entries)
    opened = {part.key for part in outline if part.key}
    if len(opened) < ENOUGH:
        return None
    head = heading_of(lines)
    names = goal_names(outline)
    found = read_indicators(outline, names, Speaker(head.unit, head.year), content.file)
    totals = read_totals(outline, content.file, head.year, head.names)
    if not opened & STRICT or not (found.rows or totals.rows):
        return None
    totals = of_project(totals) if head.project else totals
    budget, problems, taken = totals.rows, totals.problems, totals.taken
    score, doubts = declared(lines, content.file, head.year)
    problems += [*doubts, *found.problems, *_goals(names, found, content.file)]
    unmet = said.texts(outline, "unmet")
    problems += _unmet(unmet, found.rows, content.file)
    narrative, doubts, read = _narrative(outline, lines, head, score, found=found, file=content.file)
    problems += doubts
    taken |= found.taken | read | head.taken | {line.number for line in names.values()}
    beside = [line for part in outline if part.key not in WHOLE for line in part.lines if line.number in totals.taken]
    problems += missed(list(unread(beside, totals.spans)), content.file)
    problems += _unread(outline, taken, content.file)
    problems.sort(key=lambda one: one.row or 0)
    document = Document(
        file=content.file,
        family=PROJECT_FAMILY if head.project else FAMILY,
        confidence=round(len(opened) / len({section["key"] for section in words()["section"]} - {""}), 2),
        unit=head.unit,
        title=head.project or head.title,
        year=head.year,
        budget=frame(budget, BUDGET),
        indicators=frame(found.rows, INDICATORS),
        narrative=narrative,
        begins=_begins(outline, budget, found),
        problems=tuple(problems),
        places=places_of(budget, found.rows),
        blocks=(),
    )
    headings = {part.heading.number for part in outline if part.heading is not None and part.key}
    return accounted([document], [(taken | headings, found.grids)], content)[0]


def _narrative(
    outline: list[Part],
    lines: list[Line],
    head: Head,
    score: Declared,
    *,
    found: Found,
    file: str,
) -> tuple[Narrative, list[Problem], set[int]]:
    """The words of the report, what is to be said of them, the lines read; unmet rows get reason and measure."""
    work = [line for part in outline if part.key == "work" for line in part.lines]
    stages, problems, _ = said.stages(work, said.year_of_work(work, head.year), file)
    not_met = [row["indicator"] for row in found.rows if is_unmet(row["declared_met"])]
    issues = said.issues(said.texts(outline, "problems"), not_met)
    measures = said.measures(said.texts(outline, "measures"), not_met)
    for row in found.rows:
        if is_unmet(row["declared_met"]):
            causes = [issue.cause or issue.text for issue in issues if said.about(issue.text, [row["indicator"]])]
            row["reason"] = row.get("reason") or "；".join(causes)
            row["measure"] = "；".join(text for text in measures if said.about(text, [row["indicator"]]))
    met = said.texts(outline, "met")
    summary = tuple(said.facts(met))
    if met and not summary:
        message = "“完成的绩效目标”一节只有总体表述，没有数字，未作为要点读入"
        problems.append(problem("N702", message, file=file, row=met[0].number))
    narrative = Narrative(
        title=head.title,
        declared_score=score.score,
        declared_grade=score.grade,
        basis=said.basis(work) or said.basis(lines),
        summary=summary,
        key_tasks=said.key_tasks(said.texts(outline, "tasks")),
        problems=issues,
        measures=measures,
        budget_linkage=said.statements(said.texts(outline, "linkage")),
        stages=stages,
        organisation=said.organisation([line for line in work if not said.STAGE.fullmatch(line.text)], head.unit),
        last_year=said.key_tasks(said.texts(outline, "last_year")),
        other_evidence=said.key_tasks(said.texts(outline, "other")),
        sources=(f"《{head.title}》正文",) if head.title else (),
    )
    read = {line.number for part in outline if part.key in WHOLE for line in part.lines}
    return narrative, problems, read | score.lines


def is_unmet(status: str) -> bool:
    """Whether a printed status says that the target was not met."""
    return bool(re.match(words()["words"]["unmet"], status))


def _unmet(lines: list[Line], rows: list[dict[str, str]], file: str) -> list[Problem]:
    """Where the list of unmet targets and the indicator lines disagree."""
    listed = [name for name in said.unmet_names(lines) if name]
    printed = {row["indicator"].strip("“”") for row in rows if is_unmet(row["declared_met"])}
    known = {row["indicator"].strip("“”") for row in rows}
    problems = []
    for name in dict.fromkeys(listed):
        if not rows or name in printed:
            continue
        why = f"指标一行写的不是{MISSED}" if name in known else "指标里没有这个名称"
        problems.append(problem("W706", f"列为未完成，但{why}", file=file, row=lines[0].number, value=name))
    for row in rows:
        if listed and is_unmet(row["declared_met"]) and row["indicator"].strip("“”") not in listed:
            message = f"指标一行写{row['declared_met']}，“未完成的绩效目标”里没有列出"
            place = int(re.sub(r"\D", "", row["source"]) or 0) or None
            problems.append(problem("W706", message, file=file, row=place, value=row["indicator"]))
    return problems


def _goals(names: dict[int, Line], found: Found, file: str) -> list[Problem]:
    """Goals listed without indicators, and indicators under a goal that is not listed."""
    used = {int(row["goal_no"]) for row in found.rows if row["goal_no"].isdecimal()}
    problems = [
        problem("W707", f"年度目标{number}没有任何指标", file=file, row=line.number, value=line.text)
        for number, line in names.items()
        if found.rows and number not in used
    ]
    if names:
        problems += [
            problem("W707", f"目标{number}不在年度目标的清单里", file=file) for number in sorted(used - names.keys())
        ]
    return problems


def _unread(outline: list[Part], taken: set[int], file: str) -> list[Problem]:
    """The lines that were not read, in one note: nothing is lost silently."""
    left = [line for part in outline for line in part.lines if line.number not in taken]
    return unread_note((line.number for line in left), file, left[0].text if left else "")


def _begins(outline: list[Part], budget: list[dict[str, str]], found: Found) -> tuple[tuple[str, str], ...]:
    """Where each part of the report begins."""
    titles = {section["key"]: section["title"] for section in words()["section"] if section["key"]}
    first: dict[str, str] = {}
    for part in outline:
        if part.key and part.heading:
            first.setdefault(titles[part.key], f"第{part.heading.number}行")
    if budget:
        first.setdefault(titles["totals"], budget[0]["source"].removeprefix("自评报告正文"))
    if found.rows:
        first[titles["analysis"]] = found.rows[0]["source"].removeprefix("自评报告正文")
    return tuple(first.items())
