"""The official report as a Word document: the outline of the district's reports, the layout of GB/T 9704—2012.

Sentences, charts and listings are those of the page (:mod:`perfeval.present`); the tables of annex 1 are the data on
file. What is written here, ``perfeval import`` reads back (:mod:`perfeval.model.reportform`).
"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from docx.shared import Mm

from perfeval.deliver import wordlistings, wordstyle, wordtables
from perfeval.deliver.wordstyle import FIGURE, NOTE, clean
from perfeval.model import reportform as form
from perfeval.model.reportform import Heading, numbered
from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES
from perfeval.model.verdicts import COUNTS, NOT_FILLED
from perfeval.present import labels, narrative, outcomes, plot, sections, words
from perfeval.present.png import chart_png

Drawn = Any
"""A chart as :mod:`~perfeval.present.plot` returns it: axes, or None."""
CHART_WIDTH = 118
"""mm: text of charts comes out at size 五号 and a half."""
MOST_GOALS, LOW_RATE, NEAR = 12, 0.9, 1.0
"""Goals a chart shows; the rate of execution that is marked; points within which rule sets need no chart: as in
annual.ipynb."""


def write_report(path: str | Path, result: Evaluation, parts: pd.DataFrame | None = None) -> Path:
    """Write the official report of one sub-district-year; equal evaluations give equal bytes.

    ``parts`` is the frame of ``pe.score_parts``; without it nothing is drawn of where the points went.
    Raises ``OSError`` where it cannot be written.
    """
    report = _Report(result, parts)
    for write in (_conclusion, _improvement, _support, _analysis, _annex_data, _annex_scores):
        write(report)
    written = form.fingerprints(paragraph.text for paragraph in report.document.paragraphs)
    wordstyle.keep(report.document, form.FINGERPRINTS, written)
    return wordstyle.save(report.document, Path(path))


class _Report:
    """The document as it grows: counts headings, figures and listings."""

    def __init__(self, result: Evaluation, parts: pd.DataFrame | None) -> None:
        self.result, self.parts = result, parts
        self.document = wordstyle.opened(narrative.title(result), narrative.SYNTHETIC if result.synthetic else "")
        self._numbers = [0, 0, 0, 0]
        self._figures = 0
        for line in (narrative.full_name(result), f"{result.year}年度{narrative.TITLE}"):
            self.document.add_paragraph(clean(line), style="Title")
        self.document.add_paragraph()

    def heading(self, heading: Heading) -> None:
        """A heading with its number; those below it begin anew."""
        if heading.level:
            place = heading.level - 1
            self._numbers[place:] = [self._numbers[place] + 1, *[0] * (3 - place)]
        number = numbered(heading.level, self._numbers[heading.level - 1]) if heading.level else ""
        self.document.add_paragraph(number + heading.text, style=f"Heading {heading.level or 1}")

    def say(self, *sentences: str) -> None:
        """Sentences as paragraphs."""
        for sentence in sentences:
            self.document.add_paragraph(clean(sentence))

    def lead(self, sentence: str) -> None:
        """A paragraph that stays on the page of the next."""
        self.document.add_paragraph(clean(sentence)).paragraph_format.keep_with_next = True

    def listed(self, level: int, entries: Sequence[object], sentences: Sequence[str]) -> None:
        """Sentences as a list numbered for its level; the one that says there is nothing has no number.

        ``entries`` is what the sentences are of: where it is empty, they say so.
        """
        if not entries:
            self.say(*sentences)
            return
        self.say(*(f"{numbered(level, place)}{sentence}" for place, sentence in enumerate(sentences, start=1)))

    def figure(self, chart: Drawn) -> None:
        """A chart over its caption, with its alt text; nothing where there is nothing to show."""
        if not isinstance(chart, plot.ChartAxes):
            return
        self._figures += 1
        paragraph = self.document.add_paragraph(style=FIGURE)
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(CHART_WIDTH))
        told = shape._inline.docPr
        told.set("descr", clean(chart.told()))
        told.set("name", f"图{self._figures}")
        self.document.add_paragraph(clean(f"图{self._figures}　{plot.title_of(chart)}"), style=FIGURE)

    def page_break(self) -> None:
        """What follows begins a page."""
        self.document.paragraphs[-1].paragraph_format.page_break_before = True


def _conclusion(report: _Report) -> None:
    """一（一）（二）: score, execution, what was met and what was not."""
    result = report.result
    report.heading(form.CONCLUSION)
    report.heading(form.SCORE)
    report.say(sections.declared(result), narrative.headline(result))
    report.heading(form.COMPLETION)
    report.heading(form.EXECUTION)
    report.say(*narrative.execution(result)[:-1] or narrative.execution(result))
    report.heading(form.MET)
    report.heading(form.MET_GOALS)
    report.say(outcomes.completion(result), *outcomes.met(result))
    report.figure(_open_goals(result))
    report.heading(form.SUMMARY)
    summary = sections.summary(result)
    report.listed(5, summary, summary or (narrative.none("主要工作成效"),))
    report.heading(form.UNMET)
    said = outcomes.unmet(result)
    report.say(said[0])
    asked = [_asked(line) for line in said[1:]]
    report.listed(4, asked, asked)


def _asked(line: str) -> str:
    """The sentence on an indicator that was not met, with a place to write where the office has said nothing."""
    for before in (form.CAUSE, form.REMEDY):
        line = line.replace(f"{before}{narrative.UNSTATED}。", f"{before}{form.BLANK}。")
    return line


def _improvement(report: _Report) -> None:
    """一（三）（四）: problems with their causes, measures, and how the result enters the budget."""
    result = report.result
    report.heading(form.PROBLEMS)
    report.listed(3, result.narrative.problems, sections.problems(result))
    report.heading(form.NEXT)
    report.heading(form.MEASURES)
    report.listed(4, result.narrative.measures, sections.measures(result))
    report.heading(form.LINKAGE)
    report.listed(4, result.narrative.budget_linkage, sections.budget_linkage(result))


def _support(report: _Report) -> None:
    """二（一）（二）: spending, key tasks, goals; how the self-evaluation was carried out."""
    result = report.result
    report.heading(form.SUPPORT)
    report.heading(form.BASICS)
    report.heading(form.SPENDING_TASKS)
    report.heading(form.SPENDING)
    report.say(narrative.execution(result)[0])
    report.heading(form.TASKS)
    report.listed(5, result.narrative.key_tasks, sections.key_tasks(result))
    report.heading(form.GOALS)
    report.say(*sections.goals(result))
    report.heading(form.WORK)
    report.heading(form.ORGANISATION)
    said = sections.organisation(result)
    notice = len(said) - len(result.narrative.organisation)
    report.say(*said[:notice])
    if not said:
        report.say(narrative.none("自评工作的依据和组织"))
    report.listed(4, said[notice:], said[notice:])
    report.heading(form.STAGES)
    report.listed(4, result.narrative.stages, sections.stages(result, years=True))
    report.figure(_stages(result))


def _analysis(report: _Report) -> None:
    """二（三）to（五）: execution, every indicator goal by goal, last year's result, other evidence."""
    result = report.result
    report.heading(form.ANALYSIS)
    report.heading(form.MONEY_ANALYSIS)
    report.say(narrative.execution(result)[-1])
    report.figure(_spending(result))
    wordtables.listing(report.document, wordlistings.identities(result), "表1", across=False)
    report.heading(form.GOAL_ANALYSIS)
    groups = outcomes.by_goal(result)
    if not groups:
        report.say(narrative.none("绩效指标"))
    for name, rows in groups:
        report.lead(f"{name}：{outcomes.goal(rows)}")
        for place, (category, lines) in enumerate(_by_category(rows), start=1):
            report.lead(f"{numbered(4, place)}{category}指标完成情况")
            report.listed(5, lines, lines)
    report.figure(_categories(result))
    report.heading(form.LAST_YEAR)
    report.listed(3, result.narrative.last_year, sections.last_year(result))
    report.heading(form.EVIDENCE)
    evidence = (*result.narrative.surveys, *result.narrative.other_evidence)
    report.listed(3, evidence, sections.other_evidence(result, years=True))


