"""Words as verdicts: degrees of attainment, qualitative scales, placeholders, statements that nothing happened."""

import re
from dataclasses import dataclass
from functools import lru_cache

from perfeval.model.folding import fold, key, one_of, vocabulary
from perfeval.model.schema import MET, MISSED, PARTLY

_WORDS = vocabulary("words")
_LEVELS = _WORDS["levels"]
_ADVERB = f"(?:{one_of(_LEVELS['adverb'])})"
_OBJECT = f"(?:{one_of(_LEVELS['object'])})"
_TAIL = f"(?:{one_of(_LEVELS['tail'])})?"
_BARE = one_of(set(_LEVELS["met_verb"]) - set(_LEVELS["needs_object"]))
_NEEDS = one_of(_LEVELS["needs_object"])
_ACT = f"(?:(?:{_NEEDS}){_OBJECT}+|(?:{_BARE}){_OBJECT}*)"
_PHRASES = (
    (PARTLY, re.compile(f"(?:{one_of(_LEVELS['partly_adverb'])}){_ADVERB}{{0,3}}{_ACT}{_TAIL}")),
    (MISSED, re.compile(f"(?:{one_of(_LEVELS['missed_adverb'])}){_ADVERB}{{0,3}}{_ACT}{_TAIL}")),
    (MET, re.compile(f"{_ADVERB}{{0,4}}{_ACT}")),
)
_EXACT = {
    **{key(word) or word: MET for word in _LEVELS["met"]},
    **{key(word) or word: PARTLY for word in _LEVELS["partly"]},
    **{key(word) or word: MISSED for word in _LEVELS["missed"]},
}
_LONGEST = 40
_DENYING = re.compile("[未不没无非否]")
_OFFICIAL = re.compile(
    f"(?P<how>未能|未|没有|没能|无法|不能|尚未|难以|部分|基本|大部分)?(?:{one_of(_LEVELS['official'])}){_TAIL}$"
)
_BOXES, _BETWEEN = frozenset("√□"), "[□√×/、,; ]"

PLACEHOLDERS = frozenset(word.lower() for word in _WORDS["placeholder"]["exact"])
NOTHING = "未发生"
"""The one word for zero said in words."""
ALL = "全覆盖"
"""The one word for 100 % said in words."""
RANK: str = _WORDS["rank"]["unit"]
UP, DOWN = "增长", "下降"
CHANGES = (UP, DOWN)
"""Words beside a number that say it is a change, not a level."""
_INSIDE, _AFTER = _WORDS["fuzzy"]["inside"], _WORDS["fuzzy"]["after"]
_HINT = re.compile(r"[<>=≥≤]{0,2}(?:\*+|×{2,}|[xX]{2,}|_+)[^0-9]{0,8}")
_SPEAKING = frozenset("√×%‰<>=≥≤")
_ZERO = frozenset(_WORDS["zero"]["exact"])
_ZERO_OF = re.compile(
    f"(?:{one_of(_WORDS['zero']['before'])})"
    f"(?P<noun>[^,。;:、未不没无0-9]{{0,12}}?(?:{one_of(_WORDS['direction']['adverse'])})"
    f"(?:{one_of(_WORDS['direction']['neutral'])}){{0,3}})"
)
SCALES_UNREAD = frozenset(_WORDS["scale"]["unread"])
WHOLE = frozenset(_WORDS["whole"]["words"])
_GRADES = {
    word: (family["family"], -step)
    for family in _WORDS["grades"]
    for step, words in enumerate(family["steps"])
    for word in words
}
_BAD = {(family["family"], 1 - len(family["steps"])) for family in _WORDS["grades"]}
_TREND_UP, _TREND_DOWN = one_of(_WORDS["trend"]["up"]), one_of(_WORDS["trend"]["down"])
_TREND = re.compile(
    f"(?:(?P<wrong>{one_of(_WORDS['trend']['wrong'])})|(?P<strong>{one_of(_WORDS['trend']['strong'])})"
    f"|(?P<plain>{one_of(_WORDS['trend']['plain'])}))(?:(?P<up>{_TREND_UP})|(?P<down>{_TREND_DOWN}))(?:了|程度)?"
)
_TREND_AFTER = re.compile(
    f"(?:(?P<up>{_TREND_UP})|(?P<down>{_TREND_DOWN}))(?:(?P<strong>明显|显著|较大|幅度大|效果明显|效果显著)|(?P<plain>较明显))"
)


_BARE_BEFORE = re.compile(f"^(?:{one_of(_WORDS['sameness']['before'])})+")
_BARE_AFTER = re.compile(f"(?:{one_of(_WORDS['sameness']['after'])})$")
_SHORTEST_SAME = 3
_OBJECT_OF_CHANGE = re.compile("[一-龥]{0,12}")


@dataclass(frozen=True, slots=True)
class Grade:
    """A place on a qualitative scale: a greater step is better; ``bad`` at its lower end."""

    family: str
    step: int
    bad: bool = False


