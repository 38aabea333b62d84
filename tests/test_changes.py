"""New, dropped, renamed, redefined; targets that ask for less or more; repeats and what became of them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from several_years import evaluated, matched, row, years

from perfeval.analysis.changes import CANCELLED, DONE, EASED, OPEN, REDEFINED, SAID, STILL, UNSEEN, changes, repeated
from perfeval.analysis.targets import moved
from perfeval.model.history import (
    BROKEN,
    CHANGE_DROPPED_MISSED,
    CHANGE_TYPES,
    DROPPED,
    LOOSENED,
    NEW,
    RAISED,
    RENAMED,
    REPEATED_TYPES,
    SIMILAR,
)
from perfeval.model.reading import read_pair
from perfeval.model.schema import Issue, Narrative


def found(evaluations, pairs=None) -> list[tuple]:
    frame = changes(evaluations, *matched(evaluations, pairs))
    return list(frame[["kind", "indicator", "before", "after"]].itertuples(index=False, name=None))


def noted(evaluations, pairs=None) -> str:
    frame = changes(evaluations, *matched(evaluations, pairs))
    assert len(frame) == 1
    return frame["note"].iloc[0]


@pytest.mark.parametrize(
    ("name", "before", "after", "kind"),
    [
        ("办结率", "100%", "95%", LOOSENED),
        ("办结率", "95%", "≥96%", RAISED),
        ("办结率", "95%", "≥95%", ""),
        ("办结率", "≥95%", "不低于95%", ""),
        ("投诉件数", "≤5件", "≤8件", LOOSENED),
        ("投诉件数", "≤8件", "≤5件", RAISED),
        ("投诉件数", "0", "≤2件", LOOSENED),
        ("服务人数", "≥1.2万人", "≥12000人", ""),
        ("服务人数", "≥1.2万人", "≥11000人", LOOSENED),
        ("巡查次数", "≥12次", "≥10场", LOOSENED),
        ("考核名次", "前5名", "前8名", LOOSENED),
        ("竣工时间", "6月底前", "9月底前", LOOSENED),
        ("竣工时间", "2021年6月底前", "2022年6月底前", ""),
        ("竣工时间", "2021年6月底前", "2022年5月底前", RAISED),
        ("竣工时间", "2021年10月底前", "2023年1月底前", LOOSENED),
        ("竣工时间", "12月20日前", "12月底前", LOOSENED),
        ("竣工时间", "2月底前", "2月28日前", ""),
        ("竣工时间", "2021年2月28日前", "2022年2月底前", ""),
        ("竣工时间", "2月27日前", "2月底前", LOOSENED),
        ("竣工时间", "6月底前", "6月30日前", ""),
        ("竣工时间", "6月底前", "6月29日前", RAISED),
        ("办理时限", "≤5个工作日", "≤7个工作日", LOOSENED),
        ("税收收入", "增长8%", "增长5%", LOOSENED),
        ("税收收入", "增长8%", "100万元", ""),
        ("满意度", "0.95", "95%", ""),
        ("口袋公园面积", "300-500平方米", "200-500平方米", LOOSENED),
        ("服务质量", "优秀", "良好", LOOSENED),
        ("办结率", "95%", "完成", ""),
        ("办结率", "", "95%", ""),
    ],
)
def test_targets_are_compared_by_what_they_ask_for(name: str, before: str, after: str, kind: str) -> None:
    one, other = (read_pair(name, target, "—") for target in (before, after))
    assert moved(one, 2021, other, 2022)[0] == kind


@pytest.mark.parametrize("before", ["2月28日前", "2月29日前", "2月底前", "2024年2月29日前"])
@pytest.mark.parametrize("after", ["2月28日前", "2月底前", "2025年2月28日前"])
def test_the_end_of_february_is_one_deadline_beside_a_leap_year(before: str, after: str) -> None:
    one, other = (read_pair("竣工时间", target, "—") for target in (before, after))
    assert moved(one, 2024, other, 2025)[0] == ""


def test_an_amount_to_be_hit_asks_for_neither_more_nor_less() -> None:
    one, other = (read_pair("编制人数", target, "—", direction="等于") for target in ("50人", "40人"))
    assert moved(one, 2021, other, 2022) == ("", "")


def test_how_a_target_moved_is_said_with_its_size() -> None:
    one, other = (read_pair("办结率", target, "—") for target in ("100%", "≥95%"))
    assert moved(one, 2021, other, 2022)[1] == "目标由100%放宽为≥95%（减少5个百分点）"
    money, more = (read_pair("改造费用", target, "—") for target in ("≤45万元", "≤60万元"))
    assert moved(money, 2021, more, 2022)[1] == "目标由≤45万元放宽为≤60万元（增加15万元）"


def test_new_and_dropped_and_one_dropped_that_was_missed() -> None:
    met, missed, added = row("办件数", "≥100件", "120件"), row("办结率", "≥90%", "80%"), row("培训场次", "≥5场", "5场")
    assert found(years([met, missed], [added]), None) == [
        # the helper pairs rows at one place: the names differ
        (RENAMED, "培训场次", "办件数", "培训场次"),
        (CHANGE_DROPPED_MISSED, "办结率", "≥90%", ""),
    ]
    pairs = {2022: {0: (None, NEW)}}
    assert found(years([met, missed], [added]), pairs) == [
        (NEW, "培训场次", "", "≥5场"),
        (DROPPED, "办件数", "≥100件", ""),
        (CHANGE_DROPPED_MISSED, "办结率", "≥90%", ""),
    ]


def test_a_new_one_that_was_there_before_says_when() -> None:
    other = [row("其他", "≥1件", "1件")]
    there = years([row("办结率", "≥90%", "80%")], other, [row("办结率", "≥90%", "95%")])
    notes = changes(there, *matched(there, {2022: {}, 2023: {}}))["note"]
    new = [note for note in notes if note.startswith("新增")]
    assert new == ["新增产出指标，目标≥1件", "新增产出指标，目标≥90%，2021年曾设置"]


def test_a_dropped_one_tells_how_often_it_was_missed() -> None:
    kept = row("办件数", "≥100件", "120件")
    missed = row("办结率", "≥90%", "80%")
    frame = changes(evaluations := years([kept, missed], [kept, missed], [kept]), *matched(evaluations))
    assert frame["note"].tolist() == ["上年未完成（目标≥90%，实际80%），已连续2个年度未完成，本年不再设置，需说明原因"]
    undecided = row("办结率", "≥90%", "见附件")
    one = changes(evaluations := years([kept, undecided], [kept]), *matched(evaluations)).iloc[0]
    assert (one["kind"], one["note"]) == (DROPPED, "上年是否完成无法判定，本年不再设置")


def test_renamed_is_another_name_and_not_other_punctuation_or_target() -> None:
    same = [("非访劝返率", "非正常上访劝返率"), ("办结率（%）", "办结率(%)"), ("整治率99%", "整治率98%")]
    kinds = []
    for before, after in same:
        pair = years([row(before, "≥90%", "95%")], [row(after, "≥90%", "95%")])
        kinds.append([kind for kind, *_ in found(pair, {2022: {0: (0, SIMILAR)}})])
    assert kinds == [[RENAMED], [], []]


def test_one_indicator_can_be_renamed_and_loosened() -> None:
    pair = years([row("信访化解率", "≥90%", "85%")], [row("信访积案化解率", "≥80%", "85%")])
    assert found(pair, {2022: {0: (0, SIMILAR)}}) == [
        (RENAMED, "信访积案化解率", "信访化解率", "信访积案化解率"),
        (LOOSENED, "信访积案化解率", "≥90%", "≥80%"),
    ]


def test_what_a_loosened_target_did_is_said() -> None:
    pair = years([row("办结率", "≥90%", "85%")], [row("办结率", "≥80%", "86%")])
    assert noted(pair) == ("目标由≥90%放宽为≥80%（减少10个百分点）；上年未完成，放宽后完成；按上年目标衡量，本年未达到")
    harmless = years([row("办结率", "≥90%", "95%")], [row("办结率", "≥80%", "96%")])
    assert noted(harmless) == "目标由≥90%放宽为≥80%（减少10个百分点）"


def test_a_broken_definition_is_one_and_its_target_is_not_compared() -> None:
    pair = years([row("培训", "≥100人", "120人")], [row("培训", "≥5场", "6场")])
    assert found(pair, {2022: {0: (0, BROKEN)}}) == [(BROKEN, "培训", "≥100人", "≥5场")]


def test_changes_over_a_gap_name_the_year() -> None:
    pair = {
        2019: evaluated(2019, [row("办结率", "≥90%", "95%")]),
        2022: evaluated(2022, [row("办结率", "≥95%", "95%")]),
    }
    assert noted(pair) == "目标由≥90%提高为≥95%（增加5个百分点）（与2019年相比）"


def repeats(*tables, pairs=None, narratives=None) -> pd.DataFrame:
    evaluations = {
        2020 + n: evaluated(2020 + n, rows, narrative=(narratives or {}).get(2020 + n)) for n, rows in enumerate(tables)
    }
    return repeated(evaluations, *matched(evaluations, pairs))


KEPT = row("办件数", "≥100件", "120件")
BAD = row("办结率", "≥90%", "80%")


@pytest.mark.parametrize(
    ("last", "pair", "outcome"),
    [
        (row("办结率", "≥90%", "95%"), 1, DONE),
        (row("办结率", "≥80%", "85%"), 1, EASED),
        (row("办结率", "≥95%", "96%"), 1, DONE),
        (row("办结率", "≥90%", "见附件"), 1, OPEN),
        (row("办结率", "≥90%", "", declared_met="完成年初目标"), 1, SAID),
        (row("办结率", "≥80%", "", declared_met="完成年初目标"), 1, SAID),
        (row("办结率", "≥5件", "6件"), (1, BROKEN), REDEFINED),
        (row("知晓率", "≥80%", "85%"), (None, NEW), CANCELLED),
    ],
)
def test_what_became_of_an_indicator_missed_twice(last, pair, outcome: str) -> None:
    one = repeats([KEPT, BAD], [KEPT, BAD], [KEPT, last], pairs={2022: {0: 0, 1: pair}})
    assert one[["track", "indicator", "years", "times", "outcome"]].to_numpy().tolist() == [
        ["T02", "办结率", (2020, 2021), 2, outcome]
    ]


def test_what_is_only_declared_is_not_said_to_be_met_after_the_target_was_eased() -> None:
    told = noted(
        {2021: evaluated(2021, [BAD]), 2022: evaluated(2022, [row("办结率", "≥80%", "", declared_met="完成年初目标")])}
    )
    assert "放宽后凭申报完成" in told


def test_missed_up_to_the_last_year_is_still_missed_and_once_is_no_repeat() -> None:
    assert repeats([KEPT, BAD], [KEPT, BAD])["outcome"].tolist() == [STILL]
    assert repeats([KEPT, BAD | {"actual": "90%"}], [KEPT, BAD]).empty
    between = row("办结率", "≥90%", "95%")
    assert repeats([KEPT, BAD], [KEPT, between], [KEPT, BAD]).empty


def test_a_year_without_data_ends_a_run() -> None:
    """Nobody knows of the years between: 2019 and 2022 are not two years running."""
    evaluations = {2019: evaluated(2019, [BAD]), 2022: evaluated(2022, [BAD])}
    assert repeated(evaluations, *matched(evaluations)).empty
    evaluations = {year: evaluated(year, [BAD]) for year in (2018, 2019, 2022)}
    one = repeated(evaluations, *matched(evaluations))
    assert one[["years", "outcome", "standing"]].to_numpy().tolist() == [[(2018, 2019), UNSEEN, False]]
    note = changes(
        evaluations | {2023: evaluated(2023, [KEPT])},
        *matched(evaluations | {2023: evaluated(2023, [KEPT])}, {2023: {}}),
    )
    assert "已连续" not in note.loc[note["kind"].eq(CHANGE_DROPPED_MISSED), "note"].item()


@pytest.mark.parametrize("between", ["95%", "见附件", ""])
def test_only_a_run_up_to_the_last_year_stands(between: str) -> None:
    """Met since, or undecidable since: missed twice once, and not missed still."""
    other = BAD | {"actual": between}
    assert repeats([KEPT, BAD], [KEPT, BAD], [KEPT, other])["standing"].tolist() == [False]
    assert repeats([KEPT, BAD], [KEPT, BAD], [KEPT, other], [KEPT, BAD])["standing"].tolist() == [False]
    assert repeats([KEPT, BAD], [KEPT, other], [KEPT, BAD]).empty
    assert repeats([KEPT, BAD], [KEPT], [KEPT, BAD]).empty
    assert repeats([KEPT, other], [KEPT, BAD], [KEPT, BAD])["standing"].tolist() == [True]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["met", "missed", "undecided", "absent", "no year"]), min_size=1, max_size=7))
def test_standing_is_missed_now_and_the_year_before(states: list[str]) -> None:
    actuals = {"met": "95%", "missed": "80%", "undecided": "见附件"}
    tables = {
        2018 + n: [KEPT] if state == "absent" else [KEPT, BAD | {"actual": actuals[state]}]
        for n, state in enumerate(states)
        if state != "no year"
    }
    if not tables:
        return
    evaluations = {year: evaluated(year, rows) for year, rows in tables.items()}
    found = repeated(
        evaluations,
        pd.concat([one.indicators.assign(track=["A", "B"][: len(one.indicators)]) for one in evaluations.values()]),
        matched(evaluations)[1],
    )
    last = max(tables) - 2018
    assert found["standing"].sum() == (last > 0 and states[last] == states[last - 1] == "missed")
    for years_ in found["years"]:
        assert all(states[year - 2018] == "missed" for year in years_)
        assert list(years_) == list(range(years_[0], years_[-1] + 1))


def test_two_runs_are_two_rows() -> None:
    good = row("办结率", "≥90%", "95%")
    one = repeats(*[[KEPT, cells] for cells in (BAD, BAD, good, BAD, BAD, BAD)])
    assert one[["years", "times", "outcome"]].to_numpy().tolist() == [
        [(2020, 2021), 2, DONE],
        [(2023, 2024, 2025), 3, STILL],
    ]


def test_what_was_promised_and_whether_it_was_copied() -> None:
    said = {"reason": "人手不足", "measure": "充实调解队伍，提高化解率"}
    again = {"reason": "", "measure": "充实调解队伍，提高化解率。"}
    one = repeats([KEPT, BAD | said], [KEPT, BAD | again]).iloc[0]
    assert one["reasons"] == ("人手不足", "")
    assert one["measures"] == ("充实调解队伍，提高化解率", "充实调解队伍，提高化解率。")
    assert one["copied"]
    other = repeats([KEPT, BAD | said], [KEPT, BAD | {"measure": "与法院建立诉前联动机制"}]).iloc[0]
    assert not other["copied"]
    assert not repeats([KEPT, BAD], [KEPT, BAD])["copied"].iloc[0]


def test_the_narrative_speaks_where_the_row_does_not() -> None:
    told = Narrative(
        problems=(Issue("办结率偏低", "部门协同不够"), Issue("台账不全", "人员更替")),
        measures=("建立周调度机制，提高办结率", "完善台账"),
    )
    one = repeats([KEPT, BAD], [KEPT, BAD | {"measure": "挂牌督办"}], narratives={2020: told, 2021: told}).iloc[0]
    assert one["measures"] == ("建立周调度机制，提高办结率", "挂牌督办")
    assert one["reasons"] == ("部门协同不够", "部门协同不够")


def test_one_year_has_no_changes_and_no_repeats() -> None:
    evaluations = {2022: evaluated(2022, [BAD])}
    for frame, types in (
        (changes(evaluations, *matched(evaluations)), CHANGE_TYPES),
        (repeated(evaluations, *matched(evaluations)), REPEATED_TYPES),
    ):
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == types
        assert frame.empty
