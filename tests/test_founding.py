"""A new project: nothing there is changed, and its notebooks' defaults exist in its data."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval import demo
from perfeval.demo import catalogue
from perfeval.model.errors import PerfevalError
from perfeval.run import founding, project
from perfeval.run.contract import fitted, parameters, read

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"


def text_of(cell: str, *, lines: bool = False) -> str:
    first = nbformat.v4.new_code_cell(cell, id="parameters", metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[first, nbformat.v4.new_code_cell("print(year)", id="work")])
    return nbformat.writes(notebook) if lines else json.dumps(notebook)


def defaults(text: str) -> dict[str, object]:
    return {name: parameter.default for name, parameter in parameters(json.loads(text)).items()}


CELL = """\
# 街道和年度
subdistrict: str = "ronghua"  # 街道编号，如 "ronghua"
year: int = (
    2022
)  # 年度
first_year: int  # 起始年度
name: str = "区县：甲"; quick: bool = False
"""


@pytest.mark.parametrize("lines", [True, False])
def test_defaults_are_replaced_and_nothing_else(lines: bool) -> None:
    new = fitted(
        text_of(CELL, lines=lines),
        {"subdistrict": '乙"\n', "year": 2024, "first_year": 2020, "quick": True, "other": 1},
    )
    assert defaults(new) == {
        "subdistrict": '乙"\n',
        "year": 2024,
        "first_year": 2020,
        "name": "区县：甲",
        "quick": True,
    }
    source = "".join(json.loads(new)["cells"][0]["source"])
    for kept in ("# 街道和年度", '# 街道编号，如 "ronghua"', "# 年度", "# 起始年度"):
        assert kept in source
    assert json.loads(new)["cells"][1] == json.loads(text_of(CELL, lines=lines))["cells"][1]


@given(st.text(), st.integers())
def test_any_value_can_be_a_default(name: str, year: int) -> None:
    new = fitted(text_of('a: str = "x"  # 甲\nb: int = 1\n'), {"a": name, "b": year})
    assert defaults(new) == {"a": name, "b": year}


@pytest.mark.parametrize("text", ["{", "[]", text_of("year = 2022\n"), text_of("year: int = 2022\n")])
def test_what_needs_no_change_or_breaks_the_contract_is_left_as_it_is(text: str) -> None:
    assert fitted(text, {"year": 2022}) == text


def test_of_another_type_is_no_default() -> None:
    text = text_of('year: str = "2022"\n')
    assert fitted(text, {"year": 2023}) == text


FORM = """\
资金来源,年初预算数,全年预算数,全年执行数
部门整体支出,10,10,9
一级指标,三级指标,年度指标值,实际完成值
产出,培训场次,≥12场,13场
效益,知晓率,≥90%,92%
"""


@pytest.fixture
def new(tmp_path: Path) -> Path:
    founding.found(tmp_path / "新项目", NOTEBOOKS)
    return tmp_path / "新项目"


def test_a_new_project_has_what_one_needs_and_is_in_order(new: Path, command) -> None:
    assert {path.stem for path in (new / "notebooks").iterdir()} == {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    assert project.find(new / "notebooks").root == new
    checked = command("check", cwd=new)
    assert "没有任何街道的数据" in checked.out + checked.err
    assert "TOML" not in checked.out + checked.err


def test_nothing_that_is_there_is_changed(new: Path) -> None:
    (new / "notebooks" / "annual.ipynb").write_text("mine", encoding="utf-8")
    (new / "perfeval.toml").write_text("# mine\n", encoding="utf-8")
    (new / "notebooks" / "trend.ipynb").unlink()
    assert founding.found(new, NOTEBOOKS)[1] == ["notebooks/trend.ipynb"]
    assert (new / "notebooks" / "annual.ipynb").read_text(encoding="utf-8") == "mine"
    assert (new / "perfeval.toml").read_text(encoding="utf-8") == "# mine\n"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    for folder in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(PerfevalError, match="请另指一个文件夹"):
            founding.found(folder, NOTEBOOKS)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_notebooks_are_fitted_to_the_first_data_and_then_left_alone(new: Path) -> None:
    place = project.find(new)
    assert founding.fit(place) == []  # nothing on file
    for office, years in (("jia", (2020, 2021)), ("yi", (2020, 2022)), ("bing", (2022,))):
        for year in years:
            shutil.copytree(ROOT / "data" / "ronghua" / "2022", new / "data" / office / str(year))
    (new / "data" / "subdistricts.csv").write_text("id,name,district\njia,甲,东区\nyi,乙,西区\nbing,丙,\n", "utf-8")
    assert set(founding.fit(place)) >= {"annual", "overview", "review", "trend"}
    trend = parameters(read(new / "notebooks" / "trend.ipynb"))
    assert [trend[name].default for name in ("subdistrict", "first_year", "last_year")] == ["yi", 2020, 2022]
    overview = parameters(read(new / "notebooks" / "overview.ipynb"))
    assert [overview[name].default for name in ("district", "year")] == ["西区", 2022]
    assert founding.fit(place) == []


def test_the_first_import_fits_the_notebooks(new: Path, command) -> None:
    form = new.parent / "表.csv"
    form.write_text(FORM, encoding="utf-8")
    done = command("import", str(form), "-s", "shili", "-y", "2023", cwd=new)
    assert "笔记本的默认参数已改为导入的数据：annual、" in done.out, done.out + done.err
    assert parameters(read(new / "notebooks" / "annual.ipynb"))["subdistrict"].default == "shili"


def test_the_command_says_what_it_made(tmp_path: Path, command) -> None:
    done = command("new", str(tmp_path / "甲"))
    assert done.code == 0
    assert "perfeval.toml、data/README.md、data/subdistricts.csv、notebooks/annual.ipynb" in done.out
    assert "没有新建" in command("new", str(tmp_path / "甲")).out
    assert command("new", str(tmp_path / "甲"), "--json").json["made"] == []


def test_a_demos_notebooks_open_with_what_is_there(tmp_path: Path) -> None:
    demo.make(tmp_path / "demo", subdistricts=2, years=(2021, 2022), seed=3, notebooks=NOTEBOOKS)
    held = pe.load(tmp_path / "demo" / "data")
    for path in (tmp_path / "demo" / "notebooks").glob("*.ipynb"):
        takes = {name: parameter.default for name, parameter in parameters(read(path)).items()}
        assert takes.get("district", catalogue.DISTRICT) == catalogue.DISTRICT
        assert takes.get("subdistrict", "shili001") in set(held.subdistricts["id"])
        assert (takes.get("year", 2022), takes.get("first_year", 2021), takes.get("last_year", 2022)) == (
            2022,
            2021,
            2022,
        )
    assert founding.fit(project.find(tmp_path / "demo")) == []
