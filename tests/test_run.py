"""Notebook to report: what is left, what is skipped, and what happens when something is wrong."""

import json
from pathlib import Path

import nbformat
import pytest

import perfeval as pe
from perfeval.run import Report, ledger, project, run_batch, run_report
from perfeval.run.cells import FIGURES


def at(folder: Path):
    return project.find(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def break_cell(workplace: Path, cell: str, source: str) -> None:
    path = workplace / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(one for one in notebook.cells if one.id == cell).source = source
    nbformat.write(notebook, path)


def test_leaves_notebook_figures_and_page(made: Report) -> None:
    assert sorted(path.name for path in made.folder.iterdir()) == ["annual.html", "annual.ipynb", "result.json"]
    figures = json.loads(made.result.read_text(encoding="utf-8"))
    assert figures == made.figures
    assert figures["scores"]["declared"]["total"] == 97.86
    assert figures["declared_score"] == 98
    assert [row["indicator"] for row in figures["unmet"]] == ["消防隐患整治率99%", "信访积案化解率"]
    assert all(row["reason"] and row["measure"] for row in figures["unmet"])


def test_the_executed_notebook_shows_its_parameters_readably(workplace: Path) -> None:
    (workplace / "data" / "ronghua").rename(workplace / "data" / "荣华")
    listing = workplace / "data" / "subdistricts.csv"
    listing.write_text(listing.read_text(encoding="utf-8").replace("ronghua,", "荣华,", 1), encoding="utf-8")
    report = run_report("annual", subdistrict="荣华", year=2022, where=at(workplace))
    assert not report.error
    injected = next(
        cell for cell in nbformat.read(report.notebook, as_version=4).cells if cell.id == "injected-parameters"
    )
    assert "subdistrict = '荣华'" in injected.source
    assert "\\u" not in injected.source


def test_equal_inputs_leave_equal_bytes(workplace: Path, made: Report) -> None:
    again = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert files(again.folder) == files(made.folder)


def test_no_path_of_this_machine_in_what_is_left(made: Report) -> None:
    for name, content in files(made.folder).items():
        assert str(Path.home()).encode() not in content or str(Path.home()) == "/", name
        assert str(Path(__file__).parents[1]).encode() not in content, name
        assert str(made.folder).encode() not in content, name


def test_unchanged_is_skipped_and_any_change_is_not(workplace: Path) -> None:
    place = at(workplace)
    first = run_batch("annual", where=place)
    assert len(first.made) == 1
    scores = first.reports[0].figures["scores"]  # read when asked for: later runs replace the file
    second = run_batch("annual", where=place)
    assert [report.status for report in second.reports] == ["未变"]
    assert second.reports[0].figures == first.reports[0].figures
    first.reports[0].html.write_text("changed by hand", encoding="utf-8")
    assert len(run_batch("annual", where=place).made) == 1
    indicators = workplace / "data" / "ronghua" / "2022" / "indicators.csv"
    indicators.write_text(indicators.read_text(encoding="utf-8").replace("30%", "40%"), encoding="utf-8")
    changed = run_batch("annual", where=place)
    assert len(changed.made) == 1
    assert changed.reports[0].figures["scores"] != scores
    assert len(run_batch("annual", ruleset="flat", where=place).made) == 1


def test_a_failing_cell_keeps_the_notebook_writes_no_page_and_stops_no_other(workplace: Path) -> None:
    data = workplace / "data"
    place = at(workplace)
    made_before = run_report("annual", subdistrict="ronghua", year=2022, where=place)
    assert made_before.html.is_file()
    (data / "ronghua" / "2023").mkdir()
    for file in (data / "ronghua" / "2022").iterdir():
        (data / "ronghua" / "2023" / file.name).write_bytes(file.read_bytes())
    break_cell(workplace, "execution", "1 / 0 if year == 2022 else None")
    batch = run_batch("annual", where=place)
    assert [(report.period, report.status) for report in batch.reports] == [("2022", "失败"), ("2023", "完成")]
    failed = batch.failed[0]
    assert "单元格“execution”出错：ZeroDivisionError" in failed.error
    assert sorted(path.name for path in failed.folder.iterdir()) == ["annual.ipynb"], "an older page must not stay"
    assert "ZeroDivisionError" in failed.notebook.read_text(encoding="utf-8")
    with ledger.opened(place.outputs) as book:
        assert [(run.period, run.status) for run in ledger.latest(book)] == [("2022", "失败"), ("2023", "完成")]


def test_a_notebook_that_leaves_early_has_failed(workplace: Path) -> None:
    break_cell(workplace, "execution", "raise SystemExit(0)")
    report = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert report.html is None
    assert "提前结束" in report.error


def test_a_notebook_must_record_its_figures(workplace: Path) -> None:
    path = workplace / "notebooks" / "annual.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("show.record(result, todo)", "None"), encoding="utf-8")
    with pytest.raises(pe.ParameterError, match=r"没有 show\.record，不是报告"):
        run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    path.write_text(
        text.replace("show.record(result, todo)", "show.record(result) if False else None"), encoding="utf-8"
    )
    report = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert "须恰好调用一次 show.record" in report.error


@pytest.mark.parametrize("left", ["'{'", "'3'"])
def test_recorded_figures_must_be_the_text_of_a_json_object(workplace: Path, left: str) -> None:
    path = workplace / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = f"from IPython.display import display\ndisplay({{'{FIGURES}': {left}}}, raw=True)"
    notebook.cells = [notebook.cells[0], nbformat.v4.new_code_cell(shown, id="shown")]
    nbformat.write(notebook, path)
    report = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert "不是JSON对象的文本" in report.error
    assert report.notebook.exists()


@pytest.mark.parametrize(
    "way", ["display({}, raw=True)", "type('Shown', (), {{'_repr_mimebundle_': lambda *_, **__: {}}})()"]
)
def test_what_a_notebook_cannot_hold_is_said_with_its_cell(workplace: Path, way: str) -> None:
    path = workplace / "notebooks" / "annual.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = "from IPython.display import display\n" + way.format({FIGURES: {"total": 1}})
    notebook.cells = [notebook.cells[0], nbformat.v4.new_code_cell(shown, id="shown")]
    nbformat.write(notebook, path)
    report = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert report.error.startswith(f"单元格“shown”显示的“{FIGURES}”须是文本，实际是dict；")


def test_a_broken_parameters_cell_fails_before_a_kernel_starts(workplace: Path) -> None:
    break_cell(workplace, "parameters", "subdistrict: str\nyear = 2022")
    with pytest.raises(pe.PerfevalError, match="名称: 类型 = 默认值"):
        run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))


