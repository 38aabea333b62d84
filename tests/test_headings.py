"""The words of forms, list by list: every one is reached, stands for one thing only, and every family is told."""

import re
from itertools import combinations

import pytest

from perfeval.ingest.forms.vocabulary import BLOCKS, column, family, guess, label, words

HEADINGS = [
    (block, field, name)
    for block in BLOCKS
    for field, names in words()[block]["columns"].items()
    for name in names
]  # fmt: skip
LABELS = [(field, name) for field, names in words()["labels"].items() for name in names]


def test_every_heading_is_read_as_the_field_it_is_listed_under() -> None:
    wrong = [
        (block, field, name, found)
        for block, field, name in HEADINGS
        if (found := column(block, name)) is None or found[0] != field
    ]
    assert wrong == [], "listed under two fields of a block, or written so that no form's heading can equal it"


def test_every_label_is_read_as_what_it_is_listed_under() -> None:
    wrong = [(field, name, found) for field, name in LABELS if (found := label(name)) is None or found[0] != field]
    assert wrong == []


def test_a_list_names_nothing_twice() -> None:
    lists = [names for block in BLOCKS for names in words()[block]["columns"].values()] + list(
        words()["labels"].values()
    )
    assert [name for names in lists for name in set(names) if names.count(name) > 1] == []


@pytest.mark.parametrize("entry", words()["families"], ids=lambda entry: entry["name"])
def test_every_family_is_of_marks_of_its_own(entry: dict) -> None:
    assert entry["name"]
    assert len(entry["marks"]) > 1, "one mark alone tells no family"
    assert all(re.compile(mark) for mark in entry["marks"])


def test_no_two_families_share_a_name_or_all_their_marks() -> None:
    for one, other in combinations(words()["families"], 2):
        assert one["name"] != other["name"]
        assert set(one["marks"]) != set(other["marks"])


def test_what_carries_no_family_s_marks_is_of_none() -> None:
    assert family(["甲", "乙"]) == ("其他格式", 0)


@pytest.mark.parametrize("text", ["（三）最终统计得分（分）", "3.最终统计得分：", "最终统计得分"])
def test_a_heading_is_guessed_without_its_number_and_unit(text: str) -> None:
    assert column("indicators", text) is None
    found = guess("indicators", text)
    assert found is not None
    assert found[0] == "declared_score"
