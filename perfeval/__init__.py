"""perfeval: budget-performance self-evaluation (预算绩效自评) from documents to reports.

One way through: documents → tables (``load``) → numbers (``evaluate``) → words and pictures (``show``) →
executed notebooks (``perfeval.run``) → people's desks. Importing perfeval loads nothing: each name brings what it
needs when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from perfeval.model.shown import Shown

Shown.drawn_by = "perfeval.present.summaries"

if TYPE_CHECKING:
    from perfeval.analysis.evidence import evidence
    from perfeval.analysis.reviewing import recomputation
    from perfeval.analysis.rows.derived import alike, completion, score_parts
    from perfeval.analysis.sampling import sampling_plan
    from perfeval.checking import check
    from perfeval.evaluating import evaluate, history, peers
    from perfeval.frames import decomposition, findings, money, register, rows, scores
    from perfeval.ingest.store import load
    from perfeval.model.columns import columns
    from perfeval.model.errors import DataError, NotOnFile, ParameterError, PerfevalError, Problem, RuleSetError
    from perfeval.model.history import History
    from perfeval.model.peers import Peers
    from perfeval.model.results import Evaluation, RuleSet
    from perfeval.present import plot, show, words
    from perfeval.workbench.bench import Workbench

__all__ = [
    "DataError",
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
    "completion",
    "decomposition",
    "evaluate",
    "evidence",
    "findings",
    "history",
    "load",
    "money",
    "peers",
    "plot",
    "recomputation",
    "register",
    "rows",
    "sampling_plan",
    "score_parts",
    "scores",
    "show",
    "words",
]
_HOMES = {
    "analysis.evidence": ("evidence",),
    "analysis.reviewing": ("recomputation",),
    "analysis.rows.derived": ("alike", "completion", "score_parts"),
    "analysis.sampling": ("sampling_plan",),
    "checking": ("check",),
    "evaluating": ("evaluate", "history", "peers"),
    "frames": ("decomposition", "findings", "money", "register", "rows", "scores"),
    "ingest.store": ("load",),
    "model.columns": ("columns",),
    "model.errors": ("DataError", "NotOnFile", "ParameterError", "PerfevalError", "Problem", "RuleSetError"),
    "model.history": ("History",),
    "model.peers": ("Peers",),
    "model.results": ("Evaluation", "RuleSet"),
    "workbench.bench": ("Workbench",),
}
"""The module of each public name."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    found: Any
    if name in ("plot", "show", "words"):
        return import_module(f"perfeval.present.{name}")
    if name == "__version__":
        found = import_module("importlib.metadata").version("perfeval")
    elif name in _HOME_OF:
        found = getattr(import_module(f"perfeval.{_HOME_OF[name]}"), name)
    else:
        raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
