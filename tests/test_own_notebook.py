"""A notebook of one's own: its parameters are its own, checked like ours; its reports stand beside each other."""

import json
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import show
from perfeval.model.errors import NotOnFile, ParameterError
from perfeval.run import Report, contract, project, run_batch
from perfeval.run.planning import own_values, plan
from perfeval.run.project import Project

ROOT = Path(__file__).parents[1]
WORK = """\
import json
from IPython.display import display

figures = {"name": "全部街道", "period": "", "most": most, "keyword": keyword, "data_dir": data_dir}
display({"application/vnd.perfeval.result": json.dumps(figures)}, raw=True)
"""
TOP = 'most: int = 5  # 前几项\nkeyword: str = ""  # 关键词\ndata_dir: str = ""  # 数据目录\n'
DISTRICT = """\
district: str = "示例区"  # 区县
first_year: int = 2022  # 起始年度
last_year: int = 2023  # 截止年度
ruleset: str = "hubei"  # 计分规则
data_dir: str = ""  # 数据目录
"""
SPAN = """\
import json
from IPython.display import display

figures = {"name": district, "period": f"{first_year}-{last_year}", "ruleset": ruleset}
display({"application/vnd.perfeval.result": json.dumps(figures)}, raw=True)
"""


def write(folder: Path, name: str, parameters: str, work: str, title: str = "") -> None:
    """A notebook of one cell and its parameters."""
    first = nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, **({"title": title} if title else {})}
    cells = [first, nbformat.v4.new_code_cell(work, id="work")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / "notebooks" / f"{name}.ipynb")


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """Two offices of one district over two years, and two notebooks of one's own."""
    folder = tmp_path / "项目"
    for office in ("jia", "yi"):
        for year in ("2022", "2023"):
            shutil.copytree(ROOT / "data" / "ronghua" / "2022", folder / "data" / office / year)
    names = "id,name,district,city,aliases,synthetic\njia,甲街道,示例区,,,是\nyi,乙街道,示例区,,,是\n"
    (folder / "data" / "subdistricts.csv").write_text(names, encoding="utf-8")
    (folder / "perfeval.toml").write_text('[run]\nreports = ["top"]\njobs = 2\n', encoding="utf-8")
    (folder / "notebooks").mkdir()
    write(folder, "top", TOP, WORK, title="失分最多的指标")
    write(folder, "history", DISTRICT, SPAN)
    return project.find(folder)


def with_settings(place: Project, text: str) -> Project:
    file = place.root / "perfeval.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return project.find(place.root)


def made(place: Project, **asked: object) -> Report:
    (report,) = run_batch("top", where=place, own=asked).reports
    assert not report.error
    return report


def test_reports_with_other_parameters_stand_beside_each_other(place: Project) -> None:
    usual, more = made(place), made(place, most=20)
    assert (usual.folder.name, more.folder.name) == ("top", "top@most=20")
    assert usual.folder.parent == more.folder.parent == place.outputs / "全部" / "2022-2023"
    assert (usual.figures["most"], more.figures["most"]) == (5, 20)
    assert more.html is not None
    assert more.html.name == "top.html"
    assert [made(place).status, made(place, most=20).status] == ["未变", "未变"]
    assert made(place, most=5).folder == usual.folder  # what is usual is no other report
    assert made(place, most=20, keyword="培训 A").figures["keyword"] == "培训 A"


def test_settings_say_what_is_usual(place: Project) -> None:
    usual = made(place)
    place = with_settings(place, "[parameters.top]\nmost = 7\n")
    (task,) = plan(place)
    assert (task.reason, task.variant, task.own) == ("参数变化", "", {"most": 7})
    assert made(place).figures["most"] == 7
    assert made(place).folder == usual.folder
    assert made(place, most=5).folder.name == "top@most=5"


def test_other_data_stay_another_folder_in_what_is_shown(place: Project) -> None:
    assert made(place).figures["data_dir"] == "data"


def test_one_report_a_district_over_its_years(place: Project) -> None:
    (report,) = run_batch("history", where=place).reports
    assert (report.subject, report.period, report.error) == ("示例区", "2022-2023", "")
    assert report.figures == {"name": "示例区", "period": "2022-2023", "ruleset": "hubei"}
    with pytest.raises(NotOnFile, match="没有可比的数据"):
        plan(place, "history", years=2022)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"mots": 3}, "不认识的参数“mots”，是否指“most”？"),
        ({"most": "十"}, "参数“most”须是整数，现为“十”"),
        ({"year": 2022}, "参数“year”请用 -y 年度"),
        ({"subdistrict": "jia", "data_dir": "x"}, "参数“data_dir”请用 --data 目录"),
    ],
)
def test_parameters_are_checked_before_anything_starts(
    place: Project, own: dict[str, contract.Value], said: str
) -> None:
    with pytest.raises(ParameterError) as raised:
        run_batch("top", where=place, own=own)
    assert said in str(raised.value)
    assert not place.outputs.exists() or not list(place.outputs.glob("全部"))


