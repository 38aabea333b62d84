"""The page: template, style sheet and the list of reports."""

import base64
import hashlib
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import example
import nbformat
import notebook_cells
import pytest
from IPython.core.formatters import DisplayFormatter
from nbconvert import HTMLExporter

from perfeval.present import fonts, page, show, style

ROOT = Path(__file__).parents[1]
SHEETS = page.THEME / "report"
CSS = "".join((SHEETS / name).read_text(encoding="utf-8") for name in ("pieces.css", "narrow.css", "page.css"))
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", (SHEETS / name).read_text(encoding="utf-8")))
    for name in ("light.css", "dark.css")
)


def executed(result) -> nbformat.NotebookNode:
    """The notebook of the report with the outputs its cells have where the report is made."""
    notebook = nbformat.read(ROOT / "notebooks" / "annual.ipynb", as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(style.REPORT, "1")
        shown = notebook_cells.run("annual", result).shown
        for cell in notebook.cells:
            if shown.get(cell.id) is not None:
                data, metadata = DisplayFormatter().format(shown[cell.id])
                output = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
                cell.outputs = [output]
    return notebook


def export(notebook: nbformat.NotebookNode) -> str:
    return HTMLExporter(
        template_name="report", extra_template_basedirs=[str(page.THEME)], exclude_input=True
    ).from_notebook_node(notebook)[0]


@pytest.fixture(scope="module")
def exported() -> str:
    return export(executed(example.evaluation()))


def test_is_chinese_self_contained_and_without_code(exported: str) -> None:
    assert '<html lang="zh-CN">' in exported
    assert "<title>示例市示例区示例街道办事处 2022年度部门整体绩效自评报告</title>" in exported
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in exported
    for unwanted in ("<script", "http:", "https:", "import perfeval", "data_dir", "vnd.perfeval", '<link rel="style'):
        assert unwanted not in exported, unwanted


def test_has_landmarks_and_one_first_heading(exported: str) -> None:
    for tag in ("header", "nav", "main", "footer", "h1"):
        assert len(re.findall(rf"<{tag}[ >]", exported)) == 1, tag


def test_the_table_of_contents_leads_to_every_section(exported: str) -> None:
    contents, body = exported.split("<main", 1)
    targets = re.findall(r'<li class="\w+"><a href="#([^"]+)">', contents)
    ids = re.findall(r'<h[23] id="([^"]+)">', exported)
    assert targets == ids
    assert set(map(unquote, re.findall(r'<a href="#([^"]+)">', body))) <= set(
        re.findall(r'<h[234] id="([^"]+)">', body)
    )
    assert len(set(ids)) == len(ids) > 10
    assert ids[0] == "一、自评结论"


def test_headings_do_not_skip_a_level(exported: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", exported)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique(exported: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', exported)
    assert len(ids) == len(set(ids))


def test_is_the_same_bytes_every_time(exported: str) -> None:
    assert export(executed(example.evaluation())) == exported


def test_warnings_and_unknown_displays_do_not_reach_readers() -> None:
    notebook = executed(example.evaluation())
    cell = next(cell for cell in notebook.cells if cell.get("id") == "conclusion")
    cell.outputs += [
        nbformat.v4.new_output("stream", name="stderr", text="UserWarning: somewhere"),
        nbformat.v4.new_output(
            "display_data", data={"application/vnd.other+json": {"a": 1}, "text/plain": "other-plain"}
        ),
        nbformat.v4.new_output("stream", name="stdout", text="a < b"),
    ]
    text = export(notebook)
    assert "somewhere" not in text
    assert "other-plain" not in text
    assert "<pre>a &lt; b</pre>" in text


def test_hostile_data_stays_text_in_the_whole_page() -> None:
    text = export(executed(example.hostile()))
    assert "<script" not in text
    assert re.search(r"<title>[^<]*&lt;script&gt;", text)


def test_the_style_sheet_and_the_charts_share_one_palette() -> None:
    wanted = {
        "ink": fonts.INK,
        "soft": fonts.SOFT,
        "line": fonts.LINE,
        "paper": fonts.PAPER,
        "track": fonts.TRACK,
        "met": fonts.MET,
        "miss": fonts.MISSED,
        "doubt": fonts.DOUBT,
        "neutral": fonts.NEUTRAL,
    }
    assert {name: colour for name, colour in LIGHT.items() if not name.startswith("tint")} == wanted
    assert LIGHT.keys() == DARK.keys()


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_colours_can_be_read_on_paper(colours: dict[str, str]) -> None:
    for name in ("ink", "soft", "met", "miss", "doubt", "neutral"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
    for ground in ("track", "tint1", "tint2", "tint3"):
        assert contrast(colours["ink"], colours[ground]) >= 4.5, ground


def test_the_style_sheet_asks_for_nothing_from_outside() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "size: A4; margin: 20mm" in CSS


@cache
def figures() -> dict:
    """What the record of the example's report holds."""
    return show.record(example.evaluation()).figures


def row(**changes: object) -> dict:
    base = {
        "report": "annual",
        "title": "年度自评报告",
        "subject": "shili",
        "period": "2022",
        "status": "完成",
        "error": "",
        "href": "shili/2022/annual/annual.html",
        "figures": figures(),
    }
    return base | changes


def test_the_list_of_reports_shows_what_matters_and_links_to_each() -> None:
    text = page.index_page([row()])
    assert '<a href="shili/2022/annual/annual.html">示例市示例区示例街道办事处</a>' in text
    for shown in (
        "81.04",
        "良",
        "95.2%",
        "3—5 / 8",
        "政务公开、背街小巷整治、隐患整改率95%三项",
        "共1份报告，全部生成。",
    ):
        assert shown in text
    assert not re.search(r'(?:src|href)="(?:https?:|/|\w:)', text)


def test_the_list_of_reports_has_one_script_allowed_by_its_hash() -> None:
    text = page.index_page([row()])
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    allowed = re.search(r"script-src '(sha256-[^']+)'", text)[1]
    assert allowed == "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "unsafe-inline'; script" in text, "style only"
    assert "<script" not in page.index_page([])


def test_a_long_list_is_grouped_lean_and_complete() -> None:
    many = [row(subject=f"shili{number}", figures={**figures(), "name": f"示例{number}街道"}) for number in range(1001)]
    text = page.index_page(many)
    assert text.count("<tbody>") == 11
    assert text.count("<tr>") == 1002
    assert all(f">示例{number}街道</a>" in text for number in (0, 500, 1000))
    assert "政务公开等三项" in text
    assert "背街小巷整治" not in text
    per_row = len(text.encode()) / len(many)
    assert per_row < 300, "40,000 rows must stay under 12 MB"


def test_a_failed_report_is_listed_with_its_reason() -> None:
    text = page.index_page(
        [row(), row(subject="<b>", status="失败", error="单元格“load”出错：<i>", href="", figures={})]
    )
    assert "没有生成：单元格“load”出错：&lt;i&gt;" in text
    assert "&lt;b&gt;" in text
    assert "1份没有生成" in text
    assert page.index_page([]).count("还没有报告。") == 1


def test_the_list_survives_figures_without_values() -> None:
    empty = json.loads(json.dumps(show.record(example.empty()).figures))
    assert "—" in page.index_page([row(figures=empty)])
