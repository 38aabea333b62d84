"""What users ask for: years as they may be written, and the sentence for what is none."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.model import asked
from perfeval.model.errors import ParameterError

YEARS = st.integers(1900, 2099)


@given(YEARS, YEARS, st.sampled_from(["-", "—", "–", "~", "～", "至", "到", " - "]))
def test_a_span_is_its_years_from_first_to_last(one: int, other: int, mark: str) -> None:
    first, last = sorted((one, other))
    assert asked.years(f"{first}{mark}{last}") == range(first, last + 1)
    assert asked.years(f"{first}年度{mark}{last}年") == range(first, last + 1)
    if first < last:
        with pytest.raises(ParameterError, match="起止年度颠倒"):
            asked.years(f"{last}{mark}{first}")


@given(YEARS)
def test_one_year_is_itself_however_it_is_written(year: int) -> None:
    assert (
        asked.years(year)
        == asked.years(f"{year}")
        == asked.years(f" {year}年度 ")
        == asked.years([str(year)])
        == {year}
    )
    assert asked.one_year(f"{year}") == asked.one_year(year) == year


@pytest.mark.parametrize("wrong", [True, 2024.0, "24", "", "2024-", [], b"2024", {2024: 1}, [2024.0], "3024"], ids=repr)
def test_what_is_no_year_is_refused(wrong: object) -> None:
    with pytest.raises(ParameterError, match="years"):
        asked.years(wrong)


def test_of_several_years_there_is_not_one() -> None:
    with pytest.raises(ParameterError, match="year 须是一个年度"):
        asked.one_year("2022-2023")
    assert asked.one_year(None) is None
    assert asked.one_year("2022-2022") == 2022


PUBLIC = {
    f"{module.__name__}.{name}": function
    for module in (pe, pe.plot)
    for name in module.__all__
    if inspect.isfunction(function := getattr(module, name)) and inspect.signature(function).parameters
}
PLAIN = {"perfeval.present.plot.save", "perfeval.present.plot.title_of", "perfeval.present.plot.name_artist"}
"""Functions of one chart, which Python answers for."""


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - PLAIN))
def test_an_argument_that_a_function_lacks_or_has_not_is_named_in_chinese(name: str) -> None:
    function = PUBLIC[name]
    with pytest.raises(ParameterError, match=f"^{function.__name__} 没有参数 nonsense"):
        function(nonsense=1)
    needed = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    if needed:
        with pytest.raises(ParameterError, match=f"^{function.__name__} 还要参数 .*{needed[-1].name}"):
            function()


def test_the_nearest_name_is_told_of_an_argument_and_of_a_function() -> None:
    with pytest.raises(ParameterError, match="rows 没有参数 year，是否指“years”？"):
        pe.rows(year=2024)
    with pytest.raises(AttributeError, match="perfeval 没有“scors”，是否指“scores”？"):
        pe.scors  # noqa: B018  # that it is not there is what is tried
    with pytest.raises(ParameterError, match="columns 的参数是 frame，所给的不符"):
        pe.columns("rows", "scores")
