"""The district's page: its sections, what they say of ranks and chance, and hostile text."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import test_peers

import perfeval as pe
from perfeval.model.peers import Peers
from perfeval.present import district, district_charts, district_tables, figures

SECTIONS = [
    district.overview_header,
    district.district,
    district_tables.offices,
    district_tables.district_money,
    district_tables.district_completion,
    district_tables.unmet_everywhere,
    district_tables.overview_provenance,
]
HOSTILE = "<b>街道</b>"


@pytest.fixture(scope="module")
def root_of_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four offices that met 20, 20, 18 and 4 of 20 (and one more), one with markup for a name, one with wrong data."""
    data = tmp_path_factory.mktemp("district") / "data"
    for name, (budget, executed, met) in test_peers.OFFICES.items():
        test_peers.write(data, name, 2023, budget, executed, met)
    test_peers.write(data, "broken", 2023, 1, 1, 1)
    (data / "broken/2023/budget.csv").write_text("item,adjusted,executed\n部门整体支出,一百,1\n", encoding="utf-8")
    names = {name: f"示例{name}街道" for name in (*test_peers.OFFICES, "broken")} | {"a": HOSTILE}
    lines = [f"{id_},{name},示例区,示例市" for id_, name in names.items()]
    (data / "subdistricts.csv").write_text("\n".join(["id,name,district,city", *lines]) + "\n", encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def peers(root_of_data: Path) -> Peers:
    return pe.peers(root_of_data, district="示例区", year=2023)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_section_shows_something_and_escapes_what_is_data(section, peers: Peers) -> None:
    shown = section(peers)
    assert len(shown.text) > 10
    assert repr(shown).strip()
    assert HOSTILE not in shown.text
    assert ">nan" not in shown.text


def test_the_answer_counts_offices_money_and_indicators(peers: Peers) -> None:
    text = repr(district.district(peers))
    # 100 + 240 + 110 + 500 of 1000; 20 + 20 + 18 + 4 and a satisfaction row each of 84
    assert text.startswith("四个街道，合计预算执行率95%，84项指标完成66项（78.6%）。")
    assert "示例broken街道街道的数据有错误" in text or "示例broken街道" in text


def test_bands_instead_of_ranks(peers: Peers) -> None:
    shown = district_tables.offices(peers)
    assert "名次范围" in shown.text
    assert "分不出先后的街道归为一档" in repr(shown)
    # a, then b and c together, then d: in the rows of the table, by ids within the band
    bands = [(row["subdistrict"], district.band(row["band"]), district.ranks(row)) for row in district.in_bands(peers)]
    assert bands == [("a", "第一档", "1"), ("b", "第二档", "2—3"), ("c", "第二档", "2—3"), ("d", "第三档", "4")]
    assert "能分出先后的有三档" in repr(district.district(peers))
    chart = district_charts.scores(peers)
    assert chart is not None
    assert "第二档示例b街道96.00分" in chart.alt
    assert "第一名" not in shown.text


@pytest.mark.parametrize(
    ("number", "told"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (32, "三十二"), (100, "100")]
)
def test_bands_are_counted_in_words(number: int, told: str) -> None:
    assert district.band(number) == f"第{told}档"


def test_offices_without_a_score_are_named_and_in_no_figure(root_of_data: Path, peers: Peers, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(root_of_data, data)
    for name in ("e", "f"):
        test_peers.write(data, name, 2023, 1000, 0, 0)
    lines = ["1,甲,产出,第1项完成率,100%,,", "1,甲,满意度,居民满意率,90%,—,"]
    (data / "e/2023/indicators.csv").write_text(test_peers.HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    (data / "f/2023/indicators.csv").write_text(test_peers.HEAD + "1,甲,产出,制度,完善,见附件,\n", encoding="utf-8")
    with (data / "subdistricts.csv").open("a", encoding="utf-8") as file:
        file.write("e,示例e街道,示例区,示例市\nf,示例f街道,示例区,示例市\n")
    found = pe.peers(data, district="示例区", year=2023)
    assert found.unevaluated[["subdistrict", "state"]].to_numpy().tolist() == [["e", "尚未填报"], ["f", "均无法判定"]]
    for name in ("offices", "quartiles", "heat", "funnel"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(peers, name))
    assert len(found.unmet) == len(peers.unmet)
    assert (found.total.budget, found.total.mean_score) == (peers.total.budget, peers.total.mean_score)
    text = repr(district.district(found))
    assert "示例e街道尚未填报完成值，未作评价，不计入本页的各项合计和比较。" in text
    assert "示例f街道各项均无法判定，不能复算总分，不计入本页的各项合计和比较。" in text
    assert "中位数97分，从84分到100分" in text
    assert set(found.attention.loc[found.attention["kind"].eq("未能评价"), "subdistrict"]) == {"broken", "e", "f"}
    assert set(found.attention.loc[found.attention["subdistrict"].eq("e"), "kind"]) == {"未能评价"}
    figures_ = figures.record(found).figures
    assert [one["subdistrict"] for one in figures_["offices"]] == ["a", "b", "c", "d"]
    assert [one["state"] for one in figures_["unevaluated"]] == ["尚未填报", "均无法判定"]
    for section in SECTIONS:
        assert "nan" not in section(found).text.lower().replace("subdistrict", "")


def test_what_is_beyond_chance_is_said_and_drawn(peers: Peers) -> None:
    chart = district_charts.funnel(peers)
    assert chart is not None
    assert chart.title == f"示例d街道、{HOSTILE}等三个的完成率超出控制限"
    assert "21项完成23.8%" in chart.alt


def test_links_lead_to_the_annual_reports_of_offices_that_have_one(peers: Peers) -> None:
    text = district_tables.offices(peers).text
    assert 'href="../../../d/2023/annual/annual.html"' in text
    assert 'href="../../../broken' not in text


def test_the_figures_are_plain_json(peers: Peers) -> None:
    found = figures.record(peers).figures
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["completion"]["overall"]["met"] == 66
    assert found["execution"]["rate"] == 0.95
    assert [office["subdistrict"] for office in found["offices"]] == ["a", "b", "c", "d"]


def test_the_notebook_makes_the_page(root_of_data: Path, root: Path) -> None:
    from perfeval.run import project, run_report

    settings = f"[paths]\nnotebooks = '{root / 'notebooks'}'\n"
    (root_of_data.parent / "perfeval.toml").write_text(settings, encoding="utf-8")
    report = run_report("overview", district="示例区", year=2023, where=project.find(root_of_data.parent))
    assert not report.error
    assert (report.subject, report.period) == ("示例区", "2023")
    assert "<title>示例市示例区 2023年度全区绩效自评总览</title>" in report.html.read_text(encoding="utf-8")
