"""The store of judged rows: the same frames as straight from the data, renewed where something changed and only there."""

import os
import re
import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from years import decide, write

import perfeval as pe
from perfeval import frames
from perfeval.analysis.rows import fragments, keeping, parquet
from perfeval.model.columns import STORED, described
from perfeval.model.errors import ParameterError

LIST = "id,name,district,aliases\nshili,示例街道,东区,示例街;老示例\nbeta,乙街道,东区,\ngamma,丙街道,西区,\nnone,无街道,西区,\n"
OFFICES = ("shili", "beta", "gamma", "delta")
"""delta is not listed, none has no data."""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with four offices whose store is made: to be copied, never changed."""
    root = tmp_path_factory.mktemp("made")
    (root / "perfeval.toml").write_text("", encoding="utf-8")
    (root / "data").mkdir()
    (root / "data" / "subdistricts.csv").write_text(LIST, encoding="utf-8")
    for office in OFFICES:
        write(root / "data", office)
    decide(root / "data" / "shili", "2022,网格案件办结率,治理,2020,网格案结率,治理,同一,")
    with pytest.MonkeyPatch.context() as here:
        here.setattr(keeping, "cores", lambda: 1)
        pe.rows(root / "data")
    return root


@pytest.fixture(scope="session")
def straight(made: Path) -> dict[str, pd.DataFrame]:
    """Its frames straight from the data."""
    return every(source=pe.load(made / "data"))


@pytest.fixture
def data(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a copy of it, which is the working directory's project; nothing has been said or kept."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keeping, "cores", lambda: 1)
    monkeypatch.setattr(frames, "_TOLD", set())
    monkeypatch.setattr(keeping, "_MEMORY", {})
    return tmp_path / "data"


@pytest.fixture
def unmade(data: Path) -> Path:
    """The same without a store."""
    shutil.rmtree(data.parent / "outputs")
    return data


def every(**asked: object) -> dict[str, pd.DataFrame]:
    return {name: getattr(pe, name)(**asked) for name in STORED}


def same(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> None:
    for name in STORED:
        pd.testing.assert_frame_equal(ours[name], theirs[name])


def change(data: Path, office: str = "beta", year: int = 2022, before: str = "96%", after: str = "91%") -> None:
    path = data / office / str(year) / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which office-years are evaluated from now on."""
    calls: list[tuple[str, int]] = []
    ours = fragments.evaluate_year

    def noting(held: object, rules: object, subdistrict: str, year: int) -> object:
        calls.append((subdistrict, year))
        return ours(held, rules, subdistrict, year)  # type: ignore[arg-type]

    monkeypatch.setattr(fragments, "evaluate_year", noting)
    return calls


def test_frames_from_the_store_are_those_from_the_data(
    data: Path, straight: dict[str, pd.DataFrame], evaluated: list[tuple[str, int]]
) -> None:
    first = every()
    same(first, straight)
    assert evaluated == []
    assert first["rows"][["district", "subdistrict", "year"]].drop_duplicates().values.tolist() == sorted(
        [district, office, year]
        for office, district in zip(OFFICES, ("东区", "东区", "西区", ""), strict=True)
        for year in (2020, 2022, 2023)
    )
    assert (data.parent / "outputs/rows/hubei/rows/东区.parquet").is_file()


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({"subdistrict": "示例街"}, "subdistrict == 'shili'"),
        ({"subdistrict": ["gamma", "乙街道"]}, "subdistrict in ['beta', 'gamma']"),
        ({"subdistrict": "delta"}, "subdistrict == 'delta'"),
        ({"district": "东区"}, "district == '东区'"),
        ({"years": "2022"}, "year == 2022"),
        ({"years": "2021-2022"}, "year == 2022"),
        ({"years": [2020, "2023"], "district": "西区"}, "year != 2022 and district == '西区'"),
        ({"years": range(2022, 2030), "subdistrict": "beta"}, "year >= 2022 and subdistrict == 'beta'"),
    ],
)
def test_a_filter_is_that_filter_of_the_whole(
    data: Path, straight: dict[str, pd.DataFrame], asked: dict[str, object], query: str
) -> None:
    part = every(**asked)
    for name in STORED:
        wanted = straight[name].query(query).reset_index(drop=True)
        assert len(wanted)
        pd.testing.assert_frame_equal(part[name], wanted)
    shutil.rmtree(data.parent / "outputs")
    same(every(**asked), part)  # made for the filter alone
    pd.testing.assert_frame_equal(pe.scores(pe.load(data), **asked), part["scores"])


