"""``check`` finds all that stops ``run``: whatever makes a report fail is an error of it first."""

import contextlib
import csv
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval import rules
from perfeval.checking import check
from perfeval.model.errors import ERROR, NOTE, PerfevalError
from perfeval.run import contract, project
from perfeval.run.planning import plan

HERE = Path(__file__).parent
BROKEN = sorted(folder.name for folder in (HERE / "broken").iterdir() if folder.is_dir())
REPORTS = ("annual", "trend", "overview", "review")


def stopped(folder: Path, reports: tuple[str, ...] | None = None) -> str:
    """What stops the reports of a project, as a run would tell; empty where all can be made.

    The notebooks' cells are executed here and now: what they do is what a kernel does, and no kernel is waited for.
    """
    try:
        place = project.find(folder)
        rules.find(place.ruleset, place.data.parent)
        tasks = [task for report in reports or place.reports for task in _planned(place, report)]
        for task in tasks:
            notebook = contract.read(place.notebook(task.report))
            values = {**task.about.values, "ruleset": place.ruleset, "data_dir": place.data.name}
            names: dict[str, Any] = dict(contract.bind(notebook, values))
            with contextlib.chdir(place.data.parent):
                for cell in notebook["cells"]:
                    if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
                        exec("".join(cell["source"]), names)  # noqa: S102  # what a kernel would do
    except Exception as error:  # whatever stops a report
        return f"{type(error).__name__}: {error}"
    return ""


def _planned(place: project.Project, report: str) -> list[Any]:
    try:
        return plan(place, report)
    except pe.NotOnFile:  # nothing to compare, which the settings' own list of reports leaves out
        return plan(place, report) if report == "annual" else []


def errors(folder: Path) -> list[str]:
    """The errors that check tells, those that it raises included."""
    try:
        return [str(problem) for problem in check(folder) if problem.severity == ERROR]
    except PerfevalError as error:
        return [str(error)]


def holds(folder: Path, reports: tuple[str, ...] | None = None) -> str:
    """The law; what stopped the run, for those who expect something."""
    said = stopped(folder, reports)
    assert not said or errors(folder), f"check is clean, run fails: {said}"
    return said


