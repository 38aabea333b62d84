"""Actuals that tell of a step before what a row asks for, or of more than it: 印制5000份 beside 宣传册发放."""

import re
from itertools import chain

from perfeval.model.folding import fold, one_of, vocabulary
from perfeval.model.values import Value

_STEPS = vocabulary("words")["steps"]
_ENDS: dict[str, list[str]] = _STEPS["ends"]
_STRICTER: dict[str, list[str]] = _STEPS["stricter"]
_WORDS = re.compile("[一-龥]{2}")
_ACT = re.compile(one_of(_STEPS["acts"]))
_STEP = re.compile(one_of(chain(_ENDS, _STEPS["acts"])))
_BOUND = re.compile(f"(?P<word>{one_of(_STRICTER)})(?P<name>[^(]{{2,}})")


def other_step(indicator: str, target: Value, actual: Value) -> str:
    """Why an actual tells of another step than its row asks for; empty where it does not.

    What a row asks for is the last such word of its target, else of its name: 就业培训人数 asks for 培训, 培训就业人数
    for 就业. Words that say as much, or of a later step, are in ``steps.ends`` of ``words.toml``; names that a word of
    ``steps.stricter`` narrows, in the other table.

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
    end = next((words[-1] for text in row if (words := _STEP.findall(text))), "")
    led = end in _ENDS and end not in said and not (_ENDS[end] and _told(one_of(_ENDS[end]), said, row))
    if led and (acts := _told(_ACT, said, row)):
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
