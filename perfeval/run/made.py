"""Reports that were made: which of them may be handed on."""

from collections.abc import Iterable
from pathlib import Path

from perfeval.model.errors import NotOnFile, PerfevalError, pasted
from perfeval.run import ledger
from perfeval.run.contract import parameters, read
from perfeval.run.outcome import FAILED, files
from perfeval.run.planning import plan
from perfeval.run.project import Project
from perfeval.run.subjects import scope

LISTED = 4
"""Reports a message names of several."""


class NotMade(PerfevalError):
    """A report that is to be handed on is not there, failed, or is no longer right; the text says what to run."""


def made(
    place: Project,
    report: str,
    ruleset: str,
    *,
    subdistrict: str | None = None,
    district: str | None = None,
    years: int | Iterable[int] | None = None,
) -> Path:
    """The HTML of a report as it was made, where data, rules, notebook and program are still those it was made from.

    Raises :class:`NotMade` where it was never made, failed, or is out of date; :class:`NotOnFile` where not exactly one
    report is meant; :class:`PerfevalError` for an unknown report.
    """
    tasks = plan(
        place,
        [report],
        subdistricts=None if subdistrict is None else [subdistrict],
        districts=None if district is None else [district],
        years=years,
        ruleset=ruleset,
    )
    if len(tasks) != 1:
        listed = "、".join(f"{task.about.subject} {task.about.period}" for task in tasks[:LISTED])
        raise NotOnFile(f"所指的不止一份报告（{listed}……）；请用 --subdistrict 或 --district 和 --year 指明")
    task = tasks[0]
    about = task.about
    if task.fresh:
        return task.folder(place) / files(report)[-1]
    rules = "" if ruleset == place.ruleset else f" --ruleset {pasted(ruleset)}"
    whose = f" --district {pasted(district)}" if district is not None else f" -s {pasted(about.subject)}"
    when = f" -y {about.period}" if about.period.isdecimal() else ""
    command = f"先运行 perfeval run{whose}{when} -r {pasted(report)}{rules}"
    wanted = (report, about.subject, about.period)
    with ledger.reading(place.outputs) as book:
        runs = [run for run in ledger.latest(book) if (run.report, run.subject, run.period) == wanted]
    name = f"{about.subject} {about.period}年度的报告 {report} "
    if not runs or not runs[0].status:
        raise NotMade(f"{name}还没有生成，请{command}")
    if runs[0].status == FAILED:
        raise NotMade(f"{name}没有生成：{runs[0].error}；改正后请{command}")
    raise NotMade(f"{name}已经过时：生成以后，数据、规则、笔记本、程序或报告文件本身有变化；请{command}")


def made_of(place: Project, report: str, ruleset: str, subject: str, period: str) -> Path:
    """The same by what the report is of: an office's id, a district's name or 全部, and ``2022`` or ``2019-2024``."""
    file = place.notebook(report)
    of = scope(parameters(read(file)), file.name)
    years = [int(year) for year in period.split("-")] if of.when else None
    return made(place, report, ruleset, years=years, **({of.whose: subject} if of.whose else {}))
