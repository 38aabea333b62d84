"""Matching the rows of two years: what is the same, what is only alike, what broke, and that order decides nothing."""

import csv
from functools import cache
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.analysis.judging import judge
from perfeval.analysis.likeness import core, stripped
from perfeval.analysis.matching import LOWEST, SURE, match, matches
from perfeval.ingest.checks import empty
from perfeval.model.history import BROKEN, BY_HAND, DROPPED, MATCH_TYPES, NEW, NORMALISED, SAME, SIMILAR, UNSETTLED
from perfeval.model.schema import INDICATORS, MATCHES


def year(*rows: tuple[str, ...], goal: str = "环境卫生经费") -> pd.DataFrame:
    """Judged rows from (indicator, target) or (indicator, target, category) or (…, goal)."""
    records = []
    for place, row in enumerate(rows):
        name, target, category, under = (*row, "产出", goal)[: len(row)] + ("产出", goal)[len(row) - 2 :]
        text = dict.fromkeys(INDICATORS.names, "")
        records.append(
            {**text, "goal": under, "category": category, "indicator": name, "target": target, "row": place + 2}
        )
    frame = pd.DataFrame(records).assign(goal_no=pd.NA, year=2022, subdistrict="shili", file="indicators.csv")
    return judge(frame.astype({"goal_no": "Int64"})[["subdistrict", "year", *empty(INDICATORS).columns]])


def decision(indicator: str, previous: str, said: str, goal: str = "", previous_goal: str = "") -> pd.DataFrame:
    line = (2023, indicator, goal, 2022, previous, previous_goal, said, "")
    return pd.DataFrame([line], columns=MATCHES.names)


def paired(
    before: pd.DataFrame, after: pd.DataFrame, decisions: pd.DataFrame | None = None
) -> list[tuple[str, str, str]]:
    """(name before, name, kind) of everything, sorted."""
    found = match(before, after, decisions)
    return sorted(
        (
            before["indicator"].iloc[row.previous_place] if row.previous_place >= 0 else "",
            after["indicator"].iloc[row.place] if row.place >= 0 else "",
            row.kind,
        )
        for row in found.itertuples()
    )


def only(before: pd.DataFrame, after: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.Series:
    found = match(before, after, decisions)
    assert len(found) == 1, found
    return found.iloc[0]


def test_a_year_without_indicators_has_nothing_in_common() -> None:
    some, none = year(("植树", "5棵")), year(("植树", "5棵")).iloc[:0]
    assert [kind for *_, kind in paired(some, none)] == [DROPPED]
    assert [kind for *_, kind in paired(none, some)] == [NEW]
    assert paired(none, none) == []


def test_the_same_row_is_the_same() -> None:
    found = only(year(("网格案结率", "100%")), year(("网格案结率", "95%")))
    assert (found["kind"], found["confidence"], found["doubtful"]) == (SAME, 1.0, False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("受理事项（件）数", "受理事项(件)数"),
        ("“12345”投诉回复满意率", "12345投诉回复满意率"),
        ("2022年春节慰问", "2023年春节慰问"),
        ("指标1：网格案结率", "网格案结率"),
        ("（1）网格案结率", "网格案结率"),
        ("完成立案5件", "完成立案8件"),
        ("消防隐患整治率99%", "消防隐患整治率95%"),
        ("群众对环境美化满意度90%以上", "群众对环境美化满意度"),
    ],
)
def test_spelling_years_and_targets_in_names_are_no_difference(before: str, after: str) -> None:
    found = only(year((before, "完成")), year((after, "完成")) if "满意度" not in after else year((after, "90%")))
    assert (found["kind"], found["doubtful"]) == (NORMALISED, False)
    assert 0.9 < found["confidence"] < 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("雾炮车降尘抑尘服务配备车辆数", "雾炮车抑尘降尘服务配备车辆数"),
        ("市民满意度", "满意度"),
        ("居民满意度", "群众满意度"),
        ("非访劝返率", "非正常上访劝返率"),
        ("网格案结率", "网格案件办结率"),
        ("宣传活动", "开展宣传活动"),
        ("城市新增就业人数", "城镇新增就业人数"),
    ],
)
def test_a_renamed_row_is_alike(before: str, after: str) -> None:
    found = only(year((before, "100%")), year((after, "100%")))
    assert found["kind"] == SIMILAR
    assert LOWEST <= found["confidence"] < 1
    assert f"名称由“{before}”改为“{after}”" in found["why"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("低保覆盖率", "特困覆盖率"),
        ("非访劝返率", "赴省重访率"),
        ("道路清扫面积", "绿化养护面积"),
        ("宣传报道", "宣传活动"),
        ("培训合格率", "培训覆盖率"),
    ],
)
def test_rows_of_one_pattern_are_two_indicators(before: str, after: str) -> None:
    assert paired(year((before, "100%")), year((after, "100%"))) == [("", after, NEW), (before, "", DROPPED)]


