"""What stands around one number: operator, fuzziness, 万 and 亿, unit, and the words before and after it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model import phrases, units
from perfeval.model.folding import one_of, vocabulary
from perfeval.model.numerals import LONGEST, decimal
from perfeval.model.schema import MISSED
from perfeval.model.units import PLAIN, SCALE, SCALES, UNIT

_WORDS = vocabulary("words")
_BEFORE, _AFTER = _WORDS["operators"]["before"], _WORDS["operators"]["after"]
WINDOW = 14
"""Characters next to a number that are looked at."""
_OPERATOR = re.compile(rf"({one_of(_BEFORE)})[为是:]?$")
_FUZZY = re.compile(rf"({one_of(_WORDS['fuzzy']['before'])})$")
_NEUTRAL = re.compile(r"(?:[¥$:'\"]|人民币|共计|合计|累计|总计|共|总数|为|是|有)$")
_LEVEL = re.compile(rf"(?:{one_of(_WORDS['change']['level'])})$")
_CHANGE = re.compile(
    rf"(?:(?P<up>{one_of(_WORDS['change']['up'])})|(?P<down>{one_of(_WORDS['change']['down'])}))[了为]?$"
)
_RANK = re.compile(r"(?:(?P<nth>第)|(?P<top>前))$")
_PER = re.compile(r"(?:(?:每(?:个)?[人户月年天日周次生亩村家年级季度学期]{1,2})+|[人户月日天年](?:均))$")
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
    rf"({one_of(_WORDS['fuzzy']['inside'])})(?=$|[^一-龥]|{SCALE}|{PLAIN}|[一-龥]{{1,2}}$)", re.IGNORECASE
)
_SCALE_AT = re.compile(rf"({SCALE})(?![克米瓦分卡帕升])")
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
            fuzzy, tail = inner[1], tail[inner.end() :]
        written_scale = _SCALE_AT.match(tail)
        if written_scale and scale == 1:
            scale, tail = SCALES[written_scale[1]], tail[written_scale.end() :]
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
        elif found := _FUZZY.search(end):
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
    per = _PER.search(lead[-WINDOW:])
    if per and "/" not in one.unit:
        below = [part for part in _EACH.split(per[0]) if part]
        one = replace(one, unit=units.normal_unit(f"{one.unit}/{'·'.join(below)}"))
        lead = lead[: len(lead) - len(per[0])]
    rank = _RANK.search(lead)
    if rank:
        ranked = one.unit in ("人", "", "位次", phrases.RANK) and not one.word
        if not ranked or one.operator or one.fuzzy or one.number != int(one.number):
            return None
        return replace(one, unit=phrases.RANK, operator="<=" * bool(rank["top"]))
    level, change = _LEVEL.search(lead), _CHANGE.search(lead)
    if change and not level:
        one = replace(one, word=phrases.UP if change["up"] else phrases.DOWN, level="")
        lead = lead[: change.start()]
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
