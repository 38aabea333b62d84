"""How fast the workbench opens and follows: from the store to the first view, and each change, in a real browser.

``python benchmarks/workbench.py [--offices 160] [--years 2022-2024] [--into FOLDER]`` prints a table. A fictional
district is made once (kept where a folder is given), its store filled once; then a fresh process reads the store and
packs the frames, and Chromium opens the file to send. A change is timed from the call until the picture is drawn.
"""

import argparse
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FIRST_VIEW, EACH_CHANGE = 2.0, 0.3
"""Seconds that are wanted."""
TRIES = 5
FRESH = """
import time; clocks = lambda: (time.perf_counter(), time.process_time())
marks = [clocks()]
import pandas, perfeval as pe
marks.append(clocks())
rows, scores, register = pe.rows("data"), pe.scores("data"), pe.register("data")
marks.append(clocks())
bench = pe.Workbench(rows, scores, register=register)
bench.panel
marks.append(clocks())
bench.share("bench.html")
marks.append(clocks())
print(len(rows), len(scores), *(after[n] - before[n] for n in (0, 1) for before, after in zip(marks, marks[1:])))
"""
CHANGES = {
    "查找最后一个街道": "workbench.set({ search: [...workbench.ids.values()].at(-1) })",
    "去掉查找": "workbench.set({ search: '' })",
    "选一个街道": "workbench.choose({ subdistrict: [...workbench.ids.keys()].at(-1) })",
    "选其一个目标": "workbench.choose({ goal: workbench.heat.groups[0].value })",
    "看一行的由来": "workbench.pick(workbench.order[0])",
    "回到全部": "workbench.set({ filters: [], picked: null })",
    "筛选两种结论": "workbench.set({ filters: [{ column: 'status', op: 'in', value: ['未完成', '无法判定'] }] })",
    "按指标名称排序": "workbench.set({ filters: [], sort: [{ column: 'indicator', down: true }] })",
    "热力图列出每项指标": "workbench.set({ level: 'track', sort: [] })",
    "四个街道对比": "workbench.set({ level: '', compare: [...workbench.ids.keys()].slice(0, 4) })",
}
TIMED = """code => new Promise(resolve => {
  const begun = performance.now();
  new Function(code)();
  requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - begun) / 1000), 0));
})"""


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=160)
    parser.add_argument("--years", default="2022-2024")
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        place = asked.into or Path(own) / "district"
        if not place.is_dir():
            arguments = ["demo", "--into", str(place), "--subdistricts", str(asked.offices), "--years", asked.years]
            subprocess.run([sys.executable, "-m", "perfeval.cli", *arguments], check=True, stdout=subprocess.DEVNULL)
        begun = time.perf_counter()
        fresh(place)
        filled = time.perf_counter() - begun
        taken = [fresh(place) for _ in range(TRIES)]
        opened, changes = browse(place / "bench.html")
        size = (place / "bench.html").stat().st_size
    report(filled, taken, opened, changes, size)


def fresh(place: Path) -> list[float]:
    """Rows and office-years, then what importing, reading, packing and sharing take, by the clock and of CPU."""
    done = subprocess.run([sys.executable, "-c", FRESH], cwd=place, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def browse(path: Path) -> tuple[float, dict[str, float]]:
    """The median of opening the file and of each change."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    opened: list[float] = []
    changes: dict[str, list[float]] = {name: [] for name in CHANGES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page: Any = browser.new_context(viewport={"width": 1400, "height": 1200}, bypass_csp=True).new_page()
        for _ in range(TRIES):
            begun = time.perf_counter()
            page.goto(path.resolve().as_uri())
            page.locator(".wb-count").wait_for()
            opened.append(time.perf_counter() - begun)
            for name, code in CHANGES.items():
                changes[name].append(page.evaluate(TIMED, code))
        browser.close()
    return statistics.median(opened), {name: statistics.median(taken) for name, taken in changes.items()}


def report(filled: float, taken: list[list[float]], opened: float, changes: dict[str, float], size: int) -> None:
    """Markdown: what was measured, what is wanted."""
    rows, units, *seconds = (statistics.median(one) for one in zip(*taken, strict=True))
    clock, cpu = seconds[:4], seconds[4:]
    print(f"{rows:,.0f} rows of {units:,.0f} office-years; Python {platform.python_version()}, {platform.machine()}\n")
    print("| step | seconds | of CPU | wanted |\n|---|---:|---:|---:|")
    print(f"| first call: the store is filled, if it was not | {filled:.1f} | | |")
    for name, took, own in zip(
        ("import pandas", "read rows, scores, register", "pack for the page"), clock, cpu, strict=False
    ):
        print(f"| {name} | {took:.2f} | {own:.2f} | |")
    print(f"| open in the browser until the table stands | {opened:.2f} | | |")
    print(f"| first view, all of these | {sum(clock[:3]) + opened:.2f} | {sum(cpu[:3]):.2f} | {FIRST_VIEW} |")
    for name, took in changes.items():
        print(f"| {name} | {took:.3f} | | {EACH_CHANGE} |")
    print(f"| write the file to send ({size / 1e6:.1f} MB) | {clock[3]:.2f} | {cpu[3]:.2f} | |")


if __name__ == "__main__":
    main()
