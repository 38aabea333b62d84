"""A self-evaluation written as a report, in the outline of Wuhan's districts → one Document.

The outline: 一、自评结论（得分、执行率、完成和未完成的目标、问题、措施）; 二、佐证材料（支出、重点工作、
年度目标、自评阶段、逐项指标、上年度结果应用、其他）. Sections are found by their headings, in any numbering or
none; the text stays the report's own. Reports on one project follow the same outline.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from perfeval.ingest.checks import DTYPES
from perfeval.ingest.document import Content, Document
from perfeval.ingest.problems import problem, rows_text
from perfeval.ingest.prose import narrative as said
from perfeval.ingest.prose.indicators import Found, goal_names, read_indicators
from perfeval.ingest.prose.outline import Line, Part, lines_of, parts, words
from perfeval.ingest.prose.results import Speaker
from perfeval.ingest.prose.totals import read_totals
from perfeval.model.errors import Problem
from perfeval.model.narrative import Narrative
from perfeval.model.schema import BUDGET, INDICATORS, MISSED, PROJECT, TOTAL, Table

FAMILY, PROJECT_FAMILY = "部门整体绩效自评报告（武汉文字版）", "项目绩效自评报告（武汉文字版）"
PROJECT_TOTAL = "年度资金总额"
"""What the total of a report on one project is, as the official form calls it."""
OFFICE = re.compile(r"(?P<unit>.*?办事处)(?P<project>.+)")
TITLE_LINES = 8
"""How many lines at the beginning may be the title."""
UNIT = r"(?P<unit>[\u4e00-\u9fff（）()]{2,40}?)"
KIND = r"(?:部门整体|单位整体|整体支出|整体|部门预算|部门|项目)?(?:支出)?(?:预算)?绩效(?:目标)?(?:完成情况)?自(?:我)?评"
TITLE = re.compile(
    rf"(?:关于)?(?:(?P<year>20[0-9]{{2}})\s*年?度?)?\s*{UNIT}\s*"
    rf"(?:关于)?(?:(?P<later>20[0-9]{{2}})\s*年?度?)?\s*的?{KIND}.{{0,12}}"
)
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
ENOUGH = 3
"""Parts of the outline that must be there for a text to be such a report."""


def recognise_prose(content: Content) -> list[Document]:
    """The self-evaluation a text holds: none where it has fewer than three parts of the outline, or no figures at all.

    Budget and indicators have the types of :func:`perfeval.ingest.checks.typed`; every line that was not read is named
    in a note. Problems: E704 an indicator of no kind; W701 amounts and W702 rates that disagree; W703–W709.
    """
    lines = [entry for entry in lines_of(content) if isinstance(entry, Line)]
    outline = parts(lines_of(content))
    opened = {part.key for part in outline if part.key}
    if len(opened) < ENOUGH:
        return []
    head = heading_of(lines)
    budget, problems, taken = read_totals(outline, content.file)
    names = goal_names(outline)
    found = read_indicators(outline, names, Speaker(head.unit, head.year), content.file)
    if not budget and not found.rows:
        return []
    if head.project:
        whole = {row["item"]: row for row in budget}
        budget = [whole[item] | {"item": PROJECT_TOTAL} for item in (TOTAL, PROJECT) if item in whole][:1]
    score, doubts = declared(lines, content.file)
    problems += [*doubts, *found.problems, *_goals(names, found, content.file)]
    unmet = said.texts(outline, "unmet")
    problems += _unmet(unmet, found.rows, content.file)
    narrative, doubts, read = _narrative(outline, lines, head, score, found=found, file=content.file)
    problems += doubts
    taken |= found.taken | read | head.taken | {line.number for line in names.values()}
    problems += _unread(outline, taken, content.file)
    problems.sort(key=lambda one: one.row or 0)
    return [
        Document(
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
        )
    ]


def frame(records: Iterable[dict[str, str]], table: Table) -> pd.DataFrame:
    """Rows of text as a typed frame: the columns of ``table`` and ``source``; money exact, counts nullable."""
    rows = list(records)
    names = [*table.names, *(["source"] if "source" not in table.names else [])]
    data = {}
    for name in names:
        kind = table.column(name).kind if name in table.names else "text"
        cells = [row.get(name, "") for row in rows]
        values: list[object] = list(cells)
        if kind == "count":
            values = [int(cell) if cell.isdecimal() else None for cell in cells]
        elif kind in {"money", "points"}:
            values = [Decimal(cell) if cell else None for cell in cells]
        data[name] = pd.Series(values, dtype=DTYPES[kind])
    return pd.DataFrame(data, columns=names)


@dataclass(frozen=True, slots=True)
class Head:
    """What the title says."""

    title: str = ""
    unit: str = ""
    year: int | None = None
    taken: frozenset[int] = frozenset()
    project: str = ""
    """Where the report is about one project."""


def heading_of(lines: list[Line]) -> Head:
    """Title, unit and year: from the title (on one line or over two), else from the first sentence that names them."""
    first = [line for line in lines[:TITLE_LINES] if not line.level]
    for start, line in enumerate(first):
        for end in (start + 1, start + 2, start + 3):
            joined = "".join(part.text for part in first[start:end])
            title = joined.translate(DIGITS) if re.search("二[〇○零]", joined) else joined
            found = TITLE.fullmatch(title)
            if found and "。" not in title:
                year = found["year"] or found["later"]
                taken = frozenset(part.number for part in first[start:end])
                unit, project = _unit_and_project(found["unit"].strip("（）()"), title[found.end("unit") :])
                return Head(joined, unit, int(year) if year else _year(lines), taken, project)
        if line.text.endswith("。"):
            break
    for line in lines:
        found = re.search(rf"(?P<year>20[0-9]{{2}})\s*年度?{UNIT}(?:部门)?整体", line.text)
        if found and not re.fullmatch("部门|单位|本部门|本单位", found["unit"]):
            return Head("", found["unit"], int(found["year"]))
    return Head(year=_year(lines))


def _unit_and_project(named: str, after: str) -> tuple[str, str]:
    """``示例街道办事处环境卫生`` before ``项目绩效自评`` → unit and project; a title without 项目 is the unit's."""
    split = OFFICE.fullmatch(named)
    if "项目" not in after or "整体" in after:
        return named, ""
    return (split["unit"], split["project"]) if split else ("", named)


