"""Execution rates, the denominator that counts, and the sums that must agree."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.execution import exact_rate, execution

MONEY = st.decimals(min_value=0, max_value=10**7, places=2)


def budget(*rows: tuple) -> pd.DataFrame:
    """(item, opening, adjusted, executed[, goal_no]) as the loader gives them."""
    records = []
    for number, (item, opening, adjusted, executed, *goal) in enumerate(rows, start=2):
        amounts = [None if amount is None else Decimal(str(amount)) for amount in (opening, adjusted, executed)]
        records.append((item, goal[0] if goal else pd.NA, *amounts, "data/x/2022/budget.csv", number))
    frame = pd.DataFrame(records, columns=["item", "goal_no", "opening", "adjusted", "executed", "file", "row"])
    return frame.astype({"goal_no": "Int64"})


def test_the_adjusted_budget_counts_where_it_is_given() -> None:
    found = execution(budget(("部门整体支出", 985, "861.46", "334.67")))
    assert found.denominator == "全年预算数"
    assert found.rate == pytest.approx(0.388492, abs=1e-6)
    assert found.items.loc[0, "rate_opening"] == pytest.approx(0.339766, abs=1e-6)
    assert found.items.loc[0, "unspent"] == pytest.approx(526.79)


def test_the_opening_budget_takes_its_place_and_the_result_says_so() -> None:
    found = execution(budget(("合计", 200, None, 150)))
    assert (found.rate, found.denominator, found.budget) == (0.75, "年初预算数", 200.0)


def test_halves_are_added_where_no_total_is_printed() -> None:
    found = execution(budget(("基本支出", None, "2033.69", "2033.69"), ("项目支出", None, "3397.59", "3000")))
    assert found.budget == pytest.approx(5431.28)
    assert found.rate == pytest.approx(5033.69 / 5431.28)


def test_where_the_money_came_from_is_not_added_to_the_total() -> None:
    found = execution(
        budget(("年度资金总额", None, 100, 90), ("其中：当年财政拨款", None, 60, 60), ("上年结转资金", None, 40, 30))
    )
    assert found.budget == 100
    assert list(found.items["role"]) == ["total", "source", "source"]
    assert found.identities["holds"].all()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("合计", 1, 1, None)], "没有列出全年执行数"),
        ([("合计", None, None, 1)], "没有列出预算数"),
        ([("合计", None, 0, 0)], "全年预算数为0"),
        ([], "没有列出全年执行数"),
    ],
)
def test_a_rate_that_cannot_be_computed_has_a_reason(rows: list, why: str) -> None:
    found = execution(budget(*rows))
    assert found.rate is None
    assert why in found.why


@given(MONEY, MONEY, MONEY, MONEY)
def test_the_identity_is_checked_to_the_cent(basic: Decimal, project: Decimal, b: Decimal, p: Decimal) -> None:
    right = budget(
        ("基本支出", None, basic, b), ("项目支出", None, project, p), ("部门整体支出", None, basic + project, b + p)
    )
    assert execution(right).identities["holds"].all()
    off = right.assign(adjusted=[*right["adjusted"].iloc[:2], basic + project + Decimal("0.01")])
    found = execution(off).identities.set_index("identity")
    assert not found.loc["基本支出＋项目支出＝部门整体支出（全年预算数）", "holds"]
    assert found.loc["基本支出＋项目支出＝部门整体支出（全年执行数）", "holds"]


@given(MONEY.filter(bool), MONEY, st.sampled_from([Decimal(1), Decimal("0.0001"), Decimal(10000)]))
def test_the_rate_does_not_depend_on_the_unit_of_money(base: Decimal, spent: Decimal, scale: Decimal) -> None:
    assert exact_rate(budget(("合计", None, base, spent))) == exact_rate(
        budget(("合计", None, base * scale, spent * scale))
    )


def test_ronghua_states_5431_28_and_100_percent(ronghua) -> None:
    assert (ronghua.execution.budget, ronghua.execution.executed, ronghua.execution.rate) == (5431.28, 5431.28, 1.0)
    assert ronghua.execution.identities["holds"].all()
    halves = ronghua.execution.items.set_index("item")["executed"]
    assert (halves["基本支出"], halves["项目支出"]) == (2033.69, 3397.59)
