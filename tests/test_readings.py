"""Target and actual of a row are read once, and whoever asks later gets that reading."""

import cProfile
import pickle
import pstats
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from several_years import evaluated, row, years

from perfeval.analysis.evaluation import history
from perfeval.deliver.reviewsheet import write_review_sheet
from perfeval.deliver.yearbook import write_yearbook
from perfeval.model import reading
from perfeval.present import keyfigures

ROWS = (
    row("新建口袋公园", "≥3个", "2个"),
    row("道路整治率", "≥95%", "96%"),
    row("群众满意度", "90%以上", "", "满意度", declared_met="完成"),
)
CHANGED = (row("新建口袋公园", "≥2个", "3个"), *ROWS[1:])


def readings(work: Callable[[], Any]) -> int:
    """How often a piece of work reads a pair."""
    profile = cProfile.Profile()
    profile.runcall(work)
    places = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]  # typeshed does not have it
    reader = reading.read_pair.__code__
    return sum(
        counts[1] for (file, line, _), counts in places if (file, line) == (reader.co_filename, reader.co_firstlineno)
    )


def test_an_evaluation_reads_every_row_once() -> None:
    assert readings(lambda: evaluated(2021, ROWS)) == len(ROWS)


def test_years_that_say_the_same_are_read_no_further() -> None:
    same = years(ROWS, ROWS, ROWS)
    assert readings(lambda: history(same)) == 0


def test_only_a_pair_that_no_document_holds_is_read_anew() -> None:
    """The target of either year beside the actual of the other, and the loosened target's old one beside the new
    actual; the two rows that stayed are not read again."""
    moved = years(ROWS, CHANGED)
    assert readings(lambda: history(moved)) == 3


@pytest.mark.parametrize("write", [write_yearbook, write_review_sheet])
def test_workbooks_show_what_was_read(write: Callable[..., Path], tmp_path: Path) -> None:
    result = evaluated(2021, ROWS)
    assert readings(lambda: write(tmp_path / "a.xlsx", result)) == 0


def test_the_reading_travels_but_is_no_figure() -> None:
    result = evaluated(2021, ROWS)
    assert [one.status for one in result.indicators["reading"]] == list(result.indicators["computed_status"])
    assert list(history({2021: result}).indicators["reading"]) == list(result.indicators["reading"])
    assert list(pickle.loads(pickle.dumps(result)).indicators["reading"]) == list(result.indicators["reading"])  # noqa: S301  # our own
    assert "reading" not in keyfigures.record(result).figures["indicators"][0]
