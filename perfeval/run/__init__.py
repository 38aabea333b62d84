"""Notebooks to reports: the contract, the kernel, the export, the batch and its ledger.

What runs notebooks is loaded when first asked for: commands that run none need not wait for papermill.
"""

from importlib import import_module
from typing import Any

HOMES = {"Batch": "batch", "run_batch": "batch", "run_report": "batch", "Report": "outcome"}
__all__ = ["Batch", "Report", "run_batch", "run_report"]


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(import_module(f"perfeval.run.{HOMES[name]}"), name)
    raise AttributeError(f"module 'perfeval.run' has no attribute {name!r}")
