"""The cells of a shipped notebook, run one after the other on any result: what each shows, and the names they leave."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

import perfeval as pe

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@dataclass(frozen=True)
class Ran:
    """What cells came to."""

    shown: dict[str, Any]
    """By the cell's id: what stands on its last line."""
    names: dict[str, Any]

    def html(self, cell: str) -> str:
        """What a page has of a cell; nothing of one that is not there."""
        found = self.shown.get(cell)
        if found is None:
            return ""
        data = found._repr_mimebundle_()
        return (data[0] if isinstance(data, tuple) else data).get("text/html", "")

    @property
    def page(self) -> str:
        """What a page has of all cells."""
        return "\n".join(map(self.html, self.shown))


def run(notebook: str, result: pe.Evaluation, *, only: tuple[str, ...] = (), **frames: Any) -> Ran:
    """Every code cell of a notebook of one office's year, or ``only`` some after ``load``, with this ``result`` in the
    place of the one it would load; ``frames`` overrule names that ``load`` leaves."""
    names: dict[str, Any] = {
        "result": result,
        "year": result.year,
        "subdistrict": result.subdistrict,
        "data_dir": "",
    }
    shown: dict[str, Any] = {}
    for cell in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells:
        if cell.cell_type != "code" or cell.id == "parameters" or (only and cell.id not in ("load", *only)):
            continue
        tree = ast.parse(cell.source)
        if cell.id == "load":
            tree.body = [line for line in tree.body if not ast.unparse(line).startswith("result = ")]
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell.id, "exec"), names)  # noqa: S102  # our own notebook
        if cell.id == "load":
            names.update(frames)
        shown[cell.id] = eval(ast.unparse(last), names) if last else None  # noqa: S307  # likewise
    return Ran(shown, names)


def headings(notebook: str) -> list[str]:
    """The lines of a notebook's markdown that are headings."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return [line for line in lines if line.startswith("#")]


def below(notebook: str, cell: str) -> list[str]:
    """The ids of the cells after this one."""
    ids = [one.id for one in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells]
    return ids[ids.index(cell) + 1 :]
