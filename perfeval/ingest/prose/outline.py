"""The outline of a written report: its lines without artefacts, their numbers, and the sections they stand in.

What a written report says of itself at its beginning: title, unit, project and year.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from perfeval.ingest.document import Content, Grid
from perfeval.model.folding import legible

HAN = "一二三四五六七八九十"
MARKERS = (
    rf"[{HAN}]{{1,3}}\s*[、．.]",
    rf"[（(]\s*[{HAN}]{{1,3}}\s*[）)]\s*[、.]?",
    r"[0-9]{1,2}\s*(?:[、．]|\.(?![0-9]))",
    r"[（(]\s*[0-9]{1,2}\s*[）)]\s*[、.]?|[0-9]{1,2}[）)]|[⑴-⒇]",
    r"[①-⑳㉑-㉟][、.]?|[•●■◆▪➢·]",
    rf"第?[{HAN}]是[：:，,]?|第[{HAN}][，、：:]",
)
"""Numbers before a line, by level from 1: 一、 （一） 1. （1） ① 一是."""
MARKER = re.compile("|".join(f"(?P<l{level}>{form})" for level, form in enumerate(MARKERS, start=1)))
CLOSE, CLOSE_LEVEL = re.compile(r"([0-9]{1,2})[.．](?=[0-9])"), 3
"""A number with a stop right before other digits, and its level."""
NAME_IN_DIGITS = re.compile(r"(?:[0-9]{3,}|[0-9]{1,2}[A-Za-z+])(?![0-9.%％‰万亿元])")
"""How a name begins that begins with digits: 12345热线, 5G基站, 1+N制度."""
CALLS = re.compile(
    r"[“\"]?(?:12345|12315|12348|12333|12369|12350|12328|12301|123|110|119|120|122)[”\"]?"
    r"(?=[^0-9.%％]{0,6}(?:热线|平台|电话|政务|服务|工单|投诉|便民|接警|警情))"
)
"""Numbers by which services are called."""
FIRST = re.compile(r"一|1|⑴|①|[•●■◆▪➢·]")
CHAPTER, DEEPEST_HEADING = 2, 4
ARTEFACT = re.compile(
    r"\[bookmark:[^\]]*\]|HYPERLINK\s+(?:\\l\s+)?\"[^\"]*\"|PAGEREF\s+\S+(?:\s+\\h)?|TOC(?:\s+\\[a-z](?:\s+\"[^\"]*\")?)+"
    r"|\\\*\s*MERGEFORMAT|错误[！!]\s*未(?:定义书签|找到引用源)[。.]"
)
"""What Word's fields and bookmarks leave in text."""
CONTENTS = re.compile(r".{2,60}?(?:\t|\.{3,}|…+|·{3,})\s*[0-9]{1,3}")
"""A line of a table of contents."""
BLANK = re.compile("[\u3000\u00a0\t ]+")
LONGEST_HEADING, LONGEST_BARE_HEADING = 60, 25


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report."""

    text: str
    """Without its number, surrounding space and artefacts."""
    number: int
    """Line of the text or paragraph of the document."""
    level: int = 0
    """Of its number, by :data:`MARKERS`; 0 where it has none."""
    first: bool = False
    """Whether its number is the first of a list."""

    @property
    def place(self) -> str:
        """``自评报告正文第66行``, as the tables on file say it."""
        return f"自评报告正文第{self.number}行"


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading; the key is empty where the heading is not one the report is read by."""

    key: str
    heading: Line | None
    body: tuple[Line | Grid, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The body without tables."""
        return tuple(entry for entry in self.body if isinstance(entry, Line))


@cache
def words() -> dict[str, Any]:
    """The vocabulary, ``prose.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("prose.toml").read_text(encoding="utf-8"))


def clean(text: str) -> str:
    """The text as a reader sees it: no artefacts, no invisible characters, single blanks."""
    return BLANK.sub(" ", ARTEFACT.sub("", legible(text))).strip()


def marked(text: str, number: int, before: int = 0) -> Line:
    """A line with its number taken off; ``before`` is that of the entry before it (``5.`` before ``6.12345热线``).

    Digits behind ``6.`` are a fraction, unless the entry before was the fifth and they can begin a name (2.5万元 is an
    amount whatever stands before it), or they are a number that is called.
    """
    found = MARKER.match(text)
    if found is None and (close := CLOSE.match(text)):
        called = CALLS.match(text, close.end())
        if called or (before and int(close[1]) == before + 1 and NAME_IN_DIGITS.match(text, close.end())):
            return Line(text[close.end() :].strip(), number, CLOSE_LEVEL, close[1] == "1")
    if found is None or found.end() == len(text):
        return Line(text, number)
    first = bool(FIRST.fullmatch(re.sub(r"[（()）、．.第是：:，,\s]", "", found[0])))
    return Line(text[found.end() :].strip(), number, int((found.lastgroup or "l0")[1:]), first)


