"""Every folder of ``broken/`` is data with the defect it is named after; ``expected.txt`` is what its user is told."""

import re
from pathlib import Path

import pytest

import perfeval.ingest
from perfeval.ingest import recipients, store
from perfeval.ingest.problems import kinds, problem
from perfeval.model.errors import ERROR, SEVERITIES, DataError

BROKEN = Path(__file__).parent / "broken"
DEFECTS = sorted(folder for folder in BROKEN.iterdir() if folder.is_dir())


def test_the_user_is_told(monkeypatch):
    told, expected = {}, {}
    for folder in DEFECTS:
        monkeypatch.chdir(folder)
        expected[folder.name] = Path("expected.txt").read_text(encoding="utf-8").splitlines()
        told[folder.name] = [str(found) for found in (*store.check("data"), *recipients.check("data"))]
    assert len(DEFECTS) > 50
    assert told == expected


def test_errors_are_raised_all_at_once_and_warnings_come_with_the_data(monkeypatch):
    given, checked = {}, {}
    for folder in DEFECTS:
        monkeypatch.chdir(folder)
        checked[folder.name] = store.check("data")
        if any(problem.severity == ERROR for problem in checked[folder.name]):
            with pytest.raises(DataError) as raised:
                store.load("data")
            given[folder.name] = list(raised.value.problems)
        else:
            given[folder.name] = list(store.load("data").problems)
    assert given == checked


def test_every_code_is_listed_once_used_and_shown_to_happen():
    ingest = Path(perfeval.ingest.__file__).parent
    used, asserted = (
        {found for file in files for found in re.findall(code, file.read_text(encoding="utf-8"))}
        for code, files in (
            (r'"([EWN]\d{3})"', [*ingest.rglob("*.py"), ingest.parent / "checking.py"]),
            (r"\b([EWN]\d{3})\b", BROKEN.parent.glob("test_*.py")),
        )
    )
    told = {line.split()[1] for file in BROKEN.glob("*/expected.txt") for line in file.read_text("utf-8").splitlines()}
    assert sorted(used) == sorted(kinds())
    assert sorted(set(kinds()) - told - asserted) == []  # some need links or whole documents: other test modules


def test_a_kind_says_what_it_means_and_what_to_do():
    severity = dict(zip("EWN", SEVERITIES, strict=True))
    lacking = [
        kind.code
        for kind in kinds().values()
        if kind.severity != severity[kind.code[0]]
        or not (kind.title and kind.meaning.endswith("。") and kind.advice)
        or kind.advice.endswith("。")
    ]
    assert lacking == []


def test_an_unknown_code_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        problem("E999", "", file="")


def test_long_and_broken_values_are_shown_on_one_line():
    assert problem("E203", "", file="", value="一\n二" + "长" * 100).value == "一 二" + "长" * 37 + "…"
