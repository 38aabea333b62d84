"""The workbench of JupyterLab and the file to send: see :class:`perfeval.workbench.bench.Workbench`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfeval.workbench.bench import Workbench

__all__ = ["Workbench"]


def __getattr__(name: str) -> Any:
    if name == "Workbench":
        from perfeval.workbench.bench import Workbench  # noqa: PLC0415  # widgets take their time to load

        return Workbench
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