@pytest.fixture
def folder(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole project that can be broken."""
    monkeypatch.chdir(workplace)
    return workplace


@pytest.mark.parametrize("defect", BROKEN)
def test_broken_data_that_stop_a_report_are_told_first(defect: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "broken" / defect / "data", tmp_path / "data")
    shutil.copytree(HERE.parent / "notebooks", tmp_path / "notebooks")
    holds(tmp_path, ("annual", "trend", "overview"))


def test_sound_data_are_clean_and_can_be_run(folder: Path) -> None:
    assert check(folder) == []
    assert not stopped(folder, REPORTS)


SETTINGS = {
    "no TOML": ("[run\n", "不是有效的UTF-8编码TOML"),
    "not UTF-8": (b"[run]\n# \xd6\xd0\n", "不是有效的UTF-8编码TOML"),
    "a section that is none": ("run = 3\n", "run 须是段落［run］"),
    "a schedule that is none": ("schedule = []\n", "schedule 须是段落［schedule］"),
    "several sections": ("[[run]]\njobs = 1\n", "run 须是段落［run］"),
    "an unknown section": ("[runs]\n", "不认识的段落［runs］"),
    "an unknown key": ("[run]\njob = 2\n", "不认识的设置“job”"),
    "a wrong type": ('[run]\njobs = "4"\n', "jobs 须是整数"),
    "a truth for a number": ("[run]\nminutes = true\n", "minutes 须是整数"),
    "a report that is no name": ("[run]\nreports = [1]\n", "reports 须是报告名称的列表"),
    "no report at all": ("[run]\nreports = []\n", "reports 须是报告名称的列表"),
    "an unknown report": ('[run]\nreports = ["anual"]\n', "没有名为“anual”的报告，是否指“annual”"),
    "a report that is none": ('[run]\nreports = ["explore"]\n', "explore"),
    "an unknown rule set": ('[run]\nruleset = "hubie"\n', "没有名为“hubie”的计分规则，是否指“hubei”"),
    "a rule set that is not there": ('[run]\nruleset = "rules/ours.toml"\n', "没有计分规则文件 rules/ours.toml"),
    "other data": ('[paths]\ndata = "dat"\n', "没有数据目录"),
    "other notebooks": ('[paths]\nnotebooks = "books"\n', "没有名为“annual”的报告"),
    "mail without a sender": ('[mail]\nhost = "smtp.example.gov.cn"\n', "还须设置sender"),
    "an unknown day": ('[schedule]\nat = "02:30"\ndays = "周八"\n', "周八"),
}


@pytest.mark.parametrize(("text", "told"), SETTINGS.values(), ids=SETTINGS)
def test_settings(text: str | bytes, told: str, folder: Path) -> None:
    (folder / "perfeval.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert holds(folder)
    assert any(told in line for line in errors(folder))


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"where": "没有"}, "没有“没有”这个目录；请指明项目所在的目录"),
        ({"subdistricts": "没有街道"}, "没有名为“没有街道”的街道"),
        ({"subdistricts": [3]}, "subdistricts 须是文字或文字的列表，其中有整数3"),
        ({"years": "2030"}, "没有2030年度的数据"),
        ({"years": "2030-2031"}, "没有2030、2031年度的数据"),
        ({"years": 2023.0}, "years 不是年度：小数2023.0"),
    ],
    ids=str,
)
def test_what_is_not_there_to_be_checked_is_told_whole(
    wanted: dict[str, Any], told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(PerfevalError, match=told):
        check(**wanted)


def test_one_office_and_a_span_are_asked_for_as_load_takes_them(folder: Path) -> None:
    years = sorted({year for _, year in project.on_file(folder / "data", None, None)})
    only = sorted({one for one, _ in project.on_file(folder / "data", None, None)})[0]
    assert check(folder, subdistricts=only) == check(folder, subdistricts=[only])
    assert check(folder, years=f"{years[0]}-{years[-1] + 1}") == check(folder, years=years)


def test_wrong_settings_do_not_hide_what_is_wrong_with_the_data(folder: Path) -> None:
    (folder / "perfeval.toml").write_text('[run]\njobs = 0\n[paths]\ndata = "数据"\n', encoding="utf-8")
    (folder / "data").rename(folder / "数据")
    (folder / "数据" / "ronghua" / "2022" / "budget.csv").unlink()
    assert [line.split()[1] for line in errors(folder)] == ["E515", "E501"]


RULES = {
    "broken": ("title = \n", "不是有效的TOML"),
    "not UTF-8": (b"title = '\xd6\xd0'\n", "不是UTF-8编码"),
    "empty": ("", "缺少键“blocks”"),
    "deep": ("a = " + "[" * 5_000, "不是有效的TOML"),
}


@pytest.mark.parametrize(("text", "told"), RULES.values(), ids=RULES)
def test_rules_of_ones_own(text: str | bytes, told: str, folder: Path) -> None:
    (folder / "perfeval.toml").write_text('[run]\nruleset = "ours.toml"\n', encoding="utf-8")
    (folder / "ours.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert holds(folder)
    assert any(line.startswith("错误 E514 ours.toml：") and told in line for line in errors(folder))


SUPPRESSIONS = {
    "no reason": ('[[suppress]]\ncode = "D04"\n', "第1条：缺少reason"),
    "no TOML": ("[[suppress]\n", "不是有效的TOML"),
    "an unknown rule": ('[[suppress]]\ncode = "Z99"\nreason = "已核对"\n', "Z99"),
    "an unknown key": ('[[suppress]]\ncode = "D04"\nreason = "已核对"\ngoal = 1\n', "不认识的键“goal”"),
    "one table": ('[suppress]\ncode = "D04"\nreason = "已核对"\n', "每条须以[[suppress]]开头"),
    "a list of texts": ('suppress = ["D04"]\n', "第1条：须写code和reason两项"),
    "a wrong type": ('[[suppress]]\ncode = 4\nreason = "已核对"\n', "code须是文字"),
    "deep": ("a = " + "[" * 5_000, "不是有效的TOML"),
    "NUL": ("\x00", ""),
}


@pytest.mark.parametrize(("text", "told"), SUPPRESSIONS.values(), ids=SUPPRESSIONS)
def test_suppressions(text: str, told: str, folder: Path) -> None:
    (folder / "data" / "ronghua" / "2022" / "suppressions.toml").write_text(text, encoding="utf-8")
    assert holds(folder, ("annual",))
    assert holds(folder, ("review",))
    assert any("data/ronghua/2022/suppressions.toml" in line and told in line for line in errors(folder))


def test_one_offices_suppressions_do_not_stop_its_district(folder: Path) -> None:
    shutil.copytree(folder / "data" / "ronghua", folder / "data" / "linjie")
    with (folder / "data" / "subdistricts.csv").open("a", encoding="utf-8") as listed:
        listed.write("linjie,邻街街道办事处,硚口区,武汉市,,\n")
    (folder / "data" / "linjie" / "2022" / "suppressions.toml").write_text("[[suppress]]\n", encoding="utf-8")
    found = pe.peers("data", district="硚口区", year=2022)
    assert found.failed["subdistrict"].tolist() == ["linjie"]
    assert "第1条：缺少code" in found.failed["why"].iloc[0]
    assert not stopped(folder, ("overview",))
    assert any("E513" in line for line in errors(folder))
    shutil.rmtree(folder / "data" / "ronghua")
    with pytest.raises(PerfevalError, match="第1条：缺少code"):
        pe.peers("data", district="硚口区", year=2022)


Cells = list[nbformat.NotebookNode]


def _without(name: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        for cell in cells:
            cell.source = "\n".join(line for line in cell.source.splitlines() if name not in line)

    return change


def _instead(old: str, new: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        assert any(old in cell.source for cell in cells)
        for cell in cells:
            cell.source = cell.source.replace(old, new)

    return change


def _untagged(cells: Cells) -> None:
    for cell in cells:
        cell.metadata.pop("tags", None)


NOTEBOOKS = {
    "no parameters cell": (_untagged, "参数单元格，现有0个"),
    "a parameter without its type": (_instead("year: int = 2022", "year = 2022"), "参数单元格的每一行须写成"),
    "a parameter of another type": (_instead("year: int = 2022", 'year: str = "2022"'), "参数 year 须是整数"),
    "no rule set among the parameters": (_without("ruleset: str"), "没有名为“ruleset”的变量或参数"),
    "no data folder among the parameters": (_without("data_dir: str"), "的参数须含 data_dir"),
    "a parameter that nobody passes": (_instead("year: int = 2022", "year: int = 2022\nmonth: int"), "缺少参数“month”"),
    "no subject": (_without("subdistrict: str"), "没有名为“subdistrict”的变量或参数"),
    "a default that cannot be": (_instead('"hubei"', "{[]: 1}"), "默认值须是字面值"),
    "no record": (_without("show.record"), "现为0次"),
    "a record that is not shown": (_instead("show.record(result, todo)", "show.record(result, todo);"), "现为0次"),
    "two records": (_instead("show.grid(rows)", "show.record(result)"), "现为2次"),
    "code that is none": (_instead("show.grid(rows)", "show.grid(rows"), "不是有效的Python"),
    "a piece that is none": (_instead("show.grid(", "show.grib("), "没有 show.grib，是否指“grid”"),
    "a chart that is none": (_instead("plot.waterfall(", "plot.waterfal("), "没有 plot.waterfal，是否指“waterfall”"),
    "a sentence that is none": (_instead("words.rests_on(", "words.rest_on("), "没有 words.rest_on，是否指“rests_on”"),
    "a function that is none": (_instead("pe.evaluate(", "pe.evaluat("), "没有 pe.evaluat，是否指“evaluate”"),
}
SEEN_ONLY_BY_A_KERNEL = {"no record", "a record that is not shown", "two records"}


@pytest.mark.parametrize(("change", "told"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_notebooks(change: Callable[[Cells], None], told: str, folder: Path, request: pytest.FixtureRequest) -> None:
    file = folder / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(file, 4)
    change(notebook.cells)
    nbformat.write(notebook, file)
    assert any(line.startswith("错误 E516 notebooks/annual.ipynb：") and told in line for line in errors(folder))
    if request.node.callspec.id not in SEEN_ONLY_BY_A_KERNEL:
        assert holds(folder)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[parameters.reviw]\nmost = 1", "没有名为“reviw”的报告，是否指“review”"),
        ("[parameters.review]\nmost = 1", "不认识的参数“most”"),
    ],
)
def test_parameters_of_a_report_that_is_made_when_asked_for(settings: str, told: str, folder: Path) -> None:
    """Misspelt, they were passed over by every run, and nobody was told."""
    file = folder / "perfeval.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{settings}\n", encoding="utf-8")
    (said,) = errors(folder)
    assert said.startswith("错误 E516 perfeval.toml：")
    assert told in said
    assert "［parameters.rev" in said


FILES: dict[str, Any] = {
    "missing": (None, "没有名为“annual”的报告"),
    "empty": (b"", "不是有效的笔记本"),
    "no JSON": (b"{", "不是有效的笔记本"),
    "deep": (b"[" * 200_000, "不是有效的笔记本"),
    "not UTF-8": (b'{"cells": "\xd6"}', "不是有效的笔记本"),
    "a list": (b"[]", "没有单元格"),
    "of another format": (b'{"cells": [], "nbformat": 3}', "须为nbformat 4"),
    "cells that are none": (b'{"cells": [1], "nbformat": 4}', "第1个单元格不完整"),
    "cells without a source": (
        b'{"cells": [{"cell_type": "code", "metadata": {}}], "nbformat": 4}',
        "第1个单元格不完整",
    ),
    "no cells": (b'{"cells": [], "metadata": {}, "nbformat": 4}', "参数单元格，现有0个"),
}


@pytest.mark.parametrize(("raw", "told"), FILES.values(), ids=FILES)
def test_files_that_are_no_notebooks(raw: bytes | None, told: str, folder: Path) -> None:
    file = folder / "notebooks" / "annual.ipynb"
    file.unlink()
    if raw is not None:
        file.write_bytes(raw)
    assert holds(folder)
    assert any("E516 notebooks/annual.ipynb：" in line and told in line for line in errors(folder))


QUIET = {
    "IPython's own words": "%matplotlib inline\n!true\nfiles = !ls\nshow.scores?\nresult",
    "a cell of another language": "%%bash\nfor one in a b; do echo $one; done",
    "awaiting": "import asyncio\nawait asyncio.sleep(0)",
    "a doubtful escape": r"'\d'",
    "a name of their own": "show.__doc__; pd = 3",
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET)
def test_what_a_kernel_takes_is_taken(source: str, folder: Path) -> None:
    file = folder / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(file, 4)
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, file)
    assert check(folder) == []


@pytest.mark.parametrize(
    "source",
    [
        "import ours\nours.leave(result)",
        "from ours import *",
        "%run ours.py",
        "for one in [result]:\n    display(show.record(one))",
    ],
)
def test_a_record_that_may_be_left_elsewhere_is_not_missed(source: str, folder: Path) -> None:
    file = folder / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(file, 4)
    _without("show.record")(notebook.cells)
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, file)
    assert check(folder) == []


def test_outputs_that_are_no_folder(folder: Path) -> None:
    (folder / "outputs").write_text("", encoding="utf-8")
    assert any(line.startswith("错误 E518 outputs：这里须是文件夹") for line in errors(folder))


def test_a_file_where_a_report_goes(folder: Path) -> None:
    (folder / "outputs" / "ronghua").mkdir(parents=True)
    (folder / "outputs" / "ronghua" / "2022").write_text("", encoding="utf-8")
    assert any(line.startswith("错误 E518 outputs/ronghua/2022：这里须是文件夹") for line in errors(folder))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may do anything may write anywhere")
def test_outputs_that_cannot_be_written(folder: Path) -> None:
    (folder / "outputs").mkdir()
    (folder / "outputs").chmod(0o500)
    assert any(line.startswith("错误 E518 outputs：没有写的权限") for line in errors(folder))
    (folder / "outputs").chmod(0o700)


def test_one_cause_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a disk that is read-only, all that lies on it is."""
    (folder / "outputs" / "ronghua" / "2022" / "annual").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, _: "outputs" not in Path(path).parts)
    assert [line for line in errors(folder) if "E518" in line] == [
        next(line for line in errors(folder) if line.startswith("错误 E518 outputs：没有写的权限"))
    ]


