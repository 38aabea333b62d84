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
_CIRCLED = "\u2460-\u249b\u24eb-\u24ff\u2776-\u2793\u3220-\u3229"
_INVISIBLE = "\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_GONE = re.compile(f"[{_CIRCLED}{_INVISIBLE}]")
_RESIDUE = re.compile(r"[\[(]bookmark:[^\])]{0,40}[\])]")
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:(?: [0-9]{3}){2,5}(?![0-9 ])|(?: [0-9]{3}){1,5}(?= ?[一-龥%]))")
_POWER = re.compile(r"(?<![A-Za-z])(km|hm|m)\^?([23])(?![0-9])", re.IGNORECASE)
_POWERS = {"km2": "平方公里", "hm2": "公顷", "m2": "平方米", "m3": "立方米"}
_SPREAD = re.compile(r"(?<![0-9.,])[0-9](?: [0-9]){1,9}(?= ?[%.])")
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9.]) +(?=[0-9])")
_AFTER_POINT = re.compile(r"(?<=[0-9]) *([./]) *(?=[0-9])")
_EDGES = " \t。;,、:.!?'\""
_PUNCTUATION = re.compile(r"[\s,。;:、!?'\"()·.\-—…]+")
_MARKS = re.escape(_FOLDING["marks"])
_LEADING = re.compile(rf"[{_MARKS}]+")
_KEPT_SPACE = "\u241f"


@lru_cache(maxsize=8192)  # the same cells are read by scoring, findings and matching
def fold(text: str) -> str:
    """The text in half width, simplified, without invisible signs, marks in front, or spaces that say nothing.

    A space between two numbers stays, since ``95 100`` is not 95100; ``1 234 567`` and ``1 0 0 %`` are joined.
    Folding twice changes nothing.
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
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = _RESIDUE.sub("", text)
    text = " ".join(text.split())
    if " " in text:
        text = _GROUPED.sub(lambda found: found[0].replace(" ", ""), text)
        text = _SPREAD.sub(lambda found: found[0].replace(" ", ""), text)
        text = _AFTER_POINT.sub(r"\1", text)
        text = _BETWEEN_NUMBERS.sub(_KEPT_SPACE, text).replace(" ", "").replace(_KEPT_SPACE, " ")
    text = _POWER.sub(lambda found: _POWERS.get(f"{found[1]}{found[2]}".lower(), found[0]), text)
    text = _LEADING.sub("", text)
    bare = text.strip(_EDGES)
    return bare if bare else text[:_LONGEST_BLANK]


_LONGEST_BLANK = 6
"""A cell of punctuation only is a placeholder; more of it than this adds nothing."""


def key(text: str) -> str:
    """What two texts must share to say the same: folded, without punctuation, in lower case."""
    return _PUNCTUATION.sub("", fold(text)).lower()
