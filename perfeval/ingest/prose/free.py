"""A self-evaluation in words of any outline: what it certainly says of money, score, indicators, problems and measures.

The paragraph in an office's accounts (``示例项目绩效自评综述：…``), a department's report with chapters of its own, and
reports that give points in brackets. What is read so is marked as read from prose (N706), with its sentence; a figure
that could not be attributed with certainty is named (N707), never guessed at.

Points in brackets as a scored tree: levels with the points they are worth and were given, indicators below them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfeval.ingest.document import Block, Grid, Place
from perfeval.ingest.problems import problem
from perfeval.ingest.prose import narrative as said
from perfeval.ingest.prose.frames import UNPLACED
from perfeval.ingest.prose.indicators import GOAL, kind_of, read_cells, table_rows, usual, whole
from perfeval.ingest.prose.money import Declared, Span, Totals, declared, missed, of_project, read_totals, unread
from perfeval.ingest.prose.outline import Head, Line, Part, entries_of, heading_key, words
from perfeval.ingest.prose.results import Speaker
from perfeval.ingest.prose.wordings import Sentences, Stated
from perfeval.model.errors import Problem
from perfeval.model.schema import CATEGORIES, OUTPUT, SATISFACTION, Narrative


@dataclass(slots=True)
class Scored:
    """A scored tree, level by level."""

    leaves: list[tuple[Stated, str, str]] = field(default_factory=list)
    """Indicators of a kind, with category and subcategory."""
    levels: list[tuple[Stated, str, str]] = field(default_factory=list)
    """Levels with category and subcategory; both empty for one that is no kind of indicators, outermost only."""
    others: list[Stated] = field(default_factory=list)
    """Scores below levels that are no kind of indicators: 项目决策, 过程管理."""
    problems: list[Problem] = field(default_factory=list)


def scored_tree(stated: Iterable[Stated], file: str) -> Scored:
    """Levels and leaves: a level is known by its name, or by what follows being deeper and worth as much together."""
    nodes = list(stated)
    tree = Scored()
    over: list[tuple[Line, int, tuple[str, str]]] = []
    """The levels a node stands below: line, level of its number, and kind."""
    inside: set[int] = set()
    for number, node in enumerate(nodes):
        level = node.line.level
        ended = (at for at, (line, own, _) in enumerate(over) if level and own == level and line is not node.line)
        over = over[: next(ended, len(over))]
        place = over[-1][2] if over else ("", "")
        kind = not over or place[0] != ""
        found = level_kind(node.name)
        if place == ("", "") and EXECUTION.fullmatch(node.name):
            found = "", ""  # 预算执行率 below 产出 is an indicator like others
        below = _below(nodes, number)
        if Decimal(node.score) > Decimal(node.weight):
            message = f"{node.name}得{node.score}分，超过满分{node.weight}分"
            tree.problems.append(problem("W713", message, file=file, row=node.line.number, value=node.score))
        if found is not None and found[0] == SATISFACTION and not below and not node.name.endswith("指标"):
            tree.leaves.append((node, *found))
        elif found is None and not _adds_up(node, below):
            if kind:
                tree.leaves.append((node, *place))
            else:
                tree.others.append(node)
        else:
            under = {id(one) for one in _subtree(nodes, number)}
            mixed = any(id(one) in under and (level_kind(one.name) or ("",))[0] for one in nodes)
            if found is not None and (found[0] or not (mixed or id(node) in inside)):
                tree.levels.append((node, *found))
            inside |= under if found is not None and not found[0] else set()
            tree.problems += _sums(node, below, file)
            if found is not None:
                over.append((node.line, level or (over[-1][1] if over else 0), found))
    return tree


def level_kind(name: str) -> tuple[str, str] | None:
    """Category and subcategory of a level by its name; both empty for a level that is no kind of indicators."""
    bare = re.sub(r"(?:指标|情况|方面|部分)+$", "", name)
    kind = kind_of(f"{bare}指标")
    if kind is not None:
        return kind[0], kind[1]
    return ("", "") if re.fullmatch(words()["levels"]["other"], bare) else None


def _below(nodes: list[Stated], number: int) -> list[Stated]:
    """The nodes right below a node: of the next deeper level, or behind ``其中：`` on its own line."""
    node = nodes[number]
    found: list[Stated] = []
    for other in nodes[number + 1 :]:
        if other.line == node.line:
            if not found and not re.search("其中|包括|[:：]", _between(node, other)):
                return []
            found.append(other)
        elif not other.line.level > node.line.level > 0 or (found and found[0].line == node.line):
            break
        elif not found or other.line.level == found[0].line.level:
            found.append(other)
    return found


def _subtree(nodes: list[Stated], number: int) -> Iterator[Stated]:
    """All nodes below a node."""
    for one in _below(nodes, number):
        yield one
        yield from _subtree(nodes, next(at for at, node in enumerate(nodes) if node is one))


def _adds_up(node: Stated, below: list[Stated]) -> bool:
    """Whether nodes are together worth what the one above them is."""
    return bool(below) and sum((Decimal(one.weight) for one in below), Decimal(0)) == Decimal(node.weight)


def _between(node: Stated, other: Stated) -> str:
    return node.line.text[node.spans[-1].end : other.spans[0].start]


def _sums(node: Stated, below: list[Stated], file: str) -> Iterator[Problem]:
    """Scores below a level that do not add up to its own."""
    total = sum((Decimal(one.score) for one in below), Decimal(0))
    if _adds_up(node, below) and total != Decimal(node.score):
        message = f"{node.name}得{node.score}分，下面各项合计{total}分"
        yield problem("W713", message, file=file, row=node.line.number, value=node.score)


ABOUT = re.compile(r"绩效.{0,20}(?:自评|评价|目标|得分)|自评")
ENOUGH = 2
"""Kinds of content (money, score, indicators, problems, measures) that must be there."""
EXECUTION = re.compile("(?:项目|部门|预算|整体|资金|财政)*执行(?:情况|率|进度)*")
"""What a level is called that holds the points of budget execution and nothing else."""
CONTEXT = re.compile(r"(?P<kind>[^：:（(，。0-9]{2,12}?(?:指标)?)(?:方面|情况|完成情况)?\s*[:：，。]")


@dataclass(slots=True)
class Free:
    """What a text of any outline holds."""

    totals: Totals
    score: Declared
    rows: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    narrative: Narrative = field(default_factory=Narrative)
    spans: list[Span] = field(default_factory=list)
    whole: set[Line] = field(default_factory=set)
    """Lines that went into the narrative as they stand."""
    grids: list[Grid] = field(default_factory=list)
    """Tables that were read."""
    blocks: tuple[Block, ...] = ()

    @property
    def beside_table(self) -> bool:
        """Whether the money stands in sentences beside a table of indicators that is no form: it has nothing else."""
        return bool(self.grids and self.totals.rows) and all(min(read_cells(grid))[0] == 0 for grid in self.grids)

    @property
    def contents(self) -> int:
        """How many kinds of content were found."""
        narrative = self.narrative
        said_ = (self.totals.rows, self.score.score is not None, self.rows, narrative.problems, narrative.measures)
        return sum(bool(kind) for kind in said_)


INSIDE = {"met", "problems", "measures"}
NO_INDICATORS = {"problems", "measures", "linkage", "last_year", "other", "unmet", "work"}
"""Sections whose figures are no indicators."""


def sections(entries: Iterable[Line | Grid]) -> list[Part]:
    """The text cut at its headings and at the labels inside paragraphs (``发现的主要问题：…。下一步改进措施：…``).

    A section that begins inside a paragraph ends with it, unless the next line goes on with its list.
    """
    found: list[tuple[str, Line | None, list[Line | Grid]]] = [("", None, [])]
    outer: str | None = None  # the section around a paragraph that opened one of its own
    for entry in entries:
        key = heading_key(entry) if isinstance(entry, Line) else None
        if isinstance(entry, Grid):
            found[-1][2].append(entry)
        elif key is not None:
            found.append((key, entry, []))
            outer = None
        else:
            heading = found[-1][1]
            if outer is not None and entry.level not in LISTED:
                found.append((outer, None, []))
                outer = None
            elif outer is None and heading is not None and 0 < entry.level <= heading.level and _title(entry):
                found.append(("", entry, [entry]))
                continue
            here = found[-1][0] if outer is None else outer
            pieces = list(inline(entry, found[-1][0]))
            for label, piece in pieces:
                if label != found[-1][0]:
                    found.append((label, None, []))
                found[-1][2].append(piece)
            outer = here if found[-1][0] != here or outer is not None else None
    return [Part(key, heading, tuple(body)) for key, heading, body in found]


LISTED = {3, 4, 5, 6}
"""Levels of the numbers that entries of a list have."""
LONGEST_TITLE = 25


def _title(line: Line) -> bool:
    """Whether a numbered line is a short title rather than an entry of a list."""
    return len(line.text) <= LONGEST_TITLE and not re.search(r"[，,；;：:。0-9%]", line.text)


def inline(line: Line, key: str) -> Iterator[tuple[str, Line]]:
    """The pieces of a paragraph, each with its section: ``key`` up to the first label."""
    cuts: list[tuple[int, int, str]] = []
    for section in words()["inline"]:
        for match in re.finditer(rf"(?:^|(?<=[。；;：:\s]))[^，。；;：:\s]{{0,8}}?(?:{section['label']})", line.text):
            if not any(start < match.end() and match.start() < end for start, end, _ in cuts):
                cuts.append((match.start(), match.end(), section["key"]))
        opened = re.match(section["label"].replace("[:：]", "。"), line.text) if line.level and not cuts else None
        if opened:  # （一）存在的问题。预算编制不够细。
            cuts.append((0, opened.end(), section["key"]))
    cuts.sort()
    before = line.text[: cuts[0][0]].strip() if cuts else line.text
    if before or not cuts:
        yield key, replace(line, text=before)
    for number, (_, end, label) in enumerate(cuts):
        stop = cuts[number + 1][0] if number + 1 < len(cuts) else len(line.text)
        text = line.text[end:stop].strip()
        if text:
            yield label, Line(text, line.number, line.level if number == 0 and not before else 0)


def read_free(entries: Iterable[Line | Grid], head: Head, file: str) -> Free:
    """Everything a text of any outline certainly says."""
    found_parts = sections(entries)
    lines = [line for part in found_parts for line in part.lines]
    score, doubts = declared(lines, file, head.year)
    totals = read_totals(found_parts, file, head.year, head.names)
    free = Free(of_project(totals) if head.project else totals, score, problems=doubts)
    free.problems += free.totals.problems
    free.spans += [*free.totals.spans, *score.spans]
    _Indicators(free, head, file).read(found_parts)
    _words(free, found_parts, head)
    free.problems += _missed(free, found_parts, file)
    free.whole |= {part.heading for part in found_parts if part.heading is not None and part.key}
    free.whole |= {line for line in lines if line.number in head.taken}
    return free


class _Indicators:
    """Collects the indicators of sentences and tables; the state is the kind of indicators it stands in."""

    def __init__(self, free: Free, head: Head, file: str) -> None:
        self.free, self.file = free, file
        speaker = Speaker(head.unit, head.year)
        self.plain, self.counting = Sentences(speaker, head.year), Sentences(speaker, head.year, counts=True)
        self.category, self.subcategory, self.level = "", "", 0
        self.goal_no, self.goal = "", ""
        self.points: list[Stated] = []
        self.under: dict[int, tuple[tuple[str, str], tuple[str, str]]] = {}
        """The goal and the kind that each of these stands under."""
        self.guessed: list[dict[str, str]] = []

    def read(self, found_parts: Iterable[Part]) -> None:
        for part in found_parts:
            if part.key not in NO_INDICATORS:
                for entry in part.body:
                    if isinstance(entry, Grid):
                        self.table(entry)
                    else:
                        self.line(entry, part.key)
        tree = scored_tree(self.points, self.file)
        for stated, category, subcategory in tree.leaves:
            (self.goal_no, self.goal), kind = self.under[id(stated)]
            self.row(stated, *((category, subcategory) if category else kind))
        self.free.blocks = tuple(filter(None, (self._block(*level) for level in tree.levels)))
        self.free.problems += tree.problems
        if tree.others:
            names = "、".join(f"{stated.name}（{stated.weight}分，得{stated.score}分）" for stated in tree.others)
            message = f"决策、过程一类的得分不是绩效指标，没有作为指标读入：{names}"
            self.free.problems.append(problem("N708", message, file=self.file, row=tree.others[0].line.number))
        self._say_guessed()

    def _block(self, stated: Stated, category: str, subcategory: str) -> Block | None:
        """The points of a level; those of execution are on the total's row of the money instead."""
        total = next(iter(self.free.totals.rows), None)
        if not category and EXECUTION.fullmatch(stated.name) and total is not None and not total.get("weight"):
            total |= {"weight": stated.weight, "declared_score": stated.score}
            return None
        goal_no, goal = self.under[id(stated)][0]
        of = (int(goal_no) if goal_no else None, goal, category, subcategory) if category else (None, "", "", "")
        line = stated.line
        return Block(
            stated.name, Decimal(stated.weight), Decimal(stated.score), line.place, *of, Place("", line.number)
        )

    def table(self, grid: Grid) -> None:
        rows = table_rows(grid, (self.category, self.subcategory), (self.goal_no, self.goal))
        if rows:
            self.free.grids.append(grid)
        for row in rows:
            self._settle(row)

    def line(self, line: Line, key: str) -> None:
        goal = GOAL.fullmatch(line.text)
        if goal is not None and len(line.text) <= LONGEST_TITLE:
            self.goal_no, self.goal = str(whole(goal["number"])), (goal["rest"] or "").strip("。；; ")
            self.category, self.subcategory, self.level = "", "", 0
            self.free.whole.add(line)
            return
        kind = kind_of(line.text)
        if kind is not None and not kind[2]:
            self.category, self.subcategory, self.level = kind[0], kind[1], line.level
            self.free.whole.add(line)
            return
        rest = line
        if kind is not None:
            self.category, self.subcategory, self.level = kind[0], kind[1], line.level
            rest = Line(kind[2], line.number, line.level)
        elif 0 < line.level <= self.level and _title(line):
            self.category, self.subcategory, self.level = "", "", 0
        stated = (self.counting if key == "met" else self.plain).read(rest)
        for one in stated:
            _moved(one, line)
        row = None if stated else usual(rest, self.plain.speaker)
        if row is not None and row["actual"]:
            category, subcategory = self.category, self.subcategory
            self._settle({"category": category, "subcategory": subcategory, **row})
            self.free.whole.add(line)
        for one in stated:
            if one.weight and one.score:
                self.points.append(one)
                self.under[id(one)] = (self.goal_no, self.goal), self._kind(one)
                self.free.spans += one.spans
            else:
                self.row(one, *self._kind(one))

    def _kind(self, stated: Stated) -> tuple[str, str]:
        """The kind named last before the indicator on its line, else the one the line stands under."""
        kind = (self.category, self.subcategory)
        for match in re.finditer(r"(?:^|(?<=[。；;]))\s*" + CONTEXT.pattern, stated.line.text):
            named = kind_of(re.sub("(?:指标)?(?:方面|完成情况|情况)?$", "", match["kind"]) + "指标")
            if named is not None and match.start() <= stated.spans[0].start:
                kind = named[0], named[1]
        return kind

    def row(self, stated: Stated, category: str, subcategory: str) -> None:
        self.free.spans += [span for span in stated.spans if span not in self.free.spans]
        self._settle(
            {
                "category": category,
                "subcategory": subcategory,
                "indicator": stated.name,
                "target": stated.target,
                "actual": stated.actual,
                "weight": stated.weight,
                "declared_score": stated.score,
                "declared_met": stated.declared,
                "narrative": stated.sentence,
                "source": stated.line.place,
            }
        )
        self.free.problems += _rate(stated, self.file)

    def _settle(self, row: dict[str, str]) -> None:
        """Take a row, once: its kind is what is printed, satisfaction by its name, else output (which is said)."""
        if row["category"] not in CATEGORIES:
            row[UNPLACED] = "category"
        if row["category"] not in CATEGORIES and "满意" in row["indicator"]:
            row["category"] = SATISFACTION
        if row["category"] not in CATEGORIES:
            row["category"] = OUTPUT
            self.guessed.append(row)
        row.setdefault("goal_no", self.goal_no)
        row.setdefault("goal", self.goal)
        key = ("goal_no", "goal", "category", "subcategory", "indicator")
        same = next((one for one in self.free.rows if all(one[name] == row[name] for name in key)), None)
        if same is None:
            self.free.rows.append(row)
            return
        differing = [name for name in ("target", "actual", "weight", "declared_score") if row.get(name)]
        if any(same.get(name) and same[name] != row[name] for name in differing):
            message = f"同一个指标前后写得不同（{same['source']}），用前面的"
            self.free.problems.append(
                problem("W716", message, file=self.file, row=line_of(row), value=f"{row['indicator']}：{row['actual']}")
            )
        else:
            same.update({name: row[name] for name in differing})

    def _say_guessed(self) -> None:
        rows = [row for row in self.guessed if any(row is one for one in self.free.rows)]
        if rows:
            message = f"没有写明是哪一类指标，记为{OUTPUT}指标，请核对：{'、'.join(row['indicator'] for row in rows)}"
            self.free.problems.append(problem("W714", message, file=self.file, row=line_of(rows[0])))


