"""Several years of one office put together."""

import math

import pandas as pd
import pytest
import years

import perfeval as pe
from perfeval.model import history as contract
from perfeval.model.history import BROKEN, DROPPED, NEW, SAME, SIMILAR

FRAMES = {
    "matches": contract.MATCH_TYPES,
    "doubtful": contract.MATCH_TYPES,
    "summary": contract.SUMMARY_TYPES,
    "trends": contract.TREND_TYPES,
    "year_on_year": contract.YEAR_ON_YEAR_TYPES,
    "changes": contract.CHANGE_TYPES,
    "decomposition": contract.DECOMPOSITION_TYPES,
    "repeated": contract.REPEATED_TYPES,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> pe.History:
    data = tmp_path_factory.mktemp("history") / "data"
    years.write(data)
    return pe.history(pe.load(data))


def test_the_years_and_the_office(office: pe.History) -> None:
    assert (office.subdistrict, office.years, list(office.evaluations)) == (
        "shili",
        (2020, 2022, 2023),
        [2020, 2022, 2023],
    )
    assert office.ruleset.name == "hubei"


def test_the_summary(office: pe.History) -> None:
    rows = office.summary.set_index("year")
    assert rows["budget"].tolist() == [2000, 2000, 2000]
    assert rows["executed"].tolist() == [1900, 1950, 2000]
    assert rows["execution_rate"].tolist() == [0.95, 0.975, 1.0]
    assert rows[["rows", "met", "missed"]].to_numpy().tolist() == [[3, 2, 1], [3, 3, 0], [3, 2, 1]]
    assert rows["completion_low"].tolist() == rows["completion_high"].tolist()
    assert rows["completion_low"].tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    assert rows["declared_score"].isna().all()
    assert rows["score"].tolist() == [office.evaluations[year].score for year in office.years]


def test_tracks_and_matches(office: pe.History) -> None:
    tracks = office.indicators.groupby("year")["track"].agg(list).to_dict()
    assert tracks == {2020: ["T01", "T02", "T03"], 2022: ["T01", "T04", "T03"], 2023: ["T01", "T03", "T05"]}
    assert list(office.indicators.columns[:2]) == ["track", "year"]
    assert set(office.indicators.columns) == {"track", *office.evaluations[2020].indicators.columns}
    kinds = office.matches.groupby("year")["kind"].agg(list).to_dict()
    assert kinds == {2022: [SIMILAR, BROKEN, SAME], 2023: [SAME, SAME, NEW, DROPPED]}
    assert office.doubtful.empty


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_has_the_columns_of_the_contract(office: pe.History, ronghua: pe.Evaluation, name: str) -> None:
    from perfeval.analysis.evaluation import history

    for one in (office, history({2022: ronghua})):
        frame = getattr(one, name)
        wanted = contract.frame_of(FRAMES[name])
        assert list(frame.columns) == list(wanted.columns)
        assert frame.dtypes.astype(str).to_dict() == wanted.dtypes.astype(str).to_dict()


def test_one_year_is_enough(ronghua: pe.Evaluation) -> None:
    from perfeval.analysis.evaluation import history

    one = history({2022: ronghua})
    assert (one.years, len(one.matches), len(one.year_on_year), len(one.changes)) == ((2022,), 0, 0, 0)
    assert one.summary["score"].tolist() == [97.86]
    assert one.indicators["track"].tolist()[:2] == ["T01", "T02"]


def test_a_decision_on_file_is_followed(tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder = years.write(tmp_path / "data")
    years.decide(folder, "2022,网格案件办结率,,2020,网格案结率,,不同,", "2022,宣传活动,,2020,宣传活动,,同一,")
    found = pe.history(pe.load(tmp_path / "data")).matches
    first = found[found["year"].eq(2022)].set_index("indicator")
    assert first.loc["网格案件办结率", "kind"] == NEW
    assert first.loc["宣传活动", "kind"] == "人工对应"
    assert first.loc["", "previous_indicator"] == "网格案结率"


def test_a_year_without_budget_figures_has_no_rate(ronghua: pe.Evaluation) -> None:
    from dataclasses import replace

    from perfeval.analysis.evaluation import summary

    bare = replace(ronghua, execution=replace(ronghua.execution, rate=None, budget=None, executed=None))
    assert all(math.isnan(value) for value in summary({2022: bare})[["budget", "executed", "execution_rate"]].iloc[0])


def test_which_office_is_asked_for(tmp_path) -> None:  # type: ignore[no-untyped-def]
    years.write(tmp_path / "data")
    years.write(tmp_path / "data", "jiaru")
    data = pe.load(tmp_path / "data")
    with pytest.raises(pe.NotOnFile, match="现有：jiaru、shili"):
        pe.history(data)
    with pytest.raises(pe.NotOnFile, match="现有：jiaru、shili"):
        pe.history(data, subdistrict="shil")
    assert pe.history(data, subdistrict="shili").subdistrict == "shili"
    with pytest.raises(pe.RuleSetError, match="hubie"):
        pe.history(data, "hubie", subdistrict="shili")


def test_the_same_data_give_the_same_history(tmp_path, office: pe.History) -> None:  # type: ignore[no-untyped-def]
    years.write(tmp_path / "data")
    again = pe.history(pe.load(tmp_path / "data"))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(office, name))
