"""Amounts in a cell's text: one number, a range, or the reason why the numbers there are no amount.

What stands around one number: operator, fuzziness, 万 and 亿, unit, and the words before and after it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model import phrases, units
from perfeval.model.folding import one_of, vocabulary
from perfeval.model.numerals import ARABIC, CHINESE_NUMBER, LONGEST, NUMBER, arabic_shares, chinese, decimal
from perfeval.model.schema import MISSED
from perfeval.model.units import PLAIN, SCALE, SCALES, UNIT

_WORDS = vocabulary("words")
_BEFORE, _AFTER = _WORDS["operators"]["before"], _WORDS["operators"]["after"]
WINDOW = 14
"""Characters next to a number that are looked at."""
_OPERATOR = re.compile(rf"({one_of(_BEFORE)})[为是:]?$")
_FUZZY = re.compile(rf"({one_of(_WORDS['fuzzy']['before'])})$")
PLANNED = frozenset(["预计", "估计"])
"""What is only about so much because it is still to come."""
_APART = tuple(_WORDS["fuzzy"]["apart"])
_NEUTRAL = re.compile(r"(?:[¥$:'\"]|人民币|共计|合计|累计|总计|共|总数|为|是|有)$")
_LEVEL = re.compile(rf"(?:{one_of(_WORDS['change']['level'])})$")
_CHANGE = re.compile(
    rf"(?:(?P<up>{one_of(_WORDS['change']['up'])})|(?P<down>{one_of(_WORDS['change']['down'])}))[了为]?$"
)
_RANK = re.compile(r"(?:(?P<nth>第)|(?P<top>前))$")
PER = re.compile(r"(?:(?:每(?:个)?[人户月年天日周次生亩村家年级季度学期]{1,2})+|[人户月日天年](?:均))$")
_EACH = re.compile(r"每个?|均")
_SENTENCE_STOP = re.compile(one_of(_WORDS["sentence"]["stop"]))
_NO_LEAD = re.compile(r"[,;。…!?\d/\-~—+<>=≥≤]")
_LEAD_END = re.compile(r"[一-龥:\"'、)%]$")
_ALLOWED = re.compile(one_of(_WORDS["sentence"]["allowed"]))
TOO_LARGE = Decimal(10**LONGEST)
_LONGEST_LEAD, _LONGEST_NOUN = 30, 12
_NOUN = re.compile(rf"[^\W\d_]{{1,{_LONGEST_NOUN}}}")
_MINUS = re.compile("(?:[-负]|零下)$")
_IS = re.compile("[为是:]$")
_INSIDE = re.compile(
    rf"(?:{one_of(_WORDS['fuzzy']['inside'])})(?=$|[^一-龥]|{SCALE}|{PLAIN}|[一-龥]{{1,2}}$)", re.IGNORECASE
)
_SCALE_AT = re.compile(rf"(?:{SCALE})(?![克米瓦分卡帕升])")
_UNIT_AT = re.compile(rf"/?{UNIT}", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    rf"([一-龥]{{1,2}}|[A-Za-z]{{1,5}})(?=(?:{one_of(_AFTER)}|{one_of(_WORDS['fuzzy']['after'])})?$)"
)
_NO_UNIT = re.compile(f"[{_WORDS['tail']['no_unit']}]")
_AFTER_AT = re.compile(one_of(_AFTER))
_FUZZY_AFTER = re.compile(one_of(_WORDS["fuzzy"]["after"]))
_EXPLAINED = re.compile(rf"[,;。、:]?(?:{one_of(_WORDS['tail']['explanation'])})")
_TAIL_WORDS = frozenset(_WORDS["tail"]["words"]) | phrases.WHOLE
TAIL_STOP = re.compile(one_of(_WORDS["tail"]["stop"]))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stands around it; the fields that :class:`~perfeval.model.values.Value` has mean the same."""

    number: Decimal
    operator: str = ""
    unit: str = ""
    fuzzy: str = ""
    word: str = ""
    level: str = ""
    scale: Decimal = Decimal(1)
    """What the written number was multiplied by: 10000 for 万."""
    lent: bool = False
    """Unit and scale are the unit column's, not the cell's own."""
    lead: str = ""
    """What of a count sentence stands before it."""


