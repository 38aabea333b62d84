"""``perfeval lab`` as a person uses it: the address it prints, followed in a browser, shows the workbench."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SECONDS = 60
ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+/\S*token=\w+")


def end(started: "subprocess.Popen[str]") -> None:
    """Kill it and JupyterLab under it."""
    with suppress(psutil.NoSuchProcess):
        for process in (*psutil.Process(started.pid).children(recursive=True), started):
            process.kill()


@pytest.fixture(params=["notebooks", "笔记 本"])
def printed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address that ``perfeval lab`` prints in a project, started in a folder of it."""
    shutil.copytree(ROOT / "data", tmp_path / "项目" / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "项目" / request.param)
    (tmp_path / "项目" / "perfeval.toml").write_text(f'[paths]\nnotebooks = "{request.param}"\n', encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "IPYTHONDIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)}
    started = subprocess.Popen(
        [sys.executable, "-m", "perfeval.cli", "lab", "--no-browser"],
        cwd=tmp_path / "项目" / "data",
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    watch = threading.Timer(3 * SECONDS, end, [started])
    watch.start()
    rest = threading.Thread(target=lambda: started.stderr and started.stderr.read())
    try:
        assert started.stderr is not None
        lines = iter(started.stderr.readline, "")
        said = []
        address = next((found[0] for line in lines if (found := ADDRESS.search(line)) or said.append(line)), None)
        assert address is not None, said
        assert said == ["JupyterLab 已就绪。浏览器没有自动打开的，请打开这个地址：\n"], "nothing of the server's log"
        rest.start()
        yield address
    finally:
        watch.cancel()
        end(started)
        started.wait(30)
        if rest.is_alive():
            rest.join(30)
        assert started.stderr is not None
        started.stderr.close()


def test_the_browser_shows_the_workbench(printed: str) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.goto(printed)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=SECONDS * 1000)
        assert "explore.ipynb" in page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current").all_inner_texts()[0]
        assert page.locator(".jp-Notebook").is_visible()
        assert not page.locator(".jp-Launcher").is_visible()
        browser.close()
