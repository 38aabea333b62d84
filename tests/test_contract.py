"""The parameters cell as a contract."""

import nbformat
import pytest

from perfeval.model.errors import ParameterError
from perfeval.run.contract import Text, bind, parameters


def notebook(source: str, *, cells: int = 1):
    tagged = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}) for _ in range(cells)]
    return nbformat.v4.new_notebook(cells=[*tagged, nbformat.v4.new_code_cell("print(1)")])


GOOD = "office: str  # 街道\nyear: int = 2022  # 年度\nshare: float = 0.5\nquick: bool = False  # 只看摘要\n"


def test_reads_names_types_defaults_and_help() -> None:
    found = parameters(notebook(GOOD))
    assert [(p.name, p.type, p.default, p.help) for p in found.values()] == [
        ("office", "str", None, "街道"),
        ("year", "int", 2022, "年度"),
        ("share", "float", 0.5, ""),
        ("quick", "bool", False, "只看摘要"),
    ]


def test_binds_in_the_order_of_the_cell_and_completes_by_defaults() -> None:
    bound = bind(notebook(GOOD), {"quick": True, "office": "荣华“街道”\n0301"})
    assert list(bound.items()) == [("office", "荣华“街道”\n0301"), ("year", 2022), ("share", 0.5), ("quick", True)]


def test_lists_every_wrong_parameter_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        bind(notebook(GOOD), {"yeer": 2022, "year": "2022", "quick": 1})
    text = str(caught.value)
    assert "不认识的参数“yeer”，是否指“year”？" in text
    assert "缺少参数“office”（街道）" in text
    assert "参数“year”须是整数，现为“2022”" in text
    assert "参数“quick”须是是/否，现为“1”" in text


@pytest.mark.parametrize(("value", "good"), [(2022, True), (True, False), (2022.0, False), ("2022", False)])
def test_an_int_is_an_int(value, good: bool) -> None:
    if good:
        assert bind(notebook(GOOD), {"office": "x", "year": value})["year"] == value
    else:
        with pytest.raises(ParameterError, match="year"):
            bind(notebook(GOOD), {"office": "x", "year": value})


def test_what_is_typed_on_a_command_line_is_read_by_its_type() -> None:
    typed = {"office": "12", "year": " 2023 ", "share": "0.25", "quick": "是"}
    bound = bind(notebook(GOOD), {name: Text(value) for name, value in typed.items()})
    assert bound == {"office": "12", "year": 2023, "share": 0.25, "quick": True}
    assert [type(value) for value in bound.values()] == [str, int, float, bool]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("year", "2023.0", "须是整数，现为“2023.0”"),
        ("share", "一半", "须是数，现为“一半”"),
        ("quick", "maybe", "是/否"),
    ],
)
def test_what_is_typed_and_is_not_of_the_type_is_said(name: str, value: str, said: str) -> None:
    with pytest.raises(ParameterError, match=f"参数“{name}”{said}" if said[0] == "须" else said):
        bind(notebook(GOOD), {"office": "x", name: Text(value)})


def test_a_whole_number_will_do_for_a_float() -> None:
    assert bind(notebook(GOOD), {"office": "x", "share": 1})["share"] == 1


@pytest.mark.parametrize(
    "source",
    [
        "year = 2022",
        "year: int | None = 2022",
        "year: list = []",
        "year: int = 1 + int('2')",
        "year: int = 'x'",
        "year: int = 1\nyear: int = 2",
        "import os",
        "year: int = ",
    ],
)
def test_a_cell_that_breaks_the_contract_is_refused(source: str) -> None:
    with pytest.raises(ParameterError):
        parameters(notebook(source))


@pytest.mark.parametrize("cells", [0, 2])
def test_there_is_exactly_one_parameters_cell(cells: int) -> None:
    with pytest.raises(ParameterError, match=f"现有{cells}个"):
        parameters(notebook("year: int = 1", cells=cells))
