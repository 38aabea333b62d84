"""What an .xlsx holds beside its sheets: which sheets there are, styles, shared texts, and who computed it.

Parts and attributes are those of ECMA-376 part 1, in its transitional and its strict namespaces alike: elements are
known by their local names. Whatever is missing or odd here costs no cell: cells are in the sheets.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS

from perfeval.ingest.containers.fontruns import PLAIN, Font, Run
from perfeval.ingest.containers.formatcode import GENERAL
from perfeval.ingest.containers.guard import root
from perfeval.ingest.containers.marks import LOWERED, RAISED
from perfeval.ingest.containers.sheets import COMPUTED, GENERATED, OUTDATED, UNSURE, Style
from perfeval.ingest.containers.symbols import is_symbol_font

ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML cannot hold, and an underscore before what looks so."""
CALCULATE = re.compile(
    r"(?i)microsoft (macintosh )?excel(?! compatible)|microsoft office|libreoffice|openoffice|collabora|wps|kingsoft"
    r"|et$|金山|永中|yozo|onlyoffice|numbers|gnumeric|calligra|google|planmaker|softmaker|hancom|zoho"
)
"""Programs that compute formulas before they store them, by the name they leave in the file."""

Text = str | tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class SheetAbout:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    """Its part in the archive; empty where there is none."""
    hidden: bool


@dataclass(frozen=True, slots=True)
class Package:
    """Everything but the cells."""

    sheets: tuple[SheetAbout, ...]
    styles: tuple[Style, ...]
    styles_read: bool
    """False where the styles are there and cannot be read."""
    texts: tuple[Text, ...]
    trust: int
    since_1904: bool


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, in whatever namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def is_true(text: str | None) -> bool:
    """A truth value of the schema."""
    return text in {"1", "true", "on"}


def read_package(archive: zipfile.ZipFile) -> Package:
    """The parts of a workbook; ``KeyError`` or ``ParseError`` where there is no list of sheets."""
    parts = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    main = next((part for kind, part in _relations(archive, parts, "").values() if kind == "officeDocument"), "")
    main = main if main in parts else "xl/workbook.xml"
    book = root(archive.read(parts[main]))
    relations = _relations(archive, parts, main)
    styles, styles_read = _styles(archive, _part("styles", relations, parts))
    return Package(
        tuple(_sheets(book, relations, parts)),
        styles,
        styles_read,
        tuple(_texts(archive, _part("sharedStrings", relations, parts))),
        _trust(book, archive, parts),
        any(is_true(element.get("date1904")) for element in book if local(element) == "workbookPr"),
    )


def _relations(archive: zipfile.ZipFile, parts: dict[str, str], of: str) -> dict[str, tuple[str, str]]:
    """Id → last word of the kind of relation, and the part in small letters."""
    folder, name = posixpath.split(of)
    listed = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = {}
    for element in root(archive.read(listed)) if listed else ():
        target = element.get("Target", "").replace("\\", "/")
        whole = target if target.startswith("/") else posixpath.join("/", folder, target)
        kind = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = (kind, posixpath.normpath(whole).lstrip("/").lower())
    return found


def _part(kind: str, relations: dict[str, tuple[str, str]], parts: dict[str, str]) -> str:
    """The name in the archive of a part by its kind, or where it always is; empty where there is none."""
    found = next((part for known, part in relations.values() if known == kind), "")
    return parts.get(found) or parts.get(f"xl/{kind}.xml".lower(), "")


def _sheets(book: Element, relations: dict[str, tuple[str, str]], parts: dict[str, str]) -> Iterator[SheetAbout]:
    for element in book.iter():
        if local(element) == "sheet":
            kind, part = relations.get(attribute(element, "id"), ("worksheet", ""))
            if kind == "worksheet":
                hidden = element.get("state", "visible") in {"hidden", "veryHidden"}
                yield SheetAbout(element.get("name", ""), parts.get(part, ""), hidden)


