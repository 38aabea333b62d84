"""The report page as its readers meet it: opened from disk in a real browser, on a desk, on a phone, on paper."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from perfeval.present import show, style
from perfeval.present.page import alone
from perfeval.run import Report, project, run_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => part.open = true)"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

PDFINFO, PDFTOTEXT = shutil.which("pdfinfo"), shutil.which("pdftotext")

if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
    pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="module")
def reviewed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The reviewer's paper of the source data."""
    place = project.find(root).with_folders(outputs=tmp_path_factory.mktemp("review"))
    report = run_report("review", subdistrict="ronghua", year=2022, where=place)
    assert not report.error
    return report


def opened(
    browser: Browser, file: Path, viewport: dict, *, script: bool = True, dark: bool = False
) -> tuple[Page, list[str]]:
    """The page, and everything it asked for or complained of beside its own file."""
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport=viewport, java_script_enabled=script, color_scheme=scheme)
    page, noise = context.new_page(), []
    page.on(
        "request",
        lambda request: (
            noise.append(f"request {request.url[:80]}") if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    page.on("console", lambda message: noise.append(f"console {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error {error}"))
    page.goto(file.as_uri())
    return page, noise


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_opens_from_disk_without_requests_or_complaints(
    browser: Browser, made: Report, viewport: dict, script: bool
) -> None:
    page, noise = opened(browser, made.html, viewport, script=script)
    assert noise == []
    text = page.locator("body").inner_text()
    for fact in ("5,431.28", "2,033.69", "3,397.59", "信访积案化解率", "消防隐患整治率99%", "97.86"):
        assert fact in text, fact


def test_the_page_is_self_contained_and_small(made: Report) -> None:
    source = made.html.read_text(encoding="utf-8")
    assert len(source.encode()) < 152_000
    assert '<html lang="zh-CN">' in source
    assert "<script" not in source
    (index,) = re.findall(r"(?:src|href)=[\"'](?!#|data:)([^\"']+)", source)
    assert (made.folder / index).resolve() == made.folder.parents[2] / "index.html"
    assert re.search(r"(?:src|href)=[\"'](?!#|data:)", alone(source.encode()).decode()) is None
    described = re.search(r'<meta name="description" content="([^"]+)">', source)[1]
    assert described.startswith("预算全部执行")
    assert source.count('<link rel="icon" href="data:image/png;base64,') == 1
    assert "Content-Security-Policy" in source
    assert "荣华街道办事处 2022年度" in re.search(r"<title>(.*?)</title>", source).group(1)
    assert "import perfeval" not in source, "code must not be shown"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_serious_accessibility_finding(browser: Browser, made: Report, viewport: dict, dark: bool) -> None:
    page, _ = opened(browser, made.html, viewport, dark=dark)
    page.evaluate(OPEN_ALL)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [
        (one["id"], one["impact"], one["nodes"][0]["html"][:120])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []


INK = "getComputedStyle(document.querySelector('svg text')).fill"
GROUND = "getComputedStyle(document.body).backgroundColor"


def test_page_and_charts_follow_the_dark_and_paper_stays_white(browser: Browser, made: Report) -> None:
    light, _ = opened(browser, made.html, DESK)
    dark, _ = opened(browser, made.html, DESK, dark=True)
    seen = [(page.evaluate(INK), page.evaluate(GROUND)) for page in (light, dark)]
    dark.emulate_media(media="print", color_scheme="dark")
    assert seen[0] == ("rgb(29, 35, 39)", "rgb(255, 255, 255)")
    assert seen[1] == ("rgb(228, 232, 235)", "rgb(21, 24, 27)")
    assert (dark.evaluate(INK), dark.evaluate(GROUND)) == seen[0]


SHOWN = """
import pandas as pd
from perfeval import plot, show

rows = pd.DataFrame({"indicator": ["整治率", "满意度"], "status": ["未完成", "完成"], "lost": [0.97, 0.0]})
show.stack(show.cards([("未完成", 1, "项", "bad")]), show.table(rows, bars="lost", tint=True, caption="指标"),
           plot.bars(rows, "indicator", "lost", title="失分0.97分"))
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pieces_look_the_same_among_the_styles_of_jupyterlab(browser: Browser, theme: str, tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SHOWN)]), tmp_path / "own.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", f"--HTMLExporter.theme={theme}"]
    subprocess.run([*command, "own.ipynb"], cwd=tmp_path, check=True, capture_output=True)
    page = browser.new_page(viewport=DESK)
    page.route(re.compile("^http"), lambda route: route.abort())
    page.goto((tmp_path / "own.html").as_uri())
    style = "(found => [getComputedStyle(found).textAlign, getComputedStyle(found).backgroundColor])"
    cell = "document.querySelector('.pe tbody tr:nth-child(2) td')"
    assert page.evaluate(f"{style}({cell})") == ["left", "rgba(0, 0, 0, 0)"], "text left, no zebra"
    assert page.evaluate(f"{style}({cell}.closest('tr'))")[1] == "rgba(0, 0, 0, 0)"
    assert page.evaluate(f"{style}(document.querySelector('.pe td.n'))")[0] == "right"
    assert page.evaluate(INK.replace("svg text", ".pe svg text")) == (
        "rgb(228, 232, 235)" if theme == "dark" else "rgb(29, 35, 39)"
    )
    found = Axe().run(page, context=".pe", options={"resultTypes": ["violations"]}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in serious] == []


def test_the_reviewers_paper_is_as_fit_to_read(browser: Browser, reviewed: Report) -> None:
    for viewport in (DESK, PHONE):
        page, noise = opened(browser, reviewed.html, viewport)
        page.evaluate(OPEN_ALL)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert noise == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_runs_off_the_screen(browser: Browser, made: Report, viewport: dict) -> None:
    page, _ = opened(browser, made.html, viewport)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_text_in_charts_is_readable_on_a_phone(browser: Browser, made: Report) -> None:
    page, _ = opened(browser, made.html, PHONE)
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(text => {"
        " const scale = text.getScreenCTM().a; return parseFloat(getComputedStyle(text).fontSize) * Math.abs(scale) })"
    )
    assert sizes
    assert min(sizes) >= 11


def test_every_chart_has_a_text_equivalent(browser: Browser, made: Report) -> None:
    page, _ = opened(browser, made.html, DESK)
    names = page.evaluate(
        "[...document.querySelectorAll('svg')].map(svg => {"
        " const named = svg.closest('[role=img]') || svg, hidden = svg.closest('[aria-hidden=true]');"
        " return hidden ? 'hidden' : named.getAttribute('aria-label') || '' })"
    )
    assert names
    assert all(name for name in names)
    assert any(re.search(r"\d", name) for name in names)


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext installed")
def test_on_paper_everything_is_there_on_a4(browser: Browser, made: Report, tmp_path: Path) -> None:
    page, _ = opened(browser, made.html, DESK)
    paper = tmp_path / "report.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    information = subprocess.run([PDFINFO, paper], capture_output=True, text=True, check=True).stdout
    assert "A4" in information
    text = subprocess.run([PDFTOTEXT, "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    squeezed = re.sub(r"\s", "", text)
    for fact in ("5,431.28", "信访积案化解率", "“12135”投诉回复满意率", "志愿兵安置", "sha256"):
        assert fact in squeezed, f"{fact} is missing on paper"


PAPER_WIDE = {"width": 642, "height": 970}
"""What A4 leaves between its margins, in px."""
OFF_PAPER = """[...document.querySelectorAll('.tw')].filter(one => one.scrollWidth > one.clientWidth
    || one.getBoundingClientRect().right > 643 || getComputedStyle(one).overflowX !== 'visible')
    .map(one => one.textContent.slice(0, 40))"""


def wide(columns: int, money: bool) -> str:
    """A page with a table of so many columns of figures behind one of words."""
    value = 123_456.78 if money else 1.012
    frame = pd.DataFrame({"indicator": ["居民反映问题一次解决率", "老年居民对助餐服务满意度"]}).assign(
        **{f"第{place}街道": value for place in range(columns)}
    )
    kinds = dict.fromkeys(frame.columns[1:], "money" if money else "rate")
    return f"<style>body {{ margin: 0 }} {style.sheet()}</style><div class=pe>{show.table(frame, formats=kinds, total=frame.sum()).text}</div>"


@pytest.mark.parametrize("money", [False, True])
@pytest.mark.parametrize("columns", [9, 11, 16, 40])
def test_no_column_is_cut_off_on_paper(browser: Browser, columns: int, money: bool) -> None:
    page = browser.new_page(viewport=PAPER_WIDE)
    page.set_content(wide(columns, money))
    page.emulate_media(media="print")
    assert page.evaluate(OFF_PAPER) == []
    broken = page.locator("tbody td.n").evaluate_all(
        "cells => cells.filter(cell => { const range = document.createRange(); range.selectNodeContents(cell);"
        " return range.getClientRects().length > 1 }).length"
    )
    assert (broken == 0) == (columns < 40), "figures stay whole where there is room"


def test_the_page_of_a_report_fits_its_paper(browser: Browser, made: Report) -> None:
    page = browser.new_page(viewport=PAPER_WIDE)
    page.goto(made.html.as_uri())
    page.emulate_media(media="print")
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OFF_PAPER) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER_WIDE["width"]
