"""The money of a written report: budget and executed amounts of the unit and its halves, in every place they stand.

An amount counts only where the words before it say what it is and nothing else: the words that are no name of an item,
no kind of amount and no filler are its own subject, and money of another subject is not the unit's.

Figures of running text: where they stand, which are no values at all, and which nothing was read from.

The total that a written report gives itself, and its grade.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfeval.ingest.problems import problem
from perfeval.ingest.prose.outline import Line, Part, with_year, words
from perfeval.model.errors import Problem
from perfeval.model.schema import AMOUNTS, BASIC, BUDGET, PROJECT, TOTAL

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


AMOUNT = re.compile(r"(?P<number>[-－]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>万元|亿元|元)(?!/|／|每)")
PERCENT = re.compile(r"(?P<rate>[0-9]+(?:\.[0-9]+)?)\s*[%％]")
RATE = re.compile(r"(?:(?:执行|支出|支付|完成)(?:进度|完成)?率|(?:资金|预算|经费)使用率|(?:执行|支出)进度)\D{0,6}$")
SHARE = re.compile(r"(?:完成|占)(?:了)?(?:当年|年度)?(?P<base>年初|调整后?|全年)?(?:部门)?预算(?:数|安排)?的\s*$")
TO_WAN = {"万元": Decimal(1), "亿元": Decimal(10_000), "元": Decimal("0.0001")}
ITEMS = (
    (BASIC, re.compile("基本支出")),
    (PROJECT, re.compile("项目支出")),
    (TOTAL, re.compile("整体支出|整体预算|总预算|总支出|支出总额|支出合计|部门支出|资金总额|全年预算|预算总额")),
)
"""How an item is named; the first that a clause names counts, and holds until another is named."""
COLUMNS = (
    ("executed", re.compile("执行|决算|实际支出|实际使用|实际完成|已支出|支付|(?:本年|全年|当年|总)支出(?!预算|安排)")),
    ("adjusted", re.compile("全年预算|调整")),
    ("opening", re.compile("年初|年度批复")),
    ("adjusted", re.compile("预算|安排|下达")),
)
"""Which amount a clause gives; a budget that is not said to be the opening one is the year's (adjusted) budget."""
EXPLICIT = re.compile("全年预算|调整")
PROJECT_TOTAL = "年度资金总额"
PAIRED = re.compile(r"分别(?:为|是|达到?)?\s*$")
JOINED = re.compile(r"、|和|与|及")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount as it stands in one place."""

    item: str
    column: str
    """Of schema.BUDGET; ``rate`` for a printed execution rate in percent."""
    value: Decimal
    """万元."""
    printed: str
    line: Line
    span: Span
    base: str = ""
    """Of a rate: the column it is a share of, where the text says so."""
    explicit: bool = True
    """Whether the words name this column and no other: a bare 预算 may be the opening one."""


@dataclass(slots=True)
class Totals:
    """The money of a report."""

    rows: list[dict[str, str]] = field(default_factory=list)
    """Text of the columns of schema.BUDGET, and ``source``."""
    problems: list[Problem] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    @property
    def taken(self) -> set[int]:
        """Numbers of the lines that were read."""
        return {span.line.number for span in self.spans}


def read_totals(found_parts: Iterable[Part], file: str, year: int | None = None, own: Iterable[str] = ()) -> Totals:
    """The budget of a report and what disagrees in it; ``own`` are the names the unit and project go by.

    Where no section is about execution, every line that speaks of it is read.
    """
    every = list(found_parts)
    reader = _reader(year, own)
    lines = [line for part in every if part.key == "totals" for line in part.lines]
    amounts = [amount for line in lines for amount in reader.amounts(line)]
    if not any(amount.column != "rate" for amount in amounts):
        lines = [line for part in every if part.key not in {"analysis", "problems", "measures"} for line in part.lines]
        amounts = [amount for line in lines if ABOUT.search(line.text) for amount in reader.amounts(line)]
    return settled(amounts, file)


ABOUT = re.compile(
    "年初.{0,6}预算|全年预算|预算数|支出.*(?:执行|决算)|(?:执行|决算).*支出|预算.*(?:执行|支出|使用|决算)|执行.*预算|决算数"
    "|实际支出|实际使用"
)


def of_project(totals: Totals) -> Totals:
    """The money of a report on one project: its total, called as the official form does."""
    whole = {row["item"]: row for row in totals.rows}
    totals.rows = [whole[item] | {"item": PROJECT_TOTAL} for item in (TOTAL, PROJECT) if item in whole][:1]
    totals.problems = [replace(one, message=one.message.replace(TOTAL, PROJECT_TOTAL)) for one in totals.problems]
    return totals


def settled(amounts: list[Amount], file: str) -> Totals:
    """Amounts as rows: of each the first that says what it is; others must agree (W701), and rates too (W702)."""
    first: dict[tuple[str, str], Amount] = {}
    totals = Totals()
    for amount in sorted(amounts, key=lambda one: not one.explicit):
        totals.spans.append(amount.span)
        if amount.column == "rate" and amount.base:
            continue
        known = first.setdefault((amount.item, amount.column), amount)
        if known.value != amount.value:
            title = "执行率" if amount.column == "rate" else BUDGET.column(amount.column).title
            message = (
                f"{amount.item}的{title}前后不一致：第{known.line.number}行为{known.printed}，这里为{amount.printed}"
            )
            totals.problems.append(
                problem("W701", message, file=file, row=amount.line.number, column=title, value=amount.printed)
            )
    rates = [amount for amount in amounts if amount.column == "rate" and (amount.base or amount in first.values())]
    totals.problems += [wrong for rate in rates for wrong in _rate(rate, first, file)]
    totals.problems += _halves(first, file)
    for item, _ in ITEMS:
        own = {amount.column: amount for amount in first.values() if amount.item == item and amount.column != "rate"}
        if own:
            values = {column: format(amount.value, "f") for column, amount in own.items()}
            totals.rows.append({"item": item, **values, "source": next(iter(own.values())).line.place})
    return totals


def _rate(rate: Amount, amounts: dict[tuple[str, str], Amount], file: str) -> Iterator[Problem]:
    """A printed rate that does not follow from the amounts."""
    executed = amounts.get((rate.item, "executed"))
    bases = (rate.base,) if rate.base and (rate.item, rate.base) in amounts else ("adjusted", "opening")
    budgets = [amounts[rate.item, name] for name in bases if (rate.item, name) in amounts]
    if executed is None or not budgets or not all(budget.value for budget in budgets):
        return
    computed = [executed.value / budget.value * 100 for budget in budgets]
    places = -int(rate.value.as_tuple().exponent)
    if rate.value not in {round(value, places) for value in computed}:
        message = f"{rate.item}写执行率{rate.printed}，按金额应为{computed[0]:.2f}%"
        yield problem("W702", message, file=file, row=rate.line.number, column="执行率", value=rate.printed)


def _halves(amounts: dict[tuple[str, str], Amount], file: str) -> Iterator[Problem]:
    """Halves that do not add up to the whole."""
    for column, title in AMOUNTS.items():
        whole, *halves = (amounts.get((item, column)) for item in (TOTAL, BASIC, PROJECT))
        known = [half for half in halves if half is not None]
        if whole is None or len(known) != len(halves):
            continue
        total = sum((half.value for half in known), Decimal(0))
        if abs(total - whole.value) > ROUNDING:
            message = f"{title}：{BASIC}与{PROJECT}合计{total}万元，{TOTAL}写{whole.value}万元"
            yield problem("W712", message, file=file, row=known[-1].line.number, column=title, value=whole.printed)


ROUNDING = Decimal("0.02")
"""万元 by which halves rounded on their own may miss the whole."""


@dataclass(frozen=True, slots=True)
class _Reader:
    year: int | None
    fillers: re.Pattern[str]

    def amounts(self, line: Line) -> Iterator[Amount]:
        """The amounts and rates of a paragraph that are certainly the unit's, in order."""
        state = _State()
        for sentence in re.finditer(r"[^。]+", line.text):
            state.sentence(sentence[0])
            start = sentence.start()
            for found in re.finditer(rf"{AMOUNT.pattern}|{PERCENT.pattern}", sentence[0]):
                at = sentence.start() + found.start()
                said = line.text[start:at]
                span = Span(line, at, sentence.start() + found.end())
                start = span.end
                named = state.clause(said, self.year)
                if found["rate"]:
                    yield from self._rate(state.item, said, found, span)
                elif self.beside(said):
                    continue
                elif self.foreign(said):
                    state.item, state.column = "", ""
                elif PAIRED.search(said):
                    yield from self._paired(state.item, said, sentence, span)
                    break
                elif (kind := state.kind(said, named=named)) and state.item:
                    explicit = kind != "adjusted" or bool(EXPLICIT.search(last_clause(said)))
                    yield replace(self._amount(state.item, kind, found, span), explicit=explicit)

    def _rate(self, item: str, said: str, found: re.Match[str], span: Span) -> Iterator[Amount]:
        share = SHARE.search(said)
        if item and (share or RATE.search(said)):
            base = {"年初": "opening", "全年": "adjusted", "调整": "adjusted", "调整后": "adjusted"}.get(
                (share["base"] if share else "") or "", ""
            )
            yield Amount(item, "rate", Decimal(found["rate"]), f"{found['rate']}%", span.line, span, base)

    def _paired(self, item: str, said: str, sentence: re.Match[str], span: Span) -> Iterator[Amount]:
        """``预算数、执行数分别为1050万元、1040万元``: as many amounts as names, or none is read."""
        line = span.line
        clause = re.split("[，,：:]", PAIRED.sub("", said))[-1]
        names = [name for name in JOINED.split(clause) if name.strip()]
        listed = list(AMOUNT.finditer(line.text, span.start, sentence.end()))
        if len(names) != len(listed):
            return
        kinds = [column_of(name) or column_of(clause) for name in names]
        items = [next((one for one, form in ITEMS if form.search(name)), item) for name in names]
        if not all(kinds) or len(set(zip(items, kinds, strict=True))) != len(names):
            return
        for one, kind, found in zip(items, kinds, listed, strict=True):
            yield self._amount(one, kind, found, Span(line, found.start(), found.end()))

    @staticmethod
    def _amount(item: str, column: str, found: re.Match[str], span: Span) -> Amount:
        value = Decimal(found["number"].replace(",", "").replace("－", "-")) * TO_WAN[found["unit"]]
        return Amount(item, column, value, found[0], span.line, span)

    @staticmethod
    def beside(said: str) -> bool:
        """Whether an amount is no budget and not spent: a change, a share, what is left."""
        return bool(re.search(words()["money"]["beside"], last_clause(said)))

    def foreign(self, said: str) -> bool:
        """Whether the words before an amount are about something else: another year, other money, its own subject."""
        clause = last_clause(said)
        years = set(re.findall(r"20[0-9]{2}(?=\s*年)", with_year(said)))
        if (self.year and years and str(self.year) not in years) or re.search(words()["money"]["other"], clause):
            return True
        rest = self.fillers.sub("", clause)
        return bool(re.search(r"[\u4e00-\u9fffA-Za-z]{2}", rest))


