"""The notebooks that perfeval brings along, and those of earlier editions that still lie in a project.

A project has copies, so that people can change them. What an edition's own functions no longer have, an older copy asks
for in vain: one that nobody has changed is replaced (``perfeval upgrade``), one that somebody has is named.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from perfeval.model.errors import ParameterError, PerfevalError, reason
from perfeval.model.scratch import write_whole
from perfeval.run.contract import TAG, Notebook, parameters, read, source_of
from perfeval.run.project import Project

PACKAGED = "notebooks"
"""Where an installed package has them; a checkout has them beside the package."""
EARLIER = {
    "66a249ecd103cd0f": "0.1",  # annual
    "43ff74e8ca474168": "0.1",  # explore
    "faa2576eac7573be": "0.1",  # overview
    "362f0032b77e8ac9": "0.1",  # review
    "aeb398a59e68a481": "0.1",  # trend
}
"""Fingerprint → the edition before this one that brought the notebook along."""
LENGTH = 16


def brought() -> Path:
    """The folder of the notebooks of this edition."""
    package = Path(str(resources.files("perfeval")))
    for folder in (package / PACKAGED, package.parent / PACKAGED):
        if (folder / "annual.ipynb").is_file():
            return folder
    raise PerfevalError("安装的 perfeval 不完整：没有随带的笔记本；请重新安装")


def fingerprint(notebook: Notebook) -> str:
    """What a notebook says, as a short hash: its cells' texts, not its outputs, nor its parameters' defaults.

    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": ["# 年度", "报告"]}
    >>> fingerprint({"cells": [cell]}) == fingerprint({"cells": [{**cell, "source": "# 年度报告", "outputs": []}]})
    True
    """
    said: list[object] = []
    for cell in notebook["cells"]:
        if TAG in cell.get("metadata", {}).get("tags", []):
            said.append([[each.name, each.type, each.help] for each in parameters(notebook).values()])
        else:
            said.append([cell["cell_type"], source_of(cell)])
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:LENGTH]


def earlier(notebook: Notebook) -> str:
    """The edition that brought this very notebook along, where it is not the present one; else empty."""
    try:
        return EARLIER.get(fingerprint(notebook), "")
    except ParameterError:
        return ""


def refuse_earlier(notebooks: Mapping[str, Notebook]) -> None:
    """Raise :class:`PerfevalError` naming those that an earlier edition brought along, by report."""
    old = {f"{report}（{edition}版）" for report, notebook in notebooks.items() if (edition := earlier(notebook))}
    if old:
        raise PerfevalError(f"笔记本是旧版带来的：{'、'.join(sorted(old))}；请执行 perfeval upgrade，换成这一版的")


def upgrade(place: Project, *, replace: bool = False) -> tuple[list[str], list[str]]:
    """Replace the notebooks that an earlier edition brought along and nobody has changed; add those that are new.

    Returns the names of the notebooks that were written, and of those that differ from this edition's: they are left
    as they are, or with ``replace`` renamed to ``<name>.ipynb.bak`` (``.bak2`` …). Raises :class:`PerfevalError` where
    a notebook cannot be read or written.
    """
    written, changed = [], []
    for ours in sorted(brought().glob("*.ipynb")):
        theirs = place.notebooks / ours.name
        there = read(theirs) if theirs.exists() else None
        own = there is not None and not earlier(there)
        if there is not None and own:
            if _said(there) == _said(read(ours)):
                continue
            changed.append(ours.stem)
        if own and not replace:
            continue
        try:
            if own:
                theirs.rename(_aside(theirs))
            write_whole(theirs, ours.read_bytes())
        except OSError as error:
            raise PerfevalError(f"不能写入“{theirs.as_posix()}”：{reason(error)[0]}") from error
        written.append(ours.stem)
    return written, changed


def _aside(notebook: Path) -> Path:
    """A name beside it that is still free, and no report."""
    names = (notebook.with_name(f"{notebook.name}.bak{number if number > 1 else ''}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _said(notebook: Notebook) -> str:
    try:
        return fingerprint(notebook)
    except ParameterError:
        return ""
