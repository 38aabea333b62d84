"""What ``check``, ``lint`` and ``import`` cost over many office-years, on one core and on all.

``python benchmarks/checking.py [--offices 40] [--years 4] [--rounds 3]`` prints a Markdown table: CPU and wall seconds
of each command (its whole process tree), the least of the rounds, run on all cores and pinned to one; ``lint`` as a
multiple of ``check``. The offices are those of a demo, in a temporary folder; ``import`` reads as many filled forms,
one an office-year. How much faster all cores are can be told only where no one else uses them.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import growth

ROOT = Path(__file__).parents[1]
LAST_YEAR, SEED = 2024, 1
GOAL = 2.0
"""How many times ``check`` may ``lint`` cost at most."""
COMMANDS = {
    "check": ("check", "--json"),
    "lint": ("lint", "--json"),
    "import": ("import", "../forms", "--year", str(growth.YEAR), "--into", "../filed", "--dry-run", "--json"),
}


class Cost(NamedTuple):
    """What a command took."""

    cpu: float
    wall: float


def spent(folder: Path, command: tuple[str, ...], cores: set[int]) -> Cost:
    """A command of perfeval on these cores."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "perfeval.cli", *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509  # one thread
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: something is to be mended, which a demo is full of
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began)


def prepared(folder: Path, offices: int, years: int) -> Path:
    """A demo of so many office-years, and as many forms; the project's folder."""
    import perfeval as pe
    from perfeval.demo import make

    place = folder / "demo"
    make(place, subdistricts=offices, years=range(LAST_YEAR - years + 1, LAST_YEAR + 1), seed=SEED,
         notebooks=ROOT / "notebooks")  # fmt: skip
    growth.forms(folder, pe.load(place / "data", subdistrict="shili001", years=LAST_YEAR), offices * years)
    (folder / "filed").mkdir()
    (folder / "filed" / "subdistricts.csv").write_bytes((folder / "subdistricts.csv").read_bytes())
    return place


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offices", type=int, default=40)
    parser.add_argument("--years", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    everything = os.sched_getaffinity(0)
    places = {"all": everything, "one": {min(everything)}}
    costs: dict[tuple[str, str], list[Cost]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = prepared(Path(temporary), asked.offices, asked.years)
        for _ in range(asked.rounds):
            for name, command in COMMANDS.items():
                for where, cores in places.items():
                    costs.setdefault((name, where), []).append(spent(place, command, cores))
    units = asked.offices * asked.years
    print(
        f"Python {platform.python_version()}, {len(everything)} processors, shared with others; "
        f"{units} office-years, the least of {asked.rounds} rounds\n"
    )
    print("| command | CPU s | wall s, all cores | CPU s, one core | wall s, one core | faster | × check |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    least = {key: Cost(*(min(one[at] for one in found) for at in (0, 1))) for key, found in costs.items()}
    for name in COMMANDS:
        many, one = least[name, "all"], least[name, "one"]
        share = one.cpu / least["check", "one"].cpu
        print(
            f"| perfeval {name} | {many.cpu:.1f} | {many.wall:.1f} | {one.cpu:.1f} | {one.wall:.1f} | "
            f"{one.wall / many.wall:.2f} | {share:.2f} |"
        )
    ratio = least["lint", "one"].cpu / least["check", "one"].cpu
    print(f"\nlint is {ratio:.2f} × check (CPU), at most {GOAL:.0f}: {'met' if ratio <= GOAL else 'not met'}")


if __name__ == "__main__":
    main()