@pytest.mark.usefixtures("data")
def test_some_columns_are_those_columns() -> None:
    whole = pe.rows()
    pd.testing.assert_frame_equal(pe.rows(columns=["status", "year", "row"]), whole[["status", "year", "row"]])
    with pytest.raises(ParameterError, match=r"columns 里没有“statu”，是否指“status”？"):
        pe.rows(columns=["statu"])


def test_only_the_changed_office_year_is_evaluated_again(data: Path, evaluated: list[tuple[str, int]]) -> None:
    before = every()
    del evaluated[:]
    west = data.parent / "outputs/rows/hubei/rows/西区.parquet"
    untouched = west.read_bytes()
    change(data)
    after = every()
    assert evaluated == [("beta", 2022)]
    assert west.read_bytes() == untouched
    same(after, every(source=pe.load(data)))
    differ = before["rows"].compare(after["rows"], keep_shape=True).notna().any(axis=1)
    assert set(before["rows"].loc[differ, "subdistrict"]) == {"beta"}


def test_tracks_follow_what_a_person_decides_without_evaluating_again(
    data: Path, evaluated: list[tuple[str, int]]
) -> None:
    before = pe.rows(subdistrict="shili")
    del evaluated[:]
    decide(data / "shili", "2022,网格案件办结率,治理,2020,网格案结率,治理,不同,")
    after = pe.rows(subdistrict="shili")
    assert evaluated == []
    assert (before.loc[0, "track"], before.loc[3, "track"]) == ("shili-2020-001",) * 2
    assert (after.loc[0, "track"], after.loc[3, "track"]) == ("shili-2020-001", "shili-2022-001")
    pd.testing.assert_frame_equal(after, pe.rows(pe.load(data, "shili")))


def test_a_year_removed_is_gone_and_an_office_removed_too(data: Path) -> None:
    every()
    for path in sorted((data / "shili/2023").iterdir()):
        path.unlink()
    (data / "shili/2023").rmdir()
    (data / "gamma").rename(data.parent / "gamma")
    rows = pe.rows()
    assert set(rows["subdistrict"]) == {"shili", "beta", "delta"}
    assert set(rows.loc[rows["subdistrict"].eq("shili"), "year"]) == {2020, 2022}
    assert not (data.parent / "outputs/rows/hubei/rows/西区.parquet").exists()
    same(every(), every(source=pe.load(data)))


def test_few_words_and_whole_numbers_are_kept_as_they_are_and_texts_are_compressed(data: Path) -> None:
    every()
    group = parquet.pq.read_metadata(data.parent / "outputs/rows/hubei/rows/东区.parquet").row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    kept = {one.path_in_schema: one.compression for one in columns}
    assert {kept[name] for name in ("year", "category", "status", "row")} == {"UNCOMPRESSED"}
    assert {kept[name] for name in ("indicator", "derivation", "narrative", "subdistrict")} == {"ZSTD"}


def test_an_office_that_moves_stands_in_one_file_only(data: Path) -> None:
    every()
    (data / "subdistricts.csv").write_text(LIST.replace("乙街道,东区", "乙街道,西区"), encoding="utf-8")
    assert set(pe.rows(subdistrict="beta")["district"]) == {"西区"}
    held = duckdb.sql("select district from 'outputs/rows/hubei/rows/*.parquet' where subdistrict = 'beta'").fetchall()
    assert set(held) == {("西区",)}


def test_another_rule_set_has_files_of_its_own_and_a_changed_one_is_made_anew(data: Path) -> None:
    ours = data.parent / "ours.toml"
    text = (Path(pe.__file__).parent / "analysis/rulesets/flat.toml").read_text(encoding="utf-8")
    ours.write_text(text, encoding="utf-8")
    flat = pe.scores(ruleset="flat")
    pd.testing.assert_frame_equal(pe.scores(ruleset="ours.toml"), flat)
    assert pe.scores()["score"].tolist() != flat["score"].tolist()
    ours.write_text(
        text.replace("execution = 20", "execution = 30").replace("points = 80", "points = 70"), encoding="utf-8"
    )
    assert pe.scores(ruleset="ours.toml")["execution_points"].tolist() == [30.0] * 12
    assert pe.scores(ruleset="flat")["execution_points"].tolist() == [20.0] * 12


