"""The report's own sentences among its figures, so that a mail says what the report says and computes nothing again."""

from typing import Any

from perfeval.model.columns import records
from perfeval.model.results import Evaluation
from perfeval.present import answer, labels, narrative, outcomes
from perfeval.present import findings as findings_


def said(result: Evaluation) -> dict[str, Any]:
    """Title, the answer, what was not met row by row, what must be proven, and the findings in a sentence; plain JSON
    values."""
    rows = records(result.unmet)
    names = narrative.unmet_names(result, *{row["status"] for row in rows})
    return {
        "title": narrative.TITLE,
        "headline": answer.headline(result),
        "unmet": outcomes.unmet(result)[0],
        "unmet_rows": [_row(row, name) for row, name in zip(rows, names, strict=True)],
        "counts": answer.told(result.tally),
        "unproven": answer.unproven(result),
        "findings": findings_.summary(result),
        "rules": narrative.rules(result.ruleset.title),
    }


def _row(row: dict[str, Any], name: str) -> dict[str, str]:
    return {
        "name": name,
        "goal": labels.goal(row["goal_no"], row["goal"]),
        "status": str(row["status"]),
        "figures": outcomes.figures(row),
        "reason": narrative.sentence(row["reason"]),
        "measure": narrative.sentence(row["measure"]),
    }