def _trust(book: Element, archive: zipfile.ZipFile, parts: dict[str, str]) -> int:
    """How far the results of formulas can be trusted, by what the workbook says of itself."""
    for element in book:
        if local(element) == "calcPr":
            by_hand = element.get("calcMode") == "manual" and element.get("calcOnSave") in {"0", "false"}
            unfinished = element.get("calcCompleted") in {"0", "false"}
            if is_true(element.get("fullCalcOnLoad")) or unfinished or by_hand:
                return OUTDATED
    if "xl/calcchain.xml" in parts:
        return COMPUTED  # in what order to compute: only a program that computes writes it
    try:
        about = root(archive.read(parts["docprops/app.xml"])) if "docprops/app.xml" in parts else ()
    except ParseError:
        about = ()
    program = next((element.text or "" for element in about if local(element) == "Application"), "").strip()
    if not program:
        return UNSURE
    return COMPUTED if CALCULATE.match(program) else GENERATED


# ---- texts -----------------------------------------------------------------------------------------------------------


def _texts(archive: zipfile.ZipFile, part: str) -> Iterator[Text]:
    """The texts that cells refer to by number."""
    if not part:
        return
    with archive.open(part) as source:
        for _, element in iterparse(source):  # noqa: S314  # guard has refused entities
            if element.tag.endswith("}si"):
                yield text_of(element)
                element.clear()


def text_of(element: Element) -> Text:
    """A plain text, or the runs of a rich one; without the phonetic guides beside them."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return unescaped(element[0].text or "")
    runs = []
    for child in element:
        name = local(child)
        if name == "t":
            runs.append(Run(unescaped(child.text or "")))
        elif name == "r":
            text = "".join(part.text or "" for part in child if local(part) == "t")
            look = next((part for part in child if local(part) == "rPr"), None)
            runs.append(Run(unescaped(text), None if look is None else font_of(look)))
    if all(run.font in {None, PLAIN} for run in runs):
        return "".join(run.text for run in runs)
    return tuple(runs)


def unescaped(text: str) -> str:
    """Without the escapes of characters that XML cannot hold."""
    return ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code in {9, 10, 13} or (code >= ord(" ") and not 0xD800 <= code <= 0xDFFF) else ""  # noqa: PLR2004


# ---- styles ----------------------------------------------------------------------------------------------------------


def font_of(element: Element) -> Font:
    """What of a font (``font`` of the styles, ``rPr`` of a run) changes how its text is read."""
    struck, position, name = False, "", ""
    for child in element:
        kind, value = local(child), child.get("val", "")
        if kind == "strike":
            struck = value not in {"0", "false", "off"}
        elif kind == "vertAlign":
            position = {"superscript": RAISED, "subscript": LOWERED}.get(value, "")
        elif kind in {"name", "rFont"}:
            name = value if is_symbol_font(value) else ""
    return Font(struck, position, name) if struck or position or name else PLAIN


def _styles(archive: zipfile.ZipFile, part: str) -> tuple[tuple[Style, ...], bool]:
    """The styles that cells refer to by number, and whether they could be read."""
    if not part:
        return (), True
    try:
        groups = {local(element): element for element in root(archive.read(part))}
    except ParseError:
        return (), False
    formats = {
        number_of(element.get("numFmtId")): element.get("formatCode", GENERAL) for element in groups.get("numFmts", ())
    }
    fonts = [font_of(element) for element in groups.get("fonts", ())]
    return tuple(_style(element, formats, fonts) for element in groups.get("cellXfs", ())), True


def _style(element: Element, formats: dict[int, str], fonts: list[Font]) -> Style:
    number, font = number_of(element.get("numFmtId")), number_of(element.get("fontId"))
    return style_of(number, formats, fonts[font] if font < len(fonts) else PLAIN)


FIRST_OWN = 164
"""Numbers of formats below it are built in."""


def style_of(number: int, formats: dict[int, str], font: Font) -> Style:
    """A style by the number of its format: the workbook's own one, else a built-in one."""
    if number in formats:
        return Style(formats[number] or GENERAL, 0, font)
    return Style(BUILTIN_FORMATS.get(number, GENERAL), number, font, known=number < FIRST_OWN)


def number_of(text: str | None) -> int:
    """A number of the schema; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