def single(lead: str, digits: str, tail: str) -> Amount | str | None:
    """One number between what stands before and after it."""
    after = scaled(digits, tail)
    if after is None:
        return "数字过长，疑似编号"
    one, rest, _ = after
    lead, operator, fuzzy, negative = peel_lead(lead)
    one = replace(one, number=-one.number if negative else one.number, fuzzy=fuzzy or one.fuzzy, operator=operator)
    ended = _close(one, rest)
    return ended if not isinstance(ended, Amount) else _with_lead(ended, lead)


def scaled(digits: str, tail: str) -> tuple[Amount, str, Decimal] | None:
    """The number with scale, inner fuzziness and unit, the rest of the tail, and the number as written."""
    written = decimal(digits)
    if written is None:
        return None
    scale, fuzzy = Decimal(1), ""
    for _ in range(2):  # 20多万, 1万余
        inner = _INSIDE.match(tail)
        if inner and not fuzzy:
            fuzzy, tail = inner[0], tail[inner.end() :]
        written_scale = _SCALE_AT.match(tail)
        if written_scale and scale == 1:
            scale, tail = SCALES[written_scale[0]], tail[written_scale.end() :]
    unit = _UNIT_AT.match(tail)
    tail = tail[unit.end() :] if unit else tail
    number = written * scale
    if number >= TOO_LARGE:
        return None
    return Amount(number, "", units.normal_unit(unit[0]) if unit else "", fuzzy, scale=scale), tail, written


def peel_lead(lead: str) -> tuple[str, str, str, bool]:
    """Operator, fuzziness and sign taken off the end of what stands before a number."""
    operator = fuzzy = ""
    negative = False
    while lead:
        end = lead[-WINDOW:]
        found = _OPERATOR.search(end)
        if found and not operator:
            operator = _BEFORE[found[1]]
        elif (found := _FUZZY.search(end)) and not end.endswith(_APART):
            fuzzy = found[1] if found[1] not in ("~", "≈") else "约"
        elif (found := _MINUS.search(end)) and _begins(lead[: len(lead) - len(found[0])]):
            negative = True
        elif not (found := _NEUTRAL.search(end)):
            break
        lead = lead[: len(lead) - (len(found[0]) if found else 1)]
    return lead, operator, fuzzy, negative


def _begins(lead: str) -> bool:
    """Whether a minus after these words is one, and no dash: it stands first, or behind an operator or 为."""
    return not lead or any(form.search(lead[-WINDOW:]) for form in (_OPERATOR, _FUZZY, _IS))


def _close(one: Amount, rest: str) -> Amount | str | None:
    """What follows number and unit: 以上, 左右, a level, a word, a noun or an explanation."""
    if not one.unit and rest and not _known_ending(rest):
        other = _OTHER_UNIT.match(rest)
        if other and not TAIL_STOP.search(other[1]) and not _NO_UNIT.search(other[1]):
            one, rest = replace(one, unit=units.normal_unit(other[1])), rest[other.end() :]
    while rest:
        after, fuzzy = _AFTER_AT.match(rest), _FUZZY_AFTER.match(rest)
        if after:
            bound = _AFTER[after[0]]
            if one.operator and one.operator[0] != bound[0]:
                return f"运算符前后矛盾（{one.operator}与{after[0]}）"
            one, rest = replace(one, operator=one.operator or bound), rest[after.end() :]
        elif fuzzy:
            one, rest = replace(one, fuzzy=one.fuzzy or fuzzy[0]), rest[fuzzy.end() :]
        else:
            return _with_rest(one, rest)
    return one


def _known_ending(rest: str) -> bool:
    bare = phrases.folded_key(rest)
    return bool(_AFTER_AT.match(rest) or _FUZZY_AFTER.match(rest) or bare in _TAIL_WORDS or phrases.level_of(bare))


def _with_rest(one: Amount, rest: str) -> Amount | None:
    bare = phrases.folded_key(rest)
    level = phrases.level_of(bare)
    if level == MISSED and one.unit != "%" and not phrases.closing_level(rest)[0]:
        return None  # 5件未完成 counts what was not done
    if level:
        return replace(one, word=bare, level=level) if one.unit or not _UNIT_AT.match(bare) else None
    if bare in _TAIL_WORDS:
        return replace(one, word=bare)
    if explained(rest) or not bare:
        return one
    noun = _NOUN.fullmatch(rest)
    # 100元标准 is an amount of 元; 5号楼 or 95未达 are not amounts of anything we know
    return one if noun and one.unit and not TAIL_STOP.search(rest) else None


