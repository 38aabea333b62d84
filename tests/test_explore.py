"""The exploring panel: what it chooses and saves, and how it behaves in a JupyterLab that is really running."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from perfeval import demo, explore
from perfeval.model.errors import PerfevalError
from perfeval.run import lab, project, request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TOKEN = "for-this-test-only"  # noqa: S105  # of a server that lives as long as the test
CHARTS = ".widget-html-content svg"
COUNT = ".jp-OutputArea .dt-info"
ANY = explore.ALL


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A project of two fictional offices over three years."""
    folder = tmp_path_factory.mktemp("lab") / "示例"
    demo.make(folder, subdistricts=2, years=(2021, 2022, 2023), seed=5, notebooks=root / "notebooks")
    return folder


TABLE = pd.DataFrame(
    {
        "subdistrict": ["a", "a", "a", "b"],
        "name": ["甲街道", "甲街道", "甲街道", "乙街道"],
        "year": [2021, 2022, 2022, 2022],
        "goal": ["环境", "环境", "安全", ""],
        "category": ["产出", "产出", "效益", "产出"],
        "indicator": ["清运量", "清运量", "事故数", "清运量"],
        "target": ["10", "12", "0", "8"],
        "actual": ["10", "9", "有", "8"],
        "attainment": [1.0, 0.75, float("nan"), 1.0],
        "status": ["完成", "未完成", "无法判定", "完成"],
        "basis": ["computed", "computed", "none", "declared"],
        "score": [2.0, 1.5, 0.0, 2.0],
        "lost": [0.0, 0.5, 2.0, 0.0],
    }
)


@pytest.mark.parametrize(
    ("choice", "rows"),
    [
        ((ANY, ANY, ANY, 2021, 2022), [0, 1, 2, 3]),
        (("a", ANY, ANY, 2022, 2022), [1, 2]),
        ((ANY, "环境", ANY, 2021, 2022), [0, 1]),
        ((ANY, ANY, "产出", 2022, 2022), [1, 3]),
        (("b", "环境", ANY, 2021, 2022), []),
    ],
)
def test_what_is_chosen(choice: tuple, rows: list[int]) -> None:
    assert list(explore.chosen(TABLE, explore.Choice(*choice)).index) == rows


def test_goals_are_those_of_the_office() -> None:
    assert explore.goals_of(TABLE, ANY) == [ANY, "环境", "安全"]
    assert explore.goals_of(TABLE, "b") == [ANY]


def test_the_chart_tells_its_figures_and_says_when_there_is_nothing() -> None:
    shown = explore.chart(TABLE[TABLE["subdistrict"].eq("a")])
    assert "2021年1项完成100%，2022年2项完成0%—50%" in shown
    assert "2022年清运量75%" in shown
    assert "没有可以计算完成程度的指标" in explore.chart(TABLE.iloc[[2]])
    assert "没有可以计算完成程度的指标" in explore.chart(TABLE.iloc[:0])


def test_the_table_has_chinese_headings_and_readable_figures() -> None:
    shown = explore.listing(TABLE.iloc[[1]])
    assert list(shown.columns[:4]) == ["年度", "街道", "年度目标", "一级指标"]
    assert shown["完成程度（%）"].tolist() == [75.0]
    assert explore.summary(TABLE) == "2个街道，4项次指标，完成1—3项次（其中2项次凭申报完成或无法判定）。"
    assert explore.summary(TABLE.iloc[:2]) == "1个街道，2项次指标，完成1项次。"
    assert explore.summary(TABLE.iloc[:0]) == "所选范围没有指标。"


def test_a_choice_is_saved_as_parameters_that_are_read_back(tmp_path: Path) -> None:
    once = explore.save(explore.Choice("a", "环境", ANY, 2022, 2022), "flat", tmp_path)
    assert once == tmp_path / "parameters" / "annual-a-2022.toml"
    assert request.read(once) == request.Request("annual", subdistrict="a", year=2022, ruleset="flat")
    several = explore.save(explore.Choice("a", ANY, ANY, 2021, 2022), "hubei", tmp_path)
    asked = request.read(several)
    assert (asked.report, asked.first_year, asked.last_year) == ("trend", 2021, 2022)
    with pytest.raises(PerfevalError, match="先选定一个街道"):
        explore.save(explore.Choice(ANY, ANY, ANY, 2021, 2022), "hubei", tmp_path)


