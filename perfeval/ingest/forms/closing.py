"""What is said of a whole form once its blocks are read: its year, unit and total, and whether the total adds up.

The account of a form's cells: every one that has content was used, is named by a problem, or is listed as left.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter

from perfeval.ingest.document import EMPTY, Account, Document, Place, letters_of
from perfeval.ingest.forms.found import At, Found, Labelled, cells_of
from perfeval.ingest.forms.layout import Sheet, is_project, is_title
from perfeval.ingest.forms.titles import read_labels
from perfeval.ingest.forms.vocabulary import flat, indicator_name, is_empty, is_level, label
from perfeval.ingest.problems import problem
from perfeval.model.schema import BUDGET, INDICATORS

YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})\)?-?年?度")
YEAR_ONLY = re.compile(r"\(?(20[0-9]{2})年?度?\)?")
PERIOD = re.compile(
    r"\(?(20[0-9]{2})年1月(?:1日)?(?:至|到|[-－—–~～]{1,2})(?:\1年)?12月(?:31日)?\)?|\(?(20[0-9]{2})年1[-－—–~～至]12月\)?"
)
"""All of one year: 2022年1月1日至2022年12月31日, 2022年1-12月."""
YEAR_IN_BRACKETS = re.compile(r"\((20[0-9]{2})年?度?\)(?!第?[0-9]+号)")
YEAR_BEFORE = re.compile(r"(?<![0-9])(20[0-9]{2})年?(?![0-9]{0,2}月).{0,20}(?:自评|复核|绩效|评价)")
YEARS = re.compile(r"(20[0-9]{2})年?度?(?:[-－—–~～至/、]{1,2}|到)(20[0-9]{2})年?度?(?![0-9.])")
"""From one year to another: 2021—2022年度."""
WRITTEN_YEAR = re.compile(r"[二2][〇○零ＯOo0０][〇○零ＯOo0０一二三四五六七八九]{2}(?=年|度|\)|$)")
DIGITS = str.maketrans("〇○零ＯOo０一二三四五六七八九", "0000000123456789")
NOT_OF_THE_FORM = re.compile(
    r"(?:填报|填表|评价|报告|编制|制表|自评|上报|报送)?(?:日期|时间)|.{0,8}\(20[0-9]{2}\)第?[0-9]+号|起止|批复|文号"
)
"""Cells whose year is not the form's: dates, numbers of documents."""
CODE = re.compile(r"^[0-9]{3,}\s*[-－—]\s*")
NOT_READ = ("W652", "E604")
"""What is said of points that could not be read."""
NO_UNIT = re.compile("自评|绩效|评价|附件|附表|表[0-9一二三]|[:：]|20[0-9]{2}")
FULL = Decimal(100)
HEAD_LINES = 15


def year_of(found: Found, first: int, stop: int) -> int | None:
    """The year a form is of, by what says it best: its title, the label 年度, a line of the head, the sheet's name.

    Never a date of filling in, the number of a document or what a project is called. Two years in the title
    (2021—2022年度) are no year, and reported.
    """
    head = range(first, min(stop, first + HEAD_LINES))
    titles: list[Dated] = []
    others: list[Dated] = []
    for line in head:
        cells = found.sheet.filled(line)
        if cells and _is_heading(found, line):
            titles.append((flat_year(cells[0][1].text), [(line, cells[0][0])]))
        others += [(flat_year(text), [(line, at)]) for at, text in _of_the_form(found, line)]
    named = [(flat_year(entry.text), [entry.at, entry.label]) for entry in sorted(found.labels.get("year", []))]
    sheet: list[Dated] = [(flat_year(found.sheet.name), [])]
    years: tuple[tuple[re.Pattern[str], list[Dated]], ...] = (
        (YEAR, titles),
        (YEAR_IN_BRACKETS, titles),
        (YEAR_ONLY, titles),
        (YEAR_ONLY, named),
        (PERIOD, named),
        (YEAR, others),
        (PERIOD, others),
        (YEAR_IN_BRACKETS, others),
        (YEAR_BEFORE, [*titles, *others]),
        (YEAR, sheet),
    )
    ranges = [match for text, _ in titles if (match := YEARS.search(text)) and match[1] != match[2]]
    in_titles = sorted({next(filter(None, match.groups())) for text, _ in titles for match in YEAR.finditer(text)})
    several = bool(ranges) or len(in_titles) > 1
    for pattern, texts in years:
        if several and texts is not named:
            continue
        for text, cells_of_it in texts:
            match = pattern.fullmatch(text) if pattern in (YEAR_ONLY, PERIOD) else pattern.search(text)
            if match:
                year = int(next(filter(None, match.groups())))
                agreed = [at for said, cells in named if _only_year(said) == year for at in cells]
                for at in (*cells_of_it, *agreed):
                    found.take(*at)
                return year
    if ranges:
        message = f"标题写的是{ranges[0][0]}，不能确定是哪一年"
        found.say("W665", message, first, None, ranges[0][0])
    elif several:
        message = f"标题写了{'、'.join(in_titles)}几个年度，不能确定是哪一年"
        found.say("W665", message, first, None, "、".join(in_titles))
    return None


