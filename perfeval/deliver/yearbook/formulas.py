"""The formulas of an indicator row, as text: those of :class:`~perfeval.model.ruleset.RuleSet` in a workbook's words.

They follow ``model.comparing`` (attainment) and ``analysis.scoring`` (share of the points); a test recalculates them.
"""

from dataclasses import dataclass

from perfeval.deliver.yearbook.cellformats import literal
from perfeval.model import units
from perfeval.model.reading import Reading
from perfeval.model.rounding import missing
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import DEADLINE, EQUAL, MET, MISSED, PARTLY, QUALITATIVE, REVERSE, UNDECIDED
from perfeval.model.verdicts import CLAIMED

WORDS, PRINTED = "数据", "申报"
"""Where a level comes from that stands in for numbers: words that can be compared, or the office's word alone (the
printed status, or words in place of a number or a date)."""


@dataclass(frozen=True, slots=True)
class Cells:
    """References of the cells of one row that its formulas look at."""

    a: str
    """The target as a number."""
    b: str
    """The actual as a number."""
    attained: str
    level: str
    """The level that counts where there are no numbers."""
    source: str
    """Where the level comes from: :data:`WORDS` or :data:`PRINTED`."""


def as_before(reference: str, value: object) -> str:
    """Whether a cell still holds the number that was written into it, or nothing where nothing was."""
    if missing(value):
        return f'{reference}&""=""'
    return f"AND(ISNUMBER({reference}),ABS(N({reference})-{literal(float(str(value)))})<0.0000001)"


def text_literal(text: str) -> str:
    """A short text as formulas write it."""
    return '"' + text.replace('"', '""') + '"'


def target(reading: Reading, cells: Cells) -> str | None:
    """The number that counts of a target that is a range, by where the actual lies; None where it is a plain number.

    Only where both are in one unit: what a range in another unit comes to is not known for every actual.
    """
    b = cells.b
    low, high = reading.target.low, reading.target.high
    same = reading.target.unit == reading.actual.unit and reading.b in (reading.actual.low, reading.actual.high)
    if reading.target.kind != "range" or low is None or high is None or not same:
        return None
    less = reading.direction == REVERSE or reading.target.operator == "<="
    more = reading.target.operator == ">="
    inside = [*([] if less else [f"{b}>={literal(low)}"]), *([] if more else [f"{b}<={literal(high)}"])] or ["TRUE"]
    return f"=IF(AND({','.join(inside)}),{b},IF({b}<{literal(low)},{literal(low)},{literal(high)}))"


def attainment(reading: Reading, cells: Cells) -> str:
    """How far the target is attained, uncapped; empty text where target or actual is no number."""
    return f'=IF(AND(ISNUMBER({cells.a}),ISNUMBER({cells.b})),{_attainment(reading, cells.a, cells.b)},"")'


def _attainment(reading: Reading, a: str, b: str) -> str:
    way, kept = reading.direction, f"IF({b}<={a},1,0)"
    if way in ("", QUALITATIVE):
        return f'IF({a}={b},1,"")'
    if way == DEADLINE and units.dimension(reading.target.unit) != "ratio":
        return kept
    if way == REVERSE:
        return f"IF({a}<=0,{kept},IF({b}<=0,1,{a}/{b}))"
    met = "<=" if way == EQUAL else ">" if reading.target.operator == ">" else ">="  # where the target is 0
    return f'IF({a}>0,MAX({b},0)/{a},IF({a}=0,IF({b}{met}0,1,0),IF({b}>={a},1,"")))'


def status(reading: Reading, cells: Cells) -> str:
    """The verdict: by the numbers where there are any, else by the level that stands in for them."""
    a, b, attained, level, source = cells.a, cells.b, cells.attained, cells.level, cells.source
    met = f"{attained}>=1"
    if reading.target.operator == ">" and reading.direction != REVERSE:
        met = f"IF(N({a})=0,{attained}>=1,{b}>{a})"
    elif reading.target.operator == "<" and reading.direction == REVERSE:
        met = f"IF(N({a})>0,{b}<{a},{attained}>=1)"
    known = ",".join(f'{level}="{one}"' for one in (MET, PARTLY, MISSED))
    printed = f'IF(AND({source}="{PRINTED}",{level}="{MET}"),"{CLAIMED}",IF(OR({known}),{level},"{UNDECIDED}"))'
    return f'=IF(ISNUMBER({attained}),IF({met},"{MET}","{MISSED}"),{printed})'


def share(reading: Reading, ruleset: RuleSet, cells: Cells, bands: str) -> str:
    """The share of the points, 0…1: by the attainment under the rule set's formula, else that of the level's band.

    ``bands`` is the reference of the rule set's two columns of levels and their shares.
    """
    a, b, attained, level = cells.a, cells.b, cells.attained, cells.level
    found = attained
    numbers = reading.direction not in ("", QUALITATIVE)
    if reading.direction == REVERSE and ruleset.reverse == "2A":
        found = f"IF(N({a})>0,2-MAX({b},0)/{a},{attained})"
    elif reading.direction == EQUAL and ruleset.equal == "deviation":
        found = f"IF(N({a})>0,1-ABS({b}-{a})/{a},{attained})"
    elif reading.direction == EQUAL and ruleset.equal == "exact":
        found = f"IF(N({a})>0,IF({b}={a},1,0),{attained})"
    if ruleset.over.mode == "deduct" and numbers and reading.direction not in (REVERSE, DEADLINE):
        start = literal(ruleset.over.start)
        found = f"IF(AND(N({a})<>0,{attained}>{start}),1-({attained}-{start}),{found})"
    capped = f"MIN(MAX({found},0),1)"
    if ruleset.share_places is not None:
        capped = f"ROUND({capped},{ruleset.share_places})"
    return f"=IF(ISNUMBER({attained}),{capped},IFERROR(VLOOKUP({level},{bands},2,FALSE)+0,0))"


def score(points: str, share_of: str, places: int, *, given: bool) -> str:
    """Points × share, rounded, and at most the points: as printed where the document gives them, else rounded.

    Empty text where the points are no number.
    """
    most = points if given else f"ROUND({points},{places})"
    return f'=IF(ISNUMBER({points}),MIN(ROUND({points}*{share_of},{places}),{most}),"")'


def lost(points: str, score_of: str, places: int, *, given: bool) -> str:
    """The points a row does not earn; empty text where the points are no number."""
    most = points if given else f"ROUND({points},{places})"
    return f'=IF(ISNUMBER({score_of}),ROUND({most}-{score_of},6),"")'


def strict(points: str, share_of: str, cells: Cells, places: int, *, given: bool) -> str:
    """The score where the printed status alone earns nothing, nor words where a figure was wanted."""
    counted = f'IF(AND(NOT(ISNUMBER({cells.attained})),{cells.source}="{PRINTED}"),0,{share_of})'
    return score(points, counted, places, given=given)


def execution(points: str, rate: str, places: int) -> str:
    """Points of execution × its rate, at most all of them; none without a rate."""
    return f"=ROUND(N({points})*IF(ISNUMBER({rate}),MIN(MAX({rate},0),1),0),{places})"
