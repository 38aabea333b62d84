"""Pages as they go to the printer of a PDF: with their font, without links that lead to this machine's folders."""

import base64
import io
import re

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from perfeval.deliver.printing import POLICY, cut, for_paper
from perfeval.present.fontfile import FAMILY, font_file
from perfeval.run import Report

PAGE = (
    f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>p {{ font: 1em "{FAMILY}" }}</style>'
    '</head><p id="a">消防<a href="../../x.html">邻页</a><a class="b" href="#a">本页</a>'
    '<a href="https://example.cn/">外</a></p>'
).encode()


def test_a_page_takes_its_font_along_and_no_way_to_its_neighbours() -> None:
    page = for_paper(PAGE).decode()
    assert "<a>邻页</a>" in page
    assert '<a class="b" href="#a">本页</a>' in page
    assert '<a href="https://example.cn/">外</a>' in page
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"font/ttf;base64,([^)]+)", page)[1])))
    assert {*map(ord, "消防邻页本外")} <= {*font.getBestCmap()} < {*map(ord, PAGE.decode())} | {0}
    assert "font-src data:" in page
    assert for_paper(PAGE) == for_paper(PAGE)


@pytest.mark.parametrize("page", [b"", b"<p>\xff", PAGE.replace(POLICY.encode(), b"x"), PAGE.replace(b"Noto", b"No")])
def test_a_page_that_is_none_of_ours_is_left(page: bytes) -> None:
    assert for_paper(page) == page


def test_the_characters_are_drawn_as_the_font_has_them() -> None:
    marks = "复算8%口"
    part = TTFont(io.BytesIO(cut(font_file(), {*marks})))
    assert {*part.getBestCmap()} == {*map(ord, marks)}
    with TTFont(font_file(), lazy=True) as whole:
        for mark in marks:
            assert measured(part, mark) == pytest.approx(measured(whole, mark), abs=2)


def measured(font: TTFont, mark: str) -> tuple[float, ...]:
    """How wide a character is set, its four bounds, and the root of its area, in units of the font."""
    drawn, name = font.getGlyphSet(), font.getBestCmap()[ord(mark)]
    bounds, area = BoundsPen(drawn), AreaPen(drawn)
    drawn[name].draw(bounds)
    drawn[name].draw(area)
    return (drawn[name].width, *bounds.bounds, abs(area.value) ** 0.5)


def test_real_pages_are_known_for_ours(made: Report) -> None:
    assert b"@font-face" in for_paper(made.html.read_bytes())
