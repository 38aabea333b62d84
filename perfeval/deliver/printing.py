"""A report's page as it goes to the printer of a PDF: with its font, and without the ways to its neighbours.

Fonts of a system are often such that a browser draws every character as a little program of its own (CFF outlines),
which takes several times the room; the charts' packaged font is therefore put into the page, cut down to its characters
and with TrueType outlines. Bold text keeps the bold of the system's fonts: an invented one is drawn stroke by stroke.
"""

import base64
import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from perfeval.present.fontfile import FAMILY, font_file

POLICY = "default-src 'none'; img-src data:;"
"""By this a page of ours is known: nothing is loaded into it."""
_NEIGHBOUR = re.compile(r'(<a\b[^>]*?) href="(?!#|[a-z]+:)[^"]*"')
WITHIN = 1.0
"""How far TrueType outlines may be from the font's own, in thousandths of an em."""


def for_paper(html: bytes) -> bytes:
    """The page of a report, to be printed from any folder; another page as it is.

    A link to a neighbouring page would lead to this machine's folders from wherever the PDF goes: its text stays.
    """
    policy = POLICY.encode()
    if policy not in html or FAMILY.encode() not in html:
        return html
    page = _NEIGHBOUR.sub(r"\1", html.decode("utf-8"))
    font = base64.b64encode(cut(font_file(), {*page})).decode()
    faces = (
        f'<style>@font-face{{font-family:"{FAMILY}";font-weight:100 500;src:url(data:font/ttf;base64,{font})}}'
        f'@font-face{{font-family:"{FAMILY}";font-weight:501 900;src:local("{FAMILY} Bold")}}</style>'
    )
    page = page.replace(POLICY, f"{POLICY} font-src data:;", 1).replace("</head>", f"{faces}</head>", 1)
    return page.encode("utf-8")


def cut(path: Path, characters: set[str]) -> bytes:
    """A font with CFF outlines as TrueType, with these of its characters."""
    with TTFont(path, lazy=True) as font:
        wanted = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
        wanted.populate(unicodes=map(ord, characters))
        wanted.subset(font)
        names = [name for name in font.getGlyphOrder() if name in font["CFF "].cff.topDictIndex[0].CharStrings]
        drawn, outlines = font.getGlyphSet(), {}
        for name in names:
            pen = TTGlyphPen(None)
            drawn[name].draw(Cu2QuPen(pen, WITHIN * font["head"].unitsPerEm / 1000, reverse_direction=True))
            outlines[name] = pen.glyph()
        built = FontBuilder(font["head"].unitsPerEm, isTTF=True)
        built.setupGlyphOrder(names)
        built.setupCharacterMap(font.getBestCmap())
        built.setupGlyf(outlines)
        built.setupHorizontalMetrics({name: font["hmtx"][name] for name in names})
        built.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    built.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    built.setupOS2()
    built.setupPost(keepGlyphNames=False)
    built.font["head"].created = built.font["head"].modified = 0  # the same page is the same bytes at any time
    built.font.recalcTimestamp = False
    content = io.BytesIO()
    built.save(content)
    return content.getvalue()
