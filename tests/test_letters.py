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
    "execution": {"rate": 0.95, "offices": 2, "listed": 3},
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
        "预算执行率：95%（2/3个街道合计，1个没有评价）",
        "! 东风街道",
        "执行率偏低：执行率81%",
        "附件：a.html",
    ):
        assert said in text


ANSWERS = {
    "order": 1, "subdistrict": "a", "name": "东风街道办事处", "state": "已复算", "repeated": 1, "longest": 3, "low": True,
    "unexplained": True, "execution_rate": 0.81, "unspent": 19.0, "sums": 1, "sums_told": "资金合计不平", "unmet": 2,
    "p0": 0, "unverified": 0, "p1": 2, "rows": 30, "score": 81.5,
}  # fmt: skip
QUIET = {
    "repeated": 0,
    "longest": 0,
    "low": False,
    "unexplained": False,
    "sums": 0,
    "sums_told": "",
    "unmet": 0,
    "p1": 0,
}
MISSED = {"subdistrict": "a", "name": "东风街道办事处", "actual": "9件", "target": "10件", "file": "a.csv"}
FULL = OVERVIEW | {
    "consequences": [
        ANSWERS,
        *[ANSWERS | QUIET | {"order": 2, "subdistrict": one, "name": f"{one}街道", "unmet": 1} for one in "bcd"],
        ANSWERS | QUIET | {"order": None, "subdistrict": "e", "name": "戊街道", "state": "尚未填报", "repeated": None},
    ],
    "repeated": [MISSED | {"indicator": "调解件数", "times": 3, "row": 2}],
    "unmet": [
        MISSED | {"indicator": name, "status": "未完成", "row": row} for name, row in (("调解件数", 2), ("巡访", 3))
    ],
    "failed": [{"name": "北坡街道", "why": "没有2024年度的数据"}],
    "unevaluated": [{"name": "戊街道", "why": "尚未填报完成值，未作评价"}],
}


def test_the_overview_names_the_worst_three_repeated_failures_and_unexplained_execution() -> None:
    text = letterpage.as_text(letters.letter("overview", FULL, number="n"), ["a.html"])
    parts = {part.partition("\n")[0]: part for part in text.split("■ ")[1:]}
    assert list(parts) == [
        "后果最重的三个街道", "连年未完成", "执行率低于90%而没有说明原因", "没有算进来的街道", "数据质量",
    ]  # fmt: skip
    worst = parts["后果最重的三个街道"]
    assert [line for line in worst.splitlines() if line.startswith("! ")] == ["! 东风街道办事处", "! b街道", "! c街道"]
    assert "连年未完成：一项：调解件数（实际9件，目标10件）已3年。" in worst
    assert "未完成：另有一项：巡访（实际9件，目标10件）。" in worst
    assert "另有1个街道见附件。" in worst
    assert "× 调解件数（连续3年）" in parts["连年未完成"]
    assert "东风街道办事处81%（未支出19.00万元）。" in parts["执行率低于90%而没有说明原因"]
    assert "北坡街道：没有2024年度的数据；戊街道：尚未填报完成值，未作评价。" in parts["没有算进来的街道"]
    assert parts["数据质量"].strip().splitlines()[1] == "按复核规则检查，3处须核实、9处须改正或说明。"


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ((0.95, None), "没有。1个街道没有可以计算的执行率。"),
        ((None, None), "2个街道没有可以计算的执行率。"),
        ((0.95, 1.0), "没有。"),
    ],
)
def test_nobody_is_said_to_have_explained_a_rate_that_is_not_known(rates: tuple[float | None, ...], said: str) -> None:
    rows = [ANSWERS | QUIET | {"subdistrict": str(at), "execution_rate": rate} for at, rate in enumerate(rates)]
    text = letterpage.as_text(letters.letter("overview", FULL | {"consequences": rows}, number="n"), ["a.html"])
    (told,) = [part for part in text.split("■ ") if part.startswith("执行率低于90%而没有说明原因\n")]
    assert told.strip().splitlines()[-1] == said