def test_a_ledger_that_cannot_be_read(folder: Path) -> None:
    (folder / "outputs").mkdir()
    (folder / "outputs" / "ledger.sqlite").write_bytes(b"SQLite format 3\x00" + b"x" * 4096)
    assert holds(folder)
    assert any("E518 outputs/ledger.sqlite：" in line for line in errors(folder))
    (folder / "outputs" / "ledger.sqlite").unlink()
    with contextlib.closing(sqlite3.connect(folder / "outputs" / "ledger.sqlite")) as book:
        book.execute("pragma user_version = 999")
    assert holds(folder)
    assert any("更新版本的perfeval" in line for line in errors(folder))


def test_what_is_asked_for_and_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(pe.NotOnFile):
        check(folder, subdistricts=["ronghau"])
    with pytest.raises(pe.NotOnFile):
        check(folder, years=1999)


def test_a_mistake_of_ours_is_an_error_of_the_data_it_comes_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.analysis.evaluation.completion", lambda judged: judged["没有这一列"])
    (line,) = errors(folder)
    assert line.startswith("错误 E517 data/ronghua/2022：程序出错（")
    assert "KeyError：'没有这一列'" in line


def test_a_rare_character_is_a_note_at_most(folder: Path) -> None:
    listed = folder / "data" / "subdistricts.csv"
    listed.write_text(listed.read_text("utf-8").replace("荣华街道办事处", "𠮷庆街道办事处", 1), "utf-8")
    table = folder / "data" / "ronghua" / "2022" / "indicators.csv"
    table.write_text(table.read_text("utf-8").replace("消防", "消\u200b防🙂", 2), "utf-8")
    found = [problem for problem in check(folder) if problem.code == "N503"]
    assert [(one.severity, Path(one.file).name) for one in found] == [
        (NOTE, "subdistricts.csv"),
        (NOTE, "indicators.csv"),
    ]
    assert "“𠮷”（U+20BB7）" in found[0].message
    assert "“🙂”（U+1F642）" in found[1].message
    assert {problem.code for problem in check(folder)} == {"N503"}
    assert not stopped(folder)


