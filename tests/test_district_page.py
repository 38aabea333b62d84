"""The district's page: its sections, what they say of ranks and chance, and hostile text."""

import json
from pathlib import Path

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


def test_no_rank_without_its_range(peers: Peers) -> None:
    shown = district_tables.offices(peers)
    assert "名次范围" in shown.text
    assert "范围重叠的街道不分先后" in repr(shown)


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
