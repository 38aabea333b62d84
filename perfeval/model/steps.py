"""Actuals that tell of a step before what a row asks for, or of more than it: 印制5000份 beside 宣传册发放."""

import re
from itertools import chain

from perfeval.model import units
from perfeval.model.folding import fold, one_of, vocabulary
from perfeval.model.values import Value

_STEPS = vocabulary("words")["steps"]
_ENDS: dict[str, list[str]] = _STEPS["ends"]
_STRICTER: dict[str, list[str]] = _STEPS["stricter"]
_PLAN = re.compile(f"(?:{one_of(_STEPS['year'])})?(?:{one_of(_STEPS['plan'])})[^0-9内外]{{0,4}}")
_DONE = re.compile(f"(?:{one_of(_STEPS['done'])})(?!到位)[^0-9]{{0,4}}$|^已?(?:全部)?完成$")
_WORDS = re.compile("[一-龥]{2}")
_ACT = re.compile(one_of(_STEPS["acts"]))
_STEP = re.compile(one_of(chain(_ENDS, _STEPS["acts"])))
_BOUND = re.compile(f"(?P<word>{one_of(_STRICTER)})(?P<name>[^(]{{2,}})")


def asked_for(indicator: str, target: str) -> tuple[str, ...]:
    """What a row asks for, by the last step that its target, else its name tells of, and words that say as much.

    >>> asked_for("就业培训人数", "≥100人"), asked_for("培训就业人数", "≥100人")[:2], asked_for("在册人数", "≥100人")
    (('培训',), ('就业', '上岗'), ())
    """
    step = next((words[-1] for text in (fold(target), fold(indicator)) if (words := _STEP.findall(text))), "")
    return (step, *_ENDS.get(step, ())) if step else ()


def of_step(near: str, asked: tuple[str, ...], row: str) -> bool | None:
    """Whether the words beside an amount tell of what is asked for (True), of a step that the row does not speak of
    (False), or of neither: 维修3个，改造2个 may both be of 维修改造.

    >>> [of_step(near, ("办结", "结案"), "信访办结") for near in ("办结件", "受理件", "共件", "信访件")]
    [True, False, None, None]
    """
    if any(word in near for word in asked):
        return True
    others = _STEP.findall(near)
    return False if others and not any(word in row for word in others) else None


def is_done(lead: str) -> bool | None:
    """Whether the words before an amount call it what was done (True), or what was planned (False); None for neither.

    What came in (实际到位) is not spent yet, and what is outside a plan (计划外) is none.

    >>> [is_done(lead) for lead in ("实际支出", "年初预算", "培训", "上半年计划", "实际到位", "计划外")]
    [True, False, None, None, None, None]
    """
    if _PLAN.fullmatch(lead):
        return False
    return True if _DONE.search(lead) else None


def other_step(indicator: str, target: Value, actual: Value) -> str:
    """Why an actual tells of another step than its row asks for; empty where it does not.

    The steps, and what says as much or tells of a later one, are in ``steps`` of ``words.toml``; so are the words that
    narrow a name.

    >>> from perfeval.model.values import read
    >>> other_step("宣传册发放数量", read("≥5000份"), read("印制宣传册5000份"))
    '说的是“印制”，目标要的是“发放”'
    >>> other_step("宣传册印制数量", read("≥5000份"), read("发放5000份"))
    ''
    >>> other_step("按时办结率", read("≥95%"), read("办结率96%"))
    '说的是“办结率”，没有说是不是“按时”'
    """
    row, said = [fold(target.raw), fold(indicator)], fold(actual.raw)
    if not _WORDS.search(said):
        return ""
    end, *like = asked_for(indicator, target.raw) or ("",)
    led = end in _ENDS and end not in said and not (like and _told(one_of(like), said, row))
    spent = _STEPS["spent"] if units.dimension(actual.unit) == "money" else ()
    if led and (acts := [act for act in _told(_ACT, said, row) if act not in spent]):
        return f"说的是“{acts[0]}”，目标要的是“{end}”"
    narrow = _BOUND.search(row[1])
    if narrow is None or (target.operator.startswith("<") and target.unit != "%"):  # of more, no more than that
        return ""
    word, name = narrow["word"], narrow["name"]
    plain = name in said and not any(one in said for one in (word, *_STRICTER[word]))
    return f"说的是“{name}”，没有说是不是“{word}”" if plain else ""


def _told(words: str | re.Pattern[str], said: str, row: list[str]) -> list[str]:
    """Which of the words an actual has, but for those that begin something the row speaks of: 慰问品, 购置补贴."""
    found = ((one[0], said[one.start() : one.end() + 1]) for one in re.finditer(words, said))
    return [word for word, longer in found if longer == word or not any(longer in text for text in row)]