def head_year(scratch: Found, first: int, stop: int) -> int | None:
    """As :func:`year_of`, before a form is read, on a form of its own that is thrown away."""
    for line in range(first, min(stop, first + HEAD_LINES)):
        read_labels(scratch, line)
    return year_of(scratch, first, stop)


def _only_year(text: str) -> int | None:
    """The year that is all a text says."""
    match = YEAR_ONLY.fullmatch(text)
    return int(next(filter(None, match.groups()))) if match else None


Dated = tuple[str, list[At]]
"""A text that may say the year, and the cells it stands in."""


def flat_year(text: str) -> str:
    """A text without spaces, with years in digits: ``二〇二一年度`` → ``2021年度``."""
    return WRITTEN_YEAR.sub(lambda match: match[0].translate(DIGITS), flat(text))


def _texts(found: Found, line: int) -> list[str]:
    return [cell.text for _, cell in found.sheet.filled(line)]


def _is_heading(found: Found, line: int) -> bool:
    """Whether a line is the form's title, or the year alone below it."""
    text = flat_year(_texts(found, line)[0])
    return is_title(found.sheet, line) or YEAR_ONLY.fullmatch(text) is not None


def _of_the_form(found: Found, line: int) -> list[tuple[int, str]]:
    """The cells of a line of the head without dates, document numbers and what a project is called."""
    kept = []
    before = ""
    for at, cell in found.sheet.filled(line):
        named = label(before) or label(re.split("[:：]", cell.text)[0])
        if not (named and named[0] in ("project", "other")) and not NOT_OF_THE_FORM.match(flat(cell.text)):
            kept.append((at, cell.text))
        before = cell.text
    return kept


def is_department(found: Found, first: int, stop: int) -> bool:
    """Whether a form is a whole unit's and not one project's.

    A form that names a project is the project's, whatever else its head says; then the title decides, then the words of
    the head.
    """
    head = range(first, min(stop, first + HEAD_LINES))
    if any(is_project(found.sheet, line) for line in head):
        return False
    titles = [flat(_texts(found, line)[0]) for line in head if is_title(found.sheet, line)]
    if any(WHOLE_UNIT.search(title) for title in titles):
        return True
    if any("项目" in title for title in titles):
        return False
    return any(WHOLE_UNIT.search(flat(text)) for line in head for text in _texts(found, line))


WHOLE_UNIT = re.compile("(?:部门|单位)整体|整体(?:支出|绩效)")


OFFICE = re.compile(
    r"20[0-9]{2}\s*年度?\s*(\S{2,30}?(?:办事处|委员会|人民政府|局))\s*(?:部门|单位)?(?:整体|项目)?(?:支出|预算)?(?:绩效|自评)"
)
"""An office between the year and the name of the form: 2024年度某街道办事处部门整体支出绩效自评表."""


def unit_of(found: Found, title: str) -> str:
    """The spending unit: by the best of the labels, else what the title has before the year, or as an office after it.

    A label of lower rank that names the same unit again (主管部门 beside 实施单位) has nothing more to say.
    """
    named = found.labels.get("unit", [])
    if named:
        best = min(named, key=lambda entry: entry.rank)
        for again in (entry for entry in named if entry.text == best.text and entry is not best):
            found.take(*again.at, heading=True)
            found.take(*again.label, heading=True)
        return CODE.sub("", chosen(found, best))
    before = re.match(r"(.{2,30}?)[（(]?20[0-9]{2}\s*年", title)
    if before and not NO_UNIT.search(before[1]):
        return before[1].strip()
    after = OFFICE.search(title)
    return after[1].strip() if after and not NO_UNIT.search(after[1]) else ""


