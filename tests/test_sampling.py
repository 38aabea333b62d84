"""The sampling plan: risk is the product of what is shown, and the same data give the same plan."""

from dataclasses import replace
from functools import cache

import example
import findings_office
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis.sampling import CERTAIN, CHANCE, COLUMNS, RISK, WEIGHTS, sampling_plan


def finding(severity: str, rows: tuple[int, ...], confidence: float = 1.0) -> dict:
    return {"code": f"{severity}x", "severity": severity, "rows": rows, "confidence": confidence}


def with_findings(*found: dict, **changes) -> pe.Evaluation:
    frame = pd.DataFrame(list(found), columns=["code", "severity", "rows", "confidence"])
    return example.evaluation(findings=frame, **changes)


def by_row(plan: pd.DataFrame) -> pd.DataFrame:
    return plan.set_index("row").sort_index()


def test_the_plan_of_the_source_report(ronghua: pe.Evaluation) -> None:
    plan = sampling_plan(ronghua)
    assert list(plan.columns) == list(COLUMNS)
    assert len(plan) == 39
    assert plan["chosen"].sum() == 12
    top = plan.iloc[0]
    assert (top["indicator"], top["goal_no"], top["why"]) == ("消防隐患整治率99%", 9, CERTAIN)
    assert {"赴省重访率", "“12135”投诉回复满意率"} <= set(plan.loc[plan["chosen"], "indicator"])
    assert set(plan.loc[plan["chosen"], "why"]) == {CERTAIN, RISK, CHANCE}
    pd.testing.assert_frame_equal(plan, sampling_plan(ronghua))


def test_risk_is_the_product_of_the_factors_shown(ronghua: pe.Evaluation) -> None:
    plan = sampling_plan(ronghua)
    product = plan["money"] * plan["findings"] * plan["heaping"]
    assert (plan["risk"] - product).abs().max() <= 0.0501
    assert plan["risk"].is_monotonic_decreasing
    assert (plan[["money", "findings", "heaping"]] >= 1).all(axis=None)


def test_findings_add_their_weight_times_confidence() -> None:
    plan = by_row(sampling_plan(with_findings(finding("P0", (3,), 0.5), finding("P2", (3, 4)), finding("P1", (9, 9)))))
    assert plan.loc[3, "findings"] == 1 + WEIGHTS["P0"] * 0.5 + WEIGHTS["P2"]
    assert plan.loc[3, "found"] == "P0x、P2x"
    assert plan.loc[9, "findings"] == 1 + WEIGHTS["P1"], "a row named twice counts once"
    assert plan.loc[2, "findings"] == 1


def test_findings_of_the_whole_document_tell_no_rows_apart() -> None:
    plan = sampling_plan(with_findings(finding("P0", (2, 3, 4, 5, 6)), finding("P1", ())))
    assert (plan["findings"] == 1).all()
    assert CERTAIN not in set(plan["why"])


def test_every_row_with_a_fatal_finding_is_chosen_whatever_the_share() -> None:
    plan = sampling_plan(with_findings(*(finding("P0", (row,)) for row in (2, 4, 6))), share=0.01)
    assert set(plan.loc[plan["chosen"], "row"]) == {2, 4, 6}
    assert set(plan.loc[plan["chosen"], "why"]) == {CERTAIN}


def test_money_of_the_goal_falls_to_its_rows_by_points() -> None:
    base = example.evaluation()
    funds = pd.DataFrame(
        {"role": "fund", "goal_no": pd.array([1, 2, 3], dtype="Int64"), "executed": [60.0, 20.0, 60.0]}
    )
    plan = by_row(sampling_plan(with_findings(execution=replace(base.execution, items=funds))))
    assert list(plan["amount"]) == [20, 20, 20, 10, 10, 20, 20, 20]
    assert plan.loc[2, "money"] == round(1 + 20 / 140 * 8, 2)
    without = by_row(sampling_plan(with_findings()))
    assert without["amount"].isna().all()
    assert (without["money"] == 2).all(), "equal points, equal stakes"


def test_equal_scores_in_a_goal_heap() -> None:
    plan = by_row(sampling_plan(with_findings()))
    assert list(plan["heaping"]) == [1.5, 1.5, 1, 1, 1, 1, 1, 1], "two of three alike; goals of two rows say nothing"


def test_scores_heap_where_they_are_equal_to_a_hundredth_of_a_per_cent() -> None:
    base = example.evaluation()
    rows = base.indicators.assign(goal_no=1, points=10.0)

    def heaping(*given_: float) -> list[float]:
        own = [*given_, *range(1, len(rows) - len(given_) + 1)]
        held = rows.assign(declared_score=pd.Series([share * 1.0 for share in own], index=rows.index))
        return list(by_row(sampling_plan(replace(base, indicators=held)))["heaping"])[:2]

    assert heaping(9.4736, 9.4742) == [round(1 + 1 / (len(rows) - 1), 2)] * 2
    assert heaping(9.4736, 9.4752) == [1, 1]


def test_another_year_draws_other_rows_and_ties_go_by_row() -> None:
    first, second = (sampling_plan(with_findings(year=year)) for year in (2022, 2023))
    assert list(first["draw"]) != list(second["draw"])
    same = first[first["risk"].eq(first["risk"].iloc[-1])]
    assert same["row"].is_monotonic_increasing


@cache
def plain() -> pe.Evaluation:
    """An office without findings, for all examples of the law."""
    return with_findings()


@given(st.floats(0.01, 1.0))
def test_the_share_is_kept_and_a_larger_one_is_never_smaller(share: float) -> None:
    plan = sampling_plan(plain(), share=share)
    chosen = int(plan["chosen"].sum())
    assert share * 8 - 1e-6 <= chosen < share * 8 + 1
    assert int(sampling_plan(plain(), share=1.0)["chosen"].sum()) == 8


@pytest.mark.parametrize("share", [0, -0.1, 1.01])
def test_other_shares_are_refused(share: float) -> None:
    with pytest.raises(pe.ParameterError, match="抽查比例"):
        sampling_plan(example.evaluation(), share=share)


def test_an_office_without_rows_has_an_empty_plan() -> None:
    plan = sampling_plan(example.empty())
    assert list(plan.columns) == list(COLUMNS)
    assert plan.empty


def test_a_clean_office_is_drawn_by_money_and_chance_alone() -> None:
    plan = sampling_plan(findings_office.office())
    assert set(plan["found"]) == {""}
    assert CERTAIN not in set(plan["why"])