@dataclass(slots=True)
class _State:
    """Of what the next amount of a paragraph is, where it does not say so itself."""

    item: str = TOTAL
    column: str = ""
    below: bool = False
    """Behind 其中: a half named alone is of the same kind as the whole before it."""
    listing: bool = False
    """Behind such a half."""
    outer: str = TOTAL
    """The item before the bracket that is open."""

    def sentence(self, text: str) -> None:
        """A new sentence: only 其中 goes on with the kind of amount."""
        self.column = self.column if text.lstrip().startswith("其中") else ""
        self.below = self.listing = False

    def clause(self, said: str, year: int | None) -> str:
        """The words before an amount; returns the item they name."""
        if re.search("[）)]", re.sub("[（(][^（()）]*[）)]", "", said)):
            self.item, self.below, self.listing = self.outer, False, False
        if re.search("[（(][^）)]*$", said):
            self.outer = self.item
        self.below = self.below or "其中" in said or "包括" in said
        named = next((name for name, form in ITEMS if form.search(said)), "")
        if self.listing and not named and column_of(said) not in {"", self.column}:
            # behind halves that only list parts of an amount: of the whole, if a new clause says so at all
            self.item, self.listing = (TOTAL if re.search("[；;]", said) else ""), False
        if not self.item and year and re.search(rf"{year}\s*年", with_year(said)):
            self.item = TOTAL
        self.item = named or self.item
        return named

    def kind(self, said: str, *, named: str) -> str:
        """Which amount it is: as the words say, or that of the whole it is listed under."""
        own = column_of(said)
        kind = own or (self.column if self.below and named else "")
        self.listing = self.below and bool(named) and not own
        self.column = kind or self.column
        return kind


def _reader(year: int | None, own: Iterable[str]) -> _Reader:
    """A reader of the money of this year, of a unit and project called so."""
    names = [re.escape(name) for name in sorted({*own, *words()["words"]["pronouns"]}, key=lambda name: -len(name))]
    known = [r"[“”\"'\s]", "20[0-9]{2}\\s*年?度?", *(name for name in names if name)]
    return _Reader(year, re.compile("|".join([*known, *words()["money"]["fillers"]])))


def last_clause(said: str) -> str:
    """The clause right before an amount."""
    return re.split(r"[，,：:（(；;）)]", said.rstrip("，,：:（(；; "))[-1].strip()


def column_of(said: str) -> str:
    """Which amount the words before it name; empty where none."""
    clause = last_clause(said)
    return next((name for name, form in COLUMNS if form.search(clause)), "")


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
