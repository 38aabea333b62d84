"""What a self-evaluation says in words, one sub-district and year: the fields of ``narrative.toml``."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the self-evaluation itself."""

    name: str
    start: str = ""
    """ISO date, or empty where the document gives only an end."""
    end: str = ""
    work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem the office names, with the cause it gives."""

    text: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A satisfaction survey behind an indicator."""

    indicator: str
    respondents: int | None = None
    satisfied: int | None = None
    date: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """Everything optional: a section without data is shown as having none."""

    title: str = ""
    declared_score: Decimal | None = None
    """The total the office gave itself, as printed (98 and 98.0 differ in their decimal places)."""
    declared_grade: str = ""
    basis: str = ""
    """The notice under which the evaluation was made."""
    summary: tuple[str, ...] = ()
    """What was achieved, in facts."""
    key_tasks: tuple[str, ...] = ()
    problems: tuple[Issue, ...] = ()
    measures: tuple[str, ...] = ()
    budget_linkage: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    organisation: tuple[str, ...] = ()
    """Who carried the self-evaluation out."""
    surveys: tuple[Survey, ...] = ()
    last_year: tuple[str, ...] = ()
    """What was done with last year's result."""
    other_evidence: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())
    """Where the data on file came from."""