def lines_of(content: Content) -> Iterator[Line | Grid]:
    """The lines and tables in order; a paragraph with line breaks is several lines of one number."""
    before = 0
    for block in content.blocks:
        if isinstance(block, Grid):
            yield block
            continue
        for text in re.split(r"[\n\r\v\f\u2028]+", block.words):
            line = clean(text)
            if line and not CONTENTS.fullmatch(text.strip()):
                found = marked(line, block.line, before)
                if found.level == CLOSE_LEVEL:
                    digits = re.match("[0-9]+", line)
                    before = int(digits[0]) if digits else 0
                elif 0 < found.level < CLOSE_LEVEL:
                    before = 0
                yield found


def parts(lines: Iterable[Line | Grid]) -> list[Part]:
    """The report cut at its headings; the first part is what stands before any."""
    found: list[tuple[str, Line | None, list[Line | Grid]]] = [("", None, [])]
    for entry in lines:
        key = heading_key(entry) if isinstance(entry, Line) else None
        if key is None and isinstance(entry, Line) and closes(entry, *found[-1]):
            key = ""
        if key is None:
            found[-1][2].append(entry)
        elif isinstance(entry, Line):
            found.append((key, entry, []))
    return [Part(key, heading, tuple(body)) for key, heading, body in found]


def heading_key(line: Line) -> str | None:
    """Which section a line opens (empty: one that is not read); None where it is no heading."""
    text = line.text.rstrip("：:。. ")
    longest = LONGEST_HEADING if 0 < line.level <= DEEPEST_HEADING else LONGEST_BARE_HEADING
    if len(text) > longest or "。" in text or line.level > DEEPEST_HEADING:
        return None
    for section in words()["section"]:
        found = re.search(section["heading"], text)
        if found and (line.level or (found.start() == 0 and found.end() == len(text))):
            return str(section["key"])
    return None


def closes(line: Line, key: str, heading: Line | None, body: Iterable[Line | Grid]) -> bool:
    """Whether a line is a heading that the report is not read by: its number goes on where the open heading's is.

    A first number, or one like those before it in the section, belongs to a list. Inside the analysis indicators and
    goals have numbers of every kind, so only a short title ends it.
    """
    if heading is None or not 0 < line.level <= heading.level or line.first:
        return False
    if key == "analysis":
        title = len(line.text) <= LONGEST_BARE_HEADING and not re.search(r"[，,；;：:。0-9%]", line.text)
        return title and line.level <= CHAPTER
    return not any(isinstance(entry, Line) and entry.level == line.level for entry in body)


def items(lines: Iterable[Line]) -> list[Line]:
    """The entries of a list: lines without a number belong to the numbered one before, where any has a number."""
    listed = list(lines)
    if not any(line.level for line in listed):
        return listed
    entries: list[Line] = []
    for line in listed:
        if line.level or not entries:
            entries.append(line)
        else:
            last = entries.pop()
            entries.append(replace(last, text=last.text + line.text))
    return entries


LISTED = re.compile(
    rf"(?=(?<![^。；;：:，,\s])(?:第?[{HAN}]是[^否]|[（(](?:[0-9]{{1,2}}|[{HAN}]{{1,3}})[）)]|[①-⑳]|[0-9]{{1,2}}[、．.](?![0-9])))"
)
"""Where the entries of a list inside a paragraph begin."""


def entries_of(line: Line) -> Iterator[Line]:
    """The entries of a list inside a paragraph (``一是…；二是…``); the paragraph itself where it holds none."""
    pieces = [piece for piece in LISTED.split(line.text) if piece.strip()]
    if len(pieces) == 1 and not LISTED.match(line.text):
        yield line
        return
    for at, piece in enumerate(pieces):
        entry = marked(piece.strip(), line.number)
        yield replace(entry, level=line.level) if at == 0 else entry


def sentences(text: str) -> list[str]:
    """The sentences without their full stops."""
    return [part.strip() for part in re.split(r"[。！!]|；|;", text) if part.strip()]


def clauses(text: str) -> list[str]:
    """The clauses of a sentence: cut at commas, not at those inside numbers."""
    return [part.strip() for part in re.split(r"，|,(?![0-9]{3})", text) if part.strip()]


