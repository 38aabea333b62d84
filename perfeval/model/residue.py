"""What of a cell nothing accounts for: neither its amount, nor the row's own words, nor words that change nothing.

全年共举办培训12场 leaves nothing, 签订12场培训协议 leaves 签订 and 协议: the number is then another one than what was
done in the year, or may be. No list says what makes a number doubtful; ``neutral`` in ``words.toml`` what does not.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

from perfeval.model import amounts, names, phrases, units
from perfeval.model.folding import fold, one_of, vocabulary
from perfeval.model.numerals import NUMBER, arabic_shares, chinese
from perfeval.model.rounding import half_up
from perfeval.model.schema import MET, PARTLY
from perfeval.model.steps import asked_for, is_done
from perfeval.model.values import Value

_WORDS = vocabulary("words")
_NEUTRAL, _CHANGE = _WORDS["neutral"], _WORDS["change"]
_BESIDE = frozenset(
    [
        *(word for name in ("done", "people", "about") for word in _NEUTRAL[name]),
        *_CHANGE["level"],
        *phrases.WHOLE,
    ]
)
_ASIDE = _BESIDE | frozenset(_NEUTRAL["aside"])
_RATES, _KINDS = frozenset(_NEUTRAL["rates"]), frozenset(_NEUTRAL["kinds"])
_RANKED = frozenset(["第", "前", "全街", "全区", "全市", "全省"])
_CHANGED = frozenset([*_NEUTRAL["compared"], *_CHANGE["up"], *_CHANGE["down"]])
_THAN = _CHANGED | frozenset(_NEUTRAL["than"])
_COUNTED_TOO = frozenset(_NEUTRAL["counted_too"])
_MORE_KINDS, _OF_BAD = _KINDS | {"新增"}, _KINDS | frozenset(_NEUTRAL["received"])
_LONGEST = max(len(word) for words in (_ASIDE, _THAN, _RANKED, _RATES, _MORE_KINDS, _OF_BAD) for word in words)
_COMPARING = re.compile(one_of(_NEUTRAL["comparing"]))
_NAMED = re.compile(f"(?:{one_of(_NEUTRAL['named'])})[^0-9 ]{{0,4}}$")
_OF_IT = re.compile(one_of(_WORDS["aside"]["parts"]))
_PART = re.compile(f"[^{_NEUTRAL['no_part']}]{{0,8}}(?:{one_of([*_NEUTRAL['part'], *_NEUTRAL['people']])})$")
_OF_MANY_YEARS = re.compile(
    f"(?P<word>(?:{one_of(_WORDS['aside']['parts'])})[^0-9]{{0,4}}(?:{one_of(_WORDS['aside']['this_year'])}))"
    "|(?P<all>累计)[^,;(]*[0-9][^0-9]*(?:新增|新建)"
)
_WHOM = re.compile(f"[^{_NEUTRAL['no_part']}]{{0,6}}?(?:{one_of(_NEUTRAL['people'])})(?= |$)")
_NO_KIND = re.compile(f"[{_NEUTRAL['no_part']}]")
_CAUSE = re.compile("(?:因|由于|受)[^未不没 ]{1,8}?(?=仅|只)")
_CLAUSE = re.compile("(?<![0-9]),|,(?![0-9])|[;。、:…]")
_BOUND = re.compile(f"(?:{one_of([*_WORDS['operators']['after'], *_WORDS['fuzzy']['after']])})+")
_AND_MORE = re.compile("[^,;。、0-9]{1,8}(?:、[^,;。、0-9]{1,8})+等")
_LISTED = re.compile("[、,和及]")
_NAMED_ONES = re.compile("[^,;。、0-9]{1,10}(?:、[^,;。、0-9]{1,10})+")
_LESS = re.compile(f"[{_NEUTRAL['no_part']}余剩尚差仅只超]")
_RUN = re.compile(r"[^\W_]+")
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?:年度?|(?=-|~|—|至|到))")
_YEAR_ASIDE = re.compile(f"{_YEAR.pattern}|^(?:19|20)[0-9]{{2}}$")
_MONTH = re.compile("(?:-|~|—|至|到)?[0-9]{1,2}(?=月|季度|日|号)")
_WHOLE_YEAR = re.compile("(?<![0-9])1月?(?:-|~|—|至|到)12月(?:份)?")
_WITHIN, _WITHOUT, _PAIR = "控制", "不含", 2
_DIGIT = re.compile("[0-9]")
_EVENT, _TIMES = re.compile(one_of(_NEUTRAL["events"])), frozenset(_NEUTRAL["times"])
_ASKED = re.compile("[?？]")
_RATED = re.compile("[均每]|标准|单价")
_EVERY = re.compile("[·/]")
_LONGEST_INCLUDED = 7


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause or bracket with spaces for its amounts."""

    text: str
    own: bool
    """The value's amount stands in it."""
    bare: frozenset[int]
    """Places of the characters that no neutral word covers."""


