"""What is said of offices' consequences: n of m, nothing of what is unknown, each indicator once, the form in one line."""

import pytest

from perfeval.present import consequences as of

QUIET = {
    "order": 1, "name": "甲街道办事处", "state": "已复算", "repeated": 0, "longest": 0, "low": False,
    "unexplained": False, "execution_rate": 0.95, "unspent": 5.0, "sums": 0, "sums_told": "", "unmet": 0, "lost": 0.0,
    "p0": 0, "unverified": 0, "p1": 0, "rows": 10, "score": 90.0,
    "lowest": False,
}  # fmt: skip


def fact(name: str, row: int, times: int = 1) -> dict[str, object]:
    return {"indicator": name, "actual": "9件", "target": "10件", "times": times, "row": row}


def test_the_summary_names_who_failed_at_what_and_of_how_many() -> None:
    rows = [
        QUIET | {"repeated": 2, "longest": 3, "unmet": 2, "score": 80.0, "lowest": True},
        QUIET | {"name": "乙街道", "unexplained": True, "low": True, "sums": 1, "score": 85.0},
        QUIET | {"name": "丙街道", "repeated": None, "longest": None, "score": 99.0},
        QUIET | {"name": "丁街道", "order": None, "state": "尚未填报", "score": None},
    ]
    assert of.summary(rows, 5) == (
        "一个街道（甲街道）有指标连续两年以上未完成；一个街道（乙街道）执行率低于90%而没有说明原因；"
        "一个街道（乙街道）合计不符。",
        "一个街道没有上年可比的数据，不知是否连年未完成。",
        "3/5个街道的得分中位数85分，从80分到99分。",
        "得分最低的是甲街道，未完成和部分完成最多的是甲街道（2项）。",
    )


def test_a_district_without_faults_or_without_results_says_so() -> None:
    assert of.summary([QUIET, QUIET | {"name": "乙街道"}], 2)[0].startswith("没有查明连年未完成、")
    assert of.summary([QUIET | {"order": None}], 3) == ("三个街道都没有可以评价的结果。",)
    assert of.summary([], 0) == ("零个街道都没有可以评价的结果。",)


def test_everybody_alike_is_nobody_the_lowest() -> None:
    said = "".join(of.summary([QUIET | {"unmet": 2}, QUIET | {"name": "乙街道", "unmet": 2}], 2))
    assert "最低的" not in said
    assert "最多的" not in said


def test_an_indicator_missed_again_is_told_once() -> None:
    again = [fact("甲", 2, 3)]
    told = dict(of.lines(QUIET | {"repeated": 1, "unmet": 3}, again, [fact("甲", 2), fact("乙", 3), fact("甲", 4)]))
    assert told["连年未完成"] == "一项：甲（实际9件，目标10件）已3年。"
    assert told["未完成"] == "另有两项：乙（实际9件，目标10件）；甲（实际9件，目标10件）。"


def test_a_long_list_says_that_there_is_more() -> None:
    told = dict(of.lines(QUIET | {"unmet": 6}, [], [fact(f"第{n}项", n) for n in range(6)]))
    assert told["未完成"].startswith("六项：第0项（")
    assert told["未完成"].endswith("等。")
    assert "第4项" not in told["未完成"]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, ""),
        ({"low": True, "unexplained": True, "execution_rate": 0.8, "unspent": 20.0}, "执行率80%，未支出20.00万元，没有说明原因。"),
        ({"low": True, "execution_rate": 0.8, "unspent": 20.0}, "执行率80%，未支出20.00万元，是否说明了原因见其报告。"),
        ({"execution_rate": float("nan"), "unspent": 0.0}, "没有可以计算的执行率。"),
    ],
)  # fmt: skip
def test_a_low_rate_says_whether_a_reason_is_given_and_none_is_no_rate_of_nothing(own, said: str) -> None:
    assert dict(of.lines(QUIET | own, [], [])).get("预算执行", "") == said


def test_the_form_is_one_line_and_the_last() -> None:
    told = of.lines(QUIET | {"p0": 1, "p1": 4, "unverified": 3, "sums": 1, "sums_told": "资金合计不平"}, [], [])
    assert told == [("合计不符", "资金合计不平。"), ("数据", "另有1处须核实，3项须补证据，4处须改正或说明。")]
    assert of.hygiene(QUIET | {"p1": 4}) == "4处须改正或说明。"
    assert of.lines(QUIET, [], []) == []
    assert of.quiet(QUIET)
    assert not of.grave(QUIET | {"unmet": 1, "repeated": None})


def test_only_who_is_judged_has_nothing_to_answer_for() -> None:
    """No rate, a low one with its reason, rows that nobody can judge: none of them is 没有问题."""
    for own in ({"order": None}, {"execution_rate": None}, {"low": True, "execution_rate": 0.7}, {"unmet": 1}):
        assert not of.quiet(QUIET | own)
        assert of.blameless([QUIET | own]) == ""
    assert of.blameless([QUIET, QUIET | {"name": "乙街道", "unverified": 3}]) == (
        "甲街道没有未完成的指标，执行率和合计没有查出问题。"
        "乙街道没有查明未完成的指标（有须补证据的），执行率和合计没有查出问题。"
    )


def test_of_an_office_that_nobody_can_judge_no_number_of_unmet_is_told() -> None:
    row = QUIET | {"order": None, "state": "均无法判定", "score": None, "unverified": 10}
    assert of.figures(row) == "得分— · 执行率95% · 10项指标"
    assert of.lines(row, [], []) == [("数据", "各项均无法判定，不能复算总分。10项须补证据。")]
