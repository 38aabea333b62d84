"""Notebooks to reports: the contract, the kernel, the export, the batch and its ledger.

What runs notebooks is loaded when first asked for: commands that run none need not wait for papermill.
"""

import sys
from importlib import import_module
from typing import Any

KEPT_OUT = "rfc3987_syntax"
"""Comes with jupyterlab; jsonschema, which nbformat imports, uses it to check the format of addresses, and it takes a
CPU second to import. jsonschema does without what cannot be imported. (Removed again by ``execution``.)"""
if "jsonschema" not in sys.modules:
    sys.modules.setdefault(KEPT_OUT, None)  # type: ignore[arg-type]  # Python's own way to say: not to be imported

HOMES = {"Batch": "batch", "run_batch": "batch", "run_report": "batch", "Report": "outcome"}
__all__ = ["Batch", "Report", "run_batch", "run_report"]


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(import_module(f"perfeval.run.{HOMES[name]}"), name)
    raise AttributeError(f"module 'perfeval.run' has no attribute {name!r}")
