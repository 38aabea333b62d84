"""Texts that are nearly the same, found in groups: every text is compared with a few neighbours, not with every other.

Texts that differ in a few characters stand close together in the order of the alphabet, read from the front or from
the back. So a thousand narratives take some ten thousand comparisons instead of half a million.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

NEIGHBOURS = 12
"""How many texts behind it in each order a text is compared with."""


def alike(texts: Sequence[str], least: float) -> tuple[tuple[int, ...], ...]:
    """Groups (of two or more) of the places of texts that share ``least`` (0…1) of their characters, in order.

    Texts in a group are linked one by one; empty texts are like nothing.

    >>> alike(["由中心登记汇总后上报", "按月巡查", "由中心登记汇总后上报。"], 0.9)
    ((0, 2),)
    """
    first: dict[str, int] = {}
    heads = list(range(len(texts)))
    for place, text in enumerate(texts):
        heads[place] = first.setdefault(text, place) if text else place
    unique = [place for place, head in enumerate(heads) if head == place and texts[place]]
    for one, two in _candidates(texts, unique):
        if _head(heads, one) != _head(heads, two) and fuzz.ratio(texts[one], texts[two]) >= 100 * least:
            _join(heads, one, two)
    groups: dict[int, list[int]] = {}
    for place in range(len(texts)):
        groups.setdefault(_head(heads, place), []).append(place)
    return tuple(tuple(places) for places in groups.values() if len(places) > 1)


def _candidates(texts: Sequence[str], places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of neighbours in the order read from the front, and in that read from the back."""
    for backwards in (False, True):
        ordered = sorted(places, key=lambda place: (texts[place][::-1] if backwards else texts[place], place))
        for at, one in enumerate(ordered):
            for two in ordered[at + 1 : at + 1 + NEIGHBOURS]:
                yield one, two


def _head(heads: list[int], place: int) -> int:
    """The first text of the group a text is in."""
    while heads[place] != place:
        heads[place] = heads[heads[place]]
        place = heads[place]
    return place


def _join(heads: list[int], one: int, two: int) -> None:
    first, second = sorted((_head(heads, one), _head(heads, two)))
    heads[second] = first