def residue(indicator: str, target: Value, actual: Value, status: str, year: int | None = None) -> str:
    """The first words beside what decides an actual that neither the row's own texts nor a neutral word accounts for.

    ``status`` is what the row came to, ``year`` the document's. Where an amount missed its target, clauses with a
    number of their own say why (98%，2处正在整改), and words that say 未完成 need no more; those that say 完成 do.

    >>> from perfeval.model.values import read
    >>> residue("培训场次", read("12场"), read("全年共举办培训12场"), "完成")
    ''
    >>> residue("培训场次", read("12场"), read("签订12场培训协议"), "完成")
    '签订'
    """
    if _ASKED.search(actual.raw):
        return "？"
    amount = actual.kind in ("number", "range")
    graded = status == PARTLY and not actual.level
    if actual.word == phrases.NOTHING or actual.kind == "date" or not (amount or graded or status == MET):
        return ""
    if other := (
        _rate(indicator, target, actual)
        or (_claim(actual.raw) if status != MET else "")
        or _left_out(target, actual.raw)
    ):
        return other
    word = actual.word or ("" if amount else phrases.graded_ending(actual.raw))
    pieces = _pieces(actual.raw, actual.low, word, actual.unit, year)
    if not pieces:
        return ""
    name = fold(indicator)
    like = " ".join(f"{word}率 {word}数" for word in asked_for(indicator, target.raw))
    row = f"{name} {name.replace('度', '率')} {fold(target.raw)} {like}"
    kinds = _MORE_KINDS if not names.adverse(indicator) else _OF_BAD if target.operator.startswith("<") else _KINDS
    for piece in pieces:
        if status != MET and not piece.own and " " in piece.text:
            continue
        named = _of_row(piece.text, row)
        bare = piece.bare - named
        bare -= _covered(piece.text, kinds) if bare and named else set()
        bare -= _kinds(piece.text, bare, named, actual.unit) if bare and named and piece.own else set()
        if bare:
            return next(run[0] for run in _RUN.finditer(piece.text) if run.end() > min(bare))
    return ""


def _rate(indicator: str, target: Value, actual: Value) -> str:
    """What an actual is per, where neither target nor name is: 12场/社区."""
    per = "" if "/" in target.unit else actual.unit.partition("/")[2]
    return f"/{per}" if per and not _RATED.search(indicator) and not _written(per, indicator) else ""


def _left_out(target: Value, raw: str) -> str:
    """That something is left out, where the verdict may rest on it: 9万元（不含税） beside at most 10万元."""
    out = not target.operator.startswith(">") and _WITHOUT in fold(raw) and _WITHOUT not in fold(target.raw)
    return _WITHOUT if out else ""


def _claim(raw: str) -> str:
    """The clause without a number that says that all is done, or kept: 95万元，未超预算."""
    clauses = _CLAUSE.split(amounts.without_notes(fold(raw))[0])
    return next((one for one in clauses if not _DIGIT.search(one) and (phrases.level_of(one) == MET or _kept(one))), "")


