"""X: what the texts themselves give away."""

import re
from collections.abc import Iterator

from perfeval.analysis.findings.context import Context, Hit, Row, holds, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.model.folding import fold, key
from perfeval.model.schema import MET

LEAST_WORDINGS = 3
"""How many wordings of 完成 there must be before it is said."""
MOST_EMPTY = 30
"""Characters up to which a sentence with a stock phrase counts as nothing but one."""
_CELLS = ("indicator", "target", "actual", "reason", "measure", "evidence", "narrative", "goal")
_TEXT = words()["text"]
_OFFICE = re.compile(r"([一-龥]{2,4}?)(?:街道办事处|镇人民政府|乡人民政府)")
_BLANKS = re.compile(r"(?<![A-Za-z0-9])[Xx]{2,}(?![A-Za-z0-9])|[×╳]{2,}|\*{2,}|_{2,}|[○〇]{2,}|[□]{2,}")
"""Stand-ins for what is to be filled in: XX%, **人, ____."""
_DIGIT = re.compile("[0-9]")
_YEAR = re.compile(r"(20[0-9]{2})(?:年度?|—|-)")


@check("X02")
def stock_phrases(context: Context) -> Iterator[Hit]:
    """Sentences that hold nothing but a stock phrase."""
    for section, text in context.texts:
        word = holds(text, _TEXT["boilerplate"])
        if (
            word
            and section in ("存在问题", "改进措施")
            and len(key(text)) <= MOST_EMPTY
            and not _DIGIT.search(fold(text))
        ):
            yield Hit(f"{quoted(text)}", where=f"文字部分 · {section}")


@check("X03")
def leftovers(context: Context) -> Iterator[Hit]:
    """Hints and stand-ins of a form."""
    for row in context.rows:
        for text in _cells(row):
            word = _leftover(text)
            if word:
                yield Hit(f"留有{quoted(word)}：“{' '.join(text.split())[:40]}”", (row,))
                break
    for section, text in context.texts:
        word = _leftover(text)
        if word:
            yield Hit(f"留有{quoted(word)}：{quoted(text[:40])}", where=f"文字部分 · {section}")


@check("X04")
def misspelt(context: Context) -> Iterator[Hit]:
    """Known misspellings."""
    for row in context.rows:
        for wrong, meant in _misspelt(" ".join(_cells(row))):
            yield Hit(f"{quoted(wrong)}疑为{quoted(meant)}", (row,))
    for section, text in context.texts:
        for wrong, meant in _misspelt(text):
            yield Hit(f"{quoted(wrong)}疑为{quoted(meant)}", where=f"文字部分 · {section}")


@check("X05")
def other_office(context: Context) -> Iterator[Hit]:
    """The name of another office."""
    own = context.result.name
    places = [("指标表", row.narrative) for row in context.rows] + list(context.texts)
    for section, text in places:
        for found in _OFFICE.finditer(fold(text)):
            if found[1] not in own and not any(found[0].endswith(own[i:]) for i in range(max(len(own) - 6, 1))):
                yield Hit(f"出现{quoted(found[0])}，本单位是{quoted(own)}", where=f"文字部分 · {section}")


@check("X06")
def other_year(context: Context) -> Iterator[Hit]:
    """The title is of another year."""
    found = _YEAR.search(fold(context.result.narrative.title))
    if found and int(found[1]) != context.result.year:
        fact = f"标题{quoted(context.result.narrative.title)}写{found[1]}年，数据是{context.result.year}年度"
        yield Hit(fact, where="文字部分 · 标题")


@check("X07")
def many_words_for_met(context: Context) -> Iterator[Hit]:
    """Many wordings of the same verdict."""
    wordings: dict[str, int] = {}
    for row in context.rows:
        if row.declared == MET and row.declared_met:
            wordings[row.declared_met] = wordings.get(row.declared_met, 0) + 1
    if len(wordings) >= LEAST_WORDINGS:
        shown = "、".join(
            f"{quoted(wording)}{times}次" for wording, times in sorted(wordings.items(), key=lambda one: -one[1])
        )
        yield Hit(f"“完成”有{len(wordings)}种写法：{shown}", where="指标表")


def _leftover(text: str) -> str:
    """The first hint or stand-in of a form that a text holds; empty where none."""
    word = next((word for word in _TEXT["leftovers"] if word.lower() in text.lower()), "")
    blanks = None if word else _BLANKS.search(fold(text))
    return word or (blanks[0] if blanks else "")


def _cells(row: Row) -> list[str]:
    return [text for name in _CELLS if (text := str(getattr(row, name)))]


def _misspelt(text: str) -> Iterator[tuple[str, str]]:
    for wrong, about in words()["typos"].items():
        at = text.find(wrong)
        right = any(text.startswith(allowed, at) for allowed in about.get("not", ()))
        number = wrong.isdigit() and re.search(rf"(?<!\d){wrong}(?!\d)", text) is None
        meant = not about.get("with") or holds(text, about["with"])
        if at >= 0 and meant and not right and not number:
            yield wrong, about["meant"]
