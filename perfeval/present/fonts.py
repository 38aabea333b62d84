"""The packaged font of the charts, and the style they are drawn in.

Noto Sans SC (OFL, from the package pylopdf-fonts-zh-cn) makes charts measure the same on every machine; that it is
missing is a broken installation. What it cannot draw is no fault of an office's name: 〓 stands in for it, on every
machine alike, and pages keep the real character for the reader's own fonts. A font of the machine's is never used, for
then the same data would give other bytes elsewhere.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager, ft2font

from perfeval.model.errors import FontError
from perfeval.model.folding import UNSEEN
from perfeval.present.fontfile import FAMILY, font_file

FALLBACKS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
"""Families a reader's machine is likely to have, named in SVG text after the packaged one."""

INK, SOFT, LINE, PAPER, TRACK = "#1d2327", "#5b6670", "#d9dee2", "#ffffff", "#eef1f3"
MET, MISSED, DOUBT, NEUTRAL = "#2f6f62", "#b3372b", "#8a6d1a", "#23527c"
"""The palette, by verdict; the same values stand in theme/report/report.css (a test compares them)."""

SIZE = 12.5
"""Text of charts, px at their natural width."""

STYLE: dict[Any, Any] = {
    "font.family": [FAMILY],
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in an indicator's name is a dollar sign
    "axes.unicode_minus": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "perfeval",
    "hatch.linewidth": 1.2,
}


@lru_cache(maxsize=1)
def ensure() -> Path:
    """Register the packaged font with matplotlib and return its file; :class:`FontError` where it is missing."""
    path = font_file()
    font_manager.fontManager.addfont(path)
    require(FAMILY)
    return path


def require(family: str) -> None:
    """:class:`FontError` unless matplotlib knows the family: on its own it would silently draw with another."""
    try:
        font_manager.findfont(family, fallback_to_default=False)
    except ValueError as error:
        raise FontError(f"图表所需的字体“{family}”没有找到 → 请重新安装 pylopdf-fonts-zh-cn") from error


@lru_cache(maxsize=1)
def glyphs() -> frozenset[int]:
    """The code points the packaged font can draw."""
    return frozenset(ft2font.FT2Font(str(ensure())).get_charmap())


STAND_IN = "〓"
"""Drawn for a character that the packaged font lacks: the printers' mark for a type that is not in the case."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
BARE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
"""Controls, halves of pairs, and what is no character at all: no page can hold it."""


def drawn(text: str) -> str:
    """The text as the packaged font can draw it: nothing for what is never seen, 〓 for what it lacks.

    >>> drawn("消防\u200b隐患"), drawn("𠮷庆街"), drawn("100%")
    ('消防隐患', '〓庆街', '100%')
    """
    return "".join(mark if mark == "\n" or ord(mark) in glyphs() else STAND_IN for mark in _UNSEEN.sub("", text))


def told(text: str) -> str:
    """The text as a page can show it in the reader's own fonts: its real characters, without what no page can hold.

    >>> told("消防\u200b隐患"), told("𠮷庆街"), told("甲\x1b乙")
    ('消防隐患', '𠮷庆街', '甲〓乙')
    """
    return BARE.sub(STAND_IN, _UNSEEN.sub("", text))


def lacking(text: str) -> str:
    """The characters for which charts draw 〓, each once.

    >>> lacking("𠮷庆街𠮷"), lacking("消防\u200b隐患")
    ('𠮷', '')
    """
    return "".join(dict.fromkeys(mark for mark in _UNSEEN.sub("", text) if mark != "\n" and ord(mark) not in glyphs()))


@contextmanager
def outlined() -> Iterator[None]:
    """Text as outlines, for the length of a block: a saved drawing goes where the font may not be."""
    with mpl.rc_context({"svg.fonttype": "path", "pdf.fonttype": 42}):
        yield


def register() -> None:
    """Let the user's own matplotlib draw Chinese: the packaged font stands in for what their fonts lack.

    Their other settings stay as they are. To be called again after ``plt.style.use``.
    """
    ensure()
    families = mpl.rcParams["font.family"]
    families = [families] if isinstance(families, str) else list(families)
    if FAMILY not in families:
        mpl.rcParams["font.family"] = [*families, FAMILY]


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    """Every setting of matplotlib as reports have it: its own defaults, for a user's matplotlibrc must not change the
    bytes of a report, and :data:`STYLE`."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        held: Any = mpl.rcParams
        settings: dict[str, Any] = dict(dict.items(held))  # not one by one: to ask for the backend is to choose it
    settings.pop("backend", None)
    return settings


@contextmanager
def theme() -> Iterator[None]:
    """Matplotlib in the style of the reports, for the length of a block.

    What a glyph is missing for is seen to where a figure is written (:func:`drawn`): until then it is only a text.
    """
    ensure()
    held: dict[Any, Any] = mpl.rcParams
    before = dict(dict.items(held))
    before.pop("backend", None)  # it may be chosen within the block
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        try:
            # As they are: to have 300 settings checked anew takes longer than to draw a chart's bars.
            dict.update(held, _settings())
            yield
        finally:
            dict.update(held, before)
