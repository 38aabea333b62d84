"""Figures of running text: where they stand, which are no values at all, and which nothing was read from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfeval.ingest.problems import problem
from perfeval.ingest.prose.outline import Line
from perfeval.model.errors import Problem

NO_VALUE = re.compile(
    r"20[0-9]{2}\s*[-—–至~～]\s*20[0-9]{2}\s*年?度?|20[0-9]{2}\s*年度?(?:\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?)?"
    r"|[〔\[（(【]\s*20[0-9]{2}\s*[〕\]）)】]|(?:第\s*)?[0-9]+\s*号|第\s*[0-9]+\s*[次届期批条个名季]?"
    r"|[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?|《[^》]*》|满分(?:为)?\s*100\s*分"
)
"""Years, dates, numbers of documents, ordinals, and the full mark."""
FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line that something was read from."""

    line: Line
    start: int
    end: int


def unread(lines: Iterable[Line], spans: Iterable[Span]) -> Iterator[tuple[Line, str]]:
    """The sentences that hold a figure no span covers: nothing was read from it, and it is no date and no ordinal."""
    covered: dict[Line, list[tuple[int, int]]] = {}
    for span in spans:
        covered.setdefault(span.line, []).append((span.start, span.end))
    for line in lines:
        own = covered.get(line, []) + [found.span() for found in NO_VALUE.finditer(line.text)]
        for sentence in re.finditer(r"[^。；;！!]+", line.text):
            left = [
                found
                for found in FIGURE.finditer(line.text, sentence.start(), sentence.end())
                if not any(start <= found.start() and found.end() <= end for start, end in own)
            ]
            if left:
                yield line, sentence[0].strip()


def missed(listed: list[tuple[Line, str]], file: str) -> list[Problem]:
    """One note that quotes every sentence with a figure that was not read."""
    if not listed:
        return []
    shown = "；".join(f"第{line.number}行“{sentence}”" for line, sentence in listed)
    message = f"{len(listed)}句话里有数字不能确定是什么，没有读入：{shown}"
    return [problem("N707", message, file=file, row=listed[0][0].number, value=listed[0][1])]
