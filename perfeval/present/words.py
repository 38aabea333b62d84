"""The sentences that page, Word report and mail say alike: functions from results to text.

Each returns a sentence or a tuple of them. :func:`~perfeval.present.show.words` and
:func:`~perfeval.present.show.lead` show them.
"""

import pandas as pd

from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.present import district, findings, labels, narrative, trend
from perfeval.present.labels import goal, money, percent, points, several, span
from perfeval.present.narrative import (
    TITLE,
    Clause,
    accounts,
    bases,
    execution,
    execution_clause,
    execution_note,
    full_name,
    headline_clauses,
    identities,
    met_note,
    met_of_all,
    reproduction,
    rests_on,
    rules,
    ruleset_range,
    score_note,
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

__all__ = [
    "REVIEW_TITLE",
    "TITLE",
    "Clause",
    "accounts",
    "bases",
    "budget_linkage",
    "completion",
    "data_quality",
    "evidence",
    "execution",
    "execution_clause",
    "execution_note",
    "findings_clauses",
    "findings_grave",
    "findings_summary",
    "full_name",
    "goal",
    "goals",
    "goals_of",
    "headline",
    "headline_clauses",
    "identities",
    "key_tasks",
    "last_year",
    "measures",
    "met",
    "met_note",
    "met_of_all",
    "money",
    "organisation",
    "other_evidence",
    "percent",
    "points",
    "problems",
    "provenance",
    "recomputed",
    "reproduction",
    "rests_on",
    "reviewed",
    "rules",
    "ruleset_range",
    "sampling",
    "score_note",
    "score_parts",
    "scores",
    "several",
    "span",
    "stages",
    "summary",
    "target",
    "title",
    "unmet",
    "without_measure",
    "without_reason",
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


def findings_clauses(result: Evaluation) -> tuple[Clause, ...]:
    """The same as a clause to be marked; none where there is nothing."""
    said = findings.grave(result)
    return (Clause(said, "miss"),) if said else ()


def goals_of(rows: pd.DataFrame) -> pd.Series:
    """Each row's goal as it is referred to (columns goal_no, goal), for counting: ``目标4　基层公共安全经费``."""
    named = [labels.goal(*pair) for pair in zip(rows["goal_no"], rows["goal"], strict=True)]
    return pd.Series(named, index=rows.index, name="年度目标", dtype="str")
