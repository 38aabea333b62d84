"""``matches.csv``: read, written, and part of what a report of several years is made from."""

from pathlib import Path

import pandas as pd
import years

from perfeval.ingest import store
from perfeval.ingest.matches import matches_bytes, write_matches
from perfeval.model.data import no_decisions
from perfeval.model.schema import MATCHES

LINE = "2022,网格案件办结率,,2020,网格案结率,,同一,看过"


def test_decisions_come_with_the_data(tmp_path: Path) -> None:
    years.decide(years.write(tmp_path / "data"), LINE)
    found = store.load(tmp_path / "data").matches
    assert found[["subdistrict", *MATCHES.names]].to_dict("records") == [
        {
            "subdistrict": "shili",
            "year": 2022,
            "indicator": "网格案件办结率",
            "goal": "",
            "previous_year": 2020,
            "previous_indicator": "网格案结率",
            "previous_goal": "",
            "decision": "同一",
            "note": "看过",
        }
    ]
    assert found["row"].tolist() == [2]
    assert found["file"].str.endswith("data/shili/matches.csv").all()


def test_a_single_year_does_not_read_them(tmp_path: Path) -> None:
    years.decide(years.write(tmp_path / "data"), "2022,没有的,,2020,没有的,,相同,")
    assert [one.code for one in store.check(tmp_path / "data", "shili", 2022)] == ["W501"]
    assert [one.code for one in store.check(tmp_path / "data", "shili")] == ["W501", "E205", "W332", "W332"]


def test_years_that_are_on_file_but_not_loaded_are_not_checked(tmp_path: Path) -> None:
    years.decide(years.write(tmp_path / "data"), "2022,没有的,,2020,没有的,,同一,")
    assert [one.code for one in store.check(tmp_path / "data", "shili", [2022, 2023])] == ["W501"]


def test_without_a_file_or_with_a_heading_only_there_are_none(tmp_path: Path) -> None:
    folder = years.write(tmp_path / "data")
    pd.testing.assert_frame_equal(store.load(tmp_path / "data").matches, no_decisions())
    years.decide(folder)
    found = store.load(tmp_path / "data")
    assert len(found.matches) == 0
    assert list(found.matches.columns) == list(no_decisions().columns)
    assert [one.code for one in found.problems] == ["W501"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    folder = years.write(tmp_path / "data")
    years.decide(folder, LINE, '2023,"投诉,件数",,2022,=投诉件数,,,"一""二"')
    before = store.load(tmp_path / "data").matches
    path = write_matches(tmp_path / "data", "shili", before)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + "年度,三级指标".encode())
    pd.testing.assert_frame_equal(store.load(tmp_path / "data").matches, before)
    assert [file.name for file in folder.iterdir() if file.is_file()] == ["matches.csv"]
    assert matches_bytes(before) == path.read_bytes()


def test_a_link_out_of_the_data_is_not_read(tmp_path: Path) -> None:
    folder = years.write(tmp_path / "data")
    outside = years.decide(tmp_path, LINE)
    (folder / "matches.csv").symlink_to(outside)
    assert [one.code for one in store.check(tmp_path / "data")] == ["W501", "E502"]
    bare = store.fingerprint_office(tmp_path / "data", "shili", [2020, 2022])
    (folder / "matches.csv").unlink()
    assert store.fingerprint_office(tmp_path / "data", "shili", [2020, 2022]) == bare


def test_the_fingerprint_of_an_office_holds_its_years_and_decisions(tmp_path: Path) -> None:
    folder = years.write(tmp_path / "data")
    data = tmp_path / "data"
    bare = store.fingerprint_office(data, "shili", [2022, 2020])
    assert store.fingerprint_office(data, "shili", (2020, 2022, 2022)) == bare
    assert store.fingerprint_office(data, "shili", [2020, 2022, 2023]) != bare
    single = store.fingerprint(data, "shili", 2022)
    years.decide(folder, LINE)
    assert store.fingerprint_office(data, "shili", [2020, 2022]) != bare
    assert store.fingerprint(data, "shili", 2022) == single
    (folder / "matches.csv").unlink()
    (folder / "2020" / "narrative.toml").write_text('title = "新"\n', encoding="utf-8")
    assert store.fingerprint_office(data, "shili", [2020, 2022]) != bare