def _kept(clause: str) -> bool:
    grade = phrases.grade_of(phrases.graded_ending(clause))
    return grade is not None and grade.family == _WITHIN and not grade.bad


def _written(per: str, indicator: str) -> bool:
    """Whether a name has what a rate is of (公里造价); 人 in 培训人次 is no such."""
    return all(part == "年" or (len(part) > 1 and part in indicator) for part in _EVERY.split(per))


def _of_row(text: str, row: str) -> set[int]:
    """Places of two characters and more that stand in the row's texts just so."""
    at = (i for i in range(len(text) - 1) if text[i : i + 2] in row and " " not in text[i : i + 2])
    return {place for i in at for place in (i, i + 1)}


def _covered(text: str, words: frozenset[str]) -> set[int]:
    """Places of the longest word at each place, also where they overlap."""
    found: set[int] = set()
    for place in range(len(text)):
        for size in range(min(_LONGEST, len(text) - place), 0, -1):
            if text[place : place + size] in words:
                found.update(range(place, place + size))
                break
    return found


def _well(clause: str) -> bool:
    """Whether a clause only says that it went well: 群众反映良好."""
    grade = phrases.grade_of(phrases.graded_ending(clause))
    return grade is not None and not grade.bad and not any(character.isdigit() for character in clause)


def _kinds(text: str, bare: frozenset[int], named: set[int], unit: str) -> set[int]:
    """Places of words for whom it was (救助流浪人员), and of what the row's events were about: 开展业务培训 of 12场.

    Before other words of the row nothing may stand that no list has: 意向就业, 启动改造, 责令拆除 are none of it.
    """
    found: set[int] = set()
    for place in named - {other + 1 for other in named}:
        whom = _WHOM.match(text, place + 1)
        found.update(range(place, whom.end()) if whom else ())
    for event in _EVENT.finditer(text) if unit in _TIMES else ():
        begin = event.start()
        while begin - 1 in bare | named:
            begin -= 1
        about = text[begin : event.start()]
        if begin and event.start() in named and len(about) <= _LONGEST and not _NO_KIND.search(about):
            found.update(range(begin, event.start()))
    return found


@lru_cache(maxsize=16384)
def _pieces(raw: str, low: Decimal | None, word: str, unit: str, year: int | None) -> tuple[_Piece, ...]:
    """The clauses and brackets of a cell in which something is left that is not neutral anywhere."""
    body, notes = amounts.without_notes(arabic_shares(fold(raw)))
    many = _OF_MANY_YEARS.search(body + "".join(notes))
    found = [_Piece(many["word"] or many["all"], False, frozenset([0]))] if many else []
    body = _AND_MORE.sub(lambda found: found[0] if _NO_KIND.search(found[0]) else "", body)
    body = _NAMED_ONES.sub(partial(_without_names, body, low), body)
    clauses = [clause for clause in _CLAUSE.split(body) if clause] if low is None or NUMBER.search(body) else []
    if low is None:
        clauses = [clause for clause in clauses if word and word in clause]
        own = [True] * len(clauses)
    else:
        own = [
            any(one.number == low and is_done(lead) is not False for one, lead, _ in amounts.quantities(clause))
            for clause in clauses
        ]
        own[:1] = [own[0] or not any(own)] if own else []
    stated = [
        (clause, holds) for clause, holds in zip(clauses, own, strict=True) if holds or not _of_else(clause, unit)
    ]
    found += [_piece(clause, holds, word, unit, year) for clause, holds in stated]
    asides = [
        clause
        for note in notes
        if not (_same(note, low) or (unit == "%" and _gives(note, low)))
        for clause in _CLAUSE.split(note)
    ]
    found += [_piece(clause, False, word, unit, year) for clause in asides]
    return tuple(piece for piece in found if piece.bare)


def _without_names(body: str, low: Decimal | None, found: re.Match[str]) -> str:
    """What is left of names in a row before the number of them: 甲路、乙巷、丙巷3条."""
    number = NUMBER.match(body, found.end())
    size = None if number is None else chinese(number[0]) or (Decimal(number[0]) if number[0].isdecimal() else None)
    all_ = size == low == found[0].count("、") + 1
    return "" if all_ and not _NO_KIND.search(found[0]) else found[0]


