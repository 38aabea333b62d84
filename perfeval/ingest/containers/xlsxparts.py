"""What an .xlsx holds beside its sheets: which sheets there are, styles, shared texts, and who computed it.

Parts and attributes are those of ECMA-376 part 1, in its transitional and its strict namespaces alike: elements are
known by their local names. Whatever is missing or odd here costs no cell: cells are in the sheets.

One sheet of a workbook between its file and its grid: cells by place, what hides them, where values come from.
"""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS

from perfeval.ingest.containers.formatcode import GENERAL
from perfeval.ingest.containers.guard import root
from perfeval.ingest.containers.markedtext import LOWERED, RAISED, is_symbol_font
from perfeval.ingest.containers.shown import MAX_CELLS, MAX_ROWS, CellMaker, TooLarge, make_grid
from perfeval.ingest.containers.wordruns import PLAIN, Font, Run, run_text
from perfeval.ingest.document import FORMULA, UNCOMPUTED, WRONG, Cell, Doubt, Grid, letters_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

LISTED = 20
"""Problems of one kind reported cell by cell; a sheet full of them says how many more there are."""
COMPUTED, UNSURE, GENERATED, OUTDATED = range(4)
"""How far the stored results of formulas can be trusted.

``COMPUTED``: a spreadsheet program computed them. ``UNSURE``: nothing says who wrote them. ``GENERATED``: written by a
program that computes nothing unless it is asked to. ``OUTDATED``: the file itself asks to be computed anew when it is
opened. Programs that compute nothing store 0 (or an empty text) as the result of every formula; so where all results
of a sheet are 0 or empty, the last two kinds were never computed, and the second is doubted. Where some results are
there, a 0 that was GENERATED is doubted, and everything that is OUTDATED.
"""
STALE: Doubt = ("W625", "公式的结果可能不是最新的：文件不是由表格软件算好后保存的")

Merge = tuple[int, int, int, int]
Place = tuple[int, int]
"""Row from 1 and column from 0."""
NARROW, LOW = 0.5, 2.0
"""Of a column widths of a digit, of a row points: below it nothing is seen of what stands there, as if hidden."""


@dataclass(frozen=True, slots=True)
class Style:
    """What of a cell's style changes how it is read."""

    number_format: str = GENERAL
    format_number: int = 0
    """Of a built-in format its number, else 0."""
    font: Font = PLAIN
    known: bool = True
    """False where the workbook refers to a style or format that it does not have."""


DEFAULT = Style()
NOT_COMPUTED = Cell(origin=UNCOMPUTED)


@dataclass(slots=True)
class Sheet:
    """A sheet as it is read."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    """Row from 1 → column from 0 → cell with content."""
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    """From 1."""
    hidden_columns: set[int] = field(default_factory=set)
    """From 0."""
    formulas: dict[Place, tuple[bool, int]] = field(default_factory=dict)
    """Formula cells → whether the result is 0, empty or missing, and how far it can be trusted."""
    areas: list[Merge] = field(default_factory=list)
    """Ranges (from 0) whose cells are results of one formula."""
    troubles: list[tuple[str, Place, str, str]] = field(default_factory=list)
    """What is to be said of single cells: code, place, message, value."""
    count: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Put a cell at its place; the second of two at one place is named, and not read. May raise ``TooLarge``."""
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
            if len(self.rows) > MAX_ROWS:
                raise TooLarge(f"有内容的行超过{MAX_ROWS:,}行")
        self.count += 1
        if self.count > MAX_CELLS:
            raise TooLarge(f"有内容的单元格超过{MAX_CELLS:,}个")
        before = cells.get(column)
        if before is None:
            cells[column] = cell
        elif before != cell:
            message = f"写了两次，后一次的“{cell.text[:20]}”没有读取"
            self.troubles.append(("W626", (row, column), message, cell.text))


def styled(maker: CellMaker, value: object, style: Style) -> Cell:
    """The cell of a stored value, number or text, as its style shows it."""
    font = style.font
    if font.struck or font.name:
        if isinstance(value, str):
            value = (Run(value),)
        elif font.struck:
            shown = maker.cell(value, style.number_format, style.format_number)
            return Cell(doubts=run_text([Run(shown.text)], font)[1])
    if isinstance(value, tuple):
        text, doubts = run_text(value, font)
        cell = maker.cell(text, style.number_format, style.format_number)
        return Cell(cell.text, None, cell.number_format, doubts=cell.doubts + doubts) if doubts else cell
    return maker.cell(value, style.number_format, style.format_number)


