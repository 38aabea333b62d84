"""The sentence after an indicator → its result: value or clause, printed status, cause; in the report's own words."""

import re
from dataclasses import dataclass

from perfeval.ingest.prose.outline import HAN, clauses, sentences, words
from perfeval.model.reportform import NO_FIGURE

FIGURE = r"(?:约|近|超过?|逾|不低于|不少于|[≥≤><=＞＜＝])?\s*[-－]?[0-9０-９]"
COUNTED = re.compile(rf"[0-9０-９]|[{HAN}百千万两]+(?:余|多)?(?:次|个|件|名|人|场|家|户|处|条|项|期|起|份|万元)")
LINK = r"(?:情况)?(?:已|均|也|共|共计|累计)?(?:达到了?|达|为|是|至|有|[:：=])?\s*"
VALUE_IN_NAME = re.compile(r"(?:[≥≤><=＞＜＝﹥﹤≧≦]|不低于|不少于|达到?)?\s*[0-9][0-9.,]*\s*[%％‰]?[^0-9]{0,4}$")
QUOTES = "“”‘’\"'「」《》"
GIVEN = re.compile(rf"[{QUOTES}]?(?:{LINK}(?P<figure>{FIGURE}.*)|(?:为|是|达到)(?P<word>.+))")
"""What follows a subject: a figure, or a word after 为."""
MEASURED = re.compile(rf"[{QUOTES}]?.{{2,40}}?(?:率|度|比例|人数|数量|为|达到|达){GIVEN.pattern}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one indicator line says."""

    actual: str = ""
    """The value or the clause that states the result, as printed; ``……`` stands between two."""
    declared: str = ""
    """The printed status."""
    narrative: str = ""
    reason: str = ""
    """What the line itself gives as the cause."""


class Speaker:
    """Takes ``2022年度示例街道办事处全年`` off the beginning of a sentence."""

    def __init__(self, unit: str, year: int | None) -> None:
        tails = {unit[start:] for start in range(max(len(unit) - 3, 0))}
        tails |= {
            tail.removesuffix("办事处")
            for tail in tails
            if tail.endswith("街道办事处") and len(tail) > len("街道办事处")
        }
        called = sorted(tails | set(words()["words"]["pronouns"]), key=lambda name: (-len(name), name))
        who = "|".join(map(re.escape, called))
        when = rf"(?:{year or '20[0-9]{2}'}\s*年度?[，,]?\s*)"
        self._lead = re.compile(rf"{when}?(?:{who})(?:在?{when})?(?:全年)?[，,]?\s*")
        self._when = re.compile(when)

    def without(self, text: str) -> str:
        """The sentence without who speaks."""
        return self._lead.sub("", text, count=1) if self._lead.match(text) else text

    def undated(self, clause: str) -> str:
        """The clause without the year before it."""
        return self._when.sub("", clause, count=1) if self._when.match(clause) else clause


def read_result(name: str, said: str, speaker: Speaker) -> Reading:
    """What the sentence after an indicator says of it."""
    said = speaker.without(said.strip())
    if not said:
        return Reading()
    narrative, declared, reason = _status(said)
    return Reading(_actual(name, narrative, speaker), declared, narrative, reason)


def _status(said: str) -> tuple[str, str, str]:
    """Narrative, printed status, and the cause after it; the narrative is whole where the status is part of it."""
    lexicon = words()["words"]
    for form in (lexicon["status"], lexicon["bare_status"]):
        last = re.search(rf"(?:^|[，,；;。]\s*)(?P<status>{form})\s*[。.！!；;]*$", said)
        if last:
            return said[: last.start()].rstrip("，,；;。 "), last["status"], ""
    inside = list(re.finditer(lexicon["status"], said))
    if not inside:
        return said, "", ""
    found = inside[-1]
    after = said[found.end() :].strip("，,；;。：: ")
    if after and re.match(rf"(?:[（(])?(?:其|主要|具体)?{lexicon['cause']}", after):
        return said[: found.start()].rstrip("，,；;。 "), found[0], after.strip("（()）")
    return said, found[0], ""


def _actual(name: str, narrative: str, speaker: Speaker) -> str:
    """The value or clause of a narrative that states the result of the indicator."""
    parts = [[speaker.undated(clause) for clause in clauses(sentence)] for sentence in sentences(narrative)]
    parts = [part for part in parts if part]
    if not parts:
        return ""
    every = [clause for part in parts for clause in part]
    stem = stem_of(name)
    value = next((value for clause in reversed(every) if (value := _after(clause, stem))), "")
    if value:
        return value
    if len(every) == 1:
        return _short(every[0], name)
    if not COUNTED.search(narrative):
        return NO_FIGURE
    if len(parts) == 1:
        return next((clause for clause in reversed(every) if COUNTED.search(clause)), every[-1])
    return f"{parts[0][0]}……{parts[-1][-1]}"


def stem_of(name: str) -> str:
    """The indicator's name without quotes and without a value at its end."""
    bare = name.strip(QUOTES + " ")
    return VALUE_IN_NAME.sub("", bare).strip() or bare


def _after(clause: str, stem: str) -> str:
    """The value a clause gives for what it begins with: ``X率为70%`` → ``70%``, ``X考核100%合格`` → ``100%合格``."""
    bare = clause.lstrip(QUOTES)
    return _value(GIVEN.fullmatch(bare, len(stem))) if bare.startswith(stem) else ""


def _value(found: re.Match[str] | None) -> str:
    return (found["figure"] or found["word"]).strip() if found else ""


def _short(clause: str, name: str) -> str:
    """The only clause, cut to the result where the cut is safe."""
    lexicon = words()["words"]
    value = _value(MEASURED.fullmatch(clause))
    if value:
        return value
    nothing = re.fullmatch(rf"{lexicon['scope']}(无.+)", clause)
    if nothing:
        return nothing[1]
    for cut in range(len(name) - 1, 0, -1):
        start, end = name[:cut], name[cut:]
        middle = clause[len(start) : len(clause) - len(end)]
        if clause.startswith(start) and clause.endswith(end) and re.match(lexicon["manner"], middle):
            return middle + end
    return clause
