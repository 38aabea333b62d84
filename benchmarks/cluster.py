"""What a Dask cluster adds to a report: the same batch by the local processes and by two workers on the loopback.

``python benchmarks/cluster.py [--reports 40] [--rounds 3]`` prints a Markdown table. CPU is that of everything that
takes part: the process that asks, the scheduler, the workers and the processes of their reports. Each way is run with
few and with many reports, the least of the rounds of each: the slope is what a report costs, the rest what a batch
costs once. The cluster is started before, and its workers have made a report before they are measured; what it takes
while it does nothing is measured too, and told apart.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent))
from reports import FEW, ROOT, Cost, name, offices, spent

LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")
WORKERS = 2
IDLE = 10
"""Seconds over which is measured what the cluster takes while it does nothing."""
START = 120
"""Seconds within which the scheduler must be there."""


def run(count: int, *options: str) -> list[str]:
    """The command that makes so many reports anew."""
    asked = [part for number in range(count) for part in ("-s", name(number))]
    return [sys.executable, "-m", "perfeval.cli", "run", "--force", "-r", "annual", *asked, *options]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler and its workers, each with one thread: the address, and their processes."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    told, log = folder / "scheduler.json", (folder / "cluster.log").open("wb")

    def start(module: str, *options: str) -> psutil.Process:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(told), *options]
        return psutil.Popen([*command, *LOOPBACK], cwd=folder, env=environment, stdout=log, stderr=log)

    running = [start("dask_scheduler", "--port", "0")]
    try:
        until = time.monotonic() + START
        while not told.is_file() or not told.read_text(encoding="utf-8").endswith("}"):
            if time.monotonic() > until:
                raise SystemExit((folder / "cluster.log").read_text(encoding="utf-8"))
            time.sleep(0.2)
        local = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder / "workers"))
        running += [start("dask_worker", *local) for _ in range(WORKERS)]
        yield json.loads(told.read_text(encoding="utf-8"))["address"], running
    finally:
        for process in reversed(running):  # the workers first: they take their leave of the scheduler
            process.terminate()
            process.wait()
        log.close()


def used(processes: list[psutil.Process]) -> float:
    """CPU seconds of processes so far, with those that they have started and those that have ended."""
    found = 0.0
    for process in processes:
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
    return found


def idling(processes: list[psutil.Process]) -> float:
    """CPU seconds a second that a cluster takes without any report: heartbeats, and looking after itself."""
    before, began = used(processes), time.perf_counter()
    time.sleep(IDLE)
    return (used(processes) - before) / (time.perf_counter() - began)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=40, help="reports of the larger run")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    runs: dict[tuple[str, int], list[Cost]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        offices(folder, asked.reports)
        settings = folder / "perfeval.toml"
        settings.write_text(f"[run]\njobs = {WORKERS}\n", encoding="utf-8")
        with cluster(folder) as (address, running):
            there = ("--scheduler", address)
            spent(run(WORKERS, *there), folder)
            idle = idling(running)
            for turn in range(asked.rounds):
                for count in (FEW, asked.reports):
                    local = spent(run(count), folder)
                    before = used(running)
                    mine = spent(run(count, *there), folder)
                    taken = used(running) - before - idle * mine.wall
                    whole = mine._replace(cpu=mine.cpu + taken)
                    runs.setdefault(("local", count), []).append(local)
                    runs.setdefault(("dask", count), []).append(whole)
                    told = f"{turn + 1} × {count}: local {local.cpu:.1f}, Dask {whole.cpu:.1f} CPU s"
                    print(told, file=sys.stderr, flush=True)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, shared with others; {WORKERS} workers of "
        f"one thread beside {WORKERS} local processes; slope between {FEW} and {asked.reports} reports\n"
    )
    print("| annual reports | CPU s each | wall s each | CPU s once a batch | wall s once a batch |")
    print("|---|---:|---:|---:|---:|")
    each = {}
    for way, title in (("local", f"local, jobs = {WORKERS}"), ("dask", f"Dask, {WORKERS} workers on the loopback")):
        few, many = ([min(one[at] for one in runs[way, count]) for at in (0, 1)] for count in (FEW, asked.reports))
        slope = [(more - less) / (asked.reports - FEW) for less, more in zip(few, many, strict=True)]
        once = [less - FEW * part for less, part in zip(few, slope, strict=True)]
        each[way] = slope
        print(f"| {title} | {slope[0]:.3f} | {slope[1]:.3f} | {once[0]:.2f} | {once[1]:.2f} |")
    more = [dask - local for dask, local in zip(each["dask"], each["local"], strict=True)]
    print(f"| Dask adds | {more[0]:+.3f} | {more[1]:+.3f} | | |")
    print(f"\nBesides, scheduler and workers take {60 * idle:.1f} CPU s a minute, with or without reports.")


if __name__ == "__main__":
    main()
