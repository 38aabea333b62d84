"""The sampling plan: risk is the product of what is shown, and the same data give the same plan."""

import hashlib
import math
from dataclasses import replace
from functools import cache

import example
import findings_office
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis.sampling import CERTAIN, CHANCE, COLUMNS, RISK, sampling_plan


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
    assert plan.loc[3, "findings"] == 1 + 3 * 0.5 + 0.25
    assert plan.loc[3, "found"] == "P0x、P2x"
    assert plan.loc[9, "findings"] == 1 + 1, "a row named twice counts once"
    assert plan.loc[2, "findings"] == 1
    assert (plan["risk"] == (plan["money"] * plan["findings"] * plan["heaping"]).round(1)).all()


def test_findings_of_the_whole_document_tell_no_rows_apart() -> None:
    plan = sampling_plan(with_findings(finding("P0", (2, 3, 4, 5, 6)), finding("P1", ())))
    assert (plan["findings"] == 1).all()
    assert CERTAIN not in set(plan["why"])
    assert sampling_plan(with_findings(finding("P0", (2, 3, 4, 5))))["why"].eq(CERTAIN).sum() == 4


@pytest.mark.parametrize(
    ("share", "grave", "reasons"),  # of eight rows
    [
        (0.125, 0, {RISK: 1}),
        (0.25, 0, {RISK: 1, CHANCE: 1}),
        (0.26, 0, {RISK: 2, CHANCE: 1}),
        (0.5, 1, {CERTAIN: 1, RISK: 2, CHANCE: 1}),
        (0.5, 4, {CERTAIN: 4}),
        (0.5, 5, {CERTAIN: 5}),
        (1.0, 0, {RISK: 4, CHANCE: 4}),
    ],
)
def test_half_of_what_is_left_goes_by_risk_and_the_rest_by_the_highest_draws(
    share: float, grave: int, reasons: dict[str, int]
) -> None:
    found = [finding("P0", (row,)) for row in (9, 4, 5, 2, 7)[:grave]] + [finding("P2", (row,)) for row in (3, 6, 8)]
    plan = sampling_plan(with_findings(*found), share)
    assert plan.loc[plan["chosen"], "why"].value_counts().to_dict() == reasons
    others = plan[~plan["why"].eq(CERTAIN)]
    assert others["why"].eq(RISK).to_list() == [at < reasons.get(RISK, 0) for at in range(len(others))]
    drawn = others[~others["why"].eq(RISK)].sort_values("draw", ascending=False)
    assert drawn["why"].eq(CHANCE).to_list() == [at < reasons.get(CHANCE, 0) for at in range(len(drawn))]


def test_a_draw_is_that_of_office_year_and_row_whoever_repeats_it() -> None:
    plan = sampling_plan(plain())
    for row, risk, draw in plan[["row", "risk", "draw"]].itertuples(index=False):
        seed = f"{plain().subdistrict}-{plain().year}-{row}"
        uniform = int(hashlib.sha256(seed.encode()).hexdigest()[:16], 16) / 2**64
        assert draw == pytest.approx(uniform ** (1 / risk), abs=1e-6)


def test_rows_without_points_have_no_money_and_heap_only_by_their_scores() -> None:
    base = example.evaluation()
    rows = base.indicators.assign(points=base.indicators["points"].where(base.indicators["goal_no"].ne(1), 0.0))
    plan = by_row(sampling_plan(replace(plain(), indicators=rows)))
    first = rows.set_index("row")["goal_no"].eq(1)
    assert (plan.loc[first, "money"] == 1).all()
    assert (plan.loc[first, "heaping"] == 1).all()
    assert plan.loc[~first, "money"].sum() == pytest.approx(8 + (~first).sum(), abs=0.05)
    none = by_row(sampling_plan(replace(plain(), indicators=rows.assign(points=0.0))))
    assert (none["money"] == 2).all(), "nothing tells stakes apart"
    assert none["amount"].isna().all()
    unscored = by_row(
        sampling_plan(replace(plain(), indicators=base.indicators.assign(declared_score=math.nan, score=math.nan)))
    )
    assert (unscored["heaping"] == 1).all()


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
