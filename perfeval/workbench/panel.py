"""The workbench as a widget of Jupyter: what the page and the kernel tell each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from perfeval.workbench import sharing


class Panel(anywidget.AnyWidget):
    """The script with its data; made by :class:`~perfeval.workbench.bench.Workbench`, which listens to it."""

    _esm = f"{sharing.script()}\nexport default {{ render }};\n"
    _css = sharing.style()
    data = traitlets.Bytes().tag(sync=True)
    """Rows, scores and what is said of them, as JSON."""
    choice = traitlets.Dict().tag(sync=True)
    query = traitlets.Unicode().tag(sync=True)
    views = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The names of the views that are kept."""

    def __init__(self, data: bytes, choice: Mapping[str, Any], query: str, views: Sequence[str]) -> None:
        super().__init__(data=data, choice=dict(choice), query=query, views=list(views))

    def bundle(self, text: str, **kwargs: Any) -> Any:
        """What a notebook shows: the widget, and ``text`` where there is none."""
        shown = self._repr_mimebundle_(**kwargs)
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return {**(data or {}), "text/plain": text}, metadata
