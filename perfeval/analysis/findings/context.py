"""What every rule looks at: the rows of one evaluation as immutable records, grouped once, and small text tools."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from perfeval.analysis.surveys import survey_records
from perfeval.model import names
from perfeval.model.columns import records
from perfeval.model.folding import fold, key
from perfeval.model.phrases import is_placeholder
from perfeval.model.reading import Reading
from perfeval.model.results import Evaluation
from perfeval.model.schema import ASSIGNED, INDICATORS, MISSED, PARTLY
from perfeval.model.values import MEASURED

SIMILAR = 0.9
"""From which share of common characters on two texts are nearly the same, word for word."""
LISTED = 6
"""How many things a fact names before it says 等."""


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator row: the texts as printed, as read, and the verdicts on it."""

    row: int
    file: str
    goal_no: int | None
    goal: str
    category: str
    subcategory: str
    indicator: str
    target: str
    actual: str
    weight: Decimal | None
    declared_score: Decimal | None
    declared_met: str
    reason: str
    measure: str
    evidence: str
    narrative: str
    reading: Reading
    attainment: float | None
    computed: str
    """Status from target and actual alone."""
    declared: str
    """Status as printed; empty where nothing is printed."""
    status: str
    bare: str
    """The name without labels, brackets, punctuation and a target in it: what same indicators share."""

    @property
    def missed(self) -> bool:
        """Whether it is 未完成 or 部分完成."""
        return self.status in (MISSED, PARTLY)

    @property
    def unfinished(self) -> bool:
        """Whether it was missed, or has a reason in the place of an actual."""
        return self.missed or (self.reading.actual.kind == "placeholder" and not blank(self.reason))

    @property
    def adverse(self) -> bool:
        """Whether its name says that less is better (重访率, 安全事故)."""
        found = names.adverse(self.indicator)
        return found is not None and found.heads

    @property
    def label(self) -> str:
        """``目标4 · 产出 · 信访积案化解率``."""
        goal = f"目标{self.goal_no}" if self.goal_no is not None else self.goal
        return " · ".join(part for part in (goal, self.category, self.indicator) if part)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal and its rows."""

    number: int | None
    name: str
    rows: tuple[Row, ...]

    @property
    def label(self) -> str:
        """``目标4“基层公共安全经费”``."""
        number = "" if self.number is None else f"目标{self.number}"
        return f"{number}“{self.name}”" if self.name else number or "未分目标"

    def count(self, category: str) -> int:
        """How many of its rows are of a category."""
        return sum(row.category == category for row in self.rows)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule applies. ``rows`` are those concerned, the first is where the finding stands; none: the document."""

    fact: str
    rows: tuple[Row, ...] = ()
    goal: Goal | None = None
    where: str = ""
    """The place in words, where it is neither a row nor a goal."""
    confidence: float | None = None
    """Instead of the rule's own confidence, where the evidence is weaker."""


Check = Callable[["Context"], Iterable[Hit]]


