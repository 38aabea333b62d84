"""The account of a form's cells: every one that has content was used, is named by a problem, or is listed as left."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from perfeval.ingest.document import EMPTY, Account, Document, Place, letters_of
from perfeval.ingest.forms.found import At, Found
from perfeval.ingest.forms.layout import Sheet
from perfeval.ingest.forms.vocabulary import flat, indicator_name, is_empty
from perfeval.ingest.problems import problem

WORDS = ("docx", "doc", "wps")
"""Containers whose tables and paragraphs have numbers, and no letters."""
QUOTED = 8
"""Cells left out that the note quotes; the account lists all."""
LONGEST = 16
"""Characters of each."""
FIGURE = re.compile("[0-9一二三四五六七八九十]+[.、:]?")
"""What may number a filler, and says something where it stands alone."""
UNREAD = "（读不出）"
"""What is listed of a cell that has no text."""


@dataclass
class Tally:
    """The cells of some lines, by what became of them."""

    used: set[At] = field(default_factory=set)
    headings: set[At] = field(default_factory=set)
    """Of these the ones that only say what others mean, and placeholders, which say that there is nothing."""
    named: set[At] = field(default_factory=set)
    left: list[tuple[Place, str]] = field(default_factory=list)

    def account(self) -> Account:
        """The numbers, and what was left."""
        cells = len(self.used) + len(self.named) + len(self.left)
        return Account(cells, len(self.used), len(self.named), tuple(self.left))


def tally(sheet: Sheet, lines: Iterable[int], found: Sequence[Found]) -> Tally:
    """What became of the cells of some lines, which were read by ``found`` (several where targets of years differ)."""
    counted = Tally()
    taken: set[At] = set().union(*(form.taken for form in found))
    named: set[At] = set().union(*(form.named for form in found))
    for line in lines:
        row = sheet.lines[line]
        unread = [(number, EMPTY) for number in row.unread]
        for number, cell in sorted((*unread, *row.filled), key=itemgetter(0)) if unread else row.filled:
            at = (line, number)
            if at in taken:
                counted.used.add(at)
            else:
                _sort(counted, sheet, at, cell.text.strip(), named)
    counted.headings |= counted.used & set().union(*(form.headings for form in found))
    return counted


def _sort(counted: Tally, sheet: Sheet, at: At, text: str, named: set[At]) -> None:
    """Count a cell that was not used: with the one it is merged with, as named, as saying nothing, or as left."""
    owner = sheet.owners.get(at)
    if owner is not None and sheet.cell(*owner).text.strip() == text:
        return
    if at in named:
        counted.named.add(at)
    elif text and _says_nothing(text):
        counted.used.add(at)
        counted.headings.add(at)
    else:
        counted.left.append((place(sheet, at), text))


@dataclass
class Reading:
    """A form as it was read: a document for each year whose targets it has."""

    documents: list[Document]
    found: list[Found]
    lines: list[int]
    """The lines it is accountable for: its own, and those after it (or before the first form) that are of no form."""

    def tally(self) -> Tally:
        """What became of its cells."""
        return tally(self.found[0].sheet, self.lines, self.found)


def _says_nothing(text: str) -> bool:
    """A placeholder, or a form's own filler (``指标2：``, ``……``): read as what it is, nothing."""
    return is_empty(text) or (not FIGURE.fullmatch(flat(text)) and not indicator_name(text).text)


def loose(texts: Sequence[tuple[Place, str]], named: Sequence[str]) -> Account:
    """The account of texts that have no place in a table laid out again; ``named`` are those a problem quotes."""
    quoted = Counter(named)
    used = said = 0
    left = []
    for at, text in texts:
        if quoted[text]:
            quoted[text] -= 1
            said += 1
        elif _says_nothing(text):
            used += 1
        else:
            left.append((at, text))
    return Account(len(texts), used, said, tuple(left))


def places(found: Found) -> dict[tuple[str, int, str], Place]:
    """Where each value of the tables and of the narrative was read."""
    kept: dict[tuple[str, int, str], Place] = {}
    lines = found.sheet.lines
    for table, rows in (("budget", found.budget), ("indicators", found.indicators)):
        for number, row in enumerate(rows):
            cells = row.get("cells")
            for column, (line, at) in (cells if isinstance(cells, dict) else {}).items():
                read = lines[line]
                kept[table, number, column] = Place(read.sheet, read.number, at if read.table else -1)
    for name, cells in found.narrative.items():
        for number, at in enumerate(cells):
            kept["narrative", number, name] = place(found.sheet, at)
    return kept


def place(sheet: Sheet, at: At) -> Place:
    """A cell, as places are told."""
    line = sheet.lines[at[0]]
    return Place(line.sheet, line.number, at[1] if line.table else -1)


def accounted(document: Document, account: Account, container: str) -> Document:
    """The document with its account, and a note (N661) where cells with content were left out."""
    added = Account(
        document.account.cells + account.cells,
        document.account.used + account.used,
        document.account.named + account.named,
        (*document.account.left, *account.left),
    )
    others = tuple(one for one in document.problems if one.code != "N661")
    noted = [problem("N661", summary(added, container), file=document.file)] if any(t for _, t in added.left) else []
    return replace(document, account=added, problems=(*others, *noted))


def summary(account: Account, container: str) -> str:
    """``认出412格，未用3格：自评表!H3“…”、…``."""
    quoted = [f"{said(at, container)}{_quoted(text)}" for at, text in account.left[:QUOTED]]
    more = "等" if len(account.left) > QUOTED else ""
    return f"认出{account.cells}格，未用{len(account.left)}格：{'、'.join(quoted)}{more}"


def said(at: Place, container: str) -> str:
    """``自评表!H3``; of a Word document ``表1第3行第8列`` and ``第12段``; of a text ``第12行`` and ``第12行第3列``."""
    if at.column < 0:
        return f"{at.sheet}第{at.row}{'段' if container in WORDS and not at.sheet else '行'}"
    if container in WORDS or not at.sheet:
        return f"{at.sheet}第{at.row}行第{at.column + 1}列"
    return f"{at.sheet}!{letters_of(at.column)}{at.row}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= LONGEST else line[:LONGEST] + '…'}”" if line else UNREAD
