"""What a report is about: read off its notebook's parameters, and held against what is on file."""

from pathlib import Path

import pytest

from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run.contract import Parameter
from perfeval.run.subjects import EVERYTHING, in_district, scope, subjects

OFFICES = {"a": "东区", "b": "东区", "c": "西区", "d": ""}


def takes(*names: str) -> dict[str, Parameter]:
    return {name: Parameter(name, "int" if "year" in name else "str", None, "") for name in (*names, "data_dir")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = ["id,name,district", *(f"{name},{name}街道,{district}" for name, district in OFFICES.items())]
    (tmp_path / "subdistricts.csv").write_text("\n".join(lines), encoding="utf-8")
    for name in OFFICES:
        for year in ("2021", "2022") if name != "c" else ("2022",):
            (tmp_path / name / year).mkdir(parents=True)
    return tmp_path


UNITS = [("a", 2021), ("a", 2022), ("b", 2021), ("b", 2022), ("c", 2022), ("d", 2021), ("d", 2022)]


def test_one_for_every_subdistrict_and_year(data: Path) -> None:
    found = subjects(takes("subdistrict", "year", "ruleset"), "x", UNITS, data)
    assert [(about.subject, about.period) for about in found] == [(name, str(year)) for name, year in UNITS]
    assert found[0].values == {"subdistrict": "a", "year": 2021}
    assert found[0].units == (("a", 2021),)


def test_one_for_every_subdistrict_with_years_to_compare(data: Path) -> None:
    found = subjects(takes("subdistrict", "first_year", "last_year"), "x", UNITS, data)
    assert [(about.subject, about.period) for about in found] == [(name, "2021-2022") for name in "abd"]
    assert found[0].values == {"subdistrict": "a", "first_year": 2021, "last_year": 2022}
    assert found[0].units == (("a", 2021), ("a", 2022))


def test_one_for_every_district_and_year_with_offices_to_compare(data: Path) -> None:
    found = subjects(takes("district", "year"), "x", UNITS, data)
    assert [(about.subject, about.period) for about in found] == [("东区", "2021"), ("东区", "2022")]
    assert found[1].values == {"district": "东区", "year": 2022}


def test_a_district_is_whole_whichever_of_its_offices_was_asked_for(data: Path) -> None:
    (about,) = subjects(takes("district", "year"), "x", [("b", 2022)], data)
    assert about.units == (("a", 2022), ("b", 2022))


def test_one_for_every_district_over_its_years(data: Path) -> None:
    found = subjects(takes("district", "first_year", "last_year", "ruleset"), "x", UNITS, data)
    (about,) = found  # 西区 has one office and one year: nothing to compare
    assert (about.subject, about.period) == ("东区", "2021-2022")
    assert about.values == {"district": "东区", "first_year": 2021, "last_year": 2022}
    assert about.units == (("a", 2021), ("a", 2022), ("b", 2021), ("b", 2022))


def test_a_districts_years_are_those_asked_for_and_its_offices_all(data: Path) -> None:
    assert subjects(takes("district", "first_year", "last_year"), "x", [("a", 2022)], data) == []
    (about,) = subjects(takes("district", "first_year", "last_year"), "x", [("a", 2021), ("a", 2022)], data)
    assert {office for office, _ in about.units} == {"a", "b"}


def test_what_lies_between_the_years_asked_for_is_part_of_the_report(data: Path) -> None:
    (data / "a" / "2020").mkdir()
    (about,) = subjects(takes("subdistrict", "first_year", "last_year"), "x", [("a", 2020), ("a", 2022)], data)
    assert about.units == (("a", 2020), ("a", 2021), ("a", 2022))  # the notebook reads from the first to the last


def test_one_of_everything_runs_once(data: Path) -> None:
    (about,) = subjects(takes("top"), "x", UNITS, data)
    assert (about.subject, about.period, about.values) == (EVERYTHING, "2021-2022", {})
    assert about.units == tuple(UNITS)


def test_one_of_everything_a_year_and_over_the_years(data: Path) -> None:
    found = subjects(takes("year"), "x", UNITS, data)
    assert [(about.period, about.values) for about in found] == [("2021", {"year": 2021}), ("2022", {"year": 2022})]
    assert found[1].units == tuple(unit for unit in UNITS if unit[1] == 2022)
    (about,) = subjects(takes("first_year", "last_year"), "x", [("a", 2022)], data)
    assert (about.period, about.values) == ("2022", {"first_year": 2022, "last_year": 2022})


def test_one_for_every_office_or_district_over_all_its_years(data: Path) -> None:
    found = subjects(takes("subdistrict"), "x", [("a", 2022), ("c", 2022)], data)
    assert [(about.subject, about.period) for about in found] == [("a", "2021-2022"), ("c", "2022")]
    found = subjects(takes("district"), "x", UNITS, data)
    assert [(about.subject, about.period) for about in found] == [("东区", "2021-2022"), ("西区", "2022")]


def test_an_offices_notebook_may_ask_for_its_district_too(data: Path) -> None:
    (about,) = subjects(takes("subdistrict", "district", "year"), "x", [("c", 2022)], data)
    assert about.values == {"subdistrict": "c", "district": "西区", "year": 2022}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("subdistrict", "first_year"), "x 的参数 first_year 和 last_year 须成对，现在只有 first_year"),
        (("year", "first_year", "last_year"), "只能用一种"),
    ],
)
def test_parameters_must_not_contradict_each_other(data: Path, names: tuple[str, ...], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        subjects(takes(*names), "x", UNITS, data)


def test_a_notebook_must_say_where_its_data_are_and_take_years_as_numbers(data: Path) -> None:
    with pytest.raises(ParameterError, match=r"(?s)须含 data_dir.*year 须是整数"):
        subjects({"year": Parameter("year", "str", None, "")}, "x", UNITS, data)


def test_units_of_a_district(data: Path) -> None:
    assert in_district(data, "西区", UNITS) == [("c", 2022)]
    with pytest.raises(NotOnFile, match="没有区县“南区”的数据；街道名录里的区县：东区、西区"):
        in_district(data, "南区", UNITS)


def test_which_notebooks_compare() -> None:
    assert scope(takes("district", "year"), "x").comparing
    assert scope(takes("subdistrict", "first_year", "last_year"), "x").comparing
    assert not scope(takes("subdistrict", "year"), "x").comparing
    assert not scope(takes("year"), "x").comparing
