"""The sentences that page, Word report and mail say alike: functions from results to text.

Each returns a sentence or a tuple of them. :func:`~perfeval.present.show.words` and
:func:`~perfeval.present.show.lead` show them.
"""

import pandas as pd

from perfeval.model.asked import takes
from perfeval.model.columns import records
from perfeval.model.districtyears import DistrictYears
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.present import answer as answer_
from perfeval.present import consequences as answering
from perfeval.present import district, districtyears, findings, labels, narrative, trend
from perfeval.present.answer import (
    execution_clause,
    execution_note,
    headline_clauses,
    listed,
    met_note,
    met_of_all,
    other_rules,
    score_note,
    score_words,
    told,
    unproven,
    unproven_note,
    unproven_of_all,
)
from perfeval.present.district import (
    absent,
    answer,
    asked,
    band,
    bounds,
    chance,
    densest,
    extent,
    nothing_missed,
    ranks,
    rate,
    spending,
    spread,
    standing,
    told_apart,
    unevaluated,
)
from perfeval.present.labels import goal, interval, money, percent, points, several, signed, span
from perfeval.present.narrative import (
    TITLE,
    Clause,
    accounts,
    assumptions,
    bases,
    execution,
    identities,
    reproduction,
    rests_on,
    rules,
    ruleset_range,
    score_parts,
    scores,
)
from perfeval.present.outcomes import completion, met, target, unmet, without_measure, without_reason
from perfeval.present.review import REVIEW_TITLE, evidence, recomputed, reviewed, sampling
from perfeval.present.sections import (
    budget_linkage,
    data_quality,
    goals,
    key_tasks,
    last_year,
    measures,
    organisation,
    other_evidence,
    problems,
    provenance,
    stages,
    summary,
)
from perfeval.present.trend import by_chance, causes, course, gaps, left_out, repeats, verdict

__all__ = [
    "REVIEW_TITLE",
    "TITLE",
    "Clause",
    "absent",
    "accounts",
    "answer",
    "asked",
    "assumptions",
    "band",
    "bases",
    "bounds",
    "budget_linkage",
    "by_chance",
    "causes",
    "chance",
    "completion",
    "consequences",
    "course",
    "data_quality",
    "densest",
    "evidence",
    "execution",
    "execution_clause",
    "execution_note",
    "extent",
    "findings_summary",
    "full_name",
    "gaps",
    "goal",
    "goals",
    "goals_of",
    "headline",
    "headline_clauses",
    "identities",
    "interval",
    "key_tasks",
    "last_year",
    "left_out",
    "listed",
    "measures",
    "met",
    "met_note",
    "met_of_all",
    "method",
    "money",
    "nothing_missed",
    "organisation",
    "other_evidence",
    "other_rules",
    "percent",
    "period",
    "points",
    "problems",
    "provenance",
    "ranks",
    "rate",
    "recomputed",
    "repeats",
    "reproduction",
    "rests_on",
    "reviewed",
    "rules",
    "ruleset_range",
    "sampling",
    "score_note",
    "score_parts",
    "score_words",
    "scores",
    "several",
    "signed",
    "span",
    "spending",
    "spread",
    "stages",
    "standing",
    "summary",
    "target",
    "title",
    "told",
    "told_apart",
    "unevaluated",
    "unmet",
    "unproven",
    "unproven_note",
    "unproven_of_all",
    "verdict",
    "without_measure",
    "without_reason",
]


def headline(result: Evaluation | History | Peers | DistrictYears) -> str:
    """The answer: of one office's year, of all its years, of a district, or of a district over its years."""
    if isinstance(result, Evaluation):
        return answer_.headline(result)
    if isinstance(result, DistrictYears):
        return "".join(districtyears.headline(result))
    return "".join(trend.headline(result) if isinstance(result, History) else district.headline(result))


def full_name(result: Evaluation | Peers | DistrictYears) -> str:
    """City, district and name of an office, or city and district of a comparison."""
    if isinstance(result, Peers | DistrictYears):
        return district.full_name(result)
    return narrative.full_name(result)


def period(result: History | DistrictYears) -> str:
    """``2019—2024年``: the years of a report of several."""
    return trend.period(result) if isinstance(result, History) else districtyears.period(result)


def method(result: Peers | History | DistrictYears) -> tuple[str, ...]:
    """How years are compared, under which rules, by which program."""
    if isinstance(result, Peers):
        return district.method(result)
    return trend.method(result) if isinstance(result, History) else districtyears.method(result)


@takes(told=["order", "name", "repeated", "unexplained", "sums", "unmet", "score"])
def consequences(told: pd.DataFrame, listed: int) -> tuple[str, ...]:
    """What a district has to answer for; of ``pe.consequences``, and of how many offices there are."""
    return answering.summary(records(told), listed)


def title(result: Evaluation) -> str:
    """Office, year and kind of report."""
    return narrative.title(result)


def findings_summary(result: Evaluation) -> str:
    """How many findings there are, by severity."""
    return findings.summary(result)


@takes(rows=["goal_no", "goal"])
def goals_of(rows: pd.DataFrame) -> pd.Series:
    """Each row's goal as it is referred to (columns goal_no, goal), for counting: ``目标4　基层公共安全经费``."""
    named = [labels.goal(*pair) for pair in zip(rows["goal_no"], rows["goal"], strict=True)]
    return pd.Series(named, index=rows.index, name="年度目标", dtype="str")
