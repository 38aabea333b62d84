"""One spelling for what offices type in many: full and half width, look-alike signs, traditional characters, spaces."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=8)
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary file ``<name>.toml`` beside this module."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def one_of(words: Any) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


_FOLDING = vocabulary("words")["folding"]
_SIGNS = str.maketrans(
    _FOLDING["lookalike"] | dict(zip(_FOLDING["traditional"]["from"], _FOLDING["traditional"]["to"], strict=True))
)
_RADICALS = str.maketrans(*(_FOLDING["radicals"][side] for side in ("from", "to")))
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U000e0000-\U000e0fff"
)
"""Inside the brackets of a regular expression: what Unicode calls default-ignorable, and is seen nowhere."""
_ODD = re.compile(f"[{UNSEEN}\u2028\u2029\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]|\\(cid:[0-9]{{1,6}}\\)")
"""What looks like something else than it is: nothing, a line break, an ordinary character, a glyph without a name."""
_SCRIPT_DIGITS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
_SCRIPT = re.compile(f"(?P<before>^|.)(?P<mark>[{_SCRIPT_DIGITS}]+)", re.DOTALL)
_FRACTION = re.compile("(?P<before>\\d?)(?P<mark>[\u00bc-\u00be\u2150-\u215e\u2189])")
_SQUARED = re.compile("(?<=[0-9])(?=[\u32c0-\u32cb\u3358-\u3370\u33e0-\u33fe])")
_KEPT = re.compile("([\u2026\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3251-\u325f\u3280-\u32bf\U0001f100-\U0001f10a]+)")
"""Signs of their own that NFKC would take apart: an ellipsis, circled and bracketed numbers."""
_CIRCLED = "\u2460-\u249b\u24eb-\u24ff\u2776-\u2793\u3220-\u3229"
_CONTROL = "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"
_GONE = re.compile(f"[{_CIRCLED}{_CONTROL}{UNSEEN}]")
_RESIDUE = re.compile(r"[\[(]bookmark:[^\])]{0,40}[\])]")
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:(?: [0-9]{3}){2,5}(?![0-9 ])|(?: [0-9]{3}){1,5}(?= ?[一-龥%]))")
_POWER = re.compile(r"(?<![A-Za-z])(km|hm|m)\^?([23])(?![0-9])", re.IGNORECASE)
_POWERS = {"km2": "平方公里", "hm2": "公顷", "m2": "平方米", "m3": "立方米"}
_SPREAD = re.compile(r"(?<![0-9.,])[0-9](?: [0-9]){2,9}(?= ?[%.])")
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9.]) +(?=[0-9])")
_AFTER_POINT = re.compile(r"(?<=[0-9]) *([./]) *(?=[0-9])")
_EDGES = " \t。;,、:.!?'\""
_POINT_FIRST = re.compile(rf"[{re.escape(_EDGES.replace('.', ''))}]*(?=\.[0-9])")
"""Before a number without a digit in front of its point: ``.5%`` is half a per cent, ``...5%`` an ellipsis."""
_PUNCTUATION = re.compile(r"[\s,。;:、!?'\"()·.\-—…]+")
_MARKS = re.escape(_FOLDING["marks"])
_PLAIN_MARKS = re.escape(_FOLDING["marks"].replace("▲", "").replace("△", ""))
"""Accounts write ▲5.2 % for minus 5.2 %: before a number a triangle is no mere mark."""
_LEADING = re.compile(rf"[{_MARKS}]+(?![▲△]*[<>=≥≤]?[-+]?[0-9])|[{_PLAIN_MARKS}]+")
_KEPT_SPACE = "\u241f"


def legible(text: str) -> str:
    """The characters a reader sees, nothing else changed: ``⾏\u200b政`` → ``行政``; what cannot be seen is gone.

    Radicals and compatibility ideographs become the characters they look like (PDF programs write them), Unicode's line
    and paragraph separators become ``\\n``. Width, punctuation, spaces and superscripts stay.
    """
    return text if is_legible(text) else _ODD.sub(_seen, text)


def is_legible(text: str) -> bool:
    """Whether every character is what it looks like, so that :func:`legible` changes nothing."""
    return _ODD.search(text) is None


def _seen(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in "\u2028\u2029":
        return "\n"
    if "\u2e80" <= sign <= "\u2fdf" or "\uf900" <= sign <= "\ufaff" or "\U0002f800" <= sign <= "\U0002fa1f":
        return unicodedata.normalize("NFKC", sign.translate(_RADICALS))
    return ""


@lru_cache(maxsize=65536)
def half_width(text: str) -> str:
    """The text in half width (NFKC) without inventing numbers; numbers stay the numbers that are seen.

    A raised figure is a unit's power (``m²`` → ``m2``) or stands behind ``^`` (``13¹次`` → ``13^1次``), a lowered one
    behind ``_``; ``3½`` is ``3.5``, and a third stays ``⅓``. Circled numbers and ``…`` are left alone.
    """
    text = legible(text)
    if text.isascii():
        return text
    text = _FRACTION.sub(_decimal, _SCRIPT.sub(_raised, text))
    text = _SQUARED.sub(" ", text)
    parts = _KEPT.split(text)
    return "".join(part if at % 2 else _normal(part) for at, part in enumerate(parts))


def _normal(text: str) -> str:
    return "".join(
        part if at % 2 else unicodedata.normalize("NFKC", part) for at, part in enumerate(_THIRDS.split(text))
    )


_THIRDS = re.compile("([\u2150-\u215e\u2189])")
_POWERED = re.compile("[A-Za-zＡ-Ｚａ-ｚ]")


def _raised(found: re.Match[str]) -> str:
    digits = unicodedata.normalize("NFKC", found["mark"])
    if _POWERED.match(found["before"]):
        return found["before"] + digits
    sign = "_" if found["mark"] >= "\u2080" else "^"
    return f"{found['before']}{sign}{digits}"


def _decimal(found: re.Match[str]) -> str:
    """``½`` as ``0.5``, ``3½`` as ``3.5``; fractions that do not end stay as they are."""
    value = str(unicodedata.numeric(found["mark"]))
    exact = len(value) <= _LONGEST_FRACTION
    return f"{found['before'] or '0'}{value[1:]}" if exact else f"{found['before']}{found['mark']}"


_LONGEST_FRACTION = len("0.125")


@lru_cache(maxsize=65536)  # the same cells are read by scoring, findings and matching
def fold(text: str) -> str:
    """The text in half width, simplified, without invisible signs, marks in front, or spaces that say nothing.

    A space between two numbers stays, since ``95 100`` is not 95100, and ``9 6%`` may be 6 %; ``1 234 567`` and
    ``1 0 0 %`` are joined. Folding twice changes nothing.
    """
    found = _fold_once(text)
    for _ in range(_MOST_ROUNDS):
        again = _fold_once(found)
        if again == found:
            break
        found = again
    return found


_MOST_ROUNDS = 4
"""Enough for what folding itself uncovers (a mark behind a quotation mark, a digit behind an invisible sign)."""


def _fold_once(text: str) -> str:
    text = _GONE.sub("", text)
    text = text.replace("■", "√" if "□" in text else "")
    text = half_width(text.translate(_SIGNS)).replace("…", "...").translate(_SIGNS)
    text = _RESIDUE.sub("", text)
    text = " ".join(text.split())
    if " " in text:
        text = _GROUPED.sub(lambda found: found[0].replace(" ", ""), text)
        text = _SPREAD.sub(lambda found: found[0].replace(" ", ""), text)
        text = _AFTER_POINT.sub(r"\1", text)
        text = _BETWEEN_NUMBERS.sub(_KEPT_SPACE, text).replace(" ", "").replace(_KEPT_SPACE, " ")
    text = _POWER.sub(lambda found: _POWERS.get(f"{found[1]}{found[2]}".lower(), found[0]), text)
    text = _LEADING.sub("", text)
    bare = text.rstrip(_EDGES)
    point = _POINT_FIRST.match(bare)
    bare = bare[point.end() :] if point else bare.lstrip(_EDGES)
    return bare if bare else text[:_LONGEST_BLANK]


_LONGEST_BLANK = 6
"""A cell of punctuation only is a placeholder; more of it than this adds nothing."""


def on_one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def key(text: str) -> str:
    """What two texts must share to say the same: folded, without punctuation, in lower case."""
    return _PUNCTUATION.sub("", fold(text)).lower()