def _year(lines: list[Line]) -> int | None:
    """The year of the first ``2022年度``."""
    return next((int(year[1]) for line in lines if (year := re.search(r"(20[0-9]{2})\s*年度", line.text))), None)


def declared(lines: Iterable[Line], file: str) -> tuple[tuple[Decimal | None, str, frozenset[int]], list[Problem]]:
    """The total the report gives itself, as printed, its grade, the lines they stand in; and totals that disagree."""
    listed = list(lines)
    number = r"(?:[（(]分[）)])?\s*(?:达到|共计|合计|为|是|[:：])?\s*(?P<score>[0-9]{1,3}(?:\.[0-9]+)?)(?![0-9%％])"
    for before in words()["score"]["before"]:
        found = [(line, match["score"]) for line in listed for match in re.finditer(before + number, line.text)]
        if found:
            line, score = found[0]
            others = [(other, value) for other, value in found if Decimal(value) != Decimal(score)]
            message = f"自评得分前后不一致：第{line.number}行为{score}分"
            problems = [problem("W709", message, file=file, row=other.number, value=value) for other, value in others]
            grade = re.search(words()["score"]["grade"], line.text)
            return (Decimal(score), grade[1] if grade else "", frozenset(other.number for other, _ in found)), problems
    return (None, "", frozenset()), []


def _narrative(
    outline: list[Part],
    lines: list[Line],
    head: Head,
    score: tuple[Decimal | None, str, frozenset[int]],
    *,
    found: Found,
    file: str,
) -> tuple[Narrative, list[Problem], set[int]]:
    """The words of the report, what is to be said of them, the lines read; unmet rows get reason and measure."""
    work = [line for part in outline if part.key == "work" for line in part.lines]
    stages, problems, _ = said.stages(work, said.year_of_work(work, head.year), file)
    missed = [row["indicator"] for row in found.rows if is_unmet(row["declared_met"])]
    issues = said.issues(said.texts(outline, "problems"), missed)
    measures = said.measures(said.texts(outline, "measures"), missed)
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
        declared_score=score[0],
        declared_grade=score[1],
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
    whole = {"met", "unmet", "tasks", "problems", "measures", "linkage", "last_year", "other", "work", "score"}
    read = {line.number for part in outline if part.key in whole for line in part.lines}
    return narrative, problems, read | set(score[2])


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
    if not left:
        return []
    numbers = dict.fromkeys(line.number for line in left)
    message = f"{len(numbers)}个段落没有读入（{rows_text(numbers)}）"
    return [problem("N703", message, file=file, row=left[0].number, value=left[0].text)]


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
