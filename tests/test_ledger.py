"""The ledger: every run from its start to its end, and what becomes of files of other versions."""

import random
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from perfeval.run import ledger
from perfeval.run.ledger import LedgerError, Origin
from perfeval.run.outcome import CUT, DONE, FAILED, Report, Written, listed, settle, untouched

MANY, DAMAGES = 8, 400
ABOUT = ("annual", "shili", "2022")
ORIGIN = Origin("d", "n", "r", "c", "all", "stamp")
OLD_LAYOUT = """
create table runs (id integer primary key, report text not null, subdistrict text not null, year integer not null,
    fingerprint text not null, started text not null, ended text, seconds real, status text, error text, outputs text);
insert into runs values (1, 'annual', 'shili', 2022, 'f', '2023-01-01', '2023-01-01', 1.5, '完成', '', '{}');
"""


def done(folder: Path, **changes: object) -> Report:
    told = {
        "started": "2024-01-02T03:04:05+00:00",
        "seconds": 2.5,
        "cpu_seconds": 1.25,
        "peak_mb": 180.0,
        "attempts": 2,
    }
    return Report(*ABOUT, DONE, folder, **told, **changes)


def test_a_run_is_open_until_it_ends_and_then_says_everything(tmp_path: Path) -> None:
    written = {"annual.html": Written("ab", 3, 17)}
    with ledger.opened(tmp_path) as book:
        run = ledger.begin(book, ABOUT, "新增", ORIGIN, {"shili/2022/budget.csv": "cd"})
        (begun,) = ledger.latest(book)
        assert (begun.status, begun.ended, begun.reason, begun.pid > 0) == ("", "", "新增", True)
        ledger.end(book, run, done(tmp_path, outputs=written, listed={"score": 97.86}))
        ledger.note_versions(book, "c", {"pandas": "3"})
    with ledger.reading(tmp_path) as book:
        (ended,) = ledger.latest(book)
        assert ledger.inputs(book, run) == {"shili/2022/budget.csv": "cd"}
        assert ledger.versions(book, "c") == {"pandas": "3"}
    assert (ended.status, ended.seconds, ended.cpu_seconds, ended.peak_mb, ended.attempts) == (DONE, 2.5, 1.25, 180, 2)
    assert (ended.data, ended.notebook, ended.rules, ended.code, ended.fingerprint) == ("d", "n", "r", "c", "all")
    assert ended.started == "2024-01-02T03:04:05+00:00" < ended.ended
    assert (ended.outputs, ended.figures) == (written, {"score": 97.86})


def test_the_latest_and_all_of_them(tmp_path: Path) -> None:
    with ledger.opened(tmp_path) as book:
        for reason, status in (("新增", FAILED), ("上次失败", DONE)):
            run = ledger.begin(book, ABOUT, reason, ORIGIN, {})
            ledger.end(book, run, Report(*ABOUT, status, tmp_path))
        ledger.begin(book, ("trend", "shili", "2019-2022"), "新增", ORIGIN, {})
        assert [(run.report, run.status) for run in ledger.latest(book)] == [("annual", DONE), ("trend", "")]
        assert [run.reason for run in ledger.history(book)] == ["新增", "上次失败", "新增"]


def test_what_never_ended_is_closed_as_cut_off_once(tmp_path: Path) -> None:
    with ledger.opened(tmp_path) as book:
        ledger.begin(book, ABOUT, "新增", ORIGIN, {})
        assert [run.period for run in ledger.cut(book, "断电")] == ["2022"]
        assert ledger.cut(book, "断电") == []
        (run,) = ledger.latest(book)
    assert (run.status, run.error, run.ended) == (CUT, "断电", "")


def test_a_ledger_of_a_newer_layout_is_refused_and_kept(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / ledger.FILE) as book:
        book.execute("pragma user_version = 7")
    book.close()
    before = (tmp_path / ledger.FILE).read_bytes()
    for way in (ledger.opened, ledger.reading):
        with pytest.raises(LedgerError, match="更新版本的perfeval所记（第7版，本程序只认得第1版）"), way(tmp_path):
            pass
    assert (tmp_path / ledger.FILE).read_bytes() == before


def test_a_ledger_of_an_older_layout_is_set_aside_not_lost(tmp_path: Path) -> None:
    for _ in range(2):
        book = sqlite3.connect(tmp_path / ledger.FILE)
        book.executescript(OLD_LAYOUT)
        book.close()
        with ledger.reading(tmp_path) as seen:
            assert ledger.latest(seen) == []
        with ledger.opened(tmp_path) as new:
            assert ledger.latest(new) == []
            assert new.execute("pragma user_version").fetchone() == (1,)
        (tmp_path / ledger.FILE).unlink()
    kept = sorted(path.name for path in tmp_path.glob("ledger-*"))
    assert kept == ["ledger-0-1.sqlite", "ledger-0.sqlite"]
    book = sqlite3.connect(tmp_path / kept[0])
    assert book.execute("select subdistrict, year from runs").fetchall() == [("shili", 2022)]
    book.close()


