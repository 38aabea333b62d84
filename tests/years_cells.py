"""A notebook's cells run one after the other in this process, each with the value that it ends in."""

import ast
import json
from pathlib import Path
from typing import Any


def run(notebook: Path, **parameters: Any) -> dict[str, Any]:
    """The value of the last line of every code cell, by the cell's id; ``parameters`` overrule those of its first.

    A name among them that the cell ``load`` would make (``history``) is taken instead.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    space: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    for cell in (one for one in cells if one["cell_type"] == "code"):
        body = ast.parse("".join(cell["source"])).body
        if cell["id"] == "load":
            body = [line for line in body if not _makes(line, parameters)]
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        where = f"{notebook.name}:{cell['id']}"
        exec(compile(ast.Module(body, []), where, "exec"), space)  # noqa: S102  # our own notebook
        if last is not None:
            shown[cell["id"]] = eval(compile(ast.Expression(last.value), where, "eval"), space)  # noqa: S307  # likewise
        if "parameters" in cell["metadata"].get("tags", []):
            space |= parameters
    return shown


def _makes(line: ast.stmt, names: dict[str, Any]) -> bool:
    return isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id in names


def page(shown: dict[str, Any]) -> str:
    """Everything that the cells show, as HTML."""
    from perfeval.present.show import piece

    return "".join(piece(value).text for name, value in shown.items() if name != "load")
