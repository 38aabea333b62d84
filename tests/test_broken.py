"""Every folder of ``broken/`` is data with the defect it is named after; ``expected.txt`` is what its user is told."""

import re
from pathlib import Path

import pytest

import perfeval.ingest
from perfeval.ingest import recipients, store
from perfeval.ingest.problems import kinds, problem
from perfeval.model.errors import ERROR, SEVERITIES, DataError

BROKEN = Path(__file__).parent / "broken"
DEFECTS = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir())


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_user_is_told(defect, monkeypatch):
    monkeypatch.chdir(BROKEN / defect)
    expected = Path("expected.txt").read_text(encoding="utf-8").splitlines()
    assert [str(found) for found in (*store.check("data"), *recipients.check("data"))] == expected


@pytest.mark.parametrize("defect", DEFECTS)
def test_errors_are_raised_all_at_once_and_warnings_come_with_the_data(defect, monkeypatch):
    monkeypatch.chdir(BROKEN / defect)
    found = store.check("data")
    if any(problem.severity == ERROR for problem in found):
        with pytest.raises(DataError) as raised:
            store.load("data")
        assert list(raised.value.problems) == found
    else:
        assert list(store.load("data").problems) == found


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


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_a_kind_says_what_it_means_and_what_to_do(kind):
    assert kind.severity == dict(zip("EWN", SEVERITIES, strict=True))[kind.code[0]]
    assert kind.title
    assert kind.meaning.endswith("。")
    assert kind.advice
    assert not kind.advice.endswith("。")


def test_an_unknown_code_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        problem("E999", "", file="")


def test_long_and_broken_values_are_shown_on_one_line():
    assert problem("E203", "", file="", value="一\n二" + "长" * 100).value == "一 二" + "长" * 37 + "…"
