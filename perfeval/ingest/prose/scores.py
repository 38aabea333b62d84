"""The total that a written report gives itself, and its grade."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfeval.ingest.problems import problem
from perfeval.ingest.prose.figures import Span
from perfeval.ingest.prose.head import with_year
from perfeval.ingest.prose.outline import Line, words
from perfeval.model.errors import Problem

NUMBER = (
    r"(?:[（(]分[）)])?\s*(?:[（(](?:满分|总分)\s*100\s*分[）)])?\s*(?:达到|共计|合计|为|是|[:：])?\s*"
    r"(?P<score>[0-9]{1,3}(?:\.[0-9]+)?)(?![0-9%％.])(?!\s*分?\s*(?:以上|以下|及以上|至|[-—~～]))"
)
FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Declared:
    """The total as printed."""

    score: Decimal | None = None
    grade: str = ""
    spans: tuple[Span, ...] = ()
    """Where score and grade stand, each time."""

    @property
    def lines(self) -> frozenset[int]:
        """Numbers of the lines they stand in."""
        return frozenset(span.line.number for span in self.spans)


def declared(lines: Iterable[Line], file: str, year: int | None = None) -> tuple[Declared, list[Problem]]:
    """The total the report gives itself, as printed, its grade, and totals that disagree.

    Averages, scores of parts (预算执行率得分), full marks and scores of other years are no total.
    """
    listed = list(lines)
    for before in words()["score"]["before"]:
        found = [hit for line in listed for hit in _totals(line, before, year)]
        if found:
            (line, match), *_ = found
            score = Decimal(match["score"])
            message = f"自评得分前后不一致：第{line.number}行为{match['score']}分"
            problems = [
                problem("W709", message, file=file, row=other.number, value=again["score"])
                for other, again in found
                if Decimal(again["score"]) != score
            ]
            spans = [Span(other, again.start(), again.end()) for other, again in found]
            grade = next((graded for other, _ in found if (graded := _grade(other))), None)
            if grade is not None:
                spans.append(grade[1])
            return Declared(score, grade[0] if grade else "", tuple(spans)), problems
    return Declared(), []


def _totals(line: Line, before: str, year: int | None) -> Iterator[tuple[Line, re.Match[str]]]:
    """Where a line states a total in this wording."""
    part = re.compile(words()["score"]["part"])
    for match in re.finditer(before + NUMBER, line.text):
        said = re.split("[，。；;]", line.text[: match.start()])[-1]
        years = set(re.findall(r"20[0-9]{2}(?=\s*年)", with_year(said)))
        other = bool(year and years and str(year) not in years) or re.search("上年|去年|往年", said)
        full = Decimal(match["score"]) == FULL and re.match(r"分?\s*[，,、；（(]\s*(?:实际|自评|实)?(?:得|实得)",
                                                           line.text[match.end() :])  # fmt: skip
        if not part.search(said[-12:]) and not other and not full and Decimal(match["score"]) <= 2 * FULL:
            yield line, match


def _grade(line: Line) -> tuple[str, Span] | None:
    found = re.search(words()["score"]["grade"], line.text)
    return (found[1], Span(line, found.start(), found.end())) if found else None
