"""Findings in groups: one for one shared text, one for one fault with what follows from it, and how many comparisons."""

from collections.abc import Iterator

import pandas as pd
import pytest
from findings_office import ROWS, office
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from perfeval.analysis.findings import consistency, findings, folded, rules
from perfeval.analysis.findings.suppressing import Suppression, apply
from perfeval.model.schema import Issue

COUNT, ON_TIME, OPENED, COST, WAIT, PLEASED = (row[4] for row in ROWS[:6])
TRAINED, MENDED, HANDED, KNOWN, SAFE = (row[4] for row in ROWS[6:])
SHARED = {"narrative": "由便民服务中心与物业单位共同登记汇总后上报"}


def test_one_shared_narrative_is_one_finding() -> None:
    found = findings(office(dict.fromkeys((COUNT, TRAINED, HANDED, KNOWN), SHARED)), select=["C05"])
    assert found["rows"].to_list() == [(2, 8, 10, 11)]
    assert found["fact"].iloc[0].startswith(f"“{COUNT}”（第2行）、“{TRAINED}”（第8行）、")


def test_two_shared_narratives_are_two_findings() -> None:
    other = {"narrative": "由派出所按月抽查后登记并在网格平台公布"}
    texts = {COUNT: SHARED, TRAINED: SHARED, HANDED: other, KNOWN: other}
    assert findings(office(texts), select=["C05"])["rows"].to_list() == [(2, 8), (10, 11)]


def test_a_report_that_names_each_indicator_and_its_result_may_stand_beside_all_of_them() -> None:
    told = "全年受理便民事项件数1260件，开展消防安全培训场次25场"
    assert findings(office({COUNT: {"narrative": told}, TRAINED: {"narrative": told}}), select=["C05"]).empty


def test_a_group_is_told_up_to_a_few_and_counted() -> None:
    rows = [{"indicator": f"第{n}社区巡查次数", "narrative": SHARED["narrative"]} for n in range(40)]
    found = findings(office(add=rows), select=["C05"])
    assert len(found) == 1
    assert "等40项" in found["fact"].iloc[0]
    assert len(found["fact"].iloc[0]) < 400


def test_rows_with_the_same_reason_are_one_finding() -> None:
    bad = {"actual": "50%", "reason": "偏差大，未完成目标"}
    found = findings(office({MENDED: bad, KNOWN: bad, HANDED: bad | {"reason": "未达标"}}), select=["D02"])
    assert sorted(found["rows"]) == [(9, 11), (10,)]


def test_a_missing_reason_is_said_once_where_the_form_has_no_place_for_it() -> None:
    bad = {"actual": "50%", "reason": ""}
    found = findings(office({MENDED: bad, KNOWN: bad}, without=("reason",), problems=()), select=["D01"])
    assert found["rows"].to_list() == [(9, 11)]
    assert "栏" not in found["fact"].iloc[0]
    assert len(findings(office({MENDED: bad, KNOWN: bad}), select=["D01"])) == 2


def test_a_reason_in_place_of_an_actual_is_weighed_by_the_rules_of_reasons() -> None:
    result = office({KNOWN: {"actual": "", "reason": "未完成"}})
    assert {"D02", "P04"} <= set(findings(result)["code"])
    assert "A04" not in set(findings(result)["code"])


def test_what_a_document_has_nothing_of_is_said_once() -> None:
    found = findings(office(drop=[PLEASED, SAFE, WAIT, KNOWN]), select=["S02", "S03"])
    assert found[["code", "place"]].to_numpy().tolist() == [["S02", "指标表"], ["S03", "指标表"]]
    assert found["fact"].iloc[0] == "2个目标共7项指标（产出6、成本1），没有效益指标"


# ---- consequences


def codes(found: pd.DataFrame) -> list[str]:
    return found["code"].to_list()


CLAIMED = {"actual": "50%", "declared_met": "完成", "declared_score": "10", "reason": ""}


def test_what_follows_from_a_finding_is_told_with_it() -> None:
    every = findings(office({MENDED: CLAIMED}, problems=(Issue("窗口力量不足"),)), select=["C11", "P04", "D01", "D06"])
    assert codes(every) == ["C11", "P04", "D01", "D06"]
    found = folded(every)
    assert codes(found) == ["C11"]
    assert (
        found["fact"]
        .iloc[0]
        .endswith("由此还有：P04 未完成却得满分、D01 未完成而没有偏差原因、D06 问题部分没有提到未完成的指标")
    )
    assert found.index.to_list() == [0]
    assert found.dtypes.equals(every.dtypes)


