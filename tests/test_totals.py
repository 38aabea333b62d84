"""Real forms that state a total: what they print against what their own rows add up to."""

from decimal import Decimal

import pandas as pd
import pytest

import perfeval as pe
from perfeval.analysis import rulesets, totals
from perfeval.analysis.totals import check_totals
from perfeval.ingest.checks import typed
from perfeval.model.data import Data
from perfeval.model.narrative import Narrative
from perfeval.model.schema import BUDGET, INDICATORS, SUBDISTRICTS, Table

HEAD = ("category", "indicator", "target", "actual", "weight", "declared_score")
# A procurement project of a Hubei finance bureau, 2019: execution 60 %, 6 of 10 points, left out of the printed 90.
PROCUREMENT = [
    ("产出", "服务对象人数", "100人次", "100人次", "15", "15"),
    ("产出", "服务达标率", "80%", "80%", "20", "20"),
    ("产出", "完成时限", "2019年", "2019年", "15", "15"),
    ("成本", "计划完成率", "90%", "60%", "20", "10"),
    ("效益", "财政工作运行效率", "≥80%", "≥80%", "15", "15"),
    ("满意度", "受益群体满意度", "90%", "90%", "15", "15"),
]
# Medical insurance for poor households, 2020: execution 99 %, printed 9 of 10 points; printed total 94.
INSURANCE = [
    ("产出", "全县参合人数", "8755", "8676", "15", "13"),
    ("产出", "资金是否全部纳入医保统筹", "100%", "100%", "15", "15"),
    ("产出", "资金是否全部及时纳入", "100%", "100%", "10", "10"),
    ("成本", "配套资金每人每年", "75元", "75元", "10", "10"),
    ("效益", "是否解决建档立卡人员看病难贵问题", "95%", "95%", "30", "27"),
    ("满意度", "是否满意", "95%", "95%", "10", "9"),
]
# A fishing-ban project on the Hubei form, 2020: 20 + 20 + 10 + 10 + 40, all met, total 100.
FISHING = [
    ("产出", "补贴渔船数", "6", "6", "20", "20"),
    ("产出", "渔船补贴发放率", "100%", "100%", "10", "10"),
    ("产出", "12月底之前完成", "100%", "100%", "10", "10"),
    ("满意度", "退捕渔民抽样调查满意度", "90%", "≥90%", "40", "40"),
]


def table(rows: list[tuple[str, ...]], head: tuple[str, ...], of: Table) -> pd.DataFrame:
    cells = [dict.fromkeys(of.names, "") | dict(zip(head, row, strict=True)) for row in rows]
    text = pd.DataFrame(cells, columns=of.names, index=range(2, len(cells) + 2))
    frame, problems = typed(text, of, f"data/a/2020/{of.name}.csv")
    assert not problems, problems
    frame.insert(0, "subdistrict", "a")
    frame.insert(1, "year", 2020)
    return frame


def document(indicators, budget: tuple[str, ...], total: str | None, ruleset: str = "hubei") -> pe.Evaluation:
    """``budget``: opening, adjusted, executed, weight, score of the row of the total."""
    head = ("item", "opening", "adjusted", "executed", "weight", "declared_score")
    place = pd.DataFrame([("a", "某单位", "", "", "", "")], columns=SUBDISTRICTS.names, index=[2])
    source = ("a", 2020, "data/a/2020/indicators.csv", len(indicators), "0" * 64)
    data = Data(
        budget=table([("年度资金总额", *budget)], head, BUDGET),
        indicators=table(indicators, HEAD, INDICATORS),
        subdistricts=typed(place, SUBDISTRICTS, "")[0],
        narratives={("a", 2020): Narrative(declared_score=None if total is None else Decimal(total))},
        sources=pd.DataFrame([source], columns=["subdistrict", "year", "file", "rows", "sha256"]),
    )
    return pe.evaluate(data, ruleset)


def checked(result: pe.Evaluation) -> dict[str, tuple[float, float, float, bool]]:
    frame = check_totals(result).set_index("what")
    return {what: tuple(row) for what, row in zip(frame.index, frame.itertuples(index=False), strict=True)}


def test_weights_of_110_and_execution_left_out_of_the_total() -> None:
    result = document(PROCUREMENT, ("287", "287", "171", "10", "6"), "90")
    assert checked(result) == {
        totals.WEIGHTS: (110, 100, 10, False),
        totals.SUM: (90, 96, -6, False),
        totals.SUM_ALONE: (90, 90, 0, True),
        totals.FORMULA: (90, 99.29, pytest.approx(-9.29), False),
    }
    assert result.score == 99.29  # 10 × 171/287 = 5.9582, 20 × 60/90 = 13.3333, and 80 in full
    assert result.scores["declared"].possible == 110
    assert any("合计110分，不是100分" in note for note in result.notes)


def test_printed_rows_of_93_under_a_total_of_94_and_a_formula_of_99_77() -> None:
    result = document(INSURANCE, ("65.66", "", "65.07", "10", "9"), "94")
    found = checked(result)
    assert found[totals.SUM] == (94, 93, 1, False)
    assert found[totals.WEIGHTS] == (100, 100, 0, True)
    assert result.score == 99.77
    assert found[totals.FORMULA][:2] == (94, 99.77)


@pytest.mark.parametrize("printed", [("20", "20"), ("", "")])
def test_the_hubei_form_recomputes_to_100(printed: tuple[str, str]) -> None:
    result = document(FISHING, ("1.56", "1.56", "1.56", *printed), "100")
    assert (result.score, result.scores["declared"].execution) == (100, 20)
    found = checked(result)
    assert found[totals.FORMULA] == (100, 100, 0, True)
    assert found[totals.WEIGHTS if printed[0] else totals.WEIGHTS_ALONE][3]


@pytest.mark.parametrize("name", rulesets.names())
def test_where_all_weights_are_given_every_preset_with_the_same_formula_agrees(name: str) -> None:
    assert document(FISHING, ("1.56", "1.56", "1.56", "20", "20"), "100", name).score == 100


def test_nothing_printed_nothing_checked() -> None:
    rows = [(*row[:4], "", "") for row in FISHING]
    assert check_totals(document(rows, ("1", "1", "1", "", ""), None)).empty


def test_execution_weight_alone_does_not_move_the_rule_set() -> None:
    rows = [(*row[:4], "", "") for row in FISHING]
    result = document(rows, ("1", "1", "1", "10", "10"), None)
    assert result.scores["declared"].execution == 20
    assert any("文件所列预算执行10分，指标未列分值，按规则计20分" in note for note in result.notes)
