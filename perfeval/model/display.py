"""How a notebook shows the great values when they stand alone on the last line of a cell.

The vocabulary draws nothing: it only says that such a value can be drawn, and the package names who does it.
"""

from importlib import import_module


class Shown:
    """A value that a notebook shows as one screen of HTML."""

    __slots__ = ()
    drawn_by = ""
    """The module whose function ``summary`` draws it; the package's own."""

    def _repr_html_(self) -> str | None:
        if not Shown.drawn_by:
            return None
        shown: str = import_module(Shown.drawn_by).summary(self)
        return shown
