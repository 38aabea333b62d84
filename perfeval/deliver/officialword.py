"""The official report as a Word document: the outline of the district's reports, the layout of GB/T 9704—2012.

It is the office's own: its words in the order of the form, and the form as the only annex (sentences in
:mod:`perfeval.present.official`). It has no charts, for the form has none; objections and recomputed scores are in the
reviewers' document (:mod:`perfeval.deliver.opinion`). ``perfeval import`` reads it back
(:mod:`perfeval.model.reportform`).
"""

from pathlib import Path

from perfeval.deliver import wordstyle, wordtables
from perfeval.deliver.wordstyle import NOTE, clean
from perfeval.deliver.wordtext import Report
from perfeval.model import reportform as form
from perfeval.model.columns import records
from perfeval.model.reportform import blank, numbered
from perfeval.model.results import Evaluation
from perfeval.model.schema import INDICATORS
from perfeval.present import labels, official

SIGNATURES = f"{'　' * 8}".join(form.SIGNERS)


def write_report(path: str | Path, result: Evaluation) -> Path:
    """Write the official report of one sub-district-year; equal evaluations give equal bytes.

    Raises ``OSError`` where it cannot be written.
    """
    lines = official.title(result)
    report = Report(result, *lines)
    for write in (_conclusion, _improvement, _support, _analysis, _signed, _annex):
        write(report)
    written = form.fingerprints(paragraph.text for paragraph in report.document.paragraphs)
    wordstyle.keep(report.document, form.KEPT_PART, clean(_kept(result, written).text()))
    return wordstyle.save(report.document, Path(path))


def _kept(result: Evaluation, written: frozenset[str]) -> form.Kept:
    """What the file holds beside its pages."""
    rows = []
    for row in records(result.indicators):
        said = {name: wordtables.literal(row.get(name), _kind(name)) for name in form.KEPT}
        rows.append({"indicator": str(row["indicator"])} | {name: text for name, text in said.items() if text})
    statements = tuple(official.statements(result))
    told = result.narrative
    return form.Kept(
        result.name, result.year, told.title, told.sources, told.organisation, tuple(rows), statements, written
    )


def _kind(name: str) -> str:
    return INDICATORS.column(name).kind


def _conclusion(report: Report) -> None:
    """一（一）（二）: score, execution, what was met and what was not."""
    result = report.result
    report.heading(form.CONCLUSION)
    report.heading(form.SCORE)
    report.say(official.score(result))
    report.heading(form.COMPLETION)
    report.heading(form.EXECUTION)
    report.say(official.execution(result))
    report.heading(form.MET)
    report.listed(4, official.told(result.narrative.summary), "全年主要工作成效，写完成的主要绩效目标和数据")
    report.heading(form.UNMET)
    first, each = official.unmet(result)
    report.say(first)
    report.listed(4, each) if each else None


def _improvement(report: Report) -> None:
    """一（三）（四）: problems with their causes, measures, and how the result enters the budget."""
    said = report.result.narrative
    report.heading(form.PROBLEMS)
    report.listed(3, official.problems(said.problems), "存在的问题，并写明“原因：……”")
    report.heading(form.NEXT)
    report.heading(form.MEASURES)
    report.listed(4, official.told(said.measures), "提高整体绩效水平、调整完善绩效目标的改进措施，写明责任和时限")
    report.heading(form.LINKAGE)
    report.listed(4, official.told(said.budget_linkage), "自评结果如何用于下年度预算安排")


def _support(report: Report) -> None:
    """二（一）（二）: spending, key tasks, goals; how the self-evaluation was carried out."""
    result = report.result
    report.heading(form.SUPPORT)
    report.heading(form.BASICS)
    report.heading(form.SPENDING_TASKS)
    report.heading(form.SPENDING)
    report.say(official.execution(result))
    report.heading(form.TASKS)
    report.listed(5, official.told(result.narrative.key_tasks), "区委区政府布置的当年重点工作")
    report.heading(form.GOALS)
    report.say(*(official.goals(result) or (f"{blank('各个年度目标的名称')}。",)))
    report.heading(form.WORK)
    report.say(official.notice(result.narrative.basis))
    organised = official.together(result.narrative.organisation)
    report.say(organised or f"{blank('自评工作的组织，如工作小组、方案和分工')}。")
    stages = [official.stage(found) for found in result.narrative.stages]
    year = result.year + 1
    missing = f"自评工作的各个阶段，如“前期准备（{year}年6月5日—{year}年6月9日）：成立工作小组；制定工作方案”"
    report.listed(3, stages, missing)


def _analysis(report: Report) -> None:
    """二（三）to（五）: execution, every indicator goal by goal, last year's result, other evidence."""
    result = report.result
    report.heading(form.ANALYSIS)
    report.heading(form.MONEY_ANALYSIS)
    report.say(official.execution(result), *official.other_money(result))
    report.heading(form.GOAL_ANALYSIS)
    report.say(official.met(result))
    for name, categories in official.by_goal(result):
        if name:
            report.lead(name)
        for place, (category, statements) in enumerate(categories, start=1):
            report.lead(f"{numbered(4, place)}{category}指标完成情况分析")
            report.listed(5, [one.sentence for one in statements])
    report.heading(form.LAST_YEAR)
    report.listed(3, official.told(result.narrative.last_year), "上年度自评结果的应用情况")
    report.heading(form.EVIDENCE)
    surveys = [official.survey(found) for found in result.narrative.surveys]
    evidence = [*surveys, *official.told(result.narrative.other_evidence)]
    report.listed(3, evidence, "其他佐证材料的名称；没有的写“无”")


def _signed(report: Report) -> None:
    """The annex named, the office, the day."""
    report.document.add_paragraph()
    report.say(f"{form.ANNEX.text}：{report.result.year}年度{form.FORM}")
    report.document.add_paragraph()
    day = report.result.narrative.signed_on
    example = blank(f"成文日期，如{report.result.year + 1}年7月15日")
    report.signed((official.legal_name(report.result), 2), (labels.day(day, years=True) if day else example, 4))


def _annex(report: Report) -> None:
    """The form, on pages that lie across."""
    result, document = report.result, report.document
    report.annexed(f"{result.year}年度{form.FORM}")
    printed = result.narrative.declared_score
    total = "" if printed is None else f"　　　　自评总分：{labels.as_printed(printed)}分"
    document.add_paragraph(clean(f"单位名称：{official.legal_name(result)}{total}"), style=NOTE)
    for write in (wordtables.budget, wordtables.indicators, wordtables.blocks):
        write(document, result)
    document.add_paragraph(SIGNATURES, style=NOTE)
