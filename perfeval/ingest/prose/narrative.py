"""What a written report says in words, in its own words: cut at sentences and clauses, never reworded.

What became of every paragraph and cell of a written report.
"""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from perfeval.ingest.document import Account, Content, Document, Grid, Paragraph, Place
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.indicators import read_cells
from perfeval.ingest.prose.outline import HAN, Line, Part, clauses, entries_of, items, sentences, words
from perfeval.ingest.prose.results import QUOTES, stem_of
from perfeval.model.errors import Problem
from perfeval.model.schema import Issue, Stage

SIDES = re.compile(rf"(?:另?一方面|第?[{HAN}]是)[，,：:]?")
DAY = re.compile(r"(?:(?P<year>20[0-9]{2})年)?\s*(?:(?P<month>[0-9]{1,2})月)?\s*(?P<day>[0-9]{1,2})[日号]")
SPAN = re.compile(
    rf"{DAY.pattern.replace('?P<', '?P<a_')}\s*(?:至|到|[-—–－~～]+)\s*{DAY.pattern.replace('?P<', '?P<b_')}"
)
STAGE = re.compile(
    r"(?P<name>[^（(。，：:《]{2,30})[（(](?P<when>[^）)]*[0-9]+[^）)]*[月日号][^）)]*)[）)][：:。，]?\s*(?P<work>.*)"
)
BASIS = re.compile(r"(?:根据|按照|依据)[^《。]{0,20}(?P<notice>《[^》]+》(?:[（(][^）)]*号[）)])?)")
NOTICE_YEAR = re.compile(r"[〔\[（(【]\s*(20[0-9]{2})\s*[〕\]）)】]")
SHORTEST_MATCH = 3
"""Characters a text must share with an indicator's name to be about it."""


def texts(found_parts: Iterable[Part], key: str) -> list[Line]:
    """The entries of a section, without one that only says there is none; of problems it is kept where it is all."""
    empty = re.compile(words()["words"]["empty"])
    listed = [line for part in found_parts if part.key == key for line in items(part.lines)]
    if key in {"problems", "measures"}:
        listed = [entry for line in listed for entry in entries_of(line)]
    said = [line for line in listed if not empty.fullmatch(line.text)]
    return listed if key == "problems" and not said else said


