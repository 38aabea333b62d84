"""The findings on the practice documents, as a reader judged them; and that benchmarks/findings.py counts rightly."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

LEAST_PRECISION = 0.95


@pytest.fixture(scope="module")
def benchmark(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_findings", root / "benchmarks" / "findings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def facts(benchmark: ModuleType) -> dict[tuple[str, str, int], str]:
    return benchmark.found()


def test_every_finding_has_been_judged(benchmark: ModuleType, facts: dict[tuple[str, str, int], str]) -> None:
    verdicts = benchmark.judged()
    assert {place: facts[place] for place in facts.keys() - verdicts.keys()} == {}
    assert set(verdicts.values()) <= {*benchmark.VERDICTS, benchmark.NOT_FOUND}


def test_what_was_useful_is_still_found_and_what_was_missed_still_missed(
    benchmark: ModuleType, facts: dict[tuple[str, str, int], str]
) -> None:
    verdicts = benchmark.judged()
    useful = {place for place, verdict in verdicts.items() if verdict == benchmark.USEFUL}
    assert useful - facts.keys() == set()
    found_after_all = {place for place in facts if verdicts.get(place) == benchmark.NOT_FOUND}
    assert found_after_all == set(), "say 有用 of it in findings.csv"


def test_findings_are_worth_reading(benchmark: ModuleType, facts: dict[tuple[str, str, int], str]) -> None:
    whole = benchmark.precision(facts, benchmark.judged())["all"]
    assert whole.precision >= LEAST_PRECISION
    assert whole.verdicts[benchmark.FALSE] == 0


def test_precision_and_recall_are_counted_by_code(benchmark: ModuleType) -> None:
    facts = {("甲", "T01", 2): "", ("甲", "T01", 3): "", ("甲", "E01", 2): ""}
    verdicts = {
        ("甲", "T01", 2): benchmark.USEFUL,
        ("甲", "T01", 3): benchmark.FALSE,
        ("甲", "T01", 4): benchmark.NOT_FOUND,
        ("甲", "E01", 2): benchmark.USELESS,
    }
    counts = benchmark.precision(facts, verdicts)
    assert {code: (one.fired, one.precision, one.recall) for code, one in counts.items()} == {
        "T01": (2, 0.5, 0.5),
        "E01": (1, 0.0, 1.0),
        "all": (3, 1 / 3, 0.5),
    }


def test_all_golden_pairs_are_read_as_expected(benchmark: ModuleType) -> None:
    lines = benchmark.attainment()
    assert [name for name, *_ in lines] == ["practice_pairs.csv", "written_pairs.csv"]
    assert all(pairs == same == close for _, pairs, same, close in lines), lines


def test_the_benchmark_prints_both_tables(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main()
    said = capsys.readouterr().out
    assert "| rule | fired | useful | useless | false | precision | recall |" in said
    assert "| pairs | read | status as expected | attainment as expected |" in said
    assert "not judged" not in said
