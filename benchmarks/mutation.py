"""How many small faults planted in the program its tests find: a sample of mutants, and the score with its interval.

``python benchmarks/mutation.py [--sample 200] [--seed 0] [--in model analysis ingest]``. The mutants are those of
cosmic-ray's operators that change what a statement does; each is tried in a process of its own, in a copy of the house,
against the tests that import its module (or, where none does, a module that does). A mutant lives where all of them
pass. It is named with its line; ``equivalent.txt`` beside this file lists those that change nothing, with the reason.
Exit code 1 where fewer than :data:`WANTED` are found for certain.
"""

import argparse
import ast
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[1]
KNOWN = Path(__file__).with_name("equivalent.txt")
WANTED = 0.85
PATIENCE = 240
"""Seconds of processor time for the tests of a mutant; one that takes longer is found: it hangs."""
MOST_TESTS = 6
"""Test modules tried, the smallest of those that import the mutant's module most narrowly first."""
SLOW = re.compile(
    r"playwright|soffice|run_batch|run_report|from cells import|from light import|\bmade: Report|workplace"
)
"""Tests of browsers and kernels, which a mutant of a table does not need."""
OPERATORS = [f"core/{name}" for name in (
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul", "ReplaceBinaryOperator_FloorDiv_Mul", "ReplaceBinaryOperator_Mod_Mul",
    "ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt", "ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub", "AddNot", "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop",
)]  # fmt: skip
"""Not those that only break types (``+`` to ``<<``): any test finds them."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    """As a path from the root."""
    operator: str
    occurrence: int
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator.removeprefix('core/')}#{self.occurrence}"


def mutants(module: Path) -> Iterator[Mutant]:
    """Every mutant of a module; not of its annotations and docstrings, which do nothing."""
    tree = parso.parse(module.read_text(encoding="utf-8"))
    for name in OPERATORS:
        operator = get_operator(name)()
        places = ((node, start) for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node))
        for occurrence, (node, (line, _)) in enumerate(places):
            if not _idle(node):
                yield Mutant(module.relative_to(ROOT).as_posix(), name, occurrence, line)


def _idle(node: Any) -> bool:
    """Whether a node is part of an annotation or of a ``TYPE_CHECKING`` block."""
    while node is not None:
        if node.type in ("annassign", "tfpdef") and "=" not in [child.type for child in node.children]:
            return True
        if (
            node.parent is not None
            and node.parent.type == "funcdef"
            and node is getattr(node.parent, "annotation", None)
        ):
            return True
        node = node.parent
    return False


@cache
def imports(file: Path) -> frozenset[str]:
    """The modules of perfeval that a file imports, as dotted names, and names in packages that may be modules."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("perfeval"):
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return frozenset(found)


@cache
def tests_of(module: str) -> tuple[str, ...]:
    """The test modules to try, those first that import the module itself and little else."""
    dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    files = [
        path for path in sorted(ROOT.glob("tests/**/test_*.py")) if not SLOW.search(path.read_text(encoding="utf-8"))
    ]
    near, found = {dotted}, []
    for _ in range(3):
        more = [path for path in files if imports(path) & near or path.stem == f"test_{Path(module).stem}"]
        more.sort(key=lambda path: (path.stem != f"test_{Path(module).stem}", len(imports(path)), path.stat().st_size))
        found += [path for path in more if path not in found]
        if len(found) >= MOST_TESTS:
            break
        users = [path for path in ROOT.glob("perfeval/**/*.py") if imports(path) & near]
        near |= {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in users}
    return tuple(path.relative_to(ROOT).as_posix() for path in found[:MOST_TESTS])


def lives(mutant: Mutant, house: Path) -> bool | None:
    """Whether all tests pass with the mutant in the copied house; None where it is none or has no tests."""
    whole = (ROOT / mutant.module).read_text(encoding="utf-8")
    changed = mutate_code(whole, get_operator(mutant.operator)(), mutant.occurrence)
    tests = tests_of(mutant.module)
    if changed is None or changed == whole or not tests:
        return None
    place = house / mutant.module
    place.write_text(changed, encoding="utf-8")
    try:
        return passes(tests, house)
    finally:
        place.write_text(whole, encoding="utf-8")


def passes(tests: tuple[str, ...], house: Path) -> bool:
    """Whether the tests pass there; one after the other, up to the first that fails."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "PERFEVAL_FUZZ": "30"}
    process = subprocess.Popen(
        command, cwd=house, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=_limited,  # noqa: PLW1509  # nothing else runs here
    )  # fmt: skip
    try:
        return process.wait(timeout=PATIENCE * 10) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def _limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def interval(found: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, weight = found / of, z * z / of
    middle, half = share + weight / 2, z * math.sqrt(share * (1 - share) / of + weight / (4 * of))
    return (middle - half) / (1 + weight), (middle + half) / (1 + weight)


def main() -> int:
    """Sample, try and count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=200, help="mutants tried; 0 is all of them")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--in", dest="folders", nargs="+", default=["model", "analysis", "ingest"])
    options.add_argument("--only", default="", help="mutants whose name contains this, to try survivors again")
    given = options.parse_args()
    files = sorted(path for folder in given.folders for path in (ROOT / "perfeval" / folder).rglob("*.py"))
    every = [one for file in files for one in mutants(file) if given.only in str(one)]
    known = KNOWN.read_text(encoding="utf-8") if KNOWN.is_file() else ""
    drawn = random.Random(given.seed).sample(every, min(given.sample or len(every), len(every)))  # noqa: S311
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    survivors, begin = [], time.monotonic()
    print(f"{len(every)} mutants of {len(files)} modules; {len(drawn)} tried, seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        house = Path(temporary) / "house"
        shutil.copytree(
            ROOT, house, ignore=shutil.ignore_patterns(".git", ".venv", "outputs", ".*cache", "__pycache__")
        )
        for mutant in drawn:
            if f"{mutant.module} {mutant.operator.removeprefix('core/')}#{mutant.occurrence}" in known:
                continue
            survived = lives(mutant, house)
            if survived is None:
                continue
            tally = counts[mutant.module.split("/")[1]]
            tally[0] += not survived
            tally[1] += 1
            survivors += [mutant] * survived
            print(f"{'survived' if survived else 'found'}: {mutant}", flush=True)
    print("\n| in | found | of | score | 95 % interval |\n|---|--:|--:|--:|---|")
    for folder, (found, of) in [*sorted(counts.items()), ("all", [sum(c) for c in zip(*counts.values(), strict=True)])]:
        low, high = interval(found, of)
        print(f"| {folder} | {found} | {of} | {found / of:.1%} | {low:.1%}–{high:.1%} |")
    print(f"{time.monotonic() - begin:.0f} s; survivors: {len(survivors)}")
    return 0 if found / of >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
