"""What a report costs: CPU and wall seconds of one annual report, made in every way we know, in one run.

``python benchmarks/reports.py [--reports 40] [--rounds 3] [--without-others]`` prints Markdown tables. The measure is
the outside floor (``outside.py``): the same figures and page by plain Python, whose figures must be those of
``result.json``, else the benchmark stops. CPU is that of the whole process tree (``wait4``), and the least of the
rounds is told: another user of the machine only adds. The ways are interleaved, so that what else the machine does
falls on all of them. A way that makes many reports in one process is run with few and with many: the slope is what a
report costs, the rest what a batch costs once. The offices are those of a demo, in a temporary folder: no two have the
same texts, which would let a process that makes many reports skip work that each report's own process must do.
"""

import argparse
import ast
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import others
import outside

ROOT = Path(__file__).parents[1]
YEAR, SEED, RULESET = 2022, 1, "hubei"
FEW = 4
ALONE = 2
"""Reports per round of the ways that start anew for each report: every one costs the same."""
BATCH = 160
HELP = 5
"""Times that ``perfeval --help`` is asked for."""


class Way(NamedTuple):
    """A way to make reports."""

    title: str
    make: Callable[[Path, int], None]
    alone: bool = False
    """Whether every report starts anew, so that few are enough."""
    elsewhere: bool = False
    """Whether it runs in the environment without JupyterLab."""
    beside: bool = False
    """Whether it may fail: another tool, of which we only say what it did."""

    def counts(self, reports: int) -> tuple[int, ...]:
        """How many reports it makes in each of its runs of a round."""
        return (ALONE,) if self.alone else (FEW, reports)


class Cost(NamedTuple):
    """What something took."""

    cpu: float
    wall: float
    peak_mb: float


class Told(NamedTuple):
    """What a way costs: a report, and a batch once."""

    cpu: float
    wall: float
    once: float


def offices(folder: Path, count: int) -> None:
    """A project of that many fictional offices, each with texts and figures of its own."""
    from perfeval import demo

    demo.make(folder, subdistricts=count, years=[YEAR], seed=SEED, notebooks=ROOT / "notebooks")


def name(number: int) -> str:
    """The id of a fictional office, as the demo gives it."""
    return f"shili{number + 1:03}"


def parameters(number: int) -> dict[str, Any]:
    """What the annual notebook is given for an office."""
    return {"subdistrict": name(number), "year": YEAR, "ruleset": RULESET, "data_dir": "data"}


def made(folder: Path, number: int) -> Path:
    """Where the ways that are not perfeval's own leave a report."""
    out = folder / "outputs" / name(number)
    out.mkdir(parents=True, exist_ok=True)
    return out


def commands(folder: Path, count: int) -> None:
    """Two commands per report, as in a shell loop."""
    for number in range(count):
        out = made(folder, number)
        given = [part for key, value in parameters(number).items() for part in ("-p", key, str(value))]
        run = [sys.executable, "-m", "papermill", "notebooks/annual.ipynb", str(out / "annual.ipynb")]
        subprocess.run([*run, "--no-progress-bar", *given], cwd=folder, check=True, capture_output=True)
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(out / "annual.ipynb")]
        subprocess.run(convert, cwd=folder, check=True, capture_output=True)


def one_process(folder: Path, count: int) -> None:
    """One process: papermill as it comes, the exporter reused."""
    import papermill

    from perfeval.run.report import export

    for number in range(count):
        out = made(folder, number)
        notebook = papermill.execute_notebook(
            "notebooks/annual.ipynb", str(out / "annual.ipynb"), parameters(number), progress_bar=False
        )
        (out / "annual.html").write_text(export(notebook, {"name": "", "period": ""}), encoding="utf-8")


def marimo(folder: Path, count: int) -> None:
    """``marimo export html`` of the notebook as marimo converts it, its parameters written into it."""
    program = others.marimo_notebook(folder / "notebooks" / "annual.ipynb", folder)
    for number in range(count):
        out = made(folder, number)
        own = out / "annual.py"
        own.write_text(others.with_parameters(program, parameters(number)), encoding="utf-8")
        export = [sys.executable, "-m", "marimo", "export", "html", str(own), "--no-include-code"]
        subprocess.run([*export, "-o", str(out / "annual.html")], cwd=folder, check=True, capture_output=True)


def quarto(folder: Path, count: int) -> None:
    """``quarto render`` of the notebook as Quarto converts it, executed with parameters."""
    program = others.quarto() or ""
    document = folder / "notebooks" / "annual.qmd"
    notebook = folder / "notebooks" / "annual.ipynb"
    subprocess.run([program, "convert", str(notebook), "-o", str(document)], check=True, capture_output=True)
    for number in range(count):
        out = made(folder, number)
        given = [part for key, value in parameters(number).items() for part in ("-P", f"{key}:{value}")]
        render = [program, "render", str(document), "--to", "html", "--execute-dir", str(folder), *given]
        subprocess.run([*render, "--output-dir", str(out)], cwd=folder, check=True, capture_output=True)


