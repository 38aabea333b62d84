"""The trend report: its sentences, its figures, and its cells on several years, on one, and on hostile text."""

import json
from pathlib import Path

import pytest
import several_years as years
import years as files
from years_cells import page, run

import perfeval as pe
from perfeval.analysis.evaluation import history as gathered
from perfeval.model.history import EXECUTION_RATE, History
from perfeval.present import keyfigures, trend

HOSTILE = "<script>alert(1)</script>&率"
TREND = "trend.ipynb"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2020, 2022 and 2023 of one office: executed 1900, 1950 and 2000 of 2000."""
    folder = tmp_path_factory.mktemp("years") / "data"
    files.write(folder)
    return folder


@pytest.fixture(scope="module")
def several(data: Path) -> History:
    return pe.history(pe.load(data))


@pytest.fixture(scope="module")
def cells(data: Path, root: Path) -> dict[str, object]:
    given = {"subdistrict": "shili", "first_year": 2020, "last_year": 2023, "data_dir": str(data)}
    return run(root / "notebooks" / TREND, **given)


def stored(folder: Path, tables: dict[int, list[str]]) -> str:
    """Lines of indicators.csv by year, as a data folder."""
    for year, lines in tables.items():
        place = folder / "shili" / str(year)
        place.mkdir(parents=True)
        (place / "budget.csv").write_text("item,adjusted,executed\n部门整体支出,100,95\n", encoding="utf-8")
        (place / "narrative.toml").write_text("", encoding="utf-8")
        head = "goal_no,goal,category,indicator,target,actual,reason,measure\n"
        (place / "indicators.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


# ---- sentences


def test_a_verdict_is_told_with_its_ends_and_no_word_of_a_trend(several: History) -> None:
    said = "".join(trend.headline(several))
    assert said.startswith("预算执行率2023年为100%，2020年为95%；指标完成率")
    assert said.count("不足5个年度的，不作升降判断。") == 1
    assert "提高" not in said
    assert trend.course(several, EXECUTION_RATE) == "预算执行率：年份不足，不作升降判断（2020—2023年）"


@pytest.mark.parametrize(
    ("actuals", "title", "word"),
    [
        (["90%", "91%", "92%", "93%", "94%", "95%"], "改善", "提高"),
        (["95%", "96%", "95%", "96%", "95%", "95.5%"], "平稳", ""),
    ],
)
def test_only_a_movement_is_told_as_one(actuals: list[str], title: str, word: str) -> None:
    spent = {
        2019 + n: years.evaluated(2019 + n, [years.row("甲率", "≥90%", "95%")], executed=one.rstrip("%"))
        for n, one in enumerate(actuals)
    }
    history = gathered(spent)
    assert trend.course(history, EXECUTION_RATE) == f"预算执行率：{title}（2019—2024年）"
    told = trend.verdict(history, EXECUTION_RATE)
    assert told.startswith(title)
    assert (word in told) if word else ("提高" not in told and "下降" not in told)


def test_both_ends_of_an_open_completion_are_ranges() -> None:
    """No number stands for what is only declared, neither of the last year nor of the first."""
    told = years.row("知晓率", "≥90%", "", declared_met="完成年初目标")
    rows = [years.row("办结率", "100%", "90%"), told]
    history = gathered({year: years.evaluated(year, rows) for year in (2022, 2023)})
    assert "指标完成率（须补证据的只计入上限）2023年为0%—50%，2022年为0%—50%" in "".join(trend.headline(history))


def test_one_met_since_is_not_said_to_be_missed_year_after_year() -> None:
    missed, met = years.row("办结率", "100%", "90%"), years.row("办结率", "100%", "100%")
    history = gathered({2021 + n: years.evaluated(2021 + n, [one]) for n, one in enumerate([missed, missed, met])})
    said = "".join(trend.headline(history))
    assert "连续两年以上未完成" not in said
    assert "办结率指标曾连年未完成，下一年完成。" in said


def test_how_many_trends_chance_would_call_is_said() -> None:
    tables = [[years.row(f"第{n}项率", "100%", f"{90 + (n * step) % 7}%") for n in range(9)] for step in range(1, 6)]
    history = gathered({2019 + n: years.evaluated(2019 + n, rows) for n, rows in enumerate(tables)})
    (text,) = trend.by_chance(history)
    tested = history.trends["adjusted"].notna().sum()
    assert f"共检验{tested}条趋势" in text
    assert f"最多{tested * 0.05:.2f}".rstrip("0").rstrip(".") in text


def test_a_score_without_execution_is_compared_with_no_other_year_and_no_own_one() -> None:
    rows = [years.row("宣传活动", "≥5场", "6场")]
    told = gathered({2021: years.evaluated(2021, rows), 2022: years.evaluated(2022, rows, executed="")})
    assert "2022年没有列出全年执行数，执行率无法计算，预算执行不计分，得分不与其他年度和自评比较。" in trend.left_out(
        told
    )
    assert trend.causes(told)[0].startswith("2021→2022年得分的变化不能分解")


def test_rounding_is_no_cause_of_a_change() -> None:
    tables = [[years.row(f"{n}号率", "100%", f"{90 + n * year}%") for n in range(1, 4)] for year in (1, 2)]
    (said,) = trend.causes(gathered(years.years(*tables)))
    assert "舍入" not in said
    assert "完成值＋" in said


def test_a_gap_in_the_years_is_said(several: History) -> None:
    assert trend.gaps(several) == ("没有2021年的数据，前后年度按实际间隔比较。",)


# ---- figures


def test_the_figures_are_plain_json_of_all_years(several: History) -> None:
    found = keyfigures.record(several).figures
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["period"] == "2020—2023年"
    assert found["execution"]["rate"] == 1.0
    assert [row["year"] for row in found["summary"]] == [2020, 2022, 2023]
    assert found["headline"].startswith("预算执行率")


# ---- cells


def test_every_cell_shows_something_that_is_sound(cells: dict[str, object]) -> None:
    text = page(cells)
    assert "<script" not in text
    assert ">nan" not in text
    assert "None" not in text
    silent = [name for name, shown in cells.items() if name != "multiples" and not page({name: shown, "": ""})]
    assert silent == ["load"]  # the record is no part of the page


def test_the_map_breaks_where_the_definition_did(cells: dict[str, object]) -> None:
    assert "口径变更" in page({"map": cells["map"]})  # 宣传活动: 场 in 2020, % in 2022


def test_targets_are_held_against_the_year_before(cells: dict[str, object]) -> None:
    text = page({"targets": cells["targets"]})
    assert "网格案件办结率" in text
    assert "目标由100%放宽为95%（减少5个百分点）" in text


def test_what_the_data_cannot_tell_is_not_said_to_be_absent(tmp_path: Path, root: Path) -> None:
    lines = ["1,治理,产出,清运量,10吨,9吨,,"]
    folder = stored(tmp_path, {2022: lines, 2023: ["1,治理,产出,另一件事,好,好,,"]})
    shown = run(root / "notebooks" / TREND, subdistrict="shili", first_year=2022, last_year=2023, data_dir=folder)
    assert "预算没有按目标列，不能把钱和结果对起来。" in page({"quadrants": shown["quadrants"]})
    assert "没有钱用了而有指标未完成的目标" not in page({"spending": shown["spending"]}), "nobody knows"
    assert "个能算；其余" not in page({"costs": shown["unit-costs"]}), "of none there is no rest"
    assert "没有放宽的目标" not in page({"targets": shown["targets"]})
    assert "没有年初就已超过" not in page({"below": shown["below"]})


def test_one_year_has_its_sentences(tmp_path: Path, root: Path) -> None:
    folder = stored(tmp_path, {2022: ["1,治理,产出,清运量,10吨,10吨,,"]})
    shown = run(root / "notebooks" / TREND, subdistrict="shili", first_year=2022, last_year=2022, data_dir=folder)
    assert "有得分的年度不足两年，没有走势可画。" in page({"score": shown["score"]})
    assert "没有两年可比的目标。" in page({"targets": shown["targets"]})
    assert "没有得分变化可以分解。" in page({"decomposition": shown["decomposition"]})
    assert "nan" not in page(shown)


def test_names_that_are_markup_stay_text_and_promises_are_shown(tmp_path: Path, root: Path) -> None:
    line = f"1,治理,产出,{HOSTILE},100%,90%,{HOSTILE},{HOSTILE}"
    folder = stored(tmp_path, {year: [line] for year in (2021, 2022)})
    shown = run(root / "notebooks" / TREND, subdistrict="shili", first_year=2021, last_year=2022, data_dir=folder)
    text = page(shown)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "2021年：&lt;script&gt;" in page({"repeated": shown["repeated"]})
    assert "一项指标" not in page({"repeated": shown["repeated"]})
    assert "指标到2022年连续两年以上未完成" in page({"repeated": shown["repeated"]})


def test_the_notebook_makes_the_report(tmp_path: Path, root: Path) -> None:
    from perfeval.run import project, run_report

    files.write(tmp_path / "data")
    (tmp_path / "perfeval.toml").write_text(f"[paths]\nnotebooks = '{root / 'notebooks'}'\n", encoding="utf-8")
    report = run_report("trend", subdistrict="shili", where=project.find(tmp_path))
    assert not report.error
    assert (report.subject, report.period) == ("shili", "2020-2023")
    content = report.html.read_text(encoding="utf-8")
    assert "<title>shili 2020—2023年历年绩效自评趋势</title>" in content
    assert content.count("<svg") >= 5
    assert len(content.encode()) < 150_000


def test_a_score_that_may_be_higher_is_told_as_points_and_not_as_a_share() -> None:
    base = [years.row("办件数", "≥100件", "100件"), years.row("办结率", "≥90%", "92%")]
    open_ = [base[0], base[1] | {"actual": "见附件"}]
    history = gathered(years.years(base, open_))
    said = trend.reached(trend.series(history, "score"))
    assert said == "60.00—100.00"
    assert "都完成的话最多100分，变化随之不同" in trend.causes(history)[0]
    lead = "".join(trend.headline(history))
    assert "60.00—100.00分" in lead
    assert "%分" not in lead


def test_that_nothing_moved_is_said_with_what_else_to_know() -> None:
    base = [years.row("办件数", "≥100件", "100件")]
    history = gathered({2021: years.evaluated(2021, base), 2022: years.evaluated(2022, base, budget="", opening="100")})
    assert trend.causes(history)[0].endswith("各部分都没有变动；2022年的执行率按年初预算，两年不是同一口径。")