OFFICE = re.compile(r"(?P<unit>.*?办事处)(?P<project>.+)")
OTHER_OFFICE = re.compile(
    r"(?P<unit>(?:(?!办事处).)*?(?:人民政府|街道|委员会|管委会|[\u4e00-\u9fff]{2}局))(?P<project>(?:(?!办事处).){2,})"
)
ALONE = re.compile(r"[\u4e00-\u9fff]{2,30}(?:局|街道|办事处|政府|委员会|中心|办公室|学校|医院|厅|委)")
"""A unit's name on the line above a project's title."""
TITLE_LINES = 8
"""How many lines at the beginning may be the title."""
UNIT = r"(?P<unit>[\u4e00-\u9fff（）()]{2,40}?)"
KIND = (
    r"(?:部门整体|单位整体|整体支出|整体|部门预算|部门|项目)?(?:支出)?(?:预算)?"
    r"绩效(?:目标)?(?:完成情况)?(?:自(?:我)?评|评价)"
)
YEARS = r"(?:[（(]\s*)?{0}\s*年?度?(?:\s*[）)])?"
TITLE = re.compile(
    rf"(?:关于)?(?:{YEARS.format('(?P<year>20[0-9]{2})')})?\s*{UNIT}\s*"
    rf"(?:关于)?(?:{YEARS.format('(?P<later>20[0-9]{2})')}(?P<about>[\u4e00-\u9fff]{{2,30}}?(?=项目)|))?\s*的?{KIND}.{{0,12}}?"
    rf"(?:[（(]\s*(?P<last>20[0-9]{{2}})\s*年?度?\s*[）)])?"
)
ACCOUNTS = re.compile(
    rf"(?:{YEARS.format('(?P<year>20[0-9]{2})')})?\s*{UNIT}\s*(?:{YEARS.format('(?P<later>20[0-9]{2})')})?"
    r"\s*(?:部门|单位)?决算(?:公开)?(?:说明|情况说明|报告|情况)?"
)
"""The title of the accounts that a self-evaluation is disclosed in."""
NO_UNIT = re.compile("部门|单位|本部门|本单位|我单位|我部门|度")
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_YEAR = re.compile("二[〇○零][〇○零一二三四五六七八九]{2}(?=\\s*年)")


@dataclass(frozen=True, slots=True)
class Head:
    """What the title says."""

    title: str = ""
    unit: str = ""
    year: int | None = None
    taken: frozenset[int] = frozenset()
    project: str = ""
    """Where the report is about one project."""

    @property
    def names(self) -> set[str]:
        """What unit and project may be called: also by any end of their names."""
        return {name[start:] for name in (self.unit, self.project) for start in range(len(name) - 1)}


def heading_of(lines: list[Line]) -> Head:
    """Title, unit and year: from the title (on one line or over two), else from the first sentence that names them."""
    first = [line for line in lines[:TITLE_LINES] if not line.level]
    for start, line in enumerate(first):
        for end in (start + 1, start + 2, start + 3):
            head = _titled(first[start:end], lines)
            if head is not None:
                before = first[start - 1] if start else None
                if before is not None and head.project and not head.unit and ALONE.fullmatch(before.text):
                    return replace(head, unit=before.text, taken=head.taken | {before.number})
                return head
        if line.text.endswith("。"):
            break
    for line in lines:
        text = with_year(line.text)
        found = re.search(rf"(?P<year>20[0-9]{{2}})\s*年度?{UNIT}(?:部门)?整体", text)
        if found and not NO_UNIT.fullmatch(found["unit"]):
            return Head("", found["unit"], int(found["year"]))
    return Head(year=year_of(lines))


def _titled(parts: list[Line], lines: list[Line]) -> Head | None:
    """The head, where these lines together are a title."""
    joined = "".join(part.text for part in parts)
    title = with_year(joined)
    found = TITLE.fullmatch(title)
    accounts = None if found else ACCOUNTS.fullmatch(title)
    match = found or accounts
    if match is None or "。" in title:
        return None
    year = next((match[name] for name in ("year", "later", "last") if match.groupdict().get(name)), None)
    named = match["unit"].strip("（）()")
    about = (found["about"] or "") if found else ""
    after = title[match.end("about" if about else "unit") :]
    unit, project = _unit_and_project(named + about, after) if found else (named, "")
    unit = "" if NO_UNIT.fullmatch(unit) else unit
    taken = frozenset(part.number for part in parts)
    return Head(joined, unit, int(year) if year else year_of(lines), taken, project)


def _unit_and_project(named: str, after: str) -> tuple[str, str]:
    """``示例街道办事处环境卫生`` before ``项目绩效自评`` → unit and project; a title without 项目 is the unit's."""
    split = OFFICE.fullmatch(named) or OTHER_OFFICE.fullmatch(named)
    if "项目" not in after or "整体" in after:
        return named, ""
    return (split["unit"], split["project"]) if split else ("", named)


def with_year(text: str) -> str:
    """The text with ``二〇二一年`` as ``2021年``."""
    return HAN_YEAR.sub(lambda found: found[0].translate(DIGITS), text)


def year_of(lines: list[Line]) -> int | None:
    """The year of the first ``2022年度``, else of the first ``2022年`` of a sentence about performance or money."""
    texts = [with_year(line.text) for line in lines]
    first = next((int(year[1]) for text in texts if (year := re.search(r"(20[0-9]{2})\s*年度", text))), None)
    if first is not None:
        return first
    about = [text for text in texts if re.search("绩效|预算|支出|自评", text)]
    return next((int(year[1]) for text in about if (year := re.search(r"(?<!至)(20[0-9]{2})\s*年", text))), None)
