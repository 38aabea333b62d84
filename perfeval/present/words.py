"""The sentences that page, Word report and mail say alike: functions from results to text.

Each returns a sentence or a tuple of them. :func:`~perfeval.present.show.words` and
:func:`~perfeval.present.show.lead` show them.
"""

from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.present import district, findings, narrative, trend
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

__all__ = [
    "accounts",
    "bases",
    "budget_linkage",
    "completion",
    "data_quality",
    "execution",
    "findings_grave",
    "findings_summary",
    "full_name",
    "goals",
    "headline",
    "headline_clauses",
    "key_tasks",
    "last_year",
    "measures",
    "met",
    "organisation",
    "other_evidence",
    "problems",
    "provenance",
    "reproduction",
    "rules",
    "score_parts",
    "scores",
    "stages",
    "summary",
    "title",
    "unmet",
]


def headline(result: Evaluation | History | Peers) -> str:
    """The answer: of one office's year, of all its years, or of a district."""
    if isinstance(result, Evaluation):
        return narrative.headline(result)
    return "".join(trend.headline(result) if isinstance(result, History) else district.headline(result))


def title(result: Evaluation) -> str:
    """Office, year and kind of report."""
    return narrative.title(result)


def findings_summary(result: Evaluation) -> str:
    """How many findings there are, by severity."""
    return findings.summary(result)


def findings_grave(result: Evaluation) -> str:
    """What must be looked into first; empty where there is nothing."""
    return findings.grave(result)
