"""What a report is about: read off its notebook's parameters, and held against what is on file."""

from pathlib import Path

import pytest

from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run.contract import Parameter
from perfeval.run.planning import in_district, of_district, subjects

OFFICES = {"a": "东区", "b": "东区", "c": "西区", "d": ""}


def takes(*names: str) -> dict[str, Parameter]:
    return {name: Parameter(name, "int" if "year" in name else "str", None, "") for name in names}


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


def test_a_notebook_must_say_what_it_is_about(data: Path) -> None:
    with pytest.raises(ParameterError, match="x 的参数须含"):
        subjects(takes("subdistrict", "first_year"), "x", UNITS, data)


def test_units_of_a_district(data: Path) -> None:
    assert in_district(data, "西区", UNITS) == [("c", 2022)]
    with pytest.raises(NotOnFile, match="没有区县“南区”的数据；街道名录里的区县：东区、西区"):
        in_district(data, "南区", UNITS)


def test_which_notebooks_are_about_districts() -> None:
    assert of_district(takes("district", "year"))
    assert not of_district(takes("subdistrict", "year"))