def from_formula(cell: Cell, wrong: bool = False, doubts: tuple[Doubt, ...] = ()) -> Cell:
    """The same cell as the result of a formula, or as the error it ends in."""
    origin = WRONG if wrong else FORMULA
    return Cell(cell.text, cell.number, cell.number_format, origin, cell.numbered, cell.doubts + doubts)


def grid_of(sheet: Sheet, file: str) -> tuple[Grid | None, list[Problem]]:
    """The grid of a sheet, None where it has no content, and what is to be said of it. Raises as ``make_grid``."""
    _settle(sheet)
    rows = ((number, sheet.rows[number]) for number in sorted(sheet.rows))
    hidden = frozenset(row - 1 for row in sheet.hidden_rows)
    grid, problems = make_grid(sheet.name, rows, sheet.merges, file, hidden=(hidden, frozenset(sheet.hidden_columns)))
    return grid, [*problems, *_named(sheet, file)]


def _settle(sheet: Sheet) -> None:
    """Give every formula cell its origin: :data:`COMPUTED` and the others say by what rule."""
    for top, left, bottom, right in sheet.areas:
        trust = sheet.formulas.get((top + 1, left), (False, COMPUTED))[1]
        for number in _within(sheet.rows, top + 1, bottom + 1):
            for column, cell in sheet.rows[number].items():
                if left <= column <= right and (number, column) not in sheet.formulas:
                    sheet.formulas[number, column] = (is_hollow(cell), trust)
                    sheet.rows[number][column] = from_formula(cell, cell.origin == WRONG)
    hollow = all(empty for empty, _ in sheet.formulas.values())
    for (number, column), (empty, trust) in sheet.formulas.items():
        cell = sheet.rows.get(number, {}).get(column, Cell(origin=FORMULA))
        if trust == COMPUTED or cell.origin == UNCOMPUTED or (cell.text.strip() == "" and not hollow):
            continue
        if hollow and trust > UNSURE:
            sheet.rows.setdefault(number, {})[column] = NOT_COMPUTED
        elif cell.text and (trust == OUTDATED or (empty and (hollow or trust == GENERATED))):
            sheet.rows[number][column] = from_formula(cell, cell.origin == WRONG, (STALE,))


def _within(rows: dict[int, dict[int, Cell]], first: int, last: int) -> list[int]:
    """Numbers of the rows in a range, however large it claims to be."""
    if last - first < len(rows):
        return [number for number in range(first, last + 1) if number in rows]
    return [number for number in rows if first <= number <= last]


def is_hollow(cell: Cell) -> bool:
    """Whether a result is what a program stores that computes nothing: 0, FALSE or an empty text."""
    return cell.number == 0 if cell.number is not None else cell.text in {"", "FALSE"}


def _named(sheet: Sheet, file: str) -> list[Problem]:
    """The troubles of single cells, the first of each kind one by one."""
    found: list[Problem] = []
    kinds = Counter(code for code, *_ in sheet.troubles)
    seen = dict.fromkeys(kinds, 0)
    for code, (number, column), message, value in sheet.troubles:
        seen[code] += 1
        if seen[code] > LISTED:
            continue
        letters = letters_of(column)
        rest = f"；另有{kinds[code] - LISTED}个这样的单元格" if seen[code] == LISTED < kinds[code] else ""
        text = f"工作表“{sheet.name}”的{letters}{number}{message}{rest}"
        found.append(problem(code, text, file=file, sheet=sheet.name, row=number, column=letters, value=value))
    return found


def read_each(names: list[str], read: Callable[[int], Sheet | None], hidden: set[int], file: str,
              broken: tuple[type[Exception], ...]) -> tuple[list[Grid], list[Problem]]:  # fmt: skip
    """The grids of all sheets that are shown; one that cannot be read is named, and costs no other."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    for number, name in enumerate(names):
        if number in hidden:
            problems.append(problem("N601", f"工作表“{name}”是隐藏的，未读取", file=file, sheet=name))
            continue
        try:
            sheet = read(number)
        except broken as error:
            message = f"工作表“{name}”无法读取（{type(error).__name__}）"
            problems.append(problem("E606", message, file=file, sheet=name))
            continue
        if sheet is not None:
            grid, found = grid_of(sheet, file)
            grids += [grid] if grid else []
            problems += found
    return grids, problems


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