def test_a_change_of_the_program_makes_all_anew(
    data: Path, evaluated: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pe.rows(subdistrict="beta")
    del evaluated[:]
    monkeypatch.setattr(fragments, "code", lambda: "another")
    pe.rows(subdistrict="beta")
    assert len(evaluated) == 3
    assert data.is_dir()


@pytest.mark.parametrize("damage", ["cut", "text", "bit", "empty", "footer"])
def test_a_damaged_file_is_made_anew(data: Path, damage: str) -> None:
    whole = every()
    path = data.parent / "outputs/rows/hubei/rows/东区.parquet"
    raw = path.read_bytes()
    place = len(raw) // 4
    path.write_bytes(
        {
            "cut": raw[: len(raw) // 2],
            "text": b"not parquet",
            "bit": raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :],
            "empty": b"",
            "footer": re.sub(rb'(",\d+,)(\d)(,"")', rb"\g<1>1\3", raw),  # of each year one row
        }[damage]
    )
    same(every(), whole)


def test_the_folder_may_be_deleted_at_any_time(data: Path) -> None:
    whole = pe.scores()
    shutil.rmtree(data.parent / "outputs")
    pd.testing.assert_frame_equal(pe.scores(), whole)


KILLED = """
import os
import perfeval as pe
ours, count = os.fsync, 0
def dying(descriptor):
    global count
    count += 1
    if count == 6:                       # the second file of the second district, half written
        os.ftruncate(descriptor, 10)
        os._exit(9)
    ours(descriptor)
os.fsync = dying
pe.rows()
"""


def test_killed_half_way_leaves_nothing_half_written(
    unmade: Path, straight: dict[str, pd.DataFrame], evaluated: list[tuple[str, int]]
) -> None:
    data = unmade
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=data.parent, check=False, capture_output=True)
    assert done.returncode == 9
    folder = data.parent / "outputs/rows/hubei"
    assert [path.suffix for path in folder.rglob("*.partial")] == [".partial"]
    for path in folder.rglob("*.parquet"):
        assert len(pd.read_parquet(path))
    same(every(), straight)
    assert not list(folder.rglob("*.partial"))
    assert 0 < len(evaluated) < 12  # what was whole is kept


