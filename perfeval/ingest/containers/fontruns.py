"""Runs of text in their fonts, as spreadsheets store them → the text that counts, and what is to be said of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfeval.ingest.containers.marks import LOWERED, RAISED, STRUCK, Piece, joined
from perfeval.ingest.containers.symbols import in_font, not_known
from perfeval.ingest.document import Doubt


@dataclass(frozen=True, slots=True)
class Font:
    """What of a font changes how its text is read."""

    struck: bool = False
    position: str = ""
    """:data:`~perfeval.ingest.containers.marks.RAISED`, ``LOWERED`` or empty."""
    name: str = ""
    """Of a symbol font; empty for every other."""


PLAIN = Font()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one font; without a font it has that of its cell."""

    text: str
    font: Font | None = None


def text_of(runs: Iterable[Run], font: Font = PLAIN) -> tuple[str, tuple[Doubt, ...]]:
    """The text of runs as far as it counts, and what whoever uses it must be told; ``font`` is that of the cell.

    A text that is raised or lowered as a whole is only small.
    """
    pieces: list[Piece] = []
    doubts: list[Doubt] = []
    for run in runs:
        used = run.font or font
        if run.text:
            text, unknown = in_font(run.text, used.name)
            doubts += [not_known(used.name, unknown)] if unknown else []
            moved = used.position if used.position in (RAISED, LOWERED) and used.position != font.position else ""
            pieces.append((text, STRUCK if used.struck else moved))
    text, said = joined(pieces)
    return text, (*doubts, *said)