def _by_category(rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """The sentences on indicators by category, in the order of the categories."""
    found = [(name, [outcomes.analysis(row) for row in rows if row["category"] == name]) for name in CATEGORIES]
    return [(name, lines) for name, lines in found if lines]


def _annex_data(report: _Report) -> None:
    """附件1: the tables on file, on pages that lie across."""
    wordstyle.turned(report.document)
    report.heading(form.ANNEX_DATA)
    report.document.add_paragraph(form.NOTE, style=NOTE)
    for write in (wordtables.office, wordtables.budget, wordtables.indicators, wordtables.details):
        write(report.document, report.result)


def _annex_scores(report: _Report) -> None:
    """附件2: how the score comes about, under this and other rules, row by row, and what it rests on."""
    result = report.result
    report.heading(form.ANNEX_SCORES)
    report.page_break()
    report.say(*narrative.scores(result))
    report.figure(None if report.parts is None else plot.waterfall(report.parts))
    report.figure(_rule_sets(result))
    wordtables.listing(report.document, wordlistings.categories(result), "附表5")
    wordtables.listing(report.document, wordlistings.scores(result), "附表6")
    wordtables.derivations(report.document, result, "附表7")
    report.heading(form.BASIS)
    report.say(*sections.provenance(result))


# ---- charts: those of the page, of the same figures


def _counts(held: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The columns that count verdicts, named so, for each of some names."""
    counts = held[list(COUNTS)].set_axis(list(COUNTS.values()), axis=1)
    return counts.set_axis(list(names), axis=0)


def _categories(result: Evaluation) -> Drawn:
    held = result.completion.by_category
    return None if result.state == NOT_FILLED else plot.stacked(_counts(held, held["category"]))


def _open_goals(result: Evaluation) -> Drawn:
    """The goals that are not known to be met in full, the least complete first."""
    held = result.completion.by_goal
    if result.state == NOT_FILLED:
        return None
    rest = held[held["met"].lt(held["rows"])].sort_values(["high", "low"], kind="stable")
    title = f"{len(held)}个目标中，{len(rest)}个不能判定全部完成"
    shown = rest.head(MOST_GOALS)
    if len(shown) < len(rest):
        title += f"；画出前{len(shown)}个"
    return plot.stacked(_counts(shown, words.goals_of(shown)), title=title)


def _spending(result: Evaluation) -> Drawn:
    items = result.execution.items
    budget = items["adjusted"].where(items["adjusted"].notna(), items["opening"])
    title = f"{narrative.execution_clause(result)}（执行数 / 预算数，万元）"
    return plot.bars(items.assign(budget=budget), "item", "executed", of="budget", line=LOW_RATE, title=title)


def _stages(result: Evaluation) -> Drawn:
    stages = pd.DataFrame(list(result.narrative.stages), columns=["name", "start", "end", "work"])
    return plot.timeline(stages)


def _rule_sets(result: Evaluation) -> Drawn:
    totals = result.alternatives.dropna(subset="declared").sort_values("declared", ascending=False, kind="stable")
    printed = result.declared_score
    line = None if printed is None else (printed, f"申报{labels.points(printed)}分")
    titled = totals.assign(title=totals["title"].map(narrative.rules))
    return plot.dots(titled, "title", "declared", line=line, title=narrative.ruleset_range(result), within=NEAR)