def test_the_command_tells_it_all(folder: Path, command: Any) -> None:
    (folder / "data" / "ronghua" / "2022" / "suppressions.toml").write_text('[[suppress]]\ncode = "D04"\n', "utf-8")
    (folder / "perfeval.toml").write_text('[run]\nreports = ["annual", "anual"]\nruleset = "hubie"\n', "utf-8")
    told = command("check", cwd=folder)
    assert told.code == 1
    for line in (
        "错误 E513 data/ronghua/2022/suppressions.toml：第1条：缺少reason",
        "E514 perfeval.toml：",
        "E516 notebooks/anual.ipynb：",
    ):
        assert line in told.out
    assert command("run", cwd=folder).code == 2
    (folder / "perfeval.toml").unlink()
    assert command("run", cwd=folder).code == 1
    (folder / "perfeval.toml").write_text("run = 1\n", "utf-8")
    assert "E515 perfeval.toml：run 须是段落" in command("check", cwd=folder).out


ROWS = 8
"""Indicators that a mutated office keeps: enough for every chart."""
GARBAGE = (
    "", " ", "0", "-1", "NaN", "inf", "1e400", "1e-400", "9" * 60, "0." + "9" * 40, "1/0", "0%", "％", "≥", "≥≥5", "-5%", "(5.2%)",
    "#DIV/0!", "=1+1", "\x1b[31m红", "\x07", "消\u200b防", "𠮷🙂\ue123", "\u202e", "<script>", "$x^2$", "&amp;", "{{x}}", "100%—0%",
    "0:30", "2022-13-45", "0000年0月0日", "12月底前", "1、2、3件", "一百零八将", "万", "≥3万万元", "长" * 300, "名\n称", "是", "完成", "，", "①²½",
    "١٢٣", "１２％", "N/A", "None", "—", "True", "1,234,567,890,123.45", "2022", "部门整体支出", "基本支出", "产出", "满意度",
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, str, int, int, str]]:
    """Changes of an office's files: file, kind, row, column, what to put there."""
    files = st.sampled_from(["budget.csv", "indicators.csv", "narrative.toml", "suppressions.toml", "matches"])
    kinds = st.sampled_from(["cell"] * 6 + ["column", "row", "rows", "line", "empty", "swap"])
    texts = st.sampled_from(GARBAGE) | st.text(st.characters(codec="utf-8"), max_size=6)
    one = st.tuples(files, kinds, st.integers(0, ROWS), st.integers(0, 30), texts)
    return draw(st.lists(one, min_size=1, max_size=4))