def chosen(found: Found, entry: Labelled) -> str:
    """The text of a label that counts; the others of its kind are not used."""
    found.take(*entry.at)
    found.take(*entry.label, heading=entry.label != entry.at)
    return entry.text


def declared(found: Found) -> Decimal | None:
    """The total the form gives itself, as printed; two different totals are reported."""
    if not found.scores:
        return None
    values = {value for value, _, _ in found.scores}
    last, line, number = found.scores[-1]
    if len(values) > 1:
        shown = "、".join(f"{value}（{found.place(where, at)}）" for value, where, at in found.scores)
        found.say("W658", f"自评总分有几个不同的数：{shown}，取最后一个", line, number, last)
    return last


def without_points(found: Found) -> None:
    """Give 0 points to the rows whose cell is empty where the others carry all 100: parts of a row, and rows for show.

    A row that shares a merged cell, or has a score, is left as it is.
    """
    _parts_once(found)
    weights = _given(found, "weight")
    if sum(weights, Decimal(0)) != FULL or not _given(found, "weight", budget=False):
        return
    rows = [row for row in found.indicators if row["weight"] is None and row["declared_score"] is None]
    rows = [row for row in rows if "分值与" not in str(row["source"])]
    for row in rows:
        row["weight"] = Decimal(0)
    if rows:
        shown = "、".join(str(row["indicator"]) for row in rows[:3])
        message = f"{len(rows)}条指标没有分值（{shown}{'…' if len(rows) > 3 else ''}），其余各项已满100分，按0分记"  # noqa: PLR2004
        found.say("N666", message, int(str(rows[0]["line"])), None, rows[0]["indicator"])


def _parts_once(found: Found) -> None:
    """Count the points of 其中 rows once, where the rows they are parts of carry all 100."""
    weights = _given(found, "weight")
    parts = [row for row in found.indicators if str(row["indicator"]).startswith("其中") and row["weight"]]
    own = sum((Decimal(str(row["weight"])) for row in parts), Decimal(0))
    if not parts or sum(weights, Decimal(0)) - own != FULL:
        return
    for row in parts:
        shown = f"分值{row['weight']}" + ("" if row["declared_score"] is None else f"、得分{row['declared_score']}")
        message = f"其中项的{shown}已计在它上面的指标上，没有再计，按0分记"
        found.say("N666", message, *cells_of(row)["weight"], row["indicator"])
        row["weight"], row["declared_score"] = Decimal(0), None


def check_totals(found: Found, score: Decimal | None) -> None:
    """Compare the printed total with the sum of all points given, and the sum of the weights with 100."""
    if not found.verbatim:
        without_points(found)
    scores = _given(found, "declared_score")
    weights = _given(found, "weight")
    money = [row for row in found.budget if row["weight"] is not None]
    unknown = any(row["weight"] is not None and row["declared_score"] is None for row in found.budget)
    unknown = unknown or any(wrong.code == "W651" for wrong in found.problems)
    summed = bool(_given(found, "declared_score", budget=False)) and not unknown
    if score is not None and summed and sum(scores, Decimal(0)) != score:
        _, line, number = found.scores[-1]
        total = sum(scores, Decimal(0))
        message = f"自评总分{score}，各项得分之和是{total}{_besides(found)}，相差{abs(score - total)}"
        found.say("W657", message, line, number, score)
    reviewed = [value for row in found.indicators if isinstance(value := row["reviewed_score"], Decimal)]
    for row in found.indicators:
        weight, points = row["weight"], row["reviewed_score"]
        if isinstance(weight, Decimal) and isinstance(points, Decimal) and points > weight:
            message = f"{INDICATORS.column('reviewed_score').title}大于该行的分值{weight}分"
            found.say("W314", message, *cells_of(row)["reviewed_score"], points)
    if found.reviewed and reviewed and not found.budget:
        value, line, number = found.reviewed[-1]
        total = sum(reviewed, Decimal(0))
        found.take(line, number)
        if total != value:
            message = f"复核总分{value}，各项复核得分之和是{total}，相差{abs(value - total)}"
            found.say("W657", message, line, number, value)
    if money and _given(found, "weight", budget=False) and sum(weights, Decimal(0)) != FULL:
        total = sum(weights, Decimal(0))
        execution = sum((value for row in money if isinstance(value := row["weight"], Decimal)), Decimal(0))
        message = f"分值合计{total}分（含预算执行{execution}分）{_besides(found)}，应为100分"
        found.say("W656", message, *_where_points_are(found, int(str(money[0]["line"]))), total)
    _check_weights(found, sum(weights, Decimal(0)))


