"""Goals and indicator lines of a written report: target, printed status, actual and narrative of each.

``①name（年初目标值：target）。narrative`` under ``目标N：`` and ``（k）产出指标完成情况分析``; a table with such
columns may stand in place of the lines.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from perfeval.ingest.document import Grid
from perfeval.ingest.problems import problem
from perfeval.ingest.prose.money import missed, unread
from perfeval.ingest.prose.outline import HAN, Line, Part, marked, words
from perfeval.ingest.prose.results import Speaker, read_result
from perfeval.ingest.prose.wordings import Sentences, alike
from perfeval.model.errors import Problem
from perfeval.model.folding import half_width
from perfeval.model.schema import CATEGORIES

OPEN, CLOSE = "[（(【［\\[]", "[）)】］\\]]"
INSIDE = r"(?:[^（()）【】\[\]［］]|[（(][^（()）]*[）)])*"
"""What stands in a bracket, which may hold a bracket."""
VALUE_NAME = r"(?:年初|年度|全年|本年|当年|预期|绩效|计划|设定)*(?:目标|指标)(?:值\s*[:：为是]?|\s*[:：])"
INDICATOR = re.compile(
    rf"(?P<name>.{{1,100}}?)\s*{OPEN}\s*{VALUE_NAME}\s*(?P<target>{INSIDE}){CLOSE}(?P<rest>.*)", re.DOTALL
)
UNCLOSED = re.compile(
    rf"(?P<name>.{{1,100}}?)\s*{OPEN}\s*{VALUE_NAME}\s*(?P<target>[^，。（()）]{{1,30}})(?P<rest>[，。].*)?"
)
ACTUAL_NAME = (
    r"(?:全年|年度|本年|当年|年末|年终)?(?:实际完成(?:值|情况)?|实际(?:值|情况)?|完成(?:值|情况))\s*[:：为是]?"
)
BOTH = re.compile(rf"(?P<target>.+?)[，,；;]\s*{ACTUAL_NAME}\s*(?P<actual>.+)")
"""Target and actual in one bracket."""
INLINE = re.compile(
    rf"(?P<name>[^，。；;（()）]{{1,60}})[，,：:；;]\s*{VALUE_NAME}\s*(?P<target>[^，；;。]+)[，,；;]\s*"
    rf"{ACTUAL_NAME}\s*(?P<actual>[^，；;。]+)(?P<rest>[，；;。].*)?"
)
"""``name，年初目标值为95%，实际完成值为98%。`` without brackets."""
LEVEL_BEFORE = re.compile(r"(?P<kind>[^：:（(，。]{2,12}指标)\s*[:：]\s*(?P<rest>.{4,})")
GOAL = re.compile(
    rf"(?:年度|部门|绩效|整体)*目标\s*(?P<number>[0-9]{{1,3}}|[{HAN}]{{1,3}})\s*(?:[:：、.．]\s*(?P<rest>.*)|(?P<bare>))"
)
NAME_MARKS = re.compile(r"^(?:指标\s*[0-9]+\s*[:：.、]\s*|[*★☆※]+\s*)+")
LONGEST_NAME = 60


@dataclass(slots=True)
class Found:
    """What the analysis of a report holds."""

    rows: list[dict[str, str]] = field(default_factory=list)
    """Text of the columns of schema.INDICATORS."""
    problems: list[Problem] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    """Lines that were read."""
    grids: list[Grid] = field(default_factory=list)
    """Tables that were read."""


def goal_names(found_parts: Iterable[Part]) -> dict[int, Line]:
    """The goals the report lists (``年度目标1：街道运行管理经费``), by number."""
    names: dict[int, Line] = {}
    for part in found_parts:
        if part.key != "goals":
            continue
        for line in part.lines:
            goal = GOAL.fullmatch(line.text)
            if goal and goal["rest"]:
                names.setdefault(whole(goal["number"]), Line(goal["rest"].strip(" 。；;"), line.number, line.level))
    return names


def whole(number: str) -> int:
    """A goal's number from digits or Chinese numerals up to 99."""
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    return (HAN.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (HAN.index(ones) + 1 if ones else 0)


def read_indicators(found_parts: Iterable[Part], names: dict[int, Line], speaker: Speaker, file: str) -> Found:
    """The indicator lines (and tables) of the analysis, or, where it has none, of the whole report."""
    every = list(found_parts)
    for chosen in ([part for part in every if part.key == "analysis"], every):
        reader = _Reader(names, speaker, file)
        for part in chosen:
            reader.read(part)
        if reader.found.rows:
            return reader.found
    return Found()


class _Reader:
    """Goes through the lines of the analysis and keeps goal and category; the state is where it stands."""

    def __init__(self, names: dict[int, Line], speaker: Speaker, file: str) -> None:
        self.names, self.speaker, self.file = names, speaker, file
        self.sentences = Sentences(speaker, None)
        self.found = Found()
        self.goal_no, self.goal = "", ""
        self.category, self.subcategory = "", ""
        self.open: tuple[dict[str, str], str] | None = None
        """The last indicator and what it says so far: the next line may go on with it."""
        self.level = 0
        """Of its number: a line with a number of that level is an entry of its own."""

    def read(self, part: Part) -> None:
        for entry in part.body:
            if isinstance(entry, Grid):
                self.close()
                rows = table_rows(entry, (self.category, self.subcategory), (self.goal_no, self.goal))
                self.found.rows += rows
                self.found.problems += [doubt for row in rows for doubt in doubts(row, self.file)]
                self.found.grids += [entry] if rows else []
            else:
                self.line(entry)
        self.close()

    def line(self, line: Line) -> None:
        goal = GOAL.fullmatch(line.text)
        rest = (goal["rest"] or "").strip() if goal else ""
        kind = next((at for at in range(min(len(rest), LONGEST_NAME)) if kind_of(marked(rest[at:], 0).text)), len(rest))
        if goal and (kind < len(rest) or not INDICATOR.fullmatch(line.text.split("。")[0])):
            self.close()
            self.found.taken.add(line.number)
            number = whole(goal["number"])
            own = rest[:kind].strip(" 。；;：:")
            self.goal_no = str(number)
            self.goal = self.names[number].text if number in self.names else own
            self.category = self.subcategory = ""
            if kind < len(rest):
                self.line(marked(rest[kind:], line.number))
            return
        kind_found = kind_of(line.text)
        if kind_found:
            self.close()
            self.found.taken.add(line.number)
            self.category, self.subcategory, rest = kind_found
            if rest:
                self.line(marked(rest, line.number))
            return
        before = LEVEL_BEFORE.fullmatch(line.text)
        named = kind_of(before["kind"]) if before else None
        if before and named:
            self.category, self.subcategory, _ = named
            line = marked(before["rest"], line.number)
        self.indicator(line)

    def indicator(self, line: Line) -> None:
        match = INDICATOR.fullmatch(line.text) or INLINE.fullmatch(line.text)
        if self.stated(line, single=match is None or _bare(match)):
            return
        if match is None and (match := UNCLOSED.fullmatch(line.text)):
            message = "目标值的括号没有结束，目标值读到第一个标点为止"
            self.found.problems.append(problem("W703", message, file=self.file, row=line.number, value=line.text))
        if match is None:
            if self.open is not None and not 0 < line.level <= self.level:
                self.found.taken.add(line.number)
                self.open = (self.open[0], self.open[1] + line.text)
            return
        self.close()
        self.level = line.level
        self.found.taken.add(line.number)
        name = NAME_MARKS.sub("", match["name"].strip()).strip()
        row = {
            "goal_no": self.goal_no,
            "goal": self.goal,
            "category": self.category,
            "subcategory": self.subcategory,
            "indicator": name,
            "target": match["target"].strip(),
            "source": line.place,
        }
        both = match if "actual" in match.re.groupindex else BOTH.fullmatch(row["target"])
        if both:
            row |= {"target": both["target"].strip(), "actual": both["actual"].strip()}
        self.open = (row, (match["rest"] or "").strip().lstrip("。.．:：，,;； ").strip())

    def stated(self, line: Line, *, single: bool) -> bool:
        """Read the indicators of a line in other wordings: several, or one where the line is not of the usual form."""
        found = [one for one in self.sentences.read(line) if one.target and one.actual]
        if len(found) < (1 if single else 2):
            return False
        self.close()
        self.found.taken.add(line.number)
        for one in found:
            row = {
                "goal_no": self.goal_no,
                "goal": self.goal,
                "category": self.category,
                "subcategory": self.subcategory,
                "indicator": one.name,
                "target": one.target,
                "actual": one.actual,
                "declared_met": one.declared,
                "narrative": one.sentence,
                "source": line.place,
            }
            self.found.rows.append(row)
            self.found.problems += doubts(row, self.file)
        spans = [span for one in found for span in one.spans]
        self.found.problems += missed(list(unread([line], spans)), self.file)
        return True

    def close(self) -> None:
        """The last indicator is complete."""
        if self.open is None:
            return
        row, said = self.open
        self.open = None
        reading = read_result(row["indicator"], said, self.speaker)
        row |= {
            "actual": row.get("actual") or reading.actual,
            "declared_met": reading.declared,
            "narrative": reading.narrative,
            "reason": reading.reason,
        }
        self.found.rows.append(row)
        self.found.problems += doubts(row, self.file)


def usual(line: Line, speaker: Speaker) -> dict[str, str] | None:
    """An indicator whose target stands in a bracket and whose actual is in the sentence behind it; None for others."""
    match = INDICATOR.fullmatch(line.text)
    if match is None or _bare(match) or INDICATOR.fullmatch(match["rest"]):
        return None
    both = BOTH.fullmatch(match["target"].strip())
    name = NAME_MARKS.sub("", match["name"].strip()).strip()
    reading = read_result(name, match["rest"].strip().lstrip("。.．:：，,;； "), speaker)
    figures = re.findall(r"[0-9][0-9.,]*", reading.actual)
    certain = alike(match["target"], reading.actual) and len(figures) <= 1 and not re.search(r"[0-9]\D{0,4}$", name)
    if not both and not certain:
        return None
    return {
        "indicator": name,
        "target": (both or match)["target"].strip(),
        "actual": both["actual"].strip() if both else reading.actual,
        "declared_met": reading.declared,
        "narrative": reading.narrative,
        "reason": reading.reason,
        "source": line.place,
    }


def _bare(match: re.Match[str]) -> bool:
    """Whether a line gives no actual behind its target: it may stand before it, or under another name."""
    said = match.groupdict()
    return not said.get("actual") and not (said["rest"] or "").strip(" 。；;，") and not BOTH.fullmatch(said["target"])


def doubts(row: dict[str, str], file: str) -> Iterator[Problem]:
    """What an indicator lacks."""
    number = int(re.sub(r"\D", "", row["source"].rpartition("!")[2]) or 0) or None
    if not row["actual"] and not row["declared_met"]:
        yield problem("W704", "只有目标值，没有完成情况", file=file, row=number, value=row["indicator"])
    elif not row["declared_met"]:
        yield problem("N704", "没有写明是否完成年初目标", file=file, row=number, value=row["indicator"])
    if row["category"] not in CATEGORIES:
        message = f"不知道是哪一类指标，应在{'、'.join(CATEGORIES)}指标的标题下面"
        yield problem("E704", message, file=file, row=number, value=row["indicator"])


def kind_of(text: str) -> tuple[str, str, str] | None:
    """Category, subcategory and what follows on the line, where it begins ``产出指标完成情况分析``."""
    for kind in words()["kind"]:
        named = "|".join(map(re.escape, kind["words"]))
        told = r"(?:的)?(?:分析)?(?:如下)?\s*"
        strict = re.match(
            rf"(?:{named})(?:(?:指标|目标)?(?:的)?(?:完成|实现|达成)情况{told}[:：。]?|(?:指标|目标)?情况{told}(?:[:：。]|$))\s*",
            text,
        )
        bare = re.fullmatch(rf"(?:{named})指标(?:分析)?\s*(?:[（(][0-9.]+分[）)])?[:：。]?", text)
        if strict or bare:
            return str(kind["category"]), str(kind["subcategory"]), text[strict.end() :].strip() if strict else ""
    return None


def table_rows(grid: Grid, kind: tuple[str, str] = ("", ""), goal: tuple[str, str] = ("", "")) -> list[dict[str, str]]:
    """The rows of a table that has columns for indicator, target and actual; none where it has not.

    Category, subcategory, goal number and goal are those it stands under, until it gives its own.
    """
    head, columns = _head(grid)
    rows: list[dict[str, str]] = []
    before: dict[str, str] = {"category": kind[0], "subcategory": kind[1]}
    for at in range(head + 1, len(grid.rows) if columns else 0):
        cells = {name: grid.rows[at][column].text.strip() for name, column in columns.items()}
        if cells.get("category"):
            before["subcategory"] = ""
        before |= {name: cells[name] for name in HELD if cells.get(name)}
        name = NAME_MARKS.sub("", cells["indicator"]).strip()
        if not name.strip("…. "):
            continue
        named = kind_of(before["category"].removesuffix("指标") + "指标") or (before["category"], "", "")
        own = {"goal_no": goal[0], "goal": goal[1], **before}
        row = {**own, **cells, **{key: own[key] for key in own}, "indicator": name}
        row["category"], row["subcategory"] = named[0], before["subcategory"] or named[1]
        row.setdefault("declared_met", "")
        if "actual" not in columns and re.search("[0-9]", row["declared_met"]):  # 完成情况 that says how much
            row |= {"actual": row["declared_met"], "declared_met": ""}
        row.setdefault("actual", "")
        for points in POINTED & columns.keys():
            row[points] = row[points].removesuffix("分") if POINTS.fullmatch(row[points]) else ""
        row["source"] = f"{grid.sheet}!{grid.place(at, columns['indicator'])}".lstrip("!")
        rows.append(row)
    return rows


def read_cells(grid: Grid) -> set[tuple[int, int]]:
    """The cells of such a table that are read: its headings, and of each row with a name all but points in words.

    Of a row without a name what holds for those below it is read, and a filler says nothing.
    """
    head, columns = _head(grid)
    read = {(head, column) for column in columns.values()}
    for at in range(head + 1, len(grid.rows) if columns else 0):
        cells = {name: grid.rows[at][column].text.strip() for name, column in columns.items()}
        named = NAME_MARKS.sub("", cells["indicator"]).strip("…. ") != ""
        for name, text in cells.items():
            unread = name in POINTED and not POINTS.fullmatch(text)
            if not unread if named else name in (*HELD, "indicator"):
                read.add((at, columns[name]))
    return read


POINTED = {"weight", "declared_score"}
POINTS = re.compile(r"[0-9]+(?:\.[0-9]+)?分?")
HELD = ("goal_no", "goal", "category", "subcategory")
"""Columns whose cells hold for the rows below them."""


def _head(grid: Grid) -> tuple[int, dict[str, int]]:
    """Row and columns of the head of such a table; no columns where it has none."""
    return next(((at, found) for at, row in enumerate(grid.rows) if (found := _columns(row))), (0, {}))


def _columns(row: Iterable[object]) -> dict[str, int]:
    """Which column holds what, where the row is the head of such a table."""
    heads = [re.sub(r"[（(].*?[）)]|\s|[0-9A-Za-z]", "", half_width(str(getattr(cell, "text", "")))) for cell in row]
    found = {
        name: next(heads.index(title) for title in titles if title in heads)
        for name, titles in words()["columns"].items()
        if any(title in heads for title in titles)
    }
    if "target" not in found and "goal" in found:  # 年度目标 without a column of values beside it
        found["target"] = found.pop("goal")
    return found if {"indicator", "target"} <= found.keys() and found.keys() & {"actual", "declared_met"} else {}
