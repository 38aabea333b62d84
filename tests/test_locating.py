"""What ``data_dir = ""`` means: the data of the notebook's own project, never of one beside or above it."""

import os
from pathlib import Path

import click
import pytest
from papermill.cli import papermill

import perfeval as pe
from perfeval.ingest import locating
from perfeval.model.errors import NotOnFile


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(locating.OUTPUTS, raising=False)


def place(folder: Path, settings: str | None = "", data: str = "data") -> Path:
    """A project: an office on file, a folder of notebooks, settings where there are any."""
    (folder / data / "shili" / "2022").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    if settings is not None:
        (folder / "perfeval.toml").write_text(settings, encoding="utf-8")
    return folder


def data_of(folder: Path) -> Path | None:
    found = locating.above(folder)
    return found.data if found else None


def test_a_notebook_reads_its_own_project(tmp_path: Path) -> None:
    project = place(tmp_path / "甲", '[paths]\ndata = "数据"\noutputs = "报告"\n', "数据")
    (project / "notebooks" / "mine").mkdir()
    for folder in (project, project / "notebooks", project / "notebooks" / "mine"):
        found = locating.above(folder)
        assert found == locating.Folders(project, project / "数据", project / "报告", project / "notebooks")


def test_a_demo_inside_another_project_reads_its_own_data(tmp_path: Path) -> None:
    place(tmp_path)
    inner = [place(tmp_path / "data-demo"), place(tmp_path / "demos" / "b"), place(tmp_path / "旧", settings=None)]
    for folder in inner:
        assert data_of(folder / "notebooks") == folder / "data"


def test_its_data_are_not_taken_from_above_where_its_own_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path)
    inner = place(tmp_path / "data-demo", '[paths]\ndata = "gone"\n')
    monkeypatch.chdir(inner / "notebooks")
    with pytest.raises(NotOnFile, match=r"没有数据目录“\.\./gone”"):
        pe.load("")


def test_without_settings_the_data_beside_the_notebooks_are_its_own(tmp_path: Path) -> None:
    project = place(tmp_path / "甲", settings=None)
    (project / "data" / "subdistricts.csv").write_text("id\n", encoding="utf-8")
    assert data_of(project) == data_of(project / "notebooks") == project / "data"
    (project / "notebooks" / "deep").mkdir()
    assert data_of(project / "notebooks" / "deep") is None  # two above: as likely somebody else's


@pytest.mark.parametrize("beside", ["empty", "foreign", "file"])
def test_not_every_folder_called_data_is_one(tmp_path: Path, beside: str) -> None:
    (tmp_path / "notebooks").mkdir()
    if beside == "file":
        (tmp_path / "data").touch()
    else:
        (tmp_path / "data" / ("images" if beside == "foreign" else "")).mkdir(parents=True)
    assert data_of(tmp_path / "notebooks") is None


def test_a_notebook_in_no_project_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotOnFile) as raised:
        pe.load("")
    for said in ("不知道数据在哪里", tmp_path.as_posix(), "-p data_dir", "--cwd"):
        assert said in str(raised.value)


def test_what_is_given_is_not_looked_for_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = place(tmp_path / "甲")
    monkeypatch.chdir(project / "notebooks")
    assert locating.data_folder("data") == Path("data")
    with pytest.raises(NotOnFile, match="没有数据目录“data”"):
        pe.load("data")


def test_what_is_found_is_named_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = place(tmp_path / "甲")
    monkeypatch.chdir(project / "notebooks")
    assert locating.data_folder() == Path("../data")
    monkeypatch.chdir(project)
    assert locating.data_folder("") == Path("data")


@pytest.mark.parametrize("text", ["[paths]\ndata = 3\n", "[paths\n"])
def test_wrong_settings_are_said_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    project = place(place(tmp_path) / "乙", text)
    monkeypatch.chdir(project)
    with pytest.raises(locating.SettingsError, match=r"perfeval\.toml"):
        locating.data_folder()


def test_outputs_are_those_of_the_project_whose_data_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = place(tmp_path / "甲", '[paths]\noutputs = "报告"\n')
    other = place(tmp_path / "乙", f'[paths]\ndata = "{(tmp_path / "远" / "data").as_posix()}"\n')
    far = place(tmp_path / "远", settings=None)
    monkeypatch.chdir(own / "notebooks")
    assert locating.outputs_folder() == own / "报告"
    assert locating.outputs_folder("../data") == own / "报告"
    assert locating.outputs_folder(other / "data") == other / "outputs"
    assert locating.outputs_folder(far / "data") == far / "outputs"
    monkeypatch.chdir(other)
    assert locating.outputs_folder(far / "data") == other / "outputs"  # its own, wherever they are
    monkeypatch.setenv(locating.OUTPUTS, str(tmp_path / "此次"))
    assert locating.outputs_folder("../data") == tmp_path / "此次"


GIVEN = {
    "papermill a.ipynb b.ipynb -p year 2022": (False, "a.ipynb"),
    "/v/bin/python /v/bin/papermill -p notebook x.ipynb n/a.ipynb out.ipynb": (False, "n/a.ipynb"),
    "python -X utf8 -m papermill --cwd n a.ipynb b.ipynb": (True, "a.ipynb"),
    "python /v/papermill/__main__.py --cwd=n --log-output a.ipynb": (True, "a.ipynb"),
    r"C:\v\python.exe C:\v\Scripts\papermill.exe -k python3 a.ipynb": (False, "a.ipynb"),
    "papermill - out.ipynb": (False, ""),
    "papermill s3://b/a out.ipynb": (False, ""),
    "jupyter-nbconvert --execute a.ipynb": None,
    "python run.py": None,
}


@pytest.mark.parametrize("line", GIVEN)
def test_papermill_says_which_notebook_it_runs(line: str) -> None:
    assert locating.given(line.split()) == GIVEN[line]


def test_papermills_options_are_known() -> None:
    options = [option for option in papermill.params if isinstance(option, click.Option) and not option.is_flag]
    assert {name.lstrip("-"): option.nargs for option in options for name in option.opts} == locating.TAKES


def test_a_folder_removed_under_the_notebook_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("Windows does not remove a folder in use")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(pe.PerfevalError):
        locating.data_folder()
