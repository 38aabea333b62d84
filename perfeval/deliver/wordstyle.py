"""The layout of official documents (GB/T 9704—2012) as Word styles: page, fonts, headings, page numbers; and saving.

The fonts are proprietary: they are named, with those that stand in for them, and never shipped.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from markupsafe import escape

from perfeval.model.reportform import BLANK

TITLE_FONT, BODY_FONT, HEAD_FONT, SECOND_FONT, NUMBER_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
STANDINS = {TITLE_FONT: "宋体", BODY_FONT: "仿宋", HEAD_FONT: "SimHei", SECOND_FONT: "楷体", NUMBER_FONT: "SimSun"}
"""What Word takes where a font is not installed; 仿宋 and 楷体 come with every Windows since 7."""
TITLE_SIZE, BODY_SIZE, FOURTH, FIFTH = 22, 16, 14, 10.5
"""2号, 3号, 4号, 五号 in points."""
LINE = 28.95
"""Fixed line height, points: 22 lines on a page."""
GRID = {"type": "linesAndChars", "linePitch": "579", "charSpace": "-849"}
"""The grid of an upright page: 22 lines (of 1/20 point) of 28 characters (narrower than 3号 by 1/4096 points)."""
TIGHTER = -5
"""1/20 point between characters of the body: 28 stand on a line. Paragraphs do not snap to the grid: LibreOffice gives
a character that is wider than its cell two cells; they keep to it by their own measures, in every program."""
WIDTH, LENGTH = 156, 225
"""The type area, mm: 156 wide and 225 long on an upright page."""
UPRIGHT = {"top": 37, "bottom": 35, "left": 28, "right": 26}
ACROSS = {"top": 28, "bottom": 26, "left": 37, "right": 35}
"""Margins, mm: those of the standard, and the same sheet turned."""
FOOT = 9.5
"""Distance from the type area to the lower edge of the page number, mm: its line stands 7 mm below the area."""
HEADING_FONTS = {1: HEAD_FONT, 2: SECOND_FONT, 3: BODY_FONT, 4: BODY_FONT}
CAPTION, CELL, CELL_HEAD, NOTE, SIGNED, ANNEX_MARK = "附表题", "表格文字", "表格标题", "附注", "落款", "附件标识"
"""Styles of our own, by the names Word shows."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file: none, so that equal reports are equal bytes."""
LONGEST_TITLE = 255
"""Characters a property of a document holds."""
UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


def clean(text: str) -> str:
    """The text without characters that cannot stand in a document; other line ends become line feeds."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def opened(title: str, heading: str = "") -> Any:
    """An empty document in the official layout; ``title`` is its only property."""
    document = docx.Document()
    _properties(document, title)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _margins(section, UPRIGHT)
    _grid(section, GRID)
    document.settings.odd_and_even_pages_header_footer = True
    for head in (section.header, section.even_page_header) if heading else ():
        head.paragraphs[0].text = heading
        head.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _styles(document.styles)
    return document


def turned(document: Any) -> None:
    """Go on with pages that lie across, for wide tables."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    empty = document.paragraphs[-1]._p  # python-docx ends the section with an empty line; the last one can do that
    empty.getprevious().get_or_add_pPr().append(empty.pPr.find(qn("w:sectPr")))
    empty.getparent().remove(empty)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    _margins(section, ACROSS)
    _grid(section, {})


def _margins(section: Any, margins: Mapping[str, float]) -> None:
    for side, width in margins.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(margins["bottom"] - FOOT - FOURTH * 0.3528)


def _grid(section: Any, values: Mapping[str, str]) -> None:
    """The lines and characters of a page; none where there are no values."""
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    if values:
        grid = OxmlElement("w:docGrid")
        for key, value in values.items():
            grid.set(qn(f"w:{key}"), value)
        section._sectPr.append(grid)


def write(paragraph: Any, text: str) -> None:
    """Text into a paragraph; what a person is to fill in is highlighted."""
    place = 0
    shown = clean(text)
    for found in BLANK.finditer(shown):
        if found.start() > place:
            paragraph.add_run(shown[place : found.start()])
        paragraph.add_run(found.group()).font.highlight_color = WD_COLOR_INDEX.YELLOW
        place = found.end()
    if place < len(shown):
        paragraph.add_run(shown[place:])


def indented_right(paragraph: Any, characters: int) -> None:
    """Keep a paragraph that stands at the right so many characters off the edge."""
    paragraph.paragraph_format.right_indent = Pt(characters * BODY_SIZE)
    paragraph._p.pPr.find(qn("w:ind")).set(qn("w:rightChars"), str(100 * characters))


