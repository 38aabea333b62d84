"""The packaged font of the charts, and the style they are drawn in. A missing font or glyph is an error, never a box.

Noto Sans SC (OFL, from the package pylopdf-fonts-zh-cn) makes charts measure the same on every machine.
"""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager, ft2font

from perfeval.model.errors import FontError

FAMILY = "Noto Sans SC"
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
    path = Path(pylopdf_fonts_zh_cn.sans_path())
    if not path.is_file():
        raise FontError(f"图表所需的中文字体“{FAMILY}”缺失：没有文件 {path.name} → 请重新安装 pylopdf-fonts-zh-cn")
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


def check(texts: Iterable[str]) -> None:
    """:class:`FontError` naming the characters the packaged font lacks and the texts they stand in."""
    lacking = {text: sorted({mark for mark in text if ord(mark) not in glyphs()}) for text in texts}
    told = [
        f"“{text}”中的{'、'.join(f'{mark}（U+{ord(mark):04X}）' for mark in marks)}"
        for text, marks in lacking.items()
        if marks
    ]
    if told:
        raise FontError(f"图表字体“{FAMILY}”没有下列字符：{'；'.join(told)} → 请在数据中改用常用字")


@contextmanager
def theme() -> Iterator[None]:
    """Matplotlib in the style of the reports, for the length of a block; a glyph that cannot be drawn is an error."""
    ensure()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # a user's own matplotlibrc must not change the bytes of a report
        mpl.rcParams.update(STYLE)
        warnings.filterwarnings("error", message=r"Glyph \d+")
        try:
            yield
        except UserWarning as warning:
            raise FontError(f"图表字体“{FAMILY}”缺少字符：{warning}") from warning