def test_a_low_rate_with_some_reason_is_not_said_to_be_no_low_rate() -> None:
    given = ANSWERS | QUIET | {"low": True}
    for rows, said in (
        ([given], "没有查明的；1个街道低于90%，是否说明了原因见其报告。"),
        ([ANSWERS, given], "东风街道办事处81%（未支出19.00万元）；1个街道低于90%，是否说明了原因见其报告。"),
    ):
        text = letterpage.as_text(letters.letter("overview", FULL | {"consequences": rows}, number="n"), [])
        assert said in text.splitlines()


def test_what_is_only_claimed_stands_beside_the_number_of_those_not_met() -> None:
    words = [(1, "未完成"), (2, "未完成"), (3, "部分完成")]
    figures = FULL | {"unmet": [MISSED | {"indicator": "件数", "status": word, "row": row} for row, word in words]}
    counted = {"met": 5, "partly": 1, "missed": 2, "declared": 3, "undecided": 0, "rows": 11}
    text = letterpage.as_text(
        letters.letter("overview", figures | {"completion": {"overall": counted}}, number="n"), []
    )
    assert "未完成和部分完成：3项（2项未完成、1项部分完成，另有3项凭申报完成）" in text
    counted |= {"partly": 0, "missed": 3}
    text = letterpage.as_text(
        letters.letter("overview", figures | {"completion": {"overall": counted}}, number="n"), []
    )
    assert "未完成和部分完成：3项（另有3项凭申报完成）" in text


def test_of_many_repeated_failures_it_is_said_that_some_are_listed() -> None:
    many = [MISSED | {"indicator": f"第{row}项", "times": 2, "row": row} for row in range(5)]
    text = letterpage.as_text(letters.letter("overview", FULL | {"repeated": many}, number="n"), [])
    assert "共5项，先列3项，其余见附件。" in text


def test_a_repeated_failure_in_a_form_that_is_not_judged_is_in_no_count() -> None:
    more = [*FULL["repeated"], MISSED | {"subdistrict": "e", "indicator": "走访", "times": 2, "row": 2}]
    letter = letters.letter("overview", FULL | {"repeated": more}, number="n")
    assert "，1项连年未完成，" in letter.subject
    text = letterpage.as_text(letter, [])
    assert "共1项。" in text
    assert "走访" not in text


def test_the_mail_of_a_districts_years_says_of_how_many_offices_its_counts_are() -> None:
    figures = {"name": "示范区", "period": "2023—2024年", "score": 91.25, "judged": 15, "unmet": OVERVIEW["unmet"]}
    found = letters.letter("district", figures, number="n")
    assert "末年得分中位数91.25分，末年15个街道2项未完成、1项部分完成" in found.subject


@pytest.mark.parametrize(
    ("execution", "said"),
    [
        ({"rate": 0.95, "why": "", "basis": ""}, "预算执行率：95%（全年执行数 / 预算数）"),
        ({"rate": 0.95, "basis": "按年初预算"}, "预算执行率：95%（全年执行数 / 预算数，按年初预算）"),
        ({"rate": None, "why": "全年预算数为0", "basis": ""}, "预算执行率：—（全年预算数为0）"),
    ],
)
def test_a_rate_of_execution_has_nothing_beside_it_but_what_it_is_of(execution: dict, said: str) -> None:
    figures = {"name": "甲街道", "year": 2024, "score": 70.75, "declared_score": 96.5, "execution": execution}
    text = letterpage.as_text(letters.letter("annual", figures | {"score_most": "最多90.75分"}, number="n"), [])
    assert said in text.splitlines()
    assert "复算得分：70.75（自评96.5分 · 最多90.75分）" in text


