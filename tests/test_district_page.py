"""The district's page: what its notebook shows of ranks, chance, money and decisions, and hostile text."""

import json
import shutil
from pathlib import Path
from typing import Any

import cells
import nbformat
import pandas as pd
import pytest
import test_peers

import perfeval as pe
from perfeval.model.peers import Peers
from perfeval.present import district, keyfigures, style
from perfeval.present.pieces import Html

NOTEBOOK = nbformat.read(Path(__file__).parents[1] / "notebooks" / "overview.ipynb", as_version=4)
CELLS = {cell.id: cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code"}
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


def run(root: Path, year: int, **names: Any) -> tuple[dict[str, Html], dict[str, Any]]:
    """What the notebook's cells show of a district, and the names they leave."""
    names |= {"district": "示例区", "year": year, "ruleset": "hubei", "data_dir": str(root)}
    answers = {}
    for name, source in CELLS.items():
        if name != "parameters":
            answers[name] = cells.last_value(source, names)
    return answers, names


@pytest.fixture(scope="module")
def page(root_of_data: Path) -> tuple[dict[str, Html], dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(style.REPORT, "1")
        return run(root_of_data, 2023)


def test_every_cell_shows_something_and_escapes_what_is_data(page) -> None:
    answers, _ = page
    for name, shown in answers.items():
        if name in ("load", "check"):
            continue
        assert len(shown.text) > 10, name
        assert repr(shown).strip(), name
        assert HOSTILE not in shown.text, name
        assert ">nan" not in shown.text, name
    assert answers["check"] is None


def test_the_first_screen_says_who_is_on_file_and_who_is_not(page) -> None:
    answers, _ = page
    text = repr(answers["conclusion"])
    said = "一个街道（示例b街道）执行率低于90%而没有说明原因；一个街道（示例c街道）合计不符。"
    assert text.startswith(said)
    assert "四个街道没有上年可比的数据，不知是否连年未完成。" in text
    assert "4/5个街道的得分中位数97分，从84分到100分。" in text
    assert "得分最低的是示例d街道，未完成和部分完成最多的是示例d街道（16项）。" in text
    assert "示例broken街道的数据有错误，没有评价。" in text
    cards = repr(answers["figures"])
    assert "可比街道：4 / 5（1个没有材料或不能评价）" in cards
    # 100 + 240 + 110 + 500 of 1000; of 21 rows each 21, 21, 19 and 5
    assert "资金合计执行率：95%（4 / 5个街道，950.00 / 1,000.00 万元）" in cards
    assert "得分中位数：97.00（最低84分，最高100分）" in cards
    assert "完成率中位数：95.2%（最低23.8%，最高100%）" in cards


def test_another_threshold_is_the_one_that_the_page_names(page) -> None:
    _, names = page
    usual = "low = pe.thresholds.LOW_RATE"
    assert usual in CELLS["figures"]
    changed = dict(names)
    cells.last_value(CELLS["figures"].replace(usual, "low = 0.85"), changed)
    for name, says in (("money", "数的{}"), ("quadrants", "执行率低于{}而得分")):
        assert says.format("90%") in cells.last_value(CELLS[name], dict(names)).text
        shown = cells.last_value(CELLS[name], changed).text
        assert says.format("85%") in shown
        assert says.format("90%") not in shown


def test_a_card_an_office_by_consequence_and_the_form_in_one_line(page) -> None:
    answers, names = page
    assert names["answers"]["subdistrict"].tolist() == ["b", "c", "d", "a"]
    first = answers["first"]
    assert first.text.count("<section") == 4 - first.text.count("执行率和合计没有查出问题")
    places = [repr(first).index(f"示例{one}街道") for one in "bcd"]
    assert places == sorted(places)
    card = first.text[first.text.index("示例b街道") : first.text.index("示例c街道")]
    assert "执行率80%，未支出60.00万元，没有说明原因。" in card
    assert card.count('<p class="nums">') <= 2


def test_bands_instead_of_ranks(page) -> None:
    answers, names = page
    # a, then b and c together, then d
    ranked = names["ranked"][["subdistrict", "band", "ranks"]].to_numpy().tolist()
    assert ranked == [["a", 1, "1"], ["b", 2, "2—3"], ["c", 2, "2—3"], ["d", 3, "4"]]
    assert "能分出先后的有三档" in repr(answers["offices"])
    assert "第一名" not in answers["ranks"].text


def test_money_is_added_up_before_it_is_divided(page) -> None:
    answers, names = page
    assert names["total"]["execution_rate"] == 0.95
    assert names["money"]["subdistrict"].tolist() == ["b", "a", "d", "c"]  # by what is left, the overspent last
    assert "未支出的有示例b街道60.00万元。" in repr(answers["money"])
    assert "执行数超过预算数的有示例c街道10.00万元。" in repr(answers["money"])


def test_what_is_missed_in_common_is_counted_by_office(page) -> None:
    answers, names = page
    shared = names["shared"].set_index("indicator")
    assert shared["offices"].to_dict() == {"第19项完成率": 2, "第20项完成率": 2}
    assert shared["of"].unique().tolist() == [4]
    assert names["counts"].loc["示例d街道", "产出"] == 16
    assert "没有完成的最集中在示例d街道的产出类（16项）。" in repr(answers["categories"])


def test_the_decisions_name_office_and_figure(page) -> None:
    answers, names = page
    found = names["todo"].groupby("decision")["subdistrict"].agg(list).to_dict()
    assert found["退回补正"] == ["broken"]
    assert found["核对执行数"] == ["c"]
    assert found["说明未支出"] == ["b"]
    assert found["督促整改"] == ["d"]
    assert "示例b街道未支出60.00万元" in repr(answers["decisions"])


def test_what_is_beyond_chance_is_said_and_drawn(page) -> None:
    answers, _ = page
    text = repr(answers["funnel"])
    assert f"{HOSTILE}、示例b街道、示例d街道三个的完成率在控制限之外。" in text
    assert "等三个的完成率超出控制限" not in text, "told once"
    assert "21项完成23.8%" in text


def test_links_lead_to_the_annual_reports_of_offices_that_have_one(page) -> None:
    answers, names = page
    assert 'href="../../../d/2023/annual/annual.html"' in answers["ranks"].text
    assert 'href="../../../broken' not in answers["first"].text
    assert names["names"]("broken") == "示例broken街道"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(style.REPORT, raising=False)
        assert str(names["names"]("d")) == "示例d街道"  # a notebook that stands alone has no reports beside it


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
    text = "".join(district.headline(found))
    assert found.pooled.offices == peers.pooled.offices
    assert "示例e街道尚未填报完成值，未作评价，不计入本页的各项合计和比较。" in text
    assert "示例f街道各项均无法判定，不能复算总分，不计入本页的各项合计和比较。" in text
    assert "中位数97分，从84分到100分" in text
    assert set(found.attention.loc[found.attention["kind"].eq("未能评价"), "subdistrict"]) == {"broken", "e", "f"}
    assert set(found.attention.loc[found.attention["subdistrict"].eq("e"), "kind"]) == {"未能评价"}
    figures_ = keyfigures.record(found).figures
    assert [one["subdistrict"] for one in figures_["offices"]] == ["a", "b", "c", "d"]
    assert [one["state"] for one in figures_["unevaluated"]] == ["尚未填报", "均无法判定"]
    answers, names = run(data, 2023)
    assert "4/7个街道的得分中位数" in repr(answers["conclusion"])
    assert "示例e街道" not in repr(answers["first"])
    assert "示例f街道各项均无法判定" in repr(answers["conclusion"])
    assert names["scores"]["subdistrict"].tolist() == ["a", "b", "c", "d", "e", "f"]
    assert names["offices"]["subdistrict"].tolist() == ["a", "b", "c", "d"]
    assert all(">nan" not in shown.text for name, shown in answers.items() if name not in ("load", "check"))


def test_a_wrong_sum_of_our_own_stops_the_notebook(page) -> None:
    _, names = page
    wrong = names | {"offices": names["offices"].assign(met=names["offices"]["met"] + 1)}
    with pytest.raises(AssertionError, match="逐行的完成数与各街道之和不符"):
        cells.last_value(CELLS["check"], wrong)


def test_a_district_where_nothing_is_known_says_so(tmp_path: Path) -> None:
    test_peers.write(tmp_path / "data", "x", 2023, 10, 10, 20)
    folder = tmp_path / "data/x/2023"
    (folder / "indicators.csv").write_text(test_peers.HEAD + "1,甲,产出,制度,完善,见附件,\n", encoding="utf-8")
    (tmp_path / "data/subdistricts.csv").write_text(
        "id,name,district,city\nx,示例x街道,示例区,示例市\n", encoding="utf-8"
    )
    answers, names = run(tmp_path / "data", 2023)
    assert names["offices"].empty
    said = {name: repr(shown) for name, shown in answers.items()}
    assert "一个街道都没有可以评价的结果。" in said["conclusion"]
    assert "没有可以比较的街道。" in said["ranks"]
    assert "没有一个街道的预算数和执行数齐全" in said["money"]
    assert "没有查明未完成的指标。" in said["categories"]
    assert said["unmet"] == "没有可以比较的街道。"


def test_the_figures_are_plain_json(peers: Peers) -> None:
    found = keyfigures.record(peers).figures
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