def _moved(stated: Stated, line: Line) -> None:
    """Put what was read of the end of a line where it stands in the whole line."""
    offset = len(line.text) - len(stated.line.text)
    stated.line = line
    stated.spans = [Span(line, span.start + offset, span.end + offset) for span in stated.spans]


def line_of(row: dict[str, str]) -> int | None:
    """The line a row was read from."""
    return int(re.sub(r"\D", "", row["source"].rpartition("!")[2]) or 0) or None


def _rate(stated: Stated, file: str) -> Iterator[Problem]:
    """A printed completion rate that does not follow from target and actual."""
    numbers = [re.search(r"[0-9][0-9,]*(?:\.[0-9]+)?", text) for text in (stated.target, stated.actual)]
    units = [re.sub(r"^[^0-9]*[0-9.,]+", "", text) for text in (stated.target, stated.actual)]
    if not stated.rate or not all(numbers) or units[0] != units[1]:
        return
    target, actual = (float(number[0].replace(",", "")) for number in numbers if number)
    places = len(stated.rate.partition(".")[2])
    if target and abs(actual / target * 100 - float(stated.rate)) > 0.6 * 10**-places:
        message = f"{stated.name}写完成率{stated.rate}%，按目标和完成值应为{actual / target * 100:.2f}%"
        yield problem("W715", message, file=file, row=stated.line.number, value=f"{stated.rate}%")


