"""What an indicator's name says: the unit, which way is good, and a target hidden in it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from perfeval.model import amounts, dates, units
from perfeval.model.amounts import Amount, closed
from perfeval.model.folding import fold, one_of, vocabulary
from perfeval.model.values import Value, read

_WORDS = vocabulary("words")
_DIRECTION, _NAME = _WORDS["direction"], _WORDS["name"]
_COUNTER = "[0-9一二三四五六七八九十]"
_LABEL = re.compile(rf"^(?:指标{_COUNTER}{{0,2}}[:、]|\({_COUNTER}{{1,2}}\)|[0-9]{{1,2}}[、.](?![0-9]))")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_HINT = re.compile(r"([<>=≥≤]{1,2})\*+")
_ADVERSE = re.compile(one_of(_DIRECTION["adverse"]))
_NEUTRAL = re.compile(f"(?:{one_of(_DIRECTION['neutral'])}|{one_of(_DIRECTION['adverse'])})*")
_DENIED = re.compile(f"(?:{one_of(_DIRECTION['denying'])}){_NEUTRAL.pattern}$")
_WORKED_ON = re.compile(f"(?<!未)(?:{one_of(_DIRECTION['negated'])})$")
_QUOTED = re.compile(r'"[^"]{0,20}"')
_VERB_END = re.compile(f"(?:{one_of(_NAME['verbs'])})[^0-9,;。、]{{0,8}}$")
_TOP_RATE = re.compile(f"(?:{one_of(_DIRECTION['rate'])})(?:指标|情况)?$")
_DUE = re.compile("前|底|内|截止|截至|不晚于|不迟于")
_BLANK_TARGET = re.compile(r"^[<>=≥≤]{0,2}\*+")
_UNIT_LABEL = re.compile("^单位[::]?")
_FROM_NUMBER = re.compile("[<>=≥≤]?[0-9.]+%?.*$")
_WORD_END = re.compile("[一-龥]{2}$")
_DATE_UNITS = ("年", "月", "天", "日", "季度", "个月", "分", "级", "岁", "周")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Adverse:
    """An adverse noun in a name: whether it heads the name (less is better) or is negated or worked on."""

    noun: str
    heads: bool


@lru_cache(maxsize=4096)
def without_labels(name: str) -> str:
    """The name folded, without labels (指标1：) and brackets."""
    text = fold(name)[:_LONGEST]
    return _LABEL.sub("", _BRACKETS.sub("", _LABEL.sub("", text)))


@lru_cache(maxsize=4096)
def unit_of(name: str) -> str:
    """The unit in a name's brackets: 成本控制数(万元) → 万元, (≥**人次) → 人次; empty where there is none."""
    folded = fold(name)
    for note in reversed(_BRACKETS.findall(folded)):
        text = _BLANK_TARGET.sub("", note)
        if text == note and not folded.endswith(f"({note})"):
            continue  # 补助村(社区)数量: a bracket inside a name is no unit
        text = _UNIT_LABEL.sub("", text)
        if text == "%" or (units.column(text) != units.Column() and _is_known(text)):
            return text
    return ""


def _is_known(text: str) -> bool:
    return units.is_unit(text) or units.is_unit(text.lstrip("万亿千百"))


@lru_cache(maxsize=4096)
def hinted_operator(name: str) -> str:
    """The operator of a template's hint in the name, ``(≥**人)``; empty where there is none, or none that is known."""
    found = _HINT.search(fold(name))
    return _SPELT.get(found[1], "") if found else ""


_SPELT = {"≥": ">=", ">=": ">=", "≤": "<=", "<=": "<=", ">": ">", "<": "<", "=": "="}


@lru_cache(maxsize=4096)
def adverse(name: str) -> Adverse | None:
    """The adverse noun that decides whether less is better, or None where the name has none.

    It heads the name where only neutral words follow it (事故发生率, 投诉件数); a word for work on it (投诉处理率,
    隐患整治率) or a negation before it (无暴露垃圾) turns the name round.
    """
    text = without_labels(name)
    named = None
    for found in _ADVERSE.finditer(text):
        before, rest = text[: found.start()], text[found.end() :]
        turned = _DENIED.search(before) or _WORKED_ON.search(before)
        if _NEUTRAL.fullmatch(rest) and (found[0] not in _VERBLIKE or _measured(rest)):
            return Adverse(found[0], heads=not turned)
        named = named or Adverse(found[0], heads=False)
    return named