def test_data_errors_fail_before_a_kernel_starts_with_every_problem(workplace: Path) -> None:
    before = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert before.notebook.is_file()
    budget = workplace / "data" / "ronghua" / "2022" / "budget.csv"
    budget.write_text(budget.read_text(encoding="utf-8").replace("2033.69", "二千"), encoding="utf-8")
    report = run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))
    assert "budget.csv 第2行" in report.error
    assert "二千" in report.error
    assert list(report.folder.iterdir()) == [], "what the earlier run left must not pass for this one's"


def test_what_is_no_notebook_is_said_to_be_none(workplace: Path) -> None:
    (workplace / "notebooks" / "annual.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(pe.PerfevalError, match=r"annual\.ipynb 不是有效的笔记本"):
        run_report("annual", subdistrict="ronghua", year=2022, where=at(workplace))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"years": 2032}, "没有2032年度的数据；现有年度：2022"),
        ({"subdistricts": ["rongua"]}, "是否指“ronghua”？"),
        ({"reports": "anual"}, "是否指“annual”？"),
    ],
)
def test_what_is_not_there_is_said_before_anything_starts(workplace: Path, asked: dict, said: str) -> None:
    with pytest.raises(pe.PerfevalError, match=said):
        run_batch(**({"reports": "annual"} | asked), where=at(workplace))
    assert not list(workplace.glob("outputs/ronghua/**/*"))


def test_figures_are_in_the_executed_notebook_once(made: Report) -> None:
    notebook = nbformat.read(made.notebook, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum(FIGURES in output.get("data", {}) for output in outputs) == 1
    assert not [output for output in outputs if output.output_type == "stream"], "nothing may be printed in a report"