def about(text: str, names: Iterable[str]) -> list[str]:
    """The indicators a text is about: it shares at least half of the name, and three characters, in one piece."""
    return [name for name in names if _shared(text, stem_of(name)) >= max(SHORTEST_MATCH, -(-len(stem_of(name)) // 2))]


def _shared(text: str, stem: str) -> int:
    return SequenceMatcher(None, text, stem, autojunk=False).find_longest_match().size


def split_by_indicator(text: str, names: Iterable[str]) -> list[str]:
    """A text about several indicators cut into one piece for each; others stay whole."""
    known = list(names)
    pieces = [piece for piece in re.split(r"(?<=[。；;])", text) if piece.strip()]
    if sum(bool(about(piece, known)) for piece in pieces) < 2:  # noqa: PLR2004
        return [text.strip("；;。 ")]
    cut: list[str] = []
    for piece in pieces:
        if about(piece, known) or not cut:
            cut.append(piece)
        else:
            cut[-1] += piece
    return [piece.strip("；;。 ") for piece in cut]


def issues(lines: Iterable[Line], unmet: Iterable[str]) -> tuple[Issue, ...]:
    """The problems with their causes: where clauses begin to give a cause, the rest is the cause."""
    known = list(unmet)
    return tuple(_issue(piece) for line in lines for piece in split_by_indicator(line.text, known))


def _issue(text: str) -> Issue:
    for clause in re.finditer(r"[^，。；;]+[，。；;]?", text):
        if clause.start() and re.match(
            rf"(?:第[0-9{HAN}]+(?:处|个|项|条)?\s*[:：]?\s*)?(?:其|主要)?{words()['words']['cause']}", clause[0]
        ):
            return Issue(text[: clause.start()].strip("，。；;：: "), text[clause.start() :].strip("，。；; "))
    return Issue(text)


def measures(lines: Iterable[Line], unmet: Iterable[str]) -> tuple[str, ...]:
    """The measures: an entry is cut at 一方面 … 另一方面, 一是 … 二是, or between several unmet indicators."""
    known = list(unmet)
    listed: list[str] = []
    for line in lines:
        for piece in split_by_indicator(line.text, known):
            marks = list(SIDES.finditer(piece))
            cuts = [mark.start() for mark in marks[1:]] if len(marks) > 1 else []
            listed += [part.strip("，。；; ") for part in _cut(piece, cuts)]
    return tuple(listed)


def _cut(text: str, at: Iterable[int]) -> list[str]:
    edges = [0, *at, len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]


def unmet_names(lines: Iterable[Line]) -> list[str]:
    """The indicators the report lists as not met: what stands in quotation marks, or between the commas."""
    names: list[str] = []
    for line in lines:
        quoted = re.findall(r"[“「]([^”」]+)[”」]", line.text)
        if quoted:
            names += quoted
        else:
            listed = re.split(words()["words"]["status"], line.text)[0]
            names += [name for name in re.split(r"[、，,；;。]", listed) if name.strip()] if listed != line.text else []
    return [name.strip(QUOTES + " ") for name in names]


def key_tasks(lines: Iterable[Line]) -> tuple[str, ...]:
    """The tasks the unit was given."""
    return tuple(line.text.strip("；;。 ") for line in lines)


def statements(lines: Iterable[Line]) -> tuple[str, ...]:
    """The sentences of running text."""
    return tuple(part for line in lines for part in re.split(r"[。！!]", line.text) if part.strip())


def basis(lines: Iterable[Line]) -> str:
    """The notice under which the evaluation was made."""
    return next((found["notice"] for line in lines if (found := BASIS.search(line.text))), "")


def organisation(lines: Iterable[Line], unit: str) -> tuple[str, ...]:
    """What was set up for the self-evaluation, clause by clause."""
    done = words()["words"]["organised"]
    listed = [clause for line in lines for sentence in sentences(line.text) for clause in clauses(sentence)]
    names = "|".join(re.escape(unit[start:]) for start in range(max(len(unit) - SHORTEST_MATCH, 0)))
    cut = [re.sub(rf"^.*?(?:{names})", "", clause) if names else clause for clause in listed]
    return tuple(clause for clause in cut if re.match(rf"(?:专门|已|并)?{done}", clause))


def stages(lines: Iterable[Line], year: int | None, file: str) -> tuple[tuple[Stage, ...], list[Problem], set[int]]:
    """The stages of the self-evaluation (dates of ``year`` where they print none), what cannot be read, lines taken."""
    found, problems, taken = [], [], set()
    for line in lines:
        match = STAGE.fullmatch(line.text)
        if match is None:
            continue
        start, end, wrong = period(match["when"], year)
        taken.add(line.number)
        if wrong:
            problems.append(problem("W705", f"工作阶段的日期{wrong}", file=file, row=line.number, value=match["when"]))
        work = tuple(
            re.sub(r"^(?:并|以及|同时|最终)", "", part) for text in sentences(match["work"]) for part in clauses(text)
        )
        found.append(Stage(match["name"].strip().removesuffix("阶段"), start, end, work))
    return tuple(found), problems, taken


def period(text: str, year: int | None) -> tuple[str, str, str]:
    """ISO dates of begin and end, and what is wrong; ``7月15日前`` has an end only, ``6月5日起`` a begin only."""
    span = SPAN.search(text)
    if span:
        first = _day(span["a_year"], span["a_month"], span["a_day"], year)
        last = _day(span["b_year"] or span["a_year"], span["b_month"] or span["a_month"], span["b_day"], year)
        if not first or not last:
            return "", "", "不是真实的日期，或不知道是哪一年"
        return first.isoformat(), last.isoformat(), "，结束早于开始" if last < first else ""
    single = DAY.search(text)
    day = _day(single["year"], single["month"], single["day"], year) if single else None
    if single is None or day is None:
        return "", "", "读不出哪一天，须人工补上"
    after = text[single.end() :]
    if re.match(r"\s*(?:之?前|以前|截止|止)", after):
        return "", day.isoformat(), ""
    return day.isoformat(), "" if re.match(r"\s*(?:起|开始|之?后|以后)", after) else day.isoformat(), ""


def _day(year: str | None, month: str | None, day: str, default: int | None) -> datetime.date | None:
    try:
        return datetime.date(int(year or default or 0), int(month or 0), int(day))
    except ValueError:
        return None


def year_of_work(lines: Iterable[Line], year: int | None) -> int | None:
    """The year of the work: of the notice's number (〔2023〕9号) or title, else the one after the year evaluated."""
    for line in lines:
        notice = BASIS.search(line.text)
        number = NOTICE_YEAR.search(notice["notice"]) or re.search("(20[0-9]{2})", notice["notice"]) if notice else None
        if number:
            return int(number[1])
    return year + 1 if year else None


def facts(lines: Iterable[Line]) -> Iterator[str]:
    """The sentences about what was achieved that give a figure other than a year."""
    for line in lines:
        for sentence in re.split(r"[。！!；;]", line.text):
            if re.search(r"[0-9]", re.sub(r"20[0-9]{2}\s*年度?", "", sentence)):
                yield sentence.strip()


Used = tuple[set[int], Sequence[Grid]]
"""Numbers of the paragraphs, and the tables, that a document was read from."""


def accounted(documents: Sequence[Document], used: Sequence[Used], content: Content) -> list[Document]:
    """The documents with their accounts; what none was read from is left, and stands in the first one's.

    A paragraph that problems point at, and nothing was read from, is named. A paragraph that two documents stand in is
    counted with the first.
    """
    told: set[int] = set()
    finished: list[Document] = []
    for number, (document, (lines, grids)) in enumerate(zip(documents, used, strict=True)):
        cells = sum(len(_read(block, lines - told, grids)) for block in content.blocks)
        named, left = _rest(documents, used, content) if number == 0 else (0, ())
        finished.append(replace(document, account=Account(cells + named + len(left), cells, named, left)))
        told |= lines
    return finished


def unread_note(numbers: Iterable[int], file: str, text: str) -> list[Problem]:
    """The note that names the paragraphs nothing was read from, runs of them as ranges; none where all were read."""
    listed = sorted(set(numbers))
    if not listed:
        return []
    runs: list[list[int]] = []
    for number in listed:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = "、".join(f"{run[0]}—{run[-1]}" if len(run) >= SHORTEST_RUN else "、".join(map(str, run)) for run in runs)
    message = f"{len(listed)}个段落没有读入（第{shown}行）"
    return [problem("N703", message, file=file, row=listed[0], value=text)]


SHORTEST_RUN = 3


def _read(block: Grid | Paragraph, lines: set[int], grids: Sequence[Grid]) -> list[tuple[Place, str]]:
    """What of a block was read."""
    if isinstance(block, Paragraph):
        return _cells(block) if block.line in lines else []
    if not any(block is grid for grid in grids):
        return []
    read = read_cells(block)
    return [cell for cell in _cells(block) if ((cell[0].row or 0) - block.first_row, cell[0].column) in read]


def _rest(
    documents: Sequence[Document], used: Sequence[Used], content: Content
) -> tuple[int, tuple[tuple[Place, str], ...]]:
    """How many paragraphs that were not read a problem points at, and the other paragraphs and cells."""
    lines = {line for numbers, _ in used for line in numbers}
    grids = [grid for _, tables in used for grid in tables]
    pointed = {one.row for document in documents for one in document.problems if one.code != "N703" and not one.sheet}
    named = 0
    left: list[tuple[Place, str]] = []
    for block in content.blocks:
        read = set(_read(block, lines, grids))
        rest = [cell for cell in _cells(block) if cell not in read]
        if isinstance(block, Paragraph) and block.line in pointed:
            named += len(rest)
        else:
            left += rest
    return named, tuple(left)


def _cells(block: Grid | Paragraph) -> list[tuple[Place, str]]:
    """The cells of a block that have content."""
    if isinstance(block, Paragraph):
        return [(Place(row=block.line), block.words.strip())] if block.words.strip() else []
    return [
        (Place(block.sheet, number + block.first_row, column), cell.words.strip())
        for number, row in enumerate(block.rows)
        for column, cell in enumerate(row)
        if cell.words.strip()
    ]