def test_the_panel_follows_its_controls(place: Path) -> None:
    panel = explore.panel(place / "data")
    controls, slider, told, drawn, rows, _ = panel.children
    before = drawn.value
    controls.children[0].value = controls.children[0].options[2][1]
    assert told.value.startswith("<p>1个街道")
    assert drawn.value != before
    slider.value = (2023, 2023)
    assert set(rows.df["年度"]) == {2023}
    assert "各年的指标完成率" not in drawn.value


def test_lab_listens_on_this_machine_only_in_chinese_and_asks_nobody(place: Path) -> None:
    arguments = lab.command(project.find(place), port=8888, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/explore.ipynb" in arguments
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in arguments
    settings = (lab.SETTINGS / "overrides.json").read_text(encoding="utf-8")
    assert "zh_CN" in settings
    assert '"fetchNews": "false"' in settings


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[str]:
    """A JupyterLab of its own, with an empty home; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = place.parent / "home"
    home.mkdir()
    command = [*lab.command(project.find(place), port=port, browser=False), f"--IdentityProvider.token={TOKEN}"]
    environment = {**os.environ, "HOME": str(home), "IPYTHONDIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)}
    address = f"http://127.0.0.1:{port}"
    with (place.parent / "lab.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=place, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5).close()  # noqa: S310  # our own address
                break
            except OSError:
                assert started.poll() is None, (place.parent / "lab.log").read_text(encoding="utf-8")
                time.sleep(0.3)
        yield address
    finally:
        started.terminate()
        started.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
        pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def listened(page: Page, address: str) -> list[str]:
    """What the page asks of anybody but its server, and what it complains of."""
    noise: list[str] = []
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else noise.append(f"request {asked.url[:80]}"))
    page.on("console", lambda said: noise.append(f"console {said.text}") if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(f"error {error}"))
    return noise


def test_in_a_running_jupyterlab_chart_and_table_follow_the_controls(
    browser: Browser, server: str, place: Path
) -> None:
    page = browser.new_context(viewport={"width": 1400, "height": 1100}).new_page()
    noise = listened(page, server)
    page.goto(f"{server}/lab/tree/notebooks/explore.ipynb?token={TOKEN}")
    page.locator(".jp-Notebook .jp-Cell").first.click(timeout=120_000)
    page.get_by_text("| 空闲").wait_for(timeout=120_000)  # the kernel has started
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^运行$")).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    page.locator(CHARTS).first.wait_for(timeout=120_000)
    page.locator(COUNT).wait_for()
    choose, changed = page.locator(".jp-OutputArea select").first, "before => document.querySelector"
    changed += f"('{CHARTS}').getAttribute('aria-label') !== before"
    for act in (
        lambda: choose.select_option(index=2),
        lambda: page.locator(".jp-OutputArea .noUi-handle-upper").press("ArrowLeft"),
    ):
        chart, told = page.locator(CHARTS).first.get_attribute("aria-label"), page.locator(COUNT).inner_text()
        act()
        page.wait_for_function(changed, arg=chart)
        page.wait_for_function(f"before => document.querySelector('{COUNT}').innerText !== before", arg=told)
    page.locator(".jp-OutputArea button", has_text="保存为报告参数").click()
    page.get_by_text("perfeval run --parameters").last.wait_for()
    last, saved = time.monotonic() + 30, []
    while not saved and time.monotonic() < last:  # on a loaded machine the text is older than the file
        page.wait_for_timeout(100)
        saved = list((place / "outputs" / "parameters").glob("trend-*-2021-2022.toml"))
    assert len(saved) == 1
    assert noise == []
