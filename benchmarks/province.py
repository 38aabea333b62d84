"""A province of offices: what thousands of reports take, whether time and memory stay flat, and nothing to do after it.

``python benchmarks/province.py [--reports 2000] [--into FOLDER]`` makes the annual reports of as many fictional offices
by ``perfeval run``, in one batch, and then runs it again with nothing to do. It prints CPU and wall seconds a report in
each tenth of the batch, the resident memory of the process that runs it at the end of each tenth, and its peak. CPU is
that of the reports' own processes as the run tells it, and at the end that of the whole tree (``wait4``). With 2,000
reports it takes a quarter of an hour on two cores.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).parent))
from reports import ROOT, offices, spent

PARTS = 10
MORE = 40_000
"""Reports that are reckoned from the slope."""
NOTHING_GOAL, AGAIN = 1.0, 3
"""CPU seconds that a run with nothing to do may take over 2,000 reports; how often it is tried."""
COMMAND = (sys.executable, "-m", "perfeval.cli", "run", "-r", "annual")


class Mark(NamedTuple):
    """The state of a run when so many reports were made."""

    made: int
    wall: float
    cpu: float
    """Of the reports' own processes."""
    resident_mb: float
    """Of the process that runs the batch."""


def watched(folder: Path, count: int) -> tuple[list[Mark], float, float]:
    """The marks of a whole run; CPU seconds of its process tree, and the peak memory of the process itself in MB."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "--json"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    parent = psutil.Process(process.pid)
    marks, cpu, made, peak = [Mark(0, 0.0, 0.0, 0.0)], 0.0, 0, 0.0
    step = max(1, count // PARTS)
    for line in process.stdout or ():
        told = json.loads(line)
        if "cpu_seconds" not in told:
            continue
        if told["error"]:
            raise SystemExit(f"{told['subject']}: {told['error']}")
        made, cpu = made + 1, cpu + told["cpu_seconds"]
        if made % step == 0 or made == count:
            resident = parent.memory_info().rss / 1e6
            peak = max(peak, resident)
            marks.append(Mark(made, time.perf_counter() - began, cpu, resident))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or made != count:
        raise SystemExit(f"exit code {process.returncode}, {made} of {count} reports")
    return marks, usage.ru_utime + usage.ru_stime, peak


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument(
        "--into", type=Path, help="keep the project in this folder; what is made there is not made again"
    )
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, shared with others\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.into or Path(temporary)
        if not (folder / "data").is_dir():
            offices(folder, asked.reports)
        if not (folder / "outputs").is_dir():
            marks, whole, peak = watched(folder, asked.reports)
            show(marks, whole, peak)
        nothing = min(spent([*COMMAND], folder) for _ in range(AGAIN))
    met = "met" if nothing.cpu <= NOTHING_GOAL else "not met"
    print(f"\nNothing to do over {asked.reports:,} reports: {nothing.cpu:.2f} CPU s, {nothing.wall:.2f} s "
          f"(at most {NOTHING_GOAL:.0f} CPU s over 2,000: {met})")  # fmt: skip


def show(marks: list[Mark], whole: float, peak: float) -> None:
    """Print the tenths, the slope behind the first of them, and what it says of many more."""
    print("| reports | CPU s each | wall s each | resident MB of the running process |\n|---:|---:|---:|---:|")
    for before, mark in pairwise(marks):
        count = mark.made - before.made
        cpu, wall = (mark.cpu - before.cpu) / count, (mark.wall - before.wall) / count
        print(f"| {before.made + 1:,}–{mark.made:,} | {cpu:.3f} | {wall:.3f} | {mark.resident_mb:.0f} |")
    first, last = marks[1], marks[-1]
    count = last.made - first.made
    print(f"\nWhole run: {whole:.0f} CPU s ({whole / last.made:.3f} a report), {last.wall:.0f} s; peak {peak:.0f} MB")
    if count:
        wall = (last.wall - first.wall) / count
        print(
            f"Slope from report {first.made:,} to {last.made:,}: {wall:.3f} s a report; resident memory "
            f"{last.resident_mb - first.resident_mb:+.0f} MB; {MORE:,} reports on this machine: "
            f"{MORE * whole / last.made / 3600:.1f} CPU hours, {MORE * wall / 3600:.1f} hours"
        )


if __name__ == "__main__":
    main()
