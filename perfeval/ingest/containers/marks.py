"""Runs of marked text → what belongs to a value: raised note marks, struck-out text and letters of symbol fonts.

Word and spreadsheets mark runs in the same way; what a mark means is decided here for both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from perfeval.ingest.document import Doubt

LEVEL, RAISED, LOWERED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Font:
    """What of a font changes how its text is read."""

    struck: bool = False
    position: int = LEVEL
    """:data:`LEVEL`, :data:`RAISED` or :data:`LOWERED`."""
    name: str = ""


PLAIN = Font()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one font; without a font it has that of its cell."""

    text: str
    font: Font | None = None


def _table(first: int, letters: str) -> dict[int, str]:
    return {first + at: letter for at, letter in enumerate(letters) if letter != "\0"}


SYMBOL: dict[str, dict[int, str]] = {
    "symbol": {
        **_table(0x20, " !∀#∃%&∋()*+,-./0123456789:;<=>?"),  # the signs the font draws
        **_table(0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"),
        **_table(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
        **_table(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…"),
        **_table(0xBF, "↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑"),
    },
    "wingdings": {
        0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0xA8: "□", 0xD8: "➢",
        0xE0: "→", 0xDF: "←", 0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
        **_table(0x81, "①②③④⑤⑥⑦⑧⑨⑩"), **_table(0x8C, "❶❷❸❹❺❻❼❽❾❿"),
    },
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "□", **_table(0x6A, "①②③④⑤⑥⑦⑧⑨⑩")},
    "wingdings 3": {},
    "webdings": {},
    "zapfdingbats": {},
}  # fmt: skip
"""Font whose letters are not what their numbers say (its name in small letters) → number of the letter → the letter."""

PRIVATE = range(0xF000, 0xF100)
"""Where programs put the letters of such fonts: number + 0xF000."""

NOTE = re.compile(r"[\[［(（【〔]?(?:注释?|\*|※|#|†|‡|§)?(?:[0-9０-９]{0,3}|[a-z]|[①-⑳㈠-㈩])[\]］)）】〕]?[,，、]?")
LENGTH = re.compile(r"(?:[kcdmhμn]?m|千米|公里|分米|厘米|毫米|米|ft|in)$")
"""A unit of length at the end of a text: raised 2 and 3 after it make an area and a volume."""
POWERS = {"2": "²", "3": "³"}
TENS = re.compile(r"[×xX*·∙]\s*10$")  # as typed


def symbol(font: str, code: int) -> str | None:
    """The letter that a symbol font draws for a number (``0xB3`` or ``0xF0B3``); None where that is not known."""
    known = SYMBOL.get(font.casefold(), {})
    return known.get(code - PRIVATE.start if code in PRIVATE else code)


def note_or_power(before: str, mark: str) -> str | None:
    """What a raised text adds to the text before it; None where it is a note mark and adds nothing.

    ``m`` and a raised 2 are ``m²``; ``×10`` and a raised 4 are ``×10^4``, which is no number that could be misread;
    a digit raised after anything else (``13``, ``13次``, ``满意度``) is the number of a note.
    """
    bare = mark.strip()
    if bare in POWERS and LENGTH.search(before):
        return POWERS[bare]
    if TENS.search(before) and re.fullmatch(r"[-+−]?[0-9]{1,2}", bare):
        return f"^{bare}"
    return None if NOTE.fullmatch(bare) else mark


def plain(runs: Iterable[Run], font: Font = PLAIN) -> tuple[str, tuple[Doubt, ...]]:
    """The text of runs as far as it counts, and what whoever uses it must be told; ``font`` is that of the cell."""
    text, said = "", []
    for run in runs:
        used = run.font or font
        if not run.text:
            continue
        if used.struck:
            said.append(f"“{_short(run.text)}”有删除线，看作划去，没有读取")
            continue
        part, unknown = _letters(run.text, used.name)
        said += [f"“{_short(run.text)}”是{used.name}字体的符号，读不出是什么"] if unknown else []
        added = _placed(text, part, used, font)
        if added is None:
            said.append(f"上下标“{_short(part)}”看作注号，没有读进“{_short(text, end=True)}”")
        text += added or ""
    return text, tuple(("W609", message) for message in said)


def _placed(before: str, part: str, font: Font, around: Font) -> str | None:
    """What a run adds; a text that is raised or lowered as a whole is only small."""
    if font.position == RAISED and around.position != RAISED:
        return note_or_power(before, part)
    if font.position == LOWERED and around.position != LOWERED and before[-1:].isdigit() and part[:1].isdigit():
        return None
    return part


def _letters(text: str, font: str) -> tuple[str, bool]:
    """The text as its font draws it, and whether a letter is not known."""
    if font.casefold() not in SYMBOL:
        return text, False
    letters, unknown = [], False
    for letter in text:
        code = ord(letter)
        if code in PRIVATE or code < 0x100:  # noqa: PLR2004  # others are drawn in another font
            found = symbol(font, code) or (letter if letter.isspace() else None)
            unknown = unknown or found is None
            letters.append(found or "〓")
        else:
            letters.append(letter)
    return "".join(letters), unknown


def _short(text: str, end: bool = False) -> str:
    """At most twelve letters of a text, the first or the last ones."""
    clean = " ".join(text.split())
    return clean if len(clean) <= 12 else f"…{clean[-12:]}" if end else f"{clean[:12]}…"  # noqa: PLR2004