def test_a_pattern_pair_at_its_closest_is_left_to_a_person() -> None:
    found = only(year(("工程按期开工率", "100%")), year(("工程按期完工率", "100%")))
    assert found["doubtful"]
    assert found["confidence"] < SURE


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (("老旧小区改造第一期面积", "≥1000平方米"), ("老旧小区改造第二期面积", "≥600平方米"), "换了字"),
        (("老旧小区改造第一期面积", "≥600平方米"), ("老旧小区改造第二期面积", "≥600平方米"), "换了字"),
        (("旧城改造", "100%"), ("旧城改造二期", "100%"), "换了字"),
        (("65岁以上老人体检率", "≥90%"), ("80岁以上老人体检率", "≥80%"), "换了字"),
        (("东湖社区改造户数", "≥100户"), ("西湖社区改造户数", "≥100户"), "换了字"),
        (("养老服务站数量", "≥3个"), ("卫生服务站数量", "≥2个"), "换了字"),
        (("按时办结率", "≥90%"), ("超时办结率", "≥90%"), "换了字"),
        (("案件办结率", "≥90%"), ("案件未办结率", "≥90%"), "换了字"),
        (("水质达标率", "≥90%"), ("水质不达标率", "≤10%"), "换了字"),
        (("招聘会场次（线上）", "≥5场"), ("招聘会场次（线下）", "≥5场"), "换了字"),
        (("培训人数", "≥100人"), ("党员培训人数", "≥60人"), "名称和目标值都改了"),
        (("培训人数", "≥100人"), ("累计培训人数", "≥200人"), "名称和目标值都改了"),
        (("培训人数", "≥100人"), ("培训人数（党员）", "≥60人"), "名称和目标值都改了"),
        (("培训人数", "≥100人"), ("培训人员总人数", "约100人"), "名称和目标值都改了"),
    ],
)
def test_a_name_with_other_words_is_no_rename_until_a_person_says_so(
    before: tuple[str, str], after: tuple[str, str], why: str
) -> None:
    """Nothing is said of it over the years: a narrower indicator has a smaller target, and that is no loosening."""
    old, new = year(before), year(after)
    found = match(old, new)
    if len(found) == 1:
        assert (found["kind"][0], found["doubtful"][0]) == (UNSETTLED, True)
        assert why in found["why"][0]
    else:
        assert set(found["kind"]) == {NEW, DROPPED}
    tracks = matches({2022: old, 2023: new})[2]
    assert not set(tracks[2022]) & set(tracks[2023])
    assert paired(old, new, decision(after[0], before[0], "同一")) == [(before[0], after[0], BY_HAND)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("培训人数", "≥100人"), ("培训人数（人）", "≥120")),
        (("培训经费", "≤5万元"), ("培训经费（万元）", "≤4")),
        (("培训人数（含线上）", "≥100人"), ("培训人数(含线上)", "≥120人")),
        (("成本控制数（单位：元）", "≤100"), ("成本控制数", "≤90元")),
        (("市民满意度", "≥90%"), ("群众满意率", "≥85%")),
    ],
)
def test_a_unit_in_brackets_and_a_synonym_are_the_same_indicator(
    before: tuple[str, str], after: tuple[str, str]
) -> None:
    found = only(year(before), year(after))
    assert found["kind"] in {NORMALISED, SIMILAR}
    assert not found["doubtful"]


