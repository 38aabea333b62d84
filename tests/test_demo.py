"""The fictional district: equal seeds, truth that the loader and the findings bear out, pages that say what they are."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import perfeval as pe
from perfeval import demo
from perfeval.analysis.findings import findings
from perfeval.demo import catalogue
from perfeval.demo.generate import office
from perfeval.model.reading import read_pair
from perfeval.model.schema import MET
from perfeval.run import project, run_report

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
YEARS = range(2019, 2025)
OFFICES = 4
WELL_KNOWN = [
    "荣华",
    "汉正",
    "武胜",
    "六角亭",
    "宝丰",
    "古田",
    "易家",
    "长丰",
    "中山",
    "解放",
    "人民",
    "和平",
    "胜利",
    "新华",
    "建设",
    "光明",
    "西湖",
    "东湖",
    "南湖",
    "朝阳",
    "望京",
    "中关村",
    "徐家汇",
    "陆家嘴",
    "南京东路",
    "五角场",
    "三里屯",
    "花园",
    "桃源",
    "蓬莱",
    "云栖",
    "梅林",
    "华强北",
    "天河",
    "珠江",
    "春熙路",
    "观音桥",
    "鼓楼",
    "玄武",
    "黄粱梦",
    "桃花源",
    "蓝田",
    "景山",
    "大栅栏",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "区"
    demo.make(folder, subdistricts=OFFICES, years=YEARS, seed=7, notebooks=NOTEBOOKS)
    return folder


@pytest.fixture(scope="module")
def evaluated(made: Path) -> dict[tuple[str, int], pe.Evaluation]:
    data = pe.load(made / "data")
    units = data.sources[["subdistrict", "year"]].drop_duplicates().itertuples(index=False)
    return {(one, year): pe.evaluate(data, subdistrict=one, year=year) for one, year in units}


def truth(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "truth" / f"{name}.csv", dtype=str, keep_default_na=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_makes_the_same_bytes_and_another_does_not(made: Path, tmp_path: Path) -> None:
    demo.make(tmp_path / "again", subdistricts=OFFICES, years=YEARS, seed=7, notebooks=NOTEBOOKS)
    assert files(tmp_path / "again") == files(made)
    demo.make(tmp_path / "other", subdistricts=OFFICES, years=YEARS, seed=8, notebooks=NOTEBOOKS)
    assert files(tmp_path / "other")["data/shili001/2019/budget.csv"] != files(made)["data/shili001/2019/budget.csv"]


def test_an_office_does_not_depend_on_how_many_there_are(made: Path, tmp_path: Path) -> None:
    demo.make(tmp_path / "one", subdistricts=1, years=YEARS, seed=7, notebooks=NOTEBOOKS)
    alone = {name: raw for name, raw in files(tmp_path / "one").items() if "shili001" in name}
    assert alone
    assert alone.items() <= files(made).items()


def test_everything_loads_without_an_error_and_each_office_has_its_rows(made: Path) -> None:
    data = pe.load(made / "data")  # an error would raise
    assert {found.code for found in data.problems} <= {"W301", "W302", "W312", "W314"}, "only what is planted"
    rows = data.indicators.groupby(["subdistrict", "year"]).size()
    assert len(rows) == OFFICES * len(YEARS)
    assert rows.between(30, 46).all()
    assert data.subdistricts["synthetic"].eq("是").all()


def test_warnings_of_the_loader_are_planted(made: Path) -> None:
    planted = truth(made, "defects")
    code = {"W301": "M01", "W302": "M05", "W312": "P01", "W314": "P06"}
    for found in pe.load(made / "data").problems:
        subdistrict, year = found.file.split("/")[-3:-1]
        at = planted[planted["subdistrict"].eq(subdistrict) & planted["year"].eq(year)]
        assert code[found.code] in set(at["code"]), str(found)


def test_planted_defects_are_what_is_found_no_more_and_no_less(
    made: Path, evaluated: dict[tuple[str, int], pe.Evaluation]
) -> None:
    planted = truth(made, "defects")
    assert planted["code"].nunique() > 20
    for (subdistrict, year), result in evaluated.items():
        here = planted[planted["subdistrict"].eq(subdistrict) & planted["year"].eq(str(year))]
        found = findings(result)  # also what follows from another finding and is told with it
        assert sorted(here["code"]) == sorted(found["code"]), (subdistrict, year)
        for code, place in here[["code", "place"]].itertuples(index=False):
            if place in set(result.indicators["indicator"]) and code != "D07":
                told = found.loc[found["code"].eq(code), "place"]
                assert told.str.contains(place, regex=False).any(), (subdistrict, year, code, place)


def test_matches_name_rows_that_are_there_and_cover_every_row(
    made: Path, evaluated: dict[tuple[str, int], pe.Evaluation]
) -> None:
    found = truth(made, "matches")
    assert set(found["kind"]) == {"同一", "更名", "新增", "取消", "口径变更"}
    printed = {
        (subdistrict, str(year), str(row)): name
        for (subdistrict, year), result in evaluated.items()
        for row, name in result.indicators[["row", "indicator"]].itertuples(index=False)
    }
    for line in found.to_dict("records"):
        if line["kind"] != "取消":
            assert printed[line["subdistrict"], line["year"], line["row"]] == line["indicator"]
        if line["kind"] != "新增":
            earlier = printed[line["subdistrict"], line["previous_year"], line["previous_row"]]
            assert earlier == line["previous_indicator"]
    later = [key for key in printed if key[1] != str(YEARS[0])]
    assert (found["row"] != "").sum() == len(later)
    before = [key for key in printed if key[1] != str(YEARS[-1])]
    assert (found["previous_row"] != "").sum() == len(before)


def test_changes_and_repeats_rest_on_what_is_printed(
    made: Path, evaluated: dict[tuple[str, int], pe.Evaluation]
) -> None:
    changes = truth(made, "changes")
    assert {"目标放宽", "目标提高", "更名", "新增", "取消"} <= set(changes["kind"])
    for line in changes[changes["kind"].isin(["目标放宽", "目标提高"])].to_dict("records"):
        assert line["before"] != line["after"]
        rows = evaluated[line["subdistrict"], int(line["year"])].indicators.set_index("row")
        assert rows.loc[int(line["row"]), "target"] == line["after"]
    for line in truth(made, "repeated").to_dict("records"):
        last = int(line["years"].split("、")[-1])
        assert line["indicator"] in set(evaluated[line["subdistrict"], last].unmet["indicator"])


def test_planted_trends_are_in_the_figures(made: Path, evaluated: dict[tuple[str, int], pe.Evaluation]) -> None:
    found = truth(made, "trends")
    assert {"上升", "下降", "平稳", "已达上限"} <= set(found["kind"])
    rates = {
        "execution_rate": lambda one: one.execution.rate,
        "completion_rate": lambda one: one.completion.overall["low"].iloc[0],
    }
    for line in found[found["series"].isin(rates)].to_dict("records"):
        values = [rates[line["series"]](evaluated[line["subdistrict"], year]) for year in YEARS]
        steps = [later - earlier for earlier, later in pairwise(values)]
        if line["kind"] == "上升":
            assert min(steps) > 0
        if line["kind"] == "下降":
            assert max(steps) < 0
        assert values[0] * 100 == pytest.approx(float(line["first"]), abs=1e-4)
        assert values[-1] * 100 == pytest.approx(float(line["last"]), abs=1e-4)
    stuck = found[found["kind"].eq("已达上限") & ~found["series"].isin(rates)]
    for line in stuck.to_dict("records"):
        rows = evaluated[line["subdistrict"], YEARS[-1]].indicators.set_index("indicator")
        assert rows.loc[line["series"], "actual"] == "100%"


def test_money_adds_up_to_the_cent_where_nothing_is_planted(made: Path) -> None:
    data, planted = pe.load(made / "data"), truth(made, "defects")
    wrong = set(planted.loc[planted["code"].eq("M01"), ["subdistrict", "year"]].itertuples(index=False, name=None))
    for (subdistrict, year), items in data.budget.groupby(["subdistrict", "year"]):
        amounts = items.set_index("item")
        funds = amounts[amounts["goal_no"].notna()]
        for column in ("adjusted", "executed"):
            total, basic, project_ = (amounts.loc[name, column] for name in ("部门整体支出", "基本支出", "项目支出"))
            assert (total == basic + project_) or (subdistrict, str(year)) in wrong
            assert funds.empty or sum(funds[column]) == project_


def test_the_kind_of_a_series() -> None:
    assert catalogue.kind([1, 2, 3, 4, 5]) == "上升"
    assert catalogue.kind([5, 4, 3, 2, 1]) == "下降"
    assert catalogue.kind([100, 100, 100], full=100) == "已达上限"
    assert catalogue.kind([3, 1, 4, 2, 3]) == "平稳"  # S = 5 rising − 4 falling = 1
    assert catalogue.kind([1, 2, 3, 5, 4]) == ""  # S = 9 − 1 = 8 of 10: neither plain nor flat


def test_every_target_of_the_catalogue_can_be_judged() -> None:
    for paper in office(0, YEARS, 3).papers.values():
        for row in paper.rows:
            if not row.touched and row.cells["target"]:
                reading = read_pair(row.name, row.cells["target"], row.cells["actual"])
                assert (reading.status == MET) == (not row.missed), (row.name, reading.why)


def test_names_are_many_and_none_is_a_real_one() -> None:
    found = [catalogue.street(index) for index in range(3000)]
    assert len(set(found)) == 3000
    assert not [name for name in found if any(name.startswith(known) for known in WELL_KNOWN)]
    assert len({one.name for goal in catalogue.goals() for one in goal.indicators}) == sum(
        len(goal.indicators) for goal in catalogue.goals()
    )


def test_nothing_but_an_earlier_demo_is_ever_replaced(tmp_path: Path, root: Path) -> None:
    make = {"subdistricts": 1, "years": [2023], "seed": 1, "notebooks": NOTEBOOKS}
    real = tmp_path / "真实"
    (real / "data" / "ronghua").mkdir(parents=True)
    (real / "data" / "subdistricts.csv").write_bytes((root / "data" / "subdistricts.csv").read_bytes())
    before = files(real)
    for replace in (False, True):
        with pytest.raises(demo.DemoRefused, match="不会改动"):
            demo.make(real, **make, replace=replace)
    assert files(real) == before
    demo.make(tmp_path / "演示", **make)
    with pytest.raises(demo.DemoRefused, match="--replace"):
        demo.make(tmp_path / "演示", **make)
    demo.make(tmp_path / "演示", **{**make, "seed": 2}, replace=True)
    assert "seed = 2" in (tmp_path / "演示" / "truth" / "made.toml").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "演示").iterdir()) == [
        "data",
        "notebooks",
        "perfeval.toml",
        "truth",
    ]
    (tmp_path / "演示" / "data" / "ronghua").mkdir()
    with pytest.raises(demo.DemoRefused, match="不会改动"):
        demo.make(tmp_path / "演示", **make, replace=True)


def test_the_command_makes_a_project_whose_pages_say_what_they_are(command, workplace: Path) -> None:
    done = command("demo", "--subdistricts", "1", "--years", "2023", cwd=workplace)
    assert (done.code, done.err) == (0, "")
    assert "1个虚构街道，2023年度" in done.out
    place = project.find(workplace / "data-demo")
    report = run_report("annual", subdistrict="shili001", year=2023, where=place)
    assert not report.error
    page = report.html.read_text(encoding="utf-8")
    assert '<p class="synthetic" role="note">示例数据：本页由程序虚构，不反映任何真实单位</p>' in page
    assert "<title>【示例数据】示例市虚构区子虚街道办事处" in page
    assert '@top-center { content: "示例数据' in page
    assert report.figures["synthetic"] is True
    refused = command("demo", "--into", "data", cwd=workplace)
    assert refused.code == 2
    assert "不会改动" in refused.err


def test_real_pages_do_not_say_it(ronghua: pe.Evaluation) -> None:
    assert ronghua.synthetic is False
