"""Marks: a verdict as a sign with a shape and a colour of its own."""

from markupsafe import Markup

from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.tally import UNFILLED
from perfeval.model.verdicts import CLAIMED

MARKS = {
    MET: ("ok", "✓"),
    PARTLY: ("half", "半"),
    MISSED: ("no", "×"),
    CLAIMED: ("said", "申"),
    UNDECIDED: ("ask", "?"),
    UNFILLED: ("ask", "?"),
}
"""Class and sign of each verdict's mark: told apart by fill and sign as well as by colour (half is drawn)."""


def mark(verdict: str, told: str = "") -> Markup:
    """A verdict's mark; ``told`` is what it stands for, said aloud; nothing where a word stands beside it.

    >>> mark("完成")
    Markup('<i class="m ok" aria-hidden="true">✓</i>')
    """
    kind, sign = MARKS[verdict]
    if not told:
        return Markup('<i class="m {}" aria-hidden="true">{}</i>').format(kind, sign)
    return Markup('<i class="m {}" role="img" aria-label="{}" title="{}">{}</i>').format(kind, told, told, sign)
