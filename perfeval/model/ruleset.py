"""A scoring rule set: points, blocks, formulas, bands and grades, as read from its TOML file."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Block:
    """Points a rule set gives to one or more categories together."""

    title: str
    points: Decimal
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A qualitative band: shares of a row's points, and the one perfeval takes where only the level is known."""

    low: Decimal
    high: Decimal
    use: Decimal


@dataclass(frozen=True, slots=True)
class Fallback:
    """The blocks that hold instead where a document has no row of certain categories."""

    absent: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """What over-achievement does: ``ignore``, ``annotate`` or ``deduct`` from the ratio ``start`` on (1.3 = 130 %)."""

    mode: str = "ignore"
    start: Decimal = Decimal("1.3")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A scoring rule set, as read from its TOML file."""

    name: str
    title: str
    """Short Chinese title with the points, e.g. ``湖北（执行20 · 产出40 · 效益与满意度40）``."""
    source: str
    """The document and article the rules come from."""
    deviations: str
    """Where the preset is known to depart from the source or leaves something to choice."""
    execution: Decimal
    """Points for budget execution."""
    blocks: tuple[Block, ...]
    positive: str
    """Formula for higher-is-better rows: ``B/A``."""
    reverse: str
    """Formula for lower-is-better rows: ``A/B`` or ``2A`` (linear to zero at twice the target)."""
    levels: dict[str, Level]
    """Qualitative bands by status."""
    row_places: int
    """Decimal places a row's score is rounded to, half up."""
    total_places: int
    grades: tuple[tuple[str, Decimal], ...]
    """(grade, lowest score) from best to worst; empty where the rules give no grade."""
    equal: str = "B/A"
    """For rows that must hit the target: ``B/A`` (more is full), ``deviation`` (1 − ``|B−A|``/A) or ``exact``."""
    spread: str = "pooled"
    """``pooled``: a block's points over all its rows; ``goals``: equal points per goal, the blocks inside each goal."""
    over: Over = field(default_factory=Over)
    fallbacks: tuple[Fallback, ...] = ()
    called: str = ""
    """What it is called in a sentence for leaders: ``湖北省规定``; empty: by its title."""
    share_places: int | None = None
    """Decimal places the share of the points is rounded to before it is multiplied (0.7274: 4); None: not rounded."""