def test_the_annual_mail_has_the_four_blocks_and_the_findings_in_one_line() -> None:
    decision = {"matter": "结余12万元", "basis": "预算100万元，执行88万元。", "asks": "研究收回", "source": "某号文"}
    row = {
        "name": "甲",
        "status": "未完成",
        "goal": "目标1",
        "figures": "实际9件，目标10件",
        "reason": "雨。",
        "measure": "补。",
    }
    said = {
        "headline": "一项未完成。",
        "unmet": "共1项。",
        "unmet_rows": [row],
        "unproven": "3项只写已完成。",
    }
    findings = [{"severity": "P0", "code": "M01", "title": "不平", "fact": "差1元", "place": "第2行"}]
    figures = {"name": "甲", "year": 2024, "said": said, "decisions": [decision] * 4, "findings": findings}
    figures["findings_by_severity"] = {"P0": 1, "P1": 6, "P2": 0}
    text = letterpage.as_text(letters.letter("annual", figures, number="n"), [])
    order = [
        text.index(part) for part in ("一项未完成。", "■ 未完成的指标", "■ 需研究决定", "■ 须补证据", "■ 数据质量")
    ]
    assert order == sorted(order)
    assert "1 结余12万元\n  预算100万元，执行88万元。研究收回。\n  依据：某号文" in text
    assert "以下未列出的1项见附件。" in text
    assert text.count("按复核规则检查，1处须核实、6处须改正或说明。") == 1
    assert "M01" not in text


@pytest.mark.parametrize("report", ["trend", "district", "review", "自己的", "top@most=20"])
def test_any_report_that_says_whose_it_is_can_be_mailed(report: str) -> None:
    figures = {"name": "甲区", "period": "2019-2024", "years": [2019, 2020, 2024], "headline": "三年都有数据。"}
    found = letters.letter(report, figures, number="n")
    assert found.subject.startswith("甲区2019—2024年")
    assert "三年都有数据。" in letterpage.as_text(found, ["a.html"])
    assert "None" not in letterpage.as_text(found, [])


@pytest.mark.parametrize(
    ("counts", "said", "done"),
    [
        ({"met": 5, "most": 5}, "没有未完成指标", "5 / 5"),
        ({"met": 2, "declared": 3, "most": 5}, "3项凭申报完成", "2 / 5"),
        ({"met": 2, "declared": 2, "undecided": 1, "most": 5}, "2项凭申报完成、1项无法判定", "2 / 5"),
    ],
)
def test_a_mail_never_says_of_claims_that_nothing_was_missed(counts: dict[str, int], said: str, done: str) -> None:
    overall = {"rows": 5, "partly": 0, "missed": 0, "declared": 0, "undecided": 0} | counts
    figures = {"name": "甲", "year": 2024, "score": 99.0, "unmet": [], "completion": {"overall": overall}}
    found = letters.letter("annual", figures, number="n")
    assert f"，{said}，" in found.subject
    assert next(fact for fact in found.facts if fact.title == "完成").value == done


def test_a_total_that_is_not_of_100_points_says_so_in_subject_and_fact() -> None:
    found = letters.letter("annual", {"name": "甲", "year": 2024, "score": 68.0, "score_of": "满分80分"}, number="n")
    assert "复算68分（满分80分）" in found.subject
    assert "满分80分" in next(fact for fact in found.facts if fact.title == "复算得分").note


@pytest.mark.parametrize(("report", "absent"), [("annual", 3), ("overview", 4)])
def test_what_is_absent_is_said_to_be(report: str, absent: int) -> None:
    found = letters.letter(report, {"name": "甲", "year": 2024}, number="n")
    assert found.subject.startswith("甲2024年度")
    assert found.subject.count("未列出") == absent, "(offices,) score, not met, findings"
    assert "0" not in found.subject.replace("2024", ""), "nothing is taken for nought"
    assert all("None" not in part and "nan" not in part for part in letterpage.as_text(found, []).splitlines())


def test_a_score_without_execution_names_what_could_be_had_and_why_there_is_no_rate() -> None:
    """A budget of nothing is listed, and 85 are of 90."""
    execution = {"rate": None, "why": "全年预算数为0，执行率无法计算"}
    figures = {"score": 85.0, "score_of": "满分90分", "declared_score": 100.0, "execution": execution, "year": 2022}
    facts = {one.title: one for one in letters.letter("annual", figures, number="1").facts}
    assert facts["复算得分"].note == "自评100分 · 满分90分"
    assert (facts["预算执行率"].value, facts["预算执行率"].note) == ("—", "全年预算数为0，执行率无法计算")
    assert "2022年复算得分" in [one.title for one in letters.letter("trend", figures, number="1").facts]


def test_the_docstrings_examples_hold() -> None:
    assert doctest.testmod(letters).failed == 0
    from perfeval.model import mailing

    assert doctest.testmod(mailing).failed == 0
