"""Pages under every reader: the narrowest phone, colours of the system's own, paper, and one who has the file alone."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import example
import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from perfeval.deliver import pdf
from perfeval.model.schema import MISSED
from perfeval.present import page as pages
from perfeval.present import plot, rowpieces, show, style

OPEN_ALL = "document.querySelectorAll('details').forEach(part => part.open = true)"
BEYOND = """width => {
  const found = [], range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode
    if (!text.nodeValue.trim() || text.parentElement.closest('svg, style, thead, .skip')) continue
    range.selectNodeContents(text)
    const box = text.parentElement.getBoundingClientRect()
    for (const part of range.getClientRects())
      if (part.width && (part.right > box.right + 1 || part.right > width)) found.push(text.nodeValue)
  }
  return found
}"""
SIZES = """[...document.querySelectorAll('svg text')].map(text =>
  parseFloat(getComputedStyle(text).fontSize) * Math.abs(text.getScreenCTM().a))"""

PDFTOTEXT = shutil.which("pdftotext") or ""
pytestmark = pytest.mark.skipif(pdf.browser() is None, reason="no browser on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=pdf.browser(), args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of every kind of piece, with long names and much money, and a table of some sheets of paper."""
    money = pd.DataFrame(
        {
            "item": ["部门整体支出", "项目支出"],
            "budget": [123456789.01, 123456789012.34],
            "executed": [123456780.55, 123456789011.34],
        }
    )
    long = "统筹推进辖区老旧小区综合改造和背街小巷环境整治提升及居民满意度持续改善工作并按季度公开实施情况的完成比例"
    rows = pd.DataFrame(
        {"indicator": [f"起{n}行{long}尾{n}行" for n in range(90)], "lost": [n / 90 for n in range(90)]}
    )
    counts = pd.DataFrame(
        {"完成": [3, 5], "未完成": [2, 0], "部分完成": [1, 1], "无法判定": [1, 2]}, index=["产出", long]
    )
    held = example.indicators()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(style.REPORT, "1")
        shown = show.stack(
            show.cards([("预算数", "123,456,789.01", "万元"), ("得分", 98.12, "分")]),
            show.table(money),
            rowpieces.missed(held[held["computed_status"] == MISSED]),
            plot.bars(rows.head(4).assign(indicator=long), "indicator", "lost", title=long),
            plot.stacked(counts, title=long),
            show.fold("各行", show.table(rows, bars="lost")),
        )
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [nbformat.v4.new_output("display_data", data={"text/html": shown.text})]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## 一、甲"), cell])
    notebook.metadata |= {"title": "示例", "index": "../../../index.html"}
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(pages.THEME)], exclude_input=True)
    written = tmp_path_factory.mktemp("readers") / "page.html"
    written.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
    return written


def opened(browser: Browser, file: Path, width: int = 1280, **context: str) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, **context).new_page()
    page.goto(file.as_uri())
    page.evaluate(OPEN_ALL)
    return page


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_out_of_its_box_or_off_the_screen(browser: Browser, file: Path, width: int) -> None:
    page = opened(browser, file, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(BEYOND, width) == []
    assert min(page.evaluate(SIZES)) >= 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_marks_and_charts_keep_their_shapes_in_colours_of_the_systems(
    browser: Browser, file: Path, scheme: str
) -> None:
    page = opened(browser, file, forced_colors="active", color_scheme=scheme)
    ground = tuple(map(int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))[:3]))
    for selector in (".bars i", ".bar", ".bar i", ".m", "svg[aria-label*='堆叠']"):
        seen = Image.open(io.BytesIO(page.locator(selector).last.screenshot())).convert("RGB")
        others = sum(count for count, colour in seen.getcolors(1 << 24) or () if colour != ground)
        assert others > seen.width * seen.height / 10, selector


def test_the_keyboard_comes_first_to_the_text_itself(browser: Browser, file: Path) -> None:
    page = opened(browser, file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_the_way_back_is_on_the_screen_not_on_paper_and_not_in_what_leaves_its_folder(
    browser: Browser, file: Path
) -> None:
    page = opened(browser, file)
    back = page.get_by_role("link", name="报告目录")
    assert back.get_attribute("href") == "../../../index.html"
    assert back.is_visible()
    page.emulate_media(media="print")
    assert not back.is_visible()
    assert b"index.html" in file.read_bytes()
    assert b"index.html" not in pages.alone(file.read_bytes())


@pytest.mark.skipif(not PDFTOTEXT, reason="no pdftotext on this machine")
def test_on_paper_no_row_is_cut_and_every_sheet_has_its_heading(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    pdf.to_pdf(file, paper)
    about = subprocess.run(
        [Path(PDFTOTEXT).with_name("pdfinfo"), paper], capture_output=True, check=True
    ).stdout.decode()
    assert re.search(r"^Tagged: +yes$", about, re.MULTILINE)
    command = [Path(PDFTOTEXT).with_name("pdftohtml"), "-xml", "-i", "-stdout", paper]
    marks = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert "<outline>" in marks, "headings as bookmarks"
    told = subprocess.run([PDFTOTEXT, "-layout", paper, "-"], capture_output=True, check=True).stdout.decode()
    sheets = ["".join(sheet.split()) for sheet in told.split("\f")[:-1]]
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.endswith(f"{number}/{len(sheets)}")
        assert len(sheet) > 150, "no sheet is blank"
    for row in range(90):
        (sheet,) = [sheet for sheet in sheets if f"起{row}行统筹" in sheet]
        assert f"尾{row}行" in sheet, "begun and ended on one sheet"
        assert "失分" in sheet, "under the table's heading"
