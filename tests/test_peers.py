"""All offices of a district side by side, with figures by hand."""

from math import nan
from pathlib import Path

import pandas as pd
import pytest

import perfeval as pe
from perfeval.model.errors import DataError, NotOnFile
from perfeval.model.peers import (
    BELOW_FAR,
    KINDS,
    MANY_UNMET,
    NOT_CERTAIN,
    NOT_EVALUATED,
    OUTSIDE,
    OVERSPENT,
    UNDECIDABLE,
    UNDERSPENT,
    WITHIN,
    Peers,
)
from perfeval.present.district import absent

HEAD = "goal_no,goal,category,indicator,target,actual,reason\n"
# office: budget, executed, how many of 20 output indicators are met (100% of 100%, else 50%)
OFFICES = {"a": (100, 100, 20), "b": (300, 240, 20), "c": (100, 110, 18), "d": (500, 500, 4)}


def write(root: Path, name: str, year: int, budget: float, executed: float, met: int) -> None:
    folder = root / name / str(year)
    folder.mkdir(parents=True)
    (folder / "budget.csv").write_text(f"item,adjusted,executed\n部门整体支出,{budget},{executed}\n", encoding="utf-8")
    rows = [f"1,甲,产出,第{n}项完成率,100%,{100 if n <= met else 50}%,\n" for n in range(1, 21)]
    rows.append("1,甲,满意度,居民满意率,90%,90%,\n")
    (folder / "indicators.csv").write_text(HEAD + "".join(rows), encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("district") / "data"
    for name, (budget, executed, met) in OFFICES.items():
        write(root, name, 2023, budget, executed, met)
    write(root, "broken", 2023, 1, 1, 1)
    (root / "broken/2023/budget.csv").write_text("item,adjusted,executed\n部门整体支出,一百,1\n", encoding="utf-8")
    write(root, "afar", 2023, 1, 1, 1)
    write(root, "late", 2022, 1, 1, 1)
    lines = [f"{name},示例{name}街道,示例区,示例市" for name in (*OFFICES, "broken", "late")]
    text = "\n".join(["id,name,district,city", *lines, "afar,远方街道,别区,示例市"]) + "\n"
    (root / "subdistricts.csv").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def found(root: Path) -> Peers:
    return pe.peers(root, district="示例区", year=2023)


def office(found: Peers, name: str) -> pd.Series:
    return found.offices.set_index("subdistrict").loc[name]


def test_every_office_of_the_district_is_there_or_says_why_not(found: Peers) -> None:
    assert found.offices["subdistrict"].tolist() == ["a", "b", "c", "d"]
    assert list(found.evaluations) == ["a", "b", "c", "d"]
    failed = found.failed.set_index("subdistrict")["why"]
    assert failed["late"] == "没有2023年度的数据"
    assert failed["broken"].startswith("budget.csv 第2行")
    assert len(failed) == 2


def test_what_was_not_loaded_is_not_said_to_be_missing(root: Path) -> None:
    found = pe.peers(pe.load(root, "a", 2023), district="示例区")
    assert set(found.failed["why"]) == {"没有载入2023年度的数据"}
    assert absent(found)[0].endswith("没有载入2023年度的数据。")


def test_counts_and_the_pooled_rate(found: Peers) -> None:
    assert found.offices["rows"].tolist() == [21] * 4
    assert found.offices["met"].tolist() == [21, 21, 19, 5]
    assert found.offices["unmet"].tolist() == [0, 0, 2, 16]
    assert found.completion_low == found.completion_high == 66 / 84
    assert office(found, "d")["zone"] == BELOW_FAR
    assert office(found, "c")["zone"] == WITHIN  # 19 of 21, 79 % overall
    assert office(found, "a")["zone"] != BELOW_FAR


def test_scores_by_hand(found: Peers) -> None:
    # hubei: execution 20 × rate, 产出 40 over 20 rows = 2 each, 满意度 40
    assert found.offices["score"].tolist() == [100, 96, 98, 84]
    # median (98 + 96) / 2 = 97; b is below it and c above under hubei, the other way round under mof2020
    assert found.offices["above_median"].tolist() == pytest.approx([3, nan, nan, -13], nan_ok=True)
    assert found.offices["percentile"].tolist() == pytest.approx([1, nan, nan, 0], nan_ok=True)
    assert (found.offices["score_low"] <= found.offices["score"]).all()
    assert (found.offices["score_high"] >= found.offices["score"]).all()


def test_ranks_hold_their_range_over_the_rule_sets(found: Peers) -> None:
    # mof2020 gives execution 10 points, 产出 50: b loses 2, c loses 2 × 2.5 × ½ = 2.5, so b is before c
    ranks = found.offices.set_index("subdistrict")
    assert ranks.loc["a", ["rank_low", "rank_high"]].tolist() == [1, 1]
    assert ranks.loc["d", ["rank_low", "rank_high"]].tolist() == [4, 4]
    assert ranks.loc["b", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert ranks.loc["c", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert found.offices["band"].tolist() == [1, 2, 2, 3]
    assert any("2个街道的得分在各套规则、两种口径下分不出先后" in note for note in found.notes)


def test_equal_scores_share_a_band(tmp_path: Path) -> None:
    for name in "xyz":
        write(tmp_path / "data", name, 2023, 10, 10, 20 if name < "z" else 10)
    tied = pe.peers(tmp_path / "data").offices
    assert tied["band"].tolist() == [1, 1, 2]
    assert tied[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3]]
    assert tied["percentile"].tolist() == [0.75, 0.75, 0]  # above one of two others, and half of the tie


def test_what_needs_attention(found: Peers) -> None:
    listed = found.attention[["kind", "subdistrict"]].apply(tuple, axis=1).tolist()
    order = [KINDS.index(kind) for kind, _ in listed]
    assert order == sorted(order)
    assert listed[:2] == [(NOT_EVALUATED, "broken"), (NOT_EVALUATED, "late")]
    assert {(OUTSIDE, "d"), (OVERSPENT, "c"), (UNDERSPENT, "b"), (MANY_UNMET, "d")} <= set(listed)
    spent = found.attention.set_index("kind").loc[OVERSPENT]
    assert spent["what"] == "执行率110%"
    assert "预算100.00万元，执行110.00万元" in spent["why"]


def test_the_heat_map_has_every_office_in_every_category(found: Peers) -> None:
    cells = found.heat.set_index(["subdistrict", "category"])
    assert len(cells) == 8
    assert cells.loc[("d", "产出"), ["rows", "met", "missed", "low", "high"]].tolist() == [20, 4, 16, 0.2, 0.2]
    assert cells.loc[("d", "满意度"), "low"] == 1


def test_unmet_indicators_tell_in_how_many_offices(found: Peers) -> None:
    unmet = found.unmet
    assert len(unmet) == 18
    assert unmet["offices"].tolist() == [2] * 4 + [1] * 14
    assert unmet["indicator"].iloc[:4].tolist() == ["第19项完成率"] * 2 + ["第20项完成率"] * 2
    assert unmet["lost"].iloc[0] == 1  # half of 2 points


def test_quartiles(found: Peers) -> None:
    score = found.quartiles.set_index("measure").loc["score"]
    assert score.tolist() == [4, 84, 93, 97, 98.5, 100]  # 84 + ¾ × 12; 98 + ¼ × 2


def test_the_district_is_put_together_before_it_is_scored(found: Peers) -> None:
    total = found.total
    assert total is not None
    assert (total.budget, total.executed, total.execution_rate) == (1000, 950, 0.95)
    # rows 1–4 full; rows 5–18: d (500 of 950) has 50 %; rows 19, 20: c (110) and d have 50 %
    # 20 × 0.95 + 40 + 4 × 2 + 14 × 2 × (1 − 250/950) + 2 × 2 × (1 − 305/950), averages to 4 places of the percentage
    expected = 19 + 40 + 8 + 28 * (1 - 250 / 950) + 4 * (1 - 305 / 950)
    assert total.score == pytest.approx(expected, abs=0.006)
    assert total.mean_score == (100 + 96 + 98 + 84) / 4
    assert (total.rows, total.met) == (21, 5)


def test_statuses_stand_in_where_values_cannot_be_put_together(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for name, money, said in (("x", 30, "完成"), ("y", 10, "未完成")):
        write(root, name, 2023, money, money, 20)
        text = f"goal_no,goal,category,indicator,target,actual,declared_met\n1,甲,产出,开展宣传,开展,开展了宣传活动若干,{said}\n"
        (root / name / "2023/indicators.csv").write_text(text, encoding="utf-8")
    total = pe.peers(root).total
    assert total is not None
    row = total.indicators.iloc[0]
    assert (row["status"], row["basis"], row["target"]) == ("部分完成", "declared", "")
    assert row["score"] / row["points"] == pytest.approx(0.75)  # 30 of 40 met, nothing for the rest
    assert row["strict_score"] == 0
    assert "完成1、未完成1" in row["derivation"]


def test_there_is_one_sum_of_money_and_who_executed_nothing_is_in_it(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for name, executed in (("x", 90), ("y", 0), ("z", 0), ("w", 50)):
        write(root, name, 2023, 100, executed, 20)
    for name in ("z", "w"):  # z has not filled its form in; of w nobody can judge anything
        text = f"goal_no,goal,category,indicator,target,actual\n1,甲,产出,宣传,开展,{'' if name == 'z' else '若干'}\n"
        (root / name / "2023/indicators.csv").write_text(text, encoding="utf-8")
    found = pe.peers(root)
    assert [one.state for one in found.evaluations.values()] == ["均无法判定", "已复算", "已复算", "尚未填报"]
    assert (found.pooled.offices, found.pooled.budget, found.pooled.executed) == (("x", "y"), 200, 90)
    assert found.total is not None
    assert (found.total.budget, found.total.executed, found.total.execution_rate) == (200, 90, 0.45)
    assert found.total.offices == ("x", "y")
    assert "y的执行数是0" in found.total.notes[0]
    sums = pe.year_totals(pe.scores(found)).iloc[0]
    assert sums[["money_offices", "budget", "executed"]].tolist() == [2, 200, 90]
    funded = pe.funded(pe.scores(found))
    assert (len(funded), funded["budget"].sum(), funded["executed"].sum()) == (2, 200, 90)


def test_data_in_memory_gives_the_same(root: Path) -> None:
    data = pe.load(root, subdistrict=["a", "b"], years=2023)
    held = pe.peers(data, district="示例区")
    assert held.offices["score"].tolist() == [100, 96]
    assert set(held.failed["subdistrict"]) == {"c", "d", "broken", "late"}


def test_the_order_of_offices_does_not_matter_and_nothing_is_changed(found: Peers) -> None:
    from perfeval.analysis.peers import compare

    before = {name: result.indicators.copy() for name, result in found.evaluations.items()}
    again = compare(
        reversed(list(found.evaluations.values())), found.ruleset, district="示例区", year=2023,
        failed=found.failed.itertuples(index=False, name=None),
    )  # fmt: skip
    for name in ("offices", "heat", "unmet", "attention", "quartiles", "funnel"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    assert again.total is not None
    assert found.total is not None
    assert again.total.score == found.total.score
    for name, frame in before.items():
        pd.testing.assert_frame_equal(found.evaluations[name].indicators, frame)


def test_what_is_not_there_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(NotOnFile, match=r"不止一个区县（别区、示例区）"):
        pe.peers(root, year=2023)
    with pytest.raises(NotOnFile, match=r"没有区县“示例驱”的数据，是否指“示例区”"):
        pe.peers(root, district="示例驱", year=2023)
    with pytest.raises(NotOnFile, match=r"不止一个年度（2022、2023）"):
        pe.peers(root, district="示例区")
    with pytest.raises(NotOnFile, match=r"^示例区没有2024年度的数据；现有年度：2022、2023$"):
        pe.peers(root, district="示例区", year=2024)
    with pytest.raises(NotOnFile, match=r"^别区没有2022年度的数据；现有年度：2023；有这个年度的是示例区$"):
        pe.peers(root, district="别区", year=2022)
    late = pe.load(root, "late")
    with pytest.raises(NotOnFile, match=r"^街道“late”没有2021年度的数据；现有年度：2022$"):
        pe.evaluate(late, subdistrict="late", year=2021)
    with pytest.raises(NotOnFile, match=r"^数据里没有街道“lat”，是否指“late”？$"):
        pe.evaluate(late, subdistrict="lat", year=2022)
    write(tmp_path / "data", "x", 2023, 1, 1, 1)
    (tmp_path / "data/x/2023/indicators.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError):
        pe.peers(tmp_path / "data")


def open_district(tmp_path: Path) -> Peers:
    """Two offices of 21 rows: one with all of them met by the figures, one that only says so of 20."""
    root = tmp_path / "data"
    for name in ("x", "y"):
        write(root, name, 2023, 10, 10, 20)
    path = root / "y/2023/indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",100%,100%,", ",100%,达成预期指标,"), encoding="utf-8")
    return pe.peers(root)


def test_what_is_only_declared_leaves_the_completion_open(tmp_path: Path) -> None:
    found = open_district(tmp_path)
    counted = ["rows", "met", "declared", "undecided", "most", "unverified", "unmet"]
    assert found.offices[counted].to_numpy().tolist() == [[21, 21, 0, 0, 21, 0, 0], [21, 1, 20, 0, 21, 20, 0]]
    assert found.offices[["completion_low", "completion_high"]].to_numpy().tolist() == [[1, 1], [1 / 21, 1]]
    assert (found.completion_low, found.completion_high) == (22 / 42, 1)
    assert found.offices["zone"].tolist() == [NOT_CERTAIN, NOT_CERTAIN]
    heat = found.heat.set_index(["subdistrict", "category"])
    assert heat.loc[("y", "产出"), ["rows", "met", "declared", "most", "low", "high"]].tolist() == [20, 0, 20, 20, 0, 1]
    assert heat.groupby("subdistrict")[["met", "most"]].sum().to_numpy().tolist() == [[21, 21], [1, 21]]
    total = found.total
    assert total is not None
    assert (total.rows, total.met, total.declared, total.completion_low, total.completion_high) == (
        21,
        1,
        20,
        1 / 21,
        1,
    )


def test_a_district_of_claims_is_nowhere_said_to_have_met_everything(tmp_path: Path) -> None:
    from perfeval.present import district

    found = open_district(tmp_path)
    said = "".join(district.headline(found))
    assert "42项指标合计完成22—42项（52.4%—100%）" in said
    shown = district.nothing_missed(found.offices) + district.chance(found.offices)
    assert "各街道没有查明未完成的指标，20项凭申报完成或无法判定。" in shown
    assert "全部完成" not in shown
    assert "都在控制限之内" not in shown
    listed = found.attention.set_index("kind").loc[UNDECIDABLE]
    assert listed["subdistrict"] == "y"
    assert listed["why"] == "21项中20项凭申报完成，没有可比的数据"


def test_an_office_with_rows_that_nobody_can_judge_is_below_nobody_for_that(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for name, met in (("x", 20), ("y", 20), ("z", 10)):
        write(root, name, 2023, 10, 10, met)
    path = root / "y/2023/indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",100%,100%,", ",100%,见附件,"), encoding="utf-8")
    found = pe.peers(root)
    assert office(found, "x")["band"] == office(found, "y")["band"] == office(found, "z")["band"]
    assert office(found, "y")["score_high"] == office(found, "x")["score_high"]
    told = [note for note in found.notes if "无法判定的指标" in note]
    assert len(told) == 1
    assert told[0].startswith("1个街道有无法判定的指标，复算和中位数按不得分计，得分可能更高，分档已计入：")
