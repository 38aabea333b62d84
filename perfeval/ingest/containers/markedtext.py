"""Text whose parts are marked (raised, struck out, hidden): what of it is the value, and what is to be said of it.

Characters of symbol fonts, which a document stores as numbers of the font: Symbol's 179 is ≥.

The table of Symbol is Adobe's encoding, those of Wingdings and Webdings what Unicode has taken from them; a number
that is not here is not known.
"""

import re
from collections.abc import Iterable

from perfeval.ingest.document import Doubt

RAISED, LOWERED, STRUCK, HIDDEN, NOTE = "raised", "lowered", "struck", "hidden", "note"
"""Marks of a piece of text; the empty string is plain text. A :data:`NOTE` is a sign that refers to a note."""

Piece = tuple[str, str]
"""A text and its mark."""

LENGTH = re.compile(r"(?:(?<![A-Za-z])(?:[kcdmhnμ]?m|KM|M|Km)|[千毫厘分]?米|公里|[㎞㎝㎜])$")
"""What a raised 2 or 3 makes an area or a volume."""
POWERS = {"2": "²", "3": "³"}
POWER_OF_TEN = re.compile(r"(?<![0-9.])10$")
EXPONENT = re.compile(r"[-−+]?[0-9]{1,2}")
ORDINAL = re.compile(r"st|nd|rd|th|TM|SM|[R®™]", re.IGNORECASE)
DEGREE = {"o", "O", "0", "○", "°", "º", "。"}
REFERENCE = re.compile(
    r"[\[［(（【〔{]?\s*(?:注|附注|备注|note)?[:：]?\s*"
    r"(?:[0-9]{1,3}(?:\s*[,，、~-]\s*[0-9]{1,3})*|[一二三四五六七八九十]{1,3}|[A-Za-z]|[ivxIVX]{1,5}|[①-⓿❶-➓⑴-⒛]+|[*＊※†‡§#]+|注)?"
    r"\s*[\]］)）】〕}]?",
)
"""What a sign that refers to a note looks like: ``1``, ``[2]``, ``注1``, ``①``, ``*``."""
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SAID = {STRUCK: ("W611", "划去（删除线）"), HIDDEN: ("W612", "隐藏")}
NEAR = 8
"""Characters before a raised sign that tell what it is."""
LONGEST = 20
"""Characters of a text that a doubt quotes."""


def quoted(text: str) -> str:
    """A text for a doubt: on one line, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line[:LONGEST]}…”" if len(line) > LONGEST else f"“{line}”"


def joined(pieces: Iterable[Piece]) -> tuple[str, list[Doubt]]:
    """The text that counts, and what is to be said of what was left out or kept.

    Struck-out and hidden text is left out. A raised sign that refers to a note is left out; one that makes a unit is
    kept as such (``m²``); any other stays where it cannot be taken for a digit of the value.
    """
    whole = _together(pieces)
    text, doubts = "", []
    for at, (piece, mark) in enumerate(whole):
        if not mark or not piece.strip():
            text += piece if mark not in SAID else ""
        elif mark in SAID:
            code, how = SAID[mark]
            doubts.append((code, f"{how}的{quoted(piece)}没有读取"))
        else:
            after = next((other for other, how in whole[at + 1 : at + 4] if how not in SAID), "")
            kept, said = _raised(piece, mark, text[-NEAR:], after)
            text += kept
            doubts += [("W610", said)] if said else []
    return text, doubts


def _together(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one mark as one piece."""
    whole: list[Piece] = []
    for text, mark in pieces:
        if whole and whole[-1][1] == mark:
            whole[-1] = (whole[-1][0] + text, mark)
        else:
            whole.append((text, mark))
    return whole


def _raised(piece: str, mark: str, before: str, after: str) -> tuple[str, str]:
    """What of a raised or lowered piece stays in the text, and the doubt, if any."""
    sign = piece.strip().translate(PLAIN)
    name = "下标" if mark == LOWERED else "上标"
    if mark == NOTE:
        return "", f"注释符号{quoted(piece)}不算正文"
    kept = _meant(sign, mark, before, after)
    if kept is not None:
        return kept, ""
    if mark == RAISED and EXPONENT.fullmatch(sign) and POWER_OF_TEN.search(before):
        return f"^{sign}", f"{name}{quoted(piece)}可能是乘方，也可能是注释，没有并入前面的数"
    if REFERENCE.fullmatch(sign) and (before.strip() or after.strip()):
        return "", f"{name}{quoted(piece)}当作注释符号，没有算作正文"
    return piece, f"{name}{quoted(piece)}按正文读取"


def _meant(sign: str, mark: str, before: str, after: str) -> str | None:
    """What a raised or lowered sign certainly is; None where it may be something else."""
    if mark == LOWERED:
        runs_into = before[-1:].isdecimal() or (sign[-1:].isdecimal() and after[:1].isdecimal())
        return None if runs_into or not before.strip() else sign
    if sign in POWERS and LENGTH.search(before):
        return POWERS[sign]
    if sign in DEGREE and re.match(r"[CF]", after) and before[-1:].isdecimal():
        return "°"
    return sign if ORDINAL.fullmatch(sign) and before.strip() else None


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
