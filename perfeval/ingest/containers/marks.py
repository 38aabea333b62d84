"""Text whose parts are marked (raised, struck out, hidden): what of it is the value, and what is to be said of it."""

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