def _words(free: Free, found_parts: list[Part], head: Head) -> None:
    """Problems, measures and achievements, in the report's own words."""
    lines = [line for part in found_parts for line in part.lines]
    issues = said.issues(said.texts(found_parts, "problems"), ())
    measures = said.measures(said.texts(found_parts, "measures"), ())
    summary = [
        text.strip("；;。 ")
        for part in found_parts
        if part.key == "met"
        for paragraph in part.lines
        for line in entries_of(paragraph)
        if not kind_of(line.text)
        for text in re.split("[。；;]", line.text)
        if text.strip("；;。 ")
    ]
    for part in found_parts:
        if part.key in {*INSIDE, "tasks", "linkage", "last_year"}:
            free.whole |= set(part.lines)
    free.narrative = Narrative(
        title=head.title,
        declared_score=free.score.score,
        declared_grade=free.score.grade,
        basis=said.basis(lines),
        summary=tuple(dict.fromkeys(summary)),
        key_tasks=said.key_tasks(said.texts(found_parts, "tasks")),
        problems=issues,
        measures=measures,
        budget_linkage=said.statements(said.texts(found_parts, "linkage")),
        last_year=said.key_tasks(said.texts(found_parts, "last_year")),
        sources=(f"《{head.title}》正文",) if head.title else (),
    )


CLAIMS = re.compile("目标|计划|完成|实际|达到|率|满意度|得分|万元")
"""Words of sentences whose figures would be looked for in the tables."""


def _missed(free: Free, found_parts: Iterable[Part], file: str) -> list[Problem]:
    """The sentences beside what was read that hold figures nothing was read from."""
    kept = {line for part in found_parts if part.key in NO_INDICATORS for line in part.lines}
    beside = {span.line for span in free.spans}
    met = {line for part in found_parts if part.key == "met" for line in part.lines}
    lines = [
        line
        for part in found_parts
        for line in part.lines
        if line not in kept and (line in beside or line in met or (line not in free.whole and CLAIMS.search(line.text)))
    ]
    return missed(list(unread(lines, free.spans)), file)
