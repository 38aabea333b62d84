"""Parameters files: what is written is read back, and everything wrong with one is said at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run.request import Request, read, write

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(name=texts, year=st.integers(0, 2100))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, name: str, year: int) -> None:
    path = tmp_path_factory.mktemp("request") / "new" / "a.toml"
    wanted = Request("annual", subdistrict=name, year=year, ruleset="flat", parameters={"top": year, "关键词": name})
    write(path, wanted)
    assert read(path) == wanted
    assert [file.name for file in path.parent.iterdir()] == ["a.toml"]


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'yeer = 2022\nyear = "2022"\nfirst_year = 2020\nsubdistrict = 1\ndistrict = "x"\n', encoding="utf-8"
    )
    with pytest.raises(ParameterError) as raised:
        read(path)
    told = str(raised.value)
    assert told.startswith("参数文件 a.toml 有6处错误")
    for fault in (
        "“yeer”，是否指“year”",
        "year 须是年份",
        "subdistrict 须是文字",
        "缺少 report",
        "year 与",
        "district 只能",
    ):
        assert fault in told


def test_a_notebooks_own_parameters_are_literals(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('report = "top"\n[parameters]\nmost = [1]\nwhen = 2022-01-01\n', encoding="utf-8")
    with pytest.raises(ParameterError, match="有2处错误") as raised:
        read(path)
    assert "［parameters］most 须是文字、数或 true、false，现为“[1]”" in str(raised.value)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="不能读取"):
        read(tmp_path / "missing.toml")
    (tmp_path / "a.toml").write_bytes(b"report = \xff")
    with pytest.raises(ParameterError, match="不是有效的UTF-8编码TOML"):
        read(tmp_path / "a.toml")


def test_years_are_those_on_file() -> None:
    held = {2019, 2020, 2022}
    assert Request("annual", year=2021).years(held) == (2021,)
    assert Request("trend").years(held) == ()
    assert Request("trend", first_year=2020, last_year=2023).years(held) == (2020, 2022)
    assert Request("trend", first_year=2020).years(held) == (2020, 2022)
    with pytest.raises(NotOnFile, match="从2023到2024年没有数据"):
        Request("trend", first_year=2023, last_year=2024).years(held)