def _properties(document: Any, title: str) -> None:
    """No author, no dates, no preview picture: only what the report is called."""
    core = document.core_properties
    for entry in list(core._element):
        core._element.remove(entry)
    core.title, core.language = clean(title)[:LONGEST_TITLE], "zh-CN"
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = _font_table()


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in STANDINS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _styles(styles: Any) -> None:
    """Body, title, headings with their outline levels, and the styles of tables and figures."""
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    body = styles["Normal"]
    _font(body, BODY_FONT, BODY_SIZE)
    _paragraph(body, LINE, indent=True, align=WD_ALIGN_PARAGRAPH.LEFT)  # justified, a line before “100%” gapes
    title = _fresh(styles, "Title")
    _font(title, TITLE_FONT, TITLE_SIZE)
    _paragraph(title, 35, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, name in HEADING_FONTS.items():
        heading = _fresh(styles, f"Heading {level}")
        _font(heading, name, BODY_SIZE)
        _paragraph(heading, LINE, indent=True, align=WD_ALIGN_PARAGRAPH.LEFT, outline=level - 1)
        heading.paragraph_format.keep_with_next = True
    kinds = {
        CAPTION: (HEAD_FONT, FOURTH, WD_ALIGN_PARAGRAPH.LEFT),
        CELL: (BODY_FONT, FIFTH, WD_ALIGN_PARAGRAPH.LEFT),
        CELL_HEAD: (HEAD_FONT, FIFTH, WD_ALIGN_PARAGRAPH.CENTER),
        NOTE: (SECOND_FONT, FIFTH, WD_ALIGN_PARAGRAPH.LEFT),
    }
    for name, (font, size, align) in kinds.items():
        style = styles.add_style(name, 1)
        style.base_style = body
        _font(style, font, size)
        _paragraph(style, None, align=align)
    for name, font, align in (
        (SIGNED, BODY_FONT, WD_ALIGN_PARAGRAPH.RIGHT),
        (ANNEX_MARK, HEAD_FONT, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        style = styles.add_style(name, 1)
        style.base_style = body
        _font(style, font, BODY_SIZE)
        _paragraph(style, LINE, align=align, outline=0 if name == ANNEX_MARK else None)
    styles[CAPTION].paragraph_format.keep_with_next = True
    styles[CAPTION].paragraph_format.space_before = Pt(12)
    styles[CAPTION].paragraph_format.space_after = Pt(4)


def _fresh(styles: Any, name: str) -> Any:
    """A built-in style without the look python-docx's template gives it."""
    style = styles[name]
    for tag in ("w:rPr", "w:pPr"):
        for found in style.element.findall(qn(tag)):
            style.element.remove(found)
    style.base_style, style.next_paragraph_style = styles["Normal"], styles["Normal"]
    return style


def _font(style: Any, name: str, size: float) -> None:
    """Font and size, for Chinese and Latin text alike: digits and quotation marks stand in the same face."""
    style.font.name, style.font.size, style.font.bold = name, Pt(size), False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(TIGHTER if size == BODY_SIZE else 0))
    style.element.rPr.insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )
    for attribute in ("w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


AFTER_GRID = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
"""What a paragraph's properties hold after it, in the order the standard wants."""


def _paragraph(
    style: Any, line: float | None, *, indent: bool = False, align: Any = None, outline: int | None = None
) -> None:
    """Line height (None: single, for what must not be cut), two characters of indent, alignment, outline level."""
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.0 if line is None else Pt(line)
    form.alignment = align
    form.widow_control = False  # a page has 22 lines
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    form._element.get_or_add_pPr().insert_element_before(off, *AFTER_GRID)
    form.first_line_indent = Pt(2 * BODY_SIZE) if indent else Pt(0)
    form._element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200" if indent else "0")
    if outline is not None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(outline))
        form._element.get_or_add_pPr().append(level)


def _page_number(footer: Any, side: Any) -> None:
    """``— 1 —`` in half-width figures of size 4, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Normal"
    form = paragraph.paragraph_format
    form.alignment, form.line_spacing, form.first_line_indent = side, 1.0, Pt(0)
    form._element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
    form.left_indent = form.right_indent = Pt(FOURTH)
    look = (
        f'<w:rPr><w:rFonts w:ascii="{NUMBER_FONT}" w:hAnsi="{NUMBER_FONT}" w:eastAsia="{NUMBER_FONT}"/>'
        f'<w:sz w:val="{2 * FOURTH}"/><w:szCs w:val="{2 * FOURTH}"/></w:rPr>'
    )
    field = "".join(
        f"<w:r>{look}{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    for run in parse_xml(f"<w:p {nsdecls('w')}>{field}</w:p>"):
        paragraph._p.append(run)


def keep(document: Any, namespace: str, text: str) -> None:
    """Put a text into the file that no page shows: a custom XML part, which Word and WPS keep."""
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<kept xmlns="{namespace}">{escape(text)}</kept>'
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", content.encode(), document.part.package)
    document.part.relate_to(part, f"{RELATIONS}/customXml")


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class _Stamped:
    """Takes the parts of a package as python-docx writes them, with our time: a ZIP knows none before 1980."""

    target: zipfile.ZipFile

    def write(self, name: Any, content: bytes) -> None:
        entry = zipfile.ZipInfo(name.membername, STAMP)
        entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
        self.target.writestr(entry, content)


def save(document: Any, path: Path) -> Path:
    """Write the document; the same content gives the same bytes, and nothing half-written takes the place of a file.

    Raises ``OSError`` where it cannot be written.
    """
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    partial = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w") as target:
            writer, steps = _Stamped(target), cast("Any", PackageWriter)  # whose own write asks the clock
            steps._write_content_types_stream(writer, package.parts)
            steps._write_pkg_rels(writer, package.rels)
            steps._write_parts(writer, package.parts)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
