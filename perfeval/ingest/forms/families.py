"""Which family of forms a table belongs to, by the marks in ``headings.toml``."""

import re
from collections.abc import Iterable
from functools import cache

from perfeval.ingest.forms.vocabulary import flat, words

OTHER = "其他格式"
"""A form whose headings are understood, but that is of no listed family."""
ENOUGH = 0.5
"""Share of a family's marks from which a form is said to be of it."""
LONGEST_MARK = 40


def family(texts: Iterable[str]) -> tuple[str, float]:
    """The family whose marks are found in the largest share among the cells of a form, and that share (0…1).

    Of families with equal shares the one with more marks is meant: its marks say more.
    """
    cells = "\n".join(dict.fromkeys(flat(text) for text in texts if text.strip() and len(text) <= LONGEST_MARK))
    shares = [
        (sum(bool(mark.search(cells)) for mark in marks) / len(marks), len(marks), name) for name, marks in _families()
    ]
    share, _, name = max(shares)
    return (name, share) if share >= ENOUGH else (OTHER, share)


@cache
def _families() -> list[tuple[str, list[re.Pattern[str]]]]:
    return [
        (entry["name"], [re.compile(rf"^(?:{mark})$", re.MULTILINE) for mark in entry["marks"]])
        for entry in words()["families"]
    ]