def test_what_may_be_half_of_a_split_is_neither_new_nor_dropped() -> None:
    whole = year(("培训人数", "≥200人"))
    halves = year(("党员培训人数", "≥200人"), ("群众培训人数", "≥200人"))
    assert {kind for *_, kind in paired(whole, halves)} == {UNSETTLED}
    assert {kind for *_, kind in paired(halves, whole)} == {UNSETTLED}
    settled = decision("党员培训人数", "培训人数", "同一")
    assert ("", "群众培训人数", NEW) in paired(whole, halves, settled)


def test_a_goal_whose_indicators_stay_together_was_reworded() -> None:
    rows = [("网格案结率", "100%"), ("宣传活动", "5场"), ("植树", "5棵")]
    found = match(year(*rows, goal="社区治理"), year(*rows[::-1], goal="基层党建引领"))
    assert set(found["kind"]) == {SIMILAR}
    assert not found["doubtful"].any()
    alone = only(year(rows[0], goal="社区治理"), year(rows[0], goal="基层党建引领"))
    assert (alone["kind"], alone["doubtful"]) == (UNSETTLED, True)  # one name under another goal proves nothing


def test_one_name_under_another_second_category_is_not_the_very_same() -> None:
    before = year(("合格率", "≥90%"), ("合格率", "≥80%")).assign(subcategory=["质量指标", "时效指标"])
    kept = match(before, before.iloc[::-1].reset_index(drop=True))
    assert kept["previous_place"].tolist() == [1, 0]
    assert set(kept["kind"]) == {SAME}
    other = match(before, before[:1].assign(subcategory="数量指标"))
    assert set(other["kind"]) == {UNSETTLED}
    single = only(before[:1], before[:1].assign(subcategory="数量指标"))
    assert (single["kind"], single["why"]) == (SIMILAR, "名称一致，二级指标由“质量指标”改为“数量指标”")
    unnamed = only(before[:1], before[:1].assign(subcategory=""))
    assert unnamed["kind"] == SAME


def test_two_similar_names_that_swap_places_are_not_swapped() -> None:
    before = year(("低保覆盖率", "100%"), ("特困覆盖率", "100%"))
    after = year(("特困覆盖率", "100%"), ("低保覆盖率", "100%"))
    assert paired(before, after) == [("低保覆盖率", "低保覆盖率", SAME), ("特困覆盖率", "特困覆盖率", SAME)]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("100%", "12件", "单位由“%”改为“件”"),
        ("320户", "900人", "单位由“户”改为“人”"),
        ("500人", "500人次", "单位由“人”改为“人次”"),
        ("≥5件", "≤5件", "方向由正向改为反向"),
        ("优良", "≥95%", "目标由文字改为数值"),
        ("250万", "控制在预算内", "目标由数值改为文字"),
        ("12月底前完成", "30天", "目标由期限改为数值"),
        ("5%", "下降5%", "目标由总量改为下降幅度"),
        ("增长5%", "下降5%", "目标由增长幅度改为下降幅度"),
        ("≥100人", "累计≥200人", "目标由当年数改为累计数"),
        ("≤2万元/月", "≤24万元", "单位由“元/月”改为“元”"),
        ("≥100元/人", "≥100元", "单位由“元/人”改为“元”"),
    ],
)
def test_a_broken_definition_is_marked(before: str, after: str, why: str) -> None:
    found = only(year(("工作推进", before)), year(("工作推进", after)))
    assert found["kind"] == BROKEN
    assert why in found["why"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("10辆", "10"),
        ("≥80米", "0.09公里"),
        ("5件", "6起"),
        ("12次", "12场"),
        ("8个", "8家"),
        ("—", "95%"),
        ("2000元", "1万元"),
        ("2000元/年", "1万元"),
        ("20元/人·年", "20元/人"),
        ("≥12场", "全年累计≥13场"),
        ("2022年12月底前", "2023年11月底前"),
    ],
)
def test_what_converts_or_is_unknown_is_no_break(before: str, after: str) -> None:
    assert only(year(("工作推进", before)), year(("工作推进", after)))["kind"] == SAME


def test_other_names_with_other_units_are_two_indicators_and_no_break() -> None:
    before, after = year(("纠纷调解数量", "320件")), year(("纠纷调解成功率", "94%"))
    assert {kind for *_, kind in paired(before, after)} == {NEW, DROPPED}