@lru_cache(maxsize=4096)
def level_of(text: str) -> str:
    """The degree of attainment a whole cell states (完成 / 部分完成 / 未完成), else empty."""
    if len(text) > _LONGEST:
        return ""
    checked = checked_option(text)
    if checked is not None:
        return level_of(checked) if checked else MET
    bare = key(text) or text
    if bare in _EXACT:
        return _EXACT[bare]
    return next((level for level, phrase in _PHRASES if phrase.fullmatch(bare)), "")


def closing_level(text: str) -> tuple[str, str]:
    """(level, phrase) of an official level phrase that closes a longer text; empty where there is none."""
    found = _OFFICIAL.search(text[-_LONGEST:])
    if not found:
        return "", ""
    how = found["how"] or ""
    level = PARTLY if how in ("部分", "基本", "大部分") else MISSED if how else MET
    return level, found[0]


def checked_option(text: str) -> str | None:
    """The option ticked among several (√是□否 → 是), empty for a lone tick, None where nothing is ticked."""
    if text.count("√") != 1 or not set(text) & _BOXES:
        return None
    before, _, after = text.partition("√")
    first = text[0] in _BOXES
    option = re.split(_BETWEEN, after)[0] if first else re.split(_BETWEEN, before)[-1]
    if option or not text.strip("√□、/,; "):
        return option if first or "□" in text else None
    return None


@lru_cache(maxsize=4096)
def grade_of(text: str) -> Grade | None:
    """The place of a qualitative word on its scale; None where the word is on none."""
    if len(text) > _LONGEST:
        return None
    bare = key(text)
    known = _GRADES.get(bare)
    if known is not None:
        return Grade(*known, bad=known in _BAD)
    trend = _TREND.fullmatch(bare) or _TREND_AFTER.fullmatch(bare)
    if trend is None:
        return None
    groups = trend.groupdict()
    family = "趋升" if groups["up"] else "趋降"
    if groups.get("wrong"):
        return Grade(family, -2, bad=True)
    return Grade(family, 0 if groups["strong"] else -1)


@lru_cache(maxsize=4096)
def nothing_happened(text: str) -> bool:
    """Whether a whole cell says that nothing adverse happened: 未发生, 零事故, 无重大安全事故."""
    bare = key(text) or text
    return bare in _ZERO or (len(bare) <= _LONGEST and _ZERO_OF.fullmatch(bare) is not None)


def is_placeholder(text: str) -> bool:
    """Whether a folded cell holds nothing but a stand-in for a value."""
    return text.lower() in PLACEHOLDERS or _HINT.fullmatch(text) is not None or not (key(text) or set(text) & _SPEAKING)


def is_scale(text: str) -> bool:
    """Whether a cell names a scale instead of a value on it: 好坏, 是/否, 优良中差."""
    return fold(text) in SCALES_UNREAD


_QUALIFIED = re.compile(one_of(_WORDS["aside"]["qualified"]))
_NOT_OF_ALL = re.compile("除|部分|大多|多数|个别|基本")


def qualified(notes: list[str]) -> bool:
    """Whether brackets beside a word say that it does not hold of all, or not yet: 完成（未验收）, 是（部分）."""
    return any(_QUALIFIED.search(note) and level_of(note) != MET for note in notes)


def graded_ending(text: str) -> str:
    """The longest qualitative word a short sentence ends with (服务质量明显提升 → 明显提升), else empty."""
    bare = key(text)
    if len(bare) > _LONGEST or _DENYING.search(bare) or _NOT_OF_ALL.search(bare):
        return bare if grade_of(bare) is not None else ""
    return next((bare[i:] for i in range(len(bare) - 1) if grade_of(bare[i:]) is not None), "")


def same_description(target: str, actual: str) -> bool:
    """Whether two texts describe the same but for words that add nothing: 做到干净整洁 and 干净整洁."""
    wanted, said = (_BARE_AFTER.sub("", _BARE_BEFORE.sub("", key(text))) for text in (target, actual))
    return len(wanted) >= _SHORTEST_SAME and wanted == said


def change_of(text: str) -> tuple[str, str]:
    """A change and what changes: 明显改善条件 and 条件明显改善 → (明显改善, 条件), 有所提升 → (有所提升, nothing).

    The longest words with a place on a scale at the beginning or end; both empty for any other text, or a denial.
    """
    bare = key(text)
    if len(bare) > _LONGEST or _DENYING.search(bare):
        return "", ""
    for cut in range(len(bare), 1, -1):
        for word, other in ((bare[:cut], bare[cut:]), (bare[-cut:], bare[:-cut])):
            if _is_trend(word) and _OBJECT_OF_CHANGE.fullmatch(other):
                return word, other
    return "", ""


def _is_trend(word: str) -> bool:
    return bool(_TREND.fullmatch(word) or _TREND_AFTER.fullmatch(word))


def placed(fuzzy: str) -> tuple[str, str, str]:
    """A fuzzy word in its place: before the number, between number and unit, or after the unit."""
    if fuzzy in _INSIDE:
        return "", fuzzy, ""
    return ("", "", fuzzy) if fuzzy in _AFTER else (fuzzy, "", "")


def folded_key(text: str) -> str:
    """Folded text for words: what :attr:`Value.word` holds."""
    return key(text) or fold(text)