def _with_lead(one: Amount, lead: str) -> Amount | None:
    """What stands before operator and number: nothing, 每人每月, 较上年增长, 第, or how a count sentence begins."""
    per = PER.search(lead[-WINDOW:])
    if per and "/" not in one.unit:
        below = [part for part in _EACH.split(per[0]) if part]
        unit = units.normal_unit(f"{one.unit}/{'·'.join(below)}")
        if not _UNIT_AT.fullmatch(unit):
            return None  # 每年人 is no unit that anybody writes
        one, lead = replace(one, unit=unit), lead[: len(lead) - len(per[0])]
    rank = _RANK.search(lead)
    if rank:
        ranked = one.unit in ("人", "", "位次", phrases.RANK) and not one.word
        if not ranked or one.operator or one.fuzzy or one.number != int(one.number):
            return None
        return replace(one, unit=phrases.RANK, operator="<=" * bool(rank["top"]))
    level, change = _LEVEL.search(lead), _CHANGE.search(lead)
    if change and not level:
        lead, operator, fuzzy, negative = peel_lead(lead[: change.start()])  # 约增长5%, 不低于增长5%
        if negative or fuzzy in PLANNED:
            return None
        word = phrases.UP if change["up"] else phrases.DOWN
        one = replace(one, word=word, level="", operator=one.operator or operator, fuzzy=one.fuzzy or fuzzy)
    return _after_sentence(one, lead)


def _after_sentence(one: Amount, lead: str) -> Amount | None:
    if not lead:
        return one
    plain = _ALLOWED.sub("", lead)
    unclear = len(lead) > _LONGEST_LEAD or _NO_LEAD.search(lead) or _SENTENCE_STOP.search(plain)
    return None if unclear or not _LEAD_END.search(lead) else replace(one, lead=lead)


def explained(rest: str) -> bool:
    """Whether a text begins as an explanation of the amount before it: 其中, 含, 较上年."""
    return _EXPLAINED.match(rest) is not None


def closed(one: Amount, rest: str) -> Amount | None:
    """The amount with what ends its clause (以上, 左右, 合格); None where other words follow."""
    found = _close(one, rest)
    return found if isinstance(found, Amount) else None


def denied(lead: str) -> bool:
    """Whether the words before a number say that it is not what was done: 未办5件, 计划10场."""
    return _SENTENCE_STOP.search(_ALLOWED.sub("", lead)) is not None


_NOTE = re.compile(r"\(([^()]*)\)")
_UNIT_NOTE = re.compile(r"/\(([^()]{1,12})\)")
_CALLED = one_of(_WORDS["sentence"]["named"])
_AFTER_NAME = one_of(_WORDS["sentence"]["after_named"])
_NAMED = re.compile(rf"(?<![0-9.])(?:{_CALLED})(?={_AFTER_NAME})")
_QUOTED = re.compile(r'"[^"]{0,30}"')
_SIGNS_ONLY = re.compile("[<>=≥≤%‰]+")
_MARK_BEFORE = re.compile(r"[<>=≥≤]*([▲△▼▽↓↑]|-*—+|净?亏损?|赤字)[<>=≥≤¥$]*[.0-9]")
_MARK_AFTER = re.compile(rf"[¥$]?(?:{ARABIC})[^0-9,;。、:()]{{0,4}}?([▲△▼▽↓↑-]|—+)")
_BRACKETED = re.compile(rf"[¥$]?\([¥$]?(?:{ARABIC})[^0-9,;。、:()以之不超内]{{0,8}}\)[%‰元万亿]*")
_MINUS_NOTE = re.compile("[-—↓▼]|负数?|减少?|下降|降低|亏损?|贷")
"""Accounts write (5.2%) and ▲5.2% for minus 5.2 %; others mean a note, or a rise."""
_OCR = re.compile(r"(?<![A-Za-z])(?:[0-9]+[oO]|[oOlI][0-9oO]+)[0-9oO]*(?=[%一-龥]|$)")
_SEPARATOR = re.compile(r"^(?P<unit>.{0,10}?)(?:-|~|—|至|到)+$", re.DOTALL)
_BOTH = re.compile(r"(?P<unit>[^,;且并、]{0,10})[,;且并、]+(?P<lead>.{1,8})", re.DOTALL)
_ODD_CHINESE = frozenset(_WORDS["sentence"]["odd_chinese_units"])
_CLAUSE_END = re.compile("[,;。、:…]")
CLAUSE = re.compile("(?<![0-9]),|,(?![0-9])|[;。]")
"""Between the clauses of a folded cell; no comma of thousands."""
_WORD = re.compile("[一-龥]{2}")
_DATE_LIKE = re.compile(r"[0-9]{4}\.[0-9]{1,2}|[0-9]{8}")