def test_many_that_open_a_new_ledger_at_once_share_one(tmp_path: Path) -> None:
    start = Barrier(MANY)

    def write(outputs: Path) -> None:
        start.wait()
        with ledger.opened(outputs) as book:
            ledger.begin(book, ABOUT, "新增", ORIGIN, {})

    for number in range(5):
        outputs = tmp_path / str(number)
        outputs.mkdir()
        with ThreadPoolExecutor(MANY) as pool:
            for done in [pool.submit(write, outputs) for _ in range(MANY)]:
                done.result()
        with ledger.reading(outputs) as book:
            assert len(list(ledger.history(book))) == MANY
        assert not list(outputs.glob("ledger-*"))


def test_a_damaged_ledger_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / ledger.FILE).write_bytes(b"no database at all, and long enough to be read as one" * 20)
    with pytest.raises(LedgerError, match=f"{tmp_path.name}/{ledger.FILE} 已损坏；") as caught, ledger.opened(tmp_path):
        pass
    assert "database" not in str(caught.value), "what SQLite says in English tells nobody what to do"


def test_no_damage_to_a_ledger_is_anything_but_that(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with ledger.opened(tmp_path) as book:
        for year in range(2015, 2023):
            run = ledger.begin(book, ("annual", "shili", str(year)), "新增", ORIGIN, {"shili/budget.csv": "cd"})
            ledger.end(book, run, done(tmp_path, outputs={"a": Written("ab", 3, 17)}, listed={"score": 9}))
    raw, chance = (tmp_path / ledger.FILE).read_bytes(), random.Random(1)  # noqa: S311  # to be made again
    said: list[str] = []
    for number in range(DAMAGES):
        found = bytearray(raw)
        for _ in range(chance.choice((1, 2, 8))):
            found[chance.randrange(len(found))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        place = tmp_path / str(number)
        place.mkdir()
        (place / ledger.FILE).write_bytes(found)
        for way in (ledger.reading, ledger.opened):
            try:
                with way(place) as book:
                    for one in ledger.history(book):
                        ledger.inputs(book, one.id)
            except LedgerError as error:
                said.append(str(error))
    record_property("damaged ledgers read", 2 * DAMAGES)
    record_property("of these refused", len(said))
    assert 0 < len(said) < 2 * DAMAGES
    assert not [one for one in said if not re.search("已损坏|更新版本|不能读写", one)]


def test_reading_makes_nothing(tmp_path: Path) -> None:
    with ledger.reading(tmp_path / "outputs") as book:
        assert ledger.latest(book) == []
    assert list(tmp_path.iterdir()) == []


def test_files_count_as_untouched_while_size_and_time_or_bytes_stand(tmp_path: Path) -> None:
    page = tmp_path / "annual.html"
    page.write_bytes(b"abc")
    outputs = settle(tmp_path, ("annual.html",))
    assert outputs["annual.html"].size == 3
    assert untouched(outputs, tmp_path)
    assert untouched(outputs, tmp_path, verify=True)
    assert not untouched({}, tmp_path)
    page.write_bytes(b"abc")  # a copy: only the time is new
    assert untouched({"annual.html": outputs["annual.html"]._replace(mtime_ns=1)}, tmp_path)
    page.write_bytes(b"abd")
    assert not untouched({"annual.html": outputs["annual.html"]._replace(mtime_ns=1)}, tmp_path)
    same_time = outputs["annual.html"]._replace(mtime_ns=page.stat().st_mtime_ns)
    assert untouched({"annual.html": same_time}, tmp_path), "the price of not reading everything"
    assert not untouched({"annual.html": same_time}, tmp_path, verify=True)
    page.unlink()
    assert not untouched(outputs, tmp_path)


def test_what_the_index_shows_keeps_the_shape_of_the_figures() -> None:
    unmet = [{"indicator": name, "status": "未完成"} for name in "甲乙丙丁戊"]
    kept = listed({"name": "示例", "score": 90.5, "execution": {"rate": 0.9, "why": ""}, "unmet": unmet, "sources": []})
    assert kept == {
        "name": "示例",
        "score": 90.5,
        "execution": {"rate": 0.9},
        "completion": {"overall": {}},
        "unmet": [{"indicator": name} for name in "甲乙丙丁戊"],
        "unmet_count": 5,
        "unmet_kinds": 5,
    }
