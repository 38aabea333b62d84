"""The outside floor of benchmarks/reports.py: plain Python that must compute what ``result.json`` says."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import perfeval as pe
from perfeval.demo import make
from perfeval.present.keyfigures import record

YEAR, OFFICES = 2022, ("shili001", "shili002", "shili003", "shili004")


@pytest.fixture(scope="module")
def outside(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_outside", root / "benchmarks" / "outside.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outside") / "demo"
    make(folder, subdistricts=len(OFFICES), years=[YEAR], seed=1, notebooks=root / "notebooks")
    return folder / "data"


def result(data: Path, office: str) -> dict[str, Any]:
    return record(pe.evaluate(pe.load(data, subdistrict=office, years=YEAR), ruleset="hubei")).figures


@pytest.mark.parametrize("office", OFFICES)
def test_its_figures_are_those_of_the_report(outside: ModuleType, data: Path, office: str) -> None:
    own = outside.evaluated(data, office, YEAR, "hubei")
    assert outside.differences(own, result(data, office)) == []


def test_another_figure_is_seen(outside: ModuleType, data: Path) -> None:
    figures = result(data, OFFICES[0])
    own = outside.evaluated(data, OFFICES[0], YEAR, "hubei")
    wrong = outside.differences(own, figures | {"score": figures["score"] + 0.01})
    assert len(wrong) == 1
    assert wrong[0].startswith("总分")


def test_its_page_shows_every_indicator_and_is_marked_as_made_up(
    outside: ModuleType, data: Path, tmp_path: Path
) -> None:
    own = outside.make(data, tmp_path, OFFICES[0], YEAR, "hubei")
    page = (tmp_path / "annual.html").read_text(encoding="utf-8")
    assert "示例数据" in page
    assert all(row["indicator"] in page for row in own["rows"])
    assert page.count("<svg") == 6