def may_be_date(folded: str, unit: str) -> bool:
    """2022.12 and 20221231 are dates unless the unit column says that they count something."""
    return not (_DATE_LIKE.fullmatch(folded) and units.column(unit) != units.Column())


def amount(folded: str, unit: str) -> Amount | tuple[Amount, Amount] | str | None:
    """The amount a folded cell states: one, the two ends of a range, why it cannot be read, or None where it has none.

    ``unit`` is the unit column's text.
    """
    if doubtful := _doubtful(folded):
        return doubtful
    text, notes = without_notes(arabic_shares(folded))
    found = _from_text(text)
    if found is None or isinstance(found, str):
        return found
    if denied := next((note for note in notes if _MINUS_NOTE.fullmatch(note)), ""):
        return f"括号里注明“{denied}”，可能是负数"
    low, high = (found, found) if isinstance(found, Amount) else found
    noted = next((note for note in notes if not low.unit and units.is_unit(note)), "")
    if any(note.startswith("不含") for note in notes) and low.operator in (">=", "<="):
        low = replace(low, operator=low.operator[0])
    low, high = (_with_unit(one, noted or unit) for one in (low, high))
    if high.number >= TOO_LARGE:
        return "数字过长，疑似编号"
    return low if isinstance(found, Amount) else (low, high)


def _doubtful(folded: str) -> str:
    """Why a text is no certain amount at first sight: misread letters, signs only, what may mean minus; else empty."""
    if _OCR.search(folded):
        return "数字中夹有字母O或l，疑似识别错误"
    if _SIGNS_ONLY.fullmatch(folded):
        return "只有符号，没有数值"
    if found := _MARK_BEFORE.match(folded):
        return f"数前有“{found[1]}”，可能是负数"
    if found := _MARK_AFTER.fullmatch(folded):
        return f"数后有“{found[1]}”，可能是负数"
    return "整格括号里的数，可能是负数" if _BRACKETED.fullmatch(folded) else ""


def quantities(text: str) -> list[tuple[Amount, str, str]]:
    """Every amount of a folded narrative with the words just before and after it (up to the next number or clause)."""
    text, _ = without_notes(arabic_shares(text))
    found = []
    tokens = list(NUMBER.finditer(text))
    for i, token in enumerate(tokens):
        begin = tokens[i - 1].end() if i else 0
        stop = tokens[i + 1].start() if i + 1 < len(tokens) else len(text)
        lead = _CLAUSE_END.split(text[begin : token.start()])[-1][-WINDOW:]
        tail = _CLAUSE_END.split(text[token.end() : stop])[0][:WINDOW]
        read = scaled(token[0], tail)
        if read is not None:
            one, rest, _ = read
            before, operator, fuzzy, _ = peel_lead(lead)
            found.append((replace(one, operator=operator, fuzzy=fuzzy or one.fuzzy), before, rest))
    return found


def _with_unit(one: Amount, text: str) -> Amount:
    """The unit column's unit for an amount that has none of its own; 150万 under 万元 is not multiplied twice."""
    given = units.column(text)
    if one.unit or (not given.unit and given.scale == 1):
        return one
    scale = Decimal(1) if one.scale != 1 else given.scale
    return replace(one, unit=given.unit, number=one.number * scale, scale=one.scale * scale, lent=one.scale == 1)


def without_notes(text: str) -> tuple[str, list[str]]:
    """The text without its brackets, and what stood in them; a cell that is one bracket is its content."""
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        return text[1:-1], []
    text = _UNIT_NOTE.sub(r"/\1", text)
    notes = _NOTE.findall(text)
    return _NOTE.sub("", text), notes


