"""The workbench: every row on file as a table, linked views and a way down to the source, in JupyterLab.

``workbench = Workbench(rows, scores)`` shows it; ``workbench.selected`` is what is chosen, a plain frame to go on with.
Filtering and drawing happen in the browser; the kernel hears of the choice, keeps views and writes files.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.deliver import extract
from perfeval.ingest import locating
from perfeval.model import asked, fiction
from perfeval.model.errors import NotOnFile, ParameterError, PerfevalError, RuleSetError, pasted, reason
from perfeval.model.scratch import write_whole
from perfeval.run import request
from perfeval.run.project import shown
from perfeval.workbench import filters, sharing, views
from perfeval.workbench.packing import as_json, pack, title_of

if TYPE_CHECKING:
    from perfeval.workbench.panel import Panel

NEEDED = {
    "rows": ("subdistrict", "name", "year", "indicator", "status"),
    "scores": ("subdistrict", "name", "year", "execution_rate", "budget", "executed"),
}
EXPORTS, PARAMETERS = "exports", "parameters"
"""Folders under outputs: files taken away, and parameters of reports."""


def _outputs() -> Path:
    """The outputs folder of the notebook's project; of data from elsewhere one in the working directory."""
    try:
        return locating.outputs_folder()
    except NotOnFile:
        return Path("outputs").absolute()


