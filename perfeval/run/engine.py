"""How papermill has a notebook's cells run here: by nbclient, in one turn of the event loop.

papermill's own engine writes times into every cell, reads them back, and enters and leaves the event loop for each; and
nbclient holds every single output against the notebook schema. A report keeps no times and is held against the schema
when it is written; with two dozen short cells the rest is a third of what talking to a kernel costs. All else is as
with the engine that comes with papermill: the same parameters, outputs, execution counts and error marks.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbclient.util import run_sync
from nbformat import NotebookNode, from_dict
from papermill.engines import Engine, papermill_engines

from perfeval.model.errors import PerfevalError

NAME = "perfeval"
RESULT = "execute_result"
JSON = "application/json"


class OutputRefused(PerfevalError):
    """A cell shows something that a notebook cannot hold."""


class Talk(AsyncKernelClient):
    """The connection to a kernel; it keeps what a kernel says of its language when it is ready."""

    language_info: Mapping[str, Any]

    def _handle_kernel_info_reply(self, msg: dict[str, Any]) -> None:
        super()._handle_kernel_info_reply(msg)
        self.language_info = msg["content"]["language_info"]


class Client(NotebookClient):
    """nbclient's, but it runs all cells in one go, and a plain result is taken as it comes."""

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Start the kernel and run the cells up to the first that fails, which is marked."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            run_sync(self._run)()
        return self.nb

    async def _run(self) -> None:
        for place, cell in enumerate(self.nb.cells):
            try:
                await self.async_execute_cell(cell, place)
            except CellExecutionError:
                cell.metadata["papermill"] = {"exception": True}  # it may have left no output that says so
                self.nb.metadata.papermill["exception"] = True
                break
        talk: Any = self.kc
        self.nb.metadata["language_info"] = talk.language_info
        self.set_widgets_metadata()

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Put a message's output with a cell's others; :class:`OutputRefused` where a notebook cannot hold it."""
        for media, shown in msg["content"].get("data", {}).items():
            if not (isinstance(shown, str) or media == JSON or media.endswith("+json")):
                raise OutputRefused(
                    f"单元格“{self.nb.cells[cell_index].id}”显示的“{media}”须是文本，实际是{type(shown).__name__}；"
                    "要留下结果请用 show.record，其他结构化内容请用以+json结尾的媒体类型"
                )
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if msg["msg_type"] != RESULT or display_id or hooked or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        content = msg["content"]
        kept = {name: content[name] for name in ("metadata", "data", "execution_count")}
        outs.append(from_dict({"output_type": RESULT, **kept}))
        return outs[-1]


class ReportEngine(Engine):  # type: ignore[misc]  # papermill ships no types
    """Runs all cells until one fails."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        *,
        km: AsyncKernelManager,
        resources: dict[str, Any],
        start_timeout: int,
        extra_arguments: list[str],
        on_cell_start: Callable[..., None],
    ) -> NotebookNode:
        """The notebook with its outputs, up to those of the cell that failed, which is marked.

        The kernel of ``km``, whose clients are :class:`Talk`, is started with ``extra_arguments`` and left running.
        Raises what nbclient raises for a kernel that does not start or dies.
        """
        nb.metadata.papermill["exception"] = None
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        client = Client(
            nb,
            km=km,
            kernel_name=kernel_name,
            resources=resources,
            startup_timeout=start_timeout,
            extra_arguments=extra_arguments,
            record_timing=False,
            on_cell_start=on_cell_start,
        )
        return client.execute()


papermill_engines.register(NAME, ReportEngine)