def _from_text(text: str) -> Amount | tuple[Amount, Amount] | str | None:
    """One amount, the two ends of a range, the reason why numbers cannot be read, or None where there are none."""
    text = _QUOTED.sub(lambda found: "□" if any(c.isdigit() for c in found[0]) else found[0], text)
    text = _NAMED.sub("号", text)
    tokens = list(NUMBER.finditer(text))
    if not tokens:
        return _in_characters(text)
    first = tokens[0]
    if len(tokens) == 1:
        return single(text[: first.start()], first[0], text[first.end() :])
    if len(tokens) == 2:  # noqa: PLR2004
        pair = _pair(text, first, tokens[1])
        if pair is not None:
            return pair
    clause, mark, rest = text.partition(",")
    if mark and NUMBER.search(clause):
        alone = _from_text(clause)
        if isinstance(alone, Amount) and (explained(rest) or (not alone.lead and _of_other_things(alone, rest))):
            return alone
    return _many(text, tokens)


def _of_other_things(one: Amount, rest: str) -> bool:
    """Whether what follows a first clause's share counts other things and denies nothing (98.26%，全市第3)."""
    others = {units.dimension(other.unit) for other, _, _ in quantities(rest)}
    return units.dimension(one.unit) == "ratio" and "ratio" not in others and not TAIL_STOP.search(rest)


def _many(text: str, tokens: list[re.Match[str]]) -> str | None:
    """Why several numbers are no amount; None for a narrative."""
    between = text[tokens[0].end() : tokens[1].start()]
    if _WORD.search(text):
        return None
    if between in (":", "/"):
        return "填写的是比值，不是单一数值"
    return "千分位写法不规范" if between == "," else "有多个数值，不知取哪一个"


def _pair(text: str, first: re.Match[str], second: re.Match[str]) -> tuple[Amount, Amount] | str | None:
    """Two numbers as a range: 3-5天, 5%至10%, ≥3且≤5."""
    lead, between, tail = text[: first.start()], text[first.end() : second.start()], text[second.end() :]
    both = _BOTH.fullmatch(between)
    if both:
        one, other = single(lead, first[0], both["unit"]), single(both["lead"], second[0], tail)
        return _between(one, other)
    separated = _SEPARATOR.match(between)
    if not separated:
        return None
    begin, end = single(lead, first[0], separated["unit"]), single("", second[0], tail)
    if not isinstance(begin, Amount) or not isinstance(end, Amount) or begin.level or (begin.word and end.word):
        return None
    low, high = begin, end
    if not separated["unit"]:  # 1-2万: the scale stands only once
        low = replace(low, number=low.number * high.scale, scale=high.scale)
    if low.operator in (">", "<", "<=", "=") or high.operator in (">", "<"):
        return "范围前另有运算符，含义不明"
    return _range(low, replace(high, word=high.word or low.word, fuzzy="约" * bool(low.fuzzy or high.fuzzy)))


def _between(one: Amount | str | None, other: Amount | str | None) -> tuple[Amount, Amount] | str | None:
    """A lower and an upper bound in one cell; None where they are not one of each."""
    if isinstance(one, Amount) and isinstance(other, Amount) and {one.operator, other.operator} == {">=", "<="}:
        low, high = (one, other) if one.operator == ">=" else (other, one)
        return _range(replace(low, operator=""), replace(high, operator=""))
    return None


def _range(low: Amount, high: Amount) -> tuple[Amount, Amount] | str:
    if low.unit and high.unit and low.unit != high.unit:
        return f"范围两端单位不同（{low.unit}与{high.unit}）"
    if low.number > high.number:
        return "范围的下限大于上限"
    unit = high.unit or low.unit
    high = replace(high, unit=unit, scale=max(low.scale, high.scale))
    return replace(high, number=low.number, operator=low.operator or high.operator), high


def _in_characters(text: str) -> Amount | str | None:
    """An amount in Chinese characters (两次, 十二个月以内), only where all around it is certain."""
    tokens = list(CHINESE_NUMBER.finditer(text))
    if len(tokens) != 1:
        return None
    token = tokens[0]
    number = chinese(token[0])
    one = None if number is None else single(text[: token.start()], f"{number:f}", text[token.end() :])
    if not isinstance(one, Amount) or one.lead or one.word or one.level or not one.unit:
        return None
    return one if one.unit not in _ODD_CHINESE and units.is_unit(one.unit) else None
