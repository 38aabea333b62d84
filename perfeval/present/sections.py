"""The sections that repeat the document's own words, and those that say what the report rests on; plain text."""

from collections.abc import Iterable

from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.model.schema import Issue, Stage, Survey
from perfeval.present import answer, labels
from perfeval.present.narrative import full_name, none, sentence

# ---- what the document says in words


def declared(result: Evaluation) -> str:
    """The total and the grade the office gives itself."""
    printed, grade = result.narrative.declared_score, labels.one_line(result.narrative.declared_grade)
    graded = "" if labels.missing(result.narrative.declared_grade) else f"，自评等级为{grade}"
    whole = f"“{result.year}年度{full_name(result)}部门整体”绩效"
    return f"{whole}{'没有列出自评总分' if printed is None else f'自评得分{labels.as_printed(printed)}分'}{graded}。"


def problems(result: Evaluation) -> tuple[str, ...]:
    """The problems the office names, with their causes."""
    return tuple(_problem(issue) for issue in result.narrative.problems) or (none("问题和原因"),)


def _problem(issue: Issue) -> str:
    return (
        sentence(issue.text) if labels.missing(issue.cause) else f"{sentence(issue.text)}原因：{sentence(issue.cause)}"
    )


def measures(result: Evaluation) -> tuple[str, ...]:
    """What the office will do."""
    return _each(result.narrative.measures, "改进措施")


def budget_linkage(result: Evaluation) -> tuple[str, ...]:
    """How the result is to be used in budgeting."""
    return _each(result.narrative.budget_linkage, "与预算安排相结合的情况")


def summary(result: Evaluation) -> tuple[str, ...]:
    """What was achieved, in facts; empty where the document has none."""
    return tuple(map(sentence, result.narrative.summary))


def key_tasks(result: Evaluation) -> tuple[str, ...]:
    """The year's key tasks."""
    return _each(result.narrative.key_tasks, "重点工作")


def goals(result: Evaluation) -> tuple[str, ...]:
    """The year's goals by name, with the number of their indicators."""
    rows = records(result.completion.by_goal)
    return tuple(f"{labels.goal(row['goal_no'], row['goal'])}（{row['rows']}项指标）" for row in rows) or (
        none("年度目标"),
    )


def organisation(result: Evaluation) -> tuple[str, ...]:
    """Under which notice and by whom the self-evaluation was made."""
    basis = [] if labels.missing(result.narrative.basis) else [f"依据：{sentence(result.narrative.basis)}"]
    return tuple(basis + [sentence(line) for line in result.narrative.organisation])


def stages(result: Evaluation, *, years: bool = False) -> tuple[str, ...]:
    """The stages of the self-evaluation, with their dates (with years, if asked for) and work."""
    return tuple(stage(found, years=years) for found in result.narrative.stages) or (none("自评工作的阶段"),)


def stage(found: Stage, *, years: bool = False) -> str:
    """One stage in a sentence."""
    work = "；".join(labels.one_line(line).rstrip("。；") for line in found.work)
    when = labels.dates(found.start, found.end, years=years)
    return f"{labels.one_line(found.name)}（{when}）{f'：{work}' if work else ''}。"


def last_year(result: Evaluation) -> tuple[str, ...]:
    """What was done with last year's result."""
    return _each(result.narrative.last_year, "上年度自评结果的应用情况")


def other_evidence(result: Evaluation, *, years: bool = False) -> tuple[str, ...]:
    """Surveys (their dates with years, if asked for) and other evidence."""
    found = [survey(row, years=years) for row in result.narrative.surveys] + [
        sentence(line) for line in result.narrative.other_evidence
    ]
    return tuple(found) or (none("其他佐证材料"),)


def survey(found: Survey, *, years: bool = False) -> str:
    """One satisfaction survey in a sentence; what it does not say is named."""
    parts = [
        labels.text(found.method) if found.method else "方式未说明",
        labels.day(found.date, years=years) if found.date else "时间未说明",
    ]
    parts.append("样本量未说明" if found.respondents is None else f"{found.respondents}人答卷")
    if found.satisfied is not None:
        parts.append(f"{found.satisfied}人满意")
    return f"{labels.one_line(found.indicator)}的调查：{'，'.join(parts)}。"


def _each(lines: Iterable[str], what: str) -> tuple[str, ...]:
    return tuple(map(sentence, lines)) or (none(what),)


# ---- proof


def data_quality(result: Evaluation) -> tuple[str, ...]:
    """How many problems were found in the data, and how many rows nobody can verify."""
    count = len(result.problems)
    first = f"读入数据时有{labels.several(count, '条')}警告或提示，见下表。" if count else "读入数据时没有发现问题。"
    return (first, answer.unproven(result))


def provenance(result: Evaluation) -> tuple[str, ...]:
    """Rule set, its source and known departures, and the version that computed."""
    lines = [
        f"计分规则：{labels.one_line(result.ruleset.title)}（{result.ruleset.name}）。",
        f"规则出处：{sentence(result.ruleset.source)}",
    ]
    if not labels.missing(result.ruleset.deviations):
        lines.append(f"与出处不同或需要选择之处：{sentence(result.ruleset.deviations)}")
    lines += [f"数据出处：{sentence(line)}" for line in result.narrative.sources]
    return (*lines, f"计算程序：perfeval {result.version or '（版本未知）'}。")
