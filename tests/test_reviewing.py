"""Recomputation and the reviewer's figures, on the clean office."""

import findings_office
import pandas as pd
import pytest

import perfeval as pe
from perfeval.analysis import findings as rules
from perfeval.analysis.reviewing import RECOMPUTED, REVIEW_COLUMNS, recomputation
from perfeval.model.results import FINDING_COLUMNS, no_findings

TRAINING, RATE = "消防安全培训场次", "消防隐患整治率"


def test_the_evaluation_carries_its_findings(ronghua: pe.Evaluation) -> None:
    assert tuple(ronghua.findings.columns) == FINDING_COLUMNS
    assert list(no_findings().columns) == list(FINDING_COLUMNS)
    pd.testing.assert_frame_equal(ronghua.findings, rules.folded(rules.findings(ronghua)))
    assert len(ronghua.findings) > 50


def test_recomputed_scores_stand_beside_the_declared_ones() -> None:
    result = findings_office.office()
    frame = recomputation(result)
    assert list(frame.columns) == list(RECOMPUTED)
    assert list(frame["indicator"].iloc[[0, -1]]) == ["预算执行", "合计"]
    rows = frame.set_index("indicator")
    assert rows.loc[RATE, "declared"] == 9.47
    assert rows.loc[RATE, "score"] == pytest.approx(9.4737)
    assert rows.loc[RATE, "difference"] == 0, "less than a cent apart"
    assert rows.loc["合计", "declared"] == 98.99
    assert rows.loc["合计", "points"] == 100
    own = frame["row"].notna()
    assert frame.loc[own, "score"].sum() + rows.loc["预算执行", "score"] == pytest.approx(
        rows.loc["合计", "score"], abs=0.005
    )


def test_a_declared_score_that_is_not_the_recomputed_one_differs() -> None:
    frame = recomputation(findings_office.office({RATE: {"declared_score": "10"}})).set_index("indicator")
    assert frame.loc[RATE, "difference"] == pytest.approx(10 - 9.4737)
    assert frame.loc[TRAINING, "difference"] == 0


def test_without_reviewed_figures_there_is_no_review() -> None:
    assert findings_office.office().review is None


def test_reviewed_scores_are_compared_over_the_rows_that_have_them() -> None:
    result = findings_office.office(
        {
            TRAINING: {"reviewed_actual": "20场", "reviewed_score": "8.33", "review_note": "五场无签到册"},
            RATE: {"reviewed_score": "9.47"},
            "隐患交办及时率": {"review_note": "资料待补"},
        }
    )
    review = result.review
    assert list(review.rows.columns) == list(REVIEW_COLUMNS)
    assert list(review.rows["indicator"]) == [TRAINING, RATE, "隐患交办及时率"]
    assert list(review.rows["own_from"]) == ["自评"] * 3
    assert (review.scored, review.total_rows) == (2, 11)
    assert (review.points, review.own, review.reviewed) == (20, 19.47, 17.8)
    assert list(review.rows["difference"])[:2] == [-1.67, 0]


def test_where_no_score_is_declared_the_recomputed_one_is_compared() -> None:
    result = findings_office.office({TRAINING: {"reviewed_score": "9", "declared_score": ""}})
    assert result.review.rows["own_from"].iloc[0] == "复算"
    assert result.review.own == 10
