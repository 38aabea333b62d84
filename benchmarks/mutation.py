"""How many small faults planted in the program its tests find: a sample of mutants, and the score with its interval.

``python benchmarks/mutation.py [--sample 200] [--seed 0] [--in model analysis ingest] [--only REGEX]``. The mutants
are those of cosmic-ray's operators that change what a statement does. First every test module is run once, and which
tests reach which line is kept (half an hour; afterwards only what has changed). Then each mutant is tried in a copy of
the house against the tests that reach its line, the narrowest first, up to the first that fails. A mutant lives where
all of them pass; one that takes much longer than its tests is found: it hangs.

What is known stands in ``.bench/mutation``: a run that was broken off goes on where it was. Afterwards those are tried
again whose module or finding test has changed, and all that lived; the test that found one before is asked first.
``equivalent.txt`` beside this file lists those that change nothing, with the reason. A sample is the same on every
machine, and nearly the same after a change: mutants are drawn by what their line says, not by its number. Exit code 1
where fewer than :data:`WANTED` are found.
"""

import argparse
import ast
import difflib
import hashlib
import importlib
import inspect
import json
import math
import os
import py_compile
import re
import resource
import shutil
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import parso
import pytest
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[1]
KNOWN = Path(__file__).with_name("equivalent.txt")
KEPT = ROOT / ".bench/mutation"
HOUSE = KEPT / "house"
WANTED = 0.85
FIRST, ALL = 5.0, 60.0
"""Seconds that the tests tried first took without a mutant, and those tried before a mutant is said to live."""
NEAREST = 3
"""Test modules of which more is tried first."""
PATIENCE, MEMORY = 20, 8 * 2**30
"""Seconds of processor time a mutant has beyond three times what its tests took, and bytes of address space."""
SLOW = re.compile(
    r"playwright|run_batch|run_report|start_new_kernel|subprocess|light|\"(?:run|lab)\"|\.pdf|browse|_site\b"
)
"""What tests say, or what they use, of browsers, kernels or processes, which a mutant of a table does not need."""
BROUGHT = ("numpy", "pandas", "pyarrow.parquet", "openpyxl", "docx", "xlsxwriter", "jinja2")
"""Loaded once, before processes are forked: what takes time and is not ours."""
OPERATORS = [f"core/{name}" for name in (
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul", "ReplaceBinaryOperator_FloorDiv_Mul", "ReplaceBinaryOperator_Mod_Mul",
    "ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt", "ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub", "ReplaceUnaryOperator_Delete_Invert",
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop",
    "ExceptionReplacer",
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
    name: str
    """What is changed, by words that stay when lines above come and go."""

    @property
    def text(self) -> str | None:
        """The module with the change; None where there is none."""
        whole = source(self.module)
        changed = mutate_code(whole, get_operator(self.operator)(), self.occurrence)
        return None if changed in (None, whole) else str(changed)

    @property
    def change(self) -> str:
        """The lines before and after, as ``equivalent.txt`` has them."""
        old, new = source(self.module).splitlines(), (self.text or "").splitlines()
        steps = difflib.SequenceMatcher(a=old, b=new).get_opcodes()
        _, begin, end, first, last = next(step for step in steps if step[0] != "equal")
        before, after = (" ".join(map(str.strip, lines)) for lines in (old[begin:end], new[first:last]))
        return f"{self.module}: {before} => {after}"


@cache
def source(module: str) -> str:
    """What a module says."""
    return (ROOT / module).read_text(encoding="utf-8")


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module that may do something."""
    tree, lines, alike = parso.parse(source(module)), source(module).splitlines(), Counter[str]()
    for operator in OPERATORS:
        found = get_operator(operator)().mutation_positions
        places = ((node, *start) for node in ast_nodes(tree) for start, _ in found(node))
        for occurrence, (node, line, column) in enumerate(places):
            if _idle(node):
                continue
            text = lines[line - 1]
            name = f"{module} {operator} {text.strip()} @{column - len(text) + len(text.lstrip())}"
            alike[name] += 1
            yield Mutant(module, operator, occurrence, line, f"{name} {alike[name]}")


def _idle(node: Any) -> bool:
    """Whether a node is part of what does nothing: an annotation, how much a cache holds, whether a record may be
    changed, the sign that parameters go by name, or that two sequences must be of one length, which they are.
    """
    if node.type == "operator" and node.parent.type in ("parameters", "lambdef"):
        return True
    if node.parent.type == "argument" and node.parent.get_code(include_prefix=False).startswith("strict="):
        return True
    while node is not None:
        if node.type == "decorator" and re.search("cache|dataclass", node.get_code()):
            return True
        if node.type in ("annassign", "tfpdef") and "=" not in [child.type for child in node.children]:
            return True
        if node.parent is not None and node.parent.type == "funcdef" and node is node.parent.annotation:
            return True
        node = node.parent
    return False


def slow(item: pytest.Item) -> bool:
    """Whether a test, or a fixture of its, is one of browsers, kernels or processes."""
    used = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]  # pytest tells it nowhere else
    functions = [item.function, *(one.func for found in used for one in found)]  # type: ignore[attr-defined]
    return any(SLOW.search(inspect.getsource(function)) for function in functions)


class Steady:
    """A pytest plugin: hypothesis draws the same examples each time, and takes no time to make a failing one small."""

    def pytest_sessionstart(self) -> None:
        """Once the tests' own settings are there."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutants", hypothesis.settings(), derandomize=True, database=None, phases=phases
        )
        hypothesis.settings.load_profile("mutants")


class Chosen(Steady):
    """A pytest plugin: only the tests asked for, in the order asked for; says which of them failed first."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Take and order them."""
        items[:] = sorted((i for i in items if i.nodeid in self.place), key=lambda item: self.place[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Keep the first that fails."""
        if report.failed:
            self.failed = self.failed or report.nodeid

    pytest_collectreport = pytest_runtest_logreport


class Reaching(Steady):
    """A pytest plugin: which lines each test reaches, and how long the tests that pass take."""

    def __init__(self, watch: coverage.Coverage) -> None:
        self.watch, self.seconds, self.failed = watch, dict[str, float](), set[str]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test."""
        self.watch.switch_context(item.nodeid)
        begin = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - begin
        return result

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is slow."""
        items[:] = [item for item in items if not slow(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep those that did not pass: they find nothing."""
        if not report.passed:
            self.failed.add(report.nodeid)


def apart(work: Callable[[], Any], seconds: float) -> Any:
    """What a function returns in a process of its own, in the house; None where it ends before, or takes longer."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setsid()
            os.chdir(HOUSE)
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(quiet, stream)
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            own = (ROOT, KNOWN.parent)
            sys.path[:] = [str(HOUSE), *(entry for entry in sys.path if Path(entry).resolve() not in own)]
            os.environ |= {"PYTHONPATH": str(HOUSE), "PYTHONUTF8": "1", "PERFEVAL_FUZZ": "30"}
            os.environ["PATH"] = str(Path(sys.executable).parent)  # what starts LibreOffice leaves itself out
            os.environ.pop("PERFEVAL_REQUIRE_OFFICE", None)
            with os.fdopen(writing, "w", encoding="utf-8") as answer:
                json.dump(work(), answer)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(int(seconds) * 10 + 60)
    try:
        with os.fdopen(reading, encoding="utf-8") as answer:
            said = answer.read()
        os.waitpid(child, 0)
    finally:
        signal.alarm(0)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            said = said or ""
    return json.loads(said) if said else None


def tested(files: list[str], *plugins: Any) -> int:
    """pytest's exit code; up to the first test that fails where it is told which to choose."""
    often = [] if any(isinstance(one, Reaching) for one in plugins) else ["-x"]
    brought = "ignore::pytest.PytestAssertRewriteWarning"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", brought, *often]
    return int(pytest.main([*options, *files], plugins=list(plugins)))


@cache
def fingerprint(*files: Path) -> str:
    """Of what files hold."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:16]


def reach(test: str) -> dict[str, Any]:
    """What a test module reaches: ``tests`` with their seconds, ``lines`` as module, line and places in ``tests``."""
    kept = KEPT / "reach" / f"{Path(test).name}.json"
    mark = fingerprint(ROOT / test)
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    if known.get("mark") != mark:
        known = {"mark": mark, **(apart(lambda: _reached(test), 900) or {"tests": {}, "lines": {}, "marks": {}})}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        print(f"{test}: {len(known['tests'])} tests, {sum(known['tests'].values()):.1f} s", flush=True)
    return known


def _reached(test: str) -> dict[str, Any]:
    watch = coverage.Coverage(data_file=None, source=[f"perfeval/{one}" for one in ("model", "analysis", "ingest")])
    seen = Reaching(watch)
    watch.start()
    tested([test], seen)
    watch.stop()
    tests = {name: round(spent, 4) for name, spent in seen.seconds.items() if name not in seen.failed}
    place = {name: at for at, name in enumerate(tests)}
    data, lines, marks = watch.get_data(), {}, {}
    for file in data.measured_files():
        module = Path(file).relative_to(HOUSE).as_posix()
        marks[module] = fingerprint(ROOT / module)
        lines[module] = {
            line: sorted(place[context] for context in contexts if context in place)
            for line, contexts in data.contexts_by_lineno(file).items()
        }
    return {"tests": tests, "lines": lines, "marks": marks}


def tests_of(mutant: Mutant, reached: dict[str, dict[str, Any]]) -> list[str]:
    """Tests that reach a mutant's line; where it runs at import, the lines that use what it sets, or else its module.
    First the quickest ones, a second's worth, of each test module (ten of the first :data:`NEAREST`), beginning with
    those that import its module or reach least; then their others; last what does not reach the line itself: it may
    look at what has been computed once for all. Of a module that has changed since, a test module's lines are not
    known: all that reach it count.
    """
    whole = {mutant.module: range(1, len(source(mutant.module).splitlines()) + 1)}
    parent, _, stem = mutant.module.removesuffix(".py").replace("/", ".").rpartition(".")
    imports = re.compile(rf"\b{re.escape(parent)}(?:\.| import (?:\w+, )*){stem}\b")
    for places in (users(mutant), {mutant.module: [mutant.line]}, whole):
        found, sure = [], False
        for file, known in reached.items():
            near = set[int]()
            for module, numbers in places.items():
                lines = known["lines"].get(module, {})
                moved = known["marks"].get(module) != fingerprint(ROOT / module)
                here = {*chain.from_iterable(lines.values() if moved else (lines.get(str(n), ()) for n in numbers))}
                sure |= bool(here) and not moved
                near |= here
            if near:
                wide = sum(map(bool, chain(*map(dict.values, known["lines"].values()))))
                found.append((imports.search(source(file)) is None, wide, known["tests"], near))
        if sure:
            break
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for rank, (_, _, seconds, near) in enumerate(sorted(found, key=lambda one: one[:2])):
        spent, most = 0.0, 10 if rank < NEAREST else 1
        for at, test in sorted(enumerate(seconds), key=lambda one: seconds[one[1]]):
            parts[2 if at not in near else spent > most].append(test)
            spent += seconds[test] * (at in near)
    return [*chain(*parts)]


def users(mutant: Mutant) -> dict[str, list[int]]:
    """By module, the lines that use the constant that a mutant changes, or those of the function whose head it does."""
    tree = ast.parse(source(mutant.module))
    for one in ast.walk(tree):
        if isinstance(one, ast.FunctionDef) and one.lineno <= mutant.line < one.body[0].lineno:
            return {mutant.module: [*range(one.body[0].lineno, (one.end_lineno or 0) + 1)]}
    names = {
        name.id
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.lineno <= mutant.line <= (one.end_lineno or 0)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    used = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b" if names else "(?!)")
    modules = (path.relative_to(ROOT).as_posix() for path in ROOT.glob("perfeval/**/*.py"))
    lines = {
        module: [n for n, text in enumerate(source(module).splitlines(), 1) if used.search(text)] for module in modules
    }
    return {module: numbers for module, numbers in lines.items() if numbers}


def killer(mutant: Mutant, text: str, first: str, reached: dict[str, dict[str, Any]]) -> str:
    """The test that finds a mutant; empty where all pass."""
    seconds = {test: spent for known in reached.values() for test, spent in known["tests"].items()}
    tests = [*([first] if first in seconds else []), *tests_of(mutant, reached)]
    begin = 0
    for limit in (FIRST, ALL):
        spent, end = 0.0, begin
        while end < len(tests) and spent < limit:
            spent += seconds[tests[end]]
            end += 1
        chosen, begin = tests[begin:end], end
        if not chosen:
            break
        shutil.rmtree(HOUSE / "outputs", ignore_errors=True)
        (HOUSE / mutant.module).write_text(text, encoding="utf-8")
        try:
            failed = apart(lambda tests=chosen: _failed(tests), 3 * spent + PATIENCE)
        finally:
            (HOUSE / mutant.module).write_text(source(mutant.module), encoding="utf-8")
        if failed != "":
            return failed or "it hangs or breaks off"
    return ""


def _failed(tests: list[str]) -> str:
    chosen = Chosen(tests)
    code = tested(list(dict.fromkeys(test.partition("::")[0] for test in tests)), chosen)
    return chosen.failed or ("" if code == pytest.ExitCode.OK else f"pytest ends with {code}")


def copied() -> str:
    """Make the copy of the house anew; its fingerprint. Its bytecode is checked by content, as mutants are quick."""
    shutil.rmtree(HOUSE, ignore_errors=True)
    made = (".git", ".venv", ".bench", "outputs", "build", "wheelhouse", ".*cache", "__pycache__")
    shutil.copytree(ROOT, HOUSE, ignore=shutil.ignore_patterns(*made))
    for module in HOUSE.glob("perfeval/**/*.py"):
        py_compile.compile(str(module), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    files = chain.from_iterable((ROOT / folder).rglob("*") for folder in ("perfeval", "tests", "data", "notebooks"))
    return fingerprint(*sorted(file for file in files if file.is_file() and file.suffix != ".pyc"))


def equivalent() -> set[str]:
    """The changes that are known to change nothing; says which are of a line that is no more."""
    lines = [line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines:
        module, _, change = line.partition(": ")
        if change.partition(" => ")[0] not in " ".join(map(str.strip, source(module).splitlines())):
            print(f"{KNOWN.name}: no such line any more: {line}")
    return set(lines)


def interval(found: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, weight = found / of, z * z / of
    middle, half = share + weight / 2, z * math.sqrt(share * (1 - share) / of + weight / (4 * of))
    return (middle - half) / (1 + weight), (middle + half) / (1 + weight)


def drawn(folders: list[str], only: str, seed: int, size: int) -> list[Mutant]:
    """A sample of mutants in a random order; all where the size is 0. ``only`` is a pattern of place and name."""
    files = sorted(path for folder in folders for path in (ROOT / "perfeval" / folder).rglob("*.py"))
    every = [one for file in files for one in mutants(file.relative_to(ROOT).as_posix())]
    every = [one for one in every if re.search(only, f"{one.module}:{one.line} {one.name}")]
    every.sort(key=lambda one: hashlib.sha256(f"{seed} {one.name}".encode()).digest())
    chosen = every[: size or None]
    print(f"{len(every)} mutants of {len(files)} modules; {len(chosen)} drawn, seed {seed}", flush=True)
    return chosen


def _mark(mutant: Mutant, by: str, state: str) -> str:
    """As long as this is the same a result stands: of one that was found, its module and the tests that found it; of
    one that lives, everything."""
    files = [ROOT / mutant.module, ROOT / by.partition("::")[0]]
    return fingerprint(*(file for file in files if file.is_file())) if by else state


def _told(mutant: Mutant) -> str:
    return f"{mutant.module}:{mutant.line} {mutant.operator.removeprefix('core/')} {mutant.change.partition(': ')[2]}"


def main() -> int:
    """Sample, try and count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=200, help="mutants tried; 0 is all of them")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--in", dest="folders", nargs="+", default=["model", "analysis", "ingest"])
    options.add_argument("--only", default="", help="pattern of path:line, operator and text")
    given = options.parse_args()
    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and what is being tried ends with it
    for name in BROUGHT:
        importlib.import_module(name)
    state, begin, known = copied(), time.monotonic(), equivalent()
    sample = drawn(given.folders, given.only, given.seed, given.sample)
    files = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("tests/**/test_*.py"))]
    reached = {file: reach(file) for file in files}
    results = KEPT / "results.jsonl"
    results.touch()
    earlier = {one["name"]: one for one in map(json.loads, results.read_text(encoding="utf-8").splitlines())}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    survivors = []
    for number, mutant in enumerate(sample, 1):
        tally, text = counts[mutant.module.split("/")[1]], mutant.text
        if text is None:
            continue
        if mutant.change in known:
            tally[2] += 1
            continue
        old = earlier.get(mutant.name, {"mark": "", "by": ""})
        if old["mark"] != _mark(mutant, old["by"], state):
            by = killer(mutant, text, old["by"], reached)
            old = {"name": mutant.name, "by": by, "mark": _mark(mutant, by, state)}
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(old, ensure_ascii=False) + "\n")
        tally[0] += bool(old["by"])
        tally[1] += 1
        survivors += [] if old["by"] else [mutant]
        print(f"{number} {'found by ' + old['by'] if old['by'] else 'SURVIVED'}: {_told(mutant)}", flush=True)
    print("\n| in | found | of | score | 95 % interval | equivalent, left out |\n|---|--:|--:|--:|---|--:|")
    whole = [sum(column) for column in zip(*counts.values(), strict=True)]
    for folder, (found, of, same) in [*sorted(counts.items()), ("all", whole)]:
        low, high = interval(found, of)
        print(f"| {folder} | {found} | {of} | {found / max(of, 1):.1%} | {low:.1%}–{high:.1%} | {same} |")
    print(f"\n{time.monotonic() - begin:.0f} s; {len(survivors)} survived", *map(_told, survivors), sep="\n")
    return 0 if whole[0] >= WANTED * whole[1] else 1


if __name__ == "__main__":
    sys.exit(main())
