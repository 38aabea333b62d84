"""Budget and execution: which rate counts, of what it is, and that it says so wherever it is told."""

import re

import pandas as pd
import pytest
from several_years import evaluated, row

import perfeval as pe
from perfeval.analysis.execution import exact_rate, execution
from perfeval.analysis.peers import compare
from perfeval.ingest.checks import typed
from perfeval.model.schema import BUDGET
from perfeval.present import answer, keyfigures, letters
from perfeval.present.page import index_page
from perfeval.run.outcome import listed as kept

ROWS = [row("培训场次", "≥12场", "13场"), row("群众满意度", "≥90%", "92%", "满意度")]


def budget(*lines: str) -> pd.DataFrame:
    """A budget table: item, opening, adjusted and executed of each line."""
    names = ("item", "opening", "adjusted", "executed")
    rows = [dict.fromkeys(BUDGET.names, "") | dict(zip(names, line.split(","), strict=True)) for line in lines]
    text = pd.DataFrame(rows, columns=BUDGET.names, index=range(2, len(lines) + 2))
    frame, problems = typed(text, BUDGET, "budget.csv")
    assert {one.code for one in problems} <= {"W202", "W203"}, problems  # warnings: what is odd is read all the same
    return frame


@pytest.mark.parametrize(
    ("lines", "rate", "denominator", "completed"),
    [
        (["年度资金总额,100,,90"], 0.9, "年初预算数", ""),
        (["年度资金总额,100,120,90"], 0.75, "全年预算数", ""),
        (
            ["年度资金总额,100,,90", "当年财政拨款,80,100,75", "上年结转资金,20,20,15"],
            0.75,
            "全年预算数",
            "年度资金总额没有列出的，按各资金来源合计：全年预算数120万元",
        ),
        (
            ["年度资金总额,100,,", "基本支出,60,70,60", "项目支出,40,50,30"],
            0.75,
            "全年预算数",
            "年度资金总额没有列出的，按基本支出、项目支出合计：全年预算数120万元、全年执行数90万元",
        ),
        (["年度资金总额,100,,90", "当年财政拨款,80,100,75"], 0.9, "年初预算数", ""),  # not all of it
        (["年度资金总额,100,,90", "当年财政拨款,80,100,75", "其他资金,10,20,15"], 0.9, "年初预算数", ""),  # 90 of 100
        (["年度资金总额,100,,90", "当年财政拨款,80,,75", "其他资金,20,20,15"], 0.9, "年初预算数", ""),
        (["年度资金总额,,,90", "当年财政拨款,80,100,70", "其他资金,20,20,15"], None, "", ""),  # 85 of 90
    ],
)
def test_what_the_total_leaves_out_is_the_sum_of_parts_that_are_all_of_it(
    lines: list[str], rate: float | None, denominator: str, completed: str
) -> None:
    found = execution(budget(*lines))
    exact = exact_rate(budget(*lines))
    assert (found.rate, found.denominator, found.completed) == (rate, denominator, completed)
    assert rate == (None if exact is None else float(exact))
    assert found.identities["identity"].str.contains("全年预算数").sum() == 0 or not completed, "a sum of itself"


def test_two_totals_that_differ_are_told() -> None:
    found = execution(budget("部门整体支出,100,100,90", "年度资金总额,200,200,100")).identities
    assert found["holds"].tolist() == [False, False, False]
    assert found["identity"].iloc[0] == "年度资金总额＝部门整体支出（年初预算数）"
    assert execution(budget("部门整体支出,100,100,90", "合计,100,100,90")).identities["holds"].all()


def test_a_rate_of_the_opening_budget_says_so_wherever_it_is_told() -> None:
    one = evaluated(2024, ROWS, opening="100", budget="", executed="120")
    assert answer.execution_clause(one) == "预算执行率120%（按年初预算，超出预算）"
    assert answer.execution_note(one).endswith("万元，按年初预算")
    figures = keyfigures.record(one).figures
    assert figures["execution"]["basis"] == "按年初预算"
    facts = {fact.title: fact.note for fact in letters.letter("annual", figures, number="1").facts}
    assert facts["预算执行率"] == "全年执行数 / 预算数，按年初预算"
    listed = {"report": "annual", "subject": "shili", "period": "2024", "figures": kept(figures), "href": "a.html"}
    assert "120%（按年初预算）" in re.sub("<[^>]+>", "", index_page([listed]))
    assert pe.scores(one)["denominator"].tolist() == ["年初预算数"]
    peers = compare([one], one.ruleset, year=2024)
    assert any(note.startswith("1个街道没有列全年预算数，执行率按年初预算数算") for note in peers.notes)


def test_a_rate_of_one_half_says_so() -> None:
    one = evaluated(2024, ROWS, item="项目支出")
    assert answer.execution_clause(one) == "预算全部执行（只有项目支出）"


def test_a_rate_of_the_adjusted_budget_says_nothing_more() -> None:
    one = evaluated(2024, ROWS, opening="100", executed="90")
    assert answer.execution_clause(one) == "预算执行率90%"
    assert keyfigures.record(one).figures["execution"]["basis"] == ""
    assert not any("年初预算" in note for note in compare([one], one.ruleset, year=2024).notes)


SOCIAL, GUARD = "社区服务项目,50,50,50", "治安巡防项目,50,50,40"


