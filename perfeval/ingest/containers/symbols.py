"""Characters of symbol fonts, which a document stores as numbers of the font: Symbol's 179 is ≥.

The table of Symbol is Adobe's encoding, those of Wingdings and Webdings what Unicode has taken from them; a number
that is not here is not known.
"""

import re

from perfeval.ingest.document import Doubt

PRIVATE = re.compile("[\ue000-\uf8ff]")
UNKNOWN = "〓"
"""Stands for a character that is not known, as printers mark a missing type: no value is read without it."""

_SYMBOL = (
    " !∀#∃%&∋()*+,−./0123456789:;<=>?"
    "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~"
)  # fmt: skip
_SYMBOL_HIGH = (
    "€ϒ′≤/∞ƒ♣♦♥♠↔←↑→↓"
    "°±″≥×∝∂•÷≠≡≈…\0\0↵"
    "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉"
    "∠∇®©™∏√·¬∧∨⇔⇐⇑⇒⇓"
    "◊〈®©™∑"
)  # fmt: skip


def _run(first: int, characters: str) -> dict[int, str]:
    return {first + at: character for at, character in enumerate(characters) if character != "\0"}


_DIGITS = "①②③④⑤⑥⑦⑧⑨⑩"
_FULL_DIGITS = "❶❷❸❹❺❻❼❽❾❿"
FONTS: dict[str, dict[int, str]] = {
    "symbol": {**_run(0x20, _SYMBOL), **_run(0xA0, _SYMBOL_HIGH), 0xF1: "〉", 0xF2: "∫"},
    "wingdings": {
        0x20: " ", **_run(0x6C, "●❍■□□❑❒"), 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒",
        **_run(0x80, "⓪" + _DIGITS + "⓿" + _FULL_DIGITS), 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "○",
        0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xAC: "✶", 0xB2: "✧", 0xD8: "➢", 0xDC: "➲",
        **_run(0xDF, "←→↑↓↖↗↙↘"), 0xE8: "➔", **_run(0xEF, "⇦⇨⇧⇩"), **_run(0xFB, "×√☒☑"), 0x46: "☞", 0x4A: "☺",
        0x4C: "☹", 0x22: "✂", 0x21: "✏", 0x28: "☎", 0x2A: "✉", 0x3E: "✇", 0x3F: "✍",
    },
    "wingdings 2": {
        0x20: " ", **_run(0x4F, "×√☒☑☒☒"), 0x30: "☐", **_run(0x69, "⓪" + _DIGITS), **_run(0x75, "⓿" + _FULL_DIGITS),
        0x97: "●", 0x99: "◎", 0x9A: "◎", 0xA2: "■", 0xA3: "□", 0xA4: "□", 0xAE: "◆", 0xEA: "★",
    },
    "wingdings 3": {0x20: " ", 0x70: "▲", 0x71: "▼", 0x7D: "▶"},
    "webdings": {0x20: " ", 0x61: "√", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "×", 0x59: "♥"},
}  # fmt: skip
FONTS["symbolmt"] = FONTS["symbol mt"] = FONTS["standard symbols l"] = FONTS["symbol"]


def is_symbol_font(name: str) -> bool:
    """Whether a font's characters are numbers of its own rather than letters."""
    return name.strip().lower() in FONTS or "wingdings" in name.lower() or "webdings" in name.lower()


def symbol(font: str, number: int) -> str:
    """The character a number stands for in a font; empty where that is not known. 0xF0B3 is 0xB3."""
    if number in range(0xF000, 0xF100):
        number -= 0xF000
    elif number in range(0x100, 0xD800) or number in range(0xF900, 0xFFFE):
        return chr(number)  # a character like any other, only named by its number
    return FONTS.get(font.strip().lower(), {}).get(number, "")


def not_known(font: str, unknown: str) -> Doubt:
    """What is to be said of the numbers of a font that are not known."""
    return "W613", f"{font or '专用区'}的符号{unknown}认不出，以{UNKNOWN}代替"


def in_font(text: str, font: str) -> tuple[str, str]:
    """A text as its font shows it, and the numbers of what is not known; ``font`` is empty for an ordinary font.

    Letters of other scripts are never drawn by a symbol font. Private characters of no symbol font are not known.
    """
    shown, unknown = "", ""
    for letter in text:
        code = ord(letter)
        private = PRIVATE.match(letter) is not None
        if not private and (not font or code > 0xFF or code <= 0x20):  # noqa: PLR2004
            shown += letter
            continue
        found = symbol(font, code)
        shown += found or UNKNOWN
        unknown += "" if found else f" {code:04X}"
    return shown, unknown.strip()