def test_settings_are_checked_too(place: Project) -> None:
    with pytest.raises(ParameterError, match="不认识的参数“mots”"):
        plan(with_settings(place, "[parameters.top]\nmots = 7\n"))


def test_one_without_a_value_is_missed_before_anything_starts(place: Project) -> None:
    write(place.root, "top", TOP.replace("most: int = 5", "most: int"), WORK)
    with pytest.raises(ParameterError, match="缺少参数“most”（前几项）"):
        plan(place)
    assert plan(place, own={"most": 3})[0].own == {"most": 3}


def test_a_report_of_everything_cannot_be_narrowed_in_silence(place: Project) -> None:
    for asked in ({"subdistricts": ["jia"]}, {"districts": ["示例区"]}, {"years": 2022}, {"ruleset": "flat"}):
        with pytest.raises(ParameterError, match="“top”不能这样生成"):
            plan(place, "top", **asked)
    assert plan(place, subdistricts=["jia"]) == []  # as whole districts are left out


REAL = """\
import perfeval as pe
from perfeval import show

rows = pe.rows(data_dir)
show.record(rows)
"""


def test_a_notebook_of_all_rows_leaves_what_they_are(place: Project) -> None:
    write(place.root, "top", TOP, REAL, title="失分最多的指标")
    report = made(place)
    assert report.figures == {
        "name": "示例区", "period": "2022-2023", "years": [2022, 2023], "offices": ["jia", "yi"], "rows": 156,
        "headline": "示例区2022-2023年度：2个街道，156行。", "synthetic": True,
    }  # fmt: skip
    page = (report.folder / "top.html").read_text(encoding="utf-8")
    assert "<title>【示例数据】示例区 2022-2023失分最多的指标</title>" in page
    assert not list(place.root.rglob("data/**/*.parquet"))


@pytest.mark.parametrize(("frame", "why"), [({"year": [2022]}, "没有列subdistrict"), ({}, "没有行")])
def test_a_frame_that_does_not_say_whose_it_is_is_refused(frame: dict[str, list[object]], why: str) -> None:
    columns = frame or {name: [] for name in ("subdistrict", "name", "district", "year", "synthetic")}
    with pytest.raises(ParameterError, match=why):
        show.record(pd.DataFrame(columns))


def test_what_makes_no_report_is_none(place: Project) -> None:
    write(place.root, "look", 'data_dir: str = ""\n', "import pandas as pd\nimport polars\nprint(data_dir)")
    assert place.reports_there() == ["history", "top"]
    with pytest.raises(ParameterError, match=r"“look”不能这样生成：没有 show\.record"):
        plan(place, "look")


def test_the_command_line_asks_and_names_as_the_notebook_does(place: Project, command) -> None:
    done = command("run", "-r", "top", "-p", "most", "10", "-p", "keyword", "培训", cwd=place.root)
    assert done.code == 0, done.err
    assert "全部街道 2022-2023 失分最多的指标（most=10，keyword=培训）" in done.out
    figures = json.loads(next(place.outputs.rglob("result.json")).read_text(encoding="utf-8"))
    assert (figures["most"], figures["keyword"]) == (10, "培训")
    index = (place.outputs / "index.html").read_text(encoding="utf-8")
    assert "失分最多的指标（most=10，keyword=培训）" in index
    assert 'href="全部/2022-2023/top@most=10,keyword=培训/top.html"' in index
    assert "失分最多的指标（most=10，keyword=培训）" in command("status", "-r", "top", cwd=place.root).out
    assert "失分最多的指标" in command("list", cwd=place.root).out
    wrong = command("run", "-r", "top", "-p", "most", "ten", cwd=place.root)
    assert (wrong.code, "须是整数，现为“ten”" in wrong.err) == (2, True)
    assert "给了两次" in command("run", "-r", "top", "-p", "most", "1", "-p", "most", "2", cwd=place.root).err


def test_a_parameters_file_may_have_them(place: Project, command) -> None:
    file = place.root / "ask.toml"
    file.write_text('report = "top"\n[parameters]\nmost = 3\n', encoding="utf-8")
    planned = command("run", "--parameters", str(file), "--dry-run", cwd=place.root)
    assert "失分最多的指标（most=3）" in planned.out
    file.write_text('report = "top"\n[parameters]\nmost = "3"\n', encoding="utf-8")
    assert "须是整数" in command("run", "--parameters", str(file), "--dry-run", cwd=place.root).err


NOTEBOOK = {"cells": [{"cell_type": "code", "source": TOP, "metadata": {"tags": ["parameters"]}}]}


@given(st.text(max_size=40), st.text(max_size=40))
def test_other_values_have_other_folders_on_every_system(one: str, other: str) -> None:
    names = [own_values(NOTEBOOK, {}, {"keyword": value})[1] for value in (one, other)]
    assert (names[0].casefold() == names[1].casefold()) == (one == other)
    assert not any(set(name) & set('<>:"/\\|?*\0\n') or name.endswith((" ", ".")) for name in names)