class Workbench:
    """Every row of ``rows`` (``pe.rows``) and office-year of ``scores`` (``pe.scores``), to filter, compare and follow.

    ``ruleset`` is the rule set they were scored under, for what is taken away; ``register`` (``pe.register``) says how
    many office-years there should be; ``outputs`` is where views and files are kept, by default the project's, else
    ``outputs`` in the working directory.
    Raises :class:`ParameterError` for frames without the columns needed, :class:`PerfevalError` for more rows than a
    browser shows: nothing is ever cut.

    >>> workbench = Workbench(rows, scores)                                   # doctest: +SKIP
    >>> workbench.selected.groupby("category", observed=True)["lost"].sum()   # doctest: +SKIP
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        scores: pd.DataFrame,
        *,
        ruleset: str = "hubei",
        register: pd.DataFrame | None = None,
        outputs: str | Path | None = None,
    ) -> None:
        self.rows, self.scores = _whole("rows", rows), _whole("scores", scores)
        self.ruleset, self.register = ruleset, register
        self.outputs = _outputs() if outputs is None else Path(outputs)
        self._choice: dict[str, Any] = {}
        self._panel: Panel | None = None

    def __repr__(self) -> str:
        return f"<Workbench：{self.rows['subdistrict'].nunique()}个街道，{len(self.rows):,}行；所选：{self.sentence}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.panel.bundle(repr(self), **kwargs)

    @property
    def panel(self) -> "Panel":
        """The widget of it, made when it is first shown."""
        if self._panel is None:
            from perfeval.workbench.panel import Panel  # noqa: PLC0415  # widgets take their time to load

            data = as_json(self.payload()).encode()
            self._panel = Panel(data, self._choice, self.query, views.names(self.outputs))
            self._panel.observe(lambda change: self._choose(change["new"]), names="choice")
            self._panel.on_msg(self._asked)
        return self._panel

    @property
    def choice(self) -> dict[str, Any]:
        """What is chosen, as :mod:`perfeval.workbench.filters` says."""
        return self._choice

    @property
    def query(self) -> str:
        """The same as text: ``rows.query(workbench.query)``; empty where everything is chosen."""
        return filters.query(self._choice, self.rows)

    def _choose(self, choice: dict[str, Any]) -> None:
        """Take a choice, from the page or for it."""
        self._choice = choice
        if self._panel is not None:
            self._panel.choice, self._panel.query = choice, self.query

    @property
    def selected(self) -> pd.DataFrame:
        """The rows that are chosen, all their columns, in the order they are sorted in."""
        return filters.select(self.choice, self.rows)

    @property
    def picked(self) -> pd.DataFrame:
        """The row that is looked at, as a frame of one row; empty where none is."""
        key = self._choice.get("picked")
        if not key or not {"file", "row"} <= set(self.rows.columns):
            return self.rows.iloc[:0]
        held = self.rows["file"].eq(key.get("file")) & self.rows["row"].eq(key.get("row"))
        return self.rows[held.fillna(False).astype(bool)].head(1)

    @property
    def sentence(self) -> str:
        """What is chosen, in Chinese."""
        return filters.sentence(self.choice, self.rows)

    def filter(self, **values: Any) -> "Workbench":
        """Narrow to values by column, as the page would: ``workbench.filter(year=2024, status=["未完成"])``.

        A value or a list for each; all other conditions are let go. Raises :class:`PerfevalError` for unknown columns,
        and for values that no row has: an empty table would look like an answer.
        """
        conditions = filters.narrowed(values, self.rows)
        self._choose(filters.checked({**self.choice, "filters": conditions, "search": ""}, self.rows))
        return self

    def open(self, name: str) -> "Workbench":
        """Open a view that was kept. Raises :class:`PerfevalError` where there is none, or none that fits the rows."""
        self._choose(filters.checked(views.read(self.outputs, name), self.rows))
        return self

    def save(self, name: str) -> Path:
        """Keep the view under a name (``outputs/views/NAME.json``)."""
        path = views.save(self.outputs, name, self.choice)
        if self._panel is not None:
            self._panel.views = views.names(self.outputs)
        return path

    def export(self, path: str | Path) -> Path:
        """Write what is seen as ``.xlsx`` or ``.csv``: rules, filters and n of N first, then the columns shown."""
        target = Path(path)
        write = {".xlsx": extract.write_xlsx, ".csv": extract.write_csv}.get(target.suffix.lower())
        if write is None:
            raise ParameterError(f"文件名须以 .xlsx 或 .csv 结尾，现为“{target.name}”")
        rows = self.selected
        there = [name for name in self.choice.get("columns") or SHOWN if name in rows.columns]
        lines = [*self.header(), f"筛选：{self.sentence}", f"行数：{len(rows)}，共{len(self.rows)}"]
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, rows, {name: title_of(name) for name in there}, lines)
        return target

    def share(self, path: str | Path, *, only_selected: bool = False) -> Path:
        """Write the workbench as one HTML file that works without Jupyter and without network.

        ``only_selected`` leaves out all rows, and all office-years, that are not chosen: others learn nothing of them.
        """
        write_whole(Path(path), sharing.page(self.payload(only_selected=only_selected), self.title))
        return Path(path)

    def parameters(self) -> Path:
        """Write parameters that ``perfeval run --parameters`` takes: of the one office that is chosen, and its years.

        One year asks for the annual report, several for the trend report. Raises :class:`PerfevalError` where the rows
        chosen are of no office or of several: a report is about one.
        """
        rows = self.selected
        offices, years = sorted(set(rows["subdistrict"])), sorted({int(year) for year in rows["year"]})
        if len(offices) != 1:
            raise PerfevalError(f"请先选定一个街道：一份报告只说一个街道，现在所选有{len(offices)}个")
        once = len(years) == 1
        asked = request.Request(
            report="annual" if once else "trend",
            subdistrict=offices[0],
            year=years[0] if once else 0,
            first_year=0 if once else years[0],
            last_year=0 if once else years[-1],
            ruleset=self.ruleset,
        )
        period = str(years[0]) if once else f"{years[0]}-{years[-1]}"
        path = self.outputs / PARAMETERS / f"{asked.report}-{asked.subdistrict}-{period}.toml"
        request.write(path, asked)
        return path

    # ---- what the page is told

    @property
    def title(self) -> str:
        """The districts and years there are."""
        districts = [name for name in dict.fromkeys(self.rows.get("district", ())) if name]
        years = sorted({int(year) for year in self.scores["year"]} | {int(year) for year in self.rows["year"]})
        period = f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年" if years else ""
        place = "、".join(districts[:3]) + (f"等{len(districts)}个区县" if len(districts) > 3 else "")  # noqa: PLR2004
        return f"{place}绩效自评{period}"

    @property
    def synthetic(self) -> bool:
        """Whether any of the rows are made up."""
        return any(bool(frame["synthetic"].any()) for frame in (self.rows, self.scores) if "synthetic" in frame.columns)

    def header(self) -> list[str]:
        """What stands above everything that is taken away."""
        lines = [self.title, f"计分规则：{_title(self.ruleset)}", self._coverage()]
        return [*([fiction.FICTIONAL] if self.synthetic else []), *lines]

    def _coverage(self) -> str:
        offices = self.scores["subdistrict"].nunique()
        text = f"{offices}个街道，{len(self.scores)}个街道年度"
        if self.register is None:
            return text
        missing = self.register[~self.register["on_file"]]
        return f"{text}（应有{len(self.register)}个，缺{len(missing)}个）" if len(missing) else f"{text}（齐全）"

    def payload(self, *, only_selected: bool = False) -> dict[str, Any]:
        """What the script takes: ``meta``, ``rows`` and ``scores`` packed, and the ``choice``."""
        rows, scores, choice = self.rows, self.scores, dict(self.choice)
        header = self.header()
        if only_selected:
            rows = self.selected
            units = pd.MultiIndex.from_frame(rows[["subdistrict", "year"]])
            scores = scores[pd.MultiIndex.from_frame(scores[["subdistrict", "year"]]).isin(units)]
            choice["compare"] = [office for office in choice.get("compare") or () if office in set(rows["subdistrict"])]
            header.append(f"只含所选的{len(rows)}行：{self.sentence}")
        meta = {
            "synthetic": self.synthetic,
            "source": "；".join(line for line in header if line != fiction.FICTIONAL),
            "header": header,
            "searched": [name for name in filters.SEARCHED if name in rows.columns],
        }
        return {"meta": meta, "rows": pack(rows), "scores": pack(scores), "choice": choice}

    # ---- what the page asks for

    def _asked(self, _: Any, content: Mapping[str, Any], buffers: list[memoryview]) -> None:
        """A button was pressed: do it, and tell what was written or why not."""
        try:
            text, wrong = self._done(content, buffers), False
        except PerfevalError as error:
            text, wrong = f"{error}。", True
        except OSError as error:
            text, wrong = f"文件不能写：{reason(error)[0]}", True
        self.panel.send({"text": text, "wrong": wrong})

    def _done(self, content: Mapping[str, Any], buffers: list[memoryview]) -> str:
        what, name = content.get("what"), str(content.get("name") or "")
        if what in ("xlsx", "csv"):
            path = self.export(self._free(f"所选指标.{what}"))
            return f"已写入 {_named(path)}：{len(self.selected):,}行，共{len(self.rows):,}行"
        if what == "share":
            only = bool(content.get("only"))
            path = self.share(self._free("工作台.html"), only_selected=only)
            return f"已写入 {_named(path)}：{'只含所选行' if only else '含全部行'}，不用Jupyter、不联网即可打开"
        if what == "file" and buffers:
            path = self._free(views.legal(name))
            write_whole(path, bytes(buffers[0]))
            return f"已写入 {_named(path)}"
        if what == "save":
            return f"已保存 {_named(self.save(name))}"
        if what == "open":
            self.open(name)
            return f"已打开“{name}”"
        if what == "parameters":
            command = f"perfeval run --parameters {pasted(_named(self.parameters()))}"
            return f"已保存。在项目目录里生成报告：{command}"
        raise PerfevalError(f"不认识的请求“{what}”")

    def _free(self, name: str) -> Path:
        """Where a file of that name goes: beside others of the name, never over them."""
        path = self.outputs / EXPORTS / name
        count = 1
        while path.exists():
            count += 1
            path = self.outputs / EXPORTS / f"{Path(name).stem}-{count}{Path(name).suffix}"
        return path


SHOWN = (
    "name", "year", "goal", "category", "indicator", "target", "actual", "attainment", "status", "score", "lost",
    "declared_score",
)  # fmt: skip
"""Columns shown, and so taken away, where nobody chose others; the script's own list."""


def _named(path: Path) -> str:
    """A path from the project's folder: commands are typed there, and JupyterLab lists its files from there."""
    place, whole = locating.settings_file(), path.absolute()
    inside = place is not None and whole.is_relative_to(place.parent)
    return whole.relative_to(place.parent).as_posix() if place and inside else shown(path)


def _whole(what: str, frame: object) -> pd.DataFrame:
    """The frame, where it has the columns that are needed."""
    return pd.DataFrame(asked.frame(frame, what, NEEDED[what]).reset_index(drop=True))


def _title(ruleset: str) -> str:
    try:
        return rulesets.preset(ruleset).title
    except RuleSetError:  # a user's own file: its path says which
        return ruleset
