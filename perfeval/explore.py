"""The exploring panel of JupyterLab: drop-downs and a slider over everything on file, a chart and a sortable table.

Nothing is asked of the network: the chart is SVG made here, the table's script is packaged.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from perfeval.analysis.completion import completion_rates, verdicts
from perfeval.evaluating import indicators
from perfeval.ingest.store import load
from perfeval.model.errors import PerfevalError
from perfeval.model.schema import CATEGORIES
from perfeval.present import drawing, explore_charts, labels
from perfeval.run import request
from perfeval.run.project import find, shown

ALL = "全部"
COLUMNS = {
    "year": "年度",
    "name": "街道",
    "goal": "年度目标",
    "category": "一级指标",
    "indicator": "三级指标",
    "target": "目标值",
    "actual": "完成值",
    "attainment": "完成程度",
    "status": "完成情况",
    "score": "得分",
    "lost": "失分",
}
"""Columns of the table, and what they are called."""
SIDE_BY_SIDE = "display:flex;flex-wrap:wrap;align-items:flex-start"
"""How the charts stand, where there is room: the reports' style sheet is not known in JupyterLab."""
FOLDER = "parameters"
"""Under outputs: the parameters files saved here."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen; 全部 stands for any."""

    subdistrict: str
    goal: str
    category: str
    first_year: int
    last_year: int


def chosen(table: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The rows of ``perfeval.indicators`` that are chosen, in their order."""
    keep = table["year"].between(choice.first_year, choice.last_year)
    for column, wanted in (("subdistrict", choice.subdistrict), ("goal", choice.goal), ("category", choice.category)):
        if wanted != ALL:
            keep &= table[column].eq(wanted)
    return table[keep]


def goals_of(table: pd.DataFrame, subdistrict: str) -> list[str]:
    """The goals there are to choose from, for all offices or one, in the order of the forms."""
    rows = table if subdistrict == ALL else table[table["subdistrict"].eq(subdistrict)]
    return [ALL, *dict.fromkeys(goal for goal in rows["goal"] if goal)]


def chart(rows: pd.DataFrame) -> str:
    """The charts of the chosen rows as HTML: over the years where there are several, and row by row."""
    yearly = completion_rates(rows, ["year"]) if len(rows) else pd.DataFrame(columns=["year"])
    drawn = [explore_charts.by_year(yearly) if len(yearly) > 1 else None, explore_charts.by_indicator(rows)]
    figures = "".join(drawing.figure_html(found) for found in drawn if found)
    return f'<div style="{SIDE_BY_SIDE}">{figures}</div>' if figures else "<p>所选范围没有可以计算完成程度的指标。</p>"


def listing(rows: pd.DataFrame) -> pd.DataFrame:
    """The chosen rows as the table shows them: Chinese headings, attainment in %, points to two decimals."""
    found = rows[list(COLUMNS)].assign(status=verdicts(rows))
    found["attainment"] = (found["attainment"] * 100).round(1)
    found[["score", "lost"]] = found[["score", "lost"]].round(2)
    return found.rename(columns={**COLUMNS, "attainment": "完成程度（%）"}).reset_index(drop=True)


def summary(rows: pd.DataFrame) -> str:
    """What is chosen in a sentence."""
    if rows.empty:
        return "所选范围没有指标。"
    (found,) = completion_rates(rows.assign(all=0), ["all"]).to_dict("records")
    span = labels.span(found["met"], found["most"], "项次")
    told = f"{rows['subdistrict'].nunique()}个街道，{len(rows)}项次指标，完成{span}"
    unknown = found["most"] - found["met"]
    return f"{told}（其中{unknown}项次凭申报完成或无法判定）。" if unknown else f"{told}。"


def save(choice: Choice, ruleset: str, outputs: Path) -> Path:
    """Write the choice as a parameters file that ``perfeval run --parameters`` takes, and return where it is.

    One year asks for the annual report, several for the trend report. Raises :class:`PerfevalError` where no office is
    chosen: a report is about one.
    """
    if choice.subdistrict == ALL:
        raise PerfevalError("请先选定一个街道：一份报告只说一个街道")
    once = choice.first_year == choice.last_year
    period = str(choice.first_year) if once else f"{choice.first_year}-{choice.last_year}"
    asked = request.Request(
        report="annual" if once else "trend",
        subdistrict=choice.subdistrict,
        year=choice.first_year if once else 0,
        first_year=0 if once else choice.first_year,
        last_year=0 if once else choice.last_year,
        ruleset=ruleset,
    )
    path = outputs / FOLDER / f"{asked.report}-{choice.subdistrict}-{period}.toml"
    request.write(path, asked)
    return path


def panel(data_dir: str | Path = "", ruleset: str = "hubei") -> Any:
    """The panel as one widget: office, goal, category, years, chart, table, and a button that saves the choice."""
    try:
        import ipywidgets as widgets  # noqa: PLC0415  # without it the rest of perfeval still works
        from itables.widget import ITable  # noqa: PLC0415
    except ImportError as error:
        raise PerfevalError("探索面板需要 ipywidgets 和 itables：请用 make lab 打开，或重新安装 perfeval") from error

    table = indicators(load(data_dir), ruleset)
    names = dict(zip(table["subdistrict"], table["name"], strict=True))
    years = sorted(set(table["year"]))
    wide = widgets.Layout(width="340px")
    office = widgets.Dropdown(options=[(ALL, ALL), *((name, id_) for id_, name in names.items())], description="街道")
    goal = widgets.Dropdown(options=goals_of(table, ALL), description="年度目标", layout=wide)
    present = [category for category in CATEGORIES if category in set(table["category"])]
    category = widgets.Dropdown(options=[ALL, *present], description="一级指标")
    slider = widgets.SelectionRangeSlider(
        options=years, index=(0, len(years) - 1), description="年度", continuous_update=False, layout=wide
    )
    told, drawn, said = widgets.HTML(), widgets.HTML(), widgets.HTML()
    rows = ITable(listing(table), classes="display compact", pageLength=10, language=LANGUAGE, maxBytes=0)
    button = widgets.Button(description="保存为报告参数", icon="save")

    def choice() -> Choice:
        first, last = slider.value
        return Choice(office.value, goal.value, category.value, int(first), int(last))

    def refresh(_: Any = None) -> None:
        found = chosen(table, choice())
        told.value, drawn.value, said.value = f"<p>{summary(found)}</p>", chart(found), ""
        rows.update(listing(found))

    def other_office(_: Any) -> None:
        goal.options = goals_of(table, office.value)  # chooses 全部 again, which refreshes where it was not chosen
        refresh()

    def keep(_: Any) -> None:
        place = find()
        try:
            path = save(choice(), ruleset, place.outputs)
        except PerfevalError as error:
            said.value = f"<p>{error}。</p>"
        else:
            said.value = f"<p>已保存。生成报告：<code>perfeval run --parameters {shown(path)}</code></p>"

    office.observe(other_office, names="value")
    for control in (goal, category, slider):
        control.observe(refresh, names="value")
    button.on_click(keep)
    refresh()
    controls = widgets.HBox([office, goal, category], layout=widgets.Layout(flex_flow="row wrap"))
    return widgets.VBox([controls, slider, told, drawn, rows, widgets.HBox([button, said])])


LANGUAGE = {
    "search": "查找：",
    "info": "第_START_—_END_行，共_TOTAL_行",
    "infoEmpty": "没有行",
    "infoFiltered": "（从_MAX_行中查得）",
    "lengthMenu": "每页_MENU_行",
    "zeroRecords": "没有符合的行",
    "emptyTable": "没有数据",
}
"""What the table says of itself."""
