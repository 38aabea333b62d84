"""The exploring notebook in a JupyterLab that is really running: the workbench, what it keeps, and the cells after it."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from perfeval import demo
from perfeval.run import lab, project, request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TOKEN = "for-this-test-only"  # noqa: S105  # of a server that lives as long as the test
COUNT = ".jp-OutputArea .wb-count"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A project of two fictional offices over three years."""
    folder = tmp_path_factory.mktemp("lab") / "示例"
    demo.make(folder, subdistricts=2, years=(2021, 2022, 2023), seed=5, notebooks=root / "notebooks")
    return folder


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


def run_all(page: Page) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^运行$")).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    page.locator(COUNT).wait_for(timeout=120_000)
    page.get_by_text("[7]:", exact=True).wait_for(timeout=60_000)  # the last cell has run, JupyterLab moves no more


def answered(page: Page, text: str) -> str:
    """What the kernel says to a button, once it says this."""
    answer = page.locator(".wb-answer")
    expect(answer).to_contain_text(text, timeout=30_000)
    return answer.inner_text()


def test_in_a_running_jupyterlab_the_workbench_chooses_keeps_and_hands_on(
    browser: Browser, server: str, place: Path
) -> None:
    page = browser.new_context(viewport={"width": 1400, "height": 1100}).new_page()
    noise = listened(page, server)
    page.goto(f"{server}/lab/tree/notebooks/explore.ipynb?token={TOKEN}")
    page.locator(".jp-Notebook .jp-Cell").first.click(timeout=120_000)
    page.get_by_text("| 空闲").wait_for(timeout=120_000)  # the kernel has started
    cells = page.locator(".jp-Cell").count()
    run_all(page)
    every = page.locator(COUNT).inner_text()
    assert "示例数据" in page.locator(".wb-synthetic").inner_text()
    name = page.locator(".wb-name").nth(1).get_attribute("aria-label")
    page.locator(".wb-name").nth(1).click()
    assert page.locator(COUNT).inner_text() != every
    expect(page.locator(".wb-query code")).to_have_text("subdistrict in ['shili002']")
    grid = page.locator(".wb-grid")
    grid.focus()
    for key in ("ArrowDown", "End", "a", "d", "d", "Home", "ArrowDown", "Enter"):  # what JupyterLab takes for commands
        page.keyboard.press(key)
    expect(page.locator(".wb-detail")).to_be_focused()
    assert re.search(r"shili002/2021/\w+\.csv 第\d+行", page.locator(".wb-detail").inner_text())
    assert page.locator(".jp-Cell").count() == cells

    page.get_by_role("button", name="存为xlsx").press("Enter")
    held = openpyxl.load_workbook(
        place / "outputs" / "exports" / "所选指标.xlsx" if answered(page, "所选指标.xlsx") else ""
    )
    assert [row[0].value for row in held.active.iter_rows(min_row=5, max_row=5)] == [f"筛选：街道为{name}"]
    page.get_by_role("button", name="热力图存为PNG").click()
    answered(page, "热力图.png")
    assert (place / "outputs" / "exports" / "热力图.png").read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="保存为报告参数").click()
    answered(page, "perfeval run --parameters")
    (saved,) = (place / "outputs" / "parameters").glob("*.toml")
    assert request.read(saved).report == "trend"
    page.get_by_label("视图名称").fill("第二个街道")
    page.get_by_role("button", name="保存视图").click()
    answered(page, "已保存")

    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^内核$")).click()
    page.locator('.lm-Menu-item[data-command="kernelmenu:restart"]').click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.get_by_text("| 空闲").wait_for(timeout=120_000)
    run_all(page)
    expect(page.locator(COUNT)).to_have_text(every, timeout=120_000)
    page.get_by_label("打开已存的视图").select_option("第二个街道")
    answered(page, "已打开")
    expect(page.locator(".wb-chips").first).to_contain_text(f"街道为{name}")
    assert page.locator(".wb-detail h2").is_visible()  # the row that was looked at
    page.locator(".jp-Cell").nth(4).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-Cell").nth(4).locator(".jp-OutputArea")).to_contain_text(
        f"（街道为{name}）", timeout=30_000
    )
    own = ("Connection lost", "Failed to load resource")  # JupyterLab's words while a kernel restarts
    assert [said for said in noise if not any(word in said for word in own)] == []
