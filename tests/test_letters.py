"""What a mail says of each kind of report, and that what is absent is said to be."""

import doctest

import pytest

from perfeval.present import letterpage, letters

OVERVIEW = {
    "name": "示范区",
    "year": 2024,
    "offices": [{"name": "东风街道"}, {"name": "西岭街道"}],
    "failed": [{"name": "北坡街道"}],
    "unmet": [{"status": "未完成"}, {"status": "未完成"}, {"status": "部分完成"}],
    "findings_by_severity": {"P0": 3, "P1": 9},
    "score": 94.25,
    "lowest_score": 81.5,
    "highest_score": 99.0,
    "execution": {"rate": 0.95},
    "said": {"headline": "两个街道，合计预算执行率95%。"},
    "attention": [{"name": "东风街道", "kind": "执行率偏低", "what": "执行率81%", "why": "低于90%的须说明原因"}],
}


def test_the_overview_says_the_district_in_one_line() -> None:
    found = letters.letter("overview", OVERVIEW, number="n")
    assert found.subject == (
        "示范区2024年度绩效自评总览：2个街道，得分中位数94.25分（最低81.5分），2项未完成、1项部分完成，3处须核实"
    )
    text = letterpage.as_text(found, ["a.html"])
    for said in (
        "得分中位数：94.25（从81.5到99分）",
        "预算执行率：95%（2个街道合计，1个没有评价）",
        "! 东风街道",
        "执行率偏低：执行率81%",
        "附件：a.html",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("counts", "said", "done"),
    [
        ({"met": 5, "most": 5}, "没有未完成指标", "5 / 5"),
        ({"met": 2, "declared": 3, "most": 5}, "3项凭申报完成", "2 / 5"),
        ({"met": 2, "declared": 2, "undecided": 1, "most": 5}, "2项凭申报完成、1项无法判定", "2 / 5"),
    ],
)
def test_a_mail_never_says_of_claims_that_nothing_was_missed(counts: dict[str, int], said: str, done: str) -> None:
    figures = {"name": "甲", "year": 2024, "score": 99.0, "unmet": [], "completion": {"overall": {"rows": 5} | counts}}
    found = letters.letter("annual", figures, number="n")
    assert f"，{said}，" in found.subject
    assert next(fact for fact in found.facts if fact.title == "完成").value == done


@pytest.mark.parametrize(("report", "absent"), [("annual", 3), ("overview", 4)])
def test_what_is_absent_is_said_to_be(report: str, absent: int) -> None:
    found = letters.letter(report, {"name": "甲", "year": 2024}, number="n")
    assert found.subject.startswith("甲2024年度")
    assert found.subject.count("未列出") == absent, "(offices,) score, not met, findings"
    assert "0" not in found.subject.replace("2024", ""), "nothing is taken for nought"
    assert all("None" not in part and "nan" not in part for part in letterpage.as_text(found, []).splitlines())


def test_the_docstrings_examples_hold() -> None:
    assert doctest.testmod(letters).failed == 0
    from perfeval.model import mailing

    assert doctest.testmod(mailing).failed == 0