def batch(folder: Path, count: int) -> None:
    """perfeval's own batch."""
    from perfeval.run import project, run_batch

    place = project.find(folder)
    done = run_batch("annual", subdistricts=[name(number) for number in range(count)], force=True, where=place)
    if done.failed:
        raise SystemExit(done.failed[0].error)


def single(folder: Path, count: int) -> None:
    """A command per report."""
    for number in range(count):
        run = [sys.executable, "-m", "perfeval.cli", "run", "--force", "-r", "annual", "-s", name(number)]
        subprocess.run(run, cwd=folder, check=True, capture_output=True)


def cells(folder: Path, count: int) -> None:
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


def plain(folder: Path, count: int) -> None:
    """The outside floor, in one process."""
    for number in range(count):
        outside.make(folder / "data", made(folder, number), name(number), YEAR, RULESET)
    if "pandas" in sys.modules:
        raise SystemExit("the outside floor has loaded pandas")


def plain_alone(folder: Path, count: int) -> None:
    """The outside floor, a process per report."""
    for number in range(count):
        run = [sys.executable, outside.__file__, str(folder / "data"), str(made(folder, number).parent), name(number)]
        subprocess.run([*run, "--year", str(YEAR), "--ruleset", RULESET], check=True)


WAYS = {
    "commands": Way("papermill 和 nbconvert 两条命令，本环境（有JupyterLab）", commands, alone=True),
    "bare": Way("papermill 和 nbconvert 两条命令，没有JupyterLab的环境", commands, alone=True, elsewhere=True),
    "cold": Way("papermill＋导出，同一进程，每份新启内核", one_process),
    "marimo": Way("marimo export html（笔记本由 marimo convert 转换）", marimo, True, True, True),
    "quarto": Way("quarto render（笔记本由 quarto convert 转换）", quarto, True, True, True),
    "single": Way("perfeval run，单独一份", single, alone=True),
    "batch": Way("perfeval run，成批", batch),
    "cells": Way("同样的单元格，普通函数，不用Jupyter（内部下限）", cells),
    "plain_alone": Way("纯Python写的同样数字和页面，每份一个进程（外部下限）", plain_alone, alone=True),
    "plain": Way("纯Python写的同样数字和页面，同一进程（外部下限）", plain),
}
GOALS = (
    ("成批每份的CPU，与两条命令之比", "batch", "commands", 0.05),
    ("成批每份的CPU，与没有JupyterLab的两条命令之比", "batch", "bare", 0.05),
    ("成批每份的CPU，与外部下限（每份一个进程）之比", "batch", "plain_alone", 4.0),
    ("成批每份的CPU，与外部下限（同一进程）之比", "batch", "plain", 4.0),
    ("单独一份的CPU，与两条命令之比", "single", "commands", 0.35),
    ("单独一份的CPU，与没有JupyterLab的两条命令之比", "single", "bare", 0.35),
)
HELP_GOAL = 0.3


def spent(command: list[str], folder: Path, **more: str) -> Cost:
    """What a command takes, its children with it; an error where it fails."""
    began = time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), **more}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


def measured(way: str, folder: Path, count: int, python: Path) -> Cost:
    """One way, in a process of its own, over so many reports."""
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    cost = spent([str(python), __file__, "--way", way, "--count", str(count)], folder)
    pages = list(folder.glob("outputs/**/annual.html"))
    if len(pages) != count:
        raise SystemExit(f"{way}: {len(pages)} pages of {count}")
    return cost


def agree(folder: Path, count: int) -> None:
    """Stop unless the outside floor has the figures of the reports that perfeval has just made."""
    for number in range(count):
        result = json.loads(next(folder.glob(f"outputs/{name(number)}/**/result.json")).read_text(encoding="utf-8"))
        wrong = outside.differences(outside.evaluated(folder / "data", name(number), YEAR, RULESET), result)
        if wrong:
            raise SystemExit(f"{name(number)}: the outside floor computes other figures: {wrong[0][:500]}")


def rounds(folder: Path, reports: int, times: int, pythons: dict[str, Path]) -> dict[str, Told | str]:
    """Each way's cost, the least of the rounds; or why it has none."""
    runs: dict[tuple[str, int], list[Cost]] = {}
    failed = dict.fromkeys(WAYS.keys() - pythons.keys(), "没有装上")
    for turn in range(times):
        for way, count in ((way, count) for way, of in WAYS.items() for count in of.counts(reports)):
            if way in failed:
                continue
            try:
                cost = measured(way, folder, count, pythons[way])
            except subprocess.CalledProcessError as error:
                told = error.stderr.decode(errors="replace")[-2000:]
                if not WAYS[way].beside:
                    raise SystemExit(f"{way}: {told}") from error
                failed[way] = f"没有做成：{told.strip().splitlines()[-1]}"
                continue
            runs.setdefault((way, count), []).append(cost)
            if way == "batch" and turn == 0:
                agree(folder, count)
            said = f"{turn + 1} {way} × {count}: {cost.cpu:.2f} CPU s, {cost.wall:.2f} s"
            print(said, file=sys.stderr, flush=True)
    return {way: failed.get(way) or told_of(way, runs, reports) for way in WAYS}


