"""The trend report's sections: on several years, on one, and on hostile text."""

import json
from pathlib import Path

import pytest
import several_years as years
import years as files

import perfeval as pe
from perfeval.analysis.evaluation import history as gathered
from perfeval.model.history import EXECUTION_RATE, History
from perfeval.present import figures, trend, trend_changes, trend_charts

SECTIONS = [
    trend.trend_header,
    trend.trend,
    trend.yearly,
    trend.trends,
    trend_changes.decomposition,
    trend_changes.changes,
    trend_changes.repeated,
    trend_changes.matching,
    trend_changes.trend_provenance,
]
HOSTILE = "<script>alert(1)</script>&率"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> History:
    """2020, 2022 and 2023 of one office: executed 1900, 1950 and 2000 of 2000."""
    data = tmp_path_factory.mktemp("years")
    files.write(data)
    return pe.history(pe.load(data))


@pytest.fixture(scope="module")
def hostile() -> History:
    """Two years of an indicator whose name is markup, missed in both."""
    rows = [years.row(HOSTILE, "100%", "90%", reason=HOSTILE, measure=HOSTILE)]
    return gathered({year: years.evaluated(year, rows) for year in (2021, 2022)})


@pytest.fixture(scope="module")
def single() -> History:
    return gathered({2022: years.evaluated(2022, [years.row("清运量", "10吨", "10吨")])})


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_section_shows_something_on_any_history(
    section, several: History, single: History, hostile: History
) -> None:
    for history in (several, single, hostile):
        shown = section(history)
        assert len(shown.text) > 10
        assert repr(shown).strip()
        assert "<script" not in shown.text
        assert ">nan" not in shown.text


def test_the_answer_names_verdicts_and_changes_in_points(several: History) -> None:
    text = repr(trend.trend(several))
    assert "预算执行率2023年为100%，较2020年提高5个百分点（年份不足，仅作描述" in text
    header = trend.trend_header(several)
    assert header.title == "示例" + header.title[2:] or "2020—2023年历年绩效自评趋势" in header.title


def test_a_gap_in_the_years_is_said(several: History) -> None:
    assert "没有2021年的数据，前后年度按实际间隔比较。" in repr(trend.yearly(several))


def test_a_chart_tells_its_values_and_needs_two(several: History, single: History) -> None:
    chart = trend_charts.series(several, EXECUTION_RATE)
    assert chart is not None
    assert chart.title == "预算执行率：2020—2023年提高5个百分点"
    assert "2020年95%，2022年97.5%，2023年100%" in chart.alt
    assert trend_charts.series(single, EXECUTION_RATE) is None
    assert trend_charts.decomposition(single) is None


def test_what_keeps_being_missed_is_shown_with_the_measures_promised(hostile: History) -> None:
    shown = trend_changes.repeated(hostile)
    assert "一项指标到2022年连续两年以上未完成" in repr(shown)
    assert "2021、2022" in shown.text
    assert "2021：&lt;script&gt;" in shown.text


def test_one_met_since_is_not_said_to_be_missed_year_after_year() -> None:
    missed, met = years.row("办结率", "100%", "90%"), years.row("办结率", "100%", "100%")
    history = gathered({2021 + n: years.evaluated(2021 + n, [one]) for n, one in enumerate([missed, missed, met])})
    said = "".join(trend.headline(history))
    assert "连续两年以上未完成" not in said
    assert "办结率指标曾连年未完成，下一年完成。" in said
    text = trend_changes.repeated(history).text
    assert "没有到2023年仍连续两年以上未完成的指标。" in text
    assert "2021、2022" in text
    assert "0<small>" not in trend.trend(history).text


def test_how_many_trends_chance_would_call_is_said() -> None:
    tables = [[years.row(f"第{n}项率", "100%", f"{90 + (n * step) % 7}%") for n in range(9)] for step in range(1, 6)]
    history = gathered({2019 + n: years.evaluated(2019 + n, rows) for n, rows in enumerate(tables)})
    text = repr(trend.trends(history))
    tested = history.trends["adjusted"].notna().sum()
    assert f"共检验{tested}条趋势" in text
    assert f"最多{tested * 0.05:.2f}".rstrip("0").rstrip(".") in text


def test_the_decomposition_is_shown_with_signs(several: History) -> None:
    text = trend_changes.decomposition(several).text
    row = several.decomposition.iloc[0]
    assert f"{row['previous_year']}→{row['year']}" in text
    assert "＋" in text or "−" in text


def test_the_figures_are_plain_json_of_all_years(several: History) -> None:
    found = figures.record(several).figures
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["period"] == "2020—2023年"
    assert found["execution"]["rate"] == 1.0
    assert [row["year"] for row in found["summary"]] == [2020, 2022, 2023]
    assert found["headline"].startswith("预算执行率")


def test_the_notebook_makes_the_report(tmp_path: Path, root: Path) -> None:
    from perfeval.run import project, run_report

    files.write(tmp_path / "data")
    (tmp_path / "perfeval.toml").write_text(f"[paths]\nnotebooks = '{root / 'notebooks'}'\n", encoding="utf-8")
    report = run_report("trend", subdistrict="shili", where=project.find(tmp_path))
    assert not report.error
    assert (report.subject, report.period) == ("shili", "2020-2023")
    page = report.html.read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert "<title>shili 2020—2023年历年绩效自评趋势</title>" in page
