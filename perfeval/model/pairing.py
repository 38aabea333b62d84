"""Finding the indicator rows that a person's decision about two years names."""

from collections.abc import Mapping, Sequence
from typing import Any

from perfeval.model.folding import key


def named(names: Sequence[str], goals: Sequence[str], indicator: str, goal: str = "") -> list[int]:
    """Places of the rows called ``indicator`` (as written; else in another spelling), of that goal where one is given.

    Empty where there is none; several where the name alone does not tell.
    """
    same = [place for place, name in enumerate(names) if name == indicator]
    wanted = key(indicator)
    found = same or [place for place, name in enumerate(names) if wanted and key(name) == wanted]
    return [place for place in found if key(goals[place]) == key(goal)] if goal else found


Rows = tuple[Sequence[str], Sequence[str]]
"""The names of a year's rows, and their goals."""


def named_pair(before: Rows, after: Rows, decision: Mapping[Any, Any]) -> tuple[list[int], list[int]]:
    """Places of the rows that a decision (a record of ``matches.csv``) names, in the year before and in the year.

    Of several earlier rows with one name the one under the same goal is meant, where there is just one such.
    """
    here = named(*after, decision["indicator"], decision["goal"])
    there = named(*before, decision["previous_indicator"], decision["previous_goal"])
    if len(there) > 1 and len(here) == 1:
        under = [place for place in there if key(before[1][place]) == key(after[1][here[0]])]
        there = under or there
    return there, here
