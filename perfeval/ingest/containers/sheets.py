"""One sheet of a workbook between its file and its grid: cells by place, what hides them, where values come from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from perfeval.ingest.containers.cellmaker import MAX_CELLS, MAX_ROWS, CellMaker, TooLarge, make_grid
from perfeval.ingest.containers.fontruns import PLAIN, Font, Run, text_of
from perfeval.ingest.containers.formatcode import GENERAL
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
            return Cell(doubts=text_of([Run(shown.text)], font)[1])
    if isinstance(value, tuple):
        text, doubts = text_of(value, font)
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
    kinds: dict[str, int] = {}
    for code, _, _, _ in sheet.troubles:
        kinds[code] = kinds.get(code, 0) + 1
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
