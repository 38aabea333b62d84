"""Whether two states of the program make the same reports, byte for byte.

``python benchmarks/equal.py BASE [HEAD]``: each a checkout's folder or a git revision; without HEAD, the checkout this
file stands in, as it is. Every state makes all reports of a small demo district of its own and of the data it comes
with, each in a temporary folder, with the same interpreter and its own programs. Demo data, pages, notebooks and
``result.json`` are compared as they stand, nothing is evened out: the files that differ are listed, the first with a
short diff. Exit code 1 where any does.
"""

import argparse
import difflib
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OFFICES, YEARS, SEED = 3, "2021-2023", 1
ASKED_FOR = ("review",)
"""Reports that are made only when asked for; the others are those of ``perfeval.toml`` for which there are data."""
NOT_COMPARED = ("ledger.sqlite", ".perfeval.")
"""Beginnings of the names of files that tell when and where a run took place."""
LISTED, DIFF_LINES, WIDTH = 40, 40, 200


def checkout(state: str, folder: Path) -> Path:
    """The checkout of that folder, or the revision's, unpacked in ``folder``."""
    if Path(state, "perfeval").is_dir():
        return Path(state).resolve()
    archive = subprocess.run(["git", "archive", "--format=tar", state], cwd=ROOT, capture_output=True, check=False)  # noqa: S607  # the developer's own git
    if archive.returncode:
        raise SystemExit(f"{state}: neither a checkout nor a revision: {archive.stderr.decode(errors='replace')}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def made(source: Path, folder: Path, options: list[str]) -> dict[str, Path]:
    """What a checkout makes in ``folder``: every file to compare, by its name there."""
    demo, own = folder / "demo", folder / "own"
    own.mkdir(parents=True)
    for name in ("data", "notebooks"):
        shutil.copytree(source / name, own / name)
    shutil.copy(source / "perfeval.toml", own)
    district = ["--subdistricts", str(OFFICES), "--years", YEARS, "--seed", str(SEED), "--into", str(demo)]
    perfeval(source, source, "demo", *district)
    for place in (demo, own):
        began = time.perf_counter(), sum(os.times()[:4])
        perfeval(source, place, "run", *options)
        for report in ASKED_FOR:
            perfeval(source, place, "run", "-r", report, *options)
        wall, cpu = time.perf_counter() - began[0], sum(os.times()[:4]) - began[1]
        print(f"  {place.name}: {wall:.1f} s, {cpu:.1f} CPU s", file=sys.stderr, flush=True)
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(NOT_COMPARED)
    }


def perfeval(source: Path, place: Path, *arguments: str) -> None:
    """Run a command of a checkout's own program in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "perfeval.cli", *arguments]
    done = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SystemExit(f"{source}: perfeval {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")


def differing(base: dict[str, Path], head: dict[str, Path]) -> Iterator[tuple[str, str]]:
    """The name of each file that is not the same on both sides, and how it differs."""
    for name in sorted(base.keys() | head.keys()):
        if name not in head or name not in base:
            yield name, "only in BASE" if name in base else "only in HEAD"
        elif digest(base[name]) != digest(head[name]):
            yield name, f"{base[name].stat().st_size} bytes, then {head[name].stat().st_size}"


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def diff(before: Path, after: Path) -> Iterator[str]:
    """The first lines of a unified diff, none of them long."""
    sides = (path.read_text(encoding="utf-8", errors="replace").splitlines() for path in (before, after))
    lines = difflib.unified_diff(*sides, "BASE", "HEAD", lineterm="", n=1)
    return (
        line if len(line) <= WIDTH else f"{line[:WIDTH]}…" for _, line in zip(range(DIFF_LINES), lines, strict=False)
    )


def main() -> int:
    """Compare; how many files differ is the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("base", help="a checkout's folder or a git revision")
    options.add_argument("head", nargs="?", default=str(ROOT), help="likewise; this checkout where it is left out")
    options.add_argument("--head-isolated", action="store_true", help="HEAD starts an interpreter for every report")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sides = []
        for side, state in (("base", asked.base), ("head", asked.head)):
            folder = Path(temporary, side)
            print(f"{side.upper()} {state}", file=sys.stderr, flush=True)
            isolated = ["--isolated"] if side == "head" and asked.head_isolated else []
            sides.append(made(checkout(state, folder / "checkout"), folder / "made", isolated))
        base, head = sides
        found = list(differing(base, head))
        for name, how in found[:LISTED]:
            print(f"{name}: {how}")
        if len(found) > LISTED:
            print(f"… and {len(found) - LISTED} more")
        shown = next((name for name, _ in found if name in base and name in head), None)
        if shown:
            print(f"\n{shown}:", *diff(base[shown], head[shown]), sep="\n")
        print(f"{len(found)} of {len(base.keys() | head.keys())} files differ")
        return bool(found)


if __name__ == "__main__":
    sys.exit(main())