def test_a_finding_of_another_row_stands_for_itself() -> None:
    result = office({MENDED: CLAIMED, KNOWN: {"actual": "50%", "reason": ""}})
    found = folded(findings(result, select=["C11", "P04", "D01"]))
    assert found[["code", "row"]].to_numpy().tolist() == [["C11", 9], ["P04", 11]]  # 15 of 15 points are left
    left = folded(findings(office({KNOWN: {"actual": "50%", "reason": "", "declared_score": "9"}}), select=["D01"]))
    assert codes(left) == ["D01"]


def test_a_group_is_folded_only_where_all_its_rows_are_explained() -> None:
    bad = {"actual": "50%", "reason": ""}
    partly = office({MENDED: CLAIMED, KNOWN: bad | {"declared_score": "9"}}, without=("reason",))
    assert codes(folded(findings(partly, select=["C11", "D01"]))) == ["C11", "D01"]
    wholly = office({MENDED: CLAIMED, KNOWN: CLAIMED | {"declared_score": "15"}}, without=("reason",))
    assert codes(folded(findings(wholly, select=["C11", "D01"]))) == ["C11", "C11"]


def test_what_followed_from_a_suppressed_finding_stands_for_itself() -> None:
    result = office({MENDED: CLAIMED})
    found = findings(result, select=["C11", "P04", "D01"])
    left, kept, unused = apply(found, result.indicators, [Suppression("C11", "口径不同"), Suppression("D01", "同上")])
    assert codes(folded(left)) == ["P04"]
    assert (codes(kept), unused) == (["C11", "D01"], [])


def test_a_group_is_kept_only_where_each_of_its_indicators_is_named() -> None:
    result = office(dict.fromkeys((COUNT, TRAINED, HANDED), SHARED))
    found = findings(result, select=["C05"])

    def left(*named: str) -> int:
        return len(
            apply(found, result.indicators, [Suppression("C05", "同一平台", indicator=name) for name in named])[0]
        )

    assert (left(COUNT), left(COUNT, TRAINED), left(COUNT, TRAINED, HANDED)) == (1, 0, 0)
    bad = {"actual": "50%", "reason": "偏差大"}
    missed = office({MENDED: bad, KNOWN: bad})
    again = findings(missed, select=["D02"])
    one = [Suppression("D02", "见附件", indicator=MENDED)]
    assert len(apply(again, missed.indicators, one)[0]) == 1  # the other row's reason is still none


def test_explanations_name_rules_and_run_in_no_circle() -> None:
    known = {one.code: one for one in rules()}
    for one in rules():
        assert set(one.explains) <= known.keys()
        assert all(known[code].severity >= one.severity for code in one.explains), one.code
        assert one.code not in set(_below(known, one.code))


def _below(known: dict, code: str) -> Iterator[str]:
    for other in known[code].explains:
        yield other
        yield from _below(known, other)


# ---- likeness


def test_a_thousand_narratives_take_no_half_million_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    ratio = fuzz.ratio

    def counting(one: str, two: str) -> float:
        nonlocal compared
        compared += 1
        return ratio(one, two)

    monkeypatch.setattr(consistency.fuzz, "ratio", counting)
    texts = [f"第{n}社区由网格员{n * 7919 % 1000}逐户登记并按月上报街道汇总" for n in range(1000)]
    consistency.alike(texts, 0.9)
    assert compared <= 1000 * 2 * consistency.NEIGHBOURS


@given(st.lists(st.text("甲乙丙丁，。", max_size=12), max_size=12))
def test_groups_are_apart_ordered_and_of_two_or_more(texts: list[str]) -> None:
    groups = consistency.alike(texts, 0.9)
    places = [place for group in groups for place in group]
    assert len(places) == len(set(places))
    assert all(len(group) > 1 and list(group) == sorted(group) for group in groups)
    for text in set(filter(None, texts)):  # the same texts are in one group
        same = {place for place, other in enumerate(texts) if other == text}
        assert len(same) == 1 or any(same <= set(group) for group in groups)


@pytest.mark.parametrize("change", [(0, 1), (10, 11), (29, 30)])
def test_a_character_left_out_anywhere_is_found(change: tuple[int, int]) -> None:
    text = "由便民服务中心会同各社区逐户登记核对后按月汇总并上报街道办事处备案"
    other = text[: change[0]] + text[change[1] :]
    noise = [f"{'春夏秋冬东南西北'[n % 8]}片区第{n}次巡查发现隐患{n * 3}处并已移交" for n in range(200)]
    assert (0, 1) in consistency.alike([text, other, *noise], 0.9)
