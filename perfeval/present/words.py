"""The sentences that page, Word report and mail say alike: functions from results to text.

Each returns a sentence or a tuple of them. :func:`~perfeval.present.show.words` and
:func:`~perfeval.present.show.lead` show them.
"""

from perfeval.model.districtyears import DistrictYears
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.present import district, districtyears, findings, narrative, trend
from perfeval.present.narrative import (
    accounts,
    bases,
    execution,
    full_name,
    headline_clauses,
    reproduction,
    rules,
    score_parts,
    scores,
)
from perfeval.present.outcomes import completion, met, unmet
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
    "accounts",
    "bases",
    "budget_linkage",
    "by_chance",
    "causes",
    "completion",
    "course",
    "data_quality",
    "execution",
    "findings_grave",
    "findings_summary",
    "full_name",
    "gaps",
    "goals",
    "headline",
    "headline_clauses",
    "key_tasks",
    "last_year",
    "left_out",
    "measures",
    "met",
    "method",
    "organisation",
    "other_evidence",
    "period",
    "problems",
    "provenance",
    "repeats",
    "reproduction",
    "rules",
    "score_parts",
    "scores",
    "stages",
    "summary",
    "title",
    "unmet",
    "verdict",
]


def headline(result: Evaluation | History | Peers | DistrictYears) -> str:
    """The answer: of one office's year, of all its years, of a district, or of a district over its years."""
    if isinstance(result, Evaluation):
        return narrative.headline(result)
    if isinstance(result, DistrictYears):
        return "".join(districtyears.headline(result))
    return "".join(trend.headline(result) if isinstance(result, History) else district.headline(result))


def period(result: History | DistrictYears) -> str:
    """``2019—2024年``: the years of a report of several."""
    return trend.period(result) if isinstance(result, History) else districtyears.period(result)


def method(result: History | DistrictYears) -> tuple[str, ...]:
    """How years are compared, under which rules, by which program."""
    return trend.method(result) if isinstance(result, History) else districtyears.method(result)


def title(result: Evaluation) -> str:
    """Office, year and kind of report."""
    return narrative.title(result)


def findings_summary(result: Evaluation) -> str:
    """How many findings there are, by severity."""
    return findings.summary(result)


def findings_grave(result: Evaluation) -> str:
    """What must be looked into first; empty where there is nothing."""
    return findings.grave(result)