def test_two_processes_at_once_both_have_it_all(unmade: Path, straight: dict[str, pd.DataFrame]) -> None:
    program = "import perfeval as pe; rows = pe.rows(); print(len(rows), rows['score'].sum())"
    started = [
        subprocess.Popen([sys.executable, "-c", program], cwd=unmade.parent, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate()[0] for process in started]
    assert all(process.returncode == 0 for process in started)
    rows = straight["rows"]
    assert answers == [f"{len(rows)} {rows['score'].sum()}\n"] * 2


def test_a_script_needs_no_guard_to_use_all_cores(unmade: Path) -> None:
    data = unmade
    script = data.parent / "script.py"
    script.write_text(
        "import perfeval as pe\nfrom perfeval.model import parallel\nfrom perfeval.analysis.rows import keeping\n"
        "parallel.LEAST = keeping.LEAST = 2\nkeeping.cores = lambda: 2\nprint(len(pe.rows()))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], cwd=data.parent, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (f"{len(pe.rows())}\n", "")


def test_made_year_by_year_is_made_office_by_office(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "beta/2020/suppressions.toml").write_text("[[suppress]]\n", encoding="utf-8")
    whole = every()
    parquet.remove(data.parent / "outputs/rows/hubei", "东区")
    monkeypatch.setattr(keeping, "LEAST", 5)  # two offices, six years
    same(every(), whole)


def test_where_nothing_can_be_written_the_answer_is_from_memory_and_said_once(
    unmade: Path, evaluated: list[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    data = unmade
    (data.parent / "outputs").write_text("a file", encoding="utf-8")
    same(every(), every())
    assert len(evaluated) == 12  # once each, for all frames and calls
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "没有存下来" in said
    change(data)
    assert pe.rows(subdistrict="beta", years=2022).loc[0, "actual"] == "91%"


def test_an_office_with_errors_stops_no_other_and_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(data, "beta", 2022, "效益", "不知")
    for _ in range(2):
        rows = pe.rows()
    assert set(zip(rows["subdistrict"], rows["year"], strict=True)).isdisjoint({("beta", 2022)})
    assert [one[:2] for one in rows.attrs["left_out"]] == [("beta", 2022)]
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "有1个街道年度的数据不能用" in said
    held = pe.register()
    wrong = held[held["subdistrict"].eq("beta") & held["year"].eq(2022)].iloc[0]
    assert not wrong["on_file"]
    assert "indicators.csv 第4行" in wrong["why"]
    assert "left_out" not in pe.rows(years=2023).attrs


def test_a_fault_in_what_was_decided_leaves_rows_without_tracks_and_is_told(data: Path) -> None:
    decide(data / "shili", "2022,没有这一项,治理,2020,网格案结率,治理,也许,")
    rows = pe.rows(subdistrict="shili")
    assert len(rows)
    assert set(rows["track"]) == {""}
    held = pe.register().query("subdistrict == 'shili' and on_file")
    assert held["why"].str.contains("matches.csv").all()


def test_the_register_has_every_office_in_every_year(data: Path) -> None:
    held = pe.register()
    assert held.columns.tolist() == ["subdistrict", "name", "district", "year", "on_file", "why"]
    assert len(held) == 5 * 4  # five offices, 2020 to 2023
    assert held.query("subdistrict == 'none'")["why"].tolist() == [
        f"没有{year}年度的数据" for year in range(2020, 2024)
    ]
    assert held.query("subdistrict == 'beta'")["on_file"].tolist() == [True, False, True, True]
    assert set(pe.register(district="西区", years=2023)["subdistrict"]) == {"gamma", "none"}
    assert pe.register(pe.load(data, "beta"))["on_file"].tolist() == [True, False, True, True]


@pytest.mark.usefixtures("data")
def test_other_tools_read_the_files_as_they_stand() -> None:
    rows = pe.rows()
    files_ = "outputs/rows/hubei/rows/*.parquet"
    wanted = rows.groupby("status", observed=True).size().to_dict()
    counted = duckdb.sql(f"select status, count(*) from '{files_}' group by 1").fetchall()  # noqa: S608  # our own files
    assert dict(counted) == wanted
    assert dict(pl.read_parquet(files_).group_by("status").len().iter_rows()) == wanted
    plain = pd.read_parquet("outputs/rows/hubei/rows/东区.parquet")
    assert sorted(plain.columns) == sorted(rows.columns)
    assert plain["status"].cat.ordered
    assert list(plain["status"].cat.categories) == list(rows["status"].cat.categories)


@pytest.mark.usefixtures("data")
def test_categoricals_read_back_in_the_order_of_their_words() -> None:
    for name in STORED:
        frame = every()[name]
        for one in described(name):
            assert str(frame[one.name].dtype) == one.dtype
            if one.dtype == "category":
                assert tuple(frame[one.name].cat.categories) == one.values


def test_data_beside_the_projects_own_have_files_of_their_own(data: Path) -> None:
    write(data.parent / "other", "beta")
    assert set(pe.rows("other")["subdistrict"]) == {"beta"}
    assert len(pe.rows()["subdistrict"].unique()) == 4
    assert len(list((data.parent / "outputs/rows").iterdir())) == 2


def test_the_same_data_are_named_alike_from_anywhere(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pe.rows()
    (data.parent / "notebooks").mkdir()
    monkeypatch.chdir(data.parent / "notebooks")
    pd.testing.assert_frame_equal(pe.rows("../data"), first)
    assert set(first["file"].str.split("/").str[0]) == set(OFFICES)


def test_parts_of_the_change_add_up_from_the_store_and_from_a_history(data: Path) -> None:
    whole = pe.decomposition()
    assert whole["subdistrict"].unique().tolist() == ["delta", "beta", "shili", "gamma"]
    parts = whole[["targets", "actuals", "weights", "indicators", "execution", "other"]].sum(axis=1)
    assert (parts - (whole["after"] - whole["before"])).abs().max() < 1e-9
    history = pe.decomposition(pe.history(pe.load(data, "beta")))
    pd.testing.assert_frame_equal(pe.decomposition(subdistrict="beta"), history)


@pytest.mark.usefixtures("data")
def test_score_parts_lead_from_full_points_to_the_score() -> None:
    rows, scores = pe.rows(), pe.scores()
    parts = pe.score_parts(rows, scores)
    last = parts.groupby(["subdistrict", "year"], sort=False).tail(1)
    assert last["cumulative"].tolist() == scores["score"].tolist()
    losses = parts.query("kind == 'loss'").groupby(["subdistrict", "year"])["points"].sum()
    lost = scores.set_index(["subdistrict", "year"]).eval("score - possible")
    assert (losses - lost[losses.index]).abs().max() < 0.01
    with pytest.raises(ParameterError, match="应有3行指标，rows里有0行"):
        pe.score_parts(rows.head(0), scores)


@pytest.mark.usefixtures("data")
def test_completion_counts_as_the_scores_do() -> None:
    counted = pe.completion(pe.rows(), ["subdistrict", "year"])
    scores = pe.scores().sort_values(["subdistrict", "year"], ignore_index=True)
    for name in ("rows", "met", "partly", "missed", "declared", "undecided", "most"):
        assert counted[name].tolist() == scores[name].tolist()
    assert pe.completion(pe.rows())["rows"].tolist() == [scores["rows"].sum()]
    assert pe.completion(pe.rows().head(0))["rows"].tolist() == [0]


@pytest.mark.usefixtures("data")
def test_a_store_is_read_as_it_stands_without_its_data() -> None:
    whole, counted = pe.rows(), pe.completion("", ["year", "category"])
    Path("data").rename("elsewhere")
    stored = Path("outputs/rows/hubei")
    pd.testing.assert_frame_equal(pe.completion(stored, ["year", "category"]), counted)
    pd.testing.assert_frame_equal(
        pe.rows(stored, district="东区"), whole[whole["district"].eq("东区")].reset_index(drop=True)
    )
    assert pe.completion(stored)["rows"].tolist() == [len(whole)]
    (stored / "rows" / "东区.parquet").write_bytes(b"PAR1")
    for ask in (lambda: pe.completion(stored, "year"), lambda: pe.rows(stored)):
        with pytest.raises(pe.PerfevalError, match=r"hubei/rows/东区\.parquet 已损坏"):
            ask()


def test_a_store_without_its_data_says_who_is_left_out_as_with_them(data: Path) -> None:
    change(data, "beta", 2022, "效益", "不知")
    left = pe.rows().attrs["left_out"]
    data.rename("elsewhere")
    assert pe.rows(Path("outputs/rows/hubei")).attrs["left_out"] == left
    assert [one[:2] for one in left] == [("beta", 2022)]


@pytest.mark.usefixtures("data")
def test_alike_narratives_stand_in_groups() -> None:
    rows = pe.rows(subdistrict=["beta", "gamma"])
    told = rows.assign(narrative=["由城管中心登记汇总后上报办结"] * 2 + [""] * (len(rows) - 2))
    found = pe.alike(told)
    assert found["between"].tolist() == ["同一街道同一年"] * 2
    assert found["likeness"].tolist() == [1.0, 1.0]
    assert pe.alike(rows).empty


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda _: pe.rows(years=2022.0), "years 不是年度：小数2022.0"),
        (lambda _: pe.rows(years="22"), "years 不是年度：文字“22”"),
        (lambda _: pe.rows(years=True), "years 不是年度：真假值True"),
        (lambda _: pe.rows(years="2023-2021"), "起止年度颠倒"),
        (lambda _: pe.rows(years=[]), "years 是空的"),
        (lambda _: pe.rows(subdistrict=3), "subdistrict 须是文字或文字的列表，现为整数3"),
        (lambda _: pe.rows(subdistrict=[1]), "其中有整数1"),
        (lambda _: pe.rows(district=["东区"]), "district 须是一段文字，现为列表"),
        (lambda _: pe.rows(pd.DataFrame({"a": [1]})), "source 须是数据目录（文字或路径），现为数据表（DataFrame）"),
        (lambda _: pe.rows(ruleset=3), "ruleset 须是计分规则的名称、文件或规则本身，现为整数3"),
        (lambda data: pe.rows(pe.load(data, "beta", 2022), ruleset="flatt"), "没有名为“flatt”的计分规则"),
        (lambda data: pe.rows(pe.evaluate(pe.load(data, "beta", 2022)), ruleset="flat"), "结果是按“hubei”规则评价的"),
        (lambda _: pe.evaluate("data"), "须是 pe.load 读到的数据，现为文字“data”；请先 data = pe.load('data')"),
        (lambda _: pe.history(pe.rows()), "须是 pe.load 读到的数据，现为数据表（DataFrame）"),
        (lambda data: pe.evaluate(pe.load(data), subdistrict=["beta"]), "subdistrict 须是一段文字，现为列表"),
        (lambda data: pe.evaluate(pe.load(data), year="2022-2023"), "year 须是一个年度"),
        (lambda data: pe.load(data, years=2022.5), "years 不是年度"),
        (lambda _: pe.load(["data"]), "data_dir 须是数据目录"),
        (lambda _: pe.peers(3), "data 须是数据目录"),
        (lambda data: pe.peers(data, district=3), "district 须是一段文字"),
        (lambda data: pe.decomposition(pe.evaluate(pe.load(data, "beta", 2022))), "要有几个年度"),
        (lambda _: pe.completion(pe.rows(), "stauts"), "by 里没有“stauts”，是否指“status”？"),
        (lambda _: pe.alike(pe.rows(), 3), "least 须在0.5到1之间"),
        (lambda _: pe.score_parts("rows", pe.scores()), "rows 须是数据表（DataFrame），现为文字“rows”"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_one_chinese_line(data: Path, call: object, said: str) -> None:
    with pytest.raises((ParameterError, pe.RuleSetError)) as caught:
        call(data)  # type: ignore[operator]
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"subdistrict": "bata"}, "没有名为“bata”的街道，是否指“beta”？"),
        ({"subdistrict": "none"}, "街道“none”没有任何年度的数据"),
        ({"district": "东"}, "没有名为“东”的区县"),
        ({"years": 2021}, "没有2021年度的数据；现有年度：2020、2022、2023"),
        ({"years": "2030-2031"}, "没有2030、2031年度的数据"),
    ],
)
def test_what_is_not_on_file_is_said(data: Path, asked: dict[str, object], said: str) -> None:
    assert data.is_dir()
    with pytest.raises(pe.NotOnFile, match=said):
        pe.rows(**asked)  # type: ignore[arg-type]


def test_names_and_aliases_are_taken_everywhere(data: Path) -> None:
    loaded = pe.load(data, years="2022-2023")
    assert sorted(set(loaded.indicators["year"])) == [2022, 2023]
    assert set(pe.load(data, "老示例", "2022").indicators["year"]) == {2022}
    assert pe.evaluate(loaded, subdistrict="示例街", year="2022").subdistrict == "shili"
    assert pe.history(loaded, subdistrict="乙街道").subdistrict == "beta"
    assert pe.peers(data, district="东区", year="2022").year == 2022


def test_unchanged_files_are_not_read_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = time.time() - 60
    for path in data.rglob("*.*"):
        os.utime(path, (old, old))
    pe.rows()
    ours, read = Path.read_bytes, []

    def noting(path: Path) -> bytes:
        read.append(path.name)
        return ours(path)

    monkeypatch.setattr(Path, "read_bytes", noting)
    pe.rows()
    assert read == ["matches.csv"]


@pytest.mark.usefixtures("data")
def test_parts_are_not_made_of_rows_that_are_not_all_there() -> None:
    rows, scores = pe.rows(), pe.scores()
    others = rows[rows["subdistrict"].ne("beta")]
    with pytest.raises(ParameterError, match="应有3行指标，rows里有0行"):
        pe.score_parts(others, scores)
    with pytest.raises(ParameterError, match="应有3行指标，rows里有2行"):
        pe.score_parts(rows.drop(index=rows.index[rows["subdistrict"].eq("beta")][0]), scores)


@pytest.mark.parametrize("years", [None, {2021}, {2021, 2022}, {2023}])
@pytest.mark.parametrize("held", [["a"], ["a", "b"], ["b", "a"], ["a", "c"], []])
def test_rows_of_offices_are_read_in_as_few_pieces_as_there_are_gaps(held: list[str], years: set[int] | None) -> None:
    counts = {"a": {2021: 2, 2022: 0, 2023: 3}, "b": {2021: 1, 2022: 4}, "c": {2021: 5}}
    offices, start = {}, 0
    for name, by_year in counts.items():
        placed = {}
        for year, count in by_year.items():
            placed[year] = parquet.Fragment("", start, count, "")
            start += count
        offices[name] = parquet.Office("", "", placed)
    pieces = keeping._ranges(parquet.Contents("", offices), held, years)
    wanted = [
        row
        for name in sorted(held)
        for year, one in offices[name].years.items()
        if years is None or year in years
        for row in range(one.start, one.start + one.count)
    ]
    assert [row for first, last in pieces for row in range(first, last)] == wanted
    assert all(last < first for (_, last), (first, _) in pairwise(pieces)), "neighbours are one piece"