def test_one_name_under_two_goals_stays_with_its_goal() -> None:
    before = year(("消防隐患整治率", "99%", "效益", "公共安全经费"), ("消防隐患整治率", "90%", "效益", "计生事业费"))
    after = year(("消防隐患整治率", "90%", "效益", "计划生育事业费"), ("消防隐患整治率", "99%", "效益", "公共安全经费"))
    found = match(before, after)
    assert list(found["previous_place"]) == [1, 0]
    assert list(found["kind"]) == [SIMILAR, SAME]
    assert "目标由“计生事业费”改为“计划生育事业费”" in found["why"][0]


def test_two_candidates_as_good_are_left_to_a_person() -> None:
    before = year(("居民满意度", "90%", "满意度"))
    after = year(("群众满意度", "90%", "满意度"), ("市民满意度", "90%", "满意度"))
    found = match(before, after)
    assert list(found["doubtful"]).count(True) == 1
    assert set(found["kind"]) == {UNSETTLED}  # nor is the other one new
    assert "另有同样接近的“" in "".join(found["why"])
    tracks = matches({2022: before, 2023: after})[2]
    assert not set(tracks[2022]) & set(tracks[2023])  # one indicator split in two is neither of them
    said = decision("群众满意度", "居民满意度", "同一")
    assert BY_HAND in {kind for *_, kind in paired(before, after, said)}


def test_a_person_goes_before_everything() -> None:
    before = year(("低保覆盖率", "100%"), ("宣传活动", "5场"))
    after = year(("特困覆盖率", "100%"), ("宣传活动", "5场"))
    said = pd.concat([decision("特困覆盖率", "低保覆盖率", "同一"), decision("宣传活动", "宣传活动", "不同")])
    assert paired(before, after, said) == [
        ("", "宣传活动", NEW),
        ("低保覆盖率", "特困覆盖率", BY_HAND),
        ("宣传活动", "", DROPPED),
    ]
    broke = only(before[:1], after[:1], decision("特困覆盖率", "低保覆盖率", "口径变更"))
    assert (broke["kind"], broke["confidence"]) == (BROKEN, 1.0)


def test_a_person_may_bridge_a_break_and_is_reminded_of_it() -> None:
    found = only(year(("宣传", "5场")), year(("宣传", "100%")), decision("宣传", "宣传", "同一"))
    assert found["kind"] == BY_HAND
    assert "单位由“场”改为“%”" in found["why"]


@pytest.mark.parametrize("said", [decision("特困覆盖率", "低保覆盖率", ""), decision("没有的", "低保覆盖率", "同一")])
def test_no_decision_and_one_about_nothing_change_nothing(said: pd.DataFrame) -> None:
    before, after = year(("低保覆盖率", "100%")), year(("特困覆盖率", "100%"))
    assert paired(before, after, said) == paired(before, after)


def test_normal_names() -> None:
    assert core("指标1：“12345”投诉回复满意率≥95%") == "12345投诉回复满意率"
    assert core("0-6岁儿童健康管理数") == core("0-6岁儿童健康管理数（人）") != core("0-36月龄儿童健康管理数")
    assert stripped("开展辖区市民满意度工作") == "满意度"
    assert stripped("工作") == "工作"
    assert core("全年龄段体检") == "全年龄段体检"
    assert core("2023年度举办培训不少于12场") == "举办培训"
    assert core("老旧小区改造二期") != core("老旧小区改造三期")


# -- laws ------------------------------------------------------------------------------------------------------------

NAMES = (
    "居民满意度",
    "群众满意度",
    "满意度",
    "低保覆盖率",
    "特困覆盖率",
    "宣传活动",
    "开展宣传活动",
    "宣传活动5场",
    "宣传",
)
EVERY = tuple(product(NAMES, ("100%", "5场", "完成", ""), ("产出", "效益"), ("甲", "乙")))
ROWS = st.lists(st.sampled_from(EVERY), min_size=1, max_size=7, unique=True)


@cache
def universe() -> pd.DataFrame:
    """Every row the laws draw from, judged once: judging is row by row, and costs more than matching."""
    return year(*EVERY)


