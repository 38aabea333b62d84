"""Marks and letters that run from the right, and what of them a page shows."""

import re

MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Inside the brackets of a regular expression: the marks that turn round what follows them."""
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Of the scripts that run from the right: Uyghur, Kazakh, Kirghiz and others in Arabic letters."""
_TURNING, _LEFTWARD = re.compile(f"[{MARKS}]"), re.compile(f"[{_LETTERS}](?:[{_LETTERS} ]*[{_LETTERS}])?")
_TURNED = re.compile(f"[{MARKS}{_LETTERS}]")
_MARKUP = re.compile("(<style.*?</style>|<svg.*?</svg>|<title.*?</title>|<[^>]*>)", re.DOTALL)


def straight(page: str) -> str:
    """The page without marks that turn round what follows them, and with names written from the right kept to
    themselves: else the figure beside such a name is read on its other side, or backwards.

    >>> straight("<td>甲\u202e12</td>"), straight("<p>ئۇيغۇر：95%</p>")
    ('<td>甲12</td>', '<p><bdi>ئۇيغۇر</bdi>：95%</p>')
    """
    if not _TURNED.search(page):
        return page
    parts = _MARKUP.split(_TURNING.sub("", page))  # texts, and between them what is none
    return "".join(part if place % 2 else _LEFTWARD.sub(r"<bdi>\g<0></bdi>", part) for place, part in enumerate(parts))
