"""A few damaged files of every container, and all that once broke a reader; ``make fuzz`` reads 20,000."""

import sys
from collections.abc import Callable
from pathlib import Path

import damage
import pytest

from perfeval.ingest.containers import READERS, guard, parse_content
from perfeval.ingest.containers.legacy import office
from perfeval.ingest.containers.sniff import kind_of
from perfeval.ingest.importing import recognised

FEW = 12
"""Of each sample; of one that LibreOffice converts, which takes seconds, one."""


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as POSIX does")
def test_no_damaged_file_stops_the_import_or_swells_it(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    damages = [damage.made(name, raw, 1, number) for name, raw in read_here().items()
               for number in range(1 if name.endswith(damage.CONVERTED) else FEW)]  # fmt: skip
    tallies = damage.fuzz([*damage.kept(), *damages], tmp_path)
    record_property("damaged files read", sum(tally.outcomes.total() for tally in tallies.values()))
    record_property("slowest, CPU s", f"{max(tally.slowest for tally in tallies.values()):.2f}")
    record_property("most memory, MB", max(tally.peak for tally in tallies.values()))
    assert not [failure for tally in tallies.values() for failure in tally.failures]
    assert {name for name, tally in tallies.items() if tally.outcomes["read"]} >= {"form.xlsx", "form.docx", "form.ods"}
    assert sum(tally.outcomes.total() for tally in tallies.values()) == len(damage.kept()) + len(damages)


def read_here() -> dict[str, bytes]:
    """The samples that can be read on this machine."""
    return {name: raw for name, raw in damage.samples().items() if office() or not name.endswith(damage.CONVERTED)}


def test_every_container_has_a_sample() -> None:
    kinds = {kind_of(guard.unwrapped(raw, name)[0], Path(name).suffix) for name, raw in damage.samples().items()}
    assert kinds == set(READERS)


def test_every_sample_is_read_whole() -> None:
    for name, raw in read_here().items():
        (document,) = recognised(parse_content(raw, name))
        assert document.family, name
        assert len(document.indicators) >= 3, name


def test_the_same_number_makes_the_same_file_and_most_are_changed() -> None:
    for name, raw in damage.samples().items():
        made = [damage.made(name, raw, 0, number)[1] for number in range(5)]
        assert made == [damage.made(name, raw, 0, number)[1] for number in range(5)]
        assert any(one != raw for one in made)


def test_a_child_that_dies_is_named_and_the_rest_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = iter([([{"begin": "1.b"}, {"end": "1.b", "seconds": 0.1, "peak": 9, "read": True}, {"begin": "2.b"}], "exit -6"),
                  ([{"begin": "3.b"}, {"end": "3.b", "seconds": 6.0, "peak": 9}], "")])  # fmt: skip
    seen = []
    monkeypatch.setattr(
        damage, "run_batch", lambda folder, _: (seen.append(sorted(p.name for p in folder.iterdir())), next(ended))[1]
    )
    (tally,) = damage.fuzz([(f"{number}.b", b"") for number in (1, 2, 3)], tmp_path).values()
    assert seen == [["1.b", "2.b", "3.b"], ["3.b"]]
    assert dict(tally.outcomes) == {"read": 1, "died": 1, "refused": 1}
    assert tally.failures[0] == "2.b: exit -6"
    assert "6.0" in tally.failures[1]
