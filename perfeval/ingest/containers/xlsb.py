"""Binary workbooks (.xlsb) → grids."""

from perfeval.ingest.containers import apart
from perfeval.ingest.containers.shown import CellMaker, TooLarge
from perfeval.ingest.containers.xlsxparts import DEFAULT, Sheet, read_each, styled
from perfeval.ingest.document import EMPTY, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

Result = tuple[list[Grid], list[Problem]]


def read_xlsb(raw: bytes, file: str) -> Result:
    """Every visible sheet with content."""
    try:
        sheets, hidden = _sheets(raw)
        names = [sheet.name for sheet in sheets]
        grids, problems = read_each(names, lambda number: sheets[number], hidden, file, ())
    except apart.Refused as error:
        return [], [error.problem(file)]
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    if grids:
        problems.append(problem("W628", "看不出数字格式、隐藏的行列和没有算过的公式（100%读作1）", file=file))
    return grids, problems


def _sheets(raw: bytes) -> tuple[list[Sheet], set[int]]:
    """The worksheets, and the numbers of those that are not shown (without their rows)."""
    sheets: list[Sheet] = []
    hidden: set[int] = set()
    maker = CellMaker()
    for piece in apart.pieces("xlsb", raw):
        if isinstance(piece, list):
            number, cells = piece
            for column, packed in cells:
                cell = styled(maker, apart.value(packed), DEFAULT)
                if cell is not EMPTY:
                    sheets[-1].put(number, column, cell)
        elif "merges" in piece:
            sheets[-1].merges = [tuple(area) for area in piece["merges"]]
        else:
            if not piece["shown"]:
                hidden.add(len(sheets))
            sheets.append(Sheet(piece["sheet"]))
    return sheets, hidden
