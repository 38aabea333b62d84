"""One report as texts: its notebook executed, the figures taken out, the HTML exported."""

import json
import threading
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from papermill import PapermillExecutionError
from traitlets.config import Config

from perfeval.model.bidi import straight
from perfeval.model.errors import PerfevalError
from perfeval.run.cells import FIGURES
from perfeval.run.contract import Value
from perfeval.run.execution import Cells, OutputRefused, execute
from perfeval.run.outcome import INDEX, files
from perfeval.run.processes import Made


class ReportFailed(PerfevalError):
    """A notebook's report could not be made; the text says which cell stopped it and why."""


def compose(notebook: Path, values: Mapping[str, Value], cells: Callable[[NotebookNode], Cells]) -> Made:
    """The executed notebook, its figures and its page as texts; the first alone where it is no report, and none where
    a cell shows what a notebook cannot hold.

    Raises what nbclient raises for a kernel that does not start or dies.
    """
    try:
        executed, error = execute(notebook, values, cells)
    except OutputRefused as refused:
        return Made({}, str(refused))
    executed_name, result_name, html_name = files(notebook.stem)
    kept = {executed_name: nbformat.writes(executed) + "\n"}
    try:
        if error is not None:
            raise ReportFailed(_which_cell(executed, error))
        figures = _figures(executed)
        page = export(executed, figures)
    except ReportFailed as failed:
        return Made(kept, str(failed))
    text = json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return Made(kept | {result_name: text, html_name: page})


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
    try:
        return dict(json.loads(found[0]))
    except (TypeError, ValueError) as wrong:
        raise ReportFailed(f"笔记本留下的结果不是JSON对象的文本：{wrong}；请用 show.record 留下结果") from wrong


def _which_cell(executed: NotebookNode, error: PapermillExecutionError) -> str:
    """``单元格“load”出错：NotOnFile：…``"""
    failed = next(
        (cell for cell in executed.cells if any(output.output_type == "error" for output in cell.get("outputs", []))),
        None,
    )
    cell = failed.id if failed is not None else f"第{error.cell_index}个"
    return f"单元格“{cell}”出错：{error.ename}：{error.evalue}".rstrip("：")


class PageExporter(HTMLExporter):
    """nbconvert's exporter without its second reading of the finished page.

    HTMLExporter parses and rewrites the whole page to add alt texts to images that have none and tabs to JupyterLab's
    areas, which takes seven times as long as making the page. Our template has neither.
    """

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The page and its resources."""
        text, told = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return text, told


DESCRIBED = 160
"""Characters of a page's description."""
EMPTY = nbformat.v4.new_notebook()
_exporters = threading.local()


def export(executed: NotebookNode, figures: Mapping[str, Any]) -> str:
    """The self-contained HTML page of an executed notebook, titled by office and year."""
    if not hasattr(_exporters, "html"):
        theme = resources.files("perfeval") / "present" / "theme"
        config = Config(
            {
                "HTMLExporter": {
                    "exclude_input": True,
                    "exclude_input_prompt": True,
                    "exclude_output_prompt": True,
                    "optimistic_validation": True,  # once, not after each of eleven preprocessors that change nothing
                }
            }
        )
        _exporters.html = PageExporter(  # type: ignore[no-untyped-call]  # nbconvert annotates only some
            config=config, template_name="report", extra_template_basedirs=[str(theme)]
        )
    page = nbformat.from_dict(executed)
    page.metadata["synthetic"] = bool(figures.get("synthetic"))
    page.metadata["index"] = INDEX
    page.metadata["description"] = _description(figures)
    page.metadata["title"] = f"{figures['name']} {figures['period']}{executed.metadata.get('title', '')}"
    text, _ = _exporters.html.from_notebook_node(page)
    return straight(str(text))


def _description(figures: Mapping[str, Any]) -> str:
    """What the page says in short, for those who list or share it: its headline, where it recorded one."""
    said = " ".join(str(figures.get("headline", "")).split())
    return said if len(said) <= DESCRIBED else f"{said[:DESCRIBED]}……"