def drawn(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    """``year(*rows)``."""
    found = universe().iloc[[EVERY.index(row) for row in rows]].reset_index(drop=True)
    return found.assign(row=range(2, len(rows) + 2))


def test_the_rows_drawn_are_those_of_a_year() -> None:
    rows = [EVERY[number] for number in (140, 3, 77, 20, 101)]
    pd.testing.assert_frame_equal(drawn(rows).drop(columns="reading"), year(*rows).drop(columns="reading"))
    assert drawn(rows)["reading"].tolist() == year(*rows)["reading"].tolist()


@given(ROWS, ROWS)
def test_one_to_one_and_nothing_is_lost(one: list[tuple[str, ...]], other: list[tuple[str, ...]]) -> None:
    before, after = drawn(one), drawn(other)
    found = match(before, after)
    assert sorted(place for place in found["place"] if place >= 0) == list(range(len(after)))
    assert sorted(place for place in found["previous_place"] if place >= 0) == list(range(len(before)))
    assert found["confidence"].between(0, 1).all()
    assert not found.loc[found["kind"].isin([SAME, NORMALISED]), "doubtful"].any()


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_direction_decides(one: list[tuple[str, ...]], other: list[tuple[str, ...]], random) -> None:  # type: ignore[no-untyped-def]
    def pairs(before: list[tuple[str, ...]], after: list[tuple[str, ...]]) -> set[tuple[object, object]]:
        found = match(drawn(before), drawn(after))
        both = found[(found["place"] >= 0) & (found["previous_place"] >= 0)]
        return {(before[row.previous_place], after[row.place]) for row in both.itertuples()}

    expected = pairs(one, other)
    mixed, stirred = random.sample(one, len(one)), random.sample(other, len(other))
    assert pairs(mixed, stirred) == expected
    assert {(there, here) for here, there in pairs(other, one)} == expected


# -- several years ---------------------------------------------------------------------------------------------------


def test_tracks_go_on_over_gaps_and_end_at_breaks() -> None:
    years = {
        2019: year(("网格案结率", "100%"), ("宣传活动", "5场"), ("慰问", "3次")),
        2021: year(("宣传活动", "100%"), ("网格案件办结率", "100%")),
        2022: year(("网格案件办结率", "98%"), ("宣传活动", "90%"), ("新的指标", "1个")),
    }
    found, doubtful, tracks = matches(years)
    assert tracks == {2019: ["T01", "T02", "T03"], 2021: ["T04", "T01"], 2022: ["T01", "T04", "T05"]}
    assert {name: str(kind) for name, kind in found.dtypes.items()} == {
        name: str(pd.Series(dtype=kind).dtype) for name, kind in MATCH_TYPES.items()
    }
    rows = found.set_index(["year", "track"])
    assert rows.loc[(2021, "T04"), "kind"] == BROKEN
    assert rows.loc[(2021, "T03"), ["kind", "indicator", "previous_indicator"]].tolist() == [DROPPED, "", "慰问"]
    assert rows.loc[(2022, "T05"), "kind"] == NEW
    assert pd.isna(rows.loc[(2022, "T05"), "previous_row"])
    assert "2019年之后到2021年之前没有数据" in rows.loc[(2021, "T01"), "why"]
    assert "没有数据" not in rows.loc[(2022, "T01"), "why"]
    assert doubtful.empty


def test_one_year_has_no_matches() -> None:
    found, doubtful, tracks = matches({2022: year(("甲", "1个"))})
    assert (len(found), len(doubtful), tracks) == (0, 0, {2022: ["T01"]})
    assert list(found.columns) == list(MATCH_TYPES)


with (Path(__file__).parent / "golden" / "matches_told.csv").open(encoding="utf-8", newline="") as _file:
    TOLD = list(csv.DictReader(_file))


@pytest.mark.parametrize("case", TOLD, ids=lambda case: f"{case['before']} {case['after']} {case['decision']}"[:60])
def test_what_is_told_of_two_years(case: dict[str, str]) -> None:
    """Each row with its partner, kind, confidence and the whole reason, as a reader judged them: matches_told.csv."""
    before, after = (year(*(tuple(row.split(",")) for row in case[side].split(";"))) for side in ("before", "after"))
    pair, _, said = case["decision"].partition(":")
    here, _, there = pair.partition("<")
    found = match(before, after, decision(here, there, said) if said else None)
    told = [
        f"{row.place} {row.previous_place} {row.kind} {row.confidence:.3f}{' 存疑' * row.doubtful} {row.why}"
        for row in found.itertuples()
    ]
    assert told == case["told"].split(" / ")