_VERBLIKE = frozenset(["传播", "变更", "追加", "排放", "消耗", "闲置", "感染", "不良"])
"""Adverse only where a measure follows: 工程变更率, but not 变更登记."""


_MEASURES = ("率", "数", "量", "次数", "比", "件", "幅度", "总量", "强度", "人数", "情况", "金额", "面积", "度")


def _measured(rest: str) -> bool:
    return rest.startswith(_MEASURES)


@lru_cache(maxsize=4096)
def is_rate(name: str) -> bool:
    """Whether the name is that of a share: 合格率, 满意度, 占比."""
    return _TOP_RATE.search(_FROM_NUMBER.sub("", without_labels(name))) is not None


def has(name: str, words: list[str]) -> str:
    """The first of the words that the name holds, empty where none."""
    text = without_labels(name)
    return next((word for word in words if word in text), "")


def income(name: str) -> str:
    """The word for money that comes in (争取, 引资); empty where none: it is not spent, as 融资成本 is."""
    found = has(name, _DIRECTION["income"])
    return "" if found in _DIRECTION["costly"] and ends(name, _DIRECTION["spent"]) else found


def ends(name: str, words: list[str]) -> str:
    """As :func:`has`, for words at the end of the name."""
    text = without_labels(name)
    return next((word for word in words if text.endswith(word)), "")


@lru_cache(maxsize=4096)
def target_in(name: str) -> Value | None:
    """The one target a name carries (消防隐患整治率99%, 完成立案5件, ≥360天服务读者), or None.

    Hot lines, years, ages, ordinals and Chinese numerals (四项制度) are no targets.
    """
    text = _QUOTED.sub("", without_labels(name))
    if dates.period(text) is not None:
        return read(text) if _DUE.search(text) else None
    found = [value for value in _candidates(text) if value is not None]
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4096)
def without_target(name: str) -> str:
    """The plain name without the year and the target it carries: 完成立案5件 → 完成立案, 满意度90%以上 → 满意度.

    What is no target (12345, 0-6岁, 旧改二期) stays; so does the whole name where nothing else would be left.
    """
    text = without_labels(name)
    for one, before, rest in amounts.quantities(_QUOTED.sub("", text)):
        if _candidate(text, one, before, rest) is None:
            continue
        kept = "" if closed(one, rest) is not None else rest
        spot = re.search(f"{re.escape(before)}([^,;。、:…]*?{re.escape(rest)})(?=$|[,;。、:…])", text)
        text = text if spot is None else text[: spot.start(1)] + kept + text[spot.end() :]
    return _YEAR.sub("", text).strip(",;。、:") or without_labels(name)


_YEAR = re.compile("(?:19|20)[0-9]{2}(?:年度|年)?")


def _candidates(text: str) -> list[Value | None]:
    return [_candidate(text, *quantity) for quantity in amounts.quantities(text)]


def _candidate(text: str, one: Amount, lead: str, rest: str) -> Value | None:
    """A number in a name as target: a share, one with an operator, or a count after a verb; else None."""
    if lead.endswith(("第", "-", "~", "—", "至")) or rest.startswith(("-", "~", "—", "至")) or not one.unit:
        return None
    ended = closed(one, rest)
    if ended is not None:
        one = ended
    phase = one.unit == "期" and rest != ""  # 完成旧改2期工程 is a phase, 培训2期 a count
    counted = bool(_VERB_END.search(lead)) and one.unit not in _DATE_UNITS and not phase
    closing = ended is not None and one.unit not in _DATE_UNITS and _WORD_END.search(lead)
    if not (one.unit in ("%", "‰") or one.operator or counted or (closing and not phase)):
        return None
    return Value(text, "number", one.operator, one.number, one.number, one.unit, one.fuzzy)


_TARGET_IN_NAME = re.compile(r"(?<=[率度比数量])\s*[≥≤＞＜><=]*\s*\d[\d.,]*\s*[%％‰]?(?:以上|以下|以内|及以上)?$")


def shown_name(name: str, target_from: str) -> str:
    """An indicator's name; a target that was read from the end of it is left out, for it is shown on its own.

    >>> shown_name("整治率99%", "指标名称"), shown_name("整治率99%", "单元格")
    ('整治率', '整治率99%')
    """
    return _TARGET_IN_NAME.sub("", name) if target_from == "指标名称" else name
