"""What a reader is told of a target and an actual, whole: verdict, direction, the sentence that says why, each doubt.

``golden/sentences.csv`` has one pair for each way of saying it, and the pairs on both sides of each limit (10 times the
target and 11 times, 5月前 and 6月, 6场 and 7场 beside 每半年6场). A person has read every sentence in it. What a sentence
says is what a figure rests on: where one is changed on purpose, read it as an office would and put it there.
"""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from perfeval.model.amounts import quantities
from perfeval.model.comparing import compare_amounts
from perfeval.model.reading import read_pair
from perfeval.model.schema import POSITIVE, UNDECIDED
from perfeval.model.values import read

with (Path(__file__).parent / "golden" / "sentences.csv").open(encoding="utf-8", newline="") as _file:
    PAIRS = list(csv.DictReader(_file))


@pytest.mark.parametrize(
    "row", PAIRS, ids=lambda row: f"{row['indicator']}:{row['target']}:{row['actual']}:{row['unit']}:{row['year']}"
)
def test_what_is_told_of_a_pair(row: dict[str, str]) -> None:
    year = int(row["year"]) if row["year"] else None
    found = read_pair(row["indicator"], row["target"], row["actual"], unit=row["unit"], year=year)
    told = {
        "status": found.status,
        "attainment": "" if found.attainment is None else f"{found.attainment:.4f}",
        "why": found.why,
        "direction": found.direction,
        "direction_why": found.direction_why,
        "open_target": found.open_target,
        "beyond": "yes" if found.beyond else "",
    }
    assert told == {name: row[name] for name in told}


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("side", ["target", "actual"])
def test_an_amount_without_one_of_its_ends_is_compared_with_nothing(side: str, end: str) -> None:
    sides = {"target": read("≥5件"), "actual": read("6件")}
    sides[side] = replace(sides[side], **{end: None})
    outcome = compare_amounts(sides["target"], sides["actual"], POSITIVE)
    assert (outcome.status, outcome.why) == (UNDECIDED, "没有可比较的数值")


@pytest.mark.parametrize("length", [13, 14, 15])
def test_fourteen_characters_on_either_side_of_a_number_are_looked_at(length: int) -> None:
    """And its unit is one of them."""
    ((one, before, after),) = quantities(f"{'甲' * length}12场{'乙' * length}")
    assert (one.number, len(before), len(after)) == (12, min(length, 14), 13)
