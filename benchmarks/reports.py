"""What a report costs, four ways side by side in one run: CPU and wall seconds on the annual notebook.

``python benchmarks/reports.py [--reports 40] [--rounds 3]`` prints Markdown tables. The ways are interleaved, so that
whatever else the machine does falls on all of them alike, and medians are shown. CPU is that of the whole process tree
(``wait4``). Each way in one process is run with few and with many reports: the slope is what a report costs, the rest
what a batch costs once. The offices are those of a demo, in a temporary folder: no two have the same texts, which would
let a process that makes many reports skip work that each report's own process must do.
"""

import argparse
import ast
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
YEAR, SEED = 2022, 1
FEW = 4
CLI_REPORTS = 2
"""Reports per round made with two commands each: every one costs the same."""
BATCH = 160
GOALS = {"floor": 1.6, "aim": 1.3, "cli": 0.15, "batch": 0.1}
"""Times the floor's CPU at most; the same, aimed at; times the two commands' CPU; a batch's share of their wall."""
WAYS = {
    "cli": "papermill 命令 + nbconvert 命令，每份各一次",
    "cold": "papermill + 导出，同一进程，每份新启内核",
    "forked": "perfeval run，派生内核",
    "floor": "同样的计算和绘图，普通函数，不用Jupyter（下限）",
}


class Cost(NamedTuple):
    """What something took."""

    cpu: float
    wall: float
    peak_mb: float


def offices(folder: Path, count: int) -> None:
    """A project of that many fictional offices, each with texts and figures of its own."""
    from perfeval import demo

    demo.make(folder, subdistricts=count, years=[YEAR], seed=SEED, notebooks=ROOT / "notebooks")


def name(number: int) -> str:
    """The id of a fictional office."""
    from perfeval.demo.catalogue import subdistrict_id

    return subdistrict_id(number)


def parameters(number: int) -> dict[str, Any]:
    """What the annual notebook is given for an office."""
    return {"subdistrict": name(number), "year": YEAR, "ruleset": "hubei", "data_dir": "data"}


def made(folder: Path, number: int) -> Path:
    """Where the ways that are not perfeval's own leave a report."""
    out = folder / "outputs" / name(number)
    out.mkdir(parents=True, exist_ok=True)
    return out


def cli(folder: Path, count: int) -> None:
    """Two commands per report, as in a shell loop."""
    for number in range(count):
        out = made(folder, number)
        given = [part for key, value in parameters(number).items() for part in ("-p", key, str(value))]
        run = [sys.executable, "-m", "papermill", "notebooks/annual.ipynb", str(out / "annual.ipynb")]
        subprocess.run([*run, "--no-progress-bar", *given], cwd=folder, check=True, capture_output=True)
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(out / "annual.ipynb")]
        subprocess.run(convert, cwd=folder, check=True, capture_output=True)


def cold(folder: Path, count: int) -> None:
    """One process: papermill as it comes, the exporter reused."""
    import papermill

    from perfeval.run.report import export

    for number in range(count):
        out = made(folder, number)
        notebook = papermill.execute_notebook(
            "notebooks/annual.ipynb", str(out / "annual.ipynb"), parameters(number), progress_bar=False
        )
        (out / "annual.html").write_text(export(notebook, {"name": "", "period": ""}), encoding="utf-8")


def forked(folder: Path, count: int) -> None:
    """perfeval's own batch."""
    from perfeval.run import project, run_batch

    place = project.find(folder)
    done = run_batch("annual", subdistricts=[name(number) for number in range(count)], force=True, where=place)
    if done.failed:
        raise SystemExit(done.failed[0].error)


def floor(folder: Path, count: int) -> None:
    """The notebook's own cells as plain Python, their results put into the same page."""
    import nbformat

    from perfeval.run.report import FIGURES, export

    notebook = nbformat.read(folder / "notebooks" / "annual.ipynb", as_version=4)
    for number in range(count):
        names: dict[str, Any] = {}
        page = nbformat.from_dict(notebook)
        for cell in page.cells:
            if cell.cell_type == "code":
                shown = value(cell.source, names)
                if "parameters" in cell.metadata.get("tags", []):
                    names |= parameters(number)
                if shown is not None:
                    told = shown._repr_mimebundle_()
                    data, metadata = told if isinstance(told, tuple) else (told, {})
                    cell.outputs = [nbformat.v4.new_output("execute_result", data, metadata=metadata)]
        outputs = (output.data for cell in page.cells for output in cell.get("outputs", []))
        figures = json.loads(next(data[FIGURES] for data in outputs if FIGURES in data))
        out = made(folder, number)
        (out / "annual.html").write_text(export(page, figures), encoding="utf-8")
        (out / "result.json").write_text(
            json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
        )


