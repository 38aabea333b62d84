"""``perfeval lab`` as a person uses it: the address it prints, followed in a browser, shows the workbench."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import sync_playwright
from test_injection import HOSTILE, NOT_READ

from perfeval.cli import ending

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SECONDS = 60
ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+/\S*token=\w+")


Lab = tuple[str, "subprocess.Popen[str]", list[str]]
"""The address that ``perfeval lab`` prints, its process, and the lines it prints afterwards."""


def below(started: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(started.pid).children(recursive=True)


def end(started: "subprocess.Popen[str]") -> None:
    """Kill it and JupyterLab under it."""
    with suppress(psutil.NoSuchProcess):
        for process in (*psutil.Process(started.pid).children(recursive=True), started):
            process.kill()


@pytest.fixture
def printed(lab: Lab) -> str:
    """The address that ``perfeval lab`` prints."""
    return lab[0]


@pytest.fixture
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """``perfeval lab`` in a project, started in a folder of it, and the address that it prints."""
    folder = getattr(request, "param", "notebooks")
    shutil.copytree(ROOT / "data", tmp_path / "项目" / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "项目" / folder)
    (tmp_path / "项目" / "perfeval.toml").write_text(f'[paths]\nnotebooks = "{folder}"\n', encoding="utf-8")
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
    said: list[str] = []
    rest = threading.Thread(target=lambda: said.extend(started.stderr or ()))
    try:
        assert started.stderr is not None
        lines = iter(started.stderr.readline, "")
        address = next((found[0] for line in lines if (found := ADDRESS.search(line)) or said.append(line)), None)
        assert address is not None, said
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  # as soon as it is said
            assert answer.status == 200
        assert said == ["JupyterLab 已就绪。浏览器没有自动打开的，请打开这个地址：\n"], "nothing of the server's log"
        said.clear()
        rest.start()
        yield address, started, said
    finally:
        watch.cancel()
        end(started)
        started.wait(30)
        if rest.is_alive():
            rest.join(30)
        assert started.stderr is not None
        started.stderr.close()


@pytest.mark.parametrize("lab", ["notebooks", "笔记 本"], indirect=True)
def test_the_browser_shows_the_workbench(lab: Lab) -> None:
    printed, _, said = lab
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.goto(printed)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=SECONDS * 1000)
        assert "explore.ipynb" in page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current").all_inner_texts()[0]
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=SECONDS * 1000)
        assert page.locator(".jp-Notebook").is_visible()
        assert not page.locator(".jp-Launcher").is_visible()
        browser.close()
    assert said == [], "nor of its kernels'"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_asked_to_end_it_ends_jupyterlab_and_its_kernels(lab: Lab) -> None:
    address, started, _ = lab
    root, _, token = address.partition("/lab")
    token = token.partition("token=")[2]
    asked = urllib.request.Request(f"{root}/api/kernels?token={token}", b"{}", method="POST")  # noqa: S310  # our own server
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
        assert answer.status == 201
    there = below(started)
    assert len(there) >= 2, "JupyterLab and a kernel"
    started.send_signal(signal.SIGTERM)
    assert started.wait(SECONDS) == 130
    _, alive = psutil.wait_procs(there, timeout=SECONDS)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


PROBE = """() => {
    const outputs = [...document.querySelectorAll('.jp-OutputArea-output')];
    const all = outputs.flatMap(one => [...one.querySelectorAll('*')]);
    const fire = name => all.forEach(one => one.dispatchEvent(new Event(name)));
    ['mouseover', 'focus', 'error', 'load'].forEach(fire);
    const text = outputs.map(one => one.textContent).join(' ');
    return {
        hit: window.hit ?? null,
        active: all.filter(one => /^(script|iframe|object|embed|form|base|link|meta)$/i.test(one.tagName)).length,
        handlers: all.filter(one => [...one.attributes].some(a => /^on/i.test(a.name))).length,
        addresses: all.flatMap(one => ['href', 'src', 'action', 'srcdoc', 'xlink:href'].map(a => one.getAttribute(a)))
            .filter(a => a && !/^(#|blob:|data:image\\/(png|svg))/.test(a)),
        typeset: document.querySelectorAll('mjx-container').length,
        turned: /[\\u202a-\\u202e\\u2066-\\u2069]/.test(text),
        failed: outputs.filter(one => one.dataset.mimeType === 'application/vnd.jupyter.error').map(one => one.textContent),
        text,
    };
}"""


def spoil(data: Path) -> None:
    """Put a hostile text into every text of the office on file, which becomes a fictional one."""
    kinds = [text for kind, text in HOSTILE.items() if kind not in NOT_READ]
    (data / "ronghua").rename(data / "shili")
    folder = data / "shili" / "2022"
    head = ["id", "name", "district", "city", "aliases", "synthetic"]
    write(data / "subdistricts.csv", [head, ["shili", *(f"示例{kinds[at]}" for at in (0, 6, 10)), "", "是"]])
    with (folder / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    texts = [at for at, name in enumerate(heads) if name in TEXTS]
    for number, row in enumerate(rows):
        for at in texts:
            said = kinds[int(row[heads.index("goal_no")]) if heads[at] == "goal" else (number * 5 + at) % len(kinds)]
            row[at] = f"{row[at]}{said}" if heads[at] == "indicator" else said
    write(folder / "indicators.csv", [heads, *rows])
    listed = json.dumps([text.replace("\x7f", "") for text in kinds])  # as TOML spells texts, but for one sign
    issues = "".join(f"[[problems]]\ntext = {json.dumps(text)}\n" for text in kinds if "\x7f" not in text)
    lists = "".join(f"{name} = {listed}\n" for name in ("summary", "key_tasks", "measures", "other_evidence"))
    (folder / "narrative.toml").write_text(f"{lists}{issues}", encoding="utf-8")


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


TEXTS = ("goal", "indicator", "actual", "reason", "measure", "evidence", "narrative", "source")


def test_hostile_text_is_text_in_the_lab(printed: str, tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    place = tmp_path / "项目"
    spoil(place / "data")
    book = nbformat.read(place / "notebooks" / "annual.ipynb", 4)
    book.cells[0].source = book.cells[0].source.replace("ronghua", "shili")
    bench = "workbench = pe.Workbench(pe.rows(data_dir), pe.scores(data_dir))\nworkbench"
    book.cells += [nbformat.v4.new_code_cell(one) for one in ("result", bench)]
    nbformat.write(book, place / "notebooks" / "annual.ipynb")
    settings = tmp_path / "home" / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page, noise = browser.new_page(), []
        page.on("request", lambda one: noise.append(one.url) if not LOCAL.match(one.url) else None)
        page.on("dialog", lambda one: (noise.append(one.message), one.dismiss()))
        page.on("pageerror", lambda one: noise.append(str(one)))
        page.goto(printed.replace("explore", "annual"))
        page.get_by_text("Python 3 (ipykernel) | 空闲").wait_for(timeout=SECONDS * 1000)
        page.locator(".lm-MenuBar-item", has_text="运行").click()
        page.locator("[data-command='runmenu:run-all']").click()
        ended = ".wb-table, [data-mime-type='application/vnd.jupyter.error']"
        page.locator(f".jp-OutputArea-output :is({ended}), {ended}").first.wait_for(timeout=SECONDS * 1000)
        found = page.evaluate(PROBE)
        link = page.locator(".jp-OutputArea-output a[href^='#']:visible").first
        link.click()
        assert page.url.partition("#")[2], "a link within the notebook stays there"
        browser.close()
    assert found["failed"] == []
    assert (found["hit"], found["active"], found["handlers"], found["addresses"]) == (None, 0, 0, [])
    assert (found["typeset"], found["turned"], noise) == (0, False, [])
    assert found["text"].count("甲乙") > 100
    assert "{{ 7*7 }}" in found["text"]


LOCAL = re.compile(r"(?:http|ws)://127\.0\.0\.1:|data:|blob:")
CHILD = """
import signal, subprocess, sys, time
if {deaf}:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    print(below.pid, flush=True)
print("ready", flush=True)
time.sleep(300)
"""
PARENT = """
import sys
from perfeval.cli import ending
ending.GRACE = 0.5
sys.exit(99 if ending.run_until_asked([sys.executable, "-c", sys.argv[1]]) is None else 1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.usefixtures("hangup")
@pytest.mark.parametrize("sent", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("deaf", [False, True])
def test_a_program_ends_with_who_started_it_even_if_it_will_not_listen(sent: str, deaf: bool) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD.format(deaf=deaf)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert started.stdout is not None
    while started.stdout.readline().strip() != "ready":
        pass
    there = below(started)
    assert len(there) == 1 + deaf
    started.send_signal(getattr(signal, sent))
    started.communicate(timeout=SECONDS)
    assert started.returncode == 99
    _, alive = psutil.wait_procs(there, timeout=SECONDS)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_what_ends_by_itself_gives_its_exit_code_and_signals_are_as_before() -> None:
    before = [signal.getsignal(one) for one in (*ending.ASKED, signal.SIGINT)]
    assert ending.run_until_asked([sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert [signal.getsignal(one) for one in (*ending.ASKED, signal.SIGINT)] == before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminals that hang up")
def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending.terminable():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
