"""``matches.csv``: read, written, and part of what a report of several years is made from."""

from pathlib import Path

import pandas as pd
import pytest
import years

from perfeval.ingest import holdings, store
from perfeval.ingest.matches import add_undecided, matches_bytes, merged, undecided, write_matches
from perfeval.model.data import Data, no_decisions
from perfeval.model.errors import PerfevalError
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
    bare = holdings.fingerprint_office(tmp_path / "data", "shili", [2020, 2022])
    (folder / "matches.csv").unlink()
    assert holdings.fingerprint_office(tmp_path / "data", "shili", [2020, 2022]) == bare


def test_the_fingerprint_of_an_office_holds_its_years_and_decisions(tmp_path: Path) -> None:
    folder = years.write(tmp_path / "data")
    data = tmp_path / "data"
    bare = holdings.fingerprint_office(data, "shili", [2022, 2020])
    assert holdings.fingerprint_office(data, "shili", (2020, 2022, 2022)) == bare
    assert holdings.fingerprint_office(data, "shili", [2020, 2022, 2023]) != bare
    single = holdings.fingerprint(data, "shili", 2022)
    years.decide(folder, LINE)
    assert holdings.fingerprint_office(data, "shili", [2020, 2022]) != bare
    assert holdings.fingerprint(data, "shili", 2022) == single
    (folder / "matches.csv").unlink()
    (folder / "2020" / "narrative.toml").write_text('title = "新"\n', encoding="utf-8")
    assert holdings.fingerprint_office(data, "shili", [2020, 2022]) != bare


def line(year: int, name: str, previous: str, decision: str = "", note: str = "") -> dict[str, object]:
    return dict(zip(MATCHES.names, (year, name, "", year - 1, previous, "", decision, note), strict=True))


def listing(*lines: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(lines), columns=MATCHES.names)


def test_only_pairs_that_the_list_does_not_have_are_added_in_the_order_of_the_years() -> None:
    kept = listing(line(2022, "投诉件数", "投诉数", "同一"), line(2023, "满意率", "满意度"))
    new = listing(line(2023, " 满意率 ", "满意度"), line(2022, "办结率", "结案率"))
    both, added = merged(kept, new, replace=False)
    assert added == 1
    assert both["indicator"].tolist() == ["投诉件数", "办结率", "满意率"]
    assert both["decision"].tolist() == ["同一", "", ""]


@pytest.mark.parametrize("replace", [False, True])
def test_what_is_in_doubt_no_longer_goes_only_when_asked_and_decisions_never(replace: bool) -> None:
    kept = listing(line(2022, "甲", "乙"), line(2022, "丙", "丁", "不同"))
    both, added = merged(kept, listing(), replace=replace)
    assert added == 0
    assert both["indicator"].tolist() == (["丙"] if replace else ["甲", "丙"])
    assert list(both.columns) == MATCHES.names


@pytest.mark.parametrize("replace", [False, True])
def test_nothing_and_nothing_is_nothing(replace: bool) -> None:
    both, added = merged(listing(), listing(), replace=replace)
    assert (len(both), added, list(both.columns)) == (0, 0, MATCHES.names)


def doubtful(data: Data) -> pd.DataFrame:
    """The first indicators of two years, as a pair in doubt, found twice."""
    after, before = (data.indicators[data.indicators["year"].eq(year)].iloc[0] for year in (2022, 2020))
    pair = {
        "year": 2022,
        "previous_year": 2020,
        "track": "T01",
        "category": "",
        "kind": "相近",
        "confidence": 0.5,
        "indicator": after["indicator"],
        "goal": after["goal"],
        "row": after["row"],
        "why": "名称相近",
        "previous_indicator": before["indicator"],
        "previous_row": before["row"],
    }
    return pd.DataFrame([pair, pair])


def test_pairs_in_doubt_become_lines_to_decide_written_once(tmp_path: Path) -> None:
    root = tmp_path / "data"
    years.write(root)
    data = store.load(root)
    new = undecided(doubtful(data), data.indicators)
    assert new[["decision", "note"]].to_numpy().tolist() == [["", "相近，把握0.50：名称相近"]]
    earlier = data.indicators[data.indicators["year"].eq(2020)].iloc[0]
    assert new["previous_goal"].tolist() == [earlier["goal"]]
    file, added = add_undecided(root, "shili", data, doubtful(data), replace=False)
    assert (file, added) == (f"{root.as_posix()}/shili/matches.csv", 1)
    held = store.load(root)
    assert held.matches[MATCHES.names].to_dict("records") == new.to_dict("records")
    assert add_undecided(root, "shili", held, doubtful(held), replace=False)[1] == 0


def test_no_file_where_nothing_is_in_doubt(tmp_path: Path) -> None:
    root = tmp_path / "data"
    years.write(root)
    data = store.load(root)
    assert add_undecided(root, "shili", data, doubtful(data)[:0], replace=True) == (None, 0)
    assert not (root / "shili" / "matches.csv").exists()


def test_a_column_that_writing_would_lose_stops_it_unless_it_is_to_go(tmp_path: Path) -> None:
    root = tmp_path / "data"
    folder = years.write(root)
    years.decide(folder, LINE)
    file = folder / "matches.csv"
    head, *rest = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join([f"{head},批注", *(f"{one},甲" for one in rest)]) + "\n", encoding="utf-8")
    data = store.load(root)
    with pytest.raises(PerfevalError, match="批注"):
        add_undecided(root, "shili", data, doubtful(data), replace=False)
    assert "批注" in file.read_text(encoding="utf-8")
    add_undecided(root, "shili", data, doubtful(data), replace=True)
    assert "批注" not in file.read_text(encoding="utf-8-sig")