def _of_else(clause: str, unit: str) -> bool:
    """Whether a clause tells of people, papers or money besides, and of nothing missing: 12场，参训300人."""
    counted = {one.unit for one, _, _ in amounts.quantities(clause)}
    return bool(counted) and counted <= _COUNTED_TOO - {unit} and not _LESS.search(clause)


def _same(note: str, low: Decimal | None) -> bool:
    """Whether a bracket repeats number or unit, or names what was counted: 3条（甲路、乙巷、丙巷）, 65%（含灌木林）."""
    things = [thing for thing in _LISTED.split(note) if thing]
    plain = not _NO_KIND.search(note) and not any(character.isdigit() for character in note)
    listed = plain and len(things) > 1 and (note.endswith("等") or len(things) == low)
    included = plain and note.startswith("含") and len(note) <= _LONGEST_INCLUDED
    return listed or included or units.is_unit(note) or (low is not None and chinese(note) == low)


def _gives(note: str, low: Decimal | None) -> bool:
    """Whether a bracket has the two counts whose share the percentage is: 99.2%（上报5210件，办结5168件）."""
    counts = [one for one, _, _ in amounts.quantities(note)]
    if low is None or len(counts) != _PAIR or len({one.unit for one in counts}) > 1:
        return False
    part, whole = sorted(one.number for one in counts)
    places = max(0, -int(low.as_tuple().exponent))
    return whole > 0 and half_up(part * 100 / whole, places) == low


def _piece(clause: str, own: bool, word: str, unit: str, year: int | None) -> _Piece:
    if phrases.level_of(clause) == MET or (not own and _well(clause)):
        return _Piece(clause, own, frozenset())
    text = _without_amounts(clause, own, unit, year)
    bare = {place for place, character in enumerate(text) if character.isalnum()}
    known = _BESIDE if own else _ASIDE
    if word in phrases.CHANGES if own else _COMPARING.match(text):
        known |= _THAN if _COMPARING.match(text) else _CHANGED
    if unit == phrases.RANK:
        known |= _RANKED
    if unit != "%" and not own:
        known |= _RATES
    bare -= _covered(text, known)
    if cause := _CAUSE.match(text):
        bare -= set(range(cause.end()))
    if word and word not in phrases.CHANGES and (at := text.find(word)) >= 0:
        bare -= set(range(at, at + len(word)))
    return _Piece(text, own, frozenset(bare))


def _without_amounts(clause: str, own: bool, unit: str, year: int | None) -> str:
    """The clause with spaces for its amounts, and for what names them as parts of the value's or as other numbers."""
    text = _WHOLE_YEAR.sub(" ", clause)
    years = _YEAR if own else _YEAR_ASIDE
    text = years.sub(lambda found: " " if year is not None and found[0].startswith(str(year)) else found[0], text)
    kept, at = "", 0
    for token in NUMBER.finditer(text):
        if token.start() < at or years.match(text, token.start()) or _MONTH.match(text, token.start()):
            continue
        read = amounts.scaled(token[0], text[token.end() :])
        rest = text[token.end() :] if read is None else read[1]
        if read is not None and not read[0].unit and unit and rest.startswith(unit):
            rest = rest[len(unit) :]
        ended = _BOUND.match(rest)
        rest = rest[ended.end() :] if ended else rest
        whole = text[at : token.start()]
        peeled, operator, fuzzy, _ = amounts.peel_lead(whole)
        before = peeled if operator or (fuzzy and fuzzy not in amounts.PLANNED) else whole
        before = amounts.PER.sub("", before) if "/" in unit else before
        part = _OF_IT.match(before)
        other = (
            None if own else _PART.match(before, part.end()) if part else _NAMED.search(before) or _PART.match(before)
        )
        kept += (before[: other.start()] if other else before) + " "
        at = len(text) - len(rest)
    return kept + text[at:]
