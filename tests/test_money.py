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
    assert not problems, problems
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