def mutated(raw: str, kind: str, row: int, column: int, text: str) -> str:
    """A file with one change; a table stays a table."""
    if kind == "empty":
        return ""
    table = list(csv.reader(io.StringIO(raw)))
    if not table or not table[0]:
        return text
    row, column = row % len(table), column % len(table[0])
    if kind == "column":
        table = [cells[:column] + cells[column + 1 :] for cells in table]
    elif kind == "row":
        del table[row]
    elif kind == "rows":
        table = table[:1]
    elif kind == "line":
        table.insert(row, [text] * len(table[0]))
    elif kind == "swap":
        table[0][column], table[0][0] = table[0][0], table[0][column]
    elif column < len(table[row]):
        table[row][column] = text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue()


def office(folder: Path) -> Path:
    """A small project of two years: the real office's first rows."""
    source = HERE.parent / "data"
    for year in ("2021", "2022"):
        shutil.copytree(source / "ronghua" / "2022", folder / "data" / "ronghua" / year)
        table = folder / "data" / "ronghua" / year / "indicators.csv"
        heading, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
        table.write_text(heading + "".join(rows[:: len(rows) // ROWS][:ROWS]), encoding="utf-8")
    shutil.copy(source / "subdistricts.csv", folder / "data")
    shutil.copytree(HERE.parent / "notebooks", folder / "notebooks")
    shutil.copy(HERE.parent / "perfeval.toml", folder)
    return folder


@settings(max_examples=int(os.environ.get("PERFEVAL_MUTATIONS", "20")), suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_mutated_data_that_stop_a_report_are_told_first_and_nothing_fails_by_mistake(
    changes: list[tuple[str, str, int, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = office(Path(made))
        for file, kind, row, column, text in changes:
            inside = folder / "data" / "ronghua"
            path = inside / "matches.csv" if file == "matches" else inside / "2022" / file
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            path.write_text(mutated(before, kind, row, column, text), encoding="utf-8", newline="")
        said = holds(folder, ("annual", "trend", "review"))
        assert not [line for line in errors(folder) if "程序出错" in line]
        assert not said or said.split(":")[0] in ("DataError", "SuppressionError")


def test_a_chart_font_that_is_not_there_is_told(folder: Path, tmp_path: Path) -> None:
    package = tmp_path / "broken" / "pylopdf_fonts_zh_cn"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def sans_path() -> str:\n    return 'missing.ttf'\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "perfeval.cli", "check"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert "错误 E519" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
