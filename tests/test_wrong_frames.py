"""Whatever is given instead of the right frame or result, a function of the public face says in Chinese what it lacks."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import years

import perfeval as pe
from perfeval import plot, show
from perfeval.model import asked
from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.present import words

PANDAS = (pd.DataFrame, pd.DataFrame | pd.Series, pd.DataFrame | pd.Series | None)
RESULTS = (pe.Evaluation, pe.History, pe.Peers)
CALLS: dict[str, tuple[Callable[..., object], tuple[str, ...]]] = {
    "alike": (pe.alike, ("rows",)),
    "completion": (pe.completion, ("rows",)),
    "decisions": (pe.decisions, ("scores", "findings", "rows")),
    "movers": (pe.movers, ("scores",)),
    "score_parts": (pe.score_parts, ("rows", "scores")),
    "spending": (pe.spending, ("rows", "money")),
    "targets": (pe.targets, ("rows",)),
    "trends": (pe.trends, ("scores",)),
    "unit_costs": (pe.unit_costs, ("rows", "money")),
    "year_totals": (pe.year_totals, ("scores",)),
    "show.derivations": (show.derivations, ("rows",)),
    "show.grid": (show.grid, ("rows",)),
    "show.missed": (show.missed, ("rows",)),
    "show.findings": (show.findings, ("findings",)),
    "words.goals_of": (words.goals_of, ("rows",)),
    "words.without_measure": (words.without_measure, ("rows",)),
    "Workbench": (pe.Workbench, ("rows", "scores")),
}
"""Functions that need certain columns, and the frames they take first."""


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    data = tmp_path_factory.mktemp("项目") / "data"
    years.write(data)
    (data / "subdistricts.csv").write_text(
        "id,name,aliases,district,population\nshili,示例街道,,示例区,\n", encoding="utf-8"
    )
    return {"rows": pe.rows(data), "scores": pe.scores(data), "money": pe.money(data), "findings": pe.findings(data)}


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    for module in (pe, show, plot):
        for name in module.__all__:
            made = getattr(module, name)
            if inspect.isfunction(made):
                yield f"{module.__name__}.{name}", made


def guarded(function: Callable[..., object]) -> list[str]:
    """Parameters without default that are to be frames or results."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.default is one.empty and one.annotation in (*PANDAS, *RESULTS)]


TAKING = {name: function for name, function in public() if guarded(function)}
"""Every public function that takes a frame or a result first; new ones are tested as they come."""


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize("wrong", [5, [1], "rows", {"a": 1}, b"x"], ids=repr)
def test_what_is_neither_frame_nor_result_is_refused_by_its_name(name: str, wrong: Any) -> None:
    function = TAKING[name]
    with pytest.raises(ParameterError) as caught:
        function(*[wrong] * len([p for p in inspect.signature(function).parameters.values() if p.default is p.empty]))
    assert guarded(function)[0] in str(caught.value)
    assert "现为" in str(caught.value)


def test_there_are_as_many_of_them_as_one_thinks() -> None:
    assert len(TAKING) >= 25
    assert {f"perfeval.{name}" for name in ("targets", "movers", "evidence", "lineage", "over_years")} <= set(TAKING)


def of_one_year(name: str, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {key: frame[frame["year"].eq(2023)] for key, frame in frames.items()} if name == "decisions" else frames


@pytest.mark.parametrize("name", CALLS)
def test_a_frame_that_lacks_a_column_is_taken_or_the_column_is_named(
    name: str, frames: dict[str, pd.DataFrame]
) -> None:
    function, needed = CALLS[name]
    whole = of_one_year(name, frames)
    function(*(whole[part] for part in needed))
    refused = []
    for lacking in needed:
        for column in whole[lacking].columns:
            given = [whole[part].drop(columns=column) if part == lacking else whole[part] for part in needed]
            try:
                function(*given)
            except ParameterError as error:
                refused.append((f" 缺少列{column}：", str(error)))
    assert refused
    assert [said for wanted, said in refused if wanted not in said] == []


@pytest.mark.parametrize("name", CALLS)
def test_another_frame_is_told_from_the_right_one(name: str, frames: dict[str, pd.DataFrame]) -> None:
    function, needed = CALLS[name]
    for other in (pd.DataFrame(), pd.DataFrame({"甲": [1]}), frames["money" if "money" not in needed else "findings"]):
        given = [other, *(frames[part] for part in needed[1:])]
        with pytest.raises(ParameterError, match="缺少列") as caught:
            function(*given)
        assert "现在没有列" in str(caught.value) or f"{len(other.columns)}列" in str(caught.value)


def test_the_sentence_names_all_that_is_missing_where_to_get_it_and_what_was_given() -> None:
    with pytest.raises(ParameterError) as caught:
        asked.frame(pd.DataFrame({"trak": [1], "year": [2]}), "rows", ["track", "unit", "year"])
    assert str(caught.value) == "rows 缺少列track、unit：请用 pe.rows() 的表，现有trak、year2列"
    with pytest.raises(ParameterError, match=r"^held 缺少列a：现有c0、c1、c2、c3、c4、c5、c6、c7等9列$"):
        asked.frame(pd.DataFrame({f"c{n}": [1] for n in range(9)}), "held", ["a"])


def test_a_call_with_too_few_or_too_many_arguments_is_told() -> None:
    with pytest.raises(ParameterError, match="targets 还要参数 rows"):
        pe.targets()
    with pytest.raises(ParameterError, match="targets 的参数是 rows，所给的不符"):
        pe.targets(pd.DataFrame(), 1)


@pytest.mark.parametrize(
    ("name", "frame"), [("year_totals", "scores"), ("movers", "scores"), ("trends", "scores"), ("completion", "rows")]
)
def test_what_is_there_twice_is_refused(name: str, frame: str, frames: dict[str, pd.DataFrame]) -> None:
    """Two loads put together doubled every sum, without a word."""
    twice = pd.concat([frames[frame], frames[frame]])
    keys = ["subdistrict", "year"] + ["file", "row"] * (frame == "rows")
    first = "、".join(map(str, frames[frame].iloc[0][keys]))
    with pytest.raises(ParameterError, match=f"{frame} 有{len(frames[frame])}行重复（如{first}）"):
        getattr(pe, name)(twice)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda data: pe.load(data, subdistrict="示例街道"),
            "没有名为“示例街道”的街道：数据目录里没有任何街道的数据；请用",
        ),
        (
            lambda data: pe.rows(data, subdistrict="示例街道"),
            "没有名为“示例街道”的街道：数据目录里没有任何街道的数据；请用",
        ),
        (lambda data: pe.rows(data, district="示例区"), "没有名为“示例区”的区县：数据目录里没有任何街道的数据；请用"),
        (
            lambda data: pe.peers(data, district="示例区", year=2024),
            "没有区县“示例区”的数据：数据目录里没有任何街道的数据",
        ),
    ],
    ids=["load", "rows", "district", "peers"],
)
def test_an_empty_project_says_what_to_do_about_a_name(ask: Any, told: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(NotOnFile, match=told):
        ask(tmp_path / "data")
