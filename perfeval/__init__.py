"""perfeval: budget-performance self-evaluation (预算绩效自评) from documents to reports.

One way through: documents → tables (``load``) → numbers (``evaluate``) → words and pictures (``show``) →
executed notebooks (``perfeval.run``) → people's desks. Importing perfeval loads nothing: each name brings what it
needs when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from perfeval.model.display import Shown

Shown.drawn_by = "perfeval.present.summaries"

if TYPE_CHECKING:
    from perfeval.analysis import thresholds
    from perfeval.analysis.consequences import consequences, repeated_failures
    from perfeval.analysis.decisions import decisions
    from perfeval.analysis.evidence import evidence
    from perfeval.analysis.execution import funded
    from perfeval.analysis.findings.years import over_years
    from perfeval.analysis.movements import comparable, movers, score_changes, trends, year_totals
    from perfeval.analysis.officedecisions import office_decisions
    from perfeval.analysis.reviewing import recomputation
    from perfeval.analysis.rows.derived import alike, score_parts
    from perfeval.analysis.sampling import sampling_plan
    from perfeval.analysis.spending import spending, unit_costs
    from perfeval.analysis.targets import targets
    from perfeval.checking import check
    from perfeval.evaluating import evaluate, history, peers
    from perfeval.frames import (
        completion,
        decomposition,
        findings,
        money,
        register,
        rows,
        scores,
        stored,
    )
    from perfeval.ingest.store import load
    from perfeval.model.columns import columns
    from perfeval.model.districtyears import DistrictYears
    from perfeval.model.errors import DataError, NotOnFile, ParameterError, PerfevalError, Problem, RuleSetError
    from perfeval.model.history import History
    from perfeval.model.peers import Peers
    from perfeval.model.results import Evaluation
    from perfeval.model.ruleset import RuleSet
    from perfeval.present import plot, show, words
    from perfeval.workbench.bench import Workbench
    from perfeval.years import district_years, lineage, look_back

__all__ = [
    "DataError",
    "DistrictYears",
    "Evaluation",
    "History",
    "NotOnFile",
    "ParameterError",
    "Peers",
    "PerfevalError",
    "Problem",
    "RuleSet",
    "RuleSetError",
    "Workbench",
    "alike",
    "check",
    "columns",
    "comparable",
    "completion",
    "consequences",
    "decisions",
    "decomposition",
    "district_years",
    "evaluate",
    "evidence",
    "findings",
    "funded",
    "history",
    "lineage",
    "load",
    "look_back",
    "money",
    "movers",
    "office_decisions",
    "over_years",
    "peers",
    "plot",
    "recomputation",
    "register",
    "repeated_failures",
    "rows",
    "sampling_plan",
    "score_changes",
    "score_parts",
    "scores",
    "show",
    "spending",
    "stored",
    "targets",
    "thresholds",
    "trends",
    "unit_costs",
    "words",
    "year_totals",
]
_HOMES = {
    "analysis.consequences": ("consequences", "repeated_failures"),
    "analysis.decisions": ("decisions",),
    "analysis.evidence": ("evidence",),
    "analysis.execution": ("funded",),
    "analysis.findings.years": ("over_years",),
    "analysis.officedecisions": ("office_decisions",),
    "analysis.movements": ("comparable", "movers", "score_changes", "trends", "year_totals"),
    "analysis.reviewing": ("recomputation",),
    "analysis.rows.derived": ("alike", "score_parts"),
    "analysis.sampling": ("sampling_plan",),
    "analysis.spending": ("spending", "unit_costs"),
    "analysis.targets": ("targets",),
    "checking": ("check",),
    "evaluating": ("evaluate", "history", "peers"),
    "frames": (
        "completion",
        "decomposition",
        "findings",
        "money",
        "register",
        "rows",
        "scores",
        "stored",
    ),
    "ingest.store": ("load",),
    "model.columns": ("columns",),
    "model.districtyears": ("DistrictYears",),
    "model.errors": ("DataError", "NotOnFile", "ParameterError", "PerfevalError", "Problem", "RuleSetError"),
    "model.history": ("History",),
    "model.peers": ("Peers",),
    "model.results": ("Evaluation",),
    "model.ruleset": ("RuleSet",),
    "workbench.bench": ("Workbench",),
    "years": ("district_years", "lineage", "look_back"),
}
"""The module of each public name."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    found: Any
    if name in ("plot", "show", "words"):
        found = import_module(f"perfeval.present.{name}")
        if name == "plot":
            found.theme()  # not where it is imported, which a report's process has had done before it begins
        return found
    if name == "thresholds":
        return import_module("perfeval.analysis.thresholds")
    if name == "__version__":
        found = import_module("importlib.metadata").version("perfeval")
    elif name in _HOME_OF:
        found = getattr(import_module(f"perfeval.{_HOME_OF[name]}"), name)
    else:
        near = import_module("perfeval.model.errors").nearest(name, __all__)
        raise AttributeError(f"perfeval 没有“{name}”{near}", name=name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
