"""What users ask for: years as they may be written, and the sentence for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