@pytest.mark.parametrize(
    ("lines", "roles"),
    [
        ([SOCIAL, "其中：设备购置,30,30,30", GUARD], "part inside part"),
        ([SOCIAL, "其中：设备购置,30,30,30", "人员经费,20,20,20", GUARD], "part inside inside part"),
        ([SOCIAL, "其中：财政拨款,30,30,30", GUARD], "part inside part"),
        (["财政拨款,80,80,75", "其中：上级补助,50,50,50", "其他资金,20,20,15"], "source inside source"),
        (
            ["财政拨款,80,80,75", "其中：当年财政拨款,60,60,60", "上年结转,20,20,15", "其他资金,20,20,15"],
            "source inside inside source",
        ),
        (["其中：设备购置,50,50,40", SOCIAL], "part part"),
        (["基本支出,60,60,60", "项目支出,40,40,30", "其中：治安巡防,10,10,5"], "half half part"),
        (["项目支出,100,100,90", "其中：治安巡防,10,10,5"], "half part"),
        (["合计,100,100,90", "其中：设备购置,30,30,30", "其他资金,20,20,20"], "total part source"),
    ],
)
def test_what_is_inside_an_item_is_counted_once(lines: list[str], roles: str) -> None:
    found = execution(budget(*lines))
    assert found.items["role"].to_list() == roles.split()
    assert (found.rate, found.budget, found.executed) == (0.9, 100.0, 90.0)


def test_sources_inside_one_item_are_not_held_against_the_total() -> None:
    lines = ["部门整体支出,100,100,90", "基本支出,60,60,60", "项目支出,40,40,30"]
    found = execution(budget(*lines, "其中：财政拨款,30,30,22", "其他资金,10,10,8")).identities
    assert found["holds"].all()
    open_ = execution(budget(*lines, "其中：财政拨款,30,30,22", "其他资金,9,10,8")).identities
    assert not open_.loc[open_["identity"].str.startswith("各资金来源"), "holds"].any()


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["基本支出,60,60,60", SOCIAL], "基本支出、分项支出"),
        (["基本支出,60,60,60", "社区服务项目,60,60,59.99"], "基本支出、分项支出"),
        (["基本支出,60,60,60", "当年财政拨款,100,100,90"], "基本支出、资金来源"),
        (["项目支出,40,40,30", "当年财政拨款,40.01,40,30"], "项目支出、资金来源"),
        (["项目支出,40,40,30", "治安巡防项目,40,40.01,30"], "项目支出、分项支出"),
        ([SOCIAL, "当年财政拨款,50,50.01,50"], "分项支出、资金来源"),
        ([SOCIAL, "当年财政拨款,50,50.005,50"], "分项支出、资金来源"),
        (["基本支出,60,60,60", "社区服务项目,60,60,59.995"], "基本支出、分项支出"),
    ],
)
def test_a_part_is_not_taken_for_the_whole(lines: list[str], kinds: str) -> None:
    found = execution(budget(*lines))
    assert (found.rate, found.budget, found.whole_of) == (None, None, "")
    assert found.why == f"没有列出总额，所列{kinds}合不成一个数，执行率无法计算"
    assert exact_rate(budget(*lines)) is None


@pytest.mark.parametrize(
    ("lines", "role"),
    [
        (["基本支出,60,60,60", "人员经费,40,40,40", "公用经费,20,20,20"], "half"),
        (["项目支出,50,50,50", "治安巡防项目,30,30,30"], "half"),
        ([SOCIAL, "当年财政拨款,50,49.99,50"], "part"),
        ([SOCIAL, "当年财政拨款,50,50.004,50"], "part"),
        (["基本支出,60,60,60", "社区服务项目,60,60,59.996"], "half"),
        ([SOCIAL, "当年财政拨款,50,,50"], "part"),
        (["部门整体支出,50,50,50", "治安巡防项目,70,70,70"], "total"),
    ],
)
def test_other_items_that_may_lie_inside_leave_the_whole_as_it_is(lines: list[str], role: str) -> None:
    found = execution(budget(*lines))
    assert (found.rate, found.whole_of) == (1.0, role)


def test_goals_money_beside_other_items_is_not_a_whole() -> None:
    frame = budget("公用经费,50,50,50", "便民服务经费,50,50,40")
    frame["goal_no"] = pd.array([pd.NA, 1], "Int64")
    assert execution(frame).why == "没有列出总额，所列分项支出、目标资金合不成一个数，执行率无法计算"
    frame["executed"] = frame["executed"].iloc[0]
    assert execution(frame).rate == 1.0
    inside = budget("便民服务经费,50,50,40", "其中：设备购置,20,20,20")
    inside["goal_no"] = pd.array([1, 1], "Int64")
    assert execution(inside).rate == 0.8


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ("0,0,0", "全年预算数为0，执行率无法计算"),
        ("100,-0.01,50", "全年预算数为负，执行率无法计算"),
        ("-100,,50", "年初预算数为负，执行率无法计算"),
        ("100,100,-0.01", "全年执行数为负，执行率无法计算"),
        ("100,100,1000.01", "全年执行数1,000.01是全年预算数100.00的10倍，疑似单位不同，执行率无法计算"),
        ("100,,950000", "全年执行数950,000.00是年初预算数100.00的9,500倍，疑似单位不同，执行率无法计算"),
        ("500,500,0.1", "全年执行数0.10是全年预算数500.00的5,000分之一，疑似单位不同，执行率无法计算"),
    ],
)
def test_a_budget_that_is_none_has_no_rate(amounts: str, why: str) -> None:
    found = execution(budget(f"部门整体支出,{amounts}"))
    assert (found.rate, found.why, exact_rate(budget(f"部门整体支出,{amounts}"))) == (None, why, None)
    assert found.items["rate"].isna().all()


def test_a_rate_that_can_be_believed_is_one() -> None:
    amounts = ("100,100,0", "100,100,1000", "500,499.99,0.1")
    assert [execution(budget(f"部门整体支出,{one}")).rate for one in amounts] == pytest.approx(
        [0.0, 10.0, 0.1 / 499.99]
    )
