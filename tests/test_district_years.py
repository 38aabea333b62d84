"""A district over its years: the value, its sums, its sentences and figures, and the cells of its notebook."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from years_cells import page, run

import perfeval as pe
from perfeval.model.errors import NotOnFile
from perfeval.present import districtyears, keyfigures

HEAD = "goal_no,goal,category,indicator,target,actual,declared_met\n"
OFFICES = {"jia": "甲街道办事处", "yi": "乙街道办事处", "bing": "丙街道办事处"}
# executed of 100 万元, and the lines of indicators.csv; 丙 has no 2022
YEARS = {
    ("jia", 2021): (95, ["1,治理,产出,宣传场次,≥20场,26场,", "1,治理,效益,知晓率,≥90%,92%,"]),
    ("jia", 2022): (85, ["1,治理,产出,宣传场次,≥15场,14场,", "1,治理,效益,知晓率,≥90%,80%,"]),
    ("jia", 2023): (80, ["1,治理,产出,宣传场次,≥15场,14场,", "1,治理,效益,知晓率,≥90%,80%,"]),
    ("yi", 2021): (300, ["1,治理,产出,宣传场次,≥20场,20场,", "1,治理,效益,知晓率,≥90%,明显,完成"]),
    ("yi", 2022): (300, ["1,治理,产出,宣传场次,≥20场,20场,", "1,治理,效益,知晓率,≥90%,91%,"]),
    ("yi", 2023): (300, ["1,治理,产出,宣传场次,≥20场,20场,", "1,治理,效益,知晓率,≥90%,91%,"]),
    ("bing", 2021): (50, ["1,治理,产出,宣传场次,≥10场,12场,"]),
    ("bing", 2023): (60, ["1,治理,产出,宣传场次,≥10场,12场,"]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("district") / "data"
    data.mkdir()
    lines = [f"{name},{title},示例区,示例市,,是" for name, title in OFFICES.items()]
    (data / "subdistricts.csv").write_text(
        "id,name,district,city,aliases,synthetic\n" + "\n".join(lines), encoding="utf-8"
    )
    for (office, year), (executed, rows) in YEARS.items():
        place = data / office / str(year)
        place.mkdir(parents=True)
        budget = 400 if office == "yi" else 100
        money = f"item,goal_no,adjusted,executed\n部门整体支出,,{budget},{executed}\n治理经费,1,{budget},{executed}\n"
        (place / "budget.csv").write_text(money, encoding="utf-8")
        (place / "narrative.toml").write_text("", encoding="utf-8")
        (place / "indicators.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def held(folder: Path) -> pe.DistrictYears:
    return pe.district_years(folder, district="示例区", years=range(2021, 2024))


@pytest.fixture(scope="module")
def cells(folder: Path, root: Path) -> dict[str, object]:
    given = {"district": "示例区", "first_year": 2021, "last_year": 2023, "data_dir": str(folder)}
    return run(root / "notebooks" / "district.ipynb", **given)


def test_the_page_names_the_city_as_the_overview_does(held: pe.DistrictYears, cells: dict[str, object]) -> None:
    assert held.city == "示例市"
    assert "示例市示例区" in str(cells["header"])
    assert keyfigures.record(held).figures["name"] == "示例市示例区"


def test_a_district_of_that_name_in_two_cities_is_told_as_both(folder: Path) -> None:
    data = pe.load(folder, years=2023)
    two = data.subdistricts.assign(city=["甲市", *["乙市"] * (len(data.subdistricts) - 1)])
    assert pe.district_years(replace(data, subdistricts=two), district="示例区", years=2023).city == "乙市、甲市"
    assert pe.peers(replace(data, subdistricts=two), district="示例区", year=2023).city == "乙市、甲市"


def test_the_cohort_is_in_every_year(held: pe.DistrictYears) -> None:
    assert set(held.cohort) == {"jia", "yi"}
    assert held.years == (2021, 2022, 2023)
    assert (held.latest, held.synthetic) == (2023, True)
    assert len(held.register) == 9
    assert held.register["on_file"].sum() == 8


def test_rates_are_sums_divided_and_n_of_m_is_there(held: pe.DistrictYears) -> None:
    sums = held.totals.set_index(["year", "group"])
    whole = sums.loc[2021, "全部在案"]
    assert (whole["budget"], whole["executed"]) == (600, 445)
    assert whole["execution_rate"] == pytest.approx(445 / 600)
    assert whole["execution_rate"] != pytest.approx((0.95 + 0.75 + 0.5) / 3)
    assert (whole["offices"], whole["listed"], whole["money_offices"]) == (3, 3, 3)
    same = sums.loc[2021, "同口径组"]
    assert (same["budget"], same["offices"]) == (500, 2)
    assert sums.loc[2022, "全部在案"]["offices"] == sums.loc[2022, "同口径组"]["offices"] == 2


def test_what_is_open_stays_a_range(held: pe.DistrictYears) -> None:
    whole = held.totals.set_index(["year", "group"]).loc[2021, "全部在案"]
    assert (whole["rows"], whole["met"], whole["most"]) == (5, 4, 5)
    assert (whole["completion_low"], whole["completion_high"]) == (pytest.approx(0.8), 1.0)


def test_the_answer_says_of_how_many(held: pe.DistrictYears) -> None:
    said = "".join(districtyears.headline(held))
    assert "2021—2023年三个街道在案，两个每年都在案、都能复算（同口径组）。" in said
    assert "2023年3/3个街道合计执行440.00万元" in said
    assert "9个街道年度中有1个没有可用的数据（丙街道办事处）" in said


def test_the_conclusion_tells_nothing_twice(cells: dict[str, object]) -> None:
    said = repr(cells["conclusion"])
    assert said.count("得分中位数") <= 1


def test_the_figures_are_plain_json(held: pe.DistrictYears) -> None:
    found = keyfigures.record(held).figures
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["name"], found["period"], found["synthetic"]) == ("示例市示例区", "2021—2023年", True)
    assert found["execution"]["rate"] == pytest.approx(440 / 600)
    assert found["completion"]["overall"]["rows"] == 5
    assert len(found["unmet"]) == 2
    assert {one["name"] for one in found["missing"]} == {"丙街道办事处"}


def test_the_score_of_one_office_is_no_median_of_the_offices(folder: Path, tmp_path: Path) -> None:
    """In a new year one office has handed in: what is listed, mailed and printed for the district is its score."""
    data = tmp_path / "data"
    shutil.copytree(folder, data)
    shutil.copytree(data / "yi" / "2023", data / "yi" / "2024")
    made = (
        pe.district_years(data, district="示例区", years=range(2021, 2025)),
        pe.district_years(data, district="示例区", years=range(2021, 2024)),
        pe.peers(data, district="示例区", year=2024),
        pe.peers(data, district="示例区", year=2023),
    )
    said = ["只有1个街道", "各街道中位数"] * 2
    assert [keyfigures.record(one).figures["score_of"] for one in made] == said


def test_an_unknown_district_is_named(folder: Path) -> None:
    with pytest.raises(NotOnFile, match="示例"):
        pe.district_years(folder, district="示例")


def test_every_cell_shows_something_that_is_sound(cells: dict[str, object]) -> None:
    text = page(cells)
    assert "<script" not in text
    assert "nan" not in text
    silent = [name for name, shown in cells.items() if not page({name: shown, "": ""})]
    assert silent == ["load"]  # the record is no part of the page


def test_two_lines_where_offices_come_and_go(cells: dict[str, object]) -> None:
    text = page({"whole": cells["whole"]})
    assert "同口径组（2个）" in text
    assert "两条线相差的，是街道增减造成的。" in text


def test_eased_targets_and_long_misses_are_counted(cells: dict[str, object]) -> None:
    assert "放宽1项次" in page({"eased": cells["eased"]})
    missed = page({"long": cells["long-missed"]})
    assert "知晓率" in missed
    assert "甲街道" in missed
    assert "乙街道" not in missed


def test_no_verdict_under_five_years(cells: dict[str, object]) -> None:
    text = page({"offices": cells["offices"]})
    assert "无法判断" in text
    assert not any(word in text for word in ("改善", "恶化", "提高", "下降"))


def test_the_notebook_makes_a_report_of_the_district(folder: Path, root: Path, tmp_path: Path) -> None:
    from perfeval.run import project, run_report

    settings = f"[paths]\ndata = '{folder}'\nnotebooks = '{root / 'notebooks'}'\n"
    (tmp_path / "perfeval.toml").write_text(settings, encoding="utf-8")
    report = run_report("district", district="示例区", where=project.find(tmp_path))
    assert not report.error
    assert (report.subject, report.period) == ("示例区", "2021-2023")
    content = report.html.read_text(encoding="utf-8")
    assert "示例数据" in content
    assert len(content.encode()) < 150_000


LINES = {
    2021: ["1,治理,产出,宣传场次,≥20场,20场,", "1,治理,效益,知晓率,≥90%,91%,", "1,治理,效益,台账完整,完整,,"],
    2022: ["1,治理,产出,宣传场次,≥20场,20场,", "1,治理,效益,知晓率,≥90%,91%,", "1,治理,效益,台账完整,≥5册,6册,"],
}


def quiet(folder: Path, root: Path, lines: dict[int, list[str]], executed: int = 90, budget: int = 100) -> dict:
    """The cells of a district of one office whose years are these lines."""
    folder.mkdir()
    (folder / "subdistricts.csv").write_text("id,name,district\njia,甲街道办事处,示例区\n", encoding="utf-8")
    for year, rows in lines.items():
        place = folder / "jia" / str(year)
        place.mkdir(parents=True)
        money = f"item,adjusted,executed\n部门整体支出,{budget},{executed}\n"
        (place / "budget.csv").write_text(money, encoding="utf-8")
        (place / "narrative.toml").write_text("", encoding="utf-8")
        (place / "indicators.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    given = {"district": "示例区", "first_year": min(lines), "last_year": max(lines), "data_dir": str(folder)}
    return run(root / "notebooks" / "district.ipynb", **given)


def test_where_no_target_was_eased_none_is_said_to_be(tmp_path: Path, root: Path) -> None:
    # a column of all targets put onto a frame of none made a row of each
    cells = quiet(tmp_path / "data", root, LINES)
    text = page({"eased": cells["eased"]})
    assert "放宽0项次" in text
    assert "没有放宽的目标。" in text
    assert "—" not in text


def test_targets_that_cannot_be_compared_are_in_no_share(tmp_path: Path, root: Path) -> None:
    lines = {
        year: [*rows[:2], f"1,治理,效益,制度,{word},完成,"]
        for (year, rows), word in zip(LINES.items(), "健全", strict=True)
    }
    lines[2021][0], lines[2022][0] = "1,治理,产出,宣传场次,≥20场,30场,", "1,治理,产出,宣传场次,≥20场,30场,"
    text = page({"low": quiet(tmp_path / "data", root, lines)["low"]})
    assert "50.0%" in text  # one of the two with amounts


def test_an_office_without_a_score_has_no_grade_and_did_not_change_it(tmp_path: Path, root: Path) -> None:
    lines = {year: rows[:2] for year, rows in LINES.items()}
    lines[2023] = ["1,治理,产出,宣传场次,≥20场,,", "1,治理,效益,知晓率,≥90%,,"]
    text = page({"bands": quiet(tmp_path / "data", root, lines)["bands"]})
    assert ">*<" not in text
    assert "1/1个街道有两年以上的等级，1个没有变过" in text


def test_rows_without_goals_are_no_error(tmp_path: Path, root: Path) -> None:
    lines = {year: [line.replace("1,治理,", ",,", 1) for line in rows] for year, rows in LINES.items()}
    assert "没有列目标序号。" in page({"goals": quiet(tmp_path / "data", root, lines)["goals"]})


def test_a_form_that_is_not_filled_in_gives_no_rate(tmp_path: Path, root: Path) -> None:
    lines = {year: rows[:2] for year, rows in LINES.items()}
    lines[2023] = ["1,治理,产出,宣传场次,≥20场,,", "1,治理,效益,知晓率,≥90%,,"]
    cells = quiet(tmp_path / "data", root, lines, executed=40)
    text = page({name: cells[name] for name in ("execution", "offices")})
    assert "甲街道2022：40%" in text
    assert "甲街道2023" not in text
    assert "2023年40.0%" not in text


def test_a_year_that_nobody_can_judge_is_in_no_sum_and_no_error(tmp_path: Path, root: Path) -> None:
    lines = {year: rows[:2] for year, rows in LINES.items()}
    lines[2023] = ["1,治理,产出,宣传场次,≥20场,见附件,", "1,治理,效益,知晓率,≥90%,见附件,"]
    cells = quiet(tmp_path / "data", root, lines)
    text = page({"totals": cells["totals"]})
    assert "0/1" in text


def test_of_several_goals_and_indicators_of_one_name_the_lowest_is_shown(tmp_path: Path, root: Path) -> None:
    lines = ["1,治理,产出,宣传场次,≥10场,12场,", "2,治理,产出,宣传场次,≥10场,6场,"]
    folder = tmp_path / "data"
    quiet(folder, root, {2023: lines})
    (folder / "subdistricts.csv").write_text(
        "id,name,district\njia,甲街道办事处,示例区\nyi,乙街道办事处,示例区\n", encoding="utf-8"
    )
    shutil.copytree(folder / "jia", folder / "yi")
    given = {"district": "示例区", "first_year": 2023, "last_year": 2023, "data_dir": str(folder)}
    cells = run(root / "notebooks" / "district.ipynb", **given)
    assert "60.0%" in page({"common-offices": cells["common-offices"]})
    assert "120.0%" not in page({"common-offices": cells["common-offices"]})
    assert "甲街道1：0" in page({"goals": cells["goals"]})