def value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; what its last line shows."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102  # the project's own notebook
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307


def measured(way: str, folder: Path, count: int) -> Cost:
    """One way, in a process of its own, over so many reports."""
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, __file__, "--way", way, "--count", str(count)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way}: exit code {process.returncode}")
    pages = list(folder.glob("outputs/**/annual.html"))
    if len(pages) != count:
        raise SystemExit(f"{way}: {len(pages)} pages of {count}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


def rounds(folder: Path, reports: int, times: int) -> dict[str, list[tuple[Cost, Cost]]]:
    """Per way and round: a report's cost (CPU, wall; the peak of the larger run), and what a batch costs once."""
    costs: dict[str, list[tuple[Cost, Cost]]] = {way: [] for way in WAYS}
    for number in range(times):
        for way, found in costs.items():
            if way == "cli":
                whole = measured(way, folder, CLI_REPORTS)
                each = Cost(whole.cpu / CLI_REPORTS, whole.wall / CLI_REPORTS, whole.peak_mb)
                found.append((each, Cost(0, 0, 0)))
            else:
                few, many = measured(way, folder, FEW), measured(way, folder, reports)
                cpu, wall = ((many[at] - few[at]) / (reports - FEW) for at in (0, 1))
                found.append((Cost(cpu, wall, many.peak_mb), Cost(few.cpu - FEW * cpu, few.wall - FEW * wall, 0)))
            each, once = found[-1]
            told = f"{number + 1} {way}: {each.cpu:.2f} CPU s, {each.wall:.2f} s; once {once.cpu:.2f}, {once.wall:.2f}"
            print(told, file=sys.stderr, flush=True)
    return costs


def show(costs: dict[str, list[tuple[Cost, Cost]]]) -> None:
    """Print the table and whether the goals are met."""

    def middle(way: str, of: int, at: int) -> float:
        return statistics.median(one[of][at] for one in costs[way])

    cpu = {way: middle(way, 0, 0) for way in costs}
    wall = {way: middle(way, 0, 1) for way in costs}
    ratios = "CPU：与下限之比 | CPU：与两条命令之比"
    print(f"| 每份年度报告（{os.cpu_count()}核） | CPU 秒 | 耗时 秒 | {ratios} | 每批一次 CPU 秒 |")
    print("|---|---:|---:|---:|---:|---:|")
    for way, title in WAYS.items():
        ratios = f"{cpu[way] / cpu['floor']:.2f} | {cpu[way] / cpu['cli']:.3f}"
        print(f"| {title} | {cpu[way]:.2f} | {wall[way]:.2f} | {ratios} | {middle(way, 1, 0):.1f} |")
    batch = middle("forked", 1, 1) + BATCH * wall["forked"]
    share = batch / (BATCH * wall["cli"])
    ratio, part = cpu["forked"] / cpu["floor"], cpu["forked"] / cpu["cli"]
    print("\n| 目标 | 限 | 实测 | |\n|---|---:|---:|---|")
    for title, most, found in (
        (f"每份报告的CPU，与下限之比（力争{GOALS['aim']}）", GOALS["floor"], ratio),
        ("每份报告的CPU，与两条命令之比", GOALS["cli"], part),
        (f"{BATCH}份一批的耗时，与两条命令之比", GOALS["batch"], share),
    ):
        print(f"| {title} | {most} | {found:.3f} | {'达到' if found <= most else '没有达到'} |")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=40, help="reports of the larger run")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--count", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.way:
        globals()[asked.way](Path.cwd(), asked.count)
    else:
        with tempfile.TemporaryDirectory() as folder:
            offices(Path(folder), asked.reports)
            show(rounds(Path(folder), asked.reports, asked.rounds))
