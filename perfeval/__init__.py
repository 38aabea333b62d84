"""perfeval: budget-performance self-evaluation (预算绩效自评) from documents to reports.

One way through: documents → tables (``load``) → numbers (``evaluate``) → words and pictures (``show``) →
executed notebooks (``perfeval.run``) → people's desks. Importing perfeval loads pandas and nothing heavier.
"""

from importlib import import_module, metadata
from typing import Any

from perfeval.analysis.evidence import evidence
from perfeval.analysis.reviewing import recomputation
from perfeval.analysis.sampling import sampling_plan
from perfeval.analysis.tidy import execution_table as execution
from perfeval.comparing import peers
from perfeval.evaluating import evaluate, history, indicators
from perfeval.ingest.store import load
from perfeval.model.errors import DataError, NotOnFile, ParameterError, PerfevalError, Problem, RuleSetError
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation, RuleSet

__version__ = metadata.version("perfeval")
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
    "check",
    "evaluate",
    "evidence",
    "execution",
    "history",
    "indicators",
    "load",
    "peers",
    "recomputation",
    "sampling_plan",
    "show",
]


def __getattr__(name: str) -> Any:
    """``show`` brings matplotlib and ``check`` all that runs, so they are loaded when first asked for."""
    if name == "show":
        return import_module("perfeval.present.show")
    if name == "check":
        return import_module("perfeval.checking").check
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