@dataclass(frozen=True)
class Context:
    """One evaluation, prepared for the rules; nothing in it is ever changed."""

    result: Evaluation
    rows: tuple[Row, ...]

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """The goals in the order of the table."""
        groups: dict[tuple[int | None, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row.goal_no, row.goal].append(row)
        return tuple(Goal(number, name, tuple(rows)) for (number, name), rows in groups.items())

    @cached_property
    def classified(self) -> bool:
        """Whether the document itself says of which category its indicators are; else none is missing or misfiled."""
        return any(ASSIGNED not in source for source in self.result.indicators["source"])

    @cached_property
    def same_named(self) -> tuple[tuple[Row, ...], ...]:
        """Groups of two or more rows with the same bare name."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row.bare].append(row)
        return tuple(tuple(rows) for rows in groups.values() if len(rows) > 1)

    def has(self, table: str, column: str) -> bool:
        """Whether the document has a column, filled or not; where that is not known, whether anything stands in it."""
        known = self.result.columns.get(table)
        if known is not None:
            return column in known
        frame = self.result.indicators if table == INDICATORS.name else self.result.execution.items
        return column in frame and any(not pd.isna(value) and value != "" for value in frame[column])

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every sentence of the narrative with the name of its section."""
        told = self.result.narrative
        named = [
            ("存在问题", [f"{issue.text}；{issue.cause}" if issue.cause else issue.text for issue in told.problems]),
            ("主要成绩", told.summary),
            ("改进措施", told.measures),
            ("结果应用", told.budget_linkage),
            ("组织实施", told.organisation),
            ("上年结果应用", told.last_year),
        ]
        return tuple((section, text) for section, texts in named for text in texts if text)

    @cached_property
    def items(self) -> tuple[dict[Any, Any], ...]:
        """The budget items of :attr:`Execution.items` as records."""
        return tuple(records(self.result.execution.items))

    @cached_property
    def targets(self) -> dict[int, dict[Any, Any]]:
        """By row: its target beside the year before (``Evaluation.targets``); empty where nobody looked at it."""
        return {int(one["row"]): one for one in records(self.result.targets)}

    @cached_property
    def surveys(self) -> tuple[dict[Any, Any], ...]:
        """The surveys of :func:`perfeval.analysis.surveys.surveys` as records."""
        return tuple(survey_records(self.result))


def context(result: Evaluation) -> Context:
    """The context of an evaluation."""
    return Context(result, tuple(_row(record) for record in records(result.indicators)))


def _row(record: dict[Any, Any]) -> Row:
    """A record of ``Evaluation.indicators``."""
    texts = ("goal", "category", "subcategory", "indicator", "target", "actual", "declared_met", "reason", "measure")
    return Row(
        row=int(record["row"]),
        file=str(record["file"]).rsplit("/", 1)[-1],
        goal_no=None if pd.isna(record["goal_no"]) else int(record["goal_no"]),
        **{name: str(record[name]) for name in (*texts, "evidence", "narrative")},
        weight=_points(record["weight"]),
        declared_score=_points(record["declared_score"]),
        reading=record["reading"],
        attainment=None if pd.isna(record["attainment"]) else float(record["attainment"]),
        computed=record["computed_status"],
        declared=record["declared_status"],
        status=record["status"],
        bare=bare_name(str(record["indicator"])),
    )


def _points(value: Any) -> Decimal | None:
    return None if value is None or pd.isna(value) else Decimal(str(value))


_CHINESE = re.compile("[一-龥]+")
_CLAUSES = re.compile(r"[,;。:、!?\s()]+")
_TARGET_IN_NAME = re.compile(r"[<>=≥≤]{0,2}[0-9][0-9.,]*(?:[%‰]|[^\W\d]{0,2}?)(?:及?以上|及?以下|以内)?$")


@lru_cache(maxsize=4096)
def bare_name(name: str) -> str:
    """A name without labels, brackets, punctuation, and a target at its end (整治率99% → 整治率)."""
    text = names.without_labels(name)
    if names.target_in(name) is not None:
        text = _TARGET_IN_NAME.sub("", text) or text
    return key(text) or key(name)


def blank(text: str) -> bool:
    """Whether a cell holds nothing (empty, —, 无 …)."""
    return is_placeholder(fold(text))


def has_amount(row: Row) -> bool:
    """Whether the actual holds a number, range or date."""
    return row.reading.actual.kind in MEASURED


def holds(text: str, words: Iterable[str]) -> str:
    """The first of the words that the folded text holds; empty where none."""
    folded = fold(text)
    return next((word for word in words if word in folded), "")


def ends(text: str, words: Iterable[str]) -> str:
    """The longest of the words that the bare name ends with; empty where none."""
    plain = bare_name(text)
    return max((word for word in words if plain.endswith(word)), key=len, default="")


@lru_cache(maxsize=4096)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters in a text: what stands in for its words."""
    return frozenset(part[i : i + 2] for part in _CHINESE.findall(fold(text)) for i in range(len(part) - 1))


def listed(things: Iterable[str], most: int = LISTED) -> str:
    """``甲、乙、丙等5项``: named up to a few."""
    names_ = list(things)
    shown = "、".join(names_[:most])
    return shown if len(names_) <= most else f"{shown}等{len(names_)}项"


def joined(parts: Iterable[str], most: int = LISTED) -> str:
    """``甲；乙；丙；等5处``: as :func:`listed`, of whole facts."""
    facts = list(parts)
    return "；".join(facts[:most]) + (f"；等{len(facts)}处" if len(facts) > most else "")


def quoted(text: str) -> str:
    """A text in quotation marks, those in it made single: ``“‘12345’回访率”``."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def row_list(rows: Iterable[Row]) -> str:
    """``第3、5、8行``."""
    return f"第{'、'.join(str(row.row) for row in rows)}行"


def clauses(text: str) -> Iterator[str]:
    """The clauses of a folded text."""
    yield from (part for part in _CLAUSES.split(fold(text)) if part)
