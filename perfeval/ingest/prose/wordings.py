"""Targets, actuals and points as sentences say them: one clause after the other, each known by its own label.

``A，年初目标值≥12条，实际完成14条``, ``A（目标≥95%，实际98%）``, ``计划开展培训10次，实际开展12次``,
``应检100家，实检98家``, ``A、B目标值分别为1、2，实际分别为3、4``, ``A（满分10分，实得9分）``. A clause that is none of
these ends the indicator before it; what is not certainly a name, a value or points of it is not read.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from perfeval.ingest.prose.money import NO_VALUE, Span
from perfeval.ingest.prose.outline import CALLS, MARKER, Line, with_year, words
from perfeval.ingest.prose.results import QUOTES, Speaker

CUTS = re.compile(
    r"[，；;。！!：:（）()\[\]【】［］]|,(?![0-9]{3}(?![0-9]))|、(?=\s*(?:实际|完成[0-9值]|达到|实得|得分))"
)
STOPS = "；;。！!"
OPENING, CLOSING = "（([【［", "）)]】］"
NUMBER = r"[-－]?[0-9０-９][0-9０-９,]*(?:[.．][0-9０-９]+)?"
LONGEST_NAME, LONGEST_VALUE, SHORTEST_NAME = 40, 30, 2


@dataclass(slots=True)
class Stated:
    """What a sentence says of one indicator, as printed."""

    name: str
    line: Line
    target: str = ""
    actual: str = ""
    weight: str = ""
    score: str = ""
    declared: str = ""
    rate: str = ""
    sentence: str = ""
    spans: list[Span] = field(default_factory=list)
    counted: bool = False
    """Whether the actual stands right behind the name, without any label."""
    weak: bool = False
    """Whether a value was known only by a word like 计划 or 完成."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a line: its text without surrounding space, where it stands, and how it is set off."""

    text: str
    start: int
    end: int
    bracketed: bool
    first: bool
    """Whether it begins a sentence."""
    colon: bool
    """Whether a colon follows."""
    aimed: bool = False
    """Whether a bracket with a target follows."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The compiled wordings."""

    target: re.Pattern[str]
    weak_target: re.Pattern[str]
    actual: re.Pattern[str]
    weak_actual: re.Pattern[str]
    due: re.Pattern[str]
    done: re.Pattern[str]
    weight: re.Pattern[str]
    score: re.Pattern[str]
    bare_points: re.Pattern[str]
    rate: re.Pattern[str]
    status: re.Pattern[str]
    counted: re.Pattern[str]
    no_name: re.Pattern[str]
    no_count: re.Pattern[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    labelled: re.Pattern[str]
    label: re.Pattern[str]
    """A label at the end of a text."""


@cache
def forms() -> Forms:
    """The wordings of ``prose.toml``."""
    said = words()["wordings"]
    units = "|".join(map(re.escape, said["measure"]))
    figure = (
        rf"{said['operator']}?\s*{NUMBER}\s*(?:[%％‰]|(?:余|多|几)?[百千万亿]?(?:余|多)?[^0-9０-９、和与及的了率]{{0,6}})"
        r"(?:\s*(?:以上|以下|以内|之内|左右|及以上))?"
    )
    count = rf"(?:约|近|超过?|逾)?\s*{NUMBER}\s*(?:[%％‰]|(?:余|多|几)?[百千万亿]?(?:余|多)?(?:{units}))"
    one = rf"(?P<name>[^0-9]*?){{label}}(?P<together>分别)?{said['link']}"
    weak = r"(?P<object>[^0-9０-９、，分别为是:：≥≤＞＜><=]{{0,14}}?)(?:为|是|[:：])?\s*(?P<value>{figure})"
    weak = weak.format(figure=figure)
    return Forms(
        target=re.compile(one.format(label=said["target"]).replace("[^0-9]*?", ".*?") + r"(?P<value>.+)"),
        weak_target=re.compile(rf"(?P<name>.*?){said['weak_target']}{weak}"),
        actual=re.compile(one.format(label=said["actual"]).replace("[^0-9]*?", ".*?") + r"(?P<value>.+)"),
        weak_actual=re.compile(rf"(?P<name>.*?){said['weak_actual']}{weak}"),
        due=re.compile(rf"(?P<name>.*?)应{weak}"),
        done=re.compile(rf"(?P<name>.*?)实际?{weak}"),
        weight=re.compile(rf"(?P<name>.*?){said['weight']}"),
        score=re.compile(rf"(?P<name>.*?){said['score']}"),
        bare_points=re.compile(said["bare_points"]),
        rate=re.compile(said["rate"]),
        status=re.compile(said["status"]),
        counted=re.compile(rf"(?P<name>[^0-9０-９]{{2,}}?)(?P<value>{count})"),
        no_name=re.compile(said["no_name"]),
        no_count=re.compile(said["no_count"]),
        lead=re.compile(said["lead"]),
        tail=re.compile(rf"(?:{said['tail']})$"),
        labelled=re.compile(
            "|".join(
                re.sub(r"\?P<[a-z]+>", "?:", said[name])
                for name in ("target", "weak_target", "actual", "weak_actual", "weight", "score")
            )
            + r"|^\s*[0-9.]+\s*分\s*$"
        ),
        label=re.compile(
            rf"(?:{said['target']}|{said['weak_target']}|{said['actual']}|{said['weak_actual']}"
            r"|(?:完成|达成|实现)(?:率|比例)|分值|满分|权重|得分|实得分?|自评分)\s*$"
        ),
    )


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a line; brackets that hold no label stay in the clause they stand in."""
    found: list[Clause] = []
    start, first, depth = 0, True, 0
    cuts = [cut for cut in CUTS.finditer(text) if not _kept(text, cut) and not _joins(text, cut)]
    for cut in [*cuts, None]:
        end = cut.start() if cut else len(text)
        sign = cut[0] if cut else "。"
        piece = text[start:end]
        if piece.strip(" 、"):
            aimed = sign in OPENING and bool(re.match(rf"\s*(?:{_target()})", text[end + 1 :]))
            found.append(Clause(piece.strip(), start, end, depth > 0, first, sign in "：:", aimed))
            first = False
        depth = max(depth + (sign in OPENING) - (sign in CLOSING), 0)
        first = first or (sign in STOPS and not depth)
        start = cut.end() if cut else len(text)
    return found


def _unmarked(clause: Clause) -> str:
    """The clause without the number of a list at the beginning of its sentence."""
    mark = MARKER.match(clause.text) if clause.first else None
    return clause.text[mark.end() :].strip() if mark else clause.text


def _target() -> str:
    said = words()["wordings"]
    return f"{said['target']}|{said['weak_target']}"


def _joins(text: str, cut: re.Match[str]) -> bool:
    """Whether a colon stands between a label and its value."""
    return cut[0] in "：:" and forms().label.search(text, 0, cut.start()) is not None


def _kept(text: str, cut: re.Match[str]) -> bool:
    """Whether a bracket, or a sign inside one, belongs to the text: the bracket holds no label of a value."""
    for bracket in re.finditer(r"[（(\[【［][^（()）\[\]【】［］]*[）)\]】］]", text):
        if bracket.start() <= cut.start() < bracket.end():
            return not forms().labelled.search(bracket[0][1:-1])
    return False


class Sentences:
    """Reads the lines of a report one by one; an indicator may not go on over lines."""

    def __init__(self, speaker: Speaker, year: int | None, *, counts: bool = False) -> None:
        self.speaker, self.year, self.counts = speaker, year, counts
        self.open: list[Stated] = []
        self.before: Clause | None = None
        """The clause before, where it may be a name."""
        self.found: list[Stated] = []
        self.pointed: Stated | None = None
        """The only one of the line with points: a sentence behind it may give its values without its name."""

    def read(self, line: Line) -> list[Stated]:
        """The indicators of a line."""
        self.open, self.before, self.found = [], None, []
        self.pointed = None
        for clause in clauses_of(line.text):
            if clause.first:
                self.before = None
                self.open = self.open if line.text[: clause.start].rstrip().endswith(("；", ";")) else []
            if not self._clause(clause, line):
                plain = not re.search(r"[0-9０-９]", _without_calls(clause.text))
                ends = not clause.bracketed and not (plain and clause.colon)
                self.open = [] if ends else self.open
                self.before = clause if plain else None
                if plain and clause.colon:
                    self.open = []
        return _merged([stated for stated in self.found if _whole(stated)])

    def _clause(self, clause: Clause, line: Line) -> bool:
        """Read one clause; whether it is of a known form."""
        text = self.speaker.undated(self.speaker.without(_unmarked(clause)))
        known = forms()
        if self._points(text, clause, line) or self._state(text, clause):
            return True
        for field_, pattern, strong in (
            ("target", known.target, True),
            ("actual", known.actual, True),
            ("target", known.weak_target, False),
            ("target", known.due, False),
            ("actual", known.weak_actual, False),
            ("actual", known.done, False),
        ):
            found = pattern.fullmatch(text)
            if found and (strong or _one_figure(found["value"])) and self._value(field_, found, clause, line, strong):
                return True
        return self._count(text, clause, line)

    def _state(self, text: str, clause: Clause) -> bool:
        """A printed status, or a rate of the indicator before."""
        known = forms()
        if not self.open:
            return False
        rate = known.rate.fullmatch(text)
        if rate:
            for stated in self.open:
                stated.rate = rate["rate"] or rate["share"]
        elif known.status.fullmatch(text):
            for stated in self.open:
                stated.declared = stated.declared or text
        else:
            return False
        self._cover(clause)
        return True

    def _points(self, text: str, clause: Clause, line: Line) -> bool:
        known = forms()
        bare = known.bare_points.fullmatch(text) if clause.bracketed else None
        weight = known.weight.fullmatch(text) or bare
        score = None if weight else known.score.fullmatch(text)
        found = weight or score
        if found is None:
            return False
        name = self._name(found.groupdict().get("name") or "", strong=True)
        if name:
            self._begin([name], line)
        elif not self.open and not self._named_before(line):
            return False
        field_ = "weight" if weight else "score"
        if len(self.open) != 1 or getattr(self.open[0], field_):
            return False
        setattr(self.open[0], field_, found["points"])
        others = [stated for stated in self.found if stated.weight or stated.score]
        self.pointed = self.open[0] if len(others) == 1 else None
        self._cover(clause)
        return True

    def _value(self, field_: str, found: re.Match[str], clause: Clause, line: Line, strong: bool) -> bool:
        value, named = found["value"].strip(), found["name"].strip()
        object_ = (found.groupdict().get("object") or "").strip()
        together = "together" in found.groupdict() and bool(found["together"])
        names = self._names(named, object_, field_, strong=strong)
        if names is None or len(value) > LONGEST_VALUE or _doubtful(value):
            return False
        if names:
            self._begin(names, line)
        elif not self.open and not self._named_before(line):
            if self.pointed is None:
                return False
            self.open = [self.pointed]
        values = [part.strip() for part in re.split("、|和", value)] if together or len(self.open) > 1 else [value]
        if len(values) != len(self.open) or any(getattr(stated, field_) for stated in self.open):
            self.open = []
            return False
        for stated, one in zip(self.open, values, strict=True):
            setattr(stated, field_, one)
            stated.weak = stated.weak or not strong
            if self.counts and names and field_ == "actual":
                percent = re.search("[%％‰]", one)
                stated.counted = not forms().no_count.search(stated.name) and bool(
                    not percent or RATE_NAME.search(stated.name)
                )
        self._cover(clause)
        return True

    def _names(self, named: str, object_: str, field_: str, *, strong: bool) -> list[str] | None:
        """The names a clause gives itself: none where it goes on, None where it cannot be read."""
        object_ = "" if object_ in named else object_
        joined = named + (object_ if len(object_) >= SHORTEST_NAME and object_ not in {"完成", "达到"} else "")
        joined = re.sub("^(?:完成|达到)(?=.{2})", "", joined)
        if self.open and not getattr(self.open[0], field_):
            known = "、".join(stated.name for stated in self.open)
            if not forms().lead.sub("", joined) or all(sign in known for sign in forms().lead.sub("", joined)):
                return []
            if object_ and not named:
                return None
        if not joined:
            return []
        names = [self._name(part, strong=strong) for part in (joined.split("、") if strong else [joined])]
        names = names if all(names) else [self._name(joined, strong=strong)]
        return names if all(names) else None

    def _name(self, text: str, *, strong: bool) -> str:
        """The name in a text, empty where it is none."""
        known = forms()
        own = self.speaker.undated(self.speaker.without(text.strip()))
        own = known.lead.sub("", own, count=1) if known.lead.match(own) else own
        own = known.tail.sub("", own.strip(f" ，、：:“”{QUOTES}")).strip(f" ，、：:{QUOTES}")
        own = f"“{own}" if own.count("”") > own.count("“") else own
        bare = _without_calls(own)
        if not SHORTEST_NAME <= len(own) <= LONGEST_NAME or not re.search("[\u4e00-\u9fff]{2}", own):
            return ""
        if NO_VALUE.search(with_year(bare)) or (not strong and re.search("[0-9０-９]", bare)):
            return ""
        wrong = known.no_name.search(own)
        return "" if wrong and not RATE_NAME.search(own) else own

    def _named_before(self, line: Line) -> bool:
        """Begin the indicator that the clause before named."""
        before = self.before
        if before is None:
            return False
        text = _unmarked(before)
        name = self._name(text, strong=True)
        if not name or forms().status.fullmatch(text):
            return False
        self._begin([name], line)
        self._cover(before)
        return True

    def _count(self, text: str, clause: Clause, line: Line) -> bool:
        """``新建文化礼堂67家``: a count or rate right behind its name, where such are looked for."""
        if not (self.counts or clause.aimed) or clause.bracketed or text.startswith("其中"):
            return False
        parts = _together(text) or [part for part in text.split("、") if part]
        hits = [forms().counted.fullmatch(part) for part in parts]
        if not hits or not all(hits):
            return False
        rows = []
        for hit in hits:
            name = self._name(hit["name"], strong=False) if hit else ""
            percent = bool(hit and re.search("[%％‰]", hit["value"]))
            if not hit or not name or forms().no_count.search(name) or (percent and not RATE_NAME.search(name)):
                return False
            rows.append((name, hit["value"].strip()))
        self._begin([name for name, _ in rows], line)
        for stated, (_, value) in zip(self.open, rows, strict=True):
            stated.actual, stated.counted, stated.weak = value, self.counts, True
        self._cover(clause)
        return True

    def _begin(self, names: list[str], line: Line) -> None:
        before = self.before
        if len(names) == 1 and before is not None and before.colon:  # 河道清淤：计划清淤15公里
            full = self._name(_unmarked(before), strong=True)
            names = [full] if names[0] in full else names
        self.open = [Stated(name, line) for name in names]
        self.found += self.open
        self.before = None

    def _cover(self, clause: Clause) -> None:
        for stated in self.open:
            stated.spans.append(Span(stated.line, clause.start, clause.end))
            stated.sentence = _sentence(stated)


RATE_NAME = re.compile("(?:率|度|比例|比重|占比|程度)$")


def _without_calls(text: str) -> str:
    return CALLS.sub("", text)


def _one_figure(value: str) -> bool:
    return len(re.findall(NUMBER, value)) == 1


def _doubtful(value: str) -> bool:
    """Whether what follows a label is more than its value."""
    said = words()["wordings"]
    other = rf"{said['target']}|{said['actual']}|同比|较上|比上|相比|增长|占"
    return bool(re.search(rf"{other}|[0-9%％]\s*的", value)) or (
        value.count("、") == 0 and len(re.findall(r"[0-9]\s*[%％]", value)) > 1
    )


def _together(text: str) -> list[str]:
    """``A、B分别为1个、2个`` → ``A1个``, ``B2个``; empty where there are not as many values as names."""
    split = re.fullmatch(r"(?P<names>[^0-9]+?)分别(?:为|是|达到?|完成)\s*(?P<values>[0-9].+)", text)
    if split is None:
        return []
    names, values = re.split("、|和|与|及", split["names"]), re.split("、|和|与|及", split["values"])
    return [name + value for name, value in zip(names, values, strict=True)] if len(names) == len(values) else []


def _whole(stated: Stated) -> bool:
    """Whether enough was said: an actual beside a target or by itself, or points given for points to be had."""
    if stated.weight and stated.score:
        return True
    if stated.target and stated.actual:
        return not stated.weak or alike(stated.target, stated.actual)
    return bool(stated.actual and (stated.counted or stated.rate))


def alike(target: str, actual: str) -> bool:
    """Whether target and actual may be of one thing: their units are the same, or one has none or is longer."""
    units = [
        re.sub(rf"^.*?{NUMBER}|^[余多几百千万亿]+|以上|以下|以内|之内|左右|及", "", text).strip()
        for text in (target, actual)
    ]
    bare = [re.sub("^[余多几百千万亿]+", "", unit) for unit in units]
    return bare[0] in bare[1] or bare[1] in bare[0]


def _merged(found: list[Stated]) -> list[Stated]:
    """The indicators of a line; one that has only points, and one that has only values, are one indicator."""
    pointed = [stated for stated in found if stated.weight and not stated.actual]
    valued = [stated for stated in found if not stated.weight]
    if len(pointed) != 1 or not valued or len(pointed) + len(valued) != len(found):
        return found
    (one,) = pointed
    if len(valued) > 1:
        return pointed
    (other,) = valued
    one.target, one.actual, one.declared, one.rate = other.target, other.actual, other.declared, other.rate
    one.spans += other.spans
    return pointed


def _sentence(stated: Stated) -> str:
    """The sentence the indicator's first clause stands in."""
    text, at = stated.line.text, stated.spans[0].start
    start = max(text.rfind(sign, 0, at) for sign in "。；;") + 1
    ends = [end for sign in "。；;" if (end := text.find(sign, at)) >= 0]
    return text[start : min(ends, default=len(text))].strip()
