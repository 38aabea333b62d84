"""A number cell has two numbers: the one it shows and the one it stores. What the stored one is in the scale shown."""

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext

from perfeval.ingest.cells import NUMBER
from perfeval.ingest.document import Cell
from perfeval.model.folding import half_width
from perfeval.model.reading import read_pair
from perfeval.model.rounding import half_up

DIGITS = re.compile(NUMBER.pattern.removeprefix("[+-]?"))
SCALES = sorted(range(-12, 13), key=abs)
"""Powers of ten a number format may put between the two; each shown number but 0 fits only one."""
MINUS = re.compile(r"[-(−–—负△▲▽▼↓减降]")
"""What may say before a number that it is below zero; ``0;0`` shows -13 without any of it."""
UNCLEAR = "显示为{}，存储的是{}，看不出以什么为单位"
PRECISE = 60


@dataclass(frozen=True, slots=True)
class Magnitude:
    """The number of a cell in the scale in which it is shown."""

    exact: Decimal
    """The stored number: 94.96 where 95% is shown of 0.9496, 1000 where 1000.0000 is shown of 10000000."""
    rounded: bool
    """The text shows fewer places than are stored."""
    start: int
    """Where in the text its digits are."""
    stop: int


def magnitude(cell: Cell) -> Magnitude | None:
    """The stored number of a cell in the scale of its text; None where there is none, or no scale fits for certain."""
    if cell.number is None:
        return None
    text = half_width(cell.text)
    fitting = [found for part in DIGITS.finditer(text) if (found := _fitted(cell.number, part, "%" in text))]
    return fitting[0] if len(fitting) == 1 else None


def _fitted(number: Decimal, part: re.Match[str], percent: bool) -> Magnitude | None:
    shown = Decimal(part[0].replace(",", ""))
    places = -int(shown.as_tuple().exponent)
    usual = [2, 0] if percent else [0]
    scales = usual if shown == 0 else [*usual, *(scale for scale in SCALES if scale not in usual)]
    with localcontext() as context:
        context.prec = PRECISE
        for scale in scales:
            exact = abs(number).scaleb(scale)
            if exact.adjusted() + places < PRECISE - 2 and half_up(exact, places) == shown:
                same = exact == shown
                meant = shown if same else exact
                return Magnitude(-meant if number < 0 else meant, not same, part.start(), part.end())
    return None


def judged_otherwise(row: dict[str, object], target: Cell, actual: Cell, column: str = "actual") -> str:
    """What to say where a row would be judged otherwise by what its cells store than by what they show; else empty.

    ``row`` has the texts that are read, of the schema's columns; ``target`` and ``actual`` are the cells of them.
    """
    wanted, done = str(row["target"]), str(row[column])
    exact_wanted, exact_done = _exact(wanted, target), _exact(done, actual)
    if not exact_wanted and not exact_done:
        return ""
    name, unit, direction = (str(row[key]) for key in ("indicator", "unit", "direction"))
    by_text = read_pair(name, wanted, done, unit=unit, direction=direction).status
    stored = read_pair(name, exact_wanted or wanted, exact_done or done, unit=unit, direction=direction).status
    if by_text == stored:
        return ""
    sides = (("目标值", wanted, exact_wanted), ("", done, exact_done))
    shown = "；".join(f"{side}显示{text}，存储{exact}" for side, text, exact in sides if exact)
    against = "" if exact_wanted else f"按目标{wanted}"
    return f"{shown}，{against}判定不同（按显示值{by_text}，按存储值{stored}）；按显示值读入"


def _exact(text: str, cell: Cell) -> str:
    """The text with what its cell stores, where the cell shows fewer places or no sign of a minus; else empty."""
    found = magnitude(cell)
    if found is None:
        return ""
    unsigned = found.exact < 0 and not MINUS.search(half_width(cell.text[: found.start]))
    if not found.rounded and not unsigned:
        return ""
    shown = cell.text[found.start : found.stop]
    return text.replace(shown, f"{'-' * unsigned}{abs(found.exact).normalize():f}", 1)