def told_of(way: str, runs: dict[tuple[str, int], list[Cost]], reports: int) -> Told:
    """A way's cost from the least of its runs of each size."""
    counts = WAYS[way].counts(reports)
    cpu, wall = ([min(one[at] for one in runs[way, count]) for count in counts] for at in (0, 1))
    if len(counts) == 1:
        return Told(cpu[0] / counts[0], wall[0] / counts[0], 0)
    few, many = counts
    each = (cpu[1] - cpu[0]) / (many - few)
    return Told(each, (wall[1] - wall[0]) / (many - few), cpu[0] - few * each)


def ratio(costs: dict[str, Told | str], one: str, other: str) -> float | None:
    """CPU of a way by that of another; None where one of them was not measured."""
    above, below = costs[one], costs[other]
    return None if isinstance(above, str) or isinstance(below, str) else above.cpu / below.cpu


def show(costs: dict[str, Told | str], handicapped: bool | None) -> None:
    """Print the table of the ways."""
    against = ("plain", "plain_alone", "cells", "commands", "bare")
    titles = ("外部下限", "外部下限每份一个进程", "内部下限", "两条命令", "两条命令（没有JupyterLab）")
    print(
        f"| 一份年度报告 | CPU 秒 | 耗时 秒 | 每批一次 CPU 秒 | {' | '.join(f'为{title}的几倍' for title in titles)} |"
    )
    print(f"|---|{'---:|' * (3 + len(against))}")
    for way, cost in costs.items():
        if isinstance(cost, str):
            print(f"| {WAYS[way].title} | {cost} |{'  |' * (2 + len(against))}")
            continue
        shares = [ratio(costs, way, other) for other in against]
        told = " | ".join("" if share is None else f"{share:.3g}" for share in shares)
        once = "" if WAYS[way].alone else f"{cost.once:.2f}"
        print(f"| {WAYS[way].title} | {cost.cpu:.3f} | {cost.wall:.3f} | {once} | {told} |")
    if handicapped is not None:
        print(
            "\n本环境里 nbformat "
            + ("载入" if handicapped else "不载入")
            + " JupyterLab 带来的 rfc3987_syntax"
            + (
                "：两条命令各因此多花约一CPU秒，perfeval 不载入它；公平的比较是没有JupyterLab的那一行。"
                if handicapped
                else "。"
            )
        )


def goals(costs: dict[str, Told | str], asked_help: float) -> None:
    """Print the table of the goals."""
    print("\n| 目标 | 至多 | 实测 | |\n|---|---:|---:|---|")
    for title, one, other, most in GOALS:
        found = ratio(costs, one, other)
        told = "没有量" if found is None else f"{found:.3f} | {'达到' if found <= most else '没有达到'}"
        print(f"| {title} | {most} | {told} |")
    met = "达到" if asked_help <= HELP_GOAL else "没有达到"
    print(f"| `perfeval --help` 的CPU秒 | {HELP_GOAL} | {asked_help:.2f} | {met} |")
    both = costs["batch"], costs["commands"]
    if not any(isinstance(cost, str) for cost in both):
        ours, theirs = both
        whole = ours.once + BATCH * ours.wall
        print(f"\n{BATCH}份一批的耗时，与两条命令之比：{whole / (BATCH * theirs.wall):.3f}")


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reports", type=int, default=40, help="reports of the larger run")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--without-others", action="store_true", help="make no environment for the other tools")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--count", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.way:
        WAYS[asked.way].make(Path.cwd(), asked.count)
        return
    elsewhere = None if asked.without_others else others.environment()
    pythons = {way: Path(sys.executable) for way, of in WAYS.items() if not of.elsewhere}
    if elsewhere:
        pythons |= {way: elsewhere for way, of in WAYS.items() if of.elsewhere}
    if not others.quarto():
        pythons.pop("quarto", None)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        offices(folder, asked.reports)
        costs = rounds(folder, asked.reports, asked.rounds, pythons)
        help_ = [spent([sys.executable, "-m", "perfeval.cli", "--help"], folder).cpu for _ in range(HELP)]
    print(
        f"Python {platform.python_version()}，{os.cpu_count()}核，机器与别人共用；{asked.rounds}轮中最小的CPU秒；"
        f"虚构街道，{FEW}份与{asked.reports}份之间的斜率\n"
    )
    show(costs, others.has_handicap(Path(sys.executable)))
    goals(costs, min(help_))


if __name__ == "__main__":
    main()
