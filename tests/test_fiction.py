"""Pictures of fictional data say so, whatever was done to the rows before they were drawn."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import perfeval as pe
from perfeval import demo, plot
from perfeval.model import fiction

ROOT = Path(__file__).parents[1]
PDFTOTEXT = shutil.which("pdftotext")


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    demo.make(folder, subdistricts=1, years=[2023, 2024], seed=1, notebooks=ROOT / "notebooks")
    return folder / "data"


def said(folder: Path, frame: pd.DataFrame) -> str:
    """The text of a saved chart of a frame; a PDF tells its text."""
    path = plot.save(plot.bars(frame, "category", "n", title="各类", source="来源甲"), folder / "chart.pdf")
    told = subprocess.run([str(PDFTOTEXT), path, "-"], check=True, capture_output=True, text=True, encoding="utf-8")
    return "".join(told.stdout.split())


def store_of(data: Path) -> Path:
    """Its store, as if another process had made it."""
    made = pe.stored(data)
    fiction.forget()
    return made


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """What is left of rows that were counted: nothing that tells whose they are."""
    return pd.DataFrame({"category": ["产出", "效益"], "n": [len(rows), len(rows) + 1]})


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext installed")
@pytest.mark.parametrize(
    "reading",
    [
        lambda data: counted(pe.rows(data)),
        lambda data: counted(pe.rows(data, columns=["category", "status"])),
        lambda data: counted(pe.evaluate(pe.load(data, years=2024)).indicators),
        lambda data: counted(pe.load(data).indicators),
        lambda data: counted(pe.rows(pe.stored(data))),
        lambda data: counted(pe.completion(store_of(data), ["year", "category"])),
        lambda data: counted(pe.completion(data, ["year", "category"])),
        lambda data: counted(pe.register(data)),
        lambda data: counted(pe.money(data)),
    ],
    ids=[
        *("rows", "some columns", "evaluate", "load", "a store"),
        *("counts of a store", "counts", "the register", "money"),
    ],
)
def test_a_saved_chart_of_fictional_data_says_so_first(reading, invented: Path, tmp_path: Path) -> None:
    assert f"{fiction.FICTIONAL}；来源甲" in said(tmp_path, reading(invented))


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext installed")
def test_a_real_offices_chart_is_not_called_fictional_and_beside_fictional_ones_both_are_said(
    invented: Path, tmp_path: Path
) -> None:
    real = pe.rows(ROOT / "data")
    assert "虚构" not in said(tmp_path, counted(real))
    pe.rows(invented)
    assert f"{fiction.MIXED}；来源甲" in said(tmp_path, counted(real))


def test_the_fork_servers_rehearsal_leaves_nothing_fictional_behind() -> None:
    program = (
        "from perfeval import preload; from perfeval.model import fiction; preload.rehearse(); print([fiction.mark()])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "['']"


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ([], ""),
        ([False], ""),
        ([True], fiction.FICTIONAL),
        ([True, False], fiction.MIXED),
        ([False, True], fiction.MIXED),
    ],
)
def test_a_picture_says_what_was_read_so_far(seen: list[bool], said: str) -> None:
    before = set(fiction._READ)
    fiction.forget()
    try:
        for one in seen:
            fiction.read([one])
        assert fiction.mark() == said
    finally:
        fiction.forget()
        fiction.read(before)
