"""One report: execute its notebook, take out the figures, export the HTML, put all three in place at once."""

import hashlib
import json
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from papermill import PapermillExecutionError
from traitlets.config import Config

from perfeval.model.errors import PerfevalError
from perfeval.run.contract import Value, bind
from perfeval.run.kernels import execute

FIGURES = "application/vnd.perfeval.result+json"
"""The output in which a notebook leaves its figures (``show.record``)."""

DONE, FAILED, UNCHANGED = "完成", "失败", "未变"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one report."""

    report: str
    subject: str
    """A sub-district's id, or a district's name."""
    period: str
    """``2022`` or ``2019-2024``."""
    status: str
    """完成, 失败 or 未变."""
    folder: Path
    error: str = ""
    """Which cell stopped it and why, in Chinese."""
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)
    """The content of result.json."""

    @property
    def html(self) -> Path | None:
        """The HTML report; None where it failed."""
        return None if self.status == FAILED else self.folder / f"{self.report}.html"

    @property
    def notebook(self) -> Path:
        """The executed notebook, of a failed report with its error; not there where no cell was reached."""
        return self.folder / f"{self.report}.ipynb"

    @property
    def result(self) -> Path | None:
        """``result.json``; None where it failed."""
        return None if self.status == FAILED else self.folder / "result.json"


class ReportFailed(PerfevalError):
    """A report could not be made; the text says which cell stopped it and why."""


def files(report: str) -> tuple[str, ...]:
    """The names of what a report leaves in its folder; the HTML last, so that it never stands without the others."""
    return f"{report}.ipynb", "result.json", f"{report}.html"


def make(notebook: Path, values: Mapping[str, Value], folder: Path, working: Path) -> dict[str, Any]:
    """Execute ``notebook`` with ``values`` in the working folder; leave notebook, figures and HTML in ``folder``.

    Returns the figures. Where a cell fails the executed notebook is kept with its error and :class:`ReportFailed` is
    raised. Files appear whole or not at all.
    """
    bound = bind(read(notebook), values)
    scratch = folder / f".making-{uuid4().hex[:8]}"
    scratch.mkdir(parents=True)
    try:
        executed, error = execute(notebook, bound, working, scratch)
        executed_name, result_name, html_name = files(notebook.stem)
        try:
            if error is not None:
                raise ReportFailed(_which_cell(executed, error))
            figures = _figures(executed)
            page = export(executed, figures)
        except ReportFailed:
            _place(folder, {executed_name: nbformat.writes(executed) + "\n"}, scratch)
            raise
        text = json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        _place(folder, {executed_name: nbformat.writes(executed) + "\n", result_name: text, html_name: page}, scratch)
        return figures
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def read(notebook: Path) -> NotebookNode:
    """The notebook in that file; :class:`PerfevalError` where it is none."""
    try:
        content: NotebookNode = nbformat.read(notebook, as_version=4)
    except ValueError as broken:  # nbformat's errors for what is no notebook
        raise PerfevalError(f"{notebook.name} 不是有效的笔记本：{broken}") from broken
    return content


def digest(path: Path) -> str:
    """The sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _place(folder: Path, texts: Mapping[str, str], scratch: Path) -> None:
    """Write all texts under temporary names first, then rename each into place."""
    for name, text in texts.items():
        (scratch / name).write_text(text, encoding="utf-8", newline="\n")
    for name in texts:
        (scratch / name).replace(folder / name)


def _figures(executed: NotebookNode) -> dict[str, Any]:
    """What the notebook recorded."""
    skipped = [
        cell.id
        for cell in executed.cells
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None
    ]
    if skipped:
        raise ReportFailed(f"单元格“{skipped[0]}”没有执行：前面的单元格提前结束了笔记本")
    found = [
        output.data[FIGURES]
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if FIGURES in output.get("data", {})
    ]
    if len(found) != 1:
        raise ReportFailed(f"笔记本须恰好调用一次 show.record 留下结果，实际{len(found)}次")
    return dict(found[0])


def _which_cell(executed: NotebookNode, error: PapermillExecutionError) -> str:
    """``单元格“load”出错：NotOnFile：…``"""
    failed = next(
        (cell for cell in executed.cells if any(output.output_type == "error" for output in cell.get("outputs", []))),
        None,
    )
    cell = failed.id if failed is not None else f"第{error.cell_index}个"
    return f"单元格“{cell}”出错：{error.ename}：{error.evalue}".rstrip("：")


_exporters = threading.local()


def export(executed: NotebookNode, figures: Mapping[str, Any]) -> str:
    """The self-contained HTML page of an executed notebook, titled by office and year."""
    if not hasattr(_exporters, "html"):
        theme = resources.files("perfeval") / "present" / "theme"
        config = Config(
            {"HTMLExporter": {"exclude_input": True, "exclude_input_prompt": True, "exclude_output_prompt": True}}
        )
        _exporters.html = HTMLExporter(config=config, template_name="report", extra_template_basedirs=[str(theme)])
    page = nbformat.from_dict(executed)
    page.metadata["synthetic"] = bool(figures.get("synthetic"))
    page.metadata["title"] = f"{figures['name']} {figures['period']}{executed.metadata.get('title', '')}"
    text, _ = _exporters.html.from_notebook_node(page)
    return str(text)