NEEDED = {BUDGET: ("executed",), INDICATORS: ("target", "actual")}
"""By table: the columns without which no row of it can be judged."""


def check_columns(found: Found) -> None:
    """Name the needed columns that a table of the form does not have, nor any value of them."""
    for table, rows in ((BUDGET, found.budget), (INDICATORS, found.indicators)):
        layout = found.layouts.get(table.name)
        if layout is None or not rows:
            continue
        missing = [
            table.column(name).title
            for name in NEEDED[table]
            if not layout.has(name) and all(row[name] in (None, "") for row in rows)
        ]
        if missing:
            message = f"{table.title}没有“{'”、“'.join(missing)}”一栏，各行都空着"
            found.say("W671", message, layout.line)
        name = layout.of("indicator")
        if name and "三级" not in name.heading and all(is_level(str(row["indicator"])) for row in rows):
            message = f"{table.title}没有“三级指标”一栏，“{rows[0]['indicator']}”等记成了指标名称"
            found.say("W671", message, layout.line, max(name.first, 0))


def _besides(found: Found) -> str:
    """That a sum leaves out cells which could not be read; nothing where all could be."""
    unread = sum(wrong.code in NOT_READ for wrong in found.problems)
    return f"（另有{unread}格读不出，没有计入）" if unread else ""


def _check_weights(found: Found, total: Decimal) -> None:
    """Compare the printed sums of points, of the whole form or of its parts, with the points of its rows."""
    own = sum(_given(found, "weight", budget=False), Decimal(0))
    if not found.weights or not own:
        return
    fitting = [at for printed, *at in found.weights if printed in (total, own)]
    parts = sum((printed for printed, _, _ in found.weights), Decimal(0)) in (total, own)
    for line, number in fitting if fitting and not parts else [at[1:] for at in found.weights]:
        found.take(line, number)
    if not fitting and not parts and all(wrong.code != "W656" for wrong in found.problems):
        printed, line, number = found.weights[-1]
        found.say("W662", f"印出的分值合计是{printed}，各项分值之和是{total}", line, number, printed)


def _where_points_are(found: Found, line: int) -> tuple[int, int | None]:
    """Where a wrong sum of points is marked: at the sum as printed, else at the heading of the points."""
    if found.weights:
        return found.weights[-1][1:]
    layout = found.layouts.get("indicators")
    span = layout.of("weight") if layout else None
    return (layout.line, span.first) if layout and span and layout.height else (line, None)


def _given(found: Found, name: str, *, budget: bool = True) -> list[Decimal]:
    """All points of a kind: of execution, of indicators, and of blocks that have a score of their own."""
    rows = [*(found.budget if budget else []), *found.indicators]
    values = [value for row in rows if isinstance(value := row[name], Decimal)]
    blocks = [block for block in found.blocks if block.score is not None] if budget else []
    own = [block.points if name == "weight" else block.score for block in blocks]
    return values + [value for value in own if value is not None]


PROJECT_CODE = re.compile(r"^[0-9A-Z]{8,}\s*[-－—]\s*(?=.)")
"""The number that the budget system puts before a project's name."""


def project_in(title: str) -> str:
    """The project in ``道路维护项目支出绩效自评复核表``; the whole title where it names none."""
    before = re.split(r"项目支出|绩效|自评", title)[0].strip()
    unnamed = not before or "整体" in before or re.fullmatch(r"[（(]?20[0-9]{2}[-－—–~～至/、年度0-9\s]*[)）]?", before)
    return title if unnamed else before


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
    for table, rows in (("budget", found.budget), ("indicators", found.indicators)):
        for number, row in enumerate(rows):
            kept |= {(table, number, column): place(found.sheet, at) for column, at in cells_of(row).items()}
    for name, cells in found.narrative.items():
        kept |= {("narrative", number, name): place(found.sheet, at) for number, at in enumerate(cells)}
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
